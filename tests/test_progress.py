"""A reader's progress, from real notebooks: untouched, full, half done, damaged, misnamed, missing."""

import json
import os
import shutil

import nbformat
import pytest
from nbclient import NotebookClient

from autograder.exercises import UNITS
from course import notebooks, progress

FIRST = next(iter(UNITS))


@pytest.fixture
def release(course, tmp_path):
    """A reader's own copy of all release notebooks, beside the start page."""
    for unit in UNITS:
        shutil.copytree(course.folder("release", unit), tmp_path / unit)
    (tmp_path / "00-start-here").mkdir()
    return tmp_path


def edit(folder, change):
    """Change the first unit's notebook on disk: ``change`` gets its cells by grade id."""
    path = folder / FIRST / "rnn.ipynb"
    notebook = nbformat.read(path, as_version=4)
    change({cell.metadata.get("nbgrader", {}).get("grade_id", cell.id): cell for cell in notebook.cells})
    nbformat.write(notebook, path)


def first(folder):
    return notebooks.read(folder)[0]


def shown(capsys, folder):
    """What ``progress.show`` displays, as plain text."""
    progress.show(folder)
    return capsys.readouterr().out


def test_the_release_as_it_is_stands_at_nothing(release):
    units = notebooks.read(release)
    assert [unit.folder for unit in units] == list(UNITS)
    for unit in units:
        assert unit.tasks and not unit.begun and progress.parts(unit) == (0, 0, 0)
        assert unit.problem == unit.note == ""  # every check has its solution cell, named like it
        assert all(task.passed is None for task in unit.tasks)
        assert unit.title.startswith(f"Unit {unit.folder[:2]} · ")
    assert progress.headline(units) == "Everything is still ahead of you"
    assert progress.next_step(units[0]) == "write rnn_step"


def test_points_and_counts_are_those_of_the_gradebook(release):
    for unit in notebooks.read(release):
        cells = nbformat.read(next((release / unit.folder).glob("*.ipynb")), as_version=4).cells
        points = [cell.metadata.nbgrader.points for cell in cells if cell.metadata.get("nbgrader", {}).get("grade")]
        assert (len(unit.tasks), unit.points()) == (len(points), sum(points))


def test_the_source_notebook_run_and_answered_is_full(course, release):
    notebook = nbformat.read(course.notebook("source", FIRST), as_version=4)
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(course.root)}}).execute()
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and cell.metadata.get("nbgrader"):
            cell.source = "My answer."
    for unit in list(UNITS)[1:]:
        shutil.rmtree(release / unit)
    nbformat.write(notebook, release / FIRST / "rnn.ipynb")
    [unit] = notebooks.read(release)
    assert all(map(progress.done, unit.tasks)) and sum(progress.parts(unit)) == unit.points()
    assert progress.beside(unit) == "all filled in ✓" and progress.next_step(unit) == "Validate, save, hand in"
    assert progress.headline([unit]) == "Everything is filled in, and every visible check passed"


def test_solutions_that_never_ran_are_filled_in_and_not_passed(course):
    for unit in notebooks.read(course.folder("source")):
        assert all(task.filled and task.passed is None for task in unit.exercises), unit.folder
        assert not any(task.filled for task in unit.answers)
        assert progress.next_step(unit).startswith("run the checks of ")


def test_half_done_with_a_check_that_failed(release):
    def change(cells):
        cells["rnn_step_solution"].source = "def rnn_step(x, h, W, U, b):\n    return np.tanh(x @ W.T + h @ U.T + b)"
        cells["rnn_step"].execution_count = 3
        cells["rnn_forward_solution"].source = "def rnn_forward(x, h0, W, U, b):\n    return x"
        cells["rnn_forward"].execution_count = 5
        cells["rnn_forward"].outputs = [nbformat.v4.new_output("error", ename="CheckFailed", evalue="", traceback=[])]
        cells["what_a_state_keeps"].source = "YOUR ANSWER HERE: beyond five steps."

    edit(release, change)
    unit = first(release)
    tasks = {task.name: task for task in unit.tasks}
    assert tasks["rnn_step"].passed is True and tasks["rnn_forward"].passed is False
    written = ["rnn_step", "rnn_forward", "what_a_state_keeps"]
    assert [name for name, task in tasks.items() if task.filled] == written
    assert progress.parts(unit) == tuple(tasks[name].points for name in written)
    assert progress.next_step(unit) == "see why rnn_forward did not pass"
    assert progress.beside(unit) == "3 of 4 filled in"


def test_a_check_that_passed_counts_for_nothing_above_a_stub(release):
    edit(release, lambda cells: cells["rnn_step"].update(execution_count=3))
    assert progress.parts(first(release)) == (0, 0, 0) and first(release).tasks[0].passed is None


def test_a_deleted_exercise_is_named(release):
    def change(cells):
        cells["rnn_step_solution"].metadata.pop("nbgrader")

    edit(release, change)
    assert "rnn_step is gone" in progress.next_step(first(release))


STUB = 'def f(x):\n    """Twice x."""\n    # YOUR CODE HERE\n    raise NotImplementedError'


@pytest.mark.parametrize(
    "code, filled",
    [
        (STUB, False),
        ("", False),
        ("def f(x):\n    # YOUR CODE HERE\n    pass", False),
        ('def f(x):\n    """Twice x."""', False),
        ("def f(x):\n    y = 2 * x\n    raise NotImplementedError", False),
        ("def f(x):\n    raise NotImplementedError('later')", False),
        (STUB.replace("raise NotImplementedError", "return 2 * x"), True),
        ("def f(x):\n    return 2 * x\n    raise NotImplementedError", True),
        ("f = lambda x: 2 * x", True),
        ("%time\n" + STUB, False),
        ("def f(x)\n    return 2 * x", True),
        ("class F:\n    def a(self):\n        return 1\n\n    def b(self):\n        raise NotImplementedError", False),
        ("class F:\n    def a(self):\n        return 1\n\n    def b(self):\n        return 2", True),
    ],
)
def test_what_counts_as_filled_in(code, filled):
    assert notebooks.filled_in(code) is filled


@pytest.mark.parametrize(
    "raw, said",
    [
        (b"{", "damaged"),
        (b"\xff\xfe", "damaged"),
        (b"[]", "damaged"),
        (b'{"cells": 3}', "damaged"),
        (b'{"cells": [3]}', "damaged"),
        (b"[" * 200_000, "damaged"),
        (b'{"cells": []}', "no exercises"),
        (b'{"cells": [{"source": "", "metadata": {"nbgrader": {"grade": true, "points": NaN}}}]}', "no exercises"),
    ],
)
def test_a_damaged_notebook_is_said_in_words(release, capsys, raw, said):
    (release / FIRST / "rnn.ipynb").write_bytes(raw)
    assert said in first(release).problem
    text = shown(capsys, release)
    assert said in text and "Unit 02" in text


@pytest.mark.parametrize("fill", [None, 3, [3], {"nbgrader": 3}, {"nbgrader": {"grade": True, "points": "x"}}])
def test_odd_metadata_and_outputs_are_no_traceback(release, capsys, fill):
    path = release / FIRST / "rnn.ipynb"
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"][::2]:
        cell["metadata"] = fill
    for cell in notebook["cells"][1::2]:
        cell["outputs"], cell["execution_count"] = fill, 1
    path.write_text(json.dumps(notebook))
    assert "Unit 01" in shown(capsys, release)


def test_a_download_under_another_name_is_pointed_out(release):
    (release / FIRST / "rnn.ipynb").rename(release / FIRST / "rnn (1).ipynb")
    assert "rename it to rnn.ipynb" in first(release).problem
    (release / FIRST / "rnn (1).ipynb").unlink()
    assert "Upload yours" in first(release).problem


def test_a_folder_under_another_name_is_pointed_out_and_a_copy_beside_the_unit_is_left_out(release):
    shutil.copytree(release / FIRST, release / f"{FIRST}-old")
    assert [unit.folder for unit in notebooks.read(release)] == list(UNITS)
    shutil.rmtree(release / FIRST)
    assert first(release).problem.endswith("rename the folder 01-rnn-old to 01-rnn.")


def test_a_notebook_that_cannot_be_opened(release):
    (release / FIRST / "rnn.ipynb").unlink()
    (release / FIRST / "rnn.ipynb").mkdir()
    assert "cannot be opened" in first(release).problem


def test_units_that_are_not_there(release, capsys):
    shutil.rmtree(release / FIRST)
    text = shown(capsys, release / "00-start-here")
    assert "no folder of unit 01" in text and "not been given yet" in text
    for unit in list(UNITS)[1:]:
        shutil.rmtree(release / unit)
    assert "No unit was found" in shown(capsys, release / "00-start-here")
    assert "No unit was found" in shown(capsys, release / "nowhere")


def test_it_finds_the_units_from_every_place_it_is_run_from(course, release):
    assert notebooks.units_folder(release / "00-start-here") == notebooks.units_folder(release) == release
    assert notebooks.units_folder(course.root) == course.folder("release")


def test_the_table_says_when_a_notebook_was_saved(release):
    edit(release, lambda cells: cells["rnn_step_solution"].update(source="rnn_step = np.tanh"))
    os.utime(release / FIRST / "rnn.ipynb", (1000, 1000))
    assert progress.row(first(release), 1000 + 7300)[-2] == "2 hours ago"


@pytest.mark.parametrize(
    "seconds, said", [(-5, "just now"), (59, "just now"), (60, "1 minute ago"), (200_000, "2 days ago")]
)
def test_ago(seconds, said):
    assert progress.ago(seconds) == said


def test_the_picture_draws_each_share_to_scale_and_says_it(release):
    edit(release, lambda cells: cells["rnn_step_solution"].update(source="rnn_step = np.tanh"))
    units = notebooks.read(release)
    [ax] = progress.drawing(units).axes
    widths = [bar.get_width() for bar in ax.patches if 0 < bar.get_width() < 100]
    assert widths == [pytest.approx(100 * units[0].tasks[0].points / units[0].points())]
    said = progress.description(units)
    filled, total = units[0].tasks[0].points, units[0].points()
    assert (
        f"Unit 01: {filled} of {total} points filled in, 0 with their visible checks passed, {filled} without" in said
    )
    assert "Unit 02: not begun" in said


def test_the_table_links_to_each_notebook_and_lets_no_markup_through(release):
    edit(release, lambda cells: cells["cell-00"].update(source="# <img src=x onerror=alert(1)>"))
    page, plain = progress.table(notebooks.read(release), 0)
    assert '<a href="../01-rnn/rnn.ipynb">&lt;img src=x' in page and "<img" not in page and "Unit 02" in plain


def test_links_lead_to_the_folder_that_was_named(release, monkeypatch):
    (release / "my units").mkdir()
    monkeypatch.chdir(release / "00-start-here")
    assert progress.way_to(release) == ".." and progress.way_to(release / "my units") == "../my%20units"
    assert 'href="../my%20units/01-rnn/rnn.ipynb"' in progress.table(notebooks.read(release), 0, "../my%20units")[0]
