"""The references of units 04 to 06 against torch, and the notations against each other."""

import numpy as np
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.exercises.families.lstm import gamma, pair, plain
from autograder.reference import lstm

sizes = given(**{size: st.integers(1, 6) for size in "TBDH"}, seed=st.integers(0, 2**32 - 1))
quick = settings(max_examples=30, deadline=None, derandomize=True)


def drawn(T, B, D, H, seed, **options):
    rng = np.random.default_rng(seed)
    return rng.normal(size=(T, B, D)), *pair(rng, B, H), plain(rng, D, H, **options), rng


def equal(ours, theirs, tolerance=1e-12):
    theirs = theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else theirs
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


def leaves(params):
    return {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}


def torch_step(x, h, c, p):
    """The step in torch, with peepholes where there are any."""
    a = {k: x @ p[f"W_x{k}"].T + h @ p[f"W_h{k}"].T + p[f"b_{k}"] for k in "ifoc"}
    look = {k: p.get(f"w_c{k}", torch.zeros(())) for k in "ifo"}
    new = torch.sigmoid(a["f"] + look["f"] * c) * c + torch.sigmoid(a["i"] + look["i"] * c) * torch.tanh(a["c"])
    return torch.sigmoid(a["o"] + look["o"] * new) * torch.tanh(new), new


@sizes
@quick
def test_lstm_forward_is_torchs(T, B, D, H, seed):
    x, h0, c0, params, _ = drawn(T, B, D, H, seed)
    states, cells = lstm.lstm_forward(x, h0, c0, params)
    theirs, (_, last) = lstm.load_into_torch_lstm(params)(
        torch.tensor(x), (torch.tensor(h0)[None], torch.tensor(c0)[None])
    )
    equal(states, theirs)
    equal(cells[-1], last[0])


@sizes
@quick
def test_peepholes_of_zero_give_the_plain_lstm_exactly(T, B, D, H, seed):
    x, h, c, params, _ = drawn(T, B, D, H, seed)
    blind = params | {f"w_c{k}": np.zeros(H) for k in "ifo"}
    for ours, theirs in zip(
        lstm.peephole_lstm_step(x[0], h, c, blind), lstm.lstm_step(x[0], h, c, params), strict=True
    ):
        assert np.array_equal(ours, theirs)


@sizes
@quick
def test_both_steps_back_are_autograds(T, B, D, H, seed):
    for peepholes, back in ((False, lstm.lstm_step_backward), (True, lstm.peephole_lstm_step_backward)):
        x, h, c, params, rng = drawn(1, B, D, H, seed, peepholes=peepholes)
        dh_next, dc_next = rng.normal(size=(2, B, H))
        p, went_in = leaves(params), [torch.tensor(value, requires_grad=True) for value in (x[0], h, c)]
        torch.autograd.backward(torch_step(*went_in, p), [torch.tensor(dh_next), torch.tensor(dc_next)])
        *ours, gradients = back(dh_next, dc_next, x[0], h, c, params)
        for value, theirs in zip(ours, went_in, strict=True):
            equal(value, theirs.grad)
        assert gradients.keys() == params.keys()
        for name, tensor in p.items():
            equal(gradients[name], tensor.grad)


@sizes
@quick
def test_lstm_backward_is_autograds(T, B, D, H, seed):
    x, h0, c0, params, rng = drawn(T, B, D, H, seed)
    dstates = rng.normal(size=(T, B, H))
    p, went_in = leaves(params), [torch.tensor(value, requires_grad=True) for value in (x, h0, c0)]
    (_, h, c), total = went_in, 0.0
    for t in range(T):
        h, c = torch_step(went_in[0][t], h, c, p)
        total = total + (torch.tensor(dstates[t]) * h).sum()
    total.backward()
    *ours, gradients = lstm.lstm_backward(dstates, x, h0, c0, params)
    for value, theirs in zip(ours, went_in, strict=True):
        equal(value, theirs.grad, 1e-11)
    for name, tensor in p.items():
        equal(gradients[name], tensor.grad, 1e-11)


@sizes
@quick
def test_the_two_changes_turn_the_gamma_form_into_the_plain_one(T, B, D, H, seed):
    rng = np.random.default_rng(seed)
    params = gamma(rng, D, H)
    a, c = h, cell = pair(rng, B, H)
    for x in rng.normal(size=(T, B, D)):
        a, c = lstm.mended_gamma_step(x, a, c, params)
        h, cell = lstm.lstm_step(x, h, cell, lstm.lstm_from_gamma(params))
        equal(a, h)
        equal(c, cell)


def test_without_either_change_the_gamma_form_is_another_function():
    rng = np.random.default_rng(0)
    params = gamma(rng, 3, 4)
    x, (a, c) = rng.normal(size=(2, 3)), pair(rng, 2, 4)
    assert np.abs(lstm.gamma_lstm_step(x, c, params)[0] - lstm.mended_gamma_step(x, a, c, params)[0]).max() > 0.01


def test_gamma_form_is_its_formula():
    rng = np.random.default_rng(1)
    p, c, x = gamma(rng, 3, 4), rng.normal(size=4), rng.normal(size=3)
    gate = {k: 1 / (1 + np.exp(-(p[f"W_{k}c"] @ c + p[f"W_{k}x"] @ x + p[f"b_{k}"]))) for k in "ufo"}
    new = gate["u"] * np.tanh(p["W_cc"] @ c + p["W_cx"] @ x + p["b_c"]) + gate["f"] * c
    a, cell = lstm.gamma_lstm_step(x[None], c[None], p)
    equal(cell[0], new)
    equal(a[0], gate["o"] * new)


def test_cell_path_gain_is_the_derivative_along_the_cell_with_gates_held():
    rng = np.random.default_rng(2)
    forget, added = rng.uniform(0.2, 1, size=(7, 2, 3)), rng.normal(size=(7, 2, 3))
    start = torch.tensor(rng.normal(size=(2, 3)), requires_grad=True)
    c = start
    for t in range(3, 6):
        c = torch.tensor(forget[t]) * c + torch.tensor(added[t])
    c.sum().backward()
    equal(lstm.cell_path_gain(forget, 2, 5), start.grad)


def test_init_forget_bias_changes_nothing_else():
    params = plain(np.random.default_rng(3), 2, 4)
    kept = {name: value.copy() for name, value in params.items()}
    made = lstm.init_forget_bias(params, 3)
    assert np.array_equal(made["b_f"], np.full(4, 3.0)) and all(
        np.array_equal(params[name], kept[name]) for name in kept
    )
    assert all(made[name] is params[name] for name in params if name != "b_f")
