"""What the benchmark shows: one table each for graders, steps and growth."""

from collections.abc import Callable, Iterable, Mapping, Sequence

from rich.table import Table

from autograder.timing import STEPS
from tools.benchmark.breakdown import Steps
from tools.benchmark.graders import PLAIN, Outcome


def lined_up(title: str, *headings: str) -> Table:
    """An empty table whose first column is words, and whose others are numbers."""
    table = Table(title=title, header_style="bold")
    for heading in headings:
        table.add_column(heading, justify="right" if table.columns else "left", no_wrap=True)
    return table


def number(value: float | None, form: str) -> str:
    return "" if value is None else f"{value:{form}}"


def times_faster(slow: float | None, fast: float | None) -> str:
    return f"{slow / fast:.1f} x" if slow and fast else ""


def plain_of(outcomes: Iterable[Outcome]) -> Outcome | None:
    """Plain nbgrader's outcome among these, or None."""
    return next((outcome for outcome in outcomes if outcome.way == PLAIN), None)


def graders(outcomes: Sequence[Outcome], absent: Iterable[str], wrong: Mapping[str, str | None]) -> Table:
    """the graders compared.

    Args:
        outcomes: of each way that was run. absent: the ways that could not be run. wrong: way -> what is wrong with its scores, or None.
    """
    count = max((len(outcome.finished) for outcome in outcomes), default=0)
    plain = plain_of(outcomes)
    table = lined_up(
        f"The same {count} submissions", "way", "seconds", "each", "", "first after", "then each", "", "run", "scores"
    )
    for outcome in outcomes:
        table.add_row(
            outcome.way,
            number(outcome.seconds, ".1f"),
            number(outcome.each, ".3f"),
            times_faster(plain and plain.each, outcome.each),
            number(outcome.first, ".1f"),
            number(outcome.then, ".3f"),
            times_faster(plain and plain.then, outcome.then),
            f"{outcome.ran} of {len(outcome.finished)}",
            wrong[outcome.way] or ("agree to the letter" if outcome.judgement else "full where right"),
        )
    for way in absent:
        table.add_row(way, *[""] * 7, "not run")
    return table


def steps(found: Steps) -> Table:
    """Where a submission's time goes."""
    table = lined_up("A submission, graded warm, in milliseconds", "step", "clock", "computing", "what it is")
    table.columns[-1].justify = "left"
    for step, words in STEPS.items():
        table.add_row(step, f"{1000 * found.clock[step]:.1f}", f"{1000 * found.computing[step]:.1f}", words)
    clock, computing = sum(found.clock.values()), sum(found.computing.values())
    table.add_section()
    table.add_row("in all", f"{1000 * clock:.1f}", f"{1000 * computing:.1f}", "the steps together")
    available = f"{1000 * found.available:.1f}"
    table.add_row("of", available, "", "two at a time: twice the seconds from one result to the next")
    table.add_section()
    table.add_row(
        "own code", f"{1000 * found.own:.1f}", "", "the student's cells and functions alone, without any grader"
    )
    table.add_row("", f"{1000 * found.cells:.1f}", "", "the cells")
    table.add_row("", f"{1000 * found.calls:.1f}", "", "the functions, called with what grading calls them with")
    return table


def growth(plain: Outcome | None = None) -> tuple[Table, Callable[[Outcome], tuple[str, ...]]]:
    """The head of the table of growth, and the function that makes a line of it.

    Args:
        plain: plain nbgrader's outcome, to compare with; its seconds after its first result, so without its start.
    """
    table = lined_up(
        "Growth, graded warm",
        "submissions",
        "seconds",
        "each",
        "to plain nbgrader",
        "grader computes, each",
        "grader's memory, MB",
        "its children's, MB",
    )

    def line(outcome: Outcome) -> tuple[str, ...]:
        count, run = len(outcome.finished), outcome.measured
        return (
            f"{count}",
            f"{run.seconds:.1f}",
            f"{outcome.each:.3f}",
            times_faster(plain and plain.then, outcome.each),
            f"{run.computing / count:.3f}",
            f"{run.memory / 1e6:.0f}",
            f"{run.children / 1e6:.0f}",
        )

    return table, line
