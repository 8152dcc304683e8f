"""The X-ray's widget in a real browser: a student steps through sentences, picks one, types one, mistypes one."""

import nbformat
import pytest

from autograder.building.publishing import publish
from autograder.demo.students import as_student_code, with_solutions
from autograder.exercises import exercises_of
from course import reading
from tests.browser import Lab, jupyter, page, require_chromium, shot

UNIT = "09-reading-gates"
LAPTOP, ROOM = (1366, 768), 656  # a small laptop's window, and the height that JupyterLab leaves to the notebook
NEEDED = ("encode", "GRUCell", "run_with_gates", "prediction_after_each_word", "word_influence")


@pytest.fixture(scope="module", autouse=True)
def chromium():
    require_chromium()


def described(opened, output, *words):
    """Wait until the picture's description holds these words, and return it."""
    opened.wait_for_function(
        "([e, words]) => { const i = e.querySelector('img'); return i && words.every((w) => i.alt.includes(w)); }",
        arg=[output.element_handle(), list(words)],
    )
    return output.locator("img").get_attribute("alt")


def test_a_student_steps_through_a_sentence_picks_types_and_mistypes(course, tmp_path):
    publish(course, tmp_path / "tree")
    path = tmp_path / "tree" / "release" / UNIT / "reading-gates.ipynb"
    right = {name: as_student_code(exercises_of(UNIT)[name].reference, name) for name in NEEDED}
    notebook = with_solutions(nbformat.read(path, as_version=4), right)
    for cell in notebook.cells:
        cell.metadata.pop("jupyter", None)  # what is folded cannot be clicked
    nbformat.write(notebook, path)
    (tmp_path / "settings").mkdir()
    with jupyter(tmp_path / "tree", tmp_path / "settings") as address, page(LAPTOP) as opened:
        lab = Lab(opened, address, f"release/{UNIT}/reading-gates.ipynb")
        lab.run("from course import checks, plots, reading")
        for name in NEEDED:
            lab.run(f"{'class' if name == 'GRUCell' else 'def'} {name}(")
        lab.run("def look(")
        static = lab.run("show_xray(reading.TOLD)")
        assert "22 of 22 words" in described(opened, static) and "barkroll: z 0.88" in described(opened, static)

        output = lab.run("widgets.read_along(")
        told = described(opened, output, "22 of 22 words")
        assert "is: z" in told and "forest" in told
        controls, picture = output.locator("select").bounding_box(), output.locator("img").bounding_box()
        assert picture["y"] + picture["height"] - controls["y"] <= ROOM
        assert picture["x"] + picture["width"] <= LAPTOP[0]
        output.scroll_into_view_if_needed()
        shot(opened, "xray-whole")

        # back by steps: the words not yet read are gone from picture and prediction
        output.locator(".noUi-handle").first.focus()
        for _ in range(11):
            opened.keyboard.press("ArrowLeft")
        told = described(opened, output, "11 of 22 words")
        assert "loves: z" in told and "barkroll" not in told and told.endswith("coast.")
        opened.keyboard.press("ArrowRight")
        assert described(opened, output, "12 of 22 words").endswith("forest.")
        output.locator("img").scroll_into_view_if_needed()
        shot(opened, "xray-stepped")

        output.locator("select").select_option(reading.UNTOLD)
        assert described(opened, output, "22 of 22 words", "down: z").endswith("surprise.")

        box = output.locator("input[type=text]").first
        box.fill("Edda likes saltbun so dinner is")
        box.press("Enter")
        before = described(opened, output, "6 of 6 words")
        assert before.endswith("coast.")
        assert output.locator("select").evaluate("list => list.selectedIndex") == -1
        output.locator("select").select_option(reading.UNTOLD)
        assert described(opened, output, "22 of 22 words", "down: z").endswith("surprise.")
        box.fill("Edda likes saltbun so dinner is")
        box.press("Enter")
        described(opened, output, "6 of 6 words")
        shot(opened, "xray-typed")

        box.fill("Edda likes pizza so dinner is")
        box.press("Enter")
        output.get_by_text("“pizza” is not in this language").wait_for()
        assert output.locator("img").get_attribute("alt") == before
        shot(opened, "xray-unknown-word")

        box.fill("Edda likes saltbn so dinner is")
        box.press("Enter")
        output.get_by_text("Did you mean “saltbun”?").wait_for()
        box.fill("Edda sits down so dinner is")
        box.press("Enter")
        assert described(opened, output, "down: z", "6 of 6 words").endswith("surprise.")
        assert output.get_by_text("is not in this language").count() == 0
