"""A class of torch modules, observed like a function: make an instance, load weights, call it, take gradients."""

import contextlib
from collections.abc import Callable
from typing import Any

import torch


def module_trial(kind: type[torch.nn.Module]) -> Callable[..., dict[str, Any]]:
    """A function of ``(init, weights, inputs)`` that shows what a class of modules does.

    Args:
        init: arguments of its constructor. weights: dict of arrays or tensors for the parameters of those names, or
            None to leave them as they start. inputs: arguments of the call.

    Returns:
        from the function: dict of "parameters" (name -> shape), "start" (name -> the parameter as it starts, where none is
        loaded), "another" (the same of a second one that is made after it), "output" (of the call), "gradients" (name -> the
        gradient of a fixed weighted sum of the output, or of its first part) and "input gradients" (the same for each
        input that is a floating-point tensor). None stands where no gradient arrives.
    """

    def trial(init: tuple[Any, ...], weights: dict[str, Any] | None, inputs: tuple[Any, ...]) -> dict[str, Any]:
        if not weights:  # what starts by chance starts alike each time
            torch.manual_seed(0)
        module = kind(*init)
        parameters = dict(module.named_parameters())
        start = {} if weights else _values_of(module)
        another = {} if weights else _values_of(kind(*init))
        for name, value in (weights or {}).items():
            value = torch.as_tensor(value)
            if parameters[name].shape != value.shape:
                raise ValueError(f"{name} has another shape")
            parameters[name].data = value.clone()
        inputs = tuple(_with_gradient(item) for item in inputs)
        # what the module is given are copies: writing into one is seen in the inputs, not as an error of torch's
        given = tuple(item.clone() if isinstance(item, torch.Tensor) else item for item in inputs)
        output = module(*given)
        first = output[0] if isinstance(output, tuple | list) else output
        leaves = [*parameters.values(), *(item for item in inputs if _differentiable(item))]
        found = _gradients(first, leaves)
        return {
            "parameters": {name: tuple(value.shape) for name, value in parameters.items()},
            "start": start,
            "another": another,
            "output": output,
            "gradients": dict(zip(parameters, found, strict=False)),
            "input gradients": tuple(found[len(parameters) :]),
            "given": tuple(item.detach() if isinstance(item, torch.Tensor) else None for item in given),
        }

    return trial


def _values_of(module: torch.nn.Module) -> dict[str, torch.Tensor]:
    return {name: value.detach().clone() for name, value in module.named_parameters()}


def _gradients(output: torch.Tensor, leaves: list[torch.Tensor]) -> list[torch.Tensor | None]:
    """The gradient of a weighted sum of the output at each leaf, None where none arrives.

    A frozen leaf or an overwritten state costs gradients and nothing else.
    """
    found: list[torch.Tensor | None] = [None] * len(leaves)
    followed = [number for number, leaf in enumerate(leaves) if leaf.requires_grad]
    if output.requires_grad and followed:
        slopes = torch.linspace(-1, 1, output.numel(), dtype=output.dtype).reshape(output.shape)
        with contextlib.suppress(RuntimeError):
            arrived = torch.autograd.grad(
                (output * slopes).sum(), [leaves[number] for number in followed], allow_unused=True
            )
            for number, gradient in zip(followed, arrived, strict=True):
                found[number] = gradient
    return found


def _differentiable(item: Any) -> bool:
    return isinstance(item, torch.Tensor) and item.requires_grad


def _with_gradient(item: Any) -> Any:
    floating = isinstance(item, torch.Tensor) and item.is_floating_point()
    return item.clone().requires_grad_() if floating else item
