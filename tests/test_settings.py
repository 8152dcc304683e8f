"""What nbgrader_config.py sets about grading."""

import os

import pytest

from autograder.demo import hand_in
from autograder.errors import UserError
from autograder.grading.grade import default_jobs, grade
from autograder.grading.settings import Grading
from autograder.sandbox.host.process import Limits
from autograder.submissions.collect import collect
from autograder.workspace import CONFIG_FILE, Workspace, write_whole
from tests.conftest import UNIT
from tests.downloads import pack


def configured(workspace, line):
    path = workspace.root / CONFIG_FILE
    path.write_text(path.read_text() + line + "\n")
    return Workspace.here(workspace.root)


def test_the_defaults_are_those_of_the_sandbox(workspace):
    settings = Grading.of(workspace)
    assert settings.limits == Limits() and settings.sandbox == "warm" and settings.partial_credit


@pytest.mark.parametrize(
    "line, said",
    [
        ("c.Grading.cell_second = 3", "no setting"),
        ("c.Grading.cell_seconds = 'three'", "cell_seconds"),
        ("c.Grading.cell_seconds = -1", "cell_seconds"),
        ("c.Grading.sandbox = 'tepid'", "sandbox"),
        ("c.Grading.memory = 10", "memory"),
        *((f"c.Grading.{kind}_seconds = float('inf')", f"{kind}_seconds") for kind in ("cell", "ask", "total")),
        *((f"c.Grading.{kind}_seconds = float('nan')", f"{kind}_seconds") for kind in ("cell", "ask", "total")),
        ("c.Grading.cell_seconds = 1e10", "cell_seconds"),
        ("c.Grading.call_seconds = 10**400", "call_seconds"),
        ("c.Grading.memory = 2**63", "memory"),
        ("c.Grading.file_size = 2**70", "file_size"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(workspace, line, said):
    with pytest.raises(UserError, match=said):
        Grading.of(configured(workspace, line))


@pytest.mark.parametrize(
    "structure",
    [
        "{nbgrader_step}/{assignment_id}/{student_id}",
        "{student_id}/{nbgrader_step}/{assignment_id}",
        "{nbgrader_step}/[{assignment_id}]/of-{student_id}.d/x",
    ],
)
def test_whatever_the_structure_of_the_folders_what_was_handed_in_is_collected_and_graded(
    workspace, tmp_path, structure
):
    release = workspace.notebook("release", UNIT).read_bytes()
    workspace = configured(
        workspace,
        f"c.CourseDirectory.directory_structure = {structure!r}\nc.CourseDirectory.release_directory = 'release'",
    )
    write_whole(workspace.notebook("release", UNIT), release)
    assert workspace.students(UNIT) == []
    hand_in(workspace, UNIT, ["perfect"])
    collect(workspace, UNIT, pack(tmp_path, ("alice/rnn.ipynb", release), ("Perfect/rnn.ipynb", release)))
    write_whole(workspace.folder("submitted", UNIT, "alice").parent / "class.csv", "id\nalice\n")
    points = {student: entry["points"] for student, entry in grade(workspace, UNIT)["students"].items()}
    assert sorted(points) == workspace.students(UNIT) == ["alice", "perfect"]
    assert points["perfect"] > 0 == points["alice"]


def test_a_structure_without_students_is_named(workspace):
    made = configured(workspace, "c.CourseDirectory.directory_structure = '{nbgrader_step}/{assignment_id}'")
    with pytest.raises(UserError, match="must say where a student's folder is"):
        made.students(UNIT)


def test_the_largest_limits_are_limits_that_a_submission_can_be_given(workspace):
    hand_in(workspace, UNIT, ["perfect"])
    most = (
        "cell_seconds = c.Grading.call_seconds = c.Grading.total_seconds = 24 * 60 * 60",
        "memory = c.Grading.file_size = 2**50",
    )
    entry = grade(configured(workspace, "\n".join(f"c.Grading.{line}" for line in most)), UNIT)["students"]["perfect"]
    assert entry["points"] == entry["maximum"]


def test_without_partial_credit_an_exercise_is_right_or_worth_nothing(workspace, graded_class):
    lenient = {student: entry["exercises"] for student, entry in graded_class[1]["students"].items()}
    student, name = next(
        (student, name)
        for student, exercises in lenient.items()
        for name, part in exercises.items()
        if 0 < part["points"] < part["maximum"] and part["hint_id"]
    )
    hand_in(workspace, UNIT, [student])
    found = grade(configured(workspace, "c.Grading.partial_credit = False"), UNIT)["students"][student]["exercises"]
    assert found[name]["points"] == 0 and found[name]["hint_id"] == lenient[student][name]["hint_id"]
    assert found[name]["checks"] == lenient[student][name]["checks"]
    for other, part in lenient[student].items():
        if part["points"] in (0, part["maximum"]):
            assert found[other]["points"] == part["points"]


def test_limits_are_kept_and_a_change_of_them_grades_again(workspace):
    hand_in(workspace, UNIT, ["never_ends"])
    quick = configured(workspace, "c.Grading.cell_seconds = 1.5")
    entry = grade(quick, UNIT)["students"]["never_ends"]
    assert 1 < entry["seconds"] < 15
    again = []
    grade(quick, UNIT, tick=lambda *what: again.append(what))
    grade(configured(workspace, "c.Grading.cell_seconds = 1.0"), UNIT, tick=lambda *what: again.append(what))
    assert [count for who, count in again if who is None] == [0, 1]


@pytest.mark.parametrize(("memory", "jobs"), [(2**62, 1), (1, None)])
def test_no_more_run_at_a_time_than_memory_and_cores_allow(memory, jobs):
    assert default_jobs(memory) == (jobs or len(os.sched_getaffinity(0)))
