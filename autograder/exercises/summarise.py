"""Mean and spread of many runs, in a table."""

import collections
import itertools
import math
import statistics

import numpy as np

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families.summaries import KEYS, summary_mistakes, table
from autograder.reference import comparison
from autograder.sandbox.protocol.wire import Tensor

exercise = Exercise(comparison.summarise)

RUNS = (
    "every combination",
    "an uneven number of runs",
    "in any order",
    "equal scores",
    "the same seed again",
    "two runs",
    "large scores that lie close together",
)


@exercise.cases
def draw(rng):
    def record(task, budget, cell, seed, score=None):
        score = float(rng.gamma(2.0)) if score is None else score
        return {"task": task, "budget": budget, "cell": cell, "seed": seed, "score": score}

    keys = [
        (task, budget, cell)
        for task in ("copy", "adding")
        for budget in ("seconds", "parameters")
        for cell in ("rnn", "lstm", "gru")
    ]
    full = [record(*key, seed) for key in keys for seed in range(3)]
    # the first runs are of combinations that no sorting puts first, and neighbours are never of one combination
    mixed = [full[(n * 25 + 4) % len(full)] for n in range(len(full))]
    uneven = [record("adding", "seconds", "lstm", seed) for seed in (4, 9, 2, 7, 1)]
    uneven += [record("adding", "seconds", "gru", seed) for seed in (3, 5)]
    alone = [record("digits", "parameters", cell, 0) for cell in ("rnn", "gru")]
    more = [record("copy", "seconds", "rnn", 1) | {"losses": rng.random(4), "seconds": 2.5} for _ in range(4)]
    failed = [record("copy", "seconds", cell, seed) for cell in ("gru", "rnn") for seed in range(3)]
    failed[4]["score"] = math.nan
    # of few binary digits, so that their squares are exact
    one, other = (record("copy", "parameters", "gru", n, int(rng.integers(20, 100)) / 64 + 2 * n) for n in range(2))
    equal = [one, other, *(one | {"seed": seed} for seed in (2, 3)), other | {"seed": 4}]
    equal += [one | {"cell": "lstm", "seed": seed} for seed in range(3)]
    again = [record("copy", "seconds", "gru", seed) for seed in (0, 1, 0, 1, 2)]
    large, near = 2.0 ** rng.integers(30, 34), 2.0 ** -rng.integers(8, 12)  # no squares tell the two apart
    close = [record("copy", "seconds", "gru", seed, float(large + seed * near)) for seed in range(2)]
    return {
        "every combination": Case((full,)),
        "large scores that lie close together": Case((close,)),
        "in any order": Case((mixed,)),
        "an uneven number of runs": Case((uneven,)),
        "one run each": Case((alone,)),
        "two runs": Case(([record("copy", "seconds", "rnn", seed) for seed in range(2)],)),
        "the same seed again": Case((again,)),
        "records that hold more": Case((more,)),
        "a run that failed": Case((failed,)),
        "a single run that failed": Case(([record("copy", "seconds", "rnn", 0, math.nan)],)),
        "equal scores": Case((equal,)),
        "nothing measured": Case(([],)),
    }


def table_of(*names):
    """Picks some columns of a table, with what each row stands for, in whatever order the rows are."""
    return lambda rows: sorted([[row[key] for key in KEYS] + [row[name] for name in names] for row in rows], key=_head)


def _head(row):
    return row[: len(KEYS)]


def floats(rows):
    """Whether means and spreads are numbers of Python or NumPy, and how many runs a whole one."""
    whole = all(np.asarray(row["runs"]).dtype.kind in "iu" for row in rows)
    return whole and not any(isinstance(row[name], Tensor) for row in rows for name in ("runs", "mean", "spread"))


exercise.checks(
    values("the mean", *RUNS, part=table_of("mean")),
    values("the spread", *RUNS, part=table_of("spread")),
    values("how many runs", *RUNS, part=table_of("runs"), weight=0.5),
    values(
        "a row for each combination, in the order met first",
        *RUNS,
        part=lambda rows: [_head([row[k] for k in KEYS]) for row in rows],
    ),
    values(
        "the six columns, and whole numbers of runs",
        *RUNS,
        part=lambda rows: [[sorted(row) for row in rows], floats(rows)],
        weight=0.5,
        property=True,
    ),
    values("the spread of a single run is not known", "one run each", part=table_of("spread"), weight=0.5),
    values(
        "a run that failed is not left out",
        "a run that failed",
        "a single run that failed",
        part=table_of("runs", "mean", "spread"),
        weight=0.5,
    ),
    values(
        "records that hold more, and no records",
        "records that hold more",
        "nothing measured",
        part=table_of("runs", "mean", "spread"),
        weight=0.5,
    ),
    pure("every combination", "in any order", "records that hold more", weight=0.5),
)


exercise.add(summary_mistakes)


@exercise.wrong
def key_by_key(records):
    """Your rows go through the tasks, then the budgets, then the cells: take the combinations as they were met first."""
    met = [list(dict.fromkeys(record[key] for record in records)) for key in KEYS]
    return sorted(table(records), key=lambda row: [met[n].index(row[key]) for n, key in enumerate(KEYS)])


@exercise.wrong
def neighbours_only(records):
    """Your groups end where the combination changes: records may come in any order."""
    groups = itertools.groupby(records, key=lambda record: [record[key] for key in KEYS])
    return [row for _, group in groups for row in table(group)]


@exercise.wrong
def best_cell_only(records):
    """Your table keeps the best cell only: every combination has a row, the worse ones, too."""
    best = {}
    for row in table(records):
        key = row["task"], row["budget"]
        if key not in best or row["mean"] < best[key]["mean"]:
            best[key] = row
    return list(best.values())


@exercise.wrong
def records_changed(records):
    """Your function changes the list of records, or a record: they belong to the caller, so read them and leave them."""
    rows = table(records)
    for record in records:
        record.pop("score")
    return rows


@exercise.wrong
def records_sorted_first(records):
    """Your function sorts the caller's records in place, and its rows with them: leave their order as it is."""
    records.sort(key=lambda record: [record[key] for key in KEYS])
    return table(records)


@exercise.right
def by_statistics(records):
    groups = collections.defaultdict(list)
    for record in records:
        groups[record["task"], record["budget"], record["cell"]].append(record["score"])
    return [
        {
            "task": task,
            "budget": budget,
            "cell": cell,
            "runs": len(scores),
            "mean": math.fsum(scores) / len(scores),
            "spread": math.nan if len(scores) < 2 or any(map(math.isnan, scores)) else statistics.stdev(scores),
        }
        for (task, budget, cell), scores in groups.items()
    ]


@exercise.right
def by_numpy_with_warnings(records):
    """NumPy warns of a single run, and gives nan."""
    keys = list(dict.fromkeys((r["task"], r["budget"], r["cell"]) for r in records))
    rows = []
    for key in keys:
        scores = np.array([r["score"] for r in records if (r["task"], r["budget"], r["cell"]) == key])
        with np.errstate(all="ignore"):
            spread = np.sqrt(((scores - scores.mean()) ** 2).sum() / np.float64(len(scores) - 1))
        rows.append(dict(zip(("task", "budget", "cell"), key, strict=True)))
        rows[-1].update(runs=len(scores), mean=scores.mean(), spread=spread)
    return rows


@exercise.right
def one_pass(records):
    rows = {}
    for record in records:
        key = tuple(record[name] for name in ("task", "budget", "cell"))
        n, mean, squares = rows.get(key, (0, 0.0, 0.0))
        away = record["score"] - mean
        mean += away / (n + 1)
        rows[key] = (n + 1, mean, squares + away * (record["score"] - mean))
    names = ("task", "budget", "cell", "runs", "mean", "spread")
    found = ((*key, n, mean, (s / (n - 1)) ** 0.5 if n > 1 else math.nan) for key, (n, mean, s) in rows.items())
    return [dict(zip(names, row, strict=True)) for row in found]
