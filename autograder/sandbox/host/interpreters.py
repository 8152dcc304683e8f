"""Interpreters for one submission that are programs of their own: confined, or not."""

import contextlib
import os
import signal
import subprocess
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from autograder.sandbox.host import bubblewrap


class Program:
    """An interpreter in a process of its own, which ends with all that it started.

    Attributes:
        input, output: descriptors that do not block. pid: the process above all of its own.
    """

    def __init__(self, command: list[str], **options: Any) -> None:
        self.said = ""
        self.stderr = tempfile.TemporaryFile()  # noqa: SIM115 - read only if the start fails; later the runner writes nothing there
        # bubblewrap clears the environment of what it starts, but stands in /proc itself, with the one it was given
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "env": {}} | options
        self.process = subprocess.Popen(command, stderr=self.stderr, start_new_session=True, **pipes)
        self.pid = self.process.pid
        if self.process.stdin and self.process.stdout:
            self.input, self.output = self.process.stdin.fileno(), self.process.stdout.fileno()
            for descriptor in (self.input, self.output):
                os.set_blocking(descriptor, False)

    def error_output(self) -> str:
        """The end of what it wrote to standard error, also after it has ended."""
        if not self.stderr.closed:
            self.stderr.seek(0)
            self.said = self.stderr.read(10**6).decode(errors="replace")[-1000:].strip()
        return self.said

    def broken(self) -> bool:
        """Whether something that serves other submissions, too, has ended: that is not a student's doing."""
        return False

    def kill(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)

    def end(self) -> None:
        """Kill it with everything in it, and wait until it is gone."""
        self.kill()
        self.process.wait()
        self.error_output()
        for file in (self.process.stdin, self.process.stdout, self.stderr):
            with contextlib.suppress(OSError):
                if file:
                    file.close()


class Unconfined(Program):
    """The same without any confinement, for a machine that has none."""

    def __init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="unconfined-", ignore_cleanup_errors=True)
        for part in ("guest", "protocol"):  # as they lie in a confined one
            package = Path(self.folder.name, ".packages", "sandbox", part)
            package.parent.mkdir(parents=True, exist_ok=True)
            package.symlink_to(bubblewrap.SANDBOX / part)
        environment = bubblewrap.environment() | {
            "HOME": self.folder.name,
            "TMPDIR": self.folder.name,
            "MPLCONFIGDIR": self.folder.name,
            "IPYTHONDIR": self.folder.name,
            "PYTHONPATH": os.pathsep.join(
                [f"{self.folder.name}/.packages", str(bubblewrap.package_folder("course").parent)]
            ),
        }
        super().__init__(
            [bubblewrap.python(), "-P", "-m", "sandbox.guest.runner"], env=environment, cwd=self.folder.name
        )

    def end(self) -> None:
        super().end()
        self.folder.cleanup()


def cold(font_cache: Path | None = None, hidden: Iterable[Path] = ()) -> Program:
    """A confined interpreter that is started from nothing. Arguments as in ``bubblewrap.command``."""
    return Program(bubblewrap.command(font_cache, hidden))
