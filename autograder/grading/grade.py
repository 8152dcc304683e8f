"""Grades a class: judges in parallel, records one by one, and can be stopped at any point and run again."""

import contextlib
import functools
import sys

import nbformat

from autograder.grading import dispatching, intake, recording
from autograder.grading.jobs import describe, key_of, submission_of, verdict_of
from autograder.grading.journal import Journal
from autograder.grading.settings import Grading
from autograder.sandbox import ways
from autograder.workspace import Problem, notebook_name


def chosen(workspace, unit, student=None):
    """The students to grade.

    Raises:
        Problem: no such unit, nobody handed in anything, or no such student.
    """
    notebook_name(unit)
    students = workspace.students(unit)
    where = workspace.folder("submitted", unit, "STUDENT")
    if not students:
        raise Problem(f"There are no submissions of {unit}. They belong into {where}, one folder a student.")
    if student is None:
        return students
    if student not in students:
        raise Problem(f"{student!r} has handed in nothing for {unit}. Those who have: {', '.join(students)}.")
    return [student]


def grade(workspace, unit, *, student=None, jobs=2, sandbox=None, scheduler=None, force=False, limits=None, tick=None):
    """Grade a unit's submissions.

    A grading that was stopped, by whatever and wherever, is finished by the same call: nobody is run again whose
    verdict is on disk, and nobody is left out.

    Args:
        student: only this one. jobs: submissions judged at a time. sandbox: one of ``ways.WAYS``; by default, as the
            limits, what nbgrader_config.py says.
        scheduler: the address of a Dask scheduler, whose workers judge then.
        force: also those that are unchanged since they were graded.
        tick: called with (student, entry of the report) as each is done; and first with (None, how many there are).

    Returns:
        the report: ``{"assignment", "students": {id: {"points", "maximum", "seconds", "refused", "late", "ended",
        "exercises"}}}``; ``late``: cells that ran out of time, ``ended``: why its process was gone too early.

    Raises:
        Problem: for anything a person can put right. What was recorded before stays recorded.
    """
    students, settings = chosen(workspace, unit, student), Grading.of(workspace)
    way = sandbox or settings.sandbox
    with contextlib.ExitStack() as stack:
        opened = None if scheduler else stack.enter_context(ways.ahead(way, (workspace.root,)))
        description = describe(workspace, unit, settings, limits)
        if scheduler:
            workers = dispatching.on_dask(description, scheduler, way)
        else:
            workers = dispatching.here(description, jobs, opened)
        journal = stack.enter_context(Journal(workspace, unit))
        recording.register(workspace, unit)
        recorder = stack.enter_context(recording.Recorder(workspace, unit))
        done = recording.recorded(workspace, unit)
        waiting = [
            name
            for name in students
            if force or not _finish(workspace, unit, name, description, journal, recorder, done)
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


def _finish(workspace, unit, name, description, journal, recorder, done):
    """Whether a submission needs no run: it is unchanged since it was graded, or judged and only to be recorded."""
    key = key_of(description, _submission(workspace, unit, name))
    path = workspace.notebook("autograded", unit, name)
    if not path.is_file():
        return False
    if name in journal.judged:
        text = path.read_text(encoding="utf-8")
        entry = journal.finished(name, key, text)
        if entry:
            notebook = nbformat.reads(text, as_version=4)
            _record(workspace, unit, name, entry, text, notebook, journal, recorder)
        return bool(entry)
    return journal.report["students"].get(name, {}).get("key") == key and name in done


def _take(workspace, unit, name, key, result, journal, recorder):
    """Keep one result: the autograded notebook, the journal, the gradebook, the journal again."""
    verdict, text = verdict_of(result)
    recording.keep(workspace, unit, name, text)
    made = entry(verdict, key)
    journal.note(name, made, text, recorded=False)
    _record(workspace, unit, name, made, text, verdict.notebook, journal, recorder)


def _record(workspace, unit, name, entry, text, notebook, journal, recorder):
    handed_in = intake.timestamp(workspace.folder("submitted", unit, name))
    recorder.record(name, notebook, handed_in)
    journal.note(name, entry, text, recorded=True)


def entry(verdict, key):
    """One student's part of the report."""
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
    }


@functools.lru_cache(maxsize=1024)
def _part(points, maximum, checks, hint, why):
    """One exercise's part of an entry. Equal ones are one and the same, so that a large class takes little memory."""
    return {"points": points, "maximum": maximum, "checks": dict(checks), "hint": hint, "why": why}
