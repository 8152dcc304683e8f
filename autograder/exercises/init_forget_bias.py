"""The parameters of an LSTM with another forget bias."""

import copy

import numpy as np

from autograder.checking.checks import new_object, pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families.lstm import plain
from autograder.reference import lstm

exercise = Exercise(lstm.init_forget_bias)
BIASES = ("one", "three", "zero", "a negative one", "a fraction", "as many inputs as units", "one unit", "one of each")


@exercise.cases
def draw(rng):
    negative, fraction = -float(rng.uniform(0.5, 2)), float(rng.integers(1, 4) + rng.uniform(0.2, 0.45))
    return {
        "one": Case((plain(rng, 3, 4), 1.0)),
        "three": Case((plain(rng, 2, 5), 3.0)),
        "zero": Case((plain(rng, 2, 3), 0.0)),
        "a negative one": Case((plain(rng, 4, 2), negative)),
        "a fraction": Case((plain(rng, 2, 3), fraction)),
        "as many inputs as units": Case((plain(rng, 3, 3), 1.5)),
        "one unit": Case((plain(rng, 2, 1), 2.0)),
        "one of each": Case((plain(rng, 1, 1), 5.0)),
        "a whole number": Case((plain(rng, 2, 3), 2)),
        "already so": Case((plain(rng, 2, 3) | {"b_f": np.full(3, 1.0)}, 1.0)),
        "a start of zeros": Case((plain(rng, 2, 3) | {"b_f": np.zeros(3)}, fraction)),
    }


exercise.checks(
    values("the new dict", *BIASES, weight=2),
    values("the forget bias", *BIASES, "a start of zeros", part="b_f"),
    values("a whole number as the bias", "a whole number", weight=0.5, property=True),
    pure(*BIASES[:4]),
    new_object("a new dict, not that of the caller", *BIASES, "already so", weight=0.5),
)


def filled(value, number):
    return np.full(value.shape, float(number))


def with_forget_bias(make):
    """The right dict, with b_f made from the old one and the number."""
    return lambda params, bias: params | {"b_f": make(params["b_f"], bias)}


for name, hint, make in (
    ("added", "You add to the forget bias: set it, whatever it was.", lambda b, bias: b + bias),
    ("multiplied", "You multiply the forget bias: set it, whatever it was.", lambda b, bias: b * bias),
    ("negated", "Your forget bias has the wrong sign.", lambda b, bias: filled(b, -bias)),
    ("squashed", "Your b_f is sigma of the number: the bias is set, and the gate is what follows from it.", lambda b, bias: filled(b, 1 / (1 + np.exp(-bias)))),
    ("always_one", "Your b_f is 1, whatever bias is asked for.", lambda b, bias: filled(b, 1)),
    ("always_three", "Your b_f is 3, whatever bias is asked for.", lambda b, bias: filled(b, 3)),
    ("as_it_was", "Your b_f is as it was: fill a new one with the number.", lambda b, bias: b.copy()),
    ("rounded_down", "Your b_f is rounded to whole numbers: a bias may be any number.", lambda b, bias: filled(b, int(bias))),
    ("rounded", "Your b_f is rounded to the nearest whole number: a bias may be any number.", lambda b, bias: filled(b, round(bias))),
    ("zero_not_set", "A bias of 0 leaves your b_f as it was: 0 is a number like any other.", lambda b, bias: filled(b, bias) if bias else b.copy()),
    ("only_positive_set", "A bias of 0 or less leaves your b_f as it was: a bias may be any number.", lambda b, bias: filled(b, bias) if bias > 0 else b.copy()),
    ("never_negative", "Your b_f is never below 0: a bias may be any number.", lambda b, bias: filled(b, max(bias, 0))),
    ("first_unit_only", "Only the first entry of your b_f is set: fill them all.", lambda b, bias: np.concatenate([[float(bias)], b[1:]])),
    ("a_bare_number", "Your b_f is a single number: it keeps its shape (H,).", lambda b, bias: float(bias)),
    ("a_row", "Your b_f has an axis too many: it keeps its shape (H,).", lambda b, bias: filled(b[None], bias)),
    ("a_column", "Your b_f is a column, (H, 1): it keeps its shape (H,).", lambda b, bias: filled(b[:, None], bias)),
    ("a_list", "Your b_f is a list: it should be an array.", lambda b, bias: [float(bias)] * len(b)),
    ("integers", "Your b_f holds integers where the bias is a whole number: it should hold floats.", lambda b, bias: np.full(b.shape, bias)),
    ("single_precision", "Your b_f is in single precision (float32): keep float64.", lambda b, bias: filled(b, bias).astype(np.float32)),
):  # fmt: skip
    exercise.add_mistake(name, hint, with_forget_bias(make))


for called, hint, wrong in (
    ("every_bias_set", "You set all biases: only the forget gate's is meant.", lambda params, bias: {name: filled(value, bias) if name.startswith("b_") else value for name, value in params.items()}),
    ("everything_set", "You fill every parameter with the number: only the forget gate's bias is meant.", lambda params, bias: {name: filled(value, bias) for name, value in params.items()}),
    ("whole_forget_gate_set", "You fill all parameters of the forget gate, weights too: only its bias is meant.", lambda params, bias: {name: filled(value, bias) if name[-1] == "f" else value for name, value in params.items()}),
    ("other_biases_zero", "You set the other biases to zero: leave them as they are.", lambda params, bias: {name: 0 * value if name[0] == "b" else value for name, value in params.items()} | {"b_f": filled(params["b_f"], bias) }),
):  # fmt: skip
    exercise.add_mistake(called, hint, wrong)


for letter, gate in (("i", "input gate"), ("o", "output gate"), ("c", "candidate")):
    exercise.add_mistake(
        "input_bias_set" if letter == "i" else f"b_{letter}_set",
        f"You set the bias of the {gate}: b_f belongs to the forget gate.",
        lambda params, bias, key=f"b_{letter}": params | {key: filled(params[key], bias)},
    )


@exercise.wrong
def in_place(params, bias):
    """Your function changes params, which belongs to the caller: return a new dict with a new b_f."""
    params["b_f"][...] = bias
    return params


@exercise.wrong
def own_dict_where_nothing_changes(params, bias):
    """Where b_f has that value already, you return the caller's own dict: return a new one in any case."""
    return params if np.all(params["b_f"] == bias) else params | {"b_f": filled(params["b_f"], bias)}


@exercise.wrong
def returns_nothing(params, bias):
    """You change the caller's dict and return nothing: return a new dict."""
    params["b_f"] = filled(params["b_f"], bias)


for called, hint, wrong in (
    ("only_the_bias", "You return the forget bias alone: all other parameters belong to the result, too.", lambda params, bias: {"b_f": filled(params["b_f"], bias)}),
    ("the_bare_bias", "You return the array of the forget bias: return the whole dict of parameters.", lambda params, bias: filled(params["b_f"], bias)),
    ("other_biases_lost", "The other biases are not in your dict: return it with all keys of params.", lambda params, bias: {name: value for name, value in params.items() if name[0] != "b"} | {"b_f": filled(params["b_f"], bias)}),
):  # fmt: skip
    exercise.add_mistake(called, hint, wrong)


@exercise.right
def by_copy(params, bias):
    made = copy.deepcopy(params)
    made["b_f"][:] = bias
    return made


@exercise.right
def by_comprehension(params, bias):
    return {name: 0 * value + bias if name == "b_f" else value for name, value in params.items()}


@exercise.right
def by_update(params, bias):
    made = dict(params)
    made.update(b_f=bias * np.ones_like(params["b_f"]))
    return made
