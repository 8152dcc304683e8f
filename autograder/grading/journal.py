"""What a grading has done so far, on disk before the next step is taken, so that whatever stops it costs nothing.

A line of JSON for each step, ``report/UNIT.journal``: a submission was evaluated (its autograded notebook is written by
then), and its scores are in the gradebook. Each holds the student's entry of the report as it is from then on. When a
grading ends the lines become ``report/UNIT.json``.
"""

import contextlib
import itertools
import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from autograder import timing
from autograder.errors import UserError
from autograder.grading.entries import DamagedEntry, StudentEntry
from autograder.workspace import Workspace, write_whole


def report_path(workspace: Workspace, unit: str) -> Path:
    return workspace.report / f"{unit}.json"


def read_report(workspace: Workspace, unit: str) -> dict[str, Any]:
    """The report of the last grading of a unit, with what an unfinished one has added: an empty one if there is none.

    Returns:
        ``{"assignment": unit, "students": {name: entry}}``, each entry as ``StudentEntry.to_json`` gives it; from the
        report, it may be damaged.
    """
    report = _read_whole(report_path(workspace, unit))
    with contextlib.suppress(FileNotFoundError), open(_path(workspace, unit), "rb") as file:
        for student, entry in _lines(file.read()):
            report["students"][student] = entry.to_json()
    return {"assignment": unit, "students": dict(sorted(report["students"].items()))}


def _read_whole(path: Path) -> dict[str, Any]:
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        return report if isinstance(report.get("students"), dict) else {"students": {}}
    except FileNotFoundError:
        return {"students": {}}
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise UserError(f"The report {path} is damaged ({error}). Move it away and grade again.") from error


def _path(workspace: Workspace, unit: str) -> Path:
    return workspace.report / f"{unit}.journal"


def _lines(data: bytes) -> Iterator[tuple[str, StudentEntry]]:
    """What the journal says, in order. A damaged line, or one that was being written when the power went, is not there."""
    for line in data.splitlines(keepends=True):
        with contextlib.suppress(ValueError, RecursionError):  # a DamagedEntry is a ValueError
            note = json.loads(line)
            if line.endswith(b"\n") and isinstance(note, dict) and isinstance(note.get("student"), str):
                yield note["student"], StudentEntry.from_json(note.get("entry"))


class Journal:
    """The journal of one unit; a context manager: within it no other grading may write to it.

    It can be entered again and again. What has not changed since is not read again, so that a program that enters it for
    each student takes no longer for the last than for the first.

    Attributes:
        students: the entries, kept up to date; without damaged ones, whose students are graded again.

    Raises:
        UserError: if another grading holds it.
    """

    def __init__(self, workspace: Workspace, unit: str) -> None:
        self.workspace, self.unit = workspace, unit
        self.students: dict[str, StudentEntry] = {}
        self.known: tuple[Any, ...] = ()

    def __enter__(self) -> "Journal":
        path = _path(self.workspace, self.unit)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.file = open(path, "a+b")
        except OSError as error:
            raise UserError(
                f"{path} could not be opened: {error.strerror}. Mend its permissions and grade again."
            ) from error
        import fcntl  # here, because reports are read on systems that have none

        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.file.close()
            raise UserError(f"{self.unit} is being graded by another process. Wait until it is done.") from error
        try:
            if self.known != self._state():
                self._read()
        except BaseException:
            self.file.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.known = self._state()
        self.file.close()

    def _read(self) -> None:
        report = read_report(self.workspace, self.unit)
        self.students = {}
        for name, value in report["students"].items():
            with contextlib.suppress(DamagedEntry):
                self.students[name] = StudentEntry.from_json(value)
        whole = Path(self.file.name).read_bytes().rfind(b"\n") + 1
        os.ftruncate(self.file.fileno(), whole)  # a line that was cut off

    def _state(self) -> tuple[Any, ...]:
        """What is another as soon as somebody else has written."""
        path, size = report_path(self.workspace, self.unit), os.fstat(self.file.fileno()).st_size
        try:
            return size, (found := path.stat()).st_mtime_ns, found.st_ino
        except FileNotFoundError:
            return size, None, None

    def compact(self) -> None:
        """Make the report of it: to be called within the block, when a grading ends."""
        students = {name: entry.to_json() for name, entry in sorted(self.students.items())}
        pieces = json.JSONEncoder(indent=1).iterencode({"assignment": self.unit, "students": students})
        write_whole(report_path(self.workspace, self.unit), itertools.chain(pieces, "\n"))
        os.ftruncate(self.file.fileno(), 0)

    @timing.step("kept")
    def note(self, student: str, entry: StudentEntry) -> None:
        """Write down a student's part of the report: as soon as it is evaluated, and again when it is in the gradebook."""
        line = {"student": student, "entry": entry.to_json()}
        self._append(json.dumps(line, separators=(",", ":")).encode("ascii") + b"\n")
        self.students[student] = entry

    def note_recorded(self, student: str, state: dict[str, str | None]) -> None:
        """Write down that a student's scores are in the gradebook. ``state``: see ``states.state_fingerprint``."""
        self.note(student, replace(self.students[student], recorded=state))

    def _append(self, data: bytes) -> None:
        try:
            self.file.write(data)
            self.file.flush()
            os.fsync(self.file.fileno())
        except OSError as error:
            raise UserError(
                f"{self.file.name} could not be written: {error.strerror}. Make room and grade again; "
                "nothing that was recorded is lost."
            ) from error
