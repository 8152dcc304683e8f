"""One step of the GRU in the z/r notation."""

import math

import numpy as np
import torch

from autograder.checking.exercise import Exercise
from autograder.exercises.families.gru import Z_NEW, cases_and_checks, squash
from autograder.exercises.families.gru_mistakes import step_mistakes
from autograder.reference import gru

exercise = Exercise(gru.gru_step)
exercise.add(cases_and_checks(Z_NEW), step_mistakes(Z_NEW))


@exercise.right
def by_einsum(x, h, params):
    def a(g, state):
        return (
            np.einsum("hd,bd->bh", params[f"W_{g}"], x)
            + np.einsum("hk,bk->bh", params[f"U_{g}"], state)
            + params[f"b_{g}"]
        )

    z, r = squash(a("z", h)), squash(a("r", h))
    return h - z * (h - np.tanh(a("h", r * h)))


@exercise.right
def by_scalars(x, h, params):
    B, H = h.shape

    def a(g, n, k, state):
        total = params[f"b_{g}"][k] + sum(params[f"W_{g}"][k, d] * x[n, d] for d in range(x.shape[1]))
        return total + sum(params[f"U_{g}"][k, j] * state[j] for j in range(H))

    new = np.zeros((B, H))
    for n in range(B):
        z, r = ([0.5 + 0.5 * math.tanh(a(g, n, k, h[n]) / 2) for k in range(H)] for g in "zr")
        reset = [r[k] * h[n, k] for k in range(H)]
        for k in range(H):
            new[n, k] = (1 - z[k]) * h[n, k] + z[k] * math.tanh(a("h", n, k, reset))
    return new


@exercise.right
def by_loop(x, h, params):
    rows = []
    for x_n, h_n in zip(x, h, strict=True):
        z, r = (squash(params[f"W_{g}"] @ x_n + params[f"U_{g}"] @ h_n + params[f"b_{g}"]) for g in "zr")
        new = np.tanh(params["W_h"] @ x_n + params["U_h"] @ (r * h_n) + params["b_h"])
        rows.append(z * new + (1 - z) * h_n)
    return np.stack(rows)


@exercise.right
def by_torch(x, h, params):
    x, h, *arrays = map(torch.tensor, (x, h, *params.values()))
    p = dict(zip(params, arrays, strict=True))
    z, r = (torch.sigmoid(x @ p[f"W_{g}"].T + h @ p[f"U_{g}"].T + p[f"b_{g}"]) for g in "zr")
    return torch.lerp(h, torch.tanh(x @ p["W_h"].T + (r * h) @ p["U_h"].T + p["b_h"]), z)


@exercise.right
def by_one_matrix(x, h, params):
    W = np.concatenate([np.concatenate([params[f"W_{g}"], params[f"U_{g}"]], axis=1) for g in "zr"])
    a = np.concatenate([x, h], axis=1) @ W.T + np.concatenate([params["b_z"], params["b_r"]])
    z, r = np.split(squash(a), 2, axis=1)
    both = np.concatenate([x, r * h], axis=1) @ np.concatenate([params["W_h"], params["U_h"]], axis=1).T
    return np.where(
        z > 0.5, h + z * (np.tanh(both + params["b_h"]) - h), (1 - z) * h + z * np.tanh(both + params["b_h"])
    )
