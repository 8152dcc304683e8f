"""Wrong versions of unit 03's functions. Each docstring is the hint for an answer that equals that version."""

from autograder.exercises.lstm.misconceptions.backward import lstm_step_backward, peephole_lstm_step_backward
from autograder.exercises.lstm.misconceptions.gamma import gamma_lstm_step, mended_gamma_step
from autograder.exercises.lstm.misconceptions.names import (
    cell_path_gain,
    gamma_names,
    init_forget_bias,
    load_into_torch_lstm,
    lstm_from_gamma,
)
from autograder.exercises.lstm.misconceptions.sequences import lstm_backward, lstm_forward
from autograder.exercises.lstm.misconceptions.steps import lstm_step, peephole_lstm_step

__all__ = [
    "cell_path_gain",
    "gamma_lstm_step",
    "gamma_names",
    "init_forget_bias",
    "load_into_torch_lstm",
    "lstm_backward",
    "lstm_forward",
    "lstm_from_gamma",
    "lstm_step",
    "lstm_step_backward",
    "mended_gamma_step",
    "peephole_lstm_step",
    "peephole_lstm_step_backward",
]
