"""Loss and gradients of a network that must echo earlier symbols."""

import numpy as np
import torch

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises import rnn_backward, softmax_cross_entropy
from autograder.exercises.families import forms
from autograder.reference import rnn

exercise = Exercise(rnn.recall_loss_and_gradients, results=("loss", "gradients"))

# (T, B, D, S, H, K): steps, examples, inputs, symbols, units, steps that are read
SIZES = {
    "a delay": (6, 3, 4, 4, 5, 4),
    "no delay": (4, 2, 3, 3, 5, 4),
    "only the last step": (5, 2, 3, 3, 4, 1),
    "one example": (5, 1, 3, 3, 2, 3),
    "more inputs than symbols": (4, 3, 5, 2, 4, 2),
    "as many symbols as units": (5, 3, 4, 4, 4, 2),
    "as many examples as units": (4, 3, 2, 2, 3, 2),
    "as many examples as symbols and steps that are read": (5, 3, 3, 3, 4, 3),
    "as many steps as examples": (3, 3, 2, 2, 4, 2),
    "three of everything": (3, 3, 3, 3, 3, 3),
}
ORDER = "parameters in another order"


@exercise.cases
def draw(rng):
    def task(T, B, D, S, H, K):
        x = np.eye(D)[rng.integers(0, D, size=(T, B))]
        W, U, b = 0.6 * rng.normal(size=(H, D)), 0.6 * rng.normal(size=(H, H)), rng.normal(size=H)
        params = {"W": W, "U": U, "b": b, "V": rng.normal(size=(S, H)), "c": rng.normal(size=S)}
        return Case((x, rng.integers(0, S, size=(K, B)), params))

    x, targets, params = task(*SIZES["a delay"]).args
    shuffled = {name: params[name] for name in ("c", "b", "U", "V", "W")}
    return {name: task(*sizes) for name, sizes in SIZES.items()} | {ORDER: Case((x, targets, shuffled))}


exercise.checks(
    values("the loss", *SIZES, ORDER, part=0),
    *(
        values(f"the gradient of {name}", *SIZES, ORDER, part=lambda result, name=name: result[1][name])
        for name in ("W", "U", "b", "V", "c")
    ),
    pure("a delay", weight=0.5),
)


def recall(
    x,
    targets,
    params,
    read=lambda T, K: range(T - K, T),
    scale=lambda K, B: 1.0,
    learning=lambda dread: dread,
    put=lambda window, T: window,
    loss=rnn.softmax_cross_entropy,
    back=rnn.rnn_backward,
    right=lambda targets: targets.reshape(-1),
):
    """``recall_loss_and_gradients`` with parts that may be wrong."""
    W, U, b, V, c = (params[name] for name in ("W", "U", "b", "V", "c"))
    h0 = np.zeros((x.shape[1], len(U)))
    states = rnn.rnn_forward(x, h0, W, U, b)
    window = list(read(len(x), len(targets)))
    chosen = states[window].reshape(-1, len(U))
    found, dlogits = loss(chosen @ V.T + c, right(targets[-len(window) :]))
    factor = scale(*targets.shape)
    found, dlogits = factor * found, factor * dlogits
    dstates = np.zeros(states.shape)
    dstates[put(window, len(x))] = learning((dlogits @ V).reshape(states[window].shape))
    _, _, dW, dU, db = back(dstates, x, h0, states, W, U)
    return found, {"W": dW, "U": dU, "b": db, "V": dlogits.T @ chosen, "c": dlogits.sum(axis=0)}


def mistake(name, hint, **wrong):
    exercise.add_mistake(name, hint, lambda x, targets, params: recall(x, targets, params, **wrong))


def changed(name, hint, change):
    """A mistake in finished results: ``change(loss, gradients, params)``."""

    def wrong(x, targets, params):
        return change(*rnn.recall_loss_and_gradients(x, targets, params), params)

    exercise.add_mistake(name, hint, wrong)


for name, hint, wrong in (
    ("first_steps_read", "You read out the first states: the targets belong to the last len(targets) steps.", {"read": lambda T, K: range(K)}),
    ("one_step_early", "Your read-out is one step early: the targets belong to the last len(targets) steps, the final one included.", {"read": lambda T, K: range(max(0, T - K - 1), max(0, T - K - 1) + K)}),
    ("last_state_only", "You read out the last state for every target: each of the last len(targets) states has its own.", {"read": lambda T, K: [T - 1] * K}),
    ("steps_backwards", "You pair states and targets in opposite orders: targets[0] belongs to the earliest of the states that are read.", {"read": lambda T, K: range(T - 1, T - 1 - K, -1)}),
    ("targets_by_example", "States and targets are flattened in different orders: one by step, the other by example.", {"right": lambda targets: targets.T.reshape(-1)}),
    ("averaged_again", "You divide by the number of steps although the mean over steps and examples was taken already.", {"scale": lambda K, B: 1 / K}),
    ("averaged_over_examples_again", "You divide by the number of examples although the mean over steps and examples was taken already.", {"scale": lambda K, B: 1 / B}),
    ("summed_over_steps", "Your loss adds up the steps: take the mean over all steps and examples together.", {"scale": lambda K, B: K}),
    ("summed_over_examples", "Your loss adds up the examples: take the mean over all steps and examples together.", {"scale": lambda K, B: B}),
    ("summed", "Your loss is a sum over steps and examples: take the mean over all of them.", {"scale": lambda K, B: K * B}),
    ("only_the_last_step", "Only the last step's loss reaches your states: put a gradient at every step that is read out.", {"learning": lambda dread: dread * (np.arange(len(dread)) == len(dread) - 1)[:, None, None]}),
    ("not_through_the_read_out", "Nothing goes back from the read-out into the states, so W, U and b do not learn: dstates is dlogits @ V.", {"learning": lambda dread: 0 * dread}),
    ("gradients_at_the_first_steps", "You put the direct gradients at the first steps: they belong to the states that were read, the last len(targets).", {"put": lambda window, T: range(len(window))}),
    ("first_state_never_read", "With a target at every step, the first state is not read: the last len(targets) states may be all of them.", {"read": lambda T, K: range(max(1, T - K), T)}),
):  # fmt: skip
    mistake(name, hint, **wrong)

for part, source, names in (  # mistakes of the functions that this one calls
    ("back", rnn_backward, "not_carried overwritten only_the_last_step forwards same_state_for_previous slope_missing"),
    ("loss", softmax_cross_entropy, "gradient_not_averaged loss_not_averaged probabilities_as_gradient loss_negated no_logarithm wrong_axis over_everything scores_for_log_probabilities"),
):  # fmt: skip
    for name in names.split():
        known = source.exercise.mistakes[name]
        mistake(f"{part}_{name}", known.hint, **{part: known.function})

for letter in ("W", "U", "b", "V", "c"):
    changed(
        f"{letter}_zero",
        f"Your gradient of {letter} is zero everywhere: {letter} learns too.",
        lambda loss, g, p, letter=letter: (loss, g | {letter: 0 * g[letter]}),
    )
for letter in ("W", "U", "V"):
    changed(
        f"{letter}_transposed",
        f"Your gradient of {letter} is transposed: it has the shape of {letter}.",
        lambda loss, g, p, letter=letter: (loss, g | {letter: g[letter].T}),
    )
for name, hint, change in (
    ("readout_gradients_missing", "Your gradients of V and c are zero: the read-out learns too, from the gradient of the logits.", lambda loss, g, p: (loss, g | {"V": 0 * g["V"], "c": 0 * g["c"]})),
    ("readout_gradients_left_out", "V and c are not in your dict of gradients: the read-out learns too.", lambda loss, g, p: (loss, {name: g[name] for name in ("W", "U", "b")})),
    ("gradients_negated", "Your gradients point downhill already: return the gradient itself, the optimiser takes the step against it.", lambda loss, g, p: (loss, {name: -gradient for name, gradient in g.items()})),
    ("as_a_tuple", "Your gradients are a tuple: return them in a dict, by the names of the parameters.", lambda loss, g, p: (loss, tuple(g.values()))),
    ("names_with_d", "Your gradients are called dW, dU and so on: use the names of the parameters themselves, W, U, b, V and c.", lambda loss, g, p: (loss, {f"d{name}": gradient for name, gradient in g.items()})),
    ("exchanged", "Your two results are exchanged: the loss comes first, then the dict of gradients.", lambda loss, g, p: (g, loss)),
    ("step_taken", "You return new parameters: return the gradients, the optimiser makes the step.", lambda loss, g, p: (loss, {name: p[name] - g[name] for name in g})),
):  # fmt: skip
    changed(name, hint, change)


def readout_of_the_last_step(letters):
    """The mistake of taking the gradients of V or c, or both, at the last step only."""

    def wrong(x, targets, params):
        loss, g = rnn.recall_loss_and_gradients(x, targets, params)
        h0 = np.zeros((x.shape[1], len(params["U"])))
        last = rnn.rnn_forward(x, h0, *(params[name] for name in "WUb"))[-1]
        _, dlogits = rnn.softmax_cross_entropy(last @ params["V"].T + params["c"], targets[-1])
        found = {"V": dlogits.T @ last / len(targets), "c": dlogits.sum(axis=0) / len(targets)}
        return loss, g | {name: found[name] for name in letters}

    words = " and of ".join(letters)
    exercise.add_mistake(
        f"{'_and_'.join(letters)}_of_the_last_step",
        f"Your gradient of {words} is that of the last step alone: sum over all steps that are read.",
        wrong,
    )


for letters in ("V", "c", "Vc"):
    readout_of_the_last_step(letters)


for name, hint, wrong in (
    ("parameters_by_place", 'You take the parameters by their order in the dict: take them by name, params["W"] and so on.',
        lambda x, targets, params: rnn.recall_loss_and_gradients(x, targets, dict(zip("WUbVc", params.values(), strict=True)))),
    ("readout_bias_forgotten", "Your read-out leaves out its bias c.", lambda x, targets, params: rnn.recall_loss_and_gradients(x, targets, params | {"c": np.zeros_like(params["c"])})),
    ("cell_bias_forgotten", "Your states leave out the bias b.", lambda x, targets, params: rnn.recall_loss_and_gradients(x, targets, params | {"b": np.zeros_like(params["b"])})),
):  # fmt: skip
    exercise.add_mistake(name, hint, wrong)


@exercise.wrong
def parameters_changed(x, targets, params):
    """Your function changes the parameters: return gradients only, the optimiser makes the step."""
    loss, gradients = rnn.recall_loss_and_gradients(x, targets, params)
    for key in gradients:
        params[key] -= 0.1 * gradients[key]
    return loss, gradients


exercise.add(forms.overwrites_arguments(without=["params"]))


@exercise.right
def by_autograd(x, targets, params):
    p = {name: torch.tensor(value, requires_grad=True) for name, value in params.items()}
    h, logits = torch.zeros(x.shape[1], len(p["U"]), dtype=torch.float64), []
    for x_t in torch.tensor(x):
        h = torch.tanh(x_t @ p["W"].T + h @ p["U"].T + p["b"])
        logits.append(h @ p["V"].T + p["c"])
    read = torch.cat(logits[-len(targets) :])
    loss = torch.nn.functional.cross_entropy(read, torch.tensor(targets).flatten())
    gradients = torch.autograd.grad(loss, list(p.values()))
    return loss.item(), {name: gradient.numpy() for name, gradient in zip(p, gradients, strict=True)}


@exercise.right
def step_by_step(x, targets, params):
    W, U, b, V, c = (params[name] for name in "WUbVc")
    T, K, B = len(x), len(targets), x.shape[1]
    states = [np.zeros((B, len(U)))]
    for x_t in x:
        states.append(np.tanh(x_t @ W.T + states[-1] @ U.T + b))
    loss, gradients = 0.0, {name: np.zeros(value.shape) for name, value in params.items()}
    dh = np.zeros((B, len(U)))
    for t in range(T - 1, -1, -1):
        if t >= T - K:
            z = states[t + 1] @ V.T + c
            log_p = z - np.logaddexp.reduce(z, axis=1)[:, None]
            right = targets[t - (T - K)]
            loss -= log_p[np.arange(B), right].sum() / (K * B)
            dz = (np.exp(log_p) - np.eye(len(c))[right]) / (K * B)
            gradients["V"] += dz.T @ states[t + 1]
            gradients["c"] += dz.sum(0)
            dh = dh + dz @ V
        da = dh * (1 - states[t + 1] ** 2)
        gradients["W"] += da.T @ x[t]
        gradients["U"] += da.T @ states[t]
        gradients["b"] += da.sum(0)
        dh = da @ U
    return loss, gradients


@exercise.right
def by_einsum(x, targets, params):
    W, U, b, V, c = (params[name] for name in ("W", "U", "b", "V", "c"))
    T, B, H, K = len(x), x.shape[1], len(U), len(targets)
    h = np.zeros((T + 1, B, H))
    for t in range(T):
        h[t + 1] = np.tanh(np.einsum("hd,bd->bh", W, x[t]) + np.einsum("hk,bk->bh", U, h[t]) + b)
    z = np.einsum("sh,tbh->tbs", V, h[-K:]) + c
    log_p = z - np.log(np.exp(z).sum(-1, keepdims=True))
    one_hot = np.eye(len(c))[targets]
    dz = (np.exp(log_p) - one_hot) / (K * B)
    da, back = np.zeros((T, B, H)), np.zeros((B, H))
    for t in range(T - 1, -1, -1):
        direct = dz[t - T + K] @ V if t >= T - K else 0.0
        da[t] = (direct + back) * (1 - h[t + 1] ** 2)
        back = da[t] @ U
    return -(one_hot * log_p).sum() / (K * B), {
        "W": np.einsum("tbh,tbd->hd", da, x),
        "U": np.einsum("tbh,tbk->hk", da, h[:-1]),
        "b": da.sum((0, 1)),
        "V": np.einsum("tbs,tbh->sh", dz, h[-K:]),
        "c": dz.sum((0, 1)),
    }
