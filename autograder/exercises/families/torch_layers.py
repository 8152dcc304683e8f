"""torch's recurrent layers, filled with weights of ours: what is looked at, and what goes wrong with any of them."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch

from autograder.checking.exercise import Exercise
from autograder.sandbox.protocol import wire

SETTINGS = ("mode", "num_layers", "batch_first", "bidirectional")
Weights = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # of the input, recurrent, and the two biases


def view_layer(kind: str, module: wire.Module) -> dict[str, Any]:
    """What a layer of this kind computes with: W, U, its two biases, its settings, and the names of any other weights.

    Sizes are checked before anything is computed: a student's code has made this module.
    """
    if module.kind != kind:
        raise TypeError(f"not a torch.nn.{kind}")
    state = dict(module.state)
    W, U = state.pop("weight_ih_l0"), state.pop("weight_hh_l0")
    biases = [np.asarray(state.pop(name, np.zeros(len(W)))) for name in ("bias_ih_l0", "bias_hh_l0")]
    if any(bias.shape != (len(W),) for bias in biases):
        raise ValueError("a bias of another size")
    biases = known_starts(biases[0], biases[1], U.shape[1])
    settings = {key: module.settings[key] for key in SETTINGS}
    precision = W.dtype.name + (" of numbers rounded to float32" if np.array_equal(W, W.astype(np.float32)) else "")
    return {
        "W": W,
        "U": U,
        "biases": biases,
        "kind": settings | {"precision": precision},
        "the list of other parameters": sorted(state),
    }


def large_biases(rng: np.random.Generator, units: int) -> np.ndarray:
    """Whole numbers far larger than those that torch starts from, however a bias is shared out between torch's two."""
    return rng.choice([-1.0, 1.0], size=units) * rng.integers(300, 500, size=units)


def known_starts(first: np.ndarray, second: np.ndarray, units: int) -> list[np.ndarray]:
    """The two biases; where they do not add up to whole numbers, torch's random start is replaced by the same numbers each time."""
    both = first + second
    if np.allclose(both, np.round(both), 0, 1e-3):
        return [first, second]
    return [0 * one + 0.1 if np.all((one != 0) & (np.abs(one) <= units**-0.5)) else one for one in (first, second)]


def filled(kind: str, weights: Weights, exchanged: bool = False, **options: Any) -> torch.nn.RNNBase:
    """A layer of torch with these weights; an error where they do not fit."""
    W, U, *_ = weights
    sizes = (W.shape[1], U.shape[1])
    layer = getattr(torch.nn, kind)(*(sizes[::-1] if exchanged else sizes), **({"dtype": torch.float64} | options))
    with torch.no_grad():
        for name, array in zip(("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0"), weights, strict=True):
            if hasattr(layer, name):
                getattr(layer, name).copy_(torch.tensor(array))
    return layer


def layer_mistakes(
    kind: str, weights: Callable[..., Weights], without: Sequence[str] = ()
) -> Callable[[Exercise], None]:
    """Mistakes with a torch layer of any kind, but ``without`` those of these names.

    ``weights``: from the exercise's arguments to what the right layer holds.
    """

    def add(exercise: Exercise) -> None:
        def mistake(name: str, hint: str, change: Callable[..., Weights] = lambda *w: w, **options: Any) -> None:
            if name in without:
                return
            exercise.add_mistake(name, hint, lambda *args: filled(kind, change(*weights(*args)), **options))

        mistake(
            "single_precision",
            "Your network computes in float32, torch's default: ask for dtype=torch.float64.",
            dtype=torch.float32,
        )
        mistake(
            "rounded_to_single_precision",
            "Your network is in float64, but its numbers were float32 for a while: they keep about seven digits.",
            lambda *w: tuple(one.astype(np.float32).astype(np.float64) for one in w),
        )
        for name, hint, options in (
            ("sizes_exchanged", "You exchange the number of inputs and the number of units: the input weights have a column per input.", {"exchanged": True}),
            ("batch_first", "Your network takes the batch first: leave batch_first at its default, time comes first in this course.", {"batch_first": True}),
            ("two_layers", "Your network has two layers: leave num_layers at its default, 1.", {"num_layers": 2}),
            ("both_directions", "Your network runs in both directions: leave bidirectional at its default, False.", {"bidirectional": True}),
        ):  # fmt: skip
            mistake(name, hint, lambda *w: w, **options)
        for name, hint, change in (
            ("bias_missing", "Your network has no biases, or zeros: together, torch's two biases must give ours.", lambda W, U, b_x, b_h: (W, U, 0 * b_x, 0 * b_h)),
            ("bias_left_random", "One bias of your network keeps the random numbers that torch starts from: set both, so that they add up to ours.", lambda W, U, b_x, b_h: (W, U, b_x, 0 * b_h + 0.1)),
            ("both_biases_left_random", "Both biases of your network keep the random numbers that torch starts from: set both, so that they add up to ours.", lambda W, U, b_x, b_h: (W, U, 0 * b_x + 0.1, 0 * b_h + 0.1)),
            ("bias_in_both", "torch adds its two biases, so with ours in both your network has it twice.", lambda W, U, b_x, b_h: (W, U, b_x + b_h, b_x + b_h)),
            ("bias_negated", "Your network's biases have the wrong sign.", lambda W, U, b_x, b_h: (W, U, -b_x, -b_h)),
            ("weights_swapped", "The two weight matrices are exchanged: weight_ih_l0 is that of the input, weight_hh_l0 that of the state.", lambda W, U, b_x, b_h: (U, W, b_x, b_h)),
            ("input_weights_left_random", "Your network's input weights are not ours: copy them into weight_ih_l0.", lambda W, U, b_x, b_h: (0.1 * np.ones_like(W), U, b_x, b_h)),
            ("recurrent_weights_left_random", "Your network's recurrent weights are not ours: copy them into weight_hh_l0.", lambda W, U, b_x, b_h: (W, 0.1 * np.ones_like(U), b_x, b_h)),
        ):  # fmt: skip
            mistake(name, hint, change)

    return add
