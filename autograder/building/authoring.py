"""From a percent-format text notebook to the source notebook, with every solution inlined from the references."""

import ast
import importlib
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import jupytext
from nbformat import NotebookNode
from nbformat.v4 import new_notebook

from autograder.building.function_source import add_solution_markers, source_of
from autograder.errors import UserError
from autograder.exercises import exercises_of
from autograder.grading.cells import DEMONSTRATION
from autograder.workspace import PAGES

Seen = dict[str, tuple[str, str, str]]  # grade_id -> the exercise, "solution" or "grade", and where the cell stands

KEYS = {"grade_id", "points", "solution", "grade", "setup", "folded"}
GOES_ON = "raises-exception"  # Run All goes on after an error in such a cell
IMPORT = re.compile(r"from (autograder\.reference\.\w+) import (\w+)")
HIDDEN = """
### BEGIN HIDDEN TESTS
from autograder.grading.verifying import verify
verify({unit!r}, {name!r}, {name})
### END HIDDEN TESTS"""


def source_notebook(path: Path, unit: str) -> NotebookNode:
    """The source notebook of a unit, solutions and hidden tests in place; or of a page, which has none.

    Args:
        path: the text notebook. unit: its folder's name.

    Raises:
        UserError: naming file, cell and remedy, for any mistake of the author's.
    """
    try:
        cells = jupytext.reads(path.read_text(encoding="utf-8"), fmt="py:percent").cells
    except (OSError, UnicodeDecodeError) as error:
        raise UserError(f"{path} could not be read: {error}") from error
    exercises, seen = {} if unit in PAGES else exercises_of(unit), {}
    for number, cell in enumerate(cells):
        where = f"{path}, cell {number + 1} ({_first_line(cell)})"
        if unit in PAGES and (KEYS - {"setup", "folded"}) & set(cell.metadata):
            raise UserError(
                f"{where}: {unit} is a page, and pages are not graded. Take grade_id, grade, solution and points off the "
                "cell, or make the page a unit, in autograder/exercises."
            )
        _finish(cell, number, where, unit, exercises, seen)
    _complain_about_missing(path, exercises, seen)
    metadata = {
        "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
    }
    return new_notebook(cells=cells, metadata=metadata)


def _first_line(cell: NotebookNode) -> str:
    return (cell.source.strip().splitlines() or ["empty"])[0][:60]


def _finish(cell: NotebookNode, number: int, where: str, unit: str, exercises: Mapping[str, Any], seen: Seen) -> None:
    """Fill one cell up: full metadata, stable id, inlined solution, hidden test."""
    given = {key: value for key, value in cell.metadata.items() if key not in ("cell_marker", "lines_to_next_cell")}
    if unknown := set(given) - KEYS:
        raise UserError(f"{where}: unknown metadata {', '.join(sorted(unknown))}. Use only {', '.join(sorted(KEYS))}.")
    grade_id, points = given.get("grade_id"), given.get("points")
    solution, grade = given.get("solution", False), given.get("grade", False)
    cell.metadata.clear()
    if cell.cell_type == "code":
        cell.metadata["tags"] = [GOES_ON]
    if given.get("folded"):
        _fold(cell, solution, where)
    cell.id = grade_id or f"cell-{number:02d}"
    if points is not None and not grade:
        raise UserError(
            f"{where}: points on a cell without a test. Move points={points} to the test cell (grade=true)."
        )
    if not (solution or grade):
        if grade_id:
            raise UserError(
                f"{where}: grade_id without solution=true or grade=true. Add one of them, or remove the id."
            )
        if cell.cell_type == "code" and not given.get("setup"):
            cell.metadata["tags"] = [DEMONSTRATION, GOES_ON]  # neither grading nor validating needs demonstrations
        return
    if not grade_id:
        raise UserError(f'{where}: a solution or test without a name. Add grade_id="...".')
    if grade_id in seen:
        raise UserError(f"{where}: the grade_id {grade_id!r} is used twice. Give this cell a grade_id of its own.")
    if grade and not (isinstance(points, int | float) and points > 0):
        raise UserError(f"{where}: a graded cell without points. Add points=... (more than 0).")
    name = grade_id
    if cell.cell_type == "code" and solution:
        name, cell.source = inlined(cell.source, where)
    elif cell.cell_type == "code":
        if grade_id not in exercises:
            raise UserError(
                f"{where}: there are no hidden checks for {grade_id!r}. Name one of {', '.join(exercises)}, "
                f"or add an Exercise of that name to the unit's module in autograder/exercises."
            )
        _check_syntax(cell.source, where)
        cell.source += HIDDEN.format(unit=unit, name=grade_id)
    seen[grade_id] = (name, "solution" if solution and not grade else "grade", where)
    cell.metadata["nbgrader"] = {
        "grade": grade,
        "grade_id": grade_id,
        "locked": grade and not solution,
        "schema_version": 3,
        "solution": solution,
        "task": False,
    } | ({"points": points} if grade else {})


def _fold(cell: NotebookNode, solution: bool, where: str) -> None:
    """Hide a code cell's input until the reader opens it.

    Raises:
        UserError: for a cell that readers must see.
    """
    if cell.cell_type != "code" or solution:
        raise UserError(f"{where}: only code that readers need not read can be folded. Take folded=true off this cell.")
    cell.metadata["jupyter"] = {"source_hidden": True}


def _check_syntax(source: str, where: str) -> None:
    """Refuse visible checks that Python cannot read: no test of theirs would ever pass.

    Raises:
        UserError: naming the line of the cell.
    """
    try:
        ast.parse(source)
    except SyntaxError as error:
        raise UserError(
            f"{where}: line {error.lineno} of these visible checks is not Python ({error.msg}). Correct it and build again."
        ) from error


def _complain_about_missing(path: Path, exercises: Iterable[str], seen: Seen) -> None:
    tests = {grade_id for grade_id, (_, kind, _) in seen.items() if kind == "grade"}
    solutions = {name for name, kind, _ in seen.values() if kind == "solution"}
    for name, kind, where in seen.values():
        if kind == "solution" and name not in tests:
            raise UserError(
                f'{where}: a solution cell without a test. Add a cell with grade_id="{name}" grade=true points=... below.'
            )
    for name in exercises:
        if name not in tests:
            raise UserError(
                f'{path}: the exercise {name!r} has hidden checks but no test cell. Add one with grade_id="{name}".'
            )
        if name not in solutions:
            raise UserError(
                f"{path}: the test of {name!r} has no solution cell. Add one that imports it from autograder.reference."
            )


def inlined(source: str, where: str) -> tuple[str, str]:
    """The name of the function that a solution cell imports, and its source with the body between solution markers.

    Raises:
        UserError: if the cell is not one such import, or there is no such reference.
    """
    statement = IMPORT.fullmatch(source.strip())
    if not statement:
        raise UserError(
            f"{where}: a solution cell holds exactly one line, `from autograder.reference.<module> import <function>`."
        )
    module, name = statement.groups()
    try:
        reference = getattr(importlib.import_module(module), name)
    except (ImportError, AttributeError) as error:
        raise UserError(
            f"{where}: unknown reference: there is no {name} in {module}. Write it there, or mend the name."
        ) from error
    return name, add_solution_markers(source_of(reference))
