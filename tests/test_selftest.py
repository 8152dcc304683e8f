"""The self-test: what it finds here, and what it says where something is missing."""

import ast
import inspect
import sys
import tomllib

import pytest
from packaging.requirements import Requirement

from course import selftest


def module(folder, monkeypatch, name, text):
    """Write a real module that can be imported under this name."""
    (folder / f"{name}.py").write_text(text)
    monkeypatch.syspath_prepend(folder)
    monkeypatch.delitem(sys.modules, name, raising=False)


def test_here_all_is_well(capsys):
    assert [(line.what, line.said) for line in selftest.lines() if line.verdict != "OK"] == []
    selftest.run()
    assert "you can start" in capsys.readouterr().out


def test_python_that_is_too_old():
    assert selftest.python((3, 11, 0)).verdict == "OK" and selftest.python((4, 0, 0)).verdict == "OK"
    found = selftest.python((3, 10, 9))
    assert found.verdict == "to do" and "3.10.9" in found.said and "3.11" in found.said


def test_a_package_that_is_missing():
    found = selftest.package("no_such_package_at_all", "1.0")
    assert found.verdict == "to do" and "pip install" in found.said


def test_a_package_that_is_too_old(tmp_path, monkeypatch):
    module(tmp_path, monkeypatch, "an_old_one", "__version__ = '1.9'")
    assert "1.9, and the course needs 1.10" in selftest.package("an_old_one", "1.10").said
    assert selftest.package("an_old_one", "1.9").verdict == "OK"


def test_a_package_that_is_broken(tmp_path, monkeypatch):
    module(tmp_path, monkeypatch, "a_broken_one", "raise OSError('a library is missing')")
    found = selftest.package("a_broken_one", "1.0")
    assert found.verdict == "to do" and "cannot be loaded (OSError)" in found.said


@pytest.mark.parametrize(
    "text, verdict, said",
    [
        ("raise OSError", "optional", "Units 01 to 08 work without it"),
        ("__version__ = '1.2+cpu'", "OK", "grading runs 2.13.0"),
        ("__version__ = '2.13.0+cpu'", "OK", "2.13.0+cpu"),
    ],
)
def test_torch(tmp_path, monkeypatch, text, verdict, said):
    module(tmp_path, monkeypatch, "like_torch", text)
    found = selftest.torch("like_torch")
    assert found.verdict == verdict and said in found.said


def test_without_torch_one_can_start():
    found = selftest.torch("no_such_package_at_all")
    assert found.verdict == "optional" and "not installed" in found.said and "pip install torch" in found.said
    assert selftest.verdict([found]).startswith("You can start")


def test_the_validate_button(tmp_path):
    labs, configs = tmp_path / "labextensions", tmp_path / "etc"
    button, server = labs / selftest.VALIDATE[0], configs / selftest.VALIDATE[1]
    assert "button was not found" in selftest.validate([labs], [configs]).said
    button.mkdir(parents=True)
    assert "server part was not found" in selftest.validate([labs], [configs]).said
    server.parent.mkdir(parents=True)
    server.write_text("{}")
    assert selftest.validate([tmp_path, labs], [configs]).verdict == "OK"


def test_a_folder_that_cannot_be_written_to(tmp_path):
    assert selftest.folder(tmp_path).verdict == "OK" and not list(tmp_path.iterdir())
    for path in (tmp_path / "nowhere", "/proc"):
        found = selftest.folder(path)
        assert found.verdict == "to do" and "could not be saved" in found.said


def test_a_full_disk():
    assert selftest.room(selftest.ROOM).verdict == "OK"
    assert "Only 3 MB" in selftest.room(3).said


def test_memory(tmp_path):
    machine, limit = tmp_path / "meminfo", tmp_path / "memory.max"
    machine.write_text("MemTotal: 9000000 kB\nMemAvailable: 4000000 kB\n")
    limit.write_text("max\n")
    assert selftest.memory([machine, limit]).said.startswith("4096 MB")
    limit.write_text("2147483648\n")
    assert selftest.memory([machine, limit]).said.startswith("2147 MB")
    limit.write_text("536870912\n")
    found = selftest.memory([machine, limit])
    assert found.verdict == "to do" and "536 MB" in found.said and "Close other notebooks" in found.said
    assert "does not say" in selftest.memory([tmp_path / "nowhere"]).said


def test_cores():
    assert "enough" in selftest.cores(1).said and selftest.cores(4).said == "4" and int(selftest.cores().said[0]) >= 1


def test_the_verdict_names_what_is_to_do():
    lines = [selftest.python((3, 9, 0)), selftest.cores(), selftest.room(0)]
    assert selftest.verdict(lines).startswith("To do: Python, saving.")


def test_the_widgets_answer(capsys):
    box = selftest.listen()
    (button, slider), heard = box.children[0].children, box.children[1]
    assert "Nothing heard" in heard.value
    button.click()
    assert "heard your click" in heard.value
    slider.value = 7
    assert "stands at 7" in heard.value


def test_what_it_asks_for_is_what_the_project_asks_for(course):
    project = tomllib.loads((course.root / "pyproject.toml").read_text())["project"]
    asked = {(found := Requirement(line)).name: found.specifier for line in project["dependencies"]}
    for name, least in selftest.PACKAGES.items():
        assert str(asked[name]) == f">={least}"
    assert str(asked["torch"]) == f"=={selftest.TORCH}"
    assert project["requires-python"] == ">=" + ".".join(map(str, selftest.PYTHON))


def test_it_can_be_imported_without_what_it_looks_for():
    imported = set()
    for node in ast.parse(inspect.getsource(selftest)).body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            imported |= {node.module} if isinstance(node, ast.ImportFrom) else {alias.name for alias in node.names}
    assert not {name.split(".")[0] for name in imported} & {"course", *selftest.PACKAGES, "torch", "nbgrader"}
