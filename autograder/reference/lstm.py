"""Reference solutions of units 04 to 06: the LSTM in three notations, forward and backward."""

# torch declares the attributes of a module as Tensor or Module
# pyright: reportCallIssue=false

import numpy as np
import torch

from autograder.reference import Array, Params
from autograder.reference.rnn import sigmoid


def lstm_step(x: Array, h: Array, c: Array, params: Params) -> tuple[Array, Array]:
    r"""One step of an LSTM.

    $i, f, o = \sigma(W_{x\cdot} x_t + W_{h\cdot} h_{t-1} + b_\cdot)$,
    $g = \tanh(W_{xc} x_t + W_{hc} h_{t-1} + b_c)$,
    $c_t = f \odot c_{t-1} + i \odot g$, $h_t = o \odot \tanh(c_t)$.

    Args:
        x: (B, D) the input that arrives now. h: (B, H) the old state.
        c: (B, H) the old cell.
        params: dict with W_xi, W_xf, W_xo, W_xc (H, D), W_hi, W_hf, W_ho, W_hc (H, H),
            b_i, b_f, b_o, b_c (H,).

    Returns:
        h (B, H), c (B, H), in this order: the new state and the new cell, new arrays;
        no argument is changed.
    """
    i, f, o = (sigmoid(x @ params[f"W_x{k}"].T + h @ params[f"W_h{k}"].T + params[f"b_{k}"]) for k in "ifo")
    g = np.tanh(x @ params["W_xc"].T + h @ params["W_hc"].T + params["b_c"])
    c = f * c + i * g
    return o * np.tanh(c), c


def lstm_forward(x: Array, h0: Array, c0: Array, params: Params) -> tuple[Array, Array]:
    r"""The states and the cells of an LSTM along a whole sequence.

    Args:
        x: (T, B, D) inputs, time first.
        h0, c0: (B, H) state and cell before the first step.
        params: as in ``lstm_step``.

    Returns:
        states (T, B, H), cells (T, B, H), in this order; entry t is after input t.
    """
    states, cells = np.empty((len(x), *h0.shape)), np.empty((len(x), *c0.shape))
    h, c = h0, c0
    for t in range(len(x)):
        h, c = lstm_step(x[t], h, c, params)
        states[t], cells[t] = h, c
    return states, cells


def peephole_lstm_step(x: Array, h: Array, c: Array, params: Params) -> tuple[Array, Array]:
    r"""One step of an LSTM whose gates look into the cell (Graves 2013).

    Args:
        x: (B, D), h: (B, H), c: (B, H) as in ``lstm_step``.
        params: as in ``lstm_step``, and the peepholes w_ci, w_cf, w_co (H,).

    Returns:
        h (B, H), c (B, H): the new state and the new cell.
    """
    a = {k: x @ params[f"W_x{k}"].T + h @ params[f"W_h{k}"].T + params[f"b_{k}"] for k in "ifoc"}
    i, f = sigmoid(a["i"] + params["w_ci"] * c), sigmoid(a["f"] + params["w_cf"] * c)
    c = f * c + i * np.tanh(a["c"])
    return sigmoid(a["o"] + params["w_co"] * c) * np.tanh(c), c


def gamma_lstm_step(x: Array, c: Array, params: Params) -> tuple[Array, Array]:
    r"""One step of the LSTM in Gamma notation, exactly as the notes print it.

    Args:
        x: (B, D) the input. c: (B, H) the old memory cell.
        params: dict with W_cc, W_uc, W_fc, W_oc (H, H), W_cx, W_ux, W_fx, W_ox (H, D),
            b_c, b_u, b_f, b_o (H,).

    Returns:
        a (B, H), c (B, H): the activation and the new memory cell.
    """
    u, f, o = (sigmoid(c @ params[f"W_{g}c"].T + x @ params[f"W_{g}x"].T + params[f"b_{g}"]) for g in "ufo")
    proposal = np.tanh(c @ params["W_cc"].T + x @ params["W_cx"].T + params["b_c"])
    c = u * proposal + f * c
    return o * c, c


def gamma_names() -> dict[str, str]:
    r"""The dictionary between the two notations.

    Returns:
        a dict from the name of every parameter of ``lstm_step`` (W_xi, W_hi, b_i, ...)
        to the name of the one with the same job in the Gamma notation (W_ux, ...).
    """
    names = {"i": "u", "f": "f", "o": "o", "c": "c"}
    table = {f"W_x{k}": f"W_{g}x" for k, g in names.items()}
    table |= {f"W_h{k}": f"W_{g}c" for k, g in names.items()}
    return table | {f"b_{k}": f"b_{g}" for k, g in names.items()}


def lstm_from_gamma(params: Params) -> Params:
    r"""Parameters in Gamma notation, renamed for ``lstm_step``.

    Args:
        params: dict as in ``gamma_lstm_step``.

    Returns:
        a dict with the names of ``lstm_step`` and the same arrays.
    """
    return {ours: params[theirs] for ours, theirs in gamma_names().items()}


def mended_gamma_step(x: Array, a: Array, c: Array, params: Params) -> tuple[Array, Array]:
    r"""The Gamma form with both changes made, so that it is the LSTM of ``lstm_step``.

    Args:
        x: (B, D), a: (B, H) the old activation, c: (B, H) the old memory cell.
        params: as in ``gamma_lstm_step``.

    Returns:
        a (B, H), c (B, H): the new activation and the new memory cell.
    """
    u, f, o = (sigmoid(a @ params[f"W_{g}c"].T + x @ params[f"W_{g}x"].T + params[f"b_{g}"]) for g in "ufo")
    c = u * np.tanh(a @ params["W_cc"].T + x @ params["W_cx"].T + params["b_c"]) + f * c
    return o * np.tanh(c), c


def lstm_step_backward(
    dh_next: Array, dc_next: Array, x: Array, h: Array, c: Array, params: Params
) -> tuple[Array, Array, Array, Params]:
    r"""Gradients through one step of an LSTM.

    The new cell reaches the loss in two ways: directly (``dc_next``, from the next step)
    and through the new state. So its whole gradient is
    $dc_t = dc_{next} + dh_{next} \odot o \odot (1 - \tanh^2 c_t)$.
    The rest follows gate by gate.

    Args:
        dh_next, dc_next: (B, H) gradients of the loss at the new state and new cell.
        x: (B, D), h: (B, H), c: (B, H) what went into the step.
        params: as in ``lstm_step``.

    Returns:
        dx (B, D), dh (B, H), dc (B, H), gradients: a dict with the keys and shapes of
        ``params``, summed over the batch.
    """
    i, f, o = (sigmoid(x @ params[f"W_x{k}"].T + h @ params[f"W_h{k}"].T + params[f"b_{k}"]) for k in "ifo")
    g = np.tanh(x @ params["W_xc"].T + h @ params["W_hc"].T + params["b_c"])
    squashed = np.tanh(f * c + i * g)
    dc = dc_next + dh_next * o * (1 - squashed**2)
    da = {
        "i": dc * g * i * (1 - i),
        "f": dc * c * f * (1 - f),
        "o": dh_next * squashed * o * (1 - o),
        "c": dc * i * (1 - g**2),
    }
    gradients = {f"W_x{k}": d.T @ x for k, d in da.items()}
    gradients |= {f"W_h{k}": d.T @ h for k, d in da.items()} | {f"b_{k}": d.sum(axis=0) for k, d in da.items()}
    dx, dh = (np.sum([d @ params[f"{w}{k}"] for k, d in da.items()], axis=0) for w in ("W_x", "W_h"))
    return dx, dh, dc * f, gradients


def lstm_backward(dstates: Array, x: Array, h0: Array, c0: Array, params: Params) -> tuple[Array, Array, Array, Params]:
    r"""Backpropagation through time for an LSTM.

    Args:
        dstates: (T, B, H) the direct gradient of the loss with respect to every
            state (the loss does not look at cells).
        x: (T, B, D), h0: (B, H), c0: (B, H). params: as in ``lstm_step``.

    Returns:
        dx (T, B, D), dh0 (B, H), dc0 (B, H), gradients: a dict with the keys and shapes
        of ``params``, summed over steps and batch.
    """
    states, cells = lstm_forward(x, h0, c0, params)
    dx, dh, dc = np.empty(x.shape), np.zeros(h0.shape), np.zeros(c0.shape)
    gradients = {name: np.zeros(value.shape) for name, value in params.items()}
    for t in reversed(range(len(x))):
        h, c = (states[t - 1], cells[t - 1]) if t > 0 else (h0, c0)
        dx[t], dh, dc, step = lstm_step_backward(dstates[t] + dh, dc, x[t], h, c, params)
        gradients = {name: gradients[name] + step[name] for name in gradients}
    return dx, dh, dc, gradients


def peephole_lstm_step_backward(
    dh_next: Array, dc_next: Array, x: Array, h: Array, c: Array, params: Params
) -> tuple[Array, Array, Array, Params]:
    r"""Gradients through one step of an LSTM with peepholes.

    As in ``lstm_step_backward``, with three more paths. The output gate looks at the new
    cell, so part of its gradient goes into $dc_t$. The input and forget gates look at the
    old cell, so part of theirs goes into ``dc``.

    Args:
        dh_next, dc_next: (B, H). x: (B, D), h: (B, H), c: (B, H) what went in.
        params: as in ``peephole_lstm_step``.

    Returns:
        dx (B, D), dh (B, H), dc (B, H), gradients: a dict with the keys and shapes of
        ``params``, peepholes included.
    """
    a = {k: x @ params[f"W_x{k}"].T + h @ params[f"W_h{k}"].T + params[f"b_{k}"] for k in "ifoc"}
    i, f, g = sigmoid(a["i"] + params["w_ci"] * c), sigmoid(a["f"] + params["w_cf"] * c), np.tanh(a["c"])
    new = f * c + i * g
    o, squashed = sigmoid(a["o"] + params["w_co"] * new), np.tanh(new)
    do = dh_next * squashed * o * (1 - o)
    dc = dc_next + dh_next * o * (1 - squashed**2) + do * params["w_co"]
    da = {"i": dc * g * i * (1 - i), "f": dc * c * f * (1 - f), "o": do, "c": dc * i * (1 - g**2)}
    gradients = {f"W_x{k}": d.T @ x for k, d in da.items()} | {f"W_h{k}": d.T @ h for k, d in da.items()}
    gradients |= {f"b_{k}": d.sum(axis=0) for k, d in da.items()}
    gradients |= {f"w_c{k}": (da[k] * seen).sum(axis=0) for k, seen in (("i", c), ("f", c), ("o", new))}
    dx, dh = (np.sum([d @ params[f"{w}{k}"] for k, d in da.items()], axis=0) for w in ("W_x", "W_h"))
    return dx, dh, dc * f + da["i"] * params["w_ci"] + da["f"] * params["w_cf"], gradients


def load_into_torch_lstm(params: Params) -> torch.nn.LSTM:
    r"""A ``torch.nn.LSTM`` that computes what ``lstm_forward`` does with ``params``.

    torch stacks the four blocks of rows of ``weight_ih_l0 (4H, D)`` and
    ``weight_hh_l0 (4H, H)`` in the order **i, f, g, o** (its g is our c), and adds its
    two biases.

    Args:
        params: dict as in ``lstm_step``, float64.

    Returns:
        a ``torch.nn.LSTM(D, H)`` in float64, one layer, time first.
    """
    hidden_size, input_size = params["W_xi"].shape
    lstm = torch.nn.LSTM(input_size, hidden_size, dtype=torch.float64)
    with torch.no_grad():
        lstm.weight_ih_l0.copy_(torch.tensor(np.concatenate([params[f"W_x{k}"] for k in "ifco"])))
        lstm.weight_hh_l0.copy_(torch.tensor(np.concatenate([params[f"W_h{k}"] for k in "ifco"])))
        lstm.bias_ih_l0.copy_(torch.tensor(np.concatenate([params[f"b_{k}"] for k in "ifco"])))
        lstm.bias_hh_l0.zero_()
    return lstm


def cell_path_gain(forget: Array, start: int, end: int) -> Array:
    r"""What is left of a cell along the cell alone, with fixed gates.

    Along this path each step multiplies by its forget gate, elementwise:
    $\partial c_{end} / \partial c_{start} = \prod_{t = start + 1}^{end} f_t$.

    Args:
        forget: (T, B, H) the forget gate of every step.
        start, end: steps, 0 <= start <= end < T.

    Returns:
        (B, H); all ones if start equals end.
    """
    return np.prod(forget[start + 1 : end + 1], axis=0)


def init_forget_bias(params: Params, bias: float) -> Params:
    r"""The same parameters with every forget bias set to one number.

    Args:
        params: dict as in ``lstm_step``; it and its arrays stay as they are.
        bias: a number.

    Returns:
        a new dict with the same keys; ``b_f`` is a new array of floats of the same shape,
        filled with ``bias``.
    """
    return params | {"b_f": np.full(params["b_f"].shape, float(bias))}
