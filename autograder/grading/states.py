"""Whether the gradebook still holds what was recorded: short texts for each student, others as soon as it does not."""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from nbgrader.api import Assignment, BaseCell, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
from traitlets.config import Config


@dataclass(frozen=True)
class State:
    """What the gradebook holds of one student in one assignment, as plain values."""

    scores: tuple  # what grading by machine has written, by cell
    time: datetime | None  # when it was handed in
    lateness: tuple  # what else a late penalty depends on, and the penalty


def states(book: Gradebook, unit: str, student: str | None = None) -> dict[str, State]:
    """The state of each student, by name, or only of this one."""
    times, late, scores, others = {}, {}, {}, {}
    for name, cell, auto, manual, extra, times[name], *lateness in _query(book, unit, student):
        scores.setdefault(name, []).append((cell, auto))
        others.setdefault(name, []).append((cell, manual, extra))
        late[name] = lateness
    return {
        name: State(tuple(sorted(scores[name], key=str)), times[name], (*late[name], *sorted(others[name], key=str)))
        for name in scores
    }


def _query(book: Gradebook, unit: str, student: str | None) -> Any:
    database: Any = book.db
    notebook: Any = SubmittedNotebook  # a type checker cannot follow some of nbgrader's columns
    grade: Any = Grade
    cell: Any = BaseCell
    query = (
        database.query(
            SubmittedAssignment.student_id,
            cell.name,
            grade.auto_score,
            grade.manual_score,
            grade.extra_credit,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            Assignment.duedate,
            notebook.late_submission_penalty,
        )
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(notebook, notebook.assignment_id == SubmittedAssignment.id)
        .join(grade, grade.notebook_id == notebook.id)
        .join(cell, cell.id == grade.cell_id)
        .filter(Assignment.name == unit)
    )
    return query.filter(SubmittedAssignment.student_id == student) if student else query


def state_fingerprint(state: State | None, handed_in: datetime | None, config: Config) -> dict[str, str | None]:
    """What the journal keeps of a recording: as long as both texts stay the same, there is nothing to record.

    There is no text for the lateness where the gradebook has another time than ``handed_in``: that must be recorded.

    Args:
        state: of the student, or None if the gradebook has none. handed_in: what timestamp.txt says. config: nbgrader's.
    """
    late = config.get("AssignLatePenalties", {})
    plugin = late.get("plugin_class", "LateSubmissionPlugin")
    plugin = getattr(plugin, "__name__", plugin).rpartition(".")[2]
    settings = [late, config.get("LateSubmissionPlugin"), config.get(plugin)]
    if state is None:
        return {"scores": None, "lateness": None}
    late = None if state.time != handed_in else _hash((settings, handed_in, state.lateness))
    return {"scores": _hash(state.scores), "lateness": late}


def _hash(value: object) -> str:
    return hashlib.sha256(repr(value).encode()).hexdigest()[:24]
