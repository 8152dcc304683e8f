"""Unit 05, the last exercise: what readers read off three pictures; and what each answer is worth."""

from autograder.exercises.checks import values
from autograder.exercises.exercise import Case, Check, Exercise, collect
from autograder.exercises.reading.alternatives import pictures as right
from autograder.exercises.reading.misconceptions import pictures
from autograder.reference import reading_pictures

# numbers stand in the pictures with two decimals: half of the last one is what they were rounded by, and no bar of a
# neighbour is as near
CASE, NEAR = "your answers", 0.006


def view_answers(answers):
    """Words without regard to capitals and spaces around them, several words as a list, numbers as floats."""
    return {key: _plain(answer) for key, answer in answers.items()}


def _plain(answer):
    if isinstance(answer, str):
        return " ".join(answer.lower().split())
    if isinstance(answer, list | tuple):
        return [_plain(part) for part in answer]
    return float(answer)


def word(key, what, weight=1):
    return values(what, CASE, part=key, weight=weight)


def number(key, what, weight=1):
    """A number as it stands in the picture, or as it was worked out before it was rounded."""

    def test(seen, wanted, _):
        answers = seen[CASE].value
        return not seen[CASE].error and abs(answers[key] - wanted[CASE].value[key]) <= NEAR

    return Check(what, test, weight)


GATES = Exercise(
    reading_pictures.what_the_gates_say,
    lambda rng: {CASE: Case(())},
    (
        word("widest open", "the two words at which the update gate opens widest"),
        word("past let go", "the word at which the reset gate lets go of the first guest"),
        word("flips, told", "where the prediction flips if a taste is told"),
        word("flips, untold", "where the prediction flips if none is told"),
        number("gate at the decoy", "the update gate at the dish that is merely sold"),
        word("tempting", "the word after barkroll that still moves the answer most"),
        number("first kept", "what is left of the first dish"),
        number("last kept", "what is left of the second dish"),
    ),
    collect(pictures.what_the_gates_say),
    collect(right.what_the_gates_say),
    view=view_answers,
)
