"""The network that makes up names: small, NumPy alone, its names new; and torch agrees with it."""

import subprocess
import sys

import numpy as np
import pytest
import torch

from course import names
from course.data import load_names
from course.data.names import SYMBOLS
from tests.conftest import ROOT
from tools.train_names import Network, batch, loss_of


@pytest.fixture(scope="module")
def in_torch():
    """The shipped weights in the network that was trained."""
    network, params = Network().eval(), {name: torch.from_numpy(value) for name, value in names.shipped().items()}
    network.load_state_dict(
        {
            "rnn.weight_ih_l0": params["W"],
            "rnn.weight_hh_l0": params["U"],
            "rnn.bias_ih_l0": params["b"],
            "rnn.bias_hh_l0": 0 * params["b"],
            "readout.weight": params["V"],
            "readout.bias": params["c"],
        }
    )
    return network.double()


def test_the_weights_are_small_and_half_precise():
    assert names.WEIGHTS.stat().st_size < 100_000
    with np.load(names.WEIGHTS) as file:
        assert {file[name].dtype for name in file.files} == {np.dtype(np.float16)}


def test_it_has_learnt_more_than_pairs_of_letters(in_torch):
    """Pairs of letters leave 3.44 bits per letter of held-out names."""
    with torch.no_grad():
        assert loss_of(in_torch.float(), load_names("held-out")).item() / np.log(2) < 3.0


def test_a_step_is_the_one_in_torch(in_torch):
    x, _ = batch(("mary", "jo"))
    with torch.no_grad():
        expected = in_torch.float()(x).numpy()
    h = np.zeros((2, 128))
    for t, letters in enumerate(x.numpy()):
        logits, h = names.step(letters, h, names.shipped())
        assert np.allclose(logits, expected[t], atol=1e-4)


def test_made_up_names_are_new_and_different():
    for temperature in (0.5, 0.7, 1.2):
        made = names.make_up(50, temperature, seed=1)
        assert len(made) == 50 == len(set(made)) and all(name == name.capitalize() for name in made)
        assert not {name.lower() for name in made} & {*load_names("training"), *load_names("held-out")}


def test_most_of_what_it_makes_up_is_new_anyway():
    made = names.draw(1000, 0.7, np.random.default_rng(0), names.shipped())
    assert len({*made} - {*load_names("training")}) > 600


def test_equal_seeds_give_equal_names():
    assert names.make_up(5, seed=3) == names.make_up(5, seed=3) != names.make_up(5, seed=4)


def test_what_may_come_next_adds_up_and_is_sensible():
    shares = names.next_letter("Mar")
    assert set(shares) == set(SYMBOLS) and sum(shares.values()) == pytest.approx(1)
    assert list(shares.values()) == sorted(shares.values(), reverse=True)
    assert next(iter(names.next_letter("q"))) == "u"


def test_what_cannot_be_is_said():
    with pytest.raises(ValueError, match="'é'"):
        names.next_letter("ren\u00e9")
    with pytest.raises(ValueError, match="temperature above 0"):
        names.make_up(3, temperature=0)
    with pytest.raises(ValueError, match="raise it"):
        names.make_up(500, temperature=1e-3)


def test_it_needs_no_torch():
    code = "import sys; sys.modules['torch'] = None; from course import names; print(*names.make_up(3, seed=4))"
    assert (
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, check=True).stdout.count(b" ") == 2
    )
