"""Visible checks of backpropagation through time."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course import data
from course.checks.comparing_gradients import expect_gradient, expect_gradients
from course.checks.primitives import expect, expect_close, expect_parts, no_overflow, shown, torch_or_none, unchanged
from course.checks.visible import visible_check

__all__ = ["recall_loss_and_gradients", "rnn_backward", "rnn_step_backward", "softmax_cross_entropy"]

FIVE = "the gradients of x, h, W, U and b"


@visible_check("the example worked on paper", "the gradient by small steps", "scores of 1000", "torch's loss")
def softmax_cross_entropy(softmax_cross_entropy: Callable[..., Any]) -> None:
    """Mean cross-entropy of softmax, and its gradient."""
    results = softmax_cross_entropy(np.array([[0.0, np.log(3)]]), np.array([1]))
    expect_parts(results, 2, "the loss and the gradient of the logits")
    expect_close(results[0], np.log(4 / 3), "the loss worked on paper")
    expect_close(results[1], [[0.25, -0.25]], "the gradient worked on paper")
    rng = np.random.default_rng(4)
    logits, targets = rng.normal(size=(5, 3)), rng.integers(0, 3, size=5)
    with unchanged(logits=logits, targets=targets):
        loss, dlogits = softmax_cross_entropy(logits, targets)
    if torch := torch_or_none():
        theirs = torch.nn.functional.cross_entropy(torch.tensor(logits), torch.tensor(targets))
        expect_close(loss, theirs.item(), "torch's loss for 5 examples: their mean, not their sum")
    twice = np.tile(logits, (2, 1)), np.tile(targets, 2)
    expect_close(softmax_cross_entropy(*twice)[0], loss, "the loss of every example given twice: a mean stays the same")
    expect_gradient(dlogits, lambda z: softmax_cross_entropy(z, targets)[0], logits, "your gradient of the logits")
    large = np.array([[1000.0, 0.0]])
    with no_overflow():
        loss, dlogits = softmax_cross_entropy(large, np.array([0]))
        expect_close(loss, 0.0, "the loss for the scores 1000 and 0, when the first answer is right")
        expect_close(dlogits, [[0.0, 0.0]], "its gradient")
    with np.errstate(
        over="ignore", divide="ignore", invalid="ignore"
    ):  # log(0) is a wrong answer here, not an overflow
        loss, dlogits = softmax_cross_entropy(large, np.array([1]))
    what = (
        "the loss for the scores 1000 and 0, when the second answer is right (take log p from the scores, not from p)"
    )
    expect_close(loss, 1000.0, what)
    expect_close(dlogits, [[1.0, -1.0]], "its gradient")
    rows = np.array([[1000.0, 0.0], [0.0, 0.0]])
    with np.errstate(over="ignore", divide="ignore", invalid="ignore"):
        loss, _ = softmax_cross_entropy(rows, np.array([0, 1]))
    expect_close(
        loss, np.log(2) / 2, "the loss of a row of large scores and a row of small ones: shift each by its own"
    )


@visible_check(
    "all five gradients on paper", "2 x 2 weights on paper", "shapes", "by small steps", "arguments unchanged"
)
def rnn_step_backward(rnn_step_backward: Callable[..., Any], rnn_step: Callable[..., Any]) -> None:
    """The gradients through one step of the Elman network."""
    one = np.array([[1.0]])
    worked = rnn_step_backward(4 * one, 2 * one, -one, 0.5 * one, 0.5 * one, one)
    expect_parts(worked, 5, FIVE)
    expected = {"db": [3.0], "dW": [[6.0]], "dU": [[-3.0]], "dx": [[1.5]], "dh": [[3.0]]}
    for name, place in (("db", 4), ("dW", 2), ("dU", 3), ("dx", 0), ("dh", 1)):
        expect_close(worked[place], expected[name], f"{name}, worked on paper")
    da, x = np.array([[3.0, 0.0], [1.0, 2.0]]), np.array([[2.0, 1.0], [1.0, 0.0]])
    W, nothing = np.array([[1.0, 2.0], [3.0, 4.0]]), np.zeros((2, 2))
    two = rnn_step_backward(da, x, nothing, nothing, W, nothing)
    expect_close(two[2], [[7.0, 3.0], [2.0, 0.0]], "dW of two examples, worked on paper")
    expect_close(two[0][:1], [[3.0, 6.0]], "dx of the first example, worked on paper")
    rng = np.random.default_rng(5)
    x, h = rng.normal(size=(3, 2)), rng.uniform(-1, 1, size=(3, 4))
    W, U, b = rng.normal(size=(4, 2)), rng.normal(size=(4, 4)), rng.normal(size=4)
    dh_next = rng.normal(size=(3, 4))

    def loss(x: Any, h: Any, W: Any, U: Any, b: Any) -> float:  # its gradient for the new state is dh_next
        return float(np.sum(dh_next * rnn_step(x, h, W, U, b)))

    h_next = rnn_step(x, h, W, U, b)
    with unchanged(dh_next=dh_next, x=x, h=h, h_next=h_next):
        gradients = rnn_step_backward(dh_next, x, h, h_next, W, U)
    hints = {
        "U": "da is paired with the state that went into the step, h, not with the one that came out.",
        "h": "Does da go back through U as it stands, without .T?",
    }
    expect_gradients(gradients, loss, {"x": x, "h": h, "W": W, "U": U, "b": b}, averaged_over=(3,), when_only=hints)


@visible_check("dh0 worked on paper", "all five gradients by small steps", "shapes", "arguments unchanged")
def rnn_backward(rnn_backward: Callable[..., Any], rnn_forward: Callable[..., Any]) -> None:
    """Backpropagation through time."""
    one = np.array([[1.0]])
    last_only = np.array([0.0, 0.0, 1.0]).reshape(3, 1, 1)
    worked = rnn_backward(last_only, np.zeros((3, 1, 1)), 0.5 * one, np.full((3, 1, 1), 0.5), one, one)
    expect_parts(worked, 5, FIVE.replace("h,", "h0,"))
    expect_close(worked[1], [[0.421875]], "dh0, worked on paper")
    rng = np.random.default_rng(6)
    x, h0 = rng.normal(size=(4, 2, 3)), rng.uniform(-1, 1, size=(2, 5))
    W, U, b = 0.5 * rng.normal(size=(5, 3)), 0.5 * rng.normal(size=(5, 5)), rng.normal(size=5)
    direct = rng.normal(size=(4, 2, 5))

    def loss(x: Any, h0: Any, W: Any, U: Any, b: Any) -> float:  # its direct gradient at every step is ``direct``
        return float(np.sum(direct * rnn_forward(x, h0, W, U, b)))

    states = rnn_forward(x, h0, W=W, U=U, b=b)
    with unchanged(dstates=direct, x=x, h0=h0, states=states):
        gradients = rnn_backward(direct, x, h0, states, W, U)
    summed = "The weights are the same at every step: are their gradients summed over all steps?"
    hints = {
        "U": "Which state does the very first step see: h0, or states[-1]?",
        "h0": "dh0 is what the very first step hands back.",
        "b, W, U": summed,
    }
    inputs = {"x": x, "h0": h0, "W": W, "U": U, "b": b}
    expect_gradients(gradients, loss, inputs, averaged_over=(4, 2, 8), when_only=hints)


@visible_check(
    "the loss worked on paper", "the loss of guessing", "all gradients by small steps", "arguments unchanged"
)
def recall_loss_and_gradients(recall_loss_and_gradients: Callable[..., Any]) -> None:
    """Loss and gradients of a network that must echo earlier symbols."""
    paper = {"W": [[1, -1]], "U": [[1]], "b": [0], "V": [[1], [-1]], "c": [0, 0]}
    paper = {name: np.array(value, dtype=float) for name, value in paper.items()}
    a_b_a = np.array([[[1.0, 0.0]], [[0.0, 1.0]], [[1.0, 0.0]]])
    results = recall_loss_and_gradients(a_b_a, np.array([[0], [1]]), paper)
    expect_parts(results, 2, "the loss and a dict of gradients")
    expect_close(results[0], 1.243401, "the loss worked on paper", 1e-6)
    rng = np.random.default_rng(10)
    x, targets = data.delayed_recall(rng, steps=5, batch=2, symbols=3, delay=2)
    sizes = {"W": (4, 3), "U": (4, 4), "b": (4,), "V": (3, 4), "c": (3,)}
    zeros = {name: np.zeros(size) for name, size in sizes.items()}
    guessing, _ = recall_loss_and_gradients(x, targets, zeros)
    expect_close(guessing, np.log(3), "the loss of a network of zeros, which guesses among 3 symbols: ln 3")
    params = {name: rng.normal(size=size) for name, size in sizes.items()}
    with unchanged(x=x, targets=targets, **params):
        together, gradients = recall_loss_and_gradients(x, targets, params)
    expect(isinstance(gradients, dict), f"the gradients should be a dict, but yours are {shown(gradients)}.")
    alone = [recall_loss_and_gradients(x[:, n : n + 1], targets[:, n : n + 1], params)[0] for n in range(2)]
    what = (
        "the loss of two examples, which is the mean of their losses (are states and targets flattened in one order?)"
    )
    expect_close(together, np.mean(alone), what)

    def loss(**params: Any) -> float:
        return recall_loss_and_gradients(x, targets, params)[0]

    hints = {
        "c, V": "Both come from the gradient of the logits, summed over all steps that are read out.",
        "b, W, U": "These three come from rnn_backward. Is dstates the gradient of the logits taken back through V, "
        "at the last len(targets) steps, and zero at the others?",
    }
    expect_gradients(gradients, loss, params, averaged_over=(2, 3, 6), when_only=hints)
