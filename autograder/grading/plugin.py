"""Trusted grading as nbgrader's preprocessors: what `nbgrader autograde` and formgrader's Autograde button run.

nbgrader converts a submission twice, to clean it and to grade it. For the units of this course the first pass does nothing,
and the second (``Grade``) does what `python -m autograder grade` does for one student. An assignment that is no unit of this
course is refused, unless the configuration hands it to nbgrader's own steps (``Grading.other_assignments``).
"""

import atexit
import contextlib
import fnmatch
import functools
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import nbformat
from nbconvert.exporters import NotebookExporter
from nbformat import NotebookNode
from nbformat.v4 import new_notebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.errors import UserError
from autograder.exercises import UNITS
from autograder.grading import gradebook
from autograder.grading.assignment import describe, key_of, read_submission
from autograder.grading.dispatching import grade_submission
from autograder.grading.entries import fingerprint
from autograder.grading.settings import Grading
from autograder.grading.store import Store
from autograder.grading.workers import Workers
from autograder.workspace import Workspace, name_problem, notebook_name

Converted = tuple[NotebookNode, Any]


class UnreadExporter(NotebookExporter):
    """Hands an empty notebook to the steps for a unit of this course: they read what was handed in themselves."""

    def from_filename(self, filename: str, resources: Any = None, **options: Any) -> Any:
        if resources and not _is_ours(resources):
            return super().from_filename(filename, resources=resources, **options)
        resources = resources or {}
        resources.setdefault("metadata", {"name": Path(filename).stem, "path": str(Path(filename).parent)})
        return self.from_notebook_node(new_notebook(), resources=resources, **options)


class Trusted(NbGraderPreprocessor):
    """A step of trusted grading for the units of this course, and what other assignments get instead."""

    def stock_steps(self) -> Iterable[Any]:
        """nbgrader's own steps that this one stands for."""
        raise NotImplementedError

    def trusted(self, notebook: NotebookNode, resources: Any) -> Converted:
        """The step for a unit of this course."""
        raise NotImplementedError

    def preprocess(self, nb: NotebookNode, resources: Any) -> Converted:
        if _is_ours(resources):
            return self.trusted(nb, resources)
        unit, student = resources["nbgrader"]["assignment"], resources["nbgrader"]["student"]
        if Grading(config=self.config).other_assignments == "refuse":
            raise UserError(
                f"{unit!r} is no unit of this course, so there is no trusted grading for it: nothing of {student}'s was run. "
                f"The units are: {', '.join(UNITS)}. To have other assignments graded as nbgrader does by itself, which "
                "runs what students wrote UNCONFINED, set c.Grading.other_assignments = 'stock' in nbgrader_config.py."
            )
        for step in self.stock_steps():
            nb, resources = step(parent=self.parent)(nb, resources)
        return nb, resources


class Sanitize(Trusted):
    """nbgrader's first pass over a submission. Of ours nothing is cleaned: no byte of it is used but in ``Grade``."""

    def stock_steps(self) -> Iterable[Any]:
        return Autograde.sanitize_preprocessors.default() or ()

    def trusted(self, notebook: NotebookNode, resources: Any) -> Converted:
        return notebook, resources


class Grade(Trusted):
    """Evaluates the submission and stores the verdict, as `python -m autograder grade` does; gives the autograded notebook."""

    def stock_steps(self) -> Iterable[Any]:
        self.log.warning("This is no unit of the course: what the student wrote runs UNCONFINED, as in plain nbgrader.")
        return Autograde.autograde_preprocessors.default() or ()

    def trusted(self, notebook: NotebookNode, resources: Any) -> Converted:
        unit, student = resources["nbgrader"]["assignment"], resources["nbgrader"]["student"]
        workspace = Workspace.here()
        if problem := name_problem(student):
            gradebook.forget(workspace, unit, student)
            raise UserError(f"The folder {student!a} was not graded, because of its name: {problem}. Rename it.")
        settings = Grading.of(workspace)
        workers = _workers(workspace.root, describe(workspace, unit, settings), settings.sandbox)
        submission = read_submission(workspace, unit, student)
        result = grade_submission(workers, submission)
        _graded.setdefault(unit, set()).add(student)
        with _store(workspace, unit) as store:
            key = key_of(workers.description, submission)
            _, text = store.save(student, key, fingerprint(submission), result)
        return nbformat.reads(text, as_version=4), resources


def make_known(assignment: str, student: str, notebooks: Any) -> None:
    """Before grading: nbgrader refuses an assignment that the gradebook does not know, as a new gradebook knows none."""
    if assignment in UNITS:
        gradebook.register(Workspace.here(), assignment)


def keep_only_the_notebook(assignment: str, student: str, notebooks: Iterable[str]) -> None:
    """After grading: nbgrader copies whatever lay beside the notebook, and would hand it out with the feedback.

    Args:
        student: as nbgrader was given it: one student, or a pattern like ``*``. notebooks: those just graded.
    """
    if assignment not in UNITS:
        return
    workspace = Workspace.here()
    expected = {notebook_name(assignment), "timestamp.txt", "submission_secret.txt"}
    names = _graded.pop(assignment, None) or fnmatch.filter(workspace.students(assignment), student)
    for name in names:
        folder = workspace.folder("autograded", assignment, name)
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.name not in expected:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _is_ours(resources: Any) -> bool:
    return resources["nbgrader"]["assignment"] in UNITS


_graded: dict[str, set[str]] = {}  # by unit, whom this process has graded since their folders were tidied
_stores: dict[tuple[Path, str], Store] = {}


def _store(workspace: Workspace, unit: str) -> Store:
    """The store of a unit: one for a process, so that what it has read once is not read again for each student."""
    store = _stores.setdefault((workspace.root, unit), Store(workspace, unit))
    store.workspace = workspace
    return store


@functools.lru_cache(maxsize=2)
def _workers(root: Path, description: bytes, mode: str) -> Workers:
    """Worker processes, started once and until nbgrader ends."""
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(Workers(description, mode, (root,)))
