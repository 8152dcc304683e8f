"""Right versions of the way forward: squashing, one step, many steps."""

import math

import numpy as np
import torch


def tensors(*arrays):
    return [torch.tensor(array, dtype=torch.float64) for array in arrays]


class sigmoid:
    def by_tanh(a):
        return 0.5 * (1 + np.tanh(0.5 * np.asarray(a)))

    def by_loop(a):
        def one(value):
            return 1 / (1 + math.exp(-value)) if value >= 0 else math.exp(value) / (1 + math.exp(value))

        flat = [one(float(value)) for value in np.ravel(a)]
        return np.array(flat).reshape(np.shape(a))

    def by_torch(a):
        return torch.sigmoid(torch.as_tensor(a, dtype=torch.float64)).numpy()

    def by_clipping(a):
        return 1 / (1 + np.exp(-np.clip(a, -500, 500)))

    def by_logaddexp(a):
        return np.exp(-np.logaddexp(0, -np.asarray(a)))

    def with_overflow_silenced(a):
        with np.errstate(over="ignore"):
            return 1 / (1 + np.exp(-np.asarray(a, dtype=float)))


class rnn_step:
    def by_einsum(x, h, W, U, b):
        return np.tanh(np.einsum("hd,bd->bh", W, x) + np.einsum("hk,bk->bh", U, h) + b)

    def by_loop(x, h, W, U, b):
        return np.stack([np.tanh(W @ x_n + U @ h_n + b) for x_n, h_n in zip(x, h, strict=True)])

    def by_scalars(x, h, W, U, b):
        new = np.zeros(h.shape)
        for n in range(len(x)):
            for k in range(len(b)):
                a = b[k] + sum(W[k, d] * x[n, d] for d in range(x.shape[1]))
                new[n, k] = math.tanh(a + sum(U[k, j] * h[n, j] for j in range(len(b))))
        return new

    def by_one_matrix(x, h, W, U, b):
        return np.tanh(np.concatenate([x, h], axis=1) @ np.concatenate([W, U], axis=1).T + b)

    def by_torch(x, h, W, U, b):
        x, h, W, U, b = tensors(x, h, W, U, b)
        return torch.tanh(torch.nn.functional.linear(x, W, b) + h @ U.T)

    def by_sigmoid(x, h, W, U, b):
        with np.errstate(over="ignore"):
            return 2 / (1 + np.exp(-2 * (x @ W.T + h @ U.T + b))) - 1


class rnn_forward:
    def by_list(x, h0, W, U, b):
        states, h = [], h0
        for x_t in x:
            h = np.tanh(x_t @ W.T + h @ U.T + b)
            states.append(h)
        return np.stack(states)

    def inputs_first(x, h0, W, U, b):
        a = np.einsum("tbd,hd->tbh", x, W) + b
        h = h0.copy()
        for t in range(len(a)):
            h = np.tanh(a[t] + h @ U.T)
            a[t] = h
        return a

    def by_torch(x, h0, W, U, b):
        x, h, W, U, b = tensors(x, h0, W, U, b)
        states = []
        for x_t in x:
            h = torch.tanh(x_t @ W.T + h @ U.T + b)
            states.append(h)
        return torch.stack(states).numpy()

    def by_recursion(x, h0, W, U, b):
        h = np.tanh(x[0] @ W.T + h0 @ U.T + b)
        return h[None] if len(x) == 1 else np.concatenate([h[None], rnn_forward.by_recursion(x[1:], h, W, U, b)])

    def one_example_at_a_time(x, h0, W, U, b):
        states = np.zeros((*x.shape[:2], len(b)))
        for n in range(x.shape[1]):
            h = h0[n]
            for t in range(len(x)):
                h = np.tanh(W @ x[t, n] + U @ h + b)
                states[t, n] = h
        return states
