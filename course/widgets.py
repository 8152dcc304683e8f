"""Interactive parts: a guess before a figure, and figures that follow sliders.

An interactive figure is a picture that is there from the start, drawn with the sliders' first values: a reader without
a running kernel sees that. The sliders replace it in place.
"""

import difflib
import html
from collections.abc import Callable, Collection, Sequence
from typing import Any

import ipywidgets
import numpy as np
from IPython.display import DisplayHandle, display
from matplotlib.figure import Figure

from course import plots, predictions
from course.plots.style import Picture
from course.predictions import PREDICTIONS


class Prediction(ipywidgets.VBox):
    """A question with a few answers to choose from. The reader's choice is kept in ``guess`` (None before one is made)."""

    def __init__(self, question: str, options: Sequence[str]) -> None:
        if len(options) < 2:
            raise ValueError("a prediction needs at least two options to choose from")
        self.choice = ipywidgets.RadioButtons(options=list(options), index=None, layout={"width": "auto"})
        self.said = ipywidgets.HTML("<i>Commit to a guess, then go on.</i>")
        self.choice.observe(self._chosen, "index")
        super().__init__([ipywidgets.HTML(f"<b>Predict:</b> {question}"), self.choice, self.said])

    def _chosen(self, change: Any) -> None:
        self.said.value = f"<i>Your guess is noted: {html.escape(str(self.guess))}. Go on and see.</i>"

    @property
    def guess(self) -> str | None:
        return self.choice.value


class _Asked:
    """The predictions that this notebook has asked, by name, and whether answers are shown without a guess."""

    def __init__(self) -> None:
        self.questions: dict[str, Prediction] = {}
        self.reminded: set[str] = set()
        self.always_answer = False


_asked = _Asked()


def answer_without_guess(always: bool = True) -> None:
    """Let ``reveal`` answer at once, also where nothing was chosen: for notebooks that run without a reader."""
    _asked.always_answer = always


def predict(name: str) -> None:
    """Ask for a guess before something is shown. ``name``: of a prediction in ``course.predictions``."""
    prediction = PREDICTIONS[name]
    asked = _asked.questions[name] = Prediction(html.escape(prediction.question), prediction.options)
    _asked.reminded.discard(name)
    display(_Question(asked, prediction))


class _Question:
    """The box of a prediction, and its text where there are no widgets."""

    def __init__(self, box: Prediction, prediction: predictions.Prediction) -> None:
        self.box, self.prediction = box, prediction

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> dict[str, Any]:
        bundle = dict(self.box._repr_mimebundle_() or {})
        options = "; ".join(self.prediction.options)
        return bundle | {"text/plain": f"Predict: {self.prediction.question} ({options})"}


def reveal(name: str, draw: Callable[[], object] | None = None) -> None:
    """Set the reader's guess beside what happened.

    Args:
        name: of the prediction. draw: a function without arguments that draws what the prediction is about. It is called,
            and what it returns is displayed, only together with the answer.
    """
    prediction, box = PREDICTIONS[name], _asked.questions.get(name)
    guess = box.guess if box else None
    if guess is None and not (_asked.always_answer or name in _asked.reminded):
        _asked.reminded.add(name)
        sentence = "Choose an answer above first; or run this cell again to see the answer without a guess."
        display({"text/html": f"<p><i>{sentence}</i></p>", "text/plain": sentence}, raw=True)
        return
    _set_beside(guess, prediction.answer, prediction.explanation)
    if draw and (drawn := draw()) is not None:
        display(drawn)


def _set_beside(guess: str | None, right: str, because: str) -> None:
    """Display a guess and what happened. Without a guess it only says what happened."""
    if guess is None:
        parts = [("What happened:", right)]
    elif guess == right:
        parts = [("You guessed it:", right)]
    else:
        parts = [("You guessed:", guess), ("What happened:", right)]
    text = " ".join(f"{label} {said}." for label, said in parts)
    shown = " ".join(f"<b>{label}</b> {html.escape(str(said))}." for label, said in parts)
    # as HTML, because a page breaks printed lines in the middle of a word
    display({"text/html": f"<p>{shown} {html.escape(because)}</p>", "text/plain": f"{text} {because}"}, raw=True)


def explore(draw: Callable[..., Figure], alt: str | None = None, **sliders: Any) -> ipywidgets.VBox:
    """A figure that follows sliders.

    Args:
        draw: from the sliders' values, by name, to a Figure. alt: a description; ``{name}`` is filled with values; by default the figure's own.
        sliders: name -> a widget with a ``value`` (``ipywidgets.FloatSlider``, ``IntSlider``, ``Dropdown``, ...).

    Returns:
        the box of sliders.
    """

    def current() -> Picture:
        values = {name: slider.value for name, slider in sliders.items()}
        return plots.picture(draw(**values), alt.format(**values) if alt else None)

    for name, slider in sliders.items():
        slider.description = slider.description or name
        slider.style.description_width = "initial"
        slider.layout.width = "28em"
        slider.continuous_update = False
    box = ipywidgets.VBox(list(sliders.values()))
    display(box)
    shown = display(current(), display_id=True)
    for slider in sliders.values():
        slider.observe(lambda change: shown.update(current()) if shown else None, "value")
    return box


def squashing() -> ipywidgets.VBox:
    """How tanh squashes one number as the weight grows, and the slope of tanh there."""
    return explore(
        lambda weight, bias: plots.squashing(weight, bias=bias),
        "Left: tanh(weight times x plus bias) against x, for weight {weight:g} and bias {bias:g}. Right: the slope of tanh, "
        "highest where the curve crosses zero and near zero where it is flat.",
        weight=ipywidgets.FloatSlider(1.0, min=0.0, max=8.0, step=0.25, description="weight w"),
        bias=ipywidgets.FloatSlider(0.0, min=-3.0, max=3.0, step=0.25, description="bias b"),
    )


def unrolling(states: np.ndarray, inputs: Sequence[str]) -> ipywidgets.VBox:
    """Step through a sequence and see the state after each step. ``states``: (T + 1, H), the initial state first."""
    return explore(
        lambda step: plots.unrolled(states, inputs, step),
        "A column of boxes for each time step, one box per neuron, joined by arrows; filled in up to step {step}.",
        step=ipywidgets.IntSlider(1, min=0, max=len(states) - 1, description="steps taken"),
    )


class Reading(ipywidgets.VBox):
    """Step through a sentence word by word: one of some examples, or one that the reader types.

    Args:
        look: from a sentence to the arguments of ``draw`` other than ``words``. draw: from these to a Figure.
        alt: from the same arguments to a description. examples: sentences to pick from.
        known: the words of the language; a sentence with any other word is not looked at, and the reader is told.
    """

    MOST = 40  # words that one picture has room for
    LONGEST = 30  # letters of a word that a complaint has room for

    def __init__(
        self,
        look: Callable[[str], dict[str, Any]],
        draw: Callable[..., Figure],
        alt: Callable[..., str],
        examples: Sequence[str],
        known: Collection[str],
    ) -> None:
        self.look, self.draw, self.alt, self.known = look, draw, alt, known
        wide, style = {"width": "95%"}, {"description_width": "initial"}
        self.choice = ipywidgets.Dropdown(options=list(examples), description="pick one", layout=wide, style=style)
        self.typed = ipywidgets.Text(
            examples[0], description="or type (Enter)", layout=wide, style=style, continuous_update=False
        )
        self.words = examples[0].split()
        self.step = ipywidgets.IntSlider(
            len(self.words),
            min=1,
            max=len(self.words),
            description="words read",
            layout={"width": "28em"},
            style=style,
            continuous_update=False,
        )
        self.said = ipywidgets.HTML()
        self.shown: DisplayHandle | None = None
        super().__init__([self.choice, self.typed, self.step, self.said])
        self.choice.observe(self._chosen, "value")
        self.typed.observe(lambda change: self._read(change.new), "value")
        self.step.observe(self._stepped, "value")

    def complaint(self, words: Sequence[str]) -> str | None:
        """What is wrong with a sentence, in words, or None."""
        if not words:
            return "Type at least one word."
        if len(words) > self.MOST:
            return f"The picture has room for {self.MOST} words, but this sentence has {len(words)}. Leave some out."
        for word in words:
            if word not in self.known:
                near = difflib.get_close_matches(word, self.known, n=1, cutoff=0.6)
                hint = (
                    f"Did you mean “{near[0]}”?"
                    if near
                    else "Use the words of the list above, just as they are written."
                )
                shown = word if len(word) <= self.LONGEST else f"{word[: self.LONGEST]}…"
                return f"The word “{shown}” is not in this language. {hint}"
        return None

    def picture(self) -> Picture:
        """The picture of the words read so far."""
        seen = self.look(" ".join(self.words[: self.step.value]))
        return plots.picture(self.draw(words=self.words, **seen), self.alt(words=self.words, **seen))

    def _chosen(self, change: Any) -> None:
        if change.new is not None:
            self.typed.value = change.new

    def _read(self, sentence: str) -> None:
        if sentence != self.choice.value:
            self.choice.value = None  # so that the one that stood there can be picked again
        words = sentence.split()
        complaint = self.complaint(words)
        # the picture stays that of the last sentence that could be read
        self.said.value = f"<b>{html.escape(complaint)}</b>" if complaint else ""
        if complaint is None:
            self.words = words
            self.step.unobserve(self._stepped, "value")  # one picture for the new sentence, none while the slider moves
            self.step.max = self.step.value = len(words)
            self.step.observe(self._stepped, "value")
            self._show()

    def _stepped(self, change: Any) -> None:
        self._show()

    def _show(self) -> None:
        if self.shown is not None:
            self.shown.update(self.picture())


def read_along(
    look: Callable[[str], dict[str, Any]],
    draw: Callable[..., Figure],
    alt: Callable[..., str],
    examples: Sequence[str],
    known: Collection[str],
) -> Reading:
    """Show a ``Reading`` and, below it, its picture, which follows it."""
    box = Reading(look, draw, alt, examples, known)
    display(box)
    box.shown = display(box.picture(), display_id=True)
    return box
