"""What can be said of names that were drawn by chance, in words; and chance that comes from elsewhere."""

import numpy as np

from autograder.checking.exercise import Exercise
from autograder.checking.observation import Fact
from autograder.exercises.families import batches

SHARES = (0.55, 0.27, 0.12, 0.06)  # the chances of four letters, far enough apart for every temperature to be told
TEMPERATURES = (1.0, 2.0, 0.5, 4.0, 0.25)


def view_names(made):
    """Facts about a list of names: how many, which, and how often each where there are many of few kinds."""
    kind = type(made).__name__ + " of " + " and ".join(sorted({type(name).__name__ for name in made}))
    texts = [str(name) for name in made]
    different = sorted(set(texts))
    return {
        "kind": Fact(kind),
        "how many": len(texts),
        "names": Fact(", ".join(map(repr, different)) if len(different) <= 4 else "more than four different ones"),
        "shares": Fact(_shares(texts)),
        "_fingerprint": [batches.fingerprint(np.frombuffer("|".join(texts).encode("utf-8"), np.uint8).astype(float))],
    }


def _shares(texts):
    """Which names are how frequent, most frequent first, and which temperature that tells of."""
    if len(texts) < batches.MANY:
        return batches.FEW
    names, counts = np.unique(texts, return_counts=True)
    order = np.argsort(-counts)
    if len(names) > len(SHARES):
        return "others than there are, too"
    shown = ", ".join(repr(str(name)) for name in names[order])
    if len(names) < len(SHARES):
        return f"only {shown}"
    for temperature in sorted(
        TEMPERATURES, key=lambda T: float(np.sum((counts[order] - _expected(T, len(texts))) ** 2))
    ):
        expected = _expected(temperature, len(texts))
        if np.all(np.abs(counts[order] - expected) <= 8 * np.sqrt(expected) + 3):
            return f"{shown}, as often as at temperature {temperature:g}"
    return f"{shown}, in other shares"


def _expected(temperature, count):
    weights = np.array(SHARES) ** (1 / temperature)
    return count * weights / weights.sum()


def chance_mistakes(exercise: Exercise) -> None:
    """Chance that does not come from the generator, or not all of it."""
    reference = exercise.reference

    @exercise.wrong
    def generator_of_its_own(rng, model, count, temperature, longest=20):
        """Your function draws nothing from rng: after it, the generator is as before. Call rng's own methods."""
        return reference(np.random.default_rng(0), model, count, temperature, longest)

    @exercise.wrong
    def chance_from_elsewhere_too(rng, model, count, temperature, longest=20):
        """Some of your chance comes from torch or np.random: equal generators should give equal names. Use rng alone."""
        rng.random()
        return reference(np.random.default_rng(), model, count, temperature, longest)
