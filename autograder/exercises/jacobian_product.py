"""The Jacobian of many steps at once."""

import functools

import numpy as np
import torch

from autograder.checking.checks import new_object, pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import chains, forms
from autograder.reference import gradients

exercise = Exercise(gradients.jacobian_product)


@exercise.cases
def draw(rng):
    sizes = {"several steps": (4, 2, 3)} | chains.SIZES
    return {name: Case((chains.jacobians(rng, *size),)) for name, size in sizes.items()}


exercise.checks(
    values("the product of several steps", "several steps", weight=2),
    values("one step: its own Jacobian", "one step", weight=0.5, property=True),
    values("two steps, in the right order", "two steps"),
    values("one example, and sizes that are equal", *chains.SPECIAL),
    pure("several steps", weight=0.5),
)
exercise.add(forms.single_precision, forms.overwrites_arguments())


@exercise.wrong
def other_order(jacobians):
    """Your factors are in the opposite order: the first step acts first, so it stands on the right."""
    return gradients.jacobian_product(jacobians[::-1])


@exercise.wrong
def transposed(jacobians):
    """Your product is transposed: that one carries gradients back, but asked for is the Jacobian itself."""
    return gradients.jacobian_product(jacobians).transpose(0, 2, 1)


@exercise.wrong
def factors_transposed(jacobians):
    """You transpose the factors: multiply the Jacobians as they are."""
    return gradients.jacobian_product(jacobians.transpose(0, 1, 3, 2))


@exercise.wrong
def elementwise(jacobians):
    """You multiply entry by entry: chaining steps is the matrix product, @."""
    return jacobians.prod(axis=0)


@exercise.wrong
def added(jacobians):
    """You add the Jacobians up: the chain rule multiplies them."""
    return jacobians.sum(axis=0)


@exercise.wrong
def averaged(jacobians):
    """You average the Jacobians: the chain rule multiplies them."""
    return jacobians.mean(axis=0)


def identity_in_place_of(jacobians, *steps):
    changed = jacobians.copy()
    changed[list(steps)] = np.eye(jacobians.shape[-1])
    return changed


for name, hint, wrong in (
    ("first_missing", "Your product lacks the first step's Jacobian.", lambda jacobians: gradients.jacobian_product(identity_in_place_of(jacobians, 0))),
    ("last_missing", "Your product lacks the last step's Jacobian.", lambda jacobians: gradients.jacobian_product(identity_in_place_of(jacobians, -1))),
    ("loop_stops_early", "Your loop over the factors stops before the last step's Jacobian: it belongs to the product.", lambda jacobians: gradients.jacobian_product(jacobians[: max(1, len(jacobians) - 1)])),
    ("starts_from_zeros", "Your product is 0 everywhere, as it starts from zeros: start from the first factor, or from the identity.", lambda jacobians: 0 * jacobians[0]),
    ("dot_for_matmul", "You use np.dot, which pairs every example with every other: @ multiplies the matrices of each example.", lambda jacobians: functools.reduce(lambda product, J: np.dot(J, product), jacobians)),
    ("first_twice", "Your product has the first step's Jacobian twice: start from it or from the identity, not from both.", lambda jacobians: gradients.jacobian_product(jacobians) @ jacobians[0]),
    ("last_twice", "Your product has the last step's Jacobian twice: start from it or from the identity, not from both.", lambda jacobians: jacobians[-1] @ gradients.jacobian_product(jacobians)),
    ("only_the_last", "You return the last step's Jacobian alone: multiply those of all steps.", lambda jacobians: jacobians[-1]),
    ("only_the_first", "You return the first step's Jacobian alone: multiply those of all steps.", lambda jacobians: jacobians[0]),
    ("last_two", "You multiply only the last two Jacobians: go on from the product so far, over all steps.", lambda jacobians: gradients.jacobian_product(jacobians[-2:])),
    ("power_of_the_last", "You multiply the last step's Jacobian with itself: every step has a Jacobian of its own.", lambda jacobians: np.linalg.matrix_power(jacobians[-1], len(jacobians))),
    ("power_of_the_first", "You multiply the first step's Jacobian with itself: every step has a Jacobian of its own.", lambda jacobians: np.linalg.matrix_power(jacobians[0], len(jacobians))),
    ("all_products", "You return the products after every step: only the last of them is asked for, of shape (B, H, H).",
        lambda jacobians: np.array([gradients.jacobian_product(jacobians[: t + 1]) for t in range(len(jacobians))])),
    ("only_the_first_example", "Your result is one matrix, that of the first example: each example has a product, so return (B, H, H).", lambda jacobians: gradients.jacobian_product(jacobians)[0]),
    ("over_the_examples", "You multiply over the examples: multiply over the steps, the first axis, and keep the examples apart.", lambda jacobians: gradients.jacobian_product(jacobians.swapaxes(0, 1))),
    ("examples_averaged", "Your result is one matrix, the mean over the examples: each example has a product, so return (B, H, H).", lambda jacobians: gradients.jacobian_product(jacobians).mean(axis=0)),
    ("first_example_for_all", "You use the Jacobians of the first example for all: each example has its own.", lambda jacobians: gradients.jacobian_product(np.repeat(jacobians[:, :1], jacobians.shape[1], axis=1))),
    ("examples_mixed", "You multiply Jacobians that are averaged over the batch: each example has its own product.",
        lambda jacobians: gradients.jacobian_product(np.broadcast_to(jacobians.mean(axis=1, keepdims=True), jacobians.shape))),
    ("later_factors_transposed", "You transpose every Jacobian but the first: multiply them as they are.", lambda jacobians: gradients.jacobian_product(np.concatenate([jacobians[:1], jacobians[1:].swapaxes(2, 3)]))),
    ("first_factor_transposed", "You transpose the first Jacobian: multiply it as it is.", lambda jacobians: gradients.jacobian_product(np.concatenate([jacobians[:1].swapaxes(2, 3), jacobians[1:]]))),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def batch_of_one_lost(jacobians):
    """For one example your result loses its first axis: it should be (B, H, H), also with B = 1."""
    product = gradients.jacobian_product(jacobians)
    return product[0] if len(product) == 1 else product


exercise.checks(new_object("a new array, for one step too", "one step", weight=0.25))


@exercise.wrong
def view_of_the_argument(jacobians):
    """For one step your result is a part of the argument itself: return a new array, such as a copy."""
    return jacobians[0] if len(jacobians) == 1 else gradients.jacobian_product(jacobians)


@exercise.right
def from_the_identity(jacobians):
    product = np.eye(jacobians.shape[-1])
    for J in jacobians:
        product = J @ product
    return product


@exercise.right
def backwards(jacobians):
    product = jacobians[-1]
    for t in range(len(jacobians) - 2, -1, -1):
        product = np.einsum("bij,bjk->bik", product, jacobians[t])
    return np.array(product)


@exercise.right
def one_example_at_a_time(jacobians):
    chain = [jacobians[::-1, n] for n in range(jacobians.shape[1])]
    return np.array([c[0] if len(c) == 1 else np.linalg.multi_dot(list(c)) for c in chain])


@exercise.right
def by_halves(jacobians):
    if len(jacobians) == 1:
        return jacobians[0] + 0.0
    middle = len(jacobians) // 2
    return np.matmul(by_halves(jacobians[middle:]), by_halves(jacobians[:middle]))


@exercise.right
def by_torch(jacobians):
    product, *others = torch.tensor(jacobians)
    for J in others:
        product = torch.bmm(J, product)
    return product.numpy()
