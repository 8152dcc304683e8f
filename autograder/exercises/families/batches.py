"""Batches drawn by chance: of the many that are right, facts are judged, in words, worked out here from the numbers.

How something is drawn is told from many examples only, by bounds of about eight standard deviations: a right batch leaves
them less than once in a thousand million times.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.checking.exercise import Check, Exercise
from autograder.checking.observation import Fact, Trace
from autograder.exercises.families import results
from autograder.sandbox.protocol.wire import ModelSpec, Tensor

SAME_CHANCE = (
    1e-12  # a fingerprint's weight: checks that look for it see it, and it is too small to count as a difference
)
MANY = 1000  # examples or numbers: fewer do not tell how they were drawn
FEW = Fact("too few to tell")


def generator(rng: np.random.Generator, watched: bool = True) -> ModelSpec:
    """The settings of a generator that a student's function gets, and nobody had before.

    ``watched``: whether it is seen if it was used. Where there is one possibility only, NumPy draws nothing.
    """
    return ModelSpec("generator", {"seed": int(rng.integers(2**31)), "watched": watched})


def form(*parts: Any) -> dict[str, Fact]:
    """Shapes, and kinds of numbers, of x and y."""
    arrays = [(name, np.asarray(part), isinstance(part, Tensor)) for name, part in zip("xy", parts, strict=True)]
    return {
        "the shapes": Fact(", ".join(f"{name} {array.shape}" for name, array, _ in arrays)),
        "the kinds": Fact(
            ", ".join(f"{name} {array.dtype.name} {'tensor' if tensor else 'array'}" for name, array, tensor in arrays)
        ),
    }


def fingerprint(array: np.ndarray) -> float:
    """A tiny number that differs between different arrays."""
    weights = np.cos(np.arange(array.size))
    return SAME_CHANCE * float(abs(np.sum(weights * array.ravel())) % 1)


def way(values: np.ndarray, most: int) -> str:
    """How whole numbers from 0 to ``most`` - 1 look drawn: "evenly", "never the last", "never the first", or "unevenly"."""
    counts = np.bincount(values, minlength=most)
    for name, place, others in (("never the last", -1, counts[:-1]), ("never the first", 0, counts[1:])):
        if most > 1 and counts[place] == 0 and _even(others):
            return name
    return "evenly" if _even(counts) else "unevenly"


def _even(counts: np.ndarray) -> bool:
    return _as_expected(counts, counts.mean(), counts.size - 1)


def independent(one: np.ndarray, other: np.ndarray, most: int, others: int) -> bool:
    """Whether two whole numbers look drawn independently, however evenly each of them is drawn."""
    counts = np.bincount(one * others + other, minlength=most * others).reshape(most, others)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / counts.sum()
    return _as_expected(counts, expected, (most - 1) * (others - 1))


def _as_expected(counts: np.ndarray, expected: Any, freedom: int) -> bool:
    """Chi squared; larger with a chance of at most exp(-32): B. Laurent and P. Massart (2000), Annals of Statistics 28."""
    return bool(np.sum((counts - expected) ** 2 / expected) <= freedom + 2 * np.sqrt(32 * freedom) + 64)


def chance_checks(exercise: Exercise) -> None:
    """Checks that all chance comes from the generator. Needs cases "a generator", "an equal ..." and "another generator"."""
    cases = ("a generator", "an equal generator", "another generator")

    def equal(actual: Trace, expected: Trace) -> bool:
        one, equal, _ = (actual[case].value["_fingerprint"] for case in cases)
        return one == equal == actual[cases[0]].again["_fingerprint"]

    def other(actual: Trace, expected: Trace) -> bool:
        one, _, another = (actual[case].value["_fingerprint"] for case in cases)
        fresh = all(a != b for a, b in zip(one, another, strict=True))
        return fresh and all(bool(actual[case].inputs[0]["used"]) for case in cases)

    exercise.checks(
        Check("an equal generator gives an equal batch", equal, cases, 1.5, property=True),
        Check("another generator, or the same one used again, gives another batch", other, cases, 3, property=True),
    )


def batch_mistakes(x_shape: str, y_shape: str) -> Callable[[Exercise], None]:
    """What goes wrong with any batch (x, y): its form, and where its chance comes from."""

    def add(exercise: Exercise) -> None:
        draw = exercise.reference

        def own_generator(rng: np.random.Generator, *sizes: int) -> Any:
            return draw(np.random.default_rng(0), *sizes)

        def partly_own(rng: np.random.Generator, *sizes: int) -> Any:
            rng.random()
            return draw(np.random.default_rng(), *sizes)

        exercise.add_mistake(
            "generator_of_its_own",
            "Your function draws nothing from rng itself: after it, the generator is as before. Call rng's own methods, not "
            "those of another generator, of a copy, or of np.random and torch.",
            own_generator,
        )
        exercise.add_mistake(
            "chance_from_elsewhere_too",
            "Your function uses rng, but some of its chance comes from elsewhere: equal generators should give equal batches, "
            "and other generators other ones, in all parts.",
            partly_own,
        )
        # fmt: off
        exercise.add(
            results.changed_results(
                ("batch_first", f"Your arrays have the batch first: x should be {x_shape}, time first.",
                 lambda batch: (batch[0].swapaxes(0, 1), batch[1])),
                ("double_precision", "Your batch is float64, NumPy's default: torch's networks want float32.",
                 lambda batch: tuple(part.double() if part.is_floating_point() else part for part in batch)),
                ("not_tensors", "Your batch is NumPy arrays: torch's networks want tensors, which torch.tensor makes of them.",
                 lambda batch: tuple(part.numpy() for part in batch)),
                ("x_as_array", "Your x is a NumPy array, y a tensor: both should be tensors.",
                 lambda batch: (batch[0].numpy(), batch[1])),
                ("y_as_array", "Your y is a NumPy array, x a tensor: both should be tensors.",
                 lambda batch: (batch[0], batch[1].numpy())),
                ("y_first", "You return y before x: the order is x, y.", lambda batch: (batch[1], batch[0])),
                ("only_x", "You return x alone: return x and y.", lambda batch: batch[0]),
                ("x_without_examples", f"Your x is flat: its shape should be {x_shape}, and that of y {y_shape}.",
                 lambda batch: (batch[0].flatten(), batch[1])),
            )
        )
        # fmt: on

    return add
