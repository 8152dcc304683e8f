"""Writes verdicts down: the gradebook through nbgrader's own code, and the autograded notebook. One process does this."""

import contextlib
import logging
import warnings
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import nbformat
from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    Grade,
    Gradebook,
    GradeCell,
    InvalidEntry,
    MissingEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor, SaveAutoGrades, SaveCells
from sqlalchemy import func
from sqlalchemy.engine import make_url
from sqlalchemy.exc import NoSuchModuleError, SAWarning, SQLAlchemyError

from autograder import timing
from autograder.errors import UserError
from autograder.grading.cells import grade_id
from autograder.grading.states import State, states
from autograder.submissions.intake import submission_secret
from autograder.workspace import Workspace, notebook_name, write_whole

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
            f"The gradebook {address} could not be used: {_reason(error)}. Nothing in it was lost. {remedy}, and grade again."
        ) from error


def _reason(error: Exception) -> str:
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
        saver = _quiet(SaveCells(config=workspace.config))
        try:
            saver.preprocess(notebook, _resources(workspace, unit, ""))
        except RuntimeError as error:
            raise UserError(
                f"Exercises of {unit} were added or removed, but the gradebook holds submissions of the old version: {error}. "
                "Keep the old version for this class, or start a new gradebook (move the old one away)."
            ) from error


def _known(book: Gradebook, unit: str, notebook: NotebookNode) -> bool:
    try:
        known = {cell.name: cell.checksum for cell in book.find_notebook(_stem(unit), unit).source_cells}
    except MissingEntry:
        return False
    return known == {
        grade_id(cell): cell.metadata.nbgrader.get("checksum") for cell in notebook.cells if grade_id(cell)
    }


@timing.step("kept")
def keep(workspace: Workspace, unit: str, student: str, text: str) -> None:
    """Write the autograded notebook, which formgrader shows and feedback is made from."""
    write_whole(workspace.notebook("autograded", unit, student), text)


def forget(workspace: Workspace, unit: str, student: str) -> None:
    """Take a student out of the gradebook whose name no page should show: nbgrader puts everybody in before it grades."""
    with gradebook(workspace) as book:
        book.remove_submission(unit, student)
        if not book.student_submissions(student):
            book.remove_student(student)


class SaveScores(SaveAutoGrades):
    """nbgrader's own step, on a gradebook that is open already.

    Args:
        book: the gradebook. seen: whether the student handed in what the gradebook was filled from before: then a score
            given by hand needs no second look.
    """

    def __init__(self, book: Gradebook, seen: bool, **options: Any) -> None:
        super().__init__(**options)
        self.gradebook, self.seen = book, seen

    def preprocess(self, nb: NotebookNode, resources: dict[str, Any]) -> tuple[NotebookNode, dict[str, Any]]:
        names = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = names["notebook"], names["assignment"], names["student"]
        return NbGraderPreprocessor.preprocess(self, nb, resources)

    def _add_score(self, cell: NotebookNode, resources: dict[str, Any]) -> None:
        grade = self.gradebook.find_grade(grade_id(cell), self.notebook_id, self.assignment_id, self.student_id)
        needed = grade.needs_manual_grade
        super()._add_score(cell, resources)
        if self.seen and grade.manual_score is not None:
            grade.needs_manual_grade = needed


class SavePenalty(AssignLatePenalties):
    """nbgrader's own penalty for a late submission, on a gradebook that is open already."""

    def assign(self, book: Gradebook, unit: str, student: str) -> None:
        self.init_plugin()
        notebook = book.find_submission_notebook(_stem(unit), unit, student)
        late, penalty = book.find_submission(unit, student).total_seconds_late, None
        if late > 0:
            penalty = self.plugin_inst.late_submission_penalty(student, notebook.score, late)
        notebook.late_submission_penalty = None if penalty is None else self._check_late_penalty(notebook, penalty)


class Recorder:
    """Writes a class's scores into the gradebook, which is opened once; a context manager.

    What is written of one student is one transaction: after a power cut all of it is there, or nothing.
    """

    def __init__(self, workspace: Workspace, unit: str) -> None:
        self.workspace, self.unit = workspace, unit
        self.book_of_all = contextlib.ExitStack()

    def __enter__(self) -> "Recorder":
        self.book = self.book_of_all.enter_context(gradebook(self.workspace))
        self.commit, self.book.db.commit = self.book.db.commit, lambda: None  # nbgrader commits after every cell
        return self

    def __exit__(self, *_: object) -> None:
        self.book_of_all.close()

    @timing.step("recorded")
    def record(
        self, student: str, graded: NotebookNode | None, handed_in: datetime | None = None, seen: bool = False
    ) -> State:
        """Write the scores of one student into the gradebook. A manual score is never touched. Twice is as good as once.

        Args:
            graded: an autograded notebook, or its graded cells; None if the scores stay, and only when it was handed in,
                and the penalty for that, are written.
            handed_in: in UTC without a zone, or None if unknown. seen: see ``SaveScores``.

        Returns:
            what the gradebook holds of this student now.

        Raises:
            UserError: if the gradebook does not take them; then nothing of this student's has changed in it.
        """
        self._copy_facts(student, handed_in)
        book, config = self.book, self.workspace.config
        try:
            book.update_or_create_student(student)
            book.update_or_create_submission(self.unit, student, timestamp=handed_in)
            book.db.flush()
            # rows are looked up one by one, each by its name: what was changed need not be written before each look
            with book.db.no_autoflush:
                if graded:
                    saver = _quiet(SaveScores(book, seen, config=config))
                    saver.preprocess(graded, _resources(self.workspace, self.unit, student))
                    book.db.flush()
                    book.db.expire_all()  # sums, of scores for one, are worked out by the database
                _quiet(SavePenalty(config=config)).assign(book, self.unit, student)
                book.db.flush()
                book.db.expire_all()
            held = states(book, self.unit, student)[student]
            self.commit()
            return held
        except (SQLAlchemyError, InvalidEntry) as error:
            book.db.rollback()
            raise UserError(
                f"The gradebook could not take the scores of {student}: {_reason(error)}. "
                "Nothing of theirs has changed in it. Put that right and grade again."
            ) from error

    def _copy_facts(self, student: str, handed_in: datetime | None) -> None:
        """Beside the autograded notebook, what nbgrader looks for there."""
        path = self.workspace.notebook("autograded", self.unit, student)
        if handed_in:
            write_whole(path.with_name("timestamp.txt"), f"{handed_in:%Y-%m-%d %H:%M:%S.%f} UTC\n")
        else:
            path.with_name("timestamp.txt").unlink(missing_ok=True)
        secret = submission_secret(self.workspace.folder("submitted", self.unit, student))
        if secret:  # nbgrader's exchange cannot release feedback without it
            write_whole(path.with_name("submission_secret.txt"), secret)


def recorded(workspace: Workspace, unit: str) -> dict[str, float]:
    """The total machine scores in the gradebook, by student, of all whose every exercise has one."""
    with gradebook(workspace) as book:
        query = (
            book.db.query(SubmittedAssignment.student_id, func.sum(Grade.auto_score), func.count(Grade.auto_score))
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .join(SubmittedNotebook, SubmittedNotebook.assignment_id == SubmittedAssignment.id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .join(GradeCell, GradeCell.id == Grade.cell_id)
            .filter(Assignment.name == unit, GradeCell.cell_type == "code")
            .group_by(SubmittedAssignment.student_id)
            .having(func.count(Grade.id) == func.count(Grade.auto_score))
        )
        return {student: float(total) for student, total, count in query if count}


def _resources(workspace: Workspace, unit: str, student: str) -> dict[str, Any]:
    return {
        "nbgrader": {
            "notebook": _stem(unit),
            "assignment": unit,
            "student": student,
            "db_url": workspace.db_url,
        }
    }


def _stem(unit: str) -> str:
    return notebook_name(unit).removesuffix(".ipynb")


def _quiet(step: Any) -> Any:
    step.log = logging.getLogger("autograder.recording")
    step.log.setLevel(logging.ERROR)
    return step
