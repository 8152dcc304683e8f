"""The way back through one step of an LSTM: the checks, and the mistakes that the forms with and without peepholes share."""

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Cases, Exercise
from autograder.exercises.families import backward, forms, slopes, steps
from autograder.exercises.families.lstm import NAMES, Form
from autograder.exercises.families.lstm_backward import FORMULAS, Formula, slopes_of, way_back
from autograder.reference.rnn import sigmoid

RESULTS = ("dx", "dh", "dc", "gradients")
SPECIAL = ("large gradients", "gradients of zero")
WORDS = {"W_x": "the input weights", "W_h": "the recurrent weights", "b_": "the biases", "w_c": "the peepholes"}


CELL = {
    "state_to_cell_path_missing": (
        "The new state's gradient does not reach your cell: add dh_next * o * (1 - tanh(c)**2) to dc_next.",
        {"through_state": lambda v: 0.0},
    ),
    "cell_gradient_ignored": (
        "Your cell's gradient lacks what the next step hands back: add dc_next.",
        {"dnew": lambda v: v.through_state + v.through_o},
    ),
    "output_gate_missing_in_path": (
        "On the way from the state into the cell the factor o is missing: dh_next * o * (1 - tanh(c)**2).",
        {"through_state": lambda v: v.dh_next * (1 - v.t**2)},
    ),
    "slope_of_output_gate_in_path": (
        "On the way from the state into the cell you take the slope of sigma, o * (1 - o): it is o * (1 - tanh(c)**2).",
        {"through_state": lambda v: v.dh_next * v.o * (1 - v.o)},
    ),
    "slope_at_old_cell": (
        "You take the slope of tanh at the old cell: the state was made from the new one.",
        {"through_state": lambda v: v.dh_next * v.o * (1 - np.tanh(v.c) ** 2)},
    ),
    "slope_of_the_bare_cell": (
        "Your slope of tanh is 1 - c**2: the square is that of tanh(c).",
        {"through_state": lambda v: v.dh_next * v.o * (1 - v.new**2)},
    ),
    "output_gate_times_bare_cell": (
        "In your gradient of the output gate dh_next is multiplied by c: in the step the gate multiplies tanh(c).",
        {"do": lambda v: v.dh_next * v.new},
    ),
    "output_gate_times_old_cell": (
        "In your gradient of the output gate dh_next is multiplied by tanh of the old cell: the state shows the new one.",
        {"do": lambda v: v.dh_next * np.tanh(v.c)},
    ),
    "output_gate_factor_missing": (
        "Your gradient of the output gate lacks the factor tanh(c), which the gate multiplies in the step.",
        {"do": lambda v: v.dh_next},
    ),
    "forget_gate_times_new_cell": (
        "In your gradient of the forget gate stands the new cell: the gate multiplies the old one.",
        {"df": lambda v: v.dnew * v.new},
    ),
    "forget_gate_times_old_state": (
        "In your gradient of the forget gate stands the old state h: the gate multiplies the old cell.",
        {"df": lambda v: v.dnew * v.h},
    ),
    "forget_gate_factor_missing": (
        "Your gradient of the forget gate lacks the factor c, the old cell, which the gate multiplies in the step.",
        {"df": lambda v: v.dnew},
    ),
    "input_gate_factor_missing": (
        "Your gradient of the input gate lacks the factor g, the candidate, which the gate multiplies in the step.",
        {"di": lambda v: v.dnew},
    ),
    "candidate_factor_missing": (
        "Your gradient of the candidate lacks the factor i, which multiplies it in the step.",
        {"dg": lambda v: v.dnew},
    ),
    "input_and_candidate_factors_exchanged": (
        "The input gate's gradient has the factor i and the candidate's has g: each has the other as its factor.",
        {"di": lambda v: v.dnew * v.i, "dg": lambda v: v.dnew * v.g},
    ),
    "gates_from_dc_next": (
        "Your gradients of i, f and the candidate start from dc_next: they start from the whole gradient of the new cell.",
        {name: lambda v, w=w: v.dc_next * getattr(v, w) for name, w in (("di", "g"), ("df", "c"), ("dg", "i"))},
    ),
    "forget_gate_missing_on_the_way_out": (
        "Your dc lacks the forget gate: on the way from the new cell to the old one, multiply by f.",
        {"dc": lambda v: v.dnew + v.through_peepholes},
    ),
    "dc_from_dc_next": (
        "Your dc starts from dc_next: it starts from the whole gradient of the new cell, with what comes through the state.",
        {"dc": lambda v: v.dc_next * v.f + v.through_peepholes},
    ),
    "dc_next_past_the_forget_gate": (
        "In your dc, dc_next lacks the factor f: the whole gradient of the new cell is multiplied by the forget gate.",
        {"dc": lambda v: v.dc_next + (v.dnew - v.dc_next) * v.f + v.through_peepholes},
    ),
    "dc_through_input_gate": (
        "Your dc has the factor i: the old cell went into the new one through the forget gate.",
        {"dc": lambda v: v.dnew * v.i + v.through_peepholes},
    ),
    "incoming_cell_gradient_added": (
        "You add dc_next to dc: the old cell is reached from the new one only by the factor f (and by peepholes, if any).",
        {"dc": lambda v: v.dnew * v.f + v.through_peepholes + v.dc_next},
    ),
    "incoming_state_gradient_added": (
        "You add dh_next to dh: the old state reaches the new one through the gates and the candidate only.",
        {"dh": lambda v: FORMULAS["dh"](v) + v.dh_next},
    ),
    "state_gradient_transposed": (
        "Your dh goes back through the recurrent weights the other way round: da @ W_h, where the step had h @ W_h.T.",
        {"dh": lambda v: sum(v.a[k] @ v.p[f"W_h{k}"].T for k in "ifoc")},
    ),
    "input_gradient_transposed": (
        "Your dx goes back through the input weights the other way round: da @ W_x, where the step had x @ W_x.T.",
        {"dx": lambda v: sum(v.a[k] @ v.p[f"W_x{k}"].T for k in "ifoc")},
    ),
    "both_ways_back_transposed": (
        "Your dx and dh go back through the weights the other way round: da @ W, where the step had W.T.",
        {name: lambda v, w=w: sum(v.a[k] @ v.p[w + k].T for k in "ifoc") for name, w in (("dx", "W_x"), ("dh", "W_h"))},
    ),
    "new_state_for_old": (
        "Your recurrent weights' gradients pair with the new state: what they multiplied is the old state h.",
        {"old": lambda v: v.o * v.t},
    ),
    "cell_for_old_state": (
        "Your recurrent weights' gradients pair with the old cell: what they multiplied is the old state h.",
        {"old": lambda v: v.c},
    ),
    "gate_slopes_missing": (
        "The slopes of the gates are missing: that of sigma is gate * (1 - gate).",
        slopes_of(lambda k, gate: 1.0, "ifo"),
    ),
    "slopes_missing": (
        "The slopes of the gates and of the candidate are missing.",
        slopes_of(lambda k, gate: 1.0, "ifoc"),
    ),
    "slopes_missing_for_states": (
        "dx and dh lack the slopes inside gates and candidate: they start from the same gradients as the parameters'.",
        {
            name: lambda v, w=w: sum(d @ v.p[w + k] for k, d in (("i", v.di), ("f", v.df), ("o", v.do), ("c", v.dg)))
            for name, w in (("dx", "W_x"), ("dh", "W_h"))
        },
    ),
    "tanh_slope_for_gates": (
        "You use the slope of tanh for the gates: for sigma it is gate * (1 - gate).",
        slopes_of(lambda k, gate: 1 - gate**2, "ifo"),
    ),
    "gates_slope_is_one_minus_gate": (
        "Your slope of the gates is 1 - gate: for sigma it is gate * (1 - gate).",
        slopes_of(lambda k, gate: 1 - gate, "ifo"),
    ),
    "gates_slope_is_the_gate": (
        "Your slope of the gates is the gate itself: for sigma it is gate * (1 - gate).",
        slopes_of(lambda k, gate: gate, "ifo"),
    ),
    "sigma_again": (
        "You take sigma of gates that have been through sigma already: the slope is gate * (1 - gate).",
        slopes_of(lambda k, gate: sigmoid(gate) * (1 - sigmoid(gate)), "ifo"),
    ),
}


def lstm_step_backward(form: Form) -> Callable[[Exercise], None]:
    """Cases, checks and mistakes of the way back through a step in this form."""
    names = [key for keys in form.gates.values() for key in keys]
    matrices, vectors = [n for n in names if n[0] == "W"], [n for n in names if n[0] != "W"]

    def arguments(rng: np.random.Generator, B: int, D: int, H: int, scale: float = 0.6) -> tuple[Any, ...]:
        return rng.normal(size=(B, H)), rng.normal(size=(B, H)), *form.arguments(rng, B, D, H, scale)

    def add(exercise: Exercise) -> None:
        exercise.checks(values("all gradients", *steps.SIZES, weight=3))

        @exercise.cases
        def draw(rng: np.random.Generator) -> Cases:
            d_state, d_cell, x, *rest = arguments(rng, 3, 2, 4)
            large = 300 * d_state, 300 * d_cell, 5 * x, *rest
            return dict(zip(SPECIAL, (Case(large), Case((0 * d_state, 0 * d_cell, x, *rest))), strict=True))

        exercise.add(backward.step_backward(arguments, groups(form), matrices, vectors, batched=range(5)))
        exercise.checks(values("large gradients, and gradients of zero", *SPECIAL, property=True))

        def mistake(name: str, hint: str, wrong: Mapping[str, Formula]) -> None:
            exercise.add_mistake(name, hint, lambda *args: way_back(*args, **wrong))

        for name, (hint, wrong) in CELL.items():
            mistake(name, hint, wrong)
        for name, hint, of_tanh in slopes.TANH:
            through = {"through_state": lambda v, of_tanh=of_tanh: v.dh_next * v.o * of_tanh(v.t)}
            mistake(
                f"cell_{name}", f"{hint.format(h='tanh(c)')} It is the slope between new state and new cell.", through
            )
            candidate = slopes_of(lambda k, gate, of_tanh=of_tanh: of_tanh(gate), "c")
            mistake(f"candidate_{name}", f"{hint.format(h='g')} It is the slope inside the candidate, g.", candidate)
        for gate, k in NAMES.items():
            others = "ifoc".replace(k, "")
            if k != "c":
                mistake(
                    f"slope_missing_in_{k}",
                    f"The slope inside {gate} is missing, all others are there.",
                    slopes_of(_one, k),
                )
            mistake(
                f"nothing_through_{k}",
                f"Nothing goes back through {gate}: its parameters have zero gradients, and x and h get nothing from it.",
                {f"a_{k}": lambda v, k=k: np.zeros_like(v.f)},
            )
            exercise.add_mistake(
                f"{k}_left_out",
                f"Nothing goes back through {gate}, and the gradients of its parameters are not in your dict.",
                lambda *args, k=k: _without(way_back(*args, **{f"a_{k}": lambda v: np.zeros_like(v.f)}), k),
            )
            for where in (("dx",), ("dh",), ("dx", "dh")):
                said = " and ".join(where)
                mistake(
                    f"{k}_missing_in_{'_'.join(where)}",
                    f"Your {said} lack{'s' * (len(where) == 1)} what comes back through {gate}: add the terms of all four.",
                    {name: _through(name, others) for name in where},
                )
                mistake(
                    f"only_{k}_in_{'_'.join(where)}",
                    f"Your {said} hold{'s' * (len(where) == 1)} only what comes back through {gate}: add the terms of all four.",
                    {name: _through(name, k) for name in where},
                )
        for (gate, k), (other, m) in combinations(NAMES.items(), 2):
            swap = {f"{start}{one}": f"{start}{two}" for start in ("W_x", "W_h", "b_") for one, two in ((k, m), (m, k))}
            exercise.add_mistake(
                f"gradients_of_{k}_and_{m}_exchanged",
                f"The gradients of the weights and biases of {gate} and {other} are exchanged; dx, dh and dc are right.",
                lambda *args, swap=swap: _renamed(exercise.reference(*args), swap),
            )
        for start, kind in (("W_x", "input"), ("W_h", "recurrent")):
            exercise.add_mistake(
                f"{kind}_gradients_transposed",
                f"Your gradients of the {kind} weights are transposed: each has the shape of its matrix.",
                lambda *args, start=start: _turned(exercise.reference(*args), start),
            )
        for one, other, n in (("dx", "dh", 0), ("dh", "dc", 1)):
            exercise.add_mistake(
                f"{one}_and_{other}_exchanged",
                f"You return {other} before {one}: the order is dx, dh, dc, gradients.",
                lambda *args, n=n: _swapped(exercise.reference(*args), n),
            )
        mistake(
            "dc_next_overwritten",
            "Your function changes dc_next, which belongs to the caller: make a new array instead of +=.",
            {"dnew": lambda v: _written(v.dc_next, FORMULAS["dnew"](v))},
        )
        mistake(
            "c_overwritten_before_use",
            "Your function writes the new cell into c: that changes the caller's array, and the gradients need the old cell.",
            {"new": lambda v: _written(v.c, FORMULAS["new"](v))},
        )
        exercise.add_mistake(
            "c_overwritten",
            "Your function writes into c, which belongs to the caller, though its gradients are right: make a new array.",
            lambda *args: (exercise.reference(*args), _written(args[4], args[4] + 1))[0],
        )
        exercise.add(forms.overwrites_arguments())

    return add


def groups(form: Form) -> backward.Groups:
    """What each check of gradients is called, and the gradients that it looks at."""
    names = [key for keys in form.gates.values() for key in keys]
    of_params = {words: [name for name in names if name.startswith(start)] for start, words in WORDS.items()}
    states = {"the gradient of the input": ["dx"], "the gradient of the old state": ["dh"]}
    states |= {"the gradient of the old cell": ["dc"]}
    return states | {f"the gradients of {words}": keys for words, keys in of_params.items() if keys}


def _one(k: str, gate: np.ndarray) -> float:
    return 1.0


def _through(name: str, letters: str) -> Formula:
    """dx or dh, from these gates only."""
    start = {"dx": "W_x", "dh": "W_h"}[name]
    return lambda v: sum(v.a[k] @ v.p[f"{start}{k}"] for k in letters)


def _renamed(answer: Any, keys: Mapping[str, str]) -> Any:
    *others, gradients = answer
    return *others, gradients | {key: gradients[other] for key, other in keys.items()}


def _without(answer: Any, letter: str) -> Any:
    *others, gradients = answer
    return *others, {key: one for key, one in gradients.items() if key[-1] != letter}


def _swapped(answer: Any, n: int) -> Any:
    return *answer[:n], answer[n + 1], answer[n], *answer[n + 2 :]


def _turned(answer: Any, start: str) -> Any:
    *others, gradients = answer
    return *others, {key: one.T if key.startswith(start) else one for key, one in gradients.items()}


def _written(into: np.ndarray, value: np.ndarray) -> np.ndarray:
    into[...] = value
    return into
