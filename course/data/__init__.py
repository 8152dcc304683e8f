"""Small data: made on the spot from a random generator, or shipped beside these modules."""

from course.data.recall import delayed_recall

__all__ = ["delayed_recall"]
