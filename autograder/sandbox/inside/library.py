"""No library may do the exercise: while a function is asked, torch's ready-made recurrent layers refuse to work."""

import sys

READY_MADE = {
    "rnn_tanh",
    "rnn_relu",
    "lstm",
    "gru",
    "rnn_tanh_cell",
    "rnn_relu_cell",
    "lstm_cell",
    "gru_cell",
    "mkldnn_rnn_layer",
    "_thnn_fused_lstm_cell",
    "_thnn_fused_gru_cell",
    "_cudnn_rnn",
    "quantized_lstm",
    "quantized_gru",
    "quantized_lstm_cell",
    "quantized_gru_cell",
    "quantized_rnn_tanh_cell",
    "quantized_rnn_relu_cell",
}


class LibraryDoesTheExercise(RuntimeError):
    """A ready-made recurrent layer was called where the student was to write it."""


class refused:
    """Within the block, every call of a recurrent layer of torch raises ``LibraryDoesTheExercise``.

    torch shows each of its functions to a ``TorchFunctionMode`` before it runs, whichever name it was reached by.
    """

    def __enter__(self):
        self.mode = None
        if "torch" in sys.modules:
            self.mode = _mode()
            self.mode.__enter__()

    def __exit__(self, *_):
        if self.mode is not None:
            self.mode.__exit__(None, None, None)


def _mode():
    from torch.overrides import TorchFunctionMode

    class Refuse(TorchFunctionMode):
        def __torch_function__(self, function, types, args=(), kwargs=None):
            name = getattr(function, "__name__", str(function))
            if name.split(".")[0] in READY_MADE or name in READY_MADE:
                raise LibraryDoesTheExercise(f"torch's {name} may not do this exercise")
            return function(*args, **(kwargs or {}))

    return Refuse()
