"""Backpropagation through time for the Elman network."""

import numpy as np
import torch

from autograder.checking.exercise import Exercise
from autograder.exercises import rnn_forward, rnn_step_backward
from autograder.exercises.families import forms, through_time
from autograder.reference import rnn

exercise = Exercise(rnn.rnn_backward, results=("dx", "dh0", "dW", "dU", "db"))


def arguments(rng, T, B, D, H, scale=0.6):
    """dstates, x, h0, the states, W and U."""
    x, h0, W, U, b = rnn_forward.arguments(rng, T, B, D, H, scale)
    return rng.normal(size=(T, B, H)), x, h0, rnn.rnn_forward(x, h0, W, U, b), W, U


def step_arguments(given, x_t, olds, news, args):
    """What ``rnn_step_backward`` is called with."""
    return given[0], x_t, olds[0], news[0], *args[4:6]


def unrolled(args):
    """The initial state, and the states after each step."""
    return [args[2]], [args[3]]


GROUPS = {
    "the gradient of every input": ["dx"],
    "the gradient of the initial state h0": ["dh0"],
    "the gradient of W": ["dW"],
    "the gradient of U": ["dU"],
    "the gradient of b": ["db"],
}
exercise.add(
    through_time.BackThroughTime(
        rnn_step_backward.exercise, step_arguments, arguments, unrolled, GROUPS, unlike=["new_state_for_old"]
    )
)


@exercise.wrong
def gradient_of_the_first_state(dstates, x, h0, states, W, U):
    """Your dh0 is the gradient of states[0]: go through the first step, too, to reach h0."""
    _, dh, *_ = rnn.rnn_backward(dstates[1:], x[1:], states[0], states[1:], W, U) if len(x) > 1 else (0, 0)
    dx, _, *parameters = rnn.rnn_backward(dstates, x, h0, states, W, U)
    return dx, dstates[0] + dh, *parameters


exercise.add(forms.overwrites_arguments(without=["dstates"]))


@exercise.right
def all_slopes_first(dstates, x, h0, states, W, U):
    da, carried = np.zeros(states.shape), np.zeros(h0.shape)
    for t in range(len(x) - 1, -1, -1):
        da[t] = (dstates[t] + carried) * (1 - states[t] ** 2)
        carried = da[t] @ U
    before = np.concatenate([h0[None], states[:-1]])
    return da @ W, carried, np.einsum("tbh,tbd->hd", da, x), np.einsum("tbh,tbk->hk", da, before), da.sum(axis=(0, 1))


@exercise.right
def by_loop(dstates, x, h0, states, W, U):
    dx, dW, dU, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros(U.shape), np.zeros(len(U))
    dh = np.zeros(h0.shape)
    for t in range(len(x))[::-1]:
        h = h0 if t == 0 else states[t - 1]
        da = (dh + dstates[t]) * (1 - states[t] ** 2)
        for n in range(len(da)):
            dW += np.outer(da[n], x[t, n])
            dU += np.outer(da[n], h[n])
            db += da[n]
            dx[t, n] = da[n] @ W
            dh[n] = U.T @ da[n]
    return dx, dh, dW, dU, db


@exercise.right
def by_torch(dstates, x, h0, states, W, U):
    dstates, x, h0, states, W, U = (torch.tensor(array) for array in (dstates, x, h0, states, W, U))
    dh, das = torch.zeros_like(h0), []
    for d, h in zip(reversed(dstates), reversed(states), strict=True):
        das.insert(0, (d + dh) * (1 - h**2))
        dh = das[0] @ U
    da = torch.stack(das)
    before = torch.cat([h0[None], states[:-1]])
    return da @ W, dh, torch.einsum("tbh,tbd->hd", da, x), torch.einsum("tbh,tbk->hk", da, before), da.sum(dim=(0, 1))


@exercise.right
def by_recursion(dstates, x, h0, states, W, U):
    def back(t, dh):
        if t < 0:
            return [], dh
        da = (dstates[t] + dh) * (1 - states[t] ** 2)
        earlier, dh0 = back(t - 1, da @ U)
        return [*earlier, da], dh0

    das, dh0 = back(len(x) - 1, 0.0)
    before = [h0, *states[:-1]]
    return (
        np.stack([da @ W for da in das]),
        dh0,
        sum(da.T @ x_t for da, x_t in zip(das, x, strict=True)),
        sum(da.T @ h for da, h in zip(das, before, strict=True)),
        sum(da.sum(0) for da in das),
    )
