"""Right versions of the loss, of filling torch's RNN, and of putting it all together."""

import math

import numpy as np
import torch


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
