"""Hints are counted, and a spoiled prediction is found."""

import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell

from course.predictions import PREDICTIONS
from tests.small_notebook import small_notebook
from tests.unit_rules import hints_of, predictions_in, spoilers_in

PULSE = PREDICTIONS["rnn_pulse"]


def test_hints_are_counted_for_each_exercise():
    assert hints_of(small_notebook()) == {"rnn_step": 2, "rnn_forward": 2}


@pytest.mark.parametrize(
    "change, said",
    [
        (lambda text: text.replace("Hint 2", "Hint 3"), "number the hints"),
        (lambda text: text.replace("</details>", "", 1), "not well formed"),
        (lambda text: text.replace("</summary>\n\n", "</summary>\n"), "leave an empty line"),
        (lambda text: text.replace("Both are `(B, H)`.", ""), "hint 2 is empty"),
    ],
)
def test_a_hint_that_a_page_would_not_show_is_named(change, said):
    notebook = small_notebook()
    for cell in notebook.cells:
        if cell.id == "rnn_step-text":
            cell.source = change(cell.source)
    with pytest.raises(AssertionError, match=said):
        hints_of(notebook)


def with_prediction(*more):
    notebook = small_notebook()
    notebook.cells += [
        new_code_cell('widgets.predict("rnn_pulse")'),
        new_code_cell('widgets.reveal("rnn_pulse", lambda: plots.unrolled(kept))'),
        *more,
    ]
    return notebook


def test_a_prediction_whose_answer_is_kept_elsewhere_is_not_spoiled():
    assert predictions_in(with_prediction()) == ["rnn_pulse"] and spoilers_in(with_prediction()) == []


@pytest.mark.parametrize(
    "cell",
    [
        new_markdown_cell(f"As you see, {PULSE.answer.replace(' ', chr(10), 2)}!"),
        new_code_cell(f"plots.show(drawn, {PULSE.answer!r})"),
        new_code_cell("# a negative one flips it at every step"),
        new_code_cell('widgets.predict("no_such_prediction")'),
    ],
)
def test_a_cell_that_gives_the_answer_away_is_named(cell):
    assert len(spoilers_in(with_prediction(cell))) == 1
