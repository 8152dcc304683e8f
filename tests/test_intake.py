"""What is taken in, and what is refused in words."""

import json
import os
from datetime import datetime

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder.submissions import intake

NAME = "rnn.ipynb"


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "alice" / "01-rnn"
    folder.mkdir(parents=True)
    nbformat.write(new_notebook(cells=[new_code_cell("1 + 1")]), folder / NAME)
    return folder


def test_a_notebook_is_read(folder):
    assert intake.read(folder, NAME).cells[0].source == "1 + 1"


def test_other_files_are_not_looked_at(folder):
    (folder / "numpy").mkdir()
    (folder / "numpy" / "__init__.py").write_text("boom")
    assert intake.read(folder, NAME).cells


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b"5",
        b'{"cells": 3}',
        b"\xff\xfe\x00",
        b"{" * 100_000,
        b"[" * 200_000,
        b"\x00" * 100,
        b'{"nbformat": 99, "nbformat_minor": 0, "metadata": {}, "cells": []}',
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [5]}',
        b'{"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": [{"cell_type": "code", "source": {"a": 1}}]}',
        b'{"nbformat": "x", "cells": []}',
        b"NaN",
    ],
)
def test_what_is_no_notebook_is_refused(folder, content):
    (folder / NAME).write_bytes(content)
    with pytest.raises(intake.SubmissionRejected):
        intake.read(folder, NAME)


def test_an_old_notebook_is_upgraded(folder):
    old = {
        "nbformat": 3,
        "nbformat_minor": 0,
        "metadata": {"name": ""},
        "worksheets": [
            {
                "metadata": {},
                "cells": [
                    {
                        "cell_type": "code",
                        "input": "x = 1",
                        "language": "python",
                        "metadata": {},
                        "outputs": [],
                        "collapsed": False,
                    }
                ],
            }
        ],
    }
    (folder / NAME).write_text(json.dumps(old))
    assert intake.read(folder, NAME).cells[0].source == "x = 1"


def test_a_missing_notebook_is_refused_by_name(folder):
    (folder / NAME).unlink()
    with pytest.raises(intake.SubmissionRejected, match=r"rnn\.ipynb is missing"):
        intake.read(folder, NAME)


def test_links_are_refused_wherever_they_are(folder, tmp_path):
    secret = tmp_path / "secret.ipynb"
    (folder / NAME).rename(secret)
    (folder / NAME).symlink_to(secret)
    with pytest.raises(intake.SubmissionRejected, match="symbolic link"):
        intake.read(folder, NAME)
    (folder / NAME).unlink()
    secret.rename(folder / NAME)
    (folder / "data").symlink_to("/etc")
    with pytest.raises(intake.SubmissionRejected, match="symbolic link"):
        intake.read(folder, NAME)


def test_a_folder_that_is_a_link_is_refused(folder, tmp_path):
    (tmp_path / "bob").symlink_to(folder.parent)
    with pytest.raises(intake.SubmissionRejected, match="link to another place"):
        intake.read(tmp_path / "bob" / "01-rnn", NAME)


def test_pipes_are_refused_and_do_not_hang(folder):
    (folder / NAME).unlink()
    os.mkfifo(folder / NAME)
    with pytest.raises(intake.SubmissionRejected, match="neither a file nor a folder"):
        intake.read(folder, NAME)


def test_oversize_is_refused_before_it_is_read(folder):
    with open(folder / NAME, "r+b") as file:
        file.truncate(intake.MAX_BYTES + 1)
    with pytest.raises(intake.SubmissionRejected, match="larger than 20 MB"):
        intake.read(folder, NAME)


def test_too_many_cells_are_refused(folder):
    nbformat.write(new_notebook(cells=[new_code_cell("") for _ in range(intake.MAX_CELLS + 1)]), folder / NAME)
    with pytest.raises(intake.SubmissionRejected, match="more than 2000 cells"):
        intake.read(folder, NAME)


@pytest.mark.parametrize(
    "text, known",
    [
        ("2026-11-20 10:00:00 UTC", True),
        ("nonsense", False),
        ("", False),
        ("9" * 300, False),
        ("10h111111111111111111111111111111.5", False),
        ("\0", False),
    ],
)
def test_timestamps(folder, text, known):
    (folder / "timestamp.txt").write_text(text)
    assert (intake.timestamp(folder) is not None) == known


@pytest.mark.parametrize(
    "text, hour",
    [
        ("2026-11-01 14:00:00 UTC", 14),
        ("2026-11-01 14:00:00", 14),
        ("2026-11-01 14:00:00 +0200", 12),
        ("2026-11-01 14:00:00.000 -02:00", 16),
        ("2026-11-01 14:00 +0200", 12),
        ("2026-11-01T14:00:00+02:00", 12),
        ("2026-11-01 14:00:00 Europe/Vienna", 13),
    ],
)
def test_a_timestamps_zone_is_what_it_says(text, hour):
    assert intake.parse_timestamp(text.encode()) == datetime(2026, 11, 1, hour)


def written(folder, *cells, **more):
    content = {"nbformat": 4, "nbformat_minor": 4, "metadata": {}, "cells": list(cells)} | more
    (folder / NAME).write_text(json.dumps(content))
    return folder


def cell(**more):
    return {"cell_type": "code", "metadata": {}, "source": "1", "outputs": [], "execution_count": None} | more


def test_outputs_and_saved_widgets_are_left_aside_unseen(folder):
    million = [{"output_type": "stream", "name": "stdout", "text": ""}] * 300_000
    written(folder, cell(outputs=million), metadata={"widgets": {str(n): {} for n in range(10**5)}})
    found = intake.read(folder, NAME)
    assert found.cells[0].outputs == [] and "widgets" not in found.metadata


def test_more_than_any_exercise_needs_is_refused(folder):
    written(folder, cell(metadata={str(n): {} for n in range(intake.MAX_VALUES)}))
    with pytest.raises(intake.SubmissionRejected, match="more in the notebook"):
        intake.read(folder, NAME)


def test_too_many_cells_of_an_old_notebook_are_refused_before_they_are_converted(folder):
    written(folder, nbformat=3, worksheets=[{"cells": [5] * (intake.MAX_CELLS + 1)}])
    with pytest.raises(intake.SubmissionRejected, match="more than 2000 cells"):
        intake.read(folder, NAME)


@pytest.mark.parametrize("level", [5 * 10**8, 0, -1, "6", [1], None, 1e9])
def test_headings_of_old_notebooks_have_the_levels_there_are(level):
    def old(level):
        heading = {"cell_type": "heading", "level": level, "source": "x", "metadata": {}}
        sheet = {"cells": [heading], "metadata": {}}
        return json.dumps({"nbformat": 3, "nbformat_minor": 0, "metadata": {}, "worksheets": [sheet]}).encode()

    with pytest.raises(intake.SubmissionRejected, match="level"):
        intake.parse(old(level))
    assert intake.parse(old(2)).cells[0].source == "## x"


@pytest.mark.parametrize("kind", ["heading", None])
def test_cells_of_an_unknown_kind_are_refused(folder, kind):
    strange = cell(cell_type=kind)
    if kind is None:
        del strange["cell_type"]
    written(folder, strange)
    with pytest.raises(intake.SubmissionRejected):
        intake.read(folder, NAME)


def test_half_characters_are_replaced(folder):
    written(folder, cell(source="x = '\ud800'"))
    assert intake.read(folder, NAME).cells[0].source == "x = '?'"


def test_folders_nested_too_deeply_are_refused(folder):
    inner = folder
    for _ in range(990):
        inner = inner / "d"
        inner.mkdir()
    try:
        with pytest.raises(intake.SubmissionRejected, match="nested"):
            intake.read(folder, NAME)
    finally:
        while inner != folder:
            inner.rmdir()
            inner = inner.parent


@pytest.mark.parametrize(
    "raw, known",
    [(b"0123456789abcdef" * 8, True), (b"", False), (b"\xff", False), (b"../x", False), (b"a" * 300, False)],
)
def test_the_exchanges_secret_is_taken_only_as_nbgrader_writes_it(folder, raw, known):
    assert intake.submission_secret(folder) is None
    (folder / "submission_secret.txt").write_bytes(raw)
    assert (intake.submission_secret(folder) is not None) == known
