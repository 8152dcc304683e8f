"""Wrong versions of the way forward: squashing, one step, many steps."""

import numpy as np

from autograder.reference import rnn


class sigmoid:
    def overflows(a):
        """Your formula takes exp of a large positive number, which overflows: only ever take exp of what is not positive."""
        return 1 / (1 + np.exp(-a))

    def overflows_above(a):
        """exp(a) overflows for large a, and then your answer is not a number: use that form for negative a only."""
        return np.exp(a) / (1 + np.exp(a))

    def sign_flipped(a):
        """Your function falls where the logistic function rises: look at the sign in the exponent."""
        return 1 / (1 + np.exp(a))

    def is_tanh(a):
        """Your function is tanh: it runs from -1 to 1, where the logistic function runs from 0 to 1."""
        return np.tanh(a)

    def tanh_of_whole(a):
        """Nearly: sigma(a) = (1 + tanh(a / 2)) / 2, with a halved inside the tanh."""
        return (1 + np.tanh(a)) / 2

    def typed_like_input(a):
        """For whole numbers your result is cut to 0 or 1: make the result an array of floats, not one typed like the input."""
        out = np.empty_like(a)
        out[...] = rnn.sigmoid(a)
        return out

    def in_place(a):
        """Your function changes the array that it is given: work on a copy, or on a new array."""
        result = rnn.sigmoid(a)
        if isinstance(a, np.ndarray):
            a[...] = np.where(a > 0, -a, a)
        return result

    def clipped_early(a):
        """You clip the input so early that ordinary numbers are changed: only inputs beyond a few hundred can overflow."""
        return rnn.sigmoid(np.clip(a, -3, 3))


class rnn_step:
    def bias_forgotten(x, h, W, U, b):
        """Your new state matches a step without the bias b."""
        return np.tanh(x @ W.T + h @ U.T)

    def bias_twice(x, h, W, U, b):
        """Your new state matches a step that adds the bias twice: our cell has one bias, torch's has two."""
        return np.tanh(x @ W.T + h @ U.T + 2 * b)

    def bias_outside(x, h, W, U, b):
        """You add the bias after the tanh; it belongs inside, so that the state stays between -1 and 1."""
        return np.tanh(x @ W.T + h @ U.T) + b

    def tanh_forgotten(x, h, W, U, b):
        """Your new state is the plain sum: the tanh around it is missing."""
        return x @ W.T + h @ U.T + b

    def sigmoid_for_tanh(x, h, W, U, b):
        """You squash with the logistic function, so your state can never be negative: this cell uses tanh."""
        return rnn.sigmoid(x @ W.T + h @ U.T + b)

    def squashed_separately(x, h, W, U, b):
        """You take tanh of the input's part and of the state's part separately: add first, then take one tanh."""
        return np.tanh(x @ W.T) + np.tanh(h @ U.T + b)

    def input_weights_transposed(x, h, W, U, b):
        """Your input weights are the wrong way round: with one example a row the product W x is x @ W.T."""
        return np.tanh(x @ W + h @ U.T + b)

    def recurrent_weights_transposed(x, h, W, U, b):
        """Your recurrent weights are the wrong way round: with one example a row the product U h is h @ U.T."""
        return np.tanh(x @ W.T + h @ U + b)

    def both_transposed(x, h, W, U, b):
        """Both weight matrices are the wrong way round: with one example a row, W x is x @ W.T and U h is h @ U.T."""
        return np.tanh(x @ W + h @ U + b)

    def weights_swapped(x, h, W, U, b):
        """You multiply the input by U and the state by W: W belongs to the input, U to the state."""
        return np.tanh(x @ U.T + h @ W.T + b)

    def state_ignored(x, h, W, U, b):
        """Your new state does not depend on the old one: the term U h is missing."""
        return np.tanh(x @ W.T + b)

    def input_ignored(x, h, W, U, b):
        """Your new state does not depend on the input: the term W x is missing."""
        return np.tanh(h @ U.T + b)

    def elementwise(x, h, W, U, b):
        """The term U h is a matrix product; you multiply elementwise, so each unit hears only itself."""
        return np.tanh(x @ W.T + h * np.diag(U) + b)

    def state_in_place(x, h, W, U, b):
        """Your step overwrites the old state that it was given: return a new array and leave h as it was."""
        h[...] = rnn.rnn_step(x, h, W, U, b)
        return h

    def old_state_added(x, h, W, U, b):
        """You add the old state to the new one: in this cell the new state replaces the old one."""
        return h + rnn.rnn_step(x, h, W, U, b)


class rnn_forward:
    def initial_state_ignored(x, h0, W, U, b):
        """Your states start from zero: the first step must start from h0."""
        return rnn.rnn_forward(x, np.zeros_like(h0), W, U, b)

    def not_carried(x, h0, W, U, b):
        """Every one of your steps starts from h0: the new state must be carried into the next step."""
        return np.stack([rnn.rnn_step(x_t, h0, W, U, b) for x_t in x])

    def with_initial_state(x, h0, W, U, b):
        """You return h0 in front of the states, or in place of the last: entry t is the state after input t."""
        return np.concatenate([h0[None], rnn.rnn_forward(x, h0, W, U, b)])

    def one_behind(x, h0, W, U, b):
        """Your states are one step late: you store the state before each step, not the one after it."""
        return np.concatenate([h0[None], rnn.rnn_forward(x, h0, W, U, b)])[:-1]

    def one_step_short(x, h0, W, U, b):
        """Your loop is one step short: T inputs give T states."""
        return rnn.rnn_forward(x, h0, W, U, b)[:-1]

    def last_step_missed(x, h0, W, U, b):
        """Your loop stops before the last input: the last state was never computed."""
        states = rnn.rnn_forward(x, h0, W, U, b)
        states[-1] = 0
        return states

    def views(x, h0, W, U, b):
        """All your states are the same array, seen again and again: store a copy of the state at every step."""
        return np.stack([rnn.rnn_forward(x, h0, W, U, b)[-1]] * len(x))

    def only_the_last(x, h0, W, U, b):
        """You return the last state only: keep all of them, one for each step."""
        return rnn.rnn_forward(x, h0, W, U, b)[-1]

    def batch_and_time_mixed(x, h0, W, U, b):
        """You step along the batch instead of along time: time is the first axis of x."""
        return rnn.rnn_forward(x.swapaxes(0, 1), h0, W, U, b).swapaxes(0, 1)

    def batch_first(x, h0, W, U, b):
        """Your states have the batch first: they should be (T, B, H), time first like x."""
        return rnn.rnn_forward(x, h0, W, U, b).swapaxes(0, 1)

    def backwards(x, h0, W, U, b):
        """You read the sequence from its end: start with x[0]."""
        return rnn.rnn_forward(x[::-1], h0, W, U, b)[::-1]

    def initial_state_overwritten(x, h0, W, U, b):
        """Your function writes into h0, which belongs to the caller: start from it, but do not change it."""
        states = rnn.rnn_forward(x, h0, W, U, b)
        h0[...] = states[-1]
        return states

    def first_input_repeated(x, h0, W, U, b):
        """Every one of your steps sees the first input: step t must see x[t]."""
        return rnn.rnn_forward(np.repeat(x[:1], len(x), axis=0), h0, W, U, b)
