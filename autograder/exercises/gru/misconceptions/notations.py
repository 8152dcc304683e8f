"""Wrong versions of ``translate_gru`` and ``torch_gru_step``. Each docstring is a hint."""

import numpy as np

from autograder.reference.gru_notations import torch_gru_step as right
from autograder.reference.gru_notations import translate_gru as translated
from autograder.reference.rnn import sigmoid

UPDATE = {"gamma": ("W_ux", "W_uc", "b_u"), "z_new": ("W_z", "U_z", "b_z"), "u_old": ("W_xu", "W_hu", "b_u")}
RESET = {"gamma": ("W_rx", "W_rc", "b_r"), "z_new": ("W_r", "U_r", "b_r"), "u_old": ("W_xr", "W_hr", "b_r")}


def crossing(source, target):
    """Whether the update gate changes sides."""
    return (source == "u_old") != (target == "u_old")


def changed(params, names, change):
    """A copy in which the arrays of these names are changed."""
    return params | {name: change(params[name]) for name in names}


class translate_gru:
    def not_negated(params, source, target):
        """You rename only: where the update gate changes sides, from new to old, its three tensors are negated."""
        result = translated(params, source, target)
        return changed(result, UPDATE[target] if crossing(source, target) else (), np.negative)

    def always_negated(params, source, target):
        """You negate the update gate every time: it is needed only where the gate changes sides, between new and old."""
        result = translated(params, source, target)
        return result if crossing(source, target) else changed(result, UPDATE[target], np.negative)

    def gamma_taken_for_old(params, source, target):
        """You treat Gamma_u as the weight of the old state: like z, it weighs the new one, so those two only differ in names."""
        result = translated(params, source, target)
        taken = source != target and "gamma" in (source, target)
        return changed(result, UPDATE[target] if taken else (), np.negative)

    def bias_not_negated(params, source, target):
        """You negate the update gate's two matrices but not its bias: sigma(-a) needs all of a with the other sign."""
        result = translated(params, source, target)
        return changed(result, UPDATE[target][2:] if crossing(source, target) else (), np.negative)

    def recurrent_weights_not_negated(params, source, target):
        """You leave the update gate's recurrent matrix as it was: all three of its tensors change sign."""
        result = translated(params, source, target)
        return changed(result, UPDATE[target][1:2] if crossing(source, target) else (), np.negative)

    def reset_gate_negated(params, source, target):
        """You negate the reset gate: it means the same in all three forms, the update gate is what changes sides."""
        result = translated(params, source, target)
        return changed(result, UPDATE[target] + RESET[target] if crossing(source, target) else (), np.negative)

    def everything_negated(params, source, target):
        """You negate all nine arrays: only the three of the update gate change sign."""
        result = translated(params, source, target)
        others = [name for name in result if name not in UPDATE[target]]
        return changed(result, others if crossing(source, target) else (), np.negative)

    def one_minus_the_weights(params, source, target):
        """You take one minus the weights: it is the gate that becomes one minus itself, and that is weights with minus signs."""
        result = translated(params, source, target)
        return changed(result, UPDATE[target] if crossing(source, target) else (), lambda array: 1 + array)

    def matrices_exchanged(params, source, target):
        """Your update gate's input and recurrent matrices have changed places: look at which letter stands for x."""
        result = translated(params, source, target)
        W, U, _ = UPDATE[target]
        return result if source == target else result | {W: result[U], U: result[W]}

    def gates_exchanged(params, source, target):
        """Your update gate and your reset gate have changed places: u and z update, r resets."""
        result = translated(params, source, target)
        pairs = list(zip(UPDATE[target], RESET[target], strict=True))
        swapped = {a: result[b] for a, b in pairs} | {b: result[a] for a, b in pairs}
        return result if source == target else result | swapped

    def old_names_kept(params, source, target):
        """Your result still holds the source's names: return the nine names of the target form and no others."""
        return params | translated(params, source, target)

    def in_place(params, source, target):
        """Your function changes the arrays that it was given: negate into new ones."""
        result = translated(params, source, target)
        for name in UPDATE[source] if crossing(source, target) else ():
            params[name] *= -1
        return result


def torch_step(x, h, params, order="rzn", z=None, r=None, new=None, old=None):
    """``torch_gru_step`` with the rows read in another order, or with a part changed.

    Args:
        z, r: from the gate's value to another. old: from (h, r) to what is copied. new: the candidate, from x's part, h's
            part without its bias, that bias, and r.
    """
    from_x, from_h = x @ params["weight_ih_l0"].T + params["bias_ih_l0"], h @ params["weight_hh_l0"].T
    parts = (np.split(a, 3, axis=-1) for a in (from_x, from_h, params["bias_hh_l0"]))
    a_x, a_h, b = (dict(zip(order, rows, strict=True)) for rows in parts)
    reset, update = (sigmoid(a_x[gate] + a_h[gate] + b[gate]) for gate in "rz")
    reset, update = (r(reset) if r else reset), (z(update) if z else update)
    new = new or (lambda x_n, h_n, b_n, r: np.tanh(x_n + r * (h_n + b_n)))
    return update * (old(h, reset) if old else h) + (1 - update) * new(a_x["n"], a_h["n"], b["n"], reset)


class torch_gru_step:
    def rows_z_r_n(x, h, params):
        """You read the rows in the order z, r, n: torch stacks r first, then z, then n."""
        return torch_step(x, h, params, "zrn")

    def rows_r_n_z(x, h, params):
        """You read the rows in the order r, n, z: torch stacks r first, then z, then n."""
        return torch_step(x, h, params, "rnz")

    def update_gate_on_the_new(x, h, params):
        """Your z weighs the new state: in torch z is the weight of the OLD state, 1 - z that of n."""
        return torch_step(x, h, params, z=lambda z: 1 - z)

    def reset_before(x, h, params):
        """You reset before the product: torch multiplies the old state by W_hn first, then by r."""
        W = np.split(params["weight_hh_l0"], 3)[2]
        return torch_step(x, h, params, new=lambda x_n, h_n, b_n, r: np.tanh(x_n + (r * h) @ W.T + b_n))

    def bias_not_reset(x, h, params):
        """Your reset gate leaves b_hn alone: in torch it multiplies the product and that bias together."""
        return torch_step(x, h, params, new=lambda x_n, h_n, b_n, r: np.tanh(x_n + r * h_n + b_n))

    def reset_on_everything(x, h, params):
        """Your reset gate also scales the input's part of the candidate: it acts on the part from the old state only."""
        return torch_step(x, h, params, new=lambda x_n, h_n, b_n, r: np.tanh(r * (x_n + h_n + b_n)))

    def no_reset(x, h, params):
        """Your candidate sees the whole old state: the reset gate is missing."""
        return torch_step(x, h, params, r=lambda r: 1.0)

    def reset_inverted(x, h, params):
        """Your reset gate works the other way round, as 1 - r: an open gate, r = 1, lets the old state in."""
        return torch_step(x, h, params, r=lambda r: 1 - r)

    def sigmoid_candidate(x, h, params):
        """Your candidate is squashed by the logistic function, so it is never negative: it needs tanh."""
        return torch_step(x, h, params, new=lambda x_n, h_n, b_n, r: sigmoid(x_n + r * (h_n + b_n)))

    def recurrent_bias_forgotten(x, h, params):
        """Your step leaves out bias_hh_l0: torch has two biases, and both count."""
        return right(x, h, params | {"bias_hh_l0": np.zeros_like(params["bias_hh_l0"])})

    def input_bias_forgotten(x, h, params):
        """Your step leaves out bias_ih_l0: torch has two biases, and both count."""
        return right(x, h, params | {"bias_ih_l0": np.zeros_like(params["bias_ih_l0"])})

    def old_state_also_reset(x, h, params):
        """You copy the reset state into the new one: the copy is z times h itself, r acts in the candidate only."""
        return torch_step(x, h, params, old=lambda h, r: r * h)

    def state_in_place(x, h, params):
        """Your step overwrites the old state that it was given: return a new array and leave h as it was."""
        h[...] = right(x, h, params)
        return h
