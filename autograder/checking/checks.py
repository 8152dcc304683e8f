"""The kinds of checks. Each returns a ``Check``, a function of traces: it judges students and the bank alike."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.checking.comparing import Tolerance, alike, close
from autograder.checking.exercise import Check
from autograder.checking.observation import Trace

Part = int | str | Callable[[Any], Any] | None  # an index or key of the result; or a function that picks some of it


def values(
    name: str,
    *cases: str,
    weight: float = 1,
    part: Part = None,
    tolerance: Tolerance | None = None,
    property: bool = False,
) -> Check:
    """The result, or a part of it, equals the reference's in all of these cases. ``property``: see ``Check``."""

    def pick(value: Any) -> Any:
        return part(value) if callable(part) else value if part is None else value[part]

    def test(actual: Trace, expected: Trace) -> bool:
        return all(
            not actual[case].error and close(pick(actual[case].value), pick(expected[case].value), tolerance)
            for case in cases
        )

    return Check(name, test, cases, weight, property)


def pure(
    *cases: str,
    weight: float = 1,
    name: str = "leaves its inputs unchanged, and gives the same answer when asked again",
    inputs: slice = slice(None),
) -> Check:
    """None of these arguments was changed, and a second call with equal arguments gave an equal result."""

    def test(actual: Trace, expected: Trace) -> bool:
        return all(
            not actual[case].error
            and close(actual[case].inputs[inputs], expected[case].inputs[inputs])
            and close(actual[case].again, actual[case].value)
            for case in cases
        )

    return Check(name, test, cases, weight, property=True)


def argument_after(name: str, argument: int, *cases: str, weight: float = 1, property: bool = False) -> Check:
    """The argument at this place is left as the reference leaves it: changed, where it should be changed. ``property``: see ``Check``."""

    def test(actual: Trace, expected: Trace) -> bool:
        return all(
            not actual[case].error and close(actual[case].inputs[argument], expected[case].inputs[argument])
            for case in cases
        )

    return Check(name, test, cases, weight, property)


def new_object(name: str, *cases: str, weight: float = 1) -> Check:
    """The result is none of the arguments themselves, and no view of one. A property: any other result passes, too."""

    def test(actual: Trace, expected: Trace) -> bool:
        return all(not actual[case].error and not actual[case].aliases for case in cases)

    return Check(name, test, cases, weight, property=True)


def related(name: str, first: str, second: str, relation: Callable[[Any, Any], bool], weight: float = 1) -> Check:
    """``relation(result of first, result of second)`` holds: what must be true between two answers, right or wrong."""

    def test(actual: Trace, expected: Trace) -> bool:
        if actual[first].error or actual[second].error:
            return False
        if not all(alike(actual[case].value, expected[case].value, _same_shape) for case in (first, second)):
            return False
        return bool(relation(actual[first].value, actual[second].value))

    return Check(name, test, (first, second), weight, property=True)


def _same_shape(actual: Any, expected: Any) -> bool:
    """Whether a result has the form of the right one: arrays and numbers of the same shape."""
    if isinstance(expected, np.ndarray | float | int):
        return isinstance(actual, np.ndarray | float | int) and np.shape(actual) == np.shape(expected)
    return True
