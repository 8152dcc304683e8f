"""Wrong versions of ``train_and_score``. Each docstring is a hint."""

import copy
import itertools
import math
import time

import numpy as np
import torch
from torch.nn import functional

ADAM = torch.optim.Adam


def loss_of(output, y, goal):
    if goal == "number":
        return functional.mse_loss(output, y)
    return functional.cross_entropy(output.flatten(0, -2), y.flatten())


def errors_of(model, batch, goal):
    """The errors of one batch, one an answer."""
    x, y = batch
    output = model(x)
    return ((output - y) ** 2 if goal == "number" else (output.argmax(-1) != y).double()).flatten()


def scored(model, held_out, goal):
    with torch.no_grad():
        return torch.cat([errors_of(model, batch, goal) for batch in held_out]).mean().item()


def clip(model):
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)


def batch_by_batch(model, held_out, goal):
    with torch.no_grad():
        return float(np.mean([errors_of(model, batch, goal).mean().item() for batch in held_out]))


def trained(model, batches, goal, rule, open_for, clip=clip, forget=True, after=False):
    """Train by rules of which one may be wrong. Returns the losses.

    ``rule``: the optimiser. ``open_for``: from the losses so far to whether another step may begin. ``forget``: whether
    gradients start at zero in every step. ``after``: whether the losses are those after each step.
    """
    losses = []
    for x, y in batches:
        if not open_for(losses):
            break
        loss = loss_of(model(x), y, goal)
        if forget:
            model.zero_grad()
        loss.backward()
        clip(model)
        rule.step()
        losses.append((loss_of(model(x), y, goal) if after else loss).item())
    return losses


def run(model, batches, held_out, goal, rate, steps, seconds, clock, score=scored, rule=ADAM, may_begin=None, **ways):
    """The whole run; ``may_begin(number of steps made, seconds passed)`` stands for the limits."""
    may_begin = may_begin or (lambda made, passed: made < steps and passed < seconds)
    began = clock()
    losses = trained(
        model, batches, goal, rule(model.parameters(), rate), lambda done: may_begin(len(done), clock() - began), **ways
    )
    took = clock() - began
    return {"score": score(model, held_out, goal), "losses": np.array(losses), "seconds": took}


def gradients_of_two_kinds(model):
    torch.nn.utils.clip_grad_value_(model.parameters(), 1.0)


def each_by_itself(model):
    for parameter in model.parameters():
        torch.nn.utils.clip_grad_norm_([parameter], 1.0)


def by_the_largest(model):
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0, norm_type=math.inf)


def always_one(model):
    gradients = [parameter.grad for parameter in model.parameters()]
    length = torch.sqrt(sum((gradient**2).sum() for gradient in gradients))
    for gradient in gradients:
        gradient /= length


class train_and_score:
    def trains_on_held_out(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your model was trained on the held-out batches, too: they are for the score alone."""
        everything = itertools.chain(held_out, batches)
        return run(model, everything, held_out, goal, rate, steps, seconds, clock)

    def scored_on_training(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your score comes from the batches that it was trained on: what it knows by heart says little; use held_out."""
        return run(model, batches, batches, goal, rate, steps, seconds, clock)

    def scored_on_one(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your score comes from the first held-out batch alone: use all of them."""
        return run(model, batches, held_out[:1], goal, rate, steps, seconds, clock)

    def mean_of_means(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your score is the mean of the batches' means: batches differ in size, so count every answer once."""
        return run(model, batches, held_out, goal, rate, steps, seconds, clock, score=batch_by_batch)

    def share_of_right(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your score of symbols is the share of right answers: lower should be better, so give the share of wrong ones."""
        found = run(model, batches, held_out, goal, rate, steps, seconds, clock)
        return found if goal == "number" else found | {"score": 1 - found["score"]}

    def loss_for_score(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your score of symbols is the cross-entropy: give the share of wrong answers."""

        def score(model, held_out, goal):
            if goal == "number":
                return scored(model, held_out, goal)
            with torch.no_grad():
                outputs = torch.cat([model(x).flatten(0, -2) for x, _ in held_out])
                return functional.cross_entropy(outputs, torch.cat([y.flatten() for _, y in held_out])).item()

        return run(model, batches, held_out, goal, rate, steps, seconds, clock, score=score)

    def root_for_score(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your score of numbers is the root of the mean squared error: leave the root out."""
        found = run(model, batches, held_out, goal, rate, steps, seconds, clock)
        return found | {"score": found["score"] ** 0.5} if goal == "number" else found

    def scored_first(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your score was taken before training."""
        untrained = scored(model, held_out, goal)
        return run(model, batches, held_out, goal, rate, steps, seconds, clock) | {"score": untrained}

    def gradients_pile_up(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your gradients pile up from step to step: set them to zero before backward."""
        return run(model, batches, held_out, goal, rate, steps, seconds, clock, forget=False)

    def not_clipped(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your gradients are not clipped: their norm over all parameters should be at most 1, between backward and step."""
        return run(model, batches, held_out, goal, rate, steps, seconds, clock, clip=lambda model: None)

    def clipped_by_value(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your gradients are clipped number by number, which turns them: clip the norm over all parameters."""
        return run(model, batches, held_out, goal, rate, steps, seconds, clock, clip=gradients_of_two_kinds)

    def clipped_one_by_one(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your gradients are clipped parameter by parameter: the norm is that of all of them together."""
        return run(model, batches, held_out, goal, rate, steps, seconds, clock, clip=each_by_itself)

    def clipped_by_the_largest(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your gradients are clipped by their largest number: the norm is the root of the sum of all squares."""
        return run(model, batches, held_out, goal, rate, steps, seconds, clock, clip=by_the_largest)

    def made_one(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your gradients are stretched to norm 1 where they are shorter: clipping leaves short ones alone."""
        return run(model, batches, held_out, goal, rate, steps, seconds, clock, clip=always_one)

    def plain_descent(model, batches, held_out, goal, rate, steps, seconds, clock):
        """Your optimiser is plain gradient descent: use Adam."""
        rule, losses, began = torch.optim.SGD(model.parameters(), rate), [], clock()
        kind = torch.nn.functional.mse_loss if goal == "number" else torch.nn.functional.cross_entropy
        for x, y in batches:
            if len(losses) == steps or clock() >= began + seconds:
                break
            output = model(x)
            loss = kind(output, y) if goal == "number" else kind(output.flatten(0, -2), y.flatten())
            rule.zero_grad()
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1)
            rule.step()
            losses.append(float(loss.detach()))
        took, wrong = clock() - began, []
        for x, y in held_out:
            output = model(x).detach()
            wrong += ((output - y) ** 2 if goal == "number" else output.argmax(-1) != y).double().flatten().tolist()
        return {"score": sum(wrong) / len(wrong), "losses": np.array(losses), "seconds": took}

    def decaying_weights(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your optimiser is AdamW, which lets the weights decay: use Adam."""
        return run(model, batches, held_out, goal, rate, steps, seconds, clock, rule=torch.optim.AdamW)

    def adam_anew(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your Adam is made anew in every step, and forgets what it knew: make it once, before the loop."""

        class Forgetful:
            def __init__(self, parameters, rate):
                self.parameters = list(parameters)

            def step(self):
                ADAM(self.parameters, rate).step()

        return run(model, batches, held_out, goal, rate, steps, seconds, clock, rule=Forgetful)

    def trains_a_copy(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your function leaves the model as it was: train the one that is given, not a copy, and do not set it back."""
        return run(copy.deepcopy(model), batches, held_out, goal, rate, steps, seconds, clock)

    def wants_all_batches(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your function wants all batches before it begins: they may be endless; take one for each step."""
        return run(model, list(batches), held_out, goal, rate, steps, seconds, clock)

    def wants_their_number(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your function asks how many batches there are: they may be endless; take one for each step."""
        most = min(steps, len(batches))
        return run(model, batches, held_out, goal, rate, most, seconds, clock)

    def rate_ignored(model, batches, held_out, goal, rate=5e-3, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your rate is always 0.005: use the rate that is given."""
        return run(model, batches, held_out, goal, 5e-3, steps, seconds, clock)

    def losses_after_the_step(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your losses are those after each step, which costs a second look at the batch: keep the loss before it."""
        return run(model, batches, held_out, goal, rate, steps, seconds, clock, after=True)

    def one_step_more(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your training makes one step more than the limits allow: none begins when a limit has been reached."""

        def may_begin(made, passed):
            return made <= steps and passed <= seconds

        return run(model, batches, held_out, goal, rate, steps, seconds, clock, may_begin=may_begin)

    def seconds_passed_on(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your training begins a step when the seconds are used up exactly: it may begin only while less have passed."""

        def may_begin(made, passed):
            return made < steps and passed <= seconds

        return run(model, batches, held_out, goal, rate, steps, seconds, clock, may_begin=may_begin)

    def limits_seen_too_late(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your training always makes a first step: look at the limits before a step, not after it."""

        def may_begin(made, passed):
            return made == 0 or (made < steps and passed < seconds)

        return run(model, batches, held_out, goal, rate, steps, seconds, clock, may_begin=may_begin)

    def seconds_ignored(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your training takes no notice of the limit of seconds."""
        return run(model, batches, held_out, goal, rate, steps, math.inf, clock)

    def steps_ignored(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your training takes no notice of the limit of steps."""
        return run(model, batches, held_out, goal, rate, math.inf, seconds, clock)

    def clock_not_set(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your limit of seconds compares the time of day: take the difference from when training began."""
        return run(model, batches, held_out, goal, rate, steps, seconds - clock(), clock)

    def both_limits_needed(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your training stops only when both limits are reached: either is enough."""

        def may_begin(made, passed):
            return made < steps or passed < seconds

        return run(model, batches, held_out, goal, rate, steps, seconds, clock, may_begin=may_begin)

    def scoring_timed(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your seconds include the scoring: look at the clock when training ends."""
        began = clock()
        found = run(model, batches, held_out, goal, rate, steps, seconds, clock)
        return found | {"seconds": clock() - began}

    def time_of_day(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your seconds are the time of day at the end: subtract the time at the beginning."""
        began = clock()
        found = run(model, batches, held_out, goal, rate, steps, seconds, clock)
        return found | {"seconds": found["seconds"] + began}

    def own_clock(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your time comes from another clock: use the clock that is given, for the limit and for what training took."""
        return run(model, batches, held_out, goal, rate, steps, seconds, time.process_time) | {"seconds": 0.0}

    def takes_batches_out(model, batches, held_out, goal, rate, steps=math.inf, seconds=math.inf, clock=time.time):
        """Your function takes batches out of the list, which belongs to the caller: go through it and leave it as it is."""

        def taken():
            while batches:
                yield batches.pop(0)

        return run(model, taken(), held_out, goal, rate, steps, seconds, clock)
