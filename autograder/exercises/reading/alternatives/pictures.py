"""Right answers about the pictures, written differently. All get full marks."""

import numpy as np


class what_the_gates_say:
    def not_rounded():
        words = {"widest open": ("brinecake", "barkroll"), "past let go": "Joss", "tempting": "dunelet"}
        flips = {"flips, told": "barkroll", "flips, untold": "down"}
        return words | flips | {"gate at the decoy": 0.15487, "first kept": 0.02381, "last kept": 0.63564}

    def in_small_letters():
        told = {"flips, told": " barkroll", "flips, untold": "down ", "past let go": "joss", "tempting": "Dunelet"}
        return told | {
            "widest open": ["Brinecake", "Barkroll"],
            "gate at the decoy": 0.15,
            "first kept": 0.02,
            "last kept": 0.64,
        }

    def as_numpy():
        answers = {"gate at the decoy": 0.15, "first kept": 0.02, "last kept": 0.64}
        answers = {key: np.float32(value) for key, value in answers.items()}
        answers["widest open"] = ["brinecake", "barkroll"]
        answers["past let go"], answers["tempting"] = "Joss", "dunelet"
        answers["flips, told"], answers["flips, untold"] = "barkroll", "down"
        return answers
