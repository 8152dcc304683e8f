"""Open models: small differentiable functions that are no solution, for exercises about a trained model.

Five more are made from settings inside the sandbox, because they have no plain form: a random generator, a clock,
batches without end, an array that counts what is done with it, and the arguments of a constructor, which say that a class
is expected.
"""

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import torch

torch.set_num_threads(1)  # they are small: threads that wait for each other would take ten times as long


class OpenModule(torch.nn.Module):
    """Parameters from a dict of arrays, under their names."""

    calls = 0  # of all open modules together: a ``Clock`` counts them
    recorded = False  # whether torch recorded gradients in the last of these calls

    def __init__(self, weights: dict[str, Any]) -> None:
        super().__init__()
        for name, value in weights.items():
            self.register_parameter(name, torch.nn.Parameter(torch.as_tensor(value).clone()))

    def __getattr__(self, name: str) -> Any:  # which parameters there are depends on the weights
        return super().__getattr__(name)

    def __call__(self, *inputs: Any) -> Any:
        OpenModule.calls += 1
        OpenModule.recorded = torch.is_grad_enabled()
        return super().__call__(*inputs)

    def weights(self) -> dict[str, torch.Tensor]:
        """The parameters as they are now, by name; in single precision, since training carries rounding on."""
        return {name: parameter.detach().float() for name, parameter in self.named_parameters()}


class Cell(OpenModule):
    """A cell with two gates and a state that turns: x (B, D), h (B, H) -> new state, z, r, each (B, H).

    Weights: A (D, H), B (H, H), C (H,).
    """

    def forward(self, x: torch.Tensor, h: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        z = torch.sigmoid(x @ self.A + h @ self.B + self.C)
        r = torch.sigmoid(h @ self.B - x @ self.A)
        return h * torch.cos(z) + r * torch.sin(x @ self.A), z, r


class Model(OpenModule):
    """A nonlinear function of a whole sequence, neighbours mixed: x (T, B, D) -> logits (B, K).

    Weights: A (D, M), V (M, K), decay (): how much less a word counts for each word before it; and b (M,), if there is one:
    what a word of zeros is to it.
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        seen = x @ self.A + getattr(self, "b", 0)
        before = torch.cat([torch.zeros_like(seen[:1]), seen[:-1]])
        fading = self.decay ** torch.arange(len(x), dtype=x.dtype)
        return (fading[:, None, None] * torch.tanh(seen * (1 + before))).sum(0) @ self.V


class Answers(OpenModule):
    """As ``Model``, with scores after every step: x (T, B, D) -> logits (T, B, K). Weights: A (D, M), V (M, K)."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        seen = x @ self.A
        return torch.tanh(seen + torch.cumsum(seen, 0)) @ self.V


class Writer(OpenModule):
    """A recurrent network, letter by letter: letters (B,) and a state (B, H), or None -> logits (B, K), new state (B, H).

    Weights: E (K, H), U (H, H), V (H, K).
    """

    def forward(self, letters: torch.Tensor, state: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        if state is None:
            state = self.E.new_zeros(len(letters), len(self.U))
        state = torch.tanh(self.E[letters] + state @ self.U)
        return state @ self.V, state


class Stream:
    """Pairs (x, y) again and again, without a length. Asking for all of them at once raises an error.

    Settings: x (N, ...) and y (N, ...), N pairs.
    """

    MOST = 1000

    def __init__(self, settings: dict[str, Any]) -> None:
        self.pairs = [
            (torch.from_numpy(x), torch.from_numpy(y)) for x, y in zip(settings["x"], settings["y"], strict=True)
        ]

    def __iter__(self) -> Iterator[tuple[torch.Tensor, torch.Tensor]]:
        for n in range(self.MOST):
            yield self.pairs[n % len(self.pairs)]
        raise RuntimeError("batches without end were asked for all at once")


class Clock:
    """A clock that counts work, so that it shows the same time everywhere: every call of an open module takes ``tick``
    seconds, reading the clock takes none. It begins at ``start``."""

    def __init__(self, settings: dict[str, Any]) -> None:
        self.start, self.tick, self.before = settings["start"], settings["tick"], OpenModule.calls

    def __call__(self) -> float:
        return self.start + self.tick * (OpenModule.calls - self.before)

    def weights(self) -> dict[str, bool]:
        """What a call left behind: whether gradients were recorded the last time that a module was called."""
        return {"gradients recorded": OpenModule.recorded}


class CountedArray(np.ndarray):
    """An array that knows how many of NumPy's elementwise operations and products were made with it, or with what came of it.

    Settings: ``array``, ``steps``: whether there were about so many or more is what a call leaves behind.
    """

    calls = 0  # with all such arrays together
    before = steps = 0

    def __new__(cls, settings: dict[str, Any]) -> "CountedArray":
        made = np.asarray(settings["array"]).view(cls)
        made.before, made.steps = cls.calls, settings["steps"]
        return made

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        CountedArray.calls += 1
        if "out" in options:
            options["out"] = tuple(_uncounted(array) for array in options["out"])
        result = getattr(ufunc, method)(*map(_uncounted, inputs), **options)
        return result.view(CountedArray) if isinstance(result, np.ndarray) else result

    def weights(self) -> dict[str, bool]:
        """What a call left behind."""
        return {"one by one": CountedArray.calls - self.before > self.steps / 2}


def _uncounted(value: Any) -> Any:
    return value.view(np.ndarray) if isinstance(value, CountedArray) else value


class WatchedGenerator(np.random.Generator):
    """A ``numpy.random.Generator`` that knows whether anything was drawn from it."""

    def __init__(self, bits: np.random.BitGenerator) -> None:
        super().__init__(bits)
        self.before = self._state()

    def _state(self) -> tuple[Any, int]:
        bits: Any = self.bit_generator
        return bits.state, bits.seed_seq.n_children_spawned

    def weights(self) -> dict[str, bool]:
        """What a call left behind: only that the generator was used, since right functions draw in different orders."""
        return {"used": self._state() != self.before}


def generator(settings: dict[str, Any]) -> np.random.Generator:
    """A random generator from its ``seed``, watched unless ``watched`` is false."""
    bits = np.random.PCG64(settings["seed"])
    return WatchedGenerator(bits) if settings.get("watched", True) else np.random.Generator(bits)


class ConstructorArguments(tuple):
    """What a class of modules is made with. Whatever is called with it must be a class. Settings: ``args``."""

    def __new__(cls, settings: dict[str, Any]) -> "ConstructorArguments":
        return super().__new__(cls, settings["args"])


MODELS: dict[str, Callable[[dict[str, Any]], Any]] = {
    "cell": Cell,
    "model": Model,
    "answers": Answers,
    "writer": Writer,
    "counted": CountedArray,
    "stream": Stream,
    "clock": Clock,
    "generator": generator,
    "constructor": ConstructorArguments,
}
