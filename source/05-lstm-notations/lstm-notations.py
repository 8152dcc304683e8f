# %% [markdown]
r"""
# Unit 05 · One LSTM, many notations

Open three papers, and you find three LSTMs. The letters differ, and so do the subscripts. One paper adds a term, another drops a
tanh. Which differences are only spelling, and which make a different cell? Reading alone does not settle it. Computing does: give both
cells the same numbers, and compare what comes out.

This unit looks at two famous variants. The first has gates that look into the cell. With it, **one single neuron** learns to answer
exactly eight steps after a signal:

| step | 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 |
|---|---|---|---|---|---|---|---|---|---|---|---|---|
| signal | | | 1 | | | | | | | | | |
| answer that is due | | | | | | | | | | | 1 | |

The second variant is the LSTM of many lecture notes, in capital Gammas.

**After this unit you can**

- write the LSTM with peepholes, and say which cell each gate looks at;
- say when peepholes help, with numbers;
- write an LSTM in Gamma notation exactly as printed, and decide by computing whether it is the usual one.

**Time:** about 80 minutes. **You need:** unit 04 (the LSTM); torch for the experiment of section 2 only.

**How to work:** read, run the cells from top to bottom (Shift+Enter), and wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` by your code. The cell below it checks what you wrote. Folded hints stand above each exercise. Hidden checks
with fresh numbers run when your notebook is graded. Each check earns its own points, and a mistake in one function does not cost you the
points of the functions that use it.

The next cell is folded; you can open it. It imports what you need, and gives you `sigmoid` and `lstm_step`, which you wrote in unit 04.
"""

# %% setup=true folded=true
import numpy as np

from course import checks, timers, widgets
from course.plots import lstm_notations as drawings


def sigmoid(a):
    r"""The logistic function: it squashes any number to one between 0 and 1."""
    with np.errstate(over="ignore"):  # exp(1000) is inf, and 1 / (1 + inf) is 0, as it should be
        return 1 / (1 + np.exp(-a))


def lstm_step(x, h, c, params):
    """One step of the LSTM of unit 04: the new state and the new cell, (B, H) each."""
    a = {k: params["b_" + k] + h @ params["W_h" + k].T + x @ params["W_x" + k].T for k in "ifoc"}
    kept = c * sigmoid(a["f"]) + np.tanh(a["c"]) * sigmoid(a["i"])
    return np.tanh(kept) * sigmoid(a["o"]), kept

# %% [markdown]
r"""
## 1 · Gates that look into the cell

Suppose you must clap exactly eight beats after a signal. You count in silence, and you know your own count.

The LSTM of unit 04 cannot do that. Its gates see the state $h_{t-1}$, and the state is the cell *as the output gate showed it*. While
the output gate is shut, $h$ is zero, and the gates do not know what the cell holds.

Gers and Schmidhuber (2000) let the gates look into the cell, through **peepholes**. A peephole is one more term in a gate: a weight
times the cell. This is the form of Graves (2013):

$$\begin{aligned}
i_t &= \sigma(W_{xi} x_t + W_{hi} h_{t-1} + w_{ci} \odot c_{t-1} + b_i)\\
f_t &= \sigma(W_{xf} x_t + W_{hf} h_{t-1} + w_{cf} \odot c_{t-1} + b_f)\\
c_t &= f_t \odot c_{t-1} + i_t \odot \tanh(W_{xc} x_t + W_{hc} h_{t-1} + b_c)\\
o_t &= \sigma(W_{xo} x_t + W_{ho} h_{t-1} + w_{co} \odot c_t + b_o)\\
h_t &= o_t \odot \tanh(c_t)
\end{aligned}$$

Read subscripts as from-to: $W_{xf}$ maps the input $x$ to the forget gate $f$, and $w_{ci}$ leads from the cell $c$ to the input gate $i$.

Now look at the fourth line again. The output gate looks at the **new** cell $c_t$, the one that it is about to show. That is why it is
computed after the cell. Many people get this line wrong.

A peephole is a vector of shape `(H,)`, so each neuron looks into its own cell only. Some texts write a matrix $W_{ci}$ there; they mean
a diagonal one. The candidate, the tanh in the third line, has no peephole.
"""

# %%
drawings.peepholes()

# %% [markdown]
r"""
**On paper first.** One neuron, and everything is 0 except what is named. With $b_c = 1$ the candidate is $\tanh 1 \approx 0.7616$.

| case | the old cell | which gates | the new cell | the new state |
|---|---|---|---|---|
| only $w_{cf} = 1$ | 2 | $f = \sigma(2) \approx 0.8808$, $i = \tfrac12$ | $0.8808 \cdot 2 + \tfrac12 \cdot 0.7616 \approx 2.1424$ | |
| only $w_{co} = 1$; $f = 1$, $i = 0$ | 3 | $o = \sigma(3)$ | 3, kept | $\sigma(3) \tanh(3) \approx 0.9479$ |
| only $w_{co} = 1$; $f = 0$, $i = 1$ | 3 | $o = \sigma(0.7616)$ | $0.7616$, replaced | $\sigma(0.7616) \tanh(0.7616) \approx 0.4377$ |

The last row is the test for the fourth line: the old cell, 3, is gone, and the output gate does not see it any more.

**Your turn.** Write one step, for a whole batch.

<details><summary>Hint 1: in which order do you need the gates and the cells?</summary>

The input and forget gates and the candidate come first. They make the new cell. The output gate comes after it.
</details>

<details><summary>Hint 2: how does a peephole act on a batch?</summary>

The cell has shape `(B, H)` and the peephole `(H,)`. Multiply them elementwise with `*`, and NumPy uses the same weights in every row. Add
the product inside the sigma.
</details>

<details><summary>Hint 3: what does the whole function look like?</summary>

Make a dict `a` of the four sums that you know from unit 04, before squashing. Then `i` is the sigmoid of `a["i"]` plus `w_ci` times the old
cell; `f` likewise. Compute the new cell, and add `w_co` times that **new** cell to `a["o"]` inside the last sigmoid.
</details>
"""

# %% grade_id="peephole_lstm_step_solution" solution=true
from autograder.reference.lstm import peephole_lstm_step

# %% grade_id="peephole_lstm_step" grade=true points=4
checks.peephole_lstm_step(peephole_lstm_step, lstm_step)

# %% [markdown]
r"""
## 2 · What peepholes are for

A peephole matters when a gate must act on what the cell holds *while nothing is shown*. Timing is such a task. A signal, the pulse, comes in, and
exactly eight steps later the network must answer, not earlier and not later. It has to count in silence, and to know when the count is
full. The loss is the mean cross-entropy of "answer now or not" over all steps, in
nats (that is, with the natural logarithm).

We take networks with a single neuron, because that shows the difference most clearly. With several neurons, one can keep its output
gate open and tell the others. Both kinds of network run the same code; in the plain ones the peepholes stay at zero.
(`course/memory.py` trains them with torch, which finds the gradients. In unit 06 you work them out yourself.)
"""

# %%
widgets.predict("one_neuron_timer")

# %%
timed = timers.compare(seeds=4, delay=8)

# %%
widgets.reveal("one_neuron_timer", lambda: drawings.timing(timed))

# %% [markdown]
r"""
**Explain it to yourself** before you read on. Why can a single plain neuron hardly do both: count in silence, and see its count?

<details><summary>Our explanation</summary>

To count in silence, its output gate must be shut. But then $h = 0$, and its own gates see nothing of the count. To let them see
it, the neuron must show part of the count, and that leaks into its answer. A peephole lets the gates see the cell while the output gate
stays shut.
</details>

With two neurons the plain LSTM finds another way. The same task, training and seeds then give losses below 0.001 for every seed, with
peepholes and without. This is one reason why most of today's LSTMs, torch's among them, have no peepholes.
"""

# %% [markdown]
r"""
## 3 · The Gamma notation

Lecture notes often write gates as capital Gammas. They call the candidate a *proposal* $\tilde c$, and the state an *activation* $a$.
The letters $u$, $f$ and $o$ stand for update, forget and output:

$$\begin{aligned}
\tilde c &= \tanh(W_{cc}\, c_{t-1} + W_{cx}\, x_t + b_c)\\
\Gamma_u &= \sigma(W_{uc}\, c_{t-1} + W_{ux}\, x_t + b_u)\\
\Gamma_f &= \sigma(W_{fc}\, c_{t-1} + W_{fx}\, x_t + b_f)\\
\Gamma_o &= \sigma(W_{oc}\, c_{t-1} + W_{ox}\, x_t + b_o)\\
c_t &= \Gamma_u \odot \tilde c + \Gamma_f \odot c_{t-1}\\
a_t &= \Gamma_o \odot c_t
\end{aligned}$$

(The notes that we follow print the gates as $\sigma(\ldots)$. We read the dots as in the same notes' GRU, where they are written out.)

Here subscripts are the other way round, to-from: $W_{uc}$ leads to the update gate $u$ from the memory cell $c$. And $\Gamma_f$ has weights of
its own. It is not $1 - \Gamma_u$, as it would be in the GRU of unit 07, so a cell can keep the old and let in the new at once, or neither.

Is this the LSTM of unit 04 in other letters? Compare the two line by line.
"""

# %%
widgets.predict("gamma_or_plain")

# %% [markdown]
r"""
**On paper.** One neuron with all weights and biases 0, and an old cell of 2. Every gate is $\sigma(0) = \tfrac12$ and the proposal is 0. So
$c_t = \tfrac12 \cdot 0 + \tfrac12 \cdot 2 = 1$, and $a_t = \tfrac12 \cdot 1 = \tfrac12$.

**Your turn.** Write one step exactly as printed, even where you would write it differently.

<details><summary>Hint 1: which arrays go into every one of the four sums?</summary>

The old memory cell and the input. There is no $a_{t-1}$ in the six lines, so the function does not take one.
</details>

<details><summary>Hint 2: how do you get three gates without writing three lines?</summary>

All gates have the same form; only the first letter of the names differs. Loop over `"ufo"` and build the names with an f-string, such as
`f"W_{g}c"`. A product $W c$ becomes `c @ W.T` for a batch.
</details>

<details><summary>Hint 3: what are the last two lines?</summary>

The new cell is `u` times the proposal plus `f` times the old cell. Return `o` times the new cell, and the new cell, in this order.
</details>
"""

# %% grade_id="gamma_lstm_step_solution" solution=true
from autograder.reference.lstm import gamma_lstm_step

# %% grade_id="gamma_lstm_step" grade=true points=3
checks.gamma_lstm_step(gamma_lstm_step)

# %%
widgets.reveal("gamma_or_plain", drawings.both_forms)

# %% [markdown]
r"""
## 4 · From one form to the other

Now make the Gamma form compute what `lstm_step` computes. This takes three small functions: a dictionary of names, the renamed
parameters, and a changed step.

**First the names.** Write the dictionary from every parameter of `lstm_step` to the one with the same job in the Gamma notation, for
example from `W_xi` to `W_ux`. The activation plays the part of the state, and $W_{\cdot c}$ the part of the recurrent weights.

<details><summary>Hint 1: which Gamma has which job?</summary>

Ask what each gate multiplies. $i$ multiplies the candidate, and so does one of the Gammas. $f$ multiplies the old cell. $o$ makes the cell
visible.
</details>

<details><summary>Hint 2: how many entries are there, and of which kinds?</summary>

Twelve: for each of four parts (three gates and the candidate) one input matrix, one recurrent matrix and one bias. In `W_xi` the origin comes
first; in `W_ux` it comes last.
</details>

<details><summary>Hint 3: how do you write twelve entries in few lines?</summary>

Put the four pairs of letters into a small dict. Loop over its items, and make three entries for each pair with f-strings.
</details>
"""

# %% grade_id="gamma_names_solution" solution=true
from autograder.reference.lstm import gamma_names

# %% grade_id="gamma_names" grade=true points=2
checks.gamma_names(gamma_names)

# %% [markdown]
r"""
**Then the parameters.** Return the same arrays under the names of `lstm_step`.

<details><summary>Hint 1: what must change, and what must not?</summary>

Only the keys change. The arrays stay as they are; both notations store them in the same shape. The caller's dict must not change either.
</details>

<details><summary>Hint 2: how does your dictionary help?</summary>

It gives, for every name of ours, the name under which you find the array in `params`. Loop over its items and build a new dict.
</details>
"""

# %% grade_id="lstm_from_gamma_solution" solution=true
from autograder.reference.lstm import lstm_from_gamma

# %% grade_id="lstm_from_gamma" grade=true points=2
checks.lstm_from_gamma(lstm_from_gamma, lstm_step)

# %% [markdown]
r"""
**And now the step.** Change the Gamma form so that it is the LSTM of unit 04: the gates and the proposal get the old *activation*, and
the output gets its tanh back. The result must agree with `lstm_step` to the last digits, step after step.

On paper, with all weights and biases 0 and an old cell of 2: the new cell is 1 as before, and the activation is
$\tfrac12 \tanh(1) \approx 0.3808$.

<details><summary>Hint 1: where does the old cell still belong?</summary>

It leaves all four sums, and stays in one place: what the forget gate keeps.
</details>

<details><summary>Hint 2: which names multiply the old activation?</summary>

The names do not change. `W_cc`, `W_uc`, `W_fc` and `W_oc` multiply `a` now, although their last letter still says c.
</details>

<details><summary>Hint 3: is there a shorter way?</summary>

Yes. Rename the parameters with your `lstm_from_gamma`, and call `lstm_step`. If you prefer to see the changes, copy your `gamma_lstm_step`
and edit its four sums and its last line.
</details>
"""

# %% grade_id="mended_gamma_step_solution" solution=true
from autograder.reference.lstm import mended_gamma_step

# %% grade_id="mended_gamma_step" grade=true points=3
checks.mended_gamma_step(mended_gamma_step, lstm_from_gamma, lstm_step)

# %% [markdown]
r"""
The green line says more than "it works". Over five steps, with random numbers, the two functions agree to twelve decimal places. Two
different cells would drift apart after one step, as `gamma_lstm_step` does. So the difference was in two places, and all the rest was spelling.

Does the difference matter? In the Gamma form the gates see the whole cell, as if through peepholes with a full matrix, even while nothing
is shown. On the other hand, its output is not squashed: a cell can add up to large numbers, and then so can $a_t$. Either form can be trained.
But load weights from one form into the other, and the cell computes something else, without any error.
"""

# %% [markdown]
r"""
## What to remember

- Peepholes let the gates look into the cell; the output gate looks at the **new** one. At zero they give the plain LSTM exactly.
- They help where a gate must act on what the cell holds while nothing is shown: one neuron that times a silence.
- With two neurons a plain LSTM finds another way. Most of today's LSTMs, torch's among them, have no peepholes.
- The Gamma form of these notes is the LSTM after renaming **and** two changes: its gates must hear the activation, and its output needs a tanh.
- You do not see whether two notations are one function. You compute it: the same numbers in, step after step, the same numbers out.

**Next:** in unit 06 you work out the LSTM's gradients.

## Going further

- F. A. Gers and J. Schmidhuber (2000), *Recurrent nets that time and count*, IJCNN. Peepholes, and the timing tasks on which section 2 is
  modelled.
- A. Graves (2013), *Generating sequences with recurrent neural networks* (arXiv 1308.0850). The peephole form of section 1.
- K. Greff and others (2017), *LSTM: a search space odyssey* (arXiv 1503.04069). Eight variants of the LSTM, with and without peepholes, on
  three tasks.
- Try it: a longer silence. Run `drawings.timing(timers.compare(delay=12))`. Which seeds still succeed?
"""
