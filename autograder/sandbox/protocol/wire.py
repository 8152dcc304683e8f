"""Values as plain JSON: the only form in which anything enters or leaves the sandbox.

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
from typing import Any

import numpy as np

DTYPES = {"|b1", "|i1", "|u1", "<i2", "<i4", "<i8", "<u2", "<u4", "<u8", "<f2", "<f4", "<f8", "<c8", "<c16"}
MAX_DEPTH, MAX_ITEMS, MAX_BYTES = 16, 50_000, 2 * 2**20  # of one value, all its parts together
MAX_SIDE, MAX_AXES = 4096, 4  # of any array: two long sides that meet by mistake multiply
# of one message: three values of an observation, each item at most four brackets and commas, and commas in printed text
MAX_SEPARATORS = 3 * 4 * MAX_ITEMS + 100_000


class MalformedMessage(ValueError):
    """A message that is not in the agreed form."""


class FunctionRef(str):
    """Stands for a function on the other side of the sandbox's wall, by name."""


class Opaque(str):
    """Stands for a value that has no plain form, by the name of its type."""


class Tensor(np.ndarray):
    """An array that was a torch tensor."""


@dataclass(frozen=True)
class ModelSpec:
    """Stands for one of the open models of ``models.py``: its kind, and its weights by name."""

    kind: str
    weights: dict[str, Any]


@dataclass(frozen=True)
class Module:
    """What is known of a ``torch.nn.Module`` outside: its type's name, its plain settings, its state as arrays."""

    kind: str
    settings: Any
    state: Any


@dataclass(frozen=True)
class Decoders:
    """What becomes of a function's name, of an array that was a torch tensor, and of an open model."""

    named: Callable[[str], Any] = FunctionRef
    tensor: Callable[[np.ndarray], Any] = np.asarray
    open: Callable[[str, Any], Any] = ModelSpec


PLAIN = Decoders()
TOLD_APART = Decoders(tensor=lambda array: array.view(Tensor))


def pack(value: Any) -> Any:
    """``value`` as something ``json.dumps`` takes. Never raises an error.

    What has no plain form is named by its type; what is nested too deeply or too large is ``Opaque`` as a whole. A value
    may contain itself, or yield items without end: items are counted as they are met.
    """
    try:
        return _Packing().pack(value)
    except _TooMuch as much:
        return {"other": str(much)}


def unpack(packed: Any, decoders: Decoders = PLAIN) -> Any:
    """The inverse of ``pack``, into fresh arrays.

    Raises:
        MalformedMessage: if anything is not in the agreed form, or is more than ``pack`` would have packed.
    """
    try:
        return _Unpacking(decoders).unpack(packed)
    except _TooMuch as much:
        raise MalformedMessage(str(much)) from much


class _TooMuch(Exception):
    """A value that is larger than anything an exercise needs."""


class _Budget:
    """How many items and bytes the rest of a value may have."""

    def __init__(self) -> None:
        self.items, self.bytes = MAX_ITEMS, MAX_BYTES

    def spend(self, count: int = 0, depth: int = 0) -> None:
        """One more item, of so many bytes, at this depth."""
        self.items, self.bytes = self.items - 1, self.bytes - count
        if depth > MAX_DEPTH:
            raise _TooMuch("deeply nested value")
        if self.items < 0 or self.bytes < 0:
            raise _TooMuch("value that is too large")

    def spend_array(self, shape: tuple[int, ...] | list[int], dtype: np.dtype) -> int:
        """One more array. Returns its bytes."""
        if len(shape) > MAX_AXES or max(shape, default=0) > MAX_SIDE:
            raise _TooMuch("array with too many or too long axes")
        size = math.prod(shape) * dtype.itemsize
        self.spend(size)
        return size


class _Packing(_Budget):
    """One value on its way into plain form."""

    def pack(self, value: Any, depth: int = 0) -> Any:
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
        if isinstance(value, np.ndarray | np.generic):
            return self.array(np.asarray(value))
        return self.of_torch(value, depth)

    def of_torch(self, value: Any, depth: int) -> Any:
        torch: Any = sys.modules.get("torch")
        if torch is not None and isinstance(value, torch.Tensor):
            return self.array(value.detach().cpu().numpy(), "tensor")
        if torch is not None and isinstance(value, torch.nn.Module):
            parts = _settings(value), dict(value.state_dict())
            return {"module": [type(value).__name__[:80], *(self.pack(part, depth + 1) for part in parts)]}
        return {"other": type(value).__name__[:80]}

    def text(self, value: str) -> str:
        value = str.__str__(value)
        self.spend(len(value))
        return value

    def array(self, array: np.ndarray, kind: str = "array") -> Any:
        if array.dtype.newbyteorder("<").str not in DTYPES:
            return {"other": f"array of {array.dtype.name}"[:80]}
        self.spend_array(array.shape, array.dtype)
        array = np.asarray(array, array.dtype.newbyteorder("<"), order="C")
        return {kind: [array.dtype.str, list(array.shape), base64.b64encode(array.tobytes()).decode("ascii")]}


def _settings(module: Any) -> dict[str, Any]:
    return {key: item for key, item in vars(module).items() if type(item) in (bool, int, float, str) and key[:1] != "_"}


class _Unpacking(_Budget):
    """One plain value on its way back."""

    def __init__(self, decoders: Decoders) -> None:
        super().__init__()
        self.decoders = decoders

    def unpack(self, packed: Any, depth: int = 0) -> Any:
        self.spend(depth=depth)
        if packed is None or type(packed) in (bool, int, float):
            return packed
        if type(packed) is not dict or len(packed) != 1:
            raise MalformedMessage("not a packed value")
        [(kind, content)] = packed.items()
        if kind in ("text", "other", "named") and type(content) is str:
            self.spend(len(content))
            return {"text": str, "other": Opaque, "named": self.decoders.named}[kind](content)
        if type(content) is not list:
            raise MalformedMessage(f"{kind!r} without a list")
        if kind in ("array", "tensor"):
            return self.array(content) if kind == "array" else self.decoders.tensor(self.array(content))
        if kind == "open" and len(content) == 2 and type(content[0]) is str:
            return self.decoders.open(content[0], self.unpack(content[1], depth + 1))
        if kind in ("tuple", "list"):
            items = [self.unpack(item, depth + 1) for item in content]
            return tuple(items) if kind == "tuple" else items
        if kind == "dict":
            return dict(self.pair(pair, depth + 1) for pair in content)
        if kind == "module" and len(content) == 3 and type(content[0]) is str:
            return Module(content[0], *(self.unpack(item, depth + 1) for item in content[1:]))
        raise MalformedMessage("a kind of value that is not agreed")

    def pair(self, pair: Any, depth: int) -> tuple[str, Any]:
        if type(pair) is not list or len(pair) != 2 or type(pair[0]) is not str:
            raise MalformedMessage("a dict that is not pairs")
        self.spend(len(pair[0]))
        return pair[0], self.unpack(pair[1], depth)

    def array(self, content: list[Any]) -> np.ndarray:
        if len(content) != 3:
            raise MalformedMessage("an array without dtype, shape and bytes")
        dtype, shape, data = content
        if type(dtype) is not str or dtype not in DTYPES or type(data) is not str:
            raise MalformedMessage("an array of a kind that is not agreed")
        if type(shape) is not list or not all(type(n) is int and n >= 0 for n in shape):
            raise MalformedMessage("an array with an impossible shape")
        if len(data) != (self.spend_array(shape, np.dtype(dtype)) + 2) // 3 * 4:
            raise MalformedMessage("an array whose bytes do not fit its shape")
        try:
            return np.frombuffer(base64.b64decode(data, validate=True), dtype).reshape(shape).copy()
        except ValueError as error:
            raise MalformedMessage("an array whose bytes are damaged") from error


def to_bytes(message: dict[str, Any]) -> bytes:
    """One message: eight bytes of length, then JSON."""
    body = json.dumps(message, separators=(",", ":")).encode("ascii")
    return struct.pack(">Q", len(body)) + body


def from_bytes(body: bytes) -> dict[str, Any]:
    """The JSON of one message, without its length. Its parts are counted before anything is made of them.

    Raises:
        MalformedMessage: if it is not a JSON object in ASCII, or has more parts than any message needs.
    """
    if sum(map(body.count, (b"[", b"{", b","))) > MAX_SEPARATORS:
        raise MalformedMessage("more parts than any message needs")
    try:
        message = json.loads(body.decode("ascii"))
    except (ValueError, RecursionError) as error:
        raise MalformedMessage("not JSON") from error
    if type(message) is not dict:
        raise MalformedMessage("not a JSON object")
    return message
