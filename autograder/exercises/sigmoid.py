"""The logistic function."""

import math

import numpy as np
import torch

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.reference import rnn

exercise = Exercise(rnn.sigmoid)

ORDINARY = (
    "numbers of ordinary size",
    "a long row",
    "numbers from 8 to 14",
    "an array of three axes",
    "an array of shape ()",
)
LARGE = ("very large numbers", "very negative numbers", "very large numbers of both signs")


@exercise.cases
def draw(rng):
    numbers = rng.normal(size=(3, 4)) * 3
    numbers[1, 2] = 0.0
    numbers[2, 0] = -0.0
    return {
        "numbers of ordinary size": Case((numbers,)),
        "a single number": Case((float(rng.normal()),)),
        "a single whole number": Case((int(rng.integers(1, 5)),)),
        "zero": Case((0.0,)),
        "a long row": Case((rng.normal(size=7),)),
        "numbers from 8 to 14": Case((rng.uniform(8, 14, size=6) * [1, -1, 1, -1, 1, -1],)),
        "an array of three axes": Case((rng.normal(size=(2, 3, 2)),)),
        "an array of shape ()": Case((np.array(rng.normal()),)),
        "whole numbers": Case((rng.permutation(np.arange(-3, 4)),)),
        "very large numbers": Case((rng.uniform(800, 1000, size=5),), strict=True),
        "very negative numbers": Case((-rng.uniform(800, 1000, size=5),), strict=True),
        "very large numbers of both signs": Case(
            (rng.uniform(800, 1000, size=6) * [-1, 1, 0, -1, 1, 0.001],), strict=True
        ),
    }


exercise.checks(
    values("the logistic function of ordinary numbers", *ORDINARY, weight=2),
    values("a single number, and whole numbers", "a single number", "a single whole number", "zero", "whole numbers"),
    values("very large and very negative numbers, without overflow", *LARGE, property=True),
    pure("numbers of ordinary size", "whole numbers", weight=0.5),
)


@exercise.wrong
def overflows(a):
    """For very negative a your formula takes exp of a large positive number, which overflows: only ever take exp of what is not positive."""
    return 1 / (1 + np.exp(-a))


for name, hint, wrong in (
    ("overflows_above", "For very large a your formula takes exp of a large positive number, which overflows: only ever take exp of what is not positive.", lambda a: np.exp(a) / (1 + np.exp(a))),
    ("both_branches_computed", "exp overflows on both sides: np.where computes both of its branches for every number. Take exp of -abs(a) only.",
        lambda a: np.where(np.asarray(a) >= 0, 1 / (1 + np.exp(-np.asarray(a))), np.exp(a) / (1 + np.exp(a)))),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def one_form_for_all(a):
    """An array with very large numbers of both signs overflows: choose the form for each number, not for the whole array."""
    a = np.asarray(a)
    return 1 / (1 + np.exp(-a)) if np.mean(a) >= 0 else np.exp(a) / (1 + np.exp(a))


for name, hint, wrong in (
    ("sign_flipped", "Your function falls where the logistic function rises: look at the sign in the exponent.", lambda a: rnn.sigmoid(-np.asarray(a))),
    ("sign_of_size", "Your function takes the size of a, not a itself: for negative a it should give less than one half.", lambda a: rnn.sigmoid(np.abs(a))),
    ("negative_side_only", "For positive a your function gives sigma(-a): there the answer is more than one half.", lambda a: rnn.sigmoid(-np.abs(a))),
    ("is_tanh", "Your function is tanh: it runs from -1 to 1, where the logistic function runs from 0 to 1.", lambda a: np.tanh(a)),
    ("tanh_of_whole", "Nearly: sigma(a) = (1 + tanh(a / 2)) / 2, with a halved inside the tanh.", lambda a: (1 + np.tanh(a)) / 2),
    ("tanh_of_half", "Your function is tanh(a / 2), which runs from -1 to 1: sigma(a) = (1 + tanh(a / 2)) / 2.", lambda a: np.tanh(np.asarray(a) / 2)),
    ("its_slope", "Your function is the slope of the logistic function, sigma (1 - sigma): asked for is sigma itself.", lambda a: rnn.sigmoid(a) * (1 - rnn.sigmoid(a))),
    ("one_missing", "Your function is exp(a): the denominator is 1 + exp(-a), not exp(-a) alone.", lambda a: np.exp(a)),
    ("minus_in_the_denominator", "Your denominator is 1 - exp(-a): it is a sum, 1 + exp(-a).", lambda a: 1 / (1 - np.exp(-np.asarray(a, dtype=float)))),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def softmax_instead(a):
    """Your numbers add up to one: that is softmax. The logistic function takes each number by itself."""
    e = np.exp(a - np.max(a))
    return e / e.sum()


@exercise.wrong
def typed_like_input(a):
    """For whole numbers your result is cut to 0 or 1: make the result an array of floats, not one typed like the input."""
    out = np.empty_like(a)
    out[...] = rnn.sigmoid(a)
    return out


@exercise.wrong
def zero_left_out(a):
    """At zero your function gives 0: one of the two branches must hold there too, and give one half."""
    a = np.asarray(a)
    return np.where(a == 0, 0.0, rnn.sigmoid(a))


@exercise.wrong
def one_at_zero(a):
    """At zero your function gives 1: it should give one half."""
    a = np.asarray(a)
    return np.where(a == 0, 1.0, rnn.sigmoid(a))


for name, hint, wrong in (
    ("single_precision", "Your result is in single precision (float32): keep the float64 of the input.", lambda a: rnn.sigmoid(a).astype(np.float32)),
    ("always_a_row", "Your result of a single number is an array of shape (1,): its shape should be ().", lambda a: np.atleast_1d(rnn.sigmoid(a))),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def flat(a):
    """Your result is one flat row: it should have the shape of a."""
    return np.ravel(rnn.sigmoid(a)) if np.ndim(a) else rnn.sigmoid(a)


@exercise.wrong
def a_overwritten(a):
    """Your function changes the array that it is given: work on a copy, or on a new array."""
    result = rnn.sigmoid(a)
    if isinstance(a, np.ndarray):
        a[...] = -a
    return result


for name, hint, wrong in (
    ("clipped_early", "You clip the input so early that ordinary numbers are changed: only inputs beyond a few hundred can overflow.", lambda a: rnn.sigmoid(np.clip(a, -2, 2))),
    ("zero_where_it_overflows", "For very large a your function gives 0: there sigma is 1.", lambda a: np.where(np.asarray(a) > 700, 0.0, rnn.sigmoid(a))),
    ("half_where_it_overflows", "For very large or very negative a your function gives one half: there sigma is 1 or 0.", lambda a: np.where(np.abs(a) > 700, 0.5, rnn.sigmoid(a))),
    ("flat_from_three_axes_on", "An array of three axes comes back with another shape: the result should have the shape of a.", lambda a: np.ravel(rnn.sigmoid(a)) if np.ndim(a) > 2 else rnn.sigmoid(a)),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def rounded(a):
    """Your result is rounded to 0 or 1: the logistic function gives the numbers between as well."""
    return np.round(rnn.sigmoid(a))


@exercise.right
def by_tanh(a):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(a)))


@exercise.right
def by_loop(a):
    def one(value):
        return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))

    flat = [one(float(value)) for value in np.ravel(a)]
    return np.array(flat).reshape(np.shape(a))


@exercise.right
def by_torch(a):
    return torch.sigmoid(torch.as_tensor(a, dtype=torch.float64)).numpy()


@exercise.right
def by_clipping(a):
    return 1 / (1 + np.exp(-np.clip(a, -500, 500)))


@exercise.right
def by_logaddexp(a):
    return np.exp(-np.logaddexp(0, -np.asarray(a)))


@exercise.right
def with_overflow_silenced(a):
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-np.asarray(a, dtype=float)))


@exercise.right
def by_masks(a):
    a = np.asarray(a, dtype=float)
    result = np.empty(a.shape)
    result[a >= 0] = 1 / (1 + np.exp(-a[a >= 0]))
    result[a < 0] = np.exp(a[a < 0]) / (1 + np.exp(a[a < 0]))
    return result
