"""How much of a gradient arrives in networks before training: LSTMs with several forget biases, and a plain RNN."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from course import training

Array = np.ndarray
Params = dict[str, Array]
INPUTS, UNITS, BATCH = 16, 64, 16
RNN = "plain RNN, orthogonal"


@dataclass(frozen=True)
class Arrived:
    """What arrives: gradient norms (T + 1, B) by distance, per network; forget gates (T, B, H) of the LSTMs, by bias."""

    norms: dict[str, Array]
    gates: dict[float, Array]
    input_size: float

    def print_last(self) -> None:
        """Print the norm at the largest distance, the median of the batch, one line per network."""
        print(f"at distance {len(self.norms[RNN]) - 1}, median over {BATCH} sequences:")
        for name, norms in self.norms.items():
            print(f"  {name:24s} {np.median(norms[-1]):.0e}")


def fresh_lstm(input_size: float, rng: np.random.Generator) -> Params:
    """A network before training; recurrent weights as torch draws them, all biases 0."""
    params = {"W_x" + k: input_size * training.glorot(rng, UNITS, INPUTS) for k in "ifoc"}
    width = 1 / np.sqrt(UNITS)
    params |= {"W_h" + k: rng.uniform(-width, width, size=(UNITS, UNITS)) for k in "ifoc"}
    return params | {"b_" + k: np.zeros(UNITS) for k in "ifoc"}


def start(rng: np.random.Generator, steps: int) -> tuple[Array, Array, Array]:
    """Inputs (T, B, D), two small arrays (2, B, H) to start from, and a gradient of length 1 at each last state (B, H)."""
    last = rng.normal(size=(BATCH, UNITS))
    last /= np.linalg.norm(last, axis=1, keepdims=True)
    return rng.normal(size=(steps, BATCH, INPUTS)), 0.25 * rng.normal(size=(2, BATCH, UNITS)), last


def lstm_norms(
    load: Callable[[Params], Any],
    set_bias: Callable[[Params, float], Params],
    forget_bias: float,
    input_size: float = 0.0,
    steps: int = 50,
    seed: int = 0,
) -> tuple[Array, Array]:
    """An LSTM's gradient norms by distance (T + 1, B), found by torch, and its forget gates (T, B, H).

    Args:
        load: ``load_into_torch_lstm``. set_bias: ``init_forget_bias``.
        input_size: the size of what the inputs add up to in each gate and candidate.
    """
    import torch

    rng = np.random.default_rng(seed)
    params = set_bias(fresh_lstm(input_size, rng), forget_bias)
    x, (h0, c0), last = start(rng, steps)
    lstm = load(params)
    states, cell = [torch.tensor(h0[None], requires_grad=True)], torch.tensor(c0[None])
    for x_t in torch.tensor(x):
        _, (state, cell) = lstm(x_t[None], (states[-1], cell))
        states.append(state)
    gradients = torch.autograd.grad((states[-1] * torch.tensor(last)).sum(), states)
    norms = [gradient[0].norm(dim=1).numpy() for gradient in reversed(gradients)]
    old_h = np.array([state[0].detach().numpy() for state in states[:-1]])
    sums = x @ params["W_xf"].T + old_h @ params["W_hf"].T + params["b_f"]
    return np.array(norms), 1 / (1 + np.exp(-sums))


def rnn_norms(input_size: float = 0.0, steps: int = 50, seed: int = 0) -> Array:
    """The same norms for a plain RNN with orthogonal recurrent weights, under the same conditions."""
    rng = np.random.default_rng(seed)
    U = np.linalg.qr(rng.normal(size=(UNITS, UNITS)))[0]
    W = input_size * training.glorot(rng, UNITS, INPUTS)
    x, (h, _), gradient = start(rng, steps)
    states = []
    for x_t in x:
        h = np.tanh(h @ U.T + x_t @ W.T)
        states.append(h)
    norms = [np.linalg.norm(gradient, axis=1)]
    for h in reversed(states):
        gradient = (gradient * (1 - h**2)) @ U
        norms.append(np.linalg.norm(gradient, axis=1))
    return np.array(norms)


def compare(
    load: Callable[[Params], Any], set_bias: Callable[[Params, float], Params], input_size: float = 0.0
) -> Arrived:
    """A plain RNN and three LSTMs, with forget biases 0, 1 and 3. The arguments are those of ``lstm_norms``."""
    found = {bias: lstm_norms(load, set_bias, bias, input_size) for bias in (0, 1, 3)}
    norms = {RNN: rnn_norms(input_size)} | {f"LSTM, b_f = {bias}": found[bias][0] for bias in found}
    return Arrived(norms, {bias: found[bias][1] for bias in found}, input_size)


def along_the_cell(arrived: Arrived, gain: Callable[[Array, int, int], Array]) -> None:
    """Print what the cell path keeps and what all paths keep, one line per LSTM. ``gain``: ``cell_path_gain``."""
    print("            sigma(b_f)   cell path   all paths")
    for bias, gates in arrived.gates.items():
        kept = np.median(gain(gates, 0, len(gates) - 1))
        whole = np.median(arrived.norms[f"LSTM, b_f = {bias}"][-1])
        print(f"  b_f = {bias}   {1 / (1 + np.exp(-bias)):10.2f} {kept:11.0e} {whole:11.0e}")


def curves_at(
    load: Callable[[Params], Any],
    set_bias: Callable[[Params, float], Params],
    forget_bias: float,
    input_size: float,
    steps: int,
) -> Mapping[str, Array]:
    """The norms of one LSTM and of the plain RNN, for a figure that follows sliders."""
    return {
        RNN: rnn_norms(input_size, steps),
        "LSTM": lstm_norms(load, set_bias, forget_bias, input_size, steps)[0],
    }
