"""What goes wrong in one step of a GRU: one set of mistakes for all of its forms, hints in the words of each."""

from collections.abc import Callable, Iterator
from itertools import chain, combinations
from typing import Any

import numpy as np

from autograder.checking.exercise import Exercise
from autograder.exercises.families import parameters, steps
from autograder.exercises.families.gru import Form, Step
from autograder.reference.rnn import sigmoid

Mistakes = Iterator[
    tuple[str, str, Callable[[Step], Any]]
]  # name, hint, from a step taken apart to the wrong new state


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
        (
            "both_kept_whole",
            f"You add old state and {n} without weights: they are {old} and {new}.",
            {"old": 1.0, "new": 1.0},
        ),
        (
            "candidate_alone",
            f"You return the {n} itself: the update gate still has to mix it with the old state.",
            {"old": 0.0, "new": 1.0},
        ),
        (
            "old_state_alone",
            f"Your new state equals the old one: the {n}, with weight {new}, has to come into it.",
            {"old": 1.0, "new": 0.0},
        ),
        ("old_part_missing", f"Your new state lacks the part {old} times the old state.", {"old": 0.0}),
        ("candidate_part_missing", f"Your new state lacks the part {new} times the {n}.", {"new": 0.0}),
    ):
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
    (
        "averaged_over_units",
        "averaged over the units: each unit has a value of its own",
        lambda a: _per_example(sigmoid(a)),
    ),
    (
        "averaged_over_batch",
        "averaged over the batch: each example has a value of its own",
        lambda a: _per_unit(sigmoid(a)),
    ),
    (
        "of_the_first_example",
        "that of the first example, for all of the batch: each example has its own",
        lambda a: sigmoid(a[:1]) + 0 * a,
    ),
)


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
    if not form.reset:
        return
    z, r, h, keys = form.update, form.reset, form.state, list(form.gates.values())
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


def in_the_candidate(form: Form) -> Mistakes:
    """Wrong candidates."""
    z, r, h, n = form.update, form.reset, form.state, form.candidate
    _, U, bias, *second = list(form.gates.values())[-1]

    def candidate(**change: Any) -> Callable[[Step], Any]:
        return lambda s: s.mix(candidate=s.candidate(**change))

    yield (
        "candidate_by_sigma",
        f"Your {n} is squashed by the logistic function, so it is never negative: it needs tanh.",
        candidate(squash=sigmoid),
    )
    yield (
        "candidate_not_squashed",
        f"Your {n} is the plain sum: the tanh around it is missing, so the state can grow beyond 1.",
        candidate(squash=lambda a: a),
    )
    yield (
        "candidate_by_relu",
        f"Your {n} is 0 wherever its sum is negative, and not bounded: it needs tanh.",
        candidate(squash=lambda a: np.maximum(a, 0)),
    )

    def separately(s: Step, with_input: bool) -> Any:
        _, U, *biases = s.parameters["n"]
        product = s.r * (s.h @ U.T + biases[-1]) if form.after else (s.r * s.h) @ U.T
        left = s.sum("n", parts="x") + (biases[0] if with_input or form.after else 0)
        return s.mix(candidate=np.tanh(left) + np.tanh(product + (0 if with_input or form.after else biases[0])))

    hint = f"You take one tanh of the input's part of the {n} and another of the state's part"
    yield (
        "squashed_separately",
        f"{hint}: add first, then take one tanh of the sum.",
        lambda s: separately(s, with_input=False),
    )
    if not form.after:
        yield (
            "squashed_separately_bias_first",
            f"{hint}, with the bias in the first: add all, then take one tanh of the sum.",
            lambda s: separately(s, with_input=True),
        )

    def outside(s: Step) -> Any:
        first = s.parameters["n"][2]
        return s.mix(candidate=np.tanh(s.candidate(squash=lambda a: a) - first) + first)

    yield "bias_outside", f"You add {bias} after the tanh: it belongs inside, so that the {n} stays within 1.", outside
    for name, gate, value in (
        ("update_gate_resets", z, lambda s: s.u),
        ("one_minus_update_gate_resets", f"1 - {z}", lambda s: 1 - s.u),
    )[1 if r else 0 :]:  # with two gates, the first comes from the mistakes with parameters
        right = f"it should see {r} times {h}" if r else f"this cell has no relevance gate, so it sees all of {h}"
        yield (
            name,
            f"Your {n} sees {gate} times the old state: {right}.",
            lambda s, value=value: s.mix(candidate=s.candidate(r=value(s))),
        )
    if not r:
        return
    for name, value, words in (
        ("reset_inverted", lambda s: 1 - s.r, f"Your {n} sees 1 - {r} times the old state"),
        ("reset_twice", lambda s: s.r**2, f"Your {n} sees the old state multiplied by {r} twice"),
        ("both_gates_reset", lambda s: s.r * s.u, f"Your {n} sees the old state multiplied by {r} and by {z}"),
    ):
        yield (
            name,
            f"{words}: it is multiplied by {r}, once, so that {r} = 1 lets all of it in.",
            lambda s, value=value: s.mix(candidate=s.candidate(r=value(s))),
        )
    yield (
        "finished_candidate_reset",
        f"You multiply the finished {n} by {r}: {r} acts inside, on the part that comes from the old state.",
        lambda s: s.mix(candidate=s.r * s.candidate(r=1.0)),
    )
    yield (
        "candidate_reset_inside_and_outside",
        f"You multiply the finished {n} by {r} once more: {r} acts inside only, on the part from the old state.",
        lambda s: s.mix(candidate=s.r * s.candidate()),
    )
    yield from _reset_elsewhere(form, U, bias, second)


def _reset_elsewhere(form: Form, U: str, bias: str, second: list[str]) -> Mistakes:
    """The reset gate in every other place of the candidate's sum."""
    r, n = form.reset, form.candidate
    right = f"{U} {form.state} + {second[0]}, and nothing else" if form.after else f"the old state alone, before {U}"
    words = {
        "before": f"the old state, before {U}",
        "after": f"the product with {U}",
        "input": "the input's part",
        "bias": bias,
        "second bias": "".join(second),
    }
    extra = ("input", "bias", "second bias") if second else ("input", "bias")
    for where in ("before", "after", "nowhere"):
        for scaled in chain.from_iterable(combinations(extra, k) for k in range(len(extra) + 1)):
            if (where, scaled) == (("after", ("second bias",)) if form.after else ("before", ())):
                continue
            touched = [*([] if where == "nowhere" else [where]), *scaled]
            name = "reset_on_" + "_and_".join(touched).replace(" ", "_") if touched else "no_reset"
            does = " and ".join(words[part] for part in touched)
            yield (
                name,
                f"In your {n}, {r} multiplies {does}: it should multiply {right}."
                if touched
                else f"Your {n} does not depend on {r}: it should multiply {right}.",
                lambda s, where=where, scaled=scaled: s.mix(candidate=s.candidate(where=where, scaled=scaled)),
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

            def run(x: Any, h: Any, params: Any, wrong: Callable[[Step], Any] = wrong) -> Any:
                states = []
                for x_t in x:
                    h = wrong(Step(form, x_t, h, params))
                    states.append(h)
                return np.stack(states)

            exercise.add_mistake(name, f"At each step: {hint[0].lower()}{hint[1:]}", run)

    return add
