"""One run of one submission, from its bytes to its scores. Pure: writes nothing; runs in a worker process (``worker.py``)."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import nbformat
import numpy as np

from autograder import timing
from autograder.building.releasing import as_text
from autograder.checking.diagnosis import raised
from autograder.checking.mistakes import prepare
from autograder.checking.observation import Trace
from autograder.checking.scoring import Score, score
from autograder.errors import UserError
from autograder.exercises import exercises_of
from autograder.grading.assignment import Assignment, Submission
from autograder.grading.cells import exercise_name, grade_id, is_demonstration, is_solution, is_test, write_verdict
from autograder.grading.mentions import mentioned_names
from autograder.grading.messages import message
from autograder.grading.rebuilding import rebuild
from autograder.grading.running import Run, ask, run_cells
from autograder.grading.seeds import exercise_seed
from autograder.sandbox.host.bubblewrap import SandboxUnavailable
from autograder.sandbox.host.process import Sandbox, SandboxDied
from autograder.sandbox.protocol.errors import CellError
from autograder.submissions import intake

Launch = Callable[[], Any]


@dataclass(frozen=True)
class Verdict:
    """The outcome for one submission.

    Attributes:
        refused: why nothing of it was run. late: how many cells ran out of time.
        ended: why its process was gone before the last question. gone: whether that was without our doing.
    """

    notebook: nbformat.NotebookNode
    scores: dict[str, Score]
    refused: str | None = None
    seconds: float = 0.0
    late: int = 0
    ended: str | None = None
    gone: bool = False


def evaluate(assignment: Assignment, submission: Submission, attempt: int, launch: Launch) -> Verdict:
    """The verdict of one run. A submission that is no notebook is refused, never an error.

    Args:
        attempt: which run of it this is; each is asked other things, and only the first keeps what cells show: a later
            one could show what it was asked in an earlier one.
        launch: starts an interpreter, as ``Sandbox`` wants it.
    """
    if submission.rejected is not None:
        return refuse(assignment, submission.rejected)
    try:
        with timing.step("read"):
            notebook = rebuild(assignment.release, intake.parse(submission.notebook))
        return _run(assignment, notebook, submission.keys[attempt], launch, keep_outputs=attempt == 0)
    except intake.SubmissionRejected as rejected:
        return refuse(assignment, str(rejected))
    except (SandboxUnavailable, UserError, MemoryError):
        raise
    except Exception as error:  # whatever a submission provokes in us, the others must be graded
        logging.getLogger(__name__).exception("a submission could not be evaluated")
        return refuse(
            assignment,
            f"the grader itself failed on this submission ({type(error).__name__}); its authors can find out why",
        )


def refuse(assignment: Assignment, reason: str) -> Verdict:
    """Zero for everything, with the reason at every exercise, on the release's own notebook."""
    empty = nbformat.v4.new_notebook(cells=[])
    scores = {name: nothing(assignment, name, f"nothing was graded: {reason}") for name in assignment.maxima}
    return _written(Verdict(rebuild(assignment.release, empty), scores, reason))


def nothing(assignment: Assignment, name: str, note: str) -> Score:
    """No points for an exercise, and why."""
    checks = exercises_of(assignment.unit)[name].all_checks
    return Score(0.0, assignment.maxima[name], {check.name: False for check in checks}, note=note)


def _run(
    assignment: Assignment, notebook: nbformat.NotebookNode, key: str, launch: Launch, keep_outputs: bool
) -> Verdict:
    """The verdict on a rebuilt notebook, which gets the outputs and the verdicts written into it."""
    began, scores = time.monotonic(), {}
    with Sandbox(launch, assignment.limits) as sandbox:
        run = run_cells(sandbox, notebook, keep_outputs)
        scoring = Scoring(assignment, notebook, key, sandbox, run)
        for name in assignment.maxima:
            try:
                if run.died:
                    raise SandboxDied(run.died)
                scores[name] = scoring.score(name)
            except SandboxDied as died:
                run.died = str(died)
                scores[name] = nothing(assignment, name, f"nothing could be run: {died}")
    seconds = time.monotonic() - began
    return _written(Verdict(notebook, scores, None, seconds, run.late, run.died, sandbox.gone))


class Scoring:
    """Scores the exercises of one run, in order; remembers which were wrong, so that a mistake is paid for once."""

    def __init__(
        self, assignment: Assignment, notebook: nbformat.NotebookNode, key: str, sandbox: Sandbox, run: Run
    ) -> None:
        self.assignment, self.key, self.sandbox, self.run = assignment, key, sandbox, run
        self.wrong: list[str] = []
        code = [cell for cell in notebook.cells if cell.cell_type == "code" and not is_test(cell)]
        self.sources = [cell.source for cell in code if not is_demonstration(cell)]
        self.exercises = exercises_of(assignment.unit)

    def score(self, name: str) -> Score:
        """The score of one exercise.

        Where earlier ones are wrong or not written, and the code mentions them, it is asked again with correct ones
        instead, all at once, and the better score counts.
        """
        assignment, exercise = self.assignment, self.exercises[name]
        maximum = assignment.maxima[name]
        prepared = prepare(exercise, np.random.default_rng(exercise_seed(self.key, name)))
        stopped = self.run.stopped.get(name)

        def scored(substitutes: dict[str, Callable[..., Any]] | None = None) -> Score:
            trace = ask(self.sandbox, prepared, substitutes)
            return explained(score(prepared, trace, maximum, assignment.partial_credit), trace, stopped)

        own = scored()
        if own.points == maximum:
            return own
        earlier = self._may_be_substituted()
        self.wrong.append(name)
        if not earlier:
            return own
        called: set[str] = set()
        given = scored({other: _noted(called, other, self.exercises[other].substitute) for other in earlier})
        if not called or given.points < own.points or (given.points == own.points and own.hint_id):
            return own
        names = " and ".join(other for other in earlier if other in called)
        verdict = "right" if given.points == maximum else "judged"
        note = (
            f"{verdict}, given your {names}: it was called with a correct {names} instead, "
            "and what is wrong there is paid for there only"
        )
        return replace(given, note=f"{note}. {given.note[0].upper()}{given.note[1:]}" if given.note else note)

    def _may_be_substituted(self) -> list[str]:
        """The earlier exercises that were wrong and are mentioned: functions, since a class cannot be called from afar."""
        functions = [name for name in self.wrong if not isinstance(self.exercises[name].reference, type)]
        mentioned = mentioned_names(self.sources, functions) if functions else set()
        return [name for name in functions if name in mentioned]


def _noted(called: set[str], name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The function, which notes that it was called."""

    def call(*args: Any) -> Any:
        called.add(name)
        return function(*args)

    return call


def explained(verdict: Score, trace: Trace, stopped: CellError | None) -> Score:
    """Adds why nothing worked, if nothing did; and that time ran out, if it did. That says more than a diagnosis."""
    late = next((seen for seen in trace.values() if seen.error == "TimeLimit"), None)
    if late:
        return replace(verdict, note=raised(late.raised), diagnosis=None)
    if verdict.points or verdict.hint or not all(seen.error for seen in trace.values()):
        return verdict
    first = next(iter(trace.values()))
    note = f"its cell was stopped: {raised(stopped)}" if stopped else raised(first.raised)
    return replace(verdict, note=note, diagnosis=None)


def _written(verdict: Verdict) -> Verdict:
    for cell in verdict.notebook.cells:
        if is_test(cell):
            name = exercise_name(cell)
            write_verdict(cell, message(name, verdict.scores[name]), verdict.scores[name].points)
    return verdict


@timing.step("written")
def notebook_text(verdict: Verdict) -> str:
    """The autograded notebook as it lies on disk."""
    return as_text(verdict.notebook)


def graded_cells(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Of an autograded notebook, what the gradebook is filled from: no cell of the student's own, and no output of theirs."""
    cells = [cell.copy() for cell in notebook.cells if grade_id(cell)]
    for cell in cells:
        if is_solution(cell) and cell.cell_type == "code":
            cell["outputs"] = []
    return nbformat.v4.new_notebook(cells=cells)
