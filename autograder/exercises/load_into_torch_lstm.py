"""A torch LSTM that computes what ours computes."""

import numpy as np
import torch

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families.lstm import plain
from autograder.reference import lstm


def view(module):
    """What a torch LSTM computes with, however the bias is shared out between its two."""
    state = dict(module.state)
    W, U = state.pop("weight_ih_l0"), state.pop("weight_hh_l0")
    biases = [state.pop(name) for name in ("bias_ih_l0", "bias_hh_l0") if name in state]
    if module.kind != "LSTM" or any(bias.shape != W.shape[:1] for bias in biases):
        raise TypeError("not a torch.nn.LSTM as it was asked for")
    kind = {key: module.settings[key] for key in ("num_layers", "batch_first", "bidirectional", "proj_size")}
    return {"W": W, "U": U, "b": sum(biases), "kind": kind | {"precision": W.dtype.name}, "more": sorted(state)}
