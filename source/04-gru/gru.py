# %% [markdown]
r"""
# Unit 04 · Two gates, four notations

The LSTM keeps a memory with three gates. The **gated recurrent unit** (GRU) gets by with two, and with one line that is worth
remembering for life:

$$\text{new state} = (1 - \text{gate}) \cdot \text{old state} + \text{gate} \cdot \text{candidate}$$

Four groups of authors have written this cell down, and no two agree on the letters. Some disagree on which side the gate stands. One
widely used library even computes a different function. At the end of this unit none of that can confuse you.

**After this unit you can**

- write the GRU in four notations, go back through it by hand, and translate exactly between the three that are one function;
- say where torch's GRU differs from the published one, and prove by a counterexample that the two are not the same;
- find a misprint in an equation by asking what it would do;
- write a test that tells a right GRU from forty wrong ones.

**Time:** about 90 minutes. **You need:** unit 01 (the plain RNN, forwards and backwards). Unit 02 explains why we want gates at all;
unit 03 (the LSTM) is good company, but nothing here depends on it.

**How to work:** read, run the cells from top to bottom (Shift+Enter), and wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` by your code. The cell below it checks what you wrote. Hidden checks with fresh numbers run when your notebook
is graded; each check earns its own points.
"""

# %% setup=true
import ipywidgets
import numpy as np

from course import checks, plots, training, widgets
from course.plots import gru as drawings

try:
    import torch
except ImportError:  # everything but the comparisons with torch works without it
    torch = None


def sigmoid(a):
    r"""The logistic function, by its formula: it squashes any number to one between 0 and 1."""
    with np.errstate(over="ignore"):  # e to a large number is infinite, and 1 / infinity is 0, as it should be
        return 1 / (1 + np.exp(-a))


# %% [markdown]
r"""
## 1 · One gate

A plain RNN writes its whole state anew at every step. What it wants to keep, it has to compute again, and again, and unit 01 showed how that
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
$\Gamma_r$ multiplies the state *before* the product with $W_{cc}$, not the result of that product. (Keep that in mind; section 7 comes back to it.)
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

Here $W_{xu}$ reads "from $x$ to $u$", the other way round than in section 1. And an open gate *keeps*. Neither is better; but who loads weights of
one form into the other gets a cell that forgets where it should remember, and no error message.

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
## 5 · A slide that cannot be right

These lines stood on a slide of a respected textbook. (The line for $r$ is right, and $u$ weighs the old state; that is no mistake.)

$$\begin{aligned}
u &= \sigma(W_{xu} x_t + W_{xu} h_{t-1} + b_u) && (1) \\
\tilde h &= \sigma(W_{xh} x_t + W_{hh} (r \odot h_{t-1}) + b_h) && (2) \\
h_t &= u \odot h_{t-1} + (1 - u) \odot h_t && (3)
\end{aligned}$$

And often one reads beside it: *"With $r = 1$ we are back at the plain RNN."* (4)

Do not look them up. Ask each line what it would **do**.
"""

# %%
guess_slide = widgets.predict(
    "How many of the four, (1) to (4), cannot stand as printed?",
    ["one", "two", "three", "all four"],
)

# %%
widgets.reveal(
    guess_slide,
    "all four",
    "(1) multiplies x and h by one matrix, which fits only if D = H. (2) can never be negative. (3) has the new state on both sides and no candidate. "
    "(4) forgets that the old state is still mixed in, unless the update gate is open, too.",
)

# %% [markdown]
r"""
To believe it is one thing; to **show** it is a number that anybody can compute. **Your turn:** the new state by the mended lines, and for each of the
four one number that the print cannot explain.

- `"lowest"`, against (2): the smallest value of the mended candidate. A sigma could not go below 0.
- `"missing"`, against (1): how many columns $W_{xu}$ has too few to be multiplied with $h$.
- `"moved"`, against (3): read as an equation for $h_t$, line (3) says $u \odot h_t = u \odot h_{t-1}$, so nothing ever moves. By how much does the mended state move?
- `"apart"`, against (4): put $r = 1$ in, leave $u$ as it is, and measure how far the new state is from the plain RNN's.

**On paper.** One unit, one input, $x = 0$, $h = 1$, all weights and biases zero: $u = r = \tfrac12$ and $\tilde h = 0$. The new state is $0.5$. Lowest: 0. Missing: 0.
Moved: $0.5$. The plain RNN would give $\tanh(0) = 0$, so apart: $0.5$.
"""

# %% grade_id="mend_the_slide_solution" solution=true
from autograder.reference.gru_notations import mend_the_slide

# %% grade_id="mend_the_slide" grade=true points=4
with checks.exercise("mend_the_slide"):
    params = {f"W_{pair}": np.zeros((1, 1)) for pair in ("xr", "xu", "xh", "hr", "hu", "hh")}
    params |= {f"b_{gate}": np.zeros(1) for gate in "ruh"}
    new, numbers = mend_the_slide(np.zeros((1, 1)), np.ones((1, 1)), params)
    checks.expect_close(new, [[0.5]], "the new state worked on paper")
    checks.expect(
        set(numbers) == {"lowest", "missing", "moved", "apart"},
        f"the numbers should be called lowest, missing, moved and apart, but yours are {sorted(numbers)}.",
    )
    for name, wanted in (("lowest", 0.0), ("missing", 0), ("moved", 0.5), ("apart", 0.5)):
        checks.expect_close(numbers[name], wanted, f'"{name}", worked on paper')
    rng = np.random.default_rng(6)
    x, h = rng.normal(size=(3, 2)), rng.uniform(-1, 1, size=(3, 5))
    params = {f"W_x{gate}": rng.normal(size=(5, 2)) for gate in "ruh"}
    params |= {f"W_h{gate}": rng.normal(size=(5, 5)) for gate in "ruh"}
    params |= {f"b_{gate}": rng.normal(size=5) for gate in "ruh"}
    with checks.unchanged(x=x, h=h, **params):
        new, numbers = mend_the_slide(x, h, params)
    checks.expect_close(
        new, gru_step_u_old(x, h, params), "the new state, which your gru_step_u_old knows"
    )
    checks.expect(
        numbers["missing"] == 3,
        f"W_xu has 2 columns and h has 5 units, so 3 are missing, but yours says {numbers['missing']}.",
    )
    checks.expect(
        numbers["lowest"] < 0,
        f"the mended candidate goes below 0 here, but your lowest is {numbers['lowest']:.3f}.",
    )
    wide = {"W_xr": np.zeros((5, 2)), "W_hr": np.zeros((5, 5)), "b_r": np.full(5, 60.0)}
    plain = np.tanh(params["b_h"] + h @ params["W_hh"].T + x @ params["W_xh"].T)
    checks.expect_close(
        numbers["apart"],
        np.max(np.abs(gru_step_u_old(x, h, params | wide) - plain)),
        '"apart", worked out with a reset gate forced open',
    )

# %% [markdown]
r"""
## 6 · A whole sequence

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
## 7 · torch computes something else

`torch.nn.GRU` is probably the GRU that runs most often in the world. Its documentation says

$$\begin{aligned}
r &= \sigma(W_{ir} x + b_{ir} + W_{hr} h + b_{hr}) \\
z &= \sigma(W_{iz} x + b_{iz} + W_{hz} h + b_{hz}) \\
n &= \tanh(W_{in} x + b_{in} + r \odot (W_{hn} h + b_{hn})) \\
h_t &= z \odot h + (1 - z) \odot n
\end{aligned}$$

Here $n$, for *new*, is the candidate. The first index of a weight says where the signal comes from ($i$ the input, $h$ the old state), the second for whom it is.

Three differences from section 3:

1. $z$ weighs the **old** state.
2. There are **two biases** everywhere. In the gates they simply add up. In the candidate they do not: one of them is multiplied by $r$.
3. The reset gate acts **after** the product: $r \odot (W_{hn} h)$ instead of $W_{hn} (r \odot h)$. The reason is speed: this way one large product gives the state's part of
   all three lines at once.

The three matrices of each kind are stacked into one, rows in the order **r, z, n**: `weight_ih_l0` is `(3H, D)`, `weight_hh_l0` is `(3H, H)`, and the biases are `(3H,)`.

**On paper.** One unit, $x = 0$, $h = 1$, all of `weight_ih_l0` and `bias_ih_l0` zero, `weight_hh_l0` is $(0, 0, 1)^\top$ and `bias_hh_l0` is $(0, 0, 1)$. Then $r = z = \tfrac12$,
$n = \tanh(\tfrac12 (1 + 1)) \approx 0.7616$, and the new state is $\tfrac12 + \tfrac12 \cdot 0.7616 \approx 0.8808$.

**Your turn,** in NumPy.
"""

# %% grade_id="torch_gru_step_solution" solution=true
from autograder.reference.gru_notations import torch_gru_step

# %% grade_id="torch_gru_step" grade=true points=3
with checks.exercise("torch_gru_step"):
    params = {"weight_ih_l0": np.zeros((3, 1)), "bias_ih_l0": np.zeros(3)}
    params |= {
        "weight_hh_l0": np.array([[0.0], [0.0], [1.0]]),
        "bias_hh_l0": np.array([0.0, 0.0, 1.0]),
    }
    checks.expect_close(
        torch_gru_step(np.zeros((1, 1)), np.ones((1, 1)), params),
        [[0.880797]],
        "the new state worked on paper",
        1e-6,
    )
    rng = np.random.default_rng(8)
    x, h = rng.normal(size=(3, 2)), rng.uniform(-1, 1, size=(3, 4))
    shapes = {
        "weight_ih_l0": (12, 2),
        "weight_hh_l0": (12, 4),
        "bias_ih_l0": (12,),
        "bias_hh_l0": (12,),
    }
    params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
    with checks.unchanged(x=x, h=h, **params):
        new = torch_gru_step(x, h, params)
    checks.expect_shape(new, (3, 4), "the new state of 3 examples and 4 units")
    keep = params | {"bias_ih_l0": np.repeat([0.0, 60.0, 0.0], 4)}
    checks.expect_close(
        torch_gru_step(x, h, keep), h, "the new state with z = 1, which keeps the old one here"
    )
    if torch := checks.torch_or_none():
        theirs = torch.nn.GRU(2, 4, dtype=torch.float64)
        theirs.load_state_dict({name: torch.tensor(array) for name, array in params.items()})
        with torch.no_grad():
            output, _ = theirs(torch.tensor(x)[None], torch.tensor(h)[None])
        checks.expect_close(
            new, output[0].numpy(), "torch's own new state, with the same parameters", 1e-12
        )

# %% [markdown]
r"""
### Does the order matter?

$U (r \odot h)$ or $r \odot (U h)$. It looks like a detail.
"""

# %%
guess_order = widgets.predict(
    "Can a GRU with the reset before the product be turned into one with the reset after it, by choosing other weights?",
    [
        "yes, exactly, as between the other notations",
        "no, but the difference is always tiny",
        "no, and one step can already differ by more than 0.1",
    ],
)

# %% [markdown]
r"""
**Find out by building it.** Write two examples, each an `(x, h, params)` for your `gru_step`:

- one where the two orders give new states that differ by **0.1 or more** somewhere;
- one where they agree to $10^{-9}$, and **not for a trivial reason**: two units or more, and a reset gate that matters (with $r = 1$ the new state would change by 0.01 or more).

For the first, think of two units. Written out, unit 1 hears $U_{12}\, r_2 h_2$ in one order and $r_1\, U_{12}\, h_2$ in the other: *whose* gate counts? For the second, ask when that makes no difference.
A large positive or negative bias holds a gate open or shut.
"""

# %% grade_id="reset_order_counterexample_solution" solution=true
from autograder.reference.gru_notations import reset_order_counterexample

# %% grade_id="reset_order_counterexample" grade=true points=4
with checks.exercise("reset_order_counterexample"):
    examples = reset_order_counterexample()
    checks.expect(
        isinstance(examples, tuple | list) and len(examples) == 2,
        f"return two examples, each (x, h, params); yours is {checks.shown(examples)}.",
    )
    apart, resets = [], []
    for which, (x, h, params) in zip(("first", "second"), examples, strict=True):
        checks.expect(
            max(np.abs(x).max(), np.abs(h).max()) <= 1,
            f"in the {which} example some value of x or h lies outside [-1, 1].",
        )
        z, r = (
            sigmoid(params["b_" + g] + h @ params["U_" + g].T + x @ params["W_" + g].T)
            for g in "zr"
        )
        after = np.tanh(r * (h @ params["U_h"].T) + x @ params["W_h"].T + params["b_h"])
        before = gru_step(x, h, params | {"b_z": np.full(h.shape[1], 60.0)})
        apart.append(np.abs(z * (before - after)).max())
        held = gru_step(x, h, params | {"b_r": np.full(h.shape[1], 60.0)})
        resets.append(np.abs(held - gru_step(x, h, params)).max())
    checks.expect(
        apart[0] >= 0.1,
        f"in the first example the new states should differ by 0.1 or more; yours differ by {apart[0]:.3g}.",
    )
    checks.expect(
        apart[1] <= 1e-9,
        f"in the second example the new states should agree to 1e-9; yours differ by {apart[1]:.3g}.",
    )
    checks.expect(
        examples[1][1].shape[1] >= 2 and resets[1] >= 0.01,
        f"the second example needs two units or more (yours: {examples[1][1].shape[1]}) and a reset gate that matters by 0.01 or more (yours: {resets[1]:.3g}).",
    )

# %%
widgets.reveal(
    guess_order,
    "no, and one step can already differ by more than 0.1",
    "Before: every unit's old value is scaled by its own gate, then mixed. After: mixed, then scaled by the listener's gate. "
    "They agree when all units share one r, when U is diagonal, or when there is one unit only.",
)

# %% [markdown]
r"""
So a GRU trained elsewhere with the reset *before* the product cannot be loaded into torch exactly. What can be loaded is its **reset-after twin**: the same weights and gates, but
$\tilde h = \tanh(W_h x + b_h + r \odot (U_h h))$. Three things to get right: the order of the rows; the side of the gate (section 4 tells how to change it); and the place of $b_h$, which must not be multiplied by $r$.
"""

# %% grade_id="load_into_torch_gru_solution" solution=true
from autograder.reference.gru_notations import load_into_torch_gru

# %% grade_id="load_into_torch_gru" grade=true points=3
with checks.exercise("load_into_torch_gru"):
    if torch := checks.torch_or_none():
        rng = np.random.default_rng(9)
        x, h0 = rng.normal(size=(5, 2, 3)), rng.uniform(-1, 1, size=(2, 4))
        shapes = {"W": (4, 3), "U": (4, 4), "b": (4,)}
        params = {
            f"{kind}_{gate}": rng.normal(size=shape)
            for gate in "zrh"
            for kind, shape in shapes.items()
        }
        theirs = load_into_torch_gru(params)
        checks.expect(
            isinstance(theirs, torch.nn.GRU),
            f"your function should return a torch.nn.GRU, but it returned {checks.shown(theirs)}.",
        )
        checks.expect(
            theirs.weight_ih_l0.dtype == torch.float64,
            "your network computes in float32; ask for dtype=torch.float64.",
        )
        with torch.no_grad():
            output, _ = theirs(torch.tensor(x), torch.tensor(h0)[None])
        h = h0
        for t in range(5):
            z, r = (
                sigmoid(x[t] @ params["W_" + g].T + h @ params["U_" + g].T + params["b_" + g])
                for g in "zr"
            )
            n = np.tanh(r * (h @ params["U_h"].T) + x[t] @ params["W_h"].T + params["b_h"])
            h = h + z * (n - h)
            checks.expect_close(output[t].numpy(), h, f"torch's state after step {t + 1}", 1e-12)
        diagonal = params | {"U_h": np.diag([0.5, -1.0, 2.0, 0.3])}
        with torch.no_grad():
            output, _ = load_into_torch_gru(diagonal)(torch.tensor(x), torch.tensor(h0)[None])
        checks.expect_close(
            output.numpy(),
            gru_forward(x, h0, diagonal),
            "torch's states with a diagonal U_h, where the order does not matter: your gru_forward's",
            1e-12,
        )

# %% [markdown]
r"""
## 8 · Four ways back

Training needs the gradient. In the plain RNN there was one way back from $h_t$ to $h_{t-1}$: through $U$ and the slope of tanh. Look at the picture of the GRU and count the ways from
the new state back to the old one:
"""

# %%
plots.show(
    plots.draw_cell(drawings.CELLS["z_new"]),
    "The GRU in the letters z and r: the old state h has four arrows leaving it: to the copy, to the update gate, to the product with r, and to the reset gate.",
)

# %% [markdown]
r"""
| path | from $h_t$ ... | ... to $h_{t-1}$ |
|---|---|---|
| **1 · the copy** | weight $1 - z$ | directly. No matrix, no slope: this is the road on which a gradient survives |
| **2 · the update gate** | $h_t$ changes with $z$ by $\tilde h - h_{t-1}$ | slope $z (1 - z)$, then back through $U_z$ |
| **3 · the candidate** | weight $z$, slope $1 - \tilde h^2$ | back through $U_h$, and times $r$ |
| **4 · the reset gate** | as path 3 up to and including $U_h$ | times $h_{t-1}$, slope $r (1 - r)$, then back through $U_r$ |

They are added. The input has three ways (no copy), and each weight gets "what came in times what is wanted", as in unit 01: mind that what came in to $U_h$ was $r \odot h_{t-1}$.

**On paper.** One unit, $x = 0$, $h = 0$, all parameters zero but $U_h = 2$; so $z = r = \tfrac12$ and $\tilde h = 0$. Let $\partial L / \partial h_t = 4$. Path 1: $4 \cdot \tfrac12 = 2$. Path 3: $4 \cdot \tfrac12 \cdot 1 \cdot 2 \cdot \tfrac12 = 2$.
Paths 2 and 4 give nothing, since $U_z = U_r = 0$. So $dh = 4$.

**Your turn.** Work out $z$, $r$ and $\tilde h$ again from what went in, then walk back. Write $a_z, a_r, a_h$ for what goes into the two sigmas and the tanh, and
compute $da_z, da_r, da_h$ first ($da$ is short for $\partial L / \partial a$, and $dh$ for $\partial L / \partial h_{t-1}$). Every other gradient follows from these three.
"""

# %% grade_id="gru_step_backward_solution" solution=true
from autograder.reference.gru import gru_step_backward

# %% grade_id="gru_step_backward" grade=true points=6
with checks.exercise("gru_step_backward"):
    params = {f"{kind}_{gate}": np.zeros((1, 1)) for gate in "zrh" for kind in "WU"}
    params |= {f"b_{gate}": np.zeros(1) for gate in "zrh"} | {"U_h": np.array([[2.0]])}
    none = np.zeros((1, 1))
    checks.expect_close(
        gru_step_backward(none + 4, none, none, params)[1], [[4.0]], "dh, worked on paper"
    )
    rng = np.random.default_rng(10)
    x, h, dh_next = (
        rng.normal(size=(3, 2)),
        rng.uniform(-1, 1, size=(3, 4)),
        rng.normal(size=(3, 4)),
    )
    shapes = {"W": (4, 2), "U": (4, 4), "b": (4,)}
    params = {
        f"{kind}_{gate}": rng.normal(size=shape) for gate in "zrh" for kind, shape in shapes.items()
    }
    with checks.unchanged(dh_next=dh_next, x=x, h=h, **params):
        dx, dh, gradients = gru_step_backward(dh_next, x, h, params)

    def pull(x, h, params):  # a loss whose gradient with respect to the new state is dh_next
        return float(np.sum(dh_next * gru_step(x, h, params)))

    checks.expect_gradient(dx, lambda value: pull(value, h, params), x, "your dx")
    checks.expect_gradient(
        dh, lambda value: pull(x, value, params), h, "your dh, the sum of four paths"
    )
    checks.expect(
        set(gradients) == set(params),
        f"the gradients should have the keys {sorted(params)}, but yours have {sorted(gradients)}.",
    )
    for name in params:
        checks.expect_gradient(
            gradients[name],
            lambda value, name=name: pull(x, h, params | {name: value}),
            params[name],
            f"your gradient of {name}",
        )

# %% [markdown]
r"""
### Which road carries the gradient?

Below, a random cell with 24 units and **your** `gru_step_backward`. To close a path without touching the gates' values, the state's contribution to a gate is put into its bias, where it is
a constant. Move the two sliders: $b_z$ opens and shuts the update gates, $b_r$ the reset gates. When does nearly everything come through the copy? When is the cell a plain RNN again?
"""


# %%
def with_constant(params, gate, seen):
    """The same step, but this gate (or the candidate) hears the state as a constant."""
    told = params[f"b_{gate}"] + params[f"U_{gate}"] @ seen
    return params | {f"U_{gate}": 0 * params[f"U_{gate}"], f"b_{gate}": told}


def path_sizes(b_z, b_r):
    """The norm of what each path carries back, for a gradient of norm 1 that comes in."""
    rng, units = np.random.default_rng(11), 24
    params = {f"U_{gate}": training.glorot(rng, units, units) for gate in "zrh"}
    params |= {f"W_{gate}": training.glorot(rng, units, 3) for gate in "zrh"}
    params |= {"b_z": np.full(units, b_z), "b_r": np.full(units, b_r), "b_h": np.zeros(units)}
    x, h = rng.normal(size=(1, 3)), rng.uniform(-1, 1, size=(1, units))
    comes_in = rng.normal(size=(1, units))
    comes_in /= np.linalg.norm(comes_in)
    r = sigmoid(params["W_r"] @ x[0] + params["U_r"] @ h[0] + params["b_r"])

    def back(*constant):
        cut = params
        for gate in constant:
            cut = with_constant(cut, gate, r * h[0] if gate == "h" else h[0])
        return gru_step_backward(comes_in, x, h, cut)[1]

    copy, everything = back("z", "r", "h"), back()
    paths = {
        "1 · the copy": copy,
        "2 · the update gate": back("r", "h") - copy,
        "3 · the candidate": back("z", "r") - copy,
        "4 · the reset gate": everything - back("r"),
    }
    return {name: np.linalg.norm(path) for name, path in paths.items()}, np.linalg.norm(everything)


_ = widgets.explore(
    lambda b_z, b_r: drawings.gradient_paths(*path_sizes(b_z, b_r)),
    "Five bars: the norm of the gradient that comes back through the copy, the update gate, the candidate and the reset gate, and of "
    "their sum, for an update bias of {b_z:g} and a reset bias of {b_r:g}.",
    b_z=ipywidgets.FloatSlider(
        -1.0, min=-6.0, max=6.0, step=0.5, description="bias of the update gates"
    ),
    b_r=ipywidgets.FloatSlider(
        0.0, min=-6.0, max=6.0, step=0.5, description="bias of the reset gates"
    ),
)

# %% [markdown]
r"""
**Explain it to yourself.** With $b_z = -6$ the copy carries almost all of the gradient, step after step, undiminished; but a gate that is always shut also learns nothing new. With $b_z = b_r = 6$ only
path 3 is left: the plain RNN. The cell is worth its parameters because it can be both, for each unit, at each step.

## 9 · What does a cell cost?

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
## 10 · Does it remember?

Now let it learn, with your own forward and backward passes. Random symbols come in, one a step; early on, one of them is **marked**; after 20 steps the network has to say which symbol that was. To solve this it must
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
def marked_symbols(rng, steps, batch, symbols=4):
    """One-hot symbols with a mark in the last column, and the marked symbol of each example."""
    shown, when = rng.integers(symbols, size=(steps, batch)), rng.integers(steps // 4, size=batch)
    everyone = np.arange(batch)
    x = np.concatenate([np.eye(symbols)[shown], np.zeros((steps, batch, 1))], axis=2)
    x[when, everyone, -1] = 1
    return x, shown[when, everyone]


def marked_loss(x, targets, params):
    """The loss of reading the last state out, and its gradient for every parameter."""
    cell = {name: array for name, array in params.items() if "_" in name}
    start = np.zeros((x.shape[1], len(cell["b_h"])))
    states = gru_forward(x, start, cell)
    scores = states[-1] @ params["V"].T + params["c"]
    log_p = scores - np.logaddexp.reduce(scores, axis=1)[:, None]
    wanted = np.eye(len(params["c"]))[targets]
    dscores = (np.exp(log_p) - wanted) / len(targets)
    gradients = {name: np.zeros_like(array) for name, array in params.items()}
    gradients |= {"V": dscores.T @ states[-1], "c": dscores.sum(axis=0)}
    dh = dscores @ params["V"]
    for t in range(len(x) - 1, -1, -1):
        _, dh, here = gru_step_backward(dh, x[t], states[t - 1] if t else start, cell)
        for name, gradient in here.items():
            gradients[name] += gradient
    return -np.sum(wanted * log_p) / len(targets), gradients


def nailed_open(x, targets, params):
    """The same, with both gates fixed: no gradient moves them."""
    loss, gradients = marked_loss(x, targets, params)
    gates = [name for name in gradients if name[-2:] in ("_z", "_r")]
    return loss, gradients | {name: np.zeros_like(params[name]) for name in gates}


def fresh(rng, b_z, units, symbols=4):
    params = {f"W_{gate}": training.glorot(rng, units, symbols + 1) for gate in "zrh"}
    params |= {f"U_{gate}": training.glorot(rng, units, units) for gate in "zrh"}
    params |= {"b_z": np.full(units, float(b_z)), "b_r": np.zeros(units), "b_h": np.zeros(units)}
    return params | {"V": training.glorot(rng, symbols, units), "c": np.zeros(symbols)}


def learnt(kind, seed, steps=20, b_z=-1.0, units=12):
    """Train one network. Returns its parameters, its losses and its share of right answers on new sequences."""
    rng = np.random.default_rng(seed)
    params = fresh(rng, b_z, units)
    if kind == "plain RNN":
        params |= {name: 0 * params[name] for name in ("W_z", "W_r", "U_z", "U_r")}
        params |= {"b_z": np.full(units, 60.0), "b_r": np.full(units, 60.0)}
    losses = training.train(
        marked_loss if kind == "GRU" else nailed_open,
        params,
        lambda step: marked_symbols(rng, steps, 32),
        400,
        name=f"{kind}, seed {seed}",
        keep_bar=False,
    )
    x, targets = marked_symbols(np.random.default_rng(99), steps, 500)
    last = gru_forward(x, np.zeros((500, units)), params)[-1]
    return params, losses, np.mean((last @ params["V"].T + params["c"]).argmax(axis=1) == targets)


found = {kind: [learnt(kind, seed) for seed in range(3)] for kind in ("GRU", "plain RNN")}
plots.show(
    plots.training_curve(
        {kind: runs[0][1] for kind, runs in found.items()},
        baseline=np.log(4),
        title="Remember the marked symbol for 20 steps",
    ),
    "The GRU's loss falls from 1.4 to nearly zero; the plain RNN's stays at the level of guessing, 1.39.",
)
for kind, runs in found.items():
    print(
        f"{kind}: right {', '.join(f'{score:.0%}' for _, _, score in runs)} of the time (three seeds; guessing gives 25%)"
    )

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
far = {b_z: [learnt("GRU", seed, 60, b_z) for seed in range(3)] for b_z in (0.0, -3.0)}
plots.show(
    plots.training_curve(
        {
            f"start at b_z = {b_z:g}, seed {seed}": run[1]
            for b_z, runs in far.items()
            for seed, run in enumerate(runs)
        },
        baseline=np.log(4),
        title="Remember the marked symbol for 60 steps",
    ),
    "Six loss curves. The three that start with an update bias of 0 stay at the level of guessing; the three that start with -3 fall to nearly zero.",
)
for b_z, runs in far.items():
    print(f"b_z = {b_z:g}: right {', '.join(f'{score:.0%}' for _, _, score in runs)} of the time")

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
params = far[-3.0][0][0]
x, targets = marked_symbols(np.random.default_rng(5), 60, 400)
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

## 11 · Now you write the test

So far, tests have judged your code. Turn it round: here comes a function that claims to be `gru_step`. Is it?

Somebody's first test often looks like this: three examples, a **zero** state, **zero** biases, random weights; compare with the right answer.
"""

# %%
guess_test = widgets.predict(
    "At grading, about forty wrong GRUs are waiting: gates on the wrong side, a missing bias, a matrix the wrong way round ... How many slip through a test that starts from a zero state with zero biases?",
    ["only one or two", "about a quarter", "more than half"],
)

# %%
widgets.reveal(
    guess_test,
    "more than half",
    "With h = 0 the reset gate multiplies nothing, every U multiplies nothing, and the copy copies nothing. Where nothing happens, no mistake shows.",
)

# %% [markdown]
r"""
Write `catch_wrong_gru(step)`. It may call `step(x, h, params)` as often as it likes, with numbers that you choose, and must say `True` if the function is wrong, `False` if it is right. Compare with your own `gru_step`,
or check properties, or both.

Think like somebody who makes mistakes:

- Which mistakes need a **state**, which a **bias**, which **several units**, which **more than one example**, which **just one**?
- A matrix that is the wrong way round raises an error if $D \ne H$. What if $D = H$?
- What do very **large** numbers do to a carelessly written sigmoid? Some return NaN, and every comparison with NaN is False: test that a difference *is* small, not that it is *not large*.
- A function that raises an error is wrong, too; your test must survive it. And one that returns the right numbers in the wrong **shape**?
- But be fair: a right function may compute in float32 or add things up in another order. **Calling a right one wrong costs you everything**, since a test that cries wolf is switched off.

Half of all wrong cells caught earns some points, three quarters more, and each family of mistakes (gates, order, candidate, and so on) caught in full earns its own.
"""

# %% grade_id="catch_wrong_gru_solution" solution=true
from autograder.reference.gru_notations import catch_wrong_gru

# %% grade_id="catch_wrong_gru" grade=true points=6
with checks.exercise("catch_wrong_gru"):
    single = np.float32

    def in_single_precision(x, h, params):
        return gru_step(
            single(x), single(h), {name: single(array) for name, array in params.items()}
        )

    def one_by_one(x, h, params):
        return np.concatenate([gru_step(x[n : n + 1], h[n : n + 1], params) for n in range(len(x))])

    def keeps_on_the_other_side(x, h, params):
        return gru_step(x, h, params | {f"{kind}_z": -params[f"{kind}_z"] for kind in "WUb"})

    def nothing_reset(x, h, params):
        return gru_step(x, h, params | {"b_r": 60.0 + 0 * params["b_r"]})

    def lost_its_bias(x, h, params):
        return gru_step(x, h, params | {"b_h": 0 * params["b_h"]})

    def falls_over(x, h, params):
        raise ValueError("shapes do not fit")

    for right in (gru_step, in_single_precision, one_by_one):
        checks.expect(
            not catch_wrong_gru(right),
            f"{right.__name__} is a right GRU, but your test calls it wrong.",
        )
    for wrong in (keeps_on_the_other_side, nothing_reset, lost_its_bias, falls_over):
        checks.expect(
            catch_wrong_gru(wrong), f"{wrong.__name__} is a wrong GRU, but your test lets it pass."
        )

# %% [markdown]
r"""
## Recap

- The GRU copies its state and replaces a part of it: $h_t = (1 - z) \odot h_{t-1} + z \odot \tilde h$. Copying is the harmless factor of one that unit 02 was looking for.
- $r$ decides what the candidate sees of the past. $z = 0$ copies; $z = 1$ and $r = 1$ together are a plain RNN.
- Gamma, z/r and u are one function under three sets of names; for u on the old state, the update gate's three tensors change sign.
- torch's GRU resets after the product and is another function: the two agree where $r$ is the same for all units, where $U_h$ is diagonal, and where there is one unit.
- Four paths lead back through a step. One of them, the copy, has neither matrix nor slope.
- Three blocks of parameters against the LSTM's four. And a test is as good as the mistakes that it catches.

**Next:** unit 05 gives this cell sentences to read, and looks at its gates while it does.

## Going further

- K. Cho et al. (2014), *Learning phrase representations using RNN encoder-decoder for statistical machine translation*, EMNLP (arXiv 1406.1078). Where the cell first appeared, with the gate on the old state.
- J. Chung, C. Gulcehre, K. Cho and Y. Bengio (2014), *Empirical evaluation of gated recurrent neural networks on sequence modeling* (arXiv 1412.3555). The z/r form of section 3.
- R. Jozefowicz, W. Zaremba and I. Sutskever (2015), *An empirical exploration of recurrent network architectures*, ICML. A search among very many cells, and a strong word for the LSTM's forget bias.
- The documentation of `torch.nn.GRU` says itself that its candidate differs from the paper's.
- Try it: in section 10, is the plain RNN only too small? Give it `units=24`: with our three seeds one network in three then learns the 20 steps.
- Try it: train over 160 steps from $b_z = -3$ and from $b_z = -6$. Which of the two learns sooner, and is the same true over 20 steps?
"""
