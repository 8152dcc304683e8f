# %% [markdown]
r"""
# Start here

Welcome. In this course you build networks that read one thing after another and decide, at every step, what to keep and what to forget. You write
each of them yourself: first the plain recurrent network, then the LSTM, then the GRU, forwards and backwards.

This page is not graded. Come back to it whenever you like:

1. **Is this computer ready?** A self-test, one minute.
2. **How a unit works**, and what its checks tell you.
3. **Save, validate, hand in**, also from Binder.
4. **How far am I?** Your own progress over all units.
5. **The notation** of the whole course on one page.

**First thing to learn:** click into the grey cell below and press **Shift+Enter**. That runs it and goes on to the next. *Run > Run All Cells* in the menu
at the top runs the whole page.
"""

# %% setup=true
from course import selftest

# %% [markdown]
r"""
*If that cell said* `ModuleNotFoundError: No module named 'course'`*: the course is not installed where this notebook runs. Open a terminal in the
folder of the course (the one that holds `pyproject.toml`), run* `pip install -e .`*, then choose Kernel > Restart Kernel here and try again.*

## 1 · Is this computer ready?

Every line says OK, or what to do.
"""

# %%
selftest.run()

# %% [markdown]
r"""
Many figures of the course follow sliders. Press the button, then move the slider: does the line below them answer?
"""

# %%
_ = selftest.listen()

# %% [markdown]
r"""
*No answer?* Run the cell above again: buttons live only as long as the kernel that made them. *Still none, or no button to be seen?* Reload the page in
your browser and choose Run > Run All Cells. If that does not help either, you can still do everything: each figure is drawn once without its sliders.

## 2 · How a unit works

A unit is one notebook in a folder of its own, `01-rnn/rnn.ipynb` for example; open it in the file browser on the left. Read it and run its cells
from top to bottom with Shift+Enter. You will meet four kinds of cells:

| what you see | what you do |
|---|---|
| text, equations | read. What each letter means is said in a table nearby, and in section 5 of this page |
| a figure, or a question with a few answers | **guess first**, then run the next cell. A wrong guess is worth more than no guess, and nobody grades it |
| code with `YOUR CODE HERE` | your turn: replace the line `raise NotImplementedError` by your code. The text in quotes above it says what comes in, what goes out, and in which shape. Keep the function's name and its arguments |
| the cell right below it | the **visible checks** of your code. Run it: it says ✓, or in words what it expected and what it saw |

Some units end with a question and `YOUR ANSWER HERE`. Double-click, write your answer in its place, press Shift+Enter. A person reads it.

**What ✓ means.** The visible checks passed; often that is most of the way. Grading asks your function more, with fresh numbers and
other shapes, and says by name which checks passed. Each check earns its own points, so a half-right function earns something. And a mistake is paid
for once: what builds on it later is judged as if the earlier part were right.

**When you are stuck.** Above each exercise there are two or three hints, folded: open one at a time. To see what a check compares, run its name with two
question marks, for example `checks.rnn_step??`. You can also leave an exercise and go on: where your function is needed, the page shows what the course's own
gives. Print shapes. Work an example of size 1 on paper. Add cells of your own wherever you like; they do no harm. And when nothing makes sense any
more, choose Kernel > Restart Kernel and Run All Cells Up To Selected Cell: a notebook remembers cells that you have changed or deleted since.

## 3 · Save, validate, hand in

**Save** with Ctrl+S (Cmd+S on a Mac). JupyterLab also saves by itself every two minutes, but what you hand in is what you saved last. A dot in the notebook's tab
means that something is not saved yet.

**Validate** is a button in the toolbar of each unit. It saves your notebook, runs it afresh from top to bottom, and lists the visible checks that do not
pass.

- *"Success! Your notebook passes all the tests."* The **visible** checks pass, and pass in a fresh kernel, where nothing is left over from cells that are gone. It does not say that the
  hidden checks will pass, and it does not read your written answers.
- *A list of cells* with what each one says. An exercise that you have not written yet is on it, and so is a question that still says `YOUR ANSWER HERE`. You may hand in such a notebook
  all the same: what is there counts.
- *"The source of the following cell has changed, but it should not have!"* You changed a check, perhaps by a slip. Undo it (click into the cell, Ctrl+Z): until then Validate says nothing about the others. Grading uses its own
  copy of every check, so a changed one costs you nothing and gains you nothing.

**Hand in** the way your class does it:

| your class uses | do this |
|---|---|
| a learning platform (Moodle, Canvas, ...) | Save. *File > Download*. Upload the `.ipynb` file there, not a PDF and not a ZIP, unless your class asks for one |
| nbgrader on one JupyterHub | *Nbgrader > Assignment List* in the menu at the top: *Fetch* a unit, open **that copy** and work in it. Save it, then *Submit*, as often as you like: the last one counts |

**Leave the file's name as it is.** Unit 01 is handed in as `rnn.ipynb`. A browser that downloads a file twice calls the second one `rnn (1).ipynb`, and under that name it is not found.
Rename it to `rnn.ipynb` before you upload it, and check that it is the newer one.

### On Binder

Binder lends you a computer for a while. When you have done nothing for about ten minutes, or close the page, **it is gone, with everything on it**. So:

1. **Before you stop**, save, and download each notebook that you worked on: *File > Download*.
2. **To go on**, open Binder again. In the file browser on the left, go into the folder of the unit (`01-rnn`), drag your file from your computer into it, and say *Overwrite* when JupyterLab asks. It must
   have its right name, `rnn.ipynb`; a file called `rnn (1).ipynb` would lie beside the empty one.
3. **To hand in**, hand in the file that you downloaded.

## 4 · How far am I?

The next cell reads your notebooks, **as you last saved them**, and shows what is filled in. It runs nothing and changes nothing. Run it as often as you like; click a unit's
name to open it.
"""

# %%
from course import progress

progress.show()

# %% [markdown]
r"""
*Do your units lie somewhere else*, because your class fetches them into another folder? Name it: `progress.show("/home/me/course")`.

## 5 · The notation on one page

The same cell is written differently in every book. The course uses the notations below side by side and shows when two of them are the same function. You need none of this now. It is here for later.

### Letters and shapes

| letter | what it is | shape |
|---|---|---|
| $B,\ T$ | examples in a batch; steps in a sequence | numbers |
| $D,\ H$ | size of an input; size of a state (how many units) | numbers |
| $x_t$ | input at step $t$ | `(B, D)`; a whole sequence `(T, B, D)`, time first |
| $h_t$ | state after step $t$ | `(B, H)`; all states `(T, B, H)` |
| $c_t$ | the cell of an LSTM. In Gamma notation, the state of a GRU, too | `(B, H)` |
| $a_t$ | activation, in Gamma notation: what is shown | `(B, H)` |
| $W$ on $x$ | input weights | `(H, D)` |
| $U$, or $W$ on $h$ or $c$ | recurrent weights | `(H, H)` |
| $b$; $w_{c\cdot}$ | bias; peephole weights | `(H,)` |
| $i, f, o$; $z, r$; $u$; $\Gamma$ | gates: each value lies between 0 and 1 | `(B, H)` |
| $g$, $\tilde h$, $\tilde c$, $n$ | candidate (also called proposal): what could be stored | `(B, H)` |
| $\sigma$; $\odot$ | the logistic function; product element by element | |

Formulas are for **one** example, a column: $W x$. Code holds one example a **row**, so the same product is `x @ W.T`. torch stores its weights in the same way. Where a book writes $W^\top x$, its $W$ is our
$W$ transposed.

### The recurrent network (Elman)

$$h_{t+1} = \tanh(W x_{t+1} + U h_t + b) \qquad\qquad \frac{\partial h_{t+1}}{\partial h_t} = \mathrm{diag}(1 - h_{t+1}^2)\, U$$

torch has two biases and adds them up: `bias_ih_l0` $+$ `bias_hh_l0` $= b$.

### The LSTM, in three forms

**Plain** (torch's own):

$$\begin{aligned}
i_t &= \sigma(W_{xi} x_t + W_{hi} h_{t-1} + b_i) & f_t &= \sigma(W_{xf} x_t + W_{hf} h_{t-1} + b_f) \\
o_t &= \sigma(W_{xo} x_t + W_{ho} h_{t-1} + b_o) & g_t &= \tanh(W_{xc} x_t + W_{hc} h_{t-1} + b_c) \\
c_t &= f_t \odot c_{t-1} + i_t \odot g_t & h_t &= o_t \odot \tanh(c_t)
\end{aligned}$$

**With peepholes**, the gates see the cell, too. The output gate sees the **new** one:

$$\begin{aligned}
i_t &= \sigma(W_{xi} x_t + W_{hi} h_{t-1} + w_{ci} \odot c_{t-1} + b_i) \\
f_t &= \sigma(W_{xf} x_t + W_{hf} h_{t-1} + w_{cf} \odot c_{t-1} + b_f) \\
c_t &= f_t \odot c_{t-1} + i_t \odot \tanh(W_{xc} x_t + W_{hc} h_{t-1} + b_c) \\
o_t &= \sigma(W_{xo} x_t + W_{ho} h_{t-1} + w_{co} \odot c_t + b_o) \\
h_t &= o_t \odot \tanh(c_t)
\end{aligned}$$

**Gamma notation**: everything looks at the old *cell*, and the output has no tanh:

$$\begin{aligned}
\tilde c_t &= \tanh(W_{cc} c_{t-1} + W_{cx} x_t + b_c) & \Gamma_g &= \sigma(W_{gc} c_{t-1} + W_{gx} x_t + b_g), \quad g \in \{u, f, o\} \\
c_t &= \Gamma_u \odot \tilde c_t + \Gamma_f \odot c_{t-1} & a_t &= \Gamma_o \odot c_t
\end{aligned}$$

### The GRU, in five forms

| form | candidate | new state |
|---|---|---|
| **Gamma, simplified** | $\tilde c_t = \tanh(W_{cc} c_{t-1} + W_{cx} x_t + b_c)$ | $c_t = \Gamma_u \odot \tilde c_t + (1 - \Gamma_u) \odot c_{t-1}$ |
| **Gamma, full** | $\tilde c_t = \tanh(W_{cc} (\Gamma_r \odot c_{t-1}) + W_{cx} x_t + b_c)$ | the same; $a_t = c_t$ |
| **z/r**, $z$ on the **new** | $\tilde h_t = \tanh(W_h x_t + U_h (r_t \odot h_{t-1}) + b_h)$ | $h_t = (1 - z_t) \odot h_{t-1} + z_t \odot \tilde h_t$ |
| **u** on the **old** | $\tilde h_t = \tanh(W_{xh} x_t + W_{hh} (r_t \odot h_{t-1}) + b_h)$ | $h_t = u_t \odot h_{t-1} + (1 - u_t) \odot \tilde h_t$ |
| **torch**, $z$ on the **old**, reset **after** the product | $n_t = \tanh(W_{in} x_t + b_{in} + r_t \odot (W_{hn} h_{t-1} + b_{hn}))$ | $h_t = z_t \odot h_{t-1} + (1 - z_t) \odot n_t$ |

Every gate is $\sigma$ of the same three terms: weights on $x_t$, weights on the old state, a bias (torch: two biases).

### From one notation to another

| here | in Gamma notation | in words |
|---|---|---|
| $i$ (LSTM) | $\Gamma_u$ | how much of the candidate is stored |
| $f$ (LSTM) | $\Gamma_f$ | how much of the old cell stays; takes the place of $1 - \Gamma_u$ in the GRU |
| $o$ (LSTM) | $\Gamma_o$ | how much of the cell is shown |
| $g$ | $\tilde c$ | the candidate |
| $h$ (LSTM) | $a$ | what is shown |
| $z$ on the new (GRU) | $\Gamma_u$ | 1: take the candidate, 0: copy the old state |
| $r$ | $\Gamma_r$ | "relevance" names the open gate, "reset" the shut one: it is one gate |

| what is the same function, and what is not | |
|---|---|
| $z$ on the new and $u$ on the old | the same, after the update gate's weights and bias change sign: $\sigma(-a) = 1 - \sigma(a)$, so $u = 1 - z$ |
| Gamma (full) and z/r | the same, under other names |
| peepholes all 0 and the plain LSTM | the same |
| the Gamma LSTM and the plain LSTM | **not** the same, until $a_{t-1}$ takes the place of $c_{t-1}$ in the gates and the candidate, and the output becomes $\Gamma_o \odot \tanh(c_t)$ |
| torch's GRU and the others | **not** the same in general: it resets after the product. They agree where $r$ is the same for all units, where $U$ is diagonal, and where $H = 1$ (biases placed alike) |

| torch stacks the rows of its weights as | |
|---|---|
| `torch.nn.LSTM` | $i, f, g, o$, each `(H, ...)`, so `(4H, ...)` |
| `torch.nn.GRU` | $r, z, n$, each `(H, ...)`, so `(3H, ...)` |

**Now open unit 01**, in the file browser on the left or with the link in section 4. It begins with one line, and by the end of unit 02 you have trained a network with gradients that you worked out yourself.
"""
