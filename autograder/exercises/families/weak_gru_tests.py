"""Weak tests of a GRU, put together from what they do not try. A candidate is called once per input, however many tests ask."""

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import chain, combinations
from typing import Any

import numpy as np

from autograder.exercises.families.gru import Parameters
from autograder.reference import gru

Candidate = Callable[..., Any]
Test = Callable[[Candidate], bool]
Inputs = tuple[np.ndarray, np.ndarray, Parameters]


@cache
def inputs(seed: int, B: int, D: int, H: int, scale: float = 1.0, condition: str = "") -> Inputs:
    """x, h and params to test with, on a condition."""
    rng = np.random.default_rng(seed)
    shapes = {"W": (H, D), "U": (H, H), "b": (H,)}
    params = {f"{kind}_{gate}": scale * rng.normal(size=shapes[kind]) for gate in "zrh" for kind in "WUb"}
    return CONDITIONS[condition][1](rng.uniform(-1, 1, size=(B, D)), rng.uniform(-1, 1, size=(B, H)), params)


@cache
def answer(step: Candidate, *key: Any) -> tuple[np.ndarray | None, np.ndarray]:
    """What a candidate gives, None if it raises an error, and the right answer."""
    x, h, params = inputs(*key)
    try:
        return np.asarray(step(x.copy(), h.copy(), dict(params))), gru.gru_step(x, h, params)
    except Exception:
        return None, np.zeros(0)


def each(params: Parameters, change: Callable[[np.ndarray], np.ndarray], *kinds: str) -> Parameters:
    """The parameters with those of some kinds, "W", "U" or "b", changed."""
    return {name: change(array) if name[0] in kinds else array for name, array in params.items()}


def gate_held(params: Parameters, gate: str, bias: float) -> Parameters:
    """The parameters with a gate that its bias alone decides."""
    return (
        params
        | {f"{k}_{gate}": 0 * params[f"{k}_{gate}"] for k in "WU"}
        | {f"b_{gate}": 0 * params[f"b_{gate}"] + bias}
    )


ZERO = np.zeros_like
CONDITIONS = {  # where a wrong cell shows that passes, and from any input to one that a test on this condition tries
    "": ("", lambda x, h, p: (x, h, p)),
    "zero_state": ("where the old state is not zero", lambda x, h, p: (x, 0 * h, p)),
    "zero_biases": ("where biases are not zero", lambda x, h, p: (x, h, each(p, ZERO, "b"))),
    "zero_state_and_biases": ("where the old state or biases are not zero", lambda x, h, p: (x, 0 * h, each(p, ZERO, "b"))),
    "zero_input": ("where the input is not zero", lambda x, h, p: (0 * x, h, p)),
    "zero_matrices": ("where the matrices are not zero", lambda x, h, p: (x, h, each(p, ZERO, "W", "U"))),
    "one_example": ("with several examples", lambda x, h, p: (x[:1], h[:1], p)),
    "equal_examples": ("where examples differ", lambda x, h, p: (x[:1] + 0 * x, h[:1] + 0 * h, p)),
    "one_unit": ("with several units", lambda x, h, p: (x, h[:, :1], {k: a[:1, :1] if k[0] == "U" else a[:1] for k, a in p.items()})),
    "symmetric": ("where recurrent matrices are not symmetric", lambda x, h, p: (x, h, each(p, lambda U: U + U.T, "U"))),
    "diagonal": ("where recurrent matrices are not diagonal", lambda x, h, p: (x, h, each(p, lambda U: np.diag(np.diag(U)), "U"))),
    "equal_symmetric_gates": ("where gates and candidate have different, not symmetric matrices", lambda x, h, p: (x, h, {k: p[f"{k[0]}_z"] + (p["U_z"].T if k[0] == "U" else 0) for k in p})),
    "one_of_everything": ("with several examples, inputs or units", lambda x, h, p: (x[:1, :1], h[:1, :1], {k: a[:1] if k[0] == "b" else a[:1, :1] for k, a in p.items()})),
    "one_of_everything_equal_gates": ("with several examples, inputs or units, or different gates", lambda x, h, p: (x[:1, :1], h[:1, :1], {k: p[f"{k[0]}_z"][:1] if k[0] == "b" else p[f"{k[0]}_z"][:1, :1] for k in p})),
    "equal_gates": ("where gates and candidate have different parameters", lambda x, h, p: (x, h, {k: p[f"{k[0]}_z"] for k in p})),
    "all_ones": ("where not all numbers are equal", lambda x, h, p: (0 * x + 0.5, 0 * h + 0.5, {k: 0 * a + 0.5 for k, a in p.items()})),
    "update_shut": ("where the update gate is not shut", lambda x, h, p: (x, h, gate_held(p, "z", -900.0))),
    "update_open": ("where the update gate is not fully open", lambda x, h, p: (x, h, gate_held(p, "z", 900.0))),
    "reset_open": ("where the reset gate is not fully open", lambda x, h, p: (x, h, gate_held(p, "r", 900.0))),
}  # fmt: skip
BATCH = (1, 3, 2, 4)
SIZES = {  # what a test may leave out, and a size and scale at which it is tried
    "no_single": ("for one example", (0, 1, 3, 2)),
    "no_square": ("where D = H", (2, 4, 3, 3)),
    "no_large": ("for very large numbers", (3, 2, 3, 4, 500.0)),
    "no_oblong": ("where D is not H", BATCH),
}


def compared(
    step: Candidate,
    keys: Sequence[tuple[Any, ...]],
    condition: str = "",
    tolerance: float = 1e-3,
    shapes: bool = True,
    errors: bool | None = True,
    distance: Callable[[np.ndarray], Any] = np.max,
    right: Candidate = gru.gru_step,
) -> bool:
    """A test by comparison with the right step on these inputs.

    Args:
        shapes: whether it looks at shapes. errors: what it says of a cell that raises one; None if it raises one, too.
        right: what it takes for the right step.
    """
    for seed, B, D, H, *scale in keys:
        key = (seed, B, D, H, *(scale or [1.0]), condition)
        actual, expected = answer(step, *key)
        expected = expected if actual is None or right is gru.gru_step else right(*inputs(*key))
        if actual is None:
            if errors is None:
                raise ValueError("step was called with arguments that it does not take")  # as inside the sandbox
            if errors:
                return True
            continue
        if shapes and actual.shape != expected.shape:
            return True
        try:
            apart = distance(np.abs(actual - expected)) if expected.size else 0.0
        except ValueError:  # shapes that do not broadcast
            return True
        if not apart <= tolerance:
            return True
    return False


def keys(left_out: Sequence[str] = ()) -> list[tuple[Any, ...]]:
    """The inputs of a good test, without some sizes."""
    return [key for name, (_, key) in SIZES.items() if name not in left_out]


# sizes that a test leaves out: any but those where D is not H, or all but those where D = H
LEFT_OUT = [
    *chain.from_iterable(combinations(list(SIZES)[:3], k) for k in range(4)),
    ("no_single", "no_large", "no_oblong"),
]


def bounds_only(step: Candidate, left_out: Sequence[str], shapes: bool) -> bool:
    """A test that looks at no more than errors, bounds and perhaps shapes."""
    for seed, B, D, H, *scale in keys(left_out):
        result, expected = answer(step, seed, B, D, H, *(scale or [1.0]), "")
        if result is None or not np.all(np.abs(result) <= 1 + 1e-5) or (shapes and result.shape != expected.shape):
            return True
    return False


ERRORS = (
    ("errors_pass", False, "It calls a cell that raises an error right."),
    ("falls_over", None, "It stops at a cell's error: call such a cell wrong."),
)  # fmt: skip


def weak_tests(
    name: str, where: str, condition: str = "", with_errors: bool = False, **options: Any
) -> Iterator[tuple[str, str, Test]]:
    """Name, hint and test: on a condition, without some sizes or a look at shapes, and perhaps wrong about errors."""
    for left_out in LEFT_OUT:
        for shapes in (True, False):
            words = [*([where] if where else []), *(SIZES[size][0] for size in left_out)]
            words += [] if shapes else ["in their result's shape"]
            names = [*([name] if name else []), *left_out, *([] if shapes else ["shapes"])]
            hint = f"Your test passes wrong cells that show only {', or '.join(words)}."

            def test(
                step: Candidate, errors: bool | None = True, left_out: Any = left_out, shapes: bool = shapes
            ) -> bool:
                return compared(step, keys(left_out), condition, shapes=shapes, errors=errors, **options)

            if words:
                yield "_".join(["passes", *names]), hint, test
            if with_errors:
                for suffix, errors, said in ERRORS:
                    yield (
                        "_".join(["passes", *names, suffix]),
                        f"{hint} {said}" if words else said.replace("It", "Your test"),
                        lambda step, errors=errors, test=test: test(step, errors),
                    )


def all_weak_tests() -> Iterator[tuple[str, str, Test]]:
    """Weak tests on every condition, and with differences that are too large."""
    for condition, (where, _) in CONDITIONS.items():
        yield from weak_tests(condition, where, condition, with_errors=not condition)
    yield from weak_tests("small_differences", "in differences of less than 0.05", tolerance=0.05)
    yield from weak_tests("differences", "in differences of less than 0.3", tolerance=0.3)
    yield from weak_tests(
        "small_means", "in differences of less than 0.05 on average", tolerance=0.05, distance=np.mean
    )
