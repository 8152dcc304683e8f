"""Unit 06: how the inputs of its exercises are drawn."""

import math

import numpy as np

from autograder.exercises.exercise import Case
from autograder.reference import comparison
from autograder.sandbox.protocol.wire import ModelSpec
from course.trials import BATCH, QUICK

CELLS = ("rnn", "gru", "lstm", "peephole")
SIZES = ("a small budget", "a middling budget", "a large budget")
ROOM = (0, 0.5, 1.5, 2.5)  # for so many vectors more than the LSTM has: peepholes need three, and do not fit


def generator(rng):
    """The settings of a generator that a student's function gets, and nobody had before."""
    return ModelSpec("generator", {"seed": int(rng.integers(2**31))})


def draw_adding_batch(rng):
    once = generator(rng)
    return {
        "thousands of sequences": Case((generator(rng), 7, 2500)),
        "long sequences": Case((generator(rng), 12, 1500)),
        "two steps": Case((generator(rng), 2, 5)),
        "one example": Case((generator(rng), 9, 1)),
        "as many steps as examples": Case((generator(rng), 6, 6)),
        "the quick setting": Case((generator(rng), QUICK.adding, BATCH)),
        "a generator": Case((once, 8, 3)),
        "an equal generator": Case((once, 8, 3)),
        "another generator": Case((generator(rng), 8, 3)),
    }


def draw_copy_batch(rng):
    once = generator(rng)
    return {
        "thousands of sequences": Case((generator(rng), 3, 2000, 4, 6)),
        "many symbols": Case((generator(rng), 5, 1500, 2, 11)),
        "no wait": Case((generator(rng), 0, 4, 3, 5)),
        "one symbol to copy": Case((generator(rng), 6, 3, 1, 4)),
        "one example": Case((generator(rng), 4, 1, 10, 12)),  # long, or by chance it would read alike from both ends
        "longer than there are symbols": Case((generator(rng), 3, 20, 7, 4)),
        "all sizes alike": Case((generator(rng), 4, 4, 4, 4)),
        "the quick setting": Case((generator(rng), QUICK.wait, BATCH, QUICK.length, 5)),
        "a generator": Case((once, 2, 3, 6, 8)),
        "an equal generator": Case((once, 2, 3, 6, 8)),
        "another generator": Case((generator(rng), 2, 3, 6, 8)),
    }


def parameters(cell, D, H):
    """How many there are, from the equations: drawn budgets are set on and around such numbers."""
    blocks = {"rnn": 1, "gru": 3, "lstm": 4, "peephole": 4}[cell]
    return blocks * (H * D + H * H + H) + (3 * H if cell == "peephole" else 0)


def budgets(cell):
    """The names of the budgets that tell whether a cell's parameters are counted as they should be."""
    return (*SIZES, "many inputs", *(f"room for {vectors:g} vectors" for vectors in ROOM if cell == "peephole"))


def draw_equal_parameter_size(rng):
    cases = {}
    for cell in CELLS:
        for name, low, high in zip(SIZES, (3, 20, 150), (8, 60, 300), strict=True):
            D, H = int(rng.integers(2, 12)), int(rng.integers(low, high))
            room = parameters(cell, D, H + 1) - parameters(cell, D, H)
            # not halfway between two sizes, where it would depend on how the nearest is found
            more = rng.integers(1, 2 * room // 5) if rng.random() < 0.5 else rng.integers(3 * room // 5 + 1, room)
            cases[f"{cell}, {name}"] = Case((cell, parameters(cell, D, H) + int(more), D))
        # nearer to the next size than to this one, but not so near that a count without biases would reach it
        D, H = int(rng.integers(16, 30)), int(rng.integers(20, 60))
        room = parameters(cell, D, H + 1) - parameters(cell, D, H)
        near = room * (H + 0.75 * D + 1) / (2 * H + D + 2)
        cases[f"{cell}, many inputs"] = Case((cell, parameters(cell, D, H) + int(near), D))
        D, H = int(rng.integers(2, 12)), int(rng.integers(5, 40))
        cases[f"{cell}, used up exactly"] = Case((cell, parameters(cell, D, H), D))
        cases[f"{cell}, one short of it"] = Case((cell, parameters(cell, D, H) - 1, D))
        if cell == "peephole":
            D, H = int(rng.integers(2, 12)), int(rng.integers(8, 40))
            for vectors in ROOM:
                cases[f"peephole, room for {vectors:g} vectors"] = Case(
                    (cell, parameters("lstm", D, H) + int(vectors * H), D)
                )
        D = int(rng.integers(3, 12))
        cases[f"{cell}, too little for one unit"] = Case((cell, parameters(cell, D, 1) - 1, D))
    return cases


def draw_settle_by_counting(rng):
    return {
        "few units": Case((int(rng.integers(3, 6)), int(rng.integers(7, 12)))),
        "a budget near peepholes": Case(_near(rng, 0, 3)),
        "a budget near second biases": Case(_near(rng, 3, 4)),
        "a budget near no biases": Case(_near(rng, -4, 0)),
        "more inputs than units": Case((int(rng.integers(30, 60)), int(rng.integers(8, 20)))),
        "as many inputs as units": Case((17, 17)),
    }


def _near(rng, less, more):
    """An LSTM, D and H, whose budget allows the GRU another size with ``more`` times H parameters than with ``less``.

    A stand-in takes budgets up to 10,000 only.
    """
    while True:
        D, H = int(rng.integers(2, 9)), int(rng.integers(28, 46))
        sizes = [comparison.equal_parameter_size("gru", 4 * H * (D + H + 1) + n * H, D) for n in (less, more)]
        if sizes[0] != sizes[1]:
            return D, H


def draw_train_and_score(rng):
    def batch(goal, T, B, D, K, spread, answers=False):
        x = rng.normal(size=(T, B, D))
        if goal == "number":
            return x, spread * rng.normal(size=(B, K))
        return x, rng.integers(K, size=(T, B) if answers else B)

    def weights(D, K, M=6):
        return {"A": 0.5 * rng.normal(size=(D, M)), "V": 0.1 * rng.normal(size=(M, K))}

    def case(goal, several, sizes, rate, steps=math.inf, seconds=math.inf, kind="model", K=3, spread=1.0):
        T, B, D = int(rng.integers(3, 6)), int(rng.integers(2, 6)), int(rng.integers(2, 5))
        given = weights(D, K) | ({"decay": np.array(0.8)} if kind == "model" else {})
        # every second batch asks for something large, so that the gradient's norm is clipped in some steps only
        own = [batch(goal, T, B, D, K, spread * (0.2, 9)[n % 2], kind == "answers") for n in range(several)]
        held_out = [batch(goal, T, size, D, K, spread, kind == "answers") for size in sizes]
        clock = ModelSpec("clock", {"start": float(rng.integers(50, 5000)), "tick": 0.25})
        pairs = [[tuple(as_tensor(array) for array in pair) for pair in pairs] for pairs in (own, held_out)]
        return Case((ModelSpec(kind, given), *pairs, goal, rate, steps, seconds, clock))

    def rate():
        return float(rng.uniform(0.01, 0.03))

    return {
        "numbers": case("number", 5, (7, 2, 4), rate()),
        "one number": case("number", 4, (3, 8), rate(), K=1),
        "symbols": case("symbol", 6, (23, 6, 11), rate(), K=4),
        "symbols at every step": case("symbol", 4, (5, 9), rate(), kind="answers", K=5),
        "a limit of steps": case("number", 8, (4, 6), rate(), steps=5),
        "a limit of seconds": case("symbol", 9, (14, 5), rate(), seconds=1.1),
        "seconds that run out exactly": case("number", 7, (3, 5), rate(), seconds=1.0),
        "both limits, steps first": case("symbol", 9, (14, 5), rate(), steps=3, seconds=1.5),
        "both limits, seconds first": case("number", 9, (6, 3), rate(), steps=6, seconds=0.9),
        "no step allowed": case("number", 3, (5, 2), rate(), steps=0),
        "no second allowed": case("symbol", 3, (13, 6), rate(), seconds=0.0),
        "no batches": case("number", 0, (4, 3), rate()),
        "batches without end": _endless(case("number", 3, (5, 2), rate(), steps=7)),
    }


def _endless(case):
    """The same case with its batches again and again."""
    model, batches, *rest = case.args
    x, y = (np.stack([pair[part].numpy() for pair in batches]) for part in (0, 1))
    return Case((model, ModelSpec("stream", {"x": x, "y": y}), *rest))


def as_tensor(array):
    import torch

    return torch.from_numpy(array)


def draw_summarise(rng):
    def record(task, budget, cell, seed, score=None):
        score = float(rng.gamma(2.0)) if score is None else score
        return {"task": task, "budget": budget, "cell": cell, "seed": seed, "score": score}

    keys = [
        (task, budget, cell)
        for task in ("copy", "adding")
        for budget in ("seconds", "parameters")
        for cell in ("rnn", "lstm", "gru")
    ]
    full = [record(*key, seed) for key in keys for seed in range(3)]
    mixed = [full[n] for n in rng.permutation(len(full))]
    uneven = [record("adding", "seconds", "lstm", seed) for seed in (4, 9, 2, 7, 1)]
    uneven += [record("adding", "seconds", "gru", seed) for seed in (3, 5)]
    alone = [record("digits", "parameters", cell, 0) for cell in ("rnn", "gru")]
    more = [record("copy", "seconds", "rnn", 1) | {"losses": rng.random(4), "seconds": 2.5} for _ in range(4)]
    failed = [record("copy", "seconds", "gru", seed) for seed in range(3)]
    failed += [record("copy", "seconds", "rnn", 0), record("copy", "seconds", "rnn", 1, math.nan)]
    failed += [record("copy", "seconds", "rnn", 2)]
    one, other = record("copy", "parameters", "gru", 0), record("copy", "parameters", "gru", 1)
    equal = [one, other, *(one | {"seed": seed} for seed in (2, 3)), other | {"seed": 4}]
    equal += [one | {"cell": "lstm", "seed": seed} for seed in range(3)]
    return {
        "every combination": Case((full,)),
        "in any order": Case((mixed,)),
        "an uneven number of runs": Case((uneven,)),
        "one run each": Case((alone,)),
        "records that hold more": Case((more,)),
        "a run that failed": Case((failed,)),
        "equal scores": Case((equal,)),
        "nothing measured": Case(([],)),
    }
