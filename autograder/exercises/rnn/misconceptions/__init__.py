"""Wrong versions of unit 01's functions. Each docstring is the hint for an answer that equals that version."""

from autograder.exercises.rnn.misconceptions.backward import rnn_backward, rnn_step_backward
from autograder.exercises.rnn.misconceptions.forward import rnn_forward, rnn_step, sigmoid
from autograder.exercises.rnn.misconceptions.learning import (
    load_into_torch_rnn,
    recall_loss_and_gradients,
    softmax_cross_entropy,
)

__all__ = [
    "load_into_torch_rnn",
    "recall_loss_and_gradients",
    "rnn_backward",
    "rnn_forward",
    "rnn_step",
    "rnn_step_backward",
    "sigmoid",
    "softmax_cross_entropy",
]
