"""One step of the LSTM."""

import numpy as np

from autograder.checking.exercise import Exercise
from autograder.exercises.families.lstm import PLAIN
from autograder.exercises.families.lstm_right import logistic, stacked, tensors, torch_step
from autograder.exercises.families.lstm_steps import lstm_step
from autograder.reference import lstm

exercise = Exercise(lstm.lstm_step, results=("the new state", "the new cell"))
exercise.add(lstm_step(PLAIN))


@exercise.right
def by_stacks(x, h, c, params):
    W, U, b = stacked(params)
    i, f, o, g = np.split(x @ W.T + h @ U.T + b, 4, axis=1)
    new = logistic(f) * c + logistic(i) * np.tanh(g)
    return logistic(o) * np.tanh(new), new


@exercise.right
def by_loop(x, h, c, params):
    out, cells = np.zeros_like(h), np.zeros_like(c)
    for n in range(len(x)):
        a = {k: params[f"W_x{k}"] @ x[n] + params[f"W_h{k}"] @ h[n] + params[f"b_{k}"] for k in "ifoc"}
        cells[n] = logistic(a["f"]) * c[n] + logistic(a["i"]) * np.tanh(a["c"])
        out[n] = logistic(a["o"]) * np.tanh(cells[n])
    return out, cells


@exercise.right
def by_einsum(x, h, c, params):
    def a(k):
        inputs = np.einsum("hd,bd->bh", params["W_x" + k], x)
        return inputs + np.einsum("hk,bk->bh", params["W_h" + k], h) + params["b_" + k]

    new = np.add(logistic(a("f")) * c, logistic(a("i")) * np.tanh(a("c")))
    return [logistic(a("o")) * np.tanh(new), new]


@exercise.right
def by_torch(x, h, c, params):
    return torch_step(*tensors(x, h, c, params))
