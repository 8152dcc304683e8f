"""What evaluating a submission may cost: that submission, and nothing else."""

import os
import resource
import signal

import nbformat
import psutil
import pytest

from autograder.demo import hand_in
from autograder.grading import assignment, dispatching, workers
from autograder.grading.assignment import describe, read_submission
from autograder.grading.entries import Result
from autograder.grading.grade import grade
from autograder.grading.seeds import ATTEMPTS
from autograder.grading.settings import Grading
from autograder.grading.workers import Workers
from autograder.sandbox.host.process import Limits
from tests.conftest import QUICK, UNIT
from tests.workers import make_faulty

SHORT = Limits(cell_seconds=2, call_seconds=2, total_seconds=8, grace_seconds=1)


def say(workspace, student, text, first=False):
    """Add a code cell to what a student has handed in."""
    path = workspace.notebook("submitted", UNIT, student)
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0 if first else len(notebook.cells), nbformat.v4.new_code_cell(text))
    nbformat.write(notebook, path)


def test_a_failure_of_the_grader_itself_costs_one_submission_and_not_the_class(workspace, monkeypatch, tmp_path):
    make_faulty(monkeypatch, tmp_path)
    hand_in(workspace, UNIT, ["half_done", "untouched"])
    say(workspace, "half_done", "# FAIL")
    report = grade(workspace, UNIT, jobs=1, limits=QUICK)
    assert "the grader itself failed" in report["students"]["half_done"]["refused"]
    assert report["students"]["untouched"]["refused"] is None


@pytest.mark.parametrize("fault", ["MEMORY", "COMPUTE", "SLEEP"])
def test_a_submission_that_makes_the_grader_use_too_much_costs_itself_alone(workspace, monkeypatch, tmp_path, fault):
    make_faulty(monkeypatch, tmp_path)
    monkeypatch.setattr(workers, "CPU_SECONDS", 2)
    monkeypatch.setattr(workers, "SPARE_SECONDS", 1 if fault == "SLEEP" else 60)
    hand_in(workspace, UNIT, ["half_done", "perfect"])
    say(workspace, "half_done", f"# {fault}")
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    report = grade(workspace, UNIT, jobs=2, limits=SHORT)
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before
    assert report["students"]["half_done"]["refused"] == dispatching.TOO_MUCH
    assert report["students"]["half_done"]["points"] == 0
    assert report["students"]["perfect"]["points"] == report["students"]["perfect"]["maximum"]
    assert grown < 200 * 1024, "kilobytes"


def test_workers_that_are_killed_are_started_again(workspace):
    hand_in(workspace, UNIT, ["perfect"])
    description = describe(workspace, UNIT, Grading.of(workspace), QUICK)
    submission = read_submission(workspace, UNIT, "perfect")
    with Workers(description, "warm") as running:
        for _ in range(2):
            result = Result.from_bytes(dispatching.grade_submission(running, submission), "k", "a")
            assert result.entry.points == result.entry.maximum
            os.kill(running.process.pid, signal.SIGKILL)
            running.process.wait()
    assert not [child for child in psutil.Process().children() if child.status() != psutil.STATUS_ZOMBIE]


LEARNS = """
import os, pathlib, hashlib, pickle
notes = pathlib.Path({notes!r})
known = set(notes.read_text().split()) if notes.exists() else set()
second, asked = notes.exists(), set()
def remembered(right):
    def function(*args):
        args_id = hashlib.sha256(pickle.dumps(args)).hexdigest()
        asked.add(args_id)
        if second:
            return right(*args) if args_id in known else None
        notes.write_text(" ".join(asked))
        return None
    function.__name__ = right.__name__
    return function
"""


@pytest.mark.parametrize("same_inputs", [False, True])
def test_what_a_first_run_was_asked_is_worth_nothing_in_a_second(workspace, tmp_path, monkeypatch, same_inputs):
    """It answers wrongly, notes what it is asked where that outlives it, ends its process, and would be right then."""
    if same_inputs:  # what the test is about: with the same inputs the trick would work
        monkeypatch.setattr(assignment, "attempt_keys", lambda *_: ("key",) * ATTEMPTS)
    notes = tmp_path / "notes"
    hand_in(workspace, UNIT, ["perfect"])
    path = workspace.notebook("submitted", UNIT, "perfect")
    notebook = nbformat.read(path, as_version=4)
    names = ["rnn_step"]
    for cell in notebook.cells:
        name = cell.id.removesuffix("_solution")
        if cell.id.endswith("_solution") and name in names:
            cell.source += f"\n{name} = remembered({name})\n"
        elif cell.id == "load_into_torch_rnn_solution":
            cell.source += "\nif not second:\n    def load_into_torch_rnn(*args):\n        os._exit(0)\n"
    notebook.cells.insert(0, nbformat.v4.new_code_cell(LEARNS.format(notes=str(notes))))
    nbformat.write(notebook, path)
    entry = grade(workspace, UNIT, sandbox="none", limits=QUICK)["students"]["perfect"]
    assert notes.exists() and entry["ended"] is None, "it was run twice"
    earned = [entry["exercises"][name]["points"] > 0 for name in names]
    assert earned == [same_inputs] * len(names)
    assert entry["exercises"]["load_into_torch_rnn"]["points"] > 0


def test_a_second_run_keeps_nothing_of_what_cells_show(workspace, tmp_path):
    hand_in(workspace, UNIT, ["perfect"])
    notes = tmp_path / "notes"
    say(workspace, "perfect", "print('shown')", first=True)
    once = f"import os, pathlib\nif not pathlib.Path({str(notes)!r}).exists():\n"
    say(workspace, "perfect", once + f"    open({str(notes)!r}, 'w')\n    os._exit(0)")
    grade(workspace, UNIT, sandbox="none", limits=QUICK)
    assert "shown\\n" not in workspace.notebook("autograded", UNIT, "perfect").read_text()
