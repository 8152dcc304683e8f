"""The students of the demonstration, each named by what they did. Tests grade the same class."""

import ast
import copy
import inspect
import json
import re
import textwrap

import nbformat
from nbformat.v4 import new_code_cell

from autograder.demo import tricks
from autograder.exercises import exercises_of
from autograder.grading.cells import grade_id, is_solution, is_test

DIFFERENTLY = {
    "sigmoid": "by_tanh",
    "rnn_step": "by_einsum",
    "rnn_forward": "by_list",
    "softmax_cross_entropy": "by_one_hot",
    "rnn_step_backward": "by_loop",
    "rnn_backward": "all_slopes_first",
    "load_into_torch_rnn": "by_state_dict",
    "recall_loss_and_gradients": "by_einsum",
}
MISTAKES = (
    "sigmoid.overflows",
    "rnn_step.bias_forgotten",
    "rnn_step.squashed_separately",
    "rnn_forward.not_carried",
    "softmax_cross_entropy.wrong_axis",
    "rnn_step_backward.slope_not_squared",
    "rnn_backward.forwards",
)


def as_student_code(function, name):
    """One of our functions as a student would have written it: under the exercise's name, without our docstring."""
    source = textwrap.dedent(inspect.getsource(function))
    [node] = ast.parse(source).body
    lines = source.splitlines()
    if ast.get_docstring(node):
        del lines[node.body[0].lineno - 1 : node.body[0].end_lineno]
    source = re.sub(rf"^def {function.__name__}\(", f"def {name}(", "\n".join(lines))
    return re.sub(r"\brnn\.(\w+\()", r"\1", source)


def with_solutions(release, solutions):
    """The release notebook with these functions filled in, a dict from exercise to code."""
    notebook = copy.deepcopy(release)
    for cell in notebook.cells:
        name = (grade_id(cell) or "").removesuffix("_solution")
        if is_solution(cell) and name in solutions:
            cell.source = solutions[name]
    return notebook


def class_of(workspace, unit):
    """The whole class: a dict from name to a function that hands in, into a given folder."""
    release = nbformat.read(workspace.notebook("release", unit), as_version=4)
    file = workspace.notebook("release", unit).name
    exercises = exercises_of(unit)
    right = {name: as_student_code(exercise.reference, name) for name, exercise in exercises.items()}

    def submit(notebook):
        return lambda folder: (folder / file).write_text(json.dumps(notebook), encoding="utf-8")

    def extra(notebook, *sources):
        notebook = copy.deepcopy(notebook)
        notebook.cells[2:2] = [new_code_cell(source) for source in sources]
        return notebook

    perfect = with_solutions(release, right)
    first = next(iter(right))
    one_done = with_solutions(release, {first: right[first]})
    students = {
        "perfect": submit(perfect),
        "written_differently": submit(
            with_solutions(
                release,
                {
                    name: as_student_code(next(f for f in exercises[name].alternatives if f.__name__ == how), name)
                    for name, how in DIFFERENTLY.items()
                },
            )
        ),
        "untouched": submit(release),
        "half_done": submit(with_solutions(release, dict(list(right.items())[:4]))),
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
    for mistake in MISTAKES:
        name, _, how = mistake.partition(".")
        wrong = next(f for f in exercises[name].misconceptions if f.__name__ == how)
        students[mistake.replace(".", "_")] = submit(
            with_solutions(release, right | {name: as_student_code(wrong, name)})
        )
    for name, change in tricks.CHEATS.items():
        students[name] = submit(change(one_done, extra))
    return students
