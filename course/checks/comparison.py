"""Visible checks of the exercises that compare cells."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from course.checks.primitives import expect, expect_close, expect_parts, expect_shape, shown
from course.checks.visible import visible_check

__all__ = [
    "adding_batch",
    "copy_batch",
    "equal_parameter_size",
    "settle_by_counting",
    "summarise",
    "train_and_score",
]

Pair = tuple[Any, Any]  # x and y, torch tensors


def _tensors(batch: Any) -> Pair:
    """x and y of a batch, if they are tensors."""
    import torch

    expect_parts(batch, 2, "x and y")
    x, y = batch
    expect(
        torch.is_tensor(x) and torch.is_tensor(y),
        f"x and y should be torch tensors, but yours are {type(x).__name__} and {type(y).__name__}.",
    )
    return x, y


def _expect_generator_used(draw: Callable[[np.random.Generator], Any]) -> None:
    """Equal generators give equal batches; one generator, used twice, gives two."""
    rng = np.random.default_rng(1)
    first, second, repeated = draw(rng), draw(rng), draw(np.random.default_rng(1))
    expect(
        np.array_equal(first, repeated),
        "equal generators should give equal batches, but yours differ. Draw every random number with the rng you are given.",
    )
    expect(
        not np.array_equal(first, second),
        "the same generator used again should give another batch, but yours gives the same. "
        "Use the rng as it is, and make no new one from a fixed seed.",
    )


@visible_check("shapes and types", "one mark in each half", "sums of the marked numbers", "equal generators")
def adding_batch(adding_batch: Callable[..., Pair]) -> None:
    """Batches of the adding problem."""
    import torch

    x, y = _tensors(adding_batch(np.random.default_rng(1), 9, 400))
    expect_shape(x, (9, 400, 2), "x for 9 steps and 400 examples")
    expect_shape(y, (400, 1), "y for 400 examples")
    expect(
        x.dtype == torch.float32 and y.dtype == torch.float32,
        f"x and y should be torch tensors of float32, but yours are {x.dtype} and {y.dtype}.",
    )
    numbers, marked = x[:, :, 0].numpy(), x[:, :, 1].numpy()
    low, high = numbers.min(), numbers.max()
    expect(low >= 0 and high <= 1, f"the numbers lie between 0 and 1, but yours between {low:.2f} and {high:.2f}.")
    expect(np.all((marked == 0) | (marked == 1)), "the marks are 0 or 1, but some of yours are something else.")
    count = len(np.unique(numbers))
    expect(
        count > 3000,
        f"of 9 times 400 numbers, each drawn by itself, nearly all are different; among yours are {count} different ones.",
    )
    _expect_marks(marked)
    expect_close(y.numpy(), (numbers * marked).sum(axis=0)[:, None], "the sums of the marked numbers", 1e-5)
    _expect_generator_used(lambda rng: adding_batch(rng, 9, 400)[0])


def _expect_marks(marked: np.ndarray) -> None:
    """One mark in each half, at any place in it, in every example at another one. marked: (9, B)."""
    early, late = marked[:4].sum(axis=0), marked[4:].sum(axis=0)
    wrong = int(((early != 1) | (late != 1)).sum())
    expect(
        wrong == 0,
        "of 9 steps, one mark belongs to the first 9 // 2 = 4 steps and one to the other 5, "
        f"but in {wrong} of your {marked.shape[1]} sequences it is not so.",
    )
    for t, times in enumerate(marked.sum(axis=1)):
        expect(
            0 < times < marked.shape[1],
            f"among 400 sequences step {t} should be marked in some and not in others, but it is marked in {times:.0f}. "
            "Draw two places for each example; rng.integers leaves out its upper end.",
        )
    first, second = marked[:4].argmax(axis=0), marked[4:].argmax(axis=0)
    pairs = len(set(zip(first.tolist(), second.tolist(), strict=True)))
    expect(
        pairs == 20,
        f"the two marks are drawn by themselves, so all 4 times 5 pairs of places occur; in yours only {pairs} do.",
    )


@visible_check("shapes and types", "the seven steps", "answers in the order shown", "free symbols", "equal generators")
def copy_batch(copy_batch: Callable[..., Pair]) -> None:
    """Batches of the copy task."""
    import torch

    x, y = _tensors(copy_batch(np.random.default_rng(2), 3, 200, 2, 5))
    expect_shape(x, (7, 200, 7), "x for 2 symbols, 3 steps of waiting and 2 of answering")
    expect_shape(y, (2, 200), "y for 2 symbols")
    expect(
        x.dtype == torch.float32 and y.dtype == torch.int64,
        f"x should be float32 and y int64, but yours are {x.dtype} and {y.dtype}.",
    )
    expect(
        torch.all((x == 0) | (x == 1)) and torch.all(x.sum(dim=2) == 1),
        "every step is one-hot: a single 1, the rest 0; some of yours are not.",
    )
    columns = x.argmax(dim=2)
    for t, column in enumerate((5, 5, 5, 6, 6), 2):
        what = "wait" if column == 5 else "answer"
        expect(
            torch.all(columns[t] == column),
            f'step {t} should say "{what}", column {column}; yours shows column {columns[t, 0]}.',
        )
    for t in range(2):
        expect(
            torch.equal(y[t], columns[t]),
            f"the answer number {t} should be the symbol shown at step {t}; in yours it is not.",
        )
    _expect_free_symbols(y)
    _expect_generator_used(lambda rng: copy_batch(rng, 3, 200, 2, 5)[1])


def _expect_free_symbols(y: Any) -> None:
    """Every symbol at every step, whatever the other step shows. y: (2, 200)."""
    for t in range(2):
        found = sorted(set(y[t].tolist()))
        expect(
            found == [0, 1, 2, 3, 4],
            f"at every step any symbol from 0 to 4 may come, but at step {t} of 200 sequences yours are {found}.",
        )
    for kind, found in (
        ("show the same symbol twice", y[0] == y[1]),
        ("show a smaller one after a larger", y[0] > y[1]),
        ("show a larger one after a smaller", y[0] < y[1]),
    ):
        expect(
            found.any(), f"symbols are drawn each by itself, so among 200 sequences some {kind}; of yours none does."
        )


@visible_check("the budgets worked on paper", "a budget used up exactly", "no room for one neuron", "torch's layers")
def equal_parameter_size(equal_parameter_size: Callable[..., int]) -> None:
    """The largest size that a budget allows."""
    import torch

    for cell, size in (("rnn", 8), ("gru", 4), ("lstm", 3), ("peephole", 3)):
        found = equal_parameter_size(cell, 100, 2)
        expect(
            np.asarray(found).dtype.kind in "iu" and np.ndim(found) == 0,
            f"the size should be a whole number, an int, but yours is {shown(found)}; int(...) makes one of a float.",
        )
        expect(
            found == size,
            f"with at most 100 parameters and D = 2 the cell {cell!r} may have {size} neurons; yours gives {found}.",
        )
    for cell, budget, size, why in (
        ("peephole", 80, 2, "with peepholes 3 neurons have 72 + 9 = 81 parameters, so at most 80 allows 2"),
        ("gru", 84, 4, "at most 84 allows a GRU with 4 neurons, which has exactly 84"),
        ("lstm", 10, 0, "if not even one neuron fits, the size is 0"),
    ):
        found = equal_parameter_size(cell, budget, 2)
        expect(found == size, f"{why}; yours gives {found}.")
    for cell, module in (("rnn", torch.nn.RNN), ("gru", torch.nn.GRU), ("lstm", torch.nn.LSTM)):
        made = dict(module(6, 11).named_parameters())
        count = sum(array.numel() for name, array in made.items() if name != "bias_hh_l0")
        found = equal_parameter_size(cell, count, 6)
        expect(
            found == 11,
            f"torch's {cell} with D = 6 and 11 neurons has {count} parameters (without its second bias), "
            f"so that budget allows 11; yours gives {found}.",
        )


@visible_check("the keys", "both ratios worked on paper", "gates and blocks", "many neurons")
def settle_by_counting(settle_by_counting: Callable[..., dict[str, float]]) -> None:
    """The GRU against the LSTM, in ratios."""
    found = settle_by_counting(4, 6)
    again = "multiplications at equal parameters"
    names = {"gates", "parameters", "multiplications", "units", again}
    expect(isinstance(found, dict), f"the result is a dict, but yours is {shown(found)}.")
    missing, more = names - set(found), set(found) - names
    expect(not missing, f"the dict should also have the keys {', '.join(sorted(missing))}.")
    expect(not more, f"the dict has keys that nobody asked for: {', '.join(map(str, more))}.")
    expect_close(found["units"], 7 / 6, '"units" for D = 4 and H = 6, as on paper')
    work = found[again]
    expect(
        abs(work - 252 / 264) > 1e-9,
        f'"{again}" is 252/264 in yours, which are the parameters. Leave the biases out: they are added, not multiplied.',
    )
    expect_close(work, 0.9625, f'"{again}" for D = 4 and H = 6, as on paper')
    expect(
        found["gates"] < found["parameters"] < 1,
        "the GRU has fewer gates and fewer parameters than the LSTM, but the two ratios are not the same: "
        "the candidate is a block of weights, too, and it is no gate.",
    )
    expect_close(
        found["multiplications"],
        found["parameters"],
        '"multiplications" with H neurons each: like "parameters", they grow with the number of blocks',
    )
    large = settle_by_counting(100, 1000)[again]
    expect(
        0.99 < large < 1,
        f"with D = 100 and H = 1000 the multiplications at equal parameters are nearly equal; your ratio is {large:.3f}.",
    )


def _small(K: int) -> Any:
    """A small model from (T, B, 3) to (B, K), with a clock that goes by 0.25 seconds with each call."""
    import torch

    class Small(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            torch.manual_seed(0)
            self.layer, self.asked = torch.nn.Linear(3, K), 0

        def forward(self, x: Any) -> Any:
            self.asked += 1
            return self.layer(x[-1])

        def clock(self) -> float:
            return 1000 + 0.25 * self.asked

    return Small()


def _pairs(rng: np.random.Generator, sizes: Sequence[int], goal: str, K: int = 2, scale: float = 1.0) -> list[Pair]:
    """Random batches of these sizes for a small model."""
    import torch

    made = []
    for B in sizes:
        x = torch.tensor(scale * rng.normal(size=(4, B, 3)), dtype=torch.float32)
        answers = rng.integers(K, size=B) if goal == "symbol" else rng.normal(size=(B, K)).astype(np.float32)
        made.append((x, torch.tensor(answers)))
    return made


@visible_check(
    "the loss and the score of numbers and of symbols",
    "gradients set to zero and clipped",
    "Adam with the given rate",
    "both limits, with the clock on paper",
    "batches without end",
    "several answers for each example",
)
def train_and_score(train_and_score: Callable[..., dict[str, Any]]) -> None:
    """One run: what a training step does, when training ends, and what is scored."""
    rng = np.random.default_rng(5)
    batches, held_out = _pairs(rng, [6] * 8, "number"), _pairs(rng, (5, 2), "number")
    _expect_numbers(train_and_score, batches, held_out)
    _expect_updates(train_and_score, rng)
    _expect_limits(train_and_score, batches, held_out)
    _expect_symbols(train_and_score, rng)


def _expect_numbers(train_and_score: Callable[..., Any], batches: list[Pair], held_out: list[Pair]) -> None:
    """The keys, the losses and the score of a task with numbers."""
    model = _small(2)
    first = np.mean((model(batches[0][0]) - batches[0][1]).detach().numpy() ** 2)
    found = train_and_score(model, batches, held_out, "number", 0.01, 3, math.inf, model.clock)
    expect(
        isinstance(found, dict) and set(found) == {"score", "losses", "seconds"},
        f'the result is a dict with "score", "losses" and "seconds"; yours is {shown(found)}.',
    )
    expect(len(found["losses"]) == 3, f"a limit of 3 steps gives 3 losses; yours are {len(found['losses'])}.")
    expect_close(found["losses"][0], first, "the first loss, before anything was changed", 1e-5)
    squares = np.concatenate([(model(x) - y).detach().numpy().ravel() ** 2 for x, y in held_out])
    expect_close(
        found["score"],
        squares.mean(),
        "the score: the mean over all answers of all held-out batches, after training",
        1e-5,
    )
    twin, others = _small(2), [(2 * x, y - 1) for x, y in held_out]
    train_and_score(twin, batches, others, "number", 0.01, 3, math.inf, twin.clock)
    expect_close(
        twin.layer.weight,
        model.layer.weight,
        "the weights after training with the same batches, but other held-out ones: the held-out ones should change nothing",
        1e-6,
    )


MISTAKES = {
    "pile up": "your gradients pile up from step to step, because backward adds to them: set them to zero before backward.",
    "none": "your gradients are not clipped: their norm over all parameters should be at most 1.",
    "value": "your gradients are clipped number by number, which changes their direction: clip their norm over all parameters.",
    "each": "your gradients are clipped parameter by parameter: clip the norm of all parameters together.",
    "always": "your gradients are also scaled up to norm 1 where they are smaller: clipping leaves small ones alone.",
}


def _expect_updates(train_and_score: Callable[..., Any], rng: np.random.Generator) -> None:
    """The weights after eight steps, against Adam worked out with NumPy; known mistakes are named."""
    batches = [_pairs(rng, [6], "number", scale=scale)[0] for scale in (0.1, 3, 0.2, 2, 0.1, 4, 0.5, 1)]
    held_out, model = _pairs(rng, (4,), "number"), _small(2)
    start = [model.layer.weight.detach().double().numpy().copy(), model.layer.bias.detach().double().numpy().copy()]
    train_and_score(model, batches, held_out, "number", 0.02)
    after = [array.detach().double().numpy() for array in (model.layer.weight, model.layer.bias)]
    for way, sentence in MISTAKES.items():
        expect(not _near(after, _updated(start, batches, 0.02, way)), sentence)
    for rate in (0.005, 0.001):
        expect(
            not _near(after, _updated(start, batches, rate, "norm")), f"your rate is {rate}, whatever rate is given."
        )
    expect(
        not _near(after, start),
        "the model is as it was before: train the one that is given, and leave it as it is then.",
    )
    expected = _updated(start, batches, 0.02, "norm")
    expect_close(
        np.concatenate([array.ravel() for array in after]),
        np.concatenate([array.ravel() for array in expected]),
        "the weights after 8 steps of Adam with rate 0.02, gradients clipped to norm 1, made once before the loop",
        1e-4,
    )


def _near(some: list[np.ndarray], others: list[np.ndarray]) -> bool:
    return all(np.abs(one - other).max() < 1e-4 for one, other in zip(some, others, strict=True))


def _updated(start: list[np.ndarray], batches: Iterable[Pair], rate: float, way: str) -> list[np.ndarray]:
    """Weight and bias of a linear layer after Adam, with the mean squared error. ``way``: how gradients are clipped."""
    now = [array.copy() for array in start]
    left, mean, square = ([np.zeros_like(array) for array in start] for _ in range(3))
    for n, (x, y) in enumerate(batches, 1):
        inputs, wanted = x[-1].double().numpy(), y.double().numpy()
        error = 2 * (inputs @ now[0].T + now[1] - wanted) / wanted.size
        slopes = [error.T @ inputs, error.sum(axis=0)]
        if way == "pile up":
            slopes = [slope + old for slope, old in zip(slopes, left, strict=True)]
        slopes = left = _clipped(slopes, way)
        for k, slope in enumerate(slopes):
            mean[k] = 0.9 * mean[k] + 0.1 * slope
            square[k] = 0.999 * square[k] + 0.001 * slope**2
            now[k] -= rate * (mean[k] / (1 - 0.9**n)) / (np.sqrt(square[k] / (1 - 0.999**n)) + 1e-8)
    return now


def _clipped(slopes: list[np.ndarray], way: str) -> list[np.ndarray]:
    """Gradients clipped as they should be, or in one of the wrong ways."""
    norms = [float(np.sqrt((slope**2).sum())) for slope in slopes]
    whole = math.hypot(*norms)
    factors = {
        "none": [1.0, 1.0],
        "each": [min(1.0, 1 / norm) for norm in norms],
        "always": [1 / whole] * 2,
    }.get(way, [min(1.0, 1 / whole)] * 2)
    if way == "value":
        return [np.clip(slope, -1, 1) for slope in slopes]
    return [factor * slope for factor, slope in zip(factors, slopes, strict=True)]


def _expect_limits(train_and_score: Callable[..., Any], batches: list[Pair], held_out: list[Pair]) -> None:
    """When training ends: by the clock, by steps, or because there is no batch left."""
    for limit, steps, took in ((1.1, 5, 1.25), (1.0, 4, 1.0), (0.0, 0, 0.0)):
        timed = _small(2)
        found = train_and_score(timed, batches, held_out, "number", 0.01, math.inf, limit, timed.clock)
        count = len(found["losses"])
        expect(
            count == steps,
            f"at 0.25 seconds per step a limit of {limit} seconds allows {steps} steps; yours makes {count}. "
            "Use the clock that is given, and only differences of its times.",
        )
        expect_close(found["seconds"], took, f"the seconds that {steps} steps took, the score left out")
    found = train_and_score(_small(2), batches, held_out, "number", 0.01)
    expect(
        len(found["losses"]) == 8,
        f"without limits training ends after the last of 8 batches; yours makes {len(found['losses'])} steps.",
    )
    try:
        found = train_and_score(_small(2), _without_end(batches), held_out, "number", 0.01, 3)
    except TypeError as error:
        expect(
            False,
            f"batches may come from a generator, which has no length and no places; yours fails there: {error}.",
        )
    count = len(found["losses"])
    expect(count == 3, f"with a limit of 3 steps and endless batches there are 3 losses; yours are {count}.")


def _without_end(batches: list[Pair]) -> Iterator[Pair]:
    for n in range(100):
        yield batches[n % len(batches)]
    expect(
        False,
        "with a limit of 3 steps your function asked for more than 100 batches. They may be endless: take one for each step.",
    )


def _expect_symbols(train_and_score: Callable[..., Any], rng: np.random.Generator) -> None:
    """Cross-entropy and the share of wrong answers, with one answer for each example and with several."""
    import torch

    model, batches, held_out = _small(3), _pairs(rng, [6] * 4, "symbol", 3), _pairs(rng, (9, 2), "symbol", 3)
    log_p = torch.log_softmax(model(batches[0][0]), 1)[range(6), batches[0][1]]
    found = train_and_score(model, batches, held_out, "symbol", 0.01)
    expect_close(found["losses"][0], -log_p.mean().item(), "the first loss on symbols, a cross-entropy", 1e-5)
    wrong = [said != y for x, ys in held_out for said, y in zip(model(x).argmax(1), ys, strict=True)]
    expect_close(found["score"], np.mean(wrong), "the score on symbols: the share of wrong answers", 1e-6)

    several, x = _answers(4, 5), torch.tensor(rng.normal(size=(2, 6, 4)), dtype=torch.float32)
    y = torch.tensor(rng.integers(5, size=(2, 6)))
    log_p = torch.log_softmax(several(x), -1).gather(-1, y[..., None]).mean().item()
    found = train_and_score(several, [(x, y)], [(x, y)], "symbol", 0.01)
    what = "of the copy task, with several answers for each example, (length, B, symbols)"
    expect_close(found["losses"][0], -log_p, f"the first loss {what}", 1e-5)
    share = (several(x).argmax(-1) != y).double().mean().item()
    expect_close(found["score"], share, f"the score {what}: the share of wrong answers", 1e-6)


def _answers(D: int, K: int) -> Any:
    """A model from (length, B, D) to (length, B, K)."""
    import torch

    torch.manual_seed(1)
    return torch.nn.Linear(D, K)


@visible_check(
    "one row per combination", "mean and spread worked on paper", "a single run", "a failed run", "records unchanged"
)
def summarise(summarise: Callable[..., list[dict[str, Any]]]) -> None:
    """Mean and spread of runs."""
    records = [_record("gru", 0, 1.0), _record("rnn", 0, 5.0), _record("gru", 1, 2.0)]
    records += [_record("gru", 2, 6.0), _record("gru", 0, 9.0, "parameters")]
    copies = [dict(one) for one in records]
    rows = summarise(records)
    expect(records == copies, "your function changed the records, which belong to the caller.")
    _expect_rows(rows)
    expect_close(rows[0]["mean"], 3.0, "the mean worked on paper")
    spread = float(rows[0]["spread"])
    expect(
        abs(spread - math.sqrt(14 / 3)) > 1e-8,
        f"your spread of the scores 1, 2 and 6 is {spread:.4f}, the root of 14 / 3: divide by N - 1 = 2 instead. "
        "np.std has an argument for that, ddof.",
    )
    expect_close(spread, math.sqrt(7), "the spread worked on paper")
    single = rows[1]["spread"]
    expect(
        isinstance(single, float) and math.isnan(single), f"the spread of one run is not known, nan; yours is {single}."
    )
    _expect_every_run(summarise)


def _record(cell: str, seed: int, score: float, budget: str = "seconds") -> dict[str, Any]:
    return {"task": "copy", "budget": budget, "cell": cell, "seed": seed, "score": score}


def _expect_rows(rows: Any) -> None:
    """The rows of five records: their keys, what they stand for, and their order."""
    keys = {"task", "budget", "cell", "runs", "mean", "spread"}
    expect(
        isinstance(rows, list) and all(isinstance(row, dict) and set(row) == keys for row in rows),
        f"the result is a list of dicts with task, budget, cell, runs, mean and spread; yours is {shown(rows)}.",
    )
    order = [(row["budget"], row["cell"]) for row in rows]
    expect(
        order == [("seconds", "gru"), ("seconds", "rnn"), ("parameters", "gru")],
        f"five records of three combinations make three rows, in the order in which they were met first; yours are {order}.",
    )
    runs = [row["runs"] for row in rows]
    expect(runs == [3, 1, 1], f"the rows stand for 3, 1 and 1 runs; yours say {runs}.")


def _expect_every_run(summarise: Callable[..., list[dict[str, Any]]]) -> None:
    """Equal scores count as often as they occur, and a failed run counts, too."""
    rows = summarise([_record("lstm", seed, score) for seed, score in enumerate((2.0, 2.0, 5.0))])
    runs = [row["runs"] for row in rows]
    expect(runs == [3], f"runs with the scores 2, 2 and 5 are 3 runs, although two are equal; yours say {runs}.")
    expect_close(rows[0]["mean"], 3.0, "the mean of the scores 2, 2 and 5")
    [row] = summarise([_record("lstm", seed, score) for seed, score in enumerate((2.0, math.nan, 5.0))])
    expect(
        row["runs"] == 3 and math.isnan(row["mean"]) and math.isnan(row["spread"]),
        "a run that failed has the score nan. It is not left out: of three runs with one such, mean and spread are nan; "
        f"yours says {row['runs']} runs, {row['mean']} ± {row['spread']}.",
    )
