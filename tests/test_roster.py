"""Students of a platform become students of the gradebook; a bad class list is a sentence."""

import pytest

from autograder.errors import UserError
from tests.conftest import UNIT
from tests.downloads import class_list, got, pack, work


def test_two_students_of_one_name_are_not_mixed_up(workspace, tmp_path):
    source = pack(
        tmp_path,
        ("Jane Doe_55_assignsubmission_file/rnn.ipynb", work("one")),
        ("Jane Doe_56_assignsubmission_file/rnn.ipynb", work("two")),
        ("Ana Ruiz_57_assignsubmission_file/rnn.ipynb", work("ana")),
    )
    filed, left, _ = got(workspace, source)
    assert set(filed) == {"ana-ruiz"} and len(left) == 2 and all("--roster" in why for why in left.values())
    names_only = class_list(tmp_path, "id,name\njd1,Jane Doe\njd2,Jane Doe\nar,Ana Ruiz\n")
    filed, left, _ = got(workspace, source, roster=names_only)
    assert "jd1, jd2; a column moodle_id would" in next(iter(left.values()))
    numbers = class_list(tmp_path, "id;moodle_id\njd1;55\njd2;Participant 56\n")
    filed, left, _ = got(workspace, source, roster=numbers)
    assert filed["jd1"] == work("one") and filed["jd2"] == work("two")
    assert "who is not in the class list" in next(iter(left.values()))


def test_a_class_list_by_numbers_names_and_mails(workspace, tmp_path):
    roster = class_list(
        tmp_path,
        '\ufeffid,name,email,canvas_id\njd,Jane van der Doe,jane@x.org,4711\nar,"Ruiz López, Ana",ana@x.org,\nsr,Sam Roe,,\n',
    )
    source = pack(
        tmp_path,
        ("married_4711_1_rnn.ipynb", work("jane")),
        ("ruizlópezana_4712_2_rnn.ipynb", work("ana")),
        ("strangereve_4713_3_rnn.ipynb", work("eve")),
    )
    filed, left, done = got(workspace, source, roster=roster)
    assert filed == {"jd": work("jane"), "ar": work("ana")} and list(left) == ["strangereve_4713_3_rnn.ipynb"]
    assert done.missing == ("sr",)
    filed, left, _ = got(
        workspace, pack(tmp_path, ("JD/rnn.ipynb", work("j")), ("ana@x.org/rnn.ipynb", work("a"))), roster=roster
    )
    assert set(filed) == {"jd", "ar"} and not left


def test_moodles_numbers_of_another_assignment_give_way_to_names(workspace, tmp_path):
    roster = class_list(
        tmp_path,
        "id,name,moodle_id\nar,Ana Ruiz,55\njd1,Jane Doe,56\njd2,Jane Doe,57\nsr,Sam Roe,58\npr,Pat Roe,59\n",
    )
    source = pack(
        tmp_path,
        ("Ana Ruiz_75_assignsubmission_file/rnn.ipynb", work("ana")),
        ("Jane Doe_76_assignsubmission_file/rnn.ipynb", work("jane")),
        ("Sam Roe_58_assignsubmission_file/rnn.ipynb", work("sam")),
        ("Sam Roe_77_assignsubmission_file/rnn.ipynb", work("another sam")),
        ("Eve Doe_78_assignsubmission_file/rnn.ipynb", work("eve")),
        ("Pat Smith_59_assignsubmission_file/rnn.ipynb", work("married")),
    )
    filed, left, _ = got(workspace, source, roster=roster)
    assert filed == {"ar": work("ana"), "pr": work("married")}
    why = {path.partition("_assign")[0]: reason for path, reason in left.items()}
    assert why.pop("Jane Doe_76") == (
        "could be of several in the class list: jd1, jd2; the list lacks the number 76: "
        "Moodle's numbers are others in every assignment"
    )
    assert why.pop("Eve Doe_78") == "belongs to 'Eve Doe (78)', who is not in the class list"
    assert why.pop("Sam Roe_58") == why.pop("Sam Roe_77") and not why


def test_canvas_numbers_hold_for_all_assignments(workspace, tmp_path):
    roster = class_list(
        tmp_path, "id,name,canvas_id,moodle_id\njd,Jane Doe,4711,\nar,Ana Ruiz,,\nsr1,Sam Roe,,58\nsr2,Sam Roe,,59\n"
    )
    source = pack(
        tmp_path,
        ("doejane_4799_1_rnn.ipynb", work("other")),
        ("ruizana_4712_2_rnn.ipynb", work("ana")),
        ("roesam_4713_3_rnn.ipynb", work("sam")),
    )
    filed, left, _ = got(workspace, source, roster=roster)
    assert filed == {"ar": work("ana")} and "'doejane (4799)', who is not" in left["doejane_4799_1_rnn.ipynb"]
    assert "sr1, sr2; a column canvas_id would" in left["roesam_4713_3_rnn.ipynb"]


def test_the_lists_that_platforms_export_will_do(workspace, tmp_path):
    canvas = class_list(
        tmp_path,
        'Student,ID,SIS User ID,SIS Login ID,Section\n    Points Possible,,,,\n"Doe, Jane",4711,S1,jdoe,A\n',
    )
    assert set(got(workspace, pack(tmp_path, ("x_4711_1_rnn.ipynb", work())), roster=canvas)[0]) == {"jdoe"}
    moodle = class_list(
        tmp_path, "Identifier,Full name,Email address,Status\nParticipant 55,Ana Ruiz,ana@x.org,Submitted\n"
    )
    source = pack(tmp_path, ("Ana Ruiz_55_assignsubmission_file/rnn.ipynb", work()))
    assert set(got(workspace, source, roster=moodle)[0]) == {"jdoe", "ana@x.org"}


@pytest.mark.parametrize(
    "before", ["sep=;\r\n", "\ufeffsep=;\n\n", "\n\n", " \n;;\n", '"sep=;"\n', "\nsep=;\n", "SEP=;\n"]
)
def test_what_a_spreadsheet_writes_before_the_headings_is_passed_over(workspace, tmp_path, before):
    source = pack(tmp_path, ("doejane_101_1_rnn.ipynb", work()))
    roster = class_list(tmp_path, before + 'id;name;canvas_id\n\njd;"Doe, Jane";101\n')
    assert set(got(workspace, source, roster=roster)[0]) == {"jd"}
    roster = class_list(tmp_path, before + "id;name\n\n../x;Jane Doe\n")
    with pytest.raises(UserError, match=f"^Line {before.count(chr(10)) + 3} of the class list"):
        got(workspace, source, roster=roster)


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("", "is empty"),
        ("sep=;\n", "is empty"),
        (" \n\n", "is empty"),
        ("name,points\nJane,3\n", "has no column 'id'"),
        ("id,name\n", "no students"),
        ("id,name\n,Jane\n", "Line 2 of the class list"),
        ("id,name\n../../etc,Jane\n", "cannot be an id"),
        ("id,name\ncon,Jane\n", "cannot be an id"),
        ("id,name\na,Jane\nA,Joe\n", "twice, in lines 2 and 3"),
        ("id,canvas_id\na,1\nb,1\n", "has the canvas_id '1' twice"),
        ("id,id\na,b\n", "two columns 'id'"),
        (b"id,name\na,\xff\n", "not in UTF-8"),
        (b"PK\x03\x04\0\0", "no class list"),
        (None, "could not be read"),
    ],
)
def test_a_bad_class_list_is_a_sentence(workspace, tmp_path, text, sentence):
    path = tmp_path / "nowhere.csv" if text is None else class_list(tmp_path, text)
    with pytest.raises(UserError, match=sentence):
        got(workspace, pack(tmp_path, ("alice/rnn.ipynb", work())), roster=path)
    assert not workspace.students(UNIT)
