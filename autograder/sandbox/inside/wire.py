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
MAX_DEPTH = 16
MAX_ITEMS = 10_000  # in one list, tuple or dict


class Unreadable(ValueError):
    """A message that is not in the agreed form."""


class Named(str):
    """Stands for a function that lives on the other side of the wall, by name."""


class Other(str):
    """Stands for a value that cannot cross the wall, by the name of its type."""


@dataclass(frozen=True)
class Open:
    """Stands for one of the open models of ``models.py``: its kind, and its weights by name."""

    kind: str
    weights: dict


def pack(value, depth=0):
    """``value`` as something ``json.dumps`` takes. What has no plain form is named by its type, never an error."""
    if depth > MAX_DEPTH:
        return {"other": "deeply nested value"}
    if value is None or type(value) in (bool, float):
        return value
    if type(value) is int:
        return value if abs(value) < 2**63 else {"other": "huge int"}
    if type(value) is Named:
        return {"named": str(value)}
    if isinstance(value, Other):
        return {"other": str(value)}
    if type(value) is Open:
        return {"open": [value.kind, pack(value.weights, depth + 1)]}
    if isinstance(value, str):
        return {"text": str.__str__(value)[:10_000]}
    if isinstance(value, tuple | list) and len(value) <= MAX_ITEMS:
        kind = "tuple" if isinstance(value, tuple) else "list"
        return {kind: [pack(item, depth + 1) for item in value]}
    if isinstance(value, dict) and len(value) <= MAX_ITEMS and all(isinstance(key, str) for key in value):
        return {"dict": [[key, pack(item, depth + 1)] for key, item in value.items()]}
    torch = sys.modules.get("torch")
    if torch is not None:
        if isinstance(value, torch.Tensor):
            return _pack_array(value.detach().cpu().numpy(), "tensor")
        if isinstance(value, torch.nn.Module):
            return {
                "module": [
                    type(value).__name__,
                    pack(_settings(value), depth + 1),
                    pack(dict(value.state_dict()), depth + 1),
                ]
            }
    if isinstance(value, np.ndarray | np.generic):
        return _pack_array(np.asarray(value))
    return {"other": type(value).__name__[:80]}


def _settings(module):
    plain = {key: item for key, item in vars(module).items() if type(item) in (bool, int, float, str)}
    return {key: item for key, item in plain.items() if not key.startswith("_")}


def _pack_array(array, kind="array"):
    array = np.asarray(array, order="C")
    if array.dtype.newbyteorder("<").str not in DTYPES:
        return {"other": f"array of {array.dtype.name}"[:80]}
    array = array.astype(array.dtype.newbyteorder("<"))
    return {kind: [array.dtype.str, list(array.shape), base64.b64encode(array.tobytes()).decode("ascii")]}


class Module:
    """What is known of a ``torch.nn.Module`` on this side: its type's name, its plain settings, its state as arrays."""

    def __init__(self, kind, settings, state):
        self.kind, self.settings, self.state = kind, settings, state


@dataclass(frozen=True)
class Meaning:
    """What becomes of a name of a function, of an array that was a torch tensor, and of an open model."""

    named: Callable = Named
    tensor: Callable = np.asarray
    open: Callable = Open


PLAIN = Meaning()


def unpack(packed, meaning=PLAIN, depth=0):
    """The inverse of ``pack``, into fresh arrays; ``meaning`` says what becomes of things that are not plain.

    Raises:
        Unreadable: if anything is not in the agreed form.
    """
    if depth > MAX_DEPTH + 2:
        raise Unreadable("nested too deeply")
    if packed is None or type(packed) in (bool, int, float):
        return packed
    if type(packed) is not dict or len(packed) != 1:
        raise Unreadable("not a packed value")
    [(kind, content)] = packed.items()
    if kind in ("text", "other", "named") and type(content) is str:
        return {"text": str, "other": Other, "named": meaning.named}[kind](content)
    if type(content) is not list:
        raise Unreadable(f"{kind!r} without a list")
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
            raise Unreadable("a dict that is not pairs")
        return {key: unpack(item, meaning, depth + 1) for key, item in content}
    if kind == "module" and len(content) == 3 and type(content[0]) is str:
        return Module(content[0], *(unpack(item, meaning, depth + 1) for item in content[1:]))
    raise Unreadable("a kind of value that is not agreed")


def _unpack_array(content):
    if len(content) != 3:
        raise Unreadable("an array without dtype, shape and bytes")
    dtype, shape, data = content
    if type(dtype) is not str or dtype not in DTYPES or type(data) is not str:
        raise Unreadable("an array of a kind that is not agreed")
    if type(shape) is not list or len(shape) > 8 or not all(type(n) is int and 0 <= n < 2**32 for n in shape):
        raise Unreadable("an array with an impossible shape")
    try:
        raw = base64.b64decode(data, validate=True)
    except ValueError as error:
        raise Unreadable("an array whose bytes are damaged") from error
    if len(raw) != math.prod(shape) * np.dtype(dtype).itemsize:
        raise Unreadable("an array whose bytes do not fit its shape")
    try:
        return np.frombuffer(raw, dtype).reshape(shape).copy()
    except ValueError as error:  # no elements, but a shape that would not fit into memory if there were any
        raise Unreadable("an array with an impossible shape") from error


def to_bytes(message):
    """One message: eight bytes of length, then JSON."""
    body = json.dumps(message, separators=(",", ":")).encode("ascii")
    return struct.pack(">Q", len(body)) + body


def from_bytes(body):
    """The JSON of one message, without its length.

    Raises:
        Unreadable: if it is not a JSON object.
    """
    try:
        message = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise Unreadable("not JSON") from error
    if type(message) is not dict:
        raise Unreadable("not a JSON object")
    return message
