"""The pages that a person reads, in a real browser: they fit, they can be read by everybody, and nothing in them runs."""

import json

import pytest
from axe_playwright_python.sync_playwright import Axe
from nbconvert import HTMLExporter
from nbformat.v4 import new_code_cell, new_markdown_cell

from autograder.demo import feedback, hand_in
from autograder.grading.grade import grade
from autograder.grading.gradebook import gradebook
from autograder.reporting.page import course_pages
from course.exporting import ReadableHTML, readable
from tests.browser import jupyter, page, require_chromium, shot
from tests.classes import HALF, NAMES, RIGHT, SECOND, WRONG, entry, write
from tests.conftest import QUICK, UNIT

pytestmark = pytest.mark.usefixtures("chromium")
STUDENT = "rnn_step_biases_forgotten"
SIZES = {"desk": (1200, 900), "phone": (390, 844)}
DRAWS = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()\nprint('long ' * 200)"


@pytest.fixture(scope="module")
def chromium():
    require_chromium()


def violations(opened, path):
    """What axe finds on a page that is serious or critical: (rule, how often, one place)."""
    opened.goto(path.as_uri(), wait_until="domcontentloaded")
    found = Axe().run(opened).response
    assert found["passes"], "axe looked at nothing"
    return [
        (rule["id"], len(rule["nodes"]), rule["nodes"][0]["html"][:200])
        for rule in found["violations"]
        if rule["impact"] in ("serious", "critical")
    ]


@pytest.fixture(scope="module")
def reports(graded_class):
    """The report pages of the demonstration's class, by name."""
    folder = course_pages(graded_class[0]).parent
    return {"course": folder / "course.html", "unit": folder / f"{UNIT}.html"}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", ["unit", "course"])
def test_the_report_fits_shows_its_pictures_and_can_be_read_by_everybody(reports, name, size):
    for scheme in ("light", "dark"):
        with page(SIZES[size]) as opened:
            opened.emulate_media(color_scheme=scheme)
            assert violations(opened, reports[name]) == []
            assert opened.evaluate("document.documentElement.scrollWidth") <= SIZES[size][0]
            pictures = opened.locator("svg[role=img]")
            assert pictures.count() > 9
            assert all(picture.is_visible() and picture.bounding_box()["height"] > 5 for picture in pictures.all())
            for text in opened.locator("svg text").all()[:22]:
                box = text.bounding_box()
                assert box["x"] >= 0 and box["x"] + box["width"] <= SIZES[size][0]
            shot(opened, f"report-{name}-{size}-{scheme}", full_page=True)


def test_pictures_grow_with_the_readers_text(reports):
    with page(SIZES["phone"]) as opened:
        opened.goto(reports["unit"].as_uri())
        before = opened.locator("svg text").first.bounding_box()["height"]
        opened.evaluate("document.documentElement.style.fontSize = '200%'")
        assert opened.locator("svg text").first.bounding_box()["height"] == pytest.approx(2 * before, rel=0.1)
        assert opened.evaluate("document.documentElement.scrollWidth") <= SIZES["phone"][0]


def test_nothing_that_a_student_is_called_runs(workspace):
    write(workspace, {name: entry(WRONG, HALF, refused=name) for name in NAMES})
    write(workspace, {"another": entry(RIGHT)}, SECOND)
    path = course_pages(workspace)
    for written in (path, path.with_name(f"{UNIT}.html")):
        with page() as opened:
            said = []
            opened.add_init_script("window.evil = () => { window.ran = true }; window.alert = window.evil")
            opened.on("request", lambda request, said=said: said.append(request.url))
            opened.goto(written.as_uri())
            opened.mouse.move(300, 300)
            assert opened.evaluate("window.ran") is None and said == [written.as_uri()]
            assert opened.get_by_text(NAMES[0], exact=True).first.is_visible()
            # the policy holds by itself: even a script that got onto the page would not run
            opened.evaluate(
                """document.body.insertAdjacentHTML('beforeend',
                   '<img src=x onerror="evil()"><iframe srcdoc="<script>parent.evil()<' + '/script>"></iframe>');
                   const script = document.createElement('script'); script.text = 'evil()';
                   document.body.append(script)"""
            )
            opened.wait_for_timeout(500)
            assert opened.evaluate("window.ran") is None
            assert opened.evaluate("document.documentElement.scrollWidth") <= 1200


@pytest.mark.parametrize("size", SIZES)
def test_an_exported_notebook_can_be_read_by_everybody(course, tmp_path, size):
    exported, _ = ReadableHTML().from_filename(str(course.notebook("release", UNIT)))
    (tmp_path / "rnn.html").write_text(exported)
    with page(SIZES[size]) as opened:
        assert violations(opened, tmp_path / "rnn.html") == []
        shot(opened, f"notebook-{size}")


def test_axe_finds_what_nbconvert_leaves_out(course, tmp_path):
    """So that a change of nbconvert that makes our repairs needless, or a test that looks at nothing, is seen."""
    plain, _ = HTMLExporter().from_filename(str(course.notebook("release", UNIT)))
    (tmp_path / "rnn.html").write_text(plain)
    with page() as opened:
        assert "color-contrast" in {rule for rule, *_ in violations(opened, tmp_path / "rnn.html")}


def test_readable_changes_a_page_once_and_only_its_head():
    once = readable("<!DOCTYPE html>\n<html>\n<head><title>a</title></head><body>b</body></html>")
    assert once.startswith('<!DOCTYPE html>\n<html lang="en">') and once.endswith("</head><body>b</body></html>")
    assert readable(once) == once and readable('<html lang="de"><p>') == '<html lang="de"><p>'


def test_feedback_can_be_read_by_everybody(workspace):
    hand_in(workspace, UNIT, [STUDENT])
    rewrite(workspace, "It failed at a delay of 12.", DRAWS)
    grade(workspace, UNIT, limits=QUICK)
    path = feedback(workspace, UNIT) / STUDENT / UNIT / "rnn.html"
    assert "data:image/png" in path.read_text()
    with page() as opened:
        assert violations(opened, path) == []
        shot(opened, "feedback")


def rewrite(workspace, answer, *cells):
    """Put a written answer, and cells, into the submission. A text is a code cell's."""
    path = workspace.notebook("submitted", UNIT, STUDENT)
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if cell["id"] == "what_a_state_keeps":
            cell["source"] = answer
    notebook["cells"][2:2] = [new_code_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    path.write_text(json.dumps(notebook))


def test_a_person_grades_a_written_answer_in_formgrader(workspace, tmp_path):
    hand_in(workspace, UNIT, [STUDENT])
    rewrite(
        workspace,
        "Mine failed at a delay of 12. <img src=x onerror='window.ran = true'> "
        "[my plot](javascript:void(window.ran=true)) ![p](http://127.0.0.1:9/seen.png)",
        new_markdown_cell("# what_a_state_keeps\n\nThe name of the field for the points."),
    )
    grade(workspace, UNIT, limits=QUICK)
    (tmp_path / "settings").mkdir()
    with jupyter(workspace.root, tmp_path / "settings") as address, page() as opened:
        asked = []
        opened.on("request", lambda request: asked.append(request.url))
        opened.goto(f"{address}/formgrader/gradebook/{UNIT}/rnn")
        opened.locator("tbody a", has_text="Submission").first.click()
        score, comment = (opened.locator(f"#what_a_state_keeps{end}") for end in ("", "-comment"))
        # formgrader listens to these fields only once it has fetched what the gradebook knows, and shows that so:
        opened.locator("#what_a_state_keeps.needs_manual_grade").wait_for()
        opened.locator("#what_a_state_keeps-comment[placeholder]").wait_for()
        text = opened.locator("body").inner_text()
        for said in ("How it is graded: 1 point", "In three to six sentences", "Mine failed at a delay of 12."):
            assert said in text
        opened.get_by_text("my plot").click()
        assert opened.locator("a", has_text="my plot").count() == 0
        assert opened.evaluate("window.ran") is None and not any("seen.png" in url for url in asked)
        score.scroll_into_view_if_needed()
        shot(opened, "formgrader-before")
        for field, kind, typed in ((score, "grade", "2"), (comment, "comment", "Which number shows it?")):
            with opened.expect_response(lambda answer, kind=kind: f"/api/{kind}/" in answer.url and answer.ok):
                field.fill(typed)
                field.blur()
        shot(opened, "formgrader-after")
        opened.reload()
        score.wait_for()
        opened.wait_for_function("document.querySelector('input.score#what_a_state_keeps').value === '2'")
    with gradebook(workspace) as book:
        given = book.find_submission_notebook("rnn", UNIT, STUDENT)
        [written] = [one for one in given.grades if one.name == "what_a_state_keeps"]
        assert (written.manual_score, written.needs_manual_grade, written.max_score) == (2.0, False, 3.0)
    grade(workspace, UNIT, limits=QUICK, force=True)
    with gradebook(workspace) as book:
        scores = {one.name: one.score for one in book.find_submission_notebook("rnn", UNIT, STUDENT).grades}
        assert scores.pop("what_a_state_keeps") == 2.0 and sum(scores.values()) == 7.0  # a regrade keeps both
    assert "Which number shows it?" in (feedback(workspace, UNIT) / STUDENT / UNIT / "rnn.html").read_text()
