"""Wrong versions of the way back."""

import numpy as np

from autograder.reference import rnn


class rnn_step_backward:
    def slope_missing(dh_next, x, h, h_next, W, U):
        """The slope of tanh is missing: multiply the incoming gradient by 1 - h_next**2 before anything else."""
        return rnn.rnn_step_backward(dh_next, x, h, np.zeros_like(h_next), W, U)

    def slope_at_old_state(dh_next, x, h, h_next, W, U):
        """You take the slope of tanh at the old state: it is 1 - h_next**2, with the state that came out."""
        return rnn.rnn_step_backward(dh_next, x, h, h, W, U)

    def slope_not_squared(dh_next, x, h, h_next, W, U):
        """The slope of tanh is 1 - h_next**2; your square is missing."""
        da = dh_next * (1 - h_next)
        return da @ W, da @ U, da.T @ x, da.T @ h, da.sum(axis=0)

    def slope_of_sigmoid(dh_next, x, h, h_next, W, U):
        """You use the slope of the logistic function, h (1 - h): for tanh it is 1 - h**2."""
        da = dh_next * h_next * (1 - h_next)
        return da @ W, da @ U, da.T @ x, da.T @ h, da.sum(axis=0)

    def tanh_again(dh_next, x, h, h_next, W, U):
        """h_next has been through tanh already: its slope is 1 - h_next**2, not 1 - tanh(h_next)**2."""
        return rnn.rnn_step_backward(dh_next, x, h, np.tanh(h_next), W, U)

    def state_gradient_transposed(dh_next, x, h, h_next, W, U):
        """The gradient of the old state goes back through U the other way round: da @ U, where the step had h @ U.T."""
        dx, _, dW, dU, db = rnn.rnn_step_backward(dh_next, x, h, h_next, W, U)
        return dx, dh_next * (1 - h_next**2) @ U.T, dW, dU, db

    def input_gradient_transposed(dh_next, x, h, h_next, W, U):
        """The gradient of the input goes back through W the other way round: da @ W, where the step had x @ W.T."""
        _, dh, dW, dU, db = rnn.rnn_step_backward(dh_next, x, h, h_next, W, U)
        return dh_next * (1 - h_next**2) @ W.T, dh, dW, dU, db

    def weight_gradients_transposed(dh_next, x, h, h_next, W, U):
        """Your weight gradients are transposed: each has the shape of its matrix, da.T @ x and da.T @ h."""
        dx, dh, dW, dU, db = rnn.rnn_step_backward(dh_next, x, h, h_next, W, U)
        return dx, dh, dW.T, dU.T, db

    def bias_not_summed(dh_next, x, h, h_next, W, U):
        """The bias is shared by all examples: its gradient is the sum over the batch, of shape (H,)."""
        dx, dh, dW, dU, _ = rnn.rnn_step_backward(dh_next, x, h, h_next, W, U)
        return dx, dh, dW, dU, dh_next * (1 - h_next**2)

    def averaged(dh_next, x, h, h_next, W, U):
        """You average the weight gradients over the batch: sum them, the loss has done any averaging already."""
        dx, dh, dW, dU, db = rnn.rnn_step_backward(dh_next, x, h, h_next, W, U)
        return dx, dh, dW / len(x), dU / len(x), db / len(x)

    def new_state_for_old(dh_next, x, h, h_next, W, U):
        """The gradient of U pairs da with the state that went into the step, h; you use the one that came out."""
        return rnn.rnn_step_backward(dh_next, x, h_next, h_next, W, U)

    def in_place(dh_next, x, h, h_next, W, U):
        """Your function changes the gradient that it was given: make a new array instead of *=."""
        result = rnn.rnn_step_backward(dh_next, x, h, h_next, W, U)
        dh_next *= 1 - h_next**2
        return result


def through_time(dstates, x, h0, states, W, U, previous=None, carry=1.0):
    """``rnn_backward`` with a part that may be wrong: the previous state at each step, and what is carried back."""
    dx, dh = np.empty(x.shape), np.zeros(h0.shape)
    sums = [np.zeros(W.shape), np.zeros(U.shape), np.zeros(len(U))]
    for t in reversed(range(len(x))):
        h = (states[t - 1] if t else h0) if previous is None else previous(t)
        dx[t], dh, *parts = rnn.rnn_step_backward(dstates[t] + carry * dh, x[t], h, states[t], W, U)
        sums = [total + part for total, part in zip(sums, parts, strict=True)]
    return dx, dh, *sums


class rnn_backward:
    def not_carried(dstates, x, h0, states, W, U):
        """The gradient is not carried back from later steps: add the dh of step t + 1 to dstates[t]."""
        return through_time(dstates, x, h0, states, W, U, carry=0.0)

    def direct_terms_lost(dstates, x, h0, states, W, U):
        """Only the last step's direct gradient gets in: add dstates[t] at every step on the way back."""
        last = np.zeros_like(dstates)
        last[-1] = dstates[-1]
        return rnn.rnn_backward(last, x, h0, states, W, U)

    def overwritten(dstates, x, h0, states, W, U):
        """Your weight gradients are those of one step only: sum them over all steps."""
        dx, dh0, *_ = rnn.rnn_backward(dstates, x, h0, states, W, U)
        _, carried, *_ = rnn.rnn_backward(dstates[1:], x[1:], states[0], states[1:], W, U) if len(x) > 1 else (0, 0)
        return dx, dh0, *rnn.rnn_step_backward(dstates[0] + carried, x[0], h0, states[0], W, U)[2:]

    def averaged_over_time(dstates, x, h0, states, W, U):
        """You average the weight gradients over the steps: sum them."""
        dx, dh0, *parts = rnn.rnn_backward(dstates, x, h0, states, W, U)
        return dx, dh0, *(part / len(x) for part in parts)

    def initial_state_ignored(dstates, x, h0, states, W, U):
        """At the first step you take a zero state where h0 went in, so the gradient of U lacks a part."""
        return through_time(dstates, x, h0, states, W, U, lambda t: states[t - 1] if t else np.zeros_like(h0))

    def previous_wraps_round(dstates, x, h0, states, W, U):
        """At the first step states[t - 1] is states[-1], the last state: the state before the first step is h0."""
        return through_time(dstates, x, h0, states, W, U, lambda t: states[t - 1])

    def same_state_for_previous(dstates, x, h0, states, W, U):
        """You pair step t with states[t] as its old state: the old state is states[t - 1], and h0 at the first step."""
        return through_time(dstates, x, h0, states, W, U, lambda t: states[t])

    def initial_gradient_zero(dstates, x, h0, states, W, U):
        """Your gradient of h0 is zero: it is what the first step hands back."""
        dx, dh0, *parts = rnn.rnn_backward(dstates, x, h0, states, W, U)
        return dx, np.zeros_like(dh0), *parts

    def one_step_short(dstates, x, h0, states, W, U):
        """Your loop leaves out the first step: go back to t = 0."""
        dx = np.zeros(x.shape)
        if len(x) == 1:
            return dx, np.zeros(h0.shape), np.zeros(W.shape), np.zeros(U.shape), np.zeros(len(U))
        dx[1:], dh, *parts = rnn.rnn_backward(dstates[1:], x[1:], states[0], states[1:], W, U)
        return dx, dh, *parts

    def forwards(dstates, x, h0, states, W, U):
        """You go through the steps from first to last: gradients travel from the last step to the first."""
        dx, dh = np.empty(x.shape), np.zeros(h0.shape)
        sums = [np.zeros(W.shape), np.zeros(U.shape), np.zeros(len(U))]
        for t in range(len(x)):
            h = states[t - 1] if t else h0
            dx[t], dh, *parts = rnn.rnn_step_backward(dstates[t] + dh, x[t], h, states[t], W, U)
            sums = [total + part for total, part in zip(sums, parts, strict=True)]
        return dx, dh, *sums

    def direct_gradient_overwritten(dstates, x, h0, states, W, U):
        """Your function adds into dstates, which belongs to the caller: add into a new array."""
        result = rnn.rnn_backward(dstates, x, h0, states, W, U)
        dstates += 1.0
        return result
