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


@exercise.wrong
def first_missing(jacobians):
    """Your product lacks the first step's Jacobian."""
    return gradients.jacobian_product(identity_in_place_of(jacobians, 0))


@exercise.wrong
def last_missing(jacobians):
    """Your product lacks the last step's Jacobian."""
    return gradients.jacobian_product(identity_in_place_of(jacobians, -1))


@exercise.wrong
def loop_stops_early(jacobians):
    """Your loop over the factors stops before the last step's Jacobian: it belongs to the product."""
    return gradients.jacobian_product(jacobians[: max(1, len(jacobians) - 1)])


@exercise.wrong
def starts_from_zeros(jacobians):
    """Your product is 0 everywhere, as it starts from zeros: start from the first factor, or from the identity."""
    return 0 * jacobians[0]


@exercise.wrong
def dot_for_matmul(jacobians):
    """You use np.dot, which pairs every example with every other: @ multiplies the matrices of each example."""
    return functools.reduce(lambda product, J: np.dot(J, product), jacobians)


@exercise.wrong
def first_twice(jacobians):
    """Your product has the first step's Jacobian twice: start from it or from the identity, not from both."""
    return gradients.jacobian_product(jacobians) @ jacobians[0]


@exercise.wrong
def last_twice(jacobians):
    """Your product has the last step's Jacobian twice: start from it or from the identity, not from both."""
    return jacobians[-1] @ gradients.jacobian_product(jacobians)


@exercise.wrong
def only_the_last(jacobians):
    """You return the last step's Jacobian alone: multiply those of all steps."""
    return jacobians[-1]


@exercise.wrong
def only_the_first(jacobians):
    """You return the first step's Jacobian alone: multiply those of all steps."""
    return jacobians[0]


@exercise.wrong
def last_two(jacobians):
    """You multiply only the last two Jacobians: go on from the product so far, over all steps."""
    return gradients.jacobian_product(jacobians[-2:])


@exercise.wrong
def power_of_the_last(jacobians):
    """You multiply the last step's Jacobian with itself: every step has a Jacobian of its own."""
    return np.linalg.matrix_power(jacobians[-1], len(jacobians))


@exercise.wrong
def power_of_the_first(jacobians):
    """You multiply the first step's Jacobian with itself: every step has a Jacobian of its own."""
    return np.linalg.matrix_power(jacobians[0], len(jacobians))


@exercise.wrong
def all_products(jacobians):
    """You return the products after every step: only the last of them is asked for, of shape (B, H, H)."""
    return np.array([gradients.jacobian_product(jacobians[: t + 1]) for t in range(len(jacobians))])


@exercise.wrong
def only_the_first_example(jacobians):
    """Your result is one matrix, that of the first example: each example has a product, so return (B, H, H)."""
    return gradients.jacobian_product(jacobians)[0]


@exercise.wrong
def over_the_examples(jacobians):
    """You multiply over the examples: multiply over the steps, the first axis, and keep the examples apart."""
    return gradients.jacobian_product(jacobians.swapaxes(0, 1))


@exercise.wrong
def examples_averaged(jacobians):
    """Your result is one matrix, the mean over the examples: each example has a product, so return (B, H, H)."""
    return gradients.jacobian_product(jacobians).mean(axis=0)


@exercise.wrong
def first_example_for_all(jacobians):
    """You use the Jacobians of the first example for all: each example has its own."""
    return gradients.jacobian_product(np.repeat(jacobians[:, :1], jacobians.shape[1], axis=1))


@exercise.wrong
def examples_mixed(jacobians):
    """You multiply Jacobians that are averaged over the batch: each example has its own product."""
    return gradients.jacobian_product(np.broadcast_to(jacobians.mean(axis=1, keepdims=True), jacobians.shape))


@exercise.wrong
def later_factors_transposed(jacobians):
    """You transpose every Jacobian but the first: multiply them as they are."""
    return gradients.jacobian_product(np.concatenate([jacobians[:1], jacobians[1:].swapaxes(2, 3)]))


@exercise.wrong
def first_factor_transposed(jacobians):
    """You transpose the first Jacobian: multiply it as it is."""
    return gradients.jacobian_product(np.concatenate([jacobians[:1].swapaxes(2, 3), jacobians[1:]]))


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
