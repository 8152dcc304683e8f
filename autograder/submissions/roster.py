"""The class list: a CSV that says which student of the platform is which student of the gradebook."""

import csv
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from autograder.errors import UserError

MOST_BYTES = 10 * 2**20
MOST_ID_BYTES = 200  # a folder's name may have 255
# our own headings first, then those of the lists that Canvas and Moodle export
HEADINGS = {
    "id": ("id", "student_id", "student id", "username", "sis login id", "sis user id", "id number"),
    "name": ("name", "full name", "student", "student name"),
    "first_name": ("first_name", "first name", "given name"),
    "last_name": ("last_name", "last name", "surname", "family name"),
    "email": ("email", "email address", "e-mail"),
    "canvas_id": ("canvas_id", "canvas id", "canvas user id"),
    "moodle_id": ("moodle_id", "moodle id", "identifier"),
}
SEPARATOR = re.compile(r'"?sep=([,;|\t])"?\s*', re.IGNORECASE)
SAFE_ID = re.compile(r"\w[\w.@+-]{0,79}")
DEVICES = re.compile(
    r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE
)  # no files on Windows, where feedback is read


@dataclass(frozen=True)
class Person:
    """One student of the class list. What the list does not say is ""."""

    id: str
    name: str = ""
    email: str = ""
    canvas_id: str = ""
    moodle_id: str = ""


def safe_id(text: str) -> bool:
    """Whether a text can be a student's id: the name of a folder, here and on any other system."""
    return (
        bool(SAFE_ID.fullmatch(text))
        and len(text.encode()) <= MOST_ID_BYTES
        and not DEVICES.fullmatch(text)
        and not text.endswith(".")
    )


def read_roster(path: Path | str) -> tuple[Person, ...]:
    """The people of a class list: CSV with commas, semicolons or tabs, and a line of headings.

    Known headings are id, name (or first_name and last_name), email, canvas_id, moodle_id, and those of the lists that
    Canvas and Moodle export. Without id, the email is the id.

    Raises:
        UserError: if it is no such list; says the line and what to do.
    """
    rows = _rows(path)
    headings = _headings(path, rows[0][1])
    people, seen = [], {}
    for number, row in rows[1:]:
        person = _person({kind: row[index].strip() for kind, index in headings.items() if index < len(row)})
        if not person.id:
            if person.name.casefold().startswith("points possible"):  # the second line of what Canvas exports
                continue
            raise UserError(f"Line {number} of the class list {path} has no id. Fill it in, or remove the line.")
        if not safe_id(person.id):
            raise UserError(
                f"Line {number} of the class list {path}: {person.id!r} cannot be an id. Ids are made of letters, digits "
                "and . _ - + @, begin with a letter or digit, and have at most 80 of them."
            )
        for kind in ("id", "canvas_id", "moodle_id"):
            value = (kind, getattr(person, kind).casefold())
            if value[1] and value in seen:
                raise UserError(
                    f"The class list {path} has the {kind} {value[1]!r} twice, in lines {seen[value]} and {number}. "
                    "One of them is wrong; correct it and collect again."
                )
            seen[value] = number
        people.append(person)
    if not people:
        raise UserError(f"The class list {path} has headings but no students.")
    return tuple(people)


def _rows(path: Path | str) -> list[tuple[int, list[str]]]:
    """The rows that are not blank: [(number of the line, cells)]. Excel's first line, ``sep=;``, is none of them."""
    try:
        with open(path, "rb") as file:
            raw = file.read(MOST_BYTES + 1)
        text = unicodedata.normalize("NFC", raw.decode("utf-8-sig"))
    except OSError as error:
        raise UserError(f"The class list {path} could not be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise UserError(f"The class list {path} is not in UTF-8. Save it again as 'CSV UTF-8'.") from error
    if len(raw) > MOST_BYTES or "\0" in text:
        raise UserError(f"{path} is no class list. It must be a CSV file; save a spreadsheet as 'CSV UTF-8'.")
    lines = text.splitlines()
    first = next((line for line in lines if line.strip(",;\t ")), "")
    said = SEPARATOR.fullmatch(first)
    if said:
        lines[lines.index(first)] = ""
    separator = said[1] if said else max(",;\t", key=first.count)
    reader = csv.reader(lines, delimiter=separator)
    try:
        rows = [(reader.line_num, row) for row in reader if any(cell.strip() for cell in row)]
    except csv.Error as error:
        raise UserError(f"The class list {path} is not CSV that can be read: {error}.") from error
    if not rows:
        raise UserError(f"The class list {path} is empty.")
    return rows


def _headings(path: Path | str, row: Sequence[str]) -> dict[str, int]:
    """Which column holds what: {kind: index}."""
    written = [cell.strip().casefold() for cell in row]
    known = dict(HEADINGS)
    if "sis login id" in written or "sis user id" in written:  # in Canvas's own export, ID is Canvas's number
        known["id"], known["canvas_id"] = ("sis login id", "sis user id"), ("id",)
    found = {}
    for kind, names in known.items():
        here = [name for name in names if name in written]
        if here:
            if written.count(here[0]) > 1:
                raise UserError(f"The class list {path} has two columns {here[0]!r}. Keep one.")
            found[kind] = written.index(here[0])
    if "id" not in found and "email" not in found:
        raise UserError(
            f"The class list {path} has no column 'id' (or 'email') in its first line, which reads: "
            f"{', '.join(row)[:200]!r}. The headings are: id, name, email, canvas_id, moodle_id; id and one more will do."
        )
    return found


def _person(cells: Mapping[str, str]) -> Person:
    name = cells.get("name") or " ".join(filter(None, (cells.get("first_name"), cells.get("last_name"))))
    email = cells.get("email", "")
    moodle = re.sub(r"^\D+", "", cells.get("moodle_id", ""))  # Moodle writes: Participant 12345
    return Person(cells.get("id") or email, name, email, cells.get("canvas_id", ""), moodle)


def squeezed(name: str) -> str:
    """A name as Canvas squeezes it: small letters and digits only."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", name).casefold())


@cache
def spellings(name: str) -> frozenset[str]:
    """All ways to say a name: given names first or last, wherever the one ends and the other begins."""
    words = name.replace(",", " ").split()
    return frozenset(squeezed("".join(words[i:] + words[:i])) for i in range(len(words))) - {""}
