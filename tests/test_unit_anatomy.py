"""Every unit keeps to what docs/writing-a-unit.md says: one-line checks, hints, unspoiled predictions, Run All, the budget."""

import ast

import nbformat
import pytest

from autograder.exercises import UNITS, exercises_of
from autograder.grading.cells import is_test
from tests.run_all import run_all
from tests.unit_rules import hints_of, predictions_in, spoilers_in
from tools import record_figures


def release(course, unit):
    return nbformat.read(course.notebook("release", unit), as_version=4)


@pytest.mark.parametrize("unit", UNITS)
def test_a_check_is_one_call_of_the_check_of_that_name(course, unit):
    for cell in release(course, unit).cells:
        if is_test(cell):
            [statement] = ast.parse(cell.source).body
            name = cell.metadata.nbgrader.grade_id
            assert ast.unparse(statement).startswith(f"checks.{name}({name}"), cell.source


@pytest.mark.parametrize("unit", UNITS)
def test_every_exercise_has_two_or_three_hints(course, unit):
    hints = hints_of(release(course, unit))
    assert set(hints) == set(exercises_of(unit)) and set(hints.values()) <= {2, 3}, hints


@pytest.mark.parametrize("unit", UNITS)
def test_no_cell_spoils_a_prediction(course, unit):
    notebook = release(course, unit)
    assert predictions_in(notebook) and spoilers_in(notebook) == []


def test_every_cell_that_needs_an_exercise_has_its_recording(course):
    assert record_figures.stale(course) == [] and record_figures.size(course) <= record_figures.ROOM


@pytest.mark.long
@pytest.mark.parametrize("unit", UNITS)
def test_run_all_reaches_the_end_with_nothing_written(course, unit):
    run_all(nbformat.read(course.notebook("source", unit), as_version=4), "all")
