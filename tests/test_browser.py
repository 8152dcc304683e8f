"""What a student and an instructor see, in a real browser."""

import nbformat
import pytest

from autograder.building.publishing import publish
from autograder.demo import hand_in
from autograder.demo.students import as_student_code
from autograder.exercises import exercises_of
from autograder.grading.gradebook import register
from tests.browser import Lab, jupyter, page, require_chromium, shot
from tests.conftest import UNIT

pytestmark = pytest.mark.usefixtures("chromium")


@pytest.fixture(scope="module")
def chromium():
    require_chromium()


def test_a_student_solves_a_cell_moves_a_slider_and_validates(course, tmp_path):
    publish(course, tmp_path / "tree")
    (tmp_path / "settings").mkdir()
    with jupyter(tmp_path / "tree", tmp_path / "settings") as address, page() as opened:
        lab = Lab(opened, address, f"release/{UNIT}/rnn.ipynb")
        opened.locator(".jp-RenderedMarkdown mjx-container").nth(10).wait_for()  # the mathematics is rendered
        shot(opened, "student-opens")
        lab.run("from course import checks")
        said = lab.run("checks.rnn_step(rnn_step)").inner_text()
        assert "rnn_step" in said and "Run that cell first" in said
        lab.fill("def rnn_step(x, h, W, U, b):", as_student_code(exercises_of(UNIT)["rnn_step"].reference, "rnn_step"))
        lab.run("def rnn_step(")
        assert "✓ rnn_step: both examples worked on paper" in lab.run("checks.rnn_step(rnn_step)").inner_text()

        output = lab.run("widgets.squashing()")
        picture = output.locator("img")
        before, described = picture.get_attribute("src"), picture.get_attribute("alt")
        assert "for weight 1 and bias 0" in described
        shot(opened, "student-slider-before")
        output.locator(".noUi-handle").first.focus()
        for _ in range(8):
            opened.keyboard.press("ArrowRight")
        opened.wait_for_function(
            "([e, old]) => e.querySelector('img') && e.querySelector('img').src !== old",
            arg=[output.element_handle(), before],
        )
        opened.wait_for_function(
            "(e) => e.querySelector('img').alt.includes('for weight 3 ')", arg=output.element_handle()
        )
        picture.scroll_into_view_if_needed()
        shot(opened, "student-slider-after")

        output = lab.run('widgets.predict("rnn_slope")')
        output.get_by_text("it falls to nearly zero").click()
        assert "You guessed it" in lab.run('widgets.reveal("rnn_slope")').inner_text()

        # Validate saves the notebook by itself
        opened.locator("jp-button, button").get_by_text("Validate", exact=True).first.click()
        dialog = opened.locator(".jp-Dialog").filter(has_text="Validation Results")
        dialog.get_by_text("not written yet").first.wait_for(timeout=180_000)
        said = dialog.inner_text()
        shot(opened, "student-validates")
        assert "rnn_forward is not written yet" in said and "rnn_step is not written yet" not in said


def test_a_newcomer_runs_the_start_page_and_sees_their_progress(course, tmp_path):
    publish(course, tmp_path / "tree")
    unit = tmp_path / "tree" / "release" / UNIT / "rnn.ipynb"
    notebook = nbformat.read(unit, as_version=4)
    first = next(cell for cell in notebook.cells if cell.id == "rnn_step_solution")
    first.source = as_student_code(exercises_of(UNIT)["rnn_step"].reference, "rnn_step")
    nbformat.write(notebook, unit)
    (tmp_path / "settings").mkdir()
    with jupyter(tmp_path / "tree", tmp_path / "settings") as address, page() as opened:
        lab = Lab(opened, address, "release/00-start-here/start-here.ipynb")
        opened.get_by_role("heading", name="The GRU, in five forms").wait_for()
        shot(opened, "start-opens")
        lab.run("from course import selftest")
        said = lab.run("selftest.run()").inner_text()
        assert said.count("OK") >= 9 and "All is well" in said

        output = lab.run("selftest.listen()")
        output.get_by_text("Do you hear me?").click()
        output.get_by_text("The kernel heard your click").wait_for()
        output.locator(".noUi-handle").first.focus()
        opened.keyboard.press("ArrowRight")
        output.get_by_text("the slider stands at 1").wait_for()
        shot(opened, "start-heard")

        output = lab.run("progress.show()")
        described = output.locator("img").get_attribute("alt")
        assert "Unit 01: 3 of" in described and "Unit 02: not begun" in described
        row = output.locator("tr", has_text="Unit 01")
        assert "1 of 3" in row.inner_text() and "run the checks of rnn_step" in row.inner_text()
        output.locator("img").scroll_into_view_if_needed()
        shot(opened, "start-progress")

        mathematics = opened.locator("mjx-container")
        assert mathematics.count() > 40 and opened.locator("mjx-merror").count() == 0
        for heading in ("The LSTM, in three forms", "The GRU, in five forms", "From one notation to another"):
            opened.get_by_role("heading", name=heading).scroll_into_view_if_needed()
            shot(opened, f"start-{heading.split(',')[0].replace(' ', '-').lower()}")

        row.get_by_role("link").click()
        opened.get_by_role("heading", name="Unit 01").first.wait_for()


def test_an_instructor_presses_autograde_and_sees_the_score(workspace, tmp_path):
    hand_in(workspace, UNIT, ["rnn_step_biases_forgotten"])
    register(workspace, UNIT)
    (tmp_path / "settings").mkdir()
    with jupyter(workspace.root, tmp_path / "settings") as address, page() as opened:
        opened.goto(f"{address}/formgrader/manage_submissions/{UNIT}")
        row = opened.locator("tr", has_text="rnn_step_biases_forgotten")
        row.wait_for()
        shot(opened, "instructor-before")
        row.locator("td.autograde a, td.autograde button, td.autograde span").first.click()
        opened.get_by_text("Success").first.wait_for()
        shot(opened, "instructor-success")
        opened.goto(f"{address}/formgrader/manage_submissions/{UNIT}")
        row = opened.locator("tr", has_text="rnn_step_biases_forgotten")
        row.get_by_text("graded").first.wait_for()
        shot(opened, "instructor-after")
        assert "7" in row.inner_text() and "13" in row.inner_text()
