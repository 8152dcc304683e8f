"""What goes wrong around training: limits, the clock, which batches are used for what, and what is returned."""

import copy
import itertools
import math
import time

import numpy as np
import torch

from autograder.exercises.families.training import ADAM, LIMITS, clip, limited, run, scored, train, wrong_run


def steps_ignored(model, batches, held_out, goal, rate, steps, seconds, clock):
    return run(model, batches, held_out, goal, rate, math.inf, seconds, clock)


def trains_on_held_out(model, batches, held_out, goal, rate, steps, seconds, clock):
    return run(model, itertools.chain(held_out, batches), held_out, goal, rate, steps, seconds, clock)


def held_out_afterwards_without_clipping(*args):
    return held_out_afterwards(*args, clip=lambda model: None)


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
        # seconds are counted from the second step on, so the first always begins
        return len(done) < steps and (clock() - began[0] if began else -math.inf) < seconds

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


# fmt: off
RUNS = (
    (steps_ignored, "Your training takes no notice of the limit of steps."),
    (trains_on_held_out, "Your model was trained on the held-out batches, before the others: they are for the score alone."),
    (held_out_afterwards_without_clipping,
     "Your model went on training on the held-out batches, without clipping: they are for the score alone."),
    (held_out_afterwards, "Your model was trained on the held-out batches, after the others: they are for the score alone."),
    (scored_on_training,
     "Your score comes from the batches that it was trained on: what it knows by heart says little; use held_out."),
    (scored_first, "Your score was taken before training."),
    (last_loss_for_score, "Your score is the last loss of training: score the held-out batches."),
    (trains_a_copy,
     "Your function leaves the model as it was, or sets it back: train the one that is given, and leave it trained."),
    (best_kept,
     "Your function sets the model back to an earlier step, the one with the lowest loss: it stays as training leaves it."),
    (wants_all_batches, "Your function wants all batches before it begins: they may be endless; take one for each step."),
    (wants_their_number, "Your function asks how many batches there are: they may be endless; take one for each step."),
    (again_and_again, "Your training goes through the batches more than once: it ends when they are used up."),
    (used_up_is_an_error,
     "Your function ends in an error when the batches are used up: training ends there, and the score is due."),
    (clock_not_set, "Your limit of seconds compares the time of day: take the difference from when training began."),
    (scoring_timed, "Your seconds include the scoring: look at the clock when training ends."),
    (time_of_day, "Your seconds are the time of day at the end: subtract the time at the beginning."),
    (first_step_not_timed,
     "Your time begins after the first step: read the clock before it, for the limit and for what training took."),
    (own_clock, "Your time comes from another clock: use the clock that is given, for the limit and for what training took."),
    (own_clock_and_no_limit, "Your seconds come from another clock than your limit: use the clock that is given for both."),
    (no_seconds, "Your seconds are always 0: read the clock before training and after it."),
    (steps_for_seconds, "Your seconds are the number of steps: read the clock before training and after it."),
    (losses_as_tensors, "Your losses are torch tensors: keep numbers, as .item() gives them."),
    (losses_missing, "You keep the last loss only: keep one for every training step."),
    (mean_losses, "Your losses are the means of all so far: keep each step's own loss."),
    (first_loss_missing, "Your first loss is missing: keep one for every training step."),
    (takes_batches_out,
     "Your function takes batches out of the list, which belongs to the caller: go through it and leave it as it is."),
    (a_tuple, "You return a tuple: return a dict with “score”, “losses” and “seconds”."),
)
# fmt: on


def run_mistakes(exercise):
    """Mistakes in limits, in the use of batches and clock, and in the result."""
    for name, hint, rule in LIMITS:
        wrong_run(exercise, name, hint, limited(rule))
    for function, hint in RUNS:
        wrong_run(exercise, function.__name__, hint, function)
    for key in ("score", "losses", "seconds"):
        wrong_run(
            exercise,
            f"{key}_left_out",
            f"Your dict lacks “{key}”.",
            lambda *args, key=key: {name: value for name, value in run(*args).items() if name != key},
        )
