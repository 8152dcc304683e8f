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
from dataclasses import dataclass

CANVAS = re.compile(
    r"(?:(?P<name>\w*?)_)?(?P<late>LATE_)?(?P<user>\d+|anon_[A-Za-z0-9]+)_(?P<upload>\d+)_(?P<file>.+)", re.IGNORECASE
)
MOODLE = re.compile(r"(?P<name>.+)_(?P<number>\d+)_assignsubmission_(?P<kind>[a-z]+)(?:_(?P<file>.*))?", re.IGNORECASE)
PARTICIPANT = "participant"
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
    def who(self):
        """What tells this student from all others of the same archive."""
        return (self.platform, self.number or self.name)

    @property
    def shown(self):
        """The student as the platform calls them, for people to read."""
        return f"{self.name} ({self.number})" if self.name and self.number else self.name or self.number


def claim(parts, units, stems):
    """Reads a path.

    Args:
        parts: the path's parts. units: the names of all assignments. stems: a regular expression of their notebooks' names.
    """
    named = tuple(part for part in parts[:-1] if part in units)
    for part in reversed(parts):
        found = MOODLE.fullmatch(part)
        if found:
            file = found["file"] if part is parts[-1] and found["file"] else parts[-1]
            return Claim("moodle", found["name"].replace("_", " ").strip(), found["number"], file, named)
    found = CANVAS.fullmatch(parts[-1])
    if found:
        user = found["user"]
        return Claim("canvas", found["name"] or "", user, found["file"], named, int(found["upload"]), bool(found["late"]))
    folders = [part for part in parts[:-1] if part not in units]
    if folders:
        return Claim("plain", folders[0], "", parts[-1], named)
    found = re.fullmatch(rf"(?P<name>.+?)[_ -]+(?P<file>(?:{stems})[^/]*)", parts[-1], re.IGNORECASE)
    if found and not re.match(rf"(?:{stems})\b", parts[-1], re.IGNORECASE) and found["name"].casefold() != "copy of":
        return Claim("plain", found["name"], "", found["file"], named)
    return Claim("plain", "", "", parts[-1], named)


def unwrapped(paths, units, title=""):
    """The paths without a folder that holds them all and is no student's.

    A folder is no student's if it is called like the archive (``title``) or like submissions, or if it holds several
    folders that are no assignments and no notebook of its own.
    """
    tops = {parts[0] for parts in paths}
    if len(tops) != 1 or any(len(parts) < 2 for parts in paths):
        return paths
    [top] = tops
    if MOODLE.fullmatch(top):
        return paths
    inner = {parts[1] for parts in paths if len(parts) > 2}
    several = len(inner - set(units)) > 1 and all(len(parts) > 2 for parts in paths)
    if top.casefold() in WRAPPERS | {title.casefold()} or top in units or several:
        return [parts[1:] for parts in paths]
    return paths
