"""What is peculiar to unit 04: candidates that readers test, examples judged by their properties, drawings."""

import numpy as np
import pytest
from autograder.exercises.gru import catching, judged
from autograder.exercises.gru.misconceptions.catching import GOOD, compared
from matplotlib.figure import Figure

from autograder.reference import gru, gru_notations
from autograder.sandbox.protocol import wire
from course import plots
from course.plots import gru as drawings

WRONG = [name for family in catching.FAMILIES for name in catching.IN_FAMILY[family]]


def test_readers_see_neutral_names_in_an_order_of_the_day():
    first, second = (list(catching.draw_candidates(np.random.default_rng(seed))) for seed in (0, 1))
    assert sorted(first) == sorted(second) == sorted(catching.CANDIDATES)
    assert first != second
    assert all(name.startswith("candidate_") for name in first)


def test_candidates_cross_the_wall_as_names_only():
    cases = catching.draw_candidates(np.random.default_rng(0))
    assert {wire.pack(case.args)["tuple"][0]["named"] for case in cases.values()} == set(catching.CANDIDATES)


@pytest.mark.parametrize("name", catching.CANDIDATES)
def test_no_candidate_changes_its_arguments(name):
    for x, h, params in GOOD:
        before = [x.copy(), h.copy(), *(array.copy() for array in params.values())]
        try:
            catching.CANDIDATES[name](x, h, params)
        except ValueError:
            continue
        after = [x, h, *params.values()]
        assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_as_the_notebook_says_more_than_half_pass_with_zero_state_and_zero_biases():
    x, h, params = GOOD[1]
    inputs = [(x, 0 * h, params | {name: 0 * array for name, array in params.items() if name[0] == "b"})]
    passing = [name for name in WRONG if not compared(catching.CANDIDATES[name], inputs)]
    assert len(WRONG) > 35
    assert len(passing) > len(WRONG) / 2


@pytest.mark.parametrize("answer", [1, 0.0, "True", None, np.array([True]), wire.Opaque("thing")])
def test_only_true_and_false_are_answers(answer):
    with pytest.raises(TypeError):
        catching.view_answer(answer)


def test_a_counterexample_that_is_none_has_no_property():
    (x, h, params), good = gru_notations.reset_order_counterexample()
    broken = [
        None,
        "text",
        (x, h),
        (x, h, {}),
        (x, h[:, :1], params),
        (x, h * np.nan, params),
        (x, h, params | {"U_h": np.zeros((3, 3))}),
        (np.zeros((0, 1)), np.zeros((0, 2)), params),
    ]
    for example in broken:
        seen = judged.view_counterexample((example, good))
        assert not any(seen["first"].values())
        assert seen["second"]["agrees"] and seen["second"]["reset matters"]


def test_numbers_out_of_all_proportion_are_no_counterexample():
    (x, h, params), good = gru_notations.reset_order_counterexample()
    seen = judged.view_counterexample(((x, 1e308 * h, params), good))
    assert not seen["first"]["in range"]


def test_the_flow_is_the_cell():
    """The two-unit picture computes its numbers by itself: they are those of ``gru_step`` with the same gates."""
    h, from_x, U = np.array([0.8, -0.6]), np.array([0.2, -0.3]), np.array([[0.3, 1.2], [-1.5, 0.4]])
    z, r = np.array([0.3, 0.7]), np.array([0.9, 0.4])
    none, logit = np.zeros((2, 1)), lambda p: np.log(p / (1 - p))
    params = {f"W_{gate}": none for gate in "zrh"} | {"U_z": 0 * U, "U_r": 0 * U, "U_h": U}
    params |= {"b_z": logit(z), "b_r": logit(r), "b_h": from_x}
    drawn = drawings.gate_flow(h, from_x, U, z, r)
    written = {text.get_text() for ax in drawn.axes for text in ax.texts}
    for value in gru.gru_step(np.zeros((1, 1)), h[None], params)[0]:
        assert f"{value:+.2f}" in written


def test_every_drawing_is_a_figure():
    assert all(isinstance(plots.draw_cell(cell), Figure) for cell in drawings.CELLS.values())
    for extreme in (0.0, 1.0):
        gates = np.full(2, extreme)
        assert isinstance(drawings.gate_flow(np.ones(2), np.zeros(2), np.eye(2), gates, gates), Figure)
    assert isinstance(drawings.gradient_paths({"copy": 0.0, "gate": 0.5}, 0.5), Figure)
    assert isinstance(drawings.counted({"rnn": 18}, "title"), Figure)
    assert isinstance(drawings.trajectories({"state": np.zeros(3)}, "title"), Figure)
    assert isinstance(drawings.gates_around(np.full((6, 3), 0.5), before=2), Figure)
