"""All drawings of the course, in one style. Every drawing function returns a matplotlib Figure; ``show`` displays it."""

from course.plots.cells import draw_cell
from course.plots.curves import delays, gradient_norms, squashing, states_over_time, training_curve
from course.plots.style import BLUE, GREEN, GREY, ORANGE, PINK, SKY, VERMILION, figure, picture, show
from course.plots.unrolled import unrolled

__all__ = [
    "BLUE",
    "GREEN",
    "GREY",
    "ORANGE",
    "PINK",
    "SKY",
    "VERMILION",
    "delays",
    "draw_cell",
    "figure",
    "gradient_norms",
    "picture",
    "show",
    "squashing",
    "states_over_time",
    "training_curve",
    "unrolled",
]
