"""What goes wrong in a step of training, and in a score: tables of name, hint and what is changed."""

import math

import torch
from torch.nn import functional

from autograder.exercises.families import training
from autograder.exercises.families.training import (
    ADAM,
    Forgetful,
    absolute_errors,
    all_summed,
    along_axis_one,
    always_one,
    by_mean_of,
    each_by_itself,
    errors_of,
    instead,
    loss_of,
    outputs_and_answers,
    scored,
    softmax_twice,
    squared_symbols,
    summed,
    transposed,
)

# fmt: off
STEPS = (
    ("mean_of_means", "Your score is the mean of the batches' means: batches differ in size, so count every answer once.",
     {"score": by_mean_of(lambda *batch: errors_of(*batch).mean())}),
    ("sum_over_answers", "Your score is a sum over all answers: divide by how many there are.",
     {"score": lambda m, h, g: scored(m, h, g) * sum(y.numel() for _, y in h)}),
    ("divided_by_the_examples", "Your score of numbers is divided by the number of examples: divide by that of answers, all columns of y.",
     {"score": instead("number", lambda m, h: scored(m, h, "number") * h[0][1].shape[1])}),
    ("share_of_right", "Your score of symbols is the share of right answers: lower should be better, so give the share of wrong ones.",
     {"score": instead("symbol", lambda m, h: 1 - scored(m, h, "symbol"))}),
    ("loss_for_score", "Your score of symbols is the cross-entropy: give the share of wrong answers.",
     {"score": instead("symbol", lambda m, h: functional.cross_entropy(*outputs_and_answers(m, h)).item())}),
    ("mean_loss_for_score", "Your score of symbols is the mean of the batches' cross-entropies: give the share of wrong answers.",
     {"score": instead("symbol", lambda m, h: by_mean_of(loss_of)(m, h, "symbol"))}),
    ("wrong_sequences", "Your score of symbols counts a sequence as wrong if any of its answers is: count every answer.",
     {
         "score": instead(
             "symbol",
             lambda m, h: (
                 torch.cat([(m(x).argmax(-1) != y).reshape(-1, y.shape[-1]).any(0).double() for x, y in h])
                 .mean()
                 .item()
             ),
         )
     }),
    ("largest_along_axis_one", "Your score of symbols takes the largest score along axis 1: the classes are along the last axis.",
     {
         "score": instead(
             "symbol",
             lambda m, h: torch.cat([(m(x).argmax(1) != y).flatten() for x, y in h]).double().mean().item(),
         )
     }),
    ("root_for_score", "Your score of numbers is the root of the mean squared error: leave the root out.",
     {"score": instead("number", lambda m, h: scored(m, h, "number") ** 0.5)}),
    ("absolute_error_for_score", "Your score of numbers is the mean absolute error: it should be the mean squared one.",
     {"score": instead("number", lambda m, h: torch.cat([(m(x) - y).flatten() for x, y in h]).abs().mean().item())}),
    ("scored_on_one", "Your score comes from the first held-out batch alone: use all of them.",
     {"score": lambda m, h, g: scored(m, h[:1], g)}),
    ("scored_on_the_last", "Your score comes from the last held-out batch alone: use all of them.",
     {"score": lambda m, h, g: scored(m, h[-1:], g)}),
    ("score_as_tensor", "Your score is a torch tensor: make a float of it, as .item() does.",
     {"score": lambda m, h, g: torch.tensor(scored(m, h, g), dtype=torch.float64)}),
    ("score_with_gradients",
     "Your score is right, but torch records gradients while you compute it: nothing is learnt from it, so switch that off.",
     {"score": lambda m, h, g: torch.cat([errors_of(m(x), y, g) for x, y in h]).mean().item()}),
    ("gradients_pile_up", "Your gradients pile up from step to step: set them to zero before backward.",
     {"before": lambda model: None}),
    ("not_clipped",
     "Your gradients are not clipped when the step is made: their norm over all parameters should be at most 1, between backward and step.",
     {"clip": lambda model: None}),
    ("clipped_by_value", "Your gradients are clipped number by number, which turns them: clip the norm over all parameters.",
     {"clip": lambda model: torch.nn.utils.clip_grad_value_(model.parameters(), 1.0)}),
    ("clipped_one_by_one", "Your gradients are clipped parameter by parameter: the norm is that of all of them together.",
     {"clip": each_by_itself}),
    ("clipped_by_the_largest", "Your gradients are clipped by their largest number: the norm is the root of the sum of all squares.",
     {"clip": lambda model: torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0, norm_type=math.inf)}),
    ("clipped_elsewhere", "Your gradients are clipped at 5, not at 1: their norm over all parameters should be at most 1.",
     {"clip": lambda model: torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)}),
    ("made_one", "Your gradients are stretched to norm 1 where they are shorter: clipping leaves short ones alone.",
     {"clip": always_one}),
    ("plain_descent", "Your optimiser is plain gradient descent: use Adam.", {"rule": torch.optim.SGD}),
    ("decaying_weights", "Your optimiser is AdamW, which lets the weights decay: use Adam.",
     {"rule": torch.optim.AdamW}),
    ("adam_anew", "Your Adam is made anew in every step, and forgets what it knew: make it once, before the loop.",
     {"rule": Forgetful}),
    ("rate_ignored", "Your rate is always 0.005: use the rate that is given.",
     {"rule": lambda parameters, rate: ADAM(parameters, 5e-3)}),
    ("rate_of_adam_itself", "Your rate is always Adam's own, 0.001: use the rate that is given.",
     {"rule": lambda parameters, rate: ADAM(parameters)}),
    ("losses_after_the_step", "Your losses are those after each step, which costs a second look at the batch: keep the loss before it.",
     {"after": True}),
    ("loss_of_symbols_summed", "Your loss of symbols is summed over the answers: take the mean.", {"loss_of": summed}),
    ("losses_summed", "Your losses are sums over the answers: take the mean.", {"loss_of": all_summed}),
    ("softmax_twice", "Your cross-entropy sees probabilities: it takes the scores themselves, since it has a softmax of its own.",
     {"loss_of": softmax_twice}),
    ("classes_along_axis_one",
     "Your cross-entropy takes axis 1 for the classes where there are several answers: flatten all axes but the last.",
     {"loss_of": along_axis_one}),
    ("answers_transposed", "Where there are several answers, your y is flattened in another order than the output: both have time first.",
     {
         "loss_of": transposed(loss_of),
         "score": torch.no_grad()(
             lambda m, h, g: torch.cat([transposed(errors_of)(m(x), y, g) for x, y in h]).mean().item()
         ),
     }),
    ("absolute_loss", "Your loss of numbers is the mean absolute error: it should be the mean squared one.",
     {"loss_of": absolute_errors}),
    ("squared_loss_of_symbols", "Your loss of symbols is a squared error of probabilities: it should be the cross-entropy.",
     {"loss_of": squared_symbols}),
)
# fmt: on


def step_mistakes(exercise):
    """Mistakes in one part of the run."""
    for name, hint, ways in STEPS:
        training.wrong_run(exercise, name, hint, **ways)
