"""Made-up results of classes, and what their report pages say."""

import json
import random
from typing import Any

from bs4 import BeautifulSoup

from autograder.exercises import exercises_of
from autograder.reporting.outcomes import read_outcomes
from tests.conftest import UNIT

SECOND = "02-backpropagation-through-time"
HINT = "rnn_step.biases_forgotten"
SAID: dict[str, Any] = {"hint_id": None, "note": None, "diagnosis": None}
RIGHT = {"points": 2.0, "maximum": 2.0, "checks": {"value": True, "pure": True}} | SAID
WRONG = {"points": 0.0, "maximum": 2.0, "checks": {"value": False, "pure": True}} | SAID | {"hint_id": HINT}
HALF = {"points": 1.0, "maximum": 2.0, "checks": {"value": True, "pure": False}} | SAID
EMPTY = WRONG | SAID | {"checks": {"value": False, "pure": False}, "note": "it is not written yet"}
SLOW = EMPTY | {"note": "it took too long and was stopped"}
REFUSED = "the file rnn.ipynb is missing from the submission"
NAMES = [
    "<script>alert(1)<script>",
    "<img src=x onerror=evil()>",
    '"><svg onload=evil()>',
    "' onmouseover='evil()",
    "</style><script>evil()<",
    "{{ 7 * 7 }}{% raw %}",
    "javascript:evil()",
    "\u202eevil",
    "x" * 255,
]


def entry(*parts, refused=None, late=0, ended=None):
    """One student's part of a report file; the exercises are called f, g, h."""
    return {
        "points": sum(part["points"] for part in parts),
        "maximum": sum(part["maximum"] for part in parts),
        "seconds": 1.0,
        "refused": refused,
        "late": late,
        "ended": ended,
        "exercises": dict(zip("fgh", parts, strict=False)),
        "key": "k",
        "answers": "a",
    }


CLASS = {
    "all": entry(RIGHT, RIGHT),
    "bias": entry(WRONG, RIGHT),
    "half": entry(HALF, EMPTY),
    "slow": entry(RIGHT, SLOW, late=2),
    "gone": entry(EMPTY, EMPTY, refused=REFUSED),
}


def write(workspace, students, unit=UNIT):
    path = workspace.root / "report" / f"{unit}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"assignment": unit, "students": students}))
    return path


def outcomes(workspace, students, unit=UNIT):
    write(workspace, students, unit)
    return read_outcomes(workspace, unit)


def page(path):
    return BeautifulSoup(path.read_text(), "html.parser")


def rows(parsed, label):
    """The table of that label: a list of rows, each a list of texts."""
    table = parsed.find("div", attrs={"aria-label": label}).table
    return [[cell.get_text(" ", strip=True) for cell in row.find_all(["th", "td"])] for row in table.find_all("tr")]


def large_class(count, units):
    """A class made up at random, always the same."""
    rng = random.Random(0)
    for unit in units:
        names = list(exercises_of(unit))
        checks = {name: [check.name for check in exercises_of(unit)[name].all_checks] for name in names}
        students = {}
        for n in range(count):
            made = entry()
            for name in names:
                part = dict(rng.choice([RIGHT, RIGHT, HALF, WRONG, EMPTY]))
                part["checks"] = {check: bool(part["points"]) and rng.random() < 0.8 for check in checks[name]}
                if part["hint_id"]:
                    part["hint_id"] = rng.choice(list(exercises_of(unit)[name].mistakes.values())).id
                made["exercises"][name] = part
            made["points"] = sum(part["points"] for part in made["exercises"].values())
            made["maximum"] = 2.0 * len(names)
            if unit == UNIT or rng.random() < 0.9:
                students[f"student-{n:04}"] = made
        yield unit, students
