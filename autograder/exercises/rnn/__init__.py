"""Unit 01: the exercises, in the order in which students meet them, and what each check is worth."""

import numpy as np

from autograder.exercises.checks import pure, related, values
from autograder.exercises.exercise import Exercise, collect
from autograder.exercises.rnn import alternatives, drawing, misconceptions
from autograder.reference import rnn


def gradient_of(name):
    return lambda result: result[1][name]


EXERCISES = (
    Exercise(
        rnn.sigmoid,
        drawing.draw_sigmoid,
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
        drawing.draw_rnn_step,
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
        drawing.draw_rnn_forward,
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
        drawing.draw_softmax_cross_entropy,
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
        drawing.draw_rnn_step_backward,
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
        drawing.draw_rnn_backward,
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
        drawing.draw_load_into_torch_rnn,
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
        view=drawing.view_torch_rnn,
    ),
    Exercise(
        rnn.recall_loss_and_gradients,
        drawing.draw_recall,
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
