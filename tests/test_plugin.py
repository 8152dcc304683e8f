"""`nbgrader autograde` goes the same way and gives the same scores."""

import json
import os
import shutil
import signal
import subprocess
import sys

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from autograder.demo import hand_in
from autograder.grading import gradebook
from autograder.grading.grade import grade
from autograder.grading.journal import read_report
from autograder.grading.markdown_safety import plain
from autograder.grading.plugin import UnreadExporter
from autograder.grading.recording import recorded
from autograder.workspace import CONFIG_FILE
from tests.conftest import UNIT

LINK = "[plot](javascript:alert(1))"
STUDENTS = (
    "perfect",
    "half_done",
    "rnn_step_biases_forgotten",
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
    (made.folder("submitted", UNIT, "shadows_numpy") / "solutions.txt").write_text("for all who get this as feedback")
    path = made.notebook("submitted", UNIT, "half_done")
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(1, new_markdown_cell(LINK, id="mine"))
    nbformat.write(notebook, path)
    # nbgrader's own way to make an assignment known, as formgrader's Generate button does it
    for command in (
        ["generate_assignment", UNIT, "--force", "--CourseDirectory.release_directory=released-by-nbgrader"],
        ["autograde", UNIT],
    ):
        done = nbgrader(made, *command)
        assert done.returncode == 0, done.stderr[-3000:]
    return made


def nbgrader(workspace, *arguments):
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(command, cwd=workspace.root, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("student", STUDENTS)
def test_the_scores_are_those_of_our_own_command(autograded, graded_class, student):
    assert recorded(autograded, UNIT)[student] == pytest.approx(
        graded_class[1]["students"][student]["points"], abs=1e-3
    )


def test_the_verdicts_are_the_same_to_the_letter(autograded, graded_class):
    def verdicts(workspace):
        cells = json.loads(workspace.notebook("autograded", UNIT, "rnn_step_biases_forgotten").read_text())["cells"]
        return {
            cell["id"]: cell["outputs"]
            for cell in cells
            if cell["metadata"].get("nbgrader", {}).get("grade") and cell["cell_type"] == "code"
        }

    ours = verdicts(graded_class[0])
    assert ours and verdicts(autograded) == ours


def test_it_is_in_the_report_and_our_own_command_need_not_grade_it_again(autograded, graded_class):
    report, again = read_report(autograded, UNIT)["students"], []
    for student in STUDENTS:
        assert report[student]["exercises"] == graded_class[1]["students"][student]["exercises"]
        assert report[student]["refused"] == graded_class[1]["students"][student]["refused"]
    grade(autograded, UNIT, tick=lambda *what: again.append(what))
    assert again == [(None, 0)]


def test_nothing_but_the_notebook_is_kept(autograded):
    kept = {path.name for path in autograded.folder("autograded", UNIT, "shadows_numpy").rglob("*")}
    assert kept == {"rnn.ipynb"}


def test_a_pipe_in_the_place_of_a_notebook_is_not_waited_at(tmp_path):
    os.mkfifo(tmp_path / "rnn.ipynb")
    resources = {"nbgrader": {"assignment": UNIT}}
    text, _ = UnreadExporter().from_filename(str(tmp_path / "rnn.ipynb"), resources=resources)
    assert json.loads(text)["cells"] == []


def test_a_link_of_a_students_that_runs_something_is_only_text(autograded):
    notebook = nbformat.read(autograded.notebook("autograded", UNIT, "half_done"), as_version=4)
    assert [cell.source for cell in notebook.cells if LINK in cell.source] == [plain(LINK)]


def test_nbgrader_releases_what_we_release(autograded, course):
    ours = json.loads(course.notebook("release", UNIT).read_text())
    theirs = json.loads((autograded.root / "released-by-nbgrader" / UNIT / "rnn.ipynb").read_text())
    assert theirs == ours


@pytest.fixture
def another_assignment(workspace):
    """A course with an assignment that is no unit of ours; its one submission leaves a file behind when it is run."""
    ran = workspace.root / "it-ran"
    test = new_code_cell("assert answer == 42")
    test.metadata.nbgrader = {
        "grade": True,
        "grade_id": "test_answer",
        "locked": True,
        "points": 2,
        "schema_version": 3,
        "solution": False,
        "task": False,
    }
    for folder, source in (
        ("made-elsewhere", "answer = 0"),
        ("submitted/ada", f"answer = 42; open({str(ran)!r}, 'w')"),
    ):
        path = workspace.root / folder / "homework" / "one.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(new_notebook(cells=[new_code_cell(source), test]), path)
    done = nbgrader(
        workspace,
        "generate_assignment",
        "homework",
        "--CourseDirectory.source_directory=made-elsewhere",
        "--CourseDirectory.release_directory=released-by-nbgrader",
    )
    assert done.returncode == 0, done.stderr[-3000:]
    return workspace, ran


def test_an_assignment_of_others_is_refused_in_words_and_nothing_of_it_runs(another_assignment):
    workspace, ran = another_assignment
    done = nbgrader(workspace, "autograde", "homework")
    assert done.returncode == 1
    assert "'homework' is no unit of this course" in done.stderr
    assert "c.Grading.other_assignments = 'stock'" in done.stderr
    assert not ran.exists()
    assert not (workspace.root / "autograded" / "ada" / "homework").exists()
    assert recorded(workspace, "homework") == {}


def test_an_assignment_of_others_is_graded_as_nbgrader_does_where_the_configuration_says_so(another_assignment):
    workspace, ran = another_assignment
    with open(workspace.root / CONFIG_FILE, "a") as file:
        file.write("c.Grading.other_assignments = 'stock'\n")
    done = nbgrader(workspace, "autograde", "homework")
    assert done.returncode == 0, done.stderr[-3000:]
    assert "UNCONFINED" in done.stderr
    assert ran.exists()
    assert recorded(workspace, "homework") == {"ada": 2}


def test_our_units_are_confined_whatever_the_configuration_says_of_others(workspace):
    with open(workspace.root / CONFIG_FILE, "a") as file:
        file.write("c.Grading.other_assignments = 'stock'\n")
    hand_in(workspace, UNIT, ["skips_the_tests"])
    done = nbgrader(workspace, "autograde", UNIT)  # into a new gradebook
    assert done.returncode == 0, done.stderr[-3000:]
    assert "UNCONFINED" not in done.stderr
    assert recorded(workspace, UNIT) == {"skips_the_tests": 3}  # its first exercise is honest


KILLED = """
import os, signal, sys
from nbgrader.apps.nbgraderapp import NbGraderApp
from nbgrader.preprocessors import SaveAutoGrades
SaveAutoGrades._add_score = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
sys.argv[0] = "nbgrader"
NbGraderApp.launch_instance()
"""


def test_killed_before_nbgrader_has_recorded_the_scores_our_own_command_goes_on_from_there(workspace, graded_class):
    hand_in(workspace, UNIT, ["half_done"])
    before = grade(workspace, UNIT)["students"]["half_done"]["points"]
    shutil.copy(
        graded_class[0].notebook("submitted", UNIT, "perfect"), workspace.notebook("submitted", UNIT, "half_done")
    )
    done = subprocess.run(
        [sys.executable, "-c", KILLED, "autograde", UNIT, "--force"], cwd=workspace.root, capture_output=True
    )
    assert done.returncode == -signal.SIGKILL and recorded(workspace, UNIT) == {"half_done": before}
    entry = grade(workspace, UNIT)["students"]["half_done"]
    assert entry["points"] == entry["maximum"] > before
    assert recorded(workspace, UNIT) == {"half_done": entry["points"]}


def test_a_folder_whose_name_would_run_as_script_is_refused(workspace):
    hand_in(workspace, UNIT, ["symlink"])
    folder = workspace.folder("submitted", UNIT, "symlink").parent
    folder.rename(folder.parent / "<img src=x onerror=evil()>")
    done = nbgrader(workspace, "autograde", UNIT)
    assert done.returncode == 1 and "because of its name: it has one of the characters" in done.stderr
    assert recorded(workspace, UNIT) == {}
    with gradebook.gradebook(workspace) as book:
        assert [student.id for student in book.students] == []
