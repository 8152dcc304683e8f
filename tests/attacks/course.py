"""A course under attack: canaries, neighbours, a listener, a class of attacks graded by the real ``grade``, what was seen."""

import contextlib
import hashlib
import json
import os
import re
import secrets
import socket
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import numpy as np
import psutil

from autograder.demo import demo_workspace
from autograder.exercises import exercises_of
from autograder.grading import recording
from autograder.grading.assignment import Submission, read_submission
from autograder.grading.grade import grade
from autograder.grading.seeds import exercise_seed
from autograder.reference import lstm
from autograder.sandbox.host import bubblewrap
from autograder.sandbox.host.process import Limits
from autograder.workspace import Workspace
from tests.attacks.attack import EXERCISES, FIRST, GOT, Attack
from tests.conftest import ROOT, UNIT

# floods end soon, and an honest neighbour has time enough beside them
LIMITS = Limits(cell_seconds=8, call_seconds=6, total_seconds=60, grace_seconds=4, memory=3 * 2**29)
KEEPS = """
import os
kept = "<canary>"
os.environ["KEPT"] = kept
for folder in ("/student", "/tmp", "/dev/shm"):
    with open(folder + "/mine.txt", "w") as file:
        file.write(kept)
"""


@dataclass(frozen=True)
class Seen:
    """What became of one attack."""

    points: dict  # by exercise
    refused: str | None
    why: str
    learned: tuple  # hidden things that stand in what the student gets back
    got: tuple  # what it could do, though it should not
    size: int  # bytes of the autograded notebook
    seconds: float

    @property
    def outcome(self):
        """A key of ``attack.WANTED``, or the points where it is none of them."""
        if not self.points:
            return "left out"
        full = {name for name, (points, maximum) in self.points.items() if points == maximum}
        none = {name for name, (points, _) in self.points.items() if points == 0}
        if self.refused:
            return "refused"
        if full == set(self.points):
            return "all"
        if none == set(self.points):
            return "nothing"
        if full == {FIRST} and none == set(self.points) - {FIRST}:
            return "first"
        if len(none) == 1 and len(full) == len(self.points) - 1:
            return "others"
        return " ".join(f"{name} {points:g}/{maximum:g}" for name, (points, maximum) in self.points.items())


@dataclass(frozen=True)
class Siege:
    """One class of attacks and neighbours, after it was graded."""

    mode: str
    seen: dict  # by the attack's name
    neighbours: tuple  # the report's exercises of each
    recorded: dict  # the gradebook's totals
    report: dict
    left: dict = field(default_factory=dict)  # what should not be there any more, by kind
    met: tuple = ()  # whom the listeners heard


@contextlib.contextmanager
def listeners(course, token):
    """The only things on this machine that an attack may aim at: gives the port, and a list of who was heard."""
    heard = []
    with contextlib.ExitStack() as stack:
        tcp = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = tcp.getsockname()[1]
        udp = stack.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM))
        udp.bind(("127.0.0.1", port))
        places = [tcp, udp]
        before = os.getcwd()
        os.chdir(course)  # the whole path may be too long for a socket's
        for address in ("listener", f"\0{token}"):
            places.append(stack.enter_context(socket.socket(socket.AF_UNIX)))
            places[-1].bind(address)
            places[-1].listen()
        os.chdir(before)
        for place in places:
            place.setblocking(False)
        yield port, heard
        for place in places:
            with contextlib.suppress(BlockingIOError):
                heard.append(place.recvfrom(100) if place is udp else place.accept()[1] or place.getsockname())
    (course / "listener").unlink()


def besiege(folder, mode, attacks, *, jobs=2, neighbours=8):
    """Hand in the attacks with neighbours between them, grade all, and look at what became of everything.

    Args:
        folder: an empty one. mode: how submissions are confined, as in ``launchers.MODES``. neighbours: how many honest ones.
    """
    token = "mark" + secrets.token_hex(8)
    workspace = demo_workspace(Workspace.here(ROOT), folder / "course")
    release = nbformat.read(workspace.notebook("release", UNIT), as_version=4)
    canary = {
        name: f"CANARY-{name}-{secrets.token_hex(6)}" for name in ("environment", "course", "beside", "neighbour")
    }
    (workspace.root / "canary.txt").write_text(canary["course"])
    (folder / "canary.txt").write_text(canary["beside"])
    honest = [Attack(f"neighbour_{n}", "", "all", cell=KEEPS) for n in range(neighbours)]
    facts = {"root": workspace.root, "token": token, "canary": canary["neighbour"], "port": 0}
    kept_folder, hidden = folder / "temporary", hidden_things(workspace, canary)
    kept_folder.mkdir()
    with listeners(workspace.root, token) as (port, heard), surroundings(canary, token, kept_folder):
        facts["port"] = port
        handed_in = hand_in(workspace, release, [*attacks, *honest], facts)
        before, kept = digest(workspace.folder("submitted")), outlasting()
        report = grade(workspace, UNIT, jobs=jobs, sandbox=mode, limits=LIMITS)
        left = left_behind(workspace, token, kept_folder, before)
        left["segments, semaphores, queues"] = sorted(outlasting() - kept)
    students = report["students"]
    return Siege(
        mode,
        {
            attack.name: seen(workspace, students.get(handed_in[attack.name]), handed_in[attack.name], hidden)
            for attack in attacks
        },
        tuple(students[handed_in[one.name]]["exercises"] for one in honest),
        recording.recorded(workspace, UNIT),
        report,
        left,
        tuple(heard),
    )


def hand_in(workspace, release, attacks, facts):
    """Write all submissions, neighbours spread evenly. Returns the name of each student by that of the attack."""
    for attack in attacks:
        folder = workspace.folder("submitted", UNIT, "STUDENT").parent.parent / attack.who / UNIT
        attack.hand_in(release, folder, facts)
        if not attack.place:
            (folder / "canary.txt").write_text(f"CANARY-of-{attack.name}")
    return {attack.name: attack.who for attack in attacks}


@contextlib.contextmanager
def surroundings(canary, token, temporary):
    """The grader's own environment with a canary in it, its temporary files in a folder of ours, its forks marked."""
    honest, before = bubblewrap.environment, tempfile.tempdir
    os.environ["COURSE_CANARY"] = canary["environment"]
    bubblewrap.environment = lambda: honest() | {"MARK": token}
    tempfile.tempdir = str(temporary)
    try:
        yield
    finally:
        del os.environ["COURSE_CANARY"]
        bubblewrap.environment, tempfile.tempdir = honest, before


def hidden_things(workspace, canary):
    """What no student may learn, by name: a list of texts."""
    lines = Path(lstm.__file__).read_text(encoding="utf-8").splitlines()
    lines = {line.strip() for line in lines if len(line.strip()) > 30 and "=" in line and '"' not in line}
    return {
        "secret": [workspace.secret().decode()],
        "references": sorted(lines),
        **{f"canary ({name})": [text] for name, text in canary.items()},
        "scripts": ["<script>steal"],
        "another's notes": ["CANARY-from-another", "CANARY-of-"],
    }


def questions_of(workspace, student):
    """What a student was asked, in all runs that there may have been: the beginnings of numbers."""
    found = set()
    for key in Submission.from_bytes(read_submission(workspace, UNIT, student)).keys:
        for name, exercise in exercises_of(UNIT).items():
            for case in exercise.draw(np.random.default_rng(exercise_seed(key, name))).values():
                found |= {f"{number:.9f}"[:8] for number in numbers(case.args) if 1e-2 < abs(number) < 100}
    return sorted(text for text in found if not text.rstrip("0").endswith("."))


def numbers(value):
    """All fractions in nested arguments."""
    if isinstance(value, np.ndarray | float):
        array = np.asarray(value)
        return array.ravel().tolist() if array.dtype.kind == "f" else []
    if isinstance(value, dict):
        return numbers(list(value.values()))
    return [number for item in value for number in numbers(item)] if isinstance(value, tuple | list) else []


def seen(workspace, entry, student, hidden):
    """What became of an attack, from the report and from all that its author would get to see."""
    path = workspace.notebook("autograded", UNIT, student)
    if entry is None:
        return Seen({}, None, "", (), (str(path),) if path.exists() else (), 0, 0.0)
    notebook = nbformat.read(path, as_version=4)
    shown = json.dumps([cell.get("outputs") for cell in notebook.cells], ensure_ascii=False)
    shown += json.dumps(entry, ensure_ascii=False)
    shown = shown.replace(f"CANARY-of-{student}", "")
    exercises = entry["exercises"]
    hidden = {"questions": questions_of(workspace, student), **hidden}
    return Seen(
        {name: (exercises[name]["points"], exercises[name]["maximum"]) for name in EXERCISES},
        entry["refused"],
        next((part["note"] for part in exercises.values() if part["note"]), None) or "",
        tuple(what for what, texts in hidden.items() if any(text in shown for text in texts)),
        tuple(sorted(set(re.findall(rf"{GOT} ?([^\\\n\"]*)", shown)))),
        path.stat().st_size,
        entry["seconds"],
    )


def left_behind(workspace, token, temporary, before):
    """What a class of attacks left: processes and files that should not be there, and what became of the submissions."""
    students = set(workspace.students(UNIT))
    expected = {"canary.txt", "listener", "nbgrader_config.py", ".demonstration", "gradebook.db"}
    expected |= {".autograder/secret", f"report/{UNIT}.json", f"report/{UNIT}.journal"}
    files = {str(path.relative_to(workspace.root)) for path in workspace.root.rglob("*") if not path.is_dir()}
    files = {name for name in files if not name.startswith("submitted/")}
    autograded = {name for name in files if name.startswith("autograded/")}
    allowed = {f"autograded/{name}/{UNIT}/{file}" for name in students for file in ("rnn.ipynb", "timestamp.txt")}
    places = [
        Path(name) for name in ("/tmp", "/var/tmp", "/dev/shm", "/usr", "/etc", "/", Path.home(), ROOT, ROOT / "course")
    ]
    running = [process for process in psutil.process_iter() if token in marks(process)]
    for process in running:  # that would be a failure, but what an attack started must not outlive its test
        process.kill()
    return {
        "processes": [process.pid for process in running],
        "files in the course": sorted((files - autograded - expected) | (autograded - allowed)),
        "temporary files": sorted(path.name for path in temporary.iterdir()),
        "files elsewhere": [str(path) for place in places for path in place.glob(f"*{token}*")],
        "changed submissions": [] if digest(workspace.folder("submitted")) == before else ["submitted"],
    }


def outlasting():
    """What outlives the process that made it, and lies in no folder: one text each."""
    tables = (Path("/proc/sysvipc", kind) for kind in ("shm", "sem", "msg"))
    return {
        f"{table.name} {' '.join(line.split()[:3])}"
        for table in tables
        if table.exists()
        for line in table.read_text().splitlines()
    }


def marks(process):
    try:
        return " ".join([*process.cmdline(), *process.environ().values()])
    except psutil.Error:
        return ""


def digest(folder):
    """A fingerprint of all names and bytes below a folder."""
    found = hashlib.sha256()
    for parent, folders, names in os.walk(os.fsencode(folder)):
        folders.sort()
        if parent.count(b"/d/d/d"):
            continue
        for name in sorted(names):
            path = os.path.join(parent, name)
            found.update(path + b"\0")
            if os.path.isfile(path) and not os.path.islink(path):
                found.update(Path(os.fsdecode(path)).read_bytes())
    return found.hexdigest()
