"""The source of a function or a class, and what the builder changes in it: markers around bodies, no types, no docstring."""

import ast
import inspect
import re
import textwrap
from collections.abc import Callable

BEGIN, END = "### BEGIN SOLUTION", "### END SOLUTION"
LINE = 120  # characters: ``ruff format`` breaks a signature that is longer
Definition = ast.FunctionDef | ast.ClassDef


def source_of(function: Callable) -> str:
    """The source of a function or class as if it stood at a module's top, without types in its signatures.

    Students read signatures without types: docstrings give the shapes, and a notebook need not have the names of the types.
    """
    source = without_types(textwrap.dedent(inspect.getsource(function)))
    # a decorator, as one that registers a wrong version, is no part of the function
    start = definition(source).lineno - 1
    return "\n".join(source.splitlines()[start:]) + "\n"


def definition(source: str) -> Definition:
    """The one function or class that a source defines."""
    [node] = ast.parse(source).body
    if not isinstance(node, Definition):
        raise ValueError(f"a {type(node).__name__} is neither a function nor a class")
    return node


def functions_in(node: Definition) -> list[ast.FunctionDef]:
    """A function itself, or the methods of a class."""
    return [node] if isinstance(node, ast.FunctionDef) else [n for n in node.body if isinstance(n, ast.FunctionDef)]


def body_range(function: ast.FunctionDef) -> tuple[int, int]:
    """The lines of a function's body without its docstring, as a slice of the source's lines.

    A comment between the docstring and the first statement belongs to the body.
    """
    first = function.body[0]
    after = first.end_lineno if ast.get_docstring(function) is not None else first.lineno - 1
    return after or 0, function.end_lineno or 0


def body_lines(function: Callable) -> list[str]:
    """The lines of a function's body, without its docstring; of a class, those of its methods' bodies."""
    source = source_of(function)
    lines = source.splitlines()
    return [
        line.strip().removeprefix("return ")
        for part in functions_in(definition(source))
        for line in lines[slice(*body_range(part))]
    ]


def add_solution_markers(source: str) -> str:
    """A function's (or class's) source, with each body after the docstring between nbgrader's solution markers."""
    lines = source.splitlines()
    for function in reversed(functions_in(definition(source))):
        start, end = body_range(function)
        indent = " " * function.body[0].col_offset
        lines[start:end] = [indent + BEGIN, *lines[start:end], indent + END]
    return "\n".join(lines)


def without_docstring(source: str) -> str:
    """A function's (or class's) source without its own docstring."""
    node, lines = definition(source), source.splitlines()
    if ast.get_docstring(node) is not None:
        del lines[node.body[0].lineno - 1 : node.body[0].end_lineno]
    return "\n".join(lines)


def without_types(source: str) -> str:
    """A source with the types removed from all signatures, formatted as ``ruff format`` would.

    A signature without types is left exactly as it is.
    """
    lines = source.splitlines()
    functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
    for function in sorted(functions, key=lambda function: function.lineno, reverse=True):
        arguments = function.args
        every = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs, arguments.vararg, arguments.kwarg]
        if function.returns is None and not any(argument and argument.annotation for argument in every):
            continue
        indent = " " * function.col_offset
        signature = _arguments(source, arguments)
        one_line = f"{indent}def {function.name}({signature}):"
        whole = (
            [one_line]
            if len(one_line) <= LINE
            else [f"{indent}def {function.name}(", f"{indent}    {signature}", f"{indent}):"]
        )
        lines[function.lineno - 1 : _last_line_of_signature(lines, function)] = whole
    return "\n".join(lines) + "\n"


def _arguments(source: str, arguments: ast.arguments) -> str:
    """The arguments without types, their defaults as they are written."""
    plain = [*arguments.posonlyargs, *arguments.args]
    given: list[ast.expr | None] = [*[None] * (len(plain) - len(arguments.defaults)), *arguments.defaults]
    written = [_argument(source, argument, default) for argument, default in zip(plain, given, strict=True)]
    if arguments.posonlyargs:
        written.insert(len(arguments.posonlyargs), "/")
    if arguments.vararg or arguments.kwonlyargs:
        written.append(f"*{arguments.vararg.arg if arguments.vararg else ''}")
    written += [
        _argument(source, argument, default)
        for argument, default in zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    ]
    return ", ".join([*written, *([f"**{arguments.kwarg.arg}"] if arguments.kwarg else [])])


def _argument(source: str, argument: ast.arg, default: ast.expr | None) -> str:
    return argument.arg if default is None else f"{argument.arg}={ast.get_source_segment(source, default)}"


def _last_line_of_signature(lines: list[str], function: ast.FunctionDef) -> int:
    """The number of the line on which the signature's colon stands."""
    for number in range(function.lineno, function.body[0].lineno + 1):
        if re.search(r":\s*(#.*)?$", lines[number - 1]):
            return number
    raise ValueError(f"the body of {function.name} stands on the line of its signature")
