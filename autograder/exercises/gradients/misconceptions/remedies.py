"""Wrong versions of what is done to gradients: clipping them, and cutting their way back into pieces."""

import numpy as np

from autograder.reference import gradients


def global_norm(arrays):
    return np.sqrt(sum(np.sum(g**2) for g in arrays.values()))


def scaled(arrays, scale):
    return {name: scale * g for name, g in arrays.items()}


def clipped_by(norm):
    """``clip_by_global_norm`` with a norm, from the dict to a number, that may be wrong."""

    def clip(arrays, threshold):
        n = norm(arrays)
        return scaled(arrays, threshold / n if n > threshold else 1.0)

    return clip


class clip_by_global_norm:
    def by_value(gradients, threshold):
        """You cut every number on its own, which bends the direction: multiply all by one common factor."""
        return {name: np.clip(g, -threshold, threshold) for name, g in gradients.items()}

    def array_by_array(gradients, threshold):
        """You clip each array by its own norm, which bends the direction: take one norm over all of them."""
        return {name: clipped_by(global_norm)({name: g}, threshold)[name] for name, g in gradients.items()}

    def row_by_row(gradients, threshold):
        """You clip the rows of each array on their own: take one norm over everything."""
        return {
            name: g * np.minimum(1, threshold / np.maximum(np.linalg.norm(g, axis=-1, keepdims=True), 1e-30))
            for name, g in gradients.items()
        }

    def not_clipped(gradients, threshold):
        """Your gradients come out as they went in: a long one is to be shortened to the threshold."""
        return scaled(gradients, 1.0)

    def always_rescaled(gradients, threshold):
        """You also lengthen gradients that are short: under the threshold nothing is to be altered."""
        n = global_norm(gradients)
        return scaled(gradients, threshold / n if n > 0 else 1.0)

    def rescaled_when_short(gradients, threshold):
        """Your comparison is the wrong way round: it is the long gradients that are shortened."""
        n = global_norm(gradients)
        return scaled(gradients, threshold / n if 0 < n < threshold else 1.0)

    def to_unit_length(gradients, threshold):
        """What you clip comes out with norm 1: its norm should be the threshold."""
        n = global_norm(gradients)
        return scaled(gradients, 1 / n if n > threshold else 1.0)

    def times_threshold(gradients, threshold):
        """You multiply by the threshold alone: the factor is the threshold divided by the norm."""
        return scaled(gradients, threshold if global_norm(gradients) > threshold else 1.0)

    def root_forgotten(gradients, threshold):
        """Your norm is the sum of squares: its root is missing."""
        return clipped_by(lambda arrays: global_norm(arrays) ** 2)(gradients, threshold)

    def norms_added(gradients, threshold):
        """You add up the norms of the arrays: add up their squares, and take the root at the end."""
        return clipped_by(lambda arrays: sum(np.linalg.norm(g) for g in arrays.values()))(gradients, threshold)

    def largest_norm(gradients, threshold):
        """You go by the longest array alone: the norm is that of all arrays together."""
        return clipped_by(lambda arrays: max(np.linalg.norm(g) for g in arrays.values()))(gradients, threshold)

    def largest_entry(gradients, threshold):
        """You go by the largest number: the norm is the root of the sum of all squares."""
        return clipped_by(lambda arrays: max(np.abs(g).max() for g in arrays.values()))(gradients, threshold)

    def mean_of_squares(gradients, threshold):
        """You average the squares: the norm is the root of their sum."""
        return clipped_by(lambda arrays: global_norm(arrays) / np.sqrt(sum(g.size for g in arrays.values())))(
            gradients, threshold
        )

    def zeroed(gradients, threshold):
        """You throw a long gradient away: shorten it to the threshold."""
        return scaled(gradients, 0.0 if global_norm(gradients) > threshold else 1.0)

    def zero_divided(gradients, threshold):
        """Where all gradients are zero you divide by zero: they are shorter than the threshold, so leave them."""
        n = global_norm(gradients)
        return scaled(gradients, np.minimum(n, threshold) / n)

    def in_place(gradients, threshold):
        """Your function changes the arrays that it was given: return new ones instead of *=."""
        n = global_norm(gradients)
        for g in gradients.values():
            g *= threshold / n if n > threshold else 1.0
        return dict(gradients)


def in_pieces(dstates, x, h0, states, W, U, cut, previous=None, slope=lambda h: 1 - h**2, back=lambda da, U: da @ U):
    """``truncated_backward`` with parts that may be wrong: where it cuts, the old state, the slope, the way back."""
    dW, dU, db, dh = np.zeros(W.shape), np.zeros(U.shape), np.zeros(len(U)), np.zeros(h0.shape)
    for t in reversed(range(len(x))):
        dh = 0 * dh if cut(t) else dh
        h = previous(t) if previous else states[t - 1] if t else h0
        da = (dstates[t] + dh) * slope(states[t])
        dW, dU, db = dW + da.T @ x[t], dU + da.T @ h, db + da.sum(axis=0)
        dh = back(da, U)
    return dW, dU, db


def after_each_piece(k):
    return lambda t: (t + 1) % k == 0


class truncated_backward:
    def never_cut(dstates, x, h0, states, W, U, k):
        """Your gradients pass through the whole sequence: stop what goes from a piece to the piece before it."""
        return in_pieces(dstates, x, h0, states, W, U, lambda t: False)

    def cut_at_every_step(dstates, x, h0, states, W, U, k):
        """Your gradients never pass from a step to the one before: within a piece of k steps they do."""
        return in_pieces(dstates, x, h0, states, W, U, lambda t: True)

    def cut_one_step_late(dstates, x, h0, states, W, U, k):
        """You cut one step beside the border: the pieces are steps 0 to k - 1, k to 2k - 1, and so on."""
        return in_pieces(dstates, x, h0, states, W, U, lambda t: t % k == 0)

    def counted_from_the_end(dstates, x, h0, states, W, U, k):
        """You count the pieces from the last step: they are counted from the first, and the last may be shorter."""
        return in_pieces(dstates, x, h0, states, W, U, lambda t: (len(x) - 1 - t) % k == 0)

    def one_step_too_many(dstates, x, h0, states, W, U, k):
        """Your pieces have k + 1 steps: they have k."""
        return in_pieces(dstates, x, h0, states, W, U, after_each_piece(k + 1))

    def state_zeroed(dstates, x, h0, states, W, U, k):
        """At the start of a piece you take a zero state: gradients stop there, but the state runs on."""
        return in_pieces(
            dstates, x, h0, states, W, U, after_each_piece(k),
            lambda t: np.zeros_like(h0) if t and t % k == 0 else states[t - 1] if t else h0,
        )  # fmt: skip

    def back_to_the_initial_state(dstates, x, h0, states, W, U, k):
        """At the start of a piece you take h0: only the first piece starts there, the others where the last one ended."""
        return in_pieces(
            dstates, x, h0, states, W, U, after_each_piece(k), lambda t: h0 if t % k == 0 else states[t - 1]
        )

    def initial_state_ignored(dstates, x, h0, states, W, U, k):
        """At the very first step you take a zero state where h0 went in, so the gradient of U lacks a part."""
        return in_pieces(
            dstates, x, h0, states, W, U, after_each_piece(k), lambda t: states[t - 1] if t else np.zeros_like(h0)
        )

    def previous_wraps_round(dstates, x, h0, states, W, U, k):
        """At the first step states[t - 1] is states[-1], the last state: the state before the first step is h0."""
        return in_pieces(dstates, x, h0, states, W, U, after_each_piece(k), lambda t: states[t - 1])

    def same_state_for_previous(dstates, x, h0, states, W, U, k):
        """You pair step t with states[t] as its old state: the old state is states[t - 1], and h0 at the first step."""
        return in_pieces(dstates, x, h0, states, W, U, after_each_piece(k), lambda t: states[t])

    def only_the_last_piece(dstates, x, h0, states, W, U, k):
        """Your weight gradients are those of one piece alone: add up those of all pieces."""
        first = (len(x) - 1) // k * k
        start = states[first - 1] if first else h0
        return gradients.truncated_backward(dstates[first:], x[first:], start, states[first:], W, U, k)

    def only_the_first_piece(dstates, x, h0, states, W, U, k):
        """Your weight gradients are those of the first piece alone: add up those of all pieces."""
        return gradients.truncated_backward(dstates[:k], x[:k], h0, states[:k], W, U, k)

    def last_piece_dropped(dstates, x, h0, states, W, U, k):
        """Where k does not divide the number of steps you drop the rest: the last piece is shorter, but it counts."""
        whole = len(x) // k * k
        return gradients.truncated_backward(dstates[:whole], x[:whole], h0, states[:whole], W, U, k)

    def direct_gradients_at_ends(dstates, x, h0, states, W, U, k):
        """Only the last state of each piece gets its direct gradient: add dstates[t] at every step."""
        ends = [t for t in range(len(x)) if (t + 1) % k == 0 or t == len(x) - 1]
        direct = np.zeros_like(dstates)
        direct[ends] = dstates[ends]
        return gradients.truncated_backward(direct, x, h0, states, W, U, k)

    def averaged_over_pieces(dstates, x, h0, states, W, U, k):
        """You average over the pieces: add their gradients up."""
        found = gradients.truncated_backward(dstates, x, h0, states, W, U, k)
        return tuple(gradient / -(-len(x) // k) for gradient in found)

    def slope_missing(dstates, x, h0, states, W, U, k):
        """The slope of tanh is missing: multiply what arrives at a state by 1 - states[t]**2."""
        return in_pieces(dstates, x, h0, states, W, U, after_each_piece(k), slope=np.ones_like)

    def weights_transposed(dstates, x, h0, states, W, U, k):
        """The gradient goes back through U the other way round: da @ U, where the step had h @ U.T."""
        return in_pieces(dstates, x, h0, states, W, U, after_each_piece(k), back=lambda da, U: da @ U.T)

    def in_place(dstates, x, h0, states, W, U, k):
        """Your function adds into dstates, which belongs to the caller: add into a new array."""
        found = gradients.truncated_backward(dstates, x, h0, states, W, U, k)
        dstates += 1.0
        return found
