"""Drawings of unit 10: the three tasks, where each cell stands, and the table of it."""

import html
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from IPython.display import display
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator
from numpy.typing import ArrayLike

from course.plots.style import BLACK, BLUE, GREEN, GREY, ORANGE, SKY, VERMILION, Drawing, figure

NAMES = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM", "peephole": "LSTM with peepholes"}
LOOKS = {"rnn": (GREY, "o"), "gru": (GREEN, "^"), "lstm": (BLUE, "s"), "peephole": (ORANGE, "D")}
TASKS = {
    "adding": ("adding: mean squared error", 1 / 6),
    "copy": ("copy: share of wrong symbols", 0.8),
    "digits": ("digits by pixels: share of wrong ones", 0.9),
    "rows": ("digits by rows: share of wrong ones", 0.9),
}


def adding(x: ArrayLike, y: float) -> Drawing:
    """One example of the adding problem. x: (T, 2), a number and a mark each step. y: the answer."""
    made, ax = figure(7.2, 2.8, title=f"The adding problem: add the two marked numbers. Answer: {float(y):.2f}")
    numbers, marked = np.asarray(x)[:, 0], np.asarray(x)[:, 1] == 1
    ax.bar(np.arange(len(numbers)), numbers, color=np.where(marked, VERMILION, SKY))
    for t in np.flatnonzero(marked):
        ax.text(t, numbers[t] + 0.03, f"{numbers[t]:.2f}", ha="center", fontsize=9)
    ax.axvline(len(numbers) // 2 - 0.5, color=GREY, linestyle=":")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.set(xlabel="step t (dotted: the middle; red: marked)", ylabel="number", ylim=(0, 1.15))
    made.alt = (
        f"{len(numbers)} bars, the numbers of one sequence. Two of them are red, one in each half: these are marked, and their "
        "sum is the answer."
    )
    return made


def copying(x: ArrayLike, y: Sequence[int], symbols: int) -> Drawing:
    """One example of the copy task. x: (T, symbols + 2), one-hot. y: the wanted symbols."""
    x = np.asarray(x)
    made, ax = figure(7.2, 2.8, title="The copy task: read, wait, say it again")
    ax.imshow(x.T, cmap="Blues", vmin=0, vmax=1.4, aspect="auto", interpolation="nearest")
    for t, symbol in enumerate(y, len(x) - len(y)):
        ax.text(t, symbol, str(int(symbol)), ha="center", va="center", color=VERMILION, fontsize=11, weight="bold")
    ax.set_yticks(range(symbols + 2), [*(f"symbol {n}" for n in range(symbols)), "wait", "answer"], fontsize=9)
    ax.set(xlabel="step t (blue: what comes in; red: what is wanted)")
    made.alt = (
        f"Time runs to the right, the columns are stacked. {len(y)} symbols light up one after the other, then the column wait "
        f"{len(x) - 2 * len(y)} times, then the column answer {len(y)} times. Red numbers at these last steps show the same symbols."
    )
    return made


def digit(image: np.ndarray, label: int) -> Drawing:
    """One digit as an image, and as the sequence of its pixels."""
    made, (left, right) = figure(7.2, 2.6, columns=2, title=f"A digit, and what the network gets: is it a {label}?")
    left.imshow(image, cmap="gray_r", vmin=0, vmax=16)
    left.set(xlabel="column (pixels)", ylabel="row (pixels)")
    right.step(np.arange(image.size), np.ravel(image) / 16, where="mid", color=BLUE, linewidth=1.2)
    for row in range(1, len(image)):
        right.axvline(row * image.shape[1] - 0.5, color=GREY, linewidth=0.5)
    right.set(xlabel="step t (lines: a new row)", ylabel="ink")
    made.alt = (
        f"Left: a digit, a {label}, as {len(image)} by {len(image)} grey pixels. Right: the same {image.size} numbers one after "
        "the other; ink comes and goes in every row."
    )
    return made


def standings(rows: Sequence[dict[str, Any]], title: str) -> Drawing:
    """Where each cell stands: one panel a task, the kinds of budget side by side, means with their spread.

    Args:
        rows: as the reader's ``summarise`` gives them.
    """
    names = list(dict.fromkeys(row["task"] for row in rows)) or ["adding"]  # stopped before the first run was finished
    budgets = list(dict.fromkeys(row["budget"] for row in rows))
    made, axes = figure(3.4 * max(2, len(names)), 3.9, columns=len(names), title=title)
    made.alt = (
        f"{len(names)} panels, one per task. Each shows the four cells at equal parameters and at equal seconds, with errors and "
        "their spread on a logarithmic axis. The table above holds the same numbers."
    )
    for ax, task in zip([axes] if len(names) == 1 else axes, names, strict=True):
        for row in (row for row in rows if row["task"] == task):
            colour, marker = LOOKS[row["cell"]]
            place = budgets.index(row["budget"]) + 0.16 * (list(LOOKS).index(row["cell"]) - 1.5)
            spread = 0 if math.isnan(row["spread"]) else row["spread"]
            # on a logarithmic axis a bar that reached below zero could not be drawn
            low = min(spread, 0.9 * row["mean"])
            ax.errorbar(
                place,
                row["mean"],
                [[low], [spread]],
                color=colour,
                marker=marker,
                markersize=6,
                capsize=3,
                linewidth=1.4,
            )
        label, guessing = TASKS.get(task, (task, None))
        if guessing:
            ax.axhline(guessing, color=BLACK, linestyle="--", linewidth=0.8)
        ax.set_yscale("log")
        low, high = ax.get_ylim()
        ax.yaxis.set_major_locator(LogLocator(subs=(1, 2, 5) if high > 12 * low else (1, 1.5, 2, 3, 4, 6, 8)))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))
        ax.yaxis.set_minor_locator(NullLocator())
        ax.set(xlim=(-0.6, max(1, len(budgets)) - 0.4))
        ax.set_title(label, fontsize=9)
        ax.set_xticks(range(len(budgets)), [f"equal\n{budget}" for budget in budgets], fontsize=9)
    for cell, (colour, marker) in LOOKS.items():
        made.axes[0].plot([], [], color=colour, marker=marker, linestyle="", label=NAMES[cell])
    made.axes[0].plot([], [], color=BLACK, linestyle="--", linewidth=0.8, label="guessing")
    made.legend(
        *made.axes[0].get_legend_handles_labels(), loc="outside lower center", ncols=5, frameon=False, fontsize=9
    )
    made.axes[0].set_ylabel("error on new data (lower is better)")
    return made


def our_standings(rows: Sequence[dict[str, Any]]) -> Drawing:
    """Where each cell stands in the measurement that comes with the course."""
    made = standings(rows, "Who stands where? Our measurement, full setting")
    made.alt = (
        "Three panels. Adding: the plain RNN stands near the line of guessing, the other three about a hundred times lower. Copy: "
        "the GRU lies below the LSTM, far below it with equal parameters; then comes the LSTM with peepholes, then the RNN. With "
        "equal seconds the bars of the RNN and the GRU are long: from one end to the other, each spans more than a factor of ten. "
        "Digits: all lie close together between 0.1 and 0.3, and many bars overlap."
    )
    return made


def one_run(losses: Sequence[float], title: str = "One run: a GRU learns to add two numbers out of ten") -> Drawing:
    """The losses of one run on the adding problem, step by step."""
    made, ax = figure(7.2, 2.8, title=title)
    ax.plot(np.arange(1, len(losses) + 1), losses, color=GREEN, linewidth=1.2)
    ax.axhline(TASKS["adding"][1], color=BLACK, linestyle="--", linewidth=0.8)
    ax.text(len(losses), TASKS["adding"][1], "guessing", ha="right", va="bottom", fontsize=9)
    ax.set(xlabel="training step", ylabel="loss (mean squared error)", yscale="log")
    made.alt = (
        f"The losses of {len(losses)} training steps on a logarithmic axis, with a dashed line at the level of guessing, 0.167. "
        f"The first loss is {losses[0]:.3g}, the last {losses[-1]:.3g}."
        if len(losses)
        else "No training step was made."
    )
    return made


def learning(records: Sequence[dict[str, Any]], task: str, title: str) -> Drawing:
    """Losses against training steps, averaged over the seeds, one line a cell. ``records`` hold a "curve" each."""
    made, ax = figure(7.2, 3.2, title=title)
    for cell, (colour, marker) in LOOKS.items():
        runs = [record for record in records if record["cell"] == cell and record["task"] == task]
        if not runs:
            continue
        points = min(len(run["curve"]) for run in runs)
        curves = np.array([run["curve"][:points] for run in runs])
        steps = np.linspace(0, runs[0]["steps"], points + 1)[1:]
        ax.plot(steps, curves.mean(axis=0), color=colour, marker=marker, markersize=3, linewidth=1.4, label=NAMES[cell])
        ax.fill_between(steps, curves.min(axis=0), curves.max(axis=0), color=colour, alpha=0.15, linewidth=0)
    _, guessing = TASKS[task]
    if task == "adding":
        ax.axhline(guessing, color=BLACK, linestyle="--", linewidth=0.8, label="guessing")
    ax.set(xlabel="training step (shaded: from the best seed to the worst)", ylabel="loss", yscale="log")
    ax.legend(frameon=False, fontsize=9)
    made.alt = f"The losses of the four cells on the task {task} against the training step, on a logarithmic axis."
    return made


def our_learning(records: Sequence[dict[str, Any]]) -> Drawing:
    """How the loss on the adding problem falls in the measurement that comes with the course, at equal parameters."""
    equal = [record for record in records if record["budget"] == "parameters"]
    made = learning(equal, "adding", "Adding over 50 steps at equal parameters (our measurement, three seeds)")
    made.alt = (
        "Four curves of the loss on a logarithmic axis. From the level of guessing the GRU's falls after about 180 steps, that of "
        "the LSTM with peepholes after about 320, the plain LSTM's after about 400; all three end near 0.001. The plain RNN's stays "
        "at the level of guessing."
    )
    return made


def _start_name(cell: str, start: float | str | None) -> str:
    if start is None:
        return {"rnn": "random weights", "gru": "random biases"}.get(cell, "forget bias 1")
    if isinstance(start, str):
        return f"{start} weights"
    return f"{'update' if cell == 'gru' else 'forget'} bias {start:g}"


def our_starts(records: Sequence[dict[str, Any]]) -> Drawing:
    """The copy task at equal parameters: one row per cell and start, one point per run. ``records``: as for ``standings``."""
    found: dict[tuple[str, Any], list[float]] = {}
    for cell in LOOKS:
        for record in records:
            if record["cell"] == cell:
                found.setdefault((cell, record.get("start")), []).append(record["score"])
    made, ax = figure(7.6, 3.6, title="The copy task (wait of 20) at equal parameters, by start: our measurement")
    said = []
    for row, ((cell, start), scores) in enumerate(found.items()):
        colour, marker = LOOKS[cell]
        ax.plot(scores, [row] * len(scores), color=colour, marker=marker, linestyle="", markersize=7, alpha=0.75)
        name = f"{NAMES[cell]}, {_start_name(cell, start)}"
        said.append(f"{name}: {', '.join(f'{score:.2g}' for score in sorted(scores))}")
        ax.text(1.02, row, f"{np.mean(scores):.3f}", transform=ax.get_yaxis_transform(), va="center", fontsize=9)
    ax.axvline(TASKS["copy"][1], color=BLACK, linestyle="--", linewidth=0.8)
    ax.text(1.02, -0.9, "mean", transform=ax.get_yaxis_transform(), va="center", fontsize=9)
    ax.set_yticks(range(len(found)), [line.split(":")[0] for line in said], fontsize=9)
    ax.set(xscale="log", ylim=(len(found) - 0.5, -0.7))
    ax.set_xlabel("share of wrong symbols (one mark per run; dashed: guessing)")
    made.alt = f"One row per cell and start, the share of wrong symbols of each run. {'; '.join(said)}."
    return made


def show_table(rows: Sequence[dict[str, Any]], caption: str) -> None:
    """Display rows as a table: one line per task and cell, mean and spread for each kind of budget, the best mean bold."""
    budgets = list(dict.fromkeys(row["budget"] for row in rows))
    found = {(row["task"], row["cell"], row["budget"]): row for row in rows}
    heads = ["task", "cell", *(f"equal {budget}" for budget in budgets)]
    counts = {row["runs"] for row in rows}
    if len(counts) == 1:
        caption += f" ({counted_runs(*counts)} each)"
    best = [
        min(known, key=lambda row: row["mean"])
        for task in dict.fromkeys(row["task"] for row in rows)
        for budget in budgets
        if (known := [r for r in rows if (r["task"], r["budget"]) == (task, budget) and not math.isnan(r["mean"])])
    ]
    lines = [
        [
            task,
            NAMES.get(cell, cell),
            *(_entry(found.get((task, cell, budget)), len(counts) > 1) for budget in budgets),
        ]
        for task, cell in dict.fromkeys((row["task"], row["cell"]) for row in rows)
    ]
    widths = [max(len(line[column]) for line in [heads, *lines]) for column in range(len(heads))]
    text = "\n".join(
        "  ".join(entry.ljust(width) for entry, width in zip(line, widths, strict=True)) for line in [heads, *lines]
    )
    marked = {
        (task, NAMES.get(cell, cell), 2 + budgets.index(budget))
        for task, cell, budget in ((row["task"], row["cell"], row["budget"]) for row in best)
    }

    def entry(line: list[str], column: int) -> str:
        text = html.escape(line[column])
        return f"<td><b>{text}</b></td>" if (line[0], line[1], column) in marked else f"<td>{text}</td>"

    body = "".join(f"<tr>{''.join(entry(line, n) for n in range(len(line)))}</tr>" for line in lines)
    top = "".join(f"<th>{html.escape(head)}</th>" for head in heads)
    page = f"<table><caption>{html.escape(caption)}</caption><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>"
    display({"text/html": page, "text/plain": f"{caption}\n{text}"}, raw=True)


def counted_runs(count: int) -> str:
    return "1 run" if count == 1 else f"{count} runs"


def _entry(row: dict[str, Any] | None, with_runs: bool) -> str:
    if row is None:
        return "not measured"
    mean, spread, runs = row["mean"], row["spread"], f" ({counted_runs(row['runs'])})" if with_runs else ""
    if not spread > 0:  # of one run it is nan
        return f"{mean:.3g} ± {'?' if math.isnan(spread) else 0}{runs}"
    decimals = min(5, max(0, 1 - math.floor(math.log10(spread))))  # two figures of the spread, and the mean as far
    return f"{mean:.{decimals}f} ± {spread:.{decimals}f}{runs}"
