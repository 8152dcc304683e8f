"""How the inputs of unit 05 are drawn: tensors of random words and states, open cells and models, made-up vocabularies."""

import numpy as np
import torch

from autograder.exercises.exercise import Case
from autograder.sandbox.protocol import wire

START = (
    20,
    60,
)  # columns and units of the one cell whose own starting weights are looked at: far apart, so that roots are


def tensor(rng, *shape):
    return torch.from_numpy(rng.normal(size=shape))


def cell_weights(rng, D, H, scale=1.0):
    """The nine arrays that a GRUCell is loaded with: none zero, none symmetric."""
    shapes = {"W": (H, D), "U": (H, H), "b": (H,)}
    return {f"{kind}_{gate}": scale * rng.normal(size=shapes[kind]) for gate in "zrh" for kind in "WUb"}


def draw_cell(rng):
    def loaded(B, D, H, scale=1.0):
        state = torch.from_numpy(rng.uniform(-1, 1, size=(B, H)))
        return Case(((D, H), cell_weights(rng, D, H, scale), (tensor(rng, B, D), state)))

    words = (tensor(rng, 1, START[0]).float(), tensor(rng, 1, START[1]).float())
    return {
        "one example": loaded(1, 3, 2),
        "a batch": loaded(3, 4, 5, 0.6),
        "as many columns as units": loaded(2, 4, 4, 0.6),
        "one unit": loaded(4, 2, 1),
        "large numbers": loaded(3, 2, 4, 30.0),
        "its own weights": Case((START, None, words)),
    }


def draw_sentences(rng):
    """Words that spell nothing, so that nobody can know them beforehand."""
    made = ["".join(chr(97 + letter) for letter in rng.integers(26, size=6)) for _ in range(9)]
    words = [f"{word}{place}" for place, word in enumerate(made)]
    vectors = {word: rng.normal(size=4) for word in [*words, words[0].upper()]}
    a, b, c, d, e, f, *_ = words
    square = {word: rng.normal(size=3) for word in (a, b, c)}
    return {
        "a sentence": Case((f"{a} {b} {c} {d} {e}", vectors)),
        "another order": Case((f"{e} {c} {a} {b} {d}", vectors)),
        "a word twice": Case((f"{b} {f} {b}", vectors)),
        "one word": Case((d, vectors)),
        "more spaces": Case((f"  {c}   {a}  {f} ", vectors)),
        "as many words as columns": Case((f"{b} {c} {a}", square)),
        "a capital": Case((f"{b} {a.upper()} {a}", vectors)),
        "an unknown word": Case((f"{a} {b} stranger", vectors)),
        "an unknown capital": Case((f"{a} {b.upper()} {c}", vectors)),
        "an unknown comma": Case((f"{a} {b}, {c}.", vectors)),
    }


def draw_runs(rng):
    def run(T, B, D, H, like=None):
        weights = {"A": rng.normal(size=(D, H)), "B": rng.normal(size=(H, H)), "C": rng.normal(size=H)}
        return Case((wire.ModelSpec("cell", weights), tensor(rng, T, B, D), tensor(rng, B, H)))

    whole = run(6, 3, 2, 4)
    cell, x, h0 = whole.args
    later = x.clone()
    later[4:] = tensor(rng, *later[4:].shape)
    return {
        "a sequence": whole,
        "its last words changed": Case((cell, later, h0)),
        "one word": run(1, 2, 3, 5),
        "one example": run(4, 1, 3, 2),
        "as many words as examples": run(3, 3, 4, 4),
    }


def model(rng, D, K, M=5):
    """An open model to which a word of zeros is a word, too."""
    weights = {"A": rng.normal(size=(D, M)), "V": rng.normal(size=(M, K)), "decay": np.array(rng.uniform(0.6, 0.9))}
    weights["b"] = rng.choice([-1, 1], size=M) * rng.uniform(0.5, 1, size=M)
    return wire.ModelSpec("model", weights)


def draw_predictions(rng):
    def asked(T, B, D, K):
        return Case((model(rng, D, K), tensor(rng, T, B, D)))

    whole = asked(6, 3, 2, 4)
    later = whole.args[1].clone()
    later[4:] = tensor(rng, *later[4:].shape)
    return {
        "a batch": whole,
        "its last words changed": Case((whole.args[0], later)),
        "one sentence": asked(5, 1, 3, 4),
        "one word": asked(1, 2, 3, 5),
        "all sizes alike": asked(3, 3, 3, 3),
    }


def draw_influences(rng):
    def asked(T, B, D, K):
        return Case((model(rng, D, K), tensor(rng, T, B, D), torch.from_numpy(rng.permutation(K)[:B].copy())))

    return {
        "a batch": asked(6, 3, 2, 4),
        "one sentence": asked(5, 1, 3, 4),
        "one word": asked(1, 2, 3, 5),
        "all sizes alike": asked(4, 4, 4, 4),
    }


def draw_gates(rng):
    def gates(T, B, H, low=0.05, high=0.95):
        return Case((torch.from_numpy(rng.uniform(low, high, size=(T, B, H))),))

    shut = gates(4, 2, 3)
    shut.args[0][2, 0, 1], shut.args[0][1, 1, 0] = 0.0, 1.0
    return {
        "a batch": gates(6, 3, 4),
        "one sentence": gates(5, 1, 3),
        "one word": gates(1, 2, 3),
        "all sizes alike": gates(3, 3, 3),
        "gates quite open and quite shut": shut,
    }
