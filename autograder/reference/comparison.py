"""Reference solutions of unit 10: two memory tasks, sizes for a fair comparison, one measured run, and the summary."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import numpy as np
import torch

Pair = tuple[torch.Tensor, torch.Tensor]  # x and y


def adding_batch(rng: np.random.Generator, T: int, B: int) -> tuple[torch.Tensor, torch.Tensor]:
    r"""A fresh batch of the adding problem: two of T random numbers are marked, and their sum is wanted.

    The numbers are uniform between 0 and 1. One mark falls on any of the first T // 2 steps, the other on any of the
    remaining ones, each with equal chances.

    Args:
        rng: a ``numpy.random.Generator``, the only source of chance: equal generators give equal batches, and the same
            generator used again gives others. T: number of steps, at least 2. B: number of examples.

    Returns:
        x: (T, B, 2) torch tensor, float32; ``x[t, b, 0]`` is the number, ``x[t, b, 1]`` is 1 where it is marked, else 0.
        y: (B, 1) torch tensor, float32; the sum of the two marked numbers.
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
    r"""A fresh batch of the copy task: read some symbols, wait, then say them in the same order.

    Every step is one-hot over ``symbols + 2`` columns: the symbols themselves, then the column "wait", then the column
    "answer". First come ``length`` random symbols, each of them with equal chances, then ``wait`` steps that say "wait",
    then ``length`` steps that say "answer".

    Args:
        rng: a ``numpy.random.Generator``, the only source of chance, as in ``adding_batch``.
        wait: number of steps to wait, 0 or more. B: number of examples. length: how many symbols are to be copied.
        symbols: how many different symbols there are.

    Returns:
        x: (length + wait + length, B, symbols + 2) torch tensor, float32.
        y: (length, B) torch tensor, int64; the symbols wanted at the last ``length`` steps, in the order in which they came.
    """
    shown = rng.integers(symbols, size=(length, B))
    pause = np.full((wait, B), symbols)
    answer = np.full((length, B), symbols + 1)
    steps = np.concatenate([shown, pause, answer])
    return torch.tensor(np.eye(symbols + 2)[steps], dtype=torch.float32), torch.tensor(shown)


def equal_parameter_size(cell: str, budget: int, D: int) -> int:
    r"""The largest number of units H for which a cell has at most ``budget`` parameters.

    A block of weights has $HD + HH + H$ numbers: from the input, from the state, one bias. The RNN has one block, the GRU
    three, the LSTM four; peepholes add three vectors of H numbers to the LSTM.

    Args:
        cell: "rnn", "gru", "lstm" or "peephole". budget: how many parameters there may be. D: input size.

    Returns:
        H, an int; 0 if even one unit has too many.
    """
    blocks = {"rnn": 1, "gru": 3, "lstm": 4, "peephole": 4}[cell]
    peepholes = 3 if cell == "peephole" else 0
    H = 0
    while blocks * (H + 1) * (D + H + 2) + peepholes * (H + 1) <= budget:
        H += 1
    return H


def settle_by_counting(D: int, H: int) -> dict[str, float]:
    r"""What can be settled without training: the GRU against the plain LSTM, as numbers.

    A multiplication is counted where a weight of a matrix meets an input or a state, for one example and one step. What
    is multiplied element by element is not counted.

    Args:
        D: input size. H: units of the LSTM.

    Returns:
        dict with "gates": how many gates the GRU has, divided by how many the LSTM has;
        "parameters": the GRU's divided by the LSTM's, both with H units; "multiplications": likewise;
        "units": how many units a GRU may have with at most as many parameters as the LSTM with H, divided by H;
        "multiplications at equal parameters": the multiplications of that larger GRU, divided by the LSTM's with H.
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
    r"""Train a model with Adam until a limit is reached, then score it on batches that it was not trained on.

    A training step: the loss of the next batch, its gradient, clipped so that the norm over all parameters is at most 1,
    and a step of ``torch.optim.Adam``. No step begins once ``steps`` have been made, or once ``seconds`` or more have
    passed on the clock since training began, or when the batches are used up.

    Args:
        model: a ``torch.nn.Module``, from x to an output; trained in place. It stays as training leaves it.
        batches: an iterable of pairs (x, y), maybe endless. held_out: a list of such pairs, used for the score alone.
        goal: "number", where the loss is the mean squared error between output and y, both (B, K);
            or "symbol", where the output has one score for each class along its last axis, (..., K), y are whole numbers
            (...), and the loss is the mean cross-entropy.
        rate: Adam's. steps, seconds: the limits. clock: called without arguments, says how many seconds it is.

    Returns:
        dict with "score": over all answers in ``held_out`` together, the mean squared error ("number"), or the share of
        wrong ones, where the largest score is not at y ("symbol"); lower is better in both. A float, computed without gradients.
        "losses": array of floats, the loss of every training step, before that step's change.
        "seconds": how much time training took on the clock, the score left out.
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
    r"""Mean and spread of the scores, for every task, every kind of budget and every cell.

    The spread is the standard deviation of a sample, $\sqrt{\sum_n (s_n - \bar s)^2 / (N - 1)}$; of a single run it is not
    known, and nan. Every run counts: one whose score is nan makes mean and spread nan.

    Args:
        records: list of dicts, one a run, in any order, with the keys "task", "budget", "cell", "seed" and "score" (and maybe more).

    Returns:
        list of dicts, one for each combination of task, budget and cell that was measured, in the order in which it was
        met first: "task", "budget", "cell", "runs" (how many, an int), "mean" and "spread" (floats).
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
