"""How far a reader is, as a bar for each unit."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from course.plots.style import BLACK, BLUE, GREEN, GREY, ORANGE, figure

Row = tuple[str, tuple[float, float, float], float, str]  # label, points of each of KINDS, all points, text beside

KINDS = (  # in the order in which they are stacked; hatching tells them apart without colour
    ("filled in, visible checks passed", BLUE, ""),
    ("filled in, checks not passed or not run", ORANGE, "////"),
    ("answer in words given", GREEN, "...."),
)


def progress_bars(rows: Sequence[Row], title: str) -> Figure:
    """A bar for each unit, as long as the share of its points for which something is filled in.

    Args:
        rows: a list of (label, points of each of ``KINDS``, all points of the unit, what is written beside the bar);
            a unit that could not be read has 0 points. title: of the figure.

    Returns:
        a Figure.
    """
    made, ax = figure(8.0, 1.3 + 0.48 * max(len(rows), 1), title=title)
    for place, (_, parts, total, beside) in enumerate(rows):
        frame = ":" if not total else "-"
        ax.barh(place, 100, height=0.6, facecolor="none", edgecolor=GREY, linewidth=0.8, linestyle=frame)
        left = 0.0
        for part, (_, colour, hatch) in zip(parts, KINDS, strict=True):
            share = 100 * part / total if total else 0.0
            if share:
                ax.barh(
                    place, share, left=left, height=0.6, facecolor=colour, edgecolor="white", hatch=hatch, linewidth=0
                )
            left += share
        ax.text(102, place, beside, va="center", fontsize=9, color=BLACK)
    ax.set_yticks(range(len(rows)), [label for label, *_ in rows])
    ax.set_ylim(len(rows) - 0.5, -0.5)
    ax.set_xlim(0, 142)
    ax.set_xticks(range(0, 101, 25), [f"{share} %" for share in range(0, 101, 25)])
    ax.set_xlabel("share of the unit's points", x=50 / 142, fontsize=9)
    ax.spines["bottom"].set_bounds(0, 100)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    _legend(ax, rows)
    return made


def _legend(ax: Axes, rows: Sequence[Row]) -> None:
    """Explains above the bars what is to be seen in them."""
    used = [kind for number, kind in enumerate(KINDS) if any(parts[number] for _, parts, _, _ in rows)]
    keys = [
        ax.barh(-9, 0, facecolor=colour, edgecolor="white", hatch=hatch, label=name) for name, colour, hatch in used
    ]
    if any(sum(parts) < total for _, parts, total, _ in rows):
        keys.append(ax.barh(-9, 0, facecolor="none", edgecolor=GREY, label="still open"))
    if keys:
        ax.legend(handles=keys, loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=2, fontsize=8.5, frameon=False)
