"""torch's RNN filled with the weights of an Elman network."""

# torch says of a parameter only that it is a Tensor or a Module:
# pyright: reportIndexIssue=false, reportCallIssue=false

import torch

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises import rnn_step
from autograder.exercises.families import forms, torch_layers
from autograder.reference import rnn


def view(module):
    """What a torch RNN computes with, however the bias is shared out between its two."""
    found = torch_layers.view_layer("RNN", module)
    b_x, b_h = found.pop("biases")
    return found | {"b": b_x + b_h}


exercise = Exercise(rnn.load_into_torch_rnn, library=True, view=view)
SIZES = {
    "more units": (1, 2, 5),
    "more inputs": (1, 4, 3),
    "as many inputs as units": (1, 3, 3),
    "one of everything": (1, 1, 1),
}


@exercise.cases
def draw(rng):
    drawn = {name: rnn_step.arguments(rng, *sizes)[2:4] for name, sizes in SIZES.items()}
    return {name: Case((W, U, torch_layers.large_biases(rng, len(U)))) for name, (W, U) in drawn.items()}


for name, words in (("W", "the input weights"), ("U", "the recurrent weights"), ("b", "the sum of the two biases")):
    exercise.checks(
        values(
            f"{words}, in one tanh layer in float64, time first",
            *SIZES,
            part=lambda view, name=name: (view["kind"], view["the list of other parameters"], view[name]),
        )
    )
exercise.checks(pure("more units", weight=0.5))
exercise.add(torch_layers.layer_mistakes("RNN", lambda W, U, b: (W, U, b, 0 * b)))


@exercise.wrong
def input_weights_transposed(W, U, b):
    """Your input weights are transposed: torch stores weight_ih_l0 as (H, D), just as W is."""
    layer = rnn.load_into_torch_rnn(W, U, b)
    layer.weight_ih_l0 = torch.nn.Parameter(layer.weight_ih_l0.T.clone())
    return layer


for name, hint, wrong in (
    ("recurrent_weights_transposed", "Your recurrent weights are transposed: torch stores weight_hh_l0 just as U is.", lambda W, U, b: rnn.load_into_torch_rnn(W, U.T, b)),
    ("relu", "Your network squashes with relu: ours uses tanh, torch's default.", lambda W, U, b: torch_layers.filled("RNN", (W, U, b, 0 * b), nonlinearity="relu")),
    ("bias_halved", "Your network's biases add up to half of b: torch adds the two, it does not average them.", lambda W, U, b: torch_layers.filled("RNN", (W, U, b / 2, 0 * b))),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def another_layer(W, U, b):
    """You return no torch.nn.RNN: a torch.nn.RNNCell is one step, a Linear is a matrix product."""
    cell = torch.nn.RNNCell(W.shape[1], len(b), dtype=torch.float64)
    with torch.no_grad():
        for name, array in (("weight_ih", W), ("weight_hh", U), ("bias_ih", b), ("bias_hh", 0 * b)):
            getattr(cell, name).copy_(torch.tensor(array))
    return cell


exercise.add(forms.overwrites_arguments())


@exercise.right
def by_state_dict(W, U, b):
    module = torch.nn.RNN(W.shape[1], W.shape[0]).double()
    module.load_state_dict(
        {
            "weight_ih_l0": torch.from_numpy(W),
            "weight_hh_l0": torch.from_numpy(U),
            "bias_ih_l0": torch.zeros(len(b), dtype=torch.float64),
            "bias_hh_l0": torch.from_numpy(b),
        }
    )
    return module


@exercise.right
def bias_shared_out(W, U, b):
    module = torch.nn.RNN(W.shape[1], W.shape[0], dtype=torch.float64)
    module.weight_ih_l0.data[:], module.weight_hh_l0.data[:] = torch.tensor(W), torch.tensor(U)
    module.bias_ih_l0.data[:] = torch.tensor(b) - torch.as_tensor(module.bias_hh_l0.data)
    return module


@exercise.right
def by_parameters(W, U, b):
    module = torch.nn.RNN(input_size=W.shape[1], hidden_size=U.shape[0], num_layers=1, nonlinearity="tanh").double()
    for name, array in (("weight_ih_l0", W), ("weight_hh_l0", U), ("bias_ih_l0", 3 * b), ("bias_hh_l0", -2 * b)):
        setattr(module, name, torch.nn.Parameter(torch.tensor(array)))
    return module.eval()
