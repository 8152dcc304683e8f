"""Unit 11: a GRU that writes names, its training, and the one that is shipped."""

# torch declares the attributes of a module as Tensor or Module
# pyright: reportOperatorIssue=false

import functools
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from course.counting import by_pairs
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
    name_batches: NameBatches,
    bits_per_letter: BitsPerLetter,
    epochs: int = EPOCHS,
    seed: int = 0,
    build: Callable[[], Any] = NameNetwork,
) -> Training:
    """Train a network on the training names, with Adam and a rate that falls to nothing.

    While one of the two functions is not written yet, it says so, and the shipped network is what it returns.

    Args:
        name_batches, bits_per_letter: the reader's own. epochs: passes through all names. build: makes the network.
    """
    try:
        rng, known = np.random.default_rng(seed), load_names("training")
        torch.manual_seed(seed)
        [measured], [unseen] = (name_batches(rng, names, len(names)) for names in (known[::9], load_names("held-out")))
        network = build()
        bits_per_letter(network.read(unseen[0]).detach(), unseen[1])
    except NotImplementedError:
        print(
            "name_batches or bits_per_letter is not written yet: you go on with the network that ships with the course."
        )
        return recorded()
    steps = -(-len(known) // SIZE)
    rule = torch.optim.Adam(network.parameters(), RATE)
    slower = torch.optim.lr_scheduler.OneCycleLR(rule, RATE, total_steps=epochs * steps)
    found, batches = Training(network, [], []), []

    def step(number: int) -> float:
        if not batches:
            batches.extend(name_batches(rng, known, SIZE))
        x, y = batches.pop()
        loss = torch.nn.functional.cross_entropy(network.read(x).flatten(0, 1), y.flatten(), ignore_index=PAST_THE_END)
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


def by_the_network(count: int, seed: int, temperature: float = 1.0, most: int = 15) -> list[str]:
    """Names that the shipped network makes up, of at most ``most`` letters."""
    rng, network, state = np.random.default_rng(seed), recorded().network, None
    letters, rows = torch.zeros(count, dtype=torch.int64), []
    for _ in range(most):
        with torch.no_grad():
            scores, state = network(letters, state)
        # the largest of scores with such noise is a draw by their softmax
        letters = torch.from_numpy(np.argmax(scores.numpy() / temperature + rng.gumbel(size=scores.shape), axis=1))
        rows.append([SYMBOLS[n] for n in letters])
    return ["".join(column).split(END)[0] for column in zip(*rows, strict=True)]


def three_lists(count: int = 10, seed: int = 11) -> dict[str, list[str]]:
    """New names from three sources, under letters that give nothing away: A pairs of letters, B real and held out, C the network."""
    known = {*load_names("training"), *load_names("held-out")}

    def new(made: list[str]) -> list[str]:
        return [name for name in dict.fromkeys(made) if name not in known and len(name) > 2][:count]

    real = np.random.default_rng(seed).choice(load_names("held-out"), size=count, replace=False).tolist()
    return {"A": new(by_pairs(20 * count, seed)), "B": real, "C": new(by_the_network(20 * count, seed, 0.8))}


def show_lists(lists: dict[str, list[str]]) -> None:
    """Print the lists, one a line, each with capital letters."""
    for title, made in lists.items():
        print(f"{title}:  {', '.join(sorted(name.capitalize() for name in made))}\n")


# bits per letter of held-out names: tools/train_min_gru.py measured them
MIN_GRUS = {"minimal GRU, one layer": 3.14, "minimal GRU, two layers": 2.99, "minimal GRU, three layers": 2.91}


def show_samples(
    sample_names: Callable[..., list[str]], network: NameNetwork, temperatures: Sequence[float], count: int = 200
) -> None:
    """Print names at several temperatures, and which share of them stands in the list of the census.

    While ``sample_names`` is not written yet, it says so and shows names by the course's own code.
    """
    known = {*load_names("training"), *load_names("held-out")}
    for temperature in temperatures:
        try:
            made = sample_names(np.random.default_rng(7), network, count, temperature)
        except NotImplementedError:
            if temperature == temperatures[0]:
                print("sample_names is not written yet: these names were drawn by the course's own code.\n")
            made = by_the_network(count, 7, temperature)
        exist = sum(name in known for name in made) / len(made)
        shown = ", ".join(name.capitalize() for name in made[:12])
        print(f"temperature {temperature:g}, {exist:.0%} exist:  {shown}\n")


def show_surprises(name_surprises: Callable[..., Any], name: str, draw: Callable[[str, Any], None]) -> None:
    """Draw the shipped network's surprises at a name, by the reader's function; a line where it is not written yet."""
    try:
        bits = name_surprises(recorded().network, name)
    except NotImplementedError:
        print(f"name_surprises is not written yet: no picture of “{name}”.")
    else:
        draw(name, bits)
