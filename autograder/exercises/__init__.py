"""For each unit, its exercises: how inputs are drawn, the named checks, and the bank that the checks are tested by."""

from importlib import import_module

from autograder.errors import AutograderError

UNITS = {  # the unit's folder in source/, and its module here
    "01-rnn": "rnn",
    "02-vanishing-gradients": "gradients",
    "03-lstm": "lstm",
    "04-gru": "gru",
    "05-reading-gates": "reading",
    "06-lstm-or-gru": "comparison",
}


class UnknownUnit(AutograderError):
    """No unit goes by that name."""


def exercises_of(unit):
    """The exercises of a unit, by name, in the order in which students meet them.

    Raises:
        UnknownUnit: naming the units there are.
    """
    if unit not in UNITS:
        raise UnknownUnit(f"There is no unit {unit!r}. The units are: {', '.join(UNITS)}.")
    module = import_module(f"autograder.exercises.{UNITS[unit]}")
    return {exercise.name: exercise for exercise in module.EXERCISES}
