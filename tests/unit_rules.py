"""What a unit must keep to: hints, predictions whose answers no cell gives away, and what its visible checks catch."""

import ast
import re
from collections.abc import Callable
from typing import Any

from nbformat import NotebookNode

from autograder.exercises import exercise_named
from autograder.grading.cells import grade_id, is_solution
from course import checks
from course.predictions import PREDICTIONS

HINT = re.compile(r"<details>\s*<summary>\s*Hint (\d+):\s*(.*?)</summary>(.*?)</details>", re.DOTALL)
ASKED = re.compile(r"\bwidgets\.(?:predict|reveal)\(\s*[\"'](\w+)[\"']\s*[,)]")
SHORTEST = 12  # letters: a shorter answer, like "it grows", also stands in other sentences


def check_passes(name: str, function: Callable[..., Any], *further: Any) -> bool:
    """Whether an exercise's visible check passes ``function``. ``further``: the other arguments of the check."""
    try:
        getattr(checks, name)(function, *further)
    except checks.CheckFailed:
        return False
    return True


def let_pass(name: str, *further: Any) -> set[str]:
    """The known mistakes that an exercise's visible check lets pass, by name."""
    mistakes = exercise_named(name).mistakes
    return {called for called, mistake in mistakes.items() if check_passes(name, mistake.function, *further)}


def hints_of(notebook: NotebookNode) -> dict[str, int]:
    """How many hints each exercise has in the text right above its solution cell.

    Raises:
        AssertionError: if hints are not numbered 1, 2, ..., or one is empty, or the last is not a ``</details>`` block.
    """
    found: dict[str, int] = {}
    for above, cell in zip([None, *notebook.cells], notebook.cells, strict=False):
        if cell.cell_type != "code" or not is_solution(cell):
            continue
        name = (grade_id(cell) or "").removesuffix("_solution")
        text = above.source if above is not None and above.cell_type == "markdown" else ""
        hints = HINT.findall(text)
        assert [int(number) for number, _, _ in hints] == list(range(1, len(hints) + 1)), f"{name}: number the hints"
        assert text.count("<details>") == text.count("</details>") == len(hints), f"{name}: a hint is not well formed"
        for number, question, body in hints:
            assert question.strip() and body.strip(), f"{name}: hint {number} is empty"
            # Markdown inside HTML is read as Markdown only after an empty line
            assert body.startswith("\n\n"), f"{name}: leave an empty line after the summary of hint {number}"
        found[name] = len(hints)
    return found


def predictions_in(notebook: NotebookNode) -> list[str]:
    """The names of the predictions that a notebook asks or reveals, in order."""
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    return list(dict.fromkeys(name for source in sources for name in ASKED.findall(source)))


def spoilers_in(notebook: NotebookNode) -> list[str]:
    """Where a notebook's cells hold the answer or the explanation of a prediction in it: sentences, empty if nowhere.

    An alt text or a title in a cell's source is found as well. A short answer counts only as a whole string of code.
    """
    said = []
    for name in predictions_in(notebook):
        if name not in PREDICTIONS:
            said.append(f"there is no prediction {name!r} in course/predictions")
            continue
        prediction = PREDICTIONS[name]
        sentences = re.split(r"(?<=[.:;])\s+", prediction.explanation)
        for cell in notebook.cells:
            text = _plain(cell.source)
            strings = _strings(cell.source) if cell.cell_type == "code" else set()
            for secret in (prediction.answer, *sentences):
                words = _plain(secret).rstrip(".:;")
                if words in text if len(words) >= SHORTEST else words in strings:
                    said.append(f"{name}: cell {cell.id} holds “{secret}”")
    return said


def _plain(text: str) -> str:
    return " ".join(text.lower().replace('"', " ").split())


def _strings(source: str) -> set[str]:
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return set()
    return {
        _plain(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }
