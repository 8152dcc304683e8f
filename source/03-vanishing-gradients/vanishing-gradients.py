# %% [markdown]
r"""
# Unit 03 · Why gradients vanish

In unit 02 a network had to keep one symbol for 50 steps. Sixteen neurons have plenty of room for one symbol, and yet training failed: the network
guessed. Nothing in the equation forbids a memory of 50 steps. What is missing is the **gradient**: hardly anything of it arrives so far back. Where does it get lost?

**After this unit you can**

- write down the matrix by which one step back multiplies a gradient, and measure the norm of a gradient after fifty such steps;
- choose weights that make gradients vanish, survive or explode, and prove a bound that no gradient can exceed;
- use three remedies and name their limits: clip a gradient that is too large, cut a sequence that is too long, and let a state *copy itself*.

**Time:** about 110 minutes, without the optional section. **You need:** unit 01 (the step), unit 02 (backpropagation through time), and from linear algebra the
matrix product and the transpose. Singular values are introduced where they are needed. torch is used for one comparison only.
"""

# %% setup=true
import numpy as np

from course import checks, vanishing, widgets
from course.plots import gradients as drawings

# %% [markdown]
r"""
The experiments of this unit are in `vanishing`, the figures in `drawings`. They call the functions that you write. You can read each of them with two question marks, as in
`vanishing.walk??`.

**The whole way in one picture.** A recurrent network uses the same weight $w$ at every step. So the gradient of $w$ is a sum over all steps, and each term is one way back
from the loss to $w$:
"""

# %%
drawings.chain()

# %% [markdown]
r"""
$$\frac{dL}{dw} = \sum_{t=1}^{T}\;
\underbrace{\frac{\partial L}{\partial h_T}}_{\text{first end}}\;
\underbrace{\frac{\partial h_T}{\partial h_{T-1}} \cdots \frac{\partial h_{t+1}}{\partial h_t}}_{T - t \text{ factors}}\;
\underbrace{\frac{\partial h_t}{\partial w}}_{\text{other end}}$$

The two ends occur once in each term. The part in between gets longer with every step that we go back. A term from 50 steps ago has 50 factors. This unit is about those factors.

## 1 · One step back is one matrix

One step forward is $h_{t+1} = \tanh(W x_{t+1} + U h_t + b)$. Move one component of the old state a little: how much does each component of the
new state move? We call a component a *neuron*. The answer is a table with a row for each new neuron $i$ and a column for each old neuron $j$, the **Jacobian**:

$$J_{t+1} = \frac{\partial h_{t+1}}{\partial h_t} = \text{diag}(1 - h_{t+1}^2)\; U
\qquad\text{or, entry by entry,}\qquad J[i, j] = (1 - h_{t+1, i}^2)\; U[i, j]$$

| letter | what it is | shape |
|---|---|---|
| $U$ | recurrent weights; $U[i, j]$ is the weight from old neuron $j$ to new neuron $i$ | `(H, H)` |
| $1 - h_{t+1}^2$ | the slope of tanh at each new neuron, between 0 and 1 | `(B, H)` |
| $J_{t+1}$ | one Jacobian per example, since each example has its own state | `(B, H, H)` |

The weights are the same for all examples and all steps. The slopes are not. A slope belongs to a *new* neuron, so it multiplies a whole **row**. Here are the
three matrices for a state of six neurons, the last two of which are saturated ($-0.97$ and $0.99$):
"""

# %%
drawings.one_step_back(np.array([0.0, 0.2, -0.5, 0.7, -0.97, 0.99]))

# %% [markdown]
r"""
The rows of the saturated neurons are nearly empty: whatever the old state does, these neurons do not move. So no gradient passes back through them.

**On paper.** Two neurons with $U = \begin{pmatrix}1 & 2\\ 3 & 4\end{pmatrix}$ arrive at $h_{t+1} = (0.5,\ 0)$. The slopes are $0.75$ and $1$, so
$J = \begin{pmatrix}0.75 & 1.5\\ 3 & 4\end{pmatrix}$.

**Your turn.** Write the Jacobian, for a whole batch at once.

<details><summary>Hint 1: what does each example need of its own, and what do all examples share?</summary>

Each example has its own slopes, `H` numbers. All of them share `U`. So compute the slopes of the whole batch first, with shape `(B, H)`.
</details>

<details><summary>Hint 2: how do you multiply a row of a matrix by a number, without a loop?</summary>

A column of slopes with shape `(H, 1)` times `U` with shape `(H, H)` multiplies row `i` by slope `i`. That is broadcasting. You do not need `np.diag`.
</details>

<details><summary>Hint 3: which shape must the slopes have, so that this works for a batch?</summary>

`(B, H, 1)`. You get it from an array `slopes` of shape `(B, H)` with `slopes[..., np.newaxis]`. Then multiply by `U`.
</details>
"""

# %% grade_id="step_jacobian_solution" solution=true
from autograder.reference.gradients import step_jacobian

# %% grade_id="step_jacobian" grade=true points=3
checks.step_jacobian(step_jacobian)

# %% [markdown]
r"""
## 2 · Many steps back

Suppose the loss looks at the last state, $h_T$, only. Then we know $\nabla_{h_T} L$: how fast the loss rises when each neuron of the last state rises. What about the
state before? By the chain rule, the gradient goes back through the **transpose** of the Jacobian, and so on, step by step:

$$\nabla_{h_t} L = J_{t+1}^{\top}\; \nabla_{h_{t+1}} L$$

(If the loss looked at earlier states too, each would add its direct term, as in unit 02. One term is enough to see what happens on the way.)

How much does the loss depend on the state $k$ steps back? We measure it by the **norm** (the Euclidean length) of the gradient at *distance* $k$.

**On paper, one neuron.** $J = 0.75$ at every step, and the gradient at the last state is $2$. At distances $0, 1, 2, 3$ the norms are $2$, $1.5$, $1.125$ and about $0.84$.

**On paper, two neurons.** Let $J = \begin{pmatrix}0 & 2\\ 0 & 0\end{pmatrix}$ at both steps: the first new neuron depends on the second old one, with weight 2. The gradient $(1, 0)$ at the new state becomes
$J^\top (1, 0) = (0, 2)$ at the old one, of norm 2. One step further back it is $J^\top (0, 2) = (0, 0)$, since the second neuron depends on nothing.

**Your turn.** The Jacobians come in the order of time. You need them from the last to the first.

<details><summary>Hint 1: how many norms are there for T steps?</summary>

T + 1: one for the last state itself, before any step back, and one after each step.
</details>

<details><summary>Hint 2: which loop goes from the last step to the first?</summary>

`for J in reversed(jacobians):` gives one `J` of shape `(B, H, H)` per step. In the loop, replace the gradient by the gradient one step back, and append its norm to a list.
</details>

<details><summary>Hint 3: how do you multiply by the transpose, for every example at once?</summary>

Written with indices, `new[b, j]` is the sum over `i` of `J[b, i, j] * old[b, i]`. `np.einsum` takes exactly these letters; `J.transpose(0, 2, 1) @ old[:, :, None]` is another way.
The norm of each example is `np.linalg.norm(..., axis=-1)`.
</details>
"""

# %% grade_id="state_gradient_norms_solution" solution=true
from autograder.reference.gradients import state_gradient_norms

# %% grade_id="state_gradient_norms" grade=true points=4
checks.state_gradient_norms(state_gradient_norms)

# %% [markdown]
r"""
### Measure a network

Sixteen neurons with the random weights of unit 02 read eight random sequences of 30 steps. In unit 02 you saw single points. Now look at their curve.
"""

# %%
widgets.predict("gradient_line")

# %%
dh_last, random_jacobians = vanishing.random_network(step_jacobian)
random_norms = state_gradient_norms(dh_last, random_jacobians)
curve = {"median of 8 sequences, and their range": random_norms}
widgets.reveal(
    "gradient_line",
    lambda: drawings.decay(curve, "Random weights, random inputs", ends=True),
)

# %% [markdown]
r"""
**Explain it to yourself.** If the factor of a step is below one, the gradient **vanishes**; if it is above one, it **explodes**. Both happen exponentially. There is exactly one harmless
factor: $1$.

## 3 · All steps at once: the product

Instead of following one gradient back, multiply the Jacobians themselves. The derivative of the last state with respect to the first is

$$\frac{\partial h_T}{\partial h_0} = J_T\, J_{T-1} \cdots J_2\, J_1$$

The step that acts first stands on the **right**, because it meets the vector first. Matrices do not commute, so the order matters.

**On paper.** $J_1 = \begin{pmatrix}0 & 1\\ 0 & 0\end{pmatrix}$ and $J_2 = \begin{pmatrix}1 & 0\\ 2 & 0\end{pmatrix}$ give $J_2 J_1 = \begin{pmatrix}0 & 1\\ 0 & 2\end{pmatrix}$.
(The other order would give $\begin{pmatrix}2 & 0\\ 0 & 0\end{pmatrix}$.)

### Not all directions are equal

A matrix stretches some directions more than others. It turns a circle of radius 1 into an ellipse, and a ball into an ellipsoid. The half-axes of the ellipsoid
are the **singular values** of the matrix, from the largest, $\sigma_{\max}$, to the smallest. Here is a network of two neurons, and what its Jacobians make of a
circle. Each ellipse is drawn with the same longer half-axis. The true half-axes stand above it:
"""

# %%
drawings.ellipses(vanishing.quiet_jacobians(step_jacobian, T=8, units=2))

# %% [markdown]
r"""
After eight steps the ellipse is almost a line. The same happens in a larger network: sixteen neurons without input, starting close to zero. `np.linalg.svd(M, compute_uv=False)`
lists the singular values of a matrix `M`.
"""

# %%
product_so_far, stretch = np.eye(16), []
for J in vanishing.quiet_jacobians(step_jacobian):
    product_so_far = J @ product_so_far  # the newest step stands on the left
    stretch.append(np.linalg.svd(product_so_far, compute_uv=False))
drawings.singular_values(np.array(stretch))

# %% [markdown]
r"""
A few directions grow and most of them vanish, in one and the same network. (Curves end where a value is below about $10^{-15}$ of the largest: only rounding errors are left there.)
With random weights, a long product flattens the ball into a needle. To keep every direction, all singular values must be equal. That can be arranged.

## 4 · Choose the factor

A matrix whose singular values are all $1$ is called **orthogonal**: it rotates and reflects vectors but keeps their length. Multiply it by a number $\rho$ (rho), and every
direction is stretched by exactly $\rho$. With such a $U$, one step back multiplies by $\rho$ and by slopes, and by nothing else.

Where does an orthogonal matrix come from? From any random matrix $A$: take the orthogonal matrix nearest to $A$. The optional section at the end shows how to find it.

### Four values of rho

Now the experiment that gave this unit its name. A network of 64 neurons has no input, a small random initial state, and a $U$ that is orthogonal times $\rho$. We follow a gradient of norm 1
from the last state back for 50 steps.
"""

# %%
widgets.predict("gradient_rho")

# %%
rhos = (0.5, 0.9, 1.0, 1.5)
walks = {rho: vanishing.walk(step_jacobian, state_gradient_norms, rho) for rho in rhos}
tanh_curves = {f"rho = {rho:g}": walks[rho][0] for rho in rhos}
widgets.reveal(
    "gradient_rho",
    lambda: drawings.decay(tanh_curves, "tanh, 64 neurons, no input", ends=True),
)

# %% [markdown]
r"""
**Explain.** The two smaller values behave like powers: $0.5^{50} \approx 10^{-15}$ and $0.9^{50} \approx 5 \cdot 10^{-3}$. At $\rho = 1$ the matrix preserves length. Only the tanh slopes, slightly below 1, shrink the
gradient.

And $\rho = 1.5$? Its power would be $6 \cdot 10^{8}$, but the gradient grows only to about 40. The same large weights also make the state grow. The neurons saturate, their slopes
become small, and small slopes shrink the gradient. So tanh works as a brake. The last ten steps of the way back grow most, by a factor of 3.8, the other stretches of ten by about 2: the first states were still small, so the brake was off.

### The same with relu

Relu, $\max(0, a)$, has slope 1 or 0. There is no brake: states may grow without bound. Is relu the better choice, then?
"""

# %%
widgets.predict("gradient_relu")

# %%
relu_walks = {
    rho: vanishing.walk(step_jacobian, state_gradient_norms, rho, squash="relu")
    for rho in rhos
}
relu_curves = {f"rho = {rho:g}": relu_walks[rho][0] for rho in rhos}
widgets.reveal(
    "gradient_relu",
    lambda: drawings.decay(relu_curves, "relu, 64 neurons, no input", ends=True),
)

# %% [markdown]
r"""
And nothing stops what grows: at $\rho = 1.5$ relu multiplies the gradient by thousands.

### Your own network

Move the sliders. The *size of the inputs* is the standard deviation of $W x$, of what the inputs add inside the tanh. Try three things:

1. tanh, $\rho = 1$, and larger and larger inputs. Which part of the Jacobian do the inputs change?
2. tanh, $\rho = 1.5$: is there an input size at which the gradient neither vanishes nor explodes? Is the answer the same for another $T$?
3. relu: find the $\rho$ at which the curve is flat. How precisely must you tune it?
"""

# %%
_ = vanishing.explore_walk(step_jacobian, state_gradient_norms)

# %% [markdown]
r"""
The four curves above belong to a network *without input*. Large inputs saturate neurons, and a saturated neuron has a slope near zero. At $\rho = 1$ inputs of size 0.5 leave about $10^{-6}$, and inputs of size 2
about $10^{-16}$. With inputs of size 1 the gradient vanishes even at $\rho = 1.5$. No $\rho$ is right for every input.

## 5 · A bound

Can we be *sure* that a gradient vanishes, without measuring it? One step back does two things. It multiplies by slopes, at most by the largest of them. And it
multiplies by $U^\top$, which stretches at most by the largest singular value. So

$$\lVert \nabla_{h_t} L \rVert \;\le\; \underbrace{\sigma_{\max}(U)\, \max_i\, (1 - h_{t+1, i}^2)}_{\text{this step's factor}}\; \lVert \nabla_{h_{t+1}} L \rVert$$

and over several steps the factors multiply.

**On paper.** $U = \begin{pmatrix}0 & 2\\ 0 & 0\end{pmatrix}$ has $\sigma_{\max} = 2$: it maps $(0, 1)$ to $(2, 0)$. (Both of its eigenvalues are 0! What a matrix can do to a length in
one step is measured by singular values, not by eigenvalues.) Let the states after two steps be $(0.5, -0.5)$ and then $(0, 0.5)$. The largest slopes are $0.75$ and $1$, so the factors are $1.5$ and $2$. Counted back from the last state,
the bounds are $1$ at distance 0, $2$ at distance 1, and $3$ at distance 2.

**Your turn.**

<details><summary>Hint 1: which parts of a step's factor change from step to step?</summary>

Only the largest slope. It is one number per step and example, so an array of shape `(T, B)`. The largest singular value of `U` is one number for everything: `np.linalg.norm(U, 2)`.
</details>

<details><summary>Hint 2: in which order do the factors multiply?</summary>

From the last step to the first. Reverse the factors in time, and multiply them up.
</details>

<details><summary>Hint 3: which function multiplies numbers up and keeps every product on the way?</summary>

`np.cumprod(..., axis=0)`. It gives the entries for distances 1 to T. The entry for distance 0 is a row of ones above them.
</details>
"""

# %% grade_id="gradient_bound_solution" solution=true
from autograder.reference.gradients import gradient_bound

# %% grade_id="gradient_bound" grade=true points=4
checks.gradient_bound(gradient_bound)

# %%
widgets.predict("gradient_bound_gap")

# %%
bounded = {f"rho = {rho:g}": gradient_bound(*walks[rho][1:]) for rho in (0.5, 0.9, 1.5)}
measured = {name: tanh_curves[name] for name in bounded}
title = "Measured (lines) and proved (dashes)"
widgets.reveal(
    "gradient_bound_gap",
    lambda: drawings.decay(measured, title, bounds=bounded, ends=True),
)

# %% [markdown]
r"""
**Explain.** The bound proves one thing only. No slope exceeds 1, so $\sigma_{\max}(U) < 1$ is *sufficient* for gradients to vanish. $\sigma_{\max}(U) > 1$ is *necessary* for an explosion, but not sufficient.

## 6 · Too large: clip

Exploding gradients are the easier problem: you notice them, and there is a remedy. Look at one neuron without input, $h_{t+1} = \tanh(u\, h_t - 0.1)$. It starts at $0.2$ and runs for only 12 steps. The loss is the squared distance of the last state from
$-0.9$, and the only weight is $u$. With a smaller $u$ the state falls to the negative side. With a larger $u$ it climbs to the positive side. In between, around $u = 1.5$, it stays near the border for many steps. There, each step back multiplies by
$u\,(1 - h^2) \approx 1.45$, and $1.45^{12} \approx 86$. So the loss has a **wall**, and gradient descent starts on it:
"""

# %%
weights = np.linspace(1.2, 1.8, 1201)
losses = [vanishing.wall(u) for u in weights]
descents = {
    "not clipped": vanishing.downhill(np.inf),
    "clipped to 0.5": vanishing.downhill(0.5),
}
drawings.cliff(weights, losses, descents, "One neuron, 12 steps: a wall in the loss")

# %% [markdown]
r"""
At $u = 1.52$ the gradient is about 72. A full step throws the weight to $-5.65$, far from everything. The *direction* of the gradient was right. Only its norm was far too large. So keep the direction, and
shorten the gradient whenever its norm exceeds a threshold. With many weights in several arrays, "the gradient" is **all arrays together**, one long vector:

$$n = \sqrt{\sum_k \lVert g_k \rVert^2}, \qquad g_k \leftarrow g_k \cdot \frac{\text{threshold}}{n} \quad\text{if } n > \text{threshold, and unchanged otherwise}$$

**On paper.** $g_1 = (3, 0)$ and $g_2 = (4)$ have $n = 5$. With threshold 1 they become $(0.6, 0)$ and $(0.8)$. With threshold 10 they stay as they are.

**Your turn.** Think of a gradient of zeros: do not divide by zero.

<details><summary>Hint 1: how many norms do you need?</summary>

One, for all arrays together. Sum the squares of all entries of all arrays, and take the root once, at the end.
</details>

<details><summary>Hint 2: when do you divide by n?</summary>

Only after you know that `n` is larger than the threshold. The threshold is positive, so `n` is not zero then. In every other case the factor is 1.
</details>

<details><summary>Hint 3: what do you return?</summary>

A new dict, made with a comprehension over `gradients.items()`: the same names, and each array times the same factor.
</details>
"""

# %% grade_id="clip_by_global_norm_solution" solution=true
from autograder.reference.gradients import clip_by_global_norm

# %% grade_id="clip_by_global_norm" grade=true points=4
checks.clip_by_global_norm(clip_by_global_norm)

# %% [markdown]
r"""
Why clip all arrays together, and not each number on its own? Because clipping each number changes the direction:
"""

# %%
plane = np.array([4.0, 0.8])
shortened = clip_by_global_norm({"both": plane}, 1.0)["both"]
drawings.two_clips(plane, shortened, np.clip(plane, -1.0, 1.0), threshold=1.0)

# %% [markdown]
r"""
## 7 · Too long: cut into pieces

A text of a million letters cannot be unrolled in one piece: every state would have to be stored for the way back. **Truncated** backpropagation cuts the sequence into pieces of $k$ steps. The *state* runs on across a cut.
The *gradient* stops there.
"""

# %%
drawings.pieces(8, 3)

# %% [markdown]
r"""
Two things are easy to get wrong. At the start of a piece, the old state is the **last state of the piece before**, not zero. And all pieces share the weights, so their gradients are still summed over **all** steps.

**On paper.** One neuron, $U = 1$, all states $0.5$ (so every slope is $0.75$), all inputs $1$, four steps, and a loss that looks at the last state only, with gradient 1. With $k = 2$ the last step contributes $0.75$ and the one before $0.75^2 = 0.5625$. Then
comes the cut. So $db = 0.75 + 0.5625 = 1.3125$. Without a cut it would be $0.75 + 0.75^2 + 0.75^3 + 0.75^4 \approx 2.05$.

**Your turn.** You have written the version without cuts in unit 02: at every step, a state gets its direct gradient plus what the next step passes back. What has to change at a cut?

<details><summary>Hint 1: which part of the gradient does a cut remove?</summary>

Only what the next step passes back. The direct gradient `dstates[t]` stays, and so does the old state. Start from your loop of `rnn_backward`.
</details>

<details><summary>Hint 2: at which steps t does nothing come back from the next step?</summary>

At the last step of a piece: t = k - 1, 2k - 1, and so on. These are the steps with `(t + 1) % k == 0`. There, set what came back to zeros before you add the direct gradient.
</details>

<details><summary>Hint 3: what does one step of the loop do?</summary>

Add direct gradient and what came back; multiply by the slopes at `states[t]` to get `da`; add `da.T @ ...` to `dW` (with the input) and to `dU` (with the old state: `h0` if t is 0); add the sum of `da` over the batch to `db`; and pass `da @ U` back.
</details>
"""

# %% grade_id="truncated_backward_solution" solution=true
from autograder.reference.gradients import truncated_backward

# %% grade_id="truncated_backward" grade=true points=6
checks.truncated_backward(truncated_backward)

# %% [markdown]
r"""
### What a cut costs

Delayed recall again: name the symbol of 4 steps ago, in sequences of 20 steps. We train the same network in pieces of different lengths, with three random starts each.
"""

# %%
widgets.predict("gradient_pieces")

# %%
shares = {
    k: [vanishing.recall_in_pieces(truncated_backward, k, seed) for seed in range(3)]
    for k in (1, 2, 4, 5, 6, 8, 20)
}
widgets.reveal(
    "gradient_pieces", lambda: drawings.piece_lengths(shares, delay=4, chance=0.25)
)

# %% [markdown]
r"""
**Explain.** Short pieces do a little better than guessing (25%): even untrained recurrent weights keep a faint trace of old symbols, and the read-out learns to use it. But no gradient
ever tells the recurrent weights to keep the symbol. (Why $k = 4$ does even worse than 1 and 2, this experiment does not tell.) Truncation makes gradients vanish on purpose: it is cheap, and the network learns nothing beyond $k$ steps.

## 8 · A state that copies itself

Clipping repairs explosions. Vanishing is harder: if you scale a gradient up, the small part from far away grows, but so does the large part from nearby. Two things helped so far, the gentle start in unit 02 and $\rho = 1$ without input. Both are
lucky starts: training and inputs soon move the network away from them.

We want a step whose own factor is **one**. The simplest step of all has it: $h_{t+1} = h_t$. Its Jacobian is the identity, $I$, and the product of a hundred identities is still $I$.

But a pure copy never learns anything new. So mix: keep most of the old state, and let in a little of the new.

$$h_{t+1} = (1 - \alpha)\, h_t + \alpha \tanh(W x_{t+1} + U h_t + b)$$

This is a **leaky** network, with $\alpha$ between 0 and 1: at $\alpha = 1$ it is the Elman network, the recurrent network of unit 01, and at $\alpha = 0$ the copy. Its Jacobian is the same mixture,

$$\frac{\partial h_{t+1}}{\partial h_t} = (1 - \alpha)\, I + \alpha\; \text{diag}(1 - \tilde h^2)\, U, \qquad \tilde h = \tanh(W x_{t+1} + U h_t + b)$$

and it tends to $I$ as $\alpha \to 0$.

**On paper.** The example of unit 01: $W = 0.5$, $U = 1$, $b = 0$, $h = 0.5$, $x = 1$, so $\tilde h = \tanh(1) \approx 0.7616$. With $\alpha = \tfrac14$ the new state is $0.75 \cdot 0.5 + 0.25 \cdot 0.7616 \approx 0.5654$.

**Your turn.** Let $\alpha$ be a number, or an array with one number per neuron: the same line of code does both.

<details><summary>Hint 1: which part of the formula have you written before?</summary>

The tanh is the whole step of unit 01, for a batch: `x @ W.T`, the same with `h` and `U`, and the bias.
</details>

<details><summary>Hint 2: which two shares add up to one?</summary>

`1 - alpha` of the old state, outside the tanh, and `alpha` of the tanh. An `alpha` of shape `(H,)` multiplies the last axis, the neurons, by broadcasting. Nothing else is needed.
</details>
"""

# %% grade_id="leaky_step_solution" solution=true
from autograder.reference.gradients import leaky_step

# %% grade_id="leaky_step" grade=true points=3
checks.leaky_step(leaky_step)

# %% [markdown]
r"""
### Watch the identity appear
"""

# %%
drawings.leaky_jacobians(
    vanishing.leaky_jacobians(step_jacobian, leaky_step, (1.0, 0.3, 0.1, 0.01))
)

# %% [markdown]
r"""
Now follow a gradient back through such networks, with inputs that saturate many neurons.
"""

# %%
widgets.predict("gradient_leak")

# %%
written = step_jacobian, state_gradient_norms, leaky_step  # by you
leaky_curves = {
    f"alpha = {alpha:g}": vanishing.leaky_walk(*written, alpha)[0]
    for alpha in (1.0, 0.3, 0.1, 0.01)
}
widgets.reveal(
    "gradient_leak",
    lambda: drawings.decay(leaky_curves, "Leaky, rho = 0.9, large inputs", ends=True),
)

# %% [markdown]
r"""
Try it against every $\rho$. Is there a $\rho$ for which even a small $\alpha$ is not enough?
"""

# %%
_ = vanishing.explore_leak(step_jacobian, state_gradient_norms, leaky_step)

# %% [markdown]
r"""
### The price

What keeps the gradient also keeps the state. With $\alpha = 0.01$ a new input enters with a hundredth of its weight. Whatever is in the state fades at the same rate, wanted or not. Does that matter? We train leaky
networks on the two tasks of unit 02: keep *one* symbol, the first; or keep *ten* symbols in a row and name each of them after the delay. ($\alpha = 1$ is the plain network.)
"""

# %%
widgets.predict("gradient_leak_price")

# %%
three = (1.0, 0.1, 0.01)
recalled = {
    "only the first symbol": vanishing.leaky_results(three, (4, 8, 20, 50), answers=1),
    "ten symbols in a row": vanishing.leaky_results(three, (4, 8, 20, 50), answers=10),
}
widgets.reveal(
    "gradient_leak_price", lambda: drawings.leaky_recall(recalled, chance=0.25)
)

# %% [markdown]
r"""
**Explain.** Look at a delay of 4 first. The plain network answers every time, on both tasks. With $\alpha = 0.1$, ten symbols run into each other: it is right about 60% of the time. At a delay of 50 the order is reversed: the plain network guesses, and the leaky ones still know something. (Two
random starts per point: small differences mean nothing.)

So a leaky network remembers *everything* for long and *nothing* precisely. Its $\alpha$ is a **gate that is a constant**: always open by the same amount, whatever arrives.

The copy was the right idea. What is missing is a choice: open when something important arrives, stay shut while it has to be kept. In other words: an $\alpha$ for each neuron and each step, *computed from the input and the state*. The rest of this course is about that one idea.

**Your turn, in words.** A person reads and grades this answer.

In three to six sentences: from your own figures, which numbers show that vanishing comes from a product and not from one bad step? Why does no single constant $\alpha$ work both for a symbol that must be kept for 50 steps and for one that must be taken in at
once? And what should $\alpha$ depend on?

*How it is graded:* 1 point for numbers of yours that show a product, not a single bad step; 1 point for why a constant $\alpha$ must fail for one
of the two kinds of symbol; 1 point for what $\alpha$ should depend on, and what that makes it do.
"""

# %% [markdown] grade_id="why_a_gate" grade=true solution=true points=3
r"""
YOUR ANSWER HERE
"""

# %% [markdown]
r"""
## Optional: extra credit

Nothing later builds on this section. Take it when you have time left, or skip it.

### The product of the Jacobians

Section 3 multiplied the Jacobians of many steps: $\partial h_T / \partial h_0 = J_T \cdots J_2\, J_1$. Write it for a whole batch. The example on paper is in section 3.

<details><summary>Hint 1: where does a new Jacobian go?</summary>

On the left of the product so far: the step that acts first stands on the right.
</details>

<details><summary>Hint 2: how do you multiply matrices for every example at once?</summary>

`A @ B` multiplies the last two axes, so arrays of shape `(B, H, H)` need no loop over the examples. Start from a copy of the first Jacobian, or from `np.eye(H)`, and loop over the steps.
</details>
"""

# %% grade_id="jacobian_product_solution" solution=true
from autograder.reference.gradients import jacobian_product

# %% grade_id="jacobian_product" grade=true points=3
checks.jacobian_product(jacobian_product)

# %% [markdown]
r"""
### All singular values equal

Section 4 used the orthogonal matrix nearest to $A$. The *singular value decomposition* writes any matrix as

$$A = P\; \text{diag}(s)\; Q^{\top}$$

with orthogonal $P$ and $Q$, and the singular values $s$ in between. Replace every one of them by $\rho$, and you have the orthogonal matrix nearest to $A$, times $\rho$.
(Dividing $A$ by its largest singular value is not enough: then only one direction is stretched by $\rho$, and all others by less.)

**On paper.** $A = \begin{pmatrix}0 & -2\\ 1 & 0\end{pmatrix}$ rotates by a right angle and stretches by 2 and by 1. With $\rho = \tfrac12$ the rotation stays and the stretch is $\tfrac12$ in both directions:
$\begin{pmatrix}0 & -\tfrac12\\ \tfrac12 & 0\end{pmatrix}$.

<details><summary>Hint 1: which of the three parts of the decomposition do you keep?</summary>

$P$ and $Q^\top$. With every singular value equal to $\rho$, the matrix in the middle is $\rho I$, which is just the factor $\rho$.
</details>

<details><summary>Hint 2: what does np.linalg.svd return?</summary>

Three arrays: `P`, the singular values, and `Q` *already transposed*. Multiply the first by the third, in this order, and then by `rho`.
</details>
"""

# %% grade_id="rescale_spectral_norm_solution" solution=true
from autograder.reference.gradients import rescale_spectral_norm

# %% grade_id="rescale_spectral_norm" grade=true points=3
checks.rescale_spectral_norm(rescale_spectral_norm)

# %% [markdown]
r"""
## What to remember

- One step back multiplies a gradient by the transpose of $J = \text{diag}(1 - h_{t+1}^2)\, U$. Many steps multiply by the product of all of them.
- Without input, an orthogonal $U$ times 0.5 leaves about $10^{-15}$ at distance 50; times 0.9 a few thousandths; times 1 about 0.4; times 1.5 it grows, until saturation brakes it.
- $\sigma_{\max}(U)$ times the largest slope is a bound. Below one it proves vanishing; above one it proves nothing.
- Clip by the norm of all gradients together. Cutting into pieces is cheap, but nothing is learnt beyond the cut.
- A factor of exactly one is harmless: a state that copies itself. The leaky step comes close, but it cannot choose.

**Next:** unit 04, a cell whose gates do choose.

## Going further

- Y. Bengio, P. Simard and P. Frasconi (1994), *Learning long-term dependencies with gradient descent is difficult*, IEEE Transactions on Neural Networks. An early statement of the trade-off between keeping and learning.
- R. Pascanu, T. Mikolov and Y. Bengio (2013), *On the difficulty of training recurrent neural networks*, ICML (arXiv 1211.5063). The bound of section 5, the wall of section 6, and clipping by the norm.
- R. J. Williams and J. Peng (1990), *An efficient gradient-based algorithm for on-line training of recurrent network trajectories*, Neural Computation. Truncated backpropagation.
- Q. V. Le, N. Jaitly and G. E. Hinton (2015), *A simple way to initialize recurrent networks of rectified linear units* (arXiv 1504.00941v2). Relu with $U = I$: a copy at the start.
- H. Jaeger, M. Lukoševičius, D. Popovici and U. Siewert (2007), *Optimization and applications of echo state networks with leaky-integrator neurons*, Neural Networks. Leaky neurons in use.
- Try it: `vanishing.leaky_recall(np.logspace(-2, 0, 16), 50, seed=0)` trains a network whose neurons have sixteen different alphas, from 0.01 to 1. Is it better than a single one?
"""
