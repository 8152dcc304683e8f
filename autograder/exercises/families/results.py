"""Right numbers in a wrong form: what goes wrong with a result after it was worked out. Tables of mistakes."""

from collections.abc import Callable
from typing import Any

from autograder.checking.exercise import Exercise

Change = Callable[[Any], Any]


def changed_results(*table: tuple[str, str, Change]) -> Callable[[Exercise], None]:
    """A mistake for each name, hint and change of the reference's result."""

    def add(exercise: Exercise) -> None:
        for name, hint, change in table:
            exercise.add_mistake(name, hint, lambda *args, change=change: change(exercise.reference(*args)))

    return add


def time_first(
    entry: str, entries: str, shape: str, parts: bool = False, without: tuple[str, ...] = ()
) -> Callable[[Exercise], None]:
    """What goes wrong with a tensor, time first, or with a tuple of such tensors.

    Args:
        entry, entries: what stands at each step, such as "prediction". shape: of the tensor, such as "(T, B, K)".
        parts: whether the result is a tuple of tensors. without: names of mistakes that have a better hint in the exercise.
    """

    def of_each(change: Change) -> Change:
        return (lambda result: tuple(map(change, result))) if parts else change

    # fmt: off
    table = (
        ("batch_first", f"Your result has the batch first: it should be {shape}, time first, like the input.",
         of_each(lambda one: one.swapaxes(0, 1))),
        ("joined_along_the_batch",
         f"Your {entries} are joined along the batch, without an axis of time: torch.stack makes {shape} of them.",
         of_each(lambda one: one.flatten(0, 1))),
        ("stored_backwards", f"Your {entries} are in reverse order: entry 0 should belong to the first word.",
         of_each(lambda one: one.flip(0))),
        ("one_short", f"The last {entry} is missing from your result: T words give T entries.",
         of_each(lambda one: one[:-1])),
        ("first_missing", f"The first {entry} is missing from your result: T words give T entries.",
         of_each(lambda one: one[1:])),
        ("only_the_last", f"You return the last {entry} only: keep one per word.", of_each(lambda one: one[-1])),
        ("the_last_repeated", f"All your {entries} are the same, the last one: keep what each word gave.",
         of_each(lambda one: one[-1:].expand_as(one).clone())),
        ("lists", f"You return a list where a tensor of shape {shape} is expected: torch.stack makes one of a list of tensors.",
         of_each(lambda one: list(one))),
        ("squeezed", f"An axis of length 1 has disappeared from your result: it is always {shape}, also for one example or one word.",
         of_each(lambda one: one.squeeze())),
        ("batch_axis_lost", f"For a batch of one example your result loses the axis of the batch: it is always {shape}.",
         of_each(lambda one: one.squeeze(1))),
        ("time_axis_lost", f"For a sequence of one word your result loses the axis of time: it is always {shape}.",
         of_each(lambda one: one.squeeze(0))),
        ("single_precision", "Your result is in single precision (float32): keep the precision of the input.",
         of_each(lambda one: one.float())),
    )
    # fmt: on
    return changed_results(*(row for row in table if row[0] not in without))


def overwrites(place: int, name: str, value: Callable[..., Any]) -> Callable[[Exercise], None]:
    """The mistake of writing ``value(result)`` into the argument at this place, called ``name``."""

    def add(exercise: Exercise) -> None:
        def wrong(*args: Any) -> Any:
            result = exercise.reference(*args)
            args[place][...] = value(result)
            return result

        exercise.add_mistake(
            f"{name}_overwritten",
            f"Your function writes into {name}, which belongs to the caller: make a new tensor, and leave {name} as it was.",
            wrong,
        )

    return add
