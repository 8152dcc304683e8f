"""The way back through time: sizes, checks, and what goes wrong with what is carried, with order, old states and sums."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from autograder.checking.checks import pure
from autograder.checking.exercise import Case, Cases, Exercise
from autograder.exercises.families import sequences
from autograder.exercises.families.backward import SINGLE, Gradients, Groups, by_name, group_checks, like

DIRECT = (
    ("direct_terms_lost", "Only the last step's direct gradient gets in: add dstates[t] at every step on the way back.", lambda d, t: d[t] * (t == len(d) - 1)),
    ("direct_terms_one_step_late", "Your direct gradients are off by one: step t takes dstates[t], not dstates[t + 1].", lambda d, t: d[t + 1] if t + 1 < len(d) else 0.0 * d[t]),
    ("direct_terms_one_step_early", "Your direct gradients are off by one: step t takes dstates[t], not dstates[t - 1].", lambda d, t: d[t - 1]),
    ("direct_terms_added_up", "You add up the direct gradients of later steps as they are: they reach step t only through the steps between.", lambda d, t: d[t:].sum(axis=0)),
)  # fmt: skip
PREVIOUS = (
    ("initial_state_ignored", "At the first step you take zeros for the old state: take the initial state that you are given.", lambda t, start, one: one[t - 1] if t else np.zeros_like(start)),
    ("previous_wraps_round", "At the first step states[t - 1] is states[-1], the last state: the state before the first step is h0.", lambda t, start, one: one[t - 1]),
    ("same_state_for_previous", "You pair step t with states[t] as its old state: the old state is states[t - 1], and h0 at the first step.", lambda t, start, one: one[t]),
    ("initial_state_everywhere", "You take h0 for the old state of every step: only the first step starts there, the others from states[t - 1].", lambda t, start, one: start),
    ("first_state_for_the_initial_one", "At the first step you take states[0] for the old state: the state before the first step is h0.", lambda t, start, one: one[max(t - 1, 0)]),
)  # fmt: skip
ORDERS = (
    ("one_step_short", "Your loop leaves out the first step: go back to t = 0.", lambda T: range(T - 1, 0, -1)),
    ("last_step_left_out", "Nothing of dstates[-1] gets in: the way back starts at the last step, t = T - 1.", lambda T: range(T - 2, -1, -1)),
    ("forwards", "You go through the steps from first to last: gradients travel from the last step to the first.", lambda T: range(T)),
)  # fmt: skip


@dataclass(frozen=True)
class BackThroughTime:
    """The family of ``f(dstates, x, initial state(s), ...)``, backpropagation through time. Give it to ``exercise.add``.

    Attributes:
        step: the exercise of one step back, whose mistakes are mistakes here too. It returns dx, the gradients of the old
            states, and then those of the parameters, by the same names as here.
        step_arguments: from (gradients of the new states, x_t, old states, new states, all arguments) to those of a step.
        arguments: draws the arguments. unrolled: from them to the initial states, and to the states after each step.
        groups: what each check is called, and the names (in ``exercise.results``) of the gradients that it looks at.
        states: what is carried. skipped: how many of a step's first results the whole function does not return.
        cut: whether nothing passes from step t + 1 back to step t.
        unlike: mistakes of a step that are called by another name here.
    """

    step: Exercise
    step_arguments: Callable[..., tuple[Any, ...]]
    arguments: sequences.Arguments
    unrolled: Callable[[tuple[Any, ...]], tuple[Sequence[np.ndarray], Sequence[np.ndarray]]]
    groups: Groups
    states: Sequence[str] = ("h",)
    skipped: int = 0
    cut: Callable[[int, tuple[Any, ...]], bool] = lambda t, args: False
    unlike: Sequence[str] = ()

    def run(self, args: tuple[Any, ...], **wrong: Any) -> Any:
        """The way back, with a part that may be wrong: order, previous, handed, carry, direct, kept, cut, function."""
        names, n = self.step.results, len(self.states)
        dstates, x = args[:2]
        starts, after = self.unrolled(args)
        before = wrong.get("previous", lambda t, start, one: one[t - 1] if t else start)
        direct, carry = wrong.get("direct", lambda d, t: d[t]), wrong.get("carry", lambda new, old: new)
        handed = wrong.get("handed", lambda carried: carried)
        kept, function = wrong.get("kept", lambda t, T: True), wrong.get("function", self.step.reference)

        def one_step(t: int, carried: Sequence[np.ndarray]) -> Any:
            given = [carried[0] + direct(dstates, t), *carried[1:]]
            olds = [np.array(before(t, start, one)) for start, one in zip(starts, after, strict=True)]
            return function(*self.step_arguments(given, x[t].copy(), olds, [one[t].copy() for one in after], args))

        carried = [np.zeros_like(start) for start in starts]
        answer = one_step(0, carried)
        total = {key: 0.0 * one for key, one in by_name(answer, names).items()}
        total[names[0]] = np.zeros(x.shape)
        for t in wrong.get("order", lambda T: range(T - 1, -1, -1))(len(x)):
            if wrong.get("cut", self.cut)(t, args):
                carried = [0.0 * one for one in carried]
            answer = one_step(t, handed(carried))
            found = by_name(answer, names)
            total[names[0]][t] = found.pop(names[0])
            carried = carry([found.pop(name) for name in names[1 : 1 + n]], carried)
            total |= {key: total[key] + kept(t, len(x)) * part for key, part in found.items()}
        return like(answer, names, total | dict(zip(names[1 : 1 + n], carried, strict=True)))[self.skipped :]

    def __call__(self, exercise: Exercise) -> None:
        """Add cases, checks and mistakes."""

        def mistake(name: str, hint: str, **wrong: Any) -> None:
            exercise.add_mistake(name, hint, lambda *args: self.run(args, **wrong))

        def changed(name: str, hint: str, change: Callable[[Gradients, int, int], Gradients]) -> None:
            def wrong(*args: Any) -> Any:
                answer = exercise.reference(*args)
                gradients = by_name(answer, exercise.results)
                return like(answer, exercise.results, gradients | change(gradients, *args[1].shape[:2]))

            exercise.add_mistake(name, hint, wrong)

        @exercise.cases
        def draw(rng: np.random.Generator) -> Cases:
            cases = {name: Case(self.arguments(rng, *sizes)) for name, sizes in sequences.SIZES.items()}
            direct, *rest = self.arguments(rng, *sequences.SIZES["a sequence"])
            return cases | {"large direct gradients": Case((100.0 * direct, *rest))}

        group_checks(exercise, self.groups, [*sequences.SIZES, "large direct gradients"])
        exercise.checks(pure("a sequence", weight=0.5))
        data = exercise.results[: max(0, 1 + len(self.states) - self.skipped)]

        mistake(
            "not_carried",
            "No gradient passes from a step to the one before: add what step t + 1 hands back to dstates[t].",
            handed=lambda carried: [0.0 * one for one in carried],
        )
        for place, state in enumerate(self.states if len(self.states) > 1 else ()):
            mistake(
                f"d{state}_not_carried",
                f"The gradient of {state} is not carried back from later steps: step t starts from that of step t + 1.",
                handed=lambda carried, place=place: [one * (k != place) for k, one in enumerate(carried)],
            )
        mistake(
            "carried_added_up",
            "You add up what all later steps hand back: into step t goes only dstates[t] and what step t + 1 handed back.",
            carry=lambda new, old: [one + other for one, other in zip(new, old, strict=True)],
        )
        for name, hint, direct in DIRECT:
            mistake(name, hint, direct=direct)
        for name, hint, previous in PREVIOUS:
            mistake(name, hint, previous=previous)
        for name, hint, order in ORDERS:
            mistake(name, hint, order=order)
        for name, hint, wrong in (
            ("overwritten", "Your gradients of the parameters are those of the first step alone: add up those of all steps.", {"kept": lambda t, T: t == 0}),
            ("only_the_last_step", "Your gradients of the parameters are those of the last step alone: add up those of all steps.", {"kept": lambda t, T: t == T - 1}),
        ):  # fmt: skip
            mistake(name, hint, **wrong)
        for name, hint, change in (
            ("averaged_over_time", "You average the gradients of the parameters over the steps: sum them.", lambda g, T, B: {key: one / T for key, one in g.items() if key not in data}),
            ("averaged_over_time_and_batch", "You average the gradients of the parameters over steps and examples: sum them.", lambda g, T, B: {key: one / (T * B) for key, one in g.items() if key not in data}),
            ("single_precision", SINGLE, lambda g, T, B: {key: one.astype(np.float32) for key, one in g.items()}),
        ):  # fmt: skip
            changed(name, hint, change)
        for key in data[:1]:
            for name, hint, change in (
                (f"{key}_stored_backwards", f"Your {key} runs from the last step to the first: entry t belongs to x[t].", lambda g, T, B, key=key: {key: g[key][::-1]}),
                (f"{key}_batch_first", f"Your {key} has the batch first: it should be (T, B, D), time first, like x.", lambda g, T, B, key=key: {key: g[key].swapaxes(0, 1)}),
                (f"{key}_zero", f"Your {key} is zero everywhere: each step gives the gradient of its own input.", lambda g, T, B, key=key: {key: 0.0 * g[key]}),
            ):  # fmt: skip
                changed(name, hint, change)
        for key in data[1:]:
            changed(
                f"{key}_zero",
                f"Your {key} is zero: it is what the first step hands back.",
                lambda g, T, B, key=key: {key: 0.0 * g[key]},
            )

        def written_into(*args: Any) -> Any:
            answer = exercise.reference(*args)
            args[0][...] += 1.0
            return answer

        exercise.add_mistake(
            "direct_gradient_overwritten",
            "Your function writes into dstates, which belongs to the caller: add into a new array.",
            written_into,
        )
        own = {*self.unlike, *(f"{name}_zero" for name in self.step.results[: 1 + len(self.states)])}
        for of_step in self.step.mistakes.values():
            name = of_step.id.partition(".")[2]
            if (
                name not in exercise.mistakes
                and name not in own
                and not name.endswith("_overwritten")
                and not name.startswith("nan_")
            ):
                mistake(name, of_step.hint, function=of_step.function)
