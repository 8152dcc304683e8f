"""Right versions of unit 02's functions, written differently: loops, einsum, torch, other algebra. All get full marks."""

from autograder.exercises.gradients.alternatives.jacobians import (
    gradient_bound,
    jacobian_product,
    rescale_spectral_norm,
    state_gradient_norms,
    step_jacobian,
)
from autograder.exercises.gradients.alternatives.remedies import clip_by_global_norm, leaky_step, truncated_backward

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
