# %% [markdown]
r"""
# Unit 03 · Why the gradient dies

At the end of unit 02 a network learnt to echo a symbol after 8 steps and did not learn to echo it after 20. Nothing in the
equation forbids it. What failed was the *teacher*: the gradient of what lies far back arrived too weak to be heard. This unit
takes that gradient apart, step by step, until one number is left over that decides everything.

**After this unit you can**

- write down the matrix by which one step back multiplies a gradient, and measure how long a gradient is after fifty of them;
- choose weights that make gradients die, survive or explode, and prove a limit that no gradient can exceed;
- do what can be done about it: clip what is too long, cut what is too far, and let a state *copy itself*.

**Time:** about 110 minutes, without the optional section. **You need:** unit 01 (the step), unit 02 (backpropagation through time), and from linear algebra the
matrix product and the transpose. Singular values are introduced where they are needed.
"""

# %% setup=true
import ipywidgets
import numpy as np

from course import checks, data, plots, training, widgets
from course.plots import gradients as drawings


def run(x, h0, W, U, b):
    """All states (T, B, H) of the Elman network of unit 01, which every section here looks at."""
    states = []
    for x_t in x:
        a = h0 @ U.T + x_t @ W.T + b
        h0 = np.tanh(a)
        states.append(h0)
    return np.array(states)


def orthogonal(A):
    """The orthogonal matrix nearest to A: a mean of A and its inverse transposed, again and again."""
    for _ in range(50):
        A = (A + np.linalg.inv(A).T) / 2
    return A


def measured_jacobians(x, h0, W, U, b):
    """The Jacobians (T, B, H, H) of such a run, by moving each old unit a little: slow but sure."""

    def row(x_n, h_n, i):
        return checks.numeric_gradient(
            lambda h: run(x_n[None, None], h[None], W, U, b)[0, 0, i], h_n
        )

    steps = zip(x, [h0, *run(x, h0, W, U, b)[:-1]], strict=True)
    return np.array(
        [[[row(x_t[n], h[n], i) for i in range(len(b))] for n in range(len(h))] for x_t, h in steps]
    )

# %% [markdown]
r"""
The function `run` in the cell above is the network of unit 01, in one piece: you have written it before, so here it is given. `measured_jacobians` measures, by
small steps, what you are about to write as a formula; the checks below compare your results with it. `orthogonal` is needed in section 4.

## 1 · One step back is one matrix

One step forward is $h_{t+1} = \tanh(W x_{t+1} + U h_t + b)$. Move one unit of the old state a little: how much does each unit of the
new state move? The answer is a table with a row for each new unit $i$ and a column for each old unit $j$, the **Jacobian**:

$$J_{t+1} = \frac{\partial h_{t+1}}{\partial h_t} = \text{diag}(1 - h_{t+1}^2)\; U
\qquad\text{or, entry by entry,}\qquad J[i, j] = (1 - h_{t+1, i}^2)\; U[i, j]$$

| letter | what it is | shape |
|---|---|---|
| $U$ | recurrent weights; $U[i, j]$ is how unit $i$ listens to unit $j$ | `(H, H)` |
| $1 - h_{t+1}^2$ | the slope of tanh at each new unit, between 0 and 1 | `(B, H)` |
| $J_{t+1}$ | one Jacobian for each example, since each has its own state | `(B, H, H)` |

The weights are the same for all examples and all steps; the slopes are not. A slope multiplies a whole **row**: a saturated unit,
one with $h$ near $1$ or $-1$, hears nobody.
"""

# %%
rng = np.random.default_rng(0)
U = training.glorot(rng, 6, 6)
state = np.array([0.0, 0.2, -0.5, 0.7, -0.97, 0.99])
slopes = np.diag(1 - state**2)
plots.show(
    drawings.matrices(
        {"slopes, diag(1 - h²)": slopes, "recurrent weights U": U, "Jacobian J": slopes @ U},
        "One step back, for a state of six units",
        "·=",
    ),
    "Three heat maps: a diagonal matrix whose entries fall from 1 to nearly 0, the weights U, "
    "and their product, in which the last two rows are nearly white.",
)

# %% [markdown]
r"""
The last two units are saturated ($-0.97$ and $0.99$): their rows of the Jacobian are nearly empty.

**On paper.** Two units with $U = \begin{pmatrix}1 & 2\\ 3 & 4\end{pmatrix}$ arrive at $h_{t+1} = (0.5,\ 0)$. The slopes are $0.75$ and $1$, so
$J = \begin{pmatrix}0.75 & 1.5\\ 3 & 4\end{pmatrix}$.

**Your turn.** Write the Jacobian, for a whole batch at once.
"""

# %% grade_id="step_jacobian_solution" solution=true
from autograder.reference.gradients import step_jacobian

# %% grade_id="step_jacobian" grade=true points=3
with checks.exercise("step_jacobian"):
    U = np.array([[1.0, 2.0], [3.0, 4.0]])
    checks.expect_close(
        step_jacobian(np.array([[0.5, 0.0]]), U),
        [[[0.75, 1.5], [3.0, 4.0]]],
        "the Jacobian worked on paper",
    )
    checks.expect_close(
        step_jacobian(np.zeros((1, 2)), U)[0],
        U,
        "the Jacobian at a state of zeros, where every slope is 1",
    )
    rng = np.random.default_rng(1)
    x, h = rng.normal(size=(1, 2, 4)), rng.uniform(-1, 1, size=(2, 3))
    W, U, b = rng.normal(size=(3, 4)), rng.normal(size=(3, 3)), rng.normal(size=3)
    h_next = run(x, h, W, U, b)[0]
    with checks.unchanged(h_next=h_next, U=U):
        J = step_jacobian(h_next, U)
    checks.expect_shape(J, (2, 3, 3), "the Jacobians of 2 examples and 3 units")
    checks.expect_close(
        J, measured_jacobians(x, h, W, U, b)[0], "the Jacobians, against small steps of h", 1e-6
    )

# %% [markdown]
r"""
## 2 · Many steps back

A loss looks at the last state, $h_T$, and says what it would like: $\nabla_{h_T} L$. What does that mean for the state before? By the chain
rule the gradient goes back through the **transpose** of the Jacobian, and then on, step by step:

$$\nabla_{h_t} L = J_{t+1}^{\top}\; \nabla_{h_{t+1}} L$$

(If the loss looked at earlier states too, each would add its direct term, as in unit 02. One term is enough to see what happens to it on the way.)

How strongly can the loss speak to a state $k$ steps back? That is the **norm** (the length) of its gradient, at *distance* $k$.

**On paper.** One unit, $J = 0.75$ at every step, and the loss wants $2$. At distances $0, 1, 2, 3$ there arrive $2$, $1.5$, $1.125$ and about $0.84$. With two
units: if $J = \begin{pmatrix}0 & 2\\ 0 & 0\end{pmatrix}$, the new unit 0 listens to the old unit 1, twice as loud. A wish $(1, 0)$ about the new state becomes
$J^\top (1, 0) = (0, 2)$ about the old one, of norm 2; and one step further back nothing is left, since unit 1 itself listened to nobody.

**Your turn.** The Jacobians come in the order of time. You need them from the last to the first.
"""

# %% grade_id="state_gradient_norms_solution" solution=true
from autograder.reference.gradients import state_gradient_norms

# %% grade_id="state_gradient_norms" grade=true points=4
with checks.exercise("state_gradient_norms"):
    checks.expect_close(
        state_gradient_norms(np.array([[2.0]]), np.full((3, 1, 1, 1), 0.75)),
        [[2.0], [1.5], [1.125], [0.84375]],
        "the norms of one unit, worked on paper",
    )
    listens = np.array([[0.0, 2.0], [0.0, 0.0]])
    checks.expect_close(
        state_gradient_norms(np.array([[1.0, 0.0]]), np.array([[listens], [listens]])),
        [[1.0], [2.0], [0.0]],
        "the norms of two units, worked on paper",
    )
    rng = np.random.default_rng(2)
    x, h0 = rng.normal(size=(4, 2, 3)), rng.uniform(-1, 1, size=(2, 5))
    W, U, b = rng.normal(size=(5, 3)), 0.6 * rng.normal(size=(5, 5)), rng.normal(size=5)
    wish = rng.normal(size=(2, 5))
    jacobians = measured_jacobians(x, h0, W, U, b)
    with checks.unchanged(dh_last=wish, jacobians=jacobians):
        norms = state_gradient_norms(wish, jacobians)
    checks.expect_shape(
        norms, (5, 2), "the norms for 4 steps and 2 examples, which are T + 1 = 5 to an example"
    )
    measured = checks.numeric_gradient(lambda h: float(np.sum(wish * run(x, h, W, U, b)[-1])), h0)
    checks.expect_close(
        norms[4],
        np.linalg.norm(measured, axis=1),
        "the norm at distance 4, against small steps of h0",
        1e-6,
    )

# %% [markdown]
r"""
### Measure a network

Sixteen units with the random weights of unit 02, reading a random sequence. You saw points before; now look at the line they make.
"""

# %%
guess_line = widgets.predict(
    "The norm of the gradient against distance, on a logarithmic axis: what does the curve look "
    "like?",
    [
        "it falls fast, then levels off",
        "it falls in nearly a straight line",
        "it falls slowly, then faster and faster",
    ],
)

# %%
rng = np.random.default_rng(3)
x, units = rng.normal(size=(30, 8, 4)), 16
W, U, b = training.glorot(rng, units, 4), training.glorot(rng, units, units), np.zeros(units)
states = run(x, np.zeros((8, units)), W, U, b)
jacobians = np.array([step_jacobian(h, U) for h in states])
wish = rng.normal(size=(8, units))
wish /= np.linalg.norm(wish, axis=1, keepdims=True)
norms = state_gradient_norms(wish, jacobians)
plots.show(
    drawings.decay(
        {"median of 8 sequences, and their range": norms}, "Random weights, random inputs"
    ),
    "A line that falls nearly straight from 1 at distance 0 by many powers of ten at distance 30.",
)
per_step = (np.median(norms[30]) / np.median(norms[0])) ** (1 / 30)
print(f"at distance 30: {np.median(norms[30]):.0e}, so one step back multiplies by {per_step:.2f}")

# %%
widgets.reveal(
    guess_line,
    "it falls in nearly a straight line",
    "A straight line on a logarithmic axis means: the same factor at every step, here 0.56. "
    "Fifty of them leave about 3e-13.",
)

# %% [markdown]
r"""
**Explain it to yourself.** A factor below one *vanishes*, a factor above one *explodes*, and both do it exponentially. There is exactly one harmless
factor, and it is $1$.

## 3 · All steps at once: the product

Instead of carrying one gradient back, multiply the Jacobians themselves. The derivative of the last state with respect to the first is

$$\frac{\partial h_T}{\partial h_0} = J_T\, J_{T-1} \cdots J_2\, J_1$$

The step that acts first stands on the **right**: it meets the vector first. Matrices do not commute, so the order matters.

**On paper.** $J_1 = \begin{pmatrix}0 & 1\\ 0 & 0\end{pmatrix}$ and $J_2 = \begin{pmatrix}1 & 0\\ 2 & 0\end{pmatrix}$ give $J_2 J_1 = \begin{pmatrix}0 & 1\\ 0 & 2\end{pmatrix}$.
(The other order would give $\begin{pmatrix}2 & 0\\ 0 & 0\end{pmatrix}$.)
"""

# %% [markdown]
r"""
### Not all directions are equal

A matrix stretches some directions more than others. How much, its **singular values** say: it turns a ball of radius 1 into an ellipsoid, and the singular
values are the half-axes, from the largest, $\sigma_{\max}$, to the smallest. `np.linalg.svd(M, compute_uv=False)` lists them. Here are those of the product over
more and more steps, for a network without input, close to rest. (Below about $10^{-15}$ of the largest there is only rounding noise, and the curves end.)
"""

# %%
rng = np.random.default_rng(5)
U = 1.1 * training.glorot(rng, units, units)
states = run(
    np.zeros((20, 1, 1)),
    0.1 * rng.normal(size=(1, units)),
    np.zeros((units, 1)),
    U,
    np.zeros(units),
)
jacobians = np.array([step_jacobian(h, U) for h in states])
through, stretch = np.eye(units), []
for J in jacobians[:, 0]:
    through = J @ through  # the newest step stands on the left
    stretch.append(np.linalg.svd(through, compute_uv=False))
stretch = np.array(stretch)
plots.show(
    drawings.singular_values(stretch),
    "Sixteen curves over twenty steps on a logarithmic axis: the largest rises a little above 1,"
    " most others fall, the smallest by more than ten powers of ten.",
)
print(
    "after 20 steps:",
    ", ".join(f"{value:.0e}" for value in stretch[-1][[0, 1, 2, 4, 8]]),
    "(five of the sixteen)",
)

# %% [markdown]
r"""
Even where *something* survives, it survives in a few directions only: with random weights a long product flattens the ball into a needle. To keep every
direction alive, every singular value would have to be alike. That can be arranged.

## 4 · Choose the factor

A matrix whose singular values are all $1$ is called **orthogonal**: it turns and mirrors vectors but keeps their length. Multiply it by a number $\rho$ (rho), and every
direction is stretched by exactly $\rho$. With such a $U$, one step back multiplies by $\rho$ and by slopes, and by nothing else.

Where does an orthogonal matrix come from? From any random one: `orthogonal(A)`, in the set-up cell, is the orthogonal matrix that lies nearest to $A$.
(The optional section at the end finds it in one go.)
"""

# %% [markdown]
r"""
### Four values of rho

Now the experiment this unit is named for: 64 units, no input, an initial state of small random numbers, an orthogonal $U$ times $\rho$. A gradient of norm 1 starts
at the last state and walks back 50 steps.
"""

# %%
guess_rho = widgets.predict(
    "How much of it is left at distance 50 when rho is 0.9?",
    ["about 0.9", "about 0.5", "about 0.005", "about 1e-15"],
)

# %%
def gradient_walk(rho, T=50, squash="tanh", loudness=0.0, units=64, batch=16, seed=0):
    """Norms by distance (T + 1, batch), states and U of a new network; loudness: size of W x."""
    rng = np.random.default_rng(seed)
    U = rho * orthogonal(rng.normal(size=(units, units)))
    h = 0.25 * rng.normal(size=(batch, units))
    states, jacobians = [], []
    for _ in range(T):
        a = h @ U.T + loudness * rng.normal(size=h.shape)
        h = np.tanh(a) if squash == "tanh" else np.maximum(a, 0)
        states.append(h)
        # relu has slope 1 where it lets through and 0 where it does not
        jacobians.append(step_jacobian(h, U) if squash == "tanh" else (h > 0)[:, :, None] * U)
    wish = rng.normal(size=h.shape)
    wish /= np.linalg.norm(wish, axis=1, keepdims=True)
    return state_gradient_norms(wish, np.array(jacobians)), np.array(states), U


rhos = (0.5, 0.9, 1.0, 1.5)
walks = {rho: gradient_walk(rho) for rho in rhos}
plots.show(
    drawings.decay({f"rho = {rho:g}": walks[rho][0] for rho in rhos}, "tanh, 64 units, no input"),
    "Four curves from 1 at distance 0: rho 0.5 falls straight to 1e-15, rho 0.9 to about 4e-3, "
    "rho 1 sags to about 0.4, and rho 1.5 rises to a few tens, most of it at the far end.",
)
print("rho   at distance 50")
for rho in rhos:
    print(f"{rho:<5g} {np.median(walks[rho][0][50]):.1e}")

# %%
widgets.reveal(
    guess_rho,
    "about 0.005",
    "0.9 to the power of 50 is 0.0052, and the slopes of tanh take a little more. With 0.5 it is"
    " a number that a float can hardly add to 1.",
)

# %% [markdown]
r"""
**Explain.** The two small values do what powers do: $0.5^{50} \approx 10^{-15}$ and $0.9^{50} \approx 5 \cdot 10^{-3}$. At $\rho = 1$ the matrix is harmless and only the slopes, a little below one, eat. And
$\rho = 1.5$? Its power would be $6 \cdot 10^{8}$. But the weights that lengthen gradients also drive the state up, the units saturate, and their slopes push back. A tanh network has a brake. You can see where it acts: most of the growth is at the far end, in the first steps, when the state was
still small.

### The same with relu

Relu, $\max(0, a)$, has slope 1 or 0. No brake: states may grow without bounds. Is it the better choice, then?
"""

# %%
guess_relu = widgets.predict(
    "rho = 1 and relu in place of tanh: how much is left at distance 50?",
    [
        "all of it: the slope is 1",
        "about half",
        "less than a thousandth: half of the units let nothing through",
    ],
)

# %%
relu = {rho: gradient_walk(rho, squash="relu")[0] for rho in rhos}
plots.show(
    drawings.decay({f"rho = {rho:g}": relu[rho] for rho in rhos}, "relu, 64 units, no input"),
    "Four curves on a logarithmic axis: for relu rho 0.5, 0.9 and 1 all fall, rho 1 to about "
    "1e-5, and rho 1.5 grows to above a thousand.",
)
print("rho   at distance 50")
for rho in rhos:
    print(f"{rho:<5g} {np.median(relu[rho][50]):.1e}")

# %%
widgets.reveal(
    guess_relu,
    "less than a thousandth: half of the units let nothing through",
    "With half of the rows of U gone, a step back keeps about 1 / sqrt(2) of the length; fifty of "
    "those are 3e-8. Other seeds give 2e-8 to 1e-5. And no brake stops what grows.",
)

# %% [markdown]
r"""
### Your own network

Move the sliders. **Loudness** is how large the input is, as it arrives at the units. Three things to try:

1. tanh, $\rho = 1$, and more and more loudness. Which part of the Jacobian does the input change?
2. tanh, $\rho = 1.5$: is there a loudness at which the gradient neither dies nor explodes? Would it stay so for another $T$?
3. relu: find the $\rho$ at which the curve is flat. How finely must you tune it?
"""

# %%
def draw_walk(rho, T, squash, loudness):
    norms, *_ = gradient_walk(rho, T, squash, loudness)
    left = f"{np.median(norms[-1]):.0e} left at distance {T}"
    title = f"{squash}, rho = {rho:g}, loudness {loudness:g}: {left}"
    return drawings.decay(
        {"median of 16 sequences, and their range": norms}, title, ylim=(1e-16, 1e8)
    )


_ = widgets.explore(
    draw_walk,
    "The norm of the gradient against distance on a logarithmic axis, up to distance {T}, for "
    "{squash} with rho {rho:g} and loudness {loudness:g}.",
    rho=ipywidgets.FloatSlider(0.9, min=0.3, max=2.0, step=0.05, description="rho"),
    T=ipywidgets.IntSlider(50, min=5, max=100, step=5, description="steps T"),
    squash=ipywidgets.Dropdown(options=["tanh", "relu"], description="squashing"),
    loudness=ipywidgets.FloatSlider(0.0, min=0.0, max=2.0, step=0.1, description="loudness"),
)

# %% [markdown]
r"""
So the table above is about a *quiet* network. A loud input saturates units, and every saturated unit is a slope near zero. At $\rho = 1$ a loudness of 0.5 leaves about $10^{-6}$, and a loudness of 2 about $10^{-16}$; at a loudness of 1 even $\rho = 1.5$ vanishes. There is no $\rho$ that is right for every input.

## 5 · A bound

Can we be *sure* that a gradient vanishes, without measuring? One step back does two things to a gradient: it multiplies by slopes, at most by the largest of them; and it
multiplies by $U^\top$, which stretches at most by the largest singular value. So

$$\lVert \nabla_{h_t} L \rVert \;\le\; \underbrace{\sigma_{\max}(U)\, \max_i\, (1 - h_{t+1, i}^2)}_{\text{this step's factor}}\; \lVert \nabla_{h_{t+1}} L \rVert$$

and over several steps the factors multiply.

**On paper.** $U = \begin{pmatrix}0 & 2\\ 0 & 0\end{pmatrix}$ has $\sigma_{\max} = 2$: it takes $(0, 1)$ to $(2, 0)$. (Its eigenvalues are both 0! For how far a matrix can stretch in
one go, singular values count.) Let the states of two steps be $(0.5, -0.5)$ and then $(0, 0.5)$. The largest slopes are $0.75$ and $1$, so the factors are $1.5$ and $2$. Seen from the last state:
$1$ at distance 0, $2$ at distance 1, $3$ at distance 2.
"""

# %% grade_id="gradient_bound_solution" solution=true
from autograder.reference.gradients import gradient_bound

# %% grade_id="gradient_bound" grade=true points=4
with checks.exercise("gradient_bound"):
    checks.expect_close(
        gradient_bound(np.array([[[0.5, -0.5]], [[0.0, 0.5]]]), np.array([[0.0, 2.0], [0.0, 0.0]])),
        [[1.0], [2.0], [3.0]],
        "the bounds worked on paper",
    )
    rng = np.random.default_rng(7)
    x, h0 = rng.normal(size=(4, 2, 3)), rng.uniform(-1, 1, size=(2, 5))
    W, U, b = rng.normal(size=(5, 3)), 0.6 * rng.normal(size=(5, 5)), rng.normal(size=5)
    states = run(x, h0, W, U, b)
    with checks.unchanged(states=states, U=U):
        bounds = gradient_bound(states, U)
    checks.expect_shape(
        bounds, (5, 2), "the bounds for 4 steps and 2 examples, which are T + 1 = 5 to an example"
    )
    for _ in range(20):
        wish = rng.normal(size=(2, 5))
        measured = checks.numeric_gradient(
            lambda h, wish=wish: float(np.sum(wish * run(x, h, W, U, b)[-1])), h0
        )
        gain = np.linalg.norm(measured, axis=1) / np.linalg.norm(wish, axis=1)
        checks.expect(
            np.all(gain <= np.asarray(bounds)[4] + 1e-6),
            f"a gradient was lengthened by {gain.max():.3g} over 4 steps, but your bounds at "
            f"distance 4 are {checks.shown(np.asarray(bounds)[4])}: nothing may exceed a bound.",
        )
    checks.expect_close(
        gradient_bound(states, 2 * U)[:, 0] / np.asarray(bounds)[:, 0],
        2.0 ** np.arange(5),
        "how the bounds grow by distance when U is doubled",
    )

# %%
guess_bound = widgets.predict(
    "For rho = 1.5 the bound lets a gradient grow at every step. How near does the measured "
    "gradient come to it at distance 50?",
    ["it reaches it", "within a factor of ten", "it stays far below, by more than a thousand"],
)

# %%
shown = (0.5, 0.9, 1.5)
plots.show(
    drawings.decay(
        {f"rho = {rho:g}": walks[rho][0] for rho in shown},
        "Measured (lines) and proved (dashes)",
        bounds={f"rho = {rho:g}": gradient_bound(*walks[rho][1:]) for rho in shown},
    ),
    "For rho 0.5 and 0.9 the dashed bounds lie close above the measured lines; for rho 1.5 "
    "the bound climbs far above the measured line.",
)
print("rho   measured   bound at distance 50")
for rho in shown:
    proved = np.median(gradient_bound(*walks[rho][1:])[50])
    print(f"{rho:<5g} {np.median(walks[rho][0][50]):<10.1e} {proved:.1e}")

# %%
widgets.reveal(
    guess_bound,
    "it stays far below, by more than a thousand",
    "The bound takes the largest slope at each step, as if every unit had it; in a network that "
    "saturates, most have far less.",
)

# %% [markdown]
r"""
**Explain.** The bound is a one-way street. Since no slope exceeds 1, $\sigma_{\max}(U) < 1$ is *enough* to know that gradients vanish. $\sigma_{\max}(U) > 1$ is *needed* for an explosion, but not enough for one.

## 6 · Too long: clip

Exploding is the easier illness: one sees it, and there is a cure. Below, one unit without input, $h_{t+1} = \tanh(u\, h_t - 0.1)$, starts at $0.2$ and runs for only 12 steps; the loss wants the last state at $-0.9$. The
only weight is $u$. With a smaller $u$ the state falls to the negative side; with a larger, it climbs to the positive. In between, around $u = 1.5$, it stays for long on the edge, where each step back multiplies by $u\,(1 - h^2) \approx 1.45$. Twelve of
those are $1.45^{12} \approx 86$: the loss is a **wall**.
"""

# %%
def wall(u):
    """The loss of one unit after 12 steps."""
    h = 0.2
    for _ in range(12):
        h = np.tanh(u * h - 0.1)
    return float((h + 0.9) ** 2)


def downhill(threshold, u=1.52, rate=0.1, steps=6):
    """Gradient descent on the wall, clipped to a threshold: a list of (weight, loss)."""
    walk = [(u, wall(u))]
    for _ in range(steps):
        slope = float(checks.numeric_gradient(wall, np.array(u)))
        u -= rate * np.sign(slope) * min(abs(slope), threshold)
        walk.append((u, wall(u)))
    return walk


weights = np.linspace(1.2, 1.8, 1201)
walked = {"as it is": downhill(np.inf), "clipped to 0.5": downhill(0.5)}
plots.show(
    drawings.cliff(
        weights, [wall(u) for u in weights], walked, "One unit, 12 steps: a wall in the loss"
    ),
    "A loss that is flat and low up to a weight of about 1.45, then climbs steeply. The "
    "unclipped walk leaves the picture to the left in one step; the clipped walk comes down at "
    "the foot of the wall.",
)
for name, walk in walked.items():
    print(f"{name:15s}", " -> ".join(f"{u:.2f}" for u, _ in walk))

# %% [markdown]
r"""
At $u = 1.52$ the gradient is about 72. Followed as it is, it throws the weight to $-5.65$, far away from everything. Its *direction* was right; only its length was absurd. So keep the direction and
shorten it, whenever it is longer than some threshold. With many weights in several arrays, "the gradient" is **all of them together**, one long vector:

$$n = \sqrt{\sum_k \lVert g_k \rVert^2}, \qquad g_k \leftarrow g_k \cdot \frac{\text{threshold}}{n} \quad\text{if } n > \text{threshold, and untouched otherwise}$$

**On paper.** $g_1 = (3, 0)$ and $g_2 = (4)$ have $n = 5$. With threshold 1 they become $(0.6, 0)$ and $(0.8)$; with threshold 10 they stay.

**Your turn.** Mind a gradient of zeros: nothing may be divided by zero.
"""

# %% grade_id="clip_by_global_norm_solution" solution=true
from autograder.reference.gradients import clip_by_global_norm

# %% grade_id="clip_by_global_norm" grade=true points=4
with checks.exercise("clip_by_global_norm"):
    pair = {"first": np.array([3.0, 0.0]), "second": np.array([4.0])}
    with checks.unchanged(**pair):
        clipped = clip_by_global_norm(pair, 1.0)
    checks.expect(
        isinstance(clipped, dict) and set(clipped) == {"first", "second"},
        "the result should be a dict with the same names, but your function returned "
        f"{checks.shown(clipped)}.",
    )
    checks.expect_close(clipped["first"], [0.6, 0.0], "the first array, worked on paper")
    checks.expect_close(clipped["second"], [0.8], "the second array, worked on paper")
    kept = clip_by_global_norm(pair, 10.0)
    checks.expect_close(
        kept["first"],
        [3.0, 0.0],
        "the first array under a threshold of 10, which should leave it alone",
    )
    with checks.no_overflow():
        nothing = clip_by_global_norm({"b": np.zeros(2)}, 1.0)
    checks.expect_close(nothing["b"], [0.0, 0.0], "a gradient of zeros")
    if torch := checks.torch_or_none():
        rng = np.random.default_rng(8)
        arrays = {"W": 30 * rng.normal(size=(3, 2)), "b": 30 * rng.normal(size=3)}
        theirs = [
            torch.zeros(g.shape, dtype=torch.float64, requires_grad=True) for g in arrays.values()
        ]
        for parameter, g in zip(theirs, arrays.values(), strict=True):
            parameter.grad = torch.tensor(g)
        torch.nn.utils.clip_grad_norm_(theirs, 5.0)
        for (name, g), parameter in zip(
            clip_by_global_norm(arrays, 5.0).items(), theirs, strict=True
        ):
            checks.expect_close(g, parameter.grad.numpy(), f"{name} as torch clips it", 1e-5)

# %% [markdown]
r"""
Why all together, and not each number on its own? Because that would bend the direction:
"""

# %%
plane = np.array([4.0, 0.8])
shortened = clip_by_global_norm({"both": plane}, 1.0)["both"]
plots.show(
    drawings.two_clips(plane, shortened, np.clip(plane, -1.0, 1.0), threshold=1.0),
    "A long grey arrow; a short blue one in the same direction, ending on a circle; a red one "
    "that points elsewhere, more steeply upwards, and is longer than the threshold.",
)

# %% [markdown]
r"""
## 7 · Too far: cut into pieces

A text of a million letters cannot be unrolled in one piece: every state would have to be kept for the way back. **Truncated** backpropagation cuts the sequence into pieces of $k$ steps. The *state* runs on across a cut.
The *gradient* stops there.
"""

# %%
plots.show(
    drawings.pieces(8, 3),
    "Eight states in a row joined by arrows to the right; arrows back to the left join them too,"
    " except across two cuts, after the third and after the sixth state.",
)

# %% [markdown]
r"""
Two things to get right: at the start of a piece the old state is the **last state of the piece before**, not zero. And the weights are shared by all pieces, so their gradients are still summed over **all** steps.

**On paper.** One unit, $U = 1$, all states $0.5$ (so every slope is $0.75$), all inputs $1$, four steps, and a loss that looks at the last state only, with gradient 1. With $k = 2$: the last step gets $0.75$, the one before $0.75^2 = 0.5625$, and
then comes the cut. So $db = 0.75 + 0.5625 = 1.3125$. Uncut it would be $0.75 + 0.75^2 + 0.75^3 + 0.75^4 \approx 2.05$.

**Your turn.** You have written the uncut version in unit 02: at every step, what arrives at a state is its direct gradient plus what the next step hands back. Now something has to happen at the borders.
"""

# %% grade_id="truncated_backward_solution" solution=true
from autograder.reference.gradients import truncated_backward

# %% grade_id="truncated_backward" grade=true points=6
with checks.exercise("truncated_backward"):
    one = np.array([[1.0]])
    last_only = np.array([0.0, 0.0, 0.0, 1.0]).reshape(4, 1, 1)
    halves = np.full((4, 1, 1), 0.5)
    for k, wanted in ((2, 1.3125), (4, 2.05078125), (1, 0.75)):
        dW, dU, db = truncated_backward(
            last_only, np.ones((4, 1, 1)), 0.5 * one, halves, one, one, k
        )
        checks.expect_close(db, [wanted], f"db of the example on paper, in pieces of {k}")
        checks.expect_close(dU, [[wanted / 2]], f"dU of the example on paper, in pieces of {k}")
    rng = np.random.default_rng(9)
    x, h0, direct = (
        rng.normal(size=(5, 2, 3)),
        rng.uniform(-1, 1, size=(2, 4)),
        rng.normal(size=(5, 2, 4)),
    )
    W, U, b = 0.5 * rng.normal(size=(4, 3)), 0.5 * rng.normal(size=(4, 4)), rng.normal(size=4)
    states = run(x, h0, W, U, b)

    def wish(W, U, b):  # pieces of 2 steps, each started from a state that is held fixed
        starts = [(0, h0), (2, states[1]), (4, states[3])]
        return sum(
            float(np.sum(direct[s : s + 2] * run(x[s : s + 2], h, W, U, b))) for s, h in starts
        )

    with checks.unchanged(dstates=direct, x=x, h0=h0, states=states):
        gradients = truncated_backward(direct, x, h0, states, W, U, 2)
    checks.expect_gradients(gradients, wish, {"W": W, "U": U, "b": b})

# %% [markdown]
r"""
### What a cut costs

Delayed recall again: echo the symbol of 4 steps ago. Train the same network with pieces of different lengths.
"""

# %%
guess_piece = widgets.predict(
    "The symbol to be echoed is 4 steps back. Pieces of which length k are enough to learn it?",
    ["even 1: the state carries the symbol across", "4", "more than 4"],
)

# %%
def echo(k):
    """The loss of delayed recall and its gradients, cut every k steps."""

    def loss_and_gradients(x, targets, params):
        W, U, b, V, c = (params[name] for name in "WUbVc")
        start = np.zeros((x.shape[1], len(b)))
        states = run(x, start, W, U, b)
        read = states[-len(targets) :]
        scores = np.exp(read @ V.T + c)
        p, right = scores / scores.sum(axis=-1, keepdims=True), np.eye(len(c))[targets]
        wanted = (p - right) / targets.size
        direct = np.zeros(states.shape)
        direct[-len(targets) :] = wanted @ V
        dW, dU, db = truncated_backward(direct, x, start, states, W, U, k)
        dV, dc = np.einsum("kbs,kbh->sh", wanted, read), wanted.sum(axis=(0, 1))
        return -np.mean(np.log((p * right).sum(axis=-1))), {
            "W": dW,
            "U": dU,
            "b": db,
            "V": dV,
            "c": dc,
        }

    return loss_and_gradients


def recall(k, seed, delay=4, steps=20, units=16):
    """Train one network in pieces of k steps; the share of right answers on new sequences."""
    rng = np.random.default_rng(seed)
    params = {
        "W": training.glorot(rng, units, 4),
        "U": training.glorot(rng, units, units),
        "b": np.zeros(units),
        "V": training.glorot(rng, 4, units),
        "c": np.zeros(4),
    }
    training.train(
        echo(k),
        params,
        lambda step: data.delayed_recall(rng, steps, 32, 4, delay),
        400,
        name=f"pieces of {k}, seed {seed}",
        keep_bar=False,
    )
    x, targets = data.delayed_recall(np.random.default_rng(12), steps, 200, 4, delay)
    states = run(x, np.zeros((200, units)), params["W"], params["U"], params["b"])
    return float(np.mean((states[delay:] @ params["V"].T + params["c"]).argmax(axis=-1) == targets))


shares = {k: [recall(k, seed) for seed in range(3)] for k in (1, 2, 4, 5, 6, 8, 20)}
for k, found in shares.items():
    seeds = ", ".join(f"{share:.0%}" for share in found)
    print(f"pieces of {k:2d}: right {np.mean(found):4.0%} of the time ({seeds})")

# %%
widgets.reveal(
    guess_piece,
    "more than 4",
    "With k = 4 the symbol always lies in an earlier piece than its answer, so no gradient ever "
    "connects the two. From k = 5 on some do.",
)

# %% [markdown]
r"""
**Explain.** The state does carry the symbol across a cut, and with short pieces the read-out makes a little of that, by luck: guessing is right 25% of the time, and you see somewhat more. But nobody ever tells the network *to* carry it. Truncation is a
deliberate vanishing: it is cheap, and it makes the network blind beyond $k$ steps.

## 8 · No big deal: a state that copies itself

Clipping mends explosions. Nothing so far mends vanishing: whatever lengthens the faint part of a gradient that comes from far away lengthens the loud part from nearby as well. What we need is a step whose own factor is **one**. Which step is that? The simplest step of all:
$h_{t+1} = h_t$. Its Jacobian is the identity, $I$; a hundred of them are still $I$. If the state just copied itself, the long way back would be no big deal.

A pure copy never learns anything new. So mix: keep most of the old state, and let a little of the new in.

$$h_{t+1} = (1 - \alpha)\, h_t + \alpha \tanh(W x_{t+1} + U h_t + b)$$

This is a **leaky** unit, with $\alpha$ between 0 and 1: at $\alpha = 1$ the Elman network, at $\alpha = 0$ the copy. Its Jacobian is the same mixture,

$$\frac{\partial h_{t+1}}{\partial h_t} = (1 - \alpha)\, I + \alpha\; \text{diag}(1 - \tilde h^2)\, U, \qquad \tilde h = \tanh(W x_{t+1} + U h_t + b)$$

and it tends to $I$ as $\alpha \to 0$.

**On paper.** The example of unit 01: $W = 0.5$, $U = 1$, $b = 0$, $h = 0.5$, $x = 1$, so $\tilde h = \tanh(1) \approx 0.7616$. With $\alpha = \tfrac14$ the new state is $0.75 \cdot 0.5 + 0.25 \cdot 0.7616 \approx 0.5654$.

**Your turn.** Let $\alpha$ be a number, or an array with one number for each unit: the same line of code does both.
"""

# %% grade_id="leaky_step_solution" solution=true
from autograder.reference.gradients import leaky_step

# %% grade_id="leaky_step" grade=true points=3
with checks.exercise("leaky_step"):
    one = np.array([[1.0]])
    checks.expect_close(
        leaky_step(one, 0.5 * one, 0.25, 0.5 * one, one, np.zeros(1)),
        [[0.565399]],
        "the new state worked on paper",
        1e-6,
    )
    rng = np.random.default_rng(10)
    x, h = rng.normal(size=(2, 3)), rng.uniform(-1, 1, size=(2, 4))
    W, U, b = rng.normal(size=(4, 3)), rng.normal(size=(4, 4)), rng.normal(size=4)
    with checks.unchanged(x=x, h=h, W=W, U=U, b=b):
        new = leaky_step(x, h, 0.3, W, U, b)
    checks.expect_shape(new, (2, 4), "the new state of 2 examples and 4 units")
    checks.expect_close(
        leaky_step(x, h, 1.0, W, U, b), run(x[None], h, W, U, b)[0], "the step with alpha = 1"
    )
    checks.expect_close(
        leaky_step(x, h, 0.0, W, U, b), h, "the step with alpha = 0, which copies the state"
    )
    checks.expect_close(
        leaky_step(x, h, np.array([0.0, 0.3, 0.3, 0.3]), W, U, b)[:, 1:],
        np.asarray(new)[:, 1:],
        "the step with an alpha for each unit, for the three units with 0.3",
    )
    for i in range(4):
        row = checks.numeric_gradient(
            lambda h, i=i: leaky_step(x[:1], h[None], 1e-3, W, U, b)[0, i], h[0]
        )
        checks.expect(
            np.abs(row - np.eye(4)[i]).max() < 0.01,
            f"with alpha = 0.001 row {i} of the step's Jacobian should be nearly that of the "
            f"identity, but small steps of h measure {checks.shown(row)}.",
        )

# %% [markdown]
r"""
### Watch the identity appear
"""

# %%
def leaky_walk(alpha, rho, T=50, units=64, batch=16, seed=0):
    """Norms by distance (T + 1, batch) and Jacobians of a leaky network with random inputs."""
    rng = np.random.default_rng(seed)
    W, U = (
        training.glorot(rng, units, 8),
        rho * orthogonal(rng.normal(size=(units, units))),
    )
    h, b, jacobians = 0.25 * rng.normal(size=(batch, units)), np.zeros(units), []
    for x in rng.normal(size=(T, batch, 8)):
        candidate = leaky_step(x, h, 1.0, W, U, b)
        jacobians.append((1 - alpha) * np.eye(units) + alpha * step_jacobian(candidate, U))
        h = leaky_step(x, h, alpha, W, U, b)
    wish = rng.normal(size=h.shape)
    wish /= np.linalg.norm(wish, axis=1, keepdims=True)
    return state_gradient_norms(wish, np.array(jacobians)), np.array(jacobians)


alphas = (1.0, 0.3, 0.1, 0.01)
plots.show(
    drawings.matrices(
        {f"alpha = {alpha:g}": leaky_walk(alpha, 0.9, T=1, units=12)[1][0, 0] for alpha in alphas},
        "The Jacobian of one leaky step, 12 units",
        "",
    ),
    "Four heat maps: at alpha 1 a random pattern; as alpha falls, a diagonal grows out of it; at"
    " alpha 0.01 only the diagonal is left.",
)

# %%
guess_leak = widgets.predict(
    "rho = 0.9 and loud inputs, which leave the Elman network about 1e-12 at distance 50. And a "
    "leaky one with alpha = 0.01?",
    ["about 1e-10", "about 1e-3", "more than a half"],
)

# %%
leaky = {f"alpha = {alpha:g}": leaky_walk(alpha, 0.9)[0] for alpha in alphas}
plots.show(
    drawings.decay(leaky, "A leaky network, rho = 0.9, loud inputs"),
    "Four falling lines on a logarithmic axis; the smaller alpha, the flatter; at alpha 0.01 the"
    " line is nearly level.",
)
for name, norms in leaky.items():
    print(f"{name:13s} {np.median(norms[50]):.1e} left at distance 50")

# %%
widgets.reveal(
    guess_leak,
    "more than a half",
    "The copy alone hands back 1 - alpha = 0.99 of the gradient at every step, and 0.99 to the "
    "power of 50 is 0.6.",
)

# %% [markdown]
r"""
Try it against every $\rho$. Is there one that a small $\alpha$ does not tame?
"""

# %%
def draw_leaky(alpha, rho):
    norms = leaky_walk(alpha, rho)[0]
    title = f"alpha = {alpha:.3g}, rho = {rho:g}: {np.median(norms[-1]):.1e} left at distance 50"
    return drawings.decay(
        {"median of 16 sequences, and their range": norms}, title, ylim=(1e-16, 1e4)
    )


_ = widgets.explore(
    draw_leaky,
    "The norm of the gradient of a leaky network against distance, for alpha {alpha:.3g} and rho"
    " {rho:g}.",
    alpha=ipywidgets.FloatLogSlider(0.1, min=-3, max=0, step=0.1, description="alpha"),
    rho=ipywidgets.FloatSlider(0.9, min=0.3, max=2.0, step=0.05, description="rho"),
)

# %% [markdown]
r"""
**And the price?** What keeps the gradient also keeps the state. With $\alpha = 0.01$ a new input enters at a hundredth of its weight, and whatever is in the state fades at the same rate, wanted or not. A leaky unit remembers *everything* slowly and
*nothing* sharply. Its $\alpha$ is a **gate that is a constant**: open by the same crack, whatever comes.

The copy was the right idea. What is missing is a choice: open when something important arrives, shut while it has to be kept. That is, an $\alpha$ for each unit and each step, *computed from what is seen*. The rest of this course is about that one idea.

**Your turn, in words.** This answer is read and graded by a person.

In three to six sentences: from your own figures, which numbers show that vanishing comes from a product and not from one bad step? Why does no single constant $\alpha$ serve both a symbol that must be kept for 50 steps and one that must be taken in at
once? And what would you let $\alpha$ depend on?

*How it is graded:* 1 point for numbers of yours that tell a product from a single bad step; 1 point for what a constant $\alpha$ must fail at, for both
kinds of symbol; 1 point for what $\alpha$ depends on, and what that makes it do.
"""

# %% [markdown] grade_id="why_a_gate" grade=true solution=true points=3
r"""
YOUR ANSWER HERE
"""

# %% [markdown]
r"""
## Optional: extra credit

Nothing later builds on this section. Take it when you have time left, or never.

### The product of the Jacobians

Section 3 multiplied the Jacobians of many steps: $\partial h_T / \partial h_0 = J_T \cdots J_2\, J_1$. Write it for a whole batch. The example on paper stands there.
"""

# %% grade_id="jacobian_product_solution" solution=true
from autograder.reference.gradients import jacobian_product

# %% grade_id="jacobian_product" grade=true points=3
with checks.exercise("jacobian_product"):
    first, second = np.array([[0.0, 1.0], [0.0, 0.0]]), np.array([[1.0, 0.0], [2.0, 0.0]])
    checks.expect_close(
        jacobian_product(np.array([[first], [second]])),
        [[[0.0, 1.0], [0.0, 2.0]]],
        "the product worked on paper",
    )
    rng = np.random.default_rng(4)
    x, h0 = rng.normal(size=(4, 2, 3)), rng.uniform(-1, 1, size=(2, 5))
    W, U, b = rng.normal(size=(5, 3)), 0.6 * rng.normal(size=(5, 5)), rng.normal(size=5)
    jacobians = measured_jacobians(x, h0, W, U, b)
    with checks.unchanged(jacobians=jacobians):
        product = jacobian_product(jacobians)
    checks.expect_shape(product, (2, 5, 5), "the products of 2 examples and 5 units")
    checks.expect_close(
        jacobian_product(jacobians[:1]), jacobians[0], "the product of a single step"
    )
    for i in range(5):
        checks.expect_gradient(
            product[1, i],
            lambda h, i=i: run(x[:, 1:], h[None], W, U, b)[-1, 0, i],
            h0[1],
            f"row {i} of the product for example 1",
        )

# %% [markdown]
r"""
### Every singular value alike

Section 4 asked for the orthogonal matrix nearest to $A$. The *singular value decomposition* takes a matrix apart into

$$A = P\; \text{diag}(s)\; Q^{\top}$$

with $P$ and $Q$ orthogonal and the singular values $s$ in between. Put $\rho$ in the place of every one of them, and you have the orthogonal matrix nearest to $A$, times $\rho$.
(Dividing $A$ by its largest singular value would be less: then only one direction is stretched by $\rho$, and all others fall behind.)

**On paper.** $A = \begin{pmatrix}0 & -2\\ 1 & 0\end{pmatrix}$ turns by a right angle and stretches by 2 and by 1. With $\rho = \tfrac12$ the turn stays and the stretch is $\tfrac12$ both ways:
$\begin{pmatrix}0 & -\tfrac12\\ \tfrac12 & 0\end{pmatrix}$.
"""

# %% grade_id="rescale_spectral_norm_solution" solution=true
from autograder.reference.gradients import rescale_spectral_norm

# %% grade_id="rescale_spectral_norm" grade=true points=3
with checks.exercise("rescale_spectral_norm"):
    checks.expect_close(
        rescale_spectral_norm(np.array([[0.0, -2.0], [1.0, 0.0]]), 0.5),
        [[0.0, -0.5], [0.5, 0.0]],
        "the matrix worked on paper",
    )
    A = np.random.default_rng(6).normal(size=(4, 4))
    with checks.unchanged(A=A):
        scaled = rescale_spectral_norm(A, 1.3)
    checks.expect_shape(scaled, (4, 4), "the rescaled matrix")
    checks.expect_close(
        np.linalg.svd(scaled, compute_uv=False),
        np.full(4, 1.3),
        "its singular values, for rho = 1.3",
    )
    checks.expect_close(
        rescale_spectral_norm(scaled, 1.3),
        scaled,
        "the result for a matrix whose singular values are rho already",
    )
    nearer = np.linalg.norm(A - scaled / 1.3) < np.linalg.norm(A - np.linalg.qr(A)[0])
    checks.expect(
        nearer,
        "there is an orthogonal matrix nearer to A than yours; use the P and the Q of A itself.",
    )

# %% [markdown]
r"""
## What to remember

- One step back multiplies a gradient by the transpose of $J = \text{diag}(1 - h_{t+1}^2)\, U$; many steps multiply by the product of all of them.
- At distance 50 an orthogonal $U$ times 0.5 leaves about $10^{-15}$, times 0.9 a few thousandths, times 1 some tenths, in a quiet network; times 1.5 it grows, until saturation brakes it.
- $\sigma_{\max}(U)$ times the largest slope is a bound: below one it proves vanishing, above one it proves nothing.
- Clip by the norm of all gradients together, and an explosion throws nothing far. Cutting into pieces is cheap, and blind beyond the cut.
- A factor of exactly one is harmless: a state that copies itself. The leaky step comes near it, but it cannot choose.

**Next:** unit 04, a cell whose gate does choose.

## Going further

- Y. Bengio, P. Simard and P. Frasconi (1994), *Learning long-term dependencies with gradient descent is difficult*, IEEE Transactions on Neural Networks. The trade-off between keeping and learning, stated early.
- R. Pascanu, T. Mikolov and Y. Bengio (2013), *On the difficulty of training recurrent neural networks*, ICML (arXiv 1211.5063). The bound of section 5, the wall of section 6, and clipping by the norm.
- R. J. Williams and J. Peng (1990), *An efficient gradient-based algorithm for on-line training of recurrent network trajectories*, Neural Computation. Cutting the way back.
- Q. V. Le, N. Jaitly and G. E. Hinton (2015), *A simple way to initialize recurrent networks of rectified linear units* (arXiv 1504.00941v2). Start relu with $U = I$: a copy to begin with.
- H. Jaeger, M. Lukoševičius, D. Popovici and U. Siewert (2007), *Optimization and applications of echo state networks with leaky-integrator neurons*, Neural Networks. Leaky units put to use.
- Try it: give every unit an $\alpha$ of its own, from 0.01 to 1, and look at the norms again. Which units carry the gradient?
"""
