"""One step of a cell: sizes that no mistake survives by coincidence, the checks of a step, and what goes wrong with parameters."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from autograder.checking.checks import pure, values
from autograder.checking.exercise import Case, Cases, Exercise

Arguments = Callable[..., tuple[Any, ...]]  # (rng, B, D, H, scale) -> the arguments of one call

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
MATRICES = ("as many inputs as units", "three of everything")
BATCHES = ("a batch", "as many examples as units", "as many examples as inputs", "one unit", "one of everything")


def step_cases(arguments: Arguments, large: float = 20.0) -> Callable[[Exercise], None]:
    """Cases of all sizes, with small and with large weights. Large inputs are many, so that some state is not at its limit."""

    def add(exercise: Exercise) -> None:
        @exercise.cases
        def draw(rng: np.random.Generator) -> Cases:
            cases = {name: Case(arguments(rng, *sizes)) for name, sizes in SIZES.items()}
            return cases | {"large inputs": Case(arguments(rng, 12, 2, 4, large))}

    return add


def step_checks(results: Sequence[tuple[str, int | None]] = (("the new state", None),)) -> Callable[[Exercise], None]:
    """Checks of a step. ``results``: what each result is called, and its place where there are several."""

    def add(exercise: Exercise) -> None:
        for result, place in results:
            exercise.checks(values(f"{result} of one example", "one example", part=place))
            exercise.checks(values(f"{result} of a batch", *BATCHES, part=place))
            exercise.checks(values(f"{result}: each weight matrix the right way round", *MATRICES, part=place))
        exercise.checks(values("large inputs", "large inputs", weight=0.5, property=True))
        exercise.checks(pure("one example", "a batch"))

    return add


def parameter_mistakes(
    gates: Mapping[str, Sequence[str]], at: int | None = None, cell: str = "step"
) -> Callable[[Exercise], None]:
    """What comes out when parameters are left out, turned round, exchanged between gates, or used twice.

    Args:
        gates: by the words for each gate, such as "the update gate", the names of its input weights, recurrent weights and
            bias, and of what else some gates have.
        at: the place of the dict of parameters among the arguments; None where each parameter is an argument of its own.
        cell: what the function computes, in words.
    """

    def add(exercise: Exercise) -> None:
        reference, names = exercise.reference, _argument_names(exercise)

        def mistake(name: str, hint: str, change: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
            def wrong(*args: Any) -> Any:
                if at is None:
                    given = dict(zip(names, args, strict=True))
                    return reference(**(given | change(given)))
                args = list(args)
                args[at] = args[at] | change(args[at])
                return reference(*args)

            exercise.add_mistake(name, hint, wrong)

        def without(keys: Sequence[str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
            return lambda p: {key: np.zeros_like(p[key]) for key in keys}

        def turned(keys: Sequence[str]) -> Callable[[dict[str, Any]], dict[str, Any]]:
            return lambda p: {key: p[key].T for key in keys}

        several = len(gates) > 1
        kinds = list(zip(*gates.values(), strict=False))  # what only some gates have is no kind
        bias = {gate: keys[len(kinds) - 1] for gate, keys in gates.items()}
        for place, (keys, kind, missing) in enumerate(
            zip(
                kinds,
                ("input weights", "recurrent weights", "biases"),
                ("the input", "the old state", "a bias"),
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
            listed = _listed(keys)
            mistake(
                f"no_{kind.split()[0]}_terms" if place < 2 else "biases_forgotten" if several else "bias_forgotten",
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
            else:
                mistake(
                    "biases_twice" if several else "bias_twice",
                    f"Your {cell} adds {'every bias' if several else 'the bias'} twice: here {'each gate' if several else 'the cell'} has one; torch has two.",
                    lambda p, keys=keys: {key: 2 * p[key] for key in keys},
                )
        matrices = [key for keys in kinds[:2] for key in keys]
        mistake(
            "all_weights_transposed",
            "All your weight matrices are the wrong way round: with one example per row, multiply by the transposed matrix.",
            turned(matrices),
        )
        mistake(
            "recurrent_products_elementwise",
            f"The terms with {_listed(kinds[1])} are matrix products, but you multiply elementwise, so each component of the state sees only itself.",
            lambda p: {key: np.diag(np.diag(p[key])) for key in kinds[1]},
        )
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
                        f"{bias[other]}_gate_uses_{bias[one]}",
                        f"You compute {other} with the parameters of {one}: it has its own {_listed(gates[other])}.",
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


def _argument_names(exercise: Exercise) -> list[str]:
    code = exercise.reference.__code__
    return list(code.co_varnames[: code.co_argcount])


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
