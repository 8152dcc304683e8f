"""Unit 04: the exercises in which readers prove something by numbers; and what each check is worth."""

import numpy as np

from autograder.exercises.checks import pure, values
from autograder.exercises.exercise import Case, Exercise, collect
from autograder.exercises.gru import drawing
from autograder.exercises.gru.alternatives import judged as right
from autograder.exercises.gru.misconceptions import judged
from autograder.exercises.gru.misconceptions.parts import gates, mixed
from autograder.reference import gru, gru_notations

MOST = 1000  # units, inputs or examples in a reader's example


def view_counterexample(pair):
    """What is judged of two examples, since many are right: their properties, worked out here from their numbers."""
    first, second = (_properties(example) for example in pair)
    return {"first": first, "second": second}


def _properties(example):
    """Yes or no for each property of one example; no for all if it is not an example at all."""
    try:
        x, h, params = _sound(example)
    except (TypeError, ValueError, KeyError, AttributeError, IndexError):
        return dict.fromkeys(("fits", "in range", "differs", "agrees", "several units", "reset matters"), False)
    with np.errstate(all="ignore"):  # a reader's numbers may be as large as they like
        z, r = gates(x, h, params)
        from_x = x @ params["W_h"].T + params["b_h"]
        before = gru.gru_step(x, h, params)
        after = mixed(z, h, np.tanh(from_x + r * (h @ params["U_h"].T)))
        without = mixed(z, h, np.tanh(from_x + h @ params["U_h"].T))
    apart = np.abs(before - after).max()
    return {
        "fits": True,
        "in range": bool(max(np.abs(x).max(), np.abs(h).max()) <= 1),
        "differs": bool(apart >= 0.1),
        "agrees": bool(apart <= 1e-9),
        "several units": h.shape[1] > 1,
        "reset matters": bool(np.abs(before - without).max() >= 0.01),
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
    fits = len(h) == B and all(array.shape == shapes[name[0]] for name, array in params.items())
    if not (fits and min(B, D, H) > 0 and max(B, D, H) <= MOST and _finite(x, h, *params.values())):
        raise ValueError("the arrays do not fit together")
    return x, h, params


def _finite(*arrays):
    return all(np.all(np.isfinite(array)) for array in arrays)


def of(place, *properties):
    """Picks some properties of one of the two examples."""
    return lambda viewed: [viewed[place][name] for name in properties]


COUNTEREXAMPLE = Exercise(
    gru_notations.reset_order_counterexample,
    lambda rng: {"your two examples": Case(())},
    (
        values(
            "both are examples for gru_step", "your two examples", part=lambda v: [v[p]["fits"] for p in v], weight=0.5
        ),
        values(
            "the first: the orders differ by 0.1",
            "your two examples",
            part=of("first", "differs", "in range"),
            weight=2,
        ),
        values("the second: the orders agree", "your two examples", part=of("second", "agrees", "in range")),
        values(
            "the second: not for a trivial reason",
            "your two examples",
            part=of("second", "several units", "reset matters", "in range"),
        ),
    ),
    collect(judged.reset_order_counterexample),
    collect(right.reset_order_counterexample),
    view=view_counterexample,
)


def draw_slides(rng):
    """Among others a state that falls everywhere: there the largest difference and the largest absolute one differ."""
    x, _, params = drawing.step_arguments(rng, 2, 3, 4, "u_old", 0.6)
    falling = (x, rng.uniform(0.5, 1, size=(2, 4)), params | {"b_h": -rng.uniform(5, 7, size=4)})
    return {
        "a state that falls": Case(falling),
        "a batch": Case(drawing.step_arguments(rng, 3, 4, 5, "u_old", 0.6)),
        "one example": Case(drawing.step_arguments(rng, 1, 3, 6, "u_old")),
        "more inputs than units": Case(drawing.step_arguments(rng, 4, 5, 3, "u_old", 0.6)),
        "as many inputs as units": Case(drawing.step_arguments(rng, 2, 4, 4, "u_old", 0.6)),
    }


SLIDES = ("a state that falls", "a batch", "one example", "more inputs than units", "as many inputs as units")


def number(name):
    return lambda result: result[1][name]


SLIDE = Exercise(
    gru_notations.mend_the_slide,
    draw_slides,
    (
        values("the new state by the mended lines", *SLIDES, part=0, weight=2),
        values("lowest: why the candidate cannot be a sigma", *SLIDES, part=number("lowest")),
        values("missing: why one matrix cannot serve x and h", *SLIDES, part=number("missing")),
        values("moved: why h_t cannot stand on both sides", *SLIDES, part=number("moved")),
        values("apart: why r = 1 is not enough for a plain RNN", *SLIDES, part=number("apart")),
        pure("a batch", "one example", weight=0.5),
    ),
    collect(judged.mend_the_slide),
    collect(right.mend_the_slide),
)
