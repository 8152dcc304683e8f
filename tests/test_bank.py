"""The tests tested: every wrong version is caught and named, every right alternative earns full marks."""

import numpy as np
import pytest

from autograder.exercises import UNITS, exercises_of
from autograder.exercises.exercise import hint_of
from autograder.reporting.bank_check import outcome

EXERCISES = [(unit, exercise) for unit in UNITS for exercise in exercises_of(unit).values()]
ALL = pytest.mark.parametrize("unit, exercise", EXERCISES, ids=[exercise.name for _, exercise in EXERCISES])


@ALL
@pytest.mark.parametrize("seed", range(3))
def test_every_wrong_version_is_caught_and_named_and_every_right_one_accepted(unit, exercise, seed):
    found = outcome(unit, exercise, np.random.default_rng(seed))
    assert all(found.caught.values()), [name for name, checks in found.caught.items() if not checks]
    assert found.misnamed == {}
    assert found.refused == {}


@ALL
def test_the_bank_is_large_enough_to_mean_something(unit, exercise):
    assert len(exercise.misconceptions) >= 3 and len(exercise.alternatives) >= 3


@ALL
def test_every_hint_is_a_sentence_of_its_own(unit, exercise):
    hints = [hint_of(misconception) for misconception in exercise.misconceptions]
    assert len(set(hints)) == len(hints)
    for hint in hints:
        assert hint.endswith(".") and len(hint) < 200


@ALL
def test_every_check_catches_something(unit, exercise):
    found = outcome(unit, exercise, np.random.default_rng(0))
    catching = {check for checks in found.caught.values() for check in checks}
    assert {check.name for check in exercise.checks} <= catching


@ALL
def test_an_exercise_uses_only_earlier_ones(unit, exercise):
    order = list(exercises_of(unit))
    assert all(order.index(used) < order.index(exercise.name) for used in exercise.uses)
