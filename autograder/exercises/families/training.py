"""A training run in parts, some of which a mistake replaces: losses, clipping, the optimiser, the limits, the score."""

import math
import time

import numpy as np
import torch
from torch.nn import functional

TICK = 0.25  # seconds on the given clock for each call of a model
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
    length = torch.stack([(gradient**2).sum() for gradient in gradients]).sum().sqrt()
    for gradient in gradients:
        gradient /= length


def zero(model):
    model.zero_grad()


def train(model, batches, goal, rule, may_begin, loss_of=loss_of, before=zero, clip=clip, after=False, done=None):
    """Train by the right rules, or with one of them changed; returns the losses.

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


def wrong_run(exercise, name, hint, function=None, **ways):
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


def transposed(statistic):
    """``statistic(output, y, goal)`` with the answers of several steps in another order than the output."""
    return lambda output, y, goal: statistic(
        output, y.T.reshape(y.shape) if y.ndim == 2 and goal == "symbol" else y, goal
    )


def absolute_errors(output, y, goal):
    return functional.l1_loss(output, y) if goal == "number" else loss_of(output, y, goal)


def squared_symbols(output, y, goal):
    if goal == "number":
        return functional.mse_loss(output, y)
    return functional.mse_loss(output.softmax(-1), functional.one_hot(y, output.shape[-1]).to(output.dtype))


def limited(rule):
    """Another rule for when a step may begin: ``rule(steps made, seconds passed, steps, seconds)``."""
    return lambda m, b, h, g, rate, steps, seconds, clock: run(
        m, b, h, g, rate, steps, seconds, clock, may_begin=lambda made, passed: rule(made, passed, steps, seconds)
    )


# fmt: off
LIMITS = (
    ("one_step_more", "Your training makes one step more than the limits allow: none begins when a limit has been reached.",
     lambda made, passed, steps, seconds: made <= steps and passed <= seconds),
    ("one_step_above_the_steps",
     "Your training makes one step more than the limit of steps allows: none begins once that many have been made.",
     lambda made, passed, steps, seconds: made <= steps and passed < seconds),
    ("one_step_fewer", "Your training makes one step fewer than the limit of steps allows.",
     lambda made, passed, steps, seconds: made < steps - 1 and passed < seconds),
    ("seconds_passed_on", "Your training begins a step when the seconds are used up exactly: it may begin only while less have passed.",
     lambda made, passed, steps, seconds: made < steps and passed <= seconds),
    ("limits_seen_too_late", "Your training always makes a first step: look at the limits before a step, not after it.",
     lambda made, passed, steps, seconds: made == 0 or (made < steps and passed < seconds)),
    ("seconds_seen_too_late", "Your training makes a first step even where no second is allowed: look at both limits before each step.",
     lambda made, passed, steps, seconds: made < steps and (made == 0 or passed < seconds)),
    ("both_limits_needed", "Your training stops only when both limits are reached: either is enough.",
     lambda made, passed, steps, seconds: made < steps or passed < seconds),
    ("a_step_that_would_end_late",
     "Your training leaves out a step that would end after the limit of seconds: what counts is when it begins.",
     lambda made, passed, steps, seconds: made < steps and passed + TICK <= seconds),
    ("seconds_ignored", "Your training takes no notice of the limit of seconds.",
     lambda made, passed, steps, seconds: made < steps),
)
# fmt: on
