"""How a student's cell is judged by what it starts with and what it freezes, and readers of several cells compared."""

import numpy as np
import pytest
import torch

from autograder.checking.mistakes import prepare
from autograder.checking.scoring import score
from autograder.exercises import exercise_named
from autograder.reference import reading as reference
from course import reading
from course.data import sentences
from course.plots import reading as drawings

EXERCISE = exercise_named("GRUCell")


def verdict_on(function, seed=0):
    prepared = prepare(EXERCISE, np.random.default_rng(seed))
    return score(prepared, EXERCISE.trace(function, prepared.cases), 1.0)


@pytest.mark.parametrize("seed", range(20))
def test_a_right_cell_passes_as_one_that_starts_right_whatever_words_are_drawn(seed):
    case = {"its own weights": EXERCISE.draw(np.random.default_rng(seed))["its own weights"]}
    for cell in (EXERCISE.reference, *EXERCISE.alternatives.values()):
        found = EXERCISE.trace(cell, case)["its own weights"].value
        assert set(found["sizes"].values()) == {"1 / root of columns"} and len(found["sizes"]) == 2
        assert all(found["numbers"].values()) and found["precision"] == ["float32"]


class StartsAtAnUnknownSize(reference.GRUCell):
    """A variance that no rule gives."""

    def __init__(self, D, H):
        super().__init__(D, H)
        for name, parameter in self.named_parameters():
            if name[0] == "W":
                parameter.data *= 3


class FreezesItsCandidate(reference.GRUCell):
    def __init__(self, D, H):
        super().__init__(D, H)
        self.W_h.requires_grad = self.b_h.requires_grad = False


@pytest.mark.parametrize(
    "cell, lost",
    [
        (StartsAtAnUnknownSize, "starts with random matrices of the right size"),
        (FreezesItsCandidate, "gradients for the candidate"),
    ],
)
def test_what_no_hint_fits_gets_none_and_loses_its_own_check_alone(cell, lost):
    verdict = verdict_on(cell)
    assert verdict.hint is None and verdict.diagnosis
    assert [name for name, passed in verdict.checks.items() if not passed] == [lost]


class RepeatsARowOfItsOwnDrawing(reference.GRUCell):
    def __init__(self, D, H):
        super().__init__(D, H)
        for name, parameter in self.named_parameters():
            if name[0] in "WU":
                columns = parameter.shape[1]  # other numbers than those of the bank, and only a row of them
                parameter.data = (torch.randn(columns) / columns**0.5).repeat(H, 1)


def test_rows_that_are_alike_are_known_by_it_whatever_was_drawn():
    assert verdict_on(RepeatsARowOfItsOwnDrawing).hint_id == "GRUCell.all_rows_start_alike"


def test_a_frozen_bias_loses_the_gates_gradients_alone():
    verdict = verdict_on(EXERCISE.mistakes["b_z_frozen"].function)
    assert [name for name, passed in verdict.checks.items() if not passed] == ["gradients for the update gate"]
    assert "No gradient reaches b_z" in verdict.hint


class StartsAsGlorotAndBengio(reference.GRUCell):
    """A variance of 2 / (columns + rows): right for U, not what is asked for W."""

    def __init__(self, D, H):
        super().__init__(D, H)
        for name, parameter in self.named_parameters():
            if name[0] in "WU":
                torch.nn.init.xavier_uniform_(parameter)


class DrawsOneGateLarge(reference.GRUCell):
    def __init__(self, D, H):
        super().__init__(D, H)
        torch.nn.init.normal_(self.W_r)


class SeedsAllChance(reference.GRUCell):
    def __init__(self, D, H):
        torch.manual_seed(D)
        super().__init__(D, H)


@pytest.mark.parametrize(
    "cell, name",
    [
        (StartsAsGlorotAndBengio, "glorot"),
        (DrawsOneGateLarge, "one_W_in_another_size"),
        (SeedsAllChance, "every_cell_starts_alike"),
    ],
)
def test_the_rule_by_which_a_cell_starts_is_known_whatever_was_drawn(cell, name):
    assert verdict_on(cell).hint_id == f"GRUCell.{name}"


def test_a_function_that_shows_what_a_right_class_shows_earns_nothing():
    shown = EXERCISE.trace(EXERCISE.reference, EXERCISE.draw(np.random.default_rng(0)))
    verdict = verdict_on(lambda init, weights, inputs: shown["a batch"].value)
    assert verdict.points == 0 and not any(verdict.checks.values())
    assert "it should be a class, not a function" in verdict.diagnosis


class Impatient(torch.nn.Module):
    """A cell at which the reader of the notebook stops everything, after so many words in all."""

    left = 0

    def __init__(self):
        super().__init__()
        self.cell = reference.GRUCell(len(sentences.FEATURES), 3)

    def forward(self, x, h):
        Impatient.left -= 1
        if Impatient.left == 0:
            raise KeyboardInterrupt
        return self.cell(x, h)


def words_in(training, examples, count):
    """How many words one training of ``reading.compare`` reads, questions included."""
    return count * len(training[0]) + sum(len(x) for x, _ in examples)


@pytest.mark.parametrize(
    "stopped, complete",
    [
        (0, {"near": {"RNN": 2, "GRU": 2}, "far": {"RNN": 2, "GRU": 2}}),
        (1, {}),
        (2.5, {"near": {"RNN": 1, "GRU": 1}}),
        (4.99, {"near": {"RNN": 2, "GRU": 2}}),
        (5.01, {"near": {"RNN": 2, "GRU": 2}, "far": {"RNN": 1}}),
    ],
)
def test_stopping_a_comparison_ends_it_and_leaves_the_half_trained_out(capsys, stopped, complete):
    examples = [reading.batch(reference.encode, np.random.default_rng(0), 8)]
    one = words_in(examples[0], examples, 3)
    Impatient.left = 1 if stopped == 1 else round(stopped * one)
    practice = {"near": examples, "far": examples}
    found = reading.compare(
        lambda kind, seed: reading.Reader(Impatient(), 3), practice, examples, ("RNN", "GRU"), (0, 1), steps=3
    )
    assert {title: {kind: len(some) for kind, some in kinds.items()} for title, kinds in found.items()} == complete
    done, out = sum(sum(kinds.values()) for kinds in complete.values()), capsys.readouterr().out
    assert (f"Stopped: {done} of 8 trainings are complete and count" in out) == bool(stopped)
    assert "what was learnt is kept" not in out
    if found:
        drawn = drawings.accuracy_by_distance(found, (8,), 0.2)
        assert [ax.get_title() for ax in drawn.axes] == list(complete)
        assert [text.get_text() for text in drawn.legends[0].get_texts()] == [*complete["near"], "guessing"]
