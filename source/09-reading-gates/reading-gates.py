# %% [markdown]
r"""
# Unit 09 · What gates do with a sentence

A network that answers rightly is a pleasant thing. A network of which one can **see** why it answers is a better one. In this unit your own GRU learns to
read, and then you put it under an X-ray: at every word you look at what its gates let in, what they keep out, and where they throw the past away.

**After this unit you can**

- turn your equations into a `torch.nn.Module` and train it;
- test whether a network has understood a rule or learnt examples by heart;
- measure how far back an RNN, an LSTM and a GRU can remember;
- read gates, states, influences and predictions off a picture, word by word, and say what they do **not** show.

**Time:** about 100 minutes. **You need:** unit 07 (the GRU in the letters $z$ and $r$), and torch. From here on torch finds the gradients; you have
worked them out by hand often enough.

**How to work:** read, run the cells from top to bottom (Shift+Enter), and wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` by your code. The cell below it checks what you wrote. Hidden checks with fresh numbers run when your notebook
is graded; each check earns its own points.
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
## 1 · Guests for dinner

Here is a language with seventy-four words. Its sentences are about guests, and all of them end in *so dinner is*. The next word is asked for: one of four
kitchens (*coast, forest, desert, mountain*), or *surprise*. The rule:

> **Dinner is for the person named last.** If the sentence tells what this person likes, or loves, the answer is the kitchen of that dish. If it does not tell, dinner is a surprise.

On the way things happen. It rains, trams stop, and **someone sells** dishes that nobody asked for: those count for nothing.
"""

# %%
for persons in (1, 2):
    made, answers = sentences.sentences(np.random.default_rng(3), 3, persons=persons)
    for sentence, answer in zip(made, answers, strict=True):
        print(f"{sentence} ▸ {answer}\n")

# %%
guess_rule = widgets.predict(
    "“Ilse likes kelpling (coast) it rains then Pia is late someone sells dunelet (desert) so dinner is …”",
    ["coast", "desert", "surprise"],
)

# %%
widgets.reveal(
    guess_rule,
    sentences.answer_of(
        "Ilse likes kelpling it rains then Pia is late someone sells dunelet so dinner is"
    ),
    "Pia is named last, so what Ilse likes no longer counts. Nothing is told of Pia's taste; that a dunelet is sold somewhere says nothing about it.",
)

# %% [markdown]
r"""
What does it take to solve this? At the first taste, **write it down**. Through rain and trams, **keep it**. At a dish that is merely sold, **do not touch it**. And when
another person is named, **forget**: the first taste must go, even if nothing comes in its place. Keeping is easy for a network that never forgets, and forgetting is easy for one that never
keeps. Both at the right words is what gates are for.

Two numbers say how hard a sentence is: the **distance**, the number of words between the part about the last person and *so dinner is*; and how many **distractors**, dishes that count for nothing, stand
among these words. By default, the distance is 8 with one distractor.

### Words as vectors

A network takes numbers, so every word is a vector of zeros and ones. Every name has a code of its own besides the mark "a name". **A dish has its ingredients**: three that are typical of its kitchen, and one borrowed from
another kitchen, so that no single ingredient gives it away. All other words have a column each.
"""

# %%
some = ["Ilse", "Edda", "kelpling", "saltbun", "mossbread", "likes", "sells", "then", "rains"]
plots.show(
    drawings.word_table({word: vectors[word] for word in some}, sentences.FEATURES),
    "Nine words as rows of squares. The names Ilse and Edda share the column “name” and differ in their codes. The dishes kelpling, saltbun and "
    "mossbread share the column “dish” and have four ingredients each. likes, sells, then and rains have one column each.",
)

# %% [markdown]
r"""
### Learnt by heart, or understood?

Twelve names and twenty dishes occur in training. **Four names and eight dishes are held out**: no sentence of the training has any of them, and the test has no others. So nothing that was learnt
about *kelpling* itself helps with *saltbun*.

Why can it be done at all? Because a held-out word is new as a whole, not in its parts. *saltbun* is made of seaweed, mussels, salt and berries, each of which occurs in dishes of the training; *Edda* has the mark of a name. A
network that learns "seaweed and salt speak for the coast" and "any name starts afresh" is ready for both. A network that learns words by heart is not. What is **not** held out: the ingredients, the
small words, and the way sentences are built. This is a test of new words, not of new grammar.

## 2 · Encode a sentence

**On paper.** With `vectors = {"a": [1, 0], "b": [0.5, 2]}` the sentence `"b a b"` is a tensor with the rows `[0.5, 2]`, `[1, 0]`, `[0.5, 2]`.

And a word that nobody knows? Leaving it out in silence, or making it zeros, would answer a question that was not asked. **Say which word it is.**
"""

# %% grade_id="encode_solution" solution=true
from autograder.reference.reading import encode

# %% grade_id="encode" grade=true points=2
with checks.exercise("encode"):
    small = {"a": np.array([1.0, 0.0]), "b": np.array([0.5, 2.0])}
    seen = encode("b a b", small)
    checks.expect_close(seen, [[0.5, 2.0], [1.0, 0.0], [0.5, 2.0]], "“b a b”")
    checks.expect(
        isinstance(seen, torch.Tensor),
        f"it should return a torch tensor, but yours is of type {type(seen).__name__}.",
    )
    checks.expect(
        seen.dtype == torch.float32,
        f"torch's layers want torch.float32, but your tensor is {seen.dtype}.",
    )
    checks.expect_shape(encode("a", small), (1, 2), "a sentence of one word")
    checks.expect_close(encode(" a  b", small), [[1.0, 0.0], [0.5, 2.0]], "“a b” with more spaces")
    for unknown in ("pizza", "Milo2", "A", "b,"):
        try:
            encode(f"a {unknown} b", small)
            said = None
        except NotImplementedError:
            raise
        except Exception as error:
            checks.expect(
                isinstance(error, ValueError),
                f"an unknown word should be a ValueError, but yours ends in: {type(error).__name__}.",
            )
            said = str(error)
        checks.expect(said is not None, f"“{unknown}” is unknown, but nothing was raised.")
        checks.expect(unknown in said, f"the message should name the word “{unknown}”: {said!r}.")

# %% [markdown]
r"""
## 3 · Your cell, as a module

The equations are those of unit 07, with $z$ as the weight of the **new**:

$$\begin{aligned}
z &= \sigma(W_z x_t + U_z h_{t-1} + b_z) \\
r &= \sigma(W_r x_t + U_r h_{t-1} + b_r) \\
\tilde h &= \tanh(W_h x_t + U_h (r \odot h_{t-1}) + b_h) \\
h_t &= (1 - z) \odot h_{t-1} + z \odot \tilde h
\end{aligned}$$

New is the form. A `torch.nn.Module` **owns** its parameters: what is assigned to `self` as a `torch.nn.Parameter` is found by every optimiser, and torch works out its gradient from whatever `forward` computes. So
`__init__` makes the nine parameters, under exactly the names of the equations, and `forward` is one step. It returns both gates besides the state, because we want to look at them later.

One thing you know from unit 07: a cell that starts with its update gates shut copies its state, and the gradient finds its way back. So **$b_z$ starts at $-3$**; the other biases start at 0, and the matrices as random numbers
divided by the root of the number of their columns.

**On paper.** One unit, $b_z = \ln 3$, $b_r = -\ln 3$, no other weights in the gates: $z = \tfrac34$, $r = \tfrac14$. With $U_h = 2$, $W_h = 0.5$, $b_h = 0$, state 1 and input 1, the
candidate is $\tanh(2 \cdot \tfrac14 + 0.5) \approx 0.7616$, and the new state $\tfrac34 \cdot 0.7616 + \tfrac14 \cdot 1 \approx 0.8212$.
"""

# %% grade_id="GRUCell_solution" solution=true
from autograder.reference.reading import GRUCell

# %% grade_id="GRUCell" grade=true points=5
with checks.exercise("GRUCell"):
    cell = GRUCell(4, 3)
    names = {name: tuple(value.shape) for name, value in cell.named_parameters()}
    wanted = {
        f"{kind}_{gate}": shape
        for gate in "zrh"
        for kind, shape in zip("WUb", [(3, 4), (3, 3), (3,)], strict=True)
    }
    checks.expect(
        names == wanted,
        f"a cell with D = 4 and H = 3 has the parameters {wanted}; torch finds these in yours: {names}.",
    )
    checks.expect_close(cell.b_z, [-3.0, -3.0, -3.0], "b_z at the start")
    checks.expect_close(cell.b_h, [0.0, 0.0, 0.0], "b_h at the start")
    checks.expect_close(cell.b_r, [0.0, 0.0, 0.0], "b_r at the start")
    start = dict(cell.named_parameters())
    constant = [name for name, value in start.items() if name[0] != "b" and not value.std() > 0]
    checks.expect(
        not constant,
        f"the matrices should start as random numbers, but constant are {', '.join(constant)}.",
    )
    for one, other in ("zr", "zh", "rh"):
        for kind in "WU":
            checks.expect(
                not torch.equal(start[f"{kind}_{one}"], start[f"{kind}_{other}"]),
                f"each gate needs random numbers of its own, but {kind}_{one} and {kind}_{other} start with the same.",
            )

    paper = GRUCell(1, 1)
    numbers = {"b_z": np.log(3), "b_r": -np.log(3), "W_h": 0.5, "U_h": 2.0}
    for name, parameter in paper.named_parameters():
        parameter.data.fill_(numbers.get(name, 0.0))
    result = paper(torch.ones(1, 1), torch.ones(1, 1))
    checks.expect_parts(result, 3, "the new state, z and r")
    for seen, value, what in zip(
        result, (0.821196, 0.75, 0.25), ("new state", "z", "r"), strict=True
    ):
        checks.expect_close(seen, [[value]], f"{what}, worked on paper", 1e-5)

    # two units: r shuts the first one's past out and lets the second one's in
    paper = GRUCell(1, 2)
    numbers = {"b_r": [-60.0, 60.0], "U_z": [[1.0, 2.0], [3.0, -1.0]], "b_h": [0.25, 0.5]}
    numbers["U_h"] = [[0.5, 0.25], [2.0, -1.0]]
    for name, parameter in paper.named_parameters():
        parameter.data.zero_()
        parameter.data += torch.tensor(numbers.get(name, 0.0))
    new, z, _ = paper(torch.zeros(1, 1), torch.ones(1, 2))
    checks.expect_close(
        z, [[0.952574, 0.880797]], "z of two units, sigma(3) and sigma(2), whatever r is", 1e-5
    )
    checks.expect_close(
        (new - (1 - z)) / z,
        [[0.462117, -0.462117]],
        "the candidate of two units, tanh(U_h (r * h) + b_h): r takes from the state only, before the product",
        1e-5,
    )

    torch.manual_seed(0)
    x, h = torch.randn(2, 4), torch.tanh(torch.randn(2, 3))
    with checks.unchanged(x=x, h=h):
        new, z, r = cell(x, h)
    checks.expect_shape(new, (2, 3), "the new state of 2 examples and 3 units")
    cell.b_z.data.fill_(-60.0)
    checks.expect_close(cell(x, h)[0], h, "the new state with z = 0: a copy", 1e-6)
    cell.b_z.data.fill_(60.0)
    cell.b_r.data.fill_(60.0)
    checks.expect_close(
        cell(x, h)[0],
        torch.tanh(cell.b_h + h @ cell.U_h.T + x @ cell.W_h.T),
        "the new state with z = 1 and r = 1: that of a plain RNN",
        1e-6,
    )
    cell = GRUCell(4, 3)
    h.requires_grad_()
    cell(x, h)[0].sum().backward()
    without = [name for name, value in cell.named_parameters() if value.grad is None]
    checks.expect(not without, f"no gradient reaches {', '.join(without)}.")
    checks.expect(h.grad is not None, "no gradient flows back to the old state.")

# %% [markdown]
r"""
## 4 · Read, and keep everything

A sentence is read word by word, the new state becoming the next word's old state. For the X-ray we keep what the cell gave at **every** word.
"""

# %% grade_id="run_with_gates_solution" solution=true
from autograder.reference.reading import run_with_gates

# %% grade_id="run_with_gates" grade=true points=3
with checks.exercise("run_with_gates"):

    def halves(x_t, h):
        """A cell to count with: it adds the word to half of the state."""
        return 0.5 * h + x_t, 0 * h + 0.5, h

    x = torch.tensor([[[1.0]], [[0.0]], [[2.0]]])
    found = run_with_gates(halves, x, torch.tensor([[4.0]]))
    checks.expect_parts(found, 3, "h, z and r of every word")
    h, z, r = found
    checks.expect_close(
        h, [[[3.0]], [[1.5]], [[2.75]]], "the states from 4 on: 2 + 1, 1.5 + 0, 0.75 + 2"
    )
    checks.expect_close(z, [[[0.5]], [[0.5]], [[0.5]]], "the second results")
    checks.expect_close(r, [[[4.0]], [[3.0]], [[1.5]]], "the third results: here, the old states")
    torch.manual_seed(1)
    x, h0 = torch.randn(5, 2, 4), torch.randn(2, 3)
    with checks.unchanged(x=x, h0=h0):
        many = run_with_gates(lambda x_t, h: (torch.tanh(h + x_t[:, :3]), h, x_t[:, 1:]), x, h0)
    for part, what in zip(many, "hzr", strict=True):
        checks.expect_shape(part, (5, 2, 3), f"{what} of 5 words, 2 examples and 3 units")

# %% [markdown]
r"""
## 5 · Train it

A `Reader` is your cell and a readout of the last state: five numbers, one for each answer. It is trained on sentences about one person and about two, at distances from 0 to 16, with the loss of its last answer
only. Nobody tells it where to look, what to write down, or when to forget.
"""

# %%
guess_new = widgets.predict(
    "800 steps of 32 sentences each. How often will it be right about two guests and dishes of which it has **never** seen a name?",
    ["as good as guessing: 20%", "about half of the time", "nearly always"],
)

# %%
torch.manual_seed(0)
mine = reading.Reader(GRUCell(len(sentences.FEATURES), 16), 16)
losses = reading.train(mine, reading.lessons(encode, np.random.default_rng(0)), steps=800)
plots.show(
    plots.training_curve(losses, baseline=np.log(5), title="Your cell learns to read"),
    "The loss stays near 1.6, the level of guessing, for about a hundred steps, swings wildly, and falls to nearly zero by step 250.",
)
for what, held_out in (("known words", False), ("held-out words", True)):
    for distance in (8, 16, 32):
        share = reading.accuracy(
            mine,
            *reading.batch(
                encode, np.random.default_rng(9), 1000, distance=distance, held_out=held_out
            ),
        )
        print(f"two persons, {what}, distance {distance:2}: {share:.1%} right")

# %%
widgets.reveal(
    guess_new,
    "nearly always",
    "The first hundred steps or so look hopeless, and then it falls into place. Of readers with twelve different starts, even the worst got at least 99.5% of the held-out sentences right at the default distance.",
)

# %% [markdown]
r"""
## 6 · How far can it remember?

Now the same lessons for three cells, three starts each, and sixteen units for everyone. (torch's own layers are used here, because they are faster. Its GRU resets after the product, as you know.) Each starts as the units before advise: the RNN with an orthogonal $U$, the LSTM with a forget
bias of 3, the GRU with its update gate shut (torch's $z$ weighs the **old** state, so its bias is $+3$). Twice: once practising at distances up to **8** words, once up to **24**. Then we ask at distances up to 48, with a distractor for every four words, and held-out words throughout.
(Whoever stops it with the square button sees what is complete by then.)
"""

# %%
guess_far = widgets.predict(
    "They practise at distances up to 24 words, with 400 training steps. Who gets it right at 24?",
    [
        "all three",
        "GRU and LSTM nearly always, RNN hardly",
        "GRU nearly always, LSTM and RNN hardly",
    ],
)

# %%
DISTANCES = (0, 4, 8, 16, 24, 32, 48)
asked = [
    reading.batch(
        encode,
        np.random.default_rng(7),
        400,
        distance=distance,
        distractors=distance // 4,
        held_out=True,
    )
    for distance in DISTANCES
]


def started(kind, seed, units=16):
    """A reader with one of torch's layers, started so that it can remember."""
    torch.manual_seed(seed)
    layer = getattr(torch.nn, kind)(len(sentences.FEATURES), units)
    with torch.no_grad():
        if kind == "RNN":
            torch.nn.init.orthogonal_(layer.weight_hh_l0)
        else:  # the second block is the LSTM's forget gate and the GRU's update gate
            layer.bias_ih_l0[units : 2 * units] = 3.0
    return reading.Reader(layer, units)


practice = {
    f"practised up to {farthest} words": reading.lessons(
        encode, np.random.default_rng(1), farthest, each=100
    )
    for farthest in (8, 24)
}
compared = reading.compare(started, practice, asked)
if compared:
    plots.show(
        drawings.accuracy_by_distance(compared, DISTANCES, chance=0.2),
        "Panels of accuracy against distance from 0 to 48 words. Practised up to 8 words: all three fall with the "
        "distance, the RNN first and deepest, the GRU last and least. Practised up to 24 words: GRU near 1 and LSTM above 0.9 at "
        "all distances, RNN between 0.2 and 0.5 at all.",
    )
for what, found in compared.items():
    print(f"{what}; asked at distance {', '.join(map(str, DISTANCES))}:")
    for kind, accuracies in found.items():
        mean, spread = np.mean(accuracies, axis=0), np.std(accuracies, axis=0)
        print(
            f"  {kind:4}",
            "  ".join(f"{m:.2f} ± {s:.2f}" for m, s in zip(mean, spread, strict=True)),
        )

# %%
widgets.reveal(
    guess_far,
    "GRU and LSTM nearly always, RNN hardly",
    "And hardly better at distance 0, which it practised, too: the long sentences among its lessons drown the short ones.",
)

# %% [markdown]
r"""
Two things are in this picture. On the left, what a cell **never needed** it never learnt: who practises up to 8 words gets worse beyond, the plain RNN at once, the gated cells later. On the right, who can be taught at all at such distances: practice up to 24
words carries the gated cells to 48, twice as far as they ever practised: the GRU misses next to nothing, the LSTM about one sentence in fifteen. To the RNN the gradient from so far away does not come back (unit 02), so practice at a distance does not help it: it only has less practice nearby.

Three starts are few, and 400 steps are short; with more patience the RNN gets further. How to compare cells fairly is unit 10's business.

## 7 · Three questions to a network

Before the X-ray, three instruments. Each works on any model; you will point them at your reader in a moment.

**What would it say if the sentence stopped here?** Cut the sentence off after each word, ask the model, and turn its logits into probabilities.
"""

# %% grade_id="prediction_after_each_word_solution" solution=true
from autograder.reference.reading import prediction_after_each_word

# %% grade_id="prediction_after_each_word" grade=true points=3
with checks.exercise("prediction_after_each_word"):

    def counts(x):
        """A model that has two answers: its first logit is the sum of all words, and of ln 3 for each word after the first."""
        total = x.sum(dim=(0, 2)) + (len(x) - 1) * ln
        return torch.stack([total, 0 * total], dim=1)

    ln = float(np.log(3))
    x = torch.tensor([[[ln]], [[-2 * ln]], [[-2 * ln]]])
    checks.expect_close(
        prediction_after_each_word(counts, x),
        [[[0.75, 0.25]], [[0.5, 0.5]], [[0.25, 0.75]]],
        "the predictions of a model that counts words, too: its logits are ln 3, 0, -ln 3",
        1e-6,
    )
    x = torch.randn(4, 3, 2)
    with checks.unchanged(x=x):
        seen = prediction_after_each_word(counts, x)
    checks.expect_shape(seen, (4, 3, 2), "predictions for 4 words, 3 sentences and 2 answers")
    later = torch.cat([x[:2], torch.randn(2, 3, 2)])
    checks.expect_close(
        prediction_after_each_word(counts, later)[:2],
        seen[:2],
        "the predictions after the first two words, when later words are changed",
        1e-6,
    )

# %% [markdown]
r"""
**Which words does the answer hang on?** Take the logit of an answer and go back to the words: $\partial\, \text{logit} / \partial x_t$ is a vector with one number for each column of the word. Its length,
$\lVert \partial\, \text{logit} / \partial x_t \rVert$, says how much the logit moves if the word is nudged a little in the most effective direction.

**On paper.** For the model $\text{logit} = 3 x_{1,1} + 4 x_{1,2} - 2 x_{2,1}$ of two words with two columns each, the gradients are $(3, 4)$ and $(-2, 0)$: influences 5 and 2.

A hint: the sum of several sentences' logits has the gradient of each at its own words, since no sentence looks at another. So one call of `torch.autograd.grad` does for a batch.
"""

# %% grade_id="word_influence_solution" solution=true
from autograder.reference.reading import word_influence

# %% grade_id="word_influence" grade=true points=4
with checks.exercise("word_influence"):

    def weighs(x):
        """The model on paper as answer 0; answer 1 is twice the square of the first word's first column."""
        first = 3 * x[0, :, 0] + 4 * x[0, :, 1] - 2 * x[1, :, 0]
        return torch.stack([first, 2 * x[0, :, 0] ** 2], dim=1)

    x = torch.tensor([[[1.0, 0.0]], [[0.0, 1.0]]])
    with checks.unchanged(x=x):
        seen = word_influence(weighs, x, torch.tensor([0]))
    checks.expect_close(seen, [[5.0], [2.0]], "the influences on paper", 1e-5)
    checks.expect_close(
        word_influence(weighs, x, torch.tensor([1])), [[4.0], [0.0]], "those on answer 1", 1e-5
    )
    several = torch.cat([x, 2 * x, 3 * x], dim=1)
    with checks.unchanged(x=several):
        seen = word_influence(weighs, several, torch.tensor([1, 0, 1]))
    checks.expect_close(
        seen,
        [[4.0, 5.0, 12.0], [0.0, 2.0, 0.0]],
        "the influences in three sentences, on the answers 1, 0 and 1",
        1e-5,
    )

# %% [markdown]
r"""
**What is still there at the end?** Every update gate copies the share $1 - z$ of a unit's old state. What the copy alone carries from word $t$ to the end is the product of these shares over all **later** words,
unit by unit; that is unit 04's product of forget gates, in the GRU's letters.

**On paper.** A unit with $z = 0.9,\ 0.5,\ 0.2$ at three words keeps, of the state after the first word, $0.5 \cdot 0.8 = 0.4$; after the second, $0.8$; after the last, all of it: $1$. (Its own $0.9$ does not matter: that was how the state
got there.)
"""

# %% grade_id="kept_to_the_end_solution" solution=true
from autograder.reference.reading import kept_to_the_end

# %% grade_id="kept_to_the_end" grade=true points=2
with checks.exercise("kept_to_the_end"):
    z = torch.tensor([[[0.9]], [[0.5]], [[0.2]]])
    with checks.unchanged(z=z):
        seen = kept_to_the_end(z)
    checks.expect_close(seen, [[[0.4]], [[0.8]], [[1.0]]], "the shares worked on paper", 1e-6)
    checks.expect_close(
        kept_to_the_end(torch.tensor([[[0.0, 0.3]], [[1.0, 0.0]]])),
        [[[0.0, 1.0]], [[1.0, 1.0]]],
        "two units: one that is written anew by its last word, one that is copied whole",
        1e-6,
    )
    checks.expect_shape(kept_to_the_end(torch.rand(4, 2, 3)), (4, 2, 3), "the shares for 4 words")

# %% [markdown]
r"""
## 8 · The X-ray

Your own reader may have learnt the same rule in another way than your neighbour's. So that all of us look at the same picture, a trained reader comes with the course: **your** cell, with its weights loaded. (It is an ordinary reader, trained somewhat longer; of six of
them, it is the one whose gates are easiest to read. Its units are sorted by the kitchen for which they speak.)

The pictures are drawn by your own functions. Should one of them not agree with the reader that was shipped, a sentence above the picture says which to look at, and the picture is the course's: what you
read off it is right in any case.

The sentence has a guest, another guest, and a dish that counts for nothing. *Joss* and *barkroll* are held out: the reader has never met them.
"""

# %% setup=true
def look(sentence, reader=None):
    """Everything that the X-ray shows of a sentence, by your own functions; of the shipped reader, if no other is given."""
    if reader is None:
        reader = reading.shipped(GRUCell(len(sentences.FEATURES), reading.UNITS))
    x = encode(sentence, vectors)[:, None]
    with torch.no_grad():
        h, z, r = run_with_gates(reader.cell, x, torch.zeros(1, reader.units))
        probabilities = prediction_after_each_word(reader, x)
    influence = word_influence(reader, x, torch.as_tensor(probabilities)[-1].argmax(dim=-1))
    seen = {"z": z, "r": r, "h": h, "probabilities": probabilities, "influence": influence}
    return {name: torch.as_tensor(part)[:, 0].detach() for name, part in seen.items()} | {
        "answers": sentences.ANSWERS
    }


# %%
def in_words(words, z, r, probabilities, influence, answers, **_):
    """What the X-ray shows, for those who cannot see it."""
    said = [answers[int(p.argmax())] for p in probabilities]
    steps = [
        f"{word}: z {z[t].mean():.2f}, r {r[t].mean():.2f}, influence {influence[t]:.1f}, {said[t]}"
        for t, word in enumerate(words[: len(z)])
    ]
    return (
        f"X-ray of {len(z)} of {len(words)} words: bars of influence, heat maps of update gate, reset gate and state, "
        f"and the prediction after every word. Averages: {'; '.join(steps)}."
    )


def show_xray(sentence):
    words, seen = sentence.split(), reading.confirmed(sentence, look)
    plots.show(drawings.xray(words, **seen), in_words(words, **seen))


# %%
guess_gate = widgets.predict(
    "“Milo likes brinecake … then Joss loves barkroll someone sells dunelet …”: where will the update gate open?",
    ["at every dish", "where a taste is told", "at the names"],
)

# %%
show_xray(reading.TOLD)

# %%
widgets.reveal(
    guess_gate,
    "where a taste is told",
    "At a dish that is merely sold most units stay shut. That a taste is told shows in the word before: the gate's U h reads it from the state.",
)

# %% [markdown]
r"""
How to read it, from above:

- **Influence.** How much each word moves the logit of the answer. Mind that this is about small changes: it tells what the answer is *sensitive* to.
- **Update gate.** A column for each word, a row for each unit. White: the unit copies its state. Dark: it is written anew. The average over the units stands above each column.
- **Reset gate.** Pale: the candidate is made as if there were no past. Dark: it sees the old state.
- **State.** Rows that keep their colour are memory. Follow one across the sentence, and see at which word it changes.
- **Prediction**, if the sentence stopped here. (It never did in training: every sentence ended in *so dinner is*. What the reader says in the middle was never right or wrong for it.)

And here is the same sentence, but nothing is told of Joss's taste: *sits down* in place of *loves barkroll*.
"""

# %%
show_xray(reading.UNTOLD)

# %% [markdown]
r"""
The first guest has to go from memory in both sentences; in this one, nothing comes in the place of the taste. Compare also the update gate at *dunelet* in the two pictures: with no taste to guard, the reader lets more in, and its answer
is right all the same.

What is left of each word at the end, through the copy alone? Here is your `kept_to_the_end` for the **first** sentence, averaged over
the units:
"""

# %%
def kept_of(sentence):
    gates = reading.recorded(sentence)["z"]  # those in the first picture
    return {"kept": torch.as_tensor(kept_to_the_end(gates[:, None]))[:, 0]}


kept = reading.confirmed(reading.TOLD, kept_of, ("kept",))["kept"].mean(dim=-1)
plots.show(
    drawings.kept_shares(reading.TOLD.split(), kept),
    "Bars with numbers for each word: "
    + ", ".join(
        f"{word} {share:.2f}" for word, share in zip(reading.TOLD.split(), kept, strict=True)
    ),
)

# %% [markdown]
r"""
### What do the gates say?

**Your turn, this time with your eyes.** Answer by what you read off the three pictures: words as they stand below the picture, numbers as they stand above the columns and the bars. No code is needed beyond a dict.

(Whoever likes may compute the answers instead, from the numbers in the pictures: `reading.recorded(reading.TOLD)` and `reading.recorded(reading.UNTOLD)` are dicts of them. `look(reading.TOLD)` finds the same by your own functions, if these are right. Both
work when your notebook is graded.)
"""

# %% grade_id="what_the_gates_say_solution" solution=true
from autograder.reference.reading_pictures import what_the_gates_say

# %% grade_id="what_the_gates_say" grade=true points=6
with checks.exercise("what_the_gates_say"):
    said = what_the_gates_say()
    keys = {
        "widest open",
        "past let go",
        "flips, told",
        "flips, untold",
        "gate at the decoy",
        "tempting",
    }
    keys |= {"first kept", "last kept"}
    checks.expect(
        isinstance(said, dict) and set(said) == keys,
        f"the answers should be a dict with the keys {sorted(keys)}, but yours is {checks.shown(said)}.",
    )
    for key in ("past let go", "flips, told", "tempting"):
        checks.expect(
            said[key] in reading.TOLD.split(),
            f"“{key}”: {said[key]!r} is no word of the first sentence.",
        )
    checks.expect(
        said["flips, untold"] in reading.UNTOLD.split(),
        f"“flips, untold”: {said['flips, untold']!r} is no word of the second sentence.",
    )
    checks.expect(
        isinstance(said["widest open"], tuple | list)
        and len(said["widest open"]) == 2
        and all(word in reading.TOLD.split() for word in said["widest open"]),
        "“widest open” should be a list of two words of the first sentence.",
    )
    for key in ("gate at the decoy", "first kept", "last kept"):
        checks.expect(
            not isinstance(said[key], str | tuple | list | None) and 0 <= said[key] <= 1,
            f"“{key}” should be a number between 0 and 1, but yours is {said[key]!r}.",
        )

# %% [markdown]
r"""
## 9 · Your own sentence

Pick a sentence or type one, and step through it. After every step the picture shows what the reader would say **if the sentence stopped here**, and which of the words so far this hangs on.

Things to try:

- Follow *then* and the name after it: which rows of the state change there, and which not?
- Let somebody like two dishes: `Zita likes ryeloaf then Zita loves tidesoup so dinner is`. Is the second one taken?
- Break the grammar: `likes likes kelpling ryeloaf so dinner is`. Where does the reader's rule differ from ours?
- Type a word that it cannot know.
"""

# %%
print("names: ", *sentences.NAMES, *sentences.HELD_OUT_NAMES)
for kitchen, dishes in sentences.RECIPES.items():
    print(f"{kitchen}: ", *dishes)
print("other words: ", *sentences.OTHER_WORDS)

# %%
examples = [reading.TOLD, reading.UNTOLD]
for seed, arguments in enumerate(
    ({"persons": 1}, {"persons": 2}, {"persons": 2, "held_out": True}, {"untold": 1.0})
):
    examples += sentences.sentences(np.random.default_rng(seed), 1, **arguments)[0]
_ = widgets.read_along(look, drawings.xray, in_words, examples, sentences.VOCABULARY)

# %% [markdown]
r"""
### What the picture does not show

- **An average hides units.** Half of them wide open and half of them shut look like all of them ajar. That is why the rows are there.
- **A gate is not a cause.** An open update gate that writes what was there already changes nothing. Look at the state, too.
- **What the copy carries is not all that is remembered.** A unit can be written anew at every word and still hold the same value, because the candidate sees the old state. Your first reader in section 5 may do more of that than this one.
- **Influence is local.** It asks about small nudges of a word, not about replacing it by another.
- **One reader is one reader.** Train with another seed and look again: the rule will be the same, the units will not.

## What to remember

- A module is a set of named parameters and a forward pass; torch goes back by itself.
- Held-out names and dishes tell understanding from learning by heart, and they can be solved because their **parts** are known.
- Gated cells carry a taste over dozens of words, if they have practised at such distances; the plain RNN does not.
- In the X-ray, the update gate opens where there is something to write down, and stays shut for what counts for nothing; the reset gate falls where the past has to go.

**Next:** unit 10 asks which of the two you should take, LSTM or GRU, and lets you decide by measuring.

## Going further

- A. Karpathy, J. Johnson and L. Fei-Fei (2015), *Visualizing and understanding recurrent networks* (arXiv 1506.02078). Cells that count, and cells that open at a quotation mark.
- J. Li, X. Chen, E. Hovy and D. Jurafsky (2016), *Visualizing and understanding neural models in NLP*, NAACL (arXiv 1506.01066). Influence by gradients, word by word.
- Try it: `look(sentence, mine)` puts **your** reader under the X-ray. Where do its gates open?
- Try it: start with `b_z` at 0 instead of $-3$, train as in section 5, and compare both the accuracy at distance 32 and the update gates.
- Try it: how many units are enough? Train with 8, with 4, with 3.
"""
