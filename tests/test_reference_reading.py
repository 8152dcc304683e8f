"""Unit 09's references against torch: its own GRU where both are one function, its autograd, and small steps."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reference import gru, reading
from course import checks

sizes = given(**{size: st.integers(1, 6) for size in "TBDH"}, seed=st.integers(0, 2**32 - 1))
quick = settings(max_examples=15, deadline=None, derandomize=True)


def drawn(T, B, D, H, seed):
    """Words, a state, and a cell in float64 whose weights are random throughout."""
    rng = np.random.default_rng(seed)
    cell = reading.GRUCell(D, H).double()
    for parameter in cell.parameters():
        parameter.data = torch.from_numpy(rng.normal(size=parameter.shape))
    return torch.from_numpy(rng.normal(size=(T, B, D))), torch.from_numpy(rng.uniform(-1, 1, size=(B, H))), cell


def equal(ours, theirs, tolerance=1e-12):
    ours, theirs = (value.detach().numpy() if torch.is_tensor(value) else value for value in (ours, theirs))
    np.testing.assert_allclose(ours, theirs, rtol=tolerance, atol=tolerance)


def arrays(cell):
    return {name: value.detach().numpy() for name, value in cell.named_parameters()}


@sizes
@quick
def test_the_cell_is_unit_04s_gru_and_its_gradients_are_those_worked_out_by_hand(T, B, D, H, seed):
    x, h, cell = drawn(T, B, D, H, seed)
    x, h = x[0].requires_grad_(), h.requires_grad_()
    new, _, _ = cell(x, h)
    equal(new, gru.gru_step(x.detach().numpy(), h.detach().numpy(), arrays(cell)))
    slopes = np.random.default_rng(seed + 1).normal(size=new.shape)
    new.backward(torch.from_numpy(slopes))
    dx, dh, gradients = gru.gru_step_backward(slopes, x.detach().numpy(), h.detach().numpy(), arrays(cell))
    equal(x.grad, dx, 1e-10)
    equal(h.grad, dh, 1e-10)
    for name, parameter in cell.named_parameters():
        equal(parameter.grad, gradients[name], 1e-10)


@sizes
@quick
def test_run_is_torchs_gru_where_the_order_of_reset_does_not_matter(T, B, D, H, seed):
    x, h0, cell = drawn(T, B, D, H, seed)
    cell.U_h.data = torch.diag(torch.diag(cell.U_h.data))
    theirs = torch.nn.GRU(D, H, dtype=torch.float64)
    with torch.no_grad():  # torch's gates are stacked r, z, n, and its z weighs the old state
        theirs.weight_ih_l0.copy_(torch.cat([cell.W_r, -cell.W_z, cell.W_h]))
        theirs.weight_hh_l0.copy_(torch.cat([cell.U_r, -cell.U_z, cell.U_h]))
        theirs.bias_ih_l0.copy_(torch.cat([cell.b_r, -cell.b_z, cell.b_h]))
        theirs.bias_hh_l0.zero_()
        wanted, _ = theirs(x, h0[None])
    h, z, r = reading.run_with_gates(cell, x, h0)
    equal(h, wanted)
    before = torch.cat([h0[None], h[:-1]])
    equal(z, torch.sigmoid(x @ cell.W_z.T + before @ cell.U_z.T + cell.b_z))
    equal(r, torch.sigmoid(x @ cell.W_r.T + before @ cell.U_r.T + cell.b_r))


def test_a_cell_starts_shut_and_with_sums_of_the_right_size():
    torch.manual_seed(1)
    cell = reading.GRUCell(60, 50)
    _, z, r = cell(torch.zeros(1, 60), torch.zeros(1, 50))
    equal(z, torch.sigmoid(torch.full((1, 50), -3.0)), 1e-6)
    equal(r, torch.full((1, 50), 0.5), 1e-6)
    for name, parameter in cell.named_parameters():
        if name[0] != "b":
            assert abs(parameter.std().item() * parameter.shape[1] ** 0.5 - 1) < 0.1


def test_the_cell_learns_in_torchs_optimisers():
    torch.manual_seed(2)
    cell = reading.GRUCell(2, 3)
    before = {name: value.clone() for name, value in arrays(cell).items() for value in [torch.from_numpy(value)]}
    rule = torch.optim.SGD(cell.parameters(), 0.1)
    cell(torch.ones(1, 2), torch.ones(1, 3))[0].sum().backward()
    rule.step()
    assert all(not torch.equal(before[name], value) for name, value in cell.named_parameters())


class Model(torch.nn.Module):
    """A cell and a readout: something to look into."""

    def __init__(self, cell, H, K=4):
        super().__init__()
        self.cell, self.out = cell, torch.nn.Linear(H, K, dtype=torch.float64)

    def forward(self, x):
        h = torch.zeros(x.shape[1], self.out.in_features, dtype=x.dtype)
        for word in x:
            h = self.cell(word, h)[0]
        return torch.tanh(self.out(h)) * 3


@sizes
@quick
def test_influences_are_what_small_steps_measure(T, B, D, H, seed):
    x, _, cell = drawn(min(T, 3), min(B, 2), min(D, 3), H, seed)
    torch.manual_seed(seed % 1000)
    model = Model(cell, H)
    answer = torch.from_numpy(np.random.default_rng(seed).integers(4, size=x.shape[1]))

    def asked(words):
        with torch.no_grad():
            logits = model(torch.from_numpy(words))
        return sum(logits[n, k].item() for n, k in enumerate(answer))

    slopes = checks.numeric_gradient(asked, x.numpy())
    equal(reading.word_influence(model, x, answer), np.linalg.norm(slopes, axis=-1), 1e-6)
    assert x.grad is None and not x.requires_grad
    assert all(parameter.grad is None for parameter in model.parameters())


@sizes
@quick
def test_predictions_are_the_readouts_of_the_states_on_the_way(T, B, D, H, seed):
    x, _, cell = drawn(T, B, D, H, seed)
    model = Model(cell, H)
    states, *_ = reading.run_with_gates(cell, x, torch.zeros(B, H, dtype=x.dtype))
    equal(reading.prediction_after_each_word(model, x), torch.softmax(3 * torch.tanh(model.out(states)), -1))


@sizes
@quick
def test_what_is_kept_is_how_the_last_state_depends_on_an_earlier_one_through_the_copies(T, B, D, H, seed):
    z = torch.sigmoid(torch.from_numpy(np.random.default_rng(seed).normal(size=(T, B, H))))
    kept = reading.kept_to_the_end(z)
    for t in range(T):
        early = torch.ones(B, H, dtype=z.dtype, requires_grad=True)
        state = early
        for gate in z[t + 1 :]:
            state = (1 - gate) * state + gate * 0.3  # a candidate that does not look back
        equal(torch.autograd.grad(state.sum(), early)[0], kept[t])


def test_encode_by_hand():
    vectors = {"a": np.array([1.0, 0.0]), "b": np.array([0.5, 2.0])}
    x = reading.encode(" b a  b", vectors)
    assert x.dtype == torch.float32 and x.tolist() == [[0.5, 2.0], [1.0, 0.0], [0.5, 2.0]]
    with pytest.raises(ValueError, match="'c'"):
        reading.encode("a c b", vectors)
