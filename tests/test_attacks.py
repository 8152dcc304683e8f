"""A class of hostile submissions: none gains a point, learns a hidden thing, disturbs another, or leaves anything behind."""

import os

import pytest

from tests.attacks import ATTACKS
from tests.attacks.course import besiege

WAYS = tuple(os.environ.get("ATTACKS", "warm cold").split())


@pytest.fixture(scope="module", params=WAYS)
def siege(request, tmp_path_factory):
    return besiege(tmp_path_factory.mktemp(request.param), request.param, ATTACKS)


def test_names_are_unique():
    assert len({attack.name for attack in ATTACKS}) == len({attack.who for attack in ATTACKS}) == len(ATTACKS) >= 60


@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_gets_what_it_deserves(siege, attack):
    seen = siege.seen[attack.name]
    assert (seen.outcome, seen.learned, seen.got) == (attack.wants, (), ())
    assert attack.says in (seen.refused or seen.why)
    assert "grader itself" not in (seen.refused or "")
    assert seen.size < 25 * 2**20


def test_neighbours_get_every_point(siege):
    for exercises in siege.neighbours:
        assert {name: part["points"] for name, part in exercises.items()} == {
            name: part["maximum"] for name, part in exercises.items()
        }


def test_nothing_is_left_behind(siege):
    assert not {kind: found for kind, found in siege.left.items() if found}


def test_nobody_was_reached(siege):
    assert siege.met == ()


def test_the_gradebook_has_the_points_of_the_report(siege):
    assert siege.recorded == {name: entry["points"] for name, entry in siege.report["students"].items()}
