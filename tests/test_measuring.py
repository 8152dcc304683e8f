"""Many runs: the estimate before, stopping without losing anything, going on; and every kind of run of unit 10, very small."""

import dataclasses

import pytest

from autograder.reference import comparison
from course import measuring, trials

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


@pytest.mark.parametrize("name", [None, "kept.jsonl"])
def test_begun_anew_everything_is_measured_again_with_and_without_a_file(tmp_path, capsys, name):
    path = tmp_path / name if name else None
    log, again = measuring.Log(path), []
    measuring.measure(JOBS, found, log, lambda _: 1.0)
    measuring.measure(JOBS, never, log, never)
    assert "log.begin_anew()" in capsys.readouterr().out
    log.begin_anew()
    log.begin_anew()  # once more does no harm
    assert "4 runs are forgotten" in capsys.readouterr().out
    second = measuring.measure(JOBS, lambda job: again.append(job) or {"score": 7.0}, log, lambda _: 1.0)
    assert again == JOBS and second == [job | {"score": 7.0} for job in JOBS] == log.records
    assert not path or measuring.Log(path).records == second


@pytest.mark.parametrize("stopped_at", [2, 4])
def test_whoever_deletes_the_file_begins_anew_without_running_another_cell(tmp_path, stopped_at):
    path, again = tmp_path / "kept.jsonl", []
    log = measuring.Log(path)
    measuring.measure(JOBS[:stopped_at], found, log, lambda _: 1.0)
    path.unlink()
    second = measuring.measure(JOBS, lambda job: again.append(job) or {"score": 7.0}, log, lambda _: 1.0)
    assert again == JOBS and measuring.Log(path).records == second == log.records


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
