"""What a grading writes down as it goes, and what the next one makes of it."""

import json

import pytest

from autograder.grading.journal import Journal, read_report, report_path
from autograder.workspace import Problem
from tests.conftest import UNIT

ENTRY = {"points": 1.0, "key": "k"}


def path_of(workspace):
    return workspace.report / f"{UNIT}.journal"


def interrupted(workspace, *notes):
    """A journal as a process leaves it that is killed after these notes."""
    journal = Journal(workspace, UNIT).__enter__()
    for note in notes:
        journal.note(*note)
    journal.file.close()


def test_a_finished_grading_leaves_a_report_and_an_empty_journal(workspace):
    with Journal(workspace, UNIT) as journal:
        journal.note("anna", ENTRY, "notebook", recorded=False)
        journal.note("anna", ENTRY, "notebook", recorded=True)
    assert json.loads(report_path(workspace, UNIT).read_text())["students"] == {"anna": ENTRY}
    assert path_of(workspace).read_bytes() == b""


def test_what_was_judged_and_not_recorded_is_known_to_the_next(workspace):
    interrupted(workspace, ("anna", ENTRY, "one", True), ("bert", ENTRY, "two", False))
    with Journal(workspace, UNIT) as journal:
        assert set(journal.judged) == {"bert"}
        assert journal.finished("bert", "k", "two") == ENTRY
        assert journal.finished("bert", "other", "two") is None and journal.finished("bert", "k", "2") is None
        assert journal.finished("anna", "k", "one") is None
    with Journal(workspace, UNIT) as journal:  # it is not forgotten just because a grading ended without taking it up
        assert set(journal.judged) == {"bert"}


def test_a_report_shows_what_an_unfinished_grading_has_done(workspace):
    interrupted(workspace, ("anna", ENTRY, "one", True))
    assert read_report(workspace, UNIT)["students"] == {"anna": ENTRY}


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_line_that_was_cut_off_is_as_if_it_was_never_begun(workspace, cut):
    interrupted(workspace, ("anna", ENTRY, "one", True), ("bert", ENTRY, "two", True))
    data = path_of(workspace).read_bytes()
    path_of(workspace).write_bytes(data[:-cut])
    interrupted(workspace, ("carl", ENTRY, "three", True))
    assert set(read_report(workspace, UNIT)["students"]) == {"anna", "carl"}


def test_two_gradings_of_one_unit_at_a_time_are_refused(workspace):
    with Journal(workspace, UNIT), pytest.raises(Problem, match="being graded by another"):
        Journal(workspace, UNIT).__enter__()
