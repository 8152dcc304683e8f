"""What a network would say if the sentence stopped after each word."""

import numpy as np
import torch
from torch.nn.functional import one_hot

from autograder.checking.checks import pure, related, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import results
from autograder.reference import reading
from autograder.sandbox.protocol import wire

exercise = Exercise(reading.prediction_after_each_word, tensors=True)

SIZES = {  # T, B, D, K
    "a batch": (6, 3, 2, 4),
    "one sentence": (5, 1, 3, 4),
    "one word": (1, 2, 3, 5),
    "as many words as sentences": (3, 3, 2, 4),
    "as many words as answers": (4, 2, 3, 4),
    "as many sentences as answers": (5, 3, 2, 3),
    "three of everything": (3, 3, 3, 3),
}


def open_model(rng, D, K, M=5, scale=1.0):
    """An open model to which a word of zeros is a word, too."""
    weights = {"A": rng.normal(size=(D, M)), "V": scale * rng.normal(size=(M, K))}
    weights |= {
        "decay": np.array(rng.uniform(0.6, 0.9)),
        "b": rng.choice([-1, 1], size=M) * rng.uniform(0.5, 1, size=M),
    }
    return wire.ModelSpec("model", weights)


@exercise.cases
def draw(rng):
    def asked(T, B, D, K, scale=1.0):
        return Case((open_model(rng, D, K, scale=scale), torch.from_numpy(rng.normal(size=(T, B, D)))))

    cases = {name: asked(*sizes) for name, sizes in SIZES.items()}
    model, x = cases["a batch"].args
    later = torch.cat([x[:4], torch.from_numpy(rng.normal(size=x[4:].shape))])
    return cases | {
        "its last words changed": Case((model, later)),
        "large logits": asked(3, 4, 2, 3, scale=4000.0),
        "one answer": asked(2, 1, 1, 1),
    }


exercise.checks(
    values("the predictions after every word", *SIZES, weight=2),
    values("the prediction after the last word", *SIZES, part=lambda found: found[-1]),
    values("large logits, and a single answer", "large logits", "one answer", weight=0.5, property=True),
    related(
        "a prediction knows nothing of later words",
        "a batch",
        "its last words changed",
        lambda a, b: np.allclose(a[:4], b[:4]) and not np.allclose(a[4:], b[4:]),
        weight=0.5,
    ),
    related(
        "probabilities that add up to one",
        "a batch",
        "one sentence",
        lambda a, b: all(np.all(p >= 0) and np.allclose(p.sum(-1), 1) for p in (a, b)),
        weight=0.5,
    ),
    pure("a batch", weight=0.5),
)
exercise.add(results.time_first("prediction", "predictions", "(T, B, K)", without=("the_last_repeated",)))


def predicted(read, squash=lambda logits: torch.softmax(logits, dim=-1)):
    """Predictions by ``read(model, x, t)``, the logits after word t; ``squash`` makes probabilities of all logits."""
    return lambda model, x: squash(torch.stack([read(model, x, t) for t in range(len(x))]))


def beginning(model, x, t):
    return model(x[: t + 1])


def zeroed(model, x, t):
    part = x.clone()
    part[t + 1 :] = 0
    return model(part)


def exponentials(logits):
    powers = logits.exp()
    return powers / powers.sum(-1, keepdim=True)


# fmt: off
for name, hint, function in (
    ("logits", "You return logits: a softmax over the answers makes probabilities of them.",
     predicted(beginning, lambda logits: logits)),
    ("over_the_batch", "Your softmax runs over the batch: the probabilities of one sentence's answers add up to one.",
     predicted(beginning, lambda logits: logits.softmax(1))),
    ("over_time", "Your softmax runs over the words: the probabilities of one word's answers add up to one.",
     predicted(beginning, lambda logits: logits.softmax(0))),
    ("over_everything", "Your probabilities add up to one over all words, sentences and answers together: softmax runs over the answers.",
     predicted(beginning, lambda logits: logits.flatten().softmax(0).view_as(logits))),
    ("sigmoid", "You squash every logit by itself with the logistic function: softmax compares the answers, and adds up to one.",
     predicted(beginning, torch.sigmoid)),
    ("softmax_twice", "Your probabilities went through the softmax twice, which evens them out: once is enough.",
     predicted(beginning, lambda logits: logits.softmax(-1).softmax(-1))),
    ("log_probabilities", "You return logarithms of probabilities: softmax, without log, gives the probabilities themselves.",
     predicted(beginning, lambda logits: logits.log_softmax(-1))),
    ("overflow", "Your softmax fails for large logits, whose exp is infinite: torch.softmax subtracts the largest first.",
     predicted(beginning, exponentials)),
    ("answers_instead_of_probabilities", "You return the number of the likeliest answer: keep the probability of each.",
     predicted(beginning, lambda logits: logits.argmax(-1))),
    ("one_hot", "You return 1 for the likeliest answer and 0 for the others: keep the probability of each.",
     predicted(beginning, lambda logits: one_hot(logits.argmax(-1), logits.shape[-1]).float())),
    ("each_word_alone", "You show the model each word by itself: it must have read all the words up to there.",
     predicted(lambda model, x, t: model(x[t : t + 1]))),
    ("whole_sentence_each_time", "Every prediction of yours has seen the whole sentence: give the model the first t + 1 words only.",
     predicted(lambda model, x, t: model(x))),
    ("zeros_for_later_words", "You replace later words by zeros, which a model reads like any other word: give it the first t + 1 alone.",
     predicted(zeroed)),
    ("from_the_end", "You leave words out in front: keep the first t + 1 words and leave out the rest.",
     predicted(lambda model, x, t: model(x[t:]))),
    ("each_beginning_reversed", "You show the words of each beginning in reverse order: keep their order.",
     predicted(lambda model, x, t: model(x[: t + 1].flip(0)))),
    ("one_word_late", "Your entry t lacks word t: x[:t] ends before it, x[: t + 1] includes it.",
     predicted(lambda model, x, t: model(x[: max(t, 1)]))),
    ("one_word_early", "Your entry t has seen word t + 1 already: x[: t + 1] ends with word t.",
     predicted(lambda model, x, t: model(x[: t + 2]))),
):
    exercise.add_mistake(name, hint, function)
# fmt: on


@exercise.wrong
def along_the_batch(model, x):
    """You cut the batch, not the sentence: time is the first axis of x."""
    return predicted(lambda model, x, t: model(x[:, : t + 1]))(model, x)


@exercise.wrong
def rest_erased(model, x):
    """You erase later words in x itself, which belongs to the caller: give the model a part of x instead."""
    found = reading.prediction_after_each_word(model, x)
    x[1:] = 0
    return found


@exercise.wrong
def rest_erased_for_good(model, x):
    """You write zeros over later words in x itself, so they're gone when their turn comes: give the model x[: t + 1]."""
    rows = []
    for t in range(len(x)):
        x[t + 1 :] = 0
        rows.append(torch.softmax(model(x), dim=-1))
    return torch.stack(rows)


@exercise.right
def by_exponentials(model, x):
    rows = []
    for t in range(1, len(x) + 1):
        logits = model(x[:t])
        powers = torch.exp(logits - logits.max(dim=1, keepdim=True).values)
        rows.append(powers / powers.sum(dim=1, keepdim=True))
    return torch.stack(rows)


@exercise.right
def filled_in(model, x):
    last = model(x).softmax(-1).detach()
    found = last.new_zeros(len(x), *last.shape)
    for t in range(len(x)):
        found[t] = model(x[: t + 1]).softmax(-1).detach()
    return found


@exercise.right
def by_log_softmax(model, x):
    with torch.no_grad():
        return torch.stack([torch.log_softmax(model(x.narrow(0, 0, t)), -1).exp() for t in range(1, len(x) + 1)])


@exercise.right
def one_sentence_at_a_time(model, x):
    columns = [
        torch.stack([torch.softmax(model(x[: t + 1, n : n + 1]), dim=1)[0] for t in range(len(x))])
        for n in range(x.shape[1])
    ]
    return torch.stack(columns, dim=1)
