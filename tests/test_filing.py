"""Which of several notebooks is a student's, and what becomes of one that is there already."""

import json
import os
from datetime import timedelta

import pytest

from autograder.submissions import filing
from tests.conftest import UNIT
from tests.downloads import MONDAY, got, handed_in, lay, lines, pack, work


def test_the_one_that_is_named_as_it_should_be_wins_where_times_are_unknown(workspace, tmp_path):
    folder = "Jane Doe_55_assignsubmission_file"
    source = pack(tmp_path, (f"{folder}/backup.ipynb", work("old")), (f"{folder}/rnn.ipynb", work("right")))
    filed, left, _ = got(workspace, source)
    assert filed == {"jane-doe": work("right")}
    assert left == {f"{folder}/backup.ipynb": f"is not named like the assignment, as is {folder}/rnn.ipynb"}


def test_the_newest_of_several_wins(workspace, tmp_path):
    source = lay(
        tmp_path,
        ("alice/rnn.ipynb", work("newest"), MONDAY + timedelta(hours=2)),
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


def test_collecting_twice_changes_nothing(workspace, tmp_path):
    source = pack(tmp_path, ("alice/rnn.ipynb", work()), ("doejane_1_2_rnn.ipynb", work()))
    got(workspace, source)

    def state():
        return {str(path): (path.stat().st_mtime_ns, path.stat().st_ino) for path in workspace.root.rglob("*")}

    before = state()
    _, _, done = got(workspace, source)
    assert {line.outcome for line in done.taken} == {filing.SAME} and state() == before


def test_newer_replaces_older_stays_and_who_is_not_in_it_is_kept(workspace, tmp_path):
    later = MONDAY + timedelta(hours=3)
    first = pack(tmp_path, ("alice/rnn.ipynb", work("a1")), ("bob/rnn.ipynb", work("b1")), name="first.zip")
    second = pack(tmp_path, ("alice/rnn.ipynb", work("a2"), later), name="second.zip")
    got(workspace, first, times="archive")
    filed, _, done = got(workspace, second, times="archive")
    assert filed == {"alice": work("a2"), "bob": work("b1")} and lines(done)["alice"].outcome == filing.REPLACED
    assert handed_in(workspace, "alice") == later
    filed, _, done = got(workspace, first, times="archive")
    assert filed["alice"] == work("a2") and lines(done)["alice"].outcome == filing.KEPT


def test_a_replaced_notebook_does_not_keep_the_old_ones_time(workspace, tmp_path):
    got(workspace, pack(tmp_path, ("4711/rnn.ipynb", work("1"))), times="archive")
    assert handed_in(workspace, "4711") == MONDAY
    filed, _, _ = got(workspace, pack(tmp_path, ("doe_4711_2_rnn.ipynb", work("2"), MONDAY + timedelta(days=1))))
    assert filed == {"4711": work("2")} and handed_in(workspace, "4711") is None


def test_after_a_kill_between_two_files_the_next_run_completes_it(workspace, tmp_path):
    source = pack(tmp_path, ("alice/rnn.ipynb", work()))
    got(workspace, source, times="archive")
    workspace.folder("submitted", UNIT, "alice").joinpath("timestamp.txt").unlink()
    got(workspace, source, times="archive")
    assert handed_in(workspace, "alice") == MONDAY


def test_a_kill_while_writing_leaves_what_was_there_and_the_next_run_completes_it(workspace, tmp_path, monkeypatch):
    got(workspace, pack(tmp_path, ("alice/rnn.ipynb", work("old"))))
    source = pack(tmp_path, ("alice/rnn.ipynb", work("new"), MONDAY + timedelta(days=1)))

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched, pytest.raises(KeyboardInterrupt):
        patched.setattr(os, "replace", killed)
        got(workspace, source)
    assert workspace.notebook("submitted", UNIT, "alice").read_bytes() == work("old")
    filed, _, _ = got(workspace, source, times="archive")
    assert filed == {"alice": work("new")} and handed_in(workspace, "alice") == MONDAY + timedelta(days=1)
    assert {path.name for path in workspace.folder("submitted", UNIT, "alice").iterdir()} == {
        "rnn.ipynb",
        "timestamp.txt",
    }


def test_the_same_notebook_handed_in_again_later_keeps_its_first_time(workspace, tmp_path):
    got(workspace, pack(tmp_path, ("alice/rnn.ipynb", work())), times="archive")
    got(workspace, pack(tmp_path, ("alice/rnn.ipynb", work(), MONDAY + timedelta(days=2))), times="archive")
    assert handed_in(workspace, "alice") == MONDAY


def test_a_dry_run_writes_nothing(workspace, tmp_path):
    before = set(workspace.root.rglob("*"))
    filed, _, done = got(workspace, pack(tmp_path, ("alice/rnn.ipynb", work())), dry_run=True)
    assert not filed and lines(done)["alice"].outcome == filing.NEW and set(workspace.root.rglob("*")) == before


def test_what_is_of_another_assignment_or_none_is_named(workspace, tmp_path, course):
    other = course.notebook("release", "04-lstm").read_bytes()
    empty = json.dumps({"cells": [], "metadata": {}, "nbformat": 4, "nbformat_minor": 5}).encode()
    source = pack(
        tmp_path,
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
    assert left["alice/lstm.ipynb"] == left["bob/rnn.ipynb"] == "is of another assignment, 04-lstm"
    assert "holds no exercise" in left["carol/diary.ipynb"] and "cannot" not in left["carol/diary.ipynb"]
    assert "not a notebook that can be read" in left["erin/diary.ipynb"]
    assert left["frank/rnn.py"] == "is no notebook" and "archive inside" in left["grace/rnn.zip"]
    assert "does not say whose" in left["rnn.ipynb"] and "does not say whose" in left["Untitled.ipynb"]
    assert len(left) == 8
