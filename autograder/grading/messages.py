"""What students and instructors read about a score: named checks, a hint, a reason; never a number that was expected."""

from autograder.checking.scoring import Score


def number(points: float) -> str:
    return f"{points:g}"


def message(name: str, score: Score) -> str:
    """The verdict on one exercise, as it stands below its test cell."""
    lines = [f"{name}: {number(score.points)} of {number(score.maximum)} points"]
    lines += [_line(check, passed, score) for check, passed in score.checks.items()]
    if score.note:
        lines.append(_sentence(score.note))
    if score.diagnosis:
        lines.append(score.diagnosis)
    if score.hint:
        lines.append(f"Hint: {score.hint}")
    return "\n".join(lines)


def _line(check: str, passed: bool, score: Score) -> str:
    if passed and not score.points:
        return f"  · {check} (true of your answer, but worth points only beside a right one)"
    return f"  {'✓' if passed else '✗'} {check}"


def _sentence(text: str) -> str:
    text = text[0].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else text + "."
