"""Unit 03's references against torch: Jacobians by autograd, clipping, truncated backpropagation; and their properties."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reference import gradients, rnn

quick = settings(max_examples=30, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)
sizes = given(T=st.integers(1, 6), B=st.integers(1, 4), D=st.integers(1, 4), H=st.integers(1, 6), seed=seeds)


def drawn(T, B, D, H, seed):
    rng = np.random.default_rng(seed)
    x, h0 = rng.normal(size=(T, B, D)), rng.uniform(-1, 1, size=(B, H))
    return x, h0, rng.normal(size=(H, D)), rng.normal(size=(H, H)), rng.normal(size=H)


def equal(ours, torchs, tolerance=1e-12):
    np.testing.assert_allclose(np.asarray(ours), torchs.detach().numpy(), rtol=tolerance, atol=tolerance)


def jacobians_of(x, h0, W, U, b):
    return np.array([gradients.step_jacobian(h, U) for h in rnn.rnn_forward(x, h0, W, U, b)])


@sizes
@quick
def test_step_jacobian_is_autograds(T, B, D, H, seed):
    x, h0, W, U, b = drawn(T, B, D, H, seed)
    ours = gradients.step_jacobian(rnn.rnn_step(x[0], h0, W, U, b), U)
    for n in range(B):
        a = torch.tensor(x[0, n] @ W.T + b)
        theirs = torch.autograd.functional.jacobian(
            lambda h, a=a: torch.tanh(a + torch.tensor(U) @ h), torch.tensor(h0[n])
        )
        equal(ours[n], theirs)


@sizes
@quick
def test_state_gradient_norms_and_the_product_are_autograds(T, B, D, H, seed):
    x, h0, W, U, b = drawn(T, B, D, H, seed)
    dh_last = np.random.default_rng(seed + 1).normal(size=(B, H))
    module = rnn.load_into_torch_rnn(W, U, b)
    h, states = torch.tensor(h0, requires_grad=True)[None], []
    start = h
    for x_t in torch.tensor(x):
        states.append(h)
        h.retain_grad()
        _, h = module(x_t[None], h)
    (torch.tensor(dh_last) * h[0]).sum().backward()
    jacobians = jacobians_of(x, h0, W, U, b)
    norms = gradients.state_gradient_norms(dh_last, jacobians)
    assert norms.shape == (T + 1, B)
    np.testing.assert_allclose(norms[0], np.linalg.norm(dh_last, axis=1))
    for k, state in enumerate(reversed(states), start=1):
        equal(norms[k], state.grad[0].norm(dim=1), 1e-11)
    through = np.einsum("bij,bi->bj", gradients.jacobian_product(jacobians), dh_last)
    equal(through, start.grad[0], 1e-11)


@given(H=st.integers(1, 8), rho=st.floats(0.1, 3.0), seed=seeds)
@quick
def test_rescale_spectral_norm_is_orthogonal_times_rho_and_nothing_orthogonal_is_nearer(H, rho, seed):
    rng = np.random.default_rng(seed)
    A = rng.normal(size=(H, H))
    ours = gradients.rescale_spectral_norm(A, rho)
    np.testing.assert_allclose(ours.T @ ours, rho**2 * np.eye(H), atol=1e-12)
    other = np.linalg.qr(rng.normal(size=(H, H)))[0]
    assert np.linalg.norm(A - ours / rho) <= np.linalg.norm(A - other) + 1e-12


@sizes
@quick
def test_no_gradient_exceeds_the_bound(T, B, D, H, seed):
    x, h0, W, U, b = drawn(T, B, D, H, seed)
    states = rnn.rnn_forward(x, h0, W, U, b)
    dh_last = np.random.default_rng(seed + 1).normal(size=(B, H))
    dh_last /= np.linalg.norm(dh_last, axis=1, keepdims=True)
    norms = gradients.state_gradient_norms(dh_last, jacobians_of(x, h0, W, U, b))
    bounds = gradients.gradient_bound(states, U)
    assert bounds.shape == norms.shape and np.all(norms <= bounds * (1 + 1e-12))
    factors = torch.linalg.svdvals(torch.tensor(U))[0] * (1 - torch.tensor(states) ** 2).amax(dim=2)
    equal(bounds[1:], factors.flip(0).cumprod(0))


@given(threshold=st.floats(0.1, 20.0), seed=seeds)
@quick
def test_clip_by_global_norm_is_torchs(threshold, seed):
    rng = np.random.default_rng(seed)
    arrays = {"W": 3 * rng.normal(size=(3, 2)), "b": rng.normal(size=4)}
    clipped = gradients.clip_by_global_norm(arrays, threshold)
    before, after = (np.concatenate([g.ravel() for g in found.values()]) for found in (arrays, clipped))
    assert np.linalg.norm(after) == pytest.approx(min(threshold, np.linalg.norm(before)), rel=1e-12)
    parameters = [torch.zeros(g.shape, dtype=torch.float64, requires_grad=True) for g in arrays.values()]
    for parameter, g in zip(parameters, arrays.values(), strict=True):
        parameter.grad = torch.tensor(g)
    torch.nn.utils.clip_grad_norm_(parameters, threshold)
    for g, parameter in zip(clipped.values(), parameters, strict=True):
        equal(g, parameter.grad, 2e-5)  # torch adds 1e-6 to the norm that it divides by


def test_a_gradient_of_zeros_is_left_alone_without_a_warning():
    with np.errstate(all="raise"):
        assert not gradients.clip_by_global_norm({"b": np.zeros(3)}, 1.0)["b"].any()


@given(
    T=st.integers(1, 7), B=st.integers(1, 3), D=st.integers(1, 3), H=st.integers(1, 4), k=st.integers(1, 8), seed=seeds
)
@quick
def test_truncated_backward_is_autograds_with_the_state_detached(T, B, D, H, k, seed):
    x, h0, W, U, b = drawn(T, B, D, H, seed)
    dstates = np.random.default_rng(seed + 1).normal(size=(T, B, H))
    module = rnn.load_into_torch_rnn(W, U, b)
    h, total = torch.tensor(h0)[None], 0.0
    for start in range(0, T, k):
        out, h = module(torch.tensor(x[start : start + k]), h.detach())
        total = total + (torch.tensor(dstates[start : start + k]) * out).sum()
    total.backward()
    states = rnn.rnn_forward(x, h0, W, U, b)
    ours = gradients.truncated_backward(dstates, x, h0, states, W, U, k)
    for gradient, theirs in zip(ours, (module.weight_ih_l0, module.weight_hh_l0, module.bias_ih_l0), strict=True):
        equal(gradient, theirs.grad, 1e-11)
    if k >= T:
        for cut, full in zip(ours, rnn.rnn_backward(dstates, x, h0, states, W, U)[2:], strict=True):
            np.testing.assert_allclose(cut, full, rtol=1e-12, atol=1e-12)


@sizes
@quick
def test_the_leaky_step_lies_between_a_copy_and_the_elman_step(T, B, D, H, seed):
    x, h, W, U, b = drawn(T, B, D, H, seed)
    np.testing.assert_array_equal(gradients.leaky_step(x[0], h, 0.0, W, U, b), h)
    np.testing.assert_allclose(gradients.leaky_step(x[0], h, 1.0, W, U, b), rnn.rnn_step(x[0], h, W, U, b), atol=1e-15)
    cell = torch.nn.RNNCell(D, H, dtype=torch.float64)
    with torch.no_grad():
        for parameter, value in zip(cell.parameters(), (W, U, b, 0 * b), strict=True):
            parameter.copy_(torch.tensor(value))
    equal(
        gradients.leaky_step(x[0], h, 0.3, W, U, b),
        torch.lerp(torch.tensor(h), cell(*map(torch.tensor, (x[0], h))), 0.3),
    )


@pytest.mark.parametrize("alpha", [1.0, 0.1, 1e-3, 0.0])
def test_the_leaky_jacobian_tends_to_the_identity(alpha):
    x, h, W, U, b = drawn(1, 1, 3, 4, 0)
    tensor = [torch.tensor(value) for value in (x[0, 0], W, U, b)]

    def step(h):
        return (1 - alpha) * h + alpha * torch.tanh(tensor[1] @ tensor[0] + tensor[2] @ h + tensor[3])

    theirs = torch.autograd.functional.jacobian(step, torch.tensor(h[0])).numpy()
    ours = (1 - alpha) * np.eye(4) + alpha * gradients.step_jacobian(rnn.rnn_step(x[0], h, W, U, b), U)[0]
    np.testing.assert_allclose(ours, theirs, atol=1e-14)
    assert np.linalg.norm(ours - np.eye(4), 2) <= alpha * (1 + np.linalg.norm(U, 2))


@pytest.mark.parametrize(
    "rho, lowest, highest", [(0.5, 1e-16, 1e-14), (0.9, 1e-3, 1e-2), (1.0, 0.1, 1.0), (1.5, 10, 100)]
)
def test_the_course_s_figures_at_distance_50(rho, lowest, highest):
    rng = np.random.default_rng(0)
    U = gradients.rescale_spectral_norm(rng.normal(size=(64, 64)), rho)
    h = 0.25 * rng.normal(size=(16, 64))
    states = rnn.rnn_forward(np.zeros((50, 16, 1)), h, np.zeros((64, 1)), U, np.zeros(64))
    dh = rng.normal(size=(16, 64))
    dh /= np.linalg.norm(dh, axis=1, keepdims=True)
    norms = gradients.state_gradient_norms(dh, np.array([gradients.step_jacobian(h, U) for h in states]))
    assert lowest < np.median(norms[50]) < highest
