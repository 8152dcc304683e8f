"""Drawings of unit 06: the paths of a gradient back through one step of the LSTM, and losses while networks train."""

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyArrowPatch, FancyBboxPatch

from course.first_symbol import GUESSING, Run
from course.plots.lstm import losses_by_start
from course.plots.style import BLACK, BLUE, GREEN, GREY, ORANGE, VERMILION, figure

# x, y, label, colour of the frame
PLACES = {
    "dc_old": (0.5, 3.4, "$dc_{t-1}$", BLUE),
    "dc": (5.4, 3.4, "$dc_t$", BLUE),
    "dc_next": (9.6, 3.4, "$dc_{next}$", BLUE),
    "dh_next": (9.6, 2.1, "$dh_{next}$", BLUE),
    "da_f": (2.4, 1.7, "$da_f$", ORANGE),
    "da_i": (4.2, 1.7, "$da_i$", ORANGE),
    "da_g": (6.0, 1.7, "$da_g$", GREEN),
    "da_o": (7.8, 1.7, "$da_o$", ORANGE),
    "below": (5.1, 0.3, "four blocks: weights, biases, $dx_t$ and $dh_{t-1}$", BLACK),
}
# from, to, the factor on the way, its place
PATHS = (
    ("dc_next", "dc", r"$1$", (8.0, 3.6)),
    ("dh_next", "dc", r"$o\,(1-\tanh^2 c_t)$", (8.0, 3.0)),
    ("dc", "dc_old", r"$f$", (2.9, 3.6)),
    ("dc", "da_f", r"$c_{t-1}\,f(1-f)$", (3.0, 2.6)),
    ("dc", "da_i", r"$g\,i(1-i)$", (5.2, 2.2)),
    ("dc", "da_g", r"$i\,(1-g^2)$", (6.35, 2.4)),
    ("dh_next", "da_o", r"$\tanh(c_t)\,o(1-o)$", (8.6, 1.35)),
    *((name, "below", "", (0.0, 0.0)) for name in ("da_f", "da_i", "da_g", "da_o")),
)


def paths_back() -> Figure:
    """One step backwards: arrows run from right to left and down; what stands beside an arrow multiplies the gradient."""
    made, ax = figure(8.8, 3.9, title="One step backwards: multiply along each arrow, add where arrows meet")
    for start, end, factor, place in PATHS:
        (x1, y1, *_), (x2, y2, *_) = PLACES[start], PLACES[end]
        keeps = (start, end) in (("dc_next", "dc"), ("dc", "dc_old"))
        style = {"color": VERMILION if keeps else GREY, "linewidth": 2.4 if keeps else 1.3, "zorder": 1}
        arrow = {"arrowstyle": "-|>", "mutation_scale": 13, "shrinkA": 20, "shrinkB": 33 if y1 == y2 else 17}
        ax.add_patch(FancyArrowPatch((x1, y1), (x2, y2), **arrow, **style))
        ax.text(*place, factor, ha="center", va="center", fontsize=10, color=BLACK)
    for x, y, label, colour in PLACES.values():
        half = 2.9 if y < 1 else 0.45
        box = FancyBboxPatch((x - half, y - 0.22), 2 * half, 0.44, boxstyle="round,pad=0,rounding_size=0.1")
        box.set(facecolor="white", edgecolor=colour, linewidth=1.6, zorder=2)
        ax.add_patch(box)
        ax.text(x, y, label, ha="center", va="center", fontsize=11, zorder=3)
    ax.set(xlim=(-0.2, 10.4), ylim=(-0.1, 3.9))
    ax.axis("off")
    made.alt = (
        "Gradients run from right to left. Into dc_t come dc_next, unchanged, and dh_next times o (1 - tanh squared of c_t). "
        "From dc_t one arrow goes on to dc_(t-1), times f; three go down to da_f, times c_(t-1) f (1 - f); to da_i, times "
        "g i (1 - i); and to da_g, times i (1 - g squared). da_o comes from dh_next, times tanh(c_t) o (1 - o). All four lead "
        "to the weights, the biases, dx_t and dh_(t-1)."
    )
    return made


def first_symbol(runs: dict[float, list[Run]], steps: int = 30) -> Figure:
    """Losses while networks trained, one colour per forget bias, one line per seed."""
    losses = {f"start at b_f = {bias}": [run.losses for run in of_bias] for bias, of_bias in runs.items()}
    made = losses_by_start(losses, GUESSING, f"Which symbol was the first of {steps}?")
    ends = "; ".join(
        f"b_f {bias}: {', '.join(f'{np.mean(run.losses[-5:]):.2f}' for run in of_bias)}"
        for bias, of_bias in runs.items()
    )
    made.alt = f"Losses against training steps; guessing is at {GUESSING:.2f}. At the end: {ends}."  # type: ignore[attr-defined]
    return made
