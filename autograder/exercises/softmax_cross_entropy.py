"""Mean cross-entropy of softmax against the right classes, and its gradient."""

import math
from typing import Any

import numpy as np
import torch

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.reference import rnn

exercise = Exercise(rnn.softmax_cross_entropy, results=("loss", "dlogits"))

ORDINARY = (
    "several examples",
    "one example",
    "as many examples as classes",
    "two classes",
    "a class that never occurs",
)
LARGE = (
    "scores of some tens",
    "very large scores",
    "very negative scores",
    "rows of different size",
    "a right class that is very unlikely",
)


@exercise.cases
def draw(rng):
    def scores(N, K, scale=2.0, shift: Any = 0.0, strict=False):
        return Case((scale * rng.normal(size=(N, K)) + shift, rng.integers(0, K, size=N)), strict)

    tens = rng.uniform(60, 90, size=(4, 3))
    tens[1:] *= rng.choice([-1, 1], size=(3, 3))
    apart = rng.uniform(-1, 1, size=(4, 3))
    right = rng.integers(0, 3, size=4)
    apart[np.arange(4), (right + 1) % 3] += rng.uniform(800, 1000, size=4)
    return {
        "several examples": scores(5, 3),
        "one example": scores(1, 4),
        "as many examples as classes": scores(4, 4),
        "two classes": scores(3, 2),
        "a class that never occurs": Case((2 * rng.normal(size=(4, 3)), rng.integers(0, 2, size=4))),
        "scores of some tens": Case((tens, rng.integers(0, 3, size=4))),
        "very large scores": scores(4, 3, shift=rng.uniform(800, 1000), strict=True),
        "very negative scores": scores(4, 3, shift=-rng.uniform(800, 1000), strict=True),
        "rows of different size": scores(3, 4, shift=np.array([[900.0], [0.0], [-900.0]]), strict=True),
        "a right class that is very unlikely": Case((apart, right), strict=True),
    }


exercise.checks(
    values("the loss", *ORDINARY, weight=2, part=0),
    values("the gradient", *ORDINARY, weight=2, part=1),
    values("very large scores, without overflow", *LARGE, property=True),
    pure("several examples", weight=0.5),
)


def from_probabilities(logits, targets, probabilities):
    """Loss and gradient, from probabilities that may be wrong."""
    rows = np.arange(len(targets))
    return -np.log(probabilities[rows, targets]).mean(), (probabilities - chosen(logits, targets)) / len(targets)


def chosen(logits, targets):
    """One-hot rows of the right classes."""
    return np.eye(logits.shape[1])[targets]


def softmax(logits, axis=1):
    shifted = np.exp(logits - logits.max(axis=axis, keepdims=True))
    return shifted / shifted.sum(axis=axis, keepdims=True)


@exercise.wrong
def overflows(logits, targets):
    """exp of a large score overflows: subtract the largest score of each row first; softmax stays the same."""
    p = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    loss = -np.log(p[np.arange(len(targets)), targets]).mean()
    return loss, (p - np.eye(logits.shape[1])[targets]) / len(targets)


@exercise.wrong
def largest_of_all_subtracted(logits, targets):
    """You subtract the largest score of all rows: subtract from each row its own, or rows of small scores become 0 / 0."""
    shifted = np.exp(logits - logits.max())
    return from_probabilities(logits, targets, shifted / shifted.sum(axis=1, keepdims=True))


for name, hint, wrong in (
    ("logarithm_of_zero", "A very unlikely class has a probability that rounds to 0, and log(0) fails: compute log p without p, from the scores.", lambda logits, targets: from_probabilities(logits, targets, softmax(logits))),
    ("small_number_added", "Very unlikely classes cost too little, as if p had a smallest value: compute log p from the scores, not from p.",
        lambda logits, targets: (from_probabilities(logits, targets, softmax(logits) + 1e-12)[0], rnn.softmax_cross_entropy(logits, targets)[1])),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def wrong_axis(logits, targets):
    """Your softmax runs over the examples: it must run over the classes, so that each row adds up to one."""
    with np.errstate(divide="ignore"):
        return from_probabilities(logits, targets, softmax(logits, axis=0))


@exercise.wrong
def over_everything(logits, targets):
    """Your softmax is taken over the whole array at once: each row must add up to one by itself."""
    p = np.exp(logits - logits.max())
    with np.errstate(divide="ignore"):
        return from_probabilities(logits, targets, p / p.sum())


def changed(name, hint, change):
    """A mistake in finished results: ``change(loss, gradient, logits, targets)``."""
    exercise.add_mistake(
        name, hint, lambda logits, targets: change(*rnn.softmax_cross_entropy(logits, targets), logits, targets)
    )


for name, hint, change in (
    ("summed", "You add up the losses of the examples: the loss here is their mean, and so is its gradient.", lambda loss, d, z, t: (loss * len(t), d * len(t))),
    ("gradient_not_averaged", "Your loss is right; its gradient belongs to the sum of the losses, so divide it by the number of examples.", lambda loss, d, z, t: (loss, d * len(t))),
    ("loss_not_averaged", "Your gradient is right; your loss is the sum over the examples: take their mean.", lambda loss, d, z, t: (loss * len(t), d)),
    ("loss_averaged_over_classes", "Your loss is divided by the number of classes as well: it is the mean over the examples only.", lambda loss, d, z, t: (loss / z.shape[1], d)),
    ("gradient_averaged_over_classes", "Your gradient is divided by the number of classes instead of the number of examples.", lambda loss, d, z, t: (loss, d * len(t) / z.shape[1])),
    ("averaged_over_all_entries", "You divide loss and gradient by the number of classes, too: the mean is over the examples only.", lambda loss, d, z, t: (loss / z.shape[1], d / z.shape[1])),
    ("gradient_averaged_twice", "Your gradient is divided by the number of examples twice.", lambda loss, d, z, t: (loss, d / len(t))),
    ("losses_of_each_example", "Your loss is one number per example: return their mean.", lambda loss, d, z, t: (np.logaddexp.reduce(z, axis=1) - z[np.arange(len(t)), t], d)),
    ("probabilities_as_gradient", "Your gradient is the probabilities alone: subtract 1 at the right class of each row.", lambda loss, d, z, t: (loss, d + chosen(z, t) / len(t))),
    ("probabilities_not_averaged", "Your gradient is the probabilities: subtract 1 at the right class of each row, and divide by the number of examples.", lambda loss, d, z, t: (loss, d * len(t) + chosen(z, t))),
    ("right_class_alone", "Your gradient is zero except at the right class: every class has one, its probability.", lambda loss, d, z, t: (loss, d * chosen(z, t))),
    ("one_of_all_subtracted", "You subtract 1 from every entry of the gradient: subtract it only at the right class of each row.", lambda loss, d, z, t: (loss, d + (chosen(z, t) - 1) / len(t))),
    ("subtracted_after_the_mean", "You subtract 1 after the division by the number of examples: subtract first, then divide.", lambda loss, d, z, t: (loss, d + chosen(z, t) / len(t) - chosen(z, t))),
    ("of_the_probabilities", "Your gradient is with respect to the probabilities, -1 / p at the right class: asked for is that of the logits.",
        lambda loss, d, z, t: (loss, -chosen(z, t) / np.maximum(softmax(z), 1e-300) / len(t))),
    ("gradient_negated", "Your gradient has the opposite sign: it is probabilities minus the right answers.", lambda loss, d, z, t: (loss, -d)),
    ("gradient_zero", "Your gradient is zero everywhere: nothing is added to it.", lambda loss, d, z, t: (loss, 0 * d)),
    ("loss_negated", "Your loss is negative: minus the logarithm of a probability is positive.", lambda loss, d, z, t: (-loss, d)),
    ("both_negated", "Loss and gradient have the wrong sign: the loss is minus the mean logarithm.", lambda loss, d, z, t: (-loss, -d)),
    ("no_logarithm", "Your loss is built from the probabilities themselves: take their logarithm.", lambda loss, d, z, t: (-softmax(z)[np.arange(len(t)), t].mean(), d)),
    ("one_minus_the_probability", "Your loss is one minus the probability of the right class: it is minus the logarithm of it.", lambda loss, d, z, t: (1 - softmax(z)[np.arange(len(t)), t].mean(), d)),
    ("logarithm_of_the_mean", "You average the probabilities first: take the logarithm of each, then the mean.", lambda loss, d, z, t: (-np.log(np.maximum(softmax(z)[np.arange(len(t)), t].mean(), 1e-300)), d)),
    ("logarithm_of_two", "Your loss is in bits: this course uses the natural logarithm.", lambda loss, d, z, t: (loss / np.log(2), d)),
    ("logarithm_of_ten", "Your loss uses the logarithm to base 10: this course uses the natural logarithm.", lambda loss, d, z, t: (loss / np.log(10), d)),
    ("scores_for_log_probabilities", "Your loss is minus the mean score of the right class: subtract the logarithm of the sum of all exponentials.", lambda loss, d, z, t: (-z[np.arange(len(t)), t].mean(), d)),
    ("largest_score_for_the_target", "Your loss takes the most likely class of each row: take the right one, targets[n].", lambda loss, d, z, t: (rnn.softmax_cross_entropy(z, z.argmax(axis=1))[0], d)),
    ("exchanged", "Your two results are exchanged: the loss comes first, then its gradient.", lambda loss, d, z, t: (d, loss)),
    ("single_precision", "Your gradient is in single precision (float32): keep the float64 of the logits.", lambda loss, d, z, t: (loss, d.astype(np.float32))),
):  # fmt: skip
    changed(name, hint, change)


@exercise.wrong
def clipped(logits, targets):
    """You limit the scores instead of shifting each row: then large scores lose their difference."""
    return rnn.softmax_cross_entropy(np.clip(logits, -50, 50), targets)


@exercise.wrong
def targets_overwritten(logits, targets):
    """Your function changes the targets, which belong to the caller: work on a new array."""
    result = rnn.softmax_cross_entropy(logits, targets)
    targets += 1
    return result


@exercise.wrong
def logits_overwritten(logits, targets):
    """Your function changes the logits that it was given: subtract into a new array, not with -=."""
    result = rnn.softmax_cross_entropy(logits, targets)
    logits -= logits.max(axis=1, keepdims=True)
    return result


@exercise.right
def by_loop(logits, targets):
    N, K = logits.shape
    loss, dlogits = 0.0, np.zeros((N, K))
    for n in range(N):
        scores = [math.exp(score - max(logits[n])) for score in logits[n]]
        log_sum = max(logits[n]) + math.log(sum(scores))
        loss += (log_sum - logits[n, targets[n]]) / N
        for k in range(K):
            dlogits[n, k] = (scores[k] / sum(scores) - (k == targets[n])) / N
    return loss, dlogits


@exercise.right
def by_one_hot(logits, targets):
    one_hot = np.eye(logits.shape[1])[targets]
    z = logits - np.max(logits, axis=1)[:, None]
    log_p = z - np.log(np.einsum("nk->n", np.exp(z)))[:, None]
    return -(one_hot * log_p).sum() / len(targets), (np.exp(log_p) - one_hot) / len(targets)


@exercise.right
def by_logaddexp(logits, targets):
    log_sum = np.logaddexp.reduce(logits, axis=1)
    rows = np.arange(len(targets))
    dlogits = np.exp(logits - log_sum[:, None])
    dlogits[rows, targets] -= 1
    return np.mean(log_sum - logits[rows, targets]), dlogits / len(rows)


@exercise.right
def by_torch(logits, targets):
    z = torch.tensor(logits, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(z, torch.tensor(targets))
    return loss.item(), torch.autograd.grad(loss, z)[0].numpy()
