"""Visible checks of the LSTM's way back."""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course.checks.comparing_gradients import expect_gradients
from course.checks.lstm import random_lstm, zero_lstm
from course.checks.primitives import expect, expect_close, expect_parts, unchanged
from course.checks.visible import visible_check

__all__ = ["lstm_backward", "lstm_step_backward", "peephole_lstm_step_backward"]

STEP_RESULTS = "dx, dh, dc and a dict of gradients"


def _of(block: str, *before: str) -> str:
    """The names of the gradients that are wrong if one block's is, in the order in which they are listed."""
    return ", ".join((*before, f"b_{block}", f"W_x{block}", f"W_h{block}", "x", "h"))


BLOCKS = {"i": "input gate: it multiplied the candidate", "f": "forget gate: it multiplied the old cell"}
BLOCKS |= {"o": "output gate: it multiplied tanh of the new cell", "c": "candidate: the input gate multiplied it"}
HINTS = {_of(k): f"All of these come from the {words}. Is its slope there?" for k, words in BLOCKS.items()}
HINTS |= {
    "c": "The old cell gets the whole gradient of the new cell times one factor.",
    "x": "The input feeds all four blocks: add up four products.",
    "h": "The old state feeds all four blocks: add up four products.",
    "x, h": "Input and old state feed all four blocks: add up four products for each.",
    "c, b_i, b_f, b_c, W_xi, W_xf, W_xc, W_hi, W_hf, W_hc, x, h": "Only the output gate's are right. "
    "All others start from the whole gradient of the new cell: it has two terms.",
}


@visible_check("the step worked on paper", "every gradient, by small steps", "arguments unchanged")
def lstm_step_backward(lstm_step_backward: Callable[..., Any], lstm_step: Callable[..., Any]) -> None:
    """The way back through one step. Its loss has the gradients dh_next and dc_next at the new state and cell."""
    one, zero = np.ones((1, 1)), np.zeros((1, 1))
    worked = lstm_step_backward(one, zero, zero, zero, 2 * one, zero_lstm(1, 1))
    expect_parts(worked, 4, STEP_RESULTS)
    expect(isinstance(worked[3], dict), "your fourth result should be a dict of gradients, with the keys of params.")
    for k, value in {"o": 0.190399, "f": 0.104994, "c": 0.104994, "i": 0.0}.items():
        name = "da_g" if k == "c" else f"da_{k}"
        expect_close(worked[3][f"b_{k}"], [value], f"the gradient of b_{k}, which is {name} on paper", 1e-6)
    expect_close(worked[2], [[0.104994]], "the gradient of the old cell, on paper", 1e-6)
    rng = np.random.default_rng(7)
    _expect_step_gradients(lstm_step_backward, lstm_step, random_lstm(rng, 2, 3), rng, HINTS)


def _expect_step_gradients(
    backward: Callable[..., Any],
    step: Callable[..., Any],
    params: dict[str, np.ndarray],
    rng: np.random.Generator,
    when_only: Mapping[str, str],
) -> None:
    """Compare every gradient of one step with small steps, at random numbers. ``when_only``: as in ``expect_gradients``."""
    x, h, c = rng.normal(size=(5, 2)), rng.uniform(-1, 1, size=(5, 3)), rng.normal(size=(5, 3))
    dh_next, dc_next = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))

    def loss(x: Any, h: Any, c: Any, **params: Any) -> float:
        new_h, new_c = step(x, h, c, params)
        return float(np.sum(dh_next * new_h) + np.sum(dc_next * new_c))

    with unchanged(dh_next=dh_next, dc_next=dc_next, x=x, h=h, c=c, **params):
        found = backward(dh_next, dc_next, x, h, c, params)
    expect_parts(found, 4, STEP_RESULTS)
    dx, dh, dc, seen = found
    expect(isinstance(seen, dict), "your fourth result should be a dict of gradients, with the keys of params.")
    inputs = {"x": x, "h": h, "c": c, **params}
    expect_gradients({"x": dx, "h": dh, "c": dc, **seen}, loss, inputs, averaged_over=(5,), when_only=when_only)


@visible_check("every gradient, by small steps", "each step's input", "arguments unchanged")
def lstm_backward(lstm_backward: Callable[..., Any], lstm_forward: Callable[..., Any]) -> None:
    """The way back through time. The loss has the direct gradient ``direct[t]`` at state t, and none at a cell."""
    rng = np.random.default_rng(8)
    params = random_lstm(rng, 2, 3)
    x, h0, c0 = rng.normal(size=(4, 5, 2)), rng.uniform(-1, 1, size=(5, 3)), rng.normal(size=(5, 3))
    direct = rng.normal(size=(4, 5, 3))

    def loss(x: Any, h0: Any, c0: Any, **params: Any) -> float:
        return float(np.sum(direct * lstm_forward(x, h0, c0, params)[0]))

    with unchanged(dstates=direct, x=x, h0=h0, c0=c0, **params):
        found = lstm_backward(direct, x, h0, c0, params)
    expect_parts(found, 4, "dx, dh0, dc0 and a dict of gradients")
    dx, dh0, dc0, seen = found
    expect(isinstance(seen, dict), "your fourth result should be a dict of gradients, with the keys of params.")
    expect_gradients(
        {"x": dx, "h0": dh0, "c0": dc0, **seen},
        loss,
        {"x": x, "h0": h0, "c0": c0, **params},
        averaged_over=(5, 4, 20),
        when_only={
            "h0": "The gradient of h0 is what the first step hands back; h0 itself has no direct gradient.",
            "c0": "The gradient of c0 is what the first step hands back.",
            "h0, c0": "Both are what the first step hands back. Are they in this order?",
        },
    )


@visible_check("every gradient, by small steps", "the gradients of the peepholes", "arguments unchanged")
def peephole_lstm_step_backward(
    peephole_lstm_step_backward: Callable[..., Any], peephole_lstm_step: Callable[..., Any]
) -> None:
    """The way back through one step with peepholes."""
    rng = np.random.default_rng(9)
    params = random_lstm(rng, 2, 3) | {"w_c" + k: rng.normal(size=3) for k in "ifo"}
    when_only = {
        "c": "The old cell gets three terms: through f, and through the peepholes of i and f.",
        "w_co": "The output gate looked at the new cell.",
        "w_ci, w_cf": "The input and forget gates looked at the old cell.",
    }
    _expect_step_gradients(peephole_lstm_step_backward, peephole_lstm_step, params, rng, when_only)
