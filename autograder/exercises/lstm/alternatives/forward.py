"""Right versions of the forward functions."""

import numpy as np
import torch


def logistic(a):
    return 0.5 * (1 + np.tanh(0.5 * a))


def tensors(*values):
    """Arrays, and dicts of arrays, as tensors."""
    made = [
        {key: torch.tensor(item) for key, item in value.items()} if isinstance(value, dict) else torch.tensor(value)
        for value in values
    ]
    return made[0] if len(made) == 1 else made


def stacked(p, gates="ifoc", x="W_x{}", h="W_h{}", b="b_{}"):
    """All gates' weights in one matrix each."""
    return [np.concatenate([p[name.format(k)] for k in gates]) for name in (x, h, b)]


class lstm_step:
    def stacked(x, h, c, params):
        W, U, b = stacked(params)
        i, f, o, g = np.split(x @ W.T + h @ U.T + b, 4, axis=1)
        new = logistic(f) * c + logistic(i) * np.tanh(g)
        return logistic(o) * np.tanh(new), new

    def by_loop(x, h, c, params):
        out, cells = np.zeros_like(h), np.zeros_like(c)
        for n in range(len(x)):
            a = {k: params[f"W_x{k}"] @ x[n] + params[f"W_h{k}"] @ h[n] + params[f"b_{k}"] for k in "ifoc"}
            cells[n] = logistic(a["f"]) * c[n] + logistic(a["i"]) * np.tanh(a["c"])
            out[n] = logistic(a["o"]) * np.tanh(cells[n])
        return out, cells

    def by_einsum(x, h, c, params):
        def a(k):
            return (
                np.einsum("hd,bd->bh", params["W_x" + k], x)
                + np.einsum("hk,bk->bh", params["W_h" + k], h)
                + params["b_" + k]
            )

        new = np.add(logistic(a("f")) * c, logistic(a("i")) * np.tanh(a("c")))
        return [logistic(a("o")) * np.tanh(new), new]

    def by_torch(x, h, c, params):
        x, h, c, p = tensors(x, h, c, params)
        i, f, o = (torch.sigmoid(x @ p[f"W_x{k}"].T + h @ p[f"W_h{k}"].T + p[f"b_{k}"]) for k in "ifo")
        new = f * c + i * torch.tanh(x @ p["W_xc"].T + h @ p["W_hc"].T + p["b_c"])
        return o * torch.tanh(new), new


class lstm_forward:
    def inputs_first(x, h0, c0, params):
        W, U, b = stacked(params)
        a = np.einsum("tbd,gd->tbg", x, W) + b
        h, c, states, cells = h0, c0, [], []
        for t in range(len(x)):
            i, f, o, g = np.split(a[t] + h @ U.T, 4, axis=1)
            c = logistic(f) * c + logistic(i) * np.tanh(g)
            h = logistic(o) * np.tanh(c)
            states.append(h)
            cells.append(c)
        return np.array(states), np.array(cells)

    def one_example_at_a_time(x, h0, c0, params):
        states = np.zeros((len(x), *h0.shape))
        cells = np.zeros_like(states)
        for n in range(x.shape[1]):
            h, c = h0[n : n + 1], c0[n : n + 1]
            for t in range(len(x)):
                h, c = lstm_step.stacked(x[t, n : n + 1], h, c, params)
                states[t, n], cells[t, n] = h[0], c[0]
        return states, cells

    def by_torch(x, h0, c0, params):
        h, c, states, cells = h0, c0, [], []
        for x_t in x:
            h, c = (tensor.numpy() for tensor in lstm_step.by_torch(x_t, h, c, params))
            states.append(torch.tensor(h))
            cells.append(torch.tensor(c))
        return torch.stack(states), torch.stack(cells)

    def by_recursion(x, h0, c0, params):
        h, c = lstm_step.by_einsum(x[0], h0, c0, params)
        if len(x) == 1:
            return h[None], c[None]
        states, cells = lstm_forward.by_recursion(x[1:], h, c, params)
        return np.concatenate([h[None], states]), np.concatenate([c[None], cells])


class peephole_lstm_step:
    def stacked(x, h, c, params):
        W, U, b = stacked(params)
        i, f, o, g = np.split(x @ W.T + h @ U.T + b, 4, axis=1)
        new = logistic(f + c * params["w_cf"]) * c + logistic(i + c * params["w_ci"]) * np.tanh(g)
        return logistic(o + new * params["w_co"]) * np.tanh(new), new

    def with_diagonal_matrices(x, h, c, params):
        a = {k: x @ params[f"W_x{k}"].T + h @ params[f"W_h{k}"].T + params[f"b_{k}"] for k in "ifoc"}
        i, f = (logistic(a[k] + c @ np.diag(params[f"w_c{k}"])) for k in "if")
        new = f * c + i * np.tanh(a["c"])
        return logistic(a["o"] + new @ np.diag(params["w_co"])) * np.tanh(new), new

    def by_loop(x, h, c, params):
        out, cells = np.zeros_like(h), np.zeros_like(c)
        for n in range(len(x)):
            a = {k: params[f"W_x{k}"] @ x[n] + params[f"W_h{k}"] @ h[n] + params[f"b_{k}"] for k in "ifoc"}
            keep = logistic(a["f"] + params["w_cf"] * c[n])
            cells[n] = keep * c[n] + logistic(a["i"] + params["w_ci"] * c[n]) * np.tanh(a["c"])
            out[n] = logistic(a["o"] + params["w_co"] * cells[n]) * np.tanh(cells[n])
        return out, cells

    def by_torch(x, h, c, params):
        x, h, c, p = tensors(x, h, c, params)
        a = {k: x @ p[f"W_x{k}"].T + h @ p[f"W_h{k}"].T + p[f"b_{k}"] for k in "ifoc"}
        new = torch.sigmoid(a["f"] + p["w_cf"] * c) * c + torch.sigmoid(a["i"] + p["w_ci"] * c) * torch.tanh(a["c"])
        return torch.sigmoid(a["o"] + p["w_co"] * new) * torch.tanh(new), new


def gamma_sums(x, seen, p):
    W, U, b = stacked(p, "ufoc", "W_{}x", "W_{}c")
    return np.split(x @ W.T + seen @ U.T + b, 4, axis=1)


class gamma_lstm_step:
    def stacked(x, c, params):
        u, f, o, proposal = gamma_sums(x, c, params)
        new = logistic(u) * np.tanh(proposal) + logistic(f) * c
        return logistic(o) * new, new

    def by_loop(x, c, params):
        out, cells = np.zeros_like(c), np.zeros_like(c)
        for n in range(len(x)):
            a = {k: params[f"W_{k}c"] @ c[n] + params[f"W_{k}x"] @ x[n] + params[f"b_{k}"] for k in "ufoc"}
            cells[n] = logistic(a["u"]) * np.tanh(a["c"]) + logistic(a["f"]) * c[n]
            out[n] = logistic(a["o"]) * cells[n]
        return out, cells

    def by_torch(x, c, params):
        x, c, p = tensors(x, c, params)
        u, f, o = (torch.sigmoid(c @ p[f"W_{k}c"].T + x @ p[f"W_{k}x"].T + p[f"b_{k}"]) for k in "ufo")
        new = u * torch.tanh(c @ p["W_cc"].T + x @ p["W_cx"].T + p["b_c"]) + f * c
        return o * new, new


class mended_gamma_step:
    def stacked(x, a, c, params):
        u, f, o, proposal = gamma_sums(x, a, params)
        new = logistic(u) * np.tanh(proposal) + logistic(f) * c
        return logistic(o) * np.tanh(new), new

    def by_renaming(x, a, c, params):
        plain = {}
        for ours, theirs in zip("ifoc", "ufoc", strict=True):
            plain |= {
                f"W_x{ours}": params[f"W_{theirs}x"],
                f"W_h{ours}": params[f"W_{theirs}c"],
                f"b_{ours}": params[f"b_{theirs}"],
            }
        return lstm_step.by_einsum(x, a, c, plain)

    def by_torch(x, a, c, params):
        x, a, c, p = tensors(x, a, c, params)
        u, f, o = (torch.sigmoid(a @ p[f"W_{k}c"].T + x @ p[f"W_{k}x"].T + p[f"b_{k}"]) for k in "ufo")
        new = u * torch.tanh(a @ p["W_cc"].T + x @ p["W_cx"].T + p["b_c"]) + f * c
        return o * torch.tanh(new), new
