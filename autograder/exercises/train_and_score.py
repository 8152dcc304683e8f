"""One training run within limits, and its score on held-out batches."""

import copy
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
from autograder.reference import comparison
from autograder.sandbox.protocol.wire import ModelSpec, Tensor

TICK = 0.25  # seconds on the given clock for each call of a model


def view_run(result):
    """What is judged of a run: the losses may be a list or an array, and whose clock the seconds are from shows in them."""
    if not isinstance(result, dict):
        return result
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

    numbers = case("number", 5, (7, 2, 4), rate())
    return {
        "numbers": numbers,
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
    trained("the seconds that training took, the score left out", *TIMED, *NUMBERS, part=of("seconds"), weight=0.5),
    trained("batches without end", "batches without end", part=of("losses", "score"), weight=2),
    trained("no batches", "no batches", part=of("losses", "score"), weight=0.5, property=True),
    trained("rate, limits and clock may be left out", *LEFT_OUT, part=of("losses"), weight=0.5),
    values("numbers, not tensors", *NUMBERS, *SYMBOLS, part=of("losses are", "score is"), weight=0.5, property=True),
    argument_after("the model itself is trained, and stays as training leaves it", 0, *NUMBERS, *SYMBOLS, weight=1.5),
    pure("numbers", "symbols", weight=0.5, inputs=slice(1, None)),
)


ADAM = torch.optim.Adam


def loss_of(output, y, goal):
    if goal == "number":
        return functional.mse_loss(output, y)
    return functional.cross_entropy(output.flatten(0, -2), y.flatten())


def errors_of(output, y, goal):
    """The errors of one batch, one per answer."""
    return ((output - y) ** 2 if goal == "number" else (output.argmax(-1) != y).double()).flatten()


def scored(model, held_out, goal):
    with torch.no_grad():
        return torch.cat([errors_of(model(x), y, goal) for x, y in held_out]).mean().item()


def by_mean_of(statistic):
    """The mean over the held-out batches of ``statistic(output, y, goal)``."""

    def score(model, held_out, goal):
        with torch.no_grad():
            return float(np.mean([float(statistic(model(x), y, goal)) for x, y in held_out]))

    return score


def instead(goal, another):
    """Another score, by ``another(model, held_out)``, for one goal."""

    def score(model, held_out, given):
        with torch.no_grad():
            return another(model, held_out) if given == goal else scored(model, held_out, given)

    return score


def outputs_and_answers(model, held_out):
    return torch.cat([model(x).flatten(0, -2) for x, _ in held_out]), torch.cat([y.flatten() for _, y in held_out])


def clip(model):
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)


def each_by_itself(model):
    for parameter in model.parameters():
        torch.nn.utils.clip_grad_norm_([parameter], 1.0)


def always_one(model):
    gradients = [parameter.grad for parameter in model.parameters()]
    length = torch.sqrt(sum((gradient**2).sum() for gradient in gradients))
    for gradient in gradients:
        gradient /= length


def zero(model):
    model.zero_grad()


def train(model, batches, goal, rule, may_begin, loss_of=loss_of, before=zero, clip=clip, after=False, done=None):
    """Train by rules of which one may be wrong; returns the losses.

    ``rule``: the optimiser. ``may_begin``: from the losses so far to whether another step may begin. ``before``: what is
    done to the model's gradients before backward. ``after``: whether the losses are those after each step. ``done``:
    called after each step.
    """
    losses = []
    for x, y in batches:
        if not may_begin(losses):
            break
        loss = loss_of(model(x), y, goal)
        before(model)
        loss.backward()
        clip(model)
        rule.step()
        losses.append((loss_of(model(x), y, goal) if after else loss).item())
        if done:
            done(losses)
    return losses


def run(model, batches, held_out, goal, rate, steps, seconds, clock, score=scored, rule=ADAM, may_begin=None, **ways):
    """The whole run; ``may_begin(number of steps made, seconds passed)`` stands for the limits."""
    may_begin = may_begin or (lambda made, passed: made < steps and passed < seconds)
    began = clock()
    losses = train(
        model, batches, goal, rule(model.parameters(), rate), lambda done: may_begin(len(done), clock() - began), **ways
    )
    took = clock() - began
    return {"score": score(model, held_out, goal), "losses": np.array(losses), "seconds": took}


def wrong_run(name, hint, function=None, **ways):
    """A mistake in a part of ``run``, or in ``function(run, *its arguments)``, which may change those."""

    def wrong(model, batches, held_out, goal, rate=5e-3, steps=math.inf, seconds=math.inf, clock=time.process_time):
        args = (model, batches, held_out, goal, rate, steps, seconds, clock)
        return function(*args) if function else run(*args, **ways)

    exercise.add_mistake(name, hint, wrong)


class Forgetful:
    """An Adam made anew in every step."""

    def __init__(self, parameters, rate):
        self.parameters, self.rate = list(parameters), rate

    def step(self):
        ADAM(self.parameters, self.rate).step()


def decayed(parameters, rate):
    return ADAM(parameters, rate, weight_decay=0.01)


def summed(output, y, goal):
    if goal == "number":
        return functional.mse_loss(output, y)
    return functional.cross_entropy(output.flatten(0, -2), y.flatten(), reduction="sum")


def all_summed(output, y, goal):
    return loss_of(output, y, goal) * y.numel()


def softmax_twice(output, y, goal):
    return loss_of(output.softmax(-1) if goal == "symbol" else output, y, goal)


def along_axis_one(output, y, goal):
    return functional.mse_loss(output, y) if goal == "number" else functional.cross_entropy(output, y)


def absolute_errors(output, y, goal):
    return functional.l1_loss(output, y) if goal == "number" else loss_of(output, y, goal)


def squared_symbols(output, y, goal):
    if goal == "number":
        return functional.mse_loss(output, y)
    return functional.mse_loss(output.softmax(-1), functional.one_hot(y, output.shape[-1]).to(output.dtype))


for name, hint, ways in (
    (
        "mean_of_means",
        "Your score is the mean of the batches' means: batches differ in size, so count every answer once.",
        {"score": by_mean_of(lambda *batch: errors_of(*batch).mean())},
    ),
    (
        "sum_over_answers",
        "Your score is a sum over all answers: divide by how many there are.",
        {"score": lambda m, h, g: scored(m, h, g) * sum(y.numel() for _, y in h)},
    ),
    (
        "divided_by_the_examples",
        "Your score of numbers is divided by the number of examples: divide by that of answers, all columns of y.",
        {"score": instead("number", lambda m, h: scored(m, h, "number") * h[0][1].shape[1])},
    ),
    (
        "share_of_right",
        "Your score of symbols is the share of right answers: lower should be better, so give the share of wrong ones.",
        {"score": instead("symbol", lambda m, h: 1 - scored(m, h, "symbol"))},
    ),
    (
        "loss_for_score",
        "Your score of symbols is the cross-entropy: give the share of wrong answers.",
        {"score": instead("symbol", lambda m, h: functional.cross_entropy(*outputs_and_answers(m, h)).item())},
    ),
    (
        "mean_loss_for_score",
        "Your score of symbols is the mean of the batches' cross-entropies: give the share of wrong answers.",
        {"score": instead("symbol", lambda m, h: by_mean_of(loss_of)(m, h, "symbol"))},
    ),
    (
        "wrong_sequences",
        "Your score of symbols counts a sequence as wrong if any of its answers is: count every answer.",
        {
            "score": instead(
                "symbol",
                lambda m, h: (
                    torch.cat([(m(x).argmax(-1) != y).reshape(-1, y.shape[-1]).any(0).double() for x, y in h])
                    .mean()
                    .item()
                ),
            )
        },
    ),
    (
        "largest_along_axis_one",
        "Your score of symbols takes the largest score along axis 1: the classes are along the last axis.",
        {
            "score": instead(
                "symbol",
                lambda m, h: torch.cat([(m(x).argmax(1) != y).flatten() for x, y in h]).double().mean().item(),
            )
        },
    ),
    (
        "root_for_score",
        "Your score of numbers is the root of the mean squared error: leave the root out.",
        {"score": instead("number", lambda m, h: scored(m, h, "number") ** 0.5)},
    ),
    (
        "absolute_error_for_score",
        "Your score of numbers is the mean absolute error: it should be the mean squared one.",
        {"score": instead("number", lambda m, h: torch.cat([(m(x) - y).flatten() for x, y in h]).abs().mean().item())},
    ),
    (
        "scored_on_one",
        "Your score comes from the first held-out batch alone: use all of them.",
        {"score": lambda m, h, g: scored(m, h[:1], g)},
    ),
    (
        "scored_on_the_last",
        "Your score comes from the last held-out batch alone: use all of them.",
        {"score": lambda m, h, g: scored(m, h[-1:], g)},
    ),
    (
        "score_as_tensor",
        "Your score is a torch tensor: make a float of it, as .item() does.",
        {"score": lambda m, h, g: torch.tensor(scored(m, h, g), dtype=torch.float64)},
    ),
    (
        "gradients_pile_up",
        "Your gradients pile up from step to step: set them to zero before backward.",
        {"before": lambda model: None},
    ),
    (
        "not_clipped",
        "Your gradients are not clipped when the step is made: their norm over all parameters should be at most 1, between "
        "backward and step.",
        {"clip": lambda model: None},
    ),
    (
        "clipped_by_value",
        "Your gradients are clipped number by number, which turns them: clip the norm over all parameters.",
        {"clip": lambda model: torch.nn.utils.clip_grad_value_(model.parameters(), 1.0)},
    ),
    (
        "clipped_one_by_one",
        "Your gradients are clipped parameter by parameter: the norm is that of all of them together.",
        {"clip": each_by_itself},
    ),
    (
        "clipped_by_the_largest",
        "Your gradients are clipped by their largest number: the norm is the root of the sum of all squares.",
        {"clip": lambda model: torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0, norm_type=math.inf)},
    ),
    (
        "clipped_by_absolute_values",
        "Your gradients are clipped by the sum of their absolute values: the norm is the root of the sum of all squares.",
        {"clip": lambda model: torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0, norm_type=1)},
    ),
    (
        "clipped_elsewhere",
        "Your gradients are clipped at 5, not at 1: their norm over all parameters should be at most 1.",
        {"clip": lambda model: torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)},
    ),
    (
        "made_one",
        "Your gradients are stretched to norm 1 where they are shorter: clipping leaves short ones alone.",
        {"clip": always_one},
    ),
    ("plain_descent", "Your optimiser is plain gradient descent: use Adam.", {"rule": torch.optim.SGD}),
    (
        "decaying_weights",
        "Your optimiser is AdamW, which lets the weights decay: use Adam.",
        {"rule": torch.optim.AdamW},
    ),
    ("adam_with_decay", "Your Adam has a weight decay: leave that out.", {"rule": decayed}),
    ("rmsprop", "Your optimiser is RMSprop: use Adam.", {"rule": torch.optim.RMSprop}),
    (
        "adam_anew",
        "Your Adam is made anew in every step, and forgets what it knew: make it once, before the loop.",
        {"rule": Forgetful},
    ),
    (
        "rate_ignored",
        "Your rate is always 0.005: use the rate that is given.",
        {"rule": lambda parameters, rate: ADAM(parameters, 5e-3)},
    ),
    (
        "rate_of_adam_itself",
        "Your rate is always Adam's own, 0.001: use the rate that is given.",
        {"rule": lambda parameters, rate: ADAM(parameters)},
    ),
    (
        "losses_after_the_step",
        "Your losses are those after each step, which costs a second look at the batch: keep the loss before it.",
        {"after": True},
    ),
    (
        "loss_of_symbols_summed",
        "Your loss of symbols is summed over the answers: take the mean.",
        {"loss_of": summed},
    ),
    ("losses_summed", "Your losses are sums over the answers: take the mean.", {"loss_of": all_summed}),
    (
        "softmax_twice",
        "Your cross-entropy sees probabilities: it takes the scores themselves, since it has a softmax of its own.",
        {"loss_of": softmax_twice},
    ),
    (
        "classes_along_axis_one",
        "Your cross-entropy takes axis 1 for the classes where there are several answers: flatten all axes but the last.",
        {"loss_of": along_axis_one},
    ),
    (
        "absolute_loss",
        "Your loss of numbers is the mean absolute error: it should be the mean squared one.",
        {"loss_of": absolute_errors},
    ),
    (
        "squared_loss_of_symbols",
        "Your loss of symbols is a squared error of probabilities: it should be the cross-entropy.",
        {"loss_of": squared_symbols},
    ),
):
    wrong_run(name, hint, **ways)


def limited(rule):
    """Another rule for when a step may begin: ``rule(steps made, seconds passed, steps, seconds)``."""
    return lambda m, b, h, g, rate, steps, seconds, clock: run(
        m, b, h, g, rate, steps, seconds, clock, may_begin=lambda made, passed: rule(made, passed, steps, seconds)
    )


for name, hint, rule in (
    (
        "one_step_more",
        "Your training makes one step more than the limits allow: none begins when a limit has been reached.",
        lambda made, passed, steps, seconds: made <= steps and passed <= seconds,
    ),
    (
        "one_step_above_the_steps",
        "Your training makes one step more than the limit of steps allows: none begins once that many have been made.",
        lambda made, passed, steps, seconds: made <= steps and passed < seconds,
    ),
    (
        "one_step_fewer",
        "Your training makes one step fewer than the limit of steps allows.",
        lambda made, passed, steps, seconds: made < steps - 1 and passed < seconds,
    ),
    (
        "seconds_passed_on",
        "Your training begins a step when the seconds are used up exactly: it may begin only while less have passed.",
        lambda made, passed, steps, seconds: made < steps and passed <= seconds,
    ),
    (
        "limits_seen_too_late",
        "Your training always makes a first step: look at the limits before a step, not after it.",
        lambda made, passed, steps, seconds: made == 0 or (made < steps and passed < seconds),
    ),
    (
        "seconds_seen_too_late",
        "Your training makes a first step even where no second is allowed: look at both limits before each step.",
        lambda made, passed, steps, seconds: made < steps and (made == 0 or passed < seconds),
    ),
    (
        "both_limits_needed",
        "Your training stops only when both limits are reached: either is enough.",
        lambda made, passed, steps, seconds: made < steps or passed < seconds,
    ),
    (
        "a_step_that_would_end_late",
        "Your training leaves out a step that would end after the limit of seconds: what counts is when it begins.",
        lambda made, passed, steps, seconds: made < steps and passed + TICK <= seconds,
    ),
    (
        "seconds_ignored",
        "Your training takes no notice of the limit of seconds.",
        lambda made, passed, steps, seconds: made < steps,
    ),
):
    wrong_run(name, hint, limited(rule))


def steps_ignored(model, batches, held_out, goal, rate, steps, seconds, clock):
    return run(model, batches, held_out, goal, rate, math.inf, seconds, clock)


def trains_on_held_out(model, batches, held_out, goal, rate, steps, seconds, clock):
    return run(model, itertools.chain(held_out, batches), held_out, goal, rate, steps, seconds, clock)


def held_out_afterwards(model, batches, held_out, goal, rate, steps, seconds, clock, clip=clip):
    """Goes on with the held-out batches after training, with the same Adam."""
    began, adam = clock(), ADAM(model.parameters(), rate)
    losses = train(model, batches, goal, adam, lambda done: len(done) < steps and clock() - began < seconds)
    took = clock() - began
    train(model, held_out, goal, adam, lambda done: True, clip=clip)
    return {"score": scored(model, held_out, goal), "losses": np.array(losses), "seconds": took}


def scored_on_training(model, batches, held_out, goal, rate, steps, seconds, clock):
    return run(model, batches, batches, goal, rate, steps, seconds, clock)


def scored_first(model, batches, held_out, goal, rate, steps, seconds, clock):
    untrained = scored(model, held_out, goal)
    return run(model, batches, held_out, goal, rate, steps, seconds, clock) | {"score": untrained}


def last_loss_for_score(model, batches, held_out, goal, rate, steps, seconds, clock):
    found = run(model, batches, held_out, goal, rate, steps, seconds, clock)
    return found | {"score": found["losses"][-1] if len(found["losses"]) else 0.0}


def trains_a_copy(model, *rest):
    return run(copy.deepcopy(model), *rest)


def best_kept(model, batches, held_out, goal, rate, steps, seconds, clock):
    """Loads the parameters after the step with the lowest loss back."""
    kept = {}

    def keep(losses):
        if losses[-1] == min(losses):
            kept.update({name: value.detach().clone() for name, value in model.state_dict().items()})

    began = clock()
    losses = train(
        model,
        batches,
        goal,
        ADAM(model.parameters(), rate),
        lambda done: len(done) < steps and clock() - began < seconds,
        done=keep,
    )
    took = clock() - began
    if kept:
        model.load_state_dict(kept)
    return {"score": scored(model, held_out, goal), "losses": np.array(losses), "seconds": took}


def wants_all_batches(model, batches, *rest):
    return run(model, list(batches), *rest)


def wants_their_number(model, batches, held_out, goal, rate, steps, seconds, clock):
    return run(model, batches, held_out, goal, rate, min(steps, len(batches)), seconds, clock)


def again_and_again(model, batches, held_out, goal, rate, steps, seconds, clock):
    """Goes through the batches three times, within the limits."""
    several = batches if not isinstance(batches, list) else batches * 3
    return run(model, several, held_out, goal, rate, steps, seconds, clock)


def used_up_is_an_error(model, batches, held_out, goal, rate, steps, seconds, clock):
    supply, losses, began, adam = iter(batches), [], clock(), ADAM(model.parameters(), rate)
    while len(losses) < steps and clock() - began < seconds:
        losses += train(model, [next(supply)], goal, adam, lambda done: True)
    took = clock() - began
    return {"score": scored(model, held_out, goal), "losses": np.array(losses), "seconds": took}


def clock_not_set(model, batches, held_out, goal, rate, steps, seconds, clock):
    return run(model, batches, held_out, goal, rate, steps, seconds - clock(), clock)


def scoring_timed(model, batches, held_out, goal, rate, steps, seconds, clock):
    began = clock()
    found = run(model, batches, held_out, goal, rate, steps, seconds, clock)
    return found | {"seconds": clock() - began}


def time_of_day(model, batches, held_out, goal, rate, steps, seconds, clock):
    began = clock()
    found = run(model, batches, held_out, goal, rate, steps, seconds, clock)
    return found | {"seconds": found["seconds"] + began}


def first_step_not_timed(model, batches, held_out, goal, rate, steps, seconds, clock):
    """Reads the clock for the first time when a first step has been made."""
    began = []

    def may_begin(done):
        if len(done) == 1:
            began.append(clock())
        return len(done) < steps and (clock() - began[0] if began else 0) < seconds

    losses = train(model, batches, goal, ADAM(model.parameters(), rate), may_begin)
    began = began or [clock()]
    took = clock() - began[0] if len(losses) != 1 else 0.0
    return {"score": scored(model, held_out, goal), "losses": np.array(losses), "seconds": took}


def own_clock(model, batches, held_out, goal, rate, steps, seconds, clock):
    return run(model, batches, held_out, goal, rate, steps, seconds, time.process_time)


def own_clock_and_no_limit(model, batches, held_out, goal, rate, steps, seconds, clock):
    found = run(model, batches, held_out, goal, rate, steps, seconds, clock)
    return found | {"seconds": math.pi}


def no_seconds(model, batches, held_out, goal, rate, steps, seconds, clock):
    return run(model, batches, held_out, goal, rate, steps, seconds, clock) | {"seconds": 0.0}


def steps_for_seconds(model, batches, held_out, goal, rate, steps, seconds, clock):
    found = run(model, batches, held_out, goal, rate, steps, seconds, clock)
    return found | {"seconds": float(len(found["losses"]))}


def losses_as_tensors(model, batches, held_out, goal, rate, steps, seconds, clock):
    found = run(model, batches, held_out, goal, rate, steps, seconds, clock)
    return found | {"losses": list(map(torch.tensor, found["losses"]))}


def losses_missing(model, batches, held_out, goal, rate, steps, seconds, clock):
    found = run(model, batches, held_out, goal, rate, steps, seconds, clock)
    return found | {"losses": found["losses"][-1:]}


def mean_losses(model, batches, held_out, goal, rate, steps, seconds, clock):
    found = run(model, batches, held_out, goal, rate, steps, seconds, clock)
    return found | {"losses": np.cumsum(found["losses"]) / np.arange(1, len(found["losses"]) + 1)}


def first_loss_missing(model, batches, held_out, goal, rate, steps, seconds, clock):
    found = run(model, batches, held_out, goal, rate, steps, seconds, clock)
    return found | {"losses": found["losses"][1:]}


def takes_batches_out(model, batches, *rest):
    def taken():
        while isinstance(batches, list) and batches:
            yield batches.pop(0)
        yield from batches

    return run(model, taken(), *rest)


def a_tuple(model, batches, held_out, goal, rate, steps, seconds, clock):
    return tuple(run(model, batches, held_out, goal, rate, steps, seconds, clock).values())


for function, hint in (
    (steps_ignored, "Your training takes no notice of the limit of steps."),
    (
        trains_on_held_out,
        "Your model was trained on the held-out batches, before the others: they are for the score alone.",
    ),
    (
        held_out_afterwards,
        "Your model was trained on the held-out batches, after the others: they are for the score alone.",
    ),
    (
        scored_on_training,
        "Your score comes from the batches that it was trained on: what it knows by heart says little; use held_out.",
    ),
    (scored_first, "Your score was taken before training."),
    (last_loss_for_score, "Your score is the last loss of training: score the held-out batches."),
    (
        trains_a_copy,
        "Your function leaves the model as it was, or sets it back: train the one that is given, and leave it trained.",
    ),
    (
        best_kept,
        "Your function sets the model back to an earlier step, the one with the lowest loss: it stays as training leaves it.",
    ),
    (
        wants_all_batches,
        "Your function wants all batches before it begins: they may be endless; take one for each step.",
    ),
    (
        wants_their_number,
        "Your function asks how many batches there are: they may be endless; take one for each step.",
    ),
    (again_and_again, "Your training goes through the batches more than once: it ends when they are used up."),
    (
        used_up_is_an_error,
        "Your function ends in an error when the batches are used up: training ends there, and the score is due.",
    ),
    (clock_not_set, "Your limit of seconds compares the time of day: take the difference from when training began."),
    (scoring_timed, "Your seconds include the scoring: look at the clock when training ends."),
    (time_of_day, "Your seconds are the time of day at the end: subtract the time at the beginning."),
    (
        first_step_not_timed,
        "Your time begins after the first step: read the clock before it, for the limit and for what training took.",
    ),
    (
        own_clock,
        "Your time comes from another clock: use the clock that is given, for the limit and for what training took.",
    ),
    (
        own_clock_and_no_limit,
        "Your seconds come from another clock than your limit: use the clock that is given for both.",
    ),
    (no_seconds, "Your seconds are always 0: read the clock before training and after it."),
    (steps_for_seconds, "Your seconds are the number of steps: read the clock before training and after it."),
    (losses_as_tensors, "Your losses are torch tensors: keep numbers, as .item() gives them."),
    (losses_missing, "You keep the last loss only: keep one for every training step."),
    (mean_losses, "Your losses are the means of all so far: keep each step's own loss."),
    (first_loss_missing, "Your first loss is missing: keep one for every training step."),
    (
        takes_batches_out,
        "Your function takes batches out of the list, which belongs to the caller: go through it and leave it as it is.",
    ),
    (a_tuple, "You return a tuple: return a dict with “score”, “losses” and “seconds”."),
):
    wrong_run(function.__name__, hint, function)

for key in ("score", "losses", "seconds"):
    wrong_run(
        f"{key}_left_out",
        f"Your dict lacks “{key}”.",
        lambda *args, key=key: {name: value for name, value in run(*args).items() if name != key},
    )


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
        output = model(x).detach()
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
        norm = torch.sqrt(sum((parameter.grad**2).sum() for parameter in model.parameters()))
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
    until = None if steps == math.inf else steps
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
    spent = clock() - start
    means, sizes = [], []
    for x, y in held_out:
        with torch.no_grad():
            scores = model(x)
        error = (scores - y) ** 2 if goal == "number" else (scores.argmax(dim=-1) != y).to(torch.float64)
        means.append(error.mean().item())
        sizes.append(y.numel())
    return dict(score=np.average(means, weights=sizes), losses=np.array(losses), seconds=spent)
