"""Very large arguments, at which gates and states are at their limits: a finite answer is expected, not nan."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.checking.checks import values
from autograder.checking.comparing import Tolerance
from autograder.checking.exercise import Case, Cases, Exercise
from autograder.exercises.families import forms

CASE = "very large arguments"
NAN = (  # the examples that are nan: all sums of the first are large and positive, those of the second negative
    ("nan_for_large_positive", slice(0, 1), "Where sums are large and positive you return nan, as infinity / infinity is: take exp only of numbers that are not positive."),
    ("nan_for_large_negative", slice(1, 2), "Where sums are large and negative you return nan: exp overflows there, or you divide by 0, such as a gate that is shut."),
    ("nan_for_all_large", slice(None), "For very large arguments of either sign you return nan: exp overflows, so use np.tanh and sigmoid, which do not."),
)  # fmt: skip


def very_large_arguments(
    arguments: Callable[..., tuple[Any, ...]], tolerance: Tolerance | None = None
) -> Callable[[Exercise], None]:
    """A case, a check and three mistakes. ``arguments(rng, B, D, H, scale)`` draws those of one call, one of them called x."""

    def add(exercise: Exercise) -> None:
        place = exercise.reference.__code__.co_varnames.index("x")

        @exercise.cases
        def draw(rng: np.random.Generator) -> Cases:
            args = [forms.of_each(abs, one) for one in arguments(rng, 2, 3, 4, 1.0)]
            args[place] = 1e5 * (1 + args[place]) * [[1.0], [-1.0]]
            return {CASE: Case(tuple(args))}

        exercise.checks(
            values("very large arguments give no nan", CASE, weight=0.5, tolerance=tolerance, property=True)
        )
        for name, rows, hint in NAN:

            def wrong(*args: Any, rows: slice = rows) -> Any:
                answer = exercise.reference(*args)
                return _with_nan(answer, rows) if np.abs(args[place]).max() > 1e4 else answer

            exercise.add_mistake(name, hint, wrong)

    return add


def _with_nan(answer: Any, rows: slice) -> Any:
    """nan in these examples of each array, and everywhere in gradients of parameters, which are summed over examples."""
    if isinstance(answer, tuple):
        return tuple(_with_nan(one, rows) for one in answer)
    if isinstance(answer, dict):
        return forms.of_each(lambda one: one * np.nan, answer)
    answer = answer.copy()
    answer[rows] = np.nan
    return answer
