"""Batches of names: what is read and what is predicted, where short names are filled up, and one mixed pass through all."""

import numpy as np
import torch

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import batches, results
from autograder.exercises.families.batches import generator
from autograder.exercises.families.batches_of_names import filled, made, mixed, some_names, view_batches, within
from autograder.reference import names
from course.data.names import ALPHABET, SYMBOLS

exercise = Exercise(names.name_batches, tensors=True, view=view_batches)


@exercise.cases
def draw(rng):
    """Arguments: rng, names, size. The names come in alphabetical order."""
    once, few, many = generator(rng), some_names(rng, 30), some_names(rng, 60)
    return {
        "seven names, three at a time": Case((generator(rng), some_names(rng, 7), 3)),
        "six names, three at a time": Case((generator(rng), some_names(rng, 6), 3)),
        "one batch": Case((generator(rng), ["a", "ababa", "zaz"], 8)),
        "names of one length": Case((generator(rng), some_names(rng, 5, (4, 5)), 5)),
        "one name": Case((generator(rng, watched=False), some_names(rng, 1), 1)),
        "sixty names": Case((generator(rng), many, 8)),
        "as many batches as names in each": Case((generator(rng), some_names(rng, 25), 5)),
        "a generator": Case((once, few, 4)),
        "an equal generator": Case((once, few, 4)),
        "another generator": Case((generator(rng), few, 4)),
    }


ALL = ("seven names, three at a time", "six names, three at a time", "one batch", "names of one length", "one name")
ALL += ("sixty names", "as many batches as names in each")


def of(*facts):
    return lambda found: [found[fact] for fact in facts]


exercise.checks(
    values("y spells every name once, and the mark after it", *ALL, part=of("the names that y spells"), weight=2),
    values("x has the mark first, then the letters", *ALL, part=of("what x reads", "the names that y spells"), weight=2),
    values("past the end: 0 in x, -1 in y", *ALL, part=of("y past the end", "what x reads", "the names that y spells")),
    values("batches of the size asked for, the last one with the rest", *ALL, part=of("the list", "the names that y spells")),
    values("as many steps as the longest name of a batch needs", *ALL, part=of("the steps of a batch", "the names that y spells")),
    values("names in random order", *ALL, part=of("the order", "the names that y spells")),
    values("tensors of int64", *ALL, part="the kinds", weight=0.5, property=True),
    pure("sixty names", weight=0.5, name="leaves the names as they were", inputs=slice(1, None)),
)  # fmt: skip
exercise.add(batches.chance_checks)


def wrong(name, hint, **parts):
    exercise.add_mistake(name, hint, lambda rng, chosen, size: made(rng, chosen, size, **parts))


def used(rng, found):
    rng.random()
    return found


for name, hint, parts in (
    ("as_they_came", "Your names come in the order in which they were given: mix them, with rng.permutation.", dict(order=lambda rng, chosen, size: used(rng, list(chosen)))),
    ("mixed_within_batches", "Your names are mixed within batches only, so that neighbours stay together: mix all names first.", dict(order=within)),
    ("by_length", "Your names are sorted by length: their order should be random.", dict(order=lambda rng, chosen, size: sorted(mixed(rng, chosen, size), key=len))),
    ("drawn_again", "Some names come twice, others not at all: one pass takes every name once, as a permutation does.", dict(order=lambda rng, chosen, size: [chosen[n] for n in rng.integers(len(chosen), size=len(chosen))])),
    ("rest_left_out", "The last names are missing where size does not divide their number: the last batch may have fewer.", dict(order=lambda rng, chosen, size: mixed(rng, chosen, size)[: max(1, len(chosen) // size) * size])),
    ("rest_filled_up", "You fill the last batch up with names that came before: it may have fewer.", dict(order=lambda rng, chosen, size: (lambda found: found + found[: -len(found) % size])(mixed(rng, chosen, size)))),
    ("past_the_end_is_the_mark", "Past the end your y has 0, the mark: then a network earns most of its score by predicting marks. Put -1 there.", dict(batch=lambda chosen: filled(chosen, behind=(0, 0)))),
    ("minus_one_in_x", "Past the end your x has -1: no letter has that number, so put 0 there. It is y that has -1.", dict(batch=lambda chosen: filled(chosen, behind=(-1, -1)))),
    ("as_torch_ignores", "Past the end your y has -100, which torch leaves out by default: the task says -1.", dict(batch=lambda chosen: filled(chosen, behind=(0, -100)))),
    ("no_mark_at_the_end", "The mark after the last letter is missing from y: a network has to learn where names end.", dict(batch=lambda chosen: filled(chosen, mark=False))),
    ("letters_counted_from_0", "Your a is number 0: in SYMBOLS the mark is 0, a is 1, and z is 26.", dict(batch=lambda chosen: filled(chosen, symbols=ALPHABET))),
    ("x_is_y", "Your x and your y are the same: x is one step behind, so that y is what comes next.", dict(batch=lambda chosen: (filled(chosen)[1].clamp(min=0), filled(chosen)[1]))),
    ("no_mark_before", "Your x begins with the first letter, so that nothing predicts it: x begins with the mark.", dict(batch=lambda chosen: (filled(chosen)[0][1:], filled(chosen)[1][1:]))),
    ("twenty_steps", "All your batches have the same many steps: each has as many as its own longest name needs, plus 1.", dict(batch=lambda chosen: filled(chosen, 20))),
):  # fmt: skip
    wrong(name, hint, **parts)
exercise.add_mistake(
    "longest_of_all", "Each of your batches has as many steps as the longest name of all: take the longest name of the batch.",
    lambda rng, chosen, size: made(rng, chosen, size, batch=lambda part: filled(part, max(map(len, chosen)) + 1)),
)  # fmt: skip


@exercise.wrong
def names_mixed_in_place(rng, chosen, size):
    """You mix the list of names itself, which belongs to the caller: rng.shuffle changes it, rng.permutation does not."""
    rng.shuffle(chosen)
    return made(rng, chosen, size, order=lambda *_: chosen)


@exercise.wrong
def generator_of_its_own(rng, chosen, size):
    """Your function draws nothing from rng: after it, the generator is as before. Call rng's own methods."""
    return made(np.random.default_rng(0), chosen, size)


@exercise.wrong
def chance_from_elsewhere_too(rng, chosen, size):
    """Some of your chance comes from elsewhere: equal generators should give equal batches. Use rng alone."""
    return used(rng, made(np.random.default_rng(), chosen, size))


exercise.add(results.changed_results(
    ("batch_first", "Your arrays have the batch first: x and y should be (T, B), time first.", lambda found: [(x.T, y.T) for x, y in found]),
    ("single_precision", "Your letters are float32: numbers of symbols are whole, int64.", lambda found: [(x.float(), y.float()) for x, y in found]),
    ("not_tensors", "Your batches are NumPy arrays: make torch tensors of them.", lambda found: [(x.numpy(), y.numpy()) for x, y in found]),
    ("first_batch_only", "You return after the first batch: return a list of all of them.", lambda found: found[:1]),
    ("one_pair", "You return one pair (x, y): return a list of pairs, even if there is one batch only.", lambda found: found[0]),
    ("y_first", "Your pairs are (y, x): the order is x, y.", lambda found: [(y, x) for x, y in found]),
    ("yielded", "You yield batches one after the other: return a list of them.", lambda found: (pair for pair in found)),
))  # fmt: skip


@exercise.right
def by_padding(rng, chosen, size):
    def batch(part):
        rows = [torch.tensor([0, *(ord(letter) - 96 for letter in name), 0]) for name in part]
        y = torch.nn.utils.rnn.pad_sequence([row[1:] for row in rows], padding_value=-1)
        return torch.nn.utils.rnn.pad_sequence([row[:-1] for row in rows]), y

    return made(rng, chosen, size, batch=batch)


@exercise.right
def by_strings(rng, chosen, size):
    ordered, found = list(rng.choice(chosen, size=len(chosen), replace=False)), []
    while ordered:
        part, ordered = ordered[:size], ordered[size:]
        T = max(map(len, part)) + 1
        x = [[SYMBOLS.index(letter) for letter in ("." + name).ljust(T, ".")] for name in part]
        y = [["_.abcdefghijklmnopqrstuvwxyz".index(s) - 1 for s in (name + ".").ljust(T, "_")] for name in part]
        found.append((torch.tensor(x).T, torch.tensor(y).T))
    return found


@exercise.right
def shuffled_copy(rng, chosen, size):
    mine = list(chosen)
    rng.shuffle(mine)
    return made(rng, mine, size, order=lambda *_: mine)
