"""Drawings of unit 05: the cell with peepholes, the two forms one below the other, and the timing task."""

import numpy as np
from matplotlib.figure import Figure

from course.plots.cells import Diagram, Part, draw_cell
from course.plots.style import BLUE, GREY, ORANGE, VERMILION, Drawing, figure
from course.timers import Timed

COLOURS = {"plain": VERMILION, "with peepholes": BLUE}
Arrow = tuple[str, str]


def _cell(
    gates: str, fed_back: str, shown: str, squashed: bool, letter: str = "{}"
) -> tuple[dict[str, Part], list[Arrow]]:
    """An LSTM. ``gates``: the letters of forget, input and output gate and candidate; ``letter``: how a gate is written.

    ``fed_back`` is what the gates see beside x, ``shown`` what the cell shows; ``squashed``: whether by a tanh.
    """
    places = dict(zip("fiog", (2.4, 3.8, 7.0, 5.2), strict=True))
    parts: dict[str, Part] = {
        "c": (0.0, 3.3, "$c_{t-1}$", "value"),
        "keep": (2.4, 3.3, "×", "sum"),
        "add": (4.5, 3.3, "+", "sum"),
        "c_next": (6.2, 3.3, "$c_t$", "value"),
        "next": (9.8, 3.3, "next", "value"),
        "take": (4.5, 2.4, "×", "sum"),
        "show": (8.5, 2.2, "×", "sum"),
        "h_next": (9.8, 2.2, f"${shown}_t$", "value"),
        "h": (0.0, 0.4, f"${fed_back}_{{t-1}}$", "value"),
        "x": (0.0, -0.4, "$x_t$", "value"),
        "read": (4.5, -0.5, "", "sum"),
    }
    for part, name in zip("fiog", gates, strict=True):
        label = rf"tanh: $\tilde {name}$" if part == "g" else f"σ: ${letter.format(name)}$"
        parts[part] = (places[part], 1.5, label, "squash" if part == "g" else "gate")
        parts[f"W{part}"] = (places[part], 0.5, f"$W_{name}, b_{name}$", "product")
    joined = "c keep,f keep,keep add,i take,g take,take add,add c_next,c_next next,o show,show h_next,x read,h read"
    joined += "".join(f",read W{k},W{k} {k}" for k in "fiog")
    if squashed:
        parts["squash"] = (7.6, 2.75, "tanh", "squash")
        joined += ",c_next squash,squash show"
    else:
        joined += ",c_next show"
    joined += ",c h" if fed_back == "c" else ""
    arrows: list[Arrow] = []
    for pair in joined.split(","):
        start, end = pair.split()
        arrows.append((start, end))
    return parts, arrows


def peepholes() -> Drawing:
    """The cell of Graves (2013), its peepholes lit."""
    parts, arrows = _cell("fioc", "h", "h", squashed=True)
    arrows += [("c", "f"), ("c", "i"), ("c_next", "o")]
    made = draw_cell(
        Diagram(parts, tuple(arrows), "An LSTM with peepholes (lit)", (8.4, 4.0)), ("c", "f", "i", "c_next", "o")
    )
    assert isinstance(made, Drawing)
    made.alt = (
        "The LSTM of unit 04, faded, with its three peepholes lit: an arrow from the old cell to the forget gate, one from "
        "the old cell to the input gate, and one from the new cell to the output gate."
    )
    return made


def both_forms() -> Drawing:
    """The plain LSTM above, the Gamma form below; lit is where they differ."""
    above, arrows = _cell("fioc", "h", "h", squashed=True)
    below, more = _cell("fuoc", "c", "a", squashed=False, letter="Γ_{}")
    parts = {name: (x, y + 4.9, label, kind) for name, (x, y, label, kind) in above.items()}
    parts |= {f"notes {name}": part for name, part in below.items()}
    joined = [*arrows, *((f"notes {start}", f"notes {end}") for start, end in more)]
    lit = ["h", "read", "c_next", "squash", "show", *(f"notes {name}" for name in ("c", "h", "read", "c_next", "show"))]
    made = draw_cell(
        Diagram(
            parts,
            tuple(joined),
            "Above: the LSTM of unit 04. Below: the Gamma form. Lit: where they differ",
            (8.4, 7.4),
        ),
        lit,
    )
    assert isinstance(made, Drawing)
    made.alt = (
        "Two cells, one below the other, with the same gates and lanes. Lit are two differences: above, the old state goes "
        "into the gates, below the old cell; above, the new cell goes through tanh on its way out, below it does not."
    )
    return made


def timing(timed: Timed | None) -> Figure | None:
    """Losses by seed, and the best answers on one new sequence. Nothing where there was no torch to train them."""
    if timed is None:
        return None
    made, (left, right) = figure(
        9.6, 3.2, columns=2, title="One neuron that must answer a fixed number of steps after each pulse"
    )
    for place, (kind, losses) in enumerate(timed.losses.items()):
        left.plot([place] * len(losses), losses, "o", color=COLOURS[kind], markersize=8, alpha=0.7)
    left.set(yscale="log", ylabel="loss on new sequences (nats)", xlim=(-0.6, len(timed.losses) - 0.4))
    left.set_xticks(range(len(timed.losses)), list(timed.losses))
    left.set_title("one dot per seed", fontsize=9)
    steps = np.arange(len(timed.pulses))
    right.vlines(steps[timed.due > 0], 0, 1, color=ORANGE, linewidth=7, alpha=0.5, label="answer is due")
    right.vlines(steps[timed.pulses > 0], 0, 1, color=GREY, linestyle=":", linewidth=1.5, label="pulse comes in")
    for kind, answers in timed.answers.items():
        right.plot(steps, answers, color=COLOURS[kind], linewidth=1.6, marker="o", markersize=3, label=kind)
    right.set(xlabel="step t", ylabel="probability of an answer", ylim=(-0.02, 1.05))
    right.set_title("the best seed of each kind on one new sequence", fontsize=9)
    right.legend(frameon=False, fontsize=8, loc="center left", bbox_to_anchor=(1.0, 0.5))
    losses = "; ".join(f"{kind} {', '.join(f'{loss:.3f}' for loss in each)}" for kind, each in timed.losses.items())
    due = timed.due > 0
    answers = "; ".join(
        f"{kind} at least {values[due].min():.2f} where an answer is due and at most {values[~due].max():.2f} elsewhere"
        for kind, values in timed.answers.items()
    )
    made.alt = f"Left, the losses by seed: {losses}. Right, the probability of an answer: {answers}."
    return made
