"""One step of the GRU in the Gamma notation."""

import numpy as np
import torch

from autograder.checking.exercise import Exercise
from autograder.exercises.families.gru import GAMMA, cases_and_checks, squash
from autograder.exercises.families.gru_mistakes import step_mistakes
from autograder.reference import gru

exercise = Exercise(gru.gamma_gru_step)
exercise.add(cases_and_checks(GAMMA), step_mistakes(GAMMA))


@exercise.right
def by_einsum(x, c, params):
    def a(g, state):
        return (
            np.einsum("hk,bk->bh", params[f"W_{g}c"], state)
            + np.einsum("hd,bd->bh", params[f"W_{g}x"], x)
            + params[f"b_{g}"]
        )

    return c + squash(a("u", c)) * (np.tanh(a("c", squash(a("r", c)) * c)) - c)


@exercise.right
def by_loop(x, c, params):
    def a(g, state, n):
        return params[f"W_{g}c"] @ state + params[f"W_{g}x"] @ x[n] + params[f"b_{g}"]

    new = np.zeros(c.shape)
    for n in range(len(x)):
        u, r = squash(a("u", c[n], n)), squash(a("r", c[n], n))
        new[n] = u * np.tanh(a("c", r * c[n], n)) + (1 - u) * c[n]
    return new


@exercise.right
def by_torch(x, c, params):
    x, c, *arrays = map(torch.tensor, (x, c, *params.values()))
    p = dict(zip(params, arrays, strict=True))
    u, r = (torch.sigmoid(c @ p[f"W_{g}c"].T + torch.nn.functional.linear(x, p[f"W_{g}x"], p[f"b_{g}"])) for g in "ur")
    return (u * torch.tanh(p["b_c"] + x @ p["W_cx"].T + (r * c) @ p["W_cc"].T) + (1 - u) * c).numpy()


@exercise.right
def columns_scaled(x, c, params):
    u, r = (squash(c @ params[f"W_{g}c"].T + x @ params[f"W_{g}x"].T + params[f"b_{g}"]) for g in "ur")
    gated = np.stack([(params["W_cc"] * r[n]) @ c[n] for n in range(len(c))])
    return (1 - u) * c + u * np.tanh(gated + x @ params["W_cx"].T + params["b_c"])
