"""The student package: data, checks that speak, training that can be stopped, drawings, widgets."""

import ast

import ipywidgets
import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

from course import checks, data, plots, training, widgets
from course.predictions import Prediction
from tests.conftest import ROOT


def test_course_never_imports_the_instructors_side():
    for path in (ROOT / "course").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert not any(name.split(".")[0] == "autograder" for name in names), path


def test_delayed_recall_asks_for_the_symbol_seen_k_steps_ago():
    x, targets = data.delayed_recall(np.random.default_rng(0), 7, 3, 4, 2)
    assert x.shape == (7, 3, 4) and targets.shape == (5, 3)
    assert np.array_equal(x.argmax(axis=-1)[:5], targets) and np.array_equal(x.sum(axis=-1), np.ones((7, 3)))


@pytest.mark.parametrize("sizes", [(0, 1, 2, 0), (3, 0, 2, 0), (3, 1, 1, 0), (3, 1, 2, 3), (3, 1, 2, -1)])
def test_impossible_tasks_are_refused_in_words(sizes):
    with pytest.raises(ValueError, match="delay"):
        data.delayed_recall(np.random.default_rng(0), *sizes)


def test_numeric_gradient_is_right_and_leaves_its_input():
    x = np.array([[1.0, -2.0], [0.5, 3.0]])
    assert np.allclose(checks.numeric_gradient(lambda z: np.sum(z**3), x), 3 * x**2, atol=1e-7)
    assert x[0, 1] == -2.0


@pytest.mark.parametrize(
    "check, words",
    [
        (
            lambda: checks.expect_close(np.ones(2), [1.0, 2.0], "the state"),
            ["the state", "expected [1., 2.]", "saw [1., 1.]"],
        ),
        (lambda: checks.expect_close(np.ones((2, 1)), [1.0, 2.0], "the state"), ["shape (2,)", "shape (2, 1)"]),
        (lambda: checks.expect_close(None, [1.0], "the state"), ["returned None"]),
        (lambda: checks.expect_close(np.array(["a"]), [1.0], "the state"), ["should be numbers"]),
        (lambda: checks.expect_shape([1, 2], (2,), "the state"), ["should be an array", "[1, 2]"]),
        (
            lambda: checks.expect_parts(None, 3, "h, z and r"),
            ["3 values (h, z and r) should be returned, but your function returned None."],
        ),
        (lambda: checks.expect_parts((1, 2), 3, "h, z and r"), ["but your function returned 2."]),
        (lambda: checks.expect_parts(np.zeros(3), 3, "h, z and r"), ["returned [0., 0., 0.] (shape (3,))."]),
        (
            lambda: checks.expect_close(torch.ones(2, requires_grad=True) * 2, [1.0, 2.0], "the state"),
            ["expected [1., 2.]", "saw [2., 2.]"],
        ),
        (lambda: checks.expect_close(np.array([np.nan]), [1.0], "the state"), ["the state", "nan"]),
        (
            lambda: checks.expect_gradient(np.zeros(2), lambda z: np.sum(z**2), np.ones(2), "your dx"),
            ["your dx", "small steps"],
        ),
        (
            lambda: checks.expect_gradients((1,), lambda a, b: 0.0, {"a": np.ones(1), "b": np.ones(1)}),
            ["return 2 values (the gradients of a, b)"],
        ),
        (
            lambda: checks.expect_gradients({"a": 1}, lambda a, b: 0.0, {"a": np.ones(1), "b": np.ones(1)}),
            ["the gradient of b is missing"],
        ),
    ],
)
def test_a_check_that_fails_says_what_was_expected_and_what_was_seen(check, words):
    with pytest.raises(checks.CheckFailed) as failed:
        check()
    for word in words:
        assert word in str(failed.value)
    lines = failed.value._render_traceback_()
    plain = [line.replace("\x1b[1;31m", "").replace("\x1b[0m", "") for line in lines]
    assert (
        " ".join(" ".join(plain).split()) == f"✗ {' '.join(str(failed.value).split())}" and max(map(len, plain)) <= 96
    )


def test_changing_an_argument_is_said_by_name():
    x = np.ones(2)
    with pytest.raises(checks.CheckFailed, match="changed x"), checks.unchanged(x=x):
        x += 1


def checked(name, body):
    """Run ``body`` as the visible check of an exercise."""

    def check(function):
        body()

    check.__name__ = name
    checks.visible_check("all")(check)(body)


def test_a_tensor_kept_with_its_gradient_is_said_in_words_and_other_errors_keep_their_message():
    kept = [torch.ones((), requires_grad=True) * 2]

    def another():
        raise RuntimeError("another")

    with pytest.raises(checks.CheckFailed, match=r"train .* Take its number with"):
        checked("train", lambda: np.array(kept))
    with pytest.raises(checks.CheckFailed, match="RuntimeError: another"):
        checked("train", another)


@pytest.mark.parametrize("change", ["x.requires_grad_()", "(x.requires_grad_() ** 2).sum().backward(); x.detach_()"])
def test_making_an_argument_gather_gradients_is_said_by_name(change):
    x = torch.ones(2)
    with pytest.raises(checks.CheckFailed, match="made x gather gradients"), checks.unchanged(x=x):
        exec(change, {"x": x})


def test_what_returns_enough_parts_and_leaves_its_arguments_passes():
    h = torch.ones(2, requires_grad=True)
    with checks.unchanged(h=h):
        checks.expect_parts((h * 2, h), 2, "twice h, and h")
        checks.expect_parts([1], 1, "a number")
    checks.expect_close(h * 2, torch.full((2,), 2.0), "twice h")


def test_the_end_of_an_exercise_says_that_hidden_checks_follow(capsys):
    def unwritten():
        raise NotImplementedError

    def overflowing():
        with checks.no_overflow():
            np.exp(np.array(1000.0))

    checked("sigmoid", lambda: None)
    assert "Hidden checks" in capsys.readouterr().out
    with pytest.raises(checks.CheckFailed, match="sigmoid is not written yet"):
        checked("sigmoid", unwritten)
    with pytest.raises(checks.CheckFailed, match="too large"):
        checked("sigmoid", overflowing)


def test_without_torch_the_comparison_steps_aside(monkeypatch, capsys):
    import sys

    monkeypatch.setitem(sys.modules, "torch", None)
    assert checks.torch_or_none() is None and "left out" in capsys.readouterr().out


def bowl(x, targets, params):
    return float(np.sum((params["w"] - 3) ** 2)), {"w": 2 * (params["w"] - 3)}


@pytest.mark.parametrize("optimiser", [training.Adam, training.SGD])
def test_training_goes_downhill_and_writes_nothing_to_stderr(capsys, optimiser):
    params = {"w": np.zeros(2)}
    losses = training.train(bowl, params, lambda step: (None, None), 400, rate=0.1, optimiser=optimiser)
    assert losses[-1] < 1e-3 < losses[0] and np.allclose(params["w"], 3, atol=0.1) and len(losses) == 400
    assert capsys.readouterr().err == ""


def test_training_can_be_stopped_and_keeps_what_it_learnt():
    def stopped(x, targets, params):
        if x == 5:
            raise KeyboardInterrupt
        return bowl(x, targets, params)

    params = {"w": np.zeros(2)}
    losses = training.train(stopped, params, lambda step: (step, None), 400)
    assert len(losses) == 5 and params["w"][0] > 0


def test_long_gradients_are_scaled_down():
    assert training.norm({"a": np.array([3.0]), "b": np.array([[4.0]])}) == 5.0


@pytest.mark.parametrize(
    "drawn",
    [
        lambda: plots.draw_cell("rnn"),
        lambda: plots.draw_cell("rnn", ("U", "h")),
        lambda: plots.squashing(3.0, bias=-1.0),
        lambda: plots.unrolled(np.zeros((4, 2)), ["a", "b", "c"], 2),
        lambda: plots.states_over_time(np.zeros((5, 3))),
        lambda: plots.training_curve([3, 2, 1], 2.5),
        lambda: plots.delays({1: [0.9, 1.0], 2: [0.5, 0.6]}, 0.25),
        lambda: plots.delays({"all": {1: [0.9], 2: [0.5]}, "first": {2: [0.6, 0.7]}}, 0.25),
        lambda: plots.gradient_norms([1.0, 0.1, 0.01]),
        lambda: plots.gradient_norms({"plain": [2.0, 0.2], "gentle": [1.0, 0.9]}),
    ],
)
def test_every_drawing_is_a_figure_that_can_be_shown_with_words(drawn):
    made = drawn()
    assert isinstance(made, Figure)
    data, metadata = plots.picture(made, 'it says "x < 1"')._repr_mimebundle_()
    assert (
        'alt="it says &quot;x &lt; 1&quot;"' in data["text/html"] and metadata["image/png"]["alt"] == 'it says "x < 1"'
    )


@pytest.mark.parametrize("cell, highlight", [("gnu", ()), ("rnn", ("Z",))])
def test_a_cell_or_part_that_does_not_exist_is_named(cell, highlight):
    with pytest.raises(ValueError, match=r"there is no drawing|has no part"):
        plots.draw_cell(cell, highlight)


def test_a_guess_is_kept_and_set_beside_what_happened(monkeypatch):
    displayed = []
    monkeypatch.setattr(widgets, "display", lambda shown, raw: displayed.append(shown))
    monkeypatch.setattr(widgets, "_asked", widgets._Asked())
    widgets.answer_without_guess()
    monkeypatch.setitem(widgets.PREDICTIONS, "which", Prediction("Which?", ("a < b", "b"), "b", "Because."))
    asked = widgets._asked.questions["which"] = widgets.Prediction("Which?", ["a < b", "b"])
    assert asked.guess is None
    widgets.reveal("which")
    asked.choice.index = 0
    assert "a &lt; b" in asked.said.value
    widgets.reveal("which")
    asked.choice.index = 1
    widgets.reveal("which")
    assert [shown["text/plain"] for shown in displayed] == [
        "What happened: b. Because.",
        "You guessed: a < b. What happened: b. Because.",
        "You guessed it: b. Because.",
    ]
    assert displayed[1]["text/html"] == "<p><b>You guessed:</b> a &lt; b. <b>What happened:</b> b. Because.</p>"


def test_a_slider_redraws_the_picture_in_place(monkeypatch):
    redrawn = []

    class Handle:
        def update(self, picture):
            redrawn.append(picture)

    monkeypatch.setattr(widgets, "display", lambda *shown, display_id=None: Handle() if display_id else None)
    box = widgets.explore(plots.squashing, "weight {weight:g}", weight=ipywidgets.FloatSlider(1.0, min=0, max=5))
    box.children[0].value = 4.0
    assert [picture.alt for picture in redrawn] == ["weight 4"] and box.children[0].description == "weight"
