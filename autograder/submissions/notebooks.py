"""Which assignment a notebook is of: by the exercises in it, and where these cannot be read, by its name."""

import json
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from autograder.grading.cells import grade_id
from autograder.submissions import intake
from autograder.submissions.names import Claim, unit_of
from autograder.submissions.paths import EntryRejected
from autograder.workspace import Workspace


def exercises_by_unit(workspace: Workspace, units: Iterable[str]) -> dict[str, set[str | None]]:
    """The ids of the cells that students fill in or are graded by, of every unit that is released here: {unit: set}."""
    found = {}
    for unit in units:
        path = workspace.notebook("release", unit)
        if path.is_file():
            cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
            found[unit] = {grade_id(cell) for cell in cells} - {None}
    return found


def check(claim: Claim, data: bytes, unit: str, known: Mapping[str, Collection[str | None]]) -> None:
    """Make sure that this is a notebook of the assignment.

    Args:
        data: its bytes. unit: the assignment that is collected. known: what ``exercises_by_unit`` gives.

    Raises:
        EntryRejected: if it is not. One that cannot be read but is named as it should be passes: grading says why to the student.
    """
    named = next(iter(claim.units), None) or unit_of(claim.file, tuple(known))[0]
    try:
        inside = _unit_inside(intake.parse(data), known)
    except intake.SubmissionRejected as refused:
        if named == unit:
            return
        raise EntryRejected("is not a notebook that can be read, and its name says of no assignment") from refused
    if unit in (inside, named) and inside in (unit, None):
        return
    if inside or named:
        raise EntryRejected(f"is of another assignment, {inside or named}")
    raise EntryRejected("holds no exercise of any assignment, and its name says of none")


def _unit_inside(notebook: Any, known: Mapping[str, Any]) -> str | None:
    """The unit of which most exercises are in a notebook, or None."""
    ids = {grade_id(cell) for cell in notebook.cells}
    shared = {unit: len(ids & exercises) for unit, exercises in known.items()}
    best = max(shared, key=shared.__getitem__, default=None)
    return best if best and shared[best] else None
