"""Where a course's files lie: the folders, the gradebook and the secret, as nbgrader_config.py says."""

import os
import re
import secrets
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from nbgrader.coursedir import CourseDirectory
from traitlets import TraitError
from traitlets.config.loader import Config, PyFileConfigLoader

from autograder.errors import UserError
from autograder.exercises import UNITS

CONFIG_FILE = "nbgrader_config.py"
PAGES = ("00-start-here",)  # notebooks without exercises: built and published with the units, never graded
NOTEBOOKS = (*PAGES, *UNITS)
MARKUP, FORMULA = set('<>&"`'), ("=", "+", "-", "@")
ANYBODY = "{student_id}"  # stands for a student in a path, as in nbgrader's directory_structure


@dataclass(frozen=True)
class Workspace:
    """One course on disk. ``config`` is nbgrader's; all paths are absolute."""

    root: Path
    config: Config

    @classmethod
    def here(cls, root: Path | str | None = None) -> "Workspace":
        """The course in the current folder.

        Raises:
            UserError: if there is no nbgrader_config.py in it, or it cannot be read.
        """
        root = Path(root or os.getcwd()).resolve()
        if not (root / CONFIG_FILE).is_file():
            raise UserError(
                f"{root} is not the folder of a course: there is no {CONFIG_FILE} in it. "
                "Change to the folder of the course and try again."
            )
        try:
            config = PyFileConfigLoader(CONFIG_FILE, path=str(root)).load_config()
        except Exception as error:  # a configuration file is a program: it can fail in any way
            raise UserError(f"{root / CONFIG_FILE} could not be read: {type(error).__name__}: {error}") from error
        config.CourseDirectory.root = str(root)
        try:
            CourseDirectory(config=config)
        except TraitError as error:
            raise UserError(f"{root / CONFIG_FILE}: {error}") from error
        return cls(root, config)

    @property
    def directory(self) -> CourseDirectory:
        """nbgrader's own view of the course."""
        return CourseDirectory(config=self.config)

    @property
    def db_url(self) -> str:
        """The address of the gradebook."""
        return self.directory.db_url

    def folder(self, kind: str, unit: str = "", student: str = ".") -> Path:
        """The folder of a unit, of the given kind: source, release, submitted, autograded or feedback."""
        name = getattr(self.directory, f"{kind}_directory")
        return Path(os.path.normpath(self.directory.format_path(name, student, unit)))

    def notebook(self, kind: str, unit: str, student: str = ".") -> Path:
        """The path of a unit's notebook, or a page's, of the given kind."""
        return self.folder(kind, unit, student) / (file_name(unit) if unit in PAGES else notebook_name(unit))

    @property
    def report(self) -> Path:
        """The folder of the reports."""
        return self.root / "report"

    def students(self, unit: str) -> list[str]:
        """All who handed in something for this unit, sorted, in whatever directory_structure nbgrader is set to.

        Those of whom nobody may know whether they did are among them: grading says why. Folders whose names may not be a
        student's are not: see ``rejected_folders``.
        """
        return [name for name in self._folders(unit) if not name_problem(name)]

    def rejected_folders(self, unit: str) -> dict[str, str]:
        """Folders with submissions whose names may not be a student's: each as it may be shown, and why not."""
        found = {name: name_problem(name) for name in self._folders(unit)}
        return {ascii(name)[1:-1]: problem for name, problem in found.items() if problem}

    def _folders(self, unit: str) -> list[str]:
        anybody = self.folder("submitted", unit, ANYBODY)
        at = next((index for index, part in enumerate(anybody.parts) if ANYBODY in part), None)
        if at is None:
            raise UserError("c.CourseDirectory.directory_structure must say where a student's folder is: {student_id}.")
        parent, (before, _, after) = Path(*anybody.parts[:at]), anybody.parts[at].partition(ANYBODY)
        if not parent.is_dir():
            return []
        named = re.compile(rf"{re.escape(before)}(.+){re.escape(after)}", re.DOTALL)
        found = [named.fullmatch(path.name) for path in parent.iterdir() if path.is_dir() or path.is_symlink()]
        names = sorted(match[1] for match in found if match)
        return [name for name in names if _may_be_there(Path(str(anybody).replace(ANYBODY, name)))]

    def secret(self) -> bytes:
        """The course's secret, from which hidden inputs are drawn; created on first use, readable by its owner only."""
        path = self.root / ".autograder" / "secret"
        try:
            path.parent.mkdir(exist_ok=True)
            try:
                descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            except FileExistsError:
                pass
            else:
                with os.fdopen(descriptor, "w") as file:
                    file.write(secrets.token_hex(32) + "\n")
            secret = path.read_bytes().strip()
        except OSError as error:
            raise UserError(f"The course's secret could not be kept in {path}: {error.strerror}.") from error
        if len(secret) < 32 or not secret.isalnum():  # of bytes, only ASCII letters and digits are
            raise UserError(
                f"The course's secret in {path} is damaged. Restore it from a copy, so that a regrade asks what the first "
                "grading asked; or delete the file, and a new one is made."
            )
        return secret


def name_problem(name: str) -> str | None:
    """Why a folder's name may not be a student's, or None if it may.

    It is shown in terminals, on formgrader's pages and in spreadsheets, each of which takes some names for commands.
    """
    if name != name.encode("utf-8", "replace").decode("utf-8"):
        return "it is not text in UTF-8"
    if any(unicodedata.category(letter) in ("Cc", "Cf", "Zl", "Zp") for letter in name):
        return "it has invisible control characters"
    if set(name) & MARKUP:
        return f"it has one of the characters {' '.join(sorted(MARKUP))}, which web pages take for markup"
    if name.startswith(FORMULA):
        return f"it begins with one of {' '.join(FORMULA)}, which spreadsheets take for a formula"
    return "it begins with a dot" if name.startswith(".") else None


def _may_be_there(path: Path) -> bool:
    """Whether something is there, or it cannot be seen whether there is."""
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return False
    except OSError:
        return True
    return True


def notebook_name(unit: str) -> str:
    """The file name of the notebook that is handed in for a unit: 01-rnn -> rnn.ipynb.

    Raises:
        UserError: if it is no unit; a page is none, so nothing grades one.
    """
    if unit in PAGES:
        raise UserError(f"{unit} has no exercises, so it is not graded. The assignments are: {', '.join(UNITS)}.")
    if unit not in UNITS:
        raise UserError(f"There is no assignment {unit!r}. The assignments are: {', '.join(UNITS)}.")
    return file_name(unit)


def file_name(folder: str) -> str:
    """The file name of the notebook in a folder of source or release."""
    return folder.split("-", 1)[1] + ".ipynb"


def write_whole(path: Path, content: str | bytes | Iterable[str]) -> None:
    """Write a file, from text, bytes, or pieces of text, so that it is there as a whole or not at all.

    Raises:
        UserError: if it cannot be written; what was there before is still there.
    """
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with open(partial, "wb") as file:
            for piece in [content] if isinstance(content, str | bytes) else content:
                file.write(piece.encode("utf-8") if isinstance(piece, str) else piece)
            file.flush()
            os.fsync(file.fileno())
        os.replace(partial, path)
    except OSError as error:
        partial.unlink(missing_ok=True)
        raise UserError(
            f"{path} could not be written: {error.strerror}. Make room or mend its permissions; "
            "what was there before is untouched."
        ) from error
