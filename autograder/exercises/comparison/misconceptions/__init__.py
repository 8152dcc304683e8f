"""The wrong versions of unit 06's functions, by subject. Each docstring is a hint."""

from autograder.exercises.comparison.misconceptions.batches import adding_batch, copy_batch
from autograder.exercises.comparison.misconceptions.counting import equal_parameter_size, settle_by_counting
from autograder.exercises.comparison.misconceptions.runs import train_and_score
from autograder.exercises.comparison.misconceptions.summaries import summarise

__all__ = [
    "adding_batch",
    "copy_batch",
    "equal_parameter_size",
    "settle_by_counting",
    "summarise",
    "train_and_score",
]
