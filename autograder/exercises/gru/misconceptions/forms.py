"""Wrong versions of the cell in its other notations: simplified, Gamma, and u on the old state."""

import numpy as np

from autograder.exercises.gru.misconceptions.steps import gru_step as wrong
from autograder.reference import gru
from autograder.reference.gru_notations import translate_gru
from autograder.reference.rnn import sigmoid


def simplified(c, x, params, squash=np.tanh, weights=None, update=None):
    """The simplified step with a part replaced: the candidate's squashing, the two weights of the mixture, the gate."""
    gate = sigmoid(c @ params["W_uc"].T + x @ params["W_ux"].T + params["b_u"]) if update is None else update
    proposal = squash(c @ params["W_cc"].T + x @ params["W_cx"].T + params["b_c"])
    new, old = weights(gate) if weights else (gate, 1 - gate)
    return new * proposal + old * c


class simplified_gru_step:
    def update_gate_on_the_old(x, c, params):
        """Your update gate weighs the old state: Gamma_u is the weight of the proposal, 1 - Gamma_u that of the old state."""
        return simplified(c, x, params, weights=lambda gate: (1 - gate, gate))

    def old_state_kept_whole(x, c, params):
        """You add to the whole old state: its weight is 1 - Gamma_u, so that the two weights add up to one."""
        return simplified(c, x, params, weights=lambda gate: (gate, 1.0))

    def proposal_kept_whole(x, c, params):
        """You add the whole proposal: its weight is Gamma_u, so that the two weights add up to one."""
        return simplified(c, x, params, weights=lambda gate: (1.0, 1 - gate))

    def proposal_alone(x, c, params):
        """You return the proposal itself: the update gate still has to mix it with the old state."""
        return simplified(c, x, params, update=1.0)

    def sigmoid_proposal(x, c, params):
        """Your proposal is squashed by the logistic function, so it is never negative: it needs tanh."""
        return simplified(c, x, params, squash=sigmoid)

    def proposal_not_squashed(x, c, params):
        """Your proposal is the plain sum: the tanh around it is missing, so the state can grow beyond 1."""
        return simplified(c, x, params, squash=lambda a: a)

    def gate_by_tanh(x, c, params):
        """Your update gate is squashed by tanh and can be negative: a gate lies between 0 and 1."""
        gate = np.tanh(c @ params["W_uc"].T + x @ params["W_ux"].T + params["b_u"])
        return simplified(c, x, params, update=gate)

    def extra_tanh(x, c, params):
        """You squash the mixture once more at the end: the new state is the mixture itself."""
        return np.tanh(gru.simplified_gru_step(x, c, params))

    def relevance_gate(x, c, params):
        """You let the update gate also act inside the proposal: this cell has no relevance gate, the proposal sees all of c."""
        names = {"W_rc": params["W_uc"], "W_rx": params["W_ux"], "b_r": params["b_u"]}
        return gru.gamma_gru_step(x, c, params | names)

    def gate_bias_forgotten(x, c, params):
        """Your update gate leaves out its bias b_u."""
        return gru.simplified_gru_step(x, c, params | {"b_u": 0.0})

    def proposal_bias_forgotten(x, c, params):
        """Your proposal leaves out its bias b_c."""
        return gru.simplified_gru_step(x, c, params | {"b_c": 0.0})

    def biases_forgotten(x, c, params):
        """Your step has no biases at all: the gate and the proposal have one each."""
        return gru.simplified_gru_step(x, c, params | {"b_u": 0.0, "b_c": 0.0})

    def weights_exchanged(x, c, params):
        """You gave the gate the proposal's parameters and the proposal the gate's: the first letter says whose each one is."""
        pairs = (("W_uc", "W_cc"), ("W_ux", "W_cx"), ("b_u", "b_c"))
        swapped = {a: params[b] for a, b in pairs} | {b: params[a] for a, b in pairs}
        return gru.simplified_gru_step(x, c, swapped)

    def input_weights_transposed(x, c, params):
        """Your input weights are the wrong way round: with one example a row the product W x is x @ W.T."""
        return gru.simplified_gru_step(x, c, params | {name: params[name].T for name in ("W_ux", "W_cx")})

    def recurrent_weights_transposed(x, c, params):
        """Your recurrent weights are the wrong way round: with one example a row the product W c is c @ W.T."""
        return gru.simplified_gru_step(x, c, params | {name: params[name].T for name in ("W_uc", "W_cc")})

    def state_in_place(x, c, params):
        """Your step overwrites the old state that it was given: return a new array and leave c as it was."""
        c[...] = gru.simplified_gru_step(x, c, params)
        return c


class gamma_gru_step:
    def update_gate_on_the_old(x, c, params):
        """Your update gate weighs the old state: Gamma_u is the weight of the proposal, 1 - Gamma_u that of the old state."""
        return wrong.update_gate_on_the_old(x, c, translate_gru(params, "gamma", "z_new"))

    def gates_swapped(x, c, params):
        """Your two gates have changed places: Gamma_r acts inside the proposal, Gamma_u mixes old and new."""
        return wrong.gates_swapped(x, c, translate_gru(params, "gamma", "z_new"))

    def gates_share_weights(x, c, params):
        """Both of your gates are computed with the update gate's parameters: Gamma_r has W_rc, W_rx and b_r of its own."""
        return wrong.gates_share_weights(x, c, translate_gru(params, "gamma", "z_new"))

    def relevance_after(x, c, params):
        """Your relevance gate acts after the product with W_cc: here it multiplies the old state before it."""
        return wrong.reset_after(x, c, translate_gru(params, "gamma", "z_new"))

    def relevance_after_bias(x, c, params):
        """Your relevance gate multiplies W_cc c and the bias together: here it touches nothing but the old state."""
        return wrong.reset_after_bias(x, c, translate_gru(params, "gamma", "z_new"))

    def relevance_on_everything(x, c, params):
        """Your relevance gate also scales the input's part of the proposal: it acts on the old state only."""
        return wrong.reset_on_everything(x, c, translate_gru(params, "gamma", "z_new"))

    def no_relevance(x, c, params):
        """Your step is the simplified one: the relevance gate is missing from the proposal."""
        return gru.simplified_gru_step(x, c, params)

    def relevance_inverted(x, c, params):
        """Your relevance gate works the other way round: Gamma_r = 1 means that the old state is relevant, and used."""
        return wrong.reset_inverted(x, c, translate_gru(params, "gamma", "z_new"))

    def old_state_also_gated(x, c, params):
        """You copy Gamma_r times the old state into the new one: the copy is of c itself, Gamma_r acts in the proposal only."""
        return wrong.old_state_also_reset(x, c, translate_gru(params, "gamma", "z_new"))

    def old_state_kept_whole(x, c, params):
        """You add to the whole old state: its weight is 1 - Gamma_u, so that the two weights add up to one."""
        return wrong.old_state_kept_whole(x, c, translate_gru(params, "gamma", "z_new"))

    def sigmoid_proposal(x, c, params):
        """Your proposal is squashed by the logistic function, so it is never negative: it needs tanh."""
        return wrong.sigmoid_candidate(x, c, translate_gru(params, "gamma", "z_new"))

    def extra_tanh(x, c, params):
        """You squash the mixture once more: in this cell the activation is the memory itself, a = c."""
        return wrong.extra_tanh(x, c, translate_gru(params, "gamma", "z_new"))

    def proposal_bias_forgotten(x, c, params):
        """Your proposal leaves out its bias b_c."""
        return gru.gamma_gru_step(x, c, params | {"b_c": 0.0})

    def gate_biases_forgotten(x, c, params):
        """Your gates leave out their biases b_u and b_r."""
        return gru.gamma_gru_step(x, c, params | {"b_u": 0.0, "b_r": 0.0})

    def biases_forgotten(x, c, params):
        """Your step has no biases at all: each gate and the proposal have one."""
        return gru.gamma_gru_step(x, c, params | {"b_u": 0.0, "b_r": 0.0, "b_c": 0.0})

    def update_gate_sees_the_gated_state(x, c, params):
        """Your update gate looks at Gamma_r times c: both gates look at the old state as it is."""
        return wrong.update_gate_sees_the_reset_state(x, c, translate_gru(params, "gamma", "z_new"))

    def input_weights_transposed(x, c, params):
        """Your input weights are the wrong way round: with one example a row the product W x is x @ W.T."""
        return wrong.input_weights_transposed(x, c, translate_gru(params, "gamma", "z_new"))

    def recurrent_weights_transposed(x, c, params):
        """Your recurrent weights are the wrong way round: with one example a row the product W c is c @ W.T."""
        return wrong.recurrent_weights_transposed(x, c, translate_gru(params, "gamma", "z_new"))

    def state_in_place(x, c, params):
        """Your step overwrites the old state that it was given: return a new array and leave c as it was."""
        c[...] = gru.gamma_gru_step(x, c, params)
        return c


class gru_step_u_old:
    def update_gate_on_the_new(x, h, params):
        """Your update gate weighs the new state: in this notation u is the weight of the OLD state, 1 - u that of the candidate."""
        return wrong.update_gate_on_the_old(x, h, translate_gru(params, "u_old", "z_new"))

    def gates_swapped(x, h, params):
        """Your two gates have changed places: r acts on the old state inside the candidate, u mixes old and new."""
        other = {"u": "r", "r": "u"}
        swapped = {name: params[name[:-1] + other.get(name[-1], name[-1])] for name in params}
        return gru.gru_step_u_old(x, h, swapped)

    def reset_after(x, h, params):
        """You reset after the product with W_hh: this form multiplies r and h first, then takes the product."""
        return wrong.reset_after(x, h, translate_gru(params, "u_old", "z_new"))

    def no_reset(x, h, params):
        """Your candidate sees the whole old state: the reset gate is missing."""
        return wrong.no_reset(x, h, translate_gru(params, "u_old", "z_new"))

    def reset_inverted(x, h, params):
        """Your reset gate works the other way round, as 1 - r: an open gate, r = 1, lets the old state in."""
        return wrong.reset_inverted(x, h, translate_gru(params, "u_old", "z_new"))

    def old_state_also_reset(x, h, params):
        """You copy the reset state into the new one: the copy is u times h itself, r acts in the candidate only."""
        return wrong.old_state_also_reset(x, h, translate_gru(params, "u_old", "z_new"))

    def old_state_on_both_sides(x, h, params):
        """You follow the misprint: with h on both sides of the last line the state never moves; the candidate belongs there."""
        return h.copy()

    def one_matrix_for_both(x, h, params):
        """You follow the misprint: the update gate has two matrices, W_xu for the input and W_hu for the old state."""
        return gru.gru_step_u_old(x, h, params | {"W_hu": params["W_xu"]})

    def sigmoid_candidate(x, h, params):
        """You follow the misprint: a candidate squashed by the logistic function is never negative, it needs tanh."""
        return wrong.sigmoid_candidate(x, h, translate_gru(params, "u_old", "z_new"))

    def candidate_kept_whole(x, h, params):
        """You add the whole candidate: its weight is 1 - u, so that the weights of old and new add up to one."""
        return wrong.candidate_kept_whole(x, h, translate_gru(params, "u_old", "z_new"))

    def candidate_bias_forgotten(x, h, params):
        """Your candidate leaves out its bias b_h."""
        return gru.gru_step_u_old(x, h, params | {"b_h": 0.0})

    def biases_forgotten(x, h, params):
        """Your step has no biases at all: each gate and the candidate have one."""
        return gru.gru_step_u_old(x, h, params | {"b_u": 0.0, "b_r": 0.0, "b_h": 0.0})

    def input_weights_transposed(x, h, params):
        """Your input weights are the wrong way round: with one example a row the product W x is x @ W.T."""
        return wrong.input_weights_transposed(x, h, translate_gru(params, "u_old", "z_new"))

    def recurrent_weights_transposed(x, h, params):
        """Your recurrent weights are the wrong way round: with one example a row the product W h is h @ W.T."""
        return wrong.recurrent_weights_transposed(x, h, translate_gru(params, "u_old", "z_new"))

    def state_in_place(x, h, params):
        """Your step overwrites the old state that it was given: return a new array and leave h as it was."""
        h[...] = gru.gru_step_u_old(x, h, params)
        return h
