"""``python -m tools.benchmark``: compares graders on one class. ``make bench`` runs it, with otter-grader if it can be installed."""

import argparse
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from autograder.terminal import exit_code, wide_console
from autograder.workspace import Workspace
from tools.benchmark.runner import show

UNIT = "01-rnn"
OTTER = Path(".venv-otter")  # where `make bench` installs it
PARTS = ("nbgrader", "otter", "cold", "warm", "dask", "steps", "growth")


def parser() -> argparse.ArgumentParser:
    """The arguments of this command."""
    command = argparse.ArgumentParser(
        prog="python -m tools.benchmark",
        description="Measure this grader, plain nbgrader and otter-grader on the same class.",
    )
    command.add_argument("--students", metavar="N", type=whole, default=20, help="how many are in the class")
    command.add_argument("--only", metavar="PART", nargs="+", choices=PARTS, default=PARTS, help=", ".join(PARTS))
    command.add_argument(
        "--growth", metavar="N,N", type=wholes, default=[100, 300, 1000], help="the classes that show how it grows"
    )
    command.add_argument(
        "--otter", metavar="DIR", type=Path, default=OTTER, help="the environment that otter-grader is in"
    )
    return command


def whole(text: str) -> int:
    """A number of students."""
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 2:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above one")
    return value


def wholes(text: str) -> list[int]:
    """Numbers of students, with commas between."""
    return [whole(part) for part in text.split(",")]


def run(options: argparse.Namespace) -> int:
    """Run what was asked for and show it. Returns 1 if scores differ that must not."""
    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        return show(Workspace.here(), Path(folder), UNIT, options, wide_console())


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the benchmark. Returns the exit code."""
    options = parser().parse_args(arguments)
    return exit_code(lambda: run(options))


if __name__ == "__main__":
    sys.exit(main())
