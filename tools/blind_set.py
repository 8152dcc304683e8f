"""``python -m tools.blind_set FOLDER [EXERCISE ...]``: judges versions written by somebody who has not seen the checks.

The folder holds ``EXERCISE/wrong_*.py`` and ``EXERCISE/right_*.py``. Each defines the function or class of the exercise; its
first line, a comment, states the mistake, or how the right version is written. Each is run on the exercise's cases and scored
as in grading, and then on the visible check of the release notebook. What is not as it should be is shown: a wrong version
with full marks, a right one without, or one that fails the visible check. ``--all`` shows every version: the mistake that
is stated beside what a student would be told.

TRUSTED CODE ONLY. It runs in this process, in no sandbox, with all that you may do. Ready-made layers are not refused here, and
earlier exercises are the references.
"""

import argparse
import contextlib
import io
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import matplotlib
import nbformat
import numpy as np

from autograder.checking.diagnosis import NOTHING_TO_SAY, raised
from autograder.checking.mistakes import PreparedExercise, prepare
from autograder.checking.observation import Observation, Trace
from autograder.checking.scoring import Score, score
from autograder.errors import UserError
from autograder.exercises import UNITS, exercise_named, exercises_of
from autograder.grading.cells import exercise_name, is_demonstration, is_solution, is_test
from autograder.sandbox.guest.cells import TimeLimit, time_limit
from autograder.sandbox.protocol.errors import CellError, describe_error
from autograder.terminal import exit_code
from autograder.workspace import Workspace

SECONDS = 30.0  # for running a file, for each call of its function, and for the visible check


@dataclass(frozen=True)
class Version:
    """One file of a blind set."""

    exercise: str
    path: Path
    wrong: bool
    stated: str

    @classmethod
    def read(cls, path: Path) -> "Version":
        """The version in a file.

        Raises:
            UserError: if its name or its first line does not say what it is.
        """
        kind, _, _ = path.stem.partition("_")
        if kind not in ("wrong", "right"):
            raise UserError(f"{path}: a version is called wrong_*.py or right_*.py. Rename it.")
        first, *_ = path.read_text(encoding="utf-8").splitlines() or [""]
        stated = first.removeprefix("#").strip()
        if not first.startswith("#") or not stated:
            raise UserError(f"{path}: the first line must be a comment that states the mistake, or how it is written.")
        return cls(path.parent.name, path, kind == "wrong", stated)


@dataclass(frozen=True)
class Outcome:
    """What became of a version.

    Attributes:
        points: its share of the points. told: what a student would read. kind: whether that is a "hint", a "diagnosis", or
            why it could not be run ("stopped"); None if there is nothing, or nothing of use.
        failed: the names of the checks that failed. visible: what the visible check said against it, or None.
    """

    version: Version
    points: float
    kind: str | None
    told: str | None
    failed: tuple[str, ...]
    visible: str | None

    @property
    def full(self) -> bool:
        return self.points == 1.0

    @property
    def unexpected(self) -> bool:
        """A wrong version that gets full marks, or a right one that does not."""
        return self.full == self.version.wrong

    def __str__(self) -> str:
        verdict = ("  NOT CAUGHT" if self.version.wrong else "  REFUSED") if self.unexpected else ""
        lines = [
            f"{self.version.exercise}/{self.version.path.name}: {self.points:.0%} of the points{verdict}",
            f"    stated:  {self.version.stated}",
        ]
        if self.told:
            lines.append(f"    {self.kind}: {self.told}")
        elif not self.full:
            lines.append("    nothing is said about it")
        if self.failed:
            lines.append(f"    failed:  {'; '.join(self.failed)}")
        lines.append(f"    visible: {self.visible or 'passes'}")
        return "\n".join(lines)


class Judge:
    """Runs and scores versions of one unit's exercises, with the references where a version calls another exercise."""

    def __init__(self, workspace: Workspace, unit: str, seconds: float) -> None:
        self.seconds = seconds
        release = nbformat.read(workspace.notebook("release", unit), as_version=4)
        self.visible = {exercise_name(cell): cell.source for cell in release.cells if is_test(cell)}
        self.names: dict[str, Any] = {"__name__": "__main__"}
        for cell in release.cells:
            if cell.cell_type == "code" and not (is_test(cell) or is_solution(cell) or is_demonstration(cell)):
                with _silent():
                    exec(cell.source, self.names)
        self.names |= {name: exercise.reference for name, exercise in exercises_of(unit).items()}

    def outcome(self, prepared: PreparedExercise, version: Version) -> Outcome:
        """The outcome of one version."""
        names = {name: value for name, value in self.names.items() if name != version.exercise}
        error = self._run(version.path.read_text(encoding="utf-8"), str(version.path), names)
        if version.exercise not in names:
            reason = raised(CellError.of(describe_error(error) if error else {"error": "NoSuchFunction"}))
            return Outcome(version, 0.0, "stopped", reason, (), reason)
        found = score(prepared, self._trace(prepared, names[version.exercise]), 1.0)
        failed = tuple(name for name, passed in found.checks.items() if not passed)
        error = self._run(self.visible[version.exercise], f"the visible check of {version.exercise}", names)
        return Outcome(version, found.points, *_told(found), failed, error and f"{type(error).__name__}: {error}")

    def _trace(self, prepared: PreparedExercise, function: Any) -> Trace:
        """As ``running.ask`` does it: no case is asked after one that ran out of time."""
        trace: Trace = {}
        for name, case in prepared.cases.items():
            if any(seen.error == "TimeLimit" for seen in trace.values()):
                trace[name] = Observation(error="TimeLimit")
                continue
            try:
                with time_limit(self.seconds), _silent():
                    trace[name] = prepared.exercise.observe(function, case)
            except TimeLimit:  # it came after the call
                trace[name] = Observation(error="TimeLimit")
        return trace

    def _run(self, source: str, where: str, names: dict[str, Any]) -> BaseException | None:
        """Run code among these names. Returns the error that ended it, or None."""
        try:
            with time_limit(self.seconds), _silent():
                exec(compile(source, where, "exec"), names)
        except KeyboardInterrupt:
            raise
        except BaseException as error:
            return error
        return None


def _told(found: Score) -> tuple[str | None, str | None]:
    if found.hint:
        return "hint", found.hint
    if found.diagnosis and found.diagnosis != NOTHING_TO_SAY:
        return "diagnosis", found.diagnosis
    return None, None


@contextlib.contextmanager
def _silent() -> Iterator[None]:
    with contextlib.redirect_stdout(io.StringIO()), contextlib.redirect_stderr(io.StringIO()):
        yield


def versions_in(folder: Path, exercises: Sequence[str] = ()) -> dict[str, list[Version]]:
    """The versions in a folder, by exercise, of these exercises or of all that there are.

    Raises:
        UserError: if there are none, or a name is no exercise's.
    """
    known = {name for names in UNITS.values() for name in names}
    wanted = exercises or sorted(path.name for path in folder.iterdir() if path.is_dir() and path.name in known)
    found = {}
    for name in wanted:
        if name not in known:
            raise UserError(f"There is no exercise {name!r}. Those of each unit stand in its text's grade ids.")
        found[name] = [Version.read(path) for path in sorted((folder / name).glob("*.py"))]
    if empty := [name for name, versions in found.items() if not versions] or ([] if found else ["any exercise"]):
        raise UserError(f"{folder} holds no versions of {', '.join(empty)}. They belong into EXERCISE/wrong_NAME.py.")
    return found


def totals(outcomes: Sequence[Outcome]) -> str:
    """The counts, in two lines."""
    wrong, right = ([one for one in outcomes if one.version.wrong is kind] for kind in (True, False))
    caught = [one for one in wrong if not one.full]
    count = {kind: sum(one.kind == kind for one in caught) for kind in ("hint", "diagnosis", "stopped", None)}
    return (
        f"{len(wrong)} wrong: {len(caught)} caught ({count['hint']} named by a hint, {count['diagnosis']} diagnosed, "
        f"{count['stopped']} not run, {count[None]} silent), {len(wrong) - len(caught)} not caught; "
        f"{sum(one.visible is not None for one in wrong)} fail the visible check\n"
        f"{len(right)} right: {sum(one.full for one in right)} accepted, {sum(not one.full for one in right)} refused, "
        f"{sum(one.visible is not None for one in right)} fail the visible check"
    )


def judge(workspace: Workspace, versions: dict[str, list[Version]], seconds: float, seed: int = 0) -> Iterator[Outcome]:
    """The outcome of every version, unit by unit."""
    for unit, names in UNITS.items():
        if chosen := [name for name in names if name in versions]:
            judge_of_unit = Judge(workspace, unit, seconds)
            for name in chosen:
                prepared = prepare(exercise_named(name), np.random.default_rng(seed))
                for version in versions[name]:
                    yield judge_of_unit.outcome(prepared, version)


def show(options: argparse.Namespace) -> int:
    """Print what became of the versions. Returns 1 if a wrong one gets full marks, or a right one does not."""
    if not options.folder.is_dir():
        raise UserError(f"There is no folder {options.folder}.")
    outcomes = []
    for one in judge(Workspace.here(), versions_in(options.folder, options.exercises), options.seconds, options.seed):
        outcomes.append(one)
        if options.all or one.unexpected or (not one.version.wrong and one.visible):
            print(one, flush=True)
    print(totals(outcomes))
    return int(any(one.unexpected for one in outcomes))


def main(arguments: Sequence[str] | None = None) -> int:
    """Judge the versions that are named. Returns the exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m tools.blind_set",
        description="Judge versions written by somebody who has not seen the checks.",
        epilog="Trusted code only: what is in the files runs here, in no sandbox.",
    )
    parser.add_argument("folder", metavar="FOLDER", type=Path, help="holds EXERCISE/wrong_*.py and EXERCISE/right_*.py")
    parser.add_argument("exercises", metavar="EXERCISE", nargs="*", help="only these; all in the folder by default")
    parser.add_argument("--all", action="store_true", help="show every version, with what a student would be told")
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each call (default: %(default)g)")
    parser.add_argument("--seed", type=int, default=0, help="of the inputs that are drawn (default: %(default)s)")
    options = parser.parse_args(arguments)
    matplotlib.use("agg")
    return exit_code(lambda: show(options))


if __name__ == "__main__":
    sys.exit(main())
