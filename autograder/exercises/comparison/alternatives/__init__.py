"""The right versions of unit 06's functions, by subject."""

from autograder.exercises.comparison.alternatives.counting import equal_parameter_size, settle_by_counting
from autograder.exercises.comparison.alternatives.measured import (
    adding_batch,
    copy_batch,
    summarise,
    train_and_score,
)

__all__ = [
    "adding_batch",
    "copy_batch",
    "equal_parameter_size",
    "settle_by_counting",
    "summarise",
    "train_and_score",
]
