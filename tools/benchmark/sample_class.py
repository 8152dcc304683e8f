"""The class that every grader gets: right and nearly right submissions, no two alike, each with a mark of having been run."""

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell

from autograder.building.releasing import as_text
from autograder.demo.students import as_student_code, with_solutions, wrong_code_of
from autograder.exercises import exercises_of
from autograder.workspace import Workspace, write_whole


@dataclass(frozen=True)
class Submission:
    """What one student hands in. ``mistake``: the name of the one wrong exercise, or None if all are right."""

    student: str
    notebook: nbformat.NotebookNode
    mistake: str | None

    @property
    def mark(self) -> str:
        return mark(self.student)


def mark(student: str) -> str:
    """What a student's notebook prints when it is run. It stands nowhere in the notebook as it is handed in."""
    return f"{student[::-1]} was run"


def benchmark_class(workspace: Workspace, unit: str, count: int) -> Iterator[Submission]:
    """The submissions of ``count`` students: every other one right, the others with one mistake, each kind in turn."""
    release = nbformat.read(workspace.notebook("release", unit), as_version=4)
    right = {name: as_student_code(exercise.reference, name) for name, exercise in exercises_of(unit).items()}
    wrong = wrong_code_of(unit)
    perfect, names = with_solutions(release, right), list(wrong)
    for number in range(count):
        mistake = names[number // 2 % len(names)] if number % 2 else None
        notebook = with_solutions(release, right | {mistake: wrong[mistake]}) if mistake else copy.deepcopy(perfect)
        student = f"student-{number:04d}"
        notebook.cells.insert(2, new_code_cell(f"print({student!r}[::-1], 'was run')", id="mark"))
        yield Submission(student, notebook, mistake)


def hand_in(workspace: Workspace, unit: str, submissions: Iterable[Submission]) -> None:
    """Write submissions where the grader of ``workspace`` looks for them."""
    for submission in submissions:
        path = workspace.folder("submitted", unit, submission.student) / workspace.notebook("release", unit).name
        write_whole(path, as_text(submission.notebook))


def was_run(path: Path, student: str) -> bool:
    """Whether an autograded notebook holds the output of its student's mark."""
    return any(
        mark(student) in output.get("text", "")
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
    )
