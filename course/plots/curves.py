"""Curves, bars and heat maps."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from course.plots.style import BLUE, CYCLE, GREY, SKY, VERMILION, Drawing, figure


def squashing(weight: float, bias: float = 0.0) -> Drawing:
    """tanh(weight x + bias) against x, and its slope: what one neuron does to one number."""
    shift = f" {'+' if bias > 0 else '-'} {abs(bias):g}" if bias else ""
    made, (left, right) = figure(7.4, 3.0, columns=2, title=f"One neuron: h = tanh({weight:g} x{shift})")
    x = np.linspace(-3, 3, 400)
    h = np.tanh(weight * x + bias)
    left.plot(x, h, color=BLUE, linewidth=2)
    left.axhline(0, color=GREY, linewidth=0.6)
    left.set(xlabel="input x (dimensionless)", ylabel="new state h", ylim=(-1.08, 1.08))
    left.set_title("the state", fontsize=10)
    slope = 1 - h**2
    right.plot(x, slope, color=VERMILION, linewidth=2)
    right.fill_between(x, 0, 1, where=slope < 0.1, color=SKY, alpha=0.3, linewidth=0)
    right.set(xlabel="input x (dimensionless)", ylabel="slope of tanh, 1 - h²", ylim=(-0.04, 1.08))
    right.set_title("the slope of tanh there\n(shaded: less than a tenth)", fontsize=10)
    return made


def states_over_time(
    states: np.ndarray, title: str = "The state over time", labels: Sequence[str] | None = None
) -> Drawing:
    """A heat map of states (T, H): time to the right, one row per neuron."""
    made, ax = figure(7.2, 0.9 + 0.22 * states.shape[1], title=title)
    image = ax.imshow(states.T, cmap="RdBu", vmin=-1, vmax=1, aspect="auto", interpolation="nearest")
    ax.set(xlabel="step t", ylabel="neuron")
    if labels is not None:
        ax.set_xticks(range(len(labels)), labels, fontsize=8)
    made.colorbar(image, ax=ax, label="state", pad=0.01)
    steps, neurons = states.shape
    faded = int((np.abs(states[-2:]).max(axis=0) < 0.1).sum())
    flips = int(((states[-2:] > 0).sum(axis=0) == 1).sum()) if steps > 1 else 0
    made.alt = (
        f"A heat map of {neurons} neurons (rows) over {steps} steps, blue above zero, red below. At the end {faded} of them "
        f"are near zero; between the last two steps {flips} change their sign."
    )
    return made


def training_curve(
    losses: Sequence[float] | Mapping[str, Sequence[float]], baseline: float | None = None, title: str = "Training"
) -> Drawing:
    """Losses against steps. ``losses``: a list, or a dict of lists by name. ``baseline``: the loss of pure guessing."""
    made, ax = figure(7.0, 3.0, title=title)
    several: Mapping[str, Any] = losses if isinstance(losses, dict) else {"loss": losses}
    for name, values in several.items():
        ax.plot(values, linewidth=1.6, label=str(name))
    if baseline is not None:
        ax.axhline(baseline, color=GREY, linestyle="--", linewidth=1, label="guessing")
    ax.set(xlabel="training step", ylabel="loss (nats)", ylim=(0, None))
    ax.legend(frameon=False, fontsize=9)
    ends = (
        f"{name} from {values[0]:.2f} to {values[-1]:.2f} after {len(values)} steps" for name, values in several.items()
    )
    level = "" if baseline is None else f" A dashed line at {baseline:.2f} is what guessing costs."
    made.alt = f"The loss against the training step: {'; '.join(ends)}.{level}"
    return made


def delays(results: Mapping[Any, Any], chance: float, title: str = "How far back can it remember?") -> Drawing:
    """Accuracy against delay: a line through the means, a dot per seed.

    Args:
        results: delay -> list of accuracies, one per seed; or several such dicts by name. chance: what guessing gives.
    """
    made, ax = figure(7.0, 3.4, title=title)
    several = results if all(isinstance(found, dict) for found in results.values()) else {"mean of the seeds": results}
    for (name, found), colour, marker in zip(several.items(), CYCLE, "os^Dvp", strict=False):
        ks = sorted(found)
        ax.plot(ks, [np.mean(found[k]) for k in ks], color=colour, linewidth=1.8, marker=marker, label=name)
        for k in ks:
            ax.scatter([k] * len(found[k]), found[k], color=colour, s=14, alpha=0.6, marker=marker, linewidth=0)
    ax.axhline(chance, color=GREY, linestyle="--", linewidth=1, label="guessing")
    ax.set(xlabel="delay k (steps)", ylabel="accuracy on new sequences", ylim=(0, 1.05))
    ax.set_xticks(sorted({k for found in several.values() for k in found}))
    made.legend(frameon=False, fontsize=9, loc="outside lower center", ncols=len(several) + 1)
    means = (
        f"{name}: {', '.join(f'{np.mean(found[k]):.2f} at {k}' for k in sorted(found))}"
        for name, found in several.items()
    )
    made.alt = f"Accuracy against the delay; a dashed line at {chance:g} is guessing. {'; '.join(means)}."
    return made


def gradient_norms(
    norms: Sequence[float] | Mapping[str, Sequence[float]], title: str = "How strongly does each input count?"
) -> Drawing:
    """Norms of gradients against the distance from the last step, on a logarithmic axis.

    Args:
        norms: a list, ``norms[0]`` the last step's own; or several lists by name, each drawn as a share of its first.
    """
    made, ax = figure(7.0, 3.2, title=title)
    several: Mapping[str, Any] = norms if isinstance(norms, dict) else {"": norms}
    for (name, values), colour, marker in zip(several.items(), CYCLE, "os^Dvp", strict=False):
        values = np.asarray(values) / (values[0] if name else 1)
        ax.plot(values, color=colour, linewidth=1, marker=marker, markersize=4, label=name)
    ax.set(xlabel="distance from the last step (steps)", yscale="log")
    ax.set_ylabel("norm of the gradient" + ("\n(1 at the last step)" if isinstance(norms, dict) else ""))
    if isinstance(norms, dict):
        ax.legend(frameon=False, fontsize=9)
    ends = (f"{name} {values[-1] / values[0]:.0e} of the last input's".strip() for name, values in several.items())
    made.alt = (
        "The norm of each input's gradient on a logarithmic axis, against its distance from the last step. "
        f"The first input's: {'; '.join(ends)}."
    )
    return made
