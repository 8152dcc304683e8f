"""Networks that write names, as open models: random ones, and ones that can write one word only."""

import numpy as np

from autograder.sandbox.protocol.wire import ModelSpec
from course.data.names import SYMBOLS

K = len(SYMBOLS)
SURE = 60.0  # a logit that leaves the others no chance


def writer(rng, H=5, scale=2.0):
    """A random network, whose logits are as large as ``scale`` says."""
    weights = {"E": rng.normal(size=(K, H)), "U": rng.normal(size=(H, H)), "V": scale * rng.normal(size=(H, K))}
    return ModelSpec("writer", weights)


def endless(rng):
    """A random network that never writes the mark."""
    model = writer(rng)
    model.weights["E"][:, 0], model.weights["U"][:, 0], model.weights["V"][0, 0] = 20.0, 0.0, -SURE
    return model


def speller(word, closed=True):
    """A network that spells this word whatever it reads, by counting in its state; then the mark, if ``closed``.

    Unit t is on after t + 1 letters. The mark that is read at first turns unit 0 on, and each unit turns the next one on.
    """
    shown = [SYMBOLS.index(letter) for letter in word] + [0] * closed
    H = len(shown) + 1
    E, U, V = np.zeros((K, H)), np.zeros((H, H)), np.zeros((H, K))
    E[0, 0] = 20.0
    U[range(H - 1), range(1, H)] = 20.0
    U[H - 1, H - 1] = 20.0
    V[range(len(shown)), shown] = SURE
    V[H - 1, shown[-1]] = 2 * SURE  # it stays there
    return ModelSpec("writer", {"E": E, "U": U, "V": V})


def chain(word):
    """A network that looks at the last letter alone, and then writes the next one of this word, in which no letter comes twice."""
    numbers = [SYMBOLS.index(letter) for letter in word]
    V = np.zeros((K, K))
    V[[0, *numbers], [*numbers, 0]] = SURE
    return ModelSpec("writer", {"E": 20.0 * np.eye(K), "U": np.zeros((K, K)), "V": V})


def first_letter(letters, shares):
    """A network whose first letter is one of these with these chances, and which then ends. "." is a name that ends at once."""
    model = chain("")
    model.weights["V"][:, 0] = SURE
    model.weights["V"][0] = -SURE
    model.weights["V"][0, [SYMBOLS.index(letter) for letter in letters]] = np.log(shares)
    return model


def forked(word):
    """A network that writes the first letter of this word alone, or all others, each half of the time."""
    first, second, *rest = (SYMBOLS.index(letter) for letter in word)
    model = chain("")
    V = model.weights["V"]
    V[0] = -SURE
    V[0, [first, second]] = 0.0
    V[[first, second, *rest], [0, *rest, 0]] = SURE
    return model
