"""Whether two results, or two observations, are equal up to rounding."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.checking.observation import Observation
from autograder.sandbox.protocol import wire

Tolerance = tuple[float, float]  # relative, absolute
EXACT: Tolerance = (1e-7, 1e-9)  # for answers in double precision
SINGLE: Tolerance = (1e-3, 1e-4)  # where single precision is what the exercise asks for


def alike(actual: Any, expected: Any, leaf: Callable[[Any, Any], bool]) -> bool:
    """Whether two results have the same nesting, and ``leaf(actual, expected)`` holds at each end of it."""
    if isinstance(expected, tuple | list):
        return (
            isinstance(actual, tuple | list)
            and len(actual) == len(expected)
            and all(alike(a, b, leaf) for a, b in zip(actual, expected, strict=True))
        )
    if isinstance(expected, dict):
        return (
            isinstance(actual, dict)
            and actual.keys() == expected.keys()
            and all(alike(actual[key], expected[key], leaf) for key in expected)
        )
    return leaf(actual, expected)


def close(actual: Any, expected: Any, tolerance: Tolerance | None = None) -> bool:
    """Whether two results are equal in structure, shape, kind of number, precision, and value up to rounding.

    Args:
        tolerance: relative and absolute; by default it follows from the precision of the expected answer.
    """
    return alike(actual, expected, lambda one, other: _close(one, other, tolerance))


def _close(actual: Any, expected: Any, tolerance: Tolerance | None) -> bool:
    if expected is None or isinstance(expected, str | bool):
        return (type(actual) is type(expected) and actual == expected) or _same_bool(actual, expected)
    if actual is None or isinstance(actual, str | tuple | list | dict | wire.Module):
        return False
    actual, expected = np.asarray(actual), np.asarray(expected)
    if actual.shape != expected.shape or not same_kind(actual.dtype, expected.dtype):
        return False
    if expected.dtype.kind not in "biufc":
        return bool(np.array_equal(actual, expected))
    rtol, atol = tolerance or (SINGLE if expected.dtype == np.float32 else EXACT)
    with np.errstate(all="ignore"):
        if expected.dtype.kind == "f" and np.isfinite(expected).all():  # as np.allclose then, in half of its time
            return bool((np.abs(actual - expected) <= atol + rtol * np.abs(expected)).all())
        if expected.dtype.kind in "biu" and np.array_equal(actual, expected):
            return True
        return bool(np.allclose(actual, expected, rtol, atol, equal_nan=True))


def _same_bool(actual: Any, expected: Any) -> bool:
    return (
        isinstance(expected, bool)
        and isinstance(actual, np.ndarray)
        and actual.shape == ()
        and actual.dtype == bool
        and bool(actual) == expected
    )


def same_kind(actual: np.dtype[Any], expected: np.dtype[Any]) -> bool:
    """Whether two dtypes count as the same kind of number: a float must not be less precise than the expected one."""
    if actual.kind == expected.kind:
        return actual.kind not in "fc" or actual.itemsize >= expected.itemsize
    return {actual.kind, expected.kind} == {"i", "u"}


def same(one: Observation, other: Observation) -> bool:
    """Whether two observations show the same: equal results, and arguments left equal; or an error each, of any type."""
    return same_results(one, other) and (bool(one.error) or close(one.inputs, other.inputs))


def same_results(one: Observation, other: Observation) -> bool:
    """Whether two observations show equal results, whatever became of the arguments; or an error each, of any type."""
    if one.error or other.error:
        return bool(one.error) == bool(other.error)
    return equal(one.value, other.value) and equal(one.again, other.again)


def equal(one: Any, other: Any) -> bool:
    """Whether two results are close and of one precision: one in double precision is close to one in single precision."""
    return close(one, other) and close(other, one)


def same_error(one: Observation, other: Observation) -> bool:
    """Whether two observations show the same error: type, message, and words of the arguments in it."""
    return (one.error, one.names, one.message) == (other.error, other.names, other.message)
