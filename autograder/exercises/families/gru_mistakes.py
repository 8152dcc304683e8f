"""What goes wrong in one step of a GRU: one set of mistakes for all of its forms, hints in the words of each."""

from collections.abc import Callable
from itertools import chain, combinations
from typing import Any

import numpy as np

from autograder.checking.exercise import Exercise
from autograder.exercises.families import forms, parameters, steps
from autograder.exercises.families.gru import Form, Mistakes, Step, Wrong
from autograder.exercises.families.gru_candidate_mistakes import in_the_candidate
from autograder.reference.rnn import sigmoid


def in_the_mixture(form: Form) -> Mistakes:
    """Wrong mixtures of old state and candidate."""
    z, r, h, n = form.update, form.reset, form.state, form.candidate
    new, old = form.weights
    wrong, right = ("new", "old") if form.on_old else ("old", "new")
    yield (
        f"update_gate_on_the_{wrong}",
        f"Your update gate weighs the {wrong} state: in this form {z} is the weight of the {right} one, 1 - {z} that of the other.",
        lambda s: s.mix(u=1 - s.u),
    )
    sums = "so that the two weights add up to one"
    for name, hint, weights in (
        ("old_state_kept_whole", f"You add to the whole old state: its weight is {old}, {sums}.", {"old": 1.0}),
        ("candidate_kept_whole", f"You add the whole {n}: its weight is {new}, {sums}.", {"new": 1.0}),
        ("both_kept_whole", f"You add old state and {n} without weights: they are {old} and {new}.", {"old": 1.0, "new": 1.0}),
        ("candidate_alone", f"You return the {n} itself: the update gate still has to mix it with the old state.", {"old": 0.0, "new": 1.0}),
        ("old_state_alone", f"Your new state equals the old one: the {n}, with weight {new}, has to come into it.", {"old": 1.0, "new": 0.0}),
        ("old_part_missing", f"Your new state lacks the part {old} times the old state.", {"old": 0.0}),
        ("candidate_part_missing", f"Your new state lacks the part {new} times the {n}.", {"new": 0.0}),
    ):  # fmt: skip
        yield name, hint, lambda s, weights=weights: s.mix(**weights)
    yield (
        "weights_one_and_gate",
        f"You average old state and {n} with the weights 1 and {new}: the weights are {old} and {new}.",
        lambda s: s.mix(old=1.0) / (1 + (1 - s.u if form.on_old else s.u)),
    )
    yield (
        "mixture_squashed",
        "You squash the mixture once more at the end: the new state is the mixture itself.",
        lambda s: np.tanh(s.mix()),
    )
    if r:
        yield (
            "copy_is_reset",
            f"You copy {r} times the old state into the new one: the copy is {old} times {h} itself, {r} acts in the {n} only.",
            lambda s: s.mix(state=s.r * s.h),
        )
        yield (
            "copy_and_update_gate_reset",
            f"Your update gate and the copy see {r} times the old state: {r} acts in the {n} only.",
            lambda s: s.mix(u=sigmoid(s.sum("u", s.r * s.h)), state=s.r * s.h),
        )
        yield (
            "new_state_reset",
            f"You multiply the whole new state by {r}: {r} acts on the old state, inside the {n}.",
            lambda s: s.r * s.mix(candidate=s.candidate(r=1.0)),
        )


def _hard(a: np.ndarray) -> np.ndarray:
    return np.clip(0.25 * a + 0.5, 0, 1)


def _per_example(gate: np.ndarray) -> np.ndarray:
    return gate.mean(axis=1, keepdims=True) + 0 * gate


def _per_unit(gate: np.ndarray) -> np.ndarray:
    return gate.mean(axis=0, keepdims=True) + 0 * gate


SQUASHED = "a gate lies between 0 and 1, and is the logistic function of its sum"
GATES: tuple[tuple[str, str, Callable[[np.ndarray], np.ndarray]], ...] = (  # from a gate's sum to its wrong value
    ("by_tanh", f"squashed by tanh and can be negative: {SQUASHED}", np.tanh),
    ("not_squashed", f"not squashed: {SQUASHED}", lambda a: a),
    ("on_a_straight_line", f"a straight line, cut off at 0 and 1: {SQUASHED}", _hard),
    ("squashed_twice", "squashed twice: the logistic function is taken once", lambda a: sigmoid(sigmoid(a))),
    ("rounded", f"0 or 1 and nothing between: {SQUASHED}", lambda a: np.round(sigmoid(a))),
    ("averaged_over_units", "averaged over the units: each unit has a value of its own", lambda a: _per_example(sigmoid(a))),
    ("averaged_over_batch", "averaged over the batch: each example has a value of its own", lambda a: _per_unit(sigmoid(a))),
    ("of_the_first_example", "that of the first example, for all of the batch: each example has its own", lambda a: sigmoid(a[:1]) + 0 * a),
)  # fmt: skip


def in_the_gates(form: Form) -> Mistakes:
    """Wrong gates."""
    names = list(form.gates)
    choices = {"update_gate": (names[0], "u"), "reset_gate": (names[1], "r"), "gates": ("both gates", "ur")}

    def held(s: Step, which: str, change: Callable[[str], np.ndarray]) -> Any:
        gates = {gate: change(gate) for gate in which}
        return s.mix(u=gates.get("u"), candidate=s.candidate(r=gates.get("r")))

    for kind, (words, which) in choices.items() if form.reset else [next(iter(choices.items()))]:
        subject = words.replace("the", "Your", 1) + " is" if words != "both gates" else "Both of your gates are"
        for suffix, hint, change in GATES:
            yield (
                f"{kind}_{suffix}",
                f"{subject} {hint}.",
                lambda s, which=which, change=change: held(s, which, lambda gate: change(s.sum(gate))),
            )
    keys = list(form.gates.values())
    terms = {"x": keys[0][0], "h": keys[0][1], "b": " and ".join(keys[0][2:])}
    for parts in (one for k in (1, 2) for one in combinations("xhb", k)):
        turned = " and ".join(terms[part] for part in parts)
        have = "have" if " and " in turned else "has"
        yield (
            f"update_gate_minus_{''.join(parts)}",
            f"In your update gate {turned} {have} the opposite sign, the other terms not.",
            lambda s, parts=parts: s.mix(
                u=sigmoid(sum((-1 if part in parts else 1) * s.sum("u", parts=part) for part in "xhb"))
            ),
        )
    if not form.reset:
        return
    z, r, h = form.update, form.reset, form.state
    yield (
        "gates_inverted",
        f"Both of your gates are one minus what they should be: {z} and {r} are the logistic function of their sums.",
        lambda s: held(s, "ur", lambda gate: sigmoid(-s.sum(gate))),
    )
    for name, missing, which, parts in (
        ("gates_without_the_input", "the input", 0, "hb"),
        ("gates_without_the_state", "the old state", 1, "xb"),
        ("gate_biases_forgotten", "their biases", 2, "xh"),
    ):
        yield (
            name,
            f"Both of your gates leave out {missing}: the terms with {keys[0][which]} and {keys[1][which]} are missing.",
            lambda s, parts=parts: held(s, "ur", lambda gate: sigmoid(s.sum(gate, parts=parts))),
        )
    if form.after:
        yield (
            "second_gate_biases_forgotten",
            f"Both of your gates leave out their second biases: add {keys[0][3]} and {keys[1][3]}.",
            lambda s: held(s, "ur", lambda gate: sigmoid(s.sum(gate) - s.parameters[gate][3])),
        )
    yield (
        "update_gate_sees_the_reset_state",
        f"Your update gate looks at {r} times {h}: both gates look at the old state as it is.",
        lambda s: s.mix(u=sigmoid(s.sum("u", s.r * s.h))),
    )
    yield (
        "reset_gate_sees_the_updated_state",
        f"{names[1].replace('the', 'Your', 1)} looks at {z} times {h}: both gates look at the old state as it is.",
        lambda s: s.mix(candidate=s.candidate(r=sigmoid(s.sum("r", s.u * s.h)))),
    )


def of_a_step(form: Form) -> Mistakes:
    """All wrong steps that are put together from the parts of a right one."""
    return chain(in_the_mixture(form), in_the_gates(form), in_the_candidate(form))


def step_mistakes(form: Form) -> Callable[[Exercise], None]:
    """Everything that goes wrong in one step: its parts, its parameters, its result, its arguments."""

    def add(exercise: Exercise) -> None:
        for name, hint, wrong in of_a_step(form):
            exercise.add_mistake(name, hint, lambda x, h, params, wrong=wrong: wrong(Step(form, x, h, params)))
        exercise.add(
            steps.parameter_mistakes(form.gates, at=2, split=form.split, join=form.join),
            parameters.copied_parameters(form.gates, at=2, split=form.split, join=form.join),
            steps.result_mistakes(),
            steps.overwrites(1),
            forms.overwrites_arguments(),
        )
        exercise.add_mistake(
            "gate_returned_too",
            "You return the update gate as well: return the new state alone.",
            lambda x, h, params: (exercise.reference(x, h, params), Step(form, x, h, params).u),
        )
        if form.reset and not form.after:
            exercise.add_mistake(
                "state_reset_in_place",
                f"You multiply {form.state} by {form.reset} in place: the caller's array changes, and so does what you copy.",
                lambda x, h, params: _reset_in_place(Step(form, x, h, params)),
            )

    return add


def _reset_in_place(s: Step) -> Any:
    u, r = s.u, s.r  # worked out before the state changes
    s.h *= r
    return s.mix(u=u, candidate=s.candidate(r=1.0))


def sequence_mistakes(form: Form) -> Callable[[Exercise], None]:
    """Wrong steps, run over a sequence by a function of (x, initial state, params) that has a step of its own."""

    def add(exercise: Exercise) -> None:
        for name, hint, wrong in of_a_step(form):

            def run(x: Any, h: Any, params: Any, wrong: Wrong = wrong) -> Any:
                states = []
                for x_t in x:
                    h = wrong(Step(form, x_t, h, params))
                    states.append(h)
                return np.stack(states)

            exercise.add_mistake(name, f"At each step: {hint[0].lower()}{hint[1:]}", run)

    return add
