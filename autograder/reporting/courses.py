"""How a class did in the whole course, in numbers: every student in every unit that was graded. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from autograder.reporting.cohort import UnitSummary, histogram, spread, summarise
from autograder.reporting.outcomes import Outcome


@dataclass(frozen=True)
class Row:
    """One student in the whole course. ``shares``: by unit, None where nothing was handed in."""

    student: str
    points: float
    share: float
    shares: tuple[float | None, ...]
    waiting: int  # written answers that nobody has read yet

    @property
    def trend(self) -> list[tuple[float, float]]:
        """The points of a small picture: (place of the unit from 0 to 1, share), for what was handed in."""
        last = max(len(self.shares) - 1, 1)
        return [(place / last, share) for place, share in enumerate(self.shares) if share is not None]

    @property
    def trend_in_words(self) -> str:
        return "from unit to unit: " + ", ".join(
            "nothing" if share is None else f"{share:.0%}" for share in self.shares
        )


@dataclass(frozen=True)
class CourseSummary:
    """All units that were graded, in order, and all students, sorted by name."""

    units: tuple[UnitSummary, ...]
    rows: tuple[Row, ...]

    @property
    def spread(self) -> tuple[float, float, float]:
        return spread([row.share for row in self.rows])

    @property
    def histogram(self) -> list[int]:
        return histogram([row.share for row in self.rows])


def summarise_course(
    units: Mapping[str, Sequence[Outcome]], students: Iterable[str], waiting: Mapping[str, int]
) -> CourseSummary:
    """The course in numbers.

    Args:
        units: unit -> its outcomes, at least one unit with at least one outcome, in the order of the course.
        students: the names of all in the class; those who handed in something need not be among them.
        waiting: student -> number of written answers to read.
    """
    summaries = tuple(summarise(unit, outcomes) for unit, outcomes in units.items())
    everything = sum(summary.maximum for summary in summaries)
    own = {unit: {outcome.student: outcome for outcome in outcomes} for unit, outcomes in units.items()}
    return CourseSummary(
        summaries,
        tuple(_row(student, own, everything, waiting.get(student, 0)) for student in everyone(units, students)),
    )


def everyone(units: Mapping[str, Sequence[Outcome]], students: Iterable[str]) -> list[str]:
    """All in the class, sorted: those named, and all who handed in anything."""
    return sorted({*students, *(outcome.student for outcomes in units.values() for outcome in outcomes)})


def _row(student: str, own: Mapping[str, Mapping[str, Outcome]], everything: float, waiting: int) -> Row:
    outcomes = [unit.get(student) for unit in own.values()]
    points = sum(outcome.points for outcome in outcomes if outcome)
    return Row(
        student,
        points,
        min(points / everything, 1.0) if everything else 0.0,
        tuple(outcome.share if outcome else None for outcome in outcomes),
        waiting,
    )
