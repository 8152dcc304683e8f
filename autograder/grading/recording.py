"""Writes verdicts down: the gradebook through nbgrader's own code, and the autograded notebook. One process does this."""

import contextlib
from datetime import datetime
from typing import Any

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbgrader.api import (
    Assignment,
    Grade,
    Gradebook,
    GradeCell,
    InvalidEntry,
    SubmittedAssignment,
    SubmittedNotebook,
)
from nbgrader.preprocessors import AssignLatePenalties, NbGraderPreprocessor, SaveAutoGrades
from sqlalchemy import func
from sqlalchemy.exc import SQLAlchemyError

from autograder import timing
from autograder.errors import UserError
from autograder.grading.gradebook import gradebook, quiet, reason, resources_of, stem
from autograder.grading.states import State, states
from autograder.submissions.intake import submission_secret
from autograder.workspace import Workspace, write_whole


@timing.step("kept")
def keep(workspace: Workspace, unit: str, student: str, text: str) -> None:
    """Write the autograded notebook, which formgrader shows and feedback is made from."""
    write_whole(workspace.notebook("autograded", unit, student), text)


class SaveScores(SaveAutoGrades):
    """nbgrader's own step, on a gradebook that is open already.

    Args:
        book: the gradebook. seen: whether the student handed in what the gradebook was filled from before: then a score
            given by hand needs no second look.
    """

    def __init__(self, book: Gradebook, seen: bool, **options: Any) -> None:
        super().__init__(**options)
        self.gradebook, self.seen = book, seen

    def preprocess(self, nb: NotebookNode, resources: ResourcesDict) -> tuple[NotebookNode, ResourcesDict]:
        names = resources["nbgrader"]
        self.notebook_id, self.assignment_id, self.student_id = names["notebook"], names["assignment"], names["student"]
        return NbGraderPreprocessor.preprocess(self, nb, resources)

    def _add_score(self, cell: NotebookNode, resources: ResourcesDict) -> None:
        name = cell.metadata.nbgrader.grade_id
        grade = self.gradebook.find_grade(name, self.notebook_id, self.assignment_id, self.student_id)
        needed = grade.needs_manual_grade
        super()._add_score(cell, resources)
        if self.seen and grade.manual_score is not None:
            grade.needs_manual_grade = needed


class SavePenalty(AssignLatePenalties):
    """nbgrader's own penalty for a late submission, on a gradebook that is open already."""

    def assign(self, book: Gradebook, unit: str, student: str) -> None:
        self.init_plugin()
        notebook: Any = book.find_submission_notebook(stem(unit), unit, student)
        plugin: Any = self.plugin_inst  # of the class that the configuration names
        late, penalty = book.find_submission(unit, student).total_seconds_late, None
        if late > 0:
            penalty = plugin.late_submission_penalty(student, notebook.score, late)
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
        config = self.workspace.config
        book: Any = self.book  # nbgrader's annotations say less than it takes
        try:
            book.update_or_create_student(student)
            book.update_or_create_submission(self.unit, student, timestamp=handed_in)
            book.db.flush()
            # rows are looked up one by one, each by its name: what was changed need not be written before each look
            with book.db.no_autoflush:
                if graded:
                    saver = quiet(SaveScores(book, seen, config=config))
                    saver.preprocess(graded, resources_of(self.workspace, self.unit, student))
                    book.db.flush()
                    book.db.expire_all()  # sums, of scores for one, are worked out by the database
                quiet(SavePenalty(config=config)).assign(book, self.unit, student)
                book.db.flush()
                book.db.expire_all()
            held = states(book, self.unit, student)[student]
            self.commit()
            return held
        except (SQLAlchemyError, InvalidEntry) as error:
            book.db.rollback()
            raise UserError(
                f"The gradebook could not take the scores of {student}: {reason(error)}. "
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
    notebook: Any = SubmittedNotebook  # a type checker cannot follow some of nbgrader's columns
    grade: Any = Grade
    cell: Any = GradeCell
    with gradebook(workspace) as book:
        query = (
            book.db.query(SubmittedAssignment.student_id, func.sum(grade.auto_score), func.count(grade.auto_score))
            .join(Assignment, Assignment.id == SubmittedAssignment.assignment_id)
            .join(notebook, notebook.assignment_id == SubmittedAssignment.id)
            .join(grade, grade.notebook_id == notebook.id)
            .join(cell, cell.id == grade.cell_id)
            .filter(Assignment.name == unit, cell.cell_type == "code")
            .group_by(SubmittedAssignment.student_id)
            .having(func.count(grade.id) == func.count(grade.auto_score))
        )
        return {student: float(total) for student, total, count in query if count}
