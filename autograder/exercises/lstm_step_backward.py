"""The way back through one step of the LSTM."""

import numpy as np
import torch

from autograder.checking.exercise import Exercise
from autograder.exercises.families.lstm import PLAIN
from autograder.exercises.families.lstm_right import logistic, stacked, torch_step
from autograder.exercises.families.lstm_step_backward import RESULTS, lstm_step_backward
from autograder.reference import lstm

exercise = Exercise(lstm.lstm_step_backward, results=RESULTS)
exercise.add(lstm_step_backward(PLAIN))


@exercise.right
def by_autograd(dh_next, dc_next, x, h, c, params):
    p, went = leaves(params), [torch.tensor(value, requires_grad=True) for value in (x, h, c)]
    shown, new = torch_step(went[0], went[1], went[2], p)
    torch.autograd.backward([shown, new], [torch.tensor(dh_next), torch.tensor(dc_next)])
    return *(value.grad for value in went), {name: value.grad for name, value in p.items()}


def leaves(p):
    return {name: torch.tensor(value, requires_grad=True) for name, value in p.items()}


@exercise.right
def by_rows(dh_next, dc_next, x, h, c, params):
    """One example at a time, with outer products; peepholes where there are any."""
    look = {k: params.get(f"w_c{k}", np.zeros(())) for k in "ifo"}
    gradients = {name: np.zeros_like(value) for name, value in params.items()}
    dx, dh, dc = np.zeros_like(x), np.zeros_like(h), np.zeros_like(c)
    for n in range(len(x)):
        a = {k: params[f"W_x{k}"] @ x[n] + params[f"W_h{k}"] @ h[n] + params[f"b_{k}"] for k in "ifoc"}
        i, f, g = logistic(a["i"] + look["i"] * c[n]), logistic(a["f"] + look["f"] * c[n]), np.tanh(a["c"])
        new = f * c[n] + i * g
        o = logistic(a["o"] + look["o"] * new)
        d = {"o": dh_next[n] * np.tanh(new) * o * (1 - o)}
        whole = dc_next[n] + dh_next[n] * o / np.cosh(new) ** 2 + d["o"] * look["o"]
        d |= {"i": whole * g * i * (1 - i), "f": whole * c[n] * f * (1 - f), "c": whole * i * (1 - g * g)}
        for k in "ifoc":
            gradients[f"W_x{k}"] += np.outer(d[k], x[n])
            gradients[f"W_h{k}"] += np.outer(d[k], h[n])
            gradients[f"b_{k}"] += d[k]
            dx[n] += params[f"W_x{k}"].T @ d[k]
            dh[n] += params[f"W_h{k}"].T @ d[k]
        for k, seen in (("i", c[n]), ("f", c[n]), ("o", new)):
            if f"w_c{k}" in params:
                gradients[f"w_c{k}"] += d[k] * seen
        dc[n] = whole * f + d["i"] * look["i"] + d["f"] * look["f"]
    return dx, dh, dc, gradients


@exercise.right
def by_stacks(dh_next, dc_next, x, h, c, params):
    """All four gates in one matrix; peepholes where there are any."""
    W, U, b = stacked(params)
    look = {k: params.get(f"w_c{k}", 0.0) for k in "ifo"}
    a_i, a_f, a_o, a_g = np.split(x @ W.T + h @ U.T + b, 4, axis=1)
    i, f, g = logistic(a_i + look["i"] * c), logistic(a_f + look["f"] * c), np.tanh(a_g)
    new = f * c + i * g
    o, shown = logistic(a_o + look["o"] * new), np.tanh(new)
    d_o = dh_next * shown * (o - o * o)
    whole = dc_next + o * dh_next - o * dh_next * shown**2 + d_o * look["o"]
    d = np.concatenate([whole * g * (i - i * i), whole * c * (f - f * f), d_o, whole * i * (1 + g) * (1 - g)], axis=1)
    blocks = {name: np.split(value, 4) for name, value in (("W_x", d.T @ x), ("W_h", d.T @ h), ("b_", d.sum(0)))}
    gradients = {f"{name}{k}": block for name, parts in blocks.items() for k, block in zip("ifoc", parts, strict=True)}
    d_i, d_f, _, _ = np.split(d, 4, axis=1)
    for k, part, seen in (("i", d_i, c), ("f", d_f, c), ("o", d_o, new)):
        if f"w_c{k}" in params:
            gradients[f"w_c{k}"] = np.einsum("bh,bh->h", part, seen)
    return [d @ W, d @ U, whole * f + d_i * look["i"] + d_f * look["f"], gradients]
