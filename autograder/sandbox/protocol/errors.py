"""What is told about an error that student code raised: its type, its message without numbers, and the line of the cell."""

import linecache
import re
from dataclasses import dataclass
from typing import Any

PYTHON_ERRORS = (
    "ArithmeticError AssertionError AttributeError EOFError FileNotFoundError FloatingPointError ImportError IndentationError "
    "IndexError KeyError LookupError MemoryError ModuleNotFoundError NameError NotImplementedError OSError OverflowError "
    "PermissionError RecursionError RuntimeError StopIteration SyntaxError SystemExit TabError TypeError UnboundLocalError "
    "UnicodeDecodeError UnicodeEncodeError ValueError ZeroDivisionError"
)
EXCEPTIONS = {*PYTHON_ERRORS.split(), "TimeLimit", "LibraryDoesTheExercise", "NoSuchFunction"}
CELL = "<ipython-input-"  # how IPython's names of cells begin
MAX_MESSAGE, MAX_CODE, MAX_LINE = 160, 100, 100_000
NUMBER = re.compile(r"(?:\d+(?:\.\d+|\.(?!$))?|\.\d+)(?:[eE][-+]?\d+)?")


@dataclass(frozen=True)
class CellError:
    """An error that ended a cell: the name of its type, its message, and the line of the cell. Untrusted, but plain text."""

    name: str
    message: str | None = None
    line: int | None = None
    code: str | None = None

    @classmethod
    def of(cls, packed: Any) -> "CellError":
        """From what ``describe_error`` wrote, or anything that untrusted code put in its place."""
        given = packed if isinstance(packed, dict) else {}
        name, line, message, code = (given.get(key) for key in ("error", "line", "message", "code"))
        return cls(
            name if isinstance(name, str) and name in EXCEPTIONS else "Exception",
            without_numbers(message) if isinstance(message, str) else None,
            line if type(line) is int and 0 < line < MAX_LINE else None,
            one_line(code, MAX_CODE) if isinstance(code, str) else None,
        )


def error_name(error: BaseException) -> str:
    """The nearest of Python's own types of an error: a name that a student chose could carry a message out."""
    return next((kind.__name__ for kind in type(error).__mro__ if kind.__name__ in EXCEPTIONS), "Exception")


def describe_error(error: BaseException) -> dict[str, Any]:
    """The "error", "message", "line" and "code" of an error, as ``CellError.of`` reads them; what is unknown is left out.

    Only an error of one of Python's own types has a message: any other type may write its own.
    """
    described: dict[str, Any] = {"error": error_name(error)}
    try:
        if type(error).__module__ == "builtins" and (message := without_numbers(_message(error))):
            described["message"] = message
        if (place := _place(error)) and (code := one_line(linecache.getline(*place), MAX_CODE)):
            described |= {"line": place[1], "code": code}
    except Exception:  # untrusted code made this error: reading it may fail in any way
        pass
    return described


def without_numbers(text: str) -> str | None:
    """A message on one line, in which "…" stands for each number that a hidden input could be."""
    return one_line(NUMBER.sub(_hidden, one_line(text, 4 * MAX_MESSAGE) or ""), MAX_MESSAGE)


def one_line(text: str, limit: int) -> str | None:
    """The first characters of a text on one line, all of them printable; None if nothing is left."""
    plain = "".join(letter if letter.isprintable() else " " for letter in text[: 4 * limit])
    return " ".join(plain.split())[:limit].strip() or None


def _hidden(number: re.Match[str]) -> str:
    return number[0] if number[0].isdigit() and len(number[0]) <= 4 else "…"


def _message(error: BaseException) -> str:
    return error.msg if isinstance(error, SyntaxError) else str(error)


def _place(error: BaseException) -> tuple[str, int] | None:
    """The name of the cell and the line in it, of the innermost frame that belongs to a cell."""
    if isinstance(error, SyntaxError) and (error.filename or "").startswith(CELL) and error.lineno:
        return str(error.filename), error.lineno
    found, trace = None, error.__traceback__
    while trace is not None:
        name = trace.tb_frame.f_code.co_filename
        found = (name, trace.tb_lineno) if name.startswith(CELL) else found
        trace = trace.tb_next
    return found
