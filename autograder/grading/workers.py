"""Worker processes as the coordinator sees them: started once, one fork for each run of a submission, watched by the clock."""

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

from autograder import timing
from autograder.errors import AutograderError, UserError
from autograder.grading import channel
from autograder.sandbox.host.bubblewrap import SandboxUnavailable
from autograder.sandbox.host.launchers import prestart

START = 120  # seconds until a worker has imported all that it needs
MEMORY = 2**30  # bytes that a run may take in its worker, beyond what the worker has already
CPU_SECONDS = 60  # of computing in its worker
SPARE_SECONDS = 90  # of the clock on the wall, beyond what its limits give the submission


class WorkerDied(AutograderError):
    """The worker that evaluated a submission used up its memory or its time, or was killed."""


class Workers:
    """Evaluates submissions of one assignment, any number at a time; a context manager, and safe between threads.

    Args:
        description: of the assignment. mode: how submissions are confined, as for ``open_launcher``.
        hidden: folders that nobody inside may see.
    """

    def __init__(self, description: bytes, mode: str, hidden: Iterable[Path] = ()) -> None:
        self.description, self.mode, self.hidden = description, mode, tuple(hidden)
        self.lock = threading.Lock()
        self.process: subprocess.Popen[bytes] | None = None
        self.memory, self.cpu_seconds, self.spare_seconds = MEMORY, CPU_SECONDS, SPARE_SECONDS
        self.total_seconds: float = json.loads(description)["limits"]["total_seconds"]

    def __enter__(self) -> "Workers":
        self.stack = contextlib.ExitStack()
        self.launcher: Callable[[], Callable[[], Any]] = self.stack.enter_context(prestart(self.mode, self.hidden))
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop()
        self.stack.close()

    def wait(self) -> None:
        """Return when the first submission can be evaluated.

        Raises:
            UserError, SandboxUnavailable: if none can.
        """
        self.launcher()
        with self.lock:
            self._wait()

    def evaluate(self, submission: bytes, attempt: int = 0) -> tuple[bytes, bool]:
        """One run of a submission: its result, and whether the student's process was gone without our doing.

        Raises:
            WorkerDied: if the worker ended, or had to be ended. SandboxUnavailable: if nothing could be run.
        """
        ours, theirs = socket.socketpair()
        with ours:
            with theirs, self.lock:
                self._hand_over(theirs)
            try:
                return self._attend(ours, submission, attempt)
            except channel.ChannelClosed as closed:
                raise WorkerDied from closed

    def _attend(self, link: socket.socket, submission: bytes, attempt: int) -> tuple[bytes, bool]:
        """Serve a worker until it has a result. It, and the interpreter that it asked for, end with this call."""
        until = time.monotonic() + self.total_seconds + self.spare_seconds
        link.settimeout(START)
        process, program = None, None
        try:
            try:
                _, [process], _, _ = socket.recv_fds(link, 1, 1)
            except (OSError, ValueError) as error:
                raise channel.ChannelClosed from error
            limits = {"memory": self.memory, "cpu_seconds": self.cpu_seconds}
            channel.send_json(link, limits | {"attempt": attempt, "timed": timing.is_on()})
            channel.send(link, submission)
            while True:
                message = channel.receive_json(link, until)
                if "launch" in message:
                    program = self._launch(link)
                elif "unavailable" in message:
                    said = program.error_output() if program else ""
                    raise SandboxUnavailable(f"{message['unavailable']}{said}")
                else:
                    if message["gone"] and program and program.broken():
                        raise SandboxUnavailable("The sandbox broke down while a submission was run in it.")
                    timing.add(message["spent"])
                    return channel.receive(link, until), message["gone"]
        finally:
            if process is not None:
                with contextlib.suppress(ProcessLookupError):
                    signal.pidfd_send_signal(process, signal.SIGKILL)
                os.close(process)
            if program:
                program.end()

    def _launch(self, link: socket.socket) -> Any:
        try:
            program = self.launcher()()
        except SandboxUnavailable as error:
            link.sendall(json.dumps({"unavailable": str(error)[:2000]}).encode("ascii"))
            return None
        try:
            process = os.pidfd_open(program.pid)
        except ProcessLookupError:
            program.end()
            raise SandboxUnavailable("The sandbox broke down before a submission was run in it.") from None
        answer = json.dumps({"pid": program.pid}).encode("ascii")
        try:
            socket.send_fds(link, [answer], [program.input, program.output, process])
        finally:
            os.close(process)
        return program

    def _hand_over(self, link: socket.socket) -> None:
        """Give a connection to a fork of the worker. A worker that is gone is started again first."""
        for last in (False, True):
            self._wait()
            try:
                socket.send_fds(self.control, [b"\1"], [link.fileno()])
                return
            except OSError:
                self._stop()
                if last:
                    raise WorkerDied from None
                self._start()

    def _start(self) -> None:
        self.control, theirs = socket.socketpair()
        paths = os.pathsep.join(path for path in sys.path if path)
        settings = {"PYTHONPATH": paths, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        with theirs:
            self.process = subprocess.Popen(
                [sys.executable, "-P", "-m", "autograder.grading.worker"],
                stdin=theirs.fileno(),
                env=os.environ | settings,
            )
        self.ready = False
        with contextlib.suppress(channel.ChannelClosed):  # then waiting for it says so
            channel.send(self.control, self.description)

    def _wait(self) -> None:
        if self.ready:
            return
        try:
            answer = channel.receive_json(self.control, time.monotonic() + START)
        except channel.ChannelClosed as closed:
            raise UserError(
                "The process that evaluates submissions did not start, so nothing was run. Make room in memory and "
                "grade again; if it says so again, what it printed above says why."
            ) from closed
        if "error" in answer:
            raise UserError(answer["error"])
        self.control.settimeout(None)
        self.ready = True

    def _stop(self) -> None:
        if self.process:
            self.control.close()
            self.process.kill()
            self.process.wait()
            self.process = None
