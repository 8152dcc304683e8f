"""How a cell starts, as facts that do not depend on which random numbers were drawn."""

from itertools import combinations

import numpy as np

GATES = "zrh"


def facts(start):
    """What is judged of the parameters of a new cell, a dict of nine arrays.

    Returns:
        dict of "biases" (the three arrays), "sizes" (of the matrices W and U, in words: see ``size``) and "numbers" (three
        facts about all of them). None in the place of each if a parameter is missing.
    """
    if any(f"{kind}_{gate}" not in start for kind in "WUb" for gate in GATES):
        return {"biases": None, "sizes": None, "numbers": None}
    matrices = {kind: [np.asarray(start[f"{kind}_{gate}"], float) for gate in GATES] for kind in "WU"}
    return {
        "biases": {gate: start[f"b_{gate}"] for gate in GATES},
        "sizes": {kind: _all_alike([size(matrix) for matrix in some]) for kind, some in matrices.items()},
        "numbers": {
            "of both signs": all(_centred(matrix) for some in matrices.values() for matrix in some),
            "every row its own": all(_rows_differ(matrix) for some in matrices.values() for matrix in some),
            "every gate its own": not any(
                np.allclose(*two) for some in matrices.values() for two in combinations(some, 2)
            ),
        },
    }


def size(matrix):
    """How large the numbers of a matrix are, in words: measured by their root mean square, known up to a tenth."""
    units, columns = matrix.shape
    found = np.sqrt(np.mean(matrix**2))
    known = {
        "1 / root of columns": columns**-0.5,
        "1": 1.0,
        "1 / columns": 1 / columns,
        "1 / root of units": units**-0.5,
        "uniform up to 1 / root of units": (3 * units) ** -0.5,
    }
    if found < 1e-6:
        return "zero"
    if not _rows_differ(matrix):
        return "one row, repeated"  # too few numbers to measure by
    return next((name for name, wanted in known.items() if abs(found / wanted - 1) < 0.1), "another")


def _all_alike(sizes):
    return sizes[0] if len(set(sizes)) == 1 else "mixed"


def _centred(matrix):
    return not _rows_differ(matrix) or bool(abs(matrix.mean()) <= 0.3 * np.sqrt(np.mean(matrix**2)))


def _rows_differ(matrix):
    """Whether no number is the same for all units: a column that does not vary teaches them all the same."""
    return bool(np.all(matrix.std(axis=0) > 1e-6))
