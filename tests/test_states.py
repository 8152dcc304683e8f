"""The gradebook holds what the report says, whatever happened to either; nobody is run again for it."""

from datetime import datetime

import pytest
from nbgrader.api import Gradebook

from autograder.demo import demo_workspace, hand_in
from autograder.grading.grade import grade
from autograder.grading.recording import recorded
from autograder.workspace import CONFIG_FILE, Workspace
from tests.conftest import UNIT

STUDENT = "half_done"
LATE = datetime(2026, 11, 2, 12)


@pytest.fixture(scope="module")
def graded(course, tmp_path_factory):
    made = demo_workspace(course, tmp_path_factory.mktemp("states") / "course")
    hand_in(made, UNIT, [STUDENT])
    assert grade(made, UNIT)["students"][STUDENT]["points"] > 0
    return made


def run(workspace):
    """Grade. Returns who was run."""
    seen = []
    grade(workspace, UNIT, tick=lambda *what: seen.append(what[0]))
    return seen[1:]


def submission(workspace, change=None):
    """When it was handed in, and the penalty, as the gradebook has it; after a change of it, if there is one."""
    with Gradebook(workspace.db_url) as book:
        found = book.find_submission(UNIT, STUDENT)
        if change:
            change(found)
            book.db.commit()
        return found.timestamp, found.late_submission_penalty


def points(workspace):
    return grade(workspace, UNIT)["students"][STUDENT]["points"]


def test_a_gradebook_with_another_score_is_put_right(graded):
    before = recorded(graded, UNIT)

    def older(found):
        grades = [grade for grade in found.notebooks[0].grades if grade.auto_score]
        grades[0].auto_score, grades[1].auto_score = 0, grades[0].auto_score + grades[1].auto_score  # the same total

    submission(graded, older)
    with Gradebook(graded.db_url) as book:
        changed = {grade.name: grade.auto_score for grade in book.find_submission(UNIT, STUDENT).notebooks[0].grades}
    assert run(graded) == [] and recorded(graded, UNIT) == before == {STUDENT: points(graded)}
    with Gradebook(graded.db_url) as book:
        right = {grade.name: grade.auto_score for grade in book.find_submission(UNIT, STUDENT).notebooks[0].grades}
    assert right != changed


def test_a_gradebook_that_was_lost_is_filled_again(graded):
    before = recorded(graded, UNIT)
    (graded.root / "gradebook.db").unlink()
    assert run(graded) == [] and recorded(graded, UNIT) == before


@pytest.mark.parametrize("damage", [b"{", b"\xff\x00", b""])
def test_a_damaged_autograded_notebook_is_made_again(graded, damage):
    path = graded.notebook("autograded", UNIT, STUDENT)
    whole = path.read_bytes()
    path.write_bytes(damage)
    assert run(graded) == [STUDENT] and path.read_bytes() == whole
    assert run(graded) == []


def test_when_it_was_handed_in_is_what_timestamp_txt_says_now(graded):
    path = graded.folder("submitted", UNIT, STUDENT) / "timestamp.txt"
    copy = graded.folder("autograded", UNIT, STUDENT) / "timestamp.txt"
    for text, time in (
        ("2026-11-02 12:00:00 UTC", LATE),
        ("2026-11-03 12:00:00 UTC", datetime(2026, 11, 3, 12)),
        ("yesterday, I think", None),
        ("2026-11-02 12:00:00 UTC", LATE),
        ("", None),
    ):
        path.write_text(text)
        assert run(graded) == [] and submission(graded)[0] == time
        assert copy.exists() == bool(time)
    path.write_text("2026-11-02 12:00:00 UTC")
    assert run(graded) == [] and submission(graded)[0] == LATE
    path.unlink()
    assert run(graded) == [] and submission(graded)[0] is None
    submission(graded, lambda found: setattr(found, "timestamp", LATE))  # as in an older gradebook, or by nbgrader
    assert run(graded) == [] and submission(graded)[0] is None


def test_a_penalty_follows_the_due_date_the_settings_and_the_score(graded):
    (graded.folder("submitted", UNIT, STUDENT) / "timestamp.txt").write_text("2026-11-02 12:00:00 UTC")

    def due(day):
        with Gradebook(graded.db_url) as book:
            book.update_or_create_assignment(UNIT, duedate=f"2026-11-{day} 12:00:00 UTC")

    def by_hand(found):
        [written] = [grade for grade in found.notebooks[0].grades if grade.name == "what_a_state_keeps"]
        written.manual_score, written.needs_manual_grade = 2, False

    def waits():
        with Gradebook(graded.db_url) as book:
            return book.find_submission(UNIT, STUDENT).needs_manual_grade

    path = graded.root / CONFIG_FILE
    plain = path.read_text()
    due("01")
    assert run(graded) == [] and not submission(graded)[1]
    path.write_text(plain + "c.LateSubmissionPlugin.penalty_method = 'zero'\n")
    strict = Workspace.here(graded.root)
    assert run(strict) == [] and submission(graded)[1] == points(strict)
    submission(graded, by_hand)
    assert run(strict) == [] and submission(graded)[1] == points(strict) + 2
    due("03")
    assert run(strict) == [] and not submission(graded)[1]
    assert not waits()  # what was graded by hand need not be looked at again
    path.write_text(plain)
