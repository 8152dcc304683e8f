"""What the visible test cells call. A check that fails says in words what was expected and what was seen."""

import contextlib
import importlib
import textwrap
from collections.abc import Callable, Iterator, Mapping, Sequence
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import ArrayLike


class CheckFailed(AssertionError):
    """A visible check that failed. In a notebook it shows its sentence alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        # a page would break a long line in the middle of a word
        return textwrap.wrap(f"✗ {self}", 96, break_long_words=False, break_on_hyphens=False)


@contextlib.contextmanager
def exercise(name: str) -> Iterator[None]:
    """Wraps the visible checks of one exercise: says when all have passed, and what to do where nothing is written yet."""
    try:
        yield
    except NotImplementedError:
        raise CheckFailed(
            f"{name} is not written yet. Replace `raise NotImplementedError` in the cell above by your code, run that "
            "cell, then run this one again."
        ) from None
    except FloatingPointError as error:
        raise CheckFailed(
            f"{name} met a number that is too large for a float ({error}). Rewrite it so that exp never "
            "gets a large positive number."
        ) from None
    except RuntimeError as error:
        if "requires grad" not in str(error):
            raise
        raise CheckFailed(
            f"{name} makes an array or a number of a tensor that still hangs on its gradient. Take its number with "
            ".item(), or its values with .detach()."
        ) from None
    print(f"✓ The visible checks of {name} passed. Hidden checks, with fresh numbers, run at grading.")


def plain(value: Any) -> np.ndarray:
    """An array of the numbers in a value. A torch tensor may still hang on its graph: its numbers are wanted, not its history."""
    return np.asarray(value.detach() if hasattr(value, "detach") else value)


def shown(value: Any) -> str:
    """A value as a short text: arrays with their shape and, if small, their numbers."""
    if isinstance(value, np.ndarray | np.generic) or hasattr(value, "detach"):
        value = plain(value)
        numbers = (
            np.array2string(value, precision=4, suppress_small=True, separator=", ") if value.size <= 12 else "..."
        )
        return f"{' '.join(numbers.split())} (shape {value.shape})" if value.ndim else numbers
    return repr(value) if len(repr(value)) <= 80 else f"a {type(value).__name__}"


def expect(condition: object, sentence: str) -> None:
    """Fail with this sentence unless the condition holds."""
    if not condition:
        raise CheckFailed(sentence)


def expect_parts(value: Any, count: int, what: str) -> None:
    """Fail unless ``value`` is a tuple or list of this many results. ``what`` names them, as in "the new state, z and r"."""
    fits = isinstance(value, tuple | list)
    expect(
        fits and len(value) == count,
        f"it should return {count} values ({what}), but your function returned {len(value) if fits else shown(value)}.",
    )


def expect_shape(seen: Any, shape: Sequence[int], what: str) -> None:
    """Fail unless ``seen`` is an array of this shape. ``what`` names it, as in "the new state"."""
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
    expect(
        apart <= tolerance,
        f"{what}: expected {shown(wanted)}, saw {shown(seen)}; the largest difference is {apart:.2g}.",
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


def numeric_gradient(f: Callable[[np.ndarray], float], x: ArrayLike, step: float = 1e-6) -> np.ndarray:
    r"""The gradient of a scalar function by central differences, $(f(x + \epsilon) - f(x - \epsilon)) / 2 \epsilon$.

    Args:
        f: from an array to a number. x: the array at which; it is left as it was.

    Returns:
        an array of x's shape.
    """
    x = np.array(x, dtype=float)
    gradient = np.empty_like(x)
    for index in np.ndindex(x.shape):
        kept = x[index]
        x[index] = kept + step
        above = f(x)
        x[index] = kept - step
        gradient[index] = (above - f(x)) / (2 * step)
        x[index] = kept
    return gradient


def expect_gradient(
    seen: Any, f: Callable[[np.ndarray], float], x: ArrayLike, what: str, tolerance: float = 1e-6
) -> None:
    """Fail unless ``seen`` is the gradient of f at x, as measured by small steps in every direction."""
    wanted = numeric_gradient(f, x)
    expect_shape(seen, wanted.shape, what)
    apart = np.abs(np.asarray(seen) - wanted).max()
    expect(
        apart <= tolerance * max(1.0, np.abs(wanted).max()),
        f"{what} differs from what small steps measure, by up to {apart:.2g}: expected {shown(wanted)}, saw {shown(seen)}.",
    )


def expect_gradients(seen: Any, f: Callable[..., float], inputs: Mapping[str, ArrayLike]) -> None:
    """Fail unless ``seen`` are the gradients of f, one for each of its inputs.

    Args:
        seen: a tuple in the order of ``inputs``, or a dict with the same keys.
        f: a function that takes ``inputs`` by name and returns a number. inputs: dict of arrays.
    """
    if isinstance(seen, dict):
        expect(
            set(seen) == set(inputs), f"the gradients should be named {sorted(inputs)}, but yours are {sorted(seen)}."
        )
    else:
        expect(
            isinstance(seen, tuple | list) and len(seen) == len(inputs),
            f"your function should return {len(inputs)} gradients, of {', '.join(inputs)}, but it returned {shown(seen)}.",
        )
        seen = dict(zip(inputs, seen, strict=True))
    for name, value in inputs.items():
        expect_gradient(seen[name], lambda z, name=name: f(**{**inputs, name: z}), value, f"your gradient of {name}")


def torch_or_none() -> ModuleType | None:
    """torch, or None and a sentence where it is not installed: comparisons with torch then step aside."""
    try:
        return importlib.import_module("torch")
    except ImportError:
        print("torch is not installed here, so the comparison with torch is left out.")
        return None
