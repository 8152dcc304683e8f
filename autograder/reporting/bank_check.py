"""The tests tested: each exercise's wrong versions must be caught and named, its right versions accepted in full."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from rich.console import Console
from rich.table import Table

from autograder.checking.exercise import Exercise, line_of
from autograder.checking.mistakes import PreparedExercise, prepare
from autograder.checking.observation import Observation, Trace
from autograder.checking.scoring import Score, score
from autograder.errors import UserError
from autograder.exercises import UNITS, exercise_named


@dataclass(frozen=True)
class Outcome:
    """How one exercise's checks did against its bank.

    Attributes:
        caught: by wrong version, the names of the checks that failed; empty if it got full marks.
        misnamed: by wrong version, the id of the hint it got instead of its own, or None.
        rejected: by right version, the names of the checks that failed, for those that did not get full marks.
        worthless: by answer that shows no work, such as zeros everywhere, the share of the points it got, if any.
        idle: the checks that catch no wrong version, and the cases that no check looks at.
    """

    unit: str
    exercise: Exercise
    caught: dict[str, list[str]]
    misnamed: dict[str, str | None]
    rejected: dict[str, list[str]]
    worthless: dict[str, float]
    idle: tuple[str, ...]

    @property
    def perfect(self) -> bool:
        return not list(self.complaints())

    def complaints(self) -> Iterator[str]:
        """One sentence for each thing that an author has to mend: file, line, what is wrong, and what to do."""
        name, mistakes = self.exercise.name, self.exercise.mistakes
        for own, failed in self.caught.items():
            if not failed:
                yield f"{line_of(mistakes[own].function)}: the wrong version {own} of {name} gets full marks. Add a case that tells it apart."
        for own, other in self.misnamed.items():
            got = f"gets the hint of {other}" if other else "gets no hint"
            if self.caught[own]:
                yield f"{line_of(mistakes[own].function)}: {own} {got}. Add a case in which the two differ, or drop one."
        for own, failed in self.rejected.items():
            function = self.exercise.alternatives[own]
            yield f"{line_of(function)}: the right version {own} of {name} fails: {'; '.join(failed)}. Mend it, or the check."
        for answer, share in self.worthless.items():
            yield (
                f"{line_of(self.exercise.reference)}: {answer} earns {share:.0%} of the points of {name}. "
                "Mark the checks that it passes as property=True, or put the main check first."
            )
        for what in self.idle:
            yield f"{line_of(self.exercise.reference)}: in {name}, {what}. Drop it, or add what needs it."


def chosen(name: str | None = None) -> list[tuple[str, str]]:
    """Pairs (unit, exercise): one exercise, those of one unit, or all.

    Raises:
        UserError: if nothing has this name.
    """
    every = [(unit, exercise) for unit, exercises in UNITS.items() for exercise in exercises]
    found = [pair for pair in every if name is None or name in pair]
    if not found:
        raise UserError(f"There is no unit and no exercise {name!r}. The units are: {', '.join(UNITS)}.")
    return found


def outcomes(exercises: Iterable[tuple[str, str]], seed: int = 0) -> Iterator[Outcome]:
    """The outcome of each of these exercises, with inputs drawn from this seed."""
    for unit, name in exercises:
        yield outcome(unit, exercise_named(name), np.random.default_rng(seed))


def outcome(unit: str, exercise: Exercise, rng: np.random.Generator) -> Outcome:
    """How one exercise's checks do against its bank and against answers that show no work."""
    prepared = prepare(exercise, rng)
    wrong = {name: _scored(prepared, mistake.function) for name, mistake in exercise.mistakes.items()}
    right = {name: _scored(prepared, function) for name, function in exercise.alternatives.items()}
    no_work = {what: score(prepared, trace, 1.0).points for what, trace in effortless(prepared).items()}
    caught = {name: _failed(verdict) for name, verdict in wrong.items()}
    catching = {check for checks in caught.values() for check in checks}
    looked_at = {case for check in exercise.all_checks for case in check.cases}
    return Outcome(
        unit,
        exercise,
        caught,
        {n: v.hint_id for n, v in wrong.items() if v.hint_id != exercise.mistakes[n].id},
        {name: _failed(verdict) for name, verdict in right.items() if verdict.points < verdict.maximum},
        {what: points for what, points in no_work.items() if points},
        (
            *(f"the check {c.name!r} catches no wrong version" for c in exercise.all_checks if c.name not in catching),
            *(f"no check looks at the case {case!r}" for case in prepared.cases if case not in looked_at),
        ),
    )


def effortless(prepared: PreparedExercise) -> dict[str, Trace]:
    """Answers that show no work: the same number everywhere, None, and each argument returned as it came."""
    found = {
        f"the number {number} everywhere": _answering(prepared, lambda case, e, n=number: _filled(e, n))
        for number in (0.0, 0.5, 1.0)
    }
    found["None"] = _answering(prepared, lambda case, expected: None)
    count = min(len(case.args) for case in prepared.cases.values())
    for place in range(count):
        found[f"argument {place + 1} returned as it is"] = _answering(
            prepared, lambda case, expected, place=place: prepared.cases[case].args[place]
        )
    return found


def _answering(prepared: PreparedExercise, answer: Any) -> Trace:
    trace = {}
    for name, expected in prepared.expected.items():
        value = answer(name, expected.value) if not expected.error else None
        inputs = expected.inputs if not expected.error else ()
        trace[name] = replace(Observation(), value=value, again=value, inputs=inputs)
    return trace


def _filled(value: Any, number: float) -> Any:
    """A result of the same form, with this number wherever there are numbers, and None where there are not."""
    if isinstance(value, tuple | list):
        return type(value)(_filled(item, number) for item in value)
    if isinstance(value, dict):
        return {key: _filled(item, number) for key, item in value.items()}
    if isinstance(value, np.ndarray):
        return np.full_like(value, number)
    return type(value)(number) if type(value) in (int, float) else None


def _scored(prepared: PreparedExercise, function: Any) -> Score:
    return score(prepared, prepared.exercise.trace(function, prepared.cases), 1.0)


def _failed(verdict: Score) -> list[str]:
    return [name for name, passed in verdict.checks.items() if not passed]


def show(console: Console, exercises: Iterable[tuple[str, str]]) -> int:
    """Print every wrong version with the checks that caught it, the table, and last what to mend. Returns 1 if anything."""
    found = list(outcomes(exercises))
    for one in found:
        console.print(f"\n[bold]{one.exercise.name}[/bold]", highlight=False)
        for mistake, checks in one.caught.items():
            told = "; ".join(checks) or "NOT CAUGHT"
            console.print(f"  {one.exercise.mistakes[mistake].id}: {told}", markup=False, highlight=False)
    table = Table(title="The tests, tested", header_style="bold")
    for heading in ("unit", "exercise", "wrong caught", "named by own hint", "right accepted"):
        table.add_column(heading, no_wrap=True)
    for one in found:
        table.add_row(one.unit, one.exercise.name, *_shares([one]))
    table.add_section()
    table.add_row("all", "", *_shares(found))
    console.print(table)
    complaints = [sentence for one in found for sentence in one.complaints()]
    for sentence in complaints:
        console.print(sentence, style="red", markup=False, highlight=False)
    return 1 if complaints else 0


def _shares(found: Sequence[Outcome]) -> tuple[str, str, str]:
    wrong = sum(len(one.caught) for one in found)
    caught = sum(bool(failed) for one in found for failed in one.caught.values())
    named = wrong - sum(len(one.misnamed) for one in found)
    right = sum(len(one.exercise.alternatives) for one in found)
    accepted = right - sum(len(one.rejected) for one in found)
    return f"{caught} of {wrong}", f"{named} of {wrong}", f"{accepted} of {right}"
