# %% [markdown]
r"""
# Unit 05 · One LSTM, many notations

Open three papers, and you find three LSTMs: other letters, other subscripts, one more term here, a tanh less there. Which of the
differences are only spelling, and which make another cell? You cannot tell by looking. You can tell by computing.

**After this unit you can**

- write the LSTM with peepholes, and say what an output gate sees that everybody gets wrong;
- say when peepholes help, with numbers;
- write the LSTM of lecture notes in Gamma notation exactly as printed, and name the two changes that make it the usual one.

**Time:** about 80 minutes. **You need:** unit 04 (the LSTM), and torch for the experiment of section 2.

**How to work:** read, run the cells from top to bottom (Shift+Enter), and wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` by your code. The cell below it checks what you wrote. Hidden checks with fresh numbers run when your notebook
is graded; each check earns its own points, and a mistake in one function does not cost you the functions that use it.
"""

# %% setup=true
import numpy as np

from course import checks, plots, widgets
from course.plots import lstm as drawings

try:
    from course import memory
except ImportError:  # everything but the experiment of section 2 works without torch
    memory = None


def sigmoid(a):
    r"""The logistic function: it squashes any number to one between 0 and 1."""
    with np.errstate(over="ignore"):  # e to a large number is infinite, and 1 / infinity is 0, as it should be
        return 1 / (1 + np.exp(-a))


def lstm_step(x, h, c, params):
    """One step of the LSTM of unit 04: the new state and the new cell, (B, H) each."""
    a = {k: params["b_" + k] + h @ params["W_h" + k].T + x @ params["W_x" + k].T for k in "ifoc"}
    kept = c * sigmoid(a["f"]) + np.tanh(a["c"]) * sigmoid(a["i"])
    return np.tanh(kept) * sigmoid(a["o"]), kept


def lstm_parameters(rng, D, H, peepholes=False):
    """Random parameters of an LSTM with D inputs and H units, which the checks below use."""
    made = {"W_x" + k: rng.normal(size=(H, D)) for k in "ifoc"}
    made |= {"W_h" + k: 0.5 * rng.normal(size=(H, H)) for k in "ifoc"}
    made |= {"b_" + k: rng.normal(size=H) for k in "ifoc"}
    return made | ({"w_c" + k: rng.normal(size=H) for k in "ifo"} if peepholes else {})

# %% [markdown]
r"""
The cell above gives you what you have written in unit 04: `sigmoid` and `lstm_step`. `lstm_parameters` makes random weights for the checks.
"""

# %% [markdown]
r"""
## 1 · Peepholes

Unit 04's cell has a blind spot. Its gates see the state $h_{t-1}$, and that is the cell *as the output gate showed it*. When the output gate is shut, $h$ is zero, and the
gates cannot know what the cell holds. Gers and Schmidhuber (2000) let them look inside, through **peepholes**; this is the form of Graves
(2013):

$$\begin{aligned}
i_t &= \sigma(W_{xi} x_t + W_{hi} h_{t-1} + w_{ci} \odot c_{t-1} + b_i)\\
f_t &= \sigma(W_{xf} x_t + W_{hf} h_{t-1} + w_{cf} \odot c_{t-1} + b_f)\\
c_t &= f_t \odot c_{t-1} + i_t \odot \tanh(W_{xc} x_t + W_{hc} h_{t-1} + b_c)\\
o_t &= \sigma(W_{xo} x_t + W_{ho} h_{t-1} + w_{co} \odot c_t + b_o)\\
h_t &= o_t \odot \tanh(c_t)
\end{aligned}$$

Look at the fourth line twice: the output gate looks at the cell that it is about to show, the **new** one. That is why it comes after the
cell, and it is the line that most people get wrong.

A peephole is a vector: each unit looks into its own cell only. (Some texts write a matrix $W_{ci}$ there; a diagonal one is meant.)
"""

# %%
plots.show(
    plots.draw_cell(drawings.CELLS["peephole"], ("c", "f", "i", "c_next", "o")),
    "The cell with peepholes lit up: arrows from the old cell to the forget and input gates, and from the new cell to the output gate.",
)

# %% grade_id="peephole_lstm_step_solution" solution=true
from autograder.reference.lstm import peephole_lstm_step

# %% grade_id="peephole_lstm_step" grade=true points=4
with checks.exercise("peephole_lstm_step"):
    rng = np.random.default_rng(3)
    params = lstm_parameters(rng, 4, 5, peepholes=True)
    x, h, c = rng.normal(size=(3, 4)), rng.uniform(-1, 1, size=(3, 5)), rng.normal(size=(3, 5))
    with checks.unchanged(x=x, h=h, c=c, **params):
        new_h, new_c = peephole_lstm_step(x, h, c, params)
    checks.expect_shape(new_h, (3, 5), "the new state")
    blind = params | {"w_c" + k: np.zeros(5) for k in "ifo"}
    for seen, wanted, what in zip(
        peephole_lstm_step(x, h, c, blind),
        lstm_step(x, h, c, params),
        ("state", "cell"),
        strict=True,
    ):
        checks.expect_close(
            seen, wanted, f"the new {what} with all peepholes at zero: your plain lstm_step's"
        )
    # one unit, gates set by hand: f = 1, i = 0, so the new cell is the old one, 3; the output gate sees w_co times it
    one = {name: 0 * value for name, value in lstm_parameters(rng, 1, 1, peepholes=True).items()}
    one |= {"b_f": np.array([50.0]), "b_i": np.array([-50.0]), "w_co": np.array([1.0])}
    checks.expect_close(
        peephole_lstm_step(np.zeros((1, 1)), np.zeros((1, 1)), np.full((1, 1), 3.0), one)[0],
        [[0.952574 * 0.995055]],
        "sigma(3) times tanh(3): a cell of 3 that is kept, and opens its own output gate",
        1e-5,
    )
    # now the cell is emptied in this very step: the output gate must see the new cell, 0
    one |= {"b_f": np.array([-50.0]), "b_i": np.array([50.0]), "b_c": np.array([1.0])}
    checks.expect_close(
        peephole_lstm_step(np.zeros((1, 1)), np.zeros((1, 1)), np.full((1, 1), 3.0), one)[0],
        [[0.681700 * 0.642015]],
        "a cell that goes from 3 to tanh(1) in this step: the output gate looks at the new cell",
        1e-5,
    )

# %% [markdown]
r"""
## 2 · What peepholes are for

A peephole matters when a gate must act on what the cell holds *while nothing is shown*. Timing is such a task: a pulse comes in, and exactly
`delay` steps later, not earlier, not later, the network must answer. It has to count in silence, and to know when the count is full.

One single unit makes the point sharpest: with several units, one of them can keep its output gate open and tell the others. Both networks below are
the same code; in the plain one the peepholes stay at zero. (`course/memory.py` trains them with torch, which finds the gradients. Unit 06 finds them by hand.)
"""

# %%
guess_timer = widgets.predict(
    "One unit, four seeds, the same training. Which of the two ends with the lower loss?",
    ["the plain one", "the one with peepholes, mostly", "no difference"],
)

# %%
kinds = ("plain", "with peepholes")
if memory:
    timers = memory.train_timers(seeds=4, delay=8)
    x, due = memory.pulses(np.random.default_rng(12), 28, 200, 8)
    losses = {kind: memory.timer_losses(timers[kind], x, due) for kind in kinds}
    print("loss on 200 new sequences, by seed")
    for kind in kinds:
        each = ", ".join(f"{loss:.3f}" for loss in losses[kind])
        print(f"  {kind:15s} {each}   median {np.median(losses[kind]):.3f}")
else:
    print("This experiment needs torch. The sections after it do not.")

# %%
if memory:
    said = {
        kind: memory.timer_answers(timers[kind], x)[:, np.argmin(losses[kind]), 0] for kind in kinds
    }
    plots.show(
        drawings.timing(x[:, 0, 0], due[:, 0], said, "The best of each on one new sequence"),
        "Pulses below, the steps at which an answer is due as bars. Both curves rise at the bars; the one with peepholes is "
        "close to 1 there and close to 0 elsewhere, the plain one rises before its time or stays lower.",
    )

# %%
widgets.reveal(
    guess_timer,
    "the one with peepholes, mostly",
    "Where training succeeds, its loss is many times lower: the gates see the count. One seed of four stays stuck, which happens "
    "with one unit and is reported, not hidden.",
)

# %% [markdown]
r"""
**Explain.** The plain unit has a dilemma: to count in secret its output gate must be shut, but then its own gates are blind; to let them see, it must
leak part of the count into its answer. Peepholes take the dilemma away. With two units the plain LSTM finds a way round it: the same task, training and seeds then
give losses of 0.0002 to 0.0008, with peepholes and without. Most of today's LSTMs, torch's among them, do without.
"""

# %% [markdown]
r"""
## 3 · The same cell in Gamma notation

Lecture notes often write gates as capital Gammas, call the candidate a *proposal* $\tilde c$, and the state an *activation* $a$:

$$\begin{aligned}
\tilde c &= \tanh(W_{cc}\, c_{t-1} + W_{cx}\, x_t + b_c)\\
\Gamma_u,\ \Gamma_f,\ \Gamma_o &= \sigma(W_{\cdot c}\, c_{t-1} + W_{\cdot x}\, x_t + b_\cdot)\\
c_t &= \Gamma_u \odot \tilde c + \Gamma_f \odot c_{t-1}\\
a_t &= \Gamma_o \odot c_t
\end{aligned}$$

Here the first letter of a matrix says *for whom*, the second *from whom*: $W_{uc}$ goes to the update gate from the memory $c$. There is no
relevance gate (the GRU of unit 07 has one), and the forget gate stands where a GRU has $1 - \Gamma_u$.

Is it only another spelling? Compare line by line, then write it **exactly as printed**.
"""

# %%
plots.show(
    plots.draw_cell(drawings.CELLS["gamma"]),
    "The Gamma form: the old cell, not the activation, goes into the gates beside the input; the new cell goes "
    "through the output gate without a tanh.",
)

# %%
guess_gamma = widgets.predict(
    "Rename u to i and a to h. Is the Gamma form then the LSTM of unit 04?",
    ["yes, only the letters differ", "no, one thing differs", "no, two things differ"],
)

# %% grade_id="gamma_lstm_step_solution" solution=true
from autograder.reference.lstm import gamma_lstm_step

# %% grade_id="gamma_lstm_step" grade=true points=3
with checks.exercise("gamma_lstm_step"):

    def gamma_parameters(rng, D, H):
        made = {f"W_{k}c": 0.5 * rng.normal(size=(H, H)) for k in "ufoc"}
        made |= {f"W_{k}x": rng.normal(size=(H, D)) for k in "ufoc"}
        return made | {f"b_{k}": rng.normal(size=H) for k in "ufoc"}

    still = {
        name: 0 * value for name, value in gamma_parameters(np.random.default_rng(0), 1, 1).items()
    }
    a, new_c = gamma_lstm_step(np.zeros((1, 1)), np.full((1, 1), 2.0), still)
    checks.expect_close(
        new_c, [[1.0]], "the new cell from 2, with every gate at one half and a proposal of 0"
    )
    checks.expect_close(a, [[0.5]], "the activation of that cell: one half of it, without a tanh")
    rng = np.random.default_rng(4)
    params = gamma_parameters(rng, 4, 5)
    x, c = rng.normal(size=(3, 4)), rng.normal(size=(3, 5))
    with checks.unchanged(x=x, c=c, **params):
        a, new_c = gamma_lstm_step(x, c, params)
    checks.expect_shape(a, (3, 5), "the activation")
    checks.expect_shape(new_c, (3, 5), "the new cell")
    shut = params | {"b_u": np.full(5, -60.0), "b_f": np.full(5, 60.0)}
    checks.expect_close(
        gamma_lstm_step(x, c, shut)[1],
        c,
        "the cell with Gamma_u shut and Gamma_f open: a copy",
        1e-12,
    )

# %%
widgets.reveal(
    guess_gamma,
    "no, two things differ",
    "The gates and the proposal hear the memory cell where unit 04 has the state, and the output has no tanh.",
)

# %% [markdown]
r"""
### The dictionary, and the two changes

So there are two steps from the notes to unit 04. First the **names**: write the dictionary from every parameter of `lstm_step` to the one
that plays its part in the Gamma notation, for example `W_xi` to `W_ux`. Which Gamma lets the new in, as $i$ does?
"""

# %% grade_id="gamma_names_solution" solution=true
from autograder.reference.lstm import gamma_names

# %% grade_id="gamma_names" grade=true points=2
with checks.exercise("gamma_names"):
    table = gamma_names()
    checks.expect(
        isinstance(table, dict),
        f"gamma_names should return a dict, but it returned {checks.shown(table)}.",
    )
    wanted = {"W_x" + k for k in "ifoc"} | {"W_h" + k for k in "ifoc"} | {"b_" + k for k in "ifoc"}
    checks.expect(
        set(table) == wanted,
        f"the keys should be the 12 names of lstm_step, but yours are {sorted(table)}.",
    )
    known = set(gamma_parameters(np.random.default_rng(0), 1, 1))
    checks.expect(
        set(table.values()) == known,
        f"each of {sorted(known)} should be used once, but you use {sorted(table.values())}.",
    )
    checks.expect(
        table["W_xi"] == "W_ux",
        f"W_xi lets the new in, as W_ux does, but you have {table['W_xi']}.",
    )

# %% [markdown]
r"""
Then use it: the same arrays, under our names.
"""

# %% grade_id="lstm_from_gamma_solution" solution=true
from autograder.reference.lstm import lstm_from_gamma

# %% grade_id="lstm_from_gamma" grade=true points=2
with checks.exercise("lstm_from_gamma"):
    theirs = gamma_parameters(np.random.default_rng(5), 2, 3)
    ours = lstm_from_gamma(theirs)
    checks.expect(len(ours) == 12, f"there are 12 parameters, but you return {len(ours)}.")
    checks.expect_shape(ours["W_xi"], (3, 2), "W_xi, for 2 inputs and 3 units")
    checks.expect_shape(ours["W_hf"], (3, 3), "W_hf, for 3 units")
    checks.expect_close(
        ours["b_f"], theirs["b_f"], "b_f, which both notations call by the same name"
    )

# %% [markdown]
r"""
And now the two **changes**: let gates and proposal hear the old *activation*, and put a tanh at the output. The result must be the LSTM of
unit 04, to the last digits, step after step.
"""

# %% grade_id="mended_gamma_step_solution" solution=true
from autograder.reference.lstm import mended_gamma_step

# %% grade_id="mended_gamma_step" grade=true points=3
with checks.exercise("mended_gamma_step"):
    rng = np.random.default_rng(6)
    theirs = gamma_parameters(rng, 2, 3)
    plain = {}
    for k, gate in (("i", "u"), ("f", "f"), ("o", "o"), ("c", "c")):
        plain |= {
            "W_x" + k: theirs[f"W_{gate}x"],
            "W_h" + k: theirs[f"W_{gate}c"],
            "b_" + k: theirs["b_" + gate],
        }
    a = h = rng.uniform(-1, 1, size=(2, 3))
    cell = c = rng.normal(size=(2, 3))
    for step, x in enumerate(rng.normal(size=(5, 2, 2))):
        a, cell = mended_gamma_step(x, a, cell, theirs)
        h, c = lstm_step(x, h, c, plain)
        checks.expect_close(
            a,
            h,
            f"the activation after step {step + 1}, against lstm_step with the names changed",
            1e-12,
        )
        checks.expect_close(
            cell,
            c,
            f"the cell after step {step + 1}, against lstm_step with the names changed",
            1e-12,
        )

# %% [markdown]
r"""
## What to remember

- Peepholes let the gates look into the cell; the output gate looks at the **new** one. At zero they give the plain LSTM exactly.
- They help where a gate must act on what the cell holds while nothing is shown: one unit that times a silence. Two units find a way round.
- Most of today's LSTMs, torch's among them, do without peepholes.
- The Gamma notation is the same cell after renaming u to i **and** two changes: hear the activation, and squash at the output.
- Whether two notations are one function is not seen but computed: the same numbers in, step after step, the same numbers out.

**Next:** unit 06 takes the LSTM apart backwards.

## Going further

- F. A. Gers and J. Schmidhuber (2000), *Recurrent nets that time and count*, IJCNN. Peepholes, and the timing tasks after which section 2 is made.
- A. Graves (2013), *Generating sequences with recurrent neural networks* (arXiv 1308.0850). The peephole form of section 1.
- Try it: a longer silence. Train both kinds with `delay=12`, and look at which seeds still succeed.
"""
