"""One step of the LSTM whose gates look into the cell."""

import numpy as np

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families.lstm import PEEPHOLE, squash, with_peepholes
from autograder.exercises.families.lstm_right import logistic, stacked, tensors, torch_step
from autograder.exercises.families.lstm_steps import lstm_step
from autograder.reference import lstm

exercise = Exercise(lstm.peephole_lstm_step, results=("the new state", "the new cell"))
exercise.add(lstm_step(PEEPHOLE))


@exercise.cases
def own_cases(rng):
    """Peepholes of zero; a cell of 3 that is emptied in this step, and one that is kept: the output gate follows the new one."""
    x, h, c, p = PEEPHOLE.arguments(rng, 2, 3, 4)
    still = {name: np.zeros_like(value) for name, value in with_peepholes(rng, 1, 1).items()} | {"w_co": np.ones(1)}
    one = np.zeros((1, 1)), np.zeros((1, 1)), np.full((1, 1), 3.0)
    emptied = {"b_f": np.array([-50.0]), "b_i": np.array([50.0]), "b_c": np.ones(1)}
    return {
        "peepholes of zero": Case((x, h, c, p | {f"w_c{k}": np.zeros(4) for k in "ifo"})),
        "a cell that is emptied": Case((*one, still | emptied)),
        "a cell that is kept": Case((*one, still | {"b_f": np.array([50.0]), "b_i": np.array([-50.0])})),
    }


exercise.checks(
    values("peepholes of zero: the plain step", "peepholes of zero", weight=0.5, property=True),
    values(
        "an output gate that looks into a cell of its own",
        "a cell that is emptied",
        "a cell that is kept",
        property=True,
    ),
)

WHO = {
    "i": "Your input gate",
    "f": "Your forget gate",
    "o": "Your output gate",
    "if": "Your input and forget gates",
    "ifo": "All your gates",
}
LOOKS = {  # by the cell that is seen, its weights, and the old state: what the peephole adds
    "forgotten": ("look{s} nowhere: the term with the peephole is missing.", lambda w, c, h: 0.0),
    "on_the_state": ("look{s} at the old state h: a peephole looks at the cell.", lambda w, c, h: w * h),
    "on_the_squashed_cell": ("look{s} at tanh of the cell: a peephole looks at the cell itself.", lambda w, c, h: w * np.tanh(c)),
    "subtracted": ("subtract{s} the term with the peephole: add it.", lambda w, c, h: -w * c),
    "twice": ("add{s} the term with the peephole twice.", lambda w, c, h: 2 * w * c),
    "without_weights": ("add{s} the cell itself: multiply it by the weights of the peephole first.", lambda w, c, h: c),
    "without_the_cell": ("add{s} the bare weights of the peephole: multiply them by the cell.", lambda w, c, h: w),
    "summed_over_units": ("add{s} one number per example: a peephole is elementwise, each unit looks at its own cell only.", lambda w, c, h: (c @ w)[:, None]),
    "of_the_first_example": ("look{s} at the cell of the first example in every example: each has its own.", lambda w, c, h: w * c[:1]),
}  # fmt: skip


def looking(letters, amount):
    """What is added in these gates, in the letters of ``families.lstm.compute``."""
    return {k: lambda v, k=k: amount(v.p[f"w_c{k}"], v.new if k == "o" else v.c, v.h) for k in letters}


def outside(letters):
    """What the gates are with the peepholes of these added after sigma."""
    return lambda k, x, h, b, look: squash(k, x, h, b, 0.0) + look if k in letters else squash(k, x, h, b, look)


for letters, who in WHO.items():
    for kind, (hint, amount) in LOOKS.items():
        exercise.add_mistake(
            f"peephole_{letters}_{kind}",
            f"{who} {hint.format(s='s' * (len(letters) == 1))}",
            PEEPHOLE.wrong(looks=looking(letters, amount)),
        )
for name, hint, parts in (
    ("o_gate_peeks_at_old_cell", "Your output gate looks at the old cell: it looks at the new one.", {"looks": {"o": lambda v: v.p["w_co"] * v.c}}),
    ("input_gate_looks_at_what_is_kept", "Your input gate looks at the old cell times f: it looks at the whole old cell.", {"looks": {"i": lambda v: v.p["w_ci"] * v.f * v.c}}),
    ("output_gate_looks_at_what_is_kept", "Your output gate looks at the old cell times f: it looks at the whole new cell.", {"looks": {"o": lambda v: v.p["w_co"] * v.f * v.c}}),
    ("peephole_on_the_candidate", "Your candidate looks into the cell, too: only the three gates do.", {"looks": {"c": lambda v: v.p["w_ci"] * v.c}}),
):  # fmt: skip
    exercise.add_mistake(name, hint, PEEPHOLE.wrong(**parts))
for letters, who in WHO.items():
    exercise.add_mistake(
        f"peephole_{letters}_outside_sigma",
        f"{who} add{'s' * (len(letters) == 1)} the peephole after sigma, so a gate can leave the range from 0 to 1: it belongs inside.",
        PEEPHOLE.wrong(gate=outside(letters)),
    )


@exercise.right
def by_stacks(x, h, c, params):
    W, U, b = stacked(params)
    i, f, o, g = np.split(x @ W.T + h @ U.T + b, 4, axis=1)
    new = logistic(f + c * params["w_cf"]) * c + logistic(i + c * params["w_ci"]) * np.tanh(g)
    return logistic(o + new * params["w_co"]) * np.tanh(new), new


@exercise.right
def with_diagonal_matrices(x, h, c, params):
    a = {k: x @ params[f"W_x{k}"].T + h @ params[f"W_h{k}"].T + params[f"b_{k}"] for k in "ifoc"}
    i, f = (logistic(a[k] + c @ np.diag(params[f"w_c{k}"])) for k in "if")
    new = f * c + i * np.tanh(a["c"])
    return logistic(a["o"] + new @ np.diag(params["w_co"])) * np.tanh(new), new


@exercise.right
def by_loop(x, h, c, params):
    out, cells = np.zeros_like(h), np.zeros_like(c)
    for n in range(len(x)):
        a = {k: params[f"W_x{k}"] @ x[n] + params[f"W_h{k}"] @ h[n] + params[f"b_{k}"] for k in "ifoc"}
        keep = logistic(a["f"] + params["w_cf"] * c[n])
        cells[n] = keep * c[n] + logistic(a["i"] + params["w_ci"] * c[n]) * np.tanh(a["c"])
        out[n] = logistic(a["o"] + params["w_co"] * cells[n]) * np.tanh(cells[n])
    return out, cells


@exercise.right
def by_torch(x, h, c, params):
    return torch_step(*tensors(x, h, c, params))
