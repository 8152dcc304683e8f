"""How a cell starts, as facts that do not depend on which random numbers were drawn."""

import math
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import numpy as np

# Columns and units of a cell whose starting weights are looked at: the sizes that usual rules give are far apart for these.
COLUMNS, UNITS = 30, 60
GATES = "zrh"

Arrays = Mapping[str, np.ndarray]


def facts(start: Arrays, another: Arrays) -> dict[str, Any]:
    """What is judged of the parameters of a new cell, of two cells made one after the other: dicts of nine arrays each.

    Returns:
        dict of "biases" (the three arrays), "sizes" (of the matrices W and U, in words: see ``size``), "numbers" (four
        facts about all of them) and "precision". Each is None if a parameter is missing.
    """
    if any(f"{kind}_{gate}" not in start for kind in "WUb" for gate in GATES):
        return {"biases": None, "sizes": None, "numbers": None, "precision": None}
    matrices = {kind: [np.asarray(start[f"{kind}_{gate}"], float) for gate in GATES] for kind in "WU"}
    each = [matrix for some in matrices.values() for matrix in some]
    return {
        "biases": {f"b_{gate} at the start": start[f"b_{gate}"] for gate in GATES},
        "sizes": {
            f"size of {kind} at the start": _all_alike([size(one) for one in some]) for kind, some in matrices.items()
        },
        "numbers": {
            "of both signs": all(_centred(matrix) for matrix in each),
            "every row its own": all(_rows_differ(matrix) for matrix in each),
            "every gate its own": not any(
                np.allclose(*two) for some in matrices.values() for two in combinations(some, 2)
            ),
            "every cell its own": not any(
                np.array_equal(start[name], another[name]) for name in start if name[0] != "b"
            ),
        },
        "precision": sorted({str(array.dtype) for array in start.values()}),
    }


def size(matrix: np.ndarray) -> str:
    """How large the numbers of a matrix are, in words: the rule whose root mean square is nearest, and near enough."""
    units, columns = matrix.shape
    found = float(np.sqrt(np.mean(matrix**2)))
    if found < 1e-6:
        return "zero"
    if not _rows_differ(matrix):
        return "one row, repeated"  # too few numbers to measure by
    known = {
        "1 / root of columns": columns**-0.5,
        "1 / columns": 1 / columns,
        "root of columns": columns**0.5,
        "1": 1.0,
        "0.01": 0.01,
        "root of 2 / columns": (2 / columns) ** 0.5,
        "root of 2 / (columns + units)": (2 / (columns + units)) ** 0.5,
        "1 / root of units": units**-0.5,
        "uniform up to 1 / root of columns": (3 * columns) ** -0.5,
        "uniform up to 1 / root of units": (3 * units) ** -0.5,
    }
    nearest = min(known, key=lambda name: round(abs(math.log(found / known[name])), 6))  # the first of equals
    return nearest if abs(found / known[nearest] - 1) < 0.1 else "another"


def _all_alike(sizes: list[str]) -> str:
    return sizes[0] if len(set(sizes)) == 1 else "mixed"


def _centred(matrix: np.ndarray) -> bool:
    return not _rows_differ(matrix) or bool(abs(matrix.mean()) <= 0.3 * np.sqrt(np.mean(matrix**2)))


def _rows_differ(matrix: np.ndarray) -> bool:
    """Whether no number is the same for all units: a column that does not vary teaches them all the same."""
    return bool(np.all(matrix.std(axis=0) > 1e-6))
