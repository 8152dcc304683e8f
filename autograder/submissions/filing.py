"""Puts a notebook into submitted/STUDENT/UNIT. What is there and newer stays; what is older is replaced as a whole."""

import os
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from autograder.exercises import UNITS
from autograder.submissions import intake
from autograder.submissions.paths import EntryRejected
from autograder.workspace import Workspace, notebook_name, write_whole

NEW, REPLACED, SAME, KEPT = "new", "replaces an older one", "already there", "kept what is there: this is not newer"


@dataclass(frozen=True)
class Submission:
    """A notebook on its way: ``time`` orders it among others, ``handed_in`` is when it was handed in, None if unknown.

    Both are in UTC without a zone.
    """

    student: str
    data: bytes
    time: datetime | None
    handed_in: datetime | None


def spellings(workspace: Workspace) -> dict[str, set[str]]:
    """The names of the students who handed in anything: {the name without regard to case: the set of names}."""
    found = defaultdict(set)
    for unit in UNITS:
        for name in workspace.students(unit):
            found[name.casefold()].add(name)
    return found


def file(
    workspace: Workspace, unit: str, submission: Submission, there: Mapping[str, set[str]], dry_run: bool = False
) -> str:
    """Write one submission, unless what is there is the same or newer. Returns which: NEW, REPLACED, SAME or KEPT.

    Args:
        there: the ``spellings`` from before the first of a collection was filed.

    Raises:
        EntryRejected: if the place where it belongs is not what it should be.
    """
    folder = workspace.folder("submitted", unit, submission.student)
    path = folder / notebook_name(unit)
    _refuse_place(folder, submission.student, there)
    outcome = _outcome(path, submission)
    if dry_run or outcome == KEPT:
        return outcome
    stamp = path.with_name("timestamp.txt")
    if outcome != SAME:
        # in this order: after a kill, the old time never stands beside the new notebook
        stamp.unlink(missing_ok=True)
        write_whole(path, submission.data)
        if submission.time:
            seconds = submission.time.replace(tzinfo=UTC).timestamp()
            os.utime(path, (seconds, seconds))
    if submission.handed_in and not stamp.exists():
        write_whole(stamp, f"{submission.handed_in:%Y-%m-%d %H:%M:%S.%f} UTC\n")
    return outcome


def _refuse_place(folder: Path, student: str, there: Mapping[str, set[str]]) -> None:
    if folder.is_symlink() or folder.parent.is_symlink():
        raise EntryRejected(f"belongs into {folder}, which is a link to another place")
    others = there.get(student.casefold(), {student})
    if student not in others:
        raise EntryRejected(
            f"is by {student!r}, but there are submissions by {min(others)!r}; are they one? Rename one"
        )


def _outcome(path: Path, submission: Submission) -> str:
    if not os.path.lexists(path):
        return NEW
    try:
        there = intake.bytes_of(path)
    except intake.SubmissionRejected as refused:
        raise EntryRejected(f"would replace {path}, which is no notebook: {refused}") from refused
    if there == submission.data:
        return SAME
    changed = datetime.fromtimestamp(path.stat().st_mtime, UTC).replace(tzinfo=None)
    known = max(filter(None, (intake.timestamp(path.parent), changed)))
    # a zip knows every other second only
    return REPLACED if submission.time and (submission.time - known).total_seconds() >= 1 else KEPT
