"""Unit 09 as students have it: what its visible checks say to wrong code, and answers that are computed, graded for real."""

import contextlib
import io

import nbformat
import numpy as np
import pytest

from autograder.checking.mistakes import prepare
from autograder.checking.scoring import score
from autograder.demo.students import as_student_code, with_solutions
from autograder.exercises import exercises_of
from autograder.grading.assignment import Assignment, Submission, points_by_exercise
from autograder.grading.cells import grade_id, is_demonstration, is_test
from autograder.grading.evaluate import evaluate
from autograder.sandbox.host import launchers
from course import checks
from tests.conftest import QUICK

UNIT = "09-reading-gates"
EXERCISES = exercises_of(UNIT)
RIGHT = {name: as_student_code(exercise.reference, name) for name, exercise in EXERCISES.items()}
COMPUTED = """
def what_the_gates_say():
    told, untold = {source}(reading.TOLD), {source}(reading.UNTOLD)
    words, others = reading.TOLD.split(), reading.UNTOLD.split()
    z, r, moved = told["z"].mean(dim=-1), told["r"].mean(dim=-1), told["influence"]
    kept = kept_to_the_end(told["z"][:, None])[:, 0].mean(dim=-1)
    second, taste, start = words.index("stops") + 1, words.index("barkroll"), words.index("brinecake")

    def flips(seen, words):
        best = seen["probabilities"].argmax(dim=-1)
        return next(words[t] for t in range(start + 1, len(words)) if best[t] != best[t - 1])

    return {{
        "widest open": [words[t] for t in sorted(z.argsort(descending=True)[:2].tolist())],
        "past let go": words[second + int(r[second:].argmin())],
        "flips, told": flips(told, words),
        "flips, untold": flips(untold, others),
        "gate at the decoy": float(z[words.index("dunelet")]),
        "tempting": words[taste + 1 + int(moved[taste + 1 :].argmax())],
        "first kept": float(kept[start]),
        "last kept": float(kept[taste]),
    }}
"""


@pytest.fixture(scope="module")
def release(course):
    return nbformat.read(course.notebook("release", UNIT), as_version=4)


@pytest.fixture(scope="module")
def visible(release):
    """A function that runs the visible checks of an exercise on code for it: what they say, or "" if they pass."""
    code = [cell for cell in release.cells if cell.cell_type == "code" and not is_demonstration(cell)]
    setups = [cell.source for cell in code if not grade_id(cell)]
    tests = {grade_id(cell): cell.source for cell in code if is_test(cell)}

    def run(name, source):
        namespace = {}
        with contextlib.redirect_stdout(io.StringIO()):
            for part in (*setups, *(RIGHT | {name: source}).values()):
                exec(part, namespace)
            try:
                exec(tests[name], namespace)
            except checks.CheckFailed as failed:
                return str(failed)
        return ""

    return run


def hidden(name, source):
    """The verdict of the hidden checks on the same code."""
    namespace = {}
    exec("import numpy as np\nimport torch\nfrom course import reading", namespace)
    exec(source, namespace)
    questions = prepare(EXERCISES[name], np.random.default_rng(0))
    return score(questions, questions.exercise.trace(namespace[name], questions.cases), 1.0)


@pytest.mark.parametrize("name", EXERCISES)
def test_right_code_passes(visible, name):
    assert visible(name, RIGHT[name]) == ""


NAMES = 'ValueError(f"the word {word!r} is not in this language")'
WRONG = [  # exercise, what is changed in the right code, into what; what the visible checks say
    ("GRUCell", "(r * h) @ self.U_h.T + self.b_h", "r * (h @ self.U_h.T + self.b_h)", "before the product"),
    ("GRUCell", "(r * h) @ self.U_h.T", "r * (h @ self.U_h.T)", "before the product"),
    ("GRUCell", "torch.randn(H, D) / D**0.5", "torch.randn(H, D)", "Divide each matrix by the root"),
    ("GRUCell", "(1 - z) * h + z * candidate", "z * h + (1 - z) * candidate", "your z weighs the old state"),
    ("kept_to_the_end", "return torch.stack(shares).flip(0)", "return (1 - z).flip(0).cumprod(0).flip(0)", "own 1 - z"),
    ("what_the_gates_say", '"tempting": "dunelet"', '"tempting": "then"', "does not come after it"),
    ("what_the_gates_say", '"gate at the decoy": 0.15', '"gate at the decoy": 0.59', "does not stand above any column"),
    (
        "what_the_gates_say",
        '"first kept": 0.02',
        '"first kept": "0.02"',
        "a number between 0 and 1, but yours is '0.02'",
    ),
    ("what_the_gates_say", '"first kept": 0.02', '"first kept": None', "a number between 0 and 1, but yours is None"),
    ("what_the_gates_say", '"last kept": 0.64', '"last kept": 64', "a number between 0 and 1, but yours is 64"),
    ("what_the_gates_say", '["brinecake", "barkroll"]', "2", "should be a list of two words"),
]


@pytest.mark.parametrize("name, right, wrong, said", WRONG)
def test_wrong_code_is_told_so_in_a_sentence_and_loses_points_at_grading(visible, name, right, wrong, said):
    assert RIGHT[name].count(right) == 1
    changed = RIGHT[name].replace(right, wrong)
    assert said in visible(name, changed)
    assert hidden(name, changed).points < 1


def test_a_gradient_left_behind_is_said_before_it_is_added_to(visible):
    left = "x.requires_grad_()\n    model(x)[torch.arange(len(answer)), answer].sum().backward()\n    x.requires_grad_(False)"
    source = f"def word_influence(model, x, answer):\n    {left}\n    return x.grad.norm(dim=-1)"
    assert "made x gather gradients" in visible("word_influence", source)
    assert hidden("word_influence", source).hint_id == "word_influence.words_changed"


def test_zeros_in_the_place_of_later_words_are_no_cut_sentence(visible):
    zeros = "torch.cat([x[: t + 1], 0 * x[t + 1 :]])"
    source = RIGHT["prediction_after_each_word"].replace("x[: t + 1]", zeros)
    assert "a model that counts words" in visible("prediction_after_each_word", source)
    assert hidden("prediction_after_each_word", source).hint_id == "prediction_after_each_word.zeros_for_later_words"


@pytest.mark.parametrize(
    "source, hint",
    [
        ("raise KeyError('no such word')", "encode.key_error"),
        ("assert word in vectors, word", "encode.asserted"),
        ("raise ValueError('no such word')", "encode.word_not_named"),
        ("raise TypeError(word)", None),
    ],
)
def test_an_error_of_the_wrong_kind_is_named_by_its_own_hint_or_none(source, hint):
    changed = RIGHT["encode"].replace(f"raise {NAMES}", source)
    assert changed != RIGHT["encode"]
    verdict = hidden("encode", changed)
    assert verdict.hint_id == hint and 0 < verdict.points < 1


def graded(course, release, changed):
    """Points lost, by exercise, of a submission that is right but for these exercises."""
    assignment = Assignment(UNIT, release, points_by_exercise(release, UNIT), QUICK)
    notebook = nbformat.writes(with_solutions(release, RIGHT | changed)).encode()
    with launchers.open_launcher("warm") as launch:
        scores = evaluate(assignment, Submission(notebook, ("key",)), 0, launch).scores
    return {name: part.maximum - part.points for name, part in scores.items() if part.points < part.maximum}


@pytest.mark.parametrize("source", ["look", "reading.recorded"])
def test_answers_that_are_computed_pass_visibly_and_in_the_sandbox(course, release, visible, source):
    computed = COMPUTED.format(source=source)
    assert visible("what_the_gates_say", computed) == ""
    assert graded(course, release, {"what_the_gates_say": computed}) == {}


def test_a_wrong_cell_is_paid_for_once_also_by_who_computes_from_what_is_recorded(course, release):
    wrong = RIGHT["GRUCell"].replace("(r * h) @ self.U_h.T + self.b_h", "r * (h @ self.U_h.T + self.b_h)")
    assert wrong != RIGHT["GRUCell"]
    changed = {"GRUCell": wrong, "what_the_gates_say": COMPUTED.format(source="reading.recorded")}
    assert set(graded(course, release, changed)) == {"GRUCell"}
