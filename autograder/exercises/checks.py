"""The kinds of checks. Each returns a ``Check``; all are functions of traces, so they judge students and bank alike."""

import numpy as np

from autograder.exercises.exercise import Check
from autograder.sandbox.protocol import wire

TOLERANCE = {"f8": (1e-7, 1e-9), "f4": (1e-3, 1e-4), "c16": (1e-7, 1e-9)}  # by precision of the answer: rtol, atol


def alike(seen, wanted, leaf):
    """Whether two results have the same nesting, and ``leaf(seen, wanted)`` holds wherever it ends."""
    if isinstance(wanted, tuple | list):
        return (
            isinstance(seen, tuple | list)
            and len(seen) == len(wanted)
            and all(alike(a, b, leaf) for a, b in zip(seen, wanted, strict=True))
        )
    if isinstance(wanted, dict):
        return (
            isinstance(seen, dict)
            and seen.keys() == wanted.keys()
            and all(alike(seen[key], wanted[key], leaf) for key in wanted)
        )
    return leaf(seen, wanted)


def close(seen, wanted, tolerance=None):
    """Whether two results are equal in structure, shape, kind of number, and value up to rounding.

    Args:
        tolerance: relative and absolute, in the place of those that go by the precision of the answer.
    """
    return alike(seen, wanted, lambda one, other: _close(one, other, tolerance))


def _close(seen, wanted, tolerance):
    if wanted is None or isinstance(wanted, str | bool):
        return (type(seen) is type(wanted) and seen == wanted) or _same_bool(seen, wanted)
    if seen is None or isinstance(seen, str | tuple | list | dict | wire.Module):
        return False
    seen, wanted = np.asarray(seen), np.asarray(wanted)
    if seen.shape != wanted.shape or not _same_kind(seen.dtype, wanted.dtype):
        return False
    rtol, atol = tolerance or TOLERANCE.get(seen.dtype.str[1:], (1e-7, 1e-9))
    with np.errstate(all="ignore"):
        return bool(np.allclose(seen, wanted, rtol, atol, equal_nan=True))


def _same_bool(seen, wanted):
    return (
        isinstance(wanted, bool)
        and isinstance(seen, np.ndarray)
        and seen.shape == ()
        and seen.dtype == bool
        and bool(seen) == wanted
    )


def _same_kind(seen, wanted):
    return (seen.kind == wanted.kind and seen != np.float16) or {seen.kind, wanted.kind} == {"i", "u"}


def same(seen, wanted, exactly=False):
    """Whether two observations are alike: equal results and equal fate of the inputs; or errors, of any type, unless exactly."""
    if seen.error or wanted.error:
        if exactly:
            return (seen.error, seen.names) == (wanted.error, wanted.names)
        return bool(seen.error) == bool(wanted.error)
    return close(seen.value, wanted.value) and close(seen.again, wanted.again) and close(seen.inputs, wanted.inputs)


def values(name, *cases, weight=1, part=None, tolerance=None):
    """The result equals the reference's in all of these cases.

    Args:
        part: an index or key of the result, to check that part alone; or a function that picks one.
        tolerance: as for ``close``.
    """
    pick = part if callable(part) else (lambda value: value) if part is None else (lambda value: value[part])

    def test(seen, wanted, _):
        return all(
            not seen[case].error and close(pick(seen[case].value), pick(wanted[case].value), tolerance)
            for case in cases
        )

    return Check(name, test, weight)


def pure(
    *cases,
    weight=1,
    name="leaves its inputs as they were, and gives the same answer when asked again",
    inputs=slice(None),
):
    """None of these arguments was changed, and a second call with equal arguments gave an equal result."""

    def test(seen, wanted, _):
        return all(
            not seen[case].error
            and close(seen[case].inputs[inputs], wanted[case].inputs[inputs])
            and close(seen[case].again, seen[case].value)
            for case in cases
        )

    return Check(name, test, weight, property=True)


def left(name, argument, *cases, weight=1):
    """The argument at this place is left as the reference leaves it: changed, where it is to be changed."""

    def test(seen, wanted, _):
        return all(
            not seen[case].error and close(seen[case].inputs[argument], wanted[case].inputs[argument]) for case in cases
        )

    return Check(name, test, weight)


def _fits(seen, wanted):
    """Whether a result that ends here has the form of the right one: arrays and numbers of the same shape."""
    if isinstance(wanted, np.ndarray | float | int):
        return isinstance(seen, np.ndarray | float | int) and np.shape(seen) == np.shape(wanted)
    return True


def related(name, first, second, relation, weight=1):
    """``relation(value of first, value of second)`` holds: what must be true between two answers, whatever they are."""

    def test(seen, wanted, _):
        if seen[first].error or seen[second].error:
            return False
        if not all(alike(seen[case].value, wanted[case].value, _fits) for case in (first, second)):
            return False
        return relation(seen[first].value, seen[second].value)

    return Check(name, test, weight, property=True)
