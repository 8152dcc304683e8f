"""The figures that unit 10 ships: complete, and the same as its sentences say."""

import json
import math
import re
from pathlib import Path

import numpy as np

from autograder.reference import comparison
from course import trials
from course.networks import CELLS
from course.plots import comparison as drawings
from course.predictions import PREDICTIONS

TEXT = Path(__file__).parents[1] / "source" / "10-lstm-or-gru" / "lstm-or-gru.py"


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
    assert best[0] == "peephole" and rows["digits", "seconds", "peephole"]["mean"] == max(
        rows["digits", "seconds", cell]["mean"] for cell in CELLS
    )
    read = [rows["rows", "parameters", cell]["mean"] for cell in CELLS]
    assert max(read) - min(read) < 0.05 and min(read) == read[0]

    def bought(task, cell):
        runs = [r["steps"] for r in records if (r["task"], r["cell"], r["budget"]) == (task, cell, "seconds")]
        return sum(runs) / len(runs)

    for task in ("adding", "copy", "digits"):
        assert 0.9 < bought(task, "gru") / bought(task, "lstm") < 1.15
        assert 2.6 < bought(task, "rnn") / bought(task, "lstm") < 4.5
    curves = {cell: [r for r in records if "curve" in r and r["cell"] == cell] for cell in CELLS}
    first = {cell: [trials.sooner(r["curve"], r["steps"], 0.02) for r in curves[cell]] for cell in CELLS}
    assert all(math.isnan(step) for step in first["rnn"])
    for cell in ("lstm", "peephole"):
        assert 1.6 < sum(first[cell]) / sum(first["gru"]) < 2.4
    at_300 = {cell: [r["curve"][14] for r in curves[cell]] for cell in gated}  # 60 points for 1200 steps
    assert max(at_300["gru"]) < 0.02 and min(at_300["lstm"]) > 0.15


def test_with_the_quick_setting_the_plain_rnn_copies_best():
    """Over seeds 0 to 9 it got 0 to 7 in 100 wrong at equal parameters, the gated cells 39 to 47; at equal seconds 0 to
    13 against 34 to 47. Asked for here is a half, so by far less. ``python -m tools.measurement quick 10``
    measures them again."""
    tasks = trials.tasks(trials.QUICK, comparison.adding_batch, comparison.copy_batch)
    own = (comparison.train_and_score, comparison.equal_parameter_size)
    scores = {}
    for cell in CELLS:
        job = {"task": "copy", "budget": "parameters", "cell": cell, "seed": 10}  # one that was not used to find out
        scores[cell] = trials.run(job, trials.QUICK, tasks["copy"], *own)["score"]
    assert all(scores["rnn"] < scores[cell] / 2 for cell in CELLS[1:]), scores


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
    row = rows["adding", "seconds", "rnn"]
    assert f"adds badly: {row['mean']:.2f} ± {row['spread']:.2f}" in text
    assert all(rows["adding", "seconds", cell]["mean"] < 0.002 for cell in CELLS[1:])
    assert f"ended at {max(of['adding', 'parameters']):.2f}, worse" in text and max(of["adding", "parameters"]) > 1 / 6
    gated = [rows["digits", "parameters", cell] for cell in CELLS[1:]]
    low, high = min(row["mean"] for row in gated), max(row["mean"] for row in gated)
    assert f"between {low:.2f} and {high:.2f} with spreads of" in text
    assert all(0.02 <= round(row["spread"], 2) <= 0.03 for row in gated)
    read = [rows["rows", "parameters", cell]["mean"] for cell in CELLS]
    assert [f"{value:.2f}" for value in read] == ["0.05", "0.07", "0.09", "0.10"]  # "5 in 100 against 7 to 10"


def test_the_curves_leave_the_level_of_guessing_when_their_description_says():
    records, _ = measured()
    said = [int(number) for number in re.findall(r"after about (\d+)", drawings.our_learning(records).alt)]
    assert len(said) == 3
    curves = {
        cell: np.mean([r["curve"] for r in records if "curve" in r and r["cell"] == cell], axis=0) for cell in CELLS
    }
    for cell, step in zip(("gru", "peephole", "lstm"), said, strict=True):
        left = np.argmax(curves[cell] < 0.8 / 6) + 1  # points of 20 steps each
        assert abs(20 * left - step) <= 20 and 0.0003 < curves[cell][-1] < 0.003, cell
    assert curves["rnn"].min() > 0.15


def test_the_standings_are_as_their_description_says():
    _, rows = measured()
    assert "a factor of ten" in drawings.our_standings(list(rows.values())).alt
    for budget in ("parameters", "seconds"):
        order = [rows["copy", budget, cell]["mean"] for cell in ("gru", "lstm", "peephole", "rnn")]
        assert order == sorted(order)
        assert all(0.1 < rows["digits", budget, cell]["mean"] < 0.3 for cell in CELLS)
    for cell in CELLS:
        row = rows["copy", "seconds", cell]
        low, high = max(row["mean"] - row["spread"], row["mean"] / 10), row["mean"] + row["spread"]
        assert (high > 10 * low) == (cell in ("rnn", "gru"))


def test_the_sentences_about_other_starts_hold():
    found = {}
    for record in trials.our_other_starts():
        found.setdefault((record["cell"], record.get("start")), []).append(record["score"])
    assert [len(scores) for scores in found.values()] == [3] * 8
    text = TEXT.read_text(encoding="utf-8")
    for key, digits in ((("rnn", "orthogonal"), 3), (("rnn", None), 2), (("lstm", 3.0), 3), (("gru", -3.0), 3)):
        mean, spread = np.mean(found[key]), np.std(found[key], ddof=1)
        assert f"{mean:.{digits}f} ± {spread:.{digits}f}" in text, key
    assert min(found["lstm", 0.0]) > 0.78
    assert max(found["rnn", "orthogonal"]) < min(found["lstm", 3.0] + found["lstm", None])
    question = PREDICTIONS["another_start"].question
    for cell, words in (("gru", "0.7 %"), ("lstm", "10 %"), ("rnn", "47 %")):
        assert words in question and abs(100 * np.mean(found[cell, None]) - float(words[:-2])) < 0.3
