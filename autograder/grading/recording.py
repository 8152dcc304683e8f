"""Writes verdicts down: the gradebook through nbgrader's own code, and the autograded notebook. One process does this."""

import logging
import warnings
from contextlib import contextmanager
from datetime import datetime

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades, SaveCells
from sqlalchemy.engine import make_url
from sqlalchemy.exc import NoSuchModuleError, SAWarning, SQLAlchemyError

from autograder.building.releasing import as_text
from autograder.grading.cells import grade_id
from autograder.workspace import Problem, notebook_name, write_whole

warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")  # its sessions warn of what it means to do


@contextmanager
def gradebook(workspace):
    """The course's gradebook.

    Raises:
        Problem: if it cannot be opened, read or written.
    """
    with _in_words(workspace), Gradebook(workspace.db_url, workspace.directory.course_id) as book:
        yield book


@contextmanager
def _in_words(workspace):
    """Turns what a database can complain of into a ``Problem`` that says what to do, and never shows a password."""
    address = _without_password(workspace.db_url)
    try:
        yield
    except (NoSuchModuleError, ImportError) as error:
        raise Problem(
            f"There is no driver for the gradebook {address} ({error}). For PostgreSQL: pip install 'psycopg[binary]', "
            "and let c.CourseDirectory.db_url in nbgrader_config.py begin with postgresql://"
        ) from error
    except (SQLAlchemyError, OSError) as error:
        reason = " ".join(str(getattr(error, "orig", None) or error).split()).rstrip(".")
        remedy = (
            "Mend its permissions, make room on the disk, or close what else is writing to it"
            if address.startswith("sqlite")
            else "See that the server runs, and that c.CourseDirectory.db_url in nbgrader_config.py is what it lets in"
        )
        raise Problem(
            f"The gradebook {address} could not be used: {reason}. Nothing in it was lost. {remedy}, and grade again."
        ) from error


def _without_password(db_url):
    """A gradebook's address as people may see it. Its options are left out too: they can hold a password.

    Raises:
        Problem: if it is no address of a database.
    """
    try:
        return make_url(db_url).set(query={}).render_as_string(hide_password=True)
    except (SQLAlchemyError, ValueError):
        raise Problem(
            "c.CourseDirectory.db_url in nbgrader_config.py is no address of a database. Write it like "
            "postgresql://USER@HOST/DATABASE, or leave it out: then the gradebook is the file gradebook.db."
        ) from None


def register(workspace, unit):
    """Make sure that the gradebook knows the unit as the release notebook has it.

    Raises:
        Problem: if cells were added or removed after submissions were graded: nbgrader would lose their scores.
    """
    notebook = nbformat.read(workspace.notebook("release", unit), as_version=4)
    with gradebook(workspace) as book:
        book.update_or_create_assignment(unit)
        if _known(book, unit, notebook):
            return
        saver = _quiet(SaveCells(config=workspace.config))
        try:
            saver.preprocess(notebook, _resources(workspace, unit, ""))
        except RuntimeError as error:
            raise Problem(
                f"Exercises of {unit} were added or removed, but the gradebook holds submissions of the old version: {error}. "
                "Keep the old version for this class, or start a new gradebook (move the old one away)."
            ) from error


def _known(book, unit, notebook):
    try:
        known = {cell.name: cell.checksum for cell in book.find_notebook(_stem(unit), unit).source_cells}
    except MissingEntry:
        return False
    return known == {
        grade_id(cell): cell.metadata.nbgrader.get("checksum") for cell in notebook.cells if grade_id(cell)
    }


def record(workspace, unit, student, verdict, handed_in=None):
    """Write one verdict into the gradebook and beside it the autograded notebook. A manual score is never touched.

    Args:
        handed_in: a ``datetime`` in UTC without a zone, or None if unknown.
    """
    path = workspace.notebook("autograded", unit, student)
    write_whole(path, as_text(verdict.notebook))
    if handed_in:
        write_whole(path.with_name("timestamp.txt"), f"{handed_in:%Y-%m-%d %H:%M:%S.%f} UTC\n")
    with gradebook(workspace) as book:
        book.update_or_create_student(student)
        extra = {"timestamp": handed_in} if isinstance(handed_in, datetime) else {}
        book.update_or_create_submission(unit, student, **extra)
    resources = _resources(workspace, unit, student)
    with _in_words(workspace):
        for step in (SaveAutoGrades, AssignLatePenalties):
            _quiet(step(config=workspace.config)).preprocess(verdict.notebook, resources)


def recorded(workspace, unit):
    """The total machine scores in the gradebook, by student, of all whose every exercise has one."""
    totals = {}
    with gradebook(workspace) as book:
        try:
            submissions = book.assignment_submissions(unit)
        except MissingEntry:
            return totals
        for submission in submissions:
            scores = [
                grade.auto_score
                for notebook in submission.notebooks
                for grade in notebook.grades
                if grade.cell.cell_type == "code"
            ]
            if scores and None not in scores:
                totals[submission.student.id] = sum(scores)
    return totals


def _resources(workspace, unit, student):
    return {
        "nbgrader": {
            "notebook": _stem(unit),
            "assignment": unit,
            "student": student,
            "db_url": workspace.db_url,
        }
    }


def _stem(unit):
    return notebook_name(unit).removesuffix(".ipynb")


def _quiet(step):
    step.log = logging.getLogger("autograder.recording")
    step.log.setLevel(logging.ERROR)
    return step
