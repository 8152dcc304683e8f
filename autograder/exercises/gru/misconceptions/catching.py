"""Weak versions of ``catch_wrong_gru``: tests that let wrong cells through, or refuse right ones. Each docstring is a hint."""

import numpy as np

from autograder.reference import gru


def drawn(seed=0, B=3, D=2, H=4, scale=1.0):
    """x, h and params to test with."""
    rng = np.random.default_rng(seed)
    shapes = {"W": (H, D), "U": (H, H), "b": (H,)}
    params = {f"{kind}_{gate}": scale * rng.normal(size=shapes[kind]) for gate in "zrh" for kind in "WUb"}
    return rng.uniform(-1, 1, size=(B, D)), rng.uniform(-1, 1, size=(B, H)), params


GOOD = tuple(drawn(*sizes) for sizes in ((0, 1, 3, 2), (1, 3, 2, 4), (2, 4, 3, 3), (3, 2, 3, 4, 500.0)))


def compared(step, inputs=GOOD, tolerance=1e-3, shapes=True, errors=True):
    """A test by comparison with the right step, on these inputs."""
    for x, h, params in inputs:
        try:
            seen = np.asarray(step(x, h, params))
        except Exception:
            if errors:
                return True
            raise
        if shapes and seen.shape != h.shape:
            return True
        if seen.size and not np.allclose(seen, gru.gru_step(x, h, params), rtol=0, atol=tolerance):
            return True
    return False


def without(names, value=0.0):
    """The good inputs with some parameters replaced."""
    return [(x, h, {k: value * v if k in names else v for k, v in p.items()}) for x, h, p in GOOD]


class catch_wrong_gru:
    def everything_is_wrong(step):
        """Your test calls every cell wrong, the right ones too: it should return False for those."""
        return True

    def everything_is_right(step):
        """Your test calls every cell right: return True where what comes back is not what a GRU gives."""
        return False

    def answers_exchanged(step):
        """Your answers are the wrong way round: True means that the cell is wrong."""
        return not compared(step)

    def exact(step):
        """You ask for equality to the last bit, which no other order of additions gives: allow a small difference."""
        return compared(step, tolerance=0.0)

    def too_strict(step):
        """You refuse right cells that compute in float32: allow differences of about 1e-5."""
        return compared(step, tolerance=1e-10)

    def too_loose(step):
        """You allow differences so large that wrong cells fit in: a right one is off by 1e-5 at most."""
        return compared(step, tolerance=0.3)

    def number_instead(step):
        """You return how far the cell is off: decide, and return True or False."""
        try:
            return max(float(np.abs(step(*inputs) - gru.gru_step(*inputs)).max()) for inputs in GOOD)
        except ValueError:
            return 1.0

    def errors_not_met(step):
        """Some wrong cells raise an error, and your test falls over with them: a cell that raises one is wrong."""
        return compared(step, errors=False)

    def zero_state(step):
        """You always start from a zero state, where the reset gate and half of the mixture have nothing to do: draw h at random."""
        return compared(step, [(x, 0 * h, params) for x, h, params in GOOD])

    def zero_biases(step):
        """Your biases are all zero, so no mistake with a bias can be seen: draw them at random."""
        return compared(step, without(("b_z", "b_r", "b_h")))

    def zero_input(step):
        """Your inputs are all zero, so no mistake with the input's weights can be seen: draw x at random."""
        return compared(step, [(0 * x, h, params) for x, h, params in GOOD])

    def one_example(step):
        """You test with one example only, so no mistake between the examples of a batch can be seen."""
        return compared(step, [(x[:1], h[:1], params) for x, h, params in GOOD])

    def never_one_example(step):
        """You never test a batch of one: some cells lose an axis there."""
        return compared(step, [drawn(B=3, D=3, H=2), *GOOD[1:]])

    def never_square(step):
        """You never test with as many inputs as units: a matrix that is the wrong way round can hide there."""
        return compared(step, [GOOD[0], GOOD[1], GOOD[3]])

    def one_unit(step):
        """You test with one unit only, where the order of reset and product makes no difference: take several."""
        return compared(step, [drawn(0, 1, 2, 1), drawn(1, 3, 2, 1), drawn(2, 3, 1, 1), drawn(3, 2, 3, 1, 500.0)])

    def symmetric_matrices(step):
        """Your recurrent matrices are symmetric, so one that is the wrong way round looks right: draw them at random."""
        sums = [(x, h, p | {f"U_{g}": p[f"U_{g}"] + p[f"U_{g}"].T for g in "zrh"}) for x, h, p in GOOD]
        return compared(step, sums)

    def diagonal_matrices(step):
        """Your recurrent matrices are diagonal: then reset and product can change places unnoticed."""
        alone = [(x, h, p | {f"U_{g}": np.diag(np.diag(p[f"U_{g}"])) for g in "zrh"}) for x, h, p in GOOD]
        return compared(step, alone)

    def never_large(step):
        """You never test large numbers: a logistic function that overflows gives no number at all there."""
        return compared(step, GOOD[:3])

    def only_large(step):
        """Your numbers are so large that gates are fully open or shut and tanh is 1: much looks right there."""
        return compared(step, [GOOD[3], drawn(4, 1, 3, 2, 500.0), drawn(5, 3, 3, 3, 500.0)])

    def update_shut(step):
        """You look only at a shut update gate, which copies the state: nothing can be seen of the candidate."""
        shut = [(x, h, p | {"W_z": 0 * p["W_z"], "U_z": 0 * p["U_z"], "b_z": 0 * p["b_z"] - 900.0}) for x, h, p in GOOD]
        return compared(step, shut)

    def update_open(step):
        """You look only at an open update gate: nothing can be seen of how old and new are mixed."""
        wide = [(x, h, p | {"W_z": 0 * p["W_z"], "U_z": 0 * p["U_z"], "b_z": 0 * p["b_z"] + 900.0}) for x, h, p in GOOD]
        return compared(step, wide)

    def bounds_only(step):
        """You look only at whether the state stays between -1 and 1, as many wrong cells do, too."""
        try:
            return any(not np.all(np.abs(step(*inputs)) <= 1 + 1e-5) for inputs in GOOD)
        except ValueError:
            return True

    def shapes_only(step):
        """You look only at the shape of the result: look at its numbers, too."""
        try:
            return any(np.shape(step(*inputs)) != inputs[1].shape for inputs in GOOD)
        except ValueError:
            return True

    def shape_not_looked_at(step):
        """You compare numbers but not shapes: a comparison that broadcasts takes (H,) for (1, H)."""
        return compared(step, shapes=False)
