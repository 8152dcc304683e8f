"""One step of a cell: sizes that no mistake survives by coincidence, the checks of a step, and what goes wrong with parameters."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np
import torch

from autograder.checking.checks import pure, values
from autograder.checking.comparing import Tolerance
from autograder.checking.exercise import Case, Cases, Exercise

Arguments = Callable[..., tuple[Any, ...]]  # (rng, B, D, H, scale) -> the arguments of one call
Change = Callable[[dict[str, Any]], dict[str, Any]]  # from named parameters to others

# Every coincidence of sizes occurs: where two sizes are equal, a matrix that is turned round or a bias that is
# broadcast along the wrong axis raises no error. (B, D, H), and the scale of the weights.
SIZES = {
    "one example": (1, 3, 2, 1.0),
    "a batch": (3, 4, 5, 0.6),
    "as many inputs as units": (2, 4, 4, 0.6),
    "as many examples as units": (4, 2, 4, 0.6),
    "as many examples as inputs": (3, 3, 2, 0.6),
    "three of everything": (3, 3, 3, 0.6),
    "one unit": (4, 2, 1, 1.0),
    "one of everything": (1, 1, 1, 1.0),
}
STATES = "old states outside [-1, 1]"
MATRICES = ("as many inputs as units", "three of everything")
BATCHES = ("a batch", "as many examples as units", "as many examples as inputs", "one unit", "one of everything")


def step_cases(arguments: Arguments, large: float = 20.0) -> Callable[[Exercise], None]:
    """Cases of all sizes, with small and with large weights. Large inputs are many, so that some state is not at its limit.

    The second argument is what is fed back. Nothing promises that it lies in [-1, 1], so in one case it does not.
    """

    def add(exercise: Exercise) -> None:
        reference, fed_back = exercise.reference, _argument_names(exercise)[1]

        @exercise.cases
        def draw(rng: np.random.Generator) -> Cases:
            cases = {name: Case(arguments(rng, *sizes)) for name, sizes in SIZES.items()}
            cases["large inputs"] = Case(arguments(rng, 12, 2, 4, large))
            x, h, *rest = arguments(rng, 3, 2, 4, 0.6)
            return cases | {STATES: Case((x, 3 * h, *rest))}

        exercise.add_mistake(
            f"{fed_back}_clipped",
            f"You cut {fed_back} to [-1, 1] before you use it: take it as it is, it may lie outside.",
            lambda x, h, *rest: reference(x, np.clip(h, -1, 1), *rest),
        )

    return add


def step_checks(
    results: Sequence[tuple[str, int | None]] = (("the new state", None),), tolerance: Tolerance | None = None
) -> Callable[[Exercise], None]:
    """Checks of a step. ``results``: what each result is called, and its place where there are several."""

    def add(exercise: Exercise) -> None:
        for result, place in results:
            exercise.checks(values(f"{result} of one example", "one example", part=place, tolerance=tolerance))
            exercise.checks(values(f"{result} of a batch", *BATCHES, STATES, part=place, tolerance=tolerance))
            exercise.checks(
                values(f"{result}: each weight matrix the right way round", *MATRICES, part=place, tolerance=tolerance)
            )
        exercise.checks(values("large inputs", "large inputs", weight=0.5, property=True))
        exercise.checks(pure("one example", "a batch"))

    return add


def parameter_mistakes(
    gates: Mapping[str, Sequence[str]],
    at: int | None = None,
    cell: str = "step",
    split: Change = dict,
    join: Change = dict,
) -> Callable[[Exercise], None]:
    """What comes out when parameters are left out, turned round, exchanged between gates, or used twice.

    Args:
        gates: by the words for each gate, such as "the update gate", the names of its input weights, recurrent weights and bias,
            and of its second bias if there is one.
        at: the place of the dict of parameters among the arguments; None where each parameter is an argument of its own.
        cell: what the function computes, in words.
        split, join: from the dict of parameters to the names in ``gates``, and back, where they are stacked.
    """

    def add(exercise: Exercise) -> None:
        reference, names = exercise.reference, _argument_names(exercise)

        def mistake(name: str, hint: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
            def wrong(*args: Any) -> Any:
                if at is None:
                    given = dict(zip(names, args, strict=True))
                    return reference(**(given | change(given)))
                named = split(args[at])
                return reference(*args[:at], join(named | change(named)), *args[at + 1 :])

            exercise.add_mistake(name, hint, wrong)

        def without(keys: Sequence[str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
            return lambda p: {key: _zeros(p[key]) for key in keys}

        def turned(keys: Sequence[str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
            return lambda p: {key: p[key].T for key in keys}

        several = len(gates) > 1
        kinds = list(zip(*gates.values(), strict=False))  # what only some gates have is no kind
        bias = {gate: keys[len(kinds) - 1] for gate, keys in gates.items()}
        for place, (keys, kind, missing) in enumerate(
            zip(
                kinds,
                ("input weights", "recurrent weights", "biases", "second biases"),
                ("the input", "the old state", "a bias", "a second bias"),
                strict=False,
            )
        ):
            if several:
                for gate, key in zip(gates, keys, strict=True):
                    mistake(
                        f"{key}_left_out",
                        f"In your {cell}, {gate} leaves out {key}: its sum has no term with it.",
                        without([key]),
                    )
                    if place == 2:
                        mistake(
                            f"{key}_twice",
                            f"In your {cell}, {gate} has {key} twice: add it once.",
                            lambda p, key=key: {key: 2 * p[key]},
                        )
            listed = _listed(keys)
            mistake(
                f"no_{kind.split()[0]}_terms" if place < 2 else f"{kind.replace(' ', '_')}_forgotten",
                f"Your {cell} leaves out {missing}: no term with {listed}.",
                without(keys),
            )
            if place < 2:
                mistake(
                    f"{kind.split()[0]}_weights_transposed",
                    f"Your {kind} ({listed}) are the wrong way round: with one example per row, the product is with {keys[0]}.T.",
                    turned(keys),
                )
                if place == 0:
                    mistake(
                        "input_weights_transposed_where_square",
                        f"Where there are as many inputs as units, you turn {listed} round: their shape does not tell which way they go.",
                        lambda p, keys=keys: {key: p[key].T for key in keys if p[key].shape[0] == p[key].shape[1]},
                    )
                if several:
                    for gate, key in zip(gates, keys, strict=True):
                        mistake(
                            f"{key}_transposed",
                            f"{key} alone is the wrong way round, in {gate}: with one example per row, multiply by {key}.T.",
                            turned([key]),
                        )
            elif len(kinds) == 3:
                mistake(
                    "biases_twice" if several else "bias_twice",
                    f"Your {cell} adds {'every bias' if several else 'the bias'} twice: here {'each gate' if several else 'the cell'} has one; torch has two.",
                    lambda p, keys=keys: {key: 2 * p[key] for key in keys},
                )
        matrices = [key for keys in kinds[:2] for key in keys]
        for name, hint, change in (
            ("all_weights_transposed", "All your weight matrices are the wrong way round: with one example per row, multiply by the transposed matrix.", turned(matrices)),
            ("recurrent_products_elementwise", f"The terms with {_listed(kinds[1])} are matrix products, but you multiply elementwise, so each component of the state sees only itself.",
                lambda p: {key: _diagonal(p[key]) for key in kinds[1]}),
        ):  # fmt: skip
            mistake(name, hint, change)
        words = list(gates)
        for n, one in enumerate(words):
            for other in words[n + 1 :]:
                pairs = list(zip(gates[one], gates[other], strict=False))
                mistake(
                    f"{bias[one]}_and_{bias[other]}_gates_exchanged",
                    f"You exchange {one} and {other}: each does the work of the other, or has its parameters.",
                    lambda p, pairs=pairs: {a: p[b] for a, b in pairs} | {b: p[a] for a, b in pairs},
                )
            for other in words:
                if other != one:
                    mistake(
                        f"{gates[other][-1]}_gate_uses_{gates[one][-1]}",
                        f"You compute {other} with the parameters of {one}, or use {one} for it: it has its own {_listed(gates[other])}.",
                        lambda p, one=one, other=other: dict(
                            zip(gates[other], (p[key] for key in gates[one]), strict=False)
                        ),
                    )

    return add


def overwrites(place: int, result: int | None = None) -> Callable[[Exercise], None]:
    """The mistake of a step that writes the new state (result number ``result``, if there are several) into an argument."""

    def add(exercise: Exercise) -> None:
        name = _argument_names(exercise)[place]

        def wrong(*args: Any) -> Any:
            answer = exercise.reference(*args)
            args[place][...] = answer if result is None else answer[result]
            return answer

        exercise.add_mistake(
            f"{name}_overwritten",
            f"Your function overwrites its argument {name}: return a new array, and leave {name} as it was.",
            wrong,
        )

    return add


def result_mistakes() -> Callable[[Exercise], None]:
    """Right numbers in another form, and examples that lose their own results. For functions with one result, (B, H)."""

    def add(exercise: Exercise) -> None:
        for name, hint, change in (
            ("single_precision", "Your result is in single precision (float32): keep the float64 of the arguments.", lambda one: one.astype(np.float32)),
            ("squeezed", "Your result loses an axis where there is one example or one unit: it should always be (B, H).", np.squeeze),
            ("axis_too_many", "Your result has an axis too many in front: it should be (B, H).", lambda one: one[None]),
            ("result_transposed", "Your result is (H, B): it should be (B, H), one row per example.", np.transpose),
            ("first_example_for_all", "Every row of your result is that of the first example: each example has a row of its own.", lambda one: one[:1] + 0 * one),
            ("only_the_first_example", "Your result has the first example only: it should have one row per example.", lambda one: one[:1]),
            ("examples_averaged", "Every row of your result is the mean over the batch: each example has a row of its own.", lambda one: one.mean(axis=0, keepdims=True) + 0 * one),
        ):  # fmt: skip
            exercise.add_mistake(name, hint, lambda *args, change=change: change(exercise.reference(*args)))

    return add


def _zeros(array: Any) -> Any:
    """Zeros of the same shape, of NumPy or of torch; no gradient reaches the array through them."""
    return 0 * array.detach() if isinstance(array, torch.Tensor) else np.zeros_like(array)


def _diagonal(matrix: Any) -> Any:
    return matrix.diag().diag() if isinstance(matrix, torch.Tensor) else np.diag(np.diag(matrix))


def _argument_names(exercise: Exercise) -> list[str]:
    code = exercise.reference.__code__
    return list(code.co_varnames[: code.co_argcount])


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
