"""A sentence as a tensor: words are looked up exactly, and unknown ones refused by name."""

from collections.abc import Callable

import numpy as np
import torch

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Check, Exercise
from autograder.exercises.families import results
from autograder.reference import reading

exercise = Exercise(
    reading.encode,
    tensors=True,
    # float64 for float32, or an array for a tensor, would count as equal
    view=lambda rows: {"the rows": rows, "their type": f"{type(rows).__name__.lower()} of {rows.dtype}"},
)

SENTENCES = ("a sentence", "another order", "a word twice", "one word", "one word, one column")
SQUARE = ("as many words as columns", "one word", "one word, one column")
UNKNOWN = ("an unknown word", "an unknown first word", "an unknown last word")
SPELLING = ("an unknown capital", "an unknown comma", "a part of a word")


@exercise.cases
def draw(rng):
    """Words that spell nothing, so that they cannot be known beforehand."""
    words = ["".join(chr(97 + n) for n in rng.integers(26, size=6)) + last for last in "abcdefghi"]
    vectors = {word: rng.normal(size=4) for word in [*words, words[0].upper()]}
    a, b, c, d, e, f, *_ = words
    stranger = "".join(chr(97 + n) for n in rng.integers(26, size=6)) + "x"
    square, single = {word: rng.normal(size=3) for word in (a, b, c)}, {a: rng.normal(size=1)}
    return {
        "a sentence": Case((f"{a} {b} {c} {d} {e}", vectors)),
        "another order": Case((f"{e} {c} {a} {b} {d}", vectors)),
        "a word twice": Case((f"{b} {f} {b}", vectors)),
        "one word": Case((d, vectors)),
        "one word, one column": Case((a, single)),
        "more spaces": Case((f"  {c}   {a}  {f} ", vectors)),
        "as many words as columns": Case((f"{b} {c} {a}", square)),
        "a capital": Case((f"{b} {a.upper()} {a}", vectors)),
        "an unknown word": Case((f"{a} {stranger} {b}", vectors)),
        "an unknown first word": Case((f"{stranger} {c} {b}", vectors)),
        "an unknown last word": Case((f"{a} {d} {stranger}", vectors)),
        "an unknown capital": Case((f"{a} {b.upper()} {c}", vectors)),
        "an unknown comma": Case((f"{a} {b}, {c}", vectors)),
        "a part of a word": Case((f"{a} {b[:-1]} {c}", vectors)),
    }


def refuses(name, *cases, named=False, weight=1.0):
    """A ValueError, and no other error, in all of these cases; ``named``: its message says which word is unknown."""

    def says(seen, word):
        """Whether a message has the word other than in a quotation of the sentence. An own type of error shows none."""
        beside = [pair for other in seen.names for pair in (f"{other} {word}", f"{word} {other}")]
        quoted = any(pair in (seen.message or "") for pair in beside)
        return word in seen.names and (not quoted or seen.message.count(word) > 1)

    def test(actual, expected):
        return all(
            actual[case].error == "ValueError"
            and (not named or all(says(actual[case], word) for word in expected[case].names))
            for case in cases
        )

    return Check(name, test, cases, weight, property=True)


exercise.checks(
    values("the vectors of the words, in their order", *SENTENCES, part="the rows", weight=2),
    values("one word per row", *SQUARE, part="the rows"),
    values("a torch tensor of dtype float32", *SENTENCES, part="their type", weight=0.5, property=True),
    values("several spaces", "more spaces", part="the rows", weight=0.5),
    values("words exactly as they are written", "a capital", part="the rows", weight=0.5),
    refuses("a ValueError for an unknown word", *UNKNOWN),
    refuses("a ValueError for a known word in capitals, cut short, or with a comma", *SPELLING, weight=0.5),
    refuses("the message says which word is unknown, not only in which sentence", *UNKNOWN, named=True, weight=0.5),
    pure("a sentence", weight=0.5),
)

encode = reading.encode


def looked_up(sentence, vectors, otherwise=lambda word: None):
    """The vectors of the words; ``otherwise(word)`` for a word that has none, or None to leave it out."""
    rows = [vectors[word] if word in vectors else otherwise(word) for word in sentence.split()]
    return torch.tensor(np.stack([row for row in rows if row is not None]), dtype=torch.float32)


def refusing(message, kind: type[Exception] = ValueError):
    """Another error, or another message, for an unknown word."""

    def wrong(sentence, vectors):
        unknown = [word for word in sentence.split() if word not in vectors]
        if unknown:
            raise kind(message(sentence.split(), unknown[0]))
        return looked_up(sentence, vectors)

    return wrong


def respelled(change, of_vectors: Callable = dict):
    """Another sentence, ``change(its words, vectors)``, and maybe other vectors, encoded by the right rules."""
    return lambda sentence, vectors: encode(" ".join(change(sentence.split(), vectors)), of_vectors(vectors))


def in_small_letters(vectors):
    return {word.lower(): vector for word, vector in vectors.items()}


@exercise.wrong
def key_error(sentence, vectors):
    """An unknown word ends in a KeyError, as a look-up in a dict does: raise a ValueError that names the word instead."""
    return torch.stack([torch.tensor(vectors[word], dtype=torch.float32) for word in sentence.split()])


@exercise.wrong
def only_the_first_word_is_checked(sentence, vectors):
    """Your ValueError comes only where the first word is unknown: a later one ends in a KeyError. Check every word."""
    if sentence.split()[0] not in vectors:
        raise ValueError(f"unknown: {sentence.split()[0]}")
    return key_error(sentence, vectors)


@exercise.wrong
def split_at_single_spaces(sentence, vectors):
    """You split at every single space, so several in a row make empty words: split() without an argument does not."""
    for word in sentence.split(" "):
        if word not in vectors:
            raise ValueError(word)
    return encode(" ".join(sentence.split()), vectors)


@exercise.wrong
def words_used_up(sentence, vectors):
    """You change the dict of vectors, by pop, del or an assignment: it belongs to the caller, so only look words up."""
    rows = encode(sentence, vectors)
    for word in set(sentence.split()):
        del vectors[word]
    return rows


# fmt: off
for name, hint, function in (
    ("unknown_words_left_out", "You leave unknown words out, without an error: raise a ValueError that names the word.", looked_up),
    ("unknown_words_are_zeros", "An unknown word becomes a row of zeros in yours: raise a ValueError that names the word.",
     lambda sentence, vectors: looked_up(sentence, vectors, lambda word: 0 * next(iter(vectors.values())))),
    ("nothing_returned_for_unknown", "Your function returns None where a word is unknown: raise a ValueError that names the word.",
     lambda sentence, vectors: encode(sentence, vectors) if {*sentence.split()} <= {*vectors} else None),
    ("asserted", "An unknown word ends in an AssertionError, which Python can be told to skip: raise a ValueError instead.",
     refusing(lambda words, unknown: f"unknown word {unknown}", AssertionError)),
    ("plain_exception",
     "An unknown word raises a plain Exception: raise a ValueError, so that a caller can tell it from other errors.",
     refusing(lambda words, unknown: f"unknown word {unknown}", Exception)),
    ("word_not_named", "Your ValueError does not say which word is unknown: put the word into its message.",
     refusing(lambda words, unknown: "this sentence has an unknown word")),
    ("last_word_named", "Your ValueError names the last word of the sentence: it should name the word that is unknown.",
     refusing(lambda words, unknown: f"unknown: {words[-1]}")),
    ("first_word_named", "Your ValueError names the first word of the sentence: it should name the word that is unknown.",
     refusing(lambda words, unknown: f"unknown: {words[0]}")),
    ("lower_case", "You make the words lower-case first: look them up exactly as they are written, or names are not found.",
     respelled(lambda words, vectors: map(str.lower, words))),
    ("capitals_ignored",
     "You take capitals and small letters for the same, in sentence and vectors: look words up exactly as they are written.",
     respelled(lambda words, vectors: map(str.lower, words), in_small_letters)),
    ("capitals_and_commas_ignored",
     "You take no notice of capitals, commas and full stops: look each word up exactly as it is written.",
     respelled(lambda words, vectors: [word.lower().strip(".,!?;:") for word in words], in_small_letters)),
    ("lower_case_if_unknown",
     "You try an unknown word in lower case: look it up exactly as it is written, and refuse it if it is not there.",
     respelled(lambda words, vectors: [word if word in vectors else word.lower() for word in words])),
    ("stripped_of_commas",
     "You take commas and full stops off the words: look each up exactly as it is written, and refuse what is not there.",
     respelled(lambda words, vectors: [word.strip(".,!?;:") for word in words])),
    ("each_word_once", "A word that comes twice is there only once in yours: every word gets a row.",
     respelled(lambda words, vectors: dict.fromkeys(words))),
    ("alphabetical", "Your words are in alphabetical order: keep the order of the sentence.",
     respelled(lambda words, vectors: sorted(words))),
    ("order_of_the_dict", "Your rows come in the order of the dict, each word once: keep the order of the sentence.",
     respelled(lambda words, vectors: sorted({*words}, key=[*vectors, *words].index))),
    ("double_precision", "Your tensor is float64, as NumPy's arrays are: torch's layers want float32.",
     lambda sentence, vectors: torch.tensor(np.stack([vectors[w] for w in sentence.split() if encode(w, vectors) is not None]))),
    ("places_instead_of_vectors",
     "You mark each word's place in the vocabulary: take its vector, which says what kind of word it is.",
     lambda sentence, vectors: encode(sentence, dict(zip(vectors, np.eye(len(vectors)), strict=True)))),
):
    exercise.add_mistake(name, hint, function)
exercise.add(
    results.changed_results(
        ("as_numpy", "You return a NumPy array: make a torch tensor of it, of dtype float32.", lambda rows: rows.numpy()),
        ("summed_up", "You return the sum of the words' vectors: return one row per word, so that their order is kept.",
         lambda rows: rows.sum(dim=0)),
        ("columns", "Your words are columns: with one word per row, the shape is (T, D).", lambda rows: rows.T),
        ("with_a_batch_axis", "Your tensor has one axis too many, in the middle: one sentence is (T, D), the batch comes later.",
         lambda rows: rows[:, None]),
        ("with_a_batch_axis_in_front",
         "Your tensor has one axis too many, in front: one sentence is (T, D), the batch comes later.",
         lambda rows: rows[None]),
        ("squeezed", "An axis of length 1 has disappeared: one word is still (1, D), and one column (T, 1).",
         lambda rows: rows.squeeze()),
        ("squeezed_one_word", "For a sentence of one word your first axis disappears: its shape is (1, D).",
         lambda rows: rows.squeeze(0)),
        ("backwards", "Your words stand in the order from last to first.", lambda rows: rows.flip(0)),
        ("whole_numbers", "Your numbers are cut to whole numbers before they become floats: keep what stands after the point.",
         lambda rows: rows.int().float()),
        ("list_of_rows", "You return a list: torch.stack makes one tensor (T, D) of a list of rows.", list),
    )
)
# fmt: on


@exercise.right
def by_array(sentence, vectors):
    words = sentence.split()
    unknown = [word for word in words if word not in vectors]
    if unknown:
        raise ValueError(f"unknown: {', '.join(unknown)}")
    return torch.tensor(np.array([vectors[word] for word in words]), dtype=torch.float32)


@exercise.right
def by_catching(sentence, vectors):
    try:
        return torch.stack([torch.from_numpy(vectors[word]).float() for word in sentence.split()])
    except KeyError as error:
        raise ValueError(f"there is no word {error}") from None


@exercise.right
def by_a_table(sentence, vectors):
    places = {word: place for place, word in enumerate(vectors)}
    table = np.stack(list(vectors.values())).astype("f4")
    found = [places.get(word, -1) for word in sentence.split()]
    if min(found) < 0:
        raise ValueError(f"not in the vocabulary: {sentence.split()[found.index(-1)]!r}")
    return torch.from_numpy(table[found])


@exercise.right
def by_an_error_of_its_own(sentence, vectors):
    class UnknownWord(ValueError):
        def __str__(self):
            return f"who knows the word {self.args[0]}?"

    rows = []
    for word in sentence.split():
        if word not in vectors:
            raise UnknownWord(word)
        rows.append(torch.FloatTensor(vectors[word].tolist()))
    return torch.vstack(rows)
