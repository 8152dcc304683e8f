"""The command line: build, collect, grade, publish, report, demo, bench. Everything a person does wrong comes back as a sentence."""

import argparse
import os
import sys
from pathlib import Path

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from autograder import timing
from autograder.errors import AutograderError
from autograder.exercises import UNITS
from autograder.submissions import command as collecting
from autograder.workspace import Workspace, notebook_name
from tools.benchmark import command as benchmark

FAILED = 1  # argparse itself exits with 2 for bad usage


def main(arguments=None):
    """Run one command. Returns the exit code: 0 done, 1 a problem that the message explains, 2 bad usage, 130 interrupted."""
    options = parser().parse_args(arguments)
    if getattr(options, "assignment", None):
        options.assignment = options.assignment.rstrip("/")  # a shell completes the name of a folder with one
    if getattr(options, "units", None):
        options.units = [unit.rstrip("/") for unit in options.units]
    try:
        return options.run(options) or 0
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
        return 130


def parser():
    top = argparse.ArgumentParser(prog="python -m autograder", description="Build, publish and grade the course.")
    commands = top.add_subparsers(title="commands", required=True, metavar="COMMAND")

    command = commands.add_parser("build", help="make all notebooks from their texts")
    command.add_argument("--check", action="store_true", help="write nothing; fail and say what is out of date")
    command.set_defaults(run=run_build)

    command = commands.add_parser(
        "collect", help="file the submissions in a zip or folder from Canvas, Moodle or elsewhere"
    )
    collecting.arguments(command)

    command = commands.add_parser("grade", help="grade the submissions of an assignment in the sandbox")
    command.add_argument("assignment", metavar="ASSIGNMENT", help="for example 01-rnn")
    command.add_argument("--student", metavar="ID", help="only this student")
    command.add_argument("--jobs", metavar="N", type=positive, default=os.cpu_count() or 1, help="how many at a time")
    command.add_argument(
        "--sandbox",
        choices=("warm", "cold", "none"),
        help="warm: forks of one confined interpreter (the default); cold: an interpreter for each submission; "
        "none: UNCONFINED, with all that you may do",
    )
    command.add_argument(
        "--scheduler",
        metavar="ADDRESS",
        type=address,
        help="grade on the workers of this Dask scheduler, e.g. tcp://10.0.0.5:8786",
    )
    command.add_argument("--force", action="store_true", help="also those that are unchanged since they were graded")
    command.add_argument("--timings", metavar="FILE", type=Path, help="write where the time went, as JSON")
    command.set_defaults(run=run_grade)

    command = commands.add_parser("publish", help="write the student's tree: all that students need, nothing else")
    command.add_argument("folder", metavar="DIR", type=Path)
    command.add_argument(
        "--units", metavar="UNIT", nargs="+", help="only these units, for a class that gets one at a time"
    )
    command.set_defaults(run=run_publish)

    command = commands.add_parser("report", help="write the class report, or show how the tests themselves are tested")
    command.add_argument("assignment", metavar="ASSIGNMENT", nargs="?", help="only this one, not the whole course")
    command.add_argument(
        "--notebooks", action="store_true", help="run every source notebook and show its seconds and its memory"
    )
    command.add_argument(
        "--tests",
        action="store_true",
        help="for every exercise: wrong versions caught, and by which check; right ones accepted",
    )
    command.set_defaults(run=run_report)

    command = commands.add_parser("demo", help="make a small class with every kind of student in it, and grade it")
    command.add_argument("folder", metavar="DIR", type=Path, nargs="?", default=Path("demo"))
    command.set_defaults(run=run_demo)

    command = commands.add_parser(
        "bench", help="measure: this grader, plain nbgrader and otter-grader on the same class"
    )
    benchmark.arguments(command)
    return top


def positive(text):
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return value


def address(text):
    if not text.strip():
        raise argparse.ArgumentTypeError("it needs the address of a scheduler, as tcp://10.0.0.5:8786")
    return text


def run_build(options):
    from autograder.building.build import build, differences
    from autograder.grading.recording import register

    workspace = Workspace.here()
    if options.check:
        found = differences(workspace)
        for line in found:
            print(line)
        print("Run `python -m autograder build` and commit what it writes." if found else "Everything is up to date.")
        return FAILED if found else 0
    files, changed = build(workspace)
    for unit in UNITS:
        register(workspace, unit)
    for path in changed:
        print(f"wrote {shown(path)}")
    print(f"{len(files)} generated files, {len(changed)} written, the rest was up to date.")
    return 0


def run_grade(options):
    from autograder.grading.grade import grade
    from autograder.grading.journal import report_path

    workspace = Workspace.here()
    with timing.into(options.timings):
        return graded(
            workspace,
            options.assignment,
            grade,
            report_path,
            student=options.student,
            jobs=options.jobs,
            sandbox=options.sandbox,
            scheduler=options.scheduler,
            force=options.force,
        )


def graded(workspace, unit, grade, report_path, **options):
    """Grade with a progress bar, then print the table."""
    console = wide_console()
    if options.get("sandbox") == "none":
        Console(stderr=True).print(
            "WARNING: --sandbox none. Submissions run UNCONFINED: they can read and change all that you can.",
            style="bold white on red",
        )
    progress = Progress(
        TextColumn("grading {task.fields[who]}", markup=False),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
        console=Console(stderr=True),
    )
    with progress:
        bar = progress.add_task("grading", total=None, who=unit)

        def tick(student, entry):
            if student is None:
                progress.update(bar, total=entry)
            else:
                progress.update(bar, advance=1, who=student)

        report = grade(workspace, unit, tick=tick, **options)
    console.print(table(report))
    console.print(f"Details: {shown(report_path(workspace, unit))}", soft_wrap=True)
    return 0


def wide_console():
    """A console for tables: as wide as the terminal, and wide enough where there is none."""
    return Console() if sys.stdout.isatty() else Console(width=140)


def shown(path):
    """A path as short as it can be said from here."""
    return path.relative_to(Path.cwd()) if path.is_relative_to(Path.cwd()) else path


def table(report):
    """The report as a table for the terminal, one line a student."""
    result = Table(title=report["assignment"], header_style="bold")
    result.add_column("student", overflow="fold", max_width=40)
    for heading in ("points", "of", "seconds"):
        result.add_column(heading, justify="right", no_wrap=True)
    result.add_column("what happened", ratio=1)
    for student, entry in report["students"].items():
        numbers = f"{entry['points']:g}", f"{entry['maximum']:g}", f"{entry['seconds']:.1f}"
        result.add_row(escape(student), *numbers, escape(summary(entry)))
    return result


def summary(entry):
    """One student's outcome in a few words."""
    if entry["refused"]:
        return f"refused: {entry['refused']}"
    parts = entry["exercises"].values()
    hints = [part["hint_id"] for part in parts if part["hint_id"]]
    whys = list(dict.fromkeys(part["note"].partition(": it was called")[0] for part in parts if part["note"]))
    return "; ".join(hints + whys[:2] + (["..."] if len(whys) > 2 else []))


def run_publish(options):
    from autograder.building.publishing import publish

    files = publish(Workspace.here(), options.folder, options.units)
    print(
        f"{len(files)} files in {options.folder}: the student's tree, checked for leaks. "
        "It is meant for a public repository of its own."
    )
    return 0


def run_report(options):
    from autograder.reporting import notebooks, tests

    if options.notebooks:
        return notebooks.show(Workspace.here(), wide_console())
    if options.tests:
        return tests.show(wide_console())
    from autograder.grading.journal import read_report
    from autograder.reporting.page import course_pages, unit_page

    workspace, console = Workspace.here(), wide_console()
    if options.assignment:
        notebook_name(options.assignment)
        path = unit_page(workspace, options.assignment)
        console.print(table(read_report(workspace, options.assignment)))
    else:
        path = course_pages(workspace)
    console.print(f"The class report: {shown(path)}", soft_wrap=True, markup=False)
    return 0


def run_demo(options):
    from autograder.demo import demo

    return demo(Workspace.here(), options.folder)
