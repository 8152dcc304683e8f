"""Generated files are the same on every run, up to date, and give nothing away."""

import json
import shutil

import nbformat
import pytest

from autograder.building import build as building
from autograder.building.leaks import leaks_in, secrets_of
from autograder.demo import demo_workspace
from autograder.errors import UserError
from autograder.exercises import UNITS, exercises_of
from autograder.grading.grade import grade
from autograder.grading.gradebook import gradebook, register
from autograder.workspace import CONFIG_FILE, NOTEBOOKS, PAGES, Workspace


@pytest.fixture
def copied(course, tmp_path):
    """A copy of what building reads and writes."""
    shutil.copy(course.root / CONFIG_FILE, tmp_path)
    for unit in NOTEBOOKS:
        for kind in ("source", "release"):
            shutil.copytree(course.folder(kind, unit), tmp_path / kind / unit)
    shutil.copytree(course.root / building.RECORDED, tmp_path / building.RECORDED, dirs_exist_ok=True)
    return Workspace.here(tmp_path)


def test_building_twice_gives_the_same_bytes(copied):
    assert building.built(copied) == building.built(copied)
    assert building.build(copied)[1] == []


def test_check_names_what_differs_and_building_mends_it(copied):
    first, *_ = UNITS
    path, stray = copied.notebook("release", first), copied.root / "release" / "99-old" / "old.ipynb"
    path.write_text(path.read_text() + "\n")
    stray.parent.mkdir()
    stray.write_text("{}")
    copied.notebook("source", first).unlink()
    found = "\n".join(building.differences(copied))
    assert f"{path} differs" in found and "is missing" in found and f"{stray} belongs to no unit" in found
    building.build(copied)
    assert building.differences(copied) == [f"{stray} belongs to no unit."]


@pytest.mark.parametrize("where", ["01-rnn", *PAGES])
def test_a_leak_in_the_text_stops_the_build(copied, where):
    text = next(copied.folder("source", where).glob("*.py"))
    text.write_text(text.read_text() + "\n# %%\nanswer = lambda x, h: np.tanh(x @ W.T + h @ U.T + b)\n")
    before = copied.notebook("release", where).read_text()
    with pytest.raises(UserError, match="a line of the reference solution of rnn_step"):
        building.build(copied)
    assert copied.notebook("release", where).read_text() == before


@pytest.mark.parametrize("page", PAGES)
def test_a_page_is_no_assignment(course, page, tmp_path):
    cells = nbformat.read(course.notebook("release", page), as_version=4).cells
    assert cells and not any("nbgrader" in cell.metadata for cell in cells)
    workspace = demo_workspace(course, tmp_path / "course")
    for grading in (register, grade):
        with pytest.raises(UserError, match="no exercises, so it is not graded"):
            grading(workspace, page)
    with gradebook(workspace) as book:
        assert book.assignments == []


@pytest.mark.parametrize(
    "line",
    [
        '# %% grade_id="rnn_step" grade=true points=3',
        '# %% [markdown] grade_id="why" grade=true solution=true points=3',
    ],
)
def test_a_graded_cell_in_a_page_is_an_authors_mistake(copied, line):
    text = next(copied.folder("source", PAGES[0]).glob("*.py"))
    text.write_text(f"{text.read_text()}\n{line}\n# a cell\n")
    with pytest.raises(UserError, match="pages are not graded"):
        building.build(copied)


@pytest.mark.parametrize(
    "wrapped",
    [
        lambda text: text,
        lambda text: json.dumps({"cells": [{"source": [text]}]}),
        lambda text: json.dumps({"cells": [{"outputs": [{"text": text}]}]}),
    ],
)
def test_the_scan_finds_every_kind_of_secret(tmp_path, wrapped):
    secrets = list(secrets_of())
    for number, secret in enumerate(secrets):
        (tmp_path / f"{number}.ipynb").write_text(wrapped("x = 1\n" + secret + "\n"))
    found = {}
    for leak in leaks_in(tmp_path):
        path, _, what = leak.partition(".ipynb: ")
        found[path] = found.get(path, "") + what
    for number, secret in enumerate(secrets):
        assert secret in found[f"{tmp_path}/{number}"], secret


def test_the_scan_knows_every_exercise():
    known = set(secrets_of().values())
    for unit in UNITS:
        for exercise in exercises_of(unit).values():
            assert any(exercise.name in what for what in known)


def test_what_students_get_gives_nothing_away(course):
    assert leaks_in(course.folder("release")) == []
    assert leaks_in(course.root / "course") == []
