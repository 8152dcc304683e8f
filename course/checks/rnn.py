"""Visible checks of the recurrent network's exercises."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.checks.primitives import expect, expect_close, expect_shape, plain, shown, torch_or_none, unchanged
from course.checks.visible import visible_check

__all__ = ["load_into_torch_rnn", "rnn_forward", "rnn_step"]


@visible_check("both examples worked on paper", "shapes", "each example by itself", "arguments unchanged", "torch")
def rnn_step(rnn_step: Callable[..., Any]) -> None:
    """One step of the Elman network."""
    one = np.array([[1.0]])
    expect_close(
        rnn_step(one, 0.5 * one, 0.5 * one, one, np.zeros(1)), [[0.761594]], "the new state worked on paper", 1e-6
    )
    hears_second = np.array([[0.0, 1.0], [0.0, 0.0]])
    expect_close(
        rnn_step(one, np.array([[0.3, 0.5]]), np.zeros((2, 1)), hears_second, np.zeros(2)),
        [[0.462117, 0.0]],
        "the new state of two neurons, the first of which hears the second",
        1e-6,
    )
    expect_close(
        rnn_step(np.array([[0.3, 0.5]]), np.zeros((1, 2)), hears_second, np.zeros((2, 2)), np.zeros(2)),
        [[0.462117, 0.0]],
        "the new state of two neurons, the first of which hears the second input",
        1e-6,
    )
    rng = np.random.default_rng(1)
    x, h = rng.normal(size=(3, 4)), rng.uniform(-1, 1, size=(3, 5))
    W, U, b = rng.normal(size=(5, 4)), rng.normal(size=(5, 5)), rng.normal(size=5)
    with unchanged(x=x, h=h, W=W, U=U, b=b):
        new = rnn_step(x, h, W, U, b)
    expect_shape(new, (3, 5), "the new state of 3 examples and 5 neurons")
    expect(
        np.abs(plain(new)).max() <= 1,
        "tanh keeps every state between -1 and 1, but one of yours is outside. Is everything inside the tanh?",
    )
    expect_close(rnn_step(x, 0 * h, 0 * W, U, b), np.tile(np.tanh(b), (3, 1)), "the step without input and old state")
    expect_close(
        rnn_step(x[1:2], h[1:2], W, U, b),
        new[1:2],
        "the second example alone, which should give what it gives within the batch",
    )
    if torch := torch_or_none():
        arrays = (torch.tensor(array) for array in (x, h, W, U, b, 0 * b))
        expect_close(new, torch.rnn_tanh_cell(*arrays).numpy(), "torch's step with the same numbers")


@visible_check(
    "the states worked on paper", "shape", "the first state", "the past knows no future", "arguments unchanged"
)
def rnn_forward(rnn_forward: Callable[..., Any], rnn_step: Callable[..., Any]) -> None:
    """All states of a sequence; its first state is compared with the reader's own ``rnn_step``."""
    one = np.array([[1.0]])
    worked = rnn_forward(np.array([[[1.0]], [[0.0]]]), 0 * one, one, one, np.zeros(1))
    expect_close(worked, [[[0.761594]], [[0.642015]]], "the two states worked on paper", 1e-6)
    rng = np.random.default_rng(2)
    x, h0 = rng.normal(size=(6, 3, 2)), rng.uniform(-1, 1, size=(3, 4))
    W, U, b = rng.normal(size=(4, 2)), rng.normal(size=(4, 4)), rng.normal(size=4)
    with unchanged(x=x, h0=h0):
        after = rnn_forward(x, h0, W, U, b)
    expect_shape(after, (6, 3, 4), "all states of 6 steps, 3 examples and 4 neurons")
    expect_close(after[0], rnn_step(x[0], h0, W, U, b), "the first state, one step from h0")
    second_half = rnn_forward(x[3:], after[2], W, U, b)
    expect_close(after[3:], second_half, "the second half, started from the state in the middle")
    future = x.copy()
    future[4] = 9.0
    expect_close(
        rnn_forward(future, h0, W, U, b)[:4],
        after[:4],
        "the first four states after the fifth input was changed: the past cannot depend on the future",
    )


@visible_check("a torch.nn.RNN", "float64", "both weights", "the sum of the two biases", "all states")
def load_into_torch_rnn(load_into_torch_rnn: Callable[..., Any], rnn_forward: Callable[..., Any]) -> None:
    """torch's RNN with the reader's weights, against the reader's own ``rnn_forward``."""
    if torch := torch_or_none():
        rng = np.random.default_rng(8)
        x, h0 = rng.normal(size=(5, 2, 3)), rng.uniform(-1, 1, size=(2, 4))
        W, U, b = rng.normal(size=(4, 3)), rng.normal(size=(4, 4)), rng.normal(size=4)
        with unchanged(W=W, U=U, b=b):
            theirs = load_into_torch_rnn(W, U, b)
        what = f"your function should return a torch.nn.RNN, but it returned {shown(theirs)}."
        expect(isinstance(theirs, torch.nn.RNN), what)
        single = theirs.weight_ih_l0.dtype != torch.float64
        expect(not single, "your network computes in float32; ask for dtype=torch.float64.")
        plain_layer = theirs.num_layers == 1 and not theirs.bidirectional
        expect(
            plain_layer, "your network should have one layer that reads in one direction, which are torch's defaults."
        )
        expect(not theirs.batch_first, "your network expects the batch first; leave batch_first at False, its default.")
        expect_close(theirs.weight_ih_l0, W, "weight_ih_l0, which should be W", 1e-12)
        expect_close(theirs.weight_hh_l0, U, "weight_hh_l0, which should be U", 1e-12)
        biases = theirs.bias_ih_l0 + theirs.bias_hh_l0
        expect_close(biases, b, "the sum of torch's two biases, which should be b", 1e-12)
        with torch.no_grad():
            output, _ = theirs(torch.tensor(x), torch.tensor(h0)[None])
        states = rnn_forward(x, h0, *(W, U, b))
        expect_close(output, states, "torch's states with your weights, against those of your rnn_forward", 1e-12)
