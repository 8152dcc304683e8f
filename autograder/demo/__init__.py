"""A small class with every kind of student in it, made from the release notebook, graded before your eyes."""

import copy
import logging
import shutil
from collections.abc import Collection
from pathlib import Path

from nbgrader.converters import GenerateFeedback

from autograder.demo.students import class_of
from autograder.errors import UserError
from autograder.workspace import CONFIG_FILE, Workspace, write_whole

UNIT = "01-rnn"
CONFIG = '''"""Made by `python -m autograder demo`: the course's own configuration, with the folders of the demonstration."""

c = get_config()  # noqa: F821
load_subconfig({name!r}, path={root!r})  # noqa: F821
c.CourseDirectory.root = {folder!r}
c.CourseDirectory.db_url = {gradebook!r}  # the class's own, wherever the course keeps its own
c.CourseDirectory.source_directory = {source!r}
c.CourseDirectory.release_directory = {release!r}
'''


def demo_workspace(workspace: Workspace, folder: Path) -> Workspace:
    """An empty course of its own in ``folder``, with the units of ``workspace``. An older demonstration is removed.

    Raises:
        UserError: if the folder holds anything else.
    """
    folder = folder.resolve()
    if folder.exists() and any(folder.iterdir()) and not (folder / ".demonstration").exists():
        raise UserError(f"{folder} holds something that is no demonstration. Name another folder.")
    shutil.rmtree(folder, ignore_errors=True)
    write_whole(folder / ".demonstration", "made by `python -m autograder demo`; removed by its next run\n")
    write_whole(
        folder / CONFIG_FILE,
        CONFIG.format(
            name=CONFIG_FILE,
            root=str(workspace.root),
            folder=str(folder),
            gradebook=f"sqlite:///{folder / 'gradebook.db'}",
            source=str(workspace.folder("source")),
            release=str(workspace.folder("release")),
        ),
    )
    return Workspace.here(folder)


def hand_in(workspace: Workspace, unit: str, students: Collection[str] | None = None) -> None:
    """Write the submissions of a class.

    Args:
        students: only these names.

    Raises:
        KeyError: a name that nobody in the class has.
    """
    everybody = class_of(workspace, unit)
    for name in everybody if students is None else students:
        folder = workspace.folder("submitted", unit, name)
        folder.mkdir(parents=True)
        everybody[name](folder)


def feedback(workspace: Workspace, unit: str) -> Path:
    """The feedback pages of a unit, by nbgrader. Returns their folder's parent."""
    config = copy.deepcopy(workspace.config)
    config.CourseDirectory.assignment_id = unit
    directory = Workspace(workspace.root, config).directory
    converter = GenerateFeedback(coursedir=directory, config=config)
    converter.log = logging.Logger("nbgrader", logging.ERROR)
    converter.force = True
    converter.start()
    return workspace.folder("feedback", unit, "STUDENT").parent.parent


def demo(workspace: Workspace, folder: Path) -> int:
    """Make the class, grade it, write feedback, say where everything lies. Returns the exit code."""
    from autograder.reporting.page import course_pages
    from autograder.terminal import grade_and_print, short_path

    made = demo_workspace(workspace, folder)
    hand_in(made, UNIT)
    code = grade_and_print(made, UNIT, jobs=2)
    pages, report = feedback(made, UNIT), course_pages(made).with_name(f"{UNIT}.html")
    for what, path in (
        ("Submissions", made.folder("submitted")),
        ("Feedback", pages),
        ("Gradebook", made.root / "gradebook.db"),
        ("Class report", report),
    ):
        print(f"{what}: {short_path(path)}")
    print(
        f"To look around as an instructor: cd {short_path(made.root)}, start JupyterLab there, then Nbgrader > Formgrader."
    )
    return code
