# %% [markdown]
r"""
# Unit 07 · The GRU: two gates

The LSTM keeps a memory with three gates. Can it be had for less? The **gated recurrent unit** (GRU) gets by with two, and with one
line that is worth remembering for life:

$$\text{new state} = (1 - \text{gate}) \cdot \text{old state} + \text{gate} \cdot \text{candidate}$$

Several groups of authors have written this cell down, and no two agree on the letters. Some disagree on which side the gate stands.
At the end of this unit none of that can confuse you.

**After this unit you can**

- write the GRU in three notations and translate exactly between them;
- say what each of its gates does when it is open, and when it is shut;
- show what the gates remember, and why they should start nearly shut.

**Time:** about 110 minutes, without the optional section. **You need:** unit 01 (the plain RNN); torch for the experiment of section 6. Unit 03 explains why we want gates at
all; unit 04 (the LSTM) is good company, but nothing here depends on it.

**How to work:** read, run the cells from top to bottom (Shift+Enter), and wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` by your code. The cell below it checks what you wrote. Hidden checks with fresh numbers run when your notebook
is graded; each check earns its own points, and a mistake in one function does not cost you the functions that use it.
"""

# %% setup=true
import ipywidgets
import numpy as np

from course import checks, plots, widgets
from course.plots import gru as drawings

try:
    from course import memory
except ImportError:  # everything but the experiment of section 6 works without torch
    memory = None


def sigmoid(a):
    r"""The logistic function: it squashes any number to one between 0 and 1."""
    with np.errstate(over="ignore"):  # e to a large number is infinite, and 1 / infinity is 0, as it should be
        return 1 / (1 + np.exp(-a))

# %% [markdown]
r"""
## 1 · One gate

A plain RNN writes its whole state anew at every step. What it wants to keep, it has to compute again, and again, and unit 02 showed how that
ends. A better idea: **copy the old state, and let the cell decide how much of it to replace.**

The decision is a number between 0 and 1 for each unit, the **update gate** $\Gamma_u$. What might go in is the **proposal** $\tilde c$,
which is nothing but the plain RNN's new state:

$$\begin{aligned}
\Gamma_u &= \sigma(W_{uc}\, c_{t-1} + W_{ux}\, x_t + b_u) \\
\tilde c &= \tanh(W_{cc}\, c_{t-1} + W_{cx}\, x_t + b_c) \\
c_t &= \Gamma_u \odot \tilde c + (1 - \Gamma_u) \odot c_{t-1}
\end{aligned}$$

| letter | what it is | shape |
|---|---|---|
| $x_t$ | the input that arrives now | `(B, D)` |
| $c_{t-1}$, $c_t$ | the old and the new state (lecture notes call it the memory *cell*) | `(B, H)` |
| $\Gamma_u$ | the update gate: how much of the new goes in | `(B, H)` |
| $\tilde c$ | the proposal, or candidate: what would go in | `(B, H)` |
| $W_{uc}, W_{cc}$ | from state: first letter *for whom*, second letter *from whom* | `(H, H)` |
| $W_{ux}, W_{cx}$ | from input | `(H, D)` |
| $b_u, b_c$ | biases | `(H,)` |

As always: the formula is for one example, a column; in code we hold one example a **row**, so $W x$ is `x @ W.T`.
"""

# %%
plots.show(
    plots.draw_cell(drawings.CELLS["simplified"]),
    "Old state and input go into a gate and into a tanh. The gate multiplies the tanh's result, one minus the gate "
    "multiplies the old state, and both are added to give the new state.",
)

# %% [markdown]
r"""
**On paper first.** One unit. All weights are zero but $W_{cx} = 1$; $b_u = \ln 3$, $b_c = 0$. The old state is $0.2$ and the input is $1$.
Then $\Gamma_u = \sigma(\ln 3) = \tfrac34$, the proposal is $\tanh(1) \approx 0.7616$, and the new state is
$\tfrac34 \cdot 0.7616 + \tfrac14 \cdot 0.2 \approx 0.6212$.

**Your turn.** The parameters come in a dict, under the names of the equation.
"""

# %% grade_id="simplified_gru_step_solution" solution=true
from autograder.reference.gru import simplified_gru_step

# %% grade_id="simplified_gru_step" grade=true points=2
with checks.exercise("simplified_gru_step"):
    one, none = np.array([[1.0]]), np.zeros((1, 1))
    params = {"W_uc": none, "W_ux": none, "b_u": np.array([np.log(3)])}
    params |= {"W_cc": none, "W_cx": one, "b_c": np.zeros(1)}
    checks.expect_close(
        simplified_gru_step(one, 0.2 * one, params),
        [[0.621196]],
        "the new state worked on paper",
        1e-6,
    )
    rng = np.random.default_rng(1)
    x, c = rng.normal(size=(3, 4)), rng.uniform(-1, 1, size=(3, 5))
    params = {name: rng.normal(size=(5, 5)) for name in ("W_uc", "W_cc")}
    params |= {name: rng.normal(size=(5, 4)) for name in ("W_ux", "W_cx")}
    params |= {name: rng.normal(size=5) for name in ("b_u", "b_c")}
    with checks.unchanged(x=x, c=c, **params):
        new = simplified_gru_step(x, c, params)
    checks.expect_shape(new, (3, 5), "the new state of 3 examples and 5 units")
    checks.expect(
        np.all(np.abs(new) <= 1),
        "the new state lies between the old one and the proposal, so it cannot leave [-1, 1], but one of yours does.",
    )
    checks.expect_close(
        simplified_gru_step(x, c, params | {"b_u": np.full(5, -60.0)}),
        c,
        "the new state with the update gate shut (b_u = -500): the old state, copied",
    )
    checks.expect_close(
        simplified_gru_step(x[1:2], c[1:2], params),
        new[1:2],
        "the second example alone, which should give what it gives within the batch",
    )

# %% [markdown]
r"""
### What copying is worth

One unit sees one pulse, a 1 followed by zeros, and should remember it. The plain RNN has to hold on by its recurrent weight; the gated unit
opens its gate when something comes in and shuts it afterwards. All the gate needs is one weight that looks at the input.
"""

# %%
guess_pulse = widgets.predict(
    "The RNN's recurrent weight is 0.9. The gated unit's gate is open (0.98) at the pulse and nearly shut (0.02) afterwards. What is left "
    "of the pulse 30 steps later?",
    [
        "about the same in both",
        "RNN: almost nothing; gated: about half",
        "RNN: about half; gated: all of it",
    ],
)

# %%
pulse = np.zeros((31, 1, 1))
pulse[0] = 1.0
gated = {"W_uc": np.zeros((1, 1)), "W_ux": np.array([[8.0]]), "b_u": np.array([-4.0])}
gated |= {"W_cc": np.zeros((1, 1)), "W_cx": np.array([[2.0]]), "b_c": np.zeros(1)}
kept, faded = [np.zeros((1, 1))], [np.zeros((1, 1))]
for x_t in pulse:
    kept.append(simplified_gru_step(x_t, kept[-1], gated))
    faded.append(np.tanh(2.0 * x_t + 0.9 * faded[-1]))
curves = {"gated unit": kept[1:], "plain RNN, weight 0.9": faded[1:]}
plots.show(
    drawings.trajectories(
        {name: np.ravel(values) for name, values in curves.items()},
        "One pulse at step 0, then silence",
        limits=(-0.05, 1.05),
    ),
    "Two curves that start near 1. The plain RNN's falls below 0.05 within about twenty steps; the gated unit's falls slowly, "
    "to a little more than half at step 30.",
)
print(f"after 30 steps: gated {kept[-1].item():.2f}, plain RNN {faded[-1].item():.3f}")

# %%
widgets.reveal(
    guess_pulse,
    "RNN: almost nothing; gated: about half",
    "At every silent step the copy is multiplied by 1 - 0.018: of 0.95 that went in, 0.95 · 0.982³⁰ = 0.55 is left. A gate that shuts more tightly keeps longer.",
)

# %% [markdown]
r"""
## 2 · The second gate

Sometimes the old state is in the way. A sentence ends, a new one begins; the proposal should be made **as if there were no past**. So the full
cell has a second gate, the **relevance gate** $\Gamma_r$, which says how much of the old state the proposal gets to see:

$$\begin{aligned}
\Gamma_u &= \sigma(W_{uc}\, c_{t-1} + W_{ux}\, x_t + b_u) \\
\Gamma_r &= \sigma(W_{rc}\, c_{t-1} + W_{rx}\, x_t + b_r) \\
\tilde c &= \tanh(W_{cc}\, (\Gamma_r \odot c_{t-1}) + W_{cx}\, x_t + b_c) \\
c_t &= \Gamma_u \odot \tilde c + (1 - \Gamma_u) \odot c_{t-1}
\end{aligned}$$

Mind where $\Gamma_r$ stands: **inside the proposal and nowhere else**. The copy in the last line is of the state itself. Mind the order, too:
$\Gamma_r$ multiplies the state *before* the product with $W_{cc}$, not the result of that product. (Keep that in mind; unit 08 comes back to it.)
"""

# %%
plots.show(
    plots.draw_cell(drawings.CELLS["gamma"], highlight=("h", "x", "r", "reset", "candidate")),
    "The same picture with a second gate lit up: it multiplies the old state on the way into the tanh.",
)

# %% [markdown]
r"""
**On paper.** One unit, $b_u = \ln 3$ and $b_r = -\ln 3$, and no other weights in the gates: $\Gamma_u = \tfrac34$, $\Gamma_r = \tfrac14$.
With $W_{cc} = 2$, $W_{cx} = 0.5$, $b_c = 0$, old state $1$ and input $1$, the proposal is
$\tanh(2 \cdot \tfrac14 \cdot 1 + 0.5) = \tanh(1) \approx 0.7616$, and the new state $\tfrac34 \cdot 0.7616 + \tfrac14 \cdot 1 \approx 0.8212$.
"""

# %% grade_id="gamma_gru_step_solution" solution=true
from autograder.reference.gru import gamma_gru_step

# %% grade_id="gamma_gru_step" grade=true points=3
with checks.exercise("gamma_gru_step"):
    one, none, third = np.array([[1.0]]), np.zeros((1, 1)), np.array([np.log(3)])
    params = {"W_uc": none, "W_ux": none, "b_u": third, "W_rc": none, "W_rx": none, "b_r": -third}
    params |= {"W_cc": 2 * one, "W_cx": 0.5 * one, "b_c": np.zeros(1)}
    checks.expect_close(
        gamma_gru_step(one, one, params), [[0.821196]], "the new state worked on paper", 1e-6
    )
    rng = np.random.default_rng(2)
    x, c = rng.normal(size=(3, 4)), rng.uniform(-1, 1, size=(3, 5))
    params = {name: rng.normal(size=(5, 5)) for name in ("W_uc", "W_rc", "W_cc")}
    params |= {name: rng.normal(size=(5, 4)) for name in ("W_ux", "W_rx", "W_cx")}
    params |= {name: rng.normal(size=5) for name in ("b_u", "b_r", "b_c")}
    with checks.unchanged(x=x, c=c, **params):
        new = gamma_gru_step(x, c, params)
    checks.expect_shape(new, (3, 5), "the new state of 3 examples and 5 units")
    checks.expect_close(
        gamma_gru_step(x, c, params | {"b_u": np.full(5, -60.0)}),
        c,
        "the new state with the update gate shut: the old state, copied (and not the gated one)",
    )
    checks.expect_close(
        gamma_gru_step(x, c, params | {"b_r": np.full(5, 60.0)}),
        simplified_gru_step(x, c, params),
        "the new state with the relevance gate wide open: that of the simplified cell",
    )
    wide, shut = np.full(5, 60.0), np.full(5, -60.0)
    checks.expect_close(
        gamma_gru_step(x, c, params | {"b_u": wide, "b_r": shut}),
        np.tanh(params["b_c"] + x @ params["W_cx"].T),
        "the new state with the update gate open and the relevance gate shut: a proposal that has no past",
    )

# %% [markdown]
r"""
## 3 · Other letters: z and r

Research papers mostly write the same cell with a state $h$, an update gate $z$ and a **reset gate** $r$:

$$\begin{aligned}
z &= \sigma(W_z x_t + U_z h_{t-1} + b_z) \\
r &= \sigma(W_r x_t + U_r h_{t-1} + b_r) \\
\tilde h &= \tanh(W_h x_t + U_h (r \odot h_{t-1}) + b_h) \\
h_t &= (1 - z) \odot h_{t-1} + z \odot \tilde h
\end{aligned}$$

$W$ is always for the input, `(H, D)`, and $U$ always for the state, `(H, H)`. "Relevance" and "reset" are one and the same gate, named by what it
does when it is open and when it is shut: $r$ near 1, the past is relevant; $r$ near 0, the past is reset. Some papers leave the biases out; with
biases of zero you have theirs.

**On paper.** The numbers of section 2 again: $z = \tfrac34$, $r = \tfrac14$, $U_h = 2$, $W_h = 0.5$, state 1 and input 1 give $0.8212$.
"""

# %% grade_id="gru_step_solution" solution=true
from autograder.reference.gru import gru_step

# %% grade_id="gru_step" grade=true points=3
with checks.exercise("gru_step"):
    one, none, third = np.array([[1.0]]), np.zeros((1, 1)), np.array([np.log(3)])
    params = {"W_z": none, "U_z": none, "b_z": third, "W_r": none, "U_r": none, "b_r": -third}
    params |= {"W_h": 0.5 * one, "U_h": 2 * one, "b_h": np.zeros(1)}
    checks.expect_close(
        gru_step(one, one, params), [[0.821196]], "the new state worked on paper", 1e-6
    )
    rng = np.random.default_rng(3)
    x, h = rng.normal(size=(3, 4)), rng.uniform(-1, 1, size=(3, 5))
    shapes = {"W": (5, 4), "U": (5, 5), "b": (5,)}
    params = {
        f"{kind}_{gate}": rng.normal(size=shape) for gate in "zrh" for kind, shape in shapes.items()
    }
    with checks.unchanged(x=x, h=h, **params):
        new = gru_step(x, h, params)
    checks.expect_shape(new, (3, 5), "the new state of 3 examples and 5 units")
    wide, shut = np.full(5, 60.0), np.full(5, -60.0)
    checks.expect_close(
        gru_step(x, h, params | {"b_z": shut}), h, "the new state with z = 0: a copy"
    )
    checks.expect_close(
        gru_step(x, h, params | {"b_z": wide, "b_r": wide}),
        np.tanh(params["b_h"] + h @ params["U_h"].T + x @ params["W_h"].T),
        "the new state with z = 1 and r = 1: that of a plain RNN",
    )
    candidate = gru_step(x, h, params | {"b_z": wide})
    inside = (np.minimum(h, candidate) - 1e-9 <= new) & (new <= np.maximum(h, candidate) + 1e-9)
    checks.expect(
        np.all(inside),
        "every new value lies between the old one and the candidate, but one of yours does not.",
    )

# %% [markdown]
r"""
### Play with the gates

Here is a cell with two units whose gates **you** set by hand. Every band is as high as the weight that it stands for; the two bands that enter a new
state always fill its box, because $(1 - z) + z = 1$. The lines in the middle are the products with $U_h$, blue for positive, red for negative, wider for
larger ones: this is the only place where the two units talk to each other.

Try this: set both $z$ to 0, and move the $r$ sliders. Then set both $z$ to 1, and both $r$ to 1: which network is that? Then shut only $r_1$, and
watch the candidate of unit **2**.
"""

# %%
_ = widgets.explore(
    lambda z1, z2, r1, r2: drawings.gate_flow(
        np.array([0.8, -0.6]),
        np.array([0.2, -0.3]),
        np.array([[0.3, 1.2], [-1.5, 0.4]]),
        np.array([z1, z2]),
        np.array([r1, r2]),
    ),
    "For each of two units: the old state, what the reset gate lets through, the candidate and the new state, joined by bands. "
    "Update gates {z1:g} and {z2:g}, reset gates {r1:g} and {r2:g}; the bands from old state and candidate into each new state add up to its height.",
    **{
        name: ipywidgets.FloatSlider(value, min=0.0, max=1.0, step=0.05, description=words)
        for name, value, words in (
            ("z1", 0.3, "update z₁"),
            ("z2", 0.7, "update z₂"),
            ("r1", 0.9, "reset r₁"),
            ("r2", 0.4, "reset r₂"),
        )
    },
)

# %% [markdown]
r"""
A small ladder of facts, each of them checked by a cell above:

1. $z = 0$: the state is copied, whatever $r$ and the input say.
2. $z = 1$ and $r = 1$: a plain RNN. **Both** are needed.
3. $z = 1$ and $r = 0$: a layer without any memory.
4. Every new value lies between the old value and the candidate. So a state that starts within $[-1, 1]$ never leaves it.

## 4 · The gate on the other side

A well-known textbook, and the paper that first presented the cell (Cho et al., 2014, with the letter $z$), let the update gate weigh the **old** state:

$$\begin{aligned}
r &= \sigma(W_{xr} x_t + W_{hr} h_{t-1} + b_r) \\
u &= \sigma(W_{xu} x_t + W_{hu} h_{t-1} + b_u) \\
\tilde h &= \tanh(W_{xh} x_t + W_{hh} (r \odot h_{t-1}) + b_h) \\
h_t &= u \odot h_{t-1} + (1 - u) \odot \tilde h
\end{aligned}$$

Here $W_{xu}$ reads "from $x$ to $u$", the other way round than in section 1. And an open gate *keeps*. Neither is better; but load weights from
one form into the other, and the cell forgets what it should keep, without any error.

**On paper.** With $u = \tfrac14$ and everything else as before, $\tfrac14 \cdot 1 + \tfrac34 \cdot 0.7616 \approx 0.8212$ once more.
"""

# %% grade_id="gru_step_u_old_solution" solution=true
from autograder.reference.gru import gru_step_u_old

# %% grade_id="gru_step_u_old" grade=true points=2
with checks.exercise("gru_step_u_old"):
    one, none, third = np.array([[1.0]]), np.zeros((1, 1)), np.array([np.log(3)])
    params = {"W_xu": none, "W_hu": none, "b_u": -third, "W_xr": none, "W_hr": none, "b_r": -third}
    params |= {"W_xh": 0.5 * one, "W_hh": 2 * one, "b_h": np.zeros(1)}
    checks.expect_close(
        gru_step_u_old(one, one, params), [[0.821196]], "the new state worked on paper", 1e-6
    )
    rng = np.random.default_rng(4)
    x, h = rng.normal(size=(2, 3)), rng.uniform(-1, 1, size=(2, 4))
    params = {f"W_x{gate}": rng.normal(size=(4, 3)) for gate in "ruh"}
    params |= {f"W_h{gate}": rng.normal(size=(4, 4)) for gate in "ruh"}
    params |= {f"b_{gate}": rng.normal(size=4) for gate in "ruh"}
    with checks.unchanged(x=x, h=h, **params):
        checks.expect_shape(gru_step_u_old(x, h, params), (2, 4), "the new state")
    wide, shut = np.full(4, 60.0), np.full(4, -60.0)
    checks.expect_close(
        gru_step_u_old(x, h, params | {"b_u": wide}), h, "the new state with u = 1: a copy"
    )
    checks.expect_close(
        gru_step_u_old(x, h, params | {"b_u": shut, "b_r": wide}),
        np.tanh(params["b_h"] + h @ params["W_hh"].T + x @ params["W_xh"].T),
        "the new state with u = 0 and r = 1: that of a plain RNN",
    )

# %% [markdown]
r"""
### The dictionary

The three full forms are **one function**. Between the first two only the names differ. The third needs one idea more. Its gate must become
one minus itself, and

$$\sigma(-a) = 1 - \sigma(a),$$

so there is no need to touch the cell at all: some of the *parameters* change their sign. Which ones?

| meaning | `"gamma"` | `"z_new"` | `"u_old"` |
|---|---|---|---|
| update gate, from input | $W_{ux}$ | $W_z$ | $W_{xu}$ |
| update gate, from state | $W_{uc}$ | $U_z$ | $W_{hu}$ |
| update gate, bias | $b_u$ | $b_z$ | $b_u$ |
| reset gate | $W_{rx}, W_{rc}, b_r$ | $W_r, U_r, b_r$ | $W_{xr}, W_{hr}, b_r$ |
| candidate | $W_{cx}, W_{cc}, b_c$ | $W_h, U_h, b_h$ | $W_{xh}, W_{hh}, b_h$ |
| the update gate weighs | the new | the new | the **old** |

**Your turn.** All nine pairs of source and target, the three from a form to itself among them. (Write the names once, not nine times.)
"""

# %% grade_id="translate_gru_solution" solution=true
from autograder.reference.gru_notations import translate_gru

# %% grade_id="translate_gru" grade=true points=4
with checks.exercise("translate_gru"):
    steps = {"gamma": gamma_gru_step, "z_new": gru_step, "u_old": gru_step_u_old}
    rng = np.random.default_rng(5)
    shapes = {"W": (4, 3), "U": (4, 4), "b": (4,)}
    params = {
        f"{kind}_{gate}": rng.normal(size=shape) for gate in "zrh" for kind, shape in shapes.items()
    }
    with checks.unchanged(**params):
        forms = {form: translate_gru(params, "z_new", form) for form in steps}
    wanted = {"W_xu", "W_hu", "b_u", "W_xr", "W_hr", "b_r", "W_xh", "W_hh", "b_h"}
    checks.expect(
        set(forms["u_old"]) == wanted,
        f"the u_old form should have the keys {sorted(wanted)}, but yours has {sorted(forms['u_old'])}.",
    )
    x, start = rng.normal(size=(6, 2, 3)), rng.uniform(-1, 1, size=(2, 4))
    for source in steps:
        for target in steps:
            translated = translate_gru(forms[source], source, target)
            here, there = start, start
            for x_t in x:
                here = steps[source](x_t, here, forms[source])
                there = steps[target](x_t, there, translated)
            checks.expect_close(
                there,
                here,
                f"the state after six steps, translated from {source} to {target}",
                1e-12,
            )

# %% [markdown]
r"""
## 5 · A whole sequence

Nothing new here, and that is the point: whatever the cell, a sequence is the same step with the same weights, again and again. We go on in the z/r notation.
"""

# %% grade_id="gru_forward_solution" solution=true
from autograder.reference.gru import gru_forward

# %% grade_id="gru_forward" grade=true points=2
with checks.exercise("gru_forward"):
    rng = np.random.default_rng(7)
    x, h0 = rng.normal(size=(6, 3, 2)), rng.uniform(-1, 1, size=(3, 4))
    shapes = {"W": (4, 2), "U": (4, 4), "b": (4,)}
    params = {
        f"{kind}_{gate}": rng.normal(size=shape) for gate in "zrh" for kind, shape in shapes.items()
    }
    with checks.unchanged(x=x, h0=h0):
        after = gru_forward(x, h0, params)
    checks.expect_shape(after, (6, 3, 4), "all states of 6 steps, 3 examples and 4 units")
    checks.expect_close(after[0], gru_step(x[0], h0, params), "the first state, one step from h0")
    checks.expect_close(
        after[3:],
        gru_forward(x[3:], after[2], params),
        "the second half, started from the state in the middle",
    )
    shut = params | {"b_z": np.full(4, -60.0)}
    checks.expect_close(
        gru_forward(x, h0, shut),
        np.broadcast_to(h0, (6, 3, 4)),
        "all states with the update gate shut: h0, six times",
    )

# %% [markdown]
r"""
## 6 · Does it remember?

Now let it learn. (The way back through a GRU is the subject of unit 08. Here torch finds the gradients; the code is in `course/memory.py`, and the answers
come from your own `gru_forward`.) Random symbols come in, one a step; early on, one of them is **marked**; after 20 steps the network has to say which symbol that was. To solve this it must
let the marked symbol in and keep all the others out: a gate's daily work.

And the plain RNN? You have it already. By the ladder of section 3, the same code with $z = 1$ and $r = 1$ nailed down **is** a plain RNN, with the same candidate weights.
"""

# %%
guess_marked = widgets.predict(
    "Twelve units, 400 training steps, 20 steps to remember one of four marked symbols. How often are they right at the end?",
    [
        "both nearly always",
        "GRU nearly always, RNN about half of the time",
        "GRU nearly always, RNN no better than guessing",
    ],
)

# %%
def answered(params, steps, units=12):
    """Your network's share of right answers on 500 new sequences."""
    x, targets = memory.marked_symbols(np.random.default_rng(99), steps, 500)
    last = gru_forward(x, np.zeros((500, units)), params)[-1]
    return np.mean((last @ params["V"].T + params["c"]).argmax(axis=1) == targets)


if memory:
    [gru] = memory.train_marked(gated=True, steps=20, starts=(-1.0,)).values()
    [rnn] = memory.train_marked(gated=False, steps=20, starts=(-1.0,)).values()
    plots.show(
        plots.training_curve(
            {"GRU": gru[1][:, 0], "plain RNN": rnn[1][:, 0]},
            baseline=np.log(4),
            title="Remember the marked symbol for 20 steps",
        ),
        "The GRU's loss falls from 1.4 to nearly zero; the plain RNN's stays at the level of guessing, 1.39.",
    )
    for kind, (networks, _) in (("GRU", gru), ("plain RNN", rnn)):
        shares = ", ".join(f"{answered(params, 20):.0%}" for params in networks)
        print(f"{kind}: right {shares} of the time (three seeds; guessing gives 25%)")
else:
    print("This experiment needs torch. The exercises do not.")

# %%
widgets.reveal(
    guess_marked,
    "GRU nearly always, RNN no better than guessing",
    "Same code, same candidate; what differs is the gates. (They also bring three times the parameters: see the end of this unit.)",
)

# %% [markdown]
r"""
### Start with the gates shut

Three times as far now: 60 steps. (The networks of the 20 steps started at $b_z = -1$, a gate of about $0.27$.) The copy is multiplied by $1 - z$ at every step, so what matters at the start of training is where $z$ starts: with $b_z = 0$ it is about $\tfrac12$, and
$(\tfrac12)^{60}$ is as good as nothing; with $b_z = -3$ it is about $0.05$, and $0.95^{60}$ is about a twentieth: little, but not nothing. (In the LSTM the same trick is a forget bias of 1 or more.)
"""

# %%
guess_bias = widgets.predict(
    "60 steps, still 400 training steps, three seeds for each start. Which GRUs learn it?",
    [
        "both starts, the gate finds its place",
        "only those that start with b_z = 0",
        "only those that start with b_z = -3",
    ],
)

# %%
if memory:
    far = memory.train_marked(steps=60, starts=(0.0, -3.0))
    plots.show(
        plots.training_curve(
            {
                f"start at b_z = {b_z:g}, seed {seed}": losses[:, seed]
                for b_z, (_, losses) in far.items()
                for seed in range(3)
            },
            baseline=np.log(4),
            title="Remember the marked symbol for 60 steps",
        ),
        "Six loss curves. The three that start with an update bias of 0 stay at the level of guessing; the three that start with -3 fall to nearly zero.",
    )
    for b_z, (networks, _) in far.items():
        shares = ", ".join(f"{answered(params, 60):.0%}" for params in networks)
        print(f"b_z = {b_z:g}: right {shares} of the time")

# %%
widgets.reveal(
    guess_bias,
    "only those that start with b_z = -3",
    "A gradient that does not arrive cannot open or shut anything. The start decides whether there is something to learn from.",
)

# %% [markdown]
r"""
And what did the gates learn? Here is one of the networks that solved it: every row is a unit's update gate $z$, averaged over 400 sequences that are laid over each other so that their marks coincide. The
units that react most to the mark are on top.
"""

# %%
if memory:
    params = far[-3.0][0][0]
    x, targets = memory.marked_symbols(np.random.default_rng(5), 60, 400)
    states = gru_forward(x, np.zeros((400, 12)), params)
    old = np.concatenate([np.zeros((1, 400, 12)), states[:-1]])
    z = sigmoid(x @ params["W_z"].T + old @ params["U_z"].T + params["b_z"])
    when = x[:, :, -1].argmax(axis=0)
    around = np.mean([z[when[n] - 4 : when[n] + 17, n] for n in range(400) if when[n] >= 4], axis=0)
    order = np.argsort(around[5:].mean(axis=0) - around[4])
    plots.show(
        drawings.gates_around(around[:, order], before=4),
        "A heat map of twelve update gates from 4 steps before the mark to 16 after it. At the mark the upper rows light up "
        "in one narrow column; before and after it the map is pale.",
    )
    most = order[:4]
    print(
        f"the four gates that react most: {around[:4, most].mean():.2f} before the mark, {around[4, most].mean():.2f} at it, "
        f"{around[5:, most].mean():.2f} after it"
    )

# %% [markdown]
r"""
That is the gate's daily work, learnt from nothing but right and wrong answers. Still, real gates are less tidy than textbook drawings: some units hardly react, none opens fully, and in a single sequence several
flicker with every symbol. Learning stops when the answer is right, not when the picture is pretty.
"""

# %% [markdown]
r"""
## Optional: extra credit

Nothing later builds on this section. Take it when you have time left, or never.

### What does a cell cost?

Count the numbers that each cell has to learn: every gate and every candidate is one block with an input matrix, a recurrent matrix and a bias. Two cells have something on top: torch's GRU has a
second bias in every block; the LSTM with peepholes has three vectors of $H$ numbers.

**On paper.** $D = 2$, $H = 3$: one block has $3 \cdot 2 + 3 \cdot 3 + 3 = 18$ numbers. The RNN has one block, so 18.
"""

# %% grade_id="count_parameters_solution" solution=true
from autograder.reference.gru_notations import count_parameters

# %% grade_id="count_parameters" grade=true points=2
with checks.exercise("count_parameters"):
    checks.expect(
        count_parameters("rnn", 2, 3) == 18,
        f"an RNN with D = 2 and H = 3 has 18 parameters; yours has {count_parameters('rnn', 2, 3)}.",
    )
    checks.expect(
        isinstance(count_parameters("gru", 2, 3), int),
        "a number of parameters is whole; return an int.",
    )
    for D, H in ((3, 5), (10, 7)):
        gru, lstm = count_parameters("gru", D, H), count_parameters("lstm", D, H)
        checks.expect(
            4 * gru == 3 * lstm,
            f"a GRU has three blocks where an LSTM has four; with D = {D} and H = {H} yours have {gru} and {lstm} parameters.",
        )
        if torch := checks.torch_or_none():
            theirs = sum(parameter.numel() for parameter in torch.nn.GRU(D, H).parameters())
            checks.expect(
                count_parameters("torch_gru", D, H) == theirs,
                f"torch's own GRU with D = {D} and H = {H} has {theirs} parameters; "
                f"your torch_gru has {count_parameters('torch_gru', D, H)}.",
            )

# %%
cells = ("rnn", "simplified_gru", "gru", "torch_gru", "lstm", "peephole_lstm")
plots.show(
    drawings.counted(
        {cell.replace("_", " "): count_parameters(cell, 20, 64) for cell in cells},
        "What a cell has to learn, D = 20 and H = 64",
    ),
    "Bars: RNN 5,440, simplified GRU 10,880, GRU 16,320, torch's GRU 16,512, LSTM 21,760, LSTM with peepholes 21,952 parameters.",
)

# %% [markdown]
r"""
## What to remember

- The GRU copies its state and replaces a part of it: $h_t = (1 - z) \odot h_{t-1} + z \odot \tilde h$. Copying is the harmless factor of one that unit 03 was looking for.
- $r$ decides what the candidate sees of the past. $z = 0$ copies; $z = 1$ and $r = 1$ together are a plain RNN.
- Gamma, z/r and u are one function under three sets of names; for u on the old state, the update gate's three tensors change sign.
- Update gates should start nearly shut: a gradient that does not arrive cannot open or shut anything.
- Three blocks of parameters against the LSTM's four.

**Next:** unit 08 puts claims about this cell to the proof, and goes back through it by hand.

## Going further

- K. Cho et al. (2014), *Learning phrase representations using RNN encoder-decoder for statistical machine translation*, EMNLP (arXiv 1406.1078). Where the cell first appeared, with the gate on the old state.
- J. Chung, C. Gulcehre, K. Cho and Y. Bengio (2014), *Empirical evaluation of gated recurrent neural networks on sequence modeling* (arXiv 1412.3555). The z/r form of section 3.
- R. Jozefowicz, W. Zaremba and I. Sutskever (2015), *An empirical exploration of recurrent network architectures*, ICML. A search among very many cells, and a strong word for the LSTM's forget bias.
- Try it: in section 6, is the plain RNN only too small? Give it `units=24`, in `train_marked` and in `answered`.
- Try it: train over 160 steps from $b_z = -3$ and from $b_z = -6$. Which of the two learns sooner, and is the same true over 20 steps?
"""
