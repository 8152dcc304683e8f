"""Jacobians of several steps: their sizes, and what goes wrong with a result that runs by distance from the last state."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.checking.exercise import Exercise
from autograder.exercises.families import forms

# (T, B, H): every coincidence of sizes occurs
SIZES = {
    "one step": (1, 2, 3),
    "two steps": (2, 3, 4),
    "one example": (4, 1, 2),
    "one unit": (3, 2, 1),
    "as many examples as units": (4, 3, 3),
    "as many steps as units": (3, 2, 3),
    "as many steps as examples": (2, 2, 3),
    "as many examples as units and steps": (3, 3, 3),
    "one of everything": (1, 1, 1),
}
SPECIAL = tuple(name for name in SIZES if name not in ("one step", "two steps"))


def jacobians(rng: np.random.Generator, T: int, B: int, H: int, scale: float = 0.7) -> np.ndarray:
    """The Jacobians of T steps, each example with its own: (T, B, H, H)."""
    return scale * rng.normal(size=(T, B, H, H))


def by_distance(entry: str, entries: str) -> Callable[[Exercise], None]:
    """Mistakes in the form of a result (T + 1, B) by distance from the last state. ``entry``: what stands at each distance."""

    def add(exercise: Exercise) -> None:
        forms.single_precision(exercise)
        for name, hint, change in (
            ("oldest_first", f"Your {entries} are in the order of time: sort them by distance, so that entry 0 is the last state's own.", lambda one: one[::-1]),
            ("first_entry_missing", f"Entry 0 is missing: the {entry} at distance 0 belongs to the last state itself; there are T + 1 entries.", lambda one: one[1:]),
            ("one_step_short", "The last entry is missing: the state before the first step counts, too, at distance T.", lambda one: one[:-1]),
            ("last_entry_zero", "Your last entry, at distance T, was never computed: it is 0.", _last_zero),
            ("only_the_last", f"You return the {entry} at distance T only: keep all T + 1 entries.", lambda one: one[-1]),
            ("batch_first", "Your result has the batch first: it should be (T + 1, B).", np.transpose),
            ("first_example_only", f"Your {entries} are those of the first example alone: the result is (T + 1, B).", lambda one: one[:, 0]),
            ("as_a_list", "Your result is a list: make it one array, with np.array or np.stack.", list),
        ):  # fmt: skip
            forms.changed(name, hint, change)(exercise)

    return add


def _last_zero(one: np.ndarray) -> Any:
    return np.concatenate([one[:-1], np.zeros_like(one[-1:])])
