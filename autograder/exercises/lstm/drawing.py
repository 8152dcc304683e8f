"""How the inputs of unit 03's exercises are drawn."""

from autograder.exercises.exercise import Case


def plain(rng, D, H, scale=0.6, peepholes=False):
    """Random parameters in the names of ``lstm_step``."""
    params = {f"W_x{k}": scale * rng.normal(size=(H, D)) for k in "ifoc"}
    params |= {f"W_h{k}": scale * rng.normal(size=(H, H)) for k in "ifoc"} | {
        f"b_{k}": rng.normal(size=H) for k in "ifoc"
    }
    return params | ({f"w_c{k}": rng.normal(size=H) for k in "ifo"} if peepholes else {})


def gamma(rng, D, H, scale=0.6):
    """Random parameters in the names of the Gamma notation."""
    params = {f"W_{k}c": scale * rng.normal(size=(H, H)) for k in "cufo"}
    return (
        params
        | {f"W_{k}x": scale * rng.normal(size=(H, D)) for k in "cufo"}
        | {f"b_{k}": rng.normal(size=H) for k in "cufo"}
    )


def pair(rng, B, H):
    """A state within (-1, 1) and a cell that may be larger."""
    return rng.uniform(-1, 1, size=(B, H)), 1.5 * rng.normal(size=(B, H))


def steps(start, params):
    """How steps are drawn: ``start(rng, B, H)`` gives what goes in beside x; ``params(rng, D, H, scale)`` the weights."""

    def draw(rng):
        def step(B, D, H, scale=0.6):
            return Case((rng.normal(size=(B, D)), *start(rng, B, H), params(rng, D, H, scale)))

        return {
            "one example": step(1, 3, 2),
            "a batch": step(3, 4, 5),
            "as many inputs as units": step(2, 4, 4),
            "large inputs": step(3, 2, 4, 8.0),
        }

    return draw


def draw_lstm_forward(rng):
    def sequence(T, B, D, H):
        return rng.normal(size=(T, B, D)), *pair(rng, B, H), plain(rng, D, H)

    x, h0, c0, params = sequence(6, 3, 2, 4)
    later = x.copy()
    later[4:] = rng.normal(size=later[4:].shape)
    return {
        "a sequence": Case((x, h0, c0, params)),
        "its last inputs changed": Case((later, h0, c0, params)),
        "its batch reversed": Case((x[:, ::-1].copy(), h0[::-1].copy(), c0[::-1].copy(), params)),
        "one step": Case(sequence(1, 2, 3, 5)),
        "one example": Case(sequence(4, 1, 3, 2)),
        "as many steps as examples": Case(sequence(3, 3, 3, 3)),
    }


def ways_back(peepholes):
    def draw(rng):
        def way(B, D, H):
            given = rng.normal(size=(B, H)), rng.normal(size=(B, H)), rng.normal(size=(B, D)), *pair(rng, B, H)
            return Case((*given, plain(rng, D, H, peepholes=peepholes)))

        return {"a batch": way(3, 4, 5), "one example": way(1, 3, 2), "as many inputs as units": way(2, 4, 4)}

    return draw


def draw_lstm_backward(rng):
    def through_time(T, B, D, H):
        return Case((rng.normal(size=(T, B, H)), rng.normal(size=(T, B, D)), *pair(rng, B, H), plain(rng, D, H)))

    return {
        "a sequence": through_time(5, 3, 2, 4),
        "one step": through_time(1, 2, 3, 5),
        "one example": through_time(4, 1, 3, 2),
        "as many steps as examples": through_time(3, 3, 3, 3),
    }


def draw_params(make):
    return lambda rng: {
        "more units": Case((make(rng, 2, 5),)),
        "more inputs": Case((make(rng, 4, 3),)),
        "as many inputs as units": Case((make(rng, 3, 3),)),
    }


def draw_cell_path_gain(rng):
    def gates(T, B, H, start, end):
        return Case((rng.uniform(0.2, 1.0, size=(T, B, H)), start, end))

    return {
        "a stretch": gates(8, 3, 4, 2, 6),
        "the whole way": gates(6, 2, 5, 0, 5),
        "one step": gates(5, 3, 2, 1, 2),
        "no step": gates(5, 2, 3, 3, 3),
        "one example": gates(6, 1, 3, 1, 4),
    }


def draw_init_forget_bias(rng):
    return {
        "one": Case((plain(rng, 3, 4), 1.0)),
        "three": Case((plain(rng, 2, 5), 3.0)),
        "a negative one": Case((plain(rng, 4, 2), -float(rng.uniform(0.5, 2)))),
        "a whole number": Case((plain(rng, 2, 3), 2)),
    }
