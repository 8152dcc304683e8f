"""Wrong versions of the way back through one step."""

import numpy as np

from autograder.exercises.lstm.misconceptions.steps import sums
from autograder.reference import lstm
from autograder.reference.rnn import sigmoid


def step_back(dh_next, dc_next, x, h, c, p, peep=False, **wrong):
    """The way back through a step, in which one part may be wrong, by name.

    ``wrong`` may hold: through_state, direct, output_path, input_path (factors, 1 when right), slope_of (the cell whose
    tanh slope is taken), shown (what the output gate multiplies), kept (what the forget gate multiplies), slopes (a
    function from the letter and value of a gate to its slope), leave (what multiplies dc at the end), seen (cell by gate).
    """
    a = sums(x, h, p)
    look = (lambda k, cell: p[f"w_c{k}"] * cell) if peep else (lambda k, cell: 0.0)
    i, f, g = sigmoid(a["i"] + look("i", c)), sigmoid(a["f"] + look("f", c)), np.tanh(a["c"])
    new = f * c + i * g
    o = sigmoid(a["o"] + look("o", new))
    slopes = wrong.get("slopes", lambda k, gate: 1 - gate**2 if k == "c" else gate * (1 - gate))
    do = dh_next * wrong.get("shown", lambda new: np.tanh(new))(new) * slopes("o", o)
    slope = 1 - np.tanh(wrong.get("slope_of", lambda new: new)(new)) ** 2
    dc = wrong.get("direct", 1.0) * dc_next + wrong.get("through_state", 1.0) * dh_next * o * slope
    if peep:
        dc = dc + wrong.get("output_path", 1.0) * do * p["w_co"]
    da = {
        "i": dc * g * slopes("i", i),
        "f": dc * wrong.get("kept", lambda new: c)(new) * slopes("f", f),
        "o": do,
        "c": dc * i * slopes("c", g),
    }
    gradients = {f"W_x{k}": d.T @ x for k, d in da.items()} | {f"W_h{k}": d.T @ h for k, d in da.items()}
    gradients |= {f"b_{k}": d.sum(axis=0) for k, d in da.items()}
    dx, dh = (sum(d @ p[f"{w}{k}"] for k, d in da.items()) for w in ("W_x", "W_h"))
    dc = dc * wrong.get("leave", f)
    if peep:
        seen = wrong.get("seen", lambda new: {"i": c, "f": c, "o": new})(new)
        gradients |= {f"w_c{k}": (da[k] * seen[k]).sum(axis=0) for k in "ifo"}
        dc = dc + wrong.get("input_path", 1.0) * (da["i"] * p["w_ci"] + da["f"] * p["w_cf"])
    return dx, dh, dc, gradients


def no_slope(*letters):
    """Slopes in which these gates' are forgotten."""
    return lambda k, gate: np.ones_like(gate) if k in letters else 1 - gate**2 if k == "c" else gate * (1 - gate)


class lstm_step_backward:
    def state_to_cell_path_missing(dh_next, dc_next, x, h, c, params):
        """The new state's gradient does not reach your cell: add dh_next * o * (1 - tanh(c)**2) to dc_next."""
        return step_back(dh_next, dc_next, x, h, c, params, through_state=0.0)

    def cell_gradient_ignored(dh_next, dc_next, x, h, c, params):
        """Your cell's gradient lacks what the next step hands back: start from dc_next."""
        return step_back(dh_next, dc_next, x, h, c, params, direct=0.0)

    def slope_at_old_cell(dh_next, dc_next, x, h, c, params):
        """You take the slope of tanh at the old cell: the state was made from the new one."""
        return step_back(dh_next, dc_next, x, h, c, params, slope_of=lambda new: c)

    def slope_of_tanh_missing(dh_next, dc_next, x, h, c, params):
        """On the way from the state into the cell the slope 1 - tanh(c)**2 is missing."""
        return step_back(dh_next, dc_next, x, h, c, params, slope_of=lambda new: 0 * new)

    def squashed_twice(dh_next, dc_next, x, h, c, params):
        """Your slope of tanh is taken at tanh(c): take it at c."""
        return step_back(dh_next, dc_next, x, h, c, params, slope_of=np.tanh)

    def output_gate_times_bare_cell(dh_next, dc_next, x, h, c, params):
        """The output gate multiplies tanh(c) in the step; in your gradient of it stands c."""
        return step_back(dh_next, dc_next, x, h, c, params, shown=lambda new: new)

    def forget_gate_times_new_cell(dh_next, dc_next, x, h, c, params):
        """The forget gate multiplies the old cell in the step; in your gradient of it stands the new one."""
        return step_back(dh_next, dc_next, x, h, c, params, kept=lambda new: new)

    def gate_slopes_missing(dh_next, dc_next, x, h, c, params):
        """The slopes of the gates are missing: sigma' is gate * (1 - gate)."""
        return step_back(dh_next, dc_next, x, h, c, params, slopes=no_slope(*"ifo"))

    def candidate_slope_missing(dh_next, dc_next, x, h, c, params):
        """The slope of the candidate's tanh is missing: 1 - g**2."""
        return step_back(dh_next, dc_next, x, h, c, params, slopes=no_slope("c"))

    def tanh_slope_for_gates(dh_next, dc_next, x, h, c, params):
        """You use the slope of tanh for the gates: for sigma it is gate * (1 - gate)."""
        return step_back(dh_next, dc_next, x, h, c, params, slopes=lambda k, gate: 1 - gate**2)

    def forget_gate_missing_on_the_way_out(dh_next, dc_next, x, h, c, params):
        """Your dc is that of the new cell: on the way to the old cell it is multiplied by the forget gate."""
        return step_back(dh_next, dc_next, x, h, c, params, leave=1.0)

    def biases_not_summed(dh_next, dc_next, x, h, c, params):
        """The biases are shared by all examples: their gradients are sums over the batch, of shape (H,)."""
        dx, dh, dc, gradients = lstm.lstm_step_backward(dh_next, dc_next, x, h, c, params)
        single = [
            lstm.lstm_step_backward(*(v[n : n + 1] for v in (dh_next, dc_next, x, h, c)), params)[3]
            for n in range(len(x))
        ]
        return dx, dh, dc, gradients | {f"b_{k}": np.stack([one[f"b_{k}"] for one in single]) for k in "ifoc"}

    def averaged(dh_next, dc_next, x, h, c, params):
        """You average the gradients of the parameters over the batch: sum them."""
        dx, dh, dc, gradients = lstm.lstm_step_backward(dh_next, dc_next, x, h, c, params)
        return dx, dh, dc, {name: gradient / len(x) for name, gradient in gradients.items()}

    def in_place(dh_next, dc_next, x, h, c, params):
        """Your function changes the gradients that it was given: make a new array instead of +=."""
        result = lstm.lstm_step_backward(dh_next, dc_next, x, h, c, params)
        dc_next += dh_next
        return result


class peephole_lstm_step_backward:
    def output_peephole_path_missing(dh_next, dc_next, x, h, c, params):
        """The output gate looks at the new cell, so its gradient flows into it: the term with w_co is missing in your dc."""
        return step_back(dh_next, dc_next, x, h, c, params, True, output_path=0.0)

    def old_cell_peephole_paths_missing(dh_next, dc_next, x, h, c, params):
        """The input and forget gates look at the old cell: the terms with w_ci and w_cf are missing in your dc."""
        return step_back(dh_next, dc_next, x, h, c, params, True, input_path=0.0)

    def both_paths_missing(dh_next, dc_next, x, h, c, params):
        """No gradient flows back through your peepholes: each adds a path into the cell that its gate looks at."""
        return step_back(dh_next, dc_next, x, h, c, params, True, input_path=0.0, output_path=0.0)

    def output_peephole_sees_old_cell(dh_next, dc_next, x, h, c, params):
        """Your gradient of w_co pairs with the old cell: the output gate looked at the new one."""
        return step_back(dh_next, dc_next, x, h, c, params, True, seen=lambda new: {"i": c, "f": c, "o": c})

    def all_peepholes_see_new_cell(dh_next, dc_next, x, h, c, params):
        """Your gradients of w_ci and w_cf pair with the new cell: those gates looked at the old one."""
        return step_back(dh_next, dc_next, x, h, c, params, True, seen=lambda new: {"i": new, "f": new, "o": new})

    def peephole_gradients_missing(dh_next, dc_next, x, h, c, params):
        """Your gradients of the peepholes are zero: each is its gate's gradient times the cell that it saw, summed."""
        return step_back(dh_next, dc_next, x, h, c, params, True, seen=lambda new: dict.fromkeys("ifo", 0 * new))

    def plain_gates(dh_next, dc_next, x, h, c, params):
        """You go back through a plain LSTM: the gates of this step looked into the cell."""
        blind = params | {f"w_c{k}": np.zeros_like(params["w_ci"]) for k in "ifo"}
        return step_back(dh_next, dc_next, x, h, c, blind, True)

    def state_to_cell_path_missing(dh_next, dc_next, x, h, c, params):
        """The new state's gradient does not reach your cell: add dh_next * o * (1 - tanh(c)**2) to dc_next."""
        return step_back(dh_next, dc_next, x, h, c, params, True, through_state=0.0)

    def cell_gradient_ignored(dh_next, dc_next, x, h, c, params):
        """Your cell's gradient lacks what the next step hands back: start from dc_next."""
        return step_back(dh_next, dc_next, x, h, c, params, True, direct=0.0)

    def gate_slopes_missing(dh_next, dc_next, x, h, c, params):
        """The slopes of the gates are missing: sigma' is gate * (1 - gate)."""
        return step_back(dh_next, dc_next, x, h, c, params, True, slopes=no_slope(*"ifo"))

    def forget_gate_missing_on_the_way_out(dh_next, dc_next, x, h, c, params):
        """Your dc is that of the new cell: on the way to the old cell it is multiplied by the forget gate."""
        return step_back(dh_next, dc_next, x, h, c, params, True, leave=1.0)

    def in_place(dh_next, dc_next, x, h, c, params):
        """Your function changes the gradients that it was given: make a new array instead of +=."""
        result = lstm.peephole_lstm_step_backward(dh_next, dc_next, x, h, c, params)
        dc_next += dh_next
        return result
