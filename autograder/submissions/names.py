"""What the names say that platforms give to files and folders. Looked up in the platforms' own source.

Canvas, a flat zip: ``NAME_USER_UPLOAD_FILE``, ``NAME_LATE_USER_UPLOAD_FILE``; graded anonymously ``anon_CODE_UPLOAD_FILE``.
NAME is the sortable name in small letters without spaces, commas or hyphens; USER is the student's number in Canvas, the
same in every assignment; UPLOAD grows with each upload; a resubmitted FILE gets ``-1``, ``-2`` before its ending.
(instructure/canvas-lms, lib/content_zipper.rb.)

Moodle: a folder ``NAME_NUMBER_assignsubmission_file``, in older versions with ``_`` at its end; or, without folders,
``NAME_NUMBER_assignsubmission_file_FILE``. NUMBER belongs to this student in this assignment alone: in the next it is
another. Graded blind, NAME is ``Participant``. (moodle/moodle, mod/assign/classes/downloader.php.)

Both write into the zip when it was made, not when a student handed in (Moodle's newest versions excepted).
"""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass

CANVAS = re.compile(
    r"(?:(?!LATE_)(?P<name>\w*?)_)?(?P<late>LATE_)?(?P<user>[0-9]+|anon_[A-Za-z0-9]+)_(?P<upload>[0-9]+)_(?P<file>.+)",
    re.IGNORECASE,
)
MOODLE = re.compile(
    r"(?P<name>.+)_(?P<number>[0-9]+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.IGNORECASE
)
PARTICIPANT = "participant"
COPY = r"(?:-?\(\d{1,4}\)|-copy(?:-?\(\d{1,4}\)|-?\d{1,4})?|-\d{1,4})"
NOBODY = {"", "untitled", "notebook", "homework", "assignment", "exercise", "solution", "submission"}
WRAPPERS = {"submissions", "submitted"}


@dataclass(frozen=True)
class Claim:
    """What a path says: whose notebook it is, under which name it was handed in, and which of several.

    ``name`` is as the platform writes it, "" if unknown; ``number`` is the platform's, "" if it gives none; ``units`` are
    the assignments that the path names; ``upload`` is larger for what came later, 0 if the platform does not say.
    """

    platform: str
    name: str
    number: str
    file: str
    units: tuple[str, ...] = ()
    upload: int = 0
    late: bool = False

    @property
    def who(self) -> tuple[str, str]:
        """What tells this student from all others of the same archive."""
        return (self.platform, self.number or self.name)

    @property
    def shown(self) -> str:
        """The student as the platform calls them, for people to read."""
        return f"{self.name} ({self.number})" if self.name and self.number else self.name or self.number


def claim(parts: Sequence[str], units: Collection[str]) -> Claim:
    """Reads a path, given as its parts. ``units`` are the names of all assignments."""
    named = tuple(part for part in parts[:-1] if part in units)
    for part in reversed(parts):
        found = MOODLE.fullmatch(part)
        if found:
            file = found["file"] if part is parts[-1] and found["file"] else parts[-1]
            return Claim("moodle", found["name"].replace("_", " ").strip(), found["number"], file, named)
    found = CANVAS.fullmatch(parts[-1])
    if found:
        name, user, late = found["name"] or "", found["user"], bool(found["late"])
        return Claim("canvas", name, user, found["file"], named, int(found["upload"]), late)
    folders = [part for part in parts[:-1] if part not in units]
    if folders:
        return Claim("plain", folders[0], "", parts[-1], named)
    return Claim("plain", *_student_in(parts[-1], units), named)


def _student_in(file: str, units: Collection[str]) -> tuple[str, str, str]:
    """The student's name in that of a file that lies in no folder, the platform's number, and the rest of the name."""
    if unit_of(file, units)[0]:
        return "", "", file
    found = re.fullmatch(rf"(?P<name>.+?)[_ -]+(?P<file>(?:{_stems(units)}).*)", file, re.IGNORECASE)
    if found and unit_of(found["file"], units)[0]:
        return found["name"], "", found["file"]
    stem = file[: file.casefold().rindex(".ipynb")] if ".ipynb" in file.casefold() else file
    return "" if stem.casefold() in NOBODY else stem, "", file


def _stems(units: Collection[str]) -> str:
    return "|".join(re.escape(name) for unit in units for name in (unit, unit.partition("-")[2]))


def unit_of(file: str, units: Collection[str]) -> tuple[str | None, int]:
    """The assignment that a notebook's name names, or None; and the number that a browser, a desktop or Canvas gave to a copy.

    ``rnn.ipynb``, ``rnn (1).ipynb``, ``rnn-2.ipynb``, ``Copy of rnn.ipynb``, ``rnn - Copy (3).ipynb``, ``01-rnn.ipynb``,
    ``rnn.ipynb.txt``: all are 01-rnn.
    """
    plain = re.sub(r"[\s_-]+", "-", unicodedata.normalize("NFKC", file).casefold()).strip("-")
    found = re.fullmatch(rf"(?:copy-of-)*(?P<stem>{_stems(units)})(?P<copies>{COPY}*+)\.ipynb(\.txt|\.json)?", plain)
    if not found:
        return None, 0
    unit = next(unit for unit in units if found["stem"] in (unit, unit.partition("-")[2]))
    numbers = re.findall(r"\d+", found["copies"])
    return unit, int(numbers[-1]) if numbers else 0


def unwrapped(paths: Sequence[Sequence[str]], units: Collection[str], title: str = "") -> Sequence[Sequence[str]]:
    """The paths without a folder that holds them all and is no student's.

    A folder is no student's if it is called like submissions or an assignment; if it is called like the archive
    (``title``) and what is in it says whose it is; or if it holds several folders that are no assignments, and no files.
    """
    tops = {parts[0] for parts in paths}
    if len(tops) != 1 or any(len(parts) < 2 for parts in paths):
        return paths
    [top] = tops
    if MOODLE.fullmatch(top):
        return paths
    inner = [parts[1:] for parts in paths]
    if top.casefold() in WRAPPERS or top in units:
        return inner
    several = len({parts[0] for parts in inner} - set(units)) > 1 and all(len(parts) > 1 for parts in inner)
    told = all(claim(parts, units).name for parts in inner)
    return inner if several or (top == title and told) else paths
