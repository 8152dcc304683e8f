"""What is peculiar to unit 10: counting, a clock that goes by the work, what visible checks say, drawings."""

import dataclasses
import math
import types

import nbformat
import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

from autograder.checking.mistakes import prepare
from autograder.checking.scoring import score
from autograder.exercises import exercises_of
from autograder.exercises.equal_parameter_size import parameters
from autograder.reference import comparison
from autograder.sandbox.host.substitutes import answer_call
from autograder.sandbox.protocol import wire
from autograder.sandbox.protocol.models import MODELS
from course import checks, trials
from course.networks import CELLS, Network
from course.plots import comparison as drawings

UNIT = "10-lstm-or-gru"
EXERCISES = exercises_of(UNIT)


@pytest.mark.parametrize("seed", range(10))
def test_counting_with_a_substitute_is_answered(seed):
    """A wrong ``equal_parameter_size`` is replaced across the wall, which lets no large numbers through."""
    for name, case in EXERCISES["settle_by_counting"].draw(np.random.default_rng(seed)).items():
        D, H = case.args
        request = {"call": "it", "args": wire.pack(("gru", 4 * H * (D + H + 1), D))}
        assert "value" in answer_call({"it": EXERCISES["equal_parameter_size"].substitute}, request), name


def test_the_clock_goes_by_the_work_and_not_by_how_often_it_is_read():
    rng = np.random.default_rng(0)
    model = MODELS["answers"]({"A": rng.normal(size=(2, 3)), "V": rng.normal(size=(3, 4))})
    clock, x = MODELS["clock"]({"start": 10.0, "tick": 0.25}), torch.zeros(5, 1, 2, dtype=torch.float64)
    assert [clock() for _ in range(3)] == [10.0, 10.0, 10.0]
    assert model(x).shape == (5, 1, 4)
    model(x)
    assert clock() == clock() == 10.5


@pytest.mark.parametrize("seed", range(20))
def test_rounding_to_the_nearest_is_named_however_it_is_found(seed):
    def by_the_root(cell, budget, D):
        blocks, peeping = {"rnn": 1, "gru": 3, "lstm": 4, "peephole": 4}[cell], 3 * (cell == "peephole")
        linear = blocks * (D + 1) + peeping
        return round((math.sqrt(linear**2 + 4 * blocks * budget) - linear) / (2 * blocks))

    prepared = prepare(EXERCISES["equal_parameter_size"], np.random.default_rng(seed))
    verdict = score(prepared, prepared.exercise.trace(by_the_root, prepared.cases), 1.0)
    assert verdict.hint_id == "equal_parameter_size.nearest"


@pytest.fixture(scope="module")
def cells(course):
    notebook = nbformat.read(course.notebook("release", UNIT), as_version=4)
    return {cell.id: cell.source for cell in notebook.cells if cell.cell_type == "code"}


def bank(exercise, name):
    return EXERCISES[exercise].mistakes[name].function


def nothing(*_):
    """A function whose return was forgotten."""


def a_set(records):
    met = dict.fromkeys((record["task"], record["budget"], record["cell"]) for record in records)
    scores = {key: {r["score"] for r in records if (r["task"], r["budget"], r["cell"]) == key} for key in met}
    return comparison.summarise(
        [dict(zip(("task", "budget", "cell", "score"), (*key, one), strict=True)) for key in met for one in scores[key]]
    )


def losses_kept_whole(model, batches, held_out, goal, rate=5e-3, steps=math.inf, seconds=math.inf, clock=None):
    losses = [torch.nn.functional.mse_loss(model(x), y) for x, y in batches]
    return {"score": 0.0, "losses": np.array(losses), "seconds": 0.0}


def wants_a_length(model, batches, *rest, **named):
    return comparison.train_and_score(model, batches[: len(batches)], *rest, **named)


@pytest.mark.parametrize(
    "name, wrong, words",
    [
        ("adding_batch", nothing, "2 values (x and y) should be returned, but your function returned None"),
        ("adding_batch", bank("adding_batch", "numbers_rounded"), "each drawn by itself, nearly all are different"),
        ("adding_batch", bank("adding_batch", "not_tensors"), "torch tensors, but yours are ndarray and ndarray"),
        ("copy_batch", bank("copy_batch", "not_tensors"), "torch tensors, but yours are ndarray and ndarray"),
        ("copy_batch", nothing, "2 values (x and y) should be returned, but your function returned None"),
        ("copy_batch", bank("copy_batch", "never_twice"), "some show the same symbol twice"),
        ("copy_batch", bank("copy_batch", "symbols_sorted"), "some show a smaller one after a larger"),
        (
            "copy_batch",
            bank("copy_batch", "last_symbol_never"),
            "at step 0 of 200 sequences yours are [0, 1, 2, 3].",
        ),
        ("equal_parameter_size", bank("equal_parameter_size", "a_float"), "should be a whole number, an int"),
        ("equal_parameter_size", nothing, "should be a whole number, an int, but yours is None"),
        ("summarise", a_set, "are 3 runs, although two are equal; yours say [2]"),
        (
            "train_and_score",
            bank("train_and_score", "trains_a_copy"),
            "the score: the mean over all answers of all held-out batches, after training",
        ),
        ("train_and_score", bank("train_and_score", "wants_all_batches"), "take one for each step"),
        ("train_and_score", wants_a_length, "has no length and no places; yours fails there: object of type"),
        ("train_and_score", losses_kept_whole, "Take its number with .item()"),
        ("train_and_score", bank("train_and_score", "gradients_pile_up"), "set them to zero before backward"),
        ("train_and_score", bank("train_and_score", "not_clipped"), "your gradients are not clipped"),
        ("train_and_score", bank("train_and_score", "clipped_by_value"), "clipped number by number"),
        ("train_and_score", bank("train_and_score", "clipped_one_by_one"), "clipped parameter by parameter"),
        ("train_and_score", bank("train_and_score", "made_one"), "also scaled up to norm 1"),
        ("train_and_score", bank("train_and_score", "rate_ignored"), "your rate is 0.005, whatever rate is given"),
        ("summarise", bank("summarise", "spread_of_a_population"), "divide by N - 1 = 2 instead"),
        ("summarise", bank("summarise", "failures_left_out"), "It is not left out"),
        ("settle_by_counting", bank("settle_by_counting", "blocks_for_gates"), "it is no gate"),
    ],
)
def test_a_visible_check_says_in_words_what_is_wrong(cells, name, wrong, words):
    setup = next(source for source in cells.values() if "set_num_threads" in source)
    readers = {exercise: getattr(comparison, exercise) for exercise in EXERCISES} | {name: wrong}
    exec(setup, readers)
    with pytest.raises(checks.CheckFailed) as failed:
        exec(cells[name], readers)
    assert words in str(failed.value)


@pytest.mark.parametrize("name", EXERCISES)
def test_visible_checks_let_every_right_function_pass(name, capsys):
    for function in (EXERCISES[name].reference, *EXERCISES[name].alternatives.values()):
        getattr(checks, name)(function)


def test_clipping_by_hand_is_right_also_where_training_carries_a_millionth_on():
    exercise = EXERCISES["train_and_score"]
    prepared = prepare(exercise, np.random.default_rng(10))  # here the losses differ by more than by rounding
    trace = exercise.trace(exercise.alternatives["clipped_by_hand"], prepared.cases)
    assert score(prepared, trace, 1.0).points == 1


def test_asking_for_the_number_of_batches_is_named():
    prepared = prepare(EXERCISES["train_and_score"], np.random.default_rng(0))
    verdict = score(prepared, prepared.exercise.trace(wants_a_length, prepared.cases), 1.0)
    assert verdict.points < 1 and verdict.hint_id == "train_and_score.wants_their_number"


def test_a_budget_is_drawn_on_and_around_real_sizes():
    for cell in CELLS:
        for D, H in ((3, 4), (9, 20)):
            count = parameters(cell, D, H)
            assert comparison.equal_parameter_size(cell, count, D) == H
            assert comparison.equal_parameter_size(cell, count - 1, D) == H - 1


@pytest.mark.parametrize("seed", range(50))
def test_a_budget_that_is_used_up_exactly_is_asked_for_whatever_is_drawn(seed):
    D, H = EXERCISES["settle_by_counting"].draw(np.random.default_rng(seed))["a budget used up exactly"].args
    budget = parameters("lstm", D, H)
    assert parameters("gru", D, comparison.equal_parameter_size("gru", budget, D)) == budget <= 10_000


def test_the_best_cell_is_the_one_with_the_lowest_mean():
    rows = [{"task": "copy", "budget": "seconds", "cell": "rnn", "mean": math.nan}]
    assert trials.best(rows, "copy", "seconds") is None and trials.best([], "copy", "seconds") is None
    rows += [
        {"task": "copy", "budget": "seconds", "cell": cell, "mean": mean} for cell, mean in (("gru", 2), ("lstm", 1))
    ]
    rows += [{"task": "adding", "budget": "seconds", "cell": "gru", "mean": 0}]
    assert trials.best(rows, "copy", "seconds") == "lstm"


def test_measuring_uses_the_readers_functions_as_they_are_now(cells):
    """Mended ones, after ``log.begin_anew()`` or a deleted file: the cell that measures makes the tasks itself."""
    [source] = [source for source in cells.values() if "mine = trials.measure(" in source]
    stand_in = types.SimpleNamespace(
        tasks=lambda setting, *functions: functions, measure=lambda setting, log, *given: given
    )
    names = ("adding_batch", "copy_batch", "train_and_score", "equal_parameter_size")
    reader = {"trials": stand_in, "setting": None, "log": None} | {name: f"mended {name}" for name in names}
    exec(source, reader)
    assert reader["mine"] == (("mended adding_batch", "mended copy_batch"), *(f"mended {name}" for name in names[2:]))


def test_the_readers_own_best_copier_is_read_from_the_quick_setting_only(capsys):
    rows = [{"task": "copy", "budget": "parameters", "cell": cell, "mean": n} for n, cell in enumerate(("gru", "rnn"))]

    def said(setting, rows):
        trials.say_who_copies_best(setting, rows)
        return capsys.readouterr().out

    more = dataclasses.replace(trials.QUICK, seeds=(0, 1, 2, 3))
    for setting in (trials.QUICK, more, trials.yours(full=False)):
        assert said(setting, rows).endswith("is that of: GRU.\n")
    longer = dataclasses.replace(trials.QUICK, wait=20)
    for setting, found in ((trials.FULL, rows), (longer, rows), (trials.QUICK, [])):
        assert "no rows for copying with the quick setting" in said(setting, found)


def test_a_readers_full_measurement_has_further_seeds():
    full = trials.yours(full=True)
    assert full.label == trials.FULL.label and not set(full.seeds) & set(trials.FULL.seeds)


@pytest.mark.parametrize(
    "cell, start", [("gru", -3.0), ("lstm", 3.0), ("peephole", 0.0), ("rnn", "orthogonal")], ids=str
)
def test_another_start_changes_the_gate_that_keeps_and_nothing_else(cell, start):
    def made():
        torch.manual_seed(0)
        return Network(cell, 3, 5, 2)

    network, other = made(), made()
    other.start_at(start)
    if cell == "rnn":
        assert torch.allclose(other.from_state @ other.from_state.T, torch.eye(5), atol=1e-5)
        return
    assert torch.equal(network.from_state, other.from_state)
    kept = slice(0, 5) if cell == "gru" else slice(5, 10)
    assert torch.all(other.from_input.bias[kept] == start)
    with torch.no_grad():
        other.from_input.bias[kept] = network.from_input.bias[kept]
    assert torch.equal(network.from_input.bias, other.from_input.bias)


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
    made = [
        drawings.learning(records, "adding", "title"),
        drawings.our_learning(trials.our_measurement()[0]),
        drawings.our_starts(trials.our_other_starts()),
        drawings.our_standings(comparison.summarise(trials.our_measurement()[0])),
        drawings.one_run([], "title"),
    ]
    assert all(isinstance(one, Figure) and one.alt for one in made)


def test_the_table_shows_mean_and_spread_and_what_was_not_measured(capsys):
    rows = [
        {"task": "copy", "budget": "seconds", "cell": "gru", "runs": 3, "mean": 0.25, "spread": 0.0625},
        {"task": "copy", "budget": "parameters", "cell": "rnn", "runs": 1, "mean": 0.5, "spread": math.nan},
    ]
    drawings.show_table(rows, "A table")
    shown = capsys.readouterr().out
    for words in ("A table", "0.250 ± 0.062 (3 runs)", "0.5 ± ? (1 run)", "not measured"):
        assert words in shown


def test_the_table_counts_the_runs_once_where_all_are_equally_many(capsys):
    row = {"task": "copy", "budget": "seconds", "cell": "gru", "runs": 3, "mean": 0.25, "spread": 0.0625}
    drawings.show_table([row, row | {"cell": "rnn"}], "A table")
    shown = capsys.readouterr().out
    assert "A table (3 runs each)" in shown and "0.250 ± 0.062" in shown and "0.062 (" not in shown
