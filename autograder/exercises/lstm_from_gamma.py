"""Parameters in Gamma notation under the names of the plain LSTM."""

from itertools import permutations

import numpy as np
import torch

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises import gamma_names
from autograder.exercises.families.lstm import gamma
from autograder.reference import lstm

exercise = Exercise(lstm.lstm_from_gamma)
SIZES = {  # D, H
    "more units": (2, 5),
    "more inputs": (4, 3),
    "as many inputs as units": (3, 3),
    "one unit": (2, 1),
    "one of each": (1, 1),
}


@exercise.cases
def draw(rng):
    return {name: Case((gamma(rng, *sizes),)) for name, sizes in SIZES.items()}


for start, kind in gamma_names.KINDS.items():
    exercise.checks(values(f"the {kind}", *SIZES, part=gamma_names.of_kind(start)))
exercise.checks(
    values("these parameters and no others", *SIZES, part=sorted, weight=0.5, property=True),
    pure("more units", weight=0.5),
)
for name, hint, pairs in gamma_names.exchanges():
    exercise.add_mistake(
        name,
        hint,
        lambda params, pairs=pairs: {ours: params[theirs] for ours, theirs in gamma_names.exchanged(pairs).items()},
    )
for one, other in permutations(gamma_names.GATES, 2):
    for start in gamma_names.KINDS:
        exercise.add_mistake(
            f"{start}{one}_is_that_of_{other}",
            f"Your {start}{one} and {start}{other} are the same array: {start}{one} is not taken from {lstm.gamma_names()[start + other]}.",
            lambda params, key=start + one, other=start + other: changed(params, lambda made: {key: made[other]}),
        )


def changed(params, change):
    made = lstm.lstm_from_gamma(params)
    return made | change(made)


@exercise.wrong
def names_kept(params):
    """Your parameters still have the names of the Gamma notation."""
    return dict(params)


@exercise.wrong
def both_names(params):
    """You keep the names of the Gamma notation beside the new ones: return the names of lstm_step only."""
    return params | lstm.lstm_from_gamma(params)


@exercise.wrong
def added_to_the_callers_dict(params):
    """You add the new names to the caller's dict and return it: make a new dict, with the names of lstm_step only."""
    params.update(lstm.lstm_from_gamma(params))
    return params


@exercise.wrong
def caller_loses_names(params):
    """You rename within the caller's dict, so its Gamma names are gone: make a new dict."""
    made = lstm.lstm_from_gamma(params)
    params.clear()
    params.update(made)
    return params


@exercise.wrong
def transposed(params):
    """Your matrices are transposed: both notations store them alike, only the names differ."""
    return {ours: params[theirs].T for ours, theirs in lstm.gamma_names().items()}


for called, hint, wrong in (
    ("recurrent_transposed", "Your recurrent matrices are transposed: both notations store them alike, only the names differ.", lambda params: changed(params, lambda made: {key: made[key].T for key in made if key[:3] == "W_h"})),
    ("input_weights_transposed", "Your input matrices are transposed: both notations store them alike, only the names differ.", lambda params: changed(params, lambda made: {key: made[key].T for key in made if key[:3] == "W_x"})),
    ("forget_from_update", "You make the forget gate from the update gate, as 1 - Gamma_u would: Gamma_f has parameters of its own.",
        lambda params: changed(params, lambda made: {key[:-1] + "f": -made[key] for key in ("W_xi", "W_hi", "b_i")})),
    ("forget_bias_raised", "Your forget bias is larger by 1 than that of the notes: only the names change.", lambda params: changed(params, lambda made: {"b_f": made["b_f"] + 1})),
    ("biases_missing", "The biases are missing in your parameters.", lambda params: {name: value for name, value in lstm.lstm_from_gamma(params).items() if name[0] == "W"}),
    ("candidate_missing", "The candidate's parameters are missing: the notes' proposal plays its part.", lambda params: {name: value for name, value in lstm.lstm_from_gamma(params).items() if name[-1] != "c"}),
    ("biases_as_rows", "Your biases have an axis too many: they keep their shape (H,).", lambda params: changed(params, lambda made: {key: made[key][None] for key in made if key[0] == "b"})),
    ("biases_as_columns", "Your biases are columns, (H, 1): they keep their shape (H,).", lambda params: changed(params, lambda made: {key: made[key][:, None] for key in made if key[0] == "b"})),
    ("names_for_arrays", "The entries of your dict are names: they should be the arrays that have these names in params.", lambda params: lstm.gamma_names()),
    ("without_names", "You return the arrays without names: return a dict, with the names of lstm_step.", lambda params: tuple(lstm.lstm_from_gamma(params).values())),
    ("nested_lists", "Your arrays have become lists: keep the arrays as they are.", lambda params: {name: value.tolist() for name, value in lstm.lstm_from_gamma(params).items()}),
    ("single_precision", "Your arrays are in single precision (float32): keep them as they are.", lambda params: {name: value.astype(np.float32) for name, value in lstm.lstm_from_gamma(params).items()}),
):  # fmt: skip
    exercise.add_mistake(called, hint, wrong)


@exercise.right
def by_table(params):
    return {ours: params[theirs] for ours, theirs in gamma_names.written_out().items()}


@exercise.right
def by_copying(params):
    made = {}
    for ours, theirs in zip("ifoc", "ufoc", strict=True):
        made["W_x" + ours] = np.array(params[f"W_{theirs}x"])
        made["W_h" + ours] = np.array(params[f"W_{theirs}c"])
        made["b_" + ours] = np.array(params["b_" + theirs])
    return made


@exercise.right
def as_tensors(params):
    return {ours: torch.tensor(params[theirs]) for ours, theirs in gamma_names.by_zip().items()}
