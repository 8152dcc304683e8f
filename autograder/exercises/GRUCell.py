"""The GRU's step as a torch module: what it computes, what torch finds of it, and how it starts."""

# The parameters of the reference are registered by name, so type checkers take them for any attribute of a module.
# pyright: reportOperatorIssue=false, reportArgumentType=false

import torch
from torch.nn.functional import linear

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import starting, steps
from autograder.exercises.families.gru_module import GATES, step_mistakes
from autograder.exercises.families.gru_module_start import start_mistakes
from autograder.reference import reading
from autograder.sandbox.protocol import wire

LOADED = tuple(steps.SIZES)
OWN = "its own weights"


def view_cell(seen):
    """What is judged of a cell. Of one that was left as it starts, no random numbers, which are never equal, but facts."""
    parameters = {f"shape of {name}": shape for name, shape in seen["parameters"].items()}
    if seen["start"]:
        return parameters | starting.facts(seen["start"], seen["another"])
    word, state = seen["input gradients"]
    return {
        "parameters": parameters,
        "output": seen["output"],
        "gradients": {f"gradient of {name}": gradient for name, gradient in seen["gradients"].items()},
        "input gradients": {"gradient at the word": word, "gradient at the old state": state},
        "given": dict(zip(("x afterwards", "h afterwards"), seen["given"], strict=True)),
    }


exercise = Exercise(reading.GRUCell, view=view_cell, tensors=True)


@exercise.cases
def draw(rng):
    def made(D, H):
        return wire.ModelSpec("constructor", {"args": (D, H)})

    def loaded(B, D, H, scale, reach=1.0):
        shapes = {"W": (H, D), "U": (H, H), "b": (H,)}
        weights = {name: scale * rng.normal(size=shapes[name[0]]) for keys in GATES.values() for name in keys}
        inputs = rng.normal(size=(B, D)), rng.uniform(-reach, reach, size=(B, H))
        return Case((made(D, H), weights, tuple(map(torch.from_numpy, inputs))))

    D, H = starting.COLUMNS, starting.UNITS
    words = tuple(torch.from_numpy(rng.normal(size=(1, size)).astype("f4")) for size in (D, H))
    return {
        **{name: loaded(*sizes) for name, sizes in steps.SIZES.items()},
        "large numbers": loaded(3, 2, 4, 30.0),
        steps.STATES: loaded(3, 2, 4, 0.6, reach=3.0),
        OWN: Case((made(D, H), None, words)),
    }


def gradients(gate):
    return lambda seen: [seen["gradients"][f"gradient of {name}"] for name in GATES[gate]]


exercise.checks(
    values("the new state", *LOADED, part=lambda seen: seen["output"][0], weight=2),
    values("nine parameters, of the right names and shapes", *LOADED, part="parameters", weight=0.5),
    values("the update gate, as the second result", *LOADED, part=lambda seen: seen["output"][1]),
    values("the reset gate, as the third result", *LOADED, part=lambda seen: seen["output"][2]),
    values("large numbers", "large numbers", steps.STATES, part="output", weight=0.5, property=True),
    values("gradients for the update gate", *LOADED, part=gradients("the update gate"), weight=0.5),
    values("gradients for the reset gate", *LOADED, part=gradients("the reset gate"), weight=0.5),
    values("gradients for the candidate", *LOADED, part=gradients("the candidate")),
    values("gradients for word and old state", *LOADED, part="input gradients"),
    values("starts with b_z at -3, the other biases at 0", OWN, part="biases"),
    values("starts with random matrices of the right size", OWN, part="sizes", weight=0.5),
    values("starts with other numbers in every gate, every row and every cell", OWN, part="numbers", weight=0.5),
    values("starts in torch's usual precision", OWN, part="precision", weight=0.5, property=True),
    values("leaves word and state as they were", *LOADED, part="given", weight=0.5, property=True),
    pure(*LOADED, weight=0.5, name="gives the same answer when asked again"),
)
exercise.add(step_mistakes, start_mistakes)


@exercise.right
class by_linear(torch.nn.Module):
    def __init__(self, D, H):
        super().__init__()
        parameter = torch.nn.Parameter
        self.W_z, self.W_r, self.W_h = (parameter(torch.empty(H, D).normal_(0, D**-0.5)) for _ in range(3))
        self.U_z, self.U_r, self.U_h = (parameter(torch.empty(H, H).normal_(0, H**-0.5)) for _ in range(3))
        self.b_z, self.b_r, self.b_h = parameter(torch.full((H,), -3.0)), *(parameter(torch.zeros(H)) for _ in "rh")

    def forward(self, x, h):
        z = torch.sigmoid(linear(x, self.W_z, self.b_z) + linear(h, self.U_z))
        r = torch.sigmoid(linear(x, self.W_r, self.b_r) + linear(h, self.U_r))
        proposed = torch.tanh(linear(x, self.W_h, self.b_h) + linear(r * h, self.U_h))
        return h + z * (proposed - h), z, r


@exercise.right
class by_lerp(reading.GRUCell):
    def forward(self, x, h):
        z = (x @ self.W_z.T + h @ self.U_z.T + self.b_z).sigmoid()
        r = (self.b_r + h @ self.U_r.T + x @ self.W_r.T).sigmoid()
        return torch.lerp(h, (x @ self.W_h.T + (h * r) @ self.U_h.T + self.b_h).tanh(), z), z, r


@exercise.right
class by_einsum(reading.GRUCell):
    def argument(self, gate, x, h):
        named = {kind: getattr(self, f"{kind}_{gate}") for kind in "WUb"}
        return torch.einsum("hd,bd->bh", named["W"], x) + torch.einsum("hk,bk->bh", named["U"], h) + named["b"]

    def forward(self, x, h):
        z, r = (1 / (1 + torch.exp(-self.argument(gate, x, h))) for gate in "zr")
        return [z * torch.tanh(self.argument("h", x, r * h)) + (1 - z) * h, z, r]


@exercise.right
class by_one_matrix(reading.GRUCell):
    def forward(self, x, h):
        W = torch.cat([torch.cat([self.W_z, self.U_z], 1), torch.cat([self.W_r, self.U_r], 1)])
        a = torch.cat([x, h], 1) @ W.T + torch.cat([self.b_z, self.b_r])
        z, r = a.sigmoid().chunk(2, dim=1)
        new = torch.tanh(torch.cat([x, r * h], 1) @ torch.cat([self.W_h, self.U_h], 1).T + self.b_h)
        return (1 - z) * h + z * new, z, r


@exercise.right
class one_example_at_a_time(reading.GRUCell):
    def one(self, x, h):
        z = torch.sigmoid(self.W_z @ x + self.U_z @ h + self.b_z)
        r = torch.sigmoid(self.W_r @ x + self.U_r @ h + self.b_r)
        return z * torch.tanh(self.W_h @ x + self.U_h @ (r * h) + self.b_h) + (1 - z) * h, z, r

    def forward(self, x, h):
        rows = [self.one(x_n, h_n) for x_n, h_n in zip(x, h, strict=True)]
        return tuple(torch.stack(part) for part in zip(*rows, strict=True))


@exercise.right
class uniform_and_orthogonal(reading.GRUCell):
    def __init__(self, D, H):
        super().__init__(D, H)
        for gate in "zrh":
            torch.nn.init.uniform_(getattr(self, f"W_{gate}"), -((3 / D) ** 0.5), (3 / D) ** 0.5)
            torch.nn.init.orthogonal_(getattr(self, f"U_{gate}"))
