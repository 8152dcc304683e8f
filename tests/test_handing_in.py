"""When it was handed in: what a platform, a zip, a copy and a timestamp say of it, and what they do not."""

import shutil
import zipfile
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from autograder.cli import main
from autograder.demo import demo_workspace
from autograder.grading.gradebook import gradebook
from autograder.submissions import filing
from tests.conftest import UNIT
from tests.downloads import MONDAY, UTC, got, handed_in, lay, lines, pack, work


@pytest.fixture(scope="module")
def gradebook_with_a_due_date(course, tmp_path_factory):
    """A gradebook in which unit 01 is due on Monday; making one takes seconds."""
    made = demo_workspace(course, tmp_path_factory.mktemp("due") / "course")
    with gradebook(made) as book:
        book.update_or_create_assignment(UNIT, duedate=MONDAY)
    return made.root / "gradebook.db"


@pytest.fixture
def due_on_monday(workspace, gradebook_with_a_due_date):
    shutil.copy(gradebook_with_a_due_date, workspace.root)


def test_canvas_keeps_no_times_so_nobody_is_made_late_by_the_download(workspace, tmp_path, due_on_monday):
    source = pack(tmp_path, ("doejane_4711_90001_rnn.ipynb", work(), MONDAY + timedelta(days=1)))
    _, _, done = got(workspace, source)
    assert handed_in(workspace, "4711") is None and not lines(done)["4711"].late and not done.times_known
    _, _, done = got(workspace, source, times="archive")
    assert handed_in(workspace, "4711") == MONDAY + timedelta(days=1)
    assert lines(done)["4711"].late == "late by 1 d"


@pytest.mark.parametrize(
    "names, apart, known",
    [
        (("doejane_1_10_rnn.ipynb", "roesam_2_11_rnn.ipynb"), timedelta(hours=5), False),  # Canvas never keeps times
        (
            ("Jane Doe_1_assignsubmission_file/rnn.ipynb", "Sam Roe_2_assignsubmission_file/rnn.ipynb"),
            timedelta(minutes=5),
            False,
        ),
        (
            ("Jane Doe_1_assignsubmission_file/rnn.ipynb", "Sam Roe_2_assignsubmission_file/rnn.ipynb"),
            timedelta(hours=5),
            True,
        ),
        (("jane/rnn.ipynb", "sam/rnn.ipynb"), timedelta(minutes=5), False),
        (("jane/rnn.ipynb", "sam/rnn.ipynb"), timedelta(hours=5), True),
    ],
)
@pytest.mark.parametrize("make", [pack, lay])
def test_which_times_are_those_of_handing_in(workspace, tmp_path, due_on_monday, make, names, apart, known):
    after = MONDAY + timedelta(hours=1)
    source = make(tmp_path, (names[0], work("jane"), after), (names[1], work("sam"), after + apart))
    _, _, done = got(workspace, source)
    assert done.times_known == known
    assert [bool(handed_in(workspace, student)) for student in workspace.students(UNIT)] == [known, known]
    assert [bool(line.late) for line in done.taken] == [known, known]


def test_moodle_times_count_where_they_are_not_those_of_the_download(workspace, tmp_path, due_on_monday):
    late = MONDAY + timedelta(hours=26, minutes=5)
    source = pack(
        tmp_path,
        ("Jane Doe_55_assignsubmission_file/rnn.ipynb", work("jane"), MONDAY),
        ("Ana Ruiz_56_assignsubmission_file/rnn.ipynb", work("ana"), late),
    )
    _, _, done = got(workspace, source)
    assert handed_in(workspace, "jane-doe") == MONDAY and handed_in(workspace, "ana-ruiz") == late
    assert {line.student: line.late for line in done.taken} == {"jane-doe": "", "ana-ruiz": "late by 1 d 2 h"}


def test_nbgraders_own_timestamps_are_taken_over(workspace, tmp_path):
    source = lay(
        tmp_path,
        ("alice/01-rnn/rnn.ipynb", work()),
        ("alice/01-rnn/timestamp.txt", b"2026-10-30 08:00:00.000000 Europe/Vienna"),
    )
    _, left, _ = got(workspace, source)
    assert handed_in(workspace, "alice") == datetime(2026, 10, 30, 7) and not left


def test_folders_that_were_copied_are_not_late_and_the_listing_says_how_to_give_times(
    workspace, tmp_path, due_on_monday, monkeypatch, capsys
):
    monkeypatch.chdir(workspace.root)
    now = MONDAY + timedelta(days=2)
    source = lay(
        tmp_path,
        ("alice/01-rnn/rnn.ipynb", work("a"), now),
        ("alice/01-rnn/timestamp.txt", b"2026-11-02 12:00:00 UTC", now),
        ("bob/01-rnn/rnn.ipynb", work("b"), now),
        ("carol/01-rnn/rnn.ipynb", work("c"), now + timedelta(seconds=3)),
    )
    assert main(["collect", UNIT, str(source)]) == 0
    out = capsys.readouterr().out
    assert "late by 2 h" in out and "Late: 1." in out and "as 2026-11-02 10:00 UTC" in out
    times = [handed_in(workspace, student) for student in ("alice", "bob", "carol")]
    assert times == [MONDAY + timedelta(hours=2), None, None]
    workspace.folder("submitted", UNIT, "bob").joinpath("timestamp.txt").write_text("2026-11-02 10:00 UTC")
    assert handed_in(workspace, "bob") == MONDAY


def test_the_listing_shows_the_time_that_holds(workspace, tmp_path, due_on_monday):
    source = pack(tmp_path, ("doejane_4711_90001_rnn.ipynb", work()))
    got(workspace, source)
    stamp = workspace.folder("submitted", UNIT, "4711") / "timestamp.txt"
    stamp.write_text("2026-11-02 12:00 UTC")
    _, _, done = got(workspace, source)
    assert lines(done)["4711"].late == "late by 2 h" and done.times_known
    stamp.write_text("2026-11-02 10:00 UTC")
    again = pack(tmp_path, ("4711/rnn.ipynb", work(), MONDAY + timedelta(days=2)))
    assert not lines(got(workspace, again, times="archive")[2])["4711"].late
    assert handed_in(workspace, "4711") == MONDAY


def test_the_courses_own_submissions_can_be_filed_again_and_gain_no_times(workspace, tmp_path):
    got(workspace, pack(tmp_path, ("doejane_4711_90001_rnn.ipynb", work("jane"))))
    got(workspace, pack(tmp_path, ("roesam_4712_90002_rnn.ipynb", work("sam"), MONDAY + timedelta(days=1))))
    _, left, done = got(workspace, workspace.folder("submitted"))
    assert [(line.student, line.outcome) for line in done.taken] == [("4711", filing.SAME), ("4712", filing.SAME)]
    assert not left and handed_in(workspace, "4711") is None and handed_in(workspace, "4712") is None
    beside = pack(
        workspace.folder("submitted"),
        ("4711/rnn.ipynb", work("jane")),
        ("4712/rnn.ipynb", work("sam"), MONDAY + timedelta(days=1)),
    )
    got(workspace, beside)
    assert handed_in(workspace, "4711") == MONDAY


@pytest.mark.parametrize("source", ["", ".", "..", "autograded", "autograded/alice", "release", "source"])
def test_the_course_itself_is_not_taken_for_its_students(workspace, monkeypatch, capsys, source):
    monkeypatch.chdir(workspace.root)
    (workspace.root / "autograded" / "alice" / UNIT).mkdir(parents=True)
    place = str(workspace.folder(source)) if source in ("release", "source") else source
    assert main(["collect", UNIT, place]) == 1
    assert "is a folder of the course itself" in capsys.readouterr().err
    assert not workspace.students(UNIT)


def test_times_in_a_zip_are_local_unless_it_says_otherwise(workspace, tmp_path):
    got(workspace, pack(tmp_path, ("alice/rnn.ipynb", work())), zone=ZoneInfo("Asia/Tokyo"), times="archive")
    assert handed_in(workspace, "alice") == MONDAY - timedelta(hours=9)
    info = zipfile.ZipInfo("bob/rnn.ipynb", MONDAY.timetuple()[:6])
    seconds = int((MONDAY - timedelta(hours=1)).replace(tzinfo=UTC).timestamp())
    info.extra = b"UT\x05\x00\x01" + seconds.to_bytes(4, "little")
    with zipfile.ZipFile(tmp_path / "unix.zip", "w") as archive:
        archive.writestr(info, work())
    got(workspace, tmp_path / "unix.zip", zone=ZoneInfo("Asia/Tokyo"), times="archive")
    assert handed_in(workspace, "bob") == MONDAY - timedelta(hours=1)


def test_a_timestamp_that_a_student_hands_in_counts_for_nothing(workspace, tmp_path):
    early = b"2020-01-01 00:00:00 UTC"
    source = pack(
        tmp_path,
        ("Jane Doe_55_assignsubmission_file/rnn.ipynb", work()),
        ("Jane Doe_55_assignsubmission_file/timestamp.txt", early),
        ("Ana Ruiz_57_assignsubmission_file/01-rnn/rnn.ipynb", work()),
        ("Ana Ruiz_57_assignsubmission_file/01-rnn/timestamp.txt", early),
        ("Sam Roe_56_assignsubmission_file/rnn.ipynb", work(), MONDAY + timedelta(days=1)),
    )
    got(workspace, source)
    got(workspace, pack(tmp_path, ("alice/rnn.ipynb", work()), ("alice/timestamp.txt", early)), times="archive")
    assert {handed_in(workspace, student) for student in ("jane-doe", "ana-ruiz", "alice")} == {MONDAY}
