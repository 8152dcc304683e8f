"""Predictions by name: asked, revealed, and shown with their figure only when answered."""

import pytest

from course import plots, predictions, widgets

PULSE = predictions.PREDICTIONS["rnn_pulse"]


@pytest.fixture
def displayed(monkeypatch):
    shown = []
    monkeypatch.setattr(widgets, "display", lambda what, raw=False: shown.append(what["text/plain"] if raw else what))
    monkeypatch.setattr(widgets, "_asked", widgets._Asked())
    return shown


def test_the_question_is_asked_in_words_also_where_there_are_no_widgets(displayed):
    assert widgets.predict("rnn_pulse") is None
    asked = widgets._asked.questions["rnn_pulse"]
    bundle = displayed[0]._repr_mimebundle_()
    assert bundle["text/plain"].startswith(f"Predict: {PULSE.question} (both are back")
    assert "application/vnd.jupyter.widget-view+json" in bundle and asked.guess is None
    assert PULSE.explanation not in bundle["text/plain"]


def test_a_guess_comes_first_or_the_cell_is_run_again(displayed):
    widgets.predict("rnn_pulse")
    drawn = []
    widgets.reveal("rnn_pulse", lambda: drawn.append("the figure"))
    assert displayed[-1].startswith("Choose an answer above first") and not drawn
    widgets.reveal("rnn_pulse", lambda: drawn.append("the figure"))
    assert displayed[-1] == f"What happened: {PULSE.answer}. {PULSE.explanation}" and drawn == ["the figure"]


def test_a_guess_is_set_beside_what_happened_and_the_figure_follows(displayed):
    widgets.predict("rnn_pulse")
    asked = widgets._asked.questions["rnn_pulse"]
    asked.choice.index = 0
    widgets.reveal("rnn_pulse", lambda: "a drawing")
    assert (
        displayed[-2].startswith("You guessed: both are back at zero. What happened: ") and displayed[-1] == "a drawing"
    )
    asked.choice.index = 1
    widgets.reveal("rnn_pulse")
    assert displayed[-1].startswith("You guessed it: ")


def test_without_a_reader_answers_are_shown_at_once(displayed):
    widgets.answer_without_guess()
    widgets.reveal("rnn_pulse")
    assert displayed[-1].startswith("What happened: ")


@pytest.mark.parametrize("options, answer", [(("a",), "a"), (("a", "a"), "a"), (("a", "b"), "c")])
def test_an_authors_mistake_is_said(options, answer):
    with pytest.raises(ValueError, match=r"at least two options|letter by letter"):
        predictions.Prediction("Which?", options, answer, "Because.")


def test_a_figure_carries_its_own_description():
    made, _ = plots.figure()
    with pytest.raises(ValueError, match="no description"):
        plots.picture(made)
    made.alt = "Nothing but axes."
    data, metadata = made._repr_mimebundle_()
    assert plots.picture(made).alt == "Nothing but axes." == metadata["image/png"]["alt"]
    assert 'alt="Nothing but axes."' in data["text/html"]
    assert plots.picture(made, "Other words.").alt == "Other words."
