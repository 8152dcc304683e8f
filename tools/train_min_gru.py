"""What unit 11 says of cells whose gates do not look at the state: ``python -m tools.train_min_gru``, two or three minutes.

Networks of one, two and three layers of the minimal GRU, 64 units each, trained like the unit's GRU; one start each.
"""

import itertools

import torch

from autograder.reference.names import bits_per_letter, name_batches
from course import writing
from course.data.names import SYMBOLS


class MinGRU(torch.nn.Module):
    """One layer, time first, all steps in a few rounds; as ``min_gru`` from a state of zeros."""

    def __init__(self, D: int, H: int) -> None:
        super().__init__()
        self.gate, self.candidate = torch.nn.Linear(D, H), torch.nn.Linear(D, H)
        torch.nn.init.constant_(self.gate.bias, -1.0)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        z = torch.sigmoid(self.gate(x))
        a, b, shift = 1 - z, z * self.candidate(x), 1
        while shift < len(x):
            b = torch.cat([b[:shift], b[shift:] + a[shift:] * b[:-shift]])
            a = torch.cat([a[:shift], a[shift:] * a[:-shift]])
            shift *= 2
        return b


class Stack(torch.nn.Module):
    """Layers with residual paths and a tanh between them, and a readout."""

    def __init__(self, layers: int) -> None:
        super().__init__()
        sizes = [len(SYMBOLS), *[writing.UNITS] * layers]
        self.layers = torch.nn.ModuleList(MinGRU(*pair) for pair in itertools.pairwise(sizes))
        self.dropout = torch.nn.Dropout(writing.DROPOUT)
        self.readout = torch.nn.Linear(writing.UNITS, len(SYMBOLS))

    def read(self, x: torch.Tensor) -> torch.Tensor:
        """Numbers of letters (T, B) -> logits (T, B, 27)."""
        first, *others = self.layers
        h = first(torch.nn.functional.one_hot(x, len(SYMBOLS)).float())
        for layer in others:
            h = h + torch.tanh(h)
            h = h + layer(h)
        return self.readout(self.dropout(torch.tanh(h)))


def main() -> None:
    torch.set_num_threads(1)
    for layers in (1, 2, 3):
        found = writing.train(name_batches, bits_per_letter, build=lambda layers=layers: Stack(layers))
        count = sum(value.numel() for value in found.network.parameters())
        print(f"{layers} layers, {count} parameters: {found.held_out[-1]:.2f} bits per letter, held out")
    print(f"GRU: {sum(value.numel() for value in writing.NameNetwork().parameters())} parameters")


if __name__ == "__main__":
    main()
