"""Diagrams of cells, all in one style: parts placed by name, joined by arrows, lit up where an equation touches them.

A cell is a ``Diagram``: parts with a place, a label and a kind, and arrows between parts. To add a cell, add its
diagram to ``CELLS``; ``draw_cell`` does the rest.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from matplotlib.axes import Axes
from matplotlib.patches import Circle, FancyArrowPatch, FancyBboxPatch

from course.plots.style import BLACK, BLUE, GREEN, GREY, ORANGE, SKY, Drawing, figure

Part = tuple[float, float, str, str]  # x, y, label, kind

COLOURS = {"gate": ORANGE, "squash": GREEN, "product": SKY, "value": BLUE}


@dataclass(frozen=True)
class Diagram:
    """A cell's picture.

    Args:
        parts: name -> (x, y, label, kind); kinds: "value" (a state or input), "product" (a weight matrix),
            "squash" (tanh), "gate" (sigma and what it controls), "sum" (a small circle: + or a product sign).
        arrows: (from, to) or (from, to, bend); names of parts.
        title: of the figure.
    """

    parts: dict[str, Part]
    arrows: tuple[tuple[Any, ...], ...]
    title: str
    size: tuple[float, float] = field(default=(7.0, 2.9))


CELLS = {
    "rnn": Diagram(
        parts={
            "h": (0.4, 2.0, "$h_t$", "value"),
            "x": (2.1, 0.3, "$x_{t+1}$", "value"),
            "U": (2.1, 2.0, "$U$", "product"),
            "W": (2.1, 1.15, "$W$", "product"),
            "b": (4.6, 0.95, "$b$", "value"),
            "sum": (3.6, 2.0, "+", "sum"),
            "tanh": (5.0, 2.0, "tanh", "squash"),
            "h_next": (6.6, 2.0, "$h_{t+1}$", "value"),
        },
        arrows=(("h", "U"), ("x", "W"), ("U", "sum"), ("W", "sum"), ("b", "sum"), ("sum", "tanh"), ("tanh", "h_next")),
        title="One step of an Elman network",
    ),
}


def draw_cell(cell: str | Diagram, highlight: Iterable[str] = ()) -> Drawing:
    """Draw a cell.

    Args:
        cell: a name in ``CELLS``, or a ``Diagram``. highlight: names of parts to light up; all others fade.

    Returns:
        a Figure.

    Raises:
        ValueError: for a cell or part that does not exist.
    """
    if isinstance(cell, str) and cell not in CELLS:
        raise ValueError(f"there is no drawing of {cell!r}; there are {', '.join(CELLS)}")
    diagram = CELLS[cell] if isinstance(cell, str) else cell
    if unknown := set(highlight) - set(diagram.parts):
        raise ValueError(f"the cell has no part {', '.join(sorted(unknown))}; it has {', '.join(diagram.parts)}")
    made, ax = figure(*diagram.size, title=diagram.title)
    lit = set(highlight) or set(diagram.parts)
    for start, end, *bend in diagram.arrows:
        _arrow(ax, diagram.parts[start], diagram.parts[end], bend[0] if bend else 0.0, {start, end} <= lit)
    for name, part in diagram.parts.items():
        _part(ax, part, name in lit)
    _frame(ax, diagram.parts)
    return made


def _frame(ax: Axes, parts: Mapping[str, Part]) -> None:
    xs, ys = [part[0] for part in parts.values()], [part[1] for part in parts.values()]
    ax.set(xlim=(min(xs) - 0.7, max(xs) + 0.7), ylim=(min(ys) - 0.5, max(ys) + 0.5), aspect="equal")
    ax.axis("off")


def _half(kind: str, label: str) -> tuple[float, float]:
    """Half the width and height of a part."""
    return (0.18, 0.18) if kind == "sum" else (max(0.32, 0.055 * len(label.replace("$", ""))), 0.24)


def _part(ax: Axes, part: Part, lit: bool) -> None:
    x, y, label, kind = part
    colour = COLOURS.get(kind, BLACK)
    w, h = _half(kind, label)
    style = {
        "linewidth": 1.8 if lit else 1.0,
        "edgecolor": colour if lit else "#cccccc",
        "zorder": 3,
        "facecolor": "white",
    }
    if kind == "sum":
        ax.add_patch(Circle((x, y), w, **style))
    else:
        ax.add_patch(
            FancyBboxPatch(
                (x - w, y - h),
                2 * w,
                2 * h,
                boxstyle=f"round,pad=0,rounding_size={0.2 if kind == 'value' else 0.05}",
                **style,
            )
        )
    ax.text(x, y, label, ha="center", va="center", fontsize=11, color=BLACK if lit else GREY, zorder=4)


def _arrow(ax: Axes, start: Part, end: Part, bend: float, lit: bool) -> None:
    """An arrow that starts and ends at the borders of its parts."""
    (x1, y1), (x2, y2) = (_border(start, end), _border(end, start)) if not bend else (start[:2], end[:2])
    shrink = 14 if bend else 1
    ax.add_patch(
        FancyArrowPatch(
            (x1, y1),
            (x2, y2),
            arrowstyle="-|>",
            mutation_scale=11,
            connectionstyle=f"arc3,rad={bend}",
            shrinkA=shrink,
            shrinkB=shrink,
            color=BLACK if lit else "#cccccc",
            linewidth=1.4 if lit else 0.9,
            zorder=2,
        )
    )


def _border(part: Part, towards: Part) -> tuple[float, float]:
    """The point of a part's border in the direction of another part."""
    x, y, label, kind = part
    dx, dy = towards[0] - x, towards[1] - y
    w, h = _half(kind, label)
    if kind == "sum":
        length = (dx**2 + dy**2) ** 0.5
        return x + w * dx / length, y + w * dy / length
    scale = min(w / abs(dx) if dx else float("inf"), h / abs(dy) if dy else float("inf"))
    return x + scale * dx, y + scale * dy
