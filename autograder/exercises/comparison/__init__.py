"""Unit 06: the exercises, in the order in which students meet them, and what each check is worth."""

import functools

import numpy as np

from autograder.exercises.checks import left, pure, values
from autograder.exercises.comparison import alternatives as right
from autograder.exercises.comparison import batches, drawing
from autograder.exercises.comparison import misconceptions as wrong
from autograder.exercises.exercise import Check, Exercise, collect
from autograder.reference import comparison

ADDING = ("thousands of sequences", "long sequences", "one example", "as many steps as examples")
ADDING += ("the quick setting",)
COPY = ("thousands of sequences", "many symbols", "no wait", "one symbol to copy", "one example", "all sizes alike")
COPY += ("the quick setting",)
LONGER = "longer than there are symbols"
RANDOM = ("one-hot", "symbols first", "drawn")
NUMBERS = ("numbers", "one number")
SYMBOLS = ("symbols", "symbols at every step")
COUNTED = ("few units", "more inputs than units", "as many inputs as units", "a budget near no biases")
COUNTED += ("a budget near peepholes", "a budget near second biases")
LIMITED = ("a limit of steps", "both limits, steps first")
TIMED = ("a limit of seconds", "seconds that run out exactly", "both limits, seconds first")
RUNS = ("every combination", "an uneven number of runs", "in any order", "equal scores")


def _follows(seen, wanted, cases):
    first, again, other = (
        seen[case].value["trace"] for case in ("a generator", "an equal generator", "another generator")
    )
    return first == again != other


CHANCE = Check("all chance comes from the generator that is given", _follows, 0.5, property=True)


def of(*names):
    """Picks some of the properties of a batch, or entries of a result."""
    return lambda result: [result[name] for name in names]


def column(*names):
    """Picks some of the columns of a table."""
    return lambda rows: [[row[name] for name in names] for row in rows]


def heads(rows):
    """What each row stands for, and the names of its columns."""
    return [[sorted(row), row["task"], row["budget"], row["cell"]] for row in rows]


# torch's clipping adds a millionth to the norm, which those who write it out need not do; training carries that on
trained = functools.partial(values, tolerance=(1e-5, 1e-7))


def view_run(result):
    """What is judged of a run: the losses may come as a list or as an array."""
    return dict(result) | {"losses": np.asarray(result["losses"], dtype=float)}


EXERCISES = (
    Exercise(
        comparison.adding_batch,
        drawing.draw_adding_batch,
        (
            values("tensors, shapes and precision", *ADDING, "two steps", part=of("form"), weight=0.5),
            values("numbers drawn evenly from 0 to 1, each by itself", *ADDING, part=of("form", "numbers"), weight=0.5),
            values("one mark in each half", *ADDING, "two steps", part=of("two marks", "one in each half")),
            values("every place in a half has the same chances", *ADDING, part=of("places")),
            values("the sum of the marked numbers", *ADDING, part=of("answer", "two marks", "form")),
            CHANCE,
        ),
        collect(wrong.adding_batch),
        collect(right.adding_batch),
        view=batches.view_adding,
    ),
    Exercise(
        comparison.copy_batch,
        drawing.draw_copy_batch,
        (
            values("tensors, shapes and precision", *COPY, LONGER, part=of("form"), weight=0.5),
            values(
                "random symbols come first, each with equal chances, whatever the others are", *COPY, part=of(*RANDOM)
            ),
            values("then the steps that say wait", *COPY, part=of("wait", "form"), weight=0.5),
            values("then the steps that say answer", *COPY, part=of("answer", "form"), weight=0.5),
            values("y holds the symbols in the order in which they came", *COPY, part=of("order", "form")),
            CHANCE,
        ),
        collect(wrong.copy_batch),
        collect(right.copy_batch),
        view=batches.view_copy,
    ),
    Exercise(
        comparison.equal_parameter_size,
        drawing.draw_equal_parameter_size,
        (
            *(
                values(f"the {name}", *(f"{cell}, {size}" for size in drawing.budgets(cell)))
                for cell, name in (
                    ("rnn", "RNN"),
                    ("gru", "GRU"),
                    ("lstm", "LSTM"),
                    ("peephole", "LSTM with peepholes"),
                )
            ),
            values(
                "a budget that is used up exactly, or one short of it",
                *(f"{cell}, {size}" for cell in drawing.CELLS for size in ("used up exactly", "one short of it")),
            ),
            values("a budget too small for one unit", *(f"{cell}, too little for one unit" for cell in drawing.CELLS)),
        ),
        collect(wrong.equal_parameter_size),
        collect(right.equal_parameter_size),
    ),
    Exercise(
        comparison.settle_by_counting,
        drawing.draw_settle_by_counting,
        tuple(
            values(name, *COUNTED, part=of(name))
            for name in ("gates", "parameters", "multiplications", "units", "multiplications at equal parameters")
        ),
        collect(wrong.settle_by_counting),
        collect(right.settle_by_counting),
        uses=("equal_parameter_size",),
    ),
    Exercise(
        comparison.train_and_score,
        drawing.draw_train_and_score,
        (
            trained("the losses while it trains on numbers", *NUMBERS, part=of("losses")),
            trained("the losses while it trains on symbols", *SYMBOLS, part=of("losses")),
            trained("the score on held-out numbers", *NUMBERS, part=of("score")),
            trained("the score on held-out symbols: the share of wrong ones", *SYMBOLS, part=of("score")),
            trained("the limit of steps", *LIMITED, part=of("losses", "score")),
            trained("the limit of seconds", *TIMED, part=of("losses", "score")),
            trained(
                "no step where none is allowed", "no step allowed", "no second allowed", part=of("losses", "score")
            ),
            trained(
                "the seconds that training took, the score left out", *TIMED, *NUMBERS, part=of("seconds"), weight=0.5
            ),
            trained("batches without end, and no batches", "batches without end", "no batches", weight=0.5),
            left("the model itself is trained, and stays as training leaves it", 0, *NUMBERS, *SYMBOLS),
            pure("numbers", "symbols", weight=0.5, inputs=slice(1, None)),
        ),
        collect(wrong.train_and_score),
        collect(right.train_and_score),
        view=view_run,
    ),
    Exercise(
        comparison.summarise,
        drawing.draw_summarise,
        (
            values("a row for each combination, in the order met first", *RUNS, part=heads),
            values("how many runs", *RUNS, part=column("runs"), weight=0.5),
            values("the mean", *RUNS, part=column("mean")),
            values("the spread", *RUNS, part=column("spread")),
            values("the spread of a single run is not known", "one run each", part=column("spread"), weight=0.5),
            values(
                "a run that failed is not left out",
                "a run that failed",
                part=column("runs", "mean", "spread"),
                weight=0.5,
            ),
            values(
                "records that hold more, and no records",
                "records that hold more",
                "nothing measured",
                part=column("task", "budget", "cell", "runs", "mean", "spread"),
                weight=0.5,
            ),
            pure("every combination", "records that hold more", weight=0.5),
        ),
        collect(wrong.summarise),
        collect(right.summarise),
    ),
)
