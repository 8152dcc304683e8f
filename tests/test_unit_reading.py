"""What is peculiar to unit 09: the shipped reader and the answers read off its pictures, the X-ray, its widget."""

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

from autograder.building import reader as building
from autograder.checking.mistakes import prepare
from autograder.checking.scoring import score
from autograder.exercises import what_the_gates_say as pictures
from autograder.reference import reading as reference
from autograder.reference.reading_pictures import what_the_gates_say
from course import plots, reading, widgets
from course.data import sentences
from course.plots import reading as drawings

VECTORS = sentences.word_vectors()


@pytest.fixture(scope="module")
def shipped():
    return reading.shipped(reference.GRUCell(len(sentences.FEATURES), reading.UNITS))


def seen_of(reader, sentence):
    x = reference.encode(sentence, VECTORS)[:, None]
    with torch.no_grad():
        h, z, r = reference.run_with_gates(reader.cell, x, torch.zeros(1, reader.units))
        p = reference.prediction_after_each_word(reader, x)
    influence = reference.word_influence(reader, x, p[-1].argmax(-1))
    seen = {"h": h, "z": z, "r": r, "probabilities": p, "influence": influence}
    return {name: part[:, 0].numpy() for name, part in seen.items()}


def test_the_shipped_reader_reads_held_out_sentences_at_all_distances(shipped):
    for distance in (0, 8, 16, 32):
        x, right = reading.batch(
            reference.encode,
            np.random.default_rng(distance),
            1000,
            distance=distance,
            distractors=distance // 4,
            held_out=True,
        )
        assert reading.accuracy(shipped, x, right) >= 0.99


def test_how_often_it_forgets_without_then_is_what_the_unit_says(shipped):
    made, right = sentences.sentences(np.random.default_rng(5), 4000, untold=0.5, held_out=True)
    first_told = [
        sentence
        for sentence, answer in zip(made, right, strict=True)
        if answer == "surprise" and set(sentence.split(" then ")[0].split()) & set(sentences.TELLS)
    ]
    assert len(first_told) == 1015
    for word, share in (("then", 0.988), ("later", 0.8)):
        x = torch.stack([reference.encode(some.replace("then", word), VECTORS) for some in first_told], dim=1)
        right = torch.full((len(first_told),), sentences.ANSWERS.index("surprise"))
        assert reading.accuracy(shipped, x, right) == pytest.approx(share, abs=0.003)


def test_the_samosa_sentence_ends_italian():
    drawn = drawings.samosas()
    assert drawn.alt.endswith("something: z 0.02, r 1, Indian 0.0, Italian 0.8.")
    assert "brother: z 0.95, r 0, Indian 0.0" in drawn.alt
    assert "brother" not in drawings.samosas("day").alt


def test_the_answers_are_what_the_shipped_reader_shows(shipped):
    """The reference holds literals, so that readers find no code in its place; here they are worked out again."""
    told, untold = seen_of(shipped, reading.TOLD), seen_of(shipped, reading.UNTOLD)
    words = reading.TOLD.split()
    z, r = told["z"].mean(1), told["r"].mean(1)
    second = words.index("then") - 1
    taste = words.index("barkroll")
    kept = reference.kept_to_the_end(torch.from_numpy(told["z"])[:, None])[:, 0].mean(1).numpy()

    def flips(seen, sentence):
        best = seen["probabilities"].argmax(1)
        return [sentence.split()[t] for t in range(3, len(best)) if best[t] != best[t - 1]]

    answers = what_the_gates_say()
    assert answers["widest open"] == [words[t] for t in sorted(np.argsort(z)[-2:])]
    assert answers["past let go"] == words[second + 1 + r[second + 1 :].argmin()]
    assert [answers["flips, told"]] == flips(told, reading.TOLD)
    assert [answers["flips, untold"]] == flips(untold, reading.UNTOLD)
    assert answers["gate at the decoy"] == pytest.approx(z[words.index("dunelet")], abs=0.005)
    assert answers["tempting"] == words[taste + 1 + told["influence"][taste + 1 :].argmax()]
    assert answers["first kept"] == pytest.approx(kept[words.index("brinecake")], abs=0.005)
    assert answers["last kept"] == pytest.approx(kept[taste], abs=0.005)


def test_no_answer_is_a_near_thing(shipped):
    """What is to be read off differs from what comes next by more than eyes, or another machine's last digits, can miss."""
    told, words = seen_of(shipped, reading.TOLD), reading.TOLD.split()
    z, r, influence = np.sort(told["z"].mean(1)), told["r"].mean(1), told["influence"]
    assert z[-2] - z[-3] > 0.1
    low = np.sort(r[words.index("stops") + 1 :])
    assert low[1] - low[0] > 0.03
    late = np.sort(influence[words.index("barkroll") + 1 :])
    assert late[-1] > 1.3 * late[-2]
    for sentence in (reading.TOLD, reading.UNTOLD):
        best = np.sort(seen_of(shipped, sentence)["probabilities"][2:], axis=1)
        assert (best[:, -1] - best[:, -2]).min() > 0.1


@pytest.mark.parametrize("sentence", [reading.TOLD, reading.UNTOLD])
def test_what_is_recorded_is_what_the_shipped_reader_shows(shipped, sentence):
    recorded = reading.recorded(sentence)
    assert recorded.pop("answers") == sentences.ANSWERS
    seen = building.xray(shipped, sentence)
    assert seen.keys() == recorded.keys()
    for part, found in seen.items():
        np.testing.assert_allclose(recorded[part].numpy(), found, atol=1e-4)


def test_the_number_of_no_other_word_passes_for_one_that_is_asked_for():
    """As drawn, with two decimals. Where two words share a number, the picture cannot tell them apart, and none is wrong."""
    recorded, words = reading.recorded(reading.TOLD), reading.TOLD.split()
    z, kept = recorded["z"].mean(1).tolist(), recorded["kept"].mean(1).tolist()
    for key, word, shares in (
        ("gate at the decoy", "dunelet", z),
        ("first kept", "brinecake", kept),
        ("last kept", "barkroll", kept),
    ):
        asked = what_the_gates_say()[key]
        assert f"{shares[words.index(word)]:.2f}" == f"{asked:.2f}"
        assert abs(shares[words.index(word)] - asked) < pictures.NEAR
        for drawn in {f"{share:.2f}" for share in shares} - {f"{asked:.2f}"}:
            assert abs(float(drawn) - asked) > pictures.NEAR


def test_the_two_sentences_are_in_the_language_and_hold_words_that_were_held_out():
    for sentence, answer in ((reading.TOLD, "forest"), (reading.UNTOLD, "surprise")):
        words = sentence.split()
        assert set(words) <= set(sentences.VOCABULARY) and len(set(words)) == len(words)
        assert sentences.answer_of(sentence) == answer
    assert "Joss" in sentences.HELD_OUT_NAMES and "barkroll" in sentences.HELD_OUT_DISHES


def test_sorting_the_units_changes_their_order_and_nothing_else():
    torch.manual_seed(3)
    reader = reading.Reader(reference.GRUCell(len(sentences.FEATURES), 7), 7)
    x, _ = reading.batch(reference.encode, np.random.default_rng(0), 50)
    before, weights = reader(x).detach(), reader.readout.weight.detach().clone()
    after = building.in_order(reader)(x).detach()
    assert torch.allclose(before, after, atol=1e-5)
    assert not torch.equal(weights, reader.readout.weight)
    strongest = reader.readout.weight.abs().argmax(0)
    assert torch.equal(strongest, strongest.sort().values)


@pytest.mark.parametrize("answers", [None, {}, {"widest open": 3}, ["barkroll"], {"gate at the decoy": "0.15"}])
def test_answers_of_another_kind_earn_nothing_and_break_nothing(answers):
    prepared = prepare(pictures.exercise, np.random.default_rng(0))
    verdict = score(prepared, pictures.exercise.trace(lambda: answers, prepared.cases), 1.0)
    assert verdict.points == 0 and not any(verdict.checks.values())


@pytest.mark.parametrize("read", [1, 2, 22])
def test_the_xray_draws_what_was_read_so_far(shipped, read):
    words = reading.TOLD.split()
    seen = seen_of(shipped, " ".join(words[:read]))
    drawn = drawings.xray(words, **seen, answers=sentences.ANSWERS)
    assert isinstance(drawn, Figure)
    assert drawn.get_suptitle().endswith(f"{read} of 22 words read")
    bars, z, r, h, shares, *_ = drawn.axes
    assert [patch.get_height() for patch in bars.patches] == pytest.approx(seen["influence"])
    for ax, name in ((z, "z"), (r, "r"), (h, "h")):
        np.testing.assert_allclose(ax.images[0].get_array(), seen[name].T)
    assert [text.get_text() for text in z.texts] == [f"{gate:.2f}" for gate in seen["z"].mean(1)]
    assert [label.get_text() for label in shares.get_xticklabels()] == words
    assert len(shares.patches) == read * len(sentences.ANSWERS)


def test_the_other_drawings_are_figures():
    table = drawings.word_table({"Ilse": VECTORS["Ilse"], "then": VECTORS["then"]}, sentences.FEATURES)
    found = {"RNN": np.full((3, 2), 0.3), "GRU": np.full((3, 2), 0.9)}
    panels = drawings.accuracy_by_distance({"near": found, "far": found}, (0, 8), 0.2)
    assert all(isinstance(one, Figure) for one in (table, panels, drawings.kept_shares(["a", "b"], [0.1, 1.0])))


@pytest.fixture
def box(shipped):
    looked = []

    def look(sentence):
        looked.append(sentence)
        return seen_of(shipped, sentence) | {"answers": sentences.ANSWERS}

    made = widgets.Reading(
        look,
        lambda **_: plots.figure()[0],
        lambda words, z, **_: f"{len(z)} of {words}",
        [reading.TOLD, reading.UNTOLD],
        sentences.VOCABULARY,
    )
    made.looked, made.shown = looked, Shown()
    return made


class Shown:
    """Stands for the place on the page: it keeps what was put there."""

    pictures = ()

    def update(self, picture):
        self.pictures = (*self.pictures, picture)


def test_the_reader_steps_picks_and_types(box):
    box.step.value = 3
    assert box.looked == ["Milo likes brinecake"]
    box.choice.value = reading.UNTOLD
    assert box.typed.value == box.looked[-1] == reading.UNTOLD
    assert box.step.value == box.step.max == 22
    box.typed.value = "Pia loves alpsoup so dinner is"
    assert box.looked[-1] == "Pia loves alpsoup so dinner is" and box.step.value == box.step.max == 6
    box.typed.value = reading.TOLD
    assert box.step.value == box.step.max == 22
    assert len(box.shown.pictures) == len(box.looked) == 4  # drawn once each time, never for a sentence half changed


@pytest.mark.parametrize("typed", ["Pia loves alpsoup so dinner is", "Pia loves pizza"])
def test_a_sentence_that_was_picked_can_be_picked_again_after_another_was_typed(box, typed):
    box.choice.value = reading.UNTOLD
    box.typed.value = typed
    assert box.choice.value is None and box.typed.value == typed
    box.choice.value = reading.UNTOLD
    assert box.typed.value == box.looked[-1] == reading.UNTOLD and box.said.value == ""
    assert box.choice.value == reading.UNTOLD


@pytest.mark.parametrize(
    "typed, said",
    [
        ("Pia loves pizza so dinner is", "“pizza” is not in this language"),
        ("Pia loves kelplin", "Did you mean “kelpling”?"),
        ("<b>bold</b>", "&lt;b&gt;bold&lt;/b&gt;"),
        ("edda likes saltbun", "“edda” is not in this language. Did you mean “Edda”?"),
        ("Edda likes saltbun, so", "“saltbun,” is not in this language. Did you mean “saltbun”?"),
        ("x" * 300, f"“{'x' * 30}…” is not in this language"),
        ("", "Type at least one word"),
        ("   ", "Type at least one word"),
        ("later " * 41, "room for 40 words, but this sentence has 41"),
    ],
)
def test_what_cannot_be_read_is_said_in_words_and_the_picture_stays(box, typed, said):
    box.typed.value = typed
    assert said in box.said.value and box.looked == []
    box.typed.value = "Pia loves kelpling"
    assert box.said.value == "" and box.looked == ["Pia loves kelpling"]
