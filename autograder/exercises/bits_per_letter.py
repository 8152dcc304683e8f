"""How many bits a network needs per letter: logarithm to base 2, softmax, and what counts."""

import numpy as np
import torch

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.reference import names

exercise = Exercise(names.bits_per_letter, tensors=True)


def batch(rng, T, B, K, scale=2.0, lengths=None):
    """Logits, and letters with names of different lengths: one goes to the end, the others stop before."""
    lengths = [T, *rng.integers(1, T, size=B - 1)] if lengths is None else lengths
    y = rng.integers(K, size=(T, B))
    y[np.arange(T)[:, None] >= np.array(lengths)] = -1
    return torch.from_numpy(scale * rng.normal(size=(T, B, K))), torch.from_numpy(y)


def with_favourites(rng, T, B, K, size, right):
    """Logits so large that exp overflows or underflows, for the letters that came, or for others."""
    logits, y = batch(rng, T, B, K)
    favourites = torch.where(y < 0, 0, y if right else (y + 1) % K)
    return logits + size * torch.nn.functional.one_hot(favourites, K), y


@exercise.cases
def draw(rng):
    return {
        "names of different lengths": Case(batch(rng, 6, 5, 7)),
        "names of one length": Case(batch(rng, 4, 3, 5, lengths=[4, 4, 4])),
        "one name": Case(batch(rng, 5, 1, 6)),
        "one letter": Case(batch(rng, 1, 1, 4, lengths=[1])),
        "all sizes alike": Case(batch(rng, 4, 4, 4)),
        "equal logits": Case((torch.full((3, 2, 8), 1.5, dtype=torch.float64), batch(rng, 3, 2, 8)[1])),
        "certain": Case(with_favourites(rng, 4, 3, 5, 900.0, right=True)),
        "very sure of other letters": Case(with_favourites(rng, 4, 3, 5, 900.0, right=False)),
    }


exercise.checks(
    values("bits per letter of names of different lengths", "names of different lengths", "all sizes alike", weight=3),
    values("bits per letter of names of one length", "names of one length", "one name", "one letter", weight=2),
    values("log2(K) where all letters are equally likely", "equal logits", property=True),
    values("logits too large for exp", "certain", "very sure of other letters"),
    pure("names of different lengths", weight=0.5),
)


def parts(logits, y):
    """Bits for every place (T, B), whatever stands there, and the places that count."""
    at = torch.where(y < 0, 0, y)
    return -torch.log_softmax(logits, -1).gather(2, at[..., None])[..., 0] / np.log(2), y >= 0


def mistake(name, hint, of):
    exercise.add_mistake(name, hint, lambda logits, y: float(of(logits, y)))


def per_part(axis):
    """The mean over one axis first, then over the other: a mean of means."""

    def of(logits, y):
        bits, counted = parts(logits, y)
        return ((bits * counted).sum(axis) / counted.sum(axis)).mean()

    return of


for name, hint, of in (
    ("nats", "Your result is in nats: a bit is a logarithm to base 2, so divide by ln 2.", lambda logits, y: parts(logits, y)[0][y >= 0].mean() * np.log(2)),
    ("times_ln_2", "You multiply by ln 2: to come from nats to bits, divide by it.", lambda logits, y: parts(logits, y)[0][y >= 0].mean() * np.log(2) ** 2),
    ("base_ten", "Your logarithm is to base 10: bits need base 2.", lambda logits, y: parts(logits, y)[0][y >= 0].mean() * np.log10(2)),
    ("wrong_sign", "Your sign is wrong: the logarithm of a probability is negative, and bits are minus that.", lambda logits, y: -parts(logits, y)[0][y >= 0].mean()),
    ("added_up", "You add the bits of all letters up: take the mean.", lambda logits, y: parts(logits, y)[0][y >= 0].sum()),
    ("per_name", "You divide by the number of names: divide by the number of letters that count, the marks at the ends included.", lambda logits, y: parts(logits, y)[0][y >= 0].sum() / y.shape[1]),
    ("per_step", "You divide by the number of steps T: divide by the number of letters that count in all names.", lambda logits, y: parts(logits, y)[0][y >= 0].sum() / len(y)),
    ("divided_by_all_places", "You add up only what counts, but divide by all T times B places: divide by the number of letters that count.", lambda logits, y: parts(logits, y)[0][y >= 0].sum() / y.numel()),
    ("past_the_end_counts", "What lies past the end of a name counts in yours as the mark, number 0: leave out all places where y is -1.", lambda logits, y: parts(logits, y)[0].mean()),
    ("minus_one_as_an_index", "What lies past the end counts in yours as the last letter, since index -1 means the last: leave out all places where y is -1.", lambda logits, y: parts(logits, torch.where(y < 0, logits.shape[2] - 1, y))[0].mean()),
    ("mark_left_out", "You leave out letter 0, the mark that ends a name: only -1 does not count.", lambda logits, y: parts(logits, y)[0][y > 0].mean() if (y > 0).any() else 0.0),
    ("mean_of_names", "You take the mean of each name first, then of the names: so letters of short names count more. Every letter counts once.", per_part(0)),
    ("mean_of_steps", "You take the mean of each step first, then of the steps: so letters of long names count more. Every letter counts once.", per_part(1)),
    ("no_softmax", "You take the logits for logarithms of probabilities: a softmax comes first.", lambda logits, y: -logits[y >= 0].gather(1, y[y >= 0][:, None]).mean() / np.log(2)),
    ("softmax_twice", "You take the softmax twice: cross_entropy and log_softmax want the logits themselves.", lambda logits, y: parts(logits.softmax(-1), y)[0][y >= 0].mean()),
    ("softmax_over_names", "Your softmax runs over the names of the batch: it runs over the K letters, the last axis.", lambda logits, y: -(logits.log_softmax(1)[y >= 0].gather(1, y[y >= 0][:, None])).mean() / np.log(2)),
    ("softmax_over_steps", "Your softmax runs over the steps: it runs over the K letters, the last axis.", lambda logits, y: -(logits.log_softmax(0)[y >= 0].gather(1, y[y >= 0][:, None])).mean() / np.log(2)),
    ("log_of_the_mean", "You average the probabilities and then take the logarithm: take the logarithm of each, then average.", lambda logits, y: -(torch.exp2(-parts(logits, y)[0][y >= 0]).mean().log2())),
    ("perplexity", "You return 2 to the power of the bits, the perplexity: return the bits.", lambda logits, y: torch.exp2(parts(logits, y)[0][y >= 0].mean())),
    ("entropy", "You measure how unsure the network is, its entropy, whatever came: take the probability of the letter that did come.", lambda logits, y: -(logits.softmax(-1) * logits.log_softmax(-1))[y >= 0].sum(-1).mean() / np.log(2)),
    ("overflow", "exp of large logits overflows in yours: log_softmax and cross_entropy take care of that.", lambda logits, y: -(logits.exp() / logits.exp().sum(-1, keepdim=True))[y >= 0].gather(1, y[y >= 0][:, None]).log2().mean()),
    ("small_number_added", "You add a small number before the logarithm, which bounds what a surprise can cost: log_softmax needs none.", lambda logits, y: -(logits.softmax(-1)[y >= 0].gather(1, y[y >= 0][:, None]) + 1e-8).log2().mean()),
):  # fmt: skip
    mistake(name, hint, of)


@exercise.wrong
def one_per_place(logits, y):
    """You return one number per letter: average them to one float."""
    bits, counted = parts(logits, y)
    return bits[counted]


@exercise.wrong
def marks_written_into_y(logits, y):
    """You write into y, which belongs to the caller: make a new tensor, by torch.where, y.clone() or a mask."""
    bits, counted = parts(logits, y)
    y[y < 0] = 0
    return bits[counted].mean().item()


@exercise.right
def by_cross_entropy(logits, y):
    loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten(), ignore_index=-1)
    return loss.item() / np.log(2)


@exercise.right
def by_loop(logits, y):
    bits = []
    for t, column in np.ndindex(*y.shape):
        if y[t, column] >= 0:
            row = logits[t, column]
            bits.append(float(torch.logsumexp(row, 0) - row[y[t, column]]))
    return sum(bits) / len(bits) / float(np.log(2))


@exercise.right
def by_numpy(logits, y):
    a, letters = logits.numpy(), y.numpy()
    a = a - a.max(axis=-1, keepdims=True)
    logs = a - np.log(np.exp(a).sum(axis=-1, keepdims=True))
    counted = letters != -1
    return float(-np.log2(np.e) * logs[counted, letters[counted]].mean())


@exercise.right
def by_one_hot(logits, y):
    marked = (y[..., None] == torch.arange(logits.shape[2])).to(logits.dtype)
    logs = torch.log_softmax(logits, -1) / torch.log(torch.tensor(2.0, dtype=logits.dtype))
    return -(logs * marked).sum().item() / marked.sum().item()
