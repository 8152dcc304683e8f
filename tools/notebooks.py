"""``python -m tools.notebooks [UNIT ...]``: what the source notebooks cost to run from top to bottom: seconds and memory, against what a unit may cost."""

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell
from rich.console import Console
from rich.table import Table

from autograder.terminal import exit_code, wide_console
from autograder.workspace import NOTEBOOKS, Workspace

SECONDS, MEMORY = 60, 1000  # what a unit may take, in seconds and in MB
PEAK = "import resource\nprint(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1000)"


def run(path: Path, folder: Path) -> tuple[float, int]:
    """Run a notebook, demonstrations included. Returns (seconds, peak memory of its kernel in MB)."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.append(new_code_cell(PEAK))
    start = time.perf_counter()
    client = NotebookClient(
        notebook, timeout=600, skip_cells_with_tag="", resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    return time.perf_counter() - start, int(notebook.cells[-1].outputs[0].text)


def show(workspace: Workspace, console: Console, units: Sequence[str] = NOTEBOOKS) -> int:
    """Print a line for each unit, by default all and the pages. Returns 1 if one costs more than a unit may."""
    table = Table(title="Source notebooks, run from top to bottom", header_style="bold")
    for heading in ("unit", "seconds", f"of {SECONDS} s", "memory, MB", f"of {MEMORY} MB"):
        table.add_column(heading, justify="left" if heading == "unit" else "right", no_wrap=True)
    within = True
    for unit in units:
        seconds, memory = run(workspace.notebook("source", unit), workspace.root)
        within &= seconds < SECONDS and memory < MEMORY
        table.add_row(unit, f"{seconds:.1f}", f"{seconds / SECONDS:.0%}", f"{memory}", f"{memory / MEMORY:.0%}")
    console.print(table)
    return 0 if within else 1


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the notebooks that are named. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.notebooks", description=__doc__)
    parser.add_argument("units", metavar="UNIT", nargs="*", help=f"all by default: {', '.join(NOTEBOOKS)}")
    options = parser.parse_args(arguments)
    if unknown := set(options.units) - set(NOTEBOOKS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    return exit_code(lambda: show(Workspace.here(), wide_console(), options.units or NOTEBOOKS))


if __name__ == "__main__":
    sys.exit(main())
