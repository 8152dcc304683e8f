"""Which functions a student's code calls, as far as its text tells."""

import pytest

from autograder.grading.mentions import mentioned_names

NAMES = ("step", "forward")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def forward(x):\n    return step(x)", {"step"}),
        ("def step(x):\n    return step(x - 1)", set()),
        ("def step(x):\n    return forward(x)\ndef forward(x):\n    return step(x)", {"step", "forward"}),
        ("class step:\n    def call(self): return step", set()),
        ("same = step", {"step"}),
        ("%matplotlib inline\nstep(1)", {"step"}),
        ("if x:\n    %time step(1)\nforward(2)", {"forward"}),
        ("print('step')  # forward", set()),
        ("step?", {"step"}),
        ("((((" * 500, set()),
        ("\0", set()),
        ("", set()),
    ],
)
def test_names_are_found_outside_their_own_definition(source, expected):
    assert mentioned_names([source], NAMES) == expected


def test_all_cells_count():
    assert mentioned_names(["step(1)", "x = forward"], NAMES) == {"step", "forward"}
