"""The functions that ``catch_wrong_gru`` is asked about: wrong GRUs by what is wrong with them, and right ones.

A candidate must be a pure function: what it does to its arguments stays on our side of the wall, where readers cannot see it.
"""

from collections.abc import Callable

import numpy as np

from autograder.exercises import gru_step
from autograder.exercises.families.gru import Z_NEW, Parameters, Step

Candidate = Callable[[np.ndarray, np.ndarray, Parameters], np.ndarray]
known = {name: mistake.function for name, mistake in gru_step.exercise.mistakes.items()}
right = gru_step.exercise.alternatives
reference: Candidate = gru_step.exercise.reference


def clipped(x: np.ndarray, h: np.ndarray, params: Parameters) -> np.ndarray:
    """The candidate is cut off at -1 and 1 instead of squashed: nearly right for small and for large numbers."""
    s = Step(Z_NEW, x, h, params)
    return s.mix(candidate=s.candidate(squash=lambda a: np.clip(a, -1, 1)))


def not_a_number_for_large(x: np.ndarray, h: np.ndarray, params: Parameters) -> np.ndarray:
    """exp(a) / (1 + exp(a)) is infinity divided by infinity for large a."""
    s = Step(Z_NEW, x, h, params)
    with np.errstate(all="ignore"):
        u, r = (np.exp(s.sum(gate)) / (1 + np.exp(s.sum(gate))) for gate in "ur")
        return s.mix(u=u, candidate=s.candidate(r=r))


def transposed_where_square(x: np.ndarray, h: np.ndarray, params: Parameters) -> np.ndarray:
    """The input weights turned round, but only where that goes unnoticed: as many inputs as units."""
    return (known["input_weights_transposed"] if x.shape[1] == h.shape[1] else reference)(x, h, params)


def falls_over(x: np.ndarray, h: np.ndarray, params: Parameters) -> np.ndarray:
    raise ValueError("shapes do not fit")


def turned_over(x: np.ndarray, h: np.ndarray, params: Parameters) -> np.ndarray:
    return reference(x, h, params)[::-1].copy()


def by_torch(x: np.ndarray, h: np.ndarray, params: Parameters) -> np.ndarray:
    return right["by_torch"](x, h, params).numpy()


def in_single_precision(x: np.ndarray, h: np.ndarray, params: Parameters) -> np.ndarray:
    single = {name: array.astype(np.float32) for name, array in params.items()}
    return reference(x.astype(np.float32), h.astype(np.float32), single)


def single_precision_result(x: np.ndarray, h: np.ndarray, params: Parameters) -> np.ndarray:
    return right["by_einsum"](x, h, params).astype(np.float32)


def in_columns(x: np.ndarray, h: np.ndarray, params: Parameters) -> np.ndarray:
    return np.asfortranarray(reference(x, h, params))


def one_by_one(x: np.ndarray, h: np.ndarray, params: Parameters) -> np.ndarray:
    return np.concatenate([reference(x[n : n + 1], h[n : n + 1], params) for n in range(len(x))])


WRONG: dict[str, dict[str, Candidate]] = {
    "the update gate": {
        "weighs the old state": known["update_gate_on_the_old"],
        "exchanged with the reset gate": known["b_z_and_b_r_gates_exchanged"],
        "the old state kept whole": known["old_state_kept_whole"],
        "the candidate kept whole": known["candidate_kept_whole"],
        "sees the reset state": known["update_gate_sees_the_reset_state"],
        "missing": known["candidate_alone"],
        "does not see the state": known["U_z_left_out"],
        "one value for all units": known["update_gate_averaged_over_units"],
        "all or nothing": known["update_gate_rounded"],
    },
    "the reset gate": {
        "after the product": known["reset_on_after"],
        "after the product and the bias": known["reset_on_after_and_bias"],
        "on the input's part, too": known["reset_on_after_and_input"],
        "on the finished candidate": known["finished_candidate_reset"],
        "missing": known["no_reset"],
        "the other way round": known["reset_inverted"],
        "on the copy, too": known["copy_is_reset"],
        "with the update gate's parameters": known["b_r_gate_uses_b_z"],
    },
    "squashing": {
        "the candidate by sigma": known["candidate_by_sigma"],
        "the mixture once more": known["mixture_squashed"],
        "in two parts": known["squashed_separately"],
        "no tanh": known["candidate_not_squashed"],
        "the gates by tanh": known["gates_by_tanh"],
        "cut off instead of tanh": clipped,
        "not a number for large sums": not_a_number_for_large,
    },
    "biases": {
        "the candidate's missing": known["b_h_left_out"],
        "the gates' missing": known["gate_biases_forgotten"],
        "twice": known["biases_twice"],
        "outside the tanh": known["bias_outside"],
        "the reset gate's missing": known["b_r_left_out"],
    },
    "matrices": {
        "the recurrent ones transposed": known["recurrent_weights_transposed"],
        "products by elements": known["recurrent_products_elementwise"],
        "U_h transposed": known["U_h_transposed"],
        "transposed where D = H": transposed_where_square,
        "one for input and state": known["W_z_for_U_z"],
        "U_z and U_r exchanged": known["U_z_and_U_r_exchanged"],
    },
    "batches": {
        "the first example's gates for all": known["gates_of_the_first_example"],
        "examples averaged": known["examples_averaged"],
        "an axis lost for one example": known["squeezed"],
        "an axis too many": known["axis_too_many"],
        "examples in another order": turned_over,
        "reset gates averaged": known["reset_gate_averaged_over_batch"],
        "an error for any numbers": falls_over,
    },
}
RIGHT: dict[str, Candidate] = {
    "as in the formula": reference,
    **{name.replace("_", " "): right[name] for name in ("by_einsum", "by_loop", "by_scalars", "by_one_matrix")},
    "by torch": by_torch,
    "in single precision": in_single_precision,
    "a result in single precision": single_precision_result,
    "in columns": in_columns,
    "one example at a time": one_by_one,
}
# the names of the cases in which they are asked about
FAMILIES = {family: [f"{family}: {words}" for words in members] for family, members in WRONG.items()}
ALL_WRONG = [name for names in FAMILIES.values() for name in names]
RIGHT_ONES = [f"a right GRU: {words}" for words in RIGHT]
CANDIDATES = dict(zip(ALL_WRONG, [one for members in WRONG.values() for one in members.values()], strict=True))
CANDIDATES |= dict(zip(RIGHT_ONES, RIGHT.values(), strict=True))
