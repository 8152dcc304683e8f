"""The budget of a notebook: prose against code, long cells, wide lines, folded cells."""

from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from tools.budget import Budget, budget_of


def test_what_is_folded_counts_nothing():
    notebook = new_notebook(
        cells=[
            new_markdown_cell(
                "Three words here.\n\n<details><summary>Hint 1: why?</summary>\n\nMany more.\n</details>"
            ),
            new_markdown_cell("```\ncode here\n```"),
            new_code_cell("x = 1\ny = 2", id="short"),
            new_code_cell("a = 1\n" * 40, metadata={"jupyter": {"source_hidden": True}}),
        ]
    )
    assert budget_of(notebook) == Budget(3, 2 + 4, 2, 5, 1, "short", "short")
    assert budget_of(notebook).share == 3 / 9


def test_what_exceeds_the_budget_is_said():
    assert Budget(70, 30, 20, 90, 0).excess() == []
    assert len(Budget(50, 50, 21, 91, 0, "long", "wide").excess()) == 3
