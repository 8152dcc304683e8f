# %% [markdown]
r"""
# Unit 04 · A cell that can keep

Read a text letter by letter. A bracket opens; some fifty letters later it must close, and in between you must not forget that it is open. In
the picture below the set-up cell, one neuron, with gates set by hand, does this without error. It writes a 1 at `(`, keeps it exactly, and drops it at `)`.
"""

# %% setup=true
import ipywidgets
import numpy as np

from course import checks, forgetting, widgets
from course.plots import forgetting as plots
from course.plots.lstm import keeping

try:
    import torch
except ImportError:  # only sections 4 and 6 need torch
    torch = None

# %%
plots.bracket()

# %% [markdown]
r"""
A plain RNN can't do that: its tanh squashes the state at every step. Unit 03 ended with the harmless case: a state that is *copied* passes its
whole gradient on. But a pure copy never learns anything new. Can a network decide, at every step and for each neuron, whether to copy or
to write? The LSTM can. It has a place for copying, the **cell**, and three gates that decide what goes in, what stays, and what is shown.

**After this unit you can**

- write the LSTM, one step and a whole sequence, and show that it is the one in torch;
- say with numbers what is left of a cell after fifty steps, and what its gradient loses;
- say why the forget gate's bias matters most before training, and set it, in torch too.

**Time:** about 110 minutes. **You need:** unit 01 (the plain RNN), the main result of unit 03 (products of Jacobians vanish or explode), and
torch for sections 4 and 6.

**How to work:** read, and run the cells from top to bottom (Shift+Enter). Wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` with your code. The cell below it checks what you wrote. Hidden checks with fresh numbers run when your notebook
is graded. Each check earns its own points, and a mistake in one function does not cost you the functions that use it. If you are stuck,
open the hints above the cell one by one.
"""

# %% [markdown]
r"""
## 1 · Between 0 and 1: the logistic function

A gate needs a number between 0 (shut) and 1 (open), whatever the network computes. The **logistic function** makes one:

$$\sigma(a) = \frac{1}{1 + e^{-a}}$$

It turns any number into one between 0 and 1. Three values to know by heart: $\sigma(0) = \tfrac12$, $\sigma(\ln 3) = \tfrac34$, and
$\sigma(-a) = 1 - \sigma(a)$.

The formula has a trap. For $a = -1000$ it computes $e^{1000}$, which is too large for a float: NumPy warns of an overflow. But the
value of $\sigma$ there, 0, is harmless. Multiply numerator and denominator by $e^{a}$, and you get a second form of the same function:

$$\sigma(a) = \frac{e^{a}}{1 + e^{a}}$$

It has the same trap on the other side. So choose the safe form for each number, not for the whole array. And take care with `np.where`:
it computes both of its branches for every number, so the unsafe one still overflows.

**Your turn.** Write `sigmoid` so that it never overflows.

<details><summary>Hint 1: of which numbers is `np.exp` always safe?</summary>

Of numbers that are not positive: there it gives something between 0 and 1.
</details>

<details><summary>Hint 2: which one array of exponentials serves both forms?</summary>

For $a \ge 0$ the first form needs $e^{-a}$; for $a < 0$ the second needs $e^{a}$. Both are $e^{-|a|}$.
</details>

<details><summary>Hint 3: how do you choose for each number?</summary>

Call that array `e`. Then `np.where` takes $1 / (1 + e)$ where $a \ge 0$, and $e / (1 + e)$ elsewhere. Use `np.asarray(a)` so that single numbers work.
</details>
"""

# %% grade_id="sigmoid_solution" solution=true
from autograder.reference.rnn import sigmoid

# %% grade_id="sigmoid" grade=true points=2
checks.sigmoid(sigmoid)

# %% [markdown]
r"""
## 2 · Three gates and a cell

Multiply a number by 1 and it passes; multiply it by 0 and it is gone. A **gate** is such a factor, one for each neuron. The network computes
it at every step from what it sees: the new input $x_t$ and its own old state $h_{t-1}$. What would you want to decide about the bracket?

- **Is the old value still worth keeping?** At `)` it is not. That's the **forget gate** $f$.
- **Is the new value worth writing?** Only `(` is. That's the **input gate** $i$. The value to write is the **candidate** $g$.
- **Does anybody need the value now?** Perhaps only at the end of the sentence. That's the **output gate** $o$.

All four are computed in the same way. The gates use $\sigma$, the candidate uses $\tanh$:

$$i_t,\ f_t,\ o_t = \sigma(W_{x\cdot}\, x_t + W_{h\cdot}\, h_{t-1} + b_\cdot) \qquad g_t = \tanh(W_{xc}\, x_t + W_{hc}\, h_{t-1} + b_c)$$

Two more lines use them:

$$c_t = f_t \odot c_{t-1} + i_t \odot g_t \qquad\qquad h_t = o_t \odot \tanh(c_t)$$

| letter | what it is | shape |
|---|---|---|
| $c_t$ | the **cell**: what is kept. No function squashes it on its way to the next step | `(B, H)` |
| $h_t$ | the **state**: what is shown to the gates of the next step and to the rest of the network | `(B, H)` |
| $f_t$ | forget gate: how much of the old cell stays (1 means all of it) | `(B, H)` |
| $i_t$ | input gate: how much of the candidate is written | `(B, H)` |
| $g_t$ | candidate: what could be written, between $-1$ and $1$ | `(B, H)` |
| $o_t$ | output gate: how much of the cell is shown | `(B, H)` |
| $W_{x\cdot}$, $W_{h\cdot}$, $b_\cdot$ | weights and biases, for $\cdot$ in $i, f, o, c$ | `(H, D)`, `(H, H)`, `(H,)` |

Read subscripts as from-to: $W_{xf}$ maps the input $x$ to the forget gate $f$. ($\odot$ multiplies entry by entry.)
"""

# %%
plots.lstm_cell()

# %% [markdown]
r"""
Now part by part. **Keep:** the forget gate multiplies the old cell, $f_t \odot c_{t-1}$.
"""

# %%
plots.lstm_cell("keep")

# %% [markdown]
r"""
**Write:** the input gate multiplies the candidate, and the product is added. This completes the new cell,
$c_t = f_t \odot c_{t-1} + i_t \odot g_t$.
"""

# %%
plots.lstm_cell("write")

# %% [markdown]
r"""
**Show:** the new cell goes through tanh and the output gate, $h_t = o_t \odot \tanh(c_t)$. The cell itself goes on unsquashed.
"""

# %%
plots.lstm_cell("show")

# %% [markdown]
r"""
The line along the top is the reason for all of it. From the old cell to the new one there are only a factor, $f$, and a sum.
"""

# %%
plots.lstm_cell("path")

# %% [markdown]
r"""
Before you write it, set the gates by hand. The candidate is $+1$ at step 0 and $-1$ at step 20. The gates don't change over time.
"""

# %%
widgets.predict("lstm_keep")

# %%
widgets.reveal("lstm_keep", lambda: keeping(0.9, 0.8))

# %% [markdown]
r"""
Now try other gates. Which setting copies the cell? Which one always shows only the last candidate?
"""

# %%
gate = {"min": 0.0, "max": 1.0, "step": 0.05}
_ = widgets.explore(
    keeping,
    forget=ipywidgets.FloatSlider(0.9, description="forget gate f", **gate),
    let_in=ipywidgets.FloatSlider(0.8, description="input gate i", **gate),
)

# %% [markdown]
r"""
**On paper.** One neuron, all weights 0, so that the biases alone set the gates. With $b_i = b_f = b_o = 0$ every gate is $\tfrac12$; with
$b_c = 0$ the candidate is 0. An old cell $c = 2$ becomes $c' = \tfrac12 \cdot 2 + \tfrac12 \cdot 0 = 1$, and the state is
$h' = \tfrac12 \tanh(1) \approx 0.3808$.

**Your turn.** Write one step. The parameters come in a dict, under the names of the formula: `params["W_xf"]` is $W_{xf}$. As in unit 01,
examples are rows, so $W x$ becomes `x @ W.T`.

<details><summary>Hint 1: what do all four blocks have in common?</summary>

A sum of three terms, with only the letter changing: `x @ params["W_x" + k].T`, the same for `h` with `W_h`, and the bias. Compute it for `k` in `"ifoc"`.
</details>

<details><summary>Hint 2: which function goes around which sum?</summary>

Your `sigmoid` around those of i, f and o; `np.tanh` around that of c, which gives g.
</details>

<details><summary>Hint 3: which cell does the new state show?</summary>

The **new** one. Compute `new_c` from f, c, i and g first. Then `new_h` is o times tanh of `new_c`. Return `new_h`, then `new_c`.
</details>
"""

# %% grade_id="lstm_step_solution" solution=true
from autograder.reference.lstm import lstm_step

# %% grade_id="lstm_step" grade=true points=4
checks.lstm_step(lstm_step)

# %% [markdown]
r"""
## 3 · Along a sequence

As in unit 01, but two arrays are carried from step to step instead of one: the state **and** the cell. Return all of both.

**Your turn.**

<details><summary>Hint 1: what did `rnn_forward` do?</summary>

It began with the old state, called the step in a loop, and kept each result. Here each call takes and gives two arrays.
</details>

<details><summary>Hint 2: where does the first step begin?</summary>

At `h0` and `c0`. Begin with `h, c = h0, c0`, and let each call of `lstm_step` replace both.
</details>

<details><summary>Hint 3: how do the results get their shape?</summary>

Collect the states in one list and the cells in another, and turn each into an array with `np.array` (or `np.stack`) at the end.
</details>
"""

# %% grade_id="lstm_forward_solution" solution=true
from autograder.reference.lstm import lstm_forward

# %% grade_id="lstm_forward" grade=true points=4
checks.lstm_forward(lstm_forward, lstm_step)

# %% [markdown]
r"""
## 4 · The same network in torch

torch keeps the four blocks of weights in one tall matrix, stacked in the order **i, f, g, o** (its $g$ is the candidate, our letter $c$).
It has two biases and adds them up. Both start with random numbers, so set both.

| in torch | shape | made of our |
|---|---|---|
| `weight_ih_l0` | `(4H, D)` | $W_{xi}, W_{xf}, W_{xc}, W_{xo}$ |
| `weight_hh_l0` | `(4H, H)` | $W_{hi}, W_{hf}, W_{hc}, W_{ho}$ |
| `bias_ih_l0` + `bias_hh_l0` | `(4H,)` | $b_i, b_f, b_c, b_o$ |

**Your turn.** Load our weights into a `torch.nn.LSTM`. The check then compares your NumPy network with torch's, number by number.

<details><summary>Hint 1: what are D and H?</summary>

The shape of `params["W_xi"]` is `(H, D)`. `torch.nn.LSTM(D, H, dtype=torch.float64)` makes the network.
</details>

<details><summary>Hint 2: how do you stack four blocks in torch's order?</summary>

`np.concatenate` puts a list of arrays on top of each other: one array per letter, for `k` in `"ifco"`.
</details>

<details><summary>Hint 3: how do you copy into a torch parameter?</summary>

Inside `with torch.no_grad():`, as in `made.weight_ih_l0.copy_(torch.tensor(block))`. Do the same for the other matrix and the bias, and call `.zero_()` on the second bias.
</details>
"""

# %% grade_id="load_into_torch_lstm_solution" solution=true
from autograder.reference.lstm import load_into_torch_lstm

# %% grade_id="load_into_torch_lstm" grade=true points=3
checks.load_into_torch_lstm(load_into_torch_lstm, lstm_forward)

# %% [markdown]
r"""
## 5 · What is left along the cell

Hold the gates fixed and look at the cell alone. Each step multiplies it by its forget gate, so between two steps the cell path keeps

$$\frac{\partial c_{end}}{\partial c_{start}} = \prod_{t = start + 1}^{end} f_t .$$

Mind the two ends. $f_{start}$ is left out: it acted before $c_{start}$ existed. $f_{end}$ is in: it helped to make $c_{end}$.

**On paper.** With gates $0.5, 0.9, 0.8, 0.5$ at steps 0 to 3, from step 0 to step 2: $0.9 \cdot 0.8 = 0.72$.

**Your turn.**

<details><summary>Hint 1: which entries of `forget` are in the product?</summary>

Those from `start + 1` to `end`, both included. How do you write that as a slice?
</details>

<details><summary>Hint 2: along which axis?</summary>

Time is the first axis. `np.prod` takes `axis=0`. The product of no numbers is 1, so `start == end` needs no special case.
</details>
"""

# %% grade_id="cell_path_gain_solution" solution=true
from autograder.reference.lstm import cell_path_gain

# %% grade_id="cell_path_gain" grade=true points=2
checks.cell_path_gain(cell_path_gain)

# %% [markdown]
r"""
### The forget bias

With bias 0 and small weights, a forget gate is about $\tfrac12$. Over fifty steps that leaves $2^{-50} \approx 10^{-15}$. So before training,
an LSTM forgets fast, unless its **bias** opens the forget gate: $b_f = 1$ gives $\sigma(1) = 0.73$, and $b_f = 3$ gives $0.95$.

The original LSTM of 1997 did not have this problem: it had no forget gate, and its cell kept everything. The forget gate came in 2000, and
the question of its bias with it. torch does not answer that question for you: its biases start as small random numbers.

**Your turn.** Write the small function that sets the forget bias. Two mistakes to avoid: don't change the caller's dict, and make the new bias
an array of floats even if you are given the whole number 3.

<details><summary>Hint 1: how do you change one entry without changing the caller's dict?</summary>

Make a new dict: `dict(params)` is a copy with the same arrays; `params | {...}` is one with an entry replaced.
</details>

<details><summary>Hint 2: how do you get floats?</summary>

`np.full(shape, value)` takes its type from `value`. Give it `float(bias)`, and the shape of the old `b_f`.
</details>
"""

# %% grade_id="init_forget_bias_solution" solution=true
from autograder.reference.lstm import init_forget_bias

# %% grade_id="init_forget_bias" grade=true points=2
checks.init_forget_bias(init_forget_bias)

# %% [markdown]
r"""
**In torch** the forget gate is the second of the four blocks, and the two biases add up. So set one to the bias and the other to zero:
"""

# %%
if torch:
    H = 8
    lstm = torch.nn.LSTM(4, H)
    with torch.no_grad():
        lstm.bias_ih_l0[H : 2 * H] = 3.0
        lstm.bias_hh_l0[H : 2 * H] = 0.0

# %% [markdown]
r"""
## 6 · Does an LSTM's gradient vanish?

"An LSTM's gradient cannot vanish" is a popular sentence. Let's measure it, under the same conditions for every network: 64 neurons, a small
random start, **no input**, as in unit 03. At the last state the gradient has length 1. How much of it arrives 50 steps earlier?

One network is the best of unit 03, a plain RNN with orthogonal recurrent weights. The others are LSTMs before training. Their
recurrent weights are drawn as torch draws them (uniform between $-1/\sqrt H$ and $1/\sqrt H$); all biases are zero, except for the forget
gate's. torch finds the gradients, in the network that your `load_into_torch_lstm` makes. (You'll write the way back yourself in unit 06.
`forgetting.lstm_norms??` shows the code of this experiment.)
"""

# %%
widgets.predict("lstm_vanish")

# %%
if torch:
    no_input = forgetting.compare(load_into_torch_lstm, init_forget_bias)
    widgets.reveal("lstm_vanish", lambda: plots.arrived(no_input))
else:
    print("This experiment needs torch; so do the other experiments of this section.")

# %% [markdown]
r"""
**Explain.** Before training, the gates are close to $\sigma(b_f)$, and along the cell the gradient shrinks by that factor at every step. Compare
what is measured with your `cell_path_gain`. (The gradient starts at a *state* and reaches its cell within the last step, so 50 steps
hold 49 forget gates.)
"""

# %%
if torch:
    no_input.print_last()
    forgetting.along_the_cell(no_input, cell_path_gain)

# %% [markdown]
r"""
All paths together carry more than the cell path alone, because there are other ways back, through $h$ and the gates. Still, the smaller the forget
gate, the steeper the curve.

Look at $b_f = 3$. The first step back takes nine tenths of the gradient, since it has to pass the output gate to reach the cells. From there
on, all paths together pass back a little *more* than they get. So "an LSTM's gradient cannot explode" is no safer a sentence than "cannot vanish".

How large should $b_f$ be? For half of a cell to survive $T$ steps, $f^T = \tfrac12$, so $f \approx 1 - 0.7/T$ and $b_f \approx \ln T + 0.4$. For
$T = 50$ that is a little more than 4.

### With inputs

The orthogonal RNN does well because there is no input: nothing pushes its neurons away from 0, where the slope of tanh is 1. Now let all
four networks read inputs that add up to numbers of size 1 in each neuron.
"""

# %%
widgets.predict("lstm_large_inputs")

# %%
if torch:
    with_inputs = forgetting.compare(load_into_torch_lstm, init_forget_bias, 1.0)
    widgets.reveal("lstm_large_inputs", lambda: plots.arrived(with_inputs))

# %% [markdown]
r"""
Try other starts. For which $b_f$ is the curve of the LSTM level? What does $b_f = 6$ do with large inputs? And what does a *negative* forget
bias do?
"""

# %%
if torch:
    bias = {"min": -2.0, "max": 6.0, "step": 0.5}
    size = {"min": 0.0, "max": 2.0, "step": 0.1}
    _ = widgets.explore(
        plots.arrived_at(load_into_torch_lstm, init_forget_bias),
        forget_bias=ipywidgets.FloatSlider(1.0, description="forget bias", **bias),
        input_size=ipywidgets.FloatSlider(0.0, description="size of the inputs", **size),
        steps=ipywidgets.IntSlider(50, min=10, max=100, step=10, description="steps T"),
    )

# %% [markdown]
r"""
<details><summary>What a negative forget bias does</summary>

At $b_f = -2$ the forget gate is $\sigma(-2) = 0.12$. Each step keeps an eighth of the cell, so the LSTM forgets almost at once, and its gradient
vanishes even faster than with $b_f = 0$.
</details>

**Your turn, in words.** This answer is read and graded by a person.

Somebody tells you: "LSTMs do not suffer from vanishing gradients." In three to six sentences: what do you answer, which two numbers of this
notebook do you show, and what do you do to a fresh LSTM before training it on long sequences?

*How it is graded:* 1 point for an answer that says when it is true and when it is not; 1 point for two numbers of this notebook that support
it; 1 point for what you do to the fresh LSTM, and why that helps.
"""

# %% [markdown] grade_id="do_lstms_vanish" grade=true solution=true points=3
r"""
YOUR ANSWER HERE
"""

# %% [markdown]
r"""
## What to remember

- The cell is kept by a product and a sum: $c_t = f_t \odot c_{t-1} + i_t \odot g_t$. The state shows it: $h_t = o_t \odot \tanh(c_t)$.
- Backwards along the cell there is one factor per step, the forget gate. Its bias decides how much survives before training.
- An LSTM's gradient *can* vanish: with $b_f = 0$, fifty steps leave about $10^{-11}$.
- Without input an orthogonal RNN keeps far more. With large inputs it loses nearly everything, but an LSTM with open forget gates does not.
- torch stacks the four blocks in the order i, f, g, o, and adds two biases.

**Next:** unit 05 shows the same cell as papers and lecture notes write it, and gates that look into the cell.

## Going further

- S. Hochreiter and J. Schmidhuber (1997), *Long short-term memory*, Neural Computation 9. The cell, without a forget gate.
- F. A. Gers, J. Schmidhuber and F. Cummins (2000), *Learning to forget: continual prediction with LSTM*, Neural Computation 12. The forget gate.
- R. Jozefowicz, W. Zaremba and I. Sutskever (2015), *An empirical exploration of recurrent network architectures*, ICML. On the forget bias.
- C. Tallec and Y. Ollivier (2018), *Can recurrent neural networks warp time?*, ICLR (arXiv 1804.11188v1). How large a gate's bias should be for a memory of a given length.
- Try it: which forget bias keeps half of a cell for 200 steps? Work it out, then look at the curve for $T = 100$ with the sliders.
"""
