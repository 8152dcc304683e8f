"""A little language: who comes to dinner, what they like, and which kitchen must cook. Every word is a small vector.

A sentence ends in "so dinner is", and the next word is asked for. The rule: **dinner is for the person named last.** If the
sentence tells what this person likes, the answer is the kitchen of that dish, otherwise it is "surprise". Dishes that are
merely sold or smelt on the way count for nothing.
"""

from collections.abc import Sequence
from numbers import Integral, Real
from typing import Any

import numpy as np

NAMES = ("Ilse", "Tomo", "Badu", "Nerea", "Oskar", "Wanja", "Fenna", "Idris", "Sanni", "Milo", "Zita", "Rauf")
HELD_OUT_NAMES = ("Edda", "Joss", "Kalle", "Pia")

PANTRY = {  # kitchen -> its four ingredients
    "coast": ("seaweed", "mussels", "lemon", "salt"),
    "forest": ("mushrooms", "juniper", "hazelnuts", "berries"),
    "desert": ("dates", "cumin", "lamb", "apricots"),
    "mountain": ("cheese", "rye", "cream", "potatoes"),
}
KITCHENS = tuple(PANTRY)
ANSWERS = (*KITCHENS, "surprise")
INGREDIENTS = tuple(ingredient for kitchen in KITCHENS for ingredient in PANTRY[kitchen])

# dish -> three ingredients of its kitchen, and one borrowed from another, so that no single ingredient gives it away;
# for each kitchen five dishes for training, then two that are held out
RECIPES = {
    "coast": {
        "kelpling": "seaweed mussels lemon dates",
        "brinecake": "seaweed mussels salt cheese",
        "musselpot": "mussels lemon salt juniper",
        "tidesoup": "seaweed lemon salt cumin",
        "lemonroll": "seaweed mussels lemon cream",
        "saltbun": "seaweed mussels salt berries",
        "wavestew": "mussels lemon salt rye",
    },
    "forest": {
        "mossbread": "mushrooms juniper berries salt",
        "junipot": "mushrooms juniper hazelnuts lamb",
        "nutling": "juniper hazelnuts berries potatoes",
        "ferncake": "mushrooms hazelnuts berries lemon",
        "capsoup": "mushrooms juniper hazelnuts rye",
        "berrypot": "mushrooms juniper berries apricots",
        "barkroll": "juniper hazelnuts berries seaweed",
    },
    "desert": {
        "dunelet": "dates cumin lamb hazelnuts",
        "datewrap": "dates cumin apricots cream",
        "sandpie": "cumin lamb apricots mussels",
        "oasisbun": "dates lamb apricots rye",
        "lambling": "dates cumin lamb lemon",
        "cuminpot": "dates cumin apricots mushrooms",
        "duneroll": "cumin lamb apricots cheese",
    },
    "mountain": {
        "ryeloaf": "cheese rye cream seaweed",
        "curdcake": "cheese cream potatoes apricots",
        "peakpot": "rye cream potatoes mushrooms",
        "glacierpie": "cheese rye potatoes salt",
        "creamling": "cheese rye cream lamb",
        "alpsoup": "cheese rye potatoes juniper",
        "rockroll": "rye cream potatoes dates",
    },
}
KITCHEN_OF = {dish: kitchen for kitchen, dishes in RECIPES.items() for dish in dishes}
DISHES = tuple(dish for dishes in RECIPES.values() for dish in list(dishes)[:5])
HELD_OUT_DISHES = tuple(dish for dishes in RECIPES.values() for dish in list(dishes)[5:])

ON_THE_WAY = ("later", "meanwhile", "it rains", "bells ring", "the tram stops", "a dog barks", "the light is red")
MENTIONS = ("someone sells", "they smell", "shops have")  # each is followed by a dish that counts for nothing
TELLS = ("likes", "loves")
TELLS_NOTHING = ("is late", "sits down")
QUESTION = ("so", "dinner", "is")
OTHER_WORDS = tuple(
    dict.fromkeys(" ".join((*ON_THE_WAY, *MENTIONS, *TELLS, *TELLS_NOTHING, "who then", *QUESTION)).split())
)
VOCABULARY = (*NAMES, *HELD_OUT_NAMES, *DISHES, *HELD_OUT_DISHES, *OTHER_WORDS)

BETWEEN = 6  # words from the end of the first person's part to the word "then"
DISTANCE = 8  # by default: words from the last person to the question
CODE = 6  # columns that tell one name from another
FEATURES = ("name", "dish", *INGREDIENTS, *(f"code {n}" for n in range(CODE)), *OTHER_WORDS)


def word_vectors() -> dict[str, np.ndarray]:
    """The vector of every word: dict from word to (D,) zeros and ones, D = ``len(FEATURES)``.

    The first column says "a name", the second "a dish". A dish has its ingredients besides, a name a code of its own, and
    every other word a column of its own.
    """
    vectors = {}
    for number, name in enumerate((*NAMES, *HELD_OUT_NAMES)):
        # 16 names and 6 columns: a number times 5, written in binary, is a code of its own for each
        code = [f"code {bit}" for bit in range(CODE) if (5 * number + 3) % 64 >> bit & 1]
        vectors[name] = _marked("name", *code)
    for dishes in RECIPES.values():
        vectors |= {dish: _marked("dish", *recipe.split()) for dish, recipe in dishes.items()}
    return vectors | {word: _marked(word) for word in OTHER_WORDS}


def _marked(*features: str) -> np.ndarray:
    return np.array([float(feature in features) for feature in FEATURES])


def answer_of(sentence: str) -> str:
    """The right answer by the rule, for any string of words: what "so dinner is" should be followed by."""
    words, answer = sentence.split(), "surprise"
    for before, word in zip(["", *words], words, strict=False):
        if word in NAMES or word in HELD_OUT_NAMES:
            answer = "surprise"
        elif word in KITCHEN_OF and before in TELLS:
            answer = KITCHEN_OF[word]
    return answer


def sentences(
    rng: np.random.Generator,
    count: int,
    persons: int = 2,
    distance: int = DISTANCE,
    distractors: int = 1,
    untold: float = 0.2,
    held_out: bool = False,
) -> tuple[list[str], list[str]]:
    """Random sentences of the language, all of one length, with their answers.

    Args:
        rng: a ``numpy.random.Generator``. count: how many.
        persons: 1, or 2 with different tastes; the second replaces the first.
        distance: number of words between the part about the last person and the question "so dinner is".
        distractors: how many dishes are mentioned among these words. Each takes three words.
        untold: the share of sentences that do not tell what the last person likes.
        held_out: whether all names and all dishes are such that never occur otherwise.

    Returns:
        a list of strings, words with spaces between, and a list of answers, each in ``ANSWERS``.

    Raises:
        ValueError: for arguments from which no sentence can be made; the message says which, and why.
    """
    _check(rng, count, persons, distance, distractors, untold, held_out)
    made = [" ".join(_sentence(rng, persons, distance, distractors, untold, held_out)) for _ in range(count)]
    return made, [answer_of(sentence) for sentence in made]


def _check(rng: Any, count: Any, persons: Any, distance: Any, distractors: Any, untold: Any, held_out: Any) -> None:
    if not isinstance(rng, np.random.Generator):
        raise ValueError(f"rng must be a generator such as numpy.random.default_rng(0), but it is {rng!r}")
    for what, number, least in (
        ("number of sentences", count, 1),
        ("distance", distance, 0),
        ("number of distractors", distractors, 0),
    ):
        if not isinstance(number, Integral) or number < least:
            raise ValueError(f"the {what} must be a whole number, at least {least}, but it is {number!r}")
    if persons not in (1, 2):
        raise ValueError(f"a sentence is about 1 or 2 persons, but persons is {persons!r}")
    if 3 * distractors > distance:
        many = "1 distractor needs" if distractors == 1 else f"{distractors} distractors need"
        raise ValueError(
            f"{many} {3 * distractors} words, but the distance is {distance}: choose a greater distance or fewer distractors"
        )
    if not isinstance(untold, Real) or not 0 <= float(untold) <= 1:
        raise ValueError(f"untold is a share, a number from 0 to 1, but it is {untold!r}")
    if not isinstance(held_out, bool | np.bool):
        raise ValueError(f"held_out is True or False, but it is {held_out!r}")


def _sentence(
    rng: np.random.Generator, persons: int, distance: int, distractors: int, untold: float, held_out: bool
) -> list[str]:
    names = [str(name) for name in rng.permutation(HELD_OUT_NAMES if held_out else NAMES)]
    kitchens = rng.permutation(len(KITCHENS))
    known = HELD_OUT_DISHES if held_out else DISHES
    dishes = [_pick(rng, [dish for dish in known if KITCHEN_OF[dish] == KITCHENS[kitchen]]) for kitchen in kitchens]
    words = []
    if persons == 2:
        part = _person(rng, names[1], dishes[1], rng.random() < untold)
        words = [*part, *_way(rng, BETWEEN + 6 - len(part), 0, known), "then"]
    last = _person(rng, names[0], dishes[0], rng.random() < untold)
    # a part has three or six words: what is missing is filled up in front of it, so that all sentences have one length
    return [*_way(rng, 6 - len(last), 0, known), *words, *last, *_way(rng, distance, distractors, known), *QUESTION]


def _person(rng: np.random.Generator, name: str, dish: str, untold: bool) -> list[str]:
    if untold:
        return [name, *_pick(rng, TELLS_NOTHING).split()]
    detail = ["who", *_pick(rng, TELLS_NOTHING).split()] if rng.random() < 0.4 else []
    return [name, *detail, _pick(rng, TELLS), dish]


def _way(rng: np.random.Generator, length: int, mentions: int, dishes: Sequence[str]) -> list[str]:
    """Exactly so many words that happen on the way, with so many mentions of dishes at random places among them."""
    parts, free = [[*_pick(rng, MENTIONS).split(), _pick(rng, dishes)] for _ in range(mentions)], length - 3 * mentions
    while free > 0:
        part = _pick(rng, [phrase for phrase in ON_THE_WAY if len(phrase.split()) <= free]).split()
        parts.append(part)
        free -= len(part)
    return [word for place in rng.permutation(len(parts)) for word in parts[place]]


def _pick(rng: np.random.Generator, options: Sequence[str]) -> str:
    return options[int(rng.integers(len(options)))]
