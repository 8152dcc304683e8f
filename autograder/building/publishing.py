"""Writes the student's tree from an allow-list: what is not named here is not published."""

import shutil
import tempfile
import tomllib
from collections.abc import Sequence
from pathlib import Path

from autograder.building.binder import with_button
from autograder.building.leaks import leaks_in
from autograder.errors import UserError
from autograder.exercises import UNITS
from autograder.workspace import PAGES, Workspace

FILES = ("environment.yml", "LICENSE")
PYPROJECT = """\
[build-system]
requires = ["setuptools>=68"]
build-backend = "setuptools.build_meta"

[project]
name = "{name}"
version = "{version}"
description = "{description}"
requires-python = "{requires_python}"
dependencies = [
{dependencies}
]

[project.entry-points."nbconvert.exporters"]
readable = "course.exporting:ReadableHTML"

[tool.setuptools.packages.find]
include = ["course*"]

[tool.setuptools.package-data]
"course" = ["recorded/*/*"]
"course.data" = ["*.npz", "*.json", "*.csv", "*.txt", "*.md"]
"""
# what Binder runs after installing: students have no use for the tab in which nbgrader's assignments are made
POST_BUILD = """\
#!/bin/sh
jupyter labextension disable --level=sys_prefix "@jupyter/nbgrader:create-assignment"
"""


def publish(workspace: Workspace, folder: Path | str, units: Sequence[str] | None = None) -> list[Path]:
    """Write the student's tree into a new or empty folder. Returns the paths written.

    Args:
        units: only these, and the pages; all by default. Later units show, in passing, what earlier ones ask for.

    Raises:
        UserError: if the folder holds something, a file is missing, or anything would leak. Nothing is left half-written.
    """
    folder = Path(folder).resolve()
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise UserError(f"{folder} is not empty, and publishing overwrites nothing. Name a new folder.")
    if folder == workspace.root or workspace.root.is_relative_to(folder):
        raise UserError(f"{folder} holds the course itself. Name a folder of its own.")
    with tempfile.TemporaryDirectory() as scratch:
        tree = Path(scratch, "tree")
        _fill(workspace, tree, units or list(UNITS))
        if leaks := leaks_in(tree):
            raise UserError(
                "The student's tree would give something away, so nothing was written:\n" + "\n".join(leaks)
            )
        shutil.copytree(tree, folder, dirs_exist_ok=True)
    return sorted(path for path in folder.rglob("*") if path.is_file())


def _fill(workspace: Workspace, tree: Path, units: Sequence[str]) -> None:
    root = workspace.root
    wanted = {root / name: tree / name for name in FILES}
    wanted[root / "source" / "STUDENTS.md"] = tree / "README.md"
    for unit in (*PAGES, *units):
        path = workspace.notebook("release", unit)
        wanted[path] = tree / "release" / unit / path.name
    for path in sorted((root / "course").rglob("*")):
        if path.is_file() and "__pycache__" not in path.parts:
            wanted[path] = tree / path.relative_to(root)
    for path, target in wanted.items():
        if not path.is_file():
            raise UserError(
                f"{path} is missing, so the student's tree would not be complete. Restore it, or build again."
            )
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    readme = tree / "README.md"
    readme.write_text(with_button(readme.read_text(encoding="utf-8"), root), encoding="utf-8")
    post_build = tree / "postBuild"
    post_build.write_text(POST_BUILD, encoding="utf-8")
    post_build.chmod(0o755)
    (tree / "pyproject.toml").write_text(student_pyproject(root / "pyproject.toml"), encoding="utf-8")


def student_pyproject(path: Path) -> str:
    """The project file of the student's tree: the same dependencies, the student's package alone."""
    project = tomllib.loads(path.read_text(encoding="utf-8"))["project"]
    return PYPROJECT.format(
        name=project["name"],
        version=project["version"],
        description=project["description"],
        requires_python=project["requires-python"],
        dependencies="\n".join(f'    "{line}",' for line in project["dependencies"]),
    )
