"""Wrong versions of the way through time, forwards and back."""

import numpy as np

from autograder.reference import lstm


def through(x, h0, c0, p, keep_h=True, keep_c=True):
    """``lstm_forward`` that may lose the state or the cell between steps."""
    states, cells, h, c = [], [], h0, c0
    for x_t in x:
        h, c = lstm.lstm_step(x_t, h, c, p)
        states.append(h)
        cells.append(c)
        h, c = (h if keep_h else h0), (c if keep_c else c0)
    return np.stack(states), np.stack(cells)


class lstm_forward:
    def initial_state_ignored(x, h0, c0, params):
        """Your states start from zero: the first step must start from h0."""
        return lstm.lstm_forward(x, np.zeros_like(h0), c0, params)

    def initial_cell_ignored(x, h0, c0, params):
        """Your cells start from zero: the first step must start from c0."""
        return lstm.lstm_forward(x, h0, np.zeros_like(c0), params)

    def cell_starts_as_state(x, h0, c0, params):
        """Your first cell is h0: state and cell each have a start of their own."""
        return lstm.lstm_forward(x, h0, h0, params)

    def cell_not_carried(x, h0, c0, params):
        """Every one of your steps starts from c0: carry the new cell into the next step."""
        return through(x, h0, c0, params, keep_c=False)

    def state_not_carried(x, h0, c0, params):
        """Every one of your steps starts from h0: carry the new state into the next step."""
        return through(x, h0, c0, params, keep_h=False)

    def cells_first(x, h0, c0, params):
        """You return the cells first: the order is states, then cells."""
        return lstm.lstm_forward(x, h0, c0, params)[::-1]

    def states_only(x, h0, c0, params):
        """You return the states alone: the cells are wanted, too."""
        return lstm.lstm_forward(x, h0, c0, params)[0]

    def one_step_short(x, h0, c0, params):
        """Your loop is one step short: T inputs give T states and T cells."""
        states, cells = lstm.lstm_forward(x, h0, c0, params)
        return states[:-1], cells[:-1]

    def one_behind(x, h0, c0, params):
        """You store state and cell before each step: entry t is what they are after input t."""
        states, cells = lstm.lstm_forward(x, h0, c0, params)
        return np.concatenate([h0[None], states[:-1]]), np.concatenate([c0[None], cells[:-1]])

    def views(x, h0, c0, params):
        """All your states are the same array, seen again and again: store a copy at every step."""
        states, cells = lstm.lstm_forward(x, h0, c0, params)
        return np.stack([states[-1]] * len(x)), np.stack([cells[-1]] * len(x))

    def batch_and_time_mixed(x, h0, c0, params):
        """You step along the batch instead of along time: time is the first axis of x."""
        states, cells = lstm.lstm_forward(x.swapaxes(0, 1), h0, c0, params)
        return states.swapaxes(0, 1), cells.swapaxes(0, 1)

    def start_overwritten(x, h0, c0, params):
        """Your function writes into h0 or c0, which belong to the caller: start from them, but do not change them."""
        states, cells = lstm.lstm_forward(x, h0, c0, params)
        h0[...], c0[...] = states[-1], cells[-1]
        return states, cells


def back(dstates, x, h0, c0, p, carry_h=1.0, carry_c=1.0, before=None):
    """``lstm_backward`` that may lose gradients between steps, or take a wrong start of a step."""
    states, cells = lstm.lstm_forward(x, h0, c0, p)
    dx, dh, dc = np.empty(x.shape), np.zeros(h0.shape), np.zeros(c0.shape)
    gradients = {name: np.zeros(value.shape) for name, value in p.items()}
    for t in reversed(range(len(x))):
        start = (states[t - 1], cells[t - 1]) if t else (h0, c0)
        start = start if before is None else before(t, states, cells, start)
        dx[t], dh, dc, step = lstm.lstm_step_backward(dstates[t] + carry_h * dh, carry_c * dc, x[t], *start, p)
        gradients = {name: gradients[name] + step[name] for name in gradients}
    return dx, dh, dc, gradients


class lstm_backward:
    def cell_gradient_not_carried(dstates, x, h0, c0, params):
        """The gradient of the cell is not carried back: pass the dc of step t + 1 on to step t, that is the long memory."""
        return back(dstates, x, h0, c0, params, carry_c=0.0)

    def state_gradient_not_carried(dstates, x, h0, c0, params):
        """The gradient of the state is not carried back: add the dh of step t + 1 to dstates[t]."""
        return back(dstates, x, h0, c0, params, carry_h=0.0)

    def direct_terms_lost(dstates, x, h0, c0, params):
        """Only the last step's direct gradient gets in: add dstates[t] at every step on the way back."""
        last = np.zeros_like(dstates)
        last[-1] = dstates[-1]
        return lstm.lstm_backward(last, x, h0, c0, params)

    def averaged_over_time(dstates, x, h0, c0, params):
        """You average the gradients of the parameters over the steps: sum them."""
        dx, dh, dc, gradients = lstm.lstm_backward(dstates, x, h0, c0, params)
        return dx, dh, dc, {name: gradient / len(x) for name, gradient in gradients.items()}

    def overwritten(dstates, x, h0, c0, params):
        """Your gradients of the parameters are those of the first step only: sum them over all steps."""
        dx, dh, dc, gradients = lstm.lstm_backward(dstates, x, h0, c0, params)
        if len(x) > 1:
            states, cells = lstm.lstm_forward(x, h0, c0, params)
            _, _, _, later = lstm.lstm_backward(dstates[1:], x[1:], states[0], cells[0], params)
            gradients = {name: gradients[name] - later[name] for name in gradients}
        return dx, dh, dc, gradients

    def initial_state_ignored(dstates, x, h0, c0, params):
        """At the first step you take a zero state where h0 went in."""
        return back(dstates, x, h0, c0, params, before=lambda t, h, c, start: start if t else (np.zeros_like(h0), c0))

    def initial_cell_ignored(dstates, x, h0, c0, params):
        """At the first step you take a zero cell where c0 went in."""
        return back(dstates, x, h0, c0, params, before=lambda t, h, c, start: start if t else (h0, np.zeros_like(c0)))

    def previous_wraps_round(dstates, x, h0, c0, params):
        """At the first step index t - 1 is the last step: what went in there is h0 and c0."""
        return back(dstates, x, h0, c0, params, before=lambda t, h, c, start: (h[t - 1], c[t - 1]))

    def new_for_old(dstates, x, h0, c0, params):
        """You give each step its own result as what went in: step t started from states[t - 1] and cells[t - 1]."""
        return back(dstates, x, h0, c0, params, before=lambda t, h, c, start: (h[t], c[t]))

    def initial_gradients_zero(dstates, x, h0, c0, params):
        """Your gradients of h0 and c0 are zero: they are what the first step hands back."""
        dx, dh, dc, gradients = lstm.lstm_backward(dstates, x, h0, c0, params)
        return dx, np.zeros_like(dh), np.zeros_like(dc), gradients

    def direct_gradient_overwritten(dstates, x, h0, c0, params):
        """Your function adds into dstates, which belongs to the caller: add into a new array."""
        result = lstm.lstm_backward(dstates, x, h0, c0, params)
        dstates += 1.0
        return result
