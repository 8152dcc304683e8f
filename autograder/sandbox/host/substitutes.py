"""Our side of a call from inside the sandbox: student code calls a reference by name, with arguments of bounded size."""

import math
from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.sandbox.protocol import wire

Functions = Mapping[str, Callable[..., Any]]
MAX_SIDE = 256  # of any axis or list
MAX_NUMBER = 10_000  # our functions count up to some of their arguments
MAX_BROADCAST = 2**17  # elements of the arrays in the arguments when their shapes meet: many such results are kept


def answer_call(functions: Functions, request: dict[str, Any]) -> dict[str, Any]:
    """The reply to a call from inside the sandbox to one of our functions."""
    try:
        args = wire.unpack(request["args"])
        check_bounded(args)
        return {"value": wire.pack(functions[request["call"]](*args))}
    except Exception:  # untrusted code chose these arguments: whatever goes wrong with them is its own doing
        return {"error": True}


def check_bounded(args: Any) -> None:
    """Refuse arguments with which the result of one of our functions could be large, or take long.

    Raises:
        ValueError: if they are larger than any exercise needs.
    """
    if math.prod(_broadcast(args)) > MAX_BROADCAST:
        raise ValueError("arrays that are too large together")


def _broadcast(value: Any) -> list[int]:
    """The shape of all arrays in a value when they are broadcast against each other, last axis first.

    Where two axes meet, the longer one counts. A list is one more axis of what is in it; the parts of a tuple or a dict
    meet each other.
    """
    if isinstance(value, np.ndarray):
        if value.dtype.kind == "f" and value.dtype.itemsize < 4:
            raise ValueError("half precision is slow")
        shape = list(value.shape[::-1])
    elif isinstance(value, tuple | list | dict):
        shape = []
        for part in map(_broadcast, value.values() if isinstance(value, dict) else value):
            longer, shorter = (part, shape) if len(part) > len(shape) else (shape, part)
            shape = [*map(max, longer, shorter), *longer[len(shorter) :]]
        shape += [len(value)] if isinstance(value, list) else []
        if len(value) > MAX_SIDE:
            raise ValueError("too many parts")
    elif isinstance(value, int | float) and not abs(value) <= MAX_NUMBER:
        raise ValueError("a number that no exercise needs")
    else:
        shape = []
    if len(shape) > wire.MAX_AXES or max(shape, default=0) > MAX_SIDE:
        raise ValueError("too many or too long axes")
    return shape
