"""What the gradebook knows and the report files do not: who is in the class, and how far grading by hand has come."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Assignment, BaseCell, Grade, Student, SubmittedAssignment, SubmittedNotebook

from autograder.grading.gradebook import gradebook
from autograder.workspace import Workspace


@dataclass(frozen=True)
class ManualGrade:
    """One student's written answers in one unit."""

    points: float  # given so far
    waiting: int  # answers to read; after a regrade nbgrader asks for all to be looked at again


def exists(workspace: Workspace) -> bool:
    """Whether there is a gradebook: opening one that does not exist would make it."""
    scheme, _, path = workspace.db_url.partition(":///")
    return scheme != "sqlite" or Path(path).exists()


def students(workspace: Workspace) -> list[str]:
    """The names of all whom the gradebook knows."""
    if not exists(workspace):
        return []
    with gradebook(workspace) as book:
        return [name for (name,) in book.db.query(Student.id)]


def manual_grades(workspace: Workspace) -> dict[str, dict[str, ManualGrade]]:
    """unit -> student -> ``ManualGrade``, for every cell that a person grades; one question to the gradebook for them all."""
    found = defaultdict(dict)
    if not exists(workspace):
        return found
    with gradebook(workspace) as book:
        # nbgrader declares its columns without types
        rows: Any = (
            book.db.query(
                Assignment.name,  # pyright: ignore[reportGeneralTypeIssues]
                SubmittedAssignment.student_id,
                Grade.needs_manual_grade,
                Grade.score,
                BaseCell,
            )
            .select_from(Grade)
            .join(SubmittedNotebook, Grade.notebook_id == SubmittedNotebook.id)
            .join(SubmittedAssignment, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Assignment, SubmittedAssignment.assignment_id == Assignment.id)
            .join(BaseCell, Grade.cell_id == BaseCell.id)
        )
        for unit, student, waits, score, cell in rows:
            if cell.cell_type == "markdown":
                before = found[unit].get(student, ManualGrade(0.0, 0))
                found[unit][student] = ManualGrade(before.points + (score or 0.0), before.waiting + bool(waits))
    return found
