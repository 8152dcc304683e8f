"""What an attack is, and how it becomes a submission."""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass

import nbformat
from nbformat.v4 import new_code_cell

from autograder.demo.students import as_student_code, with_solutions
from autograder.exercises import exercises_of
from tests.conftest import UNIT

EXERCISES = exercises_of(UNIT)
FIRST = next(iter(EXERCISES))
TARGET = "rnn_forward"  # what no other exercise calls
RIGHT = {name: as_student_code(exercise.reference, name) for name, exercise in EXERCISES.items()}

WANTED = {
    "all": "every point: it has solved everything, and what it tried besides changes nothing",
    "first": "the points of the first exercise, the only one that it has solved",
    "others": "every point but those of the exercise that it attacks",
    "nothing": "no point, and a reason",
    "refused": "not run: no point, and the reason",
    "left out": "not graded: no student can have such a name, and the grader says so",
}


GOT = "GOT:"  # what an attack prints before that in which it succeeded, though it should not have
BOAST = 'got = "GO" + "T:"\n'  # no traceback of its code shows the word


@dataclass(frozen=True)
class Attack:
    """One hostile submission.

    Args:
        name: also the student's name. tries: one sentence. wants: a key of ``WANTED``.
        cell: code of an extra cell above the first exercise. In code, ``<root>``, ``<port>``, ``<token>`` stand for the
            course's folder, the port of the test's own listener, and a word by which to know what is left behind.
        solution: code for the exercise ``where``, instead of a right one.
        solved: "all", "first" or "none": what else of the notebook is solved.
        change: from the notebook, a plain dict, to what is written instead of it: a dict, or bytes.
        place: writes what else lies in the submission's folder.
        student: the folder's name, where that is the attack. says: stands in the reason.
    """

    name: str
    tries: str
    wants: str
    cell: str = ""
    solution: str = ""
    where: str = TARGET
    solved: str = "all"
    change: Callable | None = None
    place: Callable | None = None
    student: str = ""
    says: str = ""

    @property
    def who(self):
        return self.student or self.name

    def hand_in(self, release, folder, facts):
        """Write the submission. ``facts``: what stands for each word in angle brackets."""
        notebook = json.loads(nbformat.writes(self.notebook(release, facts)))
        notebook = self.change(notebook) if self.change else notebook
        folder.mkdir(parents=True)
        raw = notebook if isinstance(notebook, bytes) else json.dumps(notebook).encode()
        (folder / "rnn.ipynb").write_bytes(raw)
        if self.place:
            self.place(folder)

    def notebook(self, release, facts):
        solved = {"all": RIGHT, "first": {FIRST: RIGHT[FIRST]}, "none": {}}[self.solved]
        if self.solution:
            solved = solved | {self.where: filled(self.solution, facts)}
        notebook = copy.deepcopy(with_solutions(release, solved))
        if self.cell:
            notebook.cells[2:2] = [new_code_cell(filled(BOAST + self.cell, facts), id="attack")]
        return notebook


def filled(code, facts):
    for word, value in facts.items():
        code = code.replace(f"<{word}>", str(value))
    return code.strip()
