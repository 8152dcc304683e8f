"""Many runs in a row: an estimate before they start, a bar while they run, and nothing lost when they are stopped."""

import json
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from tqdm.auto import tqdm

Record = dict[str, Any]  # a job, or a job with what was found: names and values that JSON can hold


class Log:
    """What has been measured: one record a run, kept as it comes.

    Args:
        path: a file to keep the records in, one line of JSON each, so that they are still there tomorrow; None keeps
            them in memory only. A file that is there already is read, and its records count as measured.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self.path, self.records = Path(path) if path else None, []
        if self.path and self.path.is_file():
            text = self.path.read_text()
            self.records = [record for line in text.splitlines() if (record := _record(line))]
            if text and not text.endswith("\n"):
                with open(self.path, "a") as file:  # the next record shall not be glued to a line that was cut off
                    file.write("\n")

    def add(self, record: Record) -> None:
        """Keep a record; with a file, it is on disk when this returns."""
        self.records.append(record)
        if self.path:
            with open(self.path, "a") as file:
                file.write(json.dumps(record) + "\n")

    def begin_anew(self) -> None:
        """Forget all that has been measured; the file goes, too."""
        print(f"{len(self.records)} runs are forgotten: the next measurement begins anew.")
        self.records = []
        if self.path:
            self.path.unlink(missing_ok=True)

    def look(self) -> None:
        """Forget all that has been measured if the file has been deleted in the meantime: so its reader began anew."""
        if self.path and not self.path.is_file():
            self.records = []

    def find(self, job: Record) -> Record | None:
        """The record of a job: it holds all that the job says. None if there is none."""
        for record in self.records:
            if all(name in record and record[name] == value for name, value in job.items()):
                return record
        return None

    def of(self, jobs: Iterable[Record]) -> list[Record]:
        """The records of these jobs, in their order, as far as they have been measured."""
        return [record for job in jobs if (record := self.find(job))]


def _record(line: str) -> Record | None:
    """A record from a line; None for a line that was cut off when the computer was."""
    try:
        found = json.loads(line)
    except ValueError:
        return None
    return found if isinstance(found, dict) else None


def measure(
    jobs: Sequence[Record], run: Callable[[Record], Record], log: Log, expected: Callable[[Record], float]
) -> list[Record]:
    """Run every job that is not in the log yet. Stop it (the square button) and all finished runs are kept; call it
    again and it goes on with the rest.

    Args:
        jobs: list of dicts that say what to run, "seed" among them. run: from a job to a dict of what was found.
        log: a ``Log``; gets a record for every job, the job and what was found in one dict.
        expected: from a job to how many seconds it will take; asked once for all jobs that differ in the seed alone.

    Returns:
        the records of all ``jobs`` that have been measured, in the jobs' order.
    """
    log.look()
    todo = [job for job in jobs if not log.find(job)]
    if not todo:
        print(f"All {len(jobs)} runs are there already: nothing to do. To measure them again: log.begin_anew().")
        return log.of(jobs)
    done = len(jobs) - len(todo)
    try:
        seconds = _expected(todo, expected)
        there = f" ({done} more are there already)" if done else ""
        runs = "1 run" if len(todo) == 1 else f"{len(todo)} runs"
        print(f"{runs}{there}, about {in_words(sum(seconds))}. Stop at any time: finished runs are kept.")
        sys.stdout.flush()
        with tqdm(total=len(todo), file=sys.stdout, unit="run", desc="measuring") as bar:
            for job in todo:
                bar.set_postfix_str(", ".join(str(job[name]) for name in job if name in ("task", "cell", "seed")))
                log.add(job | run(job))
                bar.update()
    except KeyboardInterrupt:
        finished = len(log.of(jobs))
        print(f"Stopped. {finished} of {len(jobs)} runs are kept; run this cell again, and it goes on with the rest.")
    return log.of(jobs)


def _expected(jobs: Iterable[Record], expected: Callable[[Record], float]) -> list[float]:
    """How many seconds each job will take, one try for all that differ in the seed alone."""
    known, seconds = {}, []
    for job in jobs:
        key = json.dumps({name: value for name, value in job.items() if name != "seed"}, sort_keys=True)
        if key not in known:
            known[key] = expected(job)
        seconds.append(known[key])
    return seconds


def in_words(seconds: float) -> str:
    """A time as people say it."""
    if seconds < 1.5:
        return "1 second"
    if seconds < 90:
        return f"{round(seconds)} seconds"
    return f"{seconds / 60:.0f} minutes" if seconds < 5400 else f"{seconds / 3600:.1f} hours"
