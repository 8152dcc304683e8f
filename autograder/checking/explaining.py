"""Several known mistakes in one answer: which of them, together, explain all parts of a wrong result."""

from typing import Any

from autograder.checking.comparing import close, equal
from autograder.checking.diagnosis import leaves_of
from autograder.checking.exercise import Mistake
from autograder.checking.mistakes import RAISED, PreparedExercise
from autograder.checking.observation import Trace

Parts = dict[str, Any]


def explain_parts(prepared: PreparedExercise, trace: Trace) -> dict[str, list[str]]:
    """From the hints of known mistakes to the parts that each explains; empty if some part is unexplained.

    A mistake explains the parts that it gets wrong if the answer equals it in all of them, in every case.
    """
    exercise = prepared.exercise
    cases = [name for name, case in prepared.cases.items() if not case.strict]
    if isinstance(exercise.reference, type) or any(trace[n].error or prepared.expected[n].error for n in cases):
        return {}
    expected = {name: _parts(prepared, prepared.expected[name].value) for name in cases}
    actual = {name: _parts(prepared, trace[name].value) for name in cases}
    if any(actual[name].keys() != expected[name].keys() for name in cases):
        return {}
    wrong = {name: _differing(actual[name], expected[name]) for name in cases}
    cases.sort(key=lambda name: -len(wrong[name]))  # most mistakes are told there at once
    unexplained = set().union(*wrong.values())

    def explained_by(mistake: Mistake) -> set[str]:
        """The parts that a mistake gets wrong, if the answer is the same in all of them."""
        found: set[str] = set()
        known: dict[str, Parts] = {}
        for name in cases:
            known[name] = _parts(prepared, _result(prepared, mistake, name))
            if known[name].keys() != expected[name].keys():
                return set()
            found |= _differing(known[name], expected[name])
            if not found <= unexplained or not _equal(actual[name], known[name], found):
                return set()
        return found if all(_equal(actual[name], known[name], found) for name in cases) else set()

    candidates = [(mistake.hint, explained_by(mistake)) for mistake in exercise.mistakes.values()]
    hints: dict[str, list[str]] = {}
    for hint, parts in sorted(candidates, key=lambda candidate: -len(candidate[1])):
        if parts and parts <= unexplained:
            hints[hint] = sorted(parts)
            unexplained -= parts
    return {} if unexplained else hints


def _result(prepared: PreparedExercise, mistake: Mistake, case: str) -> Any:
    """What a mistake gives in a case, by a quick call where there is no view; None where it raises an error."""
    if prepared.exercise.view:
        return prepared.observe_mistake(mistake, case).value
    result = prepared.result_of_mistake(mistake, case)
    return None if result is RAISED else result


def _parts(prepared: PreparedExercise, value: Any) -> Parts:
    return dict(leaves_of(value, prepared.exercise.results))


def _differing(one: Parts, other: Parts) -> set[str]:
    return {part for part in other if not close(one[part], other[part])}


def _equal(one: Parts, other: Parts, parts: set[str]) -> bool:
    return all(equal(one[part], other[part]) for part in parts & one.keys())
