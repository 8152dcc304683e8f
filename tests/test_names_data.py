"""The first names that the course ships: complete, plain letters, split once and for all."""

import pytest

from course.data import load_names, names


def test_both_parts_together_are_all_names_and_no_name_is_in_both():
    training, held_out = load_names("training"), load_names("held-out")
    assert (len(training), len(held_out)) == (4642, 521)
    assert sorted({*training, *held_out}) == names.FILE.read_text().split()


def test_the_split_does_not_change():
    assert load_names("held-out")[:4] == ("adelia", "adriane", "adrianne", "afton")
    assert load_names("training")[-2:] == ("zulema", "zulma")


@pytest.mark.parametrize("part", ["training", "held-out"])
def test_names_are_letters_from_a_to_z(part):
    found = load_names(part)
    assert {*"".join(found)} <= {*names.ALPHABET}
    assert {len(name) for name in found} <= {*range(2, 12)}


def test_a_symbol_has_its_place_as_a_number():
    assert names.SYMBOLS.index(names.END) == 0 and names.SYMBOLS.index("z") == 26


def test_a_part_that_there_is_not_is_said():
    with pytest.raises(ValueError, match="validation"):
        load_names("validation")


def test_the_file_is_small_and_its_origin_is_told():
    assert names.FILE.stat().st_size < 50_000
    for text in (names.__doc__, names.FILE.with_suffix(".md").read_text()):
        assert "1990 census" in text and "ublic domain" in text
