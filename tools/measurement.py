"""Makes the measurement that is shipped with unit 10: ``python -m tools.measurement``.

Ten to twenty minutes. It can be stopped and goes on where it was, from the file of finished runs that is named at the
start. Runs limited by steps come out the same on the same machine; how many steps a second buys is another matter.
So run ``tests/test_measurement.py`` afterwards: it holds the notebook's sentences to the figures.

``python -m tools.measurement quick 10`` measures the quick setting with ten seeds, writes nothing, and
says between which scores each cell lies: the calibration of what the notebook says about the quick setting.

``python -m tools.measurement starts`` measures the copy task once more, with cells that begin training elsewhere.
"""

import dataclasses
import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import torch

from autograder.reference.comparison import adding_batch, copy_batch, equal_parameter_size, summarise, train_and_score
from course import data, measuring, trials

TARGET = Path(data.__file__).with_name("comparison.json")
STARTS = Path(data.__file__).with_name("comparison-starts.json")


def measured(setting: trials.Setting, path: Path | None = None, **chosen: Sequence[str]) -> list[trials.Record]:
    """The records of all runs of a setting with the references; those in the file at ``path`` are not made again. ``chosen``: as for ``trials.jobs``."""
    tasks = trials.tasks(setting, adding_batch, copy_batch)
    return trials.measure(setting, measuring.Log(path), tasks, train_and_score, equal_parameter_size, **chosen)


def as_text(records: Sequence[trials.Record]) -> str:
    """The file's text: how it was measured, and a record a line; curves only where the notebook draws them."""
    kept = [
        {name: value for name, value in record.items() if name != "curve" or _is_drawn(record)} for record in records
    ]
    how = (
        f"Full setting, seeds {', '.join(str(seed) for seed in trials.FULL.seeds)}, torch {torch.__version__.split('+')[0]} "
        "with one thread; seconds are processor time on one core of a small computer that had other work as well. Such "
        "seconds are not all worth the same: each record says how many training steps its seconds bought."
    )
    lines = ",\n".join(json.dumps(record) for record in kept)
    return f'{{"how": {json.dumps(how)},\n"records": [\n{lines}\n]}}\n'


def _is_drawn(record: trials.Record) -> bool:
    return record["task"] == "adding" and record["budget"] == "parameters"


def measure_starts() -> None:
    """Write the records of ``trials.other_starts``."""
    task = trials.tasks(trials.FULL, adding_batch, copy_batch)["copy"]
    records = []
    for job in trials.other_starts(trials.FULL):
        found = trials.run(job, trials.FULL, task, train_and_score, equal_parameter_size)
        records.append(job | {name: value for name, value in found.items() if name != "curve"})
        print(job["cell"], job["start"], job["seed"], found["score"])
    lines = ",\n".join(json.dumps(record) for record in records)
    STARTS.write_text(f'{{"records": [\n{lines}\n]}}\n')


def main(name: str = "full", seeds: str | None = None) -> None:
    torch.set_num_threads(1)
    if name == "starts":
        return measure_starts()
    setting = {"full": trials.FULL, "quick": trials.QUICK}[name]
    if seeds:
        setting = dataclasses.replace(setting, seeds=tuple(range(int(seeds))))
    if name == "quick" or seeds:
        records = measured(setting)
    else:
        path = Path(tempfile.gettempdir()) / "comparison-full.jsonl"
        print(f"Finished runs are kept in {path}; delete it to begin anew.")
        records = measured(setting, path) + measured(setting, path, names=["rows"], budgets=["parameters"])
        order = list(dict.fromkeys(record["task"] for record in records))
        records.sort(key=lambda record: (order.index(record["task"]), record["budget"]))
        TARGET.write_text(as_text(records))
        print(f"wrote {TARGET}")
    for row in summarise(records):
        scores = [
            record["score"] for record in records if all(record[key] == row[key] for key in ("task", "budget", "cell"))
        ]
        print(
            f"{row['task']:8s} {row['budget']:11s} {row['cell']:9s} {row['mean']:.4f} ± {row['spread']:.4f}  from {min(scores):.4f} to {max(scores):.4f}"
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
