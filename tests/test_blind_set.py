"""The blind set's judge: what is caught, named, diagnosed, silent or refused, told of a tiny set."""

import pytest

from autograder.errors import UserError
from tests.conftest import ROOT
from tools import blind_set

STEP = "def rnn_step(x, h, W, U, b):\n    return np.tanh({})\n"
SET = {
    "right_other_order.py": "# b first\n" + STEP.format("b + h @ U.T + x @ W.T"),
    "right_but_not.py": "# a right version with a slip\n" + STEP.format("x @ W.T + h @ U.T"),
    "wrong_no_bias.py": "# the bias is forgotten\n" + STEP.format("x @ W.T + h @ U.T"),
    "wrong_scaled.py": "# everything times 1.5\n" + STEP.format("1.5 * (x @ W.T + h @ U.T + b)"),
    "wrong_but_right.py": "# nothing is wrong with it\n" + STEP.format("x @ W.T + h @ U.T + b"),
    "wrong_name.py": "# it is called something else\ndef step(x): return x\n",
    "wrong_endless.py": "# never ends\ndef rnn_step(*args):\n    while True: pass\n",
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "rnn_step").mkdir()
    for name, source in SET.items():
        (tmp_path / "rnn_step" / name).write_text(source)
    return tmp_path


def test_each_version_is_shown_beside_its_mistake_and_counted(folder, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert blind_set.main([str(folder), "--all", "--seconds", "2"]) == 1
    said = capsys.readouterr().out
    shown = {block.split(".py")[0]: block for block in said.split("rnn_step/")[1:]}
    assert "stated:  the bias is forgotten\n    hint: " in shown["wrong_no_bias"]
    assert "diagnosis: " in shown["wrong_scaled"] and "visible: CheckFailed: " in shown["wrong_scaled"]
    assert "NOT CAUGHT" in shown["wrong_but_right"] and "visible: passes" in shown["wrong_but_right"]
    assert "there is no function of that name" in shown["wrong_name"]
    assert "it took too long" in shown["wrong_endless"]
    assert "REFUSED" in shown["right_but_not"] and "100%" in shown["right_other_order"]
    assert said.endswith(
        "5 wrong: 4 caught (1 named by a hint, 2 diagnosed, 1 not run, 0 silent), 1 not caught; 4 fail the visible check\n"
        "2 right: 1 accepted, 1 refused, 1 fail the visible check\n"
    )


def test_only_what_is_not_as_it_should_be_is_shown_otherwise(folder, monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    for name in ("wrong_but_right.py", "right_but_not.py", "wrong_endless.py"):
        (folder / "rnn_step" / name).unlink()
    assert blind_set.main([str(folder), "rnn_step"]) == 0
    assert capsys.readouterr().out.startswith("3 wrong: 3 caught")


@pytest.mark.parametrize("name, text", [("odd.py", "# a mistake\n"), ("wrong_a.py", "x = 1\n"), ("wrong_a.py", "")])
def test_a_file_that_does_not_say_what_it_is_is_a_sentence(folder, name, text):
    (folder / "rnn_step" / name).write_text(text)
    with pytest.raises(UserError, match=name):
        blind_set.versions_in(folder)


@pytest.mark.parametrize(
    "exercises, says", [(["rnn_stop"], "There is no exercise"), (["sigmoid"], "no versions of sigmoid")]
)
def test_an_exercise_that_is_not_there_is_a_sentence(folder, exercises, says):
    with pytest.raises(UserError, match=says):
        blind_set.versions_in(folder, exercises)
