"""Collects: opens what a platform gave, finds each student's newest notebook, files it, and says what was left out."""

import hashlib
import os
from collections.abc import Collection as Container
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from functools import partial
from pathlib import Path
from typing import Any

from nbgrader.api import MissingEntry

from autograder.errors import UserError
from autograder.exercises import UNITS
from autograder.grading.gradebook import gradebook
from autograder.submissions import filing, intake, names, notebooks
from autograder.submissions.archives import LIMITS, Entry, Limits, Skipped, open_archive
from autograder.submissions.paths import EntryRejected
from autograder.submissions.roster import Person, read_roster
from autograder.submissions.students import student_id
from autograder.workspace import Workspace, notebook_name

Claimed = tuple[Entry, names.Claim]
Stamps = dict[tuple[str, ...], datetime | None]  # folder -> when its submission was handed in

ONE_DOWNLOAD = timedelta(hours=1)  # times of a class that lie closer together are those of a download or a copy


@dataclass(frozen=True)
class Candidate:
    """A notebook of the assignment whose student is known. ``order`` is larger for what came later."""

    entry: Entry
    claim: names.Claim
    student: str
    digest: bytes
    order: tuple


@dataclass(frozen=True)
class Taken:
    """One student's line: ``outcome`` is one of filing's, ``late`` says how late, or "". ``handed_in`` is UTC, or None."""

    student: str
    shown: str
    path: str
    handed_in: datetime | None
    late: str
    outcome: str


@dataclass(frozen=True)
class Collection:
    """What a collecting did: ``taken`` by student, ``skipped`` in the archive's order, ``missing`` of the class list."""

    taken: tuple[Taken, ...]
    skipped: tuple[Skipped, ...]
    missing: tuple[str, ...]
    times_known: bool


def collect(
    workspace: Workspace,
    unit: str,
    source: Path | str,
    *,
    roster: Path | None = None,
    zone: tzinfo | None = None,
    times: str = "auto",
    dry_run: bool = False,
    limits: Limits = LIMITS,
) -> Collection:
    """Collect the submissions of a unit from a zip or a folder.

    Args:
        roster: the path of a class list, or None. zone: a ``tzinfo`` for times in a zip; None for this machine's.
        times: "archive" if a file's time is that of its handing in, "none" if it is not; "auto" to judge by the platform
            and by how far apart the times lie.
        dry_run: write nothing.

    Raises:
        UserError: if the source, the class list or the unit cannot be used at all.
    """
    notebook_name(unit)
    refiled = os.path.isdir(source) and _of_the_course(workspace, source)
    people = read_roster(roster) if roster else ()
    known = notebooks.exercises_by_unit(workspace, UNITS)
    if unit not in known:
        raise UserError(f"{workspace.notebook('release', unit)} is missing. Run `python -m autograder build` first.")
    with open_archive(source, zone, limits) as (entries, skipped):
        claims, stamps = read_names(entries, unit, Path(source).stem)
        known_times = times == "archive" or (times == "auto" and not refiled and times_are_real(claims))
        candidates, unknown = recognised(claims, people, unit, known, known_times)
        chosen, older = newest(candidates, bool(people))
        taken, unfiled = file_all(workspace, unit, chosen, stamps, known_times, dry_run)
    there = {line.student for line in taken} | set(workspace.students(unit))
    missing = tuple(person.id for person in people if person.id not in there)
    times_known = all(line.handed_in for line in taken)
    return Collection(taken, (*skipped, *unknown, *older, *unfiled), missing, times_known)


def _of_the_course(workspace: Workspace, source: Path | str) -> bool:
    """Whether the source is the course's own folder of submissions: the times of what is in it are those of its filing.

    Raises:
        UserError: if it is, or holds, another folder of the course, which would be filed as if students had handed it in.
    """
    source = Path(source).resolve()
    others = [workspace.folder(kind).resolve() for kind in ("source", "release", "autograded", "feedback")]
    if workspace.root.is_relative_to(source) or any(map(partial(_overlap, source), others)):
        raise UserError(
            f"{source} is a folder of the course itself, not what students handed in. Name the zip from the platform, or "
            "a folder with one folder a student in it."
        )
    return _overlap(source, workspace.folder("submitted").resolve())


def _overlap(one: Path, other: Path) -> bool:
    return one.is_relative_to(other) or other.is_relative_to(one)


def read_names(entries: Sequence[Entry], unit: str, title: str) -> tuple[list[Claimed], Stamps]:
    """What the names say: [(entry, claim)] of the notebooks, and the times in nbgrader's timestamp.txt by their folder.

    nbgrader keeps it as STUDENT/UNIT/timestamp.txt.
    """
    paths = names.unwrapped([entry.parts for entry in entries], UNITS, title)
    claims, stamps = [], {}
    for entry, parts in zip(entries, paths, strict=True):
        if entry.parts[-1] != "timestamp.txt":
            claims.append((entry, names.claim(parts, UNITS)))
            continue
        # anywhere else, or on a platform, it is a student's own, who would like to have been in time
        if entry.parts[-2:-1] != (unit,) or names.claim(parts, UNITS).platform != "plain":
            continue
        try:
            stamps[entry.parts[:-1]] = intake.parse_timestamp(entry.read()[:200])
        except EntryRejected:
            continue
    return claims, stamps


def recognised(
    claims: Iterable[Claimed],
    people: Sequence[Person],
    unit: str,
    known: Mapping[str, Container[str | None]],
    known_times: bool,
) -> tuple[list[Candidate], list[Skipped]]:
    """The notebooks of the assignment whose student is known, and why the others are skipped: ``(candidates, skipped)``."""
    candidates, skipped = [], []
    for entry, claim in claims:
        try:
            student, data = student_id(claim, people), entry.read()
            notebooks.check(claim, data, unit, known)
        except EntryRejected as rejected:
            skipped.append(Skipped(entry.path, str(rejected)))
            continue
        named, number = names.unit_of(claim.file, UNITS)
        time = entry.time if known_times else None
        order = (claim.upload, time or datetime.min, bool(named), number)
        candidates.append(Candidate(entry, claim, student, hashlib.sha256(data).digest(), order))
    return candidates, skipped


def file_all(
    workspace: Workspace, unit: str, chosen: Iterable[Candidate], stamps: Stamps, known_times: bool, dry_run: bool
) -> tuple[tuple[Taken, ...], list[Skipped]]:
    """File each candidate: ``(taken, skipped)``."""
    due, there = due_date(workspace, unit), filing.spellings(workspace)
    taken, skipped = [], []
    for candidate in sorted(chosen, key=lambda one: one.student):
        entry, claim = candidate.entry, candidate.claim
        handed_in = stamps.get(entry.parts[:-1]) or (entry.time if known_times else None)
        try:
            submission = filing.Submission(candidate.student, entry.read(), handed_in or entry.time, handed_in)
            outcome = filing.file(workspace, unit, submission, there, dry_run)
        except EntryRejected as rejected:
            skipped.append(Skipped(entry.path, str(rejected)))
            continue
        if outcome in (filing.SAME, filing.KEPT):  # the time that is there stays
            handed_in = intake.timestamp(workspace.folder("submitted", unit, candidate.student)) or handed_in
        late = lateness(claim, handed_in, due)
        taken.append(Taken(candidate.student, claim.shown, entry.path, handed_in, late, outcome))
    return tuple(taken), skipped


def times_are_real(claims: Sequence[Claimed]) -> bool:
    """Whether the files' times can be those of their handing in.

    Canvas never keeps them, Moodle's newest versions and some ways of copying do; where they are not kept, all files are
    as old as the download or the copy.
    """
    times = [entry.time for entry, _ in claims if entry.time]
    if not times or any(claim.platform == "canvas" for _, claim in claims):
        return False
    return max(times) - min(times) > ONE_DOWNLOAD


def newest(candidates: Iterable[Candidate], listed: bool) -> tuple[list[Candidate], list[Skipped]]:
    """Each student's newest notebook, and why the others are skipped: ``(candidates, skipped)``.

    Args:
        listed: whether students were found in a class list, where two folders may correctly belong to one student's.
    """
    chosen, skipped, students = [], [], {}
    for candidate in candidates:
        students.setdefault(candidate.student.casefold(), []).append(candidate)
    for group in students.values():
        if len({one.claim.who for one in group if one.claim.number or not listed}) > 1:
            skipped += _all(
                group,
                f"is one of several students who would all be {group[0].student!r}; a class list with their "
                "platform's numbers tells them apart (--roster)",
            )
            continue
        group.sort(key=lambda one: one.order)
        best = group.pop()
        if any(one.order == best.order and one.digest != best.digest for one in group):
            skipped += _all([*group, best], f"is one of several by {best.student!r}, and nothing says which came last")
            continue
        chosen.append(best)
        for one in group:
            skipped.append(Skipped(one.entry.path, f"{_beaten(one, best)} {best.entry.path}"))
    return chosen, skipped


def _beaten(one: Candidate, best: Candidate) -> str:
    if one.digest == best.digest:
        return "is the same as"
    *when, named, _ = one.order
    unnamed = when == [*best.order[:2]] and named < best.order[2]
    return "is not named like the assignment, as is" if unnamed else "is older than"


def _all(group: Iterable[Candidate], why: str) -> list[Skipped]:
    return [Skipped(one.entry.path, why) for one in group]


def due_date(workspace: Workspace, unit: str) -> datetime | None:
    """When the unit is due, as the gradebook has it (UTC without a zone), or None. No gradebook is made for the question."""
    path = workspace.db_url.removeprefix("sqlite:///")
    if path != workspace.db_url and not Path(path).is_file():
        return None
    with gradebook(workspace) as book:
        try:
            due: Any = book.find_assignment(unit).duedate  # SQLAlchemy's types say it is a column
            return due
        except MissingEntry:
            return None


def lateness(claim: names.Claim, handed_in: datetime | None, due: datetime | None) -> str:
    """How late in words: by the due date where the time is known, else as the platform marks it."""
    if handed_in and due:
        return f"late by {_span(handed_in - due)}" if handed_in > due else ""
    return "late, says Canvas" if claim.late else ""


def _span(delta: timedelta) -> str:
    minutes = max(1, int(delta.total_seconds() // 60))
    days, hours, minutes = minutes // 1440, minutes // 60 % 24, minutes % 60
    parts = [f"{n} {word}" for n, word in ((days, "d"), (hours, "h"), (minutes, "min")) if n]
    return " ".join(parts[:2])
