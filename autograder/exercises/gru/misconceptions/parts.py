"""The parts of a GRU step in the z/r notation, one by one, from which wrong steps are put together."""

import numpy as np

from autograder.reference.rnn import sigmoid


def argument(x, h, params, gate):
    """What goes into the squashing of a gate ("z" or "r"), or of the candidate ("h")."""
    return x @ params[f"W_{gate}"].T + h @ params[f"U_{gate}"].T + params[f"b_{gate}"]


def gates(x, h, params):
    """z and r."""
    return sigmoid(argument(x, h, params, "z")), sigmoid(argument(x, h, params, "r"))


def candidate(x, h, params):
    """The candidate, from a state that has been reset already."""
    return np.tanh(argument(x, h, params, "h"))


def mixed(z, old, new):
    """The update: z is the weight of the new."""
    return (1 - z) * old + z * new


def step(x, h, params, z=None, r=None, new=None):
    """A step with some part replaced: the gates' values, or the candidate."""
    z_right, r_right = gates(x, h, params)
    z, r = (z_right if z is None else z), (r_right if r is None else r)
    return mixed(z, h, candidate(x, r * h, params) if new is None else new)
