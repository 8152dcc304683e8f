"""Visible checks of the LSTM's exercises."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.checks.primitives import expect_close, expect_shape, no_overflow, unchanged
from course.checks.visible import visible_check

__all__ = ["sigmoid"]


@visible_check("the values at 0, ln 3 and -ln 3", "whole numbers", "shapes", "no overflow at -1000 and 1000")
def sigmoid(sigmoid: Callable[[Any], Any]) -> None:
    """The logistic function."""
    expect_close(sigmoid(np.array([0.0, np.log(3), -np.log(3)])), [0.5, 0.75, 0.25], "sigmoid at 0, ln 3 and -ln 3")
    whole = np.array([0, 3, -3])
    with unchanged(a=whole):
        expect_close(sigmoid(whole)[:1], [0.5], "sigmoid at 0, given as a whole number")
    expect_shape(sigmoid(np.ones((2, 3))), (2, 3), "sigmoid of a (2, 3) array")
    expect_close(sigmoid(2.0), 1 - np.asarray(sigmoid(-2.0)), "sigmoid(2), which should be 1 - sigmoid(-2)")
    with no_overflow():
        expect_close(sigmoid(np.array([-1000.0, 1000.0])), [0.0, 1.0], "sigmoid at -1000 and 1000")
