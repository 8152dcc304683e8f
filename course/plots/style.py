"""The look of every drawing: colours that colour-blind readers can tell apart, and a description in words."""

import base64
import html
import io
from typing import Any

from IPython.display import display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# the palette of Okabe and Ito (2008)
BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PINK, BLACK, GREY = "#56B4E9", "#CC79A7", "#222222", "#8A8A8A"
CYCLE = (BLUE, VERMILION, GREEN, ORANGE, PINK, SKY)
RESOLUTION = 110  # dots per inch


class Drawing(Figure):
    """A figure that says in ``alt`` what it shows. As the last line of a cell it is displayed with that description."""

    alt: str | None = None

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        return picture(self)._repr_mimebundle_(include, exclude)


def figure(width: float = 7.0, height: float = 3.2, columns: int = 1, title: str | None = None) -> tuple[Drawing, Any]:
    """A new figure and its axes (one, or a list of ``columns``), with our fonts and light frames. Set its ``alt``."""
    made = Drawing(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(made)
    axes = made.subplots(1, columns)
    for ax in [axes] if columns == 1 else axes:
        ax.spines[["top", "right"]].set_visible(False)
        ax.set_prop_cycle(color=CYCLE)
    if title:
        made.suptitle(title, fontsize=11)
    return made, axes


class Picture:
    """A PNG picture with a description for those who cannot see it.

    It is shown as HTML, because JupyterLab describes pictures to screen readers only there, and as plain PNG elsewhere.
    """

    def __init__(self, png: bytes, alt: str) -> None:
        self.png, self.alt = base64.b64encode(png).decode("ascii"), alt

    def _repr_mimebundle_(
        self, include: object = None, exclude: object = None
    ) -> tuple[dict[str, str], dict[str, Any]]:
        tag = f'<img src="data:image/png;base64,{self.png}" alt="{html.escape(self.alt)}">'
        data = {"text/html": tag, "image/png": self.png, "text/plain": f"[Picture: {self.alt}]"}
        return data, {"image/png": {"alt": self.alt}}


def picture(made: Figure, alt: str | None = None) -> Picture:
    """A figure as a ``Picture``.

    Args:
        alt: says in words what it shows; by default the figure's own.

    Raises:
        ValueError: if neither says anything.
    """
    alt = alt or getattr(made, "alt", None)
    if not alt:
        raise ValueError("this figure has no description: set its alt where it is drawn, or give one to show")
    file = io.BytesIO()
    made.savefig(file, format="png", dpi=RESOLUTION, facecolor="white")
    return Picture(file.getvalue(), alt)


def show(made: Figure, alt: str | None = None) -> None:
    """Display a figure. ``alt`` says in words what it shows; by default the figure's own."""
    display(picture(made, alt))
