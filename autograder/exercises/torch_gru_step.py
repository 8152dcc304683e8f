"""One step of the GRU as torch computes it, with stacked rows and two biases."""

from itertools import permutations

import numpy as np
import torch

from autograder.checking.exercise import Exercise
from autograder.exercises.families.gru import TORCH, cases_and_checks, squash
from autograder.exercises.families.gru_mistakes import step_mistakes
from autograder.reference import gru_notations
from autograder.sandbox.protocol import wire


def view_array(result):
    """The docstring promises a NumPy array: a tensor is not one."""
    return wire.Opaque("a torch tensor") if isinstance(result, wire.Tensor) else result


exercise = Exercise(gru_notations.torch_gru_step, view=view_array)
exercise.add(cases_and_checks(TORCH), step_mistakes(TORCH))

INPUT, STATE = ("weight_ih_l0", "bias_ih_l0"), ("weight_hh_l0", "bias_hh_l0")
WORDS = {(*INPUT, *STATE): "", INPUT: "of the input's part ", STATE: "of the state's part "}


def reordered(params, names, order):
    """The parameters as if the rows of these names were stacked in another order."""
    rows = {name: dict(zip(order, np.split(params[name], 3), strict=True)) for name in names}
    return params | {name: np.concatenate([parts[gate] for gate in "rzn"]) for name, parts in rows.items()}


for names, part in WORDS.items():
    for order in permutations("rzn"):
        # two kinds of rows exchanged everywhere are two gates exchanged, which the step's own mistakes have
        if sum(a != b for a, b in zip(order, "rzn", strict=True)) > (0 if part else 2):
            read = ", ".join(order)
            exercise.add_mistake(
                f"rows_{''.join(order)}{'_' + names[0] if part else ''}",
                f"You read the rows {part}in the order {read}: torch stacks r first, then z, then n.",
                lambda x, h, params, names=names, order=order: gru_notations.torch_gru_step(
                    x, h, reordered(params, names, order)
                ),
            )


@exercise.wrong
def rows_interleaved(x, h, params):
    """You take every third row for a gate: its rows stand together, H for r, then H for z, then H for n."""
    return gru_notations.torch_gru_step(
        x, h, {name: np.concatenate([array[n::3] for n in range(3)]) for name, array in params.items()}
    )


@exercise.wrong
def weights_not_transposed(x, h, params):
    """You multiply by the stacked weights as they are: with one example per row, the product is with weight_ih_l0.T."""
    return x @ params["weight_ih_l0"] + h @ params["weight_hh_l0"]


@exercise.wrong
def torch_tensor(x, h, params):
    """You return a torch tensor: the new state should be a NumPy array."""
    return torch.tensor(gru_notations.torch_gru_step(x, h, params))


@exercise.right
def by_slices(x, h, params):
    H = h.shape[1]

    def rows(name, n):
        return params[name][n * H : (n + 1) * H]

    def a(n):
        return x @ rows("weight_ih_l0", n).T + rows("bias_ih_l0", n)

    def s(n):
        return h @ rows("weight_hh_l0", n).T + rows("bias_hh_l0", n)

    n = np.tanh(a(2) + squash(a(0) + s(0)) * s(2))
    return n + squash(a(1) + s(1)) * (h - n)


@exercise.right
def by_loop(x, h, params):
    H, new = h.shape[1], []
    for x_n, h_n in zip(x, h, strict=True):
        a = (params["weight_ih_l0"] @ x_n + params["bias_ih_l0"]).reshape(3, H)
        s = (params["weight_hh_l0"] @ h_n + params["bias_hh_l0"]).reshape(3, H)
        r, z = squash(a[:2] + s[:2])
        new.append((1 - z) * np.tanh(a[2] + r * s[2]) + z * h_n)
    return np.array(new)


@exercise.right
def by_einsum(x, h, params):
    H = h.shape[1]
    a = np.einsum("gkd,bd->gbk", params["weight_ih_l0"].reshape(3, H, -1), x) + params["bias_ih_l0"].reshape(3, 1, H)
    s = np.einsum("gkj,bj->gbk", params["weight_hh_l0"].reshape(3, H, H), h) + params["bias_hh_l0"].reshape(3, 1, H)
    r, z = squash(a[0] + s[0]), squash(a[1] + s[1])
    return z * h + (1 - z) * np.tanh(a[2] + r * s[2])


@exercise.right
def by_torch(x, h, params):
    x, h = torch.tensor(x), torch.tensor(h)
    p = {name: torch.tensor(array) for name, array in params.items()}
    a = torch.nn.functional.linear(x, p["weight_ih_l0"], p["bias_ih_l0"]).chunk(3, dim=1)
    s = torch.nn.functional.linear(h, p["weight_hh_l0"], p["bias_hh_l0"]).chunk(3, dim=1)
    r, z = torch.sigmoid(a[0] + s[0]), torch.sigmoid(a[1] + s[1])
    return torch.lerp(torch.tanh(a[2] + r * s[2]), h, z).numpy()
