"""What a reader has done: read from the notebooks as they were saved, without running anything.

"Filled in" means that a reader's code or words stand where the stub stood. It does not mean right: what is right, the
visible checks say in part, and grading says in full.
"""

import ast
import json
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeGuard

Cell = tuple[Any, str, dict[str, Any], dict[str, Any]]  # kind, source, nbgrader's metadata, the cell itself

FOLDER = re.compile(r"(\d\d)-([\w-]+)")
NO_ANSWER = "YOUR ANSWER HERE"


@dataclass(frozen=True)
class Task:
    """One exercise, or one answer in words. ``passed``: its visible checks, when they last ran; None where none ran."""

    name: str
    points: float
    written: bool  # an answer in words
    filled: bool
    passed: bool | None


@dataclass(frozen=True)
class Unit:
    """One notebook as it was saved: its tasks, or, where it could not be read, the reason in words."""

    folder: str
    title: str
    tasks: tuple[Task, ...] = ()
    saved: float = 0.0  # seconds since 1970
    problem: str = ""
    note: str = ""

    @property
    def exercises(self) -> list[Task]:
        return [task for task in self.tasks if not task.written]

    @property
    def answers(self) -> list[Task]:
        return [task for task in self.tasks if task.written]

    @property
    def begun(self) -> bool:
        return any(task.filled for task in self.tasks)

    def points(self, condition: Callable[[Task], bool] = lambda task: True) -> float:
        """The points of those tasks for which ``condition(task)`` holds; of all by default."""
        return sum(task.points for task in self.tasks if condition(task))


def units_folder(start: str | Path = ".") -> Path:
    """The folder that holds the units: the one above this notebook's, or the one it was opened in, or its ``release``."""
    here = Path(start).resolve()
    if FOLDER.fullmatch(here.name):
        return here.parent
    return here / "release" if (here / "release").is_dir() else here


def read(folder: str | Path) -> list[Unit]:
    """Every unit in a folder, in order: a list of ``Unit``. What cannot be read is a ``Unit`` with a ``problem``.

    A folder like 01-rnn-old beside 01-rnn is taken for a copy, and left out.
    """
    try:
        found = sorted(path for path in Path(folder).iterdir() if FOLDER.fullmatch(path.name) and path.is_dir())
    except OSError:
        return []
    units = [read_unit(path) for path in found if not path.name.startswith("00-")]
    sound = {unit.folder[:2] for unit in units if not unit.problem}
    return [unit for unit in units if not unit.problem or unit.folder[:2] not in sound]


def read_unit(folder: Path) -> Unit:
    """One unit's folder as a ``Unit``; never raises for what may lie in it."""
    number, _, name = folder.name.partition("-")
    title = f"Unit {number} · {name.replace('-', ' ')}"
    path = folder / f"{name}.ipynb"
    try:
        cells, saved = cells_of(path), path.stat().st_mtime
    except FileNotFoundError:
        return Unit(folder.name, title, problem=_missing(folder, path.name))
    except OSError as error:
        return Unit(folder.name, title, problem=f"{path.name} cannot be opened ({error.strerror}).")
    except (ValueError, RecursionError):
        return Unit(
            folder.name,
            title,
            problem=f"{path.name} is damaged: it cannot be read as a notebook. Keep a copy of it, fetch a fresh "
            "notebook from where you got the course, and copy your code into it.",
        )
    tasks, note = _tasks(cells)
    if not tasks:
        return Unit(
            folder.name,
            title,
            problem=f"{path.name} has no exercises in it. Is it the course's notebook? Fetch it afresh.",
        )
    return Unit(folder.name, _title(cells) or title, tuple(tasks), saved, note=note)


def cells_of(path: Path) -> list[Cell]:
    """A notebook's cells as (kind, source, nbgrader's metadata, cell).

    Raises:
        OSError: if there is no such file, or it cannot be opened. ValueError: if it is no notebook.
    """
    notebook = json.loads(path.read_text(encoding="utf-8"))
    cells = notebook.get("cells") if isinstance(notebook, dict) else None
    if not isinstance(cells, list):
        raise ValueError("no list of cells")
    found = []
    for cell in cells:
        source, metadata = (cell.get("source"), cell.get("metadata")) if isinstance(cell, dict) else (None, None)
        source = "".join(map(str, source)) if isinstance(source, list) else source
        if not isinstance(source, str):
            raise ValueError("a cell without a source")
        nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
        found.append((cell.get("cell_type"), source, nbgrader if isinstance(nbgrader, dict) else {}, cell))
    return found


def _missing(folder: Path, name: str) -> str:
    others = sorted(path.name for path in folder.glob("*.ipynb"))
    for other in others:
        if name.startswith(f"{Path(other).stem}-"):
            own = f"{folder.name[:3]}{Path(other).stem}"
            return f"{other} belongs in a folder called {own}. If this one is yours, rename the folder {folder.name} to {own}."
    if others:
        return (
            f"There is no {name}, but there is {others[0]}. If that is yours, rename it to {name}: right-click, Rename."
        )
    return f"There is no {name} in this folder. Upload yours, or fetch a fresh one from where you got the course."


def _title(cells: Iterable[Cell]) -> str:
    for _, source, _, _ in cells:
        if found := re.match(r"#\s+(.+)", source.lstrip()):
            return found[1].strip()
    return ""


def _tasks(cells: Iterable[Cell]) -> tuple[list[Task], str]:
    """The tasks of a notebook in order, and a note on what is missing from it."""
    solutions, tasks, gone = {}, {}, []
    for _, source, nbgrader, _ in cells:
        if nbgrader.get("solution") and not nbgrader.get("grade"):
            solutions.setdefault(str(nbgrader.get("grade_id")), source)
    for kind, source, nbgrader, cell in cells:
        name, points = str(nbgrader.get("grade_id")), nbgrader.get("points")
        if not nbgrader.get("grade") or name in tasks or not _is_size(points):
            continue
        if nbgrader.get("solution"):
            tasks[name] = Task(name, points, True, answered(source), None)
        elif kind == "code":
            code = solutions.get(f"{name}_solution")
            if code is None:
                gone.append(name)
            filled = code is not None and filled_in(code)
            tasks[name] = Task(name, points, False, filled, passed(cell) if filled else None)
    note = (
        f"The cell for {gone[0]} is gone: copy it from a fresh notebook, its place is above its checks." if gone else ""
    )
    return list(tasks.values()), note


def _is_size(points: object) -> TypeGuard[float]:
    return isinstance(points, int | float) and 0 < points < 1e6


def answered(text: str) -> bool:
    """Whether an answer in words was given."""
    return bool(text.replace(NO_ANSWER, "").strip())


def filled_in(code: str) -> bool:
    """Whether code stands where the stub stood. Code that Python cannot read counts: somebody wrote it."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return not re.search(r"^\s*raise NotImplementedError", code, re.MULTILINE)
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    if not functions:
        return bool(tree.body) and not any(map(_is_stub, tree.body))
    return any(_does_something(function) for function in functions) and not any(map(_ends_in_stub, functions))


def _is_stub(statement: ast.stmt) -> bool:
    raised = statement.exc if isinstance(statement, ast.Raise) else None
    raised = raised.func if isinstance(raised, ast.Call) else raised
    return isinstance(raised, ast.Name) and raised.id == "NotImplementedError"


def _ends_in_stub(function: ast.FunctionDef) -> bool:
    """Whether the stub's line is still reached: a ``raise NotImplementedError`` with no return before it."""
    for statement in function.body:
        if isinstance(statement, ast.Return):
            return False
        if _is_stub(statement):
            return True
    return False


def _does_something(function: ast.FunctionDef) -> bool:
    return any(
        not isinstance(statement, ast.Pass)
        and not (isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant))
        for statement in function.body
    )


def passed(cell: dict[str, Any]) -> bool | None:
    """Whether a test cell ran without an error when it last ran; None if it has not run since it was cleared."""
    outputs = cell.get("outputs")
    outputs = outputs if isinstance(outputs, list) else []
    if any(isinstance(output, dict) and output.get("output_type") == "error" for output in outputs):
        return False
    return True if cell.get("execution_count") is not None else None
