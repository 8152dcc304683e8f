"""Delayed recall: echo a symbol seen some steps ago."""

import numpy as np


def delayed_recall(
    rng: np.random.Generator, steps: int, batch: int, symbols: int, delay: int
) -> tuple[np.ndarray, np.ndarray]:
    """Sequences of random symbols, and the task to echo the symbol seen ``delay`` steps ago.

    Args:
        rng: a ``numpy.random.Generator``. steps: T. batch: B. symbols: how many different symbols, S.
        delay: k, from 0 (echo at once) to steps - 1.

    Returns:
        x: (T, B, S) one symbol a step, one-hot. targets: (T - k, B) integers; ``targets[j]`` is the right answer
        at step ``j + delay``, namely the symbol shown at step j.

    Raises:
        ValueError: for sizes that make no task.
    """
    if steps < 1 or batch < 1 or symbols < 2:
        raise ValueError("delayed_recall needs at least 1 step, 1 example and 2 symbols")
    if not 0 <= delay < steps:
        raise ValueError(f"the delay must be at least 0 and less than the number of steps ({steps}), but it is {delay}")
    shown = rng.integers(symbols, size=(steps, batch))
    return np.eye(symbols)[shown], shown[: steps - delay]
