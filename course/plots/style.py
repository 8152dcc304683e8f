"""The look of every drawing: colours that colour-blind readers can tell apart, and a description in words."""

import io

from IPython.display import Image, display
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

# the palette of Okabe and Ito (2008)
BLUE, ORANGE, GREEN, VERMILION = "#0072B2", "#E69F00", "#009E73", "#D55E00"
SKY, PINK, BLACK, GREY = "#56B4E9", "#CC79A7", "#222222", "#8A8A8A"
CYCLE = (BLUE, VERMILION, GREEN, ORANGE, PINK, SKY)
RESOLUTION = 110  # dots per inch


def figure(width=7.0, height=3.2, columns=1, title=None):
    """A new figure and its axes (one, or a list of ``columns``), with our fonts and light frames."""
    made = Figure(figsize=(width, height), layout="constrained")
    FigureCanvasAgg(made)
    axes = made.subplots(1, columns)
    for ax in [axes] if columns == 1 else axes:
        ax.spines[["top", "right"]].set_visible(False)
        ax.set_prop_cycle(color=CYCLE)
    if title:
        made.suptitle(title, fontsize=11)
    return made, axes


def picture(made, alt):
    """A figure as a PNG picture with a description for those who cannot see it."""
    file = io.BytesIO()
    made.savefig(file, format="png", dpi=RESOLUTION, facecolor="white")
    return Image(data=file.getvalue(), format="png", alt=alt)


def show(made, alt):
    """Display a figure. ``alt`` says in words what it shows."""
    display(picture(made, alt))
