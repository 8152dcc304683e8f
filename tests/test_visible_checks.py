"""Visible checks: a right function passes in one line; each mistake a reader can make is one sentence without traceback."""

import inspect
import linecache
import re
import textwrap

import numpy as np
import pytest

from autograder.reference import rnn as reference
from course import checks
from course.checks import comparing_gradients
from course.checks.visible import visible_check

CELL = "<ipython-input-7-checks>"
ONE_STEP = np.array([[1.0]])


def written(code, **known):
    """The names that a reader's cell with this code defines."""
    code = textwrap.dedent(code)
    linecache.cache[CELL] = (len(code), None, code.splitlines(keepends=True), CELL)
    names = {"np": np, **known}
    exec(compile(code, CELL, "exec"), names)
    return names


def said(check, *arguments):
    """What a failing check says, as it is shown, without colours."""
    with pytest.raises(checks.CheckFailed) as failed:
        check(*arguments)
    shown = "\n".join(failed.value._render_traceback_())
    assert shown.startswith("\x1b[1;31m✗\x1b[0m ")
    return re.sub(r"\s+", " ", shown.replace("\x1b[1;31m", "").replace("\x1b[0m", ""))


def test_right_functions_pass_and_the_tick_names_what_was_checked(capsys):
    checks.sigmoid(reference.sigmoid)
    checks.rnn_step(reference.rnn_step)
    checks.rnn_forward(reference.rnn_forward, reference.rnn_step)
    out, err = capsys.readouterr()
    assert out.count("✓") == 3 and out.count("Hidden checks, with fresh numbers, run at grading.") == 3 and not err
    assert "✓ rnn_step: both examples worked on paper, shapes" in out


def test_the_body_of_a_check_can_be_read():
    assert "torch.rnn_tanh_cell" in inspect.getsource(checks.rnn_step)
    assert checks.rnn_forward.__doc__ and list(inspect.signature(checks.rnn_forward).parameters)[1] == "rnn_step"


@pytest.mark.parametrize(
    "body, words",
    [
        ("raise NotImplementedError", "rnn_step is not written yet. Replace `raise NotImplementedError`"),
        ("np.tanh(x)", "the new state worked on paper should be returned, but your function returned None"),
        (
            "return x @ np.ones(7)",
            "rnn_step stopped in line 2 of its cell, `return x @ np.ones(7)`: ValueError: matmul",
        ),
        ("return nothere", "rnn_step stopped in line 2 of its cell, `return nothere`: there is no `nothere`"),
        ("return {}['W']", "it asks a dict for 'W'"),
        ("return rnn_step(x, h, W, U, b)", "rnn_step calls itself without end"),
        ("return object()", "should be an array of shape (1, 1)"),
        ("h += 1; return np.tanh(x @ W.T + (h - 1) @ U.T + b)", "changed h"),
        ("return np.tanh(x @ W.T + h @ U.T + b)[0]", "should have shape (1, 1), but yours has shape (1,)"),
        ("return np.tanh(x @ W.T) + np.tanh(h @ U.T) + b", "the new state worked on paper: expected [[0.7616]]"),
        ("return np.tanh(x @ W.T + h @ U + b)", "the first of which hears the second: expected [[0.4621, 0. ]]"),
    ],
)
def test_a_mistake_in_the_readers_own_code_is_one_sentence(body, words):
    names = written(f"def rnn_step(x, h, W, U, b):\n    {body}\n")
    assert words in said(checks.rnn_step, names["rnn_step"])


def test_shapes_that_do_not_fit_are_listed():
    names = written("def rnn_step(x, h, W, U, b):\n    return np.concatenate([x @ W.T, h])[:, :1] @ np.ones((2, 2))\n")
    assert "The shapes there: x (1, 1), W (1, 1), h (1, 1)." in said(checks.rnn_step, names["rnn_step"])


def test_the_wrong_arguments_are_named():
    names = written("def rnn_step(x, h):\n    return x\n")
    assert "Yours takes (x, h). Put the first line" in said(checks.rnn_step, names["rnn_step"])


def test_an_exercise_that_another_one_needs_is_named():
    names = written("""
        def rnn_step(x, h, W, U, b):
            raise NotImplementedError
        def rnn_forward(x, h0, W, U, b):
            return rnn_step(x[0], h0, W, U, b)
    """)
    assert "rnn_forward needs rnn_step, which is not written yet" in said(
        checks.rnn_forward, names["rnn_forward"], names["rnn_step"]
    )


def test_overflow_says_that_where_computes_both_branches():
    names = written("def sigmoid(a):\n    return np.where(a < 0, np.exp(a) / (1 + np.exp(a)), 1 / (1 + np.exp(-a)))\n")
    assert "np.where alone does not help" in said(checks.sigmoid, names["sigmoid"])


@visible_check("two results, and the entry W")
def parts(parts):
    first, second = parts()
    checks.expect(first["W"] == second.x, "differs")


@pytest.mark.parametrize(
    "returned, words",
    [
        ("None", "parts returned None"),
        ("1", "returned a single value"),
        ("(1, 2, 3)", "parts should return 2 values"),
        ("({}, 1)", "has no entry 'W'"),
        ("({'W': 1}, None)", "is None. Does it end in `return`?"),
    ],
)
def test_results_that_a_check_cannot_use_are_one_sentence(returned, words):
    assert words in said(parts, written(f"def parts():\n    return {returned}\n")["parts"])


@visible_check("a module")
def Cell(Cell):
    np.asarray(Cell()())


@pytest.mark.parametrize(
    "first, then, words",
    [
        ("pass", "self.W", "`super().__init__()`"),
        ("super().__init__()", "self.W * 2", "still hangs on its gradient"),
    ],
)
def test_mistakes_with_modules(first, then, words):
    torch = pytest.importorskip("torch")
    code = f"""
        class Cell(torch.nn.Module):
            def __init__(self):
                {first}
                self.W = torch.nn.Parameter(torch.ones(2))
            def forward(self):
                return {then}
    """
    assert words in said(Cell, written(code, torch=torch)["Cell"])


def loss(x, W, b):
    return float(np.sum((x @ W.T + b) ** 2))


@pytest.fixture
def inputs():
    rng = np.random.default_rng(0)
    return {"x": rng.normal(size=(4, 5, 3)), "W": rng.normal(size=(3, 3)), "b": rng.normal(size=3)}


@pytest.fixture
def right(inputs):
    return {
        name: checks.numeric_gradient(lambda z, name=name: loss(**{**inputs, name: z}), inputs[name]) for name in inputs
    }


def failed(seen, inputs, **options):
    with pytest.raises(checks.CheckFailed) as failure:
        checks.expect_gradients(seen, loss, inputs, **options)
    return str(failure.value)


def test_right_gradients_pass(inputs, right):
    checks.expect_gradients(right, loss, inputs)
    checks.expect_gradients(tuple(right.values()), loss, inputs)


def test_every_gradient_is_compared_and_biases_come_first(inputs, right):
    found = failed({**right, "x": right["x"] + 0.1, "b": 0 * right["b"]}, inputs)
    assert found.splitlines() == [
        "2 of 3 gradients differ from what small steps measure.",
        "  wrong: b, it is 0 everywhere",
        "  wrong: x, 60 of its 60 numbers, by up to 0.1",
        "  right: W",
        "Begin with b: it is the simplest of them.",
    ]


@pytest.mark.parametrize(
    "change, words",
    [
        (lambda g: 5 * g, "W, 5 times too large: is it divided by 5 as it should be?"),
        (lambda g: g / 5, "W, 5 times too small: is it divided by 5, or averaged?"),
        (lambda g: 3 * g, "W, 3 times too large\n"),
        (lambda g: -g, "W, it has the opposite sign"),
        (lambda g: g.T.copy(), "W, it is transposed"),
        (lambda g: np.full(g.shape, np.nan), "W, it holds nan or inf"),
    ],
)
def test_how_a_gradient_is_wrong_is_said(inputs, right, change, words):
    assert words in failed({**right, "W": change(right["W"])}, inputs, averaged_over=(5,))


@pytest.mark.parametrize(
    "steps, words", [([0], "only at step t = 0 (the first)"), ([3], "t = 3 (the last)"), ([1, 2], "t = 1, 2;")]
)
def test_the_steps_that_differ_are_named(inputs, right, steps, words):
    x = right["x"].copy()
    x[steps] += 1
    assert f"wrong: x, {'only at step ' if len(steps) == 1 and 'only' not in words else ''}" in failed(
        {**right, "x": x}, inputs
    )
    assert words in failed({**right, "x": x}, inputs)


def test_a_sentence_for_one_known_pattern(inputs, right):
    found = failed({**right, "W": right["W"] + 1}, inputs, when_only={"W": "Which state does the first step see?"})
    assert found.endswith("Which state does the first step see?")


def test_a_missing_gradient_is_named(inputs, right):
    del right["b"]
    assert failed(right, inputs) == "the gradient of b is missing from the dict that your function returns."


def test_one_number_has_no_ratio():
    assert comparing_gradients.difference(np.array(2.0), np.array(1.0)) == "1 of its 1 numbers, by up to 1"
