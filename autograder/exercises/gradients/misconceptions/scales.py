"""Wrong versions of what sets and limits a gradient's growth: the scale of the weights, and the bound."""

import numpy as np

from autograder.reference import gradients


class rescale_spectral_norm:
    def largest_only(A, rho):
        """Only your largest singular value is rho, the others are smaller: set every one of them to rho."""
        return A * rho / np.linalg.norm(A, 2)

    def by_eigenvalue(A, rho):
        """You divide by the largest eigenvalue: singular values are asked for, and every one of them is to be rho."""
        return A * rho / np.abs(np.linalg.eigvals(A)).max()

    def by_frobenius(A, rho):
        """You divide by the root of the sum of squares of all entries: set the singular values to rho instead."""
        return A * rho / np.linalg.norm(A)

    def not_normalised(A, rho):
        """You multiply A by rho, so its singular values are rho times what they were: replace them by rho."""
        return rho * A

    def rho_forgotten(A, rho):
        """Your matrix is orthogonal, with singular values of 1: the factor rho is missing."""
        return gradients.rescale_spectral_norm(A, 1.0)

    def rho_squared(A, rho):
        """Your singular values are rho squared: the factor rho comes in twice."""
        return gradients.rescale_spectral_norm(A, rho**2)

    def root_of_rho(A, rho):
        """Your singular values are the root of rho: multiply by rho itself."""
        return gradients.rescale_spectral_norm(A, np.sqrt(rho))

    def rows_normalised(A, rho):
        """Each row of yours has the norm rho, but the rows are not at right angles: set the singular values to rho."""
        return rho * A / np.linalg.norm(A, axis=1, keepdims=True)

    def columns_normalised(A, rho):
        """Each column of yours has the norm rho, but they are not at right angles: set the singular values to rho."""
        return rho * A / np.linalg.norm(A, axis=0)

    def by_qr(A, rho):
        """Yours is orthogonal times rho, but not the one nearest to A: that comes from the singular value decomposition."""
        return rho * np.linalg.qr(A)[0]

    def right_factor_transposed(A, rho):
        """np.linalg.svd returns its third result transposed already: multiply by it as it is."""
        P, _, Q = np.linalg.svd(A)
        return rho * P @ Q.T

    def result_transposed(A, rho):
        """Your matrix is the transpose of the one nearest to A: keep the order of the two factors."""
        return gradients.rescale_spectral_norm(A, rho).T

    def left_factor_alone(A, rho):
        """You keep only the first factor of the decomposition: the result is the product of the first and the third."""
        return rho * np.linalg.svd(A)[0]

    def scaled_identity(A, rho):
        """Yours is rho times the identity, which has the right singular values but has nothing of A in it."""
        return rho * np.eye(len(A))

    def in_place(A, rho):
        """Your function changes the matrix that it was given: make a new one instead of *= or /=."""
        result = gradients.rescale_spectral_norm(A, rho)
        A *= rho / np.linalg.norm(A, 2)
        return result


def bounds(states, gain, slopes):
    """``gradient_bound`` with a gain of U and slopes (T, B) that may be wrong."""
    return np.concatenate([np.ones((1, slopes.shape[1])), np.cumprod((gain * slopes)[::-1], axis=0)])


def largest_slopes(states):
    return 1 - (states**2).min(axis=2)


class gradient_bound:
    def largest_eigenvalue(states, U):
        """You take the largest eigenvalue of U: a matrix can stretch more than that, its largest singular value is the limit."""
        return bounds(states, np.abs(np.linalg.eigvals(U)).max(), largest_slopes(states))

    def frobenius_norm(states, U):
        """You take the root of the sum of all squares in U: the largest singular value is a tighter bound, norm(U, 2)."""
        return bounds(states, np.linalg.norm(U), largest_slopes(states))

    def largest_entry(states, U):
        """You take the largest entry of U: a matrix can stretch more than that, its largest singular value is the limit."""
        return bounds(states, np.abs(U).max(), largest_slopes(states))

    def slope_forgotten(states, U):
        """Your bound is the gain of U alone: multiply by the largest slope at each step, for a tighter one."""
        return bounds(states, np.linalg.norm(U, 2), np.ones(states.shape[:2]))

    def gain_forgotten(states, U):
        """Your bound has the slopes alone: multiply each by the largest singular value of U."""
        return bounds(states, 1.0, largest_slopes(states))

    def slope_at_largest_state(states, U):
        """You take the slope at the largest state, but there tanh is flattest: the largest slope is at the smallest."""
        return bounds(states, np.linalg.norm(U, 2), 1 - (states**2).max(axis=2))

    def slope_at_largest_number(states, U):
        """You take the state that is largest as a number: slope depends on its size, with the sign left out."""
        return bounds(states, np.linalg.norm(U, 2), 1 - states.max(axis=2) ** 2)

    def slope_at_smallest_number(states, U):
        """You take the state that is smallest as a number: slope depends on its size, with the sign left out."""
        return bounds(states, np.linalg.norm(U, 2), 1 - states.min(axis=2) ** 2)

    def mean_slope(states, U):
        """You take the mean slope of the units: a bound needs the largest."""
        return bounds(states, np.linalg.norm(U, 2), (1 - states**2).mean(axis=2))

    def one_slope_for_all_steps(states, U):
        """You take one slope for the whole sequence: each step has a largest slope of its own."""
        slopes = np.tile(largest_slopes(states).max(axis=0), (len(states), 1))
        return bounds(states, np.linalg.norm(U, 2), slopes)

    def one_slope_for_the_batch(states, U):
        """You take the largest slope over all examples: each example has its own."""
        slopes = np.tile(largest_slopes(states).max(axis=1, keepdims=True), (1, states.shape[1]))
        return bounds(states, np.linalg.norm(U, 2), slopes)

    def from_the_first_step(states, U):
        """You multiply the factors from the first step on: distance is counted back from the last."""
        return gradients.gradient_bound(states[::-1], U)

    def oldest_first(states, U):
        """Your bounds are in the order of time: entry 0 is the one at distance 0, namely 1."""
        return gradients.gradient_bound(states, U)[::-1]

    def not_multiplied_up(states, U):
        """Yours are the factors of single steps: over several steps they multiply."""
        factors = np.linalg.norm(U, 2) * largest_slopes(states)
        return np.concatenate([np.ones((1, states.shape[1])), factors[::-1]])

    def added_up(states, U):
        """You add the factors up: over several steps they multiply."""
        factors = np.linalg.norm(U, 2) * largest_slopes(states)
        return np.concatenate([np.ones((1, states.shape[1])), np.cumsum(factors[::-1], axis=0)])

    def first_entry_missing(states, U):
        """Entry 0 is missing: at distance 0 the bound is 1, and there are T + 1 entries."""
        return gradients.gradient_bound(states, U)[1:]

    def in_place(states, U):
        """Your function changes the states that it was given: make a new array instead of **= or *=."""
        result = gradients.gradient_bound(states, U)
        states **= 2
        return result
