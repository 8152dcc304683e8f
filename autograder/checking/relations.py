"""How wrong numbers relate to the right ones, in words: a factor, a sign, an order, a missing tanh. Pure functions of arrays."""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from autograder.checking.comparing import close

Pair = tuple[np.ndarray, np.ndarray]  # actual, expected: of equal shape
Sizes = dict[str, int]  # of one case: the length of each axis of each argument, by words such as "x.shape[0]"


def relation(pairs: list[Pair], sizes: list[Sizes], arguments: list[dict[str, Any]]) -> str | None:
    """A phrase that is true of all pairs, to go after "it": "is 2 times what it should be"; None if there is none.

    Args:
        pairs: one for each case in which the answer is wrong. sizes, arguments: of the same cases.
    """
    with np.errstate(all="ignore"):
        for describe in (
            _not_finite,
            _constant,
            _is_argument,
            _cut_off,
            _digits,
            _factor,
            _size_factor,
            _offset,
            _function,
            _order,
            _slices,
            _near,
        ):
            found = describe(pairs, sizes, arguments)
            if found:
                return found
    return None


def _all(pairs: list[Pair], test: Callable[[np.ndarray, np.ndarray], bool]) -> bool:
    return all(test(actual, expected) for actual, expected in pairs)


def _not_finite(pairs: list[Pair], *_: Any) -> str | None:
    if _all(pairs, lambda a, e: not np.all(np.isfinite(a)) and bool(np.all(np.isfinite(e)))):
        return "holds numbers that are infinite or not a number (nan)"
    return None


def _constant(pairs: list[Pair], *_: Any) -> str | None:
    first = pairs[0][0].flat[0] if pairs[0][0].size else None
    if first is not None and _all(pairs, lambda a, e: bool(np.all(a == first)) and e.size > 1):
        return f"is {first + 0.0:.3g} everywhere"
    if _all(
        pairs,
        lambda a, e: (
            a.ndim > 1
            and len(a) > 1
            and close(a, np.broadcast_to(a[:1], a.shape))
            and not close(e, np.broadcast_to(e[:1], e.shape))
        ),
    ):
        return "has equal entries all along its first axis, which should differ"
    return None


def _is_argument(pairs: list[Pair], _: list[Sizes], arguments: list[dict[str, Any]]) -> str | None:
    for name in arguments[0]:
        given = [case.get(name) for case in arguments]
        if all(isinstance(one, np.ndarray) and close(a, one) for one, (a, _e) in zip(given, pairs, strict=True)):
            return f"equals the argument {name}"
    return None


def _cut_off(pairs: list[Pair], *_: Any) -> str | None:
    """Whether larger numbers were cut off at a bound, the same in all cases."""
    bound = max(float(np.max(np.abs(actual))) for actual, _ in pairs if actual.size)
    cut = sum(int(np.sum(np.abs(expected) > bound)) for _, expected in pairs)
    kept = sum(int(np.sum(np.abs(expected) < bound)) for _, expected in pairs)
    if cut > 1 and kept and _all(pairs, lambda a, e: np.allclose(a, np.clip(e, -bound, bound), 1e-7, 1e-9)):
        return f"is cut off at {bound:.4g}: larger numbers are lost"
    return None


def _ratio(actual: np.ndarray, expected: np.ndarray) -> float | None:
    """The factor between two arrays, if there is one."""
    biggest = np.argmax(np.abs(expected)) if expected.size else 0
    if not expected.size or not expected.flat[biggest]:
        return None
    factor = float(np.real(actual.flat[biggest] / expected.flat[biggest]))
    return factor if np.allclose(actual, factor * expected, 1e-5, 1e-8 * max(1.0, abs(factor))) else None


def _ratios(pairs: list[Pair]) -> list[float] | None:
    found = [_ratio(actual, expected) for actual, expected in pairs]
    return None if any(one is None or one == 0 for one in found) else [one for one in found if one is not None]


def _factor(pairs: list[Pair], *_: Any) -> str | None:
    ratios = _ratios(pairs)
    # a single number is some multiple of any other: it takes several to tell
    if (
        not ratios
        or (max(e.size for _, e in pairs) == 1 and len(pairs) < 2)
        or not np.allclose(ratios, ratios[0], 1e-4)
    ):
        return None
    if np.isclose(ratios[0], -1, 1e-4):
        return "has the wrong sign everywhere"
    return f"is {ratios[0]:.4g} times what it should be, everywhere" if abs(ratios[0] - 1) > 1e-6 else None


def _size_factor(pairs: list[Pair], sizes: list[Sizes], _: Any) -> str | None:
    ratios = _ratios(pairs)
    if not ratios:
        return None
    for name in sizes[0]:
        known = [case.get(name, 0) for case in sizes]
        if len(set(known)) < 2:
            continue
        if np.allclose(ratios, known, 1e-4):
            return f"is too large by the factor {name}"
        if all(known) and np.allclose(ratios, [1 / one for one in known], 1e-4):
            return f"is too small by the factor {name}: divided by it, or averaged where a sum is meant"
    if max(e.size for _, e in pairs) > 1:
        return "is a multiple of what it should be, with another factor in each case"
    return None


def _offset(pairs: list[Pair], *_: Any) -> str | None:
    shift = pairs[0][0].flat[0] - pairs[0][1].flat[0] if pairs[0][0].size else 0
    if (
        shift
        and sum(e.size for _, e in pairs) > 2
        and _all(pairs, lambda a, e: np.allclose(a, e + shift, 1e-7, 1e-9 * abs(shift)))
    ):
        return f"is {shift:+.3g} away from what it should be, everywhere"
    return None


def _sigmoid(a: np.ndarray) -> np.ndarray:
    return 0.5 * (1 + np.tanh(a / 2))


FUNCTIONS: tuple[tuple[str, Callable[[np.ndarray, np.ndarray], tuple[Any, Any]]], ...] = (
    ("is tanh of what it should be", lambda a, e: (a, np.tanh(e))),
    ("lacks a tanh: tanh of it would be right", lambda a, e: (np.tanh(a), e)),
    ("is the logistic function of what it should be", lambda a, e: (a, _sigmoid(e))),
    ("lacks a logistic function: sigma of it would be right", lambda a, e: (_sigmoid(a), e)),
    ("is the square of what it should be", lambda a, e: (a, e**2)),
    ("is the square root of what it should be", lambda a, e: (a, np.sqrt(e))),
    ("is one minus what it should be", lambda a, e: (a, 1 - e)),
    ("is the absolute value of what it should be", lambda a, e: (a, np.abs(e))),
    ("is the logarithm of what it should be", lambda a, e: (a, np.log(e))),
    ("is exp of what it should be", lambda a, e: (a, np.exp(e))),
    ("is one over what it should be", lambda a, e: (a, 1 / e)),
    ("is what it should be, cut to whole numbers", lambda a, e: (a, np.trunc(e))),
)


def _function(pairs: list[Pair], *_: Any) -> str | None:
    for words, sides in FUNCTIONS:
        try:
            if _all(
                pairs,
                lambda a, e, sides=sides: np.allclose(*sides(np.asarray(a, float), np.asarray(e, float)), 1e-6, 1e-9),
            ):
                return words
        except (TypeError, ValueError):
            return None
    return None


def _reorderings() -> Iterator[tuple[str, Callable[[np.ndarray], np.ndarray]]]:
    yield "is transposed: its last two axes are exchanged", lambda e: e.swapaxes(-1, -2)
    yield "has its first two axes exchanged", lambda e: e.swapaxes(0, 1)
    for axis in range(3):
        yield f"runs backwards along axis {axis}", lambda e, axis=axis: np.flip(e, axis)
    yield "is one entry late along its first axis", lambda e: np.roll(e, 1, 0)
    yield "is one entry early along its first axis", lambda e: np.roll(e, -1, 0)


def _order(pairs: list[Pair], *_: Any) -> str | None:
    def same(a: np.ndarray, e: np.ndarray, change: Callable[[np.ndarray], np.ndarray]) -> bool:
        try:
            changed = change(e)
        except (ValueError, IndexError):
            return False
        return changed.shape == a.shape and np.allclose(a, changed, 1e-6, 1e-9)

    for words, change in _reorderings():
        if "entry" in words:  # what comes in at the open end may be anything
            step = 1 if "late" in words else -1
            if _all(
                pairs,
                lambda a, e, step=step: (
                    a.ndim > 0
                    and len(a) > 2
                    and (
                        np.allclose(a[1:], e[:-1], 1e-6, 1e-9) if step == 1 else np.allclose(a[:-1], e[1:], 1e-6, 1e-9)
                    )
                ),
            ):
                return words
        elif _all(pairs, lambda a, e, change=change: same(a, e, change)):
            return words
    if _all(pairs, lambda a, e: e.size > 2 and np.allclose(np.sort(a, None), np.sort(e, None), 1e-6, 1e-9)):
        return "holds the right numbers in another order"
    return None


def _slices(pairs: list[Pair], *_: Any) -> str | None:
    """Whether the first or last entries along an axis are right, or all but those."""
    for axis in range(min(a.ndim for a, _ in pairs)):
        if min(a.shape[axis] for a, _ in pairs) < 2:
            continue
        right = [
            [bool(np.allclose(np.take(a, n, axis), np.take(e, n, axis), 1e-6, 1e-9)) for n in range(a.shape[axis])]
            for a, e in pairs
        ]
        for words, wanted in (
            (
                "is right in the first entry along axis {} and wrong from the second on",
                lambda r: r[0] and not any(r[1:]),
            ),
            ("is right in the last entry along axis {} and wrong before it", lambda r: r[-1] and not any(r[:-1])),
            (
                "is wrong in the first entry along axis {} and right from the second on",
                lambda r: not r[0] and all(r[1:]),
            ),
            ("is wrong in the last entry along axis {} and right before it", lambda r: not r[-1] and all(r[:-1])),
        ):
            if all(wanted(one) for one in right):
                return words.format(axis)
    return None


def _digits(pairs: list[Pair], *_: Any) -> str | None:
    if _all(pairs, lambda a, e: np.allclose(a, e, 2e-6, 1e-6)):
        return "is right to about six digits only, as after single precision, rounding, or a small constant added"
    return None


def _near(pairs: list[Pair], *_: Any) -> str | None:
    if _all(pairs, lambda a, e: np.allclose(a, e, 1e-2, 1e-3)):
        return "is near what it should be, within a percent, but not equal"
    return None
