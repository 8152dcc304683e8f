"""The gradebook: opened with every complaint of a database in words, and told of units; through nbgrader's own code."""

import contextlib
import logging
import warnings
from collections.abc import Iterator
from typing import TypeVar

import nbformat
from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import NbGraderPreprocessor, SaveCells
from sqlalchemy.engine import make_url
from sqlalchemy.exc import NoSuchModuleError, SAWarning, SQLAlchemyError

from autograder.errors import UserError
from autograder.grading.cells import grade_id
from autograder.workspace import Workspace, notebook_name

Step = TypeVar("Step", bound=NbGraderPreprocessor)

warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")  # its sessions warn of what it means to do


@contextlib.contextmanager
def gradebook(workspace: Workspace) -> Iterator[Gradebook]:
    """The course's gradebook.

    Raises:
        UserError: if it cannot be opened, read or written.
    """
    with _in_words(workspace), Gradebook(workspace.db_url, workspace.directory.course_id) as book:
        yield book


@contextlib.contextmanager
def _in_words(workspace: Workspace) -> Iterator[None]:
    """Turns what a database can complain of into a ``UserError`` that says what to do, and never shows a password."""
    address = _without_password(workspace.db_url)
    try:
        yield
    except (NoSuchModuleError, ImportError) as error:
        raise UserError(
            f"There is no driver for the gradebook {address} ({error}). For PostgreSQL: pip install 'psycopg[binary]', "
            "and let c.CourseDirectory.db_url in nbgrader_config.py begin with postgresql://"
        ) from error
    except (SQLAlchemyError, OSError) as error:
        remedy = (
            "Mend its permissions, make room on the disk, or close what else is writing to it"
            if address.startswith("sqlite")
            else "See that the server runs, and that c.CourseDirectory.db_url in nbgrader_config.py is what it lets in"
        )
        raise UserError(
            f"The gradebook {address} could not be used: {reason(error)}. Nothing in it was lost. {remedy}, and grade again."
        ) from error


def reason(error: Exception) -> str:
    """What the database itself said, without the statement that nbgrader sent it."""
    return " ".join(str(getattr(error, "orig", None) or error).split()).rstrip(".")


def _without_password(db_url: str) -> str:
    """A gradebook's address as people may see it. Its options are left out too: they can hold a password.

    Raises:
        UserError: if it is no address of a database.
    """
    try:
        return make_url(db_url).set(query={}).render_as_string(hide_password=True)
    except (SQLAlchemyError, ValueError):
        raise UserError(
            "c.CourseDirectory.db_url in nbgrader_config.py is no address of a database. Write it like "
            "postgresql://USER@HOST/DATABASE, or leave it out: then the gradebook is the file gradebook.db."
        ) from None


def register(workspace: Workspace, unit: str) -> None:
    """Make sure that the gradebook knows the unit as the release notebook has it.

    Raises:
        UserError: if it is no unit; if cells were added or removed after submissions were graded: nbgrader would lose their scores.
    """
    notebook_name(unit)
    notebook = nbformat.read(workspace.notebook("release", unit), as_version=4)
    with gradebook(workspace) as book:
        book.update_or_create_assignment(unit)
        if _known(book, unit, notebook):
            return
        saver = quiet(SaveCells(config=workspace.config))
        try:
            saver.preprocess(notebook, resources_of(workspace, unit))
        except RuntimeError as error:
            raise UserError(
                f"Exercises of {unit} were added or removed, but the gradebook holds submissions of the old version: {error}. "
                "Keep the old version for this class, or start a new gradebook (move the old one away)."
            ) from error


def _known(book: Gradebook, unit: str, notebook: NotebookNode) -> bool:
    try:
        known = {cell.name: cell.checksum for cell in book.find_notebook(stem(unit), unit).source_cells}
    except MissingEntry:
        return False
    return known == {
        grade_id(cell): cell.metadata.nbgrader.get("checksum") for cell in notebook.cells if grade_id(cell)
    }


def forget(workspace: Workspace, unit: str, student: str) -> None:
    """Take a student out of the gradebook whose name no page should show: nbgrader puts everybody in before it grades."""
    with gradebook(workspace) as book:
        book.remove_submission(unit, student)
        if not book.student_submissions(student):
            book.remove_student(student)


def resources_of(workspace: Workspace, unit: str, student: str = "") -> ResourcesDict:
    """What nbgrader's steps want to know of the notebook that they are given."""
    names = {"notebook": stem(unit), "assignment": unit, "student": student, "db_url": workspace.db_url}
    return ResourcesDict(nbgrader=names)


def stem(unit: str) -> str:
    """The name by which nbgrader knows a unit's notebook: 01-rnn -> rnn."""
    return notebook_name(unit).removesuffix(".ipynb")


def quiet(step: Step) -> Step:
    """A step of nbgrader's that logs errors only."""
    step.log = logging.getLogger("autograder.recording")
    step.log.setLevel(logging.ERROR)
    return step
