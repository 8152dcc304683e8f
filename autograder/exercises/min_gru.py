"""The minimal GRU as one scan: its gate and candidate, how two steps are joined, and that no loop runs over the steps."""

import numpy as np

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Check, Exercise
from autograder.exercises.families.sequences import forward_sequence
from autograder.reference import names
from autograder.reference.rnn import sigmoid
from autograder.sandbox.protocol.wire import ModelSpec

exercise = Exercise(names.min_gru)


def arguments(rng, T, B, D, H, open_by=0.0):
    """x, h0 and params. ``open_by``: what is added to the gates' bias."""
    params = {"W_z": rng.normal(size=(H, D)), "b_z": open_by + rng.normal(size=H)}
    params |= {"W_h": rng.normal(size=(H, D)), "b_h": rng.normal(size=H)}
    return rng.normal(size=(T, B, D)), rng.normal(size=(B, H)), params


def step(x, h, params):
    z = sigmoid(x @ params["W_z"].T + params["b_z"])
    return (1 - z) * h + z * (x @ params["W_h"].T + params["b_h"])


def _counted(array):
    return ModelSpec("counted", {"array": array, "steps": 256})


@exercise.cases
def draw(rng):
    x, h0, params = arguments(rng, 256, 2, 2, 3)
    return {
        "256 steps": Case((x.copy(), h0, params)),
        "256 steps, counted": Case((_counted(x), h0, params)),
        "256 steps, what is done with h0 counted": Case((x.copy(), _counted(h0), params)),
        "many steps with open gates": Case(arguments(rng, 600, 2, 2, 3, 4.0)),
        "a long memory": Case(arguments(rng, 100, 2, 2, 3, -6.0)),
        "two steps": Case(arguments(rng, 2, 2, 3, 2)),
        "eight steps": Case(arguments(rng, 8, 2, 3, 2)),
    }


COUNTED = ("256 steps, counted", "256 steps, what is done with h0 counted")


def _not_one_by_one(actual, expected):
    return not any(actual[c].error or actual[c].inputs[place]["one by one"] for place, c in enumerate(COUNTED))


exercise.add(forward_sequence(arguments, step))
exercise.checks(
    values("powers of two, and a long memory", "two steps", "eight steps", "256 steps", "a long memory"),
    values("many steps with open gates, without an overflow", "many steps with open gates"),
    Check("no loop over the steps: 256 of them in a few rounds", _not_one_by_one, COUNTED, 2, property=True),
)  # fmt: skip


def steps(x, h0, params, z=None, candidate=None, squash=sigmoid):
    """a and b of every step, with another gate or candidate where one is given."""
    gate = squash(x @ params["W_z"].T + params["b_z"]) if z is None else z(x, params)
    proposed = x @ params["W_h"].T + params["b_h"] if candidate is None else candidate(x, params)
    return 1 - gate, gate * proposed


def joined(a, b, rounds=None, order="b first"):
    """All steps joined by doubling; ``rounds``: how many at most."""
    shift, done = 1, 0
    while shift < len(a) and (rounds is None or done < rounds):
        new_a = a.copy()
        new_a[shift:] = a[shift:] * a[:-shift]
        used = {"b first": a, "a first": new_a}.get(order)
        new_b = b.copy()
        new_b[shift:] += (1 if used is None else used[shift:]) * b[:-shift]
        a, b, shift, done = a if order == "a kept" else new_a, new_b, 2 * shift, done + 1
    return a, b


def scan(x, h0, params, start=lambda a, h0: a * h0, **parts):
    a, b = steps(x, h0, params, **parts)
    a, b = joined(a, b)
    return start(a, h0) + b


def mistake(name, hint, **parts):
    exercise.add_mistake(name, hint, lambda *args: scan(*args, **parts))


def other_scan(name, hint, scanned):
    """A mistake in how the right a and b, ``scanned(a, b, h0)``, become states."""
    exercise.add_mistake(name, hint, lambda x, h0, params: scanned(*steps(x, h0, params), h0))


for name, hint, parts in (
    ("gate_without_bias", "Your gate has no bias b_z.", dict(z=lambda x, p: sigmoid(x @ p["W_z"].T))),
    ("gate_not_squashed", "Your gate is not squashed: a sigmoid makes numbers between 0 and 1 of it.", dict(squash=lambda a: a)),
    ("gate_weighs_the_old", "Your z weighs the old state: here it weighs the candidate, and 1 - z the old state.", dict(z=lambda x, p: sigmoid(-x @ p["W_z"].T - p["b_z"]))),
    ("candidate_by_tanh", "Your candidate goes through tanh: in this cell it is a plain W_h x + b_h.", dict(candidate=lambda x, p: np.tanh(x @ p["W_h"].T + p["b_h"]))),
    ("start_not_faded", "You add h0 as it is: what is left of it after step t is the product of all a up to t, times h0.", dict(start=lambda a, h0: h0)),
):  # fmt: skip
    mistake(name, hint, **parts)
for name, hint, parts in (
    ("ends_with_the_last_a", "You fade h0 by the last step's a alone: it takes the product of all a up to step t.", lambda a, b, h0: a * h0 + joined(a, b)[1]),
    ("one_round", "You join each step with the one before it, and stop: go on with shifts 2, 4, 8, while the shift is less than T.", lambda a, b, h0: (lambda A, B: A * h0 + B)(*joined(a, b, 1))),
    ("a_not_joined", "Your b are joined, your a are not: after a round, each a is the product of its own and that of t - shift.", lambda a, b, h0: (lambda A, B: A * h0 + B)(*joined(a, b, order="a kept"))),
    ("a_joined_first", "You join the a first and then use the new ones for b: b needs the old a of its round.", lambda a, b, h0: (lambda A, B: A * h0 + B)(*joined(a, b, order="a first"))),
    ("b_not_faded", "You add b of t - shift as it is: multiply it by a of t, which says how much of it is left.", lambda a, b, h0: (lambda A, B: A * h0 + B)(*joined(a, b, order="none"))),
    ("divided_by_products", "You divide by cumulative products, which become 0 after many open gates: then 0/0 is not a number. Join steps by doubling instead.", lambda a, b, h0: np.cumprod(a, 0) * (h0 + np.cumsum(b / np.cumprod(a, 0), 0))),
):  # fmt: skip
    other_scan(name, hint, parts)


@exercise.wrong
def one_step_at_a_time(x, h0, params):
    """Your numbers are right, but a loop runs over all T steps: join steps by doubling, in rounds over all t at once."""
    states, h = [], h0
    a, b = steps(x, h0, params)
    for a_t, b_t in zip(a, b, strict=True):
        h = a_t * h + b_t
        states.append(h)
    return np.array(states)


@exercise.right
def start_as_a_step(x, h0, params):
    a, b = steps(x, h0, params)
    b = np.concatenate([(a[0] * h0 + b[0])[None], b[1:]])
    return joined(a, b)[1]


@exercise.right
def by_rolling(x, h0, params):
    (a, b), late, shift = steps(x, h0, params), np.arange(len(x))[:, None, None], 1
    while shift < len(x):
        b = np.where(late < shift, b, b + a * np.roll(b, shift, axis=0))
        a = np.where(late < shift, a, a * np.roll(a, shift, axis=0))
        shift *= 2
    return b + a * h0[None]


@exercise.right
def by_weights_of_all_pairs(x, h0, params):
    a, b = steps(x, h0, params)
    with np.errstate(divide="ignore"):
        logs = np.cumsum(np.log(np.maximum(a, 1e-300)), axis=0)
    later = np.tril(np.ones((len(a), len(a)), bool))[:, :, None, None]
    weights = np.exp(np.where(later, logs[:, None] - logs[None], -np.inf))
    return np.exp(logs) * h0 + (weights * b[None]).sum(axis=1)
