# %% [markdown]
r"""
# Unit 09 · What gates do with a sentence

A network that answers correctly is useful. One whose reasons we can inspect is better. In this unit your own GRU learns to read. Then you X-ray it: at
every word you see what its gates write, what they keep, and what they drop.

**After this unit you can**

- turn your equations into a `torch.nn.Module` and train it;
- test whether a network has understood a rule or memorised examples;
- measure how far back an RNN, an LSTM and a GRU can remember;
- read gates, states, influences and predictions word by word, and say what they do **not** show.

**Time:** about 110 minutes. **You need:** unit 07 (the GRU with $z$ and $r$) and torch. From here on torch computes the gradients; you have done it by hand
often enough.

**How to work:** read, and run the cells from top to bottom (Shift+Enter). Where a cell says `YOUR CODE HERE`, replace `raise NotImplementedError` with
your code. The cell below it checks what you wrote. Hidden checks with fresh numbers run when your notebook is graded; each check earns its own points.
"""

# %% setup=true
import numpy as np
import torch

from course import checks, plots, reading, widgets
from course.data import sentences
from course.plots import reading as drawings

torch.set_num_threads(1)  # for matrices as small as ours, more threads only wait
vectors = sentences.word_vectors()

# %% [markdown]
r"""
## 1 · Samosas, then pasta

> Meera eats samosas nearly every day. Tonight she cooks something …

You know how this goes on: *Indian*. One word early in the sentence decides, and nothing after it matters. Read it as a network does, one word at a time.

- At *samosas* there is something worth keeping. The network must **write**.
- At *nearly every day*, and at every word until the end, nothing concerns the cuisine. The network must **keep** what it wrote.

A plain RNN has one rule for all words: it multiplies the old state by $U$, adds the new word, and squashes the sum. So every harmless word also changes what was written. A
gated cell decides at every word. Here is a GRU with just two neurons, one for each cuisine. Gates and candidates are set by hand, to do what we would like.
"""

# %%
drawings.samosas(until="day")

# %% [markdown]
r"""
At *samosas* the update gate $z$ opens, and the candidate replaces the state. Everywhere else $z$ is nearly shut, and the state is copied. Now the sentence goes on:

> Meera eats samosas nearly every day, but her **brother** loves pasta and cheese, so he cooks something …

Now the answer is *Italian*. The samosas were right and must go all the same, because they belong to somebody else. And they must go at *brother*: if the
sentence never says what he likes, *Indian* would still be wrong.
"""

# %%
widgets.predict("reading_brother")

# %%
widgets.reveal("reading_brother", drawings.samosas)

# %% [markdown]
r"""
*Pasta* then writes the new taste, and *cheese* confirms it. So reading needs three things: write, keep, forget. Each cell has its own way of doing them:

| at the word | we want to | LSTM | GRU |
|---|---|---|---|
| *samosas* | write | the input gate opens | the update gate opens |
| *nearly every day* | keep | forget gate at 1, input gate at 0 | the update gate is shut |
| *brother* | forget | the forget gate falls to 0 | both gates work together, as in the picture |
| *pasta* | write | the input gate opens | the update gate opens |
| *something* | answer | the output gate shows the cell | nothing to do: the state is always visible |

You will often read that the update gate says "how much of the past to keep". With our $z$ it is the other way round: $z$ weighs the **new**. And a reset gate alone forgets nothing. It
only hides the past from the candidate; the update gate must let that candidate in.

Nobody will set your network's gates by hand. Will it find such gates by itself, from nothing but right answers? For that we need many sentences whose answers are certain.

## 2 · Guests for dinner

Here is a little language with seventy-four words. Its sentences are about guests, and all of them end in *so dinner is*. The next word must be predicted: one of four
kitchens (*coast, forest, desert, mountain*), or *surprise*. The rule:

> **Dinner is for the person named last.** If the sentence says what this person likes or loves, the answer is the kitchen of that dish. If not, dinner is a surprise.

Other things happen on the way. It rains, trams stop, and dishes appear that nobody asked for: *someone sells* them, *they smell* them, *shops have* them. Such dishes count for nothing. We call them **distractors**.
"""

# %%
for persons in (1, 2):
    made, answers = sentences.sentences(np.random.default_rng(3), 3, persons=persons)
    for sentence, answer in zip(made, answers, strict=True):
        print(f"{sentence} ▸ {answer}\n")

# %%
widgets.predict("reading_rule")

# %%
widgets.reveal("reading_rule")

# %% [markdown]
r"""
Keeping is easy for a network that never forgets, and forgetting is easy for one that never keeps. This language asks for both, at the right words.

Two numbers say how hard a sentence is. The **distance** is the number of words between the part about the last person and *so dinner is*. The other number is how many distractors
stand among these words. By default, the distance is 8, with one distractor.

### Words as vectors

A network takes numbers, so every word is a vector of zeros and ones. Every name has the mark "a name" and a code of its own. **A dish has its ingredients**: three that are typical of its kitchen, and one borrowed from
another kitchen, so no single ingredient gives the answer away. Every other word has one column of its own.
"""

# %%
some = "Ilse Edda kelpling saltbun mossbread likes sells then rains".split()
drawings.word_table({word: vectors[word] for word in some}, sentences.FEATURES)

# %% [markdown]
r"""
### Memorised, or understood?

Twelve names and twenty dishes occur in training. **Four names and eight dishes are held out**: no training sentence has any of them, and the test has no others. So nothing that was learnt
about *kelpling* itself helps with *saltbun*.

Why can it be done at all? A held-out word is new as a whole, but its parts are known. *saltbun* is made of seaweed, mussels, salt and berries, and each of these occurs in dishes of the training. *Edda* has the mark of a name. A
network that learns "seaweed and salt speak for the coast" and "any name starts afresh" is ready for both. A network that memorises whole words is not.

What is **not** held out: the ingredients, the small words, and the way sentences are built. This is a test of new words, not of new grammar.

## 3 · Encode a sentence

**On paper.** With `vectors = {"a": [1, 0], "b": [0.5, 2]}` the sentence `"b a b"` is a tensor with the rows `[0.5, 2]`, `[1, 0]`, `[0.5, 2]`.

What about an unknown word? If you left it out silently, or used zeros, the network would answer a question that was not asked. Raise an error that **names the word**.

**Your turn.** Write `encode`.

<details><summary>Hint 1: which method of a string gives its words?</summary>

`split()` without arguments. It does not mind several spaces, or spaces at the ends; `split(" ")` does.
</details>

<details><summary>Hint 2: how do you find out that a word is unknown?</summary>

Ask with `in` before you look it up. If it is not there, raise a `ValueError` with an f-string that contains the word. A `KeyError`
or an `assert` is not what the docstring promises.
</details>

<details><summary>Hint 3: how do several vectors become one tensor?</summary>

Make each vector a tensor, with `dtype=torch.float32`; NumPy's numbers are float64 otherwise. Collect them in a list and give it to `torch.stack`.
</details>
"""

# %% grade_id="encode_solution" solution=true
from autograder.reference.reading import encode

# %% grade_id="encode" grade=true points=2
checks.encode(encode)

# %% [markdown]
r"""
## 4 · Your cell, as a module

The equations are those of unit 07, with $z$ as the weight of the **new**:

$$\begin{aligned}
z &= \sigma(W_z x_t + U_z h_{t-1} + b_z) \\
r &= \sigma(W_r x_t + U_r h_{t-1} + b_r) \\
\tilde h &= \tanh(W_h x_t + U_h (r \odot h_{t-1}) + b_h) \\
h_t &= (1 - z) \odot h_{t-1} + z \odot \tilde h
\end{aligned}$$

Only the form is new. A `torch.nn.Module` **owns** its parameters. Assign a `torch.nn.Parameter` to `self`, and every optimiser finds it; torch computes its gradient from whatever `forward` does. So
`__init__` makes the nine parameters, under exactly the names in the equations, and `forward` is one step. It returns both gates besides the state, because we want to look at them later.

One thing you know from unit 07: a cell that starts with its update gates shut copies its state, and the gradient finds its way back. So **$b_z$ starts at $-3$**. The other biases start at 0. Each matrix starts with normal
random numbers divided by the square root of its number of columns.

**On paper.** One neuron, $b_z = \ln 3$, $b_r = -\ln 3$, no other weights in the gates: $z = \tfrac34$, $r = \tfrac14$. With $U_h = 2$, $W_h = 0.5$, $b_h = 0$, state 1 and input 1, the
candidate is $\tanh(2 \cdot \tfrac14 + 0.5) \approx 0.7616$. The new state is $\tfrac34 \cdot 0.7616 + \tfrac14 \cdot 1 \approx 0.8212$.

**Your turn.** Write `GRUCell`. Mind the order: the reset gate acts on the old state **before** the product with $U_h$.

<details><summary>Hint 1: what must stand before the first parameter?</summary>

`super().__init__()`. It prepares the module to notice parameters.
</details>

<details><summary>Hint 2: how is a parameter made?</summary>

For one gate: `self.W_z = torch.nn.Parameter(...)` around `torch.randn(H, D)`, divided by the root of `D`. $U_z$ is `(H, H)`, so its number of columns is `H`. For a
constant vector there is `torch.full((H,), ...)`, for zeros `torch.zeros(H)`.
</details>

<details><summary>Hint 3: which way round are the products in a batch?</summary>

`x` is `(B, D)` and `W_z` is `(H, D)`: so `x @ self.W_z.T`, which is `(B, H)`. For the candidate, multiply `r * h` by the transposed $U_h$. Then blend, and return three tensors.
</details>
"""

# %% grade_id="GRUCell_solution" solution=true
from autograder.reference.reading import GRUCell

# %% grade_id="GRUCell" grade=true points=5
checks.GRUCell(GRUCell)

# %% [markdown]
r"""
## 5 · Read, and keep everything

A sentence is read word by word. The new state at one word is the old state at the next. For the X-ray we keep what the cell returned at **every** word.

**On paper.** A toy cell returns $\tfrac12 h + x$ as its new state. From $h_0 = 4$ and the words $1, 0, 2$, the states are $3$, $1.5$ and $2.75$. The state before the first word is not among them.

**Your turn.** Write `run_with_gates`.

<details><summary>Hint 1: what do you need to carry from word to word?</summary>

Only the state, which begins as `h0`. The gates are kept, but the next word does not need them.
</details>

<details><summary>Hint 2: how do you collect three things at once?</summary>

With three lists, one for each result, to which you append at every word. At the end `torch.stack` makes each list a tensor of shape `(T, B, H)`.
</details>
"""

# %% grade_id="run_with_gates_solution" solution=true
from autograder.reference.reading import run_with_gates

# %% grade_id="run_with_gates" grade=true points=3
checks.run_with_gates(run_with_gates)

# %% [markdown]
r"""
## 6 · Train it

A `Reader` is your cell and a **readout** of the last state: five numbers (logits), one for each answer. It is trained on sentences about one person and about two, at distances from 0 to 16.
This is the whole training step; `reading.train` repeats it and adds a progress bar and a learning rate that falls towards the end:

```python
loss = torch.nn.functional.cross_entropy(reader(x), answers)
optimiser.zero_grad()
loss.backward()
torch.nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
optimiser.step()
```

The loss looks at the last answer only. Nothing tells the network where to look, what to write, or when to forget.
"""

# %%
widgets.predict("reading_new_words")

# %%
torch.manual_seed(0)
mine = reading.Reader(GRUCell(len(sentences.FEATURES), 16), 16)
losses = reading.train(mine, reading.lessons(encode, np.random.default_rng(0)), steps=800)
for held_out in (False, True):
    for distance in (8, 16, 32):
        rng, words = np.random.default_rng(9), "held-out" if held_out else "known"
        test = reading.batch(encode, rng, 1000, distance=distance, held_out=held_out)
        share = reading.accuracy(mine, *test)
        print(f"two persons, {words} words, distance {distance:2}: {share:.1%} correct")

# %%
widgets.reveal("reading_new_words", lambda: drawings.learning_to_read(losses, answers=5))

# %% [markdown]
r"""
## 7 · How far can it remember?

Now the same lessons for three cells, with three starts each and sixteen neurons in every state. We use torch's own layers here, because they are faster. (Its GRU resets after the product: unit 08.) Each starts as the earlier units advise:

- the RNN with an orthogonal $U$;
- the LSTM with a forget bias of 3;
- the GRU with its update gate shut. In torch $z$ weighs the **old** state, so its bias is $+3$.

Each cell is trained twice: once with practice at distances up to **8** words, once up to **24**. Then we test at distances up to 48, with a distractor for every four words, and with held-out words throughout.
If you press stop (the square button), the trainings that are complete are kept and shown.
"""

# %%
widgets.predict("reading_far")

# %%
DISTANCES = (0, 4, 8, 16, 24, 32, 48)
practice = {}
for far in (8, 24):
    rng = np.random.default_rng(1)
    practice[f"practised up to {far} words"] = reading.lessons(encode, rng, far, each=100)
compared = reading.compare(reading.started, practice, reading.asked(encode, DISTANCES))

# %%
by_distance = drawings.accuracy_by_distance(compared, DISTANCES, chance=0.2)
widgets.reveal("reading_far", lambda: by_distance)

# %% [markdown]
r"""
The picture shows two different things. On the left is what a cell **never needed**, and so never learnt. With practice up to 8 words, every cell gets worse beyond them: the plain RNN at once, the gated cells later.

On the right is what a cell **can** be taught. Practice up to 24 words carries the gated cells to 48, twice as far as they ever practised. The RNN gets almost no gradient from so far back (unit 03). Long sentences teach it little, and they leave it less practice with short ones.

Three starts are few, and 400 steps are short; with more patience the RNN gets further. Unit 10 is about comparing cells fairly. The means and spreads of these runs are in the next cell, which you can open.
"""

# %% folded=true
for what, found in compared.items():
    print(f"{what}; tested at distance {', '.join(map(str, DISTANCES))}:")
    for kind, shares in found.items():
        mean, spread = np.mean(shares, axis=0), np.std(shares, axis=0)
        row = "  ".join(f"{m:.2f} ± {s:.2f}" for m, s in zip(mean, spread, strict=True))
        print(f"  {kind:4} {row}")

# %% [markdown]
r"""
## 8 · Three questions to a network

Before the X-ray, three instruments. Each works on any model, and soon you will point them at your reader.

### What would it say if the sentence stopped here?

Cut the sentence off after each word, ask the model, and turn its logits into probabilities. The model must see a **shorter** sentence. Zeros instead of the later words are not the same: the network would go on
reading, and its state would go on changing.

**On paper.** The logits of two answers are $(\ln 3, 0)$. Their exponentials are 3 and 1, so the probabilities are $\tfrac34$ and $\tfrac14$.

**Your turn.** Write `prediction_after_each_word`.

<details><summary>Hint 1: what is the sentence after word 0, and after word t?</summary>

`x[:1]`, and the first `t + 1` words. A slice `x[:t]` would begin with an empty sentence.
</details>

<details><summary>Hint 2: over which axis do the probabilities add up to 1?</summary>

Over the answers, the last axis: give `dim=-1` to `torch.softmax`. Stack the logits of all T sentences first, or take the softmax of each.
</details>
"""

# %% grade_id="prediction_after_each_word_solution" solution=true
from autograder.reference.reading import prediction_after_each_word

# %% grade_id="prediction_after_each_word" grade=true points=3
checks.prediction_after_each_word(prediction_after_each_word)

# %% [markdown]
r"""
### Which words does the answer depend on?

Take the logit of an answer and go back to the words. The gradient $\partial\, \text{logit} / \partial x_t$ is a vector with one number for each column of the word. Its norm,
$\lVert \partial\, \text{logit} / \partial x_t \rVert$, says how fast the logit changes if you change the word a little in the most effective direction.

**On paper.** Take the model $\text{logit} = 3 x_{1,1} + 4 x_{1,2} - 2 x_{2,1}$ of two words with two columns each. The gradients are $(3, 4)$ and $(-2, 0)$, so the influences are 5 and 2.

**Your turn.** Write `word_influence`. Leave the caller's `x` as it is: torch must not collect gradients in it.

<details><summary>Hint 1: how do you get a gradient for the words without touching the caller's tensor?</summary>

Work on a copy: `x.detach().clone()`, then `.requires_grad_()`.
</details>

<details><summary>Hint 2: can one gradient serve a whole batch?</summary>

Yes. No sentence looks at another, so the **sum** of all sentences' logits has, at each sentence's words, just that sentence's gradient. `torch.autograd.grad(total, x)` returns a tuple with one entry.
</details>

<details><summary>Hint 3: how do you pick one answer for each sentence?</summary>

Index with two arrays: `logits[torch.arange(B), answer]`. Then take the norm over the columns, the last axis.
</details>
"""

# %% grade_id="word_influence_solution" solution=true
from autograder.reference.reading import word_influence

# %% grade_id="word_influence" grade=true points=4
checks.word_influence(word_influence)

# %% [markdown]
r"""
### What is still there at the end?

Every update gate copies the share $1 - z$ of a neuron's old state. What the copy alone carries from word $t$ to the end is the product of these shares over all **later** words,
neuron by neuron. It is unit 04's product of forget gates, in the GRU's letters.

**On paper.** A neuron with $z = 0.9,\ 0.5,\ 0.2$ at three words keeps $0.5 \cdot 0.8 = 0.4$ of the state after the first word. Of the state after the second word it keeps $0.8$, and after the last word all of it: $1$. The first word's own $0.9$ does not
count: it says how the state got there.

**Your turn.** Write `kept_to_the_end`.

<details><summary>Hint 1: at which word do you know the answer without computing?</summary>

At the last one: nothing comes after it, so its share is 1. Begin there and go backwards.
</details>

<details><summary>Hint 2: how does the share at word t follow from the share at word t + 1?</summary>

Multiply by what word t + 1 copies, which is 1 minus its z. In a loop from the end: first note the share, then multiply.
</details>

<details><summary>Hint 3: the list is in the wrong order. What now?</summary>

Stack the list; then `.flip(0)` turns the tensor round in time.
</details>
"""

# %% grade_id="kept_to_the_end_solution" solution=true
from autograder.reference.reading import kept_to_the_end

# %% grade_id="kept_to_the_end" grade=true points=2
checks.kept_to_the_end(kept_to_the_end)

# %% [markdown]
r"""
## 9 · The X-ray

Your reader may have learnt the same rule in another way than your neighbour's. So that we all look at the same picture, a trained reader comes with the course: **your** cell, with its weights loaded. (It is an ordinary reader, trained somewhat longer. Of six of
them, its gates are the easiest to read.)

How to read the picture, from the top:

- **Influence.** How fast the logit of the answer changes with each word.
- **Update gate.** A column for each word, a row for each neuron. White: the neuron copies its state. Dark: it is written anew. The average over the neurons stands above each column.
- **Reset gate.** Pale: the candidate is made as if there were no past. Dark: it sees the old state.
- **State.** Rows that keep their colour are memory. Follow one across the sentence, and see at which word it changes.
- **Prediction**, if the sentence stopped here. (In training it never did: every sentence ended in *so dinner is*. So what the reader says in the middle was never right or wrong.)

The thin stripe left of the rows tells which answer each neuron speaks for most strongly, for or against, in the colours of the prediction's legend.

The pictures are drawn with your own functions. If one of them disagrees with the shipped reader, a sentence above the picture says which to look at. The picture is then the course's, so what you
read off it is right in any case. The next cell connects your functions with the picture; you can open it.
"""

# %% setup=true folded=true
def look(sentence, reader=None):
    """What the X-ray shows of a sentence, by your own functions."""
    if reader is None:
        reader = reading.shipped(GRUCell(len(sentences.FEATURES), reading.UNITS))
    x = encode(sentence, vectors)[:, None]
    with torch.no_grad():
        h, z, r = run_with_gates(reader.cell, x, torch.zeros(1, reader.units))
        probabilities = prediction_after_each_word(reader, x)
    answer = torch.as_tensor(probabilities)[-1].argmax(dim=-1)
    influence = word_influence(reader, x, answer)
    seen = {"z": z, "r": r, "h": h, "probabilities": probabilities}
    seen["influence"] = influence
    seen = {name: torch.as_tensor(part)[:, 0].detach() for name, part in seen.items()}
    return seen | {"answers": sentences.ANSWERS}


def show_xray(sentence, reader=None):
    """The X-ray of a sentence, of the shipped reader or of another one."""
    shipped = reader is None and sentence in (reading.TOLD, reading.UNTOLD)
    seen = reading.confirmed(sentence, look) if shipped else look(sentence, reader)
    return drawings.xray(sentence.split(), **seen, speaks_for=reading.speaks_for(reader))


# %% [markdown]
r"""
The sentence has a guest, another guest, and a distractor. *Joss* and *barkroll* are held out: the reader has never met them.
"""

# %%
widgets.predict("reading_gate")

# %%
show_xray(reading.TOLD)

# %%
widgets.reveal("reading_gate")

# %% [markdown]
r"""
Look at *Joss*. The reset gate is low there, so the candidate is made with little of the past. But nothing has been let go yet: the update gate is at 0.39, and the prediction is still *coast*, with 0.96. The old
taste leaves when the update gate lets the new candidate in, over the next two words. It is the teamwork of section 1, spread over three words.

The word *then* has the largest influence of all, though it names neither guest nor dish. It announces another guest: in training it stood before every second guest, and nowhere else. Did the reader learn our rule, or did it learn to wait for *then*? We
measured it on 1,015 held-out sentences that tell only the first guest's taste. As they are, it answers 98.8% correctly. With *later* in place of *then*, it answers 80%. So it knows the rule, and it also leans on a shortcut that was always there.

Here is the same sentence, but it does not say what Joss likes: *sits down* instead of *loves barkroll*.
"""

# %%
show_xray(reading.UNTOLD)

# %% [markdown]
r"""
The first guest has to go in both sentences; in this one, nothing new is written in his place. Compare the update gates after *down* with those in the first picture. At *someone* the average is 0.75, and at *dunelet* it is 0.45. So "the gate stays shut for distractors" is not the whole truth: this
reader shuts it when it has **a taste to protect**. Without one it lets a lot in, and its answer is correct all the same.

What is left of each word at the end, through the copy alone? Here is your `kept_to_the_end` for the **first** sentence, averaged over the neurons:
"""

# %%
def kept_of(sentence):
    gates = reading.recorded(sentence)["z"]  # those in the first picture
    return {"kept": torch.as_tensor(kept_to_the_end(gates[:, None]))[:, 0]}


kept = reading.confirmed(reading.TOLD, kept_of, ("kept",))["kept"].mean(dim=-1)
drawings.kept_shares(reading.TOLD.split(), kept)

# %% [markdown]
r"""
### What do the gates say?

**Your turn, this time with your eyes.** Read the answers off the three pictures: words as they stand below the picture, numbers as they stand above the columns and the bars. You only need to fill a dict. The check
sees answers that cannot stand in the pictures; whether yours are the right ones is checked at grading.

You may also compute the answers. `reading.recorded(reading.TOLD)` and `reading.recorded(reading.UNTOLD)` are dicts with the numbers in the pictures, and `look(reading.TOLD)` gives the same by your own functions.

<details><summary>Hint 1: which picture, which row?</summary>

"widest open" and "gate at the decoy" are about the update gate, the second row of the first picture. "past let go" is about the reset gate, the third row: find the lowest number after *stops*. The decoy is the distractor.
</details>

<details><summary>Hint 2: how do you see where the prediction flips?</summary>

In the lowest row a name is written wherever the likeliest answer changes. Go straight down to the word below it. The two pictures have different answers.
</details>

<details><summary>Hint 3: what does the dict look like?</summary>

`{"widest open": ["...", "..."], "past let go": "...", "first kept": 0.00, ...}`, with all eight keys. Shares and gates lie between 0 and 1, with two decimals.
</details>
"""

# %% grade_id="what_the_gates_say_solution" solution=true
from autograder.reference.reading_pictures import what_the_gates_say

# %% grade_id="what_the_gates_say" grade=true points=6
checks.what_the_gates_say(what_the_gates_say)

# %% [markdown]
r"""
## 10 · Your own sentence

Pick a sentence or type one, and step through it: drag the slider, or select it and use the arrow keys. After every step the picture shows what the reader would say **if the sentence stopped here**, and which of the words so far this depends on. If you type a
word that the reader cannot know, a message says so, and the picture stays that of the sentence before.

Things to try:

- Put *later* in place of *then*, in the second sentence of the list. Joss is still named last. Does the reader still forget?
- Let somebody like two dishes: `Zita likes ryeloaf then Zita loves tidesoup so dinner is`. Is the second one taken?
- Break the grammar: `likes likes kelpling ryeloaf so dinner is`. Where does the reader's rule differ from ours?

The next cell prints all words of the language; the one after it makes the picture.
"""

# %% folded=true
print("names: ", *sentences.NAMES, *sentences.HELD_OUT_NAMES)
for kitchen, dishes in sentences.RECIPES.items():
    print(f"{kitchen}: ", *dishes)
print("other words: ", *sentences.OTHER_WORDS)

# %% folded=true
examples = [reading.TOLD, reading.UNTOLD]
for seed, arguments in enumerate(
    ({"persons": 1}, {"persons": 2}, {"persons": 2, "held_out": True}, {"untold": 1.0})
):
    examples += sentences.sentences(np.random.default_rng(seed), 1, **arguments)[0]


def draw(words, **seen):
    return drawings.xray(words, **seen, speaks_for=reading.speaks_for())


_ = widgets.read_along(look, draw, drawings.xray_in_words, examples, sentences.VOCABULARY)

# %% [markdown]
r"""
### What the picture does not show

- **An average hides neurons.** Half of them wide open and half of them shut look like all of them half open. That is why the rows are there.
- **A gate is not a cause.** An open update gate that writes what was there already changes nothing. Look at the state, too.
- **The copy is not the only memory.** A neuron can be written anew at every word and still hold the same value, because the candidate sees the old state.
- **Influence is local.** It asks about small changes of a word, not about replacing it with another.
- **One reader is one reader.** Train with another seed and look again: the rule will be the same, the neurons will not.

## What to remember

- Reading needs three things: write, keep, forget. The GRU forgets with both gates: reset hides the past from the candidate, update lets that candidate in.
- A module is a set of named parameters and a forward pass; torch computes the gradients.
- Held-out names and dishes separate understanding from memorising. The task can be solved because their **parts** are known.
- Gated cells carry a taste over dozens of words if they practised at such distances. In our runs, the plain RNN did not.
- In the X-ray, the update gate opens where there is something to write, and it shuts while there is something to protect. Check every such sentence against the numbers.

**Next:** unit 10 asks whether to take an LSTM or a GRU, and lets you decide by measuring.

## Going further

- A. Karpathy, J. Johnson and L. Fei-Fei (2015), *Visualizing and understanding recurrent networks* (arXiv 1506.02078). Cells that count, and cells that open at a quotation mark.
- J. Li, X. Chen, E. Hovy and D. Jurafsky (2016), *Visualizing and understanding neural models in NLP*, NAACL (arXiv 1506.01066). Influence by gradients, word by word.
- Try it: `show_xray(reading.TOLD, mine)` puts **your** reader under the X-ray. Where do its gates open?
- Try it: start with `b_z` at 0 instead of $-3$, train as in section 6, and compare both the accuracy at distance 32 and the update gates.
- Try it: how many neurons are enough? Train with 8, with 4, with 3.
"""
