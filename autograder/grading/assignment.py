"""An assignment and its submissions as plain bytes, so that grading can be done anywhere: no disk, no gradebook, no secret."""

import base64
import contextlib
import functools
import hashlib
import importlib.metadata
import json
import sys
from dataclasses import asdict, dataclass
from pathlib import Path

import nbformat

import autograder
from autograder.errors import UserError
from autograder.exercises import exercises_of
from autograder.grading.cells import exercise_name, is_test
from autograder.grading.seeds import attempt_keys
from autograder.grading.settings import Grading
from autograder.sandbox.host.bubblewrap import package_folder
from autograder.sandbox.host.process import Limits
from autograder.submissions import intake
from autograder.workspace import Workspace, notebook_name

# what a grade depends on; a change of anything else grades nobody again
EVALUATING = (
    "checking",
    "exercises",
    "reference",
    "sandbox",
    "grading/assignment.py",
    "grading/cells.py",
    "grading/evaluate.py",
    "grading/markdown_safety.py",
    "grading/mentions.py",
    "grading/rebuilding.py",
    "grading/running.py",
    "grading/seeds.py",
    "grading/messages.py",
    "submissions/intake.py",
)
SHOWN = ("plots", "widgets", "predictions", "recorded")  # of course/: what is shown, on which no score depends


@dataclass(frozen=True)
class Assignment:
    """Everything that is the same for a whole class."""

    unit: str
    release: nbformat.NotebookNode
    maxima: dict[str, float]  # points of each exercise, by name, in order
    limits: Limits
    partial_credit: bool = True


@dataclass(frozen=True)
class Submission:
    """One student's notebook with a key for each run, or the reason why there is nothing to run."""

    notebook: bytes = b""
    keys: tuple[str, ...] = ()
    rejected: str | None = None

    def to_bytes(self) -> bytes:
        notebook = base64.b64encode(self.notebook).decode("ascii")
        return _bytes({"notebook": notebook, "keys": self.keys, "rejected": self.rejected})

    @classmethod
    def from_bytes(cls, data: bytes) -> "Submission":
        given = json.loads(data)
        return cls(base64.b64decode(given["notebook"]), tuple(given["keys"]), given["rejected"])


@functools.cache
def code_version() -> str:
    """A fingerprint of all of our own code and data that a grade depends on; students' notebooks import ``course``."""
    grader, digest = Path(autograder.__file__).parent, hashlib.sha256()
    course = package_folder("course")
    paths = [path for part in EVALUATING for path in _files(grader / part)]
    paths += [path for path in _files(course) if path.relative_to(course).parts[0].removesuffix(".py") not in SHOWN]
    for path in paths:
        root = course if path.is_relative_to(course) else grader
        digest.update(path.relative_to(root.parent).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def _files(part: Path) -> list[Path]:
    if part.suffix == ".py":
        return [part] if part.exists() else []
    return [path for path in sorted(part.rglob("*")) if path.suffix in (".py", ".npz", ".json", ".csv")]


@functools.cache
def environment() -> dict[str, str]:
    """The versions of what scores depend on, by name. Patches of Python, and builds such as ``+cpu``, are not told apart."""
    versions = {"Python": f"{sys.version_info.major}.{sys.version_info.minor}"}
    for name in ("numpy", "torch"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions[name] = importlib.metadata.version(name).partition("+")[0]
    return versions


def describe(workspace: Workspace, unit: str, settings: Grading, limits: Limits | None = None) -> bytes:
    """Everything that grading an assignment needs, as bytes.

    Raises:
        UserError: if the release notebook is missing or does not fit the exercises.
    """
    path = workspace.notebook("release", unit)
    try:
        release = path.read_text(encoding="utf-8")
        points_by_exercise(nbformat.reads(release, as_version=4), unit)
    except Exception as error:
        said = f" ({error})" if isinstance(error, UserError) else ""
        raise UserError(
            f"The release notebook {path} is missing or broken{said}. Make it with: python -m autograder build"
        ) from error
    return _bytes(
        {
            "unit": unit,
            "release": release,
            "limits": asdict(limits or settings.limits),
            "partial_credit": settings.partial_credit,
            "code": code_version(),
            "environment": environment(),
        }
    )


@functools.lru_cache(maxsize=8)
def read_assignment(description: bytes) -> Assignment:
    """The assignment that was described.

    Raises:
        UserError: if it was described by another version of this program, or with others of what students' code runs with.
    """
    given = json.loads(description)
    if given["code"] != code_version():
        raise UserError(
            "This worker has another version of the course than the one who asks. Install the same version on both."
        )
    for name, version in given["environment"].items():
        if (own := environment().get(name)) != version:
            raise UserError(
                f"This worker has {name} {own}, the one who asks has {version}. Install the same version on both."
            )
    release = nbformat.reads(given["release"], as_version=4)
    maxima = points_by_exercise(release, given["unit"])
    return Assignment(given["unit"], release, maxima, Limits(**given["limits"]), given["partial_credit"])


def points_by_exercise(release: nbformat.NotebookNode, unit: str) -> dict[str, float]:
    """The points of each exercise, by name, as a release notebook has them.

    Raises:
        UserError: if they are not the exercises of the unit.
    """
    maxima = {exercise_name(cell): float(cell.metadata.nbgrader.points) for cell in release.cells if is_test(cell)}
    if set(maxima) != set(exercises_of(unit)):
        raise UserError(f"it does not have the exercises of {unit}")
    return maxima


def read_submission(workspace: Workspace, unit: str, student: str) -> bytes:
    """A submission as bytes: only the expected notebook is ever read. What cannot be taken in says why instead.

    Raises:
        UserError: if the course's secret is damaged, even where the submission needs none: before anything is graded.
    """
    secret = workspace.secret()
    try:
        notebook = intake.read_submission(workspace.folder("submitted", unit, student), notebook_name(unit))
    except intake.SubmissionRejected as rejected:
        return Submission(rejected=str(rejected)).to_bytes()
    except OSError as error:
        return Submission(rejected=f"the submission could not be read ({error.strerror})").to_bytes()
    return Submission(notebook, attempt_keys(secret, unit, student, notebook)).to_bytes()


def key_of(description: bytes, submission: bytes) -> str:
    """What a grade depends on, as one short text: the submission, its seeds, and the description of the assignment."""
    return hashlib.sha256(hashlib.sha256(description).digest() + submission).hexdigest()[:24]


def _bytes(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":")).encode("ascii")
