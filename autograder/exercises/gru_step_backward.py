"""Gradients through one step of the GRU."""

from itertools import combinations, permutations, product

import numpy as np
import torch

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises.families import forms, steps
from autograder.exercises.families.gru import TIGHT, Z_NEW, squash
from autograder.exercises.families.gru_backward import GATE_SLOPES, TANH_SLOPES, Back
from autograder.exercises.families.very_large import very_large_arguments
from autograder.reference import gru
from autograder.reference.rnn import sigmoid

exercise = Exercise(gru.gru_step_backward, results=("dx", "dh", "gradients"))
CASES = (*steps.SIZES, "no gradient", "gates open", "gates shut")


@exercise.cases
def draw(rng):
    def step(B, D, H, scale=0.7, gates=0.0):
        x, h, params = Z_NEW.arguments(rng, B, D, H, scale)
        return Case((rng.normal(size=(B, H)), x, h, params | {f"b_{g}": params[f"b_{g}"] + gates for g in "zr"}))

    cases = {name: step(*sizes) for name, sizes in steps.SIZES.items()}
    nothing = step(2, 3, 4).args
    cases["no gradient"] = Case((0 * nothing[0], *nothing[1:]))
    return cases | {"gates open": step(2, 3, 4, gates=60.0), "gates shut": step(2, 3, 4, gates=-60.0)}


def tensors_of(gate):
    """Picks the three gradients that belong to one gate."""
    return lambda result: [result[2][f"{kind}_{gate}"] for kind in "WUb"]


WORDS = {"z": "the update gate", "r": "the reset gate", "h": "the candidate"}
exercise.checks(
    values("the gradient of x", *CASES, part=0, tolerance=TIGHT),
    values("the gradient of the old state h", *CASES, part=1, weight=2, tolerance=TIGHT),
    *(values(f"the gradients of {WORDS[g]}'s weights", *CASES, part=tensors_of(g), tolerance=TIGHT) for g in "zrh"),
    pure("a batch", "one example", weight=0.5),
)
exercise.add(
    very_large_arguments(
        lambda rng, B, *sizes: (rng.normal(size=(B, sizes[1])), *Z_NEW.arguments(rng, B, *sizes)), TIGHT
    )
)


def mistake(name, hint, forward=None, **own):
    exercise.add_mistake(name, hint, lambda *args: Back(*args, forward=forward, **own)())


PATHS = ("the copy", "the update gate", "the candidate", "the reset gate")
for missing in (one for k in (1, 2, 3) for one in combinations(range(4), k)):
    said = " and ".join(PATHS[n] for n in missing)
    mistake(
        f"no_path_by_{'_and_'.join(PATHS[n][4:].replace(' ', '_') for n in missing)}",
        f"Your dh lacks what comes back through {said}: four paths lead to the old state, and they are added.",
        missing=missing,
    )
for gates in ("h", "z", "r", "zr", "zh", "rh"):
    left_out = " and ".join(WORDS[g] for g in "zrh" if g not in gates)
    mistake(
        f"dx_through_{gates}_only",
        f"Your dx lacks what comes back through {left_out}: the input has three ways, by W_z, W_r and W_h.",
        inputs=gates,
    )
for gates in ("z", "r", "h", "zr", "zrh"):
    said = " and ".join(f"U_{g}" for g in gates)
    mistake(
        f"{gates}_turned",
        f"On the way back you multiply by {said} the wrong way round: da @ U where the step had U.T.",
        turned=gates,
    )

for gates in ("z", "r", "zr"):
    which = " and ".join(WORDS[g] for g in gates)
    for name, hint, slope in GATE_SLOPES:
        mistake(
            f"slope_of_{gates}_{name}",
            f"The slope of the logistic function at {which} {hint}: it is gate times one minus gate, z (1 - z), r (1 - r).",
            **{f"slope_{g}": lambda b, slope=slope, g=g: slope(b, g) for g in gates},
        )
for name, hint, slope in TANH_SLOPES:
    said = f"The slope of tanh {hint}: it is one minus the square of the candidate."
    mistake(f"slope_of_tanh_{name}", said, slope_h=slope)

LEVER = "more z means more candidate and less old state, so it is the candidate minus h"
for name, hint, own in (
    ("candidate_path_not_reset", "On the candidate's path the old state was multiplied by r, so its gradient is multiplied by r as well.", {"reset": 1.0}),
    ("copied_by_z", "The weight of the old state is 1 - z, on the way back too: your copy path uses z.", {"copy": lambda b: b.z}),
    ("copied_whole", "The weight of the old state is 1 - z, on the way back too: your copy path uses 1.", {"copy": 1.0}),
    ("candidate_by_one_minus_z", "The weight of the candidate is z, on the way back too: you give it 1 - z.", {"share": lambda b: 1 - b.z}),
    ("candidate_not_weighed", "The candidate enters the new state with weight z: its gradient is dh_next times z, before the slope.", {"share": 1.0}),
    ("both_weights_exchanged", "Your copy path has the weight z and the candidate's 1 - z: z is the weight of the candidate.", {"share": lambda b: 1 - b.z, "copy": lambda b: b.z}),
    ("z_on_the_old", "You go back through a cell in which z weighs the old state: here z is the weight of the candidate, 1 - z that of h.", {"share": lambda b: 1 - b.z, "copy": lambda b: b.z, "lever": lambda b: b.h - b.n}),
    ("update_gate_sees_the_candidate_only", f"Your gradient of the update gate has the candidate alone: {LEVER}.", {"lever": lambda b: b.n}),
    ("update_gate_sign", f"Your gradient of the update gate has the opposite sign: {LEVER}.", {"lever": lambda b: b.h - b.n}),
    ("update_gate_sees_the_change", f"Your gradient of the update gate has the new state minus the old one: {LEVER}.", {"lever": lambda b: b.z * (b.n - b.h)}),
    ("reset_gate_by_reset_state", "Your gradient of the reset gate has r times h: it is h that r was multiplied with.", {"reset_lever": lambda b: b.r * b.h}),
    ("reset_gate_without_state", "Your gradient of the reset gate leaves out h, which r was multiplied with.", {"reset_lever": 1.0}),
    ("reset_gate_after_the_product", "You go back as if r came after the product: r times h goes in before it, so go back through U_h, then times h.", {"da_r": lambda b: lambda da_h: da_h * (b.h @ b.params["U_h"].T) * b.r * (1 - b.r)}),
    ("not_through_U_h", "The gradient of r times h goes back through U_h: da_h @ U_h. You go on with da_h itself.", {"through_U_h": False}),
    ("U_h_paired_with_h", "U_h was multiplied with r times h, so its gradient pairs with r times h: you pair it with h.", {"pairs": lambda b: {"h": b.h}}),
    ("gates_paired_with_reset_state", "U_z and U_r were multiplied with h itself: you pair their gradients with r times h.", {"pairs": lambda b: {"z": b.r * b.h, "r": b.r * b.h}}),
    ("paired_with_the_new_state", "Your gradients of the U pair with the new state: what came in was the old one, and r times it for U_h.", {"pairs": lambda b: dict.fromkeys("zrh", b.h + b.z * (b.n - b.h))}),
):  # fmt: skip
    mistake(name, hint, **own)

AGAIN = "where you work the gates out again"
for name, hint, forward in (
    ("gates_without_biases", "the gates lack their biases", lambda s: {"z": sigmoid(s.sum("u", parts="xh")), "r": sigmoid(s.sum("r", parts="xh"))}),
    ("gates_without_state", "the gates lack the terms from the old state", lambda s: {"z": sigmoid(s.sum("u", parts="xb")), "r": sigmoid(s.sum("r", parts="xb"))}),
    ("candidate_not_reset", "the candidate sees h, not r times h", lambda s: {"n": s.candidate(r=1.0)}),
    ("candidate_reset_after", "the candidate has the reset gate after the product", lambda s: {"n": s.candidate(where="after")}),
    ("candidate_without_bias", "the candidate lacks its bias", lambda s: {"n": np.tanh(s.sum("n", s.r * s.h, parts="xh"))}),
    ("gates_exchanged", "z and r have changed places", lambda s: {"z": s.r, "r": s.u, "n": s.candidate(r=s.u)}),
):  # fmt: skip
    mistake(f"forward_{name}", f"Your gradients fit a step in which {hint}: look {AGAIN} and the candidate.", forward)


def result(name, hint, change):
    """Add a mistake that changes a right result: ``change(dx, dh, gradients, B)``."""
    exercise.add_mistake(name, hint, lambda *args: change(*gru.gru_step_backward(*args), len(args[0])))


def some(gradients, letters, change):
    return gradients | {name: change(array) for name, array in gradients.items() if name[0] in letters}


for letters, said in (
    ("WUb", "the gradients"),
    ("WU", "the gradients of the weights"),
    ("b", "the gradients of the biases"),
):
    result(
        f"{letters}_averaged",
        f"You average {said} over the batch: sum them, the loss has done any averaging already.",
        lambda dx, dh, g, B, letters=letters: (dx, dh, some(g, letters, lambda a: a / B)),
    )
for kinds, gates in product(("WU", "W", "U"), ("zrh", "zr", "z", "r", "h")):
    names = [f"{kind}_{gate}" for kind in kinds for gate in gates]
    result(
        f"{kinds}_of_{gates}_transposed",
        f"Your gradients of {', '.join(names)} are transposed: each has the shape of its matrix, da.T @ what came in.",
        lambda dx, dh, g, B, names=names: (dx, dh, g | {name: g[name].T for name in names}),
    )
for name, hint, change in (
    ("dx_and_dh_exchanged", "You return dh first: the order is dx, dh, gradients.", lambda dx, dh, g, B: (dh, dx, g)),
    ("keys_with_d", "The keys of your gradients should be those of params, as W_z: yours have a d in front.", lambda dx, dh, g, B: (dx, dh, {f"d{k}": a for k, a in g.items()})),
    ("gradients_only", "You return the gradients of the parameters alone: return dx, dh and gradients.", lambda dx, dh, g, B: g),
    ("negative", "All your gradients have the opposite sign: return the gradient, not the step against it.", lambda dx, dh, g, B: (-dx, -dh, some(g, "WUb", np.negative))),
    ("single_precision", "Your gradients are in single precision (float32): keep float64.", lambda dx, dh, g, B: (dx.astype("f4"), dh.astype("f4"), some(g, "WUb", lambda a: a.astype("f4")))),
):  # fmt: skip
    result(name, hint, change)
for one, other in permutations("zrh", 2):
    for kind in "WUb":
        result(
            f"{kind}_{other}_for_{kind}_{one}",
            f"Your gradient of {kind}_{one} is that of {kind}_{other}: it comes from da_{one}.",
            lambda dx, dh, g, B, a=f"{kind}_{one}", b=f"{kind}_{other}": (dx, dh, g | {a: g[b]}),
        )


@exercise.wrong
def biases_not_summed(dh_next, x, h, params):
    """The biases are shared by all examples: each gradient is a sum over the batch, of shape (H,)."""
    dx, dh, gradients = gru.gru_step_backward(dh_next, x, h, params)
    one = [slice(n, n + 1) for n in range(len(x))]
    rows = [gru.gru_step_backward(dh_next[n], x[n], h[n], params)[2] for n in one]
    return dx, dh, gradients | {f"b_{gate}": np.stack([row[f"b_{gate}"] for row in rows]) for gate in "zrh"}


exercise.add(forms.overwrites_arguments())


@exercise.right
def by_autograd(dh_next, x, h, params):
    x, h = (torch.tensor(array, requires_grad=True) for array in (x, h))
    p = {name: torch.tensor(array, requires_grad=True) for name, array in params.items()}
    z, r = (torch.sigmoid(x @ p[f"W_{g}"].T + h @ p[f"U_{g}"].T + p[f"b_{g}"]) for g in "zr")
    new = (1 - z) * h + z * torch.tanh(x @ p["W_h"].T + (r * h) @ p["U_h"].T + p["b_h"])
    new.backward(torch.tensor(dh_next))
    return x.grad, h.grad, {name: tensor.grad for name, tensor in p.items()}


@exercise.right
def by_einsum(dh_next, x, h, params):
    def a(g, state):
        return np.einsum("hd,bd->bh", params["W_" + g], x) + np.einsum("hk,bk->bh", params["U_" + g], state)

    z, r = (squash(a(g, h) + params["b_" + g]) for g in "zr")
    rh = r * h
    n = np.tanh(a("h", rh) + params["b_h"])
    d = {"h": dh_next * z - dh_next * z * n**2, "z": dh_next * (n - h) * (z - z**2)}
    back = np.einsum("bh,hk->bk", d["h"], params["U_h"])
    d["r"] = back * h * (r - r**2)
    dx = sum(np.einsum("bh,hd->bd", d[g], params["W_" + g]) for g in "zrh")
    dh = dh_next - dh_next * z + back * r + sum(np.einsum("bh,hk->bk", d[g], params["U_" + g]) for g in "zr")
    gradients = {"W_" + g: np.einsum("bh,bd->hd", d[g], x) for g in "zrh"}
    gradients |= {"U_" + g: np.einsum("bh,bk->hk", d[g], rh if g == "h" else h) for g in "zrh"}
    return dx, dh, gradients | {"b_" + g: np.einsum("bh->h", d[g]) for g in "zrh"}


@exercise.right
def by_loop(dh_next, x, h, params):
    dx, dh = np.zeros(x.shape), np.zeros(h.shape)
    total = {name: np.zeros(array.shape) for name, array in params.items()}
    for i in range(len(x)):
        z, r = (squash(params[f"W_{g}"] @ x[i] + params[f"U_{g}"] @ h[i] + params[f"b_{g}"]) for g in "zr")
        n = np.tanh(params["W_h"] @ x[i] + params["U_h"] @ (r * h[i]) + params["b_h"])
        da_h = (1 - n * n) * z * dh_next[i]
        da_z = z * (1 - z) * (dh_next[i] * n - dh_next[i] * h[i])
        da_r = r * (1 - r) * h[i] * (params["U_h"].T @ da_h)
        dh[i] = (1 - z) * dh_next[i] + r * (params["U_h"].T @ da_h)
        for g, da, state in (("z", da_z, h[i]), ("r", da_r, h[i]), ("h", da_h, r * h[i])):
            dx[i] += params[f"W_{g}"].T @ da
            dh[i] += params[f"U_{g}"].T @ da if g != "h" else 0
            total[f"W_{g}"] += np.outer(da, x[i])
            total[f"U_{g}"] += np.outer(da, state)
            total[f"b_{g}"] += da
    return dx, dh, total


@exercise.right
def by_stacking(dh_next, x, h, params):
    W = np.concatenate([params["W_z"], params["W_r"], params["W_h"]])
    U = np.concatenate([params["U_z"], params["U_r"]])
    z, r = np.split(
        squash(np.hstack([x, h]) @ np.hstack([W[: 2 * h.shape[1]], U]).T + np.r_[params["b_z"], params["b_r"]]),
        2,
        1,
    )
    n = np.tanh(x @ params["W_h"].T + (r * h) @ params["U_h"].T + params["b_h"])
    da_h = z * dh_next * (1 - n) * (1 + n)
    back = da_h @ params["U_h"]
    da = np.hstack([dh_next * (n - h) * z * (1 - z), back * h * r * (1 - r), da_h])
    two = da[:, : 2 * h.shape[1]]
    gradients = {}
    for g, dW, dU, db in zip(
        "zrh",
        np.split(da.T @ x, 3),
        [*np.split(two.T @ h, 2), da_h.T @ (r * h)],
        np.split(da.sum(0), 3),
        strict=True,
    ):
        gradients |= {f"W_{g}": dW, f"U_{g}": dU, f"b_{g}": db}
    return [da @ W, (1 - z) * dh_next + r * back + two @ U, gradients]
