"""Whatever a student does to the cells, the release's tests stand and the student's code counts."""

import copy

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.demo import tricks
from autograder.grading.cells import is_test
from autograder.grading.rebuilding import rebuild


def cell(source, grade_id=None, *, solution=False, grade=False, kind="code", tags=()):
    made = {"code": new_code_cell, "markdown": new_markdown_cell}[kind](source)
    if grade_id:
        made.metadata["nbgrader"] = {"grade_id": grade_id, "solution": solution, "grade": grade, "points": 1}
        made.id = grade_id
    if tags:
        made.metadata["tags"] = list(tags)
    return made


@pytest.fixture
def ours():
    return new_notebook(
        cells=[
            cell("Read this.", kind="markdown"),
            cell("import numpy as np"),
            cell("show()", tags=["skip-execution"]),
            cell("raise NotImplementedError", "f_solution", solution=True),
            cell("assert f", "f", grade=True),
            cell("YOUR ANSWER", "why", solution=True, grade=True, kind="markdown"),
        ]
    )


def sources(notebook):
    return [cell.source for cell in notebook.cells]


def filled(ours, code="def f(): return 1"):
    student = copy.deepcopy(ours)
    student.cells[3].source = code
    return student


def test_an_untouched_notebook_comes_back_as_it_is(ours):
    assert sources(rebuild(ours, ours)) == sources(ours)


def test_the_students_solution_and_answer_are_taken(ours):
    student = filled(ours)
    student.cells[5].source = "Because."
    rebuilt = rebuild(ours, student)
    assert rebuilt.cells[3].source == "def f(): return 1" and rebuilt.cells[5].source == "Because."
    assert ours.cells[3].source == "raise NotImplementedError"


@pytest.mark.parametrize(
    "harm",
    [
        lambda notebook: tricks.without(notebook, is_test),
        lambda notebook: tricks.twice(notebook, is_test),
        lambda notebook: tricks.retyped(notebook, is_test),
        lambda notebook: tricks.changed(notebook, tricks._five),
        lambda notebook: tricks.changed(notebook, tricks._skip),
    ],
)
def test_tests_stand_whatever_is_done_to_them(ours, harm):
    assert sources(rebuild(ours, harm(filled(ours)))) == sources(filled(ours))


def test_flags_and_metadata_of_the_students_are_dropped(ours):
    student = filled(ours)
    student.cells[3].metadata = {"nbgrader": {"grade_id": "f_solution", "solution": False, "points": 99}, "tags": ["x"]}
    student.cells[4].metadata.nbgrader.update(points=99, solution=True)
    rebuilt = rebuild(ours, student)
    assert rebuilt.cells[3].metadata == ours.cells[3].metadata and rebuilt.cells[4].metadata == ours.cells[4].metadata


def test_own_cells_stay_where_they_were_and_lose_their_metadata(ours):
    student = filled(ours)
    helper, last = cell("def helper(): pass", tags=["skip-execution"]), cell("print('end')")
    student.cells.insert(3, helper)
    student.cells.append(last)
    rebuilt = rebuild(ours, student)
    assert sources(rebuilt) == sources(student)
    assert rebuilt.cells[3].metadata == {}


def test_a_second_copy_of_a_solution_runs_after_the_first(ours):
    student = filled(ours)
    second = copy.deepcopy(student.cells[3])
    second.source = "def f(): return 2"
    student.cells.insert(4, second)
    assert sources(rebuild(ours, student))[3:6] == ["def f(): return 1", "def f(): return 2", "assert f"]


def test_a_solution_in_a_cell_of_ones_own_is_not_overwritten_by_our_stub(ours):
    student = filled(ours)
    student.cells[3] = cell("def f(): return 3")
    rebuilt = sources(rebuild(ours, student))
    assert "def f(): return 3" in rebuilt and "raise NotImplementedError" not in rebuilt


def test_a_changed_set_up_cell_counts_and_a_changed_text_does_not(ours):
    student = filled(ours)
    student.cells[0].source = "Cheat here."
    student.cells[1].source = "import numpy as np\nimport math"
    rebuilt = rebuild(ours, student)
    assert rebuilt.cells[0].source == "Read this." and rebuilt.cells[1].source.endswith("import math")


def test_a_changed_demonstration_is_run_as_the_students_code(ours):
    student = filled(ours)
    student.cells[2].source = "def helper(): return 4"
    rebuilt = rebuild(ours, student)
    assert rebuilt.cells[2].source == "def helper(): return 4" and not rebuilt.cells[2].metadata.get("tags")
    assert rebuild(ours, filled(ours)).cells[2].metadata["tags"] == ["skip-execution"]


def test_lost_ids_are_made_up_for_by_the_text(ours):
    student = filled(ours)
    for one in student.cells:
        one.id = "x" + one.id[:7]
    assert sources(rebuild(ours, student)) == sources(filled(ours))


def test_the_order_of_an_untidy_notebook_is_ours(ours):
    student = filled(ours)
    student.cells.reverse()
    assert sources(rebuild(ours, student)) == sources(filled(ours))


@pytest.mark.parametrize(
    "metadata", [None, 5, [], {"nbgrader": 5}, {"nbgrader": {"grade_id": ["f"]}}, {"nbgrader": {"grade_id": {}}}]
)
def test_hostile_metadata_is_only_odd(ours, metadata):
    student = filled(ours)
    student.cells[0]["metadata"] = metadata
    student.cells[0]["id"] = {"a": 1}
    assert len(rebuild(ours, student).cells) == len(ours.cells)
