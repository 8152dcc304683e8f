"""The share of each word's state that the copy alone carries to the end."""

import numpy as np
import torch

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import results
from autograder.reference import reading

exercise = Exercise(reading.kept_to_the_end, tensors=True)

SIZES = {  # T, B, H
    "one sentence": (5, 1, 3),
    "a batch": (6, 3, 4),
    "as many words as sentences": (4, 4, 2),
    "as many words as units": (3, 2, 3),
    "as many sentences as units": (4, 3, 3),
    "three of everything": (3, 3, 3),
}
SHORT = {"one word": (1, 2, 3), "one of everything": (1, 1, 1)}


@exercise.cases
def draw(rng):
    cases = {
        name: Case((torch.from_numpy(rng.uniform(0.05, 0.95, size=size)),)) for name, size in (SIZES | SHORT).items()
    }
    edges = rng.uniform(0.05, 0.95, size=(4, 2, 3))
    edges[2, 0, 1], edges[1, 1, 0], edges[3, 0, 2], edges[3, 1, 2] = 0, 1, 0, 1
    return cases | {"gates of exactly 0 and 1": Case((torch.from_numpy(edges),))}


exercise.checks(
    values("the shares for one sentence", "one sentence", weight=2),
    values("the shares in a batch, and with equal sizes", *(name for name in SIZES if name != "one sentence")),
    values("gates of exactly 0 and 1", "gates of exactly 0 and 1", weight=0.5),
    values("one word: everything is still there", *SHORT, weight=0.5, property=True),
    values("the last entry is 1", *SIZES, part=lambda shares: shares[-1], weight=0.5, property=True),
    pure("a batch", weight=0.5),
)
exercise.add(
    results.time_first("share", "shares", "(T, B, H)"),
    results.overwrites(0, "z", lambda shares: shares),
)

kept = reading.kept_to_the_end


@exercise.wrong
def from_the_beginning(z):
    """You multiply from the first word up to word t: the question is what is still there at the end."""
    return torch.cumprod(1 - z, dim=0)


# fmt: off
for name, hint, function in (
    ("opened_instead_of_kept", "You multiply z: what is copied is the share 1 - z.", lambda z: kept(1 - z)),
    ("complement", "You return what is lost, one minus the share that is kept: return the product of 1 - z itself.",
     lambda z: 1 - kept(z)),
    ("word_itself_included", "You multiply by the gate of the word itself, too: entry t is about what comes after word t.",
     lambda z: kept(z) * (1 - z)),
    ("last_word_left_out",
     "Your products stop before the last word: entry t multiplies over all words after t, the last one among them.",
     lambda z: torch.stack([(1 - z[t + 1 : -1]).prod(dim=0) for t in range(len(z))])),
    ("last_word_counted_twice",
     "Your product starts from the last word's own share, which is then multiplied in again: start it from 1.",
     lambda z: kept(z) * (1 - z[-1])),
    ("complement_of_opened_but_the_last",
     "You return one minus the product of z, except for the last entry: what survives is the product of 1 - z.",
     lambda z: torch.cat([1 - kept(1 - z)[:-1], torch.ones_like(z[:1])])),
    ("shifted_too_far", "You skip the next word: entry t is the product over all words after t, and the next one is among them.",
     lambda z: torch.cat([kept(z)[1:], torch.ones_like(z[:1])])),
    ("from_before_the_beginning",
     "Yours is how much of the start is left before each word: ask how much of each word is left at the end.",
     lambda z: torch.cat([torch.ones_like(z[:1]), torch.cumprod(1 - z, dim=0)[:-1]])),
    ("added_up", "You add the shares up: what survives several words is their product.",
     lambda z: torch.cat([(1 - z).flip(0).cumsum(0).flip(0)[1:], torch.ones_like(z[:1])])),
    ("gates_added_up", "You add the gates up and subtract the sum from 1: what survives several words is the product of 1 - z.",
     lambda z: 1 - torch.cat([z.flip(0).cumsum(0).flip(0)[1:], torch.zeros_like(z[:1])])),
    ("next_word_only", "You look at the next word only: multiply over all words that follow.",
     lambda z: torch.cat([1 - z[1:], torch.ones_like(z[:1])])),
    ("own_gate_only", "You return 1 - z for each word by itself: multiply over all words that follow.",
     lambda z: 1 - z),
    ("whole_product_everywhere",
     "Every entry of yours is the product over the whole sentence: entry t multiplies over the words after t only.",
     lambda z: torch.prod(1 - z, dim=0).expand_as(z).clone()),
    ("first_sentence_for_all",
     "All sentences of a batch get the shares of the first one in yours: every sentence has gates of its own.",
     lambda z: kept(z[:, :1].expand_as(z))),
    ("last_entry_zero",
     "Your last entry is 0: nothing comes after the last word, so all of its state is still there, and the share is 1.",
     lambda z: torch.cat([kept(z)[:-1], torch.zeros_like(z[:1])])),
    ("last_entry_its_own_share",
     "Your last entry is 1 - z of the last word, the others are right: nothing comes after the last word, so it is 1.",
     lambda z: torch.cat([kept(z)[:-1], 1 - z[-1:]])),
    ("along_the_batch", "You multiply along the batch: time is the first axis.",
     lambda z: kept(z.transpose(0, 1)).transpose(0, 1)),
    ("along_the_units", "You multiply along the units: time is the first axis.",
     lambda z: kept(z.transpose(0, 2)).transpose(0, 2)),
    ("averaged", "You average over the units: every unit has a gate, and a share, of its own.",
     lambda z: kept(z).mean(dim=-1)),
    ("average_gate_first",
     "You average the gates over the units before you multiply: every unit has a gate, and a share, of its own.",
     lambda z: kept(z.mean(dim=-1, keepdim=True).expand_as(z))),
):
    exercise.add_mistake(name, hint, function)
# fmt: on


@exercise.wrong
def by_division(z):
    """You divide one product by another, which fails where a gate is 1 (zero by zero): multiply backwards from the end."""
    so_far = torch.cumprod(1 - z, dim=0)
    return so_far[-1] / so_far


@exercise.wrong
def by_logarithms(z):
    """Your shares are not a number (nan) where a later gate is 1: its share 1 - z is 0, and the product is simply 0."""
    later = torch.cat([torch.log(1 - z[1:]), torch.zeros_like(z[:1])])
    total = later.sum(0)
    return torch.exp(total - (later.cumsum(0) - later))


@exercise.right
def by_cumprod(z):
    later = torch.cat([1 - z[1:], torch.ones_like(z[:1])])
    return later.flip(0).cumprod(0).flip(0)


@exercise.right
def by_prod(z):
    return torch.stack([(1 - z[t + 1 :]).prod(dim=0) for t in range(len(z))])


@exercise.right
def filled_in(z):
    shares = torch.ones_like(z)
    for t in range(len(z) - 2, -1, -1):
        shares[t] = shares[t + 1] * (1 - z[t + 1])
    return shares


@exercise.right
def by_numpy(z):
    later = np.concatenate([1 - z.numpy()[1:], np.ones_like(z[:1])])
    return np.multiply.accumulate(later[::-1])[::-1].copy()
