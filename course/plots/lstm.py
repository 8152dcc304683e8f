"""Drawings of the LSTM: the cell with and without peepholes, what it keeps over time, what a timing task asks for."""

import numpy as np

from course.plots.cells import Diagram
from course.plots.style import BLUE, CYCLE, GREY, ORANGE, VERMILION, figure

PARTS = {
    "c": (0.5, 3.6, "$c_{t-1}$", "value"),
    "in": (0.95, 0.5, "$x_t,\\ h_{t-1}$", "value"),
    "keep": (2.4, 3.6, "×", "sum"),
    "f": (2.4, 1.9, "f", "gate"),
    "i": (3.6, 1.9, "i", "gate"),
    "g": (4.9, 1.9, "tanh", "squash"),
    "take": (4.9, 2.8, "×", "sum"),
    "add": (4.9, 3.6, "+", "sum"),
    "o": (6.4, 1.9, "o", "gate"),
    "squash": (7.6, 2.8, "tanh", "squash"),
    "show": (7.6, 1.9, "×", "sum"),
    "c_next": (9.2, 3.6, "$c_t$", "value"),
    "h_next": (9.2, 1.9, "$h_t$", "value"),
}
ARROWS = (
    "c keep|keep add|add c_next|in f|in i|in g|in o|f keep|i take|g take|take add|add squash|squash show|o show|show h_next"
)
PEEPHOLES = "c f|c i|add o"


def _cell(arrows, title):
    return Diagram(PARTS, tuple(tuple(arrow.split()) for arrow in arrows.split("|")), title, (8.6, 3.6))


CELLS = {
    "plain": _cell(ARROWS, "An LSTM: the cell runs along the top, the gates decide"),
    "peephole": _cell(f"{ARROWS}|{PEEPHOLES}", "With peepholes: f and i look at the old cell, o looks at the new one"),
}


def keeping(forget, let_in, steps=40):
    """What a cell holds when gates stand still: one pulse at step 0, then nothing, then a second pulse half-way."""
    made, ax = figure(7.2, 3.0, title=f"A cell with f = {forget:g} and i = {let_in:g}: pulses at steps 0 and {steps // 2}")
    candidate = np.zeros(steps)
    candidate[[0, steps // 2]] = 1.0, -1.0
    c, cells = 0.0, []
    for g in candidate:
        c = forget * c + let_in * g
        cells.append(c)
    ax.bar(range(steps), candidate, color=ORANGE, width=0.5, label="candidate g")
    ax.plot(cells, color=BLUE, linewidth=2, marker="o", markersize=3, label="cell c")
    ax.axhline(0, color=GREY, linewidth=0.6)
    ax.set(xlabel="step t", ylabel="value (no unit)", ylim=(-1.15, 1.15))
    ax.legend(frameon=False, fontsize=9, loc="upper right")
    return made


def timing(pulses, wanted, said, title):
    """One sequence of a timing task: the pulses that come in, when to answer, and the network's probability of answering.

    Args:
        pulses, wanted: (T,) zeros and ones. said: dict from a network's name to (T,) probabilities.
    """
    made, ax = figure(7.4, 2.8, title=title)
    steps = np.arange(len(pulses))
    ax.vlines(steps[pulses > 0], -0.28, -0.06, color=GREY, linewidth=3, label="pulse comes in")
    ax.vlines(steps[wanted > 0], 0, 1, color=ORANGE, linewidth=7, alpha=0.5, label="answer is due")
    for colour, (name, values) in zip((VERMILION, BLUE, *CYCLE), said.items(), strict=False):
        ax.plot(steps, values, color=colour, linewidth=1.6, marker="o", markersize=3, label=name)
    ax.set(xlabel="step t", ylabel="probability of an answer", ylim=(-0.3, 1.05))
    ax.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    return made
