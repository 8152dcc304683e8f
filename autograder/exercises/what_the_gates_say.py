"""What is to be read off three pictures of the shipped reader."""

import numpy as np

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Check, Exercise
from autograder.reference import reading_pictures
from course import reading

# numbers stand in the pictures with two decimals: half of the last one is what they were rounded by, and no bar of a
# neighbour is as near
CASE, NEAR = "your answers", 0.006


def view_answers(answers):
    """Words without regard to capitals and spaces around them, several words as a list, numbers as floats of two decimals."""
    return {key: _plain(answer) for key, answer in answers.items()}


def _plain(answer):
    if isinstance(answer, str):
        return " ".join(answer.lower().split())
    if isinstance(answer, list | tuple):
        return [_plain(part) for part in answer]
    return answer if answer is None or np.ndim(answer) else round(float(answer), 2)


exercise = Exercise(reading_pictures.what_the_gates_say, view=view_answers)
exercise.cases(lambda rng: {CASE: Case(())})


def number(key, what, weight=1.0):
    """A number as it stands in the picture, or as it was worked out before it was rounded."""

    def test(actual, expected):
        answers = actual[CASE].value
        return not actual[CASE].error and abs(answers[key] - expected[CASE].value[key]) <= NEAR

    return Check(what, test, (CASE,), weight)


exercise.checks(
    values("the two words at which the update gate opens widest", CASE, part="widest open"),
    values("the word at which the reset gate lets go of the first guest", CASE, part="past let go"),
    values("the word at which the prediction flips if a taste is told", CASE, part="flips, told"),
    values("the word at which the prediction flips if none is told", CASE, part="flips, untold"),
    number("gate at the decoy", "the update gate at the dish that is merely sold"),
    values("the word after barkroll that still moves the answer most", CASE, part="tempting"),
    number("first kept", "what is left of the first dish"),
    number("last kept", "what is left of the second dish"),
)

RIGHT = reading_pictures.what_the_gates_say()
TOLD: list[str] = list(reading.TOLD.split())
UNTOLD: list[str] = list(reading.UNTOLD.split())


def misread(name, hint, **answers):
    """A picture read wrongly: some answers replaced. Underscores stand for blanks, and two for a comma."""
    changed = {key.replace("__", ", ").replace("_", " "): answer for key, answer in answers.items()}
    exercise.add_mistake(name, hint, lambda: RIGHT | changed)


def misread_words():
    """Any other word of the sentence, for the questions about one word."""
    for key, words, after in (
        ("past let go", TOLD, "stops"),
        ("flips, told", TOLD, "brinecake"),
        ("flips, untold", UNTOLD, "brinecake"),
        ("tempting", TOLD, "barkroll"),
    ):
        asks = {
            "past let go": "the number above its column in the reset gate is not the lowest of those after “stops”",
            "flips, told": "in the first picture the likeliest answer does not change there: it is the same as one word before",
            "flips, untold": "in the second picture the likeliest answer does not change there: it is the same as one word before",
            "tempting": "its bar of influence in the first picture is not the highest of those after “barkroll”",
        }[key]
        for place, word in enumerate(words):
            if word == RIGHT[key] or (key, word) in SPECIAL:
                continue
            said = asks if place > words.index(after) else f"the question is about the words after “{after}”"
            exercise.add_mistake(
                f"{key.replace(', ', '_').replace(' ', '_')}_at_{word}",
                f"“{key}”: you say “{word}”, but {said}.",
                lambda key=key, word=word: RIGHT | {key: word},
            )


def misread_numbers():
    """Any other number of the right row, for the questions about one number."""
    seen = reading.recorded(reading.TOLD)
    for key, row, at, where in (
        ("gate at the decoy", "z", "dunelet", "above the columns of the update gate"),
        ("first kept", "kept", "brinecake", "above the bars"),
        ("last kept", "kept", "barkroll", "above the bars"),
    ):
        drawn = {}
        for word, share in zip(TOLD, seen[row].mean(1).tolist(), strict=True):
            drawn.setdefault(round(share, 2), []).append(word)
        for share, words in drawn.items():
            if abs(share - RIGHT[key]) <= NEAR or (key, share) in SPECIAL:
                continue
            exercise.add_mistake(
                f"{key.replace(' ', '_')}_at_{words[0]}",
                f"“{key}”: you read {share:.2f}, which stands {where} at “{'” and “'.join(words[:3])}”, not at “{at}”.",
                lambda key=key, share=share: RIGHT | {key: share},
            )


def misread_pairs():
    """One of the two words of "widest open" and another one."""
    first, second = RIGHT["widest open"]
    for word in TOLD:
        if word in (first, second):
            continue
        for kept in (first, second):
            pair = sorted([word, kept], key=TOLD.index)
            exercise.add_mistake(
                f"widest_open_{kept}_and_{word}",
                f"“widest open”: {kept} is right, but at another word than {word} the average of the update gate is higher.",
                lambda pair=pair: RIGHT | {"widest open": pair},
            )


# these have hints of their own, below
SPECIAL = {
    ("past let go", "loves"),
    ("past let go", "then"),
    ("past let go", "Milo"),
    ("tempting", "then"),
    ("tempting", "barkroll"),
    ("last kept", 0.66),
    ("first kept", 0.04),
    ("first kept", 0.64),
    ("last kept", 0.02),
}
misread_words()
misread_numbers()
misread_pairs()

# fmt: off
for name, hint, answers in (
    ("order_turned_round", "“widest open”: your two words are right, but stand the wrong way round: give them in the order of the sentence.",
     dict(widest_open=RIGHT["widest open"][::-1])),
    ("guests_instead_of_dishes", "You name the guests; look again at the row of the update gate's averages: it opens wider where a taste is told.",
     dict(widest_open=["Milo", "Joss"])),
    ("verbs_instead_of_dishes", "“widest open”: at likes and loves the update gate only begins to open; its average is higher one word later.",
     dict(widest_open=["likes", "loves"])),
    ("one_text", "“widest open” is one text in yours: give a list of two words, each a string of its own.",
     dict(widest_open=" ".join(RIGHT["widest open"]))),
    ("one_text_with_comma", "“widest open” is one text with a comma in yours: give a list of two strings.",
     dict(widest_open=", ".join(RIGHT["widest open"]))),
    ("one_text_with_and", "“widest open” is one text with “and” in yours: give a list of two strings.",
     dict(widest_open=" and ".join(RIGHT["widest open"]))),
    ("verb_lets_go", "The reset gate is low at loves, but it is lower still one word before.",
     dict(past_let_go="loves")),
    ("then_lets_go", "At then the reset gate begins to fall; the question is where it is lowest.",
     dict(past_let_go="then")),
    ("lowest_of_the_whole_sentence", "At Milo the reset gate is the lowest of the whole sentence: the question is about the words after “stops”.",
     dict(past_let_go="Milo")),
    ("flips_at_the_name", "The name makes the prediction less sure, but the likeliest answer stays: it changes later.",
     dict(flips__told="Joss", flips__untold="Joss")),
    ("pictures_mixed_up", "Your two answers about where the prediction flips belong to the other picture each.",
     dict(flips__told=RIGHT["flips, untold"], flips__untold=RIGHT["flips, told"])),
    ("answers_instead_of_words", "You say which answer the prediction flips to: the question is at which word it does.",
     dict(flips__told="forest", flips__untold="surprise")),
    ("reset_for_update", "At dunelet you read the reset gate: the question is about the update gate.",
     dict(gate_at_the_decoy=0.59)),
    ("decoy_of_the_second_picture", "At dunelet you read the second picture: the question is about the first, where a taste is told.",
     dict(gate_at_the_decoy=0.45)),
    ("decoy_kept_out", "At dunelet the update gate is nearly, but not quite shut: read its average off.",
     dict(gate_at_the_decoy=0.0)),
    ("kept_from_the_second_guest", "You read 0.04, what is left of the state after Joss: the question is about the state after brinecake, earlier.",
     dict(first_kept=0.04)),
    ("kept_from_the_word_after", "You read 0.66, the bar at someone: the question is about the state after barkroll, one word before.",
     dict(last_kept=0.66)),
    ("most_tempting_of_all", "You looked at the whole sentence: “tempting” is about the words after barkroll.",
     dict(tempting="then")),
    ("barkroll_itself", "“tempting” is about the words after barkroll: barkroll itself is not one of them.",
     dict(tempting="barkroll")),
    ("shares_swapped", "You have the two shares the other way round: what came later has less to survive.",
     dict(first_kept=0.64, last_kept=0.02)),
    ("second_dish_for_the_first", "“first kept”: you read the bar at barkroll, the second dish: the first is brinecake.",
     dict(first_kept=0.64)),
    ("first_dish_for_the_second", "“last kept”: you read the bar at brinecake, the first dish: the second is barkroll.",
     dict(last_kept=0.02)),
    ("forgotten_instead_of_kept", "Your two numbers are what is lost: the question is what is kept.",
     dict(first_kept=0.98, last_kept=0.36)),
    ("widest_unit_at_the_decoy", "At dunelet you read the unit whose update gate opens widest: the question is about the average over all units.",
     dict(gate_at_the_decoy=round(float(reading.recorded(reading.TOLD)["z"][TOLD.index("dunelet")].max()), 2))),
    ("percent", "You write percent: a share lies between 0 and 1, like a gate.",
     dict(gate_at_the_decoy=15, first_kept=2, last_kept=64)),
    ("shares_in_percent", "You write the two shares in percent: they lie between 0 and 1, like a gate.",
     dict(first_kept=2, last_kept=64)),
    ("numbers_as_texts", "Your numbers are texts: write them without quotation marks.",
     dict(gate_at_the_decoy="0.15", first_kept="0.02", last_kept="0.64")),
):
    misread(name, hint, **answers)
# fmt: on

for kept, where in ((-1, "before"), (1, "after")):
    row = reading.recorded(reading.TOLD)["kept"].mean(1)
    misread(
        f"shares_one_word_{where}",
        f"Your two shares stand above the word {where} each dish: read the bars at brinecake and at barkroll themselves.",
        first_kept=round(float(row[TOLD.index("brinecake") + kept]), 2),
        last_kept=round(float(row[TOLD.index("barkroll") + kept]), 2),
    )
for decoy in (0.1, 0.2):
    misread(
        f"one_decimal_{10 * decoy:.0f}",
        f"You give the numbers with one decimal ({decoy} and so on): give two, as they stand in the pictures.",
        gate_at_the_decoy=decoy,
        first_kept=0.0,
        last_kept=0.6,
    )


@exercise.right
def not_rounded():
    return RIGHT | {
        "widest open": tuple(RIGHT["widest open"]),
        "gate at the decoy": 0.15487,
        "first kept": 0.02381,
        "last kept": 0.63564,
    }


@exercise.right
def in_other_letters():
    told = {"flips, told": " barkroll", "flips, untold": "down ", "past let go": "joss", "tempting": "Dunelet"}
    return RIGHT | told | {"widest open": ["Brinecake", "Barkroll"]}


@exercise.right
def as_numpy():
    return RIGHT | {key: np.float32(RIGHT[key]) for key in ("gate at the decoy", "first kept", "last kept")}


@exercise.right
def by_computing():
    seen = reading.recorded(reading.TOLD)
    z, kept = seen["z"].mean(1), seen["kept"].mean(1)
    return RIGHT | {
        "widest open": [TOLD[t] for t in sorted(z.argsort()[-2:].tolist())],
        "gate at the decoy": float(z[TOLD.index("dunelet")]),
        "first kept": kept[TOLD.index("brinecake")].numpy(),
        "last kept": kept[TOLD.index("barkroll")].item(),
    }
