"""The Gamma form with its two differences removed: the plain LSTM under other names."""

import numpy as np

from autograder.checking.exercise import Exercise
from autograder.exercises import lstm_step
from autograder.exercises.families import lstm_steps
from autograder.exercises.families.lstm import MENDED
from autograder.exercises.families.lstm_right import logistic, stacked, tensors, torch_step
from autograder.reference import lstm

exercise = Exercise(lstm.mended_gamma_step, results=("the new activation", "the new cell"))
exercise.add(lstm_steps.lstm_step(MENDED))


@exercise.wrong
def notes_form_of_the_activation(x, a, c, params):
    """You take one step of the notes' form from the old activation, and tanh of the result: what is kept is the old cell."""
    shown, new = lstm.gamma_lstm_step(x, a, params)
    return np.tanh(shown), new


@exercise.wrong
def notes_form_squashed(x, a, c, params):
    """You take one step of the notes' form from the old cell, and tanh of its activation: both changes are still to be made."""
    shown, new = lstm.gamma_lstm_step(x, c, params)
    return np.tanh(shown), new


@exercise.right
def by_stacks(x, a, c, params):
    W, U, b = stacked(params, "ufoc", "W_{}x", "W_{}c")
    u, f, o, proposal = np.split(x @ W.T + a @ U.T + b, 4, axis=1)
    new = logistic(u) * np.tanh(proposal) + logistic(f) * c
    return logistic(o) * np.tanh(new), new


@exercise.right
def by_renaming(x, a, c, params):
    plain = {}
    for ours, theirs in zip("ifoc", "ufoc", strict=True):
        plain[f"W_x{ours}"], plain[f"W_h{ours}"] = params[f"W_{theirs}x"], params[f"W_{theirs}c"]
        plain[f"b_{ours}"] = params[f"b_{theirs}"]
    return lstm_step.by_einsum(x, a, c, plain)


@exercise.right
def by_torch(x, a, c, params):
    return torch_step(*tensors(x, a, c, lstm.lstm_from_gamma(params)))
