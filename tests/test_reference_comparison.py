"""Unit 10's references: batches by their definition, sizes against torch's modules, training against torch by hand, the
table against statistics; and the four networks against torch and the references of units 04 and 07."""

import itertools
import math
import statistics

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reference import comparison, gru, lstm
from course.networks import CELLS, Network

quick = settings(max_examples=25, deadline=None, derandomize=True)
seeds = st.integers(0, 2**32 - 1)


@given(T=st.integers(2, 12), B=st.integers(1, 6), seed=seeds)
@quick
def test_adding_marks_one_number_in_each_half_and_wants_their_sum(T, B, seed):
    x, y = comparison.adding_batch(np.random.default_rng(seed), T, B)
    assert x.shape == (T, B, 2) and y.shape == (B, 1) and x.dtype == y.dtype == torch.float32
    for b in range(B):
        [first, second] = torch.nonzero(x[:, b, 1]).flatten().tolist()
        assert first < T // 2 <= second
        assert y[b].item() == pytest.approx((x[first, b, 0] + x[second, b, 0]).item())


def test_who_always_says_one_scores_a_sixth():
    _, y = comparison.adding_batch(np.random.default_rng(0), 50, 20_000)
    assert ((y - 1) ** 2).mean().item() == pytest.approx(1 / 6, abs=0.005)


@given(wait=st.integers(0, 6), B=st.integers(1, 5), length=st.integers(1, 5), symbols=st.integers(2, 7), seed=seeds)
@quick
def test_copy_shows_symbols_waits_and_asks_for_them(wait, B, length, symbols, seed):
    x, y = comparison.copy_batch(np.random.default_rng(seed), wait, B, length, symbols)
    assert x.shape == (2 * length + wait, B, symbols + 2) and y.shape == (length, B)
    columns = x.argmax(-1)
    assert torch.equal(torch.nn.functional.one_hot(columns, symbols + 2).float(), x)
    assert torch.equal(columns[:length], y) and y.dtype == torch.int64
    assert (columns[length : length + wait] == symbols).all() and (columns[length + wait :] == symbols + 1).all()


@given(cell=st.sampled_from(CELLS), budget=st.integers(0, 5000), D=st.integers(1, 20))
@quick
def test_the_largest_size_that_fits_by_counting_a_networks_arrays(cell, budget, D):
    def counted(H):
        parameters = Network(cell, D, H, 1).named_parameters()
        return sum(array.numel() for name, array in parameters if not name.startswith("readout"))

    H = comparison.equal_parameter_size(cell, budget, D)
    assert counted(H + 1) > budget
    assert H == 0 or counted(H) <= budget


def test_what_counting_settles():
    found = comparison.settle_by_counting(4, 6)
    assert found["units"] == 7 / 6 and found["multiplications at equal parameters"] == 231 / 240
    for D, H in ((3, 7), (10, 128)):
        found = comparison.settle_by_counting(D, H)
        ours, theirs = torch.nn.GRU(D, H), torch.nn.LSTM(D, H)
        assert found["parameters"] == sum(p.numel() for p in ours.parameters()) / sum(
            p.numel() for p in theirs.parameters()
        )
        weights = [sum(p.numel() for p in cell.parameters() if p.ndim == 2) for cell in (ours, theirs)]
        assert found["multiplications"] == weights[0] / weights[1]


class Straight(torch.nn.Module):
    """A linear function of the last step that knows how often it was asked."""

    def __init__(self, D, K, seed=0):
        super().__init__()
        torch.manual_seed(seed)
        self.layer, self.asked = torch.nn.Linear(D, K, dtype=torch.float64), 0

    def forward(self, x):
        self.asked += 1
        return self.layer(x[-1])

    def clock(self):
        return 77 + 0.5 * self.asked


def pairs(rng, sizes, D=3, K=2):
    return [(torch.tensor(rng.normal(size=(2, B, D))), torch.tensor(5 * rng.normal(size=(B, K)))) for B in sizes]


@given(seed=seeds, rate=st.floats(1e-3, 0.1))
@quick
def test_training_is_adam_on_clipped_gradients_worked_by_hand(seed, rate):
    """The gradient of a linear layer under the squared error, and Adam's two averages, written out in numpy."""
    rng = np.random.default_rng(seed)
    batches, held_out = pairs(rng, (4, 4, 4)), pairs(rng, (3, 1))
    model = Straight(3, 2)
    arrays = [model.layer.weight.detach().numpy().copy(), model.layer.bias.detach().numpy().copy()]
    moments = [[np.zeros_like(array), np.zeros_like(array)] for array in arrays]
    losses = []
    for n, (x, y) in enumerate(batches, 1):
        x, y = x[-1].numpy(), y.numpy()
        error = x @ arrays[0].T + arrays[1] - y
        losses.append((error**2).mean())
        d = 2 * error / error.size
        gradients = [d.T @ x, d.sum(axis=0)]
        norm = np.sqrt(sum((gradient**2).sum() for gradient in gradients))
        for array, moment, gradient in zip(arrays, moments, gradients, strict=True):
            gradient = gradient * min(1, 1 / (norm + 1e-6))
            moment[0] = 0.9 * moment[0] + 0.1 * gradient
            moment[1] = 0.999 * moment[1] + 0.001 * gradient**2
            array -= rate * (moment[0] / (1 - 0.9**n)) / (np.sqrt(moment[1] / (1 - 0.999**n)) + 1e-8)
    found = comparison.train_and_score(model, batches, held_out, "number", rate)
    np.testing.assert_allclose(found["losses"], losses, rtol=1e-9)
    errors = np.concatenate([((x[-1].numpy() @ arrays[0].T + arrays[1] - y.numpy()) ** 2).ravel() for x, y in held_out])
    assert found["score"] == pytest.approx(errors.mean(), rel=1e-9)


def test_limits_of_steps_and_seconds():
    rng = np.random.default_rng(0)
    endless, held_out = itertools.cycle(pairs(rng, (2, 2))), pairs(rng, (3, 1))
    for steps, seconds, made in ((4, math.inf, 4), (math.inf, 1.6, 4), (math.inf, 1.5, 3), (2, 9.0, 2), (9, 0.2, 1)):
        model = Straight(3, 2)
        found = comparison.train_and_score(model, endless, held_out, "number", 0.01, steps, seconds, model.clock)
        assert len(found["losses"]) == made and found["seconds"] == 0.5 * made
        assert model.asked == made + len(held_out)


def test_symbols_are_scored_by_the_share_of_wrong_answers():
    """Between two classes that lie far apart training ends with no answer wrong; turned round, with all of them wrong."""
    rng = np.random.default_rng(1)
    y = torch.tensor(rng.integers(2, size=200))
    x = torch.tensor(rng.normal(size=(2, 200, 3))) + 20 * (2 * y[:, None] - 1)
    for wanted, score in ((y, 0.0), (1 - y, 1.0)):
        batches = itertools.repeat((x, y))
        assert comparison.train_and_score(Straight(3, 2), batches, [(x, wanted)], "symbol", 0.1, 60)["score"] == score


@given(scores=st.lists(st.floats(0, 10), min_size=1, max_size=6))
@quick
def test_the_table_is_statistics(scores):
    record = {"task": "t", "budget": "b", "cell": "c"}
    [row] = comparison.summarise([record | {"seed": seed, "score": score} for seed, score in enumerate(scores)])
    assert row["runs"] == len(scores) and row["mean"] == pytest.approx(statistics.fmean(scores))
    wanted = statistics.stdev(scores) if len(scores) > 1 else math.nan
    assert row["spread"] == pytest.approx(wanted, abs=1e-9, nan_ok=True)


@pytest.mark.parametrize("cell, module", [("rnn", torch.nn.RNN), ("lstm", torch.nn.LSTM)])
def test_networks_are_torchs_layers(cell, module):
    torch.manual_seed(0)
    network, theirs, x = Network(cell, 3, 5, 2).double(), module(3, 5).double(), torch.randn(7, 4, 3).double()
    blocks = torch.arange(5 * len(network.from_input.weight) // 5).reshape(-1, 5)
    # torch stacks i, f, g, o; the network i, f, o, g, so that the three gates lie together
    order = blocks[[0, 1, 3, 2]].flatten() if cell == "lstm" else blocks.flatten()
    with torch.no_grad():
        theirs.weight_ih_l0.copy_(network.from_input.weight[order])
        theirs.weight_hh_l0.copy_(network.from_state.T[order])
        theirs.bias_ih_l0.copy_(network.from_input.bias[order])
        theirs.bias_hh_l0.zero_()
        wanted = network.readout(theirs(x)[0][-1])
        torch.testing.assert_close(network(x), wanted, rtol=1e-12, atol=1e-12)


def as_numpy(network):
    blocks = len(network.from_input.weight) // network.H
    W, b = network.from_input.weight.detach().numpy(), network.from_input.bias.detach().numpy()
    U = network.from_state.detach().numpy().T
    return [np.split(array, blocks) for array in (W, U, b)]


def test_the_gru_network_resets_before_the_product():
    network, x = Network("gru", 3, 5, 2).double(), torch.randn(6, 4, 3).double()
    W, U, b = as_numpy(network)
    params = {
        f"{kind}_{gate}": arrays[n]
        for kind, arrays in zip("WUb", (W, U, b), strict=True)
        for n, gate in enumerate("zrh")
    }
    wanted = gru.gru_forward(x.numpy(), np.zeros((4, 5)), params)[-1]
    torch.testing.assert_close(network(x), network.readout(torch.tensor(wanted)), rtol=1e-12, atol=1e-12)


def test_the_peepholes_look_where_they_should():
    network, x = Network("peephole", 3, 5, 2, answers=2).double(), torch.randn(6, 4, 3).double()
    with torch.no_grad():
        network.peepholes.normal_()
    W, U, b = as_numpy(network)
    letters = "ifoc"  # the blocks of the network: three gates, then what is written into the cell
    params = {f"W_x{g}": W[n] for n, g in enumerate(letters)} | {f"W_h{g}": U[n] for n, g in enumerate(letters)}
    params |= {f"b_{g}": b[n] for n, g in enumerate(letters)}
    params |= {f"w_c{g}": network.peepholes[n].detach().numpy() for n, g in enumerate("ifo")}
    h, c, states = np.zeros((4, 5)), np.zeros((4, 5)), []
    for x_t in x.numpy():
        h, c = lstm.peephole_lstm_step(x_t, h, c, params)
        states.append(h)
    wanted = network.readout(torch.tensor(np.array(states[-2:])))
    torch.testing.assert_close(network(x), wanted, rtol=1e-12, atol=1e-12)
