# %% [markdown]
r"""
# Unit 07 · The GRU: two gates

The LSTM keeps a memory with three gates. Can a cell do it with fewer? The **gated recurrent unit** (GRU) has two gates, and one
line that is worth knowing by heart:

$$\text{new state} = (1 - \text{gate}) \cdot \text{old state} + \text{gate} \cdot \text{candidate}$$

Several groups of authors have written this cell down, and they seldom agree on the letters. Some even put the gate on the other side.
In this unit you write it in three notations, translate between them, and see what it learns to remember.

**After this unit you can**

- write the GRU in three notations and translate exactly between them;
- say what each of its gates does when it is open, and when it is shut;
- show what the gates remember, and choose where they should start.

**Time:** about 110 minutes, without the optional section. **You need:** unit 01 (the plain RNN); torch for the experiment of
section 6. Unit 03 explains why we want gates at all. Unit 04 (the LSTM) helps, but nothing here depends on it.

**How to work:** read, and run the cells from top to bottom (Shift+Enter). Wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` by your code; hints are folded above it. The cell below it checks what you wrote. Hidden checks with
fresh numbers run when your notebook is graded. Each check earns its own points, and a mistake in one function doesn't cost you the
functions that use it.
"""

# %% setup=true
import ipywidgets
import numpy as np

from course import checks, plots, widgets
from course.plots import gru as gru_plots

try:
    from course import memory
except ImportError:  # everything but the experiment of section 6 works without torch
    memory = None


def sigmoid(a):
    r"""The logistic function: it squashes any number to one between 0 and 1."""
    with np.errstate(over="ignore"):  # 1 / infinity is 0, as it should be
        return 1 / (1 + np.exp(-a))

# %% [markdown]
r"""
## 1 · One gate

A plain RNN computes its whole state anew at every step, including everything that it wants to keep. Units 02 and 03 showed how
quickly that fades. A better idea is to **copy the old state, and to let the cell decide how much of it to replace.**

The decision is a number between 0 and 1 for each component of the state. A component is also called a *hidden unit*; we say *neuron*.
The decision is the **update gate** $\Gamma_u$. What might go in is the **proposal** $\tilde c$, which is simply the plain RNN's new state:

$$\begin{aligned}
\Gamma_u &= \sigma(W_{uc}\, c_{t-1} + W_{ux}\, x_t + b_u) \\
\tilde c &= \tanh(W_{cc}\, c_{t-1} + W_{cx}\, x_t + b_c) \\
c_t &= \Gamma_u \odot \tilde c + (1 - \Gamma_u) \odot c_{t-1}
\end{aligned}$$

The sign $\odot$ means: multiply entry by entry.

| letter | what it is | shape |
|---|---|---|
| $x_t$ | the input that arrives now, $D$ numbers for each of $B$ examples | `(B, D)` |
| $c_{t-1}$, $c_t$ | the old and the new state (lecture notes call it the memory *cell*) | `(B, H)` |
| $\Gamma_u$ | the update gate: how much of the new goes in | `(B, H)` |
| $\tilde c$ | the proposal, also called candidate: what would go in | `(B, H)` |
| $W_{uc}, W_{cc}$ | weights from the state; read $W_{uc}$ as "for $u$, from $c$" | `(H, H)` |
| $W_{ux}, W_{cx}$ | weights from the input | `(H, D)` |
| $b_u, b_c$ | biases | `(H,)` |

The formulas are for one example, a column. In code each example is a **row**, so $W x$ becomes `x @ W.T`.
"""

# %%
gru_plots.simplified_cell()

# %% [markdown]
r"""
**On paper first.** Take one neuron. All weights are zero except $W_{cx} = 1$; the biases are $b_u = \ln 3$ and $b_c = 0$. The old
state is $0.2$ and the input is $1$. Then

- the gate is $\Gamma_u = \sigma(\ln 3) = \tfrac34$,
- the proposal is $\tanh(1) \approx 0.7616$,
- the new state is $\tfrac34 \cdot 0.7616 + \tfrac14 \cdot 0.2 \approx 0.6212$.

**Your turn.** Write one step for a whole batch. The parameters come in a dict, under the names in the equations: `params["W_uc"]`
and so on. The function `sigmoid` is defined in the first cell of this notebook.

<details><summary>Hint 1: which of the three lines can you compute first?</summary>

The gate and the proposal need only `x` and `c`, and not each other. The last line needs both of them.
</details>

<details><summary>Hint 2: how does $W_{uc}\, c_{t-1}$ look for a batch?</summary>

One example is one row, so the product is `c @ params["W_uc"].T`. It has shape `(B, H)`, as has `x @ params["W_ux"].T`; the bias is added to every row.
</details>

<details><summary>Hint 3: what does $\odot$ become in code?</summary>

The sign `*`. The part that stays is `(1 - update) * c`; the part that goes in is built in the same way from the gate itself and the proposal. The new state is their sum.
</details>
"""

# %% grade_id="simplified_gru_step_solution" solution=true
from autograder.reference.gru import simplified_gru_step

# %% grade_id="simplified_gru_step" grade=true points=2
checks.simplified_gru_step(simplified_gru_step)

# %% [markdown]
r"""
### What copying is worth

One neuron sees one pulse, a 1 followed by zeros, and should remember it. The plain RNN has only its recurrent weight to hold on with.
The gated neuron opens its gate when something comes in, and shuts it afterwards. For this, its gate needs just one weight that looks at the
input.
"""

# %%
widgets.predict("gru_pulse")

# %%
none = np.zeros((1, 1))
gated = {"W_uc": none, "W_ux": none + 8, "b_u": none[0] - 4}
gated |= {"W_cc": none, "W_cx": none + 2, "b_c": none[0]}

pulse_input = [none + 1] + 30 * [none]
kept, faded = [none], [none]
for x_t in pulse_input:
    kept.append(simplified_gru_step(x_t, kept[-1], gated))
    faded.append(np.tanh(2 * x_t + 0.9 * faded[-1]))

widgets.reveal("gru_pulse", lambda: gru_plots.pulse(kept[1:], faded[1:]))

# %% [markdown]
r"""
## 2 · The second gate

Sometimes the old state is in the way. A sentence ends and a new one begins: now the proposal should be made **as if there were no
past**. So the full cell has a second gate, the **relevance gate** $\Gamma_r$. It says how much of the old state the proposal gets to see:

$$\begin{aligned}
\Gamma_u &= \sigma(W_{uc}\, c_{t-1} + W_{ux}\, x_t + b_u) \\
\Gamma_r &= \sigma(W_{rc}\, c_{t-1} + W_{rx}\, x_t + b_r) \\
\tilde c &= \tanh(W_{cc}\, (\Gamma_r \odot c_{t-1}) + W_{cx}\, x_t + b_c) \\
c_t &= \Gamma_u \odot \tilde c + (1 - \Gamma_u) \odot c_{t-1}
\end{aligned}$$

Two things are easy to get wrong:

- **The place.** $\Gamma_r$ stands inside the proposal and nowhere else. The last line copies the old state itself.
- **The order.** $\Gamma_r$ multiplies the state *before* the product with $W_{cc}$; it does not multiply the result. (There is a cell
  that does it the other way round. Unit 08 compares the two.)
"""

# %%
gru_plots.full_cell()

# %% [markdown]
r"""
**On paper.** Take one neuron with $b_u = \ln 3$ and $b_r = -\ln 3$, and no other weights in the gates: $\Gamma_u = \tfrac34$ and
$\Gamma_r = \tfrac14$. Let $W_{cc} = 2$, $W_{cx} = 0.5$ and $b_c = 0$; old state and input are both $1$. Then

- the proposal is $\tanh(2 \cdot \tfrac14 \cdot 1 + 0.5) = \tanh(1) \approx 0.7616$,
- the new state is $\tfrac34 \cdot 0.7616 + \tfrac14 \cdot 1 \approx 0.8212$.

**Your turn.** Extend the step of section 1.

<details><summary>Hint 1: which lines are the same as before?</summary>

The update gate and the last line. The relevance gate is built like the update gate, with its own three parameters.
</details>

<details><summary>Hint 2: where does the relevance gate enter?</summary>

In the proposal only, wherever section 1 has `c`: there you now need the gated state, `relevance * c`.
</details>

<details><summary>Hint 3: in which order?</summary>

First the gate, entry by entry, then the matrix: `(relevance * c) @ ...`. The brackets matter.
</details>
"""

# %% grade_id="gamma_gru_step_solution" solution=true
from autograder.reference.gru import gamma_gru_step

# %% grade_id="gamma_gru_step" grade=true points=3
checks.gamma_gru_step(gamma_gru_step, simplified_gru_step)

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

$W$ always stands before the input, `(H, D)`, and $U$ before the state, `(H, H)`.

"Relevance" and "reset" are the same gate. One name says what it does when it is open ($r$ near 1: the past is relevant), the other what
it does when it is shut ($r$ near 0: the past is reset). Some papers leave the biases out; set them to zero and you have their cell.

**On paper.** Use the numbers of section 2 again: $z = \tfrac34$, $r = \tfrac14$, $U_h = 2$, $W_h = 0.5$. State 1 and input 1 give $0.8212$.

**Your turn.** Write the step once more, in these letters.

<details><summary>Hint 1: what is what in section 2?</summary>

$c$ is now $h$, $\Gamma_u$ is $z$ and $\Gamma_r$ is $r$. The parameters of the proposal are `W_h`, `U_h` and `b_h`.
</details>

<details><summary>Hint 2: which parts does each gate have?</summary>

Three: `x @ params["W_z"].T`, then the same with `h` and `U_z`, then the bias. Add them and take the `sigmoid`.
</details>

<details><summary>Hint 3: how do the gates meet in the end?</summary>

`(1 - z) * h` stays and `z` times the candidate goes in. `r` is not in this line: it only multiplies `h` inside the tanh.
</details>
"""

# %% grade_id="gru_step_solution" solution=true
from autograder.reference.gru import gru_step

# %% grade_id="gru_step" grade=true points=3
checks.gru_step(gru_step)

# %% [markdown]
r"""
### Play with the gates

Here is a cell with two neurons whose gates **you** set by hand. Every band is as high as the weight that it stands for. The two bands
that enter a new state always fill its box, because $(1 - z) + z = 1$. The lines in the middle are the products with $U_h$: blue for
positive, orange for negative, wider for larger ones. Only here do the two neurons influence each other.

1. Set both $z$ to 0, and move the $r$ sliders. What changes in the new states?
2. Set both $z$ and both $r$ to 1. Which network is that?
3. Shut only $r_1$, and watch the candidate of neuron **2**.

(The next cell is folded; it only makes the sliders.)
"""

# %% folded=true
def flow(z1, z2, r1, r2):
    """One step of a cell with two neurons whose gates are given."""
    h, from_x = np.array([0.8, -0.6]), np.array([0.2, -0.3])
    U = np.array([[0.3, 1.2], [-1.5, 0.4]])
    return gru_plots.gate_flow(h, from_x, U, np.array([z1, z2]), np.array([r1, r2]))


sliders = {
    name: ipywidgets.FloatSlider(value, min=0.0, max=1.0, step=0.05, description=words)
    for name, value, words in (
        ("z1", 0.3, "update z₁"),
        ("z2", 0.7, "update z₂"),
        ("r1", 0.9, "reset r₁"),
        ("r2", 0.4, "reset r₂"),
    )
}
_ = widgets.explore(flow, **sliders)

# %% [markdown]
r"""
Four facts follow from the equations, and the cells above check each of them:

1. $z = 0$: the state is copied, whatever $r$ and the input are.
2. $z = 1$ and $r = 1$: a plain RNN. **Both** are needed.
3. $z = 1$ and $r = 0$: a layer without any memory.
4. Every new value lies between the old value and the candidate. So a state that starts within $[-1, 1]$ never leaves it.

## 4 · The gate on the other side

Some textbooks, and the paper that first presented the cell (Cho et al., 2014, with the letter $z$), let the update gate weigh the
**old** state:

$$\begin{aligned}
r &= \sigma(W_{xr} x_t + W_{hr} h_{t-1} + b_r) \\
u &= \sigma(W_{xu} x_t + W_{hu} h_{t-1} + b_u) \\
\tilde h &= \tanh(W_{xh} x_t + W_{hh} (r \odot h_{t-1}) + b_h) \\
h_t &= u \odot h_{t-1} + (1 - u) \odot \tilde h
\end{aligned}$$

Two things differ. $W_{xu}$ reads "from $x$ to $u$", the other way round than in section 1. And an open gate now *keeps*. Neither form is
better. But load weights from one form into the other, and the cell forgets what it should keep, without any error.

**On paper.** With $u = \tfrac14$ and everything else as before: $\tfrac14 \cdot 1 + \tfrac34 \cdot 0.7616 \approx 0.8212$ once more.

**Your turn.** Write the step in this form.

<details><summary>Hint 1: what changes, compared with section 3?</summary>

The names of the parameters, and the last line. The candidate still sees `r * h`.
</details>

<details><summary>Hint 2: what does an open gate do here?</summary>

With `u` at 1 the new state is `h`. So `u` multiplies `h`, and what is left of 1 multiplies the candidate.
</details>
"""

# %% grade_id="gru_step_u_old_solution" solution=true
from autograder.reference.gru import gru_step_u_old

# %% grade_id="gru_step_u_old" grade=true points=2
checks.gru_step_u_old(gru_step_u_old)

# %% [markdown]
r"""
### The dictionary

The three full forms are **one function**. Between the first two only the names differ. The third needs one more idea: its gate must become
one minus itself. Now

$$\sigma(-a) = 1 - \sigma(a),$$

so we can leave the cell alone and change the sign of some of the *parameters*. Which ones?

| meaning | `"gamma"` | `"z_new"` | `"u_old"` |
|---|---|---|---|
| update gate, from input | $W_{ux}$ | $W_z$ | $W_{xu}$ |
| update gate, from state | $W_{uc}$ | $U_z$ | $W_{hu}$ |
| update gate, bias | $b_u$ | $b_z$ | $b_u$ |
| reset gate | $W_{rx}, W_{rc}, b_r$ | $W_r, U_r, b_r$ | $W_{xr}, W_{hr}, b_r$ |
| candidate | $W_{cx}, W_{cc}, b_c$ | $W_h, U_h, b_h$ | $W_{xh}, W_{hh}, b_h$ |
| the update gate weighs | the new | the new | the **old** |

**Your turn.** Translate from any form to any form: nine pairs, three of them from a form to itself. Return a new dict each time, and
write the names once, not nine times.

<details><summary>Hint 1: what is common to all three forms?</summary>

Nine arrays with nine meanings. List the names of each form in one and the same order, the update gate first.
</details>

<details><summary>Hint 2: when does a sign change, and of what?</summary>

Only when one of `source` and `target` is `"u_old"` and the other isn't. The gate is $\sigma(a)$, and $a$ is a sum of three terms: change the sign of all three arrays.
</details>

<details><summary>Hint 3: how do names and arrays come together?</summary>

Read the nine arrays in the order of the source's names. `dict(zip(...))` puts them under the target's names. Write `-array` for a new array: `*= -1` would change the caller's.
</details>
"""

# %% grade_id="translate_gru_solution" solution=true
from autograder.reference.gru_notations import translate_gru

# %% grade_id="translate_gru" grade=true points=4
checks.translate_gru(translate_gru, gamma_gru_step, gru_step, gru_step_u_old)

# %% [markdown]
r"""
## 5 · A whole sequence

Nothing new happens here: a sequence is the same step with the same weights, again and again, whatever the cell. We go on in the z/r
notation.

**Your turn.** Return all states, time first, shape `(T, B, H)`. The start `h0` is not among them.

<details><summary>Hint 1: which state does each step need?</summary>

The first step needs `h0`, every later one the state that the step before returned.
</details>

<details><summary>Hint 2: how do you collect them?</summary>

Keep the newest state in a variable `h`, call your `gru_step` for each `x[t]`, and append the result to a list. `np.stack` makes one array of it.
</details>
"""

# %% grade_id="gru_forward_solution" solution=true
from autograder.reference.gru import gru_forward

# %% grade_id="gru_forward" grade=true points=2
checks.gru_forward(gru_forward, gru_step)

# %% [markdown]
r"""
## 6 · Does it remember?

Now let the cell learn. Random symbols come in, one per step. Early on, one of them is **marked**. After 20 steps the network must say which
symbol that was. To do so it must let the marked symbol in and keep all the others out, and that is exactly what a gate is for.

Unit 08 works out the gradients of a GRU. Here torch finds them (the code is in `course/memory.py`), and your own `gru_forward` gives the
answers.

We compare it with a plain RNN. You have that already: by fact 2 of section 3, the same code with $z = 1$ and $r = 1$ fixed **is** a
plain RNN with the same candidate.
"""

# %%
widgets.predict("gru_marked")

# %% folded=true
def answered(params, steps):
    """The share of 500 new sequences that your network answers correctly."""
    x, marked = memory.marked_symbols(np.random.default_rng(99), steps, 500)
    h0 = np.zeros((500, len(params["b_z"])))
    scores = gru_forward(x, h0, params)[-1] @ params["V"].T + params["c"]
    return np.mean(scores.argmax(axis=1) == marked)


def show_learning(runs, steps):
    """Loss curves of three networks per kind, and how many new sequences each answers."""
    title = f"Remember the marked symbol for {steps} steps"
    return gru_plots.remembered(runs, lambda params: answered(params, steps), title)


if not memory:
    print("This experiment needs torch. The exercises do not.")

# %%
if memory:
    near = {
        "GRU": memory.train_marked(gated=True, steps=20)[-1.0],
        "plain RNN": memory.train_marked(gated=False, steps=20)[-1.0],
    }
# %%
if memory:
    widgets.reveal("gru_marked", lambda: show_learning(near, 20))

# %% [markdown]
r"""
### Where should the gate start?

Now the mark lies three times as far back: 60 steps. So far the networks started with $b_z = -1$, an update gate of about $0.27$. We try
two other starts: $b_z = 0$, with gates near $\tfrac12$, and $b_z = -3$, with gates near $0.05$. Before you guess, think about what is left of a
state, and of a gradient, that is multiplied by $1 - z$ sixty times.
"""

# %%
widgets.predict("gru_start")

# %%
if memory:
    far = memory.train_marked(steps=60, starts=(0.0, -3.0))
    by_start = {f"start at b_z = {b_z:g}": run for b_z, run in far.items()}
# %%
if memory:
    widgets.reveal("gru_start", lambda: show_learning(by_start, 60))

# %% [markdown]
r"""
The LSTM has the same trick: its forget gate starts nearly open, with a forget bias of 1 or more.

### What did the gates learn?

Take one of the networks that started at $b_z = -3$, and look at its update gates $z$ while it reads 400 new sequences. The sequences are shifted
so that their marks coincide, and then averaged. Each row is one neuron; those that react most to the mark are on top.
"""

# %%
if memory:
    learnt = far[-3.0][0][0]
    x = memory.marked_symbols(np.random.default_rng(5), 60, 400)[0]
    h0 = np.zeros((1, 400, 12))
    old = np.concatenate([h0, gru_forward(x, h0[0], learnt)[:-1]])
    heard = x @ learnt["W_z"].T + old @ learnt["U_z"].T
    z = sigmoid(heard + learnt["b_z"])
    plots.show(gru_plots.gates_at_the_mark(z, when=x[:, :, -1].argmax(axis=0)))

# %% [markdown]
r"""
Some gates open at the mark and are nearly shut before and after it. Nobody told the network to do so: it learnt this from the right answers
alone. Still, real gates are less tidy than textbook drawings. Some neurons hardly react, no gate opens fully on average, and in a single sequence
several gates flicker with every symbol. Training stops improving them once the answers are correct.
"""

# %% [markdown]
r"""
## Optional: extra credit

Nothing later builds on this section. Do it if you have time left.

### What does a cell cost?

Count the numbers that each cell has to learn. Every gate and every candidate is one *block*: an input matrix, a recurrent matrix and
a bias. Two cells have something extra:

- torch's GRU has a second bias in every block;
- the LSTM with peepholes has three more vectors of $H$ numbers.

**On paper.** $D = 2$, $H = 3$: one block has $3 \cdot 2 + 3 \cdot 3 + 3 = 18$ numbers. The RNN has one block, so 18.

<details><summary>Hint 1: how many blocks does each cell have?</summary>

Count gates and candidates: 1 for the RNN, 2 for the simplified GRU, and so on to the LSTM with three gates and a candidate.
</details>

<details><summary>Hint 2: what comes on top?</summary>

torch's GRU has a second bias of `H` numbers in each of its three blocks. The peepholes are three vectors of `H` numbers, too.
</details>
"""

# %% grade_id="count_parameters_solution" solution=true
from autograder.reference.gru_notations import count_parameters

# %% grade_id="count_parameters" grade=true points=2
checks.count_parameters(count_parameters)

# %%
cells = ("rnn", "simplified_gru", "gru", "torch_gru", "lstm", "peephole_lstm")
counts = {cell.replace("_", " "): count_parameters(cell, 20, 64) for cell in cells}
gru_plots.counted(counts, "What a cell has to learn, D = 20 and H = 64")

# %% [markdown]
r"""
## What to remember

- The GRU copies its state and replaces a part of it: $h_t = (1 - z) \odot h_{t-1} + z \odot \tilde h$. Where $z$ is near 0, the copy carries state and gradient almost unchanged.
- $r$ decides what the candidate sees of the past. $z = 0$ copies; $z = 1$ and $r = 1$ together make a plain RNN.
- The Gamma, z/r and u forms are one function under three sets of names. To go to or from the u form, change the sign of the update gate's three arrays.
- Update gates should start nearly shut when the memory must last long. Otherwise almost no gradient arrives from far back.
- A GRU has three blocks of parameters; an LSTM has four.

**Next:** unit 08 tests claims about this cell, and goes back through it by hand.

## Going further

- K. Cho et al. (2014), *Learning phrase representations using RNN encoder-decoder for statistical machine translation*, EMNLP (arXiv 1406.1078). The cell's first appearance, with the gate on the old state.
- J. Chung, C. Gulcehre, K. Cho and Y. Bengio (2014), *Empirical evaluation of gated recurrent neural networks on sequence modeling* (arXiv 1412.3555). The z/r form of section 3.
- R. Jozefowicz, W. Zaremba and I. Sutskever (2015), *An empirical exploration of recurrent network architectures*, ICML. A search through thousands of cells, and a strong case for the LSTM's forget bias.
- Try it: is the plain RNN of section 6 only too small? Give it `units=24` in `train_marked`.
- Try it: train over 160 steps from $b_z = -3$ and from $b_z = -6$. Which start learns sooner, and is that also true over 20 steps?
"""
