"""A mistake is paid for once: whatever earlier exercise a solution calls, it is judged with a correct one, too."""

import nbformat
import pytest

from autograder.demo import hand_in
from autograder.grading.grade import grade
from tests.conftest import QUICK

UNIT = "04-lstm"  # many of its exercises call earlier ones

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
def cell_path_gain(forget, start, end):
    large = sigmoid(np.full(forget.shape[1:], 60.0))
    return np.prod(forget[start + 1 : end + 1], axis=0) * large.round()
"""


def test_any_earlier_exercise_may_be_called(graded):
    """A one by sigmoid is right, and no list says that anybody would do that."""
    found = graded(sigmoid="def sigmoid(a):\n    return a", cell_path_gain=USES_SIGMOID)
    assert points(found["sigmoid"]) < 1 and points(found["cell_path_gain"]) == 1
    assert found["cell_path_gain"]["note"].startswith("right, given your sigmoid: it was called with a correct sigmoid")


def test_only_those_that_were_called_are_named(graded):
    found = graded(
        sigmoid="def sigmoid(a):\n    return a",
        load_into_torch_lstm=BLANK.format(name="load_into_torch_lstm"),
        cell_path_gain=USES_SIGMOID,
    )
    assert "torch" not in found["cell_path_gain"]["note"] and points(found["cell_path_gain"]) == 1


def test_written_code_that_calls_a_blank_one_is_never_told_that_it_is_not_written(graded):
    broken = "def lstm_forward(x, h0, c0, params):\n    lstm_step(x[0], h0, c0, params)\n    return [][0]"
    found = graded(lstm_step=BLANK.format(name="lstm_step"), lstm_forward=broken)
    assert found["lstm_step"]["note"] == "it is not written yet"
    assert points(found["lstm_forward"]) == 0 and "not written" not in found["lstm_forward"]["note"]
    assert "IndexError" in found["lstm_forward"]["note"]


def test_what_calls_nothing_is_judged_by_itself(graded):
    found = graded(sigmoid="def sigmoid(a):\n    return a", lstm_step=BLANK.format(name="lstm_step"))
    assert found["lstm_step"]["note"] == "it is not written yet"
