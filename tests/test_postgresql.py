"""The gradebook on a real PostgreSQL: the scores of SQLite's, and sentences where something is wrong."""

import copy
import subprocess
import sys

import pytest
from nbgrader.api import Gradebook
from nbgrader.apps.api import NbGraderAPI
from nbgrader.coursedir import CourseDirectory

from autograder.demo import demo_workspace, feedback, hand_in
from autograder.errors import UserError
from autograder.exercises import exercises_of
from autograder.grading import gradebook, recording
from autograder.grading.grade import grade
from autograder.workspace import CONFIG_FILE, Workspace
from tests.conftest import UNIT
from tests.postgresql import PASSWORD, postgresql, require_postgresql
from tests.test_recording import given_by_hand, scores

STUDENTS = ("perfect", "half_done", "rnn_step_biases_forgotten", "broken_json", "untouched")


pytestmark = pytest.mark.long


@pytest.fixture(scope="module")
def server():
    require_postgresql()
    with postgresql() as running:
        yield running


def with_gradebook(workspace, url):
    """The same course with its gradebook elsewhere, as an instructor would write it."""
    with open(workspace.root / CONFIG_FILE, "a") as file:
        file.write(f"c.CourseDirectory.db_url = {url!r}\n")
    return Workspace.here(workspace.root)


def grade_some(made):
    """A class of five, without those that time decides about."""
    hand_in(made, UNIT, STUDENTS)
    return made, grade(made, UNIT)


@pytest.fixture(scope="module")
def in_sqlite(course, tmp_path_factory):
    return grade_some(demo_workspace(course, tmp_path_factory.mktemp("sqlite") / "course"))


@pytest.fixture(scope="module")
def graded(server, course, in_sqlite, tmp_path_factory):
    """The same class, asked the same questions, with its gradebook on the server: (workspace, report)."""
    made = demo_workspace(course, tmp_path_factory.mktemp("postgresql") / "course")
    (made.root / ".autograder").mkdir()
    (made.root / ".autograder" / "secret").write_bytes(in_sqlite[0].secret())
    return grade_some(with_gradebook(made, server.create("class")))


@pytest.fixture
def empty(server, workspace, request):
    """A course with an empty database of its own."""
    return with_gradebook(workspace, server.create(request.node.name))


def test_no_gradebook_of_sqlite_is_made(graded):
    assert not list(graded[0].root.rglob("gradebook.db"))


@pytest.mark.parametrize("student", STUDENTS)
def test_the_scores_are_those_in_sqlite(graded, in_sqlite, student):
    found = scores(graded[0], student)
    assert len(found) == 4
    assert found == scores(in_sqlite[0], student)


def test_the_totals_are_those_in_sqlite(graded, in_sqlite):
    found = recording.recorded(graded[0], UNIT)
    assert set(found) == set(STUDENTS)
    assert found == pytest.approx(recording.recorded(in_sqlite[0], UNIT))


def test_a_regrade_leaves_manual_scores_and_skips_what_is_unchanged(empty):
    hand_in(empty, UNIT, ["half_done", "untouched"])
    grade(empty, UNIT)
    given_by_hand(empty, "half_done")
    again = []
    grade(empty, UNIT, tick=lambda student, entry: again.append(student))
    assert again == [None]
    grade(empty, UNIT, force=True, tick=lambda student, entry: again.append(student))
    assert set(again) == {None, "half_done", "untouched"}
    assert scores(empty, "half_done")["what_a_state_keeps"][1] == 2.5
    assert scores(empty, "half_done")["rnn_step"][:2] == (3, 1.5)


def test_a_gradebook_that_holds_nothing_yet_is_filled_without_a_run(graded, server):
    workspace, _ = graded
    elsewhere = Workspace(workspace.root, copy.deepcopy(workspace.config))
    elsewhere.config.CourseDirectory.db_url = server.create("elsewhere")
    again = []
    grade(elsewhere, UNIT, student="untouched", tick=lambda student, entry: again.append((student, entry)))
    assert again == [(None, 0)]
    assert scores(elsewhere, "untouched") == scores(workspace, "untouched")


def test_formgrader_reads_it(graded, in_sqlite):
    def seen(workspace):
        directory = CourseDirectory(config=workspace.config)
        entries = NbGraderAPI(directory, config=workspace.config).get_submissions(UNIT)
        return {
            entry["student"]: (entry["score"], entry["max_score"], entry["needs_manual_grade"]) for entry in entries
        }

    assert set(seen(graded[0])) == set(STUDENTS)
    assert seen(graded[0]) == seen(in_sqlite[0])


def test_feedback_is_made_from_it(graded):
    feedback(graded[0], UNIT)
    page = graded[0].folder("feedback", UNIT, "rnn_step_biases_forgotten") / "rnn.html"
    assert exercises_of(UNIT)["rnn_step"].mistakes["biases_forgotten"].hint in page.read_text()


def nbgrader(workspace, *arguments):
    command = [sys.executable, "-m", "nbgrader", *arguments]
    return subprocess.run(command, cwd=workspace.root, capture_output=True, text=True, check=False)


def test_nbgrader_exports_and_upgrades_it(graded):
    workspace, report = graded
    for command in (["db", "upgrade"], ["export", "--to", "grades.csv"]):
        done = nbgrader(workspace, *command)
        assert done.returncode == 0, done.stderr[-2000:]
    lines = (workspace.root / "grades.csv").read_text().splitlines()
    columns = lines[0].split(",")
    raw = {row[columns.index("student_id")]: row for row in (line.split(",") for line in lines[1:])}
    for student in STUDENTS:
        assert float(raw[student][columns.index("raw_score")]) == pytest.approx(
            report["students"][student]["points"], abs=1e-3
        )


def test_nbgrader_autograde_writes_into_it(empty, in_sqlite):
    hand_in(empty, UNIT, ["half_done"])
    for command in (
        ["generate_assignment", UNIT, "--force", "--CourseDirectory.release_directory=released-by-nbgrader"],
        ["autograde", UNIT],
    ):
        done = nbgrader(empty, *command)
        assert done.returncode == 0, done.stderr[-2000:]
    found = recording.recorded(empty, UNIT)
    assert found["half_done"] == in_sqlite[1]["students"]["half_done"]["points"]


def test_a_new_version_of_a_unit_is_registered(empty):
    gradebook.register(empty, UNIT)
    gradebook.register(empty, UNIT)
    with Gradebook(empty.db_url, empty.directory.course_id) as book:
        cell = book.find_notebook("rnn", UNIT).source_cells[0]
        name, right, cell.checksum = cell.name, cell.checksum, "of an older version"
        book.db.commit()
    gradebook.register(empty, UNIT)
    with Gradebook(empty.db_url, empty.directory.course_id) as book:
        assert book.find_source_cell(name, "rnn", UNIT).checksum == right


def test_a_server_that_is_down_is_a_sentence_and_loses_nothing(server, empty):
    hand_in(empty, UNIT, ["half_done", "untouched"])
    grade(empty, UNIT, student="half_done")
    given_by_hand(empty, "half_done")
    before = scores(empty, "half_done")
    server.stop()
    try:
        with pytest.raises(UserError, match=r"could not be used: .*refused.*See that the server runs") as raised:
            grade(empty, UNIT)
    finally:
        server.start()
    assert PASSWORD not in str(raised.value)
    assert scores(empty, "half_done") == before
    assert grade(empty, UNIT)["students"]["untouched"]["points"] == 0


def test_a_server_that_goes_down_midway_is_a_sentence_and_keeps_what_was_recorded(server, empty):
    hand_in(empty, UNIT, ["half_done", "untouched"])

    def tick(student, entry):
        if student:
            server.stop()

    try:
        with pytest.raises(UserError, match=r"could not take the scores of \w+: .*server closed the connection"):
            grade(empty, UNIT, jobs=1, tick=tick)
    finally:
        server.start()
    assert len(recording.recorded(empty, UNIT)) == 1
    grade(empty, UNIT)
    assert len(recording.recorded(empty, UNIT)) == 2


def test_a_name_that_is_too_long_for_a_server_is_a_sentence_about_that_student(empty):
    name = "a" * 129  # nbgrader's tables have 128 letters for it; SQLite does not count
    hand_in(empty, UNIT, ["untouched"])
    empty.folder("submitted", UNIT, "untouched").parent.rename(empty.folder("submitted", UNIT, name).parent)
    with pytest.raises(UserError, match=f"scores of {name}: .*value too long.*Nothing of theirs has changed") as raised:
        grade(empty, UNIT)
    assert "INSERT" not in str(raised.value)
    assert recording.recorded(empty, UNIT) == {}


@pytest.mark.parametrize("form", ["postgresql://", "postgresql+psycopg://"])
def test_a_wrong_password_is_a_sentence_without_it(server, workspace, form):
    wrong = server.url(password="my-secret-guess").replace("postgresql://", form)
    hand_in(workspace, UNIT, ["untouched"])
    with pytest.raises(UserError, match="password authentication failed") as raised:
        grade(with_gradebook(workspace, wrong), UNIT)
    assert "my-secret-guess" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("postgresql+nodriver://grader:my-secret-guess@127.0.0.1/class", "psycopg"),
        ("postgresql:/grader:my-secret-guess", "is no address"),
        ("postgresql://grader:my-secret-guess@127.0.0.1:port/class", "is no address"),
        ("postgresql://127.0.0.1:1/class?password=my-secret-guess", "refused"),
    ],
)
def test_an_address_that_leads_nowhere_is_a_sentence_without_the_password(workspace, url, words):
    with pytest.raises(UserError, match=words) as raised:
        gradebook.register(with_gradebook(workspace, url), UNIT)
    assert "my-secret-guess" not in str(raised.value)


def test_the_demonstration_keeps_its_class_to_itself(graded, tmp_path):
    made = demo_workspace(graded[0], tmp_path / "demo")
    assert made.db_url == f"sqlite:///{made.root / 'gradebook.db'}"
