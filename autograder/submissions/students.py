"""Whose notebook it is: from what a platform says about a student to the id that the gradebook knows."""

import re
import unicodedata
from collections.abc import Sequence

from autograder.submissions.names import PARTICIPANT, Claim
from autograder.submissions.paths import EntryRejected
from autograder.submissions.roster import Person, safe_id, spellings, squeezed

ALPHABETS = ("LATIN", "CYRILLIC", "GREEK")  # those whose letters pass for one another's


def student_id(claim: Claim, roster: Sequence[Person] = ()) -> str:
    """The gradebook's id of the student whom a claim names.

    With a class list it is the list's. Without, Canvas's number, which stays the same all through Canvas; Moodle's name of
    the student, for its numbers change with every assignment; or the name of the folder or file.

    Raises:
        EntryRejected: if it is nobody, or could be several.
    """
    if not claim.number and not claim.name:
        raise EntryRejected("does not say whose it is; put it into a folder with the student's id as its name")
    return _listed(claim, roster) if roster else _unlisted(claim)


def _unlisted(claim: Claim) -> str:
    if claim.platform == "canvas":
        return claim.number
    if claim.platform == "moodle" and claim.name.casefold() == PARTICIPANT:
        return f"{PARTICIPANT}-{claim.number}"
    found = claim.name if claim.platform == "plain" and safe_id(claim.name) else slug(claim.name)
    if not safe_id(found):
        raise EntryRejected(
            f"gives no name that can be an id ({claim.name[:40]!r}); name its folder by the student's id"
        )
    for word in re.findall(r"[^\W\d_]+", found):
        alphabets = {kind for letter in word for kind in ALPHABETS if unicodedata.name(letter, "").startswith(kind)}
        if len(alphabets) > 1:
            raise EntryRejected(
                f"mixes letters of several alphabets in {found!r}, which look alike; name it by the student's id"
            )
    return found


def slug(name: str) -> str:
    """A name as an id: small letters, words joined by hyphens. ``Núñez, Ana`` becomes ``núñez-ana``."""
    return "-".join(re.findall(r"\w+", unicodedata.normalize("NFKC", name).casefold()))


def _listed(claim: Claim, roster: Sequence[Person]) -> str:
    found = [person for person in roster if _numbered(claim, person)] or [p for p in roster if _named(claim, p)]
    if len(found) == 1:
        return found[0].id
    if found:
        ids = ", ".join(person.id for person in found[:5])
        raise EntryRejected(f"could be of several in the class list: {ids}{_what_would_tell(claim, found)}")
    raise EntryRejected(f"belongs to {claim.shown!r}, who is not in the class list")


def _what_would_tell(claim: Claim, people: Sequence[Person]) -> str:
    if not claim.number:
        return ""
    if claim.platform == "moodle" and any(person.moodle_id for person in people):
        return f"; the list lacks the number {claim.number}: Moodle's numbers are others in every assignment"
    return f"; a column {claim.platform}_id would tell them apart"


def _numbered(claim: Claim, person: Person) -> bool:
    """Whether the class list has the platform's number of this claim for this person."""
    return (
        bool(claim.number) and claim.number == {"canvas": person.canvas_id, "moodle": person.moodle_id}[claim.platform]
    )


def _named(claim: Claim, person: Person) -> bool:
    """Whether a claim's name is this person's.

    It is not where the list has another number for them: but Moodle's belongs to one assignment, and says nothing there.
    """
    named = bool(squeezed(claim.name)) and squeezed(claim.name) in spellings(person.name)
    if claim.platform == "canvas":
        return named and not person.canvas_id
    if claim.platform == "plain":
        return named or claim.name.casefold() in {person.id.casefold(), person.email.casefold(), person.canvas_id}
    return named
