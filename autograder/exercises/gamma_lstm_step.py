"""One step of the LSTM in Gamma notation, as lecture notes have it."""

import numpy as np
import torch

from autograder.checking.exercise import Exercise
from autograder.exercises.families.lstm import GAMMA
from autograder.exercises.families.lstm_right import logistic, stacked, tensors
from autograder.exercises.families.lstm_steps import lstm_step
from autograder.reference import lstm

exercise = Exercise(lstm.gamma_lstm_step, results=("the new activation", "the new cell"))
exercise.add(lstm_step(GAMMA))


@exercise.right
def by_stacks(x, c, params):
    W, U, b = stacked(params, "ufoc", "W_{}x", "W_{}c")
    u, f, o, proposal = np.split(x @ W.T + c @ U.T + b, 4, axis=1)
    new = logistic(u) * np.tanh(proposal) + logistic(f) * c
    return logistic(o) * new, new


@exercise.right
def by_loop(x, c, params):
    out, cells = np.zeros_like(c), np.zeros_like(c)
    for n in range(len(x)):
        a = {k: params[f"W_{k}c"] @ c[n] + params[f"W_{k}x"] @ x[n] + params[f"b_{k}"] for k in "ufoc"}
        cells[n] = logistic(a["u"]) * np.tanh(a["c"]) + logistic(a["f"]) * c[n]
        out[n] = logistic(a["o"]) * cells[n]
    return out, cells


@exercise.right
def by_torch(x, c, params):
    x, c, p = tensors(x, c, params)
    u, f, o = (torch.sigmoid(c @ p[f"W_{k}c"].T + x @ p[f"W_{k}x"].T + p[f"b_{k}"]) for k in "ufo")
    new = u * torch.tanh(c @ p["W_cc"].T + x @ p["W_cx"].T + p["b_c"]) + f * c
    return o * new, new
