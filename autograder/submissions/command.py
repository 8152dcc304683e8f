"""The command `python -m autograder collect`: its arguments, and how it runs."""

import argparse
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def arguments(command: argparse.ArgumentParser) -> None:
    """Add the arguments to a parser."""
    command.add_argument("assignment", metavar="ASSIGNMENT", help="for example 01-rnn")
    command.add_argument("source", metavar="ARCHIVE_OR_FOLDER", type=Path)
    command.add_argument(
        "--roster",
        metavar="FILE",
        type=Path,
        help="a class list, CSV with columns id, name, email, canvas_id, moodle_id",
    )
    command.add_argument(
        "--timezone", metavar="ZONE", type=zone, help="of the times in a zip; this machine's if not given"
    )
    command.add_argument(
        "--times",
        choices=("auto", "archive", "none"),
        default="auto",
        help="whether a file's time is when it was handed in; 'auto' judges by the platform and by how far apart they are",
    )
    command.add_argument("--dry-run", action="store_true", help="say what would be collected; write nothing")
    command.set_defaults(run=run)


def zone(text: str) -> ZoneInfo:
    """A time zone by its name."""
    try:
        return ZoneInfo(text)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise argparse.ArgumentTypeError(
            f"{text!r} is no time zone; they have names like Europe/Vienna or UTC"
        ) from error


def run(options: argparse.Namespace) -> int:
    """Collect and show what happened. Returns the exit code: 1 if nothing was collected."""
    from autograder.submissions.collect import collect
    from autograder.submissions.listing import show
    from autograder.terminal import wide_console
    from autograder.workspace import Workspace

    collection = collect(
        Workspace.here(),
        options.assignment,
        options.source,
        roster=options.roster,
        zone=options.timezone,
        times=options.times,
        dry_run=options.dry_run,
    )
    show(collection, options.assignment, wide_console(), options.dry_run)
    return 0 if collection.taken else 1
