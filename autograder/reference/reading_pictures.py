"""Unit 09: what is to be read off the pictures of the shipped reader. ``tests/test_unit_reading.py`` works it out again."""

from typing import Any


def what_the_gates_say() -> dict[str, Any]:
    """What you read off the three pictures above: the X-ray of the sentence that tells Joss's taste, the X-ray of the one that
    does not, and the bars of what is kept of the first sentence.

    Words are strings, as they stand below the picture. Numbers have two decimals, as they stand above the columns and the bars.

    Returns:
        a dict with eight answers:

        read off the first picture:

        - "widest open": a list of the two words at which the average update gate is widest open, in the order of the sentence;
        - "past let go": the word after "stops" at which the average reset gate is lowest;
        - "flips, told": the word after "brinecake" at which the prediction changes;
        - "gate at the decoy": the average update gate at "dunelet", which is merely sold: a number;
        - "tempting": of the words after "barkroll", the one with the greatest influence on the answer;

        off the second:

        - "flips, untold": the word after "brinecake" at which the prediction changes;

        off the third:

        - "first kept", "last kept": the average share that the copy alone carries to the end, of the state after "brinecake" and of
          the state after "barkroll": numbers.
    """
    words = {"widest open": ["brinecake", "barkroll"], "past let go": "Joss", "tempting": "dunelet"}
    flips = {"flips, told": "barkroll", "flips, untold": "down"}
    return words | flips | {"gate at the decoy": 0.15, "first kept": 0.02, "last kept": 0.64}
