"""The norm of the gradient of every state, by distance from the last one."""

import math

import numpy as np
import torch

from autograder.checking.checks import pure, related, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import chains, forms
from autograder.reference import gradients

exercise = Exercise(gradients.state_gradient_norms)


@exercise.cases
def draw(rng):
    def way_back(T, B, H, scale=0.7):
        return Case((2 * rng.normal(size=(B, H)), chains.jacobians(rng, T, B, H, scale)))

    dh_last, jacobians = way_back(5, 3, 4).args
    nothing, closed = dh_last.copy(), jacobians.copy()
    nothing[1] = 0.0
    closed[2] = 0.0
    return {
        **{name: way_back(*sizes) for name, sizes in chains.SIZES.items()},
        "several steps": Case((dh_last, jacobians)),
        "the same from a gradient three times as large": Case((3 * dh_last, jacobians)),
        "one example without a gradient": Case((nothing, jacobians)),
        "a step that lets nothing through": Case((dh_last, closed)),
        "steps that lengthen": way_back(6, 2, 3, 10.0),
    }


exercise.checks(
    values("the norms over several steps", "several steps", weight=2),
    values("one step, and two", "one step", "two steps"),
    values("one example, and sizes that are equal", *chains.SPECIAL),
    values(
        "gradients and steps of zeros", "one example without a gradient", "a step that lets nothing through", weight=0.5
    ),
    values("steps that lengthen the gradient", "steps that lengthen", weight=0.5),
    related(
        "a gradient three times as large gives norms three times as large",
        "several steps",
        "the same from a gradient three times as large",
        lambda a, b: np.allclose(3 * np.asarray(a), b),
        weight=0.5,
    ),
    pure("several steps", weight=0.5),
)
exercise.add(chains.by_distance("norm", "norms"), forms.overwrites_arguments())


def gains(dh, jacobians, step=lambda J, dh: np.einsum("bij,bi->bj", J, dh), norm=lambda dh: np.linalg.norm(dh, axis=1)):
    """The norms with parts that may be wrong: the step back, and the norm."""
    norms = [norm(dh)]
    for J in jacobians[::-1]:
        dh = step(J, dh)
        norms.append(norm(dh))
    return np.array(norms)


def mistake(name, hint, **wrong):
    exercise.add_mistake(name, hint, lambda dh_last, jacobians: gains(dh_last, jacobians, **wrong))


for name, hint, wrong in (
    ("not_transposed", "A gradient goes back through the transpose of the Jacobian: you multiply by the Jacobian itself.", {"step": lambda J, dh: np.einsum("bij,bj->bi", J, dh)}),
    ("elementwise", "You multiply by the diagonal of the Jacobian alone: the step back is a matrix product.", {"step": lambda J, dh: np.einsum("bii,bi->bi", J, dh)}),
    ("normalised_at_every_step", "You divide the gradient by its norm at every step, so each entry is that of one step alone: let the gradient shrink or grow.",
        {"step": lambda J, dh: np.einsum("bij,bi->bj", J, dh / np.linalg.norm(dh, axis=1, keepdims=True))}),
    ("first_example_for_all", "You go back through the Jacobians of the first example for all examples: each has its own.", {"step": lambda J, dh: dh @ J[0]}),
    ("largest_entry", "You take the largest entry of each gradient: the Euclidean norm is the root of the sum of squares.", {"norm": lambda dh: np.abs(dh).max(axis=1)}),
    ("sum_of_sizes", "You add up the sizes of the entries: the Euclidean norm is the root of the sum of their squares.", {"norm": lambda dh: np.abs(dh).sum(axis=1)}),
    ("mean_of_squares", "You average the squares over the units: the Euclidean norm is the root of their sum.", {"norm": lambda dh: np.sqrt((dh**2).mean(axis=1))}),
    ("batch_in_one", "You take one norm over the whole batch: each example has its own, so the result is (T + 1, B).", {"norm": np.linalg.norm}),
    ("batch_in_one_for_all", "Each of your examples has the norm of the whole batch: each has its own.", {"norm": lambda dh: np.full(len(dh), np.linalg.norm(dh))}),
    ("averaged_over_the_batch", "You average the norms over the batch: each example has its own, so the result is (T + 1, B).", {"norm": lambda dh: np.linalg.norm(dh, axis=1).mean()}),
    ("over_the_batch", "Your norm runs over the examples: it runs over the units of one example, the last axis.", {"norm": lambda dh: np.linalg.norm(dh, axis=0)}),
    ("gradients_themselves", "You return the gradients: return the norm of each, so the result is (T + 1, B).", {"norm": lambda dh: dh}),
):  # fmt: skip
    mistake(name, hint, **wrong)


@exercise.wrong
def first_steps_for_last(dh_last, jacobians):
    """Entry k of yours goes back through the first k Jacobians: take the last k, those between that state and the last one."""
    found = [gradients.state_gradient_norms(dh_last, jacobians[:k])[-1] for k in range(len(jacobians) + 1)]
    return np.array(found)


for name, hint, wrong in (
    ("wish_at_every_state", "You add dh_last again at every step back: this loss looks at the last state only.", lambda dh_last, jacobians: gains(dh_last, jacobians, step=lambda J, dh: np.einsum("bij,bi->bj", J, dh) + dh_last)),
    ("first_to_last", "You apply the Jacobians from the first step to the last: a gradient meets the last step's first.", lambda dh_last, jacobians: gradients.state_gradient_norms(dh_last, jacobians[::-1])),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def first_step_left_out(dh_last, jacobians):
    """Your loop leaves out the last step's Jacobian: jacobians[-1] belongs to the step that led to the last state."""
    norms = gradients.state_gradient_norms(dh_last, jacobians[:-1])
    return np.concatenate([norms, np.zeros((1, len(dh_last)))])


@exercise.wrong
def squared(dh_last, jacobians):
    """Your numbers are the squares of the norms: take the root."""
    return gradients.state_gradient_norms(dh_last, jacobians) ** 2


@exercise.wrong
def normalised(dh_last, jacobians):
    """You divide by the norm at distance 0: return the norms themselves."""
    norms = gradients.state_gradient_norms(dh_last, jacobians)
    return norms / norms[0]


@exercise.wrong
def always_from_the_last(dh_last, jacobians):
    """Every entry of yours is one step from dh_last: go on from the gradient that the step before gave you."""
    steps = [np.einsum("bij,bi->bj", J, dh_last) for J in jacobians[::-1]]
    return np.linalg.norm([dh_last, *steps], axis=2)


@exercise.wrong
def norms_of_jacobians(dh_last, jacobians):
    """You multiply norms of the Jacobians: that is only a bound, the gradient itself has to travel."""
    factors = np.linalg.norm(jacobians[::-1], 2, axis=(2, 3))
    return np.linalg.norm(dh_last, axis=1) * np.concatenate([np.ones((1, len(dh_last))), np.cumprod(factors, 0)])


@exercise.right
def by_loop(dh_last, jacobians):
    T, B = jacobians.shape[:2]
    norms = np.zeros((T + 1, B))
    for n in range(B):
        dh = dh_last[n]
        norms[0, n] = math.sqrt(dh @ dh)
        for k in range(1, T + 1):
            dh = jacobians[T - k, n].T @ dh
            norms[k, n] = math.sqrt(dh @ dh)
    return norms


@exercise.right
def by_row_vectors(dh_last, jacobians):
    dh, found = dh_last[:, None, :], []
    for J in [None, *reversed(jacobians)]:
        dh = dh if J is None else dh @ J
        found.append(np.sqrt((dh**2).sum(axis=(1, 2))))
    return np.stack(found)


@exercise.right
def by_products(dh_last, jacobians):
    B, H = dh_last.shape
    product, norms = np.tile(np.eye(H), (B, 1, 1)), [np.linalg.norm(dh_last, axis=-1)]
    for J in jacobians[::-1]:
        product = product @ J
        norms.append(np.linalg.norm(np.einsum("bij,bi->bj", product, dh_last), axis=-1))
    return np.array(norms)


@exercise.right
def by_torch(dh_last, jacobians):
    dh, jacobians = torch.tensor(dh_last), torch.tensor(jacobians)
    found = [dh]
    for J in jacobians.flip(0):
        found.append(torch.bmm(J.transpose(1, 2), found[-1][..., None])[..., 0])
    return torch.stack(found).norm(dim=2)
