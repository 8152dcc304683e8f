"""A pytest plugin: nbgrader's own tests under this course's configuration, its differences listed with their reasons.

``python -m tests.nbgrader_suite`` runs them.
"""

import os
import tomllib
from collections import Counter
from pathlib import Path

import pytest

HERE = Path(__file__).resolve().parent
DIFFERENCES = HERE / "differences.toml"


def pytest_configure(config):
    # nbgrader reads nbgrader_config.py in these folders before the one that a test writes
    os.environ["JUPYTER_CONFIG_PATH"] = str(HERE)


def test_id(item):
    """The file and the name of a test, as differences.toml has them."""
    return item.path.stem, item.name


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    differences = tomllib.loads(DIFFERENCES.read_text(encoding="utf-8"))
    listed = {(file, name): test for file, tests in differences.items() for name, test in tests.items()}
    collected = {item.path.stem for item in items}
    unknown = {key for key in listed if key[0] in collected} - {test_id(item) for item in items}
    if unknown and not config.option.keyword:
        raise pytest.UsageError(f"{DIFFERENCES} lists tests that there are not: {sorted(unknown)}")
    for item in items:
        if test := listed.get(test_id(item)):
            expected = pytest.RaisesExc(AssertionError, match=test["fails"])
            item.add_marker(pytest.mark.xfail(reason=test["reason"], raises=expected, strict=True))


def pytest_terminal_summary(terminalreporter):
    stats = terminalreporter.stats
    for title, kind, reason in (
        ("differ by design", "xfailed", lambda report: report.wasxfail),
        ("skipped by nbgrader", "skipped", lambda report: report.longrepr[2].removeprefix("Skipped: ")),
    ):
        reasons = Counter(reason(report) for report in stats.get(kind, []))
        terminalreporter.section(f"{title}: {len(stats.get(kind, []))}")
        for text, count in sorted(reasons.items()):
            terminalreporter.write_line(f"{count:3}  {text}")
    counts = {kind: len(stats.get(kind, [])) for kind in ("passed", "xfailed", "skipped", "failed", "error")}
    terminalreporter.section("nbgrader's own suite under this course's configuration")
    terminalreporter.write_line(
        "{passed} passed, {xfailed} differ by design, {skipped} skipped by nbgrader, {failed} failed, {error} errors".format(
            **counts
        )
    )
