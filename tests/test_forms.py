"""What is said of a result of another form: true of it, and about the first thing that differs."""

import numpy as np
import pytest

from autograder.checking.forms import form
from autograder.checking.observation import UNREADABLE

RIGHT = np.random.default_rng(0).normal(size=(4, 3, 2))


@pytest.mark.parametrize(
    "actual, said",
    [
        (RIGHT.transpose(2, 1, 0), "the right numbers, transposed"),
        (RIGHT.swapaxes(0, 1), "the right numbers, with axes in another order"),
        (RIGHT[None], "it has an axis of length 1 too many"),
        (RIGHT.reshape(4, 6), "the right numbers, in another shape"),
        (RIGHT[:-1], "without the last entry along axis 0"),
        (RIGHT[:, 2:], "without the first 2 entries along axis 1"),
        (RIGHT.sum(1), "summed along axis 1"),
        (RIGHT.mean(2), "averaged along axis 2"),
        (RIGHT[-1], "only the last of the right numbers along axis 0"),
    ],
)
def test_an_array_of_another_shape_is_said_to_be_what_it_is(actual, said):
    assert said in form(actual, RIGHT)


def test_a_number_instead_of_an_array_of_it_is_not_called_an_average():
    assert "the right numbers, but once instead of 4 times along axis 0" in form(1.5, np.full(4, 1.5))


def test_nothing_more_is_said_of_other_numbers():
    assert form(RIGHT[:-1] + 1, RIGHT) == "the result has shape (3, 3, 2), where (4, 3, 2) is expected"
    assert form(RIGHT[:0], RIGHT) == "the result has shape (0, 3, 2), where (4, 3, 2) is expected"
    assert form(RIGHT + 1, RIGHT) is None


@pytest.mark.parametrize(
    "actual, expected, said",
    [
        (None, RIGHT, "the result is None: is a return missing?"),
        ({"a": None}, {"a": RIGHT}, "a is None"),
        ({"a": 1.0, "mine": 2.0}, {"a": 1.0}, "the result has the key 'mine', which is not asked for"),
        (UNREADABLE, {"a": RIGHT}, "the result does not have the form that was asked for"),
        (RIGHT.astype("f4"), RIGHT, "the result holds numbers of type float32, where float64 is expected"),
    ],
)
def test_what_differs_first_is_said(actual, expected, said):
    assert form(actual, expected) == said
