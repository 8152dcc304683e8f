"""How the inputs of unit 04 are drawn: random states and biases, sizes all different, and one square case."""

from autograder.exercises.exercise import Case
from autograder.reference.gru_notations import translate_gru

FORMS = ("gamma", "z_new", "u_old")
CELLS = ("rnn", "simplified_gru", "gru", "torch_gru", "lstm", "peephole_lstm")


def parameters(rng, D, H, form="z_new", scale=1.0):
    """The nine arrays of a full form, or the six of the "simplified" one: none zero, none symmetric."""
    shapes = {"W": (H, D), "U": (H, H), "b": (H,)}
    drawn = {
        f"{kind}_{gate}": (scale if kind != "b" else 1.0) * rng.normal(size=shapes[kind])
        for gate in "zrh"
        for kind in "WUb"
    }
    named = translate_gru(drawn, "z_new", "gamma" if form == "simplified" else form)
    if form != "simplified":
        return named
    return {name: array for name, array in named.items() if name not in ("W_rc", "W_rx", "b_r")}


def step_arguments(rng, B, D, H, form="z_new", scale=1.0):
    """x, the old state, and the parameters."""
    return rng.normal(size=(B, D)), rng.uniform(-1, 1, size=(B, H)), parameters(rng, D, H, form, scale)


def draw_step(form):
    """How the inputs of one step are drawn, in this form."""

    def draw(rng):
        return {
            "one example": Case(step_arguments(rng, 1, 3, 2, form)),
            "a batch": Case(step_arguments(rng, 3, 4, 5, form, 0.6)),
            "as many inputs as units": Case(step_arguments(rng, 2, 4, 4, form, 0.6)),
            "one unit": Case(step_arguments(rng, 4, 2, 1, form)),
            "large inputs": Case(step_arguments(rng, 3, 2, 4, form, 30.0)),
        }

    return draw


def draw_forward(rng):
    x, h0, params = sequence(rng, 6, 3, 2, 4)
    later = x.copy()
    later[4:] = rng.normal(size=later[4:].shape)
    return {
        "a sequence": Case((x, h0, params)),
        "its last inputs changed": Case((later, h0, params)),
        "its batch reversed": Case((x[:, ::-1].copy(), h0[::-1].copy(), params)),
        "one step": Case(sequence(rng, 1, 2, 3, 5)),
        "one example": Case(sequence(rng, 4, 1, 3, 2)),
        "as many steps as examples": Case(sequence(rng, 3, 3, 3, 3)),
    }


def sequence(rng, T, B, D, H):
    """Arguments of ``gru_forward``, with a random initial state."""
    return rng.normal(size=(T, B, D)), rng.uniform(-1, 1, size=(B, H)), parameters(rng, D, H)


def draw_backward(rng):
    def step(B, D, H):
        x, h, params = step_arguments(rng, B, D, H, scale=0.7)
        return Case((rng.normal(size=(B, H)), x, h, params))

    return {"a batch": step(3, 4, 5), "one example": step(1, 3, 2), "as many inputs as units": step(2, 4, 4)}


def draw_translations(rng):
    """All nine pairs of forms, each with parameters of its own."""
    return {
        f"from {source} to {target}": Case((parameters(rng, 3, 4, source), source, target))
        for source in FORMS
        for target in FORMS
    } | {"square matrices": Case((parameters(rng, 3, 3, "gamma"), "gamma", "u_old"))}


def draw_torch_step(rng):
    def step(B, D, H, scale=0.7):
        shapes = {
            "weight_ih_l0": (3 * H, D),
            "weight_hh_l0": (3 * H, H),
            "bias_ih_l0": (3 * H,),
            "bias_hh_l0": (3 * H,),
        }
        params = {name: scale * rng.normal(size=shape) for name, shape in shapes.items()}
        return Case((rng.normal(size=(B, D)), rng.uniform(-1, 1, size=(B, H)), params))

    return {
        "one example": step(1, 3, 2, 1.0),
        "a batch": step(3, 4, 5),
        "as many inputs as units": step(2, 4, 4),
        "one unit": step(4, 2, 1, 1.0),
        "three examples, three units": step(3, 2, 3),
        "large inputs": step(3, 2, 4, 30.0),
    }


def draw_loading(rng):
    return {
        "more units": Case((parameters(rng, 2, 5),)),
        "more inputs": Case((parameters(rng, 4, 3),)),
        "as many inputs as units": Case((parameters(rng, 3, 3),)),
    }


def draw_counting(rng):
    """Every cell at three sizes; a second digit of H that D has not, so that no two formulas agree by chance."""
    sizes = [(int(D), int(D + more)) for D, more in zip(rng.integers(5, 30, size=3), (11, -4, 3), strict=True)]
    return {f"{cell}, size {n}": Case((cell, D, H)) for cell in CELLS for n, (D, H) in enumerate(sizes)}
