"""Classes of torch modules as exercises, open models and tensors as arguments: inside the sandbox as outside."""

import numpy as np
import pytest
import torch

from autograder.checking.comparing import close
from autograder.checking.exercise import Case, Exercise
from autograder.checking.observation import Observation
from autograder.sandbox.host.process import Sandbox
from autograder.sandbox.protocol import wire
from autograder.sandbox.protocol.models import MODELS
from autograder.sandbox.protocol.observing import observe
from tests.conftest import QUICK


class Scaled(torch.nn.Module):
    """y = a * x + h, for a of shape (D,)."""

    def __init__(self, D):
        super().__init__()
        self.a = torch.nn.Parameter(torch.ones(D))

    def forward(self, x, h):
        return self.a * x + h, h


class Detached(Scaled):
    def forward(self, x, h):
        return self.a * x + h.detach(), h


class InPlace(Scaled):
    def forward(self, x, h):
        h += self.a * x
        return h, h


class Misnamed(Scaled):
    def __init__(self, D):
        super().__init__(D)
        self.b, self.a = self.a, None


class OverwritesItsState(Scaled):
    def forward(self, x, h):
        y = self.a * x + h**2
        with torch.no_grad():
            h.copy_(y)
        return y, h


class Frozen(Scaled):
    def __init__(self, D):
        super().__init__(D)
        self.a.requires_grad = False


RNG = np.random.default_rng(0)
X, H = torch.from_numpy(RNG.normal(size=(2, 3))), torch.from_numpy(RNG.normal(size=(2, 3)))
CASE = Case(((3,), {"a": RNG.normal(size=3)}, (X, H)))
SOURCES = """
import torch
class Scaled(torch.nn.Module):
    def __init__(self, D):
        super().__init__()
        self.a = torch.nn.Parameter(torch.ones(D))
    def forward(self, x, h):
        return self.a * x + h, h
def kind_of(x):
    return type(x).__module__ + "." + type(x).__name__, x.dtype == torch.float64
def slope(model, x):
    x = x.clone().requires_grad_()
    return torch.autograd.grad(model(x).sum(), x)[0]
def gates(cell, x, h):
    return cell(x, h)
"""


def seen(kind, case=CASE):
    return Observation.of(observe(kind, wire.pack(case.args), False, {}.__getitem__))


def test_a_class_is_made_loaded_called_and_differentiated():
    value = seen(Scaled).value
    a = CASE.args[1]["a"]
    assert value["parameters"] == {"a": (3,)}
    assert np.allclose(value["output"][0], a * X.numpy() + H.numpy())
    slopes = np.linspace(-1, 1, 6).reshape(2, 3)
    assert np.allclose(value["gradients"]["a"], (slopes * X.numpy()).sum(0))
    assert np.allclose(value["input gradients"][1], slopes)


def test_it_is_given_its_own_initial_weights_where_none_are_loaded():
    assert np.array_equal(seen(Scaled, Case(((3,), None, (X, H)))).value["output"][0], (X + H).numpy())


def test_a_second_instance_shows_whether_chance_was_left_alone():
    class Random(Scaled):
        def __init__(self, D):
            super().__init__(D)
            self.a.data = torch.randn(D)

    value = seen(Random, Case(((3,), None, (X, H)))).value
    assert not np.array_equal(value["start"]["a"], value["another"]["a"])


def test_where_constructor_arguments_come_first_only_a_class_will_do():
    case = Case((wire.ModelSpec("constructor", {"args": (3,)}), *CASE.args[1:]))
    assert close(seen(Scaled, case).value, seen(Scaled).value)
    assert seen(lambda *_: seen(Scaled).value, case).error == "TypeError"


def test_a_generator_tells_whether_it_was_used():
    def left_by(use):
        return observe(use, wire.pack((wire.ModelSpec("generator", {"seed": 3}),)), False, None)["inputs"]

    for use, used in ((lambda rng: rng.random(), True), (lambda rng: rng.spawn(1)[0].random(), True), (id, False)):
        assert wire.unpack(left_by(use)) == ({"used": used},)


def test_what_differs_is_seen():
    right = seen(Scaled).value
    assert seen(Detached).value["input gradients"][1] is None
    assert not close(seen(InPlace).value["given"], right["given"])
    assert seen(Misnamed).error == "KeyError"
    assert seen(Scaled, Case(((4,), CASE.args[1], (X, H)))).error == "ValueError"


@pytest.fixture(scope="module")
def sandbox():
    with Sandbox(limits=QUICK) as running:
        error, outputs = running.run_cell(SOURCES)
        assert error is None, outputs
        for name in ("Scaled", "kind_of", "slope", "gates"):
            assert running.capture(name)
        yield running


def asked(sandbox, name, *args):
    found = Observation.of(sandbox.call(name, wire.pack(args)))
    assert not found.error, found.error
    return found.value


def test_a_class_in_the_sandbox_shows_what_the_same_class_shows_here(sandbox):
    assert close(asked(sandbox, "Scaled", *CASE.args), seen(Scaled).value)


def test_a_tensor_arrives_as_a_tensor(sandbox):
    assert asked(sandbox, "kind_of", X) == ("torch.Tensor", True)


def test_open_models_are_the_same_inside_and_outside_and_can_be_differentiated(sandbox):
    model = wire.ModelSpec(
        "model", {"A": RNG.normal(size=(3, 4)), "V": RNG.normal(size=(4, 2)), "decay": np.array(0.9)}
    )
    x = torch.from_numpy(RNG.normal(size=(5, 1, 3)))

    def slope(model, x):
        x = x.clone().requires_grad_()
        return torch.autograd.grad(model(x).sum(), x)[0]

    here = Observation.of(observe(slope, wire.pack((model, x)), False, {}.__getitem__)).value
    assert np.abs(here).min(axis=(1, 2)).all() and close(asked(sandbox, "slope", model, x), here)
    cell = wire.ModelSpec("cell", {"A": RNG.normal(size=(3, 4)), "B": RNG.normal(size=(4, 4)), "C": RNG.normal(size=4)})
    h, z, r = asked(sandbox, "gates", cell, X, torch.zeros(2, 4, dtype=torch.float64))
    assert h.shape == z.shape == r.shape == (2, 4) and z.min() > 0 and z.max() < 1 and r.min() > 0 and r.max() < 1


def test_what_becomes_of_an_open_model_is_seen_and_of_other_functions_nothing():
    def change(model, clock):
        with torch.no_grad():
            model.A += 1

    weights = {"A": np.zeros((2, 2)), "V": np.eye(2)}
    args = wire.pack((wire.ModelSpec("answers", weights), wire.ModelSpec("clock", {"start": 0.0, "tick": 1.0})))
    model, clock = wire.unpack(observe(change, args, False, None)["inputs"])
    assert np.array_equal(model["A"], np.ones((2, 2))) and np.array_equal(model["V"], np.eye(2))
    assert set(clock) == {"gradients recorded"}


def test_batches_without_end_come_again_and_again_and_are_not_given_all_at_once():
    stream = MODELS["stream"]({"x": np.arange(6.0).reshape(3, 2), "y": np.arange(3.0)[:, None]})
    found = [y.item() for _, (x, y) in zip(range(7), stream, strict=False)]
    assert found == [0, 1, 2, 0, 1, 2, 0]
    with pytest.raises(RuntimeError, match="without end"):
        list(stream)


def test_a_stand_in_for_an_exercise_about_tensors_is_given_tensors():
    def double(x):
        return torch.add(x, x)

    assert torch.equal(Exercise(double, tensors=True).substitute(X.numpy()), 2 * X)
    with pytest.raises(TypeError):
        Exercise(double).substitute(X.numpy())


def test_what_keeps_torch_from_going_back_costs_gradients_and_nothing_else():
    right, overwritten, frozen = (seen(kind).value for kind in (Scaled, OverwritesItsState, Frozen))
    np.testing.assert_allclose(overwritten["given"][1], CASE.args[1]["a"] * X.numpy() + H.numpy() ** 2)
    assert overwritten["gradients"] == {"a": None} and overwritten["input gradients"] == (None, None)
    assert frozen["gradients"] == {"a": None}
    for part in ("output", "parameters", "given", "input gradients"):
        assert close(frozen[part], right[part])


def test_a_message_tells_which_words_of_the_arguments_it_has_and_nothing_else():
    def refuses(sentence, number):
        raise ValueError(f"my own words, and {sentence.split()[-1]}")

    seen = Observation.of(observe(refuses, wire.pack(("one two", 3.0)), False, {}.__getitem__))
    assert (seen.error, seen.names) == ("ValueError", ("two",))
    assert Observation.of({"error": "ValueError", "names": [1, "two"]}).names == ("two",)
    assert Observation.of({"error": "ValueError", "names": 5}).names == ()


def test_a_message_that_cannot_be_read_names_nothing():
    class Silent(ValueError):
        def __str__(self):
            raise RuntimeError

    def refuses(sentence):
        raise Silent

    assert Observation.of(observe(refuses, wire.pack(("one two",)), False, {}.__getitem__)).error == "ValueError"


@pytest.mark.parametrize("change", ["x.requires_grad_()", "x.grad = x.clone()"])
def test_a_tensor_that_was_made_to_gather_gradients_is_seen_as_changed(change):
    untouched, touched = (
        Observation.of(observe(lambda x, what=what: exec(what, {"x": x}), wire.pack((X,)), False, {}.__getitem__))
        for what in ("pass", change)
    )
    assert close(untouched.inputs, (X.numpy(),)) and not close(touched.inputs, untouched.inputs)


def test_what_was_a_tensor_and_what_an_array_is_known_on_this_side():
    found = Observation.of(observe(lambda x: (x, x.numpy()), wire.pack((X,)), False, {}.__getitem__)).value
    assert [isinstance(part, wire.Tensor) for part in found] == [True, False]
    assert close(found[0], found[1]) and close(found[1], found[0])
