"""A cell run over a sequence, forwards: the cases, the checks, and what goes wrong with time, start and storage."""

from collections.abc import Callable
from typing import Any

import numpy as np

from autograder.checking.checks import pure, related, values
from autograder.checking.exercise import Case, Cases, Exercise
from autograder.exercises.families import forms
from autograder.exercises.families.sequence_results import FORMS, RESULTS

Arguments = Callable[..., tuple[Any, ...]]  # (rng, T, B, D, H) -> x, the initial states, and the parameters

# (T, B, D, H): every coincidence of sizes occurs
SIZES = {
    "a sequence": (6, 3, 2, 4),
    "one step": (1, 2, 3, 5),
    "one example": (4, 1, 3, 2),
    "as many steps as examples": (3, 3, 2, 4),
    "as many steps as units": (4, 2, 3, 4),
    "as many examples as units": (5, 3, 2, 3),
    "as many inputs as units": (5, 2, 3, 3),
    "three of everything": (3, 3, 3, 3),
    "one of everything": (1, 1, 1, 1),
}
SPECIAL = tuple(name for name in SIZES if name not in ("a sequence", "one step"))


def forward_sequence(
    arguments: Arguments,
    step: Callable[..., Any],
    states: tuple[str, ...] = ("state",),
    step_exercise: Exercise | None = None,
) -> Callable[[Exercise], None]:
    """Cases, checks and mistakes of a function ``f(x, initial state(s), *parameters) -> all states``, time first.

    Args:
        arguments: draws x (T, B, D), the initial states and the parameters.
        step: the reference of one step, ``step(x_t, *states, *parameters)``.
        states: what is carried from step to step: ("state",) or ("state", "cell").
        step_exercise: the exercise of one step, whose mistakes are mistakes here too.
    """
    n, several = len(states), len(states) > 1

    def parts(answer: Any) -> tuple[np.ndarray, ...]:
        return tuple(answer) if several else (answer,)

    def whole(answers: Any) -> Any:
        answers = tuple(answers)
        return answers if several else answers[0]

    def add(exercise: Exercise) -> None:
        forward = exercise.reference
        names = list(forward.__code__.co_varnames[1 : 1 + n])

        @exercise.cases
        def draw(rng: np.random.Generator) -> Cases:
            x, *rest = arguments(rng, *SIZES["a sequence"])
            later = x.copy()
            later[4:] = rng.normal(size=later[4:].shape)
            starts = [start[::-1].copy() for start in rest[:n]]
            return {
                "a sequence": Case((x, *rest)),
                "its last inputs changed": Case((later, *rest)),
                "its batch reversed": Case((x[:, ::-1].copy(), *starts, *rest[n:])),
                **{name: Case(arguments(rng, *sizes)) for name, sizes in SIZES.items() if name != "a sequence"},
            }

        for place, state in enumerate(states):
            part = place if several else None
            exercise.checks(values(f"all {state}s of a sequence", "a sequence", weight=2, part=part))
        exercise.checks(
            values("a sequence of one step", "one step", property=True),
            values("one example, and sizes that are equal", *SPECIAL),
            related(
                "a later input does not change an earlier state",
                "a sequence",
                "its last inputs changed",
                lambda a, b: all(
                    np.allclose(p[:4], q[:4]) and not np.allclose(p[4:], q[4:])
                    for p, q in zip(parts(a), parts(b), strict=True)
                ),
                weight=0.5,
            ),
            related(
                "the examples of a batch do not mix",
                "a sequence",
                "its batch reversed",
                lambda a, b: all(np.allclose(p[:, ::-1], q) for p, q in zip(parts(a), parts(b), strict=True)),
                weight=0.5,
            ),
            pure("a sequence", weight=0.5),
        )

        def mistake(name: str, hint: str) -> Callable[[Callable[..., Any]], None]:
            return lambda function: exercise.add_mistake(name, hint, function)

        def changed(function: Callable[[np.ndarray], Any]) -> Callable[..., Any]:
            return lambda *args: whole(map(function, parts(forward(*args))))

        for place, (state, name) in enumerate(zip(states, names, strict=True)):

            def start_is_zero(x: np.ndarray, *rest: Any, place: int = place) -> Any:
                return forward(
                    x, *(np.zeros_like(one) if k == place else one for k, one in enumerate(rest[:n])), *rest[n:]
                )

            def not_carried(x: np.ndarray, *rest: Any, place: int = place) -> Any:
                now, kept = list(rest[:n]), []
                for x_t in x:
                    new = parts(step(x_t, *now, *rest[n:]))
                    kept.append(new)
                    now = [rest[k] if k == place else one for k, one in enumerate(new)]
                return whole(map(np.stack, zip(*kept, strict=True)))

            def zero_at_every_step(x: np.ndarray, *rest: Any, place: int = place) -> Any:
                zeros = [np.zeros_like(one) if k == place else one for k, one in enumerate(rest[:n])]
                return not_carried(x, *zeros, *rest[n:], place=place)

            def two_steps_before(x: np.ndarray, *rest: Any, place: int = place) -> Any:
                now, kept = list(rest[:n]), []
                for x_t in x:
                    kept.append(parts(step(x_t, *now, *rest[n:])))
                    now = [rest[k] if len(kept) < 2 else kept[-2][k] for k in range(n)]
                return whole(map(np.stack, zip(*kept, strict=True)))

            def overwritten(x: np.ndarray, *rest: Any, place: int = place) -> Any:
                answer = forward(x, *rest)
                rest[place][...] = parts(answer)[place][-1]
                return answer

            mistake(f"{name}_ignored", f"Your first step starts from a {state} of zeros: it should start from {name}.")(
                start_is_zero
            )
            mistake(
                f"{state}_not_carried",
                f"Every one of your steps starts from {name}: carry the new {state} into the next step.",
            )(not_carried)
            if not place:
                mistake(
                    "two_steps_before",
                    f"Your steps start from the {state} of two steps before: step t starts from what step t - 1 gave.",
                )(two_steps_before)
            mistake(
                f"{state}_zero_at_every_step",
                f"Every one of your steps starts from a {state} of zeros: the first starts from {name}, the others from the last {state}.",
            )(zero_at_every_step)
            mistake(
                f"{name}_overwritten",
                f"Your function writes into {name}, which belongs to the caller: start from it, but do not change it.",
            )(overwritten)

        @mistake(
            "with_initial_state",
            "You return the initial state in front of the others: entry t should be the state after input t.",
        )
        def with_initial_state(x: np.ndarray, *rest: Any) -> Any:
            answer = parts(forward(x, *rest))
            return whole(np.concatenate([start[None], one]) for start, one in zip(rest[:n], answer, strict=True))

        @mistake(
            "one_step_late",
            "Your states are one step late: you store the state before each step, not the one after it.",
        )
        def one_step_late(x: np.ndarray, *rest: Any) -> Any:
            answer = parts(forward(x, *rest))
            return whole(np.concatenate([start[None], one])[:-1] for start, one in zip(rest[:n], answer, strict=True))

        @mistake(
            "stepped_along_the_batch",
            "You step along the second axis of x, which is the batch: time is its first axis.",
        )
        def stepped_along_the_batch(x: np.ndarray, *rest: Any) -> Any:
            return whole(one.swapaxes(0, 1) for one in parts(forward(x.swapaxes(0, 1), *rest)))

        @mistake(
            "stepped_along_the_batch_and_kept_so",
            "You step along the second axis of x, which is the batch, and return its steps first: time is the first axis of both.",
        )
        def along_the_batch(x: np.ndarray, *rest: Any) -> Any:
            return forward(x.swapaxes(0, 1), *rest)

        @mistake(
            "start_overwritten_at_every_step",
            f"You write each new state into {names[0]} itself: it changes, and all entries of your result are that one array.",
        )
        def start_overwritten_at_every_step(x: np.ndarray, *rest: Any) -> Any:
            answer = parts(forward(x, *rest))
            for start, one in zip(rest[:n], answer, strict=False):
                start[...] = one[-1]
            return whole(np.stack([one[-1]] * len(one)) for one in answer)

        @mistake("read_backwards", "You read the sequence from its end: start with x[0].")
        def read_backwards(x: np.ndarray, *rest: Any) -> Any:
            return whole(one[::-1] for one in parts(forward(x[::-1], *rest)))

        @mistake(
            "read_backwards_and_kept_so",
            "You read the sequence from its end, and store the states in that order: start with x[0].",
        )
        def kept_so(x: np.ndarray, *rest: Any) -> Any:
            return forward(x[::-1], *rest)

        @mistake("first_input_repeated", "Every one of your steps sees the first input: step t must see x[t].")
        def first_input_repeated(x: np.ndarray, *rest: Any) -> Any:
            return forward(np.repeat(x[:1], len(x), axis=0), *rest)

        for name, hint, shift in (
            ("inputs_one_step_late", "Your step t sees x[t - 1], and x[-1] at first: it should see x[t].", 1),
            ("inputs_one_step_early", "Your step t sees x[t + 1], and x[0] at last: it should see x[t].", -1),
        ):
            exercise.add_mistake(name, hint, lambda x, *rest, shift=shift: forward(np.roll(x, shift, axis=0), *rest))

        @mistake("first_input_twice", "Your steps after the first see x[t - 1]: step t should see x[t].")
        def first_input_twice(x: np.ndarray, *rest: Any) -> Any:
            return forward(np.concatenate([x[:1], x[:-1]]), *rest)

        @mistake("last_input_repeated", "Every one of your steps sees the last input: step t must see x[t].")
        def last_input_repeated(x: np.ndarray, *rest: Any) -> Any:
            return forward(np.repeat(x[-1:], len(x), axis=0), *rest)

        @mistake(
            "one_step_short_of_one",
            f"Your loop is one step short, so that one input gives no {states[0]} at all: T inputs give T.",
        )
        def one_step_short_of_one(x: np.ndarray, *rest: Any) -> Any:
            if len(x) == 1:
                raise ValueError("need at least one array to stack")
            return whole(one[:-1] for one in parts(forward(x, *rest)))

        for name, hint, change in RESULTS:
            exercise.add_mistake(name, hint.replace("STATE", states[0]), changed(change))

        for known in step_exercise.mistakes.values() if step_exercise else ():
            name = known.id.partition(".")[2]
            if (
                name in exercise.mistakes
                or name in FORMS
                or name.endswith(("_overwritten", "_clipped"))
                or name.startswith("nan_")
            ):
                continue

            def by_wrong_step(x: np.ndarray, *rest: Any, function: Callable[..., Any] = known.function) -> Any:
                now, kept = rest[:n], []
                for x_t in x:
                    now = parts(function(x_t.copy(), *(one.copy() for one in now), *rest[n:]))
                    kept.append(now)
                return whole(map(np.stack, zip(*kept, strict=True)))

            exercise.add_mistake(name, known.hint, by_wrong_step)
        exercise.add(forms.squeezed, forms.overwrites_arguments(without=names))

    return add
