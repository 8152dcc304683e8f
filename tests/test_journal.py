"""What a grading writes down as it goes, and what the next one makes of it."""

import json

import pytest

from autograder.errors import UserError
from autograder.grading import journal as journal_module
from autograder.grading.entries import StudentEntry
from autograder.grading.journal import Journal, read_report, report_path
from tests.classes import RIGHT, entry, write
from tests.conftest import UNIT

ENTRY = entry(RIGHT) | {"notebook": "n", "recorded": None}
RECORDED = ENTRY | {"recorded": {"scores": "s", "lateness": "l"}}


def students(journal):
    return {name: kept.to_json() for name, kept in journal.students.items()}


def path_of(workspace):
    return workspace.report / f"{UNIT}.journal"


def interrupted(workspace, *notes):
    """A journal as a process leaves it that is killed after these notes."""
    journal = Journal(workspace, UNIT).__enter__()
    for note in notes:
        note_down(journal, *note)
    journal.file.close()


def note_down(journal, student, entry):
    journal.note(student, StudentEntry.from_json(entry))


def test_a_finished_grading_leaves_a_report_and_an_empty_journal(workspace):
    with Journal(workspace, UNIT) as journal:
        note_down(journal, "anna", ENTRY)
        journal.note_recorded("anna", RECORDED["recorded"])
        journal.compact()
    assert json.loads(report_path(workspace, UNIT).read_text())["students"] == {"anna": RECORDED}
    assert path_of(workspace).read_bytes() == b""


def test_what_was_judged_and_not_recorded_is_known_to_the_next(workspace):
    interrupted(workspace, ("anna", RECORDED), ("bert", ENTRY))
    for _ in range(2):  # it is not forgotten just because a grading ended without taking it up
        with Journal(workspace, UNIT) as journal:
            assert students(journal) == {"anna": RECORDED, "bert": ENTRY}


def test_a_report_shows_what_an_unfinished_grading_has_done(workspace):
    interrupted(workspace, ("anna", ENTRY))
    assert read_report(workspace, UNIT)["students"] == {"anna": ENTRY}


LINES = [
    b"\x80\xff binary",
    b"null",
    b"5",
    b"{}",
    b"[" * 10**5,
    b'{"student": "bert", "entry": 5}',
    b'{"student": 5, "entry": {}}',
    b'{"student": "bert", "entry": {}}',
    json.dumps({"student": "bert", "entry": ENTRY | {"points": None}}).encode(),
    json.dumps({"student": "bert", "entry": ENTRY | {"exercises": {"f": None}}}).encode(),
    json.dumps({"student": "bert", "entry": ENTRY | {"recorded": 5}}).encode(),
]


@pytest.mark.parametrize("line", LINES, ids=range(len(LINES)))
def test_a_damaged_line_is_left_out_and_the_others_are_not(workspace, line):
    interrupted(workspace, ("anna", ENTRY))
    with open(path_of(workspace), "ab") as file:
        file.write(line + b"\n")
    interrupted(workspace, ("carl", ENTRY))
    assert read_report(workspace, UNIT)["students"] == {"anna": ENTRY, "carl": ENTRY}
    with Journal(workspace, UNIT) as journal:
        assert set(students(journal)) == {"anna", "carl"}


@pytest.mark.parametrize("odd", [None, 5, [], {}, "text", ENTRY | {"exercises": [5]}, ENTRY | {"late": None}])
def test_a_damaged_entry_of_the_report_is_graded_again(workspace, odd):
    write(workspace, {"anna": ENTRY, "bert": odd})
    with Journal(workspace, UNIT) as journal:
        assert students(journal) == {"anna": ENTRY}
        journal.compact()
    assert read_report(workspace, UNIT)["students"] == {"anna": ENTRY}


@pytest.mark.parametrize("content", [b"{", b"\xff\xfe\x00", b"[" * 10**5, b"[]"])
def test_a_report_that_is_damaged_as_a_whole_is_a_sentence(workspace, content):
    write(workspace, {}).write_bytes(content)
    with pytest.raises(UserError, match="Move it away and grade again"):
        read_report(workspace, UNIT)


@pytest.mark.parametrize("cut", range(1, 60, 7))
def test_a_line_that_was_cut_off_is_as_if_it_was_never_begun(workspace, cut):
    interrupted(workspace, ("anna", ENTRY), ("bert", ENTRY))
    data = path_of(workspace).read_bytes()
    path_of(workspace).write_bytes(data[:-cut])
    interrupted(workspace, ("carl", ENTRY))
    assert set(read_report(workspace, UNIT)["students"]) == {"anna", "carl"}


def test_two_gradings_of_one_unit_at_a_time_are_refused(workspace):
    with Journal(workspace, UNIT), pytest.raises(UserError, match="being graded by another"):
        Journal(workspace, UNIT).__enter__()


def test_entered_again_it_reads_nothing_that_it_has_written_itself(workspace, monkeypatch):
    """`nbgrader autograde` enters it for each student: the last must take no longer than the first."""
    reads = []
    real = journal_module.read_report
    monkeypatch.setattr(journal_module, "read_report", lambda *what: reads.append(1) or real(*what))
    journal = Journal(workspace, UNIT)
    for n in range(20):
        with journal:
            note_down(journal, f"student-{n}", ENTRY)
            journal.note_recorded(f"student-{n}", RECORDED["recorded"])
    assert len(reads) == 1 and len(read_report(workspace, UNIT)["students"]) == 20
    with Journal(workspace, UNIT) as other:
        note_down(other, "anna", ENTRY)
    with journal:
        assert set(students(journal)) == {"anna", *(f"student-{n}" for n in range(20))}
