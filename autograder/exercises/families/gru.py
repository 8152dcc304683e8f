"""The GRU in every notation of the course: how its inputs are drawn, and one step of it taken apart."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Cases, Exercise
from autograder.exercises.families import steps
from autograder.exercises.families.very_large import very_large_arguments
from autograder.reference import gru, gru_notations
from autograder.reference.rnn import sigmoid

Parameters = dict[str, np.ndarray]
TIGHT = (1e-9, 1e-11)  # relative, absolute: tells double precision from numbers that went through single precision


def squash(a: Any) -> Any:
    """The logistic function in other words, for right versions."""
    return 0.5 * (1 + np.tanh(0.5 * np.asarray(a)))


@dataclass(frozen=True)
class Form:
    """One notation of the GRU, and the words that hints use in it.

    Attributes:
        step: the reference of one step.
        update, reset, state, candidate: what they are called, such as "z", "r", "h" and "candidate".
        gates: by words such as "the update gate": the names of its input weights, recurrent weights, and bias or biases.
            Update gate, reset gate if there is one, candidate.
        on_old: whether the update gate weighs the old state. after: whether the reset gate acts after the product.
        split, join: from the parameters to those of ``gates``, and back.
    """

    step: Callable[..., np.ndarray]
    update: str
    reset: str
    state: str
    candidate: str
    gates: dict[str, tuple[str, ...]]
    on_old: bool = False
    after: bool = False
    split: Callable[[Parameters], Parameters] = dict
    join: Callable[[Parameters], Parameters] = dict

    @property
    def weights(self) -> tuple[str, str]:
        """What the weights of the new and of the old are called."""
        both = self.update, f"1 - {self.update}"
        return (both[1], both[0]) if self.on_old else both

    def parameters(self, rng: np.random.Generator, D: int, H: int, scale: float = 1.0) -> Parameters:
        """Random parameters: none zero, none symmetric."""
        shapes = ((H, D), (H, H), (H,), (H,))
        return self.join(
            {
                name: (scale if len(shape) > 1 else 1.0) * rng.normal(size=shape)
                for names in self.gates.values()
                for name, shape in zip(names, shapes, strict=False)
            }
        )

    def arguments(self, rng: np.random.Generator, B: int, D: int, H: int, scale: float = 1.0) -> tuple[Any, ...]:
        """x, the old state, and the parameters."""
        return rng.normal(size=(B, D)), rng.uniform(-1, 1, size=(B, H)), self.parameters(rng, D, H, scale)


def _split_rows(params: Parameters) -> Parameters:
    """The parameters of torch's GRU, gate by gate."""
    stacked = (("W_i", "weight_ih_l0"), ("W_h", "weight_hh_l0"), ("b_i", "bias_ih_l0"), ("b_h", "bias_hh_l0"))
    return {
        short + gate: rows
        for short, name in stacked
        for gate, rows in zip("rzn", np.split(params[name], 3), strict=True)
    }


def _join_rows(params: Parameters) -> Parameters:
    stacked = (("W_i", "weight_ih_l0"), ("W_h", "weight_hh_l0"), ("b_i", "bias_ih_l0"), ("b_h", "bias_hh_l0"))
    return {name: np.concatenate([params[short + gate] for gate in "rzn"]) for short, name in stacked}


UPDATE, RESET, CANDIDATE = "the update gate", "the reset gate", "the candidate"
SIMPLIFIED = Form(
    gru.simplified_gru_step,
    *("Gamma_u", "", "c", "proposal"),
    {UPDATE: ("W_ux", "W_uc", "b_u"), "the proposal": ("W_cx", "W_cc", "b_c")},
)
GAMMA = Form(
    gru.gamma_gru_step,
    *("Gamma_u", "Gamma_r", "c", "proposal"),
    {
        UPDATE: ("W_ux", "W_uc", "b_u"),
        "the relevance gate": ("W_rx", "W_rc", "b_r"),
        "the proposal": ("W_cx", "W_cc", "b_c"),
    },
)
Z_NEW = Form(
    gru.gru_step,
    *("z", "r", "h", "candidate"),
    {UPDATE: ("W_z", "U_z", "b_z"), RESET: ("W_r", "U_r", "b_r"), CANDIDATE: ("W_h", "U_h", "b_h")},
)
U_OLD = Form(
    gru.gru_step_u_old,
    *("u", "r", "h", "candidate"),
    {UPDATE: ("W_xu", "W_hu", "b_u"), RESET: ("W_xr", "W_hr", "b_r"), CANDIDATE: ("W_xh", "W_hh", "b_h")},
    on_old=True,
)
TORCH = Form(
    gru_notations.torch_gru_step,
    *("z", "r", "h", "candidate"),
    {
        UPDATE: ("W_iz", "W_hz", "b_iz", "b_hz"),
        RESET: ("W_ir", "W_hr", "b_ir", "b_hr"),
        CANDIDATE: ("W_in", "W_hn", "b_in", "b_hn"),
    },
    on_old=True,
    after=True,
    split=_split_rows,
    join=_join_rows,
)


class Step:
    """One step taken apart, so that wrong ones can be put together: gates "u" (update) and "r" (reset), candidate "n"."""

    def __init__(self, form: Form, x: np.ndarray, h: np.ndarray, params: Parameters) -> None:
        self.form, self.x, self.h, split = form, x, h, form.split(params)
        gates = "urn" if form.reset else "un"
        self.parameters = {g: [split[n] for n in names] for g, names in zip(gates, form.gates.values(), strict=True)}

    def sum(self, gate: str, state: np.ndarray | None = None, *, parts: str = "xhb") -> np.ndarray:
        """What goes into a gate's squashing: the terms from the input, from a state, and the biases."""
        W, U, *biases = self.parameters[gate]
        terms: dict[str, Callable[[], Any]] = {
            "x": lambda: self.x @ W.T,
            "h": lambda: (self.h if state is None else state) @ U.T,
            "b": lambda: sum(biases),
        }
        total: Any = sum(terms[part]() for part in parts)
        return total

    @cached_property
    def u(self) -> np.ndarray:
        return sigmoid(self.sum("u"))

    @cached_property
    def r(self) -> Any:
        return sigmoid(self.sum("r")) if self.form.reset else 1.0

    def candidate(
        self,
        r: Any = None,
        where: str | None = None,
        scaled: tuple[str, ...] | None = None,
        squash: Callable[[np.ndarray], np.ndarray] = np.tanh,
    ) -> np.ndarray:
        """The candidate, with another reset gate, or with the reset gate in another place.

        Args:
            where: whether r multiplies the old state "before" the product or "after" it, or "nowhere".
            scaled: which of "input", "bias" and "second bias" are multiplied by r as well.
        """
        r = self.r if r is None else r
        where = where or ("after" if self.form.after else "before")
        scaled = ("second bias",) * self.form.after if scaled is None else scaled
        _, U, *biases = self.parameters["n"]
        state = r * self.h if where == "before" else self.h
        parts = {
            "input": self.x @ self.parameters["n"][0].T,
            **dict(zip(("bias", "second bias"), biases, strict=False)),
        }
        total = (r if where == "after" else 1.0) * (state @ U.T)
        return squash(total + sum((r if name in scaled else 1.0) * part for name, part in parts.items()))

    def mix(self, *, u: Any = None, new: Any = None, old: Any = None, candidate: Any = None, state: Any = None) -> Any:
        """The mixture of old state and candidate, with other weights, or of other things.

        Args:
            u: the update gate. new, old: the weights of the candidate and of the old state.
        """
        u = self.u if u is None else u
        weights = (1 - u, u) if self.form.on_old else (u, 1 - u)
        new, old = weights[0] if new is None else new, weights[1] if old is None else old
        candidate = self.candidate() if candidate is None else candidate
        return new * candidate + old * (self.h if state is None else state)


Wrong = Callable[[Step], Any]  # from a step taken apart to a wrong new state
Mistakes = Iterator[tuple[str, str, Wrong]]  # name, hint


def gate_cases(form: Form) -> Callable[[Exercise], None]:
    """Cases in which a part of the cell is held: gates open, shut, or nearly so, no old state, no input; and their checks."""

    def add(exercise: Exercise) -> None:
        held = {form.update: next(iter(form.gates.values()))[2]}
        if form.reset:
            held[form.reset] = list(form.gates.values())[1][2]

        @exercise.cases
        def draw(rng: np.random.Generator) -> Cases:
            x, h, params = form.arguments(rng, 3, 2, 4, 0.6)

            def with_biases(params: Parameters, **biases: Any) -> Parameters:
                return form.join(form.split(params) | biases)

            # weights so small that the biases decide: near 0 and near 1, in another order for each gate
            near = form.arguments(rng, 3, 2, 4, 0.05)
            nearly = {name: np.roll([-3.0, -2.6, 2.6, 3.0], n) for n, name in enumerate(held.values())}
            cases = {"gates near 0 and 1": Case((*near[:2], with_biases(near[2], **nearly)))}
            for letter, name in held.items():
                for value in (0, 1):
                    bias = np.full(4, 120.0 * value - 60.0)
                    cases[f"{letter} = {value}"] = Case((x, h, with_biases(params, **{name: bias})))
            return cases | {
                "an old state of zeros": Case((x, 0 * h, params)),
                "an input of zeros": Case((0 * x, h, params)),
            }

        extremes = [f"{letter} = {value}" for letter in held for value in (0, 1)]
        exercise.checks(
            values("gates near 0 and 1", "gates near 0 and 1", tolerance=TIGHT),
            values("gates held open or shut", *extremes, weight=0.5, property=True),
            values("no old state, no input", "an old state of zeros", "an input of zeros", weight=0.5, property=True),
        )

    return add


def cases_and_checks(form: Form) -> Callable[[Exercise], None]:
    """All cases and checks of one step in this form."""
    return lambda exercise: exercise.add(
        steps.step_cases(form.arguments),
        steps.step_checks(tolerance=TIGHT),
        gate_cases(form),
        very_large_arguments(form.arguments, TIGHT),
    )
