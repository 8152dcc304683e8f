"""What the commands print: errors as sentences, a progress bar, and the results as a table."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from autograder.errors import AutograderError
from autograder.workspace import Workspace

FAILED = 1  # argparse itself exits with 2 for bad usage
INTERRUPTED = 130


def exit_code(command: Callable[[], int | None]) -> int:
    """Run a command, and say what went wrong in a sentence instead of a traceback.

    Returns:
        0 done, 1 a problem that the message explains, 130 interrupted.
    """
    try:
        return command() or 0
    except AutograderError as problem:
        print(f"Problem: {problem}", file=sys.stderr)
        return FAILED
    except OSError as error:
        where = f" ({error.filename})" if error.filename else ""
        print(
            f"Problem: {error.strerror or error}{where}. Nothing that was recorded is lost; put it right and run "
            "the command again.",
            file=sys.stderr,
        )
        return FAILED
    except KeyboardInterrupt:
        print("\nInterrupted. What was graded is recorded; the same command goes on from there.", file=sys.stderr)
        return INTERRUPTED


def wide_console() -> Console:
    """A console for tables: as wide as the terminal, and wide enough where there is none."""
    return Console() if sys.stdout.isatty() else Console(width=140)


def short_path(path: Path) -> Path:
    """A path relative to the current folder where it is below it; otherwise the path as it is."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def grade_and_print(workspace: Workspace, unit: str, **options: Any) -> int:
    """Grade with a progress bar, then print the table. ``options``: as for ``grading.grade.grade``. Returns the exit code."""
    # imported late: the command line answers bad usage without loading nbgrader's database layer
    from autograder.grading.grade import grade
    from autograder.grading.journal import report_path

    console = wide_console()
    if options.get("sandbox") == "none":
        Console(stderr=True).print(
            "WARNING: --sandbox none. Submissions run UNCONFINED: they can read and change all that you can.",
            style="bold white on red",
        )
    progress = Progress(
        TextColumn("grading {task.fields[student]}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with progress:
        bar = progress.add_task("grading", total=None, student=unit)

        def tick(student: str | None, entry: Any) -> None:
            if student is None:
                progress.update(bar, total=entry)
            else:
                progress.update(bar, advance=1, student=student)

        report = grade(workspace, unit, tick=tick, **options)
    console.print(results_table(report))
    console.print(f"Details: {short_path(report_path(workspace, unit))}", soft_wrap=True)
    return 0


def results_table(report: dict[str, Any]) -> Table:
    """The report as a table for the terminal, one line per student."""
    result = Table(title=report["assignment"], header_style="bold")
    result.add_column("student", overflow="fold", max_width=40)
    for heading in ("points", "of", "seconds"):
        result.add_column(heading, justify="right", no_wrap=True)
    result.add_column("what happened", ratio=1)
    for student, entry in report["students"].items():
        numbers = f"{entry['points']:g}", f"{entry['maximum']:g}", f"{entry['seconds']:.1f}"
        result.add_row(escape(student), *numbers, escape(summary(entry)))
    return result


def summary(entry: dict[str, Any]) -> str:
    """One student's outcome in a few words."""
    if entry["refused"]:
        return f"refused: {entry['refused']}"
    parts = entry["exercises"].values()
    hints = [part["hint_id"] for part in parts if part["hint_id"]]
    notes = list(dict.fromkeys(part["note"].partition(": it was called")[0] for part in parts if part["note"]))
    return "; ".join(hints + notes[:2] + (["..."] if len(notes) > 2 else []))
