"""The one place that knows what nbgrader writes into a cell."""

from nbformat import NotebookNode
from nbformat.v4 import new_output

DEMONSTRATION = "skip-execution"


def grade_id(cell: NotebookNode) -> str | None:
    """The cell's grade id, or None; also for a hostile notebook in which anything may stand there."""
    metadata = cell.get("metadata")
    nbgrader = metadata.get("nbgrader") if isinstance(metadata, dict) else None
    found = nbgrader.get("grade_id") if isinstance(nbgrader, dict) else None
    return found if isinstance(found, str) else None


def exercise_name(cell: NotebookNode) -> str:
    """The exercise that a test cell of ours is for."""
    return cell.metadata.nbgrader.grade_id


def is_solution(cell: NotebookNode) -> bool:
    """A cell of a notebook of ours that students fill in."""
    return cell.metadata.get("nbgrader", {}).get("solution", False)


def is_test(cell: NotebookNode) -> bool:
    """A cell of a notebook of ours that is graded by machine."""
    nbgrader = cell.metadata.get("nbgrader", {})
    return cell.cell_type == "code" and nbgrader.get("grade", False) and not nbgrader.get("solution", False)


def is_demonstration(cell: NotebookNode) -> bool:
    """A cell that grading skips."""
    return DEMONSTRATION in cell.metadata.get("tags", [])


def write_verdict(cell: NotebookNode, message: str, points: float) -> None:
    """Put a verdict into a test cell: nbgrader reads the number, full marks and zero included; people read the message."""
    cell.outputs = [
        new_output("stream", name="stdout", text=message + "\n"),
        new_output("execute_result", data={"text/plain": f"{points:g}" if points else "0.0"}, execution_count=None),
    ]
