"""Unit 04: the exercises, in the order in which students meet them."""

from autograder.exercises.gru import catching, judged, notations, steps

EXERCISES = (
    steps.SIMPLIFIED,
    steps.GAMMA,
    steps.STEP,
    steps.U_OLD,
    notations.TRANSLATE,
    judged.SLIDE,
    steps.FORWARD,
    notations.TORCH_STEP,
    judged.COUNTEREXAMPLE,
    notations.LOAD,
    steps.BACKWARD,
    notations.COUNT,
    catching.CATCH,
)
