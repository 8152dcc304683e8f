"""What right versions of the LSTM share: the logistic function through tanh, stacked weights, a step in torch."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch


def logistic(a: np.ndarray) -> np.ndarray:
    """The logistic function, by tanh."""
    return 0.5 * (1 + np.tanh(0.5 * a))


def tensors(*values: Any) -> list[Any]:
    """Arrays, and dicts of arrays, as tensors."""
    return [
        {key: torch.tensor(item) for key, item in value.items()} if isinstance(value, dict) else torch.tensor(value)
        for value in values
    ]


def stacked(
    p: Mapping[str, np.ndarray], gates: str = "ifoc", x: str = "W_x{}", h: str = "W_h{}", b: str = "b_{}"
) -> list[np.ndarray]:
    """All gates' weights in one matrix each: input weights, recurrent weights, biases."""
    return [np.concatenate([p[name.format(k)] for k in gates]) for name in (x, h, b)]


def torch_step(
    x: torch.Tensor, h: torch.Tensor, c: torch.Tensor, p: Mapping[str, torch.Tensor]
) -> tuple[torch.Tensor, torch.Tensor]:
    """A step in torch, with peepholes where there are any."""
    a = {k: x @ p[f"W_x{k}"].T + h @ p[f"W_h{k}"].T + p[f"b_{k}"] for k in "ifoc"}
    look = {k: p.get(f"w_c{k}", torch.zeros(())) for k in "ifo"}
    new = torch.sigmoid(a["f"] + look["f"] * c) * c + torch.sigmoid(a["i"] + look["i"] * c) * torch.tanh(a["c"])
    return torch.sigmoid(a["o"] + look["o"] * new) * torch.tanh(new), new
