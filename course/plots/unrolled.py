"""The network unrolled in time: one copy of the same cell for every step."""

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch

from course.plots.style import BLACK, BLUE, GREY, figure


def unrolled(states: np.ndarray, inputs: Sequence[str] | None = None, step: int | None = None) -> Figure:
    """Draw a network along a sequence, each neuron's state as a coloured box, the first neuron on top.

    Args:
        states: (T + 1, H), the initial state first. inputs: T short labels. step: how many steps have been taken;
            later ones are drawn faintly and without numbers. All by default.

    Returns:
        a Figure.
    """
    T, H = len(states) - 1, states.shape[1]
    step = T if step is None else step
    made, ax = figure(max(7.0, 1.15 * (T + 1)), 1.5 + 0.5 * H, title=f"The network unrolled: after {step} of {T} steps")
    for t in range(T + 1):
        done = t <= step
        for unit in range(H):
            value = states[t, unit]
            bottom = 1.0 + 0.62 * (H - 1 - unit)
            colour = _colour(value) if done else "#f4f4f4"
            ax.add_patch(
                FancyBboxPatch(
                    (t - 0.28, bottom),
                    0.56,
                    0.5,
                    boxstyle="round,pad=0,rounding_size=0.08",
                    facecolor=colour,
                    edgecolor=BLUE if t == step else "#bbbbbb",
                    linewidth=2.2 if t == step else 1,
                )
            )
            if done:
                ax.text(
                    t,
                    bottom + 0.25,
                    f"{value:+.2f}",
                    ha="center",
                    va="center",
                    fontsize=9,
                    color="white" if abs(value) > 0.6 else BLACK,
                )
        ax.text(
            t, 1.08 + 0.62 * H, f"$h_{{{t}}}$", ha="center", va="bottom", fontsize=10, color=BLACK if done else GREY
        )
        if t < T:
            arrow = {"arrowstyle": "-|>", "color": BLACK if t < step else "#cccccc"}
            middle = 0.94 + 0.31 * H
            ax.annotate("", (t + 0.7, middle), (t + 0.3, middle), arrowprops=arrow)
            if inputs is not None:
                ax.annotate(
                    inputs[t],
                    (t + 1, 0.95),
                    (t + 1, 0.35),
                    ha="center",
                    va="center",
                    fontsize=10,
                    color=BLACK if t < step else GREY,
                    arrowprops=arrow,
                )
    ax.set(xlim=(-0.6, T + 0.6), ylim=(0.1, 1.5 + 0.62 * H))
    ax.axis("off")
    rows = (
        f"neuron {unit + 1}: {', '.join(f'{value:+.2f}' for value in states[: step + 1, unit])}" for unit in range(H)
    )
    made.alt = (
        f"A column of boxes per time step, one box per neuron, joined by arrows. States from h0 on: {'; '.join(rows)}."
    )
    return made


def _colour(value: float) -> tuple[float, ...]:
    """White at 0, blue towards +1, vermilion towards -1."""
    size = min(1.0, abs(value))
    end = (0.0, 0.45, 0.70) if value > 0 else (0.84, 0.37, 0.0)
    return tuple(1 - size * (1 - part) for part in end)
