"""What goes wrong with the candidate of a GRU, in every form."""

from itertools import chain, combinations
from typing import Any

import numpy as np

from autograder.exercises.families.gru import Form, Mistakes, Step, Wrong
from autograder.reference.rnn import sigmoid


def in_the_candidate(form: Form) -> Mistakes:
    """Wrong candidates."""
    z, r, h, n = form.update, form.reset, form.state, form.candidate
    _, U, bias, *second = list(form.gates.values())[-1]

    def candidate(**change: Any) -> Wrong:
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
        "before": f"the old state (before {U})",
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
