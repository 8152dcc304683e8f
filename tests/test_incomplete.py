"""Run All reaches the end whatever is unwritten: one line instead of a traceback, and the recorded figure."""

import json

import nbformat
import pytest
from nbformat.v4 import new_code_cell
from nbgrader.validator import Validator

from autograder.building import needs
from course import incomplete
from tests.run_all import ALL, exercises_in, run_all, with_unwritten
from tests.small_notebook import SHOWN, small_notebook

UNIT = "77-small"


@pytest.fixture(scope="module")
def recorded(tmp_path_factory):
    """A folder of recordings for the small notebook, with nothing recorded yet."""
    folder = tmp_path_factory.mktemp("recorded")
    (folder / UNIT).mkdir()
    (folder / UNIT / "needs.json").write_text(needs.index_text(with_unwritten(small_notebook(), ALL)))
    return folder


def test_what_cells_need_is_read_from_their_names(recorded):
    index = json.loads((recorded / UNIT / "needs.json").read_text())
    assert index["exercises"] == ["rnn_step", "rnn_forward"]
    assert (
        index["names"]["kept"] == ["rnn_forward"]
        and index["names"]["np"] == []
        and index["names"]["rnn_step"] == ["rnn_step"]
    )
    needed = {cell.id: found for cell, found in needs.needs_of(with_unwritten(small_notebook(), ALL))}
    assert needed["free"] == [] and needed["figure"] == needed["follows"] == ["rnn_forward"]


def test_with_everything_written_all_is_shown(recorded):
    shown = run_all(small_notebook(), recorded=recorded)
    assert "✓ rnn_step" in shown["rnn_step"] and shown["end"] == "the end\n" and "Two rows" in shown["figure"]


def test_with_nothing_written_each_cell_says_what_it_needs(recorded):
    shown = run_all(small_notebook(), ALL, recorded=recorded)
    assert "error: ✗ rnn_step is not written yet" in shown["rnn_step"]
    assert shown["free"] == "[Picture: The cell.]" and shown["end"] == "the end\n"
    for cell in ("figure", "follows"):
        assert shown[cell] == (
            "This needs `rnn_forward`, which is not written yet. Go on reading, and run this cell again later."
        )


@pytest.mark.parametrize("name", exercises_in(small_notebook()))
def test_with_one_exercise_unwritten_the_others_go_on(recorded, name):
    shown = run_all(small_notebook(), name, recorded=recorded)
    assert f"{name}, which is not written yet" in shown["rnn_forward"] or f"{name} is not written yet" in shown[name]
    assert f"This needs `{name}`, which is not written yet." in shown["figure"]
    assert f"needs `{'rnn_forward' if name == 'rnn_forward' else 'kept'}`" in shown["follows"]


def without(notebook, *ids):
    notebook.cells = [cell for cell in notebook.cells if cell.id not in ids]
    return notebook


def test_a_cell_that_was_not_run_is_named(recorded):
    shown = run_all(without(small_notebook(), "rnn_step_solution"), "rnn_forward", recorded=recorded)
    assert "error: ✗ This check cannot run yet. This needs `rnn_step`, which another cell" in " ".join(
        shown["rnn_step"].split()
    )


@pytest.mark.parametrize(
    "code, words",
    [
        ("print(kept_to_myself)", "name 'kept_to_myself' is not defined"),
        ("raise NotImplementedError('of my own')", "NotImplementedError: of my own"),
        ("def rnn_step(x):\n    return pulse\nrnn_step(1)", "name 'pulse' is not defined"),
        ("import torch\ntorch.nn.Module()(1)", "missing the required"),
        ("1 / 0", "ZeroDivisionError"),
    ],
)
def test_other_errors_keep_their_traceback(recorded, code, words):
    notebook = small_notebook()
    notebook.cells.insert(2, new_code_cell(code, id="own", metadata=SHOWN))
    with pytest.raises(AssertionError, match="Traceback") as failed:
        run_all(notebook, recorded=recorded)
    assert words in str(failed.value) and "own" in str(failed.value)


def test_a_recorded_figure_is_shown_in_its_place(recorded, tmp_path, monkeypatch):
    [figure] = [cell for cell in small_notebook().cells if cell.id == "figure"]
    entry = {"figures": [{"file": "a.png", "alt": "Two rows, recorded."}], "text": "and a line\n"}
    for name, text in (
        ("needs.json", (recorded / UNIT / "needs.json").read_text()),
        ("figures.json", json.dumps({incomplete.cell_hash(figure.source): entry})),
    ):
        (tmp_path / UNIT).mkdir(exist_ok=True)
        (tmp_path / UNIT / name).write_text(text)
    (tmp_path / UNIT / "a.png").write_bytes(b"\x89PNG")
    shown = run_all(small_notebook(), "rnn_forward", recorded=tmp_path)
    assert "Go on reading: below is the figure recorded with the course's own solution." in shown["figure"]
    assert "[Picture: Two rows, recorded.]" in shown["figure"] and shown["figure"].endswith("and a line\n")
    edited = small_notebook()
    for cell in edited.cells:
        cell.source += "\n# mine" if cell.id == "figure" else ""
    assert "recorded" not in run_all(edited, "rnn_forward", recorded=tmp_path)["figure"]


def test_validate_sees_a_failing_check_as_failed_and_a_passing_one_as_passed(tmp_path):
    path = tmp_path / "small.ipynb"
    nbformat.write(with_unwritten(small_notebook(), "rnn_forward"), path)
    [failed] = Validator().validate(str(path))["failed"]
    assert (
        failed["source"] == "checks.rnn_forward(rnn_forward, rnn_step)" and "is not written yet" in failed["raw_error"]
    )
    nbformat.write(with_unwritten(small_notebook()), path)
    assert Validator().validate(str(path)) == {}
    nbformat.write(without(with_unwritten(small_notebook()), "rnn_step_solution"), path)
    assert len(Validator().validate(str(path))["failed"]) == 2


def test_outside_a_notebook_nothing_is_installed():
    from IPython.core.interactiveshell import InteractiveShell

    assert InteractiveShell().custom_exceptions == ()
