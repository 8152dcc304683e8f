"""The student's tree: complete, without anything of ours, and able to stand alone."""

import os
import subprocess
import sys

import pytest

from autograder.building.leaks import leaks_in
from autograder.building.publishing import publish
from autograder.errors import UserError
from autograder.grading.cells import is_demonstration
from autograder.workspace import NOTEBOOKS, PAGES


@pytest.fixture(scope="module")
def tree(course, tmp_path_factory):
    folder = tmp_path_factory.mktemp("published") / "tree"
    publish(course, folder)
    return folder


def test_it_holds_what_is_on_the_list_and_nothing_else(tree):
    assert {path.name for path in tree.iterdir()} == {
        "release",
        "course",
        "postBuild",
        "environment.yml",
        "pyproject.toml",
        "README.md",
        "LICENSE",
    }
    assert sorted(path.name for path in (tree / "release").iterdir()) == sorted(NOTEBOOKS)
    assert leaks_in(tree) == []


def test_no_word_of_ours_is_in_it(tree):
    for path in tree.rglob("*"):
        if path.is_file():
            assert b"autograder" not in path.read_bytes(), path


@pytest.fixture(scope="module")
def installed(tree, tmp_path_factory):
    """An environment in which only the student's tree is installed, on top of the packages that are here."""
    venv = tmp_path_factory.mktemp("student") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    inside = next(venv.glob("lib/python*/site-packages"))
    pip = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        str(venv / "bin" / "python"),
        "install",
        "--quiet",
        "--no-deps",
        "--no-build-isolation",
        "--editable",
        str(tree),
    ]
    (inside / "there.pth").write_text(f"import site; site.ENABLE_USER_SITE = False\n{packages}\n")
    done = subprocess.run(pip, capture_output=True, text=True, check=False, env=os.environ | {"PYTHONPATH": packages})
    assert done.returncode == 0, done.stderr
    return venv / "bin" / "python"


def run(python, code, folder):
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(
        [python, "-c", code], capture_output=True, text=True, check=False, cwd=folder, env=environment
    )


def test_it_installs_by_itself_and_the_set_up_of_every_notebook_runs(tree, installed):
    import nbformat

    assert str(tree) in run(installed, "import course; print(course.__file__)", tree / "release").stdout
    for unit in NOTEBOOKS:
        [path] = (tree / "release" / unit).glob("*.ipynb")
        cells = nbformat.read(path, as_version=4).cells
        code = "\n".join(
            cell.source
            for cell in cells
            if cell.cell_type == "code"
            and not is_demonstration(cell)
            and not cell.metadata.get("nbgrader", {}).get("grade")
        )
        done = run(installed, code, path.parent)
        assert done.returncode == 0, done.stderr


def test_binder_does_not_show_the_tab_for_making_assignments(tree):
    [line] = [line for line in (tree / "postBuild").read_text().splitlines() if line.startswith("jupyter")]
    assert line == 'jupyter labextension disable --level=sys_prefix "@jupyter/nbgrader:create-assignment"'
    assert os.access(tree / "postBuild", os.X_OK)


def test_its_dependencies_are_the_courses(tree, course):
    import tomllib

    ours, theirs = (tomllib.loads((root / "pyproject.toml").read_text())["project"] for root in (course.root, tree))
    assert ours["dependencies"] == theirs["dependencies"] and "optional-dependencies" not in theirs


def test_pages_come_with_whatever_units_are_given_out(course, tmp_path):
    publish(course, tmp_path / "tree", ["04-lstm"])
    assert sorted(path.name for path in (tmp_path / "tree" / "release").iterdir()) == [*PAGES, "04-lstm"]


def test_nothing_is_overwritten(course, tmp_path):
    (tmp_path / "mine.txt").write_text("keep")
    with pytest.raises(UserError, match="not empty"):
        publish(course, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]
