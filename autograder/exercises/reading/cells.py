"""Unit 05: the GRU cell as a torch module, and what each check is worth."""

from autograder.exercises.checks import pure, values
from autograder.exercises.exercise import Exercise, collect
from autograder.exercises.reading import drawing, starting
from autograder.exercises.reading.alternatives import cells as right
from autograder.exercises.reading.misconceptions import cells
from autograder.reference import reading

LOADED = ("one example", "a batch", "as many columns as units", "one unit")
OWN = "its own weights"


def view_cell(seen):
    """What is judged of a cell. Of one that was left as it starts, no random numbers, which are never equal, but facts."""
    return {"parameters": seen["parameters"], "start": starting.facts(seen["start"])} if seen["start"] else seen


def gradients(*names):
    return lambda seen: [seen["gradients"][name] for name in names]


def start(fact):
    return lambda seen: seen["start"][fact]


CELL = Exercise(
    reading.GRUCell,
    drawing.draw_cell,
    (
        values("nine parameters, of the right names and shapes", *LOADED, part="parameters", weight=0.5),
        values("the new state", *LOADED, part=lambda seen: seen["output"][0], weight=2),
        values("the update gate, as the second result", *LOADED, part=lambda seen: seen["output"][1]),
        values("the reset gate, as the third result", *LOADED, part=lambda seen: seen["output"][2]),
        values("large numbers", "large numbers", part="output", weight=0.5),
        values("gradients for the gates", *LOADED, part=gradients("W_z", "U_z", "b_z", "W_r", "U_r", "b_r")),
        values("gradients for the candidate", *LOADED, part=gradients("W_h", "U_h", "b_h")),
        values("gradients for word and old state", *LOADED, part="input gradients"),
        values("starts with b_z at -3, the other biases at 0", OWN, part=start("biases")),
        values("starts with random matrices of the right size", OWN, part=start("sizes"), weight=0.5),
        values("starts with other numbers in every gate and every row", OWN, part=start("numbers"), weight=0.5),
        values("leaves word and state as they were", *LOADED, part="given", weight=0.5),
        pure(*LOADED, weight=0.5, name="gives the same answer when asked again"),
    ),
    collect(cells.GRUCell),
    collect(right.GRUCell),
    view=view_cell,
    tensors=True,
)
