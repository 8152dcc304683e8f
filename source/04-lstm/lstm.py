# %% [markdown]
r"""
# Unit 04 · A cell that can keep

Unit 03 ended with one harmless factor: a state that is *copied* passes its gradient on whole. But a pure copy never learns anything
new. Can a network decide, at every step and for each hidden unit, whether to copy or to write? The LSTM can: it has a place for
copying, the **cell**, and three gates that decide what goes in, what stays, and what is shown.

**After this unit you can**

- write the LSTM, one step and a whole sequence, and show that it is the one in torch;
- say with numbers what is left of a cell after fifty steps, and what its gradient loses;
- say why the one bias that everybody sets is the forget gate's, and set it.

**Time:** about 110 minutes. **You need:** unit 01 (the plain RNN), the main result of unit 03 (products of Jacobians vanish or explode), and
torch for sections 4 and 6.

**How to work:** read, run the cells from top to bottom (Shift+Enter), and wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` by your code. The cell below it checks what you wrote. Hidden checks with fresh numbers run when your notebook
is graded; each check earns its own points, and a mistake in one function does not cost you the functions that use it.
"""

# %% setup=true
import ipywidgets
import numpy as np

from course import checks, plots, training, widgets
from course.plots import lstm as drawings
from course.plots.gradients import decay

try:
    import torch
except ImportError:  # everything but what is said to need torch works without it
    torch = None

# %% [markdown]
r"""
## 1 · Between shut and open: the logistic function

A gate needs a number between 0, shut, and 1, open, whatever the network computes. It gets one from the **logistic function**

$$\sigma(a) = \frac{1}{1 + e^{-a}}$$

which turns any number into one between 0 and 1. Three values to know by heart: $\sigma(0) = \tfrac12$,
$\sigma(\ln 3) = \tfrac34$, and $\sigma(-a) = 1 - \sigma(a)$.

The formula has a trap. For $a = -1000$ it asks for $e^{1000}$, which no float can hold: NumPy warns of an overflow. But
the answer itself, 0, is harmless. Multiply above and below by $e^{a}$ and you get a second form of the same function,

$$\sigma(a) = \frac{e^{a}}{1 + e^{a}}$$

which has the same trap on the other side. Choose for each number the form that is safe for it.

**Your turn.** Write `sigmoid` so that it never overflows.
"""

# %% grade_id="sigmoid_solution" solution=true
from autograder.reference.rnn import sigmoid

# %% grade_id="sigmoid" grade=true points=2
checks.sigmoid(sigmoid)

# %% [markdown]
r"""
## 2 · A gate is a number between 0 and 1

Multiply something by 1 and it passes; multiply it by 0 and it is gone. A **gate** is such a number, one for each unit, and the network computes
it afresh at every step from what it sees: the new input and its own old state. The logistic function keeps it between 0 and 1.

The LSTM has three gates and one candidate, all with the same form:

$$i_t,\ f_t,\ o_t = \sigma(W_{x\cdot}\, x_t + W_{h\cdot}\, h_{t-1} + b_\cdot) \qquad g_t = \tanh(W_{xc}\, x_t + W_{hc}\, h_{t-1} + b_c)$$

and two lines that use them:

$$c_t = f_t \odot c_{t-1} + i_t \odot g_t \qquad\qquad h_t = o_t \odot \tanh(c_t)$$

| letter | what it is | shape |
|---|---|---|
| $c_t$ | the **cell**: what is kept. It is never squashed on its way to the next step | `(B, H)` |
| $h_t$ | the **state**: what is shown, to the gates of the next step and to the rest of the network | `(B, H)` |
| $f_t$ | forget gate: how much of the old cell stays | `(B, H)` |
| $i_t$ | input gate: how much of the candidate goes in | `(B, H)` |
| $g_t$ | candidate: what would go in, between $-1$ and $1$ | `(B, H)` |
| $o_t$ | output gate: how much of the cell is shown | `(B, H)` |
| $W_{x\cdot}$, $W_{h\cdot}$, $b_\cdot$ | weights and biases, for $\cdot$ in $i, f, o, c$ | `(H, D)`, `(H, H)`, `(H,)` |

Read subscripts as from-to: $W_{xf}$ maps the input $x$ to the forget gate $f$.
"""

# %%
plots.show(
    plots.draw_cell(drawings.CELLS["plain"]),
    "The cell runs along the top: times the forget gate, plus input gate times candidate. "
    "Below, tanh of the new cell times the output gate gives the new state.",
)

# %% [markdown]
r"""
The line along the top is the point of it all. Light it up, and only two things touch it: a factor, $f$, and a sum.
"""

# %%
plots.show(
    plots.draw_cell(drawings.CELLS["plain"], ("c", "keep", "f", "add", "c_next")),
    "The same picture with the path from the old cell to the new one lit up: a product with the forget gate, then a sum.",
)

# %% [markdown]
r"""
Before you write it, hold its gates in your own hands. The candidate brings $+1$ at step 0 and $-1$ at step 20; the gates stand still.
"""

# %%
guess_keep = widgets.predict(
    "The forget gate stands at 0.9. How much of the first pulse is left after 19 steps?",
    ["nearly all of it", "about half", "about an eighth", "nothing"],
)

# %%
_ = widgets.explore(
    drawings.keeping,
    "The cell against time, with forget gate {forget:g} and input gate {let_in:g}: it jumps at the pulses and decays between them.",
    forget=ipywidgets.FloatSlider(0.9, min=0.0, max=1.0, step=0.05, description="forget gate f"),
    let_in=ipywidgets.FloatSlider(0.8, min=0.0, max=1.0, step=0.05, description="input gate i"),
)

# %%
widgets.reveal(
    guess_keep,
    "about an eighth",
    "0.9 to the power of 19 is 0.135. Only f = 1 keeps for good; f = 1 and i = 0 together copy the cell.",
)

# %% [markdown]
r"""
**On paper.** One unit, all weights 0, so that the gates are set by their biases. With $b_i = b_f = b_o = 0$ every gate is $\tfrac12$; with
$b_c = 0$ the candidate is 0. An old cell $c = 2$ becomes $c' = \tfrac12 \cdot 2 + \tfrac12 \cdot 0 = 1$, and the state is
$h' = \tfrac12 \tanh(1) \approx 0.3808$.

**Your turn.** One step. The parameters come in a dict, under the names of the formula.
"""

# %% grade_id="lstm_step_solution" solution=true
from autograder.reference.lstm import lstm_step

# %% grade_id="lstm_step" grade=true points=4
checks.lstm_step(lstm_step)

# %% [markdown]
r"""
## 3 · Along a sequence

As in unit 01, with two things to carry from step to step instead of one: state **and** cell. Keep all of both.
"""

# %% grade_id="lstm_forward_solution" solution=true
from autograder.reference.lstm import lstm_forward

# %% grade_id="lstm_forward" grade=true points=4
checks.lstm_forward(lstm_forward, lstm_step)

# %% [markdown]
r"""
## 4 · The same network in torch

torch keeps the four blocks of weights in one tall matrix, stacked in the order **i, f, g, o** (its $g$ is the candidate, our letter $c$), and
adds two biases. It has no peepholes.
"""

# %% grade_id="load_into_torch_lstm_solution" solution=true
from autograder.reference.lstm import load_into_torch_lstm

# %% grade_id="load_into_torch_lstm" grade=true points=3
checks.load_into_torch_lstm(load_into_torch_lstm, lstm_forward)

# %% [markdown]
r"""
## 5 · What is left along the cell

Hold the gates fixed and look at the cell alone: each step multiplies by its forget gate. Between two steps the cell path keeps

$$\frac{\partial c_{end}}{\partial c_{start}} = \prod_{t = start + 1}^{end} f_t .$$

Mind the ends: $f_{start}$ acted before $c_{start}$ was there; $f_{end}$ helped to make $c_{end}$.

**On paper.** With gates $0.5, 0.9, 0.8, 0.5$ at steps 0 to 3, from step 0 to step 2: $0.9 \cdot 0.8 = 0.72$.
"""

# %% grade_id="cell_path_gain_solution" solution=true
from autograder.reference.lstm import cell_path_gain

# %% grade_id="cell_path_gain" grade=true points=2
checks.cell_path_gain(cell_path_gain)

# %% [markdown]
r"""
A forget gate of $\tfrac12$, where it stands when its bias is 0, leaves $2^{-50} \approx 10^{-15}$ over fifty steps. So before training starts, an LSTM
forgets fast, unless its forget gate is told to stand open: by its **bias**. With $b_f = 1$ the gate stands at
$\sigma(1) = 0.73$, with $b_f = 3$ at $0.95$.

Write the small function that sets it. (In torch, the forget gate's biases are the second of the four blocks: `lstm.bias_ih_l0[H : 2 * H] = 3.0`,
inside `with torch.no_grad():`, and the other bias at zero.)
"""

# %% grade_id="init_forget_bias_solution" solution=true
from autograder.reference.lstm import init_forget_bias

# %% grade_id="init_forget_bias" grade=true points=2
checks.init_forget_bias(init_forget_bias)

# %% [markdown]
r"""
## 6 · Does an LSTM's gradient vanish?

"An LSTM cannot vanish" is a popular sentence. Measure it, under the same conditions for all: 64 units, a small random start, **no input**, as in
unit 03. The loss pulls at the last state with a gradient of length one; how much of it arrives 50 steps earlier? One network is the best of unit
03, a plain RNN with orthogonal recurrent weights. The others are fresh LSTMs, with recurrent weights drawn as torch draws them (uniform between
$-1/\sqrt H$ and $1/\sqrt H$) and all biases zero, except for the forget gate's. (The way back through an LSTM is the subject of unit 06. Here torch finds the gradients, in the network that your
`load_into_torch_lstm` makes.)
"""

# %%
guess_vanish = widgets.predict(
    "Fifty steps back, before any training: which passes more of the gradient, a plain RNN with orthogonal weights, or an LSTM "
    "with all biases at zero?",
    ["the LSTM, by far", "they are about equal", "the RNN, by far"],
)

# %%
def start(rng, steps, batch, units):
    """Inputs (T, B, 16), two small random arrays (B, H) to start from, and a pull of length one at each last state (B, H)."""
    pull = rng.normal(size=(batch, units))
    pull /= np.linalg.norm(pull, axis=1, keepdims=True)
    return rng.normal(size=(steps, batch, 16)), 0.25 * rng.normal(size=(2, batch, units)), pull


def lstm_walk(forget_bias, loudness=0.0, steps=50, units=64, batch=16, seed=0):
    """Norms of dL/dh by distance (steps + 1, batch) for a fresh LSTM, and its forget gates (steps, batch, units).

    ``loudness``: the size of what the inputs add up to in each gate and candidate.
    """
    rng = np.random.default_rng(seed)
    fresh = {"W_x" + k: loudness * training.glorot(rng, units, 16) for k in "ifoc"}
    fresh |= {"W_h" + k: rng.uniform(-1, 1, size=(units, units)) / np.sqrt(units) for k in "ifoc"}
    fresh = init_forget_bias(fresh | {"b_" + k: np.zeros(units) for k in "ifoc"}, forget_bias)
    x, (h0, c0), pull = start(rng, steps, batch, units)
    lstm, inputs = load_into_torch_lstm(fresh), torch.tensor(x)
    states, cell = [torch.tensor(h0[None], requires_grad=True)], torch.tensor(c0[None])
    for x_t in inputs:
        _, (state, cell) = lstm(x_t[None], (states[-1], cell))
        states.append(state)
    pulls = torch.autograd.grad((states[-1] * torch.tensor(pull)).sum(), states)
    norms = [pull[0].norm(dim=1).numpy() for pull in reversed(pulls)]
    old_h = np.array([state[0].detach().numpy() for state in states[:-1]])
    return np.array(norms), sigmoid(x @ fresh["W_xf"].T + old_h @ fresh["W_hf"].T + fresh["b_f"])


def rnn_walk(loudness=0.0, steps=50, units=64, batch=16, seed=0):
    """The same norms for a plain RNN with orthogonal recurrent weights, under the same conditions."""
    rng = np.random.default_rng(seed)
    U, W = np.linalg.qr(rng.normal(size=(units, units)))[0], loudness * training.glorot(rng, units, 16)
    x, (h, _), pull = start(rng, steps, batch, units)
    states = []
    for x_t in x:
        h = np.tanh(h @ U.T + x_t @ W.T)
        states.append(h)
    norms = [np.linalg.norm(pull, axis=1)]
    for h in reversed(states):
        pull = (pull * (1 - h**2)) @ U
        norms.append(np.linalg.norm(pull, axis=1))
    return np.array(norms)


def contest(loudness):
    """Norms by distance of the four networks, by name; and the forget gates of the three LSTMs, by their bias."""
    walks = {bias: lstm_walk(bias, loudness) for bias in (0, 1, 3)}
    norms = {"plain RNN, orthogonal": rnn_walk(loudness)}
    return norms | {f"LSTM, b_f = {bias}": walks[bias][0] for bias in walks}, {bias: walks[bias][1] for bias in walks}


if torch:
    silent, silent_gates = contest(loudness=0.0)
    plots.show(
        decay(silent, "64 units, before training, no input"),
        "Four curves from 1 at distance 0. The RNN stays near one half; the LSTM with b_f 0 falls straight to about 1e-11, "
        "with b_f 1 to about 4e-5; with b_f 3 it drops to a tenth at once, then rises again to about the RNN's.",
    )
    print("at distance 50, median over 16 sequences:")
    for name, norms in silent.items():
        print(f"  {name:24s} {np.median(norms[-1]):.0e}")
else:
    print("This experiment needs torch; so do the next three cells with code.")

# %%
widgets.reveal(
    guess_vanish,
    "the RNN, by far",
    "With b_f = 0 the LSTM starts ten orders of magnitude below the orthogonal RNN. A forget bias of 3 makes up for all of that.",
)

# %% [markdown]
r"""
**Explain.** At the start the gates stand near $\sigma(b_f)$, and along the cell the gradient shrinks by that factor at every step. Compare what is
measured with your `cell_path_gain`. (The pull is at a *state*, and reaches its cell within the last step; so 50 steps hold 49 forget gates.)
"""

# %%
if torch:
    for bias, forget in silent_gates.items():
        gain, whole = np.median(cell_path_gain(forget, 0, 49)), np.median(silent[f"LSTM, b_f = {bias}"][-1])
        print(f"b_f = {bias}: sigma(b_f) = {sigmoid(bias):.2f}; the cell path keeps {gain:.0e}, all paths together {whole:.0e}")

# %% [markdown]
r"""
All paths together carry more than the cell path, because there are detours through $h$ and the gates; but the more the forget gate is shut, the
steeper the curve. Look at $b_f = 3$: the first step takes nine tenths, since the pull has to pass the output gate and find its way into the cells. From there
on cell path and detours together hand back a little *more* than they get. "Cannot explode" is no safer a sentence than "cannot vanish".

How large should $b_f$ be? For half of a cell to survive $T$ steps, $f^T = \tfrac12$, so $f \approx 1 - 0.7/T$ and $b_f \approx \ln T + 0.4$. For
$T = 50$ that is a little more than 4.

### In a loud room

The orthogonal RNN owes its success to silence: nothing pushed its units away from 0, where the slope of tanh is 1. Now let all four networks read inputs
that add up to numbers of size 1.
"""

# %%
guess_loud = widgets.predict(
    "With loud inputs, how much is left at distance 50?",
    [
        "RNN a few tenths, LSTM with b_f = 3 nearly nothing",
        "both a few tenths",
        "RNN nearly nothing, LSTM with b_f = 3 about a hundredth",
    ],
)

# %%
if torch:
    loud, _ = contest(loudness=1.0)
    plots.show(
        decay(loud, "64 units, before training, loud inputs"),
        "The same four curves with loud inputs: the RNN now falls to 1e-10 and the LSTM with b_f 0 to 1e-13; with b_f 1 about 1e-7 is left, with b_f 3 a hundredth.",
    )
    print("at distance 50, median over 16 sequences:")
    for name, norms in loud.items():
        print(f"  {name:24s} {np.median(norms[-1]):.0e}")

# %%
widgets.reveal(
    guess_loud,
    "RNN nearly nothing, LSTM with b_f = 3 about a hundredth",
    "Loud inputs saturate tanh, and the RNN's only way back leads through those slopes. Along the cell there are no slopes: only its forget gates, "
    "which the noise shuts now and then.",
)

# %% [markdown]
r"""
Try other starts. Where is the curve of the LSTM level? What does $b_f = 6$ do in a loud room, and what does a negative bias do?
"""

# %%
def draw_start(forget_bias, loudness, steps):
    norms, _ = lstm_walk(forget_bias, loudness, steps)
    title = f"b_f = {forget_bias:g}, loudness {loudness:g}: the LSTM keeps {np.median(norms[-1]):.0e} at distance {steps}"
    return decay({"plain RNN, orthogonal": rnn_walk(loudness, steps), "LSTM": norms}, title, ylim=(1e-16, 1e3))


if torch:
    _ = widgets.explore(
        draw_start,
        "Norms of gradients against distance over {steps} steps, for a fresh LSTM with forget bias {forget_bias:g} and for an orthogonal "
        "RNN, with inputs of loudness {loudness:g}.",
        forget_bias=ipywidgets.FloatSlider(1.0, min=-2.0, max=6.0, step=0.5, description="forget bias"),
        loudness=ipywidgets.FloatSlider(0.0, min=0.0, max=2.0, step=0.1, description="loudness of the input"),
        steps=ipywidgets.IntSlider(50, min=10, max=100, step=10, description="steps T"),
    )

# %% [markdown]
r"""
**Your turn, in words.** This answer is read and graded by a person.

In three to six sentences: somebody tells you "LSTMs do not suffer from vanishing gradients". What would you answer, which two numbers of this notebook would you
show, and what would you do to a fresh LSTM before training it on long sequences?

*How it is graded:* 1 point for an answer that says when it is true and when it is not; 1 point for two numbers of this notebook that bear it out; 1 point
for what you do to the fresh LSTM, and why that helps.
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
- In silence an orthogonal RNN keeps far more; in a loud room it loses nearly everything, and an LSTM with open forget gates does not.
- torch stacks the four blocks in the order i, f, g, o, and adds two biases.

**Next:** unit 05 shows the same cell as papers and lecture notes write it, and gates that look into the cell.

## Going further

- S. Hochreiter and J. Schmidhuber (1997), *Long short-term memory*, Neural Computation 9. The cell, without a forget gate.
- F. A. Gers, J. Schmidhuber and F. Cummins (2000), *Learning to forget: continual prediction with LSTM*, Neural Computation 12. The forget gate.
- R. Jozefowicz, W. Zaremba and I. Sutskever (2015), *An empirical exploration of recurrent network architectures*, ICML. On the forget bias.
- C. Tallec and Y. Ollivier (2018), *Can recurrent neural networks warp time?*, ICLR (arXiv 1804.11188v1). How large a gate's bias should be for a memory of a given length.
- Try it: which forget bias keeps half of a cell for 200 steps? Work it out, then look at the curve for $T = 100$ with the sliders.
"""
