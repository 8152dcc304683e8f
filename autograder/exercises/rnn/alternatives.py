"""Right versions of unit 01's functions, written differently: loops, einsum, torch, other algebra. All get full marks."""

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


class softmax_cross_entropy:
    def by_loop(logits, targets):
        N, K = logits.shape
        loss, dlogits = 0.0, np.zeros((N, K))
        for n in range(N):
            scores = [math.exp(score - max(logits[n])) for score in logits[n]]
            log_sum = max(logits[n]) + math.log(sum(scores))
            loss += (log_sum - logits[n, targets[n]]) / N
            for k in range(K):
                dlogits[n, k] = (scores[k] / sum(scores) - (k == targets[n])) / N
        return loss, dlogits

    def by_one_hot(logits, targets):
        one_hot = np.eye(logits.shape[1])[targets]
        z = logits - np.max(logits, axis=1)[:, None]
        log_p = z - np.log(np.einsum("nk->n", np.exp(z)))[:, None]
        return -(one_hot * log_p).sum() / len(targets), (np.exp(log_p) - one_hot) / len(targets)

    def by_logaddexp(logits, targets):
        log_sum = np.logaddexp.reduce(logits, axis=1)
        rows = np.arange(len(targets))
        dlogits = np.exp(logits - log_sum[:, None])
        dlogits[rows, targets] -= 1
        return np.mean(log_sum - logits[rows, targets]), dlogits / len(rows)

    def by_torch(logits, targets):
        z = torch.tensor(logits, requires_grad=True)
        loss = torch.nn.functional.cross_entropy(z, torch.tensor(targets))
        loss.backward()
        return loss.item(), z.grad.numpy()


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


class load_into_torch_rnn:
    def by_state_dict(W, U, b):
        module = torch.nn.RNN(W.shape[1], W.shape[0]).double()
        module.load_state_dict(
            {
                "weight_ih_l0": torch.from_numpy(W),
                "weight_hh_l0": torch.from_numpy(U),
                "bias_ih_l0": torch.zeros(len(b), dtype=torch.float64),
                "bias_hh_l0": torch.from_numpy(b),
            }
        )
        return module

    def bias_shared_out(W, U, b):
        module = torch.nn.RNN(W.shape[1], W.shape[0], dtype=torch.float64)
        module.weight_ih_l0.data[:], module.weight_hh_l0.data[:] = torch.tensor(W), torch.tensor(U)
        module.bias_ih_l0.data[:] = torch.tensor(b) / 2
        module.bias_hh_l0.data[:] = torch.tensor(b) / 2
        return module

    def by_parameters(W, U, b):
        module = torch.nn.RNN(input_size=W.shape[1], hidden_size=U.shape[0], num_layers=1, nonlinearity="tanh").double()
        for name, array in (("weight_ih_l0", W), ("weight_hh_l0", U), ("bias_ih_l0", 3 * b), ("bias_hh_l0", -2 * b)):
            setattr(module, name, torch.nn.Parameter(torch.tensor(array)))
        return module.eval()


class recall_loss_and_gradients:
    def by_autograd(x, targets, params):
        p = {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}
        h, logits = torch.zeros(x.shape[1], len(p["U"]), dtype=torch.float64), []
        for x_t in torch.tensor(x):
            h = torch.tanh(x_t @ p["W"].T + h @ p["U"].T + p["b"])
            logits.append(h @ p["V"].T + p["c"])
        read = torch.cat(logits[-len(targets) :])
        loss = torch.nn.functional.cross_entropy(read, torch.tensor(targets).flatten())
        loss.backward()
        return loss.item(), {name: value.grad.numpy() for name, value in p.items()}

    def step_by_step(x, targets, params):
        W, U, b, V, c = (params[name] for name in "WUbVc")
        T, K, B = len(x), len(targets), x.shape[1]
        states = [np.zeros((B, len(U)))]
        for x_t in x:
            states.append(np.tanh(x_t @ W.T + states[-1] @ U.T + b))
        loss, gradients = 0.0, {name: np.zeros(value.shape) for name, value in params.items()}
        dh = np.zeros((B, len(U)))
        for t in range(T - 1, -1, -1):
            if t >= T - K:
                z = states[t + 1] @ V.T + c
                log_p = z - np.logaddexp.reduce(z, axis=1)[:, None]
                right = targets[t - (T - K)]
                loss -= log_p[np.arange(B), right].sum() / (K * B)
                dz = (np.exp(log_p) - np.eye(len(c))[right]) / (K * B)
                gradients["V"] += dz.T @ states[t + 1]
                gradients["c"] += dz.sum(0)
                dh = dh + dz @ V
            da = dh * (1 - states[t + 1] ** 2)
            gradients["W"] += da.T @ x[t]
            gradients["U"] += da.T @ states[t]
            gradients["b"] += da.sum(0)
            dh = da @ U
        return loss, gradients

    def by_einsum(x, targets, params):
        W, U, b, V, c = (params[name] for name in ("W", "U", "b", "V", "c"))
        T, B, H, K = len(x), x.shape[1], len(U), len(targets)
        h = np.zeros((T + 1, B, H))
        for t in range(T):
            h[t + 1] = np.tanh(np.einsum("hd,bd->bh", W, x[t]) + np.einsum("hk,bk->bh", U, h[t]) + b)
        z = np.einsum("sh,tbh->tbs", V, h[-K:]) + c
        log_p = z - np.log(np.exp(z).sum(-1, keepdims=True))
        one_hot = np.eye(len(c))[targets]
        dz = (np.exp(log_p) - one_hot) / (K * B)
        da, back = np.zeros((T, B, H)), np.zeros((B, H))
        for t in range(T - 1, -1, -1):
            direct = dz[t - T + K] @ V if t >= T - K else 0.0
            da[t] = (direct + back) * (1 - h[t + 1] ** 2)
            back = da[t] @ U
        return -(one_hot * log_p).sum() / (K * B), {
            "W": np.einsum("tbh,tbd->hd", da, x),
            "U": np.einsum("tbh,tbk->hk", da, h[:-1]),
            "b": da.sum((0, 1)),
            "V": np.einsum("tbs,tbh->sh", dz, h[-K:]),
            "c": dz.sum((0, 1)),
        }
