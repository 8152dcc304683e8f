"""Visible checks of the exercises on reading gates."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from course.checks.primitives import expect, expect_close, expect_parts, expect_shape, shown, unchanged
from course.checks.visible import visible_check

__all__ = [
    "GRUCell",
    "encode",
    "kept_to_the_end",
    "prediction_after_each_word",
    "run_with_gates",
    "what_the_gates_say",
    "word_influence",
]


@visible_check("the sentence on paper", "type and shape", "extra spaces", "unknown words are named")
def encode(encode: Callable[..., Any]) -> None:
    """A sentence as a tensor."""
    import torch

    small = {"a": np.array([1.0, 0.0]), "b": np.array([0.5, 2.0])}
    seen = encode("b a b", small)
    expect(
        isinstance(seen, torch.Tensor),
        f"it should return a torch tensor, but yours is of type {type(seen).__name__}.",
    )
    expect_close(seen, [[0.5, 2.0], [1.0, 0.0], [0.5, 2.0]], "“b a b”")
    expect(seen.dtype == torch.float32, f"torch's layers need torch.float32, but your tensor is {seen.dtype}.")
    expect_shape(encode("a", small), (1, 2), "a sentence of one word")
    expect_close(encode(" a  b", small), [[1.0, 0.0], [0.5, 2.0]], "“a b” with more spaces")
    for unknown in ("pizza", "Milo2", "A", "b,"):
        _expect_named(lambda unknown=unknown: encode(f"a {unknown} b", small), unknown)


def _expect_named(call: Callable[[], Any], unknown: str) -> None:
    """Fail unless the call raises a ValueError whose message names the unknown word."""
    try:
        call()
    except NotImplementedError:
        raise
    except ValueError as error:
        expect(unknown in str(error), f"the message should name the word “{unknown}”, but it is {str(error)!r}.")
    except Exception as error:
        expect(False, f"an unknown word should be a ValueError, but yours ends in {type(error).__name__}.")
    else:
        expect(False, f"“{unknown}” is unknown, but nothing was raised.")


@visible_check(
    "the nine parameters and their start",
    "the examples worked on paper",
    "both extremes of the update gate",
    "shapes",
    "every gradient",
)
def GRUCell(GRUCell: Callable[..., Any]) -> None:
    """The reader's cell: its parameters, its numbers, its gradients."""
    _expect_parameters(GRUCell(4, 3))
    _expect_start(GRUCell)
    _expect_paper(GRUCell)
    _expect_two_neurons(GRUCell)
    _expect_own_gates(GRUCell)
    _expect_extremes(GRUCell(4, 3))
    _expect_every_gradient(GRUCell(4, 3))


def _expect_parameters(cell: Any) -> None:
    """Names, shapes and first values for D = 4 and H = 3."""
    import torch

    found = {name: tuple(value.shape) for name, value in cell.named_parameters()}
    shapes = {"W": (3, 4), "U": (3, 3), "b": (3,)}
    wanted = {f"{kind}_{gate}": shapes[kind] for gate in "zrh" for kind in "WUb"}
    missing, more = [name for name in wanted if name not in found], [name for name in found if name not in wanted]
    expect(
        not missing,
        f"torch finds no parameter {', '.join(missing)} in your cell. Is each one a torch.nn.Parameter, assigned to self?",
    )
    expect(not more, f"your cell has parameters that the equations do not have: {', '.join(more)}.")
    for name, shape in wanted.items():
        expect(
            found[name] == shape,
            f"{name} should have shape {shape} for D = 4 and H = 3, but yours has shape {found[name]}.",
        )
    expect_close(cell.b_z, [-3.0, -3.0, -3.0], "b_z at the start")
    expect_close(cell.b_h, [0.0, 0.0, 0.0], "b_h at the start")
    expect_close(cell.b_r, [0.0, 0.0, 0.0], "b_r at the start")
    start = dict(cell.named_parameters())
    constant = [name for name, value in start.items() if name[0] != "b" and not value.std() > 0]
    expect(not constant, f"the matrices should start as random numbers, but these are constant: {', '.join(constant)}.")
    for one, other in ("zr", "zh", "rh"):
        for kind in "WU":
            expect(
                not torch.equal(start[f"{kind}_{one}"], start[f"{kind}_{other}"]),
                f"{kind}_{one} and {kind}_{other} start with the same numbers. Each needs random numbers of its own.",
            )


def _expect_start(make: Callable[..., Any]) -> None:
    """The size of the random numbers, measured where there are many."""
    import torch

    torch.manual_seed(3)
    large, other = make(400, 100), make(400, 100)
    expect(
        not torch.equal(large.W_z, other.W_z),
        "two cells start with the same numbers. Leave torch's seed alone: it belongs to the caller.",
    )
    for name, value in large.named_parameters():
        if name[0] == "b":
            continue
        columns = value.shape[1]
        spread, right = value.std().item(), columns**-0.5
        expect(
            abs(value.mean().item()) < 0.3 * spread,
            f"{name} starts with mean {value.mean().item():.2g} instead of 0. torch.randn draws both signs, torch.rand does not.",
        )
        expect(
            abs(spread - right) < 0.1 * right,
            f"{name} with {columns} columns should start with standard deviation {right:.3g}, 1 over the root of {columns}, "
            f"but yours has {spread:.3g}. Divide each matrix by the root of its own number of columns.",
        )
        expect(
            not torch.equal(value[0], value[1]), f"the rows of {name} start alike. Draw numbers for the whole matrix."
        )


def _with_numbers(cell: Any, numbers: dict[str, Any]) -> Any:
    """The cell, with these numbers in its parameters and 0 in the others."""
    import torch

    for name, parameter in cell.named_parameters():
        parameter.data.zero_()
        parameter.data += torch.as_tensor(numbers.get(name, 0.0), dtype=parameter.dtype)
    return cell


def _expect_paper(make: Callable[..., Any]) -> None:
    """The example in the text: one neuron."""
    import torch

    cell = _with_numbers(make(1, 1), {"b_z": np.log(3), "b_r": -np.log(3), "W_h": 0.5, "U_h": 2.0})
    found = cell(torch.ones(1, 1), torch.ones(1, 1))
    expect_parts(found, 3, "the new state, z and r")
    new, z, r = found
    expect_close(z, [[0.75]], "z, worked on paper", 1e-5)
    expect_close(r, [[0.25]], "r, worked on paper", 1e-5)
    swapped = np.allclose(new.detach(), 0.25 * 0.761594 + 0.75, atol=1e-4)
    expect(
        not swapped, "the new state is 0.9404 instead of 0.8212: your z weighs the old state. It should weigh the new."
    )
    expect_close(new, [[0.821196]], "the new state, worked on paper", 1e-5)


def _expect_two_neurons(make: Callable[..., Any]) -> None:
    """r hides the first neuron's past and shows the second's: the order of reset and product can be seen."""
    import torch

    numbers = {"b_r": [-60.0, 60.0], "U_z": [[1.0, 2.0], [3.0, -1.0]], "b_h": [0.25, 0.5]}
    cell = _with_numbers(make(1, 2), numbers | {"U_h": [[0.5, 0.25], [2.0, -1.0]]})
    new, z, _ = cell(torch.zeros(1, 1), torch.ones(1, 2))
    expect_close(z, [[0.952574, 0.880797]], "z of two neurons, sigma(3) and sigma(2), whatever r is", 1e-5)
    expect_close(
        (new - (1 - z)) / z,
        [[0.462117, -0.462117]],
        "the candidate of two neurons, tanh(U_h (r * h) + b_h): r acts on the state alone, before the product",
        1e-5,
    )


def _expect_own_gates(make: Callable[..., Any]) -> None:
    """Each gate with its own weights, the right way round: z hears the word, r the old state."""
    import torch

    cell = _with_numbers(make(2, 2), {"W_z": [[1.0, -1.0], [0.0, 2.0]], "U_r": [[1.0, 2.0], [3.0, -1.0]]})
    _, z, r = cell(torch.tensor([[1.0, 0.0]]), torch.ones(1, 2))
    expect_close(z, [[0.731059, 0.5]], "z where W_z = [[1, -1], [0, 2]] and x = (1, 0): sigma(1) and sigma(0)", 1e-5)
    expect_close(
        r, [[0.952574, 0.880797]], "r where U_r = [[1, 2], [3, -1]] and h = (1, 1): sigma(3) and sigma(2)", 1e-5
    )


def _expect_extremes(cell: Any) -> None:
    """Shapes; a copy where z is 0, a plain RNN where both gates are 1."""
    import torch

    torch.manual_seed(0)
    x, h = torch.randn(2, 4), torch.tanh(torch.randn(2, 3))
    with unchanged(x=x, h=h):
        new, _, _ = cell(x, h)
    expect_shape(new, (2, 3), "the new state of 2 examples and 3 neurons")
    cell.b_z.data.fill_(-60.0)
    expect_close(cell(x, h)[0], h, "the new state with z = 0: a copy", 1e-6)
    cell.b_z.data.fill_(60.0)
    cell.b_r.data.fill_(60.0)
    plain_rnn = torch.tanh(torch.nn.functional.linear(x, cell.W_h) + torch.nn.functional.linear(h, cell.U_h, cell.b_h))
    expect_close(cell(x, h)[0], plain_rnn, "the new state with z = 1 and r = 1: that of a plain RNN", 1e-6)


def _expect_every_gradient(cell: Any) -> None:
    """Nothing on the way is detached, or turned into a number."""
    import torch

    torch.manual_seed(1)
    x, h = torch.randn(2, 4).requires_grad_(), torch.tanh(torch.randn(2, 3)).requires_grad_()
    cell(x, h)[0].sum().backward()
    without = [name for name, value in cell.named_parameters() if value.grad is None]
    expect(not without, f"no gradient reaches {', '.join(without)}. Is it used in forward, as it is?")
    expect(h.grad is not None, "no gradient flows back to the old state.")
    expect(x.grad is not None, "no gradient flows back to the word.")


@visible_check("a cell that can be followed on paper", "h, z and r in this order", "shapes", "arguments unchanged")
def run_with_gates(run_with_gates: Callable[..., Any]) -> None:
    """A whole sentence, with a cell that adds the word to half of the state."""
    import torch

    x = torch.tensor([[[1.0]], [[0.0]], [[2.0]]])
    found = run_with_gates(lambda x_t, h: (0.5 * h + x_t, 0 * h + 0.5, h), x, torch.tensor([[4.0]]))
    expect_parts(found, 3, "h, z and r of every word")
    h, z, r = found
    for part, what in zip(found, "hzr", strict=True):
        expect_shape(
            part, (3, 1, 1), f"{what} of 3 words, 1 example and 1 neuron, without the state before the first word"
        )
    expect_close(h, [[[3.0]], [[1.5]], [[2.75]]], "the states from 4 on: 2 + 1, 1.5 + 0, 0.75 + 2")
    expect_close(z, [[[0.5]], [[0.5]], [[0.5]]], "the second results, z")
    expect_close(r, [[[4.0]], [[3.0]], [[1.5]]], "the third results, which are the old states for this cell")
    torch.manual_seed(1)
    x, h0 = torch.randn(5, 2, 4), torch.randn(2, 3)
    with unchanged(x=x, h0=h0):
        many = run_with_gates(lambda x_t, h: (torch.tanh(h + x_t[:, :3]), h, x_t[:, 1:]), x, h0)
    for part, what in zip(many, "hzr", strict=True):
        expect_shape(part, (5, 2, 3), f"{what} of 5 words, 2 examples and 3 neurons")


@visible_check(
    "a model that counts words", "probabilities, not logits", "the past knows no future", "arguments unchanged"
)
def prediction_after_each_word(prediction_after_each_word: Callable[..., Any]) -> None:
    """Predictions of a model whose first logit is the sum of all words, plus ln 3 for each word after the first."""
    import torch

    ln = float(np.log(3))

    def counts(x: torch.Tensor) -> torch.Tensor:
        total = x.sum(dim=(0, 2)) + (len(x) - 1) * ln
        return torch.stack([total, 0 * total], dim=1)

    x = torch.tensor([[[ln]], [[-2 * ln]], [[-2 * ln]]])
    expect_close(
        prediction_after_each_word(counts, x),
        [[[0.75, 0.25]], [[0.5, 0.5]], [[0.25, 0.75]]],
        "the predictions of a model that counts words, too: its logits are ln 3, 0, -ln 3",
        1e-6,
    )
    torch.manual_seed(2)
    x = torch.randn(4, 3, 2)
    with unchanged(x=x):
        seen = prediction_after_each_word(counts, x)
    expect_shape(seen, (4, 3, 2), "predictions for 4 words, 3 sentences and 2 answers")
    later = torch.cat([x[:2], torch.randn(2, 3, 2)])
    expect_close(
        prediction_after_each_word(counts, later)[:2],
        seen[:2],
        "the predictions after the first two words, when later words are changed",
        1e-6,
    )


@visible_check(
    "the influences on paper", "the answer that is asked about", "each sentence by itself", "arguments unchanged"
)
def word_influence(word_influence: Callable[..., Any]) -> None:
    """Influences on the model of the text (answer 0), and on twice the square of the first column (answer 1)."""
    import torch

    def weighs(x: torch.Tensor) -> torch.Tensor:
        first = 3 * x[0, :, 0] + 4 * x[0, :, 1] - 2 * x[1, :, 0]
        return torch.stack([first, 2 * x[0, :, 0] ** 2], dim=1)

    x = torch.tensor([[[1.0, 0.0]], [[0.0, 1.0]]])
    with unchanged(x=x):
        seen = word_influence(weighs, x, torch.tensor([0]))
    expect_close(seen, [[5.0], [2.0]], "the influences on paper", 1e-5)
    expect_close(word_influence(weighs, x, torch.tensor([1])), [[4.0], [0.0]], "those on answer 1", 1e-5)
    several = torch.cat([x, 2 * x, 3 * x], dim=1)
    with unchanged(x=several):
        seen = word_influence(weighs, several, torch.tensor([1, 0, 1]))
    expect_close(
        seen,
        [[4.0, 5.0, 12.0], [0.0, 2.0, 0.0]],
        "the influences in three sentences, on the answers 1, 0 and 1",
        1e-5,
    )


@visible_check("the shares worked on paper", "each neuron and sentence by itself", "shape", "arguments unchanged")
def kept_to_the_end(kept_to_the_end: Callable[..., Any]) -> None:
    """Products of 1 - z over later words."""
    import torch

    z = torch.tensor([[[0.9]], [[0.5]], [[0.2]]])
    with unchanged(z=z):
        seen = kept_to_the_end(z)
    own = np.allclose(np.ravel(seen.detach()), [0.04, 0.4, 0.8]) if hasattr(seen, "detach") else False
    expect(not own, "your product begins with the word's own 1 - z. Begin with the word after it.")
    expect_close(seen, [[[0.4]], [[0.8]], [[1.0]]], "the shares worked on paper", 1e-6)
    expect_close(
        kept_to_the_end(torch.tensor([[[0.0, 0.3]], [[1.0, 0.0]]])),
        [[[0.0, 1.0]], [[1.0, 1.0]]],
        "two neurons: the last word overwrites the first and copies the second",
        1e-6,
    )
    two = kept_to_the_end(torch.tensor([[[0.0], [0.0]], [[0.25], [0.5]]]))
    expect_close(two, [[[0.75], [0.5]], [[1.0], [1.0]]], "two sentences, each with its own gates", 1e-6)
    expect_shape(kept_to_the_end(torch.rand(4, 2, 3)), (4, 2, 3), "the shares for 4 words")


KEYS = {
    "widest open",
    "past let go",
    "flips, told",
    "flips, untold",
    "gate at the decoy",
    "tempting",
    "first kept",
    "last kept",
}


@visible_check("the eight keys", "words of the right part of the right sentence", "numbers of the right row")
def what_the_gates_say(what_the_gates_say: Callable[..., Any]) -> None:
    """Answers that could stand in the pictures: in the right sentence, after the right word, above the right columns.

    Whether they are the right ones is checked at grading.
    """
    from course import reading

    told, untold = reading.TOLD.split(), reading.UNTOLD.split()
    said = what_the_gates_say()
    expect(isinstance(said, dict), f"the answers should be a dict, but yours is {shown(said)}.")
    missing, more = sorted(KEYS - set(said)), [key for key in said if key not in KEYS]
    expect(not missing, f"the dict has no answer for {', '.join(f'“{key}”' for key in missing)}.")
    expect(not more, f"the dict has keys that nobody asked for: {', '.join(map(str, more))}.")
    _expect_word(said, "past let go", told, "stops", "first")
    _expect_word(said, "flips, told", told, "brinecake", "first")
    _expect_word(said, "tempting", told, "barkroll", "first")
    _expect_word(said, "flips, untold", untold, "brinecake", "second")
    _expect_pair(said["widest open"], told)
    picture = reading.recorded(reading.TOLD)
    for key, part, where in (
        ("gate at the decoy", "z", "any column of the update gate in the first picture"),
        ("first kept", "kept", "any bar of the third picture"),
        ("last kept", "kept", "any bar of the third picture"),
    ):
        _expect_number(said[key], key, picture[part].mean(dim=-1).tolist(), where)
    expect(
        said["first kept"] < said["last kept"],
        "“first kept” should be below “last kept”: what was written earlier has more words to survive.",
    )


def _expect_word(said: dict[str, Any], key: str, words: Sequence[str], after: str, which: str) -> None:
    word = said[key].strip().lower() if isinstance(said[key], str) else said[key]
    lower = [one.lower() for one in words]
    expect(word in lower, f"“{key}”: {said[key]!r} is no word of the {which} sentence.")
    expect(
        lower.index(word) > words.index(after),
        f"“{key}” asks about the words after “{after}”, but {said[key]!r} does not come after it.",
    )


def _expect_pair(pair: Any, words: Sequence[str]) -> None:
    lower = [word.lower() for word in words]
    fits = isinstance(pair, tuple | list) and len(pair) == 2 and all(isinstance(word, str) for word in pair)
    places = [lower.index(word.strip().lower()) for word in pair if word.strip().lower() in lower] if fits else []
    expect(len(places) == 2, "“widest open” should be a list of two words of the first sentence.")
    expect(places[0] < places[1], "“widest open”: give the two words in the order of the sentence.")


def _expect_number(number: Any, key: str, drawn: Sequence[float], where: str) -> None:
    single = not isinstance(number, str | tuple | list | dict | None) and np.ndim(number) == 0
    value = float(np.asarray(number)) if single else -1.0
    expect(0 <= value <= 1, f"“{key}” should be a number between 0 and 1, but yours is {number!r}.")
    expect(
        min(abs(value - round(one, 2)) for one in drawn) < 0.006,
        f"“{key}”: {number!r} does not stand above {where}. Read two decimals, of the row that is asked for.",
    )
