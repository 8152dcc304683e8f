"""Whether the gradebook still holds what was recorded: short texts for each student, others as soon as it does not."""

import hashlib
from dataclasses import dataclass

from nbgrader.api import Assignment, BaseCell, Grade, SubmittedAssignment, SubmittedNotebook


@dataclass(frozen=True)
class State:
    """What the gradebook holds of one student in one assignment, as plain values."""

    scores: tuple  # what grading by machine has written, by cell
    lateness: tuple  # when it was handed in, what else a late penalty depends on, and the penalty


def states(book, unit, student=None):
    """The state of each student, by name, or only of this one."""
    late, scores, others = {}, {}, {}
    for name, *values in _query(book, unit, student):
        cell, auto, manual, extra, *lateness = values
        scores.setdefault(name, []).append((cell, auto))
        others.setdefault(name, []).append((cell, manual, extra))
        late[name] = tuple(lateness)
    return {
        name: State(tuple(sorted(scores[name], key=str)), (*late[name], *sorted(others[name], key=str)))
        for name in scores
    }


def _query(book, unit, student):
    query = (
        book.db.query(
            SubmittedAssignment.student_id,
            BaseCell.name,
            Grade.auto_score,
            Grade.manual_score,
            Grade.extra_credit,
            SubmittedAssignment.timestamp,
            SubmittedAssignment.extension,
            Assignment.duedate,
            SubmittedNotebook.late_submission_penalty,
        )
        .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
        .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
        .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
        .join(BaseCell, BaseCell.id == Grade.cell_id)
        .filter(Assignment.name == unit)
    )
    return query.filter(SubmittedAssignment.student_id == student) if student else query


def marks(state, handed_in, config):
    """What the journal keeps of a recording: as long as both texts stay the same, there is nothing to record.

    Args:
        state: of the student, or None if the gradebook has none. handed_in: what timestamp.txt says. config: nbgrader's.
    """
    late = config.get("AssignLatePenalties", {})
    plugin = late.get("plugin_class", "LateSubmissionPlugin")
    plugin = getattr(plugin, "__name__", plugin).rpartition(".")[2]
    settings = [late, config.get("LateSubmissionPlugin"), config.get(plugin)]
    return {
        "scores": _mark(state and state.scores),
        "lateness": _mark([settings, handed_in, state and state.lateness]),
    }


def _mark(value):
    return hashlib.sha256(repr(value).encode()).hexdigest()[:24]
