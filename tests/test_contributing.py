"""CONTRIBUTING is true: its walks and names lead to what is there, and its example of an exercise passes the bank."""

import ast
import re
import sys
from types import ModuleType, SimpleNamespace

import numpy as np
import pytest

from autograder.reference import gru
from autograder.reporting.bank_check import outcome
from course.checks import gru as check_module
from tests.conftest import ROOT

TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
STEPS = re.findall(r"`([\w/]+\.py): ([\w.]+)`", TEXT)
PATHS = set(re.findall(r"`((?:\w+/)+\w+(?:\.py|/))`", TEXT))
NAMES = TEXT.partition("# Names")[2].partition("\n# ")[0]
REFERENCE, EXERCISE, CHECK, CELLS = re.findall(r"^```python\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)


def defined(path):
    """The functions, classes, methods and attributes that a file defines, the latter two after the name of the class."""
    found = set()
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        found |= {getattr(node, "name", "")}
        for part in node.body if isinstance(node, ast.ClassDef) else ():
            found |= {f"{node.name}.{getattr(part, 'name', '') or getattr(getattr(part, 'target', 0), 'id', '')}"}
    return found


@pytest.mark.parametrize("file, name", STEPS)
def test_every_step_of_a_walk_is_there(file, name):
    assert name in defined(ROOT / file if file.startswith("course/") else ROOT / "autograder" / file)


@pytest.mark.parametrize("path", sorted(PATHS - {"autograder/exercises/minimal_gated_step.py"}))
def test_every_path_is_there(path):
    assert any((root / path).exists() for root in (ROOT, ROOT / "autograder", ROOT / "autograder/exercises"))


def test_every_name_is_used_in_code():
    code = "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "autograder").rglob("*.py")))
    for name in re.findall(r"`(?:\w+\.)?(\w+)`", NAMES):
        assert re.search(rf"\b{name}\b", code), name


def test_the_example_of_an_exercise_passes_its_own_bank_and_its_visible_check(monkeypatch):
    exec(REFERENCE, vars(gru))
    reference = vars(gru).pop("minimal_gated_step")
    monkeypatch.setattr(gru, "minimal_gated_step", reference, raising=False)
    module = ModuleType("autograder.exercises.minimal_gated_step")
    monkeypatch.setitem(sys.modules, module.__name__, module)
    exec(EXERCISE, vars(module))
    assert list(outcome("07-gru", module.exercise, np.random.default_rng(0)).complaints()) == []
    assert len(module.exercise.mistakes) == 37 and len(module.exercise.alternatives) == 3
    scope = {**vars(check_module)}
    exec(CHECK, scope)
    calls = {"checks": SimpleNamespace(**scope), "minimal_gated_step": reference}
    exec(CELLS.partition("grade=true points=2\n")[2], calls)
