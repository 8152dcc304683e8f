"""Visible checks of peepholes and the Gamma notation."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.checks.primitives import expect, expect_close, expect_parts, expect_shape, plain, shown, unchanged
from course.checks.visible import visible_check

__all__ = ["gamma_lstm_step", "gamma_names", "lstm_from_gamma", "mended_gamma_step", "peephole_lstm_step"]

Step = Callable[..., Any]
Params = dict[str, np.ndarray]
LETTERS = {"plain": ("ifoc", "W_x{}", "W_h{}"), "gamma": ("ufoc", "W_{}x", "W_{}c")}
OPEN, SHUT = np.array([50.0]), np.array([-50.0])  # biases of gates that are open, or shut, whatever comes in


def _parameters(rng: np.random.Generator, D: int, H: int, notation: str = "plain") -> Params:
    """Random parameters of an LSTM with D inputs and H neurons."""
    letters, of_input, recurrent = LETTERS[notation]
    made = {of_input.format(k): rng.normal(size=(H, D)) for k in letters}
    made |= {recurrent.format(k): 0.5 * rng.normal(size=(H, H)) for k in letters}
    return made | {f"b_{k}": rng.normal(size=H) for k in letters}


def _zeros(H: int = 1, notation: str = "plain") -> Params:
    return {name: 0 * value for name, value in _parameters(np.random.default_rng(0), 1, H, notation).items()}


def _one(number: float) -> np.ndarray:
    return np.array([[float(number)]])


def _logistic(number: float) -> float:
    return float(1 / (1 + np.exp(-number)))


@visible_check(
    "the three cells worked on paper",
    "shapes",
    "peepholes of zero",
    "each gate's own peephole",
    "which cell each gate sees",
    "arguments unchanged",
)
def peephole_lstm_step(peephole_lstm_step: Step, lstm_step: Step) -> None:
    """One step with peepholes. Every gate is compared with a plain gate whose bias is moved by what its peephole adds."""
    rng = np.random.default_rng(3)
    params = _parameters(rng, 4, 5) | {f"w_c{k}": rng.normal(size=5) for k in "ifo"}
    x, h, c = rng.normal(size=(3, 4)), rng.uniform(-1, 1, size=(3, 5)), rng.normal(size=(3, 5))
    with unchanged(x=x, h=h, c=c, **params):
        made = peephole_lstm_step(x, h, c, params)
    expect_parts(made, 2, "the new state and the new cell")
    expect_shape(made[0], (3, 5), "the new state of 3 examples and 5 neurons")
    expect_shape(made[1], (3, 5), "the new cell of 3 examples and 5 neurons")
    blind = params | {f"w_c{k}": np.zeros(5) for k in "ifo"}
    for seen, wanted, what in zip(
        peephole_lstm_step(x, h, c, blind), lstm_step(x, h, c, params), ("state", "cell"), strict=True
    ):
        expect_close(seen, wanted, f"the new {what} with all peepholes at zero, which should be that of lstm_step")

    one = _zeros() | {f"w_c{k}": np.zeros(1) for k in "ifo"} | {"b_c": np.ones(1)}
    at_two = one | {"b_o": OPEN}
    seen = peephole_lstm_step(_one(0), _one(0), _one(2), at_two | {"w_cf": np.ones(1)})[1]
    expect_close(seen, [[2.142391]], "the new cell where only the forget gate has a peephole, w_cf = 1", 1e-6)
    seen = peephole_lstm_step(_one(0), _one(0), _one(2), at_two | {"w_ci": np.ones(1)})[1]
    expect_close(seen, [[1.670810]], "the new cell where only the input gate has a peephole, w_ci = 1", 1e-6)
    looks = one | {"w_co": np.ones(1)}
    seen = peephole_lstm_step(_one(0), _one(0), _one(3), looks | {"b_f": OPEN, "b_i": SHUT})[0]
    expect_close(seen, [[0.947863]], "sigma(3) tanh(3), a cell of 3 that is kept and opens its own output gate", 1e-5)
    seen = peephole_lstm_step(_one(0), _one(0), _one(3), looks | {"b_f": SHUT, "b_i": OPEN})[0]
    expect_close(
        seen,
        [[0.437662]],
        "the new state when the cell goes from 3 to tanh(1) in this step. The output gate looks at the new cell. "
        "The new state",
        1e-5,
    )

    new_h, new_c = plain(made[0]), plain(made[1])
    for n in range(3):
        moved = params | {f"b_{k}": params[f"b_{k}"] + params[f"w_c{k}"] * c[n] for k in "if"}
        moved["b_o"] = params["b_o"] + params["w_co"] * new_c[n]
        wanted_h, wanted_c = lstm_step(x[n : n + 1], h[n : n + 1], c[n : n + 1], moved)
        expect_close(
            new_c[n : n + 1],
            wanted_c,
            f"the new cell of example {n}, against lstm_step with w * c_old added to the biases b_i and b_f",
        )
        expect_close(
            new_h[n : n + 1],
            wanted_h,
            f"the new state of example {n}, against lstm_step with w_co * c_new added to the bias b_o",
        )


@visible_check(
    "the cell worked on paper",
    "each gate's own work",
    "every weight",
    "who hears whom",
    "shapes",
    "arguments unchanged",
)
def gamma_lstm_step(gamma_lstm_step: Step) -> None:
    """One step exactly as the notes print it: first with one neuron and gates set by hand, then weight by weight."""
    still = _zeros(notation="gamma")
    made = gamma_lstm_step(_one(0), _one(2), still)
    expect_parts(made, 2, "the activation and the new cell")
    expect_close(made[1], [[1.0]], "the new cell from 2, with every gate at one half and a proposal of 0")
    expect_close(made[0], [[0.5]], "the activation from 2, with every gate at one half: read the last line as printed")
    gates = (
        ({"b_u": SHUT, "b_f": OPEN}, 2.0, "the new cell from 2, with Gamma_u shut and Gamma_f open: a copy"),
        (
            {"b_u": OPEN, "b_f": OPEN},
            2.761594,
            "the new cell from 2, with Gamma_u and Gamma_f both open: Gamma_f keeps",
        ),
        ({"b_u": SHUT, "b_f": SHUT}, 0.0, "the new cell from 2, with Gamma_u and Gamma_f both shut"),
    )
    for biases, wanted, what in gates:
        seen = gamma_lstm_step(_one(0), _one(2), still | {"b_c": np.ones(1)} | biases)[1]
        expect_close(seen, [[wanted]], what, 1e-6)

    for k in "cufo":
        for name in (f"W_{k}c", f"W_{k}x", f"b_{k}"):
            # old cell 1, input 1, and b_c = 1, so that the proposal is not 0
            params = still | {"b_c": np.ones(1)} | {name: np.full(still[name].shape, 2.0)}
            level = {gate: 2.0 * (gate == k) for gate in "ufo"}
            u, f, o = (_logistic(level[gate]) for gate in "ufo")
            candidate = float(np.tanh((1.0 if name != "b_c" else 0.0) + 2.0 * (k == "c")))
            cell = u * candidate + f
            a, c = gamma_lstm_step(_one(1), _one(1), params)
            where = f"with {name} = 2, old cell and input 1" + ("" if name == "b_c" else ", b_c = 1")
            expect_close(c, [[cell]], f"the new cell of one neuron {where}, all else 0")
            expect_close(a, [[o * cell]], f"the activation of one neuron {where}, all else 0")

    hears_second = np.array([[0.0, 1.0], [0.0, 0.0]])
    params = _zeros(2, "gamma") | {f"W_{k}c": hears_second for k in "ufoc"}
    a, c = gamma_lstm_step(_one(0), np.array([[1.0, 2.0]]), params)
    expect_close(c, [[1.729910, 1.0]], "the new cells of two neurons, the first of which hears the second", 1e-6)
    expect_close(a, [[1.523699, 0.5]], "the activations of two neurons, the first of which hears the second", 1e-6)

    rng = np.random.default_rng(4)
    params = _parameters(rng, 4, 5, "gamma")
    x, c = rng.normal(size=(3, 4)), rng.normal(size=(3, 5))
    with unchanged(x=x, c=c, **params):
        a, new_c = gamma_lstm_step(x, c, params)
    expect_shape(a, (3, 5), "the activation of 3 examples and 5 neurons")
    expect_shape(new_c, (3, 5), "the new cell of 3 examples and 5 neurons")
    alone = gamma_lstm_step(x[1:2], c[1:2], params)
    expect_close(alone[0], plain(a)[1:2], "the activation of the second example alone, against that within the batch")
    expect_close(alone[1], plain(new_c)[1:2], "the new cell of the second example alone, against that within the batch")


@visible_check("the 12 keys", "each name of the notes used once", "the kind of every name", "one gate for one gate")
def gamma_names(gamma_names: Callable[[], Any]) -> None:
    """The dictionary. It is checked for order and completeness; which gate is which, you find."""
    table = gamma_names()
    expect(isinstance(table, dict), f"gamma_names should return a dict, but it returned {shown(table)}.")
    keys, names = set(_zeros()), set(_zeros(notation="gamma"))
    if set(table) <= names and not set(table) <= keys:
        expect(False, "your dictionary goes the other way: its keys should be the names of lstm_step, such as W_xi.")
    _expect_names(set(table), keys, "keys", "lstm_step")
    _expect_names(set(table.values()), names, "entries", "the Gamma notation")
    for ours, theirs in table.items():
        kind = {"W_x": "input weights", "W_h": "recurrent weights", "b_": "biases"}[ours[:-1]]
        fits = theirs[0] == ours[0] and (ours[0] == "b" or (theirs[-1] == "x") == (ours[2] == "x"))
        expect(fits, f"{ours} belongs to the {kind}, but {theirs} does not: the second letter says from whom.")
    for k in "ifoc":
        gates = {table[f"W_x{k}"][2], table[f"W_h{k}"][2], table[f"b_{k}"][2]}
        expect(
            len(gates) == 1,
            f"the parameters of {k} come from different gates of the notes: {', '.join(sorted(gates))}.",
        )
    expect(table["W_xi"] == "W_ux", f"W_xi lets the new in, as W_ux does, but you have {table['W_xi']}.")
    for k in "fo":
        theirs = table[f"b_{k}"][2:]
        expect(theirs == k, f"{k} is Gamma_{k} in the notes: both have the same job. You made it {theirs}.")


def _expect_names(found: set[Any], wanted: set[str], what: str, where: str) -> None:
    missing, more = sorted(wanted - found), sorted(map(str, found - wanted))
    expect(not more, f"your {what} have {', '.join(more)} in them, which {where} does not know.")
    expect(not missing, f"among your {what}, {', '.join(missing)} of {where} is missing.")


@visible_check("the 12 names", "shapes", "what each gate does in lstm_step", "who hears the input", "the caller's dict")
def lstm_from_gamma(lstm_from_gamma: Callable[[Params], Any], lstm_step: Step) -> None:
    """The renamed parameters, tried in ``lstm_step``: each gate must do what the notes' gate was set to do."""
    theirs = _parameters(np.random.default_rng(5), 2, 3, "gamma")
    before = dict(theirs)
    ours = lstm_from_gamma(theirs)
    expect(isinstance(ours, dict), f"lstm_from_gamma should return a dict, but it returned {shown(ours)}.")
    expect(
        theirs.keys() == before.keys() and all(theirs[name] is before[name] for name in before),
        "your function changed the dict that it was given, which belongs to the caller; make a new one.",
    )
    _expect_names(set(ours), set(_zeros()), "keys", "lstm_step")
    for k in "ifoc":
        expect_shape(ours[f"W_x{k}"], (3, 2), f"W_x{k}, for 2 inputs and 3 neurons")
        expect_shape(ours[f"W_h{k}"], (3, 3), f"W_h{k}, for 3 neurons")
        expect_shape(ours[f"b_{k}"], (3,), f"b_{k}, for 3 neurons")
    expect_close(ours["b_f"], theirs["b_f"], "b_f, which both notations call by the same name")

    def stepped(**levels: float) -> tuple[Any, Any]:
        """lstm_step from state 1 and cell 2 with input 1, one neuron; each parameter a constant."""
        still = _zeros(notation="gamma")
        given = {name: np.full(value.shape, levels.get(name, 0.0)) for name, value in still.items()}
        renamed = {name: plain(value) for name, value in lstm_from_gamma(given).items()}
        return lstm_step(_one(1), _one(1), _one(2), renamed)

    for source, who in (("b_{}", "by its bias"), ("W_{}x", "by the input"), ("W_{}c", "by the state")):
        name = {k: source.format(k) for k in "ufoc"}
        seen = stepped(**{name["u"]: -50, name["f"]: 50, "b_c": 1})[1]
        expect_close(seen, [[2.0]], f"lstm_step's new cell from 2, Gamma_u shut and Gamma_f opened {who}: a copy")
        seen = stepped(**{name["u"]: 50, name["f"]: -50, name["c"]: 3})[1]
        expect_close(
            seen,
            [[0.995055]],
            f"lstm_step's new cell, Gamma_f shut, Gamma_u open, the proposal set to tanh(3) {who}",
            1e-6,
        )
        seen = stepped(**{name["o"]: -50})[0]
        expect_close(seen, [[0.0]], f"lstm_step's new state, Gamma_o shut {who}")
    hears_second = np.array([[0.0, 1.0], [0.0, 0.0]])
    turned = lstm_from_gamma(_zeros(2, "gamma") | {f"W_{k}c": hears_second for k in "ufoc"})
    for k in "ifoc":
        expect_close(turned[f"W_h{k}"], hears_second, f"W_h{k}, which should be stored as in the notes, not transposed")


@visible_check("one neuron worked on paper", "which state is heard", "the LSTM of unit 04, five steps long")
def mended_gamma_step(mended_gamma_step: Step, lstm_from_gamma: Step, lstm_step: Step) -> None:
    """The mended form against ``lstm_step``, which gets the same arrays through the reader's own ``lstm_from_gamma``."""
    still = _zeros(notation="gamma")
    made = mended_gamma_step(_one(0), _one(0), _one(2), still)
    expect_parts(made, 2, "the new activation and the new cell")
    expect_close(made[1], [[1.0]], "the new cell from 2, with every gate at one half and a proposal of 0")
    expect_close(made[0], [[0.380797]], "the activation from 2, with every gate at one half: 0.5 times tanh(1)", 1e-6)
    for k, what in (("u", "Gamma_u"), ("f", "Gamma_f"), ("o", "Gamma_o"), ("c", "the proposal")):
        params = still | {"b_c": np.ones(1)} | {f"W_{k}c": _one(9)}
        seen = mended_gamma_step(_one(0), _one(0), _one(2), params)
        wanted = mended_gamma_step(_one(0), _one(0), _one(2), params | {f"W_{k}c": _one(0)})
        for one, other, name in zip(seen, wanted, ("activation", "cell"), strict=True):
            expect_close(
                one, other, f"the new {name} when {what} should hear the old activation, 0, not the old cell, 2"
            )
    rng = np.random.default_rng(6)
    theirs = _parameters(rng, 2, 3, "gamma")
    renamed = {name: plain(value) for name, value in lstm_from_gamma(theirs).items()}
    a = h = rng.uniform(-1, 1, size=(2, 3))
    cell = c = rng.normal(size=(2, 3))
    for step, x in enumerate(rng.normal(size=(5, 2, 2))):
        with unchanged(x=x, a=a, c=cell, **theirs):
            new_a, new_cell = mended_gamma_step(x, a, cell, theirs)
        h, c = lstm_step(x, h, c, renamed)
        against = f"after step {step + 1}, against lstm_step with the parameters of your lstm_from_gamma"
        expect_close(new_cell, c, f"the cell {against}", 1e-12)
        expect_close(new_a, h, f"the activation {against}", 1e-12)
        a, cell = plain(new_a), plain(new_cell)
