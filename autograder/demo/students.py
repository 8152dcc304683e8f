"""The students of the demonstration, each named by what they did. Tests grade the same class."""

import ast
import builtins
import copy
import json
import re
import sys
from collections.abc import Callable, Collection
from pathlib import Path
from types import ModuleType

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.building.function_source import source_of, without_docstring
from autograder.checking.exercise import Exercise, Mistake
from autograder.demo import tricks
from autograder.exercises import TEXTS, exercises_of
from autograder.grading.cells import grade_id, is_solution, is_test
from autograder.workspace import Workspace

HandIn = Callable[[Path], object]  # writes a submission into a folder

DIFFERENTLY = {
    "rnn_step": "by_einsum",
    "rnn_forward": "by_list",
    "load_into_torch_rnn": "by_state_dict",
}
WRONG = {  # in unit 01, one wrong version each, as a student would write it; by the id of the hint that it gets
    "rnn_step.nan_for_all_large": (
        "def rnn_step(x, h, W, U, b):\n    a = x @ W.T + h @ U.T + b\n"
        "    return (np.exp(a) - np.exp(-a)) / (np.exp(a) + np.exp(-a))\n"
    ),
    "rnn_step.biases_forgotten": "def rnn_step(x, h, W, U, b):\n    return np.tanh(x @ W.T + h @ U.T)\n",
    "rnn_forward.state_not_carried": (
        "def rnn_forward(x, h0, W, U, b):\n    return np.stack([rnn_step(x_t, h0, W, U, b) for x_t in x])\n"
    ),
}
MISTAKES = tuple(WRONG)


def as_student_code(function: Callable, name: str) -> str:
    """One of our functions as a student would have written it: under the exercise's name, without our docstring."""
    source = without_docstring(source_of(function))
    source = re.sub(rf"^(def|class) {function.__name__}\b", rf"\1 {name}", source)
    return without_references(function, source)


def without_references(function: Callable, source: str) -> str:
    """A function's source with the references called by their bare names, as they are in a notebook."""
    modules = [
        name
        for name, value in vars(sys.modules[function.__module__]).items()
        if isinstance(value, ModuleType) and value.__name__.startswith("autograder.reference")
    ]
    return re.sub(rf"\b(?:{'|'.join(modules)})\.(?=\w+\()", "", source) if modules else source


def stands_alone(mistake: Mistake, exercise: Exercise, names: Collection[str]) -> bool:
    """Whether a wrong version can be handed in as it is: it stands in its exercise's file, and needs only what a notebook has."""
    if not exercise.wrote(mistake.function):
        return False
    nodes = list(ast.walk(ast.parse(without_references(mistake.function, source_of(mistake.function)))))
    used = [node for node in nodes if isinstance(node, ast.Name)]
    known = {"np", "torch", *vars(builtins), *(set(names) - {exercise.name})}
    known |= {node.arg for node in nodes if isinstance(node, ast.arg)}
    known |= {node.id for node in used if isinstance(node.ctx, ast.Store)}
    return {node.id for node in used} <= known


def given_in(unit: str) -> set[str]:
    """The functions that a unit's set-up cells give: those of earlier units that it goes on with."""
    [text] = (TEXTS / unit).glob("*.py")
    setups = re.findall(
        r"^# %% setup=true\n(.*?)(?=^# %%|\Z)", text.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL
    )
    return set(re.findall(r"^def (\w+)", "\n".join(setups), re.MULTILINE))


def mistakes_of(unit: str) -> dict[str, Mistake]:
    """For each exercise of a unit, one known mistake that can be handed in as it is, where there is one."""
    exercises = exercises_of(unit)
    names = {*exercises, *given_in(unit)}
    found = {
        name: next((wrong for wrong in exercise.mistakes.values() if stands_alone(wrong, exercise, names)), None)
        for name, exercise in exercises.items()
    }
    return {name: wrong for name, wrong in found.items() if wrong}


def wrong_code_of(unit: str) -> dict[str, str]:
    """By exercise of a unit, one wrong version of it as a student would write it."""
    found = {name: as_student_code(mistake.function, name) for name, mistake in mistakes_of(unit).items()}
    written = {mistake.split(".")[0]: code for mistake, code in WRONG.items()}
    return found | {name: code for name, code in written.items() if name in exercises_of(unit)}


def with_solutions(release: NotebookNode, solutions: dict[str, str]) -> NotebookNode:
    """The release notebook with these functions filled in, a dict from exercise to code."""
    notebook = copy.deepcopy(release)
    for cell in notebook.cells:
        name = (grade_id(cell) or "").removesuffix("_solution")
        if is_solution(cell) and name in solutions:
            cell.source = solutions[name]
    return notebook


def class_of(workspace: Workspace, unit: str) -> dict[str, HandIn]:
    """The whole class: a dict from name to a function that hands in, into a given folder."""
    release = nbformat.read(workspace.notebook("release", unit), as_version=4)
    file = workspace.notebook("release", unit).name
    exercises = exercises_of(unit)
    right = {name: as_student_code(exercise.reference, name) for name, exercise in exercises.items()}

    def submit(notebook: NotebookNode) -> HandIn:
        return lambda folder: (folder / file).write_text(json.dumps(notebook), encoding="utf-8")

    def extra(notebook: NotebookNode, *sources: str) -> NotebookNode:
        notebook = copy.deepcopy(notebook)
        notebook.cells[2:2] = [new_code_cell(source) for source in sources]
        return notebook

    perfect = with_solutions(release, right)
    first = next(iter(right))
    one_done = with_solutions(release, {first: right[first]})
    students = {
        "perfect": submit(perfect),
        "untouched": submit(release),
        "half_done": submit(with_solutions(release, dict(list(right.items())[: (len(right) + 1) // 2]))),
        "helper_cell_added": submit(tricks.uses_own_helper(perfect)),
        "test_cell_deleted": submit(tricks.without(perfect, is_test)),
        "test_cell_duplicated": submit(tricks.twice(perfect, is_test)),
        "test_cell_retyped": submit(tricks.retyped(perfect, is_test)),
        "broken_json": lambda folder: (folder / file).write_text('{"cells": [{"cell_type": "code", "sou'),
        "never_ends": submit(extra(perfect, "while True:\n    pass")),
        "kills_its_kernel": submit(extra(perfect, "import os\nos._exit(1)")),
        "prints_30_mb": submit(extra(perfect, "for _ in range(30):\n    print('x' * 2**20)")),
        "opens_socket": submit(extra(perfect, tricks.OPENS_SOCKET)),
        "reads_outside_its_folder": submit(extra(one_done, tricks.reads(workspace))),
        "symlink": lambda folder: (folder / file).symlink_to(workspace.notebook("source", unit)),
        "shadows_numpy": tricks.shadows_numpy(submit(one_done)),
        "updates_the_gradebook": submit(extra(one_done, tricks.updates_gradebook(workspace))),
    }
    if unit == "01-rnn":
        students["written_differently"] = submit(
            with_solutions(
                release,
                {name: as_student_code(exercises[name].alternatives[how], name) for name, how in DIFFERENTLY.items()},
            )
        )
        wrong = WRONG
    else:
        wrong = {mistake.id: as_student_code(mistake.function, name) for name, mistake in mistakes_of(unit).items()}
    for mistake, code in wrong.items():
        students[mistake.replace(".", "_")] = submit(with_solutions(release, right | {mistake.split(".")[0]: code}))
    for name, change in tricks.CHEATS.items():
        students[name] = submit(change(one_done, extra))
    return students
