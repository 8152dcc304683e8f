"""Feedback shows code, named checks and the hint; never a hidden test, an expected number, or a student's HTML."""

import re

import nbformat
import pytest
from bs4 import BeautifulSoup

from autograder.demo import feedback, hand_in
from autograder.exercises import exercises_of
from autograder.grading.grade import grade
from course.exporting import ReadableHTML
from tests.conftest import QUICK, UNIT


@pytest.fixture(scope="module")
def pages(graded_class):
    folder = feedback(graded_class[0], UNIT)
    return lambda student: (folder / student / UNIT / "rnn.html").read_text()


def test_it_shows_the_code_the_checks_and_the_hint(pages):
    page = pages("rnn_step_biases_forgotten")
    exercise = exercises_of(UNIT)["rnn_step"]
    assert exercise.mistakes["biases_forgotten"].hint in page
    assert all(check.name in page for check in exercise.all_checks)
    assert re.search(r"W</span><span class=\"o\">\.</span><span class=\"n\">T", page)  # the student's own code


def test_a_refusal_is_explained_to_the_student(pages):
    assert "symbolic link" in pages("symlink")


@pytest.mark.parametrize(
    "student", ["perfect", "untouched", "rnn_step_biases_forgotten", "forges_the_reply", "kills_its_kernel"]
)
def test_nothing_hidden_is_in_it(pages, graded_class, student):
    page = pages(student)
    for word in ("HIDDEN TESTS", "verify(", "autograder", "AssertionError: "):
        assert word not in page
    results = graded_class[1]["students"][student]["exercises"].values()
    known = [mistake for exercise in exercises_of(UNIT).values() for mistake in exercise.mistakes.values()]
    own = {mistake.hint for mistake in known if mistake.id in [result["hint_id"] for result in results]}
    assert all(mistake.hint not in page for mistake in known if mistake.hint not in own)


def test_what_a_student_shows_or_writes_cannot_run_on_the_page(workspace):
    hand_in(workspace, UNIT, ["untouched"])
    path = workspace.notebook("submitted", UNIT, "untouched")
    notebook = nbformat.read(path, as_version=4)
    evil = (
        "<script>evil()</script><img src=x onerror='evil()'><iframe src='javascript:evil()'></iframe> "
        "[plot](javascript:evil()) ![p](https://evil.example/p.png) $\\href{javascript:evil()}{x}$"
    )
    notebook.cells[1:1] = [
        nbformat.v4.new_code_cell(
            f"from IPython.display import HTML, SVG, Javascript, Markdown, display\ndisplay(HTML({evil!r}))\n"
            f"display(Javascript('evil()'))\ndisplay(Markdown({evil!r}))\nprint({evil!r})\n{evil!r}"
        ),
        nbformat.v4.new_markdown_cell(evil),
        nbformat.v4.new_markdown_cell("![a pasted picture](attachment:evil.png)"),
        nbformat.v4.new_raw_cell(evil),
    ]
    for cell in notebook.cells:
        if cell.id == "what_a_state_keeps":
            cell.source = evil
    nbformat.write(notebook, path)
    grade(workspace, UNIT, limits=QUICK)
    page = (feedback(workspace, UNIT) / "untouched" / UNIT / "rnn.html").read_text()
    parsed = BeautifulSoup(page, "html.parser")
    assert not any("evil" in script.text for script in parsed.find_all("script"))
    assert not parsed.find_all("iframe")
    for tag in parsed.find_all(True):
        assert not any(name.startswith("on") or "evil" in str(value) for name, value in tag.attrs.items()), tag
    assert not any("evil" in text for text in parsed.find_all(string=True) if not text.find_parent(["pre", "code"]))


def test_the_browser_is_told_what_may_run_on_the_page(pages, course):
    policy = BeautifulSoup(pages("perfect"), "html.parser").find("meta", {"http-equiv": "Content-Security-Policy"})
    assert policy.find_previous("script") is None
    assert policy["content"].startswith("default-src 'none'; script-src https:")
    assert "inline" not in policy["content"].partition("style-src")[0]
    exported, _ = ReadableHTML().from_filename(str(course.notebook("release", UNIT)))
    assert "Content-Security-Policy" not in exported  # a person's own notebook, in which figures move


def test_hidden_inputs_do_not_get_out_through_what_a_function_raises_or_prints(workspace):
    hand_in(workspace, UNIT, ["untouched"])
    path = workspace.notebook("submitted", UNIT, "untouched")
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        if cell.id == "rnn_step_solution":
            cell.source = (
                "def rnn_step(x, h, W, U, b):\n    print('STOLEN', x)\n    import sys; print('STOLEN', x, file=sys.stderr)\n"
                "    open('/tmp/kept', 'a').write('STOLEN')\n    raise type('STOLEN%d' % x.size, (ValueError,), {})('STOLEN', x)"
            )
    nbformat.write(notebook, path)
    grade(workspace, UNIT, limits=QUICK)
    feedback(workspace, UNIT)
    for written in workspace.root.rglob("*"):
        if written.is_file() and "submitted" not in written.parts:
            text = (
                written.read_bytes()
                .replace(b"'STOLEN", b"")
                .replace(b"STOLEN&#39;", b"")
                .replace(b"STOLEN%d", b"")
                .replace(b"&#39;STOLEN", b"")
            )
            assert b"STOLEN" not in text, written
