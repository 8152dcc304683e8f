"""Unit 05: a network that reads a sentence word by word, its training, and the trained one that is shipped."""

import textwrap
from importlib.resources import files

import numpy as np
import torch

from course.checks import plain
from course.data import sentences
from course.training import repeated

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

    def __init__(self, cell, units):
        super().__init__()
        self.cell, self.units = cell, units
        self.readout = torch.nn.Linear(units, len(sentences.ANSWERS))

    def forward(self, x):
        """From words (T, B, D) to logits (B, K), in the order of ``sentences.ANSWERS``."""
        if isinstance(self.cell, torch.nn.RNNBase):
            return self.readout(self.cell(x)[0][-1])
        state = torch.zeros(x.shape[1], self.units, dtype=x.dtype)
        for word in x:
            state = self.cell(word, state)[0]
        return self.readout(state)


def batch(encode, rng, count, **arguments):
    """Random sentences as tensors: words (T, B, D) and the numbers of the right answers (B,).

    Args:
        encode: from a sentence and the word vectors to (T, D): the reader's own function.
        rng, count, arguments: see ``sentences.sentences``.
    """
    vectors = sentences.word_vectors()
    made, answers = sentences.sentences(rng, count, **arguments)
    x = torch.stack([encode(sentence, vectors) for sentence in made], dim=1)
    return x, torch.tensor([sentences.ANSWERS.index(answer) for answer in answers])


def lessons(encode, rng, farthest=2 * sentences.DISTANCE, each=200):
    """What a network is trained on: batches about one person and about two, at distances from 0 to ``farthest``, and with
    every number of distractors that takes up at most three quarters of the distance. ``each``: sentences of each kind.
    """
    return [
        batch(encode, rng, each, persons=persons, distance=distance, distractors=distractors)
        for persons in (1, 2)
        for distance in range(0, farthest + 1, 2)
        for distractors in range(distance // 4 + 1)
    ]


def train(reader, known, steps=800, size=32, rate=1e-2, seed=0, name="training", keep_bar=True, whole=False):
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

    def step(_):
        x, targets = known[rng.integers(len(known))]
        chosen = torch.from_numpy(rng.integers(x.shape[1], size=size))
        loss = torch.nn.functional.cross_entropy(reader(x[:, chosen]), targets[chosen])
        rule.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
        rule.step()
        slower.step()
        return loss.item()

    return repeated(step, steps, name, keep_bar, whole)


def compare(started, practice, asked, kinds=("RNN", "LSTM", "GRU"), seeds=(0, 1, 2), steps=400):
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


def accuracy(reader, x, targets):
    """The share of right answers."""
    with torch.no_grad():
        return (reader(x).argmax(dim=1) == targets).float().mean().item()


def shipped(cell):
    """The reader that comes with the course, trained already, so that everyone sees the same pictures.

    Args:
        cell: a ``GRUCell`` for words of ``len(sentences.FEATURES)`` columns and ``UNITS`` units, with the parameters that unit
            05 names; its weights are replaced by the shipped ones.
    """
    reader = Reader(cell, UNITS)
    with np.load(files("course.data") / "reader.npz") as weights:
        reader.load_state_dict({name: torch.from_numpy(weights[name]) for name in weights.files})
    return reader


def recorded(sentence):
    """The numbers in the pictures of TOLD, or of UNTOLD, as they were when the shipped reader was made.

    Returns:
        dict of tensors: "h", "z", "r" and "kept" (T, H), "probabilities" (T, K), "influence" (T,); and "answers", their K names.
    """
    name = {TOLD: "told", UNTOLD: "untold"}[sentence]
    with np.load(files("course.data") / "xray.npz") as arrays:
        found = {part: torch.from_numpy(arrays[f"{name} {part}"]) for part in (*XRAY, "kept")}
    return found | {"answers": sentences.ANSWERS}


def confirmed(sentence, look, parts=XRAY):
    """What ``look(sentence)`` shows, held against what is recorded. Where they differ, it says so and shows what is recorded.

    So that a mistake in a reader's own function does not spoil the pictures from which they read.

    Args:
        sentence: TOLD or UNTOLD. look: from a sentence to a dict with ``parts``. parts: those to compare, in the order in which
            a mistake goes from one into the next.
    """
    ours = {part: found for part, found in recorded(sentence).items() if part in (*parts, "answers")}
    try:
        seen = {part: plain(look(sentence)[part]) for part in parts}
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


def _agree(seen, recorded):
    return seen.shape == recorded.shape and np.allclose(seen, recorded, atol=1e-3)
