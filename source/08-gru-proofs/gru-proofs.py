# %% [markdown]
r"""
# Unit 08 · Prove it: what is true of a GRU

The GRU that most programs run is not the one in the paper. Slides by respected authors contain lines that no network can
run. And a function called `gru_step` may compute anything. What should you believe? In this unit, you don't have to believe
anybody: for each claim, you compute the number that decides it.

**After this unit you can**

- say where torch's GRU differs from the published one, and decide with an example whether two similar cells are the same;
- find a misprint in an equation by asking what the line would do;
- go back through the GRU by hand;
- write a test that tells a correct GRU from forty wrong ones.

**Time:** about 110 minutes, without the optional section. **You need:** unit 07 (the GRU) and unit 02 (gradients by hand);
torch for the optional section and for some comparisons.

**How to work:** read, run the cells from top to bottom (Shift+Enter), and wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` by your code. The cell below it checks what you wrote. Hidden checks with fresh numbers run when
your notebook is graded. Each check earns its own points, and a mistake in one function does not cost you the functions that
use it.
"""

# %% setup=true
import numpy as np

from course import checks, widgets
from course.plots import gru_proofs

try:
    import torch
except ImportError:  # everything but the comparisons with torch works without it
    torch = None

# %% [markdown]
r"""
The next cell, which you can open, holds what you wrote in unit 07: `gru_step` in the letters z and r, `gru_forward` for a
sequence, `gru_step_u_old` with its gate $u$ on the old state, and `sigmoid`. You may call all four.
"""

# %% setup=true folded=true
def sigmoid(a):
    r"""The logistic function: it squashes any number to one between 0 and 1."""
    with np.errstate(over="ignore"):  # e to a large number is infinite, and 1 / infinity is 0
        return 1 / (1 + np.exp(-a))


def gru_step(x, h, params):
    """One step of the GRU of unit 07, in the letters z and r: the new state (B, H)."""

    def total(gate, state):
        return params["b_" + gate] + state @ params["U_" + gate].T + x @ params["W_" + gate].T

    z, r = sigmoid(total("z", h)), sigmoid(total("r", h))
    return h + z * (np.tanh(total("h", r * h)) - h)


def gru_forward(x, h0, params):
    """All states (T, B, H) of that GRU along a sequence x (T, B, D)."""
    found = [h0]
    for x_t in x:
        found.append(gru_step(x_t, found[-1], params))
    return np.array(found[1:])


def gru_step_u_old(x, h, params):
    """The same cell with its update gate u on the old state, in its own letters: (B, H)."""
    signs = {"z": ("u", -1.0), "r": ("r", 1.0), "h": ("h", 1.0)}
    ours = {"W_" + gate: sign * params["W_x" + theirs] for gate, (theirs, sign) in signs.items()}
    ours |= {"U_" + gate: sign * params["W_h" + theirs] for gate, (theirs, sign) in signs.items()}
    ours |= {"b_" + gate: sign * params["b_" + theirs] for gate, (theirs, sign) in signs.items()}
    return gru_step(x, h, ours)

# %% [markdown]
r"""
## 1 · The GRU in torch

`torch.nn.GRU` is probably the GRU that runs most often in the world. Its documentation says

$$\begin{aligned}
r &= \sigma(W_{ir} x + b_{ir} + W_{hr} h + b_{hr}) \\
z &= \sigma(W_{iz} x + b_{iz} + W_{hz} h + b_{hz}) \\
n &= \tanh(W_{in} x + b_{in} + r \odot (W_{hn} h + b_{hn})) \\
h_t &= z \odot h + (1 - z) \odot n
\end{aligned}$$

Here $n$, for *new*, is the candidate. Read subscripts as from-to: $W_{ir}$ maps the input to the reset gate, $W_{hr}$ maps
the old state to the reset gate.

There are three differences from the z/r form of unit 07:

1. $z$ weighs the **old** state.
2. There are **two biases** everywhere. In the gates they simply add up. In the candidate they don't: $r$ multiplies one of them.
3. The reset gate acts **after** the product: $r \odot (W_{hn} h)$ instead of $W_{hn} (r \odot h)$. The reason is speed. This
   way, one large product gives the state's part of all three lines at once.

Torch stacks the three matrices of each kind into one, with the rows in the order **r, z, n**. So `weight_ih_l0` is `(3H, D)`,
`weight_hh_l0` is `(3H, H)`, and both biases are `(3H,)`.

**On paper.** Take one neuron, $x = 0$, $h = 1$. All of `weight_ih_l0` and `bias_ih_l0` is zero, `weight_hh_l0` is
$(0, 0, 1)^\top$ and `bias_hh_l0` is $(0, 0, 1)$. Then $r = z = \tfrac12$ and $n = \tanh(\tfrac12 (1 + 1)) \approx 0.7616$. The
new state is $\tfrac12 + \tfrac12 \cdot 0.7616 \approx 0.8808$.

**Your turn.** Write this step in NumPy.

<details><summary>Hint 1: which sums can you compute for r, z and n at once?</summary>

Two: all that comes from the input, with its bias, and all that comes from the state, with the other bias.
Both have shape `(B, 3H)`. Keep them apart: for $n$ you may not add them before $r$ has acted.
</details>

<details><summary>Hint 2: how do you cut a `(B, 3H)` array into three?</summary>

`np.split(array, 3, axis=1)` returns a list of three arrays `(B, H)`, in the order r, z, n.
</details>

<details><summary>Hint 3: what comes last?</summary>

Call the three pieces from the input `x_r, x_z, x_n` and those from the state `h_r, h_z, h_n`. The gates are the
sigmoid of a plain sum. The candidate is tanh of `x_n` plus `r` times `h_n`. Then mix, with `z` on the old state.
</details>
"""

# %% grade_id="torch_gru_step_solution" solution=true
from autograder.reference.gru_notations import torch_gru_step

# %% grade_id="torch_gru_step" grade=true points=3
checks.torch_gru_step(torch_gru_step)

# %% [markdown]
r"""
### Does the order matter?

$U_h (r \odot h)$ or $r \odot (U_h h)$: it looks like a detail. (Torch's second bias is left out of the picture.)
"""

# %%
gru_proofs.reset_orders()

# %%
widgets.predict("reset_order")

# %%
widgets.reveal("reset_order", gru_proofs.order_differences)

# %% [markdown]
r"""
A picture of random cells is evidence. One example is a **proof**: if two cells get the same numbers and give different states,
they are not the same function. So build it.

**Your turn.** Write two examples, each an `(x, h, params)` for `gru_step`:

- one where the two orders give new states that differ by **0.1 or more** somewhere;
- one where they agree to $10^{-9}$, and **not for a trivial reason**: there are two neurons or more, and the reset gate matters
  (with $r = 1$, the new state would change by 0.01 or more).

Think of two neurons. In one order, neuron 1 receives $U_{12}\, r_2 h_2$. In the other it receives $r_1\, U_{12}\, h_2$. Whose gate
counts? And when does that make no difference? A large positive or negative bias holds a gate open or shut.

<details><summary>Hint 1: how do you choose the gates?</summary>

Set all `W_...` and `U_z`, `U_r` to zero. Then each gate is the sigmoid of its bias: about 1 at 9, about 0 at -9,
one half at 0. With `b_z` at 9 the new state is nearly the candidate, so that every difference shows.
</details>

<details><summary>Hint 2: which `U_h` makes the orders differ most?</summary>

Let each neuron receive only the other one: ones beside the diagonal, zeros on it. Open one reset gate and shut the other.
Then it matters whether the sender's gate or the receiver's gate counts.
</details>

<details><summary>Hint 3: and which `U_h` makes them agree?</summary>

If sender and receiver are the same neuron, they have the same gate: take a diagonal matrix such as `np.eye(2)`.
Sharing one $r$ between all neurons works, too: equal entries in `b_r`, not large ones.
</details>
"""

# %% grade_id="reset_order_counterexample_solution" solution=true
from autograder.reference.gru_notations import reset_order_counterexample

# %% grade_id="reset_order_counterexample" grade=true points=4
checks.reset_order_counterexample(reset_order_counterexample)

# %% [markdown]
r"""
What have you shown? The **same weights** give another function in torch: copying the weights of a reset-before GRU into
`torch.nn.GRU` gives wrong states, without any error. The two orders agree if all neurons share one $r$, if $U_h$ is diagonal, or
if there is only one neuron. What you have **not** shown is that no *other* weights could do it. One example can't prove that.
(What can be loaded into torch is a subject of the optional section.)

## 2 · Ask each line what it would do

The lines below stood, in other letters, on a slide for a respected textbook. The line for $r$ is correct. The gate $u$ weighs
the old state, which is no mistake.

$$\begin{aligned}
u &= \sigma(W_{xu} x_t + W_{xu} h_{t-1} + b_u) && (1) \\
\tilde h &= \sigma(W_{xh} x_t + W_{hh} (r \odot h_{t-1}) + b_h) && (2) \\
h_t &= u \odot h_{t-1} + (1 - u) \odot h_t && (3)
\end{aligned}$$

Next to such lines you often read: *"With $r = 1$ we are back at the plain RNN."* (4)

Don't look them up. Ask what each line would **do**. Do the shapes fit? Which values can come out? What happens when a gate is
open or shut?
"""

# %%
widgets.predict("slide")

# %%
widgets.reveal("slide")

# %% [markdown]
r"""
Two popular sentences pass such a test only in part:

- *"The update gate says how much of the past to retain."* This is right for $u$, which weighs the old state. For $z$ in unit 07 it
  is the opposite: the larger $z$ is, the less is retained. Look at the equation beside the sentence.
- *"The reset gate plays the part of the LSTM's forget gate."* The forget gate multiplies what the cell **keeps**. In the GRU,
  $1 - z$ does that. The reset gate only decides what the **candidate** sees of the old state. Shut both gates, $z = r = 0$: the
  candidate sees nothing of the past, and yet the cell forgets nothing.

## 3 · The way back

Training needs the gradient. In the plain RNN one way led back from $h_t$ to $h_{t-1}$: through the slope of tanh and $U$. Look
at the GRU. Where is the old state used?
"""

# %%
gru_proofs.cell()

# %%
widgets.predict("ways_back")

# %%
widgets.reveal("ways_back")

# %% [markdown]
r"""
| path | from $h_t$ ... | ... to $h_{t-1}$ |
|---|---|---|
| **1 · the copy** | weight $1 - z$ | directly, without a matrix or a slope |
| **2 · the update gate** | $h_t$ changes with $z$ by $\tilde h - h_{t-1}$ | slope $z (1 - z)$, then back through $U_z$ |
| **3 · the candidate** | weight $z$, slope $1 - \tilde h^2$ | back through $U_h$, then times $r$ |
| **4 · the reset gate** | like path 3, up to and including $U_h$ | times $h_{t-1}$, slope $r (1 - r)$, then back through $U_r$ |

The gradient is the sum of all four. On path 1 a gradient survives: while $z$ is near 0, it comes back with a factor near 1. The
two weights $1 - z$ and $z$ add up to 1; slides call this *unit gain*.

The input has three ways (there is no copy). The gradient of each weight is "what arrives times what came in", as in unit 02.
Note that what came in to $U_h$ was $r \odot h_{t-1}$.

**On paper.** Take one neuron, $x = 0$, $h = 0$, and all parameters zero except $U_h = 2$. Then $z = r = \tfrac12$ and $\tilde h = 0$.
Let $\partial L / \partial h_t = 4$: the loss rises by 4 for each unit that $h_t$ rises.

- Path 1 gives $4 \cdot \tfrac12 = 2$.
- Path 3 gives $4 \cdot \tfrac12 \cdot 1 \cdot 2 \cdot \tfrac12 = 2$.
- Paths 2 and 4 give nothing, since $U_z = U_r = 0$.

So $\partial L / \partial h_{t-1} = 4$.

**Your turn.** Compute $z$, $r$ and $\tilde h$ again from what went in. Then walk back. Write $a_z, a_r, a_h$ for what goes into the
two sigmas and the tanh, and compute $da_z, da_r, da_h$ first. ($da$ is short for $\partial L / \partial a$, and $dh$ for
$\partial L / \partial h_{t-1}$.) All other gradients follow from these three.

<details><summary>Hint 1: which of the three comes first?</summary>

$da_h$ and $da_z$ need only `dh_next` and the forward values. For $da_h$: the weight of the candidate, times the slope of
tanh. For $da_z$: the lever of the gate, $\tilde h - h$, times the slope of the sigma. $da_r$ needs $da_h$.
</details>

<details><summary>Hint 2: how does the gradient reach the reset gate?</summary>

Let `drh` be the gradient of the product $r \odot h$: it is `da_h` times `U_h`, without a transpose, since the step had `U_h.T`.
From there, one way goes to $h$ (times $r$), the other to $r$ (times $h$, then the slope).
</details>

<details><summary>Hint 3: what is added up at the end?</summary>

`dh` has four terms: the copy, two products such as `da_z @ U_z`, and `drh` times `r`. `dx` has three, one per `W`.
For each gate the gradients are `da.T @ x`, `da.T @ state` and the sum of `da` over the batch. The state is $h$ for z and r, but
$r \odot h$ for the candidate.
</details>
"""

# %% grade_id="gru_step_backward_solution" solution=true
from autograder.reference.gru import gru_step_backward

# %% grade_id="gru_step_backward" grade=true points=6
checks.gru_step_backward(gru_step_backward)

# %% [markdown]
r"""
### Which path carries the gradient?

Below you see a random cell with 24 neurons and **your** `gru_step_backward`. A gradient of norm 1 comes in; the bars show what comes
back on each path. (To close a path without changing a gate's value, the state's part of it becomes a constant in the bias.)

Move the two sliders: $b_z$ opens and shuts the update gates, $b_r$ the reset gates. When does nearly everything come through the
copy? When is the cell a plain RNN again?
"""

# %%
gru_proofs.explore_paths(gru_step_backward)

# %% [markdown]
r"""
**Explain it to yourself.** With $b_z = -6$ the copy carries almost all of the gradient, step after step, and it hardly shrinks. But
a gate that is always shut also takes in nothing new. With $b_z = b_r = 6$ only path 3 is left: this is the plain RNN. The cell can
be both, for each neuron and at each step. That is what its additional parameters are for.

## 4 · Now you write the test

So far, tests have judged your code. Now turn it round: you get a function that claims to be `gru_step`. Is it?

A first test often looks like this: three examples, a **zero** state, **zero** biases and random weights, compared with the correct
answer.
"""

# %%
widgets.predict("zero_state_test")

# %%
widgets.reveal("zero_state_test")

# %% [markdown]
r"""
**Your turn.** Write `catch_wrong_gru(step)`. It may call `step(x, h, params)` as often as it likes, with numbers that you choose. It
returns `True` if the function is wrong and `False` if it is right. Compare with `gru_step`, or check properties, or both.

Think of the mistakes that people make:

- Which mistakes need a **state**, which a **bias**, which **several neurons**, which **more than one example**, which **just one**?
- A transposed matrix raises an error if $D \ne H$. What if $D = H$?
- What do very **large** numbers do to a careless sigmoid? Some return NaN, and every comparison with NaN is False. So test that a
  difference *is* small, not that it is *not large*.
- A function that raises an error is wrong, too, and your test must survive it. So is one that returns the right numbers in the
  wrong **shape**.
- Be fair: a right function may compute in float32, or add in another order. **If you call a right one wrong, you lose all
  points.** Nobody keeps a test that raises false alarms.

You earn some points for half of all wrong cells, more for three quarters, and more again for each complete family of mistakes (gates,
order, candidate, and so on).

<details><summary>Hint 1: which cases do you need?</summary>

One generator with a fixed seed, and a short list of sizes `(B, D, H)`: one example alone; several examples with $D \ne H$;
and a case with $D = H$. Draw everything at random, the biases and the state, too. Then nothing is zero.
</details>

<details><summary>Hint 2: how do you find a careless sigmoid?</summary>

Add one more case in which all parameters are multiplied by 500. A careless sigmoid overflows there and gives NaN.
</details>

<details><summary>Hint 3: how do you judge one answer?</summary>

Call the function inside `try`; after `except Exception`, return `True`. Then compare the shape with `h.shape`. Last, compare the
numbers with those of `gru_step`: `np.allclose` with `rtol=0, atol=1e-3` is False for NaN and forgives float32. Return `False` only
after the last case.
</details>
"""

# %% grade_id="catch_wrong_gru_solution" solution=true
from autograder.reference.gru_notations import catch_wrong_gru

# %% grade_id="catch_wrong_gru" grade=true points=6
checks.catch_wrong_gru(catch_wrong_gru)

# %% [markdown]
r"""
## Optional: extra credit

Nothing later builds on this section. Take it if you have time left.

### Your GRU in torch, as far as it goes

You can load the **reset-after twin** of your GRU into torch. It has the same weights and gates, but the candidate is
$\tanh(W_h x + b_h + r \odot (U_h h))$. Get three things right: the order of the rows; the side of the gate, which unit 07 taught
you to change; and the place of $b_h$, which $r$ must not multiply.

<details><summary>Hint 1: what changes when z moves to the other side?</summary>

$1 - \sigma(a) = \sigma(-a)$: negate all three arrays of the update gate, into new arrays.
</details>

<details><summary>Hint 2: where does each bias go?</summary>

Into `bias_ih_l0`, in the order r, z, n. Torch starts `bias_hh_l0` with random numbers: set it to zeros.
</details>

<details><summary>Hint 3: how do you fill a torch parameter?</summary>

Stack with `np.concatenate`, then, inside `with torch.no_grad():`, call `.copy_(torch.tensor(stacked))` on the parameter. Create the
GRU with `dtype=torch.float64`.
</details>
"""

# %% grade_id="load_into_torch_gru_solution" solution=true
from autograder.reference.gru_notations import load_into_torch_gru

# %% grade_id="load_into_torch_gru" grade=true points=3
checks.load_into_torch_gru(load_into_torch_gru)

# %% [markdown]
r"""
### Show it

Section 2 judged four statements by thinking. Now **show** it, with numbers that anybody can compute. **Your turn:** return the new
state by the corrected lines, and one number per statement that the printed version cannot explain.

- `"lowest"`, against (2): the smallest value of the corrected candidate. A sigma never goes below 0.
- `"missing"`, against (1): how many columns $W_{xu}$ lacks to be multiplied with $h$ (negative if it has too many).
- `"moved"`, against (3): read as an equation for $h_t$, line (3) says $u \odot h_t = u \odot h_{t-1}$, so nothing ever moves. What is the
  largest change of the state?
- `"apart"`, against (4): set $r = 1$, leave $u$ as it is, and measure how far the new state is from the plain RNN's.

**On paper.** Take one neuron, one input, $x = 0$, $h = 1$, all weights and biases zero: $u = r = \tfrac12$ and $\tilde h = 0$. The new
state is $0.5$. Lowest is 0, missing is 0, moved is $0.5$. The plain RNN would give $\tanh(0) = 0$, so apart is $0.5$.

<details><summary>Hint 1: what are the corrected lines?</summary>

(1) gets $W_{hu}$ for the state, (2) gets tanh, and (3) gets $\tilde h$ instead of its last $h_t$.
</details>

<details><summary>Hint 2: how do you measure a largest difference?</summary>

`np.abs(first - second).max()`, over all examples and neurons.
</details>

<details><summary>Hint 3: what is the new state with r = 1?</summary>

The same mixture, with the plain RNN's state as its candidate. So `"apart"` is the largest absolute value of $u$ times the difference
between $h$ and the plain RNN's state.
</details>
"""

# %% grade_id="mend_the_slide_solution" solution=true
from autograder.reference.gru_notations import mend_the_slide

# %% grade_id="mend_the_slide" grade=true points=4
checks.mend_the_slide(mend_the_slide, gru_step_u_old)

# %% [markdown]
r"""
## What to remember

- torch's GRU resets after the product. With the same weights it is another function, except where $r$ is the same for all neurons,
  where $U_h$ is diagonal, and where there is one neuron.
- Ask each line of an equation what it would **do**: shapes, signs, and what happens when a gate is open or shut.
- Four paths lead back through a step. One of them, the copy, has neither a matrix nor a slope.
- One counterexample proves that two cells differ. One example where they agree proves nothing.
- A test is as good as the mistakes that it catches, and it must not raise false alarms.

**Next:** unit 09 gives this cell sentences to read, and looks at its gates while it reads.

## Going further

- The documentation of `torch.nn.GRU` says itself that its candidate differs from the paper's.
- K. Cho et al. (2014), *Learning phrase representations using RNN encoder-decoder for statistical machine translation*, EMNLP
  (arXiv 1406.1078). It has the reset before the product.
- Try it: let `catch_wrong_gru` judge the GRU of torch, given the same weights. Is it a wrong GRU?
"""
