"""The gradebook is nbgrader's, and nothing in it is lost."""

import os
import sqlite3

import nbformat
import pytest
from nbgrader.api import Gradebook

from autograder.demo import hand_in
from autograder.errors import UserError
from autograder.grading import gradebook
from autograder.grading.grade import grade
from tests.conftest import QUICK, UNIT


def scores(workspace, student):
    with Gradebook(workspace.db_url) as book:
        submission = book.find_submission(UNIT, student)
        return {
            grade.name: (grade.auto_score, grade.manual_score, grade.needs_manual_grade)
            for notebook in submission.notebooks
            for grade in notebook.grades
        }


def test_every_exercise_has_its_score_zero_and_full_marks_included(graded_class):
    workspace, report = graded_class
    for student, entry in report["students"].items():
        found = scores(workspace, student)
        for name, part in entry["exercises"].items():
            assert found[name][0] == pytest.approx(part["points"], abs=1e-4), (student, name)
            assert not found[name][2]


def test_a_written_answer_waits_for_a_person_and_an_untouched_one_does_not(graded_class, workspace):
    hand_in(workspace, UNIT, ["untouched"])
    path = workspace.notebook("submitted", UNIT, "untouched")
    notebook = nbformat.read(path, as_version=4)
    [cell] = [cell for cell in notebook.cells if cell.id == "what_a_state_keeps"]
    cell.source = "At twelve."
    nbformat.write(notebook, path)
    grade(workspace, UNIT, limits=QUICK)
    assert scores(workspace, "untouched")["what_a_state_keeps"] == (None, None, True)
    assert scores(graded_class[0], "untouched")["what_a_state_keeps"] == (0, None, False)


def given_by_hand(workspace, student):
    with Gradebook(workspace.db_url) as book:
        found = book.find_grade("what_a_state_keeps", "rnn", UNIT, student)
        found.manual_score = 2.5
        found = book.find_grade("rnn_step", "rnn", UNIT, student)
        found.manual_score = 1.5
        book.db.commit()


def test_manual_scores_survive_a_regrade(workspace):
    hand_in(workspace, UNIT, ["half_done"])
    grade(workspace, UNIT, limits=QUICK)
    given_by_hand(workspace, "half_done")
    grade(workspace, UNIT, limits=QUICK, force=True)
    assert scores(workspace, "half_done")["what_a_state_keeps"][1] == 2.5
    assert scores(workspace, "half_done")["rnn_step"][:2] == (3, 1.5)


def test_a_score_given_by_hand_needs_a_second_look_only_where_the_answer_changed(workspace):
    def given():
        with Gradebook(workspace.db_url) as book:
            found = book.find_grade("rnn_step", "rnn", UNIT, "half_done")
            found.manual_score, found.needs_manual_grade = 1.5, False
            book.db.commit()

    hand_in(workspace, UNIT, ["half_done"])
    grade(workspace, UNIT, limits=QUICK)
    given()
    grade(workspace, UNIT, limits=QUICK, force=True)
    assert scores(workspace, "half_done")["rnn_step"] == (3, 1.5, False)
    path = workspace.notebook("submitted", UNIT, "half_done")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell("1"))
    nbformat.write(notebook, path)
    grade(workspace, UNIT, limits=QUICK)
    assert scores(workspace, "half_done")["rnn_step"] == (3, 1.5, True)


def test_a_changed_unit_does_not_empty_the_gradebook(workspace, tmp_path, monkeypatch):
    hand_in(workspace, UNIT, ["untouched"])
    grade(workspace, UNIT, limits=QUICK)
    notebook = nbformat.read(workspace.notebook("release", UNIT), as_version=4)
    notebook.cells = [cell for cell in notebook.cells if cell.id != "what_a_state_keeps"]
    changed = tmp_path / "changed.ipynb"
    nbformat.write(notebook, changed)
    before = scores(workspace, "untouched")
    monkeypatch.setattr(type(workspace), "notebook", lambda self, kind, unit, student=".": changed)
    with pytest.raises(UserError, match="start a new gradebook"):
        gradebook.register(workspace, UNIT)
    monkeypatch.undo()
    assert scores(workspace, "untouched") == before


def test_a_locked_gradebook_is_a_sentence_and_loses_nothing(workspace):
    hand_in(workspace, UNIT, ["half_done", "untouched"])
    grade(workspace, UNIT, limits=QUICK, student="half_done")
    given_by_hand(workspace, "half_done")
    before = scores(workspace, "half_done")
    path = workspace.root / "gradebook.db"
    with sqlite3.connect(path) as other:
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(UserError, match=r"could not be used: .*locked"):
            grade(workspace, UNIT, limits=QUICK)
        other.rollback()
    assert scores(workspace, "half_done") == before
    assert grade(workspace, UNIT, limits=QUICK)["students"]["untouched"]["points"] == 0


def test_a_damaged_gradebook_is_a_sentence_and_stays_as_it_is(workspace):
    hand_in(workspace, UNIT, ["untouched"])
    path = workspace.root / "gradebook.db"
    path.write_bytes(b"this is no database, but it may be somebody's work" * 100)
    with pytest.raises(UserError, match="could not be used"):
        grade(workspace, UNIT, limits=QUICK)
    assert path.read_bytes().startswith(b"this is no database")


def test_a_full_disk_is_a_sentence_and_what_was_graded_stays(workspace, monkeypatch):
    hand_in(workspace, UNIT, ["half_done", "untouched"])
    grade(workspace, UNIT, limits=QUICK, student="half_done")
    before = scores(workspace, "half_done")
    real = os.fsync

    def full(descriptor):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(UserError, match=r"No space left.*untouched"):
        grade(workspace, UNIT, limits=QUICK)
    monkeypatch.setattr(os, "fsync", real)
    assert scores(workspace, "half_done") == before
    assert not list(workspace.root.rglob("*.partial"))
    assert set(grade(workspace, UNIT, limits=QUICK)["students"]) == {"half_done", "untouched"}
