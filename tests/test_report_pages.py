"""The class report's pages: their words, and that they stay text whatever a student is called."""

import json

import pytest

from autograder.cli import main
from autograder.demo import hand_in
from autograder.errors import UserError
from autograder.exercises import exercises_of
from autograder.grading.grade import grade
from autograder.grading.gradebook import gradebook, register
from autograder.reporting import manual_grading
from autograder.reporting.outcomes import read_outcomes
from autograder.reporting.page import course_pages, unit_page
from tests.classes import (
    CLASS,
    EMPTY,
    HALF,
    HINT,
    NAMES,
    REFUSED,
    RIGHT,
    SECOND,
    WRONG,
    entry,
    large_class,
    page,
    rows,
    write,
)
from tests.conftest import QUICK, UNIT


def test_a_page_shows_what_the_numbers_say(workspace):
    write(workspace, CLASS)
    parsed = page(unit_page(workspace, UNIT))
    assert rows(parsed, "Every check")[2:4] == [["value", "3 of 4", "75%"], ["pure", "3 of 4", "75%"]]
    assert rows(parsed, "Every student")[1:3] == [["all", "4", "2", "2", "–"], ["bias", "2", "0", "2", "–"]]
    assert [row[0] for row in rows(parsed, "Refused, ended early, or out of time")[1:]] == ["gone", "slow"]
    text = parsed.get_text(" ", strip=True)
    assert REFUSED in text and exercises_of(UNIT)["rnn_step"].mistakes["biases_forgotten"].hint in text
    pictures = parsed.find_all("svg", role="img")
    assert len(pictures) == 1 + 2 + 2 + 1 and all(picture.title.get_text() for picture in pictures)
    assert "0 to 9 percent: 1, 10 to 19 percent: 0, 20 to 29 percent: 1" in pictures[0].desc.get_text()


def test_every_link_leads_somewhere_whichever_page_was_asked_for(workspace):
    write(workspace, CLASS)
    write(workspace, {"all": entry(RIGHT, HALF)}, SECOND)
    path = unit_page(workspace, SECOND)
    for found in path.parent.glob("*.html"):
        parsed = page(found)
        for link in parsed.find_all("a"):
            name, _, part = link["href"].partition("#")
            assert (path.parent / name).is_file() if name else parsed.find(id=part), (found.name, link["href"])


def test_the_course_page_is_a_matrix_of_students_by_units(workspace):
    write(workspace, CLASS)
    write(workspace, {"all": entry(RIGHT, HALF), "new": entry(RIGHT, RIGHT)}, SECOND)
    parsed = page(course_pages(workspace))
    found = {row[0]: row[1:] for row in rows(parsed, "Every student")}
    assert found["all"] == ["7", "88%", "from unit to unit: 100%, 75%", "100%", "75%", ""]
    assert found["new"] == ["4", "50%", "–", "–", "100%", ""]
    assert found["gone"] == ["0", "0%", "–", "0%", "–", ""]
    assert {link["href"] for link in parsed.find_all("a")} >= {f"{UNIT}.html", f"{SECOND}.html"}
    assert all((workspace.root / "report" / f"{unit}.html").is_file() for unit in (UNIT, SECOND))
    reasons = {row[0]: row[1] for row in rows(parsed, "Students who need a look")[1:]}
    assert f"{SECOND}: handed in nothing, as 2 others did" in reasons["bias"] and "all" not in reasons


def test_names_and_reasons_stay_text(workspace):
    evil = "<script>evil()</script>"
    students = {name: entry(WRONG | {"note": evil, "hint_id": evil}, RIGHT, refused=evil) for name in NAMES}
    students["ended"] = entry(RIGHT | {"checks": {evil: False}}, HALF | {"note": evil}, ended=evil)
    write(workspace, students)
    path = course_pages(workspace)
    for parsed in (page(path), page(path.with_name(f"{UNIT}.html"))):
        assert not parsed.find_all(["script", "img", "iframe", "object", "form", "base", "link"])
        for tag in parsed.find_all(True):
            assert not any(name.startswith("on") for name in tag.attrs), tag
        assert all(link["href"].startswith(("#", "course.html", "0")) for link in parsed.find_all("a"))
        shown = {row.get_text() for row in parsed.find_all("th", scope="row")}
        assert set(NAMES) <= shown
        policy = parsed.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
        assert "default-src 'none'" in policy and "script-src" not in policy
        assert len(parsed.find_all("style")) == 1


@pytest.mark.parametrize(
    "field, value", [("late", None), ("exercises", None), ("points", "<b>"), ("points", float("nan")), ("refused", 3)]
)
def test_an_old_or_edited_report_is_a_sentence(workspace, field, value):
    broken = entry(RIGHT)
    broken[field] = value
    if value is None:
        del broken[field]
    write(workspace, {"all": entry(RIGHT), "odd": broken})
    with pytest.raises(UserError, match=rf"no usable '{field}' for 'odd'.*python -m autograder grade {UNIT} --force"):
        unit_page(workspace, UNIT)


def test_a_part_of_an_exercise_that_is_missing_is_a_sentence_too(workspace):
    for part in (RIGHT | {"checks": {"value": "yes"}}, {"points": 1}, [], None):
        write(workspace, {"odd": entry(RIGHT) | {"exercises": {"f": part}}})
        with pytest.raises(UserError, match="for 'odd'"):
            unit_page(workspace, UNIT)


def test_damaged_json_is_a_sentence(workspace, monkeypatch, capsys):
    monkeypatch.chdir(workspace.root)
    write(workspace, CLASS).write_text('{"students": {')
    for arguments in (["report", UNIT], ["report"]):
        assert main(arguments) == 1
        assert "is damaged" in capsys.readouterr().err


def test_one_student_and_a_unit_that_nobody_passed(workspace):
    for students in ({"only": entry(RIGHT, HALF)}, {str(n): entry(EMPTY, EMPTY) for n in range(5)}):
        write(workspace, students)
        parsed = page(course_pages(workspace).with_name(f"{UNIT}.html"))
        assert len(rows(parsed, "Every student")) == 1 + len(students)


def test_a_thousand_students_make_a_page_of_bounded_size(workspace):
    for unit, students in large_class(1000, [UNIT, SECOND]):
        write(workspace, students, unit)
    path = course_pages(workspace)
    assert len(rows(page(path), "Every student")) == 1001
    for written in (path, path.with_name(f"{UNIT}.html")):
        assert written.stat().st_size < 2**20
    assert not page(path).find("details").has_attr("open")


def test_report_writes_the_page_and_still_prints_the_table(workspace, monkeypatch, capsys):
    monkeypatch.chdir(workspace.root)
    write(workspace, CLASS)
    assert main(["report", UNIT]) == 0
    said = capsys.readouterr().out
    assert "bias" in said and HINT in said and f"report/{UNIT}.html" in said
    assert main(["report"]) == 0
    assert "report/course.html" in capsys.readouterr().out


def test_no_gradebook_is_made_by_looking(workspace):
    write(workspace, CLASS)
    course_pages(workspace)
    assert not (workspace.root / "gradebook.db").exists() and manual_grading.students(workspace) == []


def test_written_answers_that_wait_are_counted(workspace):
    write(workspace, CLASS)
    register(workspace, UNIT)
    with gradebook(workspace) as book:
        for name in ("all", "bias", "gone"):
            book.add_student(name)
            book.add_submission(UNIT, name)
        done = book.find_grade("what_a_state_keeps", "rnn", UNIT, "bias")
        done.manual_score, done.needs_manual_grade = 2.5, False
        book.db.commit()
    parsed = page(unit_page(workspace, UNIT))
    written = {row[0]: row[-1] for row in rows(parsed, "Every student")}
    assert (written["all"], written["bias"], written["gone"], written["half"]) == ("to read", "2.5", "–", "–")
    assert "1 written answer waits" in parsed.get_text()


def test_what_was_graded_is_what_the_report_says(graded_class):
    workspace, report = graded_class
    found = {outcome.student: outcome for outcome in read_outcomes(workspace, UNIT)}
    assert found.keys() == report["students"].keys()
    assert found["never_ends"].late == 1 and found["never_ends"].share == 1
    assert "ended the process" in found["kills_its_kernel"].ended
    assert "symbolic link" in found["symlink"].refused and found["perfect"].late == 0


@pytest.mark.sandbox
def test_a_function_that_is_too_slow_in_one_case_only_says_so(workspace):
    hand_in(workspace, UNIT, ["untouched"])
    path = workspace.notebook("submitted", UNIT, "untouched")
    notebook = json.loads(path.read_text())
    for cell in notebook["cells"]:
        if cell.get("id") == "rnn_step_solution":
            cell["source"] = (
                "def rnn_step(x, h, W, U, b):\n    while len(x) == 12:\n        pass\n    return np.tanh(x @ W.T + h @ U.T + b)"
            )
    path.write_text(json.dumps(notebook))
    result = grade(workspace, UNIT, limits=QUICK)["students"]["untouched"]["exercises"]["rnn_step"]
    assert result["points"] > 0 and result["note"] == "it took too long and was stopped"
    [row] = [row for row in rows(page(unit_page(workspace, UNIT)), "Students who need a look") if row[0] == "untouched"]
    assert "rnn_step took too long to answer" in row[1]
