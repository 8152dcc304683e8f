"""The parameters of a GRU, said in another notation."""

from itertools import combinations, product

import numpy as np

from autograder.checking.checks import new_object, pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families.gru import GAMMA, U_OLD, Z_NEW
from autograder.reference import gru_notations
from autograder.reference.gru_notations import translate_gru as translated

FORMS = {"gamma": GAMMA, "z_new": Z_NEW, "u_old": U_OLD}
EXACT = (1e-12, 1e-14)  # nothing is computed but signs

ITSELF = [f"from {form} to {form}" for form in FORMS]
SQUARE = "from gamma to u_old, D = H", "from u_old to z_new, D = H", "from z_new to gamma, D = H"

exercise = Exercise(gru_notations.translate_gru)


@exercise.cases
def translations(rng):
    """All nine pairs of forms, each with parameters of its own, and square matrices."""
    pairs = {
        f"from {source} to {target}": Case((FORMS[source].parameters(rng, 3, 4), source, target))
        for source, target in product(FORMS, FORMS)
    }
    ways = (("gamma", "u_old"), ("u_old", "z_new"), ("z_new", "gamma"))
    squares = {
        name: Case((FORMS[source].parameters(rng, 3, 3), source, target))
        for name, (source, target) in zip(SQUARE, ways, strict=True)
    }
    return pairs | squares | {"D = H = 1": Case((Z_NEW.parameters(rng, 1, 1), "z_new", "u_old"))}


def both_ways(first, second):
    return f"from {first} to {second}", f"from {second} to {first}"


exercise.checks(
    values(
        "between u_old and the others",
        *both_ways("z_new", "u_old"),
        *both_ways("gamma", "u_old"),
        *SQUARE[:2],
        "D = H = 1",
        weight=1.5,
        tolerance=EXACT,
    ),
    values("between gamma and z_new", *both_ways("gamma", "z_new"), SQUARE[2], weight=1.5, tolerance=EXACT),
    values("from a form to itself", *ITSELF, weight=0.5, tolerance=EXACT, property=True),
    pure(*both_ways("z_new", "u_old"), "from u_old to gamma", *ITSELF, weight=0.5),
    new_object("a new dict, from a form to itself too", *ITSELF, weight=0.25),
)

GATES, KINDS = ("update gate", "reset gate", "candidate"), ("input weights", "recurrent weights", "bias")
CHANGE = "its three tensors change sign where it changes sides, between u_old and the two others"


def names(form, gate):
    """The parameters of the update gate (0), the reset gate (1) or the candidate (2)."""
    return list(FORMS[form].gates.values())[gate]


def crossing(source, target):
    """Whether the update gate changes sides."""
    return (source == "u_old") != (target == "u_old")


def changed(name, hint, change):
    """Add a mistake: ``change(result, source, target)`` gives what is different in a right result."""

    def wrong(params, source, target):
        result = translated(params, source, target)
        return result | change(result, source, target)

    exercise.add_mistake(name.replace(" ", "_"), hint, wrong)


def negated(result, names):
    return {name: -result[name] for name in names}


for name, words, rule in (
    ("never", "never negate the update gate", lambda s, t: False),
    ("always", "negate the update gate every time", lambda s, t: True),
    ("where_forms_differ", "negate the update gate wherever the forms differ", lambda s, t: s != t),
    ("towards_u_old_only", "negate the update gate towards u_old, but not on the way back", lambda s, t: s != t == "u_old"),
    ("from_u_old_only", "negate the update gate from u_old, but not on the way to it", lambda s, t: t != s == "u_old"),
    ("for_target_u_old", "negate the update gate if the target is u_old, whatever the source", lambda s, t: t == "u_old"),
    ("for_source_u_old", "negate the update gate if the source is u_old, whatever the target", lambda s, t: s == "u_old"),
    ("if_u_old_takes_part", "negate the update gate from u_old to itself as well", lambda s, t: "u_old" in (s, t)),
    ("where_it_stays", "negate the update gate where it stays on its side", lambda s, t: not crossing(s, t)),
    ("as_if_gamma_were_old", "take Gamma_u for the weight of the old state", lambda s, t: (s == "gamma") != (t == "gamma")),
):  # fmt: skip
    changed(
        f"negated_{name}",
        f"You {words}: {CHANGE}.",
        lambda result, s, t, rule=rule: negated(result, names(t, 0) if rule(s, t) != crossing(s, t) else ()),
    )
for kinds in ((0,), (1,), (2,), (0, 1), (0, 2), (1, 2)):
    words = " and ".join(KINDS[n] for n in kinds)
    changed(
        f"{words} not negated",
        f"Where the update gate changes sides, you leave its {words} as before: all three of its tensors change sign.",
        lambda result, s, t, kinds=kinds: negated(result, [names(t, 0)[n] for n in kinds] if crossing(s, t) else ()),
    )
for gates in ((1,), (2,), (0, 1), (0, 2), (1, 2), (0, 1, 2)):
    words = " and ".join(f"the {GATES[n]}" for n in gates)
    wrong = [n for n in range(3) if (n in gates) != (n == 0)]
    changed(
        f"{words} negated",
        f"Between u_old and another form you negate {words}: it is the update gate, and no other, that changes sides.",
        lambda result, s, t, wrong=wrong: negated(
            result, [k for n in wrong for k in names(t, n)] if crossing(s, t) else ()
        ),
    )
for name, words, function in (
    ("one_minus", "one minus its tensors", lambda minus: 1 + minus),
    ("one_over", "one over its tensors", lambda minus: -1 / minus),
    ("zeros", "zeros", lambda minus: 0 * minus),
):
    changed(
        name,
        f"Where the update gate changes sides, you give {words}: weights of the opposite sign make the gate one minus itself.",
        lambda result, s, t, function=function: {k: function(result[k]) for k in names(t, 0)} if crossing(s, t) else {},
    )


def exchanged(name, words, pairs):
    """Add the mistake of exchanged names: (gate, kind), (gate, kind). Where forms differ, and where u_old takes part."""
    for where, said, rule in (
        ("", "Where the forms differ", lambda s, t: s != t),
        (" in_u_old", "Between u_old and another form", crossing),
        (" in_gamma", "Between gamma and another form", lambda s, t: (s == "gamma") != (t == "gamma")),
    ):
        changed(
            name + where,
            f"{said}, {words} have changed places: see the table of names.",
            lambda result, s, t, rule=rule: {
                names(t, gate)[kind]: result[names(t, *other[:1])[other[1]]]
                for one in pairs
                for (gate, kind), other in (one, one[::-1])
                if rule(s, t)
            },
        )


for n, gate in enumerate(GATES):
    exchanged(f"matrices of {gate} exchanged", f"input and recurrent weights of the {gate}", [((n, 0), (n, 1))])
exchanged("all matrices exchanged", "all input and recurrent weights", [((n, 0), (n, 1)) for n in range(3)])
for one, other in combinations(range(3), 2):
    words = f"the {GATES[one]} and the {GATES[other]}"
    every = [((one, kind), (other, kind)) for kind in range(3)]
    exchanged(f"{GATES[one]} and {GATES[other]} exchanged", words, every)
    for kind, what in enumerate(KINDS):
        exchanged(
            f"{what} of {GATES[one]} and {GATES[other]} exchanged", f"the {what} of {words}", every[kind : kind + 1]
        )

for name, kinds in (("all matrices", (0, 1)), ("recurrent weights", (1,))):
    for where, said, rule in (
        ("", "on the way", lambda s, t: s != t),
        ("_for_gamma", "between gamma and others", lambda s, t: (s == "gamma") != (t == "gamma")),
    ):
        changed(
            f"{name} transposed{where}",
            f"You transpose {name} {said}: all forms multiply from the same side, so only names and signs differ.",
            lambda result, s, t, kinds=kinds, rule=rule: {
                names(t, n)[k]: result[names(t, n)[k]].T for n in range(3) for k in kinds if rule(s, t)
            },
        )
changed(
    "single_precision",
    "Your arrays are in single precision (float32): keep the float64 of the ones given.",
    lambda result, s, t: {name: array.astype(np.float32) for name, array in result.items()},
)


@exercise.wrong
def old_names_kept(params, source, target):
    """Your result still holds the source's names: return the nine names of the target form and no others."""
    return params | translated(params, source, target)


@exercise.wrong
def renamed_in_the_callers_dict(params, source, target):
    """You write the new names into the caller's dict: make a new one."""
    params.update(translated(params, source, target))
    return params


@exercise.wrong
def names_taken_out(params, source, target):
    """You change the caller's dict or its arrays: put new arrays into a new dict, and leave params as it was."""
    result = translated(params, source, target)
    params.clear()
    return result


@exercise.wrong
def callers_dict_returned(params, source, target):
    """From a form to itself you return the very dict that you were given: make a new one, or the two change together."""
    return params if source == target else translated(params, source, target)


@exercise.right
def by_one_table(params, source, target):
    rows = {
        "gamma": ("ux", "uc", "rx", "rc", "cx", "cc", "u", "r", "c"),
        "z_new": ("_z", "U_z", "_r", "U_r", "_h", "U_h", "z", "r", "h"),
        "u_old": ("xu", "hu", "xr", "hr", "xh", "hh", "u", "r", "h"),
    }
    names = {
        form: [
            ("b_" if len(row) == 1 else "" if row[0] == "U" else "W" if row[0] == "_" else "W_") + row
            for row in all_rows
        ]
        for form, all_rows in rows.items()
    }
    sign = -1 if (source == "u_old") ^ (target == "u_old") else 1
    return {
        to: (sign if n in (0, 1, 6) else 1) * params[was]
        for n, (was, to) in enumerate(zip(names[source], names[target], strict=True))
    }


@exercise.right
def by_way_of_z_new(params, source, target):
    gamma = {"W_z": "W_ux", "U_z": "W_uc", "b_z": "b_u", "W_r": "W_rx", "U_r": "W_rc", "b_r": "b_r"}
    gamma |= {"W_h": "W_cx", "U_h": "W_cc", "b_h": "b_c"}
    old = {"W_z": "W_xu", "U_z": "W_hu", "b_z": "b_u", "W_r": "W_xr", "U_r": "W_hr", "b_r": "b_r"}
    old |= {"W_h": "W_xh", "U_h": "W_hh", "b_h": "b_h"}
    tables = {"gamma": gamma, "z_new": {name: name for name in gamma}, "u_old": old}
    between = {name: params[tables[source][name]].copy() for name in gamma}
    for form in (source, target):
        if form == "u_old":
            for name in ("W_z", "U_z", "b_z"):
                between[name] = 0.0 - between[name]
    return {tables[target][name]: between[name] for name in gamma}


@exercise.right
def with_copies_of_everything(params, source, target):
    kept = {name: np.array(array) for name, array in params.items()}
    return by_one_table(kept, source, target)
