"""`nbgrader autograde` goes the same way and gives the same scores."""

import json
import subprocess
import sys

import pytest

from autograder.demo import hand_in
from autograder.grading.recording import recorded
from tests.conftest import UNIT

STUDENTS = (
    "perfect",
    "half_done",
    "rnn_step_bias_forgotten",
    "skips_the_tests",
    "shadows_numpy",
    "broken_json",
    "symlink",
    "kills_its_kernel",
    "test_cell_duplicated",
)


@pytest.fixture(scope="module")
def autograded(course, tmp_path_factory, graded_class):
    from autograder.demo import demo_workspace

    made = demo_workspace(course, tmp_path_factory.mktemp("nbgrader") / "course")
    (made.root / ".autograder").mkdir()
    (made.root / ".autograder" / "secret").write_text((graded_class[0].root / ".autograder" / "secret").read_text())
    hand_in(made, UNIT, STUDENTS)
    # nbgrader's own way to make an assignment known, as formgrader's Generate button does it
    for command in (
        ["generate_assignment", UNIT, "--force", "--CourseDirectory.release_directory=released-by-nbgrader"],
        ["autograde", UNIT],
    ):
        done = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command], cwd=made.root, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr[-3000:]
    return made


@pytest.mark.parametrize("student", STUDENTS)
def test_the_scores_are_those_of_our_own_command(autograded, graded_class, student):
    assert recorded(autograded, UNIT)[student] == pytest.approx(
        graded_class[1]["students"][student]["points"], abs=1e-3
    )


def test_the_verdicts_are_the_same_to_the_letter(autograded, graded_class):
    def verdicts(workspace):
        cells = json.loads(workspace.notebook("autograded", UNIT, "rnn_step_bias_forgotten").read_text())["cells"]
        return {
            cell["id"]: cell["outputs"]
            for cell in cells
            if cell["metadata"].get("nbgrader", {}).get("grade") and cell["cell_type"] == "code"
        }

    ours = verdicts(graded_class[0])
    assert ours and verdicts(autograded) == ours


def test_nothing_but_the_notebook_is_kept(autograded):
    kept = {path.name for path in autograded.folder("autograded", UNIT, "shadows_numpy").rglob("*")}
    assert kept == {"rnn.ipynb"}


def test_nbgrader_releases_what_we_release(autograded, course):
    ours = json.loads(course.notebook("release", UNIT).read_text())
    theirs = json.loads((autograded.root / "released-by-nbgrader" / UNIT / "rnn.ipynb").read_text())
    assert theirs == ours
