"""Wrong versions of ``reset_order_counterexample`` and ``mend_the_slide``. Each docstring is a hint."""

import numpy as np

from autograder.exercises.gru.misconceptions.parts import gates
from autograder.reference.gru_notations import mend_the_slide as mended
from autograder.reference.gru_notations import reset_order_counterexample as right
from autograder.reference.gru_notations import translate_gru
from autograder.reference.rnn import sigmoid


def both(change_first=None, change_second=None, h=(None, None)):
    """The right examples, with some parameters or the old state of one of them replaced."""
    (x, h_1, first), (_, h_2, second) = right()
    h_1, h_2 = (own if new is None else new for own, new in zip((h_1, h_2), h, strict=True))
    return (x, h_1, first | (change_first or {})), (x, h_2, second | (change_second or {}))


class reset_order_counterexample:
    def too_close():
        """Your first two states differ by less than 0.1: let one reset gate open, one shut, and U_h mix the two units."""
        return both({"U_h": 0.05 * np.array([[0.0, 1.0], [1.0, 0.0]])})

    def first_example_agrees():
        """Your first example has the same state in both orders: it needs a U_h that mixes units, and units of different r."""
        return both({"U_h": np.eye(2)})

    def examples_exchanged():
        """Your examples are the wrong way round: first the one in which the orders differ, then the one in which they agree."""
        return right()[::-1]

    def second_example_differs():
        """Your second example does not agree: let every unit hear only itself, or give all units the same r."""
        return both(None, {"U_h": np.array([[1.0, 0.5], [0.5, 1.0]])})

    def trivial_by_zero_state():
        """Your second example agrees for a trivial reason, nothing in it depends on r: its old state, U_h or z must not be zero."""
        return both(h=(None, np.zeros((1, 2))))

    def only_one_unit():
        """Your second example has one unit only, where the order never matters: take two or more."""
        x, _, params = right()[1]
        one = {name: params[name][:1, :1] if name[0] != "b" else params[name][:1] for name in params}
        one["b_r"] = one["b_r"] - 9
        return right()[0], (x, np.ones((1, 1)), one)

    def states_too_large():
        """Your numbers leave the range: all values of x and h must lie between -1 and 1, as a GRU's own states do."""
        return both(h=(np.full((1, 2), 3.0), np.full((1, 2), 3.0)))

    def biases_missing():
        """Your examples lack some of the nine parameters, or have the wrong shapes: each must be an (x, h, params) for gru_step."""
        (x, h, first), (_, _, second) = right()
        return tuple((x, h, {k: v for k, v in p.items() if k[0] != "b"}) for p in (first, second))


def numbered(x, h, params, **change):
    """``mend_the_slide`` with some numbers replaced."""
    h_next, numbers = mended(x, h, params)
    return h_next, numbers | change


def inside(x, h, params, r=None):
    """What goes into the candidate's squashing."""
    reset = gates(x, h, translate_gru(params, "u_old", "z_new"))[1] if r is None else r
    return x @ params["W_xh"].T + (reset * h) @ params["W_hh"].T + params["b_h"]


def update_gate(x, h, params):
    return 1 - gates(x, h, translate_gru(params, "u_old", "z_new"))[0]


class mend_the_slide:
    def sigmoid_left(x, h, params):
        """The first misprint is still in your state: with sigma around the candidate no state could become negative."""
        u = update_gate(x, h, params)
        return u * h + (1 - u) * sigmoid(inside(x, h, params)), mended(x, h, params)[1]

    def one_matrix_left(x, h, params):
        """The second misprint is still in your state: h needs its own matrix W_hu, W_xu fits only where D = H."""
        h_next, _ = mended(x, h, params | {"W_hu": params["W_xu"]})
        return h_next, mended(x, h, params)[1]

    def both_sides_left(x, h, params):
        """The third misprint is still in your state: read as printed it never moves; the candidate belongs in its last term."""
        return h.copy(), mended(x, h, params)[1]

    def gate_on_the_new(x, h, params):
        """Your update gate weighs the candidate: on this slide u weighs the old state, and that line is right."""
        turned = params | {name: -params[name] for name in ("W_xu", "W_hu", "b_u")}
        return mended(x, h, turned)[0], mended(x, h, params)[1]

    def lowest_of_the_print(x, h, params):
        """Your "lowest" comes from the printed candidate, with sigma: take the mended one, and see that it goes below 0."""
        return numbered(x, h, params, lowest=sigmoid(inside(x, h, params)).min())

    def lowest_of_the_state(x, h, params):
        """Your "lowest" is the new state's: take the smallest value of the candidate."""
        return numbered(x, h, params, lowest=mended(x, h, params)[0].min())

    def highest(x, h, params):
        """Your "lowest" is the candidate's largest value: take the smallest."""
        return numbered(x, h, params, lowest=np.tanh(inside(x, h, params)).max())

    def missing_negated(x, h, params):
        """Your "missing" has the wrong sign: the matrix has D columns, and h needs H of them."""
        return numbered(x, h, params, missing=x.shape[1] - h.shape[1])

    def missing_without_sign(x, h, params):
        """Your "missing" has lost its sign: where there are columns too many it is negative."""
        return numbered(x, h, params, missing=abs(x.shape[1] - h.shape[1]))

    def columns_of_the_matrix(x, h, params):
        """Your "missing" is the number of columns that are there: subtract it from the number that h needs."""
        return numbered(x, h, params, missing=x.shape[1])

    def moved_with_sign(x, h, params):
        """Your "moved" is not an absolute difference: take the absolute value before the largest."""
        return numbered(x, h, params, moved=(mended(x, h, params)[0] - h).max())

    def moved_on_average(x, h, params):
        """Your "moved" is the average: take the largest."""
        return numbered(x, h, params, moved=np.abs(mended(x, h, params)[0] - h).mean())

    def remark_believed(x, h, params):
        """Your "apart" is 0, as the remark says: with r = 1 the old state is still mixed in, by as much as u says."""
        return numbered(x, h, params, apart=0.0)

    def reset_gate_not_opened(x, h, params):
        """Your "apart" has the reset gate as it is: put r = 1 in, the remark is about that case."""
        plain = np.tanh(inside(x, h, params, r=1.0))
        return numbered(x, h, params, apart=np.abs(mended(x, h, params)[0] - plain).max())

    def compared_with_the_old_state(x, h, params):
        """Your "apart" is measured from the old state: measure from the plain RNN's new state."""
        moved = (1 - update_gate(x, h, params)) * (np.tanh(inside(x, h, params, r=1.0)) - h)
        return numbered(x, h, params, apart=np.abs(moved).max())

    def state_in_place(x, h, params):
        """Your function overwrites the old state that it was given: return a new array and leave h as it was."""
        result = mended(x, h, params)
        h[...] = result[0]
        return result
