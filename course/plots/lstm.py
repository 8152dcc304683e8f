"""Drawings of the LSTM: the cell, what it keeps over time, losses from several starts."""

from collections.abc import Mapping, Sequence

import numpy as np

from course.plots.cells import Diagram
from course.plots.style import BLUE, GREY, ORANGE, PINK, VERMILION, Drawing, figure

PLAIN = Diagram(
    {
        "c": (0.3, 3.5, "$c_{t-1}$", "value"),
        "keep": (2.9, 3.5, "×", "sum"),
        "add": (4.9, 3.5, "+", "sum"),
        "c_next": (6.5, 3.5, "$c_t$", "value"),
        "f": (2.9, 1.55, "$f$", "gate"),
        "i": (4.1, 1.55, "$i$", "gate"),
        "take": (4.9, 2.55, "×", "sum"),
        "g": (5.7, 1.55, "tanh", "squash"),
        "o": (7.4, 1.55, "$o$", "gate"),
        "show": (8.5, 2.5, "×", "sum"),
        "h_next": (9.8, 2.5, "$h_t$", "value"),
        "h": (0.3, 1.0, "$h_{t-1}$", "value"),
        "x": (0.3, 0.2, "$x_t$", "value"),
        "read": (4.9, 0.2, "weights and biases, one set for each", "product"),
        "squash": (7.5, 3.0, "tanh", "squash"),
    },
    (
        *(
            ("c", "keep"),
            ("f", "keep"),
            ("keep", "add"),
            ("i", "take"),
            ("g", "take"),
            ("take", "add"),
            ("add", "c_next"),
        ),
        *(("o", "show"), ("show", "h_next"), ("x", "read"), ("h", "read"), *(("read", gate) for gate in "figo")),
        *(("c_next", "squash"), ("squash", "show")),
    ),
    "The LSTM: a cell with a lane of its own, and three gates",
    (8.6, 3.7),
)


def keeping(forget: float, let_in: float, steps: int = 40) -> Drawing:
    """What a cell holds when gates stand still: one pulse at step 0, then nothing, then a second pulse half-way."""
    made, ax = figure(
        7.2, 3.0, title=f"A cell with f = {forget:g} and i = {let_in:g}: pulses at steps 0 and {steps // 2}"
    )
    candidate = np.zeros(steps)
    candidate[[0, steps // 2]] = 1.0, -1.0
    c, cells = 0.0, []
    for g in candidate:
        c = forget * c + let_in * g
        cells.append(c)
    ax.bar(range(steps), candidate, color=ORANGE, width=0.5, label="candidate g")
    ax.plot(cells, color=BLUE, linewidth=2, marker="o", markersize=3, label="cell c")
    ax.axhline(0, color=GREY, linewidth=0.6)
    ax.set(xlabel="step t", ylabel="value (dimensionless)", ylim=(-1.15, 1.15))
    ax.legend(frameon=False, fontsize=9, loc="upper right")
    made.alt = (
        f"The cell against time with f = {forget:g} and i = {let_in:g}. The first pulse takes it to {cells[0]:.2g}; one step "
        f"before the second pulse it is {cells[steps // 2 - 1]:.2g}; at the last step it is {cells[-1]:.2g}."
    )
    return made


def losses_by_start(runs: Mapping[str, Sequence[Sequence[float]]], guessing: float, title: str) -> Drawing:
    """Losses against training steps, one colour per start. ``runs``: name -> lists of losses, one per seed; ``guessing``: a loss."""
    made, ax = figure(7.2, 3.2, title=title)
    for (name, seeds), colour in zip(runs.items(), (VERMILION, PINK, BLUE), strict=False):
        for seed, losses in enumerate(seeds):
            smooth = np.convolve(losses, np.full(5, 0.2), mode="valid")
            ax.plot(smooth, color=colour, linewidth=1.4, alpha=0.85, label=name if seed == 0 else None)
    ax.axhline(guessing, color=GREY, linestyle="--", linewidth=1, label="guessing")
    ax.set(xlabel="training step", ylabel="loss (nats), mean of 5 steps", ylim=(0, None))
    ax.legend(frameon=False, fontsize=9)
    return made
