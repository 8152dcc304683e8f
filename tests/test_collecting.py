"""Collecting from what Canvas, Moodle and people make."""

import pytest

from autograder.cli import main
from autograder.demo import hand_in
from autograder.grading.grade import grade
from autograder.submissions import filing
from autograder.submissions.collect import collect
from tests.conftest import UNIT
from tests.downloads import MONDAY, class_list, got, handed_in, lay, pack, unflagged, work


def test_canvas(workspace, tmp_path):
    source = pack(
        tmp_path,
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
def test_moodle(workspace, tmp_path, path):
    source = pack(
        tmp_path,
        (path.format("Jane Doe_55"), work("jane")),
        (path.format("Ana Muñoz López_56"), work("ana")),
        (path.format("Participant_57"), work("blind")),
        ("Sam Roe_58_assignsubmission_onlinetext/onlinetext.html", b"<p>"),
    )
    filed, left, _ = got(workspace, source)
    assert filed == {"jane-doe": work("jane"), "ana-muñoz-lópez": work("ana"), "participant-57": work("blind")}
    assert list(left.values()) == ["is no notebook"]


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
@pytest.mark.parametrize("make", [pack, lay])
def test_plain(workspace, tmp_path, paths, make):
    source = make(tmp_path, *zip(paths, (work("alice"), work("bob")), strict=True))
    filed, left, _ = got(workspace, source)
    assert filed == {"alice": work("alice"), "bob": work("bob")} and not left
    got(workspace, source, times="archive")
    assert handed_in(workspace, "alice") == MONDAY


def test_one_student_alone_is_not_taken_for_a_folder_around_a_class(workspace, tmp_path):
    filed, _, _ = got(workspace, pack(tmp_path, ("alice/work/rnn.ipynb", work())))
    assert set(filed) == {"alice"}


def test_zips_made_on_windows_may_have_backslashes(workspace, tmp_path):
    filed, _, _ = got(
        workspace, pack(tmp_path, ("alice\\rnn.ipynb", work("alice")), ("bob\\01-rnn\\rnn.ipynb", work("bob")))
    )
    assert filed == {"alice": work("alice"), "bob": work("bob")}


def test_a_folder_around_all_is_told_from_a_student(workspace, tmp_path):
    got(workspace, pack(tmp_path, ("alice/rnn.ipynb", work()), name="alice.zip"))
    got(workspace, pack(tmp_path, ("class b/bob/rnn.ipynb", work()), name="class b.zip"))
    got(workspace, pack(tmp_path, ("carol/01-rnn/rnn.ipynb", work()), ("carol/04-lstm/notes.txt", b"")))
    filed, left, _ = got(workspace, pack(tmp_path, ("submissions/rnn.ipynb", work())))
    assert set(filed) == {"alice", "bob", "carol"} and "does not say whose" in left["submissions/rnn.ipynb"]


def test_accents_that_macos_takes_apart_are_the_same_letters(workspace, tmp_path):
    source = pack(tmp_path, ("mun\u0303oz/rnn.ipynb", work()))
    assert set(got(workspace, source)[0]) == {"mu\u00f1oz"}
    assert set(got(workspace, source, roster=class_list(tmp_path, "id\nmun\u0303oz\n"))[0]) == {"mu\u00f1oz"}


@pytest.mark.parametrize(
    "raw",
    [
        "Müller/rnn.ipynb".encode(),
        "Mu\u0308ller/rnn.ipynb".encode(),  # as macOS's own Archive Utility has it
        "Müller/rnn.ipynb".encode("cp437"),
    ],
)
def test_a_name_in_a_zip_that_does_not_say_how_it_is_written(workspace, tmp_path, raw):
    filed, left, _ = got(workspace, unflagged(tmp_path, (raw, work()), (b"bob/rnn.ipynb", work("bob"))))
    assert set(filed) == {"Müller", "bob"} and not left
    _, _, done = got(workspace, pack(tmp_path, ("Müller/rnn.ipynb", work())))
    assert [(line.student, line.outcome) for line in done.taken] == [("Müller", filing.SAME)]


def test_the_command_lists_all_and_its_exit_code_says_whether_there_was_any(workspace, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(workspace.root)
    hostile = "[red]evil[/red]"
    source = str(pack(tmp_path, ("alice/rnn.ipynb", work()), (f"{hostile}.pdf", b"%PDF")))
    assert main(["collect", UNIT, source, "--timezone", "Europe/Vienna", "--times", "archive"]) == 0
    out = capsys.readouterr().out
    assert "alice" in out and "2026-11-02 09:00" in out and f"{hostile}.pdf: is no notebook." in out
    assert main(["collect", UNIT, str(pack(tmp_path, ("notes.txt", b"")))]) == 1
    assert "Collected: nothing" in capsys.readouterr().out


@pytest.mark.parametrize("paths", [(), ("__MACOSX/alice/._rnn.ipynb", "alice/.DS_Store")])
@pytest.mark.parametrize("make", [pack, lay])
def test_where_there_is_nothing_it_says_what_is_expected(workspace, tmp_path, monkeypatch, capsys, make, paths):
    monkeypatch.chdir(workspace.root)
    (tmp_path / "folder").mkdir()
    assert main(["collect", UNIT, str(make(tmp_path, *((path, b"") for path in paths)))]) == 1
    out = capsys.readouterr().out
    assert "nothing in it that could be a notebook. Expected is" in out and "Collected: nothing" in out
    assert main(["collect", UNIT, str(pack(tmp_path, ("notes.txt", b"")))]) == 1
    assert "Expected is" not in capsys.readouterr().out


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


def test_what_was_collected_can_be_graded(workspace, tmp_path):
    hand_in(workspace, UNIT, ["perfect"])
    right = workspace.notebook("submitted", UNIT, "perfect")
    source = pack(tmp_path, ("doejane_4711_90001_rnn-1.ipynb", right.read_bytes()))
    right.unlink()
    right.parent.rmdir()
    right.parent.parent.rmdir()
    assert collect(workspace, UNIT, source).taken
    report = grade(workspace, UNIT)["students"]
    assert set(report) == {"4711"} and report["4711"]["points"] == report["4711"]["maximum"] > 0
