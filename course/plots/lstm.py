"""Drawings of the LSTM: the cell in three forms, a cell over time, gate by gate, and what training found."""

import numpy as np

from course.plots.cells import Diagram
from course.plots.style import BLACK, BLUE, CYCLE, GREEN, GREY, ORANGE, PINK, SKY, VERMILION, figure


def _cell(gates, fed_back, shown, title, peepholes=False):
    """An LSTM's diagram. ``gates``: labels of forget, input and output gate; ``fed_back``: what the gates see beside x."""
    parts = {
        "c": (0.3, 3.5, "$c_{t-1}$", "value"),
        "keep": (2.9, 3.5, "×", "sum"),
        "add": (4.9, 3.5, "+", "sum"),
        "c_next": (6.5, 3.5, "$c_t$", "value"),
        "f": (2.9, 1.55, f"${gates[0]}$", "gate"),
        "i": (4.1, 1.55, f"${gates[1]}$", "gate"),
        "take": (4.9, 2.55, "×", "sum"),
        "g": (5.7, 1.55, "tanh", "squash"),
        "o": (7.4, 1.55, f"${gates[2]}$", "gate"),
        "show": (8.5, 2.5, "×", "sum"),
        "h_next": (9.8, 2.5, f"${shown}_t$", "value"),
        "h": (0.3, 1.0, f"${fed_back}_{{t-1}}$", "value"),
        "x": (0.3, 0.2, "$x_t$", "value"),
        "read": (4.9, 0.2, "weights and biases, one set for each", "product"),
    }
    arrows = ["c keep", "f keep", "keep add", "i take", "g take", "take add", "add c_next", "o show", "show h_next"]
    arrows += ["x read", "h read", *(f"read {gate}" for gate in "figo")]
    if fed_back == "h":
        parts["squash"] = (7.5, 3.0, "tanh", "squash")
        arrows += ["c_next squash", "squash show"]
    else:
        arrows += ["c h", "c_next show"]
    if peepholes:
        arrows += ["c f", "c i", "c_next o"]
    return Diagram(parts, tuple(tuple(arrow.split()) for arrow in arrows), title, (8.6, 3.7))


CELLS = {
    "plain": _cell(("f", "i", "o"), "h", "h", "The LSTM: a cell with a lane of its own, and three gates"),
    "peephole": _cell(("f", "i", "o"), "h", "h", "With peepholes: the gates look into the cell", peepholes=True),
    "gamma": _cell(
        (r"\Gamma_f", r"\Gamma_u", r"\Gamma_o"),
        "c",
        "a",
        "The Gamma form: the gates see the cell, the output has no tanh",
    ),
}


def cell_over_time(candidate, inputs, forget, cell, event):
    """What comes to one cell, and what it makes of it.

    Args:
        candidate: (T,) what asks to be let in. inputs: (T,) the input gate. forget: the forget gate, a number.
        cell: (T + 1,) the cell, the one before the first step first. event: the step of the one thing worth keeping.
    """
    made, (left, right) = figure(8.4, 3.2, columns=2, title=f"One cell, forget gate {forget:g}")
    steps = np.arange(1, len(candidate) + 1)
    left.bar(steps, candidate, color="#dddddd", label="what asks to be let in, g")
    left.bar(
        steps, inputs * candidate, color=[ORANGE if t == event else SKY for t in steps], label="what is let in, i × g"
    )
    left.set(xlabel="step t", ylabel="size", ylim=(-1.25, 1.6), title="what comes")
    left.legend(frameon=False, fontsize=8, loc="upper right")
    right.plot(cell, color=BLUE, linewidth=2)
    right.axvline(event, color=ORANGE, linestyle=":", linewidth=1.2, label="the event")
    right.axhline(0, color=GREY, linewidth=0.6)
    reach = max(1.25, 1.1 * np.abs(cell).max())
    right.set(xlabel="step t", ylabel="cell c", ylim=(-0.6 * reach, reach), title="what the cell makes of it")
    right.legend(frameon=False, fontsize=8)
    return made


def ringing(runs, ring, title):
    """What trained cells do, side by side. ``runs``: name -> dict of (T,) arrays: the cell, the output gate, the state; ``ring``: the step of the ring."""
    made, axes = figure(8.4, 3.2, columns=len(runs), title=title)
    for ax, (name, curves) in zip(np.atleast_1d(axes), runs.items(), strict=True):
        ax.axvline(ring - 0.5, color=GREY, linestyle=":", linewidth=1.2, label="ring from here on")
        for (what, values), colour, marker in zip(curves.items(), (BLUE, ORANGE, GREEN), "osD", strict=False):
            ax.plot(values, color=colour, marker=marker, markersize=3.5, linewidth=1.6, label=what)
        ax.axhline(0, color=GREY, linewidth=0.6)
        ax.set(xlabel="steps after the pulse", title=name)
    low = min(np.min(values) for curves in runs.values() for values in curves.values())
    high = max(np.max(values) for curves in runs.values() for values in curves.values())
    for ax in np.atleast_1d(axes):
        ax.set(ylim=(low - 0.1, high + 0.1))
    np.atleast_1d(axes)[0].set_ylabel("value (no unit)")
    np.atleast_1d(axes)[0].legend(frameon=False, fontsize=8)
    return made


def pairs(before, after, names, ylabel, title):
    """One line a seed, from its result in one form to its result in another. ``before``, ``after``: lists in the order of the seeds."""
    made, ax = figure(5.6, 3.2, title=title)
    for seed, (first, second) in enumerate(zip(before, after, strict=True)):
        colour = CYCLE[seed % len(CYCLE)]
        ax.plot([0, 1], [first, second], color=colour, marker="o", linewidth=1.5, label=f"seed {seed}")
    ax.set(xticks=[0, 1], xlim=(-0.3, 1.7), ylim=(0, None), ylabel=ylabel)
    ax.set_xticklabels(names)
    ax.legend(frameon=False, fontsize=9, loc="center right")
    return made


def losses_by_start(runs, baseline, title):
    """Losses against training steps, one colour for each start. ``runs``: name -> list of lists of losses, one a seed."""
    made, ax = figure(7.2, 3.2, title=title)
    for (name, seeds), colour in zip(runs.items(), (VERMILION, PINK, BLUE), strict=False):
        for seed, losses in enumerate(seeds):
            smooth = np.convolve(losses, np.full(5, 0.2), mode="valid")
            ax.plot(smooth, color=colour, linewidth=1.4, alpha=0.85, label=name if seed == 0 else None)
    ax.axhline(baseline, color=BLACK, linestyle="--", linewidth=1, label="guessing")
    ax.set(xlabel="training step", ylabel="loss (nats), mean of five steps", ylim=(0, None))
    ax.legend(frameon=False, fontsize=9)
    return made
