"""Wrong versions of the leaky step."""

import numpy as np

from autograder.reference import gradients


def candidate(x, h, W, U, b):
    return np.tanh(x @ W.T + h @ U.T + b)


class leaky_step:
    def no_leak(x, h, alpha, W, U, b):
        """Yours is the Elman step: alpha plays no part in it."""
        return candidate(x, h, W, U, b)

    def alpha_on_the_old(x, h, alpha, W, U, b):
        """You have alpha and 1 - alpha the wrong way round: alpha is the share of the new, 1 - alpha of the old."""
        return alpha * h + (1 - alpha) * candidate(x, h, W, U, b)

    def old_state_whole(x, h, alpha, W, U, b):
        """You keep all of the old state and add alpha times the new: the two shares add up to one."""
        return h + alpha * candidate(x, h, W, U, b)

    def new_state_whole(x, h, alpha, W, U, b):
        """You add all of the new to what is left of the old: the new has the share alpha."""
        return (1 - alpha) * h + candidate(x, h, W, U, b)

    def both_alpha(x, h, alpha, W, U, b):
        """Both shares of yours are alpha: that of the old state is 1 - alpha."""
        return alpha * h + alpha * candidate(x, h, W, U, b)

    def old_state_lost(x, h, alpha, W, U, b):
        """You return the new part alone: (1 - alpha) times the old state is missing."""
        return alpha * candidate(x, h, W, U, b)

    def leak_inside(x, h, alpha, W, U, b):
        """Your mixture is inside the tanh: the old state's share is kept outside, unsquashed."""
        return np.tanh((1 - alpha) * h + alpha * (x @ W.T + h @ U.T + b))

    def alpha_inside(x, h, alpha, W, U, b):
        """You multiply by alpha inside the tanh: it multiplies the tanh."""
        return (1 - alpha) * h + np.tanh(alpha * (x @ W.T + h @ U.T + b))

    def tanh_forgotten(x, h, alpha, W, U, b):
        """The tanh around the new part is missing."""
        return (1 - alpha) * h + alpha * (x @ W.T + h @ U.T + b)

    def squashed_again(x, h, alpha, W, U, b):
        """You take one more tanh of the mixture: a state that copies itself must come out as it went in."""
        return np.tanh(gradients.leaky_step(x, h, alpha, W, U, b))

    def leak_before_the_product(x, h, alpha, W, U, b):
        """You shrink the old state by 1 - alpha before U meets it: inside the tanh the whole old state counts."""
        return (1 - alpha) * h + alpha * candidate(x, (1 - alpha) * h, W, U, b)

    def bias_forgotten(x, h, alpha, W, U, b):
        """Your new part has no bias b."""
        return (1 - alpha) * h + alpha * candidate(x, h, W, U, 0 * b)

    def recurrent_weights_transposed(x, h, alpha, W, U, b):
        """Your recurrent weights are the wrong way round: with one example a row the product U h is h @ U.T."""
        return (1 - alpha) * h + alpha * candidate(x, h, W, U.T, b)

    def input_weights_transposed(x, h, alpha, W, U, b):
        """Your input weights are the wrong way round: with one example a row the product W x is x @ W.T."""
        return (1 - alpha) * h + alpha * candidate(x, h, W.T, U, b)

    def alpha_for_one_half(x, h, alpha, W, U, b):
        """Your shares are one half each, whatever alpha is."""
        return gradients.leaky_step(x, h, 0.5, W, U, b)

    def in_place(x, h, alpha, W, U, b):
        """Your step overwrites the old state that it was given: return a new array and leave h as it was."""
        h[...] = gradients.leaky_step(x, h, alpha, W, U, b)
        return h
