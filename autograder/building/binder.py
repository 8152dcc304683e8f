"""The Binder button: one address in pyproject.toml, put into every page that shows the button."""

import re
import tomllib
from pathlib import Path

from autograder.errors import UserError

PLACE = re.compile(r"(<!-- binder: [^>]*-->\n).*?(<!-- end of binder -->)", re.DOTALL)
UNSET = "*(The Binder button will stand here once the course has a public repository: `student-repository` in pyproject.toml.)*\n"
BUTTON = (
    "[![Open in Binder](https://mybinder.org/badge_logo.svg)]"
    "(https://mybinder.org/v2/gh/{address}/HEAD?urlpath=lab/tree/release/00-start-here/start-here.ipynb)\n"
)


def button(root: Path) -> str:
    """What stands in the button's place: the button, or a note that the address is not set.

    Raises:
        UserError: if the address is no ``owner/name``.
    """
    project = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    address = project["tool"]["gated-recurrent-networks"]["student-repository"]
    if address and not re.fullmatch(r"[\w.-]+/[\w.-]+", address):
        raise UserError(
            f"pyproject.toml: student-repository is {address!r}; write it as owner/name, or leave it empty."
        )
    return BUTTON.format(address=address) if address else UNSET


def with_button(text: str, root: Path) -> str:
    """A page's text with the button, or the note, in its place."""
    return PLACE.sub(rf"\g<1>{button(root)}\g<2>", text)
