"""How much of a notebook is to be read: prose against code, long cells, wide lines, folded cells."""

import re
from dataclasses import dataclass

from nbformat import NotebookNode

PROSE, LINES, WIDTH = 0.60, 20, 90  # at least so much of the words; at most so many lines a cell, letters a line
DETAILS = re.compile(r"<details>.*?</details>", re.DOTALL)
FENCED = re.compile(r"^```.*?^```", re.DOTALL | re.MULTILINE)
WORD = re.compile(r"\w+(?:['’.-]\w+)*")


@dataclass(frozen=True)
class Budget:
    """What a reader sees of a notebook without unfolding anything.

    Args:
        prose, code: words. longest: lines of the longest code cell.
        widest: letters of the widest line of code. folded: how many code cells are folded.
    """

    prose: int
    code: int
    longest: int
    widest: int
    folded: int
    longest_cell: str = ""
    widest_cell: str = ""

    @property
    def share(self) -> float:
        """The share of prose among the words."""
        return self.prose / max(1, self.prose + self.code)

    def excess(self) -> list[str]:
        """What is more than a unit may have: sentences."""
        said = []
        if self.share < PROSE:
            said.append(f"prose is {self.share:.0%} of the words, of which it should be {PROSE:.0%}")
        if self.longest > LINES:
            said.append(f"the code cell {self.longest_cell} has {self.longest} lines, more than {LINES}")
        if self.widest > WIDTH:
            said.append(f"the code cell {self.widest_cell} has a line of {self.widest} letters, more than {WIDTH}")
        return said


def is_folded(cell: NotebookNode) -> bool:
    """Whether a cell's input is hidden until it is opened."""
    return bool(cell.metadata.get("jupyter", {}).get("source_hidden"))


def budget_of(release: NotebookNode) -> Budget:
    """The budget of a notebook as students get it. Folded cells and folded hints count nothing; docstrings count as code."""
    prose = code = folded = 0
    longest, widest = (0, ""), (0, "")
    for cell in release.cells:
        if cell.cell_type == "markdown":
            text = DETAILS.sub("", cell.source)
            listings = "\n".join(FENCED.findall(text))
            code += _words(listings)
            prose += _words(FENCED.sub("", text))
        elif cell.cell_type == "code" and is_folded(cell):
            folded += 1
        elif cell.cell_type == "code":
            lines = cell.source.splitlines()
            code += _words(cell.source)
            longest = max(longest, (len(lines), cell.id))
            widest = max(widest, (max(map(len, lines), default=0), cell.id))
    return Budget(prose, code, longest[0], widest[0], folded, longest[1], widest[1])


def _words(text: str) -> int:
    return len(WORD.findall(text))
