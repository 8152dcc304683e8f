"""What unit 10 measures: three tasks in a quick and a full size, and one run of one cell on one of them."""

import json
import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch

from course import measuring
from course.data.digits import as_sequences, load_digits
from course.networks import CELLS, Network
from course.plots.comparison import NAMES

Batch = tuple[torch.Tensor, torch.Tensor]  # x and y
Record = dict[str, Any]  # a job, or what a run found

UNITS = 32  # of every cell at equal seconds, and of the LSTM whose parameters are everybody's budget otherwise
BATCH = 32
KEPT = 60  # points of a curve


@dataclass(frozen=True)
class Setting:
    """How large everything is. ``coarse``: digits of 4 x 4 pixels instead of 8 x 8."""

    name: str
    steps: int
    seconds: float
    adding: int
    wait: int
    length: int
    coarse: bool
    held_out: int
    seeds: tuple = (0, 1, 2)

    @property
    def label(self) -> str:
        """Its name, and what was changed about it: runs of another size must not be taken for runs of this one."""
        plain = {"quick": QUICK, "full": FULL}.get(self.name, self)
        changed = [field.name for field in fields(self) if getattr(self, field.name) != getattr(plain, field.name)]
        return ", ".join([self.name, *(f"{name}={getattr(self, name)}" for name in changed if name != "seeds")])


QUICK = Setting("quick", steps=120, seconds=0.2, adding=10, wait=5, length=3, coarse=True, held_out=200)
FULL = Setting("full", steps=1200, seconds=6.0, adding=50, wait=20, length=5, coarse=False, held_out=1000)


def yours(full: bool) -> Setting:
    """The setting of a reader's own measurement. In full its seeds are others than ours, so its runs are further runs."""
    return replace(FULL, seeds=(3, 4, 5)) if full else QUICK


@dataclass(frozen=True)
class Task:
    """``batch(rng, B)`` gives x and y; ``held_out`` is a list of such pairs; the rest is as for ``Network``."""

    name: str
    goal: str
    D: int
    K: int
    batch: Callable
    held_out: list
    answers: int | None = None

    def endless(self, seed: int) -> Iterator[Batch]:
        """Batches without end, from a generator of this seed."""
        rng = np.random.default_rng(seed)
        while True:
            yield self.batch(rng, BATCH)


def tasks(
    setting: Setting, adding_batch: Callable[..., Batch], copy_batch: Callable[..., Batch], symbols: int = 5
) -> dict[str, Task]:
    """The tasks by name, made of the reader's functions: "adding", "copy", "digits" pixel by pixel, and "rows" of digits."""
    held = np.random.default_rng(10_000)  # no run's seed

    def add(rng: np.random.Generator, B: int) -> Batch:
        return adding_batch(rng, setting.adding, B)

    def copy(rng: np.random.Generator, B: int) -> Batch:
        return copy_batch(rng, setting.wait, B, setting.length, symbols)

    pixels, rows = _reading(digits("training", setting.coarse)), _reading(digits("training", by="row"))
    found = (
        Task("adding", "number", 2, 1, add, [add(held, setting.held_out)]),
        Task("copy", "symbol", symbols + 2, symbols, copy, [copy(held, setting.held_out)], setting.length),
        Task("digits", "symbol", 1, 10, pixels, [digits("test", setting.coarse)]),
        Task("rows", "symbol", 8, 10, rows, [digits("test", by="row")]),
    )
    return {task.name: task for task in found}


def _reading(examples: Batch) -> Callable[[np.random.Generator, int], Batch]:
    """Batches of B examples drawn from these."""
    x, y = examples

    def batch(rng: np.random.Generator, B: int) -> Batch:
        chosen = rng.integers(len(y), size=B)
        return x[:, chosen], y[chosen]

    return batch


def digits(part: str, coarse: bool = False, by: str = "pixel") -> Batch:
    """A part of the digits as tensors: x (T, N, D) and y (N,)."""
    images, labels = load_digits(part)
    if coarse:
        images = images.reshape(-1, 4, 2, 4, 2).mean(axis=(2, 4))
    return torch.from_numpy(as_sequences(images, by)), torch.from_numpy(labels)


def jobs(
    setting: Setting,
    budgets: Sequence[str] = ("parameters", "seconds"),
    names: Sequence[str] = ("adding", "copy", "digits"),
    cells: Sequence[str] = CELLS,
) -> list[Record]:
    """All runs of a setting. The seeds are the outer loop, so that an early stop leaves something of everything."""
    return [
        {"setting": setting.label, "task": task, "budget": budget, "cell": cell, "seed": seed}
        for seed in setting.seeds
        for task in names
        for budget in budgets
        for cell in cells
    ]


STARTS = (("rnn", "orthogonal"), ("lstm", 0.0), ("lstm", 3.0), ("gru", -1.0), ("gru", -3.0))  # besides the default ones


def other_starts(setting: Setting, task: str = "copy") -> list[Record]:
    """Runs at equal parameters in which cells begin training elsewhere than by default."""
    return [
        {"setting": setting.label, "task": task, "budget": "parameters", "cell": cell, "start": start, "seed": seed}
        for seed in setting.seeds
        for cell, start in STARTS
    ]


def run(
    job: Record,
    setting: Setting,
    task: Task,
    train_and_score: Callable[..., Record],
    equal_parameter_size: Callable[[str, int, int], int],
    steps: int | None = None,
) -> Record:
    """One run with the reader's functions. ``steps``: another limit than the setting's, to try how long a step takes.

    Returns:
        dict with "units", "parameters", "steps", "seconds", "score", and "curve": the losses, averaged to few points.
    """
    units = UNITS
    if job["budget"] == "parameters":
        units = equal_parameter_size(job["cell"], 4 * UNITS * (task.D + UNITS + 1), task.D)
    torch.manual_seed(job["seed"])
    model = Network(job["cell"], task.D, units, task.K, task.answers)
    if "start" in job:
        model.start_at(job["start"])
    limits = {"steps": setting.steps} if job["budget"] == "parameters" else {"seconds": setting.seconds}
    if steps:
        limits = {"steps": steps}
    found = train_and_score(
        model, task.endless(job["seed"]), task.held_out, task.goal, clock=time.process_time, **limits
    )
    losses = np.asarray(found["losses"], dtype=float)
    return {
        "units": units,
        "parameters": sum(array.numel() for name, array in model.named_parameters() if "readout" not in name),
        "steps": len(losses),
        "seconds": round(float(found["seconds"]), 3),
        "score": round(float(found["score"]), 6),
        "curve": [round(float(part.mean()), 5) for part in np.array_split(losses, min(KEPT, max(1, len(losses))))],
    }


def expected(
    job: Record,
    setting: Setting,
    task: Task,
    train_and_score: Callable[..., Record],
    equal_parameter_size: Callable[[str, int, int], int],
    trial: int = 3,
) -> float:
    """How many seconds a run will take: those it is given, or a few steps made and multiplied."""
    if job["budget"] == "seconds":
        return setting.seconds
    found = run(job, setting, task, train_and_score, equal_parameter_size, steps=trial)
    return found["seconds"] / trial * setting.steps


def measure(
    setting: Setting,
    log: measuring.Log,
    tasks: dict[str, Task],
    train_and_score: Callable[..., Record],
    equal_parameter_size: Callable[[str, int, int], int],
    **chosen: Sequence[str],
) -> list[Record]:
    """All runs of a setting with the reader's functions, as ``measuring.measure`` makes them. ``chosen``: as for ``jobs``."""
    own = (train_and_score, equal_parameter_size)
    return measuring.measure(
        jobs(setting, **chosen),
        lambda job: run(job, setting, tasks[job["task"]], *own),
        log,
        lambda job: expected(job, setting, tasks[job["task"]], *own),
    )


def our_measurement() -> tuple[list[Record], str]:
    """What the authors measured with the full setting: a list of records, as ``run`` and ``jobs`` give them, and in words how."""
    found = json.loads(Path(__file__).with_name("data").joinpath("comparison.json").read_text())
    return found["records"], found["how"]


def our_other_starts() -> list[Record]:
    """The copy task at equal parameters, as the authors measured it: the default starts first, then ``STARTS``."""
    found = json.loads(Path(__file__).with_name("data").joinpath("comparison-starts.json").read_text())
    default = [run for run in our_measurement()[0] if (run["task"], run["budget"]) == ("copy", "parameters")]
    return [run for run in default if run["cell"] != "peephole"] + found["records"]


def sooner(curve: Sequence[float], steps: int, below: float) -> float:
    """The training step at which a run's averaged loss first falls below a mark; nan if it never does."""
    for place, loss in enumerate(curve, 1):
        if loss < below:
            return place * steps / len(curve)
    return math.nan


def print_steps_bought(records: Sequence[Record], names: Sequence[str] = ("adding", "copy", "digits")) -> None:
    """Print how many training steps each cell made at equal seconds, averaged over the seeds."""
    timed = [record for record in records if record["budget"] == "seconds"]
    print(f"{'training steps':20s}" + "".join(f"{task:>8s}" for task in names))
    for cell in CELLS:
        bought = [
            np.mean([run["steps"] for run in timed if (run["task"], run["cell"]) == (task, cell)]) for task in names
        ]
        print(f"{NAMES[cell]:20s}" + "".join(f"{steps:8.0f}" for steps in bought))


def print_first_below(records: Sequence[Record], mark: float) -> None:
    """Print for each cell at which step the loss of each run on the adding problem first falls below a mark."""
    for cell in CELLS:
        runs = [run for run in records if (run["task"], run["budget"], run["cell"]) == ("adding", "parameters", cell)]
        first = [sooner(run["curve"], run["steps"], mark) for run in runs]
        said = ", ".join("never" if math.isnan(step) else f"step {step:.0f}" for step in first)
        print(f"{NAMES[cell]:20s}loss first below {mark:g}: {said}")


def say_who_copies_best(setting: Setting, rows: Sequence[Record]) -> None:
    """Print which cell copies best at equal parameters in the reader's own rows, if these tell about the quick setting."""
    measured = best(rows, "copy", "parameters") if setting.label == QUICK.label else None
    if measured is None:
        print("Your table has no rows for copying with the quick setting.")
    else:
        print(f"In your table, at equal parameters, the lowest mean error of copying is that of: {NAMES[measured]}.")


def best(rows: Sequence[Record], task: str, budget: str) -> str | None:
    """The cell with the lowest mean error among the rows of ``summarise``; None if nothing of the kind was measured."""
    found = [row for row in rows if (row["task"], row["budget"]) == (task, budget) and not math.isnan(row["mean"])]
    return min(found, key=lambda row: row["mean"])["cell"] if found else None
