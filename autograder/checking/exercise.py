"""What an exercise is: a reference, named cases, named checks, and a bank of wrong and right versions that tests the checks."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.checking.observation import Observation, Trace, View
from autograder.errors import UserError
from autograder.sandbox.protocol import wire
from autograder.sandbox.protocol.observing import as_tensor, as_tensors, observe, open_model

MAX_HINT = 260  # characters


class ExerciseError(UserError):
    """A mistake in an exercise's file. The message names file and line, and says what to do."""


@dataclass(frozen=True)
class Case:
    """One call.

    Attributes:
        strict: whether floating-point overflow counts as an error.
        functions: functions of ours by the names that ``wire.FunctionRef`` arguments give them. No other can be called
            while this case is asked, so a case cannot ask about the functions of another one.
    """

    args: tuple[Any, ...]
    strict: bool = False
    functions: dict[str, Callable[..., Any]] = field(default_factory=dict)


Cases = dict[str, Case]
Draw = Callable[[np.random.Generator], Cases]


@dataclass(frozen=True)
class Check:
    """A named check with its share of the points.

    Attributes:
        test: ``test(actual, expected)`` gets the student's trace and the reference's.
        cases: the names of the cases that it looks at.
        property: true of many wrong answers too (input unchanged, examples independent, an edge where a wrong formula
            is right), so it earns points only beside the exercise's main check, which is its first one.
    """

    name: str
    test: Callable[[Trace, Trace], bool]
    cases: tuple[str, ...]
    weight: float = 1
    property: bool = False


@dataclass(frozen=True)
class Mistake:
    """A known wrong version. Its hint is shown to a student whose answers equal it in every case."""

    id: str
    hint: str
    function: Callable[..., Any]


class Exercise:
    """One function, or one class of torch modules, that students write. Lives in the file of its name.

    Args:
        reference: the hidden solution; its name is the name of the exercise, of its file and its grade id.
        library: whether torch's ready-made recurrent layers may be used.
        view: from a result to what of it is judged, where several results are equally right.
        tensors: whether it takes torch tensors. They cross the sandbox's wall as arrays.
        results: what its results are called, where there are several: a diagnosis speaks of them by these names.
    """

    def __init__(
        self,
        reference: Callable[..., Any],
        *,
        library: bool = False,
        view: View | None = None,
        tensors: bool = False,
        results: tuple[str, ...] = (),
    ) -> None:
        self.reference, self.name = reference, reference.__name__
        self.library, self.view, self.tensors = library, view, tensors
        self.results = results
        self.mistakes: dict[str, Mistake] = {}
        self.alternatives: dict[str, Callable[..., Any]] = {}
        self.all_checks: list[Check] = []
        self._draws: list[Draw] = []

    # how a file fills it

    def cases(self, draw: Draw) -> Draw:
        """Add named cases, drawn from a generator: the same names and shapes each time, numbers fresh. A decorator."""
        self._draws.append(draw)
        return draw

    def checks(self, *checks: Check) -> None:
        """Add checks. The first one of all is the main check."""
        for check in checks:
            if any(check.name == other.name for other in self.all_checks):
                raise ExerciseError(f"{_caller()}: two checks are called {check.name!r}. Give each its own name.")
            self.all_checks.append(check)

    def wrong(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Add a wrong version, whose docstring is its hint. A decorator.

        Raises:
            ExerciseError: if it has no docstring, or one that is too long, or its name or hint is taken.
        """
        self.add_mistake(function.__name__, function.__doc__, function)
        return function

    def add_mistake(self, name: str, hint: str | None, function: Callable[..., Any]) -> None:
        """Add a wrong version by name, as families do. Raises as ``wrong``."""
        where = line_of(function)
        if not hint or not hint.strip():
            raise ExerciseError(f"{where}: {name} has no docstring. Write the hint that a student should read.")
        hint = " ".join(hint.split())
        if len(hint) > MAX_HINT or not hint.endswith((".", "?")):
            raise ExerciseError(f"{where}: the hint of {name} should be a sentence of at most {MAX_HINT} letters.")
        if name in self.mistakes:
            raise ExerciseError(f"{where}: {self.name} has two wrong versions called {name}. Rename one.")
        if any(hint == other.hint for other in self.mistakes.values()):
            raise ExerciseError(f"{where}: {name} has the same hint as another wrong version. Say how they differ.")
        self.mistakes[name] = Mistake(f"{self.name}.{name}", hint, function)

    def right(self, function: Callable[..., Any]) -> Callable[..., Any]:
        """Add a right version that is written differently; it must earn full marks. A decorator."""
        if function.__name__ in self.alternatives:
            raise ExerciseError(f"{line_of(function)}: two right versions are called {function.__name__}. Rename one.")
        self.alternatives[function.__name__] = function
        return function

    def add(self, *families: Callable[["Exercise"], None]) -> None:
        """Add what families bring: cases, checks, mistakes, right versions."""
        for family in families:
            family(self)

    def wrote(self, function: Callable[..., Any]) -> bool:
        """Whether a version stands in this exercise's own file, and was not made by a family."""
        return function.__module__ == f"autograder.exercises.{self.name}" and function.__qualname__ == function.__name__

    # how graders use it

    def draw(self, rng: np.random.Generator) -> Cases:
        """All cases, drawn.

        Raises:
            ExerciseError: if two cases have the same name, or a check looks at a case that is not drawn.
        """
        cases: Cases = {}
        for draw in self._draws:
            for name, case in draw(rng).items():
                if name in cases:
                    raise ExerciseError(f"{line_of(draw)}: two cases of {self.name} are called {name!r}. Rename one.")
                cases[name] = case
        for check in self.all_checks:
            if missing := [name for name in check.cases if name not in cases]:
                raise ExerciseError(
                    f"{line_of(self.reference)}: the check {check.name!r} of {self.name} looks at the case "
                    f"{missing[0]!r}, which is not drawn. The cases are: {', '.join(cases)}."
                )
        return cases

    def substitute(self, *args: Any) -> Any:
        """The reference, called from a student's code where the student's own version is wrong."""
        return self.reference(*(as_tensors(args) if self.tensors else args))

    def observe(self, function: Callable[..., Any], case: Case) -> Observation:
        """One call of a function of ours, observed as a student's is."""
        return Observation.of(
            observe(function, wire.pack(case.args), case.strict, case.functions.__getitem__), self.view
        )

    def result(self, function: Callable[..., Any], case: Case) -> Any:
        """The result of one call of a function of ours, without a view; raises what it raises."""
        decoders = wire.Decoders(case.functions.__getitem__, as_tensor, open_model)
        with np.errstate(all="ignore"):
            value = function(*wire.unpack(wire.pack(case.args), decoders))
        return wire.unpack(wire.pack(value), wire.TOLD_APART)

    def trace(self, function: Callable[..., Any], cases: Cases) -> Trace:
        """The trace of a function of ours: the reference, a mistake, a right version."""
        return {name: self.observe(function, case) for name, case in cases.items()}


def line_of(function: Callable[..., Any]) -> str:
    """File and line of a function, as the start of a sentence for an author."""
    try:
        code = inspect.unwrap(function)
        return f"{inspect.getsourcefile(code)}:{inspect.getsourcelines(code)[1]}"
    except (OSError, TypeError):
        return getattr(function, "__module__", "an exercise")


def _caller() -> str:
    frame = inspect.stack()[2]
    return f"{frame.filename}:{frame.lineno}"
