"""The GRU over a sequence."""

import numpy as np
import torch

from autograder.checking.exercise import Exercise
from autograder.exercises import gru_step
from autograder.exercises.families.gru import Z_NEW, squash
from autograder.exercises.families.gru_mistakes import sequence_mistakes
from autograder.exercises.families.sequences import forward_sequence
from autograder.reference import gru

exercise = Exercise(gru.gru_forward)


def arguments(rng, T, B, D, H, scale=0.6):
    """x, h0 and params."""
    _, h0, params = Z_NEW.arguments(rng, B, D, H, scale)
    return rng.normal(size=(T, B, D)), h0, params


exercise.add(forward_sequence(arguments, gru.gru_step), sequence_mistakes(Z_NEW))


@exercise.right
def by_list(x, h0, params):
    states, h = [], h0
    for x_t in x:
        h = gru_step.by_einsum(x_t, h, params)
        states.append(h)
    return np.array(states)


@exercise.right
def one_example_at_a_time(x, h0, params):
    columns = []
    for n in range(x.shape[1]):
        column, h = [], h0[n : n + 1]
        for t in range(len(x)):
            h = gru_step.by_loop(x[t, n : n + 1], h, params)
            column.append(h[0])
        columns.append(column)
    return np.array(columns).swapaxes(0, 1)


@exercise.right
def by_recursion(x, h0, params):
    h = gru_step.by_one_matrix(x[0], h0, params)
    return h[None] if len(x) == 1 else np.concatenate([h[None], by_recursion(x[1:], h, params)])


@exercise.right
def by_torch(x, h0, params):
    states, h = [], torch.tensor(h0)
    for x_t in x:
        h = gru_step.by_torch(x_t, h.numpy(), params)
        states.append(h)
    return torch.stack(states)


@exercise.right
def inputs_first(x, h0, params):
    a = {g: x @ params[f"W_{g}"].T + params[f"b_{g}"] for g in "zrh"}
    states, h = np.zeros((len(x), *h0.shape)), h0.copy()
    for t in range(len(x)):
        z, r = (squash(a[g][t] + h @ params[f"U_{g}"].T) for g in "zr")
        h = h + z * (np.tanh(a["h"][t] + (r * h) @ params["U_h"].T) - h)
        states[t] = h
    return states
