"""From the source notebook to the release notebook, through nbgrader itself."""

import copy
import io
import logging
import tempfile
from collections.abc import Mapping
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.converters import GenerateAssignment
from nbgrader.converters.base import NbGraderException
from nbgrader.coursedir import CourseDirectory
from traitlets.config import Config

from autograder.errors import UserError
from autograder.workspace import file_name


def as_text(notebook: NotebookNode) -> str:
    """The bytes of a notebook, the same on every run."""
    return nbformat.writes(notebook) + "\n"


def release_texts(sources: Mapping[str, str], config: Config) -> dict[str, str]:
    """What students get for these source notebooks.

    Args:
        sources: a dict from unit to the source notebook's text. config: nbgrader's configuration, for the stub and the
            ignore list.

    Returns:
        a dict from unit to the text of the release notebook.

    Raises:
        UserError: if nbgrader refuses a notebook.
    """
    with tempfile.TemporaryDirectory() as folder:
        config = copy.deepcopy(config)
        config.CourseDirectory.root = folder
        config.CourseDirectory.db_url = f"sqlite:///{folder}/gradebook.db"
        for kind in ("source", "release"):
            config.CourseDirectory.pop(f"{kind}_directory", None)
        return {unit: _release_text(source, unit, config, folder) for unit, source in sources.items()}


def _release_text(source: str, unit: str, config: Config, folder: str) -> str:
    config.CourseDirectory.assignment_id = unit
    path = Path(folder, "source", unit, file_name(unit))
    path.parent.mkdir(parents=True)
    path.write_text(source, encoding="utf-8")
    converter = GenerateAssignment(coursedir=CourseDirectory(config=config), config=config)
    said = io.StringIO()
    converter.log = logging.Logger("nbgrader", logging.ERROR)
    converter.log.addHandler(logging.StreamHandler(said))
    try:
        converter.start()
    except NbGraderException as error:
        raise UserError(
            f"nbgrader could not make the release notebook of {unit}. It said:\n{said.getvalue()}"
        ) from error
    return as_text(nbformat.read(Path(folder, "release", unit, file_name(unit)), as_version=4))
