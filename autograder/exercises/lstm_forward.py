"""The LSTM over a sequence."""

import numpy as np
import torch

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises import lstm_step
from autograder.exercises.families import sequences
from autograder.exercises.families.lstm import PLAIN
from autograder.exercises.families.lstm_right import logistic, stacked
from autograder.reference import lstm

exercise = Exercise(lstm.lstm_forward, results=("states", "cells"))


def arguments(rng, T, B, D, H):
    """x, h0, c0 and the parameters."""
    _, *rest = PLAIN.arguments(rng, B, D, H)
    return rng.normal(size=(T, B, D)), *rest


exercise.add(sequences.forward_sequence(arguments, lstm.lstm_step, ("state", "cell")))


@exercise.cases
def large_cells(rng):
    """Cells that no step lets go."""
    x, h0, c0, params = arguments(rng, 4, 3, 2, 5)
    c0 = rng.choice([-1, 1], size=c0.shape) * rng.permutation(np.linspace(2, 30, c0.size)).reshape(c0.shape)
    return {"large cells": Case((x, h0, c0, params | {"b_f": np.full(5, 60.0)}))}


exercise.checks(values("large cells are kept", "large cells", weight=0.5, property=True))


NOT_OF_SEQUENCES = (
    *(
        "_for_",
        "exchanged",
        "left_out",
        "_uses_",
        "overwritten",
        "squeezed",
        "as_a_list",
        "state_only",
        "nan_",
        "_clipped",
    ),
    *("no_recurrent_terms", "old_cell_lost"),
    *("returned_the_other_way", "batch_axis_lost", "result_transposed", "first_example_for_all", "averaged_over_batch"),
)


def stepped(change, step=lstm.lstm_step):
    """The sequence, with ``change(t, h, c, h0, c0)`` of what a step hands on."""

    def wrong(x, h0, c0, params):
        h, c, answers = h0, c0, []
        for t, x_t in enumerate(x):
            h, c = step(x_t, h, c, params)
            answers.append((h, c))
            h, c = change(t, h, c, h0, c0)
        return tuple(np.stack(each) for each in zip(*answers, strict=True))

    return wrong


for name, hint, change in (
    ("nothing_carried", "Every one of your steps starts from h0 and c0: carry state and cell into the next step.", lambda t, h, c, h0, c0: (h0, c0)),
    ("second_step_starts_again", "Your second step starts from h0 and c0 again: only the first one does.", lambda t, h, c, h0, c0: (h, c) if t else (h0, c0)),
    ("squashed_cell_carried", "You carry tanh of the cell into the next step: carry the cell itself.", lambda t, h, c, h0, c0: (h, np.tanh(c))),
    ("state_carried_as_cell", "The state goes into your next step as its cell, too: carry the cell itself.", lambda t, h, c, h0, c0: (h, h)),
    ("cell_carried_as_state", "The cell goes into your next step as its state, too: carry the state itself.", lambda t, h, c, h0, c0: (c, c)),
    ("exchanged_between_steps", "State and cell change places between your steps: the first result of lstm_step is the state.", lambda t, h, c, h0, c0: (c, h)),
):  # fmt: skip
    exercise.add_mistake(name, hint, stepped(change))


for mistake in lstm_step.exercise.mistakes.values():  # what goes wrong in a step of one's own
    name = mistake.id.partition(".")[2]
    if name not in exercise.mistakes and not any(part in name for part in NOT_OF_SEQUENCES):
        exercise.add_mistake(name, mistake.hint, stepped(lambda t, h, c, h0, c0: (h, c), mistake.function))


for name, hint, wrong in (
    ("exchanged_in_every_step", "State and cell go into every step in the wrong order, h0 and c0 too: lstm_step takes the state first.",
        lambda x, h0, c0, params: stepped(lambda t, h, c, h0, c0: (h, c), lambda x, h, c, params: lstm.lstm_step(x, c, h, params))(x, h0, c0, params )),
    ("starts_exchanged", "Your first step takes h0 for the cell and c0 for the state.", lambda x, h0, c0, params: lstm.lstm_forward(x, c0, h0, params)),
    ("cell_starts_as_state", "Your first cell is h0: state and cell each have a start of their own.", lambda x, h0, c0, params: lstm.lstm_forward(x, h0, h0, params)),
    ("state_starts_as_cell", "Your first state is c0: state and cell each have a start of their own.", lambda x, h0, c0, params: lstm.lstm_forward(x, c0, c0, params)),
    ("starts_ignored", "Your first step starts from zeros: it should start from h0 and c0.", lambda x, h0, c0, params: lstm.lstm_forward(x, 0 * h0, 0 * c0, params)),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def starts_overwritten(x, h0, c0, params):
    """Your function writes into h0 and c0, which belong to the caller: start from them, but do not change them."""
    states, cells = lstm.lstm_forward(x, h0, c0, params)
    h0[...], c0[...] = states[-1], cells[-1]
    return states, cells


for name, hint, wrong in (
    ("cells_first", "You return the cells first: the order is states, then cells.", lambda x, h0, c0, params: lstm.lstm_forward(x, h0, c0, params)[::-1]),
    ("states_only", "You return the states alone: the cells are the second result.", lambda x, h0, c0, params: lstm.lstm_forward(x, h0, c0, params)[0]),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def last_cell_only(x, h0, c0, params):
    """You return all states, but of the cells only the last: keep the cell of every step, too."""
    states, cells = lstm.lstm_forward(x, h0, c0, params)
    return states, cells[-1]


@exercise.wrong
def unpacked_the_other_way(x, h0, c0, params):
    """Your loop takes the cell for the first result of lstm_step: it returns the new state first, then the new cell."""
    return stepped(lambda t, h, c, h0, c0: (h, c), lambda *args: lstm.lstm_step(*args)[::-1])(x, h0, c0, params)


@exercise.wrong
def buffers_like_x(x, h0, c0, params):
    """Your arrays for the results have the shape of x: they should be (T, B, H), and H need not be D."""
    kept = np.empty_like(x), np.empty_like(x)
    for t, pair in enumerate(zip(*lstm.lstm_forward(x, h0, c0, params), strict=True)):
        kept[0][t], kept[1][t] = pair
    return kept


@exercise.wrong
def start_everywhere(x, h0, c0, params):
    """Every entry of your results is h0 or c0: entry t should be what lstm_step makes of entry t - 1 and x[t]."""
    return np.stack([h0] * len(x)), np.stack([c0] * len(x))


@exercise.right
def inputs_first(x, h0, c0, params):
    W, U, b = stacked(params)
    a = np.einsum("tbd,gd->tbg", x, W) + b
    h, c, states, cells = h0, c0, [], []
    for t in range(len(x)):
        i, f, o, g = np.split(a[t] + h @ U.T, 4, axis=1)
        c = logistic(f) * c + logistic(i) * np.tanh(g)
        h = logistic(o) * np.tanh(c)
        states.append(h)
        cells.append(c)
    return np.array(states), np.array(cells)


@exercise.right
def one_example_at_a_time(x, h0, c0, params):
    states = np.zeros((len(x), *h0.shape))
    cells = np.zeros_like(states)
    for n in range(x.shape[1]):
        h, c = h0[n : n + 1], c0[n : n + 1]
        for t in range(len(x)):
            h, c = lstm_step.by_stacks(x[t, n : n + 1], h, c, params)
            states[t, n], cells[t, n] = h[0], c[0]
    return states, cells


@exercise.right
def by_torch(x, h0, c0, params):
    h, c, states, cells = h0, c0, [], []
    for x_t in x:
        h, c = (tensor.numpy() for tensor in lstm_step.by_torch(x_t, h, c, params))
        states.append(torch.tensor(h))
        cells.append(torch.tensor(c))
    return torch.stack(states), torch.stack(cells)


@exercise.right
def by_recursion(x, h0, c0, params):
    h, c = lstm_step.by_einsum(x[0], h0, c0, params)
    if len(x) == 1:
        return h[None], c[None]
    states, cells = by_recursion(x[1:], h, c, params)
    return np.concatenate([h[None], states]), np.concatenate([c[None], cells])
