"""Visible checks of the exercises that compare cells."""

import math
from collections.abc import Callable
from typing import Any

import numpy as np

from course.checks.primitives import expect, expect_close, shown
from course.checks.visible import visible_check

__all__ = ["equal_parameter_size", "settle_by_counting", "summarise"]


@visible_check("the budgets worked on paper", "a budget used up exactly", "no room for one neuron", "torch's layers")
def equal_parameter_size(equal_parameter_size: Callable[..., int]) -> None:
    """The largest size that a budget allows."""
    import torch

    for cell, size in (("rnn", 8), ("gru", 4), ("lstm", 3), ("peephole", 3)):
        found = equal_parameter_size(cell, 100, 2)
        expect(
            np.asarray(found).dtype.kind in "iu" and np.ndim(found) == 0,
            f"the size should be a whole number, an int, but yours is {shown(found)}; int(...) makes one of a float.",
        )
        expect(
            found == size,
            f"with at most 100 parameters and D = 2 the cell {cell!r} may have {size} neurons; yours gives {found}.",
        )
    for cell, budget, size, why in (
        ("peephole", 80, 2, "with peepholes 3 neurons have 72 + 9 = 81 parameters, so at most 80 allows 2"),
        ("gru", 84, 4, "at most 84 allows a GRU with 4 neurons, which has exactly 84"),
        ("lstm", 10, 0, "if not even one neuron fits, the size is 0"),
    ):
        found = equal_parameter_size(cell, budget, 2)
        expect(found == size, f"{why}; yours gives {found}.")
    for cell, module in (("rnn", torch.nn.RNN), ("gru", torch.nn.GRU), ("lstm", torch.nn.LSTM)):
        made = dict(module(6, 11).named_parameters())
        count = sum(array.numel() for name, array in made.items() if name != "bias_hh_l0")
        found = equal_parameter_size(cell, count, 6)
        expect(
            found == 11,
            f"torch's {cell} with D = 6 and 11 neurons has {count} parameters (without its second bias), "
            f"so that budget allows 11; yours gives {found}.",
        )


@visible_check("the keys", "both ratios worked on paper", "gates and blocks", "many neurons")
def settle_by_counting(settle_by_counting: Callable[..., dict[str, float]]) -> None:
    """The GRU against the LSTM, in ratios."""
    found = settle_by_counting(4, 6)
    again = "multiplications at equal parameters"
    names = {"gates", "parameters", "multiplications", "units", again}
    expect(isinstance(found, dict), f"the result is a dict, but yours is {shown(found)}.")
    missing, more = names - set(found), set(found) - names
    expect(not missing, f"the dict should also have the keys {', '.join(sorted(missing))}.")
    expect(not more, f"the dict has keys that nobody asked for: {', '.join(map(str, more))}.")
    expect_close(found["units"], 7 / 6, '"units" for D = 4 and H = 6, as on paper')
    work = found[again]
    expect(
        abs(work - 252 / 264) > 1e-9,
        f'"{again}" is 252/264 in yours, which are the parameters. Leave the biases out: they are added, not multiplied.',
    )
    expect_close(work, 0.9625, f'"{again}" for D = 4 and H = 6, as on paper')
    expect(
        found["gates"] < found["parameters"] < 1,
        "the GRU has fewer gates and fewer parameters than the LSTM, but the two ratios are not the same: "
        "the candidate is a block of weights, too, and it is no gate.",
    )
    expect_close(
        found["multiplications"],
        found["parameters"],
        '"multiplications" with H neurons each: like "parameters", they grow with the number of blocks',
    )
    large = settle_by_counting(100, 1000)[again]
    expect(
        0.99 < large < 1,
        f"with D = 100 and H = 1000 the multiplications at equal parameters are nearly equal; your ratio is {large:.3f}.",
    )


@visible_check(
    "one row per combination", "mean and spread worked on paper", "a single run", "a failed run", "records unchanged"
)
def summarise(summarise: Callable[..., list[dict[str, Any]]]) -> None:
    """Mean and spread of runs."""
    records = [_record("gru", 0, 1.0), _record("rnn", 0, 5.0), _record("gru", 1, 2.0)]
    records += [_record("gru", 2, 6.0), _record("gru", 0, 9.0, "parameters")]
    copies = [dict(one) for one in records]
    rows = summarise(records)
    expect(records == copies, "your function changed the records, which belong to the caller.")
    _expect_rows(rows)
    expect_close(rows[0]["mean"], 3.0, "the mean worked on paper")
    spread = float(rows[0]["spread"])
    expect(
        abs(spread - math.sqrt(14 / 3)) > 1e-8,
        f"your spread of the scores 1, 2 and 6 is {spread:.4f}, the root of 14 / 3: divide by N - 1 = 2 instead. "
        "np.std has an argument for that, ddof.",
    )
    expect_close(spread, math.sqrt(7), "the spread worked on paper")
    single = rows[1]["spread"]
    expect(
        isinstance(single, float) and math.isnan(single), f"the spread of one run is not known, nan; yours is {single}."
    )
    _expect_every_run(summarise)


def _record(cell: str, seed: int, score: float, budget: str = "seconds") -> dict[str, Any]:
    return {"task": "copy", "budget": budget, "cell": cell, "seed": seed, "score": score}


def _expect_rows(rows: Any) -> None:
    """The rows of five records: their keys, what they stand for, and their order."""
    keys = {"task", "budget", "cell", "runs", "mean", "spread"}
    expect(
        isinstance(rows, list) and all(isinstance(row, dict) and set(row) == keys for row in rows),
        f"the result is a list of dicts with task, budget, cell, runs, mean and spread; yours is {shown(rows)}.",
    )
    order = [(row["budget"], row["cell"]) for row in rows]
    expect(
        order == [("seconds", "gru"), ("seconds", "rnn"), ("parameters", "gru")],
        f"five records of three combinations make three rows, in the order in which they were met first; yours are {order}.",
    )
    runs = [row["runs"] for row in rows]
    expect(runs == [3, 1, 1], f"the rows stand for 3, 1 and 1 runs; yours say {runs}.")


def _expect_every_run(summarise: Callable[..., list[dict[str, Any]]]) -> None:
    """Equal scores count as often as they occur, and a failed run counts, too."""
    rows = summarise([_record("lstm", seed, score) for seed, score in enumerate((2.0, 2.0, 5.0))])
    runs = [row["runs"] for row in rows]
    expect(runs == [3], f"runs with the scores 2, 2 and 5 are 3 runs, although two are equal; yours say {runs}.")
    expect_close(rows[0]["mean"], 3.0, "the mean of the scores 2, 2 and 5")
    [row] = summarise([_record("lstm", seed, score) for seed, score in enumerate((2.0, math.nan, 5.0))])
    expect(
        row["runs"] == 3 and math.isnan(row["mean"]) and math.isnan(row["spread"]),
        "a run that failed has the score nan. It is not left out: of three runs with one such, mean and spread are nan; "
        f"yours says {row['runs']} runs, {row['mean']} ± {row['spread']}.",
    )
