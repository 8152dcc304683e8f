"""Wrong versions of unit 01's functions. Each docstring is the hint for an answer that equals that version."""

import numpy as np
import torch

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


class softmax_cross_entropy:
    def overflows(logits, targets):
        """exp of a large score overflows: take the largest score of each row off first, softmax stays the same."""
        p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
        rows = np.arange(len(targets))
        return -np.log(p[rows, targets]).mean(), (p - np.eye(logits.shape[1])[targets]) / len(targets)

    def wrong_axis(logits, targets):
        """Your softmax runs over the examples: it must run over the classes, so that each row adds up to one."""
        shifted = logits - logits.max(axis=0)
        p = np.exp(shifted) / np.exp(shifted).sum(axis=0)
        rows = np.arange(len(targets))
        with np.errstate(divide="ignore"):
            return -np.log(p[rows, targets]).mean(), (p - np.eye(logits.shape[1])[targets]) / len(targets)

    def over_everything(logits, targets):
        """Your softmax is taken over the whole array at once: each row must add up to one by itself."""
        p = np.exp(logits - logits.max())
        p /= p.sum()
        rows = np.arange(len(targets))
        with np.errstate(divide="ignore"):
            return -np.log(p[rows, targets]).mean(), (p - np.eye(logits.shape[1])[targets]) / len(targets)

    def summed(logits, targets):
        """You add the losses of the examples up: the loss here is their mean, and so is its gradient."""
        loss, dlogits = rnn.softmax_cross_entropy(logits, targets)
        return loss * len(targets), dlogits * len(targets)

    def gradient_not_averaged(logits, targets):
        """Your loss is right; its gradient belongs to the sum of the losses, so divide it by the number of examples."""
        loss, dlogits = rnn.softmax_cross_entropy(logits, targets)
        return loss, dlogits * len(targets)

    def probabilities_as_gradient(logits, targets):
        """Your gradient is the probabilities alone: one is still to be taken off at the right class of each row."""
        loss, dlogits = rnn.softmax_cross_entropy(logits, targets)
        return loss, dlogits + np.eye(logits.shape[1])[targets] / len(targets)

    def gradient_negated(logits, targets):
        """Your gradient has the opposite sign: it is probabilities minus the right answers."""
        loss, dlogits = rnn.softmax_cross_entropy(logits, targets)
        return loss, -dlogits

    def loss_negated(logits, targets):
        """Your loss is negative: minus the logarithm of a probability is positive."""
        loss, dlogits = rnn.softmax_cross_entropy(logits, targets)
        return -loss, dlogits

    def no_logarithm(logits, targets):
        """Your loss is built from the probabilities themselves: take their logarithm."""
        _, dlogits = rnn.softmax_cross_entropy(logits, targets)
        p = dlogits * len(targets) + np.eye(logits.shape[1])[targets]
        return -p[np.arange(len(targets)), targets].mean(), dlogits

    def logarithm_of_two(logits, targets):
        """Your loss is in bits: this course uses the natural logarithm."""
        loss, dlogits = rnn.softmax_cross_entropy(logits, targets)
        return loss / np.log(2), dlogits

    def in_place(logits, targets):
        """Your function changes the logits that it was given: subtract into a new array, not with -=."""
        result = rnn.softmax_cross_entropy(logits, targets)
        logits -= logits.max(axis=1, keepdims=True)
        return result


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


def torch_rnn(W, U, b, b_more=None, nonlinearity="tanh", dtype=torch.float64, **options):
    """A torch RNN filled with these arrays, as far as they fit."""
    module = torch.nn.RNN(W.shape[1], W.shape[0], nonlinearity=nonlinearity, dtype=dtype, **options)
    with torch.no_grad():
        for name, array in (
            ("weight_ih_l0", W),
            ("weight_hh_l0", U),
            ("bias_ih_l0", b),
            ("bias_hh_l0", np.zeros_like(b) if b_more is None else b_more),
        ):
            getattr(module, name).copy_(torch.tensor(array))
    return module


class load_into_torch_rnn:
    def bias_in_both(W, U, b):
        """torch adds its two biases up, so with b in both your network has it twice."""
        return torch_rnn(W, U, b, b)

    def bias_left_random(W, U, b):
        """Your network's biases do not add up to b: torch fills both with random numbers at the start, set both."""
        return torch_rnn(W, U, b, np.linspace(-0.3, 0.4, len(b)))

    def bias_missing(W, U, b):
        """Your network has no bias at all: bias_ih_l0 + bias_hh_l0 must equal b."""
        return torch_rnn(W, U, np.zeros_like(b))

    def input_weights_transposed(W, U, b):
        """Your input weights are transposed: torch stores weight_ih_l0 as (H, D), just as W is."""
        return torch_rnn(W.T, U, b)

    def recurrent_weights_transposed(W, U, b):
        """Your recurrent weights are transposed: torch stores weight_hh_l0 just as U is."""
        return torch_rnn(W, U.T, b)

    def weights_swapped(W, U, b):
        """The two weight matrices are swapped: weight_ih_l0 is W, weight_hh_l0 is U."""
        return torch_rnn(U, W, b)

    def single_precision(W, U, b):
        """Your network computes in float32, torch's default: ask for dtype=torch.float64."""
        return torch_rnn(W, U, b, dtype=torch.float32)

    def batch_first(W, U, b):
        """Your network takes the batch first: leave batch_first at its default, time comes first in this course."""
        return torch_rnn(W, U, b, batch_first=True)

    def relu(W, U, b):
        """Your network squashes with relu: ours uses tanh, torch's default."""
        return torch_rnn(W, U, b, nonlinearity="relu")


class recall_loss_and_gradients:
    def first_steps_read(x, targets, params):
        """You read out the first states: the targets belong to the last len(targets) steps."""
        return recall(x, targets, params, first=0)

    def one_step_early(x, targets, params):
        """Your read-out is one step early: the targets belong to the last len(targets) steps, the final one included."""
        return recall(x, targets, params, first=max(0, len(x) - len(targets) - 1))

    def averaged_again(x, targets, params):
        """You divide by the number of steps although the mean over steps and examples was taken already."""
        return recall(x, targets, params, factor=1 / len(targets))

    def summed_over_steps(x, targets, params):
        """Your loss adds the steps up: take the mean over all steps and examples together."""
        return recall(x, targets, params, factor=len(targets))

    def only_the_last_step(x, targets, params):
        """Only the last step's loss reaches your states: put a gradient at every step that is read out."""
        return recall(x, targets, params, keep=slice(-1, None))

    def readout_weights_transposed(x, targets, params):
        """Your gradient of V is transposed: it has the shape of V, (S, H)."""
        loss, gradients = recall(x, targets, params)
        return loss, gradients | {"V": gradients["V"].T}

    def readout_bias_forgotten(x, targets, params):
        """Your read-out leaves out its bias c."""
        loss, gradients = recall(x, targets, params | {"c": np.zeros_like(params["c"])})
        return loss, gradients

    def readout_gradients_missing(x, targets, params):
        """Your gradients of V and c are zero: the read-out learns too, from the gradient of the logits."""
        loss, gradients = recall(x, targets, params)
        return loss, gradients | {name: np.zeros_like(params[name]) for name in ("V", "c")}

    def gradients_negated(x, targets, params):
        """Your gradients point downhill already: return the gradient itself, the optimiser takes the step against it."""
        loss, gradients = recall(x, targets, params)
        return loss, {name: -gradient for name, gradient in gradients.items()}

    def starts_from_ones(x, targets, params):
        """Your network does not start from a zero state: h0 is zeros of shape (B, H)."""
        return recall(x, targets, params, h0=1.0)

    def parameters_changed(x, targets, params):
        """Your function changes the parameters: return gradients only, the optimiser makes the step."""
        loss, gradients = recall(x, targets, params)
        for key in gradients:
            params[key] -= 0.1 * gradients[key]
        return loss, gradients


def recall(x, targets, params, first=None, factor=1.0, keep=slice(None), h0=0.0):
    """``recall_loss_and_gradients`` with parts that may be wrong: steps read, scale, steps that learn, first state."""
    W, U, b, V, c = (params[name] for name in ("W", "U", "b", "V", "c"))
    start = np.full((x.shape[1], len(U)), h0)
    states = rnn.rnn_forward(x, start, W, U, b)
    first = len(x) - len(targets) if first is None else first
    window = slice(first, first + len(targets))
    read = states[window].reshape(-1, len(U))
    loss, dlogits = rnn.softmax_cross_entropy(read @ V.T + c, targets.reshape(-1))
    loss, dlogits = factor * loss, factor * dlogits
    dread = (dlogits @ V).reshape(states[window].shape)
    dstates = np.zeros(states.shape)
    dstates[window][keep] = dread[keep]
    _, _, dW, dU, db = rnn.rnn_backward(dstates, x, start, states, W, U)
    return loss, {"W": dW, "U": dU, "b": db, "V": dlogits.T @ read, "c": dlogits.sum(axis=0)}
