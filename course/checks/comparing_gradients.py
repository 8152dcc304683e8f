"""Gradients against what small steps measure: which are right, which are wrong, and how they are wrong."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from course.checks.primitives import expect, expect_parts, expect_shape, plain, shown

TOLERANCE = 1e-6


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
    seen: Any, f: Callable[[np.ndarray], float], x: ArrayLike, what: str, tolerance: float = TOLERANCE
) -> None:
    """Fail unless ``seen`` is the gradient of f at x, as measured by small steps in every direction."""
    measured = numeric_gradient(f, x)
    expect_shape(seen, measured.shape, what)
    if how := difference(plain(seen), measured, tolerance):
        expect(False, f"{what} differs from what small steps measure: {how}. {_example(plain(seen), measured)}")


def expect_gradients(
    seen: Any,
    f: Callable[..., float],
    inputs: Mapping[str, ArrayLike],
    *,
    averaged_over: Iterable[int] = (),
    when_only: Mapping[str, str] | None = None,
) -> None:
    """Fail unless ``seen`` are the gradients of f, one for each of its inputs; all are compared before anything is said.

    Args:
        seen: a tuple in the order of ``inputs``, or a dict with the same keys.
        f: a function that takes ``inputs`` by name and returns a number. inputs: dict of arrays.
        averaged_over: numbers that a reader may divide by, or forget to: how many examples, how many steps.
        when_only: from the names of wrong gradients, as in "U" or "b, W", to a sentence for when just these are wrong.
    """
    if isinstance(seen, dict):
        missing, more = [name for name in inputs if name not in seen], [name for name in seen if name not in inputs]
        expect(
            not missing, f"the gradient of {', '.join(missing)} is missing from the dict that your function returns."
        )
        expect(
            not more,
            f"your dict of gradients has {', '.join(map(str, more))} in it, which is none of {', '.join(inputs)}.",
        )
    else:
        expect_parts(seen, len(inputs), f"the gradients of {', '.join(inputs)}")
        seen = dict(zip(inputs, seen, strict=True))
    for name, value in inputs.items():
        expect_shape(seen[name], np.shape(value), f"your gradient of {name}")
    wrong, right = {}, []
    for name in sorted(inputs, key=_simplest_first):
        measured = numeric_gradient(lambda z, name=name: f(**{**inputs, name: z}), inputs[name])
        how = difference(plain(seen[name]), measured, TOLERANCE, tuple(averaged_over))
        if how:
            wrong[name] = how
        else:
            right.append(name)
    if wrong:
        hint = (when_only or {}).get(", ".join(wrong))
        expect(False, _listed(wrong, right, hint))


def _simplest_first(name: str) -> tuple[bool, bool]:
    """Biases first, then matrices of weights, then what goes in: the order in which mistakes are easiest to find."""
    return not (name.startswith("b") or name == "c"), not name[:1].isupper()


def _listed(wrong: Mapping[str, str], right: list[str], hint: str | None) -> str:
    lines = [f"{len(wrong)} of {len(wrong) + len(right)} gradients differ from what small steps measure."]
    lines += [f"  wrong: {name}, {how}" for name, how in wrong.items()]
    lines += [f"  right: {', '.join(right)}"] if right else []
    first = next(iter(wrong))
    if len(set(wrong.values())) == 1 and len(wrong) > 1:
        lines.append("All the wrong ones are wrong in the same way: look for one cause that they share.")
    elif len(wrong) > 1:
        lines.append(f"Begin with {first}: it is the simplest of them.")
    return "\n".join([*lines, hint] if hint else lines)


def difference(
    seen: np.ndarray, measured: np.ndarray, tolerance: float = TOLERANCE, averaged_over: tuple[int, ...] = ()
) -> str:
    """How a gradient differs from the measured one, in a few words; empty if it does not."""
    if seen.dtype.kind not in "fiub":
        return f"it should be numbers, but it is {shown(seen)}"
    wide = tolerance * max(1.0, np.abs(measured).max(initial=0.0))
    with np.errstate(invalid="ignore"):
        near = np.abs(seen - measured) <= wide
    if near.all():
        return ""
    if not np.isfinite(seen).all():
        return "it holds nan or inf"
    if not seen.any():
        return "it is 0 everywhere"
    for other, words in ((-measured, "it has the opposite sign"), (measured.T, "it is transposed")):
        if other.shape == seen.shape and np.abs(seen - other).max() <= wide:
            return words
    if ratio := _constant_ratio(seen, measured):
        return _times(ratio, averaged_over)
    if place := _only_step(near):
        return place
    return f"{int((~near).sum())} of its {near.size} numbers, by up to {np.abs(seen - measured).max():.2g}"


def _constant_ratio(seen: np.ndarray, measured: np.ndarray) -> float | None:
    """What the right gradient was multiplied by, if by one number everywhere."""
    largest = np.abs(measured).max()
    ratio = float(np.sum(seen * measured) / np.sum(measured**2)) if largest > 1e-4 else 0.0
    if measured.size < 2 or not ratio:
        return None
    return ratio if np.abs(seen - ratio * measured).max() <= 1e-4 * abs(ratio) * largest else None


def _times(ratio: float, averaged_over: tuple[int, ...]) -> str:
    sign = "with the opposite sign and " if ratio < 0 else ""
    size = abs(ratio)
    times, way = (size, "large") if size > 1 else (1 / size, "small")
    words = f"{sign}{times:.4g} times too {way}"
    for count in averaged_over:
        if abs(times - count) < 1e-3 * count:
            words += (
                f": is it divided by {count} as it should be?"
                if way == "large"
                else f": is it divided by {count}, or averaged?"
            )
            break
    return words


def _only_step(near: np.ndarray) -> str:
    """The step, or steps, where a gradient over time (time first) is wrong, if it is right at others."""
    if near.ndim < 3:
        return ""
    steps = [t for t in range(len(near)) if not near[t].all()]
    if len(steps) == len(near):
        return ""
    last = len(near) - 1
    if len(steps) == 1:
        which = " (the first)" if steps == [0] else " (the last)" if steps == [last] else ""
        return f"only at step t = {steps[0]}{which}"
    return f"at the steps t = {', '.join(map(str, steps))}; the others are right"


def _example(seen: np.ndarray, measured: np.ndarray) -> str:
    worst = np.unravel_index(np.abs(seen - measured).argmax(), measured.shape)
    place = f" at [{', '.join(str(int(i)) for i in worst)}]" if measured.ndim else ""
    return f"Expected{place} {measured[worst]:.6g}, saw {seen[worst]:.6g}."
