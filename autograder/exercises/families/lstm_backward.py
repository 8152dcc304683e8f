"""The way back through one step of an LSTM, plain or with peepholes, of which any formula may be wrong."""

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograder.exercises.families.lstm import Parameters
from autograder.reference.rnn import sigmoid

Formula = Callable[[SimpleNamespace], Any]


def slope(k: str, gate: np.ndarray) -> np.ndarray:
    """The slope of the nonlinearity inside a gate, or inside the candidate."""
    return 1 - gate**2 if k == "c" else gate * (1 - gate)


FORMULAS: dict[str, Formula] = {  # forwards, then back; each may use those above it
    "i": lambda v: sigmoid(v.sums["i"] + v.w["i"] * v.c),
    "f": lambda v: sigmoid(v.sums["f"] + v.w["f"] * v.c),
    "g": lambda v: np.tanh(v.sums["c"]),
    "new": lambda v: v.f * v.c + v.i * v.g,
    "o": lambda v: sigmoid(v.sums["o"] + v.w["o"] * v.new),
    "t": lambda v: np.tanh(v.new),
    "slope": lambda v: slope,
    "do": lambda v: v.dh_next * v.t,
    "a_o": lambda v: v.do * v.slope("o", v.o),
    "through_state": lambda v: v.dh_next * v.o * (1 - v.t**2),
    "through_o": lambda v: v.a_o * v.w["o"],
    "dnew": lambda v: v.dc_next + v.through_state + v.through_o,
    "di": lambda v: v.dnew * v.g,
    "df": lambda v: v.dnew * v.c,
    "dg": lambda v: v.dnew * v.i,
    "a_i": lambda v: v.di * v.slope("i", v.i),
    "a_f": lambda v: v.df * v.slope("f", v.f),
    "a_c": lambda v: v.dg * v.slope("c", v.g),
    "a": lambda v: {k: getattr(v, f"a_{k}") for k in "ifoc"},
    "through_peepholes": lambda v: v.a_i * v.w["i"] + v.a_f * v.w["f"],
    "dc": lambda v: v.dnew * v.f + v.through_peepholes,
    "dx": lambda v: sum(v.a[k] @ v.p[f"W_x{k}"] for k in "ifoc"),
    "dh": lambda v: sum(v.a[k] @ v.p[f"W_h{k}"] for k in "ifoc"),
    "old": lambda v: v.h,
    "seen": lambda v: {"i": v.c, "f": v.c, "o": v.new},
}


def way_back(dh_next: Any, dc_next: Any, x: Any, h: Any, c: Any, p: Parameters, **wrong: Formula) -> tuple[Any, ...]:
    """The gradients of one step, with any of the formulas replaced."""
    v = SimpleNamespace(dh_next=dh_next, dc_next=dc_next, x=x, h=h, c=c, p=p)
    v.sums = {k: x @ p[f"W_x{k}"].T + h @ p[f"W_h{k}"].T + p[f"b_{k}"] for k in "ifoc"}
    v.w = {k: p.get(f"w_c{k}", 0.0) for k in "ifo"}
    for name, formula in (FORMULAS | wrong).items():
        setattr(v, name, formula(v))
    gradients = {f"W_x{k}": v.a[k].T @ x for k in "ifoc"} | {f"W_h{k}": v.a[k].T @ v.old for k in "ifoc"}
    gradients |= {f"b_{k}": v.a[k].sum(axis=0) for k in "ifoc"}
    gradients |= {f"w_c{k}": (v.a[k] * v.seen[k]).sum(axis=0) for k in "ifo" if f"w_c{k}" in p}
    return v.dx, v.dh, v.dc, gradients


def slopes_of(change: Callable[[str, np.ndarray], Any], letters: str) -> dict[str, Formula]:
    """The formulas with another slope in these gates."""
    return {"slope": lambda v: lambda k, gate: change(k, gate) if k in letters else slope(k, gate)}


MISTAKES = {  # with and without peepholes: the hint, and the formulas that are wrong
    "state_to_cell_path_missing": ("The new state's gradient does not reach your cell: add dh_next * o * (1 - tanh(c)**2) to dc_next.", {"through_state": lambda v: 0.0}),
    "cell_gradient_ignored": ("Your cell's gradient lacks what the next step hands back: add dc_next.", {"dnew": lambda v: v.through_state + v.through_o}),
    "output_gate_missing_in_path": ("On the way from the state into the cell the factor o is missing: dh_next * o * (1 - tanh(c)**2).", {"through_state": lambda v: v.dh_next * (1 - v.t**2)}),
    "slope_of_output_gate_in_path": ("On the way from the state into the cell you take the slope of sigma, o * (1 - o): it is o * (1 - tanh(c)**2).", {"through_state": lambda v: v.dh_next * v.o * (1 - v.o)}),
    "slope_at_old_cell": ("You take the slope of tanh at the old cell: the state was made from the new one.", {"through_state": lambda v: v.dh_next * v.o * (1 - np.tanh(v.c) ** 2)}),
    "slope_of_the_bare_cell": ("Your slope of tanh is 1 - c**2: the square is that of tanh(c).", {"through_state": lambda v: v.dh_next * v.o * (1 - v.new**2)}),
    "output_gate_times_bare_cell": ("In your gradient of the output gate dh_next is multiplied by c: in the step the gate multiplies tanh(c).", {"do": lambda v: v.dh_next * v.new}),
    "output_gate_times_old_cell": ("In your gradient of the output gate dh_next is multiplied by tanh of the old cell: the state shows the new one.", {"do": lambda v: v.dh_next * np.tanh(v.c)}),
    "output_gate_factor_missing": ("Your gradient of the output gate lacks the factor tanh(c), which the gate multiplies in the step.", {"do": lambda v: v.dh_next}),
    "forget_gate_times_new_cell": ("In your gradient of the forget gate stands the new cell: the gate multiplies the old one.", {"df": lambda v: v.dnew * v.new}),
    "forget_gate_times_old_state": ("In your gradient of the forget gate stands the old state h: the gate multiplies the old cell.", {"df": lambda v: v.dnew * v.h}),
    "forget_gate_factor_missing": ("Your gradient of the forget gate lacks the factor c, the old cell, which the gate multiplies in the step.", {"df": lambda v: v.dnew}),
    "input_gate_factor_missing": ("Your gradient of the input gate lacks the factor g, the candidate, which the gate multiplies in the step.", {"di": lambda v: v.dnew}),
    "candidate_factor_missing": ("Your gradient of the candidate lacks the factor i, which multiplies it in the step.", {"dg": lambda v: v.dnew}),
    "input_and_candidate_factors_exchanged": ("The input gate's gradient has the factor i and the candidate's has g: each has the other as its factor.", {"di": lambda v: v.dnew * v.i, "dg": lambda v: v.dnew * v.g}),
    "gates_from_dc_next": ("Your gradients of i, f and the candidate start from dc_next: they start from the whole gradient of the new cell.",
        {name: lambda v, w=w: v.dc_next * getattr(v, w) for name, w in (("di", "g"), ("df", "c"), ("dg", "i"))}),
    "forget_gate_missing_on_the_way_out": ("Your dc lacks the forget gate: on the way from the new cell to the old one, multiply by f.", {"dc": lambda v: v.dnew + v.through_peepholes}),
    "dc_from_dc_next": ("Your dc starts from dc_next: it starts from the whole gradient of the new cell, with what comes through the state.", {"dc": lambda v: v.dc_next * v.f + v.through_peepholes}),
    "dc_next_past_the_forget_gate": ("In your dc, dc_next lacks the factor f: the whole gradient of the new cell is multiplied by the forget gate.", {"dc": lambda v: v.dc_next + (v.dnew - v.dc_next) * v.f + v.through_peepholes}),
    "dc_through_input_gate": ("Your dc has the factor i: the old cell went into the new one through the forget gate.", {"dc": lambda v: v.dnew * v.i + v.through_peepholes}),
    "incoming_cell_gradient_added": ("You add dc_next to dc: the old cell is reached from the new one only by the factor f (and by peepholes, if any).", {"dc": lambda v: v.dnew * v.f + v.through_peepholes + v.dc_next}),
    "incoming_state_gradient_added": ("You add dh_next to dh: the old state reaches the new one through the gates and the candidate only.", {"dh": lambda v: FORMULAS["dh"](v) + v.dh_next}),
    "state_gradient_transposed": ("Your dh goes back through the recurrent weights the other way round: da @ W_h, where the step had h @ W_h.T.", {"dh": lambda v: sum(v.a[k] @ v.p[f"W_h{k}"].T for k in "ifoc")}),
    "input_gradient_transposed": ("Your dx goes back through the input weights the other way round: da @ W_x, where the step had x @ W_x.T.", {"dx": lambda v: sum(v.a[k] @ v.p[f"W_x{k}"].T for k in "ifoc")}),
    "both_ways_back_transposed": ("Your dx and dh go back through the weights the other way round: da @ W, where the step had W.T.",
        {name: lambda v, w=w: sum(v.a[k] @ v.p[w + k].T for k in "ifoc") for name, w in (("dx", "W_x"), ("dh", "W_h"))}),
    "new_state_for_old": ("Your recurrent weights' gradients pair with the new state: what they multiplied is the old state h.", {"old": lambda v: v.o * v.t}),
    "cell_for_old_state": ("Your recurrent weights' gradients pair with the old cell: what they multiplied is the old state h.", {"old": lambda v: v.c}),
    "gate_slopes_missing": ("The slopes of the gates are missing: that of sigma is gate * (1 - gate).", slopes_of(lambda k, gate: 1.0, "ifo")),
    "slopes_missing": ("The slopes of the gates and of the candidate are missing.", slopes_of(lambda k, gate: 1.0, "ifoc")),
    "slopes_missing_for_states": ("dx and dh lack the slopes inside gates and candidate: they start from the same gradients as the parameters'.",
        {name: lambda v, w=w: sum(d @ v.p[w + k] for k, d in (("i", v.di), ("f", v.df), ("o", v.do), ("c", v.dg))) for name, w in (("dx", "W_x"), ("dh", "W_h")) }),
    "tanh_slope_for_gates": ("You use the slope of tanh for the gates: for sigma it is gate * (1 - gate).", slopes_of(lambda k, gate: 1 - gate**2, "ifo")),
    "gates_slope_is_one_minus_gate": ("Your slope of the gates is 1 - gate: for sigma it is gate * (1 - gate).", slopes_of(lambda k, gate: 1 - gate, "ifo")),
    "gates_slope_is_the_gate": ("Your slope of the gates is the gate itself: for sigma it is gate * (1 - gate).", slopes_of(lambda k, gate: gate, "ifo")),
    "sigma_again": ("You take sigma of gates that have been through sigma already: the slope is gate * (1 - gate).", slopes_of(lambda k, gate: sigmoid(gate) * (1 - sigmoid(gate)), "ifo")),
}  # fmt: skip
