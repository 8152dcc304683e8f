"""The hidden test of an instructor's own notebook: compares a function with the reference, here and now."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.checking.mistakes import prepare
from autograder.checking.scoring import score
from autograder.exercises import exercises_of
from autograder.grading.messages import message


def verify(unit: str, name: str, function: Callable[..., Any]) -> None:
    """Check a trusted function as grading would, on fresh inputs.

    Raises:
        AssertionError: with the verdict that a student would read, if it does not earn full marks.
    """
    exercise = exercises_of(unit)[name]
    prepared = prepare(exercise, np.random.default_rng())
    verdict = score(prepared, exercise.trace(function, prepared.cases), 1.0)
    assert verdict.points == verdict.maximum, message(name, verdict)
