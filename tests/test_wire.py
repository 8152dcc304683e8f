"""Values cross the wall whole, and nothing but values crosses it."""

import contextlib
import json

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from autograder.sandbox.host.process import Limits
from autograder.sandbox.protocol import wire

KINDS = ("array", "tensor", "tuple", "list", "dict", "text", "other", "named", "open", "module")


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


JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=8)
    | st.sampled_from(["<f8", "AAAA", ""]),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(KINDS) | st.text(max_size=3), inner, max_size=2)
        | st.tuples(st.sampled_from(KINDS), st.lists(inner, max_size=4)).map(lambda pair: dict([pair]))
    ),
    max_leaves=30,
)
REAL = [
    (np.arange(6.0).reshape(2, 3), {"W": np.float32([1, 2]), "b": [1, 2.5, None, True, "text"]}),
    [torch.ones(2), torch.nn.RNN(2, 3), wire.FunctionRef("sigmoid"), wire.Opaque("set")],
    wire.ModelSpec("cell", {"A": np.zeros((2, 3))}),
]


@given(JSON)
def test_any_json_is_unpacked_or_refused(packed):
    try:
        value = wire.unpack(packed)
    except wire.MalformedMessage:
        return
    assert wire.unpack(wire.pack(value)) is not None or value is None  # what was accepted can be packed again


@given(st.sampled_from(REAL), st.data())
def test_a_real_message_with_a_changed_part_is_unpacked_or_refused(value, data):
    packed = wire.pack(value)
    parts = list(places(packed))
    holder, key = parts[data.draw(st.integers(0, len(parts) - 1))]
    holder[key] = data.draw(JSON)
    with contextlib.suppress(wire.MalformedMessage):
        wire.unpack(packed)


@given(st.sampled_from(REAL), st.data())
def test_real_bytes_with_changes_are_a_message_or_refused(value, data):
    body = bytearray(wire.to_bytes({"value": wire.pack(value)})[8:])
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(body) - 1))
        body[place : place + data.draw(st.integers(0, 3))] = data.draw(
            st.binary(max_size=3) | st.sampled_from([b"[", b"{", b'"'])
        )
    with contextlib.suppress(wire.MalformedMessage):
        wire.unpack(wire.from_bytes(bytes(body)).get("value"))


def places(packed):
    """Each part of a packed value, as its holder and its key in it."""
    for key, item in packed.items() if isinstance(packed, dict) else enumerate(packed):
        yield packed, key
        if isinstance(item, dict | list):
            yield from places(item)


def test_a_message_of_empty_lists_is_refused_before_it_is_parsed(monkeypatch):
    body = b'{"observation":[' + b"[]," * (5 * 2**20) + b"[]]}"
    monkeypatch.setattr(wire.json, "loads", lambda _: pytest.fail("it was parsed"))
    with pytest.raises(wire.MalformedMessage, match="more parts"):
        wire.from_bytes(body)


@pytest.mark.parametrize(
    "packed",
    [
        {"list": [None] * wire.MAX_ITEMS},
        {"tuple": [{"list": [1.0] * (wire.MAX_ITEMS // 3)}] * 3},
        {"dict": [["a", 1]] * wire.MAX_ITEMS},
        {"text": "x" * (wire.MAX_BYTES + 1)},
        {"list": [{"text": "x" * (wire.MAX_BYTES // 4)}] * 5},
        {"dict": [["x" * (wire.MAX_BYTES + 1), 1]]},
        {"list": [wire.pack(np.zeros((64, wire.MAX_BYTES // 2048)))] * 5},
        {"array": ["<f8", [1] * (wire.MAX_AXES + 1), "AAAAAAAAAAA="]},
    ],
    ids=range(8),
)
def test_more_than_is_ever_packed_is_not_unpacked(packed):
    with pytest.raises(wire.MalformedMessage):
        wire.unpack(packed)


def test_unpacking_stops_at_the_budget_of_items(monkeypatch):
    made = []
    decoders = wire.Decoders(named=lambda name: made.append(name))
    with pytest.raises(wire.MalformedMessage):
        wire.unpack({"list": [{"named": "f"}] * (10 * wire.MAX_ITEMS)}, decoders)
    assert len(made) <= wire.MAX_ITEMS


def test_an_array_that_is_too_large_is_refused_before_its_bytes_are_decoded(monkeypatch):
    monkeypatch.setattr(wire.base64, "b64decode", lambda *_, **__: pytest.fail("it was decoded"))
    for shape, data in (([2048, 2048], "A" * 100), ([2], "A" * 10**7), ([0], "AAAA")):
        with pytest.raises(wire.MalformedMessage):
            wire.unpack({"array": ["<f8", shape, data]})


def test_whatever_is_packed_is_unpacked():
    for value in (
        [0.5] * (wire.MAX_ITEMS - 1),
        {str(n): n for n in range(wire.MAX_ITEMS // 3)},
        np.zeros((1, 1, 1, 1)),
    ):
        assert not isinstance(through(value), wire.Opaque)
    assert isinstance(through(np.zeros((1,) * (wire.MAX_AXES + 1))), wire.Opaque)
