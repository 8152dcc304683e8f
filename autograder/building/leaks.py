"""Looks for what students must never see: lines of the references, of the hidden blocks, of the known mistakes."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from autograder.building.function_source import body_lines
from autograder.exercises import UNITS, exercises_of

SHORTEST = 24  # characters: shorter lines, like `return loss, gradients`, are anybody's
MARKERS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "autograder")


def secrets_of(units: Iterable[str] = tuple(UNITS)) -> dict[str, str]:
    """Everything that must not leave the house: a dict from text to what it is."""
    found = {marker: "a marker of the instructor's side" for marker in MARKERS}
    for unit in units:
        for exercise in exercises_of(unit).values():
            for line in body_lines(exercise.reference):
                found[line] = f"a line of the reference solution of {exercise.name}"
            for mistake in exercise.mistakes.values():
                found[mistake.hint] = f"the hint of {mistake.id}"
                if exercise.wrote(mistake.function):
                    for line in body_lines(mistake.function):
                        found.setdefault(line, f"a line of the wrong version {mistake.id}")
    return {text: what for text, what in found.items() if len(text) >= SHORTEST or text in MARKERS}


def text_of(path: Path) -> str:
    """The searchable text of a file: for a notebook, the sources, outputs and metadata unescaped."""
    raw = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix != ".ipynb":
        return raw
    try:
        return "\n".join(_strings(json.loads(raw)))
    except ValueError:
        return raw


def _strings(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for item in value.values():
            yield from _strings(item)
    elif isinstance(value, list):
        # a cell's source may be a list of lines: joined, so that nothing hides at a line's end
        if value and all(isinstance(item, str) for item in value):
            yield "".join(value)
        else:
            for item in value:
                yield from _strings(item)


def leaks_in(folder: Path | str, secrets: Mapping[str, str] | None = None) -> list[str]:
    """What a folder gives away: a list of sentences, empty when it gives away nothing.

    Args:
        folder: all files below it are read. secrets: from ``secrets_of``; all units' by default.
    """
    secrets = secrets_of() if secrets is None else secrets
    found = []
    for path in sorted(Path(folder).rglob("*")):
        if not path.is_file() or "__pycache__" in path.parts:
            continue
        text = text_of(path)
        flat = " ".join(text.split())
        found += [f"{path}: {what}: {secret}" for secret, what in secrets.items() if secret in text or secret in flat]
    return found
