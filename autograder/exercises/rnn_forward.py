"""The Elman network over a sequence."""

import numpy as np
import torch

from autograder.checking.exercise import Exercise
from autograder.exercises import rnn_step
from autograder.exercises.families import sequences
from autograder.reference import rnn

exercise = Exercise(rnn.rnn_forward)


def arguments(rng, T, B, D, H, scale=0.6):
    """x, h0, W, U and b."""
    _, h0, W, U, b = rnn_step.arguments(rng, B, D, H, scale)
    return rng.normal(size=(T, B, D)), h0, W, U, b


exercise.add(sequences.forward_sequence(arguments, rnn.rnn_step, step_exercise=rnn_step.exercise))


@exercise.right
def by_list(x, h0, W, U, b):
    states, h = [], h0
    for x_t in x:
        h = np.tanh(x_t @ W.T + h @ U.T + b)
        states.append(h)
    return np.stack(states)


@exercise.right
def inputs_first(x, h0, W, U, b):
    a = np.einsum("tbd,hd->tbh", x, W) + b
    h = h0.copy()
    for t in range(len(a)):
        h = np.tanh(a[t] + h @ U.T)
        a[t] = h
    return a


@exercise.right
def by_torch(x, h0, W, U, b):
    x, h, W, U, b = (torch.tensor(array) for array in (x, h0, W, U, b))
    states = []
    for x_t in x:
        h = torch.tanh(x_t @ W.T + h @ U.T + b)
        states.append(h)
    return torch.stack(states).numpy()


@exercise.right
def by_recursion(x, h0, W, U, b):
    h = np.tanh(x[0] @ W.T + h0 @ U.T + b)
    return h[None] if len(x) == 1 else np.concatenate([h[None], by_recursion(x[1:], h, W, U, b)])


@exercise.right
def one_example_at_a_time(x, h0, W, U, b):
    states = np.zeros((*x.shape[:2], len(b)))
    for n in range(x.shape[1]):
        h = h0[n]
        for t in range(len(x)):
            h = np.tanh(W @ x[t, n] + U @ h + b)
            states[t, n] = h
    return states
