"""From the trace of an answer to points, named checks, and a hint or a diagnosis. Pure: no student's code runs here."""

from dataclasses import dataclass, field

from autograder import timing
from autograder.checking.diagnosis import diagnose
from autograder.checking.exercise import Check
from autograder.checking.explaining import explain_parts
from autograder.checking.mistakes import PreparedExercise, find_mistake
from autograder.checking.observation import Trace


@dataclass(frozen=True)
class Score:
    """The verdict on one exercise.

    Attributes:
        checks: by name, whether it passed. hint_id, hint: of the known mistake that the answer equals, if there is one.
        diagnosis: where no known mistake fits, what can be said about the answer; true of it.
        note: why nothing could be run, or which correct functions the answer was given.
    """

    points: float
    maximum: float
    checks: dict[str, bool] = field(default_factory=dict)
    hint_id: str | None = None
    hint: str | None = None
    note: str | None = None
    diagnosis: str | None = None


@timing.step("judged")
def score(prepared: PreparedExercise, trace: Trace, maximum: float, partial_credit: bool = True) -> Score:
    """The points that a trace earns, check by check, and what a student should read about it."""
    checks = prepared.exercise.all_checks
    passed = {check.name: passes(check, trace, prepared.expected) for check in checks}
    if all(passed.values()):
        return Score(maximum, maximum, passed)
    earned = sum(check.weight for check in checks if passed[check.name] and _counts(check, checks, passed))
    weight = sum(check.weight for check in checks)
    points = round(maximum * earned / weight, 2) if partial_credit else 0.0
    mistake = find_mistake(prepared, trace)
    if mistake:
        return Score(points, maximum, passed, mistake.id, mistake.hint)
    explained = explain_parts(prepared, trace)
    diagnosis = diagnose(prepared.exercise, prepared.cases, trace, prepared.expected, explained)
    return Score(points, maximum, passed, diagnosis=diagnosis)


def _counts(check: Check, checks: list[Check], passed: dict[str, bool]) -> bool:
    """A property earns points only beside the main check, which is the first."""
    return not check.property or passed[checks[0].name]


def passes(check: Check, trace: Trace, expected: Trace) -> bool:
    """Whether a check passes. It does not where it cannot even look at a result. (The bank proves that checks work.)"""
    try:
        return bool(check.test(trace, expected))
    except Exception:
        return False
