"""The students' own code and nothing else: its cells and the calls of its functions, in one interpreter, without a sandbox.

No grader that runs this code can be faster. A program of its own, `python -m tools.benchmark.baseline`, because cells
take over an interpreter's output. It runs code unconfined: that of the benchmark's class, which is ours.
"""

import json
import sys
import time
from pathlib import Path
from typing import Any

import numpy as np
from nbformat import NotebookNode

from autograder.checking.exercise import Case
from autograder.exercises import exercises_of
from autograder.grading.cells import grade_id, is_demonstration, is_test
from autograder.grading.seeds import exercise_seed
from autograder.sandbox.guest import forkserver, runner
from autograder.sandbox.protocol import wire
from autograder.sandbox.protocol.observing import observe
from autograder.submissions import intake

PATIENCE = 600  # seconds; nothing in the class takes long


class Clock:
    """Adds up the seconds that its blocks take."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __enter__(self) -> None:
        self.began = time.perf_counter()

    def __exit__(self, *_: object) -> None:
        self.seconds += time.perf_counter() - self.began


def own_seconds(
    cells: Any, notebook: NotebookNode, exercises: dict[str, Any], packed: dict[str, dict[str, tuple[Any, Case]]]
) -> tuple[float, float]:
    """Seconds for a notebook's cells, and for calling its functions with every case, twice, as grading does.

    Args:
        cells: a ``CellRunner``. packed: by exercise, by case, the packed arguments and the case.
    """
    running, calling, taken = Clock(), Clock(), {}
    for cell in notebook.cells:
        if is_test(cell):
            taken[grade_id(cell)] = cells.shell.user_ns[grade_id(cell)]
        elif cell.cell_type == "code" and cell.source.strip() and not is_demonstration(cell):
            with running:
                cells.run(cell.source, PATIENCE)
    cells.drop_output()
    for name in exercises:

        def timed(*args: Any, function: Any = taken[name]) -> Any:
            with calling:
                return function(*args)

        for args, case in packed[name].values():
            observe(timed, args, case.strict, case.functions.__getitem__)
    return running.seconds, calling.seconds


def main(unit: str, notebooks: str, result: str) -> None:
    """Time every notebook in a folder, after one for practice, and write the mean seconds of each kind into a file."""
    exercises = exercises_of(unit)
    packed = {
        name: {
            case: (wire.pack(given.args), given)
            for case, given in exercise.draw(np.random.default_rng(exercise_seed("benchmark", name))).items()
        }
        for name, exercise in exercises.items()
    }
    read = [intake.parse(path.read_bytes()) for path in sorted(Path(notebooks).rglob("*.ipynb"))]
    forkserver.warm_up()
    times = [own_seconds(runner.CELLS, notebook, exercises, packed) for notebook in [read[0], *read]]
    cells, calls = np.mean(times[1:], axis=0)
    Path(result).write_text(json.dumps({"cells": cells, "calls": calls}), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
