# %% [markdown]
r"""
# Unit 01 · One line that remembers

*The dog that chased the cats ...* Is it *was* or *were*? To answer, you carry *dog* past *cats*. Speech, text, music and
measurements come one piece after another, and what the next piece means depends on what came before. How can a network with
a fixed number of weights read a sequence of any length, and remember?

A recurrent network reads one step at a time and keeps what it has read in a *state*. Everything it does fits into one line:

$$h_{t+1} = \tanh(W x_{t+1} + U h_t + b)$$

**After this unit you can**

- say what every letter of that line is, and what shape it has;
- write the network in a few lines of NumPy, for one step and for a whole sequence;
- see what its states remember of an input, and show that your network is the one in torch.

**Time:** about 75 minutes. **You need:** NumPy and matrix products; torch for the last section.

**How to work:** read, run the cells from top to bottom (Shift+Enter), and wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` by your code. The cell below it checks what you wrote and says what is wrong, if anything is.
Hidden checks with fresh numbers run when your notebook is graded; each check earns its own points.
"""

# %% setup=true
import numpy as np

from course import checks, plots, training, widgets

try:
    import torch
except ImportError:  # everything but the comparisons with torch works without it
    torch = None

# %% [markdown]
r"""
## 1 · Squashing with tanh

Recurrent networks squash numbers: whatever comes in, what goes out stays within bounds. The network of this unit squashes with
$\tanh$, which runs from $-1$ to $1$. So a state can be positive or negative, and zero means "nothing to report".

Look at one hidden unit that sees one number, $h = \tanh(w x + b)$. Its **slope** is $1 - h^2$: it says how much of a small change
in the input reaches the state. Keep that number in mind. It will decide, in unit 02, what the network can learn.
"""

# %%
guess_slope = widgets.predict(
    "The weight w grows from 1 to 8. For most inputs between -3 and 3, what happens to the slope?",
    ["it grows eightfold", "it stays as it is", "it falls to nearly zero"],
)

# %%
_ = widgets.squashing()

# %%
widgets.reveal(
    guess_slope,
    "it falls to nearly zero",
    "A large weight makes the curve steep in one place and flat everywhere else: the unit saturates.",
)

# %% [markdown]
r"""
## 2 · One step

Now the whole line: $h_{t+1} = \tanh(W x_{t+1} + U h_t + b)$.

| letter | what it is | shape |
|---|---|---|
| $x_{t+1}$ | the input that arrives now, $D$ numbers for each of $B$ examples | `(B, D)` |
| $h_t$ | the old state, $H$ units | `(B, H)` |
| $W$ | input weights: how each unit listens to the input | `(H, D)` |
| $U$ | recurrent weights: how each unit listens to the old state | `(H, H)` |
| $b$ | bias | `(H,)` |

The formula is written for **one** example, a column. In code we hold a whole batch, one example a **row**, so the product
$W x$ becomes `x @ W.T`, and $U h$ becomes `h @ U.T`. (This is how torch stores its weights, too. A text that writes
$W^\top x$ stores the transpose of ours.)
"""

# %%
plots.show(
    plots.draw_cell("rnn"),
    "The old state goes through U, the input through W; with the bias they are added, "
    "squashed by tanh, and become the new state.",
)

# %% [markdown]
r"""
Each part of the picture is a part of the equation. The recurrent part, $U h_t$, is what makes the network remember:
"""

# %%
plots.show(
    plots.draw_cell("rnn", highlight=("h", "U", "sum")),
    "The same picture with the path from the old state through U to the sum lit up: the term U h.",
)

# %% [markdown]
r"""
**On paper first.** One unit, one input: $W = 0.5$, $U = 1$, $b = 0$. The old state is $h = 0.5$ and the input is $x = 1$.
Then $W x + U h + b = 0.5 + 0.5 + 0 = 1$, and the new state is $\tanh(1) \approx 0.7616$.

Two units, to see who listens to whom: row $i$ of $U$ says what unit $i$ hears. Let the first unit hear the second, and the
second hear nobody:

$$U = \begin{pmatrix} 0 & 1 \\ 0 & 0 \end{pmatrix}, \qquad h = \begin{pmatrix} 0.3 \\ 0.5 \end{pmatrix}, \qquad
U h = \begin{pmatrix} 0.5 \\ 0 \end{pmatrix}.$$

Without input and bias the new state is $(\tanh 0.5, 0) \approx (0.4621, 0)$.

**Your turn.** Write one step, for a whole batch.
"""

# %% grade_id="rnn_step_solution" solution=true
from autograder.reference.rnn import rnn_step

# %% grade_id="rnn_step" grade=true points=3
with checks.exercise("rnn_step"):
    one = np.array([[1.0]])
    checks.expect_close(
        rnn_step(one, 0.5 * one, 0.5 * one, one, np.zeros(1)),
        [[0.761594]],
        "the new state worked on paper",
        1e-6,
    )
    hears_second, no_input, no_bias = (
        np.array([[0.0, 1.0], [0.0, 0.0]]),
        np.zeros((2, 1)),
        np.zeros(2),
    )
    checks.expect_close(
        rnn_step(one, np.array([[0.3, 0.5]]), no_input, hears_second, no_bias),
        [[0.462117, 0.0]],
        "the new state of two units, of which the first hears the second",
        1e-6,
    )
    rng = np.random.default_rng(1)
    x, h = rng.normal(size=(3, 4)), rng.uniform(-1, 1, size=(3, 5))
    W, U, b = rng.normal(size=(5, 4)), rng.normal(size=(5, 5)), rng.normal(size=5)
    with checks.unchanged(x=x, h=h, W=W, U=U, b=b):
        new = rnn_step(x, h, W, U, b)
    checks.expect_shape(new, (3, 5), "the new state of 3 examples and 5 units")
    checks.expect(
        np.abs(np.asarray(new)).max() <= 1,
        "tanh keeps every state between -1 and 1, but one of yours is outside.",
    )
    checks.expect_close(
        rnn_step(x[1:2], h[1:2], W, U, b),
        new[1:2],
        "the second example alone, which should give what it gives within the batch",
    )
    checks.expect_close(
        rnn_step(x, 0 * h, 0 * W, U, b),
        np.tile(np.tanh(b), (3, 1)),
        "the step without input and old state",
    )
    if torch := checks.torch_or_none():
        as_torch = (torch.tensor(array) for array in (x, h, W, U, b, 0 * b))
        checks.expect_close(
            new, torch.rnn_tanh_cell(*as_torch).numpy(), "torch's step with the same numbers"
        )

# %% [markdown]
r"""
## 3 · Many steps

A sequence is an array of shape `(T, B, D)`: time comes first. Starting from $h_0$, apply the same step with the same
weights again and again, and keep every state. Entry `t` of the result is the state *after* input `t`, so there are as many
states as inputs, and $h_0$ is not among them.

**On paper.** One unit with $W = 1$, $U = 1$, $b = 0$ and $h_0 = 0$ reads the sequence $1, 0$. After the first step
$h_1 = \tanh(1) \approx 0.7616$; after the second $h_2 = \tanh(0.7616) \approx 0.6420$. The input is gone, but the state
still remembers it. Drawn out in time, the same step stands there twice:
"""

# %%
plots.show(
    plots.unrolled(np.array([[0.0], [0.7616], [0.6420]]), ["1", "0"]),
    "Three states in a row, 0, 0.76 and 0.64, joined by arrows; the inputs 1 and 0 come in from below.",
)

# %% [markdown]
r"""
**Your turn.** Use your `rnn_step`. (If there is still a mistake in it, you lose no points here for that.)
"""

# %% grade_id="rnn_forward_solution" solution=true
from autograder.reference.rnn import rnn_forward

# %% grade_id="rnn_forward" grade=true points=4
with checks.exercise("rnn_forward"):
    one = np.array([[1.0]])
    worked = rnn_forward(np.array([[[1.0]], [[0.0]]]), 0 * one, one, one, np.zeros(1))
    checks.expect_close(
        worked, [[[0.761594]], [[0.642015]]], "the two states worked on paper", 1e-6
    )
    rng = np.random.default_rng(2)
    x, h0 = rng.normal(size=(6, 3, 2)), rng.uniform(-1, 1, size=(3, 4))
    W, U, b = rng.normal(size=(4, 2)), rng.normal(size=(4, 4)), rng.normal(size=4)
    with checks.unchanged(x=x, h0=h0):
        after = rnn_forward(x, h0, W, U, b)
    checks.expect_shape(after, (6, 3, 4), "all states of 6 steps, 3 examples and 4 units")
    checks.expect_close(
        after[0], rnn_step(x[0], h0, W, U, b), "the first state, one step from h0"
    )
    checks.expect_close(
        after[3:],
        rnn_forward(x[3:], after[2], W, U, b),
        "the second half, started from the state in the middle",
    )
    future = x.copy()
    future[4] = 9.0
    checks.expect_close(
        rnn_forward(future, h0, W, U, b)[:4],
        after[:4],
        "the first four states after the fifth input was changed: the past cannot depend on the future",
    )

# %% [markdown]
r"""
### See it remember

Two units read one pulse, a 1 followed by zeros. The first unit listens to itself with weight 1.2, the second with weight
$-0.9$.
"""

# %%
guess_pulse = widgets.predict(
    "The input is 1 once and 0 from then on. After five more steps, what do the two units show?",
    [
        "both are back at zero",
        "the first stays positive; the second changes its sign at every step and fades",
        "both stay where the pulse put them",
    ],
)

# %%
pulse = np.zeros((6, 1, 1))
pulse[0] = 1.0
listening = rnn_forward(
    pulse, np.zeros((1, 2)), np.array([[1.0], [1.0]]), np.diag([1.2, -0.9]), np.zeros(2)
)
_ = widgets.unrolling(
    np.concatenate([np.zeros((1, 2)), listening[:, 0]]),
    [f"{value:g}" for value in pulse[:, 0, 0]],
)

# %%
widgets.reveal(
    guess_pulse,
    "the first stays positive; the second changes its sign at every step and fades",
    "A recurrent weight above 1 holds a state against the pull of tanh; a negative one flips it "
    "every step; and anything of size below 1 fades.",
)

# %% [markdown]
r"""
**Explain it to yourself.** Near zero, tanh hardly squashes, so each step multiplies the state by the recurrent weight. If
that is smaller than 1 in size, the state fades. If it is larger, the state grows until tanh stops it: the first unit heads
for 0.66, whether the pulse was 1 or 2. It remembers *that* something came, and soon forgets how large it was.

Here is a larger network, with random weights, that reads the same pulse; one row a unit. Some units are back near zero
within a few steps, others keep flipping their sign, a little weaker each time:
"""

# %%
rng = np.random.default_rng(3)
units = 12
wide = rnn_forward(
    np.pad(pulse, ((0, 18), (0, 0), (0, 0))),
    np.zeros((1, units)),
    rng.normal(size=(units, 1)),
    training.glorot(rng, units, units),
    np.zeros(units),
)
plots.show(
    plots.states_over_time(wide[:, 0], "Twelve units after one pulse at step 0"),
    "A heat map: strong colours at step 0; afterwards some rows fade, others alternate between blue and red.",
)

# %% [markdown]
r"""
**Your turn, in words.** This answer is read and graded by a person.

In three to six sentences: which number decides how long one of the two units remembers the pulse, and what in the figure shows it? What does
the unit that holds its state no longer know about the pulse? And what would a unit need that should keep a symbol for a hundred steps,
yet take in a new one when it comes?

*How it is graded:* 1 point for the number and what in the figure shows it; 1 point for what is lost although the state is held; 1 point for
what such a unit would need, with a reason.
"""

# %% [markdown] grade_id="what_a_state_keeps" grade=true solution=true points=3
r"""
YOUR ANSWER HERE
"""

# %% [markdown]
r"""
## 4 · The same network in torch

Is what you wrote the thing that everybody calls an RNN? torch has one, and it should give the same numbers to the last digits, once it
has your weights. It stores `weight_ih_l0` $= W$ and `weight_hh_l0` $= U$, as we do, but has **two** biases, which it adds. Fill them so
that their sum is $b$.

(torch computes in float32 unless told otherwise; ask for `dtype=torch.float64`. Assign inside `with torch.no_grad():`, since you are
setting weights, not training them.)
"""

# %% grade_id="load_into_torch_rnn_solution" solution=true
from autograder.reference.rnn import load_into_torch_rnn

# %% grade_id="load_into_torch_rnn" grade=true points=3
with checks.exercise("load_into_torch_rnn"):
    if torch := checks.torch_or_none():
        rng = np.random.default_rng(8)
        x, h0 = rng.normal(size=(5, 2, 3)), rng.uniform(-1, 1, size=(2, 4))
        W, U, b = rng.normal(size=(4, 3)), rng.normal(size=(4, 4)), rng.normal(size=4)
        theirs = load_into_torch_rnn(W, U, b)
        checks.expect(
            isinstance(theirs, torch.nn.RNN),
            f"your function should return a torch.nn.RNN, but it returned {checks.shown(theirs)}.",
        )
        checks.expect(
            theirs.weight_ih_l0.dtype == torch.float64,
            "your network computes in float32; ask for dtype=torch.float64.",
        )
        with torch.no_grad():
            output, _ = theirs(torch.tensor(x), torch.tensor(h0)[None])
        checks.expect_close(
            output.numpy(),
            rnn_forward(x, h0, W, U, b),
            "torch's states with your weights in it, against those of your rnn_forward",
            1e-12,
        )

# %% [markdown]
r"""
## What to remember

- A recurrent network is one line, $h_{t+1} = \tanh(W x_{t+1} + U h_t + b)$, applied again and again with the same weights.
- In code a batch holds one example per row, so $W x$ becomes `x @ W.T`; a sequence is `(T, B, D)`, time first.
- The state is all that the network knows of the past. Near zero, each step multiplies it by the recurrent weights.
- Below 1 in size, a recurrent weight lets the state fade; above 1, it holds it against the pull of tanh; a negative one flips it.
- It is the RNN of torch, to the last digits; torch's two biases add up to our one.

**Next:** unit 02 trains this network with gradients that you work out yourself, and finds how far back it can remember.

## Going further

- J. L. Elman (1990), *Finding structure in time*, Cognitive Science 14. The network of this unit, used to find words and grammar in streams of letters.
- Try it: in "See it remember", set the first recurrent weight to 1. Does the state stay where the pulse put it? How fast does it fade?
"""
