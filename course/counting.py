"""Names without a network: what a letter costs one who counts what follows what, and names drawn from such a table."""

import functools
import math

import numpy as np

from course.data.names import END, SYMBOLS, load_names


@functools.cache
def without_a_network(before: int) -> float:
    """Bits per letter of the held-out names for one who counted, in training, what follows the last ``before`` letters.

    0 letters: how often each letter is. Every count begins at 0.1, so that nothing is impossible.
    """
    counts: dict[str, np.ndarray] = {}
    for context, letter in _in_context("training", before):
        counts.setdefault(context, np.full(len(SYMBOLS), 0.1))[letter] += 1
    new = np.full(len(SYMBOLS), 0.1)
    bits = [
        -math.log2(counts.get(context, new)[letter] / counts.get(context, new).sum())
        for context, letter in _in_context("held-out", before)
    ]
    return float(np.mean(bits))


def _in_context(part: str, before: int) -> list[tuple[str, int]]:
    """For every letter, and every mark at an end, what stands before it, and its number."""
    found = []
    for name in load_names(part):
        whole = END * before + name + END
        found += [(whole[t - before : t], SYMBOLS.index(whole[t])) for t in range(before, len(whole))]
    return found


def baselines() -> dict[str, float]:
    """Bits per letter of the held-out names without a network."""
    return {
        "all 27 alike": math.log2(len(SYMBOLS)),
        "how often each letter is": without_a_network(0),
        "the letter before": without_a_network(1),
        "two letters before": without_a_network(2),
        "three letters before": without_a_network(3),
    }


def by_pairs(count: int, seed: int) -> list[str]:
    """Names drawn from a table of which letter follows which: each letter looks at the one before it alone."""
    counts = np.zeros((len(SYMBOLS), len(SYMBOLS)))
    for before, letter in _in_context("training", 1):
        counts[SYMBOLS.index(before), letter] += 1
    rng, made = np.random.default_rng(seed), []
    for _ in range(count):
        letters = [0]
        while len(letters) == 1 or letters[-1]:
            row = counts[letters[-1]]
            letters.append(int(rng.choice(len(row), p=row / row.sum())))
        made.append("".join(SYMBOLS[n] for n in letters[1:-1]))
    return made
