"""Unit 09: what is to be read off the pictures of the shipped reader. ``tests/test_unit_reading.py`` works it out again."""

from typing import Any


def what_the_gates_say() -> dict[str, Any]:
    """What you read off the pictures: words as strings, numbers with two decimals.

    Returns:
        a dict. Off the first picture, which tells Joss's taste:
        "widest open": a list of the two words at which the average update gate is
            widest open, in the order of the sentence;
        "past let go": the word after "stops" at which the average reset gate is lowest;
        "flips, told": the word after "brinecake" at which the prediction changes;
        "gate at the decoy": the average update gate at "dunelet", a number;
        "tempting": the word after "barkroll" with the greatest influence on the answer.
        Off the second:
        "flips, untold": the word after "brinecake" at which the prediction changes.
        Off the third, the average share that the copy alone carries to the end, numbers:
        "first kept": of the state after "brinecake"; "last kept": after "barkroll".
    """
    words = {"widest open": ["brinecake", "barkroll"], "past let go": "Joss", "tempting": "dunelet"}
    flips = {"flips, told": "barkroll", "flips, untold": "down"}
    return words | flips | {"gate at the decoy": 0.15, "first kept": 0.02, "last kept": 0.64}
