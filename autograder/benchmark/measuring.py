"""Runs a command as its user would, and measures it from outside: seconds, and the memory of it and of its children."""

import contextlib
import os
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

import course
from autograder.workspace import Problem

GLANCE = 0.1  # seconds between two looks at the memory


@dataclass(frozen=True)
class Measured:
    """One run. Seconds of the clock on the wall; memory in bytes."""

    began: float  # as time.time() tells it, as files do
    seconds: float
    memory: int  # the most that the process itself had in memory, its children not counted
    children: int  # the most that its children had together; what forks share is counted once


def environment():
    """The environment of every command: this Python's programs first, and the course where it can be imported."""
    here = [str(Path(course.__file__).resolve().parent.parent), os.environ.get("PYTHONPATH", "")]
    return os.environ | {
        "PATH": os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", os.defpath)]),
        "PYTHONPATH": os.pathsep.join(filter(None, here)),
    }


def measured(command, folder, *, children=False, env=None):
    """Run a command in a folder until it ends.

    Args:
        children: measure their memory, too; it costs the machine some milliseconds at each look.

    Raises:
        Problem: if it fails, with the end of what it said.
    """
    with tempfile.TemporaryFile() as said:
        began, clock = time.time(), time.perf_counter()
        process = subprocess.Popen(command, cwd=folder, env=env or environment(), stdout=said, stderr=said)
        with watched(process.pid, children) as peaks:
            code = process.wait()
        seconds = time.perf_counter() - clock
        if code:
            said.seek(max(0, said.tell() - 2000))
            raise Problem(
                f"A part of the benchmark failed: `{' '.join(map(str, command))}` said: {said.read().decode(errors='replace')}"
            )
    return Measured(began, seconds, peaks["own"], peaks["children"])


@contextlib.contextmanager
def watched(pid, children):
    """The most memory that a process, and its children together, have had: a dict that grows while it runs."""
    peaks, stop = {"own": 0, "children": 0}, threading.Event()

    def watch():
        while not stop.wait(GLANCE):
            peaks["own"] = max(peaks["own"], _peak(pid))
            if children:
                peaks["children"] = max(peaks["children"], _children(pid))

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield peaks
    finally:
        stop.set()
        thread.join()


def _peak(pid):
    """The most that a process has had in memory so far, as the kernel keeps it."""
    try:
        lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:")), 0)


def _children(pid):
    total = 0
    with contextlib.suppress(psutil.NoSuchProcess):
        for child in psutil.Process(pid).children(recursive=True):
            with contextlib.suppress(psutil.NoSuchProcess, psutil.AccessDenied):
                total += child.memory_full_info().pss
    return total
