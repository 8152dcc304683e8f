"""What a submission's processes use together: counted from outside, because the kernel limits each process for itself."""

import threading
from collections.abc import Callable
from dataclasses import dataclass

import psutil

CHECK_SECONDS = 0.25  # between two counts


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Seconds are wall-clock time."""

    cell_seconds: float = 20
    call_seconds: float = 10
    total_seconds: float = 120
    grace_seconds: float = 10  # for code that ignores its interrupt, before it is killed
    memory: int = 4 * 2**30  # bytes, of each process and of all together; torch alone maps about 1 GiB
    file_size: int = 32 * 2**20
    processes: int = 8  # so that they take no more of the machine than others need
    threads: int = 128  # of all processes together
    message: int = 16 * 2**20  # bytes of one message out of the sandbox: the largest has three values, see ``wire``


class Watcher:
    """A thread that counts what a submission uses, also while the grader computes, and kills it when that is too much.

    Args:
        pid: the process above all of the submission's. kill: ends them all.

    Attributes:
        reason: why it killed them, as words for a student; None if it did not.
    """

    def __init__(self, pid: int, limits: Limits, kill: Callable[[], None]) -> None:
        self.pid, self.limits, self.kill = pid, limits, kill
        self.reason: str | None = None
        self.stopping = threading.Event()
        self.thread = threading.Thread(target=self._watch, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """Stop counting. When this returns, ``kill`` is not called any more."""
        self.stopping.set()
        self.thread.join()

    def _watch(self) -> None:
        while not self.stopping.wait(CHECK_SECONDS):
            self.reason = excess(self.pid, self.limits)
            if self.reason:
                self.kill()
                return


def excess(pid: int, limits: Limits) -> str | None:
    """What the processes below this one use too much of, as words for a student; None if nothing."""
    try:
        family = psutil.Process(pid).children(recursive=True)
    except psutil.NoSuchProcess:
        return None
    if len(family) > limits.processes:
        return f"your code started more than {limits.processes} processes"
    if sum(map(_threads, family)) > limits.threads:
        return f"your code started more than {limits.threads} threads"
    # resident memory is quickly read, but counts memory that forks share in each of them
    if sum(map(_resident, family)) > limits.memory < sum(map(_proportional, family)):
        return f"your code used more than {limits.memory / 2**30:g} GiB of memory"
    return None


def _threads(process: psutil.Process) -> int:
    """How many threads it has; none if it has just ended."""
    try:
        return process.num_threads()
    except psutil.NoSuchProcess:
        return 0


def _resident(process: psutil.Process) -> int:
    """Its memory in bytes; nothing if it has just ended."""
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def _proportional(process: psutil.Process) -> int:
    """Its memory in bytes, with its part of what it shares; all of that if it cannot be read."""
    try:
        return process.memory_full_info().pss
    except psutil.AccessDenied:
        return _resident(process)
    except psutil.NoSuchProcess:
        return 0
