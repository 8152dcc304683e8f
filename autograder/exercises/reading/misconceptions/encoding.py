"""Wrong versions of unit 05's ``encode``. Each docstring is the hint."""

import numpy as np
import torch

from autograder.reference import reading


def looked_up(sentence, vectors, otherwise):
    """The vectors of the words; ``otherwise(word)`` for a word that has none, or None to leave it out."""
    rows = [vectors[word] if word in vectors else otherwise(word) for word in sentence.split()]
    return torch.tensor(np.stack([row for row in rows if row is not None]), dtype=torch.float32)


class encode:
    def unknown_words_left_out(sentence, vectors):
        """You leave unknown words out without a word: raise a ValueError that names the word."""
        return looked_up(sentence, vectors, lambda word: None)

    def unknown_words_are_zeros(sentence, vectors):
        """An unknown word becomes a row of zeros in yours: raise a ValueError that names the word."""
        return looked_up(sentence, vectors, lambda word: 0 * next(iter(vectors.values())))

    def key_error(sentence, vectors):
        """An unknown word ends in a KeyError from the dict: say what is wrong, with a ValueError that names the word."""
        return torch.stack([torch.tensor(vectors[word], dtype=torch.float32) for word in sentence.split()])

    def asserted(sentence, vectors):
        """An unknown word ends in an AssertionError, which Python can be told to skip: raise a ValueError that names the word."""
        for word in sentence.split():
            assert word in vectors, f"unknown word {word}"
        return looked_up(sentence, vectors, None)

    def word_not_named(sentence, vectors):
        """Your ValueError does not say which word is unknown: put the word into its message."""
        if any(word not in vectors for word in sentence.split()):
            raise ValueError("this sentence has an unknown word")
        return looked_up(sentence, vectors, None)

    def as_numpy(sentence, vectors):
        """You return a NumPy array: make a torch tensor of it, of dtype float32."""
        return reading.encode(sentence, vectors).numpy()

    def double_precision(sentence, vectors):
        """Your tensor is float64, as NumPy's arrays are: torch's layers want float32."""
        return torch.stack(
            [torch.tensor(vectors[w]) for w in sentence.split() if reading.encode(w, vectors) is not None]
        )

    def words_used_up(sentence, vectors):
        """You take the words out of the dict with pop: it belongs to the caller, so look them up."""
        if any(word not in vectors for word in sentence.split()):
            raise ValueError(f"unknown: {sentence}")
        found = {word: vectors.pop(word) for word in set(sentence.split())}
        return looked_up(sentence, found, None)

    def summed_up(sentence, vectors):
        """You return the sum of the words' vectors: one row a word, so that their order is kept."""
        return reading.encode(sentence, vectors).sum(dim=0)

    def columns(sentence, vectors):
        """Your words are columns: one word a row, the shape is (T, D)."""
        return reading.encode(sentence, vectors).T

    def with_a_batch_axis(sentence, vectors):
        """Your tensor has an axis too many: one sentence is (T, D), the batch comes later."""
        return reading.encode(sentence, vectors)[:, None]

    def split_at_single_spaces(sentence, vectors):
        """You split at every single space, so several in a row make empty words: split() without an argument does not."""
        rows = []
        for word in sentence.split(" "):
            if word not in vectors:
                raise ValueError(word)
            rows.append(vectors[word])
        return torch.tensor(np.stack(rows), dtype=torch.float32)

    def lower_case(sentence, vectors):
        """You make the words lower-case first: look them up exactly as they are written, or names are not found."""
        return reading.encode(sentence.lower(), vectors)

    def lower_case_if_unknown(sentence, vectors):
        """You try an unknown word in lower case: look it up exactly as it is written, and refuse it if it is not there."""
        return reading.encode(" ".join(w if w in vectors else w.lower() for w in sentence.split()), vectors)

    def stripped_of_commas(sentence, vectors):
        """You take commas and full stops off the words: look each up exactly as it is written, and refuse what is not there."""
        return reading.encode(" ".join(word.strip(".,!?;:") for word in sentence.split()), vectors)

    def last_word_missing(sentence, vectors):
        """Your last word is missing."""
        return torch.cat([reading.encode(sentence, vectors)[:-1], torch.zeros(0, len(next(iter(vectors.values()))))])

    def backwards(sentence, vectors):
        """Your words stand in the order from last to first."""
        return reading.encode(sentence, vectors).flip(0)

    def each_word_once(sentence, vectors):
        """A word that comes twice is there only once in yours: every word gets a row."""
        return reading.encode(" ".join(dict.fromkeys(sentence.split())), vectors)

    def places_instead_of_vectors(sentence, vectors):
        """You mark each word's place in the vocabulary: take its vector, which says what kind of word it is."""
        if any(word not in vectors for word in sentence.split()):
            raise ValueError(f"unknown: {sentence}")
        return torch.eye(len(vectors))[[list(vectors).index(word) for word in sentence.split()]]
