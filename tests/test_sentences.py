"""The little language of unit 09: its rule, its arguments, its held-out words; and that a reader learns it."""

import contextlib
import io
import itertools
import time

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from autograder.reference.reading import GRUCell, encode
from course import reading
from course.data import sentences

# of held-out sentences. With twelve seeds the least was 99.55 %, a margin of 1.5 points (the median 100 %), after 5 to 7 s of
# computing: ``python -m tests.test_sentences`` measures it again, in about two minutes
RIGHT = 0.98


def rng(seed=0):
    return np.random.default_rng(seed)


@given(
    persons=st.integers(1, 2),
    distance=st.integers(0, 30),
    wished=st.integers(0, 10),
    untold=st.floats(0, 1),
    held_out=st.booleans(),
    seed=st.integers(0, 2**32 - 1),
)
@settings(max_examples=100, deadline=None, derandomize=True)
def test_every_argument_means_what_it_says(persons, distance, wished, untold, held_out, seed):
    distractors = min(wished, distance // 3)
    made, answers = sentences.sentences(rng(seed), 3, persons, distance, distractors, untold, held_out)
    assert len(made) == len(answers) == 3 and len({len(sentence.split()) for sentence in made}) == 1
    for sentence, answer in zip(made, answers, strict=True):
        words = sentence.split()
        names = [place for place, word in enumerate(words) if word in sentences.NAMES + sentences.HELD_OUT_NAMES]
        assert len(names) == persons and tuple(words[-3:]) == sentences.QUESTION
        way = words[len(words) - 3 - distance : -3]
        assert sum(word in sentences.KITCHEN_OF for word in way) == distractors
        last = words[
            names[-1] : len(words) - 3 - distance
        ]  # the part about the last person: who, and the taste if told
        assert answer == (sentences.KITCHEN_OF[last[-1]] if last[-2] in sentences.TELLS else "surprise")
        assert set(words) <= set(sentences.VOCABULARY)


def test_a_second_person_has_another_taste_than_the_first():
    made, answers = sentences.sentences(rng(), 200, persons=2, untold=0.0)
    assert set(answers) == set(sentences.KITCHENS)
    for sentence, answer in zip(made, answers, strict=True):
        assert sentences.answer_of(sentence.split(" then ")[0]) not in (answer, "surprise")


def test_the_rule_by_hand():
    for sentence, answer in (
        ("Ilse likes kelpling so dinner is", "coast"),
        ("Ilse likes kelpling then Pia loves ryeloaf so dinner is", "mountain"),
        ("Ilse likes kelpling then Pia is late so dinner is", "surprise"),
        ("Ilse likes kelpling they smell ryeloaf so dinner is", "coast"),
        ("Ilse sits down shops have ryeloaf so dinner is", "surprise"),
        ("", "surprise"),
    ):
        assert sentences.answer_of(sentence) == answer


def test_the_split_is_real():
    """No held-out name or dish in what readers are trained on, no other one in what they are tested on."""
    for persons, distance in itertools.product((1, 2), (0, 8, 16)):
        distractors = distance // 4
        known, _ = sentences.sentences(rng(1), 500, persons, distance, distractors)
        tested, _ = sentences.sentences(rng(2), 500, persons, distance, distractors, held_out=True)
        known, tested = ({word for sentence in made for word in sentence.split()} for made in (known, tested))
        people, food = set(sentences.HELD_OUT_NAMES), set(sentences.HELD_OUT_DISHES)
        assert not known & (people | food) and people | food <= tested
        assert not tested & (set(sentences.NAMES) | set(sentences.DISHES))


def test_no_lesson_holds_a_held_out_word():
    """What readers are really trained on: every word that is encoded on the way."""
    read = set()

    def listening(sentence, vectors):
        read.update(sentence.split())
        return encode(sentence, vectors)

    reading.lessons(listening, rng(), farthest=24, each=20)
    assert read == set(sentences.VOCABULARY) - set(sentences.HELD_OUT_NAMES) - set(sentences.HELD_OUT_DISHES)


def test_a_held_out_dish_is_new_as_a_whole_but_not_in_its_ingredients():
    vectors = sentences.word_vectors()
    known = [vectors[dish] for dish in sentences.DISHES]
    for dish in sentences.HELD_OUT_DISHES:
        assert not any(np.array_equal(vectors[dish], other) for other in known)
        own = {name for name in sentences.PANTRY[sentences.KITCHEN_OF[dish]]}
        used = {name for name, there in zip(sentences.FEATURES, vectors[dish], strict=True) if there} - {"dish"}
        assert len(used & own) == 3 and len(used - own) == 1
        assert all(any(other[sentences.FEATURES.index(name)] for other in known) for name in used)


def test_every_word_has_a_vector_of_its_own():
    vectors = sentences.word_vectors()
    assert set(vectors) == set(sentences.VOCABULARY) and len(set(sentences.VOCABULARY)) == len(sentences.VOCABULARY)
    assert len({vector.tobytes() for vector in vectors.values()}) == len(vectors)
    assert all(vector.shape == (len(sentences.FEATURES),) for vector in vectors.values())


def test_the_same_seed_gives_the_same_sentences():
    assert sentences.sentences(rng(3), 20) == sentences.sentences(rng(3), 20)
    assert sentences.sentences(rng(3), 20) != sentences.sentences(rng(4), 20)


@pytest.mark.parametrize(
    "arguments, said",
    [
        ({"count": 0}, "number of sentences must be a whole number, at least 1, but it is 0"),
        ({"count": "3"}, "but it is '3'"),
        ({"rng": 0}, "such as numpy.random.default_rng"),
        ({"persons": 3}, "1 or 2 persons, but persons is 3"),
        ({"persons": "2"}, "persons is '2'"),
        ({"distance": -1, "distractors": 0}, "distance must be a whole number, at least 0, but it is -1"),
        ({"distance": 7.5}, "but it is 7.5"),
        ({"distance": None}, "but it is None"),
        ({"distance": float("inf")}, "but it is inf"),
        ({"distractors": -1}, "number of distractors must be a whole number, at least 0"),
        ({"distractors": 1.0}, "but it is 1.0"),
        ({"distance": 5, "distractors": 2}, "2 distractors need 6 words, but the distance is 5"),
        ({"distance": 2}, "1 distractor needs 3 words, but the distance is 2"),
        ({"untold": 1.5}, "from 0 to 1, but it is 1.5"),
        ({"untold": float("nan")}, "but it is nan"),
        ({"untold": "all"}, "but it is 'all'"),
        ({"held_out": "no"}, "True or False, but it is 'no'"),
    ],
)
def test_arguments_that_make_no_sentence_are_refused_in_words(arguments, said):
    with pytest.raises(ValueError, match=said):
        sentences.sentences(**({"rng": rng(), "count": 3} | arguments))


def learnt(seed):
    """The share of held-out two-person sentences at the default distance that a reader gets right, trained as in the notebook."""
    torch.set_num_threads(1)
    torch.manual_seed(seed)
    reader = reading.Reader(GRUCell(len(sentences.FEATURES), reading.UNITS), reading.UNITS)
    with contextlib.redirect_stdout(io.StringIO()):  # without the progress bar
        reading.train(reader, reading.lessons(encode, rng(seed)), seed=seed)
    return reading.accuracy(reader, *reading.batch(encode, rng(1000 + seed), 2000, held_out=True))


def test_a_reader_learns_words_that_it_never_saw():
    assert learnt(0) >= RIGHT


def test_training_stops_when_interrupted_and_keeps_what_was_learnt(capsys):
    class Impatient(GRUCell):
        calls = 0

        def forward(self, x, h):
            Impatient.calls += 1
            if Impatient.calls > 100:
                raise KeyboardInterrupt
            return super().forward(x, h)

    reader = reading.Reader(Impatient(len(sentences.FEATURES), 4), 4)
    losses = reading.train(reader, [reading.batch(encode, rng(), 10)], steps=50)
    assert 1 <= len(losses) < 10
    assert f"Stopped after {len(losses)} steps" in capsys.readouterr().out


if __name__ == "__main__":  # the calibration of RIGHT: python -m tests.test_sentences
    shares = []
    for seed in range(12):
        started = time.process_time()
        shares.append(learnt(seed))
        print(f"seed {seed}: {shares[-1]:.2%}, {time.process_time() - started:.1f} s of computing", flush=True)
    print(f"the least {min(shares):.2%}: {min(shares) - RIGHT:.2%} above the threshold of {RIGHT:.0%}")
