"""Backpropagation through time for the LSTM."""

from collections.abc import Callable
from typing import Any

import numpy as np
import torch

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises import lstm_forward, lstm_step_backward
from autograder.exercises.families import forms, sequences
from autograder.exercises.families.lstm import PLAIN
from autograder.exercises.families.lstm_right import torch_step
from autograder.exercises.families.lstm_step_backward import groups
from autograder.exercises.families.through_time import BackThroughTime
from autograder.reference import lstm

exercise = Exercise(lstm.lstm_backward, results=("dx", "dh0", "dc0", "gradients"))


def arguments(rng, T, B, D, H):
    """dstates, x, h0, c0 and the parameters."""
    return rng.normal(size=(T, B, H)), *lstm_forward.arguments(rng, T, B, D, H)


def unrolled(args):
    """The initial state and cell, and all states and cells."""
    return args[2:4], lstm.lstm_forward(*args[1:])


def step_arguments(given, x, old, new, args):
    """Those of one step back."""
    return *given, x, *old, args[-1]


LONG = "a long sequence, with a gradient at its end only"
NAMES = {"dh": "dh0", "dc": "dc0"}
through_time = BackThroughTime(
    lstm_step_backward.exercise,
    step_arguments,
    arguments,
    unrolled,
    {name: [NAMES.get(key, key) for key in keys] for name, keys in groups(PLAIN).items()},
    states=("h", "c"),
    unlike=("dc_from_dc_next", "c_overwritten_before_use", "cell_gradient_ignored"),
)


@exercise.cases
def short(rng):
    """First of all, so that most wrong versions are told apart at little cost."""
    return {"two steps": Case(arguments(rng, 2, 3, 2, 4))}


exercise.checks(values("all gradients", "two steps", *sequences.SIZES, weight=3))
exercise.checks(
    values(
        "a long way, large gradients and gradients of zero", LONG, "large gradients", "gradients of zero", property=True
    )
)
exercise.add(through_time, forms.overwrites_arguments(without=["dstates"]))


@exercise.cases
def long(rng):
    """Forget gates that keep, so that what comes from the last step reaches the first."""
    dstates, *given, params = arguments(rng, 18, 1, 1, 2)
    dstates[:-1] = 0.0
    large, *others = arguments(rng, 3, 2, 3, 4)
    return {
        LONG: Case((dstates, *given, params | {"b_f": np.full(2, 6.0)})),
        "large gradients": Case((300 * large, *others)),
        "gradients of zero": Case((0 * large, *others)),
    }


def back(args, given: Callable[..., Any], leave=lambda dh, dc, direct: (dh, dc)):
    """The way back, in which ``given(t, direct, dh, dc)`` goes into a step, and ``leave`` changes what it hands back."""
    dstates, x, h0, c0, params = args
    states, cells = lstm.lstm_forward(*args[1:])
    dx, dh, dc = np.empty(x.shape), np.zeros(h0.shape), np.zeros(c0.shape)
    total = {name: np.zeros(value.shape) for name, value in params.items()}
    for t in reversed(range(len(x))):
        h, c = (states[t - 1], cells[t - 1]) if t else (h0, c0)
        dh, dc = given(t, dstates[t], dh, dc)
        dx[t], dh, dc, step = lstm.lstm_step_backward(dh, dc, x[t], h, c, params)
        dh, dc = leave(dh, dc, dstates[t])
        total = {name: total[name] + step[name] for name in total}
    return dx, dh, dc, total


for name, hint, given in (
    ("direct_gradient_for_cells_too", "You add dstates[t] to the gradient of the cell, too: the loss looks at the states only.", lambda t, d, dh, dc: (d + dh, d + dc)),
    ("direct_gradient_for_the_last_cell", "Your way back starts with the last direct gradient for the cell, too: the loss looks at the states only.", lambda t, d, dh, dc: (d + dh, dc if dc.any() else d + dc)),
    ("direct_gradient_for_cells_only", "You add dstates[t] to the gradient of the cell: it is that of the state.", lambda t, d, dh, dc: (dh, d + dc)),
    ("first_direct_term_missing", "dstates[0] never gets in: add dstates[t] at the first step, too.", lambda t, d, dh, dc: (d + dh if t else dh, dc)),
    ("gradients_of_state_and_cell_exchanged", "Between steps the gradients of state and cell change places.", lambda t, d, dh, dc: (d + dc, dh)),
    ("only_state_gradient_carried_into_both", "The gradient of the state goes into the earlier step twice, for the cell too: pass on dc there.", lambda t, d, dh, dc: (d + dh, dh)),
):  # fmt: skip
    exercise.add_mistake(name, hint, lambda *args, given=given: back(args, given))


for name, hint, wrong in (
    ("direct_term_after_the_step", "You add dstates[t] to what step t hands back: it goes into step t, before the way back through it.",
        lambda *args: back(args, lambda t, d, dh, dc: (dh, dc), lambda dh, dc, direct: (dh + direct, dc))),
    ("cell_gradient_starts_from_ones", "Your way back starts with ones for the gradient of the last cell: the loss does not look at cells, so it is zero.",
        lambda *args: back(args, lambda t, d, dh, dc: (d + dh, dc if t < len(args[0]) - 1 else dc + 1))),
    ("initial_cell_ignored", "At the first step you take a zero cell where c0 went in.", lambda *args: through_time.run(args, previous=lambda t, start, one: one[t - 1] if t else start * (start is not args[3]))),
    ("initial_state_alone_ignored", "At the first step you take a zero state where h0 went in; the cell is right.",
        lambda *args: through_time.run(args, previous=lambda t, start, one: one[t - 1] if t else start * (start is not args[2]))),
    ("starts_ignored", "Your states and cells are those of a run that starts from zeros: start it from h0 and c0.", lambda dstates, x, h0, c0, params: lstm.lstm_backward(dstates, x, 0 * h0, 0 * c0, params)),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def initial_gradients_zero(*args):
    """Your gradients of h0 and c0 are zero: they are what the first step hands back."""
    dx, dh, dc, gradients = lstm.lstm_backward(*args)
    return dx, 0 * dh, 0 * dc, gradients


@exercise.wrong
def initial_gradients_exchanged(*args):
    """You return dc0 before dh0: the order is dx, dh0, dc0, gradients."""
    dx, dh, dc, gradients = lstm.lstm_backward(*args)
    return dx, dc, dh, gradients


@exercise.wrong
def direct_gradient_added_to_the_start(*args):
    """Your dh0 holds dstates[0] once more: h0 is not the first state, and gets only what the first step hands back."""
    dx, dh, dc, gradients = lstm.lstm_backward(*args)
    return dx, dh + args[0][0], dc, gradients


@exercise.right
def by_autograd(dstates, x, h0, c0, params):
    p, went = lstm_step_backward.leaves(params), [torch.tensor(value, requires_grad=True) for value in (x, h0, c0)]
    h, c, total = went[1], went[2], torch.zeros((), dtype=torch.float64)
    for t in range(len(x)):
        h, c = torch_step(went[0][t], h, c, p)
        total = total + (torch.tensor(dstates[t]) * h).sum()
    total.backward()
    return *(value.grad for value in went), {name: value.grad for name, value in p.items()}


@exercise.right
def by_stacks(dstates, x, h0, c0, params):
    states, cells = lstm_forward.inputs_first(x, h0, c0, params)
    before = np.concatenate([h0[None], states]), np.concatenate([c0[None], cells])
    dx, dh, dc = np.zeros_like(x), 0.0, np.zeros_like(c0)
    total = {name: 0.0 for name in params}
    for t in range(len(x) - 1, -1, -1):
        given = dh + dstates[t], dc, x[t], before[0][t], before[1][t], params
        dx[t], dh, dc, step = lstm_step_backward.by_stacks(*given)
        for name in total:
            total[name] = total[name] + step[name]
    return dx, dh, dc, total


@exercise.right
def by_recursion(dstates, x, h0, c0, params):
    def back(t, h, c):
        if t == len(x):
            return [], 0 * h, 0 * c, {name: 0 * value for name, value in params.items()}
        shown, new = (value[0] for value in lstm_forward.by_recursion(x[t : t + 1], h, c, params))
        later, dh, dc, total = back(t + 1, shown, new)
        dx, dh, dc, step = lstm_step_backward.by_rows(dstates[t] + dh, dc, x[t], h, c, params)
        return [dx, *later], dh, dc, {name: total[name] + step[name] for name in total}

    dx, *rest = back(0, h0, c0)
    return np.stack(dx), *rest
