"""Right versions of the way back."""

import numpy as np
import torch

from autograder.exercises.rnn.alternatives.forward import tensors


class rnn_step_backward:
    def by_einsum(dh_next, x, h, h_next, W, U):
        da = dh_next - dh_next * h_next * h_next
        return (
            np.einsum("bh,hd->bd", da, W),
            np.einsum("bh,hk->bk", da, U),
            np.einsum("bh,bd->hd", da, x),
            np.einsum("bh,bk->hk", da, h),
            np.einsum("bh->h", da),
        )

    def by_loop(dh_next, x, h, h_next, W, U):
        dx, dh = np.zeros(x.shape), np.zeros(h.shape)
        dW, dU, db = np.zeros(W.shape), np.zeros(U.shape), np.zeros(len(U))
        for n in range(len(x)):
            da = (1 - h_next[n] ** 2) * dh_next[n]
            dx[n], dh[n] = W.T @ da, U.T @ da
            dW += np.outer(da, x[n])
            dU += np.outer(da, h[n])
            db += da
        return dx, dh, dW, dU, db

    def by_autograd(dh_next, x, h, h_next, W, U):
        x, h, W, U = (tensor.requires_grad_() for tensor in tensors(x, h, W, U))
        a = torch.atanh(torch.tensor(h_next))
        b = (a - (x @ W.T + h @ U.T)).detach().requires_grad_()
        torch.tanh(x @ W.T + h @ U.T + b).backward(torch.tensor(dh_next))
        return x.grad, h.grad, W.grad, U.grad, b.grad.sum(axis=0)

    def as_a_list(dh_next, x, h, h_next, W, U):
        da = dh_next * (1 + h_next) * (1 - h_next)
        return [
            np.dot(da, W),
            np.dot(da, U),
            np.tensordot(da, x, (0, 0)),
            np.tensordot(da, h, (0, 0)),
            np.ones(len(x)) @ da,
        ]


class rnn_backward:
    def all_slopes_first(dstates, x, h0, states, W, U):
        da, carried = np.zeros(states.shape), np.zeros(h0.shape)
        for t in range(len(x) - 1, -1, -1):
            da[t] = (dstates[t] + carried) * (1 - states[t] ** 2)
            carried = da[t] @ U
        before = np.concatenate([h0[None], states[:-1]])
        return (
            da @ W,
            carried,
            np.einsum("tbh,tbd->hd", da, x),
            np.einsum("tbh,tbk->hk", da, before),
            da.sum(axis=(0, 1)),
        )

    def by_loop(dstates, x, h0, states, W, U):
        dx, dW, dU, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros(U.shape), np.zeros(len(U))
        dh = np.zeros(h0.shape)
        for t in range(len(x))[::-1]:
            h = h0 if t == 0 else states[t - 1]
            da = (dh + dstates[t]) * (1 - states[t] ** 2)
            for n in range(len(da)):
                dW += np.outer(da[n], x[t, n])
                dU += np.outer(da[n], h[n])
                db += da[n]
                dx[t, n] = da[n] @ W
                dh[n] = U.T @ da[n]
        return dx, dh, dW, dU, db

    def by_torch(dstates, x, h0, states, W, U):
        dstates, x, h0, states, W, U = tensors(dstates, x, h0, states, W, U)
        dh, das = torch.zeros_like(h0), []
        for d, h in zip(reversed(dstates), reversed(states), strict=True):
            das.insert(0, (d + dh) * (1 - h**2))
            dh = das[0] @ U
        da = torch.stack(das)
        before = torch.cat([h0[None], states[:-1]])
        return (
            da @ W,
            dh,
            torch.einsum("tbh,tbd->hd", da, x),
            torch.einsum("tbh,tbk->hk", da, before),
            da.sum(dim=(0, 1)),
        )

    def by_recursion(dstates, x, h0, states, W, U):
        def back(t, dh):
            if t < 0:
                return [], dh
            da = (dstates[t] + dh) * (1 - states[t] ** 2)
            earlier, dh0 = back(t - 1, da @ U)
            return [*earlier, da], dh0

        das, dh0 = back(len(x) - 1, 0.0)
        before = [h0, *states[:-1]]
        return (
            np.stack([da @ W for da in das]),
            dh0,
            sum(da.T @ x_t for da, x_t in zip(das, x, strict=True)),
            sum(da.T @ h for da, h in zip(das, before, strict=True)),
            sum(da.sum(0) for da in das),
        )
