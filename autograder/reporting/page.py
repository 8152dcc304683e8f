"""The class report as a page: one HTML file, nothing beside it, and nothing in it that can run.

Whatever comes from a student (names, above all) is a stranger's text. Two things keep it text: every value is escaped
where it enters the page, and the page's own policy forbids scripts, frames, forms and anything from elsewhere.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup, escape

from autograder.errors import UserError
from autograder.exercises import UNITS
from autograder.reporting import manual_grading
from autograder.reporting.cohort import summarise
from autograder.reporting.courses import everyone, summarise_course
from autograder.reporting.manual_grading import ManualGrade
from autograder.reporting.needs_attention import NeedsAttention, needs_attention, stopped
from autograder.reporting.outcomes import KINDS, Outcome, read_outcomes
from autograder.workspace import Workspace, write_whole

ManualGrades = dict[str, dict[str, ManualGrade]]  # unit -> student -> written answers

TEMPLATES = Path(__file__).parent / "templates"
MOST = 2000  # rows of a table: a page that a phone can still hold
OPEN = 60  # a longer table of students is folded away at first
FEW = 10  # the hardest checks, and the most frequent mistakes, that are shown as pictures


def unit_page(workspace: Workspace, unit: str) -> Path:
    """Write the page of one unit, and those that it belongs with, so that its links lead somewhere. Returns its path.

    Raises:
        UserError: if nothing of it was graded, or its report cannot be used.
    """
    if unit not in graded_units(workspace):
        raise UserError(f"Nothing of {unit!r} has been graded yet. Start with: python -m autograder grade {unit}")
    course_pages(workspace)
    return _path(workspace, unit)


def course_pages(workspace: Workspace) -> Path:
    """Write the page of the whole course, and one for each unit that was graded. Returns the path of the first.

    Raises:
        UserError: if nothing was graded, or a report cannot be used.
    """
    units = graded_units(workspace)
    if not units:
        raise UserError("Nothing has been graded yet. Start with: python -m autograder grade ASSIGNMENT")
    students, manual = _gradebook(workspace)
    waiting = {}
    for unit in units:
        _unit_page(workspace, unit, units, students, manual)
        for student, work in manual[unit].items():
            waiting[student] = waiting.get(student, 0) + work.waiting
    course = summarise_course(units, students, waiting)
    found = _of_all_units(needs_attention(units, students))
    path = _path(workspace, "course")
    write_whole(
        path,
        render(
            "course.html",
            course=course,
            needs_attention=sorted(found, key=lambda row: (-len(row.reasons), row.student)),
            stopped=_of_all_units({unit: _stopped(outcomes) for unit, outcomes in units.items()}),
            waiting=sum(waiting.values()),
        ),
    )
    return path


def graded_units(workspace: Workspace) -> dict[str, list[Outcome]]:
    """unit -> its outcomes, in the order of the course, of all units of which anything was graded."""
    found = {unit: read_outcomes(workspace, unit) for unit in UNITS}
    return {unit: outcomes for unit, outcomes in found.items() if outcomes}


def render(template: str, **values: Any) -> str:
    """A page from its template, with every value escaped that is not marked as ours."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {
        "percent": percent,
        "points": lambda points: f"{round(points, 2):g}",
        "breakable": breakable,
    }
    style = Markup((TEMPLATES / "style.css").read_text(encoding="utf-8"))  # our own file
    made = f"{datetime.now():%Y-%m-%d %H:%M}"
    shared = {"style": style, "made": made, "kinds": KINDS, "most": MOST, "open": OPEN, "few": FEW}
    return environment.get_template(template).render(shared | values).strip() + "\n"


def percent(share: float) -> str:
    """A share in whole percent; what is not all is never called 100%, nor what is not nothing 0%."""
    whole = round(100 * share)
    return f"{min(max(whole, 1), 99) if 0 < share < 1 else whole}%"


def breakable(name: str) -> Markup:
    """A long name that a narrow column may break after each underscore or point. Escaped first."""
    escaped = escape(name)
    for sign in "_.":
        escaped = escaped.replace(sign, sign + Markup("<wbr>"))
    return escaped


def _unit_page(
    workspace: Workspace,
    unit: str,
    units: Mapping[str, Sequence[Outcome]],
    students: Iterable[str],
    manual: ManualGrades,
) -> None:
    write_whole(
        _path(workspace, unit),
        render(
            "unit.html",
            unit=summarise(unit, units[unit]),
            needs_attention=needs_attention(units, everyone(units, students))[unit],
            stopped=_stopped(units[unit]),
            manual_grades=manual[unit],
            waiting=sum(work.waiting for work in manual[unit].values()),
        ),
    )


def _path(workspace: Workspace, name: str) -> Path:
    return workspace.report / f"{name}.html"


def _gradebook(workspace: Workspace) -> tuple[list[str], ManualGrades]:
    """All students whom the gradebook knows, and unit -> student -> their written answers; a refusal has none to read."""
    manual = manual_grading.manual_grades(workspace)
    for unit, outcomes in graded_units(workspace).items():
        for outcome in outcomes:
            if outcome.refused and outcome.student in manual[unit]:
                manual[unit][outcome.student] = replace(manual[unit][outcome.student], waiting=0)
    return manual_grading.students(workspace), manual


def _stopped(outcomes: Iterable[Outcome]) -> list[NeedsAttention]:
    rows = (NeedsAttention(outcome.student, tuple(stopped(outcome))) for outcome in outcomes)
    return [row for row in rows if row.reasons]


def _of_all_units(rows: Mapping[str, Iterable[NeedsAttention]]) -> list[NeedsAttention]:
    """From unit -> rows to one row a student, each reason with its unit before it."""
    found = {}
    for unit, looked in rows.items():
        for row in looked:
            found.setdefault(row.student, []).extend(f"{unit}: {reason}" for reason in row.reasons)
    return [NeedsAttention(student, tuple(reasons)) for student, reasons in sorted(found.items())]
