"""Visible checks of how gradients change on their way back through time."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.checks.comparing_gradients import expect_gradients, numeric_gradient
from course.checks.primitives import (
    expect,
    expect_close,
    expect_shape,
    no_overflow,
    plain,
    shown,
    torch_or_none,
    unchanged,
)
from course.checks.visible import visible_check

__all__ = [
    "clip_by_global_norm",
    "gradient_bound",
    "jacobian_product",
    "leaky_step",
    "rescale_spectral_norm",
    "state_gradient_norms",
    "step_jacobian",
    "truncated_backward",
]
Array = np.ndarray


def elman_states(x: Array, h0: Array, W: Array, U: Array, b: Array) -> Array:
    """All states (T, B, H) of the Elman network of unit 01 along a sequence x (T, B, D)."""
    states, h = [], h0
    for x_t in x:
        h = np.tanh(h @ U.T + x_t @ W.T + b)
        states.append(h)
    return np.array(states)


def measured_jacobians(x: Array, h0: Array, W: Array, U: Array, b: Array) -> Array:
    """The Jacobians (T, B, H, H) of such a run, measured by moving each component of each old state a little."""

    def row(x_n: Array, h_n: Array, i: int) -> Array:
        return numeric_gradient(lambda h: elman_states(x_n[None, None], h[None], W, U, b)[0, 0, i], h_n)

    steps = zip(x, [h0, *elman_states(x, h0, W, U, b)[:-1]], strict=True)
    return np.array([[[row(x_t[n], h[n], i) for i in range(len(b))] for n in range(len(h))] for x_t, h in steps])


def _network(seed: int, T: int, H: int = 5) -> tuple[Array, ...]:
    """x, h0, W, U and b: T steps, two examples, three inputs."""
    rng = np.random.default_rng(seed)
    x, h0 = rng.normal(size=(T, 2, 3)), rng.uniform(-1, 1, size=(2, H))
    return x, h0, rng.normal(size=(H, 3)), 0.6 * rng.normal(size=(H, H)), rng.normal(size=H)


@visible_check("the Jacobian worked on paper", "a state of zeros", "shape", "small steps of the old state")
def step_jacobian(step_jacobian: Callable[..., Any]) -> None:
    """The Jacobian of one step."""
    U = np.array([[1.0, 2.0], [3.0, 4.0]])
    on_paper = step_jacobian(np.array([[0.5, 0.0]]), U)
    expect_shape(on_paper, (1, 2, 2), "the Jacobians of 1 example and 2 neurons")
    by_column = np.array([[0.75, 2.0], [2.25, 4.0]])
    expect(
        not np.allclose(plain(on_paper)[0], by_column),
        "you multiply the columns of U by the slopes, but a slope belongs to a new neuron, and so to a row of U.",
    )
    expect_close(on_paper, [[[0.75, 1.5], [3.0, 4.0]]], "the Jacobian worked on paper")
    expect_close(step_jacobian(np.zeros((1, 2)), U)[0], U, "the Jacobian at a state of zeros, where every slope is 1")
    x, h, W, U, b = _network(1, T=1, H=3)
    h_next = elman_states(x, h, W, U, b)[0]
    with unchanged(h_next=h_next, U=U):
        J = step_jacobian(h_next, U)
    expect_shape(J, (2, 3, 3), "the Jacobians of 2 examples and 3 neurons")
    expect_close(J, measured_jacobians(x, h, W, U, b)[0], "the Jacobians, against small steps of h", 1e-6)


@visible_check(
    "both examples worked on paper", "shape", "the order of the steps", "every distance, against small steps of a state"
)
def state_gradient_norms(state_gradient_norms: Callable[..., Any]) -> None:
    """The norms of the gradients of all states, by distance."""
    one_neuron = state_gradient_norms(np.array([[2.0]]), np.full((3, 1, 1, 1), 0.75))
    expect_shape(one_neuron, (4, 1), "the norms for 3 steps and 1 example, at the distances 0 to 3,")
    expect_close(one_neuron, [[2.0], [1.5], [1.125], [0.84375]], "the norms of one neuron, worked on paper")
    hears_second = np.array([[0.0, 2.0], [0.0, 0.0]])
    expect_close(
        state_gradient_norms(np.array([[1.0, 0.0]]), np.array([[hears_second], [hears_second]])),
        [[1.0], [2.0], [0.0]],
        "the norms of two neurons, worked on paper (back means through the transpose)",
    )
    expect_close(
        state_gradient_norms(np.ones((1, 1)), np.array([2.0, 3.0, 5.0]).reshape(3, 1, 1, 1)),
        [[1.0], [5.0], [15.0], [30.0]],
        "the norms of one neuron with the Jacobians 2, 3 and 5, the last of which is the first on the way back",
    )
    x, h0, W, U, b = _network(2, T=4)
    dh_last = np.random.default_rng(3).normal(size=(2, 5))
    jacobians = measured_jacobians(x, h0, W, U, b)
    with unchanged(dh_last=dh_last, jacobians=jacobians):
        norms = state_gradient_norms(dh_last, jacobians)
    expect_shape(norms, (5, 2), "the norms for 4 steps and 2 examples, at the distances 0 to 4,")
    states = [h0, *elman_states(x, h0, W, U, b)]
    for k in range(1, 5):
        measured = numeric_gradient(
            lambda h, k=k: float(np.sum(dh_last * elman_states(x[4 - k :], h, W, U, b)[-1])), states[4 - k]
        )
        wanted = np.linalg.norm(measured, axis=1)
        expect_close(norms[k], wanted, f"the norm of each example at distance {k}, against small steps of h", 1e-6)


@visible_check(
    "the bounds worked on paper",
    "the largest singular value",
    "the largest slope at each step, for each example",
    "shape",
    "twenty measured gradients",
)
def gradient_bound(gradient_bound: Callable[..., Any]) -> None:
    """The bound that no gradient exceeds, by distance."""
    hears_second = np.array([[0.0, 2.0], [0.0, 0.0]])
    expect_close(
        gradient_bound(np.array([[[0.5, -0.5]], [[0.0, 0.5]]]), hears_second),
        [[1.0], [2.0], [3.0]],
        "the bounds worked on paper (singular values, not eigenvalues)",
    )
    expect_close(
        gradient_bound(np.zeros((1, 1, 2)), np.diag([3.0, -4.0])),
        [[1.0], [4.0]],
        "the bounds of one step from zero with U = diag(3, -4), which stretches by at most 4",
    )
    two_examples = np.array([[[0.9, 0.5], [0.0, 0.2]], [[0.5, -0.8], [0.6, -0.5]]])
    expect_close(
        gradient_bound(two_examples, np.eye(2)),
        [[1.0, 1.0], [0.75, 0.75], [0.5625, 0.75]],
        "the bounds of two examples with U = I: at each step, each example has a largest slope of its own",
    )
    x, h0, W, U, b = _network(7, T=4)
    states = elman_states(x, h0, W, U, b)
    with unchanged(states=states, U=U):
        bounds = gradient_bound(states, U)
    expect_shape(bounds, (5, 2), "the bounds for 4 steps and 2 examples, at the distances 0 to 4,")
    rng = np.random.default_rng(7)
    for _ in range(20):
        dh_last = rng.normal(size=(2, 5))
        measured = numeric_gradient(
            lambda h, dh_last=dh_last: float(np.sum(dh_last * elman_states(x, h, W, U, b)[-1])), h0
        )
        gain = np.linalg.norm(measured, axis=1) / np.linalg.norm(dh_last, axis=1)
        expect(
            np.all(gain <= plain(bounds)[4] + 1e-6),
            f"over 4 steps a gradient grew to {shown(gain)} times its norm, one number per example, but your bounds "
            f"at distance 4 are {shown(plain(bounds)[4])}. No gradient may exceed a bound.",
        )
    doubled = plain(gradient_bound(states, 2 * U)) / plain(bounds)
    expect_close(doubled[:, 0], 2.0 ** np.arange(5), "how the bounds grow by distance when U is doubled")


@visible_check(
    "the arrays worked on paper", "one factor for all arrays", "short gradients left alone", "zeros", "torch's clipping"
)
def clip_by_global_norm(clip_by_global_norm: Callable[..., Any]) -> None:
    """Clipping by the norm of all gradients together."""
    pair = {"first": np.array([3.0, 0.0]), "second": np.array([4.0])}
    with unchanged(**pair):
        clipped = clip_by_global_norm(pair, 1.0)
    expect(
        isinstance(clipped, dict) and set(clipped) == set(pair),
        f"the result should be a dict with the names first and second, but your function returned {shown(clipped)}.",
    )
    by_value, array_by_array = np.allclose(clipped["first"], [1.0, 0.0]), np.allclose(clipped["second"], [1.0])
    expect(
        not (by_value and array_by_array),
        "each of your arrays is clipped on its own, which changes the direction. Take one norm over all arrays.",
    )
    expect_close(clipped["first"], [0.6, 0.0], "the first array, worked on paper")
    expect_close(clipped["second"], [0.8], "the second array, worked on paper")
    kept = clip_by_global_norm(pair, 10.0)
    for name, g in pair.items():
        expect_close(kept[name], g, f"the {name} array under a threshold of 10, which should leave it alone")
    with no_overflow():
        nothing = clip_by_global_norm({"b": np.zeros(2)}, 1.0)
    expect_close(nothing["b"], [0.0, 0.0], "a gradient of zeros")
    rng = np.random.default_rng(8)
    arrays = {"W": 30 * rng.normal(size=(3, 2)), "b": 30 * rng.normal(size=3)}
    ours = clip_by_global_norm(arrays, 5.0)
    together = np.sqrt(sum(float(np.sum(plain(g) ** 2)) for g in ours.values()))
    expect_close(together, 5.0, "the norm of all clipped arrays together, for a threshold of 5")
    if torch := torch_or_none():
        theirs = {name: torch.zeros(g.shape, dtype=torch.float64, requires_grad=True) for name, g in arrays.items()}
        for name, parameter in theirs.items():
            parameter.grad = torch.tensor(arrays[name])
        torch.nn.utils.clip_grad_norm_(list(theirs.values()), 5.0)
        for name, parameter in theirs.items():
            expect_close(ours[name], parameter.grad.numpy(), f"{name} as torch clips it", 1e-5)


@visible_check(
    "the example on paper, for three lengths",
    "the state at a cut",
    "gradients against small steps",
    "a short last piece",
)
def truncated_backward(truncated_backward: Callable[..., Any]) -> None:
    """Backpropagation through time in pieces."""
    one = np.array([[1.0]])
    last_only = np.array([0.0, 0.0, 0.0, 1.0]).reshape(4, 1, 1)
    halves = np.full((4, 1, 1), 0.5)
    for k, wanted in ((4, 2.05078125), (2, 1.3125), (1, 0.75)):
        found = truncated_backward(last_only, np.ones((4, 1, 1)), 0.5 * one, halves, one, one, k)
        where = "uncut (k = 4)" if k == 4 else f"in pieces of {k}"
        _expect_on_paper(found, k, wanted, where)
    x, h0, W, U, b = _network(9, T=7, H=4)
    direct, states = np.random.default_rng(10).normal(size=(7, 2, 4)), elman_states(x, h0, W, U, b)

    def loss(W: Array, U: Array, b: Array) -> float:  # pieces of 3 steps, each from a state that is held fixed
        starts = [(0, h0), (3, states[2]), (6, states[5])]
        return sum(float(np.sum(direct[s : s + 3] * elman_states(x[s : s + 3], h, W, U, b))) for s, h in starts)

    with unchanged(dstates=direct, x=x, h0=h0, states=states, W=W, U=U):
        gradients = truncated_backward(direct, x, h0, states, W, U, 3)
    expect_gradients(
        gradients,
        loss,
        {"W": W, "U": U, "b": b},
        averaged_over=(7, 3, 2),
        when_only={
            "U": "Which old state belongs to the first step of a piece? The last state of the piece before; h0 only "
            "at the very start."
        },
    )


def _expect_on_paper(found: Any, k: int, wanted: float, where: str) -> None:
    """Fail unless dW, dU and db are those of the example on paper."""
    expect(isinstance(found, tuple | list) and len(found) == 3, "it should return three values: dW, dU and db.")
    dW, dU, db = found
    if k < 4 and np.allclose(plain(db), [2.05078125]):
        expect(False, f"with k = {k} your gradients pass the cuts: db is that of the uncut sequence, 2.0508.")
    expect_close(db, [wanted], f"db of the example on paper, {where}")
    expect_close(dW, [[wanted]], f"dW of the example on paper, {where}")
    expect_close(dU, [[wanted / 2]], f"dU of the example on paper, {where}")


@visible_check(
    "the step worked on paper", "alpha = 0 and alpha = 1", "one alpha per neuron", "shape", "the Jacobian near identity"
)
def leaky_step(leaky_step: Callable[..., Any]) -> None:
    """One step of a leaky network."""
    one = np.array([[1.0]])
    on_paper = leaky_step(one, 0.5 * one, 0.25, 0.5 * one, one, np.zeros(1))
    expect_shape(on_paper, (1, 1), "the new state of 1 example and 1 neuron")
    swapped = abs(float(plain(on_paper)[0, 0]) - 0.696196) < 1e-5
    expect(not swapped, "alpha and 1 - alpha are swapped: alpha is the share of the new, 1 - alpha of the old.")
    expect_close(on_paper, [[0.565399]], "the new state worked on paper", 1e-6)
    x, h, W, U, b = _network(10, T=1, H=2)
    x = x[0]
    with unchanged(x=x, h=h, W=W, U=U, b=b):
        new = leaky_step(x, h, 0.3, W, U, b)
    expect_shape(new, (2, 2), "the new state of 2 examples and 2 neurons")
    expect_close(leaky_step(x, h, 0.0, W, U, b), h, "the step with alpha = 0, which copies the state")
    expect_close(
        leaky_step(x, h, 1.0, W, U, b), elman_states(x[None], h, W, U, b)[0], "the step with alpha = 1, Elman's"
    )
    each = leaky_step(x, h, np.array([0.0, 0.3]), W, U, b)
    expect_shape(each, (2, 2), "the new state with one alpha per neuron")
    expect_close(each[:, 0], h[:, 0], "the neuron with alpha = 0, when each neuron has an alpha of its own")
    expect_close(each[:, 1], plain(new)[:, 1], "the neuron with alpha = 0.3, when each neuron has an alpha of its own")
    for i in range(2):
        row = numeric_gradient(lambda h, i=i: leaky_step(x[:1], h[None], 1e-3, W, U, b)[0, i], h[0])
        expect(
            np.abs(row - np.eye(2)[i]).max() < 0.01,
            f"with alpha = 0.001, row {i} of the step's Jacobian should be nearly that of the identity, "
            f"but small steps of h measure {shown(row)}.",
        )


@visible_check("the product worked on paper", "a single step", "shape", "small steps of the first state")
def jacobian_product(jacobian_product: Callable[..., Any]) -> None:
    """The Jacobian of many steps."""
    first, second = np.array([[0.0, 1.0], [0.0, 0.0]]), np.array([[1.0, 0.0], [2.0, 0.0]])
    on_paper = jacobian_product(np.array([[first], [second]]))
    expect_shape(on_paper, (1, 2, 2), "the product for 1 example and 2 neurons")
    expect(
        not np.allclose(plain(on_paper)[0], first @ second),
        "the order is the other one: the step that acts first stands on the right.",
    )
    expect_close(on_paper, [[[0.0, 1.0], [0.0, 2.0]]], "the product worked on paper")
    x, h0, W, U, b = _network(4, T=4)
    jacobians = measured_jacobians(x, h0, W, U, b)
    with unchanged(jacobians=jacobians):
        product = jacobian_product(jacobians)
    expect_shape(product, (2, 5, 5), "the products of 2 examples and 5 neurons")
    expect_close(jacobian_product(jacobians[:1]), jacobians[0], "the product of a single step")
    for i in range(5):
        row = numeric_gradient(lambda h, i=i: elman_states(x[:, 1:], h[None], W, U, b)[-1, 0, i], h0[1])
        expect_close(product[1, i], row, f"row {i} of the product for example 1, against small steps of h0", 1e-6)


@visible_check("the matrix worked on paper", "its singular values", "the nearest one", "argument unchanged")
def rescale_spectral_norm(rescale_spectral_norm: Callable[..., Any]) -> None:
    """The orthogonal matrix nearest to a matrix, times rho."""
    expect_close(
        rescale_spectral_norm(np.array([[0.0, -2.0], [1.0, 0.0]]), 0.5),
        [[0.0, -0.5], [0.5, 0.0]],
        "the matrix worked on paper",
    )
    A = np.random.default_rng(6).normal(size=(4, 4))
    with unchanged(A=A):
        scaled = rescale_spectral_norm(A, 1.3)
    expect_shape(scaled, (4, 4), "the rescaled matrix")
    values = np.linalg.svd(plain(scaled), compute_uv=False)
    expect_close(
        values, np.full(4, 1.3), "its singular values, for rho = 1.3 (every one of them, not only the largest)"
    )
    expect_close(rescale_spectral_norm(scaled, 1.3), scaled, "the result where every singular value is rho already")
    nearer = np.linalg.norm(A - plain(scaled) / 1.3) < np.linalg.norm(A - np.linalg.qr(A)[0])
    expect(nearer, "there is an orthogonal matrix nearer to A than yours. Use the P and the Q of A itself.")
