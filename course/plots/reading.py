"""Drawings of a network that reads: words as vectors, the X-ray of a sentence, accuracy against distance."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course.plots.style import BLACK, BLUE, CYCLE, GREEN, GREY, ORANGE, PINK, VERMILION, figure

ANSWER_COLOURS = (BLUE, GREEN, ORANGE, PINK, "#D9D9D9")
HEIGHT = 5.0  # inches: at a laptop's 1366 x 768 the whole X-ray fits below the controls of its widget


def word_table(vectors: Mapping[str, np.ndarray], features: Sequence[str]) -> Figure:
    """Words as rows, the columns of their vectors as columns; a filled square is a 1. ``vectors``: word -> (D,)."""
    words = list(vectors)
    made, ax = figure(9.0, 0.9 + 0.24 * len(words), title="What the network is given of a word")
    ax.imshow(np.stack([vectors[word] for word in words]), cmap="Blues", vmin=0, vmax=1.3, aspect="auto")
    ax.set_yticks(range(len(words)), words, fontsize=9)
    ax.set_xticks(range(len(features)), features, rotation=90, fontsize=8)
    ax.xaxis.tick_top()
    ax.set_xticks(np.arange(-0.5, len(features)), minor=True)
    ax.set_yticks(np.arange(-0.5, len(words)), minor=True)
    ax.grid(which="minor", color="white", linewidth=1.5)
    ax.tick_params(which="both", length=0)
    ax.spines[:].set_visible(False)
    return made


def xray(
    words: Sequence[str], z: Any, r: Any, h: Any, probabilities: Any, influence: Any, answers: Sequence[str]
) -> Figure:
    """What a network does at every word of a sentence, as far as it has read.

    From above: bars of influence; the update gates, the reset gates and the state as heat maps, one row a unit, with the average
    of the gates written above each column; the prediction if the sentence stopped here, as a column of shares, and the words.

    Args:
        words: list of all T words. z, r, h: (t, H) for the t words read so far, t from 1 to T.
        probabilities: (t, K). influence: (t,) of each word on the logit of the last prediction. answers: their K names.

    Returns:
        a Figure.
    """
    z, r, h, probabilities, influence = (np.asarray(part) for part in (z, r, h, probabilities, influence))
    T, read = len(words), len(z)
    made, _ = figure(2.8 + max(7.9, 0.25 * T), HEIGHT)
    made.clear()
    # names stand beside the rows, not above them: height is scarce
    rows = made.subplots(5, 1, sharex=True, height_ratios=[0.9, 1, 1, 1, 0.9])
    made.suptitle(f"X-ray of a sentence: {read} of {T} words read", fontsize=11)
    rows[0].bar(range(read), influence, color=BLUE, width=0.7)
    rows[0].locator_params(axis="y", nbins=3)
    _name(rows[0], f"influence on\nthe logit of\n“{answers[int(probabilities[-1].argmax())]}”")
    _heat(made, rows[1], z, "update gate z\n(dark: the unit is\nwritten anew)", "Blues", (0, 1))
    _heat(made, rows[2], r, "reset gate r\n(pale: the past\nis not seen)", "Oranges", (0, 1))
    _heat(made, rows[3], h, "state h\n(a row: one unit)", "RdBu", (-1, 1))
    _shares(rows[4], probabilities, answers)
    for ax in rows:
        ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(axis="y", labelsize=8)
        ax.axvline(read - 0.5, color=BLACK, linewidth=0.8, linestyle=":")
    rows[4].set(xlim=(-0.6, T - 0.4))
    rows[4].set_xticks(range(T), words, rotation=50, ha="right", rotation_mode="anchor", fontsize=9)
    for place, label in enumerate(rows[4].get_xticklabels()):
        label.set_color(BLACK if place < read else GREY)
    return made


def _name(ax: Axes, name: str) -> None:
    ax.set_ylabel(name, rotation=0, ha="right", va="center", multialignment="left", fontsize=9)


def _heat(made: Figure, ax: Axes, values: np.ndarray, name: str, colours: str, limits: tuple[float, float]) -> None:
    """Units down, words along. Gates have the average of the units written above each column."""
    image = ax.imshow(values.T, cmap=colours, vmin=limits[0], vmax=limits[1], aspect="auto", interpolation="nearest")
    units = values.shape[1]
    if limits[0] == 0:
        for place, average in enumerate(values.mean(axis=1)):
            ax.text(place, -0.7, f"{average:.2f}", ha="center", va="bottom", fontsize=7, color=BLACK)
    ax.set(yticks=[], ylim=(units - 0.5, -0.5))
    _name(ax, name)
    # within, so that the legend below does not push it away
    scale = made.colorbar(image, cax=ax.inset_axes((1.01, 0, 0.012, 1)), ticks=[limits[0], sum(limits) / 2, limits[1]])
    scale.ax.tick_params(labelsize=8)


def _shares(ax: Axes, probabilities: np.ndarray, answers: Sequence[str]) -> None:
    """Stacked columns of probabilities; the likeliest answer is written where it changes."""
    bottom = np.zeros(len(probabilities))
    for number, answer in enumerate(answers):
        colour = ANSWER_COLOURS[number % len(ANSWER_COLOURS)]
        ax.bar(range(len(bottom)), probabilities[:, number], bottom=bottom, color=colour, width=0.9, label=answer)
        bottom += probabilities[:, number]
    before = None
    for place, number in enumerate(probabilities.argmax(axis=1)):
        if number != before:
            ax.text(
                place - 0.4, 1.04, answers[int(number)], fontsize=8, rotation=25, ha="left", va="bottom", color=BLACK
            )
        before = number
    ax.set(ylim=(0, 1), yticks=[0, 0.5, 1])
    _name(ax, "prediction if\nthe sentence\nstopped here")
    ax.legend(loc="upper left", bbox_to_anchor=(1.0, 1.1), frameon=False, fontsize=8, labelspacing=0.3)


def accuracy_by_distance(
    panels: Mapping[str, Mapping[str, ArrayLike]], distances: Sequence[int], chance: float
) -> Figure:
    """Accuracy against distance, the mean of several seeds with a band from the lowest to the highest.

    Args:
        panels: title -> {kind of cell: (seeds, N) accuracies}; each title is a panel, and the first has all kinds. distances: (N,).
        chance: what guessing gives.

    Returns:
        a Figure.
    """
    made, axes = figure(4.6 * len(panels), 3.6, columns=len(panels), title="Two persons, held-out words")
    for ax, (title, found) in zip(np.atleast_1d(axes), panels.items(), strict=True):
        for number, (kind, accuracies) in enumerate(found.items()):
            accuracies, colour = np.asarray(accuracies), (VERMILION, GREEN, BLUE, *CYCLE)[number]
            ax.plot(distances, accuracies.mean(axis=0), color=colour, marker="osD^"[number % 4], label=kind)
            ax.fill_between(
                distances, accuracies.min(axis=0), accuracies.max(axis=0), color=colour, alpha=0.18, linewidth=0
            )
        ax.axhline(chance, color=GREY, linestyle="--", linewidth=1, label="guessing")
        ax.set(xlabel="distance (words)", ylabel="share of right answers", ylim=(0, 1.03))
        ax.set_title(title, fontsize=10)
    lines, names = np.atleast_1d(axes)[0].get_legend_handles_labels()
    made.legend(lines, names, frameon=False, fontsize=9, loc="outside lower center", ncols=len(names))
    return made


def kept_shares(words: Sequence[str], shares: Any) -> Figure:
    """For each word, the share of the state after it that is still there at the end. ``shares``: (T,)."""
    made, ax = figure(1.6 + 0.36 * max(len(words), 8), 2.9, title="What the copy alone carries to the end")
    ax.bar(range(len(words)), shares, color=BLUE, width=0.7)
    for place, share in enumerate(np.asarray(shares)):
        ax.text(place, share + 0.02, f"{share:.2f}", ha="center", va="bottom", fontsize=7)
    ax.set(ylabel="share (average of the units)", ylim=(0, 1.12))
    ax.set_xticks(range(len(words)), words, rotation=60, ha="right", rotation_mode="anchor", fontsize=9)
    return made
