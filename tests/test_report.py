"""The class report's numbers, counted by hand."""

from autograder.exercises import exercises_of
from autograder.reporting import needs_attention
from autograder.reporting.cohort import histogram, spread, summarise
from autograder.reporting.page import percent
from tests.classes import CLASS, EMPTY, HALF, HINT, REFUSED, RIGHT, SECOND, WRONG, entry, outcomes
from tests.conftest import UNIT


def test_the_numbers_of_a_unit_are_those_counted_by_hand(workspace):
    unit = summarise(UNIT, outcomes(workspace, CLASS))
    assert [round(share, 4) for share in unit.spread] == [0.25, 0.5, 0.5]  # of 0, 1/4, 1/2, 1/2, 1
    assert unit.histogram == [1, 0, 1, 0, 0, 2, 0, 0, 0, 0, 1]
    assert (unit.perfect, unit.refused, unit.maximum) == (1, 1, 4.0)
    first, second = unit.exercises
    assert first.kinds == {"full": 2, "part": 1, "none": 1, "missing": 1} and first.mean == 1.0
    assert second.kinds == {"full": 2, "part": 0, "none": 0, "missing": 3} and second.mean == 0.8
    rates = {(rate.exercise, rate.name): (rate.passed, rate.asked) for one in unit.exercises for rate in one.checks}
    assert rates == {("f", "value"): (3, 4), ("f", "pure"): (3, 4), ("g", "value"): (2, 2), ("g", "pure"): (2, 2)}
    assert [(rate.exercise, rate.name) for rate in unit.hardest] == [("f", "value"), ("f", "pure")]
    [mistake] = unit.mistakes
    known = exercises_of(UNIT)["rnn_step"].mistakes["biases_forgotten"]
    assert (mistake.id, mistake.hint, mistake.students) == (HINT, known.hint, ("bias",))


def test_the_hardest_check_comes_first_and_the_commonest_mistake(workspace):
    other = "rnn_step.squashed_separately"
    students = {str(n): entry(WRONG if n < 3 else WRONG | {"hint_id": other}, HALF if n else RIGHT) for n in range(4)}
    unit = summarise(UNIT, outcomes(workspace, students))
    assert [(rate.exercise, rate.name) for rate in unit.hardest] == [("f", "value"), ("g", "pure")]
    assert [(mistake.id, len(mistake.students)) for mistake in unit.mistakes] == [(HINT, 3), (other, 1)]


def test_bins_and_quartiles_at_their_edges():
    assert histogram([0, 0.0999, 0.1, 0.3, 0.7, 0.999999, 1]) == [2, 1, 0, 1, 0, 0, 0, 1, 0, 1, 1]
    assert spread([0.4]) == (0.4, 0.4, 0.4)
    assert [percent(share) for share in (0, 0.001, 0.5, 0.999, 1)] == [
        "0%",
        "1%",
        "50%",
        "99%",
        "100%",
    ]


def test_who_needs_a_look_and_why(workspace):
    first = outcomes(
        workspace,
        CLASS
        | {
            "lost": entry(EMPTY, EMPTY),
            "dead": entry(RIGHT, EMPTY, ended="it ran out of memory"),
            "stuck": entry(WRONG, WRONG, RIGHT),
            "nought": entry(WRONG, EMPTY),
        },
    )
    second = outcomes(
        workspace,
        {name: entry(RIGHT, RIGHT) for name in ("all", "half", "slow", "gone", "lost", "dead", "stuck", "nought")},
        SECOND,
    )
    found = needs_attention.needs_attention({UNIT: first, SECOND: second}, ["registered"])
    said = {row.student: row.reasons for row in found[UNIT]}
    fall = "of the points here, 100% in the median of the other units"
    assert said == {
        "slow": (
            "out of time: 2 cells of the notebook took too long and were stopped",
            "out of time: g took too long to answer",
            f"50% {fall}",
        ),
        "gone": (f"refused: {REFUSED}",),
        "half": (f"25% {fall}",),
        "lost": (
            "no exercise has a function that could be asked: nothing is written yet, or nothing can be run",
            f"0% {fall}",
        ),
        "dead": ("ended early: it ran out of memory", f"50% {fall}"),
        "stuck": ("the answers equal a known mistake in 2 of 3 exercises", f"33% {fall}"),
        "nought": ("no points in any exercise", f"0% {fall}"),
        "registered": ("handed in nothing, as 9 others did",),
    }
    assert next(iter(said)) == "slow"  # most reasons first
    assert {row.student: row.reasons for row in found[SECOND]} == {
        name: ("handed in nothing, as 8 others did",) for name in ("bias", "registered")
    }
