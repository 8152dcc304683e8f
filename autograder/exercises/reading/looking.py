"""Unit 05: from words to tensors, and four ways of looking into a network that reads; what each check is worth."""

import numpy as np

from autograder.exercises.checks import pure, related, values
from autograder.exercises.exercise import Check, Exercise, collect
from autograder.exercises.reading import drawing
from autograder.exercises.reading.alternatives import encoding as right_encoding
from autograder.exercises.reading.alternatives import looking as right_looking
from autograder.exercises.reading.misconceptions import encoding, looking, measuring
from autograder.reference import reading
from autograder.sandbox.protocol import wire


def refuses(name, *cases, weight=1):
    """A ValueError, and no other error, in all of these cases."""
    return Check(name, lambda seen, wanted, _: all(seen[case].error == "ValueError" for case in cases), weight)


def names_the_word(name, *cases, weight=1):
    """A ValueError whose message has the unknown word."""

    def test(seen, wanted, _):
        return all(seen[case].error == "ValueError" and {*wanted[case].names} <= {*seen[case].names} for case in cases)

    return Check(name, test, weight)


def view_encoding(result):
    """The numbers, their dtype, and whether torch has them: float64 for float32, or NumPy's, would else count as equal."""
    return {"words": result, "dtype": [str(result.dtype), isinstance(result, wire.Tensor)]}


SENTENCES = ("a sentence", "another order", "a word twice", "one word")

ENCODE = Exercise(
    reading.encode,
    drawing.draw_sentences,
    (
        values("the vectors of the words, in their order", *SENTENCES, part="words", weight=2),
        values("one word a row", "as many words as columns", "one word", part="words"),
        values("a torch tensor of dtype float32", *SENTENCES, part="dtype", weight=0.5),
        values("several spaces", "more spaces", part="words", weight=0.5),
        values("words exactly as they are written", "a capital", part="words", weight=0.5),
        refuses("a ValueError for an unknown word", "an unknown word"),
        refuses(
            "a ValueError for a known word in capitals, or with a comma",
            "an unknown capital",
            "an unknown comma",
            weight=0.5,
        ),
        names_the_word("the message names the unknown word", "an unknown word", weight=0.5),
        pure("a sentence", weight=0.5),
    ),
    collect(encoding.encode),
    collect(right_encoding.encode),
    view=view_encoding,
    tensors=True,
)

RUNS = ("a sequence", "one word", "one example", "as many words as examples")

RUN = Exercise(
    reading.run_with_gates,
    drawing.draw_runs,
    (
        values("the states after every word", *RUNS, part=0, weight=2),
        values("the update gates", *RUNS, part=1),
        values("the reset gates", *RUNS, part=2),
        related(
            "a later word does not change what happened before",
            "a sequence",
            "its last words changed",
            lambda a, b: all(
                np.allclose(p[:4], q[:4]) and not np.allclose(p[4:], q[4:]) for p, q in zip(a, b, strict=True)
            ),
            weight=0.5,
        ),
        pure("a sequence", weight=0.5),
    ),
    collect(looking.run_with_gates),
    collect(right_looking.run_with_gates),
    tensors=True,
)

PREDICTIONS = ("a batch", "one sentence", "one word", "all sizes alike")

PREDICTION = Exercise(
    reading.prediction_after_each_word,
    drawing.draw_predictions,
    (
        values("the prediction after the last word", *PREDICTIONS, part=lambda seen: seen[-1]),
        values("the predictions after every word", *PREDICTIONS, weight=2),
        related(
            "a prediction knows nothing of later words",
            "a batch",
            "its last words changed",
            lambda a, b: np.allclose(a[:4], b[:4]) and not np.allclose(a[4:], b[4:]),
            weight=0.5,
        ),
        related(
            "probabilities that add up to one",
            "a batch",
            "one sentence",
            lambda a, b: all(np.all(p >= 0) and np.allclose(p.sum(-1), 1) for p in (a, b)),
            weight=0.5,
        ),
        pure("a batch", weight=0.5),
    ),
    collect(looking.prediction_after_each_word),
    collect(right_looking.prediction_after_each_word),
    tensors=True,
)

INFLUENCES = ("a batch", "one sentence", "one word", "all sizes alike")

INFLUENCE = Exercise(
    reading.word_influence,
    drawing.draw_influences,
    (
        values("the influence of the words of one sentence", "one sentence", weight=2),
        values("the influences in a batch", "a batch", "one word"),
        values("each answer's own logit", "all sizes alike"),
        pure("a batch", "one sentence", weight=0.5),
    ),
    collect(measuring.word_influence),
    collect(right_looking.word_influence),
    tensors=True,
)

GATES = ("a batch", "one sentence", "one word", "all sizes alike")

KEPT = Exercise(
    reading.kept_to_the_end,
    drawing.draw_gates,
    (
        values("the shares for one sentence", "one sentence", weight=2),
        values("the shares in a batch", "a batch", "one word", "all sizes alike"),
        values("gates of exactly 0 and 1", "gates quite open and quite shut", weight=0.5),
        values("after the last word, everything is still there", *GATES, part=lambda seen: seen[-1], weight=0.5),
        pure("a batch", weight=0.5),
    ),
    collect(measuring.kept_to_the_end),
    collect(right_looking.kept_to_the_end),
    tensors=True,
)
