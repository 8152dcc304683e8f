"""Every unit, graded in the sandbox: right code, mistakes paid for once, cheats, and whoever does nothing."""

import pytest

from autograder.demo import demo_workspace, hand_in
from autograder.demo.students import mistakes_of
from autograder.demo.tricks import CHEATS
from autograder.exercises import UNITS
from autograder.grading.grade import grade
from autograder.sandbox.host.process import Limits
from tests.conftest import UNIT

OTHERS = [unit for unit in UNITS if unit != UNIT]  # the first unit's class is graded in test_grading
MISTAKES = [(unit, mistake) for unit in OTHERS for mistake in mistakes_of(unit).values()]
ALL = pytest.mark.parametrize("unit", OTHERS)


@pytest.fixture(scope="module")
def reports(course, tmp_path_factory):
    """The report of each unit's class, graded when it is first asked for."""
    graded = {}

    def report(unit):
        if unit not in graded:
            made = demo_workspace(course, tmp_path_factory.mktemp(unit) / "course")
            wrong = [mistake.id.replace(".", "_") for mistake in mistakes_of(unit).values()]
            hand_in(made, unit, ["perfect", "untouched", "half_done", "helper_cell_added", "symlink", *CHEATS, *wrong])
            graded[unit] = grade(made, unit, limits=Limits(cell_seconds=10, call_seconds=10))["students"]
        return graded[unit]

    return report


@ALL
def test_right_code_gets_full_marks(reports, unit):
    for student in ("perfect", "helper_cell_added"):
        found = reports(unit)[student]
        assert found["points"] == found["maximum"], {
            name: part for name, part in found["exercises"].items() if part["points"] < part["maximum"]
        }


@ALL
def test_doing_nothing_earns_nothing(reports, unit):
    assert reports(unit)["untouched"]["points"] == 0 and reports(unit)["symlink"]["points"] == 0
    for part in reports(unit)["untouched"]["exercises"].values():
        assert (part["hint_id"], part["note"]) == (None, "it is not written yet")


@ALL
@pytest.mark.parametrize("cheat", CHEATS)
def test_a_cheat_gets_what_its_code_deserves(reports, unit, cheat):
    first, *others = reports(unit)[cheat]["exercises"].values()
    assert first["points"] == first["maximum"] and all(part["points"] == 0 for part in others)


@pytest.mark.parametrize("unit, mistake", MISTAKES, ids=[mistake.id for _, mistake in MISTAKES])
def test_a_mistake_is_named_and_paid_for_once(reports, unit, mistake):
    exercises = reports(unit)[mistake.id.replace(".", "_")]["exercises"]
    wrong = mistake.id.split(".")[0]
    assert exercises[wrong]["hint_id"] == mistake.id
    assert exercises[wrong]["points"] < exercises[wrong]["maximum"]
    chain = [wrong]  # and what calls it, and is judged with a right one for that
    for name, part in exercises.items():
        assert name == wrong or part["points"] == part["maximum"], (name, part)
        if name != wrong and part["note"]:
            assert part["note"].startswith("right, given your") and any(one in part["note"] for one in chain)
            chain.append(name)
