"""Runs one rebuilt notebook in the sandbox and asks its functions. What comes back is untrusted until it is scored."""

import base64
import binascii
from dataclasses import dataclass, field

from nbformat.v4 import new_output

from autograder.exercises.exercise import Observation
from autograder.grading.cells import grade_id, is_demonstration, is_test
from autograder.sandbox.inside import wire
from autograder.sandbox.inside.observing import EXCEPTIONS
from autograder.sandbox.process import SandboxDied


@dataclass
class Run:
    """How a notebook's cells ran."""

    stopped: dict = field(default_factory=dict)  # exercise that has no function -> the error that stopped a cell of it
    late: int = 0  # how many cells ran out of time
    died: str | None = None


def run_cells(sandbox, notebook):
    """Run the student's cells in order, demonstrations left out, and keep their outputs in the notebook.

    Each function is taken at the place of its test, so that it is judged as it stood there.
    """
    run, stopped = Run(), None
    try:
        for cell in notebook.cells:
            if is_test(cell):
                if not sandbox.take(grade_id(cell)) and stopped:
                    run.stopped[grade_id(cell)] = stopped
                stopped = None
            elif cell.cell_type == "code" and cell.source.strip() and not is_demonstration(cell):
                error, outputs = sandbox.run_cell(cell.source)
                cell.outputs = plain_outputs(outputs)
                run.late += error == "TimeLimit"
                if error:
                    stopped = error if error in EXCEPTIONS else "Exception"
    except SandboxDied as died:
        run.died = str(died)
    return run


def ask(sandbox, questions, provide=None):
    """The trace of one exercise: every case asked, none after one that ran out of time.

    Raises:
        SandboxDied: if the student's process is gone.
    """
    exercise, trace = questions.exercise, {}
    for name, case in questions.cases.items():
        if any(seen.error == "TimeLimit" for seen in trace.values()):
            trace[name] = Observation(error="TimeLimit")
            continue
        packed = sandbox.ask(
            exercise.name,
            wire.pack(case.args),
            strict=case.strict,
            library=exercise.library,
            provide=provide,
            functions=exercise.functions,
        )
        trace[name] = Observation.of(packed, exercise.view)
    return trace


def plain_outputs(outputs):
    """The outputs of a cell, as far as they are text or PNG pictures in nbformat's form. Everything else is dropped."""
    kept = []
    for output in outputs if isinstance(outputs, list) else []:
        if not isinstance(output, dict):
            continue
        if output.get("output_type") == "stream" and isinstance(output.get("text"), str):
            name = "stderr" if output.get("name") == "stderr" else "stdout"
            kept.append(new_output("stream", name=name, text=output["text"]))
        elif output.get("output_type") in ("display_data", "execute_result") and isinstance(output.get("data"), dict):
            data = {}
            if isinstance(output["data"].get("text/plain"), str):
                data["text/plain"] = output["data"]["text/plain"]
            if _is_png(output["data"].get("image/png")):
                data["image/png"] = output["data"]["image/png"]
            kept.append(new_output("display_data", data=data))
    return kept


def _is_png(picture):
    try:
        return isinstance(picture, str) and base64.b64decode(picture, validate=True).startswith(b"\x89PNG")
    except (ValueError, binascii.Error):
        return False
