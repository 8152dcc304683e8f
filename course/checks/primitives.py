"""The comparisons that visible checks are made of. One that fails says what was expected and what was seen."""

import contextlib
import importlib
from collections.abc import Iterator, Sequence
from types import ModuleType
from typing import Any

import numpy as np

from course.checks.failures import CheckFailed


def plain(value: Any) -> np.ndarray:
    """An array of the numbers in a value. A torch tensor may still hang on its graph: its numbers are wanted, not its history."""
    return np.asarray(value.detach() if hasattr(value, "detach") else value)


def shown(value: Any) -> str:
    """A value as a short text: arrays with their shape and, if small, their numbers."""
    if isinstance(value, np.ndarray | np.generic) or hasattr(value, "detach"):
        value = plain(value)
        if value.size > 12:
            return f"an array of shape {value.shape}"
        numbers = np.array2string(value, precision=4, suppress_small=True, separator=", ")
        return f"{' '.join(numbers.split())} (shape {value.shape})" if value.ndim else numbers
    return repr(value) if len(repr(value)) <= 80 else f"a {type(value).__name__}"


def expect(condition: object, sentence: str) -> None:
    """Fail with this sentence unless the condition holds."""
    if not condition:
        raise CheckFailed(sentence)


def expect_parts(value: Any, count: int, what: str) -> None:
    """Fail unless ``value`` is a tuple or list of this many results. ``what`` names them, as in "the new state, z and r"."""
    _expect_something(value, f"{count} values ({what})")
    fits = isinstance(value, tuple | list)
    expect(
        fits and len(value) == count,
        f"it should return {count} values ({what}), but your function returned {len(value) if fits else shown(value)}.",
    )


def _expect_something(value: Any, what: str) -> None:
    expect(value is not None, f"{what} should be returned, but your function returned None. Does it end in `return`?")


def expect_shape(seen: Any, shape: Sequence[int], what: str) -> None:
    """Fail unless ``seen`` is an array of this shape. ``what`` names it, as in "the new state"."""
    _expect_something(seen, what)
    found = getattr(seen, "shape", None)
    if found is None:
        raise CheckFailed(f"{what} should be an array of shape {shape}, but your function returned {shown(seen)}.")
    expect(
        tuple(found) == tuple(shape), f"{what} should have shape {tuple(shape)}, but yours has shape {tuple(found)}."
    )


def expect_close(seen: Any, wanted: Any, what: str, tolerance: float = 1e-8) -> None:
    """Fail unless the values agree. ``what`` says what they are, as in "tanh(0.5), worked by hand"."""
    wanted = plain(wanted)
    expect_shape(np.asarray(seen) if np.isscalar(seen) else seen, wanted.shape, what)
    seen = plain(seen)
    expect(seen.dtype.kind in "fiub", f"{what} should be numbers, but yours is {shown(seen)}.")
    apart = np.abs(seen - wanted).max() if wanted.size else 0.0
    expect(apart <= tolerance, f"{what}: {_apart(seen, wanted)}")


def _apart(seen: np.ndarray, wanted: np.ndarray) -> str:
    """What was expected and what was seen; of large arrays, the place where they differ most."""
    difference = np.abs(seen - wanted)
    apart = difference.max()
    if wanted.size <= 12:
        return f"expected {shown(wanted)}, saw {shown(seen)}; the largest difference is {apart:.2g}."
    worst = np.nanargmax(np.where(np.isfinite(difference), difference, np.inf))
    place = tuple(int(i) for i in np.unravel_index(worst, wanted.shape))
    wrong = int((~(difference <= 1e-8)).sum())
    return (
        f"{wrong} of {wanted.size} numbers differ, by up to {apart:.2g}. The worst stands at [{', '.join(map(str, place))}]: "
        f"expected {wanted[place]:.6g}, saw {seen[place]:.6g}."
    )


@contextlib.contextmanager
def unchanged(**arrays: Any) -> Iterator[None]:
    """Fail if any of these arrays is different at the end of the block: functions leave their arguments alone."""
    before = {name: (plain(array).copy(), _followed(array)) for name, array in arrays.items()}
    yield
    for name, array in arrays.items():
        numbers, followed = before[name]
        expect(
            np.array_equal(numbers, plain(array)),
            f"your function changed {name}, which belongs to the caller; work on a new array instead.",
        )
        expect(
            _followed(array) == followed,
            f"your function made {name} gather gradients, but it belongs to the caller; work on a copy, "
            f"{name}.detach().clone(), instead.",
        )


def _followed(array: Any) -> tuple[bool, bool]:
    """Whether a torch tensor requires a gradient, and whether it has one. Of anything else: neither."""
    return getattr(array, "requires_grad", False), getattr(array, "grad", None) is not None


def no_overflow() -> np.errstate:
    """Within the block, a floating-point overflow is an error instead of a warning."""
    return np.errstate(over="raise", invalid="raise", divide="raise")


def torch_or_none() -> ModuleType | None:
    """torch, or None and a sentence where it is not installed: comparisons with torch then step aside."""
    try:
        return importlib.import_module("torch")
    except ImportError:
        print("torch is not installed here, so the comparison with torch is left out.")
        return None
