"""Where a grading spends its time, step by step. Off, and next to free, unless somebody asks.

Seconds count twice: on the clock, waiting included, and as computing of the thread that took the step.
"""

import contextlib
import json
import threading
import time
from dataclasses import asdict, dataclass, field

from autograder.workspace import write_whole

STEPS = {
    "read": "the notebook parsed, and rebuilt from the release",
    "confined": "a process forked or started, and confined",
    "run": "the student's cells run",
    "asked": "the student's functions called, questions and answers carried",
    "judged": "answers compared with the reference and with every known mistake",
    "ended": "the process ended, with all that it started",
    "written": "the autograded notebook made",
    "kept": "the autograded notebook and the journal on disk",
    "recorded": "the scores in nbgrader's gradebook",
}


@dataclass
class Spent:
    """Seconds by step."""

    clock: dict = field(default_factory=lambda: dict.fromkeys(STEPS, 0.0))
    computing: dict = field(default_factory=lambda: dict.fromkeys(STEPS, 0.0))


_lock, _spent = threading.Lock(), None


@contextlib.contextmanager
def measured():
    """Measure every step within the block, of all threads, into the ``Spent`` that this gives."""
    global _spent
    _spent = Spent()
    try:
        yield _spent
    finally:
        _spent = None


def is_on():
    """Whether somebody asked for it."""
    return _spent is not None


def add(spent):
    """Add what another process has measured: a ``Spent`` as a dict, or None."""
    if spent is None:
        return
    with _lock:
        for name in STEPS if _spent is not None else ():
            _spent.clock[name] += spent["clock"][name]
            _spent.computing[name] += spent["computing"][name]


@contextlib.contextmanager
def into(path):
    """Measure every step within the block and write the seconds into a file, as JSON; or nothing, if ``path`` is None."""
    if path is None:
        yield
        return
    with measured() as spent:
        yield
    write_whole(path, json.dumps(asdict(spent), indent=1) + "\n")


@contextlib.contextmanager
def step(name):
    """The block, or the function if it decorates one, is this one of ``STEPS`` or a part of it."""
    if _spent is None:
        yield
        return
    clock, computing = time.perf_counter(), time.thread_time()
    try:
        yield
    finally:
        with _lock:
            if _spent is not None:
                _spent.clock[name] += time.perf_counter() - clock
                _spent.computing[name] += time.thread_time() - computing
