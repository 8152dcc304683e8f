"""Wrong versions of unit 05's cell. Each docstring is the hint."""

import torch

from autograder.reference import reading


def argument(cell, gate, x, h):
    """What goes into the squashing of a gate, or of the candidate."""
    return x @ getattr(cell, f"W_{gate}").T + h @ getattr(cell, f"U_{gate}").T + getattr(cell, f"b_{gate}")


def restart(cell, drawn):
    """Let every matrix of a cell start as ``drawn(matrix)`` says."""
    for name, parameter in cell.named_parameters():
        if name[0] in "WU":
            parameter.data = drawn(parameter.data)


class Parts(reading.GRUCell):
    """The right cell in parts, of which a wrong one replaces some."""

    def gates(self, x, h):
        return torch.sigmoid(argument(self, "z", x, h)), torch.sigmoid(argument(self, "r", x, h))

    def candidate(self, x, h, r):
        return torch.tanh(argument(self, "h", x, r * h))

    def mixed(self, z, h, new):
        return (1 - z) * h + z * new

    def forward(self, x, h):
        z, r = self.gates(x, h)
        return self.mixed(z, h, self.candidate(x, h, r)), z, r


class GRUCell:
    class update_gate_on_the_old(torch.nn.Module):
        """Your z weighs the old state: in this form it weighs the new one, h = (1 - z) * h + z * candidate."""

        def __init__(self, D, H):
            super().__init__()
            for gate in "zrh":
                setattr(self, "W_" + gate, torch.nn.Parameter(torch.randn(H, D) * D**-0.5))
                setattr(self, "U_" + gate, torch.nn.Parameter(torch.randn(H, H) * H**-0.5))
                setattr(self, "b_" + gate, torch.nn.Parameter(torch.full((H,), -3.0 * (gate == "z"))))

        def forward(self, x, h):
            z = torch.sigmoid(x @ self.W_z.T + h @ self.U_z.T + self.b_z)
            r = torch.sigmoid(x @ self.W_r.T + h @ self.U_r.T + self.b_r)
            candidate = torch.tanh(x @ self.W_h.T + (r * h) @ self.U_h.T + self.b_h)
            return z * h + (1 - z) * candidate, z, r

    class reset_after_the_product(Parts):
        """Your reset gate multiplies U_h h: it must multiply the state before the product, U_h (r * h)."""

        def candidate(self, x, h, r):
            return torch.tanh(x @ self.W_h.T + r * (h @ self.U_h.T) + self.b_h)

    class reset_after_product_and_bias(Parts):
        """Your reset gate multiplies U_h h + b_h, as torch's does: here it multiplies the state before the product, U_h (r * h)."""

        def candidate(self, x, h, r):
            return torch.tanh(x @ self.W_h.T + r * (h @ self.U_h.T + self.b_h))

    class update_gate_sees_the_reset_state(Parts):
        """Your update gate looks at r * h: only the candidate does, z and r look at the whole old state."""

        def gates(self, x, h):
            _, r = super().gates(x, h)
            return torch.sigmoid(argument(self, "z", x, r * h)), r

    class nothing_reset(Parts):
        """Your candidate looks at the whole old state: the reset gate r is worked out but not used."""

        def candidate(self, x, h, r):
            return torch.tanh(argument(self, "h", x, h))

    class old_state_reset_too(Parts):
        """You reset the copied state too: r belongs inside the candidate and nowhere else."""

        def forward(self, x, h):
            z, r = self.gates(x, h)
            return self.mixed(z, r * h, self.candidate(x, h, r)), z, r

    class gates_swapped(Parts):
        """Your two gates have changed places: z mixes old and new, r resets the state inside the candidate."""

        def forward(self, x, h):
            z, r = self.gates(x, h)
            return self.mixed(r, h, self.candidate(x, h, z)), z, r

    class gates_returned_in_the_other_order(Parts):
        """You return r before z: the order is new state, z, r."""

        def forward(self, x, h):
            new, z, r = super().forward(x, h)
            return new, r, z

    class only_the_state_returned(Parts):
        """You return the new state alone: return a tuple of the new state, z and r."""

        def forward(self, x, h):
            return super().forward(x, h)[0]

    class candidate_returned(Parts):
        """Your first result is the candidate: it still has to be mixed with the old state."""

        def forward(self, x, h):
            z, r = self.gates(x, h)
            return self.candidate(x, h, r), z, r

    class sigmoid_candidate(Parts):
        """Your candidate is squashed by sigma: it takes a tanh, so that a state can be negative."""

        def candidate(self, x, h, r):
            return torch.sigmoid(argument(self, "h", x, r * h))

    class tanh_gates(Parts):
        """Your gates are squashed by tanh: a gate lies between 0 and 1, which is what sigma is for."""

        def gates(self, x, h):
            return torch.tanh(argument(self, "z", x, h)), torch.tanh(argument(self, "r", x, h))

    class gates_not_squashed(Parts):
        """You return what goes into sigma, not the gates themselves: z and r lie between 0 and 1."""

        def forward(self, x, h):
            return super().forward(x, h)[0], argument(self, "z", x, h), argument(self, "r", x, h)

    class update_bias_forgotten(Parts):
        """Your update gate has no bias: add b_z inside its sigma."""

        def gates(self, x, h):
            return torch.sigmoid(argument(self, "z", x, h) - self.b_z), torch.sigmoid(argument(self, "r", x, h))

    class candidate_bias_forgotten(Parts):
        """Your candidate has no bias: add b_h inside its tanh."""

        def candidate(self, x, h, r):
            return torch.tanh(argument(self, "h", x, r * h) - self.b_h)

    class recurrent_weights_transposed(Parts):
        """Your recurrent weights are the wrong way round: with one example a row, U h is h @ U.T."""

        def gates(self, x, h):
            z, r = (argument(self, g, x, h) + h @ (m - m.T) for g, m in (("z", self.U_z), ("r", self.U_r)))
            return torch.sigmoid(z), torch.sigmoid(r)

        def candidate(self, x, h, r):
            return torch.tanh(argument(self, "h", x, r * h) + (r * h) @ (self.U_h - self.U_h.T))

    class old_state_detached(Parts):
        """You cut the old state off from the graph: with .detach() no gradient flows back to the words before."""

        def forward(self, x, h):
            return super().forward(x, h.detach())

    class new_state_from_numbers(Parts):
        """Your new state has lost its history: .data, .item() and torch.tensor(...) make numbers through which nothing is learnt."""

        def forward(self, x, h):
            with torch.no_grad():
                return super().forward(x, h)

    class gates_without_gradient(Parts):
        """No gradient reaches your gates' weights: work z and r out with torch alone, without .detach() or .data."""

        def gates(self, x, h):
            z, r = super().gates(x, h)
            return z.detach(), r.detach()

    class update_bias_frozen(Parts):
        """No gradient reaches b_z: with requires_grad=False it stays as it starts, so leave that out."""

        def __init__(self, D, H):
            super().__init__(D, H)
            self.b_z.requires_grad = False

    class state_in_place(Parts):
        """Your cell overwrites the old state that it was given: make a new tensor and leave h as it was."""

        def forward(self, x, h):
            new, z, r = super().forward(x, h)
            with torch.no_grad():
                h.copy_(new)
            return new, z, r

    class gates_half_open_at_the_start(Parts):
        """Your b_z starts at 0, where half of the state is replaced at every word: start it at -3."""

        def __init__(self, D, H):
            super().__init__(D, H)
            self.b_z.data.zero_()

    class all_biases_start_shut(Parts):
        """All your biases start at -3: only b_z does, b_r and b_h start at 0."""

        def __init__(self, D, H):
            super().__init__(D, H)
            self.b_r.data.fill_(-3.0)
            self.b_h.data.fill_(-3.0)

    class matrices_start_at_zero(Parts):
        """Your matrices start at zero, where all units are alike and learn alike: draw them at random."""

        def __init__(self, D, H):
            super().__init__(D, H)
            restart(self, lambda matrix: 0 * matrix)

    class matrices_start_large(Parts):
        """Your matrices start with variance 1, too large for sums over many columns: divide by the root of their number."""

        def __init__(self, D, H):
            super().__init__(D, H)
            restart(self, torch.randn_like)

    class divided_by_the_columns(Parts):
        """You divide your matrices by the number of their columns: divide by its root."""

        def __init__(self, D, H):
            super().__init__(D, H)
            restart(self, lambda matrix: torch.randn_like(matrix) / matrix.shape[1])

    class divided_by_the_root_of_the_units(Parts):
        """You divide W by the root of the number of units: W has D columns, so divide it by the root of D."""

        def __init__(self, D, H):
            super().__init__(D, H)
            restart(self, lambda matrix: torch.randn_like(matrix) / H**0.5)

    class starts_as_torchs_layers_do(Parts):
        """Your matrices are uniform up to 1 over the root of H, as in torch's layers: here, their variance is 1 / (number of columns)."""

        def __init__(self, D, H):
            super().__init__(D, H)
            restart(self, lambda matrix: torch.empty_like(matrix).uniform_(-(H**-0.5), H**-0.5))

    class all_rows_start_alike(Parts):
        """All rows of a matrix of yours are the same, so that all units learn the same: draw (H, D) and (H, H) numbers."""

        def __init__(self, D, H):
            super().__init__(D, H)
            restart(self, lambda matrix: matrix[:1].expand_as(matrix).clone())

    class all_numbers_start_positive(Parts):
        """All your random numbers are positive: rand goes from 0 to 1, randn draws both signs around 0."""

        def __init__(self, D, H):
            super().__init__(D, H)
            restart(self, lambda matrix: torch.rand_like(matrix) * (3 / matrix.shape[1]) ** 0.5)

    class gates_share_their_matrices(Parts):
        """Your three gates start with the same numbers, or with one and the same tensor: draw W and U anew for each."""

        def __init__(self, D, H):
            super().__init__(D, H)
            for gate in "rh":
                setattr(self, f"W_{gate}", torch.nn.Parameter(self.W_z.data))
                setattr(self, f"U_{gate}", torch.nn.Parameter(self.U_z.data))

    class tensors_instead_of_parameters(Parts):
        """Your weights are plain tensors: wrap each in torch.nn.Parameter, or no optimiser will ever find it."""

        def __init__(self, D, H):
            torch.nn.Module.__init__(self)
            for name, value in reading.GRUCell(D, H).named_parameters():
                setattr(self, name, value.detach().clone())
