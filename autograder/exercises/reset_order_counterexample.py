"""Two examples for the order of reset and product, judged by their properties, since many are right."""

import numpy as np
import torch

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families.gru import Z_NEW, Step
from autograder.reference import gru_notations
from autograder.reference.gru_notations import reset_order_counterexample as right

MOST = 1000  # units, inputs or examples in a reader's example
NONE = dict.fromkeys(
    ("is an example", "is in range", "differs", "differs by 0.1", "agrees", "several units", "reset matters"), False
)

LEFT = {  # what does not matter
    "the first example": ("several units", "reset matters"),
    "the second example": ("differs by 0.1",),
}


def view_counterexample(pair):
    """What is judged of two examples: their properties, worked out here from their numbers."""
    first, second = (_properties(example) for example in pair)
    judged = {"the first example": first, "the second example": second}
    return {name: {key: value for key, value in one.items() if key not in LEFT[name]} for name, one in judged.items()}


def _properties(example):
    """Yes or no for each property of one example; no for all if it is not an example at all."""
    try:
        x, h, params = _sound(example)
    except (TypeError, ValueError, KeyError, AttributeError, IndexError):
        return dict(NONE)
    with np.errstate(all="ignore"):  # a reader's numbers may be as large as they like
        s = Step(Z_NEW, x, h, params)
        before, after, open_wide = (
            s.mix(candidate=c) for c in (s.candidate(), s.candidate(where="after"), s.candidate(r=1.0))
        )
        apart, moved = np.abs(before - after).max(), np.abs(before - open_wide).max()
    return {
        "is an example": True,
        "is in range": bool(max(np.abs(x).max(), np.abs(h).max()) <= 1),
        "differs": bool(apart >= 1e-3),
        "differs by 0.1": bool(apart >= 0.1),
        "agrees": bool(apart <= 1e-9),
        "several units": h.shape[1] > 1,
        "reset matters": bool(moved >= 0.01),
    }


def _sound(example):
    """x, h and params of an example as float64, if they fit together and are finite.

    Raises:
        ValueError, or another error of the kind: if they do not.
    """
    x, h, params = example
    x, h = (np.asarray(array, dtype=float) for array in (x, h))
    (B, D), H = x.shape, h.shape[1]
    shapes = {"W": (H, D), "U": (H, H), "b": (H,)}
    params = {f"{kind}_{gate}": np.asarray(params[f"{kind}_{gate}"], dtype=float) for gate in "zrh" for kind in "WUb"}
    fits = h.shape == (B, H) and all(array.shape == shapes[name[0]] for name, array in params.items())
    if not (fits and min(B, D, H) > 0 and max(B, D, H) <= MOST):
        raise ValueError("the arrays do not fit together")
    if not all(np.all(np.isfinite(array)) for array in (x, h, *params.values())):
        raise ValueError("some number is not finite")
    return x, h, params


exercise = Exercise(gru_notations.reset_order_counterexample, view=view_counterexample)


@exercise.cases
def the_question(rng):
    return {"your two examples": Case(())}


def check(name, place, *properties, weight=1.0, property=False):
    """Whether one example has these properties, and is in range."""

    def picked(viewed):
        return [viewed[f"the {place} example"][name] for name in ("is in range", *properties)]

    return values(name, "your two examples", part=picked, weight=weight, property=property)


# what agrees is easily found, two examples of equal numbers do: it earns points beside a first one that differs
exercise.checks(
    check("the first: the orders differ", "first", "differs"),
    check("the first: the orders differ by 0.1", "first", "differs by 0.1"),
    check("the second: an example for gru_step", "second", "is an example", weight=0.5, property=True),
    check("the second: the orders agree", "second", "agrees", property=True),
    check("the second: not for a trivial reason", "second", "several units", "reset matters", property=True),
)

CROSSED, MIXED = np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[1.0, 0.5], [0.5, 1.0]])


def examples(first=None, second=None):
    """The right examples, with x, h or some parameters of one of them replaced."""
    changed = []
    for (x, h, params), change in zip(right(), (first or {}, second or {}), strict=True):
        change = dict(change)
        changed.append((change.pop("x", x), change.pop("h", h), params | change))
    return tuple(changed)


DIFFER = "let both update gates be open, one reset gate open and one shut, and let U_h mix the two units"
AGREE = "let U_h be diagonal, or let all units have the same r"
for name, hint, make in (
    ("too_close", f"Your first two states differ, but by less than 0.1: {DIFFER}.", lambda: examples({"U_h": 0.05 * CROSSED})),
    ("first_agrees", f"In your first example both orders give the same state: {DIFFER}.", lambda: examples({"U_h": np.eye(2)})),
    ("first_agrees_second_differs", "Your examples are the wrong way round: first the one in which the orders differ, then the one in which they agree.", lambda: right()[::-1]),
    ("second_differs", f"In your second example the two orders do not agree to 1e-9: {AGREE}.", lambda: examples(None, {"U_h": MIXED})),
    ("reset_does_not_matter", "Your second example agrees for a trivial reason: r = 1 would change its new state by less than 0.01, so r hardly acts there.", lambda: examples(None, {"h": np.zeros((1, 2))})),
    ("one_unit", "Your second example has one unit only, where the order never matters: take two or more.", lambda: (right()[0], _one_unit(-9.0))),
    ("one_unit_without_reset", "Your second example has one unit only, and r hardly acts in it: take two or more, and an r well below 1.", lambda: (right()[0], _one_unit(60.0))),
    ("first_out_of_range", "In your first example some value of x or h lies outside [-1, 1].", lambda: examples({"h": np.full((1, 2), 3.0)})),
    ("second_out_of_range", "In your second example some value of x or h lies outside [-1, 1].", lambda: examples(None, {"x": np.full((1, 1), 3.0)})),
    ("out_of_range", "In both of your examples values of x or h lie outside [-1, 1], which a GRU's own states never leave.", lambda: examples({"h": np.full((1, 2), 3.0)}, {"h": np.full((1, 2), 3.0)})),
    ("not_examples", "Neither of your two is an (x, h, params) for gru_step: x (B, D), h (B, H), and all nine parameters in their shapes, finite.", lambda: tuple((x, h, {"U_h": params["U_h"]}) for x, h, params in right())),
    ("first_is_no_example", "Your first one is not an (x, h, params) for gru_step: x (B, D), h (B, H), and all nine parameters in their shapes, finite.", lambda: (right()[0][:2], right()[1])),
    ("second_is_no_example", "Your second one is not an (x, h, params) for gru_step: x (B, D), h (B, H), and all nine parameters in their shapes, finite.", lambda: (right()[0], right()[1][:2])),
    ("first_hardly_differs", f"In your first example the two orders give states that differ by less than 0.001: {DIFFER}.", lambda: examples({"U_h": 1e-4 * CROSSED})),
    ("second_nearly_agrees", f"In your second example the two orders agree nearly, but not to 1e-9: {AGREE}, exactly.", lambda: examples(None, {"U_h": np.eye(2) + 1e-5 * CROSSED})),
):  # fmt: skip
    exercise.add_mistake(name, hint, make)


def _one_unit(b_r):
    x, _, params = right()[1]
    one = {name: params[name][:1, :1] if name[0] != "b" else params[name][:1] for name in params}
    return x, np.ones((1, 1)), one | {"b_r": np.array([b_r])}


def drawn(seed, D, H):
    rng = np.random.default_rng(seed)
    return rng.uniform(-1, 1, size=(3, D)), rng.uniform(-1, 1, size=(3, H)), Z_NEW.parameters(rng, D, H, 2.0)


@exercise.right
def by_random_draws():
    x, h, params = drawn(1, 3, 4)
    return (x, h, params), (x, h, params | {"U_h": np.diag([1.0, -2.0, 0.5, 3.0])})


@exercise.right
def agreeing_by_constant_r():
    x, h, params = drawn(1, 2, 3)
    constant = {"W_r": np.zeros((3, 2)), "U_r": np.zeros((3, 3)), "b_r": np.full(3, -1.0)}
    return [(x, h, params), (x, h, params | constant)]


@exercise.right
def in_torch():
    (x, h, first), (_, _, second) = by_random_draws()
    return tuple(
        (torch.tensor(x), torch.tensor(h), {name: torch.tensor(array) for name, array in params.items()})
        for params in (first, second)
    )
