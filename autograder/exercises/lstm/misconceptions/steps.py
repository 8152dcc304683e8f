"""Wrong versions of the forward steps, plain and with peepholes."""

import numpy as np

from autograder.reference import lstm
from autograder.reference.rnn import sigmoid


def sums(x, h, p):
    """The four weighted sums, by the letter of their gate."""
    return {k: x @ p[f"W_x{k}"].T + h @ p[f"W_h{k}"].T + p[f"b_{k}"] for k in "ifoc"}


def gates(x, h, p):
    a = sums(x, h, p)
    return sigmoid(a["i"]), sigmoid(a["f"]), sigmoid(a["o"]), np.tanh(a["c"])


class lstm_step:
    def input_and_forget_swapped(x, h, c, params):
        """Your input and forget gates are swapped: f multiplies the old cell, i multiplies the candidate."""
        i, f, o, g = gates(x, h, params)
        c = i * c + f * g
        return o * np.tanh(c), c

    def forget_is_one_minus_input(x, h, c, params):
        """You forget with 1 - i: in an LSTM the forget gate is a gate of its own (a GRU couples the two)."""
        i, _, o, g = gates(x, h, params)
        c = (1 - i) * c + i * g
        return o * np.tanh(c), c

    def no_forget_gate(x, h, c, params):
        """Your cell only ever adds: the old cell is to be multiplied by the forget gate first."""
        i, _, o, g = gates(x, h, params)
        c = c + i * g
        return o * np.tanh(c), c

    def no_input_gate(x, h, c, params):
        """Your candidate goes into the cell unchecked: multiply it by the input gate."""
        _, f, o, g = gates(x, h, params)
        c = f * c + g
        return o * np.tanh(c), c

    def no_output_gate(x, h, c, params):
        """Your state shows the whole cell: multiply tanh(c) by the output gate."""
        i, f, _, g = gates(x, h, params)
        c = f * c + i * g
        return np.tanh(c), c

    def forget_on_state(x, h, c, params):
        """Your forget gate multiplies the old state h: it belongs on the old cell c."""
        i, f, o, g = gates(x, h, params)
        c = f * h + i * g
        return o * np.tanh(c), c

    def no_tanh_on_cell(x, h, c, params):
        """Your state is the gated cell itself: take tanh of the cell before the output gate."""
        i, f, o, g = gates(x, h, params)
        c = f * c + i * g
        return o * c, c

    def tanh_twice(x, h, c, params):
        """You take tanh of the cell twice: once is enough."""
        i, f, o, g = gates(x, h, params)
        c = f * c + i * g
        return o * np.tanh(np.tanh(c)), c

    def cell_kept_squashed(x, h, c, params):
        """You store tanh(c) as the new cell: the cell itself is never squashed, only the state made from it is."""
        i, f, o, g = gates(x, h, params)
        c = np.tanh(f * c + i * g)
        return o * c, c

    def tanh_outside(x, h, c, params):
        """You take tanh of the gated cell: gate after squashing, o times tanh(c)."""
        i, f, o, g = gates(x, h, params)
        c = f * c + i * g
        return np.tanh(o * c), c

    def returned_the_other_way(x, h, c, params):
        """You return the cell first: the order is state, then cell."""
        h, c = lstm.lstm_step(x, h, c, params)
        return c, h

    def sigmoid_candidate(x, h, c, params):
        """Your candidate is squashed by sigma, so the cell could only ever grow: it uses tanh."""
        a = sums(x, h, params)
        c = sigmoid(a["f"]) * c + sigmoid(a["i"]) * sigmoid(a["c"])
        return sigmoid(a["o"]) * np.tanh(c), c

    def tanh_gates(x, h, c, params):
        """Your gates use tanh, so they can be negative: gates use sigma."""
        a = sums(x, h, params)
        c = np.tanh(a["f"]) * c + np.tanh(a["i"]) * np.tanh(a["c"])
        return np.tanh(a["o"]) * np.tanh(c), c

    def old_cell_shown(x, h, c, params):
        """Your state is made from the old cell: it shows the new one."""
        i, f, o, g = gates(x, h, params)
        return o * np.tanh(c), f * c + i * g

    def biases_forgotten(x, h, c, params):
        """Your gates and candidate have no biases."""
        bare = params | {name: np.zeros_like(value) for name, value in params.items() if name.startswith("b_")}
        return lstm.lstm_step(x, h, c, bare)

    def state_ignored(x, h, c, params):
        """Your gates do not hear the old state: the terms with W_h are missing."""
        return lstm.lstm_step(x, np.zeros_like(h), c, params)

    def recurrent_weights_transposed(x, h, c, params):
        """Your recurrent weights are the wrong way round: with one example a row, W h is h @ W.T."""
        turned = {name: value.T if name.startswith("W_h") else value for name, value in params.items()}
        return lstm.lstm_step(x, h, c, turned)

    def cell_in_place(x, h, c, params):
        """Your step overwrites the old cell that it was given: make a new array instead of *= and +=."""
        h, new = lstm.lstm_step(x, h, c, params)
        c[...] = new
        return h, c


def peephole(x, h, c, p, i_sees=None, f_sees=None, o_sees=None, g_sees=None):
    """A peephole step in which each gate may look at something else: functions of the old and the new cell."""
    a = sums(x, h, p)
    i = sigmoid(a["i"] + (p["w_ci"] * c if i_sees is None else i_sees))
    f = sigmoid(a["f"] + (p["w_cf"] * c if f_sees is None else f_sees))
    new = f * c + i * np.tanh(a["c"] + (0 if g_sees is None else g_sees))
    o = sigmoid(a["o"] + (p["w_co"] * new if o_sees is None else o_sees(new)))
    return o * np.tanh(new), new


class peephole_lstm_step:
    def o_gate_peeks_at_old_cell(x, h, c, params):
        """Your state matches a cell in which the output gate looks at the old cell: it looks at the new one."""
        return peephole(x, h, c, params, o_sees=lambda new: params["w_co"] * c)

    def peepholes_forgotten(x, h, c, params):
        """Your step is the plain LSTM: no gate looks into the cell."""
        return peephole(x, h, c, params, 0, 0, lambda new: 0)

    def output_peephole_forgotten(x, h, c, params):
        """Your output gate does not look into the cell."""
        return peephole(x, h, c, params, o_sees=lambda new: 0)

    def input_peephole_forgotten(x, h, c, params):
        """Your input gate does not look into the cell."""
        return peephole(x, h, c, params, i_sees=0)

    def forget_peephole_forgotten(x, h, c, params):
        """Your forget gate does not look into the cell."""
        return peephole(x, h, c, params, f_sees=0)

    def peepholes_on_the_state(x, h, c, params):
        """Your peepholes look at the state h: they look at the cell c."""
        return peephole(x, h, c, params, params["w_ci"] * h, params["w_cf"] * h, lambda new: params["w_co"] * h)

    def peephole_on_the_candidate(x, h, c, params):
        """Your candidate looks into the cell, too: only the three gates do."""
        return peephole(x, h, c, params, g_sees=params["w_ci"] * c)

    def input_and_forget_peepholes_swapped(x, h, c, params):
        """The peepholes of your input and forget gates are swapped."""
        return peephole(x, h, c, params, params["w_cf"] * c, params["w_ci"] * c)

    def peepholes_outside_sigma(x, h, c, params):
        """You add the peephole after sigma, so a gate can leave the range from 0 to 1: it belongs inside."""
        a = sums(x, h, params)
        i, f = sigmoid(a["i"]) + params["w_ci"] * c, sigmoid(a["f"]) + params["w_cf"] * c
        c = f * c + i * np.tanh(a["c"])
        return (sigmoid(a["o"]) + params["w_co"] * c) * np.tanh(c), c

    def peepholes_see_the_squashed_cell(x, h, c, params):
        """Your peepholes look at tanh of the cell: they look at the cell itself."""
        return peephole(
            x,
            h,
            c,
            params,
            params["w_ci"] * np.tanh(c),
            params["w_cf"] * np.tanh(c),
            lambda new: params["w_co"] * np.tanh(new),
        )

    def no_tanh_on_cell(x, h, c, params):
        """Your state is the gated cell itself: take tanh of the cell before the output gate."""
        shown, new = lstm.peephole_lstm_step(x, h, c, params)
        return shown / np.tanh(new) * new, new

    def returned_the_other_way(x, h, c, params):
        """You return the cell first: the order is state, then cell."""
        return lstm.peephole_lstm_step(x, h, c, params)[::-1]

    def cell_in_place(x, h, c, params):
        """Your step overwrites the old cell that it was given: make a new array instead of *= and +=."""
        shown, new = lstm.peephole_lstm_step(x, h, c, params)
        c[...] = new
        return shown, c
