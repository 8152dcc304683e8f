"""Rebuilds a submission on the release notebook: the student's code in our cells, so that no trick with a cell works."""

import copy
from collections.abc import Hashable, Iterable

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_raw_cell

from autograder.grading.cells import grade_id, is_solution
from autograder.grading.markdown_safety import Writing

NEW = {"code": new_code_cell, "markdown": new_markdown_cell, "raw": new_raw_cell}
MISSING = "# This cell was missing from the submission."


def rebuild(release: NotebookNode, student: NotebookNode) -> NotebookNode:
    """The notebook that is graded: the release's cells, the student's solutions by grade id, their own cells in order.

    All metadata, tags, attachments and outputs of the student's are dropped; a text that would do anything on the pages
    that show it is shown as it was typed. Test cells, and text of ours, are the release's whatever the student did to
    them; a code cell of ours that is no test may have been changed.

    Args:
        release, student: notebooks; neither is changed.
    """
    places = _places(release)
    taken: dict[int, str] = {}
    own: dict[int, list[NotebookNode]] = {-1: []}
    after = -1
    for cell in student.cells:
        place = _place(cell, places)
        if place is None:
            own.setdefault(after, []).append(cell)
            continue
        ours = release.cells[place]
        if place not in taken and _may_change(ours):
            taken[place], after = cell.source, place
        elif cell.source != ours.source and is_solution(ours):
            own.setdefault(after, []).append(cell)  # a second copy of a solution: the later one runs later
        else:
            after = place
    writing = Writing(name for cell in release.cells if (name := grade_id(cell)))
    cells = _copies(own[-1], -1, writing)
    for place, ours in enumerate(release.cells):
        cell = copy.deepcopy(ours)
        if place in taken:
            if taken[place] != ours.source:
                _, cell.source = writing.kept(cell.cell_type, taken[place])
            if cell.source != ours.source and not is_solution(ours):
                cell.metadata.pop("tags", None)  # a demonstration that the student changed is the student's code
        elif is_solution(ours):
            cell.source = MISSING if cell.cell_type == "code" else ""
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None
        cells.append(cell)
        cells += _copies(own.get(place, []), place, writing)
    rebuilt = copy.deepcopy(release)
    rebuilt.cells = cells
    return rebuilt


def _places(release: NotebookNode) -> dict[Hashable, int]:
    """Where each of our cells is: by grade id, by cell id, and by its text for those whose ids an editor has lost."""
    places: dict[Hashable, int] = {}
    for place, cell in enumerate(release.cells):
        places.setdefault(("text", cell.cell_type, cell.source), place)
        places[("id", cell.id)] = place
        if grade_id(cell):
            places[("grade_id", grade_id(cell))] = place
    return places


def _place(cell: NotebookNode, places: dict[Hashable, int]) -> int | None:
    """The place in the release of a student's cell, or None for a cell of their own."""
    for key in (("grade_id", grade_id(cell)), ("id", cell.get("id")), ("text", cell.cell_type, cell.source)):
        try:
            if key in places:
                return places[key]
        except TypeError:  # an id that is no string
            continue
    return None


def _may_change(ours: NotebookNode) -> bool:
    """Whether the student's version of this cell of ours counts: solutions, written answers, set-up, demonstrations."""
    return is_solution(ours) or (ours.cell_type == "code" and not ours.metadata.get("nbgrader"))


def _copies(cells: Iterable[NotebookNode], place: int, writing: Writing) -> list[NotebookNode]:
    """A student's own cells with nothing of theirs but the text."""
    copies = []
    for number, cell in enumerate(cells):
        kind, source = writing.kept(cell.cell_type, cell.source)
        copy_of = NEW.get(kind, new_raw_cell)(source=source)
        copy_of.id = f"own-{place + 1}-{number}"
        copies.append(copy_of)
    return copies
