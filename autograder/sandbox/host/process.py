"""A running sandbox, seen from outside: start it, run cells in it, call its functions, end it. Nothing it says is believed."""

import math
import os
import selectors
import struct
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, NoReturn, Protocol, Self

from autograder import timing
from autograder.errors import AutograderError
from autograder.sandbox.host import bubblewrap
from autograder.sandbox.host.interpreters import cold
from autograder.sandbox.host.substitutes import Functions, answer_call
from autograder.sandbox.host.usage import Limits, Watcher
from autograder.sandbox.protocol import wire
from autograder.sandbox.protocol.errors import CellError

START_SECONDS, SEND_SECONDS = 60, 10
ADDRESSES = 64 * 2**30  # bytes of addresses of one process: the kernel's tables of them are memory, too


class Interpreter(Protocol):
    """What ``Sandbox`` needs of an interpreter: ``input`` and ``output`` are descriptors that do not block."""

    input: int
    output: int
    pid: int  # the process above all of its own

    def error_output(self) -> str: ...
    def broken(self) -> bool: ...
    def kill(self) -> None: ...
    def end(self) -> None: ...


Launch = Callable[[], Interpreter]


class SandboxDied(AutograderError):
    """The process in the sandbox is gone, or had to be killed. The message says why, as words for a student."""


class Sandbox:
    """One interpreter for one submission, with its limits; a context manager.

    Args:
        launch: starts it: ``forkserver.ForkServer.fork``, ``interpreters.cold``, or ``interpreters.Unconfined`` which is
            *not* confined.
        limits: what it may use.

    Attributes:
        ended: why it has ended, as words for a student; None while it runs.
        gone: whether it ended without our doing: by the student's code, or killed by something outside.

    Raises:
        bubblewrap.SandboxUnavailable: if it cannot be started.
    """

    def __init__(self, launch: Launch = cold, limits: Limits | None = None) -> None:
        self.launch, self.limits = launch, limits or Limits()
        self.deadline = math.inf
        self.received = bytearray()
        self.ended: str | None = None
        self.gone = False

    @timing.step("confined")
    def __enter__(self) -> Self:
        self.program, limits = self.launch(), self.limits
        self.watcher = Watcher(self.program.pid, limits, self.program.kill)
        sizes = {"DATA": limits.memory, "FSIZE": limits.file_size, "AS": ADDRESSES}
        try:
            self._send({"limits": sizes | {"CORE": 0, "NOFILE": 256}})
            self._receive(START_SECONDS)
        except SandboxDied as died:
            said = self.program.error_output() or "nothing"
            raise bubblewrap.SandboxUnavailable(
                f"The sandbox did not start, so nothing was run. It said: {said}"
            ) from died
        except BaseException:  # an interrupt, say: nothing is left running
            self._stop()
            raise
        self.deadline = time.monotonic() + limits.total_seconds  # a submission pays for no start but its own
        return self

    @timing.step("ended")
    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._stop()

    def run_cell(self, source: str) -> tuple[CellError | None, Any]:
        """Run one cell. Returns what it raised, if anything, and its outputs in nbformat's form, still untrusted."""
        seconds = self.limits.cell_seconds
        self._send({"do": "cell", "source": source, "seconds": seconds})
        reply = self._receive(seconds + self.limits.grace_seconds)
        error = reply.get("error")
        return None if error is None else CellError.of(error), reply.get("outputs")

    def capture(self, name: str) -> bool:
        """Remember the function that now goes by this name. Returns whether there was one."""
        self._send({"do": "capture", "name": name})
        return self._receive(self.limits.grace_seconds).get("captured") is True

    def call(
        self,
        function: str,
        args: Any,
        *,
        strict: bool = False,
        library: bool = False,
        substitutes: Functions | None = None,
        functions: Functions | None = None,
    ) -> Any:
        """Call a captured function. Returns its observation, packed and untrusted.

        Args:
            function: its name. args: the packed arguments.
            strict: floating-point overflow raises. library: ready-made recurrent layers of torch are allowed.
            substitutes: functions of ours by name, called instead of the student's own.
            functions: functions of ours by name, called because they were passed as arguments.
        """
        substitutes = substitutes or {}
        ours = {**substitutes, **(functions or {})}
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

    def _stop(self) -> None:
        self.watcher.stop()
        self.program.end()

    def _end(self, reason: str) -> NoReturn:
        """Kill the sandbox; every later call fails with the same reason."""
        self.ended = reason
        self._stop()
        if self.program.broken():
            raise bubblewrap.SandboxUnavailable("The sandbox broke down while a submission was run in it.")
        raise SandboxDied(reason)

    def _end_of_stream(self) -> NoReturn:
        self.watcher.stop()
        self.gone = self.watcher.reason is None
        self._end(self.watcher.reason or "your code ended the process that it ran in")

    def _late(self) -> NoReturn:
        self._end(
            f"your notebook took longer than {self.limits.total_seconds:g} seconds in all"
            if time.monotonic() >= self.deadline
            else "your code ran on after its time was up, and could not be interrupted"
        )

    def _send(self, message: dict[str, Any]) -> None:
        if self.ended:
            raise SandboxDied(self.ended)
        data = memoryview(wire.to_bytes(message))
        until = min(self.deadline, time.monotonic() + SEND_SECONDS)
        with selectors.DefaultSelector() as selector:
            selector.register(self.program.input, selectors.EVENT_WRITE)
            while data:
                if not selector.select(max(0, until - time.monotonic())):
                    self._end("your code stopped listening to the grader")
                try:
                    data = data[os.write(self.program.input, data) :]
                except OSError:
                    self._end_of_stream()

    def _receive(self, seconds: float) -> dict[str, Any]:
        if seconds <= 0:  # even if a message is here already: messages without end are not read without end
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

    def _read(self, count: int, until: float) -> bytes:
        with selectors.DefaultSelector() as selector:
            selector.register(self.program.output, selectors.EVENT_READ)
            while len(self.received) < count:
                if not selector.select(max(0, until - time.monotonic())):
                    self._late()
                try:
                    data = os.read(self.program.output, 1 << 20)
                except OSError:
                    data = b""
                if not data:
                    self._end_of_stream()
                self.received += data
        taken, self.received = bytes(self.received[:count]), self.received[count:]
        return taken
