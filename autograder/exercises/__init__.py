"""The exercises: one file each, found by name. A unit's exercises, and their order, stand in its text's grade ids."""

import functools
import importlib
import re
import traceback
from pathlib import Path
from types import ModuleType

from autograder.checking.exercise import Exercise, ExerciseError
from autograder.errors import AutograderError, UserError

TEXTS = Path(__file__).parent.parent.parent / "source"
TEST_CELL = re.compile(r'^# %%.*\bgrade_id="(\w+)".*\bgrade=true\b(?!.*\bsolution=true\b)', re.MULTILINE)


class UnknownUnit(AutograderError):
    """No unit goes by that name."""


def _names_in(text: Path) -> tuple[str, ...]:
    return tuple(TEST_CELL.findall(text.read_text(encoding="utf-8")))


def _units() -> dict[str, tuple[str, ...]]:
    found = {text.parent.name: _names_in(text) for text in sorted(TEXTS.glob("[0-9]*/*.py"))}
    return {unit: names for unit, names in found.items() if names}


UNITS = _units()  # by the name of a unit's folder in source/, the names of its exercises in order; pages have none


@functools.cache
def exercise_named(name: str) -> Exercise:
    """The exercise in the file of this name.

    Raises:
        ExerciseError: if there is no such file, it cannot be imported, or it holds no exercise of that name.
    """
    path = Path(__file__).parent / f"{name}.py"
    if not path.is_file():
        raise ExerciseError(
            f'There is no exercise {name!r}: write {path}, as CONTRIBUTING says under "Add an exercise".'
        )
    exercise = getattr(_imported(path), "exercise", None)
    if not isinstance(exercise, Exercise) or exercise.name != name:
        raise ExerciseError(f"{path}: `exercise = Exercise(...)` must stand here, with the reference called {name}.")
    return exercise


def _imported(path: Path) -> ModuleType:
    try:
        return importlib.import_module(f"autograder.exercises.{path.stem}")
    except UserError:
        raise
    except Exception as error:  # an author's file may fail in any way
        lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == str(path)]
        raise ExerciseError(
            f"{path}:{lines[-1] if lines else 1}: {type(error).__name__}: {error}. Correct that and try again."
        ) from error


def exercises_of(unit: str) -> dict[str, Exercise]:
    """The exercises of a unit, by name, in the order in which students meet them.

    Raises:
        UnknownUnit: naming the units there are.
    """
    if unit not in UNITS:
        raise UnknownUnit(f"There is no unit {unit!r}. The units are: {', '.join(UNITS)}.")
    return {name: exercise_named(name) for name in UNITS[unit]}
