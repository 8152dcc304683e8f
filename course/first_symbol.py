"""Unit 06's experiment: which of thirty symbols was the first? LSTMs with several forget biases learn to tell."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from course import training

Array = np.ndarray
Params = dict[str, Array]
Loss = Callable[[Array, Array, Params], tuple[float, Params]]
SYMBOLS, UNITS = 4, 12
GUESSING = float(np.log(SYMBOLS))


def batch(rng: np.random.Generator, steps: int, size: int) -> tuple[Array, Array]:
    """One-hot symbols x (T, B, 5) with a mark in the last column at step 0, and the symbol shown there (B,)."""
    seen = rng.integers(SYMBOLS, size=(steps, size))
    x = np.concatenate([np.eye(SYMBOLS)[seen], np.zeros((steps, size, 1))], axis=2)
    x[0, :, -1] = 1
    return x, seen[0]


def read_out(state: Array, targets: Array, params: Params) -> tuple[float, Array, Params]:
    """The loss of answering from a state (B, H), its gradient with respect to that state, and those of V and d."""
    scores = state @ params["V"].T + params["d"]
    log_p = scores - np.logaddexp.reduce(scores, axis=1)[:, None]
    right = np.eye(SYMBOLS)[targets]
    dscores = (np.exp(log_p) - right) / len(targets)
    gradients = {"V": dscores.T @ state, "d": dscores.sum(axis=0)}
    return float(-np.sum(right * log_p) / len(targets)), dscores @ params["V"], gradients


@dataclass(frozen=True)
class Run:
    """One network's losses while it trained, and its loss on 300 new sequences."""

    losses: list[float]
    tested: float


def trained(loss_and_gradients: Loss, forget_bias: float, seed: int, steps: int = 30) -> Run:
    """Train one LSTM from one start."""
    rng = np.random.default_rng(seed)
    params = {"W_x" + k: training.glorot(rng, UNITS, SYMBOLS + 1) for k in "ifoc"}
    params |= {"W_h" + k: training.glorot(rng, UNITS, UNITS) for k in "ifoc"}
    params |= {"b_" + k: np.zeros(UNITS) for k in "ioc"}
    params["b_f"] = np.full(UNITS, float(forget_bias))
    params |= {"V": training.glorot(rng, SYMBOLS, UNITS), "d": np.zeros(SYMBOLS)}
    losses = training.train(
        loss_and_gradients,
        params,
        lambda step: batch(rng, steps, 16),
        200,
        rate=0.02,
        name=f"b_f = {forget_bias}, seed {seed}",
        keep_bar=False,
    )
    return Run(losses, float(loss_and_gradients(*batch(np.random.default_rng(99), steps, 300), params)[0]))


def train_all(loss_and_gradients: Loss, steps: int = 30, biases: Iterable[float] = (0, 1, 3)) -> dict[float, list[Run]]:
    """Three runs for each forget bias, with seeds 0, 1 and 2. ``steps``: how many symbols a sequence has."""
    return {bias: [trained(loss_and_gradients, bias, seed, steps) for seed in range(3)] for bias in biases}


def print_tested(runs: dict[float, list[Run]]) -> None:
    """Print the losses on new sequences, one line per forget bias."""
    print(f"loss on 300 new sequences, by seed (guessing: {GUESSING:.2f})")
    for bias, of_bias in runs.items():
        print(f"  b_f = {bias}   {', '.join(f'{run.tested:.2f}' for run in of_bias)}")
