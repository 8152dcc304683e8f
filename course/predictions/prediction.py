"""What a prediction is."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Prediction:
    """A question that is asked before something is shown.

    Args:
        question: one sentence. options: answers to choose from, two or more. answer: the right one of them.
        explanation: why it happens, in a sentence or two.
    """

    question: str
    options: tuple[str, ...]
    answer: str
    explanation: str

    def __post_init__(self) -> None:
        if len(set(self.options)) < 2 or len(set(self.options)) < len(self.options):
            raise ValueError(f"{self.question!r} needs at least two options, all different")
        if self.answer not in self.options:
            raise ValueError(f"the answer to {self.question!r} must be one of its options, letter by letter")
