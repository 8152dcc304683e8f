# %% [markdown]
r"""
# Unit 03 · A cell that can keep

Unit 02 ended with one harmless factor: a state that is *copied* passes its gradient on whole. The LSTM builds a place for copying, the
**cell**, and three gates that decide what goes in, what stays, and what is shown.

**After this unit you can**

- write the LSTM in three notations, with and without peepholes, and turn one into another;
- take it apart backwards, by hand, down to every parameter;
- say when it forgets, with numbers, and why the one bias that everybody sets is the forget gate's.

**Time:** about 90 minutes. **You need:** unit 01 (the plain RNN, forwards and backwards) and the main result of unit 02 (products of Jacobians
vanish or explode).

**How to work:** read, run the cells from top to bottom (Shift+Enter), and wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` by your code. The cell below it checks what you wrote. Hidden checks with fresh numbers run when your notebook is
graded; each check earns its own points, and a mistake in one function does not cost you the functions that use it.
"""

# %% setup=true
import ipywidgets
import numpy as np

from course import checks, plots, training, widgets
from course.plots import lstm as drawings
from course.plots.gradients import decay

try:
    import torch
except ImportError:  # everything but the comparisons with torch works without it
    torch = None


def sigmoid(a):
    r"""The logistic function, by its formula: it squashes any number to one between 0 and 1."""
    return 1 / (1 + np.exp(-a))


# %% [markdown]
r"""
## 1 · A gate is a number between 0 and 1

Multiply something by 1 and it passes; multiply it by 0 and it is gone. A **gate** is such a number, one for each unit, and the network computes
it afresh at every step from what it sees: the new input and its own old state. The logistic function keeps it between 0 and 1.

The LSTM has three gates and one candidate, all with the same form:

$$i_t,\ f_t,\ o_t = \sigma(W_{x\cdot}\, x_t + W_{h\cdot}\, h_{t-1} + b_\cdot) \qquad g_t = \tanh(W_{xc}\, x_t + W_{hc}\, h_{t-1} + b_c)$$

and two lines that use them:

$$c_t = f_t \odot c_{t-1} + i_t \odot g_t \qquad\qquad h_t = o_t \odot \tanh(c_t)$$

| letter | what it is | shape |
|---|---|---|
| $c_t$ | the **cell**: what is kept. It is never squashed on its way to the next step | `(B, H)` |
| $h_t$ | the **state**: what is shown, to the gates of the next step and to the rest of the network | `(B, H)` |
| $f_t$ | forget gate: how much of the old cell stays | `(B, H)` |
| $i_t$ | input gate: how much of the candidate goes in | `(B, H)` |
| $g_t$ | candidate: what would go in, between $-1$ and $1$ | `(B, H)` |
| $o_t$ | output gate: how much of the cell is shown | `(B, H)` |
| $W_{x\cdot}$, $W_{h\cdot}$, $b_\cdot$ | weights and biases, for $\cdot$ in $i, f, o, c$ | `(H, D)`, `(H, H)`, `(H,)` |

Read the letter on a gate as *who decides*: $W_{xf}$ goes from the input $x$ to the forget gate $f$.
"""

# %%
plots.show(
    plots.draw_cell(drawings.CELLS["plain"]),
    "The cell runs along the top: times the forget gate, plus input gate times candidate. "
    "Below, tanh of the new cell times the output gate gives the new state.",
)

# %% [markdown]
r"""
The line along the top is the point of it all. Light it up, and only two things touch it: a factor, $f$, and a sum.
"""

# %%
plots.show(
    plots.draw_cell(drawings.CELLS["plain"], ("c", "keep", "f", "add", "c_next")),
    "The same picture with the path from the old cell to the new one lit up: a product with the forget gate, then a sum.",
)

# %% [markdown]
r"""
Before you write it, hold its gates in your own hands. The candidate brings $+1$ at step 0 and $-1$ at step 20; the gates stand still.
"""

# %%
guess_keep = widgets.predict(
    "The forget gate stands at 0.9. How much of the first pulse is left after 19 steps?",
    ["nearly all of it", "about half", "about an eighth", "nothing"],
)

# %%
_ = widgets.explore(
    drawings.keeping,
    "The cell against time, with forget gate {forget:g} and input gate {let_in:g}: it jumps at the pulses and decays between them.",
    forget=ipywidgets.FloatSlider(0.9, min=0.0, max=1.0, step=0.05, description="forget gate f"),
    let_in=ipywidgets.FloatSlider(0.8, min=0.0, max=1.0, step=0.05, description="input gate i"),
)

# %%
widgets.reveal(
    guess_keep,
    "about an eighth",
    "0.9 to the power of 19 is 0.135. Only f = 1 keeps for good; f = 1 and i = 0 together copy the cell.",
)

# %% [markdown]
r"""
**On paper.** One unit, all weights 0, so that the gates are set by their biases. With $b_i = b_f = b_o = 0$ every gate is $\tfrac12$; with
$b_c = 0$ the candidate is 0. An old cell $c = 2$ becomes $c' = \tfrac12 \cdot 2 + \tfrac12 \cdot 0 = 1$, and the state is
$h' = \tfrac12 \tanh(1) \approx 0.3808$.

**Your turn.** One step. The parameters come in a dict, under the names of the formula.
"""

# %% grade_id="lstm_step_solution" solution=true
from autograder.reference.lstm import lstm_step

# %% grade_id="lstm_step" grade=true points=4
with checks.exercise("lstm_step"):

    def lstm_parameters(rng, D, H, peepholes=False):
        made = {"W_x" + k: rng.normal(size=(H, D)) for k in "ifoc"}
        made |= {"W_h" + k: 0.5 * rng.normal(size=(H, H)) for k in "ifoc"}
        made |= {"b_" + k: rng.normal(size=H) for k in "ifoc"}
        return made | ({"w_c" + k: rng.normal(size=H) for k in "ifo"} if peepholes else {})

    still = {
        name: 0 * value for name, value in lstm_parameters(np.random.default_rng(0), 1, 1).items()
    }
    new_h, new_c = lstm_step(np.zeros((1, 1)), np.zeros((1, 1)), np.full((1, 1), 2.0), still)
    checks.expect_close(new_c, [[1.0]], "the new cell worked on paper")
    checks.expect_close(new_h, [[0.380797]], "the new state worked on paper", 1e-6)
    rng = np.random.default_rng(1)
    params = lstm_parameters(rng, 4, 5)
    x, h, c = rng.normal(size=(3, 4)), rng.uniform(-1, 1, size=(3, 5)), rng.normal(size=(3, 5))
    with checks.unchanged(x=x, h=h, c=c, **params):
        new_h, new_c = lstm_step(x, h, c, params)
    checks.expect_shape(new_h, (3, 5), "the new state")
    checks.expect_shape(new_c, (3, 5), "the new cell")
    checks.expect(
        np.all(np.abs(new_h) < 1), "a state is between -1 and 1, but one of yours is outside."
    )
    open_wide = params | {"b_f": np.full(5, 50.0), "b_i": np.full(5, -50.0)}
    checks.expect_close(
        lstm_step(x, h, c, open_wide)[1],
        c,
        "the cell with f wide open and i shut: an exact copy",
        1e-12,
    )
    if torch := checks.torch_or_none():
        theirs = torch.nn.LSTMCell(4, 5, dtype=torch.float64)
        with torch.no_grad():
            theirs.weight_ih.copy_(
                torch.tensor(np.concatenate([params["W_x" + k] for k in "ifco"]))
            )
            theirs.weight_hh.copy_(
                torch.tensor(np.concatenate([params["W_h" + k] for k in "ifco"]))
            )
            theirs.bias_ih.copy_(torch.tensor(np.concatenate([params["b_" + k] for k in "ifco"])))
            theirs.bias_hh.zero_()
            wanted = theirs(torch.tensor(x), (torch.tensor(h), torch.tensor(c)))
        checks.expect_close(
            new_h, wanted[0].numpy(), "torch's new state with the same weights", 1e-12
        )
        checks.expect_close(
            new_c, wanted[1].numpy(), "torch's new cell with the same weights", 1e-12
        )

# %% [markdown]
r"""
## 2 · Along a sequence

As in unit 01, with two things to carry from step to step instead of one: state **and** cell. Keep all of both.
"""

# %% grade_id="lstm_forward_solution" solution=true
from autograder.reference.lstm import lstm_forward

# %% grade_id="lstm_forward" grade=true points=4
with checks.exercise("lstm_forward"):
    rng = np.random.default_rng(2)
    params = lstm_parameters(rng, 2, 4)
    x, h0, c0 = rng.normal(size=(6, 3, 2)), rng.uniform(-1, 1, size=(3, 4)), rng.normal(size=(3, 4))
    with checks.unchanged(x=x, h0=h0, c0=c0):
        shown, kept = lstm_forward(x, h0, c0, params)
    checks.expect_shape(shown, (6, 3, 4), "all states of 6 steps, 3 examples and 4 units")
    checks.expect_shape(kept, (6, 3, 4), "all cells of 6 steps, 3 examples and 4 units")
    first_h, first_c = lstm_step(x[0], h0, c0, params)
    checks.expect_close(shown[0], first_h, "the first state, one step from h0 and c0")
    checks.expect_close(kept[0], first_c, "the first cell, one step from h0 and c0")
    again = lstm_forward(x[3:], shown[2], kept[2], params)
    checks.expect_close(
        again[0], shown[3:], "the second half, started from state and cell in the middle"
    )
    future = x.copy()
    future[4] = 9.0
    checks.expect_close(
        lstm_forward(future, h0, c0, params)[0][:4],
        shown[:4],
        "the first four states after the fifth input was changed: the past cannot depend on the future",
    )

# %% [markdown]
r"""
## 3 · Peepholes

The gates see the state $h_{t-1}$, and that is the cell *as the output gate showed it*. When the output gate is shut, $h$ is zero, and the
gates cannot know what the cell holds. Gers and Schmidhuber (2000) let them look inside, through **peepholes**; this is the form of Graves
(2013):

$$\begin{aligned}
i_t &= \sigma(W_{xi} x_t + W_{hi} h_{t-1} + w_{ci} \odot c_{t-1} + b_i)\\
f_t &= \sigma(W_{xf} x_t + W_{hf} h_{t-1} + w_{cf} \odot c_{t-1} + b_f)\\
c_t &= f_t \odot c_{t-1} + i_t \odot \tanh(W_{xc} x_t + W_{hc} h_{t-1} + b_c)\\
o_t &= \sigma(W_{xo} x_t + W_{ho} h_{t-1} + w_{co} \odot c_t + b_o)\\
h_t &= o_t \odot \tanh(c_t)
\end{aligned}$$

Look at the fourth line twice: the output gate looks at the cell that it is about to show, the **new** one. That is why it comes after the
cell, and it is the line that most people get wrong.

A peephole is a vector: each unit looks into its own cell only. (Some texts write a matrix $W_{ci}$ there; a diagonal one is meant.)
"""

# %%
plots.show(
    plots.draw_cell(drawings.CELLS["peephole"], ("c", "f", "i", "c_next", "o")),
    "The cell with peepholes lit up: arrows from the old cell to the forget and input gates, and from the new cell to the output gate.",
)

# %% grade_id="peephole_lstm_step_solution" solution=true
from autograder.reference.lstm import peephole_lstm_step

# %% grade_id="peephole_lstm_step" grade=true points=4
with checks.exercise("peephole_lstm_step"):
    rng = np.random.default_rng(3)
    params = lstm_parameters(rng, 4, 5, peepholes=True)
    x, h, c = rng.normal(size=(3, 4)), rng.uniform(-1, 1, size=(3, 5)), rng.normal(size=(3, 5))
    with checks.unchanged(x=x, h=h, c=c, **params):
        new_h, new_c = peephole_lstm_step(x, h, c, params)
    checks.expect_shape(new_h, (3, 5), "the new state")
    blind = params | {"w_c" + k: np.zeros(5) for k in "ifo"}
    for seen, wanted, what in zip(
        peephole_lstm_step(x, h, c, blind),
        lstm_step(x, h, c, params),
        ("state", "cell"),
        strict=True,
    ):
        checks.expect_close(
            seen, wanted, f"the new {what} with all peepholes at zero: your plain lstm_step's"
        )
    # one unit, gates set by hand: f = 1, i = 0, so the new cell is the old one, 3; the output gate sees w_co times it
    one = {name: 0 * value for name, value in lstm_parameters(rng, 1, 1, peepholes=True).items()}
    one |= {"b_f": np.array([50.0]), "b_i": np.array([-50.0]), "w_co": np.array([1.0])}
    checks.expect_close(
        peephole_lstm_step(np.zeros((1, 1)), np.zeros((1, 1)), np.full((1, 1), 3.0), one)[0],
        [[0.952574 * 0.995055]],
        "sigma(3) times tanh(3): a cell of 3 that is kept, and opens its own output gate",
        1e-5,
    )
    # now the cell is emptied in this very step: the output gate must see the new cell, 0
    one |= {"b_f": np.array([-50.0]), "b_i": np.array([50.0]), "b_c": np.array([1.0])}
    checks.expect_close(
        peephole_lstm_step(np.zeros((1, 1)), np.zeros((1, 1)), np.full((1, 1), 3.0), one)[0],
        [[0.681700 * 0.642015]],
        "a cell that goes from 3 to tanh(1) in this step: the output gate looks at the new cell",
        1e-5,
    )

# %% [markdown]
r"""
## 4 · The same cell in Gamma notation

Lecture notes often write gates as capital Gammas, call the candidate a *proposal* $\tilde c$, and the state an *activation* $a$:

$$\begin{aligned}
\tilde c &= \tanh(W_{cc}\, c_{t-1} + W_{cx}\, x_t + b_c)\\
\Gamma_u,\ \Gamma_f,\ \Gamma_o &= \sigma(W_{\cdot c}\, c_{t-1} + W_{\cdot x}\, x_t + b_\cdot)\\
c_t &= \Gamma_u \odot \tilde c + \Gamma_f \odot c_{t-1}\\
a_t &= \Gamma_o \odot c_t
\end{aligned}$$

Here the first letter of a matrix says *for whom*, the second *from whom*: $W_{uc}$ goes to the update gate from the memory $c$. There is no
relevance gate (the GRU of unit 04 has one), and the forget gate stands where a GRU has $1 - \Gamma_u$.

Is it only another spelling? Compare line by line, then write it **exactly as printed**.
"""

# %%
plots.show(
    plots.draw_cell(drawings.CELLS["gamma"]),
    "The Gamma form: the old cell, not the activation, goes into the gates beside the input; the new cell goes "
    "through the output gate without a tanh.",
)

# %%
guess_gamma = widgets.predict(
    "Rename u to i and a to h. Is the Gamma form then the LSTM of section 1?",
    ["yes, only the letters differ", "no, one thing differs", "no, two things differ"],
)

# %% grade_id="gamma_lstm_step_solution" solution=true
from autograder.reference.lstm import gamma_lstm_step

# %% grade_id="gamma_lstm_step" grade=true points=3
with checks.exercise("gamma_lstm_step"):

    def gamma_parameters(rng, D, H):
        made = {f"W_{k}c": 0.5 * rng.normal(size=(H, H)) for k in "ufoc"}
        made |= {f"W_{k}x": rng.normal(size=(H, D)) for k in "ufoc"}
        return made | {f"b_{k}": rng.normal(size=H) for k in "ufoc"}

    still = {
        name: 0 * value for name, value in gamma_parameters(np.random.default_rng(0), 1, 1).items()
    }
    a, new_c = gamma_lstm_step(np.zeros((1, 1)), np.full((1, 1), 2.0), still)
    checks.expect_close(
        new_c, [[1.0]], "the new cell from 2, with every gate at one half and a proposal of 0"
    )
    checks.expect_close(a, [[0.5]], "the activation of that cell: one half of it, without a tanh")
    rng = np.random.default_rng(4)
    params = gamma_parameters(rng, 4, 5)
    x, c = rng.normal(size=(3, 4)), rng.normal(size=(3, 5))
    with checks.unchanged(x=x, c=c, **params):
        a, new_c = gamma_lstm_step(x, c, params)
    checks.expect_shape(a, (3, 5), "the activation")
    checks.expect_shape(new_c, (3, 5), "the new cell")
    shut = params | {"b_u": np.full(5, -60.0), "b_f": np.full(5, 60.0)}
    checks.expect_close(
        gamma_lstm_step(x, c, shut)[1],
        c,
        "the cell with Gamma_u shut and Gamma_f open: a copy",
        1e-12,
    )

# %%
widgets.reveal(
    guess_gamma,
    "no, two things differ",
    "The gates and the proposal hear the memory cell where section 1 has the state, and the output has no tanh.",
)

# %% [markdown]
r"""
### The dictionary, and the two changes

So there are two steps from the notes to section 1. First the **names**: write the dictionary from every parameter of `lstm_step` to the one
that plays its part in the Gamma notation, for example `W_xi` to `W_ux`. Which Gamma lets the new in, as $i$ does?
"""

# %% grade_id="gamma_names_solution" solution=true
from autograder.reference.lstm import gamma_names

# %% grade_id="gamma_names" grade=true points=2
with checks.exercise("gamma_names"):
    table = gamma_names()
    checks.expect(
        isinstance(table, dict),
        f"gamma_names should return a dict, but it returned {checks.shown(table)}.",
    )
    wanted = {"W_x" + k for k in "ifoc"} | {"W_h" + k for k in "ifoc"} | {"b_" + k for k in "ifoc"}
    checks.expect(
        set(table) == wanted,
        f"the keys should be the 12 names of lstm_step, but yours are {sorted(table)}.",
    )
    known = set(gamma_parameters(np.random.default_rng(0), 1, 1))
    checks.expect(
        set(table.values()) == known,
        f"each of {sorted(known)} should be used once, but you use {sorted(table.values())}.",
    )
    checks.expect(
        table["W_xi"] == "W_ux",
        f"W_xi lets the new in, as W_ux does, but you have {table['W_xi']}.",
    )

# %% [markdown]
r"""
Then use it: the same arrays, under our names.
"""

# %% grade_id="lstm_from_gamma_solution" solution=true
from autograder.reference.lstm import lstm_from_gamma

# %% grade_id="lstm_from_gamma" grade=true points=2
with checks.exercise("lstm_from_gamma"):
    theirs = gamma_parameters(np.random.default_rng(5), 2, 3)
    ours = lstm_from_gamma(theirs)
    checks.expect(len(ours) == 12, f"there are 12 parameters, but you return {len(ours)}.")
    checks.expect_shape(ours["W_xi"], (3, 2), "W_xi, for 2 inputs and 3 units")
    checks.expect_shape(ours["W_hf"], (3, 3), "W_hf, for 3 units")
    checks.expect_close(
        ours["b_f"], theirs["b_f"], "b_f, which both notations call by the same name"
    )

# %% [markdown]
r"""
And now the two **changes**: let gates and proposal hear the old *activation*, and put a tanh at the output. The result must be the LSTM of
section 1, to the last digits, step after step.
"""

# %% grade_id="mended_gamma_step_solution" solution=true
from autograder.reference.lstm import mended_gamma_step

# %% grade_id="mended_gamma_step" grade=true points=3
with checks.exercise("mended_gamma_step"):
    rng = np.random.default_rng(6)
    theirs = gamma_parameters(rng, 2, 3)
    plain = {}
    for k, gate in (("i", "u"), ("f", "f"), ("o", "o"), ("c", "c")):
        plain |= {
            "W_x" + k: theirs[f"W_{gate}x"],
            "W_h" + k: theirs[f"W_{gate}c"],
            "b_" + k: theirs["b_" + gate],
        }
    a = h = rng.uniform(-1, 1, size=(2, 3))
    cell = c = rng.normal(size=(2, 3))
    for step, x in enumerate(rng.normal(size=(5, 2, 2))):
        a, cell = mended_gamma_step(x, a, cell, theirs)
        h, c = lstm_step(x, h, c, plain)
        checks.expect_close(
            a,
            h,
            f"the activation after step {step + 1}, against lstm_step with the names changed",
            1e-12,
        )
        checks.expect_close(
            cell,
            c,
            f"the cell after step {step + 1}, against lstm_step with the names changed",
            1e-12,
        )

# %% [markdown]
r"""
## 5 · One step backwards

Two gradients arrive from the future: $dh$ for the new state, $dc$ for the new cell. The new cell is wanted twice, once directly, and once
because the new state was made from it:

$$dc_t = dc_{next} + dh_{next} \odot o \odot (1 - \tanh^2 c_t)$$

From there every part gets "what it multiplied, times what is wanted": the forget gate multiplied the old cell, so $df = dc_t \odot c_{t-1}$;
the input gate multiplied the candidate, $di = dc_t \odot g$; the candidate gets $dg = dc_t \odot i$; the output gate multiplied $\tanh c_t$, so
$do = dh_{next} \odot \tanh c_t$. Each goes back through its own squashing ($\sigma' = \sigma (1 - \sigma)$, $\tanh' = 1 - \tanh^2$), and then
weights, input and old state follow as in unit 01, summed over the four.

And the old cell gets

$$dc_{t-1} = dc_t \odot f_t .$$

One factor, and no matrix. This short line is what the LSTM was built for.
"""

# %% grade_id="lstm_step_backward_solution" solution=true
from autograder.reference.lstm import lstm_step_backward

# %% grade_id="lstm_step_backward" grade=true points=6
with checks.exercise("lstm_step_backward"):
    rng = np.random.default_rng(7)
    params = lstm_parameters(rng, 2, 3)
    x, h, c = rng.normal(size=(2, 2)), rng.uniform(-1, 1, size=(2, 3)), rng.normal(size=(2, 3))
    dh_next, dc_next = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))

    def wish(
        x, h, c, **params
    ):  # a loss whose gradients with respect to the new state and cell are these two
        new_h, new_c = lstm_step(x, h, c, params)
        return float(np.sum(dh_next * new_h) + np.sum(dc_next * new_c))

    with checks.unchanged(dh_next=dh_next, dc_next=dc_next, x=x, h=h, c=c):
        dx, dh, dc, gradients = lstm_step_backward(dh_next, dc_next, x, h, c, params)
    checks.expect_gradients(
        {"x": dx, "h": dh, "c": dc, **gradients}, wish, {"x": x, "h": h, "c": c, **params}
    )

# %% [markdown]
r"""
## 6 · Back through time

From the last step to the first, carrying both gradients. The loss looks at states only, so $dc$ starts at zero; it fills up on the way.
"""

# %% grade_id="lstm_backward_solution" solution=true
from autograder.reference.lstm import lstm_backward

# %% grade_id="lstm_backward" grade=true points=6
with checks.exercise("lstm_backward"):
    rng = np.random.default_rng(8)
    params = lstm_parameters(rng, 2, 3)
    x, h0, c0 = rng.normal(size=(4, 2, 2)), rng.uniform(-1, 1, size=(2, 3)), rng.normal(size=(2, 3))
    direct = rng.normal(size=(4, 2, 3))

    def wish(x, h0, c0, **params):  # a loss whose direct gradient at every state is ``direct``
        return float(np.sum(direct * lstm_forward(x, h0, c0, params)[0]))

    with checks.unchanged(dstates=direct, x=x, h0=h0, c0=c0):
        dx, dh0, dc0, gradients = lstm_backward(direct, x, h0, c0, params)
    checks.expect_gradients(
        {"x": dx, "h0": dh0, "c0": dc0, **gradients}, wish, {"x": x, "h0": h0, "c0": c0, **params}
    )

# %% [markdown]
r"""
### Back through peepholes

Peepholes open three more paths. The output gate looked at the new cell, so part of its gradient goes into $dc_t$: add
$da_o \odot w_{co}$, where $da_o$ is the gradient inside its $\sigma$. The input and forget gates looked at the old cell, so
$dc_{t-1}$ gets $da_i \odot w_{ci} + da_f \odot w_{cf}$ besides $dc_t \odot f_t$. And each peephole's own gradient is its gate's gradient times
the cell it saw, summed over the batch.
"""

# %% grade_id="peephole_lstm_step_backward_solution" solution=true
from autograder.reference.lstm import peephole_lstm_step_backward

# %% grade_id="peephole_lstm_step_backward" grade=true points=6
with checks.exercise("peephole_lstm_step_backward"):
    rng = np.random.default_rng(9)
    params = lstm_parameters(rng, 2, 3, peepholes=True)
    x, h, c = rng.normal(size=(2, 2)), rng.uniform(-1, 1, size=(2, 3)), rng.normal(size=(2, 3))
    dh_next, dc_next = rng.normal(size=(2, 3)), rng.normal(size=(2, 3))

    def wish(x, h, c, **params):
        new_h, new_c = peephole_lstm_step(x, h, c, params)
        return float(np.sum(dh_next * new_h) + np.sum(dc_next * new_c))

    dx, dh, dc, gradients = peephole_lstm_step_backward(dh_next, dc_next, x, h, c, params)
    checks.expect_gradients(
        {"x": dx, "h": dh, "c": dc, **gradients}, wish, {"x": x, "h": h, "c": c, **params}
    )

# %% [markdown]
r"""
## 7 · The same network in torch

torch keeps the four blocks of weights in one tall matrix, stacked in the order **i, f, g, o** (its $g$ is the candidate, our letter $c$), and
adds two biases. It has no peepholes.
"""

# %% grade_id="load_into_torch_lstm_solution" solution=true
from autograder.reference.lstm import load_into_torch_lstm

# %% grade_id="load_into_torch_lstm" grade=true points=3
with checks.exercise("load_into_torch_lstm"):
    if torch := checks.torch_or_none():
        rng = np.random.default_rng(10)
        params = lstm_parameters(rng, 3, 4)
        x, h0, c0 = (
            rng.normal(size=(5, 2, 3)),
            rng.uniform(-1, 1, size=(2, 4)),
            rng.normal(size=(2, 4)),
        )
        theirs = load_into_torch_lstm(params)
        checks.expect(
            isinstance(theirs, torch.nn.LSTM),
            f"your function should return a torch.nn.LSTM, but it returned {checks.shown(theirs)}.",
        )
        checks.expect(
            theirs.weight_ih_l0.dtype == torch.float64,
            "your network computes in float32; ask for float64.",
        )
        with torch.no_grad():
            output, (_, last_cell) = theirs(
                torch.tensor(x), (torch.tensor(h0)[None], torch.tensor(c0)[None])
            )
        shown, kept = lstm_forward(x, h0, c0, params)
        checks.expect_close(
            output.numpy(), shown, "torch's states, against those of your lstm_forward", 1e-12
        )
        checks.expect_close(
            last_cell[0].numpy(), kept[-1], "torch's last cell, against yours", 1e-12
        )

# %% [markdown]
r"""
## 8 · What is left along the cell

Hold the gates fixed and look at the cell alone: each step multiplies by its forget gate. Between two steps the cell path keeps

$$\frac{\partial c_{end}}{\partial c_{start}} = \prod_{t = start + 1}^{end} f_t .$$

Mind the ends: $f_{start}$ acted before $c_{start}$ was there; $f_{end}$ helped to make $c_{end}$.

**On paper.** With gates $0.5, 0.9, 0.8, 0.5$ at steps 0 to 3, from step 0 to step 2: $0.9 \cdot 0.8 = 0.72$.
"""

# %% grade_id="cell_path_gain_solution" solution=true
from autograder.reference.lstm import cell_path_gain

# %% grade_id="cell_path_gain" grade=true points=2
with checks.exercise("cell_path_gain"):
    forget = np.array([0.5, 0.9, 0.8, 0.5]).reshape(4, 1, 1)
    checks.expect_close(
        cell_path_gain(forget, 0, 2), [[0.72]], "the gain from step 0 to step 2, worked on paper"
    )
    checks.expect_close(cell_path_gain(forget, 3, 3), [[1.0]], "the gain from a step to itself")
    checks.expect_shape(
        cell_path_gain(np.ones((5, 2, 3)), 1, 4), (2, 3), "the gain for 2 examples and 3 units"
    )

# %% [markdown]
r"""
A forget gate of $\tfrac12$, where it stands when its bias is 0, leaves $2^{-50} \approx 10^{-15}$ over fifty steps. So before training starts, an LSTM
forgets fast, unless its forget gate is told to stand open: by its **bias**. With $b_f = 1$ the gate stands at
$\sigma(1) = 0.73$, with $b_f = 3$ at $0.95$.

Write the small function that sets it.
"""

# %% grade_id="init_forget_bias_solution" solution=true
from autograder.reference.lstm import init_forget_bias

# %% grade_id="init_forget_bias" grade=true points=2
with checks.exercise("init_forget_bias"):
    params = lstm_parameters(np.random.default_rng(11), 2, 3)
    with checks.unchanged(**params):
        made = init_forget_bias(params, 3.0)
    checks.expect_close(made["b_f"], [3.0, 3.0, 3.0], "the new forget bias")
    checks.expect(
        set(made) == set(params), "the new dict should have the same keys as the old one."
    )
    checks.expect_close(
        made["b_i"], params["b_i"], "the input gate's bias, which should stay as it was"
    )

# %% [markdown]
r"""
## 9 · Does an LSTM's gradient vanish?

"An LSTM cannot vanish" is a popular sentence. Measure it, under the same conditions for all: 64 units, a small random start, **no input**, as in
unit 02. The loss pulls at the last state with a gradient of length one; how much of it arrives 50 steps earlier? One network is the best of unit
02, a plain RNN with orthogonal recurrent weights. The others are fresh LSTMs, with recurrent weights drawn as torch draws them (uniform between
$-1/\sqrt H$ and $1/\sqrt H$) and all biases zero, except for the forget gate's.
"""

# %%
guess_vanish = widgets.predict(
    "Fifty steps back, before any training: which passes more of the gradient, a plain RNN with orthogonal weights, or an LSTM "
    "with all biases at zero?",
    ["the LSTM, by far", "they are about equal", "the RNN, by far"],
)


# %%
def start(rng, steps, batch, units):
    """Inputs (T, B, 16), two small random arrays (B, H) to start from, and a pull of length one at each last state (B, H)."""
    pull = rng.normal(size=(batch, units))
    pull /= np.linalg.norm(pull, axis=1, keepdims=True)
    return rng.normal(size=(steps, batch, 16)), 0.25 * rng.normal(size=(2, batch, units)), pull


def lstm_walk(forget_bias, loudness=0.0, steps=50, units=64, batch=16, seed=0):
    """Norms of dL/dh by distance (steps + 1, batch) for a fresh LSTM, and its forget gates (steps, batch, units).

    ``loudness``: the size of what the inputs add up to in each gate and candidate.
    """
    rng = np.random.default_rng(seed)
    fresh = {"W_x" + k: loudness * training.glorot(rng, units, 16) for k in "ifoc"}
    fresh |= {"W_h" + k: rng.uniform(-1, 1, size=(units, units)) / np.sqrt(units) for k in "ifoc"}
    fresh = init_forget_bias(fresh | {"b_" + k: np.zeros(units) for k in "ifoc"}, forget_bias)
    x, (h0, c0), pull = start(rng, steps, batch, units)
    shown, kept = lstm_forward(x, h0, c0, fresh)
    old_h, old_c = np.concatenate([h0[None], shown[:-1]]), np.concatenate([c0[None], kept[:-1]])
    norms, pull_c = [np.linalg.norm(pull, axis=1)], np.zeros((batch, units))
    for t in range(steps - 1, -1, -1):
        _, pull, pull_c, _ = lstm_step_backward(pull, pull_c, x[t], old_h[t], old_c[t], fresh)
        norms.append(np.linalg.norm(pull, axis=1))
    return np.array(norms), sigmoid(x @ fresh["W_xf"].T + old_h @ fresh["W_hf"].T + fresh["b_f"])


def rnn_walk(loudness=0.0, steps=50, units=64, batch=16, seed=0):
    """The same norms for a plain RNN with orthogonal recurrent weights, under the same conditions."""
    rng = np.random.default_rng(seed)
    U, W = np.linalg.qr(rng.normal(size=(units, units)))[0], loudness * training.glorot(rng, units, 16)
    x, (h, _), pull = start(rng, steps, batch, units)
    states = []
    for x_t in x:
        h = np.tanh(h @ U.T + x_t @ W.T)
        states.append(h)
    norms = [np.linalg.norm(pull, axis=1)]
    for h in reversed(states):
        pull = (pull * (1 - h**2)) @ U
        norms.append(np.linalg.norm(pull, axis=1))
    return np.array(norms)


def contest(loudness):
    """Norms by distance of the four networks, by name; and the forget gates of the three LSTMs, by their bias."""
    walks = {bias: lstm_walk(bias, loudness) for bias in (0, 1, 3)}
    norms = {"plain RNN, orthogonal": rnn_walk(loudness)}
    return norms | {f"LSTM, b_f = {bias}": walks[bias][0] for bias in walks}, {bias: walks[bias][1] for bias in walks}


silent, silent_gates = contest(loudness=0.0)
plots.show(
    decay(silent, "64 units, before training, no input"),
    "Four curves from 1 at distance 0. The RNN stays near one half; the LSTM with b_f 0 falls straight to about 1e-11, "
    "with b_f 1 to about 4e-5; with b_f 3 it drops to a tenth at once, then rises again to about the RNN's.",
)
print("at distance 50, median over 16 sequences:")
for name, norms in silent.items():
    print(f"  {name:24s} {np.median(norms[-1]):.0e}")

# %%
widgets.reveal(
    guess_vanish,
    "the RNN, by far",
    "With b_f = 0 the LSTM starts ten orders of magnitude below the orthogonal RNN. A forget bias of 3 makes up for all of that.",
)

# %% [markdown]
r"""
**Explain.** At the start the gates stand near $\sigma(b_f)$, and along the cell the gradient shrinks by that factor at every step. Compare what is
measured with your `cell_path_gain`. (The pull is at a *state*, and reaches its cell within the last step; so 50 steps hold 49 forget gates.)
"""

# %%
for bias, forget in silent_gates.items():
    gain, whole = np.median(cell_path_gain(forget, 0, 49)), np.median(silent[f"LSTM, b_f = {bias}"][-1])
    print(f"b_f = {bias}: sigma(b_f) = {sigmoid(bias):.2f}; the cell path keeps {gain:.0e}, all paths together {whole:.0e}")

# %% [markdown]
r"""
All paths together carry more than the cell path, because there are detours through $h$ and the gates; but the more the forget gate is shut, the
steeper the curve. Look at $b_f = 3$: the first step takes nine tenths, since the pull has to pass the output gate and find its way into the cells. From there
on cell path and detours together hand back a little *more* than they get. "Cannot explode" is no safer a sentence than "cannot vanish".

How large should $b_f$ be? For half of a cell to survive $T$ steps, $f^T = \tfrac12$, so $f \approx 1 - 0.7/T$ and $b_f \approx \ln T + 0.4$. For
$T = 50$ that is a little more than 4.

### In a loud room

The orthogonal RNN owes its success to silence: nothing pushed its units away from 0, where the slope of tanh is 1. Now let all four networks read inputs
that add up to numbers of size 1.
"""

# %%
guess_loud = widgets.predict(
    "With loud inputs, how much is left at distance 50?",
    [
        "RNN a few tenths, LSTM with b_f = 3 nearly nothing",
        "both a few tenths",
        "RNN nearly nothing, LSTM with b_f = 3 about a hundredth",
    ],
)

# %%
loud, _ = contest(loudness=1.0)
plots.show(
    decay(loud, "64 units, before training, loud inputs"),
    "The same four curves with loud inputs: the RNN now falls to 1e-10 and the LSTM with b_f 0 to 1e-13; with b_f 1 about 1e-7 is left, with b_f 3 a hundredth.",
)
print("at distance 50, median over 16 sequences:")
for name, norms in loud.items():
    print(f"  {name:24s} {np.median(norms[-1]):.0e}")

# %%
widgets.reveal(
    guess_loud,
    "RNN nearly nothing, LSTM with b_f = 3 about a hundredth",
    "Loud inputs saturate tanh, and the RNN's only way back leads through those slopes. Along the cell there are no slopes: only its forget gates, "
    "which the noise shuts now and then.",
)

# %% [markdown]
r"""
Try other starts. Where is the curve of the LSTM level? What does $b_f = 6$ do in a loud room, and what does a negative bias do?
"""


# %%
def draw_start(forget_bias, loudness, steps):
    norms, _ = lstm_walk(forget_bias, loudness, steps)
    title = f"b_f = {forget_bias:g}, loudness {loudness:g}: the LSTM keeps {np.median(norms[-1]):.0e} at distance {steps}"
    return decay({"plain RNN, orthogonal": rnn_walk(loudness, steps), "LSTM": norms}, title, ylim=(1e-16, 1e3))


_ = widgets.explore(
    draw_start,
    "Norms of gradients against distance over {steps} steps, for a fresh LSTM with forget bias {forget_bias:g} and for an orthogonal "
    "RNN, with inputs of loudness {loudness:g}.",
    forget_bias=ipywidgets.FloatSlider(1.0, min=-2.0, max=6.0, step=0.5, description="forget bias"),
    loudness=ipywidgets.FloatSlider(0.0, min=0.0, max=2.0, step=0.1, description="loudness of the input"),
    steps=ipywidgets.IntSlider(50, min=10, max=100, step=10, description="steps T"),
)

# %% [markdown]
r"""
### Does it matter for learning?

A symbol is shown at step 0, with a mark. Then come 29 more symbols, which do not matter; at the end the network has to say which one was the first.
Your own forward and backward passes, 12 units, 200 training steps, three seeds for each start.
"""

# %%
guess_learn = widgets.predict(
    "Which of the LSTMs learn it?",
    ["all: training finds the right forget gates", "those with b_f = 1 and b_f = 3", "only those with b_f = 3"],
)


# %%
def first_symbol(rng, steps, batch, symbols=4):
    """One-hot symbols x (T, B, 5) with a mark in the last column at step 0, and the symbol shown there (B,)."""
    seen = rng.integers(symbols, size=(steps, batch))
    x = np.concatenate([np.eye(symbols)[seen], np.zeros((steps, batch, 1))], axis=2)
    x[0, :, -1] = 1
    return x, seen[0]


def first_symbol_loss(x, targets, params):
    """The loss of reading the last state out, and the gradients of all parameters."""
    cell = {name: value for name, value in params.items() if name not in ("V", "d")}
    zero = np.zeros((x.shape[1], len(cell["b_f"])))
    shown, _ = lstm_forward(x, zero, zero, cell)
    scores = shown[-1] @ params["V"].T + params["d"]
    log_p = scores - np.logaddexp.reduce(scores, axis=1)[:, None]
    right = np.eye(len(params["d"]))[targets]
    dscores, direct = (np.exp(log_p) - right) / len(targets), np.zeros_like(shown)
    direct[-1] = dscores @ params["V"]
    *_, gradients = lstm_backward(direct, x, zero, zero, cell)
    return -np.sum(right * log_p) / len(targets), gradients | {"V": dscores.T @ shown[-1], "d": dscores.sum(axis=0)}


def trained_reader(forget_bias, seed, steps=30, units=12, symbols=4):
    """One network's losses while it trained, and its loss on new sequences."""
    rng = np.random.default_rng(seed)
    params = {"W_x" + k: training.glorot(rng, units, symbols + 1) for k in "ifoc"}
    params |= {"W_h" + k: training.glorot(rng, units, units) for k in "ifoc"}
    params = init_forget_bias(params | {"b_" + k: np.zeros(units) for k in "ifoc"}, forget_bias)
    params |= {"V": training.glorot(rng, symbols, units), "d": np.zeros(symbols)}
    losses = training.train(
        first_symbol_loss,
        params,
        lambda step: first_symbol(rng, steps, 16),
        200,
        rate=0.02,
        name=f"b_f = {forget_bias}, seed {seed}",
        keep_bar=False,
    )
    return losses, first_symbol_loss(*first_symbol(np.random.default_rng(99), steps, 300), params)[0]


readers = {bias: [trained_reader(bias, seed) for seed in range(3)] for bias in (0, 1, 3)}
plots.show(
    drawings.losses_by_start(
        {f"start at b_f = {bias}": [losses for losses, _ in runs] for bias, runs in readers.items()},
        np.log(4),
        "Which symbol was the first of thirty?",
    ),
    "Nine loss curves. The six that start with b_f 0 or 1 stay at the level of guessing, 1.39; the three that start with b_f 3 fall far below it.",
)
print("loss on 300 new sequences, by seed (guessing: 1.39)")
for bias, runs in readers.items():
    print(f"  b_f = {bias}   {', '.join(f'{loss:.2f}' for _, loss in runs)}")

# %%
widgets.reveal(
    guess_learn,
    "only those with b_f = 3",
    "Training could open the forget gates only by following a gradient, and with the gates half shut that gradient does not arrive. "
    "Over 12 steps instead of 30 a bias of 1 is enough (try it); over 30, three times as much training does not help it.",
)

# %% [markdown]
r"""
So the honest sentence is: **an LSTM can learn to keep, because a gate can stand open, and open means a factor of one; whether it keeps from the
start is decided by a bias.** Jozefowicz, Zaremba and Sutskever (2015) report that a forget bias of 1 closes the gap that they had measured between
LSTM and GRU; longer memories want more.

## 10 · What peepholes are for

A peephole matters when a gate must act on what the cell holds *while nothing is shown*. Timing is such a task: a pulse comes in, and exactly
`delay` steps later, not earlier, not later, the network must answer. It has to count in silence, and to know when the count is full.

One single unit makes the point sharpest: with several units, one of them can keep its output gate open and tell the others. Both networks below are
the same code; in the plain one the peepholes stay at zero.
"""


# %%
def timing_task(rng, steps, batch, delay):
    """Pulses at random times x (T, B, 1), and when an answer is due, exactly ``delay`` steps after each, (T, B)."""
    x, due = np.zeros((steps, batch, 1)), np.zeros((steps, batch))
    for n in range(batch):
        t = rng.integers(0, 4)
        while t < steps:
            x[t, n] = 1
            if t + delay < steps:
                due[t + delay, n] = 1
            t += delay + 1 + rng.integers(0, 6)
    return x, due


def run_timer(params, x):
    """States and cells from zero on, (T + 1, B, H) each, and the scores of an answer, (T, B)."""
    h = c = np.zeros((x.shape[1], len(params["b_i"])))
    shown, kept = [h], [c]
    for x_t in x:
        h, c = peephole_lstm_step(x_t, h, c, params)
        shown.append(h)
        kept.append(c)
    return np.array(shown), np.array(kept), np.array(shown[1:]) @ params["V"] + params["d"]


def timer_loss(peepholes):
    """The loss and its gradients, with your steps forwards and back; without peepholes theirs are held at zero."""

    def loss_and_gradients(x, due, params):
        shown, kept, scores = run_timer(params, x)
        dscores = (sigmoid(scores) - due) / due.size
        gradients = {name: np.zeros_like(value) for name, value in params.items()}
        cell = {name: value for name, value in params.items() if name not in ("V", "d")}
        dh = dc = np.zeros_like(shown[0])
        for t in range(len(x) - 1, -1, -1):
            dh = dh + dscores[t][:, None] * params["V"]
            _, dh, dc, parts = peephole_lstm_step_backward(dh, dc, x[t], shown[t], kept[t], cell)
            for name, part in parts.items():
                if peepholes or not name.startswith("w_c"):
                    gradients[name] += part
        gradients["V"] = np.einsum("tb,tbh->h", dscores, shown[1:])
        gradients["d"] = dscores.sum().reshape(1)
        return np.mean(np.logaddexp(0, scores) - due * scores), gradients

    return loss_and_gradients


# %%
guess_timer = widgets.predict(
    "One unit, four seeds, the same training. Which of the two ends with the lower loss?",
    ["the plain one", "the one with peepholes, mostly", "no difference"],
)


# %%
def new_timer(rng, units=1):
    made = {"W_x" + k: rng.normal(size=(units, 1)) for k in "ifoc"}
    made |= {"W_h" + k: training.glorot(rng, units, units) for k in "ifoc"} | {
        "b_" + k: np.zeros(units) for k in "ifoc"
    }
    made |= {"w_c" + k: np.zeros(units) for k in "ifo"}
    return init_forget_bias(made, 1.0) | {"V": training.glorot(rng, units), "d": np.array([-2.0])}


def trained_timer(peepholes, seed, delay=8, steps=800, rate=0.05):
    rng = np.random.default_rng(seed)
    params = new_timer(rng)
    kind = "with peepholes" if peepholes else "plain"
    training.train(
        timer_loss(peepholes),
        params,
        lambda step: timing_task(rng, 3 * delay + 4, 16, delay),
        steps,
        rate,
        name=f"{kind}, seed {seed}",
        keep_bar=False,
    )
    return params


x, due = timing_task(np.random.default_rng(12), 28, 200, 8)
kinds = ("plain", "with peepholes")
timers = {
    kind: [trained_timer(kind == "with peepholes", seed) for seed in range(4)] for kind in kinds
}
losses = {
    kind: [
        float(np.mean(np.logaddexp(0, s) - due * s))
        for s in (run_timer(params, x)[2] for params in found)
    ]
    for kind, found in timers.items()
}
print("loss on 200 new sequences, by seed")
for kind in kinds:
    print(
        f"  {kind:15s} {', '.join(f'{loss:.3f}' for loss in losses[kind])}   median {np.median(losses[kind]):.3f}"
    )

# %%
best = {kind: timers[kind][int(np.argmin(losses[kind]))] for kind in kinds}
plots.show(
    drawings.timing(
        x[:, 0, 0],
        due[:, 0],
        {kind: sigmoid(run_timer(params, x)[2][:, 0]) for kind, params in best.items()},
        "The best of each on one new sequence",
    ),
    "Pulses below, the steps at which an answer is due as bars. Both curves rise at the bars; the one with peepholes is "
    "close to 1 there and close to 0 elsewhere, the plain one rises before its time or stays lower.",
)

# %%
widgets.reveal(
    guess_timer,
    "the one with peepholes, mostly",
    "Where training succeeds, its loss is many times lower: the gates see the count. One seed of four stays stuck, which happens "
    "with one unit and is reported, not hidden.",
)

# %% [markdown]
r"""
**Explain.** The plain unit has a dilemma: to count in secret its output gate must be shut, but then its own gates are blind; to let them see, it must
leak part of the count into its answer. Peepholes take the dilemma away. With two units the plain LSTM finds a way round it: the same task, training and seeds then
give losses of 0.0002 to 0.0008, with peepholes and without. Most of today's LSTMs, torch's among them, do without.

**Your turn, in words.** This answer is read and graded by a person.

In three to six sentences: somebody tells you "LSTMs do not suffer from vanishing gradients". What would you answer, which two numbers of this notebook would you
show, and what would you do to a fresh LSTM before training it on long sequences?

*How it is graded:* 1 point for an answer that says when it is true and when it is not; 1 point for two numbers of this notebook that bear it out; 1 point
for what you do to the fresh LSTM, and why that helps.
"""

# %% [markdown] grade_id="do_lstms_vanish" grade=true solution=true points=3
r"""
YOUR ANSWER HERE
"""

# %% [markdown]
r"""
## Recap

- The cell is kept by a product and a sum: $c_t = f_t \odot c_{t-1} + i_t \odot g_t$. The state shows it: $h_t = o_t \odot \tanh(c_t)$.
- Peepholes let the gates look into the cell; the output gate looks at the **new** one. At zero they give the plain LSTM exactly.
- The Gamma notation is the same cell after renaming u to i **and** two changes: hear the activation, and squash at the output.
- Backwards along the cell there is one factor a step, the forget gate. It is the gate's bias that decides how much survives before training.
- An LSTM's gradient *can* vanish: with $b_f = 0$, fifty steps leave about $10^{-11}$. In silence an orthogonal RNN keeps far more; in a loud room it loses
  nearly everything, and an LSTM with open forget gates does not.

**Next:** unit 04 couples two gates into one, drops the separate cell, and meets its result in four notations.

## Going further

- S. Hochreiter and J. Schmidhuber (1997), *Long short-term memory*, Neural Computation 9. The cell, without a forget gate.
- F. A. Gers, J. Schmidhuber and F. Cummins (2000), *Learning to forget: continual prediction with LSTM*, Neural Computation 12. The forget gate.
- F. A. Gers and J. Schmidhuber (2000), *Recurrent nets that time and count*, IJCNN. Peepholes, and the timing tasks after which section 10 is made.
- A. Graves (2013), *Generating sequences with recurrent neural networks* (arXiv 1308.0850). The peephole form of section 3.
- R. Jozefowicz, W. Zaremba and I. Sutskever (2015), *An empirical exploration of recurrent network architectures*, ICML. On the forget bias.
- C. Tallec and Y. Ollivier (2018), *Can recurrent neural networks warp time?*, ICLR (arXiv 1804.11188v1). How large a gate's bias should be for a memory of a given length.
- Try it: give the timers two units (`new_timer(rng, 2)`), and look at what the second one does while the first is silent.
"""
