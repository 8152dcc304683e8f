"""What is seen when a function is called: the same for a student's function, the reference and every known mistake."""

import numpy as np

from .wire import Meaning, pack, unpack

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
        function: or a class of modules, of which an instance is made, loaded and called: see ``modules.tried``.
        args: the packed tuple of arguments.
        strict: whether floating-point overflow and invalid operations raise, as in ``numpy.errstate``.
        resolve: turns the name in a ``wire.Named`` argument into a callable.

    Returns:
        ``{"value", "again", "inputs"}``: both results, and the arguments of the first call as it left them; or
        ``{"error"}``: the name of what was raised.
    """
    trouble, meaning = "raise" if strict else "ignore", Meaning(resolve, as_tensor, open_model)
    try:
        if isinstance(function, type):
            from .modules import tried

            function = tried(function)
        with np.errstate(over=trouble, invalid=trouble, divide=trouble, under="ignore"):
            inputs = unpack(args, meaning)
            value = pack(function(*inputs))
            again = pack(function(*unpack(args, meaning)))
        return {"value": value, "again": again, "inputs": pack(_plain(inputs))}
    except BaseException as error:
        return {"error": name_of(error)}


def as_tensor(array):
    import torch

    return torch.from_numpy(array)


def as_tensors(value):
    """Every array in a nested value as a torch tensor."""
    if isinstance(value, tuple | list):
        return type(value)(as_tensors(item) for item in value)
    if isinstance(value, dict):
        return {key: as_tensors(item) for key, item in value.items()}
    return as_tensor(value) if isinstance(value, np.ndarray) else value


def open_model(kind, weights):
    from .models import MODELS

    return MODELS[kind](weights)


def _plain(inputs):
    """The inputs without the functions among them: what a call does to those is not judged. Of an open model, its weights."""
    return tuple(item.weights() if hasattr(item, "weights") else None if callable(item) else item for item in inputs)
