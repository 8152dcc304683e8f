"""What a report file says, read with care: every student's outcome as plain data. The file may be old, or edited."""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from autograder.checking.diagnosis import RAISED
from autograder.errors import UserError
from autograder.grading.journal import read_report, report_path
from autograder.workspace import Workspace

TOO_SLOW = RAISED["TimeLimit"]


@dataclass(frozen=True)
class Result:
    """One student's outcome in one exercise."""

    points: float
    maximum: float
    checks: dict[str, bool]
    hint_id: str | None  # the id of the known mistake that the answers equal
    note: str | None  # why nothing could be run, or given what it is right

    @property
    def kind(self) -> str:
        """One of KINDS."""
        if self.points >= self.maximum:
            return "full"
        if self.points:
            return "part"
        return "missing" if self.note and not self.hint_id else "none"

    @property
    def too_slow(self) -> bool:
        return bool(self.note) and TOO_SLOW in self.note


KINDS = {
    "full": "all points",
    "part": "some points",
    "none": "no points",
    "missing": "nothing that could be run",
}


@dataclass(frozen=True)
class Outcome:
    """One student's outcome in one unit."""

    student: str
    points: float
    maximum: float
    refused: str | None
    late: int  # cells that ran out of time
    ended: str | None  # why the process was gone before the last question
    exercises: dict[str, Result]

    @property
    def share(self) -> float:
        """The points as a share of the maximum, from 0 to 1."""
        return min(max(self.points / self.maximum, 0.0), 1.0) if self.maximum > 0 else 0.0


def read_outcomes(workspace: Workspace, unit: str) -> list[Outcome]:
    """The outcomes of a unit's last grading, sorted by student. Empty if nothing was graded.

    Raises:
        UserError: if the report file is damaged, or was written by an older version.
    """
    students = read_report(workspace, unit)["students"]
    return [_outcome(student, entry, unit, report_path(workspace, unit)) for student, entry in students.items()]


def _outcome(student: str, entry: Any, unit: str, path: Path) -> Outcome:
    def take(holder: Any, name: str, *kinds: type) -> Any:
        value = holder.get(name, take) if isinstance(holder, dict) else take
        plain = isinstance(value, kinds) and (bool in kinds or not isinstance(value, bool))
        if not plain or (isinstance(value, float) and not math.isfinite(value)):
            raise UserError(
                f"The report {path} has no usable {name!r} for {student!r}: an older version wrote it, or it was damaged. "
                f"Grade again: python -m autograder grade {unit} --force"
            )
        return value

    text, number = (str, type(None)), (int, float)
    exercises = {
        name: Result(
            points=take(part, "points", *number),
            maximum=take(part, "maximum", *number),
            checks={check: take(part["checks"], check, bool) for check in take(part, "checks", dict)},
            hint_id=take(part, "hint_id", *text),
            note=take(part, "note", *text),
        )
        for name, part in take(entry, "exercises", dict).items()
    }
    return Outcome(
        student=student,
        points=take(entry, "points", *number),
        maximum=take(entry, "maximum", *number),
        refused=take(entry, "refused", *text),
        late=take(entry, "late", int),
        ended=take(entry, "ended", *text),
        exercises=exercises,
    )
