"""What is observed when a function is called: the same for a student's function, the reference and every known mistake."""

from collections.abc import Callable
from typing import Any

import numpy as np

from .errors import EXCEPTIONS, describe_error
from .wire import Decoders, pack, unpack

__all__ = ["EXCEPTIONS", "as_tensor", "as_tensors", "observe"]


def observe(function: Any, args: Any, strict: bool, resolve: Callable[[str], Any]) -> dict[str, Any]:
    """Call ``function`` twice with fresh copies of ``args`` and write down what happened, packed.

    Args:
        function: or a class of modules, of which an instance is made, loaded and called: see ``modules.module_trial``.
        args: the packed tuple of arguments.
        strict: whether floating-point overflow and invalid operations raise, as in ``numpy.errstate``.
        resolve: turns the name in a ``wire.FunctionRef`` argument into a callable.

    Returns:
        ``{"value", "again", "inputs", "aliases"}``: both results, the arguments of the first call as it left them, and the
        places of those that the first result is itself, or a view of; or
        ``{"error", "names", "message", "line", "code"}``: what was raised, see ``errors.describe_error``, and which words
        of the arguments its message has. What is unknown or empty is left out.
    """
    overflow = "raise" if strict else "ignore"
    decoders = Decoders(resolve, as_tensor, open_model)
    inputs, is_class = (), isinstance(function, type)
    try:
        if is_class:
            from .modules import module_trial

            function = module_trial(function)
        with np.errstate(over=overflow, invalid=overflow, divide=overflow, under="ignore"):
            inputs = unpack(args, decoders)
            if not is_class and inputs and type(inputs[0]).__name__ == "ConstructorArguments":
                raise TypeError("it should be a class, not a function")
            result = function(*inputs)
            value = pack(result)
            again = pack(function(*unpack(args, decoders)))
        aliases = [place for place, item in enumerate(inputs) if item is result or _share_memory(item, result)]
        return {"value": value, "again": again, "inputs": pack(_plain(inputs)), "aliases": aliases}
    except BaseException as error:
        names = named_in(error, inputs)
        return describe_error(error) | ({"names": names} if names else {})


def _share_memory(one: Any, other: Any) -> bool:
    return isinstance(one, np.ndarray) and isinstance(other, np.ndarray) and np.may_share_memory(one, other)


def as_tensor(array: np.ndarray) -> Any:
    import torch

    return torch.from_numpy(array)


def as_tensors(value: Any) -> Any:
    """Every array in a nested value as a torch tensor."""
    if isinstance(value, tuple | list):
        return type(value)(as_tensors(item) for item in value)
    if isinstance(value, dict):
        return {key: as_tensors(item) for key, item in value.items()}
    return as_tensor(value) if isinstance(value, np.ndarray) else value


def open_model(kind: str, weights: dict[str, Any]) -> Any:
    from .models import MODELS

    return MODELS[kind](weights)


def named_in(error: BaseException, inputs: tuple[Any, ...]) -> list[str]:
    """The words of the texts among the inputs that an error's message has."""
    words = [word for item in inputs if isinstance(item, str) for word in item.split()]
    try:
        said = str(error) if words else ""
    except Exception:
        return []
    return sorted({word for word in words if word in said})


def _plain(inputs: tuple[Any, ...]) -> tuple[Any, ...]:
    """The inputs without the functions among them: what a call does to those is not judged. Of an open model, its weights."""
    return tuple(
        item.weights() if hasattr(item, "weights") else None if callable(item) else _with_history(item)
        for item in inputs
    )


def _with_history(item: Any) -> Any:
    """A tensor that was made to gather gradients, which is a change, too, as a pair; all else as it is."""
    history = getattr(item, "requires_grad", False), getattr(item, "grad", None) is not None
    return item if history == (False, False) else (history, item)
