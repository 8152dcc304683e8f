"""Two tasks of memory, trained with torch's autograd, since the units that show them come before those about the way back.

Several networks learn at once: a parameter's first axis is the seed. Each draws its own batches, so it learns as it would alone.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from course.training import glorot, repeated

Weights = dict[str, torch.Tensor]


def stacked(made: list[dict[str, Any]]) -> Weights:
    """The parameters of several networks as one dict of tensors, a network per entry of the first axis."""
    return {name: torch.tensor(np.array([one[name] for one in made]), requires_grad=True) for name in made[0]}


def train(
    losses: Callable[..., torch.Tensor],
    weights: Weights,
    batches: Callable[[], tuple[np.ndarray, np.ndarray]],
    steps: int,
    rate: float,
    name: str,
    fixed: tuple[str, ...] = (),
) -> np.ndarray:
    """Train several networks at once, as ``course.training.train`` trains one. Stop it and what was learnt is kept.

    Args:
        losses: from (x, targets, weights) to a loss for each network. weights: changed in place.
        batches: draws (x, targets) for all of them. fixed: names of weights that stay as they are.

    Returns:
        losses (steps, networks).
    """
    learning = [value for key, value in weights.items() if key not in fixed]
    optimiser, found = torch.optim.Adam(learning, lr=rate), []

    def step(_: int) -> float:
        each = losses(*map(torch.tensor, batches()), weights)
        gradients = torch.autograd.grad(each.sum(), learning)
        length = sum(gradient.flatten(1).square().sum(1) for gradient in gradients) ** 0.5
        scale = torch.clamp(1 / (length + 1e-12), max=1.0)
        for weight, gradient in zip(learning, gradients, strict=True):
            weight.grad = gradient * scale.reshape(-1, *[1] * (gradient.ndim - 1))
        optimiser.step()
        found.append(each.detach().numpy())
        return float(each.detach().mean())

    threads = torch.get_num_threads()
    torch.set_num_threads(1)  # for matrices as small as these, more threads only wait
    try:
        repeated(step, steps, name, keep_bar=False)
    finally:
        torch.set_num_threads(threads)
    return np.array(found)


# timers: one hidden unit that answers exactly so many steps after a pulse


def pulses(rng: np.random.Generator, steps: int, batch: int, delay: int) -> tuple[np.ndarray, np.ndarray]:
    """Pulses at random times x (T, B, 1), and when an answer is due, exactly ``delay`` steps after each, (T, B)."""
    x, due = np.zeros((steps, batch, 1)), np.zeros((steps, batch))
    for n in range(batch):
        t = rng.integers(0, 4)
        while t < steps:
            x[t, n] = 1
            if t + delay < steps:
                due[t + delay, n] = 1
            t += delay + 1 + rng.integers(0, 6)
    return x, due


def _timer(rng: np.random.Generator) -> dict[str, np.ndarray]:
    """A new timer: gates and candidate in the order i, f, o, c."""
    W_x = [rng.normal(size=(1, 1))[0] for _ in range(4)]
    W_h = [glorot(rng, 1, 1)[0] for _ in range(4)]
    rest = {"b": np.array([[0.0], [1.0], [0.0], [0.0]]), "w_c": np.zeros((3, 1))}
    return {"W_x": np.array(W_x), "W_h": np.array(W_h), "V": glorot(rng, 1), "d": np.array([-2.0])} | rest


def _timer_scores(x: torch.Tensor, weights: Weights) -> torch.Tensor:
    """The scores of an answer (T, N, B) of N timers, each with its own pulses x (T, N, B). One unit: all products are of numbers."""
    W_x, W_h, b, w_c = (weights[name].movedim(1, 0) for name in ("W_x", "W_h", "b", "w_c"))
    w_c = w_c * weights["sees"]
    heard, h = b + W_x * x[:, None], torch.zeros_like(x[0])
    c, scores = h, []
    for now in heard:
        a = now + W_h * h
        i, f = torch.sigmoid(a[:2] + w_c[:2] * c)
        c = f * c + i * torch.tanh(a[3])
        h = torch.sigmoid(a[2] + w_c[2] * c) * torch.tanh(c)
        scores.append(h)
    return weights["d"] + weights["V"] * torch.stack(scores)


def _timer_losses(x: torch.Tensor, due: torch.Tensor, weights: Weights) -> torch.Tensor:
    scores = _timer_scores(x, weights)
    return (torch.nn.functional.softplus(scores) - due * scores).mean(dim=(0, 2))


def train_timers(seeds: int = 4, delay: int = 8, steps: int = 800, rate: float = 0.05) -> dict[str, Weights]:
    """One-unit LSTMs, one for each seed and kind, trained to answer ``delay`` steps after each pulse.

    Returns:
        the timers of both kinds, "plain" and "with peepholes": the same but that the peepholes of the plain ones stay zero.
    """
    rngs = [np.random.default_rng(seed) for seed in range(seeds)]
    weights = stacked(2 * [_timer(rng) for rng in rngs])
    weights["sees"] = torch.tensor(seeds * [[0.0]] + seeds * [[1.0]], dtype=torch.float64)

    def batches() -> tuple[np.ndarray, np.ndarray]:
        drawn = 2 * [pulses(rng, 3 * delay + 4, 16, delay) for rng in rngs]
        return np.stack([x[..., 0] for x, _ in drawn], axis=1), np.stack([due for _, due in drawn], axis=1)

    train(_timer_losses, weights, batches, steps, rate, f"{2 * seeds} timers", ("sees",))
    parts = {"plain": slice(seeds), "with peepholes": slice(seeds, None)}
    return {kind: {name: value[part] for name, value in weights.items()} for kind, part in parts.items()}


def timer_answers(weights: Weights, x: np.ndarray) -> np.ndarray:
    """How sure each timer is, at every step, that an answer is due: (T, N, B), for pulses x (T, B, 1)."""
    with torch.no_grad():
        each = torch.tensor(x[..., 0])[:, None].expand(-1, len(weights["V"]), -1)
        return torch.sigmoid(_timer_scores(each, weights)).numpy()


def timer_losses(weights: Weights, x: np.ndarray, due: np.ndarray) -> list[float]:
    """The loss of each timer on the same new sequences."""
    with torch.no_grad():
        each = [torch.tensor(part)[:, None].expand(-1, len(weights["V"]), -1) for part in (x[..., 0], due)]
        return _timer_losses(each[0], each[1], weights).tolist()


# marked symbols: a GRU that must let one symbol in and keep all others out


def marked_symbols(rng: np.random.Generator, steps: int, batch: int, symbols: int = 4) -> tuple[np.ndarray, np.ndarray]:
    """One-hot symbols x (T, B, 5) with a mark in the last column, and the marked symbol of each example, (B,)."""
    shown, when = rng.integers(symbols, size=(steps, batch)), rng.integers(steps // 4, size=batch)
    everyone = np.arange(batch)
    x = np.concatenate([np.eye(symbols)[shown], np.zeros((steps, batch, 1))], axis=2)
    x[when, everyone, -1] = 1
    return x, shown[when, everyone]


def _reader(rng: np.random.Generator, b_z: float, units: int, symbols: int = 4) -> dict[str, np.ndarray]:
    made = {f"W_{gate}": glorot(rng, units, symbols + 1) for gate in "zrh"}
    made |= {f"U_{gate}": glorot(rng, units, units) for gate in "zrh"}
    made |= {"b_z": np.full(units, float(b_z)), "b_r": np.zeros(units), "b_h": np.zeros(units)}
    return made | {"V": glorot(rng, symbols, units), "c": np.zeros(symbols)}


def _marked_losses(x: torch.Tensor, targets: torch.Tensor, weights: Weights) -> torch.Tensor:
    """The loss of each of N networks that read their own x (T, N, B, 5) and name their own marked symbols (N, B)."""

    def through(kind: str, gate: str, seen: torch.Tensor) -> torch.Tensor:
        return seen @ weights[f"{kind}_{gate}"].mT

    heard = {gate: through("W", gate, x) + weights[f"b_{gate}"][:, None] for gate in "zrh"}
    h = torch.zeros(*x.shape[1:3], weights["b_h"].shape[1], dtype=x.dtype)
    for t in range(len(x)):
        z, r = (torch.sigmoid(heard[gate][t] + through("U", gate, h)) for gate in "zr")
        h = torch.lerp(h, torch.tanh(heard["h"][t] + through("U", "h", r * h)), z)
    scores = h @ weights["V"].mT + weights["c"][:, None]
    return torch.nn.functional.cross_entropy(scores.movedim(2, 1), targets, reduction="none").mean(dim=1)


def train_marked(
    gated: bool = True, steps: int = 20, starts: tuple[float, ...] = (-1.0,), seeds: int = 3, units: int = 12
) -> dict[float, tuple[list[dict[str, np.ndarray]], np.ndarray]]:
    """GRUs, one for each start and seed, trained in 400 steps to name a symbol that was marked about ``steps`` steps ago.

    Args:
        gated: whether the gates learn; if not, both are fixed open, and the network is a plain RNN.
        starts: where the biases b_z of the update gates start.

    Returns:
        for each start: for each seed the parameters, arrays under the names of ``gru_step`` and the read-out V, c;
        and the losses (400, seeds).
    """
    rngs = [np.random.default_rng(seed) for _ in starts for seed in range(seeds)]
    made = [_reader(rng, starts[n // seeds], units) for n, rng in enumerate(rngs)]
    gates = tuple(f"{kind}_{gate}" for gate in "zr" for kind in "WUb")
    if not gated:
        made = [one | {name: 0 * one[name] + 60.0 * name.startswith("b") for name in gates} for one in made]
    weights = stacked(made)

    def batches() -> tuple[np.ndarray, np.ndarray]:
        drawn = [marked_symbols(rng, steps, 32) for rng in rngs]
        return np.stack([x for x, _ in drawn], axis=1), np.stack([targets for _, targets in drawn])

    name = f"{len(made)} {'GRUs' if gated else 'plain RNNs'}, {steps} steps"
    losses = train(_marked_losses, weights, batches, 400, 1e-2, name, () if gated else gates)
    learnt = [{name: value.detach().numpy()[n] for name, value in weights.items()} for n in range(len(made))]
    parts = [slice(n * seeds, (n + 1) * seeds) for n in range(len(starts))]
    return {b_z: (learnt[part], losses[:, part]) for b_z, part in zip(starts, parts, strict=True)}
