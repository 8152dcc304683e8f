"""Code that does nothing but fail, in every unit: no mistake is read into it, and what happened is said in words."""

import nbformat
import numpy as np
import pytest

from autograder.checking.mistakes import prepare
from autograder.checking.observation import Observation
from autograder.checking.scoring import score
from autograder.exercises import UNITS, exercises_of
from autograder.grading.cells import grade_id, is_demonstration
from autograder.grading.evaluate import explained
from autograder.grading.messages import message
from autograder.sandbox.protocol.errors import CellError

EXERCISES = [(unit, exercise) for unit in UNITS for exercise in exercises_of(unit).values()]
ALL = pytest.mark.parametrize("unit, exercise", EXERCISES, ids=[exercise.name for _, exercise in EXERCISES])
CLASS = """
import torch
class wrong(torch.nn.Module):
    def __init__(self, D, H):
        self.W = torch.nn.Parameter(torch.ones(1))
"""
STOPPED = {
    "NameError": "def wrong(*arguments):\n    return never_defined",
    "AttributeError": "def wrong(*arguments):\n    return None.shape",
    "RuntimeError": "def wrong(*arguments):\n    return torch.ones(2, 3) @ torch.ones(2, 3)",
}


def verdict_on(exercise, trace, stopped=None):
    questions = prepare(exercise, np.random.default_rng(0))
    return explained(score(questions, trace(questions.cases), 3.0), trace(questions.cases), stopped)


def assert_nothing_but(verdict, words):
    assert (verdict.points, verdict.hint_id, verdict.hint) == (0, None, None)
    assert verdict.note.startswith(words)  # where an error has a message and a line, they follow
    assert f"\n{words[0].upper()}{words[1:]}" in message("it", verdict) and "Hint" not in message("it", verdict)


@ALL
def test_a_stub_as_it_is_given_out_is_not_written_yet(course, unit, exercise):
    release = nbformat.read(course.notebook("release", unit), as_version=4)
    namespace = {}
    for cell in release.cells:
        setup = cell.cell_type == "code" and not is_demonstration(cell) and not grade_id(cell)
        if setup or grade_id(cell) == f"{exercise.name}_solution":
            exec(cell.source, namespace)
    verdict = verdict_on(exercise, lambda cases: exercise.trace(namespace[exercise.name], cases))
    assert_nothing_but(verdict, "it is not written yet")


@ALL
@pytest.mark.parametrize("error", STOPPED)
def test_code_that_always_raises_an_error_is_said_to_raise_it(unit, exercise, error):
    namespace = {}
    exec("import torch\n" + STOPPED[error], namespace)
    verdict = verdict_on(exercise, lambda cases: exercise.trace(namespace["wrong"], cases))
    a_class = isinstance(exercise.reference, type)
    assert_nothing_but(verdict, "it raised TypeError: it should be a class" if a_class else f"it raised {error}")


def test_a_class_that_forgets_what_it_inherits_is_said_to_raise_an_error():
    exercise, namespace = exercises_of("09-reading-gates")["GRUCell"], {}
    exec(CLASS, namespace)
    verdict = verdict_on(exercise, lambda cases: exercise.trace(namespace["wrong"], cases))
    assert_nothing_but(verdict, "it raised AttributeError")


@ALL
def test_a_function_that_is_not_there_is_said_to_be_missing(unit, exercise):
    def trace(cases):
        return {name: Observation(error="NoSuchFunction") for name in cases}

    assert_nothing_but(verdict_on(exercise, trace), "there is no function of that name after its cell was run")
    assert_nothing_but(
        verdict_on(exercise, trace, CellError("SyntaxError")), "its cell was stopped: it raised SyntaxError"
    )


def test_the_error_that_stopped_a_cell_is_told_with_its_message_and_its_line():
    error = CellError("NameError", "name 'npp' is not defined", 3, "a = npp.ones(2)")
    exercise = exercises_of("04-lstm")["sigmoid"]
    verdict = verdict_on(exercise, lambda cases: {name: Observation(error="NoSuchFunction") for name in cases}, error)
    assert_nothing_but(
        verdict,
        "its cell was stopped: it raised NameError: name 'npp' is not defined (line 3 of its cell: a = npp.ones(2))",
    )
