"""The command line: right exit codes, and a sentence for everything that a person can do wrong."""

import io
import json
import os
import subprocess
import sys

import pytest
from rich.console import Console

from autograder.cli import main
from autograder.demo import hand_in
from autograder.exercises import UNITS, exercises_of
from autograder.reporting import bank_check
from autograder.sandbox.host import bubblewrap
from autograder.terminal import results_table
from tests.conftest import ROOT, UNIT


@pytest.fixture
def here(workspace, monkeypatch):
    monkeypatch.chdir(workspace.root)
    return workspace


def said(capsys, *arguments):
    code = main(list(arguments))
    output = capsys.readouterr()
    return code, output.out, output.err


def test_grade_prints_a_table_writes_the_report_and_exits_with_0(here, capsys):
    hand_in(here, UNIT, ["untouched", "symlink"])
    code, out, _ = said(capsys, "grade", UNIT, "--jobs", "1")
    assert code == 0 and "untouched" in out and "refused" in out
    report = json.loads((here.root / "report" / f"{UNIT}.json").read_text())
    assert report["assignment"] == UNIT and set(report["students"]) == {"untouched", "symlink"}
    code, out, _ = said(capsys, "report", UNIT)
    assert code == 0 and "symlink" in out


@pytest.mark.parametrize(
    "arguments, sentence",
    [
        (["grade", "99-none"], "There is no assignment '99-none'. The assignments are: 01-rnn"),
        (["grade", UNIT], "There are no submissions of 01-rnn"),
        (["report", UNIT], "Nothing of '01-rnn' has been graded yet"),
        (["report"], "Nothing has been graded yet"),
        (["report", "99-none"], "There is no assignment '99-none'"),
        (["grade", "[/b]"], "There is no assignment '[/b]'"),
        (["report", "[/b]"], "There is no assignment '[/b]'"),
        (["grade", f"{UNIT}/"], "There are no submissions of 01-rnn."),
        (["report", f"{UNIT}/"], "Nothing of '01-rnn' has been graded yet"),
        (["collect", f"{UNIT}/", "nowhere.zip"], "nowhere.zip"),
        (["publish", "tree", "--units", "[/b]/"], "'[/b]'"),
    ],
)
def test_bad_input_is_a_sentence(here, capsys, arguments, sentence):
    code, _, err = said(capsys, *arguments)
    assert code == 1 and sentence in err and "Traceback" not in err


def test_an_unknown_student_is_a_sentence_that_names_those_there_are(here, capsys):
    hand_in(here, UNIT, ["untouched"])
    code, _, err = said(capsys, "grade", UNIT, "--student", "nobody")
    assert code == 1 and "'nobody' has handed in nothing" in err and "untouched" in err


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["grade"],
        ["grade", UNIT, "--scheduler", ""],
        ["grade", UNIT, "--jobs", "0"],
        ["grade", UNIT, "--jobs", "x"],
        ["grade", UNIT, "--sandbox", "docker"],
        ["fly"],
        ["publish"],
    ],
)
def test_bad_usage_exits_with_2(here, capsys, arguments):
    with pytest.raises(SystemExit) as stopped:
        main(arguments)
    assert stopped.value.code == 2 and "usage:" in capsys.readouterr().err


def test_outside_a_course_it_says_where_to_go(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, _, err = said(capsys, "grade", UNIT)
    assert code == 1 and "nbgrader_config.py" in err


def test_a_broken_configuration_is_a_sentence(tmp_path, monkeypatch, capsys):
    (tmp_path / "nbgrader_config.py").write_text("c = get_config(\n")
    monkeypatch.chdir(tmp_path)
    code, _, err = said(capsys, "grade", UNIT)
    assert code == 1 and "could not be read" in err


@pytest.mark.parametrize("line", ["c.CourseDirectory.db_url = 5", "c.CourseDirectory.submitted_directory = 5"])
def test_a_configuration_that_nbgrader_does_not_take_is_a_sentence(here, capsys, line):
    with open(here.root / "nbgrader_config.py", "a") as file:
        file.write(line + "\n")
    code, _, err = said(capsys, "grade", UNIT)
    assert code == 1 and line.split()[0].rpartition(".")[2] in err and "nbgrader_config.py" in err


def test_without_bubblewrap_nothing_is_graded(here, capsys, monkeypatch):
    hand_in(here, UNIT, ["untouched"])
    monkeypatch.setattr(bubblewrap, "bwrap", lambda: "/bin/false")
    code, _, err = said(capsys, "grade", UNIT)
    assert code == 1 and "nothing was run" in err and not (here.root / "autograded").exists()


def test_no_sandbox_is_loud(here, capsys):
    hand_in(here, UNIT, ["untouched"])
    code, _, err = said(capsys, "grade", UNIT, "--sandbox", "none")
    assert code == 0 and "UNCONFINED" in err


def test_an_unwritable_folder_is_a_sentence(here, capsys):
    hand_in(here, UNIT, ["untouched"])
    (here.root / "report").write_text("in the way")
    code, _, err = said(capsys, "grade", UNIT)
    assert code == 1 and "report" in err and "Traceback" not in err


def test_a_damaged_report_or_secret_is_a_sentence(here, capsys):
    hand_in(here, UNIT, ["symlink"])
    (here.root / "report").mkdir()
    (here.root / "report" / f"{UNIT}.json").write_text("{")
    code, _, err = said(capsys, "grade", UNIT)
    assert code == 1 and "is damaged" in err
    (here.root / "report" / f"{UNIT}.json").unlink()
    (here.root / ".autograder").mkdir(exist_ok=True)
    for damaged in (b"short", b"", 64 * b"\0", 64 * b"\xe9"):
        (here.root / ".autograder" / "secret").write_bytes(damaged)
        code, _, err = said(capsys, "grade", UNIT)
        assert code == 1 and "secret" in err and "is damaged. Restore it" in err
        assert (here.root / ".autograder" / "secret").read_bytes() == damaged


def test_names_of_any_length_and_form_stand_whole_in_the_table():
    outcome = {"points": 3, "maximum": 40, "seconds": 1.5, "refused": "[/b] [red]no", "exercises": {}}
    console = Console(width=80, file=io.StringIO())
    console.print(results_table({"assignment": UNIT, "students": {200 * "x": outcome, "[bold]bob": outcome}}))
    said = console.file.getvalue()
    assert said.count("x") == 200 and said.count("1.5") == 2 and "[bold]bob" in said and said.count("[/b] [red]no") == 2


def test_the_secret_is_made_once_and_is_its_owners(here):
    first = here.secret()
    path = here.root / ".autograder" / "secret"
    assert here.secret() == first and path.stat().st_mode & 0o077 == 0


def test_the_demonstration_overwrites_nothing_else(here, capsys, tmp_path):
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "thesis.txt").write_text("years of work")
    code, _, err = said(capsys, "demo", str(folder))
    assert code == 1 and "no demonstration" in err and (folder / "thesis.txt").exists()


def test_it_runs_as_a_module():
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "build", "--check"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PYTHONWARNINGS": "error::DeprecationWarning:autograder"},
    )
    assert done.returncode == 0 and "up to date" in done.stdout, done.stdout + done.stderr


def test_it_needs_no_activated_environment(here, tmp_path):
    """nbgrader calls a program of its environment by name, which lies on no path of a fresh shell."""
    hand_in(here, UNIT, ["symlink"])
    done = subprocess.run(
        [sys.executable, "-m", "autograder", "grade", UNIT],
        cwd=here.root,
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": "/usr/bin:/bin", "HOME": str(tmp_path)},
    )
    assert done.returncode == 0, done.stderr


def test_report_of_the_tests_shows_every_exercise_and_what_to_mend(capsys, monkeypatch):
    """That all is caught in each exercise, test_bank proves."""
    code, out, _ = said(capsys, "report", "--tests", UNIT)
    assert code == 0 and "rnn_step.biases_forgotten" in out and "NOT CAUGHT" not in out

    def slipped(unit, exercise, rng):
        return bank_check.Outcome(unit, exercise, {next(iter(exercise.mistakes)): []}, {}, {}, {}, ())

    monkeypatch.setattr(bank_check, "outcome", slipped)
    code, out, _ = said(capsys, "report", "--tests")
    every = [exercise for unit in UNITS for exercise in exercises_of(unit).values()]
    assert code == 1 and out.count("NOT CAUGHT") == len(every)
    assert all(
        f"\n{exercise.name}\n" in out and f"of {exercise.name} gets full" in " ".join(out.split()) for exercise in every
    )
