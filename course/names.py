"""Names that a small trained network makes up, letter by letter. NumPy alone: what unit 01 opens with.

The network is the plain recurrent one of unit 01, H = 128: h = tanh(W x + U h + b), with the letter x one-hot, and
logits V h + c for the next letter. ``python -m tools.train_names`` trained it and wrote its weights.
"""

import functools

import numpy as np

from course.data.names import ALPHABET, END, FILE, SYMBOLS, load_names

WEIGHTS = FILE.with_name("names-network.npz")
LONGEST = 12  # letters of a made-up name
Params = dict[str, np.ndarray]


@functools.cache
def shipped() -> Params:
    """The weights that come with the course: W (H, 27), U (H, H), b (H,), V (27, H), c (27,)."""
    with np.load(WEIGHTS) as file:
        return {name: file[name].astype(np.float64) for name in file.files}


def step(letters: np.ndarray, h: np.ndarray, params: Params) -> tuple[np.ndarray, np.ndarray]:
    """Read one letter each and say what may come next.

    Args:
        letters: (B,) numbers of symbols. h: (B, H) the old states. params: see ``shipped``.

    Returns:
        logits (B, 27) of the next letter, and the new states (B, H).
    """
    h = np.tanh(params["W"].T[letters] + h @ params["U"].T + params["b"])
    return h @ params["V"].T + params["c"], h


def next_letter(beginning: str) -> dict[str, float]:
    """How likely the shipped network finds each symbol after a beginning such as "mar"; "." is the end of the name.

    Raises:
        ValueError: for a beginning with anything but letters from a to z.
    """
    if strange := {*beginning.lower()} - {*ALPHABET}:
        raise ValueError(f"the network knows the letters from a to z, but not {', '.join(map(repr, sorted(strange)))}")
    params = shipped()
    logits, h = np.zeros((1, len(SYMBOLS))), np.zeros((1, len(params["b"])))
    for letter in END + beginning.lower():
        logits, h = step(np.array([SYMBOLS.index(letter)]), h, params)
    shares = np.exp(logits[0] - logits.max())
    return dict(sorted(zip(SYMBOLS, (shares / shares.sum()).tolist(), strict=True), key=lambda pair: -pair[1]))


def draw(count: int, temperature: float, rng: np.random.Generator, params: Params) -> list[str]:
    """Names that a network makes up, real ones and repetitions among them.

    Args:
        count: how many. temperature: divides the logits; below 1 the network is more careful, above 1 bolder.
        rng: where the chance comes from. params: see ``shipped``.

    Returns:
        names in lower case, of at most ``LONGEST`` letters, and maybe of none.
    """
    letters, h = np.zeros(count, dtype=int), np.zeros((count, len(params["b"])))
    made, open_still = [""] * count, np.ones(count, dtype=bool)
    for _ in range(LONGEST):
        logits, h = step(letters, h, params)
        # the largest of logits with such noise is a draw by their softmax
        letters = np.argmax(logits / temperature + rng.gumbel(size=logits.shape), axis=1)
        open_still &= letters > 0
        made = [name + SYMBOLS[n] * bool(o) for name, n, o in zip(made, letters, open_still, strict=True)]
    return made


def make_up(count: int = 12, temperature: float = 0.7, seed: int = 0) -> list[str]:
    """Names that nobody in the data set has, made up by the shipped network.

    Args:
        count: how many, at most 1000. temperature: above 0; near 0 the likeliest letters, above 1 wilder ones.
        seed: equal seeds give equal names.

    Returns:
        different names, each with a capital letter. None is in the data set, neither in training nor held out.

    Raises:
        ValueError: for a count or a temperature that cannot be; or if so few new names come at this temperature.
    """
    if not 1 <= count <= 1000 or not temperature > 0:
        raise ValueError("make_up wants a count from 1 to 1000 and a temperature above 0")
    known, rng, found = {*load_names("training"), *load_names("held-out")}, np.random.default_rng(seed), {}
    for _ in range(100):
        for name in draw(2 * count, temperature, rng, shipped()):
            if len(name) > 1 and name not in known:
                found[name.capitalize()] = None
        if len(found) >= count:
            return list(found)[:count]
    raise ValueError(f"at temperature {temperature} the network makes up fewer than {count} new names: raise it")
