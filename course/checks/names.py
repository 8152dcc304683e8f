"""Visible checks of the exercises on names."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.checks.primitives import expect, expect_close, expect_parts, expect_shape, shown, unchanged
from course.checks.visible import visible_check
from course.data.names import SYMBOLS
from course.scans import state_by_state

__all__ = ["bits_per_letter", "min_gru", "name_batches", "name_surprises", "sample_names"]

Step = tuple[Any, Any]


@visible_check("the batch of “ann”", "two names of different lengths", "one pass, mixed", "equal generators")
def name_batches(name_batches: Callable[..., Any]) -> None:
    """Forms, fillings and order of batches, on a few names."""
    import torch

    found = name_batches(np.random.default_rng(0), ["ann"], 1)
    expect(isinstance(found, list), f"it should return a list of pairs, but yours is {shown(found)}.")
    expect(len(found) == 1, f"one name makes one batch, but yours are {len(found)}.")
    expect_parts(found[0], 2, "x and y, for each batch")
    for part, wanted, what in zip(found[0], ([0, 1, 14, 14], [1, 14, 14, 0]), "xy", strict=True):
        expect(torch.is_tensor(part), f"{what} should be a torch tensor, but yours is {shown(part)}.")
        expect(part.dtype == torch.int64, f"{what} should be int64, but yours is {part.dtype}.")
        expect_close(part, np.array(wanted)[:, None], f"{what} for “ann”, which is (4, 1)")
    names = ["al", "zoe"]
    x, y = name_batches(np.random.default_rng(0), names, 2)[0]
    expect_shape(x, (4, 2), "x for “al” and “zoe”: 3 letters and 1, 2 names")
    expect_shape(y, (4, 2), "y for “al” and “zoe”")
    al = int(x[1, 1] == 1)
    expect_close(y[:, al], [1, 12, 0, -1], "y for “al” beside “zoe”, -1 past the end")
    expect_close(x[:, al], [0, 1, 12, 0], "x for “al” beside “zoe”, 0 past the end")
    names = [a + b for a in "abcdefgh" for b in "aeiou"]
    before = list(names)
    found = name_batches(np.random.default_rng(1), names, 16)
    expect(names == before, "your function changed the list of names, which belongs to the caller.")
    sizes = [x.shape[1] for x, _ in found]
    expect(sizes == [16, 16, 8], f"40 names in batches of 16 make batches of 16, 16 and 8, but yours: {sizes}.")
    read = ["".join(SYMBOLS[n] for n in column[1:]) for x, _ in found for column in x.T]
    expect(sorted(read) == sorted(names), "one pass should have every name exactly once; yours has not.")
    expect(read != names, "the names should come in random order, but yours come as they were given.")
    again = name_batches(np.random.default_rng(1), names, 16)
    expect(torch.equal(again[0][0], found[0][0]), "an equal generator should give equal batches; yours differ.")
    other = name_batches(np.random.default_rng(2), names, 16)
    expect(
        not torch.equal(other[0][0], found[0][0]),
        "another generator should give other batches; is all of your chance drawn from rng?",
    )
    rows = [sorted(names.index("".join(SYMBOLS[n] for n in column[1:])) for column in x.T) for x, _ in found]
    expect(
        any(row != list(range(row[0], row[0] + len(row))) for row in rows),
        "names that were neighbours stay together in a batch: mix all names before you cut batches.",
    )
    steps = sorted(len(x) for x, _ in name_batches(np.random.default_rng(1), ["al", "bartholomew"], 1))
    expect(steps == [3, 12], f"“al” alone takes 3 steps and “bartholomew” 12, but your batches have {steps}.")


@visible_check("letters equally likely", "the example on paper", "places past the end", "large logits")
def bits_per_letter(bits_per_letter: Callable[..., float]) -> None:
    """Known cases: certain, all alike, worked on paper, past the end, large."""
    import torch

    alike = bits_per_letter(torch.zeros(2, 3, 8), torch.tensor([[1, 2, 3], [4, 5, 0]]))
    expect_close(alike, 3.0, "8 letters that are equally likely: log2(8) = 3 bits", 1e-5)
    logits = torch.log(torch.tensor([[[0.5, 0.25, 0.25]], [[0.25, 0.5, 0.25]], [[0.5, 0.25, 0.25]]]))
    y = torch.tensor([[0], [0], [2]])
    expect_close(bits_per_letter(logits, y), 5 / 3, "on paper: 1, 2 and 2 bits, the mean of them", 1e-5)
    with unchanged(logits=logits, y=torch.tensor([[1], [0], [-1]])):
        two = bits_per_letter(logits, torch.tensor([[1], [0], [-1]]))
    expect_close(two, 2.0, "2 and 2 bits, and a place past the end, which does not count", 1e-5)
    uneven = torch.log(torch.tensor([[[0.5, 0.5], [0.25, 0.75]], [[0.5, 0.5], [0.5, 0.5]]]))
    found = bits_per_letter(uneven, torch.tensor([[0, 0], [0, -1]]))
    expect_close(found, 4 / 3, "two names, 1 + 1 and 2 bits: every letter counts once", 1e-5)
    large = bits_per_letter(torch.tensor([[[1000.0, 0.0, 0.0]]]), torch.tensor([[0]]))
    expect_close(large, 0.0, "a logit of 1000 for the letter that came: certain", 1e-5)


def _spells(word: str) -> Callable[..., Step]:
    """A model that counts its steps in its state, and spells a word."""
    import torch

    def model(letters: Any, state: Any | None = None) -> Step:
        count = torch.zeros(len(letters), dtype=torch.int64) if state is None else state
        numbers = torch.tensor([SYMBOLS.index(letter) for letter in word])
        return 80.0 * torch.nn.functional.one_hot(numbers[count.clamp(max=len(word) - 1)], 27), count + 1

    return model


def _after(table: dict[str, dict[str, float]]) -> Callable[..., Step]:
    """A model that looks at the last letter alone: which letters may follow it, with which probabilities."""
    import torch

    def model(letters: Any, state: Any | None = None) -> Step:
        logits = torch.full((len(letters), 27), -80.0)
        for row, letter in enumerate(letters.tolist()):
            for following, share in table.get(SYMBOLS[letter], {".": 1.0}).items():
                logits[row, SYMBOLS.index(following)] = float(np.log(share))
        return logits, torch.zeros(len(letters), 1)

    return model


@visible_check("what goes back into the network", "where names end", "temperature", "equal generators")
def sample_names(sample_names: Callable[..., list[str]]) -> None:
    """What goes back into the network, where names end, and how temperature changes the shares."""
    found = sample_names(np.random.default_rng(0), _spells("emma."), 2, 1.0)
    expect(found == ["emma", "emma"], f"a model that counts its states spells “emma”, twice; yours: {found!r}.")
    chain = {".": {"o": 1.0}, "o": {"t": 1.0}, "t": {"i": 1.0}, "i": {"s": 1.0}}
    found = sample_names(np.random.default_rng(0), _after(chain), 1, 1.0)
    expect(found == ["otis"], f"a model that reads the last letter spells “otis”; yours: {found!r}.")
    found = sample_names(np.random.default_rng(0), _spells("a"), 1, 1.0, 5)
    expect(found == ["aaaaa"], f"a name that never ends stops at longest = 5 letters; yours: {found!r}.")
    fork = {".": {"a": 0.5, "b": 0.5}, "b": {"c": 1.0}}
    found = sample_names(np.random.default_rng(0), _after(fork), 40, 1.0, 6)
    expect(
        set(found) == {"a", "bc"},
        f"each name ends at its own mark: “a” and “bc”; among yours: {sorted({*found})[:4]}.",
    )
    uneven = {".": {"a": 0.8, "b": 0.2}}
    for temperature, wanted in ((1.0, 0.8), (2.0, 2 / 3), (0.5, 16 / 17)):
        found = sample_names(np.random.default_rng(3), _after(uneven), 2000, temperature, 2)
        share = found.count("a") / 2000
        expect(
            abs(share - wanted) < 0.06,
            f"at temperature {temperature:g}, 0.8 against 0.2 becomes {wanted:.2f} against {1 - wanted:.2f}; of yours, "
            f"{share:.2f} are “a”.",
        )
    one, same, other = (sample_names(np.random.default_rng(n), _after(fork), 40, 1.0) for n in (1, 1, 2))
    expect(one == same, "an equal generator should give equal names; yours differ.")
    expect(one != other, "another generator should give other names; is all of your chance drawn from rng?")


class _Counted(np.ndarray):
    """An array that counts NumPy's operations."""

    calls = 0

    def __array_ufunc__(self, ufunc: np.ufunc, method: str, *inputs: Any, **options: Any) -> Any:
        _Counted.calls += 1
        if "out" in options:
            options["out"] = tuple(np.asarray(one) for one in options["out"])
        plain = (one.view(np.ndarray) if isinstance(one, _Counted) else one for one in inputs)
        result = getattr(ufunc, method)(*plain, **options)
        return result.view(_Counted) if isinstance(result, np.ndarray) else result


@visible_check(
    "the states on paper", "a loop at many lengths", "600 steps", "the number of operations", "arguments unchanged"
)
def min_gru(min_gru: Callable[..., np.ndarray]) -> None:
    """Against a plain loop, at many lengths; and how many operations it takes."""
    paper = {"W_z": np.zeros((1, 1)), "b_z": np.zeros(1), "W_h": np.ones((1, 1)), "b_h": np.zeros(1)}
    x = np.array([2.0, 4.0, 0.0])[:, None, None]
    found = min_gru(x, np.full((1, 1), 8.0), paper)
    expect_close(found, np.array([5.0, 4.5, 2.25])[:, None, None], "the states on paper")
    rng = np.random.default_rng(0)
    for T in (1, 2, 3, 8, 13):
        x, h0, params, states = _by_loop(rng, T, 2, 3, 4, 0.0)
        with unchanged(x=x, h0=h0):
            found = min_gru(x, h0, params)
        expect_close(found, states, f"{T} steps, against a loop: h_t = (1 - z_t) h_(t-1) + z_t candidate")
    x, h0, params, states = _by_loop(rng, 600, 1, 3, 4, 4.0)
    found = min_gru(x, h0, params)
    expect(
        np.all(np.isfinite(found)),
        "after 600 steps with open gates some states are not finite: a product of many small numbers is 0, and nothing "
        "can be divided by it.",
    )
    expect_close(found, states, "600 steps with open gates")
    before, x = _Counted.calls, x[:256].view(_Counted)
    min_gru(x, h0, params)
    expect(
        _Counted.calls - before < 128,
        f"the numbers are right, but 256 steps take {_Counted.calls - before} operations: a loop runs over the steps. "
        "Join steps in rounds, with shifts 1, 2, 4, ..., over all t at once.",
    )


def _by_loop(rng: np.random.Generator, T: int, B: int, D: int, H: int, open_by: float) -> tuple[Any, ...]:
    """x, h0, params, and the states as a loop finds them."""
    params = {
        name: rng.normal(size=shape) for name, shape in zip(("W_z", "W_h", "b_h"), ((H, D), (H, D), H), strict=True)
    }
    params["b_z"] = open_by + rng.normal(size=H)
    x, h0 = rng.normal(size=(T, B, D)), rng.normal(size=(B, H))
    return x, h0, params, state_by_state(x, h0, params)


@visible_check("shape", "known probabilities", "the state passed on")
def name_surprises(name_surprises: Callable[..., np.ndarray]) -> None:
    """Surprises of models whose probabilities are known."""
    model = _after({".": {"a": 0.5, "b": 0.5}, "a": {"n": 0.25, ".": 0.75}, "n": {".": 0.125, "a": 0.875}})
    found = name_surprises(model, "an")
    expect_shape(found, (3,), "the surprises of “an”: a, n and the end")
    expect_close(found, [1.0, 2.0, 3.0], "probabilities 1/2, 1/4 and 1/8: 1, 2 and 3 bits", 1e-4)
    found = name_surprises(_spells("emma."), "emma")
    expect_close(found, np.zeros(5), "a model that is certain of “emma”, if its state is passed on", 1e-4)
