# %% [markdown]
r"""
# Unit 02 · Learning from the end: backpropagation through time

A network sees a symbol and must name it twenty steps later. When it is wrong, which of its weights is to blame, and at which of the
twenty steps? The answer is a gradient that travels back through time. In this unit you work it out by hand, train with it, and
find out how far back it reaches.

**After this unit you can**

- say what a network should have said, with softmax and cross-entropy, and get the gradient of that loss;
- take the gradient back through one step and through a whole sequence, and check it by small steps;
- train a network with your own gradients, and say how far back it can remember, and why no further.

**Time:** about 110 minutes, a few of them for trainings. **You need:** unit 01 (the step, and a sequence of steps) and the chain rule.

**How to work:** read, run the cells from top to bottom (Shift+Enter), and wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` by your code. The cell below it checks what you wrote. Hidden checks with fresh numbers run when your notebook
is graded; each check earns its own points, and a mistake in one function does not cost you the functions that use it.
"""

# %% setup=true
import numpy as np

from course import checks, data, plots, training, widgets


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
The two functions in the cell above are those of unit 01. You have written them, so here they are given.
"""

# %% [markdown]
r"""
## 1 · What should it have said? Softmax and cross-entropy

To train, the network must say something that can be wrong. We read scores, the **logits**, out of the state, one for each
possible answer, and turn them into probabilities:

$$p_k = \frac{e^{z_k}}{\sum_j e^{z_j}}$$

The **cross-entropy** loss is minus the logarithm of the probability given to the right answer, averaged over the $N$
examples. Its gradient is as simple as a gradient can be, *probabilities minus right answer*, divided by $N$:

$$L = -\frac1N \sum_n \log p_{n, y_n} \qquad\qquad \frac{\partial L}{\partial z_{n,k}} = \frac{p_{n,k} - [k = y_n]}{N}$$

**On paper.** Scores $(0, \ln 3)$ give the probabilities $(\tfrac14, \tfrac34)$. If the second answer is right, the loss is
$\ln\tfrac43 \approx 0.2877$ and the gradient is $(\tfrac14, -\tfrac14)$.

There is a trap: $e^{1000}$, which no float can hold. Subtract the largest score of each row first; the probabilities do not change.
"""

# %% grade_id="softmax_cross_entropy_solution" solution=true
from autograder.reference.rnn import softmax_cross_entropy

# %% grade_id="softmax_cross_entropy" grade=true points=4
with checks.exercise("softmax_cross_entropy"):
    loss, dlogits = softmax_cross_entropy(np.array([[0.0, np.log(3)]]), np.array([1]))
    checks.expect_close(loss, np.log(4 / 3), "the loss worked on paper")
    checks.expect_close(dlogits, [[0.25, -0.25]], "the gradient worked on paper")
    rng = np.random.default_rng(4)
    logits, targets = rng.normal(size=(5, 3)), rng.integers(0, 3, size=5)
    with checks.unchanged(logits=logits, targets=targets):
        loss, dlogits = softmax_cross_entropy(logits, targets)
    checks.expect_gradient(
        dlogits,
        lambda z: softmax_cross_entropy(z, targets)[0],
        logits,
        "your gradient of the logits",
    )
    checks.expect_close(dlogits.sum(axis=1), np.zeros(5), "the sum of each row of the gradient")
    with checks.no_overflow():
        loss, _ = softmax_cross_entropy(np.array([[1000.0, 0.0]]), np.array([0]))
        checks.expect_close(
            loss, 0.0, "the loss for the scores 1000 and 0, when the first answer is right"
        )
    if torch := checks.torch_or_none():
        theirs = torch.nn.functional.cross_entropy(torch.tensor(logits), torch.tensor(targets))
        checks.expect_close(
            softmax_cross_entropy(logits, targets)[0],
            theirs.item(),
            "torch's loss for the same scores",
        )

# %% [markdown]
r"""
## 2 · One step backwards

The loss tells us what it would like of the new state: the gradient $\partial L/\partial h_{t+1}$, here called `dh_next`.
What does that mean for everything that went into the step? Write $a = W x + U h + b$, so that $h_{t+1} = \tanh a$. The chain rule
goes through the squashing first,

$$\frac{\partial L}{\partial a} = \frac{\partial L}{\partial h_{t+1}} \odot (1 - h_{t+1}^2),$$

and from $\partial L/\partial a$ all five gradients follow: the inputs get it back through the weights, and each weight gets "what came
in times what is wanted", summed over the batch, because all examples share the weights.

**On paper.** One unit, $x = 2$, $h = -1$, $W = 0.5$, $U = 1$, and say the new state is $h_{t+1} = 0.5$. If the loss wants
$\partial L/\partial h_{t+1} = 4$, then $\partial L/\partial a = 4 \cdot (1 - 0.25) = 3$, and so
$dx = 3 \cdot 0.5 = 1.5$, $dh = 3 \cdot 1 = 3$, $dW = 3 \cdot 2 = 6$, $dU = 3 \cdot (-1) = -3$, $db = 3$.

A rule that catches most mistakes: **a gradient has the shape of what it is the gradient of.**
"""

# %% grade_id="rnn_step_backward_solution" solution=true
from autograder.reference.rnn import rnn_step_backward

# %% grade_id="rnn_step_backward" grade=true points=5
with checks.exercise("rnn_step_backward"):
    one = np.array([[1.0]])
    names = ("dx", "dh", "dW", "dU", "db")
    worked = rnn_step_backward(4 * one, 2 * one, -one, 0.5 * one, 0.5 * one, one)
    for name, gradient, wanted in zip(
        names, worked, ([[1.5]], [[3.0]], [[6.0]], [[-3.0]], [3.0]), strict=True
    ):
        checks.expect_close(gradient, wanted, f"{name}, worked on paper")
    rng = np.random.default_rng(5)
    x, h = rng.normal(size=(3, 2)), rng.uniform(-1, 1, size=(3, 4))
    W, U, b = rng.normal(size=(4, 2)), rng.normal(size=(4, 4)), rng.normal(size=4)
    dh_next = rng.normal(size=(3, 4))

    def wish(x, h, W, U, b):  # a loss whose gradient with respect to the new state is dh_next
        return float(np.sum(dh_next * rnn_step(x, h, W, U, b)))

    with checks.unchanged(dh_next=dh_next, x=x, h=h):
        gradients = rnn_step_backward(dh_next, x, h, rnn_step(x, h, W, U, b), W, U)
    checks.expect_gradients(gradients, wish, {"x": x, "h": h, "W": W, "U": U, "b": b})

# %% [markdown]
r"""
## 3 · Back through time

The loss may look at every state. Call what it says about state $t$ *directly* `dstates[t]`. But state $t$ also shapes all
later states, so it gets a second gradient: the one that step $t+1$ hands back. Both are added, and the sum goes back one
step further:

$$\frac{\partial L}{\partial h_t} = \underbrace{\texttt{dstates}[t]}_{\text{direct}} +
\Big(\frac{\partial h_{t+1}}{\partial h_t}\Big)^{\!\top} \frac{\partial L}{\partial h_{t+1}}$$

The weights are the same at every step, so their gradients are **summed over all steps**. What the very first step hands back
belongs to $h_0$.

**On paper.** One unit with $U = 1$, all states $0.5$, and a loss that looks at the last of three states only, with gradient 1. Each
step back multiplies by $U (1 - 0.5^2) = 0.75$. So $h_0$ gets $0.75^3 \approx 0.42$.

**Your turn.** Walk from the last step to the first, using your `rnn_step_backward`.
"""

# %% grade_id="rnn_backward_solution" solution=true
from autograder.reference.rnn import rnn_backward

# %% grade_id="rnn_backward" grade=true points=6
with checks.exercise("rnn_backward"):
    one = np.array([[1.0]])
    last_only = np.array([0.0, 0.0, 1.0]).reshape(3, 1, 1)
    worked = rnn_backward(
        last_only, np.zeros((3, 1, 1)), 0.5 * one, np.full((3, 1, 1), 0.5), one, one
    )
    checks.expect_close(worked[1], [[0.421875]], "dh0, worked on paper")
    rng = np.random.default_rng(6)
    x, h0 = rng.normal(size=(4, 2, 3)), rng.uniform(-1, 1, size=(2, 5))
    W, U, b = 0.5 * rng.normal(size=(5, 3)), 0.5 * rng.normal(size=(5, 5)), rng.normal(size=5)
    direct = rng.normal(size=(4, 2, 5))

    def wish(x, h0, W, U, b):  # a loss whose direct gradient at every step is ``direct``
        return float(np.sum(direct * rnn_forward(x, h0, W, U, b)))

    with checks.unchanged(dstates=direct, x=x, h0=h0):
        gradients = rnn_backward(direct, x, h0, rnn_forward(x, h0, W, U, b), W, U)
    checks.expect_gradients(gradients, wish, {"x": x, "h0": h0, "W": W, "U": U, "b": b})

# %% [markdown]
r"""
### Who is to blame?

Let a loss look at the last state only, and ask how strongly every earlier input counts: the norm of its gradient.
"""

# %%
guess_blame = widgets.predict(
    "A random network reads 30 inputs; the loss looks at the last state. "
    "Compared with the last input's gradient, how large is the first input's?",
    ["about the same", "a tenth of it", "a thousandth of it, or less"],
)

# %%
def input_gradients(x, W, U, b):
    """For each input, the norm of the gradient of a loss on the last state; last input first."""
    nothing = np.zeros((x.shape[1], len(b)))
    after = rnn_forward(x, nothing, W, U, b)
    direct = np.zeros_like(after)
    direct[-1] = np.random.default_rng(0).normal(size=nothing.shape)
    dx = rnn_backward(direct, x, nothing, after, W, U)[0]
    return np.linalg.norm(dx[::-1], axis=(1, 2))


rng = np.random.default_rng(7)
x = rng.normal(size=(30, 1, 4))
norms = input_gradients(
    x, training.glorot(rng, 16, 4), training.glorot(rng, 16, 16), np.zeros(16)
)
plots.show(
    plots.gradient_norms(norms),
    "Points on a logarithmic axis that fall almost steadily from the last input to the first.",
)
print(f"the first input's gradient is {norms[-1] / norms[0]:.0e} times the last one's")

# %%
widgets.reveal(
    guess_blame,
    "a thousandth of it, or less",
    "On a logarithmic axis the points fall almost in a straight line: "
    "every step back multiplies by a factor below one.",
)

# %% [markdown]
r"""
## 4 · Train it: echo what you saw

Time to learn something. The task is **delayed recall**: symbols come in, one a step, and the network must say which symbol it saw
$k$ steps ago. With $k = 0$ it repeats at once. The larger $k$, the longer every symbol has to be kept, while new ones keep coming.

The symbol goes in as a one-hot row of $x$. The answer is read out of the state as $\text{logits}_t = V h_t + c$, and it only counts
once there is something to recall, from step $k$ on. So of $T$ steps the last $T - k$ have a target.
"""

# %%
x, targets = data.delayed_recall(np.random.default_rng(9), steps=8, batch=1, symbols=4, delay=3)
print("shown:   ", *("ABCD"[s] for s in x[:, 0].argmax(axis=1)))
print("wanted:  ", *"...", *("ABCD"[s] for s in targets[:, 0]))

# %% [markdown]
r"""
**Your turn.** Put everything together: states by `rnn_forward` from a zero state, logits for the last `len(targets)` steps, loss by
`softmax_cross_entropy` over all of them at once, and back again: the gradient of the logits gives those of $V$ and $c$ and the direct
gradient of each state, and `rnn_backward` does the rest.

**On paper**, with a calculator. Two symbols, delay 1, one unit: $W = (1, -1)$, $U = 1$, $V = (1, -1)^\top$, no biases. The
sequence A, B, A gives the states $0.7616, -0.2340, 0.6446$. The last two are read out: the wanted answers are A and B, and
the scores are $(h, -h)$. So the loss is $\tfrac12 \big( \ln(1 + e^{-2 h_2}) + \ln(1 + e^{2 h_3}) \big) \approx 1.2434$, worse
than guessing ($\ln 2 \approx 0.69$): this network says what it sees now, not what it saw before.
"""

# %% grade_id="recall_loss_and_gradients_solution" solution=true
from autograder.reference.rnn import recall_loss_and_gradients

# %% grade_id="recall_loss_and_gradients" grade=true points=5
with checks.exercise("recall_loss_and_gradients"):
    paper = {"W": [[1, -1]], "U": [[1]], "b": [0], "V": [[1], [-1]], "c": [0, 0]}
    paper = {name: np.array(value, dtype=float) for name, value in paper.items()}
    a_b_a = np.array([[[1.0, 0.0]], [[0.0, 1.0]], [[1.0, 0.0]]])
    loss, _ = recall_loss_and_gradients(a_b_a, np.array([[0], [1]]), paper)
    checks.expect_close(loss, 1.243401, "the loss worked on paper", 1e-6)
    rng = np.random.default_rng(10)
    x, targets = data.delayed_recall(rng, steps=5, batch=2, symbols=3, delay=2)
    sizes = {"W": (4, 3), "U": (4, 4), "b": (4,), "V": (3, 4), "c": (3,)}
    nothing = {name: np.zeros(size) for name, size in sizes.items()}
    loss, _ = recall_loss_and_gradients(x, targets, nothing)
    checks.expect_close(
        loss, np.log(3), "the loss of a network of zeros, which guesses among 3 symbols: ln 3"
    )
    params = {name: rng.normal(size=size) for name, size in sizes.items()}
    with checks.unchanged(x=x, targets=targets, **params):
        loss, gradients = recall_loss_and_gradients(x, targets, params)
    checks.expect_gradients(
        gradients, lambda **params: recall_loss_and_gradients(x, targets, params)[0], params
    )

# %% [markdown]
r"""
Now let it learn. `training.train` draws a new batch at every step, calls your function, and moves every parameter a little against its
gradient (with Adam, an optimiser that chooses each parameter's step by itself). Watch the loss: $\ln 4 \approx 1.386$ is what pure guessing among four symbols costs.
"""

# %%
def new_network(rng, symbols=4, units=16):
    return {
        "W": training.glorot(rng, units, symbols),
        "U": training.glorot(rng, units, units),
        "b": np.zeros(units),
        "V": training.glorot(rng, symbols, units),
        "c": np.zeros(symbols),
    }


def trained(delay, seed, answers=10, start=new_network, keep_bar=False):
    """Train a fresh network for 400 steps. Each sequence asks for ``answers`` symbols."""
    rng = np.random.default_rng(seed)
    params = start(rng)
    losses = training.train(
        recall_loss_and_gradients,
        params,
        lambda step: data.delayed_recall(rng, delay + answers, 32, 4, delay),
        400,
        name=f"delay {delay}, seed {seed}",
        keep_bar=keep_bar,
    )
    return params, losses


params, losses = trained(delay=3, seed=0, keep_bar=True)
plots.show(
    plots.training_curve(losses, baseline=np.log(4), title="Learning to echo, 3 steps later"),
    "The loss starts near 1.39, the cost of guessing, and falls to nearly zero within a few hundred steps.",
)

# %% [markdown]
r"""
It learns. Look at how it does it: each column is a step; somewhere in these sixteen units the last three symbols are kept in order,
and handed on at every step.
"""

# %%
x, targets = data.delayed_recall(
    np.random.default_rng(11), steps=14, batch=1, symbols=4, delay=3
)
states = rnn_forward(x, np.zeros((1, 16)), params["W"], params["U"], params["b"])
said = (states[3:, 0] @ params["V"].T + params["c"]).argmax(axis=1)
letters = ["ABCD"[s] for s in x[:, 0].argmax(axis=1)]
plots.show(
    plots.states_over_time(
        states[:, 0], "The state while it echoes (symbols shown below)", letters
    ),
    "A heat map of sixteen units over fourteen steps, with saturated colours that move from unit to unit.",
)
print("shown: ", *letters)
print("said:  ", *"...", *("ABCD"[s] for s in said))

# %% [markdown]
r"""
## 5 · How far back?

The same network, the same number of training steps, a longer and longer delay. First your guess.
"""

# %%
guess_delay = widgets.predict(
    "Sixteen units, 400 training steps. Up to which delay does it answer nearly every time?",
    ["about 3", "about 8", "about 16", "about 30"],
)

# %%
def accuracy(params, delay, answers=10):
    """The share of right answers on 200 new sequences."""
    rng = np.random.default_rng(12)
    x, targets = data.delayed_recall(rng, delay + answers, 200, 4, delay)
    h0 = np.zeros((200, len(params["U"])))
    states = rnn_forward(x, h0, params["W"], params["U"], params["b"])
    said = (states[delay:] @ params["V"].T + params["c"]).argmax(axis=-1)
    return float(np.mean(said == targets))


def try_delays(delays, seeds, **how):
    """For each delay the accuracies of freshly trained networks, one a seed."""
    answers = how.get("answers", 10)
    return {
        delay: [
            accuracy(trained(delay, seed, **how)[0], delay, answers) for seed in range(seeds)
        ]
        for delay in delays
    }


def tell(results):
    for delay, found in results.items():
        print(f"delay {delay:2d}: right {np.mean(found):4.0%} of the time; by seed:", end="")
        print("".join(f"{share:5.0%}" for share in found))


every_symbol = try_delays((1, 4, 8, 12, 16, 20), seeds=3)
plots.show(
    plots.delays(every_symbol, chance=0.25),
    "Accuracy against delay: close to 1 up to a delay of 8, then falling, "
    "and near the level of guessing by 20.",
)
tell(every_symbol)

# %%
widgets.reveal(
    guess_delay,
    "about 8",
    "At 12 it is right about half of the time, and at 20 it does little better than guess.",
)

# %% [markdown]
r"""
### Too much, or too far?

Two things grew with the delay, so there are two suspects.

- **Too much.** To echo everything $k$ steps later, the state must hold $k + 1$ symbols at any moment, two bits each. At
  $k = 12$ that is 26 bits in sixteen units.
- **Too far.** The symbol that is asked for came $k$ steps ago, and its gradient has to travel all that way.

A good experiment changes one of them and leaves the other. Let each sequence end with its *first* question: it has $k + 1$
steps, and only the first symbol is ever asked for. Now two bits are enough, whatever the delay. The distance is the same as
before.
"""

# %%
guess_first = widgets.predict(
    "Only the first symbol counts: two bits in sixteen units, again 400 training steps. "
    "What becomes of the limit?",
    [
        "it stays near 8",
        "it moves out, but at a delay of 50 the network guesses",
        "it is gone: two bits can be kept for 50 steps",
    ],
)

# %%
first_symbol = try_delays((8, 20, 50), seeds=4, answers=1)
plots.show(
    plots.delays({"every symbol": every_symbol, "only the first": first_symbol}, chance=0.25),
    "Accuracy against delay, two curves. Every symbol: falls after 8. "
    "Only the first: high at 20, at guessing by 50.",
)
tell(first_symbol)

# %%
widgets.reveal(
    guess_first,
    "it moves out, but at a delay of 50 the network guesses",
    "So both suspects are guilty. Holding less moves the limit, and distance sets a limit of its own.",
)

# %% [markdown]
r"""
At a delay of 50 sixteen units have room enough for two bits, and yet the training fails. Is it really the gradient? Then it
should help to change nothing but the *starting weights*, so that more of the gradient arrives. Two changes do that. An
**orthogonal** $U$ turns a vector without changing its length, on the way there and on the way back. And small input weights
keep the states near zero, where the slope of tanh is nearly 1.
"""

# %%
def gentle_network(rng, symbols=4, units=16):
    params = new_network(rng, symbols, units)
    orthogonal, _ = np.linalg.qr(rng.normal(size=(units, units)))
    return params | {"W": 0.1 * params["W"], "U": orthogonal}


x, _ = data.delayed_recall(np.random.default_rng(13), 51, 32, 4, 50)
arriving = {}
for name, start in (("as before", new_network), ("gentle start", gentle_network)):
    params = start(np.random.default_rng(0))
    arriving[name] = input_gradients(x, params["W"], params["U"], params["b"])
plots.show(
    plots.gradient_norms(
        arriving, title="Before training: how strongly does each input count?"
    ),
    "Two curves on a logarithmic axis over 50 steps: one falls by more than six powers of ten, "
    "one stays above a tenth.",
)
for name, norms in arriving.items():
    print(
        f"{name}: of the last input's gradient, the first input gets {norms[-1] / norms[0]:.0e}"
    )

# %%
guess_gentle = widgets.predict(
    "Delay 50, the same sixteen units, the same 400 steps, the gentle start. How often is it right?",
    [
        "a quarter of the time, by guessing",
        "about half of the time",
        "nearly always, for most seeds",
    ],
)

# %%
gentle = try_delays((8, 20, 50), seeds=4, answers=1, start=gentle_network)
plots.show(
    plots.delays(
        {
            "every symbol": every_symbol,
            "only the first": first_symbol,
            "only the first, gentle start": gentle,
        },
        chance=0.25,
    ),
    "The two curves of before, and a third, for the gentle start, "
    "that stays well above the second at a delay of 50.",
)
tell(gentle)

# %%
widgets.reveal(
    guess_gentle,
    "nearly always, for most seeds",
    "Same equation, same size, same training. There was room enough all along; "
    "what was missing was a gradient loud enough to say what to keep.",
)

# %% [markdown]
r"""
**What this does and does not show.** A good start opens the way, but nothing in the equation keeps it open: training moves
the weights, some seeds get lost on the way, and at a delay of 80 more of them do (try it). These are a few seeds of one
small network, and with more training steps every limit moves somewhat. What stays is the reason: a gradient that is
multiplied by a factor below one at every step shrinks, and is drowned by what the nearby steps say.

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
- Backwards, every step multiplies the gradient by $U^\top$ and by the slope $1 - h^2$; the weights' gradients are summed over all steps.
- Each state gets two gradients, a direct one and the one that the next step hands back. They are added.
- A gradient has the shape of what it is the gradient of; small steps show whether it is right.
- How far back a network learns to remember depends on how much it must hold and on how much of the gradient arrives. The second
  can fail even where there is room enough.

**Next:** unit 03 measures that shrinking, and finds the one factor that is harmless.

## Going further

- P. J. Werbos (1990), *Backpropagation through time: what it does and how to do it*, Proceedings of the IEEE 78.
- R. Pascanu, T. Mikolov and Y. Bengio (2013), *On the difficulty of training recurrent neural networks*, ICML (arXiv 1211.5063). Why gradients through time vanish or explode, and what helps.
- Try it: recall every symbol at a delay of 12, once with 64 units, once with five times the training steps. Which of the two
  helps more?
"""
