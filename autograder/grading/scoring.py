"""From an answer's trace to points, named checks and a hint. Pure: no student's code runs here, nothing is written."""

import hashlib
import hmac
from dataclasses import dataclass, field

from autograder import timing
from autograder.exercises.checks import close, same
from autograder.exercises.exercise import Exercise, hint_of


@dataclass(frozen=True)
class Questions:
    """One exercise with its inputs drawn and everything known about them worked out, once for a whole class."""

    exercise: Exercise
    cases: dict
    wanted: dict
    known: dict  # hint id -> (trace, hint) of each misconception


@dataclass(frozen=True)
class Score:
    """The verdict on one exercise."""

    points: float
    maximum: float
    checks: dict[str, bool] = field(default_factory=dict)
    hint_id: str | None = None
    hint: str | None = None
    note: str | None = None  # why nothing could be run, or given what it is right


def seed(secret, unit, exercise):
    """The seed of one exercise's inputs: the same for every student and on every regrade, unknown without the secret."""
    return int.from_bytes(hmac.new(secret, f"{unit}/{exercise}".encode(), hashlib.sha256).digest(), "big")


def prepare(exercise, rng):
    """Draw the inputs of an exercise and work out the right answers and the known wrong ones."""
    cases = exercise.draw(rng)
    known = {
        misconception.__qualname__: (exercise.trace(misconception, cases), hint_of(misconception))
        for misconception in exercise.misconceptions
    }
    return Questions(exercise, cases, exercise.trace(exercise.reference, cases), known)


@timing.step("judged")
def score(questions, trace, maximum, partial_credit=True):
    """The points that a trace earns, check by check, and the hint if it equals a known mistake."""
    exercise = questions.exercise
    passed = {check.name: _passes(check, trace, questions) for check in exercise.checks}
    if all(passed.values()):
        return Score(maximum, maximum, passed)
    some = partial_credit and any(passed[check.name] for check in exercise.checks if not check.property)
    weight = sum(check.weight for check in exercise.checks)
    earned = sum(check.weight for check in exercise.checks if some and passed[check.name])
    hint_id, hint = named(questions, trace)
    return Score(round(maximum * earned / weight, 2), maximum, passed, hint_id, hint)


def _passes(check, trace, questions):
    """Whether a check passes; a result that a check cannot even look at does not. (The bank proves that checks work.)"""
    try:
        return bool(check.test(trace, questions.wanted, questions.cases))
    except Exception:
        return False


def named(questions, trace):
    """The id and the hint of the misconception that this trace shows, or two Nones. Nothing but errors shows none.

    Best, it equals a known mistake in every case, and one of them tells. Failing that, in every case in which neither
    raised an error: the same mistake can overflow, or not, depending on how it is written. At least one of those must
    be a wrong answer.
    """
    if all(seen.error for seen in trace.values()):
        return None, None
    cases, wanted = questions.cases, questions.wanted
    for hint_id, (known, hint) in questions.known.items():
        wrong = [case for case in cases if not same(known[case], wanted[case], exactly=True)]
        if all(same(trace[case], known[case]) for case in cases) and (
            # where nothing is wrong by itself, a check sees what two cases have to do with each other
            not wrong or any(_tells(trace[case], known[case], wanted[case]) for case in wrong)
        ):
            return hint_id, hint
    for hint_id, (known, hint) in questions.known.items():
        both = [case for case in cases if not (trace[case].error or known[case].error)]
        if all(same(trace[case], known[case]) for case in both) and any(
            not close(known[case].value, wanted[case].value) for case in both
        ):
            return hint_id, hint
    return None, None


def _tells(seen, known, wanted):
    """Whether an answer that is the same as a known mistake's, in a case where that is wrong, tells it from others.

    A wrong result does. An error does if it is of the mistake's own type: anything may raise one. An error of the right
    type may still say something else.
    """
    return seen.error == known.error and (known.error != wanted.error or same(seen, known, exactly=True))
