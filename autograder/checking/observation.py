"""What one call of a function showed, whether it was a student's, the reference, or a known mistake."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from autograder.sandbox.protocol import wire
from autograder.sandbox.protocol.errors import CellError

View = Callable[[Any], Any]


@dataclass(frozen=True)
class Observation:
    """The result of a call, the result of a second call, and the arguments afterwards; or the error that was raised.

    Attributes:
        value, again: the results of two calls with equal arguments. inputs: the arguments as the first call left them.
        aliases: the places of the arguments that the first result is itself, or a view of, where a new object may be asked for.
        error: the name of the error's type, if one was raised. names: words of the arguments that its message has.
        message, line, code: the error's message, the line of the student's cell that raised it, and that line's text.
    """

    value: Any = None
    again: Any = None
    inputs: tuple[Any, ...] = ()
    aliases: tuple[int, ...] = ()
    error: str | None = None
    names: tuple[str, ...] = ()
    message: str | None = None
    line: int | None = None
    code: str | None = None

    @classmethod
    def of(cls, packed: Any, view: View | None = None) -> "Observation":
        """From the packed form in which it left the sandbox, which untrusted code has written.

        A result that is malformed counts as an error; one that ``view`` cannot look at is ``Opaque``, equal to nothing.
        """
        try:
            if "error" in packed:
                return cls._of_error(packed)
            value, again, inputs = (wire.unpack(packed[key], wire.TOLD_APART) for key in ("value", "again", "inputs"))
        except (wire.MalformedMessage, KeyError, TypeError, RecursionError):
            return cls(error="Exception")
        if not isinstance(inputs, tuple):
            return cls(error="Exception")
        if view:
            value, again = _viewed(view, value), _viewed(view, again)
        places = packed.get("aliases")
        aliases = (
            tuple(n for n in places if type(n) is int and 0 <= n < len(inputs)) if isinstance(places, list) else ()
        )
        return cls(value, again, inputs, aliases)

    @classmethod
    def _of_error(cls, packed: dict[str, Any]) -> "Observation":
        raised, names = CellError.of(packed), packed.get("names")
        words = tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()
        return cls(error=raised.name, names=words, message=raised.message, line=raised.line, code=raised.code)

    @property
    def raised(self) -> CellError:
        """The error that was raised, as it is told of a cell."""
        return CellError(self.error or "Exception", self.message, self.line, self.code)


class Fact(str):
    """What a view says about a result, in words that a student may read. Facts about equal results are equal."""


UNREADABLE = wire.Opaque("a result of another kind")  # what a view could not look at
Trace = dict[str, Observation]  # by the name of the case


def _viewed(view: View, result: Any) -> Any:
    if result is None:
        return None
    try:
        return view(result)
    except Exception:  # untrusted code made this result: it may be anything
        return UNREADABLE
