"""Right versions of ``equal_parameter_size`` and ``settle_by_counting``, written differently."""

import bisect
import math
from fractions import Fraction

import numpy as np
from torch import nn


def total(cell, D, H):
    blocks = {"rnn": 1, "gru": 3}.get(cell, 4)
    return blocks * (H * D + H**2 + H) + (3 * H if cell.startswith("peep") else 0)


class equal_parameter_size:
    def by_the_quadratic_formula(cell, budget, D):
        blocks = {"rnn": 1, "gru": 3, "lstm": 4, "peephole": 4}[cell]
        linear = blocks * (D + 1) + (3 if cell == "peephole" else 0)
        return (math.isqrt(linear**2 + 4 * blocks * budget) - linear) // (2 * blocks)

    def by_bisection(cell, budget, D):
        return bisect.bisect_right(range(1, budget + 2), budget, key=lambda H: total(cell, D, H))

    def by_counting_down(cell, budget, D):
        H = int(budget**0.5) + 1
        while total(cell, D, H) > budget:
            H -= 1
        return H

    def by_numpy(cell, budget, D):
        H = np.arange(1, 2000)
        return np.sum(total(cell, D, H) <= budget)

    def by_torch_modules(cell, budget, D):
        """Counts what torch makes, less the second bias that it always has."""
        kind = {"rnn": nn.RNNCell, "gru": nn.GRUCell}.get(cell, nn.LSTMCell)
        H = 0
        while True:
            made = kind(D, H + 1, device="meta")
            count = sum(array.numel() for array in made.parameters()) - made.bias_hh.numel()
            if count + (3 * (H + 1) if cell == "peephole" else 0) > budget:
                return H
            H += 1


class settle_by_counting:
    def by_counting_everything(D, H):
        larger = equal_parameter_size.by_counting_down("gru", total("lstm", D, H), D)

        def work(blocks, n):
            return blocks * (n * D + n * n)

        return {
            "multiplications at equal parameters": work(3, larger) / work(4, H),
            "multiplications": work(3, H) / work(4, H),
            "parameters": total("gru", D, H) / total("lstm", D, H),
            "gates": len("zr") / len("ifo"),
            "units": larger / H,
        }

    def by_fractions(D, H):
        larger = equal_parameter_size.by_the_quadratic_formula("gru", total("lstm", D, H), D)
        again = Fraction(3 * larger * (D + larger), 4 * H * (D + H))
        exact = {"gates": Fraction(2, 3), "parameters": Fraction(3, 4), "multiplications": Fraction(3, 4)}
        exact |= {"units": Fraction(larger, H), "multiplications at equal parameters": again}
        return {name: float(value) for name, value in exact.items()}

    def by_numpy(D, H):
        sizes = np.arange(1, 4 * H)
        larger = sizes[3 * sizes * (sizes + D + 1) <= 4 * H * (H + D + 1)].max()
        blocks = np.array([3, 4])
        ratio = blocks[0] / blocks[1]
        return dict(
            gates=np.float64(2) / 3,
            parameters=ratio,
            multiplications=ratio,
            units=larger / np.float64(H),
        ) | {"multiplications at equal parameters": ratio * (larger / H) * (D + larger) / (D + H)}
