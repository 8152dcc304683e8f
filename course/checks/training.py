"""Visible check of training a network and scoring it."""

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import numpy as np

from course.checks.primitives import expect, expect_close, shown
from course.checks.visible import visible_check

__all__ = ["train_and_score"]

Pair = tuple[Any, Any]  # x and y, torch tensors


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
