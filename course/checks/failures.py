"""A visible check that failed, and the one sentence that stands for each mistake a reader can make."""

import inspect
import linecache
import re
import textwrap
import traceback
from collections.abc import Callable, Mapping
from types import FrameType
from typing import Any

CELL = re.compile(r"ipykernel_\d+|<ipython-input")  # a notebook's cell, as the kernel names its file
RED, BOLD, END = "\x1b[1;31m", "\x1b[1m", "\x1b[0m"
LONGEST = 300  # letters of an error's own message
UNPACKED = re.compile(r"(not enough|too many) values to unpack \(expected (\d+)(?:, got (\d+))?\)")
SIGNATURE = re.compile(r"\(\) (takes|missing|got an unexpected|got multiple)")
NO_SUPER = re.compile(
    r"before Module\.__init__\(\) call|object has no attribute '_(?:parameters|modules|buffers|\w*hooks)'"
)


class CheckFailed(AssertionError):
    """A visible check that failed. In a notebook it shows its sentence alone, without a traceback."""

    def _render_traceback_(self) -> list[str]:
        # a page would break a long line in the middle of a word
        paragraphs = f"✗ {self}".split("\n")
        lines = [
            line
            for text in paragraphs
            for line in textwrap.wrap(text, 96, break_long_words=False, break_on_hyphens=False) or [""]
        ]
        return [lines[0].replace("✗", f"{RED}✗{END}", 1), *lines[1:]]


def frames_of(error: BaseException) -> list[tuple[FrameType, int]]:
    """The frames that an error came through, the innermost last, each with its line."""
    return list(traceback.walk_tb(error.__traceback__))


def readers_frame(error: BaseException) -> tuple[FrameType, int] | None:
    """The innermost frame inside a function that stands in a cell of the notebook, or None.

    The cell's own top level is left out: there stands the call of the check.
    """
    found = [
        (frame, line)
        for frame, line in frames_of(error)
        if CELL.search(frame.f_code.co_filename) and frame.f_code.co_name != "<module>"
    ]
    return found[-1] if found else None


def function_of(frame: FrameType) -> str:
    """The function or class, at a cell's top level, that a frame belongs to."""
    return frame.f_code.co_qualname.split(".")[0]


def unwritten_in(error: BaseException) -> str | None:
    """The exercise whose ``raise NotImplementedError`` this error is, or None if it is anything else."""
    if not isinstance(error, NotImplementedError) or error.args:
        return None
    frames = frames_of(error)
    if not frames or not CELL.search(frames[-1][0].f_code.co_filename):
        return None
    name = function_of(frames[-1][0])
    return None if name == "<module>" else name


def sentence_for(error: Exception, name: str, function: Any = None) -> str:
    """What a reader should do about an error that came up while ``name`` was checked.

    Args:
        function: what was checked, for its signature.
    """
    place = _place(error, name)
    for kinds, say in SENTENCES.items():
        if isinstance(error, kinds) and (said := say(error, name, function, place)):
            return said
    if place:
        return f"{place}: {_message(error)}{_shapes(error)}"
    return f"The checks of {name} could not use what it returned: {_message(error)}"


def _message(error: Exception) -> str:
    text = " ".join(str(error).split())
    text = text if len(text) <= LONGEST else f"{text[:LONGEST]}…"
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def _place(error: Exception, name: str) -> str:
    """Which line of the reader's raised an error, as the beginning of a sentence; empty if none did."""
    found = readers_frame(error)
    if found is None:
        return ""
    frame, line = found
    whose = function_of(frame)
    lines = _cell_lines(frame)
    text = f", `{lines[line - 1].strip()}`" if 0 < line <= len(lines) else ""
    owner = "" if whose == name else f" ({name} calls it)"
    return f"{whose} stopped in line {line} of its cell{text}{owner}"


def _cell_lines(frame: FrameType) -> list[str]:
    return linecache.getlines(frame.f_code.co_filename, frame.f_globals)


def _shapes(error: Exception) -> str:
    """The shapes of the arrays on the line that raised an error about shapes."""
    found = readers_frame(error)
    if found is None or not isinstance(error, ValueError | RuntimeError | IndexError):
        return ""
    frame, line = found
    lines = _cell_lines(frame)
    used = re.findall(r"[A-Za-z_]\w*", lines[line - 1]) if 0 < line <= len(lines) else []
    known = {key: frame.f_locals[key] for key in dict.fromkeys(used) if key in frame.f_locals}
    shapes = [f"{key} {tuple(value.shape)}" for key, value in known.items() if getattr(value, "shape", None)]
    return f"\nThe shapes there: {', '.join(shapes)}." if shapes else ""


def _not_implemented(error: Exception, name: str, function: Any, place: str) -> str:
    unwritten = unwritten_in(error) or name
    if unwritten == name:
        return (
            f"{name} is not written yet. Replace `raise NotImplementedError` in the cell above by your code, run that "
            "cell, then run this one again."
        )
    return f"{name} needs {unwritten}, which is not written yet. Write {unwritten} first, then run this cell again."


def _overflow(error: Exception, name: str, function: Any, place: str) -> str:
    where = f" {place}." if place else ""
    if "overflow" not in str(error):
        return f"{name} computes a number that is not defined ({error}).{where}"
    return (
        f"{name} met a number that is too large for a float ({error}).{where} Rewrite it so that exp never gets a large "
        "positive number. np.where alone does not help: it computes both branches, also for the numbers it drops."
    )


def _name_error(error: Exception, name: str, function: Any, place: str) -> str | None:
    missing = getattr(error, "name", None)
    if isinstance(error, UnboundLocalError) or not missing or not place:
        return None
    return f"{place}: there is no `{missing}`. Is it spelled as you meant, and did you run the cell that makes it?"


def _key_error(error: Exception, name: str, function: Any, place: str) -> str:
    key = repr(error.args[0]) if error.args else "a key"
    if place:
        return f"{place}: it asks a dict for {key}, which is not one of its keys."
    return f"what {name} returns has no entry {key}. Return a dict with every key that the exercise names."


def _type_error(error: Exception, name: str, function: Any, place: str) -> str | None:
    text = str(error)
    if place:
        if "NoneType" in text:
            return f"{place}: {_message(error)}. Something there is None: does each function end in `return`?"
        return None
    if "unpack" in text and "NoneType" in text:
        return f"{name} returned None. Does it end in `return`, with all the results that the exercise names?"
    if "unpack" in text:
        return f"{name} returned a single value, but the exercise names several. Return all of them, in order."
    if "'NoneType'" in text:
        return f"{name}, or a part of what it returns, is None. Does it end in `return`?"
    if SIGNATURE.search(text):
        return (
            f"{name} was called as the exercise describes it, but yours takes other arguments ({text}).{_signature(function)} "
            "Put the first line, `def ...`, back as it was."
        )
    return None


def _signature(function: Any) -> str:
    try:
        return f" Yours takes {inspect.signature(function)}."
    except (TypeError, ValueError):
        return ""


def _value_error(error: Exception, name: str, function: Any, place: str) -> str | None:
    found = UNPACKED.search(str(error))
    if found is None or place:
        return None
    wanted, seen = found[2], found[3]
    returned = f"{seen}" if seen else ("more" if found[1] == "too many" else "fewer")
    return f"{name} should return {wanted} values, but it returned {returned}. Return exactly what the exercise names."


def _attribute_error(error: Exception, name: str, function: Any, place: str) -> str | None:
    if NO_SUPER.search(str(error)):
        return (
            f"{name} uses what it inherits before that is set up. Let the first line of its `__init__` be "
            "`super().__init__()`."
        )
    if not place and "'NoneType'" in str(error):
        return f"{name}, or a part of what it returns, is None. Does it end in `return`?"
    return None


def _runtime_error(error: Exception, name: str, function: Any, place: str) -> str | None:
    if "requires grad" in str(error):
        where = f" {place}." if place else ""
        return (
            f"{name} makes an array or a number of a tensor that still hangs on its gradient.{where} Take its number with "
            ".item(), or its values with .detach()."
        )
    if "super-class" in str(error) or NO_SUPER.search(str(error)):
        return _attribute_error(AttributeError("before Module.__init__() call"), name, function, place)
    return None


def _recursion_error(error: Exception, name: str, function: Any, place: str) -> str:
    return f"{name} calls itself without end. Does it call the function that you meant?"


Say = Callable[[Exception, str, Any, str], str | None]
SENTENCES: Mapping[type[Exception], Say] = {
    NotImplementedError: _not_implemented,
    RecursionError: _recursion_error,
    FloatingPointError: _overflow,
    NameError: _name_error,
    KeyError: _key_error,
    TypeError: _type_error,
    ValueError: _value_error,
    AttributeError: _attribute_error,
    RuntimeError: _runtime_error,
}
