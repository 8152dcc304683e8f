"""From the trace of an answer to points, named checks, and a hint or a diagnosis. Pure: no student's code runs here."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder import timing
from autograder.checking.comparing import close, equal, same, same_error, same_results
from autograder.checking.diagnosis import diagnose, leaves_of
from autograder.checking.exercise import Cases, Check, Exercise, Mistake
from autograder.checking.observation import Observation, Trace


@dataclass(frozen=True)
class PreparedExercise:
    """One exercise with its inputs drawn and the right answers worked out. Known mistakes are run when they are needed."""

    exercise: Exercise
    cases: Cases
    expected: Trace
    _mistakes: dict[str, Trace] = field(default_factory=dict)

    def observe_mistake(self, mistake: Mistake, case: str) -> Observation:
        """What a known mistake shows in a case; worked out once."""
        trace = self._mistakes.setdefault(mistake.id, {})
        if case not in trace:
            trace[case] = self.exercise.observe(mistake.function, self.cases[case])
        return trace[case]


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


def prepare(exercise: Exercise, rng: np.random.Generator) -> PreparedExercise:
    """Draw the inputs of an exercise and work out the right answers."""
    cases = exercise.draw(rng)
    return PreparedExercise(exercise, cases, exercise.trace(exercise.reference, cases))


@timing.step("judged")
def score(prepared: PreparedExercise, trace: Trace, maximum: float, partial_credit: bool = True) -> Score:
    """The points that a trace earns, check by check, and what a student should read about it."""
    checks = prepared.exercise.all_checks
    passed = {check.name: _passes(check, trace, prepared.expected) for check in checks}
    if all(passed.values()):
        return Score(maximum, maximum, passed)
    earned = sum(check.weight for check in checks if passed[check.name] and _counts(check, checks, passed))
    weight = sum(check.weight for check in checks)
    points = round(maximum * earned / weight, 2) if partial_credit else 0.0
    mistake = find_mistake(prepared, trace)
    if mistake:
        return Score(points, maximum, passed, mistake.id, mistake.hint)
    return Score(
        points,
        maximum,
        passed,
        diagnosis=diagnose(prepared.exercise, prepared.cases, trace, prepared.expected, explain_parts(prepared, trace)),
    )


def _counts(check: Check, checks: list[Check], passed: dict[str, bool]) -> bool:
    """A property earns points only beside the main check, which is the first."""
    return not check.property or passed[checks[0].name]


def _passes(check: Check, trace: Trace, expected: Trace) -> bool:
    """Whether a check passes. It does not where it cannot even look at a result. (The bank proves that checks work.)"""
    try:
        return bool(check.test(trace, expected))
    except Exception:
        return False


def find_mistake(prepared: PreparedExercise, trace: Trace) -> Mistake | None:
    """The known mistake whose answers these are, if there is one.

    The answers must equal the mistake's in every case, and one of them must tell it from other mistakes: a wrong result, or,
    where the mistake shows in errors alone, the same error with the same message. Where an error is asked for, its type
    counts, and the words of the arguments in its message, not how the message is worded. Where all cases raise, all
    messages must be the same. Of arguments that were changed it counts which, not how. In a case that makes overflow an
    error, only right and wrong must agree, or two errors: the same formula can overflow or not, or give this or that,
    depending on how it is written.
    """
    if all(seen.error for seen in trace.values()):
        return None  # anything can fail throughout
    # where the answer is wrong, it differs soonest from most mistakes
    cases = sorted(prepared.cases, key=lambda name: same(trace[name], prepared.expected[name]))
    throughout = all(seen.error for seen in trace.values())
    for mistake in prepared.exercise.mistakes.values():
        told = False
        changed: tuple[set[int], set[int]] = set(), set()
        for name in cases:
            case = prepared.cases[name]
            known, actual, expected = prepared.observe_mistake(mistake, name), trace[name], prepared.expected[name]
            if case.strict and not (known.error and actual.error):
                if _right(known, expected) != _right(actual, expected):
                    break
                told |= not _right(known, expected) and same_results(actual, known)
                continue
            if actual.error and not known.error and _is_empty(known.value):
                continue  # nothing is left of so short an input; some functions take that, others fail
            if not same_results(actual, known) or (throughout and not same_error(actual, known)):
                break
            if expected.error and actual.error:
                if not _alike_errors(actual, known, expected):
                    break
                told |= not _alike_errors(known, expected, expected)
            elif actual.error:
                told |= (
                    same_error(actual, known) and not same_error(known, expected) and _only_errors(prepared, mistake)
                )
            else:
                told |= not same(known, expected)
                for places, seen in zip(changed, (known, actual), strict=True):
                    places |= _changed_arguments(seen, expected)
        else:
            if changed[0] == changed[1] and (told or _only_between_cases(prepared, mistake)):
                return mistake
    return None


def _right(seen: Observation, expected: Observation) -> bool:
    return not seen.error and close(seen.value, expected.value)


def _alike_errors(one: Observation, other: Observation, expected: Observation) -> bool:
    """Whether two errors are of one type, and their messages name the same words, or all that should be named."""
    named = {*expected.names} <= {*one.names} and {*expected.names} <= {*other.names}
    return one.error == other.error and (named or one.names == other.names)


def _is_empty(value: Any) -> bool:
    """Whether a result, or all parts of it, are arrays without a number."""
    if isinstance(value, tuple | list):
        return bool(value) and all(map(_is_empty, value))
    return isinstance(value, np.ndarray) and value.size == 0


def _changed_arguments(seen: Observation, expected: Observation) -> set[int]:
    """The places of the arguments that a call left otherwise than the reference did."""
    pairs = zip(seen.inputs, expected.inputs, strict=False)
    return {place for place, (after, right) in enumerate(pairs) if not close(after, right)}


def _only_errors(prepared: PreparedExercise, mistake: Mistake) -> bool:
    """Whether a mistake shows in errors alone: its results, where it has any, are right."""
    shown = [(prepared.observe_mistake(mistake, case), prepared.expected[case]) for case in prepared.cases]
    return all(known.error or same(known, expected) for known, expected in shown)


def _only_between_cases(prepared: PreparedExercise, mistake: Mistake) -> bool:
    """Whether a mistake shows only in what two cases have to do with each other: no single answer of it is wrong."""
    return all(
        not (known := prepared.observe_mistake(mistake, case)).error
        and close(known.value, prepared.expected[case].value)
        and same(known, prepared.expected[case])
        for case in prepared.cases
    )


Parts = dict[str, list[Any]]  # by the name of a part of the result, its value in each case


def explain_parts(prepared: PreparedExercise, trace: Trace) -> dict[str, list[str]]:
    """Which known mistakes, together, explain a result: from hints to parts; empty if some part is unexplained.

    A mistake explains the parts that it gets wrong if the answer equals it in all of them, in every case.
    """
    expected = _parts(prepared, prepared.expected)
    actual = _parts(prepared, trace)
    if actual.keys() != expected.keys():
        return {}
    unexplained = {part for part in expected if not close(actual[part], expected[part])}
    candidates = []
    for mistake in prepared.exercise.mistakes.values():
        known = _parts(prepared, {name: prepared.observe_mistake(mistake, name) for name in prepared.cases})
        if known.keys() == expected.keys():
            wrong = {part for part in expected if not close(known[part], expected[part])}
            if wrong and wrong <= unexplained and all(equal(actual[part], known[part]) for part in wrong):
                candidates.append((mistake.hint, wrong))
    explained = {}
    for hint, wrong in sorted(candidates, key=lambda candidate: -len(candidate[1])):
        if wrong <= unexplained:
            explained[hint] = [part for part in expected if part in wrong]
            unexplained -= wrong
    return {} if unexplained else explained


def _parts(prepared: PreparedExercise, trace: Trace) -> Parts:
    parts: Parts = {}
    for name, case in prepared.cases.items():
        if trace[name].error:
            if case.strict:
                continue
            return {}
        for part, value in leaves_of(trace[name].value, prepared.exercise.results):
            parts.setdefault(part, []).append(value)
    return parts
