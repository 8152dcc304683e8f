"""One step of an LSTM: the cases, the checks, and the mistakes that all four forms share."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Cases, Exercise
from autograder.exercises.families import forms, steps
from autograder.exercises.families.lstm import Form
from autograder.exercises.families.lstm_mistakes import CELLS, ONLY_CELL, PARTS, SHOWN, WITH_STATE, gates_by, unchanged
from autograder.exercises.families.parameters import copied_parameters
from autograder.exercises.families.very_large import very_large_arguments

FIXED = ("large cells", "forget gate open, input gate shut", "forget gate shut, input gate open", "all parameters zero")


def lstm_step(form: Form) -> Callable[[Exercise], None]:
    """Cases, checks and mistakes of a step in this form: ``f(x, the old state where it is fed back, the old cell, params)``."""
    state, at = form.words["state"], form.at

    def fixed(rng: np.random.Generator, forget: float, let_in: float, cell: float, B: int, D: int, H: int) -> Case:
        """A call whose forget and input gates are fixed by their biases, with cells of this size."""
        *given, p = form.arguments(rng, B, D, H)
        given[-1] = rng.choice([-1, 1], size=(B, H)) * rng.permutation(np.linspace(0.1, 1, B * H)).reshape(B, H) * cell
        gates = zip(list(form.gates.values())[:2], (let_in, forget), strict=True)
        return Case((*given, p | {keys[2]: np.full(H, bias) for keys, bias in gates}))

    def add(exercise: Exercise) -> None:
        exercise.add(
            steps.step_cases(form.arguments),
            steps.step_checks(((f"the new {state}", 0), ("the new cell", 1))),
            very_large_arguments(form.arguments),
        )

        @exercise.cases
        def draw(rng: np.random.Generator) -> Cases:
            *given, p = form.arguments(rng, 1, 1, 1)
            given = [np.zeros((1, 1)) for _ in given[:-1]] + [np.full((1, 1), 2.0)]
            drawn = (
                fixed(rng, 200.0, -1.0, 30.0, 3, 2, 4),
                fixed(rng, 90.0, -90.0, 2.0, 3, 4, 5),
                fixed(rng, -90.0, 90.0, 3.0, 2, 3, 4),
                Case((*given, {key: 0 * value for key, value in p.items()})),
            )
            return dict(zip(FIXED, drawn, strict=True))

        exercise.checks(values("gates open and shut, and large cells", *FIXED, weight=0.5, property=True))

        def mistake(name: str, hint: str, **parts: Any) -> None:
            exercise.add_mistake(name, hint.format(**form.words), form.wrong(**parts))

        for name, (hint, cell) in CELLS.items():
            mistake(name, hint, cell=cell)
        for name, (hint, shown) in SHOWN.items():
            mistake(name, hint, shown=shown)
        for name, (hint, parts) in (PARTS | (WITH_STATE if form.feeds_state else ONLY_CELL)).items():
            mistake(name, hint, **parts)
        for gate, k in zip(form.gates, "ifo", strict=False):
            words = gate.removeprefix("the ")
            for name, hint, wrong in (
                (f"tanh_in_{k}", f"Your {words} uses tanh, so it can be negative: gates use sigma.", gates_by(k, np.tanh)),
                (f"{k}_not_squashed", f"Your {words} is a plain sum: the sigma around it is missing.", gates_by(k, unchanged)),
            ):  # fmt: skip
                mistake(name, hint, **wrong)
        exercise.add(
            steps.parameter_mistakes(form.gates, at=at),
            copied_parameters(form.gates, at=at),
            steps.overwrites(at - 1, 1),
        )
        if form.feeds_state:
            exercise.add(steps.overwrites(1, 0))
        exercise.add_mistake(
            "returned_the_other_way",
            f"You return the cell first: the order is {state}, then cell.",
            lambda *args: exercise.reference(*args)[::-1],
        )
        exercise.add_mistake(
            "state_only",
            f"You return the {state} alone: the new cell is the second result.",
            lambda *args: exercise.reference(*args)[0],
        )
        exercise.add(forms.one_row_per_example, forms.squeezed, forms.overwrites_arguments())
        if form.feeds_state:
            exercise.add_mistake(
                "state_and_cell_overwritten",
                "Your function overwrites the old state and the old cell: return new arrays, and leave the arguments as they were.",
                lambda *args: (exercise.reference(*args), _emptied(args[1]), _emptied(args[2]))[0],
            )
        forget_bias = list(form.gates.values())[1][2]
        exercise.add_mistake(
            "forget_bias_raised",
            f"Your forget gate adds 1 to its bias: some libraries do so for fresh networks, but here {forget_bias} is all.",
            lambda *args: exercise.reference(*args[:at], args[at] | {forget_bias: args[at][forget_bias] + 1}),
        )

    return add


def _emptied(one: np.ndarray) -> None:
    one[...] = 0
