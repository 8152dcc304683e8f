"""The minimal GRU as a loop, and how long loops and scans take."""

import time
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

Times = dict[str, dict[int, float]]  # name -> length -> seconds
LENGTHS = (64, 256, 1024, 4096)
NAMES = ("a GRU, step by step", "minimal GRU, step by step", "minimal GRU, your scan")
# measured once with the course's own scan, one thread of a small computer, 16 neurons
RECORDED: Times = {
    NAMES[0]: {64: 0.00088, 256: 0.0076, 1024: 0.054, 4096: 0.21},
    NAMES[1]: {64: 0.00011, 256: 0.00041, 1024: 0.0016, 4096: 0.019},
    NAMES[2]: {64: 0.000044, 256: 0.00009, 1024: 0.00034, 4096: 0.0014},
}


def state_by_state(x: np.ndarray, h0: np.ndarray, params: dict[str, np.ndarray]) -> np.ndarray:
    """The minimal GRU as a loop, (T, B, H): one step after the other."""
    opened = (1 + np.tanh((x @ params["W_z"].T + params["b_z"]) / 2)) / 2
    offered, h, states = x @ params["W_h"].T + params["b_h"], h0, []
    for z_t, new in zip(opened, offered, strict=True):
        h = (1 - z_t) * h + z_t * new
        states.append(h)
    return np.array(states)


def random_arguments(T: int, B: int, H: int, seed: int = 0) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray]]:
    """x, h0 and params of a minimal GRU, D = H."""
    rng = np.random.default_rng(seed)
    params = {"W_z": rng.normal(size=(H, H)) / H**0.5, "W_h": rng.normal(size=(H, H)) / H**0.5}
    return rng.normal(size=(T, B, H)), np.zeros((B, H)), params | {"b_z": np.zeros(H), "b_h": np.zeros(H)}


def seconds(function: Callable[..., Any], *arguments: Any, runs: int = 3) -> float:
    """The shortest time of a few calls."""
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        function(*arguments)
        found.append(time.perf_counter() - start)
    return min(found)


def measure(min_gru: Callable[..., np.ndarray], units: int = 16, lengths: Sequence[int] = LENGTHS) -> Times:
    """How long one sequence takes: torch's GRU cell step by step, the minimal GRU as a loop, and ``min_gru``.

    While it is not written yet, it says so and returns what was recorded.
    """
    cell, found = torch.nn.GRUCell(units, units), Times()

    def stepwise(x: np.ndarray, h0: np.ndarray, _: Any) -> None:
        h = torch.from_numpy(h0).float()
        with torch.no_grad():
            for row in torch.from_numpy(x).float():
                h = cell(row, h)

    for T in lengths:
        arguments = random_arguments(T, 1, units)
        try:
            for name, function in zip(NAMES, (stepwise, state_by_state, min_gru), strict=True):
                found.setdefault(name, {})[T] = seconds(function, *arguments)
        except NotImplementedError:
            print("min_gru is not written yet: these times were recorded with the course's own.")
            return RECORDED
    return found
