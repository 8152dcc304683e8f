# %% [markdown]
r"""
# Unit 10 · LSTM or GRU? Decide by measuring

Ask people which of the two cells you should use, and you'll hear four claims:

| | claim |
|---|---|
| A | "The LSTM has three gates, the GRU two." |
| B | "The GRU computes less." |
| C | "The LSTM is more accurate on long sequences." |
| D | "Their performance is similar." |

People repeat these claims far more often than they test them. You can settle two of them by counting. For the other two you will build an
experiment, run it, and write a verdict with your own numbers beside it. At the end you'll change one number at the start of training,
and see what that does to the winner.

**After this unit you can**

- make two tasks that need memory, and say what a network scores that has learned nothing;
- compare cells at equal parameters and at equal seconds, and say why these are different questions;
- train and score without fooling yourself: fresh data, fixed limits, several seeds, mean **and** spread;
- say what a measurement shows, and what it does not.

**Time:** about 100 minutes, and 15 minutes more if you run the full experiment. **You need:** units 04 and 07 (the cells), unit 03
(clipping), and torch. The cells themselves are given, all written in the same way.

**How to work:** read, run the cells from top to bottom (Shift+Enter), and wherever a cell says `YOUR CODE HERE`, replace
`raise NotImplementedError` by your code. The cell below it checks what you wrote. Hidden checks with fresh numbers run when your
notebook is graded; each check earns its own points.
"""

# %% setup=true
import math
import time

import numpy as np
import torch

from course import checks, data, measuring, networks, trials, widgets
from course.plots import comparison

torch.set_num_threads(1)  # for networks this small, a second thread costs more than it saves

# %% [markdown]
r"""
## 1 · Tasks that need memory

If every network does well on a task, the task says nothing about memory. If every network fails, it says nothing either. Here are three tasks
that can be made as long as we like. The first two come from the paper that introduced the LSTM in 1997, or grew out of it.

### The adding problem

The network reads $T$ random numbers between 0 and 1, one per step. Two of them are **marked**. After the last step it must give the sum of
the two. One mark lies in the first half of the sequence, the other in the second half. So the network has to keep one number for many
steps, and it has to ignore all the unmarked ones.

**On paper first.** What does a network score that has learned nothing? The best constant answer is the mean of the sum, $\tfrac12 + \tfrac12 = 1$.
Its mean squared error is the variance of the sum. One uniform number has the variance $\int_0^1 (u - \tfrac12)^2\, du = \tfrac1{12}$, and two
independent ones have $\tfrac16 \approx 0.167$. A network without memory can do slightly better, because it sees the last step, and that one may be
marked: for 50 steps its error is 0.163. Remember these figures. An error of 0.16 after an hour of training means that the network remembers **nothing**.

**Your turn.** Use only the given generator for random numbers. Then equal seeds give equal batches, and anyone can repeat your experiment.

<details><summary>Hint 1: which random numbers does one example need?</summary>

$T$ numbers, the place of the first mark, and the place of the second mark. Each example in the batch needs its own.
</details>

<details><summary>Hint 2: which steps belong to the first half when T is odd?</summary>

The first `T // 2` steps. `rng.integers(low, high, size=B)` draws whole numbers from `low` up to `high - 1`, one for each example.
</details>

<details><summary>Hint 3: how do you set one mark in each column of a (T, B) array?</summary>

Index with two arrays, the places and `np.arange(B)`: `marks[places, np.arange(B)] = 1`. The same index reads the marked numbers from the array
of numbers. `np.stack([...], axis=-1)` joins numbers and marks; y needs a last axis of size 1.
</details>
"""

# %% grade_id="adding_batch_solution" solution=true
from autograder.reference.comparison import adding_batch

# %% grade_id="adding_batch" grade=true points=3
checks.adding_batch(adding_batch)

# %%
x, y = adding_batch(np.random.default_rng(3), 20, 1)
comparison.adding(x[:, 0], y[0])

# %% [markdown]
r"""
### The copy task

The network reads some symbols, waits for a long time, and then has to repeat the symbols in the same order. One stored number is not enough
here. The network must keep several symbols and their order.

Each step is *one-hot*: a row of zeros with a single 1. It has `symbols + 2` columns. With 5 symbols, column 5 says "wait" and column 6 says "answer".
A network that **guesses** is right once in five, so its share of wrong symbols is 0.8.

**On paper.** Take `length = 2`, `wait = 3`, and the symbols 4 and 1. The seven steps have their 1 in the columns 4, 1, 5, 5, 5, 6, 6. The right
answers at the last two steps are 4, 1.

**Your turn.** Again, all random numbers come from the generator.

<details><summary>Hint 1: what is random here, and what is the same in every example?</summary>

Only the symbols are random, `length` of them for each example. The waiting steps and the answering steps always look the same.
</details>

<details><summary>Hint 2: can you first write down which column is 1 at each step?</summary>

Make three arrays of whole numbers, with shapes `(length, B)`, `(wait, B)` and `(length, B)`: the random symbols, the column "wait", the column
"answer". `np.full(shape, value)` makes an array of one value; `np.concatenate` joins the three along time.
</details>

<details><summary>Hint 3: how do column numbers become one-hot rows?</summary>

Row k of the identity matrix `np.eye(n)` is the one-hot row for column k. You can index it with the whole array of column numbers at once.
</details>
"""

# %% grade_id="copy_batch_solution" solution=true
from autograder.reference.comparison import copy_batch

# %% grade_id="copy_batch" grade=true points=3
checks.copy_batch(copy_batch)

# %%
x, y = copy_batch(np.random.default_rng(4), 10, 1, 4, 5)
comparison.copying(x[:, 0], y[:, 0], 5)

# %% [markdown]
r"""
### Digits, pixel by pixel

The third task uses real data: 1797 handwritten digits of 8 × 8 pixels, by 13 people (*Optical Recognition of Handwritten Digits*, E. Alpaydin and
C. Kaynak 1998, UCI Machine Learning Repository, CC BY 4.0). We hold out 500 of them for scoring. The network reads **one pixel per step**, 64 steps
in all, and then says which digit it was. A network that always gives the same answer has an error near 0.9.
"""

# %%
images, labels = data.load_digits("training")
comparison.digit(images[7], labels[7])

# %% [markdown]
r"""
## 2 · What is fair?

"The same number of neurons" is not fair. With 32 neurons and two inputs, the LSTM has 4,480 parameters, the GRU 3,360, and the plain RNN 1,120.
Two other questions make sense, and they are different questions:

- **Equal parameters**, equal training steps: what can a cell do with the numbers that it may store?
- **Equal seconds**: what do I get for my time? A cheap cell can take more training steps.

For the first question you need the largest number of neurons that fits into a budget of parameters. One *block* of weights has $HD + HH + H$
numbers: input weights, recurrent weights and a bias. The RNN has one block, the GRU three, the LSTM four. Peepholes add three vectors
of $H$ numbers to the LSTM.

**On paper.** Take a budget of 100 and $D = 2$. The RNN may have $H = 8$, since $8 \cdot (2 + 8 + 1) = 88$, while 9 neurons need 108. The GRU may have 4
(84; 5 need 120), the LSTM 3 (72; 4 need 112).

**Your turn.** "At most" means that a budget may be used up exactly.

<details><summary>Hint 1: how many parameters does a cell with H neurons have?</summary>

The number of blocks times $H (D + H + 1)$; with peepholes, $3H$ more.
</details>

<details><summary>Hint 2: do you need to solve a quadratic equation?</summary>

You can, but rounding is then easy to get wrong. It's simpler to start at 0 and go up by one as long as the next size still fits.
</details>
"""

# %% grade_id="equal_parameter_size_solution" solution=true
from autograder.reference.comparison import equal_parameter_size

# %% grade_id="equal_parameter_size" grade=true points=2
checks.equal_parameter_size(equal_parameter_size)

# %% [markdown]
r"""
### Two claims that need no training

Claims **A** and **B** are about numbers that you can count. Make a guess first.
"""

# %%
widgets.predict("work_at_equal_parameters")

# %% [markdown]
r"""
Count the multiplications in one step for one example. We count a multiplication wherever a weight of a matrix meets an input or a state, so
a block has $H(D + H)$ of them. Biases are added, not multiplied. Products of gates and states, element by element, are left out:
they grow with $H$ only, the matrix products with $H^2$.

**On paper.** Take $D = 4$ and an LSTM with $H = 6$. It has $4 \cdot 6 \cdot 11 = 264$ parameters and does $4 \cdot 6 \cdot 10 = 240$ multiplications.
At most 264 parameters allow a GRU with 7 neurons ($3 \cdot 7 \cdot 12 = 252$; 8 need 312). It does $3 \cdot 7 \cdot 11 = 231$ multiplications.
So the sizes have the ratio $7/6$, and the multiplications at equal parameters have the ratio $231/240 = 0.9625$.

**Your turn.** Give five ratios, each of them GRU divided by LSTM.

<details><summary>Hint 1: which of the five ratios depend on D and H?</summary>

With $H$ neurons in both cells, $H$ and $D$ cancel from the ratios of gates, parameters and multiplications. Only the two ratios with
the larger GRU depend on them. And a candidate is a block, but it is not a gate.
</details>

<details><summary>Hint 2: how do you find the larger GRU?</summary>

The LSTM's parameters are the budget, $4 H (D + H + 1)$. Your `equal_parameter_size` gives the size of the GRU for it.
</details>

<details><summary>Hint 3: and its multiplications?</summary>

With `G` neurons the GRU does `3 * G * (D + G)` of them. Divide by those of the LSTM with H. There is no `+ 1` here, since biases are added.
</details>
"""

# %% grade_id="settle_by_counting_solution" solution=true
from autograder.reference.comparison import settle_by_counting

# %% grade_id="settle_by_counting" grade=true points=3
checks.settle_by_counting(settle_by_counting)

# %%
for size in (8, 32, 128, 512):
    ratios = settle_by_counting(10, size)
    work = ratios["multiplications at equal parameters"]
    print(f"LSTM: {size:3d} neurons, GRU: {ratios['units'] * size:.0f}; GRU's work: {work:.3f}")

# %%
widgets.reveal("work_at_equal_parameters")

# %% [markdown]
r"""
## 3 · One run, fairly

Most comparisons go wrong in this part. A run gets a model, an endless supply of fresh batches, and a limit. It is scored on batches
that it never trained on. The limit is a number of steps **or** of seconds.

The clock is an argument of your function, for two reasons. First, we use **processor time**, which stands still while your computer does something else.
Second, a test can pass a clock of its own, and then it knows exactly how many steps you should make.

One training step is the same for every cell: the loss, its gradient, clip the gradient's norm to 1 (unit 03), one step of Adam.

**On paper.** A model needs 0.25 s per step, and the limit is 1.1 s. Steps begin at 0, 0.25, 0.5, 0.75 and 1.0 s. None begins at 1.25 s. That makes
5 steps and 1.25 seconds. With a limit of exactly 1.0 s, the step at 1.0 does not begin: 4 steps.

**Your turn.** Three things are easy to forget: torch *adds* new gradients to the old ones, so set them to zero in each step; the
norm to clip is that of all parameters together; and the time for scoring doesn't count.

<details><summary>Hint 1: what has to exist before the loop, and what must be asked before each step?</summary>

Before the loop: the optimiser `torch.optim.Adam(model.parameters(), rate)`, an empty list of losses, and the time at which training begins. Before
each step: are there `steps` losses already, or have `seconds` or more passed since then? Loop over the batches with `for`, since they may be endless.
</details>

<details><summary>Hint 2: how do the two kinds of loss work with one answer and with several?</summary>

`torch.nn.functional` has `mse_loss` and `cross_entropy`. The cross-entropy wants one row of scores per answer: `output.flatten(0, -2)` puts all
axes but the last into one, and `y.flatten()` does the same for the answers.
</details>

<details><summary>Hint 3: how do you clip, and how do you score batches of different sizes?</summary>

`torch.nn.utils.clip_grad_norm_` takes the parameters and the largest norm; it stands between `backward()` and the optimiser's `step()`. For the score,
collect one error per answer over all held-out batches (inside `torch.no_grad()`), join them with `torch.cat`, and take the mean once.
</details>
"""

# %% grade_id="train_and_score_solution" solution=true
from autograder.reference.comparison import train_and_score

# %% grade_id="train_and_score" grade=true points=5
checks.train_and_score(train_and_score)

# %% [markdown]
r"""
Here is one run of your function: a GRU with 32 neurons learns to add two numbers out of ten.
"""

# %%
torch.manual_seed(0)
gru = networks.Network("gru", 2, 32, 1)
adding = trials.tasks(trials.QUICK, adding_batch, copy_batch)["adding"]
one = train_and_score(gru, adding.endless(0), adding.held_out, "number", steps=200)
print(f"error on new data: {one['score']:.4f}; always saying 1 would give 0.1667")
print(f"{one['seconds']:.2f} seconds of processor time")
comparison.one_run(one["losses"])

# %% [markdown]
r"""
Run the cell again with another number in `torch.manual_seed`, and you'll see another curve. How far can you trust a single run?

## 4 · Many runs, one table

One run is an anecdote. We run each combination of task, cell and budget with **three seeds**, that is, with other weights at the start and other batches.
Then we look at the mean, and at the *spread*: how far apart the seeds are. Two rules keep us honest. A run that failed is not left
out. And a single run has no known spread.

**On paper.** The scores are 1, 2 and 6. The mean is 3, the deviations are $-2, -1, 3$, and their squares add up to 14. The spread is $\sqrt{14 / 2} \approx 2.6458$:
for a sample, we divide by $N - 1$.

**Your turn.** Each record stands for one run.

<details><summary>Hint 1: which runs belong into the same row?</summary>

Those with the same task, the same budget and the same cell. These three together can be the key of a dict, as a tuple.
</details>

<details><summary>Hint 2: how do you collect the scores and keep the order?</summary>

A dict keeps its keys in the order in which they were added. For each record, append its score to the list that belongs to its key.
</details>

<details><summary>Hint 3: which spread is it, and what about one run, or a failed one?</summary>

`np.std(scores, ddof=1)` divides by N - 1. For a list of one score, give `math.nan` instead. A score that is nan needs nothing special: NumPy's mean
and std are then nan, too, as they should be.
</details>
"""

# %% grade_id="summarise_solution" solution=true
from autograder.reference.comparison import summarise

# %% grade_id="summarise" grade=true points=3
checks.summarise(summarise)

# %% [markdown]
r"""
## 5 · Measure

Now you have all the parts. Start with the **quick** setting; it takes well under a minute:

| | quick | full |
|---|---|---|
| adding | 10 steps | 50 steps |
| copy | 3 symbols, 5 steps of waiting | 5 symbols, 20 steps of waiting |
| digits | 4 × 4 pixels, 16 steps | 8 × 8 pixels, 64 steps |
| equal parameters (those of an LSTM with 32 neurons) | 120 training steps | 1200 training steps |
| equal seconds (32 neurons each) | 0.2 s | 6 s |
| all 72 runs together | well under a minute | about 10 to 15 minutes |
"""

# %%
widgets.predict("quick_copy")

# %%
FULL = False

setting = trials.yours(full=FULL)
log = measuring.Log("measured-full.jsonl" if FULL else None)

# %%
tasks = trials.tasks(setting, adding_batch, copy_batch)
mine = trials.measure(setting, log, tasks, train_and_score, equal_parameter_size)

# %%
rows = summarise(mine)
comparison.show_table(rows, f"Your measurement ({setting.label} setting): error, mean ± spread")
comparison.standings(rows, f"Who stands where? Your measurement ({setting.label} setting)")

# %%
widgets.reveal("quick_copy", lambda: trials.say_who_copies_best(setting, rows))

# %% [markdown]
r"""
The four networks are loops over time in Python, with one matrix product for all blocks (`course/networks.py`). torch's own layers are
several times faster, but not equally so, and none of them has peepholes. A comparison by the clock would then measure who wrote the layer.
**So "seconds" here means: processor time, in this code.**

Set `FULL = True` when you have the time. You can **stop at any time** with the square button. Finished runs are kept, and if you run the
cell again, it goes on with the rest. The runs of the full setting are also kept in the file `measured-full.jsonl` beside this notebook. Did you change a
function above? The kept runs were made with the old one: write `log.begin_anew()` into a cell of its own, run it once, and measure again.

Grading does not depend on any of this, so hand in with whichever setting you like.

### Our measurement, full setting

Here is what we measured with the full setting, summarised by **your** `summarise`. We used the seeds 0, 1 and 2; your full setting uses 3, 4 and 5. So if you
ran it, you have three further seeds. In six seconds your computer may also make more or fewer steps than ours. Where the two
tables disagree, argue with **yours**.
"""

# %%
widgets.predict("long_sequences")

# %%
ours, how = trials.our_measurement()
full_rows = summarise([record for record in ours if record["task"] != "rows"])


def draw_ours():
    print(how)
    comparison.show_table(full_rows, "Our measurement (full setting): error, mean ± spread")
    return comparison.our_standings(full_rows)


widgets.reveal("long_sequences", draw_ours)

# %% [markdown]
r"""
**Equal parameters.** On adding, the plain RNN is no better than guessing. One of its three runs ended at 0.33, worse than a network that always says 1, and
this run counts like the others. All gated cells end near 0.001. On copying they differ: the GRU gets 0.007 ± 0.005 of the symbols wrong, the LSTM
0.098 ± 0.024, the LSTM with peepholes 0.144 ± 0.043. On the digits these three lie between 0.15 and 0.18 with spreads of 0.02 to 0.03: we saw no
difference.

**Equal seconds.** The plain RNN makes three or four times as many steps as the LSTM, and still adds badly: 0.11 ± 0.05, while the gated cells stay below
0.002. Its three runs of copying ended at 0.02, 0.05 and 0.75, so with a single seed you could have reported almost anything. The GRU still copies best, but the
difference is only just larger than the spreads. Peepholes cost time: with equal parameters, the LSTM with peepholes has the best mean on the digits; with
equal seconds, the worst.

How many training steps did six seconds buy?
"""

# %%
trials.print_steps_bought(ours)

# %% [markdown]
r"""
Look at claim B by the clock. A step of a GRU with 32 neurons has three quarters of the LSTM's multiplications, and yet the same time bought about as many
steps. A likely reason: its candidate has to wait for the reset gate, so two matrix products follow each other where the LSTM needs
one. In a large network, or in another program, the result may be different.

### Who learns sooner?

A final score doesn't show how a cell got there. Here are the losses on the adding problem during training, at equal parameters.
"""

# %%
trials.print_first_below(ours, 0.02)
comparison.our_learning(ours)

# %% [markdown]
r"""
For a long time a gated cell seems to learn nothing. Then its loss falls to a tenth within a few hundred steps. In our runs the GRU's loss falls **about twice as
soon** as the LSTMs'. After 1200 steps you can't see this any more: by the final score alone, they look equal. If we had stopped at step 300, we
would have reported that the GRU can add and the LSTM cannot.

### A task that needs less memory

Now the same digits, one **row** per step: 8 steps of 8 numbers instead of 64 steps of one number.
"""

# %%
widgets.predict("digits_by_rows")

# %%
by_rows = [run for run in ours if run["task"] in ("digits", "rows")]
row_table = summarise([run for run in by_rows if run["budget"] == "parameters"])
caption = "Our measurement: digits by pixels and by rows, share of wrong answers"
widgets.reveal("digits_by_rows", lambda: comparison.show_table(row_table, caption))

# %% [markdown]
r"""
## 6 · Change the start, and measure again

So far each cell began training in one way. The forget gates of the LSTMs had the bias 1 (unit 04). The biases of the GRU were small random numbers, as
torch draws them. The RNN's recurrent weights were random, too. Nobody says that these starts are equally good for the three cells.
So we repeated the copy task, at equal parameters and with the full setting, and changed **one** thing at the start:

- the LSTM's forget bias: 0, or 3;
- the GRU's update bias $b_z$: $-1$, or $-3$, as unit 07 did for long memory;
- the RNN's recurrent matrix: orthogonal (unit 03), so that it preserves lengths.
"""

# %%
widgets.predict("another_start")

# %%
starts = trials.our_other_starts()
widgets.reveal("another_start", lambda: comparison.our_starts(starts))

# %% [markdown]
r"""
Read the rows from top to bottom. The plain RNN with orthogonal weights gets 0.027 ± 0.020 of the symbols wrong; with random weights it was
0.47 ± 0.25. The LSTM learns nothing at all with a forget bias of 0 (0.80 is guessing), and 0.072 ± 0.015 remain with a bias of 3. The GRU, our winner, fails
with $b_z = -3$: 0.457 ± 0.019. A likely reason: its update gate opens to 0.05 at the start. That protects the old state, but it also lets hardly any symbol
in, and 1200 training steps were not enough to open it. In unit 07 the same start was the one that worked, on another task.

So what did section 5 measure? Cells **with their starts**. "The GRU copies better than the LSTM" is true for the starts that we had chosen, and for these
1200 steps. Whenever you read that one network beats another, ask how each of them was started, and how many starts were tried.

## 7 · What a measurement does not say

Before you write a verdict, look for what could be wrong with the measurement. Here is what could be wrong with ours:

- **Three seeds** are few. Where two cells lie closer together than their spreads, the next seed can change their order. Say "we saw no difference", not "they are equal".
- **One learning rate**, 0.005, for all cells. Another rate may suit another cell. A fair search would give each cell the same number of tries.
- **Few starts**, as you've just seen, and on one task only.
- **These seconds** are seconds of this Python code. A library that fuses a cell's operations changes the ratio of the times, not the number of steps.
- **Three small tasks**: none of them is speech, music or language, and no network has more than 70 neurons.

Change what you doubt. `trials.FULL` is a plain object, and `dataclasses.replace(trials.FULL, adding=100, steps=2000)` makes another one (after
`import dataclasses`). Before it starts, the measuring cell tells you about how long it will take.

## 8 · Your verdict

You have settled claims A and B by counting. Your table and ours are about C and D. Write your verdict in the cell below the rubric. Copy these lines into it;
they make a table. The verdict is *holds*, *holds if ...*, *does not hold* or *not decided*. Then add four to eight sentences.

```
| claim | the number that decides it | my verdict |
|---|---|---|
| A. three gates against two | ... | ... |
| B. the GRU computes less | ... | ... |
| C. the LSTM is more accurate on long sequences | ... | ... |
| D. their performance is similar | ... | ... |
```

**How this answer is graded, by a person (6 points):**

| points | for |
|---|---|
| 1 | A and B: the verdicts follow from the counts, and say at equal *what* |
| 1 | C: a number with its spread from a long task (adding or digits with 50 steps or more, or the full copy task) at equal parameters, and a verdict that follows from it |
| 1 | D: the same at equal seconds, where cost counts, too |
| 1 | at least one case in which the order of the cells changes, with a reason: the task, its length, the kind of budget, the start |
| 1 | at least one difference that you call undecided, because the spreads overlap or because three seeds are too few |
| 1 | a recommendation for a task of your choice, and what you would measure before you trust it |

An opinion without a number earns nothing here. Any verdict that your numbers support earns the points, also if it differs from ours.
"""

# %% [markdown] grade_id="lstm_or_gru" grade=true solution=true points=6
r"""
YOUR ANSWER HERE
"""

# %% [markdown]
r"""
## What to remember

- Before training, say what a network scores that has learned nothing: 1/6 on adding, 0.8 on copying five symbols, about 0.9 on digits.
- "Equal" needs a second word: parameters, steps, or seconds. The order of the cells depends on it.
- At equal parameters a GRU multiplies about as often as an LSTM. It computes less only if you give it less.
- Give mean, spread and number of runs. A failed run counts. Short and easy tasks say little about memory.
- Ask how each cell was started. On our copy task, the start mattered as much as the choice of the cell.

You have built the cells, worked out their gradients, looked into their gates and measured them. When the next cell comes along with its claims, you know what to ask.

**Next:** unit 11 uses your own cell on real data, and then looks at what came after the gates.

## Going further

- S. Hochreiter and J. Schmidhuber (1997), *Long short-term memory*, Neural Computation 9. The adding problem is among its experiments.
- J. Chung, C. Gulcehre, K. Cho and Y. Bengio (2014), *Empirical evaluation of gated recurrent neural networks on sequence modeling* (arXiv 1412.3555). LSTM, GRU and tanh at about equal parameters, by steps and by time.
- R. Jozefowicz, W. Zaremba and I. Sutskever (2015), *An empirical exploration of recurrent network architectures*, ICML.
- K. Greff, R. K. Srivastava, J. Koutník, B. R. Steunebrink and J. Schmidhuber (2015), *LSTM: a search space odyssey* (arXiv 1503.04069). What happens when you take away one part of the LSTM after another.
- Q. V. Le, N. Jaitly and G. E. Hinton (2015), *A simple way to initialize recurrent networks of rectified linear units* (arXiv 1504.00941). Adding and images pixel by pixel, with a plain RNN that starts well.
- Try it: make a GRU with `networks.Network("gru", 2, 32, 1)`, call its method `start_at(-3.0)`, and train it as in section 3. Does it still learn the short task as soon?
"""
