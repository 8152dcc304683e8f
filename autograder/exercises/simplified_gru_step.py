"""One step of the simplified GRU, which has no second gate."""

import numpy as np
import torch

from autograder.checking.exercise import Exercise
from autograder.exercises.families.gru import SIMPLIFIED, cases_and_checks, squash
from autograder.exercises.families.gru_mistakes import step_mistakes
from autograder.reference import gru

exercise = Exercise(gru.simplified_gru_step)
exercise.add(cases_and_checks(SIMPLIFIED), step_mistakes(SIMPLIFIED))


@exercise.right
def by_einsum(x, c, params):
    a = {
        g: np.einsum("hk,bk->bh", params[f"W_{g}c"], c)
        + np.einsum("hd,bd->bh", params[f"W_{g}x"], x)
        + params[f"b_{g}"]
        for g in "uc"
    }
    return c + squash(a["u"]) * (np.tanh(a["c"]) - c)


@exercise.right
def by_loop(x, c, params):
    rows = []
    for x_n, c_n in zip(x, c, strict=True):
        u = squash(params["W_uc"] @ c_n + params["W_ux"] @ x_n + params["b_u"])
        rows.append(u * np.tanh(params["W_cc"] @ c_n + params["W_cx"] @ x_n + params["b_c"]) + (1 - u) * c_n)
    return np.array(rows)


@exercise.right
def by_torch(x, c, params):
    x, c, *p = map(torch.tensor, (x, c, *(params[name] for name in ("W_uc", "W_ux", "b_u", "W_cc", "W_cx", "b_c"))))
    return torch.lerp(c, torch.tanh(c @ p[3].T + x @ p[4].T + p[5]), torch.sigmoid(c @ p[0].T + x @ p[1].T + p[2]))


@exercise.right
def by_one_matrix(x, c, params):
    both = np.hstack([c, x])
    W = np.vstack([np.hstack([params[f"W_{g}c"], params[f"W_{g}x"]]) for g in "uc"])
    gate, proposal = np.hsplit(both @ W.T + np.concatenate([params["b_u"], params["b_c"]]), 2)
    keep = squash(-gate)
    return keep * c + (1 - keep) * np.tanh(proposal)
