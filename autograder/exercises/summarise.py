"""Mean and spread of many runs, in a table."""

import collections
import math
import statistics

import numpy as np

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.reference import comparison
from autograder.sandbox.protocol.wire import Tensor

exercise = Exercise(comparison.summarise)

KEYS = ("task", "budget", "cell")
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
    failed = [record("copy", "seconds", "gru", seed) for seed in range(3)]
    failed += [record("copy", "seconds", "rnn", 0), record("copy", "seconds", "rnn", 1, math.nan)]
    failed += [record("copy", "seconds", "rnn", 2)]
    # of few binary digits, so that their squares are exact
    one, other = (record("copy", "parameters", "gru", n, int(rng.integers(20, 100)) / 64 + 2 * n) for n in range(2))
    equal = [one, other, *(one | {"seed": seed} for seed in (2, 3)), other | {"seed": 4}]
    equal += [one | {"cell": "lstm", "seed": seed} for seed in range(3)]
    again = [record("copy", "seconds", "gru", seed) for seed in (0, 1, 0, 1, 2)]
    large, near = 2.0 ** rng.integers(30, 34), 2.0 ** -rng.integers(8, 12)  # no squares tell the two apart
    close = [
        record("copy", "seconds", "gru", 0, float(large)),
        record("copy", "seconds", "gru", 1, float(large + near)),
    ]
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


def grouped(records, *keys):
    groups = {}
    for record in records:
        groups.setdefault(tuple(record[key] for key in keys), []).append(record)
    return groups


def sample(scores):
    return np.std(scores, ddof=1)


def table(records, mean=np.mean, spread=sample, keys=KEYS, alone: float | None = math.nan):
    """The table by rules some of which may be wrong; ``alone``: the spread of a single run."""
    rows = []
    for group in grouped(records, *keys).values():
        scores = [record["score"] for record in group]
        row = {key: group[0][key] for key in KEYS} | {"runs": len(scores)}
        rows.append(row | {"mean": float(mean(scores)), "spread": float(spread(scores)) if len(scores) > 1 else alone})
    return rows


def by_squares(scores):
    total = np.sum(np.square(scores)) - len(scores) * np.mean(scores) ** 2
    return np.sqrt(np.maximum(total, 0) / (len(scores) - 1))


def of_known(scores, statistic, least):
    """A statistic of the scores that are not nan; nan if there are too few."""
    known = [score for score in scores if math.isfinite(score)]
    return statistic(known) if len(known) >= least else math.nan


def finite(records):
    return [record for record in records if math.isfinite(record["score"])]


def last_of(records, *keys):
    """The last of those records that are equal in these keys, in the order in which they were met first."""
    return list({tuple(record[key] for key in keys): record for record in records}.values())


def rounded_rows(digits):
    return lambda records: [
        row | {name: round(row[name], digits) for name in ("mean", "spread")} for row in table(records)
    ]


def with_column(name, value):
    """Rows that hold one column more."""

    def wrong(records):
        groups = grouped(records, *KEYS)
        return [row | {name: value(groups[tuple(row[key] for key in KEYS)])} for row in table(records)]

    return wrong


# fmt: off
for name, hint, function in (
    ("spread_of_a_population", "Your spread divides by N: of a sample, divide by N - 1 (np.std has ddof for that).",
     lambda records: table(records, spread=np.std, alone=0.0)),
    ("population_but_nan_alone", "Your spread divides by N where there are several runs: of a sample, divide by N - 1 (np.std has ddof for that).",
     lambda records: table(records, spread=np.std)),
    ("variance", "Your spread is the variance: the standard deviation is its root.",
     lambda records: table(records, spread=lambda scores: np.var(scores, ddof=1))),
    ("mean_of_squares_less_squared_mean", "Your spread is lost in rounding where scores are large and close: subtract the mean first, then square.",
     lambda records: table(records, spread=by_squares)),
    ("standard_error", "Your spread is the standard error, divided by the root of N: the standard deviation itself is wanted.",
     lambda records: table(records, spread=lambda scores: sample(scores) / math.sqrt(len(scores)))),
    ("range", "Your spread is the distance from the smallest to the largest: the standard deviation is wanted.",
     lambda records: table(records, spread=np.ptp)),
    ("range_with_zero_alone", "Your spread is the distance from the smallest to the largest score, 0 for one run: the standard deviation is wanted.",
     lambda records: table(records, spread=np.ptp, alone=0.0)),
    ("range_by_comparing", "Your spread is the largest score minus the smallest, which misses nan, too: the standard deviation is wanted.",
     lambda records: table(records, spread=lambda scores: max(scores) - min(scores))),
    ("mean_deviation", "Your spread is the mean distance from the mean: the standard deviation is wanted.",
     lambda records: table(records, spread=lambda scores: np.mean(np.abs(np.array(scores) - np.mean(scores))))),
    ("median", "Your mean is the median.", lambda records: table(records, mean=np.median)),
    ("best_run", "Your mean is the best run's score: that is luck, not the cell. Take the mean over all runs.",
     lambda records: table(records, mean=np.min)),
    ("sum_of_scores", "Your mean is the sum of the scores: divide by how many there are.",
     lambda records: table(records, mean=np.sum)),
    ("certain_from_one_run", "Your spread of a single run is 0, which claims certainty: it is not known, nan.",
     lambda records: table(records, alone=0.0)),
    ("certain_from_one_run_that_did_not_fail", "Your spread of a single run is 0 unless its score is nan, which claims certainty: of one run it is not known, nan.",
     lambda records: [row | {"spread": row["mean"] * 0} if row["runs"] == 1 else row for row in table(records)]),
    ("none_from_one_run", "Your spread of a single run is None: it should be nan, which is a float.",
     lambda records: table(records, alone=None)),
    ("failures_left_out", "Your table leaves out runs whose score is nan: a cell that sometimes fails must not look better for it.",
     lambda records: table(finite(records))),
    ("failures_counted_but_ignored", "Your mean and spread pass over runs whose score is nan, as np.nanmean does: then failing pays.",
     lambda records: table(records, lambda scores: of_known(scores, np.mean, 1), lambda scores: of_known(scores, sample, 2))),
    ("failures_as_zero", "Your table takes a score that is nan for 0, the best there is: a failed run makes mean and spread nan.",
     lambda records: table([record | {"score": np.nan_to_num(record["score"])} for record in records])),
    ("failures_as_zero_of_a_population", "You take a score that is nan for 0, the best there is, and your spread divides by N, not by N - 1.",
     lambda records: table([record | {"score": np.nan_to_num(record["score"])} for record in records], spread=np.std)),
    ("equal_scores_once", "Your table takes runs with equal scores for one run: each record is a run of its own.",
     lambda records: table(last_of(records, *KEYS, "score"))),
    ("one_run_a_seed", "Your table keeps one run of each seed: each record is a run of its own.",
     lambda records: table(last_of(records, *KEYS, "seed"))),
    ("budgets_mixed", "Your rows mix the kinds of budget: equal parameters and equal seconds are different experiments.",
     lambda records: table(records, keys=("task", "cell"))),
    ("tasks_mixed", "Your rows mix the tasks: an error in adding cannot be averaged with one in copying.",
     lambda records: table(records, keys=("budget", "cell"))),
    ("cells_mixed", "Your rows mix the cells: each has a row of its own.",
     lambda records: table(records, keys=("task", "budget"))),
    ("tasks_and_budgets_mixed", "You have one row per cell: each combination of task, budget and cell has a row of its own.",
     lambda records: table(records, keys=("cell",))),
    ("a_row_for_each_run", "Your table has a row for each run: the seeds of one combination belong together.",
     lambda records: [row for record in records for row in table([record])]),
    ("a_row_for_each_seed", "Your table has a row for each seed: the seeds of one combination belong together.",
     lambda records: table(records, keys=(*KEYS, "seed"))),
    ("sorted_by_name", "Your rows are sorted by name: leave them in the order in which the combinations were met first.",
     lambda records: sorted(table(records), key=lambda row: [row[key] for key in KEYS])),
    ("sorted_by_mean", "Your rows are sorted by their mean: leave them in the order in which the combinations were met first.",
     lambda records: sorted(table(records), key=lambda row: row["mean"])),
    ("last_met_first", "Your rows are in reverse order: the combination that was met first comes first.",
     lambda records: table(records)[::-1]),
    ("always_three_runs", "Your table says three runs everywhere: count them.",
     lambda records: [row | {"runs": 3} for row in table(records)]),
    ("runs_as_float", "Your number of runs is a float: it is counted, so an int.",
     lambda records: [row | {"runs": float(row["runs"])} for row in table(records)]),
    ("rounded_to_two", "Your means and spreads are rounded to two decimals: leave them as they are.", rounded_rows(2)),
    ("rounded_to_three", "Your means and spreads are rounded to three decimals: leave them as they are.",
     rounded_rows(3)),
    ("rounded_to_four", "Your means and spreads are rounded to four decimals: leave them as they are.",
     rounded_rows(4)),
    ("a_dict", "You return a dict: return a list of dicts, one for each combination.",
     lambda records: {str(n): row for n, row in enumerate(table(records))}),
    ("rows_as_tuples", "Your rows are tuples: each should be a dict with task, budget, cell, runs, mean and spread.",
     lambda records: [tuple(row.values()) for row in table(records)]),
    ("first_score_kept", "Your rows hold more than task, budget, cell, runs, mean and spread: leave “score” out.",
     with_column("score", lambda group: group[0]["score"])),
    ("last_score_kept", "Your rows hold the last run's “score”, too: leave it out.",
     with_column("score", lambda group: group[-1]["score"])),
    ("more_columns", "Your rows hold all scores, too: leave everything but task, budget, cell, runs, mean and spread out.",
     with_column("scores", lambda group: [record["score"] for record in group])),
    ("first_seed_kept", "Your rows hold a “seed”, too: leave it out.",
     with_column("seed", lambda group: group[0]["seed"])),
):
    exercise.add_mistake(name, hint, function)
# fmt: on

for column in ("runs", "mean", "spread"):
    exercise.add_mistake(
        f"{column}_missing",
        f"Your rows lack “{column}”.",
        lambda records, column=column: [
            {key: value for key, value in row.items() if key != column} for row in table(records)
        ],
    )


@exercise.wrong
def failures_passed_over(records):
    """Your runs, mean and spread all pass over runs whose score is nan: then failing pays, and a failed run is a run."""
    passed_over = exercise.mistakes["failures_counted_but_ignored"].function(records)
    return [
        row | {"runs": known["runs"]} for row, known in zip(passed_over, failures_not_counted(records), strict=True)
    ]


@exercise.wrong
def failures_not_counted(records):
    """Your number of runs leaves out those whose score is nan: a run that failed is a run."""
    met = grouped(finite(records), *KEYS)
    return [row | {"runs": len(met.get(tuple(row[key] for key in KEYS), []))} for row in table(records)]


@exercise.wrong
def runs_by_the_largest_seed(records):
    """Your number of runs comes from the seeds, such as the largest plus one: count the records."""
    groups = grouped(records, *KEYS)
    return [
        row | {"runs": max(one["seed"] for one in groups[tuple(row[key] for key in KEYS)]) + 1}
        for row in table(records)
    ]


@exercise.wrong
def seeds_counted(records):
    """Your number of runs counts different seeds: a seed that was run twice stands for two runs."""
    groups = grouped(records, *KEYS)
    return [
        row | {"runs": len({one["seed"] for one in groups[tuple(row[key] for key in KEYS)]})} for row in table(records)
    ]


@exercise.wrong
def scores_counted(records):
    """Your number of runs counts different scores: equal scores are runs of their own."""
    groups = grouped(records, *KEYS)
    return [
        row | {"runs": len({one["score"] for one in groups[tuple(row[key] for key in KEYS)]})} for row in table(records)
    ]


@exercise.wrong
def all_records_counted(records):
    """Your number of runs is that of all records together: count those of each combination."""
    return [row | {"runs": len(records)} for row in table(records)]


@exercise.wrong
def key_by_key(records):
    """Your rows go through the tasks, then the budgets, then the cells: take the combinations as they were met first."""
    met = [list(dict.fromkeys(record[key] for record in records)) for key in KEYS]
    return sorted(table(records), key=lambda row: [met[n].index(row[key]) for n, key in enumerate(KEYS)])


@exercise.wrong
def neighbours_only(records):
    """Your groups end where the combination changes: records may come in any order."""
    rows, group = [], []
    for record in records:
        if group and any(record[key] != group[-1][key] for key in KEYS):
            rows, group = rows + table(group), []
        group.append(record)
    return rows + (table(group) if group else [])


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


@exercise.wrong
def best_cell_only(records):
    """Your table keeps the best cell only: every combination has a row, the worse ones, too."""
    best = {}
    for row in table(records):
        key = row["task"], row["budget"]
        if key not in best or row["mean"] < best[key]["mean"]:
            best[key] = row
    return list(best.values())


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
