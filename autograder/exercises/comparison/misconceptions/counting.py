"""Wrong versions of ``equal_parameter_size`` and ``settle_by_counting``. Each docstring is a hint."""

import math

from autograder.reference import comparison
from autograder.reference.comparison import equal_parameter_size as right_size
from autograder.reference.comparison import settle_by_counting as right

BLOCKS = {"rnn": 1, "gru": 3, "lstm": 4, "peephole": 4}


def largest(fits, least=0):
    """The largest H, from ``least`` up, that fits."""
    H = least
    while fits(H + 1):
        H += 1
    return H


def size(cell, budget, D, blocks=None, biases=1, peepholes=lambda H: 3 * H, state=lambda H: H):
    """The largest size by a count that may be wrong in some part."""
    blocks = BLOCKS | (blocks or {})

    def parameters(H):
        more = peepholes(H) if cell == "peephole" else 0
        return blocks[cell] * H * (D + state(H) + biases) + more

    return largest(lambda H: parameters(H) <= budget)


def count(cell, D, H):
    return BLOCKS[cell] * H * (D + H + 1) + (3 * H if cell == "peephole" else 0)


class equal_parameter_size:
    def one_too_many(cell, budget, D):
        """Your size is the first that does not fit any more: the largest that fits is one less."""
        return right_size(cell, budget, D) + 1

    def budget_never_used_up(cell, budget, D):
        """Your size leaves out the case in which the budget is used up exactly: at most means that equal is allowed."""
        return right_size(cell, budget - 1, D)

    def a_float(cell, budget, D):
        """Your size is right, but a float: units are counted, so return a whole number; int(...) makes one."""
        return float(right_size(cell, budget, D))

    def never_above_a_hundred(cell, budget, D):
        """Your size is never above 100: a large budget allows more."""
        return min(100, right_size(cell, budget, D))

    def none_for_nothing(cell, budget, D):
        """Your function returns None where not even one unit fits: the size is 0 then."""
        return right_size(cell, budget, D) or None

    def nearest(cell, budget, D):
        """Your size is rounded to the nearest, which may be above the budget: at most means not one parameter more."""
        H = right_size(cell, budget, D)
        return H + (count(cell, D, H + 1) - budget < budget - count(cell, D, H))

    def at_least_one(cell, budget, D):
        """Your function never returns 0: if even one unit has too many parameters, no unit fits."""
        return max(1, right_size(cell, budget, D))

    def without_bias(cell, budget, D):
        """Your count leaves out the biases: every block has one for each unit."""
        return size(cell, budget, D, biases=0)

    def two_biases(cell, budget, D):
        """Your count has two biases in each block, as torch has: here it is one."""
        return size(cell, budget, D, biases=2)

    def one_bias_for_all(cell, budget, D):
        """Your count has one bias for all blocks together: each block has its own."""
        return largest(lambda H: count(cell, D, H) - (BLOCKS[cell] - 1) * H <= budget)

    def without_recurrence(cell, budget, D):
        """Your count leaves out the weights from the state, H times H in each block."""
        return size(cell, budget, D, state=lambda H: 0)

    def without_input(cell, budget, D):
        """Your count leaves out the weights from the input, H times D in each block."""
        return size(cell, budget, 0)

    def gru_by_its_gates(cell, budget, D):
        """Your GRU has two blocks, one for each gate: its candidate is a third."""
        blocks, H = {"rnn": 1, "gru": 2, "lstm": 4, "peephole": 4}[cell], 0
        peeping = 3 if cell == "peephole" else 0
        while blocks * (H + 1) * (D + H + 2) + peeping * (H + 1) <= budget:
            H += 1
        return H

    def lstm_by_its_gates(cell, budget, D):
        """Your LSTM has three blocks, one for each gate: what it writes into the cell is a fourth."""
        return size(cell, budget, D, {"lstm": 3, "peephole": 3})

    def peepholes_forgotten(cell, budget, D):
        """Your LSTM with peepholes has no peepholes: they add three vectors of H numbers."""
        return size(cell, budget, D, peepholes=lambda H: 0)

    def one_peephole(cell, budget, D):
        """Your peepholes are one vector of H numbers: each of the three gates has one of its own."""
        return size(cell, budget, D, peepholes=lambda H: H)

    def two_peepholes(cell, budget, D):
        """Your peepholes are two vectors of H numbers: each of the three gates has one of its own."""
        return size(cell, budget, D, peepholes=lambda H: 2 * H)

    def peepholes_as_numbers(cell, budget, D):
        """Your peepholes are three numbers: each is a vector, with one number for every unit."""
        return size(cell, budget, D, peepholes=lambda H: 3)

    def peepholes_as_matrices(cell, budget, D):
        """Your peepholes are matrices: each is a vector, since a gate peeks at its own cell only."""
        return size(cell, budget, D, peepholes=lambda H: 3 * H * H)

    def peephole_on_every_block(cell, budget, D):
        """Your peepholes are four: only the three gates peek, the candidate does not."""
        return size(cell, budget, D, peepholes=lambda H: 4 * H)

    def budget_for_each_block(cell, budget, D):
        """Your budget is spent on every block again: it is for the whole cell."""
        return size("rnn", budget, D)


def settled(D, H, **changes):
    """The right numbers with some replaced; underscores in names are blanks."""
    return right(D, H) | {name.replace("_", " "): value for name, value in changes.items()}


def larger_gru(D, H):
    return right_size("gru", count("lstm", D, H), D)


class settle_by_counting:
    def blocks_for_gates(D, H):
        """Your gates are 3/4, which is the ratio of the blocks: a candidate is not a gate."""
        n = comparison.equal_parameter_size("gru", 4 * H * (D + H + 1), D)
        again = 3 * n * (D + n) / (4 * H * (D + H))
        found = {"gates": 3 / 4, "parameters": 3 / 4, "multiplications": 3 / 4, "units": n / H}
        return found | {"multiplications at equal parameters": again}

    def gates_for_blocks(D, H):
        """Your parameters are in the ratio of the gates: each candidate has a block of its own."""
        return settled(D, H, parameters=2 / 3, multiplications=2 / 3)

    def lstm_by_gru(D, H):
        """Your ratios are turned over: divide the GRU's number by the LSTM's."""
        return {name: 1 / value for name, value in right(D, H).items()}

    def units_estimated(D, H):
        """Your units come from a rule of thumb: find how many whole units really fit."""
        return settled(D, H, units=math.sqrt(4 / 3))

    def units_not_a_ratio(D, H):
        """Your units are a number of units: divide it by H."""
        return settled(D, H, units=larger_gru(D, H))

    def units_by_four_thirds(D, H):
        """Your units grow like the blocks shrink: a cell's parameters grow with the square of its units."""
        return settled(D, H, units=int(H * 4 / 3) / H)

    def budget_of_the_gru(D, H):
        """Your budget is that of a GRU with H units: the GRU may have as many parameters as the LSTM."""
        return settled(D, H, units=1.0, multiplications_at_equal_parameters=3 / 4)

    def budget_with_peepholes(D, H):
        """Your budget is that of an LSTM with peepholes: compare with the plain one."""
        larger = right_size("gru", count("peephole", D, H), D)
        again = 3 * larger * (D + larger) / (4 * H * (D + H))
        return settled(D, H, units=larger / H, multiplications_at_equal_parameters=again)

    def budget_without_biases(D, H):
        """Your budget leaves out the LSTM's biases: each of its blocks has one for each unit."""
        larger = right_size("gru", 4 * H * (D + H), D)
        again = 3 * larger * (D + larger) / (4 * H * (D + H))
        return settled(D, H, units=larger / H, multiplications_at_equal_parameters=again)

    def budget_with_two_biases(D, H):
        """Your LSTM has two biases in each block, as torch has: here it is one."""
        larger = right_size("gru", 4 * H * (D + H + 2), D)
        again = 3 * larger * (D + larger) / (4 * H * (D + H))
        return settled(D, H, units=larger / H, multiplications_at_equal_parameters=again)

    def same_size_after_all(D, H):
        """Your multiplications at equal parameters are 3/4, as for cells of one size: the GRU with as many has more units."""
        return settled(D, H, multiplications_at_equal_parameters=3 / 4)

    def called_equal(D, H):
        """Your multiplications at equal parameters are set to 1: nearly, but count them."""
        return settled(D, H, multiplications_at_equal_parameters=1.0)

    def biases_multiplied(D, H):
        """Your multiplications include the biases, which are only added."""
        larger = larger_gru(D, H)
        again = 3 * larger * (D + larger + 1) / (4 * H * (D + H + 1))
        return settled(D, H, multiplications_at_equal_parameters=again)

    def element_by_element_too(D, H):
        """Your multiplications include those element by element: only those with weights of a matrix are counted."""
        larger = larger_gru(D, H)

        def gru(n):
            return 3 * n * (D + n) + 3 * n

        lstm = 4 * H * (D + H) + 3 * H
        return settled(D, H, multiplications=gru(H) / lstm, multiplications_at_equal_parameters=gru(larger) / lstm)

    def larger_only_in_the_state(D, H):
        """Your larger GRU multiplies its inputs H times only: every one of its units looks at the input."""
        larger = larger_gru(D, H)
        again = 3 * (H * D + larger**2) / (4 * H * (D + H))
        return settled(D, H, multiplications_at_equal_parameters=again)
