"""nbgrader's exchange, from release to feedback, with its own commands and our grading in the middle."""

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbgrader.utils import get_username

from autograder.demo import demo_workspace, hand_in
from autograder.grading.journal import read_report
from autograder.grading.plugin import keep_only_the_notebook
from autograder.submissions import intake
from tests.conftest import ROOT, UNIT

COURSE = "gated-recurrent-networks"
STUDENT = get_username()  # nbgrader goes by the name under which its commands run


class Machine:
    """A folder in which one person types commands; all persons share one exchange."""

    def __init__(self, folder, exchange):
        self.folder, self.exchange = folder, exchange
        folder.mkdir(parents=True, exist_ok=True)
        self.env = os.environ | {
            "HOME": str(folder / "home"),
            "JUPYTER_DATA_DIR": str(folder / "home" / "data"),
            "JUPYTER_CONFIG_DIR": str(folder / "home" / "config"),
            "PYTHONPATH": str(ROOT),
        }

    def nbgrader(self, *arguments):
        return self.run("nbgrader", *arguments, f"--Exchange.root={self.exchange}", f"--course={COURSE}")

    def run(self, module, *arguments):
        done = subprocess.run(
            [sys.executable, "-m", module, *arguments],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, f"{module} {arguments}: {done.stdout[-1000:]}{done.stderr[-2000:]}"
        return done.stdout + done.stderr


@pytest.fixture(scope="module")
def exchanged(course, tmp_path_factory):
    """(instructor's workspace, student's folder) after a notebook went out, came back, was graded and commented."""
    root = tmp_path_factory.mktemp("exchange")
    (root / "exchange").mkdir(mode=0o777)
    (root / "exchange").chmod(0o777)
    made = demo_workspace(course, root / "course")
    instructor = Machine(made.root, root / "exchange")
    student = Machine(root / "student", root / "exchange")

    instructor.nbgrader("release_assignment", UNIT)
    student.nbgrader("fetch_assignment", UNIT)
    fill_in(made, student.folder / UNIT / "rnn.ipynb")
    student.nbgrader("submit", UNIT)
    instructor.nbgrader("collect", UNIT)
    instructor.run("autograder", "grade", UNIT, "--jobs", "1")
    instructor.nbgrader("generate_feedback", UNIT)
    instructor.nbgrader("release_feedback", UNIT)
    student.nbgrader("fetch_feedback", UNIT)
    return made, student.folder


def fill_in(workspace, fetched):
    """Write the solutions of the demonstration's perfect student into the notebook that was fetched."""
    hand_in(workspace, UNIT, ["perfect"])
    solved = workspace.notebook("submitted", UNIT, "perfect")
    answers = {cell.id: cell.source for cell in nbformat.read(solved, as_version=4).cells}
    notebook = nbformat.read(fetched, as_version=4)
    for cell in notebook.cells:
        cell.source = answers[cell.id]
    nbformat.write(notebook, fetched)
    for path in (solved, solved.parent, solved.parent.parent):
        path.unlink() if path.is_file() else path.rmdir()


def test_students_fetch_what_we_release_and_nothing_else(exchanged, course):
    fetched = exchanged[1] / UNIT
    assert {path.name for path in fetched.iterdir() if path.is_file()} == {"rnn.ipynb"}
    ids = [cell.id for cell in nbformat.read(fetched / "rnn.ipynb", as_version=4).cells]
    assert ids == [cell.id for cell in nbformat.read(course.notebook("release", UNIT), as_version=4).cells]


def test_what_came_through_the_exchange_gets_full_marks(exchanged):
    students = read_report(exchanged[0], UNIT)["students"]
    assert set(students) == {STUDENT}
    assert students[STUDENT]["points"] == students[STUDENT]["maximum"] > 0


def test_the_time_of_submitting_comes_along(exchanged):
    workspace = exchanged[0]
    submitted = intake.timestamp(workspace.folder("submitted", UNIT, STUDENT))
    assert submitted and intake.timestamp(workspace.folder("autograded", UNIT, STUDENT)) == submitted


def test_feedback_comes_back_to_the_student(exchanged):
    pages = [Path(page) for page in exchanged[1].rglob("rnn.html")]
    assert len(pages) == 1 and "rnn_step" in pages[0].read_text()


def test_nbgraders_own_autograding_keeps_the_secret_too(exchanged, monkeypatch):
    workspace = exchanged[0]
    monkeypatch.chdir(workspace.root)
    folder = workspace.folder("autograded", UNIT, STUDENT)
    (folder / "notes.txt").write_text("left beside the notebook")
    keep_only_the_notebook(UNIT, STUDENT, ["rnn"])
    assert {path.name for path in folder.iterdir()} == {"rnn.ipynb", "timestamp.txt", "submission_secret.txt"}
