"""Drawings of gradients on their way back in time: decay curves, matrices, clipping, a cliff, pieces."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from numpy.typing import ArrayLike

from course.plots.style import BLACK, BLUE, CYCLE, GREEN, GREY, ORANGE, VERMILION, figure

FLOOR = 1e-24  # what is smaller than this is drawn as gone
NOISE = 1e-15  # singular values below this share of the largest are rounding errors


def decay(
    curves: Mapping[str, ArrayLike],
    title: str = "How much of a gradient arrives",
    bounds: Mapping[str, np.ndarray] | None = None,
    ylim: tuple[float, float] | None = None,
) -> Figure:
    """Norms of gradients against distance, on a logarithmic axis.

    Args:
        curves: name -> norms (T + 1, B), entry k at distance k; the line is the median of the batch, the band its range.
        bounds: name -> (T + 1, B), drawn as dashed lines, in the colour of the curve of the same name.
    """
    made, ax = figure(7.2, 3.6, title=title)
    for (name, norms), colour in zip(curves.items(), CYCLE * len(curves), strict=False):
        norms = np.asarray(norms, dtype=float)
        norms = norms.reshape(len(norms), -1)
        norms = np.where(norms > FLOOR, norms, np.nan)
        distance, gone = np.arange(len(norms)), np.isnan(norms).any(axis=1)
        middle = np.where(gone, np.nan, np.median(norms, axis=1))
        ax.plot(distance, middle, color=colour, linewidth=1.9, label=str(name))
        ax.fill_between(distance, norms.min(axis=1), norms.max(axis=1), color=colour, alpha=0.15, linewidth=0)
        if bounds and name in bounds:
            ax.plot(distance, np.median(bounds[name], axis=1), color=colour, linestyle="--", label=f"bound, {name}")
    ax.axhline(1, color=GREY, linewidth=0.9, linestyle=":")
    ax.set(xlabel="distance from the last state (steps)", ylabel="norm of the gradient\n(1 at the last state)")
    ax.set(yscale="log", ylim=ylim)
    ax.legend(frameon=False, fontsize=9, loc="best")
    return made


def singular_values(values: np.ndarray, title: str = "How a product of Jacobians stretches each direction") -> Figure:
    """The singular values of Jacobian products against the number of steps; rounding noise is left out. ``values``: (T, H), largest first."""
    made, ax = figure(7.2, 3.4, title=title)
    steps = np.arange(1, len(values) + 1)
    values = np.where(values > NOISE * values[:, :1], values, np.nan)
    for unit in range(values.shape[1] - 1, -1, -1):
        first, last = unit == 0, unit == values.shape[1] - 1
        colour, name = (VERMILION, "largest") if first else (BLUE, "smallest") if last else ("#bbbbbb", None)
        ax.plot(steps, values[:, unit], color=colour, linewidth=1.9 if name else 0.9, label=name)
    ax.axhline(1, color=GREY, linewidth=0.9, linestyle=":")
    ax.set(xlabel="steps in the product", ylabel="singular value", yscale="log")
    ax.legend(frameon=False, fontsize=9)
    return made


def matrices(named: Mapping[str, np.ndarray], title: str, signs: str = "=") -> Figure:
    """Matrices side by side as heat maps with one scale. ``signs``: what stands between neighbours, one character each."""
    made, axes = figure(2.3 * len(named) + 0.6, 2.7, columns=len(named), title=title)
    most = max(np.abs(matrix).max() for matrix in named.values())
    for number, (ax, (name, matrix)) in enumerate(zip(np.atleast_1d(axes), named.items(), strict=True)):
        ax.imshow(matrix, cmap="RdBu", vmin=-most, vmax=most, interpolation="nearest")
        ax.set_title(name, fontsize=10)
        ax.set(xticks=[], yticks=[])
        ax.spines[:].set_visible(True)
        if number < len(signs) and number + 1 < len(named):
            ax.text(1.1, 0.5, signs[number], transform=ax.transAxes, ha="center", va="center", fontsize=14)
    made.colorbar(np.atleast_1d(axes)[-1].images[0], ax=axes, label="entry", shrink=0.8)
    return made


def two_clips(before: Sequence[float], by_norm: Sequence[float], by_value: Sequence[float], threshold: float) -> Figure:
    """Arrows in the plane: a gradient of two numbers, and what two ways of clipping make of it."""
    made, ax = figure(6.6, 3.3, title="Two ways to shorten a gradient")
    ax.add_patch(Circle((0, 0), threshold, fill=False, color=GREY, linestyle=":"))
    drawn = (("the gradient", before, GREY, 1.6), ("clipped by its norm", by_norm, BLUE, 2.6))
    for name, (gx, gy), colour, width in (*drawn, ("each number clipped on its own", by_value, VERMILION, 2.6)):
        ax.add_patch(
            FancyArrowPatch(
                (0, 0),
                (gx, gy),
                arrowstyle="-|>",
                mutation_scale=14,
                color=colour,
                linewidth=width,
                shrinkA=0,
                shrinkB=0,
            )
        )
        ax.plot([], [], color=colour, linewidth=width, label=name)
    ax.plot([], [], color=GREY, linestyle=":", label="threshold")
    most = 1.15 * max(*np.abs(before), threshold)
    ax.set(xlim=(-0.25 * most, most), ylim=(-0.3 * most, 0.75 * most), aspect="equal")
    ax.set(xlabel="gradient of the first weight", ylabel="gradient of the second weight")
    ax.legend(frameon=False, fontsize=9, loc="center left", bbox_to_anchor=(1.02, 0.5))
    return made


def cliff(
    weights: Sequence[float],
    losses: Sequence[float],
    walks: Mapping[str, Sequence[tuple[float, float]]],
    title: str = "A wall in the loss",
) -> Figure:
    """A loss against one weight, and where walks downhill go on it. ``walks``: name -> list of (weight, loss)."""
    made, ax = figure(7.2, 3.4, title=title)
    ax.plot(weights, losses, color=BLACK, linewidth=1.4)
    for (name, walk), colour, marker in zip(walks.items(), (VERMILION, BLUE, GREEN), "so^", strict=False):
        xs, ys = zip(*walk, strict=True)
        ax.plot(xs, ys, color=colour, marker=marker, markersize=5, linewidth=1, label=name)
    low, high = weights[0], weights[-1]
    if gone := [name for name, walk in walks.items() if any(not low <= x <= high for x, _ in walk)]:
        ax.text(
            0.99,
            0.04,
            f"{', '.join(gone)}: left the picture",
            transform=ax.transAxes,
            ha="right",
            fontsize=8,
            color=GREY,
        )
    ax.set(xlabel="recurrent weight u (no unit)", ylabel="loss", xlim=(low, high))
    ax.legend(frameon=False, fontsize=9, loc="upper left")
    return made


def pieces(steps: int, k: int) -> Figure:
    """Truncated backpropagation: states run on to the right, gradients run back to the left within pieces of k steps."""
    made, ax = figure(max(7.0, 0.8 * steps), 2.1, title=f"{steps} steps in pieces of {k}")
    for t in range(steps):
        ax.add_patch(
            FancyBboxPatch(
                (t - 0.27, 0.75),
                0.54,
                0.5,
                boxstyle="round,pad=0,rounding_size=0.08",
                facecolor="white",
                edgecolor=BLUE,
            )
        )
        ax.text(t, 1.0, f"$h_{{{t + 1}}}$", ha="center", va="center", fontsize=10)
        if t + 1 < steps:
            arrow = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0}
            ax.annotate("", (t + 0.73, 1.1), (t + 0.27, 1.1), arrowprops=arrow | {"color": BLACK})
            if (t + 1) % k:
                ax.annotate("", (t + 0.27, 0.88), (t + 0.73, 0.88), arrowprops=arrow | {"color": VERMILION})
            else:
                ax.plot([t + 0.5, t + 0.5], [0.45, 0.95], color=ORANGE, linewidth=2.5)
    ax.plot([], [], color=BLACK, label="states")
    ax.plot([], [], color=VERMILION, label="gradients")
    ax.plot([], [], color=ORANGE, linewidth=2.5, label="cut")
    ax.set(xlim=(-0.6, steps - 0.4), ylim=(0.3, 1.9))
    ax.legend(frameon=False, fontsize=9, ncols=3, loc="upper center")
    ax.axis("off")
    return made
