"""One step of the GRU in the textbook notation, u on the old state."""

import numpy as np
import torch

from autograder.checking.exercise import Exercise
from autograder.exercises.families.gru import U_OLD, cases_and_checks, squash
from autograder.exercises.families.gru_mistakes import step_mistakes
from autograder.reference import gru

exercise = Exercise(gru.gru_step_u_old)
exercise.add(cases_and_checks(U_OLD), step_mistakes(U_OLD))


@exercise.wrong
def one_matrix_where_it_fits(x, h, params):
    """Where D = H, you multiply the old state by W_xu: it has its own matrix in the update gate, W_hu."""
    return gru.gru_step_u_old(x, h, params | ({"W_hu": params["W_xu"]} if x.shape[1] == h.shape[1] else {}))


@exercise.right
def by_negated_gate(x, h, params):
    z = squash(-(x @ params["W_xu"].T) - h @ params["W_hu"].T - params["b_u"])
    r = squash(x @ params["W_xr"].T + h @ params["W_hr"].T + params["b_r"])
    return (1 - z) * h + z * np.tanh(x @ params["W_xh"].T + (r * h) @ params["W_hh"].T + params["b_h"])


@exercise.right
def by_loop(x, h, params):
    new = []
    for n in range(len(x)):
        r, u = (squash(params[f"W_x{g}"] @ x[n] + params[f"W_h{g}"] @ h[n] + params[f"b_{g}"]) for g in "ru")
        tilde = np.tanh(params["W_xh"] @ x[n] + params["W_hh"] @ (r * h[n]) + params["b_h"])
        new.append(u * h[n] + (1 - u) * tilde)
    return np.vstack(new)


@exercise.right
def by_einsum(x, h, params):
    def a(g, state):
        return np.einsum("hd,bd->bh", params["W_x" + g], x) + np.einsum("hk,bk->bh", params["W_h" + g], state)

    r, u = squash(a("r", h) + params["b_r"]), squash(a("u", h) + params["b_u"])
    tilde = np.tanh(a("h", r * h) + params["b_h"])
    return tilde + u * (h - tilde)


@exercise.right
def by_torch(x, h, params):
    x, h, *arrays = map(torch.tensor, (x, h, *params.values()))
    p = dict(zip(params, arrays, strict=True))
    r, u = (torch.sigmoid(x @ p[f"W_x{g}"].T + h @ p[f"W_h{g}"].T + p[f"b_{g}"]) for g in "ru")
    return (u * h + (1 - u) * torch.tanh(x @ p["W_xh"].T + (r * h) @ p["W_hh"].T + p["b_h"])).numpy()
