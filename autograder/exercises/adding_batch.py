"""A batch of the adding problem: its form, how its numbers and places are drawn, and its sums."""

import numpy as np
import torch
from torch.nn import functional

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import batches
from autograder.exercises.families.batch_facts import view_adding
from autograder.exercises.families.batches import generator
from autograder.reference import comparison
from course.trials import BATCH, QUICK

exercise = Exercise(comparison.adding_batch, view=view_adding)


@exercise.cases
def draw(rng):
    once = generator(rng)
    return {
        "thousands of sequences": Case((generator(rng), 7, 2500)),
        "long sequences": Case((generator(rng), 12, 1500)),
        "nine steps": Case((generator(rng), 9, 1200)),
        "two steps": Case((generator(rng, watched=False), 2, 5)),
        "three steps": Case((generator(rng), 3, 4)),
        "one example": Case((generator(rng), 8, 1)),
        "as many steps as examples": Case((generator(rng), 6, 6)),
        "the quick setting": Case((generator(rng), QUICK.adding, BATCH)),
        "a generator": Case((once, 8, 40)),
        "an equal generator": Case((once, 8, 40)),
        "another generator": Case((generator(rng), 8, 40)),
    }


LARGE = ("thousands of sequences", "long sequences", "nine steps")
SMALL = ("two steps", "three steps", "one example", "as many steps as examples", "the quick setting")


def of(*names):
    """Picks some of the facts about a batch."""
    return lambda facts: [facts[name] for name in names]


exercise.checks(
    values("the sum of the marked numbers", *LARGE, *SMALL, part=of("y", "_two marks"), weight=1.5),
    values("numbers drawn evenly from 0 to 1, each by itself", *LARGE, *SMALL, part="the numbers"),
    values("one mark in each half", *LARGE, *SMALL, part="the marks"),
    values("every place in a half has the same chances", *LARGE, part="the places of the marks"),
    values("shapes", *LARGE, *SMALL, part="the shapes", property=True),
    values("tensors of float32", *LARGE, *SMALL, part="the kinds", weight=0.5, property=True),
)
exercise.add(batches.chance_checks, batches.batch_mistakes("(T, B, 2)", "(B, 1)"))


def assembled(numbers, first, second, wanted=None):
    """A batch from its numbers and the places of its marks."""
    everyone = np.arange(numbers.shape[1])
    marks = np.zeros(numbers.shape)
    marks[first, everyone] = marks[second, everyone] = 1
    if wanted is None:
        wanted = numbers[first, everyone] + numbers[second, everyone]
    return single(np.stack([numbers, marks], axis=-1)), single(wanted[:, None])


def single(array):
    return torch.tensor(array, dtype=torch.float32)


def places(rng, T, B):
    return rng.integers(0, T // 2, size=B), rng.integers(T // 2, T, size=B)


def other_places(name, hint, drawn):
    """A mistake in ``drawn(rng, T, B)``, the places of the two marks."""
    exercise.add_mistake(name, hint, lambda rng, T, B: assembled(rng.random((T, B)), *drawn(rng, T, B)))


def other_numbers(name, hint, drawn):
    """A mistake in ``drawn(rng, T, B)``, the numbers."""
    exercise.add_mistake(name, hint, lambda rng, T, B: assembled(drawn(rng, T, B), *places(rng, T, B)))


def other_sums(name, hint, wanted):
    """A mistake in y, from the numbers (T, B) and the two marked ones."""

    def wrong(rng, T, B):
        numbers, (first, second), everyone = rng.random((T, B)), places(rng, T, B), np.arange(B)
        return assembled(numbers, first, second, wanted(numbers, numbers[first, everyone], numbers[second, everyone]))

    exercise.add_mistake(name, hint, wrong)


def elsewhere(rng, T, B):
    first = rng.integers(T, size=B)
    return first, (first + rng.integers(1, T, size=B)) % T


def split_at(half):
    """The first mark before ``half(T)``, the second from there on."""
    return lambda rng, T, B: (rng.integers(0, half(T), size=B), rng.integers(min(half(T), T - 1), T, size=B))


def linked(rng, T, B):
    first, second = places(rng, T, B)
    return first, np.where(rng.random(B) < 0.5, np.minimum(first + T // 2, T - 1), second)


# fmt: off
for name, hint, drawn in (
    ("marks_anywhere", "Your two marks may fall into the same half: one belongs to the first T // 2 steps, the other to the rest.",
     elsewhere),
    ("half_rounded_up", "Where T is odd, your first mark may fall on the middle step: it belongs to the first T // 2 steps.",
     split_at(lambda T: (T + 1) // 2)),
    ("half_rounded", "Your border between the halves is rounded, for T = 7 to 4: the first mark belongs to the first T // 2 steps.",
     split_at(lambda T: round(T / 2))),
    ("middle_never_marked", "Where T is odd, your middle step is never marked: the second mark may fall on any step from T // 2 on.",
     lambda rng, T, B: (rng.integers(0, T // 2, size=B), rng.integers(T - T // 2, T, size=B))),
    ("second_mark_linked", "Your second mark always follows the first at the same distance: draw its place by itself.",
     lambda rng, T, B: (first := rng.integers(T // 2, size=B), first + T // 2)),
    ("second_mark_nearly_linked",
     "Your second mark follows the first at nearly the same distance, T // 2 or one more: draw its place by itself.",
     lambda rng, T, B: (first := rng.integers(T // 2, size=B), first + T // 2 + rng.integers(1 + T % 2, size=B))),
    ("second_mark_mirrored", "Your second mark is as far from the end as the first from the beginning: draw its place by itself.",
     lambda rng, T, B: (first := rng.integers(T // 2, size=B), T - 1 - first)),
    ("second_mark_depends_on_the_first", "Where your second mark falls depends on the first one's place: draw the two by themselves.",
     linked),
    ("marks_shared_by_the_batch", "Your marks stand in the same places in all examples: draw two places for each example.",
     lambda rng, T, B: tuple(np.repeat(place, B) for place in places(rng, T, 1))),
    ("last_step_never_marked", "The last step of each half is never marked: the upper end of rng.integers is left out of the draw already.",
     lambda rng, T, B: (rng.integers(max(1, T // 2 - 1), size=B), rng.integers(T // 2, max(T - 1, T // 2 + 1), size=B))),
    ("very_last_step_never_marked", "The very last step is never marked: the upper end of rng.integers is left out of the draw already.",
     lambda rng, T, B: (rng.integers(T // 2, size=B), rng.integers(T // 2, max(T - 1, T // 2 + 1), size=B))),
    ("first_step_never_marked", "The very first step is never marked: places are counted from 0.",
     lambda rng, T, B: (rng.integers(min(1, T // 2 - 1), T // 2, size=B), rng.integers(T // 2, T, size=B))),
    ("places_uneven", "The places of your marks don't have equal chances: any step of a half is as likely as any other.",
     lambda rng, T, B: (rng.integers(T // 2, size=(2, B)).min(axis=0), rng.integers(T // 2, T, size=(2, B)).max(axis=0))),
    ("one_mark_only", "Not all of your sequences have two marks that are 1: one marked step in each half.",
     lambda rng, T, B: (first := rng.integers(T // 2, size=B), first)),
):
    other_places(name, hint, drawn)
# fmt: on

# fmt: off
for name, hint, drawn in (
    ("numbers_from_minus_one", "Your numbers are not drawn evenly from 0 to 1: some lie below 0, down to -1.",
     lambda rng, T, B: rng.uniform(-1, 1, size=(T, B))),
    ("numbers_normal", "Some of your numbers lie beyond -1 or 1, as those of a normal distribution do: draw them evenly from 0 to 1.",
     lambda rng, T, B: rng.normal(size=(T, B))),
    ("numbers_shared_by_the_batch", "All examples of your batch have the same numbers: draw T times B of them.",
     lambda rng, T, B: np.repeat(rng.random((T, 1)), B, axis=1)),
    ("numbers_rounded", "Your numbers are rounded: leave them as they are drawn.",
     lambda rng, T, B: rng.random((T, B)).round(1)),
    ("numbers_uneven", "Your numbers lie between 0 and 1, but not evenly: draw them as rng.random does.",
     lambda rng, T, B: rng.random((T, B)) ** 2),
    ("numbers_sorted", "Your numbers depend on their step, or on one another: draw each by itself, and leave them in that order.",
     lambda rng, T, B: np.sort(rng.random((T, B)), axis=0)),
):
    other_numbers(name, hint, drawn)
# fmt: on

# fmt: off
for name, hint, wanted in (
    ("sum_of_everything", "Your y is the sum of all numbers: only the two marked ones count.",
     lambda numbers, one, other: numbers.sum(axis=0)),
    ("sum_of_the_unmarked", "Your y is the sum of the numbers that are not marked: the two marked ones count.",
     lambda numbers, one, other: numbers.sum(axis=0) - one - other),
    ("mean_of_the_two", "Your y is half of what it should be, or the mean of the marked numbers: the sum is wanted.",
     lambda numbers, one, other: (one + other) / 2),
    ("product_of_the_two", "Your y is the product of the marked numbers: the sum is wanted.",
     lambda numbers, one, other: one * other),
    ("another_sum", "Your y is not the sum of the two numbers that x marks.",
     lambda numbers, one, other: one - other - 3),
):
    other_sums(name, hint, wanted)
# fmt: on


@exercise.wrong
def numbers_only_where_marked(rng, T, B):
    """Your unmarked numbers are all 0: they are there to be kept out, so leave them as they are drawn."""
    x, y = comparison.adding_batch(rng, T, B)
    x[:, :, 0] *= x[:, :, 1]
    return x, y


@exercise.wrong
def columns_exchanged(rng, T, B):
    """Your columns are exchanged: the number stands in x[..., 0], the mark in x[..., 1]."""
    x, y = comparison.adding_batch(rng, T, B)
    return x.flip(-1), y


@exercise.wrong
def flat_target(rng, T, B):
    """Your y is (B,): it should be (B, 1), a column, like the network's output; (B,) minus (B, 1) is a (B, B) matrix."""
    x, y = comparison.adding_batch(rng, T, B)
    return x, y[:, 0]


@exercise.right
def example_by_example(rng, T, B):
    x, y = torch.zeros(T, B, 2), torch.zeros(B, 1)
    for b in range(B):
        x[:, b, 0] = torch.from_numpy(rng.random(T))
        for place in (int(rng.integers(T // 2)), int(rng.integers(T // 2, T))):
            x[place, b, 1] = 1
            y[b, 0] += x[place, b, 0]
    return x, y


@exercise.right
def by_masks(rng, T, B):
    steps = np.arange(T)[:, None]
    second = T // 2 + rng.integers(T - T // 2, size=B)
    first = rng.integers(T // 2, size=B)
    marked = (steps == first) | (steps == second)
    numbers = rng.uniform(size=(T, B)).astype(np.float32)
    wanted = np.where(marked, numbers, 0).sum(axis=0, keepdims=True).T
    return torch.from_numpy(np.dstack([numbers, marked.astype(np.float32)])), torch.from_numpy(wanted)


@exercise.right
def by_scatter(rng, T, B):
    first = torch.from_numpy(rng.integers(T // 2, size=(1, B)))
    second = torch.from_numpy(rng.integers(T // 2, T, size=(1, B)))
    marks = torch.zeros(T, B).scatter(0, torch.cat([first, second]), 1.0)
    numbers = torch.from_numpy(rng.random((T, B), dtype=np.float32))
    return torch.stack([numbers, marks], dim=2), (numbers * marks).sum(0).unsqueeze(1)


@exercise.right
def by_a_torch_generator(rng, T, B):
    own = torch.Generator().manual_seed(int(rng.integers(2**40)))
    numbers = torch.rand(T, B, generator=own)
    marked = torch.stack([torch.randint(T // 2, (B,), generator=own), torch.randint(T // 2, T, (B,), generator=own)])
    x = torch.stack([numbers, functional.one_hot(marked, T).sum(0).T.float()], -1)
    return x, numbers.gather(0, marked).sum(0)[:, None]


@exercise.right
def by_spawning(rng, T, B):
    [child] = rng.spawn(1)
    return comparison.adding_batch(child, T, B)
