"""What is peculiar to unit 05: visible checks that catch what the text warns of, drawings, Run All with exercises unwritten."""

import nbformat
import numpy as np
import pytest

from autograder.exercises import exercises_of
from autograder.reference import lstm
from course import checks
from course.plots import lstm_notations as drawings
from course.timers import Timed
from tests.run_all import run_all
from tests.unit_rules import let_pass

UNIT = "05-lstm-notations"
NEEDED = {
    "peephole_lstm_step": (lstm.lstm_step,),
    "lstm_from_gamma": (lstm.lstm_step,),
    "mended_gamma_step": (lstm.lstm_from_gamma, lstm.lstm_step),
}
HIDDEN_ONLY = ("nan_for_", "input_weights_transposed_where_square")  # large numbers, as many inputs as neurons


@pytest.mark.parametrize("name", exercises_of(UNIT))
def test_visible_checks_catch_all_but_rare_mistakes_and_pass_right_versions(name):
    exercise, check, needed = exercises_of(UNIT)[name], getattr(checks, name), NEEDED.get(name, ())
    for right in (exercise.reference, *exercise.alternatives.values()):
        check(right, *needed)
    assert all(called.startswith(HIDDEN_ONLY) or called.endswith("_clipped") for called in let_pass(name, *needed)), (
        name
    )


def test_every_drawing_has_a_description():
    sequence = np.array([1.0, 0.0, 1.0])
    kinds = ("plain", "with peepholes")
    timed = Timed({kind: [0.1, 0.002] for kind in kinds}, sequence, 1 - sequence, dict.fromkeys(kinds, sequence / 2))
    assert "0.100, 0.002" in drawings.timing(timed).alt
    assert drawings.timing(None) is None
    assert drawings.peepholes().alt and drawings.both_forms().alt


@pytest.mark.long
@pytest.mark.parametrize("unwritten", ["", *exercises_of(UNIT)])
def test_run_all_reaches_the_end(course, unwritten):
    run_all(nbformat.read(course.notebook("source", UNIT), as_version=4), unwritten or ())
