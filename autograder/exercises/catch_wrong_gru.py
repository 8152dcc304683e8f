"""Readers write the test, and it is tested by the wrong GRUs that it catches."""

from itertools import product

import numpy as np

from autograder.checking.exercise import Case, Check, Exercise
from autograder.exercises import gru_step
from autograder.exercises.families.gru_candidates import ALL_WRONG, CANDIDATES, FAMILIES, RIGHT_ONES
from autograder.exercises.families.weak_gru_tests import (
    LEFT_OUT,
    SIZES,
    all_weak_tests,
    bounds_only,
    compared,
    inputs,
    keys,
    weak_tests,
)
from autograder.reference import gru_notations
from autograder.sandbox.protocol import wire


def view_answer(answer):
    """True or False, also as NumPy says them. Of anything else the kind, which is equal to no answer."""
    if isinstance(answer, bool) or (isinstance(answer, np.ndarray) and answer.shape == () and answer.dtype == bool):
        return bool(answer)
    return wire.Opaque("numbers" if isinstance(answer, int | float | np.ndarray) else type(answer).__name__)


exercise = Exercise(gru_notations.catch_wrong_gru, view=view_answer)


@exercise.cases
def candidates(rng):
    """All candidates in an order of the day, under one name: each can be called in the question about itself only."""
    order = rng.permutation(list(CANDIDATES))
    return {str(name): Case((wire.FunctionRef("step"),), functions={"step": CANDIDATES[name]}) for name in order}


def all_are(trace, names, expected):
    """Whether all answers about these candidates are the expected one, given twice alike."""
    return all(trace[name].value is expected and trace[name].again is expected for name in names)


def catches_at_least(share, words, weight):
    """Some share of all wrong cells is called wrong, by a test that does not call right ones wrong, too."""

    def test(actual, expected):
        caught = sum(all_are(actual, [name], True) for name in ALL_WRONG)
        return caught >= share * len(ALL_WRONG) and all_are(actual, RIGHT_ONES, False)

    return Check(f"{words} of all the wrong GRUs are caught", test, (*ALL_WRONG, *RIGHT_ONES), weight)


def catches(family):
    """All wrong cells of a family are called wrong, by a test that does not call right ones wrong, too."""

    def test(actual, expected):
        return all_are(actual, FAMILIES[family], True) and all_are(actual, RIGHT_ONES, False)

    name = f"every mistake with {family}" if family.startswith("the ") else f"every mistake in {family}"
    return Check(name, test, (*FAMILIES[family], *RIGHT_ONES))


exercise.checks(
    catches_at_least(0.5, "half", 2),
    catches_at_least(0.75, "three quarters", 2),
    *map(catches, FAMILIES),
    Check(
        "no right GRU is refused",
        lambda actual, _: all_are(actual, RIGHT_ONES, False),
        tuple(RIGHT_ONES),
        property=True,
    ),
)


patterns: dict[tuple[bool | None, ...], str] = {
    (False,) * len(CANDIDATES): "",
    tuple(name in ALL_WRONG for name in CANDIDATES): "",
}


def weak(name, hint, function):
    """Add a weak test, unless it gives the same answers as one before it."""

    def pattern(step):
        try:
            return function(step)
        except ValueError:
            return None

    if patterns.setdefault(tuple(map(pattern, CANDIDATES.values())), name) == name:
        exercise.add_mistake(name, hint, function)


exercise.add_mistake(
    "everything_is_right",
    "Your test calls every cell right: return True where what comes back is not what a GRU gives.",
    lambda step: False,
)
for name, hint, change in (
    ("everything_is_wrong", "Your test calls every cell wrong, the right ones too: return False where all differences are as small as rounding, about 1e-5.", lambda step: True),
    ("answers_exchanged", "Your answers are the wrong way round: True means that the cell is wrong.", lambda step: not compared(step, keys())),
):  # fmt: skip
    weak(name, hint, change)
for name, hint, options in (
    ("exact", "You refuse right cells that add in another order: ask for differences of at most 1e-5, not for equality.", {"tolerance": 0.0}),
    ("too_strict", "You refuse right cells that compute in float32, by their numbers or their type: allow differences of about 1e-5.", {"tolerance": 1e-10}),
):  # fmt: skip
    for left_out in LEFT_OUT:
        asks = ", or ".join(SIZES[size][0] for size in left_out)
        weak(
            "_".join([name, *left_out]),
            hint + (f" And it does not ask {asks}." if asks else ""),
            lambda step, left_out=left_out, options=options: compared(step, keys(left_out), **options),
        )
weak(
    "none_for_right",
    "Where your test calls a cell right, it returns None: return False.",
    lambda step: compared(step, keys()) or None,
)
for left_out in LEFT_OUT:
    asks = ", or ".join(SIZES[size][0] for size in left_out)
    weak(
        "_".join(["compared_with_torch", *left_out]),
        "You compare with a GRU whose reset gate acts after the product with U_h, as torch's does: ours acts before it."
        + (f" And you do not ask {asks}." if asks else ""),
        lambda step, left_out=left_out: compared(
            step, keys(left_out), right=gru_step.exercise.mistakes["reset_on_after"].function
        ),
    )
weak(
    "no_examples",
    "You refuse right cells that cannot take what you ask: use batches of one example or more.",
    lambda step: compared(step, [*keys(), (4, 0, 2, 3)]),
)

for name, hint, function in all_weak_tests():
    weak(name, hint, function)
for name, hint, function in weak_tests("", ""):
    weak(
        f"{name}_exchanged",
        f"True and False are exchanged: True means wrong. And: {hint}",
        lambda step, f=function: not f(step),
    )
    weak(f"{name}_or_none", f"For right, return False, not None. And: {hint}", lambda step, f=function: f(step) or None)
for left_out, shapes in product(LEFT_OUT, (True, False)):
    weak(
        f"bounds_{'and_shapes_' if shapes else ''}only{'_'.join(['', *left_out])}",
        f"Your test notices {'wrong shapes, ' if shapes else ''}states that leave [-1, 1] and errors, no other wrong numbers"
        + (f"; and does not ask {', or '.join(SIZES[size][0] for size in left_out)}." if left_out else "."),
        lambda step, left_out=left_out, shapes=shapes: bounds_only(step, left_out, shapes),
    )
weak(
    "shapes_only",
    "Your test notices only wrong shapes, or errors: look at the numbers, too.",
    lambda step: compared(step, keys(), tolerance=np.inf),
)


@exercise.wrong
def number_instead(step):
    """You return a number, such as how far the cell is off: decide, and return True or False."""
    return 1.0


GOOD = [inputs(*key) for key in keys()]


def survives(step, key, compare):
    x, h, params = inputs(*key)
    try:
        return compare(step(x, h, params), x, h, params)
    except Exception:
        return False


@exercise.right
def many_draws(step):
    def compare(seen, x, h, params):
        wanted = gru_step.by_loop(x, h, params)
        return seen.shape == wanted.shape and np.abs(seen - wanted).max() < 1e-3

    sizes = [
        (seed, B, D, H, scale) for seed, (B, D, H) in enumerate(((1, 2, 3), (3, 4, 2), (2, 3, 3))) for scale in (1, 400)
    ]
    return not all(survives(step, one, compare) for one in sizes)


@exercise.right
def by_scalars(step):
    for given in GOOD:
        try:
            seen = step(*given)
            wanted = gru_step.by_scalars(*given)
            if tuple(seen.shape) != wanted.shape:
                return True
            for a, b in zip(seen.ravel(), wanted.ravel(), strict=True):
                if not abs(a - b) < 1e-3:
                    return True
        except Exception:
            return True
    return False


@exercise.right
def with_a_norm(step):
    try:
        apart = [np.asarray(step(*given)) - gru_step.by_einsum(*given) for given in GOOD]
        wrong_shape = [np.shape(step(*given)) != given[1].shape for given in GOOD]
    except Exception:
        return True
    return bool(np.any(wrong_shape)) or not all(np.linalg.norm(a) < 1e-2 for a in apart)


@exercise.right
def without_a_reference(step):
    """Properties instead of a comparison: gates forced open or shut leave parts that are known in themselves."""

    def forced(params, **values):
        held = {}
        for gate, value in values.items():
            held |= {f"W_{gate}": 0 * params[f"W_{gate}"], f"U_{gate}": 0 * params[f"U_{gate}"]}
            held[f"b_{gate}"] = value + 0 * params[f"b_{gate}"]
        return params | held

    def half(x, h, params, gate):
        return 0.5 + 0.5 * np.tanh((x @ params[f"W_{gate}"].T + h @ params[f"U_{gate}"].T + params[f"b_{gate}"]) / 2)

    def near(a, b):
        return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=0, atol=1e-3)

    try:
        for x, h, params in GOOD:
            from_x = x @ params["W_h"].T + params["b_h"]
            copied = step(x, h, forced(params, z=-900.0))
            plain = step(x, h, forced(params, z=900.0, r=900.0))
            reset = half(x, h, params, "r")
            new = step(x, h, forced(params, z=900.0))
            mixture = step(x, h, params)
            z = half(x, h, params, "z")
            if not (
                near(copied, h)
                and near(plain, np.tanh(from_x + h @ params["U_h"].T))
                and near(new, np.tanh(from_x + (reset * h) @ params["U_h"].T))
                and near(mixture, z * np.asarray(new) + (1 - z) * h)
            ):
                return True
    except Exception:
        return True
    return False
