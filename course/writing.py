"""Unit 11: a GRU that writes names, its training, the one that is shipped, and what a letter costs without a network."""

import functools
import math
from collections.abc import Callable, Sequence

import numpy as np
import torch

from course.data.names import END, FILE, PAST_THE_END, SYMBOLS, load_names
from course.training import repeated

Batch = tuple[torch.Tensor, torch.Tensor]  # x and y, (T, B) numbers of letters
NameBatches = Callable[[np.random.Generator, Sequence[str], int], list[Batch]]
BitsPerLetter = Callable[[torch.Tensor, torch.Tensor], float]

UNITS, SIZE, EPOCHS, RATE, DROPOUT = 64, 64, 12, 1e-2, 0.2
WEIGHTS = FILE.with_name("names-gru.npz")


class NameNetwork(torch.nn.Module):
    """torch's GRU on one-hot letters and a linear readout: from the letters so far to one number for each next letter."""

    def __init__(self, units: int = UNITS) -> None:
        super().__init__()
        self.gru = torch.nn.GRU(len(SYMBOLS), units)
        self.dropout = torch.nn.Dropout(DROPOUT)
        self.readout = torch.nn.Linear(units, len(SYMBOLS))

    def forward(self, letters: torch.Tensor, state: torch.Tensor | None = None) -> tuple[torch.Tensor, torch.Tensor]:
        """One step: letters (B,) and a state (B, H), or None before the first -> logits (B, 27), new state (B, H)."""
        x = torch.nn.functional.one_hot(letters[None], len(SYMBOLS)).float()
        states, _ = self.gru(x, None if state is None else state[None])
        return self.readout(states[0]), states[0]

    def read(self, x: torch.Tensor) -> torch.Tensor:
        """Whole names at once: x (T, B) -> logits (T, B, 27)."""
        states, _ = self.gru(torch.nn.functional.one_hot(x, len(SYMBOLS)).float())
        return self.readout(self.dropout(states))


class Training:
    """A trained network, and how many bits per letter it needed on the way: a list each, one entry for each pass."""

    def __init__(self, network: NameNetwork, training: Sequence[float], held_out: Sequence[float]) -> None:
        self.network, self.training, self.held_out = network, list(training), list(held_out)


def train(
    name_batches: NameBatches, bits_per_letter: BitsPerLetter, epochs: int = EPOCHS, seed: int = 0, units: int = UNITS
) -> Training:
    """Train a network on the training names, with Adam and a rate that falls to nothing.

    While one of the two functions is not written yet, it says so, and the shipped network is what it returns.

    Args:
        name_batches, bits_per_letter: the reader's own. epochs: passes through all names. units: H.
    """
    try:
        rng, known = np.random.default_rng(seed), load_names("training")
        torch.manual_seed(seed)
        [measured], [unseen] = (name_batches(rng, names, len(names)) for names in (known[::9], load_names("held-out")))
        network = NameNetwork(units)
        bits_per_letter(network.read(unseen[0]).detach(), unseen[1])
    except NotImplementedError:
        print("name_batches or bits_per_letter is not written yet: you go on with the network that ships with the course.")
        return recorded()
    steps = -(-len(known) // SIZE)
    rule = torch.optim.Adam(network.parameters(), RATE)
    slower = torch.optim.lr_scheduler.OneCycleLR(rule, RATE, total_steps=epochs * steps)
    found, batches = Training(network, [], []), []

    def step(number: int) -> float:
        if not batches:
            batches.extend(name_batches(rng, known, SIZE))
        x, y = batches.pop()
        loss = torch.nn.functional.cross_entropy(
            network.read(x).flatten(0, 1), y.flatten(), ignore_index=PAST_THE_END
        )
        rule.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        rule.step()
        slower.step()
        if number % steps == steps - 1:
            network.eval()
            with torch.no_grad():
                found.training.append(bits_per_letter(network.read(measured[0]), measured[1]))
                found.held_out.append(bits_per_letter(network.read(unseen[0]), unseen[1]))
            network.train()
        return loss.item()

    repeated(step, epochs * steps, "a GRU reads names")
    network.eval()
    return found


@functools.cache
def recorded() -> Training:
    """The network that comes with the course, and the bits per letter of its training."""
    network = NameNetwork()
    with np.load(WEIGHTS) as file:
        weights = {name: torch.from_numpy(file[name].astype(np.float32)) for name in file.files if "." in name}
        network.load_state_dict(weights)
        return Training(network.eval(), file["training"].tolist(), file["held_out"].tolist())


def watch(name: str, network: NameNetwork | None = None) -> dict[str, np.ndarray]:
    """What a network does while it reads the mark and then the letters of a name.

    torch's z weighs the old state; here it is turned round, as in the rest of the course: z near 1 writes anew.

    Args:
        name: N letters from a to z. network: the shipped one by default.

    Returns:
        dict of arrays: "z", "r", "h" (N + 1, H), and "probabilities" (N + 1, 27) of the next letter.
    """
    network = network or recorded().network
    gru, H = network.gru, network.gru.hidden_size
    h, kept = torch.zeros(1, H), []
    with torch.no_grad():
        for letter in END + name:
            x = torch.nn.functional.one_hot(torch.tensor([SYMBOLS.index(letter)]), len(SYMBOLS)).float()
            from_x = x @ gru.weight_ih_l0.T + gru.bias_ih_l0
            from_h = h @ gru.weight_hh_l0.T + gru.bias_hh_l0
            r, old = torch.sigmoid(from_x + from_h)[:, : 2 * H].chunk(2, 1)
            _, h = network(torch.tensor([SYMBOLS.index(letter)]), h)
            kept.append((1 - old, r, h, network.readout(h).softmax(-1)))
    parts = (torch.cat(part).numpy() for part in zip(*kept, strict=True))
    return dict(zip(("z", "r", "h", "probabilities"), parts, strict=True))


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
