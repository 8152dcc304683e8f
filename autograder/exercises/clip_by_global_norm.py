"""A gradient that is too long, shortened without a change of direction."""

import math

import numpy as np
import torch

from autograder.checking.checks import new_object, pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import forms
from autograder.reference import gradients as reference

exercise = Exercise(reference.clip_by_global_norm)


@exercise.cases
def draw(rng):
    def arrays(size):
        return {
            "W": size * rng.normal(size=(4, 3)),
            "U": 3 * size * rng.normal(size=(4, 4)),
            "b": size * rng.normal(size=4),
        }

    large, small, tiny = arrays(20.0), arrays(0.5), {"b": rng.uniform(0.01, 0.02, size=3)}
    sizes = [np.linalg.norm(g) for g in large.values()]
    return {
        "a large gradient": Case((large, 5.0)),
        "one large array among small ones": Case((arrays(0.1) | {"V": 50 * rng.normal(size=(2, 5))}, 7.0)),
        "arrays of one, two and three axes": Case(
            ({"a": rng.normal(size=(2, 3, 2)), "b": rng.normal(size=1)} | small, 0.5)
        ),
        "an array without axes": Case(({"scale": np.array(3 + rng.random()), "b": rng.normal(size=3)}, 1.0)),
        "a small gradient": Case((small, 100.0)),
        "arrays that are large only together": Case((large, float((max(sizes) + np.hypot.reduce(sizes)) / 2))),
        "just below the threshold": Case((small, float(1.001 * norm(small)))),
        "just above the threshold": Case((small, float(0.999 * norm(small)))),
        "a small gradient of few numbers": Case(({"b": 0.1 * rng.uniform(0.5, 1, size=3)}, 0.9)),
        "a threshold that is very small": Case((tiny, 0.001)),
        "one array": Case(({"b": 3 + rng.normal(size=3)}, 1.0)),
        "all zero": Case(({"W": np.zeros((2, 3)), "b": np.zeros(2)}, 1.0), strict=True),
    }


SHORTENED = (
    "one large array among small ones",
    "an array without axes",
    "arrays of one, two and three axes",
    "one array",
)
NEAR = ("arrays that are large only together", "just below the threshold", "just above the threshold")
exercise.checks(
    values("a gradient that is too large is shortened to the threshold", "a large gradient", weight=2),
    values("the direction is kept, over all arrays", *SHORTENED),
    values("arrays that are large only together, and the threshold itself", *NEAR),
    values("a threshold that is very small", "a threshold that is very small", weight=0.5, property=True),
    values("a small gradient stays as it is", "a small gradient", "a small gradient of few numbers", property=True),
    values("a gradient of zeros", "all zero", weight=0.5, property=True),
    pure("a large gradient", "a small gradient", weight=0.5),
)
exercise.add(forms.single_precision, forms.overwrites_arguments(without=["threshold"]))


def norm(arrays):
    return np.sqrt(sum(np.sum(g**2) for g in arrays.values()))


def scaled(arrays, scale):
    return {name: scale * g for name, g in arrays.items()}


def clipped(arrays, threshold, length=norm, short=lambda g, n, t: 1.0, long=lambda g, n, t: t / n):
    """Clipping with a length, and factors below and above the threshold, that may be wrong."""
    n = length(arrays)
    return {name: (long if n > threshold else short)(g, n, threshold) * g for name, g in arrays.items()}


def mistake(name, hint, **wrong):
    exercise.add_mistake(name, hint, lambda gradients, threshold: clipped(gradients, threshold, **wrong))


for name, hint, length in (
    ("root_missing", "You compare the sum of squares with the threshold: take its root first.", lambda arrays: norm(arrays) ** 2),
    ("norms_added", "You add up the norms of the arrays: add up the squares, and take the root at the end.", lambda arrays: sum(np.linalg.norm(g) for g in arrays.values())),
    ("largest_norm", "You go by the longest array alone: the norm is that of all arrays together.", lambda arrays: max(np.linalg.norm(g) for g in arrays.values())),
    ("largest_entry", "You go by the largest number: the norm is the root of the sum of all squares.", lambda arrays: max(np.abs(g).max() for g in arrays.values())),
    ("sum_of_sizes", "You add up the sizes of all numbers: the norm is the root of the sum of their squares.", lambda arrays: sum(np.abs(g).sum() for g in arrays.values())),
    ("mean_of_squares", "You average the squares: the norm is the root of their sum.", lambda arrays: norm(arrays) / np.sqrt(sum(g.size for g in arrays.values()))),
    ("mean_of_norms", "You average the norms of the arrays: add up their squares, and take the root at the end.", lambda arrays: np.mean([np.linalg.norm(g) for g in arrays.values()])),
    ("last_array_only", "You go by the last array alone: the norm is that of all arrays together.", lambda arrays: np.linalg.norm(list(arrays.values())[-1])),
    ("first_array_only", "You go by the first array alone: the norm is that of all arrays together.", lambda arrays: np.linalg.norm(next(iter(arrays.values())))),
    ("largest_singular_value", "np.linalg.norm(g, 2) of a matrix is its largest singular value: the norm is the root of the sum of all squares.",
        lambda arrays: np.sqrt(sum(np.linalg.norm(g, 2 if g.ndim else None) ** 2 for g in arrays.values()))),
    ("small_number_added", "You add a small number to the norm: the docstring's formula is threshold / n, so nothing is added.", lambda arrays: norm(arrays) + 1e-6),
):  # fmt: skip
    mistake(name, hint, length=length)
for name, hint, factors in (
    ("not_clipped", "Your gradients come out as they went in: one that is too long should be shortened to the threshold.", {"long": lambda g, n, t: 1.0}),
    ("always_rescaled", "You also lengthen gradients that are short: under the threshold nothing is to be altered.", {"short": lambda g, n, t: t / n if n else 1.0}),
    ("rescaled_when_short", "Your comparison is the wrong way round: it is the long gradients that are shortened.", {"short": lambda g, n, t: t / n if n else 1.0, "long": lambda g, n, t: 1.0}),
    ("to_unit_length", "What you clip comes out with norm 1: its norm should be the threshold.", {"long": lambda g, n, t: 1 / n}),
    ("always_unit_length", "Your gradient always comes out with norm 1: it is shortened to the threshold, if it is longer.", {"long": lambda g, n, t: 1 / n, "short": lambda g, n, t: 1 / n if n else 1.0}),
    ("factor_upside_down", "Your factor is n / threshold, which lengthens: multiply by threshold / n.", {"long": lambda g, n, t: n / t}),
    ("times_the_threshold", "You multiply by the threshold without dividing by the norm: the factor is threshold / n.", {"long": lambda g, n, t: t}),
    ("divided_by_squared_norm", "You divide by n squared: the factor is threshold / n.", {"long": lambda g, n, t: t / n**2}),
    ("zeroed", "You throw a long gradient away: shorten it to the threshold.", {"long": lambda g, n, t: 0.0}),
    ("each_array_to_the_threshold", "Each of your arrays comes out with the norm threshold: multiply all by one common factor.", {"long": lambda g, n, t: t / np.linalg.norm(g)}),
    ("negated", "Your gradient points the other way: keep its direction.", {"long": lambda g, n, t: -t / n, "short": lambda g, n, t: -1.0}),
):  # fmt: skip
    mistake(name, hint, **factors)


@exercise.wrong
def by_value(gradients, threshold):
    """You cut every number on its own, which bends the direction: multiply all by one common factor."""
    return {name: np.clip(g, -threshold, threshold) for name, g in gradients.items()}


for called, hint, wrong in (
    ("array_by_array", "You clip each array by its own norm, which bends the direction: take one norm over all of them.", lambda gradients, threshold: {name: clipped({name: g}, threshold)[name] for name, g in gradients.items()}),
    ("row_by_row", "You clip the rows of each array on their own: take one norm over everything.",
        lambda gradients, threshold: {name: g * np.minimum(1, threshold / np.maximum(np.linalg.norm(g, axis=-1, keepdims=True), 1e-30)) for name, g in gradients.items() }),
):  # fmt: skip
    exercise.add_mistake(called, hint, wrong)


@exercise.wrong
def largest_array_only(gradients, threshold):
    """You shorten only the longest array: all arrays are multiplied by the same factor."""
    longest = max(gradients, key=lambda name: np.linalg.norm(gradients[name]))
    return gradients | {longest: reference.clip_by_global_norm(gradients, threshold)[longest]}


@exercise.wrong
def zero_divided(gradients, threshold):
    """Where all gradients are zero you divide by zero: they are shorter than the threshold, so leave them."""
    n = norm(gradients)
    return scaled(gradients, np.minimum(n, threshold) / n)


@exercise.wrong
def divided_before_looking(gradients, threshold):
    """You divide by the norm before you know that it is not zero: first compare it with the threshold."""
    n = norm(gradients)
    factor = threshold / n
    return scaled(gradients, factor if n > threshold else 1.0)


@exercise.wrong
def vectors_left_out(gradients, threshold):
    """You leave out arrays of one axis, the biases: every array is multiplied by the same factor."""
    found = reference.clip_by_global_norm(gradients, threshold)
    return {name: g if g.ndim == 1 else found[name] for name, g in gradients.items()}


for called, hint, wrong in (
    ("flattened", "Your arrays come out flat: each should have the shape that it had.", lambda gradients, threshold: {name: np.ravel(g) for name, g in reference.clip_by_global_norm(gradients, threshold).items()}),
    ("as_a_list", "You return the arrays without their names: return a dict with the same names.", lambda gradients, threshold: list(reference.clip_by_global_norm(gradients, threshold).values())),
    ("with_the_norm", "You return the norm as well: return the dict alone.", lambda gradients, threshold: (reference.clip_by_global_norm(gradients, threshold), norm(gradients))),
    ("one_long_vector", "You return one long vector: return a dict with the names and shapes of the arrays.",
        lambda gradients, threshold: np.concatenate([g.ravel() for g in reference.clip_by_global_norm(gradients, threshold).values()])),
):  # fmt: skip
    exercise.add_mistake(called, hint, wrong)


exercise.checks(new_object("a new dict, for a small gradient too", "a small gradient", "all zero", weight=0.25))


@exercise.wrong
def same_dict(gradients, threshold):
    """A small gradient comes back as the caller's own dict: return a new one."""
    return gradients if norm(gradients) <= threshold else reference.clip_by_global_norm(gradients, threshold)


@exercise.right
def by_minimum(gradients, threshold):
    total = sum(float((g * g).sum()) for g in gradients.values()) ** 0.5
    scale = min(1.0, threshold / total) if total else 1.0
    return {name: g * scale for name, g in gradients.items()}


@exercise.right
def by_one_long_vector(gradients, threshold):
    n = np.linalg.norm(np.concatenate([np.ravel(g) for g in gradients.values()]))
    return {name: g.copy() if n <= threshold else g * threshold / n for name, g in gradients.items()}


@exercise.right
def by_maximum(gradients, threshold):
    n = np.sqrt(sum(np.linalg.norm(g) ** 2 for g in gradients.values()))
    return {name: g / max(1.0, n / threshold) for name, g in gradients.items()}


@exercise.right
def by_torch(gradients, threshold):
    tensors = {name: torch.tensor(g) for name, g in gradients.items()}
    n = torch.stack([g.norm() for g in tensors.values()]).norm()
    return {name: g * min(1.0, threshold / n) if n > 0 else g for name, g in tensors.items()}


@exercise.right
def by_loop(gradients, threshold):
    squares = 0.0
    for g in gradients.values():
        for value in g.flat:
            squares += value * value
    found = {}
    for name in gradients:
        found[name] = np.array(gradients[name])
        if squares > threshold**2:
            found[name] *= threshold / math.sqrt(squares)
    return found
