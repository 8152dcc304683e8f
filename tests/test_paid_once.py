"""A mistake is paid for once: whatever earlier exercise a solution calls, it is judged with a correct one, too."""

import nbformat
import pytest

from autograder.demo import hand_in
from autograder.grading.grade import grade
from tests.conftest import QUICK, UNIT

BLANK = "def {name}(*args):\n    raise NotImplementedError"


@pytest.fixture
def graded(workspace):
    """A function from changed solutions to the exercises' entries; all others are right."""

    def function(**changed):
        hand_in(workspace, UNIT, ["perfect"])
        path = workspace.notebook("submitted", UNIT, "perfect")
        notebook = nbformat.read(path, as_version=4)
        for cell in notebook.cells:
            name = cell.id.removesuffix("_solution")
            if cell.id.endswith("_solution") and name in changed:
                cell.source = changed[name]
        nbformat.write(notebook, path)
        return grade(workspace, UNIT, limits=QUICK)["students"]["perfect"]["exercises"]

    return function


def points(entry):
    return entry["points"] / entry["maximum"]


USES_SIGMOID = """
def rnn_step(x, h, W, U, b):
    a = 2 * (x @ W.T + h @ U.T + b)
    return 2 * sigmoid(a) - 1
"""


def test_any_earlier_exercise_may_be_called(graded):
    """tanh by sigmoid is right, and no list says that anybody would do that."""
    found = graded(sigmoid="def sigmoid(a):\n    return a", rnn_step=USES_SIGMOID)
    assert points(found["sigmoid"]) < 1 and points(found["rnn_step"]) == 1
    assert found["rnn_step"]["note"].startswith("right, given your sigmoid: it was called with a correct sigmoid")


def test_only_those_that_were_called_are_named(graded):
    found = graded(
        sigmoid="def sigmoid(a):\n    return a",
        rnn_step=USES_SIGMOID,
        softmax_cross_entropy=BLANK.format(name="softmax_cross_entropy"),
    )
    assert "softmax" not in found["rnn_forward"]["note"] and points(found["rnn_forward"]) == 1


def test_written_code_that_calls_a_blank_one_is_never_told_that_it_is_not_written(graded):
    broken = "def rnn_forward(x, h0, W, U, b):\n    rnn_step(x[0], h0, W, U, b)\n    return [][0]"
    found = graded(rnn_step=BLANK.format(name="rnn_step"), rnn_forward=broken)
    assert found["rnn_step"]["note"] == "it is not written yet"
    assert points(found["rnn_forward"]) == 0 and "not written" not in found["rnn_forward"]["note"]
    assert "IndexError" in found["rnn_forward"]["note"]


def test_what_calls_nothing_is_judged_by_itself(graded):
    found = graded(sigmoid="def sigmoid(a):\n    return a", rnn_step=BLANK.format(name="rnn_step"))
    assert found["rnn_step"]["note"] == "it is not written yet"
