"""How the inputs of unit 01's exercises are drawn, and what is looked at of a torch RNN."""

import numpy as np

from autograder.exercises.exercise import Case
from autograder.reference import rnn


def weights(rng, D, H, scale=1.0):
    """W (H, D), U (H, H) and b (H,): random, so neither symmetric nor zero."""
    return scale * rng.normal(size=(H, D)), scale * rng.normal(size=(H, H)), rng.normal(size=H)


def draw_sigmoid(rng):
    return {
        "numbers of ordinary size": Case((rng.normal(size=(3, 4)) * 3,)),
        "a single number": Case((float(rng.normal()),)),
        "a long row": Case((rng.normal(size=7),)),
        "whole numbers": Case((rng.integers(-5, 6, size=6),)),
        "very large numbers": Case((rng.uniform(800, 1000, size=5),), strict=True),
        "very negative numbers": Case((-rng.uniform(800, 1000, size=5),), strict=True),
    }


def draw_rnn_step(rng):
    def step(B, D, H, scale=1.0):
        return Case((rng.normal(size=(B, D)), rng.uniform(-1, 1, size=(B, H)), *weights(rng, D, H, scale)))

    return {
        "one example": step(1, 3, 2),
        "a batch": step(3, 4, 5, 0.5),
        "as many inputs as units": step(2, 4, 4, 0.5),
        "one unit": step(4, 2, 1),
        "large inputs": step(12, 2, 4, 20.0),  # so many that some state is not at its limit: there a bias shows
    }


def sequence(rng, T, B, D, H, scale=0.6):
    """Arguments of ``rnn_forward``, with a random initial state."""
    return rng.normal(size=(T, B, D)), rng.uniform(-1, 1, size=(B, H)), *weights(rng, D, H, scale)


def draw_rnn_forward(rng):
    x, h0, *cell = sequence(rng, 6, 3, 2, 4)
    later = x.copy()
    later[4:] = rng.normal(size=later[4:].shape)
    return {
        "a sequence": Case((x, h0, *cell)),
        "its last inputs changed": Case((later, h0, *cell)),
        "its batch reversed": Case((x[:, ::-1].copy(), h0[::-1].copy(), *cell)),
        "one step": Case(sequence(rng, 1, 2, 3, 5)),
        "one example": Case(sequence(rng, 4, 1, 3, 2)),
        "as many steps as examples": Case(sequence(rng, 3, 3, 3, 3)),
    }


def draw_softmax_cross_entropy(rng):
    def scores(N, K, scale=2.0):
        return Case((scale * rng.normal(size=(N, K)), rng.integers(0, K, size=N)))

    large = np.hstack([rng.uniform(-1000, 1000, size=(4, 2)), rng.uniform(800, 1000, size=(4, 1))])
    return {
        "several examples": scores(5, 3),
        "one example": scores(1, 4),
        "as many examples as classes": scores(4, 4),
        # In each row one score whose exponential is too large for a float64, at a random place.
        "very large scores": Case((rng.permuted(large, axis=1), rng.integers(0, 3, size=4)), strict=True),
    }


def draw_rnn_step_backward(rng):
    def step(B, D, H):
        x, h, (W, U, b) = rng.normal(size=(B, D)), rng.uniform(-1, 1, size=(B, H)), weights(rng, D, H, 0.5)
        return Case((rng.normal(size=(B, H)), x, h, rnn.rnn_step(x, h, W, U, b), W, U))

    return {"a batch": step(3, 4, 5), "one example": step(1, 3, 2), "as many inputs as units": step(2, 4, 4)}


def draw_rnn_backward(rng):
    def through_time(T, B, D, H):
        x, h0, W, U, b = sequence(rng, T, B, D, H)
        return Case((rng.normal(size=(T, B, H)), x, h0, rnn.rnn_forward(x, h0, W, U, b), W, U))

    return {
        "a sequence": through_time(5, 3, 2, 4),
        "one step": through_time(1, 2, 3, 5),
        "one example": through_time(4, 1, 3, 2),
        "as many steps as examples": through_time(3, 3, 3, 3),
    }


def draw_load_into_torch_rnn(rng):
    return {
        "more units": Case(weights(rng, 2, 5)),
        "more inputs": Case(weights(rng, 4, 3)),
        "as many inputs as units": Case(weights(rng, 3, 3)),
    }


def view_torch_rnn(module):
    """What a torch RNN computes with, however the bias is shared out between its two."""
    if module.kind != "RNN":
        raise TypeError("not a torch.nn.RNN")
    state = dict(module.state)
    bias = np.asarray(state.pop("bias_ih_l0", 0.0)) + np.asarray(state.pop("bias_hh_l0", 0.0))
    kind = {key: module.settings[key] for key in ("mode", "num_layers", "batch_first", "bidirectional")}
    W, U = state.pop("weight_ih_l0"), state.pop("weight_hh_l0")
    return {"W": W, "U": U, "b": bias, "kind": kind | {"precision": W.dtype.name}, "more": sorted(state)}


def draw_recall(rng):
    def task(T, B, S, H, K):
        x = np.eye(S)[rng.integers(0, S, size=(T, B))]
        W, U, b = weights(rng, S, H, 0.6)
        params = {"W": W, "U": U, "b": b, "V": rng.normal(size=(S, H)), "c": rng.normal(size=S)}
        return Case((x, rng.integers(0, S, size=(K, B)), params))

    return {
        "a delay": task(6, 3, 4, 5, 4),
        "no delay": task(4, 2, 3, 5, 4),
        "only the last step": task(5, 2, 3, 4, 1),
        "one example": task(5, 1, 3, 2, 3),
    }
