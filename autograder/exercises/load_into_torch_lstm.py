"""A torch LSTM that computes what ours computes."""

from itertools import permutations

import numpy as np
import torch

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families.lstm import PLAIN, plain
from autograder.exercises.families.parameters import copied_parameters
from autograder.reference import lstm

BIAS = "bias_ih_l0 + bias_hh_l0"
KINDS = {"W_x": "input weights", "W_h": "recurrent weights", "b_": "biases"}
ORDER = "ifco"  # torch's
SIZES = {
    "more units": (2, 5),
    "more inputs": (4, 3),
    "as many inputs as units": (3, 3),
    "one unit": (2, 1),
    "one of each": (1, 1),
}


def view(module):
    """What a torch LSTM computes with, however the bias is shared out between its two; of other modules only the type."""
    if module.kind != "LSTM":
        return {"type": module.kind}
    state = dict(module.state)
    W, U = state.pop("weight_ih_l0"), state.pop("weight_hh_l0")
    biases = [state.pop(name) for name in ("bias_ih_l0", "bias_hh_l0") if name in state]
    settings = {key: module.settings[key] for key in ("num_layers", "bidirectional", "proj_size")}
    return {
        "settings": settings | {"dtype": W.dtype.name, "other parameters": sorted(state)},
        "batch_first": module.settings["batch_first"],
        "weight_ih_l0": W,
        "weight_hh_l0": U,
        BIAS: sum(biases) if biases else None,
    }


exercise = Exercise(lstm.load_into_torch_lstm, library=True, view=view)


@exercise.cases
def draw(rng):
    return {name: Case((plain(rng, *sizes),)) for name, sizes in SIZES.items()}


def of_one_layer(key):
    """Part of what is judged, beside the kind of network: a right matrix counts only where it is the only one."""
    return lambda seen: (seen["settings"], seen[key])


TIGHT = (1e-12, 1e-12)
exercise.checks(
    values(
        "one layer in float64: the input weights, stacked", *SIZES, part=of_one_layer("weight_ih_l0"), tolerance=TIGHT
    ),
    values("the recurrent weights, stacked", *SIZES, part=of_one_layer("weight_hh_l0"), tolerance=TIGHT),
    values("the sum of the two biases, stacked", *SIZES, part=of_one_layer(BIAS), tolerance=TIGHT),
    values("time first", *SIZES, part="batch_first", weight=0.5, property=True),
)


def loaded(params, order=ORDER, more=0.0, sizes=None, dtype=torch.float64, **options):
    """A torch LSTM filled in this order of blocks, with ``more`` times the bias in its second bias."""
    H, D = sizes or params["W_xi"].shape
    module = torch.nn.LSTM(D, H, dtype=dtype, **options)
    stacked = [torch.tensor(np.concatenate([params[f"{start}{k}"] for k in order])) for start in KINDS]
    with torch.no_grad():
        module.weight_ih_l0.copy_(stacked[0])
        module.weight_hh_l0.copy_(stacked[1])
        if module.bias:
            module.bias_ih_l0.copy_(stacked[2])
            module.bias_hh_l0.copy_(more * stacked[2])
    return module


def emptied(module):
    """The module, with zeros in all that is not its first layer's, forwards."""
    own = ("weight_ih_l0", "weight_hh_l0", "bias_ih_l0", "bias_hh_l0")
    with torch.no_grad():
        for name, value in module.named_parameters():
            value *= name in own
    return module


def turned(params, start):
    """Parameters of which the matrices of one kind are transposed."""
    return {name: value.T if name.startswith(start) else value for name, value in params.items()}


for order in permutations(ORDER):
    if "".join(order) != ORDER:
        torchs = [k.replace("c", "g") for k in order]
        exercise.add_mistake(
            f"stacked_{'_'.join(torchs)}",
            f"You stack the blocks in the order {', '.join(torchs)}: torch takes i, f, g, o (its g is our c).",
            lambda params, order=order: loaded(params, order),
        )
for name, hint, made in (
    (
        "bias_in_both",
        "torch adds its two biases up, so with b in both your network has it twice.",
        lambda p: loaded(p, more=1.0),
    ),
    (
        "bias_missing",
        "Your network has no bias at all: the sum of torch's two must be ours.",
        lambda p: loaded(p, more=-1.0),
    ),
    (
        "without_biases",
        "Your network is made with bias=False: it needs biases, and their sum must be ours.",
        lambda p: loaded(p, bias=False),
    ),
    (
        "recurrent_blocks_transposed",
        "Your recurrent blocks are transposed: torch stores each as we do.",
        lambda p: loaded(turned(p, "W_h")),
    ),
    (
        "single_precision",
        "Your network computes in float32, torch's default: ask for dtype=torch.float64.",
        lambda p: loaded(p, dtype=torch.float32),
    ),
    (
        "rounded_to_single_precision",
        "Your network is in float64, but its numbers were float32 for a while: they keep about seven digits.",
        lambda p: loaded({name: value.astype(np.float32) for name, value in p.items()}),
    ),
    (
        "batch_first",
        "Your network takes the batch first: leave batch_first at its default.",
        lambda p: loaded(p, batch_first=True),
    ),
    (
        "two_layers",
        "Your network has a second layer: leave num_layers at 1.",
        lambda p: emptied(loaded(p, num_layers=2)),
    ),
    (
        "bidirectional",
        "Your network reads the sequence in both directions: leave bidirectional at its default.",
        lambda p: emptied(loaded(p, bidirectional=True)),
    ),
    (
        "one_step_cell",
        "You return a torch.nn.LSTMCell, which takes one step: a torch.nn.LSTM runs over a sequence.",
        lambda p: torch.nn.LSTMCell(*p["W_xi"].shape[::-1], dtype=torch.float64),
    ),
    (
        "forget_bias_raised",
        "The bias of your forget gate is larger than ours by 1: load what you are given.",
        lambda p: loaded(p | {"b_f": p["b_f"] + 1}),
    ),
):
    exercise.add_mistake(name, hint, made)
exercise.add(copied_parameters(PLAIN.gates, at=0))


@exercise.right
def by_state_dict(params):
    H, D = params["W_xi"].shape
    module = torch.nn.LSTM(D, H).double()
    stacks = [torch.tensor(np.vstack([params[name + k] for k in "ifco"])) for name in ("W_x", "W_h")]
    bias = torch.tensor(np.hstack([params["b_" + k] for k in "ifco"]))
    module.load_state_dict(
        {"weight_ih_l0": stacks[0], "weight_hh_l0": stacks[1], "bias_ih_l0": 0 * bias, "bias_hh_l0": bias}
    )
    return module


@exercise.right
def block_by_block(params):
    H, D = params["W_xi"].shape
    module = torch.nn.LSTM(D, H, dtype=torch.float64)
    for place, k in enumerate("ifco"):
        rows = slice(place * H, (place + 1) * H)
        module.weight_ih_l0.data[rows] = torch.tensor(params["W_x" + k])
        module.weight_hh_l0.data[rows] = torch.tensor(params["W_h" + k])
        module.bias_ih_l0.data[rows] = module.bias_hh_l0.data[rows] = torch.tensor(params["b_" + k]) / 2
    return module


@exercise.right
def by_parameters(params):
    H, D = params["W_xi"].shape
    module = torch.nn.LSTM(D, H).double()
    for name, key in (("weight_ih_l0", "W_x"), ("weight_hh_l0", "W_h"), ("bias_ih_l0", "b_")):
        setattr(module, name, torch.nn.Parameter(torch.cat([torch.tensor(params[key + k]) for k in "ifco"])))
    module.bias_hh_l0 = torch.nn.Parameter(torch.zeros(4 * H, dtype=torch.float64))
    return module
