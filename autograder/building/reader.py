"""Trains the reader that is shipped with unit 09, and writes its weights and what its X-ray shows of two sentences:
``python -m autograder.building.reader``.

The same seed gives the same weights on the same machine; on another one the last digits, and with them the answers of
``what_the_gates_say``, may differ. So run ``tests/test_unit_reading.py`` afterwards: it holds those answers to the weights.
"""

import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch

from autograder.reference import reading as reference
from autograder.reference.reading import GRUCell, encode
from course import reading
from course.data import sentences

TARGET = Path(sentences.__file__).with_name("reader.npz")
RECORD = TARGET.with_name("xray.npz")
SEED = 5  # of those tried, the one whose gates are easiest to read; the others answer as well


def train_reader(seed: int = SEED, steps: int = 2000) -> reading.Reader:
    """A new reader, trained a little longer than readers have patience for, its units sorted by what they vote for."""
    torch.manual_seed(seed)
    reader = reading.Reader(GRUCell(len(sentences.FEATURES), reading.UNITS), reading.UNITS)
    reading.train(reader, reading.lessons(encode, np.random.default_rng(seed)), steps, seed=seed)
    return in_order(reader)


def in_order(reader: reading.Reader) -> reading.Reader:
    """The same reader with its units in another order: those that speak most for the first answer come first."""
    votes = reader.readout.weight.detach().numpy()
    strongest = np.abs(votes).argmax(axis=0)
    order = np.lexsort((-votes[strongest, np.arange(len(strongest))], strongest)).copy()
    for name, weight in reader.state_dict().items():
        if name.startswith("cell.") or name == "readout.weight":
            axes = range(weight.ndim) if ".U_" in name else [1] if name == "readout.weight" else [0]
            kept = weight.clone()
            for axis in axes:
                kept = kept.index_select(axis, torch.from_numpy(order))
            weight.copy_(kept)
    return reader


def xray(reader: reading.Reader, sentence: str) -> dict[str, np.ndarray]:
    """What the X-ray shows of a sentence, as arrays; see ``course.reading.recorded``."""
    x = encode(sentence, sentences.word_vectors())[:, None]
    with torch.no_grad():
        h, z, r = reference.run_with_gates(reader.cell, x, torch.zeros(1, reader.units))
        probabilities = reference.prediction_after_each_word(reader, x)
    influence = reference.word_influence(reader, x, probabilities[-1].argmax(dim=-1))
    seen = {"h": h, "z": z, "r": r, "probabilities": probabilities, "influence": influence}
    seen["kept"] = reference.kept_to_the_end(z)
    return {part: found[:, 0].numpy() for part, found in seen.items()}


def record(reader: reading.Reader, target: Path = RECORD) -> None:
    """Write down what the X-rays of the two sentences show."""
    told = {"told": reading.TOLD, "untold": reading.UNTOLD}
    arrays: dict[str, Any] = {
        f"{name} {part}": found for name, sentence in told.items() for part, found in xray(reader, sentence).items()
    }
    np.savez(target, **arrays)
    print(f"wrote {target}")


def main(target: Path = TARGET, seed: int = SEED) -> None:
    torch.set_num_threads(1)  # so that sums are added up in one order
    reader = train_reader(seed)
    for distance in (8, 16, 32):
        x, right = reading.batch(encode, np.random.default_rng(1), 1000, distance=distance, held_out=True)
        print(f"distance {distance}: {reading.accuracy(reader, x, right):.1%} of held-out sentences right")
    np.savez(target, **{name: value.numpy() for name, value in reader.state_dict().items()})
    print(f"wrote {target}")
    record(reader)


if __name__ == "__main__":
    main(seed=int(sys.argv[1]) if sys.argv[1:] else SEED)
