"""Unit 03: the exercises, how their inputs are drawn, and what each check is worth."""

import numpy as np

from autograder.exercises.checks import pure, related, values
from autograder.exercises.exercise import Case, Exercise, collect
from autograder.exercises.lstm import alternatives, misconceptions
from autograder.exercises.lstm.drawing import (
    draw_cell_path_gain,
    draw_init_forget_bias,
    draw_lstm_backward,
    draw_lstm_forward,
    draw_params,
    gamma,
    pair,
    plain,
    steps,
    ways_back,
)
from autograder.reference import lstm

STEPS = ("one example", "a batch", "as many inputs as units", "large inputs")
WAYS = ("a batch", "one example", "as many inputs as units")
SEQUENCES = ("a sequence", "one example", "as many steps as examples")


def view_torch_lstm(module):
    """What a torch LSTM computes with, however the bias is shared out between its two."""
    state = dict(module.state)
    W, U = state.pop("weight_ih_l0"), state.pop("weight_hh_l0")
    biases = [state.pop(name) for name in ("bias_ih_l0", "bias_hh_l0") if name in state]
    if module.kind != "LSTM" or any(bias.shape != W.shape[:1] for bias in biases):
        raise TypeError("not a torch.nn.LSTM as it was asked for")
    kind = {key: module.settings[key] for key in ("num_layers", "batch_first", "bidirectional", "proj_size")}
    return {"W": W, "U": U, "b": sum(biases), "kind": kind | {"precision": W.dtype.name}, "more": sorted(state)}


def both(first, second, *cases):
    """Checks of a result that is a pair, each part in the ordinary cases, then both in the special ones."""
    return (
        *(
            values(f"{what}, {how}", *where, part=part, weight=weight)
            for part, what in ((0, first), (1, second))
            for how, where, weight in cases
        ),
    )


STEP_CASES = (
    ("for one example", ("one example",), 1),
    ("for a batch", ("a batch", "as many inputs as units"), 1),
    ("for large inputs", ("large inputs",), 0.5),
)


def step_exercise(name, start, params, uses=()):
    first = "the activation" if "gamma" in name else "the new state"
    return Exercise(
        getattr(lstm, name),
        steps(start, params),
        (*both(first, "the new cell", *STEP_CASES), pure(*STEPS[:2], weight=0.5)),
        collect(getattr(misconceptions, name)),
        collect(getattr(alternatives, name)),
        uses=uses,
    )


def gradients(where, names):
    """Checks of what the way back returns: each gradient by name, then the parameters' by kind."""
    kinds = {"input weights": "W_x", "recurrent weights": "W_h", "biases": "b_"} | (
        {"peepholes": "w_c"} if "w_c" in names else {}
    )
    return (
        values("the gradient of the input", *where, part=0),
        values("the gradient of the old state", *where, part=1),
        values("the gradient of the old cell", *where, part=2, weight=1.5),
        *(
            values(
                f"the gradients of the {kind}",
                *where,
                part=lambda result, start=start: {
                    name: result[3][name] for name in sorted(result[3]) if name.startswith(start)
                },
            )
            for kind, start in kinds.items()
        ),
    )


def exercise(name, draw, checks, **more):
    return Exercise(
        getattr(lstm, name),
        draw,
        checks,
        collect(getattr(misconceptions, name)),
        collect(getattr(alternatives, name)),
        **more,
    )


ALL_PARAMS = ("more units", "more inputs", "as many inputs as units")
EXERCISES = (
    step_exercise("lstm_step", pair, plain),
    exercise(
        "lstm_forward",
        draw_lstm_forward,
        (
            *both(
                "the states",
                "the cells",
                ("of a sequence", ("a sequence",), 2),
                ("of one step", ("one step",), 0.5),
                ("of one example, and of as many steps as examples", ("one example", "as many steps as examples"), 0.5),
            ),
            related(
                "a later input does not change an earlier state",
                "a sequence",
                "its last inputs changed",
                lambda a, b: np.allclose(a[0][:4], b[0][:4]) and not np.allclose(a[0][4:], b[0][4:]),
                weight=0.5,
            ),
            related(
                "the examples of a batch do not mix",
                "a sequence",
                "its batch reversed",
                lambda a, b: np.allclose(a[0][:, ::-1], b[0]) and np.allclose(a[1][:, ::-1], b[1]),
                weight=0.5,
            ),
            pure("a sequence", weight=0.5),
        ),
        uses=("lstm_step",),
    ),
    step_exercise("peephole_lstm_step", pair, lambda rng, D, H, scale: plain(rng, D, H, scale, peepholes=True)),
    step_exercise("gamma_lstm_step", lambda rng, B, H: pair(rng, B, H)[1:], gamma),
    exercise(
        "gamma_names",
        lambda rng: {"the dictionary": Case(())},
        (
            *tuple(
                values(
                    f"the names of the {kind}",
                    "the dictionary",
                    part=lambda table, start=start: {
                        name: theirs for name, theirs in table.items() if name.startswith(start)
                    },
                )
                for kind, start in (("input weights", "W_x"), ("recurrent weights", "W_h"), ("biases", "b_"))
            ),
            values("nothing besides", "the dictionary", part=sorted, weight=0.5),
        ),
    ),
    exercise(
        "lstm_from_gamma",
        draw_params(gamma),
        (
            *tuple(
                values(
                    f"the {kind}",
                    *ALL_PARAMS,
                    part=lambda made, start=start: {
                        name: value for name, value in made.items() if name.startswith(start)
                    },
                )
                for kind, start in (("input weights", "W_x"), ("recurrent weights", "W_h"), ("biases", "b_"))
            ),
            values("these parameters and no others", *ALL_PARAMS, part=sorted, weight=0.5),
        ),
        uses=("gamma_names",),
    ),
    step_exercise("mended_gamma_step", pair, gamma),
    exercise("lstm_step_backward", ways_back(False), (*gradients(WAYS, ()), pure("a batch", weight=0.5))),
    exercise(
        "lstm_backward",
        draw_lstm_backward,
        (
            *gradients(SEQUENCES, ()),
            values("a sequence of one step", "one step", weight=0.5),
            pure("a sequence", weight=0.5),
        ),
        uses=("lstm_step", "lstm_forward", "lstm_step_backward"),
    ),
    exercise("peephole_lstm_step_backward", ways_back(True), (*gradients(WAYS, ("w_c",)), pure("a batch", weight=0.5))),
    exercise(
        "load_into_torch_lstm",
        draw_params(plain),
        (
            values("the input weights, stacked", *ALL_PARAMS, part="W"),
            values("the recurrent weights, stacked", *ALL_PARAMS, part="U"),
            values("the sum of the two biases, stacked", *ALL_PARAMS, part="b"),
            values(
                "one layer in float64, time first, nothing else",
                "more units",
                part=lambda view: (view["kind"], view["more"]),
                weight=0.5,
            ),
        ),
        library=True,
        view=view_torch_lstm,
    ),
    exercise(
        "cell_path_gain",
        draw_cell_path_gain,
        (
            values("a stretch of several steps", "a stretch", "one example", weight=2),
            values("the whole way", "the whole way"),
            values("a single step, and none", "one step", "no step"),
            pure("a stretch", weight=0.5),
        ),
    ),
    exercise(
        "init_forget_bias",
        draw_init_forget_bias,
        (
            values("the forget bias", "one", "three", "a negative one", part=lambda made: made["b_f"], weight=2),
            values(
                "all other parameters as they were",
                "one",
                "three",
                part=lambda made: {name: made[name] for name in sorted(made) if name != "b_f"},
            ),
            values("a whole number as the bias", "a whole number", weight=0.5),
            pure("one", "three", weight=0.5),
        ),
    ),
)
