# %% [markdown]
r"""
# Unit 01 · One line that remembers

Monday, Tuesday, Wednesday ... *Twinkle, twinkle, little* ... 1, 1, 2, 3, 5, 8 ... *The dog that chased the cats* ... was, or were? You can
go on with each of them, because you remember what came before. A name is such a sequence, too: after *Ma* comes *r* or *t*, but hardly *q*.

A small network that comes with this course has read 4,642 first names, letter by letter. Here it makes up names of its own; none of them is in
its data. Change the seed, or raise the temperature for bolder names:
"""

# %%
from course import names

print(*names.make_up(count=12, temperature=0.7, seed=0), sep=", ")

# %% [markdown]
r"""
How can a network with a fixed number of weights read a sequence of any length, and remember? A **recurrent network** reads one step at a
time and keeps what it has read in a *state*, a list of numbers. The network above does it in one line, and so will yours:

$$h_{t+1} = \tanh(W x_{t+1} + U h_t + b)$$

**After this unit you can**

- say what every letter of that line is, and what shape it has;
- write the network in a few lines of NumPy, for one step and for a whole sequence;
- see what its states remember of an input, and show that your network is the one in torch.

**Time:** about 75 minutes. **You need:** NumPy and matrix products. The last section needs torch (PyTorch); everything before it runs without.

**How to work:** run the cells from top to bottom (Shift+Enter). Where a cell says `YOUR CODE HERE`, replace `raise NotImplementedError` with
your code. Stuck? Each exercise has folded hints. The cell below it checks your code, and says what is wrong, if anything is. Hidden checks with
fresh numbers run when your notebook is graded; each check earns its own points.
"""

# %% setup=true
import numpy as np

from course import checks, plots, widgets

try:
    import torch
except ImportError:  # only the last section needs it
    torch = None

# %% [markdown]
r"""
## 1 · Squashing with tanh

Recurrent networks squash numbers: whatever goes in, what comes out stays within bounds. The network of this unit uses
$\tanh$, the hyperbolic tangent, which runs from $-1$ to $1$. So a state can be positive or negative, and zero means "nothing to report".

Take one *hidden unit* (one component of the state; we say **neuron** from here on) that sees one number: $h = \tanh(w x + b)$. The **slope of
tanh** there is $1 - h^2$. By the chain rule, a small change of the input $x$ reaches the state $h$ multiplied by $w (1 - h^2)$. The weight can
be as large as you like, but the slope of tanh is never above 1. Keep it in mind: from unit 02 on it decides what a network can learn.
"""

# %%
widgets.predict("rnn_slope")

# %% [markdown]
r"""
Now move the sliders. On the left is the state; on the right is the slope of tanh, which is shaded where it's below a tenth.
"""

# %%
_ = widgets.squashing()

# %%
widgets.reveal("rnn_slope")

# %% [markdown]
r"""
## 2 · One step

Now the whole line: $h_{t+1} = \tanh(W x_{t+1} + U h_t + b)$. It's called an **Elman network**, after the linguist who introduced it in 1990.

| letter | what it is | shape |
|---|---|---|
| $x_{t+1}$ | the input that arrives now, $D$ numbers for each of $B$ examples | `(B, D)` |
| $h_t$ | the old state, $H$ neurons for each example | `(B, H)` |
| $W$ | input weights: from the input to each neuron | `(H, D)` |
| $U$ | recurrent weights: from the old state to each neuron | `(H, H)` |
| $b$ | bias, one number per neuron | `(H,)` |

The formula is written for **one** example, a column. In code we hold a whole batch, one example per **row**. So the product
$W x$ becomes `x @ W.T`, and $U h$ becomes `h @ U.T`. (torch stores its weights in the same way. A text that writes
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
Each part of the picture is a part of the equation. The recurrent part, $U h_t$, is what makes the network remember. Here it is lit up:
"""

# %%
plots.show(
    plots.draw_cell("rnn", highlight=("h", "U", "sum")),
    "The same picture with the path from the old state through U to the sum lit up: U h.",
)

# %% [markdown]
r"""
**On paper first.** One neuron, one input: $W = 0.5$, $U = 1$, $b = 0$. The old state is $h = 0.5$ and the input is $x = 1$.
Then $W x + U h + b = 0.5 + 0.5 + 0 = 1$, and the new state is $\tanh(1) \approx 0.7616$.

Now two neurons, to see which one hears which: row $i$ of $U$ holds the weights with which neuron $i$ hears the others. Let the first neuron hear
the second, and let the second hear none:

$$U = \begin{pmatrix} 0 & 1 \\ 0 & 0 \end{pmatrix}, \qquad h = \begin{pmatrix} 0.3 \\ 0.5 \end{pmatrix}, \qquad
U h = \begin{pmatrix} 0.5 \\ 0 \end{pmatrix}.$$

Without input and bias the new state is $(\tanh 0.5, 0) \approx (0.4621, 0)$.

**Your turn.** Write one step, for a whole batch.

<details><summary>Hint 1: which two products does the sum need, and what is their shape?</summary>

One for the input and one for the old state. Both have the shape of the new state, `(B, H)`.
</details>

<details><summary>Hint 2: how do you write W x when each example is a row?</summary>

As `x @ W.T`: `(B, D)` times `(D, H)` gives `(B, H)`. The old state and `U` work in the same way. Without the `.T`, the neurons hear the wrong
neighbours, and with a square `U` no error tells you.
</details>

<details><summary>Hint 3: what goes inside the tanh?</summary>

Everything: add the two products and `b` (NumPy adds it to each row), then take `np.tanh` of that sum, once.
</details>
"""

# %% grade_id="rnn_step_solution" solution=true
from autograder.reference.rnn import rnn_step

# %% grade_id="rnn_step" grade=true points=3
checks.rnn_step(rnn_step)

# %% [markdown]
r"""
## 3 · Many steps

A sequence is an array of shape `(T, B, D)`: time comes first. Start from $h_0$, apply the same step with the same
weights again and again, and keep every state. Entry `t` of the result is the state *after* input `t`. So there are as many
states as inputs, and $h_0$ is not among them.

**On paper.** One neuron with $W = 1$, $U = 1$, $b = 0$ and $h_0 = 0$ reads the sequence $1, 0$. After the first step
$h_1 = \tanh(1) \approx 0.7616$; after the second $h_2 = \tanh(0.7616) \approx 0.6420$. The input is gone, but the state
still remembers it. Drawn out in time, with one copy of the cell per step, the network is **unrolled**:
"""

# %%
plots.unrolled(np.array([[0.0], [0.7616], [0.6420]]), ["1", "0"])

# %% [markdown]
r"""
**Your turn.** Use your `rnn_step`. (If there is still a mistake in it, you lose no points here for that.)

<details><summary>Hint 1: what does one step need, and where does it get it?</summary>

The input of that step, `x[t]`, and the state that the step before returned. The first step gets `h0`.
</details>

<details><summary>Hint 2: where do the states go?</summary>

Into a list to which each step appends its state, or into an array made before the loop, with room for `(T, B, H)` numbers.
</details>

<details><summary>Hint 3: what does the loop look like?</summary>

Before it, `h = h0`. In it, for each `x_t` of `x`: replace `h` with what `rnn_step` makes of `x_t` and `h`, and append the new `h`. After it,
`np.array` turns the list into one array.
</details>
"""

# %% grade_id="rnn_forward_solution" solution=true
from autograder.reference.rnn import rnn_forward

# %% grade_id="rnn_forward" grade=true points=4
checks.rnn_forward(rnn_forward, rnn_step)

# %% [markdown]
r"""
### See it remember

Two neurons read one pulse, a 1 followed by zeros. Neither hears the other: the first hears itself with weight 1.2, the second hears itself with
weight $-0.9$.
"""

# %%
widgets.predict("rnn_pulse")

# %%
pulse = np.zeros((6, 1, 1))
pulse[0] = 1.0
W_pulse, U_pulse = np.array([[1.0], [1.0]]), np.diag([1.2, -0.9])
after_pulse = rnn_forward(pulse, np.zeros((1, 2)), W_pulse, U_pulse, np.zeros(2))
two_neurons = np.concatenate([np.zeros((1, 2)), after_pulse[:, 0]])
_ = widgets.unrolling(two_neurons, ["1", "0", "0", "0", "0", "0"])

# %%
widgets.reveal("rnn_pulse", lambda: plots.unrolled(two_neurons, ["1"] + 5 * ["0"]))

# %% [markdown]
r"""
**Explain it to yourself.** Near zero, tanh hardly squashes, so each step multiplies the state by the recurrent weight. If
that weight is smaller than 1 in size, the state fades. If it is larger, the state grows until tanh stops it: the first neuron heads
for 0.66, whether the pulse was 1 or 2. It remembers *that* something came, and soon forgets how large it was.

Here is a larger network with random weights that reads the same pulse, one row per neuron. Its $U$ is a full matrix, so all neurons hear each other:
"""

# %%
rng = np.random.default_rng(3)
W_wide, U_wide = rng.normal(size=(12, 1)), rng.normal(size=(12, 12)) / np.sqrt(12)
long_pulse = np.pad(pulse, ((0, 18), (0, 0), (0, 0)))
twelve_neurons = rnn_forward(long_pulse, np.zeros((1, 12)), W_wide, U_wide, np.zeros(12))
plots.states_over_time(twelve_neurons[:, 0], "Twelve neurons after one pulse at step 0")

# %% [markdown]
r"""
Only the neuron in row 0 ends near zero. The others change sign at every step and stay there. No single weight explains that, but the
eigenvalues of $U$ do: near zero, each step stretches every eigenvector by its eigenvalue, and the largest one here is $-1.16$. It is negative, so
that part of the state flips at each step; and it is above 1 in size, so it grows until tanh stops it. For many neurons, the eigenvalues play the part
that the recurrent weight plays for one.
"""

# %% [markdown]
r"""
**Your turn, in words.** This answer is read and graded by a person.

In three to six sentences: which number decides how long one of the two neurons remembers the pulse, and what in the figure shows it? What does
the neuron that holds its state no longer know about the pulse? And what would a neuron need to keep a symbol for a hundred steps,
yet take in a new one when it comes?

*How it is graded:* 1 point for the number and what in the figure shows it; 1 point for what is lost although the state is held; 1 point for
what such a neuron would need, with a reason.
"""

# %% [markdown] grade_id="what_a_state_keeps" grade=true solution=true points=3
r"""
YOUR ANSWER HERE
"""

# %% [markdown]
r"""
## 4 · The same network in torch

Is your network what everybody calls an RNN? torch has one, and with your weights it should give the same numbers to the last digits.
It stores `weight_ih_l0` $= W$ (from input to hidden) and `weight_hh_l0` $= U$ (from hidden to hidden), as we do. But it has **two** biases,
`bias_ih_l0` and `bias_hh_l0`, and adds them. Fill them so that their sum is $b$: with $b$ in both, it counts twice.

Two things to know about torch. It computes in float32 unless told otherwise, so ask for `dtype=torch.float64`. And its weights are parameters that
torch watches for training. Overwrite their *contents* with `.copy_(...)`, inside `with torch.no_grad():`. A plain `=` would try to replace the
parameter itself, and torch refuses.

<details><summary>Hint 1: which sizes does torch.nn.RNN need?</summary>

The size of the input, then the size of the state: `D` and `H`. Both stand in the shape of `W`, which is `(H, D)`.
</details>

<details><summary>Hint 2: how do numbers get into a parameter?</summary>

Inside `with torch.no_grad():`, as `parameter.copy_(torch.tensor(array))`. Do this for both weights.
</details>

<details><summary>Hint 3: what goes into the two biases?</summary>

`b` into one of them; the other one becomes zero, with its method `.zero_()`. torch starts both with random numbers, so none may be forgotten.
</details>
"""

# %% grade_id="load_into_torch_rnn_solution" solution=true
from autograder.reference.rnn import load_into_torch_rnn

# %% grade_id="load_into_torch_rnn" grade=true points=3
checks.load_into_torch_rnn(load_into_torch_rnn, rnn_forward)

# %% [markdown]
r"""
## What to remember

- A recurrent network is one line, $h_{t+1} = \tanh(W x_{t+1} + U h_t + b)$, applied again and again with the same weights.
- In code a batch holds one example per row, so $W x$ becomes `x @ W.T`; a sequence is `(T, B, D)`, time first.
- The state is all that the network knows of the past. Near zero, each step multiplies it by the recurrent weights.
- Below 1 in size, a recurrent weight lets the state fade; above 1, the state lasts, but forgets how large its cause was.
- It is the RNN of torch, to the last digits; torch's two biases add up to our one.

**Next:** unit 02 trains this network with gradients that you work out yourself, and finds how far back it can remember.

## Going further

- J. L. Elman (1990), *Finding structure in time*, Cognitive Science 14. The network of this unit, used to find words and grammar in streams of letters.
- A. Karpathy (2015), *The unreasonable effectiveness of recurrent neural networks*, karpathy.github.io. Networks that write plays and C code, letter by letter.
- Try it: `names.next_letter("mar")` lists what the network of the first cell expects after *mar*. Does it know when a name is long enough?
- Try it: in "See it remember", set the first recurrent weight to 1. Does the state stay where the pulse put it? How fast does it fade?
"""
