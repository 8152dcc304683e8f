"""The tests tested: every wrong version is caught and named, every right one earns full marks, no work earns nothing."""

import numpy as np
import pytest

from autograder.checking.mistakes import prepare
from autograder.checking.scoring import passes
from autograder.exercises import UNITS, exercises_of
from autograder.reporting.bank_check import outcome

EXERCISES = [(unit, exercise) for unit in UNITS for exercise in exercises_of(unit).values()]
ALL = pytest.mark.parametrize("unit, exercise", EXERCISES, ids=[exercise.name for _, exercise in EXERCISES])


class Asked(dict):
    """The trace of a function that is asked about a case when a check first looks at it."""

    def __init__(self, prepared, function):
        self.prepared, self.function = prepared, function

    def __missing__(self, case):
        self[case] = self.prepared.exercise.observe(self.function, self.prepared.cases[case])
        return self[case]


def full_marks(prepared, function):
    """Whether every check passes. The first that does not ends it: most wrong versions are asked about a case or two."""
    trace = Asked(prepared, function)
    return all(passes(check, trace, prepared.expected) for check in prepared.exercise.all_checks)


@ALL
def test_the_bank_has_nothing_to_complain_of(unit, exercise):
    assert list(outcome(unit, exercise, np.random.default_rng(0)).complaints()) == []


@ALL
def test_the_bank_is_large_enough_to_mean_something(unit, exercise):
    assert len(exercise.mistakes) >= 3 and len(exercise.alternatives) >= 3


@pytest.mark.long
@ALL
def test_no_wrong_version_depends_on_luck(unit, exercise):
    """Over a few more seeds: no wrong version gets through, no right one is turned away."""
    for seed in range(1, 4):
        prepared = prepare(exercise, np.random.default_rng(seed))
        wrong = {name: mistake.function for name, mistake in exercise.mistakes.items()}
        assert [name for name, function in wrong.items() if full_marks(prepared, function)] == [], seed
        right = exercise.alternatives.items()
        assert [name for name, function in right if not full_marks(prepared, function)] == [], seed
