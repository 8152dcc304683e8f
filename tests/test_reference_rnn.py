"""The references of units 01 and 02 against torch: values and gradients in float64, to 1e-12."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reference import rnn

sizes = given(**{size: st.integers(1, 6) for size in "TBDH"}, seed=st.integers(0, 2**32 - 1))
quick = settings(max_examples=30, deadline=None, derandomize=True)


def drawn(T, B, D, H, seed):
    rng = np.random.default_rng(seed)
    return (
        rng.normal(size=(T, B, D)),
        rng.uniform(-1, 1, size=(B, H)),
        rng.normal(size=(H, D)),
        rng.normal(size=(H, H)),
        rng.normal(size=H),
    )


def equal(ours, torchs, tolerance=1e-12):
    np.testing.assert_allclose(np.asarray(ours), torchs.detach().numpy(), rtol=tolerance, atol=tolerance)


def leaves(*arrays):
    return [torch.tensor(array, requires_grad=True) for array in arrays]


def test_sigmoid():
    a = np.linspace(-40, 40, 1001)
    equal(rnn.sigmoid(a), torch.sigmoid(torch.tensor(a)))
    with np.errstate(all="raise", under="ignore"):
        assert rnn.sigmoid(-1000.0) == 0 and rnn.sigmoid(1000.0) == 1 and rnn.sigmoid(0) == 0.5


@sizes
@quick
def test_rnn_forward_is_torchs(T, B, D, H, seed):
    x, h0, W, U, b = drawn(T, B, D, H, seed)
    module = rnn.load_into_torch_rnn(W, U, b)
    equal(rnn.rnn_forward(x, h0, W, U, b), module(torch.tensor(x), torch.tensor(h0)[None])[0])


@sizes
@quick
def test_rnn_backward_is_autograds(T, B, D, H, seed):
    x, h0, W, U, b = drawn(T, B, D, H, seed)
    dstates = np.random.default_rng(seed + 1).normal(size=(T, B, H))
    states = rnn.rnn_forward(x, h0, W, U, b)
    tensors = leaves(x, h0, W, U, b)
    h, total = tensors[1], 0.0
    for t in range(T):
        h = torch.tanh(tensors[0][t] @ tensors[2].T + h @ tensors[3].T + tensors[4])
        total = total + (torch.tensor(dstates[t]) * h).sum()
    total.backward()
    for ours, tensor in zip(rnn.rnn_backward(dstates, x, h0, states, W, U), tensors, strict=True):
        equal(ours, tensor.grad, 1e-11)


@sizes
@quick
def test_rnn_step_backward_is_autograds(T, B, D, H, seed):
    x, h, W, U, b = drawn(1, B, D, H, seed)
    x, dh_next = x[0], np.random.default_rng(seed + 1).normal(size=(B, H))
    tensors = leaves(x, h, W, U, b)
    torch.tanh(tensors[0] @ tensors[2].T + tensors[1] @ tensors[3].T + tensors[4]).backward(torch.tensor(dh_next))
    ours = rnn.rnn_step_backward(dh_next, x, h, rnn.rnn_step(x, h, W, U, b), W, U)
    for gradient, tensor in zip(ours, tensors, strict=True):
        equal(gradient, tensor.grad)


@pytest.mark.parametrize("scale", [1.0, 1000.0])
def test_softmax_cross_entropy_is_torchs(scale):
    rng = np.random.default_rng(0)
    logits, targets = scale * rng.normal(size=(7, 4)), rng.integers(0, 4, size=7)
    [tensor] = leaves(logits)
    loss = torch.nn.functional.cross_entropy(tensor, torch.tensor(targets))
    loss.backward()
    ours, gradient = rnn.softmax_cross_entropy(logits, targets)
    equal(ours, loss)
    equal(gradient, tensor.grad)


@pytest.mark.parametrize("delay", [0, 2, 4])
def test_recall_loss_and_gradients_is_autograds(delay):
    rng = np.random.default_rng(delay)
    T, B, S, H = 5, 3, 4, 6
    x, targets = np.eye(S)[rng.integers(0, S, size=(T, B))], rng.integers(0, S, size=(T - delay, B))
    params = {
        "W": rng.normal(size=(H, S)),
        "U": rng.normal(size=(H, H)),
        "b": rng.normal(size=H),
        "V": rng.normal(size=(S, H)),
        "c": rng.normal(size=S),
    }
    W, U, b, V, c = tensors = leaves(*params.values())
    h, logits = torch.zeros(B, H, dtype=torch.float64), []
    for t in range(T):
        h = torch.tanh(torch.tensor(x[t]) @ W.T + h @ U.T + b)
        if t >= delay:
            logits.append(h @ V.T + c)
    loss = torch.nn.functional.cross_entropy(torch.cat(logits), torch.tensor(targets).flatten())
    loss.backward()
    ours, gradients = rnn.recall_loss_and_gradients(x, targets, params)
    equal(ours, loss)
    for name, tensor in zip(params, tensors, strict=True):
        equal(gradients[name], tensor.grad)
