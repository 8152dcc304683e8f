"""Drawings of the gated recurrent unit: the cell, the flow through its gates to scale, paths, counts, trajectories."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import FancyBboxPatch, PathPatch
from matplotlib.path import Path

from course.plots.cells import Diagram, draw_cell
from course.plots.style import BLACK, BLUE, CYCLE, GREEN, GREY, ORANGE, PINK, SKY, VERMILION, Drawing, figure

Edge = tuple[float, float, float]  # x, middle, height


def _cell(letter: str, update: str, reset: str | None, title: str) -> Diagram:
    """A GRU's diagram in the letters of a notation; ``reset`` is None for the simplified cell."""
    parts = {
        "h": (0.4, 3.5, f"${letter}_{{t-1}}$", "value"),
        "x": (0.4, 0.4, "$x_t$", "value"),
        "candidate": (4.7, 0.95, "tanh", "squash"),
        "z": (4.7, 2.35, f"${update}$", "gate"),
        "1-z": (5.85, 2.95, f"$1-{update}$", "gate"),
        "keep": (7.0, 3.5, "×", "sum"),
        "take": (7.0, 0.95, "×", "sum"),
        "add": (8.2, 2.35, "+", "sum"),
        "h_next": (9.5, 2.35, f"${letter}_t$", "value"),
    }
    arrows = ["h z", "x z", "z 1-z", "1-z keep", "h keep", "z take", "candidate take", "keep add", "take add"]
    arrows += ["add h_next", "x candidate"]
    if reset:
        parts |= {"r": (1.7, 1.75, f"${reset}$", "gate"), "reset": (3.1, 2.05, "×", "sum")}
    arrows += ["h r", "x r", "r reset", "h reset", "reset candidate"] if reset else ["h candidate"]
    return Diagram(parts, tuple(tuple(arrow.split()) for arrow in arrows), title, (8.6, 3.5))


CELLS = {
    "simplified": _cell("c", r"\Gamma_u", None, "The simplified GRU: one gate decides how much of the new goes in"),
    "gamma": _cell(
        "c", r"\Gamma_u", r"\Gamma_r", "The full GRU: a second gate decides what the proposal sees of the old"
    ),
    "z_new": _cell("h", "z", "r", "The same cell in the letters z and r"),
}


def gate_flow(h: np.ndarray, from_x: np.ndarray, U: np.ndarray, z: np.ndarray, r: np.ndarray) -> Drawing:
    """One step of a two-unit GRU with its gates set by hand, as a flow from left to right, drawn to scale.

    Every box is one unit high. A band is as high as the weight it stands for: r into the candidate's view of the old state,
    1 - z from the old state and z from the candidate into the new state, so that the last two always fill the box.

    Args:
        h: (2,) the old state. from_x: (2,) the input's part of the candidate, with its bias. U: (2, 2) recurrent weights.
        z, r: (2,) the gates.

    Returns:
        a Figure.
    """
    seen = r * h
    new = np.tanh(from_x + U @ seen)
    h_next = (1 - z) * h + z * new
    made, ax = figure(8.4, 4.0, title="From old state and candidate to new state")
    rows = (3.4, 0.0)
    for unit, y in enumerate(rows):
        old, low = y + 0.75, y - 0.75
        _band(ax, (0.5, old, 1 - z[unit]), (6.1, y + 0.5 * z[unit], 1 - z[unit]), BLUE)
        _band(ax, (0.5, old, r[unit]), (1.6, low, r[unit]), ORANGE)
        _band(ax, (5.0, low, z[unit]), (6.1, y - 0.5 * (1 - z[unit]), z[unit]), GREEN)
        for other, row in enumerate(rows):
            weight = U[other, unit] * seen[unit]
            colour = GREY if abs(weight) < 0.005 else BLUE if weight > 0 else VERMILION
            ax.plot((2.6, 4.0), (low, row - 0.75), color=colour, linewidth=6 * abs(weight) + 0.4, alpha=0.75, zorder=1)
        for x, height, value, name in (
            (0.0, old, h[unit], "old state"),
            (2.1, low, seen[unit], "r × old"),
            (4.5, low, new[unit], "candidate"),
            (6.6, y, h_next[unit], "new state"),
        ):
            _value(ax, x, height, value)
            if unit == 0:
                ax.text(x, 5.15, name, ha="center", va="bottom", fontsize=10, color=BLACK)
        ax.text(1.6, y + 1.34, f"1 - z = {1 - z[unit]:.2f}", fontsize=9, color=BLUE, ha="center")
        ax.text(5.75, low - 0.75, f"z = {z[unit]:.2f}", fontsize=9, color=GREEN, ha="center")
        ax.text(1.05, low - 0.75, f"r = {r[unit]:.2f}", fontsize=9, color="#9a6a00", ha="center")
        ax.text(4.5, low - 0.75, f"from x: {from_x[unit]:+.2f}", fontsize=9, color=GREY, ha="center")
        ax.text(-0.75, y, f"neuron {unit + 1}", fontsize=10, rotation=90, va="center", ha="center", color=GREY)
    ax.set(xlim=(-1.0, 7.4), ylim=(-1.75, 5.6))
    ax.axis("off")
    values = "; ".join(
        f"neuron {unit + 1}: update gate {z[unit]:g}, reset gate {r[unit]:g}, old state {h[unit]:+.2f}, "
        f"candidate {new[unit]:+.2f}, new state {h_next[unit]:+.2f}"
        for unit in range(len(h))
    )
    made.alt = (
        "For each of two neurons: the old state, what the reset gate lets through, the candidate and the new state, joined "
        f"by bands. The bands from old state and candidate into a new state add up to its height. {values}."
    )
    return made


def _band(ax: Axes, start: Edge, end: Edge, colour: str) -> None:
    """A band between two vertical edges, each given as (x, middle, height)."""
    (x0, y0, a), (x1, y1, b) = start, end
    if max(a, b) < 1e-3:
        return
    bend = 0.5 * (x0 + x1)
    points = [(x0, y0 + a / 2), (bend, y0 + a / 2), (bend, y1 + b / 2), (x1, y1 + b / 2), (x1, y1 - b / 2)]
    points += [(bend, y1 - b / 2), (bend, y0 - a / 2), (x0, y0 - a / 2), (x0, y0 + a / 2)]
    codes = [Path.MOVETO, *[Path.CURVE4] * 3, Path.LINETO, *[Path.CURVE4] * 3, Path.CLOSEPOLY]
    ax.add_patch(PathPatch(Path(points, codes), facecolor=colour, alpha=0.35, linewidth=0, zorder=0))


def _value(ax: Axes, x: float, y: float, value: float) -> None:
    """A box with a number, white at 0, blue towards +1, vermilion towards -1."""
    end, size = ((0.0, 0.45, 0.70) if value > 0 else (0.84, 0.37, 0.0)), min(1.0, abs(value))
    face = tuple(1 - size * (1 - part) for part in end)
    style = {"boxstyle": "round,pad=0,rounding_size=0.1", "facecolor": face, "edgecolor": BLACK, "linewidth": 1.0}
    ax.add_patch(FancyBboxPatch((x - 0.5, y - 0.5), 1.0, 1.0, zorder=3, **style))
    ink = "white" if size > 0.6 else BLACK
    ax.text(x, y, f"{value:+.2f}", ha="center", va="center", fontsize=10, color=ink, zorder=4)


def trajectories(
    curves: Mapping[str, Sequence[float]], title: str, ylabel: str = "state", limits: tuple[float, float] | None = None
) -> Drawing:
    """Some numbers against time. ``curves``: name -> (T,)."""
    made, ax = figure(7.2, 3.1, title=title)
    marks = "osD^vP"
    for number, (name, values) in enumerate(curves.items()):
        ax.plot(
            values, color=CYCLE[number % len(CYCLE)], marker=marks[number % 6], markersize=4, linewidth=1.6, label=name
        )
    ax.axhline(0, color=GREY, linewidth=0.6)
    ax.set(xlabel="step t", ylabel=ylabel, ylim=limits)
    ax.legend(frameon=False, fontsize=9)
    return made


def gradient_paths(sizes: Mapping[str, float], total: float, title: str = "Four ways back through one step") -> Drawing:
    """How much each path carries. ``sizes``: name of the path -> norm; ``total``: the norm of their sum."""
    made, ax = figure(7.2, 2.8, title=title)
    names = [*sizes, "all four together"]
    colours = [BLUE, ORANGE, GREEN, PINK, GREY]
    ax.barh(range(len(names)), [*sizes.values(), total], color=colours[: len(names)])
    for place, value in enumerate([*sizes.values(), total]):
        ax.text(value + 0.02, place, f"{value:.2f}", va="center", fontsize=9)
    ax.set_yticks(range(len(names)), names)
    ax.invert_yaxis()
    ax.set(xlabel="norm of the gradient (1 comes in)", xlim=(0, max(1.2, 1.15 * max([*sizes.values(), total]))))
    return made


def counted(counts: Mapping[str, int], title: str) -> Drawing:
    """Numbers of parameters as bars. ``counts``: cell -> number."""
    made, ax = figure(7.2, 2.7, title=title)
    ax.barh(range(len(counts)), list(counts.values()), color=SKY)
    for place, count in enumerate(counts.values()):
        ax.text(count, place, f" {count:,}", va="center", fontsize=9)
    ax.set_yticks(range(len(counts)), list(counts))
    ax.invert_yaxis()
    ax.set(xlabel="parameters (numbers to learn)", xlim=(0, 1.15 * max(counts.values())))
    made.alt = f"Bars: {', '.join(f'{name} {count:,}' for name, count in counts.items())} parameters."
    return made


def gates_around(gates: np.ndarray, before: int, title: str = "The update gates around the mark") -> Drawing:
    """A heat map of gates (T, H) between 0 (white) and 1: time to the right, one row a unit. ``before``: steps before 0."""
    made, ax = figure(7.4, 1.2 + 0.2 * gates.shape[1], title=title)
    places = (-before - 0.5, len(gates) - before - 0.5, gates.shape[1] - 0.5, -0.5)
    image = ax.imshow(gates.T, cmap="Blues", vmin=0, vmax=1, aspect="auto", interpolation="nearest", extent=places)
    ax.set(xlabel="steps after the mark", ylabel="neuron", yticks=[], xticks=range(-before, len(gates) - before, 2))
    made.colorbar(image, ax=ax, label="gate z", pad=0.01)
    return made


def simplified_cell() -> Drawing:
    """The cell with an update gate and nothing else."""
    made = _drawing(draw_cell(CELLS["simplified"]))
    made.alt = (
        "Old state and input go into a gate and into a tanh. The gate multiplies the tanh's result, one minus the gate "
        "multiplies the old state, and both are added to give the new state."
    )
    return made


def full_cell() -> Drawing:
    """The cell with both gates, the relevance gate lit up, and the product with W_cc that it comes before."""
    cell = CELLS["gamma"]
    parts = cell.parts | {"W": (3.1, 1.25, "$W_{cc}$", "product")}
    arrows = [arrow for arrow in cell.arrows if arrow != ("reset", "candidate")]
    arrows += [("reset", "W"), ("W", "candidate")]
    lit = ("h", "x", "r", "reset", "W", "candidate")
    made = _drawing(draw_cell(replace(cell, parts=parts, arrows=tuple(arrows)), highlight=lit))
    made.alt = (
        "The same picture with a second gate lit up. It multiplies the old state; the result goes through the weights W_cc "
        "into the tanh. The copy of the old state does not pass this gate."
    )
    return made


def pulse(gated: Sequence[float], plain: Sequence[float]) -> Drawing:
    """What a gated neuron and a plain one keep of a pulse at step 0."""
    curves = {"gated neuron": np.ravel(gated).tolist(), "plain RNN, weight 0.9": np.ravel(plain).tolist()}
    made = _drawing(trajectories(curves, "One pulse at step 0, then silence", limits=(-0.05, 1.05)))
    ends = " ".join(
        f"{name}: {values[0]:.2f} at step 0, {values[-1]:.2f} at the end." for name, values in curves.items()
    )
    made.alt = f"Two states that fall with time. {ends}"
    return made


def remembered(
    runs: Mapping[str, tuple[Sequence[Mapping[str, np.ndarray]], np.ndarray]],
    answered: Callable[[Mapping[str, np.ndarray]], float],
    title: str,
    guessing: float = float(np.log(4)),
) -> Drawing:
    """The losses of several networks while they learn, a colour per kind and a line per seed, and what they answer at the end.

    Args:
        runs: name of a kind -> its networks' parameters, and their losses (steps, networks).
        answered: from parameters to the share of new sequences that they answer correctly.
        title: of the figure. guessing: the loss of pure guessing.

    Returns:
        a Figure.
    """
    made, ax = figure(7.2, 3.2, title=title)
    said = []
    for (name, (networks, losses)), colour in zip(runs.items(), CYCLE, strict=False):
        shares = ", ".join(f"{100 * answered(params):.0f}%" for params in networks)
        ax.plot(losses[:, 0], color=colour, linewidth=1.3, label=f"{name}: {shares} correct")
        ax.plot(losses[:, 1:], color=colour, linewidth=1.3, alpha=0.6)
        ends = ", ".join(f"{loss:.2f}" for loss in losses[-20:].mean(axis=0))
        said.append(f"{name}: the loss goes from {losses[0].mean():.2f} to {ends}; correct in the end: {shares}.")
    ax.axhline(guessing, color=GREY, linestyle="--", linewidth=1, label="guessing (25% correct)")
    ax.set(xlabel="training step", ylabel="loss (nats)", ylim=(0, None))
    made.legend(frameon=False, fontsize=9, loc="outside lower center")
    made.alt = f"Loss curves, one per seed. {' '.join(said)} Guessing has a loss of {guessing:.2f}."
    return made


def gates_at_the_mark(gates: np.ndarray, when: np.ndarray, before: int = 4, after: int = 16) -> Drawing:
    """Update gates averaged over sequences that are laid over each other so that their marks coincide.

    Args:
        gates: (T, B, H) the gates of B sequences. when: (B,) the step of each one's mark. before, after: steps around it.

    Returns:
        a Figure, the neurons that react most on top.
    """
    shown = [gates[t - before : t + after + 1, n] for n, t in enumerate(when) if before <= t < len(gates) - after]
    around = np.mean(shown, axis=0)
    order = np.argsort(around[before + 1 :].mean(axis=0) - around[before])
    made = _drawing(gates_around(around[:, order], before=before))
    top = around[:, order[:4]]
    at, earlier, later = top[before].mean(), top[:before].mean(), top[before + 1 :].mean()
    made.axes[0].set_title(
        f"mean of the top four: {earlier:.2f} before the mark, {at:.2f} at it, {later:.2f} after it", fontsize=9
    )
    made.alt = (
        f"A heat map of {around.shape[1]} update gates from {before} steps before the mark to {after} after it. The four gates "
        f"that react most have the mean {earlier:.2f} before the mark, {at:.2f} at it and {later:.2f} after it."
    )
    return made


def _drawing(made: Figure) -> Drawing:
    """What ``figure`` made: the type that has an ``alt``."""
    assert isinstance(made, Drawing)
    return made
