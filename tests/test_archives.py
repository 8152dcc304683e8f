"""Hostile, damaged and enormous archives: refused in words, file by file, and the others collected."""

import errno
import os
import stat
import zipfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from autograder.errors import UserError
from autograder.exercises import UNITS
from autograder.submissions.archives import Limits
from autograder.submissions.names import claim, unit_of
from autograder.submissions.paths import EntryRejected, printable, split
from autograder.submissions.students import student_id
from tests.conftest import UNIT
from tests.downloads import MONDAY, got, lay, pack, work


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
def test_hostile_names_are_refused_and_the_others_collected(workspace, tmp_path, name, why):
    before = set(workspace.root.parent.iterdir())
    filed, left, _ = got(workspace, pack(tmp_path, (name, work("evil")), ("bob/rnn.ipynb", work("bob"))))
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
    except EntryRejected as rejected:
        assert str(rejected)
        return
    if student:
        assert os.path.normpath(f"submitted/{student}/x") == f"submitted/{student}/x" and "/" not in student
        assert len(os.fsencode(student)) <= 200


def test_a_name_that_goes_on_after_a_nul_is_refused(workspace, tmp_path):
    path = pack(tmp_path, ("bob/rnn.ipynb", work("bob")), ("alice/rnn.ipynb_x", work("evil")))
    path.write_bytes(path.read_bytes().replace(b"alice/rnn.ipynb_x", b"alice/rnn.ipynb\0x"))
    filed, left, _ = got(workspace, path)
    assert set(filed) == {"bob"} and list(left.values()) == ["has control characters in its name"]


def test_links_pipes_and_locks_are_refused_in_a_zip(workspace, tmp_path):
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


def test_links_and_pipes_are_refused_in_a_folder(workspace, tmp_path):
    source = lay(tmp_path, ("bob/rnn.ipynb", work("bob")))
    (tmp_path / "secret.ipynb").write_bytes(work("secret"))
    (source / "alice").mkdir()
    (source / "alice" / "rnn.ipynb").symlink_to(tmp_path / "secret.ipynb")
    (source / "carol").symlink_to(source / "bob")
    (source / "dave").mkdir()
    os.mkfifo(source / "dave" / "rnn.ipynb")
    filed, left, _ = got(workspace, source)
    assert set(filed) == {"bob"}
    assert "link" in left["alice/rnn.ipynb"] and "link" in left["carol"] and "neither" in left["dave/rnn.ipynb"]


def test_what_cannot_be_read_is_named(workspace, tmp_path, monkeypatch):
    source = lay(tmp_path, *((f"{name}/rnn.ipynb", work(name)) for name in ("alice", "bob", "carol")))
    real_scandir, real_lstat = os.scandir, Path.lstat

    def scandir(path):
        if Path(path) in closed:
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real_scandir(path)

    def lstat(path):
        if path == source / "bob" / "rnn.ipynb":
            raise PermissionError(errno.EACCES, "Permission denied", str(path))
        return real_lstat(path)

    monkeypatch.setattr(os, "scandir", scandir)
    monkeypatch.setattr(Path, "lstat", lstat)
    closed = {source / "alice"}
    filed, left, _ = got(workspace, source)
    assert set(filed) == {"carol"}
    assert left == {
        "alice": "is a folder that could not be read: Permission denied",
        "bob/rnn.ipynb": "could not be read: Permission denied",
    }
    closed = {source}
    with pytest.raises(UserError, match="could not be read: Permission denied"):
        got(workspace, source)
    closed = {pack(tmp_path, ("alice/rnn.ipynb", work()))}
    monkeypatch.setattr(zipfile, "ZipFile", scandir)
    with pytest.raises(UserError, match="could not be read: Permission denied"):
        got(workspace, *closed)


def test_bombs_are_refused_before_they_are_unpacked(workspace, tmp_path):
    small = Limits(file_bytes=2 * 2**20, total_bytes=10 * 2**20)
    source = pack(
        tmp_path,
        ("swells/rnn.ipynb", b"0" * (2**20 + 2**19)),
        ("large/rnn.ipynb", os.urandom(2 * 2**20 + 1)),
        ("bob/rnn.ipynb", work("bob")),
    )
    filed, left, _ = got(workspace, source, limits=small)
    assert set(filed) == {"bob"}
    assert "swell" in left["swells/rnn.ipynb"] and "larger than 2 MB" in left["large/rnn.ipynb"]


def test_all_together_and_their_number_are_bounded(workspace, tmp_path):
    size = len(work("a"))
    source = pack(tmp_path, *((f"{name}/rnn.ipynb", work(name)) for name in "abcd"))
    filed, left, _ = got(workspace, source, limits=Limits(total_bytes=2 * size + 1))
    assert set(filed) == {"a", "b"} and "beyond the first" in left["c/rnn.ipynb"]
    filed, left, _ = got(workspace, source, limits=Limits(entries=3))
    assert set(filed) == {"a", "b", "c"} and "more than 3 files" in left["..."]


def test_a_size_that_lies_gains_nothing(workspace, tmp_path):
    path = pack(tmp_path, ("liar/rnn.ipynb", b" " * 5000), ("bob/rnn.ipynb", work("bob")))
    raw = bytearray(path.read_bytes())
    at = raw.find(b"PK\x01\x02")
    raw[at + 24 : at + 28] = (100).to_bytes(4, "little")
    path.write_bytes(raw)
    filed, left, _ = got(workspace, path)
    assert set(filed) == {"bob"} and "damaged" in left["liar/rnn.ipynb"]


def test_one_damaged_file_does_not_stop_the_others(workspace, tmp_path):
    path = pack(tmp_path, ("alice/rnn.ipynb", work("alice")), ("bob/rnn.ipynb", work("bob")))
    raw = bytearray(path.read_bytes())
    raw[200:220] = bytes(20)
    path.write_bytes(raw)
    filed, left, _ = got(workspace, path)
    assert set(filed) == {"bob"} and "damaged" in left["alice/rnn.ipynb"]


def test_a_zip64_is_a_zip(workspace, tmp_path):
    with (
        zipfile.ZipFile(tmp_path / "x.zip", "w") as archive,
        archive.open("bob/rnn.ipynb", "w", force_zip64=True) as file,
    ):
        file.write(work("bob"))
    assert set(got(workspace, tmp_path / "x.zip")[0]) == {"bob"}


def test_a_submission_that_is_a_link_is_not_written_through(workspace, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    submitted = workspace.folder("submitted", UNIT, "alice").parent
    submitted.parent.mkdir()
    submitted.symlink_to(tmp_path / "elsewhere")
    _, left, done = got(workspace, pack(tmp_path, ("alice/rnn.ipynb", work())), dry_run=True)
    assert not done.taken and "link to another place" in left["alice/rnn.ipynb"]


def test_names_that_differ_in_case_only_are_not_two_students(workspace, tmp_path):
    _, left, done = got(workspace, pack(tmp_path, ("alice/rnn.ipynb", work()), ("Alice/rnn.ipynb", work())))
    assert not done.taken and len(left) == 2
    got(workspace, pack(tmp_path, ("alice/rnn.ipynb", work())))
    _, left, done = got(workspace, pack(tmp_path, ("Alice/rnn.ipynb", work("new"), MONDAY + timedelta(days=1))))
    assert not done.taken and "Rename one" in left["Alice/rnn.ipynb"]


@pytest.mark.parametrize("name", ["rnn" + "-copy-1" * 34, "copy of " * 28 + "rnn", "rnn" + "(1)" * 80])
def test_no_name_keeps_it_busy(name):
    assert unit_of(name + ".ipynb", UNITS)[0] == UNIT
    assert unit_of(name + "x.ipynb", UNITS)[0] is None
