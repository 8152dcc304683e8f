"""Unit 04, the last exercise: readers write the test, and it is tested by the wrong GRUs that it catches."""

import numpy as np

from autograder.exercises.exercise import Case, Check, Exercise, collect
from autograder.exercises.gru.alternatives import catching as right
from autograder.exercises.gru.candidates import FAMILIES, members, rightly
from autograder.exercises.gru.misconceptions import catching
from autograder.reference import gru_notations
from autograder.sandbox.protocol import wire


def numbered():
    """Neutral names for all candidates, and who belongs to which family; right and wrong ones are mixed."""
    known = [("right", one) for one in members(rightly)]
    known += [(family, one) for family, wrong in FAMILIES.items() for one in wrong]
    order = np.random.default_rng(4).permutation(len(known))
    functions, families = {}, {}
    for number, place in enumerate(order, start=1):
        family, function = known[place]
        functions[f"candidate_{number:02d}"] = function
        families.setdefault(family, []).append(f"candidate_{number:02d}")
    return functions, families


CANDIDATES, IN_FAMILY = numbered()


def draw_candidates(rng):
    """All candidates, in an order of the day: a test that goes by the count of its calls learns nothing."""
    names = sorted(CANDIDATES)
    return {names[place]: Case((wire.FunctionRef(names[place]),)) for place in rng.permutation(len(names))}


def view_answer(answer):
    """True or False, also as NumPy says them; nothing else is an answer."""
    if isinstance(answer, bool):
        return answer
    if isinstance(answer, np.ndarray) and answer.shape == () and answer.dtype == bool:
        return bool(answer)
    raise TypeError("not True or False")


def answers(trace, family, wanted):
    """Whether all answers about a family are these, given twice alike."""
    return all(trace[name].value is wanted and trace[name].again is wanted for name in IN_FAMILY[family])


def catches_at_least(share, words, weight):
    """Some share of all wrong cells is called wrong, by a test that does not call right ones wrong, too."""

    def test(seen, wanted, cases):
        wrong = [name for family in FAMILIES for name in IN_FAMILY[family]]
        caught = sum(seen[name].value is True and seen[name].again is True for name in wrong)
        return caught >= share * len(wrong) and answers(seen, "right", False)

    return Check(f"{words} of all the wrong GRUs are caught", test, weight)


def catches(family):
    """All wrong cells of a family are called wrong, by a test that does not call right ones wrong, too."""

    def test(seen, wanted, cases):
        return answers(seen, family, True) and answers(seen, "right", False)

    return Check(f"every mistake with {family}" if family.startswith("the ") else f"every mistake in {family}", test)


def accepts():
    """No right cell is refused. A property: a test that lets everything pass does so, too."""
    return Check(
        "no right GRU is refused", lambda seen, wanted, cases: answers(seen, "right", False), 1.0, property=True
    )


CATCH = Exercise(
    gru_notations.catch_wrong_gru,
    draw_candidates,
    (
        catches_at_least(0.5, "half", 2),
        catches_at_least(0.75, "three quarters", 2),
        *(catches(family) for family in FAMILIES),
        accepts(),
    ),
    collect(catching.catch_wrong_gru),
    collect(right.catch_wrong_gru),
    uses=("gru_step",),
    view=view_answer,
    functions=CANDIDATES,
)
