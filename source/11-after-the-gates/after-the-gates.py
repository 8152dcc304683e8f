# %% [markdown]
r"""
# Unit 11 · After the gates

Three lists of names stand below. One is real: names from a census that no program has seen. One was written by a table that knows which
letter follows which. One was written by a GRU with 64 neurons. **Which is which, and how would you measure it?**

**After this unit you can**

- turn real data into batches, train a GRU on it, and score it on names that it has never seen;
- say what a letter costs, in bits, and compare a network with plain counting;
- let a network write, and choose how bold it is;
- build a recurrent cell that reads a whole sequence at once, and say what it gives up for that;
- place residual paths, attention, state-space models and the new recurrent cells beside the gates that you know.

**Time:** about 100 minutes. **You need:** unit 07 (the GRU) and torch, which finds the gradients here. No torch experience beyond unit 09 is needed.

**How to work:** read, run the cells from top to bottom (Shift+Enter), and wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` by your code. The cell below it checks what you wrote. Are you stuck? Each exercise has hints that you can unfold, one by
one. You can also go on: what needs your function then shows what the course recorded.
"""

# %% setup=true
import numpy as np
import torch

from course import checks, counting, scans, widgets, writing
from course.data.names import PAST_THE_END, SYMBOLS, load_names
from course.plots import names as drawings

torch.set_num_threads(1)  # for matrices as small as ours, more threads only wait


def sigmoid(a):
    """The logistic function of unit 04."""
    return (1 + np.tanh(a / 2)) / 2


# %%
lists = writing.three_lists()
writing.show_lists(lists)

# %%
widgets.predict("names_list")

# %%
widgets.reveal("names_list")

# %% [markdown]
r"""
## 1 · Names as data

The US Census Bureau published 5,163 first names with its 1990 census. They are in the public domain. We use the letters only, not how often each name is.

One name in ten is **held out**: 521 names that no training sees. Which ones is decided by a checksum of the letters, so everybody has the same split.

Two warnings. A held-out name often has a near relative in training: *adriane* is held out, *adrian* is not. So this is a test of new names, not of
a new kind of name. And one country's list from one year is not all names: there are no accents in it, and most of the world is missing.
"""

# %%
training, held_out = load_names("training"), load_names("held-out")
print(f"{len(training)} names to train on, such as {', '.join(training[500:3500:600])}")
print(f"{len(held_out)} held out, such as {', '.join(held_out[50:450:80])}")

# %% [markdown]
r"""
### Predict the next letter

Cover a name and uncover it letter by letter. Before each letter, guess. That is the task: **the letters so far are the input, the next letter is the
target.** One more symbol is needed. The mark "." stands before the first letter, so that the first one can be guessed too. It also stands after the
last letter, because a network that writes names must know where to stop.

| | | | | |
|---|---|---|---|---|
| reads, `x` | . | a | n | n |
| predicts, `y` | a | n | n | . |

`SYMBOLS` is the string `.abc…z`, and a symbol's number is its place in it. So `x` is `[0, 1, 14, 14]`, and `y` is `[1, 14, 14, 0]`.
"""

# %%
print(SYMBOLS, "has", len(SYMBOLS), "symbols. The number of n is", SYMBOLS.index("n"))
print("Past the end of a name, y has", PAST_THE_END)

# %% [markdown]
r"""
Names differ in length, but a tensor has straight edges. Put *al* beside *zoe*: its column of `y` is `[1, 12, 0, -1]`. The −1 says "nothing is asked here".
In `x` a 0 will do: what the network reads after the end changes no answer that counts.

**Your turn.** One pass through all names, in random order, cut into batches. Use only the given generator, so that equal seeds give equal batches.

<details><summary>Hint 1: what is random here?</summary>

What is random here, the letters or the order? Which method of `rng` gives every number from 0 to N − 1 exactly once?

</details>
<details><summary>Hint 2: how long is each batch?</summary>

`rng.permutation(len(names))` is an order. Cut it into pieces of `size`. For each piece, find the longest name first: that gives T. Then make `x` full of 0 and `y` full of −1.

</details>
<details><summary>Hint 3: which entries does one name fill?</summary>

For a name with N letters in column `k`, with `n` a tensor of its letters' numbers: `x[1 : N + 1, k]` and `y[:N, k]` both become `n`, and `y[N, k]` becomes 0.

</details>
"""

# %% grade_id="name_batches_solution" solution=true
from autograder.reference.names import name_batches

# %% grade_id="name_batches" grade=true points=4
checks.name_batches(name_batches)

# %% [markdown]
r"""
## 2 · What a letter costs

How good is a guess? Suppose the network says: *n* with probability 1/4. Then *n* comes. You have learnt as much as from two flips of a coin:
$-\log_2 \tfrac14 = 2$ **bits**. A letter that was certain costs 0 bits. A letter that was thought impossible costs infinitely many, so never say never.

The mean over all letters of all held-out names is the **bits per letter**. It is the loss you know, cross-entropy, divided by $\ln 2$ and counted once per
letter. The mark at the end is a letter here. What lies past it is not.

**On paper.** Three letters had the probabilities 1/2, 1/4 and 1/4: 1, 2 and 2 bits, so 5/3 bits per letter.

Now two names in a batch. The letters of one cost 1 and 1, and the single letter of the other costs 2. That is $4/3$ per letter. If you take the mean of each name first, you get $3/2$: then
letters of short names count more.

<details><summary>Hint 1: which places count?</summary>

Which places count? How would you pick exactly those out of a tensor of shape (T, B)?

</details>
<details><summary>Hint 2: how do you pick them?</summary>

`y >= 0` is a mask. `logits[y >= 0]` has one row per letter that counts, and `y[y >= 0]` says which entry of each row you need.

</details>
<details><summary>Hint 3: does torch know this sum?</summary>

`torch.nn.functional.cross_entropy` does all of it in nats, mean included, if you flatten both and tell it `ignore_index`. Then divide by ln 2.

</details>
"""

# %% grade_id="bits_per_letter_solution" solution=true
from autograder.reference.names import bits_per_letter

# %% grade_id="bits_per_letter" grade=true points=3
checks.bits_per_letter(bits_per_letter)

# %% [markdown]
r"""
### Before any network: counting

If all 27 symbols were equally likely, each would cost $\log_2 27 = 4.75$ bits. Now count how often each letter is in training, and bet accordingly. Then count what follows
each letter, each two letters, each three.
"""

# %%
widgets.predict("names_count")

# %%
drawings.cost_of_a_letter(counting.baselines())

# %%
widgets.reveal("names_count")

# %% [markdown]
r"""
Three letters before need a table with $27^3 = 19{,}683$ rows. There are about 32,000 letters in the training names. Most rows stay empty, and longer tables
soon get worse. A network need not keep rows apart: *ann* and *enn* can share what they have in common.

## 3 · A GRU reads names

The network is torch's GRU with 64 neurons and a readout: 27 numbers after each letter. It is your GRU of unit 07, but for the place of the reset
gate, which unit 08 explained. Your own functions make its batches and score it. It reads all names 12 times.
"""

# %%
widgets.predict("names_gru")

# %%
found = writing.train(name_batches, bits_per_letter)
drawings.learning(found)

# %%
widgets.reveal("names_gru")

# %% [markdown]
r"""
Look at the two curves once more. Training names get cheaper than held-out ones: some of what the network learns is about those names alone. The
distance is what learning by heart is worth, and it tells nothing about new names. That is why we print the other curve.

## 4 · Let it write

Training asked: how likely is this letter? Writing turns this round: **draw** a letter with these probabilities, feed it back as the next input, and go on
until the mark is drawn. The state carries everything that was written so far.

Always taking the likeliest letter would give one name, again and again. Drawing gives variety, and sometimes nonsense. One number decides between the two: divide
the logits by a **temperature** before the softmax.

**On paper.** Two letters have the probabilities 0.8 and 0.2, a ratio of 4. At temperature 2 the logits are halved, so the ratio becomes $\sqrt 4 = 2$: 2/3 and
1/3. At temperature 1/2 it becomes $4^2 = 16$: 16/17 and 1/17.
"""

# %%
widgets.predict("names_temperature")

# %% [markdown]
r"""
**Your turn.** Write `count` names at once: one column for each name. The model is called as `model(letters, state)`. It gives back logits and the new
state. The first time, the letters are all 0, the mark, and the state is `None`. Draw with `rng`, not with torch.

<details><summary>Hint 1: what changes from one step to the next?</summary>

What changes from one step to the next? Two things go back into the model. What must happen to a name whose mark was drawn, while the others go on?

</details>
<details><summary>Hint 2: what do you have to keep?</summary>

Keep a list of `count` strings and a mask of the names that are done. In each step: call the model under `torch.no_grad()`, divide, softmax, draw one number per row, append letters
to the names that are not done.

</details>
<details><summary>Hint 3: how do you draw one letter?</summary>

For one row `p` of probabilities, as a NumPy array in double precision: `rng.choice(27, p=p)`. What was drawn becomes the next `letters` by `torch.tensor(...)`.

</details>
"""

# %% grade_id="sample_names_solution" solution=true
from autograder.reference.names import sample_names

# %% grade_id="sample_names" grade=true points=4
checks.sample_names(sample_names)

# %%
writing.show_samples(sample_names, found.network, temperatures=(0.4, 0.7, 1.0, 1.5))

# %%
widgets.reveal("names_temperature")

# %% [markdown]
r"""
"Exist" means here: in the list of the census, training or held out. A name that is not in this list may well be somebody's.

## 5 · Watch a gate while it writes

Here is the shipped network as it writes a name that nobody in the list has. Everybody looks at the same one, whatever your own training gave.
"""

# %%
drawings.whole_state("rackella")

# %% [markdown]
r"""
Sixty-four gates at once are hard to read. Pick one: neuron 43.
"""

# %%
widgets.predict("names_gate")

# %%
drawings.watch_a_gate("rackella", 43)

# %%
widgets.reveal("names_gate")

# %% [markdown]
r"""
So is neuron 43 "the consonant neuron"? Read the lower bars before you say yes. It is nearly as shut after *n*, which is no vowel. A name for a neuron is a summary of what you
looked at, never the whole truth. Move the slider and look for others: neuron 45 seems to know where a name begins, and neuron 4 likes vowels.

## 6 · A gate that does not look back

Now think of a sequence with 4,096 letters. To know its gates at the last letter, the GRU needs the state before it. For that state it needs the one before,
and so on. Nothing can be done in parallel, and a graphics card with thousands of arithmetic units waits.

What if the gate looked at the letter **alone**? That is the minimal GRU (L. Feng and others, 2024, *Were RNNs all we needed?*), here in its simplest form:

$$z_t = \sigma(W_z x_t + b_z), \qquad \tilde h_t = W_h x_t + b_h, \qquad h_t = (1 - z_t) \odot h_{t-1} + z_t \odot \tilde h_t$$

No $U$, no reset gate, no tanh. All $z_t$ and all $\tilde h_t$ can be worked out at once, in two matrix products. What is left is the chain in the last equation. Write it as

$$h_t = a_t \odot h_{t-1} + b_t, \qquad a_t = 1 - z_t, \quad b_t = z_t \odot \tilde h_t .$$

### Two steps are one step

Put one step into the next: $h_2 = a_2 (a_1 h_0 + b_1) + b_2 = (a_2 a_1)\, h_0 + (a_2 b_1 + b_2)$. That is again "something times the old state, plus something". So two
neighbours can be joined into one step, and two joined steps into one of four, and so on. With four letters:

| | t = 1 | t = 2 | t = 3 | t = 4 |
|---|---|---|---|---|
| at first, each t covers | 1 | 2 | 3 | 4 |
| after joining with t − 1 | 1 | 1–2 | 2–3 | 3–4 |
| after joining with t − 2 | 1 | 1–2 | 1–3 | 1–4 |

Two rounds, and every entry covers everything from the start. In each round all t work at once. This is called a **scan by doubling** (W. Hillis and G. Steele, 1986).
"""

# %%
widgets.predict("names_rounds")

# %%
widgets.reveal("names_rounds")

# %% [markdown]
r"""
### Numerical care

There is a shorter way, which looks better on paper: with $A_t = a_t \cdots a_1$ it is $h_t = A_t\, (h_0 + \sum_{s \le t} b_s / A_s)$, two lines with `cumprod` and `cumsum`. Try it with
open gates: if every $a$ is 0.02, then $A_{200} = 0.02^{200} \approx 10^{-340}$, which a float rounds to 0. And $0/0$ is not a number.

Joining never divides. A product of many small $a$ also becomes 0 there, but that is harmless: it says that nothing is left of the start, which is true. (The paper's authors work with logarithms
instead, for the same reason. Then the candidate must be positive.)

**On paper.** One neuron, all weights of the gate 0, so $z = \tfrac12$. The candidate is the input: 2, 4, 0. From $h_0 = 8$: $5$, then $4.5$, then $2.25$.

**Your turn.** Write `min_gru` without a loop over the steps. A loop over the rounds is what you need. The check counts operations.

<details><summary>Hint 1: which entries change in a round?</summary>

Work out `a` and `b` for all steps first; their shape is (T, B, H). In the round with shift s, which entries change, and which stay as they are?

</details>
<details><summary>Hint 2: which are the earlier steps?</summary>

The first s entries stay. For the others, `a[s:]` are the later steps and `a[:-s]` the earlier ones. Join `b` first, because it needs the `a` of before the round.

</details>
<details><summary>Hint 3: what are the new a and b?</summary>

New `b`: the first s rows of `b`, then `b[s:]` plus `a[s:]` times `b[:-s]`, put together by `np.concatenate`. The same with `a` without the sum. At the end `h0` comes in: it is faded by the joined `a`.

</details>
"""

# %% grade_id="min_gru_solution" solution=true
from autograder.reference.names import min_gru

# %% grade_id="min_gru" grade=true points=5
checks.min_gru(min_gru)

# %%
widgets.predict("names_speed")

# %%
drawings.times(scans.measure(min_gru))

# %%
widgets.reveal("names_speed")

# %% [markdown]
r"""
Do not believe the figure too far. A scan does $\log_2 T$ times as much arithmetic as the loop; it wins because Python's loop is slow, or because many units work at once. With 128 neurons on
one core, the gain over the loop is gone. Try it: `drawings.times(scans.measure(min_gru, units=128))`.

### What does it cost?

The gate has lost its sight: it cannot know what the state holds. Neuron 43's trick, shut at the **second** l, is beyond it. Three networks of minimal GRUs were trained on the names, exactly as the GRU
was, with 64 neurons in each layer.
"""

# %%
widgets.predict("names_layers")

# %%
drawings.cost_of_a_letter(
    writing.MIN_GRUS | {"GRU, one layer": writing.recorded().held_out[-1]},
    "What looking at the letter alone costs, and what depth gives back",
)

# %%
widgets.reveal("names_layers")

# %% [markdown]
r"""
(One start each, so read no more into the second decimal than that. Parameters: 5,339, 13,659 and 21,979 in the three, 19,611 in the GRU.)

That is the trade which recurrent networks of the 2020s make: give up the look back **within** a layer, get the whole sequence at once, and regain the look back by **stacking** layers.

## 7 · Where the idea went

The gates of 1997 and 2014 solved one problem: let a gradient pass through many steps. The answer was an **additive path**: the new state is the old one plus something, not a squashed product. That
answer has outlived the cells.
"""

# %%
drawings.years()

# %% [markdown]
r"""
| when | what | its line | what decides how much is kept |
|---|---|---|---|
| 1997, 2000 | LSTM (S. Hochreiter and J. Schmidhuber; forget gate: F. Gers, J. Schmidhuber and F. Cummins) | $c_t = f \odot c_{t-1} + i \odot \tilde c$ | gates that see input and state |
| 2014 | GRU (K. Cho and others) | $h_t = (1 - z) \odot h_{t-1} + z \odot \tilde h$ | the same, with one gate for both |
| 2015 | ResNet (K. He and others) | $x_{l+1} = x_l + F(x_l)$, over layers instead of time | nothing: all is kept |
| 2021 | S4 (A. Gu, K. Goel and C. Ré) | $h_t = A h_{t-1} + B x_t$ | fixed matrices, the same at every step |
| 2023 | Mamba (A. Gu and T. Dao) | $h_t = A_t h_{t-1} + B_t x_t$ | the input alone |
| 2024 | minGRU (L. Feng and others) | as in section 6 | the input alone |
| 2024 | xLSTM (M. Beck and others) | an LSTM with exponential gates; one kind of its cells keeps a matrix instead of a vector | in that kind, the input alone |

**Attention** (D. Bahdanau, K. Cho and Y. Bengio, 2014) began as help for gated networks. A translator's GRU had to squeeze a whole sentence into one state. Attention lets it look back at **all** states and weigh them. In 2017 A. Vaswani and others
left the recurrence out: in the **Transformer** every position looks at every other, in training all at once, with residual paths around each part. The price: the work grows with the square of the length. And while it
writes, it must keep something of every letter so far. A GRU keeps 64 numbers, however long the text is.

**State-space models** go the other way: keep the recurrence, and make it linear in the state, so that it can be scanned or turned into a convolution. Your `min_gru` is a small one of
that family, with a diagonal $A_t$ that the input chooses.

Which is best? For long texts and a lot of data, most large language models that are described in public are Transformers. Some mix attention with state-space layers. "Best" depends on length, data, machine and what must be
kept while writing. Unit 10 is about how to find out.

**Where GRUs run today.** Nobody counts them all, but some uses are published in detail: RNNoise removes noise from speech in real time with small GRUs (J.-M. Valin, 2018). GRU4Rec predicts what a visitor of a
shop clicks next (B. Hidasi and others, 2015). The agents of the Dreamer family imagine the future with a GRU at the core of their world model (D. Hafner and others, 2019 to 2023). What these have in common: data arrives step by step, an answer is due at
once, and memory is small.

## What to remember

- Bits per letter of held-out names: 4.75 for no idea, 4.08 for frequencies, 3.44 for the letter before, 3.01 for three letters, 2.90 for a GRU.
- To write, draw a letter, feed it back, carry the state. Temperature divides the logits.
- A gate that looks at the state forces one step after the other. A gate that looks at the input alone allows a scan in $\log_2 T$ rounds.
- Join steps; never divide by a product of gates.
- What lasts of gated networks is the additive path. Residual layers, Transformers and state-space models all have it.

## Going further

- A. Karpathy (2015), *The unreasonable effectiveness of recurrent neural networks*. Text letter by letter, with many samples.
- A. Gu and T. Dao (2023), *Mamba: linear-time sequence modeling with selective state spaces* (arXiv 2312.00752). Find the line that is yours.
- G. Blelloch (1990), *Prefix sums and their applications*. A scan that does not do more work than the loop.
- Try it: train on names that begin with a vowel only, and let the network write. What does it do after the mark?
- Try it: put a list of your own into the training, towns or dishes, one a line, letters from a to z.

## Optional · Which letter surprised it?

This exercise earns extra credit. It asks for nothing new, only for care with one name.

A mean hides everything interesting. Take one name, and print the bits of each of its letters. Where does the network know what comes, and where is it taken by surprise?

**On paper.** The model gives *a* 1/2 at the start, then *n* 1/4, then the end 1/8. So *an* has the surprises 1, 2 and 3 bits, and 6 bits in all: the model writes *an* once in $2^6 = 64$ tries.

<details><summary>Hint 1: what goes in before the first letter?</summary>

This is like writing, but nothing is drawn. Which letter goes into the model before the first one of the name?

</details>
<details><summary>Hint 2: what do you look up at each step?</summary>

Walk through the letters' numbers with a 0 added at the end. In each step: call the model with the number **before**, and look up the number that comes.

</details>
"""

# %% grade_id="name_surprises_solution" solution=true
from autograder.reference.names import name_surprises

# %% grade_id="name_surprises" grade=true points=2
checks.name_surprises(name_surprises)

# %%
for name in ("calandra", "reagan", "xkqzwv"):
    writing.show_surprises(name_surprises, name, drawings.surprises)
