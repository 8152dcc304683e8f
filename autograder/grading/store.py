"""The only writer of what grading makes: the autograded notebook, the journal, the gradebook, in this order."""

from datetime import datetime

import nbformat

from autograder.grading import gradebook, recording
from autograder.grading.entries import Result, StudentEntry, fingerprint
from autograder.grading.journal import Journal
from autograder.grading.recording import Recorder
from autograder.grading.states import State, state_fingerprint, states
from autograder.submissions import intake
from autograder.workspace import Workspace


class Store:
    """Where the verdicts on a unit are kept; a context manager. Only one program at a time may be within it.

    Each step is on disk before the next begins, so that whatever stops a grading, the next one goes on from there.

    Raises:
        UserError: if another grading is within it, or the gradebook cannot be used.
    """

    def __init__(self, workspace: Workspace, unit: str) -> None:
        self.workspace, self.unit = workspace, unit
        self.journal = Journal(workspace, unit)

    def __enter__(self) -> "Store":
        self.journal.__enter__()
        try:
            self.recorder = Recorder(self.workspace, self.unit).__enter__()
        except BaseException:
            self.journal.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.recorder.__exit__()
        finally:
            self.journal.__exit__()

    def states(self) -> dict[str, State]:
        """What the gradebook holds of each student."""
        with gradebook.gradebook(self.workspace) as book:
            return states(book, self.unit)

    def is_done(self, student: str, key: str, held: State | None) -> bool:
        """Whether a submission needs no run: it and its autograded notebook are unchanged since it was evaluated.

        What the gradebook holds of it is put right if it is not what was recorded, or if nothing was recorded yet.

        Args:
            key: see ``assignment.key_of``. held: what the gradebook holds of this student.
        """
        entry = self.journal.students.get(student)
        if entry is None or entry.key != key:
            return False
        try:
            text = self.workspace.notebook("autograded", self.unit, student).read_bytes()
        except OSError:
            return False
        if entry.notebook != fingerprint(text):
            return False
        noted, found = entry.recorded or {}, state_fingerprint(held, self._handed_in(student), self.workspace.config)
        if found["scores"] is None or noted.get("scores") != found["scores"]:
            self._record(student, nbformat.reads(text.decode(), as_version=4), entry.recorded is not None)
        elif found["lateness"] is None or noted != found:
            self._record(student, None, True)
        return True

    def save(self, student: str, key: str, answers: str, result: bytes) -> tuple[StudentEntry, str]:
        """Keep one result as a worker gave it: its entry, and the text of the autograded notebook.

        Args:
            key, answers: as in ``StudentEntry``.
        """
        made, before = Result.from_bytes(result, key, answers), self.journal.students.get(student)
        recording.keep(self.workspace, self.unit, student, made.text)
        # a manual score has been seen with these answers if the gradebook was filled from them before
        seen = before is not None and before.answers == answers and before.recorded is not None
        self.journal.note(student, made.entry)
        self._record(student, made.graded, seen)
        return self.journal.students[student], made.text

    def _record(self, student: str, graded: nbformat.NotebookNode | None, seen: bool) -> None:
        handed_in = self._handed_in(student)
        held = self.recorder.record(student, graded, handed_in, seen)
        self.journal.note_recorded(student, state_fingerprint(held, handed_in, self.workspace.config))

    def _handed_in(self, student: str) -> datetime | None:
        return intake.timestamp(self.workspace.folder("submitted", self.unit, student))
