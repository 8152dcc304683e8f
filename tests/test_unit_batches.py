"""What is judged of a batch that unit 10 lets a student draw: how it is drawn, in words, and nothing untrue."""

import copy

import numpy as np
import pytest
import torch

from autograder.checking.mistakes import prepare
from autograder.checking.scoring import score
from autograder.exercises import exercises_of
from autograder.exercises.adding_batch import assembled, places, view_adding
from autograder.exercises.copy_batch import steps_of, view_copy
from autograder.reference import comparison

UNIT = "10-lstm-or-gru"
EXERCISES = exercises_of(UNIT)


def test_chance_from_elsewhere_is_caught_and_told_to_use_the_generator():
    def adding(rng, T, B):
        own = np.random.default_rng()
        return assembled(own.random((T, B)), *places(own, T, B))

    def copying(rng, wait, B, length, symbols):
        shown = np.random.default_rng().integers(symbols, size=(length, B))
        return steps_of(shown, wait, symbols), torch.tensor(shown)

    for name, function in (("adding_batch", adding), ("copy_batch", copying)):
        questions = prepare(EXERCISES[name], np.random.default_rng(0))
        verdict = score(questions, questions.exercise.trace(function, questions.cases), 1.0)
        assert verdict.points < 1 and verdict.hint_id == f"{name}.generator_of_its_own"


@pytest.mark.parametrize("seed", range(10))
def test_right_batches_are_within_the_bounds(seed):
    """Two right ways of drawing look alike in all cases."""
    for name in ("adding_batch", "copy_batch"):
        exercise = EXERCISES[name]
        cases = exercise.draw(np.random.default_rng(seed))
        first = next(iter(exercise.alternatives.values()))
        trace, other = (exercise.trace(function, cases) for function in (exercise.reference, first))
        for case in cases:
            assert trace[case].value | {"_fingerprint": 0} == other[case].value | {"_fingerprint": 0}


def test_a_right_batch_looks_drawn_as_it_should():
    """The bounds are eight standard deviations wide; over 100 drawings none may be left."""
    for seed in range(100):
        rng = np.random.default_rng(seed)
        for T in (7, 12):
            seen = view_adding(comparison.adding_batch(rng, T, 1500))
            assert (seen["the numbers"], seen["the places of the marks"]) == ("evenly", "anywhere")
            assert (seen["the marks"], seen["y"]) == ("one in each half", "the sum")
        for length, symbols in ((4, 6), (2, 11)):
            seen = view_copy(comparison.copy_batch(rng, 1, 1500, length, symbols))
            assert (seen["the symbols"], seen["y"]) == ("freely", "as they came")


def linked_symbols(rng, wait, B, length, symbols):
    """After an even symbol an odd one is rarer, so that even ones come more often."""
    shown = rng.integers(symbols, size=(length, B))
    for t in range(1, length):
        rare = (shown[t - 1] % 2 == 0) & (shown[t] % 2 == 1) & (rng.random(B) < 0.5)
        shown[t] = np.where(rare, shown[t - 1], shown[t])
    return steps_of(shown, wait, symbols), torch.tensor(shown)


def mostly_early(rng, T, B):
    """The first mark is the earlier of two draws."""
    first = rng.integers(T // 2, size=(2, B)).min(axis=0)
    return assembled(rng.random((T, B)), first, rng.integers(T // 2, T, size=B))


def linked_places(rng, T, B):
    """Every place of a half comes as often as any other, but half of the second marks follow from the first."""
    first, second = places(rng, T, B)
    return assembled(rng.random((T, B)), first, np.where(rng.random(B) < 0.5, first + T // 2, second))


def tenth_of_marks_moved(rng, T, B):
    """The second mark keeps its distance, except in some."""
    first, second = places(rng, T, B)
    return assembled(rng.random((T, B)), first, np.where(rng.random(B) < 0.1, second, first + T // 2))


def tops_left_out(rng, T, B):
    return assembled(np.minimum(rng.random((T, B)), 0.8), *places(rng, T, B))


def clipped(rng, T, B):
    return assembled(np.clip(rng.normal(0.5, 0.2, (T, B)), 0, 1), *places(rng, T, B))


def sorted_numbers(rng, T, B):
    return assembled(np.sort(rng.random((T, B)), axis=0), *places(rng, T, B))


def alternating(rng, T, B):
    """Each number is far from the one before it."""
    numbers = rng.random((T, B))
    numbers[1::2] = 1 - numbers[: T - 1 : 2]
    return assembled(numbers, *places(rng, T, B))


def marks_of_two_kinds(rng, T, B):
    x, y = assembled(rng.random((T, B)), *places(rng, T, B))
    x[T // 2 :, :, 1] *= 2
    return x, y


def cyclic(rng, wait, B, length, symbols):
    shown = (rng.integers(symbols, size=(1, B)) + np.arange(length)[:, None]) % symbols
    return steps_of(shown, wait, symbols), torch.tensor(shown)


def target_shuffled(rng, wait, B, length, symbols):
    shown = rng.integers(symbols, size=(length, B))
    return steps_of(shown, wait, symbols), torch.tensor(rng.permuted(shown, axis=0))


def answers_are_other_symbols(rng, wait, B, length, symbols):
    shown, others = rng.integers(symbols, size=(2, length, B))
    return steps_of(shown, wait, symbols, answer=others), torch.tensor(shown)


@pytest.mark.parametrize(
    "name, function, hint",
    [
        ("adding_batch", mostly_early, "places_uneven"),
        ("adding_batch", linked_places, "second_mark_depends_on_the_first"),
        ("adding_batch", tenth_of_marks_moved, None),
        ("adding_batch", tops_left_out, None),
        ("adding_batch", clipped, "numbers_uneven"),
        ("adding_batch", sorted_numbers, "numbers_sorted"),
        ("adding_batch", alternating, "numbers_sorted"),
        ("adding_batch", marks_of_two_kinds, None),
        ("copy_batch", cyclic, None),
        ("copy_batch", linked_symbols, "uneven"),
        ("copy_batch", target_shuffled, None),
        ("copy_batch", answers_are_other_symbols, None),
    ],
)
def test_a_mistake_that_only_resembles_a_known_one_is_told_what_is_true_of_both(name, function, hint):
    prepared = prepare(EXERCISES[name], np.random.default_rng(1))
    verdict = score(prepared, prepared.exercise.trace(function, prepared.cases), 1.0)
    assert verdict.points < 1 and verdict.hint_id == (hint and f"{name}.{hint}")
    assert verdict.hint or verdict.diagnosis


def numbers_by_torch(rng, T, B):
    return assembled(torch.rand(T, B).numpy(), *places(rng, T, B))


def copied_generator(rng, T, B):
    return comparison.adding_batch(copy.deepcopy(rng), T, B)


@pytest.mark.parametrize(
    "function, hint", [(numbers_by_torch, "chance_from_elsewhere_too"), (copied_generator, "generator_of_its_own")]
)
def test_whether_the_generator_was_used_tells_two_mistakes_apart(function, hint):
    prepared = prepare(EXERCISES["adding_batch"], np.random.default_rng(1))
    verdict = score(prepared, prepared.exercise.trace(function, prepared.cases), 1.0)
    assert verdict.points < 0.9 and verdict.hint_id == f"adding_batch.{hint}"


def test_a_batch_of_zeros_earns_nothing():
    for name in ("adding_batch", "copy_batch"):
        prepared = prepare(EXERCISES[name], np.random.default_rng(0))
        function = prepared.exercise.reference
        zeros = prepared.exercise.trace(lambda *args, f=function: tuple(0 * part for part in f(*args)), prepared.cases)
        assert score(prepared, zeros, 1.0).points == 0


@pytest.mark.parametrize(
    "batch",
    [None, 3, (1, 2, 3), (np.zeros((2, 3)), np.zeros(3)), (np.zeros((0, 0, 2)), np.zeros((0, 1))), ("a", "b")],
)
def test_what_is_no_batch_earns_nothing_and_is_told_so(batch):
    for name in ("adding_batch", "copy_batch"):
        prepared = prepare(EXERCISES[name], np.random.default_rng(0))
        verdict = score(prepared, prepared.exercise.trace(lambda *_: batch, prepared.cases), 1.0)
        assert verdict.points == 0 and verdict.hint is None and verdict.diagnosis
