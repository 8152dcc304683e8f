"""The command `python -m autograder bench`: its arguments, and how it runs."""

import argparse
import tempfile
from pathlib import Path

UNIT = "01-rnn"
OTTER = Path(".venv-otter")  # where `make bench` installs it
PARTS = ("nbgrader", "otter", "cold", "warm", "dask", "steps", "growth")


def arguments(command):
    """Add the arguments to a parser."""
    command.add_argument("--students", metavar="N", type=whole, default=20, help="how many are in the class")
    command.add_argument("--only", metavar="PART", nargs="+", choices=PARTS, default=PARTS, help=", ".join(PARTS))
    command.add_argument(
        "--growth", metavar="N,N", type=wholes, default=[100, 300, 1000], help="the classes that show how it grows"
    )
    command.add_argument(
        "--otter", metavar="DIR", type=Path, default=OTTER, help="the environment that otter-grader is in"
    )
    command.set_defaults(run=run)


def whole(text):
    """A number of students."""
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 2:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above one")
    return value


def wholes(text):
    return [whole(part) for part in text.split(",")]


def run(options):
    """Run what was asked for and show it. Returns 1 if scores differ that must not."""
    from autograder.cli import wide_console
    from autograder.workspace import Workspace
    from tools.benchmark.show import show

    with tempfile.TemporaryDirectory(prefix="benchmark-") as folder:
        return show(Workspace.here(), Path(folder), UNIT, options, wide_console())
