"""Units 01 and 02: what their texts say, what their checks catch, and that they run to the end whatever is unwritten."""

import json

import nbformat
import numpy as np
import pytest

from autograder.exercises import exercises_of
from autograder.reference import rnn
from autograder.workspace import Workspace
from course import checks, names
from course.data.names import load_names
from tests.run_all import run_all
from tests.unit_rules import check_passes, let_pass

UNITS = ("01-rnn", "02-backpropagation-through-time")
FURTHER = {
    "rnn_forward": (rnn.rnn_step,),
    "load_into_torch_rnn": (rnn.rnn_forward,),
    "rnn_step_backward": (rnn.rnn_step,),
    "rnn_backward": (rnn.rnn_forward,),
}
EXERCISES = {name: exercise for unit in UNITS for name, exercise in exercises_of(unit).items()}
# what no text warns of, and the visible checks let pass: the hidden ones find it
LET_PASS = {
    "rnn_step": {"h_clipped", "nan_for_large_positive", "nan_for_large_negative", "nan_for_all_large"},
    "rnn_forward": {"input_weights_transposed_where_square"},
    "softmax_cross_entropy": {"single_precision"},
    "rnn_step_backward": {"single_precision"},
    "rnn_backward": {"single_precision", "input_gradient_transposed_where_square"},
    "recall_loss_and_gradients": {"first_state_never_read", "parameters_by_place"},
}


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("name", EXERCISES)
def test_visible_checks_pass_right_versions_and_catch_the_bank_s_mistakes(name):
    exercise, further = EXERCISES[name], FURTHER.get(name, ())
    assert all(check_passes(name, right, *further) for right in (exercise.reference, *exercise.alternatives.values()))
    assert let_pass(name, *further) == LET_PASS.get(name, set())


def test_the_first_step_s_old_state_and_the_logarithm_of_zero_are_named():
    wrong = EXERCISES["rnn_backward"].mistakes["previous_wraps_round"].function
    with pytest.raises(checks.CheckFailed, match="h0, or states"):
        checks.rnn_backward(wrong, rnn.rnn_forward)
    zero = EXERCISES["softmax_cross_entropy"].mistakes["logarithm_of_zero"].function
    with np.errstate(all="ignore"), pytest.raises(checks.CheckFailed, match="take log p from the scores, not from p"):
        checks.softmax_cross_entropy(zero)


def test_the_names_are_as_many_as_the_text_says_and_new():
    known = load_names("training")
    assert len(known) == 4642 and not {name.lower() for name in names.make_up()} & {*known}


def test_the_larger_network_flips_as_the_text_says():
    rng = np.random.default_rng(3)
    W, U = rng.normal(size=(12, 1)), rng.normal(size=(12, 12)) / np.sqrt(12)
    pulse = np.zeros((24, 1, 1))
    pulse[0] = 1
    states = rnn.rnn_forward(pulse, np.zeros((1, 12)), W, U, np.zeros(12))[:, 0]
    largest = max(np.linalg.eigvals(U), key=abs)
    assert round(largest.real, 2) == -1.16 and largest.imag == 0
    assert [int(n) for n in np.flatnonzero(np.abs(states[-1]) < 0.1)] == [0]
    assert (states[-1] * states[-2] < 0).all()


def test_recorded_accuracies_are_those_that_the_explanations_name():
    recorded = Workspace.here().root / "course/recorded" / UNITS[1] / "figures.json"
    [text] = [kept["text"] for kept in json.loads(recorded.read_text()).values() if "gentle" in kept["text"]]
    rows = [line for line in text.splitlines() if "delay" in line]
    right = {place: int(rows[place].split("right")[1].split("%")[0]) for place in range(len(rows))}
    assert right[2] >= 95 and 40 <= right[3] <= 65 and right[5] <= 35  # every symbol: 8, 12, 20
    assert right[7] >= 80 and right[8] <= 35  # the first one: 20, 50
    assert rows[11].count("100%") >= 3  # the gentle start at 50


@pytest.mark.long
@pytest.mark.parametrize("unit, unwritten", [(unit, name) for unit in UNITS for name in ("", *exercises_of(unit))])
def test_run_all_reaches_the_end(course, unit, unwritten):
    run_all(nbformat.read(course.notebook("source", unit), as_version=4), unwritten or ())
