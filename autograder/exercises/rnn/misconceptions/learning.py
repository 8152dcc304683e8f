"""Wrong versions of the loss, of filling torch's RNN, and of putting it all together."""

import numpy as np
import torch

from autograder.reference import rnn


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
