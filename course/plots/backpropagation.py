"""Drawings of unit 02: two gradients that meet at each state, and what a trained state still holds."""

import numpy as np

from course.plots.style import BLACK, BLUE, GREEN, GREY, VERMILION, Drawing, figure


def backward_flow(steps: int = 3) -> Drawing:
    """States in a row, forward arrows between them, and the gradients on their way back: two meet at each state."""
    made, ax = figure(1.9 + 1.8 * steps, 2.9, title="Two gradients meet at each state, and their sum goes back")
    for t in range(-1, steps):
        x = 1.8 * t
        label = "h0" if t < 0 else f"states[{t}]"
        box = {"boxstyle": "round,pad=0.45", "facecolor": "white", "edgecolor": BLUE}
        ax.text(x, 1.0, label, ha="center", va="center", fontsize=9, bbox=box)
        if t >= 0:
            ax.annotate("", (x - 0.5, 1.12), (x - 1.3, 1.12), arrowprops={"arrowstyle": "-|>", "color": BLACK})
            ax.annotate("", (x - 1.3, 0.88), (x - 0.5, 0.88), arrowprops={"arrowstyle": "-|>", "color": VERMILION})
            ax.annotate("", (x, 1.24), (x, 1.74), arrowprops={"arrowstyle": "-|>", "color": GREEN})
            ax.text(x, 1.8, f"dstates[{t}]", ha="center", va="bottom", fontsize=9, color=GREEN)
            ax.annotate("", (x, 0.3), (x, 0.76), arrowprops={"arrowstyle": "-|>", "color": GREY})
            ax.text(x, 0.24, f"dx[{t}], and a share\nof dW, dU, db", ha="center", va="top", fontsize=8, color=GREY)
    ax.text(-1.8, 0.62, "dh0", ha="center", va="top", fontsize=9, color=VERMILION)
    for name, colour in (("forward", BLACK), ("direct gradient", GREEN), ("handed back", VERMILION)):
        ax.plot([], [], color=colour, label=name)
    made.legend(frameon=False, fontsize=9, loc="outside lower center", ncols=3)
    ax.set(xlim=(-2.4, 1.8 * steps - 1.0), ylim=(-0.2, 2.1))
    ax.axis("off")
    made.alt = (
        f"h0 and {steps} states in a row, joined by arrows to the right. From above, a direct gradient, dstates[t], reaches "
        "each state; from the right comes the gradient that the next step hands back. Their sum goes back through the step: "
        "to the input, to the weights, and on to the state before. The first step hands its part to h0."
    )
    return made


def what_is_held(states: np.ndarray, x: np.ndarray, delay: int, most: int = 8) -> Drawing:
    """How often the symbol shown some steps ago can be read from the state, by the best straight-line read-out.

    Args:
        states: (T, B, H) of a trained network. x: (T, B, S) its one-hot inputs. delay: what it was trained for.
        most: the symbols from 0 to this many steps ago are looked for. Half of the examples fit the read-out, half test it.
    """
    half = states.shape[1] // 2
    found = []
    for ago in range(most + 1):
        seen = np.concatenate([states[most:], np.ones((*states[most:].shape[:2], 1))], axis=2)
        shown = x[most - ago : len(x) - ago]
        fit, test = (part.reshape(-1, part.shape[2]) for part in (seen[:, :half], seen[:, half:]))
        weights, *_ = np.linalg.lstsq(fit, shown[:, :half].reshape(-1, x.shape[2]), rcond=None)
        right = shown[:, half:].reshape(-1, x.shape[2]).argmax(axis=1)
        found.append(float(np.mean((test @ weights).argmax(axis=1) == right)))
    made, ax = figure(7.0, 3.0, title="Which earlier symbols can be read from the state?")
    ax.bar(range(most + 1), found, color=[BLUE if ago <= delay else GREY for ago in range(most + 1)], width=0.7)
    ax.axhline(1 / x.shape[2], color=BLACK, linestyle="--", linewidth=1, label="guessing")
    ax.set(xlabel="steps ago (0: the symbol shown now)", ylabel="read correctly", ylim=(0, 1.05))
    ax.legend(frameon=False, fontsize=9)
    shares = ", ".join(f"{share:.2f} at {ago}" for ago, share in enumerate(found))
    made.alt = f"Bars: how often the symbol shown some steps ago is read correctly from the state: {shares}. Guessing: {1 / x.shape[2]:.2f}."
    return made
