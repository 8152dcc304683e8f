"""One submission from its folder to its scores: intake, rebuild, run, ask, score. Writes nothing."""

import logging
import time
from dataclasses import dataclass, replace

import nbformat
import numpy as np

from autograder import timing
from autograder.errors import UserError
from autograder.exercises import exercises_of
from autograder.grading.cells import grade_id, is_test, write_verdict
from autograder.grading.rebuilding import rebuild
from autograder.grading.running import ask, run_cells
from autograder.grading.scoring import Score, prepare, score
from autograder.grading.wording import message, raised
from autograder.sandbox.host.bubblewrap import SandboxUnavailable
from autograder.sandbox.host.process import Limits, Sandbox, SandboxDied
from autograder.submissions import intake


@dataclass(frozen=True)
class Assignment:
    """Everything that is the same for a whole class: worked out once."""

    unit: str
    release: nbformat.NotebookNode
    questions: dict  # by exercise
    maxima: dict  # by grade id of a test cell
    limits: Limits
    partial_credit: bool = True


@dataclass(frozen=True)
class Verdict:
    """The outcome for one submission."""

    notebook: nbformat.NotebookNode
    scores: dict[str, Score]
    refused: str | None = None
    seconds: float = 0.0
    late: int = 0  # how many cells ran out of time
    ended: str | None = None  # why its process was gone before the last question


def maxima_of(release, unit):
    """The points of each exercise, by name, as a release notebook has them.

    Raises:
        UserError: if they are not the exercises of the unit.
    """
    maxima = {grade_id(cell): float(cell.metadata.nbgrader.points) for cell in release.cells if is_test(cell)}
    if set(maxima) != set(exercises_of(unit)):
        raise UserError(f"it does not have the exercises of {unit}")
    return maxima


def prepared(unit, release, seeds, limits=None, partial_credit=True):
    """An assignment ready for grading. ``seeds``: of each exercise, by name; see ``scoring.seed``."""
    questions = {
        name: prepare(exercise, np.random.default_rng(seeds[name])) for name, exercise in exercises_of(unit).items()
    }
    return Assignment(unit, release, questions, maxima_of(release, unit), limits or Limits(), partial_credit)


def judge_bytes(assignment, raw, launch):
    """The verdict on a submission's notebook, given as bytes. One that is no notebook is refused, never an error."""
    try:
        with timing.step("read"):
            notebook = rebuild(assignment.release, intake.parse(raw))
        return judge(assignment, notebook, launch)
    except intake.SubmissionRejected as refused:
        return refuse(assignment, str(refused))
    except (SandboxUnavailable, UserError):
        raise
    except Exception as error:  # whatever a submission provokes in us, the others must be graded
        logging.getLogger(__name__).exception("a submission could not be judged")
        return refuse(
            assignment,
            f"the grader itself failed on this submission ({type(error).__name__}); its authors can find out why",
        )


def refuse(assignment, reason):
    """Zero for everything, with the reason at every exercise; the release's notebook stands in for the submission."""
    empty = nbformat.v4.new_notebook(cells=[])
    scores = {name: _nothing(assignment, name, f"nothing was graded: {reason}") for name in assignment.maxima}
    return _write(Verdict(rebuild(assignment.release, empty), scores, reason))


def _nothing(assignment, name, note):
    checks = assignment.questions[name].exercise.checks
    return Score(0.0, assignment.maxima[name], {check.name: False for check in checks}, note=note)


def judge(assignment, notebook, launch):
    """The verdict on a rebuilt notebook, which gets the outputs and the verdicts written into it.

    Args:
        launch: starts an interpreter, as ``Sandbox`` wants it.
    """
    verdict, gone = _attempt(assignment, notebook, launch)
    if gone:
        # By the student's code, or by something outside, as a machine that runs out of memory kills what it likes. The
        # same code with the same questions ends itself again.
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs = []
        verdict, _ = _attempt(assignment, notebook, launch)
    return _write(verdict)


def _attempt(assignment, notebook, launch):
    """The verdict of one run, not yet written, and whether its process was gone without our doing."""
    began = time.monotonic()
    scores, wrong = {}, []
    with Sandbox(launch, assignment.limits) as sandbox:
        run = run_cells(sandbox, notebook)
        for name in assignment.maxima:
            try:
                if run.died:
                    raise SandboxDied(run.died)
                scores[name], right = _score(assignment, sandbox, name, wrong, run)
                if not right:
                    wrong.append(name)
            except SandboxDied as died:
                run.died = str(died)
                scores[name] = _nothing(assignment, name, f"nothing could be run: {died}")
    return Verdict(notebook, scores, None, time.monotonic() - began, run.late, run.died), sandbox.gone


def _score(assignment, sandbox, name, wrong, run):
    """The score of one exercise, and whether it is right by itself.

    Where it uses an earlier one that is ``wrong``, it is asked again with a right one in its place, and the better of
    the two scores counts: a mistake is paid for once.
    """
    questions, maximum = assignment.questions[name], assignment.maxima[name]
    trace = ask(sandbox, questions)
    own = explained(score(questions, trace, maximum, assignment.partial_credit), trace, run.stopped.get(name))
    used = [other for other in questions.exercise.uses if other in wrong]
    if own.points == maximum or not used:
        return own, own.points == maximum
    given = ask(sandbox, questions, {other: assignment.questions[other].exercise.substitute for other in used})
    better = score(questions, given, maximum, assignment.partial_credit)
    if better.points <= own.points:
        return own, False
    names, verdict = " and ".join(used), "right" if better.points == maximum else "judged"
    return replace(
        better,
        note=f"{verdict}, given your {names}: it was called with a correct {names} instead, "
        "and what is wrong there is paid for there only",
    ), False


def explained(verdict, trace, stopped):
    """Adds why nothing worked, if nothing did; and that time ran out, if it did."""
    errors = [seen.error for seen in trace.values()]
    if "TimeLimit" in errors:
        return replace(verdict, note=raised("TimeLimit"))
    if verdict.points or verdict.hint or not all(errors):
        return verdict
    return replace(verdict, note=f"its cell was stopped: {raised(stopped)}" if stopped else raised(errors[0]))


def _write(verdict):
    for cell in verdict.notebook.cells:
        if is_test(cell):
            name = grade_id(cell)
            write_verdict(cell, message(name, verdict.scores[name]), verdict.scores[name].points)
    return verdict
