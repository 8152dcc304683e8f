"""Whatever is handed in: parsing takes it or refuses it in words, and rebuilding keeps every cell of ours."""

import copy
import json

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from autograder.grading.cells import grade_id, is_test
from autograder.grading.rebuilding import rebuild
from autograder.submissions import intake

QUICKLY = settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@st.composite
def notebooks(draw, release):
    """The release notebook with cells changed, left out, doubled, reordered and made up; anything may stand anywhere."""
    cells = draw(st.lists(st.sampled_from(release["cells"]), max_size=12).map(copy.deepcopy))
    for cell in cells:
        for key in draw(st.lists(st.sampled_from(["source", "metadata", "id", "cell_type", "outputs"]), max_size=2)):
            cell[key] = draw(
                JSON | st.sampled_from(["code", "markdown", "raw", "%%html\n<script>", "![x](attachment:y)"])
            )
    cells += draw(st.lists(JSON, max_size=2))
    made = {"cells": draw(st.permutations(cells)), "metadata": draw(JSON), "nbformat": 4, "nbformat_minor": 5}
    if draw(st.booleans()):
        made["metadata"] = {}
    for key in draw(st.lists(st.sampled_from(list(made)), max_size=1)):
        made[key] = draw(JSON)
    return json.dumps(made).encode()


def check(release, raw):
    """Returns whether it was taken."""
    try:
        submitted = intake.parse(raw)
    except intake.SubmissionRejected as rejected:
        assert str(rejected)
        return False
    before = copy.deepcopy(release)
    rebuilt = rebuild(release, submitted)
    assert release == before
    ours = [cell.id for cell in release.cells]
    assert [cell.id for cell in rebuilt.cells if not cell.id.startswith("own-")] == ours
    tests = [cell for cell in rebuilt.cells if is_test(cell)]
    assert [(grade_id(cell), cell.source) for cell in tests] == [
        (grade_id(cell), cell.source) for cell in release.cells if is_test(cell)
    ]
    assert all(set(cell.metadata) == set() for cell in rebuilt.cells if cell.id.startswith("own-"))
    return True


def test_any_bytes(release):
    @QUICKLY
    @given(st.binary(max_size=200))
    def holds(raw):
        check(release, raw)

    holds()


def test_any_json(release):
    @QUICKLY
    @given(JSON)
    def holds(value):
        check(release, json.dumps(value).encode())

    holds()


def test_any_notebook(release):
    taken = []

    @QUICKLY
    @given(notebooks(json.loads(json.dumps(release))))
    def holds(raw):
        taken.append(check(release, raw))

    holds()
    assert any(taken) and not all(taken)
