"""Shows what a collecting did: who handed in, who was late, and every file that was left out, with the reason."""

from collections.abc import Sequence

from rich.console import Console
from rich.table import Table
from rich.text import Text

from autograder.submissions.collect import Collection, Taken
from autograder.submissions.filing import KEPT, NEW, REPLACED, SAME


def show(collection: Collection, unit: str, console: Console, dry_run: bool = False) -> None:
    """Print a collection. Names are students': nothing in them is taken for markup."""
    if collection.taken:
        console.print(_table(unit, collection.taken))
    if collection.skipped:
        console.print("Not collected:", style="bold")
        for skipped in collection.skipped:
            console.print(Text(f"  {skipped.path}: {skipped.reason}."), soft_wrap=True)
    if not collection.taken and not collection.skipped:
        console.print(
            "There is nothing in it that could be a notebook. Expected is the zip from Canvas or Moodle, or a folder (or a "
            "zip of one) in which each student has a folder with the notebook, a file .ipynb, in it.",
            soft_wrap=True,
        )
    if collection.missing:
        console.print(
            Text(f"Nothing yet from {len(collection.missing)}: {', '.join(collection.missing)}."), soft_wrap=True
        )
    if collection.taken and not collection.times_known:
        console.print(
            "Where no time is shown, it is unknown when it was handed in, and nothing is taken off for lateness: the files' "
            "times are those of a download or a copy. If they are not, use --times archive. To give a time to one, write "
            "it into timestamp.txt beside the notebook that was filed, as 2026-11-02 10:00 UTC.",
            soft_wrap=True,
        )
    counts = {
        outcome: sum(line.outcome == outcome for line in collection.taken) for outcome in (NEW, REPLACED, SAME, KEPT)
    }
    said = ", ".join(f"{count} {outcome}" for outcome, count in counts.items() if count) or "nothing"
    late = sum(bool(line.late) for line in collection.taken)
    console.print(
        f"{'Would collect' if dry_run else 'Collected'}: {said}. Late: {late}. Left out: {len(collection.skipped)}.",
        soft_wrap=True,
    )


def _table(unit: str, taken: Sequence[Taken]) -> Table:
    table = Table(title=unit, header_style="bold")
    for heading in ("student", "on the platform", "handed in (UTC)", "late", "what happened"):
        table.add_column(heading, overflow="fold")
    for line in taken:
        when = f"{line.handed_in:%Y-%m-%d %H:%M}" if line.handed_in else ""
        shown = line.shown if line.shown != line.student else ""
        table.add_row(*(Text(cell) for cell in (line.student, shown, when, line.late, line.outcome)))
    return table
