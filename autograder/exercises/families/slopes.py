"""The slope of a nonlinearity on the way back, and what is taken for it."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.checking.exercise import Exercise

Slope = Callable[[np.ndarray], Any]

# of tanh, as a function of the new state h_next = tanh(a)
TANH = (
    ("slope_missing", "The slope of tanh is missing: a factor of 1 - {h}**2 for each unit.", lambda h: np.ones_like(h)),
    ("slope_not_squared", "The slope of tanh is 1 - {h}**2; your square is missing.", lambda h: 1 - h),
    ("slope_of_sigmoid", "You use the slope of the logistic function, {h} (1 - {h}): for tanh it is 1 - {h}**2.", lambda h: h * (1 - h)),
    ("slope_without_one", "Your slope is {h}**2: for tanh it is 1 - {h}**2.", lambda h: h**2),
    ("slope_with_plus", "Your slope is 1 + {h}**2: for tanh it is 1 - {h}**2.", lambda h: 1 + h**2),
    ("slope_negated", "Your slope is {h}**2 - 1, which has the wrong sign: for tanh it is 1 - {h}**2.", lambda h: h**2 - 1),
    ("slope_twice", "You multiply by the slope of tanh twice: once is right.", lambda h: (1 - h**2) ** 2),
    ("square_of_one_minus", "Your slope is (1 - {h})**2: for tanh it is 1 - {h}**2.", lambda h: (1 - h) ** 2),
    ("tanh_again", "{h} has been through tanh already: its slope is 1 - {h}**2, not 1 - tanh({h})**2.", lambda h: 1 - np.tanh(h) ** 2),
    ("tanh_for_slope", "You multiply by {h} itself: the slope of tanh is 1 - {h}**2.", lambda h: h),
    ("slope_as_root", "Your slope is the root of 1 - {h}**2: for tanh it is 1 - {h}**2 itself.", lambda h: np.sqrt(1 - h**2)),
)  # fmt: skip


def tanh_slopes(with_slope: Callable[[Slope], Callable[..., Any]], h: str = "h_next") -> Callable[[Exercise], None]:
    """Mistakes in the slope of tanh.

    Args:
        with_slope: the exercise's function with this slope, a function of the new state. h: what the text calls the new state.
    """

    def add(exercise: Exercise) -> None:
        for name, hint, slope in TANH:
            exercise.add_mistake(name, hint.format(h=h), with_slope(slope))

    return add
