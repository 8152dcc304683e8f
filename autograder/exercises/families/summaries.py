"""Tables of mean and spread by rules one of which is wrong."""

import math

import numpy as np

KEYS = ("task", "budget", "cell")


def grouped(records, *keys):
    groups = {}
    for record in records:
        groups.setdefault(tuple(record[key] for key in keys), []).append(record)
    return groups


def sample(scores):
    return np.std(scores, ddof=1) if len(scores) > 1 else math.nan


def table(records, mean=np.mean, spread=sample, keys=KEYS):
    """The table by rules some of which may be wrong."""
    rows = []
    for group in grouped(records, *keys).values():
        scores = [record["score"] for record in group]
        row = {key: group[0][key] for key in KEYS} | {"runs": len(scores)}
        rows.append(row | {"mean": float(mean(scores)), "spread": spread(scores)})
    return rows


def several(statistic):
    """A statistic of several scores; of a single one, nan."""
    return lambda scores: statistic(scores) if len(scores) > 1 else math.nan


def known(statistic, least):
    """A statistic of the scores that are not nan; nan if there are too few."""

    def found(scores):
        finite = [score for score in scores if math.isfinite(score)]
        return statistic(finite) if len(finite) >= least else math.nan

    return found


def passed_over(records):
    return table(records, known(np.mean, 1), known(sample, 2))


def by_squares(scores):
    total = np.sum(np.square(scores)) - len(scores) * np.mean(scores) ** 2
    return np.sqrt(np.maximum(total, 0) / (len(scores) - 1))


def finite(records):
    return [record for record in records if math.isfinite(record["score"])]


def last_of(records, *keys):
    """The last of those records that are equal in these keys, in the order in which they were met first."""
    return list({tuple(record[key] for key in keys): record for record in records}.values())


def with_column(name, value, table=table):
    """Rows in which ``value(the records of the row)`` stands under this name."""

    def wrong(records):
        groups = grouped(records, *KEYS)
        return [row | {name: value(groups[tuple(row[key] for key in KEYS)])} for row in table(records)]

    return wrong


# fmt: off
MISTAKES = (
    ("spread_of_a_population", "Your spread divides by N: of a sample, divide by N - 1 (np.std has ddof for that).",
     lambda records: table(records, spread=np.std)),
    ("population_but_nan_alone",
     "Your spread divides by N where there are several runs: of a sample, divide by N - 1 (np.std has ddof for that).",
     lambda records: table(records, spread=several(np.std))),
    ("variance", "Your spread is the variance: the standard deviation is its root.",
     lambda records: table(records, spread=several(lambda scores: np.var(scores, ddof=1)))),
    ("mean_of_squares_less_squared_mean",
     "Your spread is lost in rounding where scores are large and close: subtract the mean first, then square.",
     lambda records: table(records, spread=several(by_squares))),
    ("standard_error", "Your spread is the standard error, divided by the root of N: the standard deviation itself is wanted.",
     lambda records: table(records, spread=lambda scores: sample(scores) / math.sqrt(len(scores)))),
    ("range", "Your spread is the distance from the smallest to the largest: the standard deviation is wanted.",
     lambda records: table(records, spread=several(np.ptp))),
    ("range_by_comparing",
     "Your spread is the largest score minus the smallest, which misses nan, too: the standard deviation is wanted.",
     lambda records: table(records, spread=several(lambda scores: max(scores) - min(scores)))),
    ("median", "Your mean is the median.", lambda records: table(records, mean=np.median)),
    ("sum_of_scores", "Your mean is the sum of the scores: divide by how many there are.",
     lambda records: table(records, mean=np.sum)),
    ("certain_from_one_run", "Your spread of a single run is 0, which claims certainty: it is not known, nan.",
     lambda records: table(records, spread=lambda scores: sample(scores) if len(scores) > 1 else 0.0)),
    ("certain_from_one_run_that_did_not_fail",
     "Your spread of a single run is 0 unless its score is nan, which claims certainty: of one run it is not known, nan.",
     lambda records: table(records, spread=lambda scores: np.std(scores, ddof=len(scores) > 1))),
    ("none_from_one_run", "Your spread of a single run is None: it should be nan, which is a float.",
     lambda records: table(records, spread=lambda scores: sample(scores) if len(scores) > 1 else None)),
    ("failures_left_out", "Your table leaves out runs whose score is nan: a cell that sometimes fails must not look better for it.",
     lambda records: table(finite(records))),
    ("failures_counted_but_ignored",
     "Your mean and spread pass over runs whose score is nan, as np.nanmean does: then failing pays.", passed_over),
    ("failures_passed_over",
     "Your runs, mean and spread all pass over runs whose score is nan: then failing pays, and a failed run is a run.",
     with_column("runs", lambda group: len(finite(group)), passed_over)),
    ("failures_not_counted", "Your number of runs leaves out those whose score is nan: a run that failed is a run.",
     with_column("runs", lambda group: len(finite(group)))),
    ("failures_as_zero", "Your table takes a score that is nan for 0, the best there is: a failed run makes mean and spread nan.",
     lambda records: table([record | {"score": np.nan_to_num(record["score"])} for record in records])),
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
    ("runs_by_the_largest_seed", "Your number of runs comes from the seeds, such as the largest plus one: count the records.",
     with_column("runs", lambda group: 1 + max(record["seed"] for record in group))),
    ("seeds_counted", "Your number of runs counts different seeds: a seed that was run twice stands for two runs.",
     with_column("runs", lambda group: len({record["seed"] for record in group}))),
    ("all_records_counted", "Your number of runs is that of all records together: count those of each combination.",
     lambda records: [row | {"runs": len(records)} for row in table(records)]),
    ("runs_as_float", "Your number of runs is a float: it is counted, so an int.",
     with_column("runs", lambda group: float(len(group)))),
    ("a_dict", "You return a dict: return a list of dicts, one for each combination.",
     lambda records: {str(n): row for n, row in enumerate(table(records))}),
    ("rows_as_tuples", "Your rows are tuples: each should be a dict with task, budget, cell, runs, mean and spread.",
     lambda records: [tuple(row.values()) for row in table(records)]),
    ("score_kept", "Your rows hold more than task, budget, cell, runs, mean and spread: leave “score” out.",
     with_column("score", lambda group: group[0]["score"])),
    ("seed_kept", "Your rows hold a “seed”, too: leave it out.",
     with_column("seed", lambda group: group[0]["seed"])),
    ("scores_kept", "Your rows hold all scores, too: leave everything but task, budget, cell, runs, mean and spread out.",
     with_column("scores", lambda group: [record["score"] for record in group])),
    *((f"{column}_missing", f"Your rows lack “{column}”.",
       lambda records, column=column: [{key: row[key] for key in row if key != column} for row in table(records)])
      for column in ("runs", "mean", "spread")),
    *((f"rounded_to_{digits}", f"Your means and spreads are rounded to {digits} decimals: leave them as they are.",
       lambda records, digits=digits: [
           row | {name: round(row[name], digits) for name in ("mean", "spread")} for row in table(records)])
      for digits in (2, 3, 4)),
)
# fmt: on


def summary_mistakes(exercise):
    """Mistakes in the statistics, in the groups, and in the form of the rows."""
    for name, hint, function in MISTAKES:
        exercise.add_mistake(name, hint, function)
