"""Runs one rebuilt notebook in the sandbox and asks its functions. What comes back is untrusted until it is scored."""

import base64
import binascii
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import nbformat
from nbformat.v4 import new_output

from autograder import timing
from autograder.checking.mistakes import PreparedExercise
from autograder.checking.observation import Observation
from autograder.grading.cells import grade_id, is_demonstration, is_test
from autograder.sandbox.host.process import Sandbox, SandboxDied
from autograder.sandbox.protocol import wire
from autograder.sandbox.protocol.errors import CellError

MAX_OUTPUT = 20 * 2**20  # characters that the outputs of a whole notebook may have


@dataclass
class Run:
    """How a notebook's cells ran."""

    # by exercise that has no function, the error that stopped a cell of it
    stopped: dict[str, CellError] = field(default_factory=dict)
    late: int = 0  # how many cells ran out of time
    died: str | None = None


@timing.step("run")
def run_cells(sandbox: Sandbox, notebook: nbformat.NotebookNode, keep_outputs: bool = True) -> Run:
    """Run the student's cells in order, demonstrations left out, and keep their outputs in the notebook.

    Each function is taken at the place of its test, so that it is judged as it stood there.

    Args:
        keep_outputs: whether what cells show, and the messages of their errors, is kept.
    """
    run, stopped, room = Run(), None, MAX_OUTPUT
    try:
        for cell in notebook.cells:
            if is_test(cell):
                if not sandbox.capture(grade_id(cell)) and stopped:
                    run.stopped[grade_id(cell)] = stopped
                stopped = None
            elif cell.cell_type == "code" and cell.source.strip() and not is_demonstration(cell):
                error, outputs = sandbox.run_cell(cell.source)
                cell.outputs = plain_outputs(outputs, room) if keep_outputs else []
                room -= sum(map(_size, cell.outputs))
                run.late += error is not None and error.name == "TimeLimit"
                if error:
                    stopped = error if keep_outputs else CellError(error.name)
    except SandboxDied as died:
        run.died = str(died)
    return run


@timing.step("asked")
def ask(
    sandbox: Sandbox, prepared: PreparedExercise, substitutes: dict[str, Callable[..., Any]] | None = None
) -> dict[str, Observation]:
    """The trace of one exercise: every case asked, none after one that ran out of time.

    Raises:
        SandboxDied: if the student's process is gone.
    """
    exercise, trace = prepared.exercise, {}
    for name, case in prepared.cases.items():
        if any(seen.error == "TimeLimit" for seen in trace.values()):
            trace[name] = Observation(error="TimeLimit")
            continue
        packed = sandbox.call(
            exercise.name,
            wire.pack(case.args),
            strict=case.strict,
            library=exercise.library,
            substitutes=substitutes,
            functions=case.functions,
        )
        trace[name] = Observation.of(packed, exercise.view)
    return trace


def plain_outputs(outputs: Any, room: int = MAX_OUTPUT) -> list[nbformat.NotebookNode]:
    """The outputs of a cell, as far as they are text or PNG pictures in nbformat's form. Everything else is dropped.

    Args:
        room: how many characters are kept; from the first output on that does not fit, none is.
    """
    kept = []
    for output in outputs if isinstance(outputs, list) else []:
        plain = _plain(output) if isinstance(output, dict) else None
        if plain:
            room -= _size(plain)
            if room < 0:
                break
            kept.append(plain)
    return kept


def _plain(output: dict[str, Any]) -> nbformat.NotebookNode | None:
    if output.get("output_type") == "stream" and isinstance(output.get("text"), str):
        name = "stderr" if output.get("name") == "stderr" else "stdout"
        return new_output("stream", name=name, text=_writable(output["text"]))
    if output.get("output_type") in ("display_data", "execute_result") and isinstance(output.get("data"), dict):
        data = {}
        if isinstance(output["data"].get("text/plain"), str):
            data["text/plain"] = _writable(output["data"]["text/plain"])
        if _is_png(output["data"].get("image/png")):
            data["image/png"] = output["data"]["image/png"]
        return new_output("display_data", data=data)
    return None


def _writable(text: str) -> str:
    """The text with what no file in UTF-8 can hold, half a character, replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _size(output: nbformat.NotebookNode) -> int:
    return 100 + len(output.get("text", "")) + sum(map(len, output.get("data", {}).values()))


def _is_png(picture: Any) -> bool:
    try:
        return isinstance(picture, str) and base64.b64decode(picture, validate=True).startswith(b"\x89PNG")
    except (ValueError, binascii.Error):
        return False
