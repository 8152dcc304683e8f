"""How far a reader is, over all units: a picture, a table, and what to do next."""

import html
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from urllib.parse import quote

from IPython.display import display
from matplotlib.figure import Figure

from course import plots
from course.notebooks import Task, Unit, read, units_folder
from course.plots.progress import progress_bars

HEADINGS = (
    "unit",
    "exercises filled in",
    "visible checks passed",
    "answers in words",
    "points of these",
    "saved",
    "next",
)
CAPTION = "Your notebooks, as they were last saved"
HONEST = (
    "Filled in is not yet right: the points are what these exercises can earn. The hidden checks, which run at grading, "
    "decide what they do earn. A visible check counts as passed if it passed when you last ran its cell.",
    "Is something missing? Save the notebooks that are open (Ctrl+S) and run this cell again. Units that your class has not "
    "been given yet are not in the list.",
)


def show(start: str | Path = ".") -> None:
    """Display the reader's progress: of the units beside the notebook's own folder, or of those found from ``start``.

    Nothing is run and nothing is changed. What cannot be read is said in words.
    """
    folder = units_folder(start)
    units = read(folder)
    if not units:
        _say(
            f"No unit was found in {folder}. This page looks for folders like 01-rnn beside its own folder: leave it "
            "where it came, in 00-start-here, and put the units beside it."
        )
        return
    plots.show(drawing(units), description(units))
    page, plain = table(units, time.time(), way_to(folder))
    display({"text/html": page, "text/plain": plain}, raw=True)
    _say(" ".join([overall(units), *gaps(units)]), *HONEST)


def drawing(units: Sequence[Unit]) -> Figure:
    """The picture of some units: a Figure."""
    rows = [(f"Unit {unit.folder[:2]}", parts(unit), unit.points(), beside(unit)) for unit in units]
    return progress_bars(rows, headline(units))


def headline(units: Sequence[Unit]) -> str:
    """What the picture says above all."""
    if any(unit.problem for unit in units):
        return "What is filled in, in the notebooks that could be read"
    if not any(unit.begun for unit in units):
        return "Everything is still ahead of you"
    if all(done(task) for unit in units for task in unit.tasks):
        return "Everything is filled in, and every visible check passed"
    return "What is filled in so far"


def done(task: Task) -> bool:
    """Whether nothing is left to do before handing in: filled in and, where there are checks, passed."""
    return task.filled and (task.written or task.passed is True)


def parts(unit: Unit) -> tuple[float, float, float]:
    """The unit's points in the order of ``plots.progress.KINDS``: passed, filled in otherwise, answered in words."""
    return (
        unit.points(lambda task: not task.written and done(task)),
        unit.points(lambda task: not task.written and task.filled and not done(task)),
        unit.points(lambda task: task.written and task.filled),
    )


def beside(unit: Unit) -> str:
    """What is written beside the unit's bar."""
    if unit.problem:
        return "could not be read"
    if not unit.begun:
        return "not begun"
    if all(map(done, unit.tasks)):
        return "all filled in ✓"
    return f"{_count(unit.tasks, lambda task: task.filled)} filled in"


def description(units: Sequence[Unit]) -> str:
    """The picture in words, for those who cannot see it."""
    said = [f"A bar for each unit, by points. {headline(units)}."]
    for unit in units:
        passed, other, words = parts(unit)
        name = f"Unit {unit.folder[:2]}"
        if unit.problem or not unit.begun:
            said.append(f"{name}: {beside(unit)}.")
        else:
            said.append(
                f"{name}: {unit.points(lambda task: task.filled):g} of {unit.points():g} points filled in, "
                f"{passed:g} with their visible checks passed, {other:g} without, {words:g} in words."
            )
    return " ".join(said)


def overall(units: Sequence[Unit]) -> str:
    """All units together, in a sentence."""
    tasks = [task for unit in units for task in unit.tasks]
    filled = sum(task.points for task in tasks if task.filled)
    return (
        f"All together: {_count(tasks, lambda task: task.filled)} exercises and answers filled in, "
        f"worth {filled:g} of {sum(task.points for task in tasks):g} points."
    )


def gaps(units: Sequence[Unit]) -> list[str]:
    """A sentence for every unit that is missing between the others."""
    numbers = {int(unit.folder[:2]) for unit in units}
    missing = [number for number in range(1, max(numbers)) if number not in numbers]
    return [
        f"There is no folder of unit {number:02d} here: it was not given out yet, or was moved." for number in missing
    ]


def next_step(unit: Unit) -> str:
    """What to do next in a unit."""
    if unit.problem or unit.note:
        return unit.problem or unit.note
    for task in unit.tasks:
        if not task.filled and task.written:
            return f"answer {task.name} in your own words"
        if not task.filled:
            return f"write {task.name}"
        if not done(task):
            return (
                f"see why {task.name} did not pass" if task.passed is False else f"run the checks of {task.name}, save"
            )
    return "Validate, save, hand in"


def row(unit: Unit, now: float) -> tuple[str, ...]:
    """The unit's line of the table, as texts in the order of ``HEADINGS``. ``now``: seconds since 1970."""
    if unit.problem:
        return (unit.title, "?", "?", "?", "?", "", unit.problem)
    return (
        unit.title,
        _count(unit.exercises, lambda task: task.filled),
        _count(unit.exercises, done),
        _count(unit.answers, lambda task: task.filled) if unit.answers else "none asked",
        f"{unit.points(lambda task: task.filled):g} of {unit.points():g}",
        ago(now - unit.saved) if unit.begun else "",
        next_step(unit),
    )


def ago(seconds: float) -> str:
    """A span of time in everyday words: "just now", "5 minutes ago"."""
    for size, name in ((86400, "day"), (3600, "hour"), (60, "minute")):
        if (count := int(seconds // size)) >= 1:
            return f"{count} {name}{'s' if count > 1 else ''} ago"
    return "just now"


def _count(tasks: Sequence[Task], condition: Callable[[Task], bool]) -> str:
    return f"{sum(map(condition, tasks))} of {len(tasks)}"


def way_to(folder: Path) -> str:
    """The way from the notebook, which runs in its own folder, to another folder, as a page's links have it."""
    try:
        return quote(Path(os.path.relpath(folder)).as_posix())
    except ValueError:  # on Windows, another drive: no link leads there
        return ".."


def table(units: Sequence[Unit], now: float, way: str = "..") -> tuple[str, str]:
    """The table as HTML, each row and column with a heading, so that a screen reader can say where it is; and as plain text.

    Args:
        units: from ``read``. now: seconds since 1970. way: from this notebook to the folder of the units, for the links.
    """
    rows = [row(unit, now) for unit in units]
    cell = 'style="text-align: left; white-space: normal"'
    heads = "".join(f'<th scope="col" {cell}>{name}</th>' for name in HEADINGS)
    lines = []
    for unit, (title, *others) in zip(units, rows, strict=True):
        others = "".join(f"<td {cell}>{html.escape(text)}</td>" for text in others)
        lines.append(f'<tr><th scope="row" {cell}>{_link(unit, title, way)}</th>{others}</tr>')
    page = f"<table><caption>{CAPTION}</caption><thead><tr>{heads}</tr></thead><tbody>{''.join(lines)}</tbody></table>"
    plain = "\n".join(" | ".join(texts) for texts in (HEADINGS, *rows))
    return page, plain


def _link(unit: Unit, title: str, way: str) -> str:
    """The unit's title as a link to its notebook, which JupyterLab opens beside this one."""
    target = f"{way}/{unit.folder}/{unit.folder.split('-', 1)[1]}.ipynb"
    return html.escape(title) if unit.problem else f'<a href="{html.escape(target)}">{html.escape(title)}</a>'


def _say(*paragraphs: str) -> None:
    # as HTML, because a page breaks printed lines in the middle of a word
    page = "".join(f"<p>{html.escape(text)}</p>" for text in paragraphs)
    display({"text/html": page, "text/plain": "\n".join(paragraphs)}, raw=True)
