"""Right versions of ``gru_step_backward``, written differently. All get full marks."""

import numpy as np
import torch

from autograder.exercises.gru.alternatives.steps import squash


class gru_step_backward:
    def by_autograd(dh_next, x, h, params):
        x, h = (torch.tensor(array, requires_grad=True) for array in (x, h))
        p = {name: torch.tensor(array, requires_grad=True) for name, array in params.items()}
        z, r = (torch.sigmoid(x @ p[f"W_{g}"].T + h @ p[f"U_{g}"].T + p[f"b_{g}"]) for g in "zr")
        new = (1 - z) * h + z * torch.tanh(x @ p["W_h"].T + (r * h) @ p["U_h"].T + p["b_h"])
        new.backward(torch.tensor(dh_next))
        return x.grad, h.grad, {name: tensor.grad for name, tensor in p.items()}

    def by_einsum(dh_next, x, h, params):
        def a(g, state):
            return np.einsum("hd,bd->bh", params["W_" + g], x) + np.einsum("hk,bk->bh", params["U_" + g], state)

        z, r = (squash(a(g, h) + params["b_" + g]) for g in "zr")
        rh = r * h
        n = np.tanh(a("h", rh) + params["b_h"])
        d = {"h": dh_next * z - dh_next * z * n**2, "z": dh_next * (n - h) * (z - z**2)}
        back = np.einsum("bh,hk->bk", d["h"], params["U_h"])
        d["r"] = back * h * (r - r**2)
        dx = sum(np.einsum("bh,hd->bd", d[g], params["W_" + g]) for g in "zrh")
        dh = dh_next - dh_next * z + back * r + sum(np.einsum("bh,hk->bk", d[g], params["U_" + g]) for g in "zr")
        gradients = {"W_" + g: np.einsum("bh,bd->hd", d[g], x) for g in "zrh"}
        gradients |= {"U_" + g: np.einsum("bh,bk->hk", d[g], rh if g == "h" else h) for g in "zrh"}
        return dx, dh, gradients | {"b_" + g: np.einsum("bh->h", d[g]) for g in "zrh"}

    def by_loop(dh_next, x, h, params):
        dx, dh = np.zeros(x.shape), np.zeros(h.shape)
        total = {name: np.zeros(array.shape) for name, array in params.items()}
        for i in range(len(x)):
            z, r = (squash(params[f"W_{g}"] @ x[i] + params[f"U_{g}"] @ h[i] + params[f"b_{g}"]) for g in "zr")
            n = np.tanh(params["W_h"] @ x[i] + params["U_h"] @ (r * h[i]) + params["b_h"])
            da_h = (1 - n * n) * z * dh_next[i]
            da_z = z * (1 - z) * (dh_next[i] * n - dh_next[i] * h[i])
            da_r = r * (1 - r) * h[i] * (params["U_h"].T @ da_h)
            dh[i] = (1 - z) * dh_next[i] + r * (params["U_h"].T @ da_h)
            for g, da, state in (("z", da_z, h[i]), ("r", da_r, h[i]), ("h", da_h, r * h[i])):
                dx[i] += params[f"W_{g}"].T @ da
                dh[i] += params[f"U_{g}"].T @ da if g != "h" else 0
                total[f"W_{g}"] += np.outer(da, x[i])
                total[f"U_{g}"] += np.outer(da, state)
                total[f"b_{g}"] += da
        return dx, dh, total

    def by_stacking(dh_next, x, h, params):
        W = np.concatenate([params["W_z"], params["W_r"], params["W_h"]])
        U = np.concatenate([params["U_z"], params["U_r"]])
        z, r = np.split(
            squash(np.hstack([x, h]) @ np.hstack([W[: 2 * h.shape[1]], U]).T + np.r_[params["b_z"], params["b_r"]]),
            2,
            1,
        )
        n = np.tanh(x @ params["W_h"].T + (r * h) @ params["U_h"].T + params["b_h"])
        da_h = z * dh_next * (1 - n) * (1 + n)
        back = da_h @ params["U_h"]
        da = np.hstack([dh_next * (n - h) * z * (1 - z), back * h * r * (1 - r), da_h])
        two = da[:, : 2 * h.shape[1]]
        gradients = {}
        for g, dW, dU, db in zip(
            "zrh",
            np.split(da.T @ x, 3),
            [*np.split(two.T @ h, 2), da_h.T @ (r * h)],
            np.split(da.sum(0), 3),
            strict=True,
        ):
            gradients |= {f"W_{g}": dW, f"U_{g}": dU, f"b_{g}": db}
        return [da @ W, (1 - z) * dh_next + r * back + two @ U, gradients]
