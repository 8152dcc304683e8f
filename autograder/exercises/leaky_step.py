"""One step of a leaky network, which keeps a part of its state as it is."""

import math

import numpy as np
import torch

from autograder.checking.checks import new_object, pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises import rnn_step
from autograder.exercises.families import forms, steps
from autograder.exercises.families.very_large import very_large_arguments
from autograder.reference import gradients, rnn

exercise = Exercise(gradients.leaky_step)


def arguments(rng, B, D, H, scale=0.6, alpha=None):
    """x, the old state, alpha, W, U and b. An alpha is never near one half, where its shares could be exchanged."""
    x, h, W, U, b = rnn_step.arguments(rng, B, D, H, scale)
    drawn = rng.uniform(0.1, 0.4) if B % 2 else rng.uniform(0.6, 0.9)
    return x, h, float(drawn) if alpha is None else alpha, W, U, b


exercise.add(
    steps.step_cases(arguments),
    steps.step_checks(),
    very_large_arguments(arguments),
    steps.parameter_mistakes({"the cell": ("W", "U", "b")}),
    steps.overwrites(1),
    forms.one_row_per_example,
    forms.overwrites_arguments(),
)
EACH = (
    "an alpha for each unit",
    "an alpha for each unit, as many examples as units",
    "an alpha of 0 or 1 for each unit",
)


@exercise.cases
def draw(rng):
    return {
        "an alpha of one": Case(arguments(rng, 3, 2, 4, alpha=1.0)),
        "an alpha of zero": Case(arguments(rng, 3, 2, 4, alpha=0.0)),
        EACH[0]: Case(arguments(rng, 3, 2, 4, alpha=rng.uniform(0.1, 0.9, size=4))),
        EACH[1]: Case(arguments(rng, 4, 2, 4, alpha=rng.uniform(0.1, 0.9, size=4))),
        EACH[2]: Case(arguments(rng, 2, 3, 4, alpha=rng.permutation([0.0, 1.0, 0.3, 0.8]))),
    }


exercise.checks(
    values("with alpha 1, the Elman network", "an alpha of one", weight=0.5, property=True),
    values("with alpha 0, a copy of the state", "an alpha of zero", weight=0.5, property=True),
    values("an alpha for each unit", *EACH),
    pure(EACH[0], name="leaves an array of alphas unchanged", weight=0.5),
)


def mixed(candidate=rnn.rnn_step, old=lambda a: 1 - a, new=lambda a: a):
    """The leaky step with another candidate, or other shares of old and new."""
    return lambda x, h, alpha, W, U, b: old(alpha) * h + new(alpha) * candidate(x, h, W, U, b)


for name, hint, old, new in (
    ("no_leak", "Yours is the Elman step: alpha plays no part in it.", lambda a: 0 * a, lambda a: 1 + 0 * a),
    ("alpha_on_the_old", "You have alpha and 1 - alpha the wrong way round: alpha is the share of the new, 1 - alpha of the old.", lambda a: a, lambda a: 1 - a),
    ("old_state_whole", "You keep all of the old state and add alpha times the new: the two shares add up to one.", lambda a: 1 + 0 * a, lambda a: a),
    ("new_state_whole", "You add all of the new to what is left of the old: the new has the share alpha.", lambda a: 1 - a, lambda a: 1 + 0 * a),
    ("both_whole", "You add old and new without their shares, 1 - alpha and alpha.", lambda a: 1 + 0 * a, lambda a: 1 + 0 * a),
    ("both_alpha", "Both shares of yours are alpha: that of the old state is 1 - alpha.", lambda a: a, lambda a: a),
    ("both_one_minus_alpha", "Both shares of yours are 1 - alpha: that of the new state is alpha.", lambda a: 1 - a, lambda a: 1 - a),
    ("old_state_lost", "You return the new part alone: (1 - alpha) times the old state is missing.", lambda a: 0 * a, lambda a: a),
    ("old_subtracted", "You subtract the old state's share: add it, so that the two shares add up to one.", lambda a: a - 1, lambda a: a),
    ("alpha_for_one_half", "Your shares are one half each, whatever alpha is.", lambda a: 0.5 + 0 * a, lambda a: 0.5 + 0 * a),
    ("root_of_alpha", "Your share of the new is the root of alpha, or of the old that of 1 - alpha: take them as they are.", lambda a: np.sqrt(1 - a), np.sqrt),
    ("one_alpha_for_all", "You use one alpha for all units: where alpha has one number per unit, each unit has its own.", lambda a: 1 - np.mean(a), np.mean),
    ("first_alpha_for_all", "You use the first alpha for all units: where alpha has one number per unit, each unit has its own.", lambda a: 1 - np.ravel(a)[0], lambda a: np.ravel(a)[0]),
    ("alpha_per_example", "You use one alpha per example: where alpha is an array, it has one number per unit, along the last axis.", lambda a: 1 - (a[:, None] if np.ndim(a) else a), lambda a: a[:, None] if np.ndim(a) else a),
):  # fmt: skip
    exercise.add_mistake(name, hint, mixed(old=old, new=new))
for known in rnn_step.exercise.mistakes.values():
    name = known.id.partition(".")[2]
    if name not in exercise.mistakes and not name.endswith("_overwritten") and name != "old_state_added":
        exercise.add_mistake(name, known.hint, mixed(candidate=known.function))


@exercise.wrong
def alpha_per_example_where_it_fits(x, h, alpha, W, U, b):
    """With as many examples as units, you use one alpha per example: an array of alphas has one number per unit."""
    share = alpha[:, None] if np.ndim(alpha) and len(alpha) == len(h) else alpha
    return gradients.leaky_step(x, h, share, W, U, b)


@exercise.wrong
def only_a_number(x, h, alpha, W, U, b):
    """Your alpha must be a single number: it may also be an array with one number per unit."""
    return gradients.leaky_step(x, h, float(alpha), W, U, b)


@exercise.wrong
def leak_inside(x, h, alpha, W, U, b):
    """Your mixture is inside the tanh: the old state's share is kept outside, unsquashed."""
    return np.tanh((1 - alpha) * h + alpha * (x @ W.T + h @ U.T + b))


for name, hint, wrong in (
    ("alpha_inside", "You multiply by alpha inside the tanh: it multiplies the tanh.", lambda x, h, alpha, W, U, b: (1 - alpha) * h + np.tanh(alpha * (x @ W.T + h @ U.T + b))),
    ("squashed_again", "You take one more tanh of the mixture: a state that copies itself must come out as it went in.", lambda x, h, alpha, W, U, b: np.tanh(gradients.leaky_step(x, h, alpha, W, U, b))),
    ("old_state_squashed", "You take tanh of the old state: its share is kept as it is.", lambda x, h, alpha, W, U, b: gradients.leaky_step(x, h, alpha, W, U, b) + (1 - alpha) * (np.tanh(h) - h)),
    ("leak_before_the_product", "You shrink the old state by 1 - alpha before U meets it: inside the tanh the whole old state counts.",
        lambda x, h, alpha, W, U, b: (1 - alpha) * h + alpha * rnn.rnn_step(x, (1 - alpha) * h, W, U, b)),
    ("alpha_on_the_state_inside", "You multiply the old state by alpha before U meets it: inside the tanh the whole old state counts.", lambda x, h, alpha, W, U, b: (1 - alpha) * h + alpha * rnn.rnn_step(x, alpha * h, W, U, b)),
    ("input_kept", "You leak inside the product only: the old state outside keeps the share 1 - alpha, the tanh gets alpha.", lambda x, h, alpha, W, U, b: rnn.rnn_step(x, (1 - alpha) * h, W, U, b)),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


exercise.checks(new_object("a new array, with alpha 0 too", "an alpha of zero", "a batch", weight=0.25))


@exercise.wrong
def state_itself_returned(x, h, alpha, W, U, b):
    """With alpha 0 you return h itself: return a new array, such as a copy."""
    return h if np.all(np.equal(alpha, 0)) else gradients.leaky_step(x, h, alpha, W, U, b)


@exercise.right
def by_difference(x, h, alpha, W, U, b):
    return h + alpha * (np.tanh(x @ W.T + h @ U.T + b) - h)


@exercise.right
def by_loop(x, h, alpha, W, U, b):
    rows = [np.tanh(W @ x_n + U @ h_n + b) for x_n, h_n in zip(x, h, strict=True)]
    return np.array([alpha * new + (1 - alpha) * old for new, old in zip(rows, h, strict=True)])


@exercise.right
def by_einsum(x, h, alpha, W, U, b):
    a = np.einsum("hd,bd->bh", W, x) + np.einsum("ij,bj->bi", U, h) + b
    return h - alpha * h + alpha * np.tanh(a)


@exercise.right
def by_torch(x, h, alpha, W, U, b):
    alpha = torch.as_tensor(alpha, dtype=torch.float64)
    x, h, W, U, b = (torch.tensor(array) for array in (x, h, W, U, b))
    return torch.lerp(h, torch.tanh(torch.addmm(b, x, W.T) + h @ U.T), alpha)


@exercise.right
def by_scalars(x, h, alpha, W, U, b):
    shares = np.broadcast_to(alpha, b.shape)
    new = np.zeros(h.shape)
    for n in range(len(h)):
        for i in range(len(b)):
            a = b[i] + sum(W[i, d] * x[n, d] for d in range(x.shape[1]))
            a += sum(U[i, j] * h[n, j] for j in range(len(b)))
            new[n, i] = (1 - shares[i]) * h[n, i] + shares[i] * math.tanh(a)
    return new
