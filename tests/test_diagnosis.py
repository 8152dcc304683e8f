"""Diagnoses of wrong answers: what is said when it is true, and not said when it is not."""

import numpy as np
import pytest

from autograder.checking.diagnosis import diagnose
from autograder.checking.exercise import Case, Exercise


def right(x):
    return 0.3 * x + 0.1 * x**2


def draw(rng):
    return {
        "two rows": Case((rng.normal(size=(2, 4)),)),
        "three rows": Case((rng.normal(size=(3, 4)),)),
        "as many rows as columns": Case((rng.normal(size=(4, 4)),)),
    }


def said(answer, reference=right, cases=draw, **options):
    exercise = Exercise(reference, **options)
    exercise.cases(cases)
    drawn = exercise.draw(np.random.default_rng(0))
    return diagnose(exercise, drawn, exercise.trace(answer, drawn), exercise.trace(reference, drawn))


def pair(x):
    return x + 1, x**2


def named(x):
    return {"a": x + 1, "b": x**2}


def square(x):
    return (x[:, :, None] * x[:, None, :])[0] + np.arange(16.0).reshape(4, 4)


def changed_at(index):
    def answer(x):
        found = right(x)
        found[index] += 7 + found[index] ** 2
        return found

    return answer


NUMBERS = [
    ("times what it should be", lambda x: 3 * right(x), lambda x: 3 * right(x) + x**3),
    ("wrong sign everywhere", lambda x: -right(x), lambda x: -right(x) + x**3),
    ("too large by the factor x.shape[0]", lambda x: len(x) * right(x), lambda x: 4 * right(x)),
    ("too small by the factor x.shape[0]", lambda x: right(x) / len(x), lambda x: right(x) / 4),
    ("another factor in each case", lambda x: abs(x[0, 0]) * right(x), lambda x: 2 * right(x)),
    ("away from what it should be", lambda x: right(x) + 0.25, lambda x: right(x) + x),
    ("is tanh of what it should be", lambda x: np.tanh(right(x)), lambda x: np.tanh(right(x)) + 0.1),
    ("lacks a tanh", lambda x: np.arctanh(right(x) / 9), lambda x: right(x) + 0.5 * x),
    ("runs backwards along axis 0", lambda x: right(x)[::-1], lambda x: right(x)[:, ::-1]),
    ("runs backwards along axis 1", lambda x: right(x)[:, ::-1], lambda x: right(x)[::-1]),
    ("another order", lambda x: np.sort(right(x), None).reshape(x.shape), lambda x: np.sort(x, None).reshape(x.shape)),
    ("right in the first entry along axis 1", changed_at((slice(None), slice(1, None))), changed_at(...)),
    ("wrong in the first entry along axis 1", changed_at((slice(None), 0)), changed_at((slice(None), 1))),
    ("wrong in the last entry along axis 1", changed_at((slice(None), -1)), changed_at((slice(None), 0))),
    ("six digits only", lambda x: right(x) + 5e-7 * np.cos(x), lambda x: right(x) + 1e-4 * np.cos(x)),
    ("within a percent", lambda x: right(x) + 1e-4 * np.cos(x), lambda x: right(x) + np.cos(x)),
    ("not a number", lambda x: np.full(x.shape, np.nan), lambda x: right(x) + x),
    ("is 0.5 everywhere", lambda x: np.full(x.shape, 0.5), lambda x: right(x) + 0.5 * x),
    ("equals the argument x", lambda x: x.copy(), lambda x: 2 * x),
    ("is cut off at 0.1", lambda x: np.clip(right(x), -0.1, 0.1), lambda x: np.clip(right(x), -0.1, 0.3)),
]


@pytest.mark.parametrize("words, answer, other", NUMBERS, ids=[words for words, *_ in NUMBERS])
def test_how_numbers_relate_is_said_where_it_is_true_in_all_cases_and_only_there(words, answer, other):
    reference = (lambda x: np.tanh(np.arctanh(right(x) / 9))) if words == "lacks a tanh" else right
    reference.__name__ = "right"
    assert words in said(answer, reference)
    assert words not in said(other, reference)


def test_a_factor_in_one_case_alone_is_not_said_of_all():
    found = said(lambda x: right(x) * (3 if len(x) == 2 else 1) + (x**3 if len(x) == 3 else 0))
    assert "times what it should be" not in found


def test_a_transposed_result_is_called_so_whether_its_shape_shows_it_or_not():
    assert "is transposed" in said(lambda x: square(x).T, square)
    assert "transposed" not in said(lambda x: square(x) + x[0], square)
    assert "shape (4, 2), where (2, 4) is expected (the right numbers, transposed)" in said(lambda x: right(x).T)


def test_a_result_that_is_late_is_told_from_one_that_is_early():
    def long(rng):
        return {"a sequence": Case((rng.normal(size=(5, 2)),))}

    late = said(lambda x: np.concatenate([0 * x[:1], right(x)[:-1]]), cases=long)
    early = said(lambda x: np.concatenate([right(x)[1:], 0 * x[:1]]), cases=long)
    assert "one entry late" in late and "early" not in late
    assert "one entry early" in early and "late" not in early


FORMS = [
    ("is None: is a return missing?", right, lambda x: None, lambda x: 2 * right(x)),
    ("has shape", right, lambda x: right(x)[0], lambda x: 2 * right(x)),
    ("numbers of type float32, where float64", right, lambda x: right(x).astype(np.float32), lambda x: 2 * right(x)),
    ("is a list, where an array", right, lambda x: [1.0, 2.0], lambda x: 2 * right(x)),
    ("has 3 parts, where 2", pair, lambda x: (*pair(x), x), lambda x: (x, x)),
    ("where 2 results are expected", pair, lambda x: x, lambda x: (x, x)),
    ("in another order", pair, lambda x: pair(x)[::-1], lambda x: (x, x)),
    ("lacks the key 'b'", named, lambda x: {"a": x + 1}, lambda x: {"a": x, "b": x}),
    ("has the key 'c', which is not asked for", named, lambda x: named(x) | {"c": x}, lambda x: {"a": x, "b": x}),
    ("where a dict is expected", named, lambda x: x, lambda x: {"a": x, "b": x}),
]


@pytest.mark.parametrize("words, reference, answer, other", FORMS, ids=[words for words, *_ in FORMS])
def test_the_form_of_a_result_is_said_where_it_differs_and_only_there(words, reference, answer, other):
    assert words in said(answer, reference)
    assert words not in said(other, reference)


def test_parts_are_named_as_the_exercise_names_them():
    found = said(lambda x: (x + 1, 3 * x**2), pair, results=("first", "second"))
    assert "Right: first. Wrong: second." in found and "second is 3 times" in found
    assert "Right:" not in said(lambda x: (x, 3 * x**2), pair)


def test_a_changed_argument_is_named_with_its_entry_and_no_other():
    def total(x, params):
        return x + params["b"]

    def with_params(rng):
        return {"one": Case((rng.normal(size=3), {"W": rng.normal(size=3), "b": rng.normal(size=3)}))}

    def changes(x, params):
        found = total(x, params)
        params["b"] = params["b"] + 1
        return found

    def adds(x, params):
        params["c"] = x
        return total(x, params)

    assert "changes the argument params (its entry 'b')" in said(changes, total, with_params)
    assert "argument params (it has new entries)" in said(adds, total, with_params)
    assert "changes" not in said(lambda x, params: 2 * total(x, params), total, with_params)


def test_a_second_call_that_differs_is_said_and_one_that_does_not_is_not():
    calls = []

    def counting(x):
        calls.append(1)
        return right(x) + len(calls)

    assert "A second call with equal arguments gives another answer" in said(counting)
    assert "second call" not in said(lambda x: right(x) + 1)


def test_an_error_is_said_with_its_message_and_with_its_cases():
    def fails(x):
        if len(x) == 3:
            raise ValueError("too many rows")
        return right(x)

    found = said(fails)
    assert "In “three rows” it raised ValueError" in found and "In every case" not in found
    assert "too many rows" in found
    assert "raised" not in said(lambda x: 2 * right(x))


def test_an_error_that_is_asked_for_is_missed_where_there_is_none():
    def strict(x):
        if len(x) == 3:
            raise ValueError("three")
        return right(x)

    def of_another_type(x):
        if len(x) == 3:
            raise KeyError("three")
        return right(x)

    assert "It should raise an error in “three rows”, but does not." in said(right, strict)
    assert "another type of error" in said(of_another_type, strict)
    assert "error" not in said(lambda x: strict(x) * 2, strict)


def test_the_cases_that_are_wrong_are_told_from_those_that_are_right():
    found = said(lambda x: right(x) + (len(x) == 4))
    assert "It is right in “two rows” and “three rows”, and wrong in “as many rows as columns”." in found
    assert "It is wrong in every case." in said(lambda x: right(x) + 1)
