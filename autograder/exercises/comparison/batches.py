"""Unit 06: what is judged of a batch, since many are right: its properties, worked out here from its numbers.

How something is drawn is said in a word, so that different mistakes do not look alike. It is told from many examples only,
by bounds of about eight standard deviations: a right batch leaves them less than once in a thousand million times.
"""

import numpy as np

from autograder.sandbox.protocol.wire import Tensor

TRACE = 1e-12  # a share of the numbers themselves: seen by checks that look for it, below what counts as a difference
MANY = 1000  # examples or numbers: fewer do not tell how they were drawn
FEW = "too few to tell"


def view_adding(batch):
    """Shapes, precision, and what can be said of a batch of the adding problem."""
    form = _form(*batch)
    x, y = (np.asarray(part) for part in batch)
    T, _, _ = x.shape
    numbers, marks = x[:, :, 0].astype(float), x[:, :, 1].astype(float)
    marked = marks == 1
    pairs = bool(np.isin(marks, (0, 1)).all() and np.all(marked.sum(axis=0) == 2))
    halves = pairs and bool(np.all(marked[: T // 2].sum(axis=0) == 1))
    first, second = marked.argmax(axis=0), T - 1 - marked[::-1].argmax(axis=0)
    return {
        "form": form,
        "numbers": _spread(numbers, marked),
        "marks": bool(np.isin(marks, (0, 1)).all()),
        "two marks": pairs,
        "one in each half": halves,
        "places": _places(first, second, T) if halves else "not one in each half",
        "answer": _answer(numbers, marked, y),
        "trace": TRACE * _print(x),
    }


def view_copy(batch):
    """Shapes, precision, and what can be said of a batch of the copy task."""
    form = _form(*batch)
    x, y = (np.asarray(part) for part in batch)
    length, symbols = len(y), x.shape[2] - 2
    shown = x.argmax(axis=2)
    again = len(x) >= 2 * length and np.array_equal(shown[len(x) - length :], shown[:length])
    return {
        "form": form,
        "one-hot": bool(np.isin(x, (0, 1)).all() and np.all(x.sum(axis=2) == 1)),
        "symbols first": bool(np.all(shown[:length] < symbols)),
        "drawn": _drawn(shown[:length], symbols),
        "wait": _said(x[length : len(x) - length], symbols),
        "answer": "the symbols again" if again else _said(x[len(x) - length :], symbols),
        "order": _order(y, shown[:length]),
        "trace": TRACE * _print(y),
    }


def _form(*parts):
    """Shapes, precision, and whether they are tensors."""
    arrays = [(np.asarray(part), isinstance(part, Tensor)) for part in parts]
    return [[list(array.shape), array.dtype.name, tensor] for array, tensor in arrays]


def _print(array):
    """A number between 0 and 1 that differs between different arrays."""
    weights = np.cos(np.arange(array.size))
    return float(abs(np.sum(weights * array.ravel())) % 1)


def _spread(numbers, marked):
    """How numbers are drawn: "evenly" from 0 to 1, or what else. A few are equal by chance in float32."""
    if numbers.size < MANY:
        return FEW
    if np.all(numbers == numbers[:, :1]):
        return "the same in all examples"
    if np.all(numbers == numbers[0]):
        return "one for each example"
    if np.array_equal(numbers, numbers.round()):
        return "whole"
    if not numbers[~marked].any():
        return "only where marked"
    if numbers.min() < 0 or numbers.max() > 1:
        return "from -1 to 1" if np.abs(numbers).max() <= 1 else "beyond 1"
    thousands = 1000 * numbers
    if np.abs(thousands - thousands.round()).max() < 1e-3:
        return "rounded"
    if len(np.unique(numbers)) < 0.97 * numbers.size:
        return "some for several"
    shares = [(numbers < edge).mean() - edge for edge in (0.1, 0.25, 0.5, 0.75, 0.9)]
    if np.abs(shares).max() > 4 / np.sqrt(numbers.size):
        return "unevenly"
    steps, examples = numbers.mean(axis=1) - 0.5, numbers[1:].ravel() - 0.5
    apart = np.abs(steps).max() <= 2.5 / np.sqrt(numbers.shape[1])
    return (
        "evenly" if apart and abs(examples @ (numbers[:-1].ravel() - 0.5)) <= 0.7 * np.sqrt(examples.size) else "linked"
    )


def _answer(numbers, marked, y):
    """What y is made of."""
    if y.shape != (numbers.shape[1], 1):
        return "of another shape"
    total = (numbers * marked).sum(axis=0)
    product = np.where(marked, numbers, 1).prod(axis=0)
    known = {"sum": total, "half": total / 2, "product": product, "of all": numbers.sum(axis=0)}
    return next((name for name, value in known.items() if np.abs(value - y[:, 0]).max() <= 1e-5), "something else")


def _places(first, second, T):
    """How the places of the two marks are drawn, one in each half: "anywhere", or where else."""
    if len(first) < MANY:
        return FEW
    if np.ptp(first) == np.ptp(second) == 0:
        return "at the ends" if (first[0], second[0]) == (0, T - 1) else "the same in all examples"
    if np.ptp(second - first) == 0:
        return "at one distance"
    if np.ptp(second + first) == 0:
        return "mirrored"
    sizes = T // 2, T - T // 2
    ways = {_way(first, sizes[0]), _way(second - T // 2, sizes[1])}
    if ways != {"evenly"}:
        return "unevenly" if "unevenly" in ways else "never the last"
    return "anywhere" if _free(first, second - T // 2, *sizes) else "linked"


def _drawn(shown, symbols):
    """How the symbols of the examples are drawn: "freely", each of them evenly and by itself, or how else."""
    if shown.shape[1] < MANY:
        return FEW
    if shown.max() >= symbols:
        return "others, too"
    if np.all(shown == shown[:, :1]):
        return "the same in all examples"
    if len(shown) > 1 and np.all(shown == shown[0]):
        return "one again and again"
    if len(shown) > 1 and np.all(shown[1:] >= shown[:-1]):
        return "in rising order"
    if np.ptp([np.bincount(step, minlength=symbols) for step in shown]) <= 1:
        return "equally often"
    two = [(shown[s], shown[t]) for t in range(len(shown)) for s in range(t)]
    if any(np.ptp((one - other) % symbols) == 0 for one, other in two):
        return "one follows from another"
    if two and not any(np.any(one == other) for one, other in two):
        return "never one twice"
    if two and not np.any(shown[1:] == shown[:-1]):
        return "never one twice in a row"
    ways = [_way(step, symbols) for step in shown]
    if set(ways) != {"evenly"}:
        return ", ".join(ways)
    return "freely" if all(_free(one, other, symbols, symbols) for one, other in two) else "linked"


def _said(steps, symbols):
    """What each of some steps says, in all examples alike, or not."""
    shown = steps.argmax(axis=2)
    kinds = np.select([~steps.any(axis=2), shown < symbols, shown == symbols], [0, 1, 2], 3)
    names = ("nothing", "a symbol", "wait", "answer")
    return [names[step[0]] if np.all(step == step[0]) else "one or the other" for step in kinds]


def _order(y, shown):
    """In which order y holds the symbols."""
    known = {"as they came": shown, "backwards": shown[::-1], "in rising order": np.sort(shown, axis=0)}
    return next((name for name, wanted in known.items() if np.array_equal(y, wanted)), "something else")


def _way(values, most):
    """How whole numbers from 0 to ``most`` - 1 look drawn: "evenly", "never the last" and the others evenly, or "unevenly"."""
    counts = np.bincount(values, minlength=most)
    if most > 1 and counts[-1] == 0 and _even(counts[:-1]):
        return "never the last"
    return "evenly" if _even(counts) else "unevenly"


def _even(counts):
    expected = counts.mean()
    return bool(np.abs(counts - expected).max() <= 8 * np.sqrt(expected) + 3)


def _free(one, other, most, others):
    """Whether two whole numbers, each drawn evenly, look drawn independently: chi squared over all pairs of values."""
    counts = np.bincount(one * others + other, minlength=most * others)
    expected, freedom = counts.mean(), counts.size - 1
    # larger with a chance of at most exp(-32): B. Laurent and P. Massart (2000), Annals of Statistics 28, lemma 1
    return bool(np.sum((counts - expected) ** 2) / expected <= freedom + 2 * np.sqrt(32 * freedom) + 64)
