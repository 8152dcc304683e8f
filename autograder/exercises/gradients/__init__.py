"""Unit 02: the exercises, and what each check is worth."""

import numpy as np

from autograder.exercises.checks import pure, related, values
from autograder.exercises.exercise import Exercise, collect
from autograder.exercises.gradients import alternatives, drawing, misconceptions
from autograder.reference import gradients


def singular_values(matrix):
    return np.linalg.svd(np.asarray(matrix), compute_uv=False)


def exercise(reference, *checks):
    """The exercise of a reference: how it is drawn and its part of the bank go by its name."""
    name = reference.__name__
    return Exercise(
        reference,
        getattr(drawing, f"draw_{name}"),
        checks,
        collect(getattr(misconceptions, name)),
        collect(getattr(alternatives, name)),
    )


EXERCISES = (
    exercise(
        gradients.step_jacobian,
        values("the Jacobian of one example", "one example", weight=2),
        values("each example its own Jacobian", "a batch", "one unit", weight=2),
        values("slopes and weights the right way round", "as many examples as units"),
        values("large weights", "large weights", weight=0.5),
        pure("a batch", weight=0.5),
    ),
    exercise(
        gradients.state_gradient_norms,
        values("the norms over several steps", "several steps", weight=2),
        values("one step", "one step"),
        values("one example", "one example"),
        values("as many examples as units and steps", "as many examples as units and steps"),
        values("steps that lengthen the gradient", "steps that lengthen", weight=0.5),
        related(
            "a gradient three times as long gives norms three times as large",
            "several steps",
            "the same from a gradient three times as long",
            lambda a, b: np.allclose(3 * np.asarray(a), b),
            weight=0.5,
        ),
        pure("several steps", weight=0.5),
    ),
    exercise(
        gradients.jacobian_product,
        values("the product of several steps", "several steps", weight=2),
        values("one step: its own Jacobian", "one step", weight=0.5),
        values("two steps, in the right order", "two steps"),
        values("one example, and as many examples as units", "one example", "as many examples as units and steps"),
        pure("several steps", weight=0.5),
    ),
    exercise(
        gradients.rescale_spectral_norm,
        values("every singular value is rho", "a shrinking rho", "a growing rho", weight=2, part=singular_values),
        values("the orthogonal matrix nearest to A, times rho", "a shrinking rho", "a growing rho", weight=2),
        values("a rho of one, and a single unit", "a rho of one", "one unit"),
        pure("a growing rho", weight=0.5),
    ),
    exercise(
        gradients.gradient_bound,
        values("the bound over several steps", "several steps", weight=2),
        values("one step", "one step"),
        values("each example its own bound", "one example", "as many examples as units and steps"),
        pure("several steps", weight=0.5),
    ),
    exercise(
        gradients.clip_by_global_norm,
        values("a long gradient is shortened to the threshold", "a long gradient", weight=2),
        values("the direction is kept, over all arrays", "one long array among short ones", weight=1),
        values("arrays that are long only together", "arrays that are long only together"),
        values("a short gradient stays as it is", "a short gradient", "a short gradient of few numbers", weight=0.5),
        values("a gradient of zeros", "all zero", weight=0.5),
        pure("a long gradient", "a short gradient", weight=0.5),
    ),
    exercise(
        gradients.truncated_backward,
        *tuple(
            values(f"the gradient of {letter}", "pieces that divide the sequence", "one example", part=index)
            for index, letter in enumerate("WUb")
        ),
        values("a shorter last piece", "a shorter last piece"),
        values("pieces of one step", "pieces of one step", weight=0.5),
        values("nothing cut where one piece holds the sequence", "one piece, nothing cut", "one step"),
        pure("pieces that divide the sequence", weight=0.5),
    ),
    exercise(
        gradients.leaky_step,
        values("the new state of one example", "one example"),
        values("the new states of a batch", "a batch"),
        values("each weight matrix the right way round", "as many inputs as units"),
        values("with alpha 1, the Elman network", "an alpha of one", weight=0.5),
        values("with alpha 0, a copy of the state", "an alpha of zero", weight=0.5),
        values("an alpha for each unit", "an alpha for each unit", weight=0.5),
        values("large inputs", "large inputs", weight=0.5),
        pure("a batch", weight=0.5),
    ),
)
