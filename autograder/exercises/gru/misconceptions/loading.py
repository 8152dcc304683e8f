"""Wrong versions of ``load_into_torch_gru`` and ``count_parameters``. Each docstring is a hint."""

import numpy as np
import torch

from autograder.reference.gru_notations import count_parameters as counted


def torch_gru(params, order="rzh", signs=(1, -1, 1), biases=None, dtype=torch.float64, **options):
    """A torch GRU filled with these arrays, in this order and with these signs (of W, U and b alike unless given one by one).

    Args:
        signs: for r, z and h in this order; numbers, or triples for W, U and b. biases: from the stacked bias to both of
            torch's.
    """
    signs = dict(zip("rzh", (sign if isinstance(sign, tuple) else (sign,) * 3 for sign in signs), strict=True))
    W, U, b = (
        np.concatenate([signs[gate][n] * params[f"{kind}_{gate}"] for gate in order]) for n, kind in enumerate("WUb")
    )
    module = torch.nn.GRU(W.shape[1], U.shape[1], dtype=dtype, **options)
    b_x, b_h = biases(b) if biases else (b, np.zeros_like(b))
    with torch.no_grad():
        for name, array in (("weight_ih_l0", W), ("weight_hh_l0", U), ("bias_ih_l0", b_x), ("bias_hh_l0", b_h)):
            getattr(module, name).copy_(torch.tensor(array))
    return module


class load_into_torch_gru:
    def rows_z_r_h(params):
        """Your rows are stacked in the order z, r, h: torch's order is r, z, n."""
        return torch_gru(params, order="zrh")

    def rows_r_h_z(params):
        """Your rows are stacked in the order r, h, z: torch's order is r, z, n."""
        return torch_gru(params, order="rhz")

    def not_negated(params):
        """Your update gate went in as it was: z weighs the new state here and the old one in torch, so its tensors are negated."""
        return torch_gru(params, signs=(1, 1, 1))

    def rows_z_r_h_not_negated(params):
        """Your rows are stacked in the order z, r, h, and z was not negated: torch's order is r, z, n, its z weighs the old."""
        return torch_gru(params, order="zrh", signs=(1, 1, 1))

    def bias_not_negated(params):
        """You negated the update gate's matrices but not its bias: all three tensors change sign."""
        return torch_gru(params, signs=(1, (-1, -1, 1), 1))

    def matrices_not_negated(params):
        """You negated one part of the update gate only: its W, its U and its b all change sign."""
        return torch_gru(params, signs=(1, (-1, 1, 1), 1))

    def reset_gate_negated(params):
        """You negated the reset gate: it means the same in both, the update gate is what changes sides."""
        return torch_gru(params, signs=(-1, 1, 1))

    def everything_negated(params):
        """You negated all gates and the candidate: only the update gate changes sides."""
        return torch_gru(params, signs=(-1, -1, -1))

    def bias_in_both(params):
        """Your biases are in there twice: torch has two for everything, one of them must be zero."""
        return torch_gru(params, biases=lambda b: (b, b))

    def bias_beside_the_state(params):
        """Your b_h went into bias_hh_l0, where the reset gate multiplies it: it belongs into bias_ih_l0, outside the product."""
        return torch_gru(params, biases=lambda b: (np.zeros_like(b), b))

    def bias_left_random(params):
        """One of your biases is as torch made it, random: set both."""
        return torch_gru(params, biases=lambda b: (b, np.linspace(-0.3, 0.4, len(b))))

    def bias_missing(params):
        """Your network has no biases at all: b_r, b_z (negated) and b_h go into bias_ih_l0."""
        return torch_gru(params, biases=lambda b: (0 * b, 0 * b))

    def recurrent_weights_transposed(params):
        """Your recurrent weights are transposed: each block of weight_hh_l0 is stored just as U_r, U_z and U_h are."""
        return torch_gru(params | {f"U_{gate}": params[f"U_{gate}"].T for gate in "zrh"})

    def single_precision(params):
        """Your network computes in float32, torch's default: ask for dtype=torch.float64."""
        return torch_gru(params, dtype=torch.float32)

    def batch_first(params):
        """Your network takes the batch first: leave batch_first at its default, time comes first in this course."""
        return torch_gru(params, batch_first=True)


def count(cell, D, H, blocks=None, bias=1, extra=None, one=None):
    """A count with a part replaced: the blocks of some cells, biases a block, the extra parameters of some cells."""
    blocks = {"rnn": 1, "simplified_gru": 2, "gru": 3, "torch_gru": 3, "lstm": 4, "peephole_lstm": 4} | (blocks or {})
    extra = {"torch_gru": 3 * H, "peephole_lstm": 3 * H} | (extra or {})
    return blocks[cell] * (one or (H * D + H * H + bias * H)) + extra.get(cell, 0)


class count_parameters:
    def biases_forgotten(cell, D, H):
        """Your count leaves out the biases: each gate and each candidate has H of them."""
        return count(cell, D, H, bias=0, extra={"torch_gru": 0})

    def two_biases_everywhere(cell, D, H):
        """You count two biases for every cell: only torch's has two, our equations have one."""
        return count(cell, D, H, bias=2, extra={"torch_gru": 0})

    def one_bias_number(cell, D, H):
        """You count one number for each bias: a bias has one number for each of the H units."""
        return count(cell, D, H, one=H * D + H * H + 1, extra={"torch_gru": 3})

    def recurrent_weights_by_input(cell, D, H):
        """Your recurrent matrices have the size of the input's: they go from state to state, H times H."""
        return count(cell, D, H, one=2 * H * D + H)

    def recurrent_weights_forgotten(cell, D, H):
        """Your count leaves out the recurrent matrices, H times H for each gate and candidate."""
        return count(cell, D, H, one=H * D + H)

    def sizes_exchanged(cell, D, H):
        """You took D for H and H for D: the recurrent matrices are H times H."""
        return counted(cell, H, D)

    def gates_only(cell, D, H):
        """You count the gates and forget the candidate, which has weights and a bias of its own."""
        fewer = {"simplified_gru": 1, "gru": 2, "torch_gru": 2, "lstm": 3, "peephole_lstm": 3}
        return count(cell, D, H, blocks=fewer, extra={"torch_gru": 2 * H})

    def simplified_with_two_gates(cell, D, H):
        """Your simplified GRU has two gates: it has the update gate and the candidate, no relevance gate."""
        return count(cell, D, H, blocks={"simplified_gru": 3})

    def torch_as_ours(cell, D, H):
        """You give torch's GRU one bias for each gate and candidate: it has two."""
        return count(cell, D, H, extra={"torch_gru": 0})

    def torch_bias_only_for_the_candidate(cell, D, H):
        """You give torch's second bias to the candidate alone: torch has two biases for both gates as well."""
        return count(cell, D, H, extra={"torch_gru": H})

    def peepholes_forgotten(cell, D, H):
        """You leave out the three peephole vectors: each has H numbers."""
        return count(cell, D, H, extra={"peephole_lstm": 0})

    def peepholes_as_matrices(cell, D, H):
        """You count each peephole as a matrix: in this course it is a vector of H numbers."""
        return count(cell, D, H, extra={"peephole_lstm": 3 * H * H})

    def lstm_with_two_gates(cell, D, H):
        """Your LSTM has too few blocks: it has three gates, i, f and o, and the candidate."""
        return count(cell, D, H, blocks={"lstm": 3, "peephole_lstm": 3})

    def not_whole(cell, D, H):
        """Your counts are floats: a number of parameters is whole, so divide with // or do not divide at all."""
        return float(counted(cell, D, H))
