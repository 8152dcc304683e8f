"""A batch of the copy task: its form, how its symbols are drawn, what each step says, and what is asked."""

import numpy as np
import torch
from torch.nn import functional

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import batches
from autograder.exercises.families.batch_facts import view_copy
from autograder.exercises.families.batches import generator
from autograder.reference import comparison
from course.trials import BATCH, QUICK

exercise = Exercise(comparison.copy_batch, view=view_copy)


@exercise.cases
def draw(rng):
    """Arguments: rng, wait, B, length, symbols. Batches of few examples have long sequences, or are equal by luck."""
    once = generator(rng)
    return {
        "thousands of sequences": Case((generator(rng), 3, 2000, 4, 6)),
        "many symbols": Case((generator(rng), 5, 1500, 2, 11)),
        "no wait": Case((generator(rng), 0, 40, 3, 5)),
        "one step of waiting": Case((generator(rng), 1, 30, 3, 5)),
        "one symbol to copy": Case((generator(rng), 6, 30, 1, 4)),
        "one example": Case((generator(rng), 4, 1, 12, 12)),
        "longer than there are symbols": Case((generator(rng), 3, 20, 7, 4)),
        "all sizes alike": Case((generator(rng), 7, 7, 7, 7)),
        "the quick setting": Case((generator(rng), QUICK.wait, BATCH, QUICK.length, 5)),
        "a generator": Case((once, 2, 30, 6, 8)),
        "an equal generator": Case((once, 2, 30, 6, 8)),
        "another generator": Case((generator(rng), 2, 30, 6, 8)),
    }


LARGE = ("thousands of sequences", "many symbols")
ALL = (*LARGE, "no wait", "one step of waiting", "one symbol to copy", "one example", "longer than there are symbols")
ALL += ("all sizes alike", "the quick setting")


def of(*names):
    """Picks some of the facts about a batch."""
    return lambda facts: [facts[name] for name in names]


exercise.checks(
    values(
        "random symbols come first, each with equal chances, whatever the others are",
        *ALL,
        part=of("the first steps", "the symbols"),
        weight=1.5,
    ),
    values("then the steps that say wait", *ALL, part=of("the steps after them", "the shapes")),
    values("then the steps that say answer", *ALL, part=of("the last steps", "the shapes"), weight=1.5),
    values("y holds the symbols in the order in which they came", *ALL, part="y", weight=1.5),
    values("shapes", *ALL, part="the shapes", property=True),
    values("tensors of float32 and int64", *ALL, part="the kinds", weight=0.5, property=True),
)
exercise.add(batches.chance_checks, batches.batch_mistakes("(length + wait + length, B, symbols + 2)", "(length, B)"))


def steps_of(shown, wait, symbols, pause=None, answer=None):
    """The one-hot steps of the copy task: the symbols, the pause, the answer."""
    length, B = shown.shape
    pause = np.full((wait, B), symbols if pause is None else pause)
    answer = np.full((length, B), symbols + 1 if answer is None else answer)
    steps = np.concatenate([shown, pause, answer])
    return torch.tensor(np.eye(max(symbols + 2, steps.max() + 1))[steps], dtype=torch.float32)


def freely(rng, B, length, symbols):
    return rng.integers(symbols, size=(length, B))


def mistake(name, hint, drawn=freely, steps=steps_of, target=lambda shown, *_: shown):
    """A mistake in the symbols shown, ``drawn(rng, B, length, symbols)``, or in x or y, made of (shown, wait, symbols)."""

    def wrong(rng, wait, B, length, symbols):
        shown = drawn(rng, B, length, symbols)
        return steps(shown, wait, symbols), torch.as_tensor(target(shown, wait, symbols))

    exercise.add_mistake(name, hint, wrong)


def repeated_half_of_the_time(rng, B, length, symbols):
    shown = freely(rng, B, length, symbols)
    for t in range(1, length):
        shown[t] = np.where(rng.random(B) < 0.5, shown[t - 1], shown[t])
    return shown


def said_once(shown, wait, symbols):
    """The steps with "wait" after the first that says "answer"."""
    x, after = steps_of(shown, wait, symbols), len(shown) + wait + 1
    x[after:] = torch.eye(symbols + 2)[symbols]
    return x


def without(column):
    """The steps with zeros where they say "wait" (0) or "answer" (1)."""

    def steps(shown, wait, symbols):
        x = steps_of(shown, wait, symbols)
        x[..., symbols + column] = 0
        return x

    return steps


# fmt: off
for name, hint, drawn in (
    ("last_symbol_never", "The last of your symbols never comes: the upper end of rng.integers is left out of the draw already.",
     lambda rng, B, length, symbols: rng.integers(symbols - 1, size=(length, B))),
    ("first_symbol_never", "Symbol 0 never comes in yours: the symbols go from 0 to symbols - 1.",
     lambda rng, B, length, symbols: rng.integers(1, symbols, size=(length, B))),
    ("others_too", "Your first steps show numbers that are not symbols: the symbols go from 0 to symbols - 1.",
     lambda rng, B, length, symbols: rng.integers(symbols + 1, size=(length, B))),
    ("never_twice", "Your sequences never show a symbol twice: draw each by itself, whatever came before it.",
     lambda rng, B, length, n: np.stack([rng.choice(n, length, replace=length > n) for _ in range(B)], axis=1)),
    ("drawn_without_return",
     "Your symbols are drawn without repetition, which fails where length is above their number: each may come again.",
     lambda rng, B, length, n: np.stack([rng.choice(n, length, replace=False) for _ in range(B)], axis=1)),
    ("symbols_sorted", "Your symbols come in rising order: leave them as they are drawn.",
     lambda rng, B, length, symbols: np.sort(rng.integers(symbols, size=(length, B)), axis=0)),
    ("one_symbol_repeated", "Each of your sequences shows the same symbol again and again: draw one for every step.",
     lambda rng, B, length, symbols: np.repeat(rng.integers(symbols, size=(1, B)), length, axis=0)),
    ("same_for_the_batch", "All examples of your batch show the same symbols: draw length times B of them.",
     lambda rng, B, length, symbols: np.repeat(rng.integers(symbols, size=(length, 1)), B, axis=1)),
    ("depending_on_one_another", "Which symbol comes depends on the one before it: draw each by itself, whatever the others are.",
     repeated_half_of_the_time),
    ("uneven", "Some of your symbols come more often than others: each has the same chance at every step.",
     lambda rng, B, length, symbols: rng.integers(symbols, size=(2, length, B)).min(axis=0)),
):
    mistake(name, hint, drawn=drawn)
# fmt: on


@exercise.wrong
def both_batch_first(rng, wait, B, length, symbols):
    """Your x and your y have the batch first: time comes first in this course, in both."""
    x, y = comparison.copy_batch(rng, wait, B, length, symbols)
    return x.swapaxes(0, 1), y.T


@exercise.wrong
def always_five_symbols(rng, wait, B, length, symbols):
    """Your x always has columns for 5 symbols, as in the example: how many there are, the argument symbols says."""
    shown = freely(rng, B, length, symbols)
    steps = np.concatenate([shown, np.full((wait, B), 5), np.full((length, B), 6)])
    return torch.tensor(np.eye(7)[steps], dtype=torch.float32), torch.tensor(shown)


# fmt: off
for name, hint, target in (
    ("backwards", "Your y holds the symbols in reverse: they are wanted in the order in which they came.",
     lambda shown, wait, symbols: shown[::-1].copy()),
    ("target_sorted", "Your y holds the symbols in rising order: they are wanted in the order in which they came.",
     lambda shown, wait, symbols: np.sort(shown, axis=0)),
    ("other_symbols_wanted", "Your y does not hold the symbols that x shows: it must be those very symbols, not drawn anew.",
     lambda shown, wait, symbols: (shown * 7 + 3 + np.arange(len(shown))[:, None]) % (symbols + 5)),
    ("counted_from_one", "Your y counts the symbols from 1, x from 0: the symbol in column 0 is 0 in y.",
     lambda shown, wait, symbols: shown + 1),
    ("target_one_hot", "Your y is one-hot: it should hold the symbols' numbers, whole and of shape (length, B).",
     lambda shown, wait, symbols: np.eye(symbols, dtype="f4")[shown]),
    ("target_one_hot_of_whole_numbers", "Your y is one-hot: it should hold the numbers of the symbols themselves, of shape (length, B).",
     lambda shown, wait, symbols: np.eye(symbols, dtype=int)[shown]),
    ("target_for_every_step", "Your y has an entry for every step: only the last steps, those that say “answer”, are asked.",
     lambda shown, wait, symbols: np.concatenate([np.full((len(shown) + wait, shown.shape[1]), symbols), shown])),
    ("target_as_floats", "Your y is float32: torch's cross-entropy wants the classes as whole numbers, int64.",
     lambda shown, wait, symbols: shown.astype("f4")),
    ("target_as_int32", "Your y is int32: torch's cross-entropy wants int64, torch's long.",
     lambda shown, wait, symbols: shown.astype("i4")),
    ("target_transposed", "Your y has the batch first: it should be (length, B).",
     lambda shown, wait, symbols: shown.T.copy()),
    ("target_flat", "Your y is flat: it should be (length, B), one row per step of the answer.",
     lambda shown, wait, symbols: shown.reshape(-1, 1)),
):
    mistake(name, hint, target=target)
# fmt: on

# fmt: off
for name, hint, steps in (
    ("wait_and_answer_exchanged", "Your last two columns are exchanged: “wait” is column number symbols, “answer” the one after it.",
     lambda shown, wait, symbols: steps_of(shown, wait, symbols, symbols + 1, symbols)),
    ("wait_is_silent", "Your waiting steps are all zeros: they should be one-hot in the column “wait”.", without(0)),
    ("answer_is_silent", "Your last steps are all zeros: they should be one-hot in the column “answer”.", without(1)),
    ("answer_said_once", "Your sequence says “answer” once and then waits again: every one of the last steps says “answer”.",
     said_once),
    ("answer_begins_late",
     "Your wait takes the first step that should say “answer”: there are wait steps of waiting, then length that say “answer”.",
     lambda shown, wait, symbols: torch.cat(
         [steps_of(shown, wait + 1, symbols)[: len(shown) + wait + 1], steps_of(shown, 0, symbols)[len(shown) + 1 :]]
     )),
    ("answers_given_away", "Your last steps show the symbols once more: they should say “answer”, or there is nothing to remember.",
     lambda shown, wait, symbols: steps_of(shown, wait, symbols, answer=shown)),
    ("wait_one_short", "Your wait is one step too short.",
     lambda shown, wait, symbols: steps_of(shown, max(0, wait - 1), symbols)),
    ("wait_one_long", "Your wait is one step too long.",
     lambda shown, wait, symbols: steps_of(shown, wait + 1, symbols)),
    ("always_one_wait", "You wait a step even where wait is 0: then the answer follows the symbols at once.",
     lambda shown, wait, symbols: steps_of(shown, max(wait, 1), symbols)),
    ("answer_one_step", "Only one step of yours says “answer”: as many steps say it as there are symbols to copy.",
     lambda shown, wait, symbols: steps_of(shown, wait, symbols)[: len(shown) + wait + 1]),
    ("answer_missing", "The steps that say “answer” are missing from your x: after the wait there are length of them.",
     lambda shown, wait, symbols: steps_of(shown, wait, symbols)[: len(shown) + wait]),
    ("wait_and_answer_share_a_column",
     "Your x has one column too few: “wait” and “answer” have a column each, besides those of the symbols.",
     lambda shown, wait, symbols: steps_of(shown, wait, symbols, answer=symbols)[..., : symbols + 1]),
    ("numbers_instead_of_one_hot", "Your x holds the numbers of the columns: each step is one-hot over symbols + 2 columns.",
     lambda shown, wait, symbols: steps_of(shown, wait, symbols).argmax(-1).float()),
):
    mistake(name, hint, steps=steps)
# fmt: on


@exercise.right
def step_by_step(rng, wait, B, length, symbols):
    x = torch.zeros(2 * length + wait, B, symbols + 2)
    y = torch.zeros(length, B, dtype=torch.int64)
    for b in range(B):
        for t in range(length):
            y[t, b] = int(rng.integers(symbols))
            x[t, b, y[t, b]] = 1
    x[length : length + wait, :, symbols] = 1
    x[length + wait :, :, symbols + 1] = 1
    return x, y


@exercise.right
def by_one_hot(rng, wait, B, length, symbols):
    y = torch.from_numpy(rng.choice(symbols, size=(B, length)).T.copy())
    rest = torch.tensor([symbols] * wait + [symbols + 1] * length)[:, None].expand(-1, B)
    return functional.one_hot(torch.cat([y, rest]), symbols + 2).float(), y


@exercise.right
def by_padding(rng, wait, B, length, symbols):
    y = rng.integers(0, symbols, size=(length, B), dtype=np.int64)
    steps = np.pad(y, ((0, wait), (0, 0)), constant_values=symbols)
    steps = np.pad(steps, ((0, length), (0, 0)), constant_values=symbols + 1)
    x = (steps[..., None] == np.arange(symbols + 2)).astype(np.float32)
    return torch.from_numpy(x), torch.from_numpy(y)
