"""Grades a class: evaluates in parallel, stores one by one, and can be stopped at any point and run again."""

import contextlib
import os
import sys
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import psutil

from autograder.errors import UserError
from autograder.grading import dispatching, gradebook
from autograder.grading.assignment import describe, key_of, read_submission
from autograder.grading.dispatching import Tag
from autograder.grading.entries import fingerprint
from autograder.grading.journal import read_report
from autograder.grading.settings import Grading
from autograder.grading.store import Store
from autograder.grading.workers import Workers
from autograder.sandbox.host.process import Limits
from autograder.workspace import Workspace, notebook_name

Tick = Callable[[str | None, Any], None]


def chosen(workspace: Workspace, unit: str, student: str | None = None) -> list[str]:
    """The students to grade. Folders that cannot be a student's are named on standard error.

    Raises:
        UserError: no such unit, nobody handed in anything, or no such student.
    """
    notebook_name(unit)
    students = workspace.students(unit)
    where = workspace.folder("submitted", unit, "STUDENT")
    rejected = workspace.rejected_folders(unit)
    for name, problem in rejected.items():
        print(f"The folder '{name}' was not graded, because of its name: {problem}. Rename it.", file=sys.stderr)
    if not students:
        others = " Those that are there have names that cannot be a student's." if rejected else ""
        raise UserError(f"There are no submissions of {unit}. They belong into {where}, one folder a student.{others}")
    if student is None:
        return students
    if student not in students:
        raise UserError(f"{student!r} has handed in nothing for {unit}. Those who have: {', '.join(students)}.")
    return [student]


def grade(
    workspace: Workspace,
    unit: str,
    *,
    student: str | None = None,
    jobs: int | None = None,
    sandbox: str | None = None,
    scheduler: str | None = None,
    force: bool = False,
    limits: Limits | None = None,
    tick: Tick | None = None,
) -> dict[str, Any]:
    """Grade a unit's submissions.

    A grading that was stopped, by whatever and wherever, is finished by the same call: nobody is run again whose
    verdict is on disk, and nobody is left out.

    Args:
        student: only this one. jobs: submissions evaluated at a time; by default as many as cores and memory allow. sandbox: one of ``launchers.MODES``; by default, as
            the limits, what nbgrader_config.py says.
        scheduler: the address of a Dask scheduler, whose workers evaluate then.
        force: also those that are unchanged since they were graded.
        tick: called with (student, entry of the report) as each is done; and first with (None, how many there are).

    Returns:
        the report: ``{"assignment", "students": {id: entry}}``, each entry as ``StudentEntry.to_json`` gives it.

    Raises:
        UserError: for anything a person can put right. What was recorded before stays recorded.
    """
    students, settings = chosen(workspace, unit, student), Grading.of(workspace)
    mode = sandbox or settings.sandbox
    description = describe(workspace, unit, settings, limits)
    with contextlib.ExitStack() as stack:
        if scheduler is None:
            workers = stack.enter_context(Workers(description, mode, (workspace.root,)))
            executor = dispatching.local_executor(workers, jobs or default_jobs((limits or settings.limits).memory))
        else:
            executor = dispatching.on_dask(description, scheduler, mode)
        store = stack.enter_context(Store(workspace, unit))
        stack.callback(store.journal.compact)
        gradebook.register(workspace, unit)
        held = store.states()
        waiting = [
            name
            for name in students
            if force
            or not store.is_done(name, key_of(description, read_submission(workspace, unit, name)), held.get(name))
        ]
        if tick:
            tick(None, len(waiting))
        if waiting:
            with executor as results:
                for (name, key, answers), result in results(with_keys(workspace, unit, description, waiting)):
                    entry, _ = store.save(name, key, answers, result)
                    if tick:
                        tick(name, entry.to_json())
    return read_report(workspace, unit)


def default_jobs(memory: int) -> int:
    """How many submissions to evaluate at a time, if each may use so many bytes: no more than fit, one for each core."""
    cores = len(os.sched_getaffinity(0))
    return max(1, min(cores, psutil.virtual_memory().total // memory))


def with_keys(
    workspace: Workspace, unit: str, description: bytes, students: Iterable[str]
) -> Iterator[tuple[Tag, bytes]]:
    """Each submission, read when it is its turn, after (student, key of the grade, fingerprint of the answers)."""
    for name in students:
        submission = read_submission(workspace, unit, name)
        yield (name, key_of(description, submission), fingerprint(submission)), submission
