# %% [markdown]
r"""
# Unit 10 · LSTM or GRU? Decide by measuring

Ask which of the two cells to take, and you will hear four things:

| | what one hears |
|---|---|
| A | "The LSTM has three gates, the GRU two." |
| B | "The GRU computes less." |
| C | "The LSTM is more accurate on long sequences." |
| D | "Their performance is similar." |

All four are repeated far more often than they are tested. Two of them can be settled by counting; for the other two you will build an
experiment, run it, and sign a verdict with your own numbers beside it.

**After this unit you can**

- make two tasks that ask for memory and for nothing else, and tell what a network without memory would score;
- compare cells at equal parameters and at equal seconds, and say why these are different questions;
- train and score without fooling yourself: fresh data, fixed limits, several seeds, mean **and** spread;
- say what a measurement shows, and what it does not.

**Time:** about 100 minutes, and a quarter of an hour more if you let the full experiment run. **You need:** units 04 and 07 (the cells), unit 03 for clipping, and
torch. The cells themselves are given here, each in a form that costs the same Python for every operation.

**How to work:** read, run the cells from top to bottom (Shift+Enter), and wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` by your code. The cell below it checks what you wrote. Hidden checks with fresh numbers run when your notebook
is graded; each check earns its own points.
"""

# %% setup=true
import math
import time

import numpy as np
import torch

from course import checks, data, measuring, networks, plots, trials, widgets
from course.plots import comparison as drawings

torch.set_num_threads(1)  # for networks this small a second thread costs more than it brings

# %% [markdown]
r"""
## 1 · Tasks that ask for memory

A task on which everybody scores well tells you nothing about memory, and neither does one on which everybody fails. Here are three that can be made as
long as we like. The first two are old acquaintances of this field: they stand in the paper that introduced the LSTM, or grew out of it.

### The adding problem

$T$ numbers between 0 and 1 come in, one a step. Two of them are **marked**; at the end the network has to say the sum of the two. One mark lies in the first half, so
something has to be kept for a long time, and everything unmarked has to be kept out.

**On paper first.** What does a network score that has no memory? The best it can do is always to say the mean of the sum, $\tfrac12 + \tfrac12 = 1$. Its mean
squared error is then the variance of the sum. One number has the variance $\int_0^1 (u - \tfrac12)^2\, du = \tfrac1{12}$, two independent ones have $\tfrac16 \approx 0.167$.
Remember this figure: an error of 0.16 after an hour of training means that **nothing** was learnt.

**Your turn.** All chance must come from the generator that is given. Whoever repeats your experiment with the same seeds must get the same batches.
"""

# %% grade_id="adding_batch_solution" solution=true
from autograder.reference.comparison import adding_batch

# %% grade_id="adding_batch" grade=true points=3
with checks.exercise("adding_batch"):
    batch = adding_batch(np.random.default_rng(1), 9, 400)
    checks.expect_parts(batch, 2, "x and y")
    x, y = batch
    checks.expect(
        torch.is_tensor(x) and torch.is_tensor(y),
        f"x and y should be torch tensors, but yours are {type(x).__name__} and {type(y).__name__}.",
    )
    checks.expect_shape(x, (9, 400, 2), "x for 9 steps and 400 examples")
    checks.expect_shape(y, (400, 1), "y for 400 examples")
    checks.expect(
        x.dtype == torch.float32 and y.dtype == torch.float32,
        f"x and y should be torch tensors of float32, but yours are {x.dtype} and {y.dtype}.",
    )
    values, marked = x[:, :, 0].numpy(), x[:, :, 1].numpy()
    checks.expect(
        values.min() >= 0 and values.max() <= 1,
        f"the numbers lie between 0 and 1, but yours between {values.min():.2f} and {values.max():.2f}.",
    )
    checks.expect(
        np.all((marked == 0) | (marked == 1)), "the marks are 0 or 1, but yours are others, too."
    )
    different = len(np.unique(values))
    checks.expect(
        different > 3000,
        f"of 9 times 400 numbers, each drawn by itself, nearly all are different; among yours are {different} different ones.",
    )
    early, late = marked[:4].sum(axis=0), marked[4:].sum(axis=0)
    checks.expect(
        np.all(early == 1) and np.all(late == 1),
        "of 9 steps, one mark belongs to the first 4 and one to the other 5, but in some of your sequences it is not so.",
    )
    checks.expect_close(
        y.numpy(), (values * marked).sum(axis=0)[:, None], "the sums of the marked numbers", 1e-5
    )
    for t in range(9):
        checks.expect(
            0 < marked[t].sum() < 400,
            f"among 400 sequences step {t} should be marked in some and not in others, but it is marked in {marked[t].sum():.0f}.",
        )
    rng = np.random.default_rng(1)
    again, other = adding_batch(rng, 9, 400)[0], adding_batch(rng, 9, 400)[0]
    checks.expect(
        torch.equal(again, x), "an equal generator should give an equal batch; yours differs."
    )
    checks.expect(
        not torch.equal(other, x),
        "the same generator used again should give another batch, but yours gives the same.",
    )

# %%
x, y = adding_batch(np.random.default_rng(3), 20, 1)
plots.show(
    drawings.adding(x[:, 0], y[0]),
    "Twenty bars, the numbers of one sequence. Two are red, one in each half: the marked ones, whose sum is the answer.",
)

# %% [markdown]
r"""
### The copy task

Some symbols come in, then a long wait, then the network is asked to say them again, in the same order. Here it is not enough to keep one number; it takes several things, and their order.

Each step is one-hot over `symbols + 2` columns. With 5 symbols, column 5 says "wait" and column 6 says "answer". **Guessing** gives each of the five symbols with one chance in
five, so a network without memory is wrong four times in five: 0.8.

**On paper.** `length = 2`, `wait = 3`, and the symbols 4 and 1: the seven steps show the columns 4, 1, 5, 5, 5, 6, 6, and wanted at the last two are 4, 1.
"""

# %% grade_id="copy_batch_solution" solution=true
from autograder.reference.comparison import copy_batch

# %% grade_id="copy_batch" grade=true points=3
with checks.exercise("copy_batch"):
    batch = copy_batch(np.random.default_rng(2), 3, 200, 2, 5)
    checks.expect_parts(batch, 2, "x and y")
    x, y = batch
    checks.expect(
        torch.is_tensor(x) and torch.is_tensor(y),
        f"x and y should be torch tensors, but yours are {type(x).__name__} and {type(y).__name__}.",
    )
    checks.expect_shape(x, (7, 200, 7), "x for 2 symbols, 3 steps of waiting and 2 of answering")
    checks.expect_shape(y, (2, 200), "y for 2 symbols")
    checks.expect(
        x.dtype == torch.float32 and y.dtype == torch.int64,
        f"x should be float32 and y int64, but yours are {x.dtype} and {y.dtype}.",
    )
    checks.expect(
        torch.all((x == 0) | (x == 1)) and torch.all(x.sum(dim=2) == 1),
        "every step is one-hot: a single 1, the rest 0; some of yours are not.",
    )
    columns = x.argmax(dim=2)
    for t, wanted, what in ((2, 5, "wait"), (4, 5, "wait"), (5, 6, "answer"), (6, 6, "answer")):
        checks.expect(
            torch.all(columns[t] == wanted),
            f'step {t} should say "{what}", column {wanted}; yours shows column {columns[t, 0]}.',
        )
    for t in range(2):
        checks.expect(
            torch.equal(y[t], columns[t]),
            f"the answer number {t} should be the symbol shown at step {t}; in yours it is not.",
        )
    for t in range(2):
        seen = sorted(set(y[t].tolist()))
        checks.expect(
            seen == [0, 1, 2, 3, 4],
            f"at every step any symbol from 0 to 4 may come, but at step {t} of 200 sequences yours are {seen}.",
        )
    for kind, found in (
        ("show the same symbol twice", y[0] == y[1]),
        ("show a smaller one after a larger", y[0] > y[1]),
        ("show a larger one after a smaller", y[0] < y[1]),
    ):
        checks.expect(
            torch.any(found),
            f"symbols are drawn each by itself, so among 200 sequences some {kind}; of yours none does.",
        )
    rng = np.random.default_rng(2)
    again, other = copy_batch(rng, 3, 200, 2, 5)[1], copy_batch(rng, 3, 200, 2, 5)[1]
    checks.expect(
        torch.equal(again, y), "an equal generator should give an equal batch; yours differs."
    )
    checks.expect(
        not torch.equal(other, y),
        "the same generator used again should give another batch, but yours gives the same.",
    )

# %%
x, y = copy_batch(np.random.default_rng(4), 10, 1, 4, 5)
plots.show(
    drawings.copying(x[:, 0], y[:, 0], 5),
    "Time to the right, the columns upwards. Four symbols light up one after the other, then the column wait ten times, then the column "
    "answer four times; red numbers at those last steps show the four symbols again.",
)

# %% [markdown]
r"""
### Digits, pixel by pixel

The third task is not of our making: 1797 handwritten digits of 8 × 8 pixels, by 13 people (*Optical Recognition of Handwritten Digits*, E. Alpaydin and C. Kaynak 1998, UCI Machine Learning
Repository, CC BY 4.0). 500 of them are held out. The network gets **one pixel a step**, 64 steps, and then has to say which digit it was; always saying the same gives an error near 0.9.
"""

# %%
images, labels = data.load_digits("training")
plots.show(
    drawings.digit(images[7], labels[7]),
    f"Left: a digit, a {labels[7]}, as 8 by 8 grey pixels. Right: the same 64 numbers one after the other; ink comes and goes in every row.",
)

# %% [markdown]
r"""
## 2 · What is fair?

"The same number of units" is not fair: with 32 units and two inputs the LSTM has 4,480 numbers to learn, the GRU 3,360, the plain RNN 1,120. Two questions make sense, and they are
different ones:

- **Equal parameters**, equal training steps: what does a cell make of what it may store?
- **Equal seconds**: what do I get for my time? A cheap cell may take more steps.

For the first we need the size that a budget allows. One block has $HD + HH + H$ numbers (the optional section of unit 07 counts them): the RNN has one block, the GRU three, the LSTM four; peepholes add three
vectors of $H$.

**On paper.** A budget of 100 and $D = 2$: the RNN may have $H = 8$, since $8 \cdot (2 + 8 + 1) = 88$ while 9 units need 108. The GRU may have 4 (84; 5 need 120), the LSTM 3 (72; 4 need 112).
"""

# %% grade_id="equal_parameter_size_solution" solution=true
from autograder.reference.comparison import equal_parameter_size

# %% grade_id="equal_parameter_size" grade=true points=2
with checks.exercise("equal_parameter_size"):
    for cell, wanted in (("rnn", 8), ("gru", 4), ("lstm", 3), ("peephole", 3)):
        found = equal_parameter_size(cell, 100, 2)
        checks.expect(
            np.asarray(found).dtype.kind in "iu" and np.ndim(found) == 0,
            f"the size should be a whole number, an int, but yours is {checks.shown(found)}; int(...) makes one of a float.",
        )
        checks.expect(
            found == wanted,
            f"with at most 100 parameters and D = 2 the cell {cell!r} may have {wanted} units; yours gives {found}.",
        )
    checks.expect(
        equal_parameter_size("peephole", 80, 2) == 2,
        "with peepholes 3 units have 72 + 9 = 81 parameters, so with at most 80 there may be 2; "
        f"yours gives {equal_parameter_size('peephole', 80, 2)}.",
    )
    checks.expect(
        equal_parameter_size("gru", 84, 2) == 4,
        "at most 84 allows the 84 parameters of a GRU with 4 units; "
        f"yours gives {equal_parameter_size('gru', 84, 2)} units.",
    )
    checks.expect(
        equal_parameter_size("lstm", 10, 2) == 0,
        "if not even one unit fits, the size is 0; "
        f"yours gives {equal_parameter_size('lstm', 10, 2)}.",
    )
    for cell, module in (("rnn", torch.nn.RNN), ("gru", torch.nn.GRU), ("lstm", torch.nn.LSTM)):
        made = dict(module(6, 11).named_parameters())
        count = sum(array.numel() for name, array in made.items() if name != "bias_hh_l0")
        checks.expect(
            equal_parameter_size(cell, count, 6) == 11,
            f"torch's {cell} with D = 6 and 11 units has {count} parameters (without its second bias), so that budget allows 11; "
            f"yours gives {equal_parameter_size(cell, count, 6)}.",
        )

# %% [markdown]
r"""
### Two claims that need no training

**A** and **B** are about numbers that one can count. Commit to a guess first.
"""

# %%
guess_work = widgets.predict(
    "Claim B: the GRU computes less. Give the GRU as many parameters as the LSTM has. How many multiplications does it then need for a step?",
    [
        "three quarters of the LSTM's",
        "about as many as the LSTM",
        "more than the LSTM",
    ],
)

# %% [markdown]
r"""
**Your turn.** Count multiplications where a weight of a matrix meets an input or a state, one example, one step: a block has $H(D + H)$ of them. Biases are added, and what is multiplied element by element
(gates with states) is left out: it grows with $H$ only, the rest with $H^2$.

**On paper.** $D = 4$, an LSTM with $H = 6$: $4 \cdot 6 \cdot 11 = 264$ parameters and $4 \cdot 6 \cdot 10 = 240$ multiplications. At most 264 parameters allow a GRU with 7 units
($3 \cdot 7 \cdot 12 = 252$; 8 need 312), which multiplies $3 \cdot 7 \cdot 11 = 231$ times. So the units are in the ratio $7/6$, and the multiplications at equal parameters $231/240 = 0.9625$.
"""

# %% grade_id="settle_by_counting_solution" solution=true
from autograder.reference.comparison import settle_by_counting

# %% grade_id="settle_by_counting" grade=true points=3
with checks.exercise("settle_by_counting"):
    found = settle_by_counting(4, 6)
    names = {"gates", "parameters", "multiplications", "units"}
    names |= {"multiplications at equal parameters"}
    checks.expect(
        isinstance(found, dict) and set(found) == names,
        f"the result is a dict with the keys {sorted(names)}; yours is {checks.shown(found)}.",
    )
    for name, wanted in (
        ("units", 7 / 6),
        ("multiplications at equal parameters", 0.9625),
    ):
        checks.expect_close(found[name], wanted, f'"{name}" for D = 4 and H = 6, as on paper')
    checks.expect(
        found["gates"] < found["parameters"] < 1,
        "the GRU has fewer gates and fewer parameters, but the ratio of the gates is the smaller one: the candidates are blocks, too.",
    )
    checks.expect_close(
        found["multiplications"],
        found["parameters"],
        '"multiplications" with H units each: both grow with the number of blocks, so as "parameters"',
    )
    large = settle_by_counting(100, 1000)
    checks.expect(
        0.99 < large["multiplications at equal parameters"] < 1,
        "with many units the multiplications at equal parameters are nearly equal; "
        f"for D = 100 and H = 1000 yours are in the ratio {large['multiplications at equal parameters']:.3f}.",
    )

# %%
for size in (8, 32, 128, 512):
    found = settle_by_counting(10, size)
    print(
        f"LSTM with {size:3d} units, D = 10: the GRU of equal parameters has {found['units'] * size:.0f} units "
        f"and {found['multiplications at equal parameters']:.3f} times the multiplications"
    )

# %%
widgets.reveal(
    guess_work,
    "about as many as the LSTM",
    "Each weight is multiplied once a step, so equal parameters mean equal work, up to biases and rounding. The GRU computes less only if it is given less.",
)

# %% [markdown]
r"""
## 3 · One run, fairly

Now the part where most comparisons go wrong. A run gets a model, an endless supply of fresh batches, and a limit; it is scored on batches that it never trained on. The limit is a number of steps **or** of seconds.
The clock is an argument, for two reasons: here we use **processor time**, which does not run while your computer does something else; and a test can pass a clock of its own and know exactly what you should do.

One training step, for everybody alike: loss, gradient, clip its norm to 1 (unit 03), a step of Adam.

**On paper.** A model needs 0.25 s a step, the limit is 1.1 s. Steps begin at 0, 0.25, 0.5, 0.75 and 1.0 s; at 1.25 s none begins. That makes 5 steps and 1.25 seconds. With a limit of exactly 1.0 s
the step at 1.0 does not begin any more: 4 steps.
"""

# %% grade_id="train_and_score_solution" solution=true
from autograder.reference.comparison import train_and_score

# %% grade_id="train_and_score" grade=true points=5
with checks.exercise("train_and_score"):

    class Small(torch.nn.Module):
        """A little network that counts how often it is asked; its clock goes by that."""

        def __init__(self, K):
            super().__init__()
            torch.manual_seed(0)
            self.layer, self.asked = torch.nn.Linear(3, K), 0

        def forward(self, x):
            self.asked += 1
            return self.layer(x[-1])

        def clock(self):
            return 1000 + 0.25 * self.asked

    rng = np.random.default_rng(5)

    def some(B, goal, K=2):
        x = torch.tensor(rng.normal(size=(4, B, 3)), dtype=torch.float32)
        wanted = (
            rng.integers(K, size=B)
            if goal == "symbol"
            else rng.normal(size=(B, K)).astype(np.float32)
        )
        return x, torch.tensor(wanted)

    batches, held_out = [some(6, "number") for _ in range(8)], [some(B, "number") for B in (5, 2)]

    model = Small(2)
    first = np.mean((model(batches[0][0]) - batches[0][1]).detach().numpy() ** 2)
    found = train_and_score(model, batches, held_out, "number", 0.01, 3, math.inf, model.clock)
    checks.expect(
        isinstance(found, dict) and set(found) == {"score", "losses", "seconds"},
        f'the result is a dict with "score", "losses" and "seconds"; yours is {checks.shown(found)}.',
    )
    checks.expect(
        len(found["losses"]) == 3,
        f"with a limit of 3 steps there are 3 losses; yours are {len(found['losses'])}.",
    )
    checks.expect_close(
        found["losses"][0], first, "the first loss, before anything was changed", 1e-5
    )
    squares = np.concatenate([(model(x) - y).detach().numpy().ravel() ** 2 for x, y in held_out])
    checks.expect_close(
        found["score"],
        squares.mean(),
        "the score: the mean over all answers of all held-out batches, after training",
        1e-5,
    )

    twin = Small(2)
    other = [some(B, "number") for B in (5, 2)]
    again = train_and_score(twin, batches, other, "number", 0.01, 3, math.inf, twin.clock)
    checks.expect(
        torch.equal(twin.layer.weight, model.layer.weight),
        "other held-out batches should not change what is learnt, and equal input should give equal results; yours differ.",
    )
    for limit, steps, took in ((1.1, 5, 1.25), (1.0, 4, 1.0), (0.0, 0, 0.0)):
        timed = Small(2)
        found = train_and_score(
            timed, batches, held_out, "number", 0.01, math.inf, limit, timed.clock
        )
        checks.expect(
            len(found["losses"]) == steps,
            f"at 0.25 seconds a step a limit of {limit} seconds allows {steps} steps, as on paper; yours makes {len(found['losses'])}.",
        )
        checks.expect_close(
            found["seconds"], took, f"the seconds that {steps} steps took, the score left out"
        )

    whole = Small(2)
    found = train_and_score(whole, batches, held_out, "number", 0.01)
    checks.expect(
        len(found["losses"]) == 8, "without limits training ends when the batches are used up."
    )

    def without_end():
        for n in range(100):
            yield batches[n % 8]
        checks.expect(
            False,
            "with a limit of 3 steps your function asked for more than 100 batches. They may be endless: take one for each step.",
        )

    try:
        found = train_and_score(Small(2), without_end(), held_out, "number", 0.01, 3)
    except TypeError as error:
        checks.expect(
            False,
            f"batches may come from a generator, which has no length and no places; yours fails there: {error}.",
        )
    checks.expect(
        len(found["losses"]) == 3,
        f"with a limit of 3 steps and endless batches there are 3 losses; yours are {len(found['losses'])}.",
    )

    model = Small(3)
    batches, held_out = (
        [some(6, "symbol", 3) for _ in range(4)],
        [some(B, "symbol", 3) for B in (9, 2)],
    )
    log_p = torch.log_softmax(model(batches[0][0]), 1)[range(6), batches[0][1]]
    found = train_and_score(model, batches, held_out, "symbol", 0.01)
    checks.expect_close(
        found["losses"][0], -log_p.mean().item(), "the first loss on symbols, a cross-entropy", 1e-5
    )
    wrong = [
        answer != y for x, ys in held_out for answer, y in zip(model(x).argmax(1), ys, strict=True)
    ]
    checks.expect_close(
        found["score"], np.mean(wrong), "the score on symbols: the share of wrong answers", 1e-6
    )

    several = networks.Network("rnn", 7, 4, 5, answers=2)
    copying = [copy_batch(rng, 3, 6, 2, 5) for _ in range(3)]
    found = train_and_score(several, copying[:2], copying[2:], "symbol", 0.01)
    checks.expect(
        len(found["losses"]) == 2 and 0 <= found["score"] <= 1,
        "the copy task has several answers for each example, (length, B, symbols): those should work, too.",
    )

# %% [markdown]
r"""
Here is one run of yours: a GRU of 32 units learns to add two numbers out of ten.
"""

# %%
tasks = trials.tasks(trials.QUICK, adding_batch, copy_batch)
torch.manual_seed(0)
began = time.perf_counter()
one = train_and_score(
    networks.Network("gru", 2, 32, 1),
    tasks["adding"].endless(0),
    tasks["adding"].held_out,
    "number",
    steps=200,
)
passed = time.perf_counter() - began
plots.show(
    drawings.one_run(one["losses"], "One run: a GRU learns to add two numbers out of ten"),
    "The losses of 200 training steps on a logarithmic axis. They stay near the level of guessing, 0.167, for a while, and then fall to a small part of it.",
)
print(f"error on new data: {one['score']:.4f}; always saying 1 would give 0.1667")
print(f"{one['seconds']:.2f} s of processor time for training; {passed:.2f} s passed on the clock")

# %% [markdown]
r"""
Run the cell again with another number in `torch.manual_seed`: the curve is another one. How much may you believe of a single run?
"""

# %% [markdown]
r"""
## 4 · Many runs, one table

One run is an anecdote. Every combination of task, cell and budget is run with **three seeds** (other weights at the start, other batches), and what counts is the mean and how far the
seeds lie apart. Two rules against fooling oneself: a run that failed is not left out, and from a single run one knows no spread.

**On paper.** Scores 1, 2 and 6: the mean is 3, the deviations are $-2, -1, 3$, their squares add up to 14, and $\sqrt{14 / 2} \approx 2.6458$.
"""

# %% grade_id="summarise_solution" solution=true
from autograder.reference.comparison import summarise

# %% grade_id="summarise" grade=true points=3
with checks.exercise("summarise"):

    def record(cell, seed, score, budget="seconds"):
        return {"task": "copy", "budget": budget, "cell": cell, "seed": seed, "score": score}

    records = [record("gru", 0, 1.0), record("rnn", 0, 5.0), record("gru", 1, 2.0)]
    records += [record("gru", 2, 6.0), record("gru", 0, 9.0, "parameters")]
    kept = [dict(one) for one in records]
    rows = summarise(records)
    checks.expect(records == kept, "your function changed the records, which belong to the caller.")
    checks.expect(
        isinstance(rows, list)
        and all(
            isinstance(row, dict)
            and set(row) == {"task", "budget", "cell", "runs", "mean", "spread"}
            for row in rows
        ),
        "the result is a list of dicts with task, budget, cell, runs, mean and spread; "
        f"yours is {checks.shown(rows)}.",
    )
    checks.expect(
        [(row["budget"], row["cell"]) for row in rows]
        == [("seconds", "gru"), ("seconds", "rnn"), ("parameters", "gru")],
        "five records of three combinations make three rows, in the order in which they were met first; yours are "
        f"{[(row['budget'], row['cell']) for row in rows]}.",
    )
    checks.expect(
        [row["runs"] for row in rows] == [3, 1, 1],
        f"the rows stand for 3, 1 and 1 runs; yours say {[row['runs'] for row in rows]}.",
    )
    checks.expect_close(rows[0]["mean"], 3.0, "the mean worked on paper")
    checks.expect_close(rows[0]["spread"], math.sqrt(7), "the spread worked on paper")
    equal = summarise([record("lstm", 0, 2.0), record("lstm", 1, 2.0), record("lstm", 2, 5.0)])
    checks.expect(
        [row["runs"] for row in equal] == [3],
        "runs with the scores 2, 2 and 5 are 3 runs, although two are equal; yours say "
        f"{[row['runs'] for row in equal]}.",
    )
    checks.expect_close(equal[0]["mean"], 3.0, "the mean of the scores 2, 2 and 5")
    checks.expect(
        math.isnan(rows[1]["spread"]),
        f"the spread of one run is not known, nan; yours is {rows[1]['spread']}.",
    )

# %% [markdown]
r"""
## 5 · Measure

Everything is ready. The networks are given: four cells, each a loop over time in Python with one matrix product for all blocks (`course/networks.py`). torch's own layers are several times faster, but not
equally so, and there is none with peepholes; in a comparison by the clock, that would measure who wrote the layer. **So "seconds" means here: of processor time, in this code.**

Two settings:

| | quick | full |
|---|---|---|
| adding | 10 steps | 50 steps |
| copy | 3 symbols, 5 steps of waiting | 5 symbols, 20 steps of waiting |
| digits | 4 × 4 pixels, 16 steps | 8 × 8 pixels, 64 steps |
| equal parameters (those of an LSTM with 32 units) | 120 training steps | 1200 training steps |
| equal seconds (32 units each) | 0.2 s | 6 s |
| all 72 runs together | well under a minute | about ten minutes |

Set `FULL = True` when you have the time. Before anything starts you are told how long it will take. You can **stop at any time** with the square button: finished runs are kept, and when you run the cell again it
goes on with the rest. With the full setting they are kept in the file `measured-full.jsonl` beside this notebook, also until tomorrow.

**Changed a function above?** What is kept was measured with the old one. Write `log.begin_anew()` into a cell of its own, run it once, and go on with the measuring cell below: that holds for both settings. With the full setting, deleting the file does the same.

Grading does not wait for any of this: it runs your functions on small inputs, those of the quick setting among them. So hand in with whichever setting you like.
"""

# %%
guess_quick = widgets.predict(
    "The quick setting has short sequences: 10, 11 and 16 steps. Which cell copies best there?",
    ["the plain RNN", "the GRU", "one of the LSTMs", "no difference"],
)

# %%
FULL = False

setting = trials.FULL if FULL else trials.QUICK
log = measuring.Log("measured-full.jsonl" if FULL else None)

# %%
tasks = trials.tasks(setting, adding_batch, copy_batch)
mine = trials.measure(setting, log, tasks, train_and_score, equal_parameter_size)

# %%
rows = summarise(mine)
drawings.show_table(rows, f"Your measurement ({setting.label} setting): error, mean ± spread")
plots.show(
    drawings.standings(rows, f"Who stands where? Your measurement ({setting.label} setting)"),
    "Three panels, one a task; in each the four cells at equal parameters and at equal seconds, errors on a logarithmic axis with their spread. "
    "The table above holds the same numbers.",
)

# %%
copies_best, said_by = trials.copies_best_when_quick(setting, rows)
widgets.reveal(
    guess_quick,
    copies_best,
    f"{said_by} Over a wait of five steps a gate has nothing to protect, and the simplest cell has learnt first. Short sequences do not test memory.",
)

# %% [markdown]
r"""
### Our measurement, full setting

In case you do not want to wait: the same code with the full setting, seeds 0, 1 and 2, measured by us, summarised by **your** `summarise`. If you measured in full yourself, your figures will differ from ours:
your functions may draw their chance in another order, so think of your runs as further seeds; and in six seconds your computer makes more or fewer steps than ours. Where the two tables disagree, **yours** is the one to argue with.
"""

# %%
guess_full = widgets.predict(
    "Now adding over 50 steps, copying over a wait of 20, digits of 64 pixels. Claim C: on which of the three is the LSTM better than the GRU by more than the seeds lie apart?",
    ["on all three", "on the digits, the longest sequences", "on none of them"],
)

# %%
ours, how = trials.our_measurement()
print(how)
full_rows = summarise([record for record in ours if record["task"] != "rows"])
drawings.show_table(full_rows, "Our measurement (full setting): error, mean ± spread")
plots.show(
    drawings.standings(full_rows, "Who stands where? Our measurement, full setting"),
    "Three panels. Adding: the plain RNN stands near the line of guessing, the other three lie a hundred times lower or so. Copy: the GRU lies below the LSTM, far below it "
    "with equal parameters, then comes the LSTM with peepholes, then the RNN; with equal seconds the bars of the RNN and the GRU are long, each from one end to the other "
    "more than a factor of ten. Digits: all lie close together between 0.1 and 0.3, and many bars overlap.",
)

# %%
widgets.reveal(
    guess_full,
    "on none of them",
    "Adding is solved by both; in copying the GRU is ahead with both budgets; on the digits the LSTM's mean is the lower one, but the spreads overlap, so three seeds decide nothing.",
)

# %% [markdown]
r"""
**Equal parameters.** On adding the plain RNN is no better than guessing: one of its three runs ended at 0.33, worse than a network that always says 1, and that run counts like the others. All gated cells end near 0.001.
In copying they part: the GRU gets 0.007 ± 0.005 of the symbols wrong, the LSTM 0.098 ± 0.024, the LSTM with peepholes 0.144 ± 0.043. On the digits the three of them lie between 0.15 and 0.18 with spreads of 0.02 to 0.03:
no difference was seen.

**Equal seconds.** The plain RNN makes three or four times as many steps as the LSTM, and still adds badly: 0.11 ± 0.05, where the gated cells stay below 0.002. Its three runs of copying ended at 0.02, 0.05 and 0.75: whoever had run one seed only
could have reported anything. The GRU still copies best, but only just by more than the spreads. The peepholes have their price in time: with equal parameters they have the best mean on the digits, with equal seconds the worst.

How many steps did six seconds buy?
"""

# %%
timed = [record for record in ours if record["budget"] == "seconds"]
print("training steps in 6 s   adding    copy  digits")
for cell in networks.CELLS:
    bought = [
        np.mean([run["steps"] for run in timed if (run["task"], run["cell"]) == (task, cell)])
        for task in ("adding", "copy", "digits")
    ]
    print(f"{drawings.NAMES[cell]:20s}" + "".join(f"{steps:8.0f}" for steps in bought))

# %% [markdown]
r"""
Claim B by the clock: an update of a GRU with 32 units takes three quarters of the LSTM's multiplications, and yet the same time bought it about as many steps. Its proposal has to wait for the reset gate, so two matrix
products follow one upon the other where the LSTM makes one. In networks as small as these, that costs what the multiplications save; in a large one, or in another program, it may be otherwise.

### Who learns sooner?

A score at the end hides the way there. Here are the losses on the adding problem while it is learnt, at equal parameters.
"""

# %%
equal = [record for record in ours if record["budget"] == "parameters"]
plots.show(
    drawings.learning(
        equal, "adding", "Adding over 50 steps at equal parameters (our measurement, three seeds)"
    ),
    "Four curves of the loss on a logarithmic axis. From the level of guessing the GRU's falls after about 180 steps, that of the LSTM with peepholes after about 320, "
    "the plain LSTM's after about 400; all three end near 0.001. The plain RNN's stays at the level of guessing.",
)
for cell in networks.CELLS:
    runs = [run for run in equal if run["task"] == "adding" and run["cell"] == cell]
    first = [trials.sooner(run["curve"], run["steps"], 0.02) for run in runs]
    said = ", ".join("never" if math.isnan(step) else f"step {step:.0f}" for step in first)
    print(f"{drawings.NAMES[cell]:20s}loss first below 0.02: {said}")

# %% [markdown]
r"""
For a long time a gated cell looks as if it learnt nothing; then its loss falls to a tenth within some hundred steps. In our runs the GRU falls **about twice as soon** as the LSTMs.
At 1200 steps nothing of that is to be seen any more: whoever looks at the final score alone would call them equal. And whoever had stopped at 300 steps would have reported that the GRU can add and the LSTM cannot.

### A task that does not ask for memory

The same digits, a **row** a step: 8 steps of 8 numbers instead of 64 of one.
"""

# %%
guess_rows = widgets.predict(
    "Digits read row by row, 1200 training steps, equal parameters. How far apart will the four cells be?",
    [
        "the gated cells are far ahead of the RNN",
        "all four within five in a hundred",
        "the RNN is far ahead",
    ],
)

# %%
by_rows = [record for record in ours if record["task"] in ("digits", "rows")]
drawings.show_table(
    summarise([record for record in by_rows if record["budget"] == "parameters"]),
    "Our measurement: digits by pixels and by rows, share of wrong ones",
)

# %%
widgets.reveal(
    guess_rows,
    "all four within five in a hundred",
    "The plain RNN even has the fewest errors, 5 in 100 against 7 to 10. Eight steps ask for little memory, and a task that asks for none says nothing about gates.",
)

# %% [markdown]
r"""
## 6 · What a measurement does not say

Before you sign anything, look for what could be wrong with it. This is what could be wrong with ours:

- **Three seeds** are few. Where two cells lie closer together than their spreads, the order can turn with the next seed. Say "no difference was seen", not "they are equal".
- **One learning rate**, 0.005, for all. Perhaps another one suits another cell; a fair search would give each cell the same number of tries.
- **One start**: the LSTMs begin with a forget bias of 1 (unit 04), the GRU with $b_z = 0$. Unit 07 showed how much such a start decides.
- **These seconds** are seconds of this Python code. A library that fuses a cell's operations changes the ratio of the times, not the number of steps.
- **Three small tasks**: none of them is speech, music or language, and no network has more than 70 units.

Change what you doubt: `trials.FULL` is a plain object, and `dataclasses.replace(trials.FULL, adding=100, steps=2000)` makes another one (after `import dataclasses`). The estimate tells you beforehand what your doubt will cost.

## 7 · Your verdict

Claims A and B you have settled by counting; your table and ours bear on C and D. Write your verdict in the cell below the rubric. Copy these lines into it,
which make a table, and fill them in: the verdict is *holds*, *holds if ...*, *does not hold* or *not decided*. Then add four to eight sentences.

```
| claim | the number that decides it | my verdict |
|---|---|---|
| A. three gates against two | ... | ... |
| B. the GRU computes less | ... | ... |
| C. the LSTM is more accurate on long sequences | ... | ... |
| D. their performance is similar | ... | ... |
```
"""

# %% [markdown]
r"""
**How this answer is graded, by a person (6 points):**

| points | for |
|---|---|
| 1 | A and B: the verdicts follow from the counts, and say at equal *what* |
| 1 | C: a number with its spread from a long task (50 steps or more) at equal parameters, and a verdict that follows from it |
| 1 | D: the same at equal seconds, where cost counts, too |
| 1 | at least one case is named in which the order of the cells turns over, with a reason: the task, its length, the kind of budget |
| 1 | at least one difference is called undecided because the spreads overlap, or because three seeds are too few for it |
| 1 | a recommendation for a task of your own choice, and what you would measure before you trust it |

An opinion without a number earns nothing here; any verdict that your numbers carry earns the points, also one that differs from ours.
"""

# %% [markdown] grade_id="lstm_or_gru" grade=true solution=true points=6
r"""
YOUR ANSWER HERE
"""

# %% [markdown]
r"""
## What to remember

- Before training, say what a network without memory would score: 1/6 on adding, 0.8 on copying five symbols, about 0.9 on digits.
- "Fair" needs a word after "equal": parameters, steps, or seconds. The order of the cells depends on it.
- At equal parameters a GRU multiplies as often as an LSTM. It computes less only where it is given less.
- Short sequences and easy tasks favour whoever is cheap; they say nothing about memory.
- Mean, spread, number of runs. A failed run counts. A task that everybody solves discriminates nothing.

You have built the cells, taken their gradients by hand, looked into their gates and measured them. When the next cell comes along with its claims, you know what to ask.

**Next:** unit 11 takes a cell of your own to real data, and then looks at what came after the gates.

## Going further

- S. Hochreiter and J. Schmidhuber (1997), *Long short-term memory*, Neural Computation 9. The adding problem is among its experiments.
- J. Chung, C. Gulcehre, K. Cho and Y. Bengio (2014), *Empirical evaluation of gated recurrent neural networks on sequence modeling* (arXiv 1412.3555). LSTM, GRU and tanh at about equal parameters, by steps and by time.
- R. Jozefowicz, W. Zaremba and I. Sutskever (2015), *An empirical exploration of recurrent network architectures*, ICML.
- K. Greff, R. K. Srivastava, J. Koutník, B. R. Steunebrink and J. Schmidhuber (2015), *LSTM: a search space odyssey* (arXiv 1503.04069). What happens when one part of the LSTM after the other is taken away.
- Q. V. Le, N. Jaitly and G. E. Hinton (2015), *A simple way to initialize recurrent networks of rectified linear units* (arXiv 1504.00941). Adding and images pixel by pixel, with a plain RNN that starts well.
- Try it: start the GRU with its update gate shut (subtract 3 from the first H biases of `from_input` in `course/networks.py`). Does it still learn the short tasks as soon?
"""
