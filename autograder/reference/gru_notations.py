"""Reference solutions of units 07 and 08 about notations: translating, torch's variant, misprints, and a test that readers write."""

# torch declares the attributes of a module as Tensor or Module
# pyright: reportCallIssue=false

from collections.abc import Callable

import numpy as np
import torch

from autograder.reference import Array, Params
from autograder.reference.gru import gru_step
from autograder.reference.rnn import sigmoid

Example = tuple[Array, Array, Params]  # x, h and params


def translate_gru(params: Params, source: str, target: str) -> Params:
    r"""The parameters of a GRU in another notation: the same function, to rounding.

    The forms are ``"gamma"`` (as in ``gamma_gru_step``), ``"z_new"`` (``gru_step``) and
    ``"u_old"`` (``gru_step_u_old``). In the first two the update gate weighs the new
    state, in the third the old one; $\sigma(-a) = 1 - \sigma(a)$ helps.

    Args:
        params: dict with the nine arrays of the form ``source``.
        source, target: two of the names above, or one twice.

    Returns:
        a new dict with the nine arrays of the form ``target``; ``params`` and its arrays
        are left as they were.
    """
    names = {
        "gamma": "W_ux W_uc b_u W_rx W_rc b_r W_cx W_cc b_c",
        "z_new": "W_z U_z b_z W_r U_r b_r W_h U_h b_h",
        "u_old": "W_xu W_hu b_u W_xr W_hr b_r W_xh W_hh b_h",
    }
    arrays = [params[name] for name in names[source].split()]
    if (source == "u_old") != (target == "u_old"):
        arrays[:3] = [-array for array in arrays[:3]]
    return dict(zip(names[target].split(), arrays, strict=True))


def torch_gru_step(x: Array, h: Array, params: Params) -> Array:
    r"""One step of torch's GRU: z weighs the OLD state, and r acts AFTER the product.

    $r = \sigma(W_{ir} x + b_{ir} + W_{hr} h + b_{hr})$,
    $z = \sigma(W_{iz} x + b_{iz} + W_{hz} h + b_{hz})$,
    $n = \tanh(W_{in} x + b_{in} + r \odot (W_{hn} h + b_{hn}))$,
    $h_t = z \odot h + (1 - z) \odot n$.

    Args:
        x: (B, D) the input. h: (B, H) the old state.
        params: dict of NumPy arrays under torch's names, their rows in the order r, z, n:
            weight_ih_l0 (3H, D) holds W_ir, W_iz, W_in; weight_hh_l0 (3H, H),
            bias_ih_l0 (3H,) and bias_hh_l0 (3H,) in the same way.

    Returns:
        (B, H) the new state as a NumPy array; no argument is changed.
    """
    from_x = x @ params["weight_ih_l0"].T + params["bias_ih_l0"]
    from_h = h @ params["weight_hh_l0"].T + params["bias_hh_l0"]
    x_r, x_z, x_n = np.split(from_x, 3, axis=1)
    h_r, h_z, h_n = np.split(from_h, 3, axis=1)
    r, z = sigmoid(x_r + h_r), sigmoid(x_z + h_z)
    return z * h + (1 - z) * np.tanh(x_n + r * h_n)


def load_into_torch_gru(params: Params) -> torch.nn.GRU:
    r"""A ``torch.nn.GRU`` that is the reset-after twin of a GRU in the z/r notation.

    The twin has the same weights and gates as ``gru_step``, but the candidate
    $\tanh(W_h x + b_h + r \odot (U_h h))$. Note the order of the rows (r, z, n), that
    torch's z weighs the OLD state, and that $b_h$ must stay outside the product with r.

    Args:
        params: dict with W_z, W_r, W_h (H, D), U_z, U_r, U_h (H, H), b_z, b_r, b_h (H,),
            float64 arrays.

    Returns:
        a ``torch.nn.GRU(D, H)`` in float64, one layer, time first (torch's default).
    """
    H, D = params["W_h"].shape
    gru = torch.nn.GRU(D, H, dtype=torch.float64)
    with torch.no_grad():
        for name, kind in (("weight_ih_l0", "W"), ("weight_hh_l0", "U"), ("bias_ih_l0", "b")):
            stacked = np.concatenate([params[f"{kind}_r"], -params[f"{kind}_z"], params[f"{kind}_h"]])
            getattr(gru, name).copy_(torch.tensor(stacked))
        gru.bias_hh_l0.zero_()
    return gru


def reset_order_counterexample() -> tuple[Example, Example]:
    r"""A case where the order of reset and product matters, and one where it doesn't.

    Before: $\tanh(W_h x + U_h (r \odot h) + b_h)$.
    After: $\tanh(W_h x + r \odot (U_h h) + b_h)$. All else is ``gru_step``.

    Returns:
        two examples, each (x, h, params) for ``gru_step``, with sizes of your choice and
        all values of x and h in [-1, 1]. In the first, the new states differ by at least
        0.1 somewhere. In the second they agree to 1e-9, and not for a trivial reason: it
        has two neurons or more, and the reset gate matters (with r = 1 instead, the new
        state would change by 0.01 or more somewhere).
    """
    params = {f"{kind}_{gate}": np.zeros((2, 1) if kind == "W" else (2, 2)) for gate in "zrh" for kind in "WU"}
    params |= {"b_z": np.full(2, 9.0), "b_r": np.array([9.0, -9.0]), "b_h": np.zeros(2)}
    x, h = np.zeros((1, 1)), np.ones((1, 2))
    crossed, alone = np.array([[0.0, 1.0], [1.0, 0.0]]), np.eye(2)
    return (x, h, params | {"U_h": crossed}), (x, h, params | {"U_h": alone})


def count_parameters(cell: str, D: int, H: int) -> int:
    r"""How many numbers a cell has to learn.

    Args:
        cell: one of "rnn", "simplified_gru" (update gate only), "gru", "torch_gru" (two
            biases for everything), "lstm" (one bias for each gate), "peephole_lstm"
            (three peephole vectors).
        D: input size. H: state size.

    Returns:
        a whole number (int).
    """
    blocks = {"rnn": 1, "simplified_gru": 2, "gru": 3, "torch_gru": 3, "lstm": 4, "peephole_lstm": 4}[cell]
    return blocks * (H * D + H * H + H) + (3 * H if cell in ("torch_gru", "peephole_lstm") else 0)


def mend_the_slide(x: Array, h: Array, params: Params) -> tuple[Array, dict[str, float]]:
    r"""The new state by the corrected lines, and four numbers against the print.

    Args:
        x: (B, D) the input. h: (B, H) the old state.
        params: dict with W_xr, W_xu, W_xh (H, D), W_hr, W_hu, W_hh (H, H), and b_r, b_u,
            b_h (H,).

    Returns:
        h_next: (B, H) the new state by the corrected lines. numbers: a dict with

        - "lowest": the smallest value of the corrected candidate.
        - "missing": how many columns W_xu lacks to fit h (negative: too many).
        - "moved": the largest absolute difference between the new state and the old one.
        - "apart": with r = 1 (and u as it is), the largest absolute difference between
          the new state and that of the plain RNN, tanh(W_xh x + W_hh h + b_h).
    """
    r = sigmoid(x @ params["W_xr"].T + h @ params["W_hr"].T + params["b_r"])
    u = sigmoid(x @ params["W_xu"].T + h @ params["W_hu"].T + params["b_u"])
    candidate = np.tanh(x @ params["W_xh"].T + (r * h) @ params["W_hh"].T + params["b_h"])
    plain = np.tanh(x @ params["W_xh"].T + h @ params["W_hh"].T + params["b_h"])
    h_next = u * h + (1 - u) * candidate
    return h_next, {
        "lowest": candidate.min(),
        "missing": h.shape[1] - params["W_xu"].shape[1],
        "moved": np.abs(h_next - h).max(),
        "apart": np.abs(u * (h - plain)).max(),
    }


def catch_wrong_gru(step: Callable[[Array, Array, Params], Array]) -> bool:
    r"""Whether a function is *not* a GRU in the z/r notation: a test that you write.

    Call ``step`` with numbers of your choice, as often as you like. Compare its answers
    with ``gru_step``, or with properties that every GRU has.

    Args:
        step: a function that claims to be ``gru_step``: it takes (x, h, params). A wrong
            one may raise an error. A right one may compute in float32, or in another
            order, so its numbers can differ by about 1e-5.

    Returns:
        True if the function is wrong, False if it is right.
    """
    generator = np.random.default_rng(0)
    for B, D, H, scale in ((1, 3, 2, 1.0), (3, 2, 4, 1.0), (4, 3, 3, 1.0), (2, 3, 4, 500.0)):
        x, h = generator.uniform(-1, 1, size=(B, D)), generator.uniform(-1, 1, size=(B, H))
        shapes = {"W": (H, D), "U": (H, H), "b": (H,)}
        params = {f"{kind}_{gate}": scale * generator.normal(size=shapes[kind]) for gate in "zrh" for kind in "WUb"}
        try:
            seen = np.asarray(step(x, h, params))
        except Exception:
            return True
        if seen.shape != h.shape or not np.allclose(seen, gru_step(x, h, params), rtol=0, atol=1e-3):
            return True
    return False
