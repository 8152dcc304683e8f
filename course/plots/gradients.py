"""Drawings of gradients on their way back in time: decay curves, matrices, clipping, a cliff, pieces."""

from collections.abc import Mapping, Sequence

import numpy as np
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch
from matplotlib.ticker import MaxNLocator
from numpy.typing import ArrayLike

from course.plots.style import BLACK, BLUE, CYCLE, GREEN, GREY, ORANGE, VERMILION, Drawing, figure

COLOURS = {"rho = 0.5": BLUE, "rho = 0.9": VERMILION, "rho = 1": GREEN, "rho = 1.5": ORANGE}  # in every figure
FLOOR = 1e-24  # what is smaller than this is drawn as gone
NOISE = 1e-15  # singular values below this share of the largest are rounding errors


def decay(
    curves: Mapping[str, ArrayLike],
    title: str = "How much of a gradient arrives",
    bounds: Mapping[str, np.ndarray] | None = None,
    ylim: tuple[float, float] | None = None,
    ends: bool = False,
) -> Drawing:
    """Norms of gradients against distance, on a logarithmic axis.

    Args:
        curves: name -> norms (T + 1, B), entry k at distance k; the line is the median of the batch, the band its range.
        bounds: name -> (T + 1, B), drawn as dashed lines, in the colour of the curve of the same name.
        ends: whether the legend says what is left at the largest distance.
    """
    made, ax = figure(7.2, 3.6, title=title)
    said = []
    for (name, norms), colour in zip(curves.items(), CYCLE * len(curves), strict=False):
        norms = np.asarray(norms, dtype=float)
        norms = norms.reshape(len(norms), -1)
        norms = np.where(norms > FLOOR, norms, np.nan)
        distance, gone = np.arange(len(norms)), np.isnan(norms).any(axis=1)
        middle = np.where(gone, np.nan, np.median(norms, axis=1))
        colour = COLOURS.get(str(name), colour)
        left = f": {middle[-1]:.1e} left" if ends and np.isfinite(middle[-1]) else ""
        ax.plot(distance, middle, color=colour, linewidth=1.9, label=f"{name}{left}")
        ax.fill_between(distance, norms.min(axis=1), norms.max(axis=1), color=colour, alpha=0.15, linewidth=0)
        said.append(f"{name}: {_course_of(middle)}")
        if bounds and name in bounds:
            bound = np.median(bounds[name], axis=1)
            label = f"bound, {name}" + (f": {bound[-1]:.1e}" if ends else "")
            ax.plot(distance, bound, color=colour, linestyle="--", label=label)
            said.append(f"its dashed bound: {_course_of(bound)}")
    ax.axhline(1, color=GREY, linewidth=0.9, linestyle=":")
    ax.set(xlabel="distance from the last state (steps)", ylabel="norm of the gradient\n(1 at the last state)")
    ax.set(yscale="log", ylim=ylim)
    ax.legend(frameon=False, fontsize=9, loc="best")
    made.alt = f"{title}. Norm of the gradient against distance, on a logarithmic axis. {'; '.join(said)}."
    return made


def _course_of(middle: np.ndarray) -> str:
    """Where a curve begins and ends, and its middle, in words."""
    kept = [(k, value) for k, value in enumerate(middle) if np.isfinite(value)]
    if not kept:
        return "nothing arrives"
    places = (kept[0], kept[len(kept) // 2], kept[-1])
    return ", ".join(f"{value:.1e} at distance {k}" for k, value in places)


def singular_values(values: np.ndarray, title: str = "How a product of Jacobians stretches each direction") -> Drawing:
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
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.legend(frameon=False, fontsize=9)
    made.alt = (
        f"{title}. {values.shape[1]} curves over {len(values)} steps, on a logarithmic axis. The largest singular value "
        f"goes from {values[0, 0]:.1f} to {values[-1, 0]:.1f}; the one in the middle from "
        f"{values[0, values.shape[1] // 2]:.1f} to {values[-1, values.shape[1] // 2]:.0e}; the smallest curves fall "
        "fastest and end where only rounding noise would be left."
    )
    return made


def matrices(named: Mapping[str, np.ndarray], title: str, signs: str = "=") -> Drawing:
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
    made.alt = f"{title}. Heat maps side by side, red for negative, blue for positive entries: {', '.join(named)}."
    return made


def one_step_back(state: np.ndarray) -> Drawing:
    """The slopes at a state, random recurrent weights, and their product, the Jacobian. ``state``: (H,)."""
    size = len(state)
    U = np.random.default_rng(0).normal(size=(size, size)) / np.sqrt(size)
    slopes = np.diag(1 - state**2)
    made = matrices(
        {"slopes, diag(1 - h²)": slopes, "recurrent weights U": U, "Jacobian J": slopes @ U},
        f"One step back, for a state of {size} neurons",
        "·=",
    )
    nearly = [str(i + 1) for i in range(size) if 1 - state[i] ** 2 < 0.1]
    made.alt = (
        f"Three heat maps of {size} by {size}: a diagonal matrix of slopes, the weights U, and their product. "
        f"The rows {' and '.join(nearly)} of the product are nearly white, because their slopes are below 0.1."
    )
    return made


def leaky_jacobians(jacobians: Mapping[float, np.ndarray]) -> Drawing:
    """The Jacobian of one leaky step for several alphas. ``jacobians``: alpha -> (H, H)."""
    made = matrices({f"alpha = {alpha:g}": J for alpha, J in jacobians.items()}, "The Jacobian of one leaky step", "")
    made.alt = (
        f"Heat maps of the Jacobian for alpha = {', '.join(f'{alpha:g}' for alpha in jacobians)}. At the first it is a "
        "random pattern. As alpha falls, a diagonal grows out of it; at the last only the diagonal is left."
    )
    return made


def ellipses(jacobians: np.ndarray, counts: Sequence[int] = (1, 2, 4, 8)) -> Drawing:
    """What a circle of radius 1 becomes after some of these steps. ``jacobians``: (T, 2, 2), first step first."""
    made, axes = figure(8.4, 2.6, columns=len(counts) + 1, title="A circle goes through one Jacobian after another")
    angles = np.linspace(0, 2 * np.pi, 200)
    circle, product, said = np.array([np.cos(angles), np.sin(angles)]), np.eye(2), []
    products = [product := J @ product for J in jacobians]
    for ax, count in zip(axes, (0, *counts), strict=True):
        matrix = products[count - 1] if count else np.eye(2)
        large, small = np.linalg.svd(matrix, compute_uv=False)
        ax.plot(*(matrix @ circle / large), color=BLUE, linewidth=1.8)
        ax.set(xlim=(-1.1, 1.1), ylim=(-1.1, 1.1), aspect="equal", xticks=[], yticks=[])
        ax.set_title(f"{count} step{'s' * (count != 1)}\n{large:.2g} by {small:.2g}", fontsize=9)
        said.append(f"after {count}: half-axes {large:.2g} and {small:.2g}")
    made.alt = (
        "A circle of radius 1 and its images, each drawn with the same largest half-axis; they get narrower. "
        f"{'; '.join(said)}."
    )
    return made


def chain(steps: int = 4) -> Drawing:
    """The way of a gradient from the loss to the one weight that every step shares, with both ends."""
    made, ax = figure(8.4, 3.3, title="All the ways from the loss back to one weight")
    arrow = {"arrowstyle": "-|>", "shrinkA": 0, "shrinkB": 0, "color": VERMILION, "linewidth": 1.6}
    box = {"boxstyle": "round,pad=0.35", "facecolor": "white", "edgecolor": BLUE}
    for t in range(steps + 1):
        ax.text(1.5 * t, 2, f"$h_{{{t}}}$", ha="center", va="center", fontsize=12, bbox=box)
        if t:
            ax.annotate("", (1.5 * t - 1.15, 2), (1.5 * t - 0.35, 2), arrowprops=arrow)
            ax.text(1.5 * t - 0.75, 2.2, f"$J_{{{t}}}$", ha="center", fontsize=12, color=VERMILION)
            ax.annotate("", (1.5 * t, 0.95), (1.5 * t, 1.6), arrowprops=arrow | {"color": GREEN})
    ax.annotate("", (1.5 * steps + 0.35, 2), (1.5 * steps + 1.15, 2), arrowprops=arrow | {"color": ORANGE})
    loss = box | {"edgecolor": ORANGE}
    ax.text(1.5 * steps + 1.5, 2, "loss $L$", ha="center", va="center", fontsize=11, bbox=loss)
    ax.plot([1.2, 1.5 * steps + 0.3], [0.85, 0.85], color=GREEN, linewidth=5, alpha=0.4)
    ax.text(0.75 * (steps + 1), 0.5, "one weight $w$, used at every step", ha="center", va="center", fontsize=10)
    ends = (
        (1.5 * steps + 0.75, 2.75, "first end: $\\nabla_{h_T} L$,\nhow the loss depends\non the last state", ORANGE),
        (0.75 * steps, 2.95, "in between: one Jacobian\nfor each step", VERMILION),
        (-0.35, 1.0, "other end:\nhow one step\ndepends on $w$", GREEN),
    )
    for x, y, words, colour in ends:
        ax.text(x, y, words, ha="center", va="center", fontsize=9, color=colour)
    ax.set(xlim=(-1.2, 1.5 * steps + 2.2), ylim=(0.3, 3.3))
    ax.axis("off")
    made.alt = (
        f"States h0 to h{steps} in a row, then the loss. An arrow leads from the loss back to the last state, arrows "
        f"labelled J{steps} to J1 lead from each state back to the one before, and from each state an arrow leads down "
        "to the one weight w that every step shares."
    )
    return made


def two_clips(
    before: Sequence[float], by_norm: Sequence[float], by_value: Sequence[float], threshold: float
) -> Drawing:
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
    made.alt = (
        f"A long arrow to {_point(before)}; clipped by its norm it points the same way and ends on a circle, at "
        f"{_point(by_norm)}; with each number clipped on its own it points elsewhere, to {_point(by_value)}."
    )
    return made


def _point(numbers: Sequence[float]) -> str:
    return f"({', '.join(f'{number:.2g}' for number in numbers)})"


def cliff(
    weights: Sequence[float],
    losses: Sequence[float],
    walks: Mapping[str, Sequence[tuple[float, float]]],
    title: str = "A wall in the loss",
) -> Drawing:
    """A loss against one weight, and where walks downhill go on it. ``walks``: name -> list of (weight, loss)."""
    made, ax = figure(7.2, 3.4, title=title)
    ax.plot(weights, losses, color=BLACK, linewidth=1.4)
    low, high, said = weights[0], weights[-1], []
    for (name, walk), colour, marker in zip(walks.items(), (VERMILION, BLUE, GREEN), "so^", strict=False):
        xs, ys = zip(*walk, strict=True)
        way = " → ".join(f"{x:.2f}" for x in xs[:4])
        ax.plot(xs, ys, color=colour, marker=marker, markersize=5, linewidth=1, label=f"{name}: u = {way}, ...")
        said.append(f"{name}: the weight goes {' to '.join(f'{x:.2f}' for x in xs[:4])}")
        if gone := [x for x in xs if not low <= x <= high]:
            ax.text(low, ys[0] + 0.1, f" ← to u = {gone[0]:.2f}", va="bottom", fontsize=10, color=colour)
    ax.set(xlabel="recurrent weight u", ylabel="loss", xlim=(low, high))
    made.legend(frameon=False, fontsize=9, loc="outside lower center", ncols=2)
    foot = float(np.asarray(weights)[np.argmax(np.gradient(np.asarray(losses)))])
    made.alt = f"{title}. The loss is low for small weights and climbs steeply near {foot:.2f}, then is high. {'; '.join(said)}."
    return made


def pieces(steps: int, k: int) -> Drawing:
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
    cuts = [str(t + 1) for t in range(steps - 1) if (t + 1) % k == 0]
    made.alt = (
        f"{steps} states in a row joined by arrows to the right. Arrows back to the left join them, too, except across "
        f"the cuts after state {' and '.join(cuts)}."
    )
    return made


def piece_lengths(shares: Mapping[int, Sequence[float]], delay: int, chance: float) -> Drawing:
    """Accuracy against the length of pieces, a dot for each seed. ``shares``: length -> one share of right answers per seed."""
    made, ax = figure(7.0, 3.2, title=f"Delayed recall over {delay} steps, trained in pieces")
    means = [np.mean(found) for found in shares.values()]
    places = np.arange(len(shares))
    ax.plot(places, means, color=BLUE, linewidth=1.8, marker="o", label="mean of the seeds")
    for place, found in zip(places, shares.values(), strict=True):
        ax.scatter([place] * len(found), found, color=BLUE, s=14, alpha=0.6, linewidth=0)
    ax.axhline(chance, color=GREY, linestyle="--", linewidth=1, label="guessing")
    ax.set(xlabel="steps in a piece, k", ylabel="accuracy on new sequences", ylim=(0, 1.05))
    ax.set_xticks(places, [str(k) for k in shares])
    ax.legend(frameon=False, fontsize=9, loc="lower right")
    said = ", ".join(f"{mean:.0%} for k = {k}" for k, mean in zip(shares, means, strict=True))
    made.alt = f"Accuracy against the length of the pieces; mean of the seeds: {said}. Guessing gives {chance:.0%}."
    return made


def leaky_recall(results: Mapping[str, Mapping[str, Mapping[int, Sequence[float]]]], chance: float) -> Drawing:
    """Accuracy of leaky networks against delay, a panel for each task.

    Args:
        results: task -> name of the network -> delay -> accuracies, one per seed. chance: what guessing gives.
    """
    made, axes = figure(8.4, 3.4, columns=len(results), title="Leaky networks, trained on delayed recall")
    said = []
    for ax, (task, several) in zip(np.atleast_1d(axes), results.items(), strict=True):
        for (name, found), colour, marker in zip(several.items(), CYCLE, "os^Dvp", strict=False):
            means = {k: float(np.mean(values)) for k, values in found.items()}
            label = name if task == next(iter(results)) else None
            ax.plot(list(means), list(means.values()), color=colour, linewidth=1.8, marker=marker, label=label)
            for k, values in found.items():
                ax.scatter([k] * len(values), values, color=colour, s=14, alpha=0.6, marker=marker, linewidth=0)
            said.append(f"{task}, {name}: " + ", ".join(f"{mean:.0%} at {k}" for k, mean in means.items()))
        ax.axhline(chance, color=GREY, linestyle="--", linewidth=1, label=None if said[len(several) :] else "guessing")
        ax.set(xlabel="delay (steps)", ylim=(0, 1.05), xticks=sorted({k for found in several.values() for k in found}))
        ax.set_title(task, fontsize=10)
    np.atleast_1d(axes)[0].set_ylabel("accuracy on new sequences")
    made.legend(frameon=False, fontsize=9, loc="outside lower center", ncols=5)
    made.alt = f"Accuracy against delay. {'; '.join(said)}. Guessing gives {chance:.0%}."
    return made
