"""A mistake in an exercise's file is one sentence with file, line and remedy."""

import sys

import numpy as np
import pytest

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise, ExerciseError
from autograder.errors import UserError
from autograder.exercises import UNITS, exercise_named
from autograder.reporting.bank_check import chosen, outcome


def double(x):
    return 2 * x


@pytest.fixture
def exercise():
    made = Exercise(double)
    made.cases(lambda rng: {"a row": Case((rng.normal(size=3),))})
    made.checks(values("a row", "a row"))
    return made


def complaint(action):
    with pytest.raises(ExerciseError, match=r"test_exercise\.py:\d+: ") as caught:
        action()
    return str(caught.value)


def test_a_wrong_version_without_a_docstring(exercise):
    def silent(x):
        return x

    assert "Write the hint" in complaint(lambda: exercise.wrong(silent))


def test_a_name_or_a_hint_that_is_taken(exercise):
    def tripled(x):
        """You take three times x."""
        return 3 * x

    def also_tripled(x):
        """You take three times x."""
        return 3 * x

    exercise.wrong(tripled)
    assert "Rename one" in complaint(lambda: exercise.wrong(tripled))
    assert "Say how they differ" in complaint(lambda: exercise.wrong(also_tripled))


def test_a_check_that_looks_at_a_case_that_is_not_drawn(exercise):
    exercise.checks(values("a table", "a tabel"))
    assert "'a tabel', which is not drawn. The cases are: a row." in complaint(
        lambda: exercise.draw(np.random.default_rng(0))
    )


def test_two_checks_or_two_cases_of_one_name(exercise):
    assert "Give each its own name" in complaint(lambda: exercise.checks(values("a row", "a row")))
    exercise.cases(lambda rng: {"a row": Case((1.0,))})
    assert "Rename one" in complaint(lambda: exercise.draw(np.random.default_rng(0)))


def test_what_the_bank_finds_is_said_with_file_line_and_remedy(exercise):
    @exercise.wrong
    def right_after_all(x):
        """You are wrong."""
        return x + x

    @exercise.right
    def not_right(x):
        return x

    exercise.cases(lambda rng: {"never looked at": Case((1.0,))})
    exercise.checks(values("anything", "a row", part=lambda value: None))
    said = list(outcome("01-rnn", exercise, np.random.default_rng(0)).complaints())
    for words in (
        "right_after_all of double gets full marks. Add a case",
        "not_right of double fails: a row. Mend it",
        "the number 0.0 everywhere earns 50%",
        "'anything' catches no wrong version",
        "no check looks at the case 'never looked at'",
    ):
        assert any(words in sentence and "test_exercise.py:" in sentence for sentence in said), (words, said)


def test_a_file_that_is_missing():
    with pytest.raises(ExerciseError, match=r"There is no exercise 'never_written': write .*never_written\.py"):
        exercise_named("never_written")


def test_a_file_that_cannot_be_imported(monkeypatch):
    monkeypatch.delattr("autograder.reference.rnn.sigmoid")
    monkeypatch.delitem(sys.modules, "autograder.exercises.sigmoid", raising=False)
    exercise_named.cache_clear()
    with pytest.raises(ExerciseError, match=r"sigmoid\.py:\d+: .*Error: .*sigmoid.* Correct that"):
        exercise_named("sigmoid")


def test_one_exercise_one_unit_or_all_of_the_bank_can_be_asked_for():
    assert chosen("rnn_step") == [("01-rnn", "rnn_step")]
    assert [name for _, name in chosen("07-gru")] == list(UNITS["07-gru"])
    assert len(chosen()) == sum(map(len, UNITS.values()))
    with pytest.raises(UserError, match="no unit and no exercise 'rnn_stop'"):
        chosen("rnn_stop")
