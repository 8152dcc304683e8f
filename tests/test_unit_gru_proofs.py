"""Unit 08: its visible checks against known mistakes, its notebook's rules, and a run that reaches the end."""

import nbformat
import numpy as np
import pytest

from autograder.exercises import catch_wrong_gru as bank
from autograder.exercises import exercise_named
from autograder.reference import gru, gru_notations
from course import checks
from course.plots import gru_proofs
from tests.run_all import run_all
from tests.unit_rules import hints_of, let_pass, predictions_in, spoilers_in

UNIT = "08-gru-proofs"
FURTHER = {"mend_the_slide": (gru.gru_step_u_old,)}
# what only the hidden checks look at
LEFT_TO_GRADING = {
    "torch_gru_step": {"h_clipped", "input_weights_transposed_where_square"},
    "gru_step_backward": {"single_precision"},
    "mend_the_slide": {"one_matrix_where_it_fits", "moved_of_the_first_example", "apart_of_the_falls"},
}
JUDGED = ("torch_gru_step", "gru_step_backward", "load_into_torch_gru", "mend_the_slide")


def check(name, function):
    getattr(checks, name)(function, *FURTHER.get(name, ()))


@pytest.fixture(scope="module")
def notebook(course):
    return nbformat.read(course.notebook("source", UNIT), as_version=4)


@pytest.mark.parametrize("name", [*JUDGED, "reset_order_counterexample", "catch_wrong_gru"])
def test_right_code_passes(name):
    exercise = exercise_named(name)
    for function in (exercise.reference, *exercise.alternatives.values()):
        check(name, function)


@pytest.mark.parametrize("name", JUDGED)
def test_wrong_code_fails(name):
    passed = let_pass(name, *FURTHER.get(name, ()))
    assert {called for called in passed if not called.startswith("nan_for")} == LEFT_TO_GRADING.get(name, set())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda first, second: (second, second), "differ by 0.1 or more"),
        (lambda first, second: (first, first), "agree to 1e-9"),
        (lambda first, second: (first, (second[0], 0 * second[1], second[2])), "should matter"),
        (lambda first, second: ((first[0], 2 * first[1], first[2]), second), "outside"),
        (lambda first, second: first, "2 values"),
    ],
)
def test_a_counterexample_that_is_none_is_told_so(change, said):
    examples = change(*gru_notations.reset_order_counterexample())
    with pytest.raises(checks.CheckFailed, match=said):
        checks.reset_order_counterexample(lambda: examples)


def one_comparison(B, D, H, scale=1.0, state=1.0, bias=1.0):
    """A reader's test that looks at one case only."""

    def catch_wrong_gru(step):
        rng = np.random.default_rng(0)
        x, h = rng.uniform(-1, 1, (B, D)), state * rng.uniform(-1, 1, (B, H))
        shapes = {"W": (H, D), "U": (H, H), "b": (H,)}
        params = {f"{k}_{g}": scale * rng.normal(size=shape) for g in "zrh" for k, shape in shapes.items()}
        params |= {f"b_{g}": bias * params[f"b_{g}"] for g in "zrh"}
        try:
            seen = np.asarray(step(x, h, params))
        except ValueError:
            return True
        return seen.shape != h.shape or bool(np.abs(seen - gru.gru_step(x, h, params)).max() > 1e-3)

    return catch_wrong_gru


@pytest.mark.parametrize(
    ("test", "said"),
    [
        (one_comparison(3, 2, 4, state=0.0), "state differ from zero"),
        (one_comparison(3, 2, 4, bias=0.0), "biases zero"),
        (one_comparison(3, 2, 1), "several neurons"),
        (one_comparison(1, 2, 4), "several examples"),
        (one_comparison(3, 2, 4), "just one example"),
        (one_comparison(3, 2, 4), "D = H"),
        (one_comparison(3, 2, 4, scale=500.0), "NaN"),  # compares in the way that NaN slips through
        (lambda step: True, "right GRU"),
        (lambda step: None, "True or False"),
    ],
)
def test_each_warning_of_the_text_has_a_wrong_gru(test, said):
    with pytest.raises(checks.CheckFailed, match=said):
        checks.catch_wrong_gru(test)


def test_the_checks_own_right_grus_are_what_the_bank_calls_right():
    assert not any(
        gru_notations.catch_wrong_gru(bank.CANDIDATES[name]) for name in set(bank.CANDIDATES) - set(bank.ALL_WRONG)
    )


def test_every_figure_has_a_description_and_the_paths_add_up():
    backward = gru.gru_step_backward
    for made in (gru_proofs.reset_orders(), gru_proofs.cell(), gru_proofs.gradient_paths(backward)):
        assert made.alt
    alt = gru_proofs.order_differences().alt
    assert "the largest" in alt and 40 <= int(alt.split("%")[0].split()[-1]) <= 60
    sizes, total = gru_proofs.path_sizes(backward, -6.0, 0.0)
    assert sizes["1 · the copy"] > 0.95 * total
    sizes, total = gru_proofs.path_sizes(backward, 6.0, 6.0)
    assert sizes["3 · the candidate"] > 0.95 * total


def test_the_notebook_keeps_the_rules(notebook):
    assert set(hints_of(notebook).values()) == {3} and len(hints_of(notebook)) == 6
    assert predictions_in(notebook) == ["reset_order", "slide", "ways_back", "zero_state_test"]
    assert spoilers_in(notebook) == []


@pytest.mark.long
@pytest.mark.parametrize("unwritten", ["", "gru_step_backward"])
def test_run_all_reaches_the_end(notebook, unwritten):
    run_all(notebook, unwritten or ())
