"""Which functions a student's code calls, as far as its text tells."""

import ast
import re
from collections.abc import Collection, Iterable

_MAGIC = re.compile(r"^([ \t]*)[%!].*$", re.MULTILINE)
_DEFINITIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def mentioned_names(sources: Iterable[str], names: Collection[str]) -> set[str]:
    """Those of the names that code uses outside the definition of the same name."""
    found: set[str] = set()
    for source in sources:
        found |= _mentioned(source) & set(names)
    return found


def _mentioned(source: str) -> set[str]:
    try:
        tree = ast.parse(_MAGIC.sub(r"\1pass", source))
    except (SyntaxError, ValueError, RecursionError):  # IPython knows more than Python: then any word may be a call
        return set(re.findall(r"\w+", source))
    found: set[str] = set()
    waiting: list[tuple[ast.AST, frozenset[str]]] = [(tree, frozenset())]
    while waiting:
        node, inside = waiting.pop()
        if isinstance(node, ast.Name) and node.id not in inside:
            found.add(node.id)
        if isinstance(node, _DEFINITIONS):
            inside |= {node.name}
        waiting += [(child, inside) for child in ast.iter_child_nodes(node)]
    return found
