"""The LSTM in the four forms of the course: inputs, words, and a step of which any part may be wrong."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import numpy as np

from autograder.reference import lstm
from autograder.reference.rnn import sigmoid

Parameters = dict[str, np.ndarray]
Part = Callable[[SimpleNamespace], np.ndarray]  # what is made of x, h, c, i, f, g, new and o


def plain(rng: np.random.Generator, D: int, H: int, scale: float = 0.6, peepholes: bool = False) -> Parameters:
    """Random parameters in the names of ``lstm_step``."""
    made = {f"W_x{k}": scale * rng.normal(size=(H, D)) for k in "ifoc"}
    made |= {f"W_h{k}": scale * rng.normal(size=(H, H)) for k in "ifoc"} | {
        f"b_{k}": rng.normal(size=H) for k in "ifoc"
    }
    return made | ({f"w_c{k}": rng.normal(size=H) for k in "ifo"} if peepholes else {})


def with_peepholes(rng: np.random.Generator, D: int, H: int, scale: float = 0.6) -> Parameters:
    """Random parameters in the names of ``peephole_lstm_step``."""
    return plain(rng, D, H, scale, peepholes=True)


def gamma(rng: np.random.Generator, D: int, H: int, scale: float = 0.6) -> Parameters:
    """Random parameters in the names of the Gamma notation."""
    made = {f"W_{k}c": scale * rng.normal(size=(H, H)) for k in "cufo"}
    made |= {f"W_{k}x": scale * rng.normal(size=(H, D)) for k in "cufo"}
    return made | {f"b_{k}": rng.normal(size=H) for k in "cufo"}


def pair(rng: np.random.Generator, B: int, H: int) -> tuple[np.ndarray, np.ndarray]:
    """A state within (-1, 1) and a cell that may be larger."""
    return rng.uniform(-1, 1, size=(B, H)), 1.5 * rng.normal(size=(B, H))


@dataclass(frozen=True)
class Form:
    """One form of the step.

    Attributes:
        params: draws its parameters. gates: their names by the words for each gate; input, forget, output, candidate.
        words: what hints call the gates i, f, o, the candidate, the state, and the argument that holds the old state.
        feeds_state: whether it feeds back the state; the Gamma form feeds back the cell, and has no tanh at the output.
        rename: from its parameters to the names of ``lstm_step``.
    """

    params: Callable[..., Parameters]
    gates: Mapping[str, tuple[str, ...]]
    words: Mapping[str, str]
    feeds_state: bool = True
    rename: Callable[[Parameters], Parameters] = dict

    @property
    def at(self) -> int:
        """The place of the parameters among the arguments."""
        return 3 if self.feeds_state else 2

    def arguments(self, rng: np.random.Generator, B: int, D: int, H: int, scale: float = 0.6) -> tuple[Any, ...]:
        """x, the old state where it is fed back, the old cell, and the parameters."""
        start = pair(rng, B, H)
        return rng.normal(size=(B, D)), *(start if self.feeds_state else start[1:]), self.params(rng, D, H, scale)

    def wrong(self, **parts: Any) -> Callable[..., tuple[np.ndarray, np.ndarray]]:
        """This form with one part wrong; see ``compute``."""

        def step(x: np.ndarray, *rest: Any) -> tuple[np.ndarray, np.ndarray]:
            h, c, p = rest if self.feeds_state else (rest[0], *rest)
            return compute(x, h, c, self.rename(p), np.tanh if self.feeds_state else lambda c: c, **parts)

        return step


NAMES = {"the input gate": "i", "the forget gate": "f", "the output gate": "o", "the candidate": "c"}
PLAIN = Form(
    plain,
    {gate: (f"W_x{k}", f"W_h{k}", f"b_{k}") for gate, k in NAMES.items()},
    {"i": "i", "f": "f", "o": "o", "candidate": "candidate", "input": "input gate", "state": "state", "h": "h"},
)
PEEPHOLE = Form(
    with_peepholes,
    {gate: (*keys, *([f"w_c{NAMES[gate]}"] if NAMES[gate] != "c" else [])) for gate, keys in PLAIN.gates.items()},
    PLAIN.words,
)
GAMMA = Form(
    gamma,
    {
        gate: (f"W_{k}x", f"W_{k}c", f"b_{k}")
        for gate, k in zip(
            ("the update gate", "the forget gate", "the output gate", "the proposal"), "ufoc", strict=True
        )
    },
    {
        **{"i": "Gamma_u", "f": "Gamma_f", "o": "Gamma_o", "candidate": "proposal"},
        **{"input": "update gate", "state": "activation", "h": "a"},
    },
    feeds_state=False,
    rename=lstm.lstm_from_gamma,
)
MENDED = Form(gamma, GAMMA.gates, GAMMA.words, rename=lstm.lstm_from_gamma)


def squash(k: str, x_term: Any, h_term: Any, bias: Any, look: Any) -> np.ndarray:
    """A gate from the terms of its sum: sigma, or tanh for the candidate."""
    return (np.tanh if k == "c" else sigmoid)(x_term + h_term + bias + look)


def compute(
    x: np.ndarray,
    h: np.ndarray,
    c: np.ndarray,
    p: Parameters,
    out: Callable[[np.ndarray], np.ndarray] = np.tanh,
    *,
    cell: Part = lambda v: v.f * v.c + v.i * v.g,
    shown: Part = lambda v: v.o * v.out(v.new),
    sees: Mapping[str, Part] | None = None,
    looks: Mapping[str, Part] | None = None,
    gate: Callable[..., np.ndarray] = squash,
) -> tuple[np.ndarray, np.ndarray]:
    """A step in the names of ``lstm_step``, with peepholes where there are any, and with parts that may be wrong.

    Args:
        out: what the cell goes through before the output gate.
        cell, shown: the new cell, the new state. gate: as ``squash``.
        sees: by letter of a gate, what it sees where the others see h. looks: by letter, what its peephole adds.
    """
    v, sees = SimpleNamespace(x=x, h=h, c=c, p=p, out=out), sees or {}
    own = {k: lambda v, k=k: p[f"w_c{k}"] * (v.new if k == "o" else c) for k in "ifo" if f"w_c{k}" in p}
    looks = {**own, **(looks or {})}
    for name, k in (("f", "f"), ("i", "i"), ("g", "c"), ("new", ""), ("o", "o")):
        if k:
            seen, look = sees.get(k, lambda v: v.h)(v), looks.get(k, lambda v: 0.0)(v)
            setattr(v, name, gate(k, x @ p[f"W_x{k}"].T, seen @ p[f"W_h{k}"].T, p[f"b_{k}"], look))
        else:
            v.new = cell(v)
    return shown(v), v.new
