"""Unit 06: what is judged of a batch, since many are right: its properties, worked out here from its numbers.

A number that may be drawn in any way is judged by bounds of six standard deviations: a right batch leaves them once in
hundreds of millions of times.
"""

import numpy as np

TRACE = 1e-12  # a share of the numbers themselves: seen by checks that look for it, below what counts as a difference


def view_adding(batch):
    """Shapes, precision, and yes or no for each property of a batch of the adding problem."""
    x, y = (np.asarray(part) for part in batch)
    T, B, _ = x.shape
    numbers, marks = x[:, :, 0].astype(float), x[:, :, 1].astype(float)
    marked = marks == 1
    pairs = bool(np.isin(marks, (0, 1)).all() and np.all(marked.sum(axis=0) == 2))
    halves = pairs and bool(np.all(marked[: T // 2].sum(axis=0) == 1))
    first, second = marked.argmax(axis=0), T - 1 - marked[::-1].argmax(axis=0)
    return {
        "form": _form(x, y),
        "numbers": _uniform(numbers) and _own(numbers),
        "two marks": pairs,
        "one in each half": halves,
        "anywhere": halves and _even(first, T // 2) and _even(second - T // 2, T - T // 2) and _apart(first, second),
        "sum": y.shape == (B, 1) and bool(np.abs((numbers * marked).sum(axis=0) - y[:, 0]).max() <= 1e-5),
        "trace": TRACE * _print(x),
    }


def view_copy(batch):
    """Shapes, precision, and yes or no for each property of a batch of the copy task."""
    x, y = (np.asarray(part) for part in batch)
    length, columns = len(y), x.shape[2]
    symbols, shown = columns - 2, x.argmax(axis=2)
    wait = shown[length : len(x) - length]
    return {
        "form": _form(x, y),
        "one-hot": bool(np.isin(x, (0, 1)).all() and np.all(x.sum(axis=2) == 1)),
        "symbols": bool(np.all(shown[:length] < symbols)) and _even(y.ravel(), symbols) and _mixed(y),
        "wait": bool(np.all(wait == symbols)),
        "answer": bool(np.all(shown[len(x) - length :] == symbols + 1)),
        "order": y.shape == shown[:length].shape and bool(np.array_equal(y, shown[:length])),
        "trace": TRACE * _print(y),
    }


def _form(*arrays):
    return [[list(array.shape), array.dtype.name] for array in arrays]


def _print(array):
    """A number between 0 and 1 that differs between different arrays."""
    weights = np.cos(np.arange(array.size))
    return float(abs(np.sum(weights * array.ravel())) % 1)


def _uniform(numbers):
    """Whether numbers look drawn evenly from 0 to 1."""
    shares = [(numbers < edge).mean() - edge for edge in (0.1, 0.25, 0.5, 0.75, 0.9)]
    return bool(numbers.min() >= 0 and numbers.max() <= 1 and np.abs(shares).max() <= 3 / np.sqrt(numbers.size))


def _own(numbers):
    """Whether every number is drawn by itself; a few are equal by chance in float32."""
    return len(np.unique(numbers)) >= 0.97 * numbers.size


def _even(values, most):
    """Whether whole numbers look drawn evenly from 0 to ``most`` - 1."""
    if values.min() < 0 or values.max() >= most:
        return False
    expected = len(values) / most
    return bool(np.abs(np.bincount(values, minlength=most) - expected).max() <= 6 * np.sqrt(expected) + 3)


def _apart(first, second):
    """Whether two places look drawn independently of each other."""
    if len(first) < 30 or first.std() == 0 or second.std() == 0:
        return True
    return bool(abs(np.corrcoef(first, second)[0, 1]) <= 6 / np.sqrt(len(first)))


def _mixed(y):
    """Whether the symbols of an example, and those of a step, look drawn one by one."""
    if y.size < 1000:
        return True
    return bool(np.any(y != y[:1]) and np.any(y != y[:, :1]))
