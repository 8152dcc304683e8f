"""environment.yml, the lock and the project file agree, and Binder would accept them."""

import importlib.metadata
import re
import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

from autograder.building.publishing import publish

NAMES = {"pytorch-cpu": "torch", "matplotlib-base": "matplotlib"}  # conda-forge's name -> PyPI's


@pytest.fixture(scope="module")
def lock(course):
    lines = (course.root / "requirements.lock").read_text().splitlines()
    return {canonicalize_name(name): version for name, version in (line.split("==") for line in lines)}


@pytest.fixture(scope="module")
def environment(course):
    return yaml.safe_load((course.root / "environment.yml").read_text())


def test_the_lock_holds_names_and_versions_only(course):
    for line in (course.root / "requirements.lock").read_text().splitlines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[A-Za-z0-9.]+", line), line


def test_the_lock_holds_for_the_oldest_python_that_is_named(course, lock):
    project = tomllib.loads((course.root / "pyproject.toml").read_text())["project"]
    oldest = f"{project['requires-python'].removeprefix('>=')}.0"
    for found in importlib.metadata.distributions():
        if canonicalize_name(found.name) in lock:
            needs = found.metadata.get("Requires-Python") or ""
            assert SpecifierSet(needs).contains(oldest), f"{found.name} {found.version} needs Python {needs}"


def test_a_python_that_is_too_old_is_answered_before_pip_runs(course, tmp_path):
    for name in ("Makefile", "pyproject.toml", "requirements.lock"):
        shutil.copy(course.root / name, tmp_path / name)
    text = (tmp_path / "pyproject.toml").read_text()
    (tmp_path / "pyproject.toml").write_text(text.replace('requires-python = ">=3.11"', 'requires-python = ">=3.99"'))
    done = subprocess.run(
        ["make", "build", f"PYTHON={sys.executable}"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert "requires-python" in done.stdout
    assert not (tmp_path / ".venv").exists()


def test_environment_is_short_and_admits_the_lock(course, environment, lock):
    assert len((course.root / "environment.yml").read_text().splitlines()) <= 16
    for line in environment["dependencies"]:
        if isinstance(line, dict):
            assert line == {"pip": ["-e ."]}
            continue
        name, wanted = re.fullmatch(r"([a-z0-9-]+)(.*)", line).groups()
        if not wanted:
            continue
        version = ".".join(map(str, sys.version_info[:3])) if name == "python" else lock[NAMES.get(name, name)]
        exact = re.fullmatch(r"=([\d.]+?)(\.\*)?", wanted)
        assert version in SpecifierSet(f"=={exact[1]}.*" if exact else wanted), f"{line} does not admit {version}"


def test_the_project_file_admits_the_lock(course, lock):
    project = tomllib.loads((course.root / "pyproject.toml").read_text())["project"]
    extras = project["optional-dependencies"]
    for line in [*project["dependencies"], *extras["instructor"], *extras["dev"]]:
        wanted = Requirement(line)
        assert wanted.specifier.contains(lock[canonicalize_name(wanted.name)]), line


def test_everything_that_conda_installs_the_project_file_asks_for(course, environment):
    project = tomllib.loads((course.root / "pyproject.toml").read_text())["project"]
    asked = {Requirement(line).name for line in project["dependencies"]}
    conda = {
        NAMES.get(name, name)
        for name in (re.match(r"[a-z0-9-]+", line)[0] for line in environment["dependencies"] if isinstance(line, str))
    }
    assert conda - {"python", "pip"} <= asked


def test_nothing_hides_environment_yml_from_binder(course):
    assert not (course.root / "binder").exists() and not (course.root / ".binder").exists()


@pytest.mark.parametrize("which", ["this repository", "the student's tree"])
def test_repo2docker_accepts_it(course, tmp_path, which):
    pytest.importorskip("repo2docker", reason="repo2docker belongs to the dev extra")
    folder = course.root
    if which == "the student's tree":
        folder = tmp_path / "tree"
        publish(course, folder)
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "repo2docker",
            "--no-build",
            "--debug",
            "--user-id",
            "1000",
            "--user-name",
            "reader",
            str(folder),
        ],
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-2000:]
    assert "environment.yml" in said and "mamba env update" in said.replace("${MAMBA_EXE}", "mamba")
