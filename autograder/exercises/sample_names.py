"""Names that a network makes up: what is fed back, how a letter is drawn, where a name ends, where the chance comes from."""

import numpy as np
import torch

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import batches, made_up_names, results
from autograder.exercises.families.batches import generator
from autograder.exercises.families.made_up_names import SHARES, view_names
from autograder.exercises.families.writers import chain, endless, first_letter, forked, speller, writer
from autograder.reference import names
from course.data.names import ALPHABET, SYMBOLS

exercise = Exercise(names.sample_names, tensors=True, view=view_names)
MANY, TWICE = 3000, ("temperature 1", "temperature 2", "temperature 0.5")


@exercise.cases
def draw(rng):
    """Arguments: rng, model, count, temperature, longest."""
    letters = rng.permutation([*ALPHABET])
    five, four, three = "".join(letters[:5]), "".join(letters[5:9]), "".join(letters[9:13])
    free, again = writer(rng, scale=0.3), generator(rng)
    cases = {
        "a word spelt by the state": Case((generator(rng), speller("lo" + five), 3, 1.0, 20)),
        "a word spelt by its letters": Case((generator(rng), chain(five), 3, 1.0, 20)),
        "a name without an end": Case((generator(rng), speller(four, closed=False), 3, 1.0, 7)),
        "a name without an end, and no limit given": Case((generator(rng), speller(five, closed=False), 2, 1.0)),
        "a short name and a long one": Case((generator(rng), forked(three), 60, 1.0, 9)),
        "nearly no temperature": Case((generator(rng), endless(rng), 3, 1e-3, 6)),
        "a generator": Case((again, free, 30, 1.0, 8)),
        "an equal generator": Case((again, free, 30, 1.0, 8)),
        "another generator": Case((generator(rng), free, 30, 1.0, 8)),
    }
    for name in TWICE:
        chosen = [".", *rng.choice([*ALPHABET], size=len(SHARES) - 1, replace=False)]
        model = first_letter(list(rng.permutation(chosen)), SHARES)
        cases[name] = Case((generator(rng), model, MANY, float(name.split()[1]), 2))
    return cases


SPELT = ("a word spelt by the state", "a word spelt by its letters")
CUT = ("a name without an end", "a name without an end, and no limit given")


def of(*facts):
    return lambda made: [made[fact] for fact in facts]


exercise.checks(
    values("letters drawn with the network's own chances, at temperature 1", "temperature 1", part=of("shares"), weight=2),
    values("temperatures above and below 1", *TWICE[1:], part=of("shares"), weight=2),
    values("nearly no temperature", "nearly no temperature", part=of("names"), weight=0.5),
    values("each letter and each state goes back into the network", *SPELT, part=of("names"), weight=2),
    values("a name ends at its own mark", "a short name and a long one", part=of("names"), weight=1.5),
    values("a name ends where it is long enough", *CUT, part=of("names")),
    values("a list of strings, as many as were asked for", *TWICE, *CUT, part=of("kind", "how many"), property=True),
)  # fmt: skip
exercise.add(batches.chance_checks)


def by_row(rng, shares):
    return (shares.cumsum(1) < rng.random((len(shares), 1)) * shares.sum(1, keepdims=True)).sum(1)


def softmax(logits, temperature):
    return torch.softmax(logits.detach().double() / temperature, -1).numpy()


def drawn(rng, model, count, temperature, longest=20, pick=by_row, shares=softmax, carry=True, feed=True, more=0):
    """(longest, count) numbers, drawn on and on; a part may be replaced."""
    letters, state, rows = torch.zeros(count, dtype=torch.int64), None, []
    for _ in range(longest + more):
        logits, new = model(letters, state)
        rows.append(pick(rng, shares(logits, temperature)))
        state = new if carry else None
        letters = torch.from_numpy(rows[-1]) if feed else letters
    return np.array(rows)


def spelt(rows, symbols=SYMBOLS):
    return ["".join(symbols[n] for n in row).split(".")[0] for row in rows.T]


def wrong(name, hint, finish=spelt, **parts):
    exercise.add_mistake(name, hint, lambda *args: finish(drawn(*args, **parts)))


def up_to_the_first_end(rows):
    ends = np.flatnonzero((rows == 0).any(axis=1))
    return spelt(rows[: ends[0]] if len(ends) else rows)


for name, hint, parts in (
    ("temperature_multiplied", "You multiply the logits by the temperature: divide them by it.", dict(shares=lambda a, T: softmax(a, 1 / T))),
    ("temperature_ignored", "Your temperature changes nothing: divide the logits by it, before the softmax. Probabilities that are all divided by one number keep their shares.", dict(shares=lambda a, T: softmax(a, 1))),
    ("temperature_squared", "Your temperature acts twice: divide the logits by it once.", dict(shares=lambda a, T: softmax(a, T**2))),
    ("likeliest_letter", "You always take the likeliest letter: draw, with the probabilities of the softmax.", dict(pick=lambda rng, p: p.argmax(1) + 0 * rng.integers(2))),
    ("all_letters_alike", "You draw every letter with equal chances: draw with the probabilities of the softmax.", dict(pick=lambda rng, p: rng.integers(len(SYMBOLS), size=len(p)))),
    ("one_draw_for_all", "All names of a call get the same draw: each name draws its own letters.", dict(pick=lambda rng, p: (p.cumsum(1) < rng.random()).sum(1).clip(max=26))),
    ("state_not_carried", "Your network starts anew at every letter: pass on the state that it returned.", dict(carry=False)),
    ("letter_not_read", "Your network reads the mark at every step: it should read the letter that was just drawn.", dict(feed=False)),
    ("marks_kept", "The mark stands in your names: it ends a name, and is no part of it.", dict(finish=lambda rows: ["".join(SYMBOLS[n] for n in row).partition(".")[0] + "." * (0 in row) for row in rows.T])),
    ("goes_on_after_the_mark", "Your names go on after their mark: what is drawn after it belongs to no name.", dict(finish=lambda rows: ["".join(SYMBOLS[n] for n in row).replace(".", "") for row in rows.T])),
    ("ends_with_the_first", "All your names end as soon as one of them does: each ends at its own mark.", dict(finish=up_to_the_first_end)),
    ("letters_counted_from_0", "Your a is number 0: in SYMBOLS the mark is 0, a is 1, and z is 26.", dict(finish=lambda rows: spelt(rows, ".bcdefghijklmnopqrstuvwxyza"))),
    ("last_letter_missing", "The last letter of your names is missing.", dict(finish=lambda rows: [made[:-1] for made in spelt(rows)])),
    ("empty_names_left_out", "You leave out names that ended at once: an empty string is a result, too, so that there are count of them.", dict(finish=lambda rows: [made for made in spelt(rows) if made])),
    ("each_name_once", "You return each name once: return all that were drawn, count of them.", dict(finish=lambda rows: sorted({*spelt(rows)}))),
    ("capitals", "Your names begin with a capital: leave the letters as they stand in SYMBOLS.", dict(finish=lambda rows: [made.title() for made in spelt(rows)])),
    ("numbers", "You return numbers: make letters of them, by SYMBOLS.", dict(finish=lambda rows: [[int(n) for n in row] for row in rows.T])),
    ("one_letter_fewer", "Your names stop one letter before longest.", dict(more=-1)),
    ("one_letter_more", "Your names may have one letter more than longest.", dict(more=1)),
    ("longest_ignored", "Your names go on beyond longest letters: stop there, or a network that never writes the mark runs for ever.", dict(more=40)),
    ("overflow", "exp of logits divided by a small temperature overflows in yours: torch.softmax takes care of that.", dict(shares=lambda a, T: (a.detach() / T).exp().numpy() / (a.detach() / T).exp().sum(-1, keepdim=True).numpy())),
):  # fmt: skip
    wrong(name, hint, **parts)
exercise.add(made_up_names.chance_mistakes, results.changed_results(("one_string", "You return one string with all names: return a list of strings.", " ".join)))  # fmt: skip


@exercise.right
def with_noise(rng, model, count, temperature, longest=20):
    return spelt(drawn(rng, model, count, temperature, longest, lambda rng, p: np.argmax(np.log(p + 1e-300) + rng.gumbel(size=p.shape), 1)))  # fmt: skip


@exercise.right
def all_to_the_end(rng, model, count, temperature, longest=20):
    return spelt(drawn(rng, model, count, temperature, longest))


@exercise.right
def one_name_at_a_time(rng, model, count, temperature, longest=20):
    def one():
        letter, state, name = 0, None, ""
        while len(name) < longest:
            logits, state = model(torch.tensor([letter]), state)
            letter = int(rng.choice(27, p=softmax(logits, temperature)[0]))
            if not letter:
                break
            name += SYMBOLS[letter]
        return name

    return [one() for _ in range(count)]
