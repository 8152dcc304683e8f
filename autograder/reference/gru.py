"""Reference solutions of units 07 and 08: the gated recurrent unit, step by step, forward and backward."""

import numpy as np

from autograder.reference import Array, Params
from autograder.reference.rnn import sigmoid


def simplified_gru_step(x: Array, c: Array, params: Params) -> Array:
    r"""One step of the simplified GRU, which has an update gate and nothing else.

    $\Gamma_u = \sigma(W_{uc} c_{t-1} + W_{ux} x_t + b_u)$,
    $\tilde c = \tanh(W_{cc} c_{t-1} + W_{cx} x_t + b_c)$,
    $c_t = \Gamma_u \odot \tilde c + (1 - \Gamma_u) \odot c_{t-1}$.

    Args:
        x: (B, D) the input that arrives now, one example per row.
        c: (B, H) the old state.
        params: dict with W_uc, W_cc (H, H), W_ux, W_cx (H, D), b_u, b_c (H,).

    Returns:
        (B, H) the new state, a new array; no argument is changed.
    """
    update = sigmoid(c @ params["W_uc"].T + x @ params["W_ux"].T + params["b_u"])
    proposal = np.tanh(c @ params["W_cc"].T + x @ params["W_cx"].T + params["b_c"])
    return update * proposal + (1 - update) * c


def gamma_gru_step(x: Array, c: Array, params: Params) -> Array:
    r"""One step of the full GRU in the Gamma notation: update and relevance gate.

    Both gates are built alike: for g = u and g = r,
    $\Gamma_g = \sigma(W_{gc} c_{t-1} + W_{gx} x_t + b_g)$. The relevance gate acts on the
    old state before the proposal looks at it:
    $\tilde c = \tanh(W_{cc} (\Gamma_r \odot c_{t-1}) + W_{cx} x_t + b_c)$. Then, as in
    the simplified cell, $c_t = \Gamma_u \odot \tilde c + (1 - \Gamma_u) \odot c_{t-1}$.

    Args:
        x: (B, D) the input. c: (B, H) the old state.
        params: dict with W_uc, W_rc, W_cc (H, H), W_ux, W_rx, W_cx (H, D), and
            b_u, b_r, b_c (H,).

    Returns:
        (B, H) the new state, a new array; no argument is changed.
    """
    update, relevance = (sigmoid(c @ params[f"W_{g}c"].T + x @ params[f"W_{g}x"].T + params[f"b_{g}"]) for g in "ur")
    proposal = np.tanh((relevance * c) @ params["W_cc"].T + x @ params["W_cx"].T + params["b_c"])
    return update * proposal + (1 - update) * c


def gru_step(x: Array, h: Array, params: Params) -> Array:
    r"""One step of the GRU in the z/r notation: the update gate z weighs the NEW state.

    $z = \sigma(W_z x_t + U_z h_{t-1} + b_z)$, $r = \sigma(W_r x_t + U_r h_{t-1} + b_r)$,
    $\tilde h = \tanh(W_h x_t + U_h (r \odot h_{t-1}) + b_h)$,
    $h_t = (1 - z) \odot h_{t-1} + z \odot \tilde h$.

    Args:
        x: (B, D) the input. h: (B, H) the old state.
        params: dict with W_z, W_r, W_h (H, D), U_z, U_r, U_h (H, H), b_z, b_r, b_h (H,).

    Returns:
        (B, H) the new state, a new array; no argument is changed.
    """
    z = sigmoid(x @ params["W_z"].T + h @ params["U_z"].T + params["b_z"])
    r = sigmoid(x @ params["W_r"].T + h @ params["U_r"].T + params["b_r"])
    candidate = np.tanh(x @ params["W_h"].T + (r * h) @ params["U_h"].T + params["b_h"])
    return (1 - z) * h + z * candidate


def gru_step_u_old(x: Array, h: Array, params: Params) -> Array:
    r"""One step of the GRU in textbook notation: the update gate u weighs the OLD state.

    $r = \sigma(W_{xr} x_t + W_{hr} h_{t-1} + b_r)$,
    $u = \sigma(W_{xu} x_t + W_{hu} h_{t-1} + b_u)$,
    $\tilde h = \tanh(W_{xh} x_t + W_{hh} (r \odot h_{t-1}) + b_h)$,
    $h_t = u \odot h_{t-1} + (1 - u) \odot \tilde h$.

    Args:
        x: (B, D) the input. h: (B, H) the old state.
        params: dict with W_xr, W_xu, W_xh (H, D), W_hr, W_hu, W_hh (H, H), and
            b_r, b_u, b_h (H,).

    Returns:
        (B, H) the new state, a new array; no argument is changed.
    """
    r = sigmoid(x @ params["W_xr"].T + h @ params["W_hr"].T + params["b_r"])
    u = sigmoid(x @ params["W_xu"].T + h @ params["W_hu"].T + params["b_u"])
    candidate = np.tanh(x @ params["W_xh"].T + (r * h) @ params["W_hh"].T + params["b_h"])
    return u * h + (1 - u) * candidate


def gru_forward(x: Array, h0: Array, params: Params) -> Array:
    r"""The states of a GRU in the z/r notation along a whole sequence.

    Args:
        x: (T, B, D) inputs, time first. h0: (B, H) the state before the first step.
        params: dict as for ``gru_step``.

    Returns:
        (T, B, H) the state after each step: entry t has seen x[0] ... x[t]. ``h0`` is not
        among them.
    """
    states, h = np.empty((len(x), *h0.shape)), h0
    for t in range(len(x)):
        h = gru_step(x[t], h, params)
        states[t] = h
    return states


def gru_step_backward(dh_next: Array, x: Array, h: Array, params: Params) -> tuple[Array, Array, Params]:
    r"""Gradients through one step of ``gru_step``, given the gradient of its result.

    Four paths lead from $h_t$ back to $h_{t-1}$: the copy $(1 - z) \odot h_{t-1}$, the
    update gate, the candidate through $r \odot h_{t-1}$, and the reset gate. ``dh`` is
    their sum.

    Args:
        dh_next: (B, H) gradient of the loss with respect to the new state.
        x: (B, D), h: (B, H), params: what went into the step; compute the gates again.

    Returns:
        dx (B, D), dh (B, H), and a dict with the keys and shapes of ``params``; weight
        gradients are summed over the batch.
    """
    W_z, U_z, b_z, W_r, U_r, b_r, W_h, U_h, b_h = (params[f"{kind}_{gate}"] for gate in "zrh" for kind in "WUb")
    z, r = sigmoid(x @ W_z.T + h @ U_z.T + b_z), sigmoid(x @ W_r.T + h @ U_r.T + b_r)
    candidate = np.tanh(x @ W_h.T + (r * h) @ U_h.T + b_h)
    da_h = dh_next * z * (1 - candidate**2)
    da_z = dh_next * (candidate - h) * z * (1 - z)
    drh = da_h @ U_h
    da_r = drh * h * r * (1 - r)
    dx = da_z @ W_z + da_r @ W_r + da_h @ W_h
    dh = dh_next * (1 - z) + da_z @ U_z + drh * r + da_r @ U_r
    gradients = {}
    for gate, da, state in (("z", da_z, h), ("r", da_r, h), ("h", da_h, r * h)):
        gradients |= {f"W_{gate}": da.T @ x, f"U_{gate}": da.T @ state, f"b_{gate}": da.sum(axis=0)}
    return dx, dh, gradients
