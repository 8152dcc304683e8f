"""Small data: made on the spot from a random generator, or shipped beside these modules."""

from course.data.digits import as_sequences, load_digits
from course.data.names import load_names
from course.data.recall import delayed_recall

__all__ = ["as_sequences", "delayed_recall", "load_digits", "load_names"]
