"""Trusted grading as nbgrader's preprocessors: what `nbgrader autograde` and formgrader's Autograde button run.

nbgrader converts a submission twice: first to clean it (``Rebuild``), then to grade it (``RunAndScore``), and records
the result with its own ``SaveAutoGrades``.
"""

import atexit
import contextlib
import functools
import shutil
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_notebook
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.grading import intake, jobs, judging, recording
from autograder.grading.rebuilding import rebuild
from autograder.grading.settings import Grading
from autograder.sandbox import ways
from autograder.workspace import Workspace, notebook_name

REFUSED = "refused"  # the key in the notebook's metadata under which a reason travels from the first pass to the second


class AnyNotebookExporter(NotebookExporter):
    """Hands every file on to the preprocessors, also one that is no notebook: they refuse it in words."""

    def from_filename(self, filename, resources=None, **options):
        try:
            notebook = intake.parse(Path(filename).read_bytes())
        except (intake.Refused, OSError):
            notebook = new_notebook()
        resources = resources or {}
        resources.setdefault("metadata", {"name": Path(filename).stem, "path": str(Path(filename).parent)})
        return self.from_notebook_node(notebook, resources=resources, **options)


class Rebuild(NbGraderPreprocessor):
    """Replaces the submission by the release notebook with the student's code in it."""

    def preprocess(self, notebook, resources):
        workspace, assignment, student = _who(self, resources)
        folder = workspace.folder("submitted", assignment.unit, student)
        try:
            handed_in = intake.read(folder, notebook_name(assignment.unit))
        except intake.Refused as refused:
            rebuilt = rebuild(assignment.release, new_notebook())
            rebuilt.metadata[REFUSED] = str(refused)
            return rebuilt, resources
        return rebuild(assignment.release, handed_in), resources


class RunAndScore(NbGraderPreprocessor):
    """Runs the rebuilt notebook in the sandbox and writes each verdict into its test cell."""

    def preprocess(self, notebook, resources):
        workspace, assignment, _ = _who(self, resources)
        reason = notebook.metadata.pop(REFUSED, None)
        if reason:
            return judging.refuse(assignment, reason).notebook, resources
        start = _start(workspace.root, Grading.of(workspace).sandbox)
        return judging.judge(assignment, notebook, start).notebook, resources


def keep_only_the_notebook(assignment, student, notebooks):
    """After grading: nbgrader copies whatever lay beside the notebook, and would hand it out with the feedback."""
    workspace = Workspace.here()
    expected = {notebook_name(assignment), "timestamp.txt"}
    for path in workspace.folder("autograded", assignment, student).iterdir():
        if path.name not in expected:
            shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


_known = {}


def _who(preprocessor, resources):
    """The assignment, prepared once for a process, and the student, from what nbgrader passes along."""
    unit, student = resources["nbgrader"]["assignment"], resources["nbgrader"]["student"]
    workspace = Workspace.here()
    description = jobs.describe(workspace, unit, Grading.of(workspace))
    if _known.get(unit) != description:
        recording.register(workspace, unit)
        _known[unit] = description
    return workspace, jobs.assignment(description), student


@functools.cache
def _start(root, way):
    """What starts interpreters, opened once and until nbgrader ends."""
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(ways.opened(way, (root,)))
