"""Unit 09: a network that reads a sentence word by word, its training, and the trained one that is shipped."""

import textwrap
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch

from course.data import sentences
from course.training import repeated

Batch = tuple[torch.Tensor, torch.Tensor]  # words (T, B, D) and the numbers of the right answers (B,)
Encode = Callable[[str, dict[str, np.ndarray]], torch.Tensor]

DATA = Path(__file__).with_name("data")
UNITS = 16  # of the shipped reader
# two sentences that differ in what they tell of the second guest
TOLD = (
    "Milo likes brinecake it rains the tram stops then Joss loves barkroll "
    "someone sells dunelet a dog barks later so dinner is"
)
UNTOLD = TOLD.replace("loves barkroll", "sits down")
XRAY = ("h", "z", "r", "probabilities", "influence")
# by whom each part of an X-ray is worked out
MADE_BY = dict.fromkeys("hzr", "GRUCell, run_with_gates or encode") | {
    "probabilities": "prediction_after_each_word",
    "influence": "word_influence",
    "kept": "kept_to_the_end",
}


class Reader(torch.nn.Module):
    """A cell that reads, and a readout of its last state: from words to one number for each answer.

    Args:
        cell: from x (B, D) and h (B, H) to a tuple whose first entry is the new state (B, H); or one of torch's own recurrent
            layers, which read a whole sentence at once.
        units: H.
    """

    def __init__(self, cell: Callable[..., Any], units: int) -> None:
        super().__init__()
        self.cell, self.units = cell, units
        self.readout = torch.nn.Linear(units, len(sentences.ANSWERS))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From words (T, B, D) to logits (B, K), in the order of ``sentences.ANSWERS``."""
        if isinstance(self.cell, torch.nn.RNNBase):
            return self.readout(self.cell(x)[0][-1])
        state = torch.zeros(x.shape[1], self.units, dtype=x.dtype)
        for word in x:
            state = self.cell(word, state)[0]
        return self.readout(state)


def batch(encode: Encode, rng: np.random.Generator, count: int, **arguments: Any) -> Batch:
    """Random sentences as tensors: words (T, B, D) and the numbers of the right answers (B,).

    Args:
        encode: from a sentence and the word vectors to (T, D): the reader's own function.
        rng, count, arguments: see ``sentences.sentences``.
    """
    vectors = sentences.word_vectors()
    made, answers = sentences.sentences(rng, count, **arguments)
    x = torch.stack([encode(sentence, vectors) for sentence in made], dim=1)
    return x, torch.tensor([sentences.ANSWERS.index(answer) for answer in answers])


def lessons(
    encode: Encode, rng: np.random.Generator, farthest: int = 2 * sentences.DISTANCE, each: int = 200
) -> list[Batch]:
    """What a network is trained on: batches about one person and about two, at distances from 0 to ``farthest``, and with
    every number of distractors that takes up at most three quarters of the distance. ``each``: sentences of each kind.
    """
    return [
        batch(encode, rng, each, persons=persons, distance=distance, distractors=distractors)
        for persons in (1, 2)
        for distance in range(0, farthest + 1, 2)
        for distractors in range(distance // 4 + 1)
    ]


def train(
    reader: torch.nn.Module,
    known: Sequence[Batch],
    steps: int = 800,
    size: int = 32,
    rate: float = 1e-2,
    seed: int = 0,
    name: str = "training",
    keep_bar: bool = True,
    whole: bool = False,
) -> list[float]:
    """Train with Adam on random parts of the lessons, with a progress bar. Stop it and what was learnt so far is kept.

    Args:
        reader: changed in place. known: from ``lessons``. steps: how many. size: sentences in a step.
        rate: Adam's, which falls to nothing towards the end. seed: of the choice of sentences.
        name, keep_bar, whole: see ``training.repeated``.

    Returns:
        the losses, one a step.
    """
    rng = np.random.default_rng(seed)
    rule = torch.optim.Adam(reader.parameters(), rate)
    slower = torch.optim.lr_scheduler.OneCycleLR(rule, rate, total_steps=steps)

    def step(_: int) -> float:
        x, targets = known[int(rng.integers(len(known)))]
        chosen = torch.from_numpy(rng.integers(x.shape[1], size=size))
        loss = torch.nn.functional.cross_entropy(reader(x[:, chosen]), targets[chosen])
        rule.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        rule.step()
        slower.step()
        return loss.item()

    return repeated(step, steps, name, keep_bar, whole)


def compare(
    started: Callable[[str, int], torch.nn.Module],
    practice: Mapping[str, Sequence[Batch]],
    asked: Sequence[Batch],
    kinds: Sequence[str] = ("RNN", "LSTM", "GRU"),
    seeds: Sequence[int] = (0, 1, 2),
    steps: int = 400,
) -> dict[str, dict[str, list[list[float]]]]:
    """Train readers of several kinds on several lessons, and ask them. Stop it (the square button) and all of it ends: what is
    complete is returned, a reader that is half trained is left out. The seeds are the outer loop, so that there is something of every kind early.

    Args:
        started: from a kind and a seed to a new reader. practice: title -> lessons, from ``lessons``.
        asked: batches, from ``batch``. kinds, seeds: of the readers. steps: of each training.

    Returns:
        title -> kind -> the accuracies, (number of complete trainings, number of batches); nothing for what was not reached.
    """
    found, jobs = {}, [(title, seed, kind) for title in practice for seed in seeds for kind in kinds]
    try:
        for title, seed, kind in jobs:
            reader, name = started(kind, seed), f"{kind}, {title}, seed {seed}"
            train(reader, practice[title], steps, seed=seed, name=name, keep_bar=False, whole=True)
            right = [accuracy(reader, *some) for some in asked]
            found.setdefault(title, {}).setdefault(kind, []).append(right)
    except KeyboardInterrupt:
        done = sum(len(some) for kind in found.values() for some in kind.values())
        print(
            f"Stopped: {done} of {len(jobs)} trainings are complete and count; the one that was stopped halfway is left out."
        )
    return found


def started(kind: str, seed: int, units: int = UNITS) -> Reader:
    """A reader with one of torch's layers, started so that it can remember.

    The RNN gets an orthogonal U, the LSTM a forget bias of 3, the GRU an update bias of 3 (torch's z weighs the old state).

    Args:
        kind: "RNN", "LSTM" or "GRU". seed: of its weights. units: of its state.
    """
    torch.manual_seed(seed)
    layer = getattr(torch.nn, kind)(len(sentences.FEATURES), units)
    with torch.no_grad():
        if kind == "RNN":
            torch.nn.init.orthogonal_(layer.weight_hh_l0)
        else:  # the second block is the LSTM's forget gate and the GRU's update gate
            layer.bias_ih_l0[units : 2 * units] = 3.0
    return Reader(layer, units)


def asked(encode: Encode, distances: Sequence[int], each: int = 400) -> list[Batch]:
    """Held-out sentences about two persons at these distances, with a distractor for every four words."""
    rngs = (np.random.default_rng(7) for _ in distances)
    return [
        batch(encode, rng, each, distance=distance, distractors=distance // 4, held_out=True)
        for rng, distance in zip(rngs, distances, strict=True)
    ]


def accuracy(reader: torch.nn.Module, x: torch.Tensor, targets: torch.Tensor) -> float:
    """The share of right answers."""
    with torch.no_grad():
        return (reader(x).argmax(dim=1) == targets).float().mean().item()


def shipped(cell: torch.nn.Module) -> Reader:
    """The reader that comes with the course, trained already, so that everyone sees the same pictures.

    Args:
        cell: a ``GRUCell`` for words of ``len(sentences.FEATURES)`` columns and ``UNITS`` units, with the parameters that unit
            09 names; its weights are replaced by the shipped ones.
    """
    reader = Reader(cell, UNITS)
    with np.load(DATA / "reader.npz") as weights:
        reader.load_state_dict({name: torch.from_numpy(weights[name]) for name in weights.files})
    return reader


def speaks_for(reader: Reader | None = None) -> list[int]:
    """For each unit the number of the answer that it moves most, by its weight in the readout; of the shipped reader if none is given."""
    if reader is None:
        with np.load(DATA / "reader.npz") as weights:
            readout = weights["readout.weight"]
    else:
        readout = _plain(reader.readout.weight)
    return [int(answer) for answer in np.abs(readout).argmax(axis=0)]


def recorded(sentence: str) -> dict[str, Any]:
    """The numbers in the pictures of TOLD, or of UNTOLD, as they were when the shipped reader was made.

    Returns:
        dict of tensors: "h", "z", "r" and "kept" (T, H), "probabilities" (T, K), "influence" (T,); and "answers", their K names.
    """
    name = {TOLD: "told", UNTOLD: "untold"}[sentence]
    with np.load(DATA / "xray.npz") as arrays:
        found = {part: torch.from_numpy(arrays[f"{name} {part}"]) for part in (*XRAY, "kept")}
    return found | {"answers": sentences.ANSWERS}


def confirmed(sentence: str, look: Callable[[str], dict[str, Any]], parts: Sequence[str] = XRAY) -> dict[str, Any]:
    """What ``look(sentence)`` shows, held against what is recorded. Where they differ, it says so and shows what is recorded.

    So that a mistake in a reader's own function does not spoil the pictures from which they read.

    Args:
        sentence: TOLD or UNTOLD. look: from a sentence to a dict with ``parts``. parts: those to compare, in the order in which
            a mistake goes from one into the next.
    """
    ours = {part: found for part, found in recorded(sentence).items() if part in (*parts, "answers")}
    try:
        seen = {part: _plain(look(sentence)[part]) for part in parts}
    except NotImplementedError:
        trouble = "One of your functions is not written yet."
    except Exception as error:
        trouble = f"Your functions stopped at this sentence, with {type(error).__name__}: {error}."
    else:
        apart = [part for part in parts if not _agree(seen[part], ours[part].numpy())]
        if not apart:
            return {part: torch.from_numpy(found) for part, found in seen.items()} | {"answers": ours["answers"]}
        trouble = (
            f"Your functions and the shipped reader do not agree: {', '.join(apart)} should be other numbers. "
            f"Look for the mistake in {MADE_BY[apart[0]]}."
        )
    print(textwrap.fill(f"{trouble} The picture below is the course's own, so you can read it all the same.", 96))
    return ours


def _plain(value: Any) -> np.ndarray:
    """The numbers of a tensor or an array, without its history."""
    return np.asarray(value.detach() if hasattr(value, "detach") else value)


def _agree(seen: np.ndarray, recorded: np.ndarray) -> bool:
    return seen.shape == recorded.shape and np.allclose(seen, recorded, atol=1e-3)
