"""How a class did in one unit, in numbers. Pure: from outcomes to counts; reads no file and knows no HTML."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median, quantiles

from autograder.exercises import exercises_of
from autograder.reporting.outcomes import KINDS, Outcome

BINS = 11  # nought to nine percent, ..., ninety to ninety-nine; and full marks


@dataclass(frozen=True)
class CheckRate:
    """How many passed one check, of those whose function answered at all."""

    exercise: str
    name: str
    passed: int
    asked: int

    @property
    def share(self) -> float:
        return self.passed / self.asked if self.asked else 0.0


@dataclass(frozen=True)
class Exercise:
    """How the class did in one exercise. ``kinds``: how many students of each of outcomes.KINDS."""

    name: str
    maximum: float
    mean: float
    kinds: dict[str, int]
    checks: tuple[CheckRate, ...]


@dataclass(frozen=True)
class Mistake:
    """A known mistake, its hint, and who made it."""

    id: str
    hint: str
    students: tuple[str, ...]


@dataclass(frozen=True)
class UnitSummary:
    """One unit in numbers."""

    unit: str
    outcomes: tuple[Outcome, ...]
    spread: tuple[float, float, float]  # lower quartile, median, upper quartile of the points' share
    exercises: tuple[Exercise, ...]
    mistakes: tuple[Mistake, ...]

    @property
    def histogram(self) -> list[int]:
        return histogram([outcome.share for outcome in self.outcomes])

    @property
    def maximum(self) -> float:
        return max(outcome.maximum for outcome in self.outcomes)

    @property
    def refused(self) -> int:
        return sum(bool(outcome.refused) for outcome in self.outcomes)

    @property
    def perfect(self) -> int:
        return sum(outcome.points >= outcome.maximum for outcome in self.outcomes)

    @property
    def hardest(self) -> list[CheckRate]:
        """The checks that were not passed by all, the least passed first; of equals, the one that more met."""
        rates = [rate for exercise in self.exercises for rate in exercise.checks if rate.passed < rate.asked]
        return sorted(rates, key=lambda rate: (rate.share, -rate.asked))


def summarise(unit: str, outcomes: Sequence[Outcome]) -> UnitSummary:
    """A unit in numbers. ``outcomes``: at least one."""
    names = list(dict.fromkeys(name for outcome in outcomes for name in outcome.exercises))
    shares = [outcome.share for outcome in outcomes]
    return UnitSummary(
        unit,
        tuple(outcomes),
        spread(shares),
        tuple(_exercise(name, outcomes) for name in names),
        mistakes_in(unit, outcomes),
    )


def spread(shares: Sequence[float]) -> tuple[float, float, float]:
    """The lower quartile, the median and the upper quartile."""
    if len(shares) == 1:
        return shares[0], shares[0], shares[0]
    low, _, high = quantiles(shares, n=4, method="inclusive")
    return low, median(shares), high


def histogram(shares: Sequence[float]) -> list[int]:
    """How many shares lie in each tenth; full marks are counted by themselves, in the last of BINS numbers."""
    counts = [0] * BINS
    for share in shares:
        counts[BINS - 1 if share >= 1 else min(int(share * 10 + 1e-9), BINS - 2)] += 1
    return counts


def _exercise(name: str, outcomes: Sequence[Outcome]) -> Exercise:
    """One exercise. Its checks are counted over those whose function answered: what is missing says nothing about a check."""
    results = [outcome.exercises[name] for outcome in outcomes if name in outcome.exercises]
    answered = [result for result in results if result.kind != "missing"]
    checks = dict.fromkeys(check for result in results for check in result.checks)
    found = Counter(result.kind for result in results)
    return Exercise(
        name,
        max(result.maximum for result in results),
        sum(result.points for result in results) / len(results),
        {kind: found[kind] for kind in KINDS},
        tuple(
            CheckRate(
                name,
                check,
                sum(result.checks.get(check, False) for result in answered),
                sum(check in result.checks for result in answered),
            )
            for check in checks
        ),
    )


def mistakes_in(unit: str, outcomes: Sequence[Outcome]) -> tuple[Mistake, ...]:
    """The known mistakes by frequency, the most frequent first, each with its hint from the bank."""
    known = [mistake for exercise in exercises_of(unit).values() for mistake in exercise.mistakes.values()]
    hints = {mistake.id: mistake.hint for mistake in known}
    made = {}
    for outcome in outcomes:
        for result in outcome.exercises.values():
            if result.hint_id:
                made.setdefault(result.hint_id, []).append(outcome.student)
    unknown = "This version of the course no longer has a hint for it."
    found = [Mistake(key, hints.get(key, unknown), tuple(students)) for key, students in made.items()]
    return tuple(sorted(found, key=lambda mistake: (-len(mistake.students), mistake.id)))
