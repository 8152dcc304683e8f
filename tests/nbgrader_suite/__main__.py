"""Runs nbgrader's own tests under this course's configuration. Arguments go to pytest: ``-k autograde``, for example."""

import sys

import pytest

FILES = ("autograde", "generate_assignment", "validate", "generate_feedback", "zip_collect", "export")


def main(arguments):
    modules = [f"nbgrader.tests.apps.test_nbgrader_{name}" for name in FILES]
    return pytest.main(
        [
            "-p",
            "tests.nbgrader_suite.plugin",
            "-p",
            "no:cacheprovider",
            "-W",
            "ignore",
            "--pyargs",
            *modules,
            *arguments,
        ]
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
