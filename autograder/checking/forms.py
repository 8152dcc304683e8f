"""How the form of a result differs from that of the right one, in words: type, parts, keys, shape, kind of number."""

from collections.abc import Iterator
from itertools import permutations
from typing import Any

import numpy as np

from autograder.checking.comparing import close, same_kind
from autograder.checking.observation import UNREADABLE
from autograder.sandbox.protocol import wire


def form(actual: Any, expected: Any, names: tuple[str, ...] = (), what: str = "the result") -> str | None:
    """How the form of a result differs, as the end of a sentence: type, number of results, keys, shape, kind of number."""
    if actual is None and expected is not None:
        return f"{what} is None" + (": is a return missing?" if what == "the result" else "")
    if isinstance(actual, wire.Opaque) and actual == UNREADABLE:
        return f"{what} does not have the form that was asked for"
    if isinstance(expected, tuple | list):
        if not isinstance(actual, tuple | list):
            return f"{what} is {_kind(actual)}, where {len(expected)} results are expected"
        if len(actual) != len(expected):
            return f"{what} has {len(actual)} parts, where {len(expected)} are expected"
        if not close(actual, expected) and all(any(close(a, e) for a in actual) for e in expected):
            return "the parts of the result are right, but in another order"
        inner = (
            form(a, e, what=names[n] if n < len(names) else f"part {n + 1} of {what}")
            for n, (a, e) in enumerate(zip(actual, expected, strict=True))
        )
        return next((words for words in inner if words), None)
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return f"{what} is {_kind(actual)}, where a dict is expected"
        if missing := sorted(expected.keys() - actual.keys()):
            return f"{what} lacks the key {missing[0]!r}" + (f" and {len(missing) - 1} more" if missing[1:] else "")
        if more := sorted(actual.keys() - expected.keys()):
            return f"{what} has the key {more[0][:40]!r}, which is not asked for" + (", and others" if more[1:] else "")
        inner = (form(actual[key], expected[key], what=key) for key in expected)
        return next((words for words in inner if words), None)
    if isinstance(expected, np.ndarray | float | int) and not isinstance(expected, bool):
        return _number_form(actual, np.asarray(expected), what)
    if type(actual) is not type(expected) and not isinstance(actual, np.ndarray):
        return f"{what} is {_kind(actual)}, where {_kind(expected)} is expected"
    return None


def _number_form(actual: Any, expected: np.ndarray, what: str) -> str | None:
    if isinstance(actual, bool | str | dict | wire.Module) or actual is None:
        return f"{what} is {_kind(actual)}, where numbers are expected"
    if isinstance(actual, tuple | list):
        return f"{what} is a {type(actual).__name__}, where an array is expected"
    actual = np.asarray(actual)
    if actual.shape != expected.shape:
        relation = _reshaped(actual, expected)
        more = f" ({relation})" if relation else ""
        return f"{what} has shape {actual.shape}, where {expected.shape} is expected{more}"
    if not same_kind(actual.dtype, expected.dtype):
        return f"{what} holds numbers of type {actual.dtype.name}, where {expected.dtype.name} is expected"
    return None


def _kind(value: Any) -> str:
    if isinstance(value, wire.Opaque):
        return f"an object of another kind ({value})"
    if isinstance(value, np.ndarray):
        return f"an array of shape {value.shape}"
    names = {"NoneType": "None", "str": "a text", "bool": "True or False", "int": "a whole number", "float": "a number"}
    return names.get(type(value).__name__, f"a {type(value).__name__.lower()}")


def _reshaped(actual: np.ndarray, expected: np.ndarray) -> str | None:
    """A phrase that is true of the two, to go into brackets; None if there is none. Of arrays whose shapes differ."""
    if not actual.size or actual.dtype.kind not in "biufc" or expected.dtype.kind not in "biufc":
        return None
    for words, right in _forms(actual, expected):
        if right.shape == actual.shape and close(actual.astype(right.dtype), right):
            return words
    return "transposed" if actual.ndim > 1 and actual.shape[::-1] == expected.shape else None


def _forms(actual: np.ndarray, expected: np.ndarray) -> Iterator[tuple[str, np.ndarray]]:
    """What could have become of the right array, as far as it can have this shape."""
    if actual.size == expected.size:
        if actual.size > 1:
            yield from (
                (
                    "the right numbers, transposed"
                    if axes[::-1] == tuple(range(expected.ndim))
                    else "the right numbers, with axes in another order",
                    one,
                )
                for axes in permutations(range(expected.ndim))
                if (one := expected.transpose(axes)).shape == actual.shape and axes != tuple(range(expected.ndim))
            )
        kept = [n for n in expected.shape if n != 1]
        if [n for n in actual.shape if n != 1] == kept:
            what = "lacks an axis of length 1" if actual.ndim < expected.ndim else "has an axis of length 1 too many"
            yield f"the right numbers, but it {what}", expected.reshape(actual.shape)
        yield "the right numbers, in another shape", expected.reshape(actual.shape)
    for axis, length in enumerate(expected.shape):
        if actual.ndim == expected.ndim and actual.shape[axis] < length:
            few = length - actual.shape[axis]
            entries = "entry" if few == 1 else f"{few} entries"
            yield (
                f"the right numbers, without the last {entries} along axis {axis}",
                expected.take(range(length - few), axis),
            )
            yield (
                f"the right numbers, without the first {entries} along axis {axis}",
                expected.take(range(few, length), axis),
            )
        if actual.ndim == expected.ndim - 1 and length > 1:
            if np.all(expected == expected.take([0], axis)):
                yield f"the right numbers, but once instead of {length} times along axis {axis}", expected.take(0, axis)
            yield f"the right numbers, summed along axis {axis}", expected.sum(axis)
            yield f"the right numbers, averaged along axis {axis}", expected.mean(axis)
            yield f"only the first of the right numbers along axis {axis}", expected.take(0, axis)
            yield f"only the last of the right numbers along axis {axis}", expected.take(-1, axis)
