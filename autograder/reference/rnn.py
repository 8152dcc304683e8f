"""Reference solutions of units 01 and 02, the Elman network, forward and backward; and the logistic function of unit 04."""

# torch declares the attributes of a module as Tensor or Module
# pyright: reportCallIssue=false

import numpy as np
import torch

from autograder.reference import Array, Params

Gradients = tuple[Array, Array, Array, Array, Array]  # dx, dh, dW, dU, db


def sigmoid(a: float | Array) -> Array:
    r"""The logistic function, $\sigma(a) = 1 / (1 + e^{-a})$, elementwise.

    Args:
        a: array of any shape (a plain number counts as shape ``()``), any finite size.

    Returns:
        array of the same shape, every value in [0, 1]; no overflow for large ``|a|``.
    """
    # exp is only ever taken of a number that is not positive, so it cannot overflow
    e = np.exp(-np.abs(a))
    return np.where(np.asarray(a) >= 0, 1 / (1 + e), e / (1 + e))


def rnn_step(x: Array, h: Array, W: Array, U: Array, b: Array) -> Array:
    r"""One step of an Elman network: $h_{t+1} = \tanh(W x_{t+1} + U h_t + b)$.

    Args:
        x: (B, D) the input that arrives now, one example per row.
        h: (B, H) the old state.
        W: (H, D) input weights. U: (H, H) recurrent weights. b: (H,) bias.

    Returns:
        (B, H) the new state, a new array; no argument is changed.
    """
    return np.tanh(x @ W.T + h @ U.T + b)


def rnn_forward(x: Array, h0: Array, W: Array, U: Array, b: Array) -> Array:
    r"""The states of an Elman network along a whole sequence.

    Args:
        x: (T, B, D) inputs, time first. h0: (B, H) the state before the first step.
        W: (H, D), U: (H, H), b: (H,) as in ``rnn_step``.

    Returns:
        (T, B, H) all states after each step: entry t has seen x[0] ... x[t].
        ``h0`` itself is not among them.
    """
    states = np.empty((len(x), *h0.shape))
    h = h0
    for t in range(len(x)):
        h = rnn_step(x[t], h, W, U, b)
        states[t] = h
    return states


def softmax_cross_entropy(logits: Array, targets: Array) -> tuple[float, Array]:
    r"""Mean cross-entropy of softmax(logits) against the right classes, and its gradient.

    The loss is $-\frac1N \sum_n \log p_n[\text{targets}_n]$
    with $p_n = \text{softmax}(\text{logits}_n)$.

    Args:
        logits: (N, K) one row of scores per example; scores of 1000 must not overflow.
        targets: (N,) integers from 0 to K - 1, the right class of each row.

    Returns:
        loss: a number. dlogits: (N, K), the gradient of the loss for the logits.
    """
    rows = np.arange(len(targets))
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    dlogits = np.exp(log_p)
    dlogits[rows, targets] -= 1
    return -log_p[rows, targets].mean(), dlogits / len(targets)


def rnn_step_backward(dh_next: Array, x: Array, h: Array, h_next: Array, W: Array, U: Array) -> Gradients:
    r"""Gradients through one step, given the gradient of the loss for its result.

    With $a = W x + U h + b$ and $h' = \tanh a$: $dL/da = dL/dh' \odot (1 - h'^2)$,
    and everything follows from $dL/da$.

    Args:
        dh_next: (B, H) gradient of the loss with respect to ``h_next``.
        x: (B, D), h: (B, H) what went into the step. h_next: (B, H) what came out.
        W: (H, D), U: (H, H).

    Returns:
        dx (B, D), dh (B, H), dW (H, D), dU (H, H), db (H,), in this order.
        Weight gradients are summed over the batch.
    """
    da = dh_next * (1 - h_next**2)
    return da @ W, da @ U, da.T @ x, da.T @ h, da.sum(axis=0)


def rnn_backward(dstates: Array, x: Array, h0: Array, states: Array, W: Array, U: Array) -> Gradients:
    r"""Backpropagation through time.

    Args:
        dstates: (T, B, H) the *direct* gradient at every step: how the loss depends on
            ``states[t]`` itself, not counting its influence on later states.
        x: (T, B, D), h0: (B, H), states: (T, B, H) from ``rnn_forward``.
        W: (H, D), U: (H, H).

    Returns:
        dx (T, B, D), dh0 (B, H), dW (H, D), dU (H, H), db (H,), in this order.
        Weight gradients are summed over all steps and over the batch.
    """
    dx = np.empty(x.shape)
    dW, dU, db = np.zeros(W.shape), np.zeros(U.shape), np.zeros(len(U))
    dh = np.zeros(h0.shape)
    for t in reversed(range(len(x))):
        h = states[t - 1] if t > 0 else h0
        dx[t], dh, dW_t, dU_t, db_t = rnn_step_backward(dstates[t] + dh, x[t], h, states[t], W, U)
        dW, dU, db = dW + dW_t, dU + dU_t, db + db_t
    return dx, dh, dW, dU, db


def load_into_torch_rnn(W: Array, U: Array, b: Array) -> torch.nn.RNN:
    r"""A ``torch.nn.RNN`` that computes what ``rnn_forward`` computes with these weights.

    torch stores ``weight_ih_l0 = W`` and ``weight_hh_l0 = U``, and has two biases, which
    it adds: ``bias_ih_l0 + bias_hh_l0`` must equal ``b``.

    Args:
        W: (H, D), U: (H, H), b: (H,) float64 arrays.

    Returns:
        a ``torch.nn.RNN(D, H)`` in float64: one layer, tanh, time first (the default).
    """
    hidden_size, input_size = W.shape
    rnn = torch.nn.RNN(input_size, hidden_size, dtype=torch.float64)
    with torch.no_grad():
        rnn.weight_ih_l0.copy_(torch.tensor(W))
        rnn.weight_hh_l0.copy_(torch.tensor(U))
        rnn.bias_ih_l0.copy_(torch.tensor(b))
        rnn.bias_hh_l0.zero_()
    return rnn


def recall_loss_and_gradients(x: Array, targets: Array, params: Params) -> tuple[float, Params]:
    r"""Loss of a network that must echo earlier symbols, and each parameter's gradient.

    The states come from ``rnn_forward`` with a zero initial state; each of the last
    ``len(targets)`` states is read out as $\text{logits}_t = V h_t + c$; the loss is the
    mean cross-entropy over all those steps and examples.

    Args:
        x: (T, B, D) inputs, time first.
        targets: (K, B) integers with K <= T: the right classes at the last K steps.
        params: dict with W (H, D), U (H, H), b (H,) of the cell,
            V (S, H) and c (S,) of the read-out.

    Returns:
        loss: a number. gradients: a dict with the same keys and shapes as ``params``.
    """
    W, U, b, V, c = (params[name] for name in ("W", "U", "b", "V", "c"))
    h0 = np.zeros((x.shape[1], len(U)))
    states = rnn_forward(x, h0, W, U, b)
    first = len(x) - len(targets)
    read = states[first:].reshape(-1, len(U))
    loss, dlogits = softmax_cross_entropy(read @ V.T + c, targets.reshape(-1))
    dstates = np.zeros(states.shape)
    dstates[first:] = (dlogits @ V).reshape(states[first:].shape)
    _, _, dW, dU, db = rnn_backward(dstates, x, h0, states, W, U)
    return loss, {"W": dW, "U": dU, "b": db, "V": dlogits.T @ read, "c": dlogits.sum(axis=0)}
