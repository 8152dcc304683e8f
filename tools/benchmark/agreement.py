"""Whether the graders agree about a class: right submissions have full marks, and ours give equal results, to the letter."""

from collections.abc import Sequence

import nbformat

from autograder.grading.cells import is_test
from autograder.workspace import Workspace
from tools.benchmark.graders import Outcome
from tools.benchmark.sample_class import Submission


def maximum(workspace: Workspace, unit: str) -> float:
    """The points that the machine gives for a unit."""
    release = nbformat.read(workspace.notebook("release", unit), as_version=4)
    return sum(float(cell.metadata.nbgrader.points) for cell in release.cells if is_test(cell))


def agreements(submissions: Sequence[Submission], outcomes: Sequence[Outcome], full: float) -> dict[str, str | None]:
    """For each way, what is wrong with its scores, or None: a dict.

    Args:
        full: the points of one who has all right.
    """
    first = next((outcome for outcome in outcomes if outcome.judgement), None)
    return {outcome.way: _wrong(submissions, outcome, first, full) for outcome in outcomes}


def _wrong(submissions: Sequence[Submission], outcome: Outcome, first: Outcome | None, full: float) -> str | None:
    if missing := sorted({submission.student for submission in submissions} - set(outcome.points)):
        return f"WRONG: no score for {missing[0]}"
    if outcome.ran < len(submissions):
        return f"WRONG: {len(submissions) - outcome.ran} not run"
    for submission in submissions:
        points = outcome.points[submission.student]
        if not submission.mistake and points != full:
            return f"WRONG: {submission.student} is right and has {points:g} of {full:g}"
        if submission.mistake and outcome.judgement and points >= full:
            return f"WRONG: {submission.student} is wrong and has {points:g} of {full:g}"
    if outcome.judgement and first and outcome.judgement != first.judgement:
        return f"WRONG: not what {first.way} says"
    return None
