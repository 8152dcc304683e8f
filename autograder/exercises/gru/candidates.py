"""The functions that ``catch_wrong_gru`` is asked about: wrong GRUs in families, and right ones written differently.

Readers see neutral names only, the same for right and wrong. A candidate must be a pure function: what it does to its
arguments stays on our side of the wall, where readers cannot see it.
"""

import numpy as np

from autograder.exercises.gru.alternatives.steps import gru_step as right
from autograder.exercises.gru.misconceptions.parts import argument, candidate, gates, mixed, step
from autograder.exercises.gru.misconceptions.steps import gru_step as wrong
from autograder.reference import gru


class update_gate:
    on_the_old = wrong.update_gate_on_the_old
    swapped = wrong.gates_swapped
    old_kept_whole = wrong.old_state_kept_whole
    new_kept_whole = wrong.candidate_kept_whole
    sees_the_reset_state = wrong.update_gate_sees_the_reset_state
    not_there = wrong.candidate_alone

    def ignores_the_state(x, h, params):
        return gru.gru_step(x, h, params | {"U_z": np.zeros_like(params["U_z"])})

    def one_for_all_units(x, h, params):
        z, _ = gates(x, h, params)
        return step(x, h, params, z=z.mean(axis=1, keepdims=True))

    def all_or_nothing(x, h, params):
        z, _ = gates(x, h, params)
        return step(x, h, params, z=np.round(z))


class reset_gate:
    after = wrong.reset_after
    after_bias = wrong.reset_after_bias
    on_everything = wrong.reset_on_everything
    outside = wrong.reset_outside
    not_there = wrong.no_reset
    inverted = wrong.reset_inverted
    old_state_too = wrong.old_state_also_reset
    shares_weights = wrong.gates_share_weights


class squashing:
    sigmoid_candidate = wrong.sigmoid_candidate
    extra = wrong.extra_tanh
    separately = wrong.squashed_separately
    no_tanh = wrong.candidate_not_squashed
    gates_by_tanh = wrong.gates_by_tanh

    def clipped(x, h, params):
        """The candidate is cut off at -1 and 1 instead of squashed: nearly right for small and for large numbers."""
        _, r = gates(x, h, params)
        return step(x, h, params, new=np.clip(argument(x, r * h, params, "h"), -1, 1))

    def not_a_number_for_large(x, h, params):
        """exp(a) / (1 + exp(a)) is infinity divided by infinity for large a."""
        with np.errstate(all="ignore"):
            z, r = (np.exp(argument(x, h, params, g)) / (1 + np.exp(argument(x, h, params, g))) for g in "zr")
            return step(x, h, params, z=z, r=r)


class biases:
    of_candidate_forgotten = wrong.candidate_bias_forgotten
    of_gates_forgotten = wrong.gate_biases_forgotten
    twice = wrong.biases_twice
    outside = wrong.bias_outside

    def of_reset_gate_forgotten(x, h, params):
        return gru.gru_step(x, h, params | {"b_r": np.zeros_like(params["b_r"])})


class matrices:
    recurrent_transposed = wrong.recurrent_weights_transposed
    elementwise = wrong.elementwise

    def candidates_transposed(x, h, params):
        return gru.gru_step(x, h, params | {"U_h": params["U_h"].T})

    def transposed_where_square(x, h, params):
        """The input weights turned round, but only where that goes unnoticed: as many inputs as units."""
        D, H = x.shape[1], h.shape[1]
        return (wrong.input_weights_transposed if D == H else gru.gru_step)(x, h, params)

    def one_for_input_and_state(x, h, params):
        """The slide's misprint: fits only if D = H, and raises an error if not."""
        return gru.gru_step(x, h, params | {"U_z": params["W_z"]})

    def exchanged(x, h, params):
        return gru.gru_step(x, h, params | {"U_z": params["U_r"], "U_r": params["U_z"]})


class batches:
    def first_example_for_all(x, h, params):
        """The gates of the first example are used for the whole batch."""
        z, r = gates(x[:1], h[:1], params)
        return mixed(z, h, candidate(x, r * h, params))

    def averaged(x, h, params):
        """The new states of all examples are averaged."""
        return np.repeat(gru.gru_step(x, h, params).mean(axis=0, keepdims=True), len(x), axis=0)

    def without_the_axis(x, h, params):
        """One example comes back without its batch axis, as (H,)."""
        return np.squeeze(gru.gru_step(x, h, params))

    def with_an_axis_too_many(x, h, params):
        """The batch comes back as (1, B, H), which passes for (B, H) wherever shapes are broadcast."""
        return gru.gru_step(x, h, params)[None]

    def turned_over(x, h, params):
        return gru.gru_step(x, h, params)[::-1].copy()

    def reset_gates_averaged(x, h, params):
        _, r = gates(x, h, params)
        return step(x, h, params, r=r.mean(axis=0, keepdims=True))


class rightly:
    """Right ones."""

    reference = gru.gru_step
    by_einsum = right.by_einsum
    by_loop = right.by_loop
    by_scalars = right.by_scalars
    by_one_matrix = right.by_one_matrix

    def by_torch(x, h, params):
        return right.by_torch(x, h, params).numpy()

    def in_single_precision(x, h, params):
        return gru.gru_step(
            x.astype(np.float32), h.astype(np.float32), {k: v.astype(np.float32) for k, v in params.items()}
        )

    def single_precision_result(x, h, params):
        return right.by_einsum(x, h, params).astype(np.float32)

    def in_columns(x, h, params):
        return np.asfortranarray(gru.gru_step(x, h, params))

    def by_difference(x, h, params):
        z, r = gates(x, h, params)
        return h + z * (candidate(x, r * h, params) - h)


def members(namespace):
    return [member for name, member in vars(namespace).items() if callable(member) and not name.startswith("_")]


FAMILIES = {
    "the update gate": members(update_gate),
    "the reset gate": members(reset_gate),
    "squashing": members(squashing),
    "biases": members(biases),
    "matrices": members(matrices),
    "batches": members(batches),
}
