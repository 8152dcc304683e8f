"""Runs the parts of the benchmark one after the other, and shows each as it is done."""

import argparse
import functools
from collections.abc import Iterable, Sequence
from pathlib import Path

from rich.console import Console

from autograder.errors import UserError
from autograder.workspace import Workspace
from tools.benchmark import graders, tables
from tools.benchmark.agreement import agreements, maximum
from tools.benchmark.breakdown import measured_steps
from tools.benchmark.graders import Outcome
from tools.benchmark.otter import NAME as OTTER
from tools.benchmark.otter import otter
from tools.benchmark.sample_class import Submission, benchmark_class

PREFACE = """\
{count} students of {unit}: every other one has all right, the others one mistake each. No two notebooks are alike, and each
prints a line of its own when it is run. Who has this line in the graded notebook was run; of otter-grader's, which keeps
no notebook, the results files are counted. plain nbgrader: its defaults, one at a time. otter-grader: `otter run`, a process
a submission, two at a time. Ours: two at a time, a new gradebook each; Dask's scheduler and workers are up already.
"""


def show(workspace: Workspace, folder: Path, unit: str, options: argparse.Namespace, console: Console) -> int:
    """Run and print the parts that ``options`` names. Returns 1 if something of ours fails or scores are wrong, else 0."""
    submissions = list(benchmark_class(workspace, unit, options.students))
    console.print(PREFACE.format(count=len(submissions), unit=unit), highlight=False, soft_wrap=True)
    outcomes, absent = compared(workspace, folder, unit, submissions, options, console)
    wrong = agreements(submissions, outcomes, maximum(workspace, unit))
    if outcomes or absent:
        console.print(tables.graders(outcomes, absent, wrong))
    for way, why in absent.items():
        console.print(f"{way} was not run: {why}", markup=False, highlight=False, soft_wrap=True)
    if "steps" in options.only:
        with console.status("where the time goes"):
            found = measured_steps(workspace, folder / "steps", unit, submissions)
        console.print(tables.steps(found))
    if "growth" in options.only:
        grow(workspace, folder / "growth", unit, options.growth, console, tables.plain_of(outcomes))
    return 1 if any(wrong.values()) or set(absent) - {OTTER} else 0


def compared(
    workspace: Workspace,
    folder: Path,
    unit: str,
    submissions: Sequence[Submission],
    options: argparse.Namespace,
    console: Console,
) -> tuple[list[Outcome], dict[str, str]]:
    """The outcomes of the ways that were asked for, and way -> why for those that could not be run."""
    every = {
        "nbgrader": (graders.PLAIN, graders.plain),
        "otter": (OTTER, functools.partial(otter, home=options.otter)),
        "cold": ("ours, cold", functools.partial(graders.ours, way="cold")),
        "warm": ("ours, warm", functools.partial(graders.ours, way="warm")),
        "dask": ("ours, 2 Dask workers", graders.on_dask),
    }
    outcomes, absent = [], {}
    for part, (name, way) in every.items():
        if part in options.only:
            with console.status(name):
                try:
                    outcomes.append(way(workspace, folder / part, unit, submissions))
                except UserError as problem:
                    absent[name] = str(problem)
    return outcomes, absent


def grow(
    workspace: Workspace, folder: Path, unit: str, counts: Iterable[int], console: Console, plain: Outcome | None = None
) -> None:
    """Grade larger and larger classes, and print a line for each."""
    table, line = tables.growth(plain)
    for count in counts:
        with console.status(f"growth: {count} submissions"):
            submissions = benchmark_class(workspace, unit, count)
            table.add_row(*line(graders.ours(workspace, folder / str(count), unit, submissions, "warm", children=True)))
    console.print(table)
