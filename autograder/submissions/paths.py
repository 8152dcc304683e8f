"""The paths that an archive claims to hold: taken apart if they are honest, refused in words if they are not."""

import re
import unicodedata

from autograder.errors import AutograderError

TURNS_TEXT_AROUND = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class EntryRejected(AutograderError):
    """This file cannot be collected. The message goes on from the file's name: "is encrypted"."""


def split(name: str) -> tuple[str, ...]:
    """A path's parts, forward and backward slashes alike, accents joined with their letters (macOS parts them).

    Raises:
        EntryRejected: if the path leads out of the archive or is built to deceive.
    """
    if any(unicodedata.category(letter) in ("Cc", "Cs") or letter in TURNS_TEXT_AROUND for letter in name):
        raise EntryRejected("has control characters in its name")
    path = unicodedata.normalize("NFC", name).replace("\\", "/")
    parts = tuple(part for part in path.split("/") if part not in ("", "."))
    if path.startswith("/") or re.match(r"[A-Za-z]:", path):
        raise EntryRejected("has an absolute path")
    if ".." in parts:
        raise EntryRejected("has a path that leads out of the archive")
    if len(parts) > 20 or len(path) > 1000 or any(len(part.encode()) > 255 for part in parts):
        raise EntryRejected("has a name that is too long")
    return parts


def printable(name: str, most: int = 120) -> str:
    """A name as it may be shown: what is invisible is spelled out, what is too long is cut in the middle."""
    shown = "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in name)
    return shown if len(shown) <= most else f"{shown[: most // 2]}...{shown[-most // 2 :]}"
