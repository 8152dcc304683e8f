"""Wrong versions of what follows a gradient on its way back: one Jacobian, the norms, the product."""

import numpy as np

from autograder.reference import gradients


class step_jacobian:
    def slope_forgotten(h_next, U):
        """Your Jacobian is U alone: the slope of tanh, 1 - h_next**2, is missing."""
        return np.broadcast_to(U, (*h_next.shape, U.shape[0])).copy()

    def slope_alone(h_next, U):
        """Your Jacobian is diagonal: the recurrent weights U are missing, through which units hear each other."""
        return (1 - h_next**2)[:, :, None] * np.eye(len(U))

    def slope_on_columns(h_next, U):
        """The slopes belong to the units of the new state, the rows of U: you multiply its columns by them."""
        return (1 - h_next**2)[:, None, :] * U

    def transposed(h_next, U):
        """Your Jacobian is transposed: row i is about unit i of the new state, column j about unit j of the old one."""
        return gradients.step_jacobian(h_next, U).transpose(0, 2, 1)

    def weights_transposed(h_next, U):
        """You use U the wrong way round: U[i, j] is how unit i listens to unit j, and so is entry [i, j] here."""
        return gradients.step_jacobian(h_next, U.T)

    def slope_not_squared(h_next, U):
        """The slope of tanh is 1 - h_next**2; your square is missing."""
        return (1 - h_next)[:, :, None] * U

    def slope_of_sigmoid(h_next, U):
        """You use the slope of the logistic function, h (1 - h): for tanh it is 1 - h**2."""
        return (h_next * (1 - h_next))[:, :, None] * U

    def tanh_again(h_next, U):
        """h_next has been through tanh already: its slope is 1 - h_next**2, not 1 - tanh(h_next)**2."""
        return gradients.step_jacobian(np.tanh(h_next), U)

    def examples_summed(h_next, U):
        """Your Jacobians of the examples are added up: each example has its own, so the result is (B, H, H)."""
        return gradients.step_jacobian(h_next, U).sum(axis=0)

    def only_the_first(h_next, U):
        """Your result is one matrix, that of the first example: make one for each example, (B, H, H)."""
        return gradients.step_jacobian(h_next, U)[0]

    def in_place(h_next, U):
        """Your function changes the states or weights that it was given: make a new array instead of *=."""
        result = gradients.step_jacobian(h_next, U)
        h_next *= -h_next
        return result


def gains(dh, jacobians, step=lambda J, dh: np.einsum("bij,bi->bj", J, dh), norm=lambda dh: np.linalg.norm(dh, axis=1)):
    """``state_gradient_norms`` with parts that may be wrong: the step back, and the norm."""
    norms = [norm(dh)]
    for J in jacobians[::-1]:
        dh = step(J, dh)
        norms.append(norm(dh))
    return np.array(norms)


class state_gradient_norms:
    def not_transposed(dh_last, jacobians):
        """A gradient goes back through the transpose of the Jacobian: you multiply by the Jacobian itself."""
        return gains(dh_last, jacobians, lambda J, dh: np.einsum("bij,bj->bi", J, dh))

    def first_to_last(dh_last, jacobians):
        """You apply the Jacobians from the first step to the last: a gradient meets the last step's first."""
        return gradients.state_gradient_norms(dh_last, jacobians[::-1])

    def oldest_first(dh_last, jacobians):
        """Your norms are in the order of time: sort them by distance, so that entry 0 is the last state's own."""
        return gradients.state_gradient_norms(dh_last, jacobians)[::-1]

    def first_entry_missing(dh_last, jacobians):
        """The norm of dh_last itself is missing: it is entry 0, at distance 0, and there are T + 1 entries."""
        return gradients.state_gradient_norms(dh_last, jacobians)[1:]

    def one_step_short(dh_last, jacobians):
        """The last entry is missing: the state before the first step has a gradient, too, at distance T."""
        return gradients.state_gradient_norms(dh_last, jacobians)[:-1]

    def squared(dh_last, jacobians):
        """Your numbers are the squares of the norms: take the root."""
        return gradients.state_gradient_norms(dh_last, jacobians) ** 2

    def largest_entry(dh_last, jacobians):
        """You take the largest entry of each gradient: the Euclidean norm is the root of the sum of squares."""
        return gains(dh_last, jacobians, norm=lambda dh: np.abs(dh).max(axis=1))

    def sum_of_sizes(dh_last, jacobians):
        """You add up the sizes of the entries: the Euclidean norm is the root of the sum of their squares."""
        return gains(dh_last, jacobians, norm=lambda dh: np.abs(dh).sum(axis=1))

    def batch_in_one(dh_last, jacobians):
        """You take one norm over the whole batch: each example has its own, so the result is (T + 1, B)."""
        return gains(dh_last, jacobians, norm=np.linalg.norm)

    def over_the_batch(dh_last, jacobians):
        """Your norm runs over the examples: it runs over the units of one example, the last axis."""
        return gains(dh_last, jacobians, norm=lambda dh: np.linalg.norm(dh, axis=0))

    def normalised(dh_last, jacobians):
        """You divide by the norm at distance 0: return the norms themselves."""
        norms = gradients.state_gradient_norms(dh_last, jacobians)
        return norms / norms[0]

    def always_from_the_last(dh_last, jacobians):
        """Every entry of yours is one step from dh_last: go on from the gradient that the step before gave you."""
        steps = [np.einsum("bij,bi->bj", J, dh_last) for J in jacobians[::-1]]
        return np.linalg.norm([dh_last, *steps], axis=2)

    def norms_of_jacobians(dh_last, jacobians):
        """You multiply norms of the Jacobians: that is only a bound, the gradient itself has to travel."""
        factors = np.linalg.norm(jacobians[::-1], 2, axis=(2, 3))
        return np.linalg.norm(dh_last, axis=1) * np.concatenate([np.ones((1, len(dh_last))), np.cumprod(factors, 0)])

    def in_place(dh_last, jacobians):
        """Your function changes the gradient that it was given: go on with a new array at every step."""
        result = gradients.state_gradient_norms(dh_last, jacobians)
        dh_last[...] = np.einsum("bij,bi->bj", jacobians[-1], dh_last)
        return result


class jacobian_product:
    def other_order(jacobians):
        """Your factors are in the opposite order: the first step acts first, so it stands on the right."""
        return gradients.jacobian_product(jacobians[::-1])

    def transposed(jacobians):
        """Your product is transposed: that one carries gradients back, but asked for is the Jacobian itself."""
        return gradients.jacobian_product(jacobians).transpose(0, 2, 1)

    def factors_transposed(jacobians):
        """You transpose the factors: multiply the Jacobians as they are."""
        return gradients.jacobian_product(jacobians.transpose(0, 1, 3, 2))

    def elementwise(jacobians):
        """You multiply entry by entry: chaining steps is the matrix product, @."""
        return jacobians.prod(axis=0)

    def added(jacobians):
        """You add the Jacobians up: the chain rule multiplies them."""
        return jacobians.sum(axis=0)

    def first_missing(jacobians):
        """Your product lacks the first step's Jacobian."""
        H = jacobians.shape[-1]
        return gradients.jacobian_product(
            np.concatenate([np.tile(np.eye(H), (1, len(jacobians[0]), 1, 1)), jacobians[1:]])
        )

    def last_missing(jacobians):
        """Your product lacks the last step's Jacobian."""
        H = jacobians.shape[-1]
        return gradients.jacobian_product(
            np.concatenate([jacobians[:-1], np.tile(np.eye(H), (1, len(jacobians[0]), 1, 1))])
        )

    def first_twice(jacobians):
        """Your product has the first step's Jacobian twice: start from it or from the identity, not from both."""
        return gradients.jacobian_product(jacobians) @ jacobians[0]

    def power_of_the_last(jacobians):
        """You multiply the last step's Jacobian with itself: every step has a Jacobian of its own."""
        return np.linalg.matrix_power(jacobians[-1], len(jacobians))

    def all_products(jacobians):
        """You return the products after every step: only the last of them is asked for, of shape (B, H, H)."""
        return np.array([gradients.jacobian_product(jacobians[: t + 1]) for t in range(len(jacobians))])

    def only_the_first_example(jacobians):
        """Your result is one matrix, that of the first example: each example has a product, so return (B, H, H)."""
        return gradients.jacobian_product(jacobians)[0]

    def in_place(jacobians):
        """Your function overwrites the Jacobians that it was given: start from a copy of the first."""
        result = gradients.jacobian_product(jacobians)
        jacobians[0] = result
        return result
