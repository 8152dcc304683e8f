"""What can be wrong in a step of an LSTM: the hint, in the words of each form, and the part of ``lstm.compute``."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.exercises.families.lstm import Part, squash
from autograder.reference.rnn import sigmoid


def gates_by(letters: str, function: Callable[[Any], np.ndarray]) -> dict[str, Any]:
    return {"gate": lambda k, *terms: function(sum(terms)) if k in letters else squash(k, *terms)}


def unchanged(a: np.ndarray) -> np.ndarray:
    return a


def _seen_by(letters: str, part: Part) -> dict[str, Any]:
    return {"sees": dict.fromkeys(letters, part)}


CELLS = {
    "forget_is_one_minus_input": ("You keep 1 - {i} of the old cell, as a GRU does: {f} is a gate of its own, with parameters of its own.", lambda v: (1 - v.i) * v.c + v.i * v.g),
    "input_is_one_minus_forget": ("You let 1 - {f} of the {candidate} in, as a GRU does: {i} is a gate of its own, with parameters of its own.", lambda v: v.f * v.c + (1 - v.f) * v.g),
    "no_forget_gate": ("Your old cell is kept whole: multiply it by {f}.", lambda v: v.c + v.i * v.g),
    "no_input_gate": ("Your {candidate} goes into the cell whole: multiply it by {i}.", lambda v: v.f * v.c + v.g),
    "old_cell_lost": ("Your new cell has nothing of the old one: add {f} times the old cell.", lambda v: v.i * v.g),
    "candidate_lost": ("Nothing new comes into your cell: add {i} times the {candidate}.", lambda v: v.f * v.c),
    "forget_gate_inverted": ("You keep 1 - {f} of the old cell: {f} itself is what is kept, 1 keeps all and 0 forgets all.", lambda v: (1 - v.f) * v.c + v.i * v.g),
    "input_gate_inverted": ("You let 1 - {i} of the {candidate} in: {i} itself is what comes in.", lambda v: v.f * v.c + (1 - v.i) * v.g),
    "candidate_factor_missing": ("You add {i} alone to the cell: what comes in is {i} times the {candidate}.", lambda v: v.f * v.c + v.i),
    "old_cell_added_whole": ("You add the old cell and its gated part, too: only {f} times the old cell is kept.", lambda v: v.c + v.f * v.c + v.i * v.g),
    "forget_gate_on_the_sum": ("Your {f} multiplies the whole new cell: it should multiply the old cell only.", lambda v: v.f * (v.c + v.i * v.g)),
    "input_gate_on_the_sum": ("Your {i} multiplies the whole new cell: it should multiply the {candidate} only.", lambda v: v.i * (v.f * v.c + v.g)),
}  # fmt: skip
SHOWN = {
    "no_output_gate": ("Your {state} shows the whole cell: the factor {o} is missing.", lambda v: v.out(v.new) + 0),
    "output_gate_inverted": ("Your {state} has the factor 1 - {o}: {o} itself is what is shown.", lambda v: (1 - v.o) * v.out(v.new)),
    "output_gate_added": ("Your {state} is the sum of {o} and what is made of the cell: multiply the two.", lambda v: v.o + v.out(v.new)),
    "tanh_outside": ("You take tanh of {o} times the cell: the output gate should be the last factor, outside every tanh.", lambda v: np.tanh(v.o * v.new)),
    "old_cell_shown": ("Your {state} is made from the old cell: it shows the new one.", lambda v: v.o * v.out(v.c)),
    "sigmoid_on_cell": ("Your {state} has sigma of the cell, where this form has none.", lambda v: v.o * sigmoid(v.new)),
    "output_gate_is_shown": ("Your {state} is the output gate alone: the factor with the cell is missing.", lambda v: v.o),
}  # fmt: skip
PARTS = {
    "cell_kept_squashed": (
        "You store tanh of the cell as the new cell: the cell itself is never squashed.",
        {"cell": lambda v: np.tanh(v.f * v.c + v.i * v.g), "shown": lambda v: v.o * v.new},
    ),
    "cell_squashed_twice": (
        "You squash the new cell itself, and then once more for the {state}: the cell is passed on without a tanh.",
        {"cell": lambda v: np.tanh(v.f * v.c + v.i * v.g), "shown": lambda v: v.o * np.tanh(v.new)},
    ),
    "sigmoid_candidate": (
        "Your {candidate} is squashed by sigma, so it is never negative: it uses tanh.",
        gates_by("c", sigmoid),
    ),
    "relu_candidate": (
        "Your {candidate} is cut off below 0, as by relu: it uses tanh.",
        gates_by("c", lambda a: np.maximum(a, 0)),
    ),
    "sigma_and_tanh_exchanged": (
        "Your gates use tanh and your {candidate} sigma: it is the other way round.",
        {"gate": lambda k, *terms: (sigmoid if k == "c" else np.tanh)(sum(terms))},
    ),
    "candidate_not_squashed": ("Your {candidate} is the plain sum: its tanh is missing.", gates_by("c", unchanged)),
    "tanh_gates": ("Your gates use tanh, so they can be negative: gates use sigma.", gates_by("ifo", np.tanh)),
    "gates_not_squashed": ("Your gates are plain sums: the sigma around them is missing.", gates_by("ifo", unchanged)),
    "biases_outside": (
        "You add the biases after the squashing: they belong inside sigma and tanh.",
        {"gate": lambda k, x, h, b, look: squash(k, x, h, 0, look) + b},
    ),
    "squashed_separately": (
        "You squash the input's term and the recurrent term separately: add first, then take one sigma or tanh.",
        {"gate": lambda k, x, h, b, look: squash(k, x, 0, 0, 0) + squash(k, 0, h, b, look)},
    ),
    "output_gate_sees_the_new_cell": (
        "The recurrent term of your output gate sees the new cell: it sees what the recurrent terms of the other gates see.",
        _seen_by("o", lambda v: v.new),
    ),
    **{
        f"{name}_the_squashed_cell": (
            f"The recurrent terms of {whose} see tanh of the old cell, which this form does not have.",
            _seen_by(letters, lambda v: np.tanh(v.c)),
        )
        for name, whose, letters in (
            ("gates_and_candidate_see", "your gates and {candidate}", "ifoc"),
            ("gates_see", "your three gates", "ifo"),
            ("candidate_sees", "your {candidate}", "c"),
        )
    },
    "candidate_sees_what_is_kept": (
        "In your {candidate}, {f} multiplies what is fed back, before the matrix does, as the reset gate of a GRU would: here no gate enters it.",
        _seen_by("c", lambda v: v.f * v.h),
    ),
    "candidate_sees_what_comes_in": (
        "In your {candidate}, {i} multiplies what is fed back, before the matrix does, as the reset gate of a GRU would: here no gate enters it.",
        _seen_by("c", lambda v: v.i * v.h),
    ),
}
WITH_STATE = {  # only where the state is fed back, and where the output has a tanh
    "forget_on_state": ("Your {f} multiplies the old {state} {h}: it belongs to the old cell.", {"cell": lambda v: v.f * v.h + v.i * v.g}),
    "old_state_added": ("You add the old {state} to the new one: the new one replaces it.", {"shown": lambda v: v.h + v.o * v.out(v.new)}),
    "no_tanh_on_cell": ("Your {state} is the gated cell itself: take tanh of the cell before you multiply by {o}.", {"shown": lambda v: v.o * v.new}),
    "tanh_twice": ("Your {state} has tanh of tanh of the cell: once is enough.", {"shown": lambda v: v.o * np.tanh(np.tanh(v.new))}),
    "recurrence_through_the_cell": ("All your recurrent terms see the old cell: gates and {candidate} should see the old {state} {h}.", _seen_by("ifoc", lambda v: v.c)),
    "gates_see_the_cell": ("The recurrent terms of your three gates see the old cell: they should see the old {state} {h}, as your {candidate} does.", _seen_by("ifo", lambda v: v.c)),
    "candidate_sees_the_cell": ("The recurrent term of your {candidate} sees the old cell: it should see the old {state} {h}, as your gates do.", _seen_by("c", lambda v: v.c)),
    "form_of_the_notes": ("Your step is the lecture notes' form: here the recurrent terms see the old {state}, and the output has a tanh.", {"shown": lambda v: v.o * v.new} | _seen_by("ifoc", lambda v: v.c)),
    "state_and_cell_exchanged": ("You take the old {state} for the old cell, and the other way round.", {"cell": lambda v: v.f * v.h + v.i * v.g} | _seen_by("ifoc", lambda v: v.c)),
}  # fmt: skip


ONLY_CELL = {
    "tanh_at_the_output": (
        "You take tanh of the cell at the output: this form has none, a = {o} * c.",
        {"shown": lambda v: v.o * np.tanh(v.new)},
    ),
}
