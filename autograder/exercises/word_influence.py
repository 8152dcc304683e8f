"""How much each word moves the logit of an answer."""

import numpy as np
import torch

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import results
from autograder.exercises.prediction_after_each_word import open_model
from autograder.reference import reading
from autograder.sandbox.protocol.models import MODELS

exercise = Exercise(reading.word_influence, tensors=True)

SIZES = {  # T, B, D, K
    "one sentence": (5, 1, 3, 4),
    "a batch": (6, 3, 2, 4),
    "one word": (1, 2, 3, 5),
    "as many words as sentences": (3, 3, 2, 4),
    "as many sentences as columns": (5, 3, 3, 4),
    "as many words as columns": (3, 2, 3, 4),
    "as many sentences as answers": (5, 3, 2, 3),
    "four of everything": (4, 4, 4, 4),
}


@exercise.cases
def draw(rng):
    """The answers asked about: never the one with the largest logit, which some mistakes take; in a batch, different ones."""
    cases = {}
    for name, (T, B, D, K) in SIZES.items():
        model, x = open_model(rng, D, K), torch.from_numpy(rng.normal(size=(T, B, D)))
        ranks = MODELS[model.kind](model.weights)(x).detach().argsort(dim=-1)  # the largest logit comes last
        options = [[int(k) for k in row[:-1]] for row in ranks]
        answer = [options[0][0]]
        for row in options[1:]:
            answer.append(next((k for k in row if k not in answer), row[0]))
        cases[name] = Case((model, x, torch.tensor(answer)))
    model, x = open_model(rng, 2, 4), torch.from_numpy(rng.normal(size=(4, 3, 2)))
    return cases | {
        "two sentences with the same answer": Case((model, x, torch.tensor([2, 0, 2]))),
        "the same in another order": Case((model, x.flip(1), torch.tensor([2, 0, 2]))),
        "a word that counts for nothing": _without_a_word(rng),
        "one of everything": Case(
            (open_model(rng, 1, 1), torch.from_numpy(rng.normal(size=(1, 1, 1))), torch.tensor([0]))
        ),
    }


def _without_a_word(rng):
    """A model that multiplies by zeros: no word moves any logit, and the norm of a zero gradient is 0."""
    model = open_model(rng, 2, 3)
    model.weights["V"] = np.zeros_like(model.weights["V"])
    return Case((model, torch.from_numpy(rng.normal(size=(3, 2, 2))), torch.tensor([1, 2])))


BATCHES = (
    "a batch",
    "one word",
    "as many words as sentences",
    "as many sentences as columns",
    "as many words as columns",
)
exercise.checks(
    values("the influence of the words of one sentence", "one sentence", weight=2),
    values("the influences in a batch", *BATCHES),
    values(
        "each answer's own logit",
        "four of everything",
        "as many sentences as answers",
        "two sentences with the same answer",
        "the same in another order",
    ),
    values(
        "words that count for nothing, and one of everything",
        "a word that counts for nothing",
        "one of everything",
        weight=0.5,
        property=True,
    ),
    pure("a batch", "one sentence", weight=0.5),
)


def gradients(model, x, answer, chosen=None):
    """The gradient of the sum of some numbers (by default the answers' own logits) at every word, (T, B, D)."""
    x = x.clone().requires_grad_()
    logits = model(x)
    picked = chosen(logits) if chosen else logits.gather(1, answer[:, None])
    return torch.autograd.grad(picked.sum(), x)[0]


def measured(measure):
    """Another measure of the right gradients."""
    return lambda model, x, answer: measure(gradients(model, x, answer))


def asked(chosen):
    """The right measure of the gradient of something else: ``chosen(logits, answer)``."""
    return lambda model, x, answer: gradients(model, x, answer, lambda logits: chosen(logits, answer)).norm(dim=-1)


# fmt: off
for name, hint, function in (
    ("squared", "You forget the square root: the norm of a vector is the root of the sum of its squares.",
     measured(lambda g: g.square().sum(dim=-1))),
    ("added_up", "You add the gradient's columns up, where plus and minus cancel: take its norm.",
     measured(lambda g: g.sum(dim=-1))),
    ("sum_without_sign", "You take the absolute value of the columns' sum, where plus and minus cancel: take the norm.",
     measured(lambda g: g.sum(dim=-1).abs())),
    ("absolute_values", "You add up absolute values: the norm meant here is the root of the sum of squares.",
     measured(lambda g: g.abs().sum(dim=-1))),
    ("mean_square", "You average over the columns: the norm adds the squares up.",
     measured(lambda g: g.square().mean(dim=-1).sqrt())),
    ("largest_column", "You take the largest column: the norm takes all of them.",
     measured(lambda g: g.abs().amax(dim=-1))),
    ("over_the_wrong_axis", "Your norm runs over the batch: it runs over the columns of a word, and leaves (T, B).",
     measured(lambda g: g.norm(dim=1))),
    ("over_the_words", "Your norm runs over the words: it runs over the columns of a word, and leaves (T, B).",
     measured(lambda g: g.norm(dim=0))),
    ("over_batch_and_columns",
     "Your norm runs over batch and columns together: each sentence's words have an influence of their own, (T, B).",
     measured(lambda g: g.norm(dim=(1, 2)))),
    ("over_batch_and_columns_repeated",
     "All sentences of a batch get the same influences in yours, the norm over all of them: take it for each sentence.",
     measured(lambda g: g.norm(dim=(1, 2))[:, None].expand(-1, g.shape[1]).clone())),
    ("one_number", "You return a single norm of everything: there is one per word and sentence, (T, B).",
     measured(lambda g: g.norm())),
    ("not_a_norm", "You return the gradient itself: take its norm over the D columns.", measured(lambda g: g)),
    ("normalised_over_words", "You scale the influences so that they add up to one: leave them as they are.",
     measured(lambda g: g.norm(dim=-1) / g.norm(dim=-1).sum(dim=0))),
    ("averaged_over_the_batch",
     "You divide by the size of the batch: sum the logits, or one example's influence depends on how many there are.",
     measured(lambda g: g.norm(dim=-1) / g.shape[1])),
    ("batch_first", "Your result is (B, T): it should be (T, B), time first, like x.",
     measured(lambda g: g.norm(dim=-1).T)),
    ("all_logits", "You ask about the sum of all logits: pick the logit of the answer asked about.",
     asked(lambda logits, answer: logits)),
    ("largest_logit", "You ask about the largest logit: the answer asked about may be another one.",
     asked(lambda logits, answer: logits.amax(dim=-1))),
    ("every_answer_for_everyone",
     "In a batch you ask each sentence about all the answers of the batch: logits[:, answer] is (B, B). Each has its own.",
     asked(lambda logits, answer: logits[:, answer])),
    ("first_answer_for_all", "You ask about the first example's answer in all examples: each has its own.",
     asked(lambda logits, answer: logits[:, answer[0]])),
    ("first_logit", "You ask about the logit number 0 for every sentence: pick the one of the answer asked about.",
     asked(lambda logits, answer: logits[:, 0])),
    ("rows_for_answers", "You use the answers as numbers of sentences: they choose among the logits of each sentence, along the last axis.",
     asked(lambda logits, answer: logits[answer])),
    ("probability", "You go back from the probability: the influence is that on the logit, before any softmax.",
     asked(lambda logits, answer: torch.softmax(logits, dim=-1).gather(1, answer[:, None]))),
    ("log_probability", "You go back from the loss, or from a log-probability: the influence is that on the answer's logit alone.",
     asked(lambda logits, answer: torch.log_softmax(logits, dim=-1).gather(1, answer[:, None]))),
    ("mean_loss", "You go back from the mean loss of the batch: the influence is that on each answer's logit alone.",
     asked(torch.nn.functional.cross_entropy)),
    ("times_the_word", "You multiply the gradient by the word: that is another measure; take the norm of the gradient alone.",
     lambda model, x, answer: (gradients(model, x, answer) * x).norm(dim=-1)),
    ("times_the_word_without_sign",
     "You multiply the gradient by the word, add up and take the absolute value: the norm of the gradient alone is meant.",
     lambda model, x, answer: (gradients(model, x, answer) * x).sum(dim=-1).abs()),
    ("norm_of_the_words", "You return the norms of the words themselves: the influence is the norm of the gradient at each word.",
     lambda model, x, answer: x.norm(dim=-1)),
):
    exercise.add_mistake(name, hint, function)
# fmt: on


@exercise.wrong
def by_leaving_out(model, x, answer):
    """You measure how much the logit changes when a word is zeroed: the influence is a gradient, about small changes."""
    rows = torch.arange(len(answer))
    whole = model(x)[rows, answer]
    influences = []
    for t in range(len(x)):
        part = x.clone()
        part[t] = 0
        influences.append((whole - model(part)[rows, answer]).abs())
    return torch.stack(influences)


@exercise.wrong
def words_changed(model, x, answer):
    """You leave x changed: other numbers, made to gather gradients, or with a gradient in x.grad. Work on x.detach().clone()."""
    found = reading.word_influence(model, x, answer)
    x.requires_grad_()
    return found


# fmt: off
exercise.add(
    results.changed_results(
        ("single_precision", "Your result is in single precision (float32): keep the precision of the words.",
         lambda found: found.float()),
        ("squeezed", "An axis of length 1 has disappeared from your result: it is always (T, B).",
         lambda found: found.squeeze()),
        ("list_of_words", "You return a list: torch.stack makes one tensor (T, B) of it.", list),
    )
)
# fmt: on


@exercise.right
def by_backward(model, x, answer):
    x = x.detach().clone()
    x.requires_grad = True
    model(x).gather(1, answer[:, None]).sum().backward()
    return x.grad.square().sum(dim=2).sqrt()


@exercise.right
def one_sentence_at_a_time(model, x, answer):
    columns = []
    for n in range(x.shape[1]):
        words = x[:, n : n + 1].clone().requires_grad_(True)
        (slope,) = torch.autograd.grad(model(words)[0, answer[n]], words)
        columns.append(torch.linalg.vector_norm(slope[:, 0], dim=-1))
    return torch.stack(columns, dim=1)


@exercise.right
def by_a_mask(model, x, answer):
    def asked_for(words):
        logits = model(words)
        mask = torch.nn.functional.one_hot(answer, logits.shape[1]).to(logits.dtype)
        return (logits * mask).sum()

    return torch.autograd.functional.jacobian(asked_for, x).norm(p=2, dim=2)


@exercise.right
def by_weighted_outputs(model, x, answer):
    leaf = torch.tensor(x.numpy(), requires_grad=True)
    logits = model(leaf)
    weights = torch.zeros_like(logits)
    weights[range(len(answer)), answer] = 1.0
    logits.backward(weights)
    return torch.as_tensor(leaf.grad).pow(2).sum(-1) ** 0.5
