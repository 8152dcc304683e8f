"""Whether this computer has what the course needs. Every line says OK, or what to do."""

import html
import importlib
import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from IPython.display import display
from jupyter_core.paths import jupyter_config_path, jupyter_path
from packaging.version import Version

PYTHON = (3, 11)
PACKAGES = {"numpy": "2.0", "matplotlib": "3.10", "ipywidgets": "8.1"}  # the least version of each
TORCH = "2.13.0"  # what grading runs
VALIDATE = ("@jupyter/nbgrader", "jupyter_server_config.d/nbgrader.json")  # the button, and what answers it
ROOM, MEMORY = 100, 1000  # MB
MEMORY_FILES = ("/proc/meminfo", "/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes")
INSTALL = "In the folder of the course run: pip install -e . and then restart the kernel (Kernel > Restart)."


@dataclass(frozen=True)
class Line:
    """One line of the self-test. ``verdict``: "OK", "optional" (the course goes on without it) or "to do"."""

    what: str
    verdict: str
    said: str


def python(version: Sequence[Any] = sys.version_info) -> Line:
    """Whether Python is new enough. ``version``: a tuple like (3, 11, 4)."""
    here = ".".join(map(str, version[:3]))
    if tuple(version[:2]) >= PYTHON:
        return Line("Python", "OK", here)
    least = ".".join(map(str, PYTHON))
    return Line("Python", "to do", f"This is {here}, and the course needs {least}. Install it, then the course anew.")


def package(name: str, least: str) -> Line:
    """Whether a package can be imported in at least this version."""
    try:
        module = importlib.import_module(name)
    except ImportError:
        return Line(name, "to do", f"It is not installed. {INSTALL}")
    except Exception as error:  # a package that is half there fails in any way
        return Line(name, "to do", f"It is installed but cannot be loaded ({type(error).__name__}). {INSTALL}")
    here = str(getattr(module, "__version__", "0"))
    if Version(here) < Version(least):
        return Line(name, "to do", f"This is {here}, and the course needs {least} or newer. {INSTALL}")
    return Line(name, "OK", here)


def torch(name: str = "torch") -> Line:
    """Whether torch is here. Units 01 to 08 go on without it."""
    found = package(name, "0")
    if found.verdict != "OK":
        return Line(
            "torch",
            "optional",
            f"{found.said.partition('. ')[0].rstrip('.')}. Units 01 to 08 work without it: their comparisons and experiments with "
            "torch step aside, and the exercises that load your weights into torch wait. Units after them need it. To have it: "
            f"pip install torch=={TORCH}, then restart the kernel.",
        )
    if Version(found.said).public != TORCH:
        return Line("torch", "OK", f"{found.said}; grading runs {TORCH}, which should make no difference to you")
    return Line("torch", "OK", found.said)


def validate(places: Sequence[str] | None = None, configs: Sequence[str] | None = None) -> Line:
    """Whether nbgrader's Validate button is installed. ``places``, ``configs``: folders to look in; Jupyter's by default."""
    places = jupyter_path("labextensions") if places is None else places
    configs = jupyter_config_path() if configs is None else configs
    here = [
        any(Path(folder, part).exists() for folder in where)
        for where, part in zip((places, configs), VALIDATE, strict=True)
    ]
    if all(here):
        return Line("Validate button", "OK", "it is installed: look for Validate in the toolbar of a unit")
    return Line(
        "Validate button",
        "to do",
        f"nbgrader's {'server part' if here[0] else 'button'} was not found beside this kernel. {INSTALL} Then start JupyterLab "
        "again. If you see Validate in the toolbar all the same, or if your class does without, all is well: Run > Restart "
        "Kernel and Run All Cells checks the same cells.",
    )


def folder(path: str | Path = ".") -> Line:
    """Whether notebooks can be saved here: the folder takes a file, and the disk has room."""
    path = Path(path).resolve()
    try:
        with tempfile.NamedTemporaryFile(dir=path, prefix=".selftest-") as file:
            file.write(b"x")
        return room(shutil.disk_usage(path).free // 10**6)
    except OSError as error:
        return Line(
            "saving",
            "to do",
            f"Nothing can be written into {path} ({error.strerror}), so your work could not be saved. Copy the course "
            "into a folder of your own and open it there.",
        )


def room(megabytes: int) -> Line:
    """Whether so much free disk is enough."""
    if megabytes < ROOM:
        return Line(
            "saving", "to do", f"Only {megabytes} MB are free on this disk. Make room for {ROOM} MB before you go on."
        )
    return Line("saving", "OK", "this folder can be written to")


def memory(files: Iterable[str] = MEMORY_FILES) -> Line:
    """Whether there is memory enough: of the machine, or of the part of it that was given to us (as on Binder)."""
    found = [size for size in map(_megabytes, files) if size]
    if not found:
        return Line("memory", "OK", f"this system does not say how much there is; {MEMORY} MB are plenty")
    least = min(found)
    if least < MEMORY:
        return Line(
            "memory",
            "to do",
            f"There are {least} MB, and a unit may use {MEMORY}. Close other notebooks with Kernel > Shut Down All Kernels, "
            "and programs that you do not need.",
        )
    return Line("memory", "OK", f"{least} MB, and a unit uses at most {MEMORY}")


def _megabytes(file: str) -> int | None:
    """What one of the files says, in MB: free memory in /proc/meminfo, or a limit. None where it says nothing."""
    try:
        lines = Path(file).read_text().splitlines()
        [kibibytes] = [line.split()[1] for line in lines if line.startswith("MemAvailable")] or [None]
        return int(kibibytes) * 1024 // 10**6 if kibibytes else int(lines[0]) // 10**6
    except (OSError, ValueError, IndexError):  # no such file here, or "max": no limit
        return None


def cores(count: int | None = None) -> Line:
    """How many processor cores this kernel may use. One is enough."""
    count = count or (len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
    said = "1: enough; training takes about twice the time that a unit states" if count == 1 else str(count)
    return Line("processor cores", "OK", said)


def lines() -> list[Line]:
    """Every line of the self-test, in order."""
    return [
        python(),
        *(package(name, least) for name, least in PACKAGES.items()),
        torch(),
        validate(),
        folder(),
        memory(),
        cores(),
    ]


def verdict(found: Iterable[Line]) -> str:
    """All lines in one sentence."""
    todo = [line.what for line in found if line.verdict == "to do"]
    if todo:
        return f"To do: {', '.join(todo)}. The lines say how. Then run this cell again."
    if any(line.verdict == "optional" for line in found):
        return "You can start. What is optional can wait."
    return "All is well: you can start."


def run() -> None:
    """Run the self-test and display its lines."""
    found = lines()
    cell = 'style="text-align: left; white-space: normal"'
    signs = {"OK": "✓ OK", "optional": "○ optional", "to do": "✗ to do"}
    rows = "".join(
        f'<tr><th scope="row" {cell}>{html.escape(line.what)}</th><td {cell}>{signs[line.verdict].replace(" ", "&nbsp;")}</td>'
        f"<td {cell}>{html.escape(line.said)}</td></tr>"
        for line in found
    )
    plain = [f"{line.what}: {line.verdict}. {line.said}" for line in found]
    page = f"<table><tbody>{rows}</tbody></table><p><b>{html.escape(verdict(found))}</b></p>"
    display({"text/html": page, "text/plain": "\n".join([*plain, verdict(found)])}, raw=True)


def listen() -> Any:
    """A button and a slider that answer, if what you do in the page reaches the kernel.

    Returns:
        the box of both; None, and a sentence, where ipywidgets is missing.
    """
    try:
        import ipywidgets  # here, so that the rest of the self-test can say that it is missing
    except ImportError:
        print(f"There are no widgets without ipywidgets. {INSTALL}")
        return None
    heard = ipywidgets.HTML("<i>Nothing heard yet.</i>")
    button = ipywidgets.Button(description="Do you hear me?", layout={"width": "12em"})
    slider = ipywidgets.IntSlider(0, min=0, max=10, description="and this?")
    button.on_click(lambda _: _answer(heard, "The kernel heard your click."))
    slider.observe(lambda change: _answer(heard, f"The kernel heard: the slider stands at {change['new']}."), "value")
    box = ipywidgets.VBox([ipywidgets.HBox([button, slider]), heard])
    display(box)
    return box


def _answer(heard: Any, sentence: str) -> None:
    heard.value = f"<b>✓ {sentence}</b>"
