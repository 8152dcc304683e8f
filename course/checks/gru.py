"""Visible checks of the GRU's exercises.

Most of what can go wrong in a step shows with two neurons and a single weight: the first neuron hears the second. A weight
of ln 3 makes a gate of 3/4, and a gate that hears nothing is 1/2.
"""

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from course.checks.primitives import expect, expect_close, expect_shape, plain, torch_or_none, unchanged
from course.checks.visible import visible_check

__all__ = [
    "count_parameters",
    "gamma_gru_step",
    "gru_forward",
    "gru_step",
    "gru_step_u_old",
    "simplified_gru_step",
    "translate_gru",
]

Step = Callable[..., Any]


def _named(names: str) -> dict[str, str]:
    """From roles, such as "x z" for the weights from input to update gate and "z" for its bias, to names."""
    return dict(zip(("x z", "h z", "z", "x r", "h r", "r", "x c", "h c", "c"), names.split(), strict=True))


GAMMA = _named("W_ux W_uc b_u W_rx W_rc b_r W_cx W_cc b_c")
Z_NEW = _named("W_z U_z b_z W_r U_r b_r W_h U_h b_h")
U_OLD = _named("W_xu W_hu b_u W_xr W_hr b_r W_xh W_hh b_h")
SIMPLIFIED = {role: name for role, name in GAMMA.items() if "r" not in role}


def _drawn(names: Mapping[str, str], seed: int, D: int, H: int) -> dict[str, np.ndarray]:
    """Random parameters for D inputs and H neurons; ``names``: from roles, such as "x z" for input to gate, to names."""
    rng, sizes = np.random.default_rng(seed), {"x": (H, D), "h": (H, H)}
    return {name: rng.normal(size=sizes[role[0]] if " " in role else H) for role, name in names.items()}


def _drawn_inputs(seed: int, B: int, D: int, H: int) -> tuple[np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.normal(size=(B, D)), rng.uniform(-1, 1, size=(B, H))


def _one_step(
    step: Step, names: Mapping[str, str], old: str, seed: int, B: int, D: int, H: int
) -> tuple[np.ndarray, np.ndarray, dict[str, np.ndarray], Any]:
    """x, an old state, parameters, and the new state, whose shape is checked. ``old``: what the old state is called."""
    x, h = _drawn_inputs(seed, B, D, H)
    params = _drawn(names, seed, D, H)
    with unchanged(**{"x": x, old: h}, **params):
        new = step(x, h, params)
    expect_shape(new, (B, H), f"the new state of {B} examples and {H} neurons")
    return x, h, params, new


def _expect_worked(step: Step, names: Mapping[str, str], wanted: float, **numbers: float) -> None:
    """Compare with what the text worked out for one neuron. ``numbers``: old state h, and parameters; the others are 0."""
    params = {name: np.zeros((1, 1) if " " in role else 1) for role, name in names.items()}
    old = np.array([[numbers.pop("h")]])
    params |= {name: np.full_like(params[name], value) for name, value in numbers.items()}
    expect_close(step(np.ones((1, 1)), old, params), [[wanted]], "the new state worked on paper", 1e-6)


def _expect_each_weight(step: Step, names: Mapping[str, str], weighs_old: bool = False) -> None:
    """Compare two neurons where one weight at a time is not zero, [0, 1]: the first neuron hears the second.

    Args:
        names: from roles to the names of parameters. weighs_old: whether the update gate weighs the old state.
    """
    both, heard = np.ones((1, 2)), np.array([[0.0, 1.0], [0.0, 0.0]])
    empty = {name: np.zeros((2, 2) if " " in role else 2) for role, name in names.items()}
    all_new = {names["z"]: np.full(2, -60.0 if weighs_old else 60.0)}
    reset_open = {names["r"]: np.full(2, 60.0)} if "r" in names else {}
    reset = "relevance gate" if names is GAMMA else "reset gate"
    kept = [[0.75, 0.5]] if weighs_old else [[0.25, 0.5]]
    for role, name in names.items():
        source, target = role.split() if " " in role else ("", role)
        if not source:
            continue
        if target == "z":
            params, wanted = {name: np.log(3) * heard}, kept
        elif target == "r":
            params, wanted = {name: np.log(3) * heard, names["h c"]: np.eye(2)} | all_new, np.tanh([[0.75, 0.5]])
        else:
            params, wanted = {name: heard} | all_new | reset_open, np.tanh([[1.0, 0.0]])
        heard_by = {"z": "update gate", "r": reset, "c": "candidate"}[target]
        expect_close(
            step(both if source == "x" else 0 * both, both, empty | params),
            wanted,
            f"the new state of two neurons, where {name} is zero but for {name}[0, 1], so that the first neuron's {heard_by} "
            f"hears the second {'input' if source == 'x' else 'neuron'}",
        )
    if "r" in names:
        params = {names["h c"]: heard, names["r"]: np.array([60.0, -60.0])} | all_new
        expect_close(
            step(0 * both, both, empty | params),
            [[0.0, 0.0]],
            f"the new state of two neurons, where the first hears only the second, whose {reset} is shut, so it hears 0 "
            f"(does the {reset} multiply the old state before the product with {names['h c']}?)",
        )


@visible_check(
    "the state worked on paper",
    "each weight",
    "the gate open and shut",
    "shape",
    "each example by itself",
    "arguments unchanged",
)
def simplified_gru_step(simplified_gru_step: Step) -> None:
    """One step with an update gate and nothing else."""
    _expect_worked(simplified_gru_step, SIMPLIFIED, 0.621196, h=0.2, b_u=np.log(3), W_cx=1)
    x, c, params, new = _one_step(simplified_gru_step, SIMPLIFIED, "c", 1, 3, 4, 5)
    _expect_each_weight(simplified_gru_step, SIMPLIFIED)
    shut = simplified_gru_step(x, c, params | {"b_u": np.full(5, -60.0)})
    expect_close(shut, c, "the new state with the update gate shut (b_u = -60): a copy of the old state")
    from_input = np.tanh(params["b_c"] + x @ params["W_cx"].T)
    opened = simplified_gru_step(x, 0 * c, params | {"b_u": np.full(5, 60.0)})
    expect_close(opened, from_input, "the new state with the update gate open (b_u = 60), from an old state of 0")
    alone = simplified_gru_step(x[1:2], c[1:2], params)
    expect_close(alone, plain(new)[1:2], "the second example alone, which should give what it gives within the batch")


@visible_check(
    "the state worked on paper", "each weight", "the order of the reset", "both gates open and shut", "shape"
)
def gamma_gru_step(gamma_gru_step: Step, simplified_gru_step: Step) -> None:
    """One step with update and relevance gate; with the latter open, compared with ``simplified_gru_step``."""
    ln3 = np.log(3)
    _expect_worked(gamma_gru_step, GAMMA, 0.821196, h=1, b_u=ln3, b_r=-ln3, W_cc=2, W_cx=0.5)
    x, c, params, _ = _one_step(gamma_gru_step, GAMMA, "c", 2, 3, 4, 5)
    wide, shut = np.full(5, 60.0), np.full(5, -60.0)
    copied = gamma_gru_step(x, c, params | {"b_u": shut})
    expect_close(copied, c, "the new state with the update gate shut: a copy of the old state, untouched by Gamma_r")
    _expect_each_weight(gamma_gru_step, GAMMA)
    no_past = gamma_gru_step(x, c, params | {"b_u": wide, "b_r": shut})
    from_input = np.tanh(params["b_c"] + x @ params["W_cx"].T)
    expect_close(no_past, from_input, "the new state with the update gate open and the relevance gate shut: no past")
    relevant, without = gamma_gru_step(x, c, params | {"b_r": wide}), simplified_gru_step(x, c, params)
    expect_close(relevant, without, "the new state with the relevance gate open: that of your simplified_gru_step")


@visible_check(
    "the state worked on paper", "each weight", "the order of the reset", "both gates open and shut", "shape"
)
def gru_step(gru_step: Step) -> None:
    """One step in the z/r notation."""
    ln3 = np.log(3)
    _expect_worked(gru_step, Z_NEW, 0.821196, h=1, b_z=ln3, b_r=-ln3, U_h=2, W_h=0.5)
    x, h, params, new = _one_step(gru_step, Z_NEW, "h", 3, 3, 4, 5)
    wide, shut = np.full(5, 60.0), np.full(5, -60.0)
    expect_close(gru_step(x, h, params | {"b_z": shut}), h, "the new state with z = 0: a copy")
    _expect_each_weight(gru_step, Z_NEW)
    no_past = gru_step(x, h, params | {"b_z": wide, "b_r": shut})
    expect_close(no_past, np.tanh(params["b_h"] + x @ params["W_h"].T), "the new state with z = 1 and r = 0: no past")
    elman = np.tanh(params["b_h"] + h @ params["U_h"].T + x @ params["W_h"].T)
    as_rnn = gru_step(x, h, params | {"b_z": wide, "b_r": wide})
    expect_close(as_rnn, elman, "the new state with z = 1 and r = 1: that of a plain RNN")
    candidate = plain(gru_step(x, h, params | {"b_z": wide}))
    inside = (np.minimum(h, candidate) - 1e-9 <= new) & (new <= np.maximum(h, candidate) + 1e-9)
    expect(np.all(inside), "every new value lies between the old one and the candidate, but one of yours does not.")


@visible_check(
    "the state worked on paper", "each weight", "the order of the reset", "both gates open and shut", "shape"
)
def gru_step_u_old(gru_step_u_old: Step) -> None:
    """One step where the update gate weighs the old state."""
    ln3 = np.log(3)
    _expect_worked(gru_step_u_old, U_OLD, 0.821196, h=1, b_u=-ln3, b_r=-ln3, W_hh=2, W_xh=0.5)
    x, h, params, _ = _one_step(gru_step_u_old, U_OLD, "h", 4, 2, 3, 4)
    wide, shut = np.full(4, 60.0), np.full(4, -60.0)
    expect_close(gru_step_u_old(x, h, params | {"b_u": wide}), h, "the new state with u = 1: a copy")
    _expect_each_weight(gru_step_u_old, U_OLD, weighs_old=True)
    elman = np.tanh(params["b_h"] + h @ params["W_hh"].T + x @ params["W_xh"].T)
    as_rnn = gru_step_u_old(x, h, params | {"b_u": shut, "b_r": wide})
    expect_close(as_rnn, elman, "the new state with u = 0 and r = 1: that of a plain RNN")


@visible_check("the keys", "all nine pairs, each over six steps", "a new dict", "arguments unchanged")
def translate_gru(translate_gru: Step, gamma_gru_step: Step, gru_step: Step, gru_step_u_old: Step) -> None:
    """Translations between three notations, compared through the reader's own three steps."""
    steps = {"gamma": (gamma_gru_step, GAMMA), "z_new": (gru_step, Z_NEW), "u_old": (gru_step_u_old, U_OLD)}
    params = _drawn(Z_NEW, 5, 3, 4)
    forms = {}
    for form, (_, names) in steps.items():
        with unchanged(**params):
            forms[form] = translate_gru(params, "z_new", form)
        expect(isinstance(forms[form], dict), f"a translation to {form} should be a dict of nine arrays.")
        missing = [name for name in names.values() if name not in forms[form]]
        others = [str(name) for name in forms[form] if name not in names.values()]
        expect(not missing, f"a translation to {form} lacks {', '.join(missing)}.")
        expect(not others, f"a translation to {form} has no place for {', '.join(others)}.")
        expect(forms[form] is not params, "the dict that you return should be a new one, also from a form to itself.")
    x, start = np.random.default_rng(6).normal(size=(6, 2, 3)), np.full((2, 4), 0.5)
    for source, (step, _) in steps.items():
        for target, (other_step, _) in steps.items():
            translated = translate_gru(forms[source], source, target)
            here, there = start, start
            for x_t in x:
                here, there = step(x_t, here, forms[source]), other_step(x_t, there, translated)
            expect_close(there, here, f"the state after six steps, translated from {source} to {target}", 1e-12)


@visible_check("shape", "the first state", "the second half by itself", "a shut gate", "arguments unchanged")
def gru_forward(gru_forward: Step, gru_step: Step) -> None:
    """All states of a sequence; the first is compared with the reader's own ``gru_step``."""
    x = np.random.default_rng(7).normal(size=(6, 3, 2))
    _, h0 = _drawn_inputs(8, 3, 2, 4)
    params = _drawn(Z_NEW, 7, 2, 4)
    with unchanged(x=x, h0=h0, **params):
        states = gru_forward(x, h0, params)
    expect_shape(states, (6, 3, 4), "all states of 6 steps, 3 examples and 4 neurons")
    expect_close(states[0], gru_step(x[0], h0, params), "the first state, one step from h0")
    second_half = gru_forward(x[3:], states[2], params)
    expect_close(states[3:], second_half, "the second half, started from the state in the middle")
    shut = gru_forward(x, h0, params | {"b_z": np.full(4, -60.0)})
    expect_close(shut, np.broadcast_to(h0, (6, 3, 4)), "all states with the update gate shut: h0, six times")


@visible_check("the number worked on paper", "whole numbers", "three blocks and four", "peepholes", "torch's GRU")
def count_parameters(count_parameters: Step) -> None:
    """How many numbers a cell has to learn."""
    worked = count_parameters("rnn", 2, 3)
    expect(worked == 18, f"an RNN with D = 2 and H = 3 has 18 parameters, but yours has {worked}.")
    whole = isinstance(count_parameters("gru", 2, 3), int | np.integer)
    expect(whole, "a number of parameters is whole; return an int.")
    torch = torch_or_none()
    for D, H in ((3, 5), (10, 7)):
        sizes = f"with D = {D} and H = {H}"
        cells = ("rnn", "simplified_gru", "gru", "lstm", "peephole_lstm")
        rnn, simplified, gru, lstm, peephole = (count_parameters(cell, D, H) for cell in cells)
        found = f"{sizes} yours have {simplified}, {gru} and {lstm} parameters."
        right = 3 * simplified == 2 * gru and 4 * gru == 3 * lstm and lstm == 4 * rnn
        expect(right, f"simplified GRU, GRU and LSTM have two, three and four blocks of the RNN's size; {found}")
        more = f"{sizes} yours has {peephole - lstm} more."
        expect(peephole - lstm == 3 * H, f"peepholes are three vectors of H = {H} numbers on top of the LSTM's; {more}")
        if torch:
            theirs = sum(parameter.numel() for parameter in torch.nn.GRU(D, H).parameters())
            ours = count_parameters("torch_gru", D, H)
            expect(ours == theirs, f"torch's own GRU {sizes} has {theirs} parameters, but your torch_gru has {ours}.")
