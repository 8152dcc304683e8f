"""The graders that are compared, each prepared in a folder of its own, run as its user would run it, and read afterwards."""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from autograder.demo import demo_workspace
from autograder.grading.journal import read_report
from autograder.grading.recording import recorded
from autograder.workspace import CONFIG_FILE, Workspace, write_whole
from tools.benchmark import sample_class
from tools.benchmark.cluster import cluster
from tools.benchmark.resources import Measured, environment, measured
from tools.benchmark.sample_class import Submission

JOBS = 2
PLAIN = "plain nbgrader"  # the way that others are compared with


@dataclass(frozen=True)
class Outcome:
    """What one grader made of a class."""

    way: str
    measured: Measured
    finished: dict[str, float]  # student -> when the result was on disk, in seconds since the start
    points: dict[str, float]  # student -> points
    ran: int  # how many submissions show that they were run
    judgement: dict[str, Any] | None = (
        None  # student -> all that was said of them, where it must be the same to the letter
    )

    @property
    def seconds(self) -> float:
        return self.measured.seconds

    @property
    def each(self) -> float:
        """Seconds a submission, all in all."""
        return self.seconds / len(self.finished)

    @property
    def first(self) -> float:
        """Seconds until the first result: starting up, and the first submissions."""
        return min(self.finished.values())

    @property
    def then(self) -> float | None:
        """Seconds a submission once it is running, from the first result to the last; None for a class of one."""
        times = sorted(self.finished.values())
        return (times[-1] - times[0]) / (len(times) - 1) if len(times) > 1 else None


def plain(workspace: Workspace, folder: Path, unit: str, submissions: Iterable[Submission]) -> Outcome:
    """nbgrader with its own defaults: the release notebook is the assignment, its visible checks are the tests."""
    write_whole(folder / CONFIG_FILE, 'c = get_config()  # noqa: F821\nc.CourseDirectory.course_id = "plain"\n')
    name = workspace.notebook("release", unit).name
    write_whole(folder / "source" / unit / name, workspace.notebook("release", unit).read_bytes())
    measured([sys.executable, "-m", "nbgrader", "generate_assignment", unit], folder)
    for submission in submissions:
        write_whole(folder / "submitted" / submission.student / unit / name, sample_class.as_text(submission.notebook))
    run = measured([sys.executable, "-m", "nbgrader", "autograde", unit], folder)
    made = {submission.student: folder / "autograded" / submission.student / unit / name for submission in submissions}
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}") as book:
        points = {student: float(book.find_submission(unit, student).score or 0) for student in made}
    return Outcome(PLAIN, run, times(made, run), points, marks(made))


def ours(
    workspace: Workspace,
    folder: Path,
    unit: str,
    submissions: Iterable[Submission],
    way: str,
    scheduler: str | None = None,
    timings: Path | None = None,
    children: bool = False,
) -> Outcome:
    """`python -m autograder grade`, warm, cold or on Dask workers, with a gradebook and a journal of its own.

    Args:
        submissions: any iterable. timings: a file for where the time went. children: as in ``measured``.
    """
    made = demo_workspace(workspace, folder)
    write_whole(
        made.root / ".autograder" / "secret", "benchmark" * 8 + "\n"
    )  # equal questions from each of our graders
    sample_class.hand_in(made, unit, submissions)
    command = [sys.executable, "-m", "autograder", "grade", unit, "--jobs", str(JOBS), "--sandbox", way]
    command += ["--scheduler", scheduler] if scheduler else []
    command += ["--timings", str(timings)] if timings else []
    run = measured(command, made.root, children=children)
    report = read_report(made, unit)["students"]
    paths = {student: made.notebook("autograded", unit, student) for student in report}
    judgement = {student: (entry["points"], entry["exercises"]) for student, entry in report.items()}
    name = "ours, 2 Dask workers" if scheduler else f"ours, {way}"
    return Outcome(name, run, times(paths, run), recorded(made, unit), marks(paths), judgement)


def on_dask(workspace: Workspace, folder: Path, unit: str, submissions: Iterable[Submission]) -> Outcome:
    """Ours with a Dask scheduler and two workers on this machine, which are up before the clock starts."""
    with cluster(folder / "dask", environment(), JOBS) as address:
        return ours(workspace, folder / "course", unit, submissions, "warm", address)


def times(paths: Mapping[str, Path], run: Measured) -> dict[str, float]:
    """When each result was on disk, in seconds since the start of a run."""
    return {student: path.stat().st_mtime - run.began for student, path in paths.items()}


def marks(paths: Mapping[str, Path]) -> int:
    return sum(sample_class.was_run(path, student) for student, path in paths.items())
