"""What is peculiar to units 07 and 08: candidates that readers test, examples judged by their properties, drawings."""

import textwrap

import numpy as np
import pytest
from matplotlib.figure import Figure

from autograder.checking.mistakes import prepare
from autograder.checking.scoring import score
from autograder.demo.students import as_student_code
from autograder.exercises import catch_wrong_gru, exercise_named, reset_order_counterexample
from autograder.exercises.families.weak_gru_tests import compared, inputs, keys
from autograder.grading.running import ask
from autograder.reference import gru, gru_notations
from autograder.sandbox.protocol import wire
from autograder.sandbox.protocol.observing import observe
from course import plots
from course.plots import gru as drawings
from tests.sandboxes import sandbox_of_the_day

GOOD = [inputs(*key) for key in keys()]
CANDIDATES = catch_wrong_gru.CANDIDATES


def drawn(seed):
    return catch_wrong_gru.exercise.draw(np.random.default_rng(seed))


def points(name, function, seed=0):
    """What a function earns of 1."""
    exercise = exercise_named(name)
    prepared = prepare(exercise, np.random.default_rng(seed))
    return score(prepared, exercise.trace(function, prepared.cases), 1.0)


def test_readers_meet_the_candidates_in_an_order_of_the_day():
    first, second = drawn(0), drawn(1)
    assert sorted(first) == sorted(second) == sorted(CANDIDATES)
    assert list(first) != list(second)


def test_a_candidate_has_the_same_name_as_any_other_and_can_be_called_in_its_own_question_only():
    for name, case in drawn(0).items():
        assert wire.pack(case.args) == {"tuple": [{"named": "step"}]}
        assert case.functions == {"step": CANDIDATES[name]}


@pytest.mark.usefixtures("mode")
def test_a_candidate_that_was_kept_for_later_is_the_one_asked_about():
    """Kept from the question before, it answers as that of the question now: so no two can be compared."""
    keep = (
        "kept = []\n"
        "def catch_wrong_gru(step):\n"
        "    kept.append(step)\n"
        "    x = np.ones((1, 1))\n"
        "    return [float(one(x, x, {})[0, 0]) for one in kept]\n"
    )
    with sandbox_of_the_day() as sandbox:
        sandbox.run_cell("import numpy as np\n" + keep)
        sandbox.capture("catch_wrong_gru")
        for number in (1.0, 2.0):
            seen = sandbox.call(
                "catch_wrong_gru",
                wire.pack((wire.FunctionRef("step"),)),
                functions={"step": lambda x, h, params, number=number: number * x},
            )
            assert set(wire.unpack(seen["value"])) == {number}


@pytest.mark.parametrize("name", CANDIDATES)
def test_no_candidate_changes_its_arguments(name):
    for x, h, params in GOOD:
        before = [x.copy(), h.copy(), *(array.copy() for array in params.values())]
        try:
            CANDIDATES[name](x, h, params)
        except ValueError:
            continue
        after = [x, h, *params.values()]
        assert all(np.array_equal(a, b) for a, b in zip(before, after, strict=True))


def test_as_the_notebook_says_more_than_half_pass_with_zero_state_and_zero_biases():
    wrong = [CANDIDATES[name] for name in catch_wrong_gru.ALL_WRONG]
    passing = [step for step in wrong if not compared(step, [(1, 3, 2, 4)], "zero_state_and_biases")]
    assert len(wrong) > 35
    assert len(passing) > len(wrong) / 2


@pytest.mark.parametrize("answer", [1, 0.0, "True", None, np.array([True]), wire.Opaque("thing")])
def test_only_true_and_false_are_answers(answer):
    assert isinstance(catch_wrong_gru.view_answer(answer), wire.Opaque)


def test_a_counterexample_that_is_none_has_no_property():
    (x, h, params), good = gru_notations.reset_order_counterexample()
    broken = [
        None,
        "text",
        (x, h),
        (x, h, {}),
        (x, h[:, :1], params),
        (x, h * np.nan, params),
        (x, h, params | {"U_h": np.zeros((3, 3))}),
        (np.zeros((0, 1)), np.zeros((0, 2)), params),
    ]
    for example in broken:
        seen = reset_order_counterexample.view_counterexample((example, good))
        assert not any(seen["the first example"].values())
        assert seen["the second example"]["agrees"] and seen["the second example"]["reset matters"]


def test_numbers_out_of_all_proportion_are_no_counterexample():
    (x, h, params), good = gru_notations.reset_order_counterexample()
    seen = reset_order_counterexample.view_counterexample(((x, 1e308 * h, params), good))
    assert not seen["the first example"]["is in range"]


@pytest.mark.parametrize("value", [0.0, 0.5, 1.0])
def test_examples_of_equal_numbers_earn_nothing(value):
    (x, h, params), _ = gru_notations.reset_order_counterexample()
    example = (0 * x + value, 0 * h + value, {name: 0 * array + value for name, array in params.items()})
    assert points("reset_order_counterexample", lambda: (example, example)).points == 0


def test_the_parameters_returned_as_they_came_earn_nothing():
    assert points("translate_gru", lambda params, source, target: params).points == 0


def test_it_is_seen_whether_a_result_is_an_argument_itself():
    def first(a, b):
        return a

    args = wire.pack(({"W": np.ones(2)}, {"W": np.ones(2)}))
    assert observe(first, args, False, {}.__getitem__)["aliases"] == [0]
    assert observe(lambda a, b: dict(a), args, False, {}.__getitem__)["aliases"] == []
    found = points("translate_gru", exercise_named("translate_gru").mistakes["callers_dict_returned"].function)
    assert found.hint_id == "translate_gru.callers_dict_returned" and 0.8 < found.points < 1


def test_a_bias_that_is_left_random_is_told_by_a_second_call():
    right = exercise_named("load_into_torch_gru").reference

    def left_random(params):
        module = right(params)
        module.bias_hh_l0.data.normal_()
        return module

    found = points("load_into_torch_gru", left_random)
    assert found.hint is None and found.points < 1
    assert "b_hn" in found.diagnosis and "A second call with equal arguments gives another answer" in found.diagnosis


def test_the_flow_is_the_cell():
    """The two-unit picture computes its numbers by itself: they are those of ``gru_step`` with the same gates."""
    h, from_x, U = np.array([0.8, -0.6]), np.array([0.2, -0.3]), np.array([[0.3, 1.2], [-1.5, 0.4]])
    z, r = np.array([0.3, 0.7]), np.array([0.9, 0.4])
    none, logit = np.zeros((2, 1)), lambda p: np.log(p / (1 - p))
    params = {f"W_{gate}": none for gate in "zrh"} | {"U_z": 0 * U, "U_r": 0 * U, "U_h": U}
    params |= {"b_z": logit(z), "b_r": logit(r), "b_h": from_x}
    drawn = drawings.gate_flow(h, from_x, U, z, r)
    written = {text.get_text() for ax in drawn.axes for text in ax.texts}
    for value in gru.gru_step(np.zeros((1, 1)), h[None], params)[0]:
        assert f"{value:+.2f}" in written


def test_every_drawing_is_a_figure():
    assert all(isinstance(plots.draw_cell(cell), Figure) for cell in drawings.CELLS.values())
    for extreme in (0.0, 1.0):
        gates = np.full(2, extreme)
        assert isinstance(drawings.gate_flow(np.ones(2), np.zeros(2), np.eye(2), gates, gates), Figure)
    assert isinstance(drawings.gradient_paths({"copy": 0.0, "gate": 0.5}, 0.5), Figure)
    assert isinstance(drawings.counted({"rnn": 18}, "title"), Figure)
    assert isinstance(drawings.trajectories({"state": np.zeros(3)}, "title"), Figure)
    assert isinstance(drawings.gates_around(np.full((6, 3), 0.5), before=2), Figure)


@pytest.mark.usefixtures("mode")
def test_a_test_that_falls_over_with_a_wrong_cell_is_told_so():
    """The error that comes out of the sandbox is the one that the bank's version raises."""
    code = "import numpy as np\n" + as_student_code(gru.gru_step, "gru_step").replace("sigmoid", "squash")
    code += "\ndef squash(a):\n    return 0.5 + 0.5 * np.tanh(a / 2)\n"
    code += textwrap.dedent("""
        def catch_wrong_gru(step):
            for B, D, H, scale in ((1, 3, 2, 1), (3, 2, 4, 1), (4, 3, 3, 1), (2, 3, 4, 500)):
                rng = np.random.default_rng(B)
                x, h = rng.uniform(-1, 1, (B, D)), rng.uniform(-1, 1, (B, H))
                sizes = {"W": (H, D), "U": (H, H), "b": (H,)}
                params = {f"{k}_{g}": scale * rng.normal(size=sizes[k]) for g in "zrh" for k in "WUb"}
                seen = step(x, h, params)
                if np.shape(seen) != h.shape or not np.abs(seen - gru_step(x, h, params)).max() < 1e-3:
                    return True
            return False
    """)
    prepared = prepare(catch_wrong_gru.exercise, np.random.default_rng(0))
    with sandbox_of_the_day() as sandbox:
        assert sandbox.run_cell(code)[0] is None
        sandbox.capture("catch_wrong_gru")
        found = score(prepared, ask(sandbox, prepared), 1.0)
    assert found.hint_id == "catch_wrong_gru.passes_falls_over" and found.points > 0.8
