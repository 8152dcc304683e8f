"""Grades a class: judges in parallel, records one by one, and can be stopped at any point and run again."""

import contextlib
import functools
import hashlib
import sys

import nbformat

from autograder.errors import UserError
from autograder.grading import dispatching, recording
from autograder.grading.jobs import describe, key_of, submission_of, verdict_of
from autograder.grading.journal import Journal
from autograder.grading.settings import Grading
from autograder.grading.states import marks, states
from autograder.sandbox.host import launchers
from autograder.submissions import intake
from autograder.workspace import notebook_name


def chosen(workspace, unit, student=None):
    """The students to grade.

    Raises:
        UserError: no such unit, nobody handed in anything, or no such student.
    """
    notebook_name(unit)
    students = workspace.students(unit)
    where = workspace.folder("submitted", unit, "STUDENT")
    if not students:
        raise UserError(f"There are no submissions of {unit}. They belong into {where}, one folder a student.")
    if student is None:
        return students
    if student not in students:
        raise UserError(f"{student!r} has handed in nothing for {unit}. Those who have: {', '.join(students)}.")
    return [student]


def grade(workspace, unit, *, student=None, jobs=2, sandbox=None, scheduler=None, force=False, limits=None, tick=None):
    """Grade a unit's submissions.

    A grading that was stopped, by whatever and wherever, is finished by the same call: nobody is run again whose
    verdict is on disk, and nobody is left out.

    Args:
        student: only this one. jobs: submissions judged at a time. sandbox: one of ``launchers.MODES``; by default, as the
            limits, what nbgrader_config.py says.
        scheduler: the address of a Dask scheduler, whose workers judge then.
        force: also those that are unchanged since they were graded.
        tick: called with (student, entry of the report) as each is done; and first with (None, how many there are).

    Returns:
        the report: ``{"assignment", "students": {id: {"points", "maximum", "seconds", "refused", "late", "ended",
        "exercises"}}}``; ``late``: cells that ran out of time, ``ended``: why its process was gone too early.

    Raises:
        UserError: for anything a person can put right. What was recorded before stays recorded.
    """
    students, settings = chosen(workspace, unit, student), Grading.of(workspace)
    way = sandbox or settings.sandbox
    with contextlib.ExitStack() as stack:
        elsewhere = scheduler is not None
        opened = None if elsewhere else stack.enter_context(launchers.prestart(way, (workspace.root,)))
        description = describe(workspace, unit, settings, limits)
        if elsewhere:
            workers = dispatching.on_dask(description, scheduler, way)
        else:
            workers = dispatching.here(description, jobs, opened)
        journal = stack.enter_context(Journal(workspace, unit))
        recording.register(workspace, unit)
        recorder = stack.enter_context(recording.Recorder(workspace, unit))
        with recording.gradebook(workspace) as book:
            held = states(book, unit)
        waiting = [
            name
            for name in students
            if force or not _finish(workspace, unit, name, description, journal, recorder, held.get(name))
        ]
        if tick:
            tick(None, len(waiting))
        if waiting:
            with workers as results:
                for (name, key), result in results(_marked(workspace, unit, description, waiting)):
                    _take(workspace, unit, name, key, result, journal, recorder)
                    if tick:
                        tick(name, journal.report["students"][name])
    return journal.report


def _submission(workspace, unit, name):
    return submission_of(workspace.folder("submitted", unit, name), unit)


def _marked(workspace, unit, description, students):
    """Each submission, read when it is its turn: ((student, key), bytes)."""
    for name in students:
        submitted = _submission(workspace, unit, name)
        yield (name, key_of(description, submitted)), submitted


def _finish(workspace, unit, name, description, journal, recorder, held):
    """Whether a submission needs no run: it and its autograded notebook are unchanged since it was judged.

    What the gradebook holds of it is put right if it is not what was recorded, or if nothing was recorded yet.
    """
    made = journal.report["students"].get(name, {})
    if made.get("key") != key_of(description, _submission(workspace, unit, name)):
        return False
    try:
        text = workspace.notebook("autograded", unit, name).read_bytes()
    except OSError:
        return False
    if made.get("notebook") != digest(text):
        return False
    noted, found = made.get("recorded") or {}, marks(held, _handed_in(workspace, unit, name), workspace.config)
    if found["scores"] is None or noted.get("scores") != found["scores"]:
        _record(workspace, unit, name, nbformat.reads(text.decode(), as_version=4), journal, recorder)
    elif found["lateness"] is None or noted != found:
        _record(workspace, unit, name, None, journal, recorder)
    return True


def _take(workspace, unit, name, key, result, journal, recorder):
    """Keep one result: the autograded notebook, the journal, the gradebook, the journal again."""
    verdict, text = verdict_of(result)
    recording.keep(workspace, unit, name, text)
    made = entry(verdict, key, text)
    journal.note(name, made)
    _record(workspace, unit, name, verdict.notebook, journal, recorder)


def _record(workspace, unit, name, notebook, journal, recorder):
    handed_in = _handed_in(workspace, unit, name)
    held = recorder.record(name, notebook, handed_in)
    journal.note_recorded(name, marks(held, handed_in, workspace.config))


def _handed_in(workspace, unit, name):
    return intake.timestamp(workspace.folder("submitted", unit, name))


def digest(notebook):
    """What tells an autograded notebook, given as bytes, from every other."""
    return hashlib.sha256(notebook).hexdigest()[:24]


def entry(verdict, key, text):
    """One student's part of the report, not yet recorded. ``text``: of the autograded notebook."""
    return {
        "points": round(sum(score.points for score in verdict.scores.values()), 2),
        "maximum": sum(score.maximum for score in verdict.scores.values()),
        "seconds": round(verdict.seconds, 2),
        "refused": verdict.refused,
        "late": verdict.late,
        "ended": verdict.ended,
        "exercises": {
            sys.intern(name): _part(score.points, score.maximum, tuple(score.checks.items()), score.hint_id, score.note)
            for name, score in verdict.scores.items()
        },
        "key": key,
        "notebook": digest(text.encode()),
        "recorded": None,
    }


@functools.lru_cache(maxsize=1024)
def _part(points, maximum, checks, hint, why):
    """One exercise's part of an entry. Equal ones are one and the same, so that a large class takes little memory."""
    return {"points": points, "maximum": maximum, "checks": dict(checks), "hint": hint, "why": why}
