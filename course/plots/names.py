"""Figures of unit 11: what a letter costs, a gate at work, a name's surprises, times of scans, and the years.

Each function displays its figure, with a description in words.
"""

from collections.abc import Mapping, Sequence
from typing import Any

import ipywidgets
import numpy as np
from matplotlib.figure import Figure

from course import counting, plots, widgets, writing
from course.data.names import END, SYMBOLS, load_names
from course.plots.style import BLUE, GREEN, GREY, ORANGE, VERMILION, figure

PALETTE = "RdBu"


def cost_of_a_letter(costs: Mapping[str, float], title: str = "What a letter of an unseen name costs") -> None:
    """Bars of bits per letter, one for each way to predict."""
    made, ax = figure(7.2, 0.9 + 0.36 * len(costs), title=title)
    places = np.arange(len(costs))[::-1]
    ax.barh(places, list(costs.values()), color=[GREEN if "GRU" in name else GREY for name in costs], height=0.6)
    for place, bits in zip(places, costs.values(), strict=True):
        ax.text(bits + 0.05, place, f"{bits:.2f}", va="center", fontsize=9)
    ax.set_yticks(places, list(costs))
    ax.set(xlabel="bits per letter (held-out names)", xlim=(0, 5.4))
    plots.show(made, f"Bars. {'; '.join(f'{name}: {bits:.2f} bits per letter' for name, bits in costs.items())}.")


def learning(found: writing.Training) -> None:
    """Bits per letter after each pass, training and held out, above the level of counting three letters."""
    made, ax = figure(7.0, 3.0, title="A GRU learns names")
    passes = np.arange(1, len(found.held_out) + 1)
    ax.plot(passes, found.training, color=BLUE, marker="o", label="names of the training (a ninth of them)")
    ax.plot(passes, found.held_out, color=VERMILION, marker="s", label="held-out names")
    level = counting.without_a_network(3)
    ax.axhline(level, color=GREY, linestyle="--", linewidth=1, label="counting, three letters before")
    ax.set(xlabel="passes through all names", ylabel="bits per letter")
    ax.legend(frameon=False, fontsize=9)
    plots.show(
        made,
        f"Two falling curves over {len(passes)} passes: training ends at {found.training[-1]:.2f} bits per letter, held out "
        f"at {found.held_out[-1]:.2f}. A dashed line at {level:.2f} is what counting three letters reaches.",
    )


def gate_at_work(unit: int, name: str) -> Figure:
    """Above, how far one gate opens at each letter of a name; below, how far it opens on average after each letter."""
    made, _ = figure(8.2, 4.4)
    made.clear()
    made.suptitle(f"The update gate of neuron {unit}", fontsize=11)
    above, below = made.subplots(2, 1)
    letters = ["start", *name]
    above.bar(range(len(letters)), writing.watch(name)["z"][:, unit], color=BLUE, width=0.7)
    above.set_xticks(range(len(letters)), letters)
    opened = opening()[:, unit]
    vowels = [ORANGE if letter in "aeiouy" else BLUE for letter in SYMBOLS]
    below.bar(range(len(SYMBOLS)), opened, color=vowels, width=0.7)
    below.set_xticks(range(len(SYMBOLS)), ["start", *SYMBOLS[1:]], fontsize=8)
    for ax, what in ((above, f"while it reads\n{name}"), (below, "average over\nheld-out names")):
        ax.spines[["top", "right"]].set_visible(False)
        ax.set(ylim=(0, 1), yticks=[0, 0.5, 1])
        ax.set_ylabel(what, rotation=0, ha="right", va="center", fontsize=9)
    return made


def opening() -> np.ndarray:
    """(27, H): how far each gate of the shipped network opens after each letter, on average over held-out names."""
    if not _OPENING:
        found: dict[str, list[np.ndarray]] = {letter: [np.zeros(writing.UNITS)] for letter in SYMBOLS}
        for name in load_names("held-out")[::2]:
            for letter, z in zip(END + name, writing.watch(name)["z"], strict=True):
                found[letter].append(z)
        _OPENING.append(np.array([np.mean(some[1:] or some, axis=0) for some in found.values()]))
    return _OPENING[0]


_OPENING: list[np.ndarray] = []


def watch_a_gate(name: str, unit: int) -> None:
    """``gate_at_work`` with a slider for the neuron. Orange: after a vowel."""
    widgets.explore(
        lambda unit: gate_at_work(unit, name),
        f"Two rows of bars for the update gate of neuron {{unit}}: how far it opens at each letter of {name}, and on average "
        "after each letter of the alphabet, vowels in orange.",
        unit=ipywidgets.IntSlider(unit, min=0, max=writing.UNITS - 1, description="neuron"),
    )


def whole_state(name: str) -> None:
    """All gates and states while the network writes a name, and what it finds likely next."""
    seen = writing.watch(name)
    made, _ = figure(8.2, 5.0)
    made.clear()
    made.suptitle(f"The network writes “{name}”", fontsize=11)
    rows = made.subplots(3, 1, sharex=True, height_ratios=[1.4, 1.4, 1])
    for ax, part, colours, limits in ((rows[0], "z", "Blues", (0, 1)), (rows[1], "h", PALETTE, (-1, 1))):
        image = ax.imshow(
            seen[part].T, cmap=colours, vmin=limits[0], vmax=limits[1], aspect="auto", interpolation="nearest"
        )
        made.colorbar(image, ax=ax, ticks=limits, pad=0.01)
        ax.set(yticks=[])
    for t, shares in enumerate(seen["probabilities"]):
        for place, number in enumerate(np.argsort(-shares)[:3]):
            letter = SYMBOLS[number] if number else "end"
            rows[2].text(t, 2 - place, f"{letter} {shares[number]:.0%}", ha="center", va="center", fontsize=8)
    rows[2].set(ylim=(-0.6, 2.6), yticks=[])
    rows[2].set_xticks(range(len(name) + 1), ["start", *name])
    for ax, what in zip(rows, ("update gates\n(dark: written\nanew)", "state", "likeliest\nnext"), strict=True):
        ax.set_ylabel(what, rotation=0, ha="right", va="center", fontsize=9)
        ax.spines[:].set_visible(False)
    said = [SYMBOLS[int(np.argmax(shares))].replace(END, "end") for shares in seen["probabilities"]]
    plots.show(
        made,
        f"Three panels along the letters of {name}: update gates and states of 64 neurons as heat maps, and the three "
        f"likeliest next letters. Likeliest: {', '.join(said)}.",
    )


def surprises(name: str, bits: Any) -> None:
    """A bar for each letter of a name, and one for its end."""
    bits, letters = np.asarray(bits), [*name, "end"]
    made, ax = figure(7.2, 2.6, title=f"“{name}”, letter by letter: {bits.sum():.1f} bits in all")
    ax.bar(range(len(letters)), bits, color=BLUE, width=0.7)
    ax.axhline(np.log2(len(SYMBOLS)), color=GREY, linestyle="--", linewidth=1)
    ax.set_xticks(range(len(letters)), letters)
    ax.set(ylabel="surprise (bits)")
    plots.show(
        made, f"Bars: {', '.join(f'{one} {cost:.1f}' for one, cost in zip(letters, bits, strict=True))} bits. A dashed line "
        "at 4.75 bits: all symbols alike.",
    )  # fmt: skip


def times(seconds: Mapping[str, Mapping[int, float]]) -> None:
    """Times against the length of a sequence, both axes logarithmic. ``seconds``: name -> {length: seconds}."""
    made, ax = figure(7.0, 3.2, title="How long a sequence takes")
    for (name, measured), colour, marker in zip(seconds.items(), (VERMILION, BLUE, GREEN), "so^", strict=False):
        values = [1000 * some for some in measured.values()]
        ax.plot(list(measured), values, color=colour, marker=marker, label=name)
    ax.set(xscale="log", yscale="log", xlabel="steps T", ylabel="milliseconds")
    ax.legend(frameon=False, fontsize=9)
    last = {name: 1000 * [*measured.values()][-1] for name, measured in seconds.items()}
    plots.show(made, f"Lines that rise. At the longest: {'; '.join(f'{n} {ms:.2g} ms' for n, ms in last.items())}.")


YEARS: Sequence[tuple[int, str]] = (
    (1997, "LSTM"),
    (2014, "GRU; attention"),
    (2015, "ResNet"),
    (2017, "Transformer"),
    (2021, "S4"),
    (2023, "Mamba"),
    (2024, "xLSTM; minGRU"),
)


def years() -> None:
    """The additive path through the years: a dot for each paper that this page names."""
    made, ax = figure(8.2, 1.9)
    ax.axhline(0, color=GREY, linewidth=1)
    for place, (year, name) in enumerate(YEARS):
        ax.plot(place, 0, "o", color=BLUE)
        ax.text(place, 0.35, name, ha="center", fontsize=9)
        ax.text(place, -0.6, str(year), ha="center", fontsize=9, color=GREY)
    ax.set(ylim=(-1, 1), xlim=(-0.6, len(YEARS) - 0.4))
    ax.axis("off")
    plots.show(made, f"A line of years: {', '.join(f'{year} {name}' for year, name in YEARS)}.")
