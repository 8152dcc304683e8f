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
# what `make check` leaves out: tests that start sandboxes, browsers, databases or whole notebooks
SANDBOX_FIXTURES = {"graded_class", "mode", "sandbox"}
SANDBOX_MODULES = {
    "test_attacks",
    "test_attacks_archives",
    "test_benchmark",
    "test_browser",
    "test_browser_comparison",
    "test_browser_reading",
    "test_cli",
    "test_collecting",
    "test_crash",
    "test_dispatching",
    "test_environment",
    "test_exchange",
    "test_feedback",
    "test_grading",
    "test_incomplete",
    "test_markdown_safety",
    "test_notebooks",
    "test_pages",
    "test_paid_once",
    "test_plugin",
    "test_postgresql",
    "test_record_figures",
    "test_recording",
    "test_sandbox",
    "test_sandbox_asking",
    "test_settings",
    "test_states",
    "test_unwritten",
    "test_visible_reading",
    "test_workers",
}
SLOW_MODULES = {  # each needs many seconds by itself
    "test_bank",
    "test_building",
    "test_measurement",
    "test_publishing",
    "test_reading_cells",
    "test_sentences",
    "test_unit_batches",
    "test_unit_comparison",
    "test_units",
}
ALONE = {"test_bank", "test_building", "test_notebooks"}
QUICK = Limits(cell_seconds=6, call_seconds=10, total_seconds=60)


@pytest.hookimpl(tryfirst=True)  # before pytest-xdist, which asks for the groups
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make check` leaves out: tests that start a sandbox, or are slow. And say which tests belong on one core.

    Those of a file do, because they share fixtures; those of ``ALONE`` share none, and fill the cores that are free.
    """
    for item in items:
        module = item.path.stem
        if module not in ALONE:
            item.add_marker(pytest.mark.xdist_group(module))
        if module in SANDBOX_MODULES or SANDBOX_FIXTURES & set(getattr(item, "fixturenames", ())):
            item.add_marker("sandbox")
        if module in SLOW_MODULES:
            item.add_marker("slow")


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
