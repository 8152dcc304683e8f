"""The tests tested: every wrong version is caught and named, every right one earns full marks, no work earns nothing."""

import numpy as np
import pytest

from autograder.exercises import UNITS, exercises_of
from autograder.reporting.bank_check import outcome

EXERCISES = [(unit, exercise) for unit in UNITS for exercise in exercises_of(unit).values()]
ALL = pytest.mark.parametrize("unit, exercise", EXERCISES, ids=[exercise.name for _, exercise in EXERCISES])


@ALL
@pytest.mark.parametrize("seed", range(1))
def test_the_bank_has_nothing_to_complain_of(unit, exercise, seed):
    assert list(outcome(unit, exercise, np.random.default_rng(seed)).complaints()) == []


@ALL
def test_the_bank_is_large_enough_to_mean_something(unit, exercise):
    assert len(exercise.mistakes) >= 3 and len(exercise.alternatives) >= 3


@pytest.mark.long
@ALL
def test_no_wrong_version_depends_on_luck(unit, exercise):
    """Over a few more seeds: no wrong version gets through, no right one is turned away."""
    for seed in range(1, 4):
        found = outcome(unit, exercise, np.random.default_rng(seed))
        assert all(found.caught.values()), (seed, [name for name, failed in found.caught.items() if not failed])
        assert found.rejected == {}, seed
