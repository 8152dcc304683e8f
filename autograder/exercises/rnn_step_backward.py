"""The way back through one step of the Elman network."""

import numpy as np
import torch

from autograder.checking.exercise import Exercise
from autograder.exercises import rnn_step
from autograder.exercises.families import backward, forms, slopes
from autograder.reference import rnn

exercise = Exercise(rnn.rnn_step_backward, results=("dx", "dh", "dW", "dU", "db"))


def arguments(rng, B, D, H, scale):
    """dh_next, x, h, the new state, W and U."""
    x, h, W, U, b = rnn_step.arguments(rng, B, D, H, scale)
    return rng.normal(size=(B, H)), x, h, rnn.rnn_step(x, h, W, U, b), W, U


GROUPS = {
    "the gradient of the input x": ["dx"],
    "the gradient of the old state h": ["dh"],
    "the gradient of W": ["dW"],
    "the gradient of U": ["dU"],
    "the gradient of b": ["db"],
}
exercise.add(
    backward.step_backward(arguments, GROUPS, matrices=("dW", "dU"), vectors=("db",), batched=(0, 1, 2, 3)),
)


def from_slope(da, x, h, W, U):
    """All gradients, from that of the sum inside tanh."""
    return da @ W, da @ U, da.T @ x, da.T @ h, da.sum(axis=0)


def with_slope(slope):
    """The way back with another slope of tanh."""
    return lambda dh_next, x, h, h_next, W, U: from_slope(dh_next * slope(h_next), x, h, W, U)


exercise.add(slopes.tanh_slopes(with_slope))


@exercise.wrong
def slope_at_old_state(dh_next, x, h, h_next, W, U):
    """You take the slope of tanh at the old state: it is 1 - h_next**2, with the state that came out."""
    da = dh_next * (1 - h**2)
    return da @ W, da @ U, da.T @ x, da.T @ h, da.sum(axis=0)


@exercise.wrong
def slope_alone(dh_next, x, h, h_next, W, U):
    """Your gradients do not depend on dh_next: multiply the slope of tanh by it."""
    return from_slope(1 - h_next**2, x, h, W, U)


def without_slope(name, hint, *places):
    """The mistake of leaving out the slope in some of the results only."""

    def wrong(dh_next, x, h, h_next, W, U):
        right = rnn.rnn_step_backward(dh_next, x, h, h_next, W, U)
        bare = from_slope(dh_next, x, h, W, U)
        return tuple(b if n in places else r for n, (r, b) in enumerate(zip(right, bare, strict=True)))

    exercise.add_mistake(name, hint, wrong)


without_slope(
    "slope_missing_for_states",
    "dx and dh lack the slope of tanh: they start from dh_next * (1 - h_next**2), too.",
    0,
    1,
)
without_slope(
    "slope_missing_for_state", "dh lacks the slope of tanh: it starts from dh_next * (1 - h_next**2), too.", 1
)
without_slope(
    "slope_missing_for_parameters",
    "dW, dU and db lack the slope of tanh: they start from dh_next * (1 - h_next**2), too.",
    2,
    3,
    4,
)
without_slope("slope_missing_for_bias", "db lacks the slope of tanh: sum dh_next * (1 - h_next**2), not dh_next.", 4)


@exercise.wrong
def state_gradient_transposed(dh_next, x, h, h_next, W, U):
    """The gradient of the old state goes back through U the other way round: da @ U, where the step had h @ U.T."""
    dx, _, *parameters = rnn.rnn_step_backward(dh_next, x, h, h_next, W, U)
    return dx, dh_next * (1 - h_next**2) @ U.T, *parameters


@exercise.wrong
def input_gradient_transposed(dh_next, x, h, h_next, W, U):
    """The gradient of the input goes back through W the other way round: da @ W, where the step had x @ W.T."""
    _, *others = rnn.rnn_step_backward(dh_next, x, h, h_next, W, U)
    return dh_next * (1 - h_next**2) @ W.T, *others


@exercise.wrong
def both_ways_back_transposed(dh_next, x, h, h_next, W, U):
    """dx and dh go back through W and U the other way round: da @ W and da @ U, where the step had .T."""
    _, _, *parameters = rnn.rnn_step_backward(dh_next, x, h, h_next, W, U)
    da = dh_next * (1 - h_next**2)
    return da @ W.T, da @ U.T, *parameters


@exercise.wrong
def new_state_for_old(dh_next, x, h, h_next, W, U):
    """The gradient of U pairs da with the state that went into the step, h; you use the one that came out."""
    return from_slope(dh_next * (1 - h_next**2), x, h_next, W, U)


@exercise.wrong
def incoming_gradient_added(dh_next, x, h, h_next, W, U):
    """You add dh_next to dh: the old state reaches the new one through U and tanh only, so dh is da @ U."""
    dx, dh, *parameters = rnn.rnn_step_backward(dh_next, x, h, h_next, W, U)
    return dx, dh + dh_next, *parameters


@exercise.wrong
def weight_gradients_exchanged(dh_next, x, h, h_next, W, U):
    """Your dW and dU are exchanged: da.T @ x belongs to W, da.T @ h to U."""
    dx, dh, dW, dU, db = rnn.rnn_step_backward(dh_next, x, h, h_next, W, U)
    return dx, dh, dU, dW, db


@exercise.wrong
def dh_next_overwritten(dh_next, x, h, h_next, W, U):
    """Your function changes the gradient that it was given: make a new array instead of changing dh_next."""
    answer = rnn.rnn_step_backward(dh_next, x, h, h_next, W, U)
    dh_next *= 1 - h_next**2
    return answer


@exercise.wrong
def parameters_first(dh_next, x, h, h_next, W, U):
    """Your results are in another order: it is dx, dh, dW, dU, db."""
    dx, dh, dW, dU, db = rnn.rnn_step_backward(dh_next, x, h, h_next, W, U)
    return dW, dU, db, dx, dh


@exercise.wrong
def input_gradient_transposed_where_square(dh_next, x, h, h_next, W, U):
    """Where there are as many inputs as units, dx goes back through W the other way round: it is da @ W for every shape."""
    turned = W.T if W.shape[0] == W.shape[1] else W
    return rnn.rnn_step_backward(dh_next, x, h, h_next, turned, U)


exercise.add(forms.overwrites_arguments())


@exercise.right
def by_einsum(dh_next, x, h, h_next, W, U):
    da = dh_next - dh_next * h_next * h_next
    return (
        np.einsum("bh,hd->bd", da, W),
        np.einsum("bh,hk->bk", da, U),
        np.einsum("bh,bd->hd", da, x),
        np.einsum("bh,bk->hk", da, h),
        np.einsum("bh->h", da),
    )


@exercise.right
def by_loop(dh_next, x, h, h_next, W, U):
    dx, dh = np.zeros(x.shape), np.zeros(h.shape)
    dW, dU, db = np.zeros(W.shape), np.zeros(U.shape), np.zeros(len(U))
    for n in range(len(x)):
        da = (1 - h_next[n] ** 2) * dh_next[n]
        dx[n], dh[n] = W.T @ da, U.T @ da
        dW += np.outer(da, x[n])
        dU += np.outer(da, h[n])
        db += da
    return dx, dh, dW, dU, db


@exercise.right
def by_autograd(dh_next, x, h, h_next, W, U):
    x, h, W, U = (torch.tensor(array, requires_grad=True) for array in (x, h, W, U))
    a = torch.atanh(torch.tensor(h_next))
    b = (a - (x @ W.T + h @ U.T)).detach().requires_grad_()
    new = torch.tanh(x @ W.T + h @ U.T + b)
    *gradients, db = torch.autograd.grad(new, (x, h, W, U, b), torch.tensor(dh_next))
    return *gradients, db.sum(dim=0)


@exercise.right
def as_a_list(dh_next, x, h, h_next, W, U):
    da = dh_next * (1 + h_next) * (1 - h_next)
    return [
        np.dot(da, W),
        np.dot(da, U),
        np.tensordot(da, x, (0, 0)),
        np.tensordot(da, h, (0, 0)),
        np.ones(len(x)) @ da,
    ]
