"""Points check by check, and hints."""

import numpy as np
import pytest

from autograder.checking.checks import pure, related, values
from autograder.checking.comparing import close
from autograder.checking.exercise import Case, Exercise
from autograder.checking.mistakes import find_mistake, prepare
from autograder.checking.observation import Observation
from autograder.checking.scoring import score
from autograder.reference import rnn


def double(x):
    """Twice x."""
    return 2 * x


EXERCISE = Exercise(double)
EXERCISE.checks(
    values("a row", "a row"),
    values("a table", "a table", weight=2),
    pure("a row"),
    related("a table is no row", "a row", "a table", lambda a, b: np.shape(a) != np.shape(b)),
)


@EXERCISE.cases
def draw(rng):
    return {"a row": Case((rng.normal(size=3),)), "a table": Case((rng.normal(size=(2, 3)),))}


@EXERCISE.wrong
def tripled(x):
    """You take
    three times x."""
    return 3 * x


@pytest.fixture
def questions():
    return prepare(EXERCISE, np.random.default_rng(0))


def scored(questions, function, maximum=10):
    return score(questions, EXERCISE.trace(function, questions.cases), maximum)


def test_right_earns_everything(questions):
    verdict = scored(questions, lambda x: x + x)
    assert verdict.points == 10 and all(verdict.checks.values()) and verdict.hint is None


def test_points_are_earned_check_by_check(questions):
    assert scored(questions, lambda x: 2 * x if x.ndim == 1 else 0 * x).points == 6
    # the row is the main check, beside which alone the properties earn points
    assert scored(questions, lambda x: 2 * x if x.ndim == 2 else 0 * x).points == 4


def test_a_property_of_wrong_answers_is_worth_nothing(questions):
    verdict = scored(questions, lambda x: 0 * x)
    assert verdict.points == 0 and verdict.checks["a table is no row"]


def test_a_changed_input_costs_its_check(questions):
    def in_place(x):
        x *= 2
        return x.copy()

    assert scored(questions, in_place).points == 8


def test_an_answer_that_changes_when_asked_again_costs_its_check(questions):
    state = [0.0]

    def drifting(x):
        state[0] += 1
        return 2 * x if state[0] % 2 else 2 * x + 1

    verdict = scored(questions, drifting)
    assert not verdict.checks[EXERCISE.all_checks[2].name]


def test_a_known_mistake_is_named_on_one_line(questions):
    verdict = scored(questions, lambda x: x * 3.0)
    assert (verdict.hint_id, verdict.hint) == ("double.tripled", "You take three times x.")
    assert scored(questions, lambda x: x * 4).hint is None


def test_an_error_tells_a_known_mistake_only_by_its_type():
    def positive(x):
        """A number that must be above zero."""
        if x < 0:
            raise ValueError
        return x

    def key_error(x):
        """You raise a KeyError."""
        if x < 0:
            raise KeyError
        return x

    def always_too_large(x):
        """Yours overflows."""
        raise FloatingPointError

    cases = {"three": Case((3.0,)), "minus three": Case((-3.0,))}
    exercise = Exercise(positive)
    exercise.cases(lambda rng: cases)
    exercise.checks(values("three", "three"))
    exercise.wrong(key_error)
    exercise.wrong(always_too_large)
    questions = prepare(exercise, np.random.default_rng(0))

    def hint_for(error, above=None):
        def raises(x):
            if x < 0 or above:
                raise error
            return x

        mistake = find_mistake(questions, exercise.trace(raises, cases))
        return mistake.hint if mistake else None

    assert hint_for(KeyError) == "You raise a KeyError."
    assert hint_for(KeyError("in other words")) == "You raise a KeyError."
    assert hint_for(AssertionError) is hint_for(ValueError) is None
    assert hint_for(FloatingPointError, above=True) is hint_for(NameError, above=True) is None


@pytest.mark.parametrize(
    "answer",
    [
        None,
        "text",
        5,
        [],
        {},
        np.zeros(3),
        np.full(3, np.nan),
        np.array(["a"]),
        object(),
        (1, 2),
        1e400,
        2**99,
        float,
    ],
)
def test_answers_of_any_kind_are_judged_and_not_believed(questions, answer):
    assert scored(questions, lambda x: answer).points == 0


@pytest.mark.parametrize(
    "packed",
    [
        None,
        5,
        [],
        {},
        {"value": 1},
        {"error": []},
        {"error": "x" * 1000},
        {"value": {"array": []}, "again": 1, "inputs": 1},
        {"value": 1, "again": 1, "inputs": 5},
        {"value": {"array": ["<f8", [0, 2**32 - 1, 2**32 - 1, 2**32 - 1], ""]}, "again": 1, "inputs": 1},
        {"value": 10**4000, "again": {"tuple": [10**4000]}, "inputs": -(10**4000)},
    ],
)
def test_a_malformed_observation_earns_nothing(questions, packed):
    trace = {name: Observation.of(packed) for name in questions.cases}
    assert score(questions, trace, 10).points == 0


def test_close_compares_structure_shape_kind_and_value():
    assert close((np.ones(2), 1.0), [np.ones(2), np.array(1.0)])
    assert close({"a": np.array([1 / 3])}, {"a": np.float32([1 / 3])})
    assert not close({"a": np.float32([0.5])}, {"a": np.array([0.5])})  # single precision where double is expected
    for other in (
        np.ones(3),
        np.ones((2, 1)),
        np.ones(2, int),
        np.ones(2, bool),
        np.ones(2) + 1e-4,
        np.ones(2, np.float16),
        [1.0, 1.0],
        None,
        "ones",
        {"a": 1},
    ):
        assert not close(other, np.ones(2))
    assert not close({"a": 1.0, "b": 2.0}, {"a": 1.0}) and not close((1.0,), (1.0, 1.0))
    assert close(True, True) and close(np.array(True), True) and not close(1, True) and not close(np.array(1), True)
    assert not close(np.nan, 1.0)


def test_the_hidden_test_of_the_source_notebook_says_what_is_wrong():
    from autograder.grading.verifying import verify

    verify("04-lstm", "sigmoid", rnn.sigmoid)
    with pytest.raises(AssertionError, match="Hint: Your function falls"):
        verify("04-lstm", "sigmoid", lambda a: rnn.sigmoid(-np.asarray(a)))


def test_a_result_that_a_check_cannot_look_at_does_not_pass_and_does_not_stop_the_grader():
    def look(value):
        return np.linalg.svd(value)[1]

    exercise = Exercise(double)
    exercise.cases(lambda rng: {"a table": Case((rng.normal(size=(2, 2)),))})
    exercise.checks(values("singular values", "a table", part=look), values("a table", "a table"))
    questions = prepare(exercise, np.random.default_rng(0))
    for answer in (5.0, None, "x", np.zeros(3)):
        verdict = score(questions, exercise.trace(lambda x, answer=answer: answer, questions.cases), 1)
        assert verdict.points == 0
