"""Runs notebook cells in IPython and keeps what they show: text and PNG pictures, bounded; nothing else."""

import base64
import signal
import sys
from collections.abc import Iterable
from typing import Any

from IPython.core.displayhook import DisplayHook
from IPython.core.displaypub import DisplayPublisher
from IPython.core.interactiveshell import InteractiveShell
from traitlets.config import Config

from ..protocol.errors import describe_error

MAX_TEXT = 50_000  # characters a cell may show
MAX_PICTURES = 12
MAX_PICTURE = 1_500_000  # characters of base64, each
MAX_PICTURED = 5_000_000  # and all of a cell together: one message has to hold them


class TimeLimit(BaseException):
    """Raised inside student code when its time is up. Not an Exception, so that ``except Exception`` lets it pass."""


class time_limit:
    """Interrupts the block with ``TimeLimit`` after so many seconds; and again, if it goes on, after 1, 2, 4, ... more.

    The pauses grow because what follows an interrupt, such as writing down where it came, may take long on a busy
    machine: interrupted every second, it would never come to its end.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds, self.pause = seconds, 1.0

    def __enter__(self) -> None:
        signal.signal(signal.SIGALRM, self.interrupt)
        signal.setitimer(signal.ITIMER_REAL, self.seconds)

    def interrupt(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, self.pause)
        self.pause *= 2
        raise TimeLimit

    def __exit__(self, *_: object) -> None:
        signal.setitimer(signal.ITIMER_REAL, 0)


class Outputs:
    """The outputs of one cell, in nbformat's form, in order."""

    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.characters, self.pictures, self.pictured = 0, 0, 0

    def text(self, stream: str, text: str) -> None:
        room = MAX_TEXT - self.characters
        if room <= 0 or not text:
            return
        self.characters += len(text)
        if len(text) > room:
            text = text[:room] + "\n[the rest of this output was not kept]\n"
        last = self.entries[-1] if self.entries else None
        if last and last.get("name") == stream:
            last["text"] += text
        else:
            self.entries.append({"output_type": "stream", "name": stream, "text": text})

    def shown(self, data: dict[str, Any], output_type: str = "display_data") -> None:
        kept = {}
        if isinstance(data.get("text/plain"), str) and self.characters < MAX_TEXT:
            kept["text/plain"] = data["text/plain"][: MAX_TEXT - self.characters]
            self.characters += 1 + len(kept["text/plain"])
        picture = data.get("image/png")
        if isinstance(picture, bytes):
            picture = base64.b64encode(picture).decode("ascii")
        if isinstance(picture, str) and len(picture) <= MAX_PICTURE and self._has_room_for(picture):
            kept["image/png"] = picture
            self.pictures += 1
            self.pictured += len(picture)
        if kept:
            entry = {"output_type": output_type, "data": kept, "metadata": {}}
            self.entries.append(entry | ({"execution_count": None} if output_type == "execute_result" else {}))

    def _has_room_for(self, picture: str) -> bool:
        return self.pictures < MAX_PICTURES and self.pictured + len(picture) <= MAX_PICTURED


class Stream:
    """A substitute for sys.stdout or sys.stderr."""

    encoding, errors, closed = "utf-8", "replace", False

    def __init__(self, runner: "CellRunner", name: str) -> None:
        self.runner, self.name = runner, name

    def write(self, text: str) -> int:
        self.runner.outputs.text(self.name, str(text))
        return len(text)

    def writelines(self, lines: Iterable[str]) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None:
        pass

    def isatty(self) -> bool:
        return False

    def fileno(self) -> int:
        raise OSError("this stream has no file")


class CellRunner:
    """One IPython shell and the outputs of the cell that runs in it."""

    def __init__(self) -> None:
        self.outputs = Outputs()
        runner = self

        class Publisher(DisplayPublisher):
            def publish(self, data: dict[str, Any], *_: Any, **__: Any) -> None:  # type: ignore[override]
                runner.outputs.shown(data)

            def clear_output(self, wait: bool = False) -> None:
                runner.outputs = Outputs()

        class Hook(DisplayHook):
            def write_output_prompt(self) -> None:
                pass

            def write_format_data(self, format_dict: dict[str, Any], md_dict: Any = None) -> None:
                runner.outputs.shown(format_dict, "execute_result")

        class Shell(InteractiveShell):
            def enable_gui(self, gui: str | None = None) -> None:
                pass  # %matplotlib asks for it; pictures need no window

        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        self.shell = Shell.instance(config=config, display_pub_class=Publisher, displayhook_class=Hook)
        sys.stdout, sys.stderr = Stream(self, "stdout"), Stream(self, "stderr")

    def run(self, source: str, seconds: float) -> tuple[dict[str, Any] | None, list[dict[str, Any]]]:
        """Run one cell. Returns what it raised, as ``describe_error`` writes it, or None; and its outputs."""
        self.outputs = Outputs()
        error = None
        try:
            with time_limit(seconds):
                result = self.shell.run_cell(source, store_history=False)
            raised = result.error_before_exec or result.error_in_exec
            error = None if raised is None else describe_error(raised)
        except BaseException as escaped:
            error = describe_error(escaped)
        if error and error["error"] == "TimeLimit":
            self.outputs.text("stderr", f"\nThis cell was stopped: it took longer than {seconds:g} seconds.\n")
        return error, self.outputs.entries

    def drop_output(self) -> None:
        """Drop all that is printed from now on."""
        self.outputs = Outputs()
        self.outputs.characters, self.outputs.pictures = MAX_TEXT, MAX_PICTURES
