"""otter-grader's local run, `otter run`: from an environment of its own, on the visible checks as otter's test files.

It grades one submission a process, so two are run at a time, as many as this grader has.
"""

import json
import shutil
import time
import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell

from autograder.building.releasing import as_text
from autograder.errors import UserError
from autograder.grading.cells import grade_id, is_test
from autograder.workspace import Workspace, write_whole
from tools.benchmark.graders import JOBS, Outcome, times
from tools.benchmark.resources import Measured, environment, measured
from tools.benchmark.sample_class import Submission

NAME = "otter-grader"
TEST_FILE = '''"""The visible checks of one exercise."""

from otter.test_files import test_case

OK_FORMAT = False
name = {name!r}
points = {points!r}
CHECKS = compile({source!r}, {name!r}, "exec")


@test_case(points=points, hidden=False)
def visible_checks(env):
    exec(CHECKS, dict(env))
'''


def program(folder: Path) -> Path:
    """The program `otter` of an environment in ``folder``.

    Raises:
        UserError: if there is none.
    """
    found = shutil.which("otter", path=str(folder.resolve() / "bin"))
    if not found:
        raise UserError(
            f"it is not installed in {folder}; `make bench` installs it there, or name another with --otter"
        )
    return Path(found)


def autograder_zip(release: NotebookNode, path: Path) -> None:
    """Write otter's description of an assignment: the visible test cells of a release notebook, a file each."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("otter_config.json", json.dumps({"lang": "python", "show_hidden": True}))
        for cell in release.cells:
            if is_test(cell):
                name, points = grade_id(cell), cell.metadata.nbgrader.points
                archive.writestr(
                    f"tests/{name}.py", TEST_FILE.format(name=name, points=float(points), source=cell.source)
                )


def as_for_otter(notebook: NotebookNode) -> NotebookNode:
    """A submission as otter's students hand it in: calls of ``grader.check`` instead of test cells."""
    cells = [new_code_cell("import otter\ngrader = otter.Notebook()", id="otter")]
    for cell in notebook.cells:
        cells.append(new_code_cell(f'grader.check("{grade_id(cell)}")', id=cell.id) if is_test(cell) else cell)
    return NotebookNode({**notebook, "cells": cells})


def otter(workspace: Workspace, folder: Path, unit: str, submissions: Iterable[Submission], home: Path) -> Outcome:
    """Grade a class with otter-grader.

    Raises:
        UserError: if it is not installed in ``home``, or fails.
    """
    run = program(home)
    folder.mkdir(parents=True)
    name = workspace.notebook("release", unit).name
    autograder_zip(nbformat.read(workspace.notebook("release", unit), as_version=4), folder / "autograder.zip")
    for submission in submissions:
        write_whole(folder / submission.student / name, as_text(as_for_otter(submission.notebook)))
    own = environment()
    own["PATH"] = f"{run.parent}:{own['PATH']}"

    def one(submission: Submission) -> Measured:
        command = [str(run), "run", "--no-logo", "-a", "../autograder.zip", "-o", ".", name]
        return measured(command, folder / submission.student, env=own)

    began, clock = time.time(), time.perf_counter()
    with ThreadPoolExecutor(JOBS) as pool:
        runs = list(pool.map(one, submissions))
    seconds = time.perf_counter() - clock
    together = Measured(began, seconds, sum(run.computing for run in runs), max(run.memory for run in runs), 0)
    paths = {submission.student: folder / submission.student / "results.json" for submission in submissions}
    points = {student: score(path) for student, path in paths.items()}
    return Outcome(NAME, together, times(paths, together), points, len(runs))


def score(path: Path) -> float:
    """The points in a results file of otter's.

    Raises:
        UserError: if it could not run the submission.
    """
    results = json.loads(path.read_text(encoding="utf-8"))
    if "score" in results or not any("score" in test for test in results["tests"]):
        raise UserError(f"it did not run {path.parent.name}: {results['tests'][0].get('output', '')[-500:]}")
    return sum(test.get("score", 0.0) for test in results["tests"])
