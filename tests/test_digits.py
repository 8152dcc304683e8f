"""The handwritten digits that the course ships: complete, split once and for all, read by rows or by pixels."""

import numpy as np
import pytest

from course.data import as_sequences, digits, load_digits


def test_both_parts_together_are_all_images_and_no_image_is_in_both():
    (training, _), (test, _) = load_digits("training"), load_digits("test")
    assert training.shape == (1297, 8, 8) and test.shape == (500, 8, 8)
    both = {image.tobytes() for image in training} & {image.tobytes() for image in test}
    assert both == set()


@pytest.mark.parametrize("part", ["training", "test"])
def test_images_are_ink_from_0_to_16_and_every_digit_comes_about_equally_often(part):
    images, labels = load_digits(part)
    assert images.min() == 0 and images.max() == 16 and images.dtype == labels.dtype == np.int64
    counts = np.bincount(labels, minlength=10)
    assert len(counts) == 10 and counts.min() > 0.08 * len(labels) and counts.max() < 0.12 * len(labels)


def test_labels_belong_to_their_images():
    """Whoever compares with the mean image of each digit is right nearly nine times in ten: labels are not shuffled."""
    (images, labels), (unseen, wanted) = load_digits("training"), load_digits("test")
    means = np.array([images[labels == digit].mean(axis=0) for digit in range(10)])
    apart = ((unseen[:, None] - means) ** 2).sum(axis=(2, 3))
    assert np.mean(apart.argmin(axis=1) == wanted) > 0.8


def test_sequences_are_time_first_and_hold_the_image():
    images, _ = load_digits("test")
    rows, pixels = as_sequences(images, "row"), as_sequences(images, "pixel")
    assert rows.shape == (8, 500, 8) and pixels.shape == (64, 500, 1) and rows.dtype == pixels.dtype == np.float32
    assert np.array_equal(16 * rows[3, 17], images[17, 3])
    assert 16 * pixels[8 * 2 + 5, 17, 0] == images[17, 2, 5]
    assert rows.max() == pixels.max() == 1.0


def test_what_there_is_not_is_said():
    with pytest.raises(ValueError, match="validation"):
        load_digits("validation")
    with pytest.raises(ValueError, match="column"):
        as_sequences(np.zeros((1, 8, 8)), "column")


def test_the_file_is_small_and_credited():
    assert digits.FILE.stat().st_size < 100_000
    assert "CC BY 4.0" in digits.__doc__ and "UCI" in digits.__doc__
