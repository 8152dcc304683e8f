"""First names as sequences of letters: read from the file, split once and for all, letters as numbers.

The names are the 5,163 that the US Census Bureau published with its 1990 census: public domain, see ``first-names.md``.
"""

import zlib
from pathlib import Path

FILE = Path(__file__).with_name("first-names.txt")
END = "."  # stands before the first letter of a name and after its last one
ALPHABET = "abcdefghijklmnopqrstuvwxyz"
SYMBOLS = END + ALPHABET  # a symbol's number is its place here: the mark is 0, a is 1, z is 26
PAST_THE_END = -1  # stands in a batch's targets where a name is over
HELD_OUT = 10  # one name of so many


def load_names(part: str) -> tuple[str, ...]:
    """The names of one part, sorted.

    A name's part depends on its letters alone (a checksum of them), so the split is the same everywhere and for good.

    Args:
        part: "training" (4,642 names) or "held-out" (521 others).

    Returns:
        names in lower case, of 2 to 11 letters from a to z.

    Raises:
        ValueError: for another part.
    """
    if part not in ("training", "held-out"):
        raise ValueError(f'there is a "training" and a "held-out" part of the names, but no {part!r}')
    names = FILE.read_text(encoding="ascii").split()
    return tuple(name for name in names if _is_held_out(name) == (part == "held-out"))


def _is_held_out(name: str) -> bool:
    return zlib.crc32(name.encode("ascii")) % HELD_OUT == 0
