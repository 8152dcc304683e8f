"""Where the time of a warm grading goes, step by step, against what the students' own code needs."""

import json
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from autograder.timing import STEPS
from autograder.workspace import Workspace, write_whole
from tools.benchmark.graders import JOBS, Outcome, ours
from tools.benchmark.resources import measured
from tools.benchmark.sample_class import Submission, as_text


@dataclass(frozen=True)
class Steps:
    """Seconds a submission. ``clock`` counts waiting, too; ``computing`` is the grader's own, its children's not."""

    outcome: Outcome
    clock: dict[str, float]
    computing: dict[str, float]
    cells: float  # the students' own cells, run without any grader
    calls: float  # and the calls of their functions

    @property
    def own(self) -> float:
        """What the students' own code needs."""
        return self.cells + self.calls

    @property
    def available(self) -> float:
        """Seconds of all jobs together for a submission, once it is running."""
        return JOBS * (self.outcome.then or self.outcome.each)


def measured_steps(workspace: Workspace, folder: Path, unit: str, submissions: Iterable[Submission]) -> Steps:
    """Grade a class warm with its timings kept, and run the same code without a grader."""
    submissions = list(submissions)
    count = len(submissions)
    timings = folder / "timings.json"
    outcome = ours(workspace, folder / "course", unit, submissions, "warm", timings=timings)
    spent = json.loads(timings.read_text(encoding="utf-8"))
    for submission in submissions:
        write_whole(folder / "baseline" / f"{submission.student}.ipynb", as_text(submission.notebook))
    result = folder / "baseline.json"
    command = [sys.executable, "-m", "tools.benchmark.baseline", unit, str(folder / "baseline"), str(result)]
    measured(command, folder)
    baseline = json.loads(result.read_text(encoding="utf-8"))
    clock, computing = ({step: spent[kind][step] / count for step in STEPS} for kind in ("clock", "computing"))
    return Steps(outcome, clock, computing, baseline["cells"], baseline["calls"])
