"""Slips of copying among a cell's parameters: one name in the line where another belongs."""

from collections.abc import Callable, Mapping, Sequence
from itertools import combinations, permutations
from typing import Any

from autograder.checking.exercise import Exercise


def copied_parameters(gates: Mapping[str, Sequence[str]], at: int) -> Callable[[Exercise], None]:
    """What comes out when one parameter stands where another gate's belongs, while all others are right.

    Args:
        gates: by the words for each gate, the names of its parameters, each kind at the same place.
        at: the place of the dict of parameters among the arguments.
    """

    def add(exercise: Exercise) -> None:
        def mistake(name: str, hint: str, taken: Mapping[str, str]) -> None:
            def wrong(*args: Any) -> Any:
                given = list(args)
                given[at] = args[at] | {key: args[at][other] for key, other in taken.items()}
                return exercise.reference(*given)

            exercise.add_mistake(name, hint, wrong)

        for (one, keys), (other, theirs) in permutations(gates.items(), 2):
            for key, taken in zip(keys, theirs, strict=False):
                mistake(
                    f"{taken}_for_{key}",
                    f"In {one}, {taken} of {other} stands where {key} belongs; all other parameters are in place.",
                    {key: taken},
                )
        for (one, keys), (other, theirs) in combinations(gates.items(), 2):
            for key, taken in zip(keys, theirs, strict=False):
                mistake(
                    f"{key}_and_{taken}_exchanged",
                    f"{key} and {taken} are exchanged: {key} belongs to {one}, {taken} to {other}.",
                    {key: taken, taken: key},
                )

    return add
