"""The source of a function as students read it: without types, its body between markers."""

import pytest

from autograder.building.function_source import (
    add_solution_markers,
    body_lines,
    definition,
    source_of,
    without_docstring,
    without_types,
)


def typed(x: int, *rest: dict[str, int], rate: float = 5e-3, **others: "str") -> tuple[int, int]:
    """Says: nothing."""
    # a comment of the solution
    pair: tuple[int, int] = (x, len(rest))
    return pair


class Typed:
    """A class."""

    def step(self, x: int) -> int:
        """One step."""
        return x + 1


def test_signatures_lose_their_types_and_bodies_stay():
    source = source_of(typed)
    assert source.startswith('def typed(x, *rest, rate=5e-3, **others):\n    """Says: nothing."""\n')
    assert "    pair: tuple[int, int] = (x, len(rest))\n" in source
    assert "    def step(self, x):\n" in source_of(Typed)


def test_a_signature_without_types_is_left_as_it_is():
    source = "def f(\n    a,  # the first\n    b=(1,\n       2),\n):\n    return a\n"
    assert without_types(source) == source


def test_a_long_signature_is_broken_as_the_formatter_breaks_it():
    names = [f"long_argument_number_{number}" for number in range(5)]
    source = f"def f(\n    {', '.join(f'{name}: int' for name in names)},\n) -> int:\n    return 1\n"
    assert without_types(source) == f"def f(\n    {', '.join(names)}\n):\n    return 1\n"


def test_positional_and_keyword_only_arguments_keep_their_kind():
    assert without_types("def f(a: int, /, b: int = 1, *, c: int = 2) -> int:\n    return a\n").startswith(
        "def f(a, /, b=1, *, c=2):\n"
    )


def test_a_comment_above_the_first_statement_belongs_to_the_body():
    assert body_lines(typed)[0] == "# a comment of the solution"
    marked = add_solution_markers(source_of(typed)).splitlines()
    assert (
        marked[2:4] == ["    ### BEGIN SOLUTION", "    # a comment of the solution"]
        and marked[-1] == "    ### END SOLUTION"
    )


def test_only_the_own_docstring_goes():
    assert without_docstring(source_of(Typed)) == (
        'class Typed:\n\n    def step(self, x):\n        """One step."""\n        return x + 1'
    )


def test_what_is_no_function_is_an_error():
    with pytest.raises(ValueError, match="neither a function nor a class"):
        definition("x = 1")
