"""The references of units 07 and 08 against torch, and the notations against each other: values and gradients in float64, to 1e-12."""

import itertools

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reference import gru, gru_notations

sizes = given(**{size: st.integers(1, 6) for size in "TBDH"}, seed=st.integers(0, 2**32 - 1))
quick = settings(max_examples=30, deadline=None, derandomize=True)
STEPS = {"gamma": gru.gamma_gru_step, "z_new": gru.gru_step, "u_old": gru.gru_step_u_old}


def drawn(T, B, D, H, seed):
    rng = np.random.default_rng(seed)
    shapes = {"W": (H, D), "U": (H, H), "b": (H,)}
    params = {f"{kind}_{gate}": rng.normal(size=shapes[kind]) for gate in "zrh" for kind in "WUb"}
    return rng.normal(size=(T, B, D)), rng.uniform(-1, 1, size=(B, H)), params


def equal(ours, theirs, tolerance=1e-12):
    theirs = theirs.detach().numpy() if isinstance(theirs, torch.Tensor) else theirs
    np.testing.assert_allclose(np.asarray(ours), theirs, rtol=tolerance, atol=tolerance)


def in_torch(x, h, p):
    """``gru_step`` with torch's operations, for autograd."""
    z = torch.sigmoid(x @ p["W_z"].T + h @ p["U_z"].T + p["b_z"])
    r = torch.sigmoid(x @ p["W_r"].T + h @ p["U_r"].T + p["b_r"])
    return (1 - z) * h + z * torch.tanh(x @ p["W_h"].T + (r * h) @ p["U_h"].T + p["b_h"])


def leaf(array):
    return torch.tensor(array, requires_grad=True)


@sizes
@quick
def test_torch_gru_step_is_torchs_cell(T, B, D, H, seed):
    x, h, _ = drawn(1, B, D, H, seed)
    torch.manual_seed(seed % 1000)
    module = torch.nn.GRU(D, H, dtype=torch.float64)
    params = {name: value.numpy() for name, value in module.state_dict().items()}
    equal(gru_notations.torch_gru_step(x[0], h, params), module(torch.tensor(x), torch.tensor(h)[None])[0][0])


@sizes
@quick
def test_loaded_into_torch_it_is_the_reset_after_twin(T, B, D, H, seed):
    x, h, params = drawn(T, B, D, H, seed)
    module = gru_notations.load_into_torch_gru(params)
    output, _ = module(torch.tensor(x), torch.tensor(h)[None])
    for t in range(T):
        z = 1 / (1 + np.exp(-(x[t] @ params["W_z"].T + h @ params["U_z"].T + params["b_z"])))
        r = 1 / (1 + np.exp(-(x[t] @ params["W_r"].T + h @ params["U_r"].T + params["b_r"])))
        h = (1 - z) * h + z * np.tanh(x[t] @ params["W_h"].T + r * (h @ params["U_h"].T) + params["b_h"])
        equal(h, output[t])


@sizes
@quick
def test_resetting_before_is_torchs_gru_where_the_order_does_not_matter(T, B, D, H, seed):
    x, h0, params = drawn(T, B, D, H, seed)
    diagonal = params | {"U_h": np.diag(np.diag(params["U_h"]))}
    constant = params | {"W_r": np.zeros((H, D)), "U_r": np.zeros((H, H)), "b_r": np.full(H, -0.7)}
    for agreeing in [diagonal, constant]:
        module = gru_notations.load_into_torch_gru(agreeing)
        output, last = module(torch.tensor(x), torch.tensor(h0)[None])
        states = gru.gru_forward(x, h0, agreeing)
        equal(states, output)
        equal(states[-1], last[0])


@sizes
@quick
def test_forward_and_backward_are_autograds(T, B, D, H, seed):
    x, h0, params = drawn(T, B, D, H, seed)
    dh_next = np.random.default_rng(seed + 1).normal(size=(B, H))
    h, tensors = torch.tensor(h0), {name: torch.tensor(value) for name, value in params.items()}
    for t, state in enumerate(gru.gru_forward(x, h0, params)):
        h = in_torch(torch.tensor(x[t]), h, tensors)
        equal(state, h)
    x, h, tensors = leaf(x[0]), leaf(h0), {name: leaf(value) for name, value in params.items()}
    in_torch(x, h, tensors).backward(torch.tensor(dh_next))
    dx, dh, gradients = gru.gru_step_backward(dh_next, x.detach().numpy(), h0, params)
    equal(dx, x.grad)
    equal(dh, h.grad)
    assert gradients.keys() == params.keys()
    for name, gradient in gradients.items():
        equal(gradient, tensors[name].grad)


@sizes
@quick
def test_the_three_full_forms_are_one_function(T, B, D, H, seed):
    x, h0, z_new = drawn(T, B, D, H, seed)
    wanted = gru.gru_forward(x, h0, z_new)
    for source, target in itertools.product(STEPS, STEPS):
        there = gru_notations.translate_gru(z_new, "z_new", source)
        translated, h = gru_notations.translate_gru(there, source, target), h0
        for t in range(T):
            h = STEPS[target](x[t], h, translated)
            equal(h, wanted[t])


@sizes
@quick
def test_with_an_open_relevance_gate_the_full_form_is_the_simplified_one(T, B, D, H, seed):
    x, h0, z_new = drawn(1, B, D, H, seed)
    params = gru_notations.translate_gru(z_new, "z_new", "gamma")
    open_gate = {"W_rc": np.zeros((H, H)), "W_rx": np.zeros((H, D)), "b_r": np.full(H, 50.0)}
    without = {name: value for name, value in params.items() if name not in open_gate}
    equal(gru.simplified_gru_step(x[0], h0, without), gru.gamma_gru_step(x[0], h0, params | open_gate))


@sizes
@quick
def test_the_ladder_of_properties(T, B, D, H, seed):
    x, h0, params = drawn(1, B, D, H, seed)
    x, shut, open_gate = x[0], np.full(H, -800.0), np.full(H, 800.0)
    equal(gru.gru_step(x, h0, params | {"b_z": shut}), h0)
    rnn = np.tanh(x @ params["W_h"].T + h0 @ params["U_h"].T + params["b_h"])
    equal(gru.gru_step(x, h0, params | {"b_z": open_gate, "b_r": open_gate}), rnn)
    assert np.all(np.abs(gru.gru_step(x, h0, params)) <= 1)


@sizes
@quick
def test_mend_the_slide_gives_the_right_state_and_its_numbers(T, B, D, H, seed):
    x, h, params = drawn(1, B, D, H, seed)
    x, params = x[0], gru_notations.translate_gru(params, "z_new", "u_old")
    h_next, numbers = gru_notations.mend_the_slide(x, h, params)
    equal(h_next, gru.gru_step_u_old(x, h, params))
    assert numbers["missing"] == H - D
    open_reset = params | {"W_xr": np.zeros((H, D)), "W_hr": np.zeros((H, H)), "b_r": np.full(H, 800.0)}
    plain = np.tanh(x @ params["W_xh"].T + h @ params["W_hh"].T + params["b_h"])
    equal(numbers["apart"], np.abs(gru.gru_step_u_old(x, h, open_reset) - plain).max())
    equal(numbers["moved"], np.abs(h_next - h).max())
    always_new = params | {"W_xu": np.zeros((H, D)), "W_hu": np.zeros((H, H)), "b_u": np.full(H, -800.0)}
    equal(numbers["lowest"], gru.gru_step_u_old(x, h, always_new).min())


@pytest.mark.parametrize("D, H", [(3, 4), (1, 1), (7, 2)])
def test_count_parameters(D, H):
    nn, count = torch.nn, gru_notations.count_parameters
    for cell, module in (
        ("torch_gru", nn.GRU(D, H)),
        ("gru", nn.GRU(D, H)),
        ("lstm", nn.LSTM(D, H)),
        ("rnn", nn.RNN(D, H)),
    ):
        parameters = dict(module.named_parameters())
        if cell != "torch_gru":
            del parameters["bias_hh_l0"]
        assert count(cell, D, H) == sum(parameter.numel() for parameter in parameters.values())
    assert count("peephole_lstm", D, H) - count("lstm", D, H) == 3 * H
    assert 4 * count("gru", D, H) == 3 * count("lstm", D, H)
    assert 2 * count("gru", D, H) == 3 * count("simplified_gru", D, H)


def test_the_counterexample_is_one():
    first, second = gru_notations.reset_order_counterexample()
    for (x, h, params), least, most in ((first, 0.1, 3.0), (second, 0.0, 1e-9)):
        after = gru_notations.load_into_torch_gru(params)(torch.tensor(x)[None], torch.tensor(h)[None])[0][0]
        assert least <= np.abs(gru.gru_step(x, h, params) - after.detach().numpy()).max() <= most


def test_catch_wrong_gru_lets_the_right_one_pass_and_no_wrong_one():
    catch = gru_notations.catch_wrong_gru
    assert catch(gru.gru_step) is False
    assert catch(lambda x, h, p: gru.gru_step(x.astype("f4"), h.astype("f4"), p).astype("f4")) is False
    assert catch(lambda x, h, p: h) is True
    assert catch(lambda x, h, p: p["missing"]) is True
    assert catch(lambda x, h, p: gru.gru_step(x, h, p)[0]) is True
