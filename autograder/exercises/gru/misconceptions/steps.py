"""Wrong versions of ``gru_step`` and ``gru_forward``. Each docstring is the hint for an answer that equals that version."""

import numpy as np

from autograder.exercises.gru.misconceptions.parts import argument, candidate, gates, mixed, step
from autograder.reference import gru
from autograder.reference.rnn import sigmoid


class gru_step:
    def update_gate_on_the_old(x, h, params):
        """Your update gate weighs the old state: in this notation z is the weight of the candidate, 1 - z that of h."""
        z, _ = gates(x, h, params)
        return step(x, h, params, z=1 - z)

    def gates_swapped(x, h, params):
        """Your two gates have changed places: r acts on the old state inside the candidate, z mixes old and new."""
        z, r = gates(x, h, params)
        return step(x, h, params, z=r, r=z)

    def gates_share_weights(x, h, params):
        """Both of your gates are computed with the update gate's weights: the reset gate has its own W_r, U_r and b_r."""
        z, _ = gates(x, h, params)
        return step(x, h, params, r=z)

    def reset_after(x, h, params):
        """You reset after the product with U_h: this form multiplies r and h first, then takes the product (torch's does not)."""
        _, r = gates(x, h, params)
        return step(x, h, params, new=np.tanh(x @ params["W_h"].T + r * (h @ params["U_h"].T) + params["b_h"]))

    def reset_after_bias(x, h, params):
        """Your reset gate multiplies U_h h and the bias together: here it touches nothing but the old state."""
        _, r = gates(x, h, params)
        return step(x, h, params, new=np.tanh(x @ params["W_h"].T + r * (h @ params["U_h"].T + params["b_h"])))

    def reset_on_everything(x, h, params):
        """Your reset gate also scales the input's part of the candidate: it acts on the old state only."""
        _, r = gates(x, h, params)
        return step(x, h, params, new=np.tanh(r * (x @ params["W_h"].T + h @ params["U_h"].T) + params["b_h"]))

    def reset_outside(x, h, params):
        """You multiply the finished candidate by r: the reset gate acts inside, on the old state."""
        _, r = gates(x, h, params)
        return step(x, h, params, new=r * candidate(x, h, params))

    def no_reset(x, h, params):
        """Your candidate sees the whole old state: the reset gate is missing."""
        return step(x, h, params, r=1.0)

    def reset_inverted(x, h, params):
        """Your reset gate works the other way round, as 1 - r: an open gate, r = 1, lets the old state in."""
        _, r = gates(x, h, params)
        return step(x, h, params, r=1 - r)

    def old_state_also_reset(x, h, params):
        """You copy the reset state into the new one: the copy is (1 - z) times h itself, r acts in the candidate only."""
        z, r = gates(x, h, params)
        return mixed(z, r * h, candidate(x, r * h, params))

    def old_state_kept_whole(x, h, params):
        """You add to the whole old state: its weight is 1 - z, so that the weights of old and new add up to one."""
        z, r = gates(x, h, params)
        return h + z * candidate(x, r * h, params)

    def candidate_kept_whole(x, h, params):
        """You add the whole candidate: its weight is z, so that the weights of old and new add up to one."""
        z, r = gates(x, h, params)
        return (1 - z) * h + candidate(x, r * h, params)

    def candidate_alone(x, h, params):
        """You return the candidate itself: the update gate still has to mix it with the old state."""
        return step(x, h, params, z=1.0)

    def sigmoid_candidate(x, h, params):
        """Your candidate is squashed by the logistic function, so it is never negative: it needs tanh."""
        _, r = gates(x, h, params)
        return step(x, h, params, new=sigmoid(argument(x, r * h, params, "h")))

    def candidate_not_squashed(x, h, params):
        """Your candidate is the plain sum: the tanh around it is missing, so the state can grow beyond 1."""
        _, r = gates(x, h, params)
        return step(x, h, params, new=argument(x, r * h, params, "h"))

    def extra_tanh(x, h, params):
        """You squash the mixture once more at the end: the new state is the mixture itself."""
        return np.tanh(gru.gru_step(x, h, params))

    def gates_by_tanh(x, h, params):
        """Your gates are squashed by tanh and can be negative: a gate lies between 0 and 1, so it needs the logistic function."""
        z, r = (np.tanh(argument(x, h, params, gate)) for gate in "zr")
        return step(x, h, params, z=z, r=r)

    def squashed_separately(x, h, params):
        """You squash the input's part and the state's part of the candidate separately: add first, then take one tanh."""
        _, r = gates(x, h, params)
        return step(x, h, params, new=np.tanh(x @ params["W_h"].T) + np.tanh((r * h) @ params["U_h"].T + params["b_h"]))

    def candidate_bias_forgotten(x, h, params):
        """Your candidate leaves out its bias b_h."""
        return gru.gru_step(x, h, params | {"b_h": 0.0})

    def gate_biases_forgotten(x, h, params):
        """Your gates leave out their biases b_z and b_r."""
        return gru.gru_step(x, h, params | {"b_z": 0.0, "b_r": 0.0})

    def biases_forgotten(x, h, params):
        """Your step has no biases at all: each gate and the candidate have one."""
        return gru.gru_step(x, h, params | {"b_z": 0.0, "b_r": 0.0, "b_h": 0.0})

    def biases_twice(x, h, params):
        """Your step adds every bias twice: this form has one bias for each gate, only torch's has two."""
        return gru.gru_step(x, h, params | {f"b_{gate}": 2 * params[f"b_{gate}"] for gate in "zrh"})

    def bias_outside(x, h, params):
        """You add b_h after the tanh: it belongs inside, so that the candidate stays between -1 and 1."""
        _, r = gates(x, h, params)
        return step(x, h, params, new=candidate(x, r * h, params | {"b_h": 0.0}) + params["b_h"])

    def gates_without_the_state(x, h, params):
        """Your gates look at the input only: the terms U_z h and U_r h are missing."""
        return gru.gru_step(x, h, params | {f"U_{gate}": np.zeros_like(params["U_h"]) for gate in "zr"})

    def gates_without_the_input(x, h, params):
        """Your gates look at the old state only: the terms W_z x and W_r x are missing."""
        return gru.gru_step(x, h, params | {f"W_{gate}": np.zeros_like(params["W_h"]) for gate in "zr"})

    def update_gate_sees_the_reset_state(x, h, params):
        """Your update gate looks at r times h: both gates look at the old state as it is."""
        _, r = gates(x, h, params)
        return step(x, h, params, z=sigmoid(argument(x, r * h, params, "z")))

    def input_weights_transposed(x, h, params):
        """Your input weights are the wrong way round: with one example a row the product W x is x @ W.T."""
        return gru.gru_step(x, h, params | {f"W_{gate}": params[f"W_{gate}"].T for gate in "zrh"})

    def recurrent_weights_transposed(x, h, params):
        """Your recurrent weights are the wrong way round: with one example a row the product U h is h @ U.T."""
        return gru.gru_step(x, h, params | {f"U_{gate}": params[f"U_{gate}"].T for gate in "zrh"})

    def all_weights_transposed(x, h, params):
        """All your weights are the wrong way round: with one example a row, W x is x @ W.T and U h is h @ U.T."""
        return gru.gru_step(x, h, {name: array.T for name, array in params.items()})

    def elementwise(x, h, params):
        """The terms U h are matrix products; you multiply elementwise, so each unit hears only itself."""
        return gru.gru_step(x, h, params | {f"U_{gate}": np.diag(np.diag(params[f"U_{gate}"])) for gate in "zrh"})

    def state_in_place(x, h, params):
        """Your step overwrites the old state that it was given: return a new array and leave h as it was."""
        h[...] = gru.gru_step(x, h, params)
        return h


class gru_forward:
    def initial_state_ignored(x, h0, params):
        """Your states start from zero: the first step must start from h0."""
        return gru.gru_forward(x, np.zeros_like(h0), params)

    def not_carried(x, h0, params):
        """Every one of your steps starts from h0: the new state must be carried into the next step."""
        return np.stack([gru.gru_step(x_t, h0, params) for x_t in x])

    def with_initial_state(x, h0, params):
        """You return h0 in front of the states: entry t is the state after input t, and h0 is not among them."""
        return np.concatenate([h0[None], gru.gru_forward(x, h0, params)])

    def one_behind(x, h0, params):
        """Your states are one step late: you store the state before each step, not the one after it."""
        return np.concatenate([h0[None], gru.gru_forward(x, h0, params)])[:-1]

    def one_step_short(x, h0, params):
        """Your loop is one step short: T inputs give T states."""
        return gru.gru_forward(x, h0, params)[:-1]

    def last_step_missed(x, h0, params):
        """Your loop stops before the last input: the last state was never computed."""
        states = gru.gru_forward(x, h0, params)
        states[-1] = 0
        return states

    def views(x, h0, params):
        """All your states are the same array, seen again and again: store a copy of the state at every step."""
        return np.stack([gru.gru_forward(x, h0, params)[-1]] * len(x))

    def only_the_last(x, h0, params):
        """You return the last state only: keep all of them, one for each step."""
        return gru.gru_forward(x, h0, params)[-1]

    def batch_and_time_mixed(x, h0, params):
        """You step along the batch instead of along time: time is the first axis of x."""
        return gru.gru_forward(x.swapaxes(0, 1), h0, params).swapaxes(0, 1)

    def batch_first(x, h0, params):
        """Your states have the batch first: they should be (T, B, H), time first like x."""
        return gru.gru_forward(x, h0, params).swapaxes(0, 1)

    def backwards(x, h0, params):
        """You read the sequence from its end: start with x[0]."""
        return gru.gru_forward(x[::-1], h0, params)[::-1]

    def initial_state_overwritten(x, h0, params):
        """Your function writes into h0, which belongs to the caller: start from it, but do not change it."""
        states = gru.gru_forward(x, h0, params)
        h0[...] = states[-1]
        return states

    def first_input_repeated(x, h0, params):
        """Every one of your steps sees the first input: step t must see x[t]."""
        return gru.gru_forward(np.repeat(x[:1], len(x), axis=0), h0, params)
