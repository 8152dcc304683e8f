"""A mistake in a text notebook is an error that names file, cell and remedy."""

import pytest

from autograder.building import authoring, function_source
from autograder.errors import UserError
from autograder.exercises import exercises_of

UNIT = "01-rnn"


def text_of_unit():
    cells = ["# %% setup=true\nimport numpy as np\nimport torch"]
    for name in exercises_of(UNIT):
        cells.append(f'# %% grade_id="{name}_solution" solution=true\nfrom autograder.reference.rnn import {name}')
        cells.append(f'# %% grade_id="{name}" grade=true points=1\nassert callable({name})')
    return "\n\n".join(cells) + "\n"


def built(tmp_path, text):
    path = tmp_path / "rnn.py"
    path.write_text(text)
    return authoring.source_notebook(path, UNIT)


def test_a_right_text_becomes_a_notebook(tmp_path):
    notebook = built(
        tmp_path, text_of_unit() + '\n# %%\nprint(\'demonstration\')\n\n# %% [markdown]\nr"""\n$\\tanh$\n"""\n'
    )
    by_id = {cell.id: cell for cell in notebook.cells}
    solution = by_id["rnn_step_solution"].source
    assert solution.startswith("def rnn_step(x, h, W, U, b):") and "### BEGIN SOLUTION" in solution
    assert "verify('01-rnn', 'rnn_step', rnn_step)" in by_id["rnn_step"].source
    assert by_id["rnn_step"].metadata.nbgrader == {
        "grade": True,
        "grade_id": "rnn_step",
        "locked": True,
        "points": 1,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    assert notebook.cells[0].metadata == {"tags": ["raises-exception"]}
    assert notebook.cells[-2].metadata.tags == ["skip-execution", "raises-exception"]
    assert notebook.cells[-1].source == "$\\tanh$"
    assert "jupytext" not in notebook.metadata


def test_a_cell_that_is_not_for_reading_is_folded(tmp_path):
    notebook = built(tmp_path, text_of_unit() + "\n# %% folded=true\nprint('plumbing')\n")
    assert notebook.cells[-1].metadata == {
        "tags": ["skip-execution", "raises-exception"],
        "jupyter": {"source_hidden": True},
    }


FIRST = '# %% grade_id="rnn_step_solution" solution=true\nfrom autograder.reference.rnn import rnn_step'
TEST = '# %% grade_id="rnn_step" grade=true points=1\n'


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda text: text.replace("import rnn_step", "import sigmund"), "unknown reference: there is no sigmund"),
        (
            lambda text: text.replace("reference.rnn import rnn_step", "reference.rmm import rnn_step"),
            "unknown reference",
        ),
        (lambda text: text.replace(FIRST, FIRST + "\nx = 1"), "exactly one line"),
        (
            lambda text: text.replace("assert callable(rnn_step)", "assert callable(rnn_step"),
            "line 1 of these visible checks is not Python",
        ),
        (lambda text: text.replace("rnn_step_solution", "rnn_forward_solution"), "used twice"),
        (lambda text: text.replace("# %% setup=true", "# %% setup=true points=3"), "points on a cell without a test"),
        (lambda text: text.replace(TEST, "# %%\n"), "a solution cell without a test"),
        (lambda text: text.replace(TEST, '# %% grade_id="rnn_step" grade=true\n'), "a graded cell without points"),
        (
            lambda text: text.replace(TEST, '# %% grade_id="rnn_step" grade=true points=0\n'),
            "a graded cell without points",
        ),
        (
            lambda text: text.replace(TEST, '# %% grade_id="rnn_step" grade=true points="two"\n'),
            "a graded cell without points",
        ),
        (lambda text: text.replace(TEST, "# %% grade=true points=1\n"), "without a name"),
        (lambda text: text.replace('rnn_step_solution"', 'rnn_step_solution" folded=true'), "Take folded=true off"),
        (
            lambda text: text.replace(TEST, '# %% grade_id="sigma" grade=true points=1\n'),
            "no hidden checks for 'sigma'",
        ),
        (lambda text: text.replace(FIRST, ""), "no solution cell"),
        (lambda text: text.replace("setup=true", "step=true"), "unknown metadata step"),
        (lambda text: text.replace("# %% setup=true", '# %% grade_id="x"'), "grade_id without"),
    ],
)
def test_mistakes_are_named_with_file_cell_and_remedy(tmp_path, change, said):
    text = change(text_of_unit())
    assert text != text_of_unit()
    with pytest.raises(UserError, match=said) as problem:
        built(tmp_path, text)
    assert "rnn.py" in str(problem.value)


def test_a_missing_text_is_a_sentence(tmp_path):
    with pytest.raises(UserError, match="could not be read"):
        authoring.source_notebook(tmp_path / "nowhere.py", UNIT)


def test_a_class_keeps_its_methods_and_loses_their_bodies():
    marked = function_source.add_solution_markers(
        'class Cell:\n    """A cell."""\n\n    def step(self, x):\n        """One step."""\n        # note\n        return x\n'
    )
    assert marked == (
        'class Cell:\n    """A cell."""\n\n    def step(self, x):\n        """One step."""\n        ### BEGIN SOLUTION\n'
        "        # note\n        return x\n        ### END SOLUTION"
    )
