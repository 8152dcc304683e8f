"""Visible checks of the LSTM's exercises."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.checks.primitives import (
    expect,
    expect_close,
    expect_parts,
    expect_shape,
    no_overflow,
    plain,
    shown,
    torch_or_none,
    unchanged,
)
from course.checks.visible import visible_check

__all__ = ["cell_path_gain", "init_forget_bias", "load_into_torch_lstm", "lstm_forward", "lstm_step", "sigmoid"]

Params = dict[str, np.ndarray]
RESULTS = "the new state and the new cell"


@visible_check("the values at 0, ln 3 and -ln 3", "whole numbers", "shapes", "no overflow at -1000 and 1000")
def sigmoid(sigmoid: Callable[[Any], Any]) -> None:
    """The logistic function."""
    expect_close(sigmoid(np.array([0.0, np.log(3), -np.log(3)])), [0.5, 0.75, 0.25], "sigmoid at 0, ln 3 and -ln 3")
    whole = np.array([0, 3, -3])
    with unchanged(a=whole):
        expect_close(sigmoid(whole)[:1], [0.5], "sigmoid at 0, given as a whole number")
    expect_shape(sigmoid(np.ones((2, 3))), (2, 3), "sigmoid of a (2, 3) array")
    expect_close(sigmoid(2.0), 1 - np.asarray(sigmoid(-2.0)), "sigmoid(2), which should be 1 - sigmoid(-2)")
    with no_overflow():
        expect_close(sigmoid(np.array([-1000.0, 1000.0])), [0.0, 1.0], "sigmoid at -1000 and 1000")


def random_lstm(rng: np.random.Generator, D: int, H: int) -> Params:
    """Random parameters of an LSTM with D inputs and H neurons."""
    made = {"W_x" + k: rng.normal(size=(H, D)) for k in "ifoc"}
    made |= {"W_h" + k: 0.5 * rng.normal(size=(H, H)) for k in "ifoc"}
    return made | {"b_" + k: rng.normal(size=H) for k in "ifoc"}


def zero_lstm(D: int, H: int) -> Params:
    """The parameters of an LSTM with all weights and biases 0."""
    return {name: np.zeros(value.shape) for name, value in random_lstm(np.random.default_rng(0), D, H).items()}


@visible_check(
    "the step worked on paper",
    "who hears whom, gate by gate",
    "shapes",
    "f open and i shut copy the cell",
    "arguments unchanged",
    "torch",
)
def lstm_step(lstm_step: Callable[..., Any]) -> None:
    """One step of the LSTM."""
    zero, two = np.zeros((1, 1)), np.full((1, 1), 2.0)
    worked = lstm_step(zero, zero, two, zero_lstm(1, 1))
    expect_parts(worked, 2, RESULTS)
    exchanged = np.allclose(plain(worked[0]), 1.0) and np.allclose(plain(worked[1]), 0.380797, atol=1e-6)
    expect(not exchanged, "your two results have changed places: return the state first, then the cell.")
    expect_close(worked[1], [[1.0]], "the new cell worked on paper")
    expect_close(worked[0], [[0.380797]], "the new state worked on paper", 1e-6)
    _hears(lstm_step)
    rng = np.random.default_rng(1)
    params = random_lstm(rng, 4, 5)
    x, h, c = rng.normal(size=(3, 4)), rng.uniform(-1, 1, size=(3, 5)), rng.normal(size=(3, 5))
    with unchanged(x=x, h=h, c=c, **params):
        new_h, new_c = lstm_step(x, h, c, params)
    expect_shape(new_h, (3, 5), "the new state of 3 examples and 5 neurons")
    expect_shape(new_c, (3, 5), "the new cell of 3 examples and 5 neurons")
    copying = params | {"b_f": np.full(5, 50.0), "b_i": np.full(5, -50.0)}
    expect_close(lstm_step(x, h, c, copying)[1], c, "the cell with f open and i shut, an exact copy", 1e-12)
    if torch := torch_or_none():
        blocks = [np.concatenate([params[name + k] for k in "ifco"]) for name in ("W_x", "W_h", "b_")]
        weights = [torch.tensor(block) for block in (*blocks, 0 * blocks[2])]
        theirs = torch.lstm_cell(torch.tensor(x), (torch.tensor(h), torch.tensor(c)), *weights)
        expect_close(new_c, theirs[1].numpy(), "torch's new cell with the same weights", 1e-12)
        expect_close(new_h, theirs[0].numpy(), "torch's new state with the same weights", 1e-12)


def _hears(lstm_step: Callable[..., Any]) -> None:
    """Two neurons. In one block after the other, the first hears the second through W_h; all other weights are 0."""
    names = {"f": "forget gate", "i": "input gate", "c": "candidate", "o": "output gate"}
    h, c, gate = np.array([[0.0, 1.0]]), np.array([[2.0, 2.0]]), 1 / (1 + np.exp(-2.0))
    still = zero_lstm(1, 2) | {"b_c": np.arctanh([0.5, 0.5])}
    cells = {"f": [2 * gate + 0.25, 1.25], "i": [1 + 0.5 * gate, 1.25], "o": [1.25, 1.25]}
    cells["c"] = [1 + 0.5 * np.tanh(2 + np.arctanh(0.5)), 1.25]
    for k, name in names.items():
        params = still | {"W_h" + k: np.array([[0.0, 2.0], [0.0, 0.0]])}
        new_h, new_c = lstm_step(np.zeros((1, 1)), h, c, params)
        case = f"of two neurons, the first of which hears the second in its {name} (W_h{k})"
        expect_close(new_c, [cells[k]], f"the new cell {case}")
        share = np.array([gate if k == "o" else 0.5, 0.5])
        expect_close(new_h, [np.tanh(cells[k]) * share], f"the new state {case}")


@visible_check(
    "shapes", "the first state and cell", "both are carried on", "the past knows no future", "arguments unchanged"
)
def lstm_forward(lstm_forward: Callable[..., Any], lstm_step: Callable[..., Any]) -> None:
    """All states and cells of a sequence; the first ones are compared with the reader's own ``lstm_step``."""
    rng = np.random.default_rng(2)
    params = random_lstm(rng, 2, 4)
    x, h0, c0 = rng.normal(size=(6, 3, 2)), rng.uniform(-1, 1, size=(3, 4)), rng.normal(size=(3, 4))
    with unchanged(x=x, h0=h0, c0=c0):
        both = lstm_forward(x, h0, c0, params)
    expect_parts(both, 2, "all states and all cells")
    states, cells = both
    expect_shape(states, (6, 3, 4), "all states of 6 steps, 3 examples and 4 neurons")
    expect_shape(cells, (6, 3, 4), "all cells of 6 steps, 3 examples and 4 neurons")
    first_h, first_c = lstm_step(x[0], h0, c0, params)
    expect_close(states[0], first_h, "the first state, one step from h0 and c0")
    expect_close(cells[0], first_c, "the first cell, one step from h0 and c0")
    second_h, second_c = lstm_step(x[1], first_h, first_c, params)
    expect_close(states[1], second_h, "the second state, one step from the first state and the first cell")
    expect_close(cells[1], second_c, "the second cell, one step from the first state and the first cell")
    again = lstm_forward(x[3:], states[2], cells[2], params)
    expect_close(again[0], states[3:], "the second half, started from state and cell in the middle")
    future = x.copy()
    future[4] = 9.0
    expect_close(
        lstm_forward(future, h0, c0, params)[0][:4],
        states[:4],
        "the first four states after the fifth input was changed: the past cannot depend on the future",
    )


@visible_check("the order of the blocks", "the two biases", "float64", "the same states and cells as yours")
def load_into_torch_lstm(load_into_torch_lstm: Callable[..., Any], lstm_forward: Callable[..., Any]) -> None:
    """The same network in torch."""
    torch = torch_or_none()
    if not torch:
        return
    rng = np.random.default_rng(10)
    params = random_lstm(rng, 3, 4)
    x, h0, c0 = rng.normal(size=(5, 2, 3)), rng.uniform(-1, 1, size=(2, 4)), rng.normal(size=(2, 4))
    made = load_into_torch_lstm(params)
    expect(
        isinstance(made, torch.nn.LSTM), f"your function should return a torch.nn.LSTM, but it returned {shown(made)}."
    )
    expect(made.weight_ih_l0.dtype == torch.float64, "your network computes in float32; ask for float64.")
    for name, prefix in (("weight_ih_l0", "W_x"), ("weight_hh_l0", "W_h")):
        _expect_blocks(plain(getattr(made, name)), name, prefix, params)
    biases = plain(made.bias_ih_l0) + plain(made.bias_hh_l0)
    expect(
        np.allclose(biases, np.concatenate([params["b_" + k] for k in "ifco"])),
        "torch adds bias_ih_l0 and bias_hh_l0. Their sum should be b_i, b_f, b_c, b_o in this order, but yours is not. "
        "Did you set both? torch fills them with random numbers.",
    )
    with torch.no_grad():
        output, (_, last_cell) = made(torch.tensor(x), (torch.tensor(h0)[None], torch.tensor(c0)[None]))
    found = lstm_forward(x, h0, c0, params)
    states, cells = found
    expect_close(output.numpy(), states, "torch's states, compared with your lstm_forward", 1e-12)
    expect_close(last_cell[0].numpy(), cells[-1], "torch's last cell, compared with yours", 1e-12)


def _expect_blocks(stacked: np.ndarray, name: str, prefix: str, params: Params) -> None:
    """Fail unless the four blocks of rows are those of i, f, g and o; say which block holds what."""
    size = len(params["b_i"])
    expect_shape(stacked, (4 * size, *params[prefix + "i"].shape[1:]), name)
    for number, k in enumerate("ifco"):
        block = stacked[number * size : (number + 1) * size]
        found = next((prefix + other for other in "ifoc" if np.allclose(block, params[prefix + other])), "none of ours")
        expect(
            found == prefix + k,
            f"block {number + 1} of 4 in {name} should be {prefix}{k}, but yours holds {found}. "
            "torch's order is i, f, g, o, and its g is our c.",
        )


@visible_check("the product worked on paper", "the gain from a step to itself", "shape", "arguments unchanged")
def cell_path_gain(cell_path_gain: Callable[..., Any]) -> None:
    """What is left along the cell."""
    forget = np.array([0.5, 0.9, 0.8, 0.5]).reshape(4, 1, 1)
    with unchanged(forget=forget):
        worked = cell_path_gain(forget, 0, 2)
    expect_shape(worked, (1, 1), "the gain for 1 example and 1 neuron")
    for value, what in ((0.36, "f_start is in it"), (0.9, "f_end is missing"), (0.45, "it runs from f_start")):
        expect(
            abs(float(plain(worked)[0, 0]) - value) > 1e-9,
            f"the gain from step 0 to step 2 should be 0.9 * 0.8 = 0.72, but yours is {value:g}: {what}.",
        )
    expect_close(worked, [[0.72]], "the gain from step 0 to step 2, worked on paper")
    expect_close(cell_path_gain(forget, 3, 3), [[1.0]], "the gain from a step to itself")
    expect_shape(cell_path_gain(np.ones((5, 2, 3)), 1, 4), (2, 3), "the gain for 2 examples and 3 neurons")


@visible_check("the new bias", "a float even for whole numbers", "all other parameters", "your caller's dict unchanged")
def init_forget_bias(init_forget_bias: Callable[..., Any]) -> None:
    """The forget gate's bias."""
    params = random_lstm(np.random.default_rng(11), 2, 3)
    before, old = dict(params), params["b_f"].copy()
    with unchanged(**params):
        made = init_forget_bias(params, 2.5)
    expect(
        params.keys() == before.keys() and np.array_equal(params["b_f"], old),
        "your function changed the dict of its caller. Make a new dict, and put the new bias there.",
    )
    expect(isinstance(made, dict), f"your function should return a dict, but it returned {shown(made)}.")
    expect(set(made) == set(params), "the new dict should have the same keys as the old one.")
    expect_close(made["b_f"], [2.5, 2.5, 2.5], "the new forget bias")
    for name in before.keys() - {"b_f"}:
        expect_close(made[name], before[name], f"{name}, which should stay as it was")
    expect(
        plain(init_forget_bias(params, 3)["b_f"]).dtype.kind == "f",
        "a bias given as the whole number 3 should become an array of floats, but yours has whole numbers.",
    )
