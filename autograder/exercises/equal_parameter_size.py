"""The largest size of a cell that a budget of parameters allows."""

import bisect
import math

import numpy as np
from torch import nn

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise
from autograder.reference import comparison

exercise = Exercise(comparison.equal_parameter_size)

BLOCKS = {"rnn": 1, "gru": 3, "lstm": 4, "peephole": 4}
NAMES = {"rnn": "RNN", "gru": "GRU", "lstm": "LSTM", "peephole": "LSTM with peepholes"}
SIZES = {"a small budget": (3, 8), "a middling budget": (20, 60), "a large budget": (260, 300)}
ROOM = (0, 0.5, 1.5, 2.5, 3.5)  # for so many vectors more than the LSTM has: three peepholes need three


def parameters(cell, D, H):
    """How many there are, from the equations: drawn budgets are set on and around such numbers."""
    return BLOCKS[cell] * (H * D + H * H + H) + (3 * H if cell == "peephole" else 0)


def budgets(cell):
    """The names of the budgets that tell whether a cell's parameters are counted as they should be."""
    return (
        *SIZES,
        "many inputs",
        "room for two more vectors",
        *(f"room for {vectors:g} vectors" for vectors in ROOM if cell == "peephole"),
    )


@exercise.cases
def draw(rng):
    cases = {}
    for cell in BLOCKS:
        for name, (low, high) in SIZES.items():
            D, H = int(rng.integers(2, 12)), int(rng.integers(low, high))
            room = parameters(cell, D, H + 1) - parameters(cell, D, H)
            # not halfway between two sizes, where it would depend on how the nearest is found; the small budget below
            # the middle, the others above it, so that both ways of rounding show
            more = rng.integers(1, 2 * room // 5) if low < 10 else rng.integers(3 * room // 5 + 1, room)
            cases[f"{cell}, {name}"] = Case((cell, parameters(cell, D, H) + int(more), D))
        # nearer to the next size than to this one, but not so near that a count without biases would reach it
        D, H = int(rng.integers(16, 30)), int(rng.integers(31, 60))
        room = parameters(cell, D, H + 1) - parameters(cell, D, H)
        near = room * (H + 0.75 * D + 1) / (2 * H + D + 2)
        cases[f"{cell}, many inputs"] = Case((cell, parameters(cell, D, H) + int(near), D))
        D, H = int(rng.integers(2, 12)), int(rng.integers(13, 40))
        cases[f"{cell}, room for two more vectors"] = Case((cell, parameters(cell, D, H) + 2 * H, D))
        cases[f"{cell}, used up exactly"] = Case((cell, parameters(cell, D, H), D))
        cases[f"{cell}, one short of it"] = Case((cell, parameters(cell, D, H) - 1, D))
        if cell == "peephole":
            D, H = int(rng.integers(2, 12)), int(rng.integers(12, 40))
            for vectors in ROOM:
                cases[f"peephole, room for {vectors:g} vectors"] = Case(
                    (cell, parameters("lstm", D, H) + int(vectors * H), D)
                )
        D = int(rng.integers(3, 12))
        cases[f"{cell}, exactly one unit"] = Case((cell, parameters(cell, D, 1), D))
        cases[f"{cell}, too little for one unit"] = Case((cell, parameters(cell, D, 1) - 1, D))
        cases[f"{cell}, nothing"] = Case((cell, 0, D))
    return cases


exercise.checks(
    *(values(f"the {name}", *(f"{cell}, {size}" for size in budgets(cell))) for cell, name in NAMES.items()),
    values(
        "a budget that is used up exactly, or one short of it",
        *(f"{cell}, {size}" for cell in BLOCKS for size in ("used up exactly", "one short of it", "exactly one unit")),
    ),
    values(
        "a budget too small for one unit",
        *(f"{cell}, {size}" for cell in BLOCKS for size in ("too little for one unit", "nothing")),
        property=True,
    ),
)

right = comparison.equal_parameter_size


def largest(fits):
    """The largest H that fits, or 0."""
    H = 0
    while fits(H + 1):
        H += 1
    return H


def counted(name, hint, blocks=None, count=None, peepholes=lambda H: 3 * H):
    """A mistake in the count: the number of blocks of some cells, ``count(H, D)`` in a block, or the peepholes."""
    blocks, count = BLOCKS | (blocks or {}), count or (lambda H, D: H * (D + H + 1))

    def wrong(cell, budget, D):
        more = peepholes if cell == "peephole" else lambda H: 0
        return largest(lambda H: blocks[cell] * count(H, D) + more(H) <= budget)

    exercise.add_mistake(name, hint, wrong)


# fmt: off
for name, hint, parts in (
    ("without_bias", "Your count leaves out the biases: every block has one for each unit.",
     {"count": lambda H, D: H * (D + H)}),
    ("two_biases", "Your count has two biases in each block, as torch has: here it is one.",
     {"count": lambda H, D: H * (D + H + 2)}),
    ("without_recurrence", "Your count leaves out the weights from the state, H times H in each block.",
     {"count": lambda H, D: H * (D + 1)}),
    ("without_input", "Your count leaves out the weights from the input, H times D in each block.",
     {"count": lambda H, D: H * (H + 1)}),
    ("input_squared", "Your weights from the state are D times D: the state has H numbers, so there are H times H.",
     {"count": lambda H, D: H * D + D * D + H}),
    ("gru_by_its_gates", "Your GRU has two blocks, one for each gate: its candidate is a third.",
     {"blocks": {"gru": 2}}),
    ("gru_like_an_lstm", "Your GRU has four blocks: it has two gates and a candidate, three.", {"blocks": {"gru": 4}}),
    ("lstm_by_its_gates", "Your LSTM has three blocks, one for each gate: what it writes into the cell is a fourth.",
     {"blocks": {"lstm": 3, "peephole": 3}}),
    ("plain_lstm_by_its_gates", "Your plain LSTM has three blocks, the one with peepholes four: both have four.",
     {"blocks": {"lstm": 3}}),
    ("gates_alone", "You count gates: each cell has one block more, for what it writes (GRU three, LSTM four).",
     {"blocks": {"gru": 2, "lstm": 3, "peephole": 3}}),
    ("blocks_forgotten", "Your budget is spent on every block again: it is for the whole cell.",
     {"blocks": dict.fromkeys(BLOCKS, 1), "peepholes": lambda H: 0}),
    ("peepholes_forgotten", "Your LSTM with peepholes has no peepholes: they add three vectors of H numbers.",
     {"peepholes": lambda H: 0}),
    ("one_peephole", "Your peepholes are one vector of H numbers: each of the three gates has one of its own.",
     {"peepholes": lambda H: H}),
    ("two_peepholes", "Your peepholes are two vectors of H numbers: each of the three gates has one of its own.",
     {"peepholes": lambda H: 2 * H}),
    ("peepholes_as_numbers", "Your peepholes are three numbers: each is a vector, with one number for every unit.",
     {"peepholes": lambda H: 3}),
    ("peepholes_as_matrices", "Your peepholes are matrices: each is a vector, since a gate peeks at its own cell only.",
     {"peepholes": lambda H: 3 * H * H}),
    ("peephole_on_every_block", "Your peepholes are four: only the three gates peek, the candidate does not.",
     {"peepholes": lambda H: 4 * H}),
    ("peepholes_in_every_block", "You count three peepholes in each of the four blocks: there are three in all, one for each gate.",
     {"peepholes": lambda H: 12 * H}),
):
    counted(name, hint, **parts)
# fmt: on


@exercise.wrong
def smallest_that_is_enough(cell, budget, D):
    """Yours is the smallest size with at least so many parameters: the budget is an upper limit, at most."""
    H = right(cell, budget, D)
    return H if H and parameters(cell, D, H) == budget else H + 1


@exercise.wrong
def not_whole(cell, budget, D):
    """Your size is not a whole number: round it down, and return an int."""
    linear = BLOCKS[cell] * (D + 1) + (3 if cell == "peephole" else 0)
    return (math.sqrt(linear**2 + 4 * BLOCKS[cell] * budget) - linear) / (2 * BLOCKS[cell])


for most in (99, 100, 127, 128, 199, 200, 255, 256):  # where a search may end
    exercise.add_mistake(
        f"never_above_{most}",
        f"Your size is never above {most}: a large budget allows more.",
        lambda cell, budget, D, most=most: min(most, right(cell, budget, D)),
    )


@exercise.wrong
def nearest(cell, budget, D):
    """Your size is rounded to the nearest, which may be above the budget: at most means not one parameter more."""
    H = right(cell, budget, D)
    return H + (parameters(cell, D, H + 1) - budget < budget - parameters(cell, D, H))


# fmt: off
for name, hint, function in (
    ("readout_counted_too", "Your count includes a readout of the state, about H numbers more: the budget is for the cell alone.",
     lambda cell, budget, D: largest(lambda H: parameters(cell, D, H) + H + 1 <= budget)),
    ("one_bias_for_all", "Your count has one bias for all blocks together: each block has its own.",
     lambda cell, budget, D: largest(lambda H: parameters(cell, D, H) - (BLOCKS[cell] - 1) * H <= budget)),
    ("one_too_many", "Your size is the first that does not fit any more: the largest that fits is one less.",
     lambda cell, budget, D: right(cell, budget, D) + 1),
    ("one_too_few", "Your size is one less than the largest that fits.",
     lambda cell, budget, D: max(0, right(cell, budget, D) - 1)),
    ("budget_never_used_up",
     "Your size leaves out the case in which the budget is used up exactly: at most means that equal is allowed.",
     lambda cell, budget, D: right(cell, budget - 1, D)),
    ("a_float", "Your size is right, but a float: units are counted, so return a whole number; int(...) makes one.",
     lambda cell, budget, D: float(right(cell, budget, D))),
    ("none_for_nothing", "Your function returns None where not even one unit fits: the size is 0 then.",
     lambda cell, budget, D: right(cell, budget, D) or None),
    ("minus_one_for_nothing", "Your function returns -1 where not even one unit fits: the size is 0 then.",
     lambda cell, budget, D: right(cell, budget, D) or -1),
    ("at_least_one", "Your function never returns 0: if even one unit has too many parameters, no unit fits.",
     lambda cell, budget, D: max(1, right(cell, budget, D))),
):
    exercise.add_mistake(name, hint, function)
# fmt: on


@exercise.right
def by_the_quadratic_formula(cell, budget, D):
    blocks = {"rnn": 1, "gru": 3, "lstm": 4, "peephole": 4}[cell]
    linear = blocks * (D + 1) + (3 if cell == "peephole" else 0)
    return (math.isqrt(linear**2 + 4 * blocks * budget) - linear) // (2 * blocks)


@exercise.right
def by_bisection(cell, budget, D):
    return bisect.bisect_right(range(1, budget + 2), budget, key=lambda H: parameters(cell, D, H))


@exercise.right
def by_counting_down(cell, budget, D):
    H = int(budget**0.5) + 1
    while parameters(cell, D, H) > budget:
        H -= 1
    return H


@exercise.right
def by_numpy(cell, budget, D):
    H = np.arange(1, 2000)
    return np.sum(parameters(cell, D, H) <= budget)


@exercise.right
def by_torch_modules(cell, budget, D):
    """Counts what torch makes, less the second bias that it always has."""
    kind = {"rnn": nn.RNNCell, "gru": nn.GRUCell}.get(cell, nn.LSTMCell)
    H = 0
    while True:
        made = kind(D, H + 1, device="meta")
        count = sum(array.numel() for array in made.parameters()) - made.bias_hh.numel()
        if count + (3 * (H + 1) if cell == "peephole" else 0) > budget:
            return H
        H += 1
