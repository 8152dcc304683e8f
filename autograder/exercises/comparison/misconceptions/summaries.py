"""Wrong versions of ``summarise``. Each docstring is a hint."""

import math

import numpy as np

KEYS = ("task", "budget", "cell")


def grouped(records, *keys):
    groups = {}
    for record in records:
        groups.setdefault(tuple(record[key] for key in keys), []).append(record)
    return groups


def table(records, mean=np.mean, spread=None, keys=KEYS, alone=math.nan):
    """The table by rules of which one may be wrong."""
    spread = spread or (lambda scores: np.std(scores, ddof=1))
    rows = []
    for group in grouped(records, *keys).values():
        scores = [record["score"] for record in group]
        row = {key: group[0][key] for key in ("task", "budget", "cell")} | {"runs": len(scores)}
        apart = float(spread(scores)) if len(scores) > 1 else alone
        rows.append(row | {"mean": float(mean(scores)), "spread": apart})
    return rows


def finite(records):
    return [record for record in records if math.isfinite(record["score"])]


class summarise:
    def spread_of_a_population(records):
        """Your spread divides by N: of a sample, divide by N - 1 (np.std has ddof for that)."""
        return table(records, spread=np.std, alone=0.0)

    def population_but_nan_alone(records):
        """Your spread divides by N where there are several runs: of a sample, divide by N - 1 (np.std has ddof for that)."""
        return table(records, spread=np.std)

    def error_of_the_mean(records):
        """Your spread is the standard error of the mean, divided by the root of N: the spread of single runs is wanted."""
        return table(records, spread=lambda scores: np.std(scores, ddof=1) / np.sqrt(len(scores)))

    def variance(records):
        """Your spread is the variance: take its square root, so that it has the unit of the scores."""
        return table(records, spread=lambda scores: np.var(scores, ddof=1))

    def full_range(records):
        """Your spread is the range from the smallest score to the largest: the standard deviation is wanted."""
        return table(records, spread=lambda scores: np.max(scores) - np.min(scores))

    def median(records):
        """Your mean is the median."""
        return table(records, mean=np.median)

    def best_run(records):
        """Your mean is the best run's score: that is luck, not the cell. Take the mean over all runs."""
        return table(records, mean=np.min)

    def certain_from_one_run(records):
        """Your spread of a single run is 0, which claims certainty: it is not known, nan."""
        scores = {}
        for record in records:
            scores.setdefault((record["task"], record["budget"], record["cell"]), []).append(record["score"])
        rows = [
            dict(zip(("task", "budget", "cell"), key, strict=True)) | {"runs": len(found)}
            for key, found in scores.items()
        ]
        for row, found in zip(rows, scores.values(), strict=True):
            row |= {"mean": np.mean(found), "spread": np.std(found, ddof=1) if len(found) > 1 else 0.0}
        return rows

    def failures_left_out(records):
        """Your table leaves out runs whose score is nan: a cell that sometimes fails must not look better for it."""
        return table(finite(records))

    def failures_counted_but_ignored(records):
        """Your mean and spread pass over runs whose score is nan, as np.nanmean does: then failing pays."""
        return table(records, np.nanmean, lambda scores: np.nanstd(scores, ddof=1))

    def failures_not_counted(records):
        """Your number of runs leaves out those whose score is nan: a run that failed is a run."""
        met = grouped(finite(records), *KEYS)
        return [row | {"runs": len(met.get(tuple(row[key] for key in KEYS), []))} for row in table(records)]

    def more_columns(records):
        """Your rows hold more than task, budget, cell, runs, mean and spread: leave the rest out."""
        scores = grouped(records, *KEYS)
        return [
            row | {"scores": [one["score"] for one in scores[tuple(row[k] for k in KEYS)]]} for row in table(records)
        ]

    def failures_as_zero(records):
        """Your table takes a score that is nan for 0, the best there is: a failed run makes mean and spread nan."""
        return table([record | {"score": np.nan_to_num(record["score"])} for record in records])

    def equal_scores_once(records):
        """Your table takes runs with equal scores for one run: each record is a run of its own."""
        return table({tuple(record[key] for key in (*KEYS, "score")): record for record in records}.values())

    def one_run_a_seed(records):
        """Your table keeps one run of each seed: each record is a run of its own."""
        return table({tuple(record[key] for key in (*KEYS, "seed")): record for record in records}.values())

    def mean_deviation(records):
        """Your spread is the mean distance from the mean: the standard deviation is wanted."""
        return table(records, spread=lambda scores: np.mean(np.abs(np.array(scores) - np.mean(scores))))

    def budgets_mixed(records):
        """Your rows mix the kinds of budget: equal parameters and equal seconds are different experiments."""
        return table(records, keys=("task", "cell"))

    def tasks_mixed(records):
        """Your rows mix the tasks: an error in adding cannot be averaged with one in copying."""
        return table(records, keys=("budget", "cell"))

    def cells_mixed(records):
        """Your rows mix the cells: each has a row of its own."""
        return table(records, keys=("task", "budget"))

    def a_row_for_each_run(records):
        """Your table has a row for each run: the seeds of one combination belong together."""
        return table(records, keys=("task", "budget", "cell", "seed"))

    def key_by_key(records):
        """Your rows go through the tasks, then the budgets, then the cells: take the combinations as they were met first."""
        met = [list(dict.fromkeys(record[key] for record in records)) for key in KEYS]
        return sorted(table(records), key=lambda row: [met[n].index(row[key]) for n, key in enumerate(KEYS)])

    def sorted_by_name(records):
        """Your rows are sorted by name: leave them in the order in which the combinations were met first."""
        return sorted(table(records), key=lambda row: (row["task"], row["budget"], row["cell"]))

    def neighbours_only(records):
        """Your groups end where the combination changes: records may come in any order."""
        rows, group = [], []
        for record in records:
            if group and any(record[key] != group[-1][key] for key in ("task", "budget", "cell")):
                rows, group = rows + table(group), []
            group.append(record)
        return rows + (table(group) if group else [])

    def always_three_runs(records):
        """Your table says three runs everywhere: count them."""
        return [row | {"runs": 3} for row in table(records)]

    def takes_scores_out(records):
        """Your function takes the scores out of the records, which belong to the caller: read them and leave them there."""
        rows = table(records)
        for record in records:
            record.pop("score")
        return rows
