"""Looks for what students must never see: lines of the references, of the hidden blocks, of the known mistakes."""

import ast
import inspect
import json
import textwrap
from pathlib import Path

from autograder.exercises import UNITS, exercises_of

SHORTEST = 24  # characters: shorter lines, like `return loss, gradients`, are anybody's
MARKS = ("BEGIN SOLUTION", "END SOLUTION", "BEGIN HIDDEN TESTS", "END HIDDEN TESTS", "autograder")


def body_lines(function):
    """The lines of a function's body, without its docstring; of a class, those of its methods' bodies."""
    source = textwrap.dedent(inspect.getsource(function))
    lines = source.splitlines()
    [node] = ast.parse(source).body
    bodies = [node]
    if isinstance(node, ast.ClassDef):  # what stands around the bodies, readers are given
        bodies = [method for method in node.body if isinstance(method, ast.FunctionDef)]
    found = []
    for body in bodies:
        first = body.body[1] if ast.get_docstring(body) and len(body.body) > 1 else body.body[0]
        found += [line.strip().removeprefix("return ") for line in lines[first.lineno - 1 : body.end_lineno]]
    return found


def secrets_of(units=UNITS):
    """Everything that must not leave the house: a dict from text to what it is."""
    found = {mark: "a mark of the instructor's side" for mark in MARKS}
    for unit in units:
        for exercise in exercises_of(unit).values():
            for line in body_lines(exercise.reference):
                found[line] = f"a line of the reference solution of {exercise.name}"
            for mistake in exercise.mistakes.values():
                found[mistake.hint] = f"the hint of {mistake.id}"
                if exercise.wrote(mistake.function):
                    for line in body_lines(mistake.function):
                        found.setdefault(line, f"a line of the wrong version {mistake.id}")
    return {text: what for text, what in found.items() if len(text) >= SHORTEST or text in MARKS}


def text_of(path):
    """The searchable text of a file: for a notebook, the sources, outputs and metadata unescaped."""
    raw = path.read_text(encoding="utf-8", errors="replace")
    if path.suffix != ".ipynb":
        return raw
    try:
        return "\n".join(_strings(json.loads(raw)))
    except ValueError:
        return raw


def _strings(value):
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


def leaks_in(folder, secrets=None):
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
