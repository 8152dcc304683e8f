"""The way back through one step of an LSTM: the checks, and the mistakes that the forms with and without peepholes share."""

from collections.abc import Callable, Mapping
from itertools import combinations
from typing import Any

import numpy as np

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Cases, Exercise
from autograder.exercises.families import backward, forms, slopes, steps
from autograder.exercises.families.lstm import NAMES, Form
from autograder.exercises.families.lstm_backward import FORMULAS, MISTAKES, Formula, slopes_of, way_back
from autograder.exercises.families.very_large import very_large_arguments

RESULTS = ("dx", "dh", "dc", "gradients")
SPECIAL = ("large gradients", "gradients of zero")
WORDS = {"W_x": "the input weights", "W_h": "the recurrent weights", "b_": "the biases", "w_c": "the peepholes"}


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
        exercise.add(very_large_arguments(arguments))
        exercise.checks(values("large gradients, and gradients of zero", *SPECIAL, property=True))

        def mistake(name: str, hint: str, wrong: Mapping[str, Formula]) -> None:
            exercise.add_mistake(name, hint, lambda *args: way_back(*args, **wrong))

        for name, (hint, wrong) in MISTAKES.items():
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
                for name, hint, change in (
                    (f"{k}_missing_in_{'_'.join(where)}", f"Your {said} lack{'s' * (len(where) == 1)} what comes back through {gate}: add the terms of all four.", {name: _through(name, others) for name in where}),
                    (f"only_{k}_in_{'_'.join(where)}", f"Your {said} hold{'s' * (len(where) == 1)} only what comes back through {gate}: add the terms of all four.", {name: _through(name, k) for name in where}),
                ):  # fmt: skip
                    mistake(name, hint, change)
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
        for name, hint, change in (
            ("dc_next_overwritten", "Your function changes dc_next, which belongs to the caller: make a new array instead of +=.", {"dnew": lambda v: _written(v.dc_next, FORMULAS["dnew"](v))}),
            ("c_overwritten_before_use", "Your function writes the new cell into c: that changes the caller's array, and the gradients need the old cell.", {"new": lambda v: _written(v.c, FORMULAS["new"](v))}),
        ):  # fmt: skip
            mistake(name, hint, change)
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


def _turned(answer: Any, start: str) -> Any:
    *others, gradients = answer
    return *others, {key: one.T if key.startswith(start) else one for key, one in gradients.items()}


def _written(into: np.ndarray, value: np.ndarray) -> np.ndarray:
    into[...] = value
    return into
