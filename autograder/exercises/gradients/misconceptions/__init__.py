"""Wrong versions of unit 02's functions. Each docstring is the hint for an answer that equals that version."""

from autograder.exercises.gradients.misconceptions.jacobians import (
    jacobian_product,
    state_gradient_norms,
    step_jacobian,
)
from autograder.exercises.gradients.misconceptions.leaking import leaky_step
from autograder.exercises.gradients.misconceptions.remedies import clip_by_global_norm, truncated_backward
from autograder.exercises.gradients.misconceptions.scales import gradient_bound, rescale_spectral_norm

__all__ = [
    "clip_by_global_norm",
    "gradient_bound",
    "jacobian_product",
    "leaky_step",
    "rescale_spectral_norm",
    "state_gradient_norms",
    "step_jacobian",
    "truncated_backward",
]
