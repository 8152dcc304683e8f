"""What students and instructors read about a score: named checks, a hint, a reason; never a number that was expected."""

RAISED = {
    "NotImplementedError": "it is not written yet",
    "NoSuchFunction": "there is no function of that name after its cell was run",
    "TimeLimit": "it took too long and was stopped",
    "LibraryDoesTheExercise": "it calls a ready-made recurrent layer of torch, which may not do this exercise",
    "MemoryError": "it ran out of memory",
    "Exception": "it raised an error",
}


def raised(error):
    """What happened when a function was called, in words, from the name of the error."""
    return RAISED.get(error, f"it raised {error}")


def number(points):
    return f"{points:g}"


def message(name, score):
    """The verdict on one exercise, as it stands below its test cell."""
    lines = [f"{name}: {number(score.points)} of {number(score.maximum)} points"]
    lines += [_line(check, passed, score) for check, passed in score.checks.items()]
    if score.note:
        lines.append(_sentence(score.note))
    if score.hint:
        lines.append(f"Hint: {score.hint}")
    return "\n".join(lines)


def _line(check, passed, score):
    if passed and not score.points:
        return f"  · {check} (true of your answer, but worth points only beside a right one)"
    return f"  {'✓' if passed else '✗'} {check}"


def _sentence(text):
    text = text[0].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else text + "."
