"""What an exercise is: a reference, inputs drawn for it, named checks, and the bank that the checks are tested by."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.sandbox.protocol import wire
from autograder.sandbox.protocol.observing import EXCEPTIONS, as_tensors, observe


@dataclass(frozen=True)
class Case:
    """One call: the arguments, and whether floating-point overflow counts as an error."""

    args: tuple
    strict: bool = False


@dataclass(frozen=True)
class Observation:
    """What one call showed: a result, the same again, and what became of the inputs; or the name of an error, and which
    words of the arguments its message has.
    """

    value: Any = None
    again: Any = None
    inputs: tuple = ()
    error: str | None = None
    names: tuple = ()

    @classmethod
    def of(cls, packed, view=None):
        """From the packed form in which it crossed the wall, which comes from untrusted code.

        A result that is malformed, or that ``view`` cannot look at, becomes an ``Other``: equal to nothing.
        """
        try:
            if "error" in packed:
                error = packed["error"]
                names = packed.get("names", [])
                names = tuple(name for name in names if isinstance(name, str)) if isinstance(names, list) else ()
                return cls(error=error if error in EXCEPTIONS else "Exception", names=names)
            value, again, inputs = (wire.unpack(packed[key], wire.TOLD_APART) for key in ("value", "again", "inputs"))
        except (wire.MalformedMessage, KeyError, TypeError, RecursionError):
            return cls(error="Exception")
        return cls(*((_viewed(view, result) for result in (value, again)) if view else (value, again)), inputs)


def _viewed(view, result):
    try:
        return view(result)
    except Exception:  # a result from a stranger may be anything
        return wire.Opaque("a result of another kind")


Trace = dict[str, Observation]  # by the name of the case


@dataclass(frozen=True)
class Check:
    """A named check with its share of the points.

    ``test(seen, wanted, cases)`` gets the student's trace, the reference's trace and the cases. A ``property`` (input
    left alone, examples independent, ...) is true of many wrong functions too, so it earns points only when some other
    check passes.
    """

    name: str
    test: Callable[[Trace, Trace, dict[str, Case]], bool]
    weight: float = 1
    property: bool = False


@dataclass(frozen=True)
class Exercise:
    """One function, or one class of torch modules, that students write.

    Args:
        reference: the hidden solution; its name is the exercise's name and grade id.
        draw: from a random generator to named cases, the same number and shapes each time, values fresh. The arguments
            of a case for a class: ``(init, weights, inputs)``, see ``sandbox/protocol/modules.py``.
        checks: see ``checks.py``.
        misconceptions: wrong versions; the docstring of each is its hint, its name the hint's id.
        alternatives: right versions written differently; each must get full marks.
        uses: earlier exercises that a solution calls. A wrong one is paid for there, not here.
        library: whether torch's ready-made recurrent layers may be used.
        view: from a result to what of it is judged, where several results are equally right.
        functions: functions of ours that inputs may name, with ``wire.FunctionRef``.
        tensors: whether it takes torch tensors. They cross the wall as arrays, and a stand-in for it is given tensors.
    """

    reference: Callable
    draw: Callable[[np.random.Generator], dict[str, Case]]
    checks: tuple[Check, ...]
    misconceptions: tuple[Callable, ...]
    alternatives: tuple[Callable, ...]
    uses: tuple[str, ...] = ()
    library: bool = False
    view: Callable | None = None
    functions: dict[str, Callable] = field(default_factory=dict)
    tensors: bool = False

    @property
    def name(self):
        return self.reference.__name__

    def substitute(self, *args):
        """The reference in the place of a student's function that another one calls: arrays come in over the wall."""
        return self.reference(*(as_tensors(args) if self.tensors else args))

    def trace(self, function, cases):
        """The trace of one of our own functions: the reference, a misconception, an alternative."""
        resolve = self.functions.__getitem__
        return {
            name: Observation.of(observe(function, wire.pack(case.args), case.strict, resolve), self.view)
            for name, case in cases.items()
        }


def collect(namespace):
    """The functions of a class that serves as a namespace: the misconceptions, or the alternatives, of one exercise."""
    return tuple(member for name, member in vars(namespace).items() if callable(member) and not name.startswith("_"))


def hint_of(misconception):
    """The one-sentence hint of a misconception, on one line."""
    return " ".join(misconception.__doc__.split())
