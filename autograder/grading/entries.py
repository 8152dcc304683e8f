"""The entries of a report: what a grading says of a student and of each exercise, with one name for a thing everywhere."""

import functools
import hashlib
import json
import sys
from dataclasses import dataclass
from typing import Any

import nbformat

from autograder.errors import AutograderError

NUMBER, TEXT = (int, float), (str, type(None))


class DamagedEntry(AutograderError, ValueError):
    """Something that is not an entry as we write them."""


@dataclass(frozen=True)
class ExerciseEntry:
    """The outcome of one exercise.

    Attributes:
        hint_id: of the known mistake, if there was one. diagnosis: what else can be said of a wrong answer.
        note: why nothing could be run, or given what it is right.
    """

    points: float
    maximum: float
    checks: dict[str, bool]
    hint_id: str | None
    note: str | None
    diagnosis: str | None


@dataclass(frozen=True)
class StudentEntry:
    """The outcome of one student.

    Attributes:
        late: how many cells ran out of time. ended: why the process was gone too early.
        key: what the grade depends on. notebook: fingerprint of the autograded notebook.
        answers: fingerprint of the submission, whatever it was graded with.
        recorded: fingerprints of what the gradebook held when it was written last, or None if it was not.
    """

    points: float
    maximum: float
    seconds: float
    refused: str | None
    late: int
    ended: str | None
    exercises: dict[str, ExerciseEntry]
    key: str
    notebook: str
    answers: str
    recorded: dict[str, Any] | None

    def to_json(self) -> dict[str, Any]:
        return vars(self) | {"exercises": {name: dict(vars(part)) for name, part in self.exercises.items()}}

    @classmethod
    def from_json(cls, value: Any) -> "StudentEntry":
        """An entry from what a file holds.

        Raises:
            DamagedEntry: if anything is missing or of another kind.
        """
        _check(value, ENTRY)
        exercises = {sys.intern(name): _exercise(part) for name, part in value["exercises"].items()}
        values: dict[str, Any] = {name: value[name] for name in ENTRY}
        values["exercises"] = exercises
        return cls(**values)


ENTRY: dict[str, Any] = {"points": NUMBER, "maximum": NUMBER, "seconds": NUMBER, "refused": TEXT, "late": int}
ENTRY |= {"ended": TEXT, "exercises": dict, "key": str, "notebook": str, "answers": str, "recorded": (dict, type(None))}
PART: dict[str, Any] = {"points": NUMBER, "maximum": NUMBER, "checks": dict, "hint_id": TEXT, "note": TEXT}
PART |= {"diagnosis": TEXT}


def _check(value: Any, kinds: dict[str, Any]) -> None:
    if not isinstance(value, dict) or not all(
        name in value and isinstance(value[name], kind) for name, kind in kinds.items()
    ):
        raise DamagedEntry


def _exercise(value: Any) -> ExerciseEntry:
    _check(value, PART)
    try:
        return _shared(tuple(value["checks"].items()), *(value[name] for name in PART if name != "checks"))
    except TypeError as error:
        raise DamagedEntry from error


@functools.lru_cache(maxsize=1024)
def _shared(
    checks: tuple[tuple[str, bool], ...],
    points: float,
    maximum: float,
    hint_id: str | None,
    note: str | None,
    diagnosis: str | None,
) -> ExerciseEntry:
    """Equal entries are one and the same, so that a large class takes little memory."""
    return ExerciseEntry(points, maximum, dict(checks), hint_id, note, diagnosis)


@dataclass(frozen=True)
class Result:
    """What a worker says of a submission.

    Attributes:
        entry: not yet recorded. text: the autograded notebook. graded: its cells from which the gradebook is filled.
    """

    entry: StudentEntry
    text: str
    graded: nbformat.NotebookNode

    @classmethod
    def from_bytes(cls, data: bytes, key: str, answers: str) -> "Result":
        """A result as ``worker`` sends it. ``key``, ``answers``: see ``StudentEntry``."""
        given = json.loads(data)
        exercises = {sys.intern(name): _exercise(score) for name, score in given["scores"].items()}
        entry = StudentEntry(
            round(sum(part.points for part in exercises.values()), 2),
            sum(part.maximum for part in exercises.values()),
            round(given["seconds"], 2),
            given["refused"],
            given["late"],
            given["ended"],
            exercises,
            key,
            fingerprint(given["notebook"].encode()),
            answers,
            None,
        )
        return cls(entry, given["notebook"], nbformat.from_dict(given["graded"]))


def fingerprint(data: bytes) -> str:
    """A short text that tells these bytes from all others."""
    return hashlib.sha256(data).hexdigest()[:24]
