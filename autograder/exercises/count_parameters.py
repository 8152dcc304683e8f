"""How many numbers each cell has to learn."""

from typing import Any

import numpy as np
import torch

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise
from autograder.reference import gru_notations

CELLS = ("rnn", "simplified_gru", "gru", "torch_gru", "lstm", "peephole_lstm")
SIZES = "D < H", "D > H", "D < H again", "D = H", "D = H = 1"

exercise = Exercise(gru_notations.count_parameters)


@exercise.cases
def counts(rng):
    """Every cell with more units than inputs, fewer, as many, and one of each; so that no two formulas agree by chance."""
    D = [int(n) for n in rng.integers(6, 30, size=3)]
    sizes = [(D[0], D[0] + 11), (D[1], D[1] - 4), (D[2], D[2] + 3), (7, 7), (1, 1)]
    return {f"{cell}, {name}": Case((cell, *size)) for cell in CELLS for name, size in zip(SIZES, sizes, strict=True)}


exercise.checks(
    *(
        values(f"the {what}", *(f"{cell}, {size}" for cell in cells for size in SIZES))
        for what, cells in (
            ("plain RNN", ("rnn",)),
            ("simplified GRU", ("simplified_gru",)),
            ("GRU", ("gru",)),
            ("GRU of torch", ("torch_gru",)),
            ("LSTM, with and without peepholes", ("lstm", "peephole_lstm")),
        )
    )
)

BLOCKS = {"rnn": 1, "simplified_gru": 2, "gru": 3, "torch_gru": 3, "lstm": 4, "peephole_lstm": 4}


def count(cell, D, H, blocks: Any = None, bias: Any = 1, extra: Any = None, one: Any = None):
    """A count with a part replaced.

    Args:
        blocks: of some cells. bias: how many in a block. extra: what some cells have on top, as a multiple of H, or a
            function of D and H. one: the size of a block, from D and H.
    """
    block = one(D, H) if one else H * D + H * H + bias * H
    more = ({"torch_gru": 3, "peephole_lstm": 3} | (extra or {})).get(cell, 0)
    return (BLOCKS | (blocks or {}))[cell] * block + (more(D, H) if callable(more) else more * H)


NO_BIAS = {"torch_gru": 0}
for name, hint, change in (
    ("biases_forgotten", "Your counts leave out the biases: each gate and each candidate has H of them.", {"bias": 0, "extra": NO_BIAS}),
    ("biases_forgotten_but_torchs_second", "Your counts leave out the first biases: each gate and each candidate has H of them, in torch 2 H.", {"bias": 0}),
    ("two_biases_everywhere", "You count two biases in every cell: only torch's GRU has two, our equations have one.", {"bias": 2, "extra": NO_BIAS}),
    ("one_number_a_bias", "You count one number for each bias: a bias has one number for each of the H units.", {"one": lambda D, H: H * D + H * H + 1, "extra": {"torch_gru": lambda D, H: 3}}),
    ("one_number_a_bias_but_torchs", "You count one number for each bias, except for torch's second: each has H numbers.", {"one": lambda D, H: H * D + H * H + 1}),
    ("biases_by_input", "Your biases have D numbers: each has one for each of the H units.", {"one": lambda D, H: H * D + H * H + D, "extra": {"torch_gru": lambda D, H: 3 * D}}),
    ("recurrent_weights_by_input", "Your recurrent matrices have H times D numbers: they go from state to state, H times H.", {"one": lambda D, H: 2 * H * D + H}),
    ("recurrent_weights_as_vectors", "Your recurrent weights have H numbers: each is a matrix, H times H.", {"one": lambda D, H: H * D + 2 * H}),
    ("input_weights_square", "Your input matrices have D times D numbers: they go from input to state, H times D.", {"one": lambda D, H: D * D + H * H + H}),
    ("input_weights_by_units", "Your input matrices have H times H numbers: they go from input to state, H times D.", {"one": lambda D, H: 2 * H * H + H}),
    ("recurrent_weights_square_in_inputs", "Your recurrent matrices have D times D numbers: they go from state to state, H times H.", {"one": lambda D, H: H * D + D * D + H}),
    ("blocks_with_sizes_exchanged", "In your blocks D and H are exchanged: the recurrent matrices are H times H, the biases H.", {"one": lambda D, H: H * D + D * D + D}),
    ("recurrent_weights_forgotten", "Your counts leave out the recurrent matrices, H times H for each gate and candidate.", {"one": lambda D, H: H * D + H}),
    ("input_weights_forgotten", "Your counts leave out the input matrices, H times D for each gate and candidate.", {"one": lambda D, H: H * H + H}),
    ("gates_only", "You count the gates and leave out the candidate, which has weights and a bias of its own.", {"blocks": {cell: BLOCKS[cell] - 1 for cell in CELLS[1:]}, "extra": {"torch_gru": 2}}),
    ("simplified_as_one_block", "Your simplified GRU has one block: it has two, the update gate and the candidate.", {"blocks": {"simplified_gru": 1}}),
    ("simplified_as_three_blocks", "Your simplified GRU has three blocks: it has two, the update gate and the candidate, no relevance gate.", {"blocks": {"simplified_gru": 3}}),
    ("gru_as_two_blocks", "Your GRU has two blocks: it has three, two gates and the candidate.", {"blocks": {"gru": 2}}),
    ("both_grus_as_two_blocks", "Your GRU and torch's have two blocks: they have three, two gates and the candidate.", {"blocks": {"gru": 2, "torch_gru": 2}, "extra": {"torch_gru": 2}}),
    ("gru_as_four_blocks", "Your GRU has four blocks, as an LSTM: it has three, two gates and the candidate.", {"blocks": {"gru": 4, "torch_gru": 4}, "extra": {"torch_gru": 4}}),
    ("lstm_as_three_blocks", "Your LSTM has three blocks: it has four, the gates i, f and o, and the candidate.", {"blocks": {"lstm": 3, "peephole_lstm": 3}}),
    ("gru_and_lstm_without_candidates", "Your GRU and your LSTM lack a block: the candidate has weights and a bias of its own.", {"blocks": {"gru": 2, "lstm": 3}}),
    ("gru_and_both_lstms_without_candidates", "Your GRU and your LSTMs lack a block: the candidate has weights and a bias of its own.", {"blocks": {"gru": 2, "lstm": 3, "peephole_lstm": 3}}),
    ("all_without_candidates", "Your GRUs and LSTMs lack a block: the candidate has weights and a bias of its own.", {"blocks": {"gru": 2, "torch_gru": 2, "lstm": 3, "peephole_lstm": 3}}),
    ("torch_as_ours", "You give torch's GRU one bias for each gate and candidate: it has two.", {"extra": {"torch_gru": 0}}),
    ("torch_with_one_bias_more", "You give torch's GRU one second bias: each of its three blocks has one, H numbers each.", {"extra": {"torch_gru": 1}}),
    ("torch_with_two_biases_more", "You give torch's GRU two second biases: each of its three blocks has one, H numbers each.", {"extra": {"torch_gru": 2}}),
    ("torch_with_three_biases", "You give each block of torch's GRU three biases: it has two.", {"extra": {"torch_gru": 6}}),
    ("torch_with_three_numbers_more", "You count one number for each second bias of torch's GRU: each has H.", {"extra": {"torch_gru": lambda D, H: 3}}),
    ("rnn_with_two_biases", "You count two biases in the plain RNN: here it has one, as in its equation.", {"extra": {"rnn": 1}}),
    ("lstms_with_two_biases", "You count two biases for each block of the LSTMs: here they have one, as in the equations.", {"extra": {"lstm": 4, "peephole_lstm": 7}}),
    ("peephole_lstm_with_two_biases", "You count two biases for each block of the peephole LSTM: here it has one, as in the equations.", {"extra": {"peephole_lstm": 7}}),
    ("lstm_with_two_biases", "You count two biases for each block of the LSTM: here it has one, as in the equations.", {"extra": {"lstm": 4}}),
    ("gru_with_two_biases", "You count two biases for each block of the GRU: only torch's has two.", {"extra": {"gru": 3}}),
    ("peepholes_forgotten", "You leave out the three peephole vectors: each has H numbers.", {"extra": {"peephole_lstm": 0}}),
    ("peepholes_in_both", "You count peepholes in both LSTMs: the plain one has none.", {"extra": {"lstm": 3}}),
    ("peepholes_as_matrices", "You count each peephole as a matrix: in this course it is a vector of H numbers.", {"extra": {"peephole_lstm": lambda D, H: 3 * H * H}}),
    ("peepholes_of_one_number", "You count one number for each peephole: each is a vector of H numbers.", {"extra": {"peephole_lstm": lambda D, H: 3}}),
    *(
        (f"peepholes_{n}", f"You count {words}: there are three, for the gates i, f and o, of H numbers each.", {"extra": {"peephole_lstm": n}})
        for n, words in ((1, "one peephole vector"), (2, "two peephole vectors"), (4, "four peephole vectors"))
    ),
):  # fmt: skip
    exercise.add_mistake(name, hint, lambda cell, D, H, change=change: count(cell, D, H, **change))


for name, hint, wrong in (
    ("sizes_exchanged", "You took D for H and H for D: the recurrent matrices are H times H.", lambda cell, D, H: count(cell, H, D)),
    ("not_whole", "Your counts are floats: a number of parameters is whole, so divide with // or do not divide at all.", lambda cell, D, H: float(count(cell, D, H))),
    ("as_text", "Your counts are texts: return a whole number (int).", lambda cell, D, H: str(count(cell, D, H))),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.right
def by_a_formula_each(cell, D, H):
    block = H * (D + H + 1)
    return {
        "rnn": block,
        "simplified_gru": 2 * block,
        "gru": 3 * block,
        "torch_gru": 3 * block + 3 * H,
        "lstm": 4 * block,
        "peephole_lstm": 4 * block + 3 * H,
    }[cell]


@exercise.right
def by_counting_arrays(cell, D, H):
    gates = {"rnn": "h", "simplified_gru": "uc", "gru": "zrh", "torch_gru": "rzn"}.get(cell, "ifoc")
    arrays = [np.zeros(shape) for _ in gates for shape in ((H, D), (H, H), (H,))]
    arrays += [np.zeros(H) for _ in range(3 if cell in ("torch_gru", "peephole_lstm") else 0)]
    return sum(array.size for array in arrays)


@exercise.right
def by_torch(cell, D, H):
    kind = {"rnn": torch.nn.RNN, "simplified_gru": torch.nn.GRU}.get(cell)
    kind = kind or (torch.nn.LSTM if "lstm" in cell else torch.nn.GRU)
    total = sum(p.numel() for name, p in kind(D, H).named_parameters() if name != "bias_hh_l0" or cell == "torch_gru")
    if cell == "simplified_gru":
        total = total * 2 // 3
    return total + (3 * H if cell == "peephole_lstm" else 0)
