"""The command line: build, collect, grade, publish, report, demo. Every user error comes back as a sentence."""

import argparse
from collections.abc import Sequence
from pathlib import Path

from autograder import timing
from autograder.exercises import UNITS
from autograder.submissions import command as collecting
from autograder.terminal import FAILED, exit_code, grade_and_print, results_table, short_path, wide_console
from autograder.workspace import Workspace, notebook_name, write_whole


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command. Returns the exit code: 0 done, 1 a problem that the message explains, 2 bad usage, 130 interrupted."""
    options = parser().parse_args(arguments)
    if getattr(options, "assignment", None):
        options.assignment = options.assignment.rstrip("/")  # a shell completes the name of a folder with one
    if getattr(options, "units", None):
        options.units = [unit.rstrip("/") for unit in options.units]
    return exit_code(lambda: options.run(options))


def parser() -> argparse.ArgumentParser:
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
    command.add_argument(
        "--jobs", metavar="N", type=positive, help="how many at a time (default: as many as cores and memory allow)"
    )
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
    command.add_argument(
        "assignment", metavar="ASSIGNMENT", nargs="?", help="only this one (with --tests: or one exercise), not all"
    )
    command.add_argument(
        "--tests",
        action="store_true",
        help="for every exercise: wrong versions caught, and by which check; right ones accepted; failures last",
    )
    command.set_defaults(run=run_report)

    command = commands.add_parser("demo", help="make a small class with every kind of student in it, and grade it")
    command.add_argument("folder", metavar="DIR", type=Path, nargs="?", default=Path("demo"))
    command.set_defaults(run=run_demo)
    return top


def positive(text: str) -> int:
    """A whole number above zero, for argparse."""
    try:
        value = int(text)
    except ValueError:
        value = 0
    if value < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number above zero")
    return value


def address(text: str) -> str:
    """The address of a scheduler, for argparse."""
    if not text.strip():
        raise argparse.ArgumentTypeError("it needs the address of a scheduler, as tcp://10.0.0.5:8786")
    return text


def run_build(options: argparse.Namespace) -> int:
    from autograder.building.build import build, differences
    from autograder.grading.gradebook import register

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
        print(f"wrote {short_path(path)}")
    print(f"{len(files)} generated files, {len(changed)} written, the rest was up to date.")
    return 0


def run_grade(options: argparse.Namespace) -> int:
    with timing.into(options.timings, write_whole):
        return grade_and_print(
            Workspace.here(),
            options.assignment,
            student=options.student,
            jobs=options.jobs,
            sandbox=options.sandbox,
            scheduler=options.scheduler,
            force=options.force,
        )


def run_publish(options: argparse.Namespace) -> int:
    from autograder.building.publishing import publish

    files = publish(Workspace.here(), options.folder, options.units)
    print(
        f"{len(files)} files in {options.folder}: the student's tree, checked for leaks. "
        "It is meant for a public repository of its own."
    )
    return 0


def run_report(options: argparse.Namespace) -> int:
    if options.tests:
        from autograder.reporting import bank_check

        return bank_check.show(wide_console(), bank_check.chosen(options.assignment))
    if options.assignment:
        notebook_name(options.assignment)
    from autograder.grading.journal import read_report
    from autograder.reporting.page import course_pages, unit_page

    workspace, console = Workspace.here(), wide_console()
    if options.assignment:
        path = unit_page(workspace, options.assignment)
        console.print(results_table(read_report(workspace, options.assignment)))
    else:
        path = course_pages(workspace)
    console.print(f"The class report: {short_path(path)}", soft_wrap=True, markup=False)
    return 0


def run_demo(options: argparse.Namespace) -> int:
    from autograder.demo import demo

    return demo(Workspace.here(), options.folder)
