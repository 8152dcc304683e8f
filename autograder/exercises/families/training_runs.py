"""What goes wrong around training: limits, the clock, which batches are used for what, and what is returned."""

import copy
import itertools
import math
import time

import numpy as np
import torch

from autograder.exercises.families.training import ADAM, LIMITS, clip, limited, run, scored, train, wrong_run


def changed(key, change):
    """A run with one wrong entry: ``change(the right result)``."""
    return lambda *args: (found := run(*args)) | {key: change(found)}


def held_out_afterwards(model, batches, held_out, goal, rate, steps, seconds, clock, clip=clip):
    """Goes on with the held-out batches after training, with the same Adam."""
    began, adam = clock(), ADAM(model.parameters(), rate)
    losses = train(model, batches, goal, adam, lambda done: len(done) < steps and clock() - began < seconds)
    took = clock() - began
    train(model, held_out, goal, adam, lambda done: True, clip=clip)
    return {"score": scored(model, held_out, goal), "losses": np.array(losses), "seconds": took}


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


def used_up_is_an_error(model, batches, held_out, goal, rate, steps, seconds, clock):
    supply, losses, began, adam = iter(batches), [], clock(), ADAM(model.parameters(), rate)
    while len(losses) < steps and clock() - began < seconds:
        losses += train(model, [next(supply)], goal, adam, lambda done: True)
    took = clock() - began
    return {"score": scored(model, held_out, goal), "losses": np.array(losses), "seconds": took}


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


def takes_batches_out(model, batches, *rest):
    def taken():
        while isinstance(batches, list) and batches:
            yield batches.pop(0)
        yield from batches

    return run(model, taken(), *rest)


# fmt: off
RUNS = (
    ("steps_ignored", "Your training takes no notice of the limit of steps.",
     lambda m, b, h, g, rate, steps, seconds, clock: run(m, b, h, g, rate, math.inf, seconds, clock)),
    ("trains_on_held_out", "Your model was trained on the held-out batches, before the others: they are for the score alone.",
     lambda m, b, h, *rest: run(m, itertools.chain(h, b), h, *rest)),
    ("held_out_afterwards_without_clipping",
     "Your model went on training on the held-out batches, without clipping: they are for the score alone.",
     lambda *args: held_out_afterwards(*args, clip=lambda model: None)),
    ("held_out_afterwards", "Your model was trained on the held-out batches, after the others: they are for the score alone.",
     held_out_afterwards),
    ("scored_on_training", "Your score comes from the batches that it was trained on: what it knows by heart says little; use held_out.",
     lambda m, b, h, *rest: run(m, b, b, *rest)),
    ("scored_first", "Your score was taken before training.",
     lambda m, b, h, g, *rest: (before := scored(m, h, g), run(m, b, h, g, *rest))[1] | {"score": before}),
    ("last_loss_for_score", "Your score is the last loss of training: score the held-out batches.",
     changed("score", lambda found: found["losses"][-1] if len(found["losses"]) else 0.0)),
    ("trains_a_copy", "Your function leaves the model as it was, or sets it back: train the one that is given, and leave it trained.",
     lambda m, *rest: run(copy.deepcopy(m), *rest)),
    ("best_kept", "Your function sets the model back to an earlier step, the one with the lowest loss: it stays as training leaves it.",
     best_kept),
    ("wants_all_batches", "Your function wants all batches before it begins: they may be endless; take one for each step.",
     lambda m, b, *rest: run(m, list(b), *rest)),
    ("wants_their_number", "Your function asks how many batches there are: they may be endless; take one for each step.",
     lambda m, b, h, g, rate, steps, seconds, clock: run(m, b, h, g, rate, min(steps, len(b)), seconds, clock)),
    ("again_and_again", "Your training goes through the batches more than once: it ends when they are used up.",
     lambda m, b, *rest: run(m, b * 3 if isinstance(b, list) else b, *rest)),
    ("used_up_is_an_error", "Your function ends in an error when the batches are used up: training ends there, and the score is due.",
     used_up_is_an_error),
    ("clock_not_set", "Your limit of seconds compares the time of day: take the difference from when training began.",
     lambda m, b, h, g, rate, steps, seconds, clock: run(m, b, h, g, rate, steps, seconds - clock(), clock)),
    ("scoring_timed", "Your seconds include the scoring: look at the clock when training ends.",
     lambda *args: (began := args[-1](), run(*args))[1] | {"seconds": args[-1]() - began}),
    ("time_of_day", "Your seconds are the time of day at the end: subtract the time at the beginning.",
     lambda *args: (began := args[-1](), found := run(*args))[1] | {"seconds": began + found["seconds"]}),
    ("first_step_not_timed", "Your time begins after the first step: read the clock before it, for the limit and for what training took.",
     first_step_not_timed),
    ("own_clock", "Your time comes from another clock: use the clock that is given, for the limit and for what training took.",
     lambda m, b, h, g, rate, steps, seconds, clock: run(m, b, h, g, rate, steps, seconds, time.process_time)),
    ("own_clock_and_no_limit", "Your seconds come from another clock than your limit: use the clock that is given for both.",
     changed("seconds", lambda found: math.pi)),
    ("no_seconds", "Your seconds are always 0: read the clock before training and after it.",
     changed("seconds", lambda found: 0.0)),
    ("steps_for_seconds", "Your seconds are the number of steps: read the clock before training and after it.",
     changed("seconds", lambda found: float(len(found["losses"])))),
    ("losses_as_tensors", "Your losses are torch tensors: keep numbers, as .item() gives them.",
     changed("losses", lambda found: list(map(torch.tensor, found["losses"])))),
    ("losses_missing", "You keep the last loss only: keep one for every training step.",
     changed("losses", lambda found: found["losses"][-1:])),
    ("mean_losses", "Your losses are the means of all so far: keep each step's own loss.",
     changed("losses", lambda found: np.cumsum(found["losses"]) / np.arange(1, len(found["losses"]) + 1))),
    ("first_loss_missing", "Your first loss is missing: keep one for every training step.",
     changed("losses", lambda found: found["losses"][1:])),
    ("takes_batches_out", "Your function takes batches out of the list, which belongs to the caller: go through it and leave it as it is.",
     takes_batches_out),
    ("a_tuple", "You return a tuple: return a dict with “score”, “losses” and “seconds”.",
     lambda *args: tuple(run(*args).values())),
)
# fmt: on


def run_mistakes(exercise):
    """Mistakes in limits, in the use of batches and clock, and in the result."""
    for name, hint, rule in LIMITS:
        wrong_run(exercise, name, hint, limited(rule))
    for name, hint, function in RUNS:
        wrong_run(exercise, name, hint, function)
    for key in ("score", "losses", "seconds"):
        wrong_run(
            exercise,
            f"{key}_left_out",
            f"Your dict lacks “{key}”.",
            lambda *args, key=key: {name: value for name, value in run(*args).items() if name != key},
        )
