"""The references of unit 11: against plain loops, against torch, and at the edges; and the open models that ask about them."""

import numpy as np
import pytest
import torch

from autograder.exercises.families.writers import chain, forked, speller, writer
from autograder.reference.names import bits_per_letter, min_gru, name_batches, name_surprises, sample_names
from autograder.sandbox.protocol.models import MODELS, CountedArray
from course import scans, writing
from course.data import load_names
from course.data.names import SYMBOLS


def opened(spec):
    return MODELS[spec.kind](spec.weights)


def test_batches_spell_the_names_they_were_made_of():
    names = load_names("held-out")
    batches = name_batches(np.random.default_rng(0), names, 64)
    assert [x.shape[1] for x, _ in batches] == [64] * 8 + [9]
    spelt = []
    for x, y in batches:
        assert x.dtype == y.dtype == torch.int64 and x.shape == y.shape and not x[0].any()
        assert torch.equal(x[1:], y[:-1].clamp(min=0))
        spelt += ["".join(SYMBOLS[n] for n in column if n >= 0) for column in y.T]
    assert sorted(spelt) == [f"{name}." for name in names] and spelt != sorted(spelt)


def test_equal_generators_give_equal_batches():
    one, same, other = (name_batches(np.random.default_rng(n), load_names("training")[:50], 10) for n in (1, 1, 2))
    assert all(torch.equal(a[0], b[0]) for a, b in zip(one, same, strict=True))
    assert not all(a[0].shape == b[0].shape and torch.equal(a[0], b[0]) for a, b in zip(one, other, strict=True))


def test_bits_per_letter_is_torchs_cross_entropy_in_bits():
    rng = np.random.default_rng(0)
    logits, y = torch.from_numpy(rng.normal(size=(6, 4, 27))), torch.from_numpy(rng.integers(-1, 27, size=(6, 4)))
    nats = torch.nn.functional.cross_entropy(logits.flatten(0, 1), y.flatten(), ignore_index=-1).item()
    assert bits_per_letter(logits, y) == pytest.approx(nats / np.log(2))
    assert bits_per_letter(torch.zeros(2, 3, 8), torch.ones(2, 3, dtype=torch.int64)) == pytest.approx(3)


@pytest.mark.parametrize("T", [1, 2, 3, 4, 7, 8, 9, 64, 100, 1000])
def test_the_scan_is_the_loop(T):
    x, h0, params = scans.random_arguments(T, 3, 5, seed=T)
    h0 = h0 + 2
    assert np.allclose(min_gru(x, h0, params), scans.state_by_state(x, h0, params), rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("opened_by", [-700.0, -8.0, 8.0, 700.0])
def test_the_scan_stays_finite_whatever_the_gates_do(opened_by):
    x, h0, params = scans.random_arguments(2000, 1, 4)
    params["b_z"] += opened_by
    with np.errstate(all="raise", under="ignore"):
        found = min_gru(x, h0 + 1, params)
    assert np.all(np.isfinite(found)) and np.allclose(found, scans.state_by_state(x, h0 + 1, params))


def test_the_minimal_gru_is_torchs_gru_with_the_state_cut_off_from_its_gates():
    """torch: h' = (1 - z) n + z h with n = tanh(...). For a small candidate tanh is nearly the identity."""
    x, h0, params = scans.random_arguments(20, 2, 3)
    small = {name: 1e-4 * value if name[-1] == "h" else value for name, value in params.items()}
    gru = torch.nn.GRU(3, 3).double()
    with torch.no_grad():
        for parameter in gru.parameters():
            parameter.zero_()
        W, b = gru.weight_ih_l0, gru.bias_ih_l0
        W[3:6], b[3:6] = -torch.from_numpy(small["W_z"]), -torch.from_numpy(small["b_z"])
        W[6:], b[6:] = torch.from_numpy(small["W_h"]), torch.from_numpy(small["b_h"])
        expected, _ = gru(torch.from_numpy(x))
    assert np.allclose(min_gru(x, h0, small), expected.numpy(), rtol=1e-6, atol=1e-11)


def test_sampling_carries_state_and_letter_and_stops_at_the_mark():
    rng = np.random.default_rng(0)
    assert sample_names(rng, opened(speller("hello")), 3, 1.0) == ["hello"] * 3
    assert sample_names(rng, opened(chain("otis")), 2, 1.0) == ["otis"] * 2
    assert {*sample_names(rng, opened(forked("abc")), 50, 1.0)} == {"a", "bc"}
    assert sample_names(rng, opened(speller("a", closed=False)), 1, 1.0, longest=4) == ["aaaa"]


def test_what_is_drawn_is_as_frequent_as_its_surprise_says():
    """A name with b bits is drawn once in 2^b tries."""
    model = opened(forked("abc"))
    drawn = sample_names(np.random.default_rng(1), model, 2000, 1.0)
    for name in ("a", "bc"):
        expected = 2000 * 2 ** -name_surprises(model, name).sum()
        assert abs(drawn.count(name) - expected) < 5 * np.sqrt(expected)


def test_surprises_are_the_bits_per_letter_of_one_name():
    network = writing.recorded().network
    for name in ("mary", "calandra"):
        [(x, y)] = name_batches(np.random.default_rng(0), [name], 1)
        with torch.no_grad():
            assert name_surprises(network, name).mean() == pytest.approx(bits_per_letter(network.read(x), y), rel=1e-4)


def test_an_open_writer_is_deterministic_and_starts_from_nothing():
    model = opened(writer(np.random.default_rng(0)))
    letters = torch.tensor([0, 3])
    (logits, state), (again, _) = model(letters), model(letters, torch.zeros(2, 5, dtype=torch.float64))
    assert logits.shape == (2, 27) and state.shape == (2, 5) and torch.equal(logits, again)


def test_an_array_counts_what_is_done_with_it():
    x, h0, params = scans.random_arguments(256, 1, 3)
    for function, one_by_one in ((min_gru, False), (scans.state_by_state, True)):
        counted = CountedArray({"array": x, "steps": 256})
        assert np.allclose(function(counted, h0, params), scans.state_by_state(x, h0, params))
        assert counted.weights() == {"one by one": one_by_one}
