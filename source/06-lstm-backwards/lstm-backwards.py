# %% [markdown]
r"""
# Unit 06 · The LSTM, backwards

A network reads thirty symbols. At the end it must name the first one, *blue*, and it says *red*. The loss is at the last step; the gate that
let *blue* in worked thirty steps earlier. How does that gate learn of the mistake? By a gradient that runs back along the cell, and on that path each step
multiplies it by one factor, without any matrix. In this unit you compute it by hand, down to every parameter, and train with it.

**After this unit you can**

- name the paths by which a gradient goes back through one step of an LSTM, and compute each;
- take it back through a whole sequence, carrying two gradients;
- show by training what the forget bias decides.

**Time:** about 100 minutes, without the optional section. **You need:** unit 02 (backpropagation through time) and unit 04 (the LSTM); unit 05
for the optional section only.

**How to work:** read, and run the cells from top to bottom (Shift+Enter). Wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` with your code. The cell below it checks what you wrote. Hidden checks with fresh numbers run when your notebook
is graded. Each check earns its own points, and a mistake in one function does not cost you the functions that use it. If you are stuck,
open the hints above the cell one by one.

The next cell is folded; open it if you like. It gives you what you wrote in units 04 and 05: `lstm_step`, `lstm_forward`, and
`peephole_lstm_step`, which only the optional section needs.
"""

# %% setup=true folded=true
import numpy as np

from course import checks, first_symbol, widgets
from course.plots import lstm_backwards as plots


def sigmoid(a):
    r"""The logistic function: it turns any number into one between 0 and 1."""
    with np.errstate(over="ignore"):  # e to a large number is infinite, and 1 / infinity is 0, as it should be
        return 1 / (1 + np.exp(-a))


def lstm_step(x, h, c, params):
    """One step of the LSTM of unit 04: the new state and the new cell, (B, H) each."""
    a = {k: params["b_" + k] + h @ params["W_h" + k].T + x @ params["W_x" + k].T for k in "ifoc"}
    kept = c * sigmoid(a["f"]) + np.tanh(a["c"]) * sigmoid(a["i"])
    return np.tanh(kept) * sigmoid(a["o"]), kept


def lstm_forward(x, h0, c0, params):
    """All states and all cells (T, B, H) of that LSTM along a sequence x (T, B, D)."""
    pairs = [(h0, c0)]
    for x_t in x:
        pairs.append(lstm_step(x_t, *pairs[-1], params))
    shown, kept = zip(*pairs[1:], strict=True)
    return np.array(shown), np.array(kept)


def peephole_lstm_step(x, h, c, params):
    """One step of the LSTM with peepholes of unit 05: the new state and the new cell, (B, H) each."""

    def gate(k, cell):
        heard = params["b_" + k] + h @ params["W_h" + k].T + x @ params["W_x" + k].T
        return sigmoid(heard + cell * params["w_c" + k])

    candidate = np.tanh(params["b_c"] + h @ params["W_hc"].T + x @ params["W_xc"].T)
    kept = gate("f", c) * c + gate("i", c) * candidate
    return gate("o", kept) * np.tanh(kept), kept

# %% [markdown]
r"""
## 1 · One step backwards

Two gradients arrive from the next step: $dh_{next}$ for the new state and $dc_{next}$ for the new cell. In the code they're `dh_next` and
`dc_next`. Follow the arrows of the picture from right to left. Multiply along each arrow, and add where arrows meet.
"""

# %%
plots.paths_back()

# %% [markdown]
r"""
**The new cell** counts twice: directly, and because the new state was made from it. So its whole gradient has two terms:

$$dc_t = dc_{next} + dh_{next} \odot o \odot (1 - \tanh^2 c_t)$$

**Each gate** was multiplied by something, and that is the factor in its gradient. Then it goes back through its own function, with slope
$\sigma' = \sigma (1 - \sigma)$ or $\tanh' = 1 - \tanh^2$. Call the gradient of the sum *inside* the function $da$:

| part | it was multiplied by | gradient inside its function |
|---|---|---|
| forget gate | the old cell $c_{t-1}$ | $da_f = dc_t \odot c_{t-1} \odot f (1 - f)$ |
| input gate | the candidate $g$ | $da_i = dc_t \odot g \odot i (1 - i)$ |
| candidate | the input gate $i$ | $da_g = dc_t \odot i \odot (1 - g^2)$ |
| output gate | $\tanh c_t$, on the way to the state | $da_o = dh_{next} \odot \tanh c_t \odot o (1 - o)$ |

**Weights, input and old state** follow from the four $da$ as in unit 02. Each block of weights uses its own $da$, summed over the batch. The input $x_t$ and
the old state $h_{t-1}$ feed all four blocks, so their gradients are sums of four products.

**The old cell** gets

$$dc_{t-1} = dc_t \odot f_t .$$

One factor, and no matrix. The LSTM was built for this short line.

**On paper.** One neuron, all weights and biases 0, old cell $c_{t-1} = 2$. So $i = f = o = \tfrac12$, $g = 0$, $c_t = 1$ and
$\tanh c_t \approx 0.7616$. Let $dh_{next} = 1$ and $dc_{next} = 0$.

| what | computed | value |
|---|---|---|
| $dc_t$ | $0 + 1 \cdot \tfrac12 \cdot (1 - 0.7616^2)$ | $0.2100$ |
| $da_f$, gradient of $b_f$ | $0.2100 \cdot 2 \cdot \tfrac14$ | $0.1050$ |
| $da_i$, gradient of $b_i$ | $0.2100 \cdot 0 \cdot \tfrac14$ | $0$ |
| $da_g$, gradient of $b_c$ | $0.2100 \cdot \tfrac12 \cdot 1$ | $0.1050$ |
| $da_o$, gradient of $b_o$ | $1 \cdot 0.7616 \cdot \tfrac14$ | $0.1904$ |
| $dc_{t-1}$ | $0.2100 \cdot \tfrac12$ | $0.1050$ |

**Your turn.** Take two gradients back through one step. The step's gates are not stored: compute them again first.

<details><summary>Hint 1: what do you need before you can go back?</summary>

The values of i, f, o and g, and the new cell $c_t$ with its tanh. Compute them as in `lstm_step`. The `c` that you are given is the old cell.
</details>

<details><summary>Hint 2: in which order?</summary>

The whole gradient of the new cell first: two terms. Then a dict `da` with the four arrays of the table, under the keys `"i"`, `"f"`, `"o"`, `"c"`.
</details>

<details><summary>Hint 3: how do the weights and inputs follow from one `da[k]`?</summary>

With `d = da[k]`: the gradient of `W_x` is `d.T @ x`, that of `W_h` is `d.T @ h`, and that of the bias is the sum of `d` over axis 0. To `dx` it adds `d` times `W_x`, untransposed; to `dh` it adds `d` times `W_h`. Last, the old cell gets the new cell's gradient times `f`.
</details>
"""

# %% grade_id="lstm_step_backward_solution" solution=true
from autograder.reference.lstm import lstm_step_backward

# %% grade_id="lstm_step_backward" grade=true points=6
checks.lstm_step_backward(lstm_step_backward, lstm_step)

# %% [markdown]
r"""
## 2 · Back through time

Now from the last step to the first, carrying both gradients. The loss looks at states only, so $dc$ starts at zero. It fills up on the way:
after one step back it holds what came through $h$. State $h_t$ is used twice, by the loss and by step $t + 1$. So `dstates[t]` is added to
the $dh$ that step $t + 1$ hands back, *before* you go back through step $t$.

**Your turn.** Which state and which cell went into step 0?

<details><summary>Hint 1: what do you need before the loop?</summary>

All states and cells from `lstm_forward`, zeros for `dh` and `dc`, and a dict of zeros in the shapes of `params`.
</details>

<details><summary>Hint 2: what goes into step t?</summary>

`x[t]`, and the state and the cell *before* it: entry `t - 1` of each, or `h0` and `c0` if `t` is 0.
</details>

<details><summary>Hint 3: what goes in for the two gradients?</summary>

`dstates[t] + dh` for the state and `dc` alone for the cell. The call returns `dx[t]`, the next `dh` and `dc`, and a dict to add to your totals.
</details>
"""

# %% grade_id="lstm_backward_solution" solution=true
from autograder.reference.lstm import lstm_backward

# %% grade_id="lstm_backward" grade=true points=6
checks.lstm_backward(lstm_backward, lstm_forward)

# %% [markdown]
r"""
## 3 · Does the forget bias matter for learning?

Unit 04 measured what a forget bias keeps before training. Now train with your own gradients.

A symbol is shown at step 0, with a mark. Then 29 more symbols follow, which do not matter. At the end the network must say which symbol was
the first. It has 12 neurons and takes 200 training steps; each forget bias gets three seeds. Your functions run inside this loss. (The
read-out is a softmax of the last state, as in unit 02. `first_symbol.trained??` shows the training loop.)
"""

# %%
def first_symbol_loss(x, targets, params):
    """The loss of naming the first symbol from the last state, and all gradients."""
    cell = {name: value for name, value in params.items() if name not in ("V", "d")}
    zero = np.zeros((x.shape[1], len(cell["b_f"])))
    states, _ = lstm_forward(x, zero, zero, cell)
    loss, dlast, read_out = first_symbol.read_out(states[-1], targets, params)
    dstates = np.zeros_like(states)
    dstates[-1] = dlast
    *_, gradients = lstm_backward(dstates, x, zero, zero, cell)
    return loss, gradients | read_out

# %%
widgets.predict("lstm_learns")

# %%
runs_of_thirty = first_symbol.train_all(first_symbol_loss)
widgets.reveal("lstm_learns", lambda: plots.first_symbol(runs_of_thirty))

# %%
first_symbol.print_tested(runs_of_thirty)

# %% [markdown]
r"""
So the honest sentence is: **an LSTM can learn to keep, because a gate can be open, and open means a factor of 1. Whether it keeps from the
start is decided by a bias.** Jozefowicz, Zaremba and Sutskever (2015) report that a forget bias of 1 closes the gap that they had measured
between LSTM and GRU. Longer memories need more.

Try it with 12 steps instead of 30. Is a bias of 1 enough then? Remove the `#` and run the cell.
"""

# %%
# first_symbol.print_tested(first_symbol.train_all(first_symbol_loss, steps=12))

# %% [markdown]
r"""
## Optional: extra credit

Nothing later builds on this section. Skip it, or take it when you have time left.

### Back through peepholes

Peepholes open three more paths. The output gate looked at the **new** cell, so part of its gradient goes into $dc_t$: add
$da_o \odot w_{co}$. The input and forget gates looked at the **old** cell, so $dc_{t-1}$ gets $da_i \odot w_{ci} + da_f \odot w_{cf}$ besides
$dc_t \odot f_t$. And each peephole's own gradient is its gate's $da$ times the cell that the gate saw, summed over the batch.

Mind the order: $da_o$ must be known before $dc_t$, and $dc_t$ before the other three.

**Your turn.**

<details><summary>Hint 1: in which order do you compute the gradients?</summary>

$da_o$ first: it needs only `dh_next`. Then $dc_t$, now with three terms. Then $da_i$, $da_f$ and $da_g$.
</details>

<details><summary>Hint 2: which cell did each gate see?</summary>

i and f saw the old cell `c`; o saw the new one. Use them in the gates when you compute these again, and in the gradients of `w_ci`, `w_cf` and `w_co`.
</details>

<details><summary>Hint 3: what does the old cell get?</summary>

Three terms: $dc_t \odot f$, $da_i \odot w_{ci}$ and $da_f \odot w_{cf}$. Everything else is as in `lstm_step_backward`.
</details>
"""

# %% grade_id="peephole_lstm_step_backward_solution" solution=true
from autograder.reference.lstm import peephole_lstm_step_backward

# %% grade_id="peephole_lstm_step_backward" grade=true points=6
checks.peephole_lstm_step_backward(peephole_lstm_step_backward, peephole_lstm_step)

# %% [markdown]
r"""
## What to remember

- Two gradients come back, one for the state and one for the cell. The cell's is $dc_t = dc_{next} + dh_{next} \odot o \odot (1 - \tanh^2 c_t)$.
- Each part's gradient is what it was multiplied by times what arrives, and then goes back through its own function.
- Along the cell there is one factor per step and no matrix: $dc_{t-1} = dc_t \odot f_t$.
- The gradients of the weights are summed over the batch and over all steps, as in the plain RNN.
- Training can open the forget gates only by following a gradient. If the gates are half shut, it does not arrive: the bias decides.

**Next:** unit 07 couples two gates into one, drops the separate cell, and meets its result in four notations.

## Going further

- F. A. Gers, J. Schmidhuber and F. Cummins (2000), *Learning to forget: continual prediction with LSTM*, Neural Computation 12. The way back of its time: cut off wherever it leaves the cell.
- A. Graves and J. Schmidhuber (2005), *Framewise phoneme classification with bidirectional LSTM and other neural network architectures*, Neural Networks 18. The full gradient, as you wrote it.
- Try it: in section 3, which forget biases are enough for 60 steps? `train_all` takes them as `biases=(1, 3, 5)`.
"""
