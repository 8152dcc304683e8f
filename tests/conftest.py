"""What the tests share: the course as it lies here, and a class that was graded once for all of them."""

from pathlib import Path

import nbformat
import pytest

from autograder.demo import demo_workspace, hand_in
from autograder.grading.grade import grade
from autograder.sandbox.host import launchers
from autograder.sandbox.host.process import Limits
from autograder.workspace import Workspace
from tests import sandboxes

ROOT = Path(__file__).resolve().parent.parent
UNIT = "01-rnn"
QUICK = Limits(cell_seconds=6, call_seconds=10, total_seconds=60)


@pytest.fixture(scope="session")
def course():
    """The course in this repository. Tests read it and never write into it."""
    return Workspace.here(ROOT)


@pytest.fixture(scope="session")
def release(course):
    return nbformat.read(course.notebook("release", UNIT), as_version=4)


@pytest.fixture
def workspace(course, tmp_path):
    """An empty course of its own, with the units of this repository and a gradebook that nobody else uses."""
    return demo_workspace(course, tmp_path / "course")


@pytest.fixture(scope="session")
def graded_class(course, tmp_path_factory):
    """The class of `make demo`, graded in the sandbox: (workspace, report)."""
    made = demo_workspace(course, tmp_path_factory.mktemp("class") / "course")
    hand_in(made, UNIT)
    return made, grade(made, UNIT, jobs=2, limits=QUICK)


@pytest.fixture(params=("cold", "warm"), scope="module")
def mode(request):
    """Everything here holds for an interpreter of its own, and for a fork of a warm one."""
    with launchers.open_launcher(request.param) as sandboxes.LAUNCH["now"]:
        yield request.param
