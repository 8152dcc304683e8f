"""The GRU against the plain LSTM, by counting."""

import bisect
import functools
import math
from fractions import Fraction

import numpy as np

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.equal_parameter_size import by_counting_down, by_the_quadratic_formula, parameters, right
from autograder.reference import comparison

exercise = Exercise(comparison.settle_by_counting)

MOST = 10_000  # a substitute for equal_parameter_size takes budgets up to here only
PAIRS = [(D, H) for D in range(2, 24) for H in range(7, 46) if parameters("lstm", D, H) + 4 * H <= MOST]


@functools.cache
def size_of_equal_gru(D, H, vectors=0):
    """Units of the GRU that may have as many parameters as the LSTM with H units, and so many times H more."""
    return right("gru", parameters("lstm", D, H) + vectors * H, D)


def not_whole(D, H):
    """The size of the larger GRU before it is rounded down."""
    return (math.sqrt((3 * (D + 1)) ** 2 + 12 * parameters("lstm", D, H)) - 3 * (D + 1)) / 6


def _differs(vectors):
    """Whether a budget of so many times H more finds another size."""
    return lambda D, H: size_of_equal_gru(D, H) != size_of_equal_gru(D, H, vectors)


def _exact(D, H):
    """Whether a GRU uses the LSTM's budget up exactly."""
    return parameters("gru", D, size_of_equal_gru(D, H)) == parameters("lstm", D, H)


def _up(D, H):
    return round(not_whole(D, H)) > size_of_equal_gru(D, H)


def _where(*true, false=()):
    """All (D, H) of which these statements are true, and those false."""
    return [pair for pair in PAIRS if all(one(*pair) for one in true) and not any(one(*pair) for one in false)]


# what is met by construction: other counts of the budget, and other ways of rounding, find other sizes
MET = {
    "a budget used up exactly": _where(_exact),
    "a budget near no biases": _where(_differs(-4), false=[_exact]),
    "a budget near peepholes": _where(_differs(3)),
    "a budget near second biases": _where(_differs(4), false=[_differs(3)]),
    "nearly one unit more": _where(_up, false=[_differs(4)]),
    "half a unit more": _where(_differs(4), false=[_up]),
}


@exercise.cases
def draw(rng):
    n = int(rng.integers(9, 20))
    return {
        "few units": Case((int(rng.integers(3, 6)), int(rng.integers(7, 12)))),
        **{name: Case(pairs[int(rng.integers(len(pairs)))]) for name, pairs in MET.items()},
        "more inputs than units": Case((int(rng.integers(30, 60)), int(rng.integers(8, 20)))),
        "as many inputs as units": Case((n, n)),
        "one input": Case((1, int(rng.integers(20, 40)))),
    }


COUNTED = ("few units", "more inputs than units", "as many inputs as units", "one input", *MET)
AGAIN = "multiplications at equal parameters"
exercise.checks(
    values(AGAIN, *COUNTED, part=AGAIN, weight=1.5),
    values("units", *COUNTED, part="units", weight=1.5),
    *(values(name, *COUNTED, part=name, weight=0.5) for name in ("gates", "parameters", "multiplications")),
)


def work(blocks, units, D):
    """Multiplications of a step."""
    return blocks * units * (D + units)


def settled(D, H, size=None, again=None, **others):
    """The right numbers, or those that follow from another size of the larger GRU, with some replaced."""
    size = size_of_equal_gru(D, H) if size is None else size
    again = work(3, size, D) / work(4, H, D) if again is None else again
    return comparison.settle_by_counting(D, H) | {"units": size / H, AGAIN: again} | others


def by_blocks(D, H, blocks):
    """Units of a cell of so many blocks with at most the LSTM's parameters."""
    return bisect.bisect_right(range(1, 9 * H), parameters("lstm", D, H), key=lambda n: blocks * n * (D + n + 1))


def elementwise(size, D, H):
    """The ratio of multiplications, three for each unit included that have no weight of a matrix."""
    return (work(3, size, D) + 3 * size) / (work(4, H, D) + 3 * H)


# the larger GRU has another size, and the multiplications follow from it
# fmt: off
for name, hint, units in (
    ("budget_with_peepholes", "Your budget is that of an LSTM with peepholes: compare with the plain one.",
     lambda D, H: size_of_equal_gru(D, H, 3)),
    ("budget_without_biases",
     "Your budget leaves out the LSTM's biases, as its multiplications do: a budget of parameters has one for each block and unit.",
     lambda D, H: size_of_equal_gru(D, H, -4)),
    ("budget_with_two_biases", "Your LSTM has two biases in each block, as torch has: here it is one.",
     lambda D, H: size_of_equal_gru(D, H, 4)),
    ("budget_never_used_up", "Your GRU has fewer parameters than the LSTM even where equally many are possible: at most allows equal.",
     lambda D, H: right("gru", parameters("lstm", D, H) - 1, D)),
    ("smallest_gru_that_is_enough",
     "Your larger GRU has at least as many parameters as the LSTM: it may have at most as many, so one unit less.",
     lambda D, H: (size_of_equal_gru(D, H) + (parameters("gru", D, size_of_equal_gru(D, H)) < parameters("lstm", D, H)))),
    ("one_unit_too_many", "Your larger GRU is the first that does not fit any more: it has one unit too many.",
     lambda D, H: size_of_equal_gru(D, H) + 1),
    ("units_not_whole", "The units of your larger GRU are not a whole number: find how many whole units fit.",
     not_whole),
    ("units_rounded", "The units of your larger GRU are rounded to the nearest: at most as many parameters means rounded down.",
     lambda D, H: round(not_whole(D, H))),
    ("units_by_four_thirds_throughout",
     "Your larger GRU has 4/3 of the units, rounded down: a cell's parameters grow with the square of its units.",
     lambda D, H: 4 * H // 3),
    ("units_by_the_root_of_four_thirds", "Your larger GRU has the root of 4/3 times the units, rounded down: find how many really fit.",
     lambda D, H: int(H * math.sqrt(4 / 3))),
    ("gru_of_two_blocks", "Your larger GRU has two blocks: besides the two gates there is the candidate.",
     lambda D, H: by_blocks(D, H, 2)),
    ("budget_of_the_gru", "Your larger GRU is the one with H units: it may have as many parameters as the LSTM, so it has more units.",
     lambda D, H: H),
):
    exercise.add_mistake(name, hint, lambda D, H, units=units: settled(D, H, units(D, H)))
# fmt: on


# the larger GRU, of n units, is right, and other numbers are not
# fmt: off
for name, hint, others in (
    ("same_size_after_all",
     "Your multiplications at equal parameters are 3/4, as for cells of one size: the GRU with as many has more units.",
     lambda D, H, n: {AGAIN: 3 / 4}),
    ("biases_multiplied", "Your multiplications at equal parameters are the ratio of the parameters: biases are only added.",
     lambda D, H, n: {AGAIN: 3 * n * (D + n + 1) / (4 * H * (D + H + 1))}),
    ("as_many_blocks",
     "Your multiplications at equal parameters count as many blocks for one cell as for the other: the GRU has three, the LSTM four.",
     lambda D, H, n: {AGAIN: work(4, n, D) / work(4, H, D)}),
    ("again_turned_over", "Your multiplications at equal parameters are turned over: divide the GRU's number by the LSTM's.",
     lambda D, H, n: {AGAIN: work(4, H, D) / work(3, n, D)}),
    ("without_the_input", "Your multiplications at equal parameters leave the input out: a block has H (D + H), not H times H.",
     lambda D, H, n: {AGAIN: 3 * n * n / (4 * H * H)}),
    ("units_estimated", "Your units come from a rule of thumb: find how many whole units really fit.",
     lambda D, H, n: {"units": math.sqrt(4 / 3)}),
    ("units_not_a_ratio", "Your units are a number of units: divide it by H.",
     lambda D, H, n: {"units": n}),
    ("units_turned_over", "Your units are turned over: divide the GRU's number by the LSTM's.",
     lambda D, H, n: {"units": H / n}),
    ("units_four_thirds", "Your units are 4/3: a cell's parameters grow with the square of its units, and units are whole.",
     lambda D, H, n: {"units": 4 / 3}),
    ("blocks_for_gates", "Your gates are 3/4, the ratio of the blocks: a candidate is not a gate.",
     lambda D, H, n: {"gates": 3 / 4}),
    ("lstm_of_four_gates", "Your gates are 2 to 4: the LSTM has three gates, its candidate is none.",
     lambda D, H, n: {"gates": 1 / 2}),
    ("gates_turned_over", "Your gates are turned over: divide the GRU's number by the LSTM's.",
     lambda D, H, n: {"gates": 3 / 2}),
    ("gates_for_blocks", "Your parameters are in the ratio of the gates: each candidate has a block of its own.",
     lambda D, H, n: {"parameters": 2 / 3, "multiplications": 2 / 3}),
    ("parameters_by_gates",
     "Your parameters are in the ratio of the gates, the multiplications are not: each candidate has a block of its own.",
     lambda D, H, n: {"parameters": 2 / 3}),
    ("two_biases_in_the_gru", "Your GRU has two biases in its candidate, or in every block: here each block has one.",
     lambda D, H, n: {"parameters": 3 * (D + H + 2) / (4 * (D + H + 1))}),
    ("equal_sizes_turned_over", "Your ratios at equal sizes are turned over, the others are not: divide the GRU's number by the LSTM's.",
     lambda D, H, n: {"gates": 3 / 2, "parameters": 4 / 3, "multiplications": 4 / 3}),
    ("equal_sizes_cut_to_whole_numbers", "Your parameters and multiplications are cut to whole numbers: divide with /, not with //.",
     lambda D, H, n: {"parameters": 0, "multiplications": 0}),
    ("gru_of_two_blocks_at_equal_sizes",
     "Your GRU has two blocks in the parameters and multiplications with H units: the candidate is a third.",
     lambda D, H, n: {"parameters": 1 / 2, "multiplications": 1 / 2}),
    ("peepholes_in_the_parameters", "Your parameters are those of an LSTM with peepholes: compare with the plain one.",
     lambda D, H, n: {"parameters": parameters("gru", D, H) / parameters("peephole", D, H)}),
    ("biases_multiplied_throughout", "All your multiplications include the biases, for the LSTM only or for both: biases are only added.",
     lambda D, H, n: {part: work(3, size, D) / parameters("lstm", D, H) for part, size in ((AGAIN, n), ("multiplications", H))}),
    ("element_by_element_too", "Your multiplications include those element by element: only those with weights of a matrix are counted.",
     lambda D, H, n: {part: elementwise(size, D, H) for part, size in ((AGAIN, n), ("multiplications", H))}),
    ("element_by_element_at_equal_parameters",
     "Your multiplications at equal parameters include those element by element: only a matrix's weights are counted.",
     lambda D, H, n: {AGAIN: elementwise(n, D, H)}),
):
    exercise.add_mistake(name, hint, lambda D, H, others=others: settled(D, H, **others(D, H, size_of_equal_gru(D, H))))
# fmt: on


def each(change):
    """A change of all five numbers."""
    return lambda D, H: {name: change(value) for name, value in comparison.settle_by_counting(D, H).items()}


# fmt: off
for name, hint, function in (
    ("lstm_by_gru", "Your ratios are turned over: divide the GRU's number by the LSTM's.", each(lambda ratio: 1 / ratio)),
    ("cut_to_whole_numbers", "Your ratios are cut to whole numbers: divide with /, not with //.", each(int)),
    ("in_percent", "Your ratios are in percent: three quarters is 0.75.", each(lambda ratio: 100 * ratio)),
    *((f"rounded_to_{digits}", f"Your ratios are rounded to {digits} decimals: leave them as they are.",
       each(lambda ratio, digits=digits: round(ratio, digits))) for digits in (2, 3, 4)),
    ("a_list", "You return a list or a tuple of the numbers: return a dict with the five names.",
     lambda D, H: list(settled(D, H).values())),
    *((f"{key.replace(' ', '_')}_missing", f"Your dict lacks “{key}”.",
       lambda D, H, key=key: {name: value for name, value in settled(D, H).items() if name != key})
      for key in ("gates", "parameters", "multiplications", "units", AGAIN)),
    ("peepholes_throughout", "Your LSTM has peepholes, in the parameters and in the budget: compare with the plain one.",
     lambda D, H: settled(D, H, size_of_equal_gru(D, H, 3), parameters=parameters("gru", D, H) / parameters("peephole", D, H))),
    ("gru_of_two_blocks_throughout", "Your GRU has two blocks in all counts: besides the two gates there is the candidate.",
     lambda D, H: settled(D, H, n := by_blocks(D, H, 2), again=work(2, n, D) / work(4, H, D), parameters=1 / 2, multiplications=1 / 2)),
):
    exercise.add_mistake(name, hint, function)
# fmt: on


@exercise.right
def by_counting_everything(D, H):
    larger = by_counting_down("gru", parameters("lstm", D, H), D)
    return {
        "multiplications at equal parameters": work(3, larger, D) / work(4, H, D),
        "multiplications": work(3, H, D) / work(4, H, D),
        "parameters": parameters("gru", D, H) / parameters("lstm", D, H),
        "gates": len("zr") / len("ifo"),
        "units": larger / H,
    }


@exercise.right
def by_fractions(D, H):
    larger = by_the_quadratic_formula("gru", parameters("lstm", D, H), D)
    exact = {"gates": Fraction(2, 3), "parameters": Fraction(3, 4), "multiplications": Fraction(3, 4)}
    exact |= {"units": Fraction(larger, H), AGAIN: Fraction(3 * larger * (D + larger), 4 * H * (D + H))}
    return {name: float(value) for name, value in exact.items()}


@exercise.right
def by_numpy(D, H):
    sizes = np.arange(1, 4 * H)
    larger = sizes[3 * sizes * (sizes + D + 1) <= 4 * H * (H + D + 1)].max()
    ratio = np.array([3, 4])[0] / 4
    return dict(gates=np.float64(2) / 3, parameters=ratio, multiplications=ratio, units=larger / np.float64(H)) | {
        "multiplications at equal parameters": ratio * (larger / H) * (D + larger) / (D + H)
    }
