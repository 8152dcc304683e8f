"""The visible checks of unit 07: the references pass, and the mistakes that the text names are caught."""

import inspect
import textwrap
from collections.abc import Callable

import nbformat
import pytest

from autograder.reference import gru, gru_notations
from course import checks
from course.checks import CheckFailed
from tests.run_all import run_all

UNIT = "07-gru"
FURTHER = {
    "gamma_gru_step": (gru.simplified_gru_step,),
    "translate_gru": (gru.gamma_gru_step, gru.gru_step, gru.gru_step_u_old),
    "gru_forward": (gru.gru_step,),
}
MISTAKES = [
    ("simplified_gru_step", 'params["W_cc"].T', 'params["W_cc"]', "W_cc"),
    ("simplified_gru_step", 'params["W_uc"].T', 'params["W_uc"]', "W_uc"),
    ("simplified_gru_step", ' + params["b_c"]', "", "open"),
    ("simplified_gru_step", "update * proposal + (1 - update) * c", "update * c + (1 - update) * proposal", "paper"),
    (
        "gamma_gru_step",
        '(relevance * c) @ params["W_cc"].T',
        'relevance * (c @ params["W_cc"].T)',
        "before the product",
    ),
    ("gamma_gru_step", 'params[f"W_{g}c"].T', 'params[f"W_{g}c"]', "W_uc"),
    ("gamma_gru_step", "(1 - update) * c", "(1 - update) * relevance * c", "paper"),
    ("gru_step", '(r * h) @ params["U_h"].T', 'r * (h @ params["U_h"].T)', "before the product"),
    ("gru_step", ' + h @ params["U_z"].T', "", "U_z"),
    ("gru_step", ' + h @ params["U_r"].T', "", "U_r"),
    ("gru_step", 'params["U_z"].T', 'params["U_z"]', "U_z"),
    ("gru_step", 'params["U_r"].T', 'params["U_r"]', "U_r"),
    ("gru_step", 'params["U_h"].T', 'params["U_h"]', "U_h"),
    ("gru_step", 'x @ params["W_r"].T + ', "", "W_r"),
    ("gru_step_u_old", '(r * h) @ params["W_hh"].T', 'r * (h @ params["W_hh"].T)', "before the product"),
    ("gru_step_u_old", "u * h + (1 - u) * candidate", "(1 - u) * h + u * candidate", "paper"),
    ("translate_gru", "arrays[:3] = [-array for array in arrays[:3]]", "arrays[2] = -arrays[2]", "after six steps"),
    ("translate_gru", "arrays[:3] = [-array for array in arrays[:3]]", "pass", "after six steps"),
    ("gru_forward", "h = gru_step(x[t], h, params)", "h = gru_step(x[t], h0, params)", "second half"),
    ("count_parameters", 'cell in ("torch_gru", "peephole_lstm")', 'cell == "torch_gru"', "peepholes"),
    ("count_parameters", 'cell in ("torch_gru", "peephole_lstm")', 'cell == "peephole_lstm"', "torch"),
]


def reference(name: str) -> Callable:
    return getattr(gru, name, None) or getattr(gru_notations, name)


def check(name: str, function: Callable) -> None:
    getattr(checks, name)(function, *FURTHER.get(name, ()))


@pytest.mark.parametrize("name", sorted({name for name, *_ in MISTAKES}))
def test_the_reference_passes(name):
    check(name, reference(name))


@pytest.mark.parametrize(("name", "right", "wrong", "said"), MISTAKES)
def test_a_mistake_is_caught_with_a_sentence_about_it(name, right, wrong, said):
    source = textwrap.dedent(inspect.getsource(reference(name)))
    assert right in source
    namespace = dict(vars(inspect.getmodule(reference(name))))
    exec(source.replace(right, wrong), namespace)
    with pytest.raises(CheckFailed) as failed:
        check(name, namespace[name])
    assert said in str(failed.value)


def test_a_translation_that_is_the_same_dict_or_lacks_a_name_is_caught():
    def same(params, source, target):
        return params if source == target else gru_notations.translate_gru(params, source, target)

    def short(params, source, target):
        found = gru_notations.translate_gru(params, source, target)
        found.pop("b_h", None)
        return found

    for wrong, said in ((same, "a new one"), (short, "lacks b_h")):
        with pytest.raises(CheckFailed, match=said):
            check("translate_gru", wrong)


@pytest.mark.long
@pytest.mark.parametrize("unwritten", ["", "gru_forward"])
def test_run_all_reaches_the_end(course, unwritten):
    run_all(nbformat.read(course.notebook("source", UNIT), as_version=4), unwritten or ())
