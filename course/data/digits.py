"""Handwritten digits of 8 x 8 pixels, read row by row or pixel by pixel.

The images are the test part of "Optical Recognition of Handwritten Digits" by E. Alpaydin and C. Kaynak (1998), UCI Machine
Learning Repository, https://doi.org/10.24432/C50P49, licensed CC BY 4.0; here in ``digits.npz`` as bytes, unchanged otherwise.
"""

from pathlib import Path

import numpy as np

FILE = Path(__file__).with_name("digits.npz")
TRAINING = 1297  # of 1797; the file is ordered by writer, so the rest was mostly written by others


def load_digits(part: str) -> tuple[np.ndarray, np.ndarray]:
    """The images and their labels.

    Args:
        part: "training" (1297 images) or "test" (500 others).

    Returns:
        images: (N, 8, 8) whole numbers from 0, paper, to 16, ink. labels: (N,) which digit each shows, 0 to 9; both int64.

    Raises:
        ValueError: for another part.
    """
    if part not in ("training", "test"):
        raise ValueError(f'there is a "training" and a "test" part of the digits, but no {part!r}')
    with np.load(FILE) as file:
        images, labels = (file[name].astype(np.int64) for name in ("images", "labels"))
    chosen = slice(TRAINING) if part == "training" else slice(TRAINING, None)
    return images[chosen], labels[chosen]


def as_sequences(images: np.ndarray, by: str) -> np.ndarray:
    """Images as sequences, time first, with numbers from 0 to 1.

    Args:
        images: (N, R, C), with numbers from 0 to 16. by: "row" (a step for each row of C numbers), or "pixel" (a step for
            each pixel, row after row).

    Returns:
        (R, N, C) or (R * C, N, 1) float32.

    Raises:
        ValueError: for another way of reading.
    """
    if by not in ("row", "pixel"):
        raise ValueError(f'digits can be read by "row" or by "pixel", not by {by!r}')
    steps = images.transpose(1, 0, 2) if by == "row" else images.reshape(len(images), -1, 1).transpose(1, 0, 2)
    return np.ascontiguousarray(steps, dtype=np.float32) / 16
