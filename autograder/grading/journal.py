"""What a grading has done so far, on disk before the next step is taken, so that whatever stops it costs nothing.

A line of JSON for each step, ``report/UNIT.journal``: a submission was judged (its autograded notebook is written by
then), and its scores are in the gradebook. Each holds the student's entry of the report as it is from then on. When a
grading ends the lines become ``report/UNIT.json``.
"""

import contextlib
import fcntl
import itertools
import json
import os

from autograder import timing
from autograder.errors import UserError
from autograder.workspace import write_whole

NUMBER, TEXT = (int, float), (str, type(None))
ENTRY = {"points": NUMBER, "maximum": NUMBER, "seconds": NUMBER, "refused": TEXT, "late": int, "ended": TEXT}
ENTRY |= {"exercises": dict, "key": str, "notebook": str, "recorded": (dict, type(None))}
PART = {"points": NUMBER, "maximum": NUMBER, "checks": dict, "hint": TEXT, "why": TEXT}


def report_path(workspace, unit):
    return workspace.report / f"{unit}.json"


def read_report(workspace, unit):
    """The report of the last grading of a unit, with what an unfinished one has added: an empty one if there is none."""
    report = _read_whole(report_path(workspace, unit))
    for line in _lines(_path(workspace, unit)):
        report["students"][line["student"]] = line["entry"]
    return {"assignment": unit, "students": dict(sorted(report["students"].items()))}


def _read_whole(path):
    try:
        report = json.loads(path.read_text(encoding="utf-8"))
        return report if isinstance(report.get("students"), dict) else {"students": {}}
    except FileNotFoundError:
        return {"students": {}}
    except (OSError, ValueError, AttributeError, RecursionError) as error:
        raise UserError(f"The report {path} is damaged ({error}). Move it away and grade again.") from error


def _path(workspace, unit):
    return workspace.report / f"{unit}.journal"


def _lines(path):
    """What the journal says, in order. A damaged line, or one that was being written when the power went, is not there."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        return
    for line in data.splitlines(keepends=True):
        with contextlib.suppress(ValueError, RecursionError):
            note = json.loads(line)
            if line.endswith(b"\n") and _has(note, {"student": str, "entry": dict}) and _whole(note["entry"]):
                yield note


def _whole(entry):
    """Whether an entry has everything that the next grading and the table of grades look at."""
    return _has(entry, ENTRY) and all(_has(part, PART) for part in entry["exercises"].values())


def _has(holder, kinds):
    return isinstance(holder, dict) and all(
        name in holder and isinstance(holder[name], kind) for name, kind in kinds.items()
    )


class Journal:
    """The journal of one unit, held by one grading at a time; a context manager.

    Attributes:
        report: as ``read_report`` gives it, kept up to date; without damaged entries, whose students are graded again.

    Raises:
        UserError: if another grading holds it.
    """

    def __init__(self, workspace, unit):
        self.workspace, self.unit = workspace, unit

    def __enter__(self):
        path = _path(self.workspace, self.unit)
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self.file = open(path, "a+b")
        except OSError as error:
            raise UserError(
                f"{path} could not be opened: {error.strerror}. Mend its permissions and grade again."
            ) from error
        try:
            fcntl.flock(self.file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            self.file.close()
            raise UserError(f"{self.unit} is being graded by another process. Wait until it is done.") from error
        report = read_report(self.workspace, self.unit)
        whole = {name: entry for name, entry in report["students"].items() if _whole(entry)}
        self.report = report | {"students": whole}
        os.ftruncate(self.file.fileno(), path.read_bytes().rfind(b"\n") + 1)  # a line that was cut off
        return self

    def __exit__(self, *_):
        try:
            ordered = self.report | {"students": dict(sorted(self.report["students"].items()))}
            pieces = json.JSONEncoder(indent=1).iterencode(ordered)  # of a large class, the whole text is large
            write_whole(report_path(self.workspace, self.unit), itertools.chain(pieces, "\n"))
            os.ftruncate(self.file.fileno(), 0)
        finally:
            self.file.close()

    @timing.step("kept")
    def note(self, student, entry):
        """Write down a student's part of the report: as soon as it is judged, and again when it is in the gradebook."""
        line = {"student": student, "entry": entry}
        self._append(json.dumps(line, separators=(",", ":")).encode("ascii") + b"\n")
        self.report["students"][student] = entry

    def note_recorded(self, student, marks):
        """Write down that the scores of a student who was judged are in the gradebook. ``marks``: see ``states.marks``."""
        self.note(student, self.report["students"][student] | {"recorded": marks})

    def _append(self, data):
        try:
            self.file.write(data)
            self.file.flush()
            os.fsync(self.file.fileno())
        except OSError as error:
            raise UserError(
                f"{self.file.name} could not be written: {error.strerror}. Make room and grade again; "
                "nothing that was recorded is lost."
            ) from error
