"""Values as plain JSON: the only form in which anything crosses the wall of the sandbox, in both directions.

Arrays travel as a dtype from a short list, a shape and raw bytes. Nothing is ever pickled, imported or evaluated, and
``unpack`` accepts nothing else, so a hostile message can be refused but cannot do anything.
"""

import base64
import json
import math
import struct
import sys
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

DTYPES = {"|b1", "|i1", "|u1", "<i2", "<i4", "<i8", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"}
# of one value, all its parts together
MAX_DEPTH = 16
MAX_ITEMS = 50_000
MAX_BYTES = 2 * 2**20
MAX_SIDE = 4096  # of any array: two long sides that meet by mistake multiply


class MalformedMessage(ValueError):
    """A message that is not in the agreed form."""


class FunctionRef(str):
    """Stands for a function that lives on the other side of the wall, by name."""


class Opaque(str):
    """Stands for a value that cannot cross the wall, by the name of its type."""


class Tensor(np.ndarray):
    """An array that was a torch tensor, for those who want to know."""


@dataclass(frozen=True)
class ModelSpec:
    """Stands for one of the open models of ``models.py``: its kind, and its weights by name."""

    kind: str
    weights: dict


def pack(value):
    """``value`` as something ``json.dumps`` takes, never an error for what it is.

    What has no plain form is named by its type; what is nested too deeply, or too large as a whole, is ``Opaque`` as a
    whole. A value may hold itself, or be read without end: the items are counted as they are met.
    """
    try:
        return _Packing().pack(value)
    except _TooMuch as much:
        return {"other": str(much)}


class _TooMuch(Exception):
    """A value that is larger than anything an exercise needs."""


class _Packing:
    """One value on its way into plain form, and how many items and bytes it may still have."""

    def __init__(self):
        self.items, self.bytes = MAX_ITEMS, MAX_BYTES

    def pack(self, value, depth=0):
        self.spend(depth=depth)
        if value is None or type(value) in (bool, float):
            return value
        if type(value) is int:
            return value if abs(value) < 2**63 else {"other": "huge int"}
        if type(value) is FunctionRef:
            return {"named": str(value)}
        if isinstance(value, Opaque):
            return {"other": str(value)}
        if type(value) is ModelSpec:
            return {"open": [value.kind, self.pack(value.weights, depth + 1)]}
        if isinstance(value, str):
            return {"text": self.text(value)}
        if isinstance(value, tuple | list):
            kind = "tuple" if isinstance(value, tuple) else "list"
            return {kind: [self.pack(item, depth + 1) for item in value]}
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return {"dict": [[self.text(key), self.pack(item, depth + 1)] for key, item in value.items()]}
        torch = sys.modules.get("torch")
        if torch is not None:
            if isinstance(value, torch.Tensor):
                return self.array(value.detach().cpu().numpy(), "tensor")
            if isinstance(value, torch.nn.Module):
                parts = _settings(value), dict(value.state_dict())
                return {"module": [type(value).__name__[:80], *(self.pack(part, depth + 1) for part in parts)]}
        if isinstance(value, np.ndarray | np.generic):
            return self.array(np.asarray(value))
        return {"other": type(value).__name__[:80]}

    def spend(self, count=0, depth=0, side=0):
        """One item more, of so many bytes, so deep, with no side longer than this."""
        self.items, self.bytes = self.items - 1, self.bytes - count
        if depth > MAX_DEPTH:
            raise _TooMuch("deeply nested value")
        if self.items < 0 or self.bytes < 0 or side > MAX_SIDE:
            raise _TooMuch("value that is too large")

    def text(self, value):
        value = str.__str__(value)
        self.spend(len(value))
        return value

    def array(self, array, kind="array"):
        if array.dtype.newbyteorder("<").str not in DTYPES:
            return {"other": f"array of {array.dtype.name}"[:80]}
        self.spend(math.prod(array.shape) * array.dtype.itemsize, side=max(array.shape, default=0))
        array = np.asarray(array, array.dtype.newbyteorder("<"), order="C")
        return {kind: [array.dtype.str, list(array.shape), base64.b64encode(array.tobytes()).decode("ascii")]}


def _settings(module):
    plain = {key: item for key, item in vars(module).items() if type(item) in (bool, int, float, str)}
    return {key: item for key, item in plain.items() if not key.startswith("_")}


class Module:
    """What is known of a ``torch.nn.Module`` on this side: its type's name, its plain settings, its state as arrays."""

    def __init__(self, kind, settings, state):
        self.kind, self.settings, self.state = kind, settings, state


@dataclass(frozen=True)
class Decoders:
    """What becomes of a name of a function, of an array that was a torch tensor, and of an open model."""

    named: Callable = FunctionRef
    tensor: Callable = np.asarray
    open: Callable = ModelSpec


PLAIN = Decoders()
TOLD_APART = Decoders(tensor=lambda array: array.view(Tensor))


def unpack(packed, meaning=PLAIN, depth=0):
    """The inverse of ``pack``, into fresh arrays; ``meaning`` says what becomes of things that are not plain.

    Raises:
        MalformedMessage: if anything is not in the agreed form.
    """
    if depth > MAX_DEPTH + 2:
        raise MalformedMessage("nested too deeply")
    if packed is None or type(packed) in (bool, int, float):
        return packed
    if type(packed) is not dict or len(packed) != 1:
        raise MalformedMessage("not a packed value")
    [(kind, content)] = packed.items()
    if kind in ("text", "other", "named") and type(content) is str:
        return {"text": str, "other": Opaque, "named": meaning.named}[kind](content)
    if type(content) is not list:
        raise MalformedMessage(f"{kind!r} without a list")
    if kind == "array":
        return _unpack_array(content)
    if kind == "tensor":
        return meaning.tensor(_unpack_array(content))
    if kind == "open" and len(content) == 2 and type(content[0]) is str:
        return meaning.open(content[0], unpack(content[1], meaning, depth + 1))
    if kind in ("tuple", "list"):
        items = [unpack(item, meaning, depth + 1) for item in content]
        return tuple(items) if kind == "tuple" else items
    if kind == "dict":
        if not all(type(pair) is list and len(pair) == 2 and type(pair[0]) is str for pair in content):
            raise MalformedMessage("a dict that is not pairs")
        return {key: unpack(item, meaning, depth + 1) for key, item in content}
    if kind == "module" and len(content) == 3 and type(content[0]) is str:
        return Module(content[0], *(unpack(item, meaning, depth + 1) for item in content[1:]))
    raise MalformedMessage("a kind of value that is not agreed")


def _unpack_array(content):
    if len(content) != 3:
        raise MalformedMessage("an array without dtype, shape and bytes")
    dtype, shape, data = content
    if type(dtype) is not str or dtype not in DTYPES or type(data) is not str:
        raise MalformedMessage("an array of a kind that is not agreed")
    if type(shape) is not list or len(shape) > 8 or not all(type(n) is int and 0 <= n <= MAX_SIDE for n in shape):
        raise MalformedMessage("an array with an impossible shape")
    try:
        raw = base64.b64decode(data, validate=True)
    except ValueError as error:
        raise MalformedMessage("an array whose bytes are damaged") from error
    if len(raw) != math.prod(shape) * np.dtype(dtype).itemsize:
        raise MalformedMessage("an array whose bytes do not fit its shape")
    try:
        return np.frombuffer(raw, dtype).reshape(shape).copy()
    except ValueError as error:  # no elements, but a shape that would not fit into memory if there were any
        raise MalformedMessage("an array with an impossible shape") from error


def to_bytes(message):
    """One message: eight bytes of length, then JSON."""
    body = json.dumps(message, separators=(",", ":")).encode("ascii")
    return struct.pack(">Q", len(body)) + body


def from_bytes(body):
    """The JSON of one message, without its length.

    Raises:
        MalformedMessage: if it is not a JSON object.
    """
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise MalformedMessage("not JSON") from error
    if type(message) is not dict:
        raise MalformedMessage("not a JSON object")
    return message
