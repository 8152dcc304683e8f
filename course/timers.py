"""The experiment of unit 05: one-neuron LSTMs that answer a number of steps after a pulse, with and without peepholes."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Timed:
    """Trained timers on new sequences.

    Args:
        losses: from a kind of timer to a loss for each seed. pulses, due: (T,) one sequence, zeros and ones.
        answers: from a kind to the answers (T,) of its best seed on that sequence, as probabilities.
    """

    losses: Mapping[str, list[float]]
    pulses: np.ndarray
    due: np.ndarray
    answers: Mapping[str, np.ndarray]


def compare(seeds: int = 4, delay: int = 8) -> Timed | None:
    """Train timers of both kinds and measure them on 200 new sequences. Without torch: None, and a sentence."""
    try:
        from course import memory
    except ImportError:
        print("This experiment needs torch, which is not installed here. All the rest of the unit works without it.")
        return None
    timers = memory.train_timers(seeds=seeds, delay=delay)
    x, due = memory.pulses(np.random.default_rng(12), 3 * delay + 4, 200, delay)
    losses = {kind: memory.timer_losses(made, x, due) for kind, made in timers.items()}
    answers = {kind: memory.timer_answers(made, x)[:, int(np.argmin(losses[kind])), 0] for kind, made in timers.items()}
    return Timed(losses, x[:, 0, 0], due[:, 0], answers)
