"""Unit 06: what is judged of a batch, since many are right: its properties, worked out here from its numbers.

A number that may be drawn in any way is judged by bounds of six standard deviations: a right batch leaves them once in
hundreds of millions of times.
"""

import numpy as np

TRACE = 1e-12  # a share of the numbers themselves: seen by checks that look for it, below what counts as a difference


def view_adding(batch):
    """Shapes, precision, and what can be said of a batch of the adding problem."""
    x, y = (np.asarray(part) for part in batch)
    T, B, _ = x.shape
    numbers, marks = x[:, :, 0].astype(float), x[:, :, 1].astype(float)
    marked = marks == 1
    pairs = bool(np.isin(marks, (0, 1)).all() and np.all(marked.sum(axis=0) == 2))
    halves = pairs and bool(np.all(marked[: T // 2].sum(axis=0) == 1))
    first, second = marked.argmax(axis=0), T - 1 - marked[::-1].argmax(axis=0)
    return {
        "form": _form(x, y),
        "numbers": _spread(numbers),
        "two marks": pairs,
        "one in each half": halves,
        "anywhere": halves and _even(first, T // 2) and _even(second - T // 2, T - T // 2),
        "own in each example": B < 100 or bool(np.any(first != first[0])),
        "independent": halves and _apart(first, second),
        "at the ends": B > 1 and bool(np.all(first == 0) and np.all(second == T - 1)),
        "answer": _answer(numbers, marked, y),
        "trace": TRACE * _print(x),
    }


def view_copy(batch):
    """Shapes, precision, and what can be said of a batch of the copy task."""
    x, y = (np.asarray(part) for part in batch)
    length, symbols = len(y), x.shape[2] - 2
    shown = x.argmax(axis=2)
    return {
        "form": _form(x, y),
        "one-hot": bool(np.isin(x, (0, 1)).all() and np.all(x.sum(axis=2) == 1)),
        "symbols first": bool(np.all(shown[:length] < symbols)),
        "even": _even(shown[0], symbols),
        "own in each step": shown.shape[1] < 100 or length < 2 or bool(np.any(shown[0] != shown[1])),
        "own in each example": shown.shape[1] < 100 or bool(np.any(shown[0] != shown[0, 0])),
        "wait": bool(np.all(shown[length : len(x) - length] == symbols)),
        "answer": bool(np.all(shown[len(x) - length :] == symbols + 1)),
        "order": np.array_equal(y, shown[:length]),
        "trace": TRACE * _print(y),
    }


def _form(*arrays):
    return [[list(array.shape), array.dtype.name] for array in arrays]


def _print(array):
    """A number between 0 and 1 that differs between different arrays."""
    weights = np.cos(np.arange(array.size))
    return float(abs(np.sum(weights * array.ravel())) % 1)


def _spread(numbers):
    """How numbers are drawn: "evenly" from 0 to 1, or what else. A few are equal by chance in float32."""
    if numbers.size >= 1000 and len(np.unique(numbers)) < 0.97 * numbers.size:
        return "some for several"
    if numbers.min() < 0 or numbers.max() > 1:
        return "from -1 to 1" if np.abs(numbers).max() <= 1 else "beyond 1"
    shares = [(numbers < edge).mean() - edge for edge in (0.1, 0.25, 0.5, 0.75, 0.9)]
    return "evenly" if np.abs(shares).max() <= 3 / np.sqrt(numbers.size) else "unevenly"


def _answer(numbers, marked, y):
    """What y is made of."""
    if y.shape != (numbers.shape[1], 1):
        return "of another shape"
    total = (numbers * marked).sum(axis=0)
    product = np.where(marked, numbers, 1).prod(axis=0)
    known = {"sum": total, "half": total / 2, "product": product, "of all": numbers.sum(axis=0)}
    return next((name for name, value in known.items() if np.abs(value - y[:, 0]).max() <= 1e-5), "something else")


def _even(values, most):
    """Whether whole numbers look drawn evenly from 0 to ``most`` - 1."""
    if values.min() < 0 or values.max() >= most:
        return False
    expected = len(values) / most
    return bool(np.abs(np.bincount(values, minlength=most) - expected).max() <= 6 * np.sqrt(expected) + 3)


def _apart(first, second):
    """Whether two places look drawn independently of each other."""
    if len(first) < 1000 or first.std() == 0 or second.std() == 0:
        return True
    return bool(abs(np.corrcoef(first, second)[0, 1]) <= 6 / np.sqrt(len(first)))
