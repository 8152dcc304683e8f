"""``python -m tools.notebooks [UNIT ...]``: what each notebook costs: words, lines, seconds and memory, against what a unit may cost.

Read are the release notebooks, as students see them; run are the source notebooks, from top to bottom. ``--read`` runs none.
"""

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
from autograder.workspace import NOTEBOOKS, PAGES, Workspace
from tools.budget import LINES, PROSE, WIDTH, budget_of

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


HEADINGS = {
    "unit": "",
    "prose": f"at least {PROSE:.0%}",
    "words": "",
    "longest cell": f"{LINES} lines",
    "widest line": f"{WIDTH} letters",
    "folded": "cells",
    "seconds": f"under {SECONDS}",
    "MB": f"under {MEMORY}",
}


def show(workspace: Workspace, console: Console, units: Sequence[str] = NOTEBOOKS, running: bool = True) -> int:
    """Print a line for each unit, by default all and the pages. Returns 1 if one costs more than a unit may."""
    table = Table(title="What each notebook costs", header_style="bold")
    for heading, limit in HEADINGS.items():
        table.add_column(f"{heading}\n{limit}", justify="left" if heading == "unit" else "right", no_wrap=True)
    exceeded = []
    for unit in units:
        budget = budget_of(nbformat.read(workspace.notebook("release", unit), as_version=4))
        row = [f"{budget.share:.0%}", budget.prose + budget.code, budget.longest, budget.widest, budget.folded]
        said = budget.excess() if unit not in PAGES else []
        if running:
            seconds, memory = run(workspace.notebook("source", unit), workspace.root)
            row += [f"{seconds:.1f}", memory]
            said += [f"it takes {seconds:.1f} seconds"] if seconds >= SECONDS else []
            said += [f"it takes {memory} MB"] if memory >= MEMORY else []
        table.add_row(unit, *map(str, row))
        exceeded += [f"{unit}: {sentence}" for sentence in said]
    console.print(table)
    for sentence in exceeded:
        console.print(sentence, markup=False)
    return 1 if exceeded else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the notebooks that are named. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.notebooks", description=__doc__)
    parser.add_argument("units", metavar="UNIT", nargs="*", help=f"all by default: {', '.join(NOTEBOOKS)}")
    parser.add_argument("--read", action="store_true", help="count words and lines only, run nothing")
    options = parser.parse_args(arguments)
    if unknown := set(options.units) - set(NOTEBOOKS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    return exit_code(lambda: show(Workspace.here(), wide_console(), options.units or NOTEBOOKS, not options.read))


if __name__ == "__main__":
    sys.exit(main())
