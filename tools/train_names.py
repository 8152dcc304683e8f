"""Trains the networks that know names: ``python -m tools.train_names``, a minute or two.

It writes ``names-network.npz``, a plain recurrent network that makes up names for unit 01, and ``names-gru.npz``, the GRU that
unit 11 shows at work, both in half precision, and says how good they are. The same seed gives the same weights on the same
machine. Run ``tests/test_names.py`` and ``tests/test_unit_names.py`` afterwards: they hold the notebooks' sentences to the figures.
"""

import sys

import numpy as np
import torch

from autograder.reference.names import bits_per_letter, name_batches
from course import names, writing
from course.data import load_names
from course.data.names import PAST_THE_END, SYMBOLS

UNITS, EPOCHS, SIZE, RATE = 128, 30, 64, 5e-3


class Network(torch.nn.Module):
    """torch's plain recurrent network on one-hot letters, dropout while it trains, and a linear readout."""

    def __init__(self) -> None:
        super().__init__()
        self.rnn = torch.nn.RNN(len(SYMBOLS), UNITS)
        self.dropout = torch.nn.Dropout(0.3)
        self.readout = torch.nn.Linear(UNITS, len(SYMBOLS))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From numbers of letters (T, B) to logits (T, B, 27)."""
        states, _ = self.rnn(torch.nn.functional.one_hot(x, len(SYMBOLS)).float())
        return self.readout(self.dropout(states))

    def params(self) -> names.Params:
        """The weights as ``names.shipped`` names them."""
        state = {name: value.numpy() for name, value in self.state_dict().items()}
        return {
            "W": state["rnn.weight_ih_l0"],
            "U": state["rnn.weight_hh_l0"],
            "b": state["rnn.bias_ih_l0"] + state["rnn.bias_hh_l0"],
            "V": state["readout.weight"],
            "c": state["readout.bias"],
        }


def batch(chosen: tuple[str, ...]) -> tuple[torch.Tensor, torch.Tensor]:
    """What is read and what comes next: (T, B) numbers of letters each, ``PAST_THE_END`` where a name is over."""
    T = max(map(len, chosen)) + 1
    x, y = torch.zeros(T, len(chosen), dtype=torch.int64), torch.full((T, len(chosen)), PAST_THE_END)
    for column, name in enumerate(chosen):
        letters = torch.tensor([SYMBOLS.index(letter) for letter in name])
        x[1 : len(name) + 1, column], y[: len(name), column], y[len(name), column] = letters, letters, 0
    return x, y


def loss_of(network: Network, chosen: tuple[str, ...]) -> torch.Tensor:
    """The mean cross-entropy per letter, in nats."""
    x, y = batch(chosen)
    return torch.nn.functional.cross_entropy(network(x).flatten(0, 1), y.flatten(), ignore_index=PAST_THE_END)


def train(seed: int = 0, epochs: int = EPOCHS) -> Network:
    """A network trained on the training names, with Adam, clipping and a rate that falls to nothing."""
    torch.manual_seed(seed)
    known, rng, network = load_names("training"), np.random.default_rng(seed), Network()
    rule = torch.optim.AdamW(network.parameters(), RATE, weight_decay=0.1)
    steps = epochs * -(-len(known) // SIZE)
    slower = torch.optim.lr_scheduler.OneCycleLR(rule, RATE, total_steps=steps)
    for _ in range(epochs):
        order = rng.permutation(len(known))
        for start in range(0, len(known), SIZE):
            loss = loss_of(network, tuple(known[n] for n in order[start : start + SIZE]))
            rule.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
            rule.step()
            slower.step()
    return network.eval()


def train_gru(seed: int = 0) -> None:
    """Train unit 11's GRU and write it, with what its training measured."""
    found = writing.train(name_batches, bits_per_letter, seed=seed)
    weights = {name: value.numpy().astype(np.float16) for name, value in found.network.state_dict().items()}
    np.savez(writing.WEIGHTS, **weights, training=np.array(found.training), held_out=np.array(found.held_out))
    print(f"GRU: {found.training[-1]:.3f} bits per letter in training, {found.held_out[-1]:.3f} held out")
    print(f"wrote {writing.WEIGHTS.name}, {writing.WEIGHTS.stat().st_size / 1000:.0f} kB")


def main(seed: str = "0") -> None:
    torch.set_num_threads(1)  # so that sums are added up in one order
    train_gru(int(seed))
    network = train(int(seed))
    with torch.no_grad():
        for part in ("training", "held-out"):
            print(f"{part}: {loss_of(network, load_names(part)).item() / np.log(2):.3f} bits per letter")
    params = {name: value.astype(np.float16) for name, value in network.params().items()}
    np.savez(names.WEIGHTS, **params)  # type: ignore[arg-type]
    print(f"wrote {names.WEIGHTS.name}, {names.WEIGHTS.stat().st_size / 1000:.0f} kB")
    names.shipped.cache_clear()
    known = {*load_names("training"), *load_names("held-out")}
    for temperature in (0.5, 0.7, 1.0):
        made = names.draw(1000, temperature, np.random.default_rng(0), names.shipped())
        new = sum(name not in known for name in made)
        print(f"temperature {temperature}: {new} of 1000 names are new; {', '.join(names.make_up(12, temperature))}")


if __name__ == "__main__":
    main(*sys.argv[1:])
