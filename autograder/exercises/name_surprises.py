"""A name's surprise, letter by letter."""

import numpy as np
import torch

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import results
from autograder.exercises.families.writers import writer
from autograder.reference import names
from course.data.names import ALPHABET, SYMBOLS

exercise = Exercise(names.name_surprises, tensors=True)


def name_of(rng, length, letters=ALPHABET):
    return "".join(rng.choice([*letters], size=length))


@exercise.cases
def draw(rng):
    return {
        "a name": Case((writer(rng), name_of(rng, 6))),
        "another name": Case((writer(rng), name_of(rng, 9))),
        "one letter": Case((writer(rng), name_of(rng, 1))),
        "a letter again and again": Case((writer(rng), "l" * 5)),
        "with a and z": Case((writer(rng), "zaza" + name_of(rng, 3))),
        "a network that is very sure": Case((writer(rng, scale=400.0), name_of(rng, 5))),
    }


LN_2 = np.log(2)
NAMES = ("a name", "another name", "with a and z")
exercise.checks(
    values("the surprise of every letter, and of the mark at the end", *NAMES, weight=3),
    values("the surprise of the mark at the end", *NAMES, "one letter", part=lambda bits: bits[-1]),
    values("short names, and a letter again and again", "one letter", "a letter again and again"),
    values("a network that is very sure", "a network that is very sure", weight=0.5),
)


def logits_along(model, read, carry=True):
    """The logits after each of these numbers; ``carry``: whether the state is passed on."""
    state, found = None, []
    with torch.no_grad():
        for number in read:
            logits, new = model(torch.tensor([number]), state)
            state = new if carry else None
            found.append(logits[0].double())
    return torch.stack(found)


def numbers_of(name):
    return [SYMBOLS.index(letter) for letter in name]


def other(squash=lambda logits: logits.log_softmax(-1), unit=LN_2, carry=True, before=0, after=0, shift=0):
    """The right way but for one of its parts."""

    def wrong(model, name):
        numbers = [number + shift for number in numbers_of(name)]
        logs = squash(logits_along(model, [before, *numbers], carry))
        return (-logs[range(len(name) + 1), [*numbers, after]] / unit).numpy()

    return wrong


def probable(logits):
    return logits.softmax(-1)


for name, hint, function in (
    ("nats", "Your surprises are in nats: divide by ln 2, or use a logarithm to base 2.", other(unit=1.0)),
    ("times_ln_2", "You multiply by ln 2: to come from nats to bits, divide by it.", other(unit=1 / np.log(2))),
    ("base_ten", "Your logarithm is to base 10: bits need base 2.", other(unit=np.log(10))),
    ("wrong_sign", "Your surprises are negative: bits are minus the logarithm.", other(unit=-np.log(2))),
    (
        "probabilities",
        "You return probabilities: a surprise is minus their logarithm to base 2.",
        other(probable, unit=-1.0),
    ),
    ("one_minus_p", "You return 1 - p: a surprise is minus the logarithm of p, to base 2.", other(lambda a: probable(a) - 1, unit=1.0)),
    ("no_softmax", "You take logits for logarithms of probabilities: a softmax comes first.", other(lambda a: a)),
    ("softmax_twice", "You take the softmax twice: log_softmax wants the logits themselves.", other(lambda a: probable(a).log_softmax(-1))),
    ("state_not_carried", "Your network starts anew at every letter: pass on the state that it returned.", other(carry=False)),
    ("end_read_as_a", "Your network reads an a first: what it reads first is the mark, number 0.", other(before=1)),
    ("end_taken_for_a", "You end with the surprise of an a: a name ends with the mark, number 0.", other(after=1)),
):  # fmt: skip
    exercise.add_mistake(name, hint, function)


@exercise.wrong
def letters_counted_from_0(model, name):
    """Your a is number 0: in SYMBOLS the mark is 0, a is 1, and z is 26."""
    return other(shift=-1)(model, name)


@exercise.wrong
def the_letter_just_read(model, name):
    """You ask for the letter that the network has just read: it predicts the next one."""
    read = [0, *numbers_of(name)]
    return (-logits_along(model, read).log_softmax(-1)[range(len(read)), read] / np.log(2)).numpy()


@exercise.wrong
def overflow(model, name):
    """exp of large logits overflows in yours: log_softmax takes care of that."""
    return other(lambda a: (a.exp() / a.exp().sum(-1, keepdim=True)).log())(model, name)


exercise.add(
    results.changed_results(
        ("mark_missing", "The mark that ends the name is missing: N letters have N + 1 surprises.", lambda bits: bits[:-1]),
        ("first_missing", "The first letter is missing: the network predicts it after the mark alone.", lambda bits: bits[1:]),
        ("added_up", "You return one number for the whole name: return one for each letter.", lambda bits: bits.sum()),
        ("added_up_so_far", "You add the surprises up as you go: return each letter's own.", lambda bits: bits.cumsum()),
        ("backwards", "Your surprises are in reverse order.", lambda bits: bits[::-1].copy()),
    )
)  # fmt: skip


@exercise.right
def by_cross_entropy(model, name):
    bits, state, before = [], None, torch.zeros(1, dtype=torch.int64)
    for letter in name + ".":
        logits, state = model(before, state)
        before = torch.tensor([".abcdefghijklmnopqrstuvwxyz".find(letter)])
        bits.append(float(torch.nn.functional.cross_entropy(logits.detach(), before)) / np.log(2))
    return np.asarray(bits)


@exercise.right
def by_numpy(model, name):
    numbers = [ord(letter) - 96 for letter in name]
    logits = logits_along(model, [0, *numbers]).numpy()
    logs = logits - logits.max(1, keepdims=True)
    logs = logs - np.log(np.exp(logs).sum(1, keepdims=True))
    return -logs[np.arange(len(logs)), [*numbers, 0]] / np.log(2)


@exercise.right
def by_probabilities(model, name):
    numbers = np.array([*numbers_of(name), 0])
    logits = logits_along(model, np.append(0, numbers[:-1]))
    rows = torch.arange(len(numbers))
    return torch.logsumexp(logits, 1).sub(logits[rows, torch.from_numpy(numbers)]).numpy() * np.log2(np.e)
