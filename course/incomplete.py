"""What a notebook shows where an exercise is not written yet: one line, and the figure recorded with a solution.

Every other error, and every name that the notebook's own cells do not define, keeps its usual traceback.
"""

import functools
import hashlib
import html
import inspect
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

from IPython.display import display

from course.checks.failures import CELL, CheckFailed, frames_of, function_of, unwritten_in
from course.notebooks import filled_in

RECORDED = Path(__file__).parent / "recorded"  # a folder per unit: needs.json (built), figures.json and pictures
CHECK = re.compile(r"\bchecks\.\w")


def cell_hash(source: str) -> str:
    """What a cell is found again by, as long as its text is the same."""
    return hashlib.sha256(source.strip().encode()).hexdigest()[:12]


@dataclass(frozen=True)
class Needs:
    """What the cells of a unit need.

    Args:
        unit: its folder's name. exercises: names, in order. cells: the hash of each code cell.
        names: each name that a cell defines, and the exercises without which that cell cannot run.
    """

    unit: str
    exercises: Sequence[str]
    cells: Sequence[str]
    names: Mapping[str, Sequence[str]]


@functools.cache
def units() -> tuple[Needs, ...]:
    """The needs of every unit that was built."""
    return tuple(
        Needs(path.parent.name, **json.loads(path.read_text(encoding="utf-8")))
        for path in sorted(RECORDED.glob("*/needs.json"))
    )


def unit_of(sources: Iterable[str]) -> Needs | None:
    """The unit whose cells these are: the one that knows most of them, or None if none knows any."""
    hashes = {cell_hash(source) for source in sources}
    best = max(units(), key=lambda unit: len(hashes & set(unit.cells)), default=None)
    return best if best and hashes & set(best.cells) else None


@dataclass(frozen=True)
class Recording:
    """What a cell showed when it was recorded: pictures, each with its description, and printed text."""

    figures: Sequence[tuple[Path, str]]
    text: str = ""


def recording(unit: str, source: str) -> Recording | None:
    """What was recorded of a cell, or None: also where its text was edited since."""
    found = _recordings(unit).get(cell_hash(source))
    if found is None or not (found["figures"] or found["text"]):
        return None
    figures = [(RECORDED / unit / figure["file"], figure["alt"]) for figure in found["figures"]]
    return Recording(figures, found["text"])


@functools.cache
def _recordings(unit: str) -> dict[str, Any]:
    path = RECORDED / unit / "figures.json"
    return json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}


def install(shell: Any) -> None:
    """Let a notebook's kernel answer in one line where something unwritten is needed."""
    shell.set_custom_exc((NotImplementedError, NameError), _handle)


def _handle(shell: Any, kind: type, error: Exception, trace: TracebackType, tb_offset: int | None = None) -> None:
    sources = [source for source in shell.history_manager.input_hist_raw if source]
    said = explained(error, sources, shell.user_ns)
    if said is None:  # as IPython shows any error
        lines = shell.InteractiveTB.structured_traceback(kind, error, trace, tb_offset=tb_offset)
        shell._showtraceback(kind, error, lines)
    elif CHECK.search(sources[-1]):  # an error, so that Validate sees it
        failed = CheckFailed(f"This check cannot run yet. {said}")
        shell._showtraceback(CheckFailed, failed, failed._render_traceback_())
    else:
        unit = unit_of(sources)
        _show(said, recording(unit.unit, sources[-1]) if unit else None)


def explained(error: Exception, sources: Sequence[str], names: Mapping[str, Any]) -> str | None:
    """What a cell needs that is not there, in a sentence; None if the error is of another kind.

    Args:
        sources: the cells run so far, the one that raised the error last. names: what the notebook's cells have defined.
    """
    if name := unwritten_in(error):
        return _unwritten([name])
    unit = unit_of(sources)
    missing = str(getattr(error, "name", ""))
    if type(error) is not NameError or unit is None or missing not in unit.names:
        return None
    frame, _ = frames_of(error)[-1]
    if not CELL.search(frame.f_code.co_filename):
        return None
    needed = unit.names[missing]
    if function_of(frame) in unit.exercises and missing not in unit.exercises and needed:
        return None  # in the reader's own function: a slip, not a figure's variable
    if found := [name for name in needed if _is_unwritten(names.get(name))]:
        return _unwritten(found)
    return (
        f"This needs `{missing}`, which another cell of this notebook makes. Run that cell first, then this one again."
    )


def _unwritten(names: Sequence[str]) -> str:
    quoted = [f"`{name}`" for name in names]
    if len(names) > 3:
        return f"This needs exercises that are not written yet; the first is {quoted[0]}."
    listed = " and ".join(filter(None, [", ".join(quoted[:-1]), quoted[-1]]))
    return f"This needs {listed}, which {'is' if len(names) == 1 else 'are'} not written yet."


def _is_unwritten(function: Any) -> bool:
    try:
        return not filled_in(inspect.getsource(function))
    except (OSError, TypeError):
        return False


class Note:
    """One line instead of a traceback."""

    def __init__(self, text: str) -> None:
        self.text = text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        words = re.sub(r"`([^`]+)`", r"<code>\1</code>", html.escape(self.text))
        style = "border-left: 4px solid var(--jp-warn-color1, #b26a00); padding: 0.3em 0.8em; margin: 0"
        return f'<p style="{style}">{words}</p>'


def _show(said: str, recorded: Recording | None) -> None:
    if recorded is None:
        display(Note(f"{said} Go on reading, and run this cell again later."))
        return
    from course.plots.style import Picture

    what = "figure" if recorded.figures else "result"
    display(Note(f"{said} Go on reading: below is the {what} recorded with the course's own solution."))
    for path, alt in recorded.figures:
        display(Picture(path.read_bytes(), alt))
    if recorded.text:
        print(recorded.text, end="")
