"""The tests tested: each exercise's wrong versions must be caught and named, its right alternatives accepted in full."""

from dataclasses import dataclass

import numpy as np
from rich.table import Table

from autograder.exercises import UNITS, exercises_of
from autograder.grading.scoring import prepare, score


@dataclass(frozen=True)
class Outcome:
    """How one exercise's checks did against its bank."""

    unit: str
    name: str
    caught: dict  # misconception -> names of the checks that failed; empty if it got full marks
    misnamed: dict  # misconception -> the hint it got instead of its own
    refused: dict  # alternative -> names of the checks that failed, for those that did not get full marks
    alternatives: int

    @property
    def perfect(self):
        return all(self.caught.values()) and not self.misnamed and not self.refused


def outcomes(seed=0, units=UNITS):
    """The outcome of every exercise, with inputs drawn from this seed."""
    for unit in units:
        for exercise in exercises_of(unit).values():
            yield outcome(unit, exercise, np.random.default_rng(seed))


def outcome(unit, exercise, rng):
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


def _judged(questions, function):
    return score(questions, questions.exercise.trace(function, questions.cases), 1.0)


def _failed(verdict):
    return [name for name, passed in verdict.checks.items() if not passed]


def show(console):
    """Print the table, then every wrong version with the checks that caught it. Returns 1 unless all is perfect."""
    found = list(outcomes())
    table = Table(title="The tests, tested", header_style="bold")
    for heading in ("unit", "exercise", "wrong caught", "named by own hint", "right accepted"):
        table.add_column(heading, no_wrap=True)
    for one in found:
        wrong = len(one.caught)
        table.add_row(
            one.unit,
            one.name,
            f"{sum(map(bool, one.caught.values()))} of {wrong}",
            f"{wrong - len(one.misnamed)} of {wrong}",
            f"{one.alternatives - len(one.refused)} of {one.alternatives}",
        )
    wrong, right = sum(len(one.caught) for one in found), sum(one.alternatives for one in found)
    table.add_section()
    table.add_row(
        "all",
        "",
        f"{sum(bool(checks) for one in found for checks in one.caught.values())} of {wrong}",
        f"{wrong - sum(len(one.misnamed) for one in found)} of {wrong}",
        f"{right - sum(len(one.refused) for one in found)} of {right}",
    )
    console.print(table)
    for one in found:
        console.print(f"\n[bold]{one.name}[/bold]", highlight=False)
        for misconception, checks in one.caught.items():
            console.print(f"  {misconception}: {'; '.join(checks) or 'NOT CAUGHT'}", markup=False, highlight=False)
        for misconception, hint in one.misnamed.items():
            console.print(f"  {misconception}: named as {hint}", style="red", markup=False)
        for alternative, checks in one.refused.items():
            console.print(f"  {alternative}: right, but refused by {'; '.join(checks)}", style="red", markup=False)
    return 0 if all(one.perfect for one in found) else 1
