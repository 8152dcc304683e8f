"""Writes verdicts down: the gradebook through nbgrader's own code, and the autograded notebook. One process does this."""

import logging
import warnings
from contextlib import contextmanager
from datetime import datetime

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.preprocessors import AssignLatePenalties, SaveAutoGrades, SaveCells
from sqlalchemy.exc import SAWarning, SQLAlchemyError

from autograder.grading.cells import grade_id
from autograder.workspace import Problem, notebook_name, write_whole

warnings.filterwarnings("ignore", category=SAWarning, module="nbgrader")  # its sessions warn of what it means to do


@contextmanager
def gradebook(workspace):
    """The course's gradebook.

    Raises:
        Problem: if it cannot be opened, read or written.
    """
    try:
        with Gradebook(workspace.db_url, workspace.directory.course_id) as book:
            yield book
    except (SQLAlchemyError, OSError) as error:
        reason = getattr(error, "orig", None) or error
        raise Problem(
            f"The gradebook {workspace.db_url} could not be used: {reason}. Nothing in it was lost. "
            "Mend its permissions, make room on the disk, or close what else is writing to it, and grade again."
        ) from error


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


def keep(workspace, unit, student, text):
    """Write the autograded notebook, which formgrader shows and feedback is made from."""
    write_whole(workspace.notebook("autograded", unit, student), text)


def record(workspace, unit, student, notebook, handed_in=None):
    """Write the scores in an autograded notebook into the gradebook. A manual score is never touched.

    Doing it twice is as good as doing it once.

    Args:
        handed_in: a ``datetime`` in UTC without a zone, or None if unknown.
    """
    if handed_in:
        path = workspace.notebook("autograded", unit, student).with_name("timestamp.txt")
        write_whole(path, f"{handed_in:%Y-%m-%d %H:%M:%S.%f} UTC\n")
    with gradebook(workspace) as book:
        book.update_or_create_student(student)
        extra = {"timestamp": handed_in} if isinstance(handed_in, datetime) else {}
        book.update_or_create_submission(unit, student, **extra)
    resources = _resources(workspace, unit, student)
    try:
        for step in (SaveAutoGrades, AssignLatePenalties):
            _quiet(step(config=workspace.config)).preprocess(notebook, resources)
    except SQLAlchemyError as error:
        raise Problem(f"The gradebook could not take the scores of {student}: {error}. Grade again.") from error


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
