"""Unit 11: its sentences hold, its training works, and it can be read to the end while nothing is written."""

from pathlib import Path

import nbformat
import numpy as np
from nbclient import NotebookClient

from autograder.reference.names import bits_per_letter, min_gru, name_batches, sample_names
from course import counting, scans, writing
from course.data import load_names
from course.plots import names as drawings
from course.predictions.names import PREDICTIONS
from tools.notebooks import MEMORY, SECONDS, run

UNIT = "11-after-the-gates"
TEXT = (Path(__file__).parents[1] / "source" / UNIT / "after-the-gates.py").read_text()
SAID = TEXT + "".join(prediction.question + prediction.explanation for prediction in PREDICTIONS.values())


def unwritten(*arguments):
    raise NotImplementedError


def test_the_bits_that_the_text_names_are_those_measured():
    found = [f"{bits:.2f}" for bits in counting.baselines().values()] + [f"{writing.recorded().held_out[-1]:.2f}"]
    assert found == ["4.75", "4.08", "3.44", "3.11", "3.01", "2.90"]
    for bits in found:
        assert bits in SAID


def test_names_that_the_text_calls_held_out_are():
    training, held_out = load_names("training"), load_names("held-out")
    assert "adriane" in held_out and "adrian" in training and {"calandra", "reagan"} <= {*held_out}
    assert "rackella" not in {*training, *held_out}


def test_the_lists_are_what_the_text_says():
    lists, known = writing.three_lists(), {*load_names("training"), *load_names("held-out")}
    assert {*lists["B"]} <= {*load_names("held-out")} and not known & {*lists["A"], *lists["C"]}
    assert {len(made) for made in lists.values()} == {10}


def test_neuron_43_does_what_the_text_says():
    gate = dict(enumerate(writing.watch("rackella")["z"][:, 43]))
    assert min(gate[1], gate[3]) > 0.7 and max(gate[2], gate[5], gate[7]) < 0.15 and gate[6] > 3 * gate[7]
    opened = drawings.opening()[:, 43]
    assert opened[14] < 0.2 and max(opened[[1, 5, 9, 15]]) < 0.2


def test_watched_states_are_those_of_torch():
    network, seen = writing.recorded().network, writing.watch("ann")
    [(x, _)] = name_batches(np.random.default_rng(0), ["ann"], 1)
    assert np.allclose(network.read(x).softmax(-1)[:, 0].detach(), seen["probabilities"], atol=1e-5)
    h = np.concatenate([np.zeros((1, writing.UNITS)), seen["h"][:-1]])
    assert np.all(np.abs(seen["h"] - (1 - seen["z"]) * h) <= seen["z"] + 1e-6)  # the candidate is at most 1


def test_a_short_training_learns():
    found = writing.train(name_batches, bits_per_letter, epochs=2)
    assert len(found.held_out) == 2 and found.held_out[1] < found.held_out[0] < 4.2


def test_low_temperatures_write_names_that_exist(capsys):
    writing.show_samples(sample_names, writing.recorded().network, (0.4, 1.5))
    cold, hot = (int(line.split(",")[1].split("%")[0]) for line in capsys.readouterr().out.split("\n\n")[:2])
    assert cold > 2 * hot


def test_what_is_not_written_is_said_and_the_recorded_is_shown(capsys):
    assert writing.train(unwritten, bits_per_letter) is writing.recorded()
    assert writing.train(name_batches, unwritten) is writing.recorded()
    assert scans.measure(unwritten, lengths=(8,)) is scans.RECORDED
    writing.show_samples(unwritten, writing.recorded().network, (1.0,))
    writing.show_surprises(unwritten, "mary", unwritten)
    assert capsys.readouterr().out.count("not written yet") == 5


def test_the_scan_is_faster_where_the_text_says_so():
    found = scans.measure(min_gru, lengths=(4096,))
    gru, loop, scan = (measured[4096] for measured in found.values())
    assert gru > 10 * scan and loop > 2 * scan


def test_weights_and_memory_are_small():
    assert writing.WEIGHTS.stat().st_size < 100_000


def test_the_source_notebook_runs_within_its_budget(course):
    seconds, memory = run(course.notebook("source", UNIT), course.root)
    assert seconds < SECONDS and memory < MEMORY


def test_the_release_notebook_runs_to_the_end_with_nothing_written(course):
    notebook = nbformat.read(course.notebook("release", UNIT), as_version=4)
    resources = {"metadata": {"path": str(course.root)}}
    NotebookClient(notebook, timeout=300, allow_errors=True, skip_cells_with_tag="", resources=resources).execute()
    failed = [
        cell.metadata.get("nbgrader", {}).get("grade_id", cell.source)
        for cell in notebook.cells
        if any(output.output_type == "error" for output in cell.get("outputs", []))
    ]
    assert failed == ["name_batches", "bits_per_letter", "sample_names", "min_gru", "name_surprises"]
