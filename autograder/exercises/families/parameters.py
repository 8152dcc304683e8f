"""Slips of copying among a cell's parameters: one name in the line where another belongs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import combinations, permutations
from typing import Any

from autograder.checking.exercise import Exercise
from autograder.exercises.families.steps import Change


def copied_parameters(
    gates: Mapping[str, Sequence[str]], at: int, split: Change = dict, join: Change = dict
) -> Callable[[Exercise], None]:
    """What comes out when one parameter is used for another: of another gate, or of the same.

    Args: as of ``steps.parameter_mistakes``.
    """

    def add(exercise: Exercise) -> None:
        for name, hint, pairs in _slips(gates):

            def wrong(*args: Any, pairs: Mapping[str, str] = pairs) -> Any:
                named = split(args[at])
                changed = join(named | {key: named[other] for key, other in pairs.items()})
                return exercise.reference(*args[:at], changed, *args[at + 1 :])

            exercise.add_mistake(name, hint, wrong)

    return add


def _slips(gates: Mapping[str, Sequence[str]]) -> Iterator[tuple[str, str, dict[str, str]]]:
    """Name, hint, and which parameter is used in place of which."""
    for gate, other in permutations(gates, 2):
        for key, used in zip(gates[gate], gates[other], strict=False):
            yield f"{used}_for_{key}", f"In {gate} you use {used}, which belongs to {other}: use {key}.", {key: used}
    for gate, other in combinations(gates, 2):
        for key, used in zip(gates[gate], gates[other], strict=False):
            hint = f"{key} and {used} have changed places: {key} belongs to {gate}, {used} to {other}."
            yield f"{key}_and_{used}_exchanged", hint, {key: used, used: key}
    two_biases = all(len(keys) > 3 for keys in gates.values())  # where only some gates have a fourth, it is a peephole
    for gate, (W, U, *biases) in gates.items():
        hint = f"{{}} in {gate}: {W} belongs to the input, {U} to the old state."
        yield f"{W}_for_{U}", hint.format(f"You multiply the old state by {W}"), {U: W}
        yield f"{U}_for_{W}", hint.format(f"You multiply the input by {U}"), {W: U}
        yield f"{W}_and_{U}_exchanged", hint.format(f"{W} and {U} have changed places"), {W: U, U: W}
        if two_biases:
            first, second = biases[:2]
            yield f"{first}_for_{second}", f"In {gate} you add {first} twice: {second} is missing.", {second: first}
            yield f"{second}_for_{first}", f"In {gate} you add {second} twice: {first} is missing.", {first: second}
    every = list(gates.values())
    hint = (
        "{} with {}: " + f"{every[0][0]} and its like belong to the input, {every[0][1]} and its like to the old state."
    )
    exchanged = {key: other for W, U, *_ in every for key, other in ((W, U), (U, W))}
    yield (
        "input_and_recurrent_weights_exchanged",
        hint.format("You multiply the input", "recurrent weights, and the state with input weights"),
        exchanged,
    )
    if two_biases:
        for name, one, other in (("first", 2, 3), ("second", 3, 2)):
            yield (
                f"{name}_biases_twice",
                f"You add {every[0][one]} and its like twice, and leave out {every[0][other]} and its like.",
                {keys[other]: keys[one] for keys in every},
            )
