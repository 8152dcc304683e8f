"""Grading elsewhere: as bytes alone, a few at a time, on the workers of a real Dask cluster, one of which is killed."""

import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys

import dask
import distributed
import psutil
import pytest

from autograder.demo import demo_workspace, hand_in
from autograder.errors import UserError
from autograder.grading import assignment, dispatching
from autograder.grading.grade import grade
from autograder.grading.journal import read_report
from autograder.grading.settings import Grading
from autograder.grading.workers import Workers
from tests.conftest import ROOT, UNIT

CLASS = ["perfect", "half_done", "untouched", "rnn_step_biases_forgotten", "symlink", "broken_json"]


@pytest.fixture(scope="module")
def elsewhere(course, graded_class, tmp_path_factory):
    """A course with the secret of the class that was graded here, and the same submissions."""
    made = demo_workspace(course, tmp_path_factory.mktemp("elsewhere") / "course")
    hand_in(made, UNIT, CLASS)
    made.secret()
    (made.root / ".autograder" / "secret").write_text((graded_class[0].root / ".autograder" / "secret").read_text())
    return made


def kill(processes):
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):  # it ended with one that was killed before it
            process.kill()


def judgement(report):
    return {
        student: (report["students"][student]["points"], report["students"][student]["exercises"]) for student in CLASS
    }


@contextlib.contextmanager
def running(folder):
    """A scheduler: its address, its process, and a function that starts a worker, which runs in a folder with nothing in it."""
    processes = []
    with socket.create_server(("127.0.0.1", 0)) as probe:
        address = f"tcp://127.0.0.1:{probe.getsockname()[1]}"

    def start(*words):
        command = [sys.executable, "-m", "dask", *words]
        environment = {**os.environ, "PYTHONPATH": str(ROOT)}
        processes.append(
            subprocess.Popen(command, cwd=folder, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        )
        return processes[-1]

    def worker():
        return start("worker", address, "--nthreads", "1", "--no-dashboard", "--local-directory", str(folder))

    scheduler = start("scheduler", "--host", "127.0.0.1", "--port", address.rpartition(":")[2], "--no-dashboard")
    try:
        yield address, scheduler, worker
    finally:
        alive = [process.pid for process in processes if process.poll() is None]
        family = [child for pid in alive for child in psutil.Process(pid).children(recursive=True)]
        kill([*processes, *family])
        psutil.wait_procs(family, 20)
        for process in processes:
            process.wait()


@pytest.mark.parametrize("way", ["warm", "cold"])
def test_warm_and_cold_give_the_same_to_the_letter(elsewhere, graded_class, way):
    report = grade(elsewhere, UNIT, sandbox=way, force=True)
    assert judgement(report) == judgement(graded_class[1])


def test_on_dask_the_scores_are_the_same_also_when_the_only_worker_is_killed_in_the_middle(
    elsewhere, graded_class, tmp_path, monkeypatch
):
    done, told = [], []
    with running(tmp_path) as (address, _, worker):
        first = worker()

        def tick(student, entry):
            done.append(student)
            if len(done) == 3:
                kill([*psutil.Process(first.pid).children(recursive=True), first])  # the nanny too: nobody restarts it

        def tell(text):
            told.append(text)
            worker()

        monkeypatch.setattr(dispatching, "tell", tell)
        report = grade(elsewhere, UNIT, scheduler=address, force=True, tick=tick)
    assert judgement(report) == judgement(graded_class[1]) and sorted(done[1:]) == sorted(CLASS)
    assert told == [f"All workers of {address} are gone. Waiting for others: dask worker {address}"]


def test_a_scheduler_that_is_killed_in_the_middle_is_a_sentence_and_what_was_graded_stays(elsewhere, tmp_path):
    done = []
    with running(tmp_path) as (address, scheduler, worker):
        worker()

        def tick(student, entry):
            done.append(student)
            if len(done) == 3:
                scheduler.kill()

        with pytest.raises(UserError, match=r"scheduler at tcp://\S+ is gone. Start it"):
            grade(elsewhere, UNIT, scheduler=address, force=True, tick=tick)
    assert set(done[1:]) <= set(read_report(elsewhere, UNIT)["students"])


def test_only_bytes_without_secret_or_place_travel(elsewhere):
    description = assignment.describe(elsewhere, UNIT, Grading.of(elsewhere))
    submitted = assignment.read_submission(elsewhere, UNIT, "perfect")
    with Workers(description, "cold") as workers:
        result = dispatching.grade_submission(workers, submitted)
    for message in (description, submitted, result):
        assert isinstance(message, bytes) and json.loads(message)
        assert elsewhere.secret() not in message and str(elsewhere.root).encode() not in message


def test_a_worker_with_another_version_refuses(elsewhere):
    given = json.loads(assignment.describe(elsewhere, UNIT, Grading.of(elsewhere)))
    with pytest.raises(UserError, match="another version"):
        assignment.read_assignment(json.dumps(given | {"code": "older"}).encode())
    with pytest.raises(UserError, match="the one who asks has 1"):
        assignment.read_assignment(json.dumps(given | {"environment": {"torch": "1.0"}}).encode())


@pytest.mark.parametrize("changed", ["checks.py", "data/more.csv"])
def test_what_students_import_from_the_course_is_part_of_the_version(tmp_path, monkeypatch, changed):
    copied = shutil.copytree(ROOT / "course", tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    before = assignment.code_version()
    monkeypatch.setattr(assignment, "package_folder", lambda name: copied)
    assignment.code_version.cache_clear()
    assert assignment.code_version() == before  # wherever it lies
    (copied / changed).write_text("answer = 42\n")
    assignment.code_version.cache_clear()
    try:
        assert assignment.code_version() != before
    finally:
        assignment.code_version.cache_clear()


@pytest.mark.parametrize("changed", ["plots.py", "widgets.py"])
def test_pictures_are_no_part_of_the_version(tmp_path, monkeypatch, changed):
    copied = shutil.copytree(ROOT / "course", tmp_path / "course", ignore=shutil.ignore_patterns("__pycache__"))
    before = assignment.code_version()
    monkeypatch.setattr(assignment, "package_folder", lambda name: copied)
    (copied / changed).write_text("answer = 42\n")
    assignment.code_version.cache_clear()
    try:
        assert assignment.code_version() == before
    finally:
        assignment.code_version.cache_clear()


def test_another_version_of_what_students_code_runs_with_grades_again(elsewhere, monkeypatch):
    settings, submitted = Grading.of(elsewhere), b"{}"
    assert set(assignment.environment()) == {"Python", "numpy", "torch"}
    before = assignment.key_of(assignment.describe(elsewhere, UNIT, settings), submitted)
    monkeypatch.setattr(assignment, "environment", lambda: {"torch": "1.0"})
    assert assignment.key_of(assignment.describe(elsewhere, UNIT, settings), submitted) != before


def test_without_a_scheduler_a_sentence_says_so(elsewhere):
    with (
        dask.config.set({"distributed.comm.timeouts.connect": "1s"}),
        pytest.raises(UserError, match="no Dask scheduler"),
    ):
        grade(elsewhere, UNIT, scheduler="tcp://127.0.0.1:9", force=True)
    for nonsense in ("nonsense", ""):
        with pytest.raises(UserError, match="There is no Dask scheduler"):
            grade(elsewhere, UNIT, scheduler=nonsense, force=True)
    with pytest.raises(UserError, match="needs certificates"):
        grade(elsewhere, UNIT, scheduler="tls://127.0.0.1:9", force=True)


def test_a_scheduler_without_workers_is_a_sentence_too(elsewhere):
    with (
        distributed.LocalCluster(n_workers=0, processes=False, dashboard_address=":0") as empty,
        dask.config.set({"distributed.comm.timeouts.connect": "3s"}),
        pytest.raises(UserError, match="has no workers"),
    ):
        grade(elsewhere, UNIT, scheduler=empty.scheduler_address, force=True)


def test_however_large_the_class_few_submissions_are_in_memory():
    class Instant:
        def cancel(self):
            pass

    handed_out, at_once = [], []

    def submissions():
        for number in range(1000):
            handed_out.append(number)
            yield number, b"submission"

    def done(waiting):
        at_once.append(len(waiting))
        return [next(iter(waiting))]

    finished = [name for name, _ in dispatching.bounded_map(lambda data: Instant(), submissions(), 4, done)]
    assert finished == list(range(1000)) and max(at_once) == 4


def test_what_is_still_waiting_is_called_off_when_a_grading_stops():
    called_off = []

    class Waiting:
        def cancel(self):
            called_off.append(self)

    results = dispatching.bounded_map(
        lambda data: Waiting(), ((n, b"") for n in range(9)), 4, lambda waiting: [next(iter(waiting))]
    )
    next(results)
    results.close()
    assert len(called_off) == 3
