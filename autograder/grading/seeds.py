"""The seeds of hidden inputs: other ones for every submission and every run, the same when a submission is graded again."""

import hashlib
import hmac

ATTEMPTS = 5  # runs that one submission can have: see ``dispatching.grade_submission``


def attempt_keys(secret: bytes, unit: str, student: str, notebook: bytes) -> tuple[str, ...]:
    """One key for each run of a submission.

    The student's name is part of it: two students who hand in the same file are asked different things, so that nothing
    which one run learns is worth anything to the other.
    """
    name = student.encode("utf-8", "surrogateescape")
    submission = hashlib.sha256(len(name).to_bytes(8, "big") + name + notebook).hexdigest()
    return tuple(_derive(secret, f"{unit}/{submission}/{attempt}") for attempt in range(ATTEMPTS))


def exercise_seed(key: str, exercise: str) -> int:
    """The seed of one exercise's inputs in one run, from the key of that run."""
    return int(_derive(key.encode("ascii"), exercise), 16)


def _derive(secret: bytes, text: str) -> str:
    return hmac.new(secret, text.encode("utf-8"), hashlib.sha256).hexdigest()
