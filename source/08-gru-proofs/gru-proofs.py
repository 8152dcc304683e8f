# %% [markdown]
r"""
# Unit 08 · Prove it: what is true of a GRU

One widely used library computes another GRU than the papers. Slides of respected authors hold lines that no network can run. And code
that is called `gru_step` may be anything. Whom do you believe? In this unit nobody: for each claim you build the number that
decides it.

**After this unit you can**

- say where torch's GRU differs from the published one, and prove by a counterexample that the two are not the same;
- find a misprint in an equation by asking what it would do;
- go back through the GRU by hand, on four paths;
- write a test that tells a right GRU from forty wrong ones.

**Time:** about 110 minutes, without the optional section. **You need:** unit 07 (the GRU), and unit 02 (gradients by hand); torch for some checks and for the optional section.

**How to work:** read, run the cells from top to bottom (Shift+Enter), and wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` by your code. The cell below it checks what you wrote. Hidden checks with fresh numbers run when your notebook
is graded; each check earns its own points, and a mistake in one function does not cost you the functions that use it.
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
    r"""The logistic function: it squashes any number to one between 0 and 1."""
    with np.errstate(over="ignore"):  # e to a large number is infinite, and 1 / infinity is 0, as it should be
        return 1 / (1 + np.exp(-a))


def gru_step(x, h, params):
    """One step of the GRU of unit 07, in the letters z and r: the new state (B, H)."""

    def heard(gate, state):
        return params["b_" + gate] + state @ params["U_" + gate].T + x @ params["W_" + gate].T

    z, r = sigmoid(heard("z", h)), sigmoid(heard("r", h))
    return h + z * (np.tanh(heard("h", r * h)) - h)


def gru_forward(x, h0, params):
    """All states (T, B, H) of that GRU along a sequence x (T, B, D)."""
    found = [h0]
    for x_t in x:
        found.append(gru_step(x_t, found[-1], params))
    return np.array(found[1:])


def gru_step_u_old(x, h, params):
    """The same cell with its update gate u on the old state, in its own letters: the new state (B, H)."""
    signs = {"z": ("u", -1.0), "r": ("r", 1.0), "h": ("h", 1.0)}
    ours = {"W_" + gate: sign * params["W_x" + theirs] for gate, (theirs, sign) in signs.items()}
    ours |= {"U_" + gate: sign * params["W_h" + theirs] for gate, (theirs, sign) in signs.items()}
    ours |= {"b_" + gate: sign * params["b_" + theirs] for gate, (theirs, sign) in signs.items()}
    return gru_step(x, h, ours)

# %% [markdown]
r"""
The cell above gives you what you have written in unit 07: the GRU in the letters z and r, for a step and for a sequence, and with its gate $u$ on the old state.
"""

# %% [markdown]
r"""
## 1 · torch computes something else

`torch.nn.GRU` is probably the GRU that runs most often in the world. Its documentation says

$$\begin{aligned}
r &= \sigma(W_{ir} x + b_{ir} + W_{hr} h + b_{hr}) \\
z &= \sigma(W_{iz} x + b_{iz} + W_{hz} h + b_{hz}) \\
n &= \tanh(W_{in} x + b_{in} + r \odot (W_{hn} h + b_{hn})) \\
h_t &= z \odot h + (1 - z) \odot n
\end{aligned}$$

Here $n$, for *new*, is the candidate. The first index of a weight says where the signal comes from ($i$ the input, $h$ the old state), the second for whom it is.

Three differences from the z/r form of unit 07:

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
So a GRU trained elsewhere with the reset *before* the product cannot be loaded into torch exactly. (What can be loaded is the subject of the optional section.)
"""

# %% [markdown]
r"""
## 2 · A slide that cannot be right

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
## 3 · Four ways back

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

They are added. The input has three ways (no copy), and each weight gets "what came in times what arrives", as in unit 02: mind that what came in to $U_h$ was $r \odot h_{t-1}$.

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
"""

# %% [markdown]
r"""
## 4 · Now you write the test

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
## Optional: extra credit

Nothing later builds on this section. Take it when you have time left, or never.

### Your GRU in torch, as far as it goes

A GRU trained elsewhere with the reset *before* the product cannot be loaded into torch exactly. What can be loaded is its **reset-after twin**: the same weights and gates, but
$\tilde h = \tanh(W_h x + b_h + r \odot (U_h h))$. Three things to get right: the order of the rows; the side of the gate (unit 07 tells how to change it); and the place of $b_h$, which must not be multiplied by $r$.
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
### Show it

Section 2 looked at four lines of a slide. To believe it is one thing; to **show** it is a number that anybody can compute. **Your turn:** the new state by the mended lines, and for each of the
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
## What to remember

- torch's GRU resets after the product and is another function: the two agree where $r$ is the same for all units, where $U_h$ is diagonal, and where there is one unit.
- Ask each line of an equation what it would **do**: shapes, signs, and what happens when a gate is open or shut.
- Four paths lead back through a step. One of them, the copy, has neither matrix nor slope.
- A counterexample is a proof. An example where two things agree is none.
- A test is as good as the mistakes that it catches, and one that cries wolf is switched off.

**Next:** unit 09 gives this cell sentences to read, and looks at its gates while it does.

## Going further

- The documentation of `torch.nn.GRU` says itself that its candidate differs from the paper's.
- K. Cho et al. (2014), *Learning phrase representations using RNN encoder-decoder for statistical machine translation*, EMNLP (arXiv 1406.1078). The reset before the product.
- Try it: let `catch_wrong_gru` judge the GRU of torch, given the same weights. Is it a wrong GRU?
"""
