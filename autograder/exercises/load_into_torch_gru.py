"""A torch.nn.GRU that is the reset-after twin of a GRU in the z/r notation."""

# torch says of a parameter only that it is a Tensor or a Module:
# pyright: reportIndexIssue=false, reportArgumentType=false

from itertools import permutations

import numpy as np
import torch

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families.gru import Z_NEW
from autograder.exercises.families.torch_layers import known_starts, large_biases
from autograder.reference import gru_notations
from autograder.sandbox.protocol import wire

SIZES = {
    "more units": (2, 5),
    "more inputs": (4, 3),
    "as many inputs as units": (3, 3),
    "one unit": (2, 1),
    "one of everything": (1, 1),
}


def view_torch_gru(module):
    """What a torch GRU computes with: for r and z only the sum of its two biases counts, for n each by itself."""
    if not isinstance(module, wire.Module):
        raise TypeError("not a module")
    if module.kind != "GRU":
        return {"the type of the layer": module.kind}
    state = dict(module.state)
    precision = state["weight_ih_l0"].dtype.name
    W, U = (np.asarray(state.pop(name), dtype=float) for name in ("weight_ih_l0", "weight_hh_l0"))
    b_x, b_h = (np.asarray(state.pop(name, np.zeros(len(W))), dtype=float) for name in ("bias_ih_l0", "bias_hh_l0"))
    if not b_x.shape == b_h.shape == (len(W),):
        raise ValueError("biases that do not fit the weights")
    b_x, b_h = known_starts(b_x, b_h, U.shape[1])
    gates = 2 * U.shape[1]
    kind = {key: module.settings[key] for key in ("num_layers", "batch_first", "bidirectional")}
    return {
        "weight_ih_l0": W,
        "weight_hh_l0": U,
        "the biases of r and z": (b_x + b_h)[:gates],
        "b_in": b_x[gates:],
        "b_hn": b_h[gates:],
        "the kind of layer": kind | {"precision": precision},
        "further parameters": sorted(state),
    }


exercise = Exercise(gru_notations.load_into_torch_gru, library=True, view=view_torch_gru)


@exercise.cases
def cells(rng):
    return {
        name: Case((Z_NEW.parameters(rng, D, H) | {f"b_{g}": large_biases(rng, H) for g in "zrh"},))
        for name, (D, H) in SIZES.items()
    }


NEAR, EXACT = (1e-6, 1e-6), (1e-12, 1e-14)  # precision has a check of its own: nothing is computed but signs
PARTS = ("weight_ih_l0", "weight_hh_l0", "the biases of r and z", "b_in", "b_hn")


def parts(*names):
    return lambda view: [view[name] for name in names]


exercise.checks(
    values("the input weights", *SIZES, part=parts("weight_ih_l0"), tolerance=NEAR),
    values("the recurrent weights", *SIZES, part=parts("weight_hh_l0"), tolerance=NEAR),
    values("the biases of the two gates", *SIZES, part=parts("the biases of r and z"), weight=0.5, tolerance=NEAR),
    values(
        "the bias of the candidate, outside the product with r",
        *SIZES,
        part=parts("b_in", "b_hn"),
        weight=0.5,
        tolerance=NEAR,
    ),
    values("numbers in full precision", *SIZES, part=parts(*PARTS), weight=0.25, tolerance=EXACT),
    values(
        "one layer in float64, time first, nothing else",
        *SIZES,
        part=parts("the kind of layer", "further parameters"),
        weight=0.5,
        property=True,
    ),
    pure(*SIZES, weight=0.25),
)


def loaded(params, order="rzh", negated="WUb", one_minus="", also="", biases=None, options=None, layer=torch.nn.GRU):
    """A torch GRU filled with these arrays, correctly if nothing else is said.

    Args:
        negated, one_minus: which of the update gate's tensors are negated, or become one minus themselves.
        also: other gates that are negated. biases: from the stacked bias to both of torch's. options: of the layer.
    """

    def stacked(kind):
        rows = {gate: (-1 if gate in also else 1) * params[f"{kind}_{gate}"] for gate in order}
        if kind in one_minus:
            rows["z"] = 1 - rows["z"]
        elif kind in negated:
            rows["z"] = -rows["z"]
        return np.concatenate([rows[gate] for gate in order])

    W, U, b = (stacked(kind) for kind in "WUb")
    module = layer(W.shape[1], U.shape[1], **({"dtype": torch.float64} | (options or {})))
    with torch.no_grad():
        for place, array in zip(module.parameters(), (W, U, *(biases(b) if biases else (b, 0 * b))), strict=False):
            place.copy_(torch.tensor(array))
    return module


def mistake(name, hint, **change):
    exercise.add_mistake(name, hint, lambda params: loaded(params, **change))


SIDES = "z weighs the new state here and the old one in torch, so its W, U and b are negated"
for order in list(permutations("rzh"))[1:]:
    read = ", ".join(order).replace("h", "n")
    name, said = f"rows_{''.join(order)}", f"Your rows are stacked in the order {read}"
    mistake(name, f"{said}: torch's order is r, z, n.", order=order)
    mistake(f"{name}_not_negated", f"{said}, where torch's is r, z, n; and {SIDES}.", order=order, negated="")
mistake("not_negated", f"Your update gate went in as it was: {SIDES}.", negated="")
for kinds in ("W", "U", "b", "WU", "Wb", "Ub", "WUb"):
    said = " and ".join(f"{kind}_z" for kind in kinds)
    if kinds != "WUb":
        negated = "".join(set("WUb") - set(kinds))
        mistake(f"{kinds}_not_negated", f"Your network has {said} as given: {SIDES}.", negated=negated)
    mistake(
        f"one_minus_{kinds}",
        f"You take one minus {said}: {SIDES}; one minus is what the gate becomes.",
        one_minus=kinds,
    )
for gates, negated in (("r", ""), ("h", ""), ("rh", ""), ("r", "WUb"), ("h", "WUb"), ("rh", "WUb")):
    said = " and ".join({"r": "the reset gate", "h": "the candidate"}[gate] for gate in gates)
    mistake(
        f"{'z' if negated else ''}{gates}_negated",
        f"You negated {said}{', and the update gate' if negated else ''}: only the update gate changes sides.",
        negated=negated,
        also=gates,
    )
for name, hint, biases in (
    ("bias_in_both", "Your biases are in there twice, in bias_ih_l0 and in bias_hh_l0: torch adds the two.", lambda b: (b, b)),
    ("bias_beside_the_state", "Your b_h is in bias_hh_l0, where the reset gate multiplies it: it belongs into bias_ih_l0.", lambda b: (0 * b, b)),
    ("bias_halved", "Half of your b_h is in bias_hh_l0, where the reset gate multiplies it: all of it belongs into bias_ih_l0.", lambda b: (b / 2, b / 2)),
    ("second_bias_left_random", "bias_hh_l0 keeps the random numbers that torch starts from: set it to zeros.", lambda b: (b, 0 * b + 0.1)),
    ("both_biases_left_random", "Both biases keep the random numbers that torch starts from: fill bias_ih_l0, and set bias_hh_l0 to zeros.", lambda b: (0 * b + 0.1, 0 * b + 0.1)),
    ("bias_missing", "Your network has no biases: b_r, b_z (negated) and b_h go into bias_ih_l0.", lambda b: (0 * b, 0 * b)),
    ("bias_of_candidate_missing", "Your network leaves out b_h: it goes into bias_ih_l0, in the rows of n.", lambda b: (np.concatenate([b[: 2 * len(b) // 3], 0 * b[2 * len(b) // 3 :]]), 0 * b)),
):  # fmt: skip
    mistake(name, hint, biases=biases)
for name, hint, options in (
    ("single_precision", "Your network computes in float32, torch's default: ask for dtype=torch.float64.", {"dtype": torch.float32}),
    ("batch_first", "Your network takes the batch first: leave batch_first at its default, time comes first in this course.", {"batch_first": True}),
    ("batch_first_in_single_precision", "Your network takes the batch first and computes in float32: it should do neither.", {"batch_first": True, "dtype": torch.float32}),
):  # fmt: skip
    mistake(name, hint, options=options)


for called, hint, wrong in (
    ("through_single_precision", "Your numbers are right to seven digits only: they went through float32 on the way, so make tensors of float64.",
        lambda params: loaded({name: array.astype(np.float32).astype(float) for name, array in params.items()})),
    ("a_cell", "You return a torch.nn.GRUCell, which does one step: return a torch.nn.GRU.", lambda params: loaded(params, layer=torch.nn.GRUCell)),
):  # fmt: skip
    exercise.add_mistake(called, hint, wrong)


@exercise.wrong
def negated_in_place(params):
    """You negate the update gate's arrays in place: they belong to the caller, so negate into new ones."""
    result = loaded(params)
    for kind in "WUb":
        params[f"{kind}_z"] *= -1
    return result


@exercise.wrong
def two_layers(params):
    """Your network has more than one layer: num_layers should be 1, as by default."""
    return loaded(params, options={"num_layers": 2})


for gates in ("z", "r", "h", "zrh"):
    said = "all of your U" if gates == "zrh" else f"U_{gates}"
    exercise.add_mistake(
        f"U_of_{gates}_transposed",
        f"You transpose {said} on the way into weight_hh_l0: each block has the form of the matrix that it comes from.",
        lambda params, gates=gates: loaded(params | {f"U_{gate}": params[f"U_{gate}"].T for gate in gates}),
    )


@exercise.right
def by_state_dict(params):
    H, D = params["W_z"].shape
    module = torch.nn.GRU(D, H).double()
    stacked = {
        kind: torch.tensor(np.vstack([params[kind + "_r"], -params[kind + "_z"], params[kind + "_h"]])) for kind in "WU"
    }
    b = torch.tensor(np.hstack([params["b_r"], -params["b_z"], params["b_h"]]))
    state = {"weight_ih_l0": stacked["W"], "weight_hh_l0": stacked["U"], "bias_ih_l0": b, "bias_hh_l0": 0 * b}
    module.load_state_dict(state)
    return module


@exercise.right
def gate_biases_shared_out(params):
    H, D = params["W_z"].shape
    module = torch.nn.GRU(D, H, dtype=torch.float64)
    for rows, gate, sign in ((slice(H), "r", 1), (slice(H, 2 * H), "z", -1), (slice(2 * H, None), "h", 1)):
        module.weight_ih_l0.data[rows] = sign * torch.tensor(params[f"W_{gate}"])
        module.weight_hh_l0.data[rows] = sign * torch.tensor(params[f"U_{gate}"])
        module.bias_ih_l0.data[rows] = sign * torch.tensor(params[f"b_{gate}"]) / (1 if gate == "h" else 2)
        module.bias_hh_l0.data[rows] = sign * torch.tensor(params[f"b_{gate}"]) * (0 if gate == "h" else 0.5)
    return module


@exercise.right
def by_parameters(params):
    H, D = params["W_h"].shape
    module = torch.nn.GRU(input_size=D, hidden_size=H, num_layers=1, bias=True).double()
    minus = params | {f"{kind}_z": -params[f"{kind}_z"] for kind in "WUb"}
    for name, kind in (("weight_ih_l0", "W"), ("weight_hh_l0", "U"), ("bias_ih_l0", "b")):
        rows = torch.cat([torch.tensor(minus[f"{kind}_{gate}"]) for gate in "rzh"])
        setattr(module, name, torch.nn.Parameter(rows))
    torch.nn.init.zeros_(module.bias_hh_l0)
    return module.eval()
