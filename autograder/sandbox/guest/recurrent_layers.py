"""While an exercise is called that is to be written by hand, torch's ready-made recurrent layers raise an error.

This tells honest students early that a layer does not count. Student code runs in the same process and can undo it.
"""

import contextlib
from collections.abc import Iterator
from typing import Any, NoReturn
from unittest import mock

LAYERS = ("RNN", "LSTM", "GRU", "RNNCell", "LSTMCell", "GRUCell")
FUNCTIONS = ("rnn_tanh", "rnn_relu", "lstm", "gru", "rnn_tanh_cell", "rnn_relu_cell", "lstm_cell", "gru_cell")


class LibraryDoesTheExercise(RuntimeError):
    """A ready-made recurrent layer was called where students write it themselves."""


@contextlib.contextmanager
def without_recurrent_layers() -> Iterator[None]:
    """Within the block, every call of a recurrent layer of torch raises ``LibraryDoesTheExercise``."""
    try:
        import torch
    except ImportError:
        yield
        return
    with contextlib.ExitStack() as stack:
        for name in LAYERS:
            stack.enter_context(mock.patch.object(getattr(torch.nn, name), "forward", _refuse))
        for name in FUNCTIONS:
            stack.enter_context(mock.patch.object(torch, name, _refuse))
        yield


def _refuse(*_: Any, **__: Any) -> NoReturn:
    raise LibraryDoesTheExercise("a ready-made recurrent layer may not do this exercise")
