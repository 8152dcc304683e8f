"""A cell reads a sequence, and what it does at every word is kept."""

import numpy as np
import torch

from autograder.checking.checks import pure, related, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import results
from autograder.exercises.families.sequences import SIZES
from autograder.reference import reading
from autograder.sandbox.protocol import wire

exercise = Exercise(reading.run_with_gates, tensors=True, results=("h", "z", "r"))


@exercise.cases
def draw(rng):
    def normal(*shape):
        return torch.from_numpy(rng.normal(size=shape))

    def run(T, B, D, H):
        weights = {"A": rng.normal(size=(D, H)), "B": rng.normal(size=(H, H)), "C": rng.normal(size=H)}
        return Case((wire.ModelSpec("cell", weights), normal(T, B, D), normal(B, H)))

    cases = {name: run(*sizes) for name, sizes in SIZES.items()}
    cell, x, h0 = cases["a sequence"].args
    later = torch.cat([x[:4], normal(*x[4:].shape)])
    return cases | {"its last words changed": Case((cell, later, h0))}


exercise.checks(
    values("the states after every word", *SIZES, part=0, weight=2),
    values("the update gates", *SIZES, part=1),
    values("the reset gates", *SIZES, part=2),
    related(
        "a later word does not change what happened before",
        "a sequence",
        "its last words changed",
        lambda a, b: all(
            np.allclose(p[:4], q[:4]) and not np.allclose(p[4:], q[4:]) for p, q in zip(a, b, strict=True)
        ),
        weight=0.5,
    ),
    pure("a sequence", weight=0.5),
)

run = reading.run_with_gates
NEW, Z, R = 0, 1, 2


def stacked(steps):
    return tuple(torch.stack(parts) for parts in zip(*steps, strict=True))


def part_changed(*places, change):
    """A change of some of the three results, the others left right."""
    return lambda found: tuple(change(part) if place in places else part for place, part in enumerate(found))


# fmt: off
exercise.add(
    results.time_first("result", "results", "(T, B, H)", parts=True),
    results.overwrites(2, "h0", lambda found: found[0][-1].detach()),
    results.changed_results(
        ("gates_in_the_other_order", "You return r before z: the order is h, z, r.",
         lambda found: (found[0], found[2], found[1])),
        ("state_last", "You return the gates before the states: the order is h, z, r.",
         lambda found: (found[1], found[2], found[0])),
        ("only_the_last_state", "Of the states you keep the last one only: keep one per word, as for the gates.",
         part_changed(NEW, change=lambda part: part[-1])),
        ("last_state_repeated",
         "All your states are the last one: keep a copy of the state at every word, not one tensor that is overwritten.",
         part_changed(NEW, change=lambda part: part[-1:].expand_as(part).clone())),
        ("last_gates_only", "Of the gates you keep the last word's only: keep them for every word, as for the states.",
         part_changed(Z, R, change=lambda part: part[-1])),
        ("last_gates_repeated", "Your gates are the last word's, for all words: keep what the cell gave at each word.",
         part_changed(Z, R, change=lambda part: part[-1:].expand_as(part).clone())),
        ("one_tuple_per_word", "You return one tuple for each word: stack them, so that there are three tensors (T, B, H).",
         lambda found: [tuple(parts) for parts in zip(*found, strict=True)]),
        ("one_tensor", "You return one tensor (3, T, B, H): return three tensors, as a tuple.", torch.stack),
        ("only_the_states", "You return the states alone: return a tuple of h, z and r.", lambda found: found[0]),
        ("a_dict", "You return a dict: return the three tensors as a tuple, in the order h, z, r.",
         lambda found: dict(zip("hzr", found, strict=True))),
    ),
)
# fmt: on


@exercise.wrong
def one_tensor_overwritten(cell, x, h0):
    """Your new states overwrite h0, the caller's, and all states that you keep are this one tensor: make a new one per word."""
    h, z, r = run(cell, x, h0)
    h0.copy_(h[-1].detach())
    return h[-1:].expand_as(h).clone(), z, r


@exercise.wrong
def with_initial_state(cell, x, h0):
    """You put h0 in front of the states: entry t is the state after word t, and h0 is not among them."""
    h, z, r = run(cell, x, h0)
    return torch.cat([h0[None], h]), z, r


@exercise.wrong
def one_behind(cell, x, h0):
    """Your states are one word late: you keep the state before each word, not the one after it."""
    h, z, r = run(cell, x, h0)
    return torch.cat([h0[None], h[:-1]]), z, r


# fmt: off
for name, hint, function in (
    ("initial_state_ignored", "Your states start from zero: the first word meets h0.",
     lambda cell, x, h0: run(cell, x, torch.zeros_like(h0))),
    ("not_carried", "Every word meets h0 in yours: carry the new state on to the next word.",
     lambda cell, x, h0: stacked(cell(word, h0) for word in x)),
    ("first_word_repeated", "Every one of your steps reads the first word: step t must read x[t].",
     lambda cell, x, h0: run(cell, x[:1].expand_as(x), h0)),
    ("backwards", "You read the sentence from its end: begin with x[0].",
     lambda cell, x, h0: tuple(part.flip(0) for part in run(cell, x.flip(0), h0))),
    ("backwards_and_kept_so", "You read the sentence from its end, and store the results in that order: begin with x[0].",
     lambda cell, x, h0: run(cell, x.flip(0), h0)),
    ("along_the_batch", "You step along the batch: time is the first axis of x.",
     lambda cell, x, h0: run(cell, x.transpose(0, 1), h0)),
    ("arguments_exchanged", "You call the cell with the state first: it is cell(x_t, h), the word first.",
     lambda cell, x, h0: run(lambda word, state: cell(state, word), x, h0)),
):
    exercise.add_mistake(name, hint, function)
# fmt: on


@exercise.wrong
def gates_of_a_second_call(cell, x, h0):
    """Your gates belong to the new state, not to the old one: take all three results of one call per word."""
    h, _, _ = run(cell, x, h0)
    return (h, *stacked(cell(word, state)[1:] for word, state in zip(x, h, strict=True)))


@exercise.wrong
def gate_carried_on(cell, x, h0):
    """You carry the update gate on to the next word: its old state is the first result of the cell, the new state."""
    steps, state = [], h0
    for word in x:
        steps.append(cell(word, state))
        state = steps[-1][Z]
    return stacked(steps)


@exercise.right
def three_lists(cell, x, h0):
    states, updates, resets, state = [], [], [], h0
    for t in range(x.shape[0]):
        state, z, r = cell(x[t], state)
        states.append(state)
        updates.append(z)
        resets.append(r)
    return torch.stack(states), torch.stack(updates), torch.stack(resets)


@exercise.right
def filled_in(cell, x, h0):
    h, z, r = (torch.zeros(len(x), *h0.shape, dtype=h0.dtype) for _ in range(3))
    state = h0.clone()
    with torch.no_grad():
        for t in range(len(x)):
            h[t], z[t], r[t] = cell(x[t], state)
            state = h[t]
    return h, z, r


@exercise.right
def by_recursion(cell, x, h0):
    first = cell(x[0], h0)
    if len(x) == 1:
        return tuple(part[None] for part in first)
    rest = by_recursion(cell, x[1:], first[0])
    return [torch.cat([part[None], others]) for part, others in zip(first, rest, strict=True)]


@exercise.right
def one_tensor_unbound(cell, x, h0):
    steps, state = [], h0
    for word in x:
        steps.append(torch.stack(cell(word, state)))
        state = steps[-1][0]
    return torch.stack(steps, dim=1).unbind(0)
