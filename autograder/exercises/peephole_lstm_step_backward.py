"""The way back through one step of the LSTM whose gates look into the cell."""

from itertools import combinations, permutations
from typing import Any

import numpy as np

from autograder.checking.exercise import Exercise
from autograder.exercises import lstm_step_backward
from autograder.exercises.families.lstm import PEEPHOLE
from autograder.exercises.families.lstm_backward import FORMULAS, way_back
from autograder.exercises.families.lstm_step_backward import RESULTS
from autograder.exercises.families.lstm_step_backward import lstm_step_backward as family
from autograder.reference import lstm
from autograder.reference.rnn import sigmoid

exercise = Exercise(lstm.peephole_lstm_step_backward, results=RESULTS)
exercise.add(family(PEEPHOLE))


def seen(**cells):
    """The formulas, with other cells paired with the gradients of peepholes."""
    return {"seen": lambda v: FORMULAS["seen"](v) | {k: cell(v) for k, cell in cells.items()}}


ZERO = {"through_o": lambda v: 0.0}, {"through_peepholes": lambda v: 0.0}
for name, hint, wrong in (
    ("output_peephole_path_missing", "The output gate looks at the new cell, so its gradient flows into it: your dc lacks the term with w_co.", ZERO[0]),
    ("old_cell_peephole_paths_missing", "The input and forget gates look at the old cell: your dc lacks the terms with w_ci and w_cf.", ZERO[1]),
    ("both_paths_missing", "No gradient flows back through your peepholes: each adds a path into the cell that its gate looks at.", ZERO[0] | ZERO[1]),
    ("input_peephole_path_missing", "The input gate looks at the old cell: your dc lacks the term with w_ci.", {"through_peepholes": lambda v: v.a_f * v.w["f"]}),
    ("forget_peephole_path_missing", "The forget gate looks at the old cell: your dc lacks the term with w_cf.", {"through_peepholes": lambda v: v.a_i * v.w["i"]}),
    ("old_cell_paths_exchanged", "In your dc w_ci and w_cf have changed places: each belongs to the gradient of its own gate.", {"through_peepholes": lambda v: v.a_i * v.w["f"] + v.a_f * v.w["i"]}),
    ("output_path_after_the_step", "Your term with w_co enters dc at the end: it is part of the new cell's gradient, from which i, f and g start.",
        {"dnew": lambda v: v.dc_next + v.through_state, "dc": lambda v: FORMULAS["dc"](v) + v.through_o}),
    ("output_path_times_forget_gate_only", "Your term with w_co reaches dc, but not the gradients of i, f and g: they start from the new cell's whole gradient.",
        {"dnew": lambda v: v.dc_next + v.through_state, "dc": lambda v: (v.dnew + v.through_o) * v.f + v.through_peepholes}),
    ("old_cell_paths_in_the_new_cell", "In your dc, the forget gate multiplies the terms with w_ci and w_cf, too: it should multiply the new cell's gradient only.", {"dc": lambda v: (v.dnew + v.through_peepholes) * v.f}),
    ("output_path_without_slope", "Your term with w_co lacks the slope of sigma: it starts from the gradient of the sum inside the output gate.", {"through_o": lambda v: v.do * v.w["o"]}),
    ("old_cell_paths_without_slope", "Your terms with w_ci and w_cf lack the slopes of sigma: they start from the gradients of the sums inside the gates.", {"through_peepholes": lambda v: v.di * v.w["i"] + v.df * v.w["f"]}),
    ("paths_without_weights", "Your paths through the peepholes lack their weights w_ci, w_cf and w_co.", {"through_o": lambda v: v.a_o, "through_peepholes": lambda v: v.a_i + v.a_f}),
    ("output_peephole_sees_old_cell", "Your gradient of w_co pairs with the old cell: the output gate looked at the new one.", seen(o=lambda v: v.c)),
    ("all_peepholes_see_new_cell", "Your gradients of w_ci and w_cf pair with the new cell: those gates looked at the old one.", seen(i=lambda v: v.new, f=lambda v: v.new)),
    ("old_and_new_cell_exchanged", "Your gradients of w_ci and w_cf pair with the new cell, that of w_co with the old one: it is the other way round.", seen(i=lambda v: v.new, f=lambda v: v.new, o=lambda v: v.c)),
    ("peepholes_see_the_state", "Your gradients of the peepholes pair with the states: the gates looked at the cells.", seen(i=lambda v: v.h, f=lambda v: v.h, o=lambda v: v.o * v.t)),
    ("output_peephole_sees_squashed_cell", "Your gradient of w_co pairs with tanh of the cell: the output gate looked at the cell itself.", seen(o=lambda v: v.t)),
    ("peephole_gradients_missing", "Your gradients of the peepholes are zero: each is its gate's gradient times the cell that it saw, summed.", seen(**dict.fromkeys("ifo", lambda v: 0 * v.c))),
    ("peephole_gradients_without_cell", "Your gradients of the peepholes lack the cell: each is its gate's gradient times the cell that it saw, summed.", seen(**dict.fromkeys("ifo", lambda v: 1 + 0 * v.c))),
    ("output_gate_saw_old_cell", "You work out the output gate from the old cell: it looked at the new one, and all gradients depend on that.", {"o": lambda v: sigmoid(v.sums["o"] + v.w["o"] * v.c)}),
    ("output_gate_saw_nothing", "You work out the output gate without its peephole: it looked at the new cell, and all gradients depend on that.", {"o": lambda v: sigmoid(v.sums["o"])}),
    ("input_and_forget_gate_saw_nothing", "You work out the input and forget gates without their peepholes: they looked at the old cell.", {"i": lambda v: sigmoid(v.sums["i"]), "f": lambda v: sigmoid(v.sums["f"])}),
    ("gates_saw_nothing", "You work out all gates without their peepholes, though the ways back through the peepholes are there.", {name: lambda v, name=name: sigmoid(v.sums[name]) for name in "ifo"}),
):  # fmt: skip
    exercise.add_mistake(name, hint, lambda *args, wrong=wrong: way_back(*args, **wrong))
PEEPHOLES = {"w_ci": "input gate", "w_cf": "forget gate", "w_co": "output gate"}


def changed(change):
    """The right answer, with a change of its dict."""

    def wrong(*args):
        *others, gradients = lstm.peephole_lstm_step_backward(*args)
        return *others, change(gradients, args)

    return wrong


for (key, gate), (other, of_other) in permutations(PEEPHOLES.items(), 2):
    exercise.add_mistake(
        f"gradient_of_{key}_is_that_of_{other}",
        f"Your gradients of {key} and {other} are equal: that of {key} comes from the {gate}, not from the {of_other}.",
        changed(lambda g, args, key=key, other=other: g | {key: g[other]}),
    )
for key, other in combinations(PEEPHOLES, 2):
    exercise.add_mistake(
        f"gradients_of_{key}_and_{other}_exchanged",
        f"Your gradients of {key} and {other} have changed places.",
        changed(lambda g, args, key=key, other=other: g | {key: g[other], other: g[key]}),
    )


def each_by_itself(gradients, args):
    """The gradients of the peepholes for each example, (B, H)."""
    rows: list[Any] = [(*(one[n : n + 1] for one in args[:5]), args[5]) for n in range(len(args[2]))]
    ones = [lstm.peephole_lstm_step_backward(*row)[3] for row in rows]
    return gradients | {key: np.stack([one[key] for one in ones]) for key in PEEPHOLES}


for name, hint, change in (
    ("peepholes_not_summed", "Your gradients of the peepholes are (B, H): the examples share the peepholes, so sum over the batch.", each_by_itself),
    ("peepholes_averaged", "You average the gradients of the peepholes over the batch: sum them.", lambda g, args: g | {key: g[key] / len(args[2]) for key in PEEPHOLES}),
    ("peepholes_lost", "The gradients of the peepholes are not in your dict: it has the keys of params.", lambda g, args: {key: one for key, one in g.items() if key not in PEEPHOLES}),
):  # fmt: skip
    exercise.add_mistake(name, hint, changed(change))


@exercise.wrong
def plain_gates(dh_next, dc_next, x, h, c, params):
    """You go back through a plain LSTM: the gates of this step looked into the cell."""
    blind = params | {key: np.zeros_like(params[key]) for key in PEEPHOLES}
    return way_back(dh_next, dc_next, x, h, c, blind)


@exercise.wrong
def plain_step_back(dh_next, dc_next, x, h, c, params):
    """Your gradients are those of the plain LSTM, without any of peepholes: the gates of this step looked into the cell."""
    plain = {key: value for key, value in params.items() if key not in PEEPHOLES}
    return lstm.lstm_step_backward(dh_next, dc_next, x, h, c, plain)


@exercise.wrong
def plain_step_with_peepholes_added(dh_next, dc_next, x, h, c, params):
    """You go back through a plain LSTM, and only add the peepholes' gradients and w_ci, w_cf: its gates looked into the cell."""
    blind = params | {key: np.zeros_like(params[key]) for key in PEEPHOLES}
    paths = {"through_peepholes": lambda v: v.a_i * params["w_ci"] + v.a_f * params["w_cf"]}
    return way_back(dh_next, dc_next, x, h, c, blind, **paths)


exercise.right(lstm_step_backward.by_autograd)
exercise.right(lstm_step_backward.by_rows)
exercise.right(lstm_step_backward.by_stacks)
