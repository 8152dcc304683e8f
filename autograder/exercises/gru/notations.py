"""Unit 04: translating between notations, torch's variant, and counting; and what each check is worth."""

import numpy as np

from autograder.exercises.checks import pure, values
from autograder.exercises.exercise import Exercise, collect
from autograder.exercises.gru import drawing
from autograder.exercises.gru.alternatives import notations as right
from autograder.exercises.gru.misconceptions import loading, notations
from autograder.reference import gru_notations

SIZES = ("more units", "more inputs", "as many inputs as units")


def view_torch_gru(module):
    """What a torch GRU computes with: for r and z only the sum of its two biases counts, for n each by itself."""
    if module.kind != "GRU":
        raise TypeError("not a torch.nn.GRU")
    state = dict(module.state)
    W, U = state.pop("weight_ih_l0"), state.pop("weight_hh_l0")
    b_x, b_h = (np.asarray(state.pop(name, np.zeros(len(W)))) for name in ("bias_ih_l0", "bias_hh_l0"))
    gates = 2 * U.shape[1]
    kind = {key: module.settings[key] for key in ("mode", "num_layers", "batch_first", "bidirectional")}
    return {
        "W": W,
        "U": U,
        "gates": (b_x + b_h)[:gates],
        "candidate": (b_x[gates:], b_h[gates:]),
        "kind": kind | {"precision": W.dtype.name},
        "more": sorted(state),
    }


TRANSLATE = Exercise(
    gru_notations.translate_gru,
    drawing.draw_translations,
    (
        values("between gamma and z_new", "from gamma to z_new", "from z_new to gamma"),
        values("between z_new and u_old", "from z_new to u_old", "from u_old to z_new"),
        values("between gamma and u_old", "from gamma to u_old", "from u_old to gamma", "square matrices"),
        values("from a form to itself", *(f"from {form} to {form}" for form in drawing.FORMS), weight=0.5),
        pure("from z_new to u_old", "from u_old to gamma", weight=0.5),
    ),
    collect(notations.translate_gru),
    collect(right.translate_gru),
)

TORCH_STEP = Exercise(
    gru_notations.torch_gru_step,
    drawing.draw_torch_step,
    (
        values("the new state of one example", "one example"),
        values("the new states of a batch", "a batch", "one unit"),
        values("square matrices and batches", "as many inputs as units", "three examples, three units"),
        values("large inputs", "large inputs", weight=0.5),
        pure("one example", "a batch"),
    ),
    collect(notations.torch_gru_step),
    collect(right.torch_gru_step),
)

LOAD = Exercise(
    gru_notations.load_into_torch_gru,
    drawing.draw_loading,
    (
        values("the input weights", *SIZES, part="W"),
        values("the recurrent weights", *SIZES, part="U"),
        values("the biases of the two gates", *SIZES, part="gates", weight=0.5),
        values("the bias of the candidate, outside the product with r", *SIZES, part="candidate", weight=0.5),
        values(
            "one layer in float64, time first, nothing else",
            "more units",
            part=lambda view: (view["kind"], view["more"]),
            weight=0.5,
        ),
    ),
    collect(loading.load_into_torch_gru),
    collect(right.load_into_torch_gru),
    library=True,
    view=view_torch_gru,
)

COUNT = Exercise(
    gru_notations.count_parameters,
    drawing.draw_counting,
    tuple(
        values(f"the {what}", *(f"{cell}, size {n}" for cell in cells for n in range(3)))
        for what, cells in (
            ("plain RNN", ("rnn",)),
            ("simplified GRU", ("simplified_gru",)),
            ("GRU", ("gru",)),
            ("GRU of torch", ("torch_gru",)),
            ("LSTM, with and without peepholes", ("lstm", "peephole_lstm")),
        )
    ),
    collect(loading.count_parameters),
    collect(right.count_parameters),
)
