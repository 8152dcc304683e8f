"""Other inputs for every submission and every run; the same when a submission is graded again."""

import numpy as np

from autograder.exercises import exercises_of
from autograder.grading.seeds import ATTEMPTS, attempt_keys, exercise_seed
from autograder.sandbox.protocol import wire

SECRET = b"s" * 64


def inputs(student, notebook, attempt=0, secret=SECRET):
    key = attempt_keys(secret, "01-rnn", student, notebook)[attempt]
    cases = exercises_of("01-rnn")["rnn_step"].draw(np.random.default_rng(exercise_seed(key, "rnn_step")))
    return str({name: wire.pack(case.args) for name, case in cases.items()})


def test_the_same_submission_is_asked_the_same():
    assert inputs("ada", b"notebook") == inputs("ada", b"notebook")


def test_another_notebook_student_run_or_secret_means_other_inputs():
    asked = [
        inputs("ada", b"notebook"),
        inputs("ada", b"notebook "),
        inputs("bob", b"notebook"),
        inputs("adan", b"otebook"),
        inputs("ada", b"notebook", secret=b"t" * 64),
        *(inputs("ada", b"notebook", attempt) for attempt in range(1, ATTEMPTS)),
    ]
    assert len(set(asked)) == len(asked)


def test_exercises_of_one_run_have_seeds_of_their_own():
    [key, *_] = attempt_keys(SECRET, "01-rnn", "ada", b"notebook")
    names = list(exercises_of("01-rnn"))
    assert len({exercise_seed(key, name) for name in names}) == len(names)
