"""A torch LSTM that computes what ours computes."""

# torch says of a parameter only that it is a Tensor or a Module:
# pyright: reportIndexIssue=false

from itertools import permutations

import numpy as np
import torch

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families.lstm import PLAIN, plain
from autograder.exercises.families.parameters import copied_parameters
from autograder.exercises.families.torch_layers import filled, large_biases, layer_mistakes, view_layer
from autograder.reference import lstm

BIAS = "bias_ih_l0 + bias_hh_l0"
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
    seen = view_layer("LSTM", module)
    settings = seen["kind"] | {"other parameters": seen["the list of other parameters"]}
    return {
        "batch_first": settings.pop("batch_first"),
        "settings": settings,
        "weight_ih_l0": seen["W"],
        "weight_hh_l0": seen["U"],
        BIAS: sum(seen["biases"]),
    }


exercise = Exercise(lstm.load_into_torch_lstm, library=True, view=view)


@exercise.cases
def draw(rng):
    return {
        name: Case((plain(rng, D, H) | {f"b_{k}": large_biases(rng, H) for k in ORDER},))
        for name, (D, H) in SIZES.items()
    }


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


def stacked(params, order=ORDER):
    """Input weights, recurrent weights, and the two biases, in this order of blocks."""
    W, U, b = (np.concatenate([params[f"{start}{k}"] for k in order]) for start in ("W_x", "W_h", "b_"))
    return W, U, b, 0 * b


def loaded(params, order=ORDER, **options):
    """A torch LSTM filled in this order of blocks."""
    return filled("LSTM", stacked(params, order), **options)


for order in permutations(ORDER):
    if "".join(order) != ORDER:
        torchs = [k.replace("c", "g") for k in order]
        exercise.add_mistake(
            f"stacked_{'_'.join(torchs)}",
            f"You stack the blocks in the order {', '.join(torchs)}: torch takes i, f, g, o (its g is our c).",
            lambda params, order=order: loaded(params, order),
        )
for name, hint, made in (
    ("recurrent_blocks_transposed", "Your recurrent blocks are transposed: torch stores each as we do.", lambda p: loaded({name: value.T if name.startswith("W_h") else value for name, value in p.items()})),
    ("one_step_cell", "You return a torch.nn.LSTMCell, which takes one step: a torch.nn.LSTM runs over a sequence.", lambda p: torch.nn.LSTMCell(*p["W_xi"].shape[::-1], dtype=torch.float64)),
    ("forget_bias_raised", "The bias of your forget gate is larger than ours by 1: load what you are given.", lambda p: loaded(p | {"b_f": p["b_f"] + 1})),
):  # fmt: skip
    exercise.add_mistake(name, hint, made)
exercise.add(
    layer_mistakes("LSTM", stacked, without=["weights_swapped"]),
    copied_parameters(PLAIN.gates, at=0),
)


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
