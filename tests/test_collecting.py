"""Collecting from zips and folders as the platforms make them, and from hostile ones."""

import json
import os
import shutil
import stat
import zipfile
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.cli import main
from autograder.collecting import filing
from autograder.collecting.archives import Limits
from autograder.collecting.collect import collect
from autograder.collecting.names import claim, unit_of
from autograder.collecting.paths import Unusable, printable, split
from autograder.collecting.students import student_id
from autograder.demo import demo_workspace, hand_in
from autograder.exercises import UNITS
from autograder.grading import intake
from autograder.grading.grade import grade
from autograder.grading.recording import gradebook
from autograder.workspace import Problem
from tests.conftest import UNIT

MONDAY = datetime(2026, 11, 2, 10, 0, 0)
UTC = ZoneInfo("UTC")


@pytest.fixture(scope="module")
def blank(course):
    """The release notebook as a dictionary."""
    return json.loads(course.notebook("release", UNIT).read_text())


@pytest.fixture
def work(blank):
    """Bytes of a notebook of unit 01 in which a student wrote the given word."""

    def made(word="x"):
        own = json.loads(json.dumps(blank))
        own["cells"][0]["source"] = [f"# {word}"]
        return json.dumps(own).encode()

    return made


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


@pytest.fixture
def pack(tmp_path):
    """Make a zip: entries are (name, bytes) or (name, bytes, time)."""

    def made(*entries, name="download.zip"):
        path = tmp_path / name
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for entry, data, *when in entries:
                time = when[0] if when else MONDAY
                archive.writestr(zipfile.ZipInfo(entry, time.timetuple()[:6]), data, zipfile.ZIP_DEFLATED)
        return path

    return made


@pytest.fixture
def lay(tmp_path):
    """Make a folder: files are (name, bytes) or (name, bytes, time)."""

    def made(*files):
        root = tmp_path / "folder"
        for name, data, *when in files:
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            seconds = (when[0] if when else MONDAY).replace(tzinfo=UTC).timestamp()
            os.utime(path, (seconds, seconds))
        return root

    return made


def got(workspace, source, **options):
    """(what was filed: {student: bytes}, why the rest was left: {path: why}, the collection)."""
    done = collect(workspace, UNIT, source, zone=options.pop("zone", UTC), **options)
    filed = {one: workspace.notebook("submitted", UNIT, one).read_bytes() for one in workspace.students(UNIT)}
    return filed, {left.path: left.why for left in done.left}, done


def lines(collection):
    return {line.student: line for line in collection.taken}


def handed_in(workspace, student):
    return intake.timestamp(workspace.folder("submitted", UNIT, student))


# ---- platforms


def test_canvas(workspace, work, pack):
    source = pack(
        ("doejane_4711_90001_rnn.ipynb", work("jane, first")),
        ("doejane_4711_90007_rnn-1.ipynb", work("jane, second")),
        ("muñozana_LATE_4712_90003_rnn.ipynb", work("ana")),
        ("anon_aB3x9_90004_rnn.ipynb", work("nobody")),
        ("roesam_4713_90005_my homework.ipynb", work("sam")),
        ("roepat_4714_text.html", b"<p>see attached"),
    )
    filed, left, done = got(workspace, source)
    assert filed == {
        "4711": work("jane, second"),
        "4712": work("ana"),
        "anon_aB3x9": work("nobody"),
        "4713": work("sam"),
    }
    assert left == {
        "doejane_4711_90001_rnn.ipynb": "is older than doejane_4711_90007_rnn-1.ipynb",
        "roepat_4714_text.html": "is no notebook",
    }
    assert {line.student: line.late for line in done.taken if line.late} == {"4712": "late, says Canvas"}


def test_canvas_keeps_no_times_so_nobody_is_made_late_by_the_download(workspace, work, pack, due_on_monday):
    source = pack(("doejane_4711_90001_rnn.ipynb", work(), MONDAY + timedelta(days=1)))
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
        (("jane/rnn.ipynb", "sam/rnn.ipynb"), timedelta(minutes=5), True),
    ],
)
def test_which_times_are_those_of_handing_in(workspace, work, pack, due_on_monday, names, apart, known):
    after = MONDAY + timedelta(hours=1)
    source = pack((names[0], work("jane"), after), (names[1], work("sam"), after + apart))
    _, _, done = got(workspace, source)
    assert done.times_known == known
    assert [bool(handed_in(workspace, student)) for student in workspace.students(UNIT)] == [known, known]
    assert [bool(line.late) for line in done.taken] == [known, known]


@pytest.mark.parametrize(
    "path",
    [
        "{}_assignsubmission_file/rnn.ipynb",
        "{}_assignsubmission_file_/rnn.ipynb",
        "{}_assignsubmission_file/work/deep/rnn.ipynb",
        "{}_assignsubmission_file_rnn.ipynb",
        "RNN-55/{}_assignsubmission_file/rnn.ipynb",
    ],
)
def test_moodle(workspace, work, pack, path):
    source = pack(
        (path.format("Jane Doe_55"), work("jane")),
        (path.format("Ana Muñoz López_56"), work("ana")),
        (path.format("Participant_57"), work("blind")),
        ("Sam Roe_58_assignsubmission_onlinetext/onlinetext.html", b"<p>"),
    )
    filed, left, _ = got(workspace, source)
    assert filed == {"jane-doe": work("jane"), "ana-muñoz-lópez": work("ana"), "participant-57": work("blind")}
    assert list(left.values()) == ["is no notebook"]


def test_moodle_times_count_where_they_are_not_those_of_the_download(workspace, work, pack, due_on_monday):
    late = MONDAY + timedelta(hours=26, minutes=5)
    source = pack(
        ("Jane Doe_55_assignsubmission_file/rnn.ipynb", work("jane"), MONDAY),
        ("Ana Ruiz_56_assignsubmission_file/rnn.ipynb", work("ana"), late),
    )
    _, _, done = got(workspace, source)
    assert handed_in(workspace, "jane-doe") == MONDAY and handed_in(workspace, "ana-ruiz") == late
    assert {line.student: line.late for line in done.taken} == {"jane-doe": "", "ana-ruiz": "late by 1 d 2 h"}


@pytest.mark.parametrize(
    "paths",
    [
        ("alice/rnn.ipynb", "bob/rnn.ipynb"),
        ("alice/01-rnn/rnn.ipynb", "bob/01-rnn/rnn.ipynb"),
        ("01-rnn/alice/rnn.ipynb", "01-rnn/bob/rnn.ipynb"),
        ("monday class/alice/rnn.ipynb", "monday class/bob/rnn.ipynb"),
        ("alice.ipynb", "bob.ipynb"),
        ("alice_rnn.ipynb", "bob-rnn (1).ipynb"),
        ("alice/Copy of rnn.ipynb", "bob/rnn - Copy (2).ipynb"),
        ("alice/rnn.ipynb.txt", "bob/renamed.ipynb.json"),
    ],
)
@pytest.mark.parametrize("kind", ["pack", "lay"])
def test_plain(workspace, work, paths, kind, request):
    source = request.getfixturevalue(kind)(*zip(paths, (work("alice"), work("bob")), strict=True))
    filed, left, _ = got(workspace, source)
    assert filed == {"alice": work("alice"), "bob": work("bob")} and not left
    assert handed_in(workspace, "alice") == MONDAY


def test_one_student_alone_is_not_taken_for_a_folder_around_a_class(workspace, work, pack):
    filed, _, _ = got(workspace, pack(("alice/work/rnn.ipynb", work())))
    assert set(filed) == {"alice"}


def test_zips_made_on_windows_may_have_backslashes(workspace, work, pack):
    filed, _, _ = got(workspace, pack(("alice\\rnn.ipynb", work("alice")), ("bob\\01-rnn\\rnn.ipynb", work("bob"))))
    assert filed == {"alice": work("alice"), "bob": work("bob")}


def test_a_folder_around_all_is_told_from_a_student(workspace, work, pack):
    got(workspace, pack(("alice/rnn.ipynb", work()), name="alice.zip"))
    got(workspace, pack(("class b/bob/rnn.ipynb", work()), name="class b.zip"))
    got(workspace, pack(("carol/01-rnn/rnn.ipynb", work()), ("carol/03-lstm/notes.txt", b"")))
    filed, left, _ = got(workspace, pack(("submissions/rnn.ipynb", work())))
    assert set(filed) == {"alice", "bob", "carol"} and "does not say whose" in left["submissions/rnn.ipynb"]


def test_accents_that_macos_takes_apart_are_the_same_letters(workspace, work, pack, tmp_path):
    source = pack(("mun\u0303oz/rnn.ipynb", work()))
    assert set(got(workspace, source)[0]) == {"mu\u00f1oz"}
    assert set(got(workspace, source, roster=write(tmp_path, "id\nmun\u0303oz\n"))[0]) == {"mu\u00f1oz"}


def test_nbgraders_own_timestamps_are_taken_over(workspace, work, lay):
    source = lay(
        ("alice/01-rnn/rnn.ipynb", work()), ("alice/01-rnn/timestamp.txt", b"2026-10-30 08:00:00.000000 Europe/Vienna")
    )
    _, left, _ = got(workspace, source)
    assert handed_in(workspace, "alice") == datetime(2026, 10, 30, 7) and not left


def test_times_in_a_zip_are_local_unless_it_says_otherwise(workspace, work, pack, tmp_path):
    got(workspace, pack(("alice/rnn.ipynb", work())), zone=ZoneInfo("Asia/Tokyo"))
    assert handed_in(workspace, "alice") == MONDAY - timedelta(hours=9)
    info = zipfile.ZipInfo("bob/rnn.ipynb", MONDAY.timetuple()[:6])
    seconds = int((MONDAY - timedelta(hours=1)).replace(tzinfo=UTC).timestamp())
    info.extra = b"UT\x05\x00\x01" + seconds.to_bytes(4, "little")
    with zipfile.ZipFile(tmp_path / "unix.zip", "w") as archive:
        archive.writestr(info, work())
    got(workspace, tmp_path / "unix.zip", zone=ZoneInfo("Asia/Tokyo"))
    assert handed_in(workspace, "bob") == MONDAY - timedelta(hours=1)


def test_a_timestamp_that_a_student_hands_in_counts_for_nothing(workspace, work, pack):
    early = b"2020-01-01 00:00:00 UTC"
    source = pack(
        ("Jane Doe_55_assignsubmission_file/rnn.ipynb", work()),
        ("Jane Doe_55_assignsubmission_file/timestamp.txt", early),
        ("Sam Roe_56_assignsubmission_file/rnn.ipynb", work(), MONDAY + timedelta(days=1)),
    )
    got(workspace, source)
    got(workspace, pack(("alice/rnn.ipynb", work()), ("alice/timestamp.txt", early)))
    assert handed_in(workspace, "jane-doe") == handed_in(workspace, "alice") == MONDAY


# ---- several versions


@pytest.mark.parametrize("name", ["rnn" + "-copy-1" * 34, "copy of " * 28 + "rnn", "rnn" + "(1)" * 80])
def test_no_name_keeps_it_busy(name):
    assert unit_of(name + ".ipynb", UNITS)[0] == UNIT
    assert unit_of(name + "x.ipynb", UNITS)[0] is None


def test_the_one_that_is_named_as_it_should_be_wins_where_times_are_unknown(workspace, work, pack):
    folder = "Jane Doe_55_assignsubmission_file"
    source = pack((f"{folder}/backup.ipynb", work("old")), (f"{folder}/rnn.ipynb", work("right")))
    filed, left, _ = got(workspace, source)
    assert filed == {"jane-doe": work("right")}
    assert left == {f"{folder}/backup.ipynb": f"is not named like the assignment, as is {folder}/rnn.ipynb"}


def test_the_newest_of_several_wins(workspace, work, lay):
    source = lay(
        ("alice/rnn.ipynb", work("newest"), MONDAY + timedelta(hours=1)),
        ("alice/rnn-1.ipynb", work("older"), MONDAY),
        ("bob/rnn.ipynb", work("same")),
        ("bob/rnn (1).ipynb", work("same")),
        ("carol/rnn.ipynb", work("first")),
        ("carol/rnn (2).ipynb", work("third")),
        ("carol/rnn (1).ipynb", work("second")),
        ("dave/one.ipynb", work("one")),
        ("dave/two.ipynb", work("two")),
    )
    filed, left, _ = got(workspace, source)
    assert filed == {"alice": work("newest"), "bob": work("same"), "carol": work("third")}
    assert left["alice/rnn-1.ipynb"] == "is older than alice/rnn.ipynb"
    assert left["bob/rnn.ipynb"] == "is the same as bob/rnn (1).ipynb"
    assert left["dave/one.ipynb"] == left["dave/two.ipynb"]
    assert "nothing says which came last" in left["dave/two.ipynb"]


def test_collecting_twice_changes_nothing(workspace, work, pack):
    source = pack(("alice/rnn.ipynb", work()), ("doejane_1_2_rnn.ipynb", work()))
    got(workspace, source)

    def state():
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in workspace.root.rglob("*")}

    before = state()
    _, _, done = got(workspace, source)
    assert {line.outcome for line in done.taken} == {filing.SAME} and state() == before


def test_newer_replaces_older_stays_and_who_is_not_in_it_is_kept(workspace, work, pack):
    later = MONDAY + timedelta(hours=3)
    first = pack(("alice/rnn.ipynb", work("a1")), ("bob/rnn.ipynb", work("b1")), name="first.zip")
    second = pack(("alice/rnn.ipynb", work("a2"), later), name="second.zip")
    got(workspace, first)
    filed, _, done = got(workspace, second)
    assert filed == {"alice": work("a2"), "bob": work("b1")} and lines(done)["alice"].outcome == filing.REPLACED
    assert handed_in(workspace, "alice") == later
    filed, _, done = got(workspace, first)
    assert filed["alice"] == work("a2") and lines(done)["alice"].outcome == filing.KEPT


def test_a_replaced_notebook_does_not_keep_the_old_ones_time(workspace, work, pack):
    got(workspace, pack(("4711/rnn.ipynb", work("1"))))
    filed, _, _ = got(workspace, pack(("doe_4711_2_rnn.ipynb", work("2"), MONDAY + timedelta(days=1))))
    assert filed == {"4711": work("2")} and handed_in(workspace, "4711") is None


def test_after_a_kill_between_two_files_the_next_run_completes_it(workspace, work, pack):
    source = pack(("alice/rnn.ipynb", work()))
    got(workspace, source)
    workspace.folder("submitted", UNIT, "alice").joinpath("timestamp.txt").unlink()
    got(workspace, source)
    assert handed_in(workspace, "alice") == MONDAY


def test_a_kill_while_writing_leaves_what_was_there_and_the_next_run_completes_it(workspace, work, pack, monkeypatch):
    got(workspace, pack(("alice/rnn.ipynb", work("old"))))
    source = pack(("alice/rnn.ipynb", work("new"), MONDAY + timedelta(days=1)))

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(os, "replace", killed)
        got(workspace, source)
    assert workspace.notebook("submitted", UNIT, "alice").read_bytes() == work("old")
    filed, _, _ = got(workspace, source)
    assert filed == {"alice": work("new")} and handed_in(workspace, "alice") == MONDAY + timedelta(days=1)
    assert {path.name for path in workspace.folder("submitted", UNIT, "alice").iterdir()} == {
        "rnn.ipynb",
        "timestamp.txt",
    }


def test_the_same_notebook_handed_in_again_later_keeps_its_first_time(workspace, work, pack):
    got(workspace, pack(("alice/rnn.ipynb", work())))
    got(workspace, pack(("alice/rnn.ipynb", work(), MONDAY + timedelta(days=2))))
    assert handed_in(workspace, "alice") == MONDAY


def test_a_dry_run_writes_nothing(workspace, work, pack):
    before = set(workspace.root.rglob("*"))
    filed, _, done = got(workspace, pack(("alice/rnn.ipynb", work())), dry_run=True)
    assert not filed and lines(done)["alice"].outcome == filing.NEW and set(workspace.root.rglob("*")) == before


# ---- what is not of this assignment


def test_what_is_of_another_assignment_or_none_is_named(workspace, work, pack, course):
    other = course.notebook("release", "03-lstm").read_bytes()
    empty = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    source = pack(
        ("alice/lstm.ipynb", other),
        ("bob/rnn.ipynb", other),
        ("carol/diary.ipynb", empty),
        ("dave/rnn.ipynb", b"{ broken"),
        ("erin/diary.ipynb", b"{ broken"),
        ("frank/rnn.py", b"print()"),
        ("grace/rnn.zip", b"PK"),
        ("rnn.ipynb", work()),
        ("Untitled.ipynb", work()),
        ("heidi/.ipynb_checkpoints/rnn-checkpoint.ipynb", work()),
        ("__MACOSX/heidi/._rnn.ipynb", b"\0"),
        ("ivan/rnn.ipynb", empty),
    )
    filed, left, _ = got(workspace, source)
    assert set(filed) == {"dave", "ivan"}  # grading says to dave what is wrong
    assert left["alice/lstm.ipynb"] == left["bob/rnn.ipynb"] == "is of another assignment, 03-lstm"
    assert "holds no exercise" in left["carol/diary.ipynb"] and "cannot" not in left["carol/diary.ipynb"]
    assert "not a notebook that can be read" in left["erin/diary.ipynb"]
    assert left["frank/rnn.py"] == "is no notebook" and "archive inside" in left["grace/rnn.zip"]
    assert "does not say whose" in left["rnn.ipynb"] and "does not say whose" in left["Untitled.ipynb"]
    assert len(left) == 8


# ---- students


def test_two_students_of_one_name_are_not_mixed_up(workspace, work, pack, tmp_path):
    source = pack(
        ("Jane Doe_55_assignsubmission_file/rnn.ipynb", work("one")),
        ("Jane Doe_56_assignsubmission_file/rnn.ipynb", work("two")),
        ("Ana Ruiz_57_assignsubmission_file/rnn.ipynb", work("ana")),
    )
    filed, left, _ = got(workspace, source)
    assert set(filed) == {"ana-ruiz"} and len(left) == 2 and all("--roster" in why for why in left.values())
    names_only = write(tmp_path, "id,name\njd1,Jane Doe\njd2,Jane Doe\nar,Ana Ruiz\n")
    filed, left, _ = got(workspace, source, roster=names_only)
    assert "jd1, jd2; a column moodle_id would" in next(iter(left.values()))
    numbers = write(tmp_path, "id;moodle_id\njd1;55\njd2;Participant 56\n")
    filed, left, _ = got(workspace, source, roster=numbers)
    assert filed["jd1"] == work("one") and filed["jd2"] == work("two")
    assert "who is not in the class list" in next(iter(left.values()))


def test_a_class_list_by_numbers_names_and_mails(workspace, work, pack, tmp_path):
    roster = write(
        tmp_path,
        '\ufeffid,name,email,canvas_id\njd,Jane van der Doe,jane@x.org,4711\nar,"Ruiz López, Ana",ana@x.org,\nsr,Sam Roe,,\n',
    )
    source = pack(
        ("married_4711_1_rnn.ipynb", work("jane")),
        ("ruizlópezana_4712_2_rnn.ipynb", work("ana")),
        ("strangereve_4713_3_rnn.ipynb", work("eve")),
    )
    filed, left, done = got(workspace, source, roster=roster)
    assert filed == {"jd": work("jane"), "ar": work("ana")} and list(left) == ["strangereve_4713_3_rnn.ipynb"]
    assert done.missing == ("sr",)
    filed, left, _ = got(
        workspace, pack(("JD/rnn.ipynb", work("j")), ("ana@x.org/rnn.ipynb", work("a"))), roster=roster
    )
    assert set(filed) == {"jd", "ar"} and not left


def test_the_lists_that_platforms_export_will_do(workspace, work, pack, tmp_path):
    canvas = write(
        tmp_path,
        'Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"Doe, Jane",4711,S1,jdoe,A\n',
    )
    assert set(got(workspace, pack(("x_4711_1_rnn.ipynb", work())), roster=canvas)[0]) == {"jdoe"}
    moodle = write(tmp_path, "Identifier,Full name,Email address,Status\nParticipant 55,Ana Ruiz,ana@x.org,Submitted\n")
    source = pack(("Ana Ruiz_55_assignsubmission_file/rnn.ipynb", work()))
    assert set(got(workspace, source, roster=moodle)[0]) == {"jdoe", "ana@x.org"}


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("", "is empty"),
        ("name,points\nJane,3\n", "has no column 'id'"),
        ("id,name\n", "no students"),
        ("id,name\n,Jane\n", "Line 2 of the class list"),
        ("id,name\n../../etc,Jane\n", "cannot be an id"),
        ("id,name\ncon,Jane\n", "cannot be an id"),
        ("id,name\na,Jane\nA,Joe\n", "twice, in lines 2 and 3"),
        ("id,canvas_id\na,1\nb,1\n", "has the canvas_id '1' twice"),
        ("id,id\na,b\n", "two columns 'id'"),
        (b"id,name\na,\xff\n", "not in UTF-8"),
        (b"PK\x03\x04\0\0", "no class list"),
        (None, "could not be read"),
    ],
)
def test_a_bad_class_list_is_a_sentence(workspace, work, pack, tmp_path, text, sentence):
    path = tmp_path / "nowhere.csv" if text is None else write(tmp_path, text)
    with pytest.raises(Problem, match=sentence):
        got(workspace, pack(("alice/rnn.ipynb", work())), roster=path)
    assert not workspace.students(UNIT)


def write(folder, text):
    path = folder / "class.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


# ---- hostile archives


@pytest.mark.parametrize(
    "name, why",
    [
        ("../rnn.ipynb", "leads out"),
        ("alice/../../rnn.ipynb", "leads out"),
        ("..\\..\\rnn.ipynb", "leads out"),
        ("/etc/rnn.ipynb", "absolute"),
        ("C:\\alice\\rnn.ipynb", "absolute"),
        ("C:rnn.ipynb", "absolute"),
        ("alice\n/rnn.ipynb", "control characters"),
        ("ali\u202ece/rnn.ipynb", "control characters"),
        ("a" * 300 + "/rnn.ipynb", "too long"),
        ("a/" * 30 + "rnn.ipynb", "too long"),
        ("con/rnn.ipynb", "no name that can be an id"),
        ("---/rnn.ipynb", "no name that can be an id"),
        ("\u0430lice/rnn.ipynb", "several alphabets"),
    ],
)
def test_hostile_names_are_refused_and_the_others_collected(workspace, work, pack, name, why):
    before = set(workspace.root.parent.iterdir())
    filed, left, _ = got(workspace, pack((name, work("evil")), ("bob/rnn.ipynb", work("bob"))))
    assert filed == {"bob": work("bob")}
    [reason] = left.values()
    assert why in reason
    assert all(shown.isprintable() and len(shown) < 130 for shown in left)
    assert set(workspace.root.parent.iterdir()) - before == {workspace.root.parent / "download.zip"}


@given(
    st.lists(st.text(max_size=120), min_size=1, max_size=4).map("/".join)
    | st.from_regex(r"\w{0,30}_(LATE_)?\d{1,99}_\d{1,99}_rnn.ipynb", fullmatch=True)
)
@settings(max_examples=300, deadline=None)
@example("\U00020000" * 60 + "/rnn.ipynb")
def test_any_name_at_all_gives_a_folder_of_its_own_or_a_reason(path):
    assert printable(path).isprintable()
    try:
        parts = split(path)
        student = student_id(claim(parts, UNITS)) if parts else None
    except Unusable as unusable:
        assert str(unusable)
        return
    if student:
        assert os.path.normpath(f"submitted/{student}/x") == f"submitted/{student}/x" and "/" not in student
        assert len(os.fsencode(student)) <= 200


def test_a_name_that_goes_on_after_a_nul_is_refused(workspace, work, pack):
    path = pack(("bob/rnn.ipynb", work("bob")), ("alice/rnn.ipynb_x", work("evil")))
    path.write_bytes(path.read_bytes().replace(b"alice/rnn.ipynb_x", b"alice/rnn.ipynb\0x"))
    filed, left, _ = got(workspace, path)
    assert set(filed) == {"bob"} and list(left.values()) == ["has control characters in its name"]


def test_links_pipes_and_locks_are_refused_in_a_zip(workspace, work, tmp_path):
    path = tmp_path / "x.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for student, kind in (("link", stat.S_IFLNK), ("pipe", stat.S_IFIFO)):
            info = zipfile.ZipInfo(f"{student}/rnn.ipynb")
            info.create_system, info.external_attr = 3, (kind | 0o777) << 16
            archive.writestr(info, "/etc/passwd")
        archive.writestr("locked/rnn.ipynb", work())
        archive.writestr("bob/rnn.ipynb", work())
    raw = bytearray(path.read_bytes())
    for signature, offset, name in ((b"PK\x03\x04", 6, 30), (b"PK\x01\x02", 8, 46)):
        at = raw.find(signature)
        while at >= 0:
            if raw[at + name :].startswith(b"locked/"):
                raw[at + offset] |= 1
            at = raw.find(signature, at + 1)
    path.write_bytes(raw)
    filed, left, _ = got(workspace, path)
    assert set(filed) == {"bob"}
    assert "symbolic link" in left["link/rnn.ipynb"] and "neither" in left["pipe/rnn.ipynb"]
    assert "encrypted" in left["locked/rnn.ipynb"]


def test_links_and_pipes_are_refused_in_a_folder(workspace, work, lay, tmp_path):
    source = lay(("bob/rnn.ipynb", work("bob")))
    (tmp_path / "secret.ipynb").write_bytes(work("secret"))
    (source / "alice").mkdir()
    (source / "alice" / "rnn.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (source / "carol").symlink_to(source / "bob")
    (source / "dave").mkdir()
    os.mkfifo(source / "dave" / "rnn.ipynb")
    filed, left, _ = got(workspace, source)
    assert set(filed) == {"bob"}
    assert "link" in left["alice/rnn.ipynb"] and "link" in left["carol"] and "neither" in left["dave/rnn.ipynb"]


def test_bombs_are_refused_before_they_are_unpacked(workspace, work, pack):
    small = Limits(file_bytes=2 * 2**20, total_bytes=10 * 2**20)
    source = pack(
        ("swells/rnn.ipynb", b"0" * (2**20 + 2**19)),
        ("large/rnn.ipynb", os.urandom(2 * 2**20 + 1)),
        ("bob/rnn.ipynb", work("bob")),
    )
    filed, left, _ = got(workspace, source, limits=small)
    assert set(filed) == {"bob"}
    assert "swell" in left["swells/rnn.ipynb"] and "larger than 2 MB" in left["large/rnn.ipynb"]


def test_all_together_and_their_number_are_bounded(workspace, work, pack):
    size = len(work("a"))
    source = pack(*((f"{name}/rnn.ipynb", work(name)) for name in "abcd"))
    filed, left, _ = got(workspace, source, limits=Limits(total_bytes=2 * size + 1))
    assert set(filed) == {"a", "b"} and "beyond the first" in left["c/rnn.ipynb"]
    filed, left, _ = got(workspace, source, limits=Limits(entries=3))
    assert set(filed) == {"a", "b", "c"} and "more than 3 files" in left["..."]


def test_a_size_that_lies_gains_nothing(workspace, work, pack):
    path = pack(("liar/rnn.ipynb", b" " * 5000), ("bob/rnn.ipynb", work("bob")))
    raw = bytearray(path.read_bytes())
    at = raw.find(b"PK\x01\x02")
    raw[at + 24 : at + 28] = (100).to_bytes(4, "little")
    path.write_bytes(raw)
    filed, left, _ = got(workspace, path)
    assert set(filed) == {"bob"} and "damaged" in left["liar/rnn.ipynb"]


def test_one_damaged_file_does_not_stop_the_others(workspace, work, pack):
    path = pack(("alice/rnn.ipynb", work("alice")), ("bob/rnn.ipynb", work("bob")))
    raw = bytearray(path.read_bytes())
    raw[200:220] = bytes(20)
    path.write_bytes(raw)
    filed, left, _ = got(workspace, path)
    assert set(filed) == {"bob"} and "damaged" in left["alice/rnn.ipynb"]


def test_a_zip64_is_a_zip(workspace, work, tmp_path):
    with (
        zipfile.ZipFile(tmp_path / "x.zip", "w") as archive,
        archive.open("bob/rnn.ipynb", "w", force_zip64=True) as file,
    ):
        file.write(work("bob"))
    assert set(got(workspace, tmp_path / "x.zip")[0]) == {"bob"}


def test_a_submission_that_is_a_link_is_not_written_through(workspace, work, pack, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    submitted = workspace.folder("submitted", UNIT, "alice").parent
    submitted.parent.mkdir()
    submitted.symlink_to(tmp_path / "elsewhere")
    _, left, done = got(workspace, pack(("alice/rnn.ipynb", work())), dry_run=True)
    assert not done.taken and "link to another place" in left["alice/rnn.ipynb"]


def test_names_that_differ_in_case_only_are_not_two_students(workspace, work, pack):
    _, left, done = got(workspace, pack(("alice/rnn.ipynb", work()), ("Alice/rnn.ipynb", work())))
    assert not done.taken and len(left) == 2
    got(workspace, pack(("alice/rnn.ipynb", work())))
    _, left, done = got(workspace, pack(("Alice/rnn.ipynb", work("new"), MONDAY + timedelta(days=1))))
    assert not done.taken and "Rename one" in left["Alice/rnn.ipynb"]


# ---- the command


def test_the_command_lists_all_and_its_exit_code_says_whether_there_was_any(workspace, work, pack, monkeypatch, capsys):
    monkeypatch.chdir(workspace.root)
    hostile = "[red]evil[/red]"
    source = str(pack(("alice/rnn.ipynb", work()), (f"{hostile}.pdf", b"%PDF")))
    assert main(["collect", UNIT, source, "--timezone", "Europe/Vienna"]) == 0
    out = capsys.readouterr().out
    assert "alice" in out and "2026-11-02 09:00" in out and f"{hostile}.pdf: is no notebook." in out
    assert main(["collect", UNIT, str(pack(("notes.txt", b"")))]) == 1
    assert "Collected: nothing" in capsys.readouterr().out


@pytest.mark.parametrize("raw", [b"", b"not a zip", b"PK\x05\x06" + bytes(10), b"PK\x03\x04" + bytes(100)])
def test_what_is_no_archive_is_a_sentence(workspace, tmp_path, monkeypatch, capsys, raw):
    monkeypatch.chdir(workspace.root)
    (tmp_path / "x.zip").write_bytes(raw)
    assert main(["collect", UNIT, str(tmp_path / "x.zip")]) == 1
    assert "is not a zip that can be read" in capsys.readouterr().err
    assert main(["collect", UNIT, str(tmp_path / "nowhere")]) == 1
    assert "There is no file or folder" in capsys.readouterr().err


def test_a_time_zone_that_is_none_is_bad_usage(workspace, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(workspace.root)
    for name in ("Vienna", "../../etc/passwd", "/etc/passwd"):
        with pytest.raises(SystemExit):
            main(["collect", UNIT, str(tmp_path), "--timezone", name])
        assert "is no time zone" in capsys.readouterr().err


def test_what_was_collected_can_be_graded(workspace, pack):
    hand_in(workspace, UNIT, ["perfect"])
    right = workspace.notebook("submitted", UNIT, "perfect")
    source = pack(("doejane_4711_90001_rnn-1.ipynb", right.read_bytes()))
    right.unlink()
    right.parent.rmdir()
    right.parent.parent.rmdir()
    assert collect(workspace, UNIT, source).taken
    report = grade(workspace, UNIT)["students"]
    assert set(report) == {"4711"} and report["4711"]["points"] == report["4711"]["maximum"] > 0
