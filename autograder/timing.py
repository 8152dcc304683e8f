"""Where a grading spends its time, step by step. Off, and nearly free, unless asked for.

Seconds count twice: on the clock, waiting included, and as computing of the thread that took the step.
"""

import contextlib
import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

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

    clock: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STEPS, 0.0))
    computing: dict[str, float] = field(default_factory=lambda: dict.fromkeys(STEPS, 0.0))


_lock = threading.Lock()
_spent: Spent | None = None


@contextlib.contextmanager
def measured() -> Iterator[Spent]:
    """Measure every step within the block, of all threads, into the ``Spent`` that this gives."""
    global _spent
    _spent = Spent()
    try:
        yield _spent
    finally:
        _spent = None


def is_on() -> bool:
    """Whether steps are measured now."""
    return _spent is not None


def add(spent: dict[str, dict[str, float]] | None) -> None:
    """Add what another process has measured: a ``Spent`` as a dict, or None."""
    with _lock:
        if spent is not None and _spent is not None:
            for name in STEPS:
                _spent.clock[name] += spent["clock"][name]
                _spent.computing[name] += spent["computing"][name]


@contextlib.contextmanager
def into(path: Path | None, write: Callable[[Path, str], None]) -> Iterator[None]:
    """Measure every step within the block and write the seconds into a file, as JSON; or nothing, if ``path`` is None."""
    if path is None:
        yield
        return
    with measured() as spent:
        yield
    write(path, json.dumps(asdict(spent), indent=1) + "\n")


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
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
