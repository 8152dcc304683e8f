"""The dictionary between the names of the plain LSTM and those of the Gamma notation."""

from itertools import combinations, permutations

from autograder.checking.checks import values
from autograder.checking.exercise import Case, Exercise
from autograder.reference import lstm

exercise = Exercise(lstm.gamma_names, view=lambda table: sorted(table) if isinstance(table, list) else table)
GATES = {"i": "the input gate", "f": "the forget gate", "o": "the output gate", "c": "the candidate"}
NOTES = {"i": "Gamma_u", "f": "Gamma_f", "o": "Gamma_o", "c": "the proposal"}
KINDS = {"W_x": "input weights", "W_h": "recurrent weights", "b_": "biases"}


@exercise.cases
def draw(rng):
    return {"the dictionary": Case(())}


def of_kind(start):
    return lambda table: {name: theirs for name, theirs in table.items() if name.startswith(start)}


exercise.checks(
    *(values(f"the names of the {kind}", "the dictionary", part=of_kind(start)) for start, kind in KINDS.items())
)
exercise.checks(values("these names and no others", "the dictionary", part=sorted, weight=0.5, property=True))


def exchanged(pairs):
    """The right table, in which the first key of each pair has the second's name."""
    table = lstm.gamma_names()
    return table | {a: table[b] for a, b in pairs}


def both_ways(pairs):
    return [pair for a, b in pairs for pair in ((a, b), (b, a))]


def exchanges():
    """Name, hint and pairs of keys for every likely exchange. The same go wrong in ``lstm_from_gamma``."""
    for one, other in combinations(GATES, 2):
        yield (
            f"{one}_and_{other}_exchanged",
            f"You exchange {GATES[one]} and {GATES[other]} in all their parameters: {lets_in(one)}; {lets_in(other)}.",
            both_ways((start + one, start + other) for start in KINDS),
        )
        yield (
            f"weights_of_{one}_and_{other}_exchanged",
            f"You exchange the weights of {GATES[one]} and {GATES[other]}, while their biases are right.",
            both_ways((start + one, start + other) for start in ("W_x", "W_h")),
        )
        for start, kind in KINDS.items():
            yield (
                f"{start}{one}_and_{start}{other}_exchanged",
                f"You exchange the {kind} of {GATES[one]} and {GATES[other]}; check {start}{one} and {start}{other}.",
                both_ways([(start + one, start + other)]),
            )
    for order in permutations(GATES):
        moved = [(one, other) for one, other in zip(GATES, order, strict=True) if one != other]
        if len(moved) > 2:
            read = ", ".join(f"{GATES[one]} as {NOTES[other]}" for one, other in moved)
            yield (
                f"read_as_{''.join(order)}",
                f"You read {read}: check each gate.",
                [(start + one, start + other) for start in KINDS for one, other in moved],
            )
    for letters in ("ifoc", "ifo", "ifc", "ioc", "foc", *GATES):
        whose = "every gate" if len(letters) == 4 else ", ".join(GATES[k] for k in letters)
        yield (
            f"x_and_h_exchanged_in_{letters}",
            f"Input and recurrent weights are exchanged in {whose}: a second letter x means the input x, a second letter c the memory cell.",
            both_ways((f"W_x{k}", f"W_h{k}") for k in letters),
        )


def lets_in(letter):
    """What a gate of the plain form is in the notes, in words."""
    parts = {
        "i": "i lets the new in, as Gamma_u does",
        "f": "f is Gamma_f",
        "o": "o is Gamma_o",
        "c": "c is the proposal",
    }
    return parts[letter]


for name, hint, pairs in exchanges():
    exercise.add_mistake(name, hint, lambda pairs=pairs: exchanged(pairs))


for name, hint, wrong in (
    ("turned_round", "Your dictionary goes the other way: its keys are the names of lstm_step.", lambda: {theirs: ours for ours, theirs in lstm.gamma_names().items()}),
    ("biases_missing", "The biases are missing in your dictionary.", lambda: {ours: theirs for ours, theirs in lstm.gamma_names().items() if ours[0] == "W"}),
    ("candidate_missing", "The candidate's parameters are missing in your dictionary: the notes' proposal plays its part.", lambda: {ours: theirs for ours, theirs in lstm.gamma_names().items() if ours[-1] != "c"}),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def letters_of_gates_only():
    """Your dictionary has the letters of the gates: its keys and entries are whole names of parameters, such as W_xi and W_ux."""
    return dict(zip("ifoc", "ufoc", strict=True))


for name, hint, wrong in (
    ("activation_in_the_names", "You name the recurrent weights after the activation (W_ua): the notes' names have the memory cell's letter, as in W_uc.",
        lambda: {ours: theirs[:-1] + "a" if ours[:3] == "W_h" else theirs for ours, theirs in lstm.gamma_names().items()}),
    ("gates_keep_their_letters", "Your gates keep their own letters (W_ix): the notes call the gate that lets the new in u.", lambda: {ours: theirs.replace("_u", "_i") for ours, theirs in lstm.gamma_names().items()}),
    ("letters_in_our_order", "Your names have their two letters in the order of lstm_step (W_xu): in the notes the gate comes first, as in W_ux.",
        lambda: {ours: f"W_{theirs[3]}{theirs[2]}" if ours[0] == "W" else theirs for ours, theirs in lstm.gamma_names().items() }),
    ("list_of_pairs", "You return a list of pairs: make a dict of it.", lambda: sorted(lstm.gamma_names().items())),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.right
def written_out():
    return {
        **{"W_xi": "W_ux", "W_hi": "W_uc", "b_i": "b_u", "W_xf": "W_fx", "W_hf": "W_fc", "b_f": "b_f"},
        **{"W_xo": "W_ox", "W_ho": "W_oc", "b_o": "b_o", "W_xc": "W_cx", "W_hc": "W_cc", "b_c": "b_c"},
    }


@exercise.right
def by_loop():
    table = {}
    for ours, theirs in (("i", "u"), ("f", "f"), ("o", "o"), ("c", "c")):
        table["W_x" + ours] = "W_" + theirs + "x"
        table["W_h" + ours] = "W_" + theirs + "c"
        table["b_" + ours] = "b_" + theirs
    return table


@exercise.right
def by_zip():
    ours = [name + k for k in "ifoc" for name in ("W_x", "W_h", "b_")]
    theirs = [name.format(k) for k in "ufoc" for name in ("W_{}x", "W_{}c", "b_{}")]
    return dict(zip(ours, theirs, strict=True))
