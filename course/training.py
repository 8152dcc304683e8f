"""Training on dicts of NumPy arrays, with the reader's own gradients."""

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from tqdm.auto import tqdm

Params = dict[str, np.ndarray]


def glorot(rng: np.random.Generator, *shape: int) -> np.ndarray:
    r"""A random weight matrix of variance 1 / (number of columns), so that sums keep their size."""
    return rng.normal(size=shape) / np.sqrt(shape[-1])


def norm(gradients: Params) -> float:
    """The length of all gradients taken as one long vector."""
    return float(np.sqrt(sum(np.sum(gradient**2) for gradient in gradients.values())))


class Adam:
    """The optimiser of Kingma and Ba (2015), on a dict of arrays that it changes in place.

    Args:
        params: dict of arrays. rate: the size of a step.
    """

    def __init__(
        self, params: Params, rate: float = 1e-3, betas: tuple[float, float] = (0.9, 0.999), epsilon: float = 1e-8
    ) -> None:
        self.params, self.rate, self.betas, self.epsilon, self.steps = params, rate, betas, epsilon, 0
        self.means = {name: np.zeros_like(value) for name, value in params.items()}
        self.squares = {name: np.zeros_like(value) for name, value in params.items()}

    def step(self, gradients: Params) -> None:
        """Move every parameter a step against its gradient."""
        self.steps += 1
        for name, gradient in gradients.items():
            for kept, beta, new in zip((self.means, self.squares), self.betas, (gradient, gradient**2), strict=True):
                kept[name] = beta * kept[name] + (1 - beta) * new
            mean, square = (
                kept[name] / (1 - beta**self.steps)
                for kept, beta in zip((self.means, self.squares), self.betas, strict=True)
            )
            self.params[name] -= self.rate * mean / (np.sqrt(square) + self.epsilon)


class SGD:
    """Plain gradient descent on a dict of arrays that it changes in place.

    Args:
        params: dict of arrays. rate: what every gradient is multiplied with.
    """

    def __init__(self, params: Params, rate: float = 0.1) -> None:
        self.params, self.rate = params, rate

    def step(self, gradients: Params) -> None:
        """Move every parameter a step against its gradient."""
        for name, gradient in gradients.items():
            self.params[name] -= self.rate * gradient


def train(
    loss_and_gradients: Callable[[Any, Any, Params], tuple[float, Params]],
    params: Params,
    batches: Callable[[int], tuple[Any, Any]],
    steps: int,
    rate: float = 1e-2,
    most: float = 1.0,
    name: str = "training",
    keep_bar: bool = True,
    optimiser: Callable[[Params, float], Adam | SGD] = Adam,
) -> list[float]:
    """Train, with a progress bar. Stop it (the square button) and what was learnt so far is kept.

    Args:
        loss_and_gradients: from (x, targets, params) to (loss, gradients): the reader's own function.
        params: dict of arrays, changed in place. batches: from a step's number to (x, targets).
        steps: how many. rate: the optimiser's. most: gradients longer than this are scaled down to it.
        name: stands beside the progress bar. keep_bar: whether the bar stays when training is done.
        optimiser: ``Adam`` or ``SGD``.

    Returns:
        the losses, one a step.
    """
    rule = optimiser(params, rate)

    def step(number: int) -> float:
        loss, gradients = loss_and_gradients(*batches(number), params)
        scale = min(1.0, most / (norm(gradients) + 1e-12))
        rule.step({key: scale * gradient for key, gradient in gradients.items()})
        return float(loss)

    return repeated(step, steps, name, keep_bar)


def repeated(
    step: Callable[[int], float], steps: int, name: str, keep_bar: bool = True, whole: bool = False
) -> list[float]:
    """Take training steps, with a progress bar. Stop it (the square button) and the steps so far stay taken.

    Args:
        step: takes the step of this number and returns its loss. steps: how many.
        name: stands beside the progress bar. keep_bar: whether the bar stays when training is done.
        whole: whether half a training is of no use, so that stopping it is left to the caller.

    Returns:
        the losses, one a step.

    Raises:
        KeyboardInterrupt: if it is stopped and should be whole.
    """
    losses = []
    with tqdm(total=steps, desc=name, file=sys.stdout, leave=keep_bar) as bar:
        try:
            for number in range(steps):
                losses.append(step(number))
                bar.update()
                if number % 20 == 0:
                    bar.set_postfix(loss=f"{losses[-1]:.3f}")
        except KeyboardInterrupt:
            if whole:
                raise
            print(f"Stopped after {len(losses)} steps; what was learnt is kept.")
    return losses
