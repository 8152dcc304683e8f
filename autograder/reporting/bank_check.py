"""Checks the bank: each exercise's wrong versions must be caught and named, its right alternatives accepted in full."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from rich.console import Console
from rich.table import Table

from autograder.exercises import UNITS, exercises_of
from autograder.exercises.exercise import Exercise
from autograder.grading.scoring import Questions, Score, prepare, score


@dataclass(frozen=True)
class Outcome:
    """How one exercise's checks did against its bank."""

    unit: str
    name: str
    caught: dict[str, list[str]]  # misconception -> names of the checks that failed; empty if it got full marks
    misnamed: dict[str, str | None]  # misconception -> the hint it got instead of its own
    refused: dict[
        str, list[str]
    ]  # alternative -> names of the checks that failed, for those that did not get full marks
    alternatives: int

    @property
    def failures(self) -> list[str]:
        """What is wrong with the checks or the hints, in sentences."""
        return [
            *(f"{name}: not caught" for name, checks in self.caught.items() if not checks),
            *(f"{name}: named as {hint}" for name, hint in self.misnamed.items()),
            *(f"{name}: right, but refused by {'; '.join(checks)}" for name, checks in self.refused.items()),
        ]


def outcomes(seed: int = 0, units: Iterable[str] = UNITS) -> Iterator[Outcome]:
    """The outcome of every exercise, with inputs drawn from this seed."""
    for unit in units:
        for exercise in exercises_of(unit).values():
            yield outcome(unit, exercise, np.random.default_rng(seed))


def outcome(unit: str, exercise: Exercise, rng: np.random.Generator) -> Outcome:
    """The outcome of one exercise, with inputs drawn from this generator."""
    questions = prepare(exercise, rng)
    caught, misnamed, refused = {}, {}, {}
    for misconception in exercise.misconceptions:
        verdict, own = _judged(questions, misconception), misconception.__qualname__
        caught[own] = _failed(verdict)
        if verdict.hint_id != own:
            misnamed[own] = verdict.hint_id
    for alternative in exercise.alternatives:
        verdict = _judged(questions, alternative)
        if verdict.points < verdict.maximum:
            refused[alternative.__qualname__] = _failed(verdict)
    return Outcome(unit, exercise.name, caught, misnamed, refused, len(exercise.alternatives))


def _judged(questions: Questions, function: Callable) -> Score:
    return score(questions, questions.exercise.trace(function, questions.cases), 1.0)


def _failed(verdict: Score) -> list[str]:
    return [name for name, passed in verdict.checks.items() if not passed]


def show(console: Console, units: Iterable[str] = UNITS) -> int:
    """Print every wrong version with the checks that caught it, then a table, then the failures. Returns 1 if there are any."""
    found = list(outcomes(units=units))
    table = Table(title="How the checks did against the bank", header_style="bold")
    for heading in ("unit", "exercise", "wrong caught", "named by own hint", "right accepted"):
        table.add_column(heading, no_wrap=True)
    for one in found:
        console.print(f"\n[bold]{one.name}[/bold]", highlight=False)
        for misconception, checks in one.caught.items():
            console.print(f"  {misconception}: {'; '.join(checks) or 'NOT CAUGHT'}", markup=False, highlight=False)
        table.add_row(one.unit, one.name, *_counts([one]))
    table.add_section()
    table.add_row("all", "", *_counts(found))
    console.print(table)
    failures = [failure for one in found for failure in one.failures]
    for failure in failures:
        console.print(failure, style="red", markup=False, highlight=False)
    console.print(
        f"{len(failures)} failures."
        if failures
        else "Every wrong version is caught and named, every right one accepted.",
        highlight=False,
    )
    return 1 if failures else 0


def _counts(found: Sequence[Outcome]) -> tuple[str, str, str]:
    """The three numbers of a line of the table."""
    wrong, right = sum(len(one.caught) for one in found), sum(one.alternatives for one in found)
    return (
        f"{sum(bool(checks) for one in found for checks in one.caught.values())} of {wrong}",
        f"{wrong - sum(len(one.misnamed) for one in found)} of {wrong}",
        f"{right - sum(len(one.refused) for one in found)} of {right}",
    )
