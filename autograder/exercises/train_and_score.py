"""One training run within limits, and its score on held-out batches."""

import functools
import itertools
import math
import time

import numpy as np
import torch
from torch.nn import functional

from autograder.checking.checks import argument_after, pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.checking.observation import Fact
from autograder.exercises.families.training import TICK
from autograder.exercises.families.training_runs import run_mistakes
from autograder.exercises.families.training_steps import step_mistakes
from autograder.reference import comparison
from autograder.sandbox.protocol.wire import ModelSpec, Opaque, Tensor


def view_run(result):
    """What is judged of a run: the losses may be a list or an array, and whose clock the seconds are from shows in them."""
    if not isinstance(result, dict):
        return None if result is None else Opaque(type(result).__name__)
    seen = dict(result)
    if "losses" in seen:
        losses = seen["losses"]
        tensors = isinstance(losses, Tensor) or any(isinstance(one, Tensor) for one in losses)
        seen |= {"losses": np.asarray(losses, float), "losses are": Fact("torch tensors" if tensors else "numbers")}
    if "score" in seen:
        tensor = isinstance(seen["score"], Tensor)
        seen |= {"score": float(seen["score"]), "score is": Fact("a torch tensor" if tensor else "a number")}
    if "seconds" in seen:
        given = not np.ndim(seen["seconds"]) and float(seen["seconds"] / TICK).is_integer()
        seen |= {"seconds": float(seen["seconds"]) if given else Fact("by another clock")}
    return seen


exercise = Exercise(comparison.train_and_score, view=view_run)


@exercise.cases
def draw(rng):
    def batch(goal, T, B, D, K, spread, answers=False):
        x = rng.normal(size=(T, B, D))
        if goal == "number":
            return x, spread * rng.normal(size=(B, K))
        return x, rng.integers(K, size=(T, B) if answers else B)

    def weights(D, K, M=6):
        return {"A": 0.5 * rng.normal(size=(D, M)), "V": 0.1 * rng.normal(size=(M, K))}

    def case(
        goal, several, sizes, rate, steps=math.inf, seconds=math.inf, kind="model", K=3, spread=1.0, T=None, B=None
    ):
        T, B, D = T or int(rng.integers(3, 6)), B or int(rng.integers(2, 6)), int(rng.integers(2, 5))
        given = weights(D, K) | ({"decay": np.array(0.8)} if kind == "model" else {})
        # every second batch asks for something large, so that the gradient's norm is clipped in some steps only
        own = [batch(goal, T, B, D, K, spread * (0.2, 9)[n % 2], kind == "answers") for n in range(several)]
        held_out = [batch(goal, T, size, D, K, spread, kind == "answers") for size in sizes]
        clock = ModelSpec("clock", {"start": float(rng.integers(50, 5000)), "tick": TICK})
        pairs = [[tuple(map(torch.from_numpy, pair)) for pair in pairs] for pairs in (own, held_out)]
        return Case((ModelSpec(kind, given), *pairs, goal, rate, steps, seconds, clock))

    def rate():
        return float(rng.uniform(0.01, 0.03))

    return {
        "numbers": case("number", 5, (7, 2, 4), rate()),
        "one number": case("number", 4, (3, 8), rate(), K=1),
        "symbols": case("symbol", 6, (23, 6, 11), rate(), K=4),
        "symbols at every step": case("symbol", 4, (5, 9), rate(), kind="answers", K=5),
        "as many steps, examples and answers": case("symbol", 3, (4, 4), rate(), kind="answers", K=4, T=4, B=4),
        "a limit of steps": case("number", 8, (4, 6), rate(), steps=5),
        "a limit of seconds": case("symbol", 9, (14, 5), rate(), seconds=1.1),
        "seconds that run out exactly": case("number", 7, (3, 5), rate(), seconds=1.0),
        "both limits, steps first": case("symbol", 9, (14, 5), rate(), steps=3, seconds=1.5),
        "both limits, seconds first": case("number", 9, (6, 3), rate(), steps=6, seconds=0.9),
        "no step allowed": case("number", 3, (5, 2), rate(), steps=0),
        "no second allowed": case("symbol", 3, (13, 6), rate(), seconds=0.0),
        "no batches": case("number", 0, (4, 3), rate()),
        "batches without end": _endless(case("number", 3, (5, 2), rate(), steps=7)),
        "limits and clock left out": Case(case("number", 3, (4, 2), rate()).args[:5]),
        "rate left out, too": Case(case("symbol", 3, (4, 2), rate()).args[:4]),
    }


def _endless(case):
    """The same case with its batches again and again."""
    model, batches, *rest = case.args
    x, y = (np.stack([pair[part].numpy() for pair in batches]) for part in (0, 1))
    return Case((model, ModelSpec("stream", {"x": x, "y": y}), *rest))


def of(*names):
    """Picks some entries of a result."""
    return lambda result: [result[name] for name in names]


NUMBERS = ("numbers", "one number")
SYMBOLS = ("symbols", "symbols at every step", "as many steps, examples and answers")
LIMITED = ("a limit of steps", "both limits, steps first")
TIMED = ("a limit of seconds", "seconds that run out exactly", "both limits, seconds first")
LEFT_OUT = ("limits and clock left out", "rate left out, too")
# torch's clipping adds a millionth to the norm, which those who write it out need not do; training carries that on
trained = functools.partial(values, tolerance=(1e-5, 1e-7))

exercise.checks(
    trained("the losses while it trains on numbers", *NUMBERS, part=of("losses"), weight=1.5),
    trained("the losses while it trains on symbols", *SYMBOLS, part=of("losses")),
    trained("the score on held-out numbers", *NUMBERS, part=of("score")),
    trained("the score on held-out symbols: the share of wrong ones", *SYMBOLS, part=of("score")),
    trained("the limit of steps", *LIMITED, part=of("losses"), weight=1.5),
    trained("the limit of seconds", *TIMED, part=of("losses"), weight=1.5),
    trained("no step where none is allowed", "no step allowed", "no second allowed", part=of("losses"), property=True),
    trained("the seconds that training took, the score left out", *TIMED, *NUMBERS, part=of("seconds")),
    trained("batches without end", "batches without end", part=of("losses", "score"), weight=2),
    trained("no batches", "no batches", part=of("losses", "score"), weight=0.5, property=True),
    trained("rate, limits and clock may be left out", *LEFT_OUT, part=of("losses"), weight=0.5),
    values("numbers, not tensors", *NUMBERS, *SYMBOLS, part=of("losses are", "score is"), weight=0.5, property=True),
    argument_after(
        "the model itself is trained, and stays as training leaves it", 0, *NUMBERS, *SYMBOLS, weight=1.5, property=True
    ),
    argument_after("the score is computed without gradients", 7, *NUMBERS, *SYMBOLS, weight=0.5, property=True),
    pure("numbers", "symbols", weight=0.5, inputs=slice(1, 7)),
)
exercise.add(step_mistakes, run_mistakes)


@exercise.right
def by_hand(model, batches, held_out, goal, rate=5e-3, steps=math.inf, seconds=math.inf, clock=time.time):
    """Adam, the clipping and the losses written out."""
    parameters = list(model.parameters())
    means = [torch.zeros_like(array) for array in parameters]
    squares = [torch.zeros_like(array) for array in parameters]
    started, source, losses = clock(), iter(batches), []
    while len(losses) < steps and clock() < started + seconds:
        batch = next(source, None)
        if batch is None:
            break
        output = model(batch[0])
        if goal == "number":
            loss = torch.mean((output - batch[1]) ** 2)
        else:
            picked = output.log_softmax(-1).gather(-1, batch[1].unsqueeze(-1))
            loss = -picked.mean()
        gradients = torch.autograd.grad(loss, parameters)
        length = math.sqrt(sum(float((gradient**2).sum()) for gradient in gradients))
        gradients = [gradient * min(1.0, 1 / (length + 1e-6)) for gradient in gradients]
        losses.append(loss.detach().item())
        n = len(losses)
        with torch.no_grad():
            for array, mean, square, gradient in zip(parameters, means, squares, gradients, strict=True):
                mean.mul_(0.9).add_(0.1 * gradient)
                square.mul_(0.999).add_(0.001 * gradient**2)
                array -= rate * (mean / (1 - 0.9**n)) / (torch.sqrt(square / (1 - 0.999**n)) + 1e-8)
    seconds = clock() - started
    wrong = answers = 0
    for x, y in held_out:
        with torch.no_grad():
            output = model(x)
        wrong += float(((output - y) ** 2).sum() if goal == "number" else (output.argmax(-1) != y).sum())
        answers += y.numel()
    return {"losses": losses, "score": wrong / answers, "seconds": seconds}


@exercise.right
def clipped_by_hand(model, batches, held_out, goal, rate=5e-3, steps=math.inf, seconds=math.inf, clock=time.time):
    """The norm as the formula has it; torch adds a millionth to it."""
    adam, losses, start = torch.optim.Adam(model.parameters(), lr=rate), [], clock()
    for x, y in batches:
        if len(losses) >= steps or clock() - start >= seconds:
            break
        output = model(x)
        loss = (
            functional.mse_loss(output, y)
            if goal == "number"
            else functional.cross_entropy(output.reshape(-1, output.shape[-1]), y.reshape(-1))
        )
        adam.zero_grad()
        loss.backward()
        norm = torch.stack([(parameter.grad**2).sum() for parameter in model.parameters()]).sum().sqrt()
        if norm > 1:
            for parameter in model.parameters():
                parameter.grad /= norm
        adam.step()
        losses.append(loss.item())
    took, errors = clock() - start, []
    with torch.no_grad():
        for x, y in held_out:
            errors += (
                ((model(x) - y) ** 2 if goal == "number" else model(x).argmax(-1) != y).double().flatten().tolist()
            )
    return {"score": math.fsum(errors) / len(errors), "losses": losses, "seconds": took}


@exercise.right
def by_functions(model, batches, held_out, goal, rate=5e-3, steps=math.inf, seconds=math.inf, clock=time.time):
    criterion = torch.nn.MSELoss() if goal == "number" else torch.nn.CrossEntropyLoss()
    adam = torch.optim.Adam(params=model.parameters(), lr=rate)

    def one(x, y):
        adam.zero_grad(set_to_none=False)
        out = model(x)
        loss = criterion(out, y) if goal == "number" else criterion(out.reshape(-1, out.shape[-1]), y.reshape(-1))
        loss.backward()
        torch.nn.utils.clip_grad_norm_(list(model.parameters()), max_norm=1)
        adam.step()
        return float(loss.detach())

    begin = clock()
    until = None if steps == math.inf else int(steps)
    timely = itertools.takewhile(lambda _: clock() - begin < seconds, itertools.islice(batches, until))
    losses = np.fromiter((one(x, y) for x, y in timely), dtype=float)
    end = clock()
    model.eval()
    with torch.inference_mode():
        outputs = torch.cat([model(x).flatten(0, -2) for x, _ in held_out])
    wanted = torch.cat([y.flatten(0, -2) if goal == "number" else y.flatten() for _, y in held_out])
    errors = (outputs - wanted).square() if goal == "number" else (outputs.max(-1).indices != wanted).float()
    return {"score": float(errors.double().mean()), "losses": losses, "seconds": end - begin}


@exercise.right
def by_weights(model, batches, held_out, goal, rate=5e-3, steps=math.inf, seconds=math.inf, clock=time.time):
    """The batches' own means, weighed by how many answers each has; the loop asks for the limits at its end."""
    optimiser, losses, start = torch.optim.Adam(model.parameters(), lr=rate, foreach=False), [], clock()
    if steps > 0 and seconds > 0:
        for x, y in batches:
            scores = model(x)
            if goal == "number":
                loss = ((scores - y) ** 2).mean()
            else:
                loss = functional.nll_loss(scores.log_softmax(-1).view(-1, scores.shape[-1]), y.view(-1))
            optimiser.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
            optimiser.step()
            losses.append(loss.item())
            if len(losses) == steps or clock() - start >= seconds:
                break
    spent, means, sizes = clock() - start, [], []
    for x, y in held_out:
        with torch.no_grad():
            scores = model(x)
        error = (scores - y) ** 2 if goal == "number" else (scores.argmax(dim=-1) != y).to(torch.float64)
        means.append(error.mean().item())
        sizes.append(y.numel())
    return dict(score=np.average(means, weights=sizes), losses=np.array(losses), seconds=spent)
