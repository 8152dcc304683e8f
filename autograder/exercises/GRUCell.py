"""The GRU's step as a torch module: what it computes, what torch finds of it, and how it starts."""

from types import SimpleNamespace

import torch
from torch.nn.functional import linear

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import starting, steps
from autograder.exercises.families.parameters import copied_parameters
from autograder.reference import reading
from autograder.sandbox.protocol import wire

GATES = {
    "the update gate": ("W_z", "U_z", "b_z"),
    "the reset gate": ("W_r", "U_r", "b_r"),
    "the candidate": ("W_h", "U_h", "b_h"),
}
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

    def loaded(B, D, H, scale):
        shapes = {"W": (H, D), "U": (H, H), "b": (H,)}
        weights = {name: scale * rng.normal(size=shapes[name[0]]) for keys in GATES.values() for name in keys}
        inputs = rng.normal(size=(B, D)), rng.uniform(-1, 1, size=(B, H))
        return Case((made(D, H), weights, tuple(map(torch.from_numpy, inputs))))

    D, H = starting.COLUMNS, starting.UNITS
    words = tuple(torch.from_numpy(rng.normal(size=(1, size)).astype("f4")) for size in (D, H))
    return {
        **{name: loaded(*sizes) for name, sizes in steps.SIZES.items()},
        "large numbers": loaded(3, 2, 4, 30.0),
        OWN: Case((made(D, H), None, words)),
    }


def gradients(gate):
    return lambda seen: [seen["gradients"][f"gradient of {name}"] for name in GATES[gate]]


exercise.checks(
    values("the new state", *LOADED, part=lambda seen: seen["output"][0], weight=2),
    values("nine parameters, of the right names and shapes", *LOADED, part="parameters", weight=0.5),
    values("the update gate, as the second result", *LOADED, part=lambda seen: seen["output"][1]),
    values("the reset gate, as the third result", *LOADED, part=lambda seen: seen["output"][2]),
    values("large numbers", "large numbers", part="output", weight=0.5, property=True),
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


def step(x, h, p):
    """The right step, as a function of the parameters: of a cell, or of a dict."""
    return reading.GRUCell.forward(SimpleNamespace(**p) if isinstance(p, dict) else p, x, h)


def argument(cell, gate, x, h):
    """The sum inside a gate's sigma, or the candidate's tanh."""
    return x @ getattr(cell, f"W_{gate}").T + h @ getattr(cell, f"U_{gate}").T + getattr(cell, f"b_{gate}")


def gates(cell, x, h):
    return torch.sigmoid(argument(cell, "z", x, h)), torch.sigmoid(argument(cell, "r", x, h))


def candidate(cell, x, h, r):
    return torch.tanh(argument(cell, "h", x, r * h))


def mixed(z, h, new):
    return (1 - z) * h + z * new


def wrong_step(function):
    """A mistake in ``forward(cell, x, h)``; the cell starts right."""
    kind = type(function.__name__, (reading.GRUCell,), {"forward": lambda self, x, h: function(self, x, h)})
    exercise.add_mistake(function.__name__, function.__doc__, kind)


def wrong_parts(
    name, hint, gates=gates, candidate=candidate, mixed=mixed, returned=lambda new, z, r, candidate: (new, z, r)
):
    """A mistake in one part of the step."""

    def forward(self, x, h):
        z, r = gates(self, x, h)
        proposed = candidate(self, x, h, r)
        return returned(mixed(z, h, proposed), z, r, proposed)

    exercise.add_mistake(name, hint, type(name, (reading.GRUCell,), {"forward": forward}))


def parameter_mistakes():
    """What goes wrong with weights and biases, as in every step; here the parameters belong to the module."""

    def gru(x, h, p):
        return step(x, h, p)

    about_a_dict = Exercise(gru)
    about_a_dict.add(steps.parameter_mistakes(GATES, at=2), copied_parameters(GATES, at=2))
    for name, mistake in about_a_dict.mistakes.items():

        def forward(self, x, h, function=mistake.function):
            return function(x, h, dict(self.named_parameters()))

        exercise.add_mistake(name, mistake.hint, type(name, (reading.GRUCell,), {"forward": forward}))


parameter_mistakes()
for name, hint, parts in (
    (
        "update_gate_on_the_old",
        "Your z weighs the old state: in this form it weighs the new one, h = (1 - z) * h + z * candidate.",
        {"mixed": lambda z, h, new: z * h + (1 - z) * new},
    ),
    (
        "not_convex",
        "You add z times the candidate to the whole old state: the old state's share is 1 - z.",
        {"mixed": lambda z, h, new: h + z * new},
    ),
    (
        "old_state_weighed_by_z_too",
        "Your z weighs both the old state and the candidate: the old state's share is 1 - z.",
        {"mixed": lambda z, h, new: z * h + z * new},
    ),
    (
        "candidate_not_weighed",
        "You add the whole candidate: its share is z.",
        {"mixed": lambda z, h, new: (1 - z) * h + new},
    ),
    (
        "old_state_lost",
        "Your new state is z times the candidate: add (1 - z) times the old state.",
        {"mixed": lambda z, h, new: z * new},
    ),
    (
        "state_squashed_again",
        "You take another tanh of the new state: it is a mixture already, (1 - z) * h + z * candidate.",
        {"mixed": lambda z, h, new: torch.tanh(mixed(z, h, new))},
    ),
    (
        "reset_after_the_product",
        "Your reset gate multiplies U_h h: it must multiply the state before the product, U_h (r * h).",
        {"candidate": lambda cell, x, h, r: torch.tanh(linear(x, cell.W_h, cell.b_h) + r * (h @ cell.U_h.T))},
    ),
    (
        "reset_after_product_and_bias",
        "Your reset gate multiplies U_h h + b_h, as torch's does: here it multiplies the state before the product, U_h (r * h).",
        {"candidate": lambda cell, x, h, r: torch.tanh(x @ cell.W_h.T + r * linear(h, cell.U_h, cell.b_h))},
    ),
    (
        "bias_reset",
        "Your reset gate multiplies b_h, too: it belongs to the old state alone, U_h (r * h) + b_h.",
        {"candidate": lambda cell, x, h, r: torch.tanh(linear(x, cell.W_h) + linear(r * h, cell.U_h) + r * cell.b_h)},
    ),
    (
        "input_reset_too",
        "Your reset gate multiplies the whole sum inside the tanh: it belongs to the old state alone, U_h (r * h).",
        {"candidate": lambda cell, x, h, r: torch.tanh(r * argument(cell, "h", x, h))},
    ),
    (
        "candidate_reset",
        "Your reset gate multiplies the candidate: it belongs inside, to the old state, U_h (r * h).",
        {"candidate": lambda cell, x, h, r: r * torch.tanh(argument(cell, "h", x, h))},
    ),
    (
        "reset_turned_over",
        "Your candidate sees (1 - r) * h: the reset gate lets the old state in where it is open, r * h.",
        {"candidate": lambda cell, x, h, r: candidate(cell, x, h, 1 - r)},
    ),
    (
        "update_gate_sees_the_reset_state",
        "Your update gate looks at r * h: only the candidate does, z and r look at the whole old state.",
        {
            "gates": lambda cell, x, h: (
                torch.sigmoid(argument(cell, "z", x, gates(cell, x, h)[1] * h)),
                gates(cell, x, h)[1],
            )
        },
    ),
    (
        "nothing_reset",
        "Your candidate looks at the whole old state: the reset gate r is worked out but not used.",
        {"candidate": lambda cell, x, h, r: candidate(cell, x, h, 1)},
    ),
    (
        "gates_returned_in_the_other_order",
        "You return r before z: the order is new state, z, r.",
        {"returned": lambda new, z, r, _: (new, r, z)},
    ),
    (
        "only_the_state_returned",
        "You return the new state alone: return a tuple of the new state, z and r.",
        {"returned": lambda new, *_: new},
    ),
    (
        "candidate_returned",
        "Your first result is the candidate: it still has to be mixed with the old state.",
        {"returned": lambda new, z, r, proposed: (proposed, z, r)},
    ),
    (
        "candidate_for_reset_gate",
        "Your third result is the candidate: it should be the reset gate r.",
        {"returned": lambda new, z, r, proposed: (new, z, proposed)},
    ),
    (
        "candidate_returned_too",
        "You return the candidate, too: return a tuple of three, the new state, z and r.",
        {"returned": lambda new, z, r, proposed: (new, z, r, proposed)},
    ),
    (
        "state_returned_last",
        "You return the gates before the state: the order is new state, z, r.",
        {"returned": lambda new, z, r, _: (z, r, new)},
    ),
    (
        "sigmoid_candidate",
        "Your candidate is squashed by sigma: it takes a tanh, so that a state can be negative.",
        {"candidate": lambda cell, x, h, r: torch.sigmoid(argument(cell, "h", x, r * h))},
    ),
    (
        "candidate_not_squashed",
        "Your candidate is the plain sum: the tanh around it is missing.",
        {"candidate": lambda cell, x, h, r: argument(cell, "h", x, r * h)},
    ),
    (
        "tanh_gates",
        "Your gates are squashed by tanh: a gate lies between 0 and 1, which is what sigma is for.",
        {"gates": lambda cell, x, h: (torch.tanh(argument(cell, "z", x, h)), torch.tanh(argument(cell, "r", x, h)))},
    ),
    (
        "gates_without_gradient",
        "No gradient reaches the weights of your gates: work z and r out with torch, without .detach(), .data or no_grad.",
        {"gates": lambda cell, x, h: tuple(gate.detach() for gate in gates(cell, x, h))},
    ),
    (
        "candidate_without_gradient",
        "No gradient reaches the weights of your candidate: work it out with torch, without .detach(), .data or no_grad.",
        {"candidate": lambda cell, x, h, r: candidate(cell, x, h, r).detach()},
    ),
    (
        "copied_state_detached",
        "No gradient flows through the copy (1 - z) * h to the old state: use h as it is there, without .detach().",
        {"mixed": lambda z, h, new: mixed(z, h.detach(), new)},
    ),
):
    wrong_parts(name, hint, **parts)


@wrong_step
def old_state_reset_too(cell, x, h):
    """You reset the copied state too: r belongs inside the candidate and nowhere else."""
    z, r = gates(cell, x, h)
    return mixed(z, r * h, candidate(cell, x, h, r)), z, r


@wrong_step
def gates_swapped(cell, x, h):
    """Your two gates have changed places: z mixes old and new, r resets the state inside the candidate."""
    z, r = gates(cell, x, h)
    return mixed(r, h, candidate(cell, x, h, z)), z, r


@wrong_step
def gates_not_squashed(cell, x, h):
    """You return the sums inside sigma, not the gates themselves: z and r lie between 0 and 1."""
    return step(x, h, cell)[0], argument(cell, "z", x, h), argument(cell, "r", x, h)


@wrong_step
def old_state_detached(cell, x, h):
    """No gradient reaches the old state: with .detach(), or no_grad, nothing is learnt from the words before."""
    return step(x, h.detach(), cell)


@wrong_step
def word_detached(cell, x, h):
    """No gradient reaches the word x: use it as it is, without .detach()."""
    return step(x.detach(), h, cell)


@wrong_step
def new_state_from_numbers(cell, x, h):
    """No gradient reaches anything through your new state: no_grad, .data, .item() and torch.tensor(...) cut it off."""
    with torch.no_grad():
        return step(x, h, cell)


@wrong_step
def state_in_place(cell, x, h):
    """Your cell writes the new state into h, which belongs to the caller: make a new tensor and leave h as it was."""
    new, z, r = step(x, h, cell)
    with torch.no_grad():
        h.copy_(new)
    return new, z, r


@wrong_step
def state_in_place_and_returned(cell, x, h):
    """Your cell writes the new state into h and returns that: h belongs to the caller, and no gradient gets through it."""
    new, z, r = step(x, h, cell)
    with torch.no_grad():
        h.copy_(new)
    return h, z, r


def frozen(name):
    def start(cell):
        getattr(cell, name).requires_grad = False

    return start


def restarted(drawn, kinds="WU", gates="zrh"):
    """Lets the matrices of these kinds and gates start as ``drawn(matrix)`` says."""

    def start(cell):
        for name, parameter in cell.named_parameters():
            if name[0] in kinds and name[2] in gates:
                parameter.data = drawn(parameter.data)

    return start


def filled(**biases):
    def start(cell):
        for name, value in biases.items():
            getattr(cell, name).data.fill_(value)

    return start


def shared(cell):
    for gate in "rh":
        for kind in "WU":
            setattr(cell, f"{kind}_{gate}", torch.nn.Parameter(getattr(cell, f"{kind}_z").data))


def not_registered(kinds):
    """Replaces the parameters of these kinds by plain tensors."""

    def start(cell):
        for name, parameter in list(cell.named_parameters()):
            if name[0] in kinds:
                delattr(cell, name)
                setattr(cell, name, parameter.detach().clone())

    return start


def scaled(scale):
    return restarted(lambda matrix: torch.randn_like(matrix) * scale(*matrix.shape))


def uniform(limit, low=-1):
    return restarted(lambda matrix: torch.empty_like(matrix).uniform_(low, 1) * limit(*matrix.shape))


def starting_with(start):
    """The constructor of a cell that starts right, and is changed by ``start(cell)`` then."""

    def constructor(self, D, H):
        reading.GRUCell.__init__(self, D, H)
        start(self)

    return constructor


for name, hint, start in (
    (
        "gates_half_open_at_the_start",
        "Your b_z starts at 0, where half of the state is replaced at every word: start it at -3.",
        filled(b_z=0.0),
    ),
    (
        "gates_open_at_the_start",
        "Your b_z starts at +3, where nearly all of the state is replaced: start it at -3.",
        filled(b_z=3.0),
    ),
    (
        "all_biases_start_shut",
        "All your biases start at -3: only b_z does, b_r and b_h start at 0.",
        filled(b_r=-3.0, b_h=-3.0),
    ),
    ("reset_starts_shut_too", "Your b_r starts at -3, too: only b_z does, b_r and b_h start at 0.", filled(b_r=-3.0)),
    ("reset_starts_shut", "Your b_r starts at -3 and b_z at 0: it is the other way round.", filled(b_r=-3.0, b_z=0.0)),
    ("biases_start_at_one", "Your b_r and b_h start at 1: both start at 0.", filled(b_r=1.0, b_h=1.0)),
    (
        "biases_start_at_random",
        "Your biases start as random numbers: b_z starts at -3, b_r and b_h at 0.",
        restarted(torch.randn_like, "b"),
    ),
    (
        "matrices_start_at_zero",
        "Your matrices start at zero, where all units are alike and learn alike: draw them at random.",
        scaled(lambda units, columns: 0),
    ),
    (
        "matrices_start_large",
        "Your matrices start with variance 1, too large for sums over many columns: divide by the root of their number.",
        scaled(lambda units, columns: 1),
    ),
    (
        "multiplied_by_the_root",
        "You multiply your matrices by the root of the number of columns: divide by it.",
        scaled(lambda units, columns: columns**0.5),
    ),
    (
        "divided_by_the_columns",
        "You divide your matrices by the number of their columns: divide by its root.",
        scaled(lambda units, columns: 1 / columns),
    ),
    (
        "divided_by_the_root_of_the_units",
        "You divide W by the root of the number of units: W has D columns, so divide it by the root of D.",
        scaled(lambda units, columns: units**-0.5),
    ),
    (
        "small_numbers",
        "Your matrices start with numbers of size 0.01: their variance should be 1 / (number of columns).",
        scaled(lambda units, columns: 0.01),
    ),
    (
        "twice_the_variance",
        "The variance of your matrices is 2 / (number of columns), which suits a relu: here it is 1 / (number of columns).",
        scaled(lambda units, columns: (2 / columns) ** 0.5),
    ),
    (
        "glorot",
        "The variance of your W is 2 / (columns + rows), as Glorot and Bengio draw it: here it is 1 / (number of columns).",
        scaled(lambda units, columns: (2 / (columns + units)) ** 0.5),
    ),
    (
        "starts_as_torchs_layers_do",
        "Your matrices are uniform up to 1 over the root of H, as in torch's layers: here, their variance is 1 / (number of columns).",
        restarted(
            lambda matrix: torch.empty_like(matrix).uniform_(-(matrix.shape[0] ** -0.5), matrix.shape[0] ** -0.5)
        ),
    ),
    (
        "uniform_up_to_the_root_of_the_columns",
        "Your matrices are uniform up to 1 over the root of the columns, a third of the variance: their variance should be 1 / columns.",
        uniform(lambda units, columns: columns**-0.5),
    ),
    (
        "all_numbers_start_positive",
        "All your random numbers are positive: rand goes from 0 to 1, randn draws both signs around 0.",
        uniform(lambda units, columns: (3 / columns) ** 0.5, low=0),
    ),
    (
        "positive_and_smaller",
        "All your random numbers are positive, from 0 to 1 over the root of the columns: randn draws both signs around 0.",
        uniform(lambda units, columns: columns**-0.5, low=0),
    ),
    (
        "positive_up_to_one",
        "All your random numbers are positive, from 0 to 1: randn draws both signs; then divide by the root of the columns.",
        uniform(lambda units, columns: 1, low=0),
    ),
    (
        "all_rows_start_alike",
        "All rows of a matrix of yours are the same, so that all units learn the same: draw (H, D) and (H, H) numbers.",
        restarted(lambda matrix: matrix[:1].expand_as(matrix).clone()),
    ),
    (
        "matrices_start_constant",
        "All numbers of a matrix of yours start equal, so that all units learn the same: draw them at random.",
        restarted(lambda matrix: torch.full_like(matrix, matrix.shape[1] ** -0.5)),
    ),
    (
        "gates_share_their_matrices",
        "Your three gates start with the same numbers, or with one and the same tensor: draw W and U anew for each.",
        shared,
    ),
    (
        "tensors_instead_of_parameters",
        "Your weights are plain tensors: wrap each in torch.nn.Parameter, or no optimiser will ever find it.",
        not_registered("WUb"),
    ),
    (
        "biases_are_plain_tensors",
        "Your biases are plain tensors: wrap each in torch.nn.Parameter, or no optimiser will ever find it.",
        not_registered("b"),
    ),
    (
        "double_precision_parameters",
        "Your parameters are float64: leave them float32, as torch makes them, or words of float32 cannot be multiplied by them.",
        lambda cell: cell.double(),
    ),
    *(
        (
            f"{name}_frozen",
            f"No gradient reaches {name}: with requires_grad=False it stays as it starts, so leave that out.",
            frozen(name),
        )
        for keys in GATES.values()
        for name in keys
    ),
):
    exercise.add_mistake(name, hint, type(name, (reading.GRUCell,), {"__init__": starting_with(start)}))


for kind in ("W", "U", "WU"):
    names = "W and U" if kind == "WU" else kind
    exercise.add_mistake(
        f"one_{kind}_in_another_size",
        f"Not all of your {names} start in the right size: the variance of each is 1 / (number of its columns).",
        type("uneven", (reading.GRUCell,), {"__init__": starting_with(restarted(torch.randn_like, kind, "h"))}),
    )


@exercise.wrong
class every_cell_starts_alike(reading.GRUCell):
    """Every cell of yours starts with the same numbers: leave torch's seed alone, which belongs to the caller."""

    def __init__(self, D, H):
        torch.manual_seed(0)
        super().__init__(D, H)


@exercise.wrong
class transposed_parameters(reading.GRUCell):
    """Your matrices have the shapes of their transposes: W is (H, D), one row per unit, as torch stores it."""

    def __init__(self, D, H):
        super().__init__(D, H)
        for gate in "zrh":
            setattr(self, f"W_{gate}", torch.nn.Parameter(torch.randn(D, H) / D**0.5))

    def forward(self, x, h):
        return step(x, h, {name: value.T if name[0] == "W" else value for name, value in self.named_parameters()})


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
