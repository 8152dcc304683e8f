"""``python -m tools.record_figures [UNIT ...]``: records what cells show with the course's own solutions.

A reader who has not written an exercise sees the recorded figure where her own would be. Recorded is every demonstration
that needs an exercise: its pictures, with their descriptions, and what it prints. It is found again by the cell's text,
so after a change of a text, run this again; ``--check`` says what is missing or stale.
"""

import argparse
import base64
import copy
import io
import json
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell
from PIL import Image
from rich.console import Console

from autograder.building.build import RECORDED
from autograder.building.needs import needs_of
from autograder.exercises import UNITS
from autograder.grading.cells import is_demonstration
from autograder.terminal import exit_code, wide_console
from autograder.workspace import Workspace, write_whole
from course.incomplete import cell_hash

COLOURS = 64  # of each picture
LONGEST = 4000  # characters printed by a cell that are kept
ROOM = 3_000_000  # bytes for the recordings of all units
ANSWER = "from course import widgets\nwidgets.answer_without_guess()"


def wanted(release: NotebookNode) -> dict[str, NotebookNode]:
    """The cells of a release notebook that should be recorded, by hash: demonstrations that need an exercise."""
    return {cell_hash(cell.source): cell for cell, needed in needs_of(release) if needed and is_demonstration(cell)}


def executed(source: NotebookNode, folder: Path) -> NotebookNode:
    """A source notebook run from top to bottom, with every answer revealed."""
    notebook = copy.deepcopy(source)
    notebook.cells.insert(0, new_code_cell(ANSWER))
    client = NotebookClient(
        notebook, timeout=600, skip_cells_with_tag="", resources={"metadata": {"path": str(folder)}}
    )
    client.execute()
    return notebook


def recordings(notebook: NotebookNode, hashes: Sequence[str]) -> tuple[dict[str, dict], dict[str, bytes]]:
    """What the cells with these hashes showed: the content of figures.json, and the pictures by file name."""
    found, pictures = {}, {}
    for cell in notebook.cells:
        name = cell_hash(cell.source)
        if cell.cell_type != "code" or name not in hashes:
            continue
        figures, printed = [], ""
        for output in cell.outputs:
            if output.output_type == "stream" and output.name == "stdout":
                printed += output.text
            elif "image/png" in output.get("data", {}):
                file = f"{name}-{len(figures)}.png"
                pictures[file] = _small(output.data["image/png"])
                figures.append({"file": file, "alt": output.metadata.get("image/png", {}).get("alt", "")})
        found[name] = {"figures": figures, "text": printed[:LONGEST]}
    return found, pictures


def _small(png: str) -> bytes:
    """A PNG with fewer colours, the same bytes for the same picture."""
    file = io.BytesIO()
    image = Image.open(io.BytesIO(base64.b64decode(png))).convert("RGB")
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(file, format="PNG", optimize=True)
    return file.getvalue()


def record(workspace: Workspace, unit: str) -> int:
    """Run a unit's source notebook and write what its cells show. Returns the bytes written."""
    source = nbformat.read(workspace.notebook("source", unit), as_version=4)
    release = nbformat.read(workspace.notebook("release", unit), as_version=4)
    found, pictures = recordings(executed(source, workspace.root), list(wanted(release)))
    folder = workspace.root / RECORDED / unit
    for path in folder.glob("*.png"):
        path.unlink()
    for name, content in pictures.items():
        write_whole(folder / name, content)
    write_whole(folder / "figures.json", json.dumps(found, indent=1, ensure_ascii=False) + "\n")
    return sum(map(len, pictures.values()))


def stale(workspace: Workspace, units: Sequence[str] = tuple(UNITS)) -> list[str]:
    """What should be recorded and is not, and what is recorded of cells that are gone: sentences."""
    said = []
    for unit in units:
        cells = wanted(nbformat.read(workspace.notebook("release", unit), as_version=4))
        path = workspace.root / RECORDED / unit / "figures.json"
        recorded = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        for name in cells.keys() - recorded.keys():
            said.append(f"{unit}: not recorded: {cells[name].source.splitlines()[0][:80]}")
        said += [
            f"{unit}: recorded, but no cell has this text any more: {name}" for name in recorded.keys() - cells.keys()
        ]
        for entry in recorded.values():
            for figure in entry["figures"]:
                if not path.with_name(figure["file"]).is_file():
                    said.append(f"{unit}: the picture {figure['file']} is missing.")
                if not figure["alt"]:
                    said.append(f"{unit}: the picture {figure['file']} has no description.")
    return sorted(said)


def size(workspace: Workspace) -> int:
    """The bytes that all recordings take."""
    return sum(path.stat().st_size for path in (workspace.root / RECORDED).rglob("*") if path.is_file())


def show(workspace: Workspace, console: Console, units: Sequence[str], check: bool) -> int:
    """Record, or only check. Returns 1 if something is stale or too large."""
    for unit in () if check else units:
        console.print(f"{unit}: {record(workspace, unit) // 1000} kB of pictures")
    said = stale(workspace, units)
    for sentence in said:
        console.print(sentence, markup=False)
    console.print(f"all recordings together: {size(workspace) / 1e6:.2f} of {ROOM / 1e6:.0f} MB")
    return 1 if said or size(workspace) > ROOM else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Record the units that are named. Returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.record_figures", description=__doc__)
    parser.add_argument("units", metavar="UNIT", nargs="*", help=f"all by default: {', '.join(UNITS)}")
    parser.add_argument("--check", action="store_true", help="only say what is missing or stale")
    options = parser.parse_args(arguments)
    if unknown := set(options.units) - set(UNITS):
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    return exit_code(lambda: show(Workspace.here(), wide_console(), options.units or tuple(UNITS), options.check))


if __name__ == "__main__":
    sys.exit(main())
