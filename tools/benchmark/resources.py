"""Runs a command as its user would, and measures it from outside: seconds, and the memory of it and of its children."""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

import course
from autograder.errors import UserError

GLANCE, LOOK = 0.1, 0.5  # seconds between two looks at the process itself, and at its children


@dataclass(frozen=True)
class Measured:
    """One run. Seconds of the clock on the wall; memory in bytes."""

    began: float  # as time.time() tells it, as files do
    seconds: float
    computing: float  # seconds that the process itself had a processor, its children not counted
    memory: int  # the most that the process itself had in memory, its children not counted
    children: int  # the most that its children had together; what forks share is counted once


def environment() -> dict[str, str]:
    """The environment of every command: this Python's programs first, and the course where it can be imported."""
    here = [str(Path(course.__file__).resolve().parent.parent), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "PYTHONPATH": os.pathsep.join(filter(None, here)),
    }


def measured(
    command: Sequence[str], folder: Path, *, children: bool = False, env: Mapping[str, str] | None = None
) -> Measured:
    """Run a command in a folder until it ends.

    Args:
        children: measure their memory, too; it costs the machine some milliseconds at each look.
        env: the environment of the command; ours if None.

    Raises:
        UserError: if it fails, with the end of what it said.
    """
    with tempfile.TemporaryFile() as said:
        began, clock = time.time(), time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=env or environment(), stdout=said, stderr=said)
        with watched(process.pid, children) as seen:
            code = process.wait()
        seconds = time.perf_counter() - clock
        if code:
            said.seek(max(0, said.tell() - 2000))
            raise UserError(
                f"A part of the benchmark failed: `{' '.join(map(str, command))}` said: {said.read().decode(errors='replace')}"
            )
    return Measured(began, seconds, **seen)


@contextlib.contextmanager
def watched(pid: int, children: bool) -> Iterator[dict[str, Any]]:
    """What is seen of a process while it runs: a dict of what ``Measured`` has."""
    seen, stop = {"computing": 0.0, "memory": 0, "children": 0}, threading.Event()

    def watch() -> None:
        looked = time.monotonic()
        while not stop.wait(GLANCE):
            with contextlib.suppress(psutil.NoSuchProcess):
                times = psutil.Process(pid).cpu_times()
                seen["computing"] = max(seen["computing"], times.user + times.system)
            seen["memory"] = max(seen["memory"], _memory(pid, "status", "VmHWM:"))
            if children and time.monotonic() > looked + LOOK:
                looked = time.monotonic()
                seen["children"] = max(seen["children"], _children(pid))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield seen
    finally:
        stop.set()
        thread.join()


def _memory(pid: int, file: str, what: str) -> int:
    """Bytes, as a file of the kernel's about a process has them; 0 if it is gone, or does not let itself be looked at."""
    try:
        lines = Path(f"/proc/{pid}/{file}").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith(what)), 0)


def _children(pid: int) -> int:
    """The memory of all that a process has started, in which each shared page counts once, divided among its sharers."""
    with contextlib.suppress(psutil.NoSuchProcess):
        return sum(_memory(child.pid, "smaps_rollup", "Pss:") for child in psutil.Process(pid).children(recursive=True))
    return 0
