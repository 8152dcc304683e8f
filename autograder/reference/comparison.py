"""Reference solutions of unit 10: two memory tasks, sizes for a fair comparison, one measured run, and the summary."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import torch

Pair = tuple[torch.Tensor, torch.Tensor]  # x and y


def adding_batch(rng: np.random.Generator, T: int, B: int) -> tuple[torch.Tensor, torch.Tensor]:
    r"""A fresh batch of the adding problem: the sum of two marked numbers.

    The numbers are uniform between 0 and 1. One mark falls on any of the first T // 2
    steps, the other on any of the remaining ones, all places with equal probability.

    Args:
        rng: a ``numpy.random.Generator``, the only source of random numbers.
        T: number of steps, at least 2. B: number of examples.

    Returns:
        x: (T, B, 2) float32 tensor: the number, and 1 where it is marked, else 0.
        y: (B, 1) float32 tensor, the sum of the two marked numbers.
    """
    numbers, everyone = rng.random((T, B)), np.arange(B)
    first, second = rng.integers(T // 2, size=B), rng.integers(T // 2, T, size=B)
    marks = np.zeros((T, B))
    marks[first, everyone] = marks[second, everyone] = 1
    wanted = numbers[first, everyone] + numbers[second, everyone]
    x = torch.tensor(np.stack([numbers, marks], axis=-1), dtype=torch.float32)
    return x, torch.tensor(wanted[:, None], dtype=torch.float32)


def copy_batch(
    rng: np.random.Generator, wait: int, B: int, length: int, symbols: int
) -> tuple[torch.Tensor, torch.Tensor]:
    r"""A fresh batch of the copy task: read some symbols, wait, repeat them in order.

    Every step is one-hot over ``symbols + 2`` columns: the symbols, then "wait", then
    "answer". First come ``length`` random symbols, all with equal probability, then
    ``wait`` steps that say "wait", then ``length`` steps that say "answer".

    Args:
        rng: a ``numpy.random.Generator``, the only source of random numbers.
        wait: number of waiting steps, 0 or more. B: number of examples.
        length: how many symbols to copy. symbols: how many different ones there are.

    Returns:
        x: (length + wait + length, B, symbols + 2) float32 tensor.
        y: (length, B) int64 tensor, the answers at the last ``length`` steps.
    """
    shown = rng.integers(symbols, size=(length, B))
    pause = np.full((wait, B), symbols)
    answer = np.full((length, B), symbols + 1)
    steps = np.concatenate([shown, pause, answer])
    return torch.tensor(np.eye(symbols + 2)[steps], dtype=torch.float32), torch.tensor(shown)


def equal_parameter_size(cell: str, budget: int, D: int) -> int:
    r"""The largest number of neurons H with at most ``budget`` parameters.

    Args:
        cell: "rnn", "gru", "lstm" or "peephole" (an LSTM with peepholes).
        budget: how many parameters there may be. D: input size.

    Returns:
        H, an int; 0 if even one neuron has too many.
    """
    blocks = {"rnn": 1, "gru": 3, "lstm": 4, "peephole": 4}[cell]
    peepholes = 3 if cell == "peephole" else 0
    H = 0
    while blocks * (H + 1) * (D + H + 2) + peepholes * (H + 1) <= budget:
        H += 1
    return H


def settle_by_counting(D: int, H: int) -> dict[str, float]:
    r"""The GRU against the plain LSTM without training: five ratios, GRU by LSTM.

    Args:
        D: input size. H: neurons of the LSTM.

    Returns:
        dict with "gates"; "parameters" and "multiplications", both cells with H neurons;
        "units": the neurons of the largest GRU with at most the LSTM's parameters, by H;
        "multiplications at equal parameters": those of that GRU, by the LSTM's with H.
    """
    larger = equal_parameter_size("gru", 4 * H * (D + H + 1), D)
    return {
        "gates": 2 / 3,
        "parameters": 3 / 4,
        "multiplications": 3 / 4,
        "units": larger / H,
        "multiplications at equal parameters": 3 * larger * (D + larger) / (4 * H * (D + H)),
    }


def train_and_score(
    model: torch.nn.Module,
    batches: Iterable[Pair],
    held_out: Sequence[Pair],
    goal: str,
    rate: float = 5e-3,
    steps: float = math.inf,
    seconds: float = math.inf,
    clock: Callable[[], float] = time.process_time,
) -> dict[str, Any]:
    r"""Train a model with Adam until a limit, then score it on held-out batches.

    No step begins after ``steps`` steps, or once ``seconds`` or more have passed on the
    clock since training began, or when there is no further batch.

    Args:
        model: a torch module, trained in place. rate: Adam's. clock: has no arguments.
        batches: an iterable of pairs (x, y), maybe endless. held_out: a list of pairs.
        goal: "number": mean squared error of output and y, (B, K); or "symbol": mean
            cross-entropy of scores (..., K) and whole numbers y (...).

    Returns:
        dict with "losses", an array, each before its step; "seconds" of training;
        "score", a float: squared error or share of wrong answers, over all of them.
    """
    optimiser, losses, began = torch.optim.Adam(model.parameters(), rate), [], clock()
    for x, y in batches:
        if len(losses) >= steps or clock() - began >= seconds:
            break
        output = model(x)
        if goal == "number":
            loss = torch.nn.functional.mse_loss(output, y)
        else:
            loss = torch.nn.functional.cross_entropy(output.flatten(0, -2), y.flatten())
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        losses += [loss.item()]
    took = clock() - began
    with torch.no_grad():
        if goal == "number":
            wrong = torch.cat([((model(x) - y) ** 2).flatten() for x, y in held_out])
        else:
            wrong = torch.cat([(model(x).argmax(-1) != y).double().flatten() for x, y in held_out])
    return {"score": wrong.mean().item(), "losses": np.array(losses), "seconds": took}


def summarise(records: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    r"""Mean and spread of the scores for every task, kind of budget and cell.

    The spread is a sample's, $\sqrt{\sum_n (s_n - \bar s)^2 / (N - 1)}$, and nan for a
    single run. Every run counts: one whose score is nan makes mean and spread nan.

    Args:
        records: list of dicts, one per run, in any order, with the keys "task", "budget",
            "cell", "seed" and "score" (and maybe more).

    Returns:
        list of dicts, one for each combination of task, budget and cell, in the order in
        which they were met first: "task", "budget", "cell", "runs" (an int), "mean" and
        "spread" (floats).
    """
    groups = {}
    for record in records:
        key = (record["task"], record["budget"], record["cell"])
        groups.setdefault(key, []).append(record["score"])
    rows = []
    for (task, budget, cell), scores in groups.items():
        spread = float(np.std(scores, ddof=1)) if len(scores) > 1 else math.nan
        row = {"task": task, "budget": budget, "cell": cell, "runs": len(scores)}
        rows.append(row | {"mean": float(np.mean(scores)), "spread": spread})
    return rows
