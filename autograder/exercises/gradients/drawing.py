"""How the inputs of unit 02's exercises are drawn."""

import numpy as np

from autograder.exercises.exercise import Case


def states_of(rng, *shape):
    """Random states, inside (-1, 1): no unit at rest, none quite saturated."""
    return rng.uniform(-0.95, 0.95, size=shape)


def draw_step_jacobian(rng):
    def step(B, H):
        return Case((states_of(rng, B, H), rng.normal(size=(H, H))))

    return {
        "one example": step(1, 3),
        "a batch": step(4, 3),
        "as many examples as units": step(3, 3),
        "one unit": step(2, 1),
        "large weights": Case((states_of(rng, 2, 5), 30 * rng.normal(size=(5, 5)))),
    }


def chain(rng, T, B, H, scale=0.7):
    """The Jacobians of T steps, each example with its own: (T, B, H, H)."""
    return scale * rng.normal(size=(T, B, H, H))


def draw_state_gradient_norms(rng):
    def way_back(T, B, H, scale=0.7):
        return Case((2 * rng.normal(size=(B, H)), chain(rng, T, B, H, scale)))

    dh_last, jacobians = way_back(5, 3, 4).args
    return {
        "several steps": Case((dh_last, jacobians)),
        "the same from a gradient three times as long": Case((3 * dh_last, jacobians)),
        "one step": way_back(1, 2, 3),
        "one example": way_back(4, 1, 2),
        "as many examples as units and steps": way_back(3, 3, 3),
        "steps that lengthen": way_back(6, 2, 3, 10.0),
    }


def draw_jacobian_product(rng):
    return {
        "several steps": Case((chain(rng, 4, 2, 3),)),
        "one step": Case((chain(rng, 1, 3, 2),)),
        "two steps": Case((chain(rng, 2, 3, 4),)),
        "one example": Case((chain(rng, 5, 1, 3),)),
        "as many examples as units and steps": Case((chain(rng, 3, 3, 3),)),
    }


def draw_rescale_spectral_norm(rng):
    def matrix(H, rho):
        A = rng.normal(size=(H, H))
        # away from the matrices that have no inverse, where the nearest orthogonal one is not sharply defined
        P, s, Q = np.linalg.svd(A)
        return Case((P @ np.diag(s + 0.2) @ Q, rho))

    return {
        "a shrinking rho": matrix(4, float(rng.uniform(0.4, 0.9))),
        "a growing rho": matrix(5, float(rng.uniform(1.2, 2.0))),
        "a rho of one": matrix(3, 1.0),
        "one unit": matrix(1, float(rng.uniform(1.2, 2.0))),
    }


def draw_gradient_bound(rng):
    def run(T, B, H):
        return Case((states_of(rng, T, B, H), 0.8 * rng.normal(size=(H, H))))

    return {
        "several steps": run(5, 3, 4),
        "one step": run(1, 2, 3),
        "one example": run(4, 1, 2),
        "as many examples as units and steps": run(3, 3, 3),
    }


def draw_clip_by_global_norm(rng):
    def arrays(size):
        return {
            "W": size * rng.normal(size=(4, 3)),
            "U": 3 * size * rng.normal(size=(4, 4)),
            "b": size * rng.normal(size=4),
        }

    long, short = arrays(20.0), arrays(0.5)
    sizes = [np.linalg.norm(g) for g in long.values()]
    return {
        "a long gradient": Case((long, 5.0)),
        "one long array among short ones": Case((arrays(0.1) | {"V": 50 * rng.normal(size=(2, 5))}, 7.0)),
        "a short gradient": Case((short, 100.0)),
        "arrays that are long only together": Case((long, float((max(sizes) + np.hypot.reduce(sizes)) / 2))),
        "a short gradient of few numbers": Case(({"b": 0.1 * rng.normal(size=3)}, 0.9)),
        "all zero": Case(({"W": np.zeros((2, 3)), "b": np.zeros(2)}, 1.0)),
    }


def draw_truncated_backward(rng):
    def run(T, B, D, H, k, dh0=True):
        x, h0 = rng.normal(size=(T, B, D)), rng.uniform(-1, 1, size=(B, H))
        W, U, b = 0.6 * rng.normal(size=(H, D)), 0.6 * rng.normal(size=(H, H)), 0.5 * rng.normal(size=H)
        states, h = np.empty((T, B, H)), h0
        for t in range(T):
            h = states[t] = np.tanh(x[t] @ W.T + h @ U.T + b)
        return Case((rng.normal(size=(T, B, H)), x, h0, states, W, U, k))

    return {
        "pieces that divide the sequence": run(6, 3, 2, 4, 3),
        "a shorter last piece": run(7, 2, 3, 5, 3),
        "pieces of one step": run(4, 3, 2, 4, 1),
        "one piece, nothing cut": run(5, 2, 3, 4, 9),
        "one step": run(1, 3, 2, 4, 2),
        "one example": run(5, 1, 3, 2, 2),
    }


def draw_leaky_step(rng):
    def step(B, D, H, alpha, scale=0.6):
        x, h = rng.normal(size=(B, D)), rng.uniform(-1, 1, size=(B, H))
        return Case((x, h, alpha, scale * rng.normal(size=(H, D)), scale * rng.normal(size=(H, H)), rng.normal(size=H)))

    return {
        "one example": step(1, 3, 2, float(rng.uniform(0.1, 0.4))),
        "a batch": step(3, 2, 4, float(rng.uniform(0.6, 0.9))),
        "as many inputs as units": step(2, 4, 4, float(rng.uniform(0.1, 0.4))),
        "an alpha of one": step(3, 2, 4, 1.0),
        "an alpha of zero": step(3, 2, 4, 0.0),
        "an alpha for each unit": step(3, 2, 4, rng.uniform(0.1, 0.9, size=4)),
        "large inputs": step(2, 3, 4, float(rng.uniform(0.1, 0.4)), 20.0),
    }
