# %% [markdown]
r"""
# Unit 02 · Learning from the end: backpropagation through time

A network sees a symbol and must name it twenty steps later. When it is wrong, which of its weights should change, and because of which of the
twenty steps? The answer is a gradient that travels back through time. In this unit you work it out by hand, train with it, and
find out how far back it reaches.

**After this unit you can**

- measure how wrong a network is, with softmax and cross-entropy, and get the gradient of that loss;
- take the gradient back through one step and through a whole sequence, and check it by small steps;
- train a network with your own gradients, and say how far back it can remember, and why no further.

**Time:** about 110 minutes, a few of them for training. **You need:** NumPy, unit 01 (the step, and a sequence of steps) and the chain rule.
torch is optional.

**How to work:** as in unit 01. Run the cells from top to bottom; write your code where a cell says `YOUR CODE HERE`; open the hints one by one when
you are stuck. A mistake in one function does not cost you the points of the functions that use it. Cells that prepare experiments are folded: click on
the bar beside one to open it.

The two functions in the next cell are those of unit 01. You have written them, so here they are given.
"""

# %% setup=true
import numpy as np

from course import checks, data, plots, training, widgets
from course.plots import backpropagation


def rnn_step(x, h, W, U, b):
    """One step of the network of unit 01: the new state (B, H)."""
    a = h @ U.T + x @ W.T + b
    return np.tanh(a)


def rnn_forward(x, h0, W, U, b):
    """All states (T, B, H) of that network along a sequence x (T, B, D)."""
    found = [h0]
    for x_t in x:
        found.append(rnn_step(x_t, found[-1], W, U, b))
    return np.array(found[1:])

# %% [markdown]
r"""
## 1 · How wrong is it? Softmax and cross-entropy

To train a network, we need a number that says how wrong its answer is. From the state we compute scores, called **logits**, one for each
possible answer. **Softmax** turns them into probabilities:

$$p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}$$

The **cross-entropy** loss is minus the logarithm of the probability that the right answer got, averaged over the $N$
examples. (With the natural logarithm, its unit of measure is the *nat*.) Its gradient is as simple as a gradient can be: *probabilities minus right
answer*, divided by $N$.

$$L = -\frac1N \sum_n \log p_{n, y_n} \qquad\qquad \frac{\partial L}{\partial z_{n,k}} = \frac{p_{n,k} - [k = y_n]}{N}$$

Here $y_n$ is the right answer of example $n$, and $[k = y_n]$ is 1 where $k$ is that answer and 0 elsewhere.

**On paper.** Scores $(0, \ln 3)$ give the probabilities $(\tfrac14, \tfrac34)$. If the second answer is right, the loss is
$\ln\tfrac43 \approx 0.2877$ and the gradient is $(\tfrac14, -\tfrac14)$.

There are two traps. No float can hold $e^{1000}$: subtract the largest score of each row first, which leaves the probabilities as they are. And a
probability may be so small that it rounds to 0, whose logarithm is minus infinity. So compute $\log p$ from the scores, not from $p$.

**Your turn.**

<details><summary>Hint 1: what is log p, if you take the logarithm of the fraction above?</summary>

$\log p_k = z_k - \log \sum_j e^{z_j}$. Use shifted scores for $z$, and nothing overflows or becomes $\log 0$.
</details>

<details><summary>Hint 2: how do you pick one entry of each row?</summary>

With two arrays of indices: `log_p[np.arange(N), targets]` holds the right answer's entry of each row. The loss is minus its mean.
</details>

<details><summary>Hint 3: how do you get the gradient from log p?</summary>

Start with `np.exp` of it, the probabilities. Subtract 1 at the same entries as in hint 2. Divide everything by N, at the very end.
</details>
"""

# %% grade_id="softmax_cross_entropy_solution" solution=true
from autograder.reference.rnn import softmax_cross_entropy

# %% grade_id="softmax_cross_entropy" grade=true points=4
checks.softmax_cross_entropy(softmax_cross_entropy)

# %% [markdown]
r"""
## 2 · One step backwards

Suppose we know how fast the loss rises when the new state rises: the gradient $\partial L/\partial h_{t+1}$, called `dh_next` in code.
What does it say about everything that went into the step? Write $a = W x + U h + b$, so that $h_{t+1} = \tanh a$. The chain rule
goes through the tanh first, component by component:

$$\frac{\partial L}{\partial a} = \frac{\partial L}{\partial h_{t+1}} \odot (1 - h_{t+1}^2).$$

We call it `da`. All five gradients follow from it.

**On paper, one neuron.** $x = 2$, $h = -1$, $W = 0.5$, $U = 1$, and say the new state is $h_{t+1} = 0.5$. If the loss rises by 4 for each unit
that $h_{t+1}$ rises, then $da = 4 \cdot (1 - 0.25) = 3$. In $a = W x + U h + b$, each factor gets $da$ times the *other* factor:
$dx = 3 \cdot 0.5 = 1.5$, $dh = 3 \cdot 1 = 3$, $dW = 3 \cdot 2 = 6$, $dU = 3 \cdot (-1) = -3$, and $db = 3$.

**On paper, two of everything.** Two neurons, two inputs, two examples (one per row), and say we have `da` already:

$$da = \begin{pmatrix} 3 & 0 \\ 1 & 2 \end{pmatrix}, \qquad x = \begin{pmatrix} 2 & 1 \\ 1 & 0 \end{pmatrix}, \qquad
W = \begin{pmatrix} 1 & 2 \\ 3 & 4 \end{pmatrix}.$$

The weight $W_{ij}$ leads from input $j$ to neuron $i$. So an example gives it $da_i \, x_j$, and both examples share it, so we add:

$$dW = \begin{pmatrix} 3 \cdot 2 + 1 \cdot 1 & 3 \cdot 1 + 1 \cdot 0 \\ 0 \cdot 2 + 2 \cdot 1 & 0 \cdot 1 + 2 \cdot 0 \end{pmatrix}
= \begin{pmatrix} 7 & 3 \\ 2 & 0 \end{pmatrix}.$$

This sum over examples is what the matrix product `da.T @ x` computes. The input goes the other way: input $j$ of an example reaches *both* neurons, so
its gradient adds up what comes back from both, $dx_j = \sum_i da_i W_{ij}$. For the first example that's $(3 \cdot 1 + 0 \cdot 3,\; 3 \cdot 2 + 0 \cdot 4) =
(3, 6)$.

A rule that catches most mistakes: **a gradient has the shape of what it is the gradient of.**

<details><summary>Hint 1: what comes first?</summary>

The gradient `da` of the sum inside tanh. It is the given gradient times the slope at the state that came *out*, elementwise, with shape `(B, H)`.
</details>

<details><summary>Hint 2: which products have the right shapes?</summary>

`dW` is `(H, D)` and must sum over the batch: `(H, B)` times `(B, D)`. `dx` is `(B, D)`: `(B, H)` times `(H, D)`, so there is no `.T`.
</details>

<details><summary>Hint 3: and for the old state and the bias?</summary>

The old state and `U` work just like the input and `W`: put `h` for `x`, and `U` for `W`. The bias is added in each example, so `db` is `da` summed over
the rows (`axis=0`).
</details>
"""

# %% grade_id="rnn_step_backward_solution" solution=true
from autograder.reference.rnn import rnn_step_backward

# %% grade_id="rnn_step_backward" grade=true points=5
checks.rnn_step_backward(rnn_step_backward, rnn_step)

# %% [markdown]
r"""
## 3 · Back through time

The loss may depend on every state. In code, `states[t]` is the state after input `t` (in the formula of unit 01, that is $h_{t+1}$). How fast the loss rises
with `states[t]` *directly*, later states held fixed, is given: `dstates[t]`. But `states[t]` also shapes all later states. So a second gradient reaches
it: the one that step $t + 1$ hands back. Both are added, and the sum goes back one step further. With $s_t$ for `states[t]`,

$$\frac{\partial L}{\partial s_t} = \underbrace{\texttt{dstates}[t]}_{\text{direct}} +
\underbrace{\Big(\frac{\partial s_{t+1}}{\partial s_t}\Big)^{\!\top} \frac{\partial L}{\partial s_{t+1}}}_{\text{handed back}}$$
"""

# %%
backpropagation.backward_flow()

# %% [markdown]
r"""
The weights are the same at every step, so their gradients are **summed over all steps**. What the very first step hands back
belongs to $h_0$. Nothing is handed back to the last state, so there you start with zeros.

**On paper.** One neuron with $U = 1$, all states $0.5$, and a loss that depends on the last of three states only, with gradient 1. Each
step back multiplies by $U (1 - 0.5^2) = 0.75$. So $h_0$ gets $0.75^3 \approx 0.42$.

**Your turn.** Walk from the last step to the first, using your `rnn_step_backward`.

<details><summary>Hint 1: what do you carry from one step to the one before it?</summary>

The gradient `dh` that the step hands back. Before the loop it is zero, in the shape of `h0`; after the loop it is `dh0`.
</details>

<details><summary>Hint 2: which old state did step t see?</summary>

`states[t - 1]`, but at `t = 0` it was `h0`. Python reads `states[-1]` as the *last* state, without any error.
</details>

<details><summary>Hint 3: what goes into rnn_step_backward, and what happens to its five results?</summary>

In goes the sum `dstates[t] + dh`, then `x[t]`, the old state, `states[t]`, `W` and `U`. Of the results, the first fills `dx[t]`, the second is the new `dh`, and
the other three are added to `dW`, `dU` and `db`, which started as zeros.
</details>
"""

# %% grade_id="rnn_backward_solution" solution=true
from autograder.reference.rnn import rnn_backward

# %% grade_id="rnn_backward" grade=true points=6
checks.rnn_backward(rnn_backward, rnn_forward)

# %% [markdown]
r"""
### Which inputs count?

Let a loss depend on the last state only. How strongly does every earlier input count? We measure it by the norm of its gradient.
"""

# %%
widgets.predict("bptt_first_input")

# %% folded=true
def random_weights(rng, rows, columns):
    """Random weights of variance 1 / columns, so that sums keep their size."""
    return rng.normal(size=(rows, columns)) / np.sqrt(columns)


def input_gradients(x, W, U, b):
    """The norm of each input's gradient, last input first; the loss sees the last state only."""
    zeros = np.zeros((x.shape[1], len(b)))
    after = rnn_forward(x, zeros, W, U, b)
    direct = np.zeros_like(after)
    direct[-1] = np.random.default_rng(0).normal(size=zeros.shape)
    dx = rnn_backward(direct, x, zeros, after, W, U)[0]
    return np.linalg.norm(dx[::-1], axis=(1, 2))


rng = np.random.default_rng(7)
x_random = rng.normal(size=(30, 1, 4))
W_random, U_random = random_weights(rng, 16, 4), random_weights(rng, 16, 16)
norms = input_gradients(x_random, W_random, U_random, np.zeros(16))

# %%
widgets.reveal("bptt_first_input", lambda: plots.gradient_norms(norms))

# %% [markdown]
r"""
## 4 · Train it: echo what you saw

Now for something to learn. The task is **delayed recall**: symbols come in, one per step, and the network must name the symbol that it saw
$k$ steps ago. With $k = 0$ it repeats at once. The larger $k$, the longer every symbol has to be kept, while new ones keep coming.

The symbol goes in **one-hot**: a row of zeros with a single 1, at the symbol's place. The answer is read out of the state as $\text{logits}_t = V h_t + c$.
It only counts once there is something to recall, from step $k$ on. So of $T$ steps the last $T - k$ have a target.
"""

# %%
x_shown, answers_shown = data.delayed_recall(
    np.random.default_rng(9), steps=8, batch=1, symbols=4, delay=3
)
print("shown:   ", *("ABCD"[s] for s in x_shown[:, 0].argmax(axis=1)))
print("answers: ", *"...", *("ABCD"[s] for s in answers_shown[:, 0]))

# %% [markdown]
r"""
**Your turn.** Put everything together. Forward: states by `rnn_forward` from a zero state, logits for the last `len(targets)` steps, and the loss by
`softmax_cross_entropy` over all of them at once. Then back again: the gradient of the logits gives those of $V$ and $c$, and the direct
gradient of each state. `rnn_backward` does the rest.

**On paper**, with a calculator. Two symbols, delay 1, one neuron: $W = (1, -1)$, $U = 1$, $V = (1, -1)^\top$, no biases. The
sequence A, B, A gives the states $0.7616, -0.2340, 0.6446$. The last two are read out: the right answers are A and B, and
the scores are $(h, -h)$. So the loss is $\tfrac12 \big( \ln(1 + e^{2 \cdot 0.2340}) + \ln(1 + e^{2 \cdot 0.6446}) \big) \approx 1.2434$, worse
than guessing ($\ln 2 \approx 0.69$): this network names what it sees now, not what it saw before.

<details><summary>Hint 1: softmax_cross_entropy takes a matrix of logits. How do you get one from (K, B, H) states?</summary>

Flatten steps and examples into rows: `reshape(-1, H)` for the states that are read out, `reshape(-1)` for the targets. Both in the same order. Then the rows
go through `V` as always, with `.T`, plus `c`.
</details>

<details><summary>Hint 2: the logits are a linear layer. Which gradients does it have?</summary>

The ones of unit 02's step without the tanh: put the gradient of the logits for `da`, the flattened states for `x`, `V` for `W` and `c` for `b`.
</details>

<details><summary>Hint 3: what is dstates?</summary>

An array of zeros in the shape of `states`. Its last `len(targets)` steps get `dlogits @ V`, reshaped back to steps, examples and neurons. Then call `rnn_backward`,
and put `dW`, `dU`, `db` into a dict beside the gradients of `V` and `c`, under the names of the parameters.
</details>
"""

# %% grade_id="recall_loss_and_gradients_solution" solution=true
from autograder.reference.rnn import recall_loss_and_gradients

# %% grade_id="recall_loss_and_gradients" grade=true points=5
checks.recall_loss_and_gradients(recall_loss_and_gradients)

# %% [markdown]
r"""
Now let it learn. At every step, `training.train` draws a new batch and calls your function. If the gradient is longer than 1, it is scaled down to length 1
(*clipping*, unit 03). Then every parameter moves a little against its gradient, by Adam, an optimiser that adapts the step of each parameter. Pure guessing
among four symbols costs $\ln 4 \approx 1.386$ nats. The next cell, folded, sets up a random network and measures how often it is right on new sequences.
"""

# %% folded=true
def new_network(rng, symbols=4, units=16):
    return {
        "W": random_weights(rng, units, symbols),
        "U": random_weights(rng, units, units),
        "b": np.zeros(units),
        "V": random_weights(rng, symbols, units),
        "c": np.zeros(symbols),
    }


def accuracy(params, delay, answers=10):
    """The share of right answers on 200 new sequences."""
    rng = np.random.default_rng(12)
    x, targets = data.delayed_recall(rng, delay + answers, 200, 4, delay)
    W, U, b, V, c = (params[name] for name in "WUbVc")
    after = rnn_forward(x, np.zeros((200, len(U))), W, U, b)
    return float(np.mean((after[delay:] @ V.T + c).argmax(axis=-1) == targets))

# %%
def trained(delay, seed, answers=10, start=new_network, keep_bar=False):
    """Train a fresh network for 400 steps. Each sequence asks for ``answers`` symbols."""
    rng = np.random.default_rng(seed)
    params = start(rng)

    def batches(step):
        return data.delayed_recall(rng, delay + answers, 32, 4, delay)

    name = f"delay {delay}, seed {seed}"
    losses = training.train(
        recall_loss_and_gradients, params, batches, 400, name=name, keep_bar=keep_bar
    )
    return params, losses

# %%
echo, echo_losses = trained(delay=3, seed=0, keep_bar=True)
plots.training_curve(echo_losses, np.log(4), "Learning to echo, 3 steps later")

# %% [markdown]
r"""
It learns. To name the symbol of three steps ago, the state has to hold four symbols at any moment: that one, the two after it, and the current one. Are
they really in there? For each distance we fit the best linear read-out of *the symbol shown that many steps ago* from the sixteen numbers of the state, and
test it on new sequences.
"""

# %%
x_many, _ = data.delayed_recall(
    np.random.default_rng(11), steps=20, batch=400, symbols=4, delay=3
)
after_many = rnn_forward(x_many, np.zeros((400, 16)), echo["W"], echo["U"], echo["b"])
backpropagation.what_is_held(after_many, x_many, delay=3)

# %% [markdown]
r"""
The four symbols that the task needs (blue) can be read nearly always. Older ones (grey) fade: the network was never asked for them, and needs the room.

## 5 · How far back?

The same network, the same number of training steps, a longer and longer delay. First your guess.
"""

# %%
widgets.predict("bptt_delay")

# %% folded=true
def try_delays(delays, seeds, **how):
    """For each delay, the accuracies of freshly trained networks, one per seed."""
    answers = how.get("answers", 10)
    return {
        delay: [
            accuracy(trained(delay, seed, **how)[0], delay, answers)
            for seed in range(seeds)
        ]
        for delay in delays
    }


def tell(name, results):
    print(name)
    for delay, found in results.items():
        by_seed = "".join(f"{share:5.0%}" for share in found)
        mean = np.mean(found)
        print(f"  delay {delay:2d}: right {mean:4.0%} of the time; by seed:{by_seed}")

# %%
every_symbol = try_delays((1, 4, 8, 12, 16, 20), seeds=3)

# %%
widgets.reveal("bptt_delay", lambda: plots.delays(every_symbol, chance=0.25))

# %% [markdown]
r"""
### Too much, or too far?

Two things grew with the delay, so there are two suspects.

- **Too much.** To echo everything $k$ steps later, the state must hold $k + 1$ symbols at any moment, two bits each. At
  $k = 12$ that is 26 bits in sixteen neurons.
- **Too far.** The symbol that is asked for came $k$ steps ago, and its gradient has to travel all that way.

To separate them, ask only for the *first* symbol: each sequence has $k + 1$ steps and ends with its one question. Now two bits are enough, whatever the delay,
and the distance is the same as before. One more thing changes, though: each sequence brings one answer to learn from instead of ten. That makes
learning harder, so if the limit moves out, it does so in spite of it.
"""

# %%
widgets.predict("bptt_first_symbol")

# %%
first_symbol = try_delays((8, 20, 50), seeds=4, answers=1)
two_curves = {"every symbol": every_symbol, "only the first": first_symbol}

# %%
widgets.reveal("bptt_first_symbol", lambda: plots.delays(two_curves, chance=0.25))

# %% [markdown]
r"""
At a delay of 50, sixteen neurons have room enough for two bits, and yet training fails. Is it really the gradient? Then it
should help to change nothing but the *starting weights*, so that more of the gradient arrives. Two changes do that. An
**orthogonal** $U$ turns or mirrors a vector without changing its length, both on the way there and on the way back. And small input weights
keep the states near zero, where the slope of tanh is nearly 1.
"""

# %%
def gentle_network(rng, symbols=4, units=16):
    params = new_network(rng, symbols, units)
    orthogonal, _ = np.linalg.qr(rng.normal(size=(units, units)))
    return params | {"W": 0.1 * params["W"], "U": orthogonal}

# %% [markdown]
r"""
Before any training, how much of the gradient reaches each input? (The cell that measures it is folded.)
"""

# %% folded=true
x_long, _ = data.delayed_recall(np.random.default_rng(13), 51, 32, 4, 50)
arriving = {}
for name, start in (("as before", new_network), ("gentle start", gentle_network)):
    W_start, U_start, b_start = (start(np.random.default_rng(0))[key] for key in "WUb")
    arriving[name] = input_gradients(x_long, W_start, U_start, b_start)
plots.gradient_norms(arriving, "Before training: how strongly does each input count?")

# %%
widgets.predict("bptt_gentle")

# %%
gentle = try_delays((8, 20, 50), seeds=4, answers=1, start=gentle_network)
three_curves = two_curves | {"only the first, gentle start": gentle}

# %%
widgets.reveal("bptt_gentle", lambda: plots.delays(three_curves, chance=0.25))

# %%
for curve, results in three_curves.items():
    tell(curve, results)

# %% [markdown]
r"""
**What this does and does not show.** A good start opens the way, but nothing in the equation keeps it open: training moves
the weights, some seeds lose their way, and at a delay of 80 more of them do (try it). These are a few seeds of one
small network, and with more training steps every limit moves somewhat. What stays is the reason. A gradient that is multiplied by a factor below one
at every step shrinks, until what the nearby steps contribute is far larger.

**Your turn, in words.** This answer is read and graded by a person.

In three to six sentences: at which delay did recall start to fail for you, for every symbol and for the first one alone?
Which comparison shows that size is not the reason at a delay of 50, and which number belongs to it? And what would you
change in the *equation*, so that a state is kept for longer whatever the starting weights?

*How it is graded:* 1 point for the two delays, read from your own figures; 1 point for the comparison and its number; 1 point for
a change of the equation, with the reason why it keeps a state.
"""

# %% [markdown] grade_id="where_recall_fails" grade=true solution=true points=3
r"""
YOUR ANSWER HERE
"""

# %% [markdown]
r"""
## What to remember

- Cross-entropy has the simplest of gradients: probabilities minus right answer, divided by the number of examples.
- Backwards, every step multiplies the gradient by the slope $1 - h^2$ and by $U^\top$; the weights' gradients are summed over all steps.
- Each state gets two gradients, a direct one and the one that the next step hands back. They are added.
- A gradient has the shape of what it is the gradient of; small steps show whether it is right.
- How far back a network learns to remember depends on how much it must hold and on how much of the gradient arrives. The second
  can fail even where there is room enough.

**Next:** unit 03 measures that shrinking, and finds the one factor that is harmless.

## Going further

- P. J. Werbos (1990), *Backpropagation through time: what it does and how to do it*, Proceedings of the IEEE 78.
- R. Pascanu, T. Mikolov and Y. Bengio (2013), *On the difficulty of training recurrent neural networks*, ICML (arXiv 1211.5063). Why gradients through time vanish or explode, and what helps.
- Try it: recall every symbol at a delay of 12, once with 64 neurons, once with five times the training steps. Which of the two
  helps more?
"""
