"""Takes a submission in: the expected notebook, bounded in size, nothing else; or a refusal with the reason in words."""

import json
import os
import re
import stat
import warnings
from datetime import datetime
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.warnings import DuplicateCellId, MissingIDFieldWarning
from nbgrader.utils import parse_utc

from autograder.errors import AutograderError

# editors leave notebooks with double or missing cell ids: they are matched by other means and given new ones
for _kind in (DuplicateCellId, MissingIDFieldWarning):
    warnings.filterwarnings("ignore", category=_kind)

MAX_BYTES = 20 * 2**20
MAX_CELLS = 2000
MAX_CODE = 200_000  # characters in all code cells: feedback colours them, a second for some 40,000
MAX_VALUES = 300_000  # in the JSON, without the outputs
MAX_FILES = 1000
MAX_DEPTH = 20  # of folders
KINDS = ("code", "markdown", "raw")
LEVELS = range(1, 7)


class SubmissionRejected(AutograderError):
    """This submission cannot be graded. The message says why, to student and instructor."""


def read(folder: Path | str, name: str) -> NotebookNode:
    """The student's notebook, upgraded to nbformat 4. Only this one file is ever opened.

    Args:
        folder: the submission's folder. name: the file name that is expected in it.

    Raises:
        SubmissionRejected: with the reason.
    """
    return parse(read_submission(folder, name))


def parse(raw: bytes) -> NotebookNode:
    """A notebook from bytes, without its outputs.

    Raises:
        SubmissionRejected: if they are no notebook.
    """
    try:
        notebook = nbformat.reads(_lighter(raw.decode("utf-8")), as_version=4)
    except SubmissionRejected:
        raise
    except UnicodeDecodeError as error:
        raise SubmissionRejected(
            "the notebook is not text in UTF-8; save it again from JupyterLab and hand it in again"
        ) from error
    except RecursionError as error:
        raise SubmissionRejected("the notebook is nested too deeply to be one") from error
    except Exception as error:  # nbformat raises many kinds for many kinds of damage, old and new formats among them
        raise SubmissionRejected(
            "the file is not a notebook that can be read (broken JSON, or another format); "
            "open it in JupyterLab, save it, and hand it in again"
        ) from error
    if not isinstance(notebook.get("cells"), list):
        raise SubmissionRejected("the notebook has no list of cells")
    for cell in notebook.cells:
        if not isinstance(cell, dict) or not isinstance(cell.get("source"), str):
            raise SubmissionRejected("the notebook has a cell without a source")
        if cell.get("cell_type") not in KINDS:
            raise SubmissionRejected("the notebook has a cell of a kind that there is not")
        # half a character, as "\\ud800", is text to JSON and Python, but no file can hold it
        cell["source"] = cell["source"].encode("utf-8", "replace").decode("utf-8")
    if sum(len(cell.source) for cell in notebook.cells if cell.cell_type == "code") > MAX_CODE:
        raise SubmissionRejected(f"the notebook has more than {MAX_CODE:,} characters of code")
    return notebook


def _lighter(text: str) -> str:
    """The notebook's JSON without outputs, which nothing here looks at: nbformat takes a minute for a million of them.

    Raises:
        SubmissionRejected: if there is too much in it all the same.
    """
    content = json.loads(text)
    sheets = content["worksheets"] if isinstance(content.get("worksheets"), list) else [content]
    cells = [cell for sheet in sheets for cell in sheet.get("cells", [])]
    if len(cells) > MAX_CELLS:
        raise SubmissionRejected(f"the notebook has more than {MAX_CELLS} cells")
    for cell in cells:
        if cell.get("level", 1) not in LEVELS:  # of a heading in format 3: it becomes so many signs
            raise SubmissionRejected("the notebook has a heading of a level that there is not")
        if cell.get("outputs"):
            cell["outputs"] = []
    if isinstance(content.get("metadata"), dict):
        content["metadata"].pop("widgets", None)
    count, left = 0, [content]
    while left:
        value = left.pop()
        if isinstance(value, dict | list):
            count += len(value)
            left += value.values() if isinstance(value, dict) else value
        if count > MAX_VALUES:
            raise SubmissionRejected("there is more in the notebook than any exercise needs")
    return json.dumps(content)


def read_submission(folder: Path | str, name: str) -> bytes:
    """The bytes that a submission's grade depends on.

    Raises:
        SubmissionRejected: as ``read`` does.
    """
    folder = Path(folder)
    _refuse_links(folder)
    return bytes_of(folder / name)


def timestamp(folder: Path | str) -> datetime | None:
    """When it was handed in, as nbgrader's timestamp.txt has it, or None."""
    try:
        return parse_timestamp(bytes_of(Path(folder) / "timestamp.txt", 200))
    except SubmissionRejected:
        return None


def parse_timestamp(raw: bytes) -> datetime | None:
    """A time in UTC without a zone from what is in a timestamp.txt, or None."""
    try:
        # nbgrader takes an offset that stands for itself, as in "14:00:00 +0200", for seconds
        parsed = parse_utc(re.sub(r"(:\d\d(?:\.\d+)?) +([+-]\d\d:?\d\d)$", r"\1\2", raw.decode("utf-8").strip()))
    except Exception:  # whatever students write into it, a parser of times may raise anything
        return None
    return parsed if isinstance(parsed, datetime) else None


def submission_secret(folder: Path | str) -> str | None:
    """The secret under which nbgrader's exchange gives this submission's feedback back, or None if there is none."""
    try:
        text = bytes_of(Path(folder) / "submission_secret.txt", 200).decode("utf-8")
    except (SubmissionRejected, UnicodeDecodeError):
        return None
    return text if re.fullmatch(r"[0-9a-f]+", text) else None


def _refuse_links(folder: Path) -> None:
    """Refuses a submission in which any file, or the folder itself, is a link or a device."""
    if folder.parent.is_symlink() or folder.is_symlink():
        raise SubmissionRejected("the folder of the submission is a link to another place")
    if not folder.is_dir():
        raise SubmissionRejected("nothing was handed in")
    seen = 0
    for parent, folders, files in os.walk(folder):
        if len(Path(parent).parts) - len(folder.parts) > MAX_DEPTH:
            raise SubmissionRejected(f"the folders in the submission are nested more than {MAX_DEPTH} deep")
        for name in folders + files:
            seen += 1
            kind = os.lstat(os.path.join(parent, name)).st_mode
            if stat.S_ISLNK(kind):
                raise SubmissionRejected("there is a symbolic link in the submission; hand in the notebook itself")
            if not (stat.S_ISREG(kind) or stat.S_ISDIR(kind)):
                raise SubmissionRejected("there is something in the submission that is neither a file nor a folder")
            if seen > MAX_FILES:
                raise SubmissionRejected(f"there are more than {MAX_FILES} files in the submission")


def bytes_of(path: Path, most: int = MAX_BYTES) -> bytes:
    """The bytes of a plain file, opened without following a link or waiting at a pipe.

    Raises:
        SubmissionRejected: if it is anything else, or larger than ``most`` bytes.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except FileNotFoundError as error:
        raise SubmissionRejected(f"the file {path.name} is missing from the submission") from error
    except OSError as error:
        raise SubmissionRejected(f"the file {path.name} could not be opened ({error.strerror})") from error
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise SubmissionRejected(f"{path.name} is not a plain file")
        if status.st_size > most:
            raise SubmissionRejected(
                f"{path.name} is larger than {most // 2**20} MB; clear its outputs and hand it in again"
            )
        return file.read(most + 1)
