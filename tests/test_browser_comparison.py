"""Unit 10's measurement in a real browser: a student stops it, finds everything kept, goes on, and sees table and figure."""

import re

import nbformat
import pytest

from autograder.building.publishing import publish
from autograder.demo.students import as_student_code, with_solutions
from autograder.exercises import exercises_of
from tests.browser import Lab, jupyter, page, require_chromium, shot

UNIT = "10-lstm-or-gru"
SMALLER = """import dataclasses
setting = dataclasses.replace(trials.QUICK, seeds=(0,))
log = measuring.Log("kept.jsonl")"""


@pytest.fixture(scope="module", autouse=True)
def chromium():
    require_chromium()


def test_a_student_stops_the_measurement_goes_on_and_sees_the_result(course, tmp_path):
    publish(course, tmp_path / "tree")
    folder = tmp_path / "tree" / "release" / UNIT
    path = folder / "lstm-or-gru.ipynb"
    right = {name: as_student_code(exercise.reference, name) for name, exercise in exercises_of(UNIT).items()}
    nbformat.write(with_solutions(nbformat.read(path, as_version=4), right), path)
    (tmp_path / "settings").mkdir()
    with jupyter(tmp_path / "tree", tmp_path / "settings") as address, page((1200, 1000)) as opened:
        lab = Lab(opened, address, f"release/{UNIT}/lstm-or-gru.ipynb")
        lab.run("torch.set_num_threads(1)")
        for name in right:
            lab.run(f"def {name}(")
        lab.fill("FULL = False", SMALLER)
        lab.run("kept.jsonl")

        cell = lab.cell("mine = trials.measure(")
        cell.locator(".cm-content").first.click()
        opened.keyboard.press("Control+Enter")
        output = cell.locator(".jp-Cell-outputArea")
        output.get_by_text(re.compile(r"\b[4-9]/24")).first.wait_for()
        assert re.search(r"24 runs, about \d+ seconds", output.inner_text())
        shot(opened, "measuring-bar")
        opened.locator(".jp-Toolbar-item[data-jp-item-name=interrupt]").first.click()
        output.get_by_text("Stopped.").wait_for()
        kept = int(re.search(r"Stopped\. (\d+) of 24 runs are kept", output.inner_text())[1])
        assert 4 <= kept < 24 and len((folder / "kept.jsonl").read_text().splitlines()) == kept
        shot(opened, "measuring-stopped")
        assert "± ?" in lab.run("comparison.show_table(rows, f").inner_text()

        told = lab.run("mine = trials.measure(").inner_text()
        assert f"{24 - kept} runs ({kept} more are there already)" in told and f"{24 - kept}/{24 - kept}" in told
        shot(opened, "measuring-done")
        output = lab.run("comparison.show_table(rows, f")
        assert output.locator("tbody tr").count() == 12 and "not measured" not in output.inner_text()
        assert "3 panels" in output.locator("img").get_attribute("alt")
        output.locator("img").scroll_into_view_if_needed()
        shot(opened, "measured")
        lab.run('widgets.predict("quick_copy")')
        lab.run('widgets.reveal("quick_copy"')
        told = lab.run('widgets.reveal("quick_copy"').inner_text()
        assert "What happened: the RNN." in told and "In your table, at equal parameters" in told

        (folder / "kept.jsonl").unlink()
        assert "24 runs, about" in lab.run("mine = trials.measure(").inner_text()
        assert len((folder / "kept.jsonl").read_text().splitlines()) == 24
