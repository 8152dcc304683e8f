"""An exercise prepared for one submission, and the search for the known mistake that an answer equals."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.checking.comparing import close, same, same_error, same_results
from autograder.checking.exercise import Cases, Exercise, Mistake
from autograder.checking.observation import Observation, Trace

RAISED = object()  # stands for a result where there is none


@dataclass(frozen=True)
class PreparedExercise:
    """One exercise with its inputs drawn and the right answers worked out. Known mistakes are run when they are needed."""

    exercise: Exercise
    cases: Cases
    expected: Trace
    _mistakes: dict[str, Trace] = field(default_factory=dict)
    _results: dict[tuple[str, str], Any] = field(default_factory=dict)

    def observe_mistake(self, mistake: Mistake, case: str) -> Observation:
        """What a known mistake shows in a case; worked out once."""
        trace = self._mistakes.setdefault(mistake.id, {})
        if case not in trace:
            trace[case] = self.exercise.observe(mistake.function, self.cases[case])
        return trace[case]

    def result_of_mistake(self, mistake: Mistake, case: str) -> Any:
        """What a known mistake gives in a case, by one quick call without a view; ``RAISED`` if it raises an error. Worked out once."""
        key = mistake.id, case
        if key not in self._results:
            try:
                self._results[key] = self.exercise.result(mistake.function, self.cases[case])
            except Exception:
                self._results[key] = RAISED
        return self._results[key]


def prepare(exercise: Exercise, rng: np.random.Generator) -> PreparedExercise:
    """Draw the inputs of an exercise and work out the right answers."""
    cases = exercise.draw(rng)
    return PreparedExercise(exercise, cases, exercise.trace(exercise.reference, cases))


def find_mistake(prepared: PreparedExercise, trace: Trace) -> Mistake | None:
    """The known mistake whose answers these are, if there is one.

    The answers must equal the mistake's in every case, and one of them must tell it from other mistakes: a wrong result, or,
    where the mistake shows in errors alone, the same error with the same message. Where an error is asked for, its type
    counts, and the words of the arguments in its message, not how the message is worded. Where all cases raise, all
    messages must be the same. Of arguments that were changed it counts which, not how. In a case that makes overflow an
    error, only right and wrong must agree, or two errors: the same formula can overflow or not, or give this or that,
    depending on how it is written.
    """
    if all(seen.error and not seen.message for seen in trace.values()):
        return None  # anything can fail throughout
    # where the answer is wrong, it differs soonest from most mistakes
    cases = sorted(prepared.cases, key=lambda name: same(trace[name], prepared.expected[name]))
    asked_for = {seen.error for seen in prepared.expected.values() if seen.error}  # their messages are the answer's own
    throughout = all(seen.error for seen in trace.values())
    for mistake in prepared.exercise.mistakes.values():
        if _differs_at_once(prepared, mistake, trace, cases[0]):
            continue
        told = False
        changed: tuple[set[int], set[int]] = set(), set()
        aliases: tuple[set[int], set[int]] = set(), set()
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
                alike = same_error(actual, known) or actual.error == known.error in asked_for
                told |= alike and not same_error(known, expected) and _only_errors(prepared, mistake)
            else:
                told |= not same(known, expected)
                for places, seen in zip(changed, (known, actual), strict=True):
                    places |= _changed_arguments(seen, expected)
                for places, seen in zip(aliases, (known, actual), strict=True):
                    places |= {*seen.aliases} - {*expected.aliases}
        else:
            told |= aliases[0] == aliases[1] and (bool(aliases[0]) or _only_between_cases(prepared, mistake))
            if told and changed[0] == changed[1]:
                return mistake
    return None


def _differs_at_once(prepared: PreparedExercise, mistake: Mistake, trace: Trace, name: str) -> bool:
    """Whether one quick call in one case shows that the answers are not this mistake's. Most mistakes end here."""
    exercise, case, actual = prepared.exercise, prepared.cases[name], trace[name]
    if case.strict or actual.error or exercise.view or case.functions or isinstance(exercise.reference, type):
        return False
    known = prepared.result_of_mistake(mistake, name)
    return known is RAISED or not close(known, actual.value)  # raised: where the answer does not


def _alike_errors(one: Observation, other: Observation, expected: Observation) -> bool:
    """Whether two errors are of one type and, where it is the right one, name the same words, or all that should be named."""
    if one.error == other.error != expected.error:
        return True
    named = {*expected.names} <= {*one.names} and {*expected.names} <= {*other.names}
    return one.error == other.error and (named or one.names == other.names)


def _is_empty(value: Any) -> bool:
    """Whether a result, or all parts of it, are arrays without a number."""
    if isinstance(value, tuple | list):
        return bool(value) and all(map(_is_empty, value))
    return isinstance(value, np.ndarray) and value.size == 0


def _right(seen: Observation, expected: Observation) -> bool:
    return not seen.error and close(seen.value, expected.value)


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
