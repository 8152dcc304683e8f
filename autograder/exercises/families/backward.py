"""The way back through one step: sizes, checks, and what goes wrong with sums, slices and shapes of gradients."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Cases, Exercise
from autograder.exercises.families import steps

LARGE = "a large gradient that comes in"
SINGLE = "Your gradients are in single precision (float32): keep the float64 of the arguments."
Gradients = dict[str, Any]
Groups = Mapping[str, Sequence[str]]  # the name of a check, and the gradients that it looks at


def by_name(result: Any, names: Sequence[str]) -> Gradients:
    """The gradients of a result by name; those in a dict by their keys."""
    gradients: Gradients = {}
    for name, one in zip(names, result, strict=True):
        gradients |= one if isinstance(one, dict) else {name: one}
    return gradients


def like(result: Any, names: Sequence[str], gradients: Gradients) -> tuple[Any, ...]:
    """Gradients in the form of a result."""
    return tuple(
        {key: gradients[key] for key in one} if isinstance(one, dict) else gradients[name]
        for name, one in zip(names, result, strict=True)
    )


def _called(key: str) -> str:
    return key if key.startswith("d") else f"gradient of {key}"


def group_checks(exercise: Exercise, groups: Groups, cases: Sequence[str]) -> None:
    """One check for each group of gradients."""
    for name, keys in groups.items():

        def pick(result: Any, keys: Sequence[str] = keys) -> list[Any]:
            return [by_name(result, exercise.results)[key] for key in keys]

        exercise.checks(values(name, *cases, part=pick))


def _form_mistakes(exercise: Exercise, matrices: Sequence[str], vectors: Sequence[str]) -> None:
    """What can be wrong with finished gradients, of a step or of a sequence."""
    parameters = [*matrices, *vectors]

    def changed(name: str, hint: str, change: Callable[[Gradients], Gradients]) -> None:
        def wrong(*args: Any) -> Any:
            answer = exercise.reference(*args)
            gradients = by_name(answer, exercise.results)
            return like(answer, exercise.results, gradients | change(gradients))

        exercise.add_mistake(name, hint, wrong)

    for key in [name for name in exercise.results if name.startswith("d")] + [k for k in parameters if k[0] != "d"]:
        changed(
            f"{key}_zero",
            f"Your {_called(key)} is zero everywhere: nothing is added to it.",
            lambda g, key=key: {key: 0.0 * g[key]},
        )
    for key in matrices:
        changed(
            f"{key}_transposed",
            f"Your {_called(key)} alone is transposed: a gradient has the shape of its matrix.",
            lambda g, key=key: {key: g[key].T},
        )
    data = [name for name in exercise.results if name.startswith("d") and name not in parameters]
    for one, other in pairwise(data):
        changed(
            f"{one}_and_{other}_exchanged",
            f"Your {one} and {other} are exchanged: the order is {', '.join(exercise.results)}.",
            lambda g, one=one, other=other: {one: g[other], other: g[one]},
        )
    for name, hint, change in (
        ("weight_gradients_transposed", "Your weight gradients are transposed: each has the shape of its matrix, as da.T @ x has.", lambda g: {key: g[key].T for key in matrices}),
        ("parameter_gradients_negated", "Your gradients of the parameters have the wrong sign.", lambda g: {key: -g[key] for key in parameters}),
        ("biases_summed_to_one_number", f"Your {_listed(vectors)}: you sum over the units too. Sum over the batch only: one number per unit.", lambda g: {key: np.sum(g[key]) for key in vectors}),
        ("biases_with_an_axis_too_many", "Your gradient of a bias has an axis too many: its shape is that of the bias, (H,), not (1, H).", lambda g: {key: g[key][None] for key in vectors}),
        ("single_precision", SINGLE, lambda g: {key: one.astype(np.float32) for key, one in g.items()}),
    ):  # fmt: skip
        changed(name, hint, change)


def _listed(keys: Sequence[str]) -> str:
    words = [_called(key) for key in keys]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def step_backward(
    arguments: steps.Arguments, groups: Groups, matrices: Sequence[str], vectors: Sequence[str], batched: Sequence[int]
) -> Callable[[Exercise], None]:
    """Cases, checks and mistakes of the way back through one step. ``exercise.results`` names what it returns.

    Args:
        arguments: draws the arguments, the incoming gradient first.
        groups: what each check is called, and the names of the gradients that it looks at.
        matrices, vectors: the names of the parameters' gradients, which are summed over the batch.
        batched: the places of the arguments with one row per example.
    """
    parameters = [*matrices, *vectors]

    def add(exercise: Exercise) -> None:
        @exercise.cases
        def draw(rng: np.random.Generator) -> Cases:
            cases = {name: Case(arguments(rng, *sizes)) for name, sizes in steps.SIZES.items()}
            first, *rest = arguments(rng, *steps.SIZES["a batch"])
            return cases | {LARGE: Case((100.0 * first, *rest))}

        group_checks(exercise, groups, (*steps.SIZES, LARGE))
        exercise.checks(pure("a batch", "one example", weight=0.5))
        _form_mistakes(exercise, matrices, vectors)

        def single(args: tuple[Any, ...]) -> list[Gradients]:
            """The gradients of each example by itself."""
            return [
                by_name(
                    exercise.reference(*(a[n : n + 1] if k in batched else a for k, a in enumerate(args))),
                    exercise.results,
                )
                for n in range(len(args[batched[0]]))
            ]

        def changed(name: str, hint: str, change: Callable[[Gradients, list[Gradients]], Gradients]) -> None:
            def wrong(*args: Any) -> Any:
                answer = exercise.reference(*args)
                gradients = by_name(answer, exercise.results)
                return like(answer, exercise.results, gradients | change(gradients, single(args)))

            exercise.add_mistake(name, hint, wrong)

        def stacked(keys: Iterable[str], ones: list[Gradients]) -> Gradients:
            return {key: np.stack([one[key] for one in ones]) for key in keys}

        for name, keys, words in (
            ("averaged", parameters, "the gradients of the parameters"),
            ("biases_averaged", vectors, _listed(vectors)),
            ("weights_averaged", matrices, _listed(matrices)),
        ):
            changed(
                name,
                f"You average {words} over the batch: sum, the loss has done any averaging already.",
                lambda g, ones, keys=keys: {key: g[key] / len(ones) for key in keys},
            )
        for name, hint, change in (
            ("all_averaged", "Every gradient of yours is divided by the number of examples: the loss has done any averaging already.", lambda g, ones: {key: g[key] / len(ones) for key in g}),
            ("biases_not_summed", "A bias is shared by all examples: its gradient is the sum over the batch, of shape (H,).", lambda g, ones: stacked(vectors, ones)),
            ("weights_not_summed", "Your weight gradients are those of each example by itself: sum them over the batch.", lambda g, ones: stacked(matrices, ones)),
            ("nothing_summed", "Your gradients of the parameters are those of each example by itself: sum them over the batch.", lambda g, ones: stacked(parameters, ones)),
            ("biases_summed_over_units", "Your gradient of a bias is summed over the units: sum over the examples, axis 0.", lambda g, ones: {key: one.sum(axis=1) for key, one in stacked(vectors, ones).items()}),
            ("only_the_last_example", "Your gradients of the parameters are those of the last example alone: add up those of all examples.", lambda g, ones: {key: ones[-1][key] for key in parameters}),
            ("only_the_first_example", "Your gradients of the parameters are those of the first example alone: add up those of all examples.", lambda g, ones: {key: ones[0][key] for key in parameters}),
        ):  # fmt: skip
            changed(name, hint, change)

    return add
