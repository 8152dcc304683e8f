"""Good versions of ``catch_wrong_gru``, written differently: they catch all and refuse no right one."""

import numpy as np

from autograder.exercises.gru.alternatives.steps import gru_step as right
from autograder.exercises.gru.misconceptions.catching import GOOD, drawn


def survives(step, sizes, compare):
    x, h, params = drawn(*sizes)
    try:
        return compare(step(x, h, params), x, h, params)
    except Exception:
        return False


class catch_wrong_gru:
    def many_draws(step):
        def compare(seen, x, h, params):
            wanted = right.by_loop(x, h, params)
            return seen.shape == wanted.shape and np.abs(seen - wanted).max() < 1e-3

        sizes = [
            (seed, B, D, H, scale)
            for seed, (B, D, H) in enumerate(((1, 2, 3), (3, 4, 2), (2, 3, 3)))
            for scale in (1, 400)
        ]
        return not all(survives(step, one, compare) for one in sizes)

    def by_scalars(step):
        for inputs in GOOD:
            try:
                seen = step(*inputs)
                wanted = right.by_scalars(*inputs)
                if tuple(seen.shape) != wanted.shape:
                    return True
                for a, b in zip(seen.ravel(), wanted.ravel(), strict=True):
                    if not abs(a - b) < 1e-3:
                        return True
            except Exception:
                return True
        return False

    def with_a_norm(step):
        try:
            apart = [np.asarray(step(*inputs)) - right.by_einsum(*inputs) for inputs in GOOD]
            wrong_shape = [np.shape(step(*inputs)) != inputs[1].shape for inputs in GOOD]
        except Exception:
            return True
        return bool(np.any(wrong_shape)) or not all(np.linalg.norm(a) < 1e-2 for a in apart)

    def without_a_reference(step):
        """Properties instead of a comparison: gates forced open or shut leave parts that are known in themselves."""

        def forced(params, **values):
            held = {}
            for gate, value in values.items():
                held |= {f"W_{gate}": 0 * params[f"W_{gate}"], f"U_{gate}": 0 * params[f"U_{gate}"]}
                held[f"b_{gate}"] = value + 0 * params[f"b_{gate}"]
            return params | held

        def half(x, h, params, gate):
            return 0.5 + 0.5 * np.tanh(
                (x @ params[f"W_{gate}"].T + h @ params[f"U_{gate}"].T + params[f"b_{gate}"]) / 2
            )

        def near(a, b):
            return np.shape(a) == np.shape(b) and np.allclose(a, b, rtol=0, atol=1e-3)

        try:
            for x, h, params in GOOD:
                from_x = x @ params["W_h"].T + params["b_h"]
                copied = step(x, h, forced(params, z=-900.0))
                plain = step(x, h, forced(params, z=900.0, r=900.0))
                reset = half(x, h, params, "r")
                new = step(x, h, forced(params, z=900.0))
                mixture = step(x, h, params)
                z = half(x, h, params, "z")
                if not (
                    near(copied, h)
                    and near(plain, np.tanh(from_x + h @ params["U_h"].T))
                    and near(new, np.tanh(from_x + (reset * h) @ params["U_h"].T))
                    and near(mixture, z * np.asarray(new) + (1 - z) * h)
                ):
                    return True
        except Exception:
            return True
        return False
