"""Starts an interpreter for one submission: as a program of its own, confined or not."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder.sandbox.host import bubblewrap


class Program:
    """An interpreter in a process of its own, which ends with all that it started.

    Attributes:
        input, output: descriptors that do not block. pid: the process above all of its own.
    """

    def __init__(self, command, **options):
        self.stderr = tempfile.TemporaryFile()  # noqa: SIM115 - read only if the start fails; later the runner writes nothing there
        # bubblewrap clears the environment of what it starts, but stands in /proc itself, with the one it was given
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "env": {}} | options
        self.process = subprocess.Popen(command, stderr=self.stderr, start_new_session=True, **pipes)
        self.pid = self.process.pid
        if self.process.stdin:
            self.input, self.output = self.process.stdin.fileno(), self.process.stdout.fileno()
            for descriptor in (self.input, self.output):
                os.set_blocking(descriptor, False)

    def error_output(self):
        """What it said when it did not start: the end of it, also when it has been ended since."""
        if not self.stderr.closed:
            self.stderr.seek(0)
            self.said = self.stderr.read(10**6).decode(errors="replace")[-1000:].strip()
        return self.said

    def broken(self):
        """Whether something that serves other submissions, too, has ended: what happens then is not a student's doing."""
        return False

    def end(self):
        """Kill it with everything in it."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.error_output()
        for file in (self.process.stdin, self.process.stdout, self.stderr):
            with contextlib.suppress(OSError, AttributeError):
                file.close()


class Unconfined(Program):
    """The same without any confinement, for a machine that has none."""

    def __init__(self):
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
        super().__init__([sys.executable, "-P", "-m", "sandbox.guest.runner"], env=environment, cwd=self.folder.name)

    def end(self):
        super().end()
        self.folder.cleanup()


def cold(font_cache=None, hidden=()):
    """A confined interpreter that is started from nothing. Arguments as in ``bubblewrap.command``."""
    return Program(bubblewrap.command(font_cache, hidden))
