"""The X-ray's pictures, held against what is recorded of the shipped reader: nobody reads right numbers off a wrong picture."""

import numpy as np
import pytest
import torch

from autograder.building import reader as building
from autograder.exercises import exercise_named
from autograder.reference import reading as reference
from course import reading
from course.data import sentences


def own(cell):
    """``look`` as in the notebook, by this class of cells."""
    return lambda sentence: building.xray(reading.shipped(cell(len(sentences.FEATURES), reading.UNITS)), sentence)


def bank(name):
    return exercise_named("GRUCell").mistakes[name].function


def test_a_picture_by_right_functions_is_their_own_and_nothing_is_said(capsys):
    marked = own(reference.GRUCell)(reading.TOLD)
    marked["z"] = marked["z"] + 1e-5  # the last digits of another machine
    seen = reading.confirmed(reading.TOLD, lambda _: marked)
    assert torch.equal(seen["z"], torch.from_numpy(marked["z"])) and seen["answers"] == sentences.ANSWERS
    assert set(seen) == {*reading.XRAY, "answers"} and capsys.readouterr().out == ""


def fails(error):
    def look(sentence):
        raise error

    return look


@pytest.mark.parametrize(
    "look, parts, said",
    [
        (
            own(bank("reset_after_product_and_bias")),
            reading.XRAY,
            "should be other numbers. Look for the mistake in GRUCell,",
        ),
        (own(bank("update_gate_sees_the_reset_state")), reading.XRAY, "mistake in GRUCell, run_with_gates or encode."),
        (
            lambda _: own(reference.GRUCell)(_) | {"influence": np.ones(22)},
            reading.XRAY,
            "do not agree: influence should be",
        ),
        (lambda _: own(reference.GRUCell)(_) | {"influence": np.ones(22)}, reading.XRAY, "mistake in word_influence."),
        (lambda _: {"kept": np.ones((3, 16))}, ("kept",), "Look for the mistake in kept_to_the_end."),
        (fails(NotImplementedError()), reading.XRAY, "One of your functions is not written yet."),
        (fails(KeyError("h")), reading.XRAY, "stopped at this sentence, with KeyError: 'h'."),
        (lambda _: None, reading.XRAY, "stopped at this sentence, with TypeError"),
    ],
)
def test_a_picture_by_wrong_functions_is_the_courses_and_it_is_said_why(look, parts, said, capsys):
    seen = reading.confirmed(reading.TOLD, look, parts)
    recorded = reading.recorded(reading.TOLD)
    assert set(seen) == {*parts, "answers"} and all(torch.equal(seen[part], recorded[part]) for part in parts)
    out = capsys.readouterr().out
    assert said in " ".join(out.split()) and "The picture below is the course's own" in " ".join(out.split())
    assert max(map(len, out.splitlines())) <= 96
