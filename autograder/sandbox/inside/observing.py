"""What is seen when a function is called: the same for a student's function, the reference and every known mistake."""

import numpy as np

from .wire import pack, unpack

EXCEPTIONS = {
    "ArithmeticError",
    "AssertionError",
    "AttributeError",
    "EOFError",
    "FileNotFoundError",
    "FloatingPointError",
    "ImportError",
    "IndentationError",
    "IndexError",
    "KeyError",
    "LookupError",
    "MemoryError",
    "ModuleNotFoundError",
    "NameError",
    "NotImplementedError",
    "OSError",
    "OverflowError",
    "PermissionError",
    "RecursionError",
    "RuntimeError",
    "StopIteration",
    "SyntaxError",
    "SystemExit",
    "TabError",
    "TimeLimit",
    "TypeError",
    "UnboundLocalError",
    "UnicodeDecodeError",
    "UnicodeEncodeError",
    "ValueError",
    "ZeroDivisionError",
    "LibraryDoesTheExercise",
    "NoSuchFunction",
}


def name_of(error):
    """The nearest of Python's own types of an error: a name that a student chose could carry a message out."""
    return next((kind.__name__ for kind in type(error).__mro__ if kind.__name__ in EXCEPTIONS), "Exception")


def observe(function, args, strict, resolve):
    """Call ``function`` twice with fresh copies of ``args`` and write down what happened, packed.

    Args:
        args: the packed tuple of arguments.
        strict: whether floating-point overflow and invalid operations raise, as in ``numpy.errstate``.
        resolve: turns a ``wire.Named`` argument into a callable.

    Returns:
        ``{"value", "again", "inputs"}``: both results, and the arguments of the first call as it left them; or
        ``{"error"}``: the name of what was raised.
    """
    trouble = "raise" if strict else "ignore"
    try:
        with np.errstate(over=trouble, invalid=trouble, divide=trouble, under="ignore"):
            inputs = unpack(args, resolve)
            value = pack(function(*inputs))
            again = pack(function(*unpack(args, resolve)))
        return {"value": value, "again": again, "inputs": pack(_plain(inputs))}
    except BaseException as error:
        return {"error": name_of(error)}


def _plain(inputs):
    """The inputs without the functions among them, which a call cannot change."""
    return tuple(None if callable(item) else item for item in inputs)
