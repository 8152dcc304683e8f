"""A whole class, graded in the sandbox: everybody gets exactly what their code deserves."""

import contextlib
import json
import os
import signal
import threading

import nbformat
import pytest

from autograder.demo import demo_workspace, hand_in
from autograder.demo.students import MISTAKES, class_of
from autograder.demo.tricks import CHEATS
from autograder.exercises import exercises_of
from autograder.grading.grade import grade
from autograder.grading.journal import read_report, report_path
from autograder.grading.recording import recorded
from autograder.grading.workers import Workers
from tests.conftest import QUICK, UNIT

FULL = (
    "perfect",
    "written_differently",
    "helper_cell_added",
    "test_cell_deleted",
    "test_cell_duplicated",
    "test_cell_retyped",
    "never_ends",
    "prints_30_mb",
    "opens_socket",
)
ONE_DONE = (*CHEATS, "shadows_numpy", "updates_the_gradebook", "reads_outside_its_folder")
NOTHING = {"untouched": None, "broken_json": "not a notebook", "symlink": "symbolic link", "kills_its_kernel": None}


def entry(graded_class, student):
    return graded_class[1]["students"][student]


def test_everybody_is_graded(graded_class, course):
    assert set(graded_class[1]["students"]) == set(class_of(graded_class[0], UNIT))


@pytest.mark.parametrize("student", FULL)
def test_right_code_gets_full_marks_whatever_is_around_it(graded_class, student):
    assert entry(graded_class, student)["points"] == entry(graded_class, student)["maximum"]


@pytest.mark.parametrize("student", ONE_DONE)
def test_a_cheat_gets_what_its_code_deserves(graded_class, student):
    """Each has solved the first exercise honestly and cheats for the rest."""
    exercises = entry(graded_class, student)["exercises"]
    first, *others = exercises
    assert exercises[first]["points"] == exercises[first]["maximum"] > 0
    assert all(exercises[name]["points"] == 0 for name in others)


@pytest.mark.parametrize("student", NOTHING)
def test_who_has_nothing_to_grade_gets_zero_and_a_reason(graded_class, student):
    found = entry(graded_class, student)
    assert found["points"] == 0
    assert (found["refused"] is None) == (NOTHING[student] is None)
    assert NOTHING[student] is None or NOTHING[student] in found["refused"]
    assert all(part["note"] for part in found["exercises"].values())


def test_what_ended_the_process_is_said(graded_class):
    assert "ended the process" in entry(graded_class, "kills_its_kernel")["exercises"]["rnn_step"]["note"]


def test_half_the_work_earns_half_of_the_exercises(graded_class):
    exercises = list(entry(graded_class, "half_done")["exercises"].values())
    assert [part["points"] > 0 for part in exercises] == [True] * 2 + [False]


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_named_and_paid_for_once(graded_class, mistake):
    exercises = entry(graded_class, mistake.replace(".", "_"))["exercises"]
    wrong = mistake.split(".")[0]
    assert exercises[wrong]["hint_id"] == mistake and exercises[wrong]["points"] < exercises[wrong]["maximum"]
    for name, part in exercises.items():
        assert name == wrong or part["points"] == part["maximum"], name
    if mistake == "rnn_step.biases_forgotten":
        assert exercises["rnn_forward"]["note"].startswith("right, given your rnn_step")


def test_the_report_on_disk_is_the_one_returned(graded_class):
    workspace, report = graded_class
    assert json.loads(report_path(workspace, UNIT).read_text()) == report
    for found in report["students"].values():
        for name, part in found["exercises"].items():
            assert set(part) == {"points", "maximum", "checks", "hint_id", "note", "diagnosis"}
            named = {check.name for check in exercises_of(UNIT)[name].all_checks}
            assert set(part["checks"]) in (named, set())


def test_grading_again_gives_the_same_scores(graded_class, course, tmp_path):
    chosen = ["perfect", "half_done", "rnn_step_biases_forgotten", "forges_the_reply", "symlink"]
    made = demo_workspace(course, tmp_path / "again")
    hand_in(made, UNIT, chosen)
    secret = graded_class[0].root / ".autograder" / "secret"
    (made.root / ".autograder").mkdir()
    (made.root / ".autograder" / "secret").write_text(secret.read_text())
    first = grade(made, UNIT, limits=QUICK)
    second = grade(made, UNIT, limits=QUICK, force=True)
    for student in chosen:
        for report in (first, second):
            assert report["students"][student]["exercises"] == entry(graded_class, student)["exercises"]


def test_unchanged_submissions_are_not_run_again_and_changed_ones_are(workspace):
    hand_in(workspace, UNIT, ["untouched", "symlink", "broken_json"])
    seen = []
    grade(workspace, UNIT, limits=QUICK)
    grade(workspace, UNIT, limits=QUICK, tick=lambda *what: seen.append(what))
    assert seen == [(None, 0)]
    path = workspace.notebook("submitted", UNIT, "untouched")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("1"))
    nbformat.write(notebook, path)
    grade(workspace, UNIT, limits=QUICK, tick=lambda *what: seen.append(what))
    assert [who for who, _ in seen] == [None, None, "untouched"]
    grade(workspace, UNIT, limits=QUICK, student="symlink", force=True, tick=lambda *what: seen.append(what))
    assert [who for who, _ in seen[3:]] == [None, "symlink"]
    assert set(read_report(workspace, UNIT)["students"]) == {"untouched", "symlink", "broken_json"}


def test_one_at_a_time_and_unconfined_give_the_same_scores(graded_class, workspace):
    hand_in(workspace, UNIT, ["half_done"])
    report = grade(workspace, UNIT, jobs=1, sandbox="none", limits=QUICK)
    ours, theirs = report["students"]["half_done"], entry(graded_class, "half_done")
    assert {name: part["points"] for name, part in ours["exercises"].items()} == {
        name: part["points"] for name, part in theirs["exercises"].items()
    }


def test_a_function_counts_as_it_stood_where_its_test_stands(workspace):
    hand_in(workspace, UNIT, ["perfect"])
    path = workspace.notebook("submitted", UNIT, "perfect")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("def rnn_step(*args):\n    return 0.0"))
    nbformat.write(notebook, path)
    report = grade(workspace, UNIT, limits=QUICK)
    assert report["students"]["perfect"]["exercises"]["rnn_step"]["points"] == 3


def test_a_right_function_that_warns_gets_full_marks(workspace):
    hand_in(workspace, UNIT, ["perfect"])
    path = workspace.notebook("submitted", UNIT, "perfect")
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.id == "rnn_step_solution":
            cell.source = cell.source.replace(
                "):\n", "):\n    import sys, warnings; warnings.warn('old'); print('x', file=sys.stderr)\n", 1
            )
    nbformat.write(notebook, path)
    report = grade(workspace, UNIT, limits=QUICK)
    assert report["students"]["perfect"]["points"] == report["students"]["perfect"]["maximum"]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        (b"\xff\xfe", "not text in UTF-8"),
        (b"bad\x1b[31mname", "control characters"),
        ("\u202eevil".encode(), "control characters"),
        (b"<img src=x onerror=evil()>", "web pages"),
        (b"=1+1", "formula"),
        (b"@here", "formula"),
        (b".hidden", "dot"),
    ],
)
def test_a_folder_that_cannot_be_a_students_is_named_and_the_others_are_graded(workspace, capsys, name, problem):
    hand_in(workspace, UNIT, ["untouched", "symlink"])
    folder = workspace.folder("submitted", UNIT, "untouched").parent
    folder.rename(os.fsdecode(os.fsencode(folder.parent) + b"/" + name))
    report = grade(workspace, UNIT, limits=QUICK)
    assert set(report["students"]) == set(recorded(workspace, UNIT)) == {"symlink"}
    said = capsys.readouterr().err
    assert "was not graded, because of its name" in said and problem in said and "\x1b" not in said


def test_a_folder_that_nobody_may_look_into_is_named_and_the_others_are_graded(workspace, monkeypatch):
    hand_in(workspace, UNIT, ["untouched", "symlink"])
    locked = str(workspace.folder("submitted", UNIT, "untouched").parent) + os.sep

    def forbidding(real):
        def function(path, *args, **options):
            if isinstance(path, str | os.PathLike) and os.fspath(path).startswith(locked):
                raise PermissionError(13, "Permission denied", path)
            return real(path, *args, **options)

        return function

    for name in ("lstat", "stat", "open", "scandir"):
        monkeypatch.setattr(os, name, forbidding(getattr(os, name)))
    students = grade(workspace, UNIT, limits=QUICK)["students"]
    assert "could not be read (Permission denied)" in students["untouched"]["refused"]
    assert "symbolic link" in students["symlink"]["refused"]


@pytest.mark.parametrize("way", ["warm", "cold"])
def test_a_process_that_somebody_else_killed_costs_no_points(workspace, monkeypatch, way):
    hand_in(workspace, UNIT, ["perfect"])
    launch, killed = Workers._launch, []

    def kill(process):
        with contextlib.suppress(ProcessLookupError):  # on a busy machine it may have ended by now
            os.kill(process, signal.SIGKILL)

    def deadly(workers, link):
        program = launch(workers, link)
        if not killed:
            killed.append(program.pid)
            threading.Timer(0.3, kill, (program.pid,)).start()
        return program

    monkeypatch.setattr(Workers, "_launch", deadly)
    entry = grade(workspace, UNIT, sandbox=way)["students"]["perfect"]
    assert killed and entry["points"] == entry["maximum"] and entry["ended"] is None
