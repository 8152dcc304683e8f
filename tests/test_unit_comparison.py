"""What is peculiar to unit 06: runs that can be stopped, what is judged of a batch, a clock that goes by the work, drawings."""

import dataclasses
import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

from autograder.exercises import exercises_of
from autograder.exercises.comparison import batches, drawing
from autograder.exercises.comparison.misconceptions.batches import assembled, places, steps_of
from autograder.grading.scoring import prepare, score
from autograder.reference import comparison
from autograder.sandbox.inside import wire
from autograder.sandbox.inside.models import MODELS
from autograder.sandbox.process import answered
from course import measuring, trials
from course.networks import CELLS
from course.plots import comparison as drawings

EXERCISES = exercises_of("06-lstm-or-gru")
JOBS = [{"task": "t", "cell": cell, "seed": seed} for seed in range(2) for cell in ("rnn", "gru")]


def found(job):
    return {"score": job["seed"] + len(job["cell"]) / 10}


def never(job):
    raise AssertionError("it was measured again")


def test_all_jobs_are_run_and_their_records_kept_in_order(capsys):
    log, asked = measuring.Log(), []
    records = measuring.measure(JOBS, found, log, lambda job: asked.append(job["cell"]) or 30.0)
    assert records == [job | found(job) for job in JOBS] == log.records
    assert asked == ["rnn", "gru"]  # once for all seeds
    assert "4 runs, about 2 minutes" in capsys.readouterr().out


def test_the_estimate_comes_before_the_first_run(capsys):
    said = []
    measuring.measure(JOBS[:1], lambda job: said.append(capsys.readouterr().out) or {}, measuring.Log(), lambda _: 7.0)
    assert "about 7 seconds" in said[0]


@pytest.mark.parametrize("stopped_at", range(4))
def test_stopped_it_keeps_what_is_finished_and_goes_on_from_there(tmp_path, capsys, stopped_at):
    def stopped(job):
        if job == JOBS[stopped_at]:
            raise KeyboardInterrupt
        return found(job)

    path = tmp_path / "kept.jsonl"
    first = measuring.measure(JOBS, stopped, measuring.Log(path), lambda _: 1.0)
    assert first == [job | found(job) for job in JOBS[:stopped_at]]
    assert f"{stopped_at} of 4 runs are kept" in capsys.readouterr().out
    again = []
    second = measuring.measure(JOBS, lambda job: again.append(job) or found(job), measuring.Log(path), lambda _: 1.0)
    assert again == JOBS[stopped_at:] and second == [job | found(job) for job in JOBS]
    assert measuring.measure(JOBS, never, measuring.Log(path), never) == second


def test_stopped_while_it_estimates_nothing_is_lost():
    def stopped(job):
        raise KeyboardInterrupt

    log = measuring.Log()
    log.add(JOBS[0] | found(JOBS[0]))
    assert measuring.measure(JOBS, never, log, stopped) == [JOBS[0] | found(JOBS[0])]


def test_an_error_in_a_run_is_shown_and_what_was_finished_is_kept():
    log = measuring.Log()
    with pytest.raises(ZeroDivisionError):
        measuring.measure(JOBS, lambda job: {"score": 1 / (1 - job["seed"])}, log, lambda _: 1.0)
    assert [record["seed"] for record in log.records] == [0, 0]


def test_a_line_that_was_cut_off_is_measured_again(tmp_path):
    path = tmp_path / "kept.jsonl"
    measuring.measure(JOBS, found, measuring.Log(path), lambda _: 1.0)
    path.write_text(path.read_text()[:-9])
    again = []
    measuring.measure(JOBS, lambda job: again.append(job) or found(job), measuring.Log(path), lambda _: 1.0)
    assert again == JOBS[-1:]
    assert measuring.measure(JOBS, never, measuring.Log(path), never) == [job | found(job) for job in JOBS]


def test_records_of_another_setting_do_not_count():
    log = measuring.Log()
    measuring.measure([job | {"setting": "quick"} for job in JOBS], found, log, lambda _: 1.0)
    assert log.of([job | {"setting": "full"} for job in JOBS]) == []


@pytest.mark.parametrize(
    "seconds, words", [(0.2, "1 second"), (40, "40 seconds"), (600, "10 minutes"), (9000, "2.5 hours")]
)
def test_a_time_in_words(seconds, words):
    assert measuring.in_words(seconds).startswith(words)


def test_a_changed_setting_is_another_setting_but_more_seeds_are_not():
    jobs = trials.jobs(trials.FULL)
    log = measuring.Log()
    for job in jobs:
        log.add(job | {"score": 0.5})
    longer = trials.jobs(dataclasses.replace(trials.FULL, adding=100, steps=2000))
    assert log.of(longer) == [] and "adding=100" in longer[0]["setting"] and "steps=2000" in longer[0]["setting"]
    assert len(log.of(trials.jobs(dataclasses.replace(trials.FULL, seeds=range(4))))) == len(jobs)


TINY = trials.Setting("tiny", steps=2, seconds=0.02, adding=4, wait=1, length=2, coarse=True, held_out=5, seeds=(0,))


def test_every_run_of_a_setting_with_the_readers_functions():
    tasks, own = trials.tasks(TINY, comparison.adding_batch, comparison.copy_batch), comparison.equal_parameter_size
    jobs = trials.jobs(TINY)
    assert len(jobs) == 3 * 2 * 4
    for job in jobs:
        record = trials.run(job, TINY, tasks[job["task"]], comparison.train_and_score, own)
        assert 0 <= record["score"] < 3 and len(record["curve"]) == min(trials.KEPT, record["steps"])
        if job["budget"] == "parameters":
            budget = 4 * 32 * (tasks[job["task"]].D + 33)
            assert record["steps"] == 2 and 0.9 * budget < record["parameters"] <= budget
        else:
            assert record["units"] == 32 and record["seconds"] >= 0.02 and record["steps"] >= 1


def test_equal_seeds_give_equal_runs_and_other_seeds_others():
    tasks = trials.tasks(TINY, comparison.adding_batch, comparison.copy_batch)

    def run(seed):
        job = {"task": "copy", "budget": "parameters", "cell": "gru", "seed": seed}
        found = trials.run(job, TINY, tasks["copy"], comparison.train_and_score, comparison.equal_parameter_size)
        return found["curve"]

    assert run(3) == run(3) != run(4)


TEXT = Path(__file__).parents[1] / "source" / "06-lstm-or-gru" / "lstm-or-gru.py"


def measured():
    """Our records, and their rows by task, budget and cell."""
    records, _ = trials.our_measurement()
    return records, {(row["task"], row["budget"], row["cell"]): row for row in comparison.summarise(records)}


def apart(one, other):
    """Whether two rows lie further apart than their spreads."""
    return abs(one["mean"] - other["mean"]) > one["spread"] + other["spread"]


def test_what_we_measured_is_complete_and_says_how():
    records, how = trials.our_measurement()
    assert "processor time" in how and "one thread" in how
    found = [(r["setting"], r["task"], r["budget"], r["cell"], r["seed"]) for r in records]
    wanted = [tuple(job.values()) for job in trials.jobs(trials.FULL)]
    wanted += [tuple(job.values()) for job in trials.jobs(trials.FULL, ["parameters"], ["rows"])]
    assert sorted(found) == sorted(wanted) and len(wanted) == 3 * 4 * 2 * 3 + 4 * 3
    for record in records:
        if record["budget"] == "seconds":
            assert record["units"] == 32 and 6 <= record["seconds"] < 6.1
        else:
            assert record["steps"] == 1200 and record["parameters"] <= 5280
    json.dumps(records, allow_nan=False)


def test_the_notebooks_sentences_about_our_figures_hold():
    records, rows = measured()
    budgets, gated = ("parameters", "seconds"), CELLS[1:]
    for budget in budgets:
        assert rows["adding", budget, "rnn"]["mean"] > 0.1
        assert all(rows["adding", budget, cell]["mean"] < 0.004 for cell in gated)
        gru, lstm, peephole, rnn = (rows["copy", budget, cell] for cell in ("gru", "lstm", "peephole", "rnn"))
        assert apart(gru, lstm) and gru["mean"] < lstm["mean"] < peephole["mean"] < rnn["mean"]
        for task in ("adding", "copy", "digits"):  # "on none of them"
            gru, lstm = rows[task, budget, "gru"], rows[task, budget, "lstm"]
            assert lstm["mean"] > gru["mean"] or not apart(gru, lstm)
        assert rows["digits", budget, "lstm"]["mean"] < rows["digits", budget, "gru"]["mean"]
        assert all(0.1 < rows["digits", budget, cell]["mean"] < 0.4 for cell in CELLS)
    best = [trials.best(rows.values(), "digits", budget) for budget in budgets]
    assert best[0] == "peephole" != best[1]
    read = [rows["rows", "parameters", cell]["mean"] for cell in CELLS]
    assert max(read) - min(read) < 0.05 and min(read) == read[0]

    def bought(task, cell):
        runs = [r["steps"] for r in records if (r["task"], r["cell"], r["budget"]) == (task, cell, "seconds")]
        return sum(runs) / len(runs)

    for task in ("adding", "copy", "digits"):
        assert 0.9 < bought(task, "gru") / bought(task, "lstm") < 1.15
        assert 2.5 < bought(task, "rnn") / bought(task, "lstm") < 4.5
    curves = {cell: [r for r in records if "curve" in r and r["cell"] == cell] for cell in CELLS}
    first = {cell: [trials.sooner(r["curve"], r["steps"], 0.02) for r in curves[cell]] for cell in CELLS}
    assert all(math.isnan(step) for step in first["rnn"])
    for cell in ("lstm", "peephole"):
        assert 1.6 < sum(first[cell]) / sum(first["gru"]) < 2.4
    at_300 = {cell: [r["curve"][14] for r in curves[cell]] for cell in gated}  # 60 points for 1200 steps
    assert max(at_300["gru"]) < 0.02 and min(at_300["lstm"]) > 0.15


def test_the_figures_in_the_notebooks_text_are_ours():
    records, rows = measured()
    text = TEXT.read_text(encoding="utf-8")
    for cell in ("gru", "lstm", "peephole"):
        row = rows["copy", "parameters", cell]
        assert f"{row['mean']:.3f} ± {row['spread']:.3f}" in text
    of = {
        (task, budget): [r["score"] for r in records if (r["task"], r["budget"], r["cell"]) == (task, budget, "rnn")]
        for task, budget in (("copy", "seconds"), ("adding", "parameters"))
    }
    one, two, three = (f"{score:.2f}" for score in sorted(of["copy", "seconds"]))
    assert f"ended at {one}, {two} and {three}" in text
    assert f"ended at {max(of['adding', 'parameters']):.2f}, worse" in text and max(of["adding", "parameters"]) > 1 / 6
    gated = [rows["digits", "parameters", cell] for cell in CELLS[1:]]
    low, high = min(row["mean"] for row in gated), max(row["mean"] for row in gated)
    assert f"between {low:.2f} and {high:.2f} with spreads of" in text
    assert all(0.02 <= round(row["spread"], 2) <= 0.03 for row in gated)
    read = [rows["rows", "parameters", cell]["mean"] for cell in CELLS]
    assert [f"{value:.2f}" for value in read] == ["0.05", "0.07", "0.09", "0.10"]  # "5 in 100 against 7 to 10"


def test_chance_from_elsewhere_is_caught_and_told_to_use_the_generator():
    def adding(rng, T, B):
        own = np.random.default_rng()
        return assembled(own.random((T, B)), *places(own, T, B))

    def copying(rng, wait, B, length, symbols):
        shown = np.random.default_rng().integers(symbols, size=(length, B))
        return steps_of(shown, wait, symbols), torch.tensor(shown)

    for name, function in (("adding_batch", adding), ("copy_batch", copying)):
        questions = prepare(EXERCISES[name], np.random.default_rng(0))
        verdict = score(questions, questions.exercise.trace(function, questions.cases), 1.0)
        assert verdict.points < 1 and verdict.hint_id == f"{name}.generator_of_its_own"


@pytest.mark.parametrize("seed", range(10))
def test_whoever_counts_with_a_stand_in_is_answered(seed):
    """A wrong ``equal_parameter_size`` is replaced across the wall, which lets no large numbers through."""
    [(name, exercise)] = [(name, exercise) for name, exercise in EXERCISES.items() if exercise.uses]
    for case in exercise.draw(np.random.default_rng(seed)).values():
        D, H = case.args
        request = {"call": "it", "args": wire.pack(("gru", 4 * H * (D + H + 1), D))}
        assert "value" in answered({"it": EXERCISES["equal_parameter_size"].stand_in}, request), (name, case)


@pytest.mark.parametrize("seed", range(10))
def test_right_batches_are_within_the_bounds(seed):
    """The bounds are six standard deviations wide; over 10 drawings of all cases none may be left."""
    for name in ("adding_batch", "copy_batch"):
        exercise = EXERCISES[name]
        cases = exercise.draw(np.random.default_rng(seed))
        trace, other = (exercise.trace(f, cases) for f in (exercise.reference, exercise.alternatives[0]))
        for case in cases:
            assert trace[case].value | {"trace": 0} == other[case].value | {"trace": 0}


@pytest.mark.parametrize("batch", [None, (np.zeros((2, 3)), np.zeros(3)), (np.zeros((0, 0, 2)), np.zeros((0, 1)))])
def test_what_is_no_batch_raises_and_is_then_judged_wrong(batch):
    with pytest.raises((TypeError, ValueError, IndexError)):
        batches.view_adding(batch)


def test_the_clock_goes_by_the_work_and_not_by_how_often_it_is_read():
    rng = np.random.default_rng(0)
    model = MODELS["answers"]({"A": rng.normal(size=(2, 3)), "V": rng.normal(size=(3, 4))})
    clock, x = MODELS["clock"]({"start": 10.0, "tick": 0.25}), torch.zeros(5, 1, 2, dtype=torch.float64)
    assert [clock() for _ in range(3)] == [10.0, 10.0, 10.0]
    assert model(x).shape == (5, 1, 4)
    model(x)
    assert clock() == clock() == 10.5


def test_a_budget_is_drawn_on_and_around_real_sizes():
    for cell in CELLS:
        for D, H in ((3, 4), (9, 20)):
            count = drawing.parameters(cell, D, H)
            assert comparison.equal_parameter_size(cell, count, D) == H
            assert comparison.equal_parameter_size(cell, count - 1, D) == H - 1


def test_the_best_cell_is_the_one_with_the_lowest_mean():
    rows = [{"task": "copy", "budget": "seconds", "cell": "rnn", "mean": math.nan}]
    assert trials.best(rows, "copy", "seconds") is None and trials.best([], "copy", "seconds") is None
    rows += [
        {"task": "copy", "budget": "seconds", "cell": cell, "mean": mean} for cell, mean in (("gru", 2), ("lstm", 1))
    ]
    rows += [{"task": "adding", "budget": "seconds", "cell": "gru", "mean": 0}]
    assert trials.best(rows, "copy", "seconds") == "lstm"


def test_every_drawing_is_a_figure():
    rng = np.random.default_rng(0)
    x, y = comparison.adding_batch(rng, 6, 1)
    assert isinstance(drawings.adding(x[:, 0], y[0]), Figure)
    x, y = comparison.copy_batch(rng, 2, 1, 3, 4)
    assert isinstance(drawings.copying(x[:, 0], y[:, 0], 4), Figure)
    assert isinstance(drawings.digit(np.eye(8), 1), Figure)
    assert isinstance(drawings.one_run([0.2, 0.1], "title"), Figure)
    assert isinstance(drawings.standings([], "stopped before the first run was finished"), Figure)
    records = [
        {
            "task": "adding",
            "budget": "seconds",
            "cell": cell,
            "seed": n,
            "score": n / 4,
            "steps": 3,
            "curve": [1.0, 0.5],
        }
        for cell in CELLS
        for n in range(2)
    ]
    rows = comparison.summarise(records)
    assert isinstance(drawings.standings(rows, "title"), Figure)
    assert isinstance(drawings.standings(comparison.summarise(records[:1]), "title"), Figure)
    assert isinstance(drawings.learning(records, "adding", "title"), Figure)


def test_the_table_shows_mean_and_spread_and_what_was_not_measured(capsys):
    rows = [
        {"task": "copy", "budget": "seconds", "cell": "gru", "runs": 3, "mean": 0.25, "spread": 0.0625},
        {"task": "copy", "budget": "parameters", "cell": "rnn", "runs": 1, "mean": 0.5, "spread": math.nan},
    ]
    drawings.show_table(rows, "A table")
    shown = capsys.readouterr().out
    for words in ("A table", "0.25 ± 0.062 (3 runs)", "0.5 ± ? (1 run)", "not measured"):
        assert words in shown
