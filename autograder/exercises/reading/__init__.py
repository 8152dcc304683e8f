"""Unit 05: the exercises, in the order in which students meet them."""

from autograder.exercises.reading import cells, looking, pictures

EXERCISES = (
    looking.ENCODE,
    cells.CELL,
    looking.RUN,
    looking.PREDICTION,
    looking.INFLUENCE,
    looking.KEPT,
    pictures.GATES,
)
