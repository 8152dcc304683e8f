"""Every notebook: the source runs from top to bottom, visible cells pass with solutions and fail with words without."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbgrader.validator import Validator

from autograder.exercises import UNITS, exercises_of
from autograder.grading.cells import is_solution, is_test
from autograder.workspace import NOTEBOOKS

ALL = pytest.mark.parametrize("unit", UNITS)


@pytest.mark.parametrize("unit", NOTEBOOKS)
def test_the_source_notebook_runs_from_top_to_bottom(course, unit):
    notebook = nbformat.read(course.notebook("source", unit), as_version=4)
    NotebookClient(
        notebook, timeout=120, skip_cells_with_tag="", resources={"metadata": {"path": str(course.root)}}
    ).execute()
    for cell in notebook.cells:
        for output in cell.get("outputs", []):
            assert not (output.output_type == "stream" and output.name == "stderr"), output.text
            if "image/png" in output.get("data", {}):
                assert output.metadata["image/png"]["alt"], f"a picture without a description in {cell.id}"


def validated(path):
    validator = Validator()
    return validator.validate(str(path))


@ALL
def test_visible_cells_pass_in_plain_nbgrader_with_the_solutions_in(course, unit, tmp_path):
    notebook = nbformat.read(course.notebook("release", unit), as_version=4)
    solved = {cell.id: cell for cell in nbformat.read(course.notebook("source", unit), as_version=4).cells}
    for cell in notebook.cells:
        if cell.id.endswith("_solution"):
            cell.source = solved[cell.id].source
        elif is_solution(cell):
            cell.source = "My answer."
    nbformat.write(notebook, tmp_path / "solved.ipynb")
    assert validated(tmp_path / "solved.ipynb") == {}


@ALL
def test_with_the_stubs_in_every_test_fails_and_says_what_to_do(course, unit):
    notebook = nbformat.read(course.notebook("release", unit), as_version=4)
    failed = validated(course.notebook("release", unit))["failed"]
    failed = [cell for cell in failed if cell["source"] != "YOUR ANSWER HERE"]
    assert len(failed) == sum(map(is_test, notebook.cells)) == len(exercises_of(unit))
    for cell in failed:
        assert "is not written yet" in cell["raw_error"] and "Traceback" not in cell["raw_error"], cell["raw_error"]
