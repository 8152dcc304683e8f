"""Right versions of unit 04's steps, written differently: loops, einsum, torch, other algebra. All get full marks."""

import math

import numpy as np
import torch


def squash(a):
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(a)))


def tensors(*arrays):
    return [torch.tensor(array, dtype=torch.float64) for array in arrays]


class simplified_gru_step:
    def by_einsum(x, c, params):
        a = {
            g: np.einsum("hk,bk->bh", params[f"W_{g}c"], c)
            + np.einsum("hd,bd->bh", params[f"W_{g}x"], x)
            + params[f"b_{g}"]
            for g in "uc"
        }
        return c + squash(a["u"]) * (np.tanh(a["c"]) - c)

    def by_loop(x, c, params):
        rows = []
        for x_n, c_n in zip(x, c, strict=True):
            u = squash(params["W_uc"] @ c_n + params["W_ux"] @ x_n + params["b_u"])
            rows.append(u * np.tanh(params["W_cc"] @ c_n + params["W_cx"] @ x_n + params["b_c"]) + (1 - u) * c_n)
        return np.array(rows)

    def by_torch(x, c, params):
        x, c, *p = tensors(x, c, *(params[name] for name in ("W_uc", "W_ux", "b_u", "W_cc", "W_cx", "b_c")))
        return torch.lerp(c, torch.tanh(c @ p[3].T + x @ p[4].T + p[5]), torch.sigmoid(c @ p[0].T + x @ p[1].T + p[2]))

    def by_one_matrix(x, c, params):
        both = np.hstack([c, x])
        W = np.vstack([np.hstack([params[f"W_{g}c"], params[f"W_{g}x"]]) for g in "uc"])
        gate, proposal = np.hsplit(both @ W.T + np.concatenate([params["b_u"], params["b_c"]]), 2)
        keep = squash(-gate)
        return keep * c + (1 - keep) * np.tanh(proposal)


class gamma_gru_step:
    def by_einsum(x, c, params):
        def a(g, state):
            return (
                np.einsum("hk,bk->bh", params[f"W_{g}c"], state)
                + np.einsum("hd,bd->bh", params[f"W_{g}x"], x)
                + params[f"b_{g}"]
            )

        return c + squash(a("u", c)) * (np.tanh(a("c", squash(a("r", c)) * c)) - c)

    def by_loop(x, c, params):
        def a(g, state, n):
            return params[f"W_{g}c"] @ state + params[f"W_{g}x"] @ x[n] + params[f"b_{g}"]

        new = np.zeros(c.shape)
        for n in range(len(x)):
            u, r = squash(a("u", c[n], n)), squash(a("r", c[n], n))
            new[n] = u * np.tanh(a("c", r * c[n], n)) + (1 - u) * c[n]
        return new

    def by_torch(x, c, params):
        x, c, *arrays = tensors(x, c, *params.values())
        p = dict(zip(params, arrays, strict=True))
        u, r = (
            torch.sigmoid(c @ p[f"W_{g}c"].T + torch.nn.functional.linear(x, p[f"W_{g}x"], p[f"b_{g}"])) for g in "ur"
        )
        return (u * torch.tanh(p["b_c"] + x @ p["W_cx"].T + (r * c) @ p["W_cc"].T) + (1 - u) * c).numpy()

    def columns_scaled(x, c, params):
        u, r = (squash(c @ params[f"W_{g}c"].T + x @ params[f"W_{g}x"].T + params[f"b_{g}"]) for g in "ur")
        gated = np.stack([(params["W_cc"] * r[n]) @ c[n] for n in range(len(c))])
        return (1 - u) * c + u * np.tanh(gated + x @ params["W_cx"].T + params["b_c"])


class gru_step:
    def by_einsum(x, h, params):
        def a(g, state):
            return (
                np.einsum("hd,bd->bh", params[f"W_{g}"], x)
                + np.einsum("hk,bk->bh", params[f"U_{g}"], state)
                + params[f"b_{g}"]
            )

        z, r = squash(a("z", h)), squash(a("r", h))
        return h - z * (h - np.tanh(a("h", r * h)))

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

    def by_loop(x, h, params):
        rows = []
        for x_n, h_n in zip(x, h, strict=True):
            z, r = (squash(params[f"W_{g}"] @ x_n + params[f"U_{g}"] @ h_n + params[f"b_{g}"]) for g in "zr")
            new = np.tanh(params["W_h"] @ x_n + params["U_h"] @ (r * h_n) + params["b_h"])
            rows.append(z * new + (1 - z) * h_n)
        return np.stack(rows)

    def by_torch(x, h, params):
        x, h, *arrays = tensors(x, h, *params.values())
        p = dict(zip(params, arrays, strict=True))
        z, r = (torch.sigmoid(x @ p[f"W_{g}"].T + h @ p[f"U_{g}"].T + p[f"b_{g}"]) for g in "zr")
        return torch.lerp(h, torch.tanh(x @ p["W_h"].T + (r * h) @ p["U_h"].T + p["b_h"]), z)

    def by_one_matrix(x, h, params):
        W = np.concatenate([np.concatenate([params[f"W_{g}"], params[f"U_{g}"]], axis=1) for g in "zr"])
        a = np.concatenate([x, h], axis=1) @ W.T + np.concatenate([params["b_z"], params["b_r"]])
        z, r = np.split(squash(a), 2, axis=1)
        both = np.concatenate([x, r * h], axis=1) @ np.concatenate([params["W_h"], params["U_h"]], axis=1).T
        return np.where(
            z > 0.5, h + z * (np.tanh(both + params["b_h"]) - h), (1 - z) * h + z * np.tanh(both + params["b_h"])
        )

    def in_single_precision(x, h, params):
        return gru_step.by_one_matrix(x, h, params).astype(np.float32)


class gru_step_u_old:
    def by_negated_gate(x, h, params):
        z = squash(-(x @ params["W_xu"].T) - h @ params["W_hu"].T - params["b_u"])
        r = squash(x @ params["W_xr"].T + h @ params["W_hr"].T + params["b_r"])
        return (1 - z) * h + z * np.tanh(x @ params["W_xh"].T + (r * h) @ params["W_hh"].T + params["b_h"])

    def by_loop(x, h, params):
        new = []
        for n in range(len(x)):
            r, u = (squash(params[f"W_x{g}"] @ x[n] + params[f"W_h{g}"] @ h[n] + params[f"b_{g}"]) for g in "ru")
            tilde = np.tanh(params["W_xh"] @ x[n] + params["W_hh"] @ (r * h[n]) + params["b_h"])
            new.append(u * h[n] + (1 - u) * tilde)
        return np.vstack(new)

    def by_einsum(x, h, params):
        def a(g, state):
            return np.einsum("hd,bd->bh", params["W_x" + g], x) + np.einsum("hk,bk->bh", params["W_h" + g], state)

        r, u = squash(a("r", h) + params["b_r"]), squash(a("u", h) + params["b_u"])
        tilde = np.tanh(a("h", r * h) + params["b_h"])
        return tilde + u * (h - tilde)

    def by_torch(x, h, params):
        x, h, *arrays = tensors(x, h, *params.values())
        p = dict(zip(params, arrays, strict=True))
        r, u = (torch.sigmoid(x @ p[f"W_x{g}"].T + h @ p[f"W_h{g}"].T + p[f"b_{g}"]) for g in "ru")
        return (u * h + (1 - u) * torch.tanh(x @ p["W_xh"].T + (r * h) @ p["W_hh"].T + p["b_h"])).numpy()


class gru_forward:
    def by_list(x, h0, params):
        states, h = [], h0
        for x_t in x:
            h = gru_step.by_einsum(x_t, h, params)
            states.append(h)
        return np.array(states)

    def one_example_at_a_time(x, h0, params):
        columns = []
        for n in range(x.shape[1]):
            column, h = [], h0[n : n + 1]
            for t in range(len(x)):
                h = gru_step.by_loop(x[t, n : n + 1], h, params)
                column.append(h[0])
            columns.append(column)
        return np.array(columns).swapaxes(0, 1)

    def by_recursion(x, h0, params):
        h = gru_step.by_one_matrix(x[0], h0, params)
        return h[None] if len(x) == 1 else np.concatenate([h[None], gru_forward.by_recursion(x[1:], h, params)])

    def by_torch(x, h0, params):
        states, h = [], torch.tensor(h0)
        for x_t in x:
            h = gru_step.by_torch(x_t, h.numpy(), params)
            states.append(h)
        return torch.stack(states)

    def inputs_first(x, h0, params):
        a = {g: x @ params[f"W_{g}"].T + params[f"b_{g}"] for g in "zrh"}
        states, h = np.zeros((len(x), *h0.shape)), h0.copy()
        for t in range(len(x)):
            z, r = (squash(a[g][t] + h @ params[f"U_{g}"].T) for g in "zr")
            h = h + z * (np.tanh(a["h"][t] + (r * h) @ params["U_h"].T) - h)
            states[t] = h
        return states
