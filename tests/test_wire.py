"""Values cross the wall whole, and nothing but values crosses it."""

import json

import numpy as np
import pytest
import torch

from autograder.sandbox.host.process import Limits
from autograder.sandbox.protocol import wire


def through(value):
    return wire.unpack(wire.from_bytes(wire.to_bytes({"value": wire.pack(value)})[8:])["value"])


@pytest.mark.parametrize(
    "array",
    [
        np.arange(6.0).reshape(2, 3),
        np.arange(6)[::-2],
        np.array(True),
        np.zeros((0, 3)),
        np.float32([1, 2]),
        np.array([np.nan, np.inf]),
        np.asfortranarray(np.ones((2, 3))),
        np.array([1 + 2j]),
        np.arange(3, dtype=">f8"),
    ],
)
def test_arrays_cross_whole(array):
    back = through(array)
    assert back.shape == array.shape
    assert np.array_equal(back, array, equal_nan=array.dtype.kind in "fc")


def test_structures_cross_whole():
    value = {"a": (1, 2.5, None, True), "b": [np.float64(3), "text"]}
    assert through(value) == value
    assert isinstance(through((1, 2)), tuple)


def test_torch_tensors_and_modules_cross_as_arrays():
    assert np.array_equal(through(torch.ones(2, requires_grad=True)), np.ones(2))
    module = through(torch.nn.RNN(2, 3))
    assert module.kind == "RNN" and module.settings["mode"] == "RNN_TANH"
    assert module.state["weight_ih_l0"].shape == (3, 2)


class Liar:
    def __eq__(self, other):
        return True

    def __array__(self, *_, **__):
        raise AssertionError("must not be asked")


@pytest.mark.parametrize("value", [Liar(), np.array([{}]), np.array([None, 1]), 2**80, lambda: None, {1: 2}, {1, 2}])
def test_what_is_no_plain_value_crosses_as_the_name_of_its_type(value):
    assert isinstance(through(value), wire.Opaque)


class Endless(list):
    def __len__(self):
        return 1

    def __iter__(self):
        while True:
            yield 0.5


def cyclic():
    value = {}
    for key in "abcd":
        value[key] = (value, value)
    return value


@pytest.mark.parametrize(
    "value",
    [
        cyclic(),
        Endless(),
        {"x": Endless()},
        [[0.0] * (wire.MAX_ITEMS // 2)] * 3,
        np.zeros(wire.MAX_BYTES // 8 + 1),
        np.broadcast_to(0.5, (2**30, 2**20)),
        torch.zeros(1).expand(2**40),
        np.zeros((wire.MAX_SIDE + 1, 1)),
        torch.zeros(0, 400_000_000, 2),
        [np.zeros(wire.MAX_BYTES // 16)] * 3,
        "x" * (wire.MAX_BYTES + 1),
        {"x" * (wire.MAX_BYTES + 1): 1},
    ],
    ids=range(12),
)
def test_values_too_large_as_a_whole_cross_as_nothing_but_that(value):
    assert isinstance(through(value), wire.Opaque)


def test_an_observation_of_the_largest_values_fits_into_a_message():
    value = through([np.zeros((1024, wire.MAX_BYTES // 8 // 1024 - 1)), [0.1 + 0.2] * (wire.MAX_ITEMS - 10)])
    assert not isinstance(value, wire.Opaque)
    packed = wire.pack(value)
    observed = {"observation": {"value": packed, "again": packed, "inputs": packed}}
    assert len(wire.to_bytes(observed)) < Limits().message


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"[]",
        b"null",
        b"\xff",
        b"{",
        b"[" * 100_000,
        b'{"a": 1' + b"0" * 5000 + b"}",
    ],
)
def test_messages_that_are_no_json_object_are_refused(message):
    with pytest.raises(wire.MalformedMessage):
        wire.from_bytes(message)


@pytest.mark.parametrize(
    "packed",
    [
        {"array": ["|O", [1], "AAAAAAAAAAA="]},
        {"array": ["<f8", [2**31, 2**31], ""]},
        {"array": ["<f8", [-1], ""]},
        {"array": ["<f8", [0, 2**32 - 1, 2**32 - 1, 2**32 - 1], ""]},
        {"array": ["<f8", [0, wire.MAX_SIDE + 1], ""]},
        {"array": ["<f8", [2], "AAAA"]},
        {"array": ["<f8", 3, ""]},
        {"array": []},
        {"pickle": "gASV"},
        {"tuple": 3},
        {"dict": [[1, 2]]},
        {"text": 5},
        [1],
        "text",
        {"array": [["<f8"], [1], ""]},
        {"module": ["RNN"]},
        {},
        {"array": ["<f8", [True], "AAAAAAAA8D8="]},
    ],
)
def test_packed_values_of_another_form_are_refused(packed):
    with pytest.raises(wire.MalformedMessage):
        wire.unpack(json.loads(json.dumps(packed)))


def test_nesting_is_bounded():
    packed = None
    for _ in range(200):
        packed = {"list": [packed]}
    with pytest.raises(wire.MalformedMessage):
        wire.unpack(packed)
