"""What some students try instead of solving the exercises. None of it may earn anything."""

import copy
from collections.abc import Callable
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_output

from autograder.workspace import Workspace

OPENS_SOCKET = """
import socket
try:
    socket.create_connection(("127.0.0.1", 22), timeout=1)
    print("the network is open")
except OSError as error:
    print("no network:", error)
"""
INPUT_TRANSFORMER = """
get_ipython().input_transformers_cleanup.append(lambda lines: ["pass\\n"] if any("assert" in line or "checks." in line for line in lines) else lines)
"""
AST_TRANSFORMER = """
import ast
class DropTests(ast.NodeTransformer):
    def visit_Assert(self, node):
        return ast.Pass()
    def visit_Module(self, node):
        node.body = [self.visit(part) for part in node.body if not isinstance(part, ast.Expr)]
        return node
get_ipython().ast_transformers.append(DropTests())
"""
FORGED_REPLY = """
import sys
from IPython.core.interactiveshell import ExecutionResult, InteractiveShell
ExecutionResult.success = property(lambda self: True)
ExecutionResult.raise_error = lambda self: None
get_ipython().showtraceback = lambda *args, **kwargs: None
for frame in sys._current_frames().values():
    while frame:
        runner = frame.f_locals.get("channel")
        if runner is not None and hasattr(runner, "send"):
            honest = runner.send
            def send(message, honest=honest):
                if "NotImplementedError" in str(message.get("observation", {}).get("error")):
                    message = {"observation": {"value": 5.0, "again": 5.0, "inputs": {"tuple": []}}, "points": 100}
                honest(message)
            runner.send = send
        frame = frame.f_back
"""
PATCHED_ALLCLOSE = """
import numpy as np
np.allclose = np.array_equal = np.isclose = lambda *args, **kwargs: True
np.testing.assert_allclose = np.testing.assert_array_equal = lambda *args, **kwargs: None
import builtins
builtins.AssertionError = type("Quiet", (Exception,), {})
try:
    from course import checks
    for name in dir(checks):
        if callable(getattr(checks, name)) and not name.startswith("_"):
            setattr(checks, name, lambda *args, **kwargs: None)
except ImportError:
    pass
"""


def reads(workspace: Workspace) -> str:
    """Code that looks for the references, the gradebook and other students' work, and uses what it finds."""
    return f"""
found = []
for path in ({str(workspace.folder("submitted"))!r}, {str(workspace.root / "gradebook.db")!r},
             {str(workspace.folder("source"))!r}, {__file__!r}, "/etc/passwd", "/root", "/home"):
    try:
        import os
        found.append(os.listdir(path) if os.path.isdir(path) else open(path, "rb").read(100))
    except OSError as error:
        print("closed:", path, error.strerror)
try:
    from autograder.reference.rnn import *
    print("the references are open")
except ImportError as error:
    print("no references:", error)
"""


def updates_gradebook(workspace: Workspace) -> str:
    return f"""
import sqlite3, os
for path in ({str(workspace.root / "gradebook.db")!r}, "gradebook.db", "../gradebook.db", "../../gradebook.db"):
    try:
        with sqlite3.connect(path) as book:
            book.execute("UPDATE grade SET auto_score = 100, manual_score = 100")
        print("changed", path)
    except Exception as error:
        print("not changed:", error)
"""


def uses_own_helper(notebook: NotebookNode) -> NotebookNode:
    """Moves the work of the first solution into a cell of the student's own, above it."""
    notebook = copy.deepcopy(notebook)
    place = next(n for n, cell in enumerate(notebook.cells) if cell.metadata.get("nbgrader", {}).get("solution"))
    name = notebook.cells[place].source.removeprefix("def ").partition("(")[0]
    helper = copy.deepcopy(notebook.cells[place])
    helper.metadata, helper.id = {}, "my-helper"
    helper.source = helper.source.replace(f"def {name}(", "def my_helper(", 1)
    notebook.cells[place].source = f"def {name}(*given):\n    return my_helper(*given)"
    notebook.cells.insert(place, helper)
    return notebook


def without(notebook: NotebookNode, kind: Callable[[NotebookNode], bool]) -> NotebookNode:
    notebook = copy.deepcopy(notebook)
    notebook.cells = [cell for cell in notebook.cells if not kind(cell)]
    return notebook


def twice(notebook: NotebookNode, kind: Callable[[NotebookNode], bool]) -> NotebookNode:
    notebook = copy.deepcopy(notebook)
    notebook.cells = [copy.deepcopy(cell) for cell in notebook.cells for _ in range(2 if kind(cell) else 1)]
    return notebook


def retyped(notebook: NotebookNode, kind: Callable[[NotebookNode], bool]) -> NotebookNode:
    """Turns cells of a kind into text."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        if kind(cell):
            cell.cell_type = "markdown"
            for key in ("outputs", "execution_count"):
                cell.pop(key, None)
    return notebook


def changed(notebook: NotebookNode, change: Callable[[NotebookNode], Any]) -> NotebookNode:
    """Changes every test cell in place with ``change(cell)``."""
    notebook = copy.deepcopy(notebook)
    for cell in notebook.cells:
        nbgrader = cell.metadata.get("nbgrader", {})
        if nbgrader.get("grade") and not nbgrader.get("solution"):
            change(cell)
    return notebook


def _skip(cell: NotebookNode) -> None:
    cell.metadata["tags"] = ["skip-execution"]


def _five(cell: NotebookNode) -> None:
    cell.source = "5.0"
    cell.outputs = [new_output("execute_result", data={"text/plain": "5.0"}, execution_count=1)]


def shadows_numpy(submit: Callable[[Path], Any]) -> Callable[[Path], None]:
    """Hands in a folder named like a package beside the notebook."""

    def hand_in(folder: Path) -> None:
        submit(folder)
        for package in ("numpy", "course", "sandbox"):
            (folder / package).mkdir()
            (folder / package / "__init__.py").write_text("allclose = lambda *args, **kwargs: True\n")

    return hand_in


CHEATS = {
    "skips_the_tests": lambda notebook, extra: changed(notebook, _skip),
    "transforms_the_input": lambda notebook, extra: extra(notebook, INPUT_TRANSFORMER),
    "drops_the_asserts": lambda notebook, extra: extra(notebook, AST_TRANSFORMER),
    "forges_the_reply": lambda notebook, extra: extra(notebook, FORGED_REPLY),
    "patches_allclose": lambda notebook, extra: extra(notebook, PATCHED_ALLCLOSE),
    "turns_the_test_into_5": lambda notebook, extra: changed(notebook, _five),
}
