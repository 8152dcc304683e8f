"""Grading as plain bytes in and plain bytes out, so that it can be done anywhere: no disk, no gradebook, no secret.

An assignment is described once; a submission is its notebook, or the reason why there is none. Both are JSON.
"""

import base64
import contextlib
import functools
import hashlib
import importlib.metadata
import json
import platform
from dataclasses import asdict
from pathlib import Path

import nbformat

import autograder
from autograder import timing
from autograder.building.releasing import as_text
from autograder.errors import UserError
from autograder.grading import judging
from autograder.grading.scoring import Score, seed
from autograder.sandbox.host.bubblewrap import package_folder
from autograder.sandbox.host.process import Limits
from autograder.submissions import intake
from autograder.workspace import notebook_name


@functools.cache
def our_code():
    """A fingerprint of all of our own code and data that a grade depends on; students' notebooks import ``course``."""
    grader, digest = Path(autograder.__file__).parent, hashlib.sha256()
    for part in (
        package_folder("course"),
        *(grader / part for part in ("exercises", "grading", "reference", "sandbox")),
    ):
        for path in sorted(part.rglob("*")):
            if path.suffix in (".py", ".npz", ".json", ".csv"):
                digest.update(path.relative_to(part.parent).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


@functools.cache
def environment():
    """The versions of what students' code runs with, by name. Builds of one version, as ``+cpu``, are not told apart."""
    versions = {"Python": platform.python_version()}
    for name in ("matplotlib", "numpy", "torch"):
        with contextlib.suppress(importlib.metadata.PackageNotFoundError):
            versions[name] = importlib.metadata.version(name).partition("+")[0]
    return versions


def describe(workspace, unit, settings, limits=None):
    """Everything that grading an assignment needs, as bytes.

    Raises:
        UserError: if the release notebook is missing or does not fit the exercises.
    """
    path = workspace.notebook("release", unit)
    try:
        release = path.read_text(encoding="utf-8")
        exercises = judging.maxima_of(nbformat.reads(release, as_version=4), unit)
    except Exception as error:
        said = f" ({error})" if isinstance(error, UserError) else ""
        raise UserError(
            f"The release notebook {path} is missing or broken{said}. Make it with: python -m autograder build"
        ) from error
    secret = workspace.secret()
    return _bytes(
        {
            "unit": unit,
            "release": release,
            "seeds": {name: f"{seed(secret, unit, name):x}" for name in exercises},
            "limits": asdict(limits or settings.limits),
            "partial credit": settings.partial_credit,
            "code": our_code(),
            "environment": environment(),
        }
    )


@functools.lru_cache(maxsize=8)
def assignment(description):
    """The assignment that was described, with its questions prepared: once for a whole class.

    Raises:
        UserError: if it was described by another version of this program, or with others of what students' code runs with.
    """
    given = json.loads(description)
    if given["code"] != our_code():
        raise UserError(
            "This worker has another version of the course than the one who asks. Install the same version on both."
        )
    for name, version in given["environment"].items():
        if (here := environment().get(name)) != version:
            raise UserError(
                f"This worker has {name} {here}, the one who asks has {version}. Install the same version on both."
            )
    return judging.prepared(
        given["unit"],
        nbformat.reads(given["release"], as_version=4),
        {name: int(text, 16) for name, text in given["seeds"].items()},
        Limits(**given["limits"]),
        given["partial credit"],
    )


def submission_of(folder, unit):
    """A submission as bytes: only the expected notebook is ever read. What cannot be taken in says why instead."""
    try:
        return _bytes({"notebook": base64.b64encode(intake.fingerprint(folder, notebook_name(unit))).decode("ascii")})
    except intake.SubmissionRejected as refused:
        return _bytes({"refused": str(refused)})
    except OSError as error:
        return _bytes({"refused": f"the submission could not be read ({error.strerror})"})


def key_of(description, submitted):
    """What a grade depends on, as one short text: the submission, and all that is in the description of the assignment."""
    return hashlib.sha256(hashlib.sha256(description).digest() + submitted).hexdigest()[:24]


def perform(description, submitted, launch):
    """Grade one submission: bytes in, bytes out.

    Args:
        launch: starts an interpreter, as ``Sandbox`` wants it.
    """
    prepared, given = assignment(description), json.loads(submitted)
    if "refused" in given:
        verdict = judging.refuse(prepared, given["refused"])
    else:
        verdict = judging.judge_bytes(prepared, base64.b64decode(given["notebook"]), launch)
    return _result(verdict)


@timing.step("written")
def _result(verdict):
    return _bytes(
        {
            "notebook": as_text(verdict.notebook),
            "scores": {name: asdict(score) for name, score in verdict.scores.items()},
            "refused": verdict.refused,
            "seconds": verdict.seconds,
            "late": verdict.late,
            "ended": verdict.ended,
        }
    )


def verdict_of(result):
    """The verdict that ``perform`` gave as bytes, and the text of its notebook."""
    given = json.loads(result)
    verdict = judging.Verdict(
        nbformat.reads(given["notebook"], as_version=4),
        {name: Score(**score) for name, score in given["scores"].items()},
        given["refused"],
        given["seconds"],
        given["late"],
        given["ended"],
    )
    return verdict, given["notebook"]


def _bytes(value):
    return json.dumps(value, separators=(",", ":")).encode("ascii")
