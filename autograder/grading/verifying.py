"""The hidden test of an instructor's own notebook: compares a function with the reference, here and now."""

import numpy as np

from autograder.checking.mistakes import prepare
from autograder.checking.scoring import score
from autograder.exercises import exercises_of
from autograder.grading.wording import message


def verify(unit, name, function):
    """Check a trusted function as grading would, on fresh inputs.

    Raises:
        AssertionError: with the verdict that a student would read, if it does not earn full marks.
    """
    exercise = exercises_of(unit)[name]
    questions = prepare(exercise, np.random.default_rng())
    verdict = score(questions, exercise.trace(function, questions.cases), 1.0)
    assert verdict.points == verdict.maximum, message(name, verdict)
