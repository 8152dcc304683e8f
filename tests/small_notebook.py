"""A small source notebook with one of everything, on which the mechanisms of the units are tried."""

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.building.function_source import add_solution_markers, source_of
from autograder.reference import rnn

GOES_ON = {"tags": ["raises-exception"]}
SHOWN = {"tags": ["skip-execution", "raises-exception"]}
HINTS = """**Your turn.** Write it.

<details><summary>Hint 1: which two products does the sum need?</summary>

One for the input, one for the state.
</details>

<details><summary>Hint 2: which shapes do they have?</summary>

Both are `(B, H)`.
</details>"""


def _graded(name: str, solution: bool) -> dict:
    return {**GOES_ON, "nbgrader": {
        "grade": not solution, "grade_id": f"{name}_solution" if solution else name, "locked": not solution,
        "schema_version": 3, "solution": solution, "task": False, **({} if solution else {"points": 1}),
    }}  # fmt: skip


def _exercise(name: str, call: str) -> list[NotebookNode]:
    code = add_solution_markers(source_of(getattr(rnn, name)))
    return [
        new_markdown_cell(HINTS, id=f"{name}-text"),
        new_code_cell(code, id=f"{name}_solution", metadata=_graded(name, True)),
        new_code_cell(call, id=name, metadata=_graded(name, False)),
    ]


def _shown(id: str, source: str) -> NotebookNode:
    return new_code_cell(source, id=id, metadata=SHOWN)


def small_notebook() -> NotebookNode:
    """Two exercises, a figure that needs both, a figure that needs that figure's numbers, and one that needs none."""
    cells = [
        new_markdown_cell("# A small unit\n\nIt has two exercises.", id="title"),
        new_code_cell("import numpy as np\n\nfrom course import checks, plots", id="setup", metadata=GOES_ON),
        _shown("free", 'plots.show(plots.draw_cell("rnn"), "The cell.")'),
        *_exercise("rnn_step", "checks.rnn_step(rnn_step)"),
        *_exercise("rnn_forward", "checks.rnn_forward(rnn_forward, rnn_step)"),
        _shown(
            "figure",
            "pulse = np.zeros((6, 1, 1))\n"
            "kept = rnn_forward(pulse + 1, np.zeros((1, 2)), np.ones((2, 1)), np.diag([1.2, -0.9]), np.zeros(2))\n"
            'plots.show(plots.states_over_time(kept[:, 0], "States"), "Two rows of colours.")',
        ),
        _shown("follows", "print(f'the last state is {kept[-1, 0, 0]:.3f}')"),
        _shown("end", "print('the end')"),
    ]
    metadata = {"kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}}
    return new_notebook(cells=cells, metadata=metadata)
