"""Which students need attention, and why, in words. Plain rules, no weights: each reason can be checked on the page."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

from autograder.reporting.outcomes import Outcome

FALL = 0.3  # how far below the median of one's own other units counts as a fall, as a share of the points


@dataclass(frozen=True)
class NeedsAttention:
    """A student who needs attention, with the reasons, the gravest first."""

    student: str
    reasons: tuple[str, ...]


def stopped(outcome: Outcome) -> list[str]:
    """Why a submission was not run as a whole: refused, ended early, out of time. Nothing, if it was."""
    if outcome.refused:
        return [f"refused: {outcome.refused}"]
    reasons = [f"ended early: {outcome.ended}"] if outcome.ended else []
    if outcome.late:
        reasons.append(
            f"out of time: {_cells(outcome.late)} of the notebook took too long and {_was(outcome.late)} stopped"
        )
    slow = [name for name, result in outcome.exercises.items() if result.too_slow]
    if slow:
        reasons.append(f"out of time: {', '.join(slow)} took too long to answer")
    return reasons


def _cells(count: int) -> str:
    return "a cell" if count == 1 else f"{count} cells"


def _was(count: int) -> str:
    return "was" if count == 1 else "were"


def reasons(outcome: Outcome) -> list[str]:
    """Why one student needs attention for one unit, as far as this unit alone shows it."""
    found = stopped(outcome)
    results = outcome.exercises.values()
    if not outcome.refused and not outcome.ended and results:
        if all(result.kind == "missing" for result in results):
            found.append(
                "no exercise has a function that could be asked: nothing is written yet, or nothing can be run"
            )
        elif not outcome.points:
            found.append("no points in any exercise")
        known = sum(bool(result.hint_id) for result in results)
        if known > 1 and known > len(results) / 2:
            found.append(f"the answers equal a known mistake in {known} of {len(results)} exercises")
    return found


def needs_attention(units: Mapping[str, Sequence[Outcome]], students: Iterable[str]) -> dict[str, list[NeedsAttention]]:
    """All students who need attention.

    Args:
        units: unit -> list of outcomes, in the order of the course. students: the names of all in the class.

    Returns:
        unit -> list of ``NeedsAttention``, by the number of reasons and then by name.
    """
    by_student = {student: {} for student in students}
    for unit, outcomes in units.items():
        for outcome in outcomes:
            by_student.setdefault(outcome.student, {})[unit] = outcome
    found = {}
    for unit, outcomes in units.items():
        rows = [
            NeedsAttention(student, tuple(_reasons_in(unit, own, len(outcomes))))
            for student, own in sorted(by_student.items())
        ]
        found[unit] = sorted((row for row in rows if row.reasons), key=lambda row: (-len(row.reasons), row.student))
    return found


def _reasons_in(unit: str, own: Mapping[str, Outcome], handed_in: int) -> list[str]:
    if unit not in own:
        return [f"handed in nothing, as {handed_in} other{'s' * (handed_in != 1)} did"]
    found, outcome = reasons(own[unit]), own[unit]
    others = [other.share for name, other in own.items() if name != unit and not other.refused]
    if others and not outcome.refused and outcome.share <= median(others) - FALL:
        found.append(f"{outcome.share:.0%} of the points here, {median(others):.0%} in the median of the other units")
    return found
