"""Right versions of ``reset_order_counterexample`` and ``mend_the_slide``, written differently. All get full marks."""

import numpy as np
import torch

from autograder.exercises.gru.alternatives.steps import gru_step_u_old as right
from autograder.exercises.gru.alternatives.steps import squash


def drawn(seed, D, H):
    rng = np.random.default_rng(seed)
    shapes = {"W": (H, D), "U": (H, H), "b": (H,)}
    params = {f"{kind}_{gate}": 2.0 * rng.normal(size=shapes[kind]) for gate in "zrh" for kind in "WUb"}
    return rng.uniform(-1, 1, size=(3, D)), rng.uniform(-1, 1, size=(3, H)), params


class reset_order_counterexample:
    def by_random_draws():
        x, h, params = drawn(1, 3, 4)
        return (x, h, params), (x, h, params | {"U_h": np.diag([1.0, -2.0, 0.5, 3.0])})

    def agreeing_by_constant_r():
        x, h, params = drawn(1, 2, 3)
        constant = {"W_r": np.zeros((3, 2)), "U_r": np.zeros((3, 3)), "b_r": np.full(3, -1.0)}
        return [(x, h, params), (x, h, params | constant)]

    def in_torch():
        (x, h, first), (_, _, second) = reset_order_counterexample.by_random_draws()
        return tuple(
            (torch.tensor(x), torch.tensor(h), {name: torch.tensor(array) for name, array in params.items()})
            for params in (first, second)
        )


class mend_the_slide:
    def by_the_cell(x, h, params):
        h_next = right.by_einsum(x, h, params)
        H, D = params["W_xh"].shape
        shut = params | {"W_xu": np.zeros((H, D)), "W_hu": np.zeros((H, H)), "b_u": np.full(H, -900.0)}
        wide = {"W_xr": np.zeros((H, D)), "W_hr": np.zeros((H, H)), "b_r": np.full(H, 900.0)}
        return h_next, {
            "lowest": np.min(right.by_einsum(x, h, shut)),
            "missing": H - D,
            "moved": np.max(np.abs(h - h_next)),
            "apart": np.max(np.abs(right.by_loop(x, h, params | wide) - right.by_loop(x, h, shut | wide))),
        }

    def by_loop(x, h, params):
        lowest, moved, apart, rows = 1.0, 0.0, 0.0, []
        for x_n, h_n in zip(x, h, strict=True):
            r, u = (squash(params[f"W_x{g}"] @ x_n + params[f"W_h{g}"] @ h_n + params[f"b_{g}"]) for g in "ru")
            tilde = np.tanh(params["W_xh"] @ x_n + params["W_hh"] @ (r * h_n) + params["b_h"])
            plain = np.tanh(params["W_xh"] @ x_n + params["W_hh"] @ h_n + params["b_h"])
            rows.append(tilde + u * (h_n - tilde))
            lowest, moved = min(lowest, *tilde), max(moved, *abs(rows[-1] - h_n))
            apart = max(apart, *abs(u * h_n + (1 - u) * plain - plain))
        missing = len(h[0]) - len(x[0])
        return np.array(rows), {"lowest": lowest, "missing": missing, "moved": moved, "apart": apart}

    def as_plain_numbers(x, h, params):
        h_next, numbers = mend_the_slide.by_the_cell(x, h, params)
        return [h_next, {name: value if name == "missing" else float(value) for name, value in numbers.items()}]
