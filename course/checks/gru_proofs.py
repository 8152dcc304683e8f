"""Visible checks of what is proved and disproved about the GRU."""

from collections.abc import Callable
from typing import Any

import numpy as np

from course.checks.comparing_gradients import expect_gradients
from course.checks.primitives import (
    expect,
    expect_close,
    expect_parts,
    expect_shape,
    plain,
    shown,
    torch_or_none,
    unchanged,
)
from course.checks.visible import visible_check

__all__ = [
    "catch_wrong_gru",
    "gru_step_backward",
    "load_into_torch_gru",
    "mend_the_slide",
    "reset_order_counterexample",
    "torch_gru_step",
]

Params = dict[str, np.ndarray]
Step = Callable[[np.ndarray, np.ndarray, Params], np.ndarray]


def _squashed(a: np.ndarray) -> np.ndarray:
    return 0.5 + 0.5 * np.tanh(a / 2)


def _total(gate: str, x: np.ndarray, h: np.ndarray, params: Params) -> np.ndarray:
    """What goes into a gate, or into the candidate."""
    return params[f"b_{gate}"] + np.inner(x, params[f"W_{gate}"]) + np.inner(h, params[f"U_{gate}"])


def _step(x: np.ndarray, h: np.ndarray, params: Params, after: bool = False) -> np.ndarray:
    """One step of the GRU, with the reset before the product or after it."""
    z, r = _squashed(_total("z", x, h, params)), _squashed(_total("r", x, h, params))
    if after:
        new = np.tanh(_total("h", x, 0 * h, params) + r * np.inner(h, params["U_h"]))
    else:
        new = np.tanh(_total("h", x, r * h, params))
    return h + z * (new - h)


def _drawn(rng: np.random.Generator, D: int, H: int) -> Params:
    shapes = {"b": (H,), "U": (H, H), "W": (H, D)}
    return {f"{kind}_{gate}": rng.normal(size=shape) for gate in "zrh" for kind, shape in shapes.items()}


def _held(params: Params, gate: str, value: float) -> Params:
    """The same parameters, with one gate held open (60) or shut (-60) by its bias."""
    return params | {f"b_{gate}": value + 0 * params[f"b_{gate}"]}


@visible_check(
    "the state worked on paper",
    "shape",
    "which state z weighs",
    "both biases",
    "the place of r",
    "the order of the rows",
)
def torch_gru_step(torch_gru_step: Step) -> None:
    """One step of torch's GRU, and what each of its gates does alone."""
    one = np.array([[0.0], [0.0], [1.0]])
    params = {"weight_ih_l0": 0 * one, "bias_ih_l0": np.zeros(3), "weight_hh_l0": one, "bias_hh_l0": one[:, 0]}
    worked = torch_gru_step(np.zeros((1, 1)), np.ones((1, 1)), params)
    expect(isinstance(worked, np.ndarray), f"return a NumPy array; your function returned {shown(worked)}.")
    expect_close(worked, [[0.880797]], "the new state worked on paper", 1e-6)
    rng = np.random.default_rng(8)
    x, h = rng.normal(size=(3, 2)), rng.uniform(-1, 1, size=(3, 4))
    sizes = {"weight_ih_l0": (12, 2), "weight_hh_l0": (12, 4), "bias_ih_l0": (12,), "bias_hh_l0": (12,)}
    params = {name: rng.normal(size=shape) for name, shape in sizes.items()}
    with unchanged(x=x, h=h, **params):
        new = torch_gru_step(x, h, params)
    expect_shape(new, (3, 4), "the new state of 3 examples and 4 neurons")

    def gates(r: float | list[float], z: float) -> Params:
        held = params["bias_ih_l0"].copy()
        held[:4], held[4:8] = r, z
        return params | {"bias_ih_l0": held}

    heard = np.inner(x, params["weight_ih_l0"][8:]) + params["bias_ih_l0"][8:]
    told = np.inner(h, params["weight_hh_l0"][8:]) + params["bias_hh_l0"][8:]
    expect_close(
        torch_gru_step(x, h, gates(0.0, 60.0)),
        h,
        "the new state with z = 1, held by rows 5 to 8 of the bias (the second block, with H = 4): here z keeps the old state",
    )
    expect_close(
        torch_gru_step(x, h, gates(-60.0, -60.0)),
        np.tanh(heard),
        "the new state with r = 0 and z = 0: r multiplies W_hn h and b_hn, so only the input's part of the candidate is left",
    )
    expect_close(
        torch_gru_step(x, h, gates(60.0, -60.0)),
        np.tanh(heard + told),
        "the new state with r = 1 and z = 0: the candidate, with both of its biases",
    )
    expect_close(
        torch_gru_step(x, h, gates([60.0, -60.0, 60.0, -60.0], -60.0)),
        np.tanh(heard + told * [1, 0, 1, 0]),
        "the new state with r = (1, 0, 1, 0) and z = 0. Does your r act after the product, on W_hn h + b_hn?",
    )
    if torch := torch_or_none():
        theirs = torch.nn.GRU(2, 4, dtype=torch.float64)
        theirs.load_state_dict({name: torch.tensor(array) for name, array in params.items()})
        with torch.no_grad():
            output, _ = theirs(torch.tensor(x)[None], torch.tensor(h)[None])
        expect_close(new, output[0].numpy(), "torch's own new state, with the same parameters", 1e-12)


@visible_check("values between -1 and 1", "the first example differs", "the second agrees", "its reset gate matters")
def reset_order_counterexample(reset_order_counterexample: Callable[[], Any]) -> None:
    """Two examples, each judged by what the two orders give for it."""
    examples = reset_order_counterexample()
    expect_parts(examples, 2, "two examples, each (x, h, params)")
    apart, matters = [], []
    for which, example in zip(("first", "second"), examples, strict=True):
        expect_parts(example, 3, f"x, h and params of the {which} example")
        x, h, params = plain(example[0]), plain(example[1]), {k: plain(v) for k, v in example[2].items()}
        expect(np.ndim(x) == np.ndim(h) == 2, f"x and h of the {which} example should be (B, D) and (B, H).")
        largest = max(np.abs(x).max(), np.abs(h).max())
        expect(largest <= 1, f"in the {which} example some value of x or h lies outside [-1, 1].")
        before = _step(x, h, params)
        apart.append(np.abs(before - _step(x, h, params, after=True)).max())
        matters.append(np.abs(before - _step(x, h, _held(params, "r", 60.0))).max())
    units = np.shape(examples[1][1])[1]
    expect(
        apart[0] >= 0.1,
        f"in the first example the new states should differ by 0.1 or more; yours differ by {apart[0]:.3g}. "
        "Do the neurons have different reset gates, and is z open?",
    )
    expect(
        apart[1] <= 1e-9, f"in the second example the new states should agree to 1e-9; yours differ by {apart[1]:.3g}."
    )
    expect(units >= 2, f"the second example needs two neurons or more; yours has {units}.")
    expect(
        matters[1] >= 0.01,
        "in the second example the reset gate should matter: with r = 1 the new state should change by 0.01 or more; "
        f"yours changes by {matters[1]:.3g}. Is there a gate that is not open, and an old state for it to act on?",
    )


@visible_check("dh worked on paper", "arguments unchanged", "all eleven gradients against small steps")
def gru_step_backward(gru_step_backward: Callable[..., Any]) -> None:
    """The way back through one step, against what small steps measure."""
    params = {name: 0 * array for name, array in _drawn(np.random.default_rng(0), 1, 1).items()}
    params["U_h"] = np.array([[2.0]])
    none = np.zeros((1, 1))
    worked = gru_step_backward(none + 4, none, none, params)
    expect_parts(worked, 3, "dx, dh and the dict of gradients")
    expect_close(worked[1], [[4.0]], "dh, worked on paper: 2 by the copy and 2 by the candidate")
    rng = np.random.default_rng(10)
    x, h, dh_next = rng.normal(size=(3, 2)), rng.uniform(-1, 1, size=(3, 4)), rng.normal(size=(3, 4))
    params = _drawn(rng, 2, 4)
    with unchanged(dh_next=dh_next, x=x, h=h, **params):
        dx, dh, gradients = gru_step_backward(dh_next, x, h, params)
    expect(isinstance(gradients, dict), f"the third result should be a dict of gradients, not {shown(gradients)}.")

    def loss(x: np.ndarray, h: np.ndarray, **params: np.ndarray) -> float:
        """A loss whose gradient with respect to the new state is dh_next."""
        return float(np.sum(dh_next * _step(x, h, params)))

    expect_gradients(
        {"x": dx, "h": dh, **gradients},
        loss,
        {"x": x, "h": h, **params},
        averaged_over=(3,),
        when_only={
            "h": "Four paths lead back to h: the copy, the update gate, the candidate, the reset gate. Which is missing?",
            "x": "Three ways lead back to x: by W_z, W_r and W_h. Is the sum complete?",
            "x, h": "The gradients of all parameters are right, so da_z, da_r and da_h are. Look at how you add them up.",
            "U_h": "What came in to U_h was not h, but r * h.",
            "U_z, U_r": "What came in to U_z and U_r was h itself, not r * h.",
            "b_z, W_z, U_z, x, h": "Look at da_z: by how much does h_t change with z? And the slope of the gate is z (1 - z).",
            "b_r, W_r, U_r, x, h": "Look at da_r: go back through U_h first, then times h and the slope r (1 - r).",
            "b_r, b_h, W_r, U_r, W_h, U_h, x, h": "Look at da_h first: da_r is computed from it.",
        },
    )


def _right_ones() -> dict[str, Step]:
    def in_float32(x: np.ndarray, h: np.ndarray, params: Params) -> np.ndarray:
        small = {name: array.astype(np.float32) for name, array in params.items()}
        return _step(x.astype(np.float32), h.astype(np.float32), small).astype(np.float32)

    def one_by_one(x: np.ndarray, h: np.ndarray, params: Params) -> np.ndarray:
        return np.concatenate([_step(x[n : n + 1], h[n : n + 1], params) for n in range(len(x))])

    return {"the GRU itself": _step, "it in float32": in_float32, "it, one example at a time": one_by_one}


def _wrong_ones() -> dict[str, Step]:
    """Wrong GRUs, by the sentence that a reader sees if one passes: each needs numbers that the text warns of."""

    def changed(change: Callable[[Params], Params]) -> Step:
        return lambda x, h, params: _step(x, h, params | change(params))

    def gives_up(x: np.ndarray, h: np.ndarray, params: Params) -> np.ndarray:
        raise ValueError("shapes do not fit")

    def turned(x: np.ndarray, h: np.ndarray, params: Params) -> np.ndarray:
        square = x.shape[1] == h.shape[1]
        return _step(x, h, params | {f"W_{g}": params[f"W_{g}"].T for g in "zrh" if square})

    def large(x: np.ndarray, h: np.ndarray, params: Params) -> np.ndarray:
        with np.errstate(over="ignore", invalid="ignore"):
            careless = [np.exp(_total(g, x, h, params)) / (1 + np.exp(_total(g, x, h, params))) for g in "zr"]
        return _step(x, h, params) + 0 * sum(careless)

    return {
        "has its update gate on the other side": changed(lambda p: {f"{k}_z": -p[f"{k}_z"] for k in "WUb"}),
        "never resets (does your state differ from zero?)": changed(lambda p: _held(p, "r", 60.0)),
        "forgets the candidate's bias (are your biases zero?)": changed(lambda p: {"b_h": 0 * p["b_h"]}),
        "resets after the product (do you have several neurons?)": lambda x, h, p: _step(x, h, p, after=True),
        "uses the first example's state for all (do you have several examples?)": lambda x, h, p: _step(
            x, 0 * h + h[:1], p
        ),
        "loses an axis for just one example": lambda x, h, p: _step(x, h, p)[0] if len(x) == 1 else _step(x, h, p),
        "returns the right numbers with an axis too many": lambda x, h, p: _step(x, h, p)[None],
        "turns the W around, which only D = H lets happen without an error": turned,
        "returns NaN for very large numbers": large,
        "raises an error": gives_up,
    }


@visible_check("three right GRUs", "ten wrong ones, one for each warning above")
def catch_wrong_gru(catch_wrong_gru: Callable[[Step], Any]) -> None:
    """A test of GRUs, tried on right and on wrong ones."""
    for name, step in _right_ones().items():
        said = catch_wrong_gru(step)
        expect(isinstance(said, bool | np.bool_), f"return True or False; your function returned {shown(said)}.")
        expect(not said, f"a right GRU ({name}) is called wrong by your test.")
    passed = [name for name, step in _wrong_ones().items() if not catch_wrong_gru(step)]
    expect(
        not passed, f"your test lets {len(passed)} of 10 wrong GRUs pass. A GRU passes that:\n  " + "\n  ".join(passed)
    )


@visible_check("the type", "float64", "the side of the gate", "the place of b_h", "states of five steps")
def load_into_torch_gru(load_into_torch_gru: Callable[[Params], Any]) -> None:
    """A torch GRU, by what it computes."""
    if not (torch := torch_or_none()):
        return
    rng = np.random.default_rng(9)
    x, h0 = rng.normal(size=(5, 2, 3)), rng.uniform(-1, 1, size=(2, 4))
    params = _drawn(rng, 3, 4)
    with unchanged(**params):
        theirs = load_into_torch_gru(params)
    expect(isinstance(theirs, torch.nn.GRU), f"return a torch.nn.GRU; your function returned {shown(theirs)}.")
    expect(theirs.weight_ih_l0.dtype == torch.float64, "your network computes in float32; ask for dtype=torch.float64.")

    def states(params: Params) -> np.ndarray:
        with torch.no_grad():
            return load_into_torch_gru(params)(torch.tensor(x), torch.tensor(h0)[None])[0].numpy()

    shut, opened = _held(params, "z", -60.0), _held(_held(params, "z", 60.0), "r", -60.0)
    expect_close(
        states(shut)[0], h0, "the state with b_z = -60, which keeps the old one. Is torch's z on that side?", 1e-9
    )
    expect_close(
        states(opened)[0],
        np.tanh(_total("h", x[0], 0 * h0, params)),
        "the state with z = 1 and r = 0, which is tanh(W_h x + b_h). Does r multiply your b_h?",
        1e-9,
    )
    seen, h = states(params), h0
    for t in range(5):
        h = _step(x[t], h, params, after=True)
        expect_close(seen[t], h, f"torch's state after step {t + 1}", 1e-12)


@visible_check("the state and four numbers worked on paper", "the state by gru_step_u_old", "what each number measures")
def mend_the_slide(mend_the_slide: Callable[..., Any], gru_step_u_old: Step) -> None:
    """The mended lines, and four numbers that the print cannot explain."""
    pairs = [f"W_{come}{go}" for come in "xh" for go in "ruh"]
    params = {pair: np.zeros((1, 1)) for pair in pairs} | {f"b_{gate}": np.zeros(1) for gate in "ruh"}
    result = mend_the_slide(np.zeros((1, 1)), np.ones((1, 1)), params)
    expect_parts(result, 2, "the new state and a dict of numbers")
    expect_close(result[0], [[0.5]], "the new state worked on paper")
    names = ["apart", "lowest", "missing", "moved"]
    expect(
        sorted(result[1]) == names, f"call the numbers {', '.join(names)}; yours are {', '.join(sorted(result[1]))}."
    )
    for name, wanted in zip(names, (0.5, 0.0, 0, 0.5), strict=True):
        expect_close(result[1][name], wanted, f'"{name}", worked on paper')
    for D, H in ((2, 5), (4, 3)):
        rng = np.random.default_rng(6)
        x, h = rng.normal(size=(3, D)), rng.uniform(-1, 1, size=(3, H))
        params = {name: rng.normal(size=(H, D if "x" in name else H)) for name in pairs}
        params |= {f"b_{gate}": rng.normal(size=H) for gate in "ruh"}
        with unchanged(x=x, h=h, **params):
            new, numbers = mend_the_slide(x, h, params)
        right = gru_step_u_old(x, h, params)
        expect_close(new, right, "the new state, which gru_step_u_old knows")
        shut = {"W_xu": np.zeros((H, D)), "W_hu": np.zeros((H, H)), "b_u": np.full(H, -60.0)}
        wide = {"W_xr": np.zeros((H, D)), "W_hr": np.zeros((H, H)), "b_r": np.full(H, 60.0)}
        opened, alone = gru_step_u_old(x, h, params | wide), gru_step_u_old(x, h, params | wide | shut)
        for name, wanted, what in (
            ("lowest", gru_step_u_old(x, h, params | shut).min(), "the smallest value of the mended candidate"),
            ("missing", H - D, f"W_xu has {D} columns, and h has {H} numbers"),
            ("moved", np.max(np.abs(right - h)), "the largest change of the state"),
            ("apart", np.max(np.abs(opened - alone)), "with the reset gate held open and u as it is"),
        ):
            expect_close(numbers[name], wanted, f'"{name}": {what}')
