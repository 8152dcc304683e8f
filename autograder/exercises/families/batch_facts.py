"""What can be said, in words, of a batch of the adding problem and of the copy task."""

import numpy as np

from autograder.checking.observation import Fact
from autograder.exercises.families import batches
from autograder.exercises.families.batches import FEW, MANY

UNSEEN = Fact("not looked at, since the shapes do not fit")


def view_adding(batch):
    """Shapes, kinds, and what can be said of a batch of the adding problem."""
    form = batches.form(*batch)
    x, y = (np.asarray(part) for part in batch)
    if x.ndim != 3 or x.shape[2] != 2 or (len(y) == len(x) != x.shape[1]):
        rest = dict.fromkeys(("the numbers", "the marks", "the places of the marks", "y"), UNSEEN)
        return form | rest | {"_two marks": False, "_fingerprint": [0.0, 0.0]}
    T, B, _ = x.shape
    numbers, marks = x[:, :, 0].astype(float), x[:, :, 1].astype(float)
    marked = marks == 1
    of_two_kinds = bool(np.isin(marks, (0, 1)).all())
    pairs = of_two_kinds and bool(np.all(marked.sum(axis=0) == 2))
    halves = pairs and bool(np.all(marked[: T // 2].sum(axis=0) == 1))
    first, second = marked.argmax(axis=0), T - 1 - marked[::-1].argmax(axis=0)
    if not of_two_kinds:
        said = "not only 0 and 1"
    elif not pairs:
        said = "not two in every sequence"
    else:  # of few examples it would be luck in which half the marks fall
        said = "one in each half" if halves or B < MANY else "in some sequences two in the same half"
    return form | {
        "the numbers": Fact(_numbers(numbers, marked)),
        "the marks": Fact(said),
        "_two marks": pairs,
        "the places of the marks": Fact(_places(first, second, T)) if halves or B < MANY else Fact("not looked at"),
        "y": Fact(_answer(numbers, marked, y)),
        "_fingerprint": [batches.fingerprint(numbers), batches.fingerprint(marks)],
    }


def _numbers(numbers, marked):
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
        return "0 except where marked"
    if numbers.min() < 0 or numbers.max() > 1:
        return "from -1 to 1" if np.abs(numbers).max() <= 1 else "beyond -1 and 1"
    thousands = 1000 * numbers
    if np.abs(thousands - thousands.round()).max() < 1e-3:
        return "rounded"
    if len(np.unique(numbers)) < 0.97 * numbers.size:
        return "the same in several places"
    shares = [(numbers < edge).mean() - edge for edge in (0.1, 0.25, 0.5, 0.75, 0.9)]
    if np.abs(shares).max() > 4 / np.sqrt(numbers.size):
        return "not evenly spread from 0 to 1"
    steps, neighbours = numbers.mean(axis=1) - 0.5, numbers[1:].ravel() - 0.5
    apart = np.abs(steps).max() <= 2.5 / np.sqrt(numbers.shape[1])
    free = apart and abs(neighbours @ (numbers[:-1].ravel() - 0.5)) <= 0.7 * np.sqrt(neighbours.size)
    return "evenly" if free else "depending on their step, or on one another"


def _answer(numbers, marked, y):
    """What y is made of."""
    if y.shape != (numbers.shape[1], 1):
        return "of another shape"
    total = (numbers * marked).sum(axis=0)
    product = np.where(marked, numbers, 1).prod(axis=0)
    known = {"the sum": total, "half the sum": total / 2, "the product": product, "the sum of all": numbers.sum(axis=0)}
    known |= {"the sum of the unmarked": (numbers * ~marked).sum(axis=0)}
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
    ways = [batches.way(first, sizes[0]), batches.way(second - T // 2, sizes[1])]
    if "unevenly" in ways:
        return "some places of a half more often than others"
    if ways != ["evenly", "evenly"]:
        return ", ".join(f"{way} of the {half} half" for way, half in zip(ways, ("first", "second"), strict=True))
    free = batches.independent(first, second - T // 2, *sizes)
    return "anywhere" if free else "the second depending on the first"


def view_copy(batch):
    """Shapes, kinds, and what can be said of a batch of the copy task."""
    form = batches.form(*batch)
    x, y = (np.asarray(part) for part in batch)
    if x.ndim != 3 or y.ndim not in (2, 3) or x.shape[2] < 3 or (len(y) == len(x) != x.shape[1]):
        names = ("the first steps", "the symbols", "the steps after them", "the last steps", "y")
        return form | dict.fromkeys(names, UNSEEN) | {"_fingerprint": [0.0]}
    length, symbols = len(y), x.shape[2] - 2
    shown = x.argmax(axis=2)
    again = len(x) >= 2 * length and np.array_equal(shown[len(x) - length :], shown[:length])
    return form | {
        "the first steps": Fact(" and ".join(sorted(set(_said(x[:length], symbols).split(", "))))),
        "the symbols": Fact(_drawn(shown[:length], symbols)),
        "the steps after them": Fact(_said(x[length : len(x) - length], symbols)),
        "the last steps": Fact("the symbols again" if again else _said(x[len(x) - length :], symbols)),
        "y": Fact(_order(y, shown[:length])),
        "_fingerprint": [batches.fingerprint(y)],
    }


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
    ways = [batches.way(step, symbols) for step in shown]
    if "unevenly" in ways:
        return "some more often than others"
    if set(ways) != {"evenly"}:
        return ", ".join(ways)
    free = all(batches.independent(one, other, symbols, symbols) for one, other in two)
    return "freely" if free else "depending on one another"


def _said(steps, symbols):
    """What each of some steps says, in all examples alike, or not."""
    shown = steps.argmax(axis=2)
    one_hot = np.isin(steps, (0, 1)).all(axis=2) & (steps.sum(axis=2) == 1)
    kinds = np.select([~steps.any(axis=2), ~one_hot, shown < symbols, shown == symbols], [0, 1, 2, 3], 4)
    names = ("nothing", "something that is not one-hot", "a symbol", "wait", "answer")
    return ", ".join(names[step[0]] if np.all(step == step[0]) else "one or the other" for step in kinds) or "none"


def _order(y, shown):
    """In which order y holds the symbols."""
    if y.size >= MANY and np.ptp(y) == 0:
        return "the same everywhere"
    known = {"as they came": shown, "counted from 1": shown + 1}
    known |= {
        "backwards": shown[::-1],
        "in rising order": np.sort(shown, axis=0),
        "in falling order": -np.sort(-shown, axis=0),
    }
    known |= {"the batch first": shown.T}
    if found := next((name for name, wanted in known.items() if np.array_equal(y, wanted)), None):
        return found
    return "in another order" if np.array_equal(np.sort(y, axis=0), np.sort(shown, axis=0)) else "something else"
