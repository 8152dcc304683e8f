"""What is seen when a function is called: the same for a student's function, the reference and every known mistake."""

import numpy as np

from .wire import Decoders, pack, unpack

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
        resolve: turns the name in a ``wire.FunctionRef`` argument into a callable.

    Returns:
        ``{"value", "again", "inputs"}``: both results, and the arguments of the first call as it left them; or
        ``{"error", "names"}``: the name of what was raised, and which words of the arguments its message has, if any.
    """
    trouble, meaning = "raise" if strict else "ignore", Decoders(resolve, as_tensor, open_model)
    inputs, is_class = (), isinstance(function, type)
    try:
        if is_class:
            from .modules import tried

            function = tried(function)
        with np.errstate(over=trouble, invalid=trouble, divide=trouble, under="ignore"):
            inputs = unpack(args, meaning)
            if not is_class and inputs and type(inputs[0]).__name__ == "ConstructorArguments":
                raise TypeError("it should be a class, not a function")
            value = pack(function(*inputs))
            again = pack(function(*unpack(args, meaning)))
        return {"value": value, "again": again, "inputs": pack(_plain(inputs))}
    except BaseException as error:
        names = named_in(error, inputs)
        return {"error": name_of(error)} | ({"names": names} if names else {})


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


def named_in(error, inputs):
    """The words of the texts among the inputs that an error's message has: of a message that is a student's, no more is told."""
    words = [word for item in inputs if isinstance(item, str) for word in item.split()]
    try:
        said = str(error) if words else ""
    except Exception:
        return []
    return sorted({word for word in words if word in said})


def _plain(inputs):
    """The inputs without the functions among them: what a call does to those is not judged. Of an open model, its weights."""
    return tuple(
        item.weights() if hasattr(item, "weights") else None if callable(item) else _followed(item) for item in inputs
    )


def _followed(item):
    """A tensor that was made to gather gradients, which is a change, too, as a pair; all else as it is."""
    followed = getattr(item, "requires_grad", False), getattr(item, "grad", None) is not None
    return item if followed == (False, False) else (followed, item)
