"""Curves, bars and heat maps."""

import numpy as np

from course.plots.style import BLACK, BLUE, GREY, ORANGE, SKY, VERMILION, figure


def squashing(weight, bias=0.0):
    """tanh(weight x + bias) against x, and its slope: what one unit does to one number."""
    shift = f" {'+' if bias > 0 else '-'} {abs(bias):g}" if bias else ""
    made, (left, right) = figure(7.4, 3.0, columns=2, title=f"One unit: h = tanh({weight:g} x{shift})")
    x = np.linspace(-3, 3, 400)
    h = np.tanh(weight * x + bias)
    left.plot(x, h, color=BLUE, linewidth=2)
    left.axhline(0, color=GREY, linewidth=0.6)
    left.set(xlabel="input x (no unit)", ylabel="new state h", ylim=(-1.08, 1.08), title="the state")
    slope = 1 - h**2
    right.plot(x, slope, color=VERMILION, linewidth=2)
    right.fill_between(x, 0, 1, where=slope < 0.1, color=SKY, alpha=0.3, linewidth=0, label="slope below 0.1")
    right.set(
        xlabel="input x (no unit)", ylabel="slope 1 - h²", ylim=(-0.04, 1.08), title="how much of a gradient passes"
    )
    right.legend(frameon=False, fontsize=8, loc="upper left")
    return made


def states_over_time(states, title="The state over time", labels=None):
    """A heat map of states (T, H): time to the right, one row a unit."""
    made, ax = figure(7.2, 0.9 + 0.22 * states.shape[1], title=title)
    image = ax.imshow(states.T, cmap="RdBu", vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    ax.set(xlabel="step t", ylabel="unit")
    if labels is not None:
        ax.set_xticks(range(len(labels)), labels, fontsize=8)
    made.colorbar(image, ax=ax, label="state", pad=0.01)
    return made


def training_curve(losses, baseline=None, title="Training"):
    """Losses against steps. ``losses``: a list, or a dict of lists by name. ``baseline``: the loss of pure guessing."""
    made, ax = figure(7.0, 3.0, title=title)
    for name, values in (losses if isinstance(losses, dict) else {"loss": losses}).items():
        ax.plot(values, linewidth=1.6, label=str(name))
    if baseline is not None:
        ax.axhline(baseline, color=GREY, linestyle="--", linewidth=1, label="guessing")
    ax.set(xlabel="training step", ylabel="loss (nats)", ylim=(0, None))
    ax.legend(frameon=False, fontsize=9)
    return made


def delays(results, chance, title="How far back can it remember?"):
    """Accuracy against delay. ``results``: delay -> list of accuracies, one a seed. ``chance``: what guessing gives."""
    made, ax = figure(7.0, 3.2, title=title)
    ks = sorted(results)
    ax.plot(ks, [np.mean(results[k]) for k in ks], color=BLUE, linewidth=1.8, marker="o", label="mean")
    for k in ks:
        ax.scatter(
            [k] * len(results[k]), results[k], color=ORANGE, s=16, zorder=3, label="one seed" if k == ks[0] else None
        )
    ax.axhline(chance, color=GREY, linestyle="--", linewidth=1, label="guessing")
    ax.set(xlabel="delay k (steps)", ylabel="accuracy on new sequences", ylim=(0, 1.05), xticks=ks)
    ax.legend(frameon=False, fontsize=9)
    return made


def gradient_bars(norms, title="How strongly does each step count?"):
    """Norms of gradients by distance from the last step, as bars: norms[0] is the last step's own."""
    made, ax = figure(7.0, 3.0, title=title)
    ax.bar(range(len(norms)), norms, color=BLUE)
    ax.set(xlabel="distance from the last step (steps)", ylabel="norm of the gradient", yscale="log")
    ax.tick_params(colors=BLACK)
    return made
