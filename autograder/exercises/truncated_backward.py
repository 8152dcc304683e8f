"""Backpropagation through time in pieces of k steps."""

from dataclasses import replace

import numpy as np
import torch

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises import rnn_backward, rnn_step_backward
from autograder.exercises.families import forms, through_time
from autograder.reference import gradients, rnn

exercise = Exercise(gradients.truncated_backward, results=("dW", "dU", "db"))


def arguments(rng, T, B, D, H, k=None):
    """dstates, x, h0, the states, W, U and k: pieces that divide a sequence of 6 or 4 steps, not one of 5 or 3."""
    return *rnn_backward.arguments(rng, T, B, D, H), k or (3 if T == 6 else 2)


def ends_a_piece(t, args):
    """Whether step t is the last of its piece, so that nothing comes back to it."""
    return (t + 1) % args[-1] == 0


BACK = through_time.BackThroughTime(
    rnn_step_backward.exercise,
    rnn_backward.step_arguments,
    arguments,
    rnn_backward.unrolled,
    {f"the gradient of {name[1:]}": [name] for name in exercise.results},
    skipped=2,
    cut=ends_a_piece,
    unlike=[
        "new_state_for_old",
        "input_gradient_transposed",
        "input_gradient_transposed_where_square",
        "both_ways_back_transposed",
        "slope_missing_for_states",
    ],
)
PIECES = {
    "a shorter last piece": (7, 2, 3, 5, 3),
    "a last piece of one step": (5, 3, 2, 4, 4),
    "pieces of one step": (4, 3, 2, 4, 1),
    "one piece, as long as the sequence": (4, 2, 3, 4, 4),
    "one piece, longer than the sequence": (5, 2, 3, 4, 9),
}
exercise.add(BACK)


@exercise.cases
def draw(rng):
    return {name: Case(arguments(rng, *sizes)) for name, sizes in PIECES.items()}


exercise.checks(
    values("a shorter last piece", "a shorter last piece", "a last piece of one step"),
    values("pieces of one step", "pieces of one step", weight=0.5, property=True),
    values(
        "nothing cut where one piece holds the sequence",
        "one piece, as long as the sequence",
        "one piece, longer than the sequence",
        property=True,
    ),
)


def mistake(name, hint, **wrong):
    exercise.add_mistake(name, hint, lambda *args: BACK.run(args, **wrong))


for name, hint, cut in (
    ("never_cut", "Your gradients pass through the whole sequence: stop what goes from a piece to the piece before it.", lambda t, args: False),
    ("cut_one_step_late", "You cut one step beside the border: the pieces are steps 0 to k - 1, k to 2k - 1, and so on.", lambda t, args: t % args[-1] == 0),
    ("counted_from_the_end", "You count the pieces from the last step: they are counted from the first, and the last may be shorter.", lambda t, args: (len(args[1]) - 1 - t) % args[-1] == 0),
    ("one_step_too_many", "Your pieces have k + 1 steps: they have k.", lambda t, args: (t + 1) % (args[-1] + 1) == 0),
    ("one_step_too_few", "Your pieces have k - 1 steps: they have k.", lambda t, args: args[-1] == 1 or (t + 1) % (args[-1] - 1) == 0),
    ("cut_one_step_early", "You cut one step too early: what goes from the last step of a piece to the step before it must pass.", lambda t, args: (t + 2) % args[-1] == 0),
    ("pieces_of_equal_length", "Your pieces are of nearly equal length: each has k steps, and only the last may be shorter.", lambda t, args: t in [piece[-1] for piece in _equal_pieces(args)]),
    ("k_pieces", "You cut into k pieces: the pieces have k steps each.", lambda t, args: _ends_one_of_k(t, args)),
    ("cut_once", "You cut once only, before the last piece: cut between all pieces.", lambda t, args: _before_the_last(t, args)),
    ("cut_after_the_first", "You cut once only, after the first piece: cut between all pieces.", lambda t, args: t + 1 == args[-1]),
):  # fmt: skip
    mistake(name, hint, cut=cut)


def _equal_pieces(args):
    T = len(args[1])
    return np.array_split(range(T), -(-T // args[-1]))


def _ends_one_of_k(t, args):
    return (t + 1) % -(-len(args[1]) // args[-1]) == 0


def _before_the_last(t, args):
    return t + 1 == (len(args[1]) - 1) // args[-1] * args[-1]


def previous_at_starts(start_of_piece):
    """The way back with another old state at the first step of each piece."""

    def wrong(*args):
        k, states = args[-1], args[3]
        return BACK.run(
            args, previous=lambda t, h0, _: start_of_piece(t, h0, states, k) if t % k == 0 else states[t - 1]
        )

    return wrong


exercise.add_mistake(
    "state_zeroed",
    "At the start of a piece you take a zero state: gradients stop there, but the state runs on.",
    previous_at_starts(lambda t, h0, states, k: np.zeros_like(h0) if t else h0),
)
exercise.add_mistake(
    "back_to_the_initial_state",
    "At the start of a piece you take h0: only the first piece starts there, the others where the last one ended.",
    previous_at_starts(lambda t, h0, states, k: h0),
)
exercise.add_mistake(
    "every_state_zeroed",
    "At the start of every piece, the first one included, you take a zero state: the states come from one uncut run.",
    previous_at_starts(lambda t, h0, states, k: np.zeros_like(h0)),
)


def kept_terms(name, hint, lost):
    """The mistake of losing direct gradients, where ``lost(t, T, k)``."""

    def wrong(dstates, *rest):
        direct, T, k = dstates.copy(), len(dstates), rest[-1]
        direct[[t for t in range(T) if lost(t, T, k)]] = 0.0
        return gradients.truncated_backward(direct, *rest)

    exercise.add_mistake(name, hint, wrong)


for name, hint, change in (
    ("direct_gradients_at_ends", "Only the last state of each piece gets its direct gradient: add dstates[t] at every step.", lambda t, T, k: (t + 1) % k and t < T - 1),
    ("direct_gradient_lost_at_cuts", "At a cut you lose the direct gradient of that state, too: only what comes back from the next piece stops.", lambda t, T, k: (t + 1) % k == 0 and t < T - 1),
    ("only_the_last_piece", "Your weight gradients are those of the last piece alone: add up those of all pieces.", lambda t, T, k: t < (T - 1) // k * k),
    ("only_the_first_piece", "Your weight gradients are those of the first piece alone: add up those of all pieces.", lambda t, T, k: t >= k),
    ("last_piece_dropped", "Where k does not divide the number of steps you drop the rest: the last piece is shorter, but it counts.", lambda t, T, k: t >= T // k * k),
):  # fmt: skip
    kept_terms(name, hint, change)


@exercise.wrong
def averaged_over_pieces(dstates, x, h0, states, W, U, k):
    """You average over the pieces: add their gradients up."""
    found = gradients.truncated_backward(dstates, x, h0, states, W, U, k)
    return tuple(gradient / -(-len(x) // k) for gradient in found)


@exercise.wrong
def with_input_gradients(dstates, x, h0, states, W, U, k):
    """You return five results, as in full backpropagation: here only dW, dU and db are asked for."""
    return replace(BACK, skipped=0).run((dstates, x, h0, states, W, U, k))


@exercise.wrong
def sliding_window(dstates, x, h0, states, W, U, k):
    """Every direct gradient of yours goes back k steps, wherever the pieces end: it stops at the start of its piece."""
    olds = np.concatenate([h0[None], states])
    found = []
    for t in range(len(x)):
        some = slice(max(0, t - k + 1), t + 1)
        direct = np.zeros_like(states[some])
        direct[-1] = dstates[t]
        found.append(rnn.rnn_backward(direct, x[some], olds[some.start], states[some], W, U)[2:])
    return tuple(sum(parts) for parts in zip(*found, strict=True))


exercise.add(forms.overwrites_arguments(without=["dstates", "k"]))


@exercise.right
def piece_by_piece(dstates, x, h0, states, W, U, k):
    dW, dU, db, before = np.zeros(W.shape), np.zeros(U.shape), np.zeros(len(U)), h0
    for start in range(0, len(x), k):
        piece, dh = states[start : start + k], 0.0
        olds = [before, *piece[:-1]]
        for t in range(len(piece) - 1, -1, -1):
            da = (dstates[start + t] + dh) * (1 - piece[t] ** 2)
            dW += da.T @ x[start + t]
            dU += da.T @ olds[t]
            db += da.sum(0)
            dh = da @ U
        before = piece[-1]
    return dW, dU, db


@exercise.right
def all_slopes_first(dstates, x, h0, states, W, U, k):
    da, dh = np.zeros(states.shape), 0.0
    for t in range(len(x))[::-1]:
        da[t] = (dstates[t] + dh) * (1 - states[t] ** 2)
        dh = da[t] @ U if t % k else 0.0
    before = np.concatenate([h0[None], states[:-1]])
    return np.einsum("tbh,tbd->hd", da, x), np.einsum("tbh,tbj->hj", da, before), np.einsum("tbh->h", da)


@exercise.right
def by_masking(dstates, x, h0, states, W, U, k):
    T = len(x)
    passes = np.array([(t + 1) % k != 0 for t in range(T)], dtype=float)
    found, dh = [0.0, 0.0, 0.0], np.zeros(h0.shape)
    for t in range(T - 1, -1, -1):
        old = states[t - 1] if t else h0
        da = (dstates[t] + passes[t] * dh) * (1 + states[t]) * (1 - states[t])
        for n in range(len(da)):
            parts = np.outer(da[n], x[t, n]), np.outer(da[n], old[n]), da[n]
            found = [total + part for total, part in zip(found, parts, strict=True)]
        dh = np.dot(da, U)
    return found


@exercise.right
def by_autograd(dstates, x, h0, states, W, U, k):
    dstates, x, h, states = (torch.tensor(array) for array in (dstates, x, h0, states))
    W, U = (torch.tensor(matrix, requires_grad=True) for matrix in (W, U))
    # the bias is not given, but the states are: it is what is missing inside the first tanh
    b = (torch.atanh(states[0]) - x[0] @ W.T - h @ U.T)[0].detach().requires_grad_()
    total = torch.zeros((), dtype=torch.float64)
    for t in range(len(x)):
        h = torch.tanh(x[t] @ W.T + (h.detach() if t % k == 0 else h) @ U.T + b)
        total = total + (dstates[t] * h).sum()
    total.backward()
    return W.grad, U.grad, b.grad
