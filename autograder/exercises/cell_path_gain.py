"""What is left of a cell after some steps, along the cell alone."""

import functools

import numpy as np
import torch

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.reference import lstm

exercise = Exercise(lstm.cell_path_gain)
CASES = {  # T, B, H, start, end
    "a stretch": (8, 3, 4, 2, 6),
    "from the first step": (6, 3, 2, 0, 4),
    "up to the last step": (6, 2, 5, 1, 5),
    "the whole way": (6, 2, 5, 0, 5),
    "as many steps as examples": (4, 4, 3, 1, 3),
    "as many steps as units": (4, 2, 4, 0, 2),
    "three of everything": (3, 3, 3, 0, 2),
    "one example": (6, 1, 3, 1, 4),
    "one unit": (6, 3, 1, 1, 4),
    "one step": (5, 3, 2, 1, 2),
    "no step": (5, 2, 3, 3, 3),
    "no step at the start": (4, 3, 2, 0, 0),
    "no step at the end": (4, 2, 3, 3, 3),
    "one of everything": (1, 1, 1, 0, 0),
}
STILL = tuple(name for name, (*_, start, end) in CASES.items() if start == end)


@exercise.cases
def draw(rng):
    cases = {name: Case((rng.uniform(0.2, 1, size=sizes[:3]), *sizes[3:])) for name, sizes in CASES.items()}
    shut, tiny = rng.uniform(0.2, 1, size=(2, 6, 2, 3))
    shut[2, 0], shut[4, 1, 1] = 0.0, 0.0
    tiny[1:4, 0] = rng.uniform(1e-7, 1e-5, size=(3, 3))
    zeros, ones = np.zeros((4, 2, 3)), np.ones((4, 2, 3))
    special = {"gates that are shut": (shut, 1, 4), "shut before the start": (shut, 2, 3), "nearly shut": (tiny, 0, 3)}
    special |= {"all shut": (zeros, 0, 2), "all open": (ones, 0, 2)}
    special |= {"on paper": (np.array([0.5, 0.9, 0.8, 0.5]).reshape(4, 1, 1), 0, 2)}
    return cases | {name: Case(args) for name, args in special.items()}


exercise.checks(
    values(
        "stretches of several steps",
        *(name for name in CASES if name not in STILL and name != "one step"),
        "on paper",
        weight=2,
    ),
    values("a single step", "one step", property=True),
    values("no step: all ones", *STILL, property=True),
    values(
        "gates that are shut or open",
        "gates that are shut",
        "shut before the start",
        "all shut",
        "all open",
        tolerance=(1e-7, 0.0),
        property=True,
    ),
    values("gates that are nearly shut", "nearly shut", weight=0.5, tolerance=(1e-7, 0.0), property=True),
    pure("a stretch", "the whole way", weight=0.5),
)

STRETCHES = (
    ("first_gate_counted", "You count the forget gate at the start, too: it was applied before c_start was there.", 0, 1),
    ("last_gate_missing", "The forget gate at the end is missing: c_end is made with it.", 1, 0),
    ("one_early", "Your stretch is one step early: it runs from start + 1 to end, both included.", 0, 0),
    ("one_late", "Your stretch is one step late: it runs from start + 1 to end, both included.", 2, 2),
    ("one_more", "You count one forget gate after the end, too: the last factor is that of step end.", 1, 2),
    ("one_less", "The gate after the start is missing: the first factor is that of step start + 1.", 2, 1),
)  # fmt: skip
for name, hint, first, last in STRETCHES:
    exercise.add_mistake(
        name,
        hint,
        lambda forget, start, end, first=first, last=last: np.prod(forget[start + first : end + last], axis=0),
    )


def mean(part):
    return part.mean(axis=0) if len(part) else np.ones(part.shape[1:])


for name, hint, gain in (
    ("summed", "You add the gates up: each step multiplies, so take their product.", lambda part: part.sum(axis=0)),
    ("mean", "You take the mean of the gates: each step multiplies, so take their product.", lambda part: mean(part)),
    ("mean_to_the_power", "You take the mean gate to the power of the number of steps: multiply the gates themselves.", lambda part: mean(part) ** len(part)),
    ("one_minus_gate", "You multiply 1 - f: what is kept at a step is f itself.", lambda part: np.prod(1 - part, axis=0)),
    ("last_gate_alone", "Your gain is the last gate alone: multiply those of all steps after start.", lambda part: part[-1] if len(part) else np.ones(part.shape[1:])),
    ("smallest_gate", "Your gain is the smallest gate: multiply those of all steps after start.", lambda part: part.min(axis=0, initial=1)),
    ("every_product", "You return the products up to every step: return the last one only, (B, H).", lambda part: np.cumprod(part, axis=0)),
    ("time_axis_kept", "Your result still has an axis for time, of length 1: its shape is (B, H).", lambda part: np.prod(part, axis=0, keepdims=True)),
    ("units_multiplied", "You multiply the units with each other: each unit keeps its own, the product is over steps alone.", lambda part: np.prod(part, axis=(0, 2))),
    ("examples_multiplied", "You multiply the examples with each other: each keeps its own, the product is over steps alone.", lambda part: np.prod(part, axis=(0, 1))),
    ("one_number", "You multiply all gates into one number: the product is over steps alone, for each example and unit.", lambda part: np.prod(part)),
    ("averaged_over_examples", "Your gain is equal for all examples: each has gates of its own.", lambda part: np.broadcast_to(np.prod(part, axis=0).mean(axis=0), part.shape[1:])),
    ("single_precision", "Your gain is in single precision (float32): keep the float64 of the gates.", lambda part: np.prod(part, axis=0).astype(np.float32)),
    ("log_left", "Your gain is the sum of logarithms: take exp of it.", lambda part: np.log(part).sum(axis=0)),
):  # fmt: skip
    exercise.add_mistake(name, hint, lambda forget, start, end, gain=gain: gain(forget[start + 1 : end + 1]))


@exercise.wrong
def whole_sequence(forget, start, end):
    """You multiply the gates of the whole sequence: only those after start, up to end, count."""
    return np.prod(forget, axis=0)


for name, hint, wrong in (
    ("always_from_the_first", "Your product does not begin at start + 1, but always at step 1.", lambda forget, start, end: np.prod(forget[1 : end + 1], axis=0)),
    ("always_from_the_first_but_still", "Your product does not begin at start + 1, but always at step 1; only from a step to itself it is right.",
        lambda forget, start, end: np.prod(forget[1 if start < end else start + 1 : end + 1], axis=0)),
    ("always_from_the_very_first", "Your product does not begin at start + 1, but always at step 0.", lambda forget, start, end: np.prod(forget[: end + 1], axis=0)),
    ("always_to_the_last", "Your product does not stop at end: it runs to the last step of the sequence.", lambda forget, start, end: np.prod(forget[start + 1 :], axis=0)),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


for name, hint, still in (
    ("own_gate", "you multiply by its gate: with no step in between, the gain is 1.", lambda gate: gate),
    ("zero", "your gain is 0: with no step in between, nothing is lost, and the gain is 1.", np.zeros_like),
    ("bare_one", "you return the number 1: the result is (B, H), all ones.", lambda gate: 1.0),
):
    exercise.add_mistake(
        f"{name}_from_a_step_to_itself",
        f"From a step to itself {hint}",
        lambda forget, start, end, still=still: (
            np.prod(forget[start + 1 : end + 1], axis=0) if start < end else still(forget[start])
        ),
    )


@exercise.wrong
def ones_at_the_last_step(forget, start, end):
    """Your gain is all ones when end is the last step: the slice forget[start + 1 : end + 1] reaches it."""
    return np.prod(forget[start + 1 : (end + 1) % len(forget)], axis=0)


@exercise.wrong
def quotient_of_products(forget, start, end):
    """Your gain is nan where a gate up to start is 0, as 0 / 0 is: multiply the gates after start only."""
    with np.errstate(all="ignore"):
        running = np.cumprod(forget, axis=0)
        return running[end] / running[start]


@exercise.wrong
def shut_gates_lifted(forget, start, end):
    """You lift gates that are shut to 0.001, so something gets through: one factor of 0 leaves nothing."""
    return np.exp(np.log(np.maximum(forget[start + 1 : end + 1], 1e-3)).sum(axis=0))


@exercise.wrong
def in_place(forget, start, end):
    """Your function multiplies the gates that it was given into each other: use a new array."""
    gain = np.prod(forget[start + 1 : end + 1], axis=0)
    forget[start] = gain
    return gain


@exercise.right
def by_loop(forget, start, end):
    gain = np.ones(forget.shape[1:])
    for t in range(start + 1, end + 1):
        gain = gain * forget[t]
    return gain


@exercise.right
def by_logarithm(forget, start, end):
    with np.errstate(divide="ignore"):
        return np.exp(np.log(forget[start + 1 : end + 1]).sum(axis=0))


@exercise.right
def by_torch(forget, start, end):
    return torch.tensor(forget)[start + 1 : end + 1].prod(dim=0)


@exercise.right
def by_reduce(forget, start, end):
    return functools.reduce(np.multiply, forget[start + 1 : end + 1], np.ones_like(forget[0]))
