"""Drawings for what is proved about the GRU: where the reset acts, how much that matters, and the paths of a gradient."""

import itertools
from collections.abc import Callable
from typing import Any

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from course import widgets
from course.plots import cells, gru
from course.plots.style import BLUE, GREY, figure
from course.training import glorot

Params = dict[str, np.ndarray]
Backward = Callable[..., Any]


def reset_orders() -> Figure:
    """Two rows of boxes: from the old state to the candidate, with the reset before the product and after it."""
    rows = {"before": (2.6, ("r", "U_h")), "after": (0.6, ("U_h", "r"))}
    parts: dict[str, cells.Part] = {}
    arrows: list[tuple[str, str]] = []
    for name, (y, order) in rows.items():
        places = {"r": 2.2, "U_h": 4.0} if order[0] == "r" else {"U_h": 2.2, "r": 4.0}
        parts |= {
            f"h {name}": (0.4, y, "$h_{t-1}$", "value"),
            f"gate {name}": (places["r"], y + 0.85, "$r$", "gate"),
            f"r {name}": (places["r"], y, "×", "sum"),
            f"U_h {name}": (places["U_h"], y, "$U_h$", "product"),
            f"+ {name}": (5.4, y, "+", "sum"),
            f"x {name}": (5.4, y + 0.85, "$W_h x_t + b_h$", "value"),
            f"tanh {name}": (6.8, y, "tanh", "squash"),
            f"new {name}": (8.3, y, r"$\tilde h$", "value"),
        }
        chain = [f"{step} {name}" for step in ("h", *order, "+", "tanh", "new")]
        arrows += [*itertools.pairwise(chain), (f"gate {name}", f"r {name}"), (f"x {name}", f"+ {name}")]
    title = "The candidate: reset before the product (top) and after it (bottom, as in torch)"
    made = cells.draw_cell(cells.Diagram(parts, tuple(arrows), title, (8.2, 3.6)))
    made.alt = (  # pyright: ignore[reportAttributeAccessIssue]
        "Two rows of boxes from the old state to the candidate. Top: the old state is multiplied by r, then by U_h. "
        "Bottom: it is multiplied by U_h, then by r. Then, in both, the input's part and the bias are added, and tanh follows."
    )
    return made


def order_differences(cells_drawn: int = 2000) -> Figure:
    """How far apart the two orders are in random cells of 8 neurons, with the same weights, state and input."""
    rng, H, D = np.random.default_rng(5), 8, 3
    apart = np.empty(cells_drawn)
    for n in range(cells_drawn):
        x, h = rng.normal(size=D), rng.uniform(-1, 1, size=H)
        W, U = glorot(rng, 3, H, D), glorot(rng, 3, H, H)
        z, r = _sigmoid(W[0] @ x + U[0] @ h), _sigmoid(W[1] @ x + U[1] @ h)
        from_x = W[2] @ x
        apart[n] = np.abs(z * (np.tanh(from_x + U[2] @ (r * h)) - np.tanh(from_x + r * (U[2] @ h)))).max()
    made, ax = figure(7.0, 2.8, title=f"One step of {cells_drawn} random cells of {H} neurons, in both orders")
    ax.hist(apart, bins=40, color=BLUE)
    ax.axvline(0.1, color=GREY, linestyle="--", linewidth=1)
    ax.set(xlabel="largest difference between the two new states", ylabel="cells")
    made.alt = (
        f"A histogram of the largest difference between the new states in {cells_drawn} random cells. The median is "
        f"{np.median(apart):.2f}, the largest {apart.max():.2f}; {np.mean(apart > 0.1):.0%} of the cells lie beyond 0.1."
    )
    return made


def cell() -> Figure:
    """The GRU in the letters z and r."""
    made = cells.draw_cell(gru.CELLS["z_new"])
    made.alt = (  # pyright: ignore[reportAttributeAccessIssue]
        "The GRU in the letters z and r: arrows from the old state and the input through the gates z and r, the candidate "
        "and the mixture to the new state."
    )
    return made


def _sigmoid(a: np.ndarray) -> np.ndarray:
    return 0.5 + 0.5 * np.tanh(a / 2)


def with_constant(params: Params, gate: str, seen: np.ndarray) -> Params:
    """Parameters of the same step in which this gate (or the candidate) gets the state's part as a constant."""
    constant = params[f"b_{gate}"] + params[f"U_{gate}"] @ seen
    return params | {f"U_{gate}": 0 * params[f"U_{gate}"], f"b_{gate}": constant}


def path_sizes(gru_step_backward: Backward, b_z: float, b_r: float) -> tuple[dict[str, float], float]:
    """The norm of what each path carries back through a random cell, for a gradient of norm 1; and that of their sum."""
    rng, H = np.random.default_rng(11), 24
    params = {f"U_{gate}": glorot(rng, H, H) for gate in "zrh"} | {f"W_{gate}": glorot(rng, H, 3) for gate in "zrh"}
    params |= {"b_z": np.full(H, b_z), "b_r": np.full(H, b_r), "b_h": np.zeros(H)}
    x, h = rng.normal(size=(1, 3)), rng.uniform(-1, 1, size=(1, H))
    comes_in = rng.normal(size=(1, H))
    comes_in /= np.linalg.norm(comes_in)
    r = _sigmoid(params["W_r"] @ x[0] + params["U_r"] @ h[0] + params["b_r"])

    def back(*constant: str) -> np.ndarray:
        cut = params
        for gate in constant:
            cut = with_constant(cut, gate, r * h[0] if gate == "h" else h[0])
        return gru_step_backward(comes_in, x, h, cut)[1]

    copy, everything = back("z", "r", "h"), back()
    paths = {
        "1 · the copy": copy,
        "2 · the update gate": back("r", "h") - copy,
        "3 · the candidate": back("z", "r") - copy,
        "4 · the reset gate": everything - back("r"),
    }
    return {name: float(np.linalg.norm(path)) for name, path in paths.items()}, float(np.linalg.norm(everything))


def gradient_paths(gru_step_backward: Backward, b_z: float = -1.0, b_r: float = 0.0) -> Figure:
    """What each of the four paths carries back, by the reader's own ``gru_step_backward``."""
    sizes, total = path_sizes(gru_step_backward, b_z, b_r)
    made = gru.gradient_paths(sizes, total)
    made.alt = (  # pyright: ignore[reportAttributeAccessIssue]
        f"Five bars, for an update bias of {b_z:g} and a reset bias of {b_r:g}: the norm of the gradient that comes back by "
        + ", ".join(f"{name[4:]} {size:.2f}" for name, size in sizes.items())
        + f"; all together {total:.2f}."
    )
    return made


def explore_paths(gru_step_backward: Backward) -> None:
    """``gradient_paths`` with two sliders: the biases of the update gates and of the reset gates."""

    def slider(value: float, name: str) -> ipywidgets.FloatSlider:
        return ipywidgets.FloatSlider(value, min=-6.0, max=6.0, step=0.5, description=name)

    widgets.explore(
        lambda b_z, b_r: gradient_paths(gru_step_backward, b_z, b_r),
        b_z=slider(-1.0, "bias of the update gates"),
        b_r=slider(0.0, "bias of the reset gates"),
    )
