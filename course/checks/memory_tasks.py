"""Visible checks of the batches of the adding problem and the copy task."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.checks.primitives import expect, expect_close, expect_parts, expect_shape
from course.checks.visible import visible_check

__all__ = ["adding_batch", "copy_batch"]

Pair = tuple[Any, Any]  # x and y, torch tensors


def _tensors(batch: Any) -> Pair:
    """x and y of a batch, if they are tensors."""
    import torch

    expect_parts(batch, 2, "x and y")
    x, y = batch
    expect(
        torch.is_tensor(x) and torch.is_tensor(y),
        f"x and y should be torch tensors, but yours are {type(x).__name__} and {type(y).__name__}.",
    )
    return x, y


def _expect_generator_used(draw: Callable[[np.random.Generator], Any]) -> None:
    """Equal generators give equal batches; one generator, used twice, gives two."""
    rng = np.random.default_rng(1)
    first, second, repeated = draw(rng), draw(rng), draw(np.random.default_rng(1))
    expect(
        np.array_equal(first, repeated),
        "equal generators should give equal batches, but yours differ. Draw every random number with the rng you are given.",
    )
    expect(
        not np.array_equal(first, second),
        "the same generator used again should give another batch, but yours gives the same. "
        "Use the rng as it is, and make no new one from a fixed seed.",
    )


@visible_check("shapes and types", "one mark in each half", "sums of the marked numbers", "equal generators")
def adding_batch(adding_batch: Callable[..., Pair]) -> None:
    """Batches of the adding problem."""
    import torch

    x, y = _tensors(adding_batch(np.random.default_rng(1), 9, 400))
    expect_shape(x, (9, 400, 2), "x for 9 steps and 400 examples")
    expect_shape(y, (400, 1), "y for 400 examples")
    expect(
        x.dtype == torch.float32 and y.dtype == torch.float32,
        f"x and y should be torch tensors of float32, but yours are {x.dtype} and {y.dtype}.",
    )
    numbers, marked = x[:, :, 0].numpy(), x[:, :, 1].numpy()
    low, high = numbers.min(), numbers.max()
    expect(low >= 0 and high <= 1, f"the numbers lie between 0 and 1, but yours between {low:.2f} and {high:.2f}.")
    expect(np.all((marked == 0) | (marked == 1)), "the marks are 0 or 1, but some of yours are something else.")
    count = len(np.unique(numbers))
    expect(
        count > 3000,
        f"of 9 times 400 numbers, each drawn by itself, nearly all are different; among yours are {count} different ones.",
    )
    _expect_marks(marked)
    expect_close(y.numpy(), (numbers * marked).sum(axis=0)[:, None], "the sums of the marked numbers", 1e-5)
    _expect_generator_used(lambda rng: adding_batch(rng, 9, 400)[0])


def _expect_marks(marked: np.ndarray) -> None:
    """One mark in each half, at any place in it, in every example at another one. marked: (9, B)."""
    early, late = marked[:4].sum(axis=0), marked[4:].sum(axis=0)
    wrong = int(((early != 1) | (late != 1)).sum())
    expect(
        wrong == 0,
        "of 9 steps, one mark belongs to the first 9 // 2 = 4 steps and one to the other 5, "
        f"but in {wrong} of your {marked.shape[1]} sequences it is not so.",
    )
    for t, times in enumerate(marked.sum(axis=1)):
        expect(
            0 < times < marked.shape[1],
            f"among 400 sequences step {t} should be marked in some and not in others, but it is marked in {times:.0f}. "
            "Draw two places for each example; rng.integers leaves out its upper end.",
        )
    first, second = marked[:4].argmax(axis=0), marked[4:].argmax(axis=0)
    pairs = len(set(zip(first.tolist(), second.tolist(), strict=True)))
    expect(
        pairs == 20,
        f"the two marks are drawn by themselves, so all 4 times 5 pairs of places occur; in yours only {pairs} do.",
    )


@visible_check("shapes and types", "the seven steps", "answers in the order shown", "free symbols", "equal generators")
def copy_batch(copy_batch: Callable[..., Pair]) -> None:
    """Batches of the copy task."""
    import torch

    x, y = _tensors(copy_batch(np.random.default_rng(2), 3, 200, 2, 5))
    expect_shape(x, (7, 200, 7), "x for 2 symbols, 3 steps of waiting and 2 of answering")
    expect_shape(y, (2, 200), "y for 2 symbols")
    expect(
        x.dtype == torch.float32 and y.dtype == torch.int64,
        f"x should be float32 and y int64, but yours are {x.dtype} and {y.dtype}.",
    )
    expect(
        torch.all((x == 0) | (x == 1)) and torch.all(x.sum(dim=2) == 1),
        "every step is one-hot: a single 1, the rest 0; some of yours are not.",
    )
    columns = x.argmax(dim=2)
    for t, column in enumerate((5, 5, 5, 6, 6), 2):
        what = "wait" if column == 5 else "answer"
        expect(
            torch.all(columns[t] == column),
            f'step {t} should say "{what}", column {column}; yours shows column {columns[t, 0]}.',
        )
    for t in range(2):
        expect(
            torch.equal(y[t], columns[t]),
            f"the answer number {t} should be the symbol shown at step {t}; in yours it is not.",
        )
    _expect_free_symbols(y)
    _expect_generator_used(lambda rng: copy_batch(rng, 3, 200, 2, 5)[1])


def _expect_free_symbols(y: Any) -> None:
    """Every symbol at every step, whatever the other step shows. y: (2, 200)."""
    for t in range(2):
        found = sorted(set(y[t].tolist()))
        expect(
            found == [0, 1, 2, 3, 4],
            f"at every step any symbol from 0 to 4 may come, but at step {t} of 200 sequences yours are {found}.",
        )
    for kind, found in (
        ("show the same symbol twice", y[0] == y[1]),
        ("show a smaller one after a larger", y[0] > y[1]),
        ("show a larger one after a smaller", y[0] < y[1]),
    ):
        expect(
            found.any(), f"symbols are drawn each by itself, so among 200 sequences some {kind}; of yours none does."
        )
