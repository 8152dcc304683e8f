# %% [markdown]
r"""
# Unit 06 · The LSTM, backwards

A loss at the last step says: "this should have been *blue*". Thirty steps earlier, a gate let *blue* in. How does the one hear of
the other? By a gradient that runs back along the cell, and at every step meets one factor and no matrix. In this unit you follow
it by hand, down to every parameter, and train with it.

**After this unit you can**

- name the paths by which a gradient goes back through one step of an LSTM, and compute each;
- take it back through a whole sequence, carrying two gradients;
- show by training what the forget bias decides.

**Time:** about 100 minutes, without the optional section. **You need:** unit 02 (backpropagation through time) and unit 04 (the LSTM); unit 05 for the optional section only.

**How to work:** read, run the cells from top to bottom (Shift+Enter), and wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` by your code. The cell below it checks what you wrote. Hidden checks with fresh numbers run when your notebook
is graded; each check earns its own points, and a mistake in one function does not cost you the functions that use it.
"""

# %% setup=true
import numpy as np

from course import checks, plots, training, widgets
from course.plots import lstm as drawings


def sigmoid(a):
    r"""The logistic function: it squashes any number to one between 0 and 1."""
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


def lstm_parameters(rng, D, H, peepholes=False):
    """Random parameters of an LSTM with D inputs and H units, which the checks below use."""
    made = {"W_x" + k: rng.normal(size=(H, D)) for k in "ifoc"}
    made |= {"W_h" + k: 0.5 * rng.normal(size=(H, H)) for k in "ifoc"}
    made |= {"b_" + k: rng.normal(size=H) for k in "ifoc"}
    return made | ({"w_c" + k: rng.normal(size=H) for k in "ifo"} if peepholes else {})

# %% [markdown]
r"""
The cell above gives you what you have written in units 04 and 05: the LSTM's step and its run along a sequence, and the step with peepholes, which only the optional section needs.
`lstm_parameters` makes random weights for the checks.

Here is the cell once more. Follow the arrows against their direction: from the new state $h_t$, below, and from the new cell $c_t$, above.
"""

# %%
plots.show(
    plots.draw_cell(drawings.CELLS["plain"]),
    "The cell runs along the top: times the forget gate, plus input gate times candidate. "
    "Below, tanh of the new cell times the output gate gives the new state.",
)

# %% [markdown]
r"""
## 1 · One step backwards

Two gradients arrive from the future: $dh$ for the new state, $dc$ for the new cell. The new cell counts twice, once directly, and once
because the new state was made from it:

$$dc_t = dc_{next} + dh_{next} \odot o \odot (1 - \tanh^2 c_t)$$

From there every part gets "what it multiplied, times what is wanted": the forget gate multiplied the old cell, so $df = dc_t \odot c_{t-1}$;
the input gate multiplied the candidate, $di = dc_t \odot g$; the candidate gets $dg = dc_t \odot i$; the output gate multiplied $\tanh c_t$, so
$do = dh_{next} \odot \tanh c_t$. Each goes back through its own squashing ($\sigma' = \sigma (1 - \sigma)$, $\tanh' = 1 - \tanh^2$), and then
weights, input and old state follow as in unit 02, summed over the four.

And the old cell gets

$$dc_{t-1} = dc_t \odot f_t .$$

One factor, and no matrix. This short line is what the LSTM was built for.

**On paper.** One unit, all weights and biases 0, old cell $c_{t-1} = 2$. So $i = f = o = \tfrac12$, $g = 0$, $c_t = 1$ and $\tanh c_t \approx 0.7616$. Let
$dh_{next} = 1$ and $dc_{next} = 0$. Then $dc_t = 1 \cdot \tfrac12 \cdot (1 - 0.7616^2) \approx 0.2100$, and the old cell gets half of it, $0.1050$. The forget gate's
bias gets $0.2100 \cdot 2 \cdot \tfrac14 \approx 0.1050$, the output gate's $0.7616 \cdot \tfrac14 \approx 0.1904$, the candidate's $0.2100 \cdot \tfrac12 \approx 0.1050$, and the input
gate's nothing, since the candidate was 0.
"""

# %% grade_id="lstm_step_backward_solution" solution=true
from autograder.reference.lstm import lstm_step_backward

# %% grade_id="lstm_step_backward" grade=true points=6
checks.lstm_step_backward(lstm_step_backward, lstm_step)

# %% [markdown]
r"""
## 2 · Back through time

From the last step to the first, carrying both gradients. The loss looks at states only, so $dc$ starts at zero; it fills up on the way.
"""

# %% grade_id="lstm_backward_solution" solution=true
from autograder.reference.lstm import lstm_backward

# %% grade_id="lstm_backward" grade=true points=6
checks.lstm_backward(lstm_backward, lstm_forward)

# %% [markdown]
r"""
## 3 · Does the forget bias matter for learning?

Unit 04 measured what a forget bias keeps before training. Now let your gradients train.

A symbol is shown at step 0, with a mark. Then come 29 more symbols, which do not matter; at the end the network has to say which one was the first.
Your own forward and backward passes, 12 units, 200 training steps, three seeds for each start.
"""

# %%
guess_learn = widgets.predict(
    "Which of the LSTMs learn it?",
    ["all: training finds the right forget gates", "those with b_f = 1 and b_f = 3", "only those with b_f = 3"],
)

# %%
def first_symbol(rng, steps, batch, symbols=4):
    """One-hot symbols x (T, B, 5) with a mark in the last column at step 0, and the symbol shown there (B,)."""
    seen = rng.integers(symbols, size=(steps, batch))
    x = np.concatenate([np.eye(symbols)[seen], np.zeros((steps, batch, 1))], axis=2)
    x[0, :, -1] = 1
    return x, seen[0]


def first_symbol_loss(x, targets, params):
    """The loss of reading the last state out, and the gradients of all parameters."""
    cell = {name: value for name, value in params.items() if name not in ("V", "d")}
    zero = np.zeros((x.shape[1], len(cell["b_f"])))
    shown, _ = lstm_forward(x, zero, zero, cell)
    scores = shown[-1] @ params["V"].T + params["d"]
    log_p = scores - np.logaddexp.reduce(scores, axis=1)[:, None]
    right = np.eye(len(params["d"]))[targets]
    dscores, direct = (np.exp(log_p) - right) / len(targets), np.zeros_like(shown)
    direct[-1] = dscores @ params["V"]
    *_, gradients = lstm_backward(direct, x, zero, zero, cell)
    return -np.sum(right * log_p) / len(targets), gradients | {"V": dscores.T @ shown[-1], "d": dscores.sum(axis=0)}


def trained_reader(forget_bias, seed, steps=30, units=12, symbols=4):
    """One network's losses while it trained, and its loss on new sequences."""
    rng = np.random.default_rng(seed)
    params = {"W_x" + k: training.glorot(rng, units, symbols + 1) for k in "ifoc"}
    params |= {"W_h" + k: training.glorot(rng, units, units) for k in "ifoc"}
    params |= {"b_" + k: np.zeros(units) for k in "ioc"}
    params["b_f"] = np.full(units, float(forget_bias))
    params |= {"V": training.glorot(rng, symbols, units), "d": np.zeros(symbols)}
    losses = training.train(
        first_symbol_loss,
        params,
        lambda step: first_symbol(rng, steps, 16),
        200,
        rate=0.02,
        name=f"b_f = {forget_bias}, seed {seed}",
        keep_bar=False,
    )
    return losses, first_symbol_loss(*first_symbol(np.random.default_rng(99), steps, 300), params)[0]


readers = {bias: [trained_reader(bias, seed) for seed in range(3)] for bias in (0, 1, 3)}
plots.show(
    drawings.losses_by_start(
        {f"start at b_f = {bias}": [losses for losses, _ in runs] for bias, runs in readers.items()},
        np.log(4),
        "Which symbol was the first of thirty?",
    ),
    "Nine loss curves. The six that start with b_f 0 or 1 stay at the level of guessing, 1.39; the three that start with b_f 3 fall far below it.",
)
print("loss on 300 new sequences, by seed (guessing: 1.39)")
for bias, runs in readers.items():
    print(f"  b_f = {bias}   {', '.join(f'{loss:.2f}' for _, loss in runs)}")

# %%
widgets.reveal(
    guess_learn,
    "only those with b_f = 3",
    "Training could open the forget gates only by following a gradient, and with the gates half shut that gradient does not arrive. "
    "Over 12 steps instead of 30 a bias of 1 is enough (try it); over 30, three times as much training does not help it.",
)

# %% [markdown]
r"""
So the honest sentence is: **an LSTM can learn to keep, because a gate can stand open, and open means a factor of one; whether it keeps from the
start is decided by a bias.** Jozefowicz, Zaremba and Sutskever (2015) report that a forget bias of 1 closes the gap that they had measured between
LSTM and GRU; longer memories want more.
"""

# %% [markdown]
r"""
## Optional: extra credit

Nothing later builds on this section. Take it when you have time left, or never.

### Back through peepholes

Peepholes open three more paths. The output gate looked at the new cell, so part of its gradient goes into $dc_t$: add
$da_o \odot w_{co}$, where $da_o$ is the gradient inside its $\sigma$. The input and forget gates looked at the old cell, so
$dc_{t-1}$ gets $da_i \odot w_{ci} + da_f \odot w_{cf}$ besides $dc_t \odot f_t$. And each peephole's own gradient is its gate's gradient times
the cell it saw, summed over the batch.
"""

# %% grade_id="peephole_lstm_step_backward_solution" solution=true
from autograder.reference.lstm import peephole_lstm_step_backward

# %% grade_id="peephole_lstm_step_backward" grade=true points=6
checks.peephole_lstm_step_backward(peephole_lstm_step_backward, peephole_lstm_step)

# %% [markdown]
r"""
## What to remember

- Two gradients come back, one for the state and one for the cell. The cell's is $dc_t = dc_{next} + dh_{next} \odot o \odot (1 - \tanh^2 c_t)$.
- Every part gets what it multiplied times what arrives, and goes back through its own squashing.
- Along the cell there is one factor per step and no matrix: $dc_{t-1} = dc_t \odot f_t$.
- The weights' gradients are summed over the four blocks' batch and over all steps, as in the plain RNN.
- Training can open the forget gates only by following a gradient, and half-shut gates do not let it arrive: the bias decides.

**Next:** unit 07 couples two gates into one, drops the separate cell, and meets its result in four notations.

## Going further

- F. A. Gers, J. Schmidhuber and F. Cummins (2000), *Learning to forget: continual prediction with LSTM*, Neural Computation 12. The way back of its time: cut off wherever it leaves the cell.
- A. Graves and J. Schmidhuber (2005), *Framewise phoneme classification with bidirectional LSTM and other neural network architectures*, Neural Networks 18. The full gradient, as you wrote it.
- Try it: in section 3, let the networks read 12 steps instead of 30. Which forget biases are enough now?
"""
