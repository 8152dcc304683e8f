"""The Jacobian of one step of a tanh network, for each example."""

import numpy as np
import torch

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import forms, slopes
from autograder.reference import gradients

exercise = Exercise(gradients.step_jacobian)

BATCHES = ("a batch", "one unit", "one of everything", "states of zeros")


def states(rng, *shape):
    """States inside (-1, 1): none quite saturated."""
    return rng.uniform(-0.95, 0.95, size=shape)


def near(rng, *shape):
    """States near 1 and -1."""
    return np.sign(states(rng, *shape)) * rng.uniform(0.97, 0.999, size=shape)


@exercise.cases
def draw(rng):
    def step(B, H, scale=1.0):
        return Case((states(rng, B, H), scale * rng.normal(size=(H, H))))

    return {
        "one example": step(1, 3),
        "a batch": step(4, 3),
        "as many examples as units": step(3, 3),
        "one unit": step(2, 1),
        "one of everything": step(1, 1),
        "states of zeros": Case((np.zeros((2, 3)), rng.normal(size=(3, 3)))),
        "states of exactly 1 and -1": Case((np.sign(states(rng, 2, 3)), rng.normal(size=(3, 3)))),
        "states near 1 and -1": Case((near(rng, 3, 4), rng.normal(size=(4, 4)))),
        "large weights": step(2, 5, 30.0),
    }


exercise.checks(
    values("the Jacobian of one example", "one example", weight=2),
    values("each example its own Jacobian", *BATCHES, weight=2),
    values("slopes and weights the right way round", "as many examples as units"),
    values(
        "large weights, and states at their limits",
        "large weights",
        "states near 1 and -1",
        "states of exactly 1 and -1",
        property=True,
    ),
    pure("a batch", weight=0.5),
)


def with_slope(slope):
    """The Jacobian with another slope of tanh."""
    return lambda h_next, U: slope(h_next)[:, :, None] * U


exercise.add(slopes.tanh_slopes(with_slope), forms.one_row_per_example, forms.overwrites_arguments())


@exercise.wrong
def slope_alone(h_next, U):
    """Your Jacobian is diagonal: the recurrent weights U are missing, through which units hear each other."""
    return (1 - h_next**2)[:, :, None] * np.eye(len(U))


for name, hint, wrong in (
    ("diagonal_of_the_weights", "Your Jacobian is diagonal: the matrix product with all of U is meant, not its diagonal alone.", lambda h_next, U: (1 - h_next**2)[:, :, None] * U * np.eye(len(U))),
    ("slope_on_columns", "The slopes belong to the units of the new state, the rows of U: you multiply its columns by them.", lambda h_next, U: (1 - h_next**2)[:, None, :] * U),
    ("slope_on_both_sides", "You multiply rows and columns of U by slopes: only the rows, those of the new state, have one.", lambda h_next, U: (1 - h_next**2)[:, :, None] * U * (1 - h_next**2)[:, None, :]),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def transposed(h_next, U):
    """Your Jacobian is transposed: row i is about unit i of the new state, column j about unit j of the old one."""
    return gradients.step_jacobian(h_next, U).transpose(0, 2, 1)


for name, hint, wrong in (
    ("weights_transposed", "You use U the wrong way round: U[i, j] is how unit i listens to unit j, and so is entry [i, j] here.", lambda h_next, U: gradients.step_jacobian(h_next, U.T)),
    ("mean_slope", "You take one mean slope for all units: each unit has its own, and multiplies its row of U.", lambda h_next, U: (1 - h_next**2).mean(axis=1)[:, None, None] * U),
    ("slope_added", "You add the slopes to U: they multiply its rows.", lambda h_next, U: (1 - h_next**2)[:, :, None] + U),
    ("examples_summed", "Your Jacobians of the examples are added up: each example has its own, so the result is (B, H, H).", lambda h_next, U: gradients.step_jacobian(h_next, U).sum(axis=0)),
    ("examples_averaged", "Your result is one matrix, the mean over the examples: make one for each example, (B, H, H).", lambda h_next, U: gradients.step_jacobian(h_next, U).mean(axis=0)),
    ("only_the_first", "Your result is one matrix, that of the first example: make one for each example, (B, H, H).", lambda h_next, U: gradients.step_jacobian(h_next, U)[0]),
    ("batch_last", "The examples run along the last axis of your result: they should run along the first, (B, H, H).", lambda h_next, U: np.moveaxis(gradients.step_jacobian(h_next, U), 0, -1)),
    ("applied", "You multiply the matrix with a state: the Jacobian itself is asked for, (B, H, H).", lambda h_next, U: (1 - h_next**2) * (h_next @ U.T)),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.right
def by_loop(h_next, U):
    return np.array([np.diag(1 - h**2) @ U for h in h_next])


@exercise.right
def by_einsum(h_next, U):
    return np.einsum("bi,ij->bij", 1 - np.square(h_next), U)


@exercise.right
def by_scalars(h_next, U):
    B, H = h_next.shape
    J = np.zeros((B, H, H))
    for n in range(B):
        for i in range(H):
            for j in range(H):
                J[n, i, j] = (1 - h_next[n, i] ** 2) * U[i, j]
    return J


@exercise.right
def by_autograd(h_next, U):
    h_next, U = torch.tensor(h_next), torch.tensor(U)
    zero = torch.zeros(len(U), dtype=torch.float64)
    return torch.stack(
        [torch.autograd.functional.jacobian(lambda h, a=a: torch.tanh(a + U @ h), zero) for a in torch.atanh(h_next)]
    )


@exercise.right
def by_slope_of_atanh(h_next, U):
    with np.errstate(all="ignore"):
        return U[None] / np.cosh(np.arctanh(h_next))[..., None] ** 2
