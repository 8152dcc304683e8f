"""Batches of names: what can be said of them, and how they are made, in parts of which a mistake replaces one."""

import zlib

import numpy as np
import torch

from autograder.checking.observation import Fact
from autograder.exercises.families.batches import SAME_CHANCE
from autograder.sandbox.protocol.wire import Opaque, Tensor
from course.data.names import ALPHABET, SYMBOLS

FEW = 12  # names: fewer do not tell in which order they come


def view_batches(batches):
    """Facts about a list of batches (x, y)."""
    if not isinstance(batches, list | tuple):
        return {
            "the list": Fact(f"no list, but a {batches if isinstance(batches, Opaque) else type(batches).__name__}")
        }
    pairs = [(np.asarray(x), np.asarray(y)) for x, y in batches]
    names = [[_spelt(column) for column in y.T] for _, y in pairs]
    flat = [name for batch in names for name in batch]
    kinds = {f"{a.dtype.name} {'tensor' if isinstance(a, Tensor) else 'array'}" for pair in batches for a in pair}
    return {
        "the list": Fact(f"a {type(batches).__name__} of {', '.join(str(y.shape[1]) for _, y in pairs)} names"),
        "the kinds": Fact(" and ".join(sorted(kinds))),
        "the names that y spells": Fact(_which(flat)),
        "what x reads": Fact(_all_alike(_reads(x, y) for x, y in pairs)),
        "the steps of a batch": Fact(_all_alike(map(_steps, pairs, names))),
        "y past the end": Fact(_past_the_end([y for _, y in pairs])),
        "the order": Fact(_order(names, flat)),
        "_fingerprint": [SAME_CHANCE * (zlib.crc32(" ".join(flat).encode()) % 9973) / 9973],
    }


def _spelt(column):
    """The name that a column of y spells, up to its mark; signs for what is no letter."""
    ends = np.flatnonzero(column == 0)
    letters = column[: ends[0]] if len(ends) else [*column[column > 0], None]
    return "".join("?" if n is None or not 0 < n < len(SYMBOLS) else SYMBOLS[int(n)] for n in letters)


def _which(flat):
    """All names in alphabetical order; of many, their number and a checksum."""
    text = " ".join(sorted(flat))
    return text if len(flat) <= 8 else f"{len(flat)} names, checksum {zlib.crc32(text.encode())}"


def _all_alike(facts):
    found = list(dict.fromkeys(facts))
    return found[0] if len(found) == 1 else " or ".join(map(str, found)) or "none"


def _reads(x, y):
    if x.shape != y.shape:
        return f"{x.shape} where y is {y.shape}"
    wanted = np.concatenate([np.zeros_like(y[:1]), np.maximum(y[:-1], 0)])
    if np.array_equal(x, wanted):
        return "the mark, then the letters"
    if np.array_equal(x, y):
        return "what y has"
    letters = np.concatenate([np.ones_like(y[:1]), y[:-1]]) > 0
    return (
        "the mark, then the letters, but others past the end"
        if np.array_equal(x[letters], wanted[letters])
        else "something else"
    )


def _steps(pair, names):
    more = len(pair[1]) - max(map(len, names), default=0)
    return (
        "the longest name and 1"
        if more == 1
        else f"the longest name and {more}"
        if more < 1
        else "more than its longest name needs"
    )


def _past_the_end(targets):
    """The numbers that stand behind marks in any batch."""
    found = {int(n) for y in targets for n in y[np.cumsum(y == 0, axis=0) - (y == 0) > 0]}
    return ", ".join(map(str, sorted(found))) or "nothing there"


def _order(names, flat):
    """Whether the names, which come in alphabetical order, were mixed."""
    if len(flat) < FEW:
        return "too few to tell"
    if flat == sorted(flat):
        return "as they came"
    lengths = [len(name) for name in flat]
    if lengths in (sorted(lengths), sorted(lengths, reverse=True)):
        return "by length"
    ranks = [sorted(sorted(flat).index(name) for name in batch) for batch in names]
    neighbours = all(batch == [*range(batch[0], batch[0] + len(batch))] for batch in ranks if batch)
    return "mixed within batches, or batches mixed, but neighbours stay together" if neighbours else "mixed"


def some_names(rng, count, lengths=(2, 9)):
    """So many different names of random letters, in alphabetical order."""
    found = set()
    while len(found) < count:
        found.add("".join(rng.choice([*ALPHABET], size=rng.integers(*lengths))))
    return sorted(found)


def mixed(rng, chosen, size):
    """The names in random order."""
    return [chosen[n] for n in rng.permutation(len(chosen))]


def filled(chosen, T=None, behind=(0, -1), symbols=SYMBOLS, mark=True):
    """One batch. ``behind``: what stands past the end in x and y."""
    T = (max(map(len, chosen)) + mark) if T is None else T
    x, y = (torch.full((T, len(chosen)), number) for number in behind)
    for n, name in enumerate(chosen):
        letters = torch.tensor([symbols.index(letter) for letter in name])
        x[0, n], y[: len(name), n] = 0, letters
        x[1 : len(name) + 1, n] = letters[: T - 1]
        if mark:
            y[len(name), n] = 0
    return x, y


def made(rng, chosen, size, order=mixed, batch=filled):
    """All batches, right but for what is replaced: the order, or how a batch is made of its names."""
    ordered = order(rng, chosen, size)
    return [batch(ordered[start : start + size]) for start in range(0, len(ordered), size)]


def within(rng, chosen, size):
    """The names in random order within each batch."""
    return [name for start in range(0, len(chosen), size) for name in mixed(rng, chosen[start : start + size], size)]
