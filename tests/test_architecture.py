"""Who may import whom: read from the source, imports inside functions included."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.conftest import ROOT

PACKAGES = ("autograder", "course", "tools")
FILES = [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


def module_name(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = {module_name(path): path for path in FILES}


def is_for_types(node: ast.AST) -> bool:
    """Whether this is ``if TYPE_CHECKING:``, whose imports never run."""
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test)


def running(node: ast.AST) -> Iterator[ast.AST]:
    """A node and all below it, without what is for type checkers only."""
    yield node
    for child in ast.iter_child_nodes(node):
        if not is_for_types(child):
            yield from running(child)


def imports(path: Path) -> set[str]:
    """The modules that a file imports. Of ``from a import b``, it is a.b if that is one of our modules, otherwise a."""
    found = set()
    for node in running(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            # the sandbox's own modules have other names inside, so they import each other by relative names
            above = path.relative_to(ROOT).with_suffix("").parts[: -node.level] if node.level else ()
            module = ".".join([*above, *filter(None, [node.module])])
            names = {f"{module}.{alias.name}" for alias in node.names}
            found |= {name if name in MODULES else module for name in names}
    return found


GRAPH = {name: imports(path) for name, path in MODULES.items()}


def cycle_in(graph: dict[str, set[str]]) -> list[str]:
    """The modules of one cycle, the first of them again at the end; empty if there is none."""
    done: set[str] = set()

    def search(name: str, path: list[str]) -> list[str]:
        if name in path:
            return [*path[path.index(name) :], name]
        if name in done or name not in graph:
            return []
        for other in sorted(graph[name] - {name}):
            if found := search(other, [*path, name]):
                return found
        done.add(name)
        return []

    return next((found for name in graph if (found := search(name, []))), [])


def reached_from(package: str) -> set[str]:
    """All modules that a package imports, directly or through other modules of ours. A module runs its packages' __init__."""
    todo, found = [name for name in MODULES if name == package or name.startswith(f"{package}.")], set()
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += GRAPH.get(name, set())
            if name in MODULES:
                todo += [".".join(name.split(".")[:count]) for count in range(1, name.count(".") + 1)]
    return found


def test_a_cycle_is_found():
    assert cycle_in({"a": {"b"}, "b": {"c", "numpy"}, "c": {"b"}}) == ["b", "c", "b"]
    assert cycle_in({"a": {"b", "c"}, "b": {"c"}, "c": set()}) == []


def test_no_modules_import_each_other():
    assert cycle_in(GRAPH) == []


@pytest.mark.parametrize("package, forbidden", [("course", "autograder"), ("course", "tools"), ("autograder", "tools")])
def test_a_package_does_not_import_another(package, forbidden):
    wrong = {
        name: sorted(other for other in GRAPH[name] if other.split(".")[0] == forbidden)
        for name in MODULES
        if name.split(".")[0] == package
    }
    assert {name: others for name, others in wrong.items() if others} == {}


@pytest.mark.parametrize("library", ["nbgrader", "sqlalchemy"])
def test_the_sandbox_loads_no_database_layer(library):
    assert "autograder.sandbox.protocol.wire" in reached_from("autograder.sandbox")
    assert sorted(name for name in reached_from("autograder.sandbox") if name.split(".")[0] == library) == []


def test_contributing_says_what_each_test_file_tests():
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.partition("# Which file tests what")[2].partition("\n# ")[0]
    assert sorted(re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE)) == sorted(
        path.stem.removeprefix("test_") for path in (ROOT / "tests").glob("test_*.py")
    )
