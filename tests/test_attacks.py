"""A class of hostile submissions: none gains a point, learns a hidden thing, disturbs another, or leaves anything behind."""

import pytest

from tests.attacks import ATTACKS
from tests.attacks.course import LIMITS, besiege

SAMPLE = (
    "claims_points",
    "observations_of_every_wrong_kind",
    "knows_the_way_to_the_course",
    "searches_its_own_memory",
    "kills_all_it_can_name",
    "leaves_a_daemon",
    "mounts_and_unmounts",
    "changes_modes",
    "connects_by_tcp",
    "fork_bomb",
    "patches_numpy",
    "equal_to_everything",
    "ids_all_alike",
    "link_in_the_folder",
)
SLACK = 10  # seconds, beside what a submission may use, until its process is ended and its answers are judged


@pytest.fixture(scope="module")
def sieges(tmp_path_factory):
    """The whole corpus in both ways."""
    return {mode: besiege(tmp_path_factory.mktemp(mode), mode, ATTACKS) for mode in ("warm", "cold")}


@pytest.fixture(scope="module", params=("warm", "cold"))
def siege(request, sieges):
    return sieges[request.param]


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    chosen = [attack for attack in ATTACKS if attack.name in SAMPLE]
    return chosen, besiege(tmp_path_factory.mktemp("sample"), "warm", chosen, neighbours=3)


def deserved(siege, attack):
    """Whether an attack got what it was to get, and nothing else; what is wrong says so."""
    seen = siege.seen[attack.name]
    assert (seen.outcome, seen.learned, seen.got) == (attack.wants, (), ())
    assert attack.says in (seen.refused or seen.why)
    assert "grader itself" not in (seen.refused or "")
    assert seen.size < 25 * 2**20
    assert seen.seconds < LIMITS.total_seconds + SLACK
    return True


def unharmed(siege):
    """Whether everything else is as if there had been no attack."""
    for exercises in siege.neighbours:
        assert all(part["points"] == part["maximum"] for part in exercises.values())
    assert not {kind: found for kind, found in siege.left.items() if found}
    assert siege.met == ()
    assert siege.recorded == {name: entry["points"] for name, entry in siege.report["students"].items()}
    return True


def test_names_are_unique():
    assert (
        len({attack.name for attack in ATTACKS}) == len({attack.who for attack in ATTACKS}) == len(ATTACKS) > 200
    )  # as README says


def test_a_sample_of_attacks_gets_what_it_deserves_and_harms_nobody(sample):
    chosen, siege = sample
    assert len(chosen) == len(SAMPLE)
    assert all(deserved(siege, attack) for attack in chosen) and unharmed(siege)


@pytest.mark.long
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_an_attack_gets_what_it_deserves(siege, attack):
    assert deserved(siege, attack)


@pytest.mark.long
def test_nobody_is_disturbed_and_nothing_left_behind(siege):
    assert unharmed(siege)


@pytest.mark.long
@pytest.mark.parametrize("attack", ATTACKS, ids=lambda attack: attack.name)
def test_warm_and_cold_give_the_same_scores(sieges, attack):
    warm, cold = (sieges[mode].seen[attack.name] for mode in ("warm", "cold"))
    assert (warm.points, warm.refused) == (cold.points, cold.refused)
