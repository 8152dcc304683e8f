"""How a GRU cell as a torch module starts: parameters frozen, not registered, of another size, or not drawn as they should be."""

import torch

from autograder.exercises.families.gru_module import GATES, step
from autograder.reference import reading


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


# fmt: off
STARTS = (
    ("gates_half_open_at_the_start", "Your b_z starts at 0, where half of the state is replaced at every word: start it at -3.",
     filled(b_z=0.0)),
    ("gates_open_at_the_start", "Your b_z starts at +3, where nearly all of the state is replaced: start it at -3.",
     filled(b_z=3.0)),
    ("all_biases_start_shut", "All your biases start at -3: only b_z does, b_r and b_h start at 0.",
     filled(b_r=-3.0, b_h=-3.0)),
    ("reset_starts_shut_too", "Your b_r starts at -3, too: only b_z does, b_r and b_h start at 0.", filled(b_r=-3.0)),
    ("biases_start_at_one", "Your b_r and b_h start at 1: both start at 0.", filled(b_r=1.0, b_h=1.0)),
    ("biases_start_at_random", "Your biases start as random numbers: b_z starts at -3, b_r and b_h at 0.",
     restarted(torch.randn_like, "b")),
    ("matrices_start_at_zero", "Your matrices start at zero, where all units are alike and learn alike: draw them at random.",
     scaled(lambda units, columns: 0)),
    ("matrices_start_large",
     "Your matrices start with variance 1, too large for sums over many columns: divide by the root of their number.",
     scaled(lambda units, columns: 1)),
    ("multiplied_by_the_root", "You multiply your matrices by the root of the number of columns: divide by it.",
     scaled(lambda units, columns: columns**0.5)),
    ("divided_by_the_columns", "You divide your matrices by the number of their columns: divide by its root.",
     scaled(lambda units, columns: 1 / columns)),
    ("divided_by_the_root_of_the_units", "You divide W by the root of the number of units: W has D columns, so divide it by the root of D.",
     scaled(lambda units, columns: units**-0.5)),
    ("small_numbers", "Your matrices start with numbers of size 0.01: their variance should be 1 / (number of columns).",
     scaled(lambda units, columns: 0.01)),
    ("twice_the_variance",
     "The variance of your matrices is 2 / (number of columns), which suits a relu: here it is 1 / (number of columns).",
     scaled(lambda units, columns: (2 / columns) ** 0.5)),
    ("glorot", "The variance of your W is 2 / (columns + rows), as Glorot and Bengio draw it: here it is 1 / (number of columns).",
     scaled(lambda units, columns: (2 / (columns + units)) ** 0.5)),
    ("starts_as_torchs_layers_do",
     "Your matrices are uniform up to 1 over the root of H, as in torch's layers: here, their variance is 1 / (number of columns).",
     restarted(lambda matrix: torch.empty_like(matrix).uniform_(-(matrix.shape[0] ** -0.5), matrix.shape[0] ** -0.5))),
    ("uniform_up_to_the_root_of_the_columns",
     "Your matrices are uniform up to 1 over the root of the columns, a third of the variance: their variance should be 1 / columns.",
     uniform(lambda units, columns: columns**-0.5)),
    ("all_numbers_start_positive", "All your random numbers are positive: rand goes from 0 to 1, randn draws both signs around 0.",
     uniform(lambda units, columns: (3 / columns) ** 0.5, low=0)),
    ("positive_up_to_one",
     "All your random numbers are positive, from 0 to 1: randn draws both signs; then divide by the root of the columns.",
     uniform(lambda units, columns: 1, low=0)),
    ("all_rows_start_alike",
     "All rows of a matrix of yours are the same, so that all units learn the same: draw (H, D) and (H, H) numbers.",
     restarted(lambda matrix: matrix[:1].expand_as(matrix).clone())),
    ("matrices_start_constant", "All numbers of a matrix of yours start equal, so that all units learn the same: draw them at random.",
     restarted(lambda matrix: torch.full_like(matrix, matrix.shape[1] ** -0.5))),
    ("gates_share_their_matrices",
     "Your three gates start with the same numbers, or with one and the same tensor: draw W and U anew for each.",
     shared),
    ("tensors_instead_of_parameters", "Your weights are plain tensors: wrap each in torch.nn.Parameter, or no optimiser will ever find it.",
     not_registered("WUb")),
    ("biases_are_plain_tensors", "Your biases are plain tensors: wrap each in torch.nn.Parameter, or no optimiser will ever find it.",
     not_registered("b")),
    ("double_precision_parameters",
     "Your parameters are float64: leave them float32, as torch makes them, or words of float32 cannot be multiplied by them.",
     lambda cell: cell.double()),
    *(
        (
            f"{name}_frozen",
            f"No gradient reaches {name}: with requires_grad=False it stays as it starts, so leave that out.",
            frozen(name),
        )
        for keys in GATES.values()
        for name in keys
    ),
)
# fmt: on


class every_cell_starts_alike(reading.GRUCell):
    """Every cell of yours starts with the same numbers: leave torch's seed alone, which belongs to the caller."""

    def __init__(self, D, H):
        torch.manual_seed(0)
        super().__init__(D, H)


class transposed_parameters(reading.GRUCell):
    """Your matrices have the shapes of their transposes: W is (H, D), one row per unit, as torch stores it."""

    def __init__(self, D, H):
        super().__init__(D, H)
        for gate in "zrh":
            setattr(self, f"W_{gate}", torch.nn.Parameter(torch.randn(D, H) / D**0.5))

    def forward(self, x, h):
        return step(x, h, {name: value.T if name[0] == "W" else value for name, value in self.named_parameters()})


def start_mistakes(exercise):
    """Mistakes in how a cell starts."""
    for name, hint, start in STARTS:
        exercise.add_mistake(name, hint, type(name, (reading.GRUCell,), {"__init__": starting_with(start)}))
    for kind in ("W", "U", "WU"):
        names = "W and U" if kind == "WU" else kind
        exercise.add_mistake(
            f"one_{kind}_in_another_size",
            f"Not all of your {names} start in the right size: the variance of each is 1 / (number of its columns).",
            type("uneven", (reading.GRUCell,), {"__init__": starting_with(restarted(torch.randn_like, kind, "h"))}),
        )
    exercise.wrong(every_cell_starts_alike)
    exercise.wrong(transposed_parameters)
