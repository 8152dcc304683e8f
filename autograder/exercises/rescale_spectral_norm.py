"""The orthogonal matrix nearest to A, times rho."""

import numpy as np
import torch

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import forms
from autograder.reference import gradients

exercise = Exercise(gradients.rescale_spectral_norm)

SPECIAL = (
    "a very small singular value",
    "a rho of one",
    "one unit",
    "one negative unit",
    "a reflection",
    "a rotation",
    "singular values of rho",
)


@exercise.cases
def draw(rng):
    def matrix(H, rho, sign=1, smallest=0.2):
        # away from the matrices that have no inverse, where the nearest orthogonal one is not sharply defined
        P, s, Q = np.linalg.svd(rng.normal(size=(H, H)))
        s = s + 0.2
        s[-1] = smallest
        A = P @ np.diag(s) @ Q
        if np.sign(np.linalg.det(A)) != sign:
            A[0] *= -1
        return Case((A, rho))

    rho = float(rng.uniform(1.2, 2.0))
    P, _, Q = np.linalg.svd(rng.normal(size=(3, 3)))
    return {
        "a shrinking rho": matrix(4, float(rng.uniform(0.4, 0.9)), 1),
        "a growing rho": matrix(5, rho, -1),
        "a rho of one": matrix(3, 1.0),
        "a rho of zero": matrix(3, 0.0),
        "a whole number for rho": matrix(3, 2),
        "a reflection": matrix(3, rho, -1),
        "a rotation": matrix(3, rho, 1),
        "one unit": matrix(1, rho, 1, 0.7),
        "one negative unit": matrix(1, rho, -1, 0.7),
        "a very small singular value": matrix(4, rho, 1, 0.003),
        "singular values of rho": Case((rho * P @ Q, rho)),
    }


def singular_values(matrix):
    return np.linalg.svd(np.asarray(matrix), compute_uv=False)


exercise.checks(
    values("the orthogonal matrix nearest to A, times rho", "a shrinking rho", "a growing rho", weight=2),
    values("every singular value is rho", "a shrinking rho", "a growing rho", weight=2, part=singular_values),
    values("a rho of one, a single unit, reflections and rotations", *SPECIAL, property=True),
    values(
        "a rho of zero, a whole number for rho", "a rho of zero", "a whole number for rho", weight=0.5, property=True
    ),
    pure("a growing rho", weight=0.5),
)
exercise.add(forms.single_precision, forms.overwrites_arguments(without=["rho"]))


@exercise.wrong
def largest_only(A, rho):
    """Only your largest singular value is rho, the others are smaller: set every one of them to rho."""
    return A * rho / np.linalg.norm(A, 2)


for name, hint, wrong in (
    ("by_eigenvalue", "You divide by the largest eigenvalue: singular values are asked for, and every one of them is to be rho.", lambda A, rho: A * rho / np.abs(np.linalg.eigvals(A)).max()),
    ("by_frobenius", "You divide by the root of the sum of squares of all entries: set the singular values to rho instead.", lambda A, rho: A * rho / np.linalg.norm(A)),
    ("by_determinant", "You divide by a root of the determinant, which only makes the product of the singular values right: set each to rho.", lambda A, rho: A * rho / np.abs(np.linalg.det(A)) ** (1 / len(A))),
    ("not_normalised", "You multiply A by rho, so its singular values are rho times what they were: replace them by rho.", lambda A, rho: rho * A),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def clipped(A, rho):
    """You only lower singular values that are above rho: set every one of them to rho."""
    P, s, Q = np.linalg.svd(A)
    return (P * np.minimum(s, rho)) @ Q


@exercise.wrong
def largest_replaced(A, rho):
    """You replace the largest singular value only: set every one of them to rho."""
    P, s, Q = np.linalg.svd(A)
    s[0] = rho
    return (P * s) @ Q


for name, hint, wrong in (
    ("rho_forgotten", "Your matrix is orthogonal, with singular values of 1: the factor rho is missing.", lambda A, rho: gradients.rescale_spectral_norm(A, 1.0)),
    ("rho_squared", "Your singular values are rho squared: the factor rho comes in twice.", lambda A, rho: gradients.rescale_spectral_norm(A, rho**2)),
    ("root_of_rho", "Your singular values are the root of rho: multiply by rho itself.", lambda A, rho: gradients.rescale_spectral_norm(A, np.sqrt(rho))),
    ("divided_by_rho", "Your singular values are 1 / rho: multiply by rho.", lambda A, rho: gradients.rescale_spectral_norm(A, 1.0) / rho),
    ("rows_normalised", "Each row of yours has the norm rho, but the rows are not at right angles: set the singular values to rho.", lambda A, rho: rho * A / np.linalg.norm(A, axis=1, keepdims=True)),
    ("columns_normalised", "Each column of yours has the norm rho, but they are not at right angles: set the singular values to rho.", lambda A, rho: rho * A / np.linalg.norm(A, axis=0)),
    ("by_qr", "Yours is orthogonal times rho, but not the one nearest to A: that comes from the singular value decomposition.", lambda A, rho: rho * np.linalg.qr(A)[0]),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def by_qr_with_signs(A, rho):
    """Yours has the rows or columns of A made orthogonal one after the other: nearest to A is P Q^T of its decomposition."""
    Q, R = np.linalg.qr(A)
    return rho * Q * np.sign(np.diag(R))


@exercise.wrong
def zero_as_missing(A, rho):
    """For rho = 0 you leave the factor out: every singular value should be 0."""
    return gradients.rescale_spectral_norm(A, rho or 1.0)


@exercise.wrong
def right_factor_transposed(A, rho):
    """np.linalg.svd returns its third result transposed already: multiply by it as it is."""
    P, _, Q = np.linalg.svd(A)
    return rho * P @ Q.T


@exercise.wrong
def left_factor_transposed(A, rho):
    """You transpose the first factor of the decomposition: multiply by it as it is."""
    P, _, Q = np.linalg.svd(A)
    return rho * P.T @ Q


@exercise.wrong
def factors_exchanged(A, rho):
    """You multiply the two factors in the other order: P stands on the left, as in A = P diag(s) Q^T."""
    P, _, Q = np.linalg.svd(A)
    return rho * Q @ P


for name, hint, wrong in (
    ("result_transposed", "Your matrix is the transpose of the one nearest to A: keep the order of the two factors.", lambda A, rho: gradients.rescale_spectral_norm(A, rho).T),
    ("left_factor_alone", "You keep only the first factor of the decomposition: the result is the product of the first and the third.", lambda A, rho: rho * np.linalg.svd(A)[0]),
    ("right_factor_alone", "You keep only the third factor of the decomposition: the result is the product of the first and the third.", lambda A, rho: rho * np.linalg.svd(A)[2]),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def made_a_rotation(A, rho):
    """You turn a reflection into a rotation: the nearest orthogonal matrix keeps the sign of A's determinant."""
    P, _, Q = np.linalg.svd(A)
    P = P.copy()
    P[:, -1] *= np.sign(np.linalg.det(P @ Q))
    return rho * P @ Q


for name, hint, wrong in (
    ("scaled_identity", "Yours is rho times the identity, which has the right singular values but has nothing of A in it.", lambda A, rho: rho * np.eye(len(A))),
    ("singular_values_alone", "You return the singular values alone: multiply by the factors P and Q^T.", lambda A, rho: np.full(len(A), float(rho))),
    ("copy_of_a", "You return A as it was: replace its singular values by rho.", lambda A, rho: A.copy()),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.right
def by_putting_rho(A, rho):
    P, s, Q = np.linalg.svd(A)
    return P @ np.diag(np.full(len(s), rho)) @ Q


@exercise.right
def by_eigenvalues(A, rho):
    # the polar factor is A (A'A)^(-1/2)
    w, V = np.linalg.eigh(A.T @ A)
    return rho * A @ (V / np.sqrt(w)) @ V.T


@exercise.right
def by_newton(A, rho):
    X = np.array(A)
    for _ in range(100):
        X = (X + np.linalg.inv(X).T) / 2
    return rho * X


@exercise.right
def by_torch(A, rho):
    P, _, Q = torch.linalg.svd(torch.tensor(A))
    return rho * (P @ Q)


@exercise.right
def by_two_rotations(A, rho):
    # the other singular vectors, from the transpose
    Q, _, P_transposed = np.linalg.svd(A.T)
    return rho * np.dot(Q, P_transposed).T
