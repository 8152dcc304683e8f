"""One step of the Elman network."""

import math

import numpy as np
import torch

from autograder.checking.exercise import Exercise
from autograder.exercises.families import forms, steps
from autograder.exercises.families.very_large import very_large_arguments
from autograder.reference import rnn
from autograder.reference.rnn import sigmoid

exercise = Exercise(rnn.rnn_step)


def arguments(rng, B, D, H, scale=1.0):
    """x, the old state, W, U and b."""
    return (
        rng.normal(size=(B, D)),
        rng.uniform(-1, 1, size=(B, H)),
        scale * rng.normal(size=(H, D)),
        scale * rng.normal(size=(H, H)),
        rng.normal(size=H),
    )


exercise.add(
    steps.step_cases(arguments),
    steps.step_checks(),
    very_large_arguments(arguments),
    steps.parameter_mistakes({"the cell": ("W", "U", "b")}),
    steps.overwrites(1),
    forms.one_row_per_example,
    forms.overwrites_arguments(),
)


@exercise.wrong
def bias_outside(x, h, W, U, b):
    """You add the bias after the tanh: it belongs inside, so that the state stays between -1 and 1."""
    return np.tanh(x @ W.T + h @ U.T) + b


for name, hint, wrong in (
    ("tanh_forgotten", "Your new state is the plain sum: the tanh around it is missing.", lambda x, h, W, U, b: x @ W.T + h @ U.T + b),
    ("sigmoid_for_tanh", "You squash with the logistic function, so your state can never be negative: this cell uses tanh.", lambda x, h, W, U, b: sigmoid(x @ W.T + h @ U.T + b)),
    ("squashed_separately", "You take tanh of the input's part and of the state's part separately: add first, then take one tanh.", lambda x, h, W, U, b: np.tanh(x @ W.T) + np.tanh(h @ U.T + b)),
    ("squashed_separately_bias_left", "You take tanh of the input's part, with the bias, and of the state's part: add everything first, then take one tanh.", lambda x, h, W, U, b: np.tanh(x @ W.T + b) + np.tanh(h @ U.T)),
    ("recurrent_term_outside", "You take tanh of the input's part alone: the term with U belongs inside, too.", lambda x, h, W, U, b: np.tanh(x @ W.T + b) + h @ U.T),
    ("input_term_outside", "You take tanh of the state's part alone: the term with W belongs inside, too.", lambda x, h, W, U, b: x @ W.T + np.tanh(h @ U.T + b)),
    ("squashed_in_three", "You take tanh of the input's part and of the state's part, and add b outside: add all three, then take one tanh.", lambda x, h, W, U, b: np.tanh(x @ W.T) + np.tanh(h @ U.T) + b),
    ("squashed_twice", "You take tanh twice: one tanh around the sum is right.", lambda x, h, W, U, b: np.tanh(rnn.rnn_step(x, h, W, U, b))),
    ("products_multiplied", "You multiply the input's part and the state's part with each other: add them.", lambda x, h, W, U, b: np.tanh((x @ W.T) * (h @ U.T) + b)),
    ("state_averaged_over_batch", "Your new state depends on the old states of all examples: the examples must not mix.", lambda x, h, W, U, b: rnn.rnn_step(x, np.broadcast_to(h.mean(axis=0), h.shape), W, U, b)),
    ("first_state_for_all", "You use the old state of the first example for all: each example has its own.", lambda x, h, W, U, b: rnn.rnn_step(x, np.broadcast_to(h[:1], h.shape), W, U, b)),
    ("relu_for_tanh", "You squash with relu, so your state can never be negative, and may be large: this cell uses tanh.", lambda x, h, W, U, b: np.maximum(0, x @ W.T + h @ U.T + b)),
    ("bias_subtracted", "You subtract the bias: add it.", lambda x, h, W, U, b: rnn.rnn_step(x, h, W, U, -b)),
    ("weights_swapped", "You multiply the input by U and the state by W: W belongs to the input, U to the state.", lambda x, h, W, U, b: np.tanh(x @ U.T + h @ W.T + b)),
    ("old_state_added", "You add the old state to the new one: in this cell the new state replaces the old one.", lambda x, h, W, U, b: h + rnn.rnn_step(x, h, W, U, b)),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.right
def by_einsum(x, h, W, U, b):
    return np.tanh(np.einsum("hd,bd->bh", W, x) + np.einsum("hk,bk->bh", U, h) + b)


@exercise.right
def by_loop(x, h, W, U, b):
    return np.stack([np.tanh(W @ x_n + U @ h_n + b) for x_n, h_n in zip(x, h, strict=True)])


@exercise.right
def by_scalars(x, h, W, U, b):
    new = np.zeros(h.shape)
    for n in range(len(x)):
        for k in range(len(b)):
            a = b[k] + sum(W[k, d] * x[n, d] for d in range(x.shape[1]))
            new[n, k] = math.tanh(a + sum(U[k, j] * h[n, j] for j in range(len(b))))
    return new


@exercise.right
def by_one_matrix(x, h, W, U, b):
    return np.tanh(np.concatenate([x, h], axis=1) @ np.concatenate([W, U], axis=1).T + b)


@exercise.right
def by_torch(x, h, W, U, b):
    x, h, W, U, b = (torch.tensor(array) for array in (x, h, W, U, b))
    return torch.tanh(torch.nn.functional.linear(x, W, b) + h @ U.T)


@exercise.right
def by_sigmoid(x, h, W, U, b):
    with np.errstate(over="ignore"):
        return 2 / (1 + np.exp(-2 * (x @ W.T + h @ U.T + b))) - 1
