"""The fork server, seen from outside: one warm interpreter in bubblewrap, and a confined fork of it for each submission."""

import contextlib
import os
import select
import signal
import socket
import threading
import time
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Self

from autograder.sandbox.host import bubblewrap
from autograder.sandbox.host.interpreters import Program

START = 60  # seconds


class ForkServer:
    """A context manager; ``fork`` starts an interpreter in a few milliseconds.

    Args:
        font_cache, hidden: as in ``bubblewrap.command``.

    Raises:
        bubblewrap.SandboxUnavailable: from ``with`` and from ``fork``, if it does not start.
    """

    def __init__(self, font_cache: Path | None = None, hidden: Iterable[Path] = ()) -> None:
        disk = str(bubblewrap.MAX_DISK)
        self.command = bubblewrap.command(font_cache, hidden, ("sandbox.guest.forkserver", disk))
        self.lock = threading.Lock()
        self.keeper = ThreadPoolExecutor(1)  # bubblewrap ends with the thread that started it: this one stays

    def __enter__(self) -> Self:
        self.control, theirs = socket.socketpair()
        with theirs:
            self.program = self.keeper.submit(Server, self.command, theirs).result()
        self.control.settimeout(START)
        try:
            said = self.control.recv(16)
        except OSError:
            said = b""
        if said != b"ready":
            error_output = self.program.error_output()
            self.__exit__()
            raise bubblewrap.SandboxUnavailable(
                f"The fork server did not start, so nothing was run. It said: {error_output or 'nothing'}"
            )
        return self

    def __exit__(self, *_: object) -> None:
        self.program.end()
        self.control.close()

    def fork(self) -> "Fork":
        """A new child. A fork server that is gone is started again first."""
        ours, theirs = socket.socketpair()
        with theirs, self.lock:
            try:
                socket.send_fds(self.control, [b"\1"], [theirs.fileno()])
            except OSError:
                self.__exit__()
                self.__enter__()
                socket.send_fds(self.control, [b"\1"], [theirs.fileno()])
            program = self.program
        return Fork(ours, program)


class Server(Program):
    """The fork server's program: requests come over a socket that is its standard input."""

    def __init__(self, command: list[str], control: socket.socket) -> None:
        super().__init__(command, stdin=control)

    def broken(self) -> bool:
        return self.process.poll() is not None


class Fork:
    """One child, used like ``interpreters.Program``. Its first process is known by a descriptor."""

    def __init__(self, channel: socket.socket, server: Server) -> None:
        self.channel, self.server = channel, server
        self.first: int | None = None
        channel.settimeout(START)
        try:
            said, descriptors, _, _ = socket.recv_fds(channel, 600, 1)
        except OSError:
            said, descriptors = b"", []
        if not descriptors:
            channel.close()
            raise bubblewrap.SandboxUnavailable(
                "A submission could not be confined, so it was not run. "
                f"It said: {said[1:].decode(errors='replace') or 'nothing'}"
            )
        [self.first] = descriptors
        channel.setblocking(False)
        self.input = self.output = channel.fileno()
        with open(f"/proc/self/fdinfo/{self.first}", encoding="ascii") as facts:
            self.pid = next(int(line.split()[1]) for line in facts if line.startswith("Pid:"))

    def error_output(self) -> str:
        return ""

    def broken(self) -> bool:
        return self.server.broken()

    def kill(self) -> None:
        """Kill its first process: the kernel then ends all of its namespace."""
        if self.first is not None:
            with contextlib.suppress(ProcessLookupError):
                signal.pidfd_send_signal(self.first, signal.SIGKILL)

    def end(self) -> None:
        """Kill it with everything in it, and wait until it is gone."""
        if self.first is None:
            return
        self.kill()
        until = time.monotonic() + START
        while not select.select([self.first], [], [], 1)[0] and time.monotonic() < until:
            pass
        os.close(self.first)
        self.first = None
        self.channel.close()
