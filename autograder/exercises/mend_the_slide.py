"""The mended lines of a slide with misprints, and four numbers against the print."""

import numpy as np

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Exercise
from autograder.exercises import gru_step_u_old
from autograder.exercises.families import steps
from autograder.exercises.families.gru import TIGHT, U_OLD, Step, squash
from autograder.exercises.families.gru_mistakes import of_a_step
from autograder.reference import gru_notations
from autograder.reference.gru_notations import mend_the_slide as mended
from autograder.reference.rnn import sigmoid

exercise = Exercise(gru_notations.mend_the_slide, results=("h_next", "numbers"))


@exercise.cases
def slides(rng):
    """Among others a state that falls everywhere: there the largest difference and the largest absolute one differ."""
    x, _, params = U_OLD.arguments(rng, 2, 3, 4, 0.6)
    falling = (x, rng.uniform(0.5, 1, size=(2, 4)), params | {"b_h": -rng.uniform(5, 7, size=4)})
    rising = (x, -falling[1], params | {"b_h": rng.uniform(5, 7, size=4)})
    sizes = {"one example": (1, 3, 6, 1.0), "more inputs than units": (4, 5, 3, 0.6)} | steps.SIZES
    return {"a state that falls": Case(falling), "a state that rises": Case(rising)} | {
        name: Case(U_OLD.arguments(rng, *size)) for name, size in sizes.items()
    }


SLIDES = ("a state that falls", "a state that rises", "more inputs than units", *steps.SIZES)


def number(name):
    """One of the numbers; a whole number may also be a float."""
    return lambda result: float(result[1][name]) if np.ndim(result[1][name]) == 0 else result[1][name]


exercise.checks(
    values("the new state by the mended lines", *SLIDES, part=0, weight=2, tolerance=TIGHT),
    values("lowest: why the candidate cannot be a sigma", *SLIDES, part=number("lowest"), tolerance=TIGHT),
    values("missing: why one matrix cannot serve x and h", *SLIDES, part=number("missing")),
    values("moved: why h_t cannot stand on both sides", *SLIDES, part=number("moved"), tolerance=TIGHT),
    values("apart: why r = 1 is not enough for a plain RNN", *SLIDES, part=number("apart"), tolerance=TIGHT),
    pure("a batch", "one example", weight=0.5),
)

for name, hint, wrong in of_a_step(U_OLD):

    def in_state_and_moved(x, h, params, wrong=wrong):
        h_next = wrong(Step(U_OLD, x, h, params))
        return h_next, mended(x, h, params)[1] | {"moved": np.abs(h_next - h).max()}

    exercise.add_mistake(name, f"In your new state: {hint[0].lower()}{hint[1:]}", in_state_and_moved)


def state(name, hint, function):
    """Add a mistake of the new state alone; the numbers are right. ``function`` takes a step that is taken apart."""

    def wrong(x, h, params):
        return function(Step(U_OLD, x, h, params)), mended(x, h, params)[1]

    exercise.add_mistake(name, hint, wrong)


for name, hint, change in (
    ("sigmoid_left", "The misprint of line (2) is still in your state: with sigma around the candidate no state could become negative.", lambda s: s.mix(candidate=s.candidate(squash=sigmoid))),
    ("both_sides_left", "The misprint of line (3) is still in your state, which never moves: the candidate belongs in the last term.", lambda s: s.h.copy()),
    ("gate_on_the_new", "Your update gate weighs the candidate: on this slide u weighs the old state, and that is no misprint.", lambda s: s.mix(u=1 - s.u)),
):  # fmt: skip
    state(name, hint, change)


@exercise.wrong
def sigmoid_throughout(x, h, params):
    """The misprint of line (2) is still in your candidate, so "lowest" is not below 0: it needs tanh, not sigma."""
    s = Step(U_OLD, x, h, params)
    candidate = s.candidate(squash=sigmoid)
    h_next = s.mix(candidate=candidate)
    return h_next, mended(x, h, params)[1] | {"lowest": candidate.min(), "moved": np.abs(h_next - h).max()}


@exercise.wrong
def one_matrix_left(x, h, params):
    """The misprint of line (1) is still in your state: h needs its own matrix W_hu, W_xu fits only where D = H."""
    return mended(x, h, params | {"W_hu": params["W_xu"]})[0], mended(x, h, params)[1]


@exercise.wrong
def one_matrix_where_it_fits(x, h, params):
    """Where D = H, you multiply h by W_xu, as in the misprint of line (1): the old state has its own matrix W_hu."""
    return one_matrix_left(x, h, params) if x.shape[1] == h.shape[1] else mended(x, h, params)


def numbers(name, hint, function):
    """Add mistakes of one number: ``function`` takes a step that is taken apart."""
    key = name.split("_")[0]

    def wrong(x, h, params):
        h_next, right = mended(x, h, params)
        return h_next, right | {key: function(Step(U_OLD, x, h, params))}

    exercise.add_mistake(name, f'Your "{key}" {hint}', wrong)


def plain(s):
    """The plain RNN's new state."""
    return s.candidate(r=1.0)


for name, hint, function in (
    ("of_the_print", "is that of the printed candidate, with sigma: take the mended one, and see that it goes below 0.", lambda s: s.candidate(squash=sigmoid).min()),
    ("of_the_state", "is the smallest value of the new state: take that of the candidate.", lambda s: s.mix().min()),
    ("is_the_highest", "is the candidate's largest value: take the smallest.", lambda s: s.candidate().max()),
    ("by_size", "is the smallest absolute value of the candidate: take the smallest value, with its sign.", lambda s: np.abs(s.candidate()).min()),
    ("with_r_open", "is that of a candidate with r = 1: here r is as it comes from its gate.", lambda s: plain(s).min()),
    ("before_tanh", "is the smallest value of what goes into the tanh: take it after the tanh.", lambda s: s.candidate(squash=lambda a: a).min()),
    ("of_the_first_example", "is that of the first example: take the smallest value over all of the batch.", lambda s: s.candidate()[0].min()),
    ("is_the_mean", "is the candidate's mean: take the smallest value.", lambda s: s.candidate().mean()),
):  # fmt: skip
    numbers(f"lowest_{name}", hint, function)

for name, hint, function in (
    ("negated", "has the wrong sign: the matrix has D columns, and h needs H of them.", lambda D, H, B: D - H),
    ("without_sign", "has no sign: where there are columns too many it is negative.", lambda D, H, B: abs(H - D)),
    ("cut_off", "is 0 where there are columns too many: it should be negative there.", lambda D, H, B: max(H - D, 0)),
    ("columns_there", "is the number of columns that are there: subtract it from the number that h needs.", lambda D, H, B: D),
    ("columns_needed", "is the number of columns that h needs: subtract those that are there.", lambda D, H, B: H),
    ("rows", "counts rows of W_xu, of which none are missing: the product with h needs as many columns as there are units.", lambda D, H, B: 0),
    ("by_batch", "counts examples: the product with h needs as many columns as there are units.", lambda D, H, B: H - B),
    ("examples_less_columns", "counts examples: the product with h needs as many columns as there are units, H.", lambda D, H, B: B - D),
    ("numbers", "counts numbers in the matrix: it should count columns.", lambda D, H, B: H * (H - D)),
):  # fmt: skip
    numbers(f"missing_{name}", hint, lambda s, function=function: function(s.x.shape[1], s.h.shape[1], len(s.x)))

BASES = {
    "moved": (lambda s: s.mix() - s.h, "the mended new state minus the old one"),
    "apart": (lambda s: s.mix(candidate=plain(s)) - plain(s), "the new state with r = 1 minus the plain RNN's"),
}
for key, (difference, words) in BASES.items():
    for name, hint, reduce in (
        ("with_sign", "is the largest difference with its sign", np.max),
        ("least_with_sign", "is the smallest difference with its sign", np.min),
        ("of_the_falls", "is the largest fall, or its size", lambda d: abs(np.max(-d))),
        ("of_the_rises", "is the size of the largest difference with its sign", lambda d: abs(np.max(d))),
        ("on_average", "is the average", lambda d: np.abs(d).mean()),
        ("summed", "is the sum of the absolute differences", lambda d: np.abs(d).sum()),
        ("least", "is the smallest absolute difference", lambda d: np.abs(d).min()),
        ("as_norm", "is the Euclidean norm of the difference", lambda d: np.sqrt((d**2).sum())),
        ("squared", "is the largest squared difference", lambda d: (d**2).max()),
        ("of_the_first_example", "looks at the first example only", lambda d: np.abs(d[0]).max()),
        ("zero", "is always 0", lambda d: 0.0),
    ):
        numbers(
            f"{key}_{name}",
            f"{hint}: it should be the largest absolute value of {words}.",
            lambda s, difference=difference, reduce=reduce: reduce(difference(s)),
        )
for name, hint, difference in (
    ("r_as_it_is", "has the reset gate as it is: put r = 1 in, the remark is about that case.", lambda s: s.mix() - plain(s)),
    ("one_minus_u", "is the largest of 1 - u times the difference between h and the plain RNN: u stays as it is, and weighs h.", lambda s: (1 - s.u) * (plain(s) - s.h)),
    ("between_gates", "compares the new state with r = 1 to that with r as it is: compare it to the plain RNN's.", lambda s: s.mix(candidate=plain(s)) - s.mix()),
    ("of_candidates", "compares two candidates, with r as it is and with r = 1: compare the new state to the plain RNN's.", lambda s: s.candidate() - plain(s)),
    ("without_u", "compares the old state with the plain RNN's: take the new state with r = 1.", lambda s: s.h - plain(s)),
):  # fmt: skip
    numbers(f"apart_{name}", hint, lambda s, difference=difference: np.abs(difference(s)).max())
exercise.add(steps.overwrites(1, result=0))


@exercise.right
def by_the_cell(x, h, params):
    h_next = gru_step_u_old.by_einsum(x, h, params)
    H, D = params["W_xh"].shape
    shut = params | {"W_xu": np.zeros((H, D)), "W_hu": np.zeros((H, H)), "b_u": np.full(H, -900.0)}
    wide = {"W_xr": np.zeros((H, D)), "W_hr": np.zeros((H, H)), "b_r": np.full(H, 900.0)}
    return h_next, {
        "lowest": np.min(gru_step_u_old.by_einsum(x, h, shut)),
        "missing": H - D,
        "moved": np.max(np.abs(h - h_next)),
        "apart": np.max(
            np.abs(gru_step_u_old.by_loop(x, h, params | wide) - gru_step_u_old.by_loop(x, h, shut | wide))
        ),
    }


@exercise.right
def by_loop(x, h, params):
    lowest, moved, apart, rows = 1.0, 0.0, 0.0, []
    for x_n, h_n in zip(x, h, strict=True):
        r, u = (squash(params[f"W_x{g}"] @ x_n + params[f"W_h{g}"] @ h_n + params[f"b_{g}"]) for g in "ru")
        tilde = np.tanh(params["W_xh"] @ x_n + params["W_hh"] @ (r * h_n) + params["b_h"])
        plain = np.tanh(params["W_xh"] @ x_n + params["W_hh"] @ h_n + params["b_h"])
        rows.append(tilde + u * (h_n - tilde))
        lowest, moved = min(lowest, *tilde), max(moved, *abs(rows[-1] - h_n))
        apart = max(apart, *abs(u * h_n + (1 - u) * plain - plain))
    missing = len(h[0]) - len(x[0])
    return np.array(rows), {"lowest": lowest, "missing": missing, "moved": moved, "apart": apart}


@exercise.right
def as_plain_numbers(x, h, params):
    h_next, numbers = by_the_cell(x, h, params)
    return [h_next, {name: value if name == "missing" else float(value) for name, value in numbers.items()}]
