"""Right versions of clipping, of the way back in pieces, and of the leaky step, written differently."""

import math

import numpy as np
import torch


def tensors(*arrays):
    return [torch.tensor(array, dtype=torch.float64) for array in arrays]


class clip_by_global_norm:
    def by_minimum(gradients, threshold):
        total = sum(float((g * g).sum()) for g in gradients.values()) ** 0.5
        scale = min(1.0, threshold / total) if total else 1.0
        return {name: g * scale for name, g in gradients.items()}

    def by_one_long_vector(gradients, threshold):
        n = np.linalg.norm(np.concatenate([np.ravel(g) for g in gradients.values()]))
        return {name: g.copy() if n <= threshold else g * threshold / n for name, g in gradients.items()}

    def by_maximum(gradients, threshold):
        n = np.sqrt(sum(np.linalg.norm(g) ** 2 for g in gradients.values()))
        return {name: g / max(1.0, n / threshold) for name, g in gradients.items()}

    def by_torch(gradients, threshold):
        parameters = [torch.zeros(g.shape, dtype=torch.float64, requires_grad=True) for g in gradients.values()]
        for parameter, g in zip(parameters, gradients.values(), strict=True):
            parameter.grad = torch.tensor(g)
        torch.nn.utils.clip_grad_norm_(parameters, threshold)  # adds 1e-6 to the norm, for safety
        return {name: parameter.grad for name, parameter in zip(gradients, parameters, strict=True)}

    def by_loop(gradients, threshold):
        squares = 0.0
        for g in gradients.values():
            for value in g.flat:
                squares += value * value
        clipped = {}
        for name in gradients:
            clipped[name] = np.array(gradients[name])
            if squares > threshold**2:
                clipped[name] *= threshold / math.sqrt(squares)
        return clipped


class truncated_backward:
    def piece_by_piece(dstates, x, h0, states, W, U, k):
        dW, dU, db, before = np.zeros(W.shape), np.zeros(U.shape), np.zeros(len(U)), h0
        for start in range(0, len(x), k):
            piece, dh = states[start : start + k], 0.0
            olds = [before, *piece[:-1]]
            for t in range(len(piece) - 1, -1, -1):
                da = (dstates[start + t] + dh) * (1 - piece[t] ** 2)
                dW += da.T @ x[start + t]
                dU += da.T @ olds[t]
                db += da.sum(0)
                dh = da @ U
            before = piece[-1]
        return dW, dU, db

    def all_slopes_first(dstates, x, h0, states, W, U, k):
        da, dh = np.zeros(states.shape), 0.0
        for t in range(len(x))[::-1]:
            da[t] = (dstates[t] + dh) * (1 - states[t] ** 2)
            dh = da[t] @ U if t % k else 0.0
        before = np.concatenate([h0[None], states[:-1]])
        return np.einsum("tbh,tbd->hd", da, x), np.einsum("tbh,tbj->hj", da, before), np.einsum("tbh->h", da)

    def by_masking(dstates, x, h0, states, W, U, k):
        T = len(x)
        passes = np.array([(t + 1) % k != 0 for t in range(T)], dtype=float)
        gradients, dh = [0.0, 0.0, 0.0], np.zeros(h0.shape)
        for t in range(T - 1, -1, -1):
            old = states[t - 1] if t else h0
            da = (dstates[t] + passes[t] * dh) * (1 + states[t]) * (1 - states[t])
            for n in range(len(da)):
                parts = np.outer(da[n], x[t, n]), np.outer(da[n], old[n]), da[n]
                gradients = [total + part for total, part in zip(gradients, parts, strict=True)]
            dh = np.dot(da, U)
        return gradients

    def by_autograd(dstates, x, h0, states, W, U, k):
        dstates, x, h, states = tensors(dstates, x, h0, states)
        W, U = (torch.tensor(matrix, requires_grad=True) for matrix in (W, U))
        # the bias is not given, but the states are: it is what is missing inside the first tanh
        b = (torch.atanh(states[0]) - x[0] @ W.T - h @ U.T)[0].detach().requires_grad_()
        total = 0.0
        for t in range(len(x)):
            h = torch.tanh(x[t] @ W.T + (h.detach() if t % k == 0 else h) @ U.T + b)
            total = total + (dstates[t] * h).sum()
        total.backward()
        return W.grad, U.grad, b.grad


class leaky_step:
    def by_difference(x, h, alpha, W, U, b):
        return h + alpha * (np.tanh(x @ W.T + h @ U.T + b) - h)

    def by_loop(x, h, alpha, W, U, b):
        rows = [np.tanh(W @ x_n + U @ h_n + b) for x_n, h_n in zip(x, h, strict=True)]
        return np.array([alpha * new + (1 - alpha) * old for new, old in zip(rows, h, strict=True)])

    def by_einsum(x, h, alpha, W, U, b):
        a = np.einsum("hd,bd->bh", W, x) + np.einsum("ij,bj->bi", U, h) + b
        return h - alpha * h + alpha * np.tanh(a)

    def by_torch(x, h, alpha, W, U, b):
        alpha = torch.as_tensor(alpha, dtype=torch.float64)
        x, h, W, U, b = tensors(x, h, W, U, b)
        return torch.lerp(h, torch.tanh(torch.addmm(b, x, W.T) + h @ U.T), alpha)

    def by_scalars(x, h, alpha, W, U, b):
        shares = np.broadcast_to(alpha, b.shape)
        new = np.zeros(h.shape)
        for n in range(len(h)):
            for i in range(len(b)):
                a = b[i] + sum(W[i, d] * x[n, d] for d in range(x.shape[1]))
                a += sum(U[i, j] * h[n, j] for j in range(len(b)))
                new[n, i] = (1 - shares[i]) * h[n, i] + shares[i] * math.tanh(a)
        return new
