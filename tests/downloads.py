"""What learning platforms give, made for tests: zips, folders, class lists; and what collecting them gives."""

import json
import os
import zipfile
from datetime import datetime
from zoneinfo import ZoneInfo

from autograder.submissions import intake
from autograder.submissions.collect import collect
from tests.conftest import ROOT, UNIT

MONDAY = datetime(2026, 11, 2, 10, 0, 0)
UTC = ZoneInfo("UTC")


def work(word="x"):
    """Bytes of a notebook of unit 01 in which a student wrote the given word."""
    notebook = json.loads((ROOT / "release" / UNIT / "rnn.ipynb").read_text())
    notebook["cells"][0]["source"] = [f"# {word}"]
    return json.dumps(notebook).encode()


def pack(folder, *entries, name="download.zip"):
    """Make a zip: entries are (name, bytes) or (name, bytes, time). Returns its path."""
    path = folder / name
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry, data, *when in entries:
            time = when[0] if when else MONDAY
            archive.writestr(zipfile.ZipInfo(entry, time.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
    return path


def unflagged(folder, *entries, name="unflagged.zip"):
    """Make a zip that does not say in what its names are written: entries are (name in bytes, bytes)."""
    flagged = [(f"{index}".rjust(len(raw), "x"), data) for index, (raw, data) in enumerate(entries)]
    path = pack(folder, *flagged, name=name)
    written = path.read_bytes()
    for (stand_in, _), (raw, _) in zip(flagged, entries, strict=True):
        written = written.replace(stand_in.encode(), raw)
    path.write_bytes(written)
    return path


def lay(folder, *files):
    """Make a folder: files are (name, bytes) or (name, bytes, time). Returns its path."""
    root = folder / "folder"
    for name, data, *when in files:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        seconds = (when[0] if when else MONDAY).replace(tzinfo=UTC).timestamp()
        os.utime(path, (seconds, seconds))
    return root


def class_list(folder, text):
    """Write a class list. Returns its path."""
    path = folder / "class.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def got(workspace, source, **options):
    """(what was filed: {student: bytes}, why the rest was left: {path: why}, the collection)."""
    done = collect(workspace, UNIT, source, zone=options.pop("zone", UTC), **options)
    filed = {one: workspace.notebook("submitted", UNIT, one).read_bytes() for one in workspace.students(UNIT)}
    return filed, {one.path: one.reason for one in done.skipped}, done


def lines(collection):
    """The lines of a collection by student."""
    return {line.student: line for line in collection.taken}


def handed_in(workspace, student):
    """When a student handed in, as submitted/ has it, or None."""
    return intake.timestamp(workspace.folder("submitted", UNIT, student))
