"""Open models: differentiable, no secret, no exercise's solution. Stand-ins for what a student would have to train first.

And four that arrive by their settings, because they cannot cross the wall themselves: a random generator, a clock, batches
without end, and the arguments of a constructor, which say that a class is expected.
"""

import numpy as np
import torch

torch.set_num_threads(1)  # they are small: threads that wait for each other would take ten times as long


class OpenModule(torch.nn.Module):
    """Parameters from a dict of arrays, under their names."""

    calls = 0  # of all open modules together: what a ``Clock`` goes by

    def __init__(self, weights):
        super().__init__()
        for name, value in weights.items():
            self.register_parameter(name, torch.nn.Parameter(torch.as_tensor(value).clone()))

    def __call__(self, *inputs):
        OpenModule.calls += 1
        return super().__call__(*inputs)

    def weights(self):
        """The parameters as they are now, by name; in single precision, since training carries rounding on."""
        return {name: parameter.detach().float() for name, parameter in self.named_parameters()}


class Cell(OpenModule):
    """A cell with two gates and a state that turns: x (B, D), h (B, H) -> new state, z, r, each (B, H).

    Weights: A (D, H), B (H, H), C (H,).
    """

    def forward(self, x, h):
        z = torch.sigmoid(x @ self.A + h @ self.B + self.C)
        r = torch.sigmoid(h @ self.B - x @ self.A)
        return h * torch.cos(z) + r * torch.sin(x @ self.A), z, r


class Model(OpenModule):
    """A nonlinear function of a whole sequence, neighbours mixed: x (T, B, D) -> logits (B, K).

    Weights: A (D, M), V (M, K), decay (): how much less a word counts for each word before it; and b (M,), if there is one:
    what a word of zeros is to it.
    """

    def forward(self, x):
        seen = x @ self.A + getattr(self, "b", 0)
        before = torch.cat([torch.zeros_like(seen[:1]), seen[:-1]])
        fading = self.decay ** torch.arange(len(x), dtype=x.dtype)
        return (fading[:, None, None] * torch.tanh(seen * (1 + before))).sum(0) @ self.V


class Answers(OpenModule):
    """As ``Model``, with scores after every step: x (T, B, D) -> logits (T, B, K). Weights: A (D, M), V (M, K)."""

    def forward(self, x):
        seen = x @ self.A
        return torch.tanh(seen + torch.cumsum(seen, 0)) @ self.V


class Stream:
    """Pairs (x, y) again and again, without a length. Who wants all of them at once is stopped, since there is no end.

    Settings: x (N, ...) and y (N, ...), N pairs.
    """

    MOST = 1000

    def __init__(self, settings):
        self.pairs = [
            (torch.from_numpy(x), torch.from_numpy(y)) for x, y in zip(settings["x"], settings["y"], strict=True)
        ]

    def __iter__(self):
        for n in range(self.MOST):
            yield self.pairs[n % len(self.pairs)]
        raise RuntimeError("batches without end were asked for all at once")


class Clock:
    """A clock that goes by the work done, so that what it says is the same everywhere: every call of an open module takes
    ``tick`` seconds, and how often somebody looks at the clock takes none. It begins at ``start``."""

    def __init__(self, settings):
        self.start, self.tick, self.before = settings["start"], settings["tick"], OpenModule.calls

    def __call__(self):
        return self.start + self.tick * (OpenModule.calls - self.before)


class WatchedGenerator(np.random.Generator):
    """A ``numpy.random.Generator`` that knows whether anything was drawn from it."""

    def __init__(self, bits):
        super().__init__(bits)
        self.before = self._state()

    def _state(self):
        bits = self.bit_generator
        return bits.state, bits.seed_seq.n_children_spawned

    def weights(self):
        """What a call left behind: only that the generator was used, since right functions draw in different orders."""
        return {"used": self._state() != self.before}


def generator(settings):
    """A random generator from its ``seed``."""
    return WatchedGenerator(np.random.PCG64(settings["seed"]))


class ConstructorArguments(tuple):
    """What a class of modules is made with. Whatever is called with it must be a class. Settings: ``args``."""

    def __new__(cls, settings):
        return super().__new__(cls, settings["args"])


MODELS = {
    "cell": Cell,
    "model": Model,
    "answers": Answers,
    "stream": Stream,
    "clock": Clock,
    "generator": generator,
    "constructor": ConstructorArguments,
}
