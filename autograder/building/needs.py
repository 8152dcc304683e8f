"""Which exercises each cell of a notebook needs: read from the names that cells use and define, without running any."""

import ast
import json
from collections.abc import Iterator

from nbformat import NotebookNode

from autograder.grading.cells import is_solution, is_test
from course.incomplete import cell_hash


def needs_of(notebook: NotebookNode) -> list[tuple[NotebookNode, list[str]]]:
    """Each code cell of a release notebook with the exercises that it needs, directly or through cells above it."""
    return [(cell, needed) for cell, needed, _ in _walk(notebook)]


def index_text(notebook: NotebookNode) -> str:
    """The text of a unit's needs.json, as ``course.incomplete.Needs`` reads it."""
    exercises, cells, names = [], [], {}
    for cell, needed, made in _walk(notebook):
        cells.append(cell_hash(cell.source))
        exercises += made if is_solution(cell) else []
        for name in [] if is_test(cell) else made:  # what a check works with is its own
            names[name] = list(dict.fromkeys([*names.get(name, []), *needed, *([name] if is_solution(cell) else [])]))
    index = {"exercises": exercises, "cells": cells, "names": dict(sorted(names.items()))}
    return json.dumps(index, indent=1) + "\n"


def _walk(notebook: NotebookNode) -> Iterator[tuple[NotebookNode, list[str], list[str]]]:
    """Each code cell, the exercises that it needs, and the names that it defines."""
    known: dict[str, list[str]] = {}
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        tree = _parsed(cell.source)
        made = list(dict.fromkeys(_defined(tree)))
        used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)}
        needed = list(dict.fromkeys(name for use in known if use in used for name in known[use]))
        yield cell, needed, made
        for name in [] if is_test(cell) else made:
            known[name] = [name] if is_solution(cell) else needed


def _parsed(source: str) -> ast.Module:
    try:
        return ast.parse(source)
    except SyntaxError:  # a magic, as in %matplotlib: it needs no exercise
        return ast.Module([], [])


def _defined(tree: ast.Module) -> Iterator[str]:
    """The names that a cell defines: at its top level, and within its loops and conditions."""
    for node in _outside_functions(tree):
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            yield node.name
        elif isinstance(node, ast.Import | ast.ImportFrom):
            for alias in node.names:
                yield (alias.asname or alias.name).split(".")[0]
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            yield node.id


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        yield child
        closed = (
            ast.FunctionDef | ast.ClassDef | ast.Lambda | ast.ListComp | ast.SetComp | ast.DictComp | ast.GeneratorExp
        )
        if not isinstance(child, closed):
            yield from _outside_functions(child)
