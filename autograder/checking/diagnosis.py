"""What can truly be said about a wrong answer that equals no known mistake, in one to three short sentences."""

import inspect
from typing import Any

import numpy as np

from autograder.checking.comparing import alike, close
from autograder.checking.exercise import Case, Cases, Exercise
from autograder.checking.forms import form
from autograder.checking.observation import Fact, Trace
from autograder.checking.relations import relation
from autograder.sandbox.protocol.errors import CellError

NOTHING_TO_SAY = "It is right in each case by itself; see which of the checks failed."
RAISED = {
    "NotImplementedError": "it is not written yet",
    "NoSuchFunction": "there is no function of that name after its cell was run",
    "TimeLimit": "it took too long and was stopped",
    "LibraryDoesTheExercise": "it calls a ready-made recurrent layer of torch, which this exercise does not allow",
    "MemoryError": "it ran out of memory",
    "Exception": "it raised an error of its own, or its answer could not be read",
}


def raised(error: CellError) -> str:
    """What was raised, where, and with which message, as the end of a sentence."""
    words = RAISED.get(error.name, f"it raised {error.name}")
    if error.name in ("NotImplementedError", "NoSuchFunction", "TimeLimit"):
        return words
    words += f": {error.message}" if error.message else ""
    return words + (f" (line {error.line} of its cell: {error.code})" if error.line and error.code else "")


def diagnose(
    exercise: Exercise, cases: Cases, trace: Trace, expected: Trace, explained: dict[str, list[str]] | None = None
) -> str:
    """A text for the student: which cases differ, and how; never a number that was drawn.

    Args:
        trace, expected: of the answer and of the reference, for the same cases.
        explained: from hints of known mistakes to the parts of the result that each explains.
    """
    sentences = _errors(trace, expected)
    whole = [name for name in cases if not trace[name].error and not expected[name].error]
    wrong = [name for name in whole if not close(trace[name].value, expected[name].value)]
    if explained:
        said = [f"{', '.join(_wholes(parts))}: {hint}" for hint, parts in explained.items()]
        sentences += ["Several things are wrong at once.", *said] if len(explained) > 1 else explained
    elif wrong:
        sentences += _values(exercise, cases, trace, expected, wrong, whole)
    if whole:
        sentences += _effects(exercise, cases, trace, expected, whole, right=not wrong)
    if any(not close(trace[name].again, trace[name].value) for name in whole):
        sentences.append(
            "A second call with equal arguments gives another answer: something is kept between calls, or drawn at random."
        )
    missed = [name for name in cases if expected[name].error and not trace[name].error]
    if missed:
        sentences.append(f"It should raise an error in {_quoted(missed)}, but does not.")
    return " ".join(sentences) or NOTHING_TO_SAY


def _wholes(parts: list[str]) -> list[str]:
    """What these parts belong to, each once: "the first" of "the first: its sign"; see ``leaves_of``."""
    return list(dict.fromkeys(part.partition(": ")[0] for part in parts))


def _errors(trace: Trace, expected: Trace) -> list[str]:
    failed = {name: seen for name, seen in trace.items() if seen.error and not expected[name].error}
    if failed:
        first = next(iter(failed.values()))
        where = "In every case " if len(failed) == len(trace) else f"In {_quoted(list(failed))} "
        if first.error in ("NotImplementedError", "NoSuchFunction") and len(failed) == len(trace):
            where = ""
        return [_sentence(where + raised(first.raised))]
    other = [
        n
        for n, seen in trace.items()
        if seen.error and (seen.error, seen.names) != (expected[n].error, expected[n].names)
    ]
    if other:
        kind = "another type of error" if trace[other[0]].error != expected[other[0]].error else "another message"
        return [f"In {_quoted(other)} it raises {trace[other[0]].error}: {kind} than was asked for."]
    return []


def _effects(
    exercise: Exercise, cases: Cases, trace: Trace, expected: Trace, whole: list[str], right: bool
) -> list[str]:
    """What else a call did. ``right``: whether all of its results are right."""
    sentences = []
    names = _argument_names(exercise, max(len(expected[name].inputs) for name in whole))
    start = "Its results are right, but it" if right else "It also"
    changed: dict[str, str] = {}
    for case in whole:
        before = zip(names, trace[case].inputs, expected[case].inputs, cases[case].args, strict=False)
        for name, after, wanted, given in before:
            if not close(after, wanted) and (right or close(wanted, given)):
                changed.setdefault(name, name + _entry(after, wanted))
    if changed:
        words = list(changed.values())
        what = f"argument {words[0]}" if len(words) == 1 else f"arguments {', '.join(words[:-1])} and {words[-1]}"
        belongs = "belongs" if len(words) == 1 else "belong"
        sentences.append(f"{start} changes the {what}, which {belongs} to the caller.")
    same = [names[n] for name in whole for n in trace[name].aliases if n not in expected[name].aliases]
    if same and right and not changed:
        sentences.append(f"{start} returns the argument {same[0]} itself in some case, not a new object.")
    return sentences


def _entry(after: Any, before: Any) -> str:
    """Which entry of a dict was changed, or whether there are new ones, in brackets."""
    if not isinstance(before, dict) or not isinstance(after, dict):
        return ""
    keys = sorted(key for key in before if not close(after.get(key), before[key]))
    return f" (its entry {keys[0]!r})" if keys else " (it has new entries)"


def _values(
    exercise: Exercise, cases: Cases, trace: Trace, expected: Trace, wrong: list[str], whole: list[str]
) -> list[str]:
    right = [name for name in whole if name not in wrong]
    where = (
        f"It is right in {_quoted(right)}, and wrong in {_quoted(wrong)}." if right else "It is wrong in every case."
    )
    sentences = [where]
    for name in wrong:
        misfit = form(trace[name].value, expected[name].value, exercise.results)
        if misfit:
            sentences.append(_sentence(f"In {name!r} {misfit}" if len(wrong) > 1 else f"There {misfit}"))
            if not all(alike(trace[one].value, expected[one].value, _same_shape) for one in wrong):
                return sentences
            if all(alike(trace[one].value, expected[one].value, _same_numbers) for one in wrong):
                return [*sentences, "Its numbers are right."]
            break
    leaves = [dict(leaves_of(expected[name].value, exercise.results)) for name in wrong]
    found = [dict(leaves_of(trace[name].value, exercise.results)) for name in wrong]
    parts = [part for part in leaves[0] if all(part in one for one in leaves + found) and part[0] != "_"]
    bad = [part for part in parts if any(not close(a[part], e[part]) for a, e in zip(found, leaves, strict=True))]
    good = [part for part in parts if part not in bad]
    if len(parts) > 6 and not good:
        sentences.append(f"None of the {len(parts)} parts of the result is right.")
    elif len(parts) > 1:
        sentences.append((f"Right: {', '.join(good)}. " if good else "") + f"Wrong: {', '.join(bad)}.")
    said: dict[str, list[str]] = {}
    for part in bad:
        touched = [n for n, (a, e) in enumerate(zip(found, leaves, strict=True)) if not close(a[part], e[part])]
        words = _relation(
            exercise,
            [found[n][part] for n in touched],
            [leaves[n][part] for n in touched],
            [cases[wrong[n]] for n in touched],
        )
        if words:
            said.setdefault(words, []).append(part)
        elif all(isinstance(found[n][part], Fact) for n in touched):
            sentences.append(f"Your {part.removeprefix('the ')}: {found[touched[0]][part]}.")
    for words, these in list(said.items())[:2]:
        subject = "It" if len(parts) == 1 else f"Each of {', '.join(these)}" if len(these) > 1 else these[0]
        sentences.append(f"{subject} {words}." if subject.isidentifier() else _sentence(f"{subject} {words}"))
    if not said and "one of everything" in wrong:
        sentences.append("It is wrong even where every size is 1, so not only in an axis, a transpose or the batch.")
    return sentences


def _same_shape(actual: Any, expected: Any) -> bool:
    return np.shape(actual) == np.shape(expected)


def _same_numbers(actual: Any, expected: Any) -> bool:
    try:
        return np.allclose(actual, expected, 1e-5, 1e-7, equal_nan=True)
    except (TypeError, ValueError):
        return close(actual, expected)


def _relation(exercise: Exercise, actual: list[Any], expected: list[Any], cases: list[Case]) -> str | None:
    if not all(isinstance(one, np.ndarray | float | int) and not isinstance(one, bool) for one in actual + expected):
        return None
    names = _argument_names(exercise, len(cases[0].args))
    arguments = [dict(zip(names, case.args, strict=False)) for case in cases]
    sizes = [
        {
            f"{name}.shape[{axis}]": n
            for name, one in case.items()
            if isinstance(one, np.ndarray)
            for axis, n in enumerate(one.shape)
        }
        for case in arguments
    ]
    try:
        return relation(
            [(np.asarray(a), np.asarray(e)) for a, e in zip(actual, expected, strict=True)], sizes, arguments
        )
    except (TypeError, ValueError, IndexError):
        return None


def leaves_of(value: Any, names: tuple[str, ...] = (), path: str = "") -> list[tuple[str, Any]]:
    """The ends of a nested result, each with a name: "key: name" where a name occurs under several keys."""
    if isinstance(value, tuple | list) and not (value and all(isinstance(one, float | int | str) for one in value)):
        named = [names[n] if n < len(names) else f"{path or 'part'} {n + 1}" for n in range(len(value))]
        return [leaf for name, one in zip(named, value, strict=True) for leaf in leaves_of(one, path=name)]
    if isinstance(value, dict):
        inside = {str(key): leaves_of(one, path=str(key)) for key, one in value.items()}
        found = [name for leaves in inside.values() for name, _ in leaves]
        unique = len(set(found)) == len(found)
        return [(name if unique else f"{key}: {name}", leaf) for key, leaves in inside.items() for name, leaf in leaves]
    return [(path or "the result", np.asarray(value) if isinstance(value, list | tuple) else value)]


def _argument_names(exercise: Exercise, count: int) -> list[str]:
    names = [] if isinstance(exercise.reference, type) else list(inspect.signature(exercise.reference).parameters)
    return [names[n] if n < len(names) else f"number {n + 1}" for n in range(count)]


def _quoted(names: list[str]) -> str:
    words = [f"“{name}”" for name in names]
    if len(words) > 4:
        words = [*words[:3], f"{len(words) - 3} more cases"]
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"


def _sentence(text: str) -> str:
    text = text[0].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else text + "."
