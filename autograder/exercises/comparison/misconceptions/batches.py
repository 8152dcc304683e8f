"""Wrong versions of ``adding_batch`` and ``copy_batch``. Each docstring is a hint."""

import numpy as np
import torch


def assembled(numbers, first, second, wanted=None):
    """A batch of the adding problem from its numbers and the places of its marks."""
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


class adding_batch:
    def marks_anywhere(rng, T, B):
        """Your two marks may fall into the same half: one belongs to the first T // 2 steps, the other to the rest."""
        first = rng.integers(T, size=B)
        return assembled(rng.random((T, B)), first, (first + rng.integers(1, T, size=B)) % T)

    def second_mark_linked(rng, T, B):
        """Your second mark always follows the first at the same distance: draw its place by itself."""
        first = rng.integers(T // 2, size=B)
        return assembled(rng.random((T, B)), first, first + T // 2)

    def second_mark_mirrored(rng, T, B):
        """Your second mark is as far from the end as the first from the beginning: draw its place by itself."""
        first = rng.integers(T // 2, size=B)
        return assembled(rng.random((T, B)), first, T - 1 - first)

    def marks_shared_by_the_batch(rng, T, B):
        """Your marks stand in the same places in all examples: draw two places for each example."""
        first, second = places(rng, T, 1)
        return assembled(rng.random((T, B)), np.repeat(first, B), np.repeat(second, B))

    def marks_at_the_ends(rng, T, B):
        """Your marks always stand on the first and on the last step: their places are drawn within each half."""
        return assembled(rng.random((T, B)), np.zeros(B, int), np.full(B, T - 1))

    def last_step_never_marked(rng, T, B):
        """One step at the end of a half is never marked: the upper end of rng.integers is left out of the draw already."""
        first = rng.integers(max(1, T // 2 - 1), size=B)
        return assembled(rng.random((T, B)), first, rng.integers(T // 2, max(T - 1, T // 2 + 1), size=B))

    def one_mark_only(rng, T, B):
        """Your sequences have one mark where there should be two."""
        first, _ = places(rng, T, B)
        return assembled(rng.random((T, B)), first, first)

    def sum_of_everything(rng, T, B):
        """Your y is the sum of all numbers: only the two marked ones count."""
        numbers = rng.random((T, B))
        return assembled(numbers, *places(rng, T, B), numbers.sum(axis=0))

    def mean_of_the_two(rng, T, B):
        """Your y is half of what it should be, or the mean of the marked numbers: the sum is wanted."""
        x, y = assembled(rng.random((T, B)), *places(rng, T, B))
        return x, y / 2

    def product_of_the_two(rng, T, B):
        """Your y is the product of the marked numbers: the sum is wanted."""
        numbers, (first, second), everyone = rng.random((T, B)), places(rng, T, B), np.arange(B)
        return assembled(numbers, first, second, numbers[first, everyone] * numbers[second, everyone])

    def numbers_from_minus_one(rng, T, B):
        """Your numbers are not drawn evenly from 0 to 1: some lie below 0."""
        return assembled(rng.uniform(-1, 1, size=(T, B)), *places(rng, T, B))

    def numbers_normal(rng, T, B):
        """Your numbers are drawn from a normal distribution: draw them evenly from 0 to 1."""
        numbers = rng.normal(size=(T, B))
        return assembled(numbers - numbers.max() - 1, *places(rng, T, B))

    def numbers_shared_by_the_batch(rng, T, B):
        """All examples of your batch have the same numbers: draw T times B of them."""
        return assembled(np.repeat(rng.random((T, 1)), B, axis=1), *places(rng, T, B))

    def numbers_whole(rng, T, B):
        """Your numbers are whole: draw them evenly from 0 to 1, as rng.random does."""
        return assembled(rng.integers(2, size=(T, B)).astype(float), *places(rng, T, B))

    def one_number_a_sequence(rng, T, B):
        """Your sequences show one number again and again: draw one for every step."""
        return assembled(np.repeat(rng.random((1, B)), T, axis=0), *places(rng, T, B))

    def numbers_rounded(rng, T, B):
        """Your numbers are rounded: leave them as they are drawn."""
        return assembled(rng.random((T, B)).round(1), *places(rng, T, B))

    def numbers_only_where_marked(rng, T, B):
        """Your unmarked numbers are all 0: they are there to be kept out, so leave them as they are drawn."""
        x, y = assembled(rng.random((T, B)), *places(rng, T, B))
        x[:, :, 0] *= x[:, :, 1]
        return x, y

    def batch_first(rng, T, B):
        """Your x is (B, T, 2): time comes first in this course, (T, B, 2)."""
        x, y = assembled(rng.random((T, B)), *places(rng, T, B))
        return x.transpose(0, 1).contiguous(), y

    def columns_exchanged(rng, T, B):
        """Your columns are exchanged: the number stands in x[..., 0], the mark in x[..., 1]."""
        x, y = assembled(rng.random((T, B)), *places(rng, T, B))
        return x.flip(-1), y

    def flat_target(rng, T, B):
        """Your y is (B,): it should be (B, 1), a column, like the network's output; (B,) minus (B, 1) is a (B, B) matrix."""
        x, y = assembled(rng.random((T, B)), *places(rng, T, B))
        return x, y[:, 0]

    def double_precision(rng, T, B):
        """Your batch is float64, NumPy's default: torch's networks want float32."""
        numbers, everyone, marks = rng.random((T, B)), np.arange(B), np.zeros((T, B))
        first, second = rng.integers(0, T // 2, size=B), rng.integers(T // 2, T, size=B)
        marks[first, everyone] = marks[second, everyone] = 1
        wanted = numbers[first, everyone] + numbers[second, everyone]
        return torch.from_numpy(np.stack([numbers, marks], axis=-1)), torch.from_numpy(wanted[:, None])

    def not_tensors(rng, T, B):
        """Your batch is NumPy arrays: torch's networks want tensors, which torch.tensor makes of them."""
        x, y = assembled(rng.random((T, B)), *places(rng, T, B))
        return x.numpy(), y.numpy()

    def generator_of_its_own(rng, T, B):
        """Your batch does not follow the generator that is given: draw from rng, and from nothing else."""
        own = np.random.default_rng(0)
        return assembled(own.random((T, B)), *places(own, T, B))


def steps_of(shown, wait, symbols, pause=None, answer=None):
    """The one-hot steps of the copy task: the symbols, the pause, the answer."""
    length, B = shown.shape
    pause = np.full((wait, B), symbols if pause is None else pause)
    answer = np.full((length, B), symbols + 1 if answer is None else answer)
    return single(np.eye(symbols + 2)[np.concatenate([shown, pause, answer])])


class copy_batch:
    def backwards(rng, wait, B, length, symbols):
        """Your y holds the symbols in reverse: they are wanted in the order in which they came."""
        shown = rng.integers(symbols, size=(length, B))
        return steps_of(shown, wait, symbols), torch.tensor(shown[::-1].copy())

    def target_sorted(rng, wait, B, length, symbols):
        """Your y holds the symbols in rising order: they are wanted in the order in which they came."""
        shown = rng.integers(symbols, size=(length, B))
        return steps_of(shown, wait, symbols), torch.tensor(np.sort(shown, axis=0))

    def other_symbols_wanted(rng, wait, B, length, symbols):
        """Your y was drawn anew: it must hold the very symbols that x shows."""
        shown, wanted = rng.integers(symbols, size=(2, length, B))
        return steps_of(shown, wait, symbols), torch.tensor(wanted)

    def wait_and_answer_exchanged(rng, wait, B, length, symbols):
        """Your last two columns are exchanged: "wait" is column number symbols, "answer" the one after it."""
        shown = rng.integers(symbols, size=(length, B))
        return steps_of(shown, wait, symbols, symbols + 1, symbols), torch.tensor(shown)

    def wait_is_silent(rng, wait, B, length, symbols):
        """Your waiting steps are all zeros: they should be one-hot in the column "wait"."""
        shown = rng.integers(symbols, size=(length, B))
        x = steps_of(shown, wait, symbols)
        x[length : length + wait] = 0
        return x, torch.tensor(shown)

    def answer_said_once(rng, wait, B, length, symbols):
        """Your sequence says "answer" once and then waits again: every one of the last steps says "answer"."""
        shown = rng.integers(symbols, size=(length, B))
        x = steps_of(shown, wait, symbols)
        x[length + wait + 1 :, :, symbols + 1], x[length + wait + 1 :, :, symbols] = 0, 1
        return x, torch.tensor(shown)

    def answer_begins_late(rng, wait, B, length, symbols):
        """Your wait is one step too long, at the cost of the first step that should say "answer"."""
        shown = rng.integers(symbols, size=(length, B))
        x = steps_of(shown, wait, symbols)
        x[length + wait, :, symbols + 1], x[length + wait, :, symbols] = 0, 1
        return x, torch.tensor(shown)

    def answers_given_away(rng, wait, B, length, symbols):
        """Your last steps show the symbols once more: they should say "answer", or there is nothing to remember."""
        shown = rng.integers(symbols, size=(length, B))
        return steps_of(shown, wait, symbols, answer=shown), torch.tensor(shown)

    def wait_one_short(rng, wait, B, length, symbols):
        """Your wait is one step too short."""
        shown = rng.integers(symbols, size=(length, B))
        return steps_of(shown, max(0, wait - 1), symbols), torch.tensor(shown)

    def wait_includes_the_symbols(rng, wait, B, length, symbols):
        """Your wait counts the steps that show symbols: it begins after the last of them."""
        shown = rng.integers(symbols, size=(length, B))
        return steps_of(shown, max(0, wait - length), symbols), torch.tensor(shown)

    def last_symbol_never(rng, wait, B, length, symbols):
        """One of your symbols never comes: the upper end of rng.integers is left out of the draw already."""
        shown = rng.integers(symbols - 1, size=(length, B))
        return steps_of(shown, wait, symbols), torch.tensor(shown)

    def last_symbol_only_first(rng, wait, B, length, symbols):
        """Your last symbol comes at the first step or never: every step may show every symbol."""
        later = rng.integers(symbols - 1, size=(length - 1, B))
        shown = np.concatenate([rng.integers(symbols, size=(1, B)), later])
        return steps_of(shown, wait, symbols), torch.tensor(shown)

    def never_twice(rng, wait, B, length, symbols):
        """Your sequences never show a symbol twice: draw each by itself, whatever came before it."""
        again = length > symbols
        shown = np.stack([rng.choice(symbols, length, replace=again) for _ in range(B)], axis=1)
        return steps_of(shown, wait, symbols), torch.tensor(shown)

    def a_permutation(rng, wait, B, length, symbols):
        """Your symbols are a permutation: none comes twice, and there are too few where length is above their number."""
        shown = np.stack([rng.permutation(symbols)[:length] for _ in range(B)], axis=1)
        rest = np.repeat([symbols, symbols + 1], [wait, length])[:, None].repeat(B, axis=1)
        return single(np.eye(symbols + 2)[np.concatenate([shown, rest])]), torch.tensor(shown)

    def never_twice_in_a_row(rng, wait, B, length, symbols):
        """Your sequences never show the same symbol twice in a row: draw each by itself, whatever came before it."""
        shown = rng.integers(symbols, size=(length, B))
        for t in range(1, length):
            shown[t] = (shown[t - 1] + rng.integers(1, symbols, size=B)) % symbols
        return steps_of(shown, wait, symbols), torch.tensor(shown)

    def symbols_sorted(rng, wait, B, length, symbols):
        """Your symbols come in rising order: leave them as they are drawn."""
        shown = np.sort(rng.integers(symbols, size=(length, B)), axis=0)
        return steps_of(shown, wait, symbols), torch.tensor(shown)

    def equally_often(rng, wait, B, length, symbols):
        """Your symbols come equally often, as if dealt out: draw each by itself, whatever the others are."""
        shown = np.stack([rng.permutation(B) % symbols for _ in range(length)])
        return steps_of(shown, wait, symbols), torch.tensor(shown)

    def one_symbol_repeated(rng, wait, B, length, symbols):
        """Each of your sequences shows the same symbol again and again: draw one for every step."""
        shown = np.repeat(rng.integers(symbols, size=(1, B)), length, axis=0)
        return steps_of(shown, wait, symbols), torch.tensor(shown)

    def same_for_the_batch(rng, wait, B, length, symbols):
        """All examples of your batch show the same symbols: draw length times B of them."""
        shown = np.repeat(rng.integers(symbols, size=(length, 1)), B, axis=1)
        return steps_of(shown, wait, symbols), torch.tensor(shown)

    def batch_first(rng, wait, B, length, symbols):
        """Your arrays have the batch first: time comes first in this course."""
        shown = rng.integers(symbols, size=(length, B))
        return steps_of(shown, wait, symbols).transpose(0, 1).contiguous(), torch.tensor(shown.T.copy())

    def target_one_hot(rng, wait, B, length, symbols):
        """Your y is one-hot: it should hold the symbols' numbers, whole and of shape (length, B)."""
        shown = rng.integers(symbols, size=(length, B))
        return steps_of(shown, wait, symbols), single(np.eye(symbols)[shown])

    def target_for_every_step(rng, wait, B, length, symbols):
        """Your y has an entry for every step: only the last steps, those that say "answer", are asked."""
        shown = rng.integers(symbols, size=(length, B))
        silent = np.full((length + wait, B), symbols)
        return steps_of(shown, wait, symbols), torch.tensor(np.concatenate([silent, shown]))

    def target_as_floats(rng, wait, B, length, symbols):
        """Your y is not int64: torch's cross-entropy wants the classes as whole numbers."""
        shown = rng.integers(symbols, size=(length, B))
        rest = np.repeat([symbols, symbols + 1], [wait, length])[:, None].repeat(B, axis=1)
        x = np.eye(symbols + 2, dtype="f4")[np.concatenate([shown, rest])]
        return torch.from_numpy(x), torch.from_numpy(shown.astype("f4"))

    def double_precision(rng, wait, B, length, symbols):
        """Your x is float64, NumPy's default: torch's networks want float32."""
        shown = rng.integers(symbols, size=(length, B))
        return steps_of(shown, wait, symbols).double(), torch.tensor(shown)

    def not_tensors(rng, wait, B, length, symbols):
        """Your batch is NumPy arrays: torch's networks want tensors, which torch.tensor makes of them."""
        shown = rng.integers(symbols, size=(length, B))
        return steps_of(shown, wait, symbols).numpy(), shown

    def generator_of_its_own(rng, wait, B, length, symbols):
        """Your batch does not follow the generator that is given: draw from rng, and from nothing else."""
        shown = np.random.default_rng(0).integers(symbols, size=(length, B))
        return steps_of(shown, wait, symbols), torch.tensor(shown)
