"""What no gradient can exceed, by its distance from the last state."""

import numpy as np
import torch

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises import step_jacobian
from autograder.exercises.families import chains, forms
from autograder.reference import gradients

exercise = Exercise(gradients.gradient_bound)


@exercise.cases
def draw(rng):
    def run(T, B, H, scale=0.8):
        states = step_jacobian.states(rng, T, B, H)
        # the unit of the smallest size is the lowest number, then the highest: sign and size cannot be mixed up
        if H > 2:
            states[0, 0, :] = np.abs(states[0, 0, :]) + 0.02
            states[-1, -1, :] = -np.abs(states[-1, -1, :]) - 0.02
        return Case((states, scale * rng.normal(size=(H, H))))

    return {
        "several steps": run(5, 3, 4),
        **{name: run(*sizes) for name, sizes in chains.SIZES.items()},
        "states at rest": Case((np.zeros((3, 2, 3)), rng.normal(size=(3, 3)))),
        "states of exactly 1 and -1": Case((np.sign(step_jacobian.states(rng, 3, 2, 3)), rng.normal(size=(3, 3)))),
        "large weights": run(4, 2, 3, 20.0),
    }


exercise.checks(
    values("the bound over several steps", "several steps", weight=2),
    values("one step, and two", "one step", "two steps"),
    values("each example its own bound, and sizes that are equal", *chains.SPECIAL),
    values(
        "states at their limits, large weights",
        "states at rest",
        "states of exactly 1 and -1",
        "large weights",
        property=True,
    ),
    pure("several steps", weight=0.5),
)
exercise.add(chains.by_distance("bound", "bounds"), forms.overwrites_arguments())


def largest_slopes(states):
    return 1 - (states**2).min(axis=2)


def bounds(states, U, gain=lambda U: np.linalg.norm(U, 2), slopes=largest_slopes):
    """The bound with a gain of U and slopes (T, B) that may be wrong."""
    found = np.asarray(slopes(states))
    return np.concatenate([np.ones((1, found.shape[1])), np.cumprod((gain(U) * found)[::-1], axis=0)])


def mistake(name, hint, **wrong):
    exercise.add_mistake(name, hint, lambda states, U: bounds(states, U, **wrong))


for name, hint, gain in (
    ("largest_eigenvalue", "You take the largest eigenvalue of U: a matrix can stretch more than that, its largest singular value is the limit.", lambda U: np.abs(np.linalg.eigvals(U)).max()),
    ("frobenius_norm", "You take the root of the sum of all squares in U: the largest singular value is a tighter bound, norm(U, 2).", np.linalg.norm),
    ("largest_entry", "You take the largest entry of U: a matrix can stretch more than that, its largest singular value is the limit.", lambda U: np.abs(U).max()),
    ("largest_row_sum", "You take the largest sum of sizes along a row of U: the largest singular value is asked for, norm(U, 2).", lambda U: np.abs(U).sum(axis=1).max()),
    ("largest_column_sum", "You take the largest sum of sizes along a column of U, norm(U, 1): the largest singular value is norm(U, 2).", lambda U: np.abs(U).sum(axis=0).max()),
    ("smallest_singular_value", "You take the smallest singular value of U: it is the largest that limits how much U can stretch.", lambda U: np.linalg.norm(U, -2)),
    ("all_singular_values", "You add up all singular values of U: the largest alone is the limit.", lambda U: np.linalg.norm(U, "nuc")),
    ("gain_squared", "You take the square of the largest singular value, the largest eigenvalue of U.T @ U: take its root.", lambda U: np.linalg.norm(U, 2) ** 2),
    ("gain_forgotten", "Your bound has the slopes alone: multiply each by the largest singular value of U.", lambda U: 1.0),
):  # fmt: skip
    mistake(name, hint, gain=gain)
for name, hint, slopes in (
    ("slope_forgotten", "Your bound is the gain of U alone: multiply by the largest slope at each step, for a tighter one.", lambda s: np.ones(s.shape[:2])),
    ("slope_at_largest_state", "You take the slope at the largest state, but there tanh is flattest: the largest slope is at the smallest.", lambda s: 1 - (s**2).max(axis=2)),
    ("slope_at_largest_number", "You take the state that is largest as a number: slope depends on its size, with the sign left out.", lambda s: 1 - s.max(axis=2) ** 2),
    ("slope_at_smallest_number", "You take the state that is smallest as a number: slope depends on its size, with the sign left out.", lambda s: 1 - s.min(axis=2) ** 2),
    ("mean_slope", "You take the mean slope of the units: a bound needs the largest.", lambda s: (1 - s**2).mean(axis=2)),
    ("one_slope_for_all_steps", "You take one slope for the whole sequence: each step has a largest slope of its own.", lambda s: np.tile(largest_slopes(s).max(axis=0), (len(s), 1))),
    ("one_slope_for_the_batch", "You take the largest slope over all examples: each example has its own.", lambda s: np.tile(largest_slopes(s).max(axis=1, keepdims=True), (1, s.shape[1]))),
    ("slope_not_squared", "Your slope is 1 - |h|: the slope of tanh is 1 - h**2.", lambda s: 1 - np.abs(s).min(axis=2)),
    ("slope_with_sign", "Your slope is 1 - h: the slope of tanh is 1 - h**2; your square is missing.", lambda s: (1 - s).max(axis=2)),
    ("slope_of_sigmoid", "You use the slope of the logistic function, h (1 - h): for tanh it is 1 - h**2.", lambda s: (s * (1 - s)).max(axis=2)),
    ("tanh_again", "The states have been through tanh already: the slope is 1 - h**2, not 1 - tanh(h)**2.", lambda s: largest_slopes(np.tanh(s))),
):  # fmt: skip
    mistake(name, hint, slopes=slopes)


def factors(states, U):
    return (np.linalg.norm(U, 2) * largest_slopes(states))[::-1]


def after_one(rest):
    return np.concatenate([np.ones((1, rest.shape[1])), rest])


for name, hint, wrong in (
    ("from_the_first_step", "You multiply the factors from the first step on: distance is counted back from the last.", lambda states, U: gradients.gradient_bound(states[::-1], U)),
    ("one_state_early", "You take the slopes one state too early: the step that led to states[t] has the slope at states[t].", lambda states, U: gradients.gradient_bound(np.concatenate([0 * states[:1], states[:-1]]), U)),
    ("not_multiplied_up", "Yours are the factors of single steps: over several steps they multiply.", lambda states, U: after_one(factors(states, U))),
    ("added_up", "You add the factors up: over several steps they multiply.", lambda states, U: after_one(np.cumsum(factors(states, U), axis=0))),
    ("power_of_the_last", "You multiply the last step's factor with itself: each step has a factor of its own.", lambda states, U: factors(states, U)[0] ** np.arange(len(states) + 1)[:, None]),
    ("gain_once", "You multiply by the gain of U once only: every step multiplies by it.", lambda states, U: after_one(np.linalg.norm(U, 2) * np.cumprod(largest_slopes(states)[::-1], axis=0))),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def starts_with_the_factor(states, U):
    """Your entry 0 is the factor of a step: at distance 0 nothing was multiplied yet, so it is 1."""
    found = np.cumprod(factors(states, U), axis=0)
    return np.concatenate([found[:1], found])


@exercise.wrong
def starts_with_zero(states, U):
    """Your entry 0 is 0: it is the norm at the last state itself, which is 1."""
    return np.concatenate([np.zeros((1, states.shape[1])), np.cumprod(factors(states, U), axis=0)])


@exercise.wrong
def norms_of_the_jacobians(states, U):
    """You multiply the norms of the Jacobians: tighter, but asked for is the norm of U times the largest slope."""
    J = (1 - states**2)[..., None] * U
    return after_one(np.cumprod(np.linalg.norm(J, 2, axis=(2, 3))[::-1], axis=0))


@exercise.right
def by_loop(states, U):
    T, B = states.shape[:2]
    gain = np.linalg.svd(U, compute_uv=False)[0]
    found = np.ones((T + 1, B))
    for k in range(1, T + 1):
        for n in range(B):
            found[k, n] = found[k - 1, n] * gain * max(1 - h**2 for h in states[T - k, n])
    return found


@exercise.right
def by_eigenvalues(states, U):
    gain = np.sqrt(np.linalg.eigvalsh(U @ U.T)[-1])
    slopes = 1 - np.abs(states).min(axis=-1) ** 2
    rows = [np.ones(states.shape[1])]
    for slope in slopes[::-1]:
        rows.append(rows[-1] * gain * slope)
    return np.stack(rows)


@exercise.right
def by_powers(states, U):
    steps = np.arange(len(states) + 1)[:, None]
    slopes = np.concatenate([np.ones((1, states.shape[1])), np.max(1 - states[::-1] ** 2, axis=2)])
    return np.linalg.norm(U, ord=2) ** steps * np.multiply.accumulate(slopes)


@exercise.right
def by_torch(states, U):
    states, U = torch.tensor(states), torch.tensor(U)
    found = torch.linalg.matrix_norm(U, 2) * (1 - states**2).amax(dim=2)
    return torch.cat([torch.ones(1, states.shape[1], dtype=torch.float64), found.flip(0).cumprod(0)])
