"""Drawings of unit 04: a cell that holds a bracket, the LSTM part by part, gradients that arrive."""

import dataclasses
from collections.abc import Callable, Mapping

import numpy as np
from matplotlib.figure import Figure

from course import forgetting
from course.plots.cells import draw_cell
from course.plots.gradients import decay
from course.plots.lstm import PLAIN
from course.plots.style import BLACK, BLUE, figure

SENTENCE = "the answer (which took us a week and two pots of coffee) is here"


def bracket(sentence: str = SENTENCE) -> Figure:
    """One LSTM neuron with gates set by hand that remembers an open bracket: its cell, letter by letter."""
    cells, c = [], 0.0
    for letter in sentence:
        forget, write = letter != ")", letter == "("
        c = forget * c + write * 1.0
        cells.append(c)
    made, ax = figure(9.0, 1.9, title="One neuron that knows whether a bracket is open")
    steps = np.arange(len(sentence))
    ax.fill_between(steps, cells, step="mid", color=BLUE, alpha=0.25)
    ax.step(steps, cells, where="mid", color=BLUE, linewidth=1.8)
    for t, letter in enumerate(sentence):
        ax.text(t, -0.35, letter, ha="center", va="center", family="monospace", color=BLACK, fontsize=10)
    ax.set(ylabel="cell c", yticks=[0, 1], xticks=[], ylim=(-0.6, 1.2), xlim=(-0.8, len(sentence) - 0.2))
    ax.spines["bottom"].set_visible(False)
    made.alt = (
        f"The sentence “{sentence}”, letter by letter, and above each letter the cell of one neuron: 0 before the opening "
        "bracket, exactly 1 from there through all letters inside, and 0 again at the closing bracket."
    )
    return made


STAGES: dict[str, tuple[tuple[str, ...], str, str]] = {
    "keep": (
        ("c", "keep", "f", "read", "x", "h"),
        r"Keep: $f_t \odot c_{t-1}$",
        "The old cell meets the forget gate at a product sign; the gate reads the input and the old state.",
    ),
    "write": (
        ("i", "g", "take", "add", "c_next", "read", "x", "h"),
        r"Write: $+\; i_t \odot g_t$",
        "The input gate multiplies the candidate; the product is added to what was kept, which gives the new cell.",
    ),
    "show": (
        ("c_next", "squash", "show", "o", "h_next", "read", "x", "h"),
        r"Show: $h_t = o_t \odot \tanh(c_t)$",
        "The new cell goes through tanh and is multiplied by the output gate, which gives the new state.",
    ),
    "path": (
        ("c", "keep", "f", "add", "c_next"),
        "From the old cell to the new one: a factor and a sum",
        "The path along the top: the old cell, a product with the forget gate, a sum, the new cell.",
    ),
}
WHOLE = (
    "The cell runs along the top: times the forget gate f, plus the input gate i times the candidate g. "
    "Below, tanh of the new cell times the output gate o gives the new state. Gates use sigma, the candidate tanh."
)


def lstm_cell(stage: str | None = None) -> Figure:
    """The LSTM, all of it or with one part lit up. ``stage``: "keep", "write", "show" or "path"."""
    labels = {"f": "f: σ", "i": "i: σ", "o": "o: σ", "g": "g: tanh"}
    lit, title, alt = STAGES[stage] if stage else ((), PLAIN.title, WHOLE)
    parts = dict(PLAIN.parts)
    for name, label in labels.items():
        x, y, _, kind = parts[name]
        parts[name] = (x, y, label, kind)
    made = draw_cell(dataclasses.replace(PLAIN, parts=parts, title=title), lit)
    made.alt = alt  # type: ignore[attr-defined]
    return made


def arrived(found: forgetting.Arrived) -> Figure:
    """What arrives of a gradient against distance, for the networks of ``forgetting.compare``."""
    inputs = f"inputs of size {found.input_size:g}" if found.input_size else "no input"
    return _described(found.norms, f"64 neurons, before training, {inputs}")


def arrived_at(load: Callable[..., object], set_bias: Callable[..., object]) -> Callable[..., Figure]:
    """A function that draws one LSTM beside the plain RNN, for sliders. The arguments are the reader's two functions."""

    def draw(forget_bias: float, input_size: float, steps: int) -> Figure:
        curves = forgetting.curves_at(load, set_bias, forget_bias, input_size, steps)  # type: ignore[arg-type]
        left = np.median(curves["LSTM"][-1])
        title = f"b_f = {forget_bias:g}, inputs of size {input_size:g}: the LSTM keeps {left:.0e} at distance {steps}"
        return _described(curves, title, (1e-16, 1e3))

    return draw


def _described(norms: Mapping[str, np.ndarray], title: str, ylim: tuple[float, float] | None = None) -> Figure:
    made = decay(norms, title, ylim=ylim)
    last = "; ".join(f"{name}: {np.median(values[-1]):.0e}" for name, values in norms.items())
    distance = len(next(iter(norms.values()))) - 1
    made.alt = f"Norms of gradients, 1 at distance 0, against distance. At distance {distance}: {last}."  # type: ignore[attr-defined]
    return made
