"""Runs a notebook from top to bottom with exercises unwritten, as a reader who presses Run All does."""

import copy
import re
from collections.abc import Collection
from pathlib import Path

from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.grading.cells import grade_id, is_solution, is_test

SOLUTION = re.compile(r"^( *)### BEGIN SOLUTION\n.*?### END SOLUTION", re.DOTALL | re.MULTILINE)
HIDDEN = re.compile(r"\n?### BEGIN HIDDEN TESTS\n.*?### END HIDDEN TESTS", re.DOTALL)
STUB = r"\1# YOUR CODE HERE\n\1raise NotImplementedError"
ALL = "all"
Shown = dict[str, str]  # the output of a cell, as text, by the cell's id


def exercises_in(notebook: NotebookNode) -> list[str]:
    """The names of a notebook's exercises, in order."""
    return [grade_id(cell) or "" for cell in notebook.cells if is_test(cell)]


def with_unwritten(source: NotebookNode, unwritten: Collection[str] | str = ()) -> NotebookNode:
    """A source notebook as a reader has it who has written everything but these exercises (or nothing: "all")."""
    notebook = copy.deepcopy(source)
    names = exercises_in(notebook) if unwritten == ALL else [unwritten] if isinstance(unwritten, str) else unwritten
    for cell in notebook.cells:
        cell.source = HIDDEN.sub("", cell.source)
        if cell.cell_type == "code" and is_solution(cell) and (grade_id(cell) or "").removesuffix("_solution") in names:
            cell.source = SOLUTION.sub(STUB, cell.source)
    return notebook


def run_all(
    source: NotebookNode,
    unwritten: Collection[str] | str = (),
    *,
    folder: Path | None = None,
    recorded: Path | None = None,
    timeout: int = 300,
) -> Shown:
    """Execute a notebook and assert that every cell was executed and no traceback is shown.

    Args:
        source: a source notebook, solutions in place. unwritten: names of exercises, one name, or "all".
        folder: where it runs. recorded: the folder of recorded figures, if not the course's own.

    Returns:
        what each code cell showed, by the cell's id. An error begins with "error: ".
    """
    notebook = with_unwritten(source, unwritten)
    if recorded is not None:
        code = f"from pathlib import Path\nfrom course import incomplete\nincomplete.RECORDED = Path({str(recorded)!r})"
        notebook.cells.insert(0, new_code_cell(code, id="recorded-elsewhere"))
    # neither demonstrations are skipped nor errors allowed: that Run All goes on is what the cells' tags say
    resources = {"metadata": {"path": str(folder or Path.cwd())}}
    NotebookClient(notebook, timeout=timeout, skip_cells_with_tag="", resources=resources).execute()
    shown = {}
    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.source.strip():
            assert cell.execution_count is not None, f"{cell.id} was not executed: {cell.source[:200]}"
            shown[cell.id] = "\n".join(map(_text, cell.outputs))
            assert "Traceback (most recent call last)" not in shown[cell.id], f"{cell.id}: {shown[cell.id]}"
            if not unwritten:
                assert "error: " not in shown[cell.id] and "not written yet" not in shown[cell.id], shown[cell.id]
    return shown


def _text(output: NotebookNode) -> str:
    if output.output_type == "error":
        return "error: " + re.sub(r"\x1b\[[\d;]*m", "", "\n".join(output.traceback))
    return output.text if output.output_type == "stream" else output.data.get("text/plain", "")
