"""The visible checks of units 04 and 06 pass every right version, and catch what the texts warn of."""

import pytest

from autograder.exercises import UNITS, exercise_named
from autograder.reference import lstm
from course import checks
from course.checks import CheckFailed
from tests.unit_rules import let_pass

NEEDS = {
    "lstm_forward": "lstm_step",
    "load_into_torch_lstm": "lstm_forward",
    "lstm_step_backward": "lstm_step",
    "lstm_backward": "lstm_forward",
    "peephole_lstm_step_backward": "peephole_lstm_step",
}
pytestmark = pytest.mark.filterwarnings("ignore")  # some versions divide by 0, or copy tensors

NAMES = ("sigmoid", "lstm_step", "cell_path_gain", "init_forget_bias", *NEEDS)
# what a visible check cannot see, or is left to the hidden ones; at most this many mistakes of each bank
LET_PASS = {"lstm_step": 5, "cell_path_gain": 5, "init_forget_bias": 5}


def further(name):
    return [getattr(lstm, NEEDS[name])] if name in NEEDS else []


def checked(name, function):
    getattr(checks, name)(function, *further(name))


def test_these_are_the_exercises_of_the_two_units():
    assert set(NAMES) <= {*UNITS["04-lstm"], *UNITS["06-lstm-backwards"]}


@pytest.mark.parametrize("name", NAMES)
def test_right_versions_pass(name):
    for function in (exercise_named(name).reference, *exercise_named(name).alternatives.values()):
        checked(name, function)


@pytest.mark.parametrize("name", NAMES)
def test_nearly_all_common_mistakes_are_caught(name):
    passed = let_pass(name, *further(name))
    assert len(passed) <= LET_PASS.get(name, 4), passed


def test_a_bias_put_into_the_callers_dict_is_said():
    def wrong(params, bias):
        params["b_f"] = 0 * params["b_f"] + bias
        return params

    with pytest.raises(CheckFailed, match="changed the dict of its caller"):
        checked("init_forget_bias", wrong)


def test_torchs_order_is_said_block_by_block():
    def wrong(params):
        made = lstm.load_into_torch_lstm(params)
        exchanged = params | {"W_xc": params["W_xo"], "W_xo": params["W_xc"]}
        made.load_state_dict(lstm.load_into_torch_lstm(exchanged).state_dict())
        return made

    with pytest.raises(CheckFailed, match="block 3 of 4 in weight_ih_l0 should be W_xc, but yours holds W_xo"):
        checked("load_into_torch_lstm", wrong)
