"""The way back through one step of an LSTM, plain or with peepholes, of which any formula may be wrong."""

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograder.exercises.families.lstm import Parameters
from autograder.reference.rnn import sigmoid

Formula = Callable[[SimpleNamespace], Any]


def slope(k: str, gate: np.ndarray) -> np.ndarray:
    """The slope of the nonlinearity inside a gate, or inside the candidate."""
    return 1 - gate**2 if k == "c" else gate * (1 - gate)


FORMULAS: Mapping[str, Formula] = {  # forwards, then back; each may use those above it
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
