"""A grading that is killed, at whatever point, is finished by the same command: nobody twice, nobody lost, same scores."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time

import psutil
import pytest

from autograder.demo import demo_workspace, hand_in
from autograder.grading import dispatching
from autograder.grading.assignment import key_of
from autograder.grading.grade import grade
from autograder.grading.journal import read_report
from autograder.grading.recording import recorded
from autograder.workspace import Workspace
from tests.conftest import ROOT, UNIT

pytestmark = pytest.mark.long
CLASS = [
    "perfect",
    "half_done",
    "untouched",
    "rnn_step_biases_forgotten",
    "rnn_forward_state_not_carried",
    "symlink",
    "broken_json",
]
KILLS = int(os.environ.get("KILLS", "6"))  # more: KILLS=50 make test-long
RUN = """
import sys
from autograder.grading.grade import grade
from autograder.grading import assignment, dispatching
from autograder.workspace import Workspace
whole = dispatching.grade_submission
def counted(workers, submission):
    result = whole(workers, submission)
    with open(sys.argv[2], "a") as log:
        log.write(assignment.key_of(workers.description, submission) + "\\n")
    return result
dispatching.grade_submission = counted
grade(Workspace.here(sys.argv[1]), {unit!r}, jobs=2, tick=lambda *what: print(what[0], flush=True))
"""


@pytest.fixture(scope="module")
def undisturbed(course, tmp_path_factory):
    """A class and its report, graded without a disturbance."""
    made = demo_workspace(course, tmp_path_factory.mktemp("undisturbed") / "course")
    hand_in(made, UNIT, CLASS)
    report = grade(made, UNIT)
    assert report["students"]["perfect"]["points"] == report["students"]["perfect"]["maximum"] > 0
    return made, report


@pytest.fixture
def disturbed(undisturbed, course, tmp_path):
    """The same class with the same secret, not yet graded."""
    made = demo_workspace(course, tmp_path / "course")
    hand_in(made, UNIT, CLASS)
    made.secret()
    (made.root / ".autograder" / "secret").write_bytes((undisturbed[0].root / ".autograder" / "secret").read_bytes())
    return made


def started(workspace, log):
    return subprocess.Popen(
        [sys.executable, "-c", RUN.format(unit=UNIT), str(workspace.root), str(log)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def kill_something(process, rng):
    """Kill the grader, or anything that it has started, early or in the middle. Returns whether it was the grader."""
    if rng.random() < 0.8:
        process.stdout.readline()  # it has begun
        for _ in range(rng.randrange(len(CLASS))):
            process.stdout.readline()
    time.sleep(rng.uniform(0, 0.5))
    family = psutil.Process(process.pid).children(recursive=True)
    victim = rng.choice([process, process, process, *family])
    with contextlib.suppress(ProcessLookupError):
        os.kill(victim.pid, signal.SIGKILL)
    if victim is process:
        process.wait()
        _, alive = psutil.wait_procs(family, 20)
        assert not alive, "a sandbox outlived its grader"
    return victim is process


def judgement(report):
    return {
        student: (entry["points"], entry["refused"], entry["exercises"])
        for student, entry in report["students"].items()
    }


@pytest.mark.parametrize("seed", range(KILLS))
def test_killed_at_random_points(undisturbed, disturbed, tmp_path, seed):
    rng, log, kills = random.Random(seed), tmp_path / "log", 0
    for _ in range(rng.randrange(1, 4)):
        process = started(disturbed, log)
        kills += kill_something(process, rng)
        process.communicate(timeout=120)
    finished = started(disturbed, log)
    _, complaints = finished.communicate(timeout=120)
    assert finished.returncode == 0, complaints.decode()
    assert judgement(read_report(disturbed, UNIT)) == judgement(undisturbed[1])
    assert recorded(disturbed, UNIT) == recorded(undisturbed[0], UNIT)
    # a run is lost only if it was not written down when the kill came: those under way, and those that waited for it
    assert len(log.read_text().split()) <= len(CLASS) + 4 * kills
    again = []
    grade(disturbed, UNIT, tick=lambda *what: again.append(what))
    assert again == [(None, 0)]


STEPS = ["autograder.grading.recording.keep", "autograder.grading.journal.Journal.note",
         "autograder.grading.recording.Recorder.record"]  # fmt: skip
KILL_AT = """
import os, signal, sys, importlib
from autograder.workspace import Workspace
from autograder.grading.grade import grade
path, moment, count = sys.argv[2], sys.argv[3], int(sys.argv[4])
owner, name = path.rsplit(".", 1)
try:
    owner = importlib.import_module(owner)
except ModuleNotFoundError:
    module, kind = owner.rsplit(".", 1)
    owner = getattr(importlib.import_module(module), kind)
real, calls = getattr(owner, name), []
def deadly(*args, **options):
    calls.append(1)
    if moment == "before" and len(calls) == count:
        os.kill(os.getpid(), signal.SIGKILL)
    result = real(*args, **options)
    if moment == "after" and len(calls) == count:
        os.kill(os.getpid(), signal.SIGKILL)
    return result
setattr(owner, name, deadly)
grade(Workspace.here(sys.argv[1]), {unit!r}, jobs=1)
"""


def counting(monkeypatch):
    """The submissions that are run from now on, by what they are."""
    whole, runs = dispatching.grade_submission, []

    def counted(workers, submission):
        runs.append(key_of(workers.description, submission))
        return whole(workers, submission)

    monkeypatch.setattr(dispatching, "grade_submission", counted)
    return runs


@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("moment", ["before", "after"])
def test_killed_between_any_two_steps(undisturbed, disturbed, monkeypatch, step, moment):
    command = [sys.executable, "-c", KILL_AT.format(unit=UNIT), str(disturbed.root), step, moment, "3"]
    assert subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode == -signal.SIGKILL
    before, runs = read_report(disturbed, UNIT)["students"], counting(monkeypatch)
    grade(disturbed, UNIT)
    assert not set(runs) & {entry["key"] for entry in before.values()}, "somebody was run twice"
    assert len(runs) == len(CLASS) - len(before) and len(set(runs)) == len(runs)
    assert judgement(read_report(disturbed, UNIT)) == judgement(undisturbed[1])
    assert recorded(disturbed, UNIT) == recorded(undisturbed[0], UNIT)


def test_killed_within_the_gradebooks_transaction(undisturbed, disturbed):
    """Half of a student's scores written, the process gone: the database knows nothing of that half."""
    step = "nbgrader.preprocessors.SaveAutoGrades._add_score"
    command = [sys.executable, "-c", KILL_AT.format(unit=UNIT), str(disturbed.root), step, "after", "6"]
    assert subprocess.run(command, cwd=ROOT, check=False, capture_output=True).returncode == -signal.SIGKILL
    assert len(recorded(disturbed, UNIT)) == 1
    grade(disturbed, UNIT)
    assert recorded(disturbed, UNIT) == recorded(undisturbed[0], UNIT)


def test_interrupted_by_hand_everything_that_was_graded_is_kept(undisturbed, disturbed):
    seen = []

    def stop(student, entry):
        seen.append(student)
        if len(seen) == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        grade(disturbed, UNIT, tick=stop)
    assert set(read_report(Workspace.here(disturbed.root), UNIT)["students"]) == set(seen[1:])
    grade(disturbed, UNIT)
    assert judgement(read_report(disturbed, UNIT)) == judgement(undisturbed[1])


def test_a_fork_server_that_dies_costs_nobody_anything(undisturbed, disturbed):
    killed = []

    def kill_it(student, entry):
        if len(killed) < 2:
            for child in psutil.Process().children(recursive=True):
                if "bwrap" in child.name():
                    child.kill()
                    killed.append(child.pid)
        time.sleep(0.05)

    grade(disturbed, UNIT, tick=kill_it)
    assert killed and judgement(read_report(disturbed, UNIT)) == judgement(undisturbed[1])
