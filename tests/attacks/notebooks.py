"""Notebooks that are not what they should be: ids, schemas, versions, sizes, bytes, names."""

import copy
import json

import nbformat

from autograder.submissions.intake import MAX_BYTES
from tests.attacks.attack import Attack
from tests.attacks.channel import code


def changed(change):
    """From a function that changes a notebook in place to one that returns it."""

    def act(notebook):
        change(notebook)
        return notebook

    return act


def each(change, keep=lambda cell: True):
    """Changes each cell in place."""
    return changed(lambda notebook: [change(cell) for cell in notebook["cells"] if keep(cell)])


def is_test(cell):
    return cell["metadata"].get("nbgrader", {}).get("grade") and cell["cell_type"] == "code"


def with_cells(*cells):
    return lambda notebook: notebook | {"cells": notebook["cells"][:2] + list(cells) + notebook["cells"][2:]}


def old_format(notebook):
    return nbformat.convert(nbformat.reads(json.dumps(notebook), as_version=4), 3)


def change(name, tries, change, wants="all", **rest):
    return Attack(name, tries, wants, change=change, **rest)


ATTACKS = (
    change("ids_all_alike", "gives every cell the same id", each(lambda cell: cell.update(id="same"))),
    change("ids_missing", "takes the ids of all cells away", each(lambda cell: cell.pop("id", None))),
    change(
        "ids_of_other_types",
        "makes ids lists, numbers and paths",
        each(lambda cell: cell.update(id=["../x", 1])),
        "refused",
    ),
    change(
        "tests_twice",
        "hands every test in twice, the second saying 100 points",
        lambda notebook: (
            notebook
            | {
                "cells": notebook["cells"]
                + [
                    copy.deepcopy(cell) | {"source": "100.0", "metadata": {"nbgrader": {"points": 100}}}
                    for cell in notebook["cells"]
                    if is_test(cell)
                ]
            }
        ),
    ),
    change(
        "tests_with_results",
        "turns every test into a number, with outputs that say full marks",
        each(
            lambda cell: cell.update(
                source="100.0",
                outputs=[
                    {
                        "output_type": "execute_result",
                        "data": {"text/plain": "100.0"},
                        "metadata": {},
                        "execution_count": 1,
                    }
                ],
            ),
            is_test,
        ),
        wants="first",
        solved="first",
    ),
    change(
        "tests_worth_more",
        "makes each test worth a thousand points, locked and not to be run",
        each(
            lambda cell: cell["metadata"].update(tags=["skip-execution"], nbgrader={"points": 1000, "grade": True}),
            is_test,
        ),
        wants="first",
        solved="first",
    ),
    change(
        "metadata_of_other_types",
        "makes all metadata numbers and lists",
        changed(lambda notebook: notebook.update(metadata={"kernelspec": 5, "nbgrader": [1]})),
    ),
    change(
        "path_like_names",
        "names kernel, language and cells like paths",
        changed(
            lambda notebook: (
                notebook["metadata"].update(
                    kernelspec={"name": "../../<token>", "display_name": "/etc/passwd"}, title="../../../x"
                ),
                notebook["cells"].append(
                    code("1") | {"id": "../../x", "metadata": {"nbgrader": {"grade_id": "../../../x"}}}
                ),
            )
        ),
    ),
    change("format_3", "hands in nbformat 3, as old editors wrote it", old_format),
    change(
        "heading_of_a_huge_level",
        "hands in nbformat 3 with a heading of level 3 * 10^8, which becomes as many signs",
        lambda notebook: {
            "nbformat": 3,
            "nbformat_minor": 0,
            "metadata": {},
            "worksheets": [{"cells": [{"cell_type": "heading", "level": 3 * 10**8, "source": "x", "metadata": {}}]}],
        },
        wants="refused",
        says="level",
    ),
    change(
        "format_5",
        "hands in nbformat 5, which there is not",
        lambda notebook: notebook | {"nbformat": 5},
        wants="refused",
        says="not a notebook",
    ),
    change(
        "format_that_lies",
        "says nbformat 3 of a notebook in nbformat 4",
        lambda notebook: notebook | {"nbformat": 3},
        wants="refused",
    ),
    change(
        "cells_without_a_type",
        "takes the types of all cells away",
        each(lambda cell: cell.pop("cell_type")),
        wants="refused",
        says="kind",
    ),
    change(
        "cells_of_an_unknown_type",
        "makes the type of a cell a list",
        with_cells(code("1") | {"cell_type": ["code"]}),
        wants="refused",
    ),
    change(
        "sources_that_are_no_text",
        "makes the sources of all cells numbers, dicts and lists of them",
        each(lambda cell: cell.update(source=[{"a": 1}, 5])),
        wants="refused",
    ),
    change(
        "keys_that_there_are_not",
        "adds keys that no schema knows to the notebook and to all cells",
        lambda notebook: (
            each(lambda cell: cell.update(score=100, __class__="x"))(notebook) | {"score": 100, "../x": []}
        ),
    ),
    change(
        "schema_of_something_else",
        "hands in JSON that is no notebook, with a grade in it",
        lambda notebook: {"nbformat": 4, "cells": {"score": 100}, "assignment": "01-rnn", "points": 100},
        wants="refused",
    ),
    change("cells_that_are_no_cells", "puts numbers between the cells", with_cells(5, None), wants="refused"),
    change(
        "too_many_cells",
        "hands in five thousand cells",
        lambda notebook: notebook | {"cells": [code("1") for _ in range(5000)]},
        wants="refused",
        says="cells",
    ),
    change(
        "as_many_cells_as_fit",
        "hands in as many empty cells as there is room for in a file that is just small enough",
        lambda notebook: (
            b'{"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": ['
            + b",".join([b'{"cell_type":"raw","metadata":{},"source":""}'] * (MAX_BYTES // 47))
            + b"]}"
        ),
        wants="refused",
        says="cells",
    ),
    change(
        "megabyte_cells",
        "adds cells of five megabytes: text, a comment, one line of code",
        with_cells(
            {"cell_type": "markdown", "metadata": {}, "source": "x" * 5_000_000},
            code("# " + "y" * 5_000_000),
            code("x = '" + "z" * 5_000_000 + "'"),
        ),
        wants="refused",
    ),
    change(
        "null_bytes",
        "puts null bytes into text and code",
        with_cells(code("print('a')\x00\nb"), {"cell_type": "markdown", "metadata": {}, "source": "\x00"}),
    ),
    change(
        "half_characters_in_code",
        "puts lone surrogates, which no file in UTF-8 can hold, into text and code",
        with_cells(code("x = '\ud800'"), {"cell_type": "markdown", "metadata": {}, "source": "\udfff"}),
    ),
    change(
        "terminal_codes",
        "puts codes that control a terminal into text, code and output",
        with_cells(code("print('\x1b]0;mine\x07\x1b[2J')"), {"cell_type": "raw", "metadata": {}, "source": "\x1b[2J"}),
    ),
    change(
        "deep_metadata",
        "nests the metadata six hundred levels deep",
        lambda notebook: notebook | {"metadata": {"deep": nested(600)}},
        wants="refused",
        says="nested",
    ),
    change(
        "huge_numbers",
        "writes a number of ten thousand digits",
        lambda notebook: (
            b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {"x": ' + b"9" * 10_000 + b'}, "cells": []}'
        ),
        wants="refused",
    ),
    change("no_bytes", "hands in an empty file", lambda notebook: b"", wants="refused"),
    change("no_text", "hands in bytes that are no text", lambda notebook: bytes(range(256)) * 99, wants="refused"),
    change("only_brackets", "hands in ten megabytes of brackets", lambda notebook: b"[" * 10**7, wants="refused"),
    change(
        "too_large",
        "hands in a file of more than twenty megabytes",
        lambda notebook: b" " * (MAX_BYTES + 1),
        wants="refused",
        says="larger",
    ),
    change(
        "attachments_and_scripts",
        "puts scripts into text, attachments and outputs",
        with_cells(
            {
                "cell_type": "markdown",
                "metadata": {},
                "source": "<img src=x onerror=steal()>",
                "attachments": {"../x.html": {"text/html": "<script>steal()</script>"}},
            }
        ),
    ),
)


def nested(levels):
    value = {}
    for _ in range(levels):
        value = {"a": value}
    return value
