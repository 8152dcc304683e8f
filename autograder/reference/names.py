"""Reference solutions of unit 11: names letter by letter, and a recurrent cell whose gates do not look at the state."""

from collections.abc import Callable, Sequence

import numpy as np
import torch

from autograder.reference import Array, Params
from autograder.reference.rnn import sigmoid
from course.data.names import PAST_THE_END, SYMBOLS

Writer = Callable[..., tuple[torch.Tensor, torch.Tensor]]  # (letters (B,), state or None) -> logits (B, 27), new state


def name_batches(rng: np.random.Generator, names: Sequence[str], size: int) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """One pass through the names in random order, in batches of letters as numbers.

    A symbol's number is its place in ``SYMBOLS``: the mark "." is 0, a is 1, z is 26. The network reads the mark first and then
    the letters; it has to predict the letters and then the mark. So for "ann" it reads ". a n n" and predicts "a n n .".
    Shorter names in a batch are filled up behind: 0 in x, and ``PAST_THE_END`` (-1) in y, which no loss counts.

    Args:
        rng: a ``numpy.random.Generator``, the only source of chance.
        names: N strings of letters from a to z; every one occurs exactly once. size: how many names make a batch; the last
            batch may have fewer.

    Returns:
        list of pairs (x, y) of torch tensors, int64, both (T, B), time first. In every batch, T is the number of letters of its own
        longest name, plus 1.
    """
    order, batches = rng.permutation(len(names)), []
    for start in range(0, len(names), size):
        chosen = [names[n] for n in order[start : start + size]]
        T = max(len(name) for name in chosen) + 1
        x = torch.zeros(T, len(chosen), dtype=torch.int64)
        y = torch.full((T, len(chosen)), PAST_THE_END)
        for column, name in enumerate(chosen):
            letters = torch.tensor([SYMBOLS.index(letter) for letter in name])
            x[1 : len(name) + 1, column] = letters
            y[: len(name), column] = letters
            y[len(name), column] = 0
        batches.append((x, y))
    return batches


def bits_per_letter(logits: torch.Tensor, y: torch.Tensor) -> float:
    r"""How many bits a network needs for each letter: the mean of $-\log_2 p(\text{letter})$, where $p$ is the softmax of its logits.

    Every letter counts once, and so does the mark that ends a name. What lies past the end of a name does not count at all.

    Args:
        logits: (T, B, K), of any size. y: (T, B) int64, the letters that came, or -1 past the end of a name.

    Returns:
        a float. 0 where every letter was certain; log2(K) where all K were equally likely.
    """
    logs = torch.log_softmax(logits, dim=-1)
    counted = y >= 0
    own = logs[counted].gather(1, y[counted][:, None])
    return -own.mean().item() / float(np.log(2))


def sample_names(
    rng: np.random.Generator, model: Writer, count: int, temperature: float, longest: int = 20
) -> list[str]:
    r"""Names that a network makes up, letter by letter.

    The model first reads the mark, number 0, with ``None`` as its state. Then it reads each letter that was drawn, with
    the state that it returned before. The next letter is drawn with the probabilities $\text{softmax}(\text{logits} / \text{temperature})$;
    the mark ends a name.

    Args:
        rng: a ``numpy.random.Generator``, the only source of chance.
        model: called as ``model(letters, state)`` with letters (B,) int64; it returns logits (B, 27) and the new state.
        count: how many names. temperature: above 0.
        longest: a name that has so many letters ends there.

    Returns:
        list of ``count`` strings without any mark. A name may be empty: that is one that ended at once.
    """
    letters, state = torch.zeros(count, dtype=torch.int64), None
    written, done = [""] * count, np.zeros(count, dtype=bool)
    for _ in range(longest):
        with torch.no_grad():
            logits, state = model(letters, state)
        shares = torch.softmax(logits.double() / temperature, dim=-1).numpy()
        drawn = np.array([rng.choice(len(row), p=row) for row in shares])
        done |= drawn == 0
        for n in np.flatnonzero(~done):
            written[n] += SYMBOLS[drawn[n]]
        letters = torch.from_numpy(drawn)
        if done.all():
            break
    return written


def min_gru(x: Array, h0: Array, params: Params) -> Array:
    r"""The states of a minimal GRU along a whole sequence, without a loop over its steps.

    Neither the gate nor the candidate looks at the state: $z_t = \sigma(W_z x_t + b_z)$, $\tilde h_t = W_h x_t + b_h$,
    $h_t = (1 - z_t) \odot h_{t-1} + z_t \odot \tilde h_t$.
    With $a_t = 1 - z_t$ and $b_t = z_t \odot \tilde h_t$, a step is $h_t = a_t \odot h_{t-1} + b_t$. Two such steps are one of the same kind,
    so that $\log_2 T$ rounds are enough: in the round with shift s = 1, 2, 4, ..., while s < T, every t of at least s joins
    what it has with what t - s had: $b_t + a_t \odot b_{t-s}$ and $a_t \odot a_{t-s}$, all t at once.

    Args:
        x: (T, B, D) inputs, time first. h0: (B, H) the state before the first step.
        params: dict with W_z, W_h (H, D), b_z, b_h (H,).

    Returns:
        (T, B, H) all states after each step, a new array. Finite also where gates are open and T is large.
    """
    z = sigmoid(x @ params["W_z"].T + params["b_z"])
    a, b = 1 - z, z * (x @ params["W_h"].T + params["b_h"])
    shift = 1
    while shift < len(x):
        b = np.concatenate([b[:shift], b[shift:] + a[shift:] * b[:-shift]])
        a = np.concatenate([a[:shift], a[shift:] * a[:-shift]])
        shift *= 2
    return a * h0 + b


def name_surprises(model: Writer, name: str) -> Array:
    r"""How much each letter of a name surprises a network, in bits: $-\log_2 p$, where $p$ is the softmax of its logits.

    Args:
        model: as for ``sample_names``: called first with the mark, number 0, and ``None``, then with each letter and the last state.
        name: a string of N letters from a to z.

    Returns:
        (N + 1,) array of float64: an entry for each letter, and one for the mark that ends the name.
    """
    numbers, state, bits = [SYMBOLS.index(letter) for letter in name] + [0], None, []
    before = 0
    with torch.no_grad():
        for number in numbers:
            logits, state = model(torch.tensor([before]), state)
            bits.append(-torch.log_softmax(logits[0].double(), dim=-1)[number].item() / np.log(2))
            before = number
    return np.array(bits)
