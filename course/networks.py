"""The four networks that unit 10 compares, all written in the same way: one matrix product for all blocks, one Python loop.

torch's own layers are many times faster, but not equally so, and there is none with peepholes. Here every cell pays the
same price for every operation, so that what is compared is the cells.
"""

import torch
from torch import nn


class Network(nn.Module):
    """A cell that reads a sequence, and a linear layer that reads the last states.

    Args:
        cell: "rnn", "lstm", "peephole" or "gru". D, H, K: sizes of input, state and output.
        answers: how many of the last steps are answered; None for one answer without an axis of steps.
    """

    def __init__(self, cell: str, D: int, H: int, K: int, answers: int | None = None) -> None:
        super().__init__()
        self.step, self.H, self.answers = STEPS[cell], H, answers
        rows = BLOCKS[cell] * H
        self.from_input, self.readout = nn.Linear(D, rows), nn.Linear(H, K)
        self.from_state = nn.Parameter(torch.empty(H, rows).uniform_(-(H**-0.5), H**-0.5))
        if cell == "peephole":
            self.peepholes = nn.Parameter(torch.zeros(3, H))
        if cell in ("lstm", "peephole"):
            with torch.no_grad():  # unit 04: start with the forget gates open
                self.from_input.bias[H : 2 * H] = 1.0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From x (T, B, D) to the output: (B, K), or (answers, B, K)."""
        h = c = x.new_zeros(x.shape[1], self.H)
        states = []
        for drive in self.from_input(x):
            h, c = self.step(self, drive, h, c)
            states.append(h)
        if self.answers is None:
            return self.readout(h)
        return self.readout(torch.stack(states[-self.answers :]))

    def start_at(self, start: float | str) -> None:
        """Begin training from another start than the default one.

        Args:
            start: a number, the bias of the gate that keeps the old state: the forget gate of an LSTM, the update gate
                of a GRU; or "orthogonal", for the recurrent weights of an RNN.
        """
        if self.step is _rnn and start != "orthogonal":
            raise ValueError("an RNN has no gate that could start elsewhere")
        with torch.no_grad():
            if start == "orthogonal":
                nn.init.orthogonal_(self.from_state)
            elif self.step is _gru:
                self.from_input.bias[: self.H] = float(start)
            else:
                self.from_input.bias[self.H : 2 * self.H] = float(start)


def _rnn(network: Network, drive: torch.Tensor, h: torch.Tensor, c: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    return torch.tanh(torch.addmm(drive, h, network.from_state)), c


def _gru(network: Network, drive: torch.Tensor, h: torch.Tensor, c: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    H = network.H
    z, r = torch.sigmoid(torch.addmm(drive[:, : 2 * H], h, network.from_state[:, : 2 * H])).chunk(2, 1)
    proposed = torch.tanh(torch.addmm(drive[:, 2 * H :], r * h, network.from_state[:, 2 * H :]))
    return torch.lerp(h, proposed, z), c


def _lstm(network: Network, drive: torch.Tensor, h: torch.Tensor, c: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    H = network.H
    inside = torch.addmm(drive, h, network.from_state)
    i, f, o = torch.sigmoid(inside[:, : 3 * H]).chunk(3, 1)
    c = torch.addcmul(f * c, i, torch.tanh(inside[:, 3 * H :]))
    return o * torch.tanh(c), c


def _peephole(
    network: Network, drive: torch.Tensor, h: torch.Tensor, c: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    to_i, to_f, to_o = network.peepholes
    a_i, a_f, a_o, a_g = torch.addmm(drive, h, network.from_state).chunk(4, 1)
    i, f = torch.sigmoid(torch.addcmul(a_i, c, to_i)), torch.sigmoid(torch.addcmul(a_f, c, to_f))
    c = torch.addcmul(f * c, i, torch.tanh(a_g))
    return torch.sigmoid(torch.addcmul(a_o, c, to_o)) * torch.tanh(c), c


BLOCKS = {"rnn": 1, "gru": 3, "lstm": 4, "peephole": 4}
STEPS = {"rnn": _rnn, "gru": _gru, "lstm": _lstm, "peephole": _peephole}
CELLS = tuple(BLOCKS)
