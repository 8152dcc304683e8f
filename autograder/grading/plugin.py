"""Trusted grading as nbgrader's preprocessors: what `nbgrader autograde` and formgrader's Autograde button run.

nbgrader converts a submission twice: first to clean it (``Rebuild``), then to grade it (``RunAndScore``), and records
the result with its own ``SaveAutoGrades``. An assignment that is no unit of this course is refused, unless the
configuration hands it to nbgrader's own steps (``Grading.other_assignments``).
"""

import atexit
import contextlib
import fnmatch
import functools
import shutil
from itertools import takewhile
from pathlib import Path

from nbconvert.exporters import NotebookExporter
from nbformat.v4 import new_notebook
from nbgrader.converters import Autograde
from nbgrader.preprocessors import NbGraderPreprocessor, SaveAutoGrades

from autograder.building.releasing import as_text
from autograder.errors import UserError
from autograder.exercises import UNITS
from autograder.grading import jobs, judging, recording
from autograder.grading.grade import entry
from autograder.grading.journal import Journal
from autograder.grading.rebuilding import rebuild
from autograder.grading.settings import Grading
from autograder.grading.states import marks, states
from autograder.sandbox.host import launchers
from autograder.submissions import intake
from autograder.workspace import Workspace, notebook_name

REFUSED = "refused"  # the key in the notebook's metadata under which a reason travels from the first pass to the second


class AnyNotebookExporter(NotebookExporter):
    """Hands every file on to the preprocessors, also one that is no notebook: they refuse it in words."""

    def from_filename(self, filename, resources=None, **options):
        if resources and not _is_ours(resources):
            return super().from_filename(filename, resources=resources, **options)
        try:
            notebook = intake.parse(intake.bytes_of(Path(filename)))
        except intake.SubmissionRejected:
            notebook = new_notebook()
        resources = resources or {}
        resources.setdefault("metadata", {"name": Path(filename).stem, "path": str(Path(filename).parent)})
        return self.from_notebook_node(notebook, resources=resources, **options)


class Trusted(NbGraderPreprocessor):
    """A step of trusted grading for the units of this course, and what stands in for it for other assignments."""

    def stock_steps(self):
        """nbgrader's own steps that this one stands for."""
        raise NotImplementedError

    def trusted(self, notebook, resources):
        """The step for a unit of this course."""
        raise NotImplementedError

    def preprocess(self, notebook, resources):
        if _is_ours(resources):
            return self.trusted(notebook, resources)
        unit, student = resources["nbgrader"]["assignment"], resources["nbgrader"]["student"]
        if Grading(config=self.config).other_assignments == "refuse":
            raise UserError(
                f"{unit!r} is no unit of this course, so there is no trusted grading for it: nothing of {student}'s was run. "
                f"The units are: {', '.join(UNITS)}. To have other assignments graded as nbgrader does by itself, which "
                "runs what students wrote UNCONFINED, set c.Grading.other_assignments = 'stock' in nbgrader_config.py."
            )
        for step in self.stock_steps():
            notebook, resources = step(parent=self.parent)(notebook, resources)
        return notebook, resources


class Rebuild(Trusted):
    """Replaces the submission by the release notebook with the student's code in it."""

    def stock_steps(self):
        return Autograde.sanitize_preprocessors.default()

    def trusted(self, notebook, resources):
        workspace, assignment, student = _who(self, resources)
        folder = workspace.folder("submitted", assignment.unit, student)
        try:
            handed_in = intake.read(folder, notebook_name(assignment.unit))
        except intake.SubmissionRejected as refused:
            rebuilt = rebuild(assignment.release, new_notebook())
            rebuilt.metadata[REFUSED] = str(refused)
            return rebuilt, resources
        return rebuild(assignment.release, handed_in), resources


class RunAndScore(Trusted):
    """Runs the rebuilt notebook in the sandbox and writes each verdict into its test cell."""

    def stock_steps(self):
        self.log.warning("This is no unit of the course: what the student wrote runs UNCONFINED, as in plain nbgrader.")
        return takewhile(lambda step: step is not SaveAutoGrades, Autograde.autograde_preprocessors.default())

    def trusted(self, notebook, resources):
        workspace, assignment, student = _who(self, resources)
        reason = notebook.metadata.pop(REFUSED, None)
        if reason:
            verdict = judging.refuse(assignment, reason)
        else:
            launch = _launcher(workspace.root, Grading.of(workspace).sandbox)
            verdict = judging.judge(assignment, notebook, launch)
        self._report(workspace, assignment.unit, student, verdict)
        return verdict.notebook, resources

    def _report(self, workspace, unit, student, verdict):
        """For `python -m autograder report`, and so that `grade` need not run again what was graded here."""
        submitted = jobs.submission_of(workspace.folder("submitted", unit, student), unit)
        made = entry(verdict, jobs.key_of(_known[unit], submitted), as_text(verdict.notebook))
        with Journal(workspace, unit) as journal:
            journal.note(student, made)


class NoteRecorded(Trusted):
    """Notes, as the last step, that nbgrader has recorded the scores; where it did not come to that, `grade` records them."""

    def stock_steps(self):
        return ()

    def trusted(self, notebook, resources):
        workspace, assignment, student = _who(self, resources)
        with recording.gradebook(workspace) as book:
            held = states(book, assignment.unit, student)[student]
        handed_in = intake.timestamp(workspace.folder("submitted", assignment.unit, student))
        with Journal(workspace, assignment.unit) as journal:
            journal.note_recorded(student, marks(held, handed_in, workspace.config))
        return notebook, resources


def make_known(assignment, student, notebooks):
    """Before grading: nbgrader refuses an assignment that the gradebook does not know, as a new gradebook knows none."""
    if assignment in UNITS:
        recording.register(Workspace.here(), assignment)


def keep_only_the_notebook(assignment, student, notebooks):
    """After grading: nbgrader copies whatever lay beside the notebook, and would hand it out with the feedback.

    Args:
        student: as nbgrader was given it: one student, or a pattern like ``*``.
    """
    if assignment not in UNITS:
        return
    workspace = Workspace.here()
    expected = {notebook_name(assignment), "timestamp.txt", "submission_secret.txt"}
    for name in fnmatch.filter(workspace.students(assignment), student):
        folder = workspace.folder("autograded", assignment, name)
        for path in folder.iterdir() if folder.is_dir() else ():
            if path.name not in expected:
                shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def _is_ours(resources):
    return resources["nbgrader"]["assignment"] in UNITS


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
def _launcher(root, mode):
    """What starts interpreters, opened once and until nbgrader ends."""
    stack = contextlib.ExitStack()
    atexit.register(stack.close)
    return stack.enter_context(launchers.open_launcher(mode, (root,)))
