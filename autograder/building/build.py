"""Builds every unit and every page, or says what is out of date."""

import tempfile
from collections.abc import Mapping
from pathlib import Path

import nbformat

from autograder.building.authoring import source_notebook
from autograder.building.binder import with_button
from autograder.building.leaks import leaks_in
from autograder.building.needs import index_text
from autograder.building.releasing import as_text, release_texts
from autograder.errors import UserError
from autograder.workspace import NOTEBOOKS, PAGES, Workspace, write_whole

RECORDED = Path("course", "recorded")


def built(workspace: Workspace) -> dict[Path, str]:
    """Every generated file of the course: a dict from path to text. Nothing is written.

    Raises:
        UserError: for an author's mistake, or if a release notebook would give something away.
    """
    paths = {unit: workspace.notebook("source", unit) for unit in NOTEBOOKS}
    sources = {unit: as_text(source_notebook(path.with_suffix(".py"), unit)) for unit, path in paths.items()}
    files = {paths[unit]: text for unit, text in sources.items()}
    released = release_texts(sources, workspace.config)
    release = {workspace.notebook("release", unit): text for unit, text in released.items()}
    with tempfile.TemporaryDirectory() as folder:
        for path, text in release.items():
            write_whole(Path(folder, path.parent.name, path.name), text)
        if leaks := leaks_in(folder):
            raise UserError(
                "The release would give something away, so nothing was written:\n"
                + "\n".join(leak.replace(folder, "release") for leak in leaks)
            )
    return files | release | _needs(workspace, released) | _readme(workspace.root / "README.md")


def _needs(workspace: Workspace, released: Mapping[str, str]) -> dict[Path, str]:
    """What the cells of each unit need, for the course's package to look up."""
    notebooks = {unit: nbformat.reads(text, as_version=4) for unit, text in released.items() if unit not in PAGES}
    return {needs_file(workspace, unit): index_text(notebook) for unit, notebook in notebooks.items()}


def needs_file(workspace: Workspace, unit: str) -> Path:
    """Where the needs of a unit's cells are written."""
    return workspace.root / RECORDED / unit / "needs.json"


def _readme(path: Path) -> dict[Path, str]:
    return {path: with_button(path.read_text(encoding="utf-8"), path.parent)} if path.is_file() else {}


def build(workspace: Workspace) -> tuple[list[Path], list[Path]]:
    """Write every generated notebook that has changed. Returns (all paths, those written)."""
    files = built(workspace)
    changed = [path for path, text in files.items() if not path.is_file() or path.read_text(encoding="utf-8") != text]
    for path in changed:
        write_whole(path, files[path])
    return list(files), changed


def differences(workspace: Workspace) -> list[str]:
    """What ``build`` would change: sentences, empty if every generated file is up to date."""
    files = built(workspace)
    found = []
    for path, text in files.items():
        if not path.is_file():
            found.append(f"{path} is missing.")
        elif path.read_text(encoding="utf-8") != text:
            found.append(f"{path} differs from what its text gives.")
    for kind in ("source", "release"):
        for path in sorted(workspace.folder(kind).glob("*/*.ipynb")):
            if path not in files:
                found.append(f"{path} belongs to no unit.")
    for path in sorted((workspace.root / RECORDED).glob("*/needs.json")):
        if path not in files:
            found.append(f"{path} belongs to no unit. Remove its folder.")
    return found
