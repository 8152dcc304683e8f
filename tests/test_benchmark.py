"""The benchmark: every way grades the same class, every submission is run, and wrong scores would be seen. Never how fast."""

import io
import os
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from rich.console import Console

from autograder import timing
from autograder.errors import UserError
from autograder.exercises import UNITS
from tests.conftest import ROOT, UNIT
from tools.benchmark import agreement, breakdown, graders, resources, sample_class, tables
from tools.benchmark.__main__ import main, parser
from tools.benchmark.otter import otter

OTTER = Path(os.environ.get("OTTER", ROOT / ".venv-otter"))


@pytest.fixture(scope="module")
def submissions(course):
    return list(sample_class.benchmark_class(course, UNIT, 3))


@pytest.fixture(scope="module")
def outcomes(course, submissions, tmp_path_factory):
    folder = tmp_path_factory.mktemp("benchmark")
    return [
        graders.plain(course, folder / "nbgrader", UNIT, submissions),
        graders.ours(course, folder / "cold", UNIT, submissions, "cold"),
        graders.ours(course, folder / "warm", UNIT, submissions, "warm", children=True),
        graders.on_dask(course, folder / "dask", UNIT, submissions),
    ]


def printed(table):
    console = Console(width=160, record=True, file=io.StringIO())
    console.print(table)
    return console.export_text()


def test_no_two_notebooks_are_alike_and_none_holds_what_it_prints(course):
    made = list(sample_class.benchmark_class(course, UNIT, 20))
    assert len({sample_class.as_text(submission.notebook) for submission in made}) == 20
    assert [bool(submission.mistake) for submission in made] == [False, True] * 10
    assert {submission.mistake for submission in made[1::2]} == set(UNITS[UNIT])
    assert not any(
        sample_class.mark(submission.student) in sample_class.as_text(submission.notebook) for submission in made
    )


@pytest.mark.long
def test_every_way_runs_and_scores_everybody(course, submissions, outcomes):
    full = agreement.maximum(course, UNIT)
    for outcome in outcomes:
        assert outcome.ran == len(submissions) == len(outcome.finished) == len(outcome.points)
        assert outcome.points["student-0000"] == outcome.points["student-0002"] == full > outcome.points["student-0001"]
        assert 0 < outcome.first <= max(outcome.finished.values()) <= outcome.seconds + 1
        assert outcome.then < outcome.seconds
    assert set(agreement.agreements(submissions, outcomes, full).values()) == {None}


@pytest.mark.long
def test_what_is_wrong_with_scores_is_seen(course, submissions, outcomes):
    full, (plain, cold, warm, _) = agreement.maximum(course, UNIT), outcomes

    def wrong(outcome):
        return agreement.agreements(submissions, [cold, outcome], full)[outcome.way]

    assert "student-0000 is right and has 1 of" in wrong(replace(plain, points=plain.points | {"student-0000": 1.0}))
    assert "student-0001 is wrong and has" in wrong(replace(warm, points=warm.points | {"student-0001": full}))
    assert "1 not run" in wrong(replace(warm, ran=2))
    assert "no score for student-0002" in wrong(replace(plain, points={"student-0000": full, "student-0001": 0.0}))
    other = replace(warm, judgement=warm.judgement | {"student-0001": (3.0, {})})
    assert "not what ours, cold says" in wrong(other)


def test_a_submission_that_was_not_run_lacks_its_mark(course, submissions, tmp_path):
    (tmp_path / "handed-in.ipynb").write_text(sample_class.as_text(submissions[0].notebook))
    assert not sample_class.was_run(tmp_path / "handed-in.ipynb", submissions[0].student)


@pytest.mark.long
def test_the_table_has_a_line_for_each_way_with_ratios_to_plain_nbgrader(outcomes):
    text = printed(tables.graders(outcomes, ["otter-grader"], dict.fromkeys(o.way for o in outcomes)))
    [plain] = [line for line in text.splitlines() if "plain nbgrader" in line]
    assert plain.count("1.0 x") == 2
    [warm] = [line for line in text.splitlines() if "ours, warm" in line]
    assert f"{outcomes[0].seconds / outcomes[2].seconds:.1f} x" in warm and "3 of 3" in warm
    [otter_line] = [line for line in text.splitlines() if "otter-grader" in line]
    assert "not run" in otter_line


@pytest.mark.long
def test_growth_shows_the_memory_of_the_grader_and_of_its_children(outcomes):
    table, line = tables.growth()
    table.add_row(*line(outcomes[2]))
    assert "3" in line(outcomes[2])[0]
    assert outcomes[2].measured.memory > 2e7 and outcomes[2].measured.computing > 0
    assert str(round(outcomes[2].measured.memory / 1e6)) in printed(table)


def test_where_the_time_goes_names_every_step_and_what_the_students_code_needs(course, submissions, tmp_path):
    found = breakdown.measured_steps(course, tmp_path, UNIT, submissions)
    assert set(found.clock) == set(timing.STEPS) and all(found.clock.values())
    assert found.outcome.ran == len(submissions)
    assert 0 < found.cells < found.clock["run"] + found.own and found.calls > 0
    text = printed(tables.steps(found))
    assert all(step in text for step in timing.STEPS) and "own code" in text


def test_steps_are_measured_only_when_asked_for():
    with timing.step("read"):
        pass
    with timing.measured() as spent, timing.step("read"):
        sum(range(1000))
    with timing.step("read"):
        pass
    assert spent.clock["read"] > 0 and spent.clock["run"] == 0


def test_a_command_that_fails_is_a_problem_with_what_it_said(tmp_path):
    with pytest.raises(UserError, match="no such luck"):
        resources.measured([sys.executable, "-c", "raise SystemExit('no such luck')"], tmp_path)


def test_children_are_measured_apart(tmp_path):
    hold = "held = bytearray(b'x' * {}); import time; time.sleep(2)"
    program = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {hold.format(200_000_000)!r}])"
    run = resources.measured([sys.executable, "-c", program], tmp_path, children=True)
    assert run.memory < 1e8 < 2e8 < run.children


def test_without_otter_grader_the_benchmark_goes_on_and_says_so(monkeypatch, capsys, tmp_path):
    monkeypatch.chdir(ROOT)
    code = main(["--students", "2", "--only", "otter", "warm", "--otter", str(tmp_path)])
    out = capsys.readouterr().out
    assert code == 0 and "2 of 2" in out and "agree to the letter" in out
    assert f"otter-grader was not run: it is not installed in {tmp_path}" in out


@pytest.mark.long
@pytest.mark.skipif(not (OTTER / "bin" / "otter").exists(), reason="otter-grader is installed by `make otter`")
def test_otter_grader_gives_full_marks_where_all_is_right(course, submissions, tmp_path):
    outcome = otter(course, tmp_path / "class", UNIT, submissions, OTTER)
    assert agreement.agreements(submissions, [outcome], agreement.maximum(course, UNIT)) == {outcome.way: None}
    assert outcome.points["student-0001"] < outcome.points["student-0000"]


@pytest.mark.parametrize("words", [["--students", "1"], ["--growth", "100,x"], ["--only", "nothing"]])
def test_bad_usage_is_refused(words):
    with pytest.raises(SystemExit) as ended:
        parser().parse_args(words)
    assert ended.value.code == 2


def test_otters_lock_holds_names_and_versions_only_and_agrees_with_ours():
    ours, theirs = (
        {wanted.name: str(wanted.specifier) for wanted in map(Requirement, (ROOT / name).read_text().splitlines())}
        for name in ("requirements.lock", "otter.lock")
    )
    assert theirs["otter-grader"] == "==7.0.0"
    assert all(version.startswith("==") and "+" not in version for version in theirs.values())
    assert {name: version for name, version in theirs.items() if name in ours} == {
        name: version for name, version in ours.items() if name in theirs
    }
    assert {"torch", "numpy", "matplotlib", "ipykernel"} <= set(theirs)
