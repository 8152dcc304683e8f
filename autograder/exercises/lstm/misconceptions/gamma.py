"""Wrong versions of the Gamma forms of the step."""

import numpy as np

from autograder.reference import lstm
from autograder.reference.rnn import sigmoid


def gamma(x, seen, c, p, forget=None, squash=np.tanh, out=lambda c: c, bias=1.0):
    """The Gamma form with parts that may be wrong: what the gates see, the forget gate, the proposal, the output."""
    u, f, o = (sigmoid(seen @ p[f"W_{k}c"].T + x @ p[f"W_{k}x"].T + bias * p[f"b_{k}"]) for k in "ufo")
    new = u * squash(seen @ p["W_cc"].T + x @ p["W_cx"].T + bias * p["b_c"]) + (f if forget is None else forget(u)) * c
    return o * out(new), new


class gamma_lstm_step:
    def tanh_at_the_output(x, c, params):
        """You take tanh of the cell at the output: the lecture notes' form has none, a = Gamma_o * c."""
        return gamma(x, c, c, params, out=np.tanh)

    def forget_is_one_minus_update(x, c, params):
        """You keep 1 - Gamma_u of the old cell, as a GRU does: here Gamma_f, a gate of its own, takes its place."""
        return gamma(x, c, c, params, forget=lambda u: 1 - u)

    def update_and_forget_swapped(x, c, params):
        """Your update and forget gates are swapped: Gamma_u multiplies the proposal, Gamma_f the old cell."""
        turned = {name: params[name.translate(str.maketrans("uf", "fu"))] for name in params}
        return gamma(x, c, c, turned)

    def no_forget_gate(x, c, params):
        """Your old cell is kept whole: multiply it by Gamma_f."""
        return gamma(x, c, c, params, forget=lambda u: 1.0)

    def sigmoid_proposal(x, c, params):
        """Your proposal is squashed by sigma: it uses tanh, so that the cell can go down, too."""
        return gamma(x, c, c, params, squash=sigmoid)

    def biases_forgotten(x, c, params):
        """Your gates and proposal have no biases."""
        return gamma(x, c, c, params, bias=0.0)

    def no_output_gate(x, c, params):
        """Your activation is the cell itself: multiply it by Gamma_o."""
        _, new = gamma(x, c, c, params)
        return new.copy(), new

    def output_gate_sees_the_new_cell(x, c, params):
        """Your output gate looks at the new cell: in this form all gates see the old one."""
        _, new = gamma(x, c, c, params)
        return sigmoid(new @ params["W_oc"].T + x @ params["W_ox"].T + params["b_o"]) * new, new

    def returned_the_other_way(x, c, params):
        """You return the cell first: the order is activation, then cell."""
        return gamma(x, c, c, params)[::-1]

    def cell_in_place(x, c, params):
        """Your step overwrites the old cell that it was given: make a new array instead of *= and +=."""
        a, new = gamma(x, c, c, params)
        c[...] = new
        return a, c


class mended_gamma_step:
    def nothing_changed(x, a, c, params):
        """Your step is still the lecture notes' form: neither of the two changes is in."""
        return gamma(x, c, c, params)

    def only_the_output_changed(x, a, c, params):
        """The tanh at the output is in; the gates and the proposal still see the old cell instead of the old activation."""
        return gamma(x, c, c, params, out=np.tanh)

    def only_the_recurrence_changed(x, a, c, params):
        """The recurrence runs through the activation; the tanh at the output is still missing."""
        return gamma(x, a, c, params)

    def proposal_still_sees_the_cell(x, a, c, params):
        """Your gates see the old activation, your proposal still the old cell."""
        u, f, o = (sigmoid(a @ params[f"W_{k}c"].T + x @ params[f"W_{k}x"].T + params[f"b_{k}"]) for k in "ufo")
        new = u * np.tanh(c @ params["W_cc"].T + x @ params["W_cx"].T + params["b_c"]) + f * c
        return o * np.tanh(new), new

    def old_activation_kept(x, a, c, params):
        """Your forget gate multiplies the old activation: what is kept is the old cell."""
        return gamma(x, a, a, params, out=np.tanh)

    def returned_the_other_way(x, a, c, params):
        """You return the cell first: the order is activation, then cell."""
        return lstm.mended_gamma_step(x, a, c, params)[::-1]

    def cell_in_place(x, a, c, params):
        """Your step overwrites the old cell that it was given: make a new array instead of *= and +=."""
        shown, new = lstm.mended_gamma_step(x, a, c, params)
        c[...] = new
        return shown, c
