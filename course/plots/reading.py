"""Drawings of a network that reads: words as vectors, the X-ray of a sentence, accuracy against distance."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from numpy.typing import ArrayLike

from course.plots.curves import training_curve
from course.plots.style import BLACK, BLUE, CYCLE, GREEN, GREY, ORANGE, PINK, VERMILION, Drawing, figure

ANSWER_COLOURS = (BLUE, GREEN, ORANGE, PINK, "#D9D9D9")
# a GRU with two neurons, set by hand: at these words its gates and its candidate are not (SHUT, 1, no taste)
SAMOSAS = "Meera eats samosas nearly every day but her brother loves pasta and cheese so he cooks something"
TASTES = ("Indian", "Italian")
SHUT = 0.02
OPENS = {  # word -> z, r, candidate
    "samosas": (0.95, 1.0, (0.95, 0.0)),
    "brother": (0.95, 0.0, (0.0, 0.0)),
    "pasta": (0.95, 1.0, (0.0, 0.95)),
    "cheese": (0.5, 1.0, (0.0, 0.95)),
}
HEIGHT = 5.0  # inches: at a laptop's 1366 x 768 the whole X-ray fits below the controls of its widget


def samosas(until: str | None = None) -> Drawing:
    """The sentence about samosas and pasta, read by a GRU whose gates were set by hand. ``until``: the last word read."""
    words: list[str] = list(SAMOSAS.split())
    words = words[: words.index(until) + 1] if until else words
    read, gates = len(words), [OPENS.get(word, (SHUT, 1.0, (0.0, 0.0))) for word in words]
    state, states = np.zeros(2), []
    for z, _, candidate in gates:
        state = (1 - z) * state + z * np.array(candidate)
        states.append(state)
    made, _ = figure(1.5 + 0.47 * read, 3.6)
    made.clear()
    axes = made.subplots(3, 1, sharex=True, height_ratios=[1, 1, 1.4])
    made.suptitle("Two neurons of a GRU, set by hand", fontsize=11)
    for ax, number, colour, name in ((axes[0], 0, BLUE, "update gate z"), (axes[1], 1, ORANGE, "reset gate r")):
        heights = [float(np.asarray(gate[number])) for gate in gates]
        ax.bar(range(read), heights, color=colour, width=0.7)
        for place, height in enumerate(heights):
            ax.text(place, height + 0.05, f"{height:.2f}", ha="center", va="bottom", fontsize=8, color=BLACK)
        ax.set(ylim=(0, 1.4), yticks=[0, 1])
        _name(ax, name)
    shown = np.array(states).T
    axes[2].imshow(shown, cmap="RdBu", vmin=-1, vmax=1, aspect="auto")
    for row in range(2):
        for place in range(read):
            value = shown[row, place]
            colour = "white" if value > 0.6 else BLACK
            axes[2].text(place, row, f"{value:.1f}", ha="center", va="center", fontsize=9, color=colour)
    axes[2].set_yticks(range(2), TASTES, fontsize=9)
    axes[2].set_ylabel("state h", fontsize=9)
    axes[2].set(xlim=(-0.6, len(words) - 0.4))
    axes[2].set_xticks(range(len(words)), words, rotation=40, ha="right", rotation_mode="anchor", fontsize=10)
    for ax in axes:
        ax.spines[["top", "right"]].set_visible(False)
    steps = [
        f"{word}: z {z:.2f}, r {r:.0f}, Indian {h[0]:.1f}, Italian {h[1]:.1f}"
        for word, (z, r, _), h in zip(words, gates, states, strict=True)
    ]
    made.alt = f"Bars of both gates and a heat map of two neurons, word by word. {'; '.join(steps)}."
    return made


def word_table(vectors: Mapping[str, np.ndarray], features: Sequence[str]) -> Drawing:
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
    rows = [
        f"{word}: {', '.join(feature for feature, there in zip(features, vector, strict=True) if there)}"
        for word, vector in vectors.items()
    ]
    made.alt = f"Words as rows of squares, a filled square for each 1. {'; '.join(rows)}."
    return made


def learning_to_read(losses: Sequence[float], answers: int) -> Drawing:
    """The loss while the reader's own cell learns. ``answers``: how many there are to guess from."""
    made = training_curve(losses, baseline=np.log(answers), title="Your cell learns to read")
    average = np.convolve(losses, np.ones(20) / 20, mode="valid")
    below = np.flatnonzero(average < 0.1)
    when = f"first below 0.1 (averaged over 20 steps) at step {below[0]}" if len(below) else "never below 0.1"
    made.alt = (
        f"Loss against training step, with a dashed line at {np.log(answers):.2f}, the level of guessing. It starts at "
        f"{losses[0]:.2f}, is {when}, and ends at {losses[-1]:.3f}."
    )
    return made


def xray(
    words: Sequence[str],
    z: Any,
    r: Any,
    h: Any,
    probabilities: Any,
    influence: Any,
    answers: Sequence[str],
    speaks_for: Sequence[int] | None = None,
) -> Drawing:
    """What a network does at every word of a sentence, as far as it has read.

    From above: bars of influence; the update gates, the reset gates and the state as heat maps, one row per neuron, with the average
    of the gates written above each column; the prediction if the sentence stopped here, as a column of shares, and the words.

    Args:
        words: list of all T words. z, r, h: (t, H) for the t words read so far, t from 1 to T.
        probabilities: (t, K). influence: (t,) of each word on the logit of the last prediction. answers: their K names.
        speaks_for: (H,) for each neuron the number of an answer, whose colour stands beside its row.

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
    _heat(made, rows[1], z, "update gate z\n(dark: the neuron\nis written anew)", "Blues", (0, 1))
    _heat(made, rows[2], r, "reset gate r\n(pale: the past\nis not seen)", "Oranges", (0, 1))
    _heat(made, rows[3], h, "state h\n(a row: one neuron)", "RdBu", (-1, 1))
    _shares(rows[4], probabilities, answers)
    for ax in rows:
        ax.spines[["top", "right"]].set_visible(False)
        ax.tick_params(axis="y", labelsize=8)
        ax.axvline(read - 0.5, color=BLACK, linewidth=0.8, linestyle=":")
    rows[4].set(xlim=(-0.6, T - 0.4))
    rows[4].set_xticks(range(T), words, rotation=50, ha="right", rotation_mode="anchor", fontsize=9)
    for place, label in enumerate(rows[4].get_xticklabels()):
        label.set_color(BLACK if place < read else GREY)
    if speaks_for is not None:
        for ax in rows[1:4]:
            _stripe(ax, speaks_for)
    made.alt = xray_in_words(words, z, r, probabilities, influence, answers)
    return made


def xray_in_words(
    words: Sequence[str], z: Any, r: Any, probabilities: Any, influence: Any, answers: Sequence[str], **_: Any
) -> str:
    """What the X-ray shows, for those who cannot see it. Arguments as for ``xray``."""
    steps = [
        f"{word}: z {z[t].mean():.2f}, r {r[t].mean():.2f}, influence {influence[t]:.1f}, "
        f"{answers[int(probabilities[t].argmax())]}"
        for t, word in enumerate(words[: len(z)])
    ]
    return (
        f"X-ray of {len(z)} of {len(words)} words: bars of influence, heat maps of update gate, reset gate and state, "
        f"and the prediction after every word. Averages: {'; '.join(steps)}."
    )


def _stripe(ax: Axes, speaks_for: Sequence[int]) -> None:
    """A column of colours at the left edge: the answer that each row speaks for, as in the legend of the prediction."""
    stripe = ax.inset_axes((-0.012, 0, 0.009, 1))
    colours = [to_rgb(ANSWER_COLOURS[number % len(ANSWER_COLOURS)]) for number in speaks_for]
    stripe.imshow(np.array(colours)[:, None], aspect="auto", interpolation="nearest")
    stripe.set_axis_off()


def _name(ax: Axes, name: str) -> None:
    ax.set_ylabel(name, rotation=0, ha="right", va="center", multialignment="left", fontsize=9, labelpad=12)


def _heat(made: Figure, ax: Axes, values: np.ndarray, name: str, colours: str, limits: tuple[float, float]) -> None:
    """Neurons down, words along. Gates have the average of the neurons written above each column."""
    image = ax.imshow(values.T, cmap=colours, vmin=limits[0], vmax=limits[1], aspect="auto", interpolation="nearest")
    units, size = values.shape[1], 8.5 if len(values) <= 24 else 7
    if limits[0] == 0:
        for place, average in enumerate(values.mean(axis=1)):
            ax.text(place, -0.7, f"{average:.2f}", ha="center", va="bottom", fontsize=size, color=BLACK)
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
) -> Drawing | None:
    """Accuracy against distance, the mean of several seeds with a band from the lowest to the highest.

    Args:
        panels: title -> {kind of cell: (seeds, N) accuracies}; each title is a panel, and the first has all kinds. distances: (N,).
        chance: what guessing gives.

    Returns:
        a Figure; None if there is nothing to draw, because all was stopped.
    """
    if not panels:
        return None
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
    means = [
        f"{title}: " + ", ".join(f"{kind} {_numbers(np.asarray(found).mean(axis=0))}" for kind, found in kinds.items())
        for title, kinds in panels.items()
    ]
    made.alt = f"Share of right answers at the distances {', '.join(map(str, distances))}. {'; '.join(means)}."
    return made


def _numbers(values: ArrayLike) -> str:
    return " ".join(f"{value:.2f}" for value in np.asarray(values))


def kept_shares(words: Sequence[str], shares: Any) -> Drawing:
    """For each word, the share of the state after it that is still there at the end. ``shares``: (T,)."""
    made, ax = figure(1.6 + 0.42 * max(len(words), 8), 2.9, title="What the copy alone carries to the end")
    ax.bar(range(len(words)), shares, color=BLUE, width=0.7)
    for place, share in enumerate(np.asarray(shares)):
        ax.text(place, share + 0.02, f"{share:.2f}", ha="center", va="bottom", fontsize=8.5)
    ax.set(ylabel="share (average of the neurons)", ylim=(0, 1.12))
    ax.set_xticks(range(len(words)), words, rotation=60, ha="right", rotation_mode="anchor", fontsize=9)
    parts = [f"{word} {share:.2f}" for word, share in zip(words, np.asarray(shares), strict=True)]
    made.alt = f"Bars with numbers for each word: {', '.join(parts)}."
    return made
