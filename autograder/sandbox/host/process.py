"""A running sandbox, seen from outside: start it, run cells in it, ask its functions, end it. Nothing it says is believed."""

import math
import os
import selectors
import struct
import time
from dataclasses import dataclass

import numpy as np
import psutil

from autograder import timing
from autograder.errors import AutograderError
from autograder.sandbox.host import bubblewrap
from autograder.sandbox.host.interpreters import cold
from autograder.sandbox.protocol import wire

START = 60  # seconds
PATROL = 0.25  # seconds between two counts of what runs in there
ADDRESSES = 64 * 2**30  # bytes of addresses of one process: the kernel's tables of them are memory, too


@dataclass(frozen=True)
class Limits:
    """What one submission may use. Seconds are of the clock on the wall."""

    cell_seconds: float = 20
    call_seconds: float = 10
    total_seconds: float = 120
    grace_seconds: float = 10  # for code that ignores its interrupt, before it is killed
    memory: int = 4 * 2**30  # bytes, of each process and of all together; torch alone maps about 1 GiB
    file_size: int = 32 * 2**20
    processes: int = 8  # so that they take no more of the machine than others need
    threads: int = 128  # of all processes together
    message: int = 16 * 2**20  # bytes of one message out of the sandbox: the largest has three values, see ``wire``


class SandboxDied(AutograderError):
    """The process in the sandbox is gone, or had to be killed. The message says why, as words for a student."""


class Sandbox:
    """One interpreter for one submission, with its limits; a context manager.

    Args:
        launch: starts it: ``forkserver.ForkServer.fork``, ``interpreters.cold``, or ``interpreters.Unconfined`` which is *not*
            confined.
        limits: what it may use.

    Attributes:
        ended: why it is no more, as words for a student; None while it is.
        gone: whether it ended without our doing: by the student's code, or killed by somebody outside.

    Raises:
        bubblewrap.SandboxUnavailable: if it cannot be started.
    """

    def __init__(self, launch=cold, limits=None):
        self.launch, self.limits = launch, limits or Limits()
        self.deadline = math.inf
        self.received, self.patrolled = bytearray(), time.monotonic()
        self.ended, self.gone = None, False

    @timing.step("confined")
    def __enter__(self):
        self.program, limits = self.launch(), self.limits
        sizes = {"DATA": limits.memory, "FSIZE": limits.file_size, "AS": ADDRESSES}
        try:
            self._send({"limits": sizes | {"CORE": 0, "NOFILE": 256}})
            self._receive(START)
        except SandboxDied as died:
            said = self.program.error_output()
            raise bubblewrap.SandboxUnavailable(
                f"The sandbox did not start, so nothing was run. It said: {said}"
            ) from died
        self.deadline = time.monotonic() + limits.total_seconds  # a submission pays for no start but its own
        return self

    @timing.step("ended")
    def __exit__(self, *_):
        self.program.end()

    def run_cell(self, source):
        """Run one cell. Returns (name of the error or None, outputs in nbformat's form, still untrusted)."""
        seconds = self.limits.cell_seconds
        self._send({"do": "cell", "source": source, "seconds": seconds})
        reply = self._receive(seconds + self.limits.grace_seconds)
        return reply.get("error"), reply.get("outputs")

    def capture(self, name):
        """Remember the function that now goes by this name. Returns whether there was one."""
        self._send({"do": "capture", "name": name})
        return self._receive(self.limits.grace_seconds).get("captured") is True

    def call(self, function, args, *, strict=False, library=False, substitutes=None, functions=None):
        """Call a captured function. Returns its observation, packed and untrusted.

        Args:
            function: its name. args: the packed arguments.
            strict: floating-point overflow raises. library: ready-made recurrent layers of torch are allowed.
            substitutes: dict of names to functions of ours that stand in for the student's own during this call.
            functions: dict of names to functions of ours that may be called because they were passed as arguments.
        """
        substitutes = substitutes or {}
        ours = substitutes | (functions or {})
        seconds = self.limits.call_seconds
        self._send(
            {
                "do": "call",
                "function": function,
                "args": args,
                "strict": strict,
                "library": library,
                "substitutes": sorted(substitutes),
                "seconds": seconds,
            }
        )
        until = time.monotonic() + seconds + self.limits.grace_seconds
        while True:
            reply = self._receive(until - time.monotonic())
            if "observation" in reply:
                return reply["observation"]
            self._send(answer_call(ours, reply))

    def _gone(self):
        self.gone = True
        self._end("your code ended the process that it ran in")

    def _end(self, reason):
        """Kill the sandbox; whatever is asked of it from now on fails with the same reason."""
        self.ended = reason
        self.program.end()
        if self.program.broken():
            raise bubblewrap.SandboxUnavailable("The sandbox broke down while a submission was run in it.")
        raise SandboxDied(reason)

    def _late(self):
        self._end(
            f"your notebook took longer than {self.limits.total_seconds:g} seconds in all"
            if time.monotonic() >= self.deadline
            else "your code ran on after its time was up, and could not be interrupted"
        )

    def _send(self, message):
        if self.ended:
            raise SandboxDied(self.ended)
        data = memoryview(wire.to_bytes(message))
        until = min(self.deadline, time.monotonic() + 10)
        with selectors.DefaultSelector() as selector:
            selector.register(self.program.input, selectors.EVENT_WRITE)
            while data:
                if not selector.select(max(0, until - time.monotonic())):
                    self._end("your code stopped listening to the grader")
                try:
                    data = data[os.write(self.program.input, data) :]
                except OSError:
                    self._gone()

    def _patrol(self):
        """Processes and memory are counted from here: a limit of the kernel's counts each process for itself."""
        if time.monotonic() < self.patrolled + PATROL:
            return
        self.patrolled = time.monotonic()
        try:
            family = psutil.Process(self.program.pid).children(recursive=True)
        except psutil.NoSuchProcess:
            return
        if len(family) > self.limits.processes:
            self._end(f"your code started more than {self.limits.processes} processes")
        if sum(map(_threads, family)) > self.limits.threads:
            self._end(f"your code started more than {self.limits.threads} threads")
        # what is resident is quickly read, but counts memory that forks share in each of them
        if sum(map(_resident, family)) > self.limits.memory < sum(map(_own, family)):
            self._end(f"your code used more than {self.limits.memory / 2**30:g} GiB of memory")

    def _receive(self, seconds):
        if seconds <= 0:  # however much of it is here already: who sends without end is not read without end
            self._late()
        until = min(self.deadline, time.monotonic() + seconds)
        head = self._read(8, until)
        [length] = struct.unpack(">Q", head)
        if length > self.limits.message:
            self._end("your code answered with more than the grader takes")
        try:
            return wire.from_bytes(self._read(length, until))
        except wire.MalformedMessage:
            self._end("your code wrote to the grader's own channel")

    def _read(self, count, until):
        with selectors.DefaultSelector() as selector:
            selector.register(self.program.output, selectors.EVENT_READ)
            while len(self.received) < count:
                ready = selector.select(min(PATROL, max(0, until - time.monotonic())))
                self._patrol()
                if not ready:
                    if time.monotonic() >= until:
                        self._late()
                    continue
                try:
                    data = os.read(self.program.output, 1 << 20)
                except OSError:
                    data = b""
                if not data:
                    self._gone()
                self.received += data
        taken, self.received = bytes(self.received[:count]), self.received[count:]
        return taken


def _threads(process):
    """How many threads it has; none if it has just ended."""
    try:
        return process.num_threads()
    except psutil.NoSuchProcess:
        return 0


def _resident(process):
    """Its memory in bytes; nothing if it has just ended."""
    try:
        return process.memory_info().rss
    except psutil.NoSuchProcess:
        return 0


def _own(process):
    """Its memory in bytes, with its part of what it shares; all of that if it does not let itself be looked at."""
    try:
        return process.memory_full_info().pss
    except psutil.AccessDenied:
        return _resident(process)
    except psutil.NoSuchProcess:
        return 0


def answer_call(functions, request):
    """The reply to a call from inside the sandbox to one of our functions."""
    try:
        args = wire.unpack(request["args"])
        if not _is_bounded(args):
            raise ValueError("more than any exercise needs")
        return {"value": wire.pack(functions[request["call"]](*args))}
    except Exception:  # arguments from a stranger: whatever goes wrong with them is theirs
        return {"error": True}


def _is_bounded(args):
    """Whether our functions may be called with these: shapes that do not fit multiply, and numbers are counted up to.

    With no more than two axes nothing can grow beyond their square, and there is room for it; with more it can.
    """
    sides, axes = _measured(args)
    return max(sides, default=0) <= (256 if axes <= 2 else 32)


def _measured(value, around=0):
    """The lengths of all axes and lists in arguments, and how many axes there are at most, lists around them included.

    Raises:
        ValueError: for a number that is too large, or one of a kind that is slow to compute with.
    """
    if isinstance(value, tuple | list | dict):
        inside = value.values() if isinstance(value, dict) else value
        around += isinstance(value, list)
        parts = [_measured(item, around) for item in inside]
        sides = [side for part, _ in parts for side in part] + [len(value)]
        return sides, max((axes for _, axes in parts), default=around)
    if isinstance(value, np.ndarray):
        if value.dtype.itemsize < 4 and value.dtype.kind == "f":
            raise ValueError("half precision is slow")
        return list(value.shape), around + value.ndim
    if isinstance(value, int | float) and not abs(value) <= 10_000:
        raise ValueError("a number that no exercise needs")
    return [], around
