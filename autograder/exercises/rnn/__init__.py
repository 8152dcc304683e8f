"""Unit 01: the exercises, how their inputs are drawn, and what each check is worth."""

import numpy as np

from autograder.exercises.checks import pure, related, values
from autograder.exercises.exercise import Case, Exercise, collect
from autograder.exercises.rnn import alternatives, misconceptions
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

    return {
        "several examples": scores(5, 3),
        "one example": scores(1, 4),
        "as many examples as classes": scores(4, 4),
        "very large scores": Case((rng.uniform(-1000, 1000, size=(4, 3)), rng.integers(0, 3, size=4)), strict=True),
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


def gradient_of(name):
    return lambda result: result[1][name]


EXERCISES = (
    Exercise(
        rnn.sigmoid,
        draw_sigmoid,
        (
            values("the logistic function of ordinary numbers", "numbers of ordinary size", "a long row", weight=2),
            values("a single number, and whole numbers", "a single number", "whole numbers"),
            values(
                "very large and very negative numbers, without overflow", "very large numbers", "very negative numbers"
            ),
            pure("numbers of ordinary size", weight=0.5),
        ),
        collect(misconceptions.sigmoid),
        collect(alternatives.sigmoid),
    ),
    Exercise(
        rnn.rnn_step,
        draw_rnn_step,
        (
            values("the new state of one example", "one example"),
            values("the new states of a batch", "a batch", "one unit"),
            values("each weight matrix the right way round", "as many inputs as units"),
            values("large inputs", "large inputs", weight=0.5),
            pure("one example", "a batch"),
        ),
        collect(misconceptions.rnn_step),
        collect(alternatives.rnn_step),
    ),
    Exercise(
        rnn.rnn_forward,
        draw_rnn_forward,
        (
            values("all states of a sequence", "a sequence", weight=2),
            values("a sequence of one step", "one step"),
            values("one example, and as many steps as examples", "one example", "as many steps as examples"),
            related(
                "a later input does not change an earlier state",
                "a sequence",
                "its last inputs changed",
                lambda a, b: np.allclose(a[:4], b[:4]) and not np.allclose(a[4:], b[4:]),
                weight=0.5,
            ),
            related(
                "the examples of a batch do not mix",
                "a sequence",
                "its batch reversed",
                lambda a, b: np.allclose(a[:, ::-1], b),
                weight=0.5,
            ),
            pure("a sequence", weight=0.5),
        ),
        collect(misconceptions.rnn_forward),
        collect(alternatives.rnn_forward),
        uses=("rnn_step",),
    ),
    Exercise(
        rnn.softmax_cross_entropy,
        draw_softmax_cross_entropy,
        (
            values("the loss", "several examples", "one example", "as many examples as classes", weight=2, part=0),
            values("the gradient", "several examples", "one example", "as many examples as classes", weight=2, part=1),
            values("very large scores, without overflow", "very large scores"),
            pure("several examples", weight=0.5),
        ),
        collect(misconceptions.softmax_cross_entropy),
        collect(alternatives.softmax_cross_entropy),
    ),
    Exercise(
        rnn.rnn_step_backward,
        draw_rnn_step_backward,
        (
            *tuple(
                values(f"the gradient of {letter}", "a batch", "one example", "as many inputs as units", part=index)
                for index, letter in enumerate(("the input x", "the old state h", "W", "U", "b"))
            ),
            pure("a batch", weight=0.5),
        ),
        collect(misconceptions.rnn_step_backward),
        collect(alternatives.rnn_step_backward),
    ),
    Exercise(
        rnn.rnn_backward,
        draw_rnn_backward,
        (
            *tuple(
                values(
                    f"the gradient of {letter}", "a sequence", "one example", "as many steps as examples", part=index
                )
                for index, letter in enumerate(("every input", "the initial state h0", "W", "U", "b"))
            ),
            values("a sequence of one step", "one step", weight=0.5),
            pure("a sequence", weight=0.5),
        ),
        collect(misconceptions.rnn_backward),
        collect(alternatives.rnn_backward),
        uses=("rnn_step_backward",),
    ),
    Exercise(
        rnn.load_into_torch_rnn,
        draw_load_into_torch_rnn,
        (
            values("the input weights", "more units", "more inputs", "as many inputs as units", part="W"),
            values("the recurrent weights", "more units", "more inputs", "as many inputs as units", part="U"),
            values("the sum of the two biases", "more units", "more inputs", part="b"),
            values(
                "one tanh layer in float64, time first, nothing else",
                "more units",
                part=lambda view: (view["kind"], view["more"]),
                weight=0.5,
            ),
        ),
        collect(misconceptions.load_into_torch_rnn),
        collect(alternatives.load_into_torch_rnn),
        library=True,
        view=view_torch_rnn,
    ),
    Exercise(
        rnn.recall_loss_and_gradients,
        draw_recall,
        (
            values("the loss", "a delay", "no delay", "only the last step", part=0),
            *tuple(
                values(f"the gradient of {name}", "a delay", "no delay", "only the last step", part=gradient_of(name))
                for name in ("W", "U", "b", "V", "c")
            ),
            values("one example", "one example", weight=0.5),
            pure("a delay", weight=0.5),
        ),
        collect(misconceptions.recall_loss_and_gradients),
        collect(alternatives.recall_loss_and_gradients),
        uses=("rnn_forward", "softmax_cross_entropy", "rnn_backward"),
    ),
)
