"""Recorded figures: written from the solved notebook, found again by a cell's text, and noticed when stale."""

import io

import nbformat
import pytest
from PIL import Image

from autograder.building import build as building
from autograder.building import needs
from course import incomplete
from tests.run_all import ALL, run_all, with_unwritten
from tests.small_notebook import small_notebook
from tools import record_figures

UNIT = "77-small"


class Small:
    """A workspace with one small unit."""

    def __init__(self, root):
        self.root = root

    def notebook(self, kind, unit):
        return self.root / f"{kind}.ipynb"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    workspace = Small(tmp_path_factory.mktemp("course"))
    release = with_unwritten(small_notebook(), ALL)
    nbformat.write(small_notebook_without_hidden_tests(), workspace.notebook("source", UNIT))
    nbformat.write(release, workspace.notebook("release", UNIT))
    folder = workspace.root / building.RECORDED / UNIT
    folder.mkdir(parents=True)
    (folder / "needs.json").write_text(needs.index_text(release))
    record_figures.record(workspace, UNIT)
    return workspace


def small_notebook_without_hidden_tests():
    return with_unwritten(small_notebook())


def test_what_needs_an_exercise_is_recorded_and_nothing_else(recorded):
    folder = recorded.root / building.RECORDED / UNIT
    [path] = folder.glob("*.png")
    image = Image.open(io.BytesIO(path.read_bytes()))
    assert image.mode == "P" and path.stat().st_size < 20_000
    assert record_figures.stale(recorded, [UNIT]) == [] and record_figures.size(recorded) < 30_000


def test_it_is_shown_where_the_exercise_is_unwritten(recorded):
    shown = run_all(small_notebook(), "rnn_forward", recorded=recorded.root / building.RECORDED)
    assert "below is the figure recorded" in shown["figure"] and "[Picture: Two rows of colours.]" in shown["figure"]
    assert "below is the result recorded" in shown["follows"] and "the last state is" in shown["follows"]


def test_a_cell_that_changed_is_noticed(recorded):
    path = recorded.notebook("release", UNIT)
    release = nbformat.read(path, as_version=4)
    before = path.read_text()
    for cell in release.cells:
        cell.source += "\n# changed" if cell.id == "figure" else ""
    nbformat.write(release, path)
    try:
        first, second = record_figures.stale(recorded, [UNIT])
        assert "not recorded: pulse = " in first and "no cell has this text any more" in second
    finally:
        path.write_text(before)


def test_a_hash_is_that_of_the_text_alone():
    assert incomplete.cell_hash("x = 1\n") == incomplete.cell_hash("x = 1") != incomplete.cell_hash("x = 2")
