"""Unit 04: one step in four notations, a sequence, and the way back; and what each check is worth."""

import numpy as np

from autograder.exercises.checks import pure, related, values
from autograder.exercises.exercise import Exercise, collect
from autograder.exercises.gru import drawing
from autograder.exercises.gru.alternatives import backward as right_backward
from autograder.exercises.gru.alternatives import steps as right_steps
from autograder.exercises.gru.misconceptions import backward, forms, steps
from autograder.reference import gru


def step_checks():
    """What is checked of one step, in whatever notation."""
    return (
        values("the new state of one example", "one example"),
        values("the new states of a batch", "a batch", "one unit"),
        values("each weight matrix the right way round", "as many inputs as units"),
        values("large inputs", "large inputs", weight=0.5),
        pure("one example", "a batch"),
    )


backward_cases = ("a batch", "one example", "as many inputs as units")


def tensors_of(gate):
    """Picks the three gradients that belong to one gate from the result of ``gru_step_backward``."""
    return lambda result: [result[2][f"{kind}_{gate}"] for kind in "WUb"]


SIMPLIFIED = Exercise(
    gru.simplified_gru_step,
    drawing.draw_step("simplified"),
    step_checks(),
    collect(forms.simplified_gru_step),
    collect(right_steps.simplified_gru_step),
)

GAMMA = Exercise(
    gru.gamma_gru_step,
    drawing.draw_step("gamma"),
    step_checks(),
    collect(forms.gamma_gru_step),
    collect(right_steps.gamma_gru_step),
)

STEP = Exercise(
    gru.gru_step,
    drawing.draw_step("z_new"),
    step_checks(),
    collect(steps.gru_step),
    collect(right_steps.gru_step),
)

U_OLD = Exercise(
    gru.gru_step_u_old,
    drawing.draw_step("u_old"),
    step_checks(),
    collect(forms.gru_step_u_old),
    collect(right_steps.gru_step_u_old),
)

FORWARD = Exercise(
    gru.gru_forward,
    drawing.draw_forward,
    (
        values("all states of a sequence", "a sequence", weight=2),
        values("a sequence of one step", "one step"),
        values("one example, and as many steps as examples", "one example", "as many steps as examples"),
        related(
            "a later input does not change an earlier state",
            "a sequence",
            "its last inputs changed",
            lambda a, b: np.allclose(a[:4], b[:4]) and not np.allclose(a[4:], b[4:]),
            weight=0.5,
        ),
        related(
            "the examples of a batch do not mix",
            "a sequence",
            "its batch reversed",
            lambda a, b: np.allclose(a[:, ::-1], b),
            weight=0.5,
        ),
        pure("a sequence", weight=0.5),
    ),
    collect(steps.gru_forward),
    collect(right_steps.gru_forward),
    uses=("gru_step",),
)

BACKWARD = Exercise(
    gru.gru_step_backward,
    drawing.draw_backward,
    (
        *(
            values(f"the gradient of {what}", *backward_cases, part=n)
            for n, what in enumerate(("x", "the old state h"))
        ),
        *(
            values(f"the gradients of the {what}", *backward_cases, part=tensors_of(gate))
            for gate, what in (
                ("z", "update gate's weights"),
                ("r", "reset gate's weights"),
                ("h", "candidate's weights"),
            )
        ),
        pure("a batch", weight=0.5),
    ),
    collect(backward.gru_step_backward),
    collect(right_backward.gru_step_backward),
)
