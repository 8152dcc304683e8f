"""Right numbers in a wrong form, and arguments that are overwritten: what can go wrong with any function of arrays."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from autograder.checking.exercise import Exercise

Change = Callable[[np.ndarray], Any]


def of_each(change: Change, result: Any) -> Any:
    """A change of each array of a result, which may be one array, a tuple or a dict of them."""
    if isinstance(result, tuple):
        return tuple(of_each(change, one) for one in result)
    if isinstance(result, dict):
        return {key: of_each(change, one) for key, one in result.items()}
    return change(result)


def changed(name: str, hint: str, change: Change) -> Callable[[Exercise], None]:
    """The mistake of changing each array of the result."""
    return lambda exercise: exercise.add_mistake(name, hint, lambda *args: of_each(change, exercise.reference(*args)))


def single_precision(exercise: Exercise) -> None:
    """The mistake of computing in float32."""

    def narrow(value: Any) -> Any:
        return value.astype(np.float32) if isinstance(value, np.ndarray) and value.dtype.kind == "f" else value

    exercise.add_mistake(
        "single_precision",
        "Your result is in single precision (float32): keep the float64 of the arguments.",
        lambda *args: of_each(lambda one: np.asarray(one, np.float32), exercise.reference(*map(narrow, args))),
    )


def squeezed(exercise: Exercise) -> None:
    """The mistake of dropping every axis of length 1."""
    hint = "Your result loses every axis of length 1, as np.squeeze does: keep the axes of one example or one unit."
    changed("squeezed", hint, np.squeeze)(exercise)


def one_row_per_example(exercise: Exercise) -> None:
    """Mistakes in the form of a result with one row per example."""
    for family in (
        changed("result_transposed", "Your result is transposed: it should have one row per example.", np.transpose),
        changed(
            "batch_axis_lost",
            "For a batch of one example your result loses its first axis: it should keep one row per example.",
            lambda one: one[0] if len(one) == 1 else one,
        ),
        changed("as_a_list", "Your result is a list: make it one array, with np.array or np.stack.", list),
        changed(
            "first_example_for_all",
            "Every row of your result is that of the first example: each example has its own.",
            lambda one: np.broadcast_to(one[:1], one.shape).copy(),
        ),
        changed(
            "last_example_for_all",
            "Every row of your result is that of the last example: each example has its own.",
            lambda one: np.broadcast_to(one[-1:], one.shape).copy(),
        ),
        changed(
            "averaged_over_batch",
            "Every row of your result is the mean over the batch: the examples must not mix.",
            lambda one: np.broadcast_to(one.mean(axis=0), one.shape).copy(),
        ),
        single_precision,
    ):
        family(exercise)


def overwrites_arguments(without: Sequence[str] = ()) -> Callable[[Exercise], None]:
    """For each argument the mistake of changing it, where there is not one by that name yet."""

    def add(exercise: Exercise) -> None:
        code = exercise.reference.__code__
        for place, name in enumerate(code.co_varnames[: code.co_argcount]):

            def wrong(*args: Any, place: int = place) -> Any:
                answer = exercise.reference(*args)
                given = args[place]
                for one in given.values() if isinstance(given, dict) else [given]:
                    if isinstance(one, np.ndarray):
                        one += np.ones((), one.dtype)
                return answer

            if name not in without and f"{name}_overwritten" not in exercise.mistakes:
                exercise.add_mistake(
                    f"{name}_overwritten",
                    f"Your function changes its argument {name}, which belongs to the caller: leave it as it was.",
                    wrong,
                )

    return add
